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
use crate::domain::{Fault, RowId, User};
use crate::job::audit::Lint;
use crate::job::{Job, Ticket};

/// The open screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LintScreen {
    /// The report that is being made.
    pub asked: Slot<()>,
    /// Of whom that is.
    asked_of: Loaded,
    /// The last one that was made.
    pub report: Option<Arc<Report>>,
    /// Of whom that is.
    pub of: Loaded,
    /// The check that the cursor is on, by its place in the report.
    pub cursor: usize,
    /// The check whose users are listed, and the finding that the cursor is on.
    pub open: Option<(Check, usize)>,
}

/// Who was loaded when the checks were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loaded {
    /// After so many changes of the list.
    changes: u64,
    /// Nobody of the pool was missing.
    pub whole: bool,
    /// How old that may be.
    pub as_of: Option<Timestamp>,
}

impl LintScreen {
    /// Whether the checks are made, or being made, of the users after so many changes.
    fn is_of(&self, changes: u64) -> bool {
        match &self.asked {
            Slot::Loading(_) => self.asked_of.changes == changes,
            _ => self.report.is_some() && self.of.changes == changes,
        }
    }

    /// The findings that the cursor is on, or whose users are listed.
    pub fn findings(&self) -> Option<&Findings> {
        let report = self.report.as_ref()?;
        match self.open {
            Some((check, _)) => report.of(check),
            None => report.findings.get(self.cursor),
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

    /// Looks again where other users are loaded by now than the counts are of. While many arrive, what was found stays; so do
    /// the users of a check that somebody goes through. Called once after every event.
    pub(in crate::app) fn renew_lint(&mut self, core: &mut Core) {
        let Some(screen) = self.lint.as_ref().filter(|_| self.view == View::Lint) else {
            return;
        };
        let is_old = !screen.is_of(self.users.roster.changes()) && screen.open.is_none();
        if is_old && screen.asked.fault().is_none() && !self.users.is_arriving() {
            self.run_lint(core);
        }
    }

    /// Looks at everybody who is loaded now.
    pub(in crate::app) fn run_lint(&mut self, core: &mut Core) {
        if self.lint.as_ref().is_some_and(|screen| screen.asked.is_loading()) {
            return;
        }
        let job = Job::Lint(Box::new(Lint {
            ground: Ground {
                rows: self.users.loaded(),
                pool: self.settings().cloned(),
                export: (self.users.file.as_ref()).and_then(|file| file.opened.head.clone()),
                now: core.at,
            },
            options: Options::default(),
        }));
        let asked = Slot::Loading(core.ask_quietly(job));
        let asked_of = Loaded {
            changes: self.users.roster.changes(),
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
            screen.report = Some(Arc::clone(report));
            screen.of = screen.asked_of;
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
