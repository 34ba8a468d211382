//! Byte strings of every row of a segment, one behind the other in one buffer, with little more than two bytes each to say
//! where it ends.

use std::ops::Range;

/// How many rows share one long number. The ends of so few fit in short ones counted from it.
const BLOCK: usize = 16;

/// One byte string a row. Rows behind the last one that holds anything cost nothing.
#[derive(Clone, Default, PartialEq)]
pub struct Runs {
    bytes: Vec<u8>,
    ends: Ends,
}

#[derive(Clone, PartialEq)]
enum Ends {
    /// Where each block begins, and where each row ends from there on.
    Short { starts: Vec<u32>, ends: Vec<u16> },
    /// Where each row ends. For blocks of long texts.
    Long(Vec<u32>),
}

impl Default for Ends {
    fn default() -> Self {
        Self::Short {
            starts: Vec::new(),
            ends: Vec::new(),
        }
    }
}

impl Ends {
    fn len(&self) -> usize {
        match self {
            Self::Short { ends, .. } => ends.len(),
            Self::Long(ends) => ends.len(),
        }
    }

    fn get(&self, row: usize) -> Option<u32> {
        match self {
            Self::Short { starts, ends } => Some(*starts.get(row / BLOCK)? + u32::from(*ends.get(row)?)),
            Self::Long(ends) => ends.get(row).copied(),
        }
    }

    fn push(&mut self, end: u32) {
        let last = self.last();
        match self {
            Self::Long(ends) => ends.push(end),
            Self::Short { starts, ends } => {
                if ends.len().is_multiple_of(BLOCK) {
                    starts.push(last);
                }
                match u16::try_from(end - starts.last().copied().unwrap_or_default()) {
                    Ok(short) => ends.push(short),
                    Err(_) => {
                        let long = (0..self.len()).filter_map(|row| self.get(row)).chain([end]);
                        *self = Self::Long(long.collect());
                    }
                }
            }
        }
    }

    fn last(&self) -> u32 {
        self.len()
            .checked_sub(1)
            .and_then(|row| self.get(row))
            .unwrap_or_default()
    }

    fn reserve(&mut self, rows: usize) {
        match self {
            Self::Short { starts, ends } => {
                starts.reserve_exact(rows.div_ceil(BLOCK));
                ends.reserve_exact(rows);
            }
            Self::Long(ends) => ends.reserve_exact(rows),
        }
    }

    fn shrink(&mut self) {
        match self {
            Self::Short { starts, ends } => {
                starts.shrink_to_fit();
                ends.shrink_to_fit();
            }
            Self::Long(ends) => ends.shrink_to_fit(),
        }
    }

    fn heap_bytes(&self) -> usize {
        match self {
            Self::Short { starts, ends } => starts.capacity() * 4 + ends.capacity() * 2,
            Self::Long(ends) => ends.capacity() * 4,
        }
    }
}

