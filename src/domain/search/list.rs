//! Rows in the order in which they are listed.

use std::sync::Arc;

use super::bits::Bits;
use crate::domain::roster::RowId;

/// How many words of the set share one count.
const BLOCK: usize = 64;

/// Which rows are listed, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub enum RowList {
    /// In the order of arrival: a set says it all, so a list of everybody costs a bit each.
    Arrived {
        who: Arc<Bits>,
        /// How many there are before each block of the set, and in all.
        before: Vec<usize>,
    },
    Ordered(Vec<RowId>),
}

impl Default for RowList {
    fn default() -> Self {
        Self::Ordered(Vec::new())
    }
}

impl From<Arc<Bits>> for RowList {
    fn from(who: Arc<Bits>) -> Self {
        let mut before = vec![0];
        let mut sum = 0;
        for block in who.words().chunks(BLOCK) {
            sum += count(block);
            before.push(sum);
        }
        Self::Arrived { who, before }
    }
}

fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}

impl RowList {
    pub fn len(&self) -> usize {
        match self {
            Self::Arrived { before, .. } => before.last().copied().unwrap_or_default(),
            Self::Ordered(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row in a place, counted from 0.
    pub fn get(&self, at: usize) -> Option<RowId> {
        let (who, before) = match self {
            Self::Arrived { who, before } => (who, before),
            Self::Ordered(rows) => return rows.get(at).copied(),
        };
        let block = before.partition_point(|count| *count <= at).checked_sub(1)?;
        let mut left = at - before.get(block)?;
        let words = who.words().iter().enumerate().skip(block * BLOCK);
        for (number, word) in words {
            let ones = word.count_ones() as usize;
            if left < ones {
                let rest = (0..left).fold(*word, |rest, _| rest & (rest - 1));
                return row(number * 64 + rest.trailing_zeros() as usize);
            }
            left -= ones;
        }
        None
    }

    /// The place of a row, if it is listed.
    pub fn position(&self, row: RowId) -> Option<usize> {
        let (who, before) = match self {
            Self::Arrived { who, before } => (who, before),
            Self::Ordered(rows) => return rows.iter().position(|other| *other == row),
        };
        let number = row.0 as usize;
        if !who.has(number) {
            return None;
        }
        let (word, block) = (number / 64, number / 64 / BLOCK);
        let words = who.words();
        let inside = words.get(word)? & ((1 << (number % 64)) - 1);
        let earlier = count(words.get(block * BLOCK..word)?);
        Some(before.get(block)? + earlier + inside.count_ones() as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = RowId> {
        let (who, rows) = match self {
            Self::Arrived { who, .. } => (Some(who), None),
            Self::Ordered(rows) => (None, Some(rows)),
        };
        let arrived = who.into_iter().flat_map(|who| who.iter()).filter_map(row);
        arrived.chain(rows.into_iter().flatten().copied())
    }
}

fn row(number: usize) -> Option<RowId> {
    u32::try_from(number).ok().map(RowId)
}

/// Who matches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// In the order that was asked for.
    pub rows: RowList,
    /// The same as a set.
    pub who: Arc<Bits>,
    /// How many rows were looked at, from the first on. Of those behind nothing is known.
    pub looked_at: usize,
}

impl Matches {
    /// Some rows of so many that were looked at.
    pub fn of(rows: Vec<RowId>, looked_at: usize) -> Self {
        let behind = rows.iter().map(|row| row.0 as usize + 1).max().unwrap_or_default();
        let mut who = Bits::none(behind);
        rows.iter().for_each(|row| who.put(row.0 as usize));
        Self {
            rows: RowList::Ordered(rows),
            who: Arc::new(who),
            looked_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_set_is_listed_as_its_rows_are(
            near in prop::collection::btree_set(0_usize..300, 0..90), far in prop::collection::btree_set(0_usize..20_000, 0..40),
        ) {
            let all: std::collections::BTreeSet<usize> = near.union(&far).copied().collect();
            let mut who = Bits::none(20_000);
            all.iter().for_each(|row| who.put(*row));
            let arrived = RowList::from(Arc::new(who));
            let ordered = RowList::Ordered(all.iter().filter_map(|number| row(*number)).collect());
            prop_assert_eq!(arrived.len(), ordered.len());
            prop_assert_eq!(arrived.iter().collect::<Vec<_>>(), ordered.iter().collect::<Vec<_>>());
            for at in 0..=all.len() {
                prop_assert_eq!(arrived.get(at), ordered.get(at));
            }
            for number in (0..400).chain(all.iter().map(|row| *row as u32)).map(RowId) {
                prop_assert_eq!(arrived.position(number), ordered.position(number));
            }
        }
    }
}
