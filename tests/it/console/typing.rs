//! Pastes and keys that a line cut up: text, never a decision. Counted at the service: not one write.

use std::time::Duration;

use rustix::process::Signal;

use super::service::Service;
use super::{Hands, now, pause};
use crate::pty::Pty;

/// What a paste may hold: newlines, and its own end with keys behind it.
const PASTES: [&str; 4] = ["a\r\r\r", "a\nb\r", "a\x1b[201~\r\rz", "\r"];

fn opens_jane(service: &Service) -> Pty {
    let pty = service.console(["jane.doe"]).start();
    pty.wait_for_text("User jane.doe");
    pty.settles();
    pty
}

fn in_review(service: &Service) -> Pty {
    let pty = opens_jane(service);
    pty.opens_form("jane.doe")
        .types("name", "Jane Other")
        .reviews("jane.doe");
    pause(400); // by now Enter would be taken
    pty
}

#[test]
fn a_paste_in_the_review_sends_nothing_wherever_the_focus_is() {
    let service = Service::start();
    for paste in PASTES {
        let pty = in_review(&service);
        pty.paste(paste);
        pty.has_taken_everything();
        assert_eq!(service.writes(), 0, "{paste:?}\n{}", pty.screen_text());
        assert!(
            pty.screen_text().contains("Review jane.doe"),
            "{paste:?}\n{}",
            pty.screen_text()
        );
    }
    // The same Enter by itself sends: the test was about something.
    let pty = in_review(&service);
    pty.confirms("read back and true");
    assert_eq!(service.writes(), 1);
}

/// The console takes an Esc for a key of its own after 50 ms. A busy machine that takes longer between two pieces has not
/// cut a sequence, but typed an Esc and something else.
const IN_TIME: Duration = Duration::from_millis(40);

/// Types these bytes in two pieces. False: it took so long between them that they are two things.
fn types_in_two(pty: &Pty, bytes: &[u8], at: usize) -> bool {
    let start = now();
    pty.bytes(&bytes[..at]);
    pause(5);
    pty.bytes(&bytes[at..]);
    start.elapsed() < IN_TIME
}

/// A review in which this was typed in pieces, each in time.
fn in_review_with(service: &Service, pieces: impl Fn(&Pty) -> bool) -> Pty {
    let mut tries = std::iter::repeat_with(|| in_review(service)).take(10);
    tries
        .find(pieces)
        .expect("this machine never types two pieces within 40 ms")
}

#[test]
fn a_paste_that_arrives_in_pieces_sends_nothing() {
    let service = Service::start();
    let bytes = b"\x1b[200~a\r\r\x1b[201~";
    for at in 1..bytes.len() {
        let pty = in_review_with(&service, |pty| types_in_two(pty, bytes, at));
        pty.has_taken_everything();
        assert_eq!(service.writes(), 0, "cut at {at}\n{}", pty.screen_text());
        assert!(
            pty.screen_text().contains("Jane Other"),
            "cut at {at}: the edit is gone\n{}",
            pty.screen_text()
        );
    }
}

#[test]
fn keys_that_arrive_in_pieces_neither_send_nor_discard() {
    let service = Service::start();
    for sequence in [
        &b"\x1b[A"[..],
        b"\x1b[D",
        b"\x1bOB",
        b"\x1b[1;3D",
        b"\x1b\x1b[C",
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    ] {
        let pty = in_review_with(&service, |pty| {
            (1..sequence.len()).all(|at| types_in_two(pty, sequence, at))
        });
        pty.has_taken_everything();
        let screen = pty.screen_text();
        assert!(
            screen.contains("Review jane.doe") && screen.contains("Jane Other"),
            "{sequence:?}\n{screen}"
        );
    }
    assert_eq!(service.writes(), 0);
}

#[test]
fn a_held_enter_sends_a_reviewed_change_once() {
    let service = Service::start();
    let mut pty = in_review(&service);
    pty.keys("<enter>");
    pause(200); // as a keyboard waits before it repeats
    for _ in 0..40 {
        pty.keys("<enter>");
        pause(5);
    }
    pty.wait_for_text("read back and true");
    // Whatever Enter means on the screens behind it, none of them sends.
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit().code(), Some(143));
    assert_eq!(service.writes(), 1);
}

