//! What the checks found among the users that are loaded: counts first, then the users of one check.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::Effect;
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::overlay::{CopyItem, moved};
use crate::app::session::{Session, View, user_items};
use crate::app::slot::Slot;
use crate::domain::lint::{Check, Findings, Ground, Options, Report};
use crate::domain::{AttributeName, Fault, RowId, User};
use crate::job::audit::Lint;
use crate::job::{Job, Ticket};

/// The open screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LintScreen {
    /// The report that is being made.
    pub asked: Slot<()>,
    /// What it is of.
    asked_of: Basis,
    /// The last one that was made.
    pub report: Option<Arc<Report>>,
    /// What it is of.
    pub of: Basis,
    /// The attributes that were chosen: everybody should have them, besides those that the pool requires.
    pub expected: Vec<AttributeName>,
    /// The check that the cursor is on, by its place among the counts.
    pub cursor: usize,
    /// The check whose users are listed, and the finding that the cursor is on.
    pub open: Option<(Check, usize)>,
}

/// What the checks were asked of: who was loaded then, and what everybody should have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// After so many changes of the list.
    changes: u64,
    expected: Vec<AttributeName>,
    /// Nobody of the pool was missing.
    pub whole: bool,
    /// How old that may be.
    pub as_of: Option<Timestamp>,
}

impl LintScreen {
    /// What the checks are made of, or are being made of.
    fn basis(&self) -> Option<&Basis> {
        match &self.asked {
            Slot::Loading(_) => Some(&self.asked_of),
            _ => self.report.is_some().then_some(&self.of),
        }
    }

    /// Whether the checks are made, or being made, of the users after so many changes and of what is chosen now.
    fn is_of(&self, changes: u64) -> bool {
        self.basis()
            .is_some_and(|basis| basis.changes == changes && basis.expected == self.expected)
    }

    /// The findings that the cursor is on, or whose users are listed.
    pub fn findings(&self) -> Option<&Findings> {
        let report = self.report.as_ref()?;
        match self.open {
            Some((check, _)) => report.of(check),
            None => report.counts().get(self.cursor).copied(),
        }
    }

    /// The user that the cursor is on, where users are listed.
    pub fn selected(&self) -> Option<RowId> {
        let (_, at) = self.open?;
        Some(self.findings()?.found.get(at)?.row)
    }

    /// Whether the users that are listed belong together.
    pub fn has_twins(&self) -> bool {
        self.findings().is_some_and(|findings| findings.groups().is_some())
    }

    /// Another user of the same group: the next, and behind the last the first.
    fn twin(&self) -> Option<RowId> {
        let (_, at) = self.open?;
        let findings = self.findings()?;
        let (_, group) = findings.group(at)?;
        let row = findings.found.get(at)?.row;
        let place = group.iter().position(|found| found.row == row)?;
        group
            .get(place + 1)
            .or(group.first())
            .map(|found| found.row)
            .filter(|other| *other != row)
    }

    fn user(&self, row: RowId) -> Option<Arc<User>> {
        Some(self.report.as_ref()?.ground.rows.get(row)?.to_user())
    }
}

impl Session {
    pub(in crate::app) fn open_lint(&mut self, core: &mut Core) {
        self.view = View::Lint;
        let changes = self.users.roster.changes();
        if let Some(screen) = &mut self.lint {
            screen.open = None;
        }
        if !self.lint.as_ref().is_some_and(|screen| screen.is_of(changes)) {
            self.run_lint(core);
        }
    }

    /// Looks again where other users are loaded by now than the counts are of, or something else is chosen. While many arrive,
    /// what was found stays; so do the users of a check that somebody goes through. Called once after every event.
    pub(in crate::app) fn renew_lint(&mut self, core: &mut Core) {
        let Some(screen) = self.lint.as_ref().filter(|_| self.view == View::Lint) else {
            return;
        };
        let is_chosen_anew = screen.basis().is_some_and(|basis| basis.expected != screen.expected);
        let is_old = !screen.is_of(self.users.roster.changes()) && screen.open.is_none();
        let has_failed = screen.asked.fault().is_some() && screen.asked_of.expected == screen.expected;
        if !has_failed && (is_chosen_anew || (is_old && !self.users.is_arriving())) {
            self.run_lint(core);
        }
    }

    /// Whether everybody should have an attribute, as far as was chosen here: the other way from now on.
    pub(in crate::app) fn toggle_expected(&mut self, name: AttributeName, core: &mut Core) {
        if self.schema().is_some_and(|schema| schema.is_required(&name)) {
            return core.say("this pool requires it, so it is looked for in any case");
        }
        let Some(screen) = &mut self.lint else {
            return;
        };
        match screen.expected.iter().position(|other| *other == name) {
            Some(at) => drop(screen.expected.remove(at)),
            None => screen.expected.push(name),
        }
    }

