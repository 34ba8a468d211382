//! A desk without a screen that reads whole pools, on a clock that only waiting moves.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use cognitui::cli::demo;
use cognitui::cognito::{Limits, Outside, Sleep, Way, Wire, WireAnswer};
use cognitui::domain::roster::Roster;
use cognitui::domain::{Place, PoolId, Target};
use cognitui::emulator::{Emulator, PoolSeed, Seed, SubPattern};
use cognitui::job::scan::{Chain, Checkpoint, Scan, ScanEnd};
use cognitui::job::{Job, Reply, Ticket};
use cognitui::work::{Desk, Rates, Surroundings};
use jiff::Timestamp;
use serde_json::Value;

use crate::flow::stage::{START, guards};
use crate::peers::Folder;

pub const POOL: &str = "us-east-1_sCaNs0001";

/// Longer than any wait of ours, so that a wait as long is one of the SDK's timeouts, of which none is ever over.
const LIMITS: Limits = Limits {
    connect_timeout: Duration::from_secs(1_000),
    read_timeout: Duration::from_secs(1_000),
};

/// A clock that only waiting moves: to the end of the wait that is over first, when everybody else had their turn.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Time>>);

struct Time {
    now: Timestamp,
    /// Whether nobody who waits is let go.
    held: bool,
    waits: u64,
    waiting: BTreeMap<(Timestamp, u64), Waker>,
}

/// How often the one whose wait is over first lets others go before it.
const TURNS: u32 = 20;

impl Clock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Time {
            now: START.parse().unwrap(),
            held: false,
            waits: 0,
            waiting: BTreeMap::new(),
        })))
    }

    pub fn now(&self) -> Timestamp {
        self.0.lock().unwrap().now
    }

    pub fn forward(&self, by: Duration) {
        self.0.lock().unwrap().now += by;
    }

    pub fn hold(&self, held: bool) {
        let mut time = self.0.lock().unwrap();
        time.held = held;
        time.wake_the_first();
    }

    fn sleep(&self) -> Sleep {
        let clock = self.clone();
        Arc::new(move |wait| {
            let clock = clock.clone();
            Box::pin(async move {
                if wait >= LIMITS.connect_timeout {
                    return std::future::pending().await;
                }
                Wait::new(clock, wait).await;
            })
        })
    }
}

impl Time {
    fn wake_the_first(&mut self) {
        if let Some((_, first)) = self.waiting.first_key_value() {
            first.wake_by_ref();
        }
    }
}

struct Wait {
    clock: Clock,
    until: (Timestamp, u64),
    turns: u32,
}

impl Wait {
    fn new(clock: Clock, wait: Duration) -> Self {
        let until = {
            let mut time = clock.0.lock().unwrap();
            time.waits += 1;
            (time.now + wait, time.waits)
        };
        Self { clock, until, turns: 0 }
    }
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut time = clock.0.lock().unwrap();
        if time.now >= self.until.0 {
            return Poll::Ready(());
        }
        time.waiting.insert(self.until, context.waker().clone());
        if !time.held
            && time
                .waiting
                .first_key_value()
                .is_some_and(|(first, _)| *first == self.until)
        {
            self.turns += 1;
            if self.turns > TURNS {
                time.now = self.until.0;
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let mut time = self.clock.0.lock().unwrap();
        time.waiting.remove(&self.until);
        time.wake_the_first();
    }
}

/// What stands between the desk and the emulator: it may answer itself, or change what is asked and answered.
pub type Between = Arc<dyn Fn(&Emulator, &mut Asked) -> Option<WireAnswer> + Send + Sync>;

/// A request for a page of users.
pub struct Asked {
    pub number: usize,
    pub body: BTreeMap<String, Value>,
    /// What to do with the users of the answer.
    pub change: Option<fn(&Asked, &mut Vec<Value>)>,
}

impl Asked {
    pub fn filter(&self) -> Option<&str> {
        self.body.get("Filter").and_then(Value::as_str)
    }
}

pub struct Bench {
    pub desk: Desk,
    pub emulator: Emulator,
    pub clock: Clock,
    pub roster: Roster,
    /// How often users came, one twice counted twice.
    pub rows: usize,
    /// How many users each news brought.
    pub news: Vec<usize>,
    pub replies: Receiver<(Ticket, Reply)>,
    estimated: u64,
    tickets: u64,
    _state: Folder,
}

/// A pool of computed users.
pub fn pool(users: u64) -> PoolSeed {
    PoolSeed::new(POOL, "scanned").computed(users)
}

impl Bench {
    pub fn new(users: u64, rate: u32) -> Self {
        Self::with(Seed::empty().pool(pool(users)), users, rate, Arc::new(|_, _| None))
    }

    pub fn regional(users: u64, rate: u32) -> Self {
        let pool = pool(users).subs(SubPattern::Regional);
        Self::with(Seed::empty().pool(pool), users, rate, Arc::new(|_, _| None))
    }

    pub fn between(users: u64, rate: u32, between: Between) -> Self {
        Self::with(Seed::empty().pool(pool(users)), users, rate, between)
    }

