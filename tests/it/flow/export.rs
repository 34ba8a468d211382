//! `E`: from the form to the bytes of the file, and everything that may stand in the way.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use cognitui::app::Folders;
use cognitui::app::overlay::Overlay;
use cognitui::app::screen::users::export::Whom;
use cognitui::app::status::Word;
use cognitui::domain::column::Column;
use cognitui::domain::guard::Because;
use cognitui::emulator::{Fault, PoolSeed, Seed, User};
use cognitui::job::Reply;

use super::scene::{CUSTOMERS, MEMBERS, grouped};
use super::stage::{Setup, Stage, read_only};
use crate::peers::Folder;

const PLAIN: &str = "us-east-1_PlaIn0001";

/// Columns for a sentence with the whole path of a file in one line, wherever the project is built.
const FOR_A_PATH: u16 = 400;

/// A console that was started in a folder of its own.
fn started_in(folder: &Folder, setup: Setup) -> Stage {
    let here = folder.path().to_path_buf();
    let home = here.join("home");
    fs::create_dir_all(&home).unwrap();
    setup
        .change(move |settings| settings.folders = Folders { home: Some(home), here })
        .start()
}

/// A pool of `count` users called `u000` and so on, of alternating tiers.
fn plain(count: usize) -> Setup {
    let users = (0..count).map(|number| {
        User::new(&format!("u{number:03}"))
            .with("email", &format!("u{number:03}@example.com"))
            .with("name", if number % 2 == 0 { "Even" } else { "Odd" })
    });
    Setup::new(Seed::empty().pool(PoolSeed::new(PLAIN, "plain").users(users)), &[PLAIN])
}

fn files(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn form_is_open(stage: &Stage) -> bool {
    matches!(stage.app().overlay, Some(Overlay::Export(_)))
}

#[test]
fn the_list_is_written_as_it_stands_on_the_screen() {
    let folder = Folder::new("export").unwrap();
    let setup = plain(7).change(|settings| settings.columns = ["username", "email", "name"].map(Column::parse).into());
    let mut stage = started_in(&folder, setup);
    // Whoever is Odd, by the e-mail, the other end first.
    stage.keys("/name:odd<enter>oj<enter>o<enter>");
    stage.shows("3 match");
    stage.keys("E");
    stage.shows("3 users, COMPLETE");
    stage.shows("[this list, 3]");
    stage.shows("plain-2026-11-18.csv");
    stage.keys("<enter>");
    assert!(!form_is_open(&stage), "{}", stage.screen());
    assert_eq!(
        read(&folder, "plain-2026-11-18.csv"),
        "username,email,email_verified,name\r\n\
         u005,u005@example.com,,Odd\r\n\
         u003,u003@example.com,,Odd\r\n\
         u001,u001@example.com,,Odd\r\n"
    );
    let path = folder.path().join("plain-2026-11-18.csv");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(stage.newest().word, Word::Written);
    let bytes = fs::metadata(&path).unwrap().len();
    assert_eq!(
        stage.newest().line.plain(),
        format!("3 users, {bytes} bytes in {}", path.display())
    );
}

#[test]
fn the_marked_ones_in_the_order_of_the_list_and_everybody_who_is_loaded() {
    let folder = Folder::new("export").unwrap();
    let setup = plain(70).change(|settings| settings.columns = vec![Column::Username]);
    let mut stage = started_in(&folder, setup);
    stage.keys(" j jj ");
    stage.keys("o<enter>o<enter>");
    stage.keys("E<right>");
    stage.shows("[marked, 3]");
    stage.shows("3 users, COMPLETE");
    stage.keys("<enter>");
    assert_eq!(
        read(&folder, "plain-2026-11-18.csv"),
        "username\r\nu005\r\nu002\r\nu000\r\n"
    );

    stage.keys("E<right>");
    stage.shows("[all loaded, 60]");
    stage.shows("60 users, NOT ALL");
    stage.shows("60 of about 70 of this pool were read: who was not is not in it");
    stage.keys("<down><right><right><down><right><enter>");
    let lines = read(&folder, "plain-2026-11-18.jsonl");
    assert_eq!(lines.lines().count(), 62);
    assert!(lines.lines().last().unwrap().contains("\"Complete\":false"), "{lines}");
    assert!(lines.contains("\"Name\":\"email\""), "every attribute is in it");
}

#[test]
fn a_part_says_which_part_it_is() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(7));
    stage.keys("/name=even<enter>E<down><right><right><enter>");
    let head = |stage: &Stage| {
        let text = read(&folder, "plain-2026-11-18.jsonl");
        fs::remove_file(folder.path().join("plain-2026-11-18.jsonl")).unwrap();
        assert!(!form_is_open(stage));
        let first = text.lines().next().unwrap().to_owned();
        let last = text.lines().last().unwrap().to_owned();
        assert!(last.contains("\"Complete\":true"), "{last}");
        serde_json::from_str::<serde_json::Value>(&first).unwrap()["CognituiExport"].clone()
    };
    let view = head(&stage);
    assert_eq!(view["Query"], "name=even");
    assert!(view.get("Chosen").is_none());
    stage.keys(" E<right><enter>");
    let marked = head(&stage);
    assert_eq!((&marked["Chosen"], marked.get("Query")), (&true.into(), None));
    assert_eq!(marked["UserPool"]["Id"], PLAIN);
}

