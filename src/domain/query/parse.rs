//! The line, read term by term.

use std::ops::Range;

use regex::RegexBuilder;

use super::known::{Known, Subject};
use super::time::{Than, When};
use super::{Mistake, Moment, Pattern, Query, Term, Test, Word};
use crate::domain::attribute::{AttributeName, Contact};
use crate::domain::column::Column;
use crate::domain::nearest::nearest;
use crate::domain::raw::Raw;
use crate::domain::sentence::Sentence;
use crate::domain::user::UserStatus;
use crate::say;

/// A compiled pattern takes at most this much memory: far over anything that is typed by hand.
const LARGEST: usize = 1 << 18;

/// What stands between a name and a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Colon,
    Equal,
    Begins,
    Matches,
    Than(Than),
}

impl Sign {
    /// The longer ones first.
    const ALL: [(&'static str, Self); 8] = [
        ("^=", Self::Begins),
        ("<=", Self::Than(Than::AtMost)),
        (">=", Self::Than(Than::AtLeast)),
        ("<", Self::Than(Than::Less)),
        (">", Self::Than(Than::More)),
        (":", Self::Colon),
        ("=", Self::Equal),
        ("~", Self::Matches),
    ];

    /// The sign that a text begins with, and its length.
    pub(super) fn at(text: &str) -> Option<(Self, usize)> {
        Self::ALL
            .iter()
            .find(|(written, _)| text.starts_with(written))
            .map(|(written, sign)| (*sign, written.len()))
    }
}

/// What stands behind a sign.
struct Value {
    text: String,
    quoted: bool,
    at: Range<usize>,
}

type Parsed<T> = Result<T, Mistake>;

fn mistake<T>(at: Range<usize>, expected: impl Into<Sentence>) -> Parsed<T> {
    Err(Mistake {
        at,
        expected: expected.into(),
    })
}

pub(super) fn parse(line: &str, known: &Known) -> Parsed<Query> {
    let mut terms = Vec::new();
    let mut at = spaces(line, 0);
    while at < line.len() {
        let (term, end) = term(line, at, known)?;
        terms.push(term);
        at = spaces(line, end);
    }
    Ok(Query { terms })
}

fn from(line: &str, at: usize) -> &str {
    line.get(at..).unwrap_or_default()
}

/// Where the spaces end that begin here.
pub(super) fn spaces(line: &str, at: usize) -> usize {
    line.len() - from(line, at).trim_start().len()
}

/// Where the word ends that begins here.
pub(super) fn word_end(line: &str, at: usize) -> usize {
    from(line, at)
        .find(char::is_whitespace)
        .map_or(line.len(), |length| at + length)
}

pub(super) fn term(line: &str, start: usize, known: &Known) -> Parsed<(Term, usize)> {
    let mut at = start;
    let negated = from(line, at).starts_with('-');
    if negated {
        at += 1;
        let behind = from(line, at);
        if behind.is_empty() || behind.starts_with(char::is_whitespace) {
            return mistake(start..at, "right behind the - what must not match, or quotes around it");
        }
        if behind.starts_with('-') {
            return mistake(at..at + 1, "one - only, or quotes around the text");
        }
    }
    let (test, end) = if from(line, at).starts_with('!') {
        let end = word_end(line, at);
        (missing(line, at + 1..end, known)?, end)
    } else if from(line, at).starts_with('"') {
        let (value, end) = quoted(line, at)?;
        if value.text.is_empty() {
            return mistake(value.at, "text between the quotes");
        }
        (Test::Text(Word::new(&value.text)), end)
    } else if let Some((subject, sign, behind)) = compared(from(line, at), known) {
        compare(line, at, &subject, sign, at + behind)?
    } else {
        let end = word_end(line, at);
        let word = line.get(at..end).unwrap_or_default();
        if let Some(name) = slip(word) {
            return unknown(at..at + name.len(), name, known);
        }
        (Test::Text(Word::new(word)), end)
    };
    let span = start..end;
    Ok((Term { negated, test, span }, end))
}

/// The name and the sign that a term begins with, and where its value begins. Of several names that fit it is the longest.
pub(super) fn compared(term: &str, known: &Known) -> Option<(Subject, Sign, usize)> {
    let begins = |name: &str| {
        let start = term.get(..name.len())?;
        let (sign, length) = Sign::at(term.get(name.len()..)?)?;
        start.eq_ignore_ascii_case(name).then_some((name.len(), sign, length))
    };
    if let Some((name, sign, length)) = known.spelled().filter_map(begins).max_by_key(|(name, _, _)| *name) {
        let subject = known.resolve(term.get(..name)?)?;
        return Some((subject, sign, name + length));
    }
    let word = term.get(..word_end(term, 0))?;
    let name = slip(word)?;
    let (sign, length) = Sign::at(word.get(name.len()..)?)?;
    Some((known.supposed(name)?, sign, name.len() + length))
}

/// What looks like the name of an attribute in front of a sign.
fn slip(word: &str) -> Option<&str> {
    let prefix = ["dev:custom:", "custom:", "dev:"]
        .into_iter()
        .find(|start| word.starts_with(start))
        .map_or(0, str::len);
    let rest = word.get(prefix..)?;
    let end = rest
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| rest.get(*at..).and_then(Sign::at).is_some())?;
    let name = rest.get(..end)?;
    let named = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let address = rest.get(end..)?.starts_with("://");
    (named && !address).then_some(())?;
    word.get(..prefix + end)
}

