//! Bytes read as instructions. When they run out there are zeros, so every input means something.

use super::letters::TROUBLE;

#[derive(Clone, Copy)]
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// A number below `end`, which is at most 256.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    pub fn flag(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// As many bytes as the next byte says.
    pub fn chunk(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.0.len());
        let (chunk, rest) = self.0.split_at(length);
        self.0 = rest;
        chunk
    }

    /// A text of up to 15 characters, or now and then one of hundreds. Half of it are characters that are known for the
    /// trouble they make, because bytes by chance are mostly no UTF-8.
    pub fn text(&mut self) -> String {
        let (mut length, mut text) = (self.below(16), String::new());
        if length == 15 {
            length = 4 * usize::from(self.byte());
        }
        for _ in 0..length {
            let byte = self.byte();
            text.push(match byte {
                0x20..=0x7e => char::from(byte),
                _ => TROUBLE[usize::from(byte) % TROUBLE.len()],
            });
        }
        text
    }

    /// All that is left, what is no UTF-8 replaced.
    pub fn rest(self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }

    pub fn remaining(self) -> &'a [u8] {
        self.0
    }
}
