//! Text of strangers on every screen: nothing of it reaches a cell that a terminal would obey or not show.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use super::dump::{drawn, drawn_by};
use super::scene::{Scene, answered, denied, settings, user};
use crate::app::{App, Event};
use crate::domain::{Fault, Outcome, Raw, Username};
use crate::job::{Job, Reply, Submitted};
use crate::view::View;
use crate::view::text::Charset;
use crate::view::theme::{Theme, ThemeName};

const HOSTILE: &str = "x\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{3164}\u{e0041}\r\n\tZ\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}";

/// The hostile text wherever text of others can be.
fn everywhere() -> Vec<(&'static str, App)> {
    let bad = |name: &str| format!("{name}{HOSTILE}");
    let mut settings = settings();
    settings.favourites[0].name = Some(Raw::from(bad("pool")));
    settings.target.profile = Some(bad("profile"));
    let mut all = Vec::new();
    let opened = || {
        let mut scene = Scene::new(settings.clone());
        scene.pool.name = Raw::from(bad("pool"));
        let mut attribute = scene.pool.schema.attributes[20].clone();
        attribute.name = crate::domain::AttributeName::new(bad("custom:"));
        scene.pool.schema.attributes.push(attribute);
        scene.people = vec![user(
            &bad("user"),
            &bad("STATUS"),
            &[
                ("email", &bad("mail")),
                ("name", &bad("name")),
                ("sub", &bad("sub")),
                ("phone_number", &bad("+1")),
                (&bad("custom:"), &bad("value")),
                ("custom:tier", &bad("tier")),
            ],
        )];
        scene.event(Event::Start(80, 24));
        scene.answer_all();
        scene
    };
    let after = |keys: &str| {
        let mut scene = opened();
        scene.keys(keys);
        scene.answer_all();
        scene
    };
    for keys in [
        "",
        "/",
        "enter",
        "enter d",
        "enter G",
        "e",
        "e G",
        "y",
        "y G enter",
        "?",
        "tab",
        "tab d",
        "W W",
    ] {
        all.push(("after keys", after(keys).app));
    }
    let edited = |keys: &str| {
        let mut scene = after("e");
        super::scene::fill(&mut scene, "locale", "de");
        scene.keys("/");
        scene.typed("tier");
        scene.keys("enter enter");
        scene.event(Event::Burst(vec![crate::app::Input::Paste(Raw::from(HOSTILE))]));
        scene.keys(keys);
        scene.answer_all();
        scene
    };
    all.push(("field", edited("").app));
    all.push(("edited", edited("enter").app));
    all.push(("put back, review", edited("esc ctrl-s").app));
    let mut sent = edited("esc ctrl-s");
    sent.typed(&bad("pool"));
    all.push(("typed in review", sent.app));
    let mut failed = opened();
    let fault = Fault::service(
        "ListUsers",
        bad("Code"),
        bad("message"),
        Some(Raw::from(bad("id"))),
        Some(400),
    );
    failed.keys("r");
    failed.answer(
        |job| matches!(job, Job::ListUsers { .. }),
        Reply::Users(Err(fault.clone())),
    );
    all.push(("fault", failed.app.clone()));
    failed.keys("tab d");
    all.push(("fault in full", failed.app));
    let mut submitted = opened();
    let mut outcome = Submitted::new(Username::new(bad("user")), Outcome::Refused(fault));
    outcome.request_id = Some(Raw::from(bad("id")));
    outcome.unread = Some(denied("AdminGetUser"));
    outcome
        .notices
        .push(crate::say!("journal: ", raw & Raw::from(bad("line"))));
    submitted.keys("r");
    submitted.answer(
        |job| matches!(job, Job::ListUsers { .. }),
        Reply::Submitted(Box::new(outcome)),
    );
    all.push(("submitted", submitted.app));
    let mut found = opened();
    found.keys("/");
    found.event(Event::Burst(vec![crate::app::Input::Paste(Raw::from(HOSTILE))]));
    all.push(("find", found.app.clone()));
    found.keys("enter");
    let nobody = crate::job::Found {
        users: Vec::new(),
        stage: None,
        calls: 1,
        faults: Vec::new(),
        unread: Vec::new(),
    };
    if found.asked.iter().any(|(_, job)| matches!(job, Job::Find { .. })) {
        found.answer(|job| matches!(job, Job::Find { .. }), Reply::Found(answered(nobody)));
    }
    all.push(("nobody", found.app));
    let mut no_pool = settings.clone();
    no_pool.pool = None;
    let mut pools = Scene::new(no_pool);
    pools.event(Event::Start(80, 24));
    pools.answer_all();
    all.push(("pools", pools.app));
    all
}

/// Whether a terminal would obey the character, reorder by it, or show nothing for it.
fn is_unfit(c: char) -> bool {
    let category = c.general_category();
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    ) || matches!(c, '\u{3164}' | '\u{feff}' | '\u{115f}' | '\u{2800}')
}

#[test]
fn no_cell_holds_a_character_that_a_terminal_obeys_or_hides() {
    for (name, app) in everywhere() {
        for (width, height) in [(60, 16), (80, 24), (200, 60)] {
            for cell in &drawn(&app, width, height).buffer.content {
                assert!(!cell.symbol().chars().any(is_unfit), "{name}: {:?}", cell.symbol());
                assert!(
                    cell.symbol().len() <= 32,
                    "{name}: a cell holds {} bytes",
                    cell.symbol().len()
                );
            }
        }
    }
}

#[test]
fn what_cannot_be_shown_stands_there_as_a_token() {
    let shown = everywhere()
        .iter()
        .filter(|(_, app)| drawn(app, 200, 60).text().contains("\\u{1b}"))
        .count();
    assert_eq!(
        shown,
        everywhere().len(),
        "the escape is visible on every one of these screens"
    );
}

#[test]
fn in_ascii_every_cell_is_ascii() {
    let ascii = View::new(Theme::load(ThemeName::Default).unwrap(), Charset::Ascii);
    for (name, app) in everywhere().into_iter().chain(super::every_size::everything()) {
        for (width, height) in [(60, 16), (200, 60)] {
            for cell in &drawn_by(&ascii, &app, width, height).buffer.content {
                assert!(
                    cell.symbol().chars().all(|c| matches!(c, ' '..='~')),
                    "{name}: {:?}",
                    cell.symbol()
                );
            }
        }
    }
}

#[test]
fn columns_stay_where_they_are_beside_hostile_text() {
    let mut scene = Scene::opened();
    scene.people[1] = user(&format!("b{HOSTILE}"), "CONFIRMED", &[("email", HOSTILE)]);
    scene.people[2] = user(
        "\u{5bcc}\u{58eb}\u{5c71}\u{5bcc}\u{58eb}\u{5c71}\u{5bcc}\u{58eb}",
        "CONFIRMED",
        &[("email", "\u{639}\u{644}\u{64a}@example.com")],
    );
    scene.keys("r");
    scene.answer_all();
    let drawn = drawn(&scene.app, 80, 24);
    for y in 3..6 {
        let status: String = (64..73)
            .map(|x| drawn.buffer.cell((x, y)).unwrap().symbol().to_owned())
            .collect();
        assert_eq!(status, "CONFIRMED", "line {y}");
    }
}
