//! From the counts of a column to the users of a value and back, whatever was listed, found or under way before.

use std::time::Duration;

use cognitui::app::session::View;
use cognitui::emulator::{Fault, PoolSeed, Seed, User};

use super::stage::{Setup, Stage};

const PLAIN: &str = "us-east-1_PlaIn0001";

fn plain(users: impl IntoIterator<Item = User>) -> Stage {
    Setup::new(Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users)), &[PLAIN]).start()
}

/// Goes to a column of the open counts, from the first one.
fn go_to(stage: &mut Stage, name: &str) {
    let columns = &stage.session().breakdown.as_ref().unwrap().columns;
    let at = columns.iter().position(|column| column.name() == name).unwrap();
    stage.keys_before_answers("g").keys_before_answers(&"j".repeat(at));
}

/// Counts a column of the list.
pub fn count(stage: &mut Stage, name: &str) {
    stage.keys("b");
    go_to(stage, name);
    stage.keys("<enter>");
}

/// Counts a column while the service does not answer, and lists the users of its first value.
fn first_value_meanwhile(stage: &mut Stage, name: &str) {
    stage.until(|stage| stage.session().users.is_of_now());
    stage.keys_before_answers("b");
    go_to(stage, name);
    stage.keys_before_answers("<enter>");
    stage.until(|stage| {
        let open = stage.session().breakdown.as_ref().unwrap().open.as_ref();
        open.is_some_and(|(slot, _)| slot.ready().is_some())
    });
    stage.keys_before_answers("<enter>");
    assert_eq!(stage.view(), View::Users, "{}", stage.screen());
}

