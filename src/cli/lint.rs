//! `cognitui lint`: the checks over a whole pool, for scripts and for whoever wants to see them all at once.
//!
//! What was found goes to standard output, counts first; how far the reading is, and what could not be read, goes to
//! standard error.

mod output;

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;

use super::args::{Form, LintArgs, USAGE};
use super::conversation::Conversation;
use super::progress::{Counts, Progress};
use super::reading::{Reading, WHICH_POOL};
use super::start::Start;
use super::system_clock;
use super::update::words;
use super::voice::Voice;
use crate::config::Config;
use crate::domain::fault::Access;
use crate::domain::lint::{Check, Ground, Options, Report, lint};
use crate::domain::{AttributeName, Fault, Place, Pool, PoolId, Roster, Sentence};
use crate::job::scan::Scan;
use crate::job::{Job, Reply};

/// Something was found.
const FOUND: u8 = 1;
/// The pool could not be read to its end.
const INCOMPLETE: u8 = 3;

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
    let start = match Start::new(asked.options.flags())? {
        Ok(start) => start,
        Err(code) => return Ok(code),
    };
    let (config, voice) = (&start.config, start.voice);
    let looked = match looked(asked, config, voice) {
        Ok(looked) => looked,
        Err(halt) => return Ok(halted(voice, config, halt)),
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
    let mut progress = Progress::before_output(voice, estimated);
    let mut roster = Roster::default();
    let ticket = talk.ask(Job::Scan {
        place: place.clone(),
        scan: Box::new(scan),
    });
    let end = loop {
        match talk.hear(ticket) {
            Ok(Reply::Scanned(news)) => {
                roster.add(&news.users);
                progress.tell(Counts {
                    read: roster.len() as u64,
                    printed: None,
                    calls: news.progress.calls,
                });
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
    progress.end();
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
