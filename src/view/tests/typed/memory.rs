//! What somebody remembers of having typed: a map of values and the text of the open line, and nothing of the program.

use std::collections::BTreeMap;

use crate::domain::{AttributeName, AttributeValue, Attributes, Edit};

/// What was typed for one user and is not what the base says.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) base: Attributes,
    pub(super) edits: BTreeMap<AttributeName, Edit>,
}

impl Typed {
    pub(super) fn set(&mut self, name: &AttributeName, value: Option<&str>) {
        let value = value.map(AttributeValue::new);
        if self.base.get(name) == value.as_ref() {
            self.edits.remove(name);
        } else {
            self.edits.insert(name.clone(), value.map_or(Edit::Delete, Edit::Set));
        }
    }

    pub(super) fn is_set(&self, name: &AttributeName) -> bool {
        self.value(name).is_some()
    }

    pub(super) fn value(&self, name: &AttributeName) -> Option<&AttributeValue> {
        match self.edits.get(name) {
            Some(edit) => edit.value(),
            None => self.base.get(name),
        }
    }
}

/// The line that is open, as somebody sees it.
pub(super) struct Line {
    pub(super) name: AttributeName,
    letters: Vec<char>,
    cursor: usize,
}

impl Line {
    pub(super) fn new(name: AttributeName, text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        Self {
            name,
            cursor: letters.len(),
            letters,
        }
    }

    pub(super) fn insert(&mut self, text: &str) {
        for c in text.chars() {
            self.letters.insert(self.cursor, c);
            self.cursor += 1;
        }
    }

    /// Whether the key is one of the line's own.
    pub(super) fn key(&mut self, key: &str) -> bool {
        match key {
            "backspace" if self.cursor > 0 => {
                self.cursor -= 1;
                self.letters.remove(self.cursor);
            }
            "ctrl-u" => {
                self.letters.clear();
                self.cursor = 0;
            }
            "left" => self.cursor = self.cursor.saturating_sub(1),
            "right" => self.cursor = (self.cursor + 1).min(self.letters.len()),
            "home" => self.cursor = 0,
            "end" => self.cursor = self.letters.len(),
            "backspace" => {}
            _ if key.chars().count() == 1 => self.insert(key),
            _ => return false,
        }
        true
    }

    /// The byte that the cursor stands before.
    pub(super) fn cursor(&self) -> usize {
        self.letters.iter().take(self.cursor).map(|c| c.len_utf8()).sum()
    }

    pub(super) fn text(&self) -> String {
        self.letters.iter().collect()
    }
}
