//! A desk with an export in the place of the service: what it answers, that it asks nobody, and that a file is written
//! from what it read.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cognitui::cognito::{Limits, Outside, Way};
use cognitui::domain::column::Column;
use cognitui::domain::export::{Head, Layout};
use cognitui::domain::lint::Check;
use cognitui::domain::{PoolId, Roster, Route, Username};
use cognitui::emulator::{Emulator, Seed};
use cognitui::job::archive::{FileEnd, GroupsTold};
use cognitui::job::export::{Existing, Export, Exported};
use cognitui::job::{Job, Reply, Ticket};
use cognitui::work::{Archive, Desk, Rates, Surroundings};

use super::stage::{Hand, Meanwhile, Setup, Stage, guards, wire};
use crate::peers::Folder;

const POOL: &str = "eu-west-1_aB3dE5fGh";
/// More than a page of a file and a full segment hold.
const USERS: usize = 5_000;

struct Bench {
    desk: Desk,
    archive: Arc<Archive>,
    replies: Receiver<(Ticket, Reply)>,
    emulator: Emulator,
    state: Folder,
    tickets: u64,
}

impl Bench {
    fn new() -> Self {
        let state = Folder::new("archive").unwrap();
        let mut text = format!(
            "{{\"CognituiExport\":{{\"Version\":1,\"Began\":\"2026-11-21T10:41:05Z\",\"UserPool\":{{\"Id\":\"{POOL}\"}}}}}}\n"
        );
        for number in 0..USERS {
            text.push_str(&format!("{{\"Username\":\"user-{number}\"}}\n"));
        }
        text.push_str("rubbish\n");
        let end = format!(
            "{{\"CognituiExportEnd\":{{\"Users\":{USERS},\"Complete\":false,\"At\":\"2026-11-21T10:42:05Z\"}}}}\n"
        );
        text.push_str(&end);
        let path = state.path().join("users.jsonl");
        std::fs::write(&path, text).unwrap();
        let archive = Arc::new(Archive::open(&path).unwrap());

        let clock = Hand::new();
        let hand = clock.clone();
        let emulator = Emulator::new(Seed::demo(), Arc::new(move || hand.now()));
        let hand = clock.clone();
        let surroundings = Surroundings {
            limits: Limits {
                connect_timeout: Duration::from_secs(5),
                read_timeout: Duration::from_secs(20),
            },
            outside: Outside {
                clock: Arc::new(move || hand.now()),
                sleep: Some(clock.sleep()),
                way: Way::Wire(wire(emulator.clone(), Meanwhile::default())),
            },
            rates: Rates {
                list: 10,
                read: 20,
                write: 1,
            },
            state: state.path().to_path_buf(),
            journal: state.path().to_path_buf().into(),
            program: "test",
            act_as_user: true,
            guards: guards(&[POOL]),
            drafts: false,
            outbox: Arc::new(Vec::new),
        };
        let (tell, replies) = channel();
        let tell = Arc::new(move |ticket, reply| tell.send((ticket, reply)).unwrap());
        Self {
            desk: Desk::of_archive(Arc::clone(&archive), surroundings, tell).unwrap(),
            archive,
            replies,
            emulator,
            state,
            tickets: 0,
        }
    }

    /// The last reply to a job, and the news before it.
    fn answer(&mut self, job: Job) -> (Vec<Reply>, Reply) {
        self.tickets += 1;
        self.desk.ask(Ticket(self.tickets), job);
        let mut news = Vec::new();
        loop {
            let (_, reply) = self.replies.recv_timeout(Duration::from_secs(30)).unwrap();
            match reply {
                Reply::FromFile(_) | Reply::Exporting { .. } => news.push(reply),
                reply => return (news, reply),
            }
        }
    }

