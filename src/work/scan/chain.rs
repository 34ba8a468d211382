//! One chain of pages, from its beginning or from a token to its end, or to what stops it.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::pace::Category;
use super::gate::LONGEST_WAIT;
use super::run::{Halt, Run};
use crate::domain::find::{Ask, Operator};
use crate::domain::{Fault, FaultKind, Page, PageToken, Raw, User};
use crate::job::scan::{Chain, Next};
use crate::say;

/// A token lives for an hour; one that is almost as old would not survive the way.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(59);

/// How often in a row a page is asked for again: with waits that double from a second, a minute in all.
const AGAIN: u32 = 6;

/// How often a chain begins again because its token was refused, before that is taken for a fault.
const BEGINNINGS: u32 = 3;

/// Why a chain is not read on.
#[derive(Debug)]
pub enum End {
    /// Everybody was read.
    Whole,
    Stopped,
    /// The service does not take the filter.
    Refused(Fault),
    /// The service takes the filter and answers with others too.
    Ignored,
    Fault(Fault),
}

/// What is worth knowing of a page beyond its users.
pub struct Turned {
    pub took: Duration,
    /// Whether everybody on it has a sub that begins with a hex digit.
    pub by_digit: bool,
}

/// A chain that is being read.
pub struct Reading<'a> {
    run: &'a Run,
    halt: Halt,
    pub chain: Chain,
    /// Whose members it brings, where it is not the pool's users.
    group: Option<Raw>,
    /// How often in a row the page at hand failed.
    failed: u32,
    begun_again: u32,
    /// The tokens that were there already, as hashes: one that comes back leads round in a circle.
    turned: HashSet<u64>,
    hasher: RandomState,
}

