//! Connections that break, time out or bring something else than an answer, before and after the service acted. For a
//! read it is tried again; for the one write there is exactly one request, and what became of it is read back and said
//! as what it is.

use std::time::Duration;

use cognitui::domain::{Fault, FaultKind, Outcome, Place, PoolId, Target};
use cognitui::emulator::{self, Emulator, PoolSeed, Seed, User};
use cognitui::job::{Job, Reply, Submitted};

use super::program::{Clock, Program, became, change};
use super::service::{Listening, place};

const POOL: &str = "us-east-1_Faults001";
const WRITE: &str = "AdminUpdateUserAttributes";
const READ: &str = "AdminGetUser";

/// How long the program waits on the network for an answer that never comes, and for one that does.
const SHORT: Duration = Duration::from_millis(1_500);
const LONG: Duration = Duration::from_secs(30);

/// moto's refusal where it checks permissions.
const XML: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
    <Message>User: arn:aws:iam::123456789012:user/ana is not authorized to perform: \
    cognito-idp:AdminUpdateUserAttributes</Message></Error><RequestId>7a62c49f</RequestId></ErrorResponse>";
const HTML: &str = "<!doctype html><html><head><title>500 Internal Server Error</title></head></html>";

/// How requests travel to the emulator.
#[derive(Clone, Copy, Debug)]
pub(super) enum Road {
    Wire,
    Network,
}

struct Bench {
    emulator: Emulator,
    program: Program,
    place: Place,
    _listening: Option<Listening>,
}

impl Bench {
    /// With time for every answer.
    fn new(road: Road) -> Self {
        Self::waiting(road, LONG)
    }

    /// With as much time as this trouble needs to be noticed.
    fn to_see(trouble: &Trouble, road: Road) -> Self {
        Self::waiting(
            road,
            if trouble.kind == FaultKind::Timeout {
                SHORT
            } else {
                LONG
            },
        )
    }

    fn waiting(road: Road, read_timeout: Duration) -> Self {
        let clock = Clock::new();
        let pool = PoolSeed::new(POOL, "faults").verified_before_update(&["email"]).user(
            User::new("ann")
                .verified_email("ann@example.com")
                .with("nickname", "old"),
        );
        let emulator = Emulator::new(Seed::empty().pool(pool), clock.reader());
        let bench = match road {
            Road::Wire => Self {
                program: Program::on_the_wire(emulator.clone(), &clock),
                place: Place {
                    target: Target::default(),
                    pool: PoolId::new(POOL),
                },
                emulator,
                _listening: None,
            },
            Road::Network => {
                let listening = Listening::start(&emulator);
                Self {
                    program: Program::on_the_network(read_timeout),
                    place: place(&listening.url(), POOL),
                    emulator,
                    _listening: Some(listening),
                }
            }
        };
        bench.program.open_writer(&bench.place);
        // Only with the pool's settings is it known what may wait for a code.
        let reply = bench.program.ask(Job::DescribePool {
            place: bench.place.clone(),
        });
        assert!(matches!(reply, Reply::Pool(Ok(_))), "{reply:?}");
        bench
    }

    fn calls(&self, operation: &str) -> usize {
        self.emulator
            .calls()
            .iter()
            .filter(|call| call.operation == operation)
            .count()
    }

    fn write(&self, edits: &[(&str, Option<&str>)]) -> Submitted {
        let base = self.program.user(&self.place, "ann").unwrap();
        self.program.submit(&self.place, change(&base, edits))
    }

    fn stored(&self, name: &str) -> Option<String> {
        let user = self.emulator.user(POOL, "ann").unwrap();
        user.attributes.get(name).cloned()
    }
}

/// A thing that goes wrong, and what it is taken for.
pub(super) struct Trouble {
    pub(super) fault: fn() -> emulator::Fault,
    pub(super) kind: FaultKind,
    pub(super) code: &'static str,
}

/// Whatever leaves open whether the service acted.
pub(super) const UNCERTAIN: [Trouble; 7] = [
    Trouble {
        fault: emulator::Fault::reset,
        kind: FaultKind::Broken,
        code: "ConnectionBroken",
    },
    Trouble {
        fault: emulator::Fault::hang,
        kind: FaultKind::Timeout,
        code: "Timeout",
    },
    Trouble {
        fault: emulator::Fault::internal,
        kind: FaultKind::Server,
        code: "InternalErrorException",
    },
    Trouble {
        fault: || emulator::Fault::foreign(500, "text/html", HTML),
        kind: FaultKind::Server,
        code: "HTTP 500",
    },
    Trouble {
        fault: || emulator::Fault::foreign(502, "text/plain", "bad gateway"),
        kind: FaultKind::Server,
        code: "HTTP 502",
    },
    Trouble {
        fault: || emulator::Fault::foreign(200, "text/html", "<html>please sign in to the guest network</html>"),
        kind: FaultKind::Undecodable,
        code: "UnreadableAnswer",
    },
    Trouble {
        fault: emulator::Fault::truncated,
        kind: FaultKind::Broken,
        code: "AnswerCut",
    },
];

