//! How the machine's policy binds a setting: it can make a setting stricter, never looser.
//!
//! Each setting that a policy may decide names one of these rules in the table, and nothing else knows about it.

use std::collections::BTreeSet;

use super::read::Literal;
use crate::domain::guard::ReasonPattern;

/// A rule in words, for messages and descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The stricter of the two holds.
    Stricter,
    /// The lower of the two holds.
    Lower,
    /// What either names holds.
    Together,
    /// The policy's holds, whichever it is.
    Fixed,
}

impl How {
    /// Completes "in a policy ..".
    pub fn words(self) -> &'static str {
        match self {
            Self::Stricter => "the stricter value holds",
            Self::Lower => "the lower value holds",
            Self::Together => "both hold together",
            Self::Fixed => "its value holds",
        }
    }
}

/// What becomes of a configured value (the first) under a policy's (the second).
pub(super) struct Rule<T> {
    pub how: How,
    pub hold: fn(T, T) -> T,
}

impl<T> Rule<T> {
    /// For a choice that has no strict end: the organisation makes it.
    pub const fn policys() -> Self {
        Self {
            how: How::Fixed,
            hold: |_, policy| policy,
        }
    }
}

impl<T: Ord> Rule<T> {
    /// The later of a list of words that gets stricter.
    pub const fn stricter() -> Self {
        Self {
            how: How::Stricter,
            hold: |configured, policy| configured.max(policy),
        }
    }

    pub const fn least() -> Self {
        Self {
            how: How::Lower,
            hold: |configured, policy| configured.min(policy),
        }
    }
}

impl Rule<bool> {
    pub const fn either() -> Self {
        Self {
            how: How::Stricter,
            hold: |configured, policy| configured || policy,
        }
    }
}

impl<T: Literal> Rule<Vec<T>> {
    /// The policy's own first, so that they are read first.
    pub const fn union() -> Self {
        Self {
            how: How::Together,
            hold: |configured, policy| {
                let known: BTreeSet<Option<String>> = policy.iter().map(Literal::literal).collect();
                let more = configured.into_iter().filter(|item| !known.contains(&item.literal()));
                policy.into_iter().chain(more.collect::<Vec<T>>()).collect()
            },
        }
    }
}

impl<T: Ord> Rule<Option<T>> {
    /// A time limit that may be none at all.
    pub const fn sooner() -> Self {
        Self {
            how: How::Lower,
            hold: |configured, policy| match (configured, policy) {
                (Some(configured), Some(policy)) => Some(configured.min(policy)),
                (configured, policy) => configured.or(policy),
            },
        }
    }

    /// For what a pool says in place of the general setting, which the policy has bound already.
    pub const fn stricter_if_set() -> Self {
        Self {
            how: How::Stricter,
            // None is less than any value, so where the policy says nothing the configured one stays.
            hold: |configured, policy| {
                if configured.is_some() {
                    configured.max(policy)
                } else {
                    None
                }
            },
        }
    }
}

impl<T> Rule<Option<T>> {
    /// Likewise.
    pub const fn policys_if_set() -> Self {
        Self {
            how: How::Fixed,
            hold: |configured, policy| configured.and(policy),
        }
    }
}

impl Rule<Option<ReasonPattern>> {
    pub const fn both() -> Self {
        Self {
            how: How::Together,
            hold: |configured, policy| match (configured, policy) {
                (Some(configured), Some(policy)) => Some(policy.and(configured)),
                (configured, policy) => policy.or(configured),
            },
        }
    }

    /// For what a pool says in place of the general setting, which the policy has bound already.
    pub const fn both_if_set() -> Self {
        Self {
            how: How::Together,
            hold: |configured, policy| {
                configured.map(|configured| match policy {
                    Some(policy) => policy.and(configured),
                    None => configured,
                })
            },
        }
    }
}
