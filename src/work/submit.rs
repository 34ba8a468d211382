//! The one path of a write. Its order is the design: policy, pace, re-read, record, apply, classify, settle, read back.
//!
//! Nothing goes out that is not in the journal, nothing goes out twice, and nothing is said to be done that was not
//! read back.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::cognito::{Attempt, Connection, Round};
use crate::domain::Answered;
use crate::domain::{Fault, Intent, Operation, Outcome, Place, Raw, Route, Sentence, User, Username};
use crate::job::{Reply, Step, Submission, Submitted, Ticket};
use crate::journal::{Answer, JournalError, NotSent, Notice, Recorded, Sent, Settled};

use super::desk::{OpenWriter, Shared};
use super::leave;
use super::pace::Category;

mod seen;

pub use seen::settle;

/// Sends of one decision at most, all but the last refused for rate.
const SENDS: u32 = 4;

/// Waits before the second, third and fourth send.
const WAITS: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// The call that reads a user.
fn reading(route: Route) -> &'static str {
    match route {
        Route::Admin => "AdminGetUser",
        Route::Own => "GetUser",
    }
}

/// AdminGetUser, or GetUser with the token held for the pool, at the pace of reading.
pub async fn read(
    shared: &Shared,
    place: &Place,
    username: &Username,
    route: Route,
) -> Result<Answered<Arc<User>>, Fault> {
    let reader = shared.reader(place).await?;
    shared.wait_for(Category::Read).await;
    let answered = match route {
        Route::Admin => reader.get_user(&place.pool, username).await,
        Route::Own => reader.own_user(&shared.token(place)?).await,
    }
    .inspect_err(|fault| shared.note_rate(Category::Read, fault))?;
    // The operation takes aliases too: a name that is free by now can be an alias of somebody else.
    if answered.value.username != *username {
        return Err(Fault {
            request_id: answered.request_id,
            ..Fault::local(
                reading(route),
                "OtherUser",
                "the service answered with a user of another name",
            )
        });
    }
    Ok(Answered {
        value: Arc::new(answered.value),
        request_id: answered.request_id,
    })
}

/// Does a write from beginning to end.
pub async fn submit(
    shared: &Arc<Shared>,
    ticket: Ticket,
    submission: Submission,
    stopped: watch::Receiver<bool>,
) -> Submitted {
    let path = Path {
        shared,
        ticket,
        result: nothing_yet(submission.operation.user().username.clone()),
        submission,
        stopped,
    };
    path.walk().await
}

/// Before anything went out.
fn nothing_yet(username: Username) -> Submitted {
    Submitted::new(username, Outcome::NotSent(Vec::new()))
}

/// One write on its way.
struct Path<'a> {
    shared: &'a Arc<Shared>,
    ticket: Ticket,
    submission: Submission,
    stopped: watch::Receiver<bool>,
    result: Submitted,
}

