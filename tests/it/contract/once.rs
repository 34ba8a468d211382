//! Every write and every step of a sign-in leaves this machine once. The SDK would send it again after a reset, a
//! timeout or a 500; each of them can text a person, count as an attempt or set a password.

use cognitui::domain::{
    Account, ClientId, ClientMetadata, Contact, Fault, FaultKind, Operation, Outcome, Place, PoolId, Secret, Target,
};
use cognitui::emulator::{self, Client, Emulator, PoolSeed, Seed, User};
use cognitui::job::{Job, Reply, SignedIn, Submitted};

use super::faults::{Road, Trouble, UNCERTAIN, is};
use super::jobs;
use super::program::{Clock, Program, became, own_change};
use super::service::{Listening, PASSWORD, place};

const POOL: &str = "us-east-1_Once00001";

/// Every write but AdminUpdateUserAttributes, which has its own tests next door.
const WRITES: [&str; 10] = [
    "AdminConfirmSignUp",
    "AdminCreateUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminResetUserPassword",
    "DeleteUserAttributes",
    "GetUserAttributeVerificationCode",
    "ResendConfirmationCode",
    "UpdateUserAttributes",
    "VerifyUserAttribute",
];

const SIGN_IN: [&str; 4] = [
    "AdminInitiateAuth",
    "AdminRespondToAuthChallenge",
    "InitiateAuth",
    "RespondToAuthChallenge",
];

/// A pool with somebody in every state that a step needs, and the program in front of it.
struct Bench {
    emulator: Emulator,
    program: Program,
    place: Place,
    _listening: Option<Listening>,
}

impl Bench {
    fn new(road: Road) -> Self {
        let clock = Clock::new();
        let client =
            |name: &str| Client::new(name).flows(&["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]);
        let user = |name: &str| {
            User::new(name)
                .with("email", &format!("{name}@example.com"))
                .with("email_verified", "false")
                .with("nickname", "old")
        };
        let pool = PoolSeed::new(POOL, "once")
            .auto_verified(&["email"])
            .client(client("web"))
            .client(client("backend").secret("1nvented0secret0of0an0app0client"))
            .user(user("ann").verified_email("ann@example.com"))
            .user(user("unverified"))
            .user(user("zoe").status("UNCONFIRMED"))
            .user(user("invited").status("FORCE_CHANGE_PASSWORD"))
            .user(user("off").disabled())
            .passwords(PASSWORD);
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
                    program: Program::on_the_network(std::time::Duration::from_secs(30)),
                    place: place(&listening.url(), POOL),
                    emulator,
                    _listening: Some(listening),
                }
            }
        };
        bench.program.open_writer(&bench.place);
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

    fn client(&self, name: &str) -> ClientId {
        ClientId::new(self.emulator.client(POOL, name).unwrap().id)
    }

    /// Opens the own route of a user, and gives the user as read there.
    fn become_user(&self, username: &str) -> std::sync::Arc<cognitui::domain::User> {
        let token = self.emulator.access_token(POOL, "web", username).unwrap();
        let signed_in = self.program.act_as(&self.place, &token, None);
        let Ok(SignedIn::As(acting)) = signed_in else {
            panic!("{signed_in:?}")
        };
        self.program.open_own_writer(&self.place);
        acting.user
    }

    fn user(&self, username: &str) -> std::sync::Arc<cognitui::domain::User> {
        self.program.user(&self.place, username).unwrap()
    }

    /// A decision that ends in this call.
    fn decided(&self, name: &str) -> Operation {
        let account = |username: &str, account| Operation::Account {
            user: self.user(username),
            account,
        };
        let send = |user| Operation::SendCode {
            user,
            contact: Contact::Email,
            metadata: ClientMetadata::default(),
        };
        match name {
            "AdminConfirmSignUp" => account("zoe", Account::ConfirmSignUp),
            "AdminCreateUser" => account("invited", Account::ResendInvitation),
            "AdminDisableUser" => account("ann", Account::Disable),
            "AdminEnableUser" => account("off", Account::Enable),
            "AdminResetUserPassword" => account("ann", Account::ResetPassword),

            "UpdateUserAttributes" => {
                Operation::update(own_change(&self.become_user("ann"), &[("nickname", Some("new"))]))
            }
            "DeleteUserAttributes" => Operation::update(own_change(&self.become_user("ann"), &[("nickname", None)])),
            "GetUserAttributeVerificationCode" => send(self.become_user("unverified")),
            "ResendConfirmationCode" => Operation::ResendCode {
                user: self.user("zoe"),
                client: self.client("backend"),
            },
            "VerifyUserAttribute" => {
                let user = self.become_user("unverified");
                let sent = self.program.carry_out(&self.place, send(user.clone()));
                assert_eq!(became(&sent), "waiting");
                Operation::VerifyCode {
                    user,
                    contact: Contact::Email,
                    pending: None,
                    code: Secret::new(self.emulator.outbox().last().unwrap().code.clone().unwrap()),
                }
            }
            other => panic!("nothing ends in {other}"),
        }
    }

