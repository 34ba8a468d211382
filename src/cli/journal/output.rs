//! Entries on standard output: a table for reading, and JSON, JSON Lines and CSV for programs.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::kept;
use crate::cli::args::Form;
use crate::cli::json::printable;
use crate::domain::entry::{EntryChange, EntryFault, Kept};
use crate::domain::export::csv::{record, sheet};
use crate::domain::{Entry, Raw};
use crate::view::text::{Charset, shown};

/// What stands in a table or a CSV where a value was not kept.
const NOT_KEPT: &str = "(not kept)";

/// Several entries.
pub(super) fn list(entries: &[&Entry], form: Form, zone: &TimeZone, charset: Charset) -> String {
    match form {
        Form::Table => table(entries, zone, charset),
        Form::Json => document(&Value::Array(entries.iter().map(|entry| value(entry)).collect())),
        Form::Jsonl => entries.iter().map(|entry| line(entry)).collect(),
        Form::Csv => csv(entries),
    }
}

/// One entry, and the one that took it back, if there is one.
pub(super) fn show(entry: &Entry, taken_back: Option<&Entry>, form: Form, zone: &TimeZone, charset: Charset) -> String {
    match form {
        Form::Table => in_full(entry, taken_back, zone, charset),
        Form::Json => document(&value(entry)),
        Form::Jsonl => line(entry),
        Form::Csv => csv(&[entry]),
    }
}

fn document(value: &Value) -> String {
    printable(&format!("{value:#}\n"))
}

fn line(entry: &Entry) -> String {
    printable(&format!("{}\n", value(entry)))
}

/// `null` is "there was none"; a value that was not kept is an object with its digest.
fn value(entry: &Entry) -> Value {
    json!({
        "id": entry.id.as_str(),
        "writer": text(entry.writer.as_ref()),
        "time": time(entry.at),
        "outcome": entry.word(),
        "caller": {
            "arn": text(entry.caller.arn.as_ref()),
            "account": text(entry.caller.account.as_ref()),
            "profile": text(entry.caller.profile.as_ref()),
            "key_id": text(entry.caller.key_id.as_ref()),
        },
        "place": {
            "account": text(entry.place.account.as_ref()),
            "region": text(entry.place.region.as_ref()),
            "endpoint": text(entry.place.endpoint.as_ref()),
            "user_pool_id": entry.place.pool.as_str(),
        },
        "username": value_of(Some(&entry.username)),
        "sub": value_of(entry.sub.as_ref()),
        "account": account(entry.account.as_ref()),
        "operation": entry.operation.as_str(),
        "changes": entry.changes.iter().map(|change| json!({
            "name": change.name.as_str(),
            "before": value_of(change.before.as_ref()),
            "after": value_of(change.after.as_ref()),
        })).collect::<Vec<_>>(),
        "metadata_keys": entry.metadata_keys.iter().map(Raw::as_str).collect::<Vec<_>>(),
        "client": text(entry.client.as_ref()),
        "contact": text(entry.contact.as_ref()),
        "message_action": text(entry.message_action.as_ref()),
        "reason": value_of(entry.reason.as_ref()),
        "undoes": text(entry.undoes.as_ref()),
        "answer": entry.answer.as_ref().map(|answer| json!({
            "time": time(answer.at),
            "word": answer.word.as_str(),
            "why": text(answer.why.as_ref()),
            "attempts": answer.attempts,
            "duration_ms": u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX),
            "request_id": text(answer.request_id.as_ref()),
            "reported": answer.reported.iter().map(|one| json!({
                "attribute": text(one.attribute.as_ref()),
                "medium": text(one.medium.as_ref()),
                "destination": value_of(one.destination.as_ref()),
            })).collect::<Vec<_>>(),
            "error": fault(answer.fault.as_ref()),
        })),
        "seen": entry.seen.iter().map(|seen| json!({
            "time": time(seen.at),
            "word": seen.word.as_str(),
            "attributes": seen.attributes.iter().map(|(name, now)| json!({
                "name": name.as_str(),
                "now": value_of(now.as_ref()),
            })).collect::<Vec<_>>(),
            "account": account(seen.account.as_ref()),
            "error": fault(seen.fault.as_ref()),
        })).collect::<Vec<_>>(),
    })
}

fn value_of(kept: Option<&Kept>) -> Value {
    match kept {
        None => Value::Null,
        Some(Kept::Value(value)) => Value::from(value.as_str()),
        Some(Kept::Withheld { digest }) => json!({ "withheld": digest.as_str() }),
    }
}

