//! What protects a pool and its users: one decision, asked where the Writer is built and again where a write is made.
//!
//! The configuration and the machine's policy are both turned into this. Neither the screen nor a key decides anything
//! about it.

use std::collections::{BTreeMap, BTreeSet};

use super::pool::PoolId;
use super::raw::Raw;
use super::sentence::Sentence;
use super::user::{User, Username};

mod form;
mod pattern;
#[cfg(test)]
mod tests;

pub use pattern::{NamePattern, ReasonPattern};

/// Who said so: the policy of the machine cannot be lifted by the configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// The configuration: the pool's own setting, or what it says of pools that it does not list.
    #[default]
    Setting,
    /// `--read-only`, or the general setting.
    Flag,
    /// An export is open, which nobody can change.
    Export,
    /// The machine's policy.
    Policy,
}

/// Whether a reason has to be given for a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReasonRule {
    #[default]
    Optional,
    Required,
    /// Required, and of this form.
    Like(ReasonPattern),
}

impl ReasonRule {
    /// Both rules at once: what satisfies the result satisfies each of them.
    pub fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Optional, rule) | (rule, Self::Optional) => rule,
            (Self::Like(one), Self::Like(two)) => Self::Like(one.and(two)),
            (Self::Like(pattern), Self::Required) | (Self::Required, Self::Like(pattern)) => Self::Like(pattern),
            (Self::Required, Self::Required) => Self::Required,
        }
    }

    /// Whether a write without a reason is refused.
    pub fn is_required(&self) -> bool {
        *self != Self::Optional
    }

    /// Whether this reason will do.
    ///
    /// # Errors
    /// What is asked for, to be said before the reason was typed and after it was refused.
    pub fn check(&self, reason: Option<&Raw>) -> Result<(), Sentence> {
        // Blanks alone say nothing, whatever a pattern makes of them.
        let given = reason.map(Raw::as_str).filter(|text| !text.trim().is_empty());
        match (self, given) {
            (Self::Optional, _) | (Self::Required, Some(_)) => Ok(()),
            (Self::Like(pattern), Some(text)) if pattern.matches(text) => Ok(()),
            (Self::Required, None) => Err("a reason is required here".into()),
            (Self::Like(pattern), None) => {
                Err(Sentence::from("a reason is required here, of the form ").join(pattern.sentence()))
            }
            (Self::Like(pattern), Some(_)) => {
                Err(Sentence::from("the whole reason has to be of the form ").join(pattern.sentence()))
            }
        }
    }
}

/// What becomes of a pool that the configuration does not list. A later one is stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unlisted {
    /// Opens for reading; typing its name allows writing.
    #[default]
    Named,
    /// Opens for reading, and that cannot be lifted.
    ReadOnly,
    /// Does not open.
    Refuse,
}

/// What the configuration says of one pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolRules {
    /// The name that the configuration gives the pool; the service's own counts as well.
    pub name: Option<Raw>,
    pub protected: bool,
    pub read_only: bool,
    /// Where the pool has a rule of its own; otherwise the general one holds.
    pub reason: Option<ReasonRule>,
    /// Likewise for the form that a reason has to have.
    pub form: Option<ReasonPattern>,
}

/// A user whose form stays locked.
#[derive(Clone, PartialEq, Eq)]
pub enum ProtectedUser {
    Username(Username),
    Sub(String),
    Group(Raw),
}

impl std::fmt::Debug for ProtectedUser {
    /// A username is often an e-mail address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Username(_) => "Username",
            Self::Sub(_) => "Sub",
            Self::Group(_) => "Group",
        })
    }
}

/// What a pool may let people sign in with in place of the username.
const SIGN_IN_NAMES: [&str; 3] = ["email", "phone_number", "preferred_username"];

/// How a group is told from a user in the list of protected users.
const GROUP: &str = "group:";

impl ProtectedUser {
    /// Reads an entry of the list: `group:` and a group's name, a sub, or a username. `None` where nothing is named.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(GROUP) {
            Some("") => None,
            Some(group) => Some(Self::Group(Raw::from(group))),
            None if text.is_empty() => None,
            None if is_sub(text) => Some(Self::Sub(text.to_owned())),
            None => Some(Self::Username(Username::new(text))),
        }
    }

    /// The entry as it is written in the list.
    pub fn text(&self) -> String {
        match self {
            Self::Username(username) => username.as_str().to_owned(),
            Self::Sub(sub) => sub.clone(),
            Self::Group(group) => format!("{GROUP}{}", group.as_str()),
        }
    }
}

/// A sub is a UUID: 8-4-4-4-12 hexadecimal digits.
fn is_sub(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// Why the form of a user is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// The user is in the list, or in a group that is.
    Listed,
    /// A group is in the list, and it is not known which groups the user is in.
    GroupsUnknown,
}

