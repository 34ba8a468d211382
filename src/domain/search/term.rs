//! How one term is asked of a whole segment.

use super::Place;
use super::bits::Bits;
use super::field::Field;
use super::fuzzy::{self, Fuzzy, Rank, lines};
use crate::domain::column::Column;
use crate::domain::query::{Ground, Group, Term, Test, Word, any_of};
use crate::domain::roster::{Folded, KINDS, Lying, Runs, mask};
use crate::domain::user::UserStatus;

/// The quickest way to the rows of which a term holds.
pub(super) enum Way<'a> {
    Word {
        term: &'a Term,
        word: &'a Word,
        fuzzy: Fuzzy,
        digits: Option<Fuzzy>,
    },
    Field(Field<'a>),
    /// It is the same for everybody of one status.
    Status(&'a Term),
    /// Which groups are meant is the same for everybody.
    Groups {
        term: &'a Term,
        meant: Vec<&'a Group>,
    },
    /// Row by row.
    Each(&'a Term),
}

impl<'a> Way<'a> {
    pub(super) fn of(term: &'a Term, ground: &'a Ground) -> Self {
        match &term.test {
            test if test.is_about_groups() => match ground.groups.as_deref() {
                Some(groups) => Self::Groups {
                    term,
                    meant: groups
                        .meant_by(test)
                        .into_iter()
                        .filter_map(|number| groups.get(number))
                        .collect(),
                },
                None => Self::Each(term),
            },
            Test::Text(word) => Self::Word {
                term,
                word,
                fuzzy: Fuzzy::new(word.folded()),
                digits: word.dialled().map(Fuzzy::new),
            },
            Test::Contains(Column::Status, _) | Test::Exact(Column::Status, _) | Test::Prefix(Column::Status, _) => {
                Self::Status(term)
            }
            Test::Contains(..) | Test::Exact(..) | Test::Prefix(..) | Test::Present(_) | Test::Missing(_) => {
                Field::of(term).map_or(Self::Each(term), Self::Field)
            }
            _ => Self::Each(term),
        }
    }

    /// What is cheap is asked first, so that what is not is asked of few.
    pub(super) fn cost(&self) -> u8 {
        match self {
            Self::Field(field) if field.is_folded() => 0,
            Self::Status(_) => 1,
            Self::Word { .. } => 2,
            Self::Field(_) | Self::Groups { .. } => 3,
            Self::Each(_) => 4,
        }
    }

    /// How well a patched user that matches fits.
    pub(super) fn rank(&self, folded: &Folded) -> Rank {
        match self {
            Self::Word { term, fuzzy, .. } if !term.negated => fuzzy.rank(folded).unwrap_or(fuzzy::NONE),
            _ => 0,
        }
    }

    /// Whether it says how well somebody fits.
    pub(super) fn ranks(&self) -> bool {
        matches!(self, Self::Word { term, word, .. } if !term.negated && !word.folded().is_empty())
    }

    /// Takes out of `rows` those of which the term does not hold, and adds to `ranks` how well it fits the others, where
    /// there are any.
    pub(super) fn apply(&self, place: &Place<'_>, rows: &mut Bits, ranks: &mut [Rank]) {
        match self {
            Self::Word {
                term,
                word,
                fuzzy,
                digits,
            } if term.negated => {
                let mut found = rows.clone();
                apply_word(place, (word, fuzzy, digits.as_ref()), &mut found, &mut []);
                rows.subtract(&found);
            }
            Self::Word {
                word, fuzzy, digits, ..
            } => {
                apply_word(place, (word, fuzzy, digits.as_ref()), rows, ranks);
            }
            Self::Field(field) => field.apply(place, rows),
            Self::Status(term) => {
                let mut known: Vec<(&UserStatus, bool)> = Vec::new();
                rows.retain(|at| {
                    let Some(row) = place.segment.row(at) else {
                        return false;
                    };
                    match known.iter().find(|(status, _)| std::ptr::eq(*status, row.status())) {
                        Some((_, holds)) => *holds,
                        None => {
                            let holds = place.holds(term, at);
                            known.push((row.status(), holds));
                            holds
                        }
                    }
                });
            }
            Self::Groups { term, meant } => rows.retain(|at| {
                let is_in = any_of(meant.iter().copied(), place.id(at));
                let answer = match term.test {
                    Test::Missing(_) => is_in.map(|is_in| !is_in),
                    _ => is_in,
                };
                answer == Some(!term.negated)
            }),
            Self::Each(term) => rows.retain(|at| place.holds(term, at)),
        }
    }
}

/// Leaves who is found by a bare word: by its characters, by its digits in a phone number, or by the beginning of the sub.
fn apply_word(place: &Place<'_>, word: (&Word, &Fuzzy, Option<&Fuzzy>), rows: &mut Bits, ranks: &mut [Rank]) {
    let (word, fuzzy, digits) = word;
    let others = (digits.is_some() || word.may_be_a_sub()).then(|| rows.clone());
    fuzzy.look(place.segment, rows, ranks);
    let Some(mut others) = others else {
        return;
    };
    others.subtract(rows);
    let mut more = match digits {
        Some(digits) => dialled(place, digits, &others),
        None => Bits::none(place.segment.len()),
    };
    if word.may_be_a_sub()
        && let Some(subs) = place.segment.reading("sub")
    {
        // It is at least the first eight digits.
        let start = word
            .folded()
            .get(..8)
            .and_then(|start| u32::from_str_radix(start, 16).ok());
        others.subtract(&more);
        others.retain(|at| {
            let may_be = match subs.at(at) {
                Lying::Uuid(bytes) => start.is_none_or(|start| bytes.starts_with(&start.to_be_bytes())),
                Lying::Nowhere => false,
                _ => true,
            };
            may_be && place.segment.row(at).is_some_and(|row| word.begins_sub(row))
        });
        more.join(&others);
    }
    for at in more.iter() {
        if let Some(rank) = ranks.get_mut(at) {
            *rank = rank.saturating_add(fuzzy::NONE);
        }
    }
    rows.join(&more);
}

/// Who of some rows has the digits in a phone number.
fn dialled(place: &Place<'_>, digits: &Fuzzy, of: &Bits) -> Bits {
    let plus = mask("+");
    let mut found = of.clone();
    found.keep_masked(place.segment.masks(), plus | digits.mask());
    let is_it = |text: &[u8]| is_phone(text) && digits.is_in(text, 0..text.len());
    let kinds = place.segment.folded().enumerate();
    let kinds = kinds
        .filter(|(_, (_, all))| all & plus == plus)
        .map(|(kind, (runs, _))| (kind, runs));
    let kinds: Vec<(usize, &Runs)> = kinds.collect();
    found.retain(|at| {
        kinds.iter().any(|(kind, runs)| match kind + 1 {
            KINDS => lines(runs.get(at)).any(is_it),
            _ => is_it(runs.get(at)),
        })
    });
    found
}

/// A number as the service stores it.
pub(super) fn is_phone(text: &[u8]) -> bool {
    text.strip_prefix(b"+")
        .is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}
