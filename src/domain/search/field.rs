//! Terms about one attribute or the username: contains, begins with, is, is set.

use super::Place;
use super::bits::Bits;
use super::fuzzy::lines;
use super::term::is_phone;
use super::text::{MANY, Needle};
use crate::domain::attribute::Contact;
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
        /// The spellings.
        needles: Vec<Needle>,
        /// The digits, which count in what is a phone number only.
        digits: Option<Needle>,
    },
    Start(&'a Word, Needle),
    Whole(&'a Word, Needle),
    Set,
    Unset,
}

impl<'a> Field<'a> {
    /// `None`: the term is about something else.
    pub(super) fn of(term: &'a Term) -> Option<Self> {
        let (column, sought) = match &term.test {
            Test::Contains(column, word) => (column, Sought::part(column, word)),
            Test::Prefix(column, word) => (column, Sought::Start(word, Needle::new(word.folded()))),
            Test::Exact(column, word) => (column, Sought::Whole(word, Needle::new(word.folded()))),
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

    /// Takes out of `rows` those of which the term does not hold.
    pub(super) fn apply(&self, place: &Place<'_>, rows: &mut Bits) {
        let mut found = rows.clone();
        match &self.sought {
            Sought::Part { .. } | Sought::Start(..) | Sought::Whole(..) => {
                // The mask of a single row here and there costs as much as its text.
                if found.len() >= place.segment.len() / MANY {
                    found.keep_masked(place.segment.masks(), self.mask());
                }
                match self.kind {
                    Some(kind) => self.find_folded(place, kind, &mut found),
                    None => self.find_values(place, &mut found),
                }
            }
            Sought::Set => self.find_values(place, &mut found),
            Sought::Unset => {
                let mut set = found.clone();
                self.find_values(place, &mut set);
                found.subtract(&set);
            }
        }
        match self.term.negated {
            true => rows.subtract(&found),
            false => *rows = found,
        }
    }

    /// The bits that the mask of whoever has it has: what is in no folded text is in no mask either.
    fn mask(&self) -> u64 {
        match (&self.sought, self.kind) {
            (Sought::Part { needles, digits, .. }, Some(_)) => {
                let masks = needles.iter().chain(digits).map(Needle::mask);
                masks.reduce(|all, mask| all & mask).unwrap_or_default()
            }
            (Sought::Start(_, start) | Sought::Whole(_, start), Some(_)) => start.mask(),
            _ => 0,
        }
    }

    fn reading<'b>(&self, place: &Place<'b>) -> Option<Reading<'b>> {
        match self.name {
            Some(name) => place.segment.reading(name),
            None => Some(place.segment.reading_usernames()),
        }
    }

    /// Leaves those who have it in a folded text, or in another spelling of that.
    fn find_folded(&self, place: &Place<'_>, kind: u8, rows: &mut Bits) {
        let is_it = |at: usize| place.holds(self.term, at) != self.term.negated;
        let reading = self.reading(place);
        // Exactly, or but for capitals.
        let all_lie = reading.as_ref().is_some_and(Reading::lies_folded);
        let lies_folded = |at: usize| {
            all_lie
                || reading
                    .as_ref()
                    .is_some_and(|reading| matches!(reading.at(at), Lying::Folded(_)))
        };
        let kinds: Vec<(&Runs, u64)> = place.segment.folded().collect();
        let (Some((runs, _)), Some((others, spellings))) = (kinds.get(usize::from(kind)), kinds.get(KINDS - 1)) else {
            return;
        };
        match &self.sought {
            Sought::Part { word, needles, digits } => {
                let sure = !word.folded().contains(' ') && !word.letters().contains(' ');
                let mut found = Bits::none(place.segment.len());
                for needle in needles {
                    needle.each(runs, rows, |at, _, _| found.put(at));
                }
                if let Some(digits) = digits {
                    rows.subtract(&found);
                    digits.each(runs, rows, |at, range, _| {
                        if runs.bytes().get(range).is_some_and(is_phone) && (lies_folded(at) || is_it(at)) {
                            found.put(at);
                        }
                    });
                }
                let spelled = place.segment.spelled();
                for needle in needles
                    .iter()
                    .filter(|needle| spellings & needle.mask() == needle.mask())
                {
                    rows.subtract(&found);
                    rows.retain(|at| spelled.get(at) & (1 << kind | 1 << (KINDS - 1)) != 0);
                    needle.each(others, rows, |at, _, _| {
                        let kinds = spelled.get(at);
                        let spelling = match kinds >> kind & 1 {
                            0 => None,
                            _ => lines(others.get(at)).nth((kinds & ((1 << kind) - 1)).count_ones() as usize),
                        };
                        let has_it = spelling.is_some_and(|text| needle.find(text, 0..text.len()).is_some());
                        if has_it || kinds >> (KINDS - 1) == 1 && is_it(at) {
                            found.put(at);
                        }
                    });
                }
                if !sure {
                    found.retain(is_it);
                }
                *rows = found;
            }
            Sought::Start(word, start) | Sought::Whole(word, start) => {
                let length = word.folded().len();
                let whole = matches!(self.sought, Sought::Whole(..));
                let ascii = word.small().is_ascii();
                let mut found = Bits::none(place.segment.len());
                runs.each(rows.iter(), |at, range| {
                    let fits = start.begins(runs.bytes(), &range) && !(whole && ascii && range.len() != length);
                    // Nothing but a mark behind them makes other letters of those of ASCII.
                    let text = || runs.bytes().get(range.clone()).unwrap_or_default();
                    let plain = || ascii && text().get(length).is_none_or(u8::is_ascii);
                    if fits && (plain() && lies_folded(at) || is_it(at)) {
                        found.put(at);
                    }
                });
                *rows = found;
            }
            Sought::Set | Sought::Unset => {}
        }
    }

    /// Leaves those who have it in a value that is in no folded text, or have a value at all.
    fn find_values(&self, place: &Place<'_>, rows: &mut Bits) {
        let Some(reading) = self.reading(place) else {
            *rows = Bits::none(place.segment.len());
            return;
        };
        let kinds: Vec<&Runs> = place.segment.folded().map(|(runs, _)| runs).collect();
        let is_set = matches!(self.sought, Sought::Set | Sought::Unset);
        let few: Vec<bool> = reading
            .few()
            .map(|text| if is_set { !text.is_empty() } else { self.is_in(text) })
            .collect();
        let mut lately = Lately::default();
        rows.retain(|at| match reading.at(at) {
            Lying::Nowhere => false,
            Lying::Coded(code) => few.get(usize::from(code)).copied().unwrap_or_default(),
            Lying::Text(text) if is_set => !text.is_empty(),
            Lying::Text(text) => lately.answer(text, |text| self.is_in(text)),
            Lying::Folded(kind) => {
                let text = kinds
                    .get(usize::from(kind))
                    .map(|runs| runs.get(at))
                    .unwrap_or_default();
                if is_set { !text.is_empty() } else { self.is_in(text) }
            }
            // Of what is set and what is not, one term is the other's opposite.
            _ => place.holds(self.term, at) != (self.term.negated != matches!(self.sought, Sought::Unset)),
        });
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
