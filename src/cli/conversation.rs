//! The desk without a screen: jobs with tickets go out, replies and signals come in on one channel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::domain::Sentence;
use crate::job::{Job, Reply, Step, Submission, Submitted, Ticket};
use crate::work::{Desk, Surroundings};

/// The program was told to stop, by this signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signalled(pub i32);

/// What is said while a write is under way.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    Step(Step),
    /// A signal came: it stops before the next send; what has gone out is waited for.
    Stopping,
}

/// What became of a write, as far as somebody waited for it.
#[derive(Debug)]
pub(super) enum Ended {
    With(Box<Submitted>),
    /// The worker itself broke.
    Broken(crate::domain::Fault),
    /// A second signal: nobody waits for the answer any more.
    Abandoned(Signalled),
}

/// What comes in.
enum Heard {
    Reply(Ticket, Reply),
    Signal(i32),
}

/// A desk and whoever listens to it.
pub(super) struct Conversation {
    desk: Desk,
    inbox: Receiver<Heard>,
    /// Answers to questions that were not waited for yet.
    waiting: BTreeMap<Ticket, Reply>,
    tickets: u64,
    stopped_by: Option<Signalled>,
}

impl Conversation {
    /// Starts the worker threads and listens for signals from here on. `note` takes what no question was about.
    pub(super) fn start(
        surroundings: Surroundings,
        note: impl Fn(&Sentence) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (tell, inbox) = mpsc::channel();
        listen(tell.clone())?;
        Self::over(surroundings, note, tell, inbox)
    }

    /// For a command that changes nothing: a signal ends it as it ends any program, even while it waits for a pipe.
    pub(super) fn reading(
        surroundings: Surroundings,
        note: impl Fn(&Sentence) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (tell, inbox) = mpsc::channel();
        Self::over(surroundings, note, tell, inbox)
    }

    fn over(
        surroundings: Surroundings,
        note: impl Fn(&Sentence) + Send + Sync + 'static,
        tell: Sender<Heard>,
        inbox: Receiver<Heard>,
    ) -> std::io::Result<Self> {
        let desk = Desk::new(
            surroundings,
            Arc::new(move |ticket, reply| {
                if let Reply::Clock(off) = reply {
                    return note(&off.sentence());
                }
                // Whoever asked has ended: the answer is for nobody.
                let _ = tell.send(Heard::Reply(ticket, reply));
            }),
        )?;
        Ok(Self {
            desk,
            inbox,
            waiting: BTreeMap::new(),
            tickets: 0,
            stopped_by: None,
        })
    }

    /// Asks, and goes on: [`Conversation::hear`] waits for the answer.
    pub(super) fn ask(&mut self, job: Job) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.desk.ask(ticket, job);
        ticket
    }

    /// Waits for an answer. Before a write any signal ends it.
    pub(super) fn hear(&mut self, ticket: Ticket) -> Result<Reply, Signalled> {
        if let Some(reply) = self.waiting.remove(&ticket) {
            return Ok(reply);
        }
        loop {
            match self.inbox.recv() {
                Ok(Heard::Reply(other, reply)) if other == ticket => return Ok(reply),
                Ok(Heard::Reply(other, reply)) => {
                    self.waiting.insert(other, reply);
                }
                Ok(Heard::Signal(number)) => return Err(Signalled(number)),
                // The desk holds the other end for as long as this has the desk.
                Err(mpsc::RecvError) => return Err(Signalled(SIGTERM)),
            }
        }
    }

    /// The signal that asked a write to stop.
    pub(super) fn stopped_by(&self) -> Option<Signalled> {
        self.stopped_by
    }

    /// The write, to its end. The first signal asks it to stop before it goes out; a second one leaves it.
    pub(super) fn submit(&mut self, submission: Submission, mut news: impl FnMut(News)) -> Ended {
        let ticket = self.ask(Job::Submit(submission));
        loop {
            match self.inbox.recv() {
                Ok(Heard::Reply(other, reply)) if other == ticket => match reply {
                    Reply::Submitted(submitted) => return Ended::With(submitted),
                    Reply::Submitting(step) => news(News::Step(step)),
                    Reply::Broken(fault) => return Ended::Broken(fault),
                    _ => {}
                },
                Ok(Heard::Reply(other, reply)) => {
                    self.waiting.insert(other, reply);
                }
                Ok(Heard::Signal(number)) if self.stopped_by.is_some() => return Ended::Abandoned(Signalled(number)),
                Ok(Heard::Signal(number)) => {
                    self.stopped_by = Some(Signalled(number));
                    self.desk.stop(ticket);
                    news(News::Stopping);
                }
                Err(mpsc::RecvError) => return Ended::Abandoned(Signalled(SIGTERM)),
            }
        }
    }
}

/// SIGHUP and SIGQUIT keep their default: the program ends, and the journal says that nobody saw the end of the write.
fn listen(tell: Sender<Heard>) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for number in signals.forever() {
            if tell.send(Heard::Signal(number)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}
