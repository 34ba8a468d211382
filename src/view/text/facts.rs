//! Answers "why do these two look alike": what a value is made of, in one line.
//!
//! Escaping cannot tell a Cyrillic letter from the Latin one it looks like, and must not: names in every alphabet are
//! ordinary. This line says which alphabets are there, and what the value may be taken for.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_script::{Script, UnicodeScript as _};
use unicode_security::{confusable_detection::skeleton, mixed_script::MixedScript as _};
use unicode_segmentation::UnicodeSegmentation as _;

use super::charset::Charset;
use super::piece::Shown;
use super::shown;
use crate::domain::Raw;
pub use crate::domain::glyph::Hidden;
use crate::domain::glyph::{draws_nothing, is_mark};

/// How many invisible characters the line names before it only counts them.
const NAMED: usize = 3;

/// What a value is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// As a person counts them.
    pub characters: usize,
    pub bytes: usize,
    /// Combining marks.
    pub marks: usize,
    /// Alphabets, in order of their first letter. What all share, like digits, is none.
    pub scripts: Vec<&'static str>,
    /// Characters without a glyph, and odd spaces.
    pub hidden: Vec<Hidden>,
    /// Alphabets that no language writes together.
    pub mixed: bool,
    /// The ASCII text this can be taken for.
    pub looks_like: Option<Raw>,
}

/// Looks at every character of the value.
pub fn facts(raw: &Raw) -> Facts {
    let value = raw.as_str();
    let mut scripts = Vec::new();
    for c in value.chars() {
        let script = c.script();
        let shared = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
        if !shared && !scripts.contains(&script.full_name()) {
            scripts.push(script.full_name());
        }
    }
    Facts {
        characters: value.graphemes(true).count(),
        bytes: value.len(),
        marks: value.chars().filter(|&c| is_mark(c)).count(),
        scripts,
        hidden: value
            .chars()
            .zip(1..)
            .filter(|&(c, _)| draws_nothing(c))
            .map(|(character, place)| Hidden { character, place })
            .collect(),
        mixed: !value.is_single_script(),
        looks_like: ascii_twin(value).map(Raw::from),
    }
}

/// Whether two different values may be taken for each other (UTS #39, confusable detection).
pub fn looks_alike(one: &Raw, other: &Raw) -> bool {
    one != other && skeleton(one.as_str()).eq(skeleton(other.as_str()))
}

/// The ASCII text with the same skeleton, letter by letter; None if a letter has none, or if the value is ASCII.
fn ascii_twin(value: &str) -> Option<String> {
    if value.is_ascii() {
        return None;
    }
    let mut twin = String::with_capacity(value.len());
    for c in value.chars().filter(|&c| !draws_nothing(c) || c.is_whitespace()) {
        if c.is_ascii() {
            twin.push(c);
        } else {
            twin.push(ascii_letter(c)?);
        }
    }
    (!twin.is_empty()).then_some(twin)
}

/// The ASCII character that one character looks like. Letters go before digits and punctuation, and the same case first.
fn ascii_letter(c: char) -> Option<char> {
    let wanted: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
    let alike = ASCII_BY_SKELETON.get(&wanted)?;
    alike
        .iter()
        .copied()
        .min_by_key(|ascii| (!ascii.is_alphabetic(), ascii.is_lowercase() != c.is_lowercase()))
}

/// `I`, `l`, `1` and `|` have one skeleton, for example.
static ASCII_BY_SKELETON: LazyLock<HashMap<String, Vec<char>>> = LazyLock::new(|| {
    let mut alike: HashMap<String, Vec<char>> = HashMap::new();
    for ascii in ' '..='~' {
        let skeleton = skeleton(ascii.encode_utf8(&mut [0; 4])).collect();
        alike.entry(skeleton).or_default().push(ascii);
    }
    alike
});

impl Facts {
    /// `5 characters, 7 bytes, Latin and Cyrillic mixed, U+200B hidden at 4, looks like admin`.
    pub fn line(&self, charset: Charset) -> Shown {
        let mut parts = vec![counted(self.characters, "character"), counted(self.bytes, "byte")];
        if !self.scripts.is_empty() {
            let mut scripts = self.scripts.join(" and ");
            if self.mixed {
                scripts.push_str(" MIXED");
            }
            parts.push(Shown::words(scripts));
        }
        if self.marks > 0 {
            parts.push(counted(self.marks, "combining mark"));
        }
        let places: Vec<String> = self
            .hidden
            .iter()
            .take(NAMED)
            .map(|hidden| format!("U+{:04X} at {}", u32::from(hidden.character), hidden.place))
            .collect();
        if !places.is_empty() {
            let more = self.hidden.len().saturating_sub(NAMED);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            parts.push(Shown::words(format!("not visible: {}{more}", places.join(", "))));
        }
        if let Some(twin) = &self.looks_like {
            parts.push(Shown::fixed("looks like ").join(shown(twin, charset)));
        }
        let mut line = Shown::default();
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                line.append(Shown::fixed(", "));
            }
            line.append(part);
        }
        line
    }
}

fn counted(count: usize, noun: &'static str) -> Shown {
    let noun = format!(" {noun}{}", if count == 1 { "" } else { "s" });
    Shown::count(count).join(Shown::words(noun))
}