#[test]
fn a_file_that_is_there_stays_until_it_is_to_be_replaced() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(
        &folder,
        plain(2).change(|settings| settings.columns = vec![Column::Username]),
    );
    let name = "plain-2026-11-18.csv";
    fs::write(folder.path().join(name), "theirs").unwrap();
    stage.keys("E<enter>");
    assert!(form_is_open(&stage));
    stage.shows("there is a file of that name: it stays");
    stage.shows("[it stays]");
    stage.keys("<enter>");
    assert_eq!(read(&folder, name), "theirs", "a second Enter alone replaces nothing");
    // Another name is another file.
    stage.keys("<up><ctrl-u>other.csv");
    stage.shows_not("it stays");
    stage.keys("<enter>");
    assert_eq!(read(&folder, "other.csv"), "username\r\nu000\r\nu001\r\n");
    stage.keys("E<up><ctrl-u>");
    stage.paste(name);
    stage.keys("<enter> <enter>");
    assert!(!form_is_open(&stage), "{}", stage.screen());
    assert_eq!(read(&folder, name), "username\r\nu000\r\nu001\r\n");
    assert_eq!(files(&folder), ["other.csv", name], "nothing else is left");
}

#[test]
fn no_key_confirms_in_the_moment_after_the_form_opened_or_asked_anew() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2));
    stage.keys("E");
    stage.keys("<esc>");
    stage.keys_at_once("E<enter>");
    stage.settle();
    stage.answers("too soon");
    assert!(files(&folder).is_empty());
    let name = "plain-2026-11-18.csv";
    fs::write(folder.path().join(name), "theirs").unwrap();
    stage.keys("<enter>");
    stage.keys_at_once(" <enter>");
    stage.settle();
    stage.answers("too soon");
    assert_eq!(read(&folder, name), "theirs");
    stage.keys("<enter>");
    assert_ne!(read(&folder, name), "theirs");
}

#[test]
fn a_folder_that_is_not_there_is_said_where_it_can_be_mended() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2).size(FOR_A_PATH, 40));
    stage.keys("E<up><ctrl-u>nowhere/users.csv<enter>");
    assert!(form_is_open(&stage));
    stage.shows("nowhere/users.csv was not written: there is no such folder");
    stage.shows("make the folder first, or name one that is there");
    assert_eq!(stage.newest().word, Word::Failed);
    for (typed, said) in [
        ("", "a name for the file is missing"),
        ("nowhere/", "that names a folder"),
        ("~bob/users.csv", "only your own home folder"),
        (
            "home",
            "home was not written: it is a folder; nothing is left; add the name of a file to it",
        ),
        ("/dev/full", "/dev/full was not written: it is a device or a pipe"),
    ] {
        stage.keys(&format!("<esc>E<up><ctrl-u>{typed}<enter>"));
        assert!(form_is_open(&stage), "{typed}");
        stage.shows(said);
    }
    stage.keys(&format!("<esc>E<up><ctrl-u>{}<enter>", "n".repeat(300)));
    assert!(form_is_open(&stage), "{}", stage.screen());
    let entry = stage.newest();
    assert!(
        entry.line.plain().ends_with("n was not written: its name is too long"),
        "{:?}",
        entry.line.plain()
    );
    assert_eq!(entry.more[0].plain(), "nothing is left; give it a shorter name");
    assert!(files(&folder).is_empty());
    stage.keys("<esc>E<up><ctrl-u>~/users.csv<enter>");
    assert!(!form_is_open(&stage), "{}", stage.screen());
    assert!(folder.path().join("home/users.csv").exists());
}

