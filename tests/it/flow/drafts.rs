//! Pending edits outlive the console: saved as they are typed, taken up against what is there now, gone once sent.

mod disk;

use cognitui::domain::Raw;
use cognitui::domain::draft::saved::{Console, Kept};
use cognitui::drafts::{Store, system_dice};
use cognitui::emulator::{Fault, User};

use super::scene::{CUSTOMERS, GET, SHOP, form, pairs, setup};
use super::stage::{Killed, Setup, Stage, read_only};

impl Stage {
    /// The drafts on disk, as another console would find them.
    fn on_disk(&self) -> Vec<Kept> {
        let store = Store::new(self.state.path().to_path_buf(), system_dice());
        store.find().unwrap().drafts
    }

    /// The one draft on disk, as `name=value` a line, the open field last.
    #[track_caller]
    fn one_on_disk(&self) -> Vec<String> {
        let drafts = self.on_disk();
        assert_eq!(drafts.len(), 1, "{}", self.screen());
        let draft = &drafts[0].draft;
        let edits = draft.edits.iter().map(|(name, edit)| match edit.value() {
            Some(value) => format!("{}={}", name.as_str(), value.as_str()),
            None => format!("{} deleted", name.as_str()),
        });
        let typed = draft.typed.iter();
        let typed = typed.map(|typed| format!("{} typed {}", typed.name.as_str(), typed.text.as_str()));
        edits.chain(typed).collect()
    }
}

fn set(killed: &Killed, change: impl FnOnce(&mut User)) {
    assert!(killed.emulator.change_user(CUSTOMERS, "jane.doe", change));
}

fn give(name: &'static str, value: &'static str) -> impl FnOnce(&mut User) {
    move |user| {
        user.attributes.insert(name.into(), value.into());
    }
}

/// Jane's form with a new nickname and a new tier, and then the console is gone.
fn left_behind() -> Killed {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").set("custom:tier", "gold");
    stage.kill()
}

/// The pool's users, with nobody named.
fn next() -> Setup {
    setup(CUSTOMERS, "nobody").change(|settings| settings.user = None)
}

#[test]
fn every_edit_is_on_disk_when_the_next_key_comes() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    assert!(stage.on_disk().is_empty());
    stage.set("nickname", "JJ");
    assert_eq!(stage.one_on_disk(), ["nickname=JJ"]);
    stage.shows("drafted");
    stage.go("custom:tier").keys("x");
    assert_eq!(stage.one_on_disk(), ["custom:tier deleted", "nickname=JJ"]);
    stage.keys("u");
    assert_eq!(stage.one_on_disk(), ["nickname=JJ"]);
    stage.go("nickname").keys("u");
    assert!(stage.on_disk().is_empty(), "put back: nothing is pending");
    stage.shows_not("drafted");
}

#[test]
fn the_text_of_an_open_field_is_on_disk_key_by_key() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter>");
    assert!(stage.on_disk().is_empty(), "an open field alone is no draft");
    stage.keys("a");
    assert_eq!(stage.one_on_disk(), ["nickname typed JDa"]);
    stage.keys("b").paste("c d");
    assert_eq!(stage.one_on_disk(), ["nickname typed JDabc d"]);
    stage.keys("<enter>");
    assert_eq!(stage.one_on_disk(), ["nickname=JDabc d"]);
    stage.keys("<enter>x<esc>");
    assert_eq!(stage.one_on_disk(), ["nickname=JDabc d"], "given back");
}

#[test]
fn what_was_left_is_announced_resumed_sent_and_gone() {
    let mut stage = next().after(left_behind()).start();
    stage.shows("1 draft of earlier runs. Enter resumes jane.doe (2 edits, 10:");
    stage.shows(", yours)");
    let reads = stage.calls(GET).len();
    stage.keys("<enter>");
    stage.shows("Edit jane.doe");
    stage.answers("2 edits resumed");
    assert_eq!(stage.calls(GET).len(), reads + 1, "once");
    assert_eq!(stage.pending(), ["custom:tier", "nickname"]);
    assert_eq!(
        stage.on_disk()[0].console,
        Console::Elsewhere,
        "it is that console's now"
    );
    stage.send();
    stage.ended("applied", &[]);
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ"), ("custom:tier", "gold")]));
    assert!(stage.on_disk().is_empty());
    let again = next().after(stage.kill()).start();
    again.shows_not("of earlier runs");
}