    pub fn with(seed: Seed, estimated: u64, rate: u32, between: Between) -> Self {
        let clock = Clock::new();
        let hand = clock.clone();
        let emulator = Emulator::new(seed, Arc::new(move || hand.now()));
        let state = Folder::new("scan").unwrap();
        let hand = clock.clone();
        let surroundings = Surroundings {
            limits: LIMITS,
            outside: Outside {
                clock: Arc::new(move || hand.now()),
                sleep: Some(clock.sleep()),
                way: Way::Wire(wire(emulator.clone(), between)),
            },
            rates: Rates {
                list: rate,
                read: 20,
                write: 5,
            },
            state: state.path().to_path_buf(),
            journal: state.path().to_path_buf().into(),
            program: "test",
            act_as_user: true,
            guards: guards(&[POOL]),
            drafts: false,
            outbox: Arc::new(Vec::new),
        };
        let (tell, replies) = channel();
        let tell = Arc::new(move |ticket, reply| {
            // The bench has gone: the reply is for nobody.
            let _ = tell.send((ticket, reply));
        });
        Self {
            desk: Desk::new(surroundings, tell).unwrap(),
            emulator,
            clock,
            roster: Roster::default(),
            rows: 0,
            news: Vec::new(),
            replies,
            estimated,
            tickets: 0,
            _state: state,
        }
    }

    /// The service's number of its users is off.
    pub fn said_to_have(mut self, estimated: u64) -> Self {
        self.estimated = estimated;
        self
    }

    pub fn place(&self) -> Place {
        Place {
            target: Target::default(),
            pool: PoolId::new(POOL),
        }
    }

    pub fn ask(&mut self, job: Job) -> Ticket {
        self.tickets += 1;
        self.desk.ask(Ticket(self.tickets), job);
        Ticket(self.tickets)
    }

    pub fn begin(&mut self, rate: u32, from: Option<Checkpoint>) -> Ticket {
        let scan = Scan {
            rate,
            estimated: Some(self.estimated),
            from,
        };
        let place = self.place();
        self.ask(Job::Scan {
            place,
            scan: Box::new(scan),
        })
    }

    /// Takes what a scan tells, to its end.
    pub fn end(&mut self, ticket: Ticket) -> ScanEnd {
        loop {
            let (of, reply) = self.replies.recv_timeout(Duration::from_secs(120)).unwrap();
            match reply {
                Reply::Scanned(news) if of == ticket => {
                    self.rows += news.users.len();
                    self.news.push(news.users.len());
                    assert_eq!(news.progress.users as usize, self.news.iter().sum::<usize>());
                    self.roster.add(&news.users);
                }
                Reply::ScanEnded(end) if of == ticket => return *end,
                Reply::ScanRateSet => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub fn scan(&mut self, rate: u32, from: Option<Checkpoint>) -> ScanEnd {
        self.news.clear();
        let ticket = self.begin(rate, from);
        self.end(ticket)
    }

    /// Everybody is there.
    #[track_caller]
    pub fn everybody(&self) {
        assert_eq!(self.roster.len() as u64, self.estimated);
    }

    /// Requests for a page of users so far.
    pub fn asked(&self) -> Vec<cognitui::emulator::Call> {
        let calls = self.emulator.calls().into_iter();
        calls.filter(|call| call.operation == "ListUsers").collect()
    }
}

/// Sixteen parts that have not begun.
pub fn parts() -> Option<Checkpoint> {
    let chains = "0123456789abcdef".chars();
    Some(Checkpoint {
        chains: chains.map(|digit| Chain::new(Some(digit))).collect(),
    })
}

pub fn said(end: &ScanEnd) -> String {
    end.notices
        .iter()
        .map(|notice| notice.plain())
        .collect::<Vec<_>>()
        .join("\n")
}

fn wire(emulator: Emulator, between: Between) -> Wire {
    let asked = Mutex::new(0);
    Arc::new(move |request: http::Request<Bytes>| {
        let target = request.headers().get("x-amz-target").unwrap().to_str().unwrap();
        if !target.ends_with(".ListUsers") {
            return demo::answer(&emulator, request);
        }
        let (mut parts, body) = request.into_parts();
        let number = {
            let mut asked = asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        let mut asked = Asked {
            number,
            body: serde_json::from_slice(&body).unwrap(),
            change: None,
        };
        if let Some(answer) = between(&emulator, &mut asked) {
            return answer;
        }
        let body = Bytes::from(serde_json::to_vec(&asked.body).unwrap());
        parts.headers.insert("content-length", body.len().into());
        let mut answer = demo::answer(&emulator, http::Request::from_parts(parts, body));
        if let (Some(change), Ok(response)) = (asked.change, &mut answer.result) {
            let mut page: BTreeMap<String, Value> = serde_json::from_slice(response.body()).unwrap();
            if let Some(Value::Array(users)) = page.get_mut("Users") {
                change(&asked, users);
            }
            *response.body_mut() = Bytes::from(serde_json::to_vec(&page).unwrap());
            let length = response.body().len().into();
            response.headers_mut().insert("content-length", length);
        }
        answer
    })
}
