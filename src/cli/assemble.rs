//! From a configuration to a running console: the one place where its pieces are cut and handed out.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;

use super::args::{Cli, USAGE};
use super::update::token::{self, NoToken};
use super::{complain, demo, log, reading, system_clock};
use crate::app::{App, Confirm, Folders, GivenToken, Opened, Settings, VerifiedDefault};
use crate::cognito::{Outside, Way};
use crate::config::{self, Config, ConfigErrors};
use crate::domain::guard::{Because, Guards, PoolRules};
use crate::domain::sign_in::Claims;
use crate::domain::{PoolId, Raw, Sentence};
use crate::drafts;
use crate::emulator::Emulator;
use crate::journal;
use crate::run::{self, Clipboard, Loop, Message};
use crate::terminal::{KeysFrom, Options, Terminal};
use crate::view::View;
use crate::view::text::Charset;
use crate::view::theme::Theme;
use crate::work::{Archive, Desk, Outbox, Rates, Surroundings};

mod pieces;
mod protect;

pub(super) use pieces::{charset, favourites, keymap, state_folder, target, zone};
use pieces::{limits, saved_views, theme};
pub(super) use protect::{guards, kept_values, places};
use protect::{idle_lock, journal, switched_off};

/// The configuration asks for something that is not to be had. One line or more, each with what to do.
pub struct Refused(pub String);

impl From<ConfigErrors> for Refused {
    fn from(errors: ConfigErrors) -> Self {
        Self(errors.to_string())
    }
}

/// Everything that is known before the terminal is touched.
pub struct Console {
    settings: Settings,
    view: View,
    surroundings: Surroundings,
    log: Option<(PathBuf, log::Detail)>,
    demo: bool,
    archive: Option<Arc<Archive>>,
}

/// Checks what the configuration alone could not, and puts the pieces together.
pub fn console(cli: &Cli, config: &Config, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Console, Refused> {
    let is_demo = cli.options.demo;
    let archive = archive(cli)?;
    let token = token(cli, config)?;
    let pool = match &token {
        Some(GivenToken::Held(token)) => {
            let claims = Claims::read(token).map_err(|problem| {
                Refused(format!(
                    "--access-token -: {}",
                    config::escaped(&problem.sentence().plain())
                ))
            })?;
            token::pool_of(&claims, config)
        }
        _ => config.general.user_pool_id.value.as_deref().map(PoolId::new),
    };
    let text = |name: &str| env(name).map(|value| value.to_string_lossy().into_owned());
    let charset = charset(config, &text);
    let theme = Theme::load(theme(config)).map_err(|error| Refused(error.to_string()))?;
    let zone = zone(config)?;
    let state = state_folder(is_demo, &text)?;
    let mut notices: Vec<Sentence> = Vec::new();
    if charset == Charset::Ascii && config.screen.charset.value == config::Charset::Auto {
        notices.push(
            "the locale is not UTF-8, so other characters are shown as \\u{..}; set LANG, or [screen] charset".into(),
        );
    }
    let guards = if is_demo {
        Guards {
            pools: demo::pool_rules(cli.options.demo_users),
            only: None,
            ..guards(config)
        }
    } else {
        guards(config)
    };
    let (target, pool, guards, own) = match &archive {
        None => {
            let own = if is_demo {
                demo::favourites(cli.options.demo_users)
            } else {
                favourites(config)
            };
            (target(config, None), pool, guards, own)
        }
        Some(archive) => {
            let place = archive.place();
            (
                place.target,
                Some(place.pool),
                guards_of_archive(guards, archive),
                Vec::new(),
            )
        }
    };
    let settings = Settings {
        target,
        pool,
        user: cli.username.as_ref().map(|username| Raw::from(username.0.as_str())),
        favourites: own,
        guards: guards.clone(),
        demo: is_demo,
        archive: archive.as_deref().map(|archive| Opened {
            read_at: archive.read_at(),
            is_all: archive.is_all(),
            head: archive.head().cloned().map(Arc::new),
        }),
        act_as_user: acts_as_user(config) && archive.is_none(),
        drafts: keeps_drafts(config) && archive.is_none(),
        access_token: token,
        clipboard_off: switched_off(&config.protect.clipboard),
        folders: Folders {
            home: text("HOME").filter(|home| home.starts_with('/')).map(PathBuf::from),
            // Where it is gone, only whole paths name a file.
            here: std::env::current_dir().unwrap_or_default(),
        },
        editor_off: switched_off(&config.protect.editor),
        kept_values: kept_values(config),
        idle_lock: idle_lock(config),
        phone_prefixes: config.find.phone_prefixes.value.clone(),
        list_rate: config.pace.list_per_second.value,
        columns: config.screen.columns.value.clone(),
        views: saved_views(config),
        verified_default: match config.edit.verified_default.value {
            config::VerifiedDefault::Ask => VerifiedDefault::Ask,
            config::VerifiedDefault::Pool => VerifiedDefault::Pool,
            config::VerifiedDefault::Verified => VerifiedDefault::Verified,
        },
        confirm: match config.edit.confirm.value {
            config::Confirm::Armed => Confirm::Armed,
            config::Confirm::Always => Confirm::Always,
        },
        arm_for: Duration::from_secs(60) * config.edit.arm_minutes.value,
        late: limits(config).attempt(),
        pane_height: u16::try_from(config.screen.pane_height.value).unwrap_or(7),
        zone: zone.clone(),
        keymap: keymap(config)?,
        notices,
    };
    let (way, outbox): (Way, Outbox) = if is_demo {
        let emulator = Emulator::new(demo::seed(cli.options.demo_users), demo::clock());
        (Way::Wire(demo::wire(emulator.clone())), demo::outbox(emulator))
    } else {
        (Way::Network, Arc::new(Vec::new))
    };
    let (act_as_user, drafts) = (settings.act_as_user, settings.drafts);
    Ok(Console {
        settings,
        view: View::new(theme, charset),
        surroundings: Surroundings {
            act_as_user,
            drafts,
            ..surroundings(config, guards, state, way, outbox)
        },
        log: config.general.log.value.clone().map(|path| {
            (
                path,
                if cli.debug {
                    log::Detail::Debug
                } else {
                    log::Detail::Usual
                },
            )
        }),
        demo: is_demo,
        archive,
    })
}

/// The export that `--from` names.
fn archive(cli: &Cli) -> Result<Option<Arc<Archive>>, Refused> {
    let Some(path) = &cli.from else {
        return Ok(None);
    };
    let archive = reading::archive(path).map_err(Refused)?;
    Ok(Some(Arc::new(archive)))
}

/// Whatever is configured of pools, an export opens, and nobody writes to it.
fn guards_of_archive(guards: Guards, archive: &Archive) -> Guards {
    Guards {
        read_only: Some(Because::Export),
        pools: BTreeMap::from([(archive.pool().id.clone(), PoolRules::default())]),
        only: None,
        ..guards
    }
}

/// The token of `--access-token -`. A terminal is not read: there it is typed masked, on the screen.
fn token(cli: &Cli, config: &Config) -> Result<Option<GivenToken>, Refused> {
    if cli.access_token.is_none() {
        return Ok(None);
    }
    if !acts_as_user(config) {
        return Err(Refused(
            "--access-token: the configuration switches acting as a user off (act-as-user)".to_owned(),
        ));
    }
    match token::from_standard_input() {
        Ok(token) => Ok(Some(GivenToken::Held(token))),
        Err(NoToken::Terminal) => Ok(Some(GivenToken::ToBeTyped)),
        Err(error) => Err(Refused(format!("--access-token -: {error}"))),
    }
}

impl Console {
    /// Opens the terminal and runs until the operator quits. Returns the exit code.
    pub fn run(self) -> anyhow::Result<u8> {
        // Held until the end: dropping it writes what is left.
        let _log = match &self.log {
            Some((path, detail)) => match log::start(path, *detail) {
                Ok(guard) => Some(guard),
                Err(error) => {
                    complain(&format!("the log {} cannot be written: {error}", path.display()));
                    return Ok(USAGE);
                }
            },
            None => None,
        };
        no_core_dumps().context("switching core dumps off")?;
        let (tell, inbox) = run::inbox();
        #[cfg(debug_assertions)]
        super::drill::arm(&super::environment, tell.clone()).context("preparing a drill")?;
        let to_loop = tell.clone();
        let terminal = Terminal::open(
            &Options::from_env(keys_from(self.settings.access_token.as_ref())),
            move |from| {
                // The loop has ended: whatever came is for nobody.
                let _ = to_loop.send(Message::Terminal(from));
            },
        );
        let terminal = match terminal {
            Ok(terminal) => terminal,
            Err(error) => {
                complain(&error.to_string());
                return Ok(USAGE);
            }
        };
        if self.demo {
            journal::empty_demo(&self.surroundings.state).context("emptying the demo's state folder")?;
            drafts::empty_demo(&self.surroundings.state).context("emptying the demo's state folder")?;
        }
        let to_loop = tell;
        let tell = Arc::new(move |ticket, reply| {
            let _ = to_loop.send(Message::Reply(ticket, reply));
        });
        let (archive, surroundings) = (self.archive, self.surroundings);
        let looped = Loop {
            app: App::new(self.settings),
            open_desk: Box::new(|| match archive {
                None => Desk::new(surroundings, tell),
                Some(archive) => Desk::of_archive(archive, surroundings, tell),
            }),
            clock: RealClock::start(),
            terminal,
            view: self.view,
            inbox,
            clipboard: Clipboard::detect(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())),
        };
        looped.run()?;
        Ok(0)
    }
}

