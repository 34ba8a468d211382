//! Looks through the loaded users while somebody types: whom a line matches, and who of them comes first.
//!
//! What it finds is what [`Query::matches`] says of each row; that is the meaning, and this is the speed. A term is asked of a
//! whole segment at a time, the cheap ones first: the masks of its rows leave most of them out, the folded texts answer for
//! most of the rest, and what they do not settle is asked of the single row by the meaning itself. The processors take the
//! segments in small shares.

mod bits;
mod field;
mod fuzzy;
mod list;
mod part;
mod sort;
mod term;
#[cfg(test)]
mod tests;
mod text;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub use self::bits::Bits;
pub use self::fuzzy::{Fuzzy, Rank};
pub use self::list::{Matches, RowList};
use self::part::{Done, Part};
pub use self::sort::sort;
use self::term::Way;
use super::query::{Ground, Query, Term};
use super::roster::{Row, RowId, Rows, Segment};

/// How many segments one thread takes at a time: few enough that all threads end together.
const SHARE: usize = 4;

/// How many shares one thread looks through alone where somebody waits for the first who match, so that a processor is left for
/// drawing those: a hundred thousand users.
const ALONE: usize = 6;

/// A line that is looked for.
pub struct Look<'a> {
    pub rows: &'a Rows,
    pub query: &'a Query,
    pub ground: &'a Ground,
    /// Nobody else can match.
    pub within: Option<&'a Within>,
    /// Whether those whom the words fit best are to come first.
    pub best_first: bool,
    /// Asked now and then: whether nobody wants the answer any more.
    pub stopped: &'a (dyn Fn() -> bool + Sync),
    /// Who waits for the first of them.
    pub first: Option<First<'a>>,
}

/// Is told once of the first who match, as soon as there are so many, while the others are still looked for. Not where the best
/// come first: those may be anywhere.
#[derive(Clone, Copy)]
pub struct First<'a> {
    pub rows: usize,
    pub tell: &'a (dyn Fn(Matches) + Sync),
}

/// Whom an earlier line matched that a new one narrows.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    pub who: Arc<Bits>,
    /// How many rows that line was asked of. Of all others nothing is known.
    pub of_first: usize,
}

impl Within {
    /// Who may match of some rows, as numbers from 0.
    fn slice(&self, from: usize, rows: usize) -> Bits {
        let mut slice = self.who.slice(from, rows);
        for at in self.of_first.saturating_sub(from)..rows {
            slice.put(at);
        }
        slice
    }
}

/// Looks through everybody. `None`: it was stopped.
pub fn look(look: &Look<'_>, threads: usize) -> Option<Matches> {
    let mut ways: Vec<Way<'_>> = look.query.terms.iter().map(|term| Way::of(term, look.ground)).collect();
    ways.sort_by_key(Way::cost);
    let ranked = look.best_first && ways.iter().any(Way::ranks);
    let segments: Vec<(u32, &Segment)> = look
        .rows
        .segments()
        .map(|(start, segment)| (start, &**segment))
        .collect();
    let shares: Vec<&[(u32, &Segment)]> = segments.chunks(SHARE).collect();
    let starts = shares.iter().filter_map(|share| Some(share.first()?.0)).collect();
    let first = look.first.filter(|_| !ranked);
    let alone = first.map_or(0, |_| ALONE);
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Done::new(starts, first)));
    // Whoever is done takes the next share, so that no thread waits long for another one.
    let draw = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        Some((number, *shares.get(number)?))
    };
    let take = |(number, share)| {
        let part = part(look, &ways, share, ranked)?;
        done.lock().ok()?.put(number, part);
        Some(())
    };
    std::iter::from_fn(draw).take(alone).try_for_each(take)?;
    let work = || std::iter::from_fn(draw).try_for_each(take);
    std::thread::scope(|scope| {
        let helpers = threads.min(shares.len().saturating_sub(alone));
        let others: Vec<_> = (1..helpers).map(|_| scope.spawn(work)).collect();
        let own = work();
        let others = others.into_iter().map(|other| {
            let ended = other.join();
            ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        others.chain([own]).collect::<Option<Vec<_>>>()
    })?;
    let done = done.into_inner().ok()?;
    let all = look.rows.len();
    Some(if ranked {
        done.best_first(all)
    } else {
        done.arrived(all)
    })
}

fn row_id(start: u32, at: usize) -> RowId {
    RowId(start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)))
}

/// Looks through some of the segments.
fn part(look: &Look<'_>, ways: &[Way<'_>], share: &[(u32, &Segment)], ranked: bool) -> Option<Part> {
    let mut part = Part::default();
    let (mut ranks, mut of_segment) = (Vec::new(), Vec::new());
    for (start, segment) in share {
        if (look.stopped)() {
            return None;
        }
        let place = Place {
            look,
            segment,
            start: *start,
        };
        let candidates = match look.within {
            Some(within) => within.slice(*start as usize, segment.len()),
            None => Bits::all(segment.len()),
        };
        if candidates.is_empty() {
            continue;
        }
        of_segment.clear();
        of_segment.resize(if ranked { segment.len() } else { 0 }, 0);
        let found = place.apply(ways, candidates, &mut of_segment);
        if ranked {
            ranks.extend(found.iter().map(|at| of_segment.get(at).copied().unwrap_or_default()));
        }
        part.who.push((*start, found));
    }
    part.order(&ranks);
    Some(part)
}

/// Where a term is asked.
struct Place<'a> {
    look: &'a Look<'a>,
    segment: &'a Segment,
    /// The number of its first row.
    start: u32,
}

impl Place<'_> {
    fn id(&self, at: usize) -> RowId {
        row_id(self.start, at)
    }

    /// Whether a term holds for one row, by the meaning itself.
    fn holds(&self, term: &Term, at: usize) -> bool {
        let row = self.segment.row(at);
        row.is_some_and(|row| term.holds(self.id(at), row, self.look.ground))
    }

    /// Who of some rows matches, with their ranks where there is a place for them.
    fn apply(&self, ways: &[Way<'_>], candidates: Bits, ranks: &mut [Rank]) -> Bits {
        let mut left = candidates;
        let mut anew = Vec::new();
        // What was read anew stands beside the segment.
        for (id, patch) in self.look.rows.patches().range(self.id(0)..self.id(self.segment.len())) {
            let at = (id.0 - self.start) as usize;
            if left.has(at) {
                left.take(at);
                anew.push((at, *id, patch));
            }
        }
        for way in ways {
            if left.is_empty() {
                break;
            }
            way.apply(self, &mut left, ranks);
        }
        for (at, id, patch) in anew {
            if self.look.query.matches(id, Row::Whole(&patch.user), self.look.ground) {
                left.put(at);
                if let Some(rank) = ranks.get_mut(at) {
                    let all = ways.iter().map(|way| way.rank(&patch.folded));
                    *rank = all.fold(0, Rank::saturating_add);
                }
            }
        }
        left
    }
}
