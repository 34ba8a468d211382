//! The two kinds of pattern that an organisation writes about its pools: names with stars, and the form of a reason.

use std::fmt;

use regex::{Regex, RegexBuilder};

use super::form::in_words;
use crate::domain::raw::Raw;
use crate::domain::sentence::Sentence;

/// A pattern over names: `*` stands for any characters, `?` for one, the rest for itself, whatever the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(String);

impl NamePattern {
    /// `None` for an empty pattern, which would say nothing.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the pattern of the whole name.
    pub fn matches(&self, name: &str) -> bool {
        let folded = |text: &str| -> Vec<char> { text.chars().flat_map(char::to_lowercase).collect() };
        matches(&folded(&self.0), &folded(name))
    }
}

/// Goes back to the last star only, so the time is at most the product of the lengths.
fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut taken) = (0, 0);
    // Behind the last star, and how much of the name it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = name.get(taken) {
        match pattern.get(at) {
            Some('*') => {
                at += 1;
                star = Some((at, taken));
            }
            Some(p) if *p == '?' || p == c => {
                at += 1;
                taken += 1;
            }
            _ => match &mut star {
                Some((behind, swallowed)) => {
                    *swallowed += 1;
                    at = *behind;
                    taken = *swallowed;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|p| *p == '*')
}

/// A compiled pattern takes at most this much memory: far over any form of a ticket number.
const LARGEST: usize = 1 << 20;

/// Regular expressions that a whole reason has to match, such as `SUP-\d+`. Checked when it is made. There is more than
/// one where the policy and the configuration both have one: then both hold.
#[derive(Clone)]
pub struct ReasonPattern(Vec<One>);

#[derive(Clone)]
struct One {
    text: String,
    whole: Regex,
}

impl ReasonPattern {
    /// # Errors
    /// Why this is no regular expression, completing the sentence "it is none: ..".
    pub fn new(text: &str) -> Result<Self, String> {
        let compile = |text: &str| RegexBuilder::new(text).size_limit(LARGEST).build();
        // By itself first: only something whole may be put in brackets.
        compile(text).map_err(|error| why(&error))?;
        let whole = compile(&format!(r"\A(?:{text})\z"))
            .map_err(|_| "it has to be usable as a part of another one: leave out comments".to_owned())?;
        Ok(Self(vec![One {
            text: text.to_owned(),
            whole,
        }]))
    }

    /// Both at once.
    pub fn and(mut self, other: Self) -> Self {
        for one in other.0 {
            if !self.0.iter().any(|own| own.text == one.text) {
                self.0.push(one);
            }
        }
        self
    }

    pub fn matches(&self, reason: &str) -> bool {
        self.0.iter().all(|one| one.whole.is_match(reason))
    }

    /// The expressions as they were written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|one| one.text.as_str())
    }

    /// The expressions as a sentence names them.
    pub fn sentence(&self) -> Sentence {
        let mut sentence = Sentence::new();
        for (index, one) in self.0.iter().enumerate() {
            if index > 0 {
                sentence = sentence.words(" and ");
            }
            let expression = Raw::from(one.text.as_str());
            sentence = match in_words(&one.text) {
                Some(words) => sentence.words(words).words(" (").name(&expression).words(")"),
                None => sentence.name(&expression),
            };
        }
        sentence
    }

    /// The same where there is little room: words alone, where there are any.
    pub fn short(&self) -> Sentence {
        let one = |one: &One| match in_words(&one.text) {
            Some(words) => Sentence::new().words(words),
            None => Sentence::new().name(&Raw::from(one.text.as_str())),
        };
        let between = |sentence: Sentence| {
            if sentence.is_empty() {
                sentence
            } else {
                sentence.words(" and ")
            }
        };
        self.0
            .iter()
            .fold(Sentence::new(), |sentence, next| between(sentence).join(one(next)))
    }
}

/// The last line of what the expression's reader says: those before it repeat the expression.
fn why(error: &regex::Error) -> String {
    let words = error.to_string();
    let last = words.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").trim_end_matches('.').to_owned()
}

impl PartialEq for ReasonPattern {
    fn eq(&self, other: &Self) -> bool {
        self.texts().eq(other.texts())
    }
}

impl Eq for ReasonPattern {}

impl fmt::Debug for ReasonPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.texts()).finish()
    }
}
