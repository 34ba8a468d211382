//! Attributes that have but a few values, such as a plan or a language: a full segment keeps each value once and a byte a row.
//! That takes less room, and whoever looks for a value reads a byte a user instead of everything that is kept of them.

use std::collections::HashMap;

use super::Segment;
use crate::domain::roster::FULL;
use crate::domain::roster::pack::Packing;
use crate::domain::roster::runs::Runs;

/// The values of one attribute.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Coded {
    values: Runs,
    /// Which of them each row has; of no meaning for a row that has none.
    codes: Vec<u8>,
}

impl Coded {
    pub fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.values
            .ranges()
            .map(|range| self.values.bytes().get(range).unwrap_or_default())
    }

    /// The number of a row's value.
    pub fn code(&self, row: usize) -> u8 {
        self.codes.get(row).copied().unwrap_or_default()
    }

    pub fn heap_bytes(&self) -> usize {
        self.values.heap_bytes() + self.codes.capacity()
    }
}

/// What is found out of an attribute while it may yet be one of few values.
#[derive(Default)]
struct Counted<'a> {
    known: HashMap<&'a [u8], u8>,
    values: Runs,
    codes: Vec<u8>,
    /// How many bytes the rows would lose.
    saved: usize,
}

impl<'a> Counted<'a> {
    /// False: it has too many values.
    fn take(&mut self, row: usize, value: &'a [u8]) -> bool {
        let code = match self.known.get(value) {
            Some(code) => *code,
            None => {
                let Ok(code) = u8::try_from(self.known.len()) else {
                    return false;
                };
                self.known.insert(value, code);
                if !self.values.put(usize::from(code), value) {
                    return false;
                }
                code
            }
        };
        self.codes.resize(row, 0);
        self.codes.push(code);
        self.saved += value.len() + 1;
        true
    }
}

impl Segment {
    /// The value that a row has in a column of few.
    pub(super) fn coded(&self, column: u8, row: usize) -> &str {
        let coded = self.coded.get(usize::from(column));
        let value = coded.map(|coded| coded.values.get(usize::from(coded.code(row))));
        value.and_then(|value| str::from_utf8(value).ok()).unwrap_or_default()
    }

    /// The values of a row as they lie in its bytes, each with the number of its attribute; the username has none.
    fn lying(&self, row: usize) -> impl Iterator<Item = (Option<u16>, Packing, &[u8])> {
        let shape = self.shape_of(row);
        let username = shape.map(|shape| (None, shape.username));
        let attributes = shape.into_iter().flat_map(|shape| &shape.attributes);
        let mut rest = self.values.get(row);
        let all = username
            .into_iter()
            .chain(attributes.map(|(name, packing)| (Some(*name), *packing)));
        all.map_while(move |(name, packing)| {
            let behind = packing.skip(rest)?;
            let own = rest.get(..rest.len() - behind.len())?;
            rest = behind;
            Some((name, packing, own))
        })
    }

    /// Gives the attributes of few values columns of their own, where there are enough rows for that to pay.
    pub(super) fn encode(&mut self) {
        if self.len() < FULL || !self.coded.is_empty() {
            return;
        }
        let mut counted: Vec<Option<Counted<'_>>> = self.names.iter().map(|_| Some(Counted::default())).collect();
        for row in 0..self.len() {
            for (name, packing, own) in self.lying(row) {
                let (Some(name), Packing::Text) = (name, packing) else {
                    continue;
                };
                if let Some(column) = counted.get_mut(usize::from(name))
                    && let Some(counts) = column
                    && !Packing::text(own).is_some_and(|(value, _)| counts.take(row, value))
                {
                    *column = None;
                }
            }
        }
        let rows = self.len();
        let mut columns = HashMap::new();
        let (mut coded, mut saved) = (Vec::new(), 0);
        for (name, counts) in (0_u16..).zip(counted) {
            let pays = |counts: &Counted<'_>| counts.saved > counts.values.heap_bytes() + rows;
            if let Some(mut counts) = counts.filter(pays)
                && let Ok(column) = u8::try_from(coded.len())
            {
                counts.codes.resize(rows, 0);
                counts.codes.shrink_to_fit();
                counts.values.shrink();
                columns.insert(name, column);
                saved += counts.saved;
                coded.push(Coded {
                    values: counts.values,
                    codes: counts.codes,
                });
            }
        }
        if coded.is_empty() {
            return;
        }
        let mut values = Runs::default();
        values.reserve(rows, self.values.bytes().len().saturating_sub(saved));
        let mut bytes = Vec::new();
        for row in 0..rows {
            bytes.clear();
            for (name, packing, own) in self.lying(row) {
                let is_coded = packing == Packing::Text && name.is_some_and(|name| columns.contains_key(&name));
                if !is_coded {
                    bytes.extend(own);
                }
            }
            // It is shorter than what was there, so it fits.
            values.put(row, &bytes);
        }
        values.shrink();
        self.values = values;
        self.coded = coded;
        for (name, packing) in self.shapes.iter_mut().flat_map(|shape| &mut shape.attributes) {
            if let (Packing::Text, Some(column)) = (*packing, columns.get(name)) {
                *packing = Packing::Coded(*column);
            }
        }
    }
}