impl Runs {
    /// Gives a row its bytes. Rows are given theirs in order; one that is passed over has none. False: the buffer is full,
    /// and the row has none.
    pub fn put(&mut self, row: usize, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return true;
        }
        let Ok(end) = u32::try_from(self.bytes.len() + bytes.len()) else {
            return false;
        };
        self.fill(row);
        self.bytes.extend(bytes);
        self.ends.push(end);
        true
    }

    /// Ends for the rows before this one that have none yet.
    fn fill(&mut self, row: usize) {
        let last = self.ends.last();
        while self.ends.len() < row {
            self.ends.push(last);
        }
    }

    /// Where a row's bytes lie in [`Self::bytes`].
    pub fn range(&self, row: usize) -> Range<usize> {
        let Some(end) = self.ends.get(row) else {
            return self.bytes.len()..self.bytes.len();
        };
        let start = row
            .checked_sub(1)
            .and_then(|row| self.ends.get(row))
            .unwrap_or_default();
        start as usize..end as usize
    }

    pub fn get(&self, row: usize) -> &[u8] {
        self.bytes.get(self.range(row)).unwrap_or_default()
    }

    /// The bytes of all rows.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of each row up to the last one that holds anything, in order and quicker than row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let (starts, short, long) = match &self.ends {
            Ends::Short { starts, ends } => (starts.as_slice(), ends.as_slice(), &[][..]),
            Ends::Long(ends) => (&[][..], &[][..], ends.as_slice()),
        };
        let short = starts
            .iter()
            .zip(short.chunks(BLOCK))
            .flat_map(|(start, ends)| ends.iter().map(move |end| start + u32::from(*end)));
        let mut start = 0;
        short.chain(long.iter().copied()).enumerate().map(move |(row, end)| {
            let text = self.bytes.get(start..end as usize).unwrap_or_default();
            start = end as usize;
            (row, text)
        })
    }

    /// How many rows there are up to the last one that holds anything.
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The row that a place in [`Self::bytes`] belongs to, which is `from` or a later one.
    pub fn row_at(&self, place: usize, from: usize) -> usize {
        let ends_behind = |row: usize| self.ends.get(row).is_none_or(|end| end as usize > place);
        let mut row = from;
        if let Ends::Short { starts, .. } = &self.ends {
            let block = row / BLOCK;
            let later = starts.get(block + 1..).unwrap_or_default();
            // The next blocks are likely; the rest is found by halving.
            let skipped = match later.iter().take(4).position(|start| *start as usize > place) {
                Some(near) => near,
                None => later.partition_point(|start| *start as usize <= place),
            };
            if skipped > 0 {
                row = (block + skipped) * BLOCK;
            }
        }
        while !ends_behind(row) {
            row += 1;
        }
        row
    }

    /// Room for what is about to be appended, so that nothing is allocated twice.
    pub fn reserve(&mut self, rows: usize, bytes: usize) {
        self.bytes.reserve_exact(bytes);
        self.ends.reserve(rows);
    }

    /// The rows of another one, the first of them as row `at`. False: they do not fit.
    pub fn append(&mut self, at: usize, other: &Self) -> bool {
        if other.bytes.is_empty() {
            return true;
        }
        if u32::try_from(self.bytes.len() + other.bytes.len()).is_err() {
            return false;
        }
        self.fill(at);
        let base = self.ends.last();
        self.bytes.extend(&other.bytes);
        for row in 0..other.rows() {
            self.ends.push(base + other.ends.get(row).unwrap_or_default());
        }
        true
    }

    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink();
    }

    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some_rows() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let row = prop_oneof![
            3 => Just(Vec::new()),
            5 => prop::collection::vec(any::<u8>(), 0..30),
            1 => Just(vec![7; 9_000]),
        ];
        prop::collection::vec(row, 0..70)
    }

    fn runs(rows: &[Vec<u8>]) -> Runs {
        let mut runs = Runs::default();
        for (row, bytes) in rows.iter().enumerate() {
            assert!(runs.put(row, bytes));
        }
        runs
    }

    proptest! {
        #[test]
        fn every_row_keeps_its_bytes(first in some_rows(), second in some_rows()) {
            let mut joined = runs(&first);
            prop_assert!(joined.append(first.len(), &runs(&second)));
            let all: Vec<Vec<u8>> = first.into_iter().chain(second).collect();
            prop_assert_eq!(joined.bytes(), all.concat());
            for (row, bytes) in all.iter().enumerate() {
                prop_assert_eq!(joined.get(row), bytes.as_slice());
                let Range { start, end } = joined.range(row);
                for place in [start, start + (end - start) / 2, end.saturating_sub(1)] {
                    for from in [0, row / 2, row] {
                        prop_assert!(start == end || joined.row_at(place, from) == row);
                    }
                }
            }
            prop_assert!(joined.get(all.len()).is_empty());
            let rows: Vec<Vec<u8>> = joined.iter().map(|(_, bytes)| bytes.to_vec()).collect();
            prop_assert_eq!(&rows, &all[..rows.len()]);
            prop_assert!(all[rows.len()..].iter().all(Vec::is_empty));
        }
    }
}
