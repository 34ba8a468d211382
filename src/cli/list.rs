//! `cognitui list`: the users of a pool, or of an export, on standard output.
//!
//! They are printed as they arrive and none is kept, so that what it takes does not grow with the pool. One page is asked
//! for while the one before is printed, and no more: a slow pipe holds the reading up.

mod progress;
mod source;
mod table;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::Arc;

use anyhow::Context as _;

use self::progress::Progress;
use self::source::Source;
use self::table::Table;
use super::args::{ListArgs, Printed, USAGE};
use super::reading::{Reading, WHICH_POOL};
use super::update::words;
use super::voice::Voice;
use super::{assemble, demo, environment, sources, system_clock};
use crate::config::{self, Config};
use crate::domain::column::Column;
use crate::domain::export::{self, Head, LARGEST_IMPORT, Layout, MOST_IMPORTED, Writer};
use crate::domain::fault::Access;
use crate::domain::find::{Ask, Operator};
use crate::domain::query::{Ground, Known, Query, Term, Test};
use crate::domain::roster::Row;
use crate::domain::sentence::grouped;
use crate::domain::{AttributeName, Fault, Pool, PoolId, Raw, RowId, Sentence};
use crate::say;
use crate::work::Archive;

/// Nothing could be read.
const FAILED: u8 = 1;
/// Not everybody who was asked for was printed.
const INCOMPLETE: u8 = 3;

/// Why it ends without having printed anybody.
enum Halt {
    Usage(Vec<Sentence>),
    Fault(Fault),
}

impl From<String> for Halt {
    fn from(why: String) -> Self {
        Self::Usage(why.lines().map(|line| line.to_owned().into()).collect())
    }
}

/// Does what was asked for, and returns the exit code.
pub fn run(asked: &ListArgs) -> anyhow::Result<u8> {
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
    let listing = match Listing::prepare(asked, &config, voice) {
        Ok(listing) => listing,
        Err(halt) => return Ok(halted(voice, &config, halt)),
    };
    match listing.print() {
        Ok(code) => Ok(code),
        // Whoever reads has enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(0),
        Err(error) => {
            super::complain(&format!("writing to standard output: {error}"));
            Ok(INCOMPLETE)
        }
    }
}

fn halted(voice: Voice, config: &Config, halt: Halt) -> u8 {
    match halt {
        Halt::Usage(sentences) => {
            let mut before = "error: ";
            for sentence in sentences {
                voice.say(&Sentence::from(before).join(sentence));
                before = "       ";
            }
            USAGE
        }
        Halt::Fault(fault) => {
            let profile = config.general.profile.value.as_deref();
            voice.say_all(&words::fault(&fault, Access::Read, profile));
            if words::is_of_this_machine(&fault) {
                USAGE
            } else {
                FAILED
            }
        }
    }
}

/// How users are printed.
enum Printer {
    Export(Writer),
    Table(Table),
}

/// One listing, ready to begin.
struct Listing<'a> {
    asked: &'a ListArgs,
    voice: Voice,
    source: Source,
    pool: Option<Arc<Pool>>,
    head: Head,
    query: Query,
    printer: Printer,
}

