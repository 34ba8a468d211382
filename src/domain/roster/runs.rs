//! Byte strings of every row of a segment, one behind the other in one buffer, with little more than two bytes each to say
//! where it ends.

use std::ops::Range;

/// How many rows share one long number. The ends of so few fit in short ones counted from it.
const BLOCK: usize = 32;

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

    /// From the end of the row before to its own.
    fn range(&self, row: usize) -> Option<Range<usize>> {
        let (start, end) = match self {
            Self::Short { starts, ends } => {
                let base = *starts.get(row / BLOCK)? as usize;
                let before = match row % BLOCK {
                    0 => 0,
                    _ => usize::from(*ends.get(row - 1)?),
                };
                (base + before, base + usize::from(*ends.get(row)?))
            }
            Self::Long(ends) => {
                let start = row.checked_sub(1).and_then(|row| ends.get(row)).copied();
                (start.unwrap_or_default() as usize, *ends.get(row)? as usize)
            }
        };
        Some(start..end)
    }

    /// The row that holds the byte in a place, if it is none before `from`.
    fn row_at(&self, place: usize, from: usize) -> usize {
        match self {
            Self::Long(ends) => from + ends.iter().skip(from).take_while(|end| **end as usize <= place).count(),
            Self::Short { starts, ends } => {
                let first = from / BLOCK + 1;
                let later = starts.iter().skip(first);
                let block = first - 1 + later.take_while(|start| **start as usize <= place).count();
                let row = from.max(block * BLOCK);
                let base = starts.get(block).map_or(0, |start| *start as usize);
                let ends = ends.iter().skip(row);
                row + ends.take_while(|end| base + usize::from(**end) <= place).count()
            }
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
        self.ends.range(row).unwrap_or(self.bytes.len()..self.bytes.len())
    }

    /// The same of each row up to the last one that holds anything, quicker than row by row.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let (starts, short, long) = match &self.ends {
            Ends::Short { starts, ends } => (starts.as_slice(), ends.as_slice(), &[][..]),
            Ends::Long(ends) => (&[][..], &[][..], ends.as_slice()),
        };
        let short = starts
            .iter()
            .zip(short.chunks(BLOCK))
            .flat_map(|(start, ends)| ends.iter().map(move |end| start + u32::from(*end)));
        let mut start = 0;
        short.chain(long.iter().copied()).map(move |end| {
            let end = end as usize;
            std::mem::replace(&mut start, end)..end
        })
    }

    /// Some rows, each with where its bytes lie. The bytes of several are fetched together: one after the other, each row that
    /// lies far from the one before would wait for the memory anew.
    pub fn each(&self, rows: impl Iterator<Item = usize>, mut take: impl FnMut(usize, Range<usize>)) {
        let mut rows = rows.fuse();
        let mut batch: [(usize, Range<usize>); 16] = std::array::from_fn(|_| (0, 0..0));
        loop {
            let mut count = 0;
            let mut fetched = 0;
            for (place, row) in batch.iter_mut().zip(&mut rows) {
                *place = (row, self.range(row));
                fetched ^= self.bytes.get(place.1.start).copied().unwrap_or_default();
                count += 1;
            }
            std::hint::black_box(fetched);
            if count == 0 {
                return;
            }
            for (row, range) in batch.iter().take(count) {
                take(*row, range.clone());
            }
        }
    }

    /// The row in whose bytes a place is, which must be this one or a later one.
    pub fn row_at(&self, place: usize, from: usize) -> usize {
        self.ends.row_at(place, from)
    }

    pub fn get(&self, row: usize) -> &[u8] {
        self.bytes.get(self.range(row)).unwrap_or_default()
    }

    /// The bytes of all rows.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many rows there are up to the last one that holds anything.
    pub fn rows(&self) -> usize {
        self.ends.len()
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
            }
            prop_assert!(joined.get(all.len()).is_empty());
            prop_assert!(all.iter().skip(joined.rows()).all(Vec::is_empty));
            let ranges: Vec<Range<usize>> = (0..joined.rows()).map(|row| joined.range(row)).collect();
            prop_assert_eq!(joined.ranges().collect::<Vec<_>>(), ranges);
            let row_at = |place: &usize| (0..).find(|row| joined.range(*row).contains(place)).unwrap();
            for place in (0..joined.bytes().len()).step_by(97) {
                let row = row_at(&place);
                for from in [0, row / 2, row] {
                    prop_assert_eq!(joined.row_at(place, from), row);
                }
            }
            let mut visited = Vec::new();
            joined.each((0..all.len()).filter(|row| row % 3 != 1), |row, range| visited.push((row, range)));
            let expected = (0..all.len()).filter(|row| row % 3 != 1).map(|row| (row, joined.range(row)));
            prop_assert_eq!(visited, expected.collect::<Vec<_>>());
        }
    }
}
