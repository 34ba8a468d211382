//! An export on its way: asked for, begun, written or not, each said in the status pane.

use std::path::Path;
use std::sync::Arc;

use super::{ExportForm, Extent, Form, Groups, Trouble, Whom};
use crate::app::Effect;
use crate::app::core::{Core, headline};
use crate::app::screen::edit::plural;
use crate::app::screen::users::Users;
use crate::app::session::Session;
use crate::app::status::Word;
use crate::domain::column::Column;
use crate::domain::export::{self, Head, Import, LARGEST_IMPORT, Layout, MOST_IMPORTED};
use crate::domain::search::Matches;
use crate::domain::sentence::grouped;
use crate::domain::{AttributeName, Raw, RowId, Sentence};
use crate::job::export::{Existing, Export, Exported};
use crate::job::{Answer, Job, Ticket};

/// An export that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Exporting {
    pub stage: Stage,
    /// How many users it is to hold.
    pub users: usize,
    /// The file that a pool imports from has limits of its own.
    is_import: bool,
}

/// How far an export is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The pool is asked for the header of its import. What else is to be done is settled already.
    Header(Ticket, Box<Export>),
    Writing(Ticket),
    /// It was asked to stop.
    Stopping(Ticket),
}

impl Exporting {
    fn ticket(&self) -> Ticket {
        match &self.stage {
            Stage::Header(ticket, _) | Stage::Writing(ticket) | Stage::Stopping(ticket) => *ticket,
        }
    }
}

impl Session {
    /// Takes the form: asks for the export, or says what stands in the way.
    pub(super) fn begin_export(&mut self, form: &mut ExportForm, core: &mut Core) {
        if form.existing == Existing::Keep
            && let Some(Trouble::Exists(path)) = form.trouble.take()
        {
            let path = Trouble::Exists(path);
            form.stopped_by(path, core);
            return core.say("it stays: choose replace with Space, or another name");
        }
        let path = match self.export_path(form, core) {
            Ok(path) => path,
            Err(why) => return form.stopped_by(Trouble::Said(why.into()), core),
        };
        if form.groups == Groups::Yes && form.layout != Form::Import && self.users.groups.whole().is_none() {
            return self.read_groups_first(form, core);
        }
        if form.whom == Whom::View && !self.list_is_ready(form, core) {
            return;
        }
        let users = self.users.count_of(form.whom);
        if users == 0 {
            // Whoever else there is was not what was chosen.
            let nobody = match form.whom {
                Whom::View => "nobody is in the list now, so nothing was written",
                Whom::Marked => "nobody who is marked is loaded now, so nothing was written",
                Whom::Loaded => "nobody is loaded, so there is nobody to export",
            };
            return form.stopped_by(Trouble::Said(nobody.into()), core);
        }
        let export = Export {
            rows: self.users.loaded(),
            only: (self.users.rows_of(form.whom)).map(|rows| Arc::new(Matches::of(rows, self.users.roster.len()))),
            groups: (self.users.groups.whole().cloned()).filter(|_| form.groups == Groups::Yes),
            layout: self.layout_of(form, core),
            head: self.head_of(form, core),
            complete: self.users.is_whole_of(form.whom),
            path,
            existing: form.existing,
        };
        form.trouble = None;
        let stage = match form.layout {
            Form::Import if self.pool.ready().is_none() => {
                let why = "the settings of this pool were not read, and its import depends on them; r reads them";
                return form.stopped_by(Trouble::Said(why.into()), core);
            }
            Form::Import => {
                let job = Job::ImportHeader {
                    place: self.place.clone(),
                };
                let ticket = core.ask(
                    &Self::export_subject(),
                    "asking for the header of the pool's import",
                    job,
                );
                Stage::Header(ticket, Box::new(export))
            }
            Form::Csv | Form::Sheet | Form::Jsonl => Stage::Writing(write(export, users, core)),
        };
        let exporting = Exporting {
            stage,
            users,
            is_import: form.layout == Form::Import,
        };
        form.asked = Some(exporting.ticket());
        self.users.exporting = Some(exporting);
    }

    /// Whether the list holds what it held, and who arrived, when the form was taken; until then the form waits.
    fn list_is_ready(&self, form: &mut ExportForm, core: &Core) -> bool {
        if self.users.has_failed_look() {
            let why =
                "the list is still that of an earlier line, because this one could not be worked out; r tries again";
            form.stopped_by(Trouble::Said(why.into()), core);
            return false;
        }
        let changes = *form.waits.get_or_insert(self.users.changes());
        let ready = self.users.is_of(changes);
        if ready {
            form.waits = None;
        }
        ready
    }

