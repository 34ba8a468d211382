//! `cognitui lint`: the checks over a whole pool, for scripts and for whoever wants to see them all at once.
//!
//! What was found goes to standard output, counts first; how far the reading is, and what could not be read, goes to
//! standard error.

mod output;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::args::{Form, LintArgs, USAGE};
use super::conversation::Conversation;
use super::reading::{Reading, WHICH_POOL};
use super::update::words;
use super::voice::Voice;
use super::{assemble, environment, sources, system_clock};
use crate::config::{self, Config};
use crate::domain::fault::Access;
use crate::domain::lint::{Check, Ground, Options, Report, lint};
use crate::domain::sentence::grouped;
use crate::domain::{AttributeName, Fault, Place, Pool, PoolId, Roster, Sentence};
use crate::job::scan::{Progress, Scan};
use crate::job::{Job, Reply};

/// Something was found.
const FOUND: u8 = 1;
/// The pool could not be read to its end.
const INCOMPLETE: u8 = 3;

/// How often a line is added where none can change.
const SELDOM: Duration = Duration::from_secs(10);

/// Why it ends without a report.
enum Halt {
    Usage(String),
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Does what was asked for, and returns the exit code.
pub fn run(asked: &LintArgs) -> anyhow::Result<u8> {
    let config = match config::load(&sources(asked.options.flags())) {
        Ok(config) => config,
        Err(errors) => return super::refuse(&errors.to_string()),
    };
    let text = |name: &str| environment(name).map(|value| value.to_string_lossy().into_owned());
    let voice = Voice {
        charset: assemble::charset(&config, &text),
    };
    // Held until the end: dropping it writes what is left.
    let _log = match super::log::of_config(&config) {
        Ok(log) => log,
        Err(why) => {
            super::complain(&why);
            return Ok(USAGE);
        }
    };
    assemble::no_core_dumps().context("switching core dumps off")?;
    let looked = match looked(asked, &config, voice) {
        Ok(looked) => looked,
        Err(halt) => return Ok(halted(voice, &config, halt)),
    };
    let printed = output::print(&looked, asked.output, voice.charset);
    let written = printed.and_then(|text| {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    });
    match written {
        Ok(()) => Ok(looked.code()),
        // Whoever reads has enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(looked.code()),
        Err(error) => {
            super::complain(&format!("writing to standard output: {error}"));
            Ok(INCOMPLETE)
        }
    }
}

/// What was found, and in how much of which pool.
pub(super) struct Looked {
    pub pool: PoolId,
    pub report: Report,
    /// About how many users the pool has, as it says.
    pub estimated: Option<u64>,
    /// Everybody was read.
    pub whole: bool,
}

impl Looked {
    fn code(&self) -> u8 {
        match (self.whole, self.report.is_clean()) {
            (false, _) => INCOMPLETE,
            (true, true) => 0,
            (true, false) => FOUND,
        }
    }
}

fn halted(voice: Voice, config: &Config, halt: Halt) -> u8 {
    match halt {
        Halt::Usage(why) => {
            voice.say(&Sentence::from("error: ").join(why.into()));
            USAGE
        }
        Halt::Fault(fault) => {
            voice.say_all(&words::fault(
                &fault,
                Access::Read,
                config.general.profile.value.as_deref(),
            ));
            if words::is_of_this_machine(&fault) {
                USAGE
            } else {
                INCOMPLETE
            }
        }
    }
}

/// Reads the pool and looks at everybody in it.
fn looked(asked: &LintArgs, config: &Config, voice: Voice) -> Result<Looked, Halt> {
    if asked.output != Form::Table && !config.protect.export.value.is_on() {
        let who = &config.protect.export.origin;
        return Err(Halt::Usage(format!(
            "export is switched off by {who}; --output table is for reading"
        )));
    }
    let Some(id) = config.general.user_pool_id.value.as_deref() else {
        return Err(Halt::Usage(WHICH_POOL.to_owned()));
    };
    let reading = Reading::begin(config, &asked.options, PoolId::new(id), None, voice).map_err(Halt::Usage)?;
    let Reading { mut talk, place, rate } = reading;
    let pool = match describe(&mut talk, &place) {
        Ok(pool) => Some(pool),
        Err(fault) if fault.missing_action().is_some() => {
            let why = format!(
                "the pool's settings may not be read: {} is left out, and required attributes are not known",
                Check::OutsideSchema.id()
            );
            voice.say(&why.into());
            None
        }
        Err(fault) => return Err(fault.into()),
    };
    let estimated = pool.as_ref().and_then(|pool| pool.estimated_users);
    let scan = Scan {
        rate,
        estimated,
        from: None,
    };
    let mut told = Told::new(voice, estimated);
    let mut roster = Roster::default();
    let ticket = talk.ask(Job::Scan {
        place: place.clone(),
        scan: Box::new(scan),
    });
    let end = loop {
        match talk.hear(ticket) {
            Ok(Reply::Scanned(news)) => {
                roster.add(&news.users);
                told.tell(roster.len(), &news.progress);
            }
            Ok(Reply::ScanEnded(end)) => break end,
            Ok(Reply::Broken(fault)) => return Err(fault.into()),
            Ok(_) => {}
            Err(_) => {
                let gone = Fault::local("this operation", "DeskGone", "the worker threads are gone");
                return Err(gone.into());
            }
        }
    };
    told.end();
    let whole = end.checkpoint.is_none() && end.fault.is_none();
    if let Some(fault) = end.fault {
        if roster.is_empty() {
            return Err(fault.into());
        }
        voice.say_all(&words::fault(
            &fault,
            Access::Read,
            config.general.profile.value.as_deref(),
        ));
        voice.say(&"INCOMPLETE: twins of users who were not read are not known".into());
    }
    voice.say_all(&end.notices);
    let ground = Ground {
        rows: roster.rows().clone(),
        pool,
        now: system_clock()(),
    };
    let options = Options {
        checks: asked.checks(),
        attributes: asked.attribute.iter().map(AttributeName::new).collect(),
        recent_days: asked.recent_days,
    };
    let report = lint(&ground, &options, &|| false)
        .ok_or_else(|| Fault::local("the checks", "Stopped", "they were stopped before the end"))?;
    Ok(Looked {
        pool: place.pool,
        report,
        estimated,
        whole,
    })
}

fn describe(talk: &mut Conversation, place: &Place) -> Result<Arc<Pool>, Fault> {
    let ticket = talk.ask(Job::DescribePool { place: place.clone() });
    match talk.hear(ticket) {
        Ok(Reply::Pool(answer)) => answer.map(|answered| answered.value),
        Ok(Reply::Broken(fault)) => Err(fault),
        Ok(_) | Err(_) => Err(Fault::local(
            "DescribeUserPool",
            "OutOfOrder",
            "another answer came than was asked for",
        )),
    }
}

/// How far the reading is, on standard error.
struct Told {
    voice: Voice,
    of: Option<u64>,
    /// One line that changes, rather than one now and then.
    one_line: bool,
    shown: bool,
    next: Duration,
}

impl Told {
    fn new(voice: Voice, of: Option<u64>) -> Self {
        Self {
            voice,
            of,
            one_line: io::stderr().is_terminal(),
            shown: false,
            next: SELDOM,
        }
    }

    fn tell(&mut self, users: usize, progress: &Progress) {
        let of = self.of.map_or(String::new(), |of| format!(" of about {}", grouped(of)));
        let line = format!(
            "{} users read{of}, {} calls",
            grouped(users as u64),
            grouped(progress.calls)
        );
        if self.one_line {
            self.shown = true;
            // Where nobody can be told any more, the exit code has to do.
            let _nobody_to_tell = write!(io::stderr(), "\r{line}\x1b[K");
        } else if progress.spent >= self.next {
            self.next = progress.spent.saturating_add(SELDOM);
            self.voice.say(&line.into());
        }
    }

    /// Leaves the line to what is said next.
    fn end(&self) {
        if self.shown {
            let _nobody_to_tell = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