#[test]
fn a_value_that_was_counted_lists_its_users() {
    let users = ["A \"b\" \\c", "Gold", "A \"b\" \\c"].into_iter().enumerate();
    let users = users.map(|(number, name)| User::new(&format!("u{number}")).with("name", name));
    let mut stage = plain(users);
    count(&mut stage, "name");
    stage.keys("<enter>");
    assert_eq!(stage.view(), View::Users);
    assert_eq!(stage.listed(), ["u0", "u2"], "{}", stage.screen());
    stage.shows(r#"/ name="A \"b\" \\c""#);
    // A step back is one to the counts, however far into the users of the value somebody went.
    stage.keys("<enter><esc>");
    assert_eq!((stage.view(), stage.listed().len()), (View::Users, 2));
    stage.keys("<esc>");
    assert_eq!(stage.view(), View::Breakdown);
    stage.shows("2 different values");
    stage.keys("j<enter>");
    assert_eq!(stage.listed(), ["u1"], "{}", stage.screen());
    stage.keys("<esc>");
    assert_eq!(stage.view(), View::Breakdown);
    stage.keys("<esc><esc>");
    assert_eq!((stage.view(), stage.listed().len()), (View::Users, 3));
    stage.keys("bgj<enter><enter>");
    assert_eq!(stage.listed().len(), 3, "everybody is enabled: {}", stage.screen());
    stage.shows("/ enabled:true");
    // A line of one's own leads back to everybody.
    stage.keys("/name=Gold<enter><esc><esc>");
    assert_eq!((stage.view(), stage.listed().len()), (View::Users, 3));
}

#[test]
fn counts_of_those_with_a_value_lead_back_through_every_list() {
    let users = (0..8).map(|number| {
        let name = if number < 6 { "Gold" } else { "Silver" };
        let given = if number % 2 == 0 { "Ann" } else { "Bob" };
        User::new(&format!("u{number}"))
            .with("name", name)
            .with("given_name", given)
    });
    let mut stage = plain(users);
    stage.keys("/username^=u<enter>");
    let found = stage.listed();
    count(&mut stage, "name");
    stage.keys("<enter>");
    stage.shows("/ username^=u name=Gold");
    assert_eq!(stage.listed().len(), 6);
    count(&mut stage, "given_name");
    stage.shows("Counts  given_name  of the 6 listed");
    stage.keys("<enter>");
    assert_eq!(stage.listed(), ["u0", "u2", "u4"]);
    stage.keys("<esc>");
    stage.shows("Counts  given_name  of the 6 listed");
    stage.keys("<esc><esc>");
    assert_eq!((stage.view(), stage.listed().len()), (View::Users, 6));
    stage.keys("<esc>");
    stage.shows("Counts  name  of the 8 listed");
    // What is listed meanwhile may have other places now.
    stage.keys("<enter>S<enter>");
    stage.shows("8, ALL");
    stage.keys("<esc><esc><esc>");
    assert_eq!(stage.view(), View::Users);
    stage.shows("/ username^=u");
    assert_eq!(stage.listed(), found);
    stage.keys("<esc>");
    assert!(!stage.session().users.is_narrowed());
}

#[test]
fn who_was_found_before_a_count_is_listed_again_wherever_they_stand_by_then() {
    let users = (0..250).map(|number| {
        let name = if number % 2 == 0 { "Gold" } else { "Silver" };
        User::new(&format!("u{number:03}")).with("name", name)
    });
    let mut stage = plain(users);
    // A page whose token is not taken any more: r reads the list from its beginning.
    let old = Fault::error("InvalidParameterException", "Invalid pagination token");
    stage.emulator.inject(old.on("ListUsers").always());
    stage.keys("G");
    stage.emulator.heal();
    stage.keys("/username^=u24<enter>");
    let found = stage.listed();
    assert_eq!(found.len(), 10);
    count(&mut stage, "name");
    stage.keys("<enter>");
    assert_eq!(stage.listed().len(), 5, "{}", stage.screen());
    for number in 0..50 {
        stage.emulator.remove_user(PLAIN, &format!("u{number:03}"));
    }
    stage.keys("r");
    // What was read of the list anew ends before them.
    assert!(!stage.session().users.is_whole(), "{}", stage.screen());
    stage.keys("<esc><esc><esc>");
    assert_eq!(stage.view(), View::Users);
    assert_eq!(stage.listed(), found, "{}", stage.screen());
}

#[test]
fn a_find_that_was_under_way_before_a_count_is_sent_again_on_the_way_back() {
    let users = (0..130).map(|number| {
        let user = User::new(&format!("u{number:03}")).with("name", "Gold");
        match number {
            3 | 70 | 120 => user.verified_email(&format!("jane{number}@example.com")),
            _ => user,
        }
    });
    let mut stage = plain(users);
    assert_eq!(stage.loaded().len(), 60);
    stage.clock.hold();
    let late = Fault::latency(Duration::from_millis(100)).on("ListUsers");
    stage.emulator.inject(late.always());
    stage.keys_before_answers("/email^=jane<enter>");
    first_value_meanwhile(&mut stage, "name");
    stage.shows("/ email^=jane name=Gold");
    stage.keys_before_answers("<esc>");
    assert_eq!(stage.view(), View::Breakdown);
    stage.keys_before_answers("<esc><esc>");
    assert_eq!(stage.view(), View::Users);
    stage.shows("/ email^=jane");
    // Nothing was answered so far, and nothing else is said.
    stage.shows_not("asked:");
    assert!(stage.session().users.search.as_ref().unwrap().is_loading());
    stage.clock.release();
    stage.settle();
    let mut listed = stage.listed();
    listed.sort_unstable();
    assert_eq!(listed, ["u003", "u070", "u120"], "{}", stage.screen());
    stage.shows("asked: email^=jane");
    stage.shows("ALL that match");
}

#[test]
fn what_was_found_before_a_count_stays_though_more_of_it_was_being_read() {
    let users = (0..200).map(|number| {
        let name = if number % 2 == 0 { "Gold" } else { "Silver" };
        User::new(&format!("ann{number:03}")).with("name", name)
    });
    let mut stage = plain(users);
    stage.keys("/username^=ann<enter>");
    let hits = |stage: &Stage| {
        let search = stage.session().users.search.as_ref().unwrap();
        search.found.ready().map(|hits| hits.rows.len())
    };
    assert_eq!(hits(&stage), Some(60));
    stage.clock.hold();
    let late = Fault::latency(Duration::from_millis(100)).on("ListUsers");
    stage.emulator.inject(late.always());
    stage.keys_before_answers("n");
    assert!(stage.session().users.search.as_ref().unwrap().is_loading());
    first_value_meanwhile(&mut stage, "name");
    stage.keys_before_answers("<esc><esc><esc>");
    assert_eq!((stage.view(), hits(&stage)), (View::Users, Some(60)));
    stage.clock.release();
    stage.settle();
    // What nobody waited for is asked for again, from where the find stood.
    stage.shows("n read on");
    stage.keys("n");
    assert_eq!(hits(&stage), Some(120), "{}", stage.screen());
}

#[test]
fn the_cursor_comes_back_from_counts_to_its_user_wherever_they_stand_by_then() {
    let users = (0..40).map(|number| {
        let name = if number % 2 == 0 { "Gold" } else { "Silver" };
        User::new(&format!("u{number:03}")).with("nickname", name)
    });
    let mut stage = plain(users);
    let selected = |stage: &Stage| stage.session().users.selected().unwrap().username.as_str().to_owned();
    stage.keys("/nickname:gold<enter>jjjj");
    assert_eq!(selected(&stage), "u008");
    count(&mut stage, "nickname");
    stage.keys("<enter>");
    stage.shows("/ nickname:gold nickname=Gold");
    assert_eq!(selected(&stage), "u000");
    for number in 0..5 {
        stage.emulator.remove_user(PLAIN, &format!("u{number:03}"));
    }
    stage.keys("r<esc><esc><esc>");
    stage.shows("/ nickname:gold");
    assert_eq!((stage.listed().len(), selected(&stage)), (17, "u008".to_owned()));
    // Who is gone is nobody to go back to.
    count(&mut stage, "nickname");
    stage.keys("<enter>");
    stage.emulator.remove_user(PLAIN, "u008");
    stage.keys("r<esc><esc><esc>");
    assert_eq!((stage.listed().len(), selected(&stage)), (16, "u006".to_owned()));
}

#[test]
fn a_value_among_others_that_differ_by_case_lists_its_own_users() {
    differing_by_case(false);
}

#[test]
fn a_value_among_others_of_a_pool_that_was_read_whole_lists_its_own_users() {
    differing_by_case(true);
}

fn differing_by_case(reads_all: bool) {
    let names = ["GOLD", "Gold", "gold (a+b)", "Gold", "Göld", "Gold (A+B)", "Silver"];
    let users = names.into_iter().enumerate();
    let users = users.map(|(number, name)| User::new(&format!("u{number}")).with("name", name));
    let mut stage = plain(users);
    if reads_all {
        stage.keys("S<enter>");
        assert!(stage.session().users.scan.is_some(), "{}", stage.screen());
    }
    let asked = stage.filters();
    for (at, (line, who)) in [
        ("/ name~(?-i)^Gold$", &["u1", "u3"][..]),
        ("/ name~(?-i)^GOLD$", &["u0"]),
        (r#"/ name~"(?-i)^gold \\(a\\+b\\)$""#, &["u2"]),
        ("/ name=Göld", &["u4"]),
        (r#"/ name~"(?-i)^Gold \\(A\\+B\\)$""#, &["u5"]),
        ("/ name=Silver", &["u6"]),
    ]
    .into_iter()
    .enumerate()
    {
        count(&mut stage, "name");
        stage.keys(&"j".repeat(at)).keys("<enter>");
        assert_eq!(stage.view(), View::Users, "{line}: {}", stage.screen());
        assert_eq!(stage.listed(), who, "{line}");
        stage.shows(line);
        stage.shows(&format!("{} match", who.len()));
        stage.shows_not("so far");
        stage.keys("<esc><esc><esc>");
    }
    assert_eq!(
        stage.filters(),
        asked,
        "everybody is loaded: there is nothing to ask for"
    );
    // But where that is wanted.
    count(&mut stage, "name");
    stage.keys("jjjjj<enter>r");
    assert_eq!(stage.filters().len(), asked.len() + 1);
    assert_eq!(stage.filters().last().map(String::as_str), Some("name = \"Silver\""));
    assert_eq!(stage.open_user(), "u6", "the only one opens");
}

#[test]
fn a_value_among_more_than_are_kept_lists_its_own_users() {
    let names = (0..1_001).map(|number| format!("n{number:04}"));
    let names = ["Jane", "Jane", "Jane"].map(str::to_owned).into_iter().chain(names);
    let names = names.chain(["JANE".to_owned()]).enumerate();
    let mut stage = plain(names.map(|(number, name)| User::new(&format!("u{number:04}")).with("name", &name)));
    stage.keys(&"G".repeat(17));
    stage.shows("1,005, ALL");
    count(&mut stage, "name");
    stage.shows("1,003 different values");
    stage.keys("<enter>");
    assert_eq!(stage.listed(), ["u0000", "u0001", "u0002"], "{}", stage.screen());
}
