//! Checks over what is loaded, two users compared, and the values of a column, by keys.

use cognitui::app::overlay::Overlay;
use cognitui::app::session::View;
use cognitui::domain::column::Column;
use cognitui::domain::lint::Check;
use cognitui::emulator::{PoolSeed, Seed, User};

use super::counts::count;
use super::scene::{CUSTOMERS, PARTNERS, STAFF};
use super::stage::{Setup, Stage};

const PLAIN: &str = "us-east-1_PlaIn0001";

/// A pool of the demo with everybody loaded.
fn whole(pool: &str) -> Stage {
    let mut stage = Setup::new(Seed::demo(), &[pool]).size(200, 60).start();
    for _ in 0..20 {
        if stage.session().users.is_whole() {
            return stage;
        }
        stage.keys("G");
    }
    panic!("the list did not end:\n{}", stage.screen());
}

/// The usernames that a check found, in order.
fn found(stage: &Stage, check: Check) -> Vec<String> {
    let screen = stage.session().lint.as_ref().expect("the checks are open");
    let report = screen.report.as_ref().expect("they were made");
    let findings = report.of(check).expect("this check was made");
    findings
        .found
        .iter()
        .map(|found| report.ground.rows.get(found.row).unwrap().username().into_owned())
        .collect()
}

/// Opens the users of a check.
fn open(stage: &mut Stage, check: Check) {
    let report = stage.session().lint.as_ref().and_then(|screen| screen.report.as_ref());
    let counts = report.expect("they were made").counts();
    let at = counts.iter().position(|findings| findings.check == check).unwrap();
    stage.keys("g");
    for _ in 0..at {
        stage.keys("j");
    }
    stage.keys("<enter>");
}

#[test]
fn the_demos_customers_have_what_was_put_there() {
    let mut stage = whole(CUSTOMERS);
    let calls = stage.emulator.calls().len();
    stage.keys("A");
    stage.shows(" users, ALL");
    assert_eq!(stage.emulator.calls().len(), calls, "nobody is asked for it");
    let twins = found(&stage, Check::CaseTwins);
    for name in ["jane.doe", "eve", "j.smith", "J.Smith", "ren\u{e9}", "rene\u{301}"] {
        assert!(twins.iter().any(|twin| twin == name), "{name} in {twins:?}");
    }
    assert_eq!(
        found(&stage, Check::DuplicateEmail),
        ["j.smith", "shared.unverified"],
        "the third spells it differently"
    );
    assert!(found(&stage, Check::LookAlike).contains(&"раураl".to_owned()));
    assert!(found(&stage, Check::HiddenCharacters).contains(&"adm\u{200b}in".to_owned()));
    assert!(!found(&stage, Check::HiddenCharacters).contains(&"jane.doe".to_owned()));
    assert!(found(&stage, Check::NoContact).contains(&"no.attributes".to_owned()));
    assert!(found(&stage, Check::StaleInvitation).contains(&"bob".to_owned()));
    assert!(found(&stage, Check::NotE164).is_empty());
}

#[test]
fn a_pool_without_fault_is_said_to_have_none() {
    let users = (0..5).map(|number| User::new(&format!("u{number}")).verified_email(&format!("u{number}@example.com")));
    let seed = Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users));
    let mut stage = Setup::new(seed, &[PLAIN]).start();
    stage.keys("A");
    stage.shows("0 of 13 checks found some");
    stage.keys("<enter>");
    assert!(stage.notice().contains("nobody was found by this check"));
    stage.keys("<esc>");
    assert_eq!(stage.session().view, View::Users);
}

#[test]
fn what_is_not_loaded_is_not_looked_at_and_that_is_said() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("A");
    stage.shows("60 of about ");
    stage.shows("NOT ALL");
    stage.keys("<esc>GG");
    stage.keys("A");
    stage.shows("180 of about ");
}

