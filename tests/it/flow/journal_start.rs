//! What earlier runs left without an end: announced at start, read back when asked for, and nothing is ever sent.

use std::sync::Arc;

use cognitui::domain::entry::{Keeping, Values};
use cognitui::domain::place::{Caller, Written};
use cognitui::domain::user::{Source, UserStatus};
use cognitui::domain::{
    Account, AttributeName, AttributeValue, Draft, Edit, Intent, Operation, PoolId, Route, Rules, Schema, User,
    Username, Why,
};
use cognitui::emulator::Seed;
use cognitui::journal::{Journal, Recorded};

use super::scene::{CUSTOMERS, GET, UPDATE, form, setup};
use super::stage::{Setup, Stage};

const SUB: &str = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";

fn jane(nickname: &str) -> Arc<User> {
    Arc::new(User {
        username: Username::new("jane.doe"),
        attributes: [("sub", SUB), ("nickname", nickname)]
            .map(|(name, value)| (AttributeName::new(name), AttributeValue::new(value)))
            .into(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::List,
        read_at: super::stage::START.parse().unwrap(),
    })
}

fn intent(operation: Operation) -> Intent {
    Intent {
        caller: Caller::default(),
        place: Written {
            account: None,
            region: Some("us-east-1".into()),
            endpoint: None,
            pool: PoolId::new(CUSTOMERS),
        },
        user: Username::new("jane.doe"),
        sub: Some(SUB.into()),
        operation,
        why: Why::default(),
    }
}

fn nickname(from: &str, to: &str) -> Operation {
    let mut draft = Draft::new(jane(from), Route::Admin);
    let name = AttributeName::new("nickname");
    draft.set(name.clone(), Edit::Set(AttributeValue::new(to)));
    let schema = Schema::standard([&name]);
    Operation::update(draft.change_set(&Rules::admin(&schema)).unwrap())
}

fn journal(stage: &Stage, values: Values) -> Journal {
    let hand = stage.clock.clone();
    let clock = Arc::new(move || hand.now());
    let keeping = Arc::new(move |_: &PoolId| Keeping { values, days: None });
    Journal::open(stage.state.path().to_path_buf(), clock, "test")
        .unwrap()
        .keeping(keeping)
}

/// A console that has just written down a change of Jane's nickname. Dropping it ends it.
pub fn recorded(stage: &Stage, from: &str, to: &str) -> (Journal, Recorded) {
    let journal = journal(stage, Values::Full);
    let recorded = journal.record(intent(nickname(from, to))).unwrap();
    (journal, recorded)
}

/// The next console on the same files.
fn next(stage: &Stage) -> Stage {
    setup(CUSTOMERS, "jane.doe").sharing(stage).start()
}

fn seen(stage: &Stage) -> Vec<String> {
    let lines = stage.journal();
    let seen = lines.iter().filter(|line| line["seen"].is_object());
    seen.map(|line| line["seen"]["word"].as_str().unwrap().to_owned())
        .collect()
}

fn store(stage: &Stage, nickname: &'static str) {
    assert!(stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("nickname".into(), nickname.into());
    }));
}

#[test]
fn a_change_that_was_applied_is_announced_read_back_and_settled() {
    let first = setup(CUSTOMERS, "jane.doe").start();
    drop(recorded(&first, "JD", "JJ"));
    store(&first, "JJ");
    let mut stage = next(&first);
    stage.shows("1 change of earlier runs ended unknown: jane.doe");
    assert!(stage.calls(GET).is_empty(), "nobody is read before it is asked for");
    stage.keys("U");
    stage.ended("applied", &["reading back shows that it was applied"]);
    assert_eq!(stage.calls(GET).len(), 1);
    assert!(stage.calls(UPDATE).is_empty(), "nothing is ever sent");
    assert_eq!(seen(&stage), ["applied"]);
    stage.keys("L");
    stage.shows("Journal of customers  1 entry");
    assert_eq!(stage.app().journal.entries()[0].word(), "applied");
    // The next start has nothing to announce.
    next(&first).shows_not("ended unknown");
}

