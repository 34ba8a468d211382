//! What may come next in a line: names, fixed words, and values that were seen.

use std::ops::Range;

use super::known::{FIXED, Known, Subject};
use super::parse::{Sign, compared, spaces, word_end};
use super::print::quoted;
use crate::domain::column::Column;
use crate::domain::find::fold;
use crate::domain::raw::Raw;
use crate::domain::user::UserStatus;

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it takes the place of, in bytes of the line.
    pub at: Range<usize>,
    pub text: Raw,
}

/// What can stand where the cursor is, likely ones first. `values`: what was seen of a column, most frequent first.
pub fn complete(line: &str, cursor: usize, known: &Known, values: impl Fn(&Column) -> Vec<Raw>) -> Vec<Candidate> {
    let Some((start, end)) = term_at(line, cursor) else {
        return Vec::new();
    };
    let signs = line
        .get(start..cursor)
        .unwrap_or_default()
        .bytes()
        .take_while(|byte| matches!(byte, b'-' | b'!'))
        .count();
    let start = start + signs.min(2);
    let typed = line.get(start..cursor).unwrap_or_default();
    if let Some((subject, sign, behind)) = compared(typed, known) {
        let typed = typed.get(behind..).unwrap_or_default();
        let texts = values_for(&subject, sign, values);
        return beginning(texts, unquoted(typed), start + behind..end);
    }
    if typed.starts_with('"') {
        return Vec::new();
    }
    let missing = line.get(..start).is_some_and(|before| before.ends_with('!'));
    // Behind the cursor may stand a comparison already: then only its name is replaced.
    let name_end = line
        .get(start..end)
        .and_then(|whole| name_end(whole, known))
        .map_or(end, |length| start + length);
    let (end, with_sign) = match name_end {
        behind if behind < end => (behind.max(cursor), false),
        _ => (end, !missing),
    };
    beginning(names(known, with_sign, missing), typed.to_owned(), start..end)
}

fn name_end(term: &str, known: &Known) -> Option<usize> {
    let (_, _, behind) = compared(term, known)?;
    let value = term.get(..behind)?;
    Some(value.trim_end_matches([':', '=', '^', '~', '<', '>']).len())
}

/// The term that the cursor is in or at the end of; quotes keep spaces inside.
fn term_at(line: &str, cursor: usize) -> Option<(usize, usize)> {
    line.get(..cursor)?;
    let mut at = spaces(line, 0);
    while at < line.len() {
        let end = term_end(line, at);
        if cursor < at {
            break;
        }
        if cursor <= end {
            return Some((at, end));
        }
        at = spaces(line, end);
    }
    Some((cursor, cursor))
}

fn term_end(line: &str, start: usize) -> usize {
    let word = word_end(line, start);
    let quote = line.get(start..word).and_then(|term| {
        let at = term.find('"')?;
        let before = term.get(..at)?;
        (before.is_empty() || before.ends_with([':', '=', '~', '-', '<', '>'])).then_some(start + at)
    });
    let Some(quote) = quote else {
        return word;
    };
    let mut escaped = false;
    for (offset, c) in line.get(quote..).unwrap_or_default().char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return word_end(line, quote + offset + 1),
            _ => {}
        }
    }
    line.len()
}

/// What is typed of a value so far.
fn unquoted(typed: &str) -> String {
    match typed.strip_prefix('"') {
        None => typed.to_owned(),
        Some(inside) => inside
            .strip_suffix('"')
            .unwrap_or(inside)
            .replace("\\\"", "\"")
            .replace("\\\\", "\\"),
    }
}

fn names(known: &Known, with_sign: bool, missing: bool) -> Vec<String> {
    let fixed = FIXED
        .into_iter()
        .filter(|word| !matches!(*word, "groups" | "cognito:user_status"))
        .filter(|word| !missing || matches!(*word, "group" | "created" | "changed"))
        .map(|word| match word {
            _ if !with_sign => word.to_owned(),
            "created" | "changed" => format!("{word}<"),
            _ => format!("{word}:"),
        });
    let sign = if with_sign { ":" } else { "" };
    let attributes = known.names().iter().flat_map(|name| {
        let short = known.shortest(name);
        let full = (short != name.as_str()).then(|| format!("{}{sign}", name.as_str()));
        [Some(format!("{short}{sign}")), full].into_iter().flatten()
    });
    fixed.chain(attributes).collect()
}

fn values_for(subject: &Subject, sign: Sign, values: impl Fn(&Column) -> Vec<Raw>) -> Vec<String> {
    let fixed = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let column = match subject {
        Subject::Verified => return fixed(&["email", "phone"]),
        Subject::Several(_) => return Vec::new(),
        Subject::Column(column) => column,
    };
    match (column, sign) {
        (Column::Enabled, _) => fixed(&["yes", "no"]),
        (Column::Created | Column::Changed, Sign::Than(_)) => fixed(&["1h", "1d", "7d", "30d", "1y"]),
        (_, Sign::Matches | Sign::Than(_)) | (Column::Created | Column::Changed, _) => Vec::new(),
        (Column::Status, Sign::Colon) => UserStatus::WORDS.iter().map(|word| word.to_ascii_lowercase()).collect(),
        (column, sign) => {
            let any = (sign == Sign::Colon).then(|| "*".to_owned());
            let seen = values(column).into_iter().map(|value| quoted(value.as_str()));
            seen.chain(any).collect()
        }
    }
}

/// Those that begin with what was typed, then those that hold it. What is typed to its end already is no candidate.
fn beginning(texts: Vec<String>, typed: String, at: Range<usize>) -> Vec<Candidate> {
    let wanted = fold::plain(&typed);
    let mut ranked: Vec<(u8, String)> = Vec::new();
    for text in texts {
        let folded = fold::plain(text.trim_start_matches('"'));
        let rank = match folded.find(&wanted) {
            _ if text == typed => continue,
            Some(0) => 0,
            Some(_) => 1,
            None => continue,
        };
        if !ranked.iter().any(|(_, known)| *known == text) {
            ranked.push((rank, text));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked
        .into_iter()
        .map(|(_, text)| Candidate {
            at: at.clone(),
            text: Raw::from(text),
        })
        .collect()
}
