//! One way to die in one state, and what was found afterwards.

use std::any::Any;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use cognitui::emulator::Fault;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sha2::{Digest, Sha256};

use super::super::service::Service;
use super::super::{Hands, now, pause, state};
use super::{State, Way};
use crate::pty::{Pty, lives};

/// How long both processes may take to be gone.
const GONE_WITHIN: Duration = Duration::from_secs(1);

/// What was typed into the form.
const TYPED: &str = "Jane Other";

/// A right finding, or what is wrong.
type Finding = Result<String, String>;

const BOTH_GONE: &str = "both gone";
const DRAFT: &str = "draft";

const COLUMNS: [(&str, usize); 6] = [
    ("exit", 6),
    ("tcgetattr", 10),
    ("modes on", 9),
    (BOTH_GONE, 10),
    (DRAFT, 8),
    ("journal", 0),
];

/// What was found, in the order of [`COLUMNS`].
pub struct Cell([Finding; COLUMNS.len()]);

impl Cell {
    pub fn heading() -> String {
        let mut line = format!("{:22} {:16}", "way", "state");
        for (name, width) in COLUMNS {
            write!(line, " {name:width$}").unwrap();
        }
        line.push('\n');
        line
    }

    pub fn line(&self, way: &str, state: &str) -> String {
        let mut line = format!("{way:22} {state:16}");
        for (finding, (_, width)) in self.0.iter().zip(COLUMNS) {
            let text = match finding {
                Ok(text) => text.as_str(),
                Err(_) => "WRONG",
            };
            write!(line, " {text:width$}").unwrap();
        }
        line.push('\n');
        line
    }

    /// Right but for the time it took: several at once on a machine that others use too can be slow at no fault of theirs.
    pub fn is_late(&self) -> bool {
        let mut wrong = self.0.iter().zip(COLUMNS).filter(|(finding, _)| finding.is_err());
        let timed = |(_, (name, _)): (&Finding, (&str, usize))| name == BOTH_GONE || name == DRAFT;
        wrong.clone().next().is_some() && wrong.all(timed)
    }

    pub fn wrong(&self) -> impl Iterator<Item = String> {
        self.0.iter().zip(COLUMNS).filter_map(|(finding, (name, _))| {
            let what = finding.as_ref().err()?;
            Some(format!("{name}: {what}"))
        })
    }

    /// A cell that could not be brought about is wrong in every column.
    pub fn try_out(way: Way, state: State, code: i32) -> Self {
        catch_unwind(AssertUnwindSafe(|| die(way, state, code))).unwrap_or_else(|panic| {
            let why = said(panic.as_ref());
            Self(std::array::from_fn(|_| Err(why.clone())))
        })
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "panicked".to_owned())
}

/// The program in this state, on a service of its own. A write that hangs is given up after five seconds: before that
/// nobody can quit with one key, so whoever quits has to wait for it.
pub fn bring_about(service: &Service, state: State, drill: Option<&str>) -> Pty {
    let user: &[&str] = if state == State::List { &[] } else { &["jane.doe"] };
    let patience = ["--connect-timeout", "5", "--read-timeout", "5"];
    let mut launch = service.console(patience.iter().chain(user).copied());
    if let Some(drill) = drill {
        launch = launch.env("COGNITUI_DRILL", drill);
    }
    let pty = launch.start();
    if state == State::List {
        pty.wait_for_text("jane@example.com");
        pty.settles();
        return pty;
    }
    pty.wait_for_text("User jane.doe");
    pty.settles().opens_form("jane.doe").types("name", TYPED);
    match state {
        State::Dialog => drop(pty.press(":", "Enter do it  Esc close")),
        State::Write => {
            service
                .emulator
                .inject(Fault::hang().on("AdminUpdateUserAttributes").always());
            pty.reviews("jane.doe").confirms("sending");
            service.receives_a_write(&pty);
        }
        State::List | State::Form => {}
    }
    pty
}

