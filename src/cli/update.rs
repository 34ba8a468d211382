//! `cognitui update`: the console's write without a screen, for scripts.
//!
//! There is no second way to write. The same desk does the same jobs in the same order; what a person decides on the
//! review stands in the arguments, and what the review would have asked for and is not there ends the command before
//! anything is sent. The result goes to standard output, words go to standard error.

mod output;
mod permission;
mod reading;
pub(super) mod token;
mod wish;
pub(super) mod words;

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::tz::TimeZone;

use self::output::{Told, What};
use self::permission::Permission;
use self::reading::{Subject, Whose};
use self::wish::{Unclear, Wish};
use super::args::{Output, USAGE, UpdateArgs};
use super::conversation::{Conversation, Ended, Signalled};
use super::start::Start;
use super::voice::Voice;
use super::{assemble, environment, shorthand};
use crate::cognito::Way;
use crate::config::Config;
use crate::domain::consequence::{self, Changes, Context};
use crate::domain::fault::Access;
use crate::domain::{ChangeSet, Fault, Operation, Outcome, Route, Rules, Sentence};
use crate::job::{Job, Reply, Submission, Submitted};

/// Refused: nothing was changed.
const REFUSED: u8 = 1;
/// It may have been applied.
const UNKNOWN: u8 = 3;
/// Someone changed the user meanwhile, so nothing went out.
const CHANGED_MEANWHILE: u8 = 4;
/// Sent, and another value is there now.
const DIFFERS: u8 = 6;

/// Why it ends without a result.
#[derive(Debug)]
enum Halt {
    /// The command line, the configuration or the token cannot be used, in these sentences.
    Usage(Vec<Sentence>),
    /// Something that had to be read, or opened, could not be.
    Fault(Fault),
    Signalled(Signalled),
    /// Asked to stop once more while a write was under way.
    Abandoned(Signalled),
}

impl From<Signalled> for Halt {
    fn from(signal: Signalled) -> Self {
        Self::Signalled(signal)
    }
}

impl From<Sentence> for Halt {
    fn from(sentence: Sentence) -> Self {
        Self::Usage(vec![sentence])
    }
}

impl From<Unclear> for Halt {
    fn from(unclear: Unclear) -> Self {
        match unclear {
            // Its text shows what was typed already with everything invisible written out.
            Unclear::Misread(misread) => Self::Usage(misread.to_string().lines().map(own).collect()),
            Unclear::Said(sentence) => sentence.into(),
        }
    }
}

fn own(line: &str) -> Sentence {
    Sentence::from(line.to_owned())
}

/// Does what was asked for, and returns the exit code.
pub fn run(asked: &UpdateArgs) -> anyhow::Result<u8> {
    let start = match Start::new(asked.options.flags())? {
        Ok(start) => start,
        Err(code) => return Ok(code),
    };
    let (config, voice) = (&start.config, start.voice);
    let text = |name: &str| environment(name).map(|value| value.to_string_lossy().into_owned());
    let state = match assemble::state_folder(false, &text) {
        Ok(state) => state,
        Err(refused) => return super::refuse(&refused.0),
    };
    // Before signals are listened for: whoever waits for a file or for the token is interrupted like any program.
    let given = match GivenAll::read(asked, config) {
        Ok(given) => given,
        Err(halt) => return Ok(halted(voice, None, &halt)),
    };
    let profile = given.permission.place.target.profile.clone();
    let surroundings = assemble::surroundings(
        config,
        assemble::guards(config),
        state,
        Way::Network,
        Arc::new(Vec::new),
    );
    let talk = Conversation::start(surroundings, move |note| voice.say(note)).context("starting worker threads")?;
    let mut update = Update {
        asked,
        config,
        voice,
        talk,
        profile,
    };
    match update.walk(given) {
        Ok(code) => Ok(code),
        Err(halt) => Ok(halted(voice, update.profile.as_deref(), &halt)),
    }
}

