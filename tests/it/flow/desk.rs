//! The desk by itself: what it refuses whatever a screen may ask for, and how fast it sends.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cognitui::cognito::{Limits, Outside, Way};
use cognitui::domain::guard::{
    Because, Guards, NamePattern, PoolRules, ProtectedUser, ReasonPattern, ReasonRule, Unlisted,
};
use cognitui::domain::{
    Account, AttributeName, AttributeValue, ChangeSet, Draft, Edit, Operation, Outcome, Place, PoolId, Raw, Route,
    Rules, Target, User, Username, Why,
};
use cognitui::emulator::{Emulator, Fault, Seed};
use cognitui::job::{Job, Reply, Submission, Submitted, Ticket};
use cognitui::work::{Desk, Rates, Surroundings};
use jiff::Timestamp;

use super::scene::{CUSTOMERS, SHOP, UPDATE};
use super::stage::{Hand, Meanwhile, START, Setup, Stage, guards, wire};
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
    /// The reason that goes with every write.
    reason: Option<&'static str>,
}

impl Bench {
    fn on(stage: &Stage) -> Self {
        Self::new(stage.emulator.clone(), stage.clock.clone(), guards(&[SHOP]))
    }

    fn new(emulator: Emulator, clock: Hand, guards: Guards) -> Self {
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
            journal: state.path().to_path_buf().into(),
            program: "test",
            act_as_user: true,
            guards,
            drafts: false,
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
            reason: None,
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

    fn open(&mut self) {
        assert_eq!(self.answer(opened()), Reply::WriterOpen);
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
            why: Why {
                reason: self.reason.map(Raw::from),
                undoes: None,
            },
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

/// A desk under rules.
fn guarded(guards: Guards) -> Bench {
    let stage = Setup::new(Seed::demo(), &[SHOP]).start();
    Bench::new(stage.emulator.clone(), stage.clock.clone(), guards)
}

fn opened() -> Job {
    Job::OpenWriter {
        place: place(),
        route: Route::Admin,
        typed: None,
    }
}

/// The rules of the shop's pool, and nothing else.
fn shop(rules: PoolRules) -> Guards {
    Guards {
        pools: [(PoolId::new(SHOP), rules)].into(),
        ..Guards::default()
    }
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
    bench.open();
    assert_eq!(bench.answer(Job::CloseWriter { place: place() }), Reply::WriterClosed);
    refused_with(&bench.submit(None), "ReadOnly");
    assert_eq!(bench.sent(), 0);
    bench.open();
    assert_eq!(bench.submit(None).outcome, Outcome::Applied);
}

#[test]
fn the_desk_refuses_a_protected_pool_that_is_not_armed_whatever_the_screen_says() {
    let mut bench = guarded(shop(PoolRules {
        protected: true,
        ..PoolRules::default()
    }));
    bench.reason = Some("SUP-1");
    bench.open();
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
        bench.ask(opened());
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
    bench.open();
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
        bench.open();
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
    bench.open();
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
    bench.open();
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
    let opened = opened();
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
        bench.open();
        let submitted = submitted_while(&mut bench, asked.clone());
        assert_eq!(submitted.outcome, Outcome::NotSent(Vec::new()), "{asked:?}");
        assert_eq!(bench.sent(), 0, "{asked:?}");
    }
    let mut bench = bench();
    bench.open();
    let submitted = submitted_while(&mut bench, vec![opened]);
    assert_eq!(
        submitted.outcome,
        Outcome::Applied,
        "asked for once more, and never taken back"
    );
}

#[track_caller]
fn refused_to_open(bench: &mut Bench, job: Job, code: &str) {
    match bench.answer(job) {
        Reply::Broken(fault) => assert_eq!(fault.code.as_str(), code, "{}", fault.message.as_str()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_writer_is_built_for_a_pool_that_stays_for_reading() {
    for because in [Because::Flag, Because::Setting, Because::Policy] {
        let mut bench = guarded(Guards {
            read_only: Some(because),
            ..guards(&[SHOP])
        });
        refused_to_open(&mut bench, opened(), "ReadOnly");
        refused_with(&bench.submit(None), "ReadOnly");
        assert_eq!(bench.sent(), 0);
    }
    let mut bench = guarded(shop(PoolRules {
        read_only: true,
        ..PoolRules::default()
    }));
    refused_to_open(&mut bench, opened(), "ReadOnly");
    assert_eq!(bench.sent(), 0);
}

#[test]
fn a_pool_that_is_not_listed_opens_with_its_own_name_only() {
    let typed = |name: &str| Job::OpenWriter {
        place: place(),
        route: Route::Admin,
        typed: Some(Raw::from(name)),
    };
    let mut bench = guarded(Guards::default());
    refused_to_open(&mut bench, opened(), "NameNotTyped");
    refused_to_open(&mut bench, typed("shop"), "NameNotTyped");
    // The id stands for a name that cannot be read, and for none that can.
    refused_to_open(&mut bench, typed(SHOP), "NameNotTyped");
    refused_with(&bench.submit(None), "ReadOnly");
    assert_eq!(bench.answer(typed("shop-prod")), Reply::WriterOpen);
    assert_eq!(bench.submit(None).outcome, Outcome::Applied);

    let mut bench = guarded(Guards {
        unlisted: Unlisted::ReadOnly,
        ..Guards::default()
    });
    refused_to_open(&mut bench, typed("shop-prod"), "ReadOnly");
}

#[test]
fn a_pool_that_is_kept_closed_is_not_even_asked_about() {
    let mut bench = guarded(Guards {
        unlisted: Unlisted::Refuse,
        ..Guards::default()
    });
    let before = bench.emulator.calls().len();
    for job in [
        Job::DescribePool { place: place() },
        Job::ListUsers {
            place: place(),
            token: None,
        },
    ] {
        let code = match bench.answer(job) {
            Reply::Pool(Err(fault)) | Reply::Users(Err(fault)) => fault.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code.as_str(), "PoolClosed");
    }
    assert_eq!(bench.emulator.calls().len(), before);
}

#[test]
fn the_service_s_name_protects_a_pool_whatever_anybody_says() {
    let by_name = |pattern: &str| Guards {
        protected_names: vec![NamePattern::new(pattern).unwrap()],
        ..guards(&[SHOP])
    };
    let mut bench = guarded(by_name("*-PROD"));
    bench.open();
    bench.reason = Some("SUP-1");
    refused_with(&bench.submit(None), "NotArmed");
    let later = bench.clock.now() + Duration::from_secs(60);
    assert_eq!(bench.submit(Some(later)).outcome, Outcome::Applied);
    let mut bench = guarded(by_name("live-*"));
    bench.open();
    assert_eq!(bench.submit(None).outcome, Outcome::Applied);

    // A name that cannot be read may be any: no Writer.
    let mut bench = guarded(by_name("live-*"));
    bench.emulator.inject(Fault::denied("DescribeUserPool").always());
    refused_to_open(&mut bench, opened(), "AccessDeniedException");
}

#[test]
fn a_write_without_the_reason_that_is_asked_for_does_not_go_out() {
    let like_a_ticket = ReasonRule::Like(ReasonPattern::new(r"SUP-\d+").unwrap());
    for (rule, poor) in [
        (ReasonRule::Required, [None, Some("  ")]),
        (like_a_ticket, [None, Some("SUP-")]),
    ] {
        let mut bench = guarded(shop(PoolRules {
            reason: Some(rule),
            ..PoolRules::default()
        }));
        bench.open();
        for reason in poor {
            bench.reason = reason;
            refused_with(&bench.submit(None), "ReasonMissing");
        }
        assert_eq!(bench.sent(), 0);
        bench.reason = Some("SUP-1");
        assert_eq!(bench.submit(None).outcome, Outcome::Applied);
    }
}

#[test]
fn nothing_is_changed_about_a_protected_user() {
    let protecting = |user: ProtectedUser| Guards {
        protected_users: vec![user],
        ..guards(&[SHOP])
    };
    let sub = bench().read("jane.doe").sub().unwrap().to_owned();
    for user in [
        ProtectedUser::Username(Username::new("JANE.doe")),
        ProtectedUser::Sub(sub),
    ] {
        let mut bench = guarded(protecting(user));
        bench.open();
        refused_with(&bench.submit(None), "UserProtected");
        let deed = Operation::Account {
            user: bench.read("jane.doe"),
            account: Account::Disable,
        };
        refused_with(&bench.carry_out(deed, None), "UserProtected");
        assert_eq!(bench.sent(), 0);
        assert_eq!(
            bench.submit_for("bob", None).outcome,
            Outcome::Applied,
            "nobody else is"
        );
    }
}

#[test]
fn a_user_in_a_protected_group_is_known_when_it_is_read_again() {
    let mut bench = guarded(Guards {
        protected_users: vec![ProtectedUser::Group(Raw::from("readers"))],
        ..guards(&[CUSTOMERS])
    });
    let there = Place {
        target: Target::default(),
        pool: PoolId::new(CUSTOMERS),
    };
    let opened = Job::OpenWriter {
        place: there.clone(),
        route: Route::Admin,
        typed: None,
    };
    assert_eq!(bench.answer(opened), Reply::WriterOpen);
    let reading = Job::GetUser {
        route: Route::Admin,
        place: there.clone(),
        username: Username::new("jane.doe"),
    };
    let Reply::User(Ok(jane)) = bench.answer(reading) else {
        panic!("no user")
    };
    let disabled = |bench: &mut Bench| {
        let submission = Submission {
            place: there.clone(),
            operation: Operation::Account {
                user: Arc::clone(&jane.value),
                account: Account::Disable,
            },
            why: Why::default(),
            armed_until: None,
        };
        let Reply::Submitted(submitted) = bench.answer(Job::Submit(submission)) else {
            panic!("no result")
        };
        let why = submitted.unread.map(|fault| fault.code.as_str().to_owned());
        (submitted.outcome, why)
    };
    let not_sent = |code: &str| (Outcome::NotSent(Vec::new()), Some(code.to_owned()));
    bench.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.groups.insert("readers".to_owned());
    });
    assert_eq!(disabled(&mut bench), not_sent("UserProtected"));
    bench.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.groups.remove("readers");
    });
    // Groups that cannot be read may be any.
    bench.emulator.inject(Fault::denied("AdminListGroupsForUser").times(1));
    assert_eq!(disabled(&mut bench), not_sent("AccessDeniedException"));
    assert_eq!(disabled(&mut bench), (Outcome::Applied, None));
}
