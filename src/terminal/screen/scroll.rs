//! A list that moves by some rows: the terminal can move what it shows itself, within a region of its rows, in a few bytes.

use std::{hash::Hasher, ops::Range};

use ratatui::buffer::Cell;

use super::{paint::are_same, pen::By};

/// Rows are the same when they begin the same: what stands beside a list does not move with it.
const BEGINNING: usize = 40;
/// Fewer rows are as short written again.
const WORTH_MOVING: usize = 3;

/// What the terminal is told: the rows of each region go up or down, and blank ones follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scroll {
    regions: Vec<Range<usize>>,
    pub(super) by: By,
}

impl Scroll {
    /// The move that brings most rows to where `next` wants them, if there is one that brings some: as one region, and as
    /// several that leave out the rows between (the selected one changes in its place).
    pub(super) fn find(shown: &[&[Cell]], next: &[&[Cell]]) -> Vec<Self> {
        let Some((by, moved)) = moved(shown, next) else {
            return Vec::new();
        };
        let mut apart: Vec<Range<usize>> = Vec::new();
        for (from, to) in moved {
            let (first, end) = (from.min(to), from.max(to).saturating_add(1));
            match apart.last_mut() {
                Some(last) if first < last.end => last.end = last.end.max(end),
                _ => apart.push(first..end),
            }
        }
        let (first, end) = (
            apart.first().map_or(0, |first| first.start),
            apart.last().map_or(0, |last| last.end),
        );
        let whole: Vec<Range<usize>> = std::iter::once(first..end).collect();
        let mut found = vec![Self {
            regions: whole.clone(),
            by,
        }];
        if apart != whole {
            found.push(Self { regions: apart, by });
        }
        found
    }

    /// Where what a row shows after it was before. `None`: the row is blank.
    pub(super) fn origin(&self, row: usize) -> Option<usize> {
        let Some(region) = self.regions.iter().find(|region| region.contains(&row)) else {
            return Some(row);
        };
        let origin = match self.by {
            By::Up(rows) => row.checked_add(rows),
            By::Down(rows) => row.checked_sub(rows),
        };
        origin.filter(|origin| region.contains(origin))
    }

    pub(super) fn regions(&self) -> &[Range<usize>] {
        &self.regions
    }

    /// The rows of a region that nothing moves into, from the edge where the terminal makes room.
    pub(super) fn bared(&self, region: &Range<usize>) -> Vec<usize> {
        let Range { start, end } = *region;
        match self.by {
            By::Up(rows) => (end.saturating_sub(rows).max(start)..end).rev().collect(),
            By::Down(rows) => (start..start.saturating_add(rows).min(end)).collect(),
        }
    }
}

/// By how much most rows moved, and which: where each was and where it is, from the top.
fn moved(shown: &[&[Cell]], next: &[&[Cell]]) -> Option<(By, Vec<(usize, usize)>)> {
    let begins_anew: Vec<bool> = shown
        .iter()
        .zip(next)
        .map(|(old, new)| !are_same(beginning(old), beginning(new)))
        .collect();
    if begins_anew.iter().filter(|anew| **anew).count() < WORTH_MOVING {
        return None;
    }
    let (old, new) = (beginnings(shown, &begins_anew), beginnings(next, &begins_anew));
    let mut moved: Vec<(usize, usize)> = new
        .iter()
        .enumerate()
        .filter_map(|(at, row)| Some((at, (*row)?)))
        .filter(|(at, row)| old.get(*at) != Some(&Some(*row)))
        .flat_map(|(at, row)| {
            let from = old.iter().enumerate().filter(move |(_, old)| **old == Some(row));
            from.map(move |(from, _)| (from, at))
        })
        .collect();
    let mut up = vec![0_usize; old.len()];
    let mut down = vec![0_usize; old.len()];
    for (from, to) in &moved {
        let votes = match By::between(*from, *to) {
            By::Up(rows) => up.get_mut(rows),
            By::Down(rows) => down.get_mut(rows),
        };
        if let Some(votes) = votes {
            *votes = votes.saturating_add(1);
        }
    }
    let most = |votes: &[usize], by: fn(usize) -> By| {
        let (rows, votes) = votes.iter().enumerate().max_by_key(|(_, votes)| **votes)?;
        Some((by(rows), *votes))
    };
    let (by, _) = most(&up, By::Up)
        .into_iter()
        .chain(most(&down, By::Down))
        .filter(|(_, votes)| *votes >= WORTH_MOVING)
        .max_by_key(|(_, votes)| *votes)?;
    moved.retain(|(from, to)| By::between(*from, *to) == by);
    Some((by, moved))
}

impl By {
    fn between(from: usize, to: usize) -> Self {
        if to <= from {
            Self::Up(from.saturating_sub(to))
        } else {
            Self::Down(to.saturating_sub(from))
        }
    }
}

/// A number for how each row begins; none where it begins blank, or as before: such a row did not move.
fn beginnings(rows: &[&[Cell]], begins_anew: &[bool]) -> Vec<Option<u64>> {
    let rows = rows.iter().zip(begins_anew);
    rows.map(|(row, anew)| anew.then(|| number(beginning(row))).flatten())
        .collect()
}

fn beginning(row: &[Cell]) -> &[Cell] {
    row.get(..BEGINNING).unwrap_or(row)
}

fn number(cells: &[Cell]) -> Option<u64> {
    let mut fingerprint = Fingerprint::default();
    let mut blank = true;
    for cell in cells {
        blank = blank && cell.symbol() == " ";
        fingerprint.write(cell.symbol().as_bytes());
        fingerprint.write_u16(cell.modifier.bits());
    }
    (!blank).then(|| fingerprint.finish())
}

/// FNV-1a: a row is looked at cell by cell, in every frame that changes much. Two rows of one number would cost bytes and
/// nothing else.
struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