#[test]
fn what_is_no_ordinary_file_is_never_replaced() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2).size(FOR_A_PATH, 40));
    fs::create_dir(folder.path().join("users.csv")).unwrap();
    stage.keys("E<up><ctrl-u>users.csv<enter>");
    assert!(form_is_open(&stage));
    stage.shows("users.csv was not written: it is a folder");
    stage.shows_not("replace it");
    stage.keys("<down>");
    stage.shows(">  Who");
    assert!(folder.path().join("users.csv").is_dir());
    assert!(files(&folder).is_empty(), "nothing is left beside it");
}

#[test]
fn esc_closes_the_form_and_loses_nothing_of_it() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2));
    stage.keys("E<down><right><right><down><right><tab><tab><ctrl-u>mine.jsonl<esc>");
    assert!(!form_is_open(&stage));
    assert!(files(&folder).is_empty());
    stage.keys("E");
    for kept in ["[JSON Lines]", "[every attribute]", "mine.jsonl"] {
        stage.shows(kept);
    }
    stage.keys("<enter>");
    assert_eq!(files(&folder), ["mine.jsonl"]);
    // Who was meant of one list is not meant of another.
    stage.keys("E<right><esc>E");
    stage.shows("[all loaded, 2]");
    stage.keys("<esc>/name:odd<enter>E");
    stage.shows("[this list, 1]");
    stage.keys("<esc><esc>");
    // A name that nobody wrote follows the form.
    stage.keys("E<up><ctrl-u><esc>E");
    stage.shows("a name for the file is missing");
}

#[test]
fn the_import_file_has_the_header_of_this_pool() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, Setup::new(Seed::demo(), &[CUSTOMERS]).size(120, 40));
    stage.keys("E<down><left>");
    stage.shows("[import]");
    stage.shows("customers-2026-11-18-import.csv");
    stage.shows_not("Columns");
    stage.keys("<enter>");
    assert_eq!(stage.calls("GetCSVHeader").len(), 1);
    assert!(!form_is_open(&stage), "{}", stage.screen());
    let text = read(&folder, "customers-2026-11-18-import.csv");
    let header = text.lines().next().unwrap();
    assert!(header.ends_with("cognito:mfa_enabled,cognito:username"), "{header}");
    let entry = stage.newest();
    assert_eq!(entry.word, Word::Written);
    let left: usize = (entry.more.iter())
        .filter_map(|line| {
            let line = line.plain();
            line.strip_prefix("left out: ")?
                .split(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum();
    assert_eq!(
        text.lines().count() - 1 + left,
        stage.app().session.as_ref().unwrap().users.roster.len()
    );
    assert!(left > 0, "the demo has federated users");
}

#[test]
fn a_header_that_is_refused_is_said_in_the_form() {
    let folder = Folder::new("export").unwrap();
    let setup = Setup::new(Seed::demo(), &[CUSTOMERS])
        .size(120, 40)
        .service(|service| service.inject(Fault::denied("GetCSVHeader")));
    let mut stage = started_in(&folder, setup);
    stage.keys("E<down><left><enter>");
    assert!(form_is_open(&stage));
    stage.shows("AccessDeniedException");
    assert!(files(&folder).is_empty());
    // Another form needs no header.
    stage.keys("<right><enter>");
    assert_eq!(files(&folder), ["customers-2026-11-18.csv"]);
}

#[test]
fn groups_are_read_before_the_file_is_begun_and_their_cost_is_named_first() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, Setup::new(Seed::demo(), &[CUSTOMERS]).size(120, 40));
    stage.keys("E<down><down><down>");
    stage.shows("yes asks for their names (1 call)");
    stage.keys("<right>");
    stage.shows("5 groups, about 9 calls, 1 s; read first");
    assert_eq!(
        (stage.calls("ListGroups").len(), stage.calls("ListUsersInGroup").len()),
        (1, 0)
    );
    stage.keys("<enter>");
    assert!(!form_is_open(&stage), "{}", stage.screen());
    assert!(stage.calls("ListUsersInGroup").len() >= 5);
    let text = read(&folder, "customers-2026-11-18.csv");
    assert!(text.lines().next().unwrap().ends_with(",groups"), "{text}");
    let member = text.lines().find(|line| line.starts_with("many.groups,")).unwrap();
    let groups: std::collections::BTreeSet<&str> = member.rsplit(',').next().unwrap().split(' ').collect();
    assert_eq!(
        groups,
        ["admins", "auditors", "night-shift", "readers", "writers"].into()
    );
    let nobody = text.lines().find(|line| line.starts_with("bob,")).unwrap();
    assert!(nobody.ends_with(",\"\""), "in no group is known: {nobody}");
    let calls = stage.calls("ListUsersInGroup").len();
    stage.keys("E");
    stage.shows("read already: this costs no call");
    stage.keys("<down><right><right><enter>");
    assert_eq!(stage.calls("ListUsersInGroup").len(), calls);
    assert!(read(&folder, "customers-2026-11-18.jsonl").contains("\"Groups\":[\"admins\""));
}