fn die(way: Way, in_state: State, code: i32) -> Cell {
    let service = Service::start();
    let drill = match way {
        Way::PanicDrawing => Some("panic-drawing"),
        Way::PanicWorker => Some("panic-worker"),
        Way::Abort => Some("abort"),
        _ => None,
    };
    let mut pty = bring_about(&service, in_state, drill);
    if in_state != State::List && gives_no_chance(way) {
        draft_reaches_the_disk(&pty);
    }
    let both = [pty.pid(), pty.console()];
    let start = now();
    match way {
        Way::Told(signal) => pty.signal(signal),
        Way::ConsoleTold(signal) => kill_process(pty.console(), signal).unwrap(),
        Way::PanicDrawing | Way::Abort => pty.signal(Signal::USR1),
        Way::PanicWorker => {
            pty.signal(Signal::USR1);
            entry_of_the_panic(&pty, in_state);
            quit(&pty, in_state);
        }
        Way::Quit => quit(&pty, in_state),
        Way::HangUp => pty.close_terminal(),
    }
    // A person who quits takes time; the last key is what counts.
    let start = if matches!(way, Way::Quit | Way::PanicWorker) {
        now()
    } else {
        start
    };
    let gone = both_gone(&pty, &both, || now().duration_since(start));
    let ended = pty.wait_exit();
    let hung_up = way == Way::HangUp;
    let (line, modes) = if hung_up {
        let none = || Ok("no line".to_owned());
        (none(), none())
    } else {
        terminal(&pty)
    };
    Cell([
        exit(ended, code),
        line,
        modes,
        gone,
        draft(pty.home(), in_state),
        journal(pty.home(), way, in_state, service.writes()),
    ])
}

/// Whether the process that draws can do nothing more: then what was typed in the last second may be lost.
fn gives_no_chance(way: Way) -> bool {
    way == Way::Abort || matches!(way, Way::ConsoleTold(signal) if signal != Signal::TERM)
}

fn draft_reaches_the_disk(pty: &Pty) {
    let start = now();
    while let Err(why) = draft(pty.home(), State::Form) {
        assert!(start.elapsed() < 10 * GONE_WITHIN, "{why}");
        pause(2);
    }
}

/// The news of the panic is an entry, and the program takes keys.
fn entry_of_the_panic(pty: &Pty, in_state: State) {
    if in_state == State::Dialog {
        // The palette lies over the status pane.
        pty.keys("<esc>");
    }
    pty.wait_for_text("a fault of its own at");
    pty.has_taken_everything();
}

/// `q` from wherever it is, as often as it takes.
fn quit(pty: &Pty, in_state: State) {
    if in_state == State::Dialog && pty.screen_text().contains("Enter do it") {
        pty.keys("<esc>");
        pty.wait_for("the palette closed", |screen| {
            !screen.contents().contains("Enter do it")
        });
    }
    if in_state == State::Write {
        pty.press("q", "the write is under way").wait_for_text("1 unknown");
    }
    for _ in 0..8 {
        let before = pty.screen_text();
        pty.keys("q");
        pty.wait_for("a step back", |screen| {
            screen.contents() != before || !screen.alternate_screen()
        });
        if !pty.with_screen(vt100::Screen::alternate_screen) {
            return;
        }
    }
    panic!("it does not quit\n{}", pty.screen_text());
}

fn exit(status: std::process::ExitStatus, expected: i32) -> Finding {
    use std::os::unix::process::ExitStatusExt;
    // A process that SIGKILL ended has no code; its shell reports this one.
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    match code {
        Some(code) if code == expected => Ok(code.to_string()),
        other => Err(format!("{other:?} instead of {expected}")),
    }
}

fn terminal(pty: &Pty) -> (Finding, Finding) {
    let (line, modes): (Vec<_>, Vec<_>) = pty
        .left_behind()
        .into_iter()
        .partition(|each| each.starts_with("the line has"));
    let mut modes = modes;
    modes.extend(pty.title().map(|title| format!("the title {title:?}")));
    let screen = pty.screen_text();
    if screen.contains("jane") {
        modes.push(format!("people's data on the screen: {screen}"));
    }
    let finding = |right: &str, wrong: Vec<String>| {
        if wrong.is_empty() {
            Ok(right.to_owned())
        } else {
            Err(wrong.join("; "))
        }
    };
    (finding("equal", line), finding("none", modes))
}

