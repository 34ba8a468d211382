//! What may come next in a line: names, fixed words, and values that were seen.

use std::ops::Range;

use super::known::{FIXED, Known, Subject};
use super::parse::{Sign, compared, spaces, word_end};
use super::print::quoted;
use crate::domain::column::Column;
use crate::domain::find::fold;
use crate::domain::raw::Raw;
use crate::domain::user::UserStatus;

/// A text, and how it is written in the line.
type Text = (String, String);

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
        return beginning(texts, &unquoted(typed), start + behind..end);
    }
    if typed.starts_with('"') {
        return Vec::new();
    }
    let missing = line.get(..start).is_some_and(|before| before.ends_with('!'));
    // Where a sign stands behind the cursor already only the name in front of it is replaced.
    let (end, with_sign) = match sign_behind(line, start, cursor, end, known) {
        Some(sign) => (sign, false),
        None => (end, !missing),
    };
    beginning(names(known, with_sign, missing), typed, start..end)
}

fn sign_behind(line: &str, start: usize, cursor: usize, end: usize, known: &Known) -> Option<usize> {
    let whole = line.get(start..end)?;
    let named = compared(whole, known).and_then(|(_, _, behind)| {
        let name = whole.get(..behind)?.trim_end_matches([':', '=', '^', '~', '<', '>']);
        Some(start + name.len()).filter(|sign| *sign >= cursor)
    });
    named.or_else(|| {
        let rest = line.get(cursor..end)?;
        let mut places = rest.char_indices().map(|(at, _)| at);
        let at = places.find(|at| rest.get(*at..).and_then(Sign::at).is_some())?;
        Some(cursor + at)
    })
}

/// The term that the cursor is in or at the end of; quotes keep spaces inside.
fn term_at(line: &str, cursor: usize) -> Option<(usize, usize)> {
    line.get(..cursor)?;
    let mut at = spaces(line, 0);
    while at < line.len() {
        let end = term_end(line, at, cursor);
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

fn term_end(line: &str, start: usize, cursor: usize) -> usize {
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
    // Nothing says what an open quote was meant to hold: no more than the word that the cursor is in.
    word_end(line, start.max(cursor))
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

fn names(known: &Known, with_sign: bool, missing: bool) -> Vec<Text> {
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
    fixed.chain(attributes).map(as_it_is).collect()
}

fn as_it_is(text: String) -> Text {
    (text.clone(), text)
}

fn values_for(subject: &Subject, sign: Sign, values: impl Fn(&Column) -> Vec<Raw>) -> Vec<Text> {
    let fixed = |words: &[&str]| words.iter().map(|word| as_it_is((*word).to_owned())).collect();
    let column = match subject {
        Subject::Verified => return fixed(&["email", "phone"]),
        Subject::Several(_) => return Vec::new(),
        Subject::Column(column) => column,
    };
    match (column, sign) {
        (Column::Enabled, _) => fixed(&["yes", "no"]),
        (Column::Created | Column::Changed, Sign::Than(_)) => fixed(&["1h", "1d", "7d", "30d", "1y"]),
        (_, Sign::Matches | Sign::Than(_)) | (Column::Created | Column::Changed, _) => Vec::new(),
        (Column::Status, Sign::Colon) => UserStatus::WORDS
            .iter()
            .map(|word| as_it_is(word.to_ascii_lowercase()))
            .collect(),
        (column, sign) => {
            let any = (sign == Sign::Colon).then(|| as_it_is("*".to_owned()));
            let seen = values(column).into_iter().map(|value| {
                let written = quoted(value.as_str());
                (value.into_string(), written)
            });
            seen.chain(any).collect()
        }
    }
}

/// Those that begin with what was typed, then those that hold it. What is typed to its end already is no candidate.
fn beginning(texts: Vec<Text>, typed: &str, at: Range<usize>) -> Vec<Candidate> {
    let wanted = fold::plain(typed);
    let mut ranked: Vec<(u8, String)> = Vec::new();
    for (text, written) in texts {
        let rank = match fold::plain(&text).find(&wanted) {
            _ if text == typed => continue,
            Some(0) => 0,
            Some(_) => 1,
            None => continue,
        };
        if !ranked.iter().any(|(_, known)| *known == written) {
            ranked.push((rank, written));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked
        .into_iter()
        .map(|(_, written)| Candidate {
            at: at.clone(),
            text: Raw::from(written),
        })
        .collect()
}
