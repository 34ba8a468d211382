//! The open line: what it says while it is typed, and what can stand where the cursor is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::keymap::{Chord, Key};
use crate::app::screen::users::Users;
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::query::{Known, Mistake, Query, Typed, Unfinished, complete};
use crate::domain::{Raw, Sentence};

/// The open line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub field: Field,
    /// What it says; with a mistake in it, what of it can be read.
    pub query: Arc<Query>,
    /// What is matched while it is typed: the same, but for what is not certain yet.
    pub matched: Arc<Query>,
    pub mistake: Option<Mistake>,
    /// In the place of a mistake stands what was said there before.
    pub has_kept: bool,
    /// What the word at the cursor may yet become.
    pub unfinished: Option<Unfinished>,
    /// The attributes it may name.
    known: Arc<Known>,
    /// What was typed before something was offered, where the cursor was, and which offer comes next.
    offered: Option<(String, usize, usize)>,
}

impl Line {
    fn new(known: Known) -> Self {
        Self {
            field: Field::default(),
            query: Arc::default(),
            matched: Arc::default(),
            mistake: None,
            has_kept: false,
            unfinished: None,
            known: Arc::new(known),
            offered: None,
        }
    }

    /// Reads what is typed by now.
    fn read(&mut self) {
        let (text, cursor) = (self.field.text(), self.field.cursor());
        let Typed {
            query,
            mistake,
            has_kept,
        } = Query::typed(text, &self.known, &self.query);
        self.unfinished = query.unfinished(text, cursor, &self.known);
        self.query = Arc::new(query);
        self.mistake = mistake;
        self.has_kept = has_kept;
        // Nearly nobody is without the first letters of a name: they would take the whole list away.
        self.matched = match self.unfinished {
            Some(Unfinished::Name { negated: true, .. }) => Arc::new(self.query.without(cursor)),
            _ => Arc::clone(&self.query),
        };
    }
}

impl Session {
    pub(in crate::app::screen::users) fn open_line(&mut self) {
        self.users.find = Some(Line::new(self.known()));
        self.users.go_back_to(None);
    }

    /// The attributes that a line may name: those of the pool, and those that loaded users show.
    pub(in crate::app::screen) fn known(&self) -> Known {
        Known::new(self.schema(), self.users.roster.rows().names())
    }

    pub(in crate::app::screen::users) fn find_action(&mut self, action: Action, core: &mut Core) {
        match action {
            Action::Accept => self.take_line(core),
            Action::Dismiss | Action::Cancel => {
                self.users.find = None;
                self.users.cursor = 0;
            }
            Action::Complete => self.complete_line(core),
            Action::FieldUndo => {
                if let Some(line) = &mut self.users.find {
                    line.field.undo();
                    line.read();
                }
            }
            _ => {}
        }
    }

    /// A key in the open line. False: no line is open, or it takes no such key.
    pub(in crate::app) fn key_in_line(&mut self, chord: Chord, core: &mut Core) -> bool {
        let Some(line) = &mut self.users.find else {
            return false;
        };
        let moves = match chord.key {
            Key::Up => Some(Action::Up),
            Key::Down => Some(Action::Down),
            _ => None,
        };
        if let Some(moves) = moves {
            self.users.move_cursor(moves, &self.place, core);
            return true;
        }
        self.users.cursor = 0;
        line.offered = None;
        let taken = line.field.key(chord);
        line.read();
        taken
    }

    /// A paste into the open line. False: none is open.
    pub(in crate::app) fn paste_into_line(&mut self, text: &Raw) -> bool {
        let Some(line) = &mut self.users.find else {
            return false;
        };
        line.offered = None;
        line.field.paste(text.as_str());
        line.read();
        self.users.cursor = 0;
        true
    }

    /// Tab: what can stand where the cursor is; again, the next of it.
    fn complete_line(&mut self, core: &mut Core) {
        let Some(line) = &self.users.find else {
            return;
        };
        let (text, cursor, next) = line
            .offered
            .clone()
            .unwrap_or_else(|| (line.field.text().to_owned(), line.field.cursor(), 0));
        let offers = complete(&text, cursor, &line.known, |column| self.users.values(column));
        let Some(offer) = offers.get(next % offers.len().max(1)) else {
            return core.say("nothing is known that could stand there");
        };
        let (before, behind) = (text.get(..offer.at.start), text.get(offer.at.end..));
        let completed = [
            before.unwrap_or_default(),
            offer.text.as_str(),
            behind.unwrap_or_default(),
        ]
        .concat();
        if let Some(line) = &mut self.users.find {
            line.field.key(Chord::ctrl('u'));
            line.field.paste(&completed);
            line.offered = Some((text, cursor, next + 1));
            line.read();
        }
        self.users.cursor = 0;
    }
}

/// How many of the loaded users are looked at for values to offer.
const VALUES_OF: usize = 5_000;

impl Users {
    /// How the word at the cursor may go on, where the list does not follow it yet.
    pub fn goes_on(&self) -> Option<Sentence> {
        let signed = |name: &str| match name {
            "created" | "changed" => format!("{name}<"),
            name => format!("{name}:"),
        };
        match (&self.find.as_ref()?.unfinished, self.look.is_held()) {
            (Some(Unfinished::Name { name, negated: true }), _) => {
                let sign = Raw::from(format!("-{}", signed(name)));
                Some(crate::say!(
                    "left out so far: ",
                    name & sign,
                    " compares, a space makes it a word"
                ))
            }
            (Some(Unfinished::Name { name, .. }), true) => {
                let sign = Raw::from(signed(name));
                Some(crate::say!("nobody so far, the list stays: ", name & sign, " compares"))
            }
            (Some(Unfinished::Value), true) => Some("nobody so far, the list stays".into()),
            _ => None,
        }
    }

    /// The values of a column that were seen, most frequent first.
    fn values(&self, column: &Column) -> Vec<Raw> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, row) in self.roster.rows().iter().take(VALUES_OF) {
            if let Some(value) = column.value(row) {
                *counts.entry(value.into_owned()).or_default() += 1;
            }
        }
        if *column == Column::Groups
            && let Some(groups) = self.groups.ready()
        {
            return groups.iter().map(|group| group.name.clone()).collect();
        }
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        values.into_iter().map(|(value, _)| Raw::from(value)).collect()
    }
}