    /// The list may be what the form waits for.
    pub(in crate::app) fn export_after_look(&mut self, form: &mut ExportForm, core: &mut Core) {
        if form.waits.is_some() {
            self.begin_export(form, core);
        }
    }

    /// Who is in which group is read before the file is begun. What that costs stands in the form.
    fn read_groups_first(&mut self, form: &mut ExportForm, core: &mut Core) {
        if self.users.groups.ready().is_none() {
            // Where the names are on their way, this asks no second time.
            self.users.name_groups(&self.place, core);
            return core.say("the names of the groups are asked for first: then the form says what reading them costs");
        }
        if self.users.groups.is_running() {
            return core.say("groups are being read; Enter again when that is over");
        }
        let names = self.users.groups.unread();
        self.users
            .start_groups(names, core.settings.list_rate, &self.place, core);
        form.trouble = None;
        form.asked = self.users.groups.ticket();
    }

    /// The reading of groups that the form waits for is over.
    pub(in crate::app) fn export_after_groups(&mut self, form: &mut ExportForm, core: &mut Core) {
        form.asked = None;
        if self.users.groups.whole().is_some() {
            return self.begin_export(form, core);
        }
        let why = "not every group was read to its end, so nothing was written; Enter reads the rest of them";
        form.stopped_by(Trouble::Said(why.into()), core);
    }

    /// The columns of the file, where it has any of the operator's choosing.
    pub fn columns_of(&self, form: &ExportForm, core: &Core) -> Vec<Column> {
        let groups = form.groups == Groups::Yes;
        let mut columns = match form.extent {
            Extent::Every => {
                let mut columns = export::every_column(self.pool.ready().map(|pool| &**pool), groups);
                columns.retain(|column| self.users.tells(column));
                columns
            }
            Extent::Shown => with_flags(self.users.shown_columns(&core.settings)),
        };
        match groups {
            true if !columns.contains(&Column::Groups) => columns.push(Column::Groups),
            true => {}
            false => columns.retain(|column| *column != Column::Groups),
        }
        columns
    }

    fn layout_of(&self, form: &ExportForm, core: &Core) -> Layout {
        match (form.layout, form.extent) {
            // Its own layout comes with the header.
            (Form::Csv | Form::Import, _) => Layout::Csv(self.columns_of(form, core)),
            (Form::Sheet, _) => Layout::Sheet(self.columns_of(form, core)),
            (Form::Jsonl, Extent::Every) => Layout::Jsonl(None),
            (Form::Jsonl, Extent::Shown) => Layout::Jsonl(Some(self.columns_of(form, core))),
        }
    }

    fn head_of(&self, form: &ExportForm, core: &Core) -> Head {
        let users = &self.users;
        let first = users.roster.rows().get(RowId(0));
        let head = Head {
            pool: self.place.pool.clone(),
            described: self.settings().map(|pool| (**pool).clone()),
            began: first.map_or(core.at, |row| row.read_at()),
            query: users.line().filter(|_| form.whom == Whom::View),
            chosen: form.whom == Whom::Marked,
            attributes: (form.extent == Extent::Shown).then(|| {
                let columns = self.columns_of(form, core).into_iter();
                columns.filter_map(attribute).collect::<Vec<AttributeName>>()
            }),
        };
        head.out_of(users.head())
    }

    /// The header of the pool's import arrived, or did not. What the form is told; `None`: nobody waits for it, or it is
    /// being written now.
    pub(in crate::app) fn take_import_header(
        &mut self,
        ticket: Ticket,
        answer: &Answer<Vec<String>>,
        core: &mut Core,
    ) -> Taken {
        let exporting = self.users.exporting.take_if(|exporting| exporting.ticket() == ticket);
        let Some(mut exporting) = exporting else {
            return Taken::ByNobody;
        };
        let Stage::Header(_, mut export) = exporting.stage else {
            return Taken::ByNobody;
        };
        let header = match answer {
            Ok(answered) => answered.value.clone(),
            Err(fault) => return Taken::Failed(Trouble::Said(headline(fault))),
        };
        let import = self.pool.ready().map(|pool| Import::new(pool, header));
        let Some(import) = import.filter(Import::can_start) else {
            let why: Sentence =
                "this pool verifies neither e-mail addresses nor phone numbers, so no import can start here".into();
            // The form may be closed by now, and its answer came: why there is no file is said here in any case.
            let said = Sentence::from("nothing was written: ").join(why.clone());
            core.status.finish(ticket, core.mono, Word::Failed, Some(said));
            return Taken::Failed(Trouble::Said(why));
        };
        export.layout = Layout::Import(import);
        let ticket = write(*export, exporting.users, core);
        exporting.stage = Stage::Writing(ticket);
        self.users.exporting = Some(exporting);
        Taken::GoesOn(ticket)
    }

