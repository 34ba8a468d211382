//! Reading the whole pool: its price first, what arrives at once, a stop that keeps it, and going on from there.

use std::collections::BTreeSet;
use std::sync::mpsc::channel;
use std::time::Duration;

use cognitui::app::screen::users::State;
use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::emulator::{Fault, PoolSeed, Seed, User};

use cognitui::domain::{self, AttributeName, Username};
use cognitui::job::Reply;

use super::scene::pairs;
use super::stage::{Setup, Stage};

const PLAIN: &str = "us-east-1_PlaIn0001";

fn plain(count: usize) -> Setup {
    let users = (0..count).map(|number| User::new(&format!("u{number:04}")).with("name", "Somebody"));
    Setup::new(Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users)), &[PLAIN])
}

fn everybody(stage: &Stage, count: usize) {
    let listed: BTreeSet<String> = stage.listed().into_iter().collect();
    assert_eq!(listed.len(), count, "everybody once:\n{}", stage.screen());
}

#[test]
fn the_price_is_said_before_anything_is_asked_and_enter_starts() {
    let mut stage = plain(700).start();
    let asked = stage.count("ListUsers");
    stage.keys("S");
    stage.shows("12 calls, 2 s at 10 a second; your sign-in traffic shares the 30");
    stage.keys("---");
    stage.shows("12 calls, 2 s at 7 a second");
    stage.keys("++++");
    stage.shows("at 10 a second");
    assert!(
        stage.notice().contains("what the configuration allows"),
        "{}",
        stage.notice()
    );
    assert_eq!(stage.count("ListUsers"), asked, "nothing was asked so far");
    stage.keys("<esc>");
    assert!(stage.session().users.scan.is_none(), "Esc starts nothing");
    stage.keys("S<enter>");
    stage.shows("700, ALL");
    everybody(&stage, 700);
    assert_eq!(stage.newest().word, Word::Read);
    assert!(stage.said().contains("the whole pool: 700 users"), "{}", stage.said());
    assert_eq!(stage.count("AdminGetUser"), 0);
}

#[test]
fn esc_stops_and_keeps_what_is_there_and_s_goes_on() {
    let mut stage = plain(700).start();
    stage.keys("S");
    stage.keys_before_answers("<enter><esc>");
    stage.settle();
    let scan = stage.session().users.scan.as_ref().unwrap();
    assert_eq!(scan.state, State::Stopped, "{}", stage.screen());
    assert!(stage.listed().len() < 700);
    stage.shows("NOT ALL");
    assert!(stage.said().contains("S goes on"), "{}", stage.said());
    let before = stage.listed().len();
    // The pages do not go on by themselves behind a stopped reading.
    let asked = stage.count("ListUsers");
    stage.keys("GG");
    assert_eq!((stage.listed().len(), stage.count("ListUsers")), (before, asked));
    stage.keys("S");
    stage.shows("Go on reading the whole pool");
    stage.keys("<enter>");
    stage.shows("700, ALL");
    everybody(&stage, 700);
}

#[test]
fn what_was_read_in_two_parts_took_as_long_as_both() {
    let mut stage = plain(700).start();
    let took = |stage: &Stage| stage.newest().took.unwrap().as_secs();
    stage.keys("S");
    stage.keys_before_answers("<enter>");
    stage.clock.forward(Duration::from_secs(40));
    stage.keys_before_answers("<esc>");
    stage.settle();
    assert!(stage.said().contains("S goes on"), "{}", stage.said());
    assert!((40..60).contains(&took(&stage)), "{} s", took(&stage));
    // Nobody read in between.
    stage.clock.forward(Duration::from_secs(600));
    stage.keys("S");
    stage.keys_before_answers("<enter>");
    stage.clock.forward(Duration::from_secs(50));
    stage.settle();
    stage.shows("700, ALL");
    assert!((90..130).contains(&took(&stage)), "{} s", took(&stage));
    // One that begins anew takes its own time.
    stage.keys("S<enter>");
    assert!(took(&stage) < 40, "{} s", took(&stage));
}

#[test]
fn a_part_that_broke_is_part_of_how_long_a_reading_took() {
    let mut stage = plain(700).start();
    stage.keys("S");
    stage.keys_before_answers("<enter>");
    stage.clock.forward(Duration::from_secs(40));
    stage.settle_with(|reply| match reply {
        Reply::ScanEnded(_) => Reply::Broken(domain::Fault::local(
            "this operation",
            "WorkerPanicked",
            "a worker broke",
        )),
        other => other,
    });
    let scan = stage.session().users.scan.as_ref().unwrap();
    assert!(scan.fault().is_some(), "{:?}", scan.state);
    stage.keys("S");
    stage.keys_before_answers("<enter>");
    stage.clock.forward(Duration::from_secs(50));
    stage.settle();
    stage.shows("700, ALL");
    let took = stage.newest().took.unwrap().as_secs();
    assert!((90..130).contains(&took), "{took} s");
}

