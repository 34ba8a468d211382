//! The loop: one thread that blocks until something happens, updates, and draws once.
//!
//! Nothing is computed and no byte is written while nothing moves. All waiting is elsewhere: keys on the terminal's
//! thread, requests at the desk.

mod clipboard;
mod editor;
pub mod keys;

use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use jiff::Timestamp;

use crate::app::{App, Effect, Event, Stamped};
use crate::domain::Raw;
use crate::job::{Job, Reply, Ticket};
use crate::terminal::{FromTerminal, Reason, ShutDown, Signal, Suspended, Terminal};
use crate::view::View;
use crate::work::Desk;

pub use clipboard::Clipboard;

/// How long a write under way has to reach its journal entry once the program ends. The terminal's signal thread ends
/// the program after the same time, whatever happens here.
const GRACE: Duration = Duration::from_millis(400);

/// How long messages are taken one after the other before what came of them is drawn: while a file or a pool streams in there is
/// always one more, and a key may be among those that were taken.
const BETWEEN_FRAMES: Duration = Duration::from_millis(8);

/// Where the time of events comes from: the time of day, and a clock that never jumps.
pub trait Clock {
    fn now(&self) -> (Timestamp, Duration);
}

/// The app with the desk behind it: what the loop drives, and what a test drives with the same events.
pub struct Engine<C> {
    pub app: App,
    desk: Desk,
    clock: C,
    /// Writes that have not come to their end, drafts that are not on disk yet, and exports that are not whole.
    writes: BTreeSet<Ticket>,
}

impl<C: Clock> Engine<C> {
    pub fn new(app: App, desk: Desk, clock: C) -> Self {
        Self {
            app,
            desk,
            clock,
            writes: BTreeSet::new(),
        }
    }

    /// Takes one event. Jobs go to the desk; what is left is for the terminal to do.
    pub fn take(&mut self, event: Event) -> Vec<Effect> {
        if let Event::Reply(ticket, reply) = &event {
            self.note(*ticket, reply);
        }
        let (at, mono) = self.clock.now();
        let effects = self.app.update(Stamped { at, mono, event });
        self.hand_over(effects)
    }

    /// Jobs go to the desk; what is left is for the terminal to do.
    fn hand_over(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Ask(ticket, job) => {
                    if let Job::Submit(_) | Job::SaveDraft(_) | Job::Export(_) = job {
                        self.writes.insert(ticket);
                    }
                    self.desk.ask(ticket, job);
                    None
                }
                Effect::Cancel(ticket) => {
                    self.desk.stop(ticket);
                    None
                }
                other => Some(other),
            })
            .collect()
    }

    /// How many jobs have not answered yet.
    pub fn in_flight(&self) -> usize {
        self.desk.in_flight()
    }

    fn note(&mut self, ticket: Ticket, reply: &Reply) {
        if !matches!(reply, Reply::Submitting(_) | Reply::Exporting { .. }) {
            self.writes.remove(&ticket);
        }
    }

    /// The program ends: what was not sent is not sent any more, and what was sent has a moment to be noted down.
    fn finish_writes(&mut self, inbox: &Receiver<Message>) {
        for ticket in &self.writes {
            self.desk.stop(*ticket);
        }
        let (_, start) = self.clock.now();
        while !self.writes.is_empty() {
            let (_, now) = self.clock.now();
            let left = GRACE.saturating_sub(now.saturating_sub(start));
            match inbox.recv_timeout(left) {
                Ok(Message::Reply(ticket, reply)) => self.note(ticket, &reply),
                Ok(_) => {}
                Err(_) => return,
            }
        }
    }
}

/// What arrives in the loop.
#[derive(Debug)]
pub enum Message {
    Terminal(FromTerminal),
    Reply(Ticket, Reply),
    /// Panic on the drawing thread: a drill, for tests of what a panic leaves behind.
    #[cfg(debug_assertions)]
    Panic,
}

