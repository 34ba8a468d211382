//! Why a write is made: asked for where the rules say so, in the form they want, and written into the journal.

use cognitui::app::screen::confirmation::Control;
use cognitui::domain::guard::{ReasonPattern, ReasonRule};

use super::scene::{CUSTOMERS, open_form, setup};
use super::stage::{Setup, Stage, rules};

fn with(rule: ReasonRule) -> Setup {
    setup(CUSTOMERS, "jane.doe").change(|settings| rules(settings).reason = Some(rule))
}

fn like_a_ticket() -> ReasonRule {
    ReasonRule::Like(ReasonPattern::new(r"SUP-\d+").unwrap())
}

fn reviewed(rule: ReasonRule) -> Stage {
    let mut stage = open_form(with(rule));
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    stage
}

fn focus(stage: &Stage) -> Control {
    stage.session().confirmation().expect("a review").focus
}

/// The reasons in the journal, oldest first.
fn reasons(stage: &Stage) -> Vec<Option<String>> {
    stage
        .journal()
        .iter()
        .filter_map(|line| line.get("intent"))
        .map(|intent| intent["reason"]["value"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn an_optional_reason_is_there_and_not_in_the_way() {
    let mut stage = reviewed(ReasonRule::Optional);
    assert_eq!(focus(&stage), Control::Cancel);
    stage.shows("optional");
    stage.keys("<backtab>");
    assert_eq!(focus(&stage), Control::Reason);
    stage.keys("because<enter><tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(reasons(&stage), [Some("because".to_owned())]);
    stage.keys("e").set("nickname", "JK").keys("<ctrl-s><tab><enter>");
    assert_eq!(reasons(&stage)[1], None, "nothing is prefilled");
}

#[test]
fn a_required_reason_has_the_focus_until_it_is_given() {
    let mut stage = reviewed(ReasonRule::Required);
    assert_eq!(focus(&stage), Control::Reason);
    stage.shows("required");
    stage.keys("<enter>");
    stage.answers("a reason is required here");
    stage.keys("<tab><tab><enter>");
    stage.answers("a reason is required here");
    assert_eq!(focus(&stage), Control::Reason, "Tab: Reason, Cancel, Send");
    stage.keys("   <enter>");
    stage.answers("a reason is required here");
    stage.sent_nothing();
    stage.keys("<ctrl-u>ticket 7<enter>");
    assert_eq!(focus(&stage), Control::Cancel, "a held Enter does not send");
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(reasons(&stage), [Some("ticket 7".to_owned())]);
}

#[test]
fn the_form_of_a_reason_is_said_in_words() {
    let mut stage = reviewed(like_a_ticket());
    stage.shows("required: SUP-digits");
    stage.keys("SUP-12x");
    stage.shows("has to be SUP-digits");
    stage.keys("<enter>");
    stage.answers(r"the whole reason has to be of the form SUP-digits (SUP-\d+)");
    stage.keys("<tab><tab><enter>");
    stage.sent_nothing();
    stage.keys("<backspace>34<enter><tab><enter>");
    assert_eq!(reasons(&stage), [Some("SUP-1234".to_owned())]);
}

#[test]
fn up_recalls_earlier_reasons_newest_first() {
    let mut stage = reviewed(ReasonRule::Required);
    stage.keys("first<enter><tab><enter>");
    stage.keys("e").set("nickname", "JK").keys("<ctrl-s>");
    stage.shows("Up: first");
    stage.keys("second<enter><tab><enter>");
    stage.keys("e").set("nickname", "JL").keys("<ctrl-s>");
    stage.keys("<up>");
    stage.shows("second");
    stage.keys("<up><up>");
    stage.keys("<enter><tab><enter>");
    let given: Vec<String> = reasons(&stage).into_iter().flatten().collect();
    assert_eq!(given, ["first", "second", "first"]);
    stage.keys("e").set("nickname", "JM").keys("<ctrl-s><up><down>");
    assert!(
        stage.session().confirmation().unwrap().reason.is_empty(),
        "Down comes back to nothing"
    );
}

#[test]
fn a_step_on_the_account_asks_for_it_too() {
    let mut stage = with(like_a_ticket()).start();
    stage.keys(":enable<enter>");
    assert_eq!(
        focus(&stage),
        Control::Cancel,
        "what would be refused is not asked about"
    );
    stage.keys("<esc>:disable<enter>");
    assert_eq!(focus(&stage), Control::Reason);
    stage.keys("nothing<enter>");
    stage.answers("SUP-digits");
    stage.keys("<ctrl-u>SUP-9<enter>jane.doe<enter><tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(reasons(&stage), [Some("SUP-9".to_owned())]);
}