pub(super) fn is(fault: &Fault, trouble: &Trouble) -> bool {
    (fault.kind, fault.code.as_str()) == (trouble.kind, trouble.code)
}

/// A write that was applied before the trouble: one request, and reading back tells that it was.
fn applied_and_lost(road: Road) {
    for trouble in &UNCERTAIN {
        let bench = Bench::to_see(trouble, road);
        bench.emulator.inject((trouble.fault)().on(WRITE).after_applying());
        let submitted = bench.write(&[("nickname", Some("new"))]);
        let what = format!("{road:?}, {}", trouble.code);
        assert_eq!(bench.calls(WRITE), 1, "{what}: requests");
        assert_eq!(bench.stored("nickname").as_deref(), Some("new"), "{what}");
        assert_eq!(became(&submitted), "applied", "{what}");
        assert_eq!(submitted.now.unwrap().text("nickname"), Some("new"), "{what}");
        let said: Vec<String> = submitted.notices.iter().map(|notice| notice.plain()).collect();
        let answer = match trouble.kind {
            FaultKind::Server => "the answer was an error",
            FaultKind::Undecodable => "the answer could not be read",
            _ => "no answer came",
        };
        // The code and the message, as they would stand in the entry of a fault.
        let lost = said.first().and_then(|said| said.split_once(" (")?.1.rsplit_once(")"));
        let lost = lost.map(|(lost, _)| lost).unwrap_or_default();
        assert!(lost.starts_with(&format!("{}: ", trouble.code)), "{what}: {said:?}");
        assert_eq!(
            said,
            [format!("{answer} ({lost}), but reading back shows that it was applied")],
            "{what}"
        );
    }
}

/// A write that never arrived where it acts: one request, and it stays unknown, because it may still land.
fn not_applied(road: Road) {
    // A truncated answer has to be one, so with that one the service has acted.
    for trouble in UNCERTAIN.iter().filter(|trouble| trouble.code != "AnswerCut") {
        let bench = Bench::to_see(trouble, road);
        bench.emulator.inject((trouble.fault)().on(WRITE));
        let submitted = bench.write(&[("nickname", Some("new"))]);
        let what = format!("{road:?}, {}", trouble.code);
        assert_eq!(bench.calls(WRITE), 1, "{what}: requests");
        assert_eq!(bench.stored("nickname").as_deref(), Some("old"), "{what}");
        match &submitted.outcome {
            Outcome::Unknown(fault) => assert!(is(fault, trouble), "{what}: {:?} {fault:?}", fault.kind),
            outcome => panic!("{what}: {outcome}"),
        }
        assert_eq!(submitted.now.unwrap().text("nickname"), Some("old"), "{what}");
        let said: Vec<String> = submitted.notices.iter().map(|notice| notice.plain()).collect();
        assert_eq!(
            said,
            ["read back: not applied so far; a late request may still land"],
            "{what}"
        );
    }
}

#[test]
fn a_write_whose_answer_was_lost_is_settled_by_reading_back() {
    applied_and_lost(Road::Wire);
}

#[test]
fn a_write_whose_answer_was_lost_on_the_network_is_settled_by_reading_back() {
    applied_and_lost(Road::Network);
}

#[test]
fn a_write_that_was_not_applied_stays_unknown() {
    not_applied(Road::Wire);
}

#[test]
fn a_write_that_was_not_applied_stays_unknown_on_the_network() {
    not_applied(Road::Network);
}

#[test]
fn a_write_that_would_wait_for_its_code_anyway_cannot_be_told() {
    for after in [false, true] {
        let bench = Bench::new(Road::Wire);
        let fault = emulator::Fault::reset().on(WRITE);
        bench
            .emulator
            .inject(if after { fault.after_applying() } else { fault });
        let submitted = bench.write(&[("email", Some("new@example.com"))]);
        assert_eq!(bench.calls(WRITE), 1);
        assert_eq!(bench.emulator.outbox().len(), usize::from(after), "messages");
        assert_eq!(submitted.outcome.word(), "unknown");
        let said: Vec<String> = submitted.notices.iter().map(|notice| notice.plain()).collect();
        assert_eq!(
            said,
            ["read back: it cannot be told yet; sending again may send a second message"]
        );
    }
}

