//! A line of text being edited: readline keys, pastes as one step, and undo. Holds the text itself, escapes nothing.

use std::fmt;

use tui_input::{Input, InputRequest};

use super::keymap::{Chord, Key};
use crate::domain::Raw;

/// How many steps back a field remembers.
const UNDO_STEPS: usize = 100;

/// A line of text with a cursor. Debug prints lengths: what is typed may be personal data.
#[derive(Clone, Default)]
pub struct Field {
    input: Input,
    undo: Vec<(String, usize)>,
    /// The last change was a typed character: the next one belongs to the same undo step.
    typing: bool,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({} bytes)", self.text().len())
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() && self.input.cursor() == other.input.cursor()
    }
}

impl Field {
    /// A field that holds `text`, the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
            undo: Vec::new(),
            typing: false,
        }
    }

    pub fn text(&self) -> &str {
        self.input.value()
    }

    pub fn raw(&self) -> Raw {
        Raw::from(self.text())
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The byte in [`Field::text`] that the cursor stands before.
    pub fn cursor(&self) -> usize {
        self.text()
            .char_indices()
            .nth(self.input.cursor())
            .map_or(self.text().len(), |(at, _)| at)
    }

    /// Takes a key if it is one of editing. False: the key means something else here.
    pub fn key(&mut self, chord: Chord) -> bool {
        let Some(request) = request(chord) else {
            return false;
        };
        let before = (self.text().to_owned(), self.input.cursor());
        let typed = matches!(request, InputRequest::InsertChar(_));
        let Some(changed) = self.input.handle(request) else {
            return true;
        };
        if changed.value {
            if !(typed && self.typing) {
                self.remember(before);
            }
            self.typing = typed;
        } else {
            self.typing = false;
        }
        true
    }

    /// Inserts pasted text at the cursor as one step. Newlines and controls stay: they are shown as marks.
    pub fn paste(&mut self, text: &str) {
        let before = (self.text().to_owned(), self.input.cursor());
        let at = self.cursor();
        let mut value = self.text().to_owned();
        value.insert_str(at, text);
        let cursor = self.input.cursor() + text.chars().count();
        self.remember(before);
        self.typing = false;
        self.input = Input::new(value).with_cursor(cursor);
    }

    /// Takes the last change back. False: nothing to take back.
    pub fn undo(&mut self) -> bool {
        let Some((value, cursor)) = self.undo.pop() else {
            return false;
        };
        self.typing = false;
        self.input = Input::new(value).with_cursor(cursor);
        true
    }

    fn remember(&mut self, before: (String, usize)) {
        if self.undo.len() == UNDO_STEPS {
            self.undo.remove(0);
        }
        self.undo.push(before);
    }
}

/// The readline keys.
fn request(chord: Chord) -> Option<InputRequest> {
    use InputRequest as R;
    if let Some(c) = chord.text() {
        return Some(R::InsertChar(c));
    }
    let request = match (chord.key, chord.ctrl, chord.alt) {
        (Key::Left, false, false) => R::GoToPrevChar,
        (Key::Right, false, false) => R::GoToNextChar,
        (Key::Char('b'), true, false) => R::GoToPrevChar,
        (Key::Char('f'), true, false) => R::GoToNextChar,
        (Key::Home, ..) | (Key::Char('a'), true, false) => R::GoToStart,
        (Key::End, ..) | (Key::Char('e'), true, false) => R::GoToEnd,
        (Key::Left, ..) | (Key::Char('b'), false, true) => R::GoToPrevWord,
        (Key::Right, ..) | (Key::Char('f'), false, true) => R::GoToNextWord,
        (Key::Backspace, false, false) | (Key::Char('h'), true, false) => R::DeletePrevChar,
        (Key::Delete, false, false) | (Key::Char('d'), true, false) => R::DeleteNextChar,
        (Key::Backspace, ..) | (Key::Char('w'), true, false) => R::DeletePrevWord,
        (Key::Delete, ..) | (Key::Char('d'), false, true) => R::DeleteNextWord,
        (Key::Char('u'), true, false) => R::DeleteLine,
        (Key::Char('k'), true, false) => R::DeleteTillEnd,
        _ => return None,
    };
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_in(field: &mut Field, keys: &[&str]) {
        for key in keys {
            assert!(field.key(Chord::parse(key).unwrap()), "{key} is a key of the field");
        }
    }

    #[test]
    fn the_readline_keys_edit() {
        let mut field = Field::new("one two");
        type_in(&mut field, &["ctrl-w", "x"]);
        assert_eq!(field.text(), "one x");
        type_in(&mut field, &["ctrl-a", "y", "ctrl-k"]);
        assert_eq!(field.text(), "y");
        type_in(&mut field, &["ctrl-u"]);
        assert_eq!(field.text(), "");
    }

    #[test]
    fn keys_that_are_not_editing_are_left_to_others() {
        let mut field = Field::new("");
        for key in ["enter", "esc", "tab", "ctrl-s", "ctrl-o", "f1", "up"] {
            assert!(!field.key(Chord::parse(key).unwrap()), "{key}");
        }
    }

    #[test]
    fn a_paste_is_one_step_and_keeps_every_character() {
        let mut field = Field::new("ab");
        type_in(&mut field, &["left"]);
        field.paste("1\n\u{1b}[31m2");
        assert_eq!(field.text(), "a1\n\u{1b}[31m2b");
        assert_eq!(field.cursor(), field.text().len() - 1);
        assert!(field.undo());
        assert_eq!(field.text(), "ab");
        assert!(!field.undo(), "nothing else was changed");
    }

    #[test]
    fn typed_characters_are_one_step_until_the_cursor_moves() {
        let mut field = Field::new("");
        type_in(&mut field, &["a", "b", "left", "c"]);
        assert_eq!(field.text(), "acb");
        assert!(field.undo());
        assert_eq!(field.text(), "ab");
        assert!(field.undo());
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_paste_of_a_megabyte_is_one_insert() {
        let mut field = Field::new("");
        field.paste(&"é".repeat(500_000));
        assert_eq!(field.text().len(), 1_000_000);
        assert!(field.undo());
        assert!(field.is_empty());
    }
}
