//! Every setting, where it was written and what is in force, decided before the screen is touched.
//!
//! A person who opened the wrong pool must be able to find out why, so each value carries the place it came from
//! ([`Setting`], [`Origin`]) and `cognitui config show` prints it. Each setting is defined once, in `table`: its key,
//! type, default and description there make the parsing, the suggestions for unknown keys, the help of its flag,
//! `config.example.toml` and `config show`.
//!
//! Later layers win: default, file, environment, flag. Above them stands the machine's policy ([`PolicyFile`]), which can
//! make what they decided stricter. All mistakes of all layers are collected and reported together ([`ConfigErrors`]). The
//! files are only ever read: cognitui never writes a configuration.

mod endpoint;
mod entry;
mod error;
mod escape;
mod example;
mod file;
mod given;
mod layers;
mod meant;
mod origin;
mod overruled;
mod policy;
mod pools;
mod read;
mod show;
mod table;
mod tighten;
mod traces;
mod views;
mod words;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

pub use endpoint::Endpoint;
pub use error::{ConfigError, ConfigErrors};
pub use escape::{escaped, quoted};
pub use example::{example, policy_table};
pub use file::{Binding, ConfigFile};
pub use origin::{Origin, Setting};
pub use overruled::Overruled;
pub use policy::PolicyFile;
pub use read::{TimeZone, is_pool_id, region_of};
pub use show::show;
pub use table::{
    Edit, Find, General, Journal, Pace, PoolSettings, Protect, Screen, ViewSettings, flags, help, summary,
};
use table::{Row, Section};
pub use words::{Charset, Confirm, OnOff, Reason, Theme, Traces, UnlistedPools, Values, VerifiedDefault};

/// The environment variable that names the configuration file.
pub const CONFIG_VARIABLE: &str = "COGNITUI_CONFIG";

/// Everything that is configured, checked, with the origin of each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub file: ConfigFile,
    /// The machine's policy, where there is one.
    pub policy: Option<PathBuf>,
    pub service: Service,
    pub general: General,
    pub screen: Screen,
    pub find: Find,
    pub edit: Edit,
    pub protect: Protect,
    pub journal: Journal,
    pub pace: Pace,
    /// The user's overlay of the key map, as written; the names and chords are checked by whoever knows the actions,
    /// with [`ConfigError::at`] for what is wrong.
    pub keys: Vec<Binding>,
    /// Favourite pools in the order of the file. Empty in the demo.
    pub pools: Vec<PoolSettings>,
    /// Saved views in the order of the file.
    pub views: Vec<ViewSettings>,
    /// What was asked for and the policy does not allow.
    pub overruled: Vec<Overruled>,
}

impl Config {
    /// Every setting but those of the pools, section by section in the order of the example.
    fn rows(&self) -> Vec<(&'static Section, Vec<Row<'_>>)> {
        vec![
            (General::SECTION, self.general.rows()),
            (Screen::SECTION, self.screen.rows()),
            (Find::SECTION, self.find.rows()),
            (Edit::SECTION, self.edit.rows()),
            (Protect::SECTION, self.protect.rows()),
            (Journal::SECTION, self.journal.rows()),
            (Pace::SECTION, self.pace.rows()),
        ]
    }

    /// The saved view of this name, if the file has one.
    pub fn view(&self, name: &str) -> Option<&ViewSettings> {
        self.views.iter().find(|view| view.name.value == name)
    }

    /// The favourite with this id, if the file has one.
    pub fn pool(&self, id: &str) -> Option<&PoolSettings> {
        self.pools.iter().find(|pool| pool.id.value == id)
    }
}

/// Which service the program will talk to: it decides which settings count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Service {
    #[default]
    Cognito,
    /// The embedded service. Settings that point at a real one (region, profile, endpoint, CA bundle, pool,
    /// favourites) are still checked in the file, but neither they nor the AWS variables are used.
    Demo,
}

/// What was given on the command line, by the names of the flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    values: Vec<(&'static str, OsString)>,
    /// `--config`: the file to read instead of the one in the user's configuration folder.
    pub config: Option<PathBuf>,
    pub service: Service,
}

impl Flags {
    /// Notes that `flag` (with its dashes) was given with this value; `None` means that it was not given.
    pub fn give(&mut self, flag: &'static str, value: Option<impl Into<OsString>>) {
        if let Some(value) = value {
            self.values.push((flag, value.into()));
        }
    }

    pub(crate) fn get(&self, flag: &str) -> Option<&OsStr> {
        let found = self.values.iter().find(|(name, _)| *name == flag)?;
        Some(found.1.as_os_str())
    }
}

/// Where the configuration is read from; given from outside so that tests need neither variables nor a home folder.
pub struct Sources<'a> {
    pub flags: Flags,
    /// The environment. An empty variable counts as not set, as in the AWS CLI.
    pub env: &'a dyn Fn(&str) -> Option<OsString>,
    /// The folder whose `config.toml` is read when no file is named; see [`default_folder`]. None if there is no home.
    pub folder: Option<PathBuf>,
    /// See [`PolicyFile::of_this_machine`].
    pub policy: PolicyFile,
}

/// cognitui's own configuration folder: `$XDG_CONFIG_HOME/cognitui` or `~/.config/cognitui` on Linux.
pub fn default_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "cognitui").map(|dirs| dirs.config_dir().to_path_buf())
}

/// Reads and checks the configuration.
///
/// # Errors
/// All mistakes at once: an unreadable file or one that was named and is missing, unknown keys, wrong values in the files,
/// and wrong values of the flags and variables that are in force. A policy that cannot be relied on, by itself.
pub fn load(sources: &Sources<'_>) -> Result<Config, ConfigErrors> {
    file::load(sources)
}

/// The path of the file that [`load`] reads; it need not exist. None if nobody names one and there is no home folder.
pub fn path(sources: &Sources<'_>) -> Option<PathBuf> {
    file::locate(sources).0
}

#[cfg(test)]
mod tests;