/// Everything that arguments, files, configuration and standard input decide, before anybody is asked.
struct GivenAll {
    wish: Wish,
    whose: Whose,
    permission: Permission,
    zone: TimeZone,
}

impl GivenAll {
    fn read(asked: &UpdateArgs, config: &Config) -> Result<Self, Halt> {
        let wish = Wish::read(
            asked,
            shorthand::Surroundings {
                read: &shorthand::content_of,
                variable: &environment,
            },
        )?;
        let whose = reading::whose(asked, config)?;
        Ok(Self {
            wish,
            permission: Permission::new(asked, config, whose.pool(), whose.route())?,
            whose,
            zone: assemble::zone(config).map_err(|refused| Halt::from(own(&refused.0)))?,
        })
    }
}

/// One change on its way.
struct Update<'a> {
    asked: &'a UpdateArgs,
    config: &'a Config,
    voice: Voice,
    talk: Conversation,
    /// Whose credentials sign, where that is said.
    profile: Option<String>,
}

impl Update<'_> {
    fn walk(&mut self, given: GivenAll) -> Result<u8, Halt> {
        let GivenAll {
            wish,
            whose,
            permission,
            zone,
        } = given;
        let subject = reading::read(&mut self.talk, whose, &permission)?;
        permission.check_name(subject.pool_name())?;
        let assumed;
        let schema = match subject.schema() {
            Some(schema) => schema,
            None => {
                assumed = wish.assumed_schema();
                &assumed
            }
        };
        let rules = match subject.route {
            Route::Admin => Rules::admin(schema),
            Route::Own => Rules::own(schema, subject.client().get().copied()),
        };
        let changes = wish
            .changes(subject.user.clone(), &rules, self.config.edit.verified_default.value)
            .map_err(Halt::Usage)?;
        let Some(changes) = changes else {
            self.voice
                .say(&"nothing to do: every value is as asked for already; nothing was sent".into());
            self.tell(&subject, What::Nothing);
            return Ok(0);
        };
        let owners = reading::owners(&mut self.talk, &subject, &changes)?;
        let mappings = reading::mappings(&mut self.talk, &subject)?;
        let context = Context {
            pool: subject.pool(),
            user: &subject.user,
            changes: Changes::Set(&changes),
            client: subject.client(),
            mappings: reading::known(&mappings, Vec::as_slice),
            owners,
            waiting: &[],
            kept: assemble::kept_values(self.config).of(&subject.place.pool),
            zone: &zone,
        };
        let consequences = consequence::consequences(&context);
        let losers = consequence::takes_alias(&context);
        let operation = Operation::update(changes.clone());
        self.announce(&subject, &operation, &changes);
        self.voice.say(&"what will happen:".into());
        self.voice
            .say_all(&consequences.iter().map(words::consequence).collect::<Vec<_>>());
        let missing = permission.missing(subject.pool_name(), &subject.user.username, &losers);
        if self.asked.dry_run {
            self.voice.say(&"dry run: nothing was sent".into());
            self.voice.say_all(&missing);
            let what = What::Dry {
                operation: &operation,
                consequences: &consequences,
                missing: &missing,
            };
            self.tell(&subject, what);
            return Ok(0);
        }
        if !missing.is_empty() {
            return Err(Halt::Usage(missing));
        }
        let submitted = self.submit(&subject, &permission, operation.clone())?;
        let profile = self.profile.as_deref();
        self.voice
            .say_all(&words::outcome(&operation, &submitted, &subject.pool(), profile));
        let what = What::Sent {
            operation: &operation,
            consequences: &consequences,
            submitted: &submitted,
        };
        self.tell(&subject, what);
        Ok(self.code(&submitted))
    }

    fn submit(
        &mut self,
        subject: &Subject,
        permission: &Permission,
        operation: Operation,
    ) -> Result<Box<Submitted>, Halt> {
        self.open_writer(subject, permission)?;
        let submission = Submission {
            place: subject.place.clone(),
            operation,
            why: permission.why(),
            armed_until: permission.armed_until(),
        };
        let voice = self.voice;
        match self.talk.submit(submission, |news| voice.say(&words::news(&news))) {
            Ended::With(submitted) => Ok(submitted),
            Ended::Broken(fault) => {
                let username = subject.user.username.clone();
                Ok(Box::new(Submitted::new(username, Outcome::Unknown(fault))))
            }
            Ended::Abandoned(signal) => Err(Halt::Abandoned(signal)),
        }
    }

    fn announce(&self, subject: &Subject, operation: &Operation, changes: &ChangeSet) {
        let mut line = crate::say!(own operation.name(), ", ", raw subject.user.username.raw(), " in ", raw subject.place.pool.raw());
        if let Some(name) = subject.pool_name() {
            line = line.words(" (").quote(name).words(")");
        }
        self.voice.say(&line.words(":"));
        self.voice.say_all(&words::difference(changes));
    }

    /// From here on a submission passes the first check of the path.
    fn open_writer(&mut self, subject: &Subject, permission: &Permission) -> Result<(), Halt> {
        let ticket = self.talk.ask(Job::OpenWriter {
            place: subject.place.clone(),
            route: subject.route,
            typed: permission.typed(),
        });
        match self.talk.hear(ticket)? {
            Reply::Broken(fault) => Err(Halt::Fault(fault)),
            _ => Ok(()),
        }
    }

    /// The result on standard output. What was sent stays sent where nobody takes it, so the exit code stays too.
    fn tell(&self, subject: &Subject, what: What<'_>) {
        let told = Told {
            pool: &subject.place.pool,
            user: &subject.user,
            what,
        };
        let output = self.asked.output.unwrap_or_else(|| {
            if io::stdout().is_terminal() {
                Output::Table
            } else {
                Output::Json
            }
        });
        let text = match output {
            Output::Table => Ok(told.table(self.voice.charset)),
            Output::Json => told.json().map_err(io::Error::other),
        };
        let written = text.and_then(|text| {
            let mut out = io::stdout();
            out.write_all(text.as_bytes())?;
            out.flush()
        });
        if let Err(error) = written {
            super::complain(&format!("the result could not be written to standard output: {error}"));
        }
    }

    fn code(&self, submitted: &Submitted) -> u8 {
        match &submitted.outcome {
            Outcome::Applied | Outcome::Waiting => 0,
            Outcome::Refused(_) => REFUSED,
            Outcome::Unknown(_) => UNKNOWN,
            Outcome::Differs(_) => DIFFERS,
            Outcome::NotSent(_) if submitted.moved.stops() => CHANGED_MEANWHILE,
            Outcome::NotSent(_) if submitted.stopped => self.talk.stopped_by().map_or(REFUSED, ended_by),
            Outcome::NotSent(_) => REFUSED,
        }
    }
}

/// Says why it ends without a result, and returns the exit code.
fn halted(voice: Voice, profile: Option<&str>, halt: &Halt) -> u8 {
    match halt {
        Halt::Usage(sentences) => {
            let mut before = "error: ";
            for sentence in sentences {
                voice.say(&Sentence::from(before).join(sentence.clone()));
                before = "       ";
            }
            USAGE
        }
        Halt::Fault(fault) => {
            voice.say(&crate::say!("refused: nothing was sent; ", own fault.operation, " did not succeed"));
            voice.say_all(&words::fault(fault, Access::Read, profile));
            if words::is_of_this_machine(fault) {
                USAGE
            } else {
                REFUSED
            }
        }
        Halt::Signalled(signal) => {
            voice.say(&"stopped; nothing was sent".into());
            ended_by(*signal)
        }
        Halt::Abandoned(signal) => {
            voice.say(&"stopped without waiting for the answer: it may have been applied".into());
            voice.say(&words::READ_BACK.into());
            ended_by(*signal)
        }
    }
}

fn ended_by(signal: Signalled) -> u8 {
    u8::try_from(128 + signal.0).unwrap_or(REFUSED)
}
