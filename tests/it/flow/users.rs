//! The list of users: pages, marks in the rows, refreshing, and that none of it counts anybody as active.

use cognitui::app::screen::users::Rest;
use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::emulator::{ListLag, PoolSeed, Seed, User};

use super::demo::{BARE, CUSTOMERS, SHOP};
use super::stage::{START, Setup, Stage};

const PLAIN: &str = "us-east-1_PlaIn0001";

/// A pool of `count` users called `u000` and so on.
fn plain(count: usize) -> Setup {
    let users = (0..count).map(|number| User::new(&format!("u{number:03}")).with("name", "Somebody"));
    Setup::new(Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users)), &[PLAIN])
}

fn rows(stage: &Stage) -> usize {
    stage.session().users.roster.len()
}

#[test]
fn rows_come_page_by_page_and_the_next_loads_by_itself_at_the_end() {
    let mut stage = plain(150).start();
    assert_eq!(
        (rows(&stage), stage.count("ListUsers")),
        (60, 1),
        "nothing waits for a second page"
    );
    stage.shows("60 of about 150, NOT ALL");
    stage.keys("G");
    assert_eq!((rows(&stage), stage.count("ListUsers")), (120, 2));
    stage.shows("120 of about 150, NOT ALL");
    stage.keys("G");
    assert_eq!((rows(&stage), stage.count("ListUsers")), (150, 3));
    stage.shows("150, ALL");
    stage.keys("GGjj");
    assert_eq!(stage.count("ListUsers"), 3, "the list has ended");
    let listed: std::collections::BTreeSet<String> = stage.listed().into_iter().collect();
    assert_eq!(listed.len(), 150, "nobody twice");
}

#[test]
fn scrolling_line_by_line_loads_before_the_end_is_reached() {
    let mut stage = plain(150).start();
    for _ in 0..40 {
        stage.keys("j");
    }
    assert_eq!(stage.count("ListUsers"), 2);
}

#[test]
fn short_and_empty_pages_go_on_until_the_screen_is_full() {
    let stage = plain(150)
        .service(|service| service.shape_pages(&[3, 0, 0, 1, 0, 2]))
        .start();
    assert_eq!(stage.count("ListUsers"), 7, "six short ones and a full one");
    assert_eq!(rows(&stage), 66);
    stage.shows("NOT ALL");
}

#[test]
fn only_an_absent_token_ends_the_list() {
    // A full page that happens to be the last, and pages without rows before it.
    let stage = plain(20).service(|service| service.shape_pages(&[0, 20, 0])).start();
    stage.shows("20, ALL");
    assert_eq!(stage.session().users.rest, Rest::All);
    assert!(stage.count("ListUsers") >= 2);
}

#[test]
fn an_empty_pool_says_so() {
    let stage = Setup::new(Seed::demo(), &[BARE]).start();
    stage.shows("0, ALL");
    stage.shows("this pool has no users");
}

#[test]
fn browsing_asks_for_rows_alone() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("GGGGG<enter>jjG<esc>gr<enter>r<esc>/jane<enter><enter><esc><esc>");
    assert_eq!(stage.count("AdminGetUser"), 0, "it would count people as active");
    let asked: std::collections::BTreeSet<String> =
        stage.emulator.calls().into_iter().map(|call| call.operation).collect();
    let expected = [
        "DescribeUserPool",
        "ListIdentityProviders",
        "DescribeIdentityProvider",
        "ListUsers",
    ];
    assert!(
        asked.iter().all(|operation| expected.contains(&operation.as_str())),
        "{asked:?}"
    );
    for body in stage.calls("ListUsers") {
        assert!(body.get("AttributesToGet").is_none(), "{body}");
    }
}

#[test]
fn each_page_asks_with_the_token_of_the_one_before() {
    let mut stage = plain(150).start();
    stage.keys("GG");
    let tokens: Vec<Option<String>> = stage
        .calls("ListUsers")
        .iter()
        .map(|body| {
            body.get("PaginationToken")
                .and_then(|token| token.as_str())
                .map(str::to_owned)
        })
        .collect();
    assert!(tokens[0].is_none() && tokens[1].is_some() && tokens[2].is_some());
    assert_ne!(tokens[1], tokens[2]);
}

