//! `cognitui lint`: the checks over a whole pool, for scripts and for whoever wants to see them all at once.
//!
//! What was found goes to standard output, counts first; how far the reading is, and what could not be read, goes to
//! standard error.

mod output;

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use super::args::{Form, LintArgs, USAGE};
use super::conversation::Conversation;
use super::progress::{Counts, Progress};
use super::reading::{Reading, WHICH_POOL, archive, own_attribute};
use super::start::Start;
use super::update::words;
use super::voice::Voice;
use super::{demo, system_clock};
use crate::config::Config;
use crate::domain::export::{Head, made_without};
use crate::domain::fault::Access;
use crate::domain::lint::{Check, Ground, Options, Report, lint};
use crate::domain::roster::FULL;
use crate::domain::{AttributeName, Fault, Place, Pool, PoolId, Roster, Schema, Segment, Sentence};
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
    /// Everybody was read, with everything that could be looked at.
    fn is_complete(&self) -> bool {
        self.whole && self.report.unseen().is_empty()
    }

    fn code(&self) -> u8 {
        match (self.is_complete(), self.report.is_clean()) {
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

/// Reads everybody and looks at them.
fn looked(asked: &LintArgs, config: &Config, voice: Voice) -> Result<Looked, Halt> {
    if asked.output != Form::Table && !config.protect.export.value.is_on() {
        let who = &config.protect.export.origin;
        return Err(Halt::Usage(format!(
            "export is switched off by {who}; --output table is for reading"
        )));
    }
    let everybody = match &asked.from {
        Some(path) => of_file(path, asked, voice)?,
        None => of_service(asked, config, voice)?,
    };
    let ground = Ground {
        rows: everybody.roster.rows().clone(),
        pool: everybody.settings.clone(),
        export: everybody.export,
        now: system_clock()(),
    };
    let options = Options {
        checks: asked.checks(),
        attributes: everybody.attributes,
        recent_days: asked.recent_days,
    };
    let report = lint(&ground, &options, &|| false)
        .ok_or_else(|| Fault::local("the checks", "Stopped", "they were stopped before the end"))?;
    let unseen = report.unseen();
    if !unseen.is_empty() {
        let why = Sentence::from("INCOMPLETE: ").join(made_without(&unseen));
        voice.say(&why.words(": nothing of that was looked at"));
    }
    Ok(Looked {
        pool: everybody.pool,
        report,
        estimated: everybody.settings.and_then(|pool| pool.estimated_users),
        whole: everybody.whole,
    })
}

/// The users that are checked.
struct Everybody {
    pool: PoolId,
    /// The settings of the pool, as far as they are known.
    settings: Option<Arc<Pool>>,
    /// What the export says of itself, where they are of one.
    export: Option<Arc<Head>>,
    /// The attributes that everybody should have.
    attributes: Vec<AttributeName>,
    roster: Roster,
    /// Nobody of the pool is missing.
    whole: bool,
}

/// Everybody in an export.
fn of_file(path: &Path, asked: &LintArgs, voice: Voice) -> Result<Everybody, Halt> {
    let archive = archive(path).map_err(Halt::Usage)?;
    let settings = archive.settings().cloned();
    // Before anybody is read, where the file says which attributes its pool has.
    let known = settings
        .as_deref()
        .map(|pool| attributes(asked, Some(&pool.schema)))
        .transpose()?;
    let estimated = settings.as_ref().and_then(|pool| pool.estimated_users);
    let mut progress = Progress::before_output(voice, estimated);
    let mut roster = Roster::default();
    let mut reading = archive.users();
    let mut fault = None;
    loop {
        match reading.next_users(FULL) {
            Ok(users) => {
                roster.add(&Arc::new(Segment::pack(users.iter().map(|(user, _)| user))));
                progress.tell(Counts {
                    read: roster.len() as u64,
                    printed: None,
                    calls: 0,
                });
                if users.len() < FULL {
                    break;
                }
            }
            Err(error) => {
                let why = format!("the file could not be read further: {error}");
                fault = Some(Fault::local("reading the export", "FileUnreadable", why));
                break;
            }
        }
    }
    progress.end();
    let damage = archive.damage(reading.walk());
    let attributes = match known {
        Some(attributes) => attributes,
        None => supposed(asked, &Schema::standard(roster.rows().names()))?,
    };
    let whole = fault.is_none() && damage.is_empty() && archive.is_all();
    if let Some(fault) = &fault {
        voice.say_all(&words::fault(fault, Access::Read, None));
    } else {
        for damage in &damage {
            voice.say(&damage.whole());
        }
    }
    if fault.is_none()
        && let Some(why) = archive.no_export(reading.walk())
    {
        return Err(Halt::Usage(why.to_owned()));
    }
    if let Some(repeated) = reading.walk().repeated() {
        voice.say(&repeated);
    }
    if !whole {
        let is_damaged = fault.is_some() || !damage.is_empty() || archive.is_complete() == Some(false);
        let why = match archive.part() {
            _ if is_damaged => "the export is not whole".into(),
            Some(part) => Sentence::from("the export is NOT ALL of its pool: ").join(part),
            None => "the file does not say whether everybody of its pool is in it".into(),
        };
        let twins = "; twins of users who are not in it are not known";
        voice.say(&Sentence::from("INCOMPLETE: ").join(why).words(twins));
    }
    Ok(Everybody {
        pool: archive.pool().id.clone(),
        settings,
        export: archive.head().cloned().map(Arc::new),
        attributes,
        roster,
        whole,
    })
}

/// The attributes that were asked for, by the names that the pool has for them.
fn attributes(asked: &LintArgs, schema: Option<&Schema>) -> Result<Vec<AttributeName>, Halt> {
    let each = asked.attribute.iter().map(|name| {
        let name = AttributeName::new(name);
        match schema {
            Some(schema) => own_attribute("--attribute", &name, schema).map_err(Halt::Usage),
            None => Ok(name),
        }
    });
    each.collect()
}

/// The same where only the users tell what the pool has: a custom attribute that nobody has set is one that everybody lacks.
fn supposed(asked: &LintArgs, schema: &Schema) -> Result<Vec<AttributeName>, Halt> {
    let each = asked.attribute.iter().map(|name| {
        let name = AttributeName::new(name);
        match own_attribute("--attribute", &name, schema) {
            Err(_) if name.as_str().starts_with("custom:") => Ok(name),
            answer => answer.map_err(Halt::Usage),
        }
    });
    each.collect()
}

/// Everybody in a pool of the service.
fn of_service(asked: &LintArgs, config: &Config, voice: Voice) -> Result<Everybody, Halt> {
    let id = match config.general.user_pool_id.value.as_deref() {
        Some(id) => PoolId::new(id),
        None if asked.options.demo => demo::main_pool(asked.options.demo_users),
        None => return Err(Halt::Usage(WHICH_POOL.to_owned())),
    };
    let reading = Reading::begin(config, &asked.options, id, None, voice).map_err(Halt::Usage)?;
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
    let attributes = attributes(asked, pool.as_deref().map(|pool| &pool.schema))?;
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
    Ok(Everybody {
        pool: place.pool,
        settings: pool,
        export: None,
        attributes,
        roster,
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
