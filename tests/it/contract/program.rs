//! The program below its screen: jobs go in at the desk, replies come out, and everything between them is the real
//! thing: the one path of a write, the journal, the SDK.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cognitui::cli::demo::wire;
use cognitui::cognito::{Limits, Outside, Sleep, Way};
use cognitui::domain::guard::Guards;
use cognitui::domain::sign_in::{Challenge, Password};
use cognitui::domain::{
    AttributeName, AttributeValue, ChangeSet, ClientMetadata, CodeDelivery, Draft, Edit, Fault, Operation, Outcome,
    Place, Raw, Route, Rules, Schema, SchemaAttribute, Secret, User, Username, schema::DataType,
};
use cognitui::emulator::Emulator;
use cognitui::job::{Job, Reply, SignedIn, Step, Submission, Submitted, Ticket};
use cognitui::work::{Desk, Rates, Surroundings};
use jiff::Timestamp;

use crate::peers::Folder;

/// When everything here happens. Nothing that is tested here depends on the day.
pub const START: &str = "2026-11-18T10:00:00Z";

/// Long enough for an answer of a peer on a busy machine, all retries included.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long the program waits for an emulator of this process.
pub const LIMITS: Limits = Limits {
    connect_timeout: Duration::from_secs(5),
    read_timeout: Duration::from_secs(20),
};

/// A clock that stands still until something waits.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Timestamp>>);

impl Clock {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(START.parse().unwrap())))
    }

    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    pub fn reader(&self) -> Reader {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// A sleep that moves the clock and is over at once.
    pub fn sleep(&self) -> Sleep {
        let clock = self.clone();
        Arc::new(move |wait| {
            let clock = clock.clone();
            Box::pin(std::future::poll_fn(move |_| {
                *clock.0.lock().unwrap() += wait;
                std::task::Poll::Ready(())
            }))
        })
    }
}

/// Where a program or an emulator learns the time.
pub type Reader = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The time of day: the peers live in it and write it into the tokens they give out.
pub fn time_of_day() -> Reader {
    #[expect(
        clippy::disallowed_methods,
        reason = "a peer's tokens are good or not by the real time"
    )]
    Arc::new(Timestamp::now)
}

/// A desk, asked one job at a time.
pub struct Program {
    desk: Desk,
    replies: Receiver<(Ticket, Reply)>,
    asked: Cell<u64>,
    _state: Folder,
}

impl Program {
    /// Over the network: real sockets, real timers.
    pub fn on_the_network(read_timeout: Duration) -> Self {
        Self::on_the_network_at(Clock::new().reader(), read_timeout)
    }

    /// Over the network at another time, which has to be the other side's where tokens are given out.
    pub fn on_the_network_at(clock: Reader, read_timeout: Duration) -> Self {
        Self::new(
            Outside {
                clock,
                sleep: None,
                way: Way::Network,
            },
            read_timeout,
            Guards::default(),
        )
    }

    /// Over the network, under rules.
    pub fn guarded(guards: Guards, read_timeout: Duration) -> Self {
        let outside = Outside {
            clock: Clock::new().reader(),
            sleep: None,
            way: Way::Network,
        };
        Self::new(outside, read_timeout, guards)
    }

    /// On an emulator of this process, where no wait takes time.
    pub fn on_the_wire(emulator: Emulator, clock: &Clock) -> Self {
        Self::new(
            Outside {
                clock: clock.reader(),
                sleep: Some(clock.sleep()),
                way: Way::Wire(wire(emulator)),
            },
            LIMITS.read_timeout,
            Guards::default(),
        )
    }

    fn new(outside: Outside, read_timeout: Duration, guards: Guards) -> Self {
        let state = Folder::new("contract").unwrap();
        let (tell, replies) = channel();
        let desk = Desk::new(
            Surroundings {
                limits: Limits { read_timeout, ..LIMITS },
                outside,
                // No scenario is about the pace, and on a clock that stands still nothing grows back.
                rates: Rates {
                    list: 100_000,
                    read: 100_000,
                    write: 100_000,
                },
                state: state.path().to_path_buf(),
                journal: state.path().to_path_buf().into(),
                program: "test",
                act_as_user: true,
                guards,
                drafts: false,
                outbox: Arc::new(Vec::new),
            },
            Arc::new(move |ticket, reply| {
                // A test that has failed already is not there any more.
                let _ = tell.send((ticket, reply));
            }),
        )
        .unwrap();
        Self {
            desk,
            replies,
            asked: Cell::new(0),
            _state: state,
        }
    }

    /// The answer to one job.
    pub fn ask(&self, job: Job) -> Reply {
        self.ask_with_news(job).0
    }

