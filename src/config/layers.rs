//! Which layer decides a setting.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::given::{Given, Refusal, Value};
use super::origin::{Origin, Setting};
use super::overruled::Overruled;
use super::read::Literal;
use super::table::{Entry, Section, Variable};
use super::tighten::{How, Rule};
use super::{Flags, Service, Sources};

/// The layers of one start, and the mistakes found in them so far.
pub(super) struct Layers<'a> {
    flags: &'a Flags,
    env: &'a dyn Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
    file: Option<FileText<'a>>,
    policy: Option<Document<'a>>,
    pub errors: Vec<ConfigError>,
    pub overruled: Vec<Overruled>,
}

/// The file behind a parsed table: what turns a position into a line.
#[derive(Clone)]
pub(super) struct FileText<'a> {
    pub path: Arc<Path>,
    pub text: &'a str,
    pub kind: FileKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Configuration,
    Policy,
}

/// A file and what it says.
#[derive(Clone)]
pub(super) struct Document<'a> {
    pub file: FileText<'a>,
    pub root: &'a DeTable<'a>,
}

impl Document<'_> {
    /// The settings under a heading; those before the first heading for an empty one.
    fn section(&self, name: &str) -> Option<&DeTable<'_>> {
        if name.is_empty() {
            return Some(self.root);
        }
        match find(self.root, name)? {
            (_, DeValue::Table(table)) => Some(table),
            _ => None,
        }
    }
}

impl FileText<'_> {
    /// The place of a byte of the text.
    pub fn origin(&self, byte: usize) -> Origin {
        let before = self.text.as_bytes().iter().take(byte);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        let path = Arc::clone(&self.path);
        match self.kind {
            FileKind::Configuration => Origin::File { path, line },
            FileKind::Policy => Origin::Policy { path, line },
        }
    }
}

impl<'a> Layers<'a> {
    pub fn new(sources: &'a Sources<'_>, file: Option<FileText<'a>>, policy: Option<Document<'a>>) -> Self {
        Self {
            flags: &sources.flags,
            env: sources.env,
            home: variable(sources.env, "HOME").map(PathBuf::from),
            file,
            policy,
            errors: Vec::new(),
            overruled: Vec::new(),
        }
    }

