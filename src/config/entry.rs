//! What is known about one setting, whatever its type.

use super::origin::Origin;
use super::table::{POOL, VIEW};
use super::tighten::How;

/// A group of settings that stands under one heading of the file.
pub struct Section {
    /// Empty for the settings before the first heading.
    pub name: &'static str,
    /// Lines of description.
    pub doc: &'static [&'static str],
    pub entries: &'static [Entry],
}

impl Section {
    /// How a message names it: `""`, `"[screen]"`, `"[[pool]]"` or `"[[view]]"`.
    pub fn brackets(&self) -> String {
        match self.name {
            "" => String::new(),
            name @ (POOL | VIEW) => format!("[[{name}]]"),
            name => format!("[{name}]"),
        }
    }

    pub fn entry(&self, key: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// One setting.
pub struct Entry {
    pub key: &'static str,
    /// Lines of description. The first is the short help of the flag, if there is one, and so a sentence of its own.
    pub doc: &'static [&'static str],
    /// The default as it would be written in the file; None if there is none.
    pub default: fn() -> Option<String>,
    /// What `config.example.toml` shows where there is no default.
    pub sample: Option<&'static str>,
    /// The flag that sets it, with its dashes.
    pub flag: Option<&'static str>,
    /// The variables that set it; the first that is set decides.
    pub env: &'static [Variable],
    /// Points at a real service, so the demo takes it from a flag only.
    pub real_service: bool,
    pub required: bool,
    /// How the machine's policy binds it, if it may.
    pub policy: Option<Bound>,
}

/// How a policy binds a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The heading in the policy; the settings of one pool are bound by the general ones.
    pub section: &'static str,
    pub how: How,
}

/// A setting about which nothing is said yet.
pub(super) const PLAIN: Entry = Entry {
    key: "",
    doc: &[],
    default: || None,
    sample: None,
    flag: None,
    env: &[],
    real_service: false,
    required: false,
    policy: None,
};

/// An environment variable and what it says.
#[derive(Clone, Copy)]
pub enum Variable {
    /// Its text is the value.
    Value(&'static str),
    /// Its presence stands for this value, whatever its text.
    Means(&'static str, &'static str),
}

impl Variable {
    pub fn name(self) -> &'static str {
        match self {
            Self::Value(name) | Self::Means(name, _) => name,
        }
    }
}

/// One line of `config show`.
pub(super) struct Row<'a> {
    pub entry: &'static Entry,
    pub literal: Option<String>,
    pub origin: &'a Origin,
}
