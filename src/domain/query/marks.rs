//! Which parts of a value matched: found in the folded text, told in bytes of the value itself.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::word::is_phone;
use super::{Groups, Query, Term, Test, Word};
use crate::domain::Raw;
use crate::domain::column::Column;
use crate::domain::find::fold;
use crate::domain::roster::{Row, RowId, TEXTS};

/// A folded character and the part of the value that it stands for.
type Letters = Vec<(char, Range<usize>)>;

/// The parts of a column's value that terms of the line matched, in order and apart from each other.
pub fn marks(value: &str, query: &Query, column: &Column) -> Vec<Range<usize>> {
    let mut forms: Option<[Letters; 2]> = None;
    let terms = query.terms.iter();
    joined(
        terms
            .flat_map(|term| of_term(value, term, column, &mut forms))
            .collect(),
    )
}

/// A value of a user that a term matched, and the parts of it that did.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    pub column: Column,
    pub value: Raw,
    pub parts: Vec<Range<usize>>,
}

/// Where a term matched a user: every value of which some part did. A word may be in several; what only asks whether there is
/// a value, or when something was, has no such part.
pub fn matched_in(term: &Term, id: RowId, row: Row<'_>, groups: Option<&Groups>) -> Vec<Matched> {
    let columns: Vec<Column> = match &term.test {
        Test::Text(_) => [Column::Username]
            .into_iter()
            .chain(TEXTS.iter().chain(&["sub"]).map(|name| Column::parse(name)))
            .collect(),
        test => test.column().into_iter().collect(),
    };
    let mut found = Vec::new();
    for column in columns {
        let values: Vec<Raw> = match &column {
            Column::Groups => groups.iter().flat_map(|groups| groups.of(id)).cloned().collect(),
            other => other
                .value(row)
                .map(|value| Raw::from(value.into_owned()))
                .into_iter()
                .collect(),
        };
        found.extend(values.into_iter().filter_map(|value| {
            let parts = joined(of_term(value.as_str(), term, &column, &mut None));
            let column = column.clone();
            (!parts.is_empty()).then_some(Matched { column, value, parts })
        }));
    }
    found
}

/// The parts of a value that one term matched, in no order. `forms`: the folded letters of the value, worked out once.
fn of_term(value: &str, term: &Term, column: &Column, forms: &mut Option<[Letters; 2]>) -> Vec<Range<usize>> {
    if term.negated {
        return Vec::new();
    }
    let (word, way) = match (&term.test, column) {
        (Test::Text(word), Column::Username) => (word, Way::Fuzzy),
        (Test::Text(word), Column::Attribute(name)) if TEXTS.contains(&name.as_str()) => (word, Way::Fuzzy),
        (Test::Text(word), Column::Attribute(name)) if name.as_str() == "sub" && word.may_be_a_sub() => {
            (word, Way::Start)
        }
        (Test::Contains(of, word), _) if of == column => (word, Way::Part),
        (Test::Prefix(of, word), _) if of == column => (word, Way::Start),
        (Test::Exact(of, word), _) if of == column && word.is_value(value) => {
            return std::iter::once(0..value.len()).collect();
        }
        (Test::Matches(of, pattern), _) if of == column => {
            return pattern.0.find_iter(value).map(|part| part.range()).collect();
        }
        _ => return Vec::new(),
    };
    let forms = forms.get_or_insert_with(|| [letters(value, fold::plain), letters(value, fold::plain_two_letters)]);
    matched(value, forms, word, way)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Fuzzy,
    Part,
    Start,
}

fn matched(value: &str, forms: &[Letters; 2], word: &Word, way: Way) -> Vec<Range<usize>> {
    if way == Way::Start {
        return start(value, word).into_iter().collect();
    }
    let wanted = [chars(&word.plain), chars(&word.letters)];
    let part = forms
        .iter()
        .find_map(|letters| wanted.iter().find_map(|wanted| part(letters, wanted)));
    if let Some(part) = part {
        return vec![part];
    }
    let digits = word.dialled().filter(|_| is_phone(value)).map(chars);
    let [plain, _] = forms;
    if let Some(part) = digits.as_ref().and_then(|digits| self::part(plain, digits)) {
        return vec![part];
    }
    if way != Way::Fuzzy {
        return Vec::new();
    }
    let [wanted, _] = wanted;
    let spread = forms.iter().find_map(|letters| spread(letters, &wanted));
    spread.or_else(|| self::spread(plain, &digits?)).unwrap_or_default()
}

/// The end of a Greek word has a letter of its own.
fn chars(text: &str) -> Vec<char> {
    text.chars().map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// A value folded letter by letter; an accent that stands by itself belongs to the letter before it.
fn letters(value: &str, folded: impl Fn(&str) -> String) -> Letters {
    let mut letters = Vec::with_capacity(value.len());
    let mut rest = value.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        while let Some((at, mark)) = rest.next_if(|(_, c)| is_combining_mark(*c)) {
            end = at + mark.len_utf8();
        }
        let letter = value.get(start..end).unwrap_or_default();
        if letter.is_ascii() {
            letters.push((c.to_ascii_lowercase(), start..end));
        } else {
            letters.extend(chars(&folded(letter)).into_iter().map(|c| (c, start..end)));
        }
    }
    letters
}

/// Where all of it stands together: at the beginning of a word if it does.
fn part(letters: &Letters, wanted: &[char]) -> Option<Range<usize>> {
    if wanted.is_empty() {
        return None;
    }
    let stands = |at: &usize| {
        let here = letters.get(*at..*at + wanted.len());
        here.is_some_and(|here| here.iter().map(|(c, _)| c).eq(wanted))
    };
    let begins_word = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        before.is_none_or(|(c, _)| !c.is_alphanumeric())
    };
    let places = || (0..letters.len()).filter(stands);
    let at = places().find(begins_word).or_else(|| places().next())?;
    let (_, first) = letters.get(at)?;
    let (_, last) = letters.get(at + wanted.len() - 1)?;
    Some(first.start..last.end)
}

/// Where its characters stand in their order, close together.
fn spread(letters: &Letters, wanted: &[char]) -> Option<Vec<Range<usize>>> {
    let mut left = wanted.iter();
    let mut next = left.next()?;
    let mut end = None;
    for (at, (c, _)) in letters.iter().enumerate() {
        if c == next {
            match left.next() {
                Some(c) => next = c,
                None => {
                    end = Some(at);
                    break;
                }
            }
        }
    }
    // From the first end on backwards: what stood apart at the front may stand nearer.
    let mut found = Vec::with_capacity(wanted.len());
    let mut left = wanted.iter().rev().peekable();
    for (c, at) in letters.get(..=end?)?.iter().rev() {
        if left.next_if(|wanted| *wanted == c).is_some() {
            found.push(at.clone());
        }
    }
    Some(found)
}

/// How much of the value is the beginning that was asked for.
fn start(value: &str, word: &Word) -> Option<Range<usize>> {
    if !word.begins(value) {
        return None;
    }
    // The shortest beginning that holds the word: case and composition may make it longer or shorter than that.
    let ends = value.char_indices().map(|(at, c)| at + c.len_utf8());
    let holds = |end: &usize| value.get(..*end).is_some_and(|start| word.begins(start));
    Some(0..ends.into_iter().find(holds)?)
}

fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}
