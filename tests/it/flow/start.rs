//! What is in front when the program starts, with and without a pool and a user.

use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::domain::Sentence;
use cognitui::emulator::{PoolSeed, Seed, User};

use super::demo::{CUSTOMERS, SHOP, STAFF};
use super::stage::{Setup, Stage};

fn named(user: &str) -> impl FnOnce(&mut cognitui::app::Settings) {
    let user = user.to_owned();
    move |settings| settings.user = Some(user.into())
}

/// Names that begin alike, and a username that is somebody else's e-mail address.
fn alike() -> Setup {
    const POOL: &str = "us-east-1_Alike0001";
    let users = [
        User::new("bob").with("name", "Bob One"),
        User::new("bob.marsh").with("name", "Bob Marsh"),
        User::new("bobby").with("name", "Bobby Two"),
        User::new("ann@example.com").with("name", "Ann By Name"),
        User::new("ann.by.mail").verified_email("ann@example.com"),
        User::new("zoe").verified_email("zoe@example.com"),
    ];
    Setup::new(Seed::empty().pool(PoolSeed::new(POOL, "alike").users(users)), &[POOL])
}

fn without_a_pool(pools: &[&str]) -> Setup {
    Setup::new(Seed::demo(), pools).change(|settings| settings.pool = None)
}

#[test]
fn without_a_pool_the_pools_come_first_and_the_favourites_before_the_rest() {
    let stage = without_a_pool(&[STAFF, SHOP]).start();
    assert!(stage.app().session.is_none());
    stage.shows("Pools");
    let choices = stage.app().pools.choices(&stage.app().core.settings);
    let ids: Vec<&str> = choices.iter().map(|choice| choice.place.pool.as_str()).collect();
    assert_eq!(ids[..2], [STAFF, SHOP], "favourites in the order of the config");
    assert_eq!(ids.len(), 8, "and every pool once");
    let screen = stage.screen();
    let row = |id: &str| {
        screen
            .lines()
            .position(|row| row.contains(id))
            .unwrap_or_else(|| panic!("{id}:\n{screen}"))
    };
    assert!(row(STAFF) < row(SHOP) && row(SHOP) < row(CUSTOMERS));
    assert_eq!(stage.count("ListUserPools"), 1);
    assert_eq!(
        stage.emulator.calls().len(),
        1,
        "no pool is looked into before it is opened"
    );
}

#[test]
fn a_pool_that_is_named_opens_at_once() {
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    assert_eq!(stage.view(), View::Users);
    stage.shows("jane.doe");
    assert_eq!(stage.count("ListUserPools"), 0);
}

#[test]
fn a_username_opens_on_that_user_and_costs_no_active_user() {
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS]).change(named("jane.doe")).start();
    assert_eq!(stage.open_user(), "jane.doe");
    assert_eq!(stage.count("AdminGetUser"), 0);
    assert_eq!(
        stage.filters(),
        [r#"username = "jane.doe""#],
        "the exact name is asked first, and it is enough"
    );
}

#[test]
fn the_exact_name_opens_among_several_that_begin_so() {
    assert_eq!(alike().change(named("bob")).start().open_user(), "bob");
}

#[test]
fn a_username_wins_over_the_same_text_as_somebody_elses_address() {
    assert_eq!(
        alike().change(named("ann@example.com")).start().open_user(),
        "ann@example.com"
    );
}

#[test]
fn a_name_that_nobody_has_may_be_an_address() {
    assert_eq!(alike().change(named("zoe@example.com")).start().open_user(), "zoe");
}

#[test]
fn a_name_that_fits_several_lists_them() {
    let stage = alike().change(named("bo")).start();
    assert_eq!(stage.view(), View::Users);
    assert_eq!(stage.listed(), ["bob", "bob.marsh", "bobby"]);
}

#[test]
fn a_name_that_nobody_has_says_what_was_asked() {
    let stage = alike().change(named("nemo")).start();
    assert_eq!(stage.view(), View::Users);
    stage.shows("Nobody whose username, e-mail or name begins with 'nemo'");
}

#[test]
fn a_username_without_a_pool_waits_for_the_choice() {
    let mut stage = without_a_pool(&[CUSTOMERS]).change(named("jane.doe")).start();
    stage.shows("jane.doe opens in the pool you choose");
    stage.keys("<enter>");
    assert_eq!(stage.open_user(), "jane.doe");
}

#[test]
fn what_is_to_be_said_at_start_stands_in_the_status_pane() {
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| settings.notices = vec![Sentence::from("the locale is not UTF-8")])
        .start();
    assert!(
        stage
            .entries()
            .iter()
            .any(|entry| entry.word == Word::Note && entry.line.plain() == "the locale is not UTF-8")
    );
}

#[test]
fn a_region_that_does_not_fit_the_pool_is_named() {
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| settings.favourites[0].place.target.region = Some("eu-west-1".into()))
        .start();
    let said: Vec<String> = stage.entries().iter().map(|entry| entry.line.plain()).collect();
    assert!(
        said.iter()
            .any(|line| line.contains("eu-west-1") && line.contains("us-east-1")),
        "{said:?}"
    );
}

#[test]
fn idle_means_that_nothing_wakes_the_program() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    assert_eq!(stage.app().next_wake(), None);
    stage.keys_before_answers("r");
    assert!(
        stage.app().next_wake().is_some(),
        "a running operation counts its seconds"
    );
    stage.settle();
    assert_eq!(stage.app().next_wake(), None);
}

#[test]
fn the_demo_asks_nobody_who_is_calling() {
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    let mut asked: Vec<String> = stage.emulator.calls().into_iter().map(|call| call.operation).collect();
    asked.sort();
    assert_eq!(asked, ["DescribeUserPool", "ListUsers"]);
}

#[test]
fn every_operation_of_the_start_left_an_entry_with_its_duration_and_request_id() {
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    assert_each_reading_is_whole(&stage, 2);
}

#[track_caller]
fn assert_each_reading_is_whole(stage: &Stage, count: usize) {
    let ids: Vec<String> = stage.emulator.calls().into_iter().map(|call| call.request_id).collect();
    let entries = stage.entries();
    assert_eq!(entries.len(), count);
    for entry in entries {
        assert_eq!(entry.word, Word::Read, "{}", entry.line.plain());
        assert!(entry.took.is_some());
        let id = entry.request_id.expect("a request id");
        assert!(ids.iter().any(|known| known == id.as_str()));
    }
}
