//! Who is in which group: read group by group after its price was said, because no list of users tells it. Members who are
//! not loaded yet are from then on.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Users;
use super::scan::{Asked, ScanQuestion, State};
use crate::app::core::{Core, describe, headline};
use crate::app::overlay::Overlay;
use crate::app::screen::edit::plural;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::app::status::{Next, Word};
use crate::app::{App, Pane};
use crate::domain::fault::Access;
use crate::domain::query::{Group, Groups, Query};
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Place, Raw, Roster, RowId, Segment, Sentence, Username};
use crate::job::groups::{Members, MembersEnd, MembersRead};
use crate::job::scan::Progress;
use crate::job::{Answer, Job, Ticket};

/// How many names of groups a line lists.
const NAMED: usize = 6;

/// What is known of a pool's groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Membership {
    /// The question for their names.
    names: Slot<()>,
    groups: Option<Arc<Groups>>,
    /// The last reading of members.
    reading: Option<GroupReading>,
    /// Members who are not in the list since it is read anew, with the numbers of their groups.
    unseen: BTreeMap<Username, Vec<usize>>,
    /// As soon as the names are known, the price is to be said: of all groups, or of those that the line lacks.
    offer: Option<Of>,
    /// Counts changes, so that what was worked out can tell whether it still holds.
    changes: u64,
}

/// Which groups are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// Those that the line in force is about and that were not read; by key, those that were as well.
    Line,
    Key,
}

/// A reading of the members of groups.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupReading {
    pub state: State,
    pub progress: Progress,
    /// Requests a second that were chosen.
    pub rate: u32,
    pub since: Timestamp,
    /// The groups that are read, in this order.
    groups: Vec<Raw>,
    /// How many of them were read to their end.
    done: usize,
}

impl GroupReading {
    pub fn ticket(&self) -> Option<Ticket> {
        self.state.ticket()
    }
}

impl Membership {
    /// The groups, once their names are known.
    pub fn ready(&self) -> Option<&Arc<Groups>> {
        self.groups.as_ref()
    }

    /// The same, once all of them were read to their end.
    pub fn whole(&self) -> Option<&Arc<Groups>> {
        self.ready().filter(|groups| groups.iter().all(Group::is_whole))
    }

    /// The groups that were not read to their end.
    pub fn unread(&self) -> Vec<Raw> {
        let groups = self.groups.iter().flat_map(|groups| groups.iter());
        let unread = groups.filter(|group| !group.is_whole());
        unread.map(|group| group.name.clone()).collect()
    }

    pub fn reading(&self) -> Option<&GroupReading> {
        self.reading.as_ref()
    }

    /// How the last reading stands, and its pace.
    pub(super) fn pace(&mut self) -> Option<(&State, &mut u32)> {
        let reading = self.reading.as_mut()?;
        Some((&reading.state, &mut reading.rate))
    }

    pub fn is_running(&self) -> bool {
        self.ticket().is_some()
    }

    pub fn ticket(&self) -> Option<Ticket> {
        self.reading.as_ref().and_then(GroupReading::ticket)
    }

    pub fn fault(&self) -> Option<&Fault> {
        let reading = || self.reading.as_ref()?.state.fault();
        self.names.fault().or_else(reading)
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    fn change(&mut self, change: impl FnOnce(&mut Groups)) {
        if let Some(groups) = &mut self.groups {
            self.changes += 1;
            change(Arc::make_mut(groups));
        }
    }

    /// The rows get other numbers: what is known of members holds on to their names.
    pub(super) fn forget_rows(&mut self, roster: &Roster) {
        let Some(groups) = &self.groups else {
            return;
        };
        for (number, group) in groups.iter().enumerate() {
            for row in group.members().iter().filter_map(|row| roster.rows().get(*row)) {
                let username = Username::new(row.username());
                self.unseen.entry(username).or_default().push(number);
            }
        }
        self.change(Groups::forget_rows);
    }

    /// Rows arrived: those of known members are theirs again.
    pub(super) fn find_rows(&mut self, roster: &Roster, before: usize) {
        if self.unseen.is_empty() {
            return;
        }
        let mut found: BTreeMap<usize, Vec<RowId>> = BTreeMap::new();
        for row in (before..roster.len()).filter_map(|row| u32::try_from(row).ok()) {
            let Some(user) = roster.rows().get(RowId(row)) else {
                continue;
            };
            for number in self.unseen.remove(&Username::new(user.username())).unwrap_or_default() {
                found.entry(number).or_default().push(RowId(row));
            }
        }
        if !found.is_empty() {
            self.change(|groups| {
                for (number, rows) in found {
                    groups.put(number, rows);
                }
            });
        }
    }

    /// Nothing is known any more of who is in a group.
    fn begin(&mut self, number: usize) {
        self.change(|groups| groups.begin(number));
        self.unseen.retain(|_, groups| {
            groups.retain(|other| *other != number);
            !groups.is_empty()
        });
    }

    /// The first of the groups that are read were read to their end.
    fn end(&mut self, count: usize) {
        let Some(reading) = &mut self.reading else {
            return;
        };
        let from = reading.done;
        reading.done = count.max(from);
        let ended: Vec<Raw> = reading.groups.iter().take(count).skip(from).cloned().collect();
        self.change(|groups| {
            for number in ended.iter().filter_map(|name| groups.number(name)).collect::<Vec<_>>() {
                groups.end(number);
            }
        });
    }
}

impl Users {
    /// What the rows and the groups have been through, as one count.
    pub(super) fn changes(&self) -> u64 {
        self.roster.changes().saturating_add(self.groups.changes())
    }

