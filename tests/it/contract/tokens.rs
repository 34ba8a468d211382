//! Access tokens that come from elsewhere: what is wrong with one is said before it leaves this machine, and one that
//! is held belongs to one pool.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognitui::domain::{
    ClientMetadata, Contact, Fault, FaultKind, Operation, Outcome, Place, PoolId, Raw, Secret, Target,
};
use cognitui::emulator::{Client, Emulator, PoolSeed, Seed, User};
use cognitui::job::{Job, Reply, SignedIn, Submitted};
use serde_json::{Value, json};

use super::program::{Clock, Program, own_change, said};

const POOL: &str = "us-east-1_Tokens001";
const OTHER: &str = "us-east-1_Tokens002";

struct Bench {
    emulator: Emulator,
    program: Program,
}

impl Bench {
    fn new() -> Self {
        let clock = Clock::new();
        let pool = |id| {
            PoolSeed::new(id, "tokens")
                .user(User::new("ann").with("nickname", "Annie"))
                .client(Client::new("web"))
        };
        let seed = Seed::empty().pool(pool(POOL)).pool(pool(OTHER));
        let emulator = Emulator::new(seed, clock.reader());
        let program = Program::on_the_wire(emulator.clone(), &clock);
        Self { emulator, program }
    }

    fn token(&self) -> String {
        self.emulator.access_token(POOL, "web", "ann").unwrap()
    }

    /// Takes a token for a pool, and what the service was asked meanwhile.
    fn act_as(&self, pool: &str, token: &str) -> (Result<SignedIn, Fault>, Vec<String>) {
        let before = self.emulator.calls().len();
        let answer = self.program.act_as(&place(pool), token, None);
        let calls = self.emulator.calls();
        let asked = calls[before..].iter().map(|call| call.operation.clone()).collect();
        (answer, asked)
    }
}

fn place(pool: &str) -> Place {
    Place {
        target: Target::default(),
        pool: PoolId::new(pool),
    }
}

/// The token with something else in its payload. Nobody here checks the signature: only the service can.
fn altered(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let mut payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    change(&mut payload);
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    [parts[0], &payload, parts[2]].join(".")
}

#[test]
fn a_token_that_cannot_be_used_never_leaves() {
    let bench = Bench::new();
    let good = bench.token();
    let cases = [
        ("not a token".to_owned(), "that is no access token"),
        (String::new(), "that is no access token"),
        (
            altered(&good, |payload| payload["token_use"] = json!("id")),
            "that is a token for 'id', not an access token",
        ),
        (
            altered(&good, |payload| payload["scope"] = json!("openid email")),
            "lacks the scope aws.cognito.signin.user.admin",
        ),
        (
            altered(&good, |payload| payload["exp"] = json!(1_700_000_000)),
            "expired at 2023-11-14 22:13:20 UTC",
        ),
    ];
    for (token, problem) in cases {
        let (answer, asked) = bench.act_as(POOL, &token);
        let fault = answer.unwrap_err();
        assert_eq!(
            (fault.kind, fault.code.as_str()),
            (FaultKind::Local, "AccessToken"),
            "{problem}"
        );
        assert!(fault.message.as_str().contains(problem), "{}", fault.message.as_str());
        assert_eq!(asked, Vec::<String>::new(), "{problem}");
        assert!(token.is_empty() || !format!("{fault:?}{}", fault.message.as_str()).contains(&token));
    }
    let (answer, asked) = bench.act_as(OTHER, &good);
    assert!(
        answer.unwrap_err().message.as_str().contains(POOL),
        "whose it is, is named"
    );
    assert_eq!(asked, Vec::<String>::new());
}

#[test]
fn blanks_and_line_ends_around_a_token_are_no_part_of_it() {
    let bench = Bench::new();
    let (answer, asked) = bench.act_as(POOL, &format!("  {}\r\n", bench.token()));
    assert!(matches!(answer, Ok(SignedIn::As(_))), "{answer:?}");
    assert_eq!(asked, ["GetUser"]);
}

#[test]
fn a_token_is_held_for_its_own_pool_alone() {
    let bench = Bench::new();
    bench.act_as(POOL, &bench.token()).0.unwrap();
    let ann = bench.program.own_user(&place(POOL), "ann").unwrap();
    let elsewhere = bench.program.own_user(&place(OTHER), "ann").unwrap_err();
    assert_eq!(elsewhere.code.as_str(), "NoToken");
    bench.program.open_own_writer(&place(POOL));
    let change = own_change(&ann, &[("nickname", Some("Anna"))]);
    let submitted = bench.program.submit(&place(OTHER), change);
    assert!(
        matches!(&submitted.outcome, Outcome::Refused(fault) if fault.code.as_str() == "ReadOnly"),
        "{:?}",
        submitted.outcome
    );
}

