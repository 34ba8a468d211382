//! What reaches the terminal: nothing while nothing moves, nothing raw of what strangers typed, and something sensible
//! at every size, without colour and without UTF-8.

use std::time::Duration;

use cognitui::emulator::Fault;

use super::service::Service;
use super::{Hands, NOTHING, cognitui};
use crate::pty::{Activity, Pty};

/// Nothing runs and nothing is written. `wakes`: what the runtime's own housekeeping may need.
#[track_caller]
fn idles(pty: &Pty, wakes: u64) {
    let nothing = |over: &Activity| (over.bytes_written, over.cpu_ticks) == (0, 0) && over.context_switches <= wakes;
    let over = pty.idles(Duration::from_secs(2), nothing);
    assert!(nothing(&over), "{over:?}");
}

fn count(raw: &[u8], bytes: &[u8]) -> usize {
    raw.windows(bytes.len()).filter(|window| *window == bytes).count()
}

#[cfg(target_os = "linux")]
#[test]
fn when_nothing_happens_nothing_runs_and_nothing_is_written() {
    let pty = cognitui(["--demo"]).start();
    pty.opens_customers();
    idles(&pty, 2);
    pty.finds("jane.doe")
        .opens_form("jane.doe")
        .types("name", "Jane Other")
        .reviews("jane.doe");
    idles(&pty, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn idle_after_requests_over_the_network_is_idle_too() {
    let service = Service::start();
    let pty = service.console(["jane.doe"]).start();
    pty.wait_for_text("User jane.doe");
    pty.settles();
    idles(&pty, 4);
}

#[cfg(target_os = "linux")]
#[test]
fn while_a_request_hangs_it_draws_once_a_second_at_most() {
    let service = Service::start();
    service.emulator.inject(Fault::hang().on("ListUsers").always());
    let pty = service.console([]).start();
    // The pool's settings are there, and of its users nothing: the start is over.
    pty.wait_for("the list alone is waited for", |screen| {
        let text = screen.contents();
        text.contains("customers") && text.contains("1 running")
    });
    let over = pty.activity_over(Duration::from_secs(4)).unwrap();
    // Each says another number of seconds, and nothing else.
    assert!(over.bytes_written <= 5 * 80, "{over:?}");
    assert!(over.cpu_ticks <= 20, "{over:?}"); // a twentieth of a core, in an unoptimised build
}

#[test]
fn sizes_come_and_go() {
    let pty = cognitui(["--demo"]).start();
    pty.opens_customers()
        .finds("jane.doe")
        .opens_form("jane.doe")
        .types("name", "Jane Other");
    let storm = [
        (1, 1),
        (0, 0),
        (1000, 500),
        (2, 1),
        (1, 500),
        (1000, 1),
        (59, 15),
        (60, 16),
        (u16::MAX, 3),
        (3, u16::MAX),
    ];
    for (columns, rows) in storm.into_iter().cycle().take(30) {
        pty.resize(columns, rows);
    }
    for (columns, rows) in storm {
        pty.resize(columns, rows);
        pty.keys("<down><c-l>");
    }
    pty.resize(80, 24);
    pty.wait_for_text("Edit jane.doe");
    pty.has_taken_everything();
    pty.press("<c-s>", "Review jane.doe");
    for (columns, rows) in storm {
        pty.resize(columns, rows);
    }
    pty.resize(200, 60);
    pty.wait_for_text("Review jane.doe");
}

#[test]
fn below_the_smallest_size_a_sentence_says_so() {
    let pty = cognitui(["--demo"]).size(60, 16).start();
    pty.opens_customers();
    for (columns, rows, seen) in [(59, 16, "59x16"), (60, 15, "60x15"), (52, 12, "52x12"), (40, 4, "40x4")] {
        pty.resize(columns, rows);
        let sentence = format!("cognitui needs 60x16, this is {seen}");
        pty.wait_for(&sentence, |screen| {
            let words = |text: &str| text.split_whitespace().collect::<String>();
            words(&screen.contents()).contains(&words(&sentence))
        });
        assert!(!pty.screen_text().contains("jane"));
    }
    pty.resize(60, 16);
    pty.wait_for_text("jane@example.com");
    assert!(
        pty.screen_text().contains("customers"),
        "the pool's name stays in the header"
    );
}

/// The parameters of every SGR sequence.
fn styles(raw: &[u8]) -> Vec<Vec<u32>> {
    let text = String::from_utf8_lossy(raw);
    text.split("\x1b[")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
            rest[end..].starts_with('m').then(|| {
                rest[..end]
                    .split([';', ':'])
                    .map(|number| number.parse().unwrap_or(0))
                    .collect()
            })
        })
        .collect()
}

fn is_colour(number: u32) -> bool {
    matches!(number, 30..=38 | 40..=48 | 90..=97 | 100..=107)
}

#[test]
fn without_colour_the_selected_row_is_still_to_be_seen() {
    let pty = cognitui(["--demo"]).env("NO_COLOR", "1").start();
    pty.opens_customers();
    let styles = styles(&pty.raw());
    assert!(styles.iter().flatten().all(|number| !is_colour(*number)), "{styles:?}");
    assert!(
        styles.iter().flatten().any(|number| *number == 7),
        "nothing is reversed: {styles:?}"
    );
    let selected = |pty: &Pty| {
        pty.with_screen(|screen| {
            (0..24)
                .filter(|row| screen.cell(*row, 0).is_some_and(|cell| cell.contents() == ">"))
                .map(|row| (row, screen.cell(row, 4).is_some_and(vt100::Cell::inverse)))
                .collect::<Vec<_>>()
        })
    };
    let first = selected(&pty);
    assert_eq!(first.len(), 1);
    assert!(first[0].1, "the selected row is not reversed\n{}", pty.screen_text());
    pty.keys("<down>");
    pty.wait_for("the next row", |screen| {
        screen
            .cell(first[0].0 + 1, 0)
            .is_some_and(|cell| cell.contents() == ">")
    });
    assert_eq!(selected(&pty), [(first[0].0 + 1, true)]);
    // The cursor is on it as well.
    assert_eq!(pty.with_screen(|screen| screen.cursor_position().0), first[0].0 + 1);
}

