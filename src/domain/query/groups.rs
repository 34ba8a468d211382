//! Who is in which group, as far as it was read: a group is known once it was read to its end, and not before.

use std::sync::Arc;

use super::{Query, Term, Test};
use crate::domain::column::Column;
use crate::domain::raw::Raw;
use crate::domain::roster::RowId;
use crate::domain::sentence::Sentence;

/// How many names of groups a sentence lists.
const NAMED: usize = 6;

/// The groups of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    groups: Vec<Group>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: Raw,
    /// Its members in the order of their rows, each once. Shared, because a look takes them along while more arrive.
    members: Arc<Vec<RowId>>,
    /// Whether it was read to its end: who is not in it then is not a member.
    whole: bool,
    /// How many more members were read who have no row since the list is read anew.
    absent: usize,
}

impl Group {
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    pub fn members(&self) -> &[RowId] {
        &self.members
    }

    /// How many members are known who have no row now.
    pub fn absent(&self) -> usize {
        self.absent
    }

    pub fn has(&self, row: RowId) -> bool {
        self.members.binary_search(&row).is_ok()
    }
}

impl Groups {
    /// The groups by their names: of none it is known yet who is in it.
    pub fn named(names: impl IntoIterator<Item = Raw>) -> Self {
        let group = |name| Group {
            name,
            members: Arc::default(),
            whole: false,
            absent: 0,
        };
        Self {
            groups: names.into_iter().map(group).collect(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter()
    }

    pub fn len(&self) -> usize {
        self.groups.len()
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub fn get(&self, number: usize) -> Option<&Group> {
        self.groups.get(number)
    }

    pub fn number(&self, name: &Raw) -> Option<usize> {
        self.groups.iter().position(|group| group.name == *name)
    }

    /// The number of a group that may be met for the first time.
    pub fn number_or_new(&mut self, name: &Raw) -> usize {
        self.number(name).unwrap_or_else(|| {
            self.groups.extend(Self::named([name.clone()]).groups);
            self.groups.len() - 1
        })
    }

    /// The names of the groups that a user is in.
    pub fn of(&self, row: RowId) -> impl Iterator<Item = &Raw> {
        let its = self.groups.iter().filter(move |group| group.has(row));
        its.map(|group| &group.name)
    }

    /// A group is read from its beginning.
    pub fn begin(&mut self, number: usize) {
        if let Some(group) = self.groups.get_mut(number) {
            group.members = Arc::default();
            group.whole = false;
            group.absent = 0;
        }
    }

    /// Members of a group arrived.
    pub fn put(&mut self, number: usize, rows: impl IntoIterator<Item = RowId>) {
        if let Some(group) = self.groups.get_mut(number) {
            let members = Arc::make_mut(&mut group.members);
            members.extend(rows);
            // Two runs that are in order already cost one pass.
            members.sort();
            members.dedup();
        }
    }

    /// Members who had no row have one again.
    pub fn find(&mut self, number: usize, rows: Vec<RowId>) {
        if let Some(group) = self.groups.get_mut(number) {
            group.absent = group.absent.saturating_sub(rows.len());
        }
        self.put(number, rows);
    }

    /// A group was read to its end.
    pub fn end(&mut self, number: usize) {
        if let Some(group) = self.groups.get_mut(number) {
            group.whole = true;
        }
    }

    /// The rows have other numbers now: nobody is a member until it is found again, what was read stays read.
    pub fn forget_rows(&mut self) {
        for group in &mut self.groups {
            group.absent = group.absent.saturating_add(group.members.len());
            group.members = Arc::default();
        }
    }

    /// Takes over what is known of groups of the same names.
    pub fn keep(&mut self, before: &Self) {
        for group in &mut self.groups {
            if let Some(known) = before.groups.iter().find(|known| known.name == group.name) {
                group.clone_from(known);
            }
        }
    }

    /// Whether a user is in a group whose name is meant. `None`: one of those groups was not read to its end, so nobody knows.
    pub(super) fn any(&self, row: RowId, is_meant: impl Fn(&str) -> bool) -> Option<bool> {
        let meant = self.groups.iter().filter(|group| is_meant(group.name.as_str()));
        any_of(meant, row)
    }

    /// The numbers of the groups that a test is about; none for a test of something else.
    pub fn meant_by(&self, test: &Test) -> Vec<usize> {
        let is_meant = |name: &str| match test {
            Test::Contains(Column::Groups, word) => word.is_part(name),
            Test::Exact(Column::Groups, word) => word.is_value(name),
            Test::Prefix(Column::Groups, word) => word.begins(name),
            Test::Matches(Column::Groups, pattern) => pattern.0.is_match(name),
            Test::Present(Column::Groups) | Test::Missing(Column::Groups) => true,
            _ => false,
        };
        let numbered = self.groups.iter().enumerate();
        let meant = numbered.filter(|(_, group)| is_meant(group.name.as_str()));
        meant.map(|(number, _)| number).collect()
    }

    /// The same for all terms of a line.
    pub fn meant(&self, query: &Query) -> Vec<usize> {
        let mut meant: Vec<usize> = query.terms.iter().flat_map(|term| self.meant_by(&term.test)).collect();
        meant.sort_unstable();
        meant.dedup();
        meant
    }

    /// The first term of the line that names groups and means none of these.
    pub fn meant_in_vain<'q>(&self, query: &'q Query) -> Option<&'q Term> {
        let names = |test: &Test| {
            let any = matches!(test, Test::Present(_) | Test::Missing(_));
            test.is_about_groups() && !any
        };
        let mut terms = query.terms.iter();
        terms.find(|term| names(&term.test) && self.meant_by(&term.test).is_empty())
    }

    /// `no group of this pool is meant: there is admins, readers`
    pub fn none_is_meant(&self) -> Sentence {
        if self.is_empty() {
            return "this pool has no groups".into();
        }
        let named = self.groups.iter().take(NAMED).enumerate();
        named
            .fold(
                Sentence::from("no group of this pool is meant: "),
                |said, (at, group)| said.words(if at == 0 { "there is " } else { ", " }).name(&group.name),
            )
            .words(if self.len() > NAMED { ", and more" } else { "" })
    }

    /// Whether everybody who can match the line is in groups that were read to their end, and has a row.
    pub fn settles(&self, query: &Query) -> bool {
        query.terms.iter().any(|term| {
            let asks = term.test.is_about_groups() && !term.negated && !matches!(term.test, Test::Missing(_));
            let whole = |number: &usize| self.get(*number).is_some_and(|group| group.whole && group.absent == 0);
            asks && self.meant_by(&term.test).iter().all(whole)
        })
    }
}

/// Whether a user is in one of these groups. `None`: nobody knows.
pub fn any_of<'a>(groups: impl IntoIterator<Item = &'a Group>, row: RowId) -> Option<bool> {
    let mut known = true;
    for group in groups {
        if group.has(row) {
            return Some(true);
        }
        known &= group.whole;
    }
    known.then_some(false)
}

impl Query {
    /// Nothing but members of groups is asked for.
    pub fn is_about_members_alone(&self) -> bool {
        let is_member = |test: &Test| test.is_about_groups() && !matches!(test, Test::Missing(_));
        self.terms.iter().all(|term| !term.negated && is_member(&term.test))
    }
}

impl Test {
    /// Whether it asks who is in which group.
    pub fn is_about_groups(&self) -> bool {
        matches!(
            self,
            Self::Contains(Column::Groups, _)
                | Self::Exact(Column::Groups, _)
                | Self::Prefix(Column::Groups, _)
                | Self::Matches(Column::Groups, _)
                | Self::Present(Column::Groups)
                | Self::Missing(Column::Groups)
        )
    }
}
