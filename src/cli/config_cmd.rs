//! `cognitui config path|check|show`: the configuration without the console.

use std::ffi::OsString;

use super::args::{ConfigCommand, USAGE};
use crate::config::{self, ConfigFile, Sources, escaped};

/// What a command without a screen has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
    /// The exit code.
    pub code: u8,
}

/// Answers the command from the given environment and configuration folder ([`config::default_folder`]).
pub fn answer(
    command: &ConfigCommand,
    env: &dyn Fn(&str) -> Option<OsString>,
    folder: Option<std::path::PathBuf>,
) -> Said {
    let sources = Sources {
        flags: command.options().flags(),
        env,
        folder,
    };
    match command {
        ConfigCommand::Path(_) => path(&sources),
        ConfigCommand::Check(_) => check(&sources),
        ConfigCommand::Show(_) => show(&sources),
    }
}

/// The path alone on standard output, so that `$EDITOR "$(cognitui config path)"` works; it is not escaped.
fn path(sources: &Sources<'_>) -> Said {
    match config::path(sources) {
        Some(path) => Said {
            out: format!("{}\n", path.display()),
            err: if path.exists() { String::new() } else { "no file there; every setting has its default\n".to_owned() },
            code: 0,
        },
        None => Said {
            err: "error: there is no home folder to look in: set HOME, or name a file with --config\n".to_owned(),
            code: USAGE,
            ..Said::default()
        },
    }
}

fn check(sources: &Sources<'_>) -> Said {
    match config::load(sources) {
        Ok(config) => {
            let file = match &config.file {
                ConfigFile::Read(path) => {
                    format!("{}: no mistakes", escaped(&path.to_string_lossy()))
                }
                ConfigFile::Absent(path) => {
                    format!("no file at {}", escaped(&path.to_string_lossy()))
                }
                ConfigFile::NoFolder => "no file: there is no home folder to look in".to_owned(),
            };
            Said {
                out: format!("{file}\n"),
                ..Said::default()
            }
        }
        Err(errors) => Said {
            err: format!("{errors}\n"),
            code: USAGE,
            ..Said::default()
        },
    }
}

fn show(sources: &Sources<'_>) -> Said {
    match config::load(sources) {
        Ok(config) => Said {
            out: config::show(&config),
            ..Said::default()
        },
        Err(errors) => Said {
            err: format!("{errors}\n"),
            code: USAGE,
            ..Said::default()
        },
    }
}
