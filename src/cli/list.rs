//! `cognitui list`: the users of a pool, or of an export, on standard output.
//!
//! They are printed as they arrive and none is kept, so that what it takes does not grow with the pool. One page is asked
//! for while the one before is printed, and no more: a slow pipe holds the reading up. Two things take more, and both are
//! said: who is in which group is read before any user and kept, and an order needs everybody before the first is printed.

mod membership;
mod sorted;
mod source;
mod table;
mod told;
mod wanted;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::Arc;

use self::sorted::Sorted;
use self::source::Source;
use self::table::Table;
use self::told::Told;
use self::wanted::{Wanted, asked_of_service, parsed};
use super::args::{ListArgs, Printed, USAGE};
use super::progress::Progress;
use super::reading::{self, Reading, WHICH_POOL};
use super::start::Start;
use super::update::words;
use super::voice::Voice;
use super::{demo, system_clock};
use crate::config::Config;
use crate::domain::column::Column;
use crate::domain::export::{self, Head, Layout, Writer};
use crate::domain::fault::Access;
use crate::domain::find::Operator;
use crate::domain::query::{Ground, Groups, Query};
use crate::domain::roster::Row;
use crate::domain::{AttributeName, Fault, Pool, PoolId, Raw, RowId, Sentence};
use crate::say;

/// Bytes that are gathered before they are written, where users do not arrive page by page.
const AT_ONCE: usize = 1 << 16;
/// Rows that wait for the width of their columns, there.
const ROWS_AT_ONCE: usize = 1_000;
/// Nothing could be read.
const FAILED: u8 = 1;
/// Not everybody who was asked for was printed.
const INCOMPLETE: u8 = 3;