#[test]
fn old_values_leave_it_unknown_and_enter_on_the_entry_reads_too() {
    let first = setup(CUSTOMERS, "jane.doe").start();
    drop(recorded(&first, "JD", "JJ"));
    let mut stage = next(&first);
    stage.keys("<tab>");
    let entries = stage.entries();
    let at = entries
        .iter()
        .position(|entry| entry.line.plain().contains("ended unknown"))
        .expect("it is announced");
    stage.keys(&"<down>".repeat(at)).keys("<enter>");
    stage.ended("UNKNOWN", &["what came of it is still not known", "not applied so far"]);
    assert_eq!(seen(&stage), ["unknown"]);
    assert!(stage.calls(UPDATE).is_empty());
    // A late request may still have landed: it is announced until a reading long after it told the same.
    next(&first).shows("ended unknown");
    stage.clock.forward(std::time::Duration::from_secs(3_600));
    stage.keys("U");
    next(&first).shows_not("ended unknown");
}

#[test]
fn a_console_that_still_runs_is_left_alone() {
    let first = setup(CUSTOMERS, "jane.doe").start();
    let held = recorded(&first, "JD", "JJ");
    let mut stage = next(&first);
    stage.shows_not("ended unknown");
    stage.keys("U");
    stage.answers("no change of an earlier run is unknown");
    drop(held);
}

#[test]
fn on_the_list_of_pools_it_is_announced_too() {
    let first = setup(CUSTOMERS, "jane.doe").start();
    drop(recorded(&first, "JD", "JJ"));
    store(&first, "JJ");
    let list = Setup::new(Seed::demo(), &[CUSTOMERS]).change(|settings| settings.pool = None);
    let mut stage = list.sharing(&first).start();
    stage.shows("1 change of earlier runs ended unknown: jane.doe. U reads them back");
    stage.keys("U");
    stage.ended("applied", &[]);
    stage.shows_not("U reads them back");
}

#[test]
fn who_is_known_by_the_sub_alone_is_found_by_it() {
    let first = setup(CUSTOMERS, "jane.doe").start();
    let journal = journal(&first, Values::None);
    let disable = Operation::Account {
        user: jane("JD"),
        account: Account::Disable,
    };
    drop(journal.record(intent(disable)).unwrap());
    drop(journal);
    assert!(
        first
            .emulator
            .change_user(CUSTOMERS, "jane.doe", |user| user.enabled = false)
    );
    let mut stage = next(&first);
    let line = stage.app().unknown_line().unwrap().plain();
    assert_eq!(line, format!("1 change of earlier runs ended unknown: {SUB}"));
    stage.keys("U");
    stage.ended("applied", &[]);
    assert_eq!(seen(&stage), ["applied"]);
}

#[test]
fn without_values_a_reading_cannot_tell_and_that_is_said() {
    let first = setup(CUSTOMERS, "jane.doe").start();
    let journal = journal(&first, Values::None);
    drop(journal.record(intent(nickname("JD", "JJ"))).unwrap());
    drop(journal);
    store(&first, "JJ");
    let mut stage = next(&first);
    stage.keys("U");
    stage.ended("UNKNOWN", &["the values were not kept, so a reading cannot tell"]);
}

#[test]
fn another_user_of_the_same_name_tells_nothing() {
    let first = form(CUSTOMERS, "bob");
    drop(recorded(&first, "JD", "JJ"));
    assert!(first.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("nickname".into(), "JJ".into());
        user.attributes
            .insert("sub".into(), "00000000-7d3e-4b1f-9c55-0a1b2c3d4e5f".into());
    }));
    let mut stage = next(&first);
    stage.keys("U");
    stage.ended("UNKNOWN", &["another user has this name now"]);
}