/// Every rule, from all layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// `--read-only` or the like, and who said so.
    pub read_only: Option<Because>,
    pub protected_names: Vec<NamePattern>,
    pub unlisted: Unlisted,
    /// Who decided about pools that are not listed.
    pub unlisted_by: Because,
    /// The only pools that count as listed, where that is not left to the configuration's pools.
    pub only: Option<BTreeSet<PoolId>>,
    /// For every pool without a rule of its own.
    pub reason: ReasonRule,
    /// The form of a reason, wherever one is required.
    pub form: Option<ReasonPattern>,
    pub protected_users: Vec<ProtectedUser>,
    /// Pools of the configuration.
    pub pools: BTreeMap<PoolId, PoolRules>,
    /// Who switched off that people's data are written to a file, if it is.
    pub export_off: Option<Because>,
    /// A policy of the machine is in force: the header says so.
    pub policy: bool,
}

/// What holds for one pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    pub protected: bool,
    /// Cannot be lifted while the program runs.
    pub read_only: Option<Because>,
    /// The pool is not in the configuration, or does not count as listed.
    pub unlisted: Option<Unlisted>,
    /// A protected pool requires a reason whatever else is said.
    pub reason: ReasonRule,
}

impl Guard {
    /// Whether the pool may be opened at all.
    pub fn opens(&self) -> bool {
        self.unlisted != Some(Unlisted::Refuse)
    }
}

impl Guards {
    /// What holds for a pool. `name` is the service's own name for it, where it is known.
    ///
    /// A pool whose name nobody knows may be one that a pattern protects, so it counts as protected wherever there is a
    /// pattern.
    pub fn of(&self, pool: &PoolId, name: Option<&Raw>) -> Guard {
        let listed = self.pools.get(pool);
        let is_protected = |name: &Raw| {
            self.protected_names
                .iter()
                .any(|pattern| pattern.matches(name.as_str()))
        };
        let by_name = match name {
            Some(name) => is_protected(name),
            None => !self.protected_names.is_empty(),
        };
        let protected =
            by_name || listed.is_some_and(|rules| rules.protected || rules.name.as_ref().is_some_and(is_protected));
        let counts = listed.is_some() && self.only.as_ref().is_none_or(|only| only.contains(pool));
        let unlisted = (!counts).then_some(self.unlisted);
        Guard {
            protected,
            read_only: [
                self.read_only,
                listed.filter(|rules| rules.read_only).map(|_| Because::Setting),
                unlisted
                    .filter(|rule| *rule >= Unlisted::ReadOnly)
                    .map(|_| self.unlisted_by),
            ]
            .into_iter()
            .flatten()
            .max(),
            unlisted,
            reason: self.reason_for(listed, protected),
        }
    }

    fn reason_for(&self, listed: Option<&PoolRules>, protected: bool) -> ReasonRule {
        let own = listed.and_then(|rules| rules.reason.as_ref());
        let least = if protected {
            ReasonRule::Required
        } else {
            ReasonRule::Optional
        };
        let rule = own.unwrap_or(&self.reason).clone().stricter(least);
        let form = listed.and_then(|rules| rules.form.as_ref()).or(self.form.as_ref());
        match form {
            Some(form) if rule.is_required() => rule.stricter(ReasonRule::Like(form.clone())),
            _ => rule,
        }
    }

    /// Whether the form of this user opens locked. `groups` are the names of the user's groups, where they were read.
    pub fn lock(&self, user: &User, groups: Option<&[Raw]>) -> Option<Lock> {
        let same = |one: &str, two: &str| one.to_lowercase() == two.to_lowercase();
        let username = user.username.as_str();
        let mut unknown = false;
        for rule in &self.protected_users {
            let listed = match (rule, groups) {
                // Many pools do not tell upper from lower case; where one does, the other user is locked as well. And many
                // people know a username by the alias only that somebody signs in with.
                (ProtectedUser::Username(listed), _) => {
                    let aliases = SIGN_IN_NAMES.iter().filter_map(|name| user.text(name));
                    aliases.chain([username]).any(|name| same(listed.as_str(), name))
                }
                // Where people sign in with an address, the username is the sub.
                (ProtectedUser::Sub(sub), _) => same(sub, username) || user.sub().is_some_and(|own| same(sub, own)),
                (ProtectedUser::Group(group), Some(groups)) => groups.contains(group),
                (ProtectedUser::Group(_), None) => {
                    unknown = true;
                    false
                }
            };
            if listed {
                return Some(Lock::Listed);
            }
        }
        unknown.then_some(Lock::GroupsUnknown)
    }

    /// [`Guards::lock`] for whoever needs no words about it.
    pub fn is_protected(&self, user: &User, groups: Option<&[Raw]>) -> bool {
        self.lock(user, groups).is_some()
    }
}