    fn read(&mut self) -> (Roster, FileEnd) {
        let job = Job::ReadFile {
            place: self.archive.place(),
        };
        let (news, reply) = self.answer(job);
        let mut roster = Roster::default();
        for news in news {
            match news {
                Reply::FromFile(news) => roster.add(&news.users),
                other => panic!("{other:?}"),
            };
        }
        match reply {
            Reply::FileRead(end) => (roster, *end),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_export_is_read_as_a_whole() {
    let mut bench = Bench::new();
    assert_eq!(bench.archive.place().pool, PoolId::new(POOL));
    let (roster, end) = bench.read();
    assert_eq!(roster.len(), USERS);
    assert!(roster.find(&Username::new("user-4999")).is_some());
    assert_eq!((end.fault, end.groups), (None, GroupsTold::Nobody));
    let said: Vec<String> = end.wrong.iter().map(|notice| notice.whole().plain()).collect();
    assert_eq!(said, ["1 line could not be read: line 5002 (not JSON)"]);
}

#[test]
fn what_only_the_service_could_tell_is_said_and_nobody_is_asked() {
    let mut bench = Bench::new();
    let place = bench.archive.place();
    let username = Username::new("user-1");
    let user = Job::GetUser {
        place: place.clone(),
        username: username.clone(),
        route: Route::Admin,
    };
    let groups = Job::Groups {
        place: place.clone(),
        username,
    };
    let caller = Job::Caller {
        target: place.target.clone(),
    };
    let open = Job::OpenWriter {
        place: place.clone(),
        route: Route::Admin,
        typed: None,
    };
    let mut elsewhere = place;
    elsewhere.pool = PoolId::new("us-east-1_aB3dE5fGh");
    let elsewhere = Job::DescribePool { place: elsewhere };
    let page = Job::ListUsers {
        place: bench.archive.place(),
        token: None,
    };
    for job in [user, groups, caller, open, elsewhere, page] {
        let fault = match bench.answer(job).1 {
            Reply::User(Err(fault))
            | Reply::Groups(Err(fault))
            | Reply::Caller(Err(fault))
            | Reply::Pool(Err(fault))
            | Reply::Users(Err(fault))
            | Reply::Broken(fault) => fault,
            other => panic!("{other:?}"),
        };
        assert_eq!(fault.code.as_str(), "AnExport");
        assert!(fault.message.as_str().contains("no service behind it"), "{fault:?}");
    }
    assert!(bench.emulator.calls().is_empty());
}

#[test]
fn what_was_read_is_written_to_a_file_and_opens_again() {
    let mut bench = Bench::new();
    let (roster, _) = bench.read();
    let path = bench.state.path().join("again.jsonl");
    let export = Export {
        rows: roster.rows().clone(),
        only: None,
        groups: None,
        layout: Layout::Jsonl(None),
        head: Head {
            pool: PoolId::new(POOL),
            described: None,
            began: bench.archive.read_at(),
            query: None,
            chosen: false,
            attributes: None,
        },
        complete: true,
        path: path.clone(),
        existing: Existing::Keep,
    };
    let (news, reply) = bench.answer(Job::Export(Box::new(export.clone())));
    assert!(
        matches!(
            news.as_slice(),
            [Reply::Exporting { users: 0 }, Reply::Exporting { users: 1.. }, ..]
        ),
        "{news:?}"
    );
    let Reply::Exported(Exported::Written { users, bytes, .. }) = reply else {
        panic!("{reply:?}");
    };
    assert_eq!((users, bytes), (USERS as u64, std::fs::metadata(&path).unwrap().len()));
    let again = Archive::open(&path).unwrap();
    assert!(again.is_all());
    let first = bench.archive.users().next_users(USERS).unwrap();
    assert_eq!(again.users().next_users(USERS).unwrap(), first);

    let csv = Export {
        layout: Layout::Csv(vec![Column::Username]),
        ..export
    };
    let (_, reply) = bench.answer(Job::Export(Box::new(csv)));
    assert_eq!(reply, Reply::Exported(Exported::Exists(path)));
}

/// An opened file of these lines.
fn archive(lines: &[String]) -> Archive {
    let folder = Folder::new("archive").unwrap();
    let path = folder.path().join("users.jsonl");
    std::fs::write(&path, lines.concat()).unwrap();
    // An open file outlives its name.
    Archive::open(&path).unwrap()
}

fn opened(lines: &[String]) -> Stage {
    Setup::new(Seed::demo(), &[POOL]).archive(archive(lines)).start()
}

fn head(more: &str) -> String {
    format!(
        "{{\"CognituiExport\":{{\"Version\":1,\"Began\":\"2026-11-17T10:41:05Z\",\"UserPool\":{{\"Id\":\"{POOL}\",\
         \"Name\":\"customers\",\"SchemaAttributes\":[]}}{more}}}}}\n"
    )
}

fn user(name: &str, groups: Option<&[&str]>) -> String {
    let groups = groups.map_or(String::new(), |groups| format!(",\"Groups\":{groups:?}"));
    format!(
        "{{\"Username\":\"{name}\",\"Attributes\":[{{\"Name\":\"email\",\"Value\":\"{name}@example.com\"}}]{groups}}}\n"
    )
}

fn end(users: usize, complete: bool) -> String {
    format!("{{\"CognituiExportEnd\":{{\"Users\":{users},\"Complete\":{complete},\"At\":\"2026-11-17T10:42:05Z\"}}}}\n")
}

/// The demo's service was not asked for anything, and nothing on the screen speaks of that.
#[track_caller]
fn asked_nobody(stage: &Stage) {
    assert!(stage.emulator.calls().is_empty());
    for word in [" call", "a second", "sign-in traffic", "asks the service"] {
        stage.shows_not(word);
    }
}

#[test]
fn everybody_in_a_file_is_loaded_when_it_opens() {
    let users: Vec<String> = (0..USERS).map(|number| user(&format!("user-{number}"), None)).collect();
    let mut stage = opened(&[head(""), users.concat(), end(USERS, true)]);
    stage.shows("Users  5,000, ALL  as of 2026-11-17 10:41");
    stage.shows("EXPORT of 2026-11-17 10:41, ALL");
    stage.shows("5,000 users read from the export");
    stage.shows_not("holds no attribute");
    stage.keys("G");
    stage.shows("user-4999");
    asked_nobody(&stage);

    stage.keys("S");
    stage.answers("everybody in this export is loaded: 5,000 users");
    asked_nobody(&stage);
    stage.keys("r");
    stage.answers("read when it was opened");
    asked_nobody(&stage);
}

#[test]
fn a_file_of_another_program_does_not_tell_whether_it_is_everybody() {
    let stage = opened(&[user("jane", None), user("bob", None)]);
    stage.shows("Users  2, NOT ALL");
    stage.shows("2 users read from the export");
    stage.shows("nothing in the file tells whether it holds everybody of its pool");
    stage.shows_not("mend the file");
    opened(&[head(""), user("jane", None), end(1, true)]).shows_not("nothing in the file tells");
}

#[test]
fn a_line_is_answered_by_what_is_loaded() {
    let names = ["jane", "bob", "eve"].map(|name| user(name, None));
    let mut stage = opened(&[head(""), names.concat(), end(3, true)]);
    stage.keys("/");
    stage.shows("Enter keeps the line");
    stage.keys("email^=jan");
    stage.shows("1 match");
    asked_nobody(&stage);
    stage.keys("<enter>");
    stage.answers("an export has no service to ask: what is loaded is what there is");
    stage.shows("email is checked here, on all 3 users");
    stage.shows("jane@example.com");
    stage.shows_not("bob@example.com");
    stage.keys("<esc>/nobody-at-all<enter>");
    stage.shows("nobody in this export matches");
    stage.shows_not("Nobody whose");
    asked_nobody(&stage);
}

#[test]
fn groups_are_those_that_the_file_carries() {
    let lines = [
        head(""),
        user("jane", Some(&["admins", "staff"])),
        user("bob", Some(&["staff"])),
        user("eve", Some(&[])),
        end(3, true),
    ];
    let mut stage = opened(&lines);
    for (line, found) in [
        ("group:admins", &["jane"][..]),
        ("group:staff", &["jane", "bob"]),
        ("-group:admins", &["bob", "eve"]),
        ("!group", &["eve"]),
    ] {
        stage.keys(&format!("/{line}<enter>"));
        stage.shows("the groups are as this export");
        for name in ["jane", "bob", "eve"] {
            let address = format!("{name}@example.com");
            match found.contains(&name) {
                true => stage.shows(&address),
                false => stage.shows_not(&address),
            }
        }
        asked_nobody(&stage);
        stage.keys("<esc>");
    }

    let mut without = opened(&[head(""), user("jane", None), end(1, true)]);
    without.keys("/group:admins<enter>");
    without.shows("0 match");
    without.shows_not("so far");
    without.shows("this export carries no groups");
    without.shows_not("jane@example.com");
    asked_nobody(&without);

    let mut mixed = opened(&[
        head(""),
        user("jane", Some(&["admins"])),
        user("bob", None),
        end(2, true),
    ]);
    mixed.keys("/-group:admins<enter>");
    mixed.shows("of some users it has none");
    mixed.shows_not("bob@example.com");
    asked_nobody(&mixed);
}

#[test]
fn a_group_that_is_cut_in_its_column_is_said_beside() {
    let long = "a-group-with-a-name-that-fills-it";
    let users = [user("jane", Some(&[long, "support"])), user("bob", Some(&["support"]))];
    let mut stage = Setup::new(Seed::demo(), &[POOL])
        .archive(archive(&[head(""), users.concat(), end(2, true)]))
        .change(|settings| settings.columns = vec![Column::Username, Column::Groups])
        .start();
    stage.keys("/group:support<enter>");
    assert_eq!(stage.listed(), ["jane", "bob"]);
    assert!(!stage.row_with(">  jane").contains("support"), "{}", stage.screen());
    stage.shows("in groups: support");
    stage.keys("j");
    assert!(stage.row_with(">  bob").contains("support"), "{}", stage.screen());
    stage.shows_not("in groups:");
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line_and_what_helps() {
    let damaged = [
        head(""),
        user("jane", None),
        "{\"Username\":\n".to_owned(),
        user("bob", None),
        end(3, true),
    ];
    let mut stage = opened(&damaged);
    stage.shows("Users  2, NOT ALL  as of 2026-11-17 10:41");
    stage.shows("EXPORT of 2026-11-17 10:41, NOT ALL");
    stage.shows("1 line could not be read: line 3 (not JSON)");
    stage.shows("mend the file or export again");
    stage.shows("bob@example.com");
    let failed = |entry: &cognitui::app::status::Entry| entry.word == cognitui::app::status::Word::Failed;
    assert_eq!(stage.entries().iter().filter(|entry| failed(entry)).count(), 1);
    stage.keys("S");
    stage.answers("it is NOT ALL of its pool");
    asked_nobody(&stage);

    let cut = opened(&[head(""), user("jane", None)]);
    cut.shows("1, NOT ALL");
    cut.shows("the file was cut off");
    let longer = opened(&[head(""), user("jane", None), end(1, true), user("bob", None)]);
    longer.shows("2, NOT ALL");
    longer.shows("something was put behind its last line");
    let headless = opened(&[user("jane", None), end(1, true)]);
    headless.shows("1, NOT ALL");
    headless.shows("its first line is missing or unreadable");
    let mut part = opened(&[head(",\"Query\":\"email:*\""), user("jane", None), end(1, true)]);
    part.shows("1, NOT ALL");
    part.shows_not("mend the file");
    // It was read, and holds whom it holds.
    part.keys("/email:jane<enter>");
    part.shows("email is checked here, on 1 user");
    part.shows_not("so far");
    let mut picked = opened(&[head(",\"Chosen\":true"), user("jane", None), end(1, true)]);
    picked.shows("1, NOT ALL");
    picked.keys("E");
    picked.shows("1 user, NOT ALL");
    picked.shows_not("COMPLETE");
}

#[test]
fn every_word_of_what_is_wrong_with_a_file_has_room() {
    let mut lines = vec![head(""), user("jane", None)];
    lines.extend((0..12).map(|_| "{\"Username\":\n".to_owned()));
    lines.push("\"".repeat(5 << 20) + "\n");
    for (width, height) in [(80, 24), (60, 16)] {
        let mut stage = Setup::new(Seed::demo(), &[POOL])
            .archive(archive(&lines))
            .size(width, height)
            .start();
        let said = stage.flat();
        for words in [
            "13 lines could not be read; the file was cut off, or something was put behind its last line, so users may be missing as well",
            "mend the file or export again, then open it anew; the status pane names the lines: Tab, then d",
        ] {
            assert!(said.contains(words), "{words}: {}", stage.screen());
        }
        stage.shows("jane@example");
        // Of a line that takes room of its own as well.
        stage.keys("/custom:tier:* email:jane -status:unknown<enter>");
        stage.keys("<esc>/email:jane enabled:true -custom:tier:gold<enter>");
        assert!(stage.row_with(">  jane").contains("jane"), "{}", stage.screen());
        stage.keys("<esc><tab>d");
        let said = stage.flat();
        assert!(said.contains("lines 3 (not JSON), 4 (not JSON)"), "{}", stage.screen());
    }
}

#[test]
fn who_stands_in_a_file_twice_is_listed_once_and_that_is_said() {
    let lines = [
        head(""),
        user("jane", Some(&["admins"])),
        user("bob", Some(&[])),
        user("jane", Some(&["staff"])),
        end(3, true),
    ];
    let mut stage = opened(&lines);
    stage.shows("Users  2, ALL");
    let entry = stage
        .entries()
        .into_iter()
        .find(|entry| entry.subject.as_str() == "users")
        .unwrap();
    assert_eq!(entry.word, cognitui::app::status::Word::Read);
    stage.shows("1 user stands in the file twice; the first line is kept");
    stage.shows_not("mend the file");
    // What was kept is of the first line alone.
    stage.keys("/group:staff<enter>");
    assert!(stage.listed().is_empty(), "{}", stage.screen());
    stage.keys("<esc>/group:admins<enter>");
    assert_eq!(stage.listed(), ["jane"]);
    asked_nobody(&stage);
}

#[test]
fn nothing_in_a_file_is_written_and_that_is_said() {
    let mut stage = opened(&[head(""), user("jane", None), end(1, true)]);
    for key in ["W", "e"] {
        stage.keys(key);
        stage.answers("this is an export, which can be read and not changed");
    }
    stage.keys("<enter>");
    stage.shows("User jane");
    stage.keys("e");
    stage.answers("this is an export, which can be read and not changed");
    assert!(stage.emulator.calls().is_empty());
}

/// An export of users of whom nothing but the name was written, in a pool that has e-mail addresses.
fn with_names_alone(users: &[&str]) -> Stage {
    let line = |name: &&str| {
        format!("{{\"Username\":\"{name}\",\"Attributes\":[{{\"Name\":\"name\",\"Value\":\"{name}\"}}]}}\n")
    };
    let users: Vec<String> = users.iter().map(line).collect();
    let schema = ["name", "email"].map(|name| format!("{{\"Name\":\"{name}\",\"AttributeDataType\":\"String\"}}"));
    let head = head(",\"Attributes\":[\"name\"]").replace(
        "\"SchemaAttributes\":[]",
        &format!("\"SchemaAttributes\":[{}]", schema.join(",")),
    );
    let lines = [head, users.concat(), end(users.len(), true)];
    Setup::new(Seed::demo(), &[POOL])
        .archive(archive(&lines))
        .size(100, 40)
        .start()
}

#[test]
fn a_user_of_a_file_is_not_said_to_lack_what_the_file_was_made_without() {
    let mut stage = with_names_alone(&["jane"]);
    stage.shows("this export holds no attributes but name");
    stage.keys("<enter>");
    stage.shows("User jane");
    stage.shows("not in this export");
    stage.shows_not("not set");
    let schema = ["nickname", "birthdate", "locale"]
        .map(|name| format!("{{\"Name\":\"{name}\",\"AttributeDataType\":\"String\"}}"));
    let head = head(",\"Attributes\":[\"name\",\"nickname\"]").replace(
        "\"SchemaAttributes\":[]",
        &format!("\"SchemaAttributes\":[{}]", schema.join(",")),
    );
    let mut stage = opened(&[head, user("jane", None), end(1, true)]);
    stage.keys("<enter>");
    stage.shows("1 more, not set, and 2 not in this export");
}

#[test]
fn what_a_file_was_made_without_is_known_of_nobody() {
    let mut stage = with_names_alone(&["jane", "bob", "eve"]);
    stage.shows("Users  3, ALL");
    for line in ["!email", "-email:example", "verified:email", "email:*"] {
        stage.keys(&format!("/{line}"));
        stage.shows("this export was made without email");
        stage.keys("<enter>");
        assert!(
            stage.flat().contains(": who matches is not known"),
            "{}",
            stage.screen()
        );
        stage.shows("0 match, NOT ALL");
        assert!(stage.listed().is_empty(), "{line}: {}", stage.screen());
        stage.keys("<esc>");
    }
    // Words are found where they can be, and what is told is answered.
    stage.keys("/jane<enter>");
    stage.shows("1 match, NOT ALL");
    assert!(
        stage.flat().contains("words are not looked for there"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>/name=bob<enter>");
    stage.shows("1 match");
    stage.shows_not("NOT ALL");
    stage.shows_not("made without");
    stage.keys("<esc>");
    asked_nobody(&stage);
}

#[test]
fn nobody_is_said_to_lack_what_a_file_was_made_without() {
    let mut stage = with_names_alone(&["jane", "bob", "eve"]);
    stage.keys("A");
    let said = stage.flat();
    assert!(
        said.contains("this export was made without address, birthdate, email"),
        "{said}"
    );
    assert!(
        said.contains("not made for that: duplicate-email") && said.contains("no-contact"),
        "{said}"
    );
    let report = stage.session().lint.as_ref().unwrap().report.clone().unwrap();
    for check in [Check::NoContact, Check::UnverifiedContact, Check::DuplicateEmail] {
        assert!(report.of(check).is_none(), "{check:?}");
    }
    stage.keys("<esc><enter>+");
    assert!(
        stage.row_with("email ").contains("not in this export"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>b");
    stage.shows("of which column?");
    stage.shows("email  not in this export");
    let columns = &stage.session().breakdown.as_ref().unwrap().columns;
    let at = columns.iter().position(|column| column.name() == "email").unwrap();
    stage.keys(&"j".repeat(at));
    stage.keys("<enter>");
    stage.answers("this export was made without email");
    stage.shows_not("have none");
}

#[test]
fn an_address_whose_mark_was_left_out_is_not_said_to_be_unverified() {
    let lines = [head(",\"Attributes\":[\"email\"]"), user("jane", None), end(1, true)];
    let mut stage = opened(&lines);
    assert!(stage.row_with("jane@example.com").contains(" ? "), "{}", stage.screen());
    stage.shows_not(" NO ");
    stage.shows_not("jane@example.com not");
    stage.keys("<enter>");
    stage.shows("jane@example.com");
    stage.shows_not(" NO ");
    asked_nobody(&stage);
}

#[test]
fn attributes_that_only_the_users_tell_are_those_of_the_pool() {
    let user = |name: &str, tier: &str| {
        format!("{{\"Username\":\"{name}\",\"Attributes\":[{{\"Name\":\"custom:tier\",\"Value\":\"{tier}\"}}]}}\n")
    };
    let mut stage = opened(&[user("jane", "gold"), user("bob", "silver")]);
    stage.keys("/tier=gold<enter>");
    assert_eq!(stage.listed(), ["jane"]);
    stage.keys("<esc>b");
    let columns = &stage.session().breakdown.as_ref().unwrap().columns;
    let at = columns
        .iter()
        .position(|column| column.name() == "custom:tier")
        .expect("it can be counted");
    stage.keys(&"j".repeat(at));
    stage.keys("<enter>");
    stage.shows("2 different values");
    // It is not held against anybody that the file does not tell the schema.
    stage.keys("<esc><esc>A");
    let said = stage.flat();
    assert!(
        said.contains("because the pool's settings are not known: outside-schema"),
        "{said}"
    );
}

#[test]
fn groups_in_a_file_are_those_of_its_users() {
    let lines = [
        head(""),
        user("jane", Some(&["admins", "staff"])),
        user("eve", Some(&[])),
        end(2, true),
    ];
    let mut stage = opened(&lines);
    stage.keys("<enter>");
    stage.shows("admins, staff");
    stage.shows_not("d reads");
    stage.keys("d");
    stage.answers("no service behind it to ask");
    stage.keys("<esc>j<enter>");
    assert!(stage.row_with("groups").contains("none"), "{}", stage.screen());

    let mut mixed = opened(&[
        head(""),
        user("jane", Some(&["admins"])),
        user("bob", None),
        end(2, true),
    ]);
    mixed.keys("<enter>");
    assert!(mixed.row_with("groups").contains("admins"), "{}", mixed.screen());
    mixed.keys("<esc>j<enter>");
    assert!(mixed.row_with("groups").contains("not known"), "{}", mixed.screen());
    asked_nobody(&mixed);
}