#[test]
fn the_counts_are_of_everybody_as_soon_as_everybody_is_loaded() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("A");
    stage.shows("60 of about ");
    stage.keys("S<enter>");
    stage.shows("220 users, ALL");
}

#[test]
fn a_twin_is_opened_and_compared_and_every_way_leads_back() {
    let mut stage = whole(CUSTOMERS);
    stage.keys("A");
    open(&mut stage, Check::CaseTwins);
    stage.shows("differ only by case");
    assert_eq!(stage.session().lint.as_ref().unwrap().open, Some((Check::CaseTwins, 0)));
    stage.keys("<enter>");
    stage.shows("User ");
    assert_eq!(
        stage.session().user.as_ref().unwrap().user.username.as_str(),
        "jane.doe"
    );
    stage.keys("<esc>");
    assert_eq!(stage.session().view, View::Lint);
    stage.keys("=");
    stage.shows("Compare  1 jane.doe  2 eve");
    stage.shows("Jane@Example.com");
    stage.shows("5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f");
    stage.shows("^");
    stage.keys("<esc>");
    stage.shows("differ only by case");
    stage.keys("<esc>");
    stage.shows("checks found some");
    stage.keys("<esc>");
    assert_eq!(stage.session().view, View::Users);
    assert_eq!(stage.count("AdminGetUser"), 0);
}

#[test]
fn two_users_of_the_list_are_compared() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).start();
    stage.keys("=");
    assert!(stage.notice().contains("jane.doe is one of two"), "{}", stage.notice());
    stage.keys("j=");
    stage.shows("Compare  1 jane.doe  2 bob");
    stage.keys("<esc>");
    assert_eq!(stage.session().view, View::Users);
    stage.keys("==");
    assert!(stage.notice().contains("nobody is compared"));
    assert_eq!(stage.session().view, View::Users);
}

#[test]
fn a_check_that_stands_alone_compares_nobody() {
    let mut stage = whole(CUSTOMERS);
    stage.keys("A");
    stage.keys("=");
    assert!(stage.notice().contains("Enter lists the users"));
    open(&mut stage, Check::UnverifiedContact);
    stage.keys("=");
    assert!(stage.notice().contains("brings no two users together"));
}

#[test]
fn federated_and_local_users_of_one_person_are_found() {
    let user = |name: &str| User::new(name).verified_email("ana@example.com");
    let federated = user("Okta_1")
        .status("EXTERNAL_PROVIDER")
        .with("identities", r#"[{"userId":"1","providerName":"Okta"}]"#);
    let users = vec![user("ana"), federated];
    let seed = Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users));
    let mut stage = Setup::new(seed, &[PLAIN]).start();
    stage.keys("A");
    assert_eq!(found(&stage, Check::FederatedAndLocal), ["ana", "Okta_1"]);
    let mut partners = whole(PARTNERS);
    partners.keys("A");
    assert!(found(&partners, Check::FederatedAndLocal).is_empty());
}

#[test]
fn an_invitation_has_run_out_when_the_pool_says_so() {
    let invited = || {
        User::new("ivy")
            .status("FORCE_CHANGE_PASSWORD")
            .changed("2026-11-10T10:00:00Z".parse().unwrap())
    };
    for (days, expected) in [(7, 1), (30, 0)] {
        let pool = PoolSeed::new(PLAIN, "plain")
            .set(|settings| settings.temporary_password_days = days)
            .user(invited());
        let mut stage = Setup::new(Seed::empty().pool(pool), &[PLAIN]).start();
        stage.keys("A");
        assert_eq!(found(&stage, Check::StaleInvitation).len(), expected, "{days} days");
    }
}

