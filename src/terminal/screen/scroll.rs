//! A list that moves by some rows: the terminal can move what it shows itself, within a region of its rows, in a few bytes.

use std::{fmt::Write, hash::Hasher, ops::Range};

use ratatui::buffer::{Buffer, Cell};

/// Rows are the same when they begin the same: what stands beside a list does not move with it.
const BEGINNING: usize = 40;
/// Fewer rows are as short written again.
const WORTH_MOVING: usize = 3;

/// What the terminal is told: rows of this region go up or down, and blank ones follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scroll {
    region: Range<usize>,
    by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Up(usize),
    Down(usize),
}

impl Scroll {
    /// The move that brings most rows to where `next` wants them, if there is one that brings some.
    pub(super) fn find(shown: &Buffer, next: &Buffer) -> Option<Self> {
        let width = usize::from(next.area.width);
        if width == 0 {
            return None;
        }
        let (old, new) = (beginnings(shown, width), beginnings(next, width));
        let moved: Vec<(usize, usize)> = new
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
        let rows = moved.iter().filter(|(from, to)| By::between(*from, *to) == by);
        let touched = rows.flat_map(|(from, to)| [*from, *to]);
        let (first, last) = touched.fold((usize::MAX, 0), |(first, last), row| (first.min(row), last.max(row)));
        Some(Self {
            region: first..last.saturating_add(1),
            by,
        })
    }

    /// What `shown` holds after it.
    pub(super) fn apply(&self, shown: &mut Buffer) {
        let width = usize::from(shown.area.width);
        let cells = self.region.start.saturating_mul(width)..self.region.end.saturating_mul(width);
        let Some(region) = shown.content.get_mut(cells) else {
            return;
        };
        match self.by {
            By::Up(rows) => {
                let gone = rows.saturating_mul(width).min(region.len());
                region.rotate_left(gone);
                let kept = region.len().saturating_sub(gone);
                if let Some(blank) = region.get_mut(kept..) {
                    blank.fill(Cell::EMPTY);
                }
            }
            By::Down(rows) => {
                let gone = rows.saturating_mul(width).min(region.len());
                region.rotate_right(gone);
                if let Some(blank) = region.get_mut(..gone) {
                    blank.fill(Cell::EMPTY);
                }
            }
        }
    }

    /// Tells the terminal, and leaves no region behind. By line feeds and reverse indexes at the region's edge, since not
    /// every terminal has a sequence that scrolls.
    pub(super) fn write(&self, out: &mut String) {
        let (top, bottom) = (self.region.start.saturating_add(1), self.region.end);
        let (edge, step, rows) = match self.by {
            By::Up(rows) => (bottom, "\n", rows),
            By::Down(rows) => (top, "\x1bM", rows),
        };
        // Writing to a string does not fail.
        let _ = write!(out, "\x1b[{top};{bottom}r\x1b[{edge}H");
        out.extend(std::iter::repeat_n(step, rows));
        out.push_str("\x1b[r");
    }
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

/// A number for how each row begins; none where it begins blank.
fn beginnings(buffer: &Buffer, width: usize) -> Vec<Option<u64>> {
    let rows = buffer.content.chunks(width);
    rows.map(|row| row.get(..BEGINNING.min(width)).and_then(number))
        .collect()
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
