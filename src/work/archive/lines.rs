//! The lines of a file, each with a bound.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;

use crate::domain::export::read::LONGEST;

/// The lines of a file, none of them longer than a user can be.
#[derive(Debug)]
pub(super) struct Lines<'a>(BufReader<At<'a>>);

impl<'a> Lines<'a> {
    pub(super) fn at(file: &'a File, byte: u64) -> Self {
        Self(BufReader::with_capacity(1 << 16, At { file, byte }))
    }

    /// The next line without its end, cut where it is longer than a user can be; how many bytes it is in the file.
    pub(super) fn next_into(&mut self, line: &mut Vec<u8>) -> io::Result<Option<u64>> {
        line.clear();
        let most = LONGEST as u64 + 2;
        let mut length = (&mut self.0).take(most).read_until(b'\n', line)? as u64;
        if length == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if length == most {
            length += self.skip()?;
        }
        Ok(Some(length))
    }

    /// Over the rest of a line.
    fn skip(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.0.fill_buf()?;
            if buffer.is_empty() {
                return Ok(skipped);
            }
            let (used, is_end) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), false),
            };
            self.0.consume(used);
            skipped += used as u64;
            if is_end {
                return Ok(skipped);
            }
        }
    }
}

/// A file read from a place on, whoever else reads it meanwhile.
#[derive(Debug)]
pub(super) struct At<'a> {
    pub(super) file: &'a File,
    pub(super) byte: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.byte)?;
        self.byte += read as u64;
        Ok(read)
    }
}