    /// The answer to one job, and the news that came before it.
    pub fn ask_with_news(&self, job: Job) -> (Reply, Vec<Step>) {
        let ticket = Ticket(self.asked.get());
        self.asked.set(ticket.0 + 1);
        let asked = format!("{job:?}");
        self.desk.ask(ticket, job);
        let mut news = Vec::new();
        loop {
            match self.replies.recv_timeout(PATIENCE) {
                Ok((told, Reply::Submitting(step))) if told == ticket => news.push(step),
                // The peers live in the time of day, and this clock stands still.
                Ok((told, Reply::Clock(_))) if told == ticket => {}
                Ok((told, reply)) if told == ticket => return (reply, news),
                Ok((told, _)) => panic!("an answer to {told:?} while {ticket:?} was asked"),
                Err(error) => panic!("no answer to {asked}: {error}"),
            }
        }
    }

    /// Everything that is told of a job that reads for long, and its end.
    pub fn told(&self, job: Job) -> (Vec<Reply>, Reply) {
        let ticket = Ticket(self.asked.get());
        self.asked.set(ticket.0 + 1);
        self.desk.ask(ticket, job);
        let mut news = Vec::new();
        loop {
            let (told, reply) = self.replies.recv_timeout(PATIENCE).unwrap();
            assert_eq!(told, ticket);
            match reply {
                Reply::Scanned(_) | Reply::Members(_) => news.push(reply),
                // The peers live in the time of day, and this clock stands still.
                Reply::Clock(_) => {}
                end => return (news, end),
            }
        }
    }

    /// AdminGetUser.
    pub fn user(&self, place: &Place, username: &str) -> Result<Arc<User>, Fault> {
        self.user_by(Route::Admin, place, username)
    }

    /// GetUser with the token that is held.
    pub fn own_user(&self, place: &Place, username: &str) -> Result<Arc<User>, Fault> {
        self.user_by(Route::Own, place, username)
    }

    fn user_by(&self, route: Route, place: &Place, username: &str) -> Result<Arc<User>, Fault> {
        let job = Job::GetUser {
            route,
            place: place.clone(),
            username: Username::new(username),
        };
        match self.ask(job) {
            Reply::User(answer) => answer.map(|answered| answered.value),
            other => panic!("GetUser was answered with {other:?}"),
        }
    }

    /// Lets the program write to a pool.
    pub fn open_writer(&self, place: &Place) {
        self.open_writer_of(Route::Admin, place);
    }

    /// Lets the program write with the token that is held.
    pub fn open_own_writer(&self, place: &Place) {
        self.open_writer_of(Route::Own, place);
    }

    fn open_writer_of(&self, route: Route, place: &Place) {
        // The pool is not in any config, so its name is typed; where it cannot be read, its id.
        let name = match self.ask(Job::DescribePool { place: place.clone() }) {
            Reply::Pool(Ok(pool)) => pool.value.name.clone(),
            Reply::Pool(Err(_)) => place.pool.raw().clone(),
            other => panic!("DescribeUserPool was answered with {other:?}"),
        };
        let reply = self.ask(Job::OpenWriter {
            place: place.clone(),
            route,
            typed: Some(name),
        });
        assert!(matches!(reply, Reply::WriterOpen), "no writer: {reply:?}");
    }

    /// Signs in with a password, as far as one call goes.
    pub fn sign_in(&self, place: &Place, password: Password) -> Result<SignedIn, Fault> {
        self.signed_in(Job::SignIn {
            place: place.clone(),
            password,
        })
    }

    /// Answers a challenge.
    pub fn answer(&self, place: &Place, challenge: Challenge, answers: &[(&str, &str)]) -> Result<SignedIn, Fault> {
        self.signed_in(Job::AnswerChallenge {
            place: place.clone(),
            challenge,
            answers: answers
                .iter()
                .map(|(name, answer)| ((*name).to_owned(), Secret::new(*answer)))
                .collect(),
        })
    }

    /// Takes a token that came from elsewhere.
    pub fn act_as(&self, place: &Place, token: &str, expected: Option<&str>) -> Result<SignedIn, Fault> {
        self.signed_in(Job::ActAs {
            place: place.clone(),
            token: Secret::new(token),
            expected: expected.map(Raw::from),
        })
    }

    fn signed_in(&self, job: Job) -> Result<SignedIn, Fault> {
        match self.ask(job) {
            Reply::SignedIn(answer) => answer.map(|answered| answered.value),
            other => panic!("a sign-in was answered with {other:?}"),
        }
    }