/// The loop's inbox, made before the terminal and the desk so that both can have its other end.
pub fn inbox() -> (Sender<Message>, Receiver<Message>) {
    channel()
}

/// Starts the worker threads, once there is something to see.
pub type OpenDesk = Box<dyn FnOnce() -> io::Result<Desk>>;

/// Everything the loop works with.
pub struct Loop<C> {
    pub app: App,
    pub open_desk: OpenDesk,
    pub clock: C,
    pub terminal: Terminal,
    pub view: View,
    pub inbox: Receiver<Message>,
    pub clipboard: Clipboard,
}

/// The loop, once the desk is there.
struct Running<C> {
    engine: Engine<C>,
    terminal: Terminal,
    view: View,
    inbox: Receiver<Message>,
    clipboard: Clipboard,
}

/// Why the loop ended.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    #[error("the terminal can no longer be drawn on: {0}")]
    Draw(io::Error),
    #[error("keys can no longer be read from the terminal")]
    NoKeys,
    #[error("worker threads cannot be started: {0}")]
    NoDesk(io::Error),
}

impl<C: Clock> Loop<C> {
    /// Runs until the operator quits. The first frame comes before everything that is not needed for it.
    pub fn run(self) -> Result<(), Ended> {
        let Self {
            mut app,
            open_desk,
            clock,
            mut terminal,
            view,
            inbox,
            clipboard,
        } = self;
        let size = terminal.size();
        let (at, mono) = clock.now();
        let event = Event::Start(size.width, size.height);
        let first = app.update(Stamped { at, mono, event });
        let drawn = terminal.draw(|buffer| view.draw(&app, buffer)).map_err(Ended::Draw);
        let desk = match open_desk() {
            Ok(desk) => desk,
            Err(error) => {
                terminal.close();
                return Err(Ended::NoDesk(error));
            }
        };
        let running = Running {
            engine: Engine::new(app, desk, clock),
            terminal,
            view,
            inbox,
            clipboard,
        };
        running.run(drawn, first)
    }
}

impl<C: Clock> Running<C> {
    /// Runs until the operator quits, from the first frame and what was asked with it.
    fn run(mut self, drawn: Result<(), Ended>, first: Vec<Effect>) -> Result<(), Ended> {
        let shut_down = self.terminal.shut_down();
        let ended = drawn.and_then(|()| self.run_until_quit(first, &shut_down));
        match &ended {
            Ok(()) => {}
            // The terminal was put back under our hands: by a signal, whose message is on its way.
            Err(Ended::Draw(error)) if error.kind() == io::ErrorKind::Interrupted => {
                if let Some(signal) = self.signal_on_its_way() {
                    self.engine.finish_writes(&self.inbox);
                    shut_down.now(Reason::Signal(signal))
                }
            }
            // Not an error of ours to report, and nobody to report it to.
            Err(_) if self.terminal.hung_up() => {
                self.engine.finish_writes(&self.inbox);
                shut_down.now(Reason::TerminalGone)
            }
            Err(_) => {}
        }
        self.terminal.close();
        self.engine.finish_writes(&self.inbox);
        ended
    }

    fn signal_on_its_way(&mut self) -> Option<Signal> {
        while let Ok(message) = self.inbox.recv_timeout(GRACE) {
            match message {
                Message::Terminal(FromTerminal::Signal(Signal::Continue)) => {}
                Message::Terminal(FromTerminal::Signal(signal)) => return Some(signal),
                Message::Reply(ticket, reply) => self.engine.note(ticket, &reply),
                _ => {}
            }
        }
        None
    }

