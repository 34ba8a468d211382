//! Every error that the service is known to send, for every operation this program calls: sent by the emulator, decoded
//! by the real SDK, brought back by the desk. The list of codes is the API model's, in the version that
//! `tests/peers/requirements.txt` pins, so that a code it gains and the program has no words for fails here.

use std::collections::BTreeSet;
use std::path::Path;

use cognitui::domain::fault::{Access, words_for};
use cognitui::domain::{Fault, FaultKind, Operation, Outcome, Place, PoolId, Route, Target, Username};
use cognitui::emulator::{self, Emulator, PoolSeed, Seed, User};
use cognitui::job::{Answer, Job, Protection, Reply, Submission};

use super::program::{Clock, Program, change};
use crate::peers;

const POOL: &str = "us-east-1_Errors001";

/// Errors common to all of AWS, which no operation lists (Cognito API reference, common errors).
const UNMODELLED: [&str; 10] = [
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "ServiceUnavailable",
    "ThrottlingException",
    "UnrecognizedClientException",
];

/// The operations this program calls. Another test holds this list against the sources.
const OPERATIONS: [&str; 8] = [
    "AdminGetUser",
    "AdminListGroupsForUser",
    "AdminUpdateUserAttributes",
    "DescribeIdentityProvider",
    "DescribeUserPool",
    "ListIdentityProviders",
    "ListUserPools",
    "ListUsers",
];

const WRITE: &str = "AdminUpdateUserAttributes";

/// What the program may conclude from a code.
fn kind(code: &str) -> FaultKind {
    match code {
        "TooManyRequestsException" | "ThrottlingException" => FaultKind::Throttled,
        "InternalErrorException" | "InternalFailure" | "ServiceUnavailable" => FaultKind::Server,
        _ => FaultKind::Service,
    }
}

/// A pool with one user and one identity provider, and the program in front of it.
struct Bench {
    emulator: Emulator,
    program: Program,
    place: Place,
}

impl Bench {
    fn new() -> Self {
        let clock = Clock::new();
        let pool = PoolSeed::new(POOL, "errors")
            .user(User::new("ann").verified_email("ann@example.com"))
            .provider("Corp", "OIDC", &[("email", "mail")]);
        let emulator = Emulator::new(Seed::empty().pool(pool), clock.reader());
        let program = Program::on_the_wire(emulator.clone(), &clock);
        let place = Place {
            target: Target::default(),
            pool: PoolId::new(POOL),
        };
        program.open_writer(&place, Protection::Open);
        Self {
            emulator,
            program,
            place,
        }
    }

    /// How often an operation was called.
    fn calls(&self, operation: &str) -> usize {
        self.emulator
            .calls()
            .iter()
            .filter(|call| call.operation == operation)
            .count()
    }

    /// Has the emulator refuse one operation, asks for what needs it, and gives back what the program made of it.
    fn refused(&self, operation: &str, code: &str, message: &str) -> Fault {
        self.emulator
            .inject(emulator::Fault::error(code, message).on(operation).always());
        let place = self.place.clone();
        let username = Username::new("ann");
        let job = match operation {
            "AdminGetUser" => Job::GetUser {
                place,
                username,
                route: Route::Admin,
            },
            "AdminListGroupsForUser" => Job::Groups { place, username },
            "DescribeIdentityProvider" | "ListIdentityProviders" => Job::Providers { place },
            "DescribeUserPool" => Job::DescribePool { place },
            "ListUserPools" => Job::ListPools {
                target: place.target,
                token: None,
            },
            "ListUsers" => Job::ListUsers { place, token: None },
            WRITE => return self.refused_write(code),
            other => panic!("no job calls {other}"),
        };
        let fault = match self.program.ask(job) {
            Reply::User(answer) => refusal(answer),
            Reply::Groups(answer) => refusal(answer),
            Reply::Providers(answer) => refusal(answer),
            Reply::Pool(answer) => refusal(answer),
            Reply::Pools(answer) => refusal(answer),
            Reply::Users(answer) => refusal(answer),
            other => panic!("{operation} was answered with {other:?}"),
        };
        self.emulator.heal();
        fault
    }

    /// The same for the write, which also has to end in the right word after the right number of sends.
    fn refused_write(&self, code: &str) -> Fault {
        let before = self.calls(WRITE);
        let base = self.program.user(&self.place, "ann").unwrap();
        let (submitted, news) = self.program.submit_with_news(Submission {
            place: self.place.clone(),
            operation: Operation::update(change(&base, &[("nickname", Some(code))])),
            armed_until: None,
        });
        self.emulator.heal();
        let sends = self.calls(WRITE) - before;
        let now = submitted.now.as_ref().unwrap();
        assert_ne!(now.text("nickname"), Some(code), "{code}: it was stored");
        match (kind(code), submitted.outcome) {
            (FaultKind::Throttled, Outcome::Refused(fault)) => {
                assert_eq!((sends, news.len()), (4, 3), "{code}: sends and waits");
                fault
            }
            (FaultKind::Server, Outcome::Unknown(fault)) | (FaultKind::Service, Outcome::Refused(fault)) => {
                assert_eq!((sends, news.len()), (1, 0), "{code}: sends and waits");
                fault
            }
            (_, outcome) => panic!("{code} ended {outcome}"),
        }
    }
}