fn account(account: Option<&(Raw, bool)>) -> Value {
    account.map_or(
        Value::Null,
        |(status, enabled)| json!({ "status": status.as_str(), "enabled": enabled }),
    )
}

fn fault(fault: Option<&EntryFault>) -> Value {
    fault.map_or(Value::Null, |fault| {
        json!({
            "operation": fault.operation.as_str(),
            "code": fault.code.as_str(),
            "message": value_of(Some(&fault.message)),
            "request_id": text(fault.request_id.as_ref()),
        })
    })
}

fn text(raw: Option<&Raw>) -> Option<&str> {
    raw.map(Raw::as_str)
}

fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

const COLUMNS: [&str; 15] = [
    "time",
    "id",
    "writer",
    "caller",
    "user_pool_id",
    "username",
    "sub",
    "operation",
    "attribute",
    "before",
    "after",
    "outcome",
    "request_id",
    "reason",
    "undoes",
];

/// One line for each attribute. An empty cell is a value that was not set.
fn csv(entries: &[&Entry]) -> String {
    let mut out = String::new();
    record(COLUMNS.map(Some), &mut out);
    for entry in entries {
        let changes: Vec<Option<&EntryChange>> = match entry.changes.as_slice() {
            [] => vec![None],
            some => some.iter().map(Some).collect(),
        };
        for change in changes {
            let at = time(entry.at);
            let cells = [
                Some(at.as_str()),
                Some(entry.id.as_str()),
                text(entry.writer.as_ref()),
                text(caller(entry)),
                Some(entry.place.pool.as_str()),
                plain(Some(&entry.username)),
                plain(entry.sub.as_ref()),
                Some(entry.operation.as_str()),
                change.map(|change| change.name.as_str()),
                change.and_then(|change| plain(change.before.as_ref())),
                change.and_then(|change| plain(change.after.as_ref())),
                Some(entry.word()),
                request_id(entry).map(Raw::as_str),
                plain(entry.reason.as_ref()),
                text(entry.undoes.as_ref()),
            ];
            record(cells.map(|cell| cell.map(sheet)), &mut out);
        }
    }
    out
}

fn plain(value: Option<&Kept>) -> Option<&str> {
    value.map(|value| match value {
        Kept::Value(value) => value.as_str(),
        Kept::Withheld { .. } => NOT_KEPT,
    })
}

fn caller(entry: &Entry) -> Option<&Raw> {
    let caller = &entry.caller;
    (caller.arn.as_ref())
        .or(caller.profile.as_ref())
        .or(caller.key_id.as_ref())
}

fn request_id(entry: &Entry) -> Option<&Raw> {
    entry.answer.as_ref().and_then(|answer| answer.request_id.as_ref())
}

/// Columns as wide as they need to be, the zone named once.
fn table(entries: &[&Entry], zone: &TimeZone, charset: Charset) -> String {
    let show = |raw: &Raw| shown(raw, charset).as_str().to_owned();
    let mut rows = vec![[
        format!("TIME ({})", zone_name(zone)),
        "OUTCOME".to_owned(),
        "USER".to_owned(),
        "WHAT".to_owned(),
        "REASON".to_owned(),
        "BY".to_owned(),
        "POOL".to_owned(),
        "ID".to_owned(),
    ]];
    for entry in entries {
        rows.push([
            clock(entry.at, zone),
            word(entry),
            kept(Some(&entry.username)).map_or(NOT_KEPT.to_owned(), show),
            what(entry, charset),
            entry
                .reason
                .as_ref()
                .map_or(String::new(), |reason| said(Some(reason), charset)),
            by(entry, charset),
            show(entry.place.pool.raw()),
            show(&entry.id),
        ]);
    }
    if entries.is_empty() {
        return String::new();
    }
    let mut widths = [0; 8];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell));
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - columns(cell) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

fn zone_name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("local")
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Capitals mean: act.
fn word(entry: &Entry) -> String {
    match entry.word() {
        quiet @ ("applied" | "running") => quiet.to_owned(),
        other => other.to_uppercase(),
    }
}

fn what(entry: &Entry, charset: Charset) -> String {
    if entry.changes.is_empty() {
        return shown(&entry.operation, charset).as_str().to_owned();
    }
    let names = entry
        .changes
        .iter()
        .map(|change| shown(change.name.raw(), charset).as_str().to_owned());
    names.collect::<Vec<_>>().join(", ")
}

