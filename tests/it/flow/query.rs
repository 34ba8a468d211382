//! The line as a question: attributes and facts, matched in what is loaded, asked where the service can answer.

use std::time::Duration;

use cognitui::app::session::View;
use cognitui::emulator::{PoolSeed, Seed, User};

use super::demo::CUSTOMERS;
use super::stage::{START, Setup, Stage};

const PEOPLE: &str = "us-east-1_PeoPle001";

fn customers() -> Stage {
    Setup::new(Seed::demo(), &[CUSTOMERS]).start()
}

/// The loaded users of whom something holds, in the order of the list.
fn those(stage: &Stage, holds: impl Fn(&cognitui::domain::User) -> bool) -> Vec<String> {
    let loaded = stage.loaded();
    let those = loaded.iter().filter(|user| holds(user));
    those.map(|user| user.username.as_str().to_owned()).collect()
}

#[test]
fn a_custom_attribute_is_matched_as_typed_and_after_enter_and_nothing_is_asked() {
    let mut stage = customers();
    stage.keys("/tier=silver");
    let silver = those(&stage, |user| user.text("custom:tier") == Some("silver"));
    assert!(!silver.is_empty() && silver.len() < stage.loaded().len());
    assert_eq!(stage.listed(), silver);
    stage.shows(&format!("{} match", silver.len()));
    stage.shows("custom:tier is checked here");
    stage.keys("<enter>");
    assert_eq!(stage.listed(), silver, "it stays in force");
    stage.shows("/ tier=silver");
    stage.shows("custom:tier is checked here");
    assert!(stage.filters().is_empty(), "the service cannot be asked for it");
    stage.keys("<enter>");
    assert_eq!(stage.view(), View::User);
    stage.keys("<esc>");
    assert_eq!(stage.listed(), silver);
    stage.keys("<esc>");
    assert_eq!(stage.listed().len(), stage.loaded().len());
    stage.shows_not("tier=silver");
}

#[test]
fn esc_closes_the_line_first_and_clears_what_is_in_force_then() {
    let mut stage = customers();
    stage.keys("/tier=silver<enter>/tier=gold");
    stage.keys("<esc>");
    stage.shows("/ tier=silver");
    let silver = those(&stage, |user| user.text("custom:tier") == Some("silver"));
    assert_eq!(stage.listed(), silver);
    stage.keys("<esc>");
    assert_eq!(stage.listed().len(), stage.loaded().len());
}