fn unknown<T>(at: Range<usize>, name: &str, known: &Known) -> Parsed<T> {
    let expected = say!("an attribute of this pool, or quotes around the text");
    mistake(
        at,
        match known.nearest(name) {
            Some(meant) => {
                let expected = expected.words("; did you mean ").name(&Raw::from(meant)).words("?");
                match known.is_open() {
                    true => expected.words(" Or custom:").name(&Raw::from(name)).words(" in full"),
                    false => expected,
                }
            }
            None => expected,
        },
    )
}

fn several<T>(at: Range<usize>, names: &[AttributeName]) -> Parsed<T> {
    let mut expected = Sentence::from("the full name: ");
    for (number, name) in names.iter().enumerate() {
        if number > 0 {
            expected = expected.words(" or ");
        }
        expected = expected.name(name.raw());
    }
    mistake(at, expected)
}

/// `!email`
fn missing(line: &str, at: Range<usize>, known: &Known) -> Parsed<Test> {
    let name = line.get(at.clone()).unwrap_or_default();
    if name.is_empty() {
        return mistake(
            at,
            "the name of an attribute that must be missing, or quotes around the text",
        );
    }
    match known.resolve(name).or_else(|| {
        let whole = slip(&format!("{name}:")).is_some_and(|slip| slip.len() == name.len());
        whole.then(|| known.supposed(name)).flatten()
    }) {
        Some(Subject::Column(column)) => match column {
            Column::Username | Column::Status => mistake(
                at,
                "something that can be missing: everybody has a username and a status",
            ),
            Column::Enabled => mistake(at, "enabled:no for disabled accounts"),
            column => Ok(Test::Missing(column)),
        },
        Some(Subject::Verified) => mistake(at, "-verified:email or -verified:phone"),
        Some(Subject::Several(names)) => several(at, &names),
        None if compared(name, known).is_some() => mistake(
            at,
            "the name alone behind ! (a - in front asks for the contrary of a comparison)",
        ),
        None => unknown(at, name, known),
    }
}

/// Quoted text that begins here; `\"` and `\\` stand for a quote and a backslash, any other backslash for itself.
fn quoted(line: &str, start: usize) -> Parsed<(Value, usize)> {
    let mut text = String::new();
    let mut chars = from(line, start).char_indices().skip(1).peekable();
    while let Some((offset, c)) = chars.next() {
        match c {
            '\\' => match chars.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => text.push(escaped),
                None => text.push(c),
            },
            '"' => {
                let end = start + offset + 1;
                if let Some(next) = from(line, end).chars().next().filter(|next| !next.is_whitespace()) {
                    return mistake(end..end + next.len_utf8(), "a space behind the closing quote");
                }
                let value = Value {
                    text,
                    quoted: true,
                    at: start..end,
                };
                return Ok((value, end));
            }
            _ => text.push(c),
        }
    }
    mistake(start..line.len(), "a closing quote")
}

fn value(line: &str, start: usize) -> Parsed<(Value, usize)> {
    if from(line, start).starts_with('"') {
        return quoted(line, start);
    }
    let end = word_end(line, start);
    let value = Value {
        text: line.get(start..end).unwrap_or_default().to_owned(),
        quoted: false,
        at: start..end,
    };
    Ok((value, end))
}

fn compare(line: &str, name: usize, subject: &Subject, sign: Sign, behind: usize) -> Parsed<(Test, usize)> {
    // Where the sign alone is wrong nothing is asked about the value.
    let column = match subject {
        Subject::Several(names) => return several(name..behind, names),
        Subject::Verified => None,
        Subject::Column(column) => Some(column),
    };
    let moment = match column {
        Some(Column::Created) => Some(Moment::Created),
        Some(Column::Changed) => Some(Moment::Changed),
        _ => None,
    };
    let plain = matches!(sign, Sign::Colon | Sign::Equal);
    match (column, sign, moment) {
        (None, ..) if !plain => return mistake(name..behind, "verified:email or verified:phone"),
        (Some(Column::Enabled), ..) if !plain => return mistake(name..behind, "enabled:yes or enabled:no"),
        (_, Sign::Begins | Sign::Matches, Some(_)) => {
            return mistake(name..behind, "one of < > <= >= : in front of an age or a date");
        }
        (_, Sign::Than(_), None) => {
            return mistake(
                name..behind,
                "one of : = ^= ~ (only created and changed can be before or after)",
            );
        }
        _ => {}
    }
    let (value, end) = value(line, behind)?;
    let test = match (column, moment) {
        (None, _) => verified(&value)?,
        (Some(_), Some(of)) => time(of, sign, value)?,
        (Some(Column::Enabled), _) => enabled(&value)?,
        (Some(column), None) => text(column.clone(), sign, value)?,
    };
    Ok((test, end))
}

