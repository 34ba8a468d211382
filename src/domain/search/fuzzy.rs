//! Whether the characters of a word occur in their order in a text, and how well: the matcher of bare words.
//!
//! It is our own because speed over a million users is what decides whether typing feels immediate. A mask of the characters
//! of each row leaves most rows out before their texts are touched. In the rest, the places of a word as it stands are found
//! in the texts of all rows at once, and only where there is none are its characters looked for one after the other. Who
//! matches is exactly who nucleo matches; the tests compare the two.

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

use super::bits::Bits;
use crate::domain::roster::{BETWEEN, Folded, Runs, Segment, mask};

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
    mask: u64,
    /// Whether whoever has the bits of the mask has the word: it is one character with a bit of its own.
    by_mask: bool,
    finder: Finder<'static>,
    /// The byte of the word that fewest texts hold.
    rare: u8,
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
            mask: mask(folded),
            by_mask: matches!(word, [b'a'..=b'z' | b'0'..=b'9']),
            finder: Finder::new(word).into_owned(),
            rare: word
                .iter()
                .copied()
                .min_by_key(|byte| frequency(*byte))
                .unwrap_or_default(),
        }
    }

    /// How well the word fits a user; `None`: it does not.
    pub fn rank(&self, folded: &Folded) -> Option<Rank> {
        if self.word.is_empty() {
            return Some(0);
        }
        let texts = folded.iter().flat_map(|(_, text)| text.split(BETWEEN));
        self.best(texts.map(str::as_bytes))
    }

    /// The rank in the text that fits best. Of texts that have only its characters the first counts.
    fn best<'a>(&self, texts: impl Iterator<Item = &'a [u8]>) -> Option<Rank> {
        let mut best = NONE;
        for text in texts {
            let rank = match best {
                ..NONE => self.contiguous(text),
                _ => self.contiguous(text).or_else(|| self.scattered(text)),
            };
            best = best.min(rank.unwrap_or(NONE));
        }
        (best < NONE).then_some(best)
    }

    /// Who of `rows` matches stays in there. Each one's rank is added to its place in `ranks`.
    pub fn look(&self, segment: &Segment, rows: &mut Bits, ranks: &mut [Rank]) {
        if self.word.is_empty() {
            return;
        }
        let masks = segment.masks();
        let before = rows.len();
        rows.retain(|row| masks.get(row).is_some_and(|mask| mask & self.mask == self.mask));
        let mut found = vec![NONE; segment.len()];
        if self.by_mask {
            found.fill(INSIDE);
            for (runs, _) in self.kinds(segment) {
                self.beginnings(runs, rows, &mut found);
            }
        } else if before < segment.len() / 8 {
            for row in rows.iter() {
                let texts = self.kinds(segment).flat_map(|(runs, _)| lines(runs.get(row)));
                if let (Some(rank), Some(place)) = (self.best(texts), found.get_mut(row)) {
                    *place = rank;
                }
            }
        } else {
            for (runs, _) in self.kinds(segment) {
                self.stands(runs, rows, &mut found);
            }
            for (runs, _) in self.kinds(segment) {
                self.scatters(runs, rows, &mut found);
            }
        }
        rows.retain(|row| {
            let rank = found.get(row).copied().unwrap_or(NONE);
            if rank < NONE
                && let Some(place) = ranks.get_mut(row)
            {
                *place = place.saturating_add(rank);
            }
            rank < NONE
        });
    }

    /// Whether one text holds the characters in their order.
    pub fn is_in(&self, text: &[u8]) -> bool {
        self.word.is_empty() || self.scattered(text).is_some()
    }

    /// The texts that may hold the word.
    fn kinds<'a>(&self, segment: &'a Segment) -> impl Iterator<Item = (&'a Runs, u64)> {
        let mask = self.mask;
        segment.folded().filter(move |(_, all)| all & mask == mask)
    }

    /// Ranks the rows whose text begins with the one character.
    fn beginnings(&self, runs: &Runs, rows: &Bits, found: &mut [Rank]) {
        for (row, text) in runs.iter() {
            if text.first() == self.word.first()
                && rows.has(row)
                && let Some(place) = found.get_mut(row)
            {
                let best = lines(text).filter_map(|line| self.contiguous(line)).min();
                *place = (*place).min(best.unwrap_or(NONE));
            }
        }
    }

    /// Ranks the rows that hold the word as it stands.
    fn stands(&self, runs: &Runs, rows: &Bits, found: &mut [Rank]) {
        let bytes = runs.bytes();
        let (mut from, mut row) = (0, 0);
        while let Some(place) = bytes.get(from..).and_then(|rest| self.finder.find(rest)) {
            let place = from + place;
            row = runs.row_at(place, row);
            let text = runs.range(row);
            if place + self.word.len() > text.end {
                // It reaches into the next row.
                from = place + 1;
                continue;
            }
            from = text.end;
            if rows.has(row)
                && let Some(rank) = found.get_mut(row)
            {
                let lines = lines(bytes.get(text).unwrap_or_default());
                *rank = lines.filter_map(|line| self.contiguous(line)).fold(*rank, Rank::min);
            }
        }
    }

    /// Ranks the rows that are not ranked yet and hold the characters of the word in their order.
    fn scatters(&self, runs: &Runs, rows: &Bits, found: &mut [Rank]) {
        let mut scatter = |row: usize, text: &[u8]| {
            if let Some(rank) = found.get_mut(row).filter(|rank| **rank == NONE)
                && rows.has(row)
                && let Some(scattered) = lines(text).find_map(|line| self.scattered(line))
            {
                *rank = scattered;
            }
        };
        if frequency(self.rare) > FREQUENT {
            runs.iter().for_each(|(row, text)| scatter(row, text));
            return;
        }
        let bytes = runs.bytes();
        let (mut from, mut row) = (0, 0);
        while let Some(place) = bytes.get(from..).and_then(|rest| memchr(self.rare, rest)) {
            let place = from + place;
            row = runs.row_at(place, row);
            let text = runs.range(row);
            from = text.end;
            scatter(row, bytes.get(text).unwrap_or_default());
        }
    }

    /// The rank of a text that holds the word as it stands.
    fn contiguous(&self, text: &[u8]) -> Option<Rank> {
        let excess = Rank::try_from(text.len().checked_sub(self.word.len())?).unwrap_or(Rank::MAX);
        if text.starts_with(&self.word) {
            return Some(match excess {
                0 => EXACT,
                excess => BEGINS + excess.min(STEP - 1),
            });
        }
        let first = self.finder.find(text)?;
        if self.by_mask {
            // A single character says too little to be weighed any further.
            return Some(INSIDE);
        }
        let mut place = first;
        loop {
            let before = place.checked_sub(1).and_then(|before| text.get(before));
            if before.is_some_and(|byte| !byte.is_ascii_alphanumeric() && byte.is_ascii()) {
                return Some(BEGINS_WORD + excess.min(STEP - 1));
            }
            match text.get(place + 1..).and_then(|rest| self.finder.find(rest)) {
                Some(next) => place += 1 + next,
                None => return Some(INSIDE + excess.min(STEP - 1)),
            }
        }
    }

    /// The rank of a text that holds the characters of the word in their order: how far apart they are, and a little how long
    /// the text is.
    fn scattered(&self, text: &[u8]) -> Option<Rank> {
        let spread = match self.wide.is_empty() {
            true => spread(&self.word, text),
            false => spread_wide(&self.wide, text),
        }?;
        let apart = Rank::try_from(spread.saturating_sub(self.word.len())).unwrap_or(Rank::MAX);
        let long = Rank::try_from(text.len() / 8).unwrap_or(Rank::MAX);
        Some(SCATTERED + apart.min(63) * 8 + long.min(7))
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
fn spread(word: &[u8], text: &[u8]) -> Option<usize> {
    let mut end = 0;
    for byte in word {
        end += memchr(*byte, text.get(end..)?)? + 1;
    }
    // From the end backwards, so that what comes early by chance does not count.
    let mut start = end;
    for byte in word.iter().rev() {
        start = memrchr(*byte, text.get(..start)?)?;
    }
    Some(end - start)
}

fn spread_wide(word: &[Box<[u8]>], text: &[u8]) -> Option<usize> {
    let mut end = 0;
    for c in word {
        end += memchr::memmem::find(text.get(end..)?, c)? + c.len();
    }
    let mut start = end;
    for c in word.iter().rev() {
        start = memchr::memmem::rfind(text.get(..start)?, c)?;
    }
    Some(end - start)
}

/// A byte that comes later in the order of frequency is in nearly every text.
const FREQUENT: usize = 20;

/// How often a byte is in names and addresses, roughly.
fn frequency(byte: u8) -> usize {
    const COMMON: &[u8] = b"zqxjkvwyfbgpuhdt6789342slcmrnoi510.@+ ea";
    COMMON.iter().position(|known| *known == byte).map_or(0, |at| at + 1)
}