#[test]
fn an_open_field_comes_back_open() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").go("name").keys("<enter> of Do");
    let mut stage = next().after(stage.kill()).start();
    stage.shows("(2 edits");
    stage.keys("<enter>");
    stage.shows("EDITING name");
    stage.shows("Jane Doe of Do");
    stage.keys("e<enter>");
    assert_eq!(stage.one_on_disk(), ["name=Jane Doe of Doe", "nickname=JJ"]);
}

#[test]
fn what_moved_since_is_marked_and_decided_three_ways_before_anything_is_sent() {
    let killed = left_behind();
    set(&killed, give("nickname", "Janey"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.answers("1 moved since: the review asks about each");
    stage.go("nickname");
    stage.shows("it was JD when this was decided, and is another now");
    stage.keys("<ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    for value in ["then", "JD", "Janey", "JJ"] {
        stage.shows(value);
    }
    stage.keys("<tab><enter>");
    stage.sent_nothing();
    stage.keys("<esc><ctrl-s>m");
    stage.sent_nothing();
    stage.keys("<tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ"), ("custom:tier", "gold")]));
    assert_eq!(
        stage.journal()[0]["intent"]["changes"][0]["before"]["value"],
        "Janey",
        "what it replaced"
    );
}

#[test]
fn theirs_is_taken_and_the_rest_is_sent() {
    let killed = left_behind();
    set(&killed, give("nickname", "Janey"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter><ctrl-s>t<tab><enter>");
    assert_eq!(stage.sent_once(), pairs(&[("custom:tier", "gold")]));
}

#[test]
fn a_conflict_that_is_not_decided_outlives_another_console() {
    let killed = left_behind();
    set(&killed, give("nickname", "Janey"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    let mut stage = next().after(stage.kill()).start();
    stage.keys("<enter><ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    for value in ["JD", "Janey", "JJ"] {
        stage.shows(value);
    }
}

#[test]
fn an_edit_made_anew_in_the_form_is_decided_on_what_is_shown() {
    let killed = left_behind();
    set(&killed, give("nickname", "Janey"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.set("nickname", "Third").keys("<ctrl-s>");
    stage.shows("no one changed it");
}

#[test]
fn what_is_there_already_drops_out_and_is_said() {
    let killed = left_behind();
    set(&killed, give("nickname", "JJ"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.answers("1 edit resumed; so already: nickname");
    assert_eq!(stage.pending(), ["custom:tier"]);
}

#[test]
fn where_nothing_is_left_to_do_the_draft_is_gone() {
    let killed = left_behind();
    set(&killed, give("nickname", "JJ"));
    set(&killed, give("custom:tier", "gold"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.answers("0 edits resumed; so already: custom:tier, nickname");
    assert!(stage.on_disk().is_empty());
}

#[test]
fn another_person_under_the_same_name_does_not_get_the_edits() {
    let killed = left_behind();
    set(&killed, give("sub", "00000000-0000-4000-8000-000000000000"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.answers("is somebody else now (another sub): the draft is kept and not applied");
    assert_eq!(stage.on_disk().len(), 1);
    // What is typed for the new one does not overwrite it.
    stage.keys("/jane.doe<enter>e<esc>").set("nickname", "New");
    assert_eq!(stage.on_disk().len(), 2);
    stage.keys("<esc>").keys("<esc>");
    stage.sent_nothing();
}

#[test]
fn a_user_who_is_gone_keeps_the_draft() {
    let killed = left_behind();
    killed.emulator.remove_user(CUSTOMERS, "jane.doe");
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.answers("could not be read, so the draft is kept as it is");
    assert_eq!(stage.on_disk().len(), 1);
    // As it was said, the list has it, and there it can be thrown away.
    stage.keys("Dx2<enter>");
    stage.answers("the draft is thrown away");
    assert!(stage.on_disk().is_empty());
}

#[test]
fn what_is_typed_while_a_draft_is_on_its_way_is_not_lost_to_it() {
    let mut stage = setup(CUSTOMERS, "jane.doe").after(left_behind()).start();
    stage.keys_before_answers("<enter>e/nickname<enter><enter><ctrl-u>Janey<enter>");
    stage.settle();
    stage.answers("has pending edits here by now; send or :discard them first, the draft is kept");
    assert_eq!(stage.pending(), ["nickname"]);
    assert_eq!(stage.on_disk().len(), 2);
}

#[test]
fn text_of_an_earlier_run_decides_nothing_about_a_value_that_moved_since() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter>!");
    let killed = stage.kill();
    set(&killed, give("nickname", "Janey"));
    let mut stage = next().after(killed).start();
    stage.keys("<enter>");
    stage.answers("1 moved since: the review asks about each");
    stage.keys("<enter><ctrl-s>");
    stage.shows("CHANGED, 1 to decide");
    for value in ["JD", "Janey", "JD!"] {
        stage.shows(value);
    }
}

#[test]
fn a_draft_is_offered_when_its_user_is_opened_and_edited() {
    let mut stage = setup(CUSTOMERS, "jane.doe").after(left_behind()).start();
    stage.keys("<esc>");
    stage.answers(":drafts lists them");
    stage.shows_not("of earlier runs");
    stage.keys("e");
    stage.shows("An earlier run left edits of jane.doe");
    stage.keys("<esc>");
    assert!(stage.pending().is_empty());
    stage.keys("<esc>e");
    stage.shows_not("An earlier run left");
    stage.keys("<esc><esc>D");
    stage.shows("Drafts of earlier runs");
    stage.keys("<enter>");
    assert_eq!(stage.pending(), ["custom:tier", "nickname"]);
}

#[test]
fn the_offer_over_the_form_takes_the_draft_into_it_without_reading_twice() {
    let mut stage = setup(CUSTOMERS, "jane.doe").after(left_behind()).start();
    stage.answers("an earlier run left 2 edits of this user");
    let reads = stage.calls(GET).len();
    stage.keys("e<enter>");
    assert_eq!(stage.pending(), ["custom:tier", "nickname"]);
    assert_eq!(stage.calls(GET).len(), reads + 1);
    let taken = setup(CUSTOMERS, "jane.doe").sharing(&stage).start();
    taken.shows("open in another console");
}

#[test]
fn the_list_of_users_marks_who_has_a_draft() {
    let stage = next().after(left_behind()).start();
    assert!(
        stage.row_with("jane@example.com").contains("d jane.doe"),
        "{}",
        stage.screen()
    );
}

#[test]
fn at_the_list_of_pools_it_opens_the_pool() {
    let mut stage = next()
        .after(left_behind())
        .change(|settings| settings.pool = None)
        .start();
    stage.shows("Pools");
    stage.keys("<enter>");
    stage.shows("Edit jane.doe");
    assert_eq!(stage.pending(), ["custom:tier", "nickname"]);
}

#[test]
fn whoever_moves_on_has_enter_for_the_screen_again() {
    let mut stage = next().after(left_behind()).start();
    stage.keys("<down>");
    stage.shows_not("of earlier runs");
    stage.keys("<up><enter>");
    stage.shows("User ");
    assert_eq!(stage.on_disk().len(), 1);
}

#[test]
fn a_draft_of_a_console_that_runs_is_not_taken_over() {
    let mut first = form(CUSTOMERS, "jane.doe");
    first.set("nickname", "JJ");
    let mut second = next().sharing(&first).start();
    second.shows("1 draft of earlier runs. open in another console");
    second.keys("<enter>");
    second.shows("open in another console since 2026-11-18 10:");
    second.keys("<enter>");
    second.answers("open in another console since 2026-11-18 10:");
    assert!(second.session().drafts.is_empty());
    second.keys("D");
    second.keys("x1<enter>");
    assert_eq!(first.one_on_disk(), ["nickname=JJ"]);
}

#[test]
fn who_made_it_is_said_before_it_is_taken() {
    let killed = left_behind();
    let file = std::fs::read_dir(killed.state.path().join("drafts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "json"))
        .unwrap();
    disk::rewrite(&file, |body| {
        body["caller"]["arn"] = "arn:aws:sts::123456789012:assumed-role/Support/bob".into();
        body["caller"]["profile"] = "support".into();
    });
    let mut stage = next().after(killed).start();
    stage.shows("made by Support/bob");
    stage.keys("<enter>");
    assert!(
        stage
            .entries()
            .iter()
            .any(|entry| entry.line.plain().contains("made by Support/bob")),
        "{}",
        stage.screen()
    );
}

#[test]
fn a_listed_draft_is_thrown_away_with_its_count() {
    let mut stage = next().after(left_behind()).start();
    stage.keys("dx");
    stage.shows("Throw away a draft of 2 edits");
    stage.keys("3<enter>");
    assert_eq!(stage.on_disk().len(), 1);
    stage.keys("<ctrl-u>2<enter>");
    stage.answers("the draft is thrown away");
    assert!(stage.on_disk().is_empty());
}

#[test]
fn discarding_in_the_form_removes_it_and_leaving_keeps_it() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<esc>");
    assert_eq!(stage.one_on_disk(), ["nickname=JJ"]);
    stage.keys("e:discard<enter>1<enter>");
    assert!(stage.on_disk().is_empty());
}

#[test]
fn a_refused_write_keeps_the_draft() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    stage
        .emulator
        .inject(Fault::error("InvalidParameterException", "no").on("AdminUpdateUserAttributes"));
    stage.send();
    stage.ended("REFUSED", &[]);
    assert_eq!(stage.one_on_disk(), ["nickname=JJ"]);
}

#[test]
fn a_pool_that_may_not_be_written_keeps_it_too() {
    let mut stage = next().after(left_behind()).change(read_only).start();
    stage.keys("<enter>");
    stage.answers("the draft is kept, and not taken up");
    assert_eq!(stage.on_disk().len(), 1);
}

#[test]
fn two_users_in_two_pools_are_two_drafts() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("p");
    let mut other = form(SHOP, "jane.doe");
    other.set("nickname", "Shop");
    assert_eq!((stage.on_disk().len(), other.on_disk().len()), (1, 1));
    assert_eq!(stage.on_disk()[0].place.pool.raw(), &Raw::from(CUSTOMERS));
    assert_eq!(other.on_disk()[0].place.pool.raw(), &Raw::from(SHOP));
}

#[test]
fn quitting_says_that_they_are_kept() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<esc><esc>");
    stage.keys("<esc>q");
    stage.answers("1 user has pending edits, kept for the next start; q again quits");
    stage.keys("q");
    assert!(stage.quits());
    assert_eq!(stage.on_disk().len(), 1);
}

#[test]
fn switched_off_nothing_is_on_disk_and_quitting_warns() {
    let mut stage = super::scene::open_form(setup(CUSTOMERS, "jane.doe").change(|settings| settings.drafts = false));
    stage.set("nickname", "JJ");
    stage.shows_not("drafted");
    assert!(!stage.state.path().join("drafts").exists());
    stage.keys("<esc><esc><esc>q");
    stage.answers("which are lost when the program ends; q again quits");
    let stage = next()
        .after(left_behind())
        .change(|settings| settings.drafts = false)
        .start();
    stage.shows_not("of earlier runs");
    assert_eq!(stage.on_disk().len(), 1, "what is there stays");
}