/// A forged token that looks well is the service's to refuse, and what was held before stays.
#[test]
fn a_token_that_the_service_refuses_is_not_held() {
    let bench = Bench::new();
    let good = bench.token();
    let forged = altered(&good, |payload| payload["jti"] = json!("never-issued"));
    let (answer, asked) = bench.act_as(POOL, &forged);
    let fault = answer.unwrap_err();
    assert_eq!(
        (fault.operation, fault.code.as_str()),
        ("GetUser", "NotAuthorizedException")
    );
    assert_eq!(asked, ["GetUser"]);
    assert_eq!(
        bench.program.own_user(&place(POOL), "ann").unwrap_err().code.as_str(),
        "NoToken"
    );
    bench.act_as(POOL, &good).0.unwrap();
    bench.act_as(POOL, &forged).0.unwrap_err();
    assert!(bench.program.own_user(&place(POOL), "ann").is_ok());
}

/// A new token takes the place of the one before, and leave to write with that one is over.
#[test]
fn another_token_ends_what_could_be_written_with_the_first() {
    let bench = Bench::new();
    bench.act_as(POOL, &bench.token()).0.unwrap();
    bench.program.open_own_writer(&place(POOL));
    bench.act_as(POOL, &bench.token()).0.unwrap();
    let ann = bench.program.own_user(&place(POOL), "ann").unwrap();
    let change = || own_change(&ann, &[("nickname", Some("Anna"))]);
    let submitted = bench.program.submit(&place(POOL), change());
    assert!(
        matches!(&submitted.outcome, Outcome::Refused(fault) if fault.code.as_str() == "ReadOnly"),
        "{:?}",
        submitted.outcome
    );
    bench.program.open_own_writer(&place(POOL));
    assert_eq!(bench.program.submit(&place(POOL), change()).outcome, Outcome::Applied);
}

#[test]
fn whose_token_it_has_to_be_is_the_sub_and_not_the_name() {
    let bench = Bench::new();
    let sub = |pool: &str| bench.emulator.user(pool, "ann").unwrap().sub().to_owned();
    assert_ne!(sub(POOL), sub(OTHER), "one name, two people");
    let ask = |expected: &str| {
        let token = Secret::new(bench.token());
        match bench.program.ask(Job::ActAs {
            place: place(POOL),
            token,
            expected: Some(Raw::from(expected)),
        }) {
            Reply::SignedIn(answer) => answer.unwrap().value,
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(ask(&sub(POOL)), SignedIn::As(_)));
    let SignedIn::SomebodyElse(name) = ask(&sub(OTHER)) else {
        panic!("it was taken")
    };
    assert_eq!(name.as_str(), "ann");
}

/// GetUser leaves out what the app client may not read: that says nothing about a write that was accepted.
#[test]
fn what_the_app_client_is_not_shown_is_not_said_to_differ() {
    let clock = Clock::new();
    let user = User::new("ann")
        .with("email", "ann@example.com")
        .with("email_verified", "false");
    let pool = PoolSeed::new(POOL, "tokens")
        .auto_verified(&["email"])
        .user(user)
        .client(
            Client::new("web")
                .reads(&["email", "name"])
                .writes(&["name", "nickname"]),
        );
    let emulator = Emulator::new(Seed::empty().pool(pool), clock.reader());
    let program = Program::on_the_wire(emulator.clone(), &clock);
    let place = place(POOL);
    let token = emulator.access_token(POOL, "web", "ann").unwrap();
    let Ok(SignedIn::As(acting)) = program.act_as(&place, &token, None) else {
        panic!("not taken")
    };
    program.open_own_writer(&place);
    let hidden = |submitted: &Submitted, names: &str| {
        let Outcome::Unknown(fault) = &submitted.outcome else {
            panic!("{:?}", submitted.outcome)
        };
        assert_eq!(
            submitted.unread.as_ref(),
            Some(fault),
            "it was accepted, and the reading is to blame"
        );
        assert_eq!(
            said(fault),
            format!("NotShown: not shown to the app client of the token: {names}")
        );
    };
    let client = acting.client.clone().unwrap();
    // First while the app client's settings are not known, then with them.
    for described in [false, true] {
        if described {
            let reply = program.ask(Job::Client {
                place: place.clone(),
                client: client.clone(),
            });
            assert!(matches!(reply, Reply::Client(Ok(_))), "{reply:?}");
        }
        let ann = program.own_user(&place, "ann").unwrap();
        let text = format!("Annie {described}");
        hidden(
            &program.submit(&place, own_change(&ann, &[("nickname", Some(&text))])),
            "nickname",
        );
        let shown = own_change(&ann, &[("name", Some(&text))]);
        assert_eq!(program.submit(&place, shown).outcome, Outcome::Applied);
    }
    let ann = program.own_user(&place, "ann").unwrap();
    let contact = Contact::Email;
    program.carry_out(
        &place,
        Operation::SendCode {
            user: Arc::clone(&ann),
            contact,
            metadata: ClientMetadata::default(),
        },
    );
    let code = emulator.outbox().last().unwrap().code.clone().unwrap();
    let verified = Operation::VerifyCode {
        user: ann,
        contact,
        pending: None,
        code: Secret::new(code),
    };
    hidden(&program.carry_out(&place, verified), "email_verified");
}
