//! Who is in which group: read group by group before any user is, because no list of users tells it. It is all of a pool that
//! is kept while its users stream through.

use std::collections::HashMap;

use crate::domain::roster::Row;
use crate::domain::{Raw, Segment};

/// The groups of each user who is in one.
#[derive(Debug, Default)]
pub(super) struct Membership {
    names: Vec<Raw>,
    /// The numbers of a user's groups in `names`.
    of: HashMap<Box<str>, Vec<u32>>,
}

impl Membership {
    /// Takes members of a group.
    pub(super) fn add(&mut self, group: &Raw, users: &Segment) {
        // They are read one after the other.
        if self.names.last() != Some(group) {
            self.names.push(group.clone());
        }
        let Ok(number) = u32::try_from(self.names.len().saturating_sub(1)) else {
            return;
        };
        for username in users.rows().map(Row::username) {
            let groups = match self.of.get_mut(&*username) {
                Some(groups) => groups,
                None => self.of.entry(username.into()).or_default(),
            };
            // A page may come twice where a group changes while it is read.
            if groups.last() != Some(&number) {
                groups.push(number);
            }
        }
    }

    /// How many users are in a group at all.
    pub(super) fn users(&self) -> usize {
        self.of.len()
    }

    /// The groups of a user, in the order in which they were read.
    pub(super) fn of(&self, username: &str) -> Vec<Raw> {
        let numbers = self.of.get(username).into_iter().flatten();
        numbers
            .filter_map(|number| self.names.get(usize::try_from(*number).ok()?).cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::User;

    fn users(names: &[&str]) -> Segment {
        let users = names.iter().map(|name| User::listed(name, &[]));
        Segment::pack(&users.collect::<Vec<_>>())
    }

    #[test]
    fn a_user_is_in_the_groups_that_brought_the_user() {
        let mut membership = Membership::default();
        let (admins, staff) = (Raw::from("admins"), Raw::from("staff"));
        membership.add(&admins, &users(&["jane", "bob"]));
        membership.add(&admins, &users(&["bob", "eve"]));
        membership.add(&staff, &users(&["jane"]));
        assert_eq!(membership.of("jane"), [admins.clone(), staff]);
        assert_eq!(membership.of("bob"), std::slice::from_ref(&admins));
        assert_eq!(membership.of("eve"), [admins]);
        assert_eq!(membership.of("tom"), []);
        assert_eq!(membership.users(), 3);
    }
}