    fn ask_for_groups(&mut self, of: Of, place: &Place, core: &mut Core) {
        self.groups.offer = Some(of);
        self.name_groups(place, core);
    }

    /// Asks for the names of the groups: what reading them costs depends on how many there are.
    pub(in crate::app) fn name_groups(&mut self, place: &Place, core: &mut Core) {
        if !self.groups.names.is_loading() {
            let job = Job::ListGroups { place: place.clone() };
            let ticket = core.ask(&Raw::from("groups"), "reading the names of the groups", job);
            self.groups.names = Slot::Loading(ticket);
        }
    }

    /// Takes the names of the groups. False: nobody waits for them.
    pub(in crate::app) fn take_group_names(&mut self, ticket: Ticket, answer: &Answer<Vec<Raw>>) -> bool {
        let known = answer.as_ref().map(|_| ()).map_err(Clone::clone);
        if !self.groups.names.fill(ticket, known) {
            return false;
        }
        match answer {
            Ok(answered) => {
                let mut groups = Groups::named(answered.value.iter().cloned());
                if let Some(before) = self.groups.groups.take() {
                    // Numbers may have moved: who is not in the list is found again by a reading alone.
                    self.groups.unseen.clear();
                    groups.keep(&before);
                }
                self.groups.changes += 1;
                self.groups.groups = Some(Arc::new(groups));
            }
            Err(_) => self.groups.offer = None,
        }
        true
    }

    /// The groups whose price is to be said now.
    fn offered(&mut self) -> Option<(Of, Vec<Raw>)> {
        let groups = self
            .groups
            .groups
            .as_ref()
            .filter(|_| !self.groups.names.is_loading())?;
        let of = self.groups.offer.take()?;
        let line = self.wish.as_ref().filter(|wish| wish.query.reads_groups());
        let meant = match line {
            Some(wish) => groups.meant(&wish.query),
            None => (0..groups.len()).collect(),
        };
        let meant = meant.iter().filter_map(|number| groups.get(*number));
        let names = |unread: bool| -> Vec<Raw> {
            let those = meant.clone().filter(|group| !unread || !group.is_whole());
            those.map(|group| group.name.clone()).collect()
        };
        let unread = names(true);
        let names = if unread.is_empty() && of == Of::Key {
            names(false)
        } else {
            unread
        };
        Some((of, names))
    }

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
        let (state, word, line) = match (&end.fault, left) {
            (Some(fault), _) => (State::Failed(fault.clone()), Word::Failed, headline(fault)),
            (None, 0) => (State::Complete, Word::Read, line),
            (None, left) => {
                let said = format!("stopped, {} {} not read: ", grouped(left as u64), plural(left, "group"));
                (State::Stopped, Word::Read, Sentence::from(said).join(line))
            }
        };
        reading.state = state;
        self.groups.end(all.saturating_sub(left));
        self.look_now();
        let profile = core.settings.target.profile.clone();
        if let Some(entry) = core.status.finish(ticket, core.mono, word, Some(line)) {
            if let Some(fault) = &end.fault {
                describe(entry, fault, profile.as_deref(), Access::Read);
                entry.next = Some(Next::Retry);
            }
            entry.more.extend(end.notices.iter().cloned());
        }
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

    /// Whether the line in force is answered to its end whatever else of the pool was not read: everybody who can match it is
    /// in groups that were.
    pub fn settled_by_groups(&self) -> bool {
        let wish = self.wish.as_ref();
        wish.zip(self.groups.ready())
            .is_some_and(|(wish, groups)| groups.settles(&wish.query))
    }

