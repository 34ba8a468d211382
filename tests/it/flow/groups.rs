//! Lines about groups: nobody is read before the price was said, members are there as they arrive, and what was read holds
//! for who is loaded later.

use cognitui::app::overlay::Overlay;
use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::domain::query::Group;
use cognitui::emulator::{Fault, Seed};

use super::scene::grouped;
use super::stage::{Setup, Stage};

const POOL: &str = "us-east-1_GrOuPs001";
const NAMES: &str = "ListGroups";
const MEMBERS: &str = "ListUsersInGroup";

fn setup() -> Setup {
    Setup::new(Seed::empty().pool(grouped(POOL)), &[POOL])
}

fn asks(stage: &Stage) -> Option<&cognitui::app::screen::users::ScanQuestion> {
    match &stage.app().overlay {
        Some(Overlay::Scan(question)) => Some(question),
        _ => None,
    }
}

#[test]
fn the_price_is_said_first_and_members_who_were_not_loaded_are_found() {
    let mut stage = setup().start();
    assert_eq!(stage.loaded().len(), 60, "a page");
    stage.keys("/group:admins");
    stage.shows("who is in which group is not read, Enter says what that costs");
    assert_eq!((stage.count(NAMES), stage.count(MEMBERS)), (0, 0));
    stage.keys("<enter>");
    stage.shows("Read who is in admins");
    stage.shows("1 group, up to 5 calls, 1 s at 10 a second; your sign-in traffic shares");
    assert_eq!((stage.count(NAMES), stage.count(MEMBERS)), (1, 0));
    stage.keys("-----");
    stage.shows("1 s at 5 a second");
    stage.keys("<esc>");
    assert!(stage.listed().is_empty(), "{}", stage.screen());
    stage.shows("0 match so far");
    stage.shows("who is in admins is not read, m says what that costs");
    assert_eq!(stage.count(MEMBERS), 0, "Esc leaves it");
    stage.keys("m<enter>");
    assert_eq!(stage.listed(), ["u197", "u198", "u199"], "{}", stage.screen());
    stage.shows("admins was read to its end: 3 members");
    stage.shows("3 match");
    assert_eq!(stage.count(MEMBERS), 1);
    assert_eq!(stage.loaded().len(), 63);
    assert_eq!(stage.newest().word, Word::Read);
    assert!(stage.said().contains("3 members, 1 call"), "{}", stage.said());
    // What was read is not asked for again, and more terms are checked of its members.
    stage.keys("<esc>/group:admins name=gold<enter>");
    assert!(asks(&stage).is_none());
    assert_eq!(stage.listed(), ["u198"]);
    stage.shows("checked here: name=gold");
    stage.keys("<esc>/group:nobody -group:admins<enter>");
    stage.shows("1 group, up to");
    stage.keys("<enter>");
    assert!(stage.listed().is_empty());
    stage.shows("nobody in that group matches");
    stage.keys("<esc>/group:other<enter>");
    stage.shows("no group of this pool is meant: there is admins, nobody, readers");
    assert!(asks(&stage).is_none());
    assert_eq!(stage.count(MEMBERS), 2);
}

#[test]
fn of_whom_nobody_knows_whether_they_are_in_a_group_it_is_not_said_that_they_do_not_match() {
    let mut stage = setup().start();
    stage.keys("/username^=u group:admins<enter><esc>n");
    let said: Vec<String> = (stage.entries().iter())
        .map(|entry| entry.line.plain())
        .filter(|line| line.contains("users read"))
        .collect();
    assert_eq!(
        said,
        [
            "60 users read, 1 call",
            "60 users read, 1 call; 60 of them had been loaded before"
        ]
    );
    // Of those who are known to be in none it is.
    stage.keys("m<enter><esc>/username^=u group:admins<enter>");
    assert!(
        stage.said().contains("did not match the rest of the line"),
        "{}",
        stage.said()
    );
}

#[test]
fn all_groups_are_read_by_key_and_again_from_the_beginning() {
    let mut stage = setup().start();
    stage.keys("m");
    stage.shows("Read who is in which group");
    stage.shows("3 groups, about 7 calls, 1 s");
    stage.keys("<enter>");
    assert_eq!(
        stage.loaded().len(),
        132,
        "the first page, and those of the readers and admins beyond it"
    );
    stage.keys("/-group:readers<enter>");
    let others: Vec<String> = stage.listed();
    assert!(
        others.iter().all(|name| !name.ends_with(['0', '2', '4', '6', '8'])),
        "{others:?}"
    );
    assert_eq!(others.len(), 32);
    // Somebody left the group: that is seen when it is read again.
    assert!(stage.emulator.change_user(POOL, "u000", |user| user.groups.clear()));
    stage.keys("m");
    stage.shows("1 group, up to");
    stage.keys("<enter>");
    assert_eq!(stage.listed().len(), 33, "{}", stage.screen());
    let groups = stage.session().users.groups.ready().unwrap();
    let sizes: Vec<usize> = groups.iter().map(|group| group.members().len()).collect();
    assert_eq!(sizes, [3, 0, 99]);
    assert!(groups.iter().all(Group::is_whole));
}

#[test]
fn what_was_read_holds_for_who_is_read_later_and_read_anew() {
    let mut stage = setup().start();
    stage.keys("/group:readers<enter><enter>");
    assert_eq!(stage.listed().len(), 100);
    stage.keys("<esc>S<enter>");
    assert_eq!(stage.loaded().len(), 200);
    stage.keys("S<enter>");
    assert_eq!(stage.loaded().len(), 200, "read anew");
    stage.keys("/group:readers<enter>");
    assert!(asks(&stage).is_none());
    let mut readers = stage.listed();
    readers.sort();
    let even: Vec<String> = (0..200).step_by(2).map(|number| format!("u{number:03}")).collect();
    assert_eq!(readers, even);
    stage.keys("<esc>/-group:readers<enter>");
    assert_eq!(stage.listed().len(), 100);
}

