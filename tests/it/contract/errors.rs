//! Every error that the service is known to send, for every operation this program calls: sent by the emulator, decoded
//! by the real SDK, brought back by the desk, drawn by the view. What is checked of each is here; the table of all of them
//! is next door. Its list of codes is the API model's, in the version that `tests/peers/requirements.txt` pins, so that a
//! code it gains and the program has no words for fails there.

use cognitui::domain::fault::{Access, words_for};
use cognitui::domain::sign_in::{Challenge, Flow, Password};
use cognitui::domain::{
    Account, ClientId, ClientMetadata, Contact, Fault, FaultKind, Operation, Outcome, Place, PoolId, Raw, Secret,
    Target, Username,
};
use cognitui::emulator::{self, Client, Emulator, PoolSeed, Seed, User};
use cognitui::job::{Answer, Reply, SignedIn, Submission};

use super::jobs;
use super::program::{Clock, Program, change, own_change};
use super::wire_faults::{How, Screen};

pub(super) mod operations;

use operations::{NOT_IN_IAM, SIGN_IN, WRITES, doubt, operations};

const POOL: &str = "us-east-1_Errors001";

const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";

const PASSWORD: &str = "Correct-horse-1";

/// Errors common to all of AWS, which no operation lists (Cognito API reference, common errors).
pub(super) const UNMODELLED: [&str; 24] = [
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidAction",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MalformedHttpRequestException",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestAbortedException",
    "RequestEntityTooLargeException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "RequestTimeoutException",
    "SerializationException",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
];

/// What the program may conclude from a code.
fn kind(code: &str) -> FaultKind {
    match code {
        "TooManyRequestsException" | "ThrottlingException" => FaultKind::Throttled,
        "InternalErrorException"
        | "InternalFailure"
        | "RequestAbortedException"
        | "RequestTimeoutException"
        | "ServiceUnavailable" => FaultKind::Server,
        _ => FaultKind::Service,
    }
}

/// A pool with one user and one identity provider, and the program in front of it.
pub(super) struct Bench {
    emulator: Emulator,
    program: Program,
    place: Place,
}

impl Bench {
    pub(super) fn new() -> Self {
        let clock = Clock::new();
        let pool = PoolSeed::new(POOL, "errors")
            .user(
                User::new("ann")
                    .verified_email("ann@example.com")
                    .with("nickname", "Annie"),
            )
            .user(User::new("uma").with("email", "uma@example.com").status("UNCONFIRMED"))
            .user(
                User::new("fay")
                    .verified_email("fay@example.com")
                    .status("FORCE_CHANGE_PASSWORD"),
            )
            .passwords(PASSWORD)
            .client(
                Client::new("web")
                    .id(CLIENT)
                    .flows(&["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"])
                    .access_tokens_for(1, "days"),
            )
            .provider("Corp", "OIDC", &[("email", "mail")])
            .group(jobs::GROUP, "", None);
        let emulator = Emulator::new(Seed::empty().pool(pool), clock.reader());
        let program = Program::on_the_wire(emulator.clone(), &clock);
        let place = Place {
            target: Target::default(),
            pool: PoolId::new(POOL),
        };
        program.open_writer(&place);
        let bench = Self {
            emulator,
            program,
            place,
        };
        bench.act_as_ann().unwrap();
        bench.program.open_own_writer(&bench.place);
        bench
    }

    fn act_as_ann(&self) -> Result<SignedIn, Fault> {
        let token = self.emulator.access_token(POOL, "web", "ann").unwrap();
        self.program.act_as(&self.place, &token, None)
    }

    fn sign_in(&self, flow: Flow, username: &str) -> Result<SignedIn, Fault> {
        let password = Password {
            flow,
            client: ClientId::new(CLIENT),
            username: Raw::from(username),
            password: Secret::new(PASSWORD),
            expected: None,
        };
        self.program.sign_in(&self.place, password)
    }

    /// The challenge that fay gets, who has to change the password.
    fn challenge(&self, flow: Flow) -> Challenge {
        match self.sign_in(flow, "fay") {
            Ok(SignedIn::Challenge(challenge)) => challenge,
            other => panic!("fay got {other:?}"),
        }
    }

