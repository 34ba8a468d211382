//! What stops a step, and what is said where it does not go well.

use std::time::Duration;

use cognitui::app::keymap::Chord;
use cognitui::app::session::View;
use cognitui::app::{Confirm, Event, Input};
use cognitui::domain::Raw;
use cognitui::emulator::Fault;

use super::super::scene::{CUSTOMERS, GET, setup};
use super::super::stage::{Stage, rules};
use super::{CASES, CONFIRM, DISABLE, RESEND, RESET, STUCK, on, to_send};

fn enter() -> Input {
    Input::Key(Chord::parse("enter").unwrap())
}

#[test]
fn a_step_is_sent_once_even_where_the_service_breaks() {
    for case in CASES {
        for fault in [Fault::internal(), Fault::hang(), Fault::reset()] {
            let mut stage = on(case.user);
            stage.emulator.inject(fault.on(case.call).times(5));
            stage.keys(&format!(":{}<enter>", case.action));
            to_send(&mut stage, &case);
            stage.keys("<enter>");
            assert_eq!(stage.count(case.call), 1, "{}: {}", case.action, stage.screen());
            stage.ended("UNKNOWN", &["it may have been applied", "nothing is sent twice"]);
            assert_eq!(stage.intents().len(), 1);
        }
    }
}

#[test]
fn an_unknown_step_is_settled_by_reading() {
    let mut stage = on("mfa.sms");
    stage.emulator.inject(Fault::internal().on(DISABLE).after_applying());
    stage.keys(":disable<enter>mfa.sms<enter><tab><enter>");
    // The read-back shows it disabled, which it was not before.
    stage.ended(
        "applied",
        &["disabled: read back", "but reading back shows that it was applied"],
    );
    let mut stage = on(STUCK);
    stage.emulator.inject(Fault::internal().on(RESEND));
    stage.keys(":resend-code<enter><down><tab><tab><enter>");
    stage.ended("UNKNOWN", &["sending again may send a second message"]);
    stage.keys(":resend-code<enter>");
    stage.shows("the last write ended unknown");
    stage.keys("<tab><enter>");
    assert!(stage.notice().contains("may still land"), "{}", stage.notice());
    assert_eq!(stage.count(RESEND), 1);
    stage.clock.forward(Duration::from_secs(30));
    stage.keys("<enter>");
    assert_eq!(stage.count(RESEND), 2);
}

#[test]
fn a_protected_pool_asks_for_its_name_first() {
    let protected = || {
        setup(CUSTOMERS, STUCK).change(|settings| {
            rules(settings).protected = true;
            settings.confirm = Confirm::Always;
        })
    };
    let mut stage = protected().start();
    stage.keys(":confirm-sign-up<enter>SUP-1<enter>");
    stage.shows("PROTECTED: type its name, customers");
    stage.keys("<tab><tab><enter>");
    assert!(stage.notice().contains("this pool is protected"), "{}", stage.notice());
    stage.keys("shop<enter>");
    assert!(
        stage.notice().contains("that is not the pool's name"),
        "{}",
        stage.notice()
    );
    assert_eq!(stage.steps_sent(), 0);
    stage.keys("<ctrl-u>customers<enter><tab><enter>");
    stage.ended("applied", &[]);
    // The name counts for one write.
    stage.keys(":disable<enter>");
    stage.shows("PROTECTED: type its name");
}

#[test]
fn who_loses_the_way_in_is_typed() {
    for (action, call) in [("disable", DISABLE), ("reset-password", RESET)] {
        let mut stage = on("mfa.sms");
        stage.keys(&format!(":{action}<enter><tab><tab><enter>"));
        assert!(stage.notice().contains("type the username first"), "{}", stage.notice());
        stage.keys("mfa.smz<enter>");
        assert!(
            stage.notice().contains("that is not the username"),
            "{}",
            stage.notice()
        );
        stage.keys("<tab><tab><enter>");
        assert_eq!(stage.steps_sent(), 0);
        stage.keys("<ctrl-u>mfa.sms<enter>");
        assert_eq!(stage.steps_sent(), 0, "a held Enter stops at Cancel");
        stage.keys("<tab><enter>");
        assert_eq!(stage.count(call), 1);
    }
}

#[test]
fn enter_pressed_twice_pasted_or_in_a_burst_does_not_send_twice_or_at_all() {
    let mut stage = on(STUCK);
    stage.keys(":confirm-sign-up<enter><tab>");
    stage.burst(vec![Input::Paste(Raw::from("x\n")), enter()]);
    stage.burst(vec![enter(), enter()]);
    assert_eq!(stage.steps_sent(), 0, "{}", stage.notice());
    stage.keys_before_answers("<enter><enter><enter>");
    stage.settle();
    assert_eq!(stage.steps_sent(), 1);
    // The Enter that chose it in the menu, held on.
    let mut stage = on(STUCK);
    stage.keys("a");
    stage.keys_at_once("<enter><tab><enter><enter>");
    stage.settle();
    assert_eq!(stage.steps_sent(), 0, "{}", stage.screen());
}