impl<'a> Reading<'a> {
    pub fn new(run: &'a Run, halt: Halt, chain: Chain) -> Self {
        Self {
            run,
            halt,
            chain,
            group: None,
            failed: 0,
            begun_again: 0,
            turned: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Everybody in a group, from its beginning.
    pub fn of_group(run: &'a Run, halt: Halt, group: Raw) -> Self {
        Self {
            group: Some(group),
            ..Self::new(run, halt, Chain::new(None))
        }
    }

    /// Reads to the end.
    pub async fn read(mut self) -> (Chain, End) {
        loop {
            if let Err(end) = self.turn().await {
                return (self.chain, end);
            }
        }
    }

    /// Reads one page, however often it takes.
    pub async fn turn(&mut self) -> Result<Turned, End> {
        loop {
            let token = match &self.chain.next {
                Next::Nothing => return Err(End::Whole),
                Next::First => None,
                Next::Token { since, .. } if self.run.shared().now().duration_since(*since) > TOKEN_LIFE => {
                    self.begin_again();
                    None
                }
                Next::Token { token, .. } => Some(token.clone()),
            };
            let passed = self.run.tally.gate.pass(self.run.shared());
            if self.run.unless(&self.halt, passed).await.is_none() {
                return Err(End::Stopped);
            }
            let first = token.is_none();
            let sent = self.run.shared().now();
            let Some(answer) = self.run.answer(&self.halt, self.ask(token)).await else {
                return Err(End::Stopped);
            };
            match answer {
                Ok(page) => return self.take(page, sent).await,
                Err(fault) => self.go_on(fault, first, sent).await?,
            }
        }
    }

    async fn ask(&self, token: Option<PageToken>) -> Result<Page<User>, Fault> {
        let run = self.run;
        let filter = self.chain.digit.map(|digit| Ask {
            attribute: "sub",
            operator: Operator::Prefix,
            value: Raw::from(digit.to_string()),
        });
        let filter = filter
            .map(|ask| ask.filter())
            .transpose()
            .map_err(|problem| Fault::local("ListUsers", "Filter", problem.sentence().plain()))?;
        // Asked for anew with each page: a connection that was made again meanwhile has the newer credentials.
        let reader = run.shared().reader(&run.place).await?.once();
        run.tally.calls.fetch_add(1, Ordering::Relaxed);
        let pool = &run.place.pool;
        let answered = match &self.group {
            Some(group) => reader.list_members(pool, group, token).await?,
            None => reader.list_users(pool, filter.as_deref(), token, None).await?,
        };
        Ok(answered.value)
    }

    async fn take(&mut self, page: Page<User>, sent: Timestamp) -> Result<Turned, End> {
        self.failed = 0;
        let now = self.run.shared().now();
        let in_its_part = page.items.iter().all(|user| match self.chain.digit {
            Some(digit) => leading_digit(user) == Some(digit),
            None => true,
        });
        let turned = Turned {
            took: Duration::try_from(now.duration_since(sent)).unwrap_or_default(),
            by_digit: page.items.iter().all(|user| leading_digit(user).is_some()),
        };
        self.chain.users += page.items.len() as u64;
        let circle = page
            .next
            .as_ref()
            .is_some_and(|token| !self.turned.insert(self.hasher.hash_one(&token.0)));
        self.chain.next = match page.next {
            Some(token) => Next::Token { token, since: now },
            None => Next::Nothing,
        };
        // The one who tells goes on until the last chain has ended, so somebody takes it.
        let _ = self.run.pages.send(page.items).await;
        if !in_its_part {
            return Err(End::Ignored);
        }
        if circle {
            let message =
                "the list leads round in a circle: a page came with the token of a page that was read already";
            return Err(End::Fault(Fault::local(self.operation(), "RepeatedToken", message)));
        }
        Ok(turned)
    }

    /// What a fault means for the page at hand: asked for again after a wait, the chain from its beginning, or the end.
    async fn go_on(&mut self, fault: Fault, first: bool, sent: Timestamp) -> Result<(), End> {
        if fault.kind == FaultKind::Throttled {
            self.run.tally.throttled.fetch_add(1, Ordering::Relaxed);
            self.run.shared().note_rate_of(Category::List, &fault, sent);
        }
        // The service has one code for whatever it does not like of a parameter; one stand-in has another for tokens.
        let parameter = fault.kind == FaultKind::Service
            && ["InvalidParameterException", "InvalidToken"].contains(&fault.code.as_str());
        if parameter && first && self.chain.digit.is_some() {
            return Err(End::Refused(fault));
        }
        if parameter && !first && self.begun_again < BEGINNINGS {
            self.begun_again += 1;
            self.begin_again();
            return Ok(());
        }
        if !passes(fault.kind) || self.failed >= AGAIN {
            return Err(End::Fault(fault));
        }
        let wait = Duration::from_secs(1 << self.failed).min(LONGEST_WAIT);
        self.failed += 1;
        if fault.kind == FaultKind::Throttled {
            self.run.tally.gate.close(wait, self.run.shared().now());
            return Ok(());
        }
        match self.run.unless(&self.halt, self.run.shared().sleep(wait)).await {
            Some(()) => Ok(()),
            None => Err(End::Stopped),
        }
    }

    fn operation(&self) -> &'static str {
        match self.group {
            Some(_) => "ListUsersInGroup",
            None => "ListUsers",
        }
    }

    fn begin_again(&mut self) {
        self.chain = Chain::new(self.chain.digit);
        self.turned.clear();
        self.run.notice(match (&self.group, self.chain.digit) {
            (Some(group), _) => say!(
                "the place in the list was no longer good (it is for an hour): the group ",
                name group,
                " was read from its beginning again, and who was read twice counts once"
            ),
            (None, None) => {
                "the place in the list was no longer good (it is for an hour): the pool was read from its beginning \
                     again, and who was read twice counts once"
                    .into()
            }
            (None, Some(digit)) => say!(
                "the place in the list was no longer good (it is for an hour): the part of subs that begin with ",
                own digit.to_string(),
                " was read from its beginning again, and who was read twice counts once"
            ),
        });
    }
}

/// Whether it may be over by itself.
fn passes(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Throttled | FaultKind::Server | FaultKind::Timeout | FaultKind::Broken | FaultKind::NoConnection
    )
}

/// The first character of a sub, where it is one of the sixteen.
fn leading_digit(user: &User) -> Option<char> {
    let first = user.sub()?.chars().next()?.to_ascii_lowercase();
    first.is_ascii_hexdigit().then_some(first)
}