#[test]
fn a_token_that_grew_too_old_is_said_and_the_list_begins_anew() {
    let mut stage = plain(150).start();
    stage.clock.forward(std::time::Duration::from_secs(2 * 3600));
    stage.keys("G");
    assert_eq!(stage.newest().word, Word::Failed);
    stage.shows("InvalidParameterException");
    stage.keys("r");
    assert!(stage.session().users.page.fault().is_none());
    stage.keys("GGG");
    stage.shows("150, ALL");
    let listed: std::collections::BTreeSet<String> = stage.listed().into_iter().collect();
    assert_eq!(listed.len(), 150);
}

#[test]
fn rows_tell_verified_disabled_and_edited() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    let jane = stage.row_with("jane.doe");
    assert!(jane.starts_with(">  jane.doe"), "{jane}");
    assert!(
        jane.contains("jane@example.com") && jane.contains(" yes ") && jane.contains(" NO "),
        "{jane}"
    );
    let eve = stage.row_with("   eve");
    assert!(eve.contains("OFF CONFIRMED"), "{eve}");
    stage.keys("e<enter><ctrl-u>new@example.com<enter><esc>");
    assert_eq!(stage.view(), View::Users);
    let jane = stage.row_with("jane.doe");
    assert!(jane.starts_with(">d jane.doe"), "{jane}");
    // The facts of the selected user.
    stage.shows("sub 5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f");
}

#[test]
fn the_cursor_stays_on_its_user_when_the_list_is_read_again() {
    let mut stage = plain(30).start();
    stage.keys("jjjjj");
    assert_eq!(stage.session().users.selected().unwrap().username.as_str(), "u005");
    stage.emulator.remove_user(PLAIN, "u001");
    stage.keys("r");
    assert_eq!(rows(&stage), 29);
    assert_eq!(stage.session().users.selected().unwrap().username.as_str(), "u005");
    stage.keys("<enter>");
    assert_eq!(stage.open_user(), "u005");
}

#[test]
fn a_list_that_became_shorter_keeps_a_row_under_the_cursor() {
    let mut stage = plain(30).start();
    stage.keys("G");
    for number in 3..30 {
        stage.emulator.remove_user(PLAIN, &format!("u{number:03}"));
    }
    stage.keys("r<enter>");
    assert_eq!(stage.open_user(), "u002");
}

#[test]
fn a_list_that_lags_does_not_take_back_what_was_read_of_a_user() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.emulator.lag_list(CUSTOMERS, ListLag::UntilTold);
    let later = START.parse::<jiff::Timestamp>().unwrap();
    let set = |stage: &Stage, tier: &str, at: jiff::Timestamp| {
        stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
            user.attributes.insert("custom:tier".into(), tier.into());
            user.modified = at;
        });
    };
    let tier = |stage: &Stage| {
        stage
            .loaded()
            .iter()
            .find(|user| user.username.as_str() == "jane.doe")
            .unwrap()
            .text("custom:tier")
            .map(str::to_owned)
    };
    set(&stage, "gold", later);
    stage.keys("<enter>r");
    stage.shows_not("gold");
    stage.keys("d");
    stage.shows("gold");
    stage.keys("r");
    stage.shows("gold");
    stage.keys("<esc>r");
    assert_eq!(tier(&stage).as_deref(), Some("gold"), "the list still says silver");
    // Once the list is newer than the reading, the list it is.
    stage.emulator.lag_list(CUSTOMERS, ListLag::None);
    set(&stage, "bronze", later + jiff::SignedDuration::from_secs(60));
    stage.keys("r");
    assert_eq!(tier(&stage).as_deref(), Some("bronze"));
}

#[test]
fn a_write_is_seen_in_the_row_although_the_list_lags() {
    let mut stage = Setup::new(Seed::demo(), &[SHOP]).start();
    stage.emulator.lag_list(SHOP, ListLag::UntilTold);
    stage.keys("e<enter><ctrl-u>jane.doe@example.com<enter>v<ctrl-s><tab><enter>");
    assert_eq!(stage.newest().word, Word::Applied, "{}", stage.said());
    stage.keys("<esc>");
    let address = |stage: &Stage| stage.loaded()[0].text("email").map(str::to_owned);
    assert_eq!(address(&stage).as_deref(), Some("jane.doe@example.com"));
    stage.keys("r");
    assert_eq!(
        address(&stage).as_deref(),
        Some("jane.doe@example.com"),
        "{}",
        stage.screen()
    );
}

#[test]
fn long_values_scroll_sideways() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.shows("maximiliane.musterman");
    stage.keys("lll");
    stage.shows("example.com");
    stage.keys("hhh");
    stage.shows("maximiliane.musterman");
}
