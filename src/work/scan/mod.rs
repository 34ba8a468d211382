//! Reads a whole pool, and tells what arrives.
//!
//! It begins with one chain of pages. Where the first pages show that waiting for answers is what takes the time, and not
//! the pace, the pool is read in sixteen parts instead, by the first hex digit of the sub: in pools of any age that digit
//! is spread evenly, which later ones are not. Whatever speaks against the parts (the filter is refused, or ignored, or
//! they hold fewer users than the pool is said to have) leads back to the one chain, and is said.

mod chain;
mod gate;
mod groups;
mod news;
mod run;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use self::chain::{End, Reading};
use self::gate::Gate;
pub use self::groups::{members, names};
use self::run::{Halt, Run, Tally};
use super::desk::{Shared, lock};
use super::pace::Category;
use crate::domain::price::PAGE;
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Place};
use crate::job::scan::{Chain, Checkpoint, Next, Scan, ScanEnd, Scanned};
use crate::job::{Reply, Ticket};

const DIGITS: &str = "0123456789abcdef";

/// How many pages show how long an answer takes. The parts read them again.
const SAMPLE: u32 = 3;

/// A pool of fewer pages is read in one chain: each part ends with a page that is not full, and sixteen of those and the
/// sample are to cost no more than a sixteenth.
const WORTH_SPLITTING: u64 = 320;

/// The parts may hold so much less than the pool is said to have: the service calls its number an estimate, and users
/// come and go while they are read. What a filter that skips users would miss is more.
const TOLERANCE: f64 = 0.05;

/// How far it came, and why no further.
struct Read {
    chains: Vec<Chain>,
    end: End,
}

/// Reads until the pool's end, a fault, or until it is stopped.
pub async fn scan(
    shared: &Arc<Shared>,
    ticket: Ticket,
    place: Place,
    scan: Scan,
    stopped: watch::Receiver<bool>,
) -> ScanEnd {
    let chosen = shared.chosen_rate(ticket).unwrap_or_default();
    let gate = Gate::new(Category::List, chosen, shared.now());
    let tally = Arc::new(Tally::new(Arc::clone(shared), gate));
    let (pages, arriving) = mpsc::channel(64);
    let scanned = |users, progress| Reply::Scanned(Scanned { users, progress });
    let telling = tokio::spawn(news::tell(Arc::clone(&tally), ticket, 0, arriving, scanned));
    let run = Arc::new(Run {
        tally: Arc::clone(&tally),
        place,
        pages,
        notices: Mutex::default(),
    });
    let chains = scan.from.map(|from| from.chains).unwrap_or_default();
    let read = read(&run, chains, scan.estimated, stopped).await;
    let notices = std::mem::take(&mut *lock(&run.notices));
    // With the last sender the news end.
    drop(run);
    let (users, broken) = match telling.await {
        Ok(users) => (users, None),
        Err(_) => (0, Some(worker_broke("ListUsers"))),
    };
    let whole = matches!(read.end, End::Whole);
    ScanEnd {
        progress: tally.progress(users),
        checkpoint: (!whole).then_some(Checkpoint { chains: read.chains }),
        fault: match read.end {
            End::Fault(fault) | End::Refused(fault) => Some(fault),
            End::Whole | End::Stopped | End::Ignored => broken,
        },
        notices,
    }
}

async fn read(run: &Arc<Run>, chains: Vec<Chain>, estimated: Option<u64>, stopped: watch::Receiver<bool>) -> Read {
    let chain = match chains.as_slice() {
        [] => Chain::new(None),
        [one] if one.digit.is_none() => one.clone(),
        _ => return in_parts(run, chains, Chain::new(None), estimated, stopped).await,
    };
    let (_unused, ended) = watch::channel(false);
    let halt = Halt {
        stopped: stopped.clone(),
        ended,
    };
    let mut reading = Reading::new(run, halt, chain);
    let mut sample = Sample::default();
    let end = loop {
        match reading.turn().await {
            Ok(turned) => {
                sample.pages += 1;
                sample.by_digit &= turned.by_digit;
                sample.fastest = sample.fastest.min(turned.took);
                let goes_on = reading.chain.next != Next::Nothing;
                if goes_on && sample.is_worth_splitting(&reading.chain, run, estimated) {
                    let parts = DIGITS.chars().map(|digit| Chain::new(Some(digit))).collect();
                    return in_parts(run, parts, reading.chain, estimated, stopped).await;
                }
            }
            Err(end) => break end,
        }
    };
    if let (End::Whole, Some(estimated)) = (&end, estimated)
        && short_of(reading.chain.users, estimated)
    {
        run.notice(
            format!(
                "{} users were read to the end of the list, and the pool is said to have about {}: that number may lag",
                grouped(reading.chain.users),
                grouped(estimated)
            )
            .into(),
        );
    }
    Read {
        chains: vec![reading.chain],
        end,
    }
}

