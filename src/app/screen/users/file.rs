//! An export in the place of the pool: everybody in it is loaded as soon as it opens, and nobody is asked for anything.

use std::sync::Arc;

use super::Users;
use crate::app::core::{Core, Opened};
use crate::app::screen::edit::plural;
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::app::status::Word;
use crate::domain::column::Column;
use crate::domain::export::{Head, Untold};
use crate::domain::query::Query;
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Place, Pool, Raw, RowId, Schema, Sentence, Username};
use crate::job::archive::{Damage, Far, FileEnd, FromFile, GroupsTold};
use crate::job::{Job, Ticket};

/// What becomes of what is wrong with a file.
const MEND: &str = "who stands there is missing here: mend the file or export again, then open it anew";

/// The reading of the export.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// What it says of itself.
    pub opened: Opened,
    pub reading: Slot<()>,
    pub far: Far,
    /// What is wrong with it, once it was read.
    pub wrong: Vec<Damage>,
    pub(super) groups: GroupsTold,
    /// How many lines of users this reading brought: more than there are users where some stand there twice.
    lines: usize,
}

impl File {
    /// Everybody of the pool is in it, as far as it says and nothing that was read contradicts it.
    pub fn is_all(&self) -> bool {
        self.opened.is_all && self.wrong.is_empty() && self.reading.fault().is_none()
    }

    /// The same, and everybody was read.
    pub(super) fn is_whole(&self) -> bool {
        self.is_all() && self.is_read()
    }

    pub fn is_read(&self) -> bool {
        self.reading.ready().is_some()
    }

    /// What is wrong with it and what helps, as one sentence.
    pub fn damage(&self) -> Option<Sentence> {
        damaged(self.wrong.iter().map(Damage::whole))
    }

    /// The same without the lines that it is about. `None`: there are none.
    pub fn damage_in_short(&self) -> Option<Sentence> {
        let has_lines = self.wrong.iter().any(|wrong| wrong.lines.is_some());
        damaged(self.wrong.iter().map(|wrong| wrong.what.clone())).filter(|_| has_lines)
    }
}

fn damaged(mut wrong: impl Iterator<Item = Sentence>) -> Option<Sentence> {
    let first = wrong.next()?;
    let said = wrong.fold(first, |said, wrong| said.words("; ").join(wrong));
    Some(said.words("; ").words(MEND))
}

impl Users {
    /// Reads everybody in the file.
    pub(in crate::app) fn read_file(&mut self, opened: Opened, place: &Place, core: &mut Core) {
        let job = Job::ReadFile { place: place.clone() };
        let ticket = core.ask(&Raw::from("users"), "reading the export", job);
        self.file = Some(File {
            opened,
            reading: Slot::Loading(ticket),
            far: Far::default(),
            wrong: Vec::new(),
            groups: GroupsTold::default(),
            lines: 0,
        });
    }

    /// Takes users of the file. False: nobody waits for them.
    pub(in crate::app) fn take_from_file(&mut self, ticket: Ticket, news: &FromFile, core: &mut Core) -> bool {
        let Some(file) = (self.file.as_mut()).filter(|file| file.reading.ticket() == Some(ticket)) else {
            return false;
        };
        file.far = news.far;
        file.lines += news.users.len();
        let before = self.roster.len();
        let fresh = self.add(&news.users);
        for (name, members) in &news.groups {
            // Of each name the first line is kept, with its groups.
            let places = members.iter().filter_map(|row| fresh.binary_search(row).ok());
            let rows = places.filter_map(|place| u32::try_from(before + place).ok()).map(RowId);
            self.groups.tell(name, rows.collect());
        }
        if let Some(entry) = core.status.get_mut(ticket) {
            entry.line = counted(self.roster.len()).words(" so far");
        }
        true
    }

    /// Takes the end of the file. False: nobody waits for it.
    fn take_file_end(&mut self, ticket: Ticket, end: &FileEnd, core: &mut Core) -> bool {
        let read = end.fault.clone().map_or(Ok(()), Err);
        let Some(file) = &mut self.file else {
            return false;
        };
        if !file.reading.fill(ticket, read) {
            return false;
        }
        file.wrong.clone_from(&end.wrong);
        file.groups = end.groups;
        if end.groups == GroupsTold::Everybody {
            self.groups.end_all();
        }
        let damage = file.damage();
        let repeated = file.lines.saturating_sub(self.roster.len()) as u64;
        let is_foreign = damage.is_none() && file.opened.head.is_none() && end.fault.is_none();
        self.look_now();
        let line = counted(self.roster.len()).words(" read from the export");
        let word = damage.as_ref().map_or(Word::Read, |_| Word::Failed);
        let repeated: Option<Sentence> = match repeated {
            0 => None,
            1 => Some("1 user stands in the file twice; the first line is kept".into()),
            count => Some(
                format!(
                    "{} lines repeat a user of an earlier line; the first of each is kept",
                    grouped(count)
                )
                .into(),
            ),
        };
        let foreign = is_foreign.then(|| "nothing in the file tells whether it holds everybody of its pool".into());
        let narrowed = self.head().and_then(Head::narrowed);
        let more = damage.into_iter().chain(repeated).chain(foreign).chain(narrowed);
        core.reading_ended(ticket, (word, line), end.fault.as_ref(), more);
        true
    }