    /// The one path of a write, and how often it was refused for rate on the way.
    pub fn submit_with_news(&self, submission: Submission) -> (Submitted, Vec<Step>) {
        match self.ask_with_news(Job::Submit(submission)) {
            (Reply::Submitted(submitted), news) => (*submitted, news),
            (other, _) => panic!("Submit was answered with {other:?}"),
        }
    }

    /// The one path of a write in an open pool.
    pub fn submit(&self, place: &Place, changes: ChangeSet) -> Submitted {
        self.carry_out(place, Operation::update(changes))
    }

    /// The same for any operation.
    pub fn carry_out(&self, place: &Place, operation: Operation) -> Submitted {
        self.submit_with_news(Submission {
            place: place.clone(),
            operation,
            why: cognitui::domain::Why::default(),
            armed_until: None,
        })
        .0
    }
}

/// What is to become of some attributes of a user as it was read: values, or `None` to delete.
///
/// The schema that lets it pass knows these names and no limits, as one that was read before the pool changed does:
/// the service is to say no here, not the form.
pub fn change(base: &Arc<User>, edits: &[(&str, Option<&str>)]) -> ChangeSet {
    change_with(base, edits, ClientMetadata::default())
}

pub fn change_with(base: &Arc<User>, edits: &[(&str, Option<&str>)], metadata: ClientMetadata) -> ChangeSet {
    change_on(Route::Admin, base, edits, metadata)
}

/// The same by the user, through an app client of which nothing is known.
pub fn own_change(base: &Arc<User>, edits: &[(&str, Option<&str>)]) -> ChangeSet {
    own_change_with(base, edits, ClientMetadata::default())
}

pub fn own_change_with(base: &Arc<User>, edits: &[(&str, Option<&str>)], metadata: ClientMetadata) -> ChangeSet {
    change_on(Route::Own, base, edits, metadata)
}

fn change_on(route: Route, base: &Arc<User>, edits: &[(&str, Option<&str>)], metadata: ClientMetadata) -> ChangeSet {
    let schema = Schema {
        attributes: edits
            .iter()
            .map(|(name, _)| SchemaAttribute {
                name: AttributeName::new(*name),
                data_type: DataType::Unknown("any".into()),
                mutable: true,
                required: false,
                developer_only: false,
            })
            .collect(),
    };
    let mut draft = Draft::new(base.clone(), route);
    for (name, value) in edits {
        let edit = match value {
            Some(value) => Edit::Set(AttributeValue::new(*value)),
            None => Edit::Delete,
        };
        draft.set(AttributeName::new(*name), edit);
    }
    draft.metadata = metadata;
    let rules = match route {
        Route::Admin => Rules::admin(&schema),
        Route::Own => Rules::own(&schema, None),
    };
    let changes = draft.change_set(&rules).unwrap();
    assert_eq!(changes.len(), edits.len(), "an edit dropped out");
    changes
}

/// A fault as the service said it: code and message.
pub fn said(fault: &Fault) -> String {
    format!("{}: {}", fault.code.as_str(), fault.message.as_str())
}

/// What became of a write, in one line.
pub fn became(submitted: &Submitted) -> String {
    match &submitted.outcome {
        Outcome::Applied | Outcome::Waiting => submitted.outcome.word().to_owned(),
        Outcome::Refused(fault) | Outcome::Unknown(fault) => {
            format!("{}: {}", submitted.outcome.word(), said(fault))
        }
        Outcome::Differs(drifts) | Outcome::NotSent(drifts) => {
            let mut reasons: Vec<String> = drifts.iter().map(|drift| drift.name.as_str().to_owned()).collect();
            reasons.extend(submitted.moved.facts.iter().map(|fact| fact.what.to_owned()));
            if matches!(submitted.outcome, Outcome::NotSent(_)) {
                reasons.extend(submitted.unread.iter().map(said));
            }
            format!("{}: {}", submitted.outcome.word(), reasons.join(", "))
        }
    }
}

/// The deliveries that were reported, each with as much of its destination as the service left to be read.
pub fn reported(deliveries: &[CodeDelivery]) -> String {
    let text = |raw: &Option<Raw>| raw.as_ref().map_or("-", Raw::as_str).to_owned();
    let each: Vec<String> = deliveries
        .iter()
        .map(|delivery| {
            let destination = readable(&text(&delivery.destination));
            format!("{} {} {destination}", text(&delivery.attribute), text(&delivery.medium))
        })
        .collect();
    if each.is_empty() {
        "nothing reported".to_owned()
    } else {
        each.join(", ")
    }
}

/// A destination up to its mask. The examples of the service's own documents disagree about how much of an address a
/// mask leaves, so only its beginning can be compared.
pub fn readable(destination: &str) -> String {
    match destination.split_once('*') {
        Some((left, _)) => format!("{left}***"),
        None => destination.to_owned(),
    }
}
