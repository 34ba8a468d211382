//! Terms about one attribute or the username: contains, begins with, is, is set.

use super::Place;
use super::bits::Bits;
use super::term::is_phone;
use super::text::Needle;
use crate::domain::attribute::Contact;
use crate::domain::column::Column;
use crate::domain::query::{Term, Test, Word};
use crate::domain::roster::{KINDS, Lying, Reading, Runs, kind, mask};

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
        /// The spellings.
        needles: Vec<Needle>,
        /// The digits, which count in what is a phone number only.
        digits: Option<Needle>,
    },
    Start(&'a Word, u64),
    Whole(&'a Word, u64),
    Set,
    Unset,
}

impl<'a> Field<'a> {
    /// `None`: the term is about something else.
    pub(super) fn of(term: &'a Term) -> Option<Self> {
        let (column, sought) = match &term.test {
            Test::Contains(column, word) => (column, Sought::part(column, word)),
            Test::Prefix(column, word) => (column, Sought::Start(word, mask(word.folded()))),
            Test::Exact(column, word) => (column, Sought::Whole(word, mask(word.folded()))),
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
            Sought::Part { word, .. } => word.folded().is_empty(),
            Sought::Start(word, _) | Sought::Whole(word, _) => word.folded().is_empty(),
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
        let reading = match self.name {
            Some(name) => place.segment.reading(name),
            None => Some(place.segment.reading_usernames()),
        };
        let reading = reading.as_ref();
        let holds = |at: usize| place.holds(self.term, at);
        // Exactly, or but for capitals.
        let lies_folded = |at: usize| reading.is_some_and(|reading| matches!(reading.at(at), Lying::Folded(_)));
        let yes = !self.term.negated;
        match (&self.sought, runs.zip(others)) {
            (Sought::Part { word, needles, digits }, Some((runs, others))) => {
                let sure = !word.folded().contains(' ') && !word.letters().contains(' ');
                if yes {
                    let mask = needles
                        .iter()
                        .chain(digits)
                        .map(Needle::mask)
                        .reduce(|all, mask| all & mask);
                    rows.keep_masked(place.segment.masks(), mask.unwrap_or_default());
                }
                rows.retain(|at| {
                    let range = runs.range(at);
                    let text = || runs.bytes().get(runs.range(at)).unwrap_or_default();
                    let is_in = |needle: &Needle| needle.find(runs.bytes(), range.clone()).is_some();
                    if needles.iter().any(is_in) {
                        return sure && yes || holds(at);
                    }
                    if digits.as_ref().is_some_and(is_in) && is_phone(text()) {
                        return yes && lies_folded(at) || holds(at);
                    }
                    let range = others.range(at);
                    let is_in = |needle: &Needle| needle.find(others.bytes(), range.clone()).is_some();
                    match needles.iter().chain(digits).any(is_in) {
                        // That may be a spelling of another value. What lies folded in ASCII has no other one.
                        true if text().is_ascii() && lies_folded(at) => !yes,
                        true => holds(at),
                        false => !yes,
                    }
                });
            }
            (Sought::Start(word, mask) | Sought::Whole(word, mask), Some((runs, _))) => {
                if yes {
                    rows.keep_masked(place.segment.masks(), *mask);
                }
                let folded = word.folded().as_bytes();
                let whole = matches!(self.sought, Sought::Whole(..));
                let ascii = word.small().is_ascii();
                rows.retain(|at| {
                    let text = runs.get(at);
                    if !text.starts_with(folded) || whole && ascii && text.len() != folded.len() {
                        return !yes;
                    }
                    match ascii && text.is_ascii() && lies_folded(at) {
                        true => yes,
                        false => holds(at),
                    }
                });
            }
            (Sought::Part { .. } | Sought::Start(..) | Sought::Whole(..), None) => {
                let mut lately = Lately::default();
                rows.retain(|at| match reading.map(|reading| reading.at(at)) {
                    None | Some(Lying::Nowhere) => !yes,
                    Some(Lying::Text(text)) => lately.answer(text, |text| self.is_in(text)) == yes,
                    Some(Lying::Folded(kind)) => {
                        let text = kinds.get(usize::from(kind)).map(|runs| runs.get(at));
                        self.is_in(text.unwrap_or_default()) == yes
                    }
                    Some(_) => holds(at),
                });
            }
            (Sought::Set | Sought::Unset, _) => {
                let set = matches!(self.sought, Sought::Set) == yes;
                rows.retain(|at| match reading.map(|reading: &Reading<'_>| reading.at(at)) {
                    None | Some(Lying::Nowhere) => !set,
                    Some(Lying::Text(text)) => text.is_empty() != set,
                    Some(Lying::Folded(kind)) => {
                        let text = kinds.get(usize::from(kind)).map(|runs| runs.get(at));
                        text.is_none_or(<[u8]>::is_empty) != set
                    }
                    Some(_) => holds(at),
                });
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
                Sought::Start(word, _) => word.begins(text),
                Sought::Whole(word, _) => word.is_value(text),
                Sought::Set | Sought::Unset => false,
            }
    }
}

/// What was answered for values that were seen lately: many attributes have but a few.
struct Lately<'a>([(&'a [u8], bool); 64]);

impl Default for Lately<'_> {
    fn default() -> Self {
        Self([(&[], false); 64])
    }
}

impl<'a> Lately<'a> {
    fn answer(&mut self, text: &'a [u8], ask: impl FnOnce(&[u8]) -> bool) -> bool {
        let byte = |at: usize| text.get(at).copied().map_or(0, usize::from);
        let mixed = byte(0) + 3 * byte(text.len() / 2) + 5 * byte(text.len().saturating_sub(1)) + 7 * text.len();
        match self.0.get_mut(mixed % 64) {
            Some((known, answer)) if *known == text && !text.is_empty() => *answer,
            Some(place) => {
                *place = (text, ask(text));
                place.1
            }
            None => ask(text),
        }
    }
}

impl<'a> Sought<'a> {
    fn part(column: &Column, word: &'a Word) -> Self {
        let other = Some(word.letters()).filter(|letters| *letters != word.folded());
        let is_number = matches!(column, Column::Attribute(name) if name.contact() == Some(Contact::PhoneNumber));
        Self::Part {
            word,
            needles: [word.folded()].into_iter().chain(other).map(Needle::new).collect(),
            digits: word.dialled().filter(|_| is_number).map(Needle::new),
        }
    }
}
