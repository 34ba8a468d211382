//! One row of a segment, unpacked where it is asked.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;

use super::Segment;
use crate::domain::attribute::AttributeName;
use crate::domain::roster::pack::Packing;
use crate::domain::roster::text::{BETWEEN, KINDS};
use crate::domain::user::UserStatus;

/// One packed row.
#[derive(Clone, Copy)]
pub struct Packed<'a> {
    pub(super) segment: &'a Segment,
    pub(super) at: usize,
}

impl fmt::Debug for Packed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packed(row {})", self.at)
    }
}

impl<'a> Packed<'a> {
    fn values(self) -> &'a [u8] {
        self.segment.values.get(self.at)
    }

    /// The folded text of a kind.
    pub fn folded(self, kind: u8) -> &'a str {
        let runs = self.segment.folded.get(usize::from(kind));
        runs.and_then(|runs| str::from_utf8(runs.get(self.at)).ok())
            .unwrap_or_default()
    }

    /// The text of a value that is not in the bytes of the row.
    fn beside(self, packing: Packing) -> &'a str {
        match packing {
            Packing::Folded(kind) | Packing::Capitals(kind) => self.folded(kind),
            Packing::Coded(column) => self.segment.coded(column, self.at),
            _ => "",
        }
    }

    pub fn search_text(self) -> String {
        let mut text = String::new();
        for kind in (0..).take(KINDS) {
            let folded = self.folded(kind);
            if !text.is_empty() && !folded.is_empty() {
                text.push(BETWEEN);
            }
            text.push_str(folded);
        }
        text
    }

    pub fn username(self) -> Cow<'a, str> {
        self.segment
            .shape_of(self.at)
            .and_then(|shape| shape.username.read(self.values(), |packing| self.beside(packing)))
            .map_or(Cow::Borrowed(""), |(username, _)| username)
    }

    pub fn get(self, name: &str) -> Option<Cow<'a, str>> {
        let shape = self.segment.shape_of(self.at)?;
        let wanted = self.segment.names.iter().position(|known| known.as_str() == name)?;
        let mut rest = shape.username.skip(self.values())?;
        for (number, packing) in &shape.attributes {
            if usize::from(*number) == wanted {
                return packing
                    .read(rest, |packing| self.beside(packing))
                    .map(|(value, _)| value);
            }
            rest = packing.skip(rest)?;
        }
        None
    }

    pub fn attributes(self) -> impl Iterator<Item = (&'a AttributeName, Cow<'a, str>)> {
        let shape = self.segment.shape_of(self.at);
        let mut rest = shape
            .and_then(|shape| shape.username.skip(self.values()))
            .unwrap_or_default();
        let segment = self.segment;
        shape
            .into_iter()
            .flat_map(|shape| shape.attributes.iter())
            .map_while(move |(number, packing)| {
                let (value, behind) = packing.read(rest, |packing| self.beside(packing))?;
                rest = behind;
                Some((segment.names.get(usize::from(*number))?, value))
            })
    }

    pub fn status(self) -> &'a UserStatus {
        let state = self.segment.state.get(self.at).copied().unwrap_or_default();
        self.segment
            .statuses
            .get(usize::from(state >> 1))
            .unwrap_or(&UserStatus::NotTold)
    }

    pub fn is_enabled(self) -> bool {
        self.segment.state.get(self.at).is_some_and(|state| state & 1 == 1)
    }

    pub fn created(self) -> Option<Timestamp> {
        self.segment.created.get(self.at)?.at()
    }

    pub fn changed(self) -> Option<Timestamp> {
        self.segment.changed.get(self.at)?.at()
    }

    pub fn read_at(self) -> Timestamp {
        let runs = &self.segment.read_at;
        let run = runs.partition_point(|(row, _)| *row as usize <= self.at);
        run.checked_sub(1)
            .and_then(|run| runs.get(run))
            .map_or(Timestamp::UNIX_EPOCH, |(_, at)| *at)
    }
}