impl Path<'_> {
    async fn walk(mut self) -> Submitted {
        let (open, connection) = match self.allowed().await {
            Ok(allowed) => allowed,
            Err(fault) => return self.refused(fault),
        };
        if let Err(stop) = self.permits_and_re_read().await {
            return self.not_sent(stop);
        }
        let intent = self.intent(&connection);
        let recorded = match on_disk(self.shared, move |journal| journal.record(intent)).await {
            Ok(recorded) => recorded,
            Err(error) => {
                let fault = Fault::local(self.submission.operation.name(), "Journal", error.to_string());
                return self.refused(fault);
            }
        };
        self.result.journal_id = Some(recorded.id().raw().clone());
        if *self.stopped.borrow() {
            // Writing it down can wait for another console's lock; whoever stopped it meanwhile still can.
            return self.abandon(recorded, NotSent::Stopped, 0, Duration::ZERO).await;
        }
        let sent = match self.send(&open, recorded).await {
            Ok(sent) => sent,
            Err(result) => return *result,
        };
        let answer = sent.answer().clone();
        let settled = self.settle(sent).await;
        self.read_back(&answer).await;
        if let Some(settled) = settled {
            seen::write_seen(self.shared, settled, &mut self.result).await;
        }
        self.result
    }

    /// 1: the rules allow it, a Writer exists, a protected pool is armed, and the reason will do. Checked here whatever the
    /// screen checked.
    async fn allowed(&self) -> Result<(OpenWriter, Arc<Connection>), Fault> {
        let place = &self.submission.place;
        let operation = &self.submission.operation;
        let guard = leave::to_write(self.shared, place, operation.name()).await?;
        let open = self.shared.open_writer(place, operation.route()).ok_or_else(|| {
            Fault::local(
                operation.name(),
                "ReadOnly",
                "this pool is open for reading only; nothing was sent",
            )
        })?;
        let armed = self
            .submission
            .armed_until
            .is_some_and(|until| self.shared.now() < until);
        if guard.protected && !armed {
            return Err(Fault::local(
                operation.name(),
                "NotArmed",
                "this pool is protected and its name was not typed, or too long ago; nothing was sent",
            ));
        }
        leave::reason_given(operation.name(), &guard.reason, &self.submission.why)?;
        leave::user(self.shared.guards(), operation.name(), operation.user())?;
        let connection = self.shared.connection(&place.target, Some(&place.pool)).await?;
        Ok((open, connection))
    }

    /// 2 and 3: leave to send, then the user once more: what changed since the review stops the write.
    async fn permits_and_re_read(&mut self) -> Result<(), NotSent> {
        self.shared.wait_for(Category::of(&self.submission.operation)).await;
        let operation = &self.submission.operation;
        let now = self.read(operation).await.map_err(NotSent::Unread)?.value;
        leave::user_and_groups(self.shared, &self.submission.place, operation.name(), &now)
            .await
            .map_err(NotSent::Unread)?;
        self.result.moved = operation.drift(&now);
        self.result.now = Some(now);
        if self.result.moved.stops() {
            return Err(NotSent::Changed(self.result.moved.touched.clone()));
        }
        if *self.stopped.borrow() {
            return Err(NotSent::Stopped);
        }
        Ok(())
    }

    async fn read(&self, operation: &Operation) -> Result<Answered<Arc<User>>, Fault> {
        let username = &operation.user().username;
        read(self.shared, &self.submission.place, username, operation.route()).await
    }

    fn intent(&self, connection: &Connection) -> Intent {
        let operation = &self.submission.operation;
        Intent {
            caller: connection.known_caller(),
            place: connection.written(&self.submission.place.pool),
            user: operation.user().username.clone(),
            sub: operation.user().sub().map(str::to_owned),
            operation: operation.clone(),
            why: self.submission.why.clone(),
        }
    }

    /// 5: one request. Only a refusal for rate gives the decision back, to be sent again after a wait and a new
    /// reading; the operator can stop it before each send.
    async fn send(&mut self, open: &OpenWriter, recorded: Recorded) -> Result<Sent, Box<Submitted>> {
        let since = self.shared.now();
        let mut recorded = recorded;
        let mut number = 1;
        loop {
            if let Err(why) = self.still_allowed(open) {
                let took = self.since(since);
                return Err(Box::new(self.abandon(recorded, why, number - 1, took).await));
            }
            let fault = match open.writer.apply(recorded, Round { number, since }).await {
                Attempt::Sent(sent) => return Ok(sent),
                Attempt::Throttled(back, fault) => {
                    recorded = back;
                    fault
                }
            };
            self.shared.note_rate(Category::of(&self.submission.operation), &fault);
            let took = self.since(since);
            let Some(wait) = WAITS.get(usize::try_from(number - 1).unwrap_or(usize::MAX)) else {
                // The last refusal is the answer: it is written down as one.
                return Ok(recorded.sent(Answer::Refused(fault), number, took));
            };
            let step = Step::Throttled {
                attempt: number,
                of: SENDS,
                wait: *wait,
            };
            self.shared.news(self.ticket, Reply::Submitting(step));
            let why = match self.wait_unless_stopped(*wait).await {
                Ok(()) => match self.still_allowed(open) {
                    Ok(()) => self.permits_and_re_read().await.err(),
                    Err(closed) => Some(closed),
                },
                Err(stopped) => Some(stopped),
            };
            if let Some(why) = why {
                return Err(Box::new(self.abandon(recorded, why, number, took).await));
            }
            number += 1;
        }
    }

    /// Reading again and writing it down take a while: leave to write may be gone by then, or be another user's.
    fn still_allowed(&self, open: &OpenWriter) -> Result<(), NotSent> {
        if self.shared.is_open(&self.submission.place, open) {
            Ok(())
        } else {
            Err(NotSent::ReadOnly)
        }
    }

    fn since(&self, since: Timestamp) -> Duration {
        Duration::try_from(self.shared.now().duration_since(since)).unwrap_or_default()
    }

    async fn wait_unless_stopped(&mut self, wait: Duration) -> Result<(), NotSent> {
        tokio::select! {
            () = self.shared.sleep(wait) => Ok(()),
            stopped = self.stopped.wait_for(|stopped| *stopped) => match stopped {
                Ok(_) => Err(NotSent::Stopped),
                // Whoever could have stopped it is gone: the program is ending, and nothing more goes out.
                Err(_) => Err(NotSent::Stopped),
            },
        }
    }

    /// A recorded write that does not go out after all: the journal says so.
    async fn abandon(&mut self, recorded: Recorded, why: NotSent, attempts: u32, took: Duration) -> Submitted {
        let reason = why.clone();
        let written = on_disk(self.shared, move |journal| {
            journal.abandon(recorded, &reason, attempts, took)
        })
        .await;
        match written {
            Ok(notices) => add_notices(&mut self.result, &notices),
            Err(error) => say_journal(&mut self.result, &error),
        }
        let result = std::mem::replace(
            &mut self.result,
            nothing_yet(self.submission.operation.user().username.clone()),
        );
        with_reason(result, why)
    }

    /// 6 and 7: the answer goes to the journal. Where it cannot, what was sent stays sent: that is said, and the user
    /// is read back all the same.
    async fn settle(&mut self, sent: Sent) -> Option<Settled> {
        self.result.outcome = match sent.answer() {
            Answer::Accepted { request_id, reported } => {
                self.result.request_id.clone_from(request_id);
                self.result.reported.clone_from(reported);
                // What it came to is for the read-back to say.
                Outcome::Applied
            }
            Answer::Refused(fault) => {
                self.result.request_id.clone_from(&fault.request_id);
                Outcome::Refused(fault.clone())
            }
            Answer::Unknown(fault) => {
                self.result.request_id.clone_from(&fault.request_id);
                Outcome::Unknown(fault.clone())
            }
        };
        match on_disk(self.shared, move |journal| Ok(journal.settle(sent))).await {
            Ok(Ok(settled)) => {
                add_notices(&mut self.result, settled.notices());
                Some(settled)
            }
            Ok(Err(unsettled)) => {
                say_journal(&mut self.result, &unsettled.error);
                None
            }
            Err(error) => {
                say_journal(&mut self.result, &error);
                None
            }
        }
    }

    /// 8: what is true now. Only this decides between applied, waiting and differs.
    async fn read_back(&mut self, answer: &Answer) {
        let operation = &self.submission.operation;
        let now = match self.read(operation).await {
            Ok(answered) => answered.value,
            Err(fault) => {
                match answer {
                    Answer::Accepted { .. } => self.result.outcome = Outcome::Unknown(fault.clone()),
                    // The values may have been stored before this was raised, and nothing shows that they were not.
                    Answer::Refused(late) if late.is_late() => self.result.outcome = Outcome::Unknown(late.clone()),
                    Answer::Refused(_) | Answer::Unknown(_) => {}
                }
                self.result.now = None;
                self.result.unread = Some(fault);
                return;
            }
        };
        seen::conclude(
            self.shared,
            &self.submission.place,
            operation,
            answer,
            &now,
            &mut self.result,
        );
        self.result.now = Some(now);
    }

    fn refused(mut self, fault: Fault) -> Submitted {
        self.result.outcome = Outcome::Refused(fault);
        self.result
    }

    fn not_sent(self, why: NotSent) -> Submitted {
        with_reason(self.result, why)
    }
}

