//! Terms about one attribute or the username: contains, begins with, is, is set.

use memchr::memmem::Finder;

use super::Place;
use super::bits::Bits;
use crate::domain::column::Column;
use crate::domain::query::{Term, Test, Word};
use crate::domain::roster::{KINDS, Lying, Reading, Runs, kind};

/// A term about one value of a user.
pub(super) struct Field<'a> {
    term: &'a Term,
    sought: Sought<'a>,
    /// The kind of folded text it is in, if it is in one.
    kind: Option<u8>,
    /// The full name; none for the username.
    name: Option<&'a str>,
}

enum Sought<'a> {
    Part {
        word: &'a Word,
        /// The spellings, and the digits, which count in what is a phone number only.
        finders: Vec<(Finder<'a>, bool)>,
    },
    Start(&'a Word),
    Whole(&'a Word),
    Set,
    Unset,
}

impl<'a> Field<'a> {
    /// `None`: the term is about something else.
    pub(super) fn of(term: &'a Term) -> Option<Self> {
        let (column, sought) = match &term.test {
            Test::Contains(column, word) => (column, Sought::part(word)),
            Test::Prefix(column, word) => (column, Sought::Start(word)),
            Test::Exact(column, word) => (column, Sought::Whole(word)),
            Test::Present(column) => (column, Sought::Set),
            Test::Missing(column) => (column, Sought::Unset),
            _ => return None,
        };
        let (kind, name) = match column {
            Column::Username => (Some(0), None),
            Column::Attribute(name) => (kind(name.as_str()), Some(name.as_str())),
            _ => return None,
        };
        // Without text there is nothing to look for; the row itself says what that means.
        let empty = match &sought {
            Sought::Part { word, .. } => word.folded().is_empty() || word.dialled() == Some(""),
            Sought::Start(word) | Sought::Whole(word) => word.folded().is_empty(),
            Sought::Set | Sought::Unset => name.is_none(),
        };
        (!empty).then_some(Self {
            term,
            sought,
            kind,
            name,
        })
    }

    pub(super) fn is_folded(&self) -> bool {
        self.kind.is_some()
    }

    pub(super) fn apply(&self, place: &Place<'_>, rows: &mut Bits) {
        let kinds: Vec<&Runs> = place.segment.folded().map(|(runs, _)| runs).collect();
        let runs = self.kind.and_then(|kind| kinds.get(usize::from(kind)).copied());
        let others = kinds.get(KINDS - 1).copied();
        let holds = |at: usize| place.holds(self.term, at);
        let yes = !self.term.negated;
        match (&self.sought, runs.zip(others)) {
            (Sought::Part { word, finders }, Some((runs, others))) => {
                let sure = !word.folded().contains(' ') && !word.letters().contains(' ');
                let mut found = Bits::none(place.segment.len());
                for (finder, counts) in finders {
                    let sure = sure && *counts;
                    hits(finder, runs, rows, &mut found, |at| sure || holds(at) == yes);
                    hits(finder, others, rows, &mut found, |at| holds(at) == yes);
                }
                match yes {
                    true => *rows = found,
                    false => rows.subtract(&found),
                }
            }
            (Sought::Start(word) | Sought::Whole(word), Some((runs, _))) => {
                let reading = self.name.and_then(|name| place.segment.reading(name));
                let folded = word.folded().as_bytes();
                let whole = matches!(self.sought, Sought::Whole(_));
                let ascii = word.small().is_ascii();
                rows.retain(|at| {
                    let text = runs.get(at);
                    if !text.starts_with(folded) || whole && ascii && text.len() != folded.len() {
                        return !yes;
                    }
                    let plain = reading
                        .as_ref()
                        .is_some_and(|reading| matches!(reading.at(at), Lying::Folded(_)));
                    match ascii && plain && text.is_ascii() {
                        true => yes,
                        false => holds(at),
                    }
                });
            }
            (Sought::Part { .. } | Sought::Start(_) | Sought::Whole(_), None) => {
                let reading = self.name.and_then(|name| place.segment.reading(name));
                let mut last = (&[][..], false);
                rows.retain(|at| match reading.as_ref().map(|reading| reading.at(at)) {
                    None | Some(Lying::Nowhere) => !yes,
                    Some(Lying::Text(text)) => {
                        // Neighbours are often the same.
                        if last.0 != text || text.is_empty() {
                            last = (text, self.is_in(text));
                        }
                        last.1 == yes
                    }
                    Some(Lying::Folded(kind)) => {
                        let text = kinds.get(usize::from(kind)).map(|runs| runs.get(at));
                        self.is_in(text.unwrap_or_default()) == yes
                    }
                    Some(_) => holds(at),
                });
            }
            (Sought::Set | Sought::Unset, _) => {
                let set = matches!(self.sought, Sought::Set) == yes;
                let reading = self.name.and_then(|name| place.segment.reading(name));
                rows.retain(
                    |at| match reading.as_ref().map(|reading: &Reading<'_>| reading.at(at)) {
                        None | Some(Lying::Nowhere) => !set,
                        Some(Lying::Text(text)) => text.is_empty() != set,
                        Some(Lying::Folded(kind)) => {
                            let text = kinds.get(usize::from(kind)).map(|runs| runs.get(at));
                            text.is_none_or(<[u8]>::is_empty) != set
                        }
                        Some(_) => holds(at),
                    },
                );
            }
        }
    }

    /// Whether a value of no folded text has what is sought.
    fn is_in(&self, text: &[u8]) -> bool {
        let Ok(text) = str::from_utf8(text) else {
            return false;
        };
        !text.is_empty()
            && match &self.sought {
                Sought::Part { word, .. } => word.is_part(text),
                Sought::Start(word) => word.begins(text),
                Sought::Whole(word) => word.is_value(text),
                Sought::Set | Sought::Unset => false,
            }
    }
}

impl<'a> Sought<'a> {
    fn part(word: &'a Word) -> Self {
        let other = Some(word.letters()).filter(|letters| *letters != word.folded());
        let digits = word.dialled().into_iter().map(|digits| (digits, false));
        let spellings = [word.folded()].into_iter().chain(other).map(|text| (text, true));
        Self::Part {
            word,
            finders: spellings
                .chain(digits)
                .map(|(text, counts)| (Finder::new(text), counts))
                .collect(),
        }
    }
}

/// What is as short as this is in so many texts that each is looked at by itself.
const FREQUENT: usize = 1;

/// Notes the rows whose text has what is looked for, if they are asked for and it is sure.
fn hits(finder: &Finder<'_>, runs: &Runs, rows: &Bits, found: &mut Bits, is_sure: impl Fn(usize) -> bool) {
    if finder.needle().len() <= FREQUENT {
        for (row, text) in runs.iter() {
            if rows.has(row) && finder.find(text).is_some() && !found.has(row) && is_sure(row) {
                found.put(row);
            }
        }
        return;
    }
    let bytes = runs.bytes();
    let (mut from, mut row) = (0, 0);
    while let Some(place) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
        let place = from + place;
        row = runs.row_at(place, row);
        let text = runs.range(row);
        if place + finder.needle().len() > text.end {
            // It reaches into the next row.
            from = place + 1;
            continue;
        }
        from = text.end;
        if rows.has(row) && !found.has(row) && is_sure(row) {
            found.put(row);
        }
    }
}
