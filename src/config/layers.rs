//! Which layer decides a setting.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::given::{Given, Refusal, Value};
use super::origin::{Origin, Setting};
use super::table::{Entry, Section, Variable};
use super::{Flags, Service, Sources};

/// The layers of one start, and the mistakes found in them so far.
pub(super) struct Layers<'a> {
    flags: &'a Flags,
    env: &'a dyn Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
    file: Option<FileText<'a>>,
    pub errors: Vec<ConfigError>,
}

/// The file behind a parsed table: what turns a position into a line.
#[derive(Clone)]
pub(super) struct FileText<'a> {
    pub path: Arc<Path>,
    pub text: &'a str,
}

impl FileText<'_> {
    /// The place of a byte of the text.
    pub fn origin(&self, byte: usize) -> Origin {
        let before = self.text.as_bytes().iter().take(byte);
        Origin::File {
            path: Arc::clone(&self.path),
            line: before.filter(|byte| **byte == b'\n').count() + 1,
        }
    }
}

impl<'a> Layers<'a> {
    pub fn new(sources: &'a Sources<'_>, file: Option<FileText<'a>>) -> Self {
        Self {
            flags: &sources.flags,
            env: sources.env,
            home: variable(sources.env, "HOME").map(PathBuf::from),
            file,
            errors: Vec::new(),
        }
    }

    /// Reads a setting from every layer that gives it and returns what the strongest says.
    ///
    /// The file is read even where a flag decides: a mistake in it would only wait for the day without the flag. A
    /// variable that a flag overrides is not read, because the whole machine shares it. Where a value is wrong the
    /// mistake is kept and the next layer stands in, so that checking goes on.
    pub fn pick<T>(
        &mut self,
        section: &'static Section,
        key: &'static str,
        table: Option<&DeTable<'_>>,
        read: &dyn Fn(&Given<'_>) -> Result<T, Refusal>,
        default: T,
    ) -> Setting<T> {
        let in_file = self.in_table(section, key, table, read);
        let Some(entry) = section.entry(key) else {
            return in_file.unwrap_or(Setting {
                value: default,
                origin: Origin::Default,
            });
        };
        // From the strongest to the weakest; a policy of the organisation will stand between variables and file.
        let demo = entry.real_service && self.flags.service == Service::Demo;
        self.in_flag(entry, read)
            .or_else(|| if demo { None } else { self.in_environment(entry, read) })
            .or(if demo { None } else { in_file })
            .unwrap_or(Setting {
                value: default,
                origin: Origin::Default,
            })
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
        let subject = match section.brackets() {
            heading if heading.is_empty() => format!("{key}: "),
            heading => format!("{key} in {heading}: "),
        };
        self.accept(origin, &subject, accepted)
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