fn refusal<T>(answer: Answer<T>) -> Fault {
    match answer {
        Err(fault) => fault,
        Ok(_) => panic!("it was not refused"),
    }
}

/// What is not as it should be about one code of one operation.
fn wrong(bench: &Bench, operation: &str, code: &str) -> Vec<String> {
    let message = format!("The words of {code}, \"quoted\" and Zoë's.");
    let fault = bench.refused(operation, code, &message);
    let id = bench
        .emulator
        .calls()
        .iter()
        .rfind(|call| call.operation == operation)
        .map(|call| call.request_id.clone());
    let next = fault.next_step().plain();
    let write = operation == WRITE;
    let told = fault
        .what_changed(if write { Access::Write } else { Access::Read })
        .plain();
    let uncertain = write && kind(code) == FaultKind::Server;
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{operation}, {code}: {what}"));
        }
    };
    check(fault.operation == operation, "another operation");
    check(fault.code.as_str() == code, "another code");
    check(fault.message.as_str() == message, "another message");
    check(fault.kind == kind(code), &format!("{:?}", fault.kind));
    check(
        fault.request_id.as_ref().map(|id| id.as_str().to_owned()) == id,
        "another request id",
    );
    check(
        fault.status.is_some_and(|status| (400..=503).contains(&status)),
        "no status",
    );
    check(words_for(code).is_some(), "no words of its own");
    check(!fault.meaning().plain().is_empty(), "no meaning");
    check(!next.is_empty(), "no next step");
    check(
        (code == "AccessDeniedException") == fault.missing_action().is_some(),
        "a missing action",
    );
    check(
        told.contains("may have been applied") == uncertain,
        &format!("says: {told}"),
    );
    wrong
}

#[test]
fn every_modelled_error_of_every_operation_has_words_of_its_own() {
    let Some(peers) = peers::for_suite("the error table against the API model") else {
        return;
    };
    let shapes = peers.error_shapes().unwrap();
    let bench = Bench::new();
    let mut missed = Vec::new();
    let mut checked = 0;
    for operation in OPERATIONS {
        let codes = shapes.get(operation).unwrap();
        assert!(codes.len() >= 4, "{operation} has only {codes:?}");
        for code in codes {
            checked += 1;
            missed.extend(wrong(&bench, operation, code));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of {checked}:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn every_error_that_no_operation_lists_has_words_of_its_own() {
    let bench = Bench::new();
    let mut missed = Vec::new();
    for operation in OPERATIONS {
        for code in UNMODELLED {
            missed.extend(wrong(&bench, operation, code));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_code_without_words_would_be_noticed() {
    let bench = Bench::new();
    let missed = wrong(&bench, "AdminGetUser", "InventedException");
    assert_eq!(missed, ["AdminGetUser, InventedException: no words of its own"]);
}

#[test]
fn a_refused_permission_names_the_action_that_is_missing() {
    let bench = Bench::new();
    for operation in OPERATIONS {
        let message = format!(
            "User: arn:aws:sts::123456789012:assumed-role/Support/ana is not authorized to perform: \
             cognito-idp:{operation} on resource: * because no identity-based policy allows the \
             cognito-idp:{operation} action"
        );
        let fault = bench.refused(operation, "AccessDeniedException", &message);
        assert_eq!(fault.missing_action(), Some(format!("cognito-idp:{operation}")));
        assert!(
            fault.meaning().plain().contains(operation),
            "{}",
            fault.meaning().plain()
        );
        assert!(
            fault.next_step().plain().contains(operation),
            "{}",
            fault.next_step().plain()
        );
    }
}

/// The operations in the sources of the reader and the writer, by the SDK's names for them.
#[test]
fn the_operations_are_all_that_the_program_calls() {
    let source = |file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cognito").join(file);
        std::fs::read_to_string(path).unwrap()
    };
    let text = source("reader.rs") + &source("writer.rs");
    let called: BTreeSet<String> = text
        .split(".client")
        .skip(1)
        .filter_map(|after| {
            after
                .trim_start()
                .strip_prefix('.')?
                .split_once('(')
                .map(|(name, _)| name)
        })
        .map(|snake| {
            snake
                .split('_')
                .map(|word| word[..1].to_uppercase() + &word[1..])
                .collect::<String>()
        })
        .collect();
    let listed: BTreeSet<String> = OPERATIONS.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(called, listed);
}
