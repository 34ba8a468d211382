//! What the journal and CloudTrail know of each other, in words.

use crate::domain::Raw;
use crate::journal::cloudtrail::{Differs, Event, Matches};
use crate::view::text::{Charset, shown};

/// The lines for standard output.
pub(super) fn told(matches: &Matches, charset: Charset) -> String {
    let words = Words { charset };
    let mut out = match matches.span {
        Some((from, to)) => format!("cloudtrail: events from {from:.0} to {to:.0}\n"),
        None => "cloudtrail: there are no events in it\n".to_owned(),
    };
    let mut count = |count: usize, what: &str| out.push_str(&format!("  {what}: {count}\n"));
    count(matches.matched, "entries with their event");
    count(
        matches.earlier_sends,
        "events of sends that were refused for rate and sent again",
    );
    count(matches.others, "writes of other programs");
    count(matches.outside, "entries that these events cannot tell of");
    for (id, event, differs) in &matches.different {
        let what: Vec<&str> = differs.iter().map(|differs| differs_in(*differs)).collect();
        let (id, event) = (words.of(id), words.event(event));
        out.push_str(&format!("DIFFERENT   entry {id} and {event}: {}\n", what.join(", ")));
    }
    for id in &matches.without_event {
        out.push_str(&format!(
            "NO EVENT    entry {}: CloudTrail does not know its request\n",
            words.of(id)
        ));
    }
    for event in &matches.without_entry {
        out.push_str(&format!(
            "NO ENTRY    {}: names cognitui, and the journal lacks it\n",
            words.event(event)
        ));
    }
    for (id, events) in &matches.unanswered {
        let id = words.of(id);
        let line = match events.as_slice() {
            [] => format!("unanswered  entry {id}: no event that could be its own, so it did not arrive\n"),
            some => {
                let some: Vec<String> = some.iter().map(|event| words.event(event)).collect();
                format!("unanswered  entry {id}: it may be {}\n", some.join(", or "))
            }
        };
        out.push_str(&line);
    }
    for place in &matches.unreadable {
        out.push_str(&format!("UNREADABLE  event {place} of the file\n"));
    }
    out
}

fn differs_in(differs: Differs) -> &'static str {
    match differs {
        Differs::Operation => "another call",
        Differs::User => "another user",
        Differs::Agent => "another program",
    }
}

struct Words {
    charset: Charset,
}

impl Words {
    fn of(&self, raw: &Raw) -> String {
        shown(raw, self.charset).as_str().to_owned()
    }

    fn event(&self, event: &Event) -> String {
        let part = |name: &str, raw: &Option<Raw>| {
            raw.as_ref()
                .map_or(String::new(), |raw| format!(" {name}{}", self.of(raw)))
        };
        format!(
            "{} at {:.0}{}{}{}{}",
            self.of(&event.name),
            event.time,
            part("by ", &event.caller),
            part("from ", &event.source_ip),
            part("request ", &event.request_id),
            part("refused with ", &event.error),
        )
    }
}
