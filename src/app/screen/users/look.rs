//! Who of the loaded users matches, and in which order: worked out on another thread, so that no key waits for it. What
//! was listed before stays until that is done.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Users;
use crate::app::Effect;
use crate::app::core::Core;
use crate::domain::Fault;
use crate::domain::query::{Ground, Query};
use crate::domain::search::{Matches, RowList, Within};
use crate::job::search::{Order, Search};
use crate::job::{Job, Ticket};

/// How long after one look the next one begins for rows that arrived since: a scan brings some many times a second.
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    query: Arc<Query>,
    order: Order,
    /// Nobody but these: what a find brought.
    of: Option<Arc<Matches>>,
}

/// How many earlier lines are remembered: as many as are likely to be typed for one find, at a bit a user.
const EARLIER: usize = 12;

/// What a look was made of.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Basis {
    /// The count of changes of the rows and the groups.
    changes: u64,
    /// Their edition: it stays while only more of them arrive.
    edition: u64,
    /// When it began: ages move.
    at: Timestamp,
}

/// Whom an earlier line matched in the rows that were there: nobody else of them can match a line that says more.
#[derive(Clone, Debug, PartialEq)]
struct Earlier {
    query: Arc<Query>,
    basis: Basis,
    matched: usize,
    whom: Within,
}

/// What was worked out.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    wanted: Wanted,
    basis: Basis,
    matches: Arc<Matches>,
    /// Only the first of them: the others are still looked for.
    is_begun: bool,
}

/// What is being worked out.
#[derive(Clone, Debug, PartialEq)]
struct Pending {
    ticket: Ticket,
    wanted: Wanted,
    basis: Basis,
}

/// The look through what is loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    asked: Option<Pending>,
    seen: Option<Seen>,
    /// The newest last.
    earlier: VecDeque<Earlier>,
    /// Nobody matches what is typed so far, in the rows and groups after so many changes, and it may yet become
    /// something else: what was listed before stays.
    nobody: Option<(Wanted, u64)>,
    /// What could not be worked out, and why. It is not tried again by itself.
    failed: Option<(Wanted, Fault)>,
    /// When rows that arrived since may be looked at.
    due: Duration,
    /// The last rows of a reading arrived while a look was under way: the next one does not wait.
    last: bool,
}

impl Look {
    pub fn rows(&self) -> Option<&RowList> {
        self.seen.as_ref().map(|seen| &seen.matches.rows)
    }

    /// What matches, and of how many rows that is known.
    pub fn matches(&self) -> Option<&Arc<Matches>> {
        self.seen.as_ref().map(|seen| &seen.matches)
    }

    /// What matches are only the first of them: the others are still looked for.
    pub fn is_begun(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.is_begun)
    }

    /// The line that the listed rows match: a newer one may still be looked for.
    pub fn query(&self) -> Option<&Arc<Query>> {
        self.seen.as_ref().map(|seen| &seen.wanted.query)
    }

    pub fn is_under_way(&self) -> bool {
        self.asked.is_some()
    }

    pub fn fault(&self) -> Option<&Fault> {
        self.failed.as_ref().map(|(_, fault)| fault)
    }

    /// What failed may be tried again.
    pub fn retry(&mut self) {
        self.failed = None;
    }

    /// Nobody matches what is typed so far, and what is listed is of before.
    pub fn is_held(&self) -> bool {
        self.nobody.is_some()
    }

    /// The rows have other numbers now.
    pub fn forget(&mut self) {
        self.seen = None;
        self.nobody = None;
        self.asked = None;
        self.earlier.clear();
    }

    /// Remembers whom a line matched, for what is typed next and for a way back.
    fn remember(&mut self, seen: &Seen) {
        // What a find brought says nothing of anybody else.
        if seen.wanted.of.is_some() {
            return;
        }
        self.earlier
            .retain(|earlier| earlier.basis.edition == seen.basis.edition && earlier.query != seen.wanted.query);
        if self.earlier.len() == EARLIER {
            self.earlier.pop_front();
        }
        self.earlier.push_back(Earlier {
            query: Arc::clone(&seen.wanted.query),
            basis: seen.basis,
            matched: seen.matches.rows.len(),
            whom: Within {
                who: Arc::clone(&seen.matches.who),
                of_first: seen.matches.looked_at,
            },
        });
    }

    fn stop(&mut self, core: &mut Core) {
        if let Some(asked) = self.asked.take() {
            core.effect(Effect::Cancel(asked.ticket));
        }
    }
}

