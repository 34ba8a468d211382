//! What was found in shares of the segments, put together.

use std::sync::Arc;

use super::bits::Bits;
use super::fuzzy::Rank;
use super::list::{Matches, RowList};
use super::{First, row_id};
use crate::domain::roster::RowId;

/// Who matches in some segments.
#[derive(Default)]
pub(super) struct Part {
    /// Who of each segment, by its first row.
    pub(super) who: Vec<(u32, Bits)>,
    /// The same rows, best first, and how many of them have each rank that occurs; where that is wanted.
    rows: Vec<RowId>,
    ranks: Vec<(Rank, usize)>,
}

impl Part {
    /// Puts its rows in order by their ranks, which come in the order of arrival. There are few ranks, so the rows of each are
    /// counted, not compared.
    pub(super) fn order(&mut self, ranks: &[Rank]) {
        let Some(worst) = ranks.iter().max() else {
            return;
        };
        let mut places = vec![0_usize; usize::from(*worst) + 1];
        for rank in ranks {
            if let Some(count) = places.get_mut(usize::from(*rank)) {
                *count += 1;
            }
        }
        let occurring = (0..).zip(&places).filter(|(_, count)| **count > 0);
        self.ranks = occurring.map(|(rank, count)| (rank, *count)).collect();
        before_each(&mut places);
        self.rows = vec![RowId(0); ranks.len()];
        let who = self
            .who
            .iter()
            .flat_map(|(start, who)| who.iter().map(|at| row_id(*start, at)));
        for (row, rank) in who.zip(ranks) {
            if let Some(place) = places.get_mut(usize::from(*rank)) {
                if let Some(free) = self.rows.get_mut(*place) {
                    *free = row;
                }
                *place += 1;
            }
        }
    }
}

/// Each count becomes the sum of those before it.
fn before_each(counts: &mut [usize]) {
    let mut sum = 0;
    for count in counts {
        sum += std::mem::replace(count, sum);
    }
}

/// The parts that are done, by the numbers of their shares.
pub(super) struct Done<'a> {
    /// The first row of each share.
    starts: Vec<u32>,
    parts: Vec<Option<Part>>,
    /// How many are there from the first on without a gap, and how many rows match in those.
    ready: usize,
    matching: usize,
    /// Who still waits for the first rows.
    first: Option<First<'a>>,
}

impl<'a> Done<'a> {
    pub(super) fn new(starts: Vec<u32>, first: Option<First<'a>>) -> Self {
        Self {
            parts: starts.iter().map(|_| None).collect(),
            starts,
            ready: 0,
            matching: 0,
            first,
        }
    }

    /// Tells of the first who match once there are enough, unless that is all of them.
    pub(super) fn put(&mut self, number: usize, part: Part) {
        if let Some(place) = self.parts.get_mut(number) {
            *place = Some(part);
        }
        while let Some(Some(next)) = self.parts.get(self.ready) {
            self.matching += next.who.iter().map(|(_, who)| who.len()).sum::<usize>();
            self.ready += 1;
        }
        let matching = self.matching;
        if let Some(behind) = self.starts.get(self.ready)
            && let Some(first) = self.first.take_if(|first| matching >= first.rows)
        {
            (first.tell)(self.arrived(*behind as usize));
        }
    }

    fn ready_parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().take(self.ready).flatten()
    }

    /// Who matches of so many rows, as far as they are ready.
    fn who(&self, rows: usize) -> Arc<Bits> {
        let mut all = Bits::none(rows);
        for (start, who) in self.ready_parts().flat_map(|part| &part.who) {
            all.put_at(*start as usize, who);
        }
        Arc::new(all)
    }

    /// In the order of arrival.
    pub(super) fn arrived(&self, looked_at: usize) -> Matches {
        let who = self.who(looked_at);
        Matches {
            rows: RowList::from(Arc::clone(&who)),
            who,
            looked_at,
        }
    }

    /// The best first and equal ones as they arrived.
    pub(super) fn best_first(&self, looked_at: usize) -> Matches {
        let ranks = || self.ready_parts().flat_map(|part| &part.ranks);
        let worst = ranks().map(|(rank, _)| *rank).max().unwrap_or_default();
        let mut places = vec![0_usize; usize::from(worst) + 1];
        for (rank, count) in ranks() {
            if let Some(place) = places.get_mut(usize::from(*rank)) {
                *place += count;
            }
        }
        before_each(&mut places);
        let mut rows = vec![RowId(0); self.matching];
        for part in self.ready_parts() {
            let mut rest = part.rows.as_slice();
            for (rank, count) in &part.ranks {
                let Some((of_rank, others)) = rest.split_at_checked(*count) else {
                    continue;
                };
                rest = others;
                if let Some(place) = places.get_mut(usize::from(*rank)) {
                    if let Some(free) = rows.get_mut(*place..*place + count) {
                        free.copy_from_slice(of_rank);
                    }
                    *place += count;
                }
            }
        }
        Matches {
            rows: RowList::Ordered(rows),
            who: self.who(looked_at),
            looked_at,
        }
    }
}