    /// News of an export under way. False: nobody waits for it.
    pub(in crate::app) fn take_exporting(&mut self, ticket: Ticket, written: u64, core: &mut Core) -> bool {
        let exporting = self.users.exporting.as_ref();
        let Some(exporting) = exporting.filter(|exporting| exporting.ticket() == ticket) else {
            return false;
        };
        if written > 0
            && let Some(entry) = core.status.get_mut(ticket)
        {
            entry.line = crate::say!(
                own grouped(written), " of ", own counted(exporting.users), " written; Esc stops"
            );
        }
        true
    }

    /// The end of an export. False: nobody waits for it.
    pub(in crate::app) fn take_exported(&mut self, ticket: Ticket, exported: &Exported, core: &mut Core) -> bool {
        let ended = self.users.exporting.take_if(|exporting| exporting.ticket() == ticket);
        let Some(ended) = ended else {
            return false;
        };
        let (word, line) = match exported {
            Exported::Written { path, users, bytes, .. } => {
                let written = crate::say!(
                    own counted(usize::try_from(*users).unwrap_or(usize::MAX)), ", ", own grouped(*bytes), " bytes in ",
                    name & of_path(path)
                );
                (Word::Written, written)
            }
            Exported::Exists(path) => (
                Word::Note,
                crate::say!("nothing was written: there is a file called ", name & of_path(path)),
            ),
            Exported::Stopped => (Word::Note, "stopped; nothing of it is left".into()),
            Exported::Failed(fault) => (Word::Failed, crate::say!(name & fault.what)),
        };
        let Some(entry) = core.status.finish(ticket, core.mono, word, Some(line)) else {
            return true;
        };
        match exported {
            Exported::Written {
                left_out, users, bytes, ..
            } => {
                for (why, count) in left_out {
                    let line = format!("left out: {} {}", grouped(*count), why.words());
                    entry.more.push(line.into());
                }
                if ended.is_import && (*users > MOST_IMPORTED || *bytes > LARGEST_IMPORT) {
                    let line = "one import takes 500,000 users and 100 MB at most: split this before it is uploaded";
                    entry.more.push(line.into());
                }
            }
            Exported::Failed(fault) => entry.more.push(crate::say!(name & fault.next)),
            Exported::Exists(_) => entry.more.push("E again: another name, or replace it".into()),
            Exported::Stopped => {}
        }
        true
    }

    /// The work of an export broke.
    pub(in crate::app) fn fail_export(&mut self, ticket: Ticket) -> bool {
        let ended = self.users.exporting.take_if(|exporting| exporting.ticket() == ticket);
        ended.is_some()
    }
}

impl Users {
    /// Asks an export to stop. False: none is under way.
    pub(in crate::app) fn stop_export(&mut self, core: &mut Core) -> bool {
        let Some(exporting) = &mut self.exporting else {
            return false;
        };
        let ticket = exporting.ticket();
        if !matches!(exporting.stage, Stage::Stopping(_)) {
            core.effect(Effect::Cancel(ticket));
        }
        match exporting.stage {
            // Nothing is there yet that could be half written.
            Stage::Header(..) => self.exporting = None,
            Stage::Writing(_) | Stage::Stopping(_) => exporting.stage = Stage::Stopping(ticket),
        }
        true
    }
}

/// What became of an answer that an export waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    ByNobody,
    GoesOn(Ticket),
    Failed(Trouble),
}

fn write(export: Export, users: usize, core: &mut Core) -> Ticket {
    let line = crate::say!("writing ", own counted(users), " to ", name & of_path(&export.path), "; Esc stops");
    core.ask(&Session::export_subject(), line, Job::Export(Box::new(export)))
}

fn counted(users: usize) -> String {
    format!("{} {}", grouped(users as u64), plural(users, "user"))
}

fn of_path(path: &Path) -> Raw {
    Raw::from(path.to_string_lossy().into_owned())
}

fn attribute(column: Column) -> Option<AttributeName> {
    match column {
        Column::Attribute(name) => Some(name),
        _ => None,
    }
}

/// The columns of the list, the flag of a contact behind it as it stands there.
fn with_flags(shown: &[Column]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for column in shown {
        let flag = match column {
            Column::Attribute(name) => name.contact().map(|contact| Column::Attribute(contact.flag())),
            _ => None,
        };
        for column in std::iter::once(column.clone()).chain(flag) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    columns
}
