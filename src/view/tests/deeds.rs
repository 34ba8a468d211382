//! Single steps on an account as they are drawn: their review, the menu, what is reported, and the demo's outbox.

use super::dump::drawn;
use super::scene::{Scene, answered, at, settings, unprotected};
use super::screens::{at_three_sizes, matches};
use crate::app::writes::Waiting;
use crate::domain::consequence::WaitingChange;
use crate::domain::{
    AttributeValue, ClientId, ClientSummary, CodeDelivery, Contact, Outcome, Raw, UserStatus, Username,
};
use crate::job::{Delivered, Job, Reply, Submitted};

/// A console on the pool, with the cursor on a user of the scene.
fn on(row: usize) -> Scene {
    let mut settings = settings();
    settings.guards = unprotected();
    let mut scene = Scene::new(settings);
    scene.event(crate::app::Event::Start(80, 24));
    scene.answer_all();
    for _ in 0..row {
        scene.keys("down");
    }
    scene.at = at("10:41:02");
    scene
}

/// Opens the review of a step by its name.
fn step(scene: &mut Scene, name: &str) {
    scene.keys(":");
    scene.typed(name);
    scene.keys("enter");
}

/// `adm<ZWSP>in`, who never confirmed the sign-up.
const STUCK: usize = 5;

#[test]
fn the_menu_of_steps() {
    let mut scene = on(STUCK);
    scene.keys("a down");
    at_three_sizes("steps", &scene);
}

#[test]
fn confirming_a_sign_up() {
    let mut scene = on(STUCK);
    step(&mut scene, "confirm-sign-up");
    scene.answer_all();
    at_three_sizes("deed-confirm", &scene);
}

#[test]
fn a_step_that_takes_the_way_in_in_a_protected_pool() {
    let mut scene = Scene::opened();
    scene.at = at("10:41:02");
    step(&mut scene, "disable");
    scene.answer_all();
    scene.typed("customers");
    at_three_sizes("deed-disable-protected", &scene);
}

#[test]
fn a_code_that_is_sent_again_and_reported() {
    let mut scene = on(STUCK);
    step(&mut scene, "resend-code");
    let client = |id: &str, name: &str| ClientSummary {
        id: ClientId::new(id),
        name: Raw::from(name),
    };
    scene.answer(
        |job| matches!(job, Job::Clients { .. }),
        Reply::Clients(answered(vec![
            client("1h57kf5cpq17m0eml12EXAMPLE", "web"),
            client("2h57kf5cpq17m0eml12EXAMPLE", "bad\u{202e}name"),
        ])),
    );
    scene.answer_all();
    matches("deed-client-to-choose", &drawn(&scene.app, 80, 24));
    scene.keys("down down tab tab enter");
    matches("deed-sending", &drawn(&scene.app, 80, 24));
    let username = Username::new("adm\u{200b}in");
    let mut submitted = Submitted::new(username.clone(), Outcome::Waiting);
    let delivery = |medium: &str, destination: &str| CodeDelivery {
        attribute: Some(Raw::from("email")),
        medium: Some(Raw::from(medium)),
        destination: Some(Raw::from(destination)),
    };
    submitted.reported = vec![delivery("EMAIL", "a***@e***"), delivery("SMS", "+*******\u{1b}9934")];
    submitted.now = Some(std::sync::Arc::new(scene.known(&username)));
    submitted.request_id = Some(Raw::from("5f1c7e"));
    scene.answer(
        |job| matches!(job, Job::Submit(_)),
        Reply::Submitted(Box::new(submitted)),
    );
    matches("deed-reported", &drawn(&scene.app, 80, 24));
    scene.keys("tab d");
    matches("deed-reported-in-full", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_step_that_the_service_would_refuse() {
    let mut scene = on(4);
    step(&mut scene, "reset-password");
    scene.answer_all();
    matches("deed-refused-beforehand", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_step_on_somebody_who_changed_meanwhile() {
    let mut scene = on(STUCK);
    let mut now = scene.people[STUCK].clone();
    now.status = UserStatus::Confirmed;
    now.attributes.insert(
        Contact::Email.attribute(),
        AttributeValue::new("other\u{202e}@example.com"),
    );
    scene.in_full = Some(now);
    step(&mut scene, "resend-code");
    scene.answer_all();
    matches("deed-changed", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_value_that_waits_stands_beside_the_one_in_force() {
    let mut scene = on(0);
    if let Some(session) = &mut scene.app.session {
        session.waiting.push(Waiting {
            username: Username::new("jane.doe"),
            value: AttributeValue::new("jane.doe@example.com"),
            change: WaitingChange {
                contact: Contact::Email,
                accepted_at: at("10:40:00"),
            },
        });
    }
    scene.keys("enter");
    matches("user-waiting", &drawn(&scene.app, 80, 24));
    scene.keys("e");
    matches("edit-waiting", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_outbox() {
    let mut settings = settings();
    settings.demo = true;
    let mut scene = Scene::new(settings);
    scene.event(crate::app::Event::Start(80, 24));
    scene.answer_all();
    step(&mut scene, "outbox");
    scene.answer_all();
    matches("outbox-empty", &drawn(&scene.app, 80, 24));
    scene.keys("r");
    let message = |time: &str, medium: &str, destination: &str, text: &str| Delivered {
        at: at(time),
        pool: Raw::from("us-east-1_aB3dE5fGh"),
        username: Raw::from("jane.doe"),
        medium: Raw::from(medium),
        destination: Raw::from(destination),
        text: Raw::from(text),
    };
    let messages = vec![
        message(
            "10:41:00",
            "EMAIL",
            "jane@example.com",
            "Your verification code is 012345.",
        ),
        message("10:40:00", "SMS", "+15555550100", "evil \u{202e}text\u{1b}[31m"),
        message(
            "10:39:00",
            "EMAIL",
            "bob@example.com",
            &"A long text that wraps. ".repeat(8),
        ),
    ];
    scene.answer(|job| matches!(job, Job::Outbox), Reply::Outbox(messages));
    at_three_sizes("outbox", &scene);
    scene.keys("down");
    matches("outbox-scrolled", &drawn(&scene.app, 60, 16));
}