#[test]
fn words_in_a_pool_that_was_read_whole_have_a_whole_answer() {
    let people = ["jane.doe", "jane.roe", "u.janet", "bob"].map(|name| User::new(name).with("name", "Somebody"));
    let others = (0..80).map(|number| User::new(&format!("u{number:04}")));
    let pool = PoolSeed::new(PLAIN, "plain").users(people.into_iter().chain(others));
    let mut stage = Setup::new(Seed::empty().pool(pool), &[PLAIN]).start();
    stage.keys("/jane<enter>");
    assert_eq!(stage.listed().len(), 2, "whose name begins so");
    stage.shows("NOT ALL that may match");
    stage.keys("<esc>S<enter>/jane");
    let typed = stage.listed();
    assert_eq!(typed.len(), 3);
    stage.keys("<enter>");
    assert_eq!(stage.listed(), typed, "those that were listed while it was typed");
    stage.shows("84, ALL");
    stage.shows("3 match");
    stage.shows_not("NOT ALL");
    stage.shows("looked at all 84");
    assert!(stage.session().users.is_whole_answer());
    // One whom the service finds alone opens as ever.
    stage.keys("<esc>/bob<enter>");
    assert_eq!(stage.open_user(), "bob");
    stage.keys("<esc>/Zzyzx<enter>");
    stage.shows("0 match");
    stage.shows_not("NOT ALL");
}

#[test]
fn the_pace_can_be_changed_while_it_runs_and_only_then() {
    let mut stage = plain(700).start();
    stage.keys("-");
    assert!(
        stage.notice().contains("while many pages are read"),
        "{}",
        stage.notice()
    );
    stage.keys("S");
    stage.keys_before_answers("<enter>---");
    assert!(
        stage.notice().contains("7 a second from the next request on"),
        "{}",
        stage.notice()
    );
    stage.keys_before_answers("++++");
    assert!(
        stage.notice().contains("what the configuration allows"),
        "{}",
        stage.notice()
    );
    stage.keys_before_answers("--");
    stage.settle();
    everybody(&stage, 700);
    let scan = stage.session().users.scan.as_ref().unwrap();
    assert_eq!(scan.rate, 8);
    assert!(scan.progress.rate <= 8.0, "{}", scan.progress.rate);
}

