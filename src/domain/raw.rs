//! Text that came from outside, kept apart by its type so that it cannot reach the screen, a log or a panic message by
//! accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text somebody else wrote: from the service, a file, the configuration or the keyboard. It may hold anything: terminal
/// escapes, invisible marks, two megabytes of accents.
///
/// It keeps its bytes exactly; comparing, storing and sending use them through [`Raw::as_str`]. It has no `Display`, and
/// Debug prints its length alone: the only way to the screen is `view::text::shown`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw(String);

impl Raw {
    /// The text as it came, for comparing, storing and sending; never for drawing.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody who sees this on the screen typed it: its own characters, or the tokens that stand there for
    /// those that no key types, like `\u{9}`.
    pub fn is_typed_as(&self, typed: &str) -> bool {
        self.0 == typed || self.0 == without_tokens(typed)
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Text with its `\u{..}` tokens as the characters they stand for. Backslashes that begin no token stay.
fn without_tokens(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        plain.push_str(before);
        let token = after
            .split_once('}')
            .and_then(|(digits, behind)| Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, behind)));
        match token {
            Some((c, behind)) => {
                plain.push(c);
                rest = behind;
            }
            None => {
                plain.push_str("\\u{");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.0.len())
    }
}

impl From<String> for Raw {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Raw {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<&Raw> for Raw {
    fn from(raw: &Raw) -> Self {
        raw.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_the_length_and_nothing_else() {
        assert_eq!(format!("{:?}", Raw::from("jane@example.com")), "Raw(16 bytes)");
        assert_eq!(format!("{:?}", Some(Raw::from("\u{1b}[2J"))), "Some(Raw(4 bytes))");
    }

    #[test]
    fn the_text_is_kept_byte_for_byte() {
        let hostile = " \u{1b}]0;x\u{7}\u{202e}e\u{301}\u{200b} ";
        let raw = Raw::from(hostile);
        assert_eq!(raw.as_str().as_bytes(), hostile.as_bytes());
        assert_eq!(raw.clone().into_string(), hostile);
        assert_eq!(raw.len(), hostile.len());
        assert!(!raw.is_empty() && Raw::default().is_empty());
    }

    #[test]
    fn composed_and_decomposed_accents_are_two_texts() {
        assert_ne!(Raw::from("\u{e9}"), Raw::from("e\u{301}"));
    }

    #[test]
    fn what_no_key_types_may_be_typed_as_the_screen_shows_it() {
        let name = Raw::from("a \u{9}b\u{20}");
        for typed in ["a \u{9}b\u{20}", r"a \u{9}b\u{20}", r"a\u{20}\u{9}b\u{20}"] {
            assert!(name.is_typed_as(typed), "{typed}");
        }
        for typed in ["a b", r"a \u{9}b", r"a \u{9b\u{20}", r"a \u{zz}b ", ""] {
            assert!(!name.is_typed_as(typed), "{typed}");
        }
        // Text that looks like a token is shown with its own opener escaped, and is typed either way.
        let lookalike = Raw::from(r"x\u{9}");
        assert!(lookalike.is_typed_as(r"x\u{9}") && lookalike.is_typed_as(r"x\u{5c}u{9}"));
        assert!(!lookalike.is_typed_as("x\u{9}"));
    }
}
