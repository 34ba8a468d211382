//! One entry in full: who changed what where and why, before and after, what the service answered and what was read.

use jiff::Timestamp;

use super::super::review::value_rows;
use super::{by, kept, pool, user, word};
use crate::app::App;
use crate::domain::entry::{EntryAnswer, EntryChange, EntryFault, EntrySeen, Kept};
use crate::domain::{Entry, Raw, undo};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};

const INDENT: usize = 3;
/// Where the second column begins.
const SECOND: usize = 15;
/// Where a value stands in a reading.
const READ: usize = 31;

/// Rows with a label in front.
struct Lines<'a> {
    pen: &'a Pen<'a>,
    rows: Vec<Row>,
    width: usize,
}

impl Lines<'_> {
    fn add(&mut self, label: &'static str, role: Role, text: Shown) {
        let columns = self.width.saturating_sub(SECOND).saturating_sub(1);
        for (at, line) in text.wrap(columns).into_iter().enumerate() {
            let start = match at {
                0 => Row::new().gap(INDENT).put(Role::Muted, label),
                _ => Row::new(),
            };
            self.rows.push(start.to(SECOND).put(role, line));
        }
    }

    fn add_raw(&mut self, label: &'static str, raw: Option<&Raw>) {
        if let Some(raw) = raw {
            let text = self.pen.name(raw);
            self.add(label, Role::Text, text);
        }
    }

    fn rule(&mut self, title: &'static str) {
        let title = Row::words(Role::Title, title);
        self.rows.push(row::rule(Role::Title, self.width, &title, &Row::new()));
    }
}

pub fn rows(pen: &Pen<'_>, app: &App, entry: &Entry, width: usize) -> Vec<Row> {
    let mut lines = Lines {
        pen,
        rows: Vec::new(),
        width,
    };
    head(&mut lines, app, entry);
    if !entry.changes.is_empty() {
        lines.rule("Before and after");
        for change in &entry.changes {
            let rows = change_rows(pen, change, width);
            lines.rows.extend(rows);
        }
    }
    lines.rule("What came of it");
    match &entry.answer {
        Some(answer) => answered(&mut lines, answer),
        None if entry.running => lines.add("answer", Role::Text, "none yet: its console is still open".into()),
        None => {
            let said = "none was seen: the console ended before it came, so it may have been applied";
            lines.add("answer", Role::Unknown, said.into());
        }
    }
    for seen in &entry.seen {
        read(&mut lines, entry, seen);
    }
    if app.journal.is_settling(&entry.id) {
        lines.add("read", Role::Text, "being read back".into());
    }
    lines.rule("Where");
    tail(&mut lines, app, entry);
    lines.rows
}

/// What is read first: whom it changed, who did it and why, and whether it can be taken back.
fn head(lines: &mut Lines<'_>, app: &App, entry: &Entry) {
    let pen = lines.pen;
    let at = pen.date_and_time(entry.at).join(" ".into()).join(pen.zone_name());
    let (said, role) = word(entry);
    let label = Row::new().gap(INDENT).put(Role::Muted, "when").to(SECOND);
    lines.rows.push(label.put(Role::Text, at).gap(2).put(role, said));
    lines.add("user", Role::Text, user(pen, entry));
    let mut who = by(pen, entry);
    if let (Some(writer), false) = (&entry.writer, who.is_empty()) {
        who = who.join(", OS user ".into()).join(pen.name(writer));
    }
    if who.is_empty() {
        who = Shown::fixed("not known");
    }
    lines.add("by", Role::Text, who);
    match &entry.reason {
        Some(reason) => lines.add("reason", Role::Text, kept(pen, reason)),
        None => lines.add("reason", Role::Muted, "none was given".into()),
    }
    if let Some(deed) = entry.deed() {
        lines.add("what", Role::Text, deed.words().into());
    }
    undone(lines, app, entry);
}

/// What names the write elsewhere: the call, the place, the ids.
fn tail(lines: &mut Lines<'_>, app: &App, entry: &Entry) {
    let pen = lines.pen;
    lines.add_raw("operation", Some(&entry.operation));
    place(lines, app, entry);
    if let (Some(_), Some(sub)) = (entry.username.value(), &entry.sub) {
        lines.add("sub", Role::Text, kept(pen, sub));
    }
    lines.add_raw("app client", entry.client.as_ref());
    lines.add_raw("contact", entry.contact.as_ref());
    lines.add_raw("message", entry.message_action.as_ref());
    if !entry.metadata_keys.is_empty() {
        let mut keys = Shown::default();
        for (at, key) in entry.metadata_keys.iter().enumerate() {
            let before = if at > 0 { ", " } else { "keys " };
            keys = keys.join(before.into()).join(pen.name(key));
        }
        lines.add("metadata", Role::Text, keys);
    }
    lines.add_raw("entry", Some(&entry.id));
}

fn place(lines: &mut Lines<'_>, app: &App, entry: &Entry) {
    let pen = lines.pen;
    let place = &entry.place;
    let name = pool(pen, app, &place.pool);
    let id = pen.name(place.pool.raw());
    let mut said = match name == id {
        true => name,
        false => name.join("  ".into()).join(id),
    };
    let mut add = |label: &'static str, raw: Option<&Raw>| {
        if let Some(raw) = raw {
            said = std::mem::take(&mut said).join(label.into()).join(pen.name(raw));
        }
    };
    add("  account ", place.account.as_ref());
    // The id begins with the region.
    let named = place.pool.region();
    add(
        "  region ",
        place.region.as_ref().filter(|region| Some(region.as_str()) != named),
    );
    add("  at ", place.endpoint.as_ref());
    lines.add("pool", Role::Text, said);
}

