//! Arguments, the commands without a screen, and how the parts are put together: each gets its own piece of the
//! configuration, and only here is the emulator known.

pub mod args;
mod assemble;
pub mod config_cmd;
mod conversation;
pub mod demo;
#[cfg(debug_assertions)]
mod drill;
pub mod iam;
mod journal;
mod json;
mod lint;
mod list;
mod log;
mod progress;
mod reading;
pub mod shorthand;
mod start;
mod supervise;
mod traces;
mod update;
mod voice;

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use self::args::{Cli, Command, Stop, USAGE};
use self::config_cmd::Said;
use crate::config::{self, Flags, Sources};
use crate::emulator::{Emulator, listen};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    match run(std::env::args_os()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // The chain in one line: what was being done, then why it did not work.
            complain(&format!("{error:#}"));
            ExitCode::from(1)
        }
    }
}

fn run(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<u8> {
    let cli = match args::parse(args) {
        Ok(cli) => cli,
        Err(stop) => return say_and_stop(&stop),
    };
    match &cli.command {
        None => console(&cli),
        Some(Command::Config { what }) => say(&config_cmd::answer(what, &environment, config::default_folder())),
        Some(Command::Iam(asked)) => match iam::policy(asked.mode, asked.user_pool_id.as_deref()) {
            Ok(policy) => say(&Said {
                out: policy,
                ..Said::default()
            }),
            Err(error) => say_and_stop(&args::refused(&error.to_string())),
        },
        Some(Command::Update(asked)) => update::run(asked),
        Some(Command::Lint(asked)) => lint::run(asked),
        Some(Command::List(asked)) => list::run(asked),
        Some(Command::Journal { what }) => say(&journal::run(what)?),
        Some(Command::Emulator(asked)) => {
            emulate(asked.listen, asked.demo_users)?;
            Ok(0)
        }
    }
}

/// The console itself: its supervisor first, then configuration, then the terminal, then everything else.
fn console(cli: &Cli) -> anyhow::Result<u8> {
    if let Some(code) = supervise::console(cli)? {
        return Ok(code);
    }
    let config = match config::load(&sources(cli.options.flags())) {
        Ok(config) => config,
        Err(errors) => return refuse(&errors.to_string()),
    };
    if let Err(stop) = args::check_debug(cli, &config) {
        return say_and_stop(&stop);
    }
    let console = match assemble::console(cli, &config, &environment) {
        Ok(console) => console,
        Err(assemble::Refused(why)) => return refuse(&why),
    };
    console.run()
}

/// Serves the embedded service on a loopback address until it is interrupted.
fn emulate(address: SocketAddr, users: Option<u32>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting worker threads")?;
    let emulator = Emulator::new(demo::seed(users), demo::clock());
    runtime.block_on(async {
        // Before anybody is told that it is up: who started it may end it the moment it says so.
        let signals = Signals::new([SIGINT, SIGTERM]).context("waiting for a signal")?;
        let listening = listen::start(emulator, address)
            .await
            .context("starting the emulator")?;
        println!("listening on http://{}", listening.address());
        io::stdout().flush().context("writing to standard output")?;
        wait_for(signals).await.context("waiting for a signal")?;
        listening.stop().await;
        Ok(())
    })
}

async fn wait_for(mut signals: Signals) -> io::Result<()> {
    tokio::task::spawn_blocking(move || signals.forever().next())
        .await
        .map_err(io::Error::other)?;
    Ok(())
}

/// Where a command's configuration comes from: its own flags, and what this machine says.
fn sources(flags: Flags) -> Sources<'static> {
    Sources {
        flags,
        env: &environment,
        folder: config::default_folder(),
        policy: config::PolicyFile::of_this_machine(&environment),
    }
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(OsStr::new(name))
}

fn say(said: &Said) -> anyhow::Result<u8> {
    io::stdout()
        .write_all(said.out.as_bytes())
        .context("writing to standard output")?;
    io::stderr()
        .write_all(said.err.as_bytes())
        .context("writing to standard error")?;
    Ok(said.code)
}

fn say_and_stop(stop: &Stop) -> anyhow::Result<u8> {
    let said = if stop.code == 0 {
        Said {
            out: stop.text.clone(),
            ..Said::default()
        }
    } else {
        Said {
            err: stop.text.clone(),
            code: stop.code,
            ..Said::default()
        }
    };
    say(&said)
}

/// One line for whoever started the program. Where nobody can be told any more, the exit code has to do: the print
/// macros would panic.
fn complain(why: &str) {
    let line = format!("cognitui: {}\n", config::escaped(why));
    let _nobody_to_tell = io::stderr().write_all(line.as_bytes());
}

fn refuse(why: &str) -> anyhow::Result<u8> {
    say(&Said {
        err: format!("{}\n", why.trim_end()),
        code: USAGE,
        ..Said::default()
    })
}

/// The clock of the real world, for everything that is handed one.
#[expect(clippy::disallowed_methods, reason = "the one place where the time of day is read")]
fn system_clock() -> Arc<dyn Fn() -> jiff::Timestamp + Send + Sync> {
    Arc::new(jiff::Timestamp::now)
}
