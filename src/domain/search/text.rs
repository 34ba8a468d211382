//! Finds bytes in short texts that lie behind one another: eight at a time, and without the calls that pay off in long
//! ones only.

use std::ops::Range;

use memchr::memmem::Finder;

use super::bits::Bits;
use crate::domain::roster::{Runs, mask};

/// One in each byte, and all of it but the highest bit.
const ONES: u64 = 0x0101_0101_0101_0101;
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// Where one row in so many is looked at, all of them together are looked through quicker.
pub(super) const MANY: usize = 4;

/// The highest bit of each of eight bytes that is the one looked for.
fn same(bytes: [u8; 8], byte: u8) -> u64 {
    let differing = u64::from_le_bytes(bytes) ^ (u64::from(byte) * ONES);
    !(((differing & LOW) + LOW) | differing | LOW)
}

/// The first place of a byte in a part of `all`.
fn seek(all: &[u8], part: Range<usize>, byte: u8) -> Option<usize> {
    let Range { start: mut at, end } = part;
    while at < end {
        let Some(bytes) = all.get(at..).and_then(|rest| rest.first_chunk::<8>()) else {
            let rest = all.get(at..end)?;
            return rest.iter().position(|other| *other == byte).map(|place| at + place);
        };
        let same = same(*bytes, byte);
        if same != 0 {
            return Some(at + same.trailing_zeros() as usize / 8).filter(|place| *place < end);
        }
        at += 8;
    }
    None
}

/// The last place of a byte in a part of `all`.
fn seek_back(all: &[u8], part: Range<usize>, byte: u8) -> Option<usize> {
    let Range { start, end: mut at } = part;
    while at > start {
        let Some(bytes) = all.get(..at).and_then(|rest| rest.last_chunk::<8>()) else {
            let rest = all.get(start..at)?;
            return rest.iter().rposition(|other| *other == byte).map(|place| start + place);
        };
        let same = same(*bytes, byte);
        if same != 0 {
            return (at - 1)
                .checked_sub(same.leading_zeros() as usize / 8)
                .filter(|place| *place >= start);
        }
        at = at.saturating_sub(8);
    }
    None
}

/// Where the bytes of a word have occurred in their order in a part of `all`: behind the last of them.
pub(super) fn in_order(word: &[u8], all: &[u8], part: Range<usize>) -> Option<usize> {
    let mut at = part.start;
    for byte in word {
        at = seek(all, at..part.end, *byte)? + 1;
    }
    Some(at)
}

/// The same from the end backwards: at the first of them.
pub(super) fn in_order_back(word: &[u8], all: &[u8], part: Range<usize>) -> Option<usize> {
    let mut at = part.end;
    for byte in word.iter().rev() {
        at = seek_back(all, part.start..at, *byte)?;
    }
    Some(at)
}

/// A text that is looked for as it stands.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    bytes: Box<[u8]>,
    /// The two bytes that fewest texts hold, and where they are in it. Of a single byte there is one, twice.
    rare: [(usize, u8); 2],
    mask: u64,
    /// The first eight bytes, and which bits of them count.
    head: (u64, u64),
    /// Looks through long texts.
    finder: Box<Finder<'static>>,
}

impl Needle {
    pub fn new(text: &str) -> Self {
        let mut bytes: Vec<(usize, u8)> = text.bytes().enumerate().collect();
        bytes.sort_by_key(|(_, byte)| frequency(*byte));
        let first = bytes.first().copied().unwrap_or_default();
        Self {
            bytes: text.as_bytes().into(),
            rare: [first, bytes.get(1).copied().unwrap_or(first)],
            mask: mask(text),
            head: head(text.as_bytes()),
            finder: Box::new(Finder::new(text.as_bytes()).into_owned()),
        }
    }

    /// The bits that a row's mask has if it holds this.
    pub fn mask(&self) -> u64 {
        self.mask
    }

    /// Each of some rows that holds it, where the row's bytes lie, and its first place in them.
    pub fn each(&self, runs: &Runs, of: &Bits, mut hit: impl FnMut(usize, Range<usize>, usize)) {
        let all = runs.bytes();
        if of.len() < runs.rows() / MANY {
            return runs.each(of.iter(), |row, range| {
                if let Some(place) = self.find(all, range.clone()) {
                    hit(row, range, place);
                }
            });
        }
        // Where one row holds it the next one often does, and is looked at by itself. From a row that does not, the bytes of
        // all rows are looked through for the next place, wherever that is.
        let mut row = 0;
        while row < runs.rows() {
            let range = runs.range(row);
            if let Some(place) = self.find(all, range.clone()) {
                if of.has(row) {
                    hit(row, range, place);
                }
                row += 1;
                continue;
            }
            let behind = all.get(range.end..).and_then(|rest| self.finder.find(rest));
            let Some(place) = behind.map(|place| range.end + place) else {
                return;
            };
            row = runs.row_at(place, row + 1);
        }
    }