impl Users {
    /// The line whose matches are marked: the one that the listed rows match, or that a find was sent for.
    pub fn sought(&self) -> Option<&Query> {
        let looked = self.look.query().filter(|query| !query.is_empty());
        let found = || {
            self.wish
                .as_ref()
                .filter(|_| self.find.is_none() && self.hits().is_some())
        };
        looked.or(found().map(|wish| &wish.query)).map(AsRef::as_ref)
    }

    /// What is looked for now; `None`: everything is listed as it came. A line with a mistake looks for nothing new.
    fn wanted(&self) -> Option<Wanted> {
        let typed = self.find.as_ref().filter(|line| !line.field.text().trim().is_empty());
        let query = match typed {
            Some(line) => Arc::clone(&line.matched),
            None => match (&self.wish, self.hits()) {
                (Some(wish), None) => Arc::clone(&wish.query),
                _ => Arc::default(),
            },
        };
        let of = match (typed, self.hits()) {
            // Of nobody is known whether such a line holds.
            _ if self.untold(&query).is_some_and(|untold| untold.of_everybody) => {
                Some(Arc::new(Matches::of(Vec::new(), usize::MAX)))
            }
            // Whoever arrives later is not among them.
            (None, Some(hits)) => Some(Arc::new(Matches::of(hits.rows.clone(), usize::MAX))),
            _ => None,
        };
        let sorted = self.order != Order::Best;
        (sorted || !query.terms.is_empty()).then(|| Wanted {
            query,
            order: self.order.clone(),
            of,
        })
    }

    /// Whether what is listed is what is looked for, in the rows and the groups as they are.
    pub fn is_of_now(&self) -> bool {
        self.is_of(self.changes())
    }

    /// Whether what is listed is what is looked for, in the rows and the groups as they were after so many changes, or later.
    pub(super) fn is_of(&self, changes: u64) -> bool {
        match (self.wanted(), &self.look.seen) {
            (None, seen) => seen.is_none(),
            (Some(wanted), Some(seen)) => !seen.is_begun && seen.wanted == wanted && seen.basis.changes >= changes,
            (Some(_), None) => false,
        }
    }

    /// Says so where the list is not of the line and the order that are in force. True: it is not. It may be of fewer rows than
    /// there are by now.
    pub(in crate::app) fn refuse_earlier_line(&self, core: &mut Core) -> bool {
        let is_earlier = !self.is_of(0);
        if is_earlier && self.has_failed_look() {
            core.say("the line could not be looked for; r tries again");
        } else if is_earlier {
            core.say("the line is being looked for; press again when its list is here");
        }
        is_earlier
    }

    /// What is looked for could not be worked out, and is not tried again by itself.
    pub(super) fn has_failed_look(&self) -> bool {
        let failed = self.look.failed.as_ref();
        failed.is_some_and(|(failed, _)| self.wanted().as_ref() == Some(failed))
    }

    /// Whether the word at the cursor may yet become something that somebody matches.
    fn may_go_on(&self) -> bool {
        self.find.as_ref().is_some_and(|line| {
            let is_known = self.knows_groups_of(&line.matched);
            line.unfinished.is_some() && line.mistake.is_none() && is_known
        })
    }

    /// Looks through the loaded rows again if the line, the order or the rows changed since. Called once after every
    /// event.
    pub(in crate::app) fn narrow(&mut self, core: &mut Core) {
        self.look_if_changed(core);
        if self.back_to.is_some() && self.is_of(0) {
            let row = self.back_to.take().and_then(|username| self.roster.find(&username));
            if let Some(at) = row.and_then(|row| self.listed().position(row)) {
                self.cursor = at;
            }
        }
    }

    fn look_if_changed(&mut self, core: &mut Core) {
        let Some(wanted) = self.wanted() else {
            self.look.stop(core);
            self.look.seen = None;
            self.look.nobody = None;
            self.look.failed = None;
            // Of a million users each line that is remembered takes 125 kB.
            self.look.earlier.clear();
            return;
        };
        let changes = self.changes();
        let goes_on = self.may_go_on();
        self.look.nobody = (self.look.nobody.take()).filter(|(nobody, _)| goes_on && *nobody == wanted);
        let seen = (self.look.seen.as_ref()).filter(|seen| !seen.is_begun && seen.wanted == wanted);
        let known = (self.look.nobody.as_ref()).map_or(seen.map(|seen| seen.basis.changes), |(_, then)| Some(*then));
        let only_newer_rows = known.is_some();
        if known == Some(changes) {
            return self.look.stop(core);
        }
        if self.look.asked.as_ref().is_some_and(|asked| asked.wanted == wanted)
            || self.look.failed.as_ref().is_some_and(|(failed, _)| *failed == wanted)
            || (only_newer_rows && core.mono < self.look.due)
        {
            return;
        }
        self.look.stop(core);
        let search = Search {
            rows: self.roster.rows().clone(),
            query: Arc::clone(&wanted.query),
            order: wanted.order.clone(),
            ground: Ground {
                now: core.at,
                groups: self.groups.ready().cloned(),
            },
            within: match &wanted.of {
                Some(of) => Some(Within {
                    who: Arc::clone(&of.who),
                    of_first: of.looked_at,
                }),
                None => self.within(&wanted, core.at),
            },
            // Whoever types sees a first screen of it at once. Any other list stays as it is until all of the new one is known.
            first: (self.find.is_some() && !only_newer_rows && self.order == Order::Best)
                .then_some(usize::from(core.size.1)),
        };
        let ticket = core.ask_quietly(Job::Search(Box::new(search)));
        self.look.asked = Some(Pending {
            ticket,
            wanted,
            basis: Basis {
                changes,
                edition: self.edition(),
                at: core.at,
            },
        });
        self.look.last = false;
    }

