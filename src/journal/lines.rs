//! The bytes of a file as lines, and a torn end told from one that somebody changed.

use serde::de::IgnoredAny;
use serde_json::Value;

use crate::disk::Cause;

use super::chain::{self, Hash};
use super::line::Line;
use super::problem::Wrong;

/// A file taken apart.
pub(super) struct Split<'a> {
    /// Without their newlines.
    pub(super) lines: Vec<&'a [u8]>,
    /// What stands after the last whole line.
    pub(super) rest: &'a [u8],
}

/// Takes a file apart as the append does: a line with a zero in it at the end of a file was never finished.
pub(super) fn split(bytes: &[u8]) -> Split<'_> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // What comes after the last newline, or all of a file without one.
    let mut rest_len = lines.pop().map_or(0, <[u8]>::len);
    while let Some(last) = lines.last()
        && last.contains(&0)
    {
        rest_len += last.len() + 1;
        lines.pop();
    }
    let rest = bytes.get(bytes.len().saturating_sub(rest_len)..).unwrap_or_default();
    Split { lines, rest }
}

/// Whether the end of a file is what a crash leaves of a line: its beginning, perhaps followed by zeros where a file
/// system had not filled it in. Anything else was put there by somebody.
pub(super) fn is_torn(rest: &[u8]) -> bool {
    let rest = rest.strip_suffix(b"\n").unwrap_or(rest);
    let written = rest.split(|byte| *byte == 0).next().unwrap_or_default();
    let zeros = rest.get(written.len()..).unwrap_or_default();
    // Several lines of nothing but zeros are one such end as well.
    if zeros.iter().any(|byte| !matches!(byte, 0 | b'\n')) {
        return false;
    }
    match written.first() {
        None => true,
        Some(b'{') => {
            let mut values = serde_json::Deserializer::from_slice(written).into_iter::<IgnoredAny>();
            match values.next() {
                Some(Ok(_)) => values.byte_offset() == written.len(),
                _ => true,
            }
        }
        Some(_) => false,
    }
}

/// One line as far as it can be understood.
pub(super) struct Understood {
    /// `None`: it cannot be read at all.
    pub(super) line: Option<Line>,
    /// Its hash, or what is wrong with it.
    pub(super) hash: Result<Hash, Wrong>,
}

/// Reads one line. One that was changed is still read as far as it goes, so that it can be shown beside what is wrong.
pub(super) fn understand(bytes: &[u8]) -> Understood {
    let unreadable = |wrong| Understood {
        line: None,
        hash: Err(wrong),
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return unreadable(Wrong::Changed);
    };
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return unreadable(Wrong::Changed);
    };
    let hash = match chain::check_value(&value, text) {
        Ok(hash) => Ok(hash),
        Err(Cause::Newer) => return unreadable(Wrong::Newer),
        Err(_) => Err(Wrong::Changed),
    };
    match serde_json::from_value(value) {
        Ok(line) => Understood { line: Some(line), hash },
        Err(_) => Understood {
            line: None,
            hash: hash.and(Err(Wrong::NotALine)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_end_is_told_from_one_that_was_changed() {
        for torn in [
            &b"{"[..],
            b"{\"a\":1}",
            b"{\"a\":\"x\\",
            b"\0",
            b"\0\0\n",
            b"{\"a\":\0\0\n",
            b"{\"a\":\0\0\n\0\0\n\0",
        ] {
            assert!(is_torn(torn), "{}", String::from_utf8_lossy(torn));
        }
        for changed in [
            &b"x"[..],
            b" {",
            b"{\"a\":1}x",
            b"{\"a\":1}\x0b",
            b"{\"a\":\0 1}",
            b"{\"a\":\0\0\n{",
            b"\0x",
        ] {
            assert!(!is_torn(changed), "{}", String::from_utf8_lossy(changed));
        }
    }

    #[test]
    fn nothing_of_a_file_is_lost_by_taking_it_apart() {
        for text in ["", "a", "a\n", "a\nb", "a\n\0\n", "\n", "a\n\0\n\0\nb", "a\0\n"] {
            let split = split(text.as_bytes());
            let mut again: Vec<u8> = split
                .lines
                .iter()
                .flat_map(|line| [line, &b"\n"[..]].concat())
                .collect();
            again.extend_from_slice(split.rest);
            assert_eq!(again, text.as_bytes(), "{text:?}");
            assert!(split.lines.last().is_none_or(|line| !line.contains(&0)));
        }
    }
}
