//! One attribute of many rows.

use super::coded::Coded;
use super::{Segment, Shape};
use crate::domain::roster::pack::Packing;

/// One attribute of many rows: what finds it in a row is worked out once.
pub struct Reading<'a> {
    segment: &'a Segment,
    /// Where the value is in rows of each shape.
    places: Vec<Place>,
    /// The column of few values that it is in where the rows say so.
    few: Option<&'a Coded>,
}

enum Place {
    Nowhere,
    /// In the folded text of a kind; nothing of it is in the row.
    Folded(u8),
    /// In the column of few values.
    Coded,
    /// Behind other values.
    Behind(Vec<Skip>, Packing),
}

/// What is in front of a value.
#[derive(Clone, Copy)]
enum Skip {
    Bytes(usize),
    Text,
}

impl Place {
    fn new(before: impl Iterator<Item = Packing>, packing: Packing) -> Self {
        if let Packing::Folded(kind) | Packing::Capitals(kind) = packing {
            return Self::Folded(kind);
        }
        if let Packing::Coded(_) = packing {
            return Self::Coded;
        }
        let mut skips = Vec::new();
        for packing in before {
            match (packing.length(), skips.last_mut()) {
                (Some(0), _) => {}
                (Some(more), Some(Skip::Bytes(bytes))) => *bytes += more,
                (Some(bytes), _) => skips.push(Skip::Bytes(bytes)),
                (None, _) => skips.push(Skip::Text),
            }
        }
        Self::Behind(skips, packing)
    }
}

/// A value as it lies in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lying<'a> {
    /// The row has no such value.
    Nowhere,
    /// Its own bytes.
    Text(&'a [u8]),
    /// The one of [`Reading::few`] with this number.
    Coded(u8),
    /// In the folded text of this kind, exactly or but for capitals.
    Folded(u8),
    /// A UUID's sixteen bytes.
    Uuid(&'a [u8]),
    /// It has to be unpacked with [`Segment::row`].
    Packed,
}

impl Segment {
    /// `None`: no packed row has the attribute.
    pub fn reading(&self, name: &str) -> Option<Reading<'_>> {
        let wanted = self.names.iter().position(|known| known.as_str() == name);
        if wanted.is_none() && self.whole.is_empty() {
            return None;
        }
        let is_it = |(number, _): &(u16, Packing)| Some(usize::from(*number)) == wanted;
        let place = |shape: &Shape| {
            let at = shape.attributes.iter().position(is_it);
            let Some((at, (_, packing))) = at.and_then(|at| Some((at, shape.attributes.get(at)?))) else {
                return Place::Nowhere;
            };
            let before = shape.attributes.iter().take(at).map(|(_, packing)| *packing);
            Place::new(std::iter::once(shape.username).chain(before), *packing)
        };
        let column = self
            .shapes
            .iter()
            .flat_map(|shape| &shape.attributes)
            .find_map(|attribute| match attribute {
                (_, Packing::Coded(column)) if is_it(attribute) => self.coded.get(usize::from(*column)),
                _ => None,
            });
        Some(Reading {
            segment: self,
            places: self.shapes.iter().map(place).collect(),
            few: column,
        })
    }

    pub fn reading_usernames(&self) -> Reading<'_> {
        let place = |shape: &Shape| Place::new(std::iter::empty(), shape.username);
        Reading {
            segment: self,
            places: self.shapes.iter().map(place).collect(),
            few: None,
        }
    }
}

impl<'a> Reading<'a> {
    /// Whether every row has its value in a folded text.
    pub fn lies_folded(&self) -> bool {
        self.segment.whole.is_empty() && self.places.iter().all(|place| matches!(place, Place::Folded(_)))
    }

    /// The values of the attribute, where they are so few that they have a column of their own.
    pub fn few(&self) -> impl Iterator<Item = &'a [u8]> {
        self.few.into_iter().flat_map(Coded::values)
    }

    pub fn at(&self, row: usize) -> Lying<'a> {
        if self.segment.whole(row).is_some() {
            return Lying::Packed;
        }
        let shape = self.segment.shape.get(row).map(|shape| usize::from(*shape));
        let (skips, packing) = match shape.and_then(|shape| self.places.get(shape)) {
            None | Some(Place::Nowhere) => return Lying::Nowhere,
            Some(Place::Folded(kind)) => return Lying::Folded(*kind),
            Some(Place::Coded) => return Lying::Coded(self.few.map(|few| few.code(row)).unwrap_or_default()),
            Some(Place::Behind(skips, packing)) => (skips, packing),
        };
        let mut rest = self.segment.values.get(row);
        for skip in skips {
            let behind = match skip {
                Skip::Bytes(bytes) => rest.get(*bytes..),
                Skip::Text => Packing::Text.skip(rest),
            };
            rest = behind.unwrap_or_default();
        }
        match packing {
            Packing::Text => Packing::text(rest).map_or(Lying::Nowhere, |(text, _)| Lying::Text(text)),
            Packing::Uuid => Lying::Uuid(rest.get(..16).unwrap_or_default()),
            _ => Lying::Packed,
        }
    }
}
