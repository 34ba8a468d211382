//! Users into a file of the operator's own: whom, in which form, and where. Nothing is written before the form was read and
//! taken, and a file that is there already stays unless that was asked for as well.

mod path;
mod writing;

use std::path::PathBuf;
use std::time::Duration;

pub(in crate::app) use self::writing::Taken;
pub use self::writing::{Exporting, Stage};
use super::Users;
use crate::app::action::Action;
use crate::app::core::{Core, switched_off};
use crate::app::field::Field;
use crate::app::keymap::{Chord, Key};
use crate::app::overlay::Overlay;
use crate::app::session::Session;
use crate::domain::{Raw, RowId, Sentence};
use crate::job::export::{Existing, Exported};
use crate::job::{DiskFault, Ticket};

/// The form of an export.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportForm {
    pub whom: Whom,
    pub layout: Form,
    pub extent: Extent,
    pub groups: Groups,
    pub file: Field,
    pub existing: Existing,
    pub focus: Control,
    /// What stands in the way of what was asked for.
    pub trouble: Option<Trouble>,
    /// The export that was asked for and has not begun to be written.
    pub asked: Option<Ticket>,
    /// It was taken while the list was still of earlier: it goes on once the list is of so many changes.
    pub waits: Option<u64>,
    /// When it opened, or asked something anew: nothing confirms in the moment after.
    pub opened: Duration,
    /// The line that narrowed the list.
    line: Option<Raw>,
    /// The name that the program gave the file: as long as nobody changed it, it follows the form.
    proposed: String,
}

/// Who is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Who is listed, in the order of the list.
    View,
    Marked,
    /// Everybody who is loaded, in the order of arrival.
    Loaded,
}

/// What the file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Csv,
    Sheet,
    Jsonl,
    /// The file that this very pool imports users from.
    Import,
}

/// What is written of each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The columns of the list, in its order.
    Shown,
    Every,
}

/// Whether each user's groups are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    No,
    Yes,
}

/// A line of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    Whom,
    Form,
    Extent,
    Groups,
    File,
    /// What becomes of the file that is there. Asked only where there is one.
    Existing,
}

/// Why nothing was written so far.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// There is a file of that name.
    Exists(PathBuf),
    Disk(DiskFault),
    Said(Sentence),
}

impl Trouble {
    /// Why an export was not written.
    fn of(exported: &Exported) -> Option<Self> {
        match exported {
            Exported::Exists(path) => Some(Self::Exists(path.clone())),
            Exported::Failed(fault) => Some(Self::Disk(fault.clone())),
            Exported::Written { .. } | Exported::Stopped => None,
        }
    }
}

impl Whom {
    pub const ALL: [Self; 3] = [Self::View, Self::Marked, Self::Loaded];
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Csv, Self::Sheet, Self::Jsonl, Self::Import];

    fn ending(self) -> &'static str {
        match self {
            Self::Csv | Self::Sheet => ".csv",
            Self::Jsonl => ".jsonl",
            Self::Import => "-import.csv",
        }
    }
}

impl Extent {
    pub const ALL: [Self; 2] = [Self::Shown, Self::Every];
}

impl Groups {
    pub const ALL: [Self; 2] = [Self::No, Self::Yes];
}

impl ExportForm {
    fn new(opened: Duration) -> Self {
        Self {
            whom: Whom::View,
            layout: Form::Csv,
            extent: Extent::Shown,
            groups: Groups::No,
            file: Field::default(),
            existing: Existing::Keep,
            focus: Control::Whom,
            trouble: None,
            asked: None,
            waits: None,
            opened,
            line: None,
            proposed: String::new(),
        }
    }

    /// The lines that there are, in order.
    pub fn controls(&self) -> Vec<Control> {
        let mut controls = vec![Control::Whom, Control::Form];
        if self.layout != Form::Import {
            controls.extend([Control::Extent, Control::Groups]);
        }
        controls.push(Control::File);
        if matches!(self.trouble, Some(Trouble::Exists(_))) {
            controls.push(Control::Existing);
        }
        controls
    }

    /// Whether letters go into the name of the file.
    pub fn takes_text(&self) -> bool {
        self.focus == Control::File
    }

