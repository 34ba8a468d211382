//! The order of rows by a column.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use crate::domain::column::Column;
use crate::domain::find::fold;
use crate::domain::query::Ground;
use crate::domain::roster::{BETWEEN, RowId, Rows};

/// How many rows are sorted before somebody looks whether they are still wanted.
const RUN: usize = 8_192;

/// What a row is ordered by. Of a text it is the beginning; the rest is read where that is the same.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    row: RowId,
    set: bool,
    head: [u8; 16],
}

/// Orders rows by a column: texts without regard to case and accents, times by time, those that have none last. Equal ones
/// stay in their order. `None`: it was stopped.
pub fn sort(
    rows: &Rows,
    mut ids: Vec<RowId>,
    (column, descending): (&Column, bool),
    ground: &Ground,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<RowId>> {
    ids.sort_unstable();
    let mut keys = Vec::with_capacity(ids.len());
    for run in ids.chunks(RUN) {
        if stopped() {
            return None;
        }
        keys.extend(run.iter().map(|id| key(rows, *id, column, ground)));
    }
    let compare = |a: &Key, b: &Key| match (a.set, b.set) {
        (true, true) => {
            let heads = a.head.cmp(&b.head);
            let order = heads.then_with(|| match is_text(column) && a.head.last() != Some(&0) {
                true => text(rows, a.row, column, ground).cmp(&text(rows, b.row, column, ground)),
                false => Ordering::Equal,
            });
            if descending { order.reverse() } else { order }
        }
        (a, b) => b.cmp(&a),
    };
    for run in keys.chunks_mut(RUN) {
        if stopped() {
            return None;
        }
        run.sort_by(compare);
    }
    let mut long = RUN;
    while long < keys.len() {
        let mut merged = Vec::with_capacity(keys.len());
        for pair in keys.chunks(2 * long) {
            let (mut first, mut second) = pair.split_at(long.min(pair.len()));
            while let (Some(a), Some(b)) = (first.first(), second.first()) {
                if merged.len().is_multiple_of(RUN) && stopped() {
                    return None;
                }
                let (next, from) = match compare(a, b) {
                    Ordering::Greater => (b, &mut second),
                    _ => (a, &mut first),
                };
                merged.push(*next);
                *from = from.get(1..).unwrap_or_default();
            }
            merged.extend(first);
            merged.extend(second);
        }
        keys = merged;
        long *= 2;
    }
    for (id, key) in ids.iter_mut().zip(keys) {
        *id = key.row;
    }
    Some(ids)
}

fn is_text(column: &Column) -> bool {
    !matches!(column, Column::Created | Column::Changed | Column::Enabled)
}

fn key(rows: &Rows, id: RowId, column: &Column, ground: &Ground) -> Key {
    let mut head = [0; 16];
    let mut put = |bytes: &[u8]| {
        for (place, byte) in head.iter_mut().zip(bytes) {
            *place = *byte;
        }
    };
    let time = |at: Option<Timestamp>| {
        // Shifted, so that the bytes of what is before 1970 come first.
        at.map(|at| (at.as_nanosecond() as u128 ^ 1 << 127).to_be_bytes())
    };
    let row = rows.get(id);
    let set = match column {
        Column::Created => time(row.and_then(|row| row.created())).map(|at| put(&at)),
        Column::Changed => time(row.and_then(|row| row.changed())).map(|at| put(&at)),
        Column::Enabled => row.map(|row| put(&[u8::from(row.is_enabled())])),
        _ => text(rows, id, column, ground).map(|text| put(text.as_bytes())),
    };
    Key {
        row: id,
        set: set.is_some(),
        head,
    }
}

/// The folded text of a column; `None`: there is none.
fn text<'a>(rows: &'a Rows, id: RowId, column: &Column, ground: &Ground) -> Option<Cow<'a, str>> {
    if *column == Column::Groups {
        let groups = ground.groups.as_deref()?;
        let names: Vec<String> = groups.of(id).map(|name| fold::plain(name.as_str())).collect();
        return (!names.is_empty()).then(|| Cow::Owned(names.join(", ")));
    }
    let row = rows.get(id)?;
    if let Some(folded) = row.folded(column) {
        return (!folded.is_empty()).then_some(Cow::Borrowed(folded));
    }
    let value = column.value(row).filter(|value| !value.is_empty())?;
    let folded = match value.is_ascii() {
        true => value.to_ascii_lowercase(),
        false => fold::plain(&value),
    };
    Some(Cow::Owned(folded.replace(BETWEEN, " ")))
}
