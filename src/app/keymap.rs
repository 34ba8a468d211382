//! Which key does what: a pure function from where the operator is and what was pressed to an action.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::action::{Action, Scope};

/// A key of the keyboard, without anything held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
    /// Something this program has no name for: it does nothing, and says so.
    Other,
}

const NAMES: &[(&str, Key)] = &[
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("insert", Key::Insert),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("page-up", Key::PageUp),
    ("page-down", Key::PageDown),
    ("space", Key::Char(' ')),
];

/// A key with what was held down. A capital letter is the letter itself, without shift.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    pub key: Key,
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

impl fmt::Debug for Chord {
    /// Prints the kind of key, never the character: what is typed may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key {
            Key::Char(_) if !self.ctrl && !self.alt => f.write_str("Chord(character)"),
            _ => write!(f, "Chord({self})"),
        }
    }
}

impl fmt::Display for Chord {
    /// The notation of the key file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if self.shift && self.key == Key::Tab && !self.ctrl && !self.alt {
            return f.write_str("backtab");
        }
        if self.shift {
            f.write_str("shift-")?;
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, key)| *key == self.key) {
            return f.write_str(name);
        }
        match self.key {
            Key::Char(c) if c.is_control() => f.write_str("?"),
            Key::Char(c) => write!(f, "{c}"),
            Key::F(number) => write!(f, "f{number}"),
            _ => f.write_str("?"),
        }
    }
}

impl Chord {
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    pub fn char(c: char) -> Self {
        Self::plain(Key::Char(c))
    }

    pub fn ctrl(c: char) -> Self {
        Self {
            ctrl: true,
            ..Self::char(c)
        }
    }

    /// The character to insert, if this is text.
    pub fn text(&self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Reads the notation of the key file: `ctrl-s`, `G`, `f1`, `backtab`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chord = Self::plain(Key::Other);
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                chord.ctrl = true;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
                chord.alt = true;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("shift-").filter(|after| !after.is_empty()) {
                chord.shift = true;
                rest = after;
            } else {
                break;
            }
        }
        if rest == "backtab" {
            chord.key = Key::Tab;
            chord.shift = true;
            return Some(chord);
        }
        if let Some((_, key)) = NAMES.iter().find(|(name, _)| *name == rest) {
            chord.key = *key;
            return Some(chord);
        }
        let mut chars = rest.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            chord.key = Key::Char(c);
            return Some(chord);
        }
        let number = rest.strip_prefix('f')?.parse().ok().filter(|n| (1..=12).contains(n))?;
        chord.key = Key::F(number);
        Some(chord)
    }
}

/// The keys of the program: what ships, overlaid by the user's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    chords: BTreeMap<(Scope, Action), Vec<Chord>>,
    /// The same from the other end: every key press and every hint asks.
    actions: BTreeMap<(Scope, Chord), Action>,
}

/// Why a key file was refused, in words that name the entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{entry}: {why}")]
pub struct KeymapError {
    /// The action as written.
    pub entry: String,
    pub why: String,
}

#[derive(Deserialize)]
struct KeyFile(BTreeMap<String, BTreeMap<String, Vec<String>>>);

impl Keymap {
    /// The keys that ship with the program. Its file is part of the program, so an error in it is one of ours.
    pub fn shipped() -> Result<Self, KeymapError> {
        let file: KeyFile = toml::from_str(include_str!("../../assets/keys.toml")).map_err(|error| KeymapError {
            entry: "keys.toml".into(),
            why: error.to_string(),
        })?;
        let mut chords = BTreeMap::new();
        for (scope_name, actions) in file.0 {
            let scope = Scope::parse(&scope_name).ok_or_else(|| KeymapError {
                entry: scope_name.clone(),
                why: "no such section".into(),
            })?;
            for (name, keys) in actions {
                let action = find_action(&name)?;
                if !action.info().scopes.contains(&scope) {
                    return Err(KeymapError {
                        entry: name,
                        why: format!("does nothing in [{scope_name}]"),
                    });
                }
                chords.insert((scope, action), parse_all(&name, &keys)?);
            }
        }
        Self::of(chords)
    }

    /// Puts the user's chords in place of the shipped ones, in every scope the action has.
    pub fn overlay(mut self, entries: &[(String, Vec<String>)]) -> Result<Self, KeymapError> {
        for (name, keys) in entries {
            let action = find_action(name)?;
            let parsed = parse_all(name, keys)?;
            for scope in action.info().scopes {
                let letters = parsed.iter().any(|chord| chord.text().is_some());
                if scope.takes_text() && letters {
                    return Err(KeymapError {
                        entry: name.clone(),
                        why: "acts while text is typed, so it cannot be on a plain character; use ctrl- or alt-".into(),
                    });
                }
                self.chords.insert((*scope, action), parsed.clone());
            }
        }
        Self::of(self.chords)
    }

