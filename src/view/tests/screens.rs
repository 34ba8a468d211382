//! Each screen as it is drawn, text and style.

use std::sync::Arc;
use std::time::Duration;

use super::dump::{Drawn, drawn, drawn_by, drawn_over};
use super::scene::{Scene, answered, at, denied, edited, fill, jane, reasoned, reviewed, settings, user};
use crate::app::Event;
use crate::app::status::{Entry, Next, Word};
use crate::domain::guard::Because;
use crate::domain::{AttributeName, AttributeValue, Outcome, Raw, Segment, User, Username};
use crate::job::export::Exported;
use crate::job::scan::{Progress, Scanned};
use crate::job::{DiskFault, Found, Job, Reply, Step, Submitted};
use crate::view::View;
use crate::view::text::Charset;
use crate::view::theme::{Theme, ThemeName};

/// Compares a screen with the one that was looked at and kept.
pub fn matches(name: &str, drawn: &Drawn) {
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, drawn.whole());
    });
}

pub fn at_three_sizes(name: &str, scene: &Scene) {
    for (width, height) in [(60, 16), (80, 24), (200, 60)] {
        drawn_over(&scene.app, width, height).unwrap_or_else(|cell| panic!("{name} at {width}x{height}: {cell}"));
        matches(&format!("{name}-{width}x{height}"), &drawn(&scene.app, width, height));
    }
}

/// Three entries that ask for something to be done.
fn with_entries(scene: &mut Scene) {
    let entry = |time: &str, word: Word, subject: &str, line: &'static str| {
        Entry::new(at(time), word, Raw::from(subject), line)
    };
    let mut unknown = entry(
        "10:38:02",
        Word::Unknown,
        "eve",
        "no answer in 5 s: it may have been applied",
    );
    unknown.next = Some(Next::Retry);
    let mut refused = entry(
        "10:39:55",
        Word::Refused,
        "bob",
        "AliasExistsException: rob has bob@new.example",
    );
    refused.more.push("nothing was changed".into());
    refused.next = Some(Next::OpenUser(Username::new("rob")));
    refused.request_id = Some(Raw::from("77ab01"));
    let mut waiting = entry(
        "10:41:07",
        Word::Waiting,
        "sofia.r",
        "custom:tier is gold; email still sofia.r@example.com",
    );
    waiting
        .more
        .push("expected: a code to the new address (not reported)".into());
    waiting.request_id = Some(Raw::from("5f1c7e"));
    for entry in [unknown, refused, waiting] {
        scene.app.core.status.push(entry);
    }
}

#[test]
fn users() {
    let mut scene = Scene::opened();
    with_entries(&mut scene);
    at_three_sizes("users", &scene);
}

/// 12,480 of the pool's users are there, a line is in force, and two of whom it lists are marked.
fn being_read() -> Scene {
    let mut scene = Scene::new(settings());
    for user in &mut scene.people {
        let tier = AttributeName::new("custom:tier");
        user.attributes.insert(tier, AttributeValue::new("gold"));
    }
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    scene.keys("S enter");
    let others: Vec<User> = (120..12_480)
        .map(|number| user(&format!("user-{number:03}"), "CONFIRMED", &[]))
        .collect();
    let progress = Progress {
        calls: 208,
        users: 12_480,
        spent: Duration::from_millis(21_150),
        rate: 10.0,
        chains: 1,
        ..Progress::default()
    };
    let scan = scene.asked.iter().find(|(_, job)| matches!(job, Job::Scan { .. }));
    let ticket = scan.expect("it was asked").0;
    let users = Arc::new(Segment::pack(&others));
    let last = progress.clone();
    scene.event(Event::Reply(ticket, Reply::Scanned(Scanned { users, progress })));
    scene.keys("/");
    scene.typed("tier=gold");
    scene.keys("enter");
    scene.answer_all();
    scene.keys("j space space g");
    // Pages go on arriving while keys are pressed.
    let (users, progress) = (Arc::new(Segment::pack(&[])), last);
    scene.event(Event::Reply(ticket, Reply::Scanned(Scanned { users, progress })));
    with_entries(&mut scene);
    scene
}