#[test]
fn groups_that_cannot_be_read_keep_the_file_from_being_begun() {
    let folder = Folder::new("export").unwrap();
    let setup = Setup::new(Seed::demo(), &[CUSTOMERS])
        .size(120, 40)
        .service(|service| service.inject(Fault::denied("ListUsersInGroup")));
    let mut stage = started_in(&folder, setup);
    stage.keys("E<down><down><down><right><enter>");
    assert!(form_is_open(&stage));
    stage.shows("not every group was read to its end, so nothing was written");
    assert!(files(&folder).is_empty());
    stage.keys("<left><enter>");
    assert_eq!(
        files(&folder),
        ["customers-2026-11-18.csv"],
        "without groups it is written"
    );
}

/// The pool with groups, of which the list shows names alone.
fn with_groups() -> Setup {
    Setup::new(Seed::empty().pool(grouped(PLAIN)), &[PLAIN])
        .change(|settings| settings.columns = vec![Column::Username])
}

#[test]
fn the_list_is_written_as_it_is_once_the_groups_were_read() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, with_groups());
    stage.keys("/group:readers<enter><enter>");
    stage.shows("100 match, ALL");
    stage.keys("E");
    stage.shows("100 users, COMPLETE");
    stage.keys("<esc><esc>/group:*<enter><esc>");
    assert_eq!(stage.listed().len(), 100, "{}", stage.screen());
    stage.keys("E");
    stage.shows("100 users, NOT ALL");
    stage.shows("Groups that the line is about were not read to their end");
    stage.keys("<down><right><right><down><down><right><enter>");
    assert!(!form_is_open(&stage), "{}", stage.screen());
    assert_eq!(stage.listed().len(), 102);
    let text = read(&folder, "grouped-2026-11-18.jsonl");
    assert_eq!(text.lines().count(), 104, "the head, everybody in a group, and the end");
    assert!(text.lines().last().unwrap().contains("\"Complete\":true"), "{text}");
    assert!(text.contains("u199"));
}

#[test]
fn a_whole_pool_answers_no_line_about_groups_that_were_not_read() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, with_groups());
    stage.keys("S<enter>");
    stage.keys("/group:readers<enter><enter><esc>/group:*<enter><esc>");
    stage.shows("200, ALL");
    stage.shows("100 match, NOT ALL");
    stage.keys("E");
    stage.shows("100 users, NOT ALL");
    stage.keys("<right>");
    stage.shows("200 users, COMPLETE");
}

#[test]
fn words_that_the_service_took_one_way_are_not_everybody_who_is_meant() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(70));
    stage.keys("/u06<enter>");
    stage.shows("10 found for u06, NOT ALL that may match");
    stage.keys("E");
    stage.shows("10 users, NOT ALL");
    stage.shows("The service was asked what the words mean most likely");
    // A term means one thing, and the service knows everybody of whom it is true.
    stage.keys("<esc><esc>/username^=u06<enter>");
    stage.shows("10 found for username^=u06, ALL that match");
    stage.keys("E");
    stage.shows("10 users, COMPLETE");
}

#[test]
fn a_list_that_is_still_of_an_earlier_line_is_waited_for() {
    let folder = Folder::new("export").unwrap();
    let setup = plain(7).change(|settings| settings.columns = vec![Column::Username]);
    let mut stage = started_in(&folder, setup);
    stage.keys("/name=odd<enter>");
    stage.keys_before_answers("<esc>/name:even<enter>E");
    let session = |stage: &Stage| stage.app().session.clone().unwrap();
    assert!(!session(&stage).users.is_of_now());
    assert!(!session(&stage).users.is_whole_of(Whom::View));
    stage.clock.forward(std::time::Duration::from_secs(1));
    stage.keys_before_answers("<enter>");
    assert!(form_is_open(&stage) && files(&folder).is_empty());
    stage.settle();
    assert_eq!(
        read(&folder, "plain-2026-11-18.csv"),
        "username\r\nu000\r\nu002\r\nu004\r\nu006\r\n"
    );
}