    /// What is known of the groups that a line is about. `None`: it is about none. `key`: what says the price of reading them.
    pub fn about_groups(&self, query: &Query, key: &str) -> Option<Sentence> {
        if !query.reads_groups() {
            return None;
        }
        let price = |said: Sentence| said.words(format!(", {key} says what that costs"));
        let Some(groups) = self.groups.ready() else {
            return Some(match self.groups.names.is_loading() {
                true => "the names of the groups are being read".into(),
                false => price("who is in which group is not read".into()),
            });
        };
        let meant = groups.meant(query);
        let meant: Vec<_> = meant.iter().filter_map(|number| groups.get(*number)).collect();
        let unread = meant.iter().filter(|group| !group.is_whole()).count();
        if let Some(reading) = self
            .groups
            .reading
            .as_ref()
            .filter(|reading| reading.ticket().is_some())
        {
            let said = match reading.state {
                State::Stopping(_) => "stopping",
                _ => "reading",
            };
            return Some(crate::say!(
                own said, " groups: ", own grouped(reading.done as u64), " of ",
                own grouped(reading.groups.len() as u64), " read, ", own grouped(reading.progress.users),
                " members so far"
            ));
        }
        Some(match (meant.as_slice(), unread) {
            ([], _) if groups.is_empty() => "this pool has no groups".into(),
            ([], _) => groups
                .iter()
                .take(NAMED)
                .enumerate()
                .fold(
                    Sentence::from("no group of this pool is meant: "),
                    |said, (at, group)| said.words(if at == 0 { "there is " } else { ", " }).name(&group.name),
                )
                .words(if groups.len() > NAMED { ", and more" } else { "" }),
            ([only], 0) => {
                let members = only.members().len();
                crate::say!(
                    name & only.name, " was read to its end: ", own grouped(members as u64), " ",
                    own plural(members, "member")
                )
            }
            (all, 0) => crate::say!(own grouped(all.len() as u64), " groups were read to their end"),
            ([only], _) => price(crate::say!("who is in ", name & only.name, " is not read")),
            (all, unread) => price(crate::say!(
                own grouped(unread as u64), " of ", own grouped(all.len() as u64), " groups are not read"
            )),
        })
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

impl Session {
    /// What reading the groups costs: those that the line in force is about, or all.
    pub(in crate::app) fn price_groups(&mut self, core: &mut Core) {
        if self.users.groups.is_running() {
            return core.say("groups are being read; Esc stops");
        }
        // Groups may have been made since.
        self.users.ask_for_groups(Of::Key, &self.place, core);
    }

    /// A line came into force: if it lacks groups, their price is said.
    pub(super) fn offer_groups(&mut self, core: &mut Core) {
        let Some(wish) = &self.users.wish else {
            return;
        };
        if !wish.query.reads_groups() || self.users.groups.is_running() {
            return;
        }
        match self.users.groups.ready() {
            Some(groups) if !groups.meant(&wish.query).is_empty() => self.users.groups.offer = Some(Of::Line),
            _ => self.users.ask_for_groups(Of::Line, &self.place, core),
        }
    }

    pub(in crate::app) fn start_groups(&mut self, names: Vec<Raw>, rate: u32, core: &mut Core) {
        self.users.start_groups(names, rate, &self.place, core);
    }
}

impl App {
    /// Says the price of reading groups once their names are known, if the list that asked for it is still in front: nothing
    /// comes over what is done elsewhere meanwhile.
    pub(in crate::app) fn say_price_of_groups(&mut self) {
        let in_front = self.overlay.is_none() && self.pane == Pane::Body && !self.shows_journal();
        let Some(session) = &mut self.session else {
            return;
        };
        let Some((of, names)) = session.users.offered() else {
            return;
        };
        let Some(all) = session.users.groups.ready().map(|groups| groups.len()) else {
            return;
        };
        if !in_front || session.view != View::Users || session.users.find.is_some() {
            return;
        }
        if names.is_empty() {
            if of == Of::Key {
                self.core.say("this pool has no groups");
            }
            return;
        }
        self.overlay = Some(Overlay::Scan(ScanQuestion {
            of: Asked::Groups {
                names,
                all,
                users: session.pool.ready().and_then(|pool| pool.estimated_users),
            },
            rate: self.core.settings.list_rate,
            opened: self.core.mono,
        }));
    }
}