#[test]
fn with_colour_there_is_colour() {
    let pty = cognitui(["--demo"]).start();
    pty.opens_customers();
    assert!(styles(&pty.raw()).iter().flatten().any(|number| is_colour(*number)));
}

/// Through the pool that holds what imports and strangers left: the whole list, and some users in full.
fn reads_hostile_users(pty: &Pty) {
    pty.wait_for_text("us-east-1_lEgAcY019");
    pty.keys("<down><down><down><down><down><down>");
    pty.wait_for("the sixth pool", |screen| {
        screen
            .contents()
            .lines()
            .any(|row| row.starts_with('>') && row.contains("us-east-1_lEgAcY019"))
    });
    pty.press("<enter>", "jack.meyer@example.net").settles();
    for _ in 0..4 {
        pty.keys("G");
        pty.has_taken_everything().settles();
    }
    let title = pty.screen_text().lines().nth(1).unwrap_or_default().to_owned();
    assert!(title.contains(", ALL"), "{title}");
    for _ in 0..20 {
        pty.keys("<pageup>");
        pty.has_taken_everything();
    }
    for slug in [
        "esc-clear",
        "osc-title",
        "osc-clipboard",
        "csi-c1",
        "osc-c1",
        "paste-end",
        "bidi-override",
        "zero-width",
        "long-marks",
    ] {
        pty.finds(&format!("hostile.{slug}"));
        pty.press("<down>", "name").press("<end>", "name").settles();
        pty.press("<esc>", " match").keys("<esc>");
        pty.wait_for("the whole list", |screen| !screen.contents().contains(" match"));
    }
}

#[test]
fn nothing_that_strangers_typed_reaches_the_terminal_raw() {
    let mut pty = cognitui(["--demo"]).size(200, 60).start();
    reads_hostile_users(&pty);
    let raw = pty.raw();
    let text = String::from_utf8(raw.clone()).expect("the screen is UTF-8");
    for (index, c) in text.char_indices() {
        let forbidden = matches!(c,
            '\u{0}'..='\u{6}' | '\u{7}'..='\u{9}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{3164}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{e007f}' | '\u{10ffff}');
        let around: String = text[index..].chars().take(20).collect();
        assert!(!forbidden, "{c:?} in {around:?}");
    }
    // Sequences are ours: cursor, style, erase, modes, and M, which scrolls back. None sets a title, copies, links or
    // answers.
    for rest in text.split('\u{1b}').skip(1) {
        let end: String = rest.chars().take(12).collect();
        let known = rest.starts_with(['[', '>', '=', 'M']);
        assert!(known, "{end:?}");
    }
    for payload in ["[31mRed", "[3A", "[?1049lBack", "[201~rm"] {
        assert!(!text.contains(&format!("\u{1b}{payload}")), "{payload}");
    }
    assert_eq!(pty.title(), None);
    assert_eq!(pty.clipboard(), NOTHING);
    assert!(text.contains("\\u{1b}"), "what was there is shown as a token");
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn a_terminal_without_utf_8_gets_ascii_only() {
    for (name, value) in [("LANG", "C"), ("LC_ALL", "de_DE.ISO-8859-1"), ("TERM", "linux")] {
        let mut pty = cognitui(["--demo"]).env(name, value).size(120, 40).start();
        reads_hostile_users(&pty);
        assert_eq!(pty.quits(), Some(0));
        let raw = pty.raw();
        let at = raw.iter().position(|byte| *byte > 0x7f);
        assert_eq!(at, None, "{name}={value}");
        assert_eq!(count(&raw, b"\x1b]"), 0);
    }
}

#[test]
fn the_hardware_cursor_is_where_the_keys_act() {
    let pty = cognitui(["--demo"]).start();
    pty.opens_customers();
    let row_of = |text: &str| {
        pty.with_screen(|screen| {
            let row = screen.contents().lines().position(|row| row.contains(text));
            (
                row.and_then(|row| u16::try_from(row).ok()),
                screen.hide_cursor(),
                screen.cursor_position(),
            )
        })
    };
    let (row, hidden, cursor) = row_of(">  jane.doe");
    assert_eq!((row, hidden), (Some(cursor.0), false));
    pty.finds("jane.doe").opens_form("jane.doe");
    let (row, hidden, cursor) = row_of(">  email");
    assert_eq!((row, hidden), (Some(cursor.0), false));
    pty.press("<enter>", "EDITING email");
    let (row, hidden, cursor) = row_of(">  email");
    assert_eq!((row, hidden), (Some(cursor.0), false));
    let before = cursor.1;
    pty.press("x", "jane@example.comx");
    assert_eq!(row_of(">  email").2.1, before + 1);
    pty.press("<esc>", "Edit jane.doe")
        .types("name", "Jane Other")
        .reviews("jane.doe");
    let (row, hidden, cursor) = row_of(">[ Send");
    assert_eq!((row, hidden), (Some(cursor.0), false));
}