impl<'a> Listing<'a> {
    fn prepare(asked: &'a ListArgs, config: &Config, voice: Voice) -> Result<Self, Halt> {
        let printed = asked.output.unwrap_or_else(|| {
            if io::stdout().is_terminal() {
                Printed::Table
            } else {
                Printed::Jsonl
            }
        });
        if printed != Printed::Table && !config.protect.export.value.is_on() {
            let who = &config.protect.export.origin;
            return Err(format!("export is switched off by {who}; --output table is for reading").into());
        }
        let (line, columns) = wanted(asked, config)?;
        let mut source = source(asked, config, voice)?;
        let pool = match source.pool() {
            Ok(pool) => Some(pool),
            Err(fault) if fault.is_denied() => {
                voice.say(
                    &"the settings of the pool may not be read: the attributes that every pool has are printed".into(),
                );
                None
            }
            Err(fault) => return Err(Halt::Fault(fault)),
        };
        let query = parsed(&line, pool.as_deref())?;
        let everybody = query.is_empty();
        let query = match &mut source {
            Source::File(_) => query,
            Source::Service(service) => {
                let (ask, rest) = asked_of_service(&query, pool.as_deref());
                let filter = ask.as_ref().and_then(|ask| ask.filter().ok());
                if let (Some(ask), Some(filter)) = (&ask, filter) {
                    voice.say(&say!(
                        "asked: ", own ask.attribute, own if ask.operator == Operator::Exact { " = " } else { " ^= " },
                        raw &ask.value, own if rest.is_empty() { "" } else { "; the rest is checked here" }
                    ));
                    service.ask_for(filter);
                    rest
                } else {
                    query
                }
            }
        };
        let columns = known(columns, pool.as_deref())?;
        let attributes = (columns.as_ref()).map(|columns| columns.iter().filter_map(attribute).collect::<Vec<_>>());
        let every = || export::every_column(pool.as_deref(), source.tells_groups());
        let printer = match printed {
            Printed::Table => Printer::Table(Table::new(columns.clone().unwrap_or_else(Column::usual), voice.charset)),
            Printed::Csv => Printer::Export(Writer::new(Layout::Csv(columns.clone().unwrap_or_else(every)))),
            Printed::Sheet => Printer::Export(Writer::new(Layout::Sheet(columns.clone().unwrap_or_else(every)))),
            Printed::Jsonl => Printer::Export(Writer::new(Layout::Jsonl(columns.clone()))),
            Printed::Import => {
                let Some(pool) = &pool else {
                    let why = "--output import needs the settings of the pool (cognito-idp:DescribeUserPool)";
                    return Err(why.to_owned().into());
                };
                let import = export::Import::new(pool, source.import_header().map_err(Halt::Fault)?);
                if !import.can_start() {
                    let why =
                        "the pool verifies neither e-mail addresses nor phone numbers, so no import can start there";
                    return Err(why.to_owned().into());
                }
                Printer::Export(Writer::new(Layout::Import(import)))
            }
        };
        let head = Head {
            pool: source.place().pool,
            described: pool.as_deref().cloned(),
            began: source.read_at(),
            query: (!everybody).then(|| Raw::from(line)),
            attributes,
        };
        Ok(Self {
            asked,
            voice,
            source,
            pool,
            head,
            query,
            printer,
        })
    }

    /// Prints everybody who is wanted. An error is one of standard output.
    fn print(mut self) -> io::Result<u8> {
        let ground = Ground {
            now: system_clock()(),
            groups: None,
        };
        let mut out = io::stdout().lock();
        let mut text = String::new();
        if let Printer::Export(writer) = &mut self.printer {
            writer.begin(&self.head, &mut text);
        }
        let of = (self.pool.as_ref()).and_then(|pool| pool.estimated_users);
        let mut progress = Progress::new(self.voice, of);
        let mut printed: u64 = 0;
        let most = self.asked.limit.unwrap_or(u64::MAX);
        let failed = loop {
            let users = match self.source.next() {
                Ok(Some(users)) => users,
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            };
            for (user, groups) in &users {
                let row = Row::Whole(user);
                if printed < most && self.query.matches(RowId(0), row, &ground) {
                    printed += 1;
                    match &mut self.printer {
                        Printer::Export(writer) => writer.user(row, groups.as_deref(), &mut text),
                        Printer::Table(table) => table.user(row, groups.as_deref(), &mut text),
                    }
                }
            }
            if let Printer::Table(table) = &mut self.printer {
                table.settle(&mut text);
            }
            out.write_all(text.as_bytes())?;
            text.clear();
            if printed >= most {
                break None;
            }
            progress.tell(self.source.users(), printed, self.source.calls());
        };
        let whole = failed.is_none() && self.source.is_whole() && printed < most;
        if let Printer::Export(writer) = &mut self.printer {
            writer.end(whole, system_clock()(), &mut text);
        }
        out.write_all(text.as_bytes())?;
        out.flush()?;
        progress.end();
        Ok(self.told(failed, printed, most))
    }

    /// What became of it, on standard error, and the exit code.
    fn told(&self, failed: Option<Fault>, printed: u64, most: u64) -> u8 {
        let mut code = 0;
        if let Some(fault) = &failed {
            self.voice.say_all(&words::fault(fault, Access::Read, None));
            code = if self.source.users() == 0 { FAILED } else { INCOMPLETE };
        }
        let mut line = progress::counts(self.source.users(), printed, self.source.calls());
        line.push_str(match (&failed, printed >= most) {
            (Some(_), _) => "; INCOMPLETE: it could not be read to its end",
            (None, true) => "; stopped at --limit, so there may be more",
            (None, false) if !self.source.is_whole() => "; INCOMPLETE: the file is not whole",
            (None, false) => "; complete",
        });
        self.voice.say(&line.into());
        for notice in self.source.notices(printed >= most) {
            self.voice.say(&notice);
            code = code.max(INCOMPLETE);
        }
        if failed.is_none() && printed < most && !self.source.is_whole() {
            code = INCOMPLETE;
        }
        if let Printer::Export(writer) = &self.printer {
            for (why, count) in writer.left_out() {
                self.voice
                    .say(&format!("left out: {} {}", grouped(count), why.words()).into());
                code = code.max(INCOMPLETE);
            }
            let is_import = self.asked.output == Some(Printed::Import);
            if is_import && (writer.written() > MOST_IMPORTED || writer.bytes() > LARGEST_IMPORT) {
                self.voice
                    .say(&"one import takes 500,000 users and 100 MB at most: split this before it is uploaded".into());
            }
        }
        code
    }
}

