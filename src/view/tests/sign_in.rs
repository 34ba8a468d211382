//! Signing in, and the screens while somebody is acted as.

use std::sync::Arc;
use std::time::Duration;

use super::dump::drawn;
use super::scene::{Scene, answered, at, denied, jane, settings, unprotected};
use super::screens::{at_three_sizes, matches};
use crate::app::session::{Mode, ReadReason};
use crate::app::{Event, GivenToken, Input};
use crate::domain::guard::Because;
use crate::domain::sign_in::{ActingAs, Challenge, ChallengeKind, Flow};
use crate::domain::user::Source;
use crate::domain::{AppClient, ClientId, ClientSummary, Fault, Raw, Secret, User, UserStatus, Username};
use crate::job::{Job, Reply, SignedIn};

const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";

fn own() -> User {
    User {
        status: UserStatus::NotTold,
        created: None,
        changed: None,
        source: Source::Own {
            mfa: Default::default(),
        },
        ..jane()
    }
}

fn app_client(flows: &[&str]) -> AppClient {
    AppClient {
        id: ClientId::new(CLIENT),
        name: Raw::from("web"),
        has_secret: true,
        flows: flows.iter().map(|flow| Raw::from(*flow)).collect(),
        writable: Some(["email", "nickname"].map(crate::domain::AttributeName::new).into()),
        readable: None,
    }
}

fn is_asked(job: &Job) -> bool {
    matches!(
        job,
        Job::SignIn { .. } | Job::AnswerChallenge { .. } | Job::ActAs { .. }
    )
}

fn take(scene: &mut Scene, answer: SignedIn) {
    scene.answer(is_asked, Reply::SignedIn(answered(answer)));
}

fn acting(minutes: i64) -> SignedIn {
    SignedIn::As(ActingAs {
        user: Arc::new(own()),
        client: Some(ClientId::new(CLIENT)),
        expires_at: at("10:40:58") + jiff::SignedDuration::from_mins(minutes),
    })
}

/// At the first question.
pub fn asked() -> Scene {
    let mut scene = Scene::opened();
    scene.keys("T");
    scene
}

/// At the password, through an app client that does not allow it.
pub fn password() -> Scene {
    let mut scene = asked();
    scene.keys("down enter");
    scene.answer_all();
    scene.keys("enter");
    let client = Arc::new(app_client(&["ALLOW_USER_SRP_AUTH"]));
    scene.answer(|job| matches!(job, Job::Client { .. }), Reply::Client(answered(client)));
    scene.typed("hunter2-hunter2");
    scene
}

pub fn challenged(kind: ChallengeKind, destination: Option<&str>) -> Scene {
    let mut scene = password();
    scene.keys("enter");
    let challenge = Challenge {
        kind,
        flow: Flow::UserPassword,
        client: ClientId::new(CLIENT),
        username: Raw::from("jane.doe"),
        session: Secret::new("session"),
        destination: destination.map(Raw::from),
        expected: None,
    };
    // A new password is a change, and a protected pool asks for a reason, which a sign-in has no place for.
    if let (Some(session), ChallengeKind::NewPassword { .. }) = (&mut scene.app.session, &challenge.kind) {
        session.guard = unprotected().of(session.id(), None);
    }
    take(&mut scene, SignedIn::Challenge(challenge));
    scene
}

/// The own form, with so many minutes left.
pub fn acting_for(minutes: i64) -> Scene {
    let mut scene = asked();
    scene.keys("enter");
    scene.event(Event::Burst(vec![Input::Paste(Raw::from("a.b.c"))]));
    scene.keys("enter");
    take(&mut scene, acting(minutes));
    let client = Arc::new(app_client(&[]));
    scene.answer(|job| matches!(job, Job::Client { .. }), Reply::Client(answered(client)));
    scene.answer_all();
    scene
}

#[test]
fn what_it_is_done_with() {
    at_three_sizes("sign-in-way", &asked());
}

#[test]
fn a_token_is_masked() {
    let mut scene = asked();
    scene.keys("enter");
    scene.event(Event::Burst(vec![Input::Paste(Raw::from("x".repeat(1_043)))]));
    let drawn = drawn(&scene.app, 80, 24);
    assert!(!drawn.whole().contains("xxx"));
    matches("sign-in-token", &drawn);
}

#[test]
fn app_clients_scroll() {
    let mut scene = asked();
    scene.keys("down enter");
    let clients: Vec<ClientSummary> = (0..40)
        .map(|at| ClientSummary {
            id: ClientId::new(format!("{at:02}57kf5cpq17m0eml12EXAMPLE")),
            name: Raw::from(match at {
                25 => "evil\u{202e}\u{1b}[31m".to_owned(),
                at => format!("client-{at}"),
            }),
        })
        .collect();
    scene.answer(
        |job| matches!(job, Job::Clients { .. }),
        Reply::Clients(answered(clients)),
    );
    scene.keys("page-down page-down down down down down down");
    at_three_sizes("sign-in-clients", &scene);
}

