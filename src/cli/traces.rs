//! `cognitui config traces`: every place on this machine where people's data can stay, what is there now, and what
//! switches it off.
//!
//! Nothing is opened that is not the operator's own, and nothing of what is found is printed: only that it is there, and
//! since when.

mod look;
mod output;
mod places;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use jiff::Timestamp;

use super::args::{Output, USAGE};
use super::assemble;
use super::config_cmd::Said;
use crate::config::{self, Config, Origin, Sources};

#[cfg(test)]
mod tests;

/// Where is looked.
struct Machine<'a> {
    env: &'a dyn Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
    /// The program's own folder.
    state: PathBuf,
    /// Where the system shows its processes.
    processes: PathBuf,
    now: Timestamp,
}

impl Machine<'_> {
    /// A folder that a variable names, else one in the home folder.
    fn folder(&self, variable: &str, in_home: &str) -> Option<PathBuf> {
        match (self.env)(variable).filter(|value| !value.is_empty()) {
            Some(folder) => Some(PathBuf::from(folder)),
            None => Some(self.home.as_ref()?.join(in_home)),
        }
    }
}

/// One place where data can stay.
struct Trace {
    place: &'static str,
    holds: String,
    found: Vec<Found>,
    /// What takes it away, or keeps it from coming about.
    off_switch: String,
    now: Now,
}

/// Something on disk, looked at.
struct Found {
    path: PathBuf,
    files: usize,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
    note: Option<String>,
}

/// Whether the program leaves something there from now on.
enum Now {
    On(Origin),
    Off(Origin),
    /// No setting of ours decides it.
    Outside,
}

/// Answers the command.
pub fn answer(output: Option<Output>, sources: &Sources<'_>, now: Timestamp) -> Said {
    let refuse = |why: String| Said {
        err: format!("{}\n", why.trim_end()),
        code: USAGE,
        ..Said::default()
    };
    let config = match config::load(sources) {
        Ok(config) => config,
        Err(errors) => return refuse(errors.to_string()),
    };
    let text = |name: &str| (sources.env)(name).map(|value| value.to_string_lossy().into_owned());
    let state = match assemble::state_folder(false, &text) {
        Ok(state) => state,
        Err(refused) => return refuse(refused.0),
    };
    let machine = Machine {
        env: sources.env,
        home: (sources.env)("HOME").filter(|home| !home.is_empty()).map(PathBuf::from),
        state,
        processes: PathBuf::from("/proc"),
        now,
    };
    let output = output.unwrap_or_else(|| match std::io::stdout().is_terminal() {
        true => Output::Table,
        false => Output::Json,
    });
    said(output, &config, &machine)
}

fn said(output: Output, config: &Config, machine: &Machine<'_>) -> Said {
    let traces = places::all(config, machine);
    Said {
        out: match output {
            Output::Table => output::table(&traces, &places::all_at_once(config), machine.now),
            Output::Json => output::json(&traces),
        },
        ..Said::default()
    }
}