    /// Reads a setting from every layer that gives it and returns what the strongest says, bound by the policy.
    ///
    /// The file is read even where a flag decides: a mistake in it would only wait for the day without the flag. A
    /// variable that a flag overrides is not read, because the whole machine shares it. Where a value is wrong the
    /// mistake is kept and the next layer stands in, so that checking goes on. The policy stands above all of them, and
    /// `rule` (with the heading of the setting in the policy) says how it binds what they decided.
    pub fn pick<T: Clone + PartialEq + Literal>(
        &mut self,
        section: &'static Section,
        key: &'static str,
        table: Option<&DeTable<'_>>,
        read: &dyn Fn(&Given<'_>) -> Result<T, Refusal>,
        default: T,
        rule: Option<(&'static str, Rule<T>)>,
    ) -> Setting<T> {
        let in_file = self.in_table(section, key, table, read);
        let default = Setting {
            value: default,
            origin: Origin::Default,
        };
        let Some(entry) = section.entry(key) else {
            return in_file.unwrap_or(default);
        };
        // From the strongest to the weakest.
        let demo = entry.real_service && self.flags.service == Service::Demo;
        let configured = self
            .in_flag(entry, read)
            .or_else(|| if demo { None } else { self.in_environment(entry, read) })
            .or(if demo { None } else { in_file })
            .unwrap_or(default);
        let Some((heading, rule)) = rule.filter(|_| !demo) else {
            return configured;
        };
        match self.in_policy(heading, key, read) {
            Some(policy) => self.bound(section, key, configured, policy, &rule),
            None => configured,
        }
    }

    /// What becomes of a setting under the policy, and a note where somebody asked for something else.
    fn bound<T: Clone + PartialEq + Literal>(
        &mut self,
        section: &Section,
        key: &str,
        configured: Setting<T>,
        policy: Setting<T>,
        rule: &Rule<T>,
    ) -> Setting<T> {
        let value = (rule.hold)(configured.value.clone(), policy.value.clone());
        if value == policy.value {
            // Where both hold together, nothing is taken from anybody.
            let lost = value != configured.value && rule.how != How::Together;
            if lost && configured.origin != Origin::Default {
                self.overruled.push(Overruled {
                    subject: named(section, key),
                    asked: configured.value.literal(),
                    by: configured.origin,
                    holds: value.literal(),
                    policy: policy.origin.clone(),
                });
            }
            return policy;
        }
        let origin = if value == configured.value {
            configured.origin
        } else {
            Origin::Both(Box::new(policy.origin), Box::new(configured.origin))
        };
        Setting { value, origin }
    }

    fn in_policy<T>(
        &mut self,
        heading: &str,
        key: &str,
        read: &dyn Fn(&Given<'_>) -> Result<T, Refusal>,
    ) -> Option<Setting<T>> {
        let policy = self.policy.clone()?;
        let (written, value) = find(policy.section(heading)?, key)?;
        let given = Given {
            value: Value::Toml(value),
            folder: Some(policy.file.path.parent().unwrap_or(Path::new(""))),
            home: None,
        };
        let subject = match heading {
            "" => format!("{key}: "),
            heading => format!("{key} in [{heading}]: "),
        };
        let mistake = self.errors.len();
        let accepted = self.accept(policy.file.origin(written), &subject, read(&given));
        // Settings of a pool are bound by the same line as the general one: one mistake, said once.
        if let Some(error) = self.errors.get(mistake)
            && self.errors.iter().take(mistake).any(|known| known == error)
        {
            self.errors.truncate(mistake);
        }
        accepted
    }

    fn in_flag<T>(&mut self, entry: &Entry, read: &dyn Fn(&Given<'_>) -> Result<T, Refusal>) -> Option<Setting<T>> {
        let flag = entry.flag?;
        let text = self.flags.get(flag)?;
        self.accept(Origin::Flag(flag), "", read(&outside(text)))
    }

    fn in_environment<T>(
        &mut self,
        entry: &Entry,
        read: &dyn Fn(&Given<'_>) -> Result<T, Refusal>,
    ) -> Option<Setting<T>> {
        entry.env.iter().find_map(|variable_of| {
            let name = variable_of.name();
            if name.starts_with("AWS_ENDPOINT_URL") && self.ignores_endpoints() {
                return None;
            }
            let text = variable(self.env, name)?;
            let text = match variable_of {
                Variable::Value(_) => text.as_os_str(),
                Variable::Means(_, word) => OsStr::new(word),
            };
            self.accept(Origin::Environment(name), "", read(&outside(text)))
        })
    }

    /// The AWS SDKs' switch for configured endpoints (AWS SDKs and Tools reference guide, service-specific endpoints).
    fn ignores_endpoints(&self) -> bool {
        variable(self.env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    fn in_table<T>(
        &mut self,
        section: &Section,
        key: &str,
        table: Option<&DeTable<'_>>,
        read: &dyn Fn(&Given<'_>) -> Result<T, Refusal>,
    ) -> Option<Setting<T>> {
        let (written, value) = find(table?, key)?;
        let file = self.file.as_ref()?;
        let origin = file.origin(written);
        let given = Given {
            value: Value::Toml(value),
            folder: Some(file.path.parent().unwrap_or(Path::new(""))),
            home: self.home.as_deref(),
        };
        let accepted = read(&given);
        self.accept(origin, &format!("{}: ", named(section, key)), accepted)
    }

    fn accept<T>(&mut self, origin: Origin, subject: &str, read: Result<T, Refusal>) -> Option<Setting<T>> {
        match read {
            Ok(value) => Some(Setting { value, origin }),
            Err(Refusal(why)) => {
                self.errors.push(ConfigError::at(&origin, format!("{subject}{why}")));
                None
            }
        }
    }
}

/// How a message names a setting.
fn named(section: &Section, key: &str) -> String {
    match section.brackets() {
        heading if heading.is_empty() => key.to_owned(),
        heading => format!("{key} in {heading}"),
    }
}

/// The position of a key and its value.
pub(super) fn find<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<(usize, &'t DeValue<'i>)> {
    table
        .iter()
        .find(|(name, _)| name.get_ref() == key)
        .map(|(name, value)| (name.span().start, value.get_ref()))
}

/// A variable that is set to something.
pub(super) fn variable(env: &dyn Fn(&str) -> Option<OsString>, name: &str) -> Option<OsString> {
    env(name).filter(|text| !text.is_empty())
}

fn outside(text: &OsStr) -> Given<'_> {
    Given {
        value: Value::Text(text),
        folder: None,
        home: None,
    }
}
