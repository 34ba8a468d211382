//! Every way to die, in every state: the terminal is as it was, both processes are gone in a second, what was typed is
//! on disk and the journal holds together. The whole table is tried and printed; one wrong cell fails it.

mod cell;
mod job_control;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cognitui::emulator::Fault;
use rustix::process::Signal;

use self::cell::{Cell, bring_about, journal_kinds};
use super::service::Service;
use super::{Hands, now};
use crate::pty::PROMPTLY;

/// What ends the program, or is meant to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Sent to the process that the shell started.
    Told(Signal),
    /// Sent to the process that draws, alone.
    ConsoleTold(Signal),
    PanicDrawing,
    /// Does not end it: an entry says so, it goes on, and then it quits.
    PanicWorker,
    Abort,
    Quit,
    /// The other end of the terminal is closed: writes fail with EIO, reads end.
    HangUp,
}

const WAYS: [(&str, Way, i32); 14] = [
    ("SIGHUP", Way::Told(Signal::HUP), 129),
    ("SIGTERM", Way::Told(Signal::TERM), 143),
    ("SIGINT", Way::Told(Signal::INT), 130),
    ("SIGQUIT", Way::Told(Signal::QUIT), 131),
    ("SIGABRT", Way::Told(Signal::ABORT), 134),
    ("panic in the UI", Way::PanicDrawing, 101),
    ("panic in a worker", Way::PanicWorker, 0),
    ("plain exit", Way::Quit, 0),
    ("EIO on stdout", Way::HangUp, 129),
    ("SIGKILL of the child", Way::ConsoleTold(Signal::KILL), 137),
    // And what else leads there.
    ("SIGTERM of the child", Way::ConsoleTold(Signal::TERM), 143),
    ("SIGABRT of the child", Way::ConsoleTold(Signal::ABORT), 134),
    ("abort()", Way::Abort, 134),
    ("SIGKILL of the parent", Way::Told(Signal::KILL), 137),
];

/// Where the program is when it happens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    List,
    /// With pending edits.
    Form,
    /// The palette, over a form with pending edits.
    Dialog,
    /// The service has the request and does not answer it.
    Write,
}

const STATES: [(&str, State); 4] = [
    ("list", State::List),
    ("form with edits", State::Form),
    ("dialog", State::Dialog),
    ("write in flight", State::Write),
];

/// As many at once as two processors keep busy: a cell mostly waits for the screen.
const AT_ONCE: usize = 6;

#[cfg(target_os = "linux")]
#[test]
fn whatever_ends_it_wherever_it_is_nothing_is_left_behind_and_nothing_is_lost() {
    let cells: Vec<_> = WAYS
        .iter()
        .flat_map(|way| STATES.iter().map(move |state| (way, state)))
        .collect();
    let next = AtomicUsize::new(0);
    let tried: Mutex<Vec<Option<Cell>>> = Mutex::new(cells.iter().map(|_| None).collect());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    let Some(((_, way, code), (_, state))) = cells.get(at) else {
                        return;
                    };
                    let cell = Cell::try_out(*way, *state, *code);
                    tried.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(cell);
                }
            });
        }
    });
    let mut tried = tried.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (((way_name, way, code), (state_name, state)), cell) in cells.iter().zip(&mut tried) {
        if let Some(late) = cell.as_ref().filter(|cell| cell.is_late()) {
            println!(
                "{way_name}, {state_name}: tried again alone, {:?}",
                late.wrong().collect::<Vec<_>>()
            );
            *cell = Some(Cell::try_out(*way, *state, *code));
        }
    }
    let mut table = Cell::heading();
    let mut wrong = Vec::new();
    for (((way, ..), (state, _)), cell) in cells.iter().zip(&tried) {
        match cell {
            Some(cell) => {
                table.push_str(&cell.line(way, state));
                wrong.extend(cell.wrong().map(|what| format!("{way}, {state}: {what}")));
            }
            None => wrong.push(format!("{way}, {state}: not tried")),
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn what_came_of_a_write_is_noted_down_when_the_line_drops_or_the_ui_breaks_meanwhile() {
    for (way, drill) in [(Way::HangUp, None), (Way::PanicDrawing, Some("panic-drawing"))] {
        let service = Service::start();
        let mut pty = bring_about(&service, State::Form, drill);
        let moment = Duration::from_millis(50);
        service
            .emulator
            .inject(Fault::latency(moment).on("AdminUpdateUserAttributes"));
        pty.reviews("jane.doe").confirms_at_once();
        service.receives_a_write(&pty);
        match way {
            Way::HangUp => pty.close_terminal(),
            _ => pty.signal(Signal::USR1),
        }
        let start = now();
        pty.wait_exit();
        let took = start.elapsed();
        assert!(took < PROMPTLY, "{took:?}");
        let kinds = journal_kinds(pty.home()).unwrap();
        assert!(
            kinds.starts_with(&["intent".to_owned(), "outcome".to_owned()]),
            "{kinds:?}"
        );
    }
}
