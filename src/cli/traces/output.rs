//! How the places are printed.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Found, Now, Trace};
use crate::config::{Origin, escaped};

/// One block for each place.
pub fn table(traces: &[Trace], all_at_once: &str, now: Timestamp) -> String {
    let mut text = String::new();
    for trace in traces {
        text.push_str(&format!("{}\n", trace.place));
        text.push_str(&format!("  holds   {}\n", trace.holds));
        if trace.found.is_empty() {
            text.push_str("  where   no file that is known here\n");
        }
        for found in &trace.found {
            let path = escaped(&found.path.to_string_lossy());
            text.push_str(&format!("  where   {path}: {}\n", age(found, now)));
        }
        text.push_str(&format!("  off by  {}\n", trace.off_switch));
        let word = match &trace.now {
            Now::On(origin) => format!("on ({origin})"),
            Now::Off(Origin::Default) => "off (default)".to_owned(),
            Now::Off(origin) => format!("off, by {origin}"),
            Now::Outside => "no setting of cognitui decides it".to_owned(),
        };
        text.push_str(&format!("  now     {word}\n\n"));
    }
    text.push_str(&format!("{all_at_once}\n"));
    text
}

/// How much is there and since when, in words.
fn age(found: &Found, now: Timestamp) -> String {
    let ago = |at: Timestamp| {
        let seconds = now.duration_since(at).as_secs().max(0);
        let (count, unit) = match seconds {
            0..60 => return "less than a minute".to_owned(),
            60..3_600 => (seconds / 60, "minute"),
            3_600..86_400 => (seconds / 3_600, "hour"),
            _ => (seconds / 86_400, "day"),
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    };
    let much = match (found.files, found.oldest, found.newest) {
        (0, ..) => "none there".to_owned(),
        (1, Some(at), _) => format!("1, {} old", ago(at)),
        (count, Some(oldest), Some(newest)) => {
            format!("{count}, the oldest {} old, the newest {}", ago(oldest), ago(newest))
        }
        (count, ..) => format!("{count}, of unknown age"),
    };
    match &found.note {
        Some(note) => format!("{much}; {}", escaped(note)),
        None => much,
    }
}

pub fn json(traces: &[Trace]) -> String {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let places: Vec<Value> = traces
        .iter()
        .map(|trace| {
            let found: Vec<Value> = trace
                .found
                .iter()
                .map(|found| {
                    json!({
                        "path": found.path.to_string_lossy(),
                        "files": found.files,
                        "oldest": at(found.oldest),
                        "newest": at(found.newest),
                        "note": found.note,
                    })
                })
                .collect();
            let (now, by) = match &trace.now {
                Now::On(origin) => ("on", Some(origin.to_string())),
                Now::Off(origin) => ("off", Some(origin.to_string())),
                Now::Outside => ("outside", None),
            };
            json!({
                "place": trace.place,
                "holds": trace.holds,
                "found": found,
                "off_switch": trace.off_switch,
                "now": now,
                "by": by,
            })
        })
        .collect();
    let mut text = format!("{:#}", json!({ "places": places }));
    text.push('\n');
    text
}
