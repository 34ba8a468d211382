//! Everything the program asks of the service, each in a place of its own, so that one trouble leaves nothing behind for
//! the next.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use cognitui::domain::{
    Account, ClientId, ClientMetadata, Contact, Fault, Operation, Place, PoolId, Raw, Secret, Target, User, Username,
};
use cognitui::emulator::{self, Client, Emulator, PoolSeed, Seed};
use cognitui::job::{Answer, Job, Reply, SignedIn, Submitted};

use super::super::errors::operations::{SIGN_IN, WRITES};
use super::super::jobs;
use super::super::program::{Clock, Program, change, own_change};
use super::super::service::PASSWORD;

const POOL: &str = "us-east-1_WireF0001";

/// What came of one question.
pub enum End {
    Answered,
    Failed(Fault),
    Written(Box<Submitted>),
}

/// One question, and what it took.
pub struct Asked {
    pub end: End,
    /// How many requests of the operation arrived.
    pub sends: usize,
    /// The id of the last one.
    pub id: Option<Raw>,
    /// How long the program waited.
    pub took: Duration,
}

/// A pool with somebody new for every trouble, and the program in front of it.
pub struct Bench {
    emulator: Emulator,
    program: Program,
    place: Place,
    clock: Clock,
    round: Cell<usize>,
}

impl Bench {
    /// With enough people for this many questions.
    pub fn new(rounds: usize) -> Self {
        let clock = Clock::new();
        let mut pool = PoolSeed::new(POOL, "wire").auto_verified(&["email"]).client(
            Client::new("web")
                .flows(&["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"])
                .access_tokens_for(1, "days"),
        );
        for round in 1..=rounds {
            let user = |name: &str| {
                let name = format!("{name}{round}");
                emulator::User::new(&name)
                    .with("email", &format!("{name}@example.com"))
                    .with("email_verified", "false")
                    .with("nickname", "old")
            };
            pool = pool
                .user(user("ann").with("email_verified", "true"))
                .user(user("unverified"))
                .user(user("zoe").status("UNCONFIRMED"))
                .user(user("invited").status("FORCE_CHANGE_PASSWORD"))
                .user(user("off").disabled());
        }
        let pool = pool
            .passwords(PASSWORD)
            .provider("Corp", "OIDC", &[("email", "mail")])
            .group(jobs::GROUP, "", None);
        let emulator = Emulator::new(Seed::empty().pool(pool), clock.reader());
        let bench = Self {
            program: Program::on_the_wire(emulator.clone(), &clock),
            place: Place {
                target: Target::default(),
                pool: PoolId::new(POOL),
            },
            emulator,
            clock,
            round: Cell::new(0),
        };
        bench.program.open_writer(&bench.place);
        // Only with the pool's settings is it known what may wait for a code.
        let reply = bench.program.ask(Job::DescribePool {
            place: bench.place.clone(),
        });
        assert!(matches!(reply, Reply::Pool(Ok(_))), "{reply:?}");
        bench
    }

    /// How often an operation was called, and the request id of the last call.
    fn calls(&self, operation: &str) -> (usize, Option<Raw>) {
        let calls = self.emulator.calls();
        let mut calls = calls.iter().filter(|call| call.operation == operation);
        let last = calls.clone().next_back();
        (
            calls.by_ref().count(),
            last.map(|call| Raw::from(call.request_id.as_str())),
        )
    }

    fn name(&self, who: &str) -> String {
        format!("{who}{}", self.round.get())
    }

    fn user(&self, who: &str) -> Arc<User> {
        self.program.user(&self.place, &self.name(who)).unwrap()
    }

    fn client(&self) -> ClientId {
        ClientId::new(self.emulator.client(POOL, "web").unwrap().id)
    }

    /// Opens the own route of somebody, and gives the user as read there.
    fn become_user(&self, who: &str) -> Arc<User> {
        let token = self.emulator.access_token(POOL, "web", &self.name(who)).unwrap();
        let Ok(SignedIn::As(acting)) = self.program.act_as(&self.place, &token, None) else {
            panic!("nobody to act as")
        };
        self.program.open_own_writer(&self.place);
        acting.user
    }