#[test]
fn keys_typed_ahead_of_the_review_confirm_nothing() {
    let service = Service::start();
    let pty = opens_jane(&service);
    pty.opens_form("jane.doe").types("name", "Jane Other");
    pty.keys("<c-s><tab><enter><enter>");
    pty.wait_for_text("Review jane.doe");
    pty.has_taken_everything();
    pty.settles();
    assert_eq!(service.writes(), 0, "{}", pty.screen_text());
}

#[test]
fn a_paste_on_a_row_edits_that_row_and_does_not_take_it() {
    let service = Service::start();
    let pty = opens_jane(&service);
    pty.opens_form("jane.doe");
    pty.paste("pasted@example.com\r");
    pty.wait_for_text("EDITING email");
    let screen = pty.screen_text();
    assert!(screen.contains("pasted@example.com"), "{screen}");
    pty.press("<esc>", "Edit jane.doe");
    assert!(pty.screen_text().contains("no edits"), "{}", pty.screen_text());
    assert_eq!(service.writes(), 0);
}

#[test]
fn a_paste_in_a_field_is_text_with_its_newlines_marked() {
    let service = Service::start();
    let pty = opens_jane(&service);
    pty.opens_form("jane.doe").press("<enter>", "EDITING email");
    pty.press("<c-u>", "empty is no value");
    pty.paste("one\r\ntwo\r");
    pty.wait_for("the paste as one value", |screen| {
        let text = screen.contents();
        text.contains("EDITING email") && text.contains("one\\u{") && text.contains("two")
    });
    // A paste that ends itself leaves keys behind; none of them takes the field.
    pty.keys("<c-u>");
    pty.paste("three\x1b[201~\r");
    pty.wait_for_text("three");
    pty.has_taken_everything();
    assert!(pty.screen_text().contains("EDITING email"), "{}", pty.screen_text());
    assert_eq!(service.writes(), 0);
}

#[test]
fn a_paste_into_a_prompt_is_not_its_answer() {
    let service = Service::start();
    let pty = opens_jane(&service);
    // What was asked at the start is not what is counted.
    pty.press("<esc>", "Users").settles();
    pty.press("/", "Enter ask the service");
    let before = service.emulator.calls().len();
    pty.paste("rob\r");
    pty.wait_for_text("/ rob");
    pty.has_taken_everything();
    assert!(
        pty.screen_text().contains("Enter asks the service"),
        "{}",
        pty.screen_text()
    );
    assert_eq!(service.emulator.calls().len(), before, "nothing was asked");
    pty.keys("<esc>");
    pty.wait_for("the prompt closed", |screen| {
        !screen.contents().contains("Enter asks the service")
    });
    pty.press(":", "Esc close").paste("quit\r");
    pty.wait_for_text("quit");
    pty.has_taken_everything();
    assert!(pty.screen_text().contains("-- Actions"), "{}", pty.screen_text());
}

#[test]
fn a_paste_where_nothing_takes_text_does_nothing_and_says_so() {
    let service = Service::start();
    let pty = opens_jane(&service);
    pty.paste("q\re\r");
    pty.wait_for_text("a paste does nothing here");
    assert!(pty.screen_text().contains("User jane.doe"));
}

#[test]
fn letters_that_discard_or_delete_act_only_when_they_come_alone() {
    let service = Service::start();
    let pty = opens_jane(&service);
    pty.opens_form("jane.doe").types("name", "Jane Other");
    for keys in ["xx", "xq", "uq", "vx", "qq", "mu"] {
        pty.keys(keys);
        pty.has_taken_everything();
        let screen = pty.screen_text();
        assert!(
            screen.contains("Edit jane.doe") && screen.contains("1 to send"),
            "{keys}\n{screen}"
        );
        assert!(
            screen.contains("Jane Other") && !screen.contains("(delete)"),
            "{keys}\n{screen}"
        );
    }
    assert_eq!(service.writes(), 0);
}

#[test]
fn a_large_paste_is_one_insert_and_the_console_goes_on() {
    let service = Service::start();
    let pty = opens_jane(&service);
    pty.opens_form("jane.doe").press("<enter>", "EDITING email");
    pty.press("<c-u>", "empty is no value");
    pty.paste(&"x".repeat(1 << 20));
    pty.wait_for_text("xxxxxxxx");
    pty.press("<esc>", "Edit jane.doe");
    assert!(pty.screen_text().contains("no edits"));
}