#[test]
fn nothing_confirms_in_the_moment_after_the_reading_came() {
    let mut stage = on(STUCK);
    stage.keys(":confirm-sign-up<enter>");
    for key in ["tab", "enter"] {
        stage.clock.forward(Duration::from_millis(100));
        stage.event(Event::Burst(vec![Input::Key(Chord::parse(key).unwrap())]));
        stage.settle();
    }
    assert!(stage.notice().contains("too soon"), "{}", stage.notice());
    assert_eq!(stage.steps_sent(), 0);
}

#[test]
fn what_changed_meanwhile_is_named_and_stops_until_it_is_opened_again() {
    let mut stage = on(STUCK);
    let disable = |emulator: &cognitui::emulator::Emulator| {
        let body = serde_json::json!({"UserPoolId": CUSTOMERS, "Username": STUCK});
        let request = http::Request::post("/")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.AdminDisableUser")
            .header("content-type", "application/x-amz-json-1.1")
            .body(bytes::Bytes::from(body.to_string()))
            .unwrap();
        assert_eq!(emulator.answer(request).unwrap().status(), 200);
    };
    // Between the list and the review.
    disable(&stage.emulator);
    stage.keys(":confirm-sign-up<enter>");
    stage.shows(": CHANGED");
    stage.shows("enabled: was yes, is no");
    stage.keys("<tab><enter>");
    assert!(
        stage.notice().contains("someone changed enabled meanwhile"),
        "{}",
        stage.notice()
    );
    assert_eq!(stage.count(CONFIRM), 0);
    stage.keys("<esc>:confirm-sign-up<enter>");
    stage.shows("no one changed it");
    stage.shows("disabled: cannot sign in before it is enabled");
    // Between the review and the request.
    stage.just_before(GET, 0, |emulator| {
        let body = serde_json::json!({"UserPoolId": CUSTOMERS, "Username": STUCK});
        let request = http::Request::post("/")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.AdminEnableUser")
            .header("content-type", "application/x-amz-json-1.1")
            .body(bytes::Bytes::from(body.to_string()))
            .unwrap();
        assert_eq!(emulator.answer(request).unwrap().status(), 200);
    });
    stage.keys("<tab><enter>");
    stage.ended("NOT SENT", &["someone changed enabled meanwhile; nothing went out"]);
    assert_eq!(stage.count(CONFIRM), 0);
    assert_eq!(stage.view(), View::Deed);
    stage.keys("<tab><enter>");
    assert_eq!(stage.count(CONFIRM), 0);
    stage.keys("<esc>:confirm-sign-up<enter><tab><enter>");
    stage.ended("applied", &[]);
}

#[test]
fn a_user_that_could_not_be_read_again_is_left_alone() {
    let mut stage = on(STUCK);
    stage.emulator.inject(Fault::denied(GET));
    stage.keys(":confirm-sign-up<enter>");
    stage.shows("NOT READ AGAIN");
    stage.shows("cognito-idp:AdminGetUser");
    stage.keys("<tab><enter>");
    assert!(
        stage.notice().contains("not read again: AccessDenied"),
        "{}",
        stage.notice()
    );
    assert_eq!(stage.steps_sent(), 0);
    stage.emulator.heal();
    stage.keys("r<tab><enter>");
    stage.ended("applied", &[]);
}

#[test]
fn a_refused_step_says_what_it_lacks_and_leads_back_to_its_review() {
    for case in CASES.iter().filter(|case| case.call != RESEND) {
        let mut stage = on(case.user);
        stage.emulator.inject(Fault::denied(case.call).on(case.call));
        stage.keys(&format!(":{}<enter>", case.action));
        to_send(&mut stage, case);
        stage.keys("<enter>");
        let lacks = format!("cognito-idp:{}", case.call);
        stage.ended(
            "REFUSED",
            &[lacks.as_str(), "nothing was changed", "next: Enter here reviews:"],
        );
        let sent = stage.count(case.call);
        stage.keys("<tab><enter>");
        assert_eq!(stage.view(), View::Deed, "{}", stage.screen());
        assert_eq!(stage.count(case.call), sent, "opening sends nothing");
    }
}

#[test]
fn a_refusal_for_rate_can_be_stopped_before_the_next_send() {
    let mut stage = on(STUCK);
    stage.emulator.inject(Fault::throttled().on(CONFIRM).times(8));
    stage.clock.hold();
    stage.keys_before_answers(":confirm-sign-up<enter>");
    stage.settle_reading();
    stage.keys_before_answers("<tab><enter>");
    stage.until(|stage| {
        stage
            .session()
            .confirmation()
            .is_some_and(|one| one.throttled.is_some())
    });
    stage.shows("refused for rate, nothing was changed; send 2 of 4");
    assert!(stage.hints().contains("stop before the next send"), "{}", stage.hints());
    stage.keys_before_answers("<esc>");
    stage.clock.release();
    stage.settle();
    stage.ended("NOT SENT", &["stopped before it went out again"]);
    assert_eq!(stage.count(CONFIRM), 1);
}

impl Stage {
    fn settle_reading(&mut self) {
        self.until(|stage| {
            stage
                .session()
                .deed
                .as_ref()
                .is_some_and(|screen| screen.read.ready().is_some())
        });
    }
}
