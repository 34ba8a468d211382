//! A desk with an export in the place of the service: what it answers, that it asks nobody, and that a file is written
//! from what it read.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cognitui::cognito::{Limits, Outside, Way};
use cognitui::domain::column::Column;
use cognitui::domain::export::{Head, Layout};
use cognitui::domain::{PoolId, Roster, Route, Username};
use cognitui::emulator::{Emulator, Seed};
use cognitui::job::export::{Existing, Export, Exported};
use cognitui::job::scan::{Scan, ScanEnd};
use cognitui::job::{Job, Reply, Ticket};
use cognitui::work::{Archive, Desk, Rates, Surroundings};

use super::stage::{Hand, Meanwhile, guards, wire};
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
                Reply::Scanned(_) | Reply::Exporting { .. } => news.push(reply),
                reply => return (news, reply),
            }
        }
    }

    fn scan(&mut self) -> (Roster, ScanEnd) {
        let scan = Scan {
            rate: 10,
            estimated: None,
            from: None,
        };
        let job = Job::Scan {
            place: self.archive.place(),
            scan: Box::new(scan),
        };
        let (news, reply) = self.answer(job);
        let mut roster = Roster::default();
        for news in news {
            match news {
                Reply::Scanned(scanned) => roster.add(&scanned.users),
                other => panic!("{other:?}"),
            };
        }
        match reply {
            Reply::ScanEnded(end) => (roster, *end),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_export_is_listed_page_by_page_and_read_as_a_whole() {
    let mut bench = Bench::new();
    let place = bench.archive.place();
    assert_eq!(place.pool, PoolId::new(POOL));
    let mut listed = 0;
    let mut token = None;
    loop {
        let job = Job::ListUsers {
            place: place.clone(),
            token,
        };
        let (_, Reply::Users(Ok(answered))) = bench.answer(job) else {
            panic!("no page");
        };
        listed += answered.value.items.len();
        token = answered.value.next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(listed, USERS);

    let (roster, end) = bench.scan();
    assert_eq!(roster.len(), USERS);
    assert!(roster.find(&Username::new("user-4999")).is_some());
    assert_eq!((end.checkpoint, end.fault), (None, None));
    let said: Vec<String> = end.notices.iter().map(|notice| notice.plain()).collect();
    assert_eq!(
        said,
        [
            "1 line could not be read: line 5002 (not JSON)",
            "the export itself is incomplete: not everybody was read when it was made"
        ]
    );
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
    for job in [user, groups, caller, open, elsewhere] {
        let fault = match bench.answer(job).1 {
            Reply::User(Err(fault))
            | Reply::Groups(Err(fault))
            | Reply::Caller(Err(fault))
            | Reply::Pool(Err(fault))
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
    let (roster, _) = bench.scan();
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