fn with_reason(mut result: Submitted, why: NotSent) -> Submitted {
    result.outcome = Outcome::NotSent(Vec::new());
    match why {
        NotSent::Stopped => result.stopped = true,
        NotSent::Changed(drifts) => result.outcome = Outcome::NotSent(drifts),
        NotSent::Unread(fault) => result.unread = Some(fault),
        NotSent::ReadOnly => result
            .notices
            .push("writing to this pool was switched off meanwhile".into()),
    }
    result
}

fn add_notices(result: &mut Submitted, notices: &[Notice]) {
    for notice in notices {
        // The words hold a path; what is remote in it is shown like any other remote text.
        let said = Sentence::new().quote(&Raw::from(notice.to_string()));
        if !result.notices.contains(&said) {
            result.notices.push(said);
        }
    }
}

fn say_journal(result: &mut Submitted, error: &JournalError) {
    result
        .notices
        .push(Sentence::new().quote(&Raw::from(error.to_string())));
}

/// Runs a step of the journal where blocking is allowed: it waits for the disk.
pub(super) async fn on_disk<T: Send + 'static>(
    shared: &Arc<Shared>,
    step: impl FnOnce(&crate::journal::Journal) -> Result<T, JournalError> + Send + 'static,
) -> Result<T, JournalError> {
    let owned = Arc::clone(shared);
    match tokio::task::spawn_blocking(move || owned.journal().and_then(step)).await {
        Ok(result) => result,
        // A panic in there is one of ours: let it surface where the desk turns it into an entry.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(ended) => std::panic::resume_unwind(Box::new(ended.to_string())),
        },
    }
}
