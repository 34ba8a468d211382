//! Inputs for the targets where no fuzzer runs: from a fixed seed, so that every machine tries the same ones.

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub struct Dice(u64);

/// The longest input that is made.
const LONGEST: usize = 400;

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next() >> 56).unwrap()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// One input: bytes by chance, words of the target's language, or a known input changed in a few places.
    pub fn input(&mut self, words: &[&[u8]], known: &[Vec<u8>]) -> Vec<u8> {
        let mut input = match self.below(4) {
            0 => {
                let count = self.below(LONGEST / 4);
                self.bytes(count)
            }
            1 if !known.is_empty() => {
                let mut input = self.pick(known).cloned().unwrap_or_default();
                for _ in 0..=self.below(6) {
                    self.change(&mut input, words, known);
                }
                input
            }
            _ => {
                // What a target reads as instructions stands first.
                let head = self.below(8);
                let mut input = self.bytes(head);
                for _ in 0..self.below(24) {
                    let part = match self.below(4) {
                        0 => {
                            let count = self.below(6);
                            self.bytes(count)
                        }
                        1 => vec![b' ' + u8::try_from(self.below(95)).unwrap()],
                        _ => self.pick(words).copied().unwrap_or_default().to_vec(),
                    };
                    input.extend(part);
                }
                input
            }
        };
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, words: &[&[u8]], known: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let to = (at + self.below(12)).min(input.len());
        match self.below(7) {
            0 if at < input.len() => input[at] = self.byte(),
            1 if at < input.len() => input[at] ^= 1 << self.below(8),
            2 => drop(input.drain(at..to)),
            3 => input.truncate(at),
            4 => {
                let twice = input[at..to].to_vec();
                input.splice(at..at, twice);
            }
            5 => {
                let word = self.pick(words).copied().unwrap_or_default().to_vec();
                input.splice(at..at, word);
            }
            _ => {
                let other = self.pick(known).cloned().unwrap_or_default();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend(&other[from..]);
            }
        }
    }
}