#[test]
fn a_line_is_matched_in_everything_that_was_read() {
    let mut stage = plain(400).start();
    stage.keys("/username~'39[0-9]$'<enter>");
    assert!(stage.listed().is_empty());
    stage.keys("<esc>/username~39[0-9]$<enter>");
    assert!(stage.listed().is_empty(), "the first page has none");
    stage.keys("S<enter>");
    assert_eq!(stage.listed().len(), 10, "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(stage.open_user(), "u0390");
}

#[test]
fn another_user_can_be_opened_while_it_runs_and_leaving_the_pool_stops_it() {
    let mut stage = plain(700).start();
    stage.keys("S");
    stage.keys_before_answers("<enter><enter>");
    assert_eq!(stage.view(), View::User);
    stage.settle();
    assert_eq!(stage.view(), View::User, "the reading opens and closes nothing");
    stage.keys("<esc>");
    everybody(&stage, 700);
    let mut stage = plain(700).start();
    stage.keys("S");
    stage.keys_before_answers("<enter>p");
    stage.settle();
    assert!(stage.app().session.is_none());
    let left = &stage.app().left[0].users;
    assert!(left.roster.len() < 700, "it was stopped");
    assert!(!left.scan.as_ref().unwrap().is_running());
}

#[test]
fn a_reading_that_fails_says_so_and_r_goes_on() {
    let mut stage = plain(700).start();
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("S<enter>");
    assert_eq!(stage.newest().word, Word::Failed);
    stage.shows("AccessDeniedException");
    stage.shows("FAILED");
    stage.emulator.heal();
    stage.keys("r");
    stage.shows("700, ALL");
    everybody(&stage, 700);
    // Those of both parts; the first page was there before.
    let calls = stage.count("ListUsers") - 1;
    let said = format!("the whole pool: 700 users, {calls} calls");
    assert!(stage.said().contains(&said), "{said}: {}", stage.said());
}

#[test]
fn everybody_stays_where_a_pool_that_is_read_again_is_stopped_on_the_way() {
    let mut stage = plain(700).start();
    stage.keys("S<enter>");
    stage.shows("700, ALL");
    stage.emulator.remove_user(PLAIN, "u0001");
    stage.keys("S");
    stage.shows("Read the whole pool again");
    stage.shows("the list stays as it is");
    stage.keys_before_answers("<enter><esc>");
    stage.settle();
    everybody(&stage, 700);
    stage.shows("700, ALL");
    assert!(stage.said().contains("the list stays as it was"), "{}", stage.said());
    // What was read until then counts for the one that goes on.
    stage.keys("S");
    stage.shows("Go on reading the whole pool");
    stage.keys("<enter>");
    everybody(&stage, 699);
    stage.shows("699, ALL");
    assert!(stage.said().contains("the whole pool: 699 users"), "{}", stage.said());
}

#[test]
fn whom_a_find_brought_while_a_pool_is_read_again_stays_in_the_list() {
    let mut stage = plain(700).start();
    stage.keys("S<enter>");
    stage.keys("S");
    stage.keys_before_answers("<enter><esc>");
    stage.settle();
    stage
        .emulator
        .add_user(PLAIN, User::new("zoe").verified_email("zoe@example.net"));
    stage.emulator.add_user(PLAIN, User::new("zuri"));
    for name in ["zoe", "zuri"] {
        stage.keys(&format!("/username={name}<enter>"));
        assert_eq!(stage.open_user(), name);
        stage.keys("<esc><esc>");
    }
    stage.keys("Gk");
    let selected = |stage: &Stage| stage.session().users.selected().unwrap().username.clone();
    assert_eq!(selected(&stage).as_str(), "zoe");
    // The rest of the reading does not come past where they stand, and brings one of the others no more.
    for name in ["zoe", "zuri", "u0699"] {
        stage.emulator.remove_user(PLAIN, name);
    }
    stage.keys("S<enter>");
    everybody(&stage, 701);
    assert!(stage.listed().contains(&"zoe".to_owned()));
    assert_eq!(selected(&stage).as_str(), "zoe", "the cursor stays on its user");
    let domains = stage.session().users.domains();
    assert_eq!(
        domains.get("example.net"),
        Some(&1),
        "each is counted once: {domains:?}"
    );
}

#[test]
fn a_pool_that_was_read_is_read_anew_and_marks_stay() {
    let mut stage = plain(130).start();
    stage.keys("S<enter>");
    stage.keys("jj<space>");
    stage.emulator.remove_user(PLAIN, "u0001");
    stage.keys("r");
    assert!(stage.notice().contains("S reads it again"), "{}", stage.notice());
    everybody(&stage, 130);
    stage.keys("S<enter>");
    everybody(&stage, 129);
    stage.shows("129, ALL");
    let users = &stage.session().users;
    let marked: Vec<String> = users
        .marked()
        .iter()
        .map(|row| users.roster.rows().get(*row).unwrap().username().into_owned())
        .collect();
    assert_eq!(marked, ["u0002"]);
}

#[test]
fn an_edit_is_sent_while_the_pool_is_read_and_does_not_wait_for_it() {
    let mut stage = plain(3_000).start();
    stage.keys("S---------");
    stage.shows("at 1 a second");
    // From its third page on nobody who waits for a turn is let go: whoever were behind the reading would stay there.
    let clock = stage.clock.clone();
    let (reached, there) = channel();
    stage.just_before("ListUsers", 2, move |_| {
        clock.hold();
        reached.send(()).expect("the test waits");
    });
    stage.keys_before_answers("<enter>");
    there
        .recv_timeout(Duration::from_secs(30))
        .expect("it came to its third page");
    stage.keys_before_answers("e");
    stage.until(|stage| {
        stage
            .session()
            .edit
            .as_ref()
            .is_some_and(|edit| edit.read.ready().is_some())
    });
    stage.keys_before_answers("/name<enter><enter><ctrl-u>Another<enter><ctrl-s>");
    stage.until(|stage| {
        stage
            .session()
            .review
            .as_ref()
            .is_some_and(|review| review.read.ready().is_some())
    });
    stage.keys_before_answers("<tab><enter>");
    stage.until(|stage| stage.entries().iter().any(|entry| entry.word == Word::Applied));
    let scan = stage.session().users.scan.as_ref().unwrap();
    assert!(scan.is_running(), "{:?}", scan.state);
    assert!(stage.count("ListUsers") < 10, "the reading is far from its end");
    assert_eq!(stage.sent_once(), pairs(&[("name", "Another")]));
    assert_eq!(stage.stored(PLAIN, "u0000", "name").as_deref(), Some("Another"));
    // What was read of the user since is in the list, whatever the reading brings later.
    stage.clock.release();
    stage.settle();
    everybody(&stage, 3_000);
    let row = stage
        .session()
        .users
        .get(&Username::new("u0000"))
        .expect("still listed");
    assert_eq!(
        row.get(&AttributeName::new("name")).map(|value| value.as_str()),
        Some("Another")
    );
}

#[test]
fn a_find_under_way_is_still_waited_for() {
    let mut stage = plain(700).start();
    let found: Vec<String> = (650..660).map(|number| format!("u{number:04}")).collect();
    stage.keys_before_answers("/username^=u065<enter>S<enter>");
    assert!(stage.session().users.search.as_ref().unwrap().is_loading());
    stage.until(|stage| !stage.session().users.search.as_ref().unwrap().is_loading());
    assert_eq!(stage.listed(), found, "{}", stage.screen());
    stage.settle();
    assert_eq!(stage.listed(), found, "{}", stage.screen());
    stage.shows("ALL that match");
    stage.keys("<esc>");
    everybody(&stage, 700);
}