    /// No chord may mean two things in one scope.
    fn of(chords: BTreeMap<(Scope, Action), Vec<Chord>>) -> Result<Self, KeymapError> {
        let mut actions: BTreeMap<(Scope, Chord), Action> = BTreeMap::new();
        for ((scope, action), of_action) in &chords {
            for chord in of_action {
                if let Some(other) = actions.insert((*scope, *chord), *action)
                    && other != *action
                {
                    return Err(KeymapError {
                        entry: action.info().name.into(),
                        why: format!("{chord} is already {} in [{}]", other.info().name, scope.name()),
                    });
                }
            }
        }
        Ok(Self { chords, actions })
    }

    /// What a chord does, looking through the scopes from the innermost out.
    pub fn resolve(&self, scopes: &[Scope], chord: Chord) -> Option<Action> {
        scopes
            .iter()
            .find_map(|scope| self.actions.get(&(*scope, chord)).copied())
    }

    /// The chords of an action in a scope, the first one for hints.
    pub fn chords(&self, scope: Scope, action: Action) -> &[Chord] {
        self.chords.get(&(scope, action)).map_or(&[], Vec::as_slice)
    }
}

fn find_action(name: &str) -> Result<Action, KeymapError> {
    Action::parse(name).ok_or_else(|| {
        let near = super::action::ACTIONS
            .iter()
            .map(|info| info.name)
            .min_by_key(|known| distance(known, name))
            .unwrap_or("help");
        KeymapError {
            entry: name.into(),
            why: format!("no such action; did you mean {near}?"),
        }
    })
}

fn parse_all(name: &str, keys: &[String]) -> Result<Vec<Chord>, KeymapError> {
    keys.iter()
        .map(|key| {
            Chord::parse(key).ok_or_else(|| KeymapError {
                entry: name.into(),
                why: format!(
                    "{} is no key; write for example \"ctrl-s\", \"G\", \"f1\"",
                    key.escape_debug()
                ),
            })
        })
        .collect()
}

/// Edit distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            left = (left + 1).min(above + 1).min(diagonal + usize::from(ca != *cb));
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::action::ACTIONS;
    use super::*;

    /// Actions that ship without a key: they are reached through the palette.
    const UNBOUND: &[Action] = &[
        Action::Discard,
        Action::ConfirmSignUp,
        Action::ResendCode,
        Action::ResendInvitation,
        Action::ResetPassword,
        Action::Enable,
        Action::Disable,
        Action::StopActing,
    ];

    #[test]
    fn every_action_has_a_key_in_each_scope_or_is_listed_as_unbound() {
        let keymap = Keymap::shipped().unwrap();
        for info in ACTIONS {
            for scope in info.scopes {
                let bound = !keymap.chords(*scope, info.action).is_empty();
                assert_eq!(
                    bound,
                    !UNBOUND.contains(&info.action),
                    "{} in {}",
                    info.name,
                    scope.name()
                );
            }
        }
    }

    #[test]
    fn a_chord_twice_in_one_scope_is_refused() {
        let error = Keymap::shipped()
            .unwrap()
            .overlay(&[("edit".into(), vec!["/".into()])])
            .unwrap_err();
        assert!(error.to_string().contains("already"), "{error}");
    }

    #[test]
    fn letters_are_text_in_a_field() {
        let keymap = Keymap::shipped().unwrap();
        for scope in [Scope::Field, Scope::Prompt] {
            for c in (' '..='~').map(Chord::char) {
                assert_eq!(keymap.resolve(&[scope], c), None, "{c} in {}", scope.name());
            }
        }
        let error = Keymap::shipped()
            .unwrap()
            .overlay(&[("take".into(), vec!["t".into()])])
            .unwrap_err();
        assert!(error.to_string().contains("plain character"), "{error}");
    }

    #[test]
    fn the_notation_reads_back_what_it_writes() {
        for text in [
            "ctrl-s",
            "G",
            "f1",
            "backtab",
            "alt-b",
            "space",
            "page-up",
            "?",
            "-",
            "ctrl--",
            "ctrl-_",
            "alt-enter",
        ] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "ctrl-", "nokey", "f13", "f0"] {
            assert_eq!(Chord::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_unknown_action_names_the_nearest() {
        let error = Keymap::shipped()
            .unwrap()
            .overlay(&[("edti".into(), vec!["e".into()])])
            .unwrap_err();
        assert_eq!(error.to_string(), "edti: no such action; did you mean edit?");
    }
}
