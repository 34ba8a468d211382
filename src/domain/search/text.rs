//! Finds bytes in short texts that lie behind one another: eight at a time, and without the calls that pay off in long
//! ones only.

use std::ops::Range;

use memchr::memmem;

use crate::domain::roster::mask;

/// One in each byte, and all of it but the highest bit.
const ONES: u64 = 0x0101_0101_0101_0101;
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

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
        }
    }

    /// The bits that a row's mask has if it holds this.
    pub fn mask(&self) -> u64 {
        self.mask
    }

    /// Its first place in a part of `all`.
    pub fn find(&self, all: &[u8], part: Range<usize>) -> Option<usize> {
        let length = self.bytes.len();
        let Range { start: mut at, end } = part;
        if length == 0 {
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
                let place = memmem::find(all.get(at..end)?, &self.bytes)?;
                return Some(at + place);
            };
            let mut both = same(*firsts, one) & same(*seconds, other);
            while both != 0 {
                let place = at + both.trailing_zeros() as usize / 8;
                if place > last {
                    return None;
                }
                if length == 2 || all.get(place..place + length) == Some(&*self.bytes) {
                    return Some(place);
                }
                both &= both - 1;
            }
            at += 8;
        }
        None
    }
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