/// Why it ends without having printed anybody.
enum Halt {
    Usage(Vec<Sentence>),
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<String> for Halt {
    fn from(why: String) -> Self {
        Self::Usage(why.lines().map(|line| line.to_owned().into()).collect())
    }
}

/// Does what was asked for, and returns the exit code.
pub fn run(asked: &ListArgs) -> anyhow::Result<u8> {
    let start = match Start::new(asked.options.flags())? {
        Ok(start) => start,
        Err(code) => return Ok(code),
    };
    let listing = match Listing::prepare(asked, &start.config, start.voice) {
        Ok(listing) => listing,
        Err(halt) => return Ok(halted(start.voice, &start.config, halt)),
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

impl Printer {
    fn user(&mut self, row: Row<'_>, groups: Option<&[Raw]>, text: &mut String) {
        match self {
            Self::Export(writer) => writer.user(row, groups, text),
            Self::Table(table) => table.user(row, groups, text),
        }
    }

    /// Rows that wait to be handed on.
    fn waiting(&self) -> usize {
        match self {
            Self::Export(_) => 0,
            Self::Table(table) => table.waiting(),
        }
    }

    /// How many users it took: a layout may leave somebody out.
    fn taken(&self, before: u64) -> u64 {
        match self {
            Self::Export(writer) => writer.written(),
            Self::Table(_) => before + 1,
        }
    }

    /// Hands on what waits.
    fn settle(&mut self, out: &mut impl Write, text: &mut String) -> io::Result<()> {
        if let Self::Table(table) = self {
            table.settle(text);
        }
        out.write_all(text.as_bytes())?;
        text.clear();
        Ok(())
    }
}

/// One listing, ready to begin.
struct Listing<'a> {
    asked: &'a ListArgs,
    voice: Voice,
    source: Source,
    pool: Option<Arc<Pool>>,
    head: Head,
    query: Query,
    /// Attributes that are needed, and that the file was exported without.
    untold: Vec<AttributeName>,
    /// The line compares one of them, so that it is known of nobody whether it holds.
    unanswered: bool,
    /// Groups are compared or printed.
    needs_groups: bool,
    prints_groups: bool,
    /// Where an order was asked for: everybody is kept until the last one is there.
    sorted: Option<Sorted>,
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
        let mut wanted = Wanted::read(asked, config)?;
        let mut source = source(asked, config, voice)?;
        let mut pool = match source.pool() {
            Ok(pool) => Some(pool),
            Err(fault) if fault.is_denied() => {
                voice.say(
                    &"the settings of the pool may not be read: the attributes that every pool has are printed".into(),
                );
                None
            }
            Err(fault) => return Err(Halt::Fault(fault)),
        };
        // What every pool has is enough for most lines and columns. A CSV header stands before the first user, and names
        // everything that a user has.
        let header_names_all = matches!(printed, Printed::Csv | Printed::Sheet) && wanted.columns.is_none();
        let is_known = parsed(&wanted.line, pool.as_deref()).is_ok() && wanted.resolve(pool.as_deref()).is_ok();
        if (header_names_all || !is_known)
            && let Some(learned) = source.learn().map_err(Halt::Fault)?
        {
            pool = Some(learned);
        }
        let query = parsed(&wanted.line, pool.as_deref())?;
        wanted.resolve(pool.as_deref())?;
        let everybody = query.is_empty();
        // The file that a pool imports has no place for them.
        let prints_groups = printed != Printed::Import && (asked.groups || wanted.has_groups());
        let of_line = source.head().and_then(|head| head.untold(&query));
        let unanswered = of_line.as_ref().is_some_and(|untold| untold.of_everybody);
        let of_line = of_line.into_iter().flat_map(|untold| untold.attributes);
        let untold = match source.head() {
            Some(head) => head.lacks(of_line.chain(wanted.named())),
            None => Vec::new(),
        };
        let needs_groups = prints_groups || query.reads_groups();
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
        if let (Source::Service(service), true) = (&mut source, needs_groups) {
            let estimated = pool.as_ref().and_then(|pool| pool.estimated_users);
            // Where they are only compared, those that the line is about are enough.
            service.read_groups(&query, prints_groups, estimated, voice)?;
        }
        let prints_groups = prints_groups || matches!(source, Source::File(_));
        if let Some(columns) = wanted.columns.as_mut().filter(|_| asked.groups)
            && !columns.contains(&Column::Groups)
        {
            columns.push(Column::Groups);
        }
        let columns = wanted.columns.clone();
        let every = || {
            let mut columns = export::every_column(pool.as_deref(), prints_groups);
            columns.retain(|column| match (column, source.head()) {
                (Column::Attribute(name), Some(head)) => head.holds(name),
                _ => true,
            });
            columns
        };
        let usual = || {
            let mut columns = Column::usual();
            columns.extend(asked.groups.then_some(Column::Groups));
            columns
        };
        let printer = match printed {
            Printed::Table => Printer::Table(Table::new(columns.unwrap_or_else(usual), voice.charset)),
            Printed::Csv => Printer::Export(Writer::new(Layout::Csv(columns.unwrap_or_else(every)))),
            Printed::Sheet => Printer::Export(Writer::new(Layout::Sheet(columns.unwrap_or_else(every)))),
            Printed::Jsonl => Printer::Export(Writer::new(Layout::Jsonl(columns))),
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
            described: pool.as_deref().filter(|_| source.knows_settings()).cloned(),
            began: source.read_at(),
            query: (!everybody).then(|| Raw::from(wanted.line.as_str())),
            chosen: false,
            attributes: wanted.attributes(),
        }
        .out_of(source.head());
        Ok(Self {
            asked,
            voice,
            source,
            pool,
            head,
            query,
            untold,
            unanswered,
            needs_groups,
            prints_groups,
            sorted: wanted.sort.map(Sorted::by),
            printer,
        })
    }

    /// Prints everybody who is wanted. An error is one of standard output.
    fn print(mut self) -> io::Result<u8> {
        let mut ground = Ground {
            now: system_clock()(),
            groups: None,
        };
        let mut out = io::stdout().lock();
        let mut text = String::new();
        if let Printer::Export(writer) = &mut self.printer {
            writer.begin(&self.head, &mut text);
        }
        if self.sorted.is_some() {
            let why = "an order needs everybody at once: users are kept until the last one is read, then printed";
            self.voice.say(&why.into());
        }
        let of = (self.pool.as_ref()).and_then(|pool| pool.estimated_users);
        let mut progress = match self.sorted {
            Some(_) => Progress::before_output(self.voice, of),
            None => Progress::beside_users(self.voice, of),
        };
        let mut told = Told::default();
        let most = self.asked.limit.unwrap_or(u64::MAX);
        // Who is wanted, is at hand and was not printed.
        let mut left: u64 = 0;
        told.failed = loop {
            let mut users = match self.source.next() {
                Ok(Some(users)) => users,
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            };
            users.retain(|(user, groups)| {
                if self.needs_groups && groups.is_none() {
                    told.without_groups += 1;
                }
                if self.query.reads_groups() {
                    ground.groups = groups.as_deref().map(|names| Arc::new(in_these(names)));
                }
                !self.unanswered && self.query.matches(RowId(0), Row::Whole(user), &ground)
            });
            match &mut self.sorted {
                Some(sorted) => sorted.keep(&users),
                None => {
                    for (user, groups) in &users {
                        if told.printed < most {
                            let groups = groups.as_deref().filter(|_| self.prints_groups);
                            self.printer.user(Row::Whole(user), groups, &mut text);
                            told.printed = self.printer.taken(told.printed);
                        } else {
                            left += 1;
                        }
                    }
                    self.printer.settle(&mut out, &mut text)?;
                    if told.printed >= most {
                        break None;
                    }
                }
            }
            let printed = self.sorted.is_none().then_some(told.printed);
            progress.tell(self.counts(printed));
        };
        progress.end();
        if let Some(sorted) = &self.sorted {
            for (at, (row, groups)) in (0..).zip(sorted.each(&ground)) {
                if told.printed >= most {
                    left = sorted.len().saturating_sub(at);
                    break;
                }
                let groups = groups.filter(|_| self.prints_groups);
                self.printer.user(row, groups, &mut text);
                told.printed = self.printer.taken(told.printed);
                if text.len() >= AT_ONCE || self.printer.waiting() >= ROWS_AT_ONCE {
                    self.printer.settle(&mut out, &mut text)?;
                }
            }
            self.printer.settle(&mut out, &mut text)?;
        }
        told.cut = (told.printed >= most).then(|| self.cut(left)).flatten();
        let whole = told.failed.is_none() && told.cut.is_none() && self.tells_all(&told);
        if let Printer::Export(writer) = &mut self.printer {
            writer.end(whole, system_clock()(), &mut text);
        }
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(self.told(&told))
    }
}

/// The groups of the one user that is looked at.
fn in_these(names: &[Raw]) -> Groups {
    let mut groups = Groups::named(names.iter().cloned());
    for number in 0..names.len() {
        groups.put(number, [RowId(0)]);
        groups.end(number);
    }
    groups
}

/// Where the users come from.
fn source(asked: &ListArgs, config: &Config, voice: Voice) -> Result<Source, Halt> {
    if let Some(path) = &asked.from {
        return Ok(Source::file(reading::archive(path)?));
    }
    let pool = match config.general.user_pool_id.value.as_deref() {
        Some(id) => PoolId::new(id),
        None if asked.options.demo => demo::main_pool(asked.options.demo_users),
        None => return Err(WHICH_POOL.to_owned().into()),
    };
    let reading = Reading::begin(config, &asked.options, pool, asked.rate, voice)?;
    Ok(Source::service(reading.talk, reading.place, reading.rate))
}
