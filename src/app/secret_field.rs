//! A line for what must not be seen: a password, a code, an access token. A field of its own, because an ordinary one
//! keeps copies: for undo, and each time its text grows.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use super::keymap::{Chord, Key};
use crate::domain::Secret;

/// The longest secret in bytes. Real access tokens have one to three thousand characters.
pub const LONGEST: usize = 16 * 1024;

/// What is typed into a masked line. The cursor stands at its end, because nobody sees where else to put it.
#[derive(Default)]
pub struct SecretField {
    text: Zeroizing<String>,
}

impl Clone for SecretField {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.add(&self.text);
        copy
    }
}

impl PartialEq for SecretField {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretField({} characters)", self.len())
    }
}

impl SecretField {
    /// How many characters it holds.
    pub fn len(&self) -> usize {
        self.text.chars().count()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes a key of editing. False: the key means something else here.
    pub fn key(&mut self, chord: Chord) -> bool {
        if let Some(c) = chord.text() {
            self.add(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        match (chord.key, chord.ctrl) {
            (Key::Backspace, _) | (Key::Char('h'), true) => {
                self.text.pop();
            }
            // A word of it cannot be told from the rest.
            (Key::Char('u' | 'w' | 'k'), true) => self.clear(),
            (Key::Left | Key::Right | Key::Home | Key::End | Key::Delete, _) => {}
            _ => return false,
        }
        true
    }

    /// Adds pasted text, without the line end that a copy from a terminal brings.
    pub fn paste(&mut self, text: &str) {
        self.add(text.trim_end_matches(['\r', '\n']));
    }

    /// Hands over what was typed and is empty then.
    pub fn take(&mut self) -> Secret {
        let secret = Secret::new(self.text.as_str());
        self.clear();
        secret
    }

    pub fn clear(&mut self) {
        self.text.zeroize();
    }

    /// The room for the longest secret is there from the first character on: text that grew would leave copies behind.
    fn add(&mut self, text: &str) {
        if self.text.capacity() < LONGEST {
            self.text.reserve_exact(LONGEST);
        }
        if self.text.len() + text.len() <= LONGEST {
            self.text.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Event, Input};
    use crate::domain::Raw;

    fn typed(keys: &[&str]) -> SecretField {
        let mut field = SecretField::default();
        for key in keys {
            assert!(field.key(Chord::parse(key).unwrap()), "{key} is a key of the field");
        }
        field
    }

    #[test]
    fn what_was_typed_comes_out_once() {
        let mut field = typed(&["h", "é", "x", "backspace", "space", "!"]);
        assert_eq!(field.len(), 4);
        assert_eq!(field.take(), Secret::new("hé !"));
        assert!(field.is_empty());
        assert!(typed(&["a", "b", "ctrl-u"]).is_empty());
        for key in ["enter", "esc", "tab", "ctrl-c", "up", "f1"] {
            assert!(!field.key(Chord::parse(key).unwrap()), "{key}");
        }
    }

    #[test]
    fn a_paste_loses_its_line_end_and_nothing_else() {
        let mut field = SecretField::default();
        field.paste(" a b \r\n");
        assert_eq!(field.take(), Secret::new(" a b "));
    }

    #[test]
    fn what_is_too_long_to_be_a_secret_is_not_kept_in_part() {
        let mut field = SecretField::default();
        field.paste(&"x".repeat(LONGEST + 1));
        assert!(field.is_empty());
        field.paste(&"x".repeat(LONGEST));
        let room = field.text.capacity();
        field.key(Chord::char('y'));
        assert_eq!((field.len(), field.text.capacity()), (LONGEST, room));
    }

    #[test]
    fn debug_shows_lengths_and_kinds_of_keys() {
        assert_eq!(format!("{:?}", typed(&["h", "u", "n"])), "SecretField(3 characters)");
        let typed = Event::Burst(vec![Input::Key(Chord::char('Q')), Input::Paste(Raw::from("hunter2-Q"))]);
        let debug = format!("{typed:?}");
        assert!(!debug.contains("hunter2") && !debug.contains('Q'), "{debug}");
    }
}
