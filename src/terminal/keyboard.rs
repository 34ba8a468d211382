//! The thread that reads the terminal. It alone reads, so that somebody else (an editor, the shell
//! after Ctrl-Z) can be given the terminal for a while and no key is lost or taken from them.

use std::{
    io,
    os::fd::OwnedFd,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::{Errno, retry_on_intr},
    pipe::{PipeFlags, pipe_with},
};

use super::{
    FromTerminal, Tell,
    decode::{Decoder, Patience},
    input::{Burst, Input},
    modes::Modes,
    tty::{timespec, wait_for},
};

/// How long what cannot be a key is held for its rest.
const LONG: Duration = Duration::from_secs(1);
/// Inputs go out after this many bytes at the latest, or a terminal that never stops sending would
/// never be heard.
const LARGEST_BURST: usize = 64 * 1024;

enum Order {
    LetGo(mpsc::Sender<()>),
    TakeUp,
}

/// The way to the reading thread.
#[derive(Debug)]
pub(super) struct Keyboard {
    orders: mpsc::Sender<Order>,
    wake: OwnedFd,
}

impl Keyboard {
    /// Starts reading. The thread ends when this is dropped.
    pub(super) fn start(modes: Arc<Modes>, moment: Duration, tell: Tell) -> io::Result<Self> {
        let (woken, wake) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        let (orders, inbox) = mpsc::channel();
        let reader = Reader {
            modes,
            woken,
            inbox,
            tell,
            moment,
            decoder: Decoder::default(),
            after_paste: false,
        };
        thread::Builder::new()
            .name("terminal input".to_owned())
            .spawn(move || reader.run())?;
        Ok(Self { orders, wake })
    }

    /// Stops reading; returns when nothing is read any more. What was read in part is forgotten.
    pub(super) fn let_go(&self) -> io::Result<()> {
        let (done, wait) = mpsc::channel();
        self.order(Order::LetGo(done))?;
        wait.recv().map_err(|_| ended())
    }

    /// Reads again.
    pub(super) fn take_up(&self) -> io::Result<()> {
        self.order(Order::TakeUp)
    }

    fn order(&self, order: Order) -> io::Result<()> {
        self.orders.send(order).map_err(|_| ended())?;
        match retry_on_intr(|| rustix::io::write(&self.wake, &[1])) {
            Ok(_) | Err(Errno::AGAIN) => Ok(()), // a full pipe wakes as well
            Err(e) => Err(e.into()),
        }
    }
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the terminal is no longer read")
}

struct Reader {
    modes: Arc<Modes>,
    woken: OwnedFd,
    inbox: mpsc::Receiver<Order>,
    tell: Tell,
    /// [`super::Options::moment`]
    moment: Duration,
    decoder: Decoder,
    /// A paste came a moment ago at most.
    after_paste: bool,
}

enum Woken {
    Input,
    Orders,
    TooLate,
}

impl Reader {
    fn run(mut self) {
        // An error here is a terminal that can be read no more. The watcher ends the program if it
        // is gone; if it is merely not ours, the receiver has to decide.
        if let Err(e) = self.read_until_dropped() {
            tracing::warn!(error = %e, "the terminal can no longer be read");
            (self.tell)(FromTerminal::Gone);
        }
    }

    fn read_until_dropped(&mut self) -> io::Result<()> {
        loop {
            match self.wait()? {
                Woken::Input => self.read_burst()?,
                Woken::TooLate => self.moment_passed(),
                Woken::Orders => {
                    if !self.obey()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Blocks without a limit when nothing is half-read.
    fn wait(&self) -> io::Result<Woken> {
        let timeout = match self.decoder.patience() {
            Some(Patience::Short) => Some(self.moment),
            _ if self.after_paste => Some(self.moment),
            Some(Patience::Long) => Some(LONG),
            None => None,
        }
        .map(timespec);
        let mut fds = [
            PollFd::new(&self.woken, PollFlags::IN),
            PollFd::new(&self.modes.tty().input, PollFlags::IN),
        ];
        retry_on_intr(|| poll(&mut fds, timeout.as_ref()))?;
        let [orders, input] = fds.map(|fd| fd.revents());
        Ok(if !orders.is_empty() {
            Woken::Orders
        } else if !input.is_empty() {
            Woken::Input
        } else {
            Woken::TooLate
        })
    }

    fn moment_passed(&mut self) {
        // The moment after a paste is shorter than the time a cut sequence has for its rest.
        if !(self.after_paste && self.decoder.patience() == Some(Patience::Long)) {
            let inputs = self.decoder.give_up();
            self.deliver(inputs);
        }
        self.after_paste = false;
    }

    /// Reads while there is more and sends it as one.
    fn read_burst(&mut self) -> io::Result<()> {
        let input = &self.modes.tty().input;
        let mut buffer = [0; 4096];
        let mut inputs = Vec::new();
        let mut size = 0;
        loop {
            let read = match retry_on_intr(|| rustix::io::read(input, &mut buffer)) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => read,
                Err(Errno::AGAIN) => break,
                Err(e) => return Err(e.into()),
            };
            inputs.extend(self.decoder.feed(buffer.get(..read).unwrap_or_default()));
            size += read;
            if size > LARGEST_BURST && !self.decoder.in_paste() {
                break;
            }
            // Asked each time: where the terminal could not be opened anew, a read may block.
            if wait_for(input, PollFlags::IN, Some(Duration::ZERO))?.is_none() {
                break;
            }
        }
        self.deliver(inputs);
        Ok(())
    }

    fn deliver(&mut self, inputs: Vec<Input>) {
        if inputs.is_empty() {
            return;
        }
        let burst = Burst::new(inputs, self.after_paste);
        self.after_paste = burst.pasted();
        (self.tell)(FromTerminal::Burst(burst));
    }

    /// Whether to go on.
    fn obey(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 64];
        match retry_on_intr(|| rustix::io::read(&self.woken, &mut bytes)) {
            Ok(0) => return Ok(false), // the other end was dropped
            Ok(_) | Err(Errno::AGAIN) => {}
            Err(e) => return Err(e.into()),
        }
        while let Ok(order) = self.inbox.try_recv() {
            if let Order::LetGo(done) = order {
                self.decoder = Decoder::default();
                self.after_paste = false;
                if done.send(()).is_err() {
                    continue; // nobody waits for it any more
                }
                if !self.stay_away() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Reads nothing until told to, or until nobody is left to tell.
    fn stay_away(&self) -> bool {
        loop {
            match self.inbox.recv() {
                Ok(Order::TakeUp) => return true,
                Ok(Order::LetGo(done)) => {
                    let _already_away = done.send(());
                }
                Err(mpsc::RecvError) => return false,
            }
        }
    }
}