    /// Asks for what ends in this call, with a fault in its way. Whatever has to come before is asked for first.
    pub fn ask(&self, operation: &str, fault: emulator::Fault) -> Asked {
        self.round.set(self.round.get() + 1);
        // A new connection has all its retries, as after `r`.
        self.program.ask(Job::Reconnect {
            target: self.place.target.clone(),
        });
        self.program.open_writer(&self.place);
        let fault = fault.on(operation).always();
        let before;
        let since;
        let end = if WRITES.contains(&operation) {
            let write = self.write(operation);
            assert_eq!(write.name(), operation);
            (before, since) = (self.calls(operation).0, self.clock.now());
            self.emulator.inject(fault);
            End::Written(Box::new(self.program.carry_out(&self.place, write)))
        } else if SIGN_IN.contains(&operation) {
            let step = self.step(operation);
            (before, since) = (self.calls(operation).0, self.clock.now());
            self.emulator.inject(fault);
            self.reading(step)
        } else {
            let job = self.job(operation);
            (before, since) = (self.calls(operation).0, self.clock.now());
            self.emulator.inject(fault);
            self.reading(job)
        };
        self.emulator.heal();
        let (after, id) = self.calls(operation);
        Asked {
            end,
            sends: after - before,
            id,
            took: Duration::try_from(self.clock.now().duration_since(since)).unwrap(),
        }
    }

    fn reading(&self, job: Job) -> End {
        let next = match (&job, self.program.ask(job.clone())) {
            (Job::ListUsers { place, .. }, Reply::Users(Ok(page))) if page.value.items.is_empty() => {
                page.value.next.map(|token| Job::ListUsers {
                    place: place.clone(),
                    token: Some(token),
                })
            }
            (Job::ListPools { target, .. }, Reply::Pools(Ok(page))) if page.value.items.is_empty() => {
                page.value.next.map(|token| Job::ListPools {
                    target: target.clone(),
                    token: Some(token),
                })
            }
            (_, reply) => return ended(reply),
        };
        // These come a page at a time, and an empty one that leads on is followed by the next.
        match next {
            Some(job) => ended(self.program.ask(job)),
            None => End::Answered,
        }
    }

    fn job(&self, operation: &str) -> Job {
        let place = self.place.clone();
        let username = Username::new(self.name("ann"));
        if operation == "GetUser" {
            self.become_user("ann");
        }
        jobs::reading(operation, place, username, self.client())
    }

    /// One step of a sign-in; the challenge before it is met already.
    fn step(&self, operation: &str) -> Job {
        let (ann, invited) = (self.name("ann"), self.name("invited"));
        jobs::step(operation, &self.program, &self.place, self.client(), &ann, &invited)
    }

    /// A decision that ends in this call and does something that a reading would show, where there is such a thing.
    fn write(&self, operation: &str) -> Operation {
        let account = |who: &str, account| Operation::Account {
            user: self.user(who),
            account,
        };
        let send = |user| Operation::SendCode {
            user,
            contact: Contact::Email,
            metadata: ClientMetadata::default(),
        };
        let nickname = [("nickname", Some("new"))];
        match operation {
            "AdminUpdateUserAttributes" => Operation::update(change(&self.user("ann"), &nickname)),
            "UpdateUserAttributes" => Operation::update(own_change(&self.become_user("ann"), &nickname)),
            "DeleteUserAttributes" => Operation::update(own_change(&self.become_user("ann"), &[("nickname", None)])),
            "AdminConfirmSignUp" => account("zoe", Account::ConfirmSignUp),
            "AdminCreateUser" => account("invited", Account::ResendInvitation),
            "AdminDisableUser" => account("ann", Account::Disable),
            "AdminEnableUser" => account("off", Account::Enable),
            "AdminResetUserPassword" => account("ann", Account::ResetPassword),
            "GetUserAttributeVerificationCode" => send(self.become_user("unverified")),
            "ResendConfirmationCode" => Operation::ResendCode {
                user: self.user("zoe"),
                client: self.client(),
            },
            "VerifyUserAttribute" => {
                let user = self.become_user("unverified");
                self.program.carry_out(&self.place, send(user.clone()));
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
}

fn ended(reply: Reply) -> End {
    fn of<T>(answer: Answer<T>) -> End {
        match answer {
            Ok(_) => End::Answered,
            Err(fault) => End::Failed(fault),
        }
    }
    match reply {
        Reply::Pools(answer) => of(answer),
        Reply::Pool(answer) => of(answer),
        Reply::Providers(answer) => of(answer),
        Reply::Users(answer) => of(answer),
        Reply::User(answer) => of(answer),
        Reply::Groups(answer) => of(answer),
        Reply::GroupNames(answer) => of(answer),
        Reply::ImportHeader(answer) => of(answer),
        Reply::MembersEnded(end) => end.fault.map_or(End::Answered, End::Failed),
        Reply::Clients(answer) => of(answer),
        Reply::Client(answer) => of(answer),
        Reply::SignedIn(answer) => of(answer),
        other => panic!("{other:?}"),
    }
}