/// What the first pages show.
struct Sample {
    pages: u32,
    /// Whether all subs begin with a hex digit.
    by_digit: bool,
    /// The shortest answer: the first one pays for the connection too.
    fastest: Duration,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            pages: 0,
            by_digit: true,
            fastest: Duration::MAX,
        }
    }
}

impl Sample {
    /// Decided once: later the parts would read too much again.
    fn is_worth_splitting(&self, chain: &Chain, run: &Run, estimated: Option<u64>) -> bool {
        // Without a number there is nothing to tell whether the parts hold everybody.
        let Some(estimated) = estimated else {
            return false;
        };
        let at_the_beginning = self.pages == SAMPLE && chain.users <= u64::from(SAMPLE) * PAGE;
        let large = estimated / PAGE >= WORTH_SPLITTING;
        // One chain sends the next request when the last answer is there.
        let in_an_answer = self.fastest.as_secs_f64() * run.tally.gate.rate(run.shared());
        at_the_beginning && large && self.by_digit && in_an_answer > 1.25
    }
}

/// Reads the parts side by side; `one` is the chain to go back to.
async fn in_parts(
    run: &Arc<Run>,
    parts: Vec<Chain>,
    one: Chain,
    estimated: Option<u64>,
    stopped: watch::Receiver<bool>,
) -> Read {
    let (end_all, ended) = watch::channel(false);
    let mut chains = Vec::new();
    let mut reading = JoinSet::new();
    for part in parts {
        if part.next == Next::Nothing {
            chains.push(part);
            continue;
        }
        let halt = Halt {
            stopped: stopped.clone(),
            ended: ended.clone(),
        };
        let run = Arc::clone(run);
        reading.spawn(async move { Reading::new(&run, halt, part).read().await });
    }
    let mut end = End::Whole;
    run.tally.chains.store(reading.len(), Ordering::Relaxed);
    while let Some(read) = reading.join_next().await {
        let (chain, how) = match read {
            Ok(read) => read,
            // Nobody knows where that part stands: the rest is of no use without it.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        chains.push(chain);
        run.tally.chains.store(reading.len(), Ordering::Relaxed);
        // The first of those that end them all says why; the others were stopped for it.
        if !matches!(how, End::Whole) && matches!(end, End::Whole | End::Stopped) {
            end = how;
            end_all.send_replace(true);
        }
    }
    chains.sort_by_key(|chain| chain.digit);
    let users: u64 = chains.iter().map(|chain| chain.users).sum();
    let why = match (&end, estimated) {
        (End::Refused(_), _) => "the service does not take a filter by the beginning of the sub".to_owned(),
        (End::Ignored, _) => "asked for one part of the pool, the service answered with others too".to_owned(),
        (End::Whole, Some(estimated)) if short_of(users, estimated) => format!(
            "the sixteen parts hold {} users, and the pool is said to have about {}",
            grouped(users),
            grouped(estimated)
        ),
        _ => return Read { chains, end },
    };
    run.notice(format!("{why}: read in one chain after all, and who was read twice counts once").into());
    run.tally.chains.store(1, Ordering::Relaxed);
    let halt = Halt {
        stopped,
        ended: end_all.subscribe(),
    };
    end_all.send_replace(false);
    let (chain, end) = Reading::new(run, halt, one).read().await;
    Read {
        chains: vec![chain],
        end,
    }
}

/// Whether there are clearly fewer than there should be.
fn short_of(users: u64, estimated: u64) -> bool {
    (users as f64) < estimated as f64 * (1.0 - TOLERANCE)
}

fn worker_broke(operation: &'static str) -> Fault {
    Fault::local(
        operation,
        "WorkerPanicked",
        "a worker broke; not everything that arrived was told",
    )
}
