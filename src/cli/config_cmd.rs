//! `cognitui config path|check|show|traces`: the configuration without the console.

use std::ffi::OsString;

use super::args::{ConfigCommand, USAGE};
use super::{assemble, system_clock, traces};
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
        policy: config::PolicyFile::of_this_machine(env),
    };
    match command {
        ConfigCommand::Path(_) => path(&sources),
        ConfigCommand::Check(_) => check(&sources),
        ConfigCommand::Show(_) => show(&sources),
        ConfigCommand::Traces(asked) => traces::answer(asked.output, &sources, system_clock()()),
    }
}

/// The path alone on standard output, so that `$EDITOR "$(cognitui config path)"` works; it is not escaped.
fn path(sources: &Sources<'_>) -> Said {
    match config::path(sources) {
        Some(path) => Said {
            out: format!("{}\n", path.display()),
            err: if path.exists() {
                String::new()
            } else {
                "no file there; every setting has its default\n".to_owned()
            },
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
            // The file's own reader does not know the actions and chords; the console refuses these as well.
            if let Err(refused) = assemble::keymap(&config) {
                return Said {
                    err: format!("{}\n", refused.0),
                    code: USAGE,
                    ..Said::default()
                };
            }
            let file = match &config.file {
                ConfigFile::Read(path) => {
                    format!("{}: no mistakes", escaped(&path.to_string_lossy()))
                }
                ConfigFile::Absent(path) => {
                    format!("no file at {}", escaped(&path.to_string_lossy()))
                }
                ConfigFile::NoFolder => "no file: there is no home folder to look in".to_owned(),
            };
            let mut out = format!("{file}\n");
            if let Some(policy) = &config.policy {
                out.push_str(&format!(
                    "policy of this machine: {}\n",
                    escaped(&policy.to_string_lossy())
                ));
            }
            for overruled in &config.overruled {
                out.push_str(&format!("{overruled}\n"));
            }
            Said { out, ..Said::default() }
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::cli::args::Options;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("cognitui-config-cmd-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn options(file: &Path) -> Options {
        Options {
            config: Some(file.to_path_buf()),
            ..Options::default()
        }
    }

    #[test]
    fn path_is_alone_on_standard_output() {
        let folder = folder("path");
        let said = answer(
            &ConfigCommand::Path(Options::default()),
            &|_| None,
            Some(folder.clone()),
        );
        assert_eq!(said.out, format!("{}/config.toml\n", folder.display()));
        assert_eq!(said.err, "no file there; every setting has its default\n");
        assert_eq!(said.code, 0);

        fs::write(folder.join("config.toml"), "").unwrap();
        let said = answer(
            &ConfigCommand::Path(Options::default()),
            &|_| None,
            Some(folder.clone()),
        );
        assert_eq!((said.err.as_str(), said.code), ("", 0));

        let named = |name: &str| (name == "COGNITUI_CONFIG").then(|| OsString::from("/etc/c.toml"));
        let said = answer(&ConfigCommand::Path(Options::default()), &named, Some(folder.clone()));
        assert_eq!(said.out, "/etc/c.toml\n");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn path_without_a_home_says_what_to_do() {
        let said = answer(&ConfigCommand::Path(Options::default()), &|_| None, None);
        assert_eq!((said.out.as_str(), said.code), ("", USAGE));
        assert!(said.err.contains("--config"), "{}", said.err);
    }

    #[test]
    fn check_prints_every_mistake_and_fails() {
        let folder = folder("check");
        let file = folder.join("c.toml");
        fs::write(&file, "reigon = 1\n[pace]\nwrite-per-second = 50\n").unwrap();
        let said = answer(&ConfigCommand::Check(options(&file)), &|_| None, None);
        assert_eq!((said.out.as_str(), said.code), ("", USAGE));
        assert_eq!(said.err.lines().count(), 2);
        assert!(said.err.ends_with('\n'));

        fs::write(&file, "[keys]\nedti = [\"f5\"]\n").unwrap();
        let said = answer(&ConfigCommand::Check(options(&file)), &|_| None, None);
        assert_eq!((said.out.as_str(), said.code), ("", USAGE));
        assert_eq!(
            said.err,
            format!(
                "{}:2: [keys] edti: no such action; did you mean edit?\n",
                file.display()
            )
        );

        fs::write(&file, "region = \"eu-west-1\"\n").unwrap();
        let said = answer(&ConfigCommand::Check(options(&file)), &|_| None, None);
        assert_eq!(
            said,
            Said {
                out: format!("{}: no mistakes\n", file.display()),
                ..Said::default()
            }
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn show_prints_what_is_in_force_or_the_mistakes() {
        let folder = folder("show");
        let file = folder.join("c.toml");
        fs::write(&file, "read-only = true\n").unwrap();
        let said = answer(&ConfigCommand::Show(options(&file)), &|_| None, None);
        assert!(
            said.out
                .contains("read-only = true                         # line 1 of the file\n"),
            "{}",
            said.out
        );
        assert_eq!((said.err.as_str(), said.code), ("", 0));

        let missing = folder.join("missing.toml");
        let said = answer(&ConfigCommand::Show(options(&missing)), &|_| None, None);
        assert_eq!((said.out.as_str(), said.code), ("", USAGE));
        assert!(
            said.err
                .contains("there is no such configuration file (named by --config)"),
            "{}",
            said.err
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