    /// One step of a sign-in that ends in this call; the challenge before it is met already.
    fn step(&self, name: &str) -> Job {
        jobs::step(
            name,
            &self.program,
            &self.place,
            self.client("backend"),
            "ann",
            "invited",
        )
    }
}

/// A truncated answer has to be one, so with that one the service has acted.
fn can_strike_before(trouble: &&Trouble) -> bool {
    trouble.code != "AnswerCut"
}

/// What a reading can prove of a write whose answer was lost: a message leaves no trace in it.
fn settled(name: &str) -> &'static str {
    match name {
        "AdminCreateUser" | "GetUserAttributeVerificationCode" | "ResendConfirmationCode" => "unknown",
        _ => "applied",
    }
}

/// The faults of a write, each as what it is, and one request for each.
fn check(what: &str, submitted: &Submitted, trouble: &Trouble, word: &str) {
    assert_eq!(submitted.outcome.word(), word, "{what}");
    if let Outcome::Unknown(fault) = &submitted.outcome {
        assert!(is(fault, trouble), "{what}: {:?} {fault:?}", fault.kind);
    }
    assert!(submitted.reported.is_empty(), "{what}: something was reported");
    assert!(submitted.journal_id.is_some(), "{what}: not in the journal");
}

fn every_write(road: Road, troubles: impl Fn(&&Trouble) -> bool) {
    for name in WRITES {
        for trouble in UNCERTAIN.iter().filter(&troubles) {
            let what = format!("{road:?}, {name}, {}", trouble.code);
            let bench = Bench::new(road);
            let operation = bench.decided(name);
            assert_eq!(operation.name(), name);
            bench.emulator.inject((trouble.fault)().on(name).after_applying());
            let submitted = bench.program.carry_out(&bench.place, operation);
            assert_eq!(bench.calls(name), 1, "{what}: requests that were answered");
            check(&what, &submitted, trouble, settled(name));

            if can_strike_before(&trouble) {
                let what = format!("{what}, before it was done");
                let bench = Bench::new(road);
                let operation = bench.decided(name);
                // Were it sent a second time, that one would be done.
                bench.emulator.inject((trouble.fault)().on(name));
                let submitted = bench.program.carry_out(&bench.place, operation);
                assert_eq!(bench.calls(name), 1, "{what}: requests");
                check(&what, &submitted, trouble, "unknown");
            }
        }
    }
}

#[test]
fn a_write_whose_answer_is_lost_is_not_sent_again() {
    every_write(Road::Wire, |_| true);
}

#[test]
fn nor_on_the_network() {
    // Timeouts there take real time; the wire has them all.
    every_write(Road::Network, |trouble| trouble.kind != FaultKind::Timeout);
}

/// The SDK takes LimitExceededException for a refusal for rate and would send twice more; the limit is one of the hour, so
/// each of them makes it worse.
#[test]
fn a_write_that_the_hourly_limit_refuses_is_not_sent_again() {
    for name in WRITES {
        let bench = Bench::new(Road::Wire);
        let operation = bench.decided(name);
        bench
            .emulator
            .inject(emulator::Fault::attempts_exceeded().on(name).always());
        let submitted = bench.program.carry_out(&bench.place, operation);
        assert_eq!(bench.calls(name), 1, "{name}: requests");
        let Outcome::Refused(fault) = &submitted.outcome else {
            panic!("{name}: {}", submitted.outcome)
        };
        assert_eq!(fault.code.as_str(), "LimitExceededException", "{name}");
    }
}