#[test]
fn a_write_that_cannot_be_read_back_says_so() {
    // Two reads come before: the review's and the one right before the write.
    let unreadable = || emulator::Fault::denied(READ).skipping(2);
    let bench = Bench::new(Road::Wire);
    bench.emulator.inject(unreadable());
    bench
        .emulator
        .inject(emulator::Fault::reset().on(WRITE).after_applying());
    let lost = bench.write(&[("nickname", Some("new"))]);
    assert_eq!(bench.calls(WRITE), 1);
    assert_eq!(lost.outcome.word(), "unknown");
    assert_eq!(lost.now, None);
    assert_eq!(lost.unread.unwrap().code.as_str(), "AccessDeniedException");

    let bench = Bench::new(Road::Wire);
    bench.emulator.inject(unreadable());
    let accepted = bench.write(&[("nickname", Some("new"))]);
    assert_eq!(bench.calls(WRITE), 1);
    let Outcome::Unknown(fault) = accepted.outcome else {
        panic!("{}", accepted.outcome)
    };
    // The write itself was accepted: what is not known is only what it came to.
    assert_eq!((fault.operation, fault.code.as_str()), (READ, "AccessDeniedException"));
    assert_eq!(accepted.unread, Some(fault));
}

#[test]
fn an_error_of_a_message_can_come_after_the_values_were_stored() {
    let bench = Bench::new(Road::Wire);
    let role = || {
        emulator::Fault::error(
            "InvalidSmsRoleTrustRelationshipException",
            "Role does not trust Cognito.",
        )
    };
    bench.emulator.inject(role().on(WRITE).after_applying());
    let stored = bench.write(&[("nickname", Some("new"))]);
    assert_eq!((bench.calls(WRITE), stored.outcome), (1, Outcome::Applied));
    assert_eq!(
        stored.late.unwrap().code.as_str(),
        "InvalidSmsRoleTrustRelationshipException"
    );

    let bench = Bench::new(Road::Wire);
    bench.emulator.inject(role().on(WRITE));
    let refused = bench.write(&[("nickname", Some("new"))]);
    assert_eq!((bench.calls(WRITE), refused.outcome.word()), (1, "refused"));
    assert_eq!(refused.late, None);
    assert_eq!(bench.stored("nickname").as_deref(), Some("old"));
}

#[test]
fn a_foreign_refusal_is_a_refusal() {
    for road in [Road::Wire, Road::Network] {
        let bench = Bench::new(road);
        bench
            .emulator
            .inject(emulator::Fault::foreign(403, "text/xml", XML).on(WRITE));
        let submitted = bench.write(&[("nickname", Some("new"))]);
        assert_eq!(bench.calls(WRITE), 1);
        assert_eq!(bench.stored("nickname").as_deref(), Some("old"));
        let Outcome::Refused(fault) = submitted.outcome else {
            panic!("{road:?}: {}", submitted.outcome)
        };
        assert_eq!((fault.kind, fault.status), (FaultKind::Service, Some(403)));
        assert_eq!(fault.code.as_str(), "AccessDenied");
        assert_eq!(
            fault.missing_action().as_deref(),
            Some("cognito-idp:AdminUpdateUserAttributes")
        );
    }
}

#[test]
fn a_write_to_nobody_is_refused_before_anything_is_sent() {
    let emulator = Emulator::new(
        Seed::empty().pool(PoolSeed::new(POOL, "gone").user(User::new("ann"))),
        Clock::new().reader(),
    );
    let listening = Listening::start(&emulator);
    let place = place(&listening.url(), POOL);
    let program = Program::on_the_network(LONG);
    program.open_writer(&place);
    let base = program.user(&place, "ann").unwrap();
    drop(listening);
    let submitted = program.submit(&place, change(&base, &[("nickname", Some("new"))]));
    let unread = submitted.unread.unwrap();
    assert_eq!(submitted.outcome.word(), "not sent");
    assert_eq!(
        (unread.kind, unread.code.as_str()),
        (FaultKind::NoConnection, "ConnectionRefused")
    );
    assert_eq!(
        emulator.calls().iter().filter(|call| call.operation == WRITE).count(),
        0
    );
}

#[test]
fn a_read_is_tried_again() {
    for trouble in UNCERTAIN
        .iter()
        .filter(|trouble| trouble.kind != FaultKind::Undecodable)
    {
        let bench = Bench::new(Road::Wire);
        bench.emulator.inject((trouble.fault)().on(READ));
        let user = bench.program.user(&bench.place, "ann");
        let what = trouble.code;
        assert!(user.is_ok(), "{what}: {user:?}");
        assert_eq!(bench.calls(READ), 2, "{what}: requests");
    }
}

#[test]
fn a_read_that_keeps_failing_is_told_as_what_it_is() {
    for road in [Road::Wire, Road::Network] {
        for trouble in &UNCERTAIN {
            let bench = Bench::to_see(trouble, road);
            bench.emulator.inject((trouble.fault)().on(READ).always());
            let fault = bench.program.user(&bench.place, "ann").unwrap_err();
            let what = format!("{road:?}, {}", trouble.code);
            assert!(is(&fault, trouble), "{what}: {:?} {fault:?}", fault.kind);
            assert!(!fault.meaning().plain().is_empty() && !fault.next_step().plain().is_empty());
            let tries = if trouble.kind == FaultKind::Undecodable { 1 } else { 3 };
            assert_eq!(bench.calls(READ), tries, "{what}: requests");
        }
    }
}
