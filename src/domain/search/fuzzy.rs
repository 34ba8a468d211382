//! Whether the characters of a word occur in their order in a text, and how well: the matcher of bare words.
//!
//! It is our own because speed over a million users is what decides whether typing feels immediate. A mask of the characters
//! of each row leaves most rows out before their texts are touched; in the rest the characters are looked for one after the
//! other, and only where they occur in their order is it asked how well. Who matches is exactly who nucleo matches; the tests
//! compare the two.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::bits::Bits;
use super::text::{MANY, Needle, in_order, in_order_back};
use crate::domain::roster::{BETWEEN, Folded, KINDS, Runs, Segment};

/// How well a word fits, the smaller the better: first how it stands in the text, then how much else is there.
pub type Rank = u16;

/// Ranks of one kind of fit.
const STEP: Rank = 512;
/// The word is the text; the text begins with it; a word of the text does; it is inside; its characters are.
const EXACT: Rank = 0;
const BEGINS: Rank = STEP;
const BEGINS_WORD: Rank = 2 * STEP;
const INSIDE: Rank = 3 * STEP;
const SCATTERED: Rank = 4 * STEP;
/// Worse than every rank.
pub const NONE: Rank = 5 * STEP;

/// A word to look for, folded as the texts are.
#[derive(Clone, Debug)]
pub struct Fuzzy {
    word: Box<[u8]>,
    /// The bytes of each character, where one has several; else empty.
    wide: Vec<Box<[u8]>>,
    /// Whether whoever has the bits of the mask has the word: it is one character with a bit of its own.
    by_mask: bool,
    needle: Needle,
}

impl Fuzzy {
    pub fn new(folded: &str) -> Self {
        let word = folded.as_bytes();
        let wide = match folded.is_ascii() {
            true => Vec::new(),
            false => folded.chars().map(|c| c.to_string().into_bytes().into()).collect(),
        };
        Self {
            word: word.into(),
            wide,
            by_mask: matches!(word, [b'a'..=b'z' | b'0'..=b'9']),
            needle: Needle::new(folded),
        }
    }

    /// How well the word fits a user; `None`: it does not.
    pub fn rank(&self, folded: &Folded) -> Option<Rank> {
        if self.word.is_empty() {
            return Some(0);
        }
        let mut best = NONE;
        for text in folded.iter().flat_map(|(_, text)| text.split(BETWEEN)) {
            self.better(text.as_bytes(), &mut best);
        }
        (best < NONE).then_some(best)
    }

    /// Who of `rows` matches stays in there. Each one's rank is added to its place in `ranks`, where there are any.
    pub fn look(&self, segment: &Segment, rows: &mut Bits, ranks: &mut [Rank]) {
        if self.word.is_empty() {
            return;
        }
        let mask = self.needle.mask();
        rows.keep_masked(segment.masks(), mask);
        if self.by_mask && ranks.is_empty() || rows.is_empty() {
            return;
        }
        let mut found = vec![if self.by_mask { INSIDE } else { NONE }; segment.len()];
        let kinds = segment.folded().enumerate();
        let kinds: Vec<(usize, &Runs)> = kinds
            .filter(|(_, (_, all))| all & mask == mask)
            .map(|(kind, (runs, _))| (kind, runs))
            .collect();
        for (kind, runs) in &kinds {
            if self.by_mask {
                self.beginnings(runs, rows, &mut found);
            } else {
                self.standing(runs, kind + 1 == KINDS, rows, &mut found);
            }
        }
        if !self.by_mask {
            let mut left = rows.clone();
            left.retain(|row| found.get(row).is_some_and(|best| *best == NONE));
            let repeats = segment.repeats();
            for (kind, runs) in &kinds {
                let mut hit = Bits::none(segment.len());
                // What is part of an earlier text was not in that one either.
                let new = left.iter().filter(|row| !repeats.has(*row, *kind));
                runs.each(new, |row, range| {
                    // A row may have several other spellings.
                    let rank = match kind + 1 {
                        KINDS => lines(runs.get(row)).find_map(|text| self.scattered(text, 0..text.len())),
                        _ => self.scattered(runs.bytes(), range),
                    };
                    if let (Some(rank), Some(best)) = (rank, found.get_mut(row)) {
                        *best = rank;
                        hit.put(row);
                    }
                });
                left.subtract(&hit);
            }
            rows.subtract(&left);
        }
        if !ranks.is_empty() {
            for row in rows.iter() {
                if let (Some(rank), Some(best)) = (ranks.get_mut(row), found.get(row)) {
                    *rank = rank.saturating_add(*best);
                }
            }
        }
    }