#[test]
fn the_form_of_an_export() {
    let mut scene = being_read();
    scene.app.core.settings.folders.here = "/home/ana".into();
    scene.keys("E");
    at_three_sizes("export", &scene);
    // The name of the file has the focus, and there is one already.
    scene.keys("right tab right right tab tab tab");
    scene.typed("x");
    matches("export-file", &drawn(&scene.app, 80, 24));
    scene.keys("enter");
    let export = (scene.asked.iter()).find(|(_, job)| matches!(job, Job::Export(_)));
    let ticket = export.expect("it was asked").0;
    let path = "/home/ana/customers-prod-2026-11-20.jsonlx".into();
    scene.event(Event::Reply(ticket, Reply::Exported(Exported::Exists(path))));
    matches("export-there", &drawn(&scene.app, 80, 24));
    scene.keys("up up up up left");
    matches("export-import", &drawn(&scene.app, 60, 16));
    let fault = DiskFault {
        what: "/home/ana/x.csv was not written: No space left on device (os error 28)".into(),
        next: "nothing is left; make room there, or name a folder on another disk".into(),
    };
    scene.keys("left enter");
    let export = (scene.asked.iter().rev()).find(|(_, job)| matches!(job, Job::Export(_)));
    let ticket = export.expect("it was asked").0;
    scene.event(Event::Reply(ticket, Reply::Exported(Exported::Failed(fault))));
    matches("export-full", &drawn(&scene.app, 60, 16));
}

#[test]
fn users_while_the_pool_is_read() {
    let mut scene = being_read();
    let screen = drawn(&scene.app, 80, 24).text();
    for said in [
        "12,480 of about 48,200, NOT ALL  590/s  61 s left",
        "8 match  2 marked",
        "/ tier=gold",
        "custom:tier is checked here, on 25 % of the pool so far",
        "Esc stop",
        " * bob",
    ] {
        assert!(screen.contains(said), "{said}:\n{screen}");
    }
    at_three_sizes("users-scan", &scene);
    scene.keys("f3");
    matches("users-scan-masked", &drawn(&scene.app, 80, 24));
}

#[test]
fn where_there_is_no_room_for_the_rate_the_time_is_still_said_whole() {
    let screen = drawn(&being_read().app, 76, 24).text();
    assert!(screen.contains("NOT ALL  61 s left"), "{screen}");
    assert!(screen.contains("8 match  2 marked"), "{screen}");
}

#[test]
fn a_reading_that_hears_nothing_says_so_and_tells_no_rate() {
    let mut scene = being_read();
    scene.mono += Duration::from_secs(7);
    scene.event(Event::Tick);
    let screen = drawn(&scene.app, 80, 24).text();
    assert!(screen.contains("NOT ALL  no answer for 7 s"), "{screen}");
    assert!(!screen.contains("590/s") && !screen.contains(" left"), "{screen}");
}