    /// What a write is, on whom it does something that a reading would show.
    fn write(&self, operation: &str) -> Operation {
        let admin = |name| self.program.user(&self.place, name).unwrap();
        let own = || self.program.own_user(&self.place, "ann").unwrap();
        let step = |name, account| Operation::Account {
            user: admin(name),
            account,
        };
        let nickname = [("nickname", Some("changed"))];
        match operation {
            "AdminUpdateUserAttributes" => Operation::update(change(&admin("ann"), &nickname)),
            "UpdateUserAttributes" => Operation::update(own_change(&own(), &nickname)),
            "DeleteUserAttributes" => Operation::update(own_change(&own(), &[("nickname", None)])),
            "AdminConfirmSignUp" => step("uma", Account::ConfirmSignUp),
            "AdminCreateUser" => step("uma", Account::ResendInvitation),
            "AdminResetUserPassword" => step("ann", Account::ResetPassword),
            "AdminDisableUser" => step("ann", Account::Disable),
            "AdminEnableUser" => step("ann", Account::Enable),
            "ResendConfirmationCode" => Operation::ResendCode {
                user: admin("uma"),
                client: ClientId::new(CLIENT),
            },
            "GetUserAttributeVerificationCode" => Operation::SendCode {
                user: own(),
                contact: Contact::Email,
                metadata: ClientMetadata::default(),
            },
            "VerifyUserAttribute" => Operation::VerifyCode {
                user: own(),
                contact: Contact::Email,
                pending: None,
                code: Secret::new("123456"),
            },
            other => panic!("{other} is no write"),
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
    fn refused(&self, operation: &'static str, code: &str, message: &str) -> Fault {
        let challenged = match operation {
            "RespondToAuthChallenge" => Some(self.challenge(Flow::UserPassword)),
            "AdminRespondToAuthChallenge" => Some(self.challenge(Flow::AdminPassword)),
            _ => None,
        };
        // Read before anything is refused.
        let write = WRITES.contains(&operation).then(|| self.write(operation));
        self.emulator
            .inject(emulator::Fault::error(code, message).on(operation).always());
        let fault = match (write, challenged) {
            (Some(write), _) => self.refused_write(write, code),
            (None, Some(challenge)) => {
                let answer = [("NEW_PASSWORD", "Another-horse-2")];
                self.refused_step(operation, || self.program.answer(&self.place, challenge, &answer))
            }
            (None, None) => match operation {
                "InitiateAuth" => self.refused_step(operation, || self.sign_in(Flow::UserPassword, "ann")),
                "AdminInitiateAuth" => self.refused_step(operation, || self.sign_in(Flow::AdminPassword, "ann")),
                "GetUser" => self.act_as_ann().unwrap_err(),
                _ => self.refused_reading(operation),
            },
        };
        self.emulator.heal();
        fault
    }

    /// One step of a sign-in, which goes out once whatever becomes of it.
    fn refused_step(&self, operation: &str, step: impl FnOnce() -> Result<SignedIn, Fault>) -> Fault {
        let before = self.calls(operation);
        let fault = step().unwrap_err();
        assert_eq!(self.calls(operation) - before, 1, "{operation}: sends");
        fault
    }

    fn refused_reading(&self, operation: &str) -> Fault {
        let job = jobs::reading(
            operation,
            self.place.clone(),
            Username::new("ann"),
            ClientId::new(CLIENT),
        );
        match self.program.ask(job) {
            Reply::User(answer) => refusal(answer),
            Reply::Groups(answer) => refusal(answer),
            Reply::GroupNames(answer) => refusal(answer),
            Reply::ImportHeader(answer) => refusal(answer),
            Reply::MembersEnded(end) => end.fault.unwrap(),
            Reply::Providers(answer) => refusal(answer),
            Reply::Pool(answer) => refusal(answer),
            Reply::Pools(answer) => refusal(answer),
            Reply::Users(answer) => refusal(answer),
            Reply::Clients(answer) => refusal(answer),
            Reply::Client(answer) => refusal(answer),
            other => panic!("{operation} was answered with {other:?}"),
        }
    }

    /// A write also has to end in the right word after the right number of sends, and to leave everything as it was.
    fn refused_write(&self, operation: Operation, code: &str) -> Fault {
        let name = operation.name();
        let before = self.calls(name);
        let stored = self.stored();
        let (submitted, news) = self.program.submit_with_news(Submission {
            place: self.place.clone(),
            operation,
            why: cognitui::domain::Why::default(),
            armed_until: None,
        });
        let sends = self.calls(name) - before;
        assert_eq!(self.stored(), stored, "{name}, {code}: it was stored");
        match (kind(code), submitted.outcome) {
            (FaultKind::Throttled, Outcome::Refused(fault)) => {
                assert_eq!((sends, news.len()), (4, 3), "{name}, {code}: sends and waits");
                fault
            }
            (FaultKind::Server, Outcome::Unknown(fault)) | (FaultKind::Service, Outcome::Refused(fault)) => {
                assert_eq!((sends, news.len()), (1, 0), "{name}, {code}: sends and waits");
                fault
            }
            (_, outcome) => panic!("{name}, {code} ended {outcome}"),
        }
    }

    /// What the service holds of the people here.
    fn stored(&self) -> Vec<String> {
        let people = ["ann", "uma", "fay"];
        people
            .map(|name| {
                format!(
                    "{:?}",
                    self.emulator
                        .user(POOL, name)
                        .map(|user| user.attribute("nickname").map(str::to_owned))
                )
            })
            .to_vec()
    }
}

fn refusal<T>(answer: Answer<T>) -> Fault {
    match answer {
        Err(fault) => fault,
        Ok(_) => panic!("it was not refused"),
    }
}

/// What is not as it should be about one code of one operation.
pub(super) fn wrong(bench: &Bench, screen: &mut Screen, operation: &'static str, code: &str) -> Vec<String> {
    let message = format!("The words of {code}, \"quoted\" and Zoë's,\u{1b}[2J and \u{202e}backwards.");
    let fault = bench.refused(operation, code, &message);
    let id = bench
        .emulator
        .calls()
        .iter()
        .rfind(|call| call.operation == operation)
        .map(|call| call.request_id.clone());
    let next = fault.next_step().plain();
    let write = WRITES.contains(&operation);
    let access = if write { Access::Write } else { Access::Read };
    let told = fault.what_changed(access).plain();
    let answers = operation.ends_with("RespondToAuthChallenge");
    let uncertain = match kind(code) {
        FaultKind::Server => write || SIGN_IN.contains(&operation),
        // A trigger can run after a new password was stored.
        _ => answers && fault.is_late(),
    };
    let denied = code == "AccessDeniedException" && !NOT_IN_IAM.contains(&operation);
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
    check(denied == fault.missing_action().is_some(), "a missing action");
    check(told.contains(doubt(operation)) == uncertain, &format!("says: {told}"));
    for missed in screen.lacks(&fault, access, How::Pane) {
        check(false, &missed);
    }
    wrong
}

#[test]
fn a_code_without_words_would_be_noticed() {
    let bench = Bench::new();
    let missed = wrong(&bench, &mut Screen::new(), "AdminGetUser", "InventedException");
    assert_eq!(missed, ["AdminGetUser, InventedException: no words of its own"]);
}

#[test]
fn a_refused_permission_names_the_action_that_is_missing() {
    let bench = Bench::new();
    for operation in operations().filter(|name| !NOT_IN_IAM.contains(name)) {
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

#[test]
fn no_permission_is_asked_for_where_no_policy_has_a_say() {
    let bench = Bench::new();
    for operation in NOT_IN_IAM {
        let message = format!("User: x is not authorized to perform: cognito-idp:{operation} on resource: *");
        let fault = bench.refused(operation, "AccessDeniedException", &message);
        let told = format!("{} {}", fault.meaning().plain(), fault.next_step().plain());
        assert!(
            !told.contains("cognito-idp:") && told.contains("IAM has no say"),
            "{operation}: {told}"
        );
    }
}
