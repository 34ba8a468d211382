//! Where a value came from: the answer to "why is it using that pool?".

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::escape::escaped;

/// The layer that decided a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The configuration file; lines count from 1.
    File { path: Arc<Path>, line: usize },
    /// An environment variable, by name.
    Environment(&'static str),
    /// A flag, by name with its dashes.
    Flag(&'static str),
    /// The machine's policy; lines count from 1.
    Policy { path: Arc<Path>, line: usize },
    /// `traces = "none"`, said there, switches it off.
    Traces(Box<Origin>),
    /// Both hold together.
    Both(Box<Origin>, Box<Origin>),
}

impl Origin {
    /// Whether nothing below the policy can change it.
    pub fn is_policy(&self) -> bool {
        match self {
            Self::Policy { .. } => true,
            Self::Traces(said) => said.is_policy(),
            Self::Both(one, two) => one.is_policy() || two.is_policy(),
            Self::Default | Self::File { .. } | Self::Environment(_) | Self::Flag(_) => false,
        }
    }
}

/// `path:12`, `environment AWS_REGION`, `--region`, `policy path:12` or `default`, safe to print.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", escaped(&path.to_string_lossy())),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => f.write_str(name),
            Self::Policy { path, line } => write!(f, "policy {}:{line}", escaped(&path.to_string_lossy())),
            Self::Traces(said) => write!(f, "traces = \"none\", {said}"),
            Self::Both(one, two) => write!(f, "{one} and {two}"),
        }
    }
}

/// A value and the layer that decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    pub value: T,
    pub origin: Origin,
}
