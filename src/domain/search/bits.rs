//! A set of row numbers.

/// Rows, one bit each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn none(rows: usize) -> Self {
        Self(vec![0; rows.div_ceil(64)])
    }

    pub fn all(rows: usize) -> Self {
        let mut words = vec![u64::MAX; rows / 64];
        if !rows.is_multiple_of(64) {
            words.push((1 << (rows % 64)) - 1);
        }
        Self(words)
    }

    pub fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub fn put(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub fn take(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Sixty-four rows each, the first in the lowest bit.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// Leaves out the rows of which it is not true.
    pub fn retain(&mut self, mut stays: impl FnMut(usize) -> bool) {
        for (at, word) in self.0.iter_mut().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                if !stays(at * 64 + bit as usize) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// Puts in the rows of another set.
    pub fn join(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Leaves out the rows of another set.
    pub fn subtract(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// Leaves out the rows that are not in another set.
    pub fn intersect(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Leaves out the rows whose mask lacks one of the bits.
    pub fn keep_masked(&mut self, masks: &[u64], wanted: u64) {
        for (word, masks) in self.0.iter_mut().zip(masks.chunks(64)) {
            if *word != 0 {
                let have = masks.iter().rev().map(|mask| u64::from(mask & wanted == wanted));
                *word &= have.fold(0, |bits, bit| bits << 1 | bit);
            }
        }
    }

    /// Puts in the rows of another set, the first of them as row `from`.
    pub fn put_at(&mut self, from: usize, other: &Self) {
        let (first, shift) = (from / 64, from % 64);
        for (at, word) in (first..).zip(&other.0) {
            if let Some(low) = self.0.get_mut(at) {
                *low |= word << shift;
            }
            if shift > 0
                && let Some(high) = self.0.get_mut(at + 1)
            {
                *high |= word >> (64 - shift);
            }
        }
    }

    /// The rows from one on, as many as are asked for, as numbers from 0.
    pub fn slice(&self, from: usize, rows: usize) -> Self {
        let mut slice = Self::none(rows);
        let (first, shift) = (from / 64, from % 64);
        for (at, word) in slice.0.iter_mut().enumerate() {
            let low = self.0.get(first + at).map_or(0, |word| word >> shift);
            let high = match shift {
                0 => 0,
                shift => self.0.get(first + at + 1).map_or(0, |word| word << (64 - shift)),
            };
            *word = low | high;
        }
        let all = Self::all(rows);
        for (word, all) in slice.0.iter_mut().zip(all.0) {
            *word &= all;
        }
        slice
    }
}