    /// Ranks the rows with a text that holds the word as it stands.
    fn standing(&self, runs: &Runs, several: bool, rows: &Bits, found: &mut [Rank]) {
        self.needle.each(runs, rows, |row, range, place| {
            let Some(best) = found.get_mut(row) else {
                return;
            };
            match several {
                true => {
                    for text in lines(runs.get(row)) {
                        if let Some(place) = self.needle.find(text, 0..text.len()) {
                            *best = (*best).min(self.contiguous(text, 0..text.len(), place));
                        }
                    }
                }
                false => *best = (*best).min(self.contiguous(runs.bytes(), range, place)),
            }
        });
    }

    /// Ranks the rows with a text that begins with the one character.
    fn beginnings(&self, runs: &Runs, rows: &Bits, found: &mut [Rank]) {
        let bytes = runs.bytes();
        let mut rank = |row: usize, range: Range<usize>| {
            if bytes.get(range.start) == self.word.first()
                && !range.is_empty()
                && let Some(best) = found.get_mut(row)
            {
                let lines = lines(bytes.get(range).unwrap_or_default());
                let begins = lines.filter(|text| text.first() == self.word.first());
                *best = begins.fold(*best, |best, text| best.min(beginning(text.len() - 1)));
            }
        };
        match rows.len() < runs.rows() / MANY {
            true => runs.each(rows.iter(), rank),
            false => runs.ranges().enumerate().for_each(|(row, range)| rank(row, range)),
        }
    }

    /// The bits that a row's mask has if it holds the word.
    pub fn mask(&self) -> u64 {
        self.needle.mask()
    }

    /// Whether a part of `all` holds the characters in their order.
    pub fn is_in(&self, all: &[u8], part: Range<usize>) -> bool {
        match self.wide.is_empty() {
            true => in_order(&self.word, all, part).is_some(),
            false => all.get(part).is_some_and(|text| spread(&self.wide, text).is_some()),
        }
    }

    /// Makes a rank better if the word fits a text better. Of texts that have only its characters the first counts.
    fn better(&self, text: &[u8], best: &mut Rank) {
        let whole = 0..text.len();
        if let Some(place) = self.needle.find(text, whole.clone()) {
            *best = (*best).min(self.contiguous(text, whole, place));
        } else if *best == NONE {
            *best = self.scattered(text, whole).unwrap_or(NONE);
        }
    }

    /// The rank of a text that holds the word as it stands, in `place` first.
    fn contiguous(&self, all: &[u8], part: Range<usize>, mut place: usize) -> Rank {
        let excess = part.len() - self.word.len();
        if place == part.start {
            return beginning(excess);
        }
        if self.by_mask {
            // A single character says too little to be weighed any further.
            return INSIDE;
        }
        let excess = Rank::try_from(excess).unwrap_or(Rank::MAX).min(STEP - 1);
        loop {
            let before = all.get(place - 1);
            if before.is_some_and(|byte| !byte.is_ascii_alphanumeric() && byte.is_ascii()) {
                return BEGINS_WORD + excess;
            }
            match self.needle.find(all, place + 1..part.end) {
                Some(next) => place = next,
                None => return INSIDE + excess,
            }
        }
    }

    /// The rank of a text that holds the characters of the word in their order: how far apart they are, and a little how long
    /// the text is. `None`: it does not.
    fn scattered(&self, all: &[u8], part: Range<usize>) -> Option<Rank> {
        if part.len() < self.word.len() {
            return None;
        }
        let length = part.len();
        let spread = match self.wide.is_empty() {
            true => {
                let behind = in_order(&self.word, all, part.clone())?;
                behind - in_order_back(&self.word, all, part.start..behind)?
            }
            false => spread(&self.wide, all.get(part)?)?,
        };
        let apart = Rank::try_from(spread.saturating_sub(self.word.len())).unwrap_or(Rank::MAX);
        let long = Rank::try_from(length / 8).unwrap_or(Rank::MAX);
        Some(SCATTERED + apart.min(63) * 8 + long.min(7))
    }
}

/// The rank of a text that begins with the word and has so many bytes more.
fn beginning(excess: usize) -> Rank {
    match Rank::try_from(excess).unwrap_or(Rank::MAX) {
        0 => EXACT,
        excess => BEGINS + excess.min(STEP - 1),
    }
}

/// The texts of one row and kind.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr(BETWEEN as u8, text);
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
}

/// Over how many bytes the characters of a word are spread where they end first; `None`: they do not occur in their order.
fn spread(word: &[Box<[u8]>], text: &[u8]) -> Option<usize> {
    let mut end = 0;
    for c in word {
        end += memmem::find(text.get(end..)?, c)? + c.len();
    }
    // From the end backwards, so that what comes early by chance does not count.
    let mut start = end;
    for c in word.iter().rev() {
        start = memmem::rfind(text.get(..start)?, c)?;
    }
    Some(end - start)
}
