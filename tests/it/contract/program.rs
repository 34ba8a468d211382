//! The program below its screen: jobs go in at the desk, replies come out, and everything between them is the real
//! thing: the one path of a write, the journal, the SDK.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cognitui::cli::demo::wire;
use cognitui::cognito::{Limits, Outside, Sleep, Way};
use cognitui::domain::{
    AttributeName, AttributeValue, ChangeSet, ClientMetadata, Draft, Edit, Fault, Operation, Outcome, Place, Route,
    Rules, Schema, SchemaAttribute, User, Username, schema::DataType,
};
use cognitui::emulator::Emulator;
use cognitui::job::{Job, Protection, Reply, Step, Submission, Submitted, Ticket};
use cognitui::work::{Desk, Rates, Surroundings};
use jiff::Timestamp;

use crate::peers::Folder;

/// When everything here happens. Nothing that is tested here depends on the day.
pub const START: &str = "2026-11-18T10:00:00Z";

/// Long enough for an answer of a peer on a busy machine, all retries included.
const PATIENCE: Duration = Duration::from_secs(120);

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

    pub fn reader(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
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
        Self::new(
            Outside {
                clock: Clock::new().reader(),
                sleep: None,
                way: Way::Network,
            },
            read_timeout,
        )
    }

    /// On an emulator of this process, where no wait takes time.
    pub fn on_the_wire(emulator: Emulator, clock: &Clock) -> Self {
        Self::new(
            Outside {
                clock: clock.reader(),
                sleep: Some(clock.sleep()),
                way: Way::Wire(wire(emulator)),
            },
            Duration::from_secs(20),
        )
    }

    fn new(outside: Outside, read_timeout: Duration) -> Self {
        let state = Folder::new("contract").unwrap();
        let (tell, replies) = channel();
        let desk = Desk::new(
            Surroundings {
                limits: Limits {
                    connect_timeout: Duration::from_secs(5),
                    read_timeout,
                },
                outside,
                // No scenario is about the pace, and on a clock that stands still nothing grows back.
                rates: Rates {
                    list: 100_000,
                    read: 100_000,
                    write: 100_000,
                },
                state: state.path().to_path_buf(),
                program: "test",
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
                Ok((told, reply)) if told == ticket => return (reply, news),
                Ok((told, _)) => panic!("an answer to {told:?} while {ticket:?} was asked"),
                Err(error) => panic!("no answer to {asked}: {error}"),
            }
        }
    }

    /// AdminGetUser.
    pub fn user(&self, place: &Place, username: &str) -> Result<Arc<User>, Fault> {
        let job = Job::GetUser {
            route: Route::Admin,
            place: place.clone(),
            username: Username::new(username),
        };
        match self.ask(job) {
            Reply::User(answer) => answer.map(|answered| answered.value),
            other => panic!("GetUser was answered with {other:?}"),
        }
    }

    /// Lets the program write to a pool.
    pub fn open_writer(&self, place: &Place, protection: Protection) {
        let reply = self.ask(Job::OpenWriter {
            place: place.clone(),
            route: Route::Admin,
            protection,
        });
        assert!(matches!(reply, Reply::WriterOpen), "no writer: {reply:?}");
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
        self.submit_with_news(Submission {
            place: place.clone(),
            operation: Operation::update(changes),
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
    let mut draft = Draft::new(base.clone(), Route::Admin);
    for (name, value) in edits {
        let edit = match value {
            Some(value) => Edit::Set(AttributeValue::new(*value)),
            None => Edit::Delete,
        };
        draft.set(AttributeName::new(*name), edit);
    }
    draft.metadata = metadata;
    let changes = draft.change_set(&Rules::admin(&schema)).unwrap();
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
