//! The desk by itself: what it refuses whatever a screen may ask for, and how fast it sends.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cognitui::cognito::{Limits, Outside, Way};
use cognitui::domain::{
    Account, AttributeName, AttributeValue, ChangeSet, Draft, Edit, Operation, Outcome, Place, PoolId, Route, Rules,
    Target, User, Username,
};
use cognitui::emulator::{Emulator, Fault, Seed};
use cognitui::job::{Job, Protection, Reply, Submission, Submitted, Ticket};
use cognitui::work::{Desk, Rates, Surroundings};
use jiff::Timestamp;

use super::scene::{SHOP, UPDATE};
use super::stage::{Hand, Meanwhile, START, Setup, Stage, wire};
use crate::peers::Folder;

/// A desk without a screen in front of it.
struct Bench {
    desk: Desk,
    replies: Receiver<(Ticket, Reply)>,
    _state: Folder,
    emulator: Emulator,
    meanwhile: Meanwhile,
    clock: Hand,
    tickets: u64,
}

impl Bench {
    fn on(stage: &Stage) -> Self {
        Self::new(stage.emulator.clone(), stage.clock.clone())
    }

    fn new(emulator: Emulator, clock: Hand) -> Self {
        let state = Folder::new("bench").unwrap();
        let hand = clock.clone();
        let meanwhile = Meanwhile::default();
        let surroundings = Surroundings {
            limits: Limits {
                connect_timeout: Duration::from_secs(5),
                read_timeout: Duration::from_secs(20),
            },
            outside: Outside {
                clock: Arc::new(move || hand.now()),
                sleep: Some(clock.sleep()),
                way: Way::Wire(wire(emulator.clone(), meanwhile.clone())),
            },
            // One write a second, so that what the requests themselves take does not count.
            rates: Rates {
                list: 10,
                read: 20,
                write: 1,
            },
            state: state.path().to_path_buf(),
            program: "test",
            act_as_user: true,
            outbox: Arc::new(Vec::new),
        };
        let (tell, replies) = channel();
        let tell = Arc::new(move |ticket, reply| tell.send((ticket, reply)).unwrap());
        Self {
            desk: Desk::new(surroundings, tell).unwrap(),
            replies,
            _state: state,
            emulator,
            meanwhile,
            clock,
            tickets: 0,
        }
    }

    fn ask(&mut self, job: Job) -> Ticket {
        self.tickets += 1;
        self.desk.ask(Ticket(self.tickets), job);
        Ticket(self.tickets)
    }

    fn answer(&mut self, job: Job) -> Reply {
        let asked = self.ask(job);
        loop {
            let (ticket, reply) = self.replies.recv_timeout(Duration::from_secs(30)).unwrap();
            // News of a wait is no answer.
            if ticket == asked && !matches!(reply, Reply::Submitting(_)) {
                return reply;
            }
        }
    }

    fn open(&mut self, protection: Protection) {
        assert_eq!(
            self.answer(Job::OpenWriter {
                place: place(),
                route: Route::Admin,
                protection
            }),
            Reply::WriterOpen
        );
    }

    fn read(&mut self, user: &str) -> Arc<User> {
        let job = Job::GetUser {
            route: Route::Admin,
            place: place(),
            username: Username::new(user),
        };
        let Reply::User(Ok(user)) = self.answer(job) else {
            panic!("no user")
        };
        user.value
    }

    fn change(&mut self, user: &str) -> ChangeSet {
        let Reply::Pool(Ok(pool)) = self.answer(Job::DescribePool { place: place() }) else {
            panic!("no pool")
        };
        let mut draft = Draft::new(self.read(user), Route::Admin);
        let now = self.clock.now().as_millisecond().to_string();
        draft.set(AttributeName::new("nickname"), Edit::Set(AttributeValue::new(now)));
        draft.change_set(&Rules::admin(&pool.value.schema)).unwrap()
    }

    fn submit(&mut self, armed_until: Option<Timestamp>) -> Submitted {
        self.submit_for("jane.doe", armed_until)
    }

    fn submit_for(&mut self, user: &str, armed_until: Option<Timestamp>) -> Submitted {
        let changes = self.change(user);
        self.carry_out(Operation::update(changes), armed_until)
    }