#[test]
fn the_price_of_reading_the_pool() {
    let mut scene = Scene::opened();
    scene.keys("S");
    matches("users-scan-price", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_line_with_a_mistake() {
    let mut scene = Scene::opened();
    scene.keys("/");
    scene.typed("tier=gold created<soon");
    scene.answer_all();
    matches("users-mistake", &drawn(&scene.app, 80, 24));
}

#[test]
fn users_with_find_open() {
    let mut scene = Scene::opened();
    scene.keys("/");
    scene.typed("example.com");
    scene.answer_all();
    matches("users-find", &drawn(&scene.app, 80, 24));
}

#[test]
fn users_nobody_found() {
    let mut scene = Scene::opened();
    scene.keys("/");
    scene.typed("Schroder");
    scene.keys("enter");
    let found = Found {
        users: Vec::new(),
        stage: None,
        calls: 6,
        faults: Vec::new(),
        unread: Vec::new(),
    };
    scene.answer(|job| matches!(job, Job::Find { .. }), Reply::Found(answered(found)));
    scene.answer_all();
    matches("users-nobody", &drawn(&scene.app, 80, 24));
}

#[test]
fn users_that_could_not_be_listed() {
    let mut scene = Scene::new(settings());
    scene.event(Event::Start(80, 24));
    scene.answer(
        |job| matches!(job, Job::ListUsers { .. }),
        Reply::Users(Err(denied("ListUsers"))),
    );
    scene.answer_all();
    matches("users-denied", &drawn(&scene.app, 80, 24));
}

#[test]
fn pools() {
    let mut settings = settings();
    settings.pool = None;
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    at_three_sizes("pools", &scene);
}

#[test]
fn pools_that_may_not_be_listed() {
    let mut settings = settings();
    settings.pool = None;
    settings.favourites.clear();
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer(
        |job| matches!(job, Job::ListPools { .. }),
        Reply::Pools(Err(denied("ListUserPools"))),
    );
    matches("pools-denied", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_user() {
    let mut scene = Scene::opened();
    scene.keys("enter");
    at_three_sizes("user", &scene);
    scene.keys("d");
    scene.answer_all();
    matches("user-details", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_federated_user() {
    let mut scene = Scene::opened();
    scene.keys("down down down enter");
    scene.answer_all();
    matches("user-federated", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_draft_that_was_left_shows_in_the_list() {
    let mut scene = Scene::opened();
    scene.keys("e");
    scene.answer_all();
    fill(&mut scene, "tier", "gold");
    scene.keys("esc down");
    let text = drawn(&scene.app, 80, 24).text();
    let row = text.lines().find(|line| line.contains("jane.doe")).unwrap();
    assert!(row.starts_with(" d jane.doe"), "{row}");
    let other = text.lines().find(|line| line.contains("bob@")).unwrap();
    assert!(other.starts_with(">  bob"), "{other}");
}

#[test]
fn two_panes_begin_at_110_columns() {
    matches("edit-110x30", &drawn(&edited().app, 110, 30));
    let one = drawn(&edited().app, 109, 30).text();
    assert!(one.lines().any(|line| line.starts_with("-- What will happen")), "{one}");
}

/// A value with everything that the eye misses, and one that is longer than any screen.
#[test]
fn unusual_values_are_told_and_long_ones_scroll() {
    let mut scene = Scene::opened();
    scene.people[0].attributes.insert(
        AttributeName::new("name"),
        AttributeValue::new("J\u{430}ne\u{200b} Doe"),
    );
    let long: String = (0..200).map(|at| format!("{at:03} ")).collect();
    scene.people[0]
        .attributes
        .insert(AttributeName::new("nickname"), AttributeValue::new(long.trim_end()));
    scene.keys("r");
    scene.answer_all();
    scene.keys("e");
    scene.answer_all();
    scene.keys("down down down down");
    matches("edit-unusual", &drawn(&scene.app, 80, 24));
    scene.keys("right right down");
    let text = drawn(&scene.app, 80, 24).text();
    let row = text.lines().find(|line| line.contains("nickname")).unwrap();
    assert!(
        row.contains("..") && !row.contains("000 "),
        "the beginning is scrolled away, and that is marked: {row}"
    );
    scene.keys("enter");
    let open = drawn(&scene.app, 80, 24);
    let row = open
        .text()
        .lines()
        .find(|line| line.starts_with(">  nickname"))
        .unwrap()
        .to_owned();
    assert!(row.ends_with("199"), "the end with the cursor is in sight: {row}");
    assert_eq!(open.cursor.unwrap().x, 79, "{row}");
    scene.keys("home");
    let open = drawn(&scene.app, 80, 24);
    assert_eq!(open.cursor.unwrap().x, 48);
}

#[test]
fn a_contact_nobody_vouched_for_says_so_in_its_row() {
    let mut scene = Scene::opened();
    scene.keys("e");
    scene.answer_all();
    scene.keys("enter ctrl-u");
    scene.typed("jane@exmaple.com");
    scene.keys("enter");
    scene.answer_all();
    matches("edit-undecided", &drawn(&scene.app, 80, 24));
    scene.keys("v v");
    let text = drawn(&scene.app, 80, 24).text();
    assert!(text.contains("waits for its code: Cognito"), "{text}");
    scene.keys("v");
    let text = drawn(&scene.app, 80, 24).text();
    assert!(text.contains("NO: mark unverified."), "{text}");
}

#[test]
fn the_form() {
    at_three_sizes("edit", &edited());
}

#[test]
fn an_open_field() {
    let mut scene = Scene::opened();
    scene.keys("e");
    scene.answer_all();
    scene.keys("/");
    scene.typed("phone");
    scene.keys("enter enter ctrl-u");
    scene.typed("+1 (555) 555-0100");
    matches("edit-field", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_form_that_is_locked() {
    let mut scene = Scene::opened();
    scene.keys("e");
    scene.answer(
        |job| matches!(job, Job::GetUser { .. }),
        Reply::User(Err(denied("AdminGetUser"))),
    );
    matches("edit-locked", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_review() {
    at_three_sizes("review", &reasoned());
}

#[test]
fn a_review_on_its_way_out() {
    let mut scene = reviewed();
    scene.keys("tab");
    matches("review-button", &drawn(&scene.app, 80, 24));
    scene.keys("enter");
    scene.mono += Duration::from_secs(2);
    scene.event(Event::Tick);
    matches("review-sending", &drawn(&scene.app, 80, 24));
    let (ticket, _) = scene
        .asked
        .iter()
        .find(|(_, job)| matches!(job, Job::Submit(_)))
        .cloned()
        .unwrap();
    let step = Step::Throttled {
        attempt: 1,
        of: 4,
        wait: Duration::from_millis(1_600),
    };
    scene.event(Event::Reply(ticket, Reply::Submitting(step)));
    matches("review-throttled", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_review_of_a_protected_pool_that_is_not_armed() {
    let mut scene = edited();
    scene.keys("/");
    scene.typed("birthdate");
    scene.keys("enter u ctrl-s");
    scene.answer_all();
    scene.typed("SUP-1234");
    scene.keys("enter");
    scene.typed("customers");
    matches("review-unarmed", &drawn(&scene.app, 80, 24));
}

/// Someone else changed the address between the form and the review.
fn conflicted() -> Scene {
    let mut scene = edited();
    scene.keys("/");
    scene.typed("birthdate");
    scene.keys("enter u");
    let mut moved = jane();
    moved
        .attributes
        .insert(AttributeName::new("email"), AttributeValue::new("jane@other.example"));
    moved
        .attributes
        .insert(AttributeName::new("locale"), AttributeValue::new("de-DE"));
    scene.in_full = Some(moved);
    scene.at = at("10:41:05");
    scene.keys("ctrl-s");
    scene.answer_all();
    scene
}

#[test]
fn a_conflict() {
    let mut scene = conflicted();
    at_three_sizes("conflict", &scene);
    scene.keys("m");
    matches("conflict-decided", &drawn(&scene.app, 80, 24));
}

#[test]
fn what_became_of_a_write() {
    let mut scene = reviewed();
    scene.keys("tab enter");
    let fault = crate::domain::Fault::service(
        "AdminUpdateUserAttributes",
        "AliasExistsException",
        "An account with the email already exists.",
        Some(Raw::from("77ab01c2-0000-4000-8000-000000000000")),
        Some(400),
    );
    let mut submitted = Submitted::new(Username::new("jane.doe"), Outcome::Refused(fault));
    submitted.request_id = Some(Raw::from("77ab01c2-0000-4000-8000-000000000000"));
    scene.at = at("10:41:09");
    scene.answer(
        |job| matches!(job, Job::Submit(_)),
        Reply::Submitted(Box::new(submitted)),
    );
    matches("edit-refused", &drawn(&scene.app, 80, 24));
    scene.keys("tab d");
    matches("entry", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_status_pane_with_the_keys() {
    let mut scene = Scene::opened();
    with_entries(&mut scene);
    scene.keys("tab down");
    matches("status", &drawn(&scene.app, 80, 24));
    scene.keys("ctrl-w");
    matches("status-tall", &drawn(&scene.app, 80, 24));
}

#[test]
fn help() {
    let mut scene = edited();
    scene.keys("?");
    at_three_sizes("help", &scene);
}

#[test]
fn the_palette_and_questions() {
    let mut scene = edited();
    scene.keys(":");
    scene.typed("re");
    matches("palette", &drawn(&scene.app, 80, 24));
    scene.keys("esc / enter");
    matches("jump", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_copy_menu() {
    let mut scene = Scene::opened();
    scene.keys("y down");
    matches("copy", &drawn(&scene.app, 80, 24));
    scene.keys("G enter");
    matches("copy-sent", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_demo_says_so_on_every_screen() {
    let mut settings = settings();
    settings.demo = true;
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    matches("demo", &drawn(&scene.app, 80, 24));
    for keys in ["enter", "esc e", "?", "esc :", "esc tab"] {
        scene.keys(keys);
        scene.answer_all();
        let first = drawn(&scene.app, 60, 16).text().lines().next().unwrap().to_owned();
        assert!(first.contains(" DEMO "), "after {keys}: {first}");
    }
}

#[test]
fn a_pool_that_is_read_only_says_so() {
    let mut settings = settings();
    settings.guards.read_only = Some(Because::Flag);
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    matches("read-only", &drawn(&scene.app, 80, 24));
}

#[test]
fn without_colour() {
    let mono = View::new(Theme::load(ThemeName::Mono).unwrap(), Charset::Ascii);
    matches("edit-mono", &drawn_by(&mono, &edited().app, 80, 24));
}

#[test]
fn too_small() {
    let scene = Scene::opened();
    let small = drawn(&scene.app, 52, 12);
    assert_eq!(small.text().trim_end(), "cognitui needs 60x16, this is 52x12");
}

#[test]
fn the_header_gives_way_in_the_order_that_was_promised() {
    let mut settings = settings();
    settings.favourites[0].place.target.endpoint = Some("https://proxy.example".into());
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    let mut gone: Vec<&str> = Vec::new();
    let words = [
        "Support/ana",
        "us-east-1_aB3dE5fGh",
        "https://proxy.example",
        "123456789012",
    ];
    for width in (60..140).rev() {
        let first = drawn(&scene.app, width, 24).text().lines().next().unwrap().to_owned();
        for word in words {
            if !first.contains(word) && !gone.contains(&word) {
                gone.push(word);
            }
        }
        assert!(first.contains("customers-prod"), "{width}: {first}");
        assert!(first.ends_with("PROTECTED write"), "{width}: {first}");
    }
    assert_eq!(gone, words[..gone.len()], "in this order");
    assert!(gone.len() >= 2, "60 columns are too few for everything");
}

#[test]
fn an_edit_of_the_same_user_leaves_nothing_of_another_screen_behind() {
    let mut scene = Scene::opened();
    fill_and_leave(&mut scene);
    drawn_over(&scene.app, 80, 24).unwrap();
}

fn fill_and_leave(scene: &mut Scene) {
    scene.keys("e");
    scene.answer_all();
    fill(scene, "tier", "gold");
    scene.keys("esc");
}
