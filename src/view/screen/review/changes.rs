//! Everything that is sent, flags included: old and new on lines of their own, so that no text can reorder the other.

use crate::domain::{Change, ChangeSet, Contact, Raw};
use crate::view::text::{Shown, difference};
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// Where the sign stands, and two columns further the value.
const SIGN: usize = 22;
const VALUE: usize = SIGN + 2;
/// Where a remark begins that stands behind a short value.
const REMARK: usize = 46;

pub fn rows(pen: &Pen<'_>, set: &ChangeSet, width: usize) -> Vec<Row> {
    set.changes()
        .iter()
        .flat_map(|change| change_rows(pen, set, change, width))
        .collect()
}

fn change_rows(pen: &Pen<'_>, set: &ChangeSet, change: &Change, width: usize) -> Vec<Row> {
    let name = Row::new()
        .gap(3)
        .put(Role::Text, pen.name(change.name.raw()).fit(width / 2));
    if let Some(contact) = change.name.verifies() {
        return flag_rows(pen, set, change, contact, name.to(SIGN), width);
    }
    let old = change.before.as_ref().map(|value| value.raw());
    let new = change.edit.value().map(|value| value.raw());
    value_rows(pen, name, old, new, width)
}

/// A value before and after, the part marked that is not the same. `start`: what the first line begins with.
pub fn value_rows(pen: &Pen<'_>, start: Row, old: Option<&Raw>, new: Option<&Raw>, width: usize) -> Vec<Row> {
    let differs = old
        .zip(new)
        .filter(|_| !pen.masked)
        .and_then(|(old, new)| difference(old.as_str(), new.as_str()));
    let (old_parts, new_parts) = differs.map(|found| (found.old, found.new)).unwrap_or_default();
    let mut rows = Vec::new();
    let mut start = start.to(SIGN);
    if let Some(old) = old {
        let lit = pen.raw(old).lit(&old_parts);
        let remark = if new.is_none() { "deleted" } else { "" };
        rows.extend(side(start, "-", Role::Before, lit, remark, width));
        start = Row::new().gap(SIGN);
    }
    if let Some(new) = new {
        let remark = if old.is_none() { "new: it was not set" } else { "" };
        rows.extend(side(
            start,
            "+",
            Role::After,
            pen.raw(new).lit(&new_parts),
            remark,
            width,
        ));
    } else if old.is_none() {
        rows.push(
            start
                .put(Role::Delete, "- ")
                .put(Role::Text, "deleted, though it is not set"),
        );
    }
    rows
}

/// One value, over as many lines as it needs, with `^` under what differs.
fn side(start: Row, sign: &'static str, role: Role, value: Shown, remark: &'static str, width: usize) -> Vec<Row> {
    let room = width.saturating_sub(VALUE).saturating_sub(1);
    let mut rows = Vec::new();
    let mut start = Some(start.put(role, sign).gap(1));
    for line in value.wrap(room) {
        let carets = line.carets();
        rows.push(start.take().unwrap_or_else(|| Row::new().gap(VALUE)).put(role, line));
        if !carets.is_empty() {
            rows.push(Row::new().gap(VALUE).put(Role::Differs, carets));
        }
    }
    let fits = rows.last().is_some_and(|row| row.width() + 2 + remark.len() < width);
    match rows.pop() {
        Some(last) if fits && !remark.is_empty() => {
            let last = if last.width() + 2 > REMARK {
                last.gap(2)
            } else {
                last.to(REMARK)
            };
            rows.push(last.put(Role::Text, remark));
        }
        last => {
            rows.extend(last);
            if !remark.is_empty() {
                rows.push(Row::new().gap(VALUE).put(Role::Text, remark));
            }
        }
    }
    rows
}

/// A verified flag: sent on its own, or along with its contact so that the new value counts.
fn flag_rows(pen: &Pen<'_>, set: &ChangeSet, change: &Change, contact: Contact, name: Row, width: usize) -> Vec<Row> {
    let with_contact = set.new_contact(contact).is_some();
    let verified = change.edit.value().is_some_and(|value| value.is_true());
    let noun = contact.noun();
    let why = match (with_contact, verified) {
        (true, true) => format!("so the new {noun} counts at once"),
        (true, false) => format!("so the new {noun} does not count as verified"),
        (false, true) => format!("the {noun} counts as verified from now on"),
        (false, false) => format!("the {noun} does not count as verified any more"),
    };
    let new = change
        .edit
        .value()
        .map_or_else(|| Raw::from("false"), |value| value.raw().clone());
    if change.is_same_value() {
        let said = Shown::words(format!("sent too: {why}"));
        let row = name
            .put(Role::Same, "= ")
            .put(Role::Same, pen.raw(&new))
            .gap(3)
            .put(Role::Text, said);
        return vec![row.cut(width)];
    }
    let mut rows = Vec::new();
    let mut start = name;
    if let Some(before) = &change.before {
        rows.push(start.put(Role::Before, "- ").put(Role::Before, pen.raw(before.raw())));
        start = Row::new().gap(SIGN);
    }
    let row = start
        .put(Role::After, "+ ")
        .put(Role::After, pen.raw(&new))
        .gap(3)
        .put(Role::Text, Shown::words(why));
    rows.push(row.cut(width));
    rows
}
