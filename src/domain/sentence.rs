//! Sentences the program says that may quote remote text, so that a rule can be written here and still reach the
//! screen only through the one place that makes remote text safe to show.

use std::borrow::Cow;

use super::raw::Raw;

/// One part of a sentence: the program's own words, or text that came from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Words(Cow<'static, str>),
    /// May be somebody's: a value, a username. It is what is masked.
    Quoted(Raw),
    /// Names a thing that is nobody's: an attribute, a pool, an error code.
    Named(Raw),
}

/// A sentence in parts. Built with [`crate::say!`]; drawn by `view::text`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence(Vec<Part>);

impl Sentence {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the program's own words. Never pass remote text here: that is what [`Sentence::quote`] is for.
    pub fn words(mut self, words: impl Into<Cow<'static, str>>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.0.push(Part::Words(words));
        }
        self
    }

    /// Adds text that came from outside, unchanged; the view decides how it is shown.
    pub fn quote(mut self, raw: &Raw) -> Self {
        self.0.push(Part::Quoted(raw.clone()));
        self
    }

    /// Adds a name from outside that is nobody's data: of an attribute, a pool, an error.
    pub fn name(mut self, raw: &Raw) -> Self {
        self.0.push(Part::Named(raw.clone()));
        self
    }

    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sentence with quoted text as it is: for comparing in tests and for files, never for the screen.
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Words(words) => words.as_ref(),
                Part::Quoted(raw) | Part::Named(raw) => raw.as_str(),
            })
            .collect()
    }
}

impl From<&'static str> for Sentence {
    fn from(words: &'static str) -> Self {
        Self::new().words(words)
    }
}

impl From<String> for Sentence {
    /// The caller vouches that the text is the program's own (numbers, counts, fixed words).
    fn from(words: String) -> Self {
        Self::new().words(words)
    }
}

/// `48200` as `48,200`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Builds a [`Sentence`]: literals and `own expr` are the program's words, `raw expr` quotes remote text, `name expr` names
/// a thing that is nobody's.
///
/// ```
/// use cognitui::{domain::Raw, say};
/// let name = Raw::from("bob");
/// assert_eq!(say!("taken from ", raw &name, ", ", own 3.to_string(), " others").plain(), "taken from bob, 3 others");
/// ```
#[macro_export]
macro_rules! say {
    (@ $s:expr ;) => { $s };
    (@ $s:expr ; raw $e:expr $(, $($rest:tt)*)?) => { $crate::say!(@ $s.quote($e) ; $($($rest)*)?) };
    (@ $s:expr ; name $e:expr $(, $($rest:tt)*)?) => { $crate::say!(@ $s.name($e) ; $($($rest)*)?) };
    (@ $s:expr ; own $e:expr $(, $($rest:tt)*)?) => { $crate::say!(@ $s.words($e) ; $($($rest)*)?) };
    (@ $s:expr ; $l:literal $(, $($rest:tt)*)?) => { $crate::say!(@ $s.words($l) ; $($($rest)*)?) };
    ($($all:tt)+) => { $crate::say!(@ $crate::domain::Sentence::new() ; $($all)+) };
}