fn both_gone(pty: &Pty, both: &[Pid], elapsed: impl Fn() -> Duration) -> Finding {
    loop {
        let took = elapsed();
        if !both.iter().any(|pid| lives(*pid)) {
            return if took < GONE_WITHIN {
                Ok(format!("{} ms", took.as_millis()))
            } else {
                Err(format!("after {took:?}"))
            };
        }
        if took > 10 * GONE_WITHIN {
            for pid in both.iter().filter(|pid| test_kill_process(**pid).is_ok()) {
                let _it_may_end_meanwhile = kill_process(*pid, Signal::KILL);
            }
            return Err(format!("never: {:?}", pty.processes()));
        }
        pause(2);
    }
}

/// What was typed is in a draft, and the draft is whole.
fn draft(home: &Path, in_state: State) -> Finding {
    let drafts = drafts(home)?;
    match in_state {
        State::List if drafts.is_empty() => Ok("none".to_owned()),
        State::List => Err(format!("a draft of nothing: {drafts:?}")),
        _ if drafts.iter().any(|draft| draft.contains(TYPED)) => Ok("on disk".to_owned()),
        _ => Err(format!("what was typed is in none of {drafts:?}")),
    }
}

/// What the drafts hold: a line with the hash of the rest, and the rest.
fn drafts(home: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut folders = vec![state(home).join("drafts")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs::read_to_string(&path).unwrap();
                let (head, rest) = text.split_once('\n').ok_or(format!("a torn draft: {text}"))?;
                let head: serde_json::Value = serde_json::from_str(head).map_err(|error| error.to_string())?;
                let hash = Sha256::digest(rest.trim_end_matches('\n'));
                let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                if head["sha256"] != hash.as_str() {
                    return Err(format!("a draft that is not whole: {text}"));
                }
                found.push(rest.to_owned());
            }
        }
    }
    Ok(found)
}

/// A write that was cut is an intent without an outcome; one that was waited for has the outcome that nobody knows.
fn journal(home: &Path, way: Way, in_state: State, sent: usize) -> Finding {
    let kinds = journal_kinds(home)?;
    let waited = matches!(way, Way::Quit | Way::PanicWorker);
    match in_state {
        State::Write if !waited && kinds == ["intent"] && sent == 1 => Ok("intent, sent once".to_owned()),
        State::Write if waited && kinds.starts_with(&["intent".to_owned(), "outcome".to_owned()]) && sent == 1 => {
            Ok("intent, outcome, sent once".to_owned())
        }
        State::List | State::Form | State::Dialog if kinds.is_empty() && sent == 0 => Ok("empty".to_owned()),
        _ => Err(format!("{kinds:?}, and {sent} writes arrived")),
    }
}

/// The kinds of the journal's lines, each of which follows from the one before.
pub fn journal_kinds(home: &Path) -> Result<Vec<String>, String> {
    let mut kinds = Vec::new();
    if let Ok(folder) = fs::read_dir(state(home).join("journal")) {
        for entry in folder {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                kinds.extend(chain(&fs::read_to_string(&path).unwrap())?);
            }
        }
    }
    Ok(kinds)
}

fn chain(text: &str) -> Result<Vec<String>, String> {
    let mut last: Option<String> = None;
    let mut kinds = Vec::new();
    if !text.ends_with('\n') {
        return Err("the last line is torn".to_owned());
    }
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let prev = line["prev"].as_str().map(str::to_owned);
        if last.is_some() && prev != last {
            return Err(format!("a line does not follow from the one before: {line}"));
        }
        last = line["hash"].as_str().map(str::to_owned);
        let kind = ["intent", "outcome", "seen"]
            .into_iter()
            .find(|kind| line.get(kind).is_some());
        kinds.push(kind.unwrap_or("other").to_owned());
    }
    Ok(kinds)
}