    /// A key of editing, where the name of the file has the focus. False: it means something else.
    pub fn key(&mut self, chord: Chord) -> bool {
        if !self.takes_text() {
            return false;
        }
        match chord.key {
            Key::Up => self.step(-1),
            Key::Down => self.step(1),
            _ => {
                let before = self.file.raw();
                if !self.file.key(chord) {
                    return false;
                }
                if self.file.raw() != before {
                    self.changed();
                }
            }
        }
        true
    }

    pub fn paste(&mut self, text: &str) {
        if self.takes_text() {
            self.file.paste(text);
            self.changed();
        }
    }

    /// Another line gets the focus; behind the last comes the first.
    fn step(&mut self, by: isize) {
        let controls = self.controls();
        let at = controls.iter().position(|control| *control == self.focus).unwrap_or(0);
        let count = controls.len().cast_signed();
        let next = (at.cast_signed() + by).rem_euclid(count.max(1));
        if let Some(control) = controls.get(next.cast_unsigned()) {
            self.focus = *control;
        }
    }

    /// What was answered was about another form.
    fn changed(&mut self) {
        self.waits = None;
        self.trouble = None;
        self.existing = Existing::Keep;
    }

    /// How the export that it asked for ended. True: the form is done.
    pub(in crate::app) fn ended(&mut self, exported: &Exported, core: &Core) -> bool {
        self.asked = None;
        match Trouble::of(exported) {
            Some(trouble) => {
                self.stopped_by(trouble, core);
                false
            }
            None => matches!(exported, Exported::Written { .. }),
        }
    }

    /// Says what stands in the way, and takes no confirmation in the moment after.
    pub(in crate::app) fn stopped_by(&mut self, trouble: Trouble, core: &Core) {
        self.asked = None;
        self.waits = None;
        self.opened = core.mono;
        self.focus = match (&trouble, self.focus) {
            (Trouble::Exists(_), _) => Control::Existing,
            // That is not asked any more.
            (_, Control::Existing) => Control::File,
            (_, focus) => focus,
        };
        self.trouble = Some(trouble);
        if self.focus != Control::Existing {
            self.existing = Existing::Keep;
        }
    }
}

/// The one beside `now`, and at the end of the row the first again.
fn beside<T: Copy + PartialEq>(all: &[T], now: T, by: isize) -> T {
    let at = all.iter().position(|one| *one == now).unwrap_or(0).cast_signed();
    let next = (at + by).rem_euclid(all.len().cast_signed().max(1));
    all.get(next.cast_unsigned()).copied().unwrap_or(now)
}

impl Users {
    /// The line that narrows the list, as it was typed.
    fn line(&self) -> Option<Raw> {
        match (self.hits(), &self.wish) {
            (_, Some(wish)) => Some(wish.text.clone()),
            (Some(_), None) => self.search.as_ref().map(|search| search.typed.clone()),
            (None, None) => None,
        }
    }

    /// How many users an export would hold.
    pub fn count_of(&self, whom: Whom) -> usize {
        match whom {
            Whom::View => self.listed().len(),
            Whom::Marked => self.marks.rows().count(),
            Whom::Loaded => self.roster.len(),
        }
    }

    /// Whether everybody who is meant would be in it, as far as the service told.
    pub fn is_whole_of(&self, whom: Whom) -> bool {
        match whom {
            Whom::Marked => self.marks.rows().count() == self.marks.len(),
            Whom::Loaded => self.is_whole(),
            Whom::View => self.is_whole_answer(),
        }
    }

    /// The rows of an export in their order; `None`: everybody, as they arrived.
    fn rows_of(&self, whom: Whom) -> Option<Vec<RowId>> {
        match whom {
            Whom::Loaded => None,
            Whom::View => match self.listed() {
                super::Listed::All(_) => None,
                listed => Some(listed.iter().collect()),
            },
            Whom::Marked => {
                let mut marked: std::collections::BTreeSet<RowId> = self.marks.rows().collect();
                // In the order of the list, and behind it who is not listed now.
                let mut rows: Vec<RowId> = self.listed().iter().filter(|row| marked.remove(row)).collect();
                rows.extend(marked);
                Some(rows)
            }
        }
    }
}

