//! Users as text for other programs: CSV, CSV for a spreadsheet, JSON Lines, and the file that a pool imports users from.
//!
//! A [`Writer`] turns one row after the other into bytes and keeps nothing of them, so that a pool of any size can stream
//! through it. JSON Lines is the form that opens again: its first line says what was exported, its last one how it ended,
//! and [`read`] takes both back.

pub mod csv;
mod held;
mod import;
mod jsonl;
pub mod read;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use self::held::{Untold, made_without};
pub use self::import::{Import, LARGEST_IMPORT, LeftOut, MOST_IMPORTED};
pub use self::jsonl::{End, Head, escape, is_plain};
use super::column::Column;
use super::pool::Pool;
use super::raw::Raw;
use super::roster::Row;
use super::schema::Schema;

/// The form of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// RFC 4180, every value as it is.
    Csv(Vec<Column>),
    /// Likewise, and what a spreadsheet would run is text behind an apostrophe.
    Sheet(Vec<Column>),
    /// One user a line, in the shape of ListUsers. With columns: their attributes alone.
    Jsonl(Option<Vec<Column>>),
    /// The file that a pool's user import takes.
    Import(Import),
}

/// Writes users in a layout.
#[derive(Clone, Debug)]
pub struct Writer {
    layout: Layout,
    written: u64,
    bytes: u64,
    left_out: std::collections::BTreeMap<LeftOut, u64>,
}

impl Writer {
    pub fn new(layout: Layout) -> Self {
        Self {
            layout,
            written: 0,
            bytes: 0,
            left_out: std::collections::BTreeMap::new(),
        }
    }

    /// How many users were written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// How many users this layout could not take, and why.
    pub fn left_out(&self) -> impl Iterator<Item = (LeftOut, u64)> {
        self.left_out.iter().map(|(why, count)| (*why, *count))
    }

    /// How long it is so far, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What stands in front of the users.
    pub fn begin(&mut self, head: &Head, out: &mut String) {
        self.counted(out, |layout, out| match layout {
            Layout::Csv(columns) => csv::record(columns.iter().map(|column| Some(column.name())), out),
            Layout::Sheet(columns) => {
                // Spreadsheets take a file without this mark for one in an encoding of their own.
                out.push('\u{feff}');
                csv::record(columns.iter().map(|column| Some(csv::sheet(column.name()))), out);
            }
            Layout::Jsonl(_) => head.write(out),
            Layout::Import(import) => import.begin(out),
        });
    }

    /// One user. `groups`: the user's groups, where they were read.
    pub fn user(&mut self, row: Row<'_>, groups: Option<&[Raw]>, out: &mut String) {
        let mut left_out = None;
        self.counted(out, |layout, out| match layout {
            Layout::Csv(columns) => csv::record(columns.iter().map(|column| cell(column, row, groups)), out),
            Layout::Sheet(columns) => {
                let cells = columns.iter().map(|column| cell(column, row, groups));
                csv::record(cells.map(|cell| cell.map(|cell| csv::sheet(&cell).into_owned())), out);
            }
            Layout::Jsonl(columns) => jsonl::user(row, columns.as_deref(), groups, out),
            Layout::Import(import) => left_out = import.user(row, out).err(),
        });
        match left_out {
            Some(why) => *self.left_out.entry(why).or_default() += 1,
            None => self.written += 1,
        }
    }

    /// What stands behind the users: without it an export was cut off.
    pub fn end(&mut self, complete: bool, at: Timestamp, out: &mut String) {
        let users = self.written;
        self.counted(out, |layout, out| match layout {
            Layout::Jsonl(_) => End { users, complete, at }.write(out),
            Layout::Csv(_) | Layout::Sheet(_) | Layout::Import(_) => {}
        });
    }

    fn counted(&mut self, out: &mut String, write: impl FnOnce(&Layout, &mut String)) {
        let before = out.len();
        write(&self.layout, out);
        self.bytes += out.len().saturating_sub(before) as u64;
    }
}

/// The text of a cell. `None`: not set.
fn cell<'a>(column: &Column, row: Row<'a>, groups: Option<&[Raw]>) -> Option<std::borrow::Cow<'a, str>> {
    match column {
        // The service allows no blanks in the name of a group.
        Column::Groups => groups.map(|groups| {
            let names: Vec<&str> = groups.iter().map(Raw::as_str).collect();
            names.join(" ").into()
        }),
        column => column.value(row),
    }
}

/// Every column that the users of a pool can have: the facts, then the attributes of its schema. `groups`: they are read.
pub fn every_column(pool: Option<&Pool>, groups: bool) -> Vec<Column> {
    let standard = Schema::standard(std::iter::empty());
    let schema = pool.map_or(&standard, |pool| &pool.schema);
    let facts = [
        Column::Username,
        Column::Status,
        Column::Enabled,
        Column::Created,
        Column::Changed,
    ];
    let attributes = schema.attributes.iter().map(|one| Column::Attribute(one.name.clone()));
    facts
        .into_iter()
        .chain(groups.then_some(Column::Groups))
        .chain(attributes)
        .collect()
}
