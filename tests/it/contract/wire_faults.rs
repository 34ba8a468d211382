//! The table of everything that can go wrong: each operation in use against each thing that the service, or whatever is
//! between, can do to it. For each cell: the code, the message as it is shown, the request id, what may have been done, one
//! next step, and how often the request was sent. Nothing is waited for: time is the clock's of these tests, and a wait
//! moves it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use cognitui::domain::fault::Access;
use cognitui::domain::{Fault, FaultKind, Outcome};

use super::errors::operations::{SIGN_IN, WRITES, doubt, operations};
use super::errors::{self, UNMODELLED};
use super::program::LIMITS;
use crate::peers;

mod bench;
mod pane;
mod troubles;

use bench::{Asked, Bench, End};
pub(super) use pane::{How, Screen};
use troubles::{Taken, Trouble, When};

/// The longest operation's name and a blank.
const NAME: usize = 33;

/// What stands in a cell: sends, and what came of it. Everything that is not as it should be goes to `wrong`.
struct Check<'a> {
    operation: &'static str,
    trouble: &'a Trouble,
    screen: &'a mut Screen,
    wrong: Vec<String>,
}

impl Check<'_> {
    fn holds(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong
                .push(format!("{}, {}: {}", self.operation, self.trouble.name, what()));
        }
    }

    /// Empty where nothing is known, which is a mistake of its own.
    fn cell(&mut self, bench: &Bench) -> String {
        let Some(fault) = (self.trouble.fault)(self.operation) else {
            return "n/a".to_owned();
        };
        let fault = match self.trouble.when {
            When::Before => fault,
            When::After => fault.after_applying(),
        };
        let Asked { end, sends, id, took } = bench.ask(self.operation, fault);
        let is_write = WRITES.contains(&self.operation);
        let once = is_write || SIGN_IN.contains(&self.operation);
        let patient = self.operation == "ListUsersInGroup";
        let outcome = match (end, &self.trouble.taken) {
            (End::Answered, None) => "ok",
            (End::Written(submitted), None) => {
                let word = submitted.outcome.word();
                self.holds(["applied", "waiting"].contains(&word), || word.to_owned());
                "ok"
            }
            (End::Failed(fault), Some(taken)) => {
                self.told(&fault, taken, id.as_ref());
                let open = once && taken.kind.may_have_been_applied();
                self.judged(&fault, Access::Read, open)
            }
            (End::Written(submitted), Some(taken)) => {
                let settled = submitted.notices.clone();
                match &submitted.outcome {
                    Outcome::Unknown(fault) => {
                        self.told(fault, taken, id.as_ref());
                        self.judged(fault, Access::Write, true)
                    }
                    Outcome::Refused(fault) => {
                        self.told(fault, taken, id.as_ref());
                        self.judged(fault, Access::Write, false)
                    }
                    Outcome::Applied => {
                        let said: String = settled.iter().map(|notice| notice.plain()).collect();
                        let message = taken.message.trim_end_matches('…');
                        self.holds(said.contains(&format!("({}: {message}", taken.code)), || said.clone());
                        self.holds(said.contains("reading back shows that it was applied"), || said.clone());
                        self.holds(submitted.request_id.is_some() == taken.answered, || {
                            "request id".to_owned()
                        });
                        let missed = self.screen.lacks_notices(&settled, submitted.request_id.as_ref());
                        self.wrong.extend(missed);
                        self.holds(self.trouble.when == When::After, || {
                            "seen before it was done".to_owned()
                        });
                        "seen"
                    }
                    other => {
                        self.holds(false, || other.to_string());
                        return String::new();
                    }
                }
            }
            (End::Answered, Some(_)) | (End::Failed(_), None) => {
                self.holds(false, || "it ended otherwise".to_owned());
                return String::new();
            }
        };
        let expected = match &self.trouble.taken {
            // It goes on by itself: longer than the SDK would, but not where an answer came that nobody can read.
            Some(taken) if patient && taken.readings == 3 => match taken.kind {
                FaultKind::Undecodable => 1,
                _ => 7,
            },
            Some(taken) if !once => taken.readings,
            _ => 1,
        };
        // What the clock of these tests moved on is what was waited for. The SDK looks at the pace of a body in between.
        let limit = match () {
            () if once => LIMITS.attempt(),
            () if patient => LIMITS.attempt() * 7 + Duration::from_secs(61),
            () => LIMITS.operation(),
        } + Duration::from_secs(1);
        self.holds(took <= limit, || format!("took {took:?}, {limit:?} is all it may take"));
        self.holds(sends == expected, || format!("{sends} sends in place of {expected}"));
        format!("{sends} {outcome}")
    }

    /// Code, message, request id.
    fn told(&mut self, fault: &Fault, taken: &Taken, id: Option<&cognitui::domain::Raw>) {
        let operation = self.operation;
        self.holds(fault.operation == operation, || format!("told of {}", fault.operation));
        self.holds(fault.code.as_str() == taken.code, || {
            format!("code {}", fault.code.as_str())
        });
        self.holds(fault.kind == taken.kind, || format!("{:?}", fault.kind));
        let said = fault.message.as_str();
        let fits = match taken.message.strip_suffix('…') {
            Some(start) => said.starts_with(start) && !said.is_empty(),
            None => said == taken.message,
        };
        self.holds(fits, || format!("message {said:?}"));
        let expected = id.filter(|_| taken.answered);
        self.holds(fault.request_id.as_ref() == expected, || {
            format!("request id {:?}", fault.request_id.is_some())
        });
    }

    /// Whether it may have been done, the next step, and all of it on the screen.
    fn judged(&mut self, fault: &Fault, access: Access, open: bool) -> &'static str {
        let said = fault.what_changed(access).plain();
        let told = said.contains(doubt(self.operation));
        self.holds(told == open, || format!("says: {said}"));
        self.holds(!fault.next_step().plain().is_empty(), || "no next step".to_owned());
        self.holds(!fault.meaning().plain().is_empty(), || "no meaning".to_owned());
        let missed = self.screen.lacks(fault, access, How::Both);
        self.wrong.extend(missed);
        if open { "may" } else { "no" }
    }
}