impl Session {
    /// `E`: the form of an export, as it was left; of another line's list, whoever was meant before.
    pub(in crate::app) fn open_export(&mut self, core: &mut Core, overlay: &mut Option<Overlay>) {
        if let Some(because) = core.settings.guards.export_off {
            return core.say(crate::say!("nothing is exported: ", own switched_off("export", because)));
        }
        if self.users.exporting.is_some() {
            return core.say("an export is being written; Esc stops it");
        }
        if self.users.roster.is_empty() {
            return core.say("nobody is loaded, so there is nobody to export");
        }
        let mut form = (self.users.export_form.take()).unwrap_or_else(|| ExportForm::new(core.mono));
        form.opened = core.mono;
        form.focus = Control::Whom;
        let line = self.users.line();
        if form.line != line {
            form.whom = Whom::View;
            form.line = line;
        }
        form.asked = None;
        form.changed();
        self.fit(&mut form);
        self.propose(&mut form, core);
        *overlay = Some(Overlay::Export(Box::new(form)));
    }

    /// What is chosen and not there any more is chosen no longer.
    fn fit(&self, form: &mut ExportForm) {
        if self.users.count_of(form.whom) == 0 {
            form.whom = match self.users.count_of(Whom::View) {
                0 => Whom::Loaded,
                _ => Whom::View,
            };
        }
    }

    /// The name of the file follows the form until somebody writes another.
    fn propose(&self, form: &mut ExportForm, core: &Core) {
        let name = self.display_name().unwrap_or(self.place.pool.raw());
        let proposed = path::proposed(name, core.at, &core.settings.zone, form.layout);
        if form.file.text() == form.proposed {
            form.file = Field::new(&proposed);
        }
        form.proposed = proposed;
    }

    /// The form was closed: it is as it was when it opens again.
    pub(in crate::app) fn keep_export(&mut self, form: ExportForm) {
        self.users.export_form = Some(form);
    }

    /// A key in the form. What it asked for is in `asked`.
    pub(in crate::app) fn export_action(&mut self, form: &mut ExportForm, action: Action, core: &mut Core) {
        match action {
            Action::Accept if core.too_soon(form.opened) => {
                core.say("that key came too soon after this opened; press again");
            }
            Action::Accept if form.asked.is_some() || form.waits.is_some() => {}
            Action::Accept => self.begin_export(form, core),
            Action::Down | Action::NextField | Action::Complete => form.step(1),
            Action::Up => form.step(-1),
            Action::FieldUndo if form.file.undo() => form.changed(),
            Action::Left => self.choose(form, -1, core),
            Action::Right | Action::Mark => self.choose(form, 1, core),
            _ => {}
        }
    }

    /// The next choice of the line that has the focus.
    fn choose(&mut self, form: &mut ExportForm, by: isize, core: &mut Core) {
        match form.focus {
            Control::Existing => {
                form.existing = match form.existing {
                    Existing::Keep => Existing::Replace,
                    Existing::Replace => Existing::Keep,
                };
                return;
            }
            Control::Whom => {
                let there: Vec<Whom> = (Whom::ALL.into_iter())
                    .filter(|whom| self.users.count_of(*whom) > 0)
                    .collect();
                form.whom = beside(&there, form.whom, by);
            }
            Control::Form => {
                form.layout = beside(&Form::ALL, form.layout, by);
                self.propose(form, core);
            }
            Control::Extent => form.extent = beside(&Extent::ALL, form.extent, by),
            Control::Groups => {
                if let (Some(of_file), None) = (self.users.groups_of_file(), self.users.groups.whole()) {
                    return core.say(of_file);
                }
                form.groups = beside(&Groups::ALL, form.groups, by);
                if form.groups == Groups::Yes && self.users.groups.ready().is_none() {
                    self.users.name_groups(&self.place, core);
                }
            }
            Control::File => return,
        }
        form.changed();
    }

    /// The file that the form names, or what is wrong with the name.
    pub fn export_path(&self, form: &ExportForm, core: &Core) -> Result<PathBuf, &'static str> {
        path::named(form.file.text(), &core.settings.folders)
    }

    /// What the status pane calls an export.
    fn export_subject() -> Raw {
        Raw::from("export")
    }
}
