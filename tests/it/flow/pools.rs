//! The list of pools: favourites, pages, missing permission, and the way back.

use cognitui::app::overlay::{Overlay, PromptKind};
use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::emulator::{Fault, PoolSeed, Seed};

use super::demo::{CUSTOMERS, SHOP, STAFF};
use super::stage::{Setup, Stage};

fn pools(favourites: &[&str]) -> Setup {
    Setup::new(Seed::demo(), favourites).change(|settings| settings.pool = None)
}

fn denied(favourites: &[&str]) -> Setup {
    pools(favourites).service(|service| service.inject(Fault::denied("ListUserPools")))
}

fn asks_for_a_pool_id(stage: &Stage) -> bool {
    matches!(&stage.app().overlay, Some(Overlay::Prompt(prompt)) if prompt.kind == PromptKind::PoolId)
}

#[test]
fn without_the_permission_to_list_the_favourites_stay_and_the_missing_action_is_named() {
    let mut stage = denied(&[SHOP, STAFF]).start();
    stage.shows(SHOP);
    stage.shows(STAFF);
    stage.shows("cognito-idp:ListUserPools");
    stage.shows("paste a pool id");
    assert!(!asks_for_a_pool_id(&stage), "there is something to choose");
    stage.keys("jkGgj");
    assert_eq!(stage.count("ListUserPools"), 1, "moving the cursor does not ask again");
    stage.keys("<enter>");
    assert_eq!(stage.session().place.pool.as_str(), STAFF);
}

#[test]
fn what_was_denied_is_listed_once_it_is_allowed() {
    let mut stage = denied(&[SHOP]).start();
    assert_eq!(stage.newest().word, Word::Failed);
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(stage.app().pools.choices(&stage.app().core.settings).len(), 8);
    assert!(stage.app().pools.fault().is_none());
    stage.shows(CUSTOMERS);
}

#[test]
fn without_favourites_and_without_the_permission_an_id_is_asked_for() {
    let mut stage = denied(&[]).start();
    assert!(asks_for_a_pool_id(&stage));
    stage.shows("Paste a pool id:");
    stage.paste(CUSTOMERS);
    stage.keys("<enter>");
    assert_eq!(stage.session().place.pool.as_str(), CUSTOMERS);
    stage.shows("jane.doe");
}

#[test]
fn an_id_can_be_typed_or_pasted_anywhere_on_the_list() {
    let mut stage = pools(&[SHOP]).start();
    stage.keys("i");
    assert!(asks_for_a_pool_id(&stage));
    stage.keys("<esc>");
    assert!(stage.app().overlay.is_none() && stage.app().session.is_none());
    stage.paste(&format!(" {CUSTOMERS}\n"));
    assert!(stage.app().session.is_none(), "a paste opens nothing by itself");
    stage.keys("<enter>");
    assert_eq!(stage.session().place.pool.as_str(), CUSTOMERS);
}

#[test]
fn what_is_no_pool_id_is_not_asked_for() {
    for wrong in [
        "customers",
        "../../etc/passwd_x",
        "us-east-1_a b",
        "",
        "us-east-1_\u{202e}x",
    ] {
        let mut stage = pools(&[SHOP]).start();
        stage.keys("i").paste(wrong).keys("<enter>");
        assert!(asks_for_a_pool_id(&stage), "{wrong:?} keeps the question open");
        stage.shows("that is no pool id");
        assert_eq!(stage.count("DescribeUserPool"), 0);
    }
}

#[test]
fn the_next_page_of_pools_loads_by_itself_at_the_end() {
    let seed = (0..130).fold(Seed::empty(), |seed, number| {
        seed.pool(PoolSeed::new(
            &format!("us-east-1_Many{number:05}"),
            &format!("pool-{number:03}"),
        ))
    });
    let mut stage = Setup::new(seed, &[]).start();
    let loaded = |stage: &Stage| stage.app().pools.choices(&stage.app().core.settings).len();
    assert_eq!(loaded(&stage), 60);
    stage.shows("NOT ALL");
    stage.keys("G");
    assert_eq!(loaded(&stage), 120);
    stage.keys("GG");
    assert_eq!(loaded(&stage), 130);
    stage.shows(", ALL");
    stage.keys("G");
    stage.shows("pool-129");
    assert_eq!(stage.count("ListUserPools"), 3);
}

#[test]
fn p_comes_back_from_anywhere_and_pending_edits_stay() {
    let mut stage = pools(&[CUSTOMERS, SHOP]).start();
    stage.keys("<enter>");
    for (keys, view) in [("", View::Users), ("<enter>", View::User), ("e", View::Edit)] {
        stage.keys(keys);
        assert_eq!(stage.view(), view);
        stage.keys("p");
        assert!(stage.app().session.is_none(), "{view:?}");
        stage.shows("Pools");
        stage.keys("<enter>");
        assert_eq!(stage.view(), view, "it is as it was left");
    }
    stage.keys("<enter><ctrl-u>new@example.com<enter>p");
    // Another pool in between.
    stage.keys("j<enter>");
    assert_eq!(stage.session().place.pool.as_str(), SHOP);
    stage.keys("pk<enter>");
    assert_eq!(stage.view(), View::Edit);
    stage.shows("new@example.com");
    assert_eq!(
        stage.count("ListUserPools"),
        1,
        "the list is not read again by coming back"
    );
}

#[test]
fn a_pool_that_was_left_takes_its_answers_and_stays_behind() {
    let mut stage = pools(&[CUSTOMERS, SHOP]).start();
    stage.keys_before_answers("<enter>p");
    stage.settle();
    assert!(stage.app().session.is_none());
    stage.keys("<enter>");
    stage.shows("jane.doe");
    assert_eq!(stage.count("ListUsers"), 1, "the page that came meanwhile is there");
}

#[test]
fn the_pools_can_be_listed_again() {
    let mut stage = pools(&[CUSTOMERS]).start();
    stage.keys("Gr");
    assert_eq!(stage.count("ListUserPools"), 2);
    assert_eq!(
        stage.app().pools.choices(&stage.app().core.settings).len(),
        8,
        "nothing is listed twice"
    );
}

#[test]
fn a_list_of_no_pools_says_so() {
    let stage = Setup::new(Seed::empty(), &[]).start();
    stage.shows("no pools in this account and region");
}
