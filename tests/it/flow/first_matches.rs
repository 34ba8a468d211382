//! The first who match a line that is typed, while the others are still looked for.

use std::sync::Arc;

use cognitui::app::Event;
use cognitui::domain::Fault;
use cognitui::domain::search::Matches;
use cognitui::emulator::{PoolSeed, Seed, User};
use cognitui::job::{Reply, Ticket};

use super::stage::{Setup, Stage};

const PEOPLE: &str = "us-east-1_PeoPle001";

/// All 1,200 of them are loaded page by page: more pages than are looked through at a time.
fn people() -> Stage {
    let users = (0..1_200).map(|number| User::new(&format!("u{number:04}")).with("name", ["Even", "Odd"][number % 2]));
    let seed = Seed::empty().pool(PoolSeed::new(PEOPLE, "people").users(users));
    let mut stage = Setup::new(seed, &[PEOPLE]).start();
    stage.keys(&"G".repeat(20));
    stage.shows("1,200, ALL");
    stage
}

/// Types, and hands over only the first hundred of what the last letter brings. What is still to come of it.
fn first_of(stage: &mut Stage, line: &str) -> (Ticket, Arc<Matches>) {
    stage.keys_before_answers(line);
    loop {
        match stage.next_reply() {
            // How many they are is the desk's affair.
            (_, Reply::Matching(_)) => {}
            (ticket, Reply::Matched(Ok(all))) => {
                let first: Vec<_> = all.rows.iter().take(100).collect();
                let looked_at = first.last().unwrap().0 as usize + 1;
                let first = Reply::Matching(Arc::new(Matches::of(first, looked_at)));
                stage.event(Event::Reply(ticket, first));
                return (ticket, all);
            }
            (ticket, other) => stage.event(Event::Reply(ticket, other)),
        }
    }
}

#[test]
fn they_are_listed_at_once_and_nothing_is_done_with_them_alone() {
    let mut stage = people();
    let loaded = stage.loaded();
    let even = loaded.iter().filter(|user| user.text("name") == Some("Even"));
    let even: Vec<String> = even.map(|user| user.username.as_str().to_owned()).collect();
    stage.keys("/name:e");
    let (ticket, matches) = first_of(&mut stage, "v");
    assert_eq!(stage.listed(), even[..100]);
    stage.shows("100 match so far");
    assert!(!stage.session().users.is_of_now());
    stage.keys_before_answers("<down>");
    assert_eq!(stage.session().users.selected().unwrap().username.as_str(), even[1]);
    stage.keys_before_answers("<enter>*");
    assert!(stage.notice().contains("is being looked for"), "{}", stage.notice());
    stage.keys_before_answers("b<enter>");
    assert!(
        stage.session().breakdown.as_ref().unwrap().open.is_none(),
        "{}",
        stage.screen()
    );
    stage.keys_before_answers("<esc>E");
    stage.shows("Enter waits for that");
    stage.keys_before_answers("<esc>");
    stage.event(Event::Reply(ticket, Reply::Matched(Ok(matches))));
    stage.settle();
    assert_eq!(stage.listed(), even);
    stage.shows("600 match");
    stage.shows_not("so far");
    assert!(stage.session().users.marks.is_empty());
}

#[test]
fn a_longer_line_looks_at_them_and_at_the_others() {
    let mut stage = people();
    stage.keys("/name:");
    first_of(&mut stage, "e");
    stage.keys("v<enter>");
    stage.shows("600 match");
    stage.shows_not("so far");
    // Nobody waits for the first of a line that was left.
    stage.keys("<esc>/name:");
    let (ticket, matches) = first_of(&mut stage, "o");
    stage.keys("<esc>");
    stage.event(Event::Reply(ticket, Reply::Matching(matches)));
    assert_eq!(stage.listed().len(), 1_200);
}

#[test]
fn a_look_that_breaks_leaves_them_and_calls_them_no_more_than_that() {
    let mut stage = people();
    stage.keys("/name:");
    let (ticket, _) = first_of(&mut stage, "o");
    let fault = Fault::local("the search", "WorkerPanicked", "a worker broke");
    stage.event(Event::Reply(ticket, Reply::Matched(Err(fault))));
    stage.settle();
    stage.shows("100 match so far");
    stage.shows("a worker broke");
    // The list is read anew, from its first page.
    stage.keys("<enter>r");
    stage.shows_not("match so far");
    stage.shows("30 match");
}

#[test]
fn the_desk_tells_of_them() {
    let mut stage = people();
    stage.keys("/name:");
    let counted = |stage: &mut Stage, keys: &str| {
        let (mut first, mut whole) = (0, 0);
        stage.keys_before_answers(keys);
        stage.settle_with(|reply| {
            first += usize::from(matches!(reply, Reply::Matching(_)));
            whole += usize::from(matches!(reply, Reply::Matched(_)));
            reply
        });
        (first, whole)
    };
    assert_eq!(counted(&mut stage, "e"), (1, 1));
    // Nobody waits for the first of them where the list stands or they are put in an order.
    assert_eq!(counted(&mut stage, "<enter>oj<enter>"), (0, 1));
    let (first, whole) = counted(&mut stage, "/name:o");
    assert!(first == 0 && whole > 0, "{first}, {whole}");
}