    /// Looks at everybody who is loaded now. What is under way goes on, unless it looks for something else than is chosen now.
    pub(in crate::app) fn run_lint(&mut self, core: &mut Core) {
        let screen = self.lint.get_or_insert_default();
        if let Some(ticket) = screen.asked.ticket() {
            if screen.asked_of.expected == screen.expected {
                return;
            }
            core.effect(Effect::Cancel(ticket));
        }
        let expected = screen.expected.clone();
        let job = Job::Lint(Box::new(Lint {
            ground: Ground {
                rows: self.users.loaded(),
                pool: self.settings().cloned(),
                export: (self.users.file.as_ref()).and_then(|file| file.opened.head.clone()),
                now: core.at,
            },
            options: Options {
                attributes: expected.clone(),
                ..Options::default()
            },
        }));
        let asked = Slot::Loading(core.ask_quietly(job));
        let asked_of = Basis {
            changes: self.users.roster.changes(),
            expected,
            whole: self.users.is_whole(),
            as_of: self.users.as_of(),
        };
        let screen = self.lint.get_or_insert_default();
        screen.asked = asked;
        screen.asked_of = asked_of;
    }

    /// False: nobody waits for it.
    pub(in crate::app) fn take_report(&mut self, ticket: Ticket, answer: &Result<Arc<Report>, Fault>) -> bool {
        let Some(screen) = &mut self.lint else {
            return false;
        };
        if !screen
            .asked
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        if let Ok(report) = answer {
            // Rows may have moved: the users of a check are listed anew from the first.
            if let Some((_, at)) = &mut screen.open {
                *at = 0;
            }
            let before = screen.report.as_ref().map(|report| report.counts());
            let selected = before.and_then(|before| Some(before.get(screen.cursor)?.check));
            screen.report = Some(Arc::clone(report));
            screen.of = screen.asked_of.clone();
            // The cursor stays on its check, which may stand elsewhere now.
            let at = report
                .counts()
                .iter()
                .position(|findings| Some(findings.check) == selected);
            screen.cursor = at.unwrap_or(0);
        }
        true
    }

    pub(in crate::app) fn lint_action(&mut self, action: Action, core: &mut Core) {
        let Some(screen) = &mut self.lint else {
            self.view = View::Users;
            return;
        };
        match (action, screen.open) {
            (Action::Open, None) => match screen.findings() {
                Some(findings) if findings.is_empty() => core.say("nobody was found by this check"),
                Some(findings) => screen.open = Some((findings.check, 0)),
                None => {}
            },
            (Action::Open, Some(_)) => {
                if let Some(user) = screen.selected().and_then(|row| screen.user(row)) {
                    // What was read since the checks were made counts, not what they saw.
                    let user = self.users.newest_of(&user);
                    self.open_user(user, core);
                }
            }
            (Action::Compare, Some(_)) => {
                let pair = screen.selected().zip(screen.twin());
                match pair.and_then(|(one, other)| screen.user(one).zip(screen.user(other))) {
                    Some((one, other)) => self.open_compare(one, other),
                    None => core.say("this check brings no two users together"),
                }
            }
            (Action::Compare, None) => core.say("Enter lists the users of a check; = compares two of them there"),
            (other, None) => {
                let count = screen.report.as_ref().map_or(0, |report| report.findings.len());
                screen.cursor = moved(screen.cursor, other, count);
            }
            (other, Some((check, at))) => {
                let count = screen.findings().map_or(0, |findings| findings.found.len());
                screen.open = Some((check, moved(at, other, count)));
            }
        }
    }

    /// Undoes the topmost thing of the screen. A look that is under way is stopped with it.
    pub(in crate::app) fn leave_lint(&mut self, core: &mut Core) {
        if let Some(screen) = &mut self.lint {
            if screen.open.take().is_some() {
                return;
            }
            if let Some(ticket) = screen.asked.ticket() {
                screen.asked = Slot::Empty;
                core.effect(Effect::Cancel(ticket));
            }
        }
        self.view = View::Users;
    }

    pub(in crate::app) fn lint_items(&self) -> Vec<CopyItem> {
        let screen = self.lint.as_ref();
        let user = screen.and_then(|screen| screen.user(screen.selected()?));
        user.map(|user| user_items(&user)).unwrap_or_default()
    }
}