#[test]
fn the_values_of_a_column_are_counted() {
    let mut stage = whole(STAFF);
    stage.keys("b");
    stage.shows("Counts  of which column?");
    stage.keys("<enter>");
    stage.shows("different value");
    let open = stage.session().breakdown.as_ref().unwrap().open.as_ref();
    let counts = open.and_then(|(slot, _)| slot.ready()).expect("it was counted");
    let of = |value: &str| {
        counts
            .values
            .iter()
            .find(|counted| counted.value.as_str() == value)
            .map(|one| one.users)
    };
    let all = stage.session().users.loaded().len();
    assert_eq!(of("FORCE_CHANGE_PASSWORD"), Some(1));
    assert_eq!(of("CONFIRMED"), Some(all - 1));
    assert_eq!((counts.not_set, counts.looked_at), (0, all));
    stage.keys("<esc>G");
    // Back on the columns, the last one: nobody has it twice.
    stage.keys("<enter>");
    stage.shows("Counts  ");
    stage.keys("<esc><esc>");
    assert_eq!(stage.session().view, View::Users);
}

#[test]
fn two_marked_users_are_compared_and_with_one_or_three_it_is_said() {
    let mut stage = whole(CUSTOMERS);
    stage.keys("g<space>=");
    let said = "1 is marked: Space marks a second one, or takes the mark away; = compares two";
    assert_eq!(stage.notice(), said);
    stage.shows(said);
    stage.keys("<space><space>=");
    let said = "3 are marked, = compares two: Space unmarks a row, * twice all who are listed";
    assert_eq!(stage.notice(), said);
    stage.shows(said);
    assert_eq!(stage.view(), View::Users);
    stage.keys("**=");
    assert!(stage.notice().contains("is one of two"), "{}", stage.notice());
    stage.keys("=g<space><space><space>");
    stage.keys("k<space>=");
    assert_eq!(stage.view(), View::Compare, "{}", stage.screen());
    stage.keys("<esc>AS");
    stage.shows("Read the whole pool");
    stage.keys("<esc>");
    assert_eq!(stage.view(), View::Lint);
}

/// Goes to a column of the list that is open over the screen.
fn go_to(stage: &mut Stage, name: &str) {
    let columns = match stage.app().overlay.as_ref() {
        Some(Overlay::Columns(list)) => &list.columns,
        other => panic!("{other:?}"),
    };
    let at = columns.iter().position(|column| column.name() == name).unwrap();
    stage.keys("g").keys(&"j".repeat(at));
}

#[test]
fn what_everybody_should_have_is_chosen_on_the_screen_and_counted_at_once() {
    let users = ["Gold", "", "Silver", ""]
        .into_iter()
        .enumerate()
        .map(|(number, name)| {
            let user = User::new(&format!("u{number}")).verified_email(&format!("u{number}@example.com"));
            match name {
                "" => user,
                name => user.with("name", name),
            }
        });
    let seed = Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users));
    let mut stage = Setup::new(seed, &[PLAIN]).start();
    stage.keys("A");
    stage.shows("0 of 13 checks found some");
    stage.shows("c attributes");
    stage.keys("c");
    stage.shows("What everybody should have");
    let offered = match stage.app().overlay.as_ref() {
        Some(Overlay::Columns(list)) => list.columns.clone(),
        other => panic!("{other:?}"),
    };
    let is_fact = |column: &Column| !matches!(column, Column::Attribute(_));
    assert!(
        !offered.iter().any(is_fact),
        "facts are known of everybody: {offered:?}"
    );
    go_to(&mut stage, "name");
    stage.keys("<space>");
    stage.shows("[x]  name");
    stage.keys("<enter>");
    assert_eq!(found(&stage, Check::MissingAttribute), ["u1", "u3"]);
    stage.shows("1 of 13 checks found some");
    stage.shows("a required or chosen attribute missing: name");
    // It is the first now, because it found somebody.
    open(&mut stage, Check::MissingAttribute);
    stage.shows("2 users  1/2");
    stage.keys("<esc>");
    assert!(stage.flat().contains("Chosen: name; c chooses."), "{}", stage.screen());
    // What was chosen stays when the screen is left, and can be taken back.
    stage.keys("<esc>A");
    assert_eq!(found(&stage, Check::MissingAttribute), ["u1", "u3"]);
    stage.keys("c");
    go_to(&mut stage, "name");
    stage.keys("<space><esc>");
    stage.shows("0 of 13 checks found some");
    assert_eq!(
        stage
            .emulator
            .calls()
            .iter()
            .filter(|call| call.operation == "ListUsers")
            .count(),
        1
    );
}