#[test]
fn a_list_that_could_not_be_worked_out_is_not_written_as_the_one_before_it() {
    let folder = Folder::new("export").unwrap();
    let setup = plain(7).change(|settings| settings.columns = vec![Column::Username]);
    let mut stage = started_in(&folder, setup);
    stage.keys("/name=odd<enter>");
    stage.keys_before_answers("<esc>/name:even<enter>");
    stage.settle_with(|reply| match reply {
        Reply::Matched(_) => Reply::Matched(Err(job_fault())),
        other => other,
    });
    stage.keys("E<enter>");
    assert!(form_is_open(&stage));
    let said = stage.flat();
    assert!(
        said.contains("this one could not be worked out; r tries again"),
        "{said}"
    );
    assert!(files(&folder).is_empty());
    stage.keys("<esc>rE<enter>");
    assert_eq!(
        read(&folder, "plain-2026-11-18.csv"),
        "username\r\nu000\r\nu002\r\nu004\r\nu006\r\n"
    );
}

fn job_fault() -> cognitui::domain::Fault {
    cognitui::domain::Fault::local("the search", "WorkerPanicked", "a worker broke")
}

#[test]
fn nobody_else_is_written_where_the_list_became_empty() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(7));
    stage.keys("/name=odd<enter>");
    stage.keys_before_answers("<esc>/name:neither<enter>E");
    stage.clock.forward(std::time::Duration::from_secs(1));
    stage.keys("<enter>");
    assert!(form_is_open(&stage));
    stage.shows("nobody is in the list now, so nothing was written");
    assert!(files(&folder).is_empty());
}

#[test]
fn an_import_that_cannot_start_is_said_though_the_form_is_closed() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2));
    stage.keys("E<down><left>");
    stage.clock.forward(std::time::Duration::from_secs(1));
    stage.keys_before_answers("<enter><esc>");
    stage.settle();
    assert!(!form_is_open(&stage));
    assert_eq!(stage.newest().word, Word::Failed);
    let said = stage.newest().line.plain();
    assert!(
        said.starts_with("nothing was written: this pool verifies neither"),
        "{said}"
    );
    assert!(files(&folder).is_empty());
}

#[test]
fn an_export_is_stopped_by_esc_and_leaves_nothing() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2));
    stage.keys("E");
    stage.clock.forward(std::time::Duration::from_secs(1));
    stage.keys_before_answers("<enter><esc><esc>");
    assert!(!form_is_open(&stage));
    stage.answers("stopping the export");
    stage.settle();
    // Whether the last byte or the stop came first: what is there is whole, or nothing is.
    let entry = stage.newest();
    match entry.word {
        Word::Written => assert_eq!(files(&folder).len(), 1),
        _ => {
            assert_eq!(entry.line.plain(), "stopped; nothing of it is left");
            assert!(files(&folder).is_empty());
        }
    }
    assert!(stage.app().session.as_ref().unwrap().users.exporting.is_none());
    stage.keys("E");
    assert!(form_is_open(&stage), "another can begin");
}

#[test]
fn reading_only_is_enough() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, plain(2).change(read_only));
    stage.keys("E<enter>");
    assert_eq!(files(&folder), ["plain-2026-11-18.csv"]);
    assert!(
        stage
            .emulator
            .calls()
            .iter()
            .all(|call| !call.operation.starts_with("Admin"))
    );
}

#[test]
fn where_export_is_switched_off_no_file_is_written() {
    let folder = Folder::new("export").unwrap();
    let off = plain(2).change(|settings| settings.guards.export_off = Some(Because::Policy));
    let mut stage = started_in(&folder, off);
    stage.keys("E");
    assert!(!form_is_open(&stage));
    stage.answers("export is switched off by the policy of this machine");

    // The desk asks its own rules, whatever a screen knows.
    let mut stage = started_in(
        &folder,
        plain(2).change(|settings| settings.guards.export_off = Some(Because::Setting)),
    );
    stage.engine.app.core.settings.guards.export_off = None;
    stage.keys("E<enter>");
    assert!(files(&folder).is_empty());
    assert_eq!(stage.newest().word, Word::Failed);
    stage.shows("export is switched off");
}

#[test]
fn an_export_opens_again_and_is_exported_once_more() {
    let folder = Folder::new("export").unwrap();
    let mut stage = started_in(&folder, Setup::new(Seed::demo(), &[MEMBERS]));
    stage.keys("S<enter>");
    stage.keys("E<down><right><right><down><right><enter>");
    let name = files(&folder).remove(0);
    let archive = cognitui::work::Archive::open(&folder.path().join(&name)).unwrap();
    assert!(archive.is_all(), "{}", read(&folder, &name).lines().last().unwrap());
    let users = archive.users().next_users(10_000).unwrap();
    assert_eq!(users.len(), stage.app().session.as_ref().unwrap().users.roster.len());
}
