//! What somebody asked for and the machine's policy does not allow: no mistake, but nobody should have to guess it.

use std::fmt;

use super::origin::Origin;

/// One setting that the policy decided against what was configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overruled {
    /// The setting, as a message names it.
    pub(super) subject: String,
    pub(super) asked: Option<String>,
    pub(super) by: Origin,
    pub(super) holds: Option<String>,
    pub(super) policy: Origin,
}

/// One line: who asked for what, and what holds by which line of the policy. Safe to print.
impl fmt::Display for Overruled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |literal: &Option<String>| literal.clone().unwrap_or_else(|| "not set".to_owned());
        write!(
            f,
            "{}: {}: {} has no effect, because {} holds by {}",
            self.by,
            self.subject,
            shown(&self.asked),
            shown(&self.holds),
            self.policy
        )
    }
}