fn verified(value: &Value) -> Parsed<Test> {
    match value.text.to_ascii_lowercase().as_str() {
        "email" | "e-mail" => Ok(Test::Verified(Contact::Email)),
        "phone" | "phone_number" => Ok(Test::Verified(Contact::PhoneNumber)),
        _ => mistake(value.at.clone(), "email or phone"),
    }
}

fn enabled(value: &Value) -> Parsed<Test> {
    match value.text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(Test::Enabled(true)),
        "no" | "false" => Ok(Test::Enabled(false)),
        _ => mistake(value.at.clone(), "yes or no"),
    }
}

fn time(of: Moment, sign: Sign, value: Value) -> Parsed<Test> {
    let is_any = value.text == "*" && !value.quoted;
    if is_any && sign == Sign::Colon {
        return Ok(Test::Present(of.column()));
    }
    let is = match sign {
        Sign::Than(than) => than,
        _ => Than::Within,
    };
    match When::parse(&value.text) {
        Some(When::Age { .. }) if is == Than::Within => {
            mistake(value.at, "a date like 2026-01-31; an age stands behind < or >")
        }
        Some(when) => Ok(Test::Time { of, is, when }),
        None => mistake(
            value.at,
            "an age like 7d or 12h, a date like 2026-01-31, or a time like 2026-01-31T09:30Z",
        ),
    }
}

fn text(column: Column, sign: Sign, mut value: Value) -> Parsed<Test> {
    if value.text.is_empty() {
        return match value.quoted {
            true => mistake(value.at, "a value: what has none is found with ! in front of the name"),
            false if sign == Sign::Colon => mistake(value.at, "a value, or * for any"),
            false => mistake(value.at, "a value"),
        };
    }
    let is_phone = matches!(&column, Column::Attribute(name) if name.as_str() == "phone_number");
    if is_phone && matches!(sign, Sign::Equal | Sign::Begins) {
        value.text = number(&value.text).unwrap_or(value.text);
    }
    match sign {
        Sign::Colon if value.text == "*" && !value.quoted => Ok(Test::Present(column)),
        Sign::Colon if column == Column::Status => status(&value),
        Sign::Colon if column == Column::Groups => Ok(Test::Exact(column, Word::new(&value.text))),
        Sign::Colon | Sign::Than(_) => Ok(Test::Contains(column, Word::new(&value.text))),
        Sign::Equal => Ok(Test::Exact(column, Word::new(&value.text))),
        Sign::Begins => Ok(Test::Prefix(column, Word::new(&value.text))),
        Sign::Matches => match RegexBuilder::new(&value.text)
            .case_insensitive(true)
            .size_limit(LARGEST)
            .build()
        {
            Ok(regex) => Ok(Test::Matches(column, Pattern(regex))),
            Err(problem) => mistake(value.at, unreadable(&problem)),
        },
    }
}

/// `+1 (555) 0100` as the service stores it.
fn number(typed: &str) -> Option<String> {
    let digits = typed.strip_prefix('+')?;
    let between = |c: char| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')');
    let is_number =
        digits.chars().all(|c| c.is_ascii_digit() || between(c)) && digits.contains(|c: char| c.is_ascii_digit());
    is_number.then(|| typed.chars().filter(|c| !between(*c)).collect())
}

/// `confirmed`, or as much of it as tells what is meant; `force-change` for `FORCE_CHANGE_PASSWORD`.
fn status(value: &Value) -> Parsed<Test> {
    let word = value.text.to_ascii_uppercase().replace(['-', ' '], "_");
    if UserStatus::WORDS.iter().any(|status| status.starts_with(&word)) {
        return Ok(Test::Prefix(Column::Status, Word::new(&word.to_ascii_lowercase())));
    }
    let known = UserStatus::WORDS.join(", ").to_ascii_lowercase();
    let expected = match nearest(&word, UserStatus::WORDS) {
        Some(meant) => format!("a status; did you mean {}?", meant.to_ascii_lowercase()),
        None => format!("a status: {known} (any other behind status=)"),
    };
    mistake(value.at.clone(), expected)
}

/// The last line of the message says what is wrong; the others draw the pattern.
fn unreadable(problem: &regex::Error) -> Sentence {
    let why = match problem {
        regex::Error::CompiledTooBig(_) => "this one would take too much memory".to_owned(),
        other => {
            let message = other.to_string();
            let last = message
                .lines()
                .rfind(|line| !line.trim().is_empty())
                .unwrap_or_default();
            last.trim().trim_start_matches("error: ").to_owned()
        }
    };
    say!("a regular expression (", name & Raw::from(why), ")")
}
