//! The value somebody probably meant, for what was typed the way people write it. Taking it is always a keypress:
//! a guess that is taken silently could send a code to a stranger.

use super::{Problem, format};
use crate::domain::attribute::{AttributeName, AttributeValue};
use crate::domain::draft::Edit;
use crate::domain::glyph;
use crate::domain::schema::{DataType, Schema};
use crate::domain::sentence::Sentence;
use crate::say;

/// A value to take instead of what was typed. Debug prints its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub value: AttributeValue,
}

impl Suggestion {
    /// `+15555550100: Enter takes it`.
    pub fn sentence(&self) -> Sentence {
        say!(raw self.value.raw(), ": Enter takes it")
    }
}

impl Schema {
    /// Another reading of what was typed, where there is exactly one and the schema takes it. Nothing for a value
    /// that is fine as it is.
    pub fn suggest(&self, name: &AttributeName, typed: &str) -> Option<Suggestion> {
        let as_typed = self.check(name, &Edit::Set(AttributeValue::new(typed)));
        if matches!(as_typed, Ok(()) | Err(Problem::Locked(_))) {
            return None;
        }
        let (cleaned, _) = self.clean(name, typed);
        let value = match name.as_str() {
            "phone_number" => phone(&cleaned)?,
            "email" => email(&cleaned)?,
            "birthdate" => birthdate(cleaned.trim())?,
            _ => match self.get(name)?.data_type {
                DataType::Boolean => boolean(cleaned.trim())?,
                DataType::Number { .. } => number(cleaned.trim()),
                DataType::DateTime => cleaned.trim().to_owned(),
                DataType::String { .. } | DataType::Unknown(_) => return None,
            },
        };
        let value = AttributeValue::new(value);
        let fits = value.as_str() != typed && self.check(name, &Edit::Set(value.clone())).is_ok();
        fits.then_some(Suggestion { value })
    }
}

/// A phone number as it was meant: `+1 (555) 555-0100`, `0049 151 ..`, `tel:+1-555-..`, `+49 (0) 151 ..`. A number without a country code is not
/// completed: guessing one would send codes to a stranger.
pub fn phone(typed: &str) -> Option<String> {
    let typed = typed.strip_prefix("tel:").unwrap_or(typed);
    // `(0)` is written for callers inside the country and is not part of the number from outside.
    let typed = typed.replace("(0)", "");
    let mut digits = String::new();
    for c in typed.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | '＋' if digits.is_empty() => digits.push('+'),
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{202f}' => {}
            // Full-width digits, as an East Asian keyboard types them.
            '０'..='９' => digits.push(char::from_digit(u32::from(c) - u32::from('０'), 10)?),
            c if glyph::is_shapeless(c) => {}
            _ => return None,
        }
    }
    match digits.strip_prefix("00") {
        Some(rest) => Some(format!("+{rest}")),
        None => digits.starts_with('+').then_some(digits),
    }
}

/// `mailto:jane@example.com`, `Jane Doe <jane@example.com>`, and a comma or full stop copied along.
fn email(typed: &str) -> Option<String> {
    let typed = match (typed.rfind('<'), typed.rfind('>')) {
        (Some(open), Some(close)) if open < close => typed.get(open + 1..close)?,
        _ => typed,
    };
    let typed = typed.strip_prefix("mailto:").unwrap_or(typed);
    Some(
        typed
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '"' | '\''))
            .chars()
            .filter(|c| !glyph::is_shapeless(*c))
            .collect(),
    )
}

/// Year first in any dress, or day and month where only one order makes a date.
fn birthdate(typed: &str) -> Option<String> {
    let parts: Vec<&str> = typed
        .split(['-', '/', '.', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let numbers: Option<Vec<u32>> = parts.iter().map(|part| part.parse().ok()).collect();
    let (lengths, numbers) = (parts.iter().map(|part| part.len()).collect::<Vec<_>>(), numbers?);
    let date = |year: u32, month: u32, day: u32| format!("{year:04}-{month:02}-{day:02}");
    match (lengths.as_slice(), numbers.as_slice()) {
        ([8], _) if typed.is_ascii() => Some(format!("{}-{}-{}", typed.get(..4)?, typed.get(4..6)?, typed.get(6..)?)),
        ([4, ..], [year, month, day]) => Some(date(*year, *month, *day)),
        ([_, _, 4], [first, second, year]) => {
            let readings = [(*second, *first), (*first, *second)];
            let mut real = readings
                .into_iter()
                .map(|(month, day)| date(*year, month, day))
                .filter(|text| format::birthdate(text).is_ok());
            let one = real.next()?;
            real.all(|other| other == one).then_some(one)
        }
        _ => None,
    }
}

fn boolean(typed: &str) -> Option<String> {
    let value = match typed.to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "on" => "true",
        "false" | "f" | "no" | "n" | "0" | "off" => "false",
        _ => return None,
    };
    Some(value.to_owned())
}

fn number(typed: &str) -> String {
    let typed = typed.strip_prefix('+').unwrap_or(typed);
    match typed.strip_prefix('\u{2212}') {
        Some(digits) => format!("-{digits}"),
        None => typed.to_owned(),
    }
}