    /// Whom the line matched when it said less, if no row of then and no group changed since: nobody else of them can match it
    /// now. Of several the one that leaves the fewest to be looked at.
    fn within(&self, wanted: &Wanted, now: Timestamp) -> Option<Within> {
        let edition = self.edition();
        // A clock that was set back makes everybody younger again.
        let of_now = |earlier: &&Earlier| {
            earlier.basis.edition == edition && earlier.basis.at <= now && wanted.query.narrows(&earlier.query)
        };
        let narrowed = self.look.earlier.iter().filter(of_now);
        let left = |earlier: &&Earlier| earlier.matched + self.roster.len().saturating_sub(earlier.whom.of_first);
        Some(narrowed.min_by_key(left)?.whom.clone())
    }

    /// Takes the first who match, while the others are still looked for. False: nobody waits for them.
    pub(in crate::app) fn take_first_matches(&mut self, ticket: Ticket, first: &Arc<Matches>) -> bool {
        let Some(asked) = self.look.asked.as_ref().filter(|asked| asked.ticket == ticket) else {
            return false;
        };
        let seen = Seen {
            wanted: asked.wanted.clone(),
            basis: asked.basis,
            matches: Arc::clone(first),
            is_begun: true,
        };
        self.look.remember(&seen);
        self.look.seen = Some(seen);
        true
    }

    /// Takes what a look brought. False: nobody waits for it.
    pub(in crate::app) fn take_matches(
        &mut self,
        ticket: Ticket,
        answer: &Result<Arc<Matches>, Fault>,
        core: &Core,
    ) -> bool {
        let Some(asked) = self.look.asked.take_if(|asked| asked.ticket == ticket) else {
            return false;
        };
        match answer {
            Ok(matches) => {
                // Rows that arrive keep the cursor on its user; a newer line begins with the best.
                let follows = (self.look.seen.as_ref()).is_none_or(|seen| seen.wanted.query == asked.wanted.query);
                let seen = Seen {
                    wanted: asked.wanted,
                    basis: asked.basis,
                    matches: Arc::clone(matches),
                    is_begun: false,
                };
                self.look.remember(&seen);
                self.look.failed = None;
                self.look.due = match self.look.last {
                    true => Duration::ZERO,
                    false => core.mono.saturating_add(BETWEEN_LOOKS),
                };
                let has_list =
                    (self.look.seen.as_ref()).is_none_or(|before| !before.is_begun && !before.matches.rows.is_empty());
                if matches.rows.is_empty() && has_list && self.may_go_on() {
                    self.look.nobody = Some((seen.wanted, seen.basis.changes));
                } else if follows && self.find.is_none() {
                    self.keeping_cursor(|users| users.look.seen = Some(seen));
                } else {
                    self.look.seen = Some(seen);
                }
            }
            Err(fault) => self.look.failed = Some((asked.wanted, fault.clone())),
        }
        true
    }

    /// The last rows of a reading arrived: they are looked at now.
    pub(super) fn look_now(&mut self) {
        self.look.due = Duration::ZERO;
        self.look.last = true;
    }

    /// When the rows that arrived since the last look are to be looked at.
    pub(in crate::app) fn next_look(&self, core: &Core) -> Option<Duration> {
        let nobody = self.look.nobody.as_ref().map(|(_, then)| *then);
        let known = nobody.or(self.look.seen.as_ref().map(|seen| seen.basis.changes))?;
        let is_due = self.look.asked.is_none() && known != self.changes() && !self.has_failed_look();
        is_due.then(|| self.look.due.saturating_sub(core.mono))
    }
}