#[test]
fn the_service_is_asked_for_one_term_and_the_rest_is_checked_here() {
    let people = (0..80).map(|number| {
        User::new(&format!("u{number:02}"))
            .with("email", &format!("jane{number:02}@example.com"))
            .with("name", if number % 2 == 0 { "Even" } else { "Odd" })
    });
    let mut stage = Setup::new(
        Seed::empty().pool(PoolSeed::new(PEOPLE, "people").users(people)),
        &[PEOPLE],
    )
    .start();
    stage.keys("/email^=jane7 -name=even<enter>");
    assert_eq!(stage.filters(), [r#"email ^= "jane7""#]);
    assert_eq!(
        stage.listed(),
        ["u71", "u73", "u75", "u77", "u79"],
        "who was beyond the first page is found, and half of them checked out"
    );
    stage.shows("asked: email^=jane7; checked here: -name=even");
    stage.shows("5 found for");
    // The only one who passes the check opens.
    stage.keys("<esc>/email^=jane7 name=odd username=u75<enter>");
    assert_eq!(stage.open_user(), "u75");
}

#[test]
fn a_mistake_is_marked_with_what_was_expected_and_the_rows_stay() {
    let mut stage = customers();
    stage.keys("/tier=silver");
    let silver = stage.listed();
    stage.paste(" created<soon");
    stage.shows("expected");
    assert_eq!(stage.listed(), silver, "the rows of the line before");
    let lines: Vec<String> = stage.screen().lines().map(str::to_owned).collect();
    let typed = lines.iter().position(|line| line.contains("created<soon")).unwrap();
    let under = lines[typed].find("soon").unwrap();
    assert_eq!(lines[typed + 1].find('^'), Some(under), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.session().users.find.is_some(), "Enter does not take it");
    assert!(stage.notice().contains("expected"), "{}", stage.notice());
}

#[test]
fn tab_completes_names_and_values_that_were_seen() {
    let mut stage = customers();
    stage.keys("/custom:ti<tab>");
    let line = |stage: &Stage| stage.session().users.find.as_ref().unwrap().field.text().to_owned();
    assert!(line(&stage).starts_with("custom:tier"), "{}", line(&stage));
    stage.keys("<ctrl-u>tier=si<tab>");
    assert_eq!(line(&stage), "tier=silver");
    stage.keys("<ctrl-u>zzzz=<tab>");
    assert!(stage.notice().contains("nothing is known"), "{}", stage.notice());
}

#[test]
fn what_is_missing_and_what_is_not_verified_can_be_asked_for() {
    let mut stage = customers();
    stage.keys("/!email<enter>");
    assert_eq!(stage.listed(), those(&stage, |user| user.text("email").is_none()));
    stage.keys("/-verified:email<enter>");
    let unverified = |user: &cognitui::domain::User| {
        user.text("email").is_some() && !user.is_verified(cognitui::domain::Contact::Email)
    };
    assert_eq!(stage.listed(), those(&stage, unverified));
}

#[test]
fn marks_stay_on_their_users() {
    let mut stage = customers();
    stage.keys("j<space>");
    let marked = |stage: &Stage| -> Vec<String> {
        let users = &stage.session().users;
        let rows = users.marked();
        let names = rows
            .iter()
            .map(|row| users.roster.rows().get(*row).unwrap().username().into_owned());
        names.collect()
    };
    let second = stage.listed()[1].clone();
    assert_eq!(marked(&stage), std::slice::from_ref(&second));
    stage.shows("1 marked");
    assert!(stage.row_with(&second).starts_with(" * "), "{}", stage.screen());
    // Narrowed, everybody who matches is marked, and what was not read is said.
    stage.keys("/tier=silver<enter>*");
    let silver = stage.listed();
    assert!(stage.notice().contains("marked"), "{}", stage.notice());
    assert!(stage.notice().contains("not read"), "{}", stage.notice());
    let mut all: Vec<String> = silver.iter().cloned().chain([second.clone()]).collect();
    all.sort();
    all.dedup();
    let now = |stage: &Stage| {
        let mut now = marked(stage);
        now.sort();
        now
    };
    assert_eq!(now(&stage), all);
    stage.keys("<esc>r");
    assert_eq!(now(&stage), all, "the list was read anew");
    stage.keys("/tier=silver<enter>*");
    assert!(!now(&stage).contains(&silver[0]), "again takes them away");
}

#[test]
fn a_domain_that_a_loaded_user_has_is_listed_although_the_service_cannot_be_asked() {
    let mut stage = customers();
    stage.keys("/@example.net<enter>");
    stage.shows("the service cannot search by domain");
    assert!(!stage.listed().is_empty());
    assert!(stage.listed().len() < stage.loaded().len());
}

#[test]
fn columns_are_chosen_and_a_flag_stands_beside_its_contact() {
    let mut stage = customers();
    stage.shows("USERNAME");
    stage.shows_not("TIER");
    stage.keys("c");
    stage.shows("Columns of the list");
    // The last of the list, and what is shown already is taken away.
    let columns = match stage.app().overlay.as_ref() {
        Some(cognitui::app::overlay::Overlay::Columns(list)) => list.columns.clone(),
        other => panic!("{other:?}"),
    };
    let at = |name: &str| columns.iter().position(|column| column.name() == name).unwrap();
    stage.keys(&"j".repeat(at("custom:tier"))).keys("<space>g");
    stage.keys(&"j".repeat(at("phone_number"))).keys("<space><enter>");
    stage.shows("TIER");
    stage.shows_not("PHONE");
    assert_eq!(
        stage.screen().matches("VER").count(),
        1,
        "the e-mail's alone:\n{}",
        stage.screen()
    );
    assert!(stage.row_with("jane.doe").contains("silver"), "{}", stage.screen());
}

#[test]
fn a_saved_view_is_its_query_and_its_columns_on_a_number_key() {
    use cognitui::app::SavedView;
    use cognitui::domain::Raw;
    use cognitui::domain::column::Column;
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| {
            settings.views = vec![SavedView {
                name: Raw::from("silver people"),
                query: Raw::from("tier=silver"),
                columns: Some(vec![Column::Username, Column::parse("custom:tier"), Column::Created]),
                sort: None,
                key: Some(3),
            }];
        })
        .start();
    stage.keys("3");
    assert!(stage.notice().contains("silver people"), "{}", stage.notice());
    assert_eq!(
        stage.listed(),
        those(&stage, |user| user.text("custom:tier") == Some("silver"))
    );
    stage.shows("/ tier=silver");
    stage.shows("TIER");
    stage.shows("CREATED");
    stage.shows_not("EMAIL");
    stage.keys("4");
    assert!(stage.notice().contains("no view with that key"), "{}", stage.notice());
    stage.keys(":view");
    stage.shows("Saved view silver people");
}

#[test]
fn the_list_is_ordered_by_a_column_and_who_has_no_value_comes_last() {
    let mut stage = customers();
    let all = stage.loaded().len();
    stage.keys("oj<enter>");
    stage.shows("EMAIL ^");
    let emails = |stage: &Stage| -> Vec<String> {
        let users = &stage.session().users;
        let rows = users.listed().iter();
        rows.filter_map(|row| {
            users
                .roster
                .rows()
                .get(row)?
                .get("email")
                .map(|email| email.to_lowercase())
        })
        .collect()
    };
    let up = emails(&stage);
    assert!(up.is_sorted() && up.len() > 10, "{up:?}");
    assert_eq!(stage.listed().len(), all, "nobody is lost");
    let last = stage.listed().last().cloned().unwrap();
    assert!(those(&stage, |user| user.text("email").is_none()).contains(&last));
    // The cursor is on the column that orders, so Enter turns it round.
    stage.keys("o<enter>");
    stage.shows("EMAIL v");
    assert!(emails(&stage).iter().rev().is_sorted());
    stage.keys("o<enter>");
    stage.shows_not("EMAIL v");
    assert_eq!(stage.listed(), those(&stage, |_| true), "as they arrived");
}

#[test]
fn what_was_found_stays_what_is_listed_when_it_is_ordered() {
    let people = (0..8)
        .map(|number| User::new(&format!("u{number}")).with("email", &format!("jane{}@example.com", 9 - number)))
        .chain([User::new("x").with("email", "ann@example.com")]);
    let pool = PoolSeed::new(PEOPLE, "people").users(people);
    let mut stage = Setup::new(Seed::empty().pool(pool), &[PEOPLE]).start();
    stage.keys("/email^=jane<enter>");
    assert_eq!(stage.listed().len(), 8);
    stage.keys("oj<enter>");
    assert_eq!(stage.listed(), ["u7", "u6", "u5", "u4", "u3", "u2", "u1", "u0"]);
}

#[test]
fn who_grew_old_enough_since_is_found_by_the_same_line() {
    let start: jiff::Timestamp = START.parse().unwrap();
    let people = [("older", 60), ("newer", 5)]
        .map(|(name, minutes)| User::new(name).created(start - jiff::SignedDuration::from_mins(minutes)));
    let pool = PoolSeed::new(PEOPLE, "people").users(people);
    let mut stage = Setup::new(Seed::empty().pool(pool), &[PEOPLE]).start();
    stage.keys("/created>10m");
    assert_eq!(stage.listed(), ["older"]);
    stage.keys("<esc>");
    assert_eq!(stage.listed().len(), 2);
    stage.clock.forward(Duration::from_secs(30 * 60));
    stage.keys("/created>10m");
    assert_eq!(stage.listed().len(), 2, "{}", stage.screen());
    stage.keys("<esc>/created<10m");
    assert!(stage.listed().is_empty());
}

/// What is listed after each key.
fn typed(stage: &mut Stage, line: &str) -> Vec<Vec<String>> {
    let keys = line.chars().map(String::from);
    keys.map(|key| stage.keys(&key).listed()).collect()
}

fn two_people() -> Stage {
    let start: jiff::Timestamp = START.parse().unwrap();
    let people = [("ann", 3, "gold"), ("ben", 60, "silver")].map(|(name, days, tier)| {
        User::new(name)
            .created(start - jiff::SignedDuration::from_hours(24 * days))
            .with("email", &format!("{name}@mail.example"))
            .with("nickname", tier)
    });
    let pool = PoolSeed::new(PEOPLE, "people").users(people);
    Setup::new(Seed::empty().pool(pool), &[PEOPLE]).start()
}

#[test]
fn the_list_stays_while_an_age_is_typed_and_follows_once_it_is_whole() {
    let mut stage = two_people();
    stage.keys("/");
    let both = vec!["ann".to_owned(), "ben".to_owned()];
    let lists = typed(&mut stage, "created<");
    assert_eq!(lists, vec![both.clone(); 8], "nobody is called so");
    stage.shows("expected: an age like 7d");
    let lists = typed(&mut stage, "7d");
    assert_eq!(lists, [both.clone(), vec!["ann".to_owned()]]);
    stage.keys("<backspace>");
    assert_eq!(
        stage.listed(),
        ["ann"],
        "what the term said stays until it says something else"
    );
    stage.shows("1 match the line before");
    stage.shows("expected: an age like 7d");
    let lists = typed(&mut stage, "0d");
    assert_eq!(lists, [vec!["ann".to_owned()], both.clone()]);
    // Words that somebody has are matched as ever.
    stage.keys("<ctrl-u>");
    assert_eq!(typed(&mut stage, "an"), [both, vec!["ann".to_owned()]]);
}

#[test]
fn what_may_yet_be_a_name_or_a_value_says_so_and_enter_takes_it_as_it_is() {
    let mut stage = two_people();
    stage.keys("/creat");
    assert_eq!(stage.listed().len(), 2);
    stage.shows("0 match so far");
    stage.shows("nobody so far, the list stays: created< compares");
    stage.keys("x");
    assert!(stage.listed().is_empty(), "no name begins so");
    stage.shows("no loaded user matches");
    stage.keys("<backspace>");
    assert!(
        stage.listed().is_empty(),
        "the list of before stays, and that was nobody"
    );
    stage.keys("<esc>/");
    stage.paste("nickname^=zz ");
    assert!(stage.listed().is_empty());
    stage.paste("nickname=go");
    stage.shows_not("the list stays");
    stage.shows("no loaded user matches");
    stage.keys("<ctrl-u>nickname=gol");
    assert_eq!(stage.listed().len(), 2);
    stage.shows("nobody so far, the list stays;");
    stage.keys("d");
    assert_eq!(stage.listed(), ["ann"]);
    stage.shows("1 match");
    stage.keys("<backspace><enter>");
    assert!(stage.listed().is_empty(), "{}", stage.screen());
    stage.shows("0 match");
    stage.shows_not("so far,");
}

#[test]
fn the_first_letters_of_a_name_behind_a_minus_take_nobody_away() {
    let mut stage = two_people();
    stage.keys("/nickname:* -");
    assert_eq!(stage.listed().len(), 2);
    let lists = typed(&mut stage, "n");
    assert_eq!(lists[0].len(), 2, "both have an n");
    stage.shows("left out so far: -name: compares");
    stage.keys(" ");
    assert!(stage.listed().is_empty(), "a word now");
    stage.keys("<backspace>ickname=gold");
    assert_eq!(stage.listed(), ["ben"]);
    // Enter takes a word that is the beginning of a name.
    stage.keys("<ctrl-u>nickname:* -n");
    assert_eq!(stage.listed().len(), 2);
    stage.keys("<enter>");
    assert!(stage.listed().is_empty());
}

#[test]
fn a_mistake_leaves_the_other_terms_in_force() {
    let mut stage = two_people();
    stage.keys("/nickname=silver created<");
    assert_eq!(stage.listed(), ["ben"]);
    stage.keys("soon email:mail");
    assert_eq!(stage.listed(), ["ben"]);
    stage.shows("expected: an age");
    stage.shows("1 match the rest of the line");
    stage.keys("<home><ctrl-k>foo: nickname=gold");
    assert_eq!(stage.listed(), ["ann"]);
    stage.shows("expected: an attribute of this pool");
}

#[test]
fn the_overlays_of_columns_say_all_they_have_to_say() {
    let mut stage = customers();
    let said = |stage: &Stage| stage.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    stage.keys("o");
    let order = said(&stage);
    assert!(
        order.contains("once more as they arrived; who has no value comes last"),
        "{order}"
    );
    stage.keys("<esc>c");
    let columns = said(&stage);
    assert!(
        columns.contains("a verified flag stands beside its contact"),
        "{columns}"
    );
}