#[test]
fn what_the_pool_requires_is_looked_for_in_any_case() {
    let pool = PoolSeed::new(PLAIN, "plain")
        .required("birthdate")
        .user(User::new("ana"));
    let mut stage = Setup::new(Seed::empty().pool(pool), &[PLAIN]).start();
    stage.keys("Ac");
    go_to(&mut stage, "birthdate");
    stage.shows("the pool requires it");
    stage.keys("<space>");
    assert!(stage.notice().contains("looked for in any case"), "{}", stage.notice());
    assert!(stage.session().lint.as_ref().unwrap().expected.is_empty());
}

#[test]
fn the_checks_that_found_somebody_stand_first() {
    let mut stage = whole(CUSTOMERS);
    stage.keys("A");
    let report = stage.session().lint.as_ref().unwrap().report.clone().unwrap();
    let counts: Vec<usize> = report.counts().iter().map(|findings| findings.users).collect();
    let empty = counts.iter().position(|users| *users == 0).expect("some found nobody");
    assert!(counts[empty..].iter().all(|users| *users == 0), "{counts:?}");
    let drawn: Vec<usize> = report
        .counts()
        .iter()
        .map(|findings| stage.screen().find(findings.check.name()).expect("it is drawn"))
        .collect();
    assert!(drawn.is_sorted(), "{}", stage.screen());
}

#[test]
fn what_is_counted_is_who_is_listed_and_a_value_lists_its_users_among_them() {
    let users = (0..12).map(|number| {
        let given = if number < 8 { "Ann" } else { "Bob" };
        let name = if number % 2 == 0 { "Gold" } else { "Silver" };
        User::new(&format!("u{number:02}"))
            .with("given_name", given)
            .with("name", name)
    });
    let seed = Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users));
    let mut stage = Setup::new(seed, &[PLAIN]).start();
    let counted = |stage: &Stage| -> Vec<(String, usize)> {
        let open = stage.session().breakdown.as_ref().unwrap().open.as_ref();
        let counts = open.and_then(|(slot, _)| slot.ready()).expect("it was counted");
        let each = counts.values.iter();
        each.map(|counted| (counted.value.as_str().to_owned(), counted.users))
            .collect()
    };
    stage.keys("/given_name=ann<enter>");
    count(&mut stage, "name");
    stage.shows("Counts  name  of the 8 listed, ALL that match");
    assert_eq!(counted(&stage), [("Gold".to_owned(), 4), ("Silver".to_owned(), 4)]);
    stage.keys("<enter>");
    stage.shows("/ given_name=ann name=Gold");
    assert_eq!(stage.listed(), ["u00", "u02", "u04", "u06"]);
    // Back to the counts, the columns and the line.
    stage.keys("<esc>");
    stage.shows("Counts  name  of the 8 listed, ALL that match");
    stage.keys("<esc><esc>");
    assert_eq!((stage.view(), stage.listed().len()), (View::Users, 8));
    // Nothing narrows the list: everybody is counted.
    stage.keys("<esc>");
    count(&mut stage, "name");
    stage.shows("Counts  name  12 users, ALL");
    assert_eq!(counted(&stage), [("Gold".to_owned(), 6), ("Silver".to_owned(), 6)]);
    // Keys that run ahead of the look for a line count nobody in the name of that line.
    stage.keys("<esc><esc>");
    stage.keys_before_answers("/given_name=ann<enter>b<enter>");
    assert!(stage.notice().contains("is being looked for"), "{}", stage.notice());
    assert!(stage.session().breakdown.as_ref().unwrap().open.is_none());
    stage.settle();
    stage.keys("<enter>");
    stage.shows("of the 8 listed, ALL that match");
}