/// An error of a message can come after the values were stored, so a reading decides; where nothing is stored it is the
/// answer, and where a reading would show nothing either way it stays open.
#[test]
fn an_error_of_a_message_is_judged_by_what_is_read_then() {
    for name in WRITES {
        for after in [false, true] {
            let what = format!("{name}, after it was done: {after}");
            let bench = Bench::new(Road::Wire);
            let operation = bench.decided(name);
            let fault = emulator::Fault::error("CodeDeliveryFailureException", "The message cannot be sent.").on(name);
            bench
                .emulator
                .inject(if after { fault.after_applying() } else { fault });
            let submitted = bench.program.carry_out(&bench.place, operation);
            assert_eq!(bench.calls(name), 1, "{what}: requests");
            let expected = match (name, after) {
                ("GetUserAttributeVerificationCode" | "ResendConfirmationCode", _) | (_, false)
                    if name != "AdminCreateUser" =>
                {
                    "refused"
                }
                // It makes a new temporary password before the message fails, or does not.
                ("AdminCreateUser", _) => "unknown",
                _ => "applied",
            };
            assert_eq!(submitted.outcome.word(), expected, "{what}");
            assert_eq!(
                submitted.late.is_some(),
                expected == "applied",
                "{what}: told that it came late"
            );
        }
    }
}

fn every_step(road: Road, troubles: impl Fn(&&Trouble) -> bool) {
    for name in SIGN_IN {
        for trouble in UNCERTAIN.iter().filter(&troubles) {
            for after in [false, true] {
                if !after && !can_strike_before(&trouble) {
                    continue;
                }
                let what = format!("{road:?}, {name}, {}, after it was done: {after}", trouble.code);
                let bench = Bench::new(road);
                let step = bench.step(name);
                let fault = (trouble.fault)().on(name);
                bench
                    .emulator
                    .inject(if after { fault.after_applying() } else { fault });
                let fault = match bench.program.ask(step) {
                    Reply::SignedIn(Err(fault)) => fault,
                    other => panic!("{what}: {other:?}"),
                };
                assert_eq!(bench.calls(name), 1, "{what}: requests");
                assert!(is(&fault, trouble), "{what}: {:?} {fault:?}", fault.kind);
                assert_eq!(fault.operation, name, "{what}");
                let nobody = bench.program.own_user(&bench.place, "ann").unwrap_err();
                assert_eq!(nobody.code.as_str(), "NoToken", "{what}");
            }
        }
    }
}

#[test]
fn a_step_of_a_sign_in_is_not_sent_again() {
    every_step(Road::Wire, |_| true);
}

#[test]
fn nor_a_step_of_a_sign_in_on_the_network() {
    every_step(Road::Network, |trouble| trouble.kind != FaultKind::Timeout);
}

/// The readings of a sign-in are readings: tried again, and without them nothing is sent.
#[test]
fn the_readings_around_them_are_tried_again() {
    const SECRET: &str = "DescribeUserPoolClient";
    let reset = || emulator::Fault::reset().on(SECRET);
    let bench = Bench::new(Road::Wire);
    let step = bench.step("InitiateAuth");
    bench.emulator.inject(reset());
    let reply = bench.program.ask(step);
    assert!(matches!(&reply, Reply::SignedIn(Ok(_))), "{reply:?}");
    assert_eq!((bench.calls(SECRET), bench.calls("InitiateAuth")), (2, 1));

    let unread = |fault: &Fault| (fault.kind, fault.code.as_str().to_owned(), fault.operation);
    let local = (FaultKind::Local, "ConnectionBroken".to_owned(), SECRET);
    let bench = Bench::new(Road::Wire);
    let step = bench.step("InitiateAuth");
    bench.emulator.inject(reset().always());
    match bench.program.ask(step) {
        Reply::SignedIn(Err(fault)) => assert_eq!(unread(&fault), local),
        other => panic!("{other:?}"),
    }
    assert_eq!((bench.calls(SECRET), bench.calls("InitiateAuth")), (3, 0));

    let bench = Bench::new(Road::Wire);
    let operation = bench.decided("ResendConfirmationCode");
    bench.emulator.inject(reset().always());
    let submitted = bench.program.carry_out(&bench.place, operation);
    match &submitted.outcome {
        Outcome::Refused(fault) => assert_eq!(unread(fault), local),
        outcome => panic!("{outcome}"),
    }
    assert_eq!((bench.calls(SECRET), bench.calls("ResendConfirmationCode")), (3, 0));
    assert!(bench.emulator.outbox().is_empty());

    // GetUser after the sign-in is a reading too.
    let bench = Bench::new(Road::Wire);
    let step = bench.step("InitiateAuth");
    bench.emulator.inject(emulator::Fault::reset().on("GetUser"));
    let reply = bench.program.ask(step);
    assert!(matches!(&reply, Reply::SignedIn(Ok(_))), "{reply:?}");
    assert_eq!((bench.calls("GetUser"), bench.calls("InitiateAuth")), (2, 1));
}