#[test]
fn members_who_are_not_loaded_again_yet_are_not_forgotten_and_not_denied() {
    let mut stage = setup().start();
    stage.keys("m<enter>");
    stage.keys("/group:admins<enter>");
    assert_eq!(stage.listed(), ["u197", "u198", "u199"]);
    stage.shows("admins was read to its end: 3 members");
    assert!(stage.session().users.settled_by_groups());
    // The list begins anew: a page is there, and none of the admins.
    stage.keys("<esc>r/group:admins<enter>");
    assert_eq!(stage.loaded().len(), 60);
    assert!(stage.listed().is_empty());
    stage.shows("admins was read to its end: 0 of its 3 members are loaded");
    stage.shows("S read all");
    assert!(!stage.session().users.settled_by_groups());
    stage.keys("<esc>/group~adm|rea<enter>");
    stage.shows("2 groups were read to their end; not all of their members are loaded");
    // The names are asked for again, and the price is declined.
    stage.keys("<esc>m<esc>");
    assert_eq!(stage.count(NAMES), 2);
    stage.keys("S<enter>");
    assert_eq!(stage.loaded().len(), 200);
    stage.keys("/group:admins<enter>");
    assert!(asks(&stage).is_none());
    let mut admins = stage.listed();
    admins.sort();
    assert_eq!(admins, ["u197", "u198", "u199"], "{}", stage.screen());
    stage.shows("admins was read to its end: 3 members");
    stage.keys("<esc>/-group:admins<enter>");
    assert_eq!(stage.listed().len(), 197);
}

#[test]
fn a_member_who_is_not_in_the_pool_any_more_is_not_waited_for() {
    let mut stage = setup().start();
    stage.keys("m<enter>");
    stage.emulator.remove_user(POOL, "u198");
    stage.keys("S<enter>S<enter>/group:admins<enter>");
    assert_eq!(stage.loaded().len(), 199);
    assert_eq!(stage.listed().len(), 2);
    stage.shows("admins was read to its end: 2 members; 1 more is not in the pool any more");
    stage.keys("<esc>/group~adm|rea<enter>");
    stage.shows("2 groups were read to their end; some of their members are not in the");
}

#[test]
fn esc_stops_and_only_what_was_read_to_its_end_is_known() {
    let mut stage = setup().start();
    stage.keys("m");
    stage.keys_before_answers("<enter><esc>");
    stage.settle();
    assert!(stage.said().contains("stopped, "), "{}", stage.said());
    let groups = stage.session().users.groups.ready().unwrap();
    assert!(groups.iter().any(|group| !group.is_whole()));
    stage.keys("/-group:readers<enter>");
    stage.shows("1 group, up to");
    stage.keys("<esc>");
    assert!(stage.listed().is_empty(), "of nobody it is known");
    stage.shows("who is in readers is not");
    stage.keys("m<enter>");
    assert!(!stage.listed().is_empty());
}

#[test]
fn a_refusal_names_the_permission_and_r_asks_again() {
    let mut stage = setup().start();
    stage.emulator.inject(Fault::denied(NAMES));
    stage.keys("/group:admins<enter>");
    assert!(asks(&stage).is_none());
    stage.shows("AccessDeniedException");
    stage.shows("cognito-idp:ListGroups");
    assert_eq!(stage.newest().word, Word::Failed);
    stage.emulator.heal();
    stage.keys("r");
    stage.shows("1 group, up to 5 calls");
    stage.emulator.inject(Fault::denied(MEMBERS));
    stage.keys("<enter>");
    stage.shows("cognito-idp:ListUsersInGroup");
    assert!(stage.listed().is_empty());
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(stage.listed(), ["u197", "u198", "u199"], "{}", stage.screen());
    assert!(stage.session().users.groups.fault().is_none());
}

#[test]
fn the_price_comes_over_nothing_else() {
    let mut stage = setup().start();
    stage.keys("/group:admins");
    stage.keys_before_answers("<enter><esc>/");
    stage.settle();
    assert!(asks(&stage).is_none(), "a line is open");
    stage.keys("u00<esc>");
    assert!(asks(&stage).is_none(), "it does not come later by itself either");
    stage.keys("m");
    assert!(asks(&stage).is_some());
    stage.keys("<esc><enter>");
    assert_eq!(stage.view(), View::User);
    stage.keys("<esc>");
    assert!(asks(&stage).is_none());
}

#[test]
fn the_term_that_the_service_answers_is_asked_at_once() {
    let mut stage = setup().start();
    stage.keys("/username^=u19 group:admins<enter>");
    assert_eq!(stage.filters(), [r#"username ^= "u19""#]);
    stage.keys("<enter>");
    assert_eq!(stage.listed(), ["u197", "u198", "u199"], "{}", stage.screen());
    assert_eq!(stage.view(), View::Users, "nothing opens by itself");
}

#[test]
fn the_demo_has_groups_of_different_sizes() {
    let mut stage = Setup::new(Seed::crowd(20_000), &["us-east-1_cRoWd0001"]).start();
    stage.keys("/group:admins<enter>");
    stage.shows("1 group, up to 335 calls, 34 s");
    stage.keys("<enter>");
    let admins = stage.listed().len();
    assert!((2..40).contains(&admins), "{admins}");
    stage.keys("<esc>/group:wholesale -group:admins<enter><enter>");
    let wholesale = stage.listed().len();
    assert!((300..700).contains(&wholesale), "{wholesale}");
    assert!(stage.count(MEMBERS) < 15, "a page for 60 members");
}