/// What it takes back, what takes it back, and whether it can be taken back.
fn undone(lines: &mut Lines<'_>, app: &App, entry: &Entry) {
    let pen = lines.pen;
    let when = |at: Timestamp| pen.date(at);
    if let Some(id) = &entry.undoes {
        let said = match app.journal.get(id) {
            Some(undone) => Shown::fixed("the change of ").join(when(undone.at)).join(", ".into()),
            None => Shown::fixed("an entry that is not in this journal, "),
        };
        lines.add("takes back", Role::Text, said.join(pen.name(id)));
    }
    for by in app.journal.undone_by(&entry.id) {
        let (word, _) = word(by);
        let said = when(by.at)
            .join(", ".into())
            .join(word)
            .join(", ".into())
            .join(pen.name(&by.id));
        lines.add("taken back", Role::Text, said);
    }
    match undo::question(entry) {
        Ok(_) => lines.add(
            "undo",
            Role::Text,
            "can be put back, as far as nobody changed it since".into(),
        ),
        Err(why) => {
            let said = Shown::fixed("not possible: ").join(pen.say(&why));
            lines.add("undo", Role::Text, said);
        }
    }
}

fn change_rows(pen: &Pen<'_>, change: &EntryChange, width: usize) -> Vec<Row> {
    let start = Row::new()
        .gap(INDENT)
        .put(Role::Text, pen.name(change.name.raw()).fit(width / 2));
    if let (Some(before), Some(after)) = (value(&change.before), value(&change.after)) {
        return value_rows(pen, start, before, after, width);
    }
    // Something of it was not kept: nothing can be compared.
    let side = |kept: &Option<Kept>, absent: &'static str| match kept {
        Some(value) => super::kept(pen, value),
        None => Shown::fixed(absent),
    };
    let said = side(&change.before, "(not set)")
        .join(" became ".into())
        .join(side(&change.after, "(deleted)"));
    vec![start.to(READ.min(width / 2)).put(Role::Text, said).cut(width)]
}

/// The outer `None`: there was a value, and it was not kept.
fn value(kept: &Option<Kept>) -> Option<Option<&Raw>> {
    match kept {
        None => Some(None),
        Some(kept) => kept.value().map(Some),
    }
}

fn answered(lines: &mut Lines<'_>, answer: &EntryAnswer) {
    let pen = lines.pen;
    let mut said = pen.name(&answer.word);
    if let Some(why) = &answer.why {
        said = said.join(": ".into()).join(pen.name(why));
    }
    said = said
        .join(", ".into())
        .join(pen.date_and_time(answer.at))
        .join(", ".into())
        .join(counted(usize::try_from(answer.attempts).unwrap_or(usize::MAX), "send"))
        .join(", ".into())
        .join(super::super::status::took_words(answer.took));
    lines.add("answer", Role::Text, said);
    if let Some(fault) = &answer.fault {
        fault_of(lines, fault);
    }
    for message in &answer.reported {
        let mut said = Shown::fixed("reported: ");
        if let Some(medium) = &message.medium {
            said = said.join(pen.name(medium));
        }
        if let Some(to) = &message.destination {
            said = said.join(" to ".into()).join(kept(pen, to));
        }
        if let Some(attribute) = &message.attribute {
            said = said.join(" for ".into()).join(pen.name(attribute));
        }
        lines.add("message", Role::Text, said);
    }
    lines.add_raw("request id", answer.request_id.as_ref());
}

fn fault_of(lines: &mut Lines<'_>, fault: &EntryFault) {
    let pen = lines.pen;
    let said = pen.name(&fault.code).join(": ".into()).join(kept(pen, &fault.message));
    lines.add("error", Role::Text, said);
}

/// A reading after the write: what was seen, and what of it is not as sent.
fn read(lines: &mut Lines<'_>, entry: &Entry, seen: &EntrySeen) {
    let pen = lines.pen;
    let mut said = pen.date_and_time(seen.at).join(": ".into()).join(pen.name(&seen.word));
    if let Some((status, enabled)) = &seen.account {
        let enabled = if *enabled { ", enabled" } else { ", disabled" };
        said = said.join(", ".into()).join(pen.name(status)).join(enabled.into());
    }
    lines.add("read", Role::Text, said);
    if let Some(fault) = &seen.fault {
        fault_of(lines, fault);
    }
    for (name, value) in &seen.attributes {
        let sent = entry.changes.iter().find(|change| change.name == *name);
        let known = |kept: &Kept| kept.value().is_some();
        let compared =
            value.as_ref().is_none_or(known) && sent.is_some_and(|change| change.after.as_ref().is_none_or(known));
        let remark = match sent {
            Some(change) if compared && change.after == *value => "as sent",
            Some(change) if compared && change.before == *value => "as before",
            Some(_) if compared => "another value",
            _ => "",
        };
        let shown = match value {
            Some(value) => kept(pen, value),
            None => Shown::fixed("(not set)"),
        };
        let room = lines
            .width
            .saturating_sub(READ)
            .saturating_sub(remark.len())
            .saturating_sub(3);
        let row = Row::new()
            .gap(SECOND)
            .put(Role::Muted, pen.name(name.raw()).fit(READ.saturating_sub(SECOND + 1)))
            .to(READ)
            .put(Role::Text, shown.fit(room));
        lines.rows.push(match remark {
            "" => row,
            remark => row.gap(2).put(Role::Muted, remark),
        });
    }
}