#[test]
fn app_clients_that_may_not_be_listed() {
    let mut scene = asked();
    scene.keys("down enter");
    scene.answer(
        |job| matches!(job, Job::Clients { .. }),
        Reply::Clients(Err(denied("ListUserPoolClients"))),
    );
    matches("sign-in-clients-denied", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_password_under_its_warning() {
    let scene = password();
    at_three_sizes("sign-in-password", &scene);
    for (width, height) in [(60, 16), (80, 24), (200, 60)] {
        let whole = drawn(&scene.app, width, height).whole();
        assert!(
            whole.contains("Never ask a customer for a password"),
            "{width}x{height}"
        );
        assert!(!whole.contains("hunter2"));
    }
}

#[test]
fn a_refusal_stands_below_its_line() {
    let mut scene = password();
    scene.keys("enter");
    let fault = Fault::service(
        "InitiateAuth",
        "NotAuthorizedException",
        "Incorrect username or password.",
        None,
        Some(400),
    );
    scene.answer(is_asked, Reply::SignedIn(Err(fault)));
    at_three_sizes("sign-in-refused", &scene);
}

#[test]
fn while_the_service_is_asked() {
    let mut scene = password();
    scene.keys("enter");
    scene.mono += Duration::from_secs(3);
    scene.event(Event::Tick);
    matches("sign-in-asking", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_code_and_where_it_went() {
    let mut scene = challenged(ChallengeKind::Email, Some("j***@e***"));
    scene.typed("12345");
    at_three_sizes("sign-in-code", &scene);
}

#[test]
fn a_new_password_and_what_the_pool_requires() {
    let missing = vec![Raw::from("userAttributes.birthdate"), Raw::from("name")];
    let mut scene = challenged(ChallengeKind::NewPassword { missing }, None);
    matches("sign-in-new-password", &drawn(&scene.app, 60, 16));
    for _ in 0..2 {
        scene.typed("Other-1");
        scene.keys("enter");
    }
    scene.typed("1990-01");
    matches("sign-in-attribute", &drawn(&scene.app, 80, 24));
}

#[test]
fn a_second_factor_to_choose() {
    let choices = ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "NEW\u{202e}ONE"]
        .map(Raw::from)
        .into();
    let scene = challenged(ChallengeKind::SelectMfa { choices }, None);
    matches("sign-in-choice", &drawn(&scene.app, 80, 24));
}

#[test]
fn another_challenge_is_named() {
    let scene = challenged(ChallengeKind::Other(Raw::from("CUSTOM_CHALLENGE")), None);
    matches("sign-in-stopped", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_token_of_somebody_else() {
    let mut scene = asked();
    scene.keys("enter");
    scene.typed("a.b.c");
    scene.keys("enter");
    take(&mut scene, SignedIn::SomebodyElse(Username::new("bob\u{202e}")));
    matches("sign-in-somebody-else", &drawn(&scene.app, 80, 24));
}

#[test]
fn from_the_start_nobody_was_chosen() {
    let mut settings = settings();
    settings.access_token = Some(GivenToken::ToBeTyped);
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    matches("sign-in-from-start", &drawn(&scene.app, 80, 24));
}

#[test]
fn the_own_form() {
    at_three_sizes("own-form", &acting_for(58));
}

#[test]
fn who_is_acted_as_never_gives_way() {
    for (minutes, words) in [
        (58, "AS jane.doe 58 min"),
        (1, "AS jane.doe 60 s"),
        (0, "AS jane.doe EXPIRED"),
    ] {
        let scene = acting_for(minutes);
        for width in [60, 80, 200] {
            let whole = drawn(&scene.app, width, 24).whole();
            assert!(whole.contains(words), "{words} at {width}\n{whole}");
        }
    }
}

#[test]
fn the_pool_keeps_its_name_beside_whoever_is_acted_as() {
    let mut scene = acting_for(0);
    scene.app.core.settings.demo = true;
    let session = scene.app.session.as_mut().unwrap();
    session.guard.protected = true;
    session.mode = Mode::Read(ReadReason::Switched);
    let user = &mut session.acting.as_mut().unwrap().user;
    Arc::make_mut(user).username = Username::new("maximiliane.mustermann.1984");
    for width in [60, 80, 200] {
        let whole = drawn(&scene.app, width, 24).whole();
        for words in ["custom", "AS maximi", "EXPIRED", "PROTECTED read only"] {
            assert!(
                whole.lines().next().unwrap().contains(words),
                "{words} at {width}\n{whole}"
            );
        }
    }
}

#[test]
fn as_the_token_sees_it() {
    let mut settings = settings();
    settings.guards.read_only = Some(Because::Flag);
    let mut scene = Scene::new(settings);
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    scene.keys("T enter");
    scene.typed("a.b.c");
    scene.keys("enter");
    take(&mut scene, acting(58));
    let client = Arc::new(app_client(&[]));
    scene.answer(|job| matches!(job, Job::Client { .. }), Reply::Client(answered(client)));
    at_three_sizes("own-user", &scene);
}
