//! Looks through the loaded users while somebody types: whom a line matches, and who of them comes first.
//!
//! What it finds is what [`Query::matches`] says of each row; that is the meaning, and this is the speed. A term is asked of a
//! whole segment at a time, the cheap ones first: most answers come from the folded texts, which lie behind one another and
//! are searched at the speed of memory. What they do not settle is asked of the single row. The segments are divided among
//! the processors.

mod bits;
mod field;
mod fuzzy;
mod sort;
mod term;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use self::bits::Bits;
pub use self::fuzzy::{Fuzzy, Rank};
pub use self::sort::sort;
use self::term::Way;
use super::query::{Ground, Query, Term};
use super::roster::{Row, RowId, Rows, Segment};

/// A line that is looked for.
pub struct Look<'a> {
    pub rows: &'a Rows,
    pub query: &'a Query,
    pub ground: &'a Ground,
    /// Who can match at all: whom an earlier line matched that this one narrows.
    pub within: Option<&'a [RowId]>,
    /// Asked now and then: whether nobody wants the answer any more.
    pub stopped: &'a (dyn Fn() -> bool + Sync),
}

/// Who matches in some segments, best first.
#[derive(Default)]
struct Part {
    rows: Vec<RowId>,
    /// Where those of each rank end.
    ends: Vec<usize>,
}

impl Part {
    /// Of rows in the order of arrival with their ranks. There are few ranks, so the rows of each are counted, not compared.
    fn of(rows: Vec<RowId>, ranks: &[Rank]) -> Self {
        let Some(worst) = ranks.iter().max() else {
            return Self::default();
        };
        let mut ends = vec![0_usize; usize::from(*worst) + 2];
        for rank in ranks {
            if let Some(count) = ends.get_mut(usize::from(*rank) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        // Each place is where the next row of its rank goes, and in the end where the rank ends.
        let mut sorted = vec![RowId(0); rows.len()];
        for (row, rank) in rows.iter().zip(ranks) {
            if let Some(place) = ends.get_mut(usize::from(*rank)) {
                if let Some(free) = sorted.get_mut(*place) {
                    *free = *row;
                }
                *place += 1;
            }
        }
        Self { rows: sorted, ends }
    }

    /// The rows of a rank.
    fn ranked(&self, rank: usize) -> &[RowId] {
        let start = rank.checked_sub(1).and_then(|rank| self.ends.get(rank)).copied();
        let range = self.ends.get(rank).map(|end| start.unwrap_or_default()..*end);
        range.and_then(|range| self.rows.get(range)).unwrap_or_default()
    }
}

/// Who matches, best first where the line has words, else in the order of arrival. `None`: it was stopped.
pub fn look(look: &Look<'_>, threads: usize) -> Option<Vec<RowId>> {
    let total = look.rows.len();
    // Few are looked at one by one; of many it costs more to note who they are than to look at all.
    let within = look.within.filter(|rows| rows.len() < total / 2).map(|rows| {
        let mut bits = Bits::none(total);
        rows.iter().for_each(|id| bits.put(id.0 as usize));
        bits
    });
    let mut ways: Vec<Way<'_>> = look.query.terms.iter().map(Way::of).collect();
    ways.sort_by_key(Way::cost);
    let segments = look.rows.segments().count();
    let share = segments.div_ceil(threads.max(1)).max(1);
    let parts = std::thread::scope(|scope| {
        let shares = (0..segments).step_by(share).map(|first| first..first + share);
        let mut shares: Vec<Range<usize>> = shares.collect();
        let own = shares.pop().unwrap_or_default();
        let (within, ways) = (within.as_ref(), ways.as_slice());
        let others: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || part(look, ways, within, share)))
            .collect();
        let own = part(look, ways, within, own);
        let others = others.into_iter().map(|other| {
            let ended = other.join();
            ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        others.chain([own]).collect::<Option<Vec<_>>>()
    })?;
    Some(together(&parts))
}

/// The rows of all parts, rank by rank.
fn together(parts: &[Part]) -> Vec<RowId> {
    let mut rows = Vec::with_capacity(parts.iter().map(|part| part.rows.len()).sum());
    let ranks = parts.iter().map(|part| part.ends.len()).max().unwrap_or_default();
    for rank in 0..ranks {
        for part in parts {
            rows.extend(part.ranked(rank));
        }
    }
    rows
}

/// Looks through some of the segments.
fn part(look: &Look<'_>, ways: &[Way<'_>], within: Option<&Bits>, share: Range<usize>) -> Option<Part> {
    let (mut rows, mut ranks) = (Vec::new(), Vec::new());
    let mut row_ranks = Vec::new();
    for (start, segment) in look.rows.segments().skip(share.start).take(share.len()) {
        if (look.stopped)() {
            return None;
        }
        let candidates = match within {
            Some(within) => within.slice(start as usize, segment.len()),
            None => Bits::all(segment.len()),
        };
        let mut left = candidates.clone();
        row_ranks.clear();
        row_ranks.resize(segment.len(), 0);
        let behind = start.saturating_add(u32::try_from(segment.len()).unwrap_or(u32::MAX));
        let patched = || look.rows.patches().range(RowId(start)..RowId(behind));
        for (id, _) in patched() {
            left.take((id.0 - start) as usize);
        }
        let place = Place { look, segment, start };
        for way in ways {
            if left.is_empty() {
                break;
            }
            way.apply(&place, &mut left, &mut row_ranks);
        }
        for (id, patch) in patched() {
            let at = (id.0 - start) as usize;
            if candidates.has(at) && look.query.matches(*id, Row::Whole(&patch.user), look.ground) {
                left.put(at);
                if let Some(rank) = row_ranks.get_mut(at) {
                    *rank = ways
                        .iter()
                        .fold(0, |sum: Rank, way| sum.saturating_add(way.rank(&patch.folded)));
                }
            }
        }
        for at in left.iter() {
            rows.push(RowId(start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))));
            ranks.push(row_ranks.get(at).copied().unwrap_or_default());
        }
    }
    Some(Part::of(rows, &ranks))
}

/// Where a term is asked.
struct Place<'a> {
    look: &'a Look<'a>,
    segment: &'a Segment,
    /// The number of its first row.
    start: u32,
}

impl Place<'_> {
    /// Whether a term holds for one row, by the meaning itself.
    fn holds(&self, term: &Term, at: usize) -> bool {
        let id = RowId(self.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)));
        let row = self.segment.row(at);
        row.is_some_and(|row| term.holds(id, row, self.look.ground))
    }
}
