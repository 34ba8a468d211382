//! Users in an order of their own: that takes everybody at once, packed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::source::User;
use crate::domain::column::Sort;
use crate::domain::query::Ground;
use crate::domain::roster::Row;
use crate::domain::search;
use crate::domain::{Raw, Roster, RowId, Segment};

/// Users that are kept until the last one is there.
pub(super) struct Sorted {
    sort: Sort,
    roster: Roster,
    groups: BTreeMap<RowId, Vec<Raw>>,
    /// How many came, whoever came twice counted twice.
    came: u64,
}

impl Sorted {
    pub(super) fn by(sort: Sort) -> Self {
        Self {
            sort,
            roster: Roster::default(),
            groups: BTreeMap::new(),
            came: 0,
        }
    }

    /// Keeps users. Who comes twice, because the pool changed while it was read or a file was put together, is kept as it
    /// came first.
    pub(super) fn keep(&mut self, users: &[User]) {
        self.came += users.len() as u64;
        let segment = Segment::pack(users.iter().map(|(user, _)| user.as_ref()));
        self.roster.add(&Arc::new(segment));
        for (user, groups) in users {
            if let (Some(row), Some(groups)) = (self.roster.find(&user.username), groups) {
                self.groups.entry(row).or_insert_with(|| groups.clone());
            }
        }
    }

    /// How many came again.
    pub(super) fn repeated(&self) -> u64 {
        self.came.saturating_sub(self.len())
    }

    pub(super) fn len(&self) -> u64 {
        self.roster.len() as u64
    }

    /// Everybody in the order, with the groups of each where they are known.
    pub(super) fn each(&self, ground: &Ground) -> impl Iterator<Item = (Row<'_>, Option<&[Raw]>)> {
        let rows = self.roster.rows();
        let ids = rows.iter().map(|(id, _)| id).collect();
        let order = (&self.sort.column, self.sort.descending);
        // Nobody stops it.
        let sorted = search::sort(rows, ids, order, ground, &|| false).unwrap_or_default();
        let of = |id: RowId| Some((rows.get(id)?, self.groups.get(&id).map(Vec::as_slice)));
        sorted.into_iter().filter_map(of)
    }
}
