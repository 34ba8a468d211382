//! Injective means over all values at once, and neighbours are what collides: a million of them, each compared with all
//! others through a table of what was shown.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::properties::TROUBLE;
use super::*;

const VALUES: usize = 1_000_000;
/// One a thread.
const SHARES: u64 = 4;

/// SplitMix64 (Steele, Lea and Flood, 2014): the same values on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Mostly characters that do something to their neighbours, now and then any other.
    fn letter(&mut self) -> char {
        match self.below(16) {
            0 => loop {
                if let Some(c) = char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap()) {
                    return c;
                }
            },
            1 | 2 => char::from(b' ' + u8::try_from(self.below(95)).unwrap()),
            _ => TROUBLE[self.below(TROUBLE.len())],
        }
    }

    /// The next value: a new one, or the one before with a character taken out, put in, replaced or moved, or with what
    /// is shown of it typed as text.
    fn value(&mut self, before: &str) -> String {
        let mut letters: Vec<char> = before.chars().collect();
        let at = self.below(letters.len() + 1);
        match self.below(8) {
            0..=2 => return (0..3 + self.below(5)).map(|_| self.letter()).collect(),
            3 => letters.insert(at, self.letter()),
            4 if at < letters.len() => drop(letters.remove(at)),
            5 if at < letters.len() => letters[at] = self.letter(),
            6 if at + 1 < letters.len() => letters.swap(at, at + 1),
            7 if letters.len() < 4 => return utf8(before),
            _ => letters.push(self.letter()),
        }
        // Neighbours of neighbours grow; long values cost time and collide no more than short ones.
        letters.truncate(9);
        letters.into_iter().collect()
    }
}

/// What one thread found out about its share of the values.
#[derive(Default)]
struct Share {
    /// What was shown and the value it was shown for, by hashes of 64 bits. Two different texts with one hash would be
    /// reported as a collision; with these seeds there are none.
    shown: Vec<(u64, u64)>,
    untouched: usize,
}

fn share(seed: u64, count: usize) -> Share {
    let hashes = BuildHasherDefault::<DefaultHasher>::default();
    let mut dice = Dice(seed);
    let mut value = String::new();
    let mut share = Share::default();
    for _ in 0..count {
        value = dice.value(&value);
        let text = utf8(&value);
        for c in text.chars() {
            let allowed = matches!(c, ' '..='~') || !is_dangerous(c);
            assert!(allowed, "{} in what is shown of {value:?}", c.escape_unicode());
        }
        let spaces = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
        assert!(!spaces, "{text:?} is shown of {value:?}");
        share.untouched += usize::from(text == value);
        share.shown.push((hashes.hash_one(&text), hashes.hash_one(&value)));
    }
    share
}

#[test]
fn a_million_values_are_a_million_texts_of_allowed_characters() {
    let shares: Vec<Share> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=SHARES)
            .map(|seed| scope.spawn(move || share(seed, VALUES / usize::try_from(SHARES).unwrap())))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let untouched: usize = shares.iter().map(|share| share.untouched).sum();
    let mut shown: Vec<(u64, u64)> = shares.into_iter().flat_map(|share| share.shown).collect();
    assert_eq!(shown.len(), VALUES);
    shown.sort_unstable();
    shown.dedup();
    // Values that repeat earlier ones, or that need no care, would make the test say less than its name.
    println!(
        "{VALUES} values, {} different, {untouched} shown as they are",
        shown.len()
    );
    assert!(shown.len() > VALUES * 9 / 10, "{}", shown.len());
    assert!(untouched < VALUES / 2 && untouched > VALUES / 100, "{untouched}");
    let same: Vec<_> = shown.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
    assert!(same.is_empty(), "{} values are shown like another one", same.len());
}
