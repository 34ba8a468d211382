//! A reading of who is in which group: asked for, told as it arrives, ended.

use super::{GroupReading, Of};
use crate::app::core::Core;
use crate::app::screen::edit::plural;
use crate::app::screen::users::Users;
use crate::app::screen::users::scan::State;
use crate::app::status::Word;
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Place, Raw, RowId, Segment, Sentence, Username};
use crate::job::groups::{Members, MembersEnd, MembersRead};
use crate::job::scan::Progress;
use crate::job::{Job, Ticket};

impl Users {
    /// Starts to read who is in these groups. What was known of them gives way.
    pub(in crate::app) fn start_groups(&mut self, names: Vec<Raw>, rate: u32, place: &Place, core: &mut Core) {
        let Some(groups) = self.groups.groups.clone().filter(|_| !self.groups.is_running()) else {
            return;
        };
        for number in names.iter().filter_map(|name| groups.number(name)) {
            self.groups.begin(number);
        }
        let line = format!(
            "reading who is in {} {}; Esc stops",
            grouped(names.len() as u64),
            plural(names.len(), "group")
        );
        let job = Job::ReadMembers {
            place: place.clone(),
            members: Members {
                groups: names.clone(),
                rate,
            },
        };
        let ticket = core.ask(&Raw::from("groups"), line, job);
        self.groups.reading = Some(GroupReading {
            state: State::Running(ticket),
            progress: Progress::default(),
            rate,
            since: core.at,
            groups: names,
            done: 0,
        });
    }

    /// Asks a running reading to stop. False: none runs.
    pub(in crate::app) fn stop_groups(&mut self, core: &mut Core) -> bool {
        match &mut self.groups.reading {
            Some(reading) => reading.state.stop(core),
            None => false,
        }
    }

    /// Takes members of a group. False: nobody waits for them.
    pub(in crate::app) fn take_members(&mut self, ticket: Ticket, news: &MembersRead, core: &mut Core) -> bool {
        if self.groups.ticket() != Some(ticket) {
            return false;
        }
        self.add(&news.users);
        let rows = self.rows_with(&news.users);
        if let Some(reading) = &mut self.groups.reading {
            reading.progress = news.progress.clone();
            let at = reading.groups.iter().position(|name| *name == news.group);
            self.groups.end(at.unwrap_or_default());
        }
        self.groups.change(|groups| {
            if let Some(number) = groups.number(&news.group) {
                groups.put(number, rows);
            }
        });
        if let Some(entry) = core.status.get_mut(ticket) {
            entry.line = counted(&news.progress);
        }
        true
    }

    fn rows_with(&self, users: &Segment) -> Vec<RowId> {
        let rows = users.rows();
        rows.filter_map(|row| self.roster.find(&Username::new(row.username())))
            .collect()
    }

    /// Takes the end of a reading. False: nobody waits for it.
    pub(in crate::app) fn take_members_end(&mut self, ticket: Ticket, end: &MembersEnd, core: &mut Core) -> bool {
        let Some(reading) = self
            .groups
            .reading
            .as_mut()
            .filter(|reading| reading.ticket() == Some(ticket))
        else {
            return false;
        };
        reading.progress = end.progress.clone();
        let (all, left) = (reading.groups.len(), end.left.len());
        let line = counted(&end.progress);
        let (state, line) = match (&end.fault, left) {
            (Some(fault), _) => (State::Failed(fault.clone()), line),
            (None, 0) => (State::Complete, line),
            (None, left) => {
                let said = format!("stopped, {} {} not read: ", grouped(left as u64), plural(left, "group"));
                (State::Stopped, Sentence::from(said).join(line))
            }
        };
        reading.state = state;
        self.groups.end(all.saturating_sub(left));
        self.look_now();
        core.reading_ended(
            ticket,
            (Word::Read, line),
            end.fault.as_ref(),
            end.notices.iter().cloned(),
        );
        true
    }

    /// The work broke: nobody knows how far it came beyond what arrived.
    pub(in crate::app) fn fail_groups(&mut self, ticket: Ticket, fault: &Fault) -> bool {
        if self.groups.names.fail(ticket, fault) {
            self.groups.offer = None;
            return true;
        }
        match &mut self.groups.reading {
            Some(reading) if reading.ticket() == Some(ticket) => {
                reading.state = State::Failed(fault.clone());
                true
            }
            _ => false,
        }
    }

    /// Tries again what failed. False: nothing did.
    pub(in crate::app) fn retry_groups(&mut self, place: &Place, core: &mut Core) -> bool {
        if self.groups.names.fault().is_some() {
            self.ask_for_groups(Of::Line, place, core);
            return true;
        }
        let Some(reading) = self
            .groups
            .reading
            .as_ref()
            .filter(|reading| reading.state.fault().is_some())
        else {
            return false;
        };
        let left = reading.groups.iter().skip(reading.done).cloned().collect();
        let rate = reading.rate;
        self.start_groups(left, rate, place, core);
        true
    }
}

/// `133 members, 5 calls`
fn counted(progress: &Progress) -> Sentence {
    let calls = usize::try_from(progress.calls).unwrap_or(usize::MAX);
    let users = usize::try_from(progress.users).unwrap_or(usize::MAX);
    crate::say!(
        own grouped(progress.users), " ", own plural(users, "member"), ", ", own grouped(progress.calls), " ",
        own plural(calls, "call")
    )
}
