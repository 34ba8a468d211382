//! A fault on request: what a panic or an abort does to a terminal can only be tried with one. In debug builds only;
//! a release build holds none of this.

use std::ffi::OsString;
use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::SIGUSR1;
use signal_hook::iterator::Signals;

use crate::run::Message;

/// Which fault SIGUSR1 causes: `panic-drawing`, `panic-worker` or `abort`. Without it SIGUSR1 is nothing special.
const DRILL: &str = "COGNITUI_DRILL";

#[derive(Clone, Copy)]
enum Fault {
    PanicDrawing,
    PanicWorker,
    Abort,
}

/// Waits for SIGUSR1, if a drill was asked for.
pub fn arm(env: &dyn Fn(&str) -> Option<OsString>, to_loop: Sender<Message>) -> io::Result<()> {
    let fault = match env(DRILL).as_deref().and_then(|value| value.to_str()) {
        None => return Ok(()),
        Some("panic-drawing") => Fault::PanicDrawing,
        Some("panic-worker") => Fault::PanicWorker,
        Some("abort") => Fault::Abort,
        Some(_) => return Err(io::Error::other("no such drill")),
    };
    let mut signals = Signals::new([SIGUSR1])?;
    thread::Builder::new().name("drill".to_owned()).spawn(move || {
        for _ in signals.forever() {
            // The loop has ended: there is nobody left to panic.
            let _ = match fault {
                Fault::PanicDrawing => to_loop.send(Message::Panic),
                Fault::PanicWorker => break_down(),
                Fault::Abort => std::process::abort(),
            };
        }
    })?;
    Ok(())
}

#[expect(clippy::panic, reason = "this is what was asked for")]
fn break_down() -> ! {
    panic!("a drill")
}