/// Where standard input carried a token, keys come from the terminal itself.
fn keys_from(token: Option<&GivenToken>) -> KeysFrom {
    match token {
        Some(GivenToken::Held(_)) => KeysFrom::ControllingTerminal,
        Some(GivenToken::ToBeTyped) | None => KeysFrom::StandardInput,
    }
}

/// The clock of events.
struct RealClock(std::time::Instant);

impl RealClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the loop's own clock: events are stamped with it"
    )]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }
}

impl run::Clock for RealClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the loop's own clock: events are stamped with it"
    )]
    fn now(&self) -> (Timestamp, Duration) {
        (Timestamp::now(), self.0.elapsed())
    }
}

/// Whether the access token of a user may be used.
fn acts_as_user(config: &Config) -> bool {
    config.general.act_as_user.value.is_on()
}

/// Whether pending edits are kept on disk.
fn keeps_drafts(config: &Config) -> bool {
    config.edit.drafts.value.is_on()
}

/// What the desk works with, whoever asks it.
pub(super) fn surroundings(config: &Config, guards: Guards, state: PathBuf, way: Way, outbox: Outbox) -> Surroundings {
    Surroundings {
        limits: limits(config),
        outside: Outside {
            clock: system_clock(),
            sleep: None,
            way,
        },
        rates: Rates {
            list: config.pace.list_per_second.value,
            read: config.pace.read_per_second.value,
            write: config.pace.write_per_second.value,
        },
        act_as_user: acts_as_user(config),
        drafts: keeps_drafts(config),
        guards,
        journal: journal(config, &state),
        state,
        program: env!("CARGO_PKG_VERSION"),
        outbox,
    }
}

/// Values of users must not end up in a core file.
pub(super) fn no_core_dumps() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}
