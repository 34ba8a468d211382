//! The access token from standard input: read without a buffer that would keep a copy, and gone from memory after use.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;

use zeroize::Zeroizing;

use crate::config::{Config, Origin};
use crate::domain::sign_in::Claims;
use crate::domain::{PoolId, Secret};

/// The longest token that is read. Real ones have one to three thousand characters.
const LONGEST: usize = 16 * 1024;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum NoToken {
    #[error(
        "standard input is a terminal, where the token would be seen: pipe it in, or use the console, which hides it"
    )]
    Terminal,
    #[error("standard input holds no token; is what prints it signed in?")]
    Empty,
    #[error("standard input holds more than {LONGEST} bytes, which is no access token")]
    TooLong,
    #[error("what standard input holds is no access token: it is not text")]
    NotText,
    #[error("standard input cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

/// The pool that a token is used in. One that the configuration opens by default says nothing about this token; one on
/// the command line does.
pub(in crate::cli) fn pool_of(claims: &Claims, config: &Config) -> Option<PoolId> {
    let setting = &config.general.user_pool_id;
    let configured = setting.value.as_deref().map(PoolId::new);
    match setting.origin {
        Origin::Flag(_) => configured.or_else(|| claims.pool.clone()),
        _ => claims.pool.clone().or(configured),
    }
}

/// Reads standard input to its end, or to the end of the token's line: whatever prints it may go on running.
pub(in crate::cli) fn from_standard_input() -> Result<Secret, NoToken> {
    let input = io::stdin();
    if input.is_terminal() {
        return Err(NoToken::Terminal);
    }
    // Not through the standard library's own buffer, which lives as long as the program.
    let mut input = File::from(input.as_fd().try_clone_to_owned()?);
    read(&mut input)
}

fn read(input: &mut impl Read) -> Result<Secret, NoToken> {
    // Never longer than this, so nothing is left behind by a buffer that grew.
    let mut held = Zeroizing::new(vec![0; LONGEST + 1]);
    let mut filled = 0;
    while let Some(free) = held.get_mut(filled..).filter(|free| !free.is_empty()) {
        match input.read(free) {
            Ok(0) => break,
            Ok(count) => {
                filled += count;
                if line_of(held.get(..filled).unwrap_or_default()).contains(&b'\n') {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let line = line_of(held.get(..filled).unwrap_or_default()).trim_ascii_end();
    if line.len() > LONGEST {
        return Err(NoToken::TooLong);
    }
    match std::str::from_utf8(line).map_err(|_| NoToken::NotText)?.trim() {
        "" => Err(NoToken::Empty),
        token => Ok(Secret::new(token)),
    }
}

/// The first line that is not blank, with its end where that has come: how much one read brings must not decide what
/// the token is.
fn line_of(held: &[u8]) -> &[u8] {
    held.trim_ascii_start()
        .split_inclusive(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_what_is_left_without_the_line_end() {
        assert_eq!(read(&mut &b"a.b.c\n"[..]).unwrap(), Secret::new("a.b.c"));
        assert_eq!(read(&mut &b"  a.b.c\r\n\n"[..]).unwrap(), Secret::new("a.b.c"));
        // In one read or in two: what follows the line is none of it.
        let together = &b"\na.b.c\nwarning: the session ends soon\n"[..];
        assert_eq!(read(&mut &together[..]).unwrap(), Secret::new("a.b.c"));
        assert_eq!(
            read(&mut (&together[..7]).chain(&together[7..])).unwrap(),
            Secret::new("a.b.c")
        );
        assert_eq!(read(&mut &b"\n\na.b.c"[..]).unwrap(), Secret::new("a.b.c"));
    }

    #[test]
    fn the_token_ends_with_its_line_however_much_comes_behind_it_in_one_read() {
        let mut more = b"a.b.c\nnext line\n".to_vec();
        assert_eq!(read(&mut more.as_slice()).unwrap(), Secret::new("a.b.c"));
        more.resize(1_000_000, b'x');
        assert_eq!(read(&mut more.as_slice()).unwrap(), Secret::new("a.b.c"));
        more.splice(.., b"a.b.c\n\xff\xfe".iter().copied());
        assert_eq!(read(&mut more.as_slice()).unwrap(), Secret::new("a.b.c"));
    }

    #[test]
    fn what_is_no_token_is_refused_in_words_that_do_not_repeat_it() {
        assert!(matches!(read(&mut &b" \n"[..]), Err(NoToken::Empty)));
        assert!(matches!(read(&mut &b"\xff\xfe"[..]), Err(NoToken::NotText)));
        let longest = vec![b'x'; LONGEST];
        assert_eq!(read(&mut longest.as_slice()).unwrap().expose().len(), LONGEST);
        let longer = vec![b'x'; LONGEST + 1];
        let error = read(&mut longer.as_slice()).unwrap_err();
        assert!(matches!(error, NoToken::TooLong));
        assert!(!error.to_string().contains("xx"));
    }
}