fn by(entry: &Entry, charset: Charset) -> String {
    let who = caller(entry).map_or(String::new(), |raw| {
        // The role and the session name of an assumed role; the account stands in the place.
        let name = raw.as_str().rsplit_once(":").map_or(raw.as_str(), |(_, name)| name);
        shown(&Raw::from(name), charset).as_str().to_owned()
    });
    match &entry.writer {
        Some(writer) => format!("{} {who}", shown(writer, charset).as_str())
            .trim_end()
            .to_owned(),
        None => who,
    }
}

fn said(value: Option<&Kept>, charset: Charset) -> String {
    match value {
        None => "(not set)".to_owned(),
        Some(Kept::Value(value)) => shown(value, charset).as_str().to_owned(),
        Some(Kept::Withheld { .. }) => NOT_KEPT.to_owned(),
    }
}

/// One entry with everything that is known of it.
fn in_full(entry: &Entry, taken_back: Option<&Entry>, zone: &TimeZone, charset: Charset) -> String {
    let show = |raw: &Raw| shown(raw, charset).as_str().to_owned();
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut line = |name: &str, value: String| lines.push((name.to_owned(), value));
    line("id", show(&entry.id));
    line("outcome", word(entry));
    line("time", format!("{} {}", clock(entry.at, zone), zone_name(zone)));
    line("user", said(Some(&entry.username), charset));
    if let Some(sub) = &entry.sub {
        line("sub", said(Some(sub), charset));
    }
    if let Some((status, enabled)) = &entry.account {
        let off = if *enabled { "" } else { ", disabled" };
        line("status", format!("{}{off}", show(status)));
    }
    line("pool", show(entry.place.pool.raw()));
    for (name, value) in [
        ("account", &entry.place.account),
        ("region", &entry.place.region),
        ("endpoint", &entry.place.endpoint),
        ("writer", &entry.writer),
        ("caller", &entry.caller.arn),
        ("profile", &entry.caller.profile),
        ("key", &entry.caller.key_id),
        ("app client", &entry.client),
        ("contact", &entry.contact),
    ] {
        if let Some(value) = value {
            line(name, show(value));
        }
    }
    let action = entry
        .message_action
        .as_ref()
        .map_or(String::new(), |action| format!(" {}", show(action)));
    line("operation", format!("{}{action}", show(&entry.operation)));
    if let Some(reason) = &entry.reason {
        line("reason", said(Some(reason), charset));
    }
    if !entry.metadata_keys.is_empty() {
        let keys: Vec<String> = entry.metadata_keys.iter().map(show).collect();
        line("metadata", format!("{} (names only)", keys.join(", ")));
    }
    if let Some(id) = &entry.undoes {
        line("takes back", show(id));
    }
    if let Some(other) = taken_back {
        line("taken back", format!("by {}", show(&other.id)));
    }
    for change in &entry.changes {
        let name = show(change.name.raw());
        line(&name, format!("- {}", said(change.before.as_ref(), charset)));
        let after = match &change.after {
            None => "(deleted)".to_owned(),
            some => said(some.as_ref(), charset),
        };
        line("", format!("+ {after}"));
    }
    if let Some(answer) = &entry.answer {
        let why = answer
            .why
            .as_ref()
            .map_or(String::new(), |why| format!(", {}", show(why)));
        let sends = if answer.attempts == 1 { "send" } else { "sends" };
        let text = format!(
            "{}{why} at {}, {} {sends}, {} ms",
            show(&answer.word),
            clock(answer.at, zone),
            answer.attempts,
            answer.took.as_millis()
        );
        line("answer", text);
        if let Some(id) = &answer.request_id {
            line("request id", show(id));
        }
        for one in &answer.reported {
            let part = |raw: &Option<Raw>| raw.as_ref().map_or("?".to_owned(), show);
            let to = said(one.destination.as_ref(), charset);
            line(
                "reported",
                format!("{} to {to} for {}", part(&one.medium), part(&one.attribute)),
            );
        }
        if let Some(fault) = &answer.fault {
            line(
                "error",
                format!("{}: {}", show(&fault.code), said(Some(&fault.message), charset)),
            );
        }
    }
    for seen in &entry.seen {
        line("seen", format!("{} at {}", show(&seen.word), clock(seen.at, zone)));
        for (name, now) in &seen.attributes {
            line("", format!("{} {}", show(name.raw()), said(now.as_ref(), charset)));
        }
        if let Some(fault) = &seen.fault {
            line(
                "",
                format!("{}: {}", show(&fault.code), said(Some(&fault.message), charset)),
            );
        }
    }
    let width = lines.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
    lines
        .iter()
        .map(|(name, value)| format!("{name}{}  {value}\n", " ".repeat(width - columns(name))))
        .collect()
}