/// The exceptions of an operation, each checked as a whole: how many there are.
fn exceptions(
    bench: &errors::Bench,
    screen: &mut Screen,
    operation: &'static str,
    codes: &[String],
) -> (String, Vec<String>) {
    let wrong: Vec<String> = codes
        .iter()
        .flat_map(|code| errors::wrong(bench, screen, operation, code))
        .collect();
    let cell = if wrong.is_empty() && !codes.is_empty() {
        format!("{} ok", codes.len())
    } else {
        String::new()
    };
    (cell, wrong)
}

/// The codes that the API model lists for each operation.
type Shapes = BTreeMap<String, Vec<String>>;

/// One row: its cells, and what is wrong with them.
fn row(operation: &'static str, shapes: Option<&Shapes>) -> (Vec<String>, Vec<String>) {
    let mut cells = Vec::new();
    let mut wrong = Vec::new();
    let mut screen = Screen::new();
    let refusing = errors::Bench::new();
    let modelled = shapes.map(|shapes| shapes.get(operation).unwrap().clone());
    let unmodelled = UNMODELLED.iter().map(|code| (*code).to_owned()).collect();
    for codes in modelled.into_iter().chain([unmodelled]) {
        assert!(codes.len() >= 4, "{operation} has only {codes:?}");
        let (cell, missed) = exceptions(&refusing, &mut screen, operation, &codes);
        cells.push(cell);
        wrong.extend(missed);
    }
    let troubles = troubles::all();
    let bench = Bench::new(troubles.len());
    for trouble in &troubles {
        let mut check = Check {
            operation,
            trouble,
            screen: &mut screen,
            wrong: Vec::new(),
        };
        cells.push(check.cell(&bench));
        wrong.append(&mut check.wrong);
    }
    (cells, wrong)
}

#[test]
fn every_cell_of_operations_and_faults_is_filled() {
    let troubles = troubles::all();
    let shapes =
        peers::for_suite("the modelled column of the table of faults").map(|peers| peers.error_shapes().unwrap());
    let mut heads: Vec<&str> = shapes.iter().map(|_| "modelled exceptions").collect();
    heads.push("exceptions that no operation lists");
    heads.extend(troubles.iter().map(|trouble| trouble.name));
    let operations: Vec<&'static str> = operations().collect();
    // Most of a cell is waiting for other threads.
    let rows = std::thread::scope(|scope| {
        let each = |half: usize| {
            let (operations, shapes) = (&operations, shapes.as_ref());
            scope.spawn(move || {
                let mine = operations.iter().skip(half).step_by(2);
                mine.map(|operation| (*operation, row(operation, shapes)))
                    .collect::<BTreeMap<_, _>>()
            })
        };
        let halves = [each(0), each(1)];
        halves
            .map(|half| half.join().unwrap())
            .into_iter()
            .flatten()
            .collect::<BTreeMap<_, _>>()
    });
    let table: Vec<(&str, &Vec<String>)> = operations
        .iter()
        .map(|operation| (*operation, &rows[operation].0))
        .collect();
    println!("{}", drawn(&heads, &troubles, &table));
    let mut wrong: Vec<String> = rows.values().flat_map(|(_, wrong)| wrong.clone()).collect();
    for (operation, row) in &table {
        assert_eq!(row.len(), heads.len());
        let empty = row.iter().zip(&heads).filter(|(cell, _)| cell.is_empty());
        wrong.extend(empty.map(|(_, head)| format!("{operation}, {head}: an empty cell")));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The table, with what the columns are and what the program calls each.
fn drawn(heads: &[&str], troubles: &[Trouble], table: &[(&str, &Vec<String>)]) -> String {
    let mut text = String::from(
        "cells: requests sent, then what is said: ok; no: nothing was changed; may: it may have been applied (or a message \
         sent, or an answer taken); seen: no answer, and reading back shows that it was applied; n/a: cannot happen\n",
    );
    let column = |at: usize| char::from(b'A' + u8::try_from(at).unwrap());
    let told = heads.len() - troubles.len();
    for (at, head) in heads.iter().enumerate() {
        let code = at
            .checked_sub(told)
            .and_then(|at| troubles[at].taken.as_ref())
            .map_or(String::new(), |taken| format!(": {}, {}", taken.code, taken.message));
        writeln!(text, "{} {head}{code}", column(at)).unwrap();
    }
    write!(text, "{:NAME$}", "").unwrap();
    for at in 0..heads.len() {
        write!(text, "{:<7}", column(at)).unwrap();
    }
    for (operation, row) in table {
        write!(text, "\n{operation:NAME$}").unwrap();
        for cell in *row {
            write!(text, "{cell:<7}").unwrap();
        }
    }
    text
}