/// The line and the columns, from the arguments before the view.
fn wanted(asked: &ListArgs, config: &Config) -> Result<(String, Option<Vec<Column>>), Halt> {
    let view = match &asked.view {
        None => None,
        Some(name) => Some(config.view(name).ok_or_else(|| no_view(name, config))?),
    };
    let mut line = view.map_or(String::new(), |view| view.query.value.clone());
    if let Some(more) = &asked.query {
        // Both have to hold.
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&more.0);
    }
    let columns = if asked.columns.is_empty() {
        view.and_then(|view| view.columns.value.clone())
    } else {
        Some(asked.columns.iter().map(|name| Column::parse(name.trim())).collect())
    };
    Ok((line, columns))
}

fn no_view(name: &str, config: &Config) -> Halt {
    let names: Vec<String> = (config.views.iter())
        .map(|view| config::quoted(&view.name.value))
        .collect();
    let there = match names.as_slice() {
        [] => "it has none; [[view]] in the configuration makes one".to_owned(),
        some => format!("it has {}", some.join(", ")),
    };
    format!(
        "--view {}: the configuration has no such view: {there}",
        config::quoted(name)
    )
    .into()
}

fn parsed(line: &str, pool: Option<&Pool>) -> Result<Query, Halt> {
    let known = Known::new(pool.map(|pool| &pool.schema), []);
    let query = Query::parse(line, &known).map_err(|mistake| {
        let before = line.get(..mistake.at.start).unwrap_or(line).chars().count();
        let at = format!("--query, at character {}: expected ", before + 1);
        Halt::Usage(vec![Sentence::from(at).join(mistake.expected)])
    })?;
    if query.reads_groups() {
        return Err(
            "--query: group: is not answered here: who is in a group is read on the screen"
                .to_owned()
                .into(),
        );
    }
    Ok(query)
}

/// What the service is asked for, and what is left to check here. Only where it compares as this program does, and knows
/// everybody who is wanted: words are looked for in the middle of names here, and only at their beginning there.
fn asked_of_service(query: &Query, pool: Option<&Pool>) -> (Option<Ask>, Query) {
    let asks = query.asks(pool, &[]);
    let same = |term: &Term| match &term.test {
        Test::Exact(column, _) | Test::Prefix(column, _) => *column != Column::Username,
        test => matches!(test, Test::Enabled(_)),
    };
    let mut each = asks.plan.asks();
    match (each.next(), each.next()) {
        (Some(ask), None) if asks.asked(query).all(same) => (Some(ask.clone()), asks.rest(query)),
        _ => (None, query.clone()),
    }
}

/// Columns that the pool can have. A custom attribute may be named without what stands in front of it.
fn known(columns: Option<Vec<Column>>, pool: Option<&Pool>) -> Result<Option<Vec<Column>>, Halt> {
    let (Some(columns), Some(pool)) = (&columns, pool) else {
        return Ok(columns);
    };
    let each = columns.iter().map(|column| match column {
        Column::Attribute(name) if pool.schema.get(name).is_none() && name.as_str() != "identities" => {
            let own: Vec<&AttributeName> = (pool.schema.attributes.iter().map(|attribute| &attribute.name))
                .filter(|own| own.as_str().rsplit(':').next() == Some(name.as_str()))
                .collect();
            match own.as_slice() {
                [own] => Ok(Column::Attribute((*own).clone())),
                _ => Err(Halt::from(format!(
                    "--columns {}: the pool has no such attribute",
                    config::quoted(name.as_str())
                ))),
            }
        }
        other => Ok(other.clone()),
    });
    each.collect::<Result<_, _>>().map(Some)
}

fn attribute(column: &Column) -> Option<AttributeName> {
    match column {
        Column::Attribute(name) => Some(name.clone()),
        _ => None,
    }
}

/// Where the users come from.
fn source(asked: &ListArgs, config: &Config, voice: Voice) -> Result<Source, Halt> {
    if let Some(path) = &asked.from {
        let archive = Archive::open(path)
            .map_err(|error| format!("--from {}: {error}", config::quoted(&path.to_string_lossy())))?;
        return Ok(Source::file(archive));
    }
    let pool = match config.general.user_pool_id.value.as_deref() {
        Some(id) => PoolId::new(id),
        None if asked.options.demo => demo::main_pool(asked.options.demo_users),
        None => return Err(WHICH_POOL.to_owned().into()),
    };
    let reading = Reading::begin(config, &asked.options, pool, asked.rate, voice)?;
    Ok(Source::service(reading.talk, reading.place))
}