    /// Whether a part of `all` begins with it.
    pub fn begins(&self, all: &[u8], part: &Range<usize>) -> bool {
        part.len() >= self.bytes.len() && self.is_at(part.start, all)
    }

    /// Whether it is in a place of `all`.
    fn is_at(&self, place: usize, all: &[u8]) -> bool {
        let length = self.bytes.len();
        let Some(behind) = all.get(place..) else {
            return false;
        };
        let Some(first) = behind.first_chunk::<8>() else {
            return behind.starts_with(&self.bytes);
        };
        let (bits, counting) = self.head;
        u64::from_le_bytes(*first) & counting == bits && (length <= 8 || behind.get(8..length) == self.bytes.get(8..))
    }

    /// Its first place in a part of `all`.
    pub fn find(&self, all: &[u8], part: Range<usize>) -> Option<usize> {
        let length = self.bytes.len();
        let Range { start: mut at, end } = part;
        if at + length > end {
            return None;
        }
        // Much of what is typed is the beginning of something.
        if self.is_at(at, all) {
            return Some(at);
        }
        if length == 1 {
            let (_, byte) = self.rare.first()?;
            return seek(all, at..end, *byte);
        }
        let last = end.checked_sub(length)?;
        let [(first, one), (second, other)] = self.rare;
        while at <= last {
            let bytes = |place: usize| all.get(at + place..).and_then(|rest| rest.first_chunk::<8>());
            let (Some(firsts), Some(seconds)) = (bytes(first), bytes(second)) else {
                // The last of all texts.
                let place = self.finder.find(all.get(at..end)?)?;
                return Some(at + place);
            };
            let mut both = same(*firsts, one) & same(*seconds, other);
            while both != 0 {
                let place = at + both.trailing_zeros() as usize / 8;
                if place > last {
                    return None;
                }
                if length == 2 || self.is_at(place, all) {
                    return Some(place);
                }
                both &= both - 1;
            }
            at += 8;
        }
        None
    }
}

/// The first eight bytes of a text as a number, and the bits of it that there are.
fn head(text: &[u8]) -> (u64, u64) {
    let mut bytes = [0; 8];
    let mut bits = [0; 8];
    for ((byte, bits), of) in bytes.iter_mut().zip(&mut bits).zip(text) {
        (*byte, *bits) = (*of, u8::MAX);
    }
    (u64::from_le_bytes(bytes), u64::from_le_bytes(bits))
}

/// How often a byte is in names and addresses, roughly.
fn frequency(byte: u8) -> usize {
    const COMMON: &[u8] = b"zqxjkvwyfbgpuhdt6789342slcmrnoi510.@+ ea";
    COMMON.iter().position(|known| *known == byte).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_it_in_each_row(
            rows in prop::collection::vec("[a-c\u{e9}]{0,9}", 0..40), word in "[a-c\u{e9}]{1,3}", few in prop::bool::ANY,
        ) {
            let mut runs = Runs::default();
            let mut of = Bits::none(rows.len());
            for (row, text) in rows.iter().enumerate() {
                prop_assert!(runs.put(row, text.as_bytes()));
                if !few || row % 9 == 4 {
                    of.put(row);
                }
            }
            let mut found = Vec::new();
            Needle::new(&word).each(&runs, &of, |row, range, place| found.push((row, range.clone(), place - range.start)));
            let holds = |row: &usize| Some((*row, runs.range(*row), rows[*row].find(&word)?));
            prop_assert_eq!(found, of.iter().filter_map(|row| holds(&row)).collect::<Vec<_>>());
        }

        #[test]
        fn it_finds_what_is_in_the_part_and_nothing_beside_it(
            all in "[a-c\u{e9}]{0,60}", word in "[a-c\u{e9}]{1,4}", start in 0_usize..60, length in 0_usize..40,
        ) {
            let all = all.as_bytes();
            let start = start.min(all.len());
            let part = start..(start + length).min(all.len());
            let text = &all[part.clone()];
            let stands = text.windows(word.len()).position(|window| window == word.as_bytes());
            prop_assert_eq!(Needle::new(&word).find(all, part.clone()), stands.map(|at| at + start));
            let mut end = Some(0);
            let mut first = Some(text.len());
            for byte in word.bytes() {
                end = end.and_then(|from| text[from..].iter().position(|other| *other == byte).map(|at| from + at + 1));
            }
            for byte in word.bytes().rev() {
                first = first.and_then(|to| text[..to].iter().rposition(|other| *other == byte));
            }
            prop_assert_eq!(in_order(word.as_bytes(), all, part.clone()), end.map(|at| at + start));
            prop_assert_eq!(in_order_back(word.as_bytes(), all, part), first.map(|at| at + start));
        }
    }
}