    fn carry_out(&mut self, operation: Operation, armed_until: Option<Timestamp>) -> Submitted {
        let submission = Submission {
            place: place(),
            operation,
            why: cognitui::domain::Why::default(),
            armed_until,
        };
        let Reply::Submitted(submitted) = self.answer(Job::Submit(submission)) else {
            panic!("no result")
        };
        *submitted
    }

    fn sent(&self) -> usize {
        self.emulator
            .calls()
            .iter()
            .filter(|call| call.operation == UPDATE)
            .count()
    }
}

fn place() -> Place {
    Place {
        target: Target::default(),
        pool: PoolId::new(SHOP),
    }
}

fn bench() -> Bench {
    let stage = Setup::new(Seed::demo(), &[SHOP]).start();
    Bench::on(&stage)
}

#[track_caller]
fn refused_with(submitted: &Submitted, code: &str) {
    match &submitted.outcome {
        Outcome::Refused(fault) => assert_eq!(fault.code.as_str(), code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_desk_refuses_a_pool_without_a_writer_whatever_the_screen_says() {
    let mut bench = bench();
    refused_with(&bench.submit(None), "ReadOnly");
    bench.open(Protection::Open);
    assert_eq!(bench.answer(Job::CloseWriter { place: place() }), Reply::WriterClosed);
    refused_with(&bench.submit(None), "ReadOnly");
    assert_eq!(bench.sent(), 0);
    bench.open(Protection::Open);
    assert_eq!(bench.submit(None).outcome, Outcome::Applied);
}

#[test]
fn the_desk_refuses_a_protected_pool_that_is_not_armed_whatever_the_screen_says() {
    let mut bench = bench();
    bench.open(Protection::Protected);
    let start: Timestamp = START.parse().unwrap();
    refused_with(&bench.submit(None), "NotArmed");
    refused_with(&bench.submit(Some(start)), "NotArmed");
    assert_eq!(bench.sent(), 0);
    assert_eq!(
        bench.submit(Some(start + Duration::from_secs(3600))).outcome,
        Outcome::Applied
    );
}

#[test]
fn a_writer_that_is_still_being_made_is_closed_too() {
    for _ in 0..20 {
        let mut bench = bench();
        bench.ask(Job::OpenWriter {
            place: place(),
            route: Route::Admin,
            protection: Protection::Open,
        });
        bench.ask(Job::CloseWriter { place: place() });
        // The answer to the first is out before this one's.
        while bench.desk.in_flight() > 0 {
            std::thread::yield_now();
        }
        refused_with(&bench.submit(None), "ReadOnly");
        assert_eq!(bench.sent(), 0);
    }
}

#[test]
fn a_new_connection_takes_every_leave_to_write_with_it() {
    let mut bench = bench();
    bench.open(Protection::Open);
    bench.answer(Job::Reconnect {
        target: Target::default(),
    });
    refused_with(&bench.submit(None), "ReadOnly");
    assert_eq!(bench.sent(), 0);
}

#[test]
fn writes_keep_a_pace_and_half_of_it_after_a_rate_refusal() {
    let spent = |throttled: bool| {
        let mut bench = bench();
        bench.open(Protection::Open);
        if throttled {
            bench.emulator.inject(Fault::throttled().on(UPDATE));
        }
        assert_eq!(bench.submit(None).outcome, Outcome::Applied);
        let before = bench.clock.now();
        for user in ["bob", "eve", "sofia.r", "tom", "rob"] {
            assert_eq!(bench.submit_for(user, None).outcome, Outcome::Applied);
        }
        bench.clock.now().duration_since(before).as_secs_f64()
    };
    let usual = spent(false);
    assert!((4.0..6.0).contains(&usual), "5 writes at one a second, took {usual} s");
    let slower = spent(true);
    assert!(
        slower > usual + 2.0,
        "slower after a refusal for rate: {slower} s instead of {usual} s"
    );
}

#[test]
fn a_rate_refusal_slows_the_writes_of_its_own_category_only() {
    let mut bench = bench();
    bench.open(Protection::Open);
    let reset = Operation::Account {
        user: bench.read("jane.doe"),
        account: Account::ResetPassword,
    };
    bench
        .emulator
        .inject(Fault::throttled().on("AdminResetUserPassword").always());
    // Four sends, each of which halves its pace.
    refused_with(&bench.carry_out(reset, None), "TooManyRequestsException");
    let before = bench.clock.now();
    for user in ["bob", "eve", "sofia.r"] {
        assert_eq!(bench.submit_for(user, None).outcome, Outcome::Applied);
    }
    let took = bench.clock.now().duration_since(before).as_secs_f64();
    assert!(
        took < 3.0,
        "updates were not refused for rate and keep their pace, took {took} s"
    );
}

#[test]
fn writing_that_is_switched_off_during_the_wait_ends_there() {
    let mut bench = bench();
    bench.open(Protection::Open);
    bench.emulator.inject(Fault::throttled().on(UPDATE).always());
    let changes = bench.change("jane.doe");
    bench.clock.hold();
    let asked = bench.ask(Job::Submit(Submission {
        place: place(),
        operation: Operation::update(changes),
        why: cognitui::domain::Why::default(),
            armed_until: None,
    }));
    let news = bench.replies.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(matches!(news, (ticket, Reply::Submitting(_)) if ticket == asked));
    bench.ask(Job::CloseWriter { place: place() });
    bench.clock.release();
    let submitted = loop {
        if let (ticket, Reply::Submitted(submitted)) = bench.replies.recv_timeout(Duration::from_secs(30)).unwrap() {
            assert_eq!(ticket, asked);
            break submitted;
        }
    };
    assert_eq!(submitted.outcome, Outcome::NotSent(Vec::new()));
    let said: Vec<String> = submitted.notices.iter().map(|notice| notice.plain()).collect();
    assert!(
        said.contains(&"writing to this pool was switched off meanwhile".to_owned()),
        "{said:?}"
    );
    assert_eq!(bench.sent(), 1);
}

/// Submits, and asks for these one after the other while the service holds the answer to the reading before the write.
fn submitted_while(bench: &mut Bench, asked: Vec<Job>) -> Submitted {
    let changes = bench.change("jane.doe");
    let (reached, reads) = channel();
    let (go_on, asked_for) = channel();
    bench.meanwhile.just_before("AdminGetUser", 0, move |_| {
        reached.send(()).unwrap();
        asked_for.recv_timeout(Duration::from_secs(30)).unwrap();
    });
    let write = bench.ask(Job::Submit(Submission {
        place: place(),
        operation: Operation::update(changes),
        why: cognitui::domain::Why::default(),
            armed_until: None,
    }));
    reads.recv_timeout(Duration::from_secs(30)).unwrap();
    for job in asked {
        bench.answer(job);
    }
    go_on.send(()).unwrap();
    loop {
        let (ticket, reply) = bench.replies.recv_timeout(Duration::from_secs(30)).unwrap();
        if let (true, Reply::Submitted(submitted)) = (ticket == write, reply) {
            return *submitted;
        }
    }
}

#[test]
fn leave_that_is_taken_back_before_the_first_send_stops_it() {
    let opened = Job::OpenWriter {
        place: place(),
        route: Route::Admin,
        protection: Protection::Open,
    };
    let closed = Job::CloseWriter { place: place() };
    let reconnected = Job::Reconnect {
        target: Target::default(),
    };
    // Leave that was given anew is not the one under which this was decided.
    for asked in [
        vec![closed.clone()],
        vec![closed, opened.clone()],
        vec![reconnected, opened.clone()],
    ] {
        let mut bench = bench();
        bench.open(Protection::Open);
        let submitted = submitted_while(&mut bench, asked.clone());
        assert_eq!(submitted.outcome, Outcome::NotSent(Vec::new()), "{asked:?}");
        assert_eq!(bench.sent(), 0, "{asked:?}");
    }
    let mut bench = bench();
    bench.open(Protection::Open);
    let submitted = submitted_while(&mut bench, vec![opened]);
    assert_eq!(
        submitted.outcome,
        Outcome::Applied,
        "asked for once more, and never taken back"
    );
}
