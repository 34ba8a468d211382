//! A clock that is wrong by an hour or a day: the SDK signs by the service's time as soon as it has seen one answer, so
//! work goes on, and the operator learns why ages and dates are odd.

use cognitui::app::status::{Entry, Word};
use cognitui::emulator::Fault;
use jiff::SignedDuration;

use super::scene::{CUSTOMERS, LIST, UPDATE, setup};
use super::stage::Stage;

/// On a service whose clock is so much ahead of this machine's.
fn beside_a_clock(ahead: SignedDuration) -> Stage {
    setup(CUSTOMERS, "jane.doe")
        .service(move |service| service.set_ahead(ahead))
        .start()
}

/// What was noted about the clock.
fn notes(stage: &Stage) -> Vec<Entry> {
    let mut entries = stage.entries();
    entries.retain(|entry| entry.word == Word::Note && entry.subject.as_str() == "clock");
    entries
}

/// What the newest entry of a failed reading says.
fn failed(stage: &Stage) -> String {
    let entries = stage.entries();
    let entry = entries.iter().find(|entry| entry.word == Word::Failed).unwrap();
    let lines = [&entry.line].into_iter().chain(&entry.more);
    lines.map(|line| line.plain()).collect::<Vec<_>>().join("\n")
}

#[test]
fn it_is_named_once_in_minutes_and_the_work_goes_on() {
    let cases = [
        (
            SignedDuration::from_mins(-63),
            "this machine's clock is 63 minutes ahead of the service's",
        ),
        (
            SignedDuration::from_mins(63),
            "this machine's clock is 63 minutes behind the service's",
        ),
        (
            SignedDuration::from_hours(-1),
            "this machine's clock is 60 minutes ahead of the service's",
        ),
        (
            SignedDuration::from_hours(24),
            "this machine's clock is 1440 minutes (24 hours) behind the service's",
        ),
    ];
    for (ahead, said) in cases {
        let mut stage = beside_a_clock(ahead);
        stage.shows("User jane.doe");
        let told = notes(&stage);
        assert_eq!(told.len(), 1, "{said}");
        assert_eq!(told[0].line.plain(), said);
        assert!(told[0].more.iter().any(|line| line.plain().contains("NTP")), "{said}");
        stage.keys("e").set("nickname", "JJ").send();
        stage.ended("applied", &[]);
        let updates: Vec<String> = stage
            .emulator
            .calls()
            .into_iter()
            .filter(|call| call.operation == UPDATE)
            .map(|call| call.outcome)
            .collect();
        assert_eq!(updates, ["ok"], "{said}: the write was signed by the service's time");
        assert_eq!(notes(&stage).len(), 1, "{said}: once for each connection");
    }
}

#[test]
fn what_the_service_tolerates_is_not_worth_a_word() {
    // A measurement is as good as the seconds of a date and the time that a request takes.
    for seconds in [0, 235, -235] {
        let stage = beside_a_clock(SignedDuration::from_secs(seconds));
        stage.shows("User jane.doe");
        assert_eq!(notes(&stage), [], "{seconds}");
    }
}

#[test]
fn a_signature_that_is_refused_all_the_same_names_the_clock() {
    let mut stage = beside_a_clock(SignedDuration::from_mins(-63));
    for code in ["InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed"] {
        stage
            .emulator
            .inject(Fault::error(code, "Signature not yet current").on(LIST).always());
        stage.keys("<esc>r");
        let said = failed(&stage);
        assert!(said.contains(&format!("{code}: Signature not yet current")), "{said}");
        assert!(
            said.contains("this machine's clock is 63 minutes ahead of the service's, so its signatures do not count"),
            "{said}"
        );
        assert!(said.contains("set this machine's clock (NTP), then r"), "{said}");
        stage.emulator.heal();
    }
    // The clock was set, and a new connection finds it right.
    let before = notes(&stage).len();
    stage.emulator.set_ahead(SignedDuration::ZERO);
    stage.keys("r");
    assert_eq!(stage.newest().word, Word::Read, "{}", stage.said());
    assert_eq!(notes(&stage).len(), before);
}

#[test]
fn a_new_connection_says_it_anew() {
    let mut stage = beside_a_clock(SignedDuration::from_mins(-63));
    stage
        .emulator
        .inject(Fault::error("ExpiredTokenException", "expired").on(LIST).always());
    stage.keys("<esc>r");
    let said = failed(&stage);
    assert!(
        said.contains("the credentials have expired; this machine's clock is 63 minutes ahead of the service's"),
        "{said}"
    );
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(notes(&stage).len(), 2);
}
