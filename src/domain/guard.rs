//! What protects a pool and its users: one decision, asked where the Writer is built and again where a write is made.
//!
//! The configuration and the machine's policy are both turned into this. Neither the screen nor a key decides anything
//! about it.

use std::collections::BTreeMap;

use super::pool::PoolId;
use super::raw::Raw;
use super::user::Username;

#[cfg(test)]
mod tests;

/// Who said so: the policy of the machine cannot be lifted by the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// The pool's own setting.
    Setting,
    /// `--read-only`, or the general setting.
    Flag,
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

/// A regular expression that a whole reason has to match, such as `SUP-\d+`. Checked when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonPattern(String);

/// A pattern over names: `*` stands for any characters, `?` for one, the rest for itself, whatever the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(String);

/// What becomes of a pool that the configuration does not list.
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
    pub protected: bool,
    pub read_only: bool,
    pub reason: ReasonRule,
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

/// Every rule, from all layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// `--read-only` or the like, and who said so.
    pub read_only: Option<Because>,
    pub protected_names: Vec<NamePattern>,
    pub unlisted: Unlisted,
    /// For every pool; a pool's own may be stricter.
    pub reason: ReasonRule,
    pub protected_users: Vec<ProtectedUser>,
    /// Pools of the configuration.
    pub pools: BTreeMap<PoolId, PoolRules>,
    /// A policy of the machine is in force: the header says so.
    pub policy: bool,
}

/// What holds for one pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    pub protected: bool,
    /// Cannot be lifted while the program runs.
    pub read_only: Option<Because>,
    /// The pool is not in the configuration.
    pub unlisted: Option<Unlisted>,
    pub reason: ReasonRule,
}
