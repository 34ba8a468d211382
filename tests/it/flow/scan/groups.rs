//! Who is in which group is read group by group.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cognitui::domain::Raw;
use cognitui::emulator::{Fault, PoolSeed, Seed, User};
use cognitui::job::groups::{Members, MembersEnd};
use cognitui::job::{Job, Reply, Ticket};

use super::bench::{Bench, POOL};

/// 130 readers, 3 writers and nobody else.
fn bench() -> Bench {
    let users = (0..130).map(|number| {
        let groups: &[&str] = if number < 3 {
            &["readers", "writers"]
        } else {
            &["readers"]
        };
        User::new(&format!("user{number:03}")).groups(groups)
    });
    let pool = PoolSeed::new(POOL, "grouped").users(users).group("nobody", "", None);
    Bench::with(Seed::empty().pool(pool), 130, 10, Arc::new(|_, _| None))
}

fn read(bench: &mut Bench, groups: &[&str]) -> Ticket {
    let members = Members {
        groups: groups.iter().map(|name| Raw::from(*name)).collect(),
        rate: 10,
    };
    let place = bench.place();
    bench.ask(Job::ReadMembers { place, members })
}

/// What is told of each group, to the end.
fn end(bench: &mut Bench, of: Ticket) -> (BTreeMap<String, Vec<String>>, MembersEnd) {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    loop {
        let (ticket, reply) = bench.replies.recv_timeout(Duration::from_secs(120)).unwrap();
        assert_eq!(ticket, of);
        match reply {
            Reply::Members(news) => {
                let names = news.users.rows().map(|row| row.username().into_owned());
                told.entry(news.group.as_str().to_owned()).or_default().extend(names);
            }
            Reply::MembersEnded(end) => return (told, *end),
            other => panic!("{other:?}"),
        }
    }
}

fn counts(told: &BTreeMap<String, Vec<String>>) -> Vec<(&str, usize)> {
    told.iter()
        .map(|(group, names)| (group.as_str(), names.len()))
        .collect()
}

#[test]
fn the_names_come_in_pages() {
    let pool = (0..70).fold(PoolSeed::new(POOL, "grouped"), |pool, number| {
        pool.group(&format!("group{number:02}"), "", None)
    });
    let mut bench = Bench::with(Seed::empty().pool(pool), 0, 10, Arc::new(|_, _| None));
    let place = bench.place();
    bench.ask(Job::ListGroups { place });
    let (_, reply) = bench.replies.recv_timeout(Duration::from_secs(30)).unwrap();
    let Reply::GroupNames(Ok(answered)) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(answered.value.len(), 70);
    assert_eq!(answered.value[69].as_str(), "group69");
}

#[test]
fn everybody_in_each_group_is_told() {
    let mut bench = bench();
    let ticket = read(&mut bench, &["nobody", "readers", "writers"]);
    let (told, end) = end(&mut bench, ticket);
    assert_eq!((end.fault, end.left), (None, Vec::new()));
    assert_eq!(counts(&told), [("readers", 130), ("writers", 3)]);
    assert_eq!((end.progress.calls, end.progress.users), (5, 133));
}

#[test]
fn what_fails_is_asked_for_again_and_what_is_refused_is_left() {
    let mut bench = bench();
    bench.emulator.inject(Fault::internal().times(2).skipping(1));
    bench.emulator.inject(Fault::throttled().skipping(3));
    let ticket = read(&mut bench, &["readers", "writers"]);
    let (told, ended) = end(&mut bench, ticket);
    assert_eq!((ended.fault, ended.left), (None, Vec::new()));
    assert_eq!(counts(&told), [("readers", 130), ("writers", 3)]);

    bench.emulator.inject(Fault::denied("ListUsersInGroup").skipping(4));
    let ticket = read(&mut bench, &["readers", "nobody", "writers"]);
    let (told, ended) = end(&mut bench, ticket);
    assert_eq!(ended.fault.unwrap().code.as_str(), "AccessDeniedException");
    assert_eq!(ended.left, [Raw::from("writers")]);
    assert_eq!(counts(&told), [("readers", 130)]);
}

#[test]
fn a_reading_that_is_stopped_says_what_is_left() {
    let mut bench = bench();
    bench.clock.hold(true);
    let late = Fault::latency(Duration::from_millis(100))
        .on("ListUsersInGroup")
        .skipping(1);
    bench.emulator.inject(late);
    let ticket = read(&mut bench, &["readers", "writers"]);
    let (_, first) = bench.replies.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(matches!(first, Reply::Members(_)), "{first:?}");
    bench.desk.stop(ticket);
    bench.clock.hold(false);
    let (_, ended) = end(&mut bench, ticket);
    assert_eq!(ended.fault, None);
    assert_eq!(ended.left, [Raw::from("readers"), Raw::from("writers")]);
    assert_eq!(ended.progress.calls, 2, "none after it");
}
