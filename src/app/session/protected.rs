//! Users who are not changed from here: their form and every step open locked, and say why.

use super::Session;
use crate::app::core::{Core, headline};
use crate::app::slot::Slot;
use crate::domain::guard::{Lock, ProtectedUser};
use crate::domain::{Fault, Raw, Sentence, User, Username};
use crate::job::{Job, Ticket};

impl Session {
    /// Why nothing of a user may be changed from here, if so. As long as it is not known, nothing may.
    pub fn user_lock(&self, user: &User, core: &Core) -> Option<Sentence> {
        let groups = self.memberships.get(&user.username);
        let known = groups.and_then(Slot::ready).map(Vec::as_slice);
        Some(match core.settings.guards.lock(user, known)? {
            Lock::Listed => "this user is protected, and not changed from here (protected-users)".into(),
            Lock::GroupsUnknown => match groups.and_then(Slot::fault) {
                None => "the user's groups are still being read, and one of them may protect the user; a moment".into(),
                Some(fault) => crate::say!("the user's groups are not known, and one of them may protect the user: ")
                    .join(headline(fault))
                    .words("; r tries again"),
            },
        })
    }

    /// Asks for the groups of a user whose form or step opens, where a rule protects a group. An earlier answer is too
    /// old to be relied on.
    pub(in crate::app) fn ask_membership(&mut self, username: &Username, core: &mut Core) {
        let guards = &core.settings.guards;
        let by_group = |rule: &ProtectedUser| matches!(rule, ProtectedUser::Group(_));
        if !guards.protected_users.iter().any(by_group) || self.memberships.get(username).is_some_and(Slot::is_loading)
        {
            return;
        }
        let job = Job::Groups {
            place: self.place.clone(),
            username: username.clone(),
        };
        let ticket = core.ask(username.raw(), "reading the groups: one may protect the user", job);
        self.memberships.insert(username.clone(), Slot::Loading(ticket));
    }

    /// Asks again where the groups could not be read.
    pub(super) fn retry_membership(&mut self, core: &mut Core) {
        let user = self.user_in_front().map(|user| user.username.clone());
        if let Some(user) = user.filter(|user| self.memberships.get(user).is_some_and(|slot| slot.fault().is_some())) {
            self.ask_membership(&user, core);
        }
    }

    pub(in crate::app) fn take_membership(&mut self, ticket: Ticket, answer: &Result<Vec<Raw>, Fault>) -> bool {
        self.memberships
            .values_mut()
            .any(|slot| slot.fill(ticket, answer.clone()))
    }

    pub(in crate::app) fn fail_membership(&mut self, ticket: Ticket, fault: &Fault) -> bool {
        self.memberships.values_mut().any(|slot| slot.fail(ticket, fault))
    }
}
