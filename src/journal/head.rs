//! The end of a chain in one line of text, to be noted where the journal's owner cannot change it.

use std::fmt;
use std::str::FromStr;

use crate::domain::{PoolId, Raw};

/// How many lines a chain had, and the hash of the last. As text `<pool> <lines> <hash>`, with `<writer>/` in front of the
/// pool for a colleague's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// `None`: the operator's own.
    pub writer: Option<Raw>,
    pub pool: PoolId,
    /// Counted from the very first line, those that were removed since included.
    pub lines: u64,
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(writer) = &self.writer {
            write!(f, "{}/", writer.as_str())?;
        }
        write!(f, "{} {} {}", self.pool.as_str(), self.lines, self.hash)
    }
}

/// A text that is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a head is '<pool> <lines> <hash>', as 'cognitui journal head' prints it")]
pub struct NoHead;

impl FromStr for Head {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let mut words = text.split_ascii_whitespace();
        let (Some(name), Some(lines), Some(hash), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(NoHead);
        };
        let (writer, pool) = match name.split_once('/') {
            Some((writer, pool)) => (Some(Raw::from(writer)), pool),
            None => (None, name),
        };
        let pool = PoolId::new(pool);
        let hex = hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let lines = lines.parse().ok().filter(|lines| *lines > 0);
        match lines {
            Some(lines) if hex && pool.is_plain() => Ok(Self {
                writer,
                pool,
                lines,
                hash: hash.to_owned(),
            }),
            _ => Err(NoHead),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_back_as_it_is_printed() {
        for writer in [None, Some(Raw::from("ana"))] {
            let head = Head {
                writer,
                pool: PoolId::new("eu-west-1_x"),
                lines: 12,
                hash: "0f".repeat(32),
            };
            assert_eq!(head.to_string().parse(), Ok(head));
        }
        let hash = "0f".repeat(32);
        for text in [
            String::new(),
            format!("p {hash}"),
            format!("p 0 {hash}"),
            format!("p x {hash}"),
            format!("p. 1 {hash}"),
            format!("p 1 {hash}0"),
            format!("p 1 {hash} more"),
        ] {
            assert_eq!(text.parse::<Head>(), Err(NoHead), "{text}");
        }
    }
}
