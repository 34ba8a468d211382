//! Who is in which group: read group by group after its price was said, because no list of users tells it. Members who are
//! not loaded yet are from then on.

mod price;
mod reading;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Users;
use super::scan::State;
use crate::app::slot::Slot;
use crate::domain::query::{Group, Groups};
use crate::domain::{Fault, Raw, Roster, RowId, Username};
use crate::job::scan::Progress;
use crate::job::{Answer, Ticket};

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

    /// Whoever is known to be a member is in the list.
    pub(super) fn are_members_loaded(&self) -> bool {
        self.unseen.is_empty()
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
        // Whichever are fewer: a page has few rows, and a pool that was read again may have few members.
        let arrived: Vec<(RowId, Username)> = match self.unseen.len() < roster.len().saturating_sub(before) {
            true => {
                let named = |name: &Username| Some((roster.find(name)?, name.clone()));
                let there = self.unseen.keys().filter_map(named);
                there.filter(|(row, _)| row.0 as usize >= before).collect()
            }
            false => (before..roster.len())
                .filter_map(|row| u32::try_from(row).ok())
                .filter_map(|row| Some((RowId(row), Username::new(roster.rows().get(RowId(row))?.username()))))
                .collect(),
        };
        let mut found: BTreeMap<usize, Vec<RowId>> = BTreeMap::new();
        for (row, username) in arrived {
            for number in self.unseen.remove(&username).unwrap_or_default() {
                found.entry(number).or_default().push(row);
            }
        }
        if !found.is_empty() {
            self.change(|groups| {
                for (number, rows) in found {
                    groups.find(number, rows);
                }
            });
        }
    }

    /// The groups have these names now. What was read of those that are still there is kept, of members without a row as well.
    fn rename(&mut self, names: impl IntoIterator<Item = Raw>) {
        let mut groups = Groups::named(names);
        if let Some(before) = &self.groups {
            groups.keep(before);
            let moved: Vec<Option<usize>> = before.iter().map(|group| groups.number(&group.name)).collect();
            self.unseen.retain(|_, numbers| {
                *numbers = numbers
                    .iter()
                    .filter_map(|at| moved.get(*at).copied().flatten())
                    .collect();
                !numbers.is_empty()
            });
        }
        self.changes += 1;
        self.groups = Some(Arc::new(groups));
    }

    /// Nothing is known any more of who is in a group.
    fn begin(&mut self, number: usize) {
        self.change(|groups| groups.begin(number));
        self.unseen.retain(|_, groups| {
            groups.retain(|other| *other != number);
            !groups.is_empty()
        });
    }

    /// Members of a group that nobody had to ask for.
    pub(super) fn tell(&mut self, name: &Raw, rows: Vec<RowId>) {
        self.groups.get_or_insert_default();
        self.change(|groups| {
            let number = groups.number_or_new(name);
            groups.put(number, rows);
        });
    }

    /// Of everybody who is loaded it is known in which groups they are.
    pub(super) fn end_all(&mut self) {
        self.groups.get_or_insert_default();
        self.change(|groups| (0..groups.len()).for_each(|number| groups.end(number)));
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

    /// The same but for rows that arrived: whoever matched a line matches it still.
    pub(super) fn edition(&self) -> u64 {
        self.roster.edition().saturating_add(self.groups.changes())
    }

    /// Takes the names of the groups. False: nobody waits for them.
    pub(in crate::app) fn take_group_names(&mut self, ticket: Ticket, answer: &Answer<Vec<Raw>>) -> bool {
        let known = answer.as_ref().map(|_| ()).map_err(Clone::clone);
        if !self.groups.names.fill(ticket, known) {
            return false;
        }
        match answer {
            Ok(answered) => self.groups.rename(answered.value.iter().cloned()),
            Err(_) => self.groups.offer = None,
        }
        true
    }
}