    fn run_until_quit(&mut self, first: Vec<Effect>, shut_down: &ShutDown) -> Result<(), Ended> {
        let first = self.engine.hand_over(first);
        let mut go_on = self.do_all(first)?;
        while go_on {
            self.draw()?;
            let first = match self.engine.app.next_wake() {
                None => self.inbox.recv().map_err(|_| Ended::NoKeys)?,
                Some(wait) => match self.inbox.recv_timeout(wait) {
                    Ok(message) => message,
                    Err(RecvTimeoutError::Timeout) => {
                        go_on = self.event(Event::Tick)?;
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return Err(Ended::NoKeys),
                },
            };
            let (_, begun) = self.engine.clock.now();
            go_on = self.message(first, shut_down)?;
            while go_on
                && self.engine.clock.now().1.saturating_sub(begun) < BETWEEN_FRAMES
                && let Ok(message) = self.inbox.try_recv()
            {
                go_on = self.message(message, shut_down)?;
            }
        }
        Ok(())
    }

    fn draw(&mut self) -> Result<(), Ended> {
        let (view, app) = (&self.view, &self.engine.app);
        self.terminal.draw(|buffer| view.draw(app, buffer)).map_err(Ended::Draw)
    }

    /// False: the program ends.
    fn message(&mut self, message: Message, shut_down: &ShutDown) -> Result<bool, Ended> {
        match message {
            Message::Reply(ticket, reply) => self.event(Event::Reply(ticket, reply)),
            Message::Terminal(FromTerminal::Burst(burst)) => self.event(keys::event(burst)),
            Message::Terminal(FromTerminal::Signal(Signal::Continue)) => {
                self.terminal.resume().map_err(Ended::Draw)?;
                Ok(true)
            }
            Message::Terminal(FromTerminal::Signal(signal)) => {
                self.engine.finish_writes(&self.inbox);
                shut_down.now(Reason::Signal(signal))
            }
            Message::Terminal(FromTerminal::Gone) => Err(Ended::NoKeys),
            Message::Terminal(FromTerminal::Panic(place)) => {
                self.event(Event::WorkerBroke(Raw::from(place.to_string())))
            }
            #[cfg(debug_assertions)]
            #[expect(clippy::panic, reason = "this is what was asked for")]
            Message::Panic => panic!("a drill"),
        }
    }

    fn event(&mut self, event: Event) -> Result<bool, Ended> {
        let effects = self.engine.take(event);
        self.do_all(effects)
    }

    fn do_all(&mut self, effects: Vec<Effect>) -> Result<bool, Ended> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(false),
                Effect::Redraw => self.terminal.redraw(),
                Effect::Copy(text) => self.copy(&text)?,
                Effect::Suspend => self.suspend()?,
                Effect::EditOutside(text) => self.edit_outside(&text)?,
                // The engine takes these.
                Effect::Ask(..) | Effect::Cancel(_) => {}
            }
        }
        Ok(true)
    }

    fn copy(&mut self, text: &Raw) -> Result<(), Ended> {
        // No key asks for it then; nothing else may either.
        if self.engine.app.core.settings.clipboard_off.is_some() {
            return Ok(());
        }
        self.terminal
            .write_osc(&self.clipboard.osc52(text.as_str()))
            .map_err(Ended::Draw)
    }

    fn suspend(&mut self) -> Result<(), Ended> {
        match self.terminal.suspend().map_err(Ended::Draw)? {
            Suspended::AndBack => {
                let size = self.terminal.size();
                let resize = crate::app::Input::Resize(size.width, size.height);
                self.event(Event::Burst(vec![resize]))?;
            }
            Suspended::NotPossible => {
                self.event(Event::NotSuspended)?;
            }
        }
        Ok(())
    }

    fn edit_outside(&mut self, text: &Raw) -> Result<(), Ended> {
        if self.engine.app.core.settings.editor_off.is_some() {
            return Ok(());
        }
        let edited = self
            .terminal
            .lend(|| editor::edit(text.as_str()))
            .map_err(Ended::Draw)?;
        let event = Event::Edited(edited.map(Raw::from).map_err(|why| Raw::from(why.to_string())));
        self.event(event)?;
        Ok(())
    }
}