    /// The work broke.
    pub(in crate::app) fn fail_file(&mut self, ticket: Ticket, fault: &Fault) -> bool {
        self.file.as_mut().is_some_and(|file| file.reading.fail(ticket, fault))
    }

    /// The sentence for whoever asks for more than the file holds. `None`: no file is open.
    pub(in crate::app) fn nobody_to_ask(&self) -> Option<Sentence> {
        let file = self.file.as_ref()?;
        let loaded = counted(self.roster.len());
        Some(match (&file.reading, file.is_all()) {
            (Slot::Loading(_), _) => "the export is still being read; nobody else is there to ask".into(),
            (Slot::Failed(_), _) => "the export could not be read to its end; r reads it again".into(),
            (_, true) => Sentence::from("everybody in this export is loaded: ").join(loaded),
            (_, false) => Sentence::from("everybody in this export is loaded: ")
                .join(loaded)
                .words("; it is NOT ALL of its pool"),
        })
    }

    /// What the export that is open says of itself.
    pub fn head(&self) -> Option<&Head> {
        self.file.as_ref()?.opened.head.as_deref()
    }

    /// What a line asks about and the export that is open was made without.
    pub fn untold(&self, query: &Query) -> Option<Untold> {
        self.head()?.untold(query)
    }

    /// Whether a column is known of these users at all.
    pub fn tells(&self, column: &Column) -> bool {
        match (column, self.head()) {
            (Column::Attribute(name), Some(head)) => head.holds(name),
            _ => true,
        }
    }

    /// The groups of a user as the export has them. `None`: it does not tell.
    pub fn groups_in_file(&self, username: &Username) -> Option<Vec<&Raw>> {
        let file = self.file.as_ref()?;
        let row = self.roster.find(username)?;
        let names: Vec<&Raw> = self
            .groups
            .ready()
            .into_iter()
            .flat_map(|groups| groups.of(row))
            .collect();
        (file.groups == GroupsTold::Everybody || !names.is_empty()).then_some(names)
    }

    /// What is known of groups from the file: they were read when it was made, or never.
    pub fn groups_of_file(&self) -> Option<Sentence> {
        let file = self.file.as_ref()?;
        Some(match (&file.reading, file.groups) {
            (Slot::Loading(_), _) => "the groups arrive with the users of this export".into(),
            (_, GroupsTold::Nobody) => "this export carries no groups: export again with them, from the pool".into(),
            (_, GroupsTold::Some) => "the groups are as this export has them, and of some users it has none".into(),
            (_, GroupsTold::Everybody) => "the groups are as this export has them".into(),
        })
    }
}

fn counted(users: usize) -> Sentence {
    crate::say!(own grouped(users as u64), " ", own plural(users, "user"))
}

impl Session {
    /// Whether an export is open in the place of the pool.
    pub fn is_file(&self) -> bool {
        self.users.file.is_some()
    }

    /// The settings of the pool, as the service or the export told them. An export may not, and what is supposed of
    /// every pool then is nothing to hold anybody against.
    pub fn settings(&self) -> Option<&Arc<Pool>> {
        let is_told = match &self.users.file {
            Some(_) => self.users.head().is_some_and(|head| head.described.is_some()),
            None => true,
        };
        self.pool.ready().filter(|_| is_told)
    }

    /// Takes the end of the file, and what its users tell of the pool. False: nobody waits for it.
    pub(in crate::app) fn take_file_end(&mut self, ticket: Ticket, end: &FileEnd, core: &mut Core) -> bool {
        let taken = self.users.take_file_end(ticket, end, core);
        if taken {
            self.learn_attributes();
        }
        taken
    }

    /// Where an export does not tell which attributes its pool has, its users do.
    pub(in crate::app) fn learn_attributes(&mut self) {
        if !self.is_file() || self.settings().is_some() {
            return;
        }
        let schema = Schema::standard(self.users.roster.rows().names());
        if let Slot::Ready(pool) = &mut self.pool
            && pool.schema != schema
        {
            Arc::make_mut(pool).schema = schema;
        }
    }

    /// `r`: a file that could be read stays as it is, whatever becomes of it on disk.
    pub(in crate::app) fn read_file_again(&mut self, core: &mut Core) {
        let Some(file) = &self.users.file else {
            return;
        };
        let opened = file.opened.clone();
        match &file.reading {
            Slot::Failed(_) => self.users.read_file(opened, &self.place, core),
            _ => core.say("this export was read when it was opened; start again for a newer file"),
        }
    }
}
