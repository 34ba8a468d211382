//! What was typed, folded once so that a million users can be compared with it.

use std::fmt;

use crate::domain::find::{fold, planning};
use crate::domain::raw::Raw;
use crate::domain::roster::{BETWEEN, Row};

/// A word or a value of the line, with the forms it is compared in. Debug prints its length.
#[derive(Clone)]
pub struct Word {
    typed: Raw,
    /// Small letters, accents kept.
    pub(super) small: String,
    /// Small letters without accents, and with accents as two letters.
    pub(super) plain: String,
    pub(super) letters: String,
    dialled: Option<String>,
    /// Whether a sub may begin with it.
    sub: bool,
}

impl PartialEq for Word {
    /// All else follows from what was typed.
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Word({} bytes)", self.typed.len())
    }
}

impl Word {
    pub fn new(typed: &str) -> Self {
        let plain = fold::plain(typed);
        Self {
            small: small(typed),
            letters: fold::plain_two_letters(typed),
            dialled: dialled(&plain),
            sub: planning::may_be_a_sub(typed),
            plain,
            typed: Raw::from(typed),
        }
    }

    pub fn typed(&self) -> &Raw {
        &self.typed
    }

    /// As search texts are folded: small letters without accents.
    pub fn folded(&self) -> &str {
        &self.plain
    }

    /// Small letters, accents kept: what is compared where accents count.
    pub fn small(&self) -> &str {
        &self.small
    }

    /// Small letters, accents as two letters.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// The digits that are looked for in phone numbers, where it was typed like one and they are not the word itself.
    pub fn dialled(&self) -> Option<&str> {
        self.dialled.as_deref()
    }

    /// Whether the beginning of the sub counts for this word, which is in no search text.
    pub fn may_be_a_sub(&self) -> bool {
        self.sub
    }

    /// Whether it is in the search text; as [`text_matches`].
    pub fn is_in(&self, search_text: &str) -> bool {
        is_in(&self.plain, self.dialled(), search_text)
    }

    /// Whether the sub of this user begins with it.
    pub fn begins_sub(&self, row: Row<'_>) -> bool {
        self.sub
            && row.get("sub").is_some_and(|sub| {
                sub.get(..self.plain.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(&self.plain))
            })
    }

    /// Whether a user is found by it.
    pub fn finds(&self, row: Row<'_>) -> bool {
        self.is_in(&row.search_text()) || self.begins_sub(row)
    }
}

/// Whether a bare word matches: its characters occur in this order in one of the texts, or, where it reads as part of a
/// phone number, its digits in the number. `folded_word` is folded as the search text is.
pub fn text_matches(folded_word: &str, search_text: &str) -> bool {
    is_in(folded_word, dialled(folded_word).as_deref(), search_text)
}

fn is_in(folded: &str, dialled: Option<&str>, search_text: &str) -> bool {
    search_text
        .split(BETWEEN)
        .any(|text| in_order(folded, text) || dialled.is_some_and(|digits| is_phone(text) && in_order(digits, text)))
}

/// Whether the characters of `few` occur in `text` in their order.
pub(super) fn in_order(few: &str, text: &str) -> bool {
    if few.is_ascii() {
        let mut bytes = text.bytes();
        return few.bytes().all(|wanted| bytes.any(|byte| byte == wanted));
    }
    let mut chars = text.chars();
    few.chars().all(|wanted| chars.any(|c| c == wanted))
}

/// A number as the service stores it: a plus and digits.
pub(super) fn is_phone(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// From how many digits on zeros in front may be those that are dialled inside a country only. Of fewer they may as well be in
/// the middle of a number: its last four digits are what people are asked for.
const DIALLED: usize = 5;

/// The digits of what may be typed for a part of a phone number, without the zeros that are dialled inside a country
/// only. `None`: it is no such thing, or nothing else than its digits.
fn dialled(folded: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '/' | '(' | ')');
    if !folded.chars().all(is_part) || !folded.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bare = folded.replace("(0)", "");
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let inside = digits.trim_start_matches('0');
    let digits = match digits.len() >= DIALLED && !inside.is_empty() {
        true => inside.to_owned(),
        false => digits,
    };
    (digits != folded).then_some(digits)
}

/// Small letters, composed: `=` and `^=` compare these.
pub(super) fn small(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    fold::small(&fold::composed(text))
}

impl Word {
    pub(in crate::domain) fn is_value(&self, value: &str) -> bool {
        match value.is_ascii() {
            true => value.eq_ignore_ascii_case(&self.small),
            false => small(value) == self.small,
        }
    }

    pub(in crate::domain) fn begins(&self, value: &str) -> bool {
        if value.is_ascii() {
            let start = value.as_bytes().get(..self.small.len());
            return start.is_some_and(|start| start.eq_ignore_ascii_case(self.small.as_bytes()));
        }
        if let Some(sure) = self.begins_plainly(value) {
            return sure;
        }
        small(value).starts_with(&self.small)
    }

    /// Whether the value begins with it, where that is seen without composing the value.
    fn begins_plainly(&self, value: &str) -> Option<bool> {
        // Nothing composes with these but a mark behind them, and of the others none has an ASCII letter as its small one.
        let stays = |c: char| c.is_ascii() || matches!(c, 'À'..='į' | 'Ĳ'..='ɏ');
        let mut chars = value.chars().peekable();
        for wanted in self.small.bytes() {
            let c = chars.next().filter(|c| wanted.is_ascii() && stays(*c))?;
            if !chars.peek().is_none_or(|next| stays(*next)) {
                return None;
            }
            if !c.is_ascii() || c.to_ascii_lowercase() != char::from(wanted) {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether the value contains it, whatever the case and the accents, or however an accent is spelled.
    pub(in crate::domain) fn is_part(&self, value: &str) -> bool {
        if value.is_ascii() {
            return contains_ascii(value, &self.plain)
                || self.letters != self.plain && contains_ascii(value, &self.letters);
        }
        [fold::plain(value), fold::plain_two_letters(value)]
            .iter()
            .any(|value| value.contains(&self.plain) || value.contains(&self.letters))
    }

    /// Whether the digits are in a phone number.
    pub(super) fn is_part_of_number(&self, value: &str) -> bool {
        self.is_part(value)
            || self
                .dialled()
                .is_some_and(|digits| is_phone(value) && value.contains(digits))
    }
}

/// `small` holds small letters; the case of `value` does not count.
fn contains_ascii(value: &str, small: &str) -> bool {
    let Some((first, rest)) = small.as_bytes().split_first() else {
        return true;
    };
    let value = value.as_bytes();
    let mut firsts = memchr::memchr2_iter(*first, first.to_ascii_uppercase(), value);
    firsts.any(|at| {
        let behind = value.get(at + 1..).and_then(|behind| behind.get(..rest.len()));
        behind.is_some_and(|part| part.eq_ignore_ascii_case(rest))
    })
}
