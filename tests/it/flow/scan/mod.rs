//! A whole pool is read: everybody comes, whatever the service does meanwhile, at the pace that was chosen.

mod bench;
mod groups;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use bytes::Bytes;
use cognitui::cognito::WireAnswer;
use cognitui::emulator::{Enforced, Fault};
use cognitui::job::scan::{Next, ScanEnd};
use cognitui::job::{Job, Reply};
use serde_json::{Value, json};

use bench::{Bench, parts, said};

/// Fast enough that no test waits for its turn.
const FAST: u32 = 1_000_000;

#[track_caller]
fn whole(end: &ScanEnd) {
    assert_eq!(end.fault, None);
    assert_eq!(end.checkpoint, None, "nothing is left");
}

#[test]
fn one_chain_brings_everybody_once() {
    let mut bench = Bench::new(5_000, FAST);
    let end = bench.scan(FAST, None);
    whole(&end);
    bench.everybody();
    assert_eq!(bench.rows, 5_000);
    assert_eq!(end.progress.users, 5_000);
    assert_eq!((end.progress.calls, end.progress.chains), (84, 1));
    assert_eq!(said(&end), "");
}

#[test]
fn short_and_empty_pages_are_no_end() {
    let mut bench = Bench::new(1_000, FAST);
    bench.emulator.shape_pages(&[7, 0, 0, 60, 0, 1]);
    let end = bench.scan(FAST, None);
    whole(&end);
    bench.everybody();
    assert_eq!(bench.rows, 1_000);

    let mut bench = Bench::new(1_000, FAST);
    bench.emulator.shape_pages(&[0; 40]);
    whole(&bench.scan(FAST, parts()));
    bench.everybody();
}

#[test]
fn an_empty_pool_is_read_with_one_call() {
    let mut bench = Bench::new(0, FAST);
    let end = bench.scan(FAST, None);
    whole(&end);
    assert_eq!((end.progress.calls, end.progress.users), (1, 0));
    assert!(bench.news.is_empty());
}

#[test]
fn a_pool_far_away_is_read_in_sixteen_parts() {
    // Where only every second of the first digits tells users apart.
    let mut bench = Bench::regional(20_000, 10);
    bench
        .emulator
        .inject(Fault::latency(Duration::from_millis(400)).always());
    let end = bench.scan(10, None);
    whole(&end);
    bench.everybody();
    assert_eq!(said(&end), "");
    let filtered = bench
        .asked()
        .iter()
        .filter(|call| call.body.get("Filter").is_some())
        .count();
    assert_eq!(bench.asked().len() - filtered, 3, "three pages show how far away it is");
    let pages = 20_000_u64.div_ceil(60);
    assert!(
        end.progress.calls * 100 <= pages * 106,
        "{} calls for {pages} pages",
        end.progress.calls
    );
    assert_eq!(bench.rows, 20_000 + 180, "only these are read twice");
}

#[test]
fn a_pool_that_is_near_or_small_is_read_in_one_chain() {
    // 50 ms: twenty answers a second, and ten are allowed.
    let mut near = Bench::new(2_000, 10).said_to_have(20_000);
    near.emulator.inject(Fault::latency(Duration::from_millis(50)).always());
    let mut small = Bench::new(2_000, 10).said_to_have(6_000);
    small
        .emulator
        .inject(Fault::latency(Duration::from_millis(400)).always());
    for bench in [&mut near, &mut small] {
        let end = bench.scan(10, None);
        whole(&end);
        assert_eq!(bench.roster.len(), 2_000);
        assert!(bench.asked().iter().all(|call| call.body.get("Filter").is_none()));
        let said = said(&end);
        assert!(
            said.starts_with("2,000 users were read to the end of the list, and the pool is said"),
            "{said}"
        );
    }
}

#[test]
fn sixteen_parts_bring_everybody_once() {
    for mut bench in [Bench::new(5_000, FAST), Bench::regional(5_000, FAST)] {
        let end = bench.scan(FAST, parts());
        whole(&end);
        bench.everybody();
        assert_eq!(bench.rows, 5_000);
    }
}

/// An answer that is not the emulator's.
fn refusal(code: &str) -> WireAnswer {
    let body = json!({"__type": code, "message": "Error while parsing filter"}).to_string();
    WireAnswer {
        after: Duration::ZERO,
        result: Ok(http::Response::builder().status(400).body(Bytes::from(body)).unwrap()),
    }
}

#[test]
fn a_filter_that_is_refused_leads_back_to_one_chain() {
    let mut bench = Bench::between(
        2_000,
        FAST,
        Arc::new(|_, asked| asked.filter().map(|_| refusal("InvalidParameterException"))),
    );
    let end = bench.scan(FAST, parts());
    whole(&end);
    bench.everybody();
    assert_eq!(bench.rows, 2_000);
    assert_eq!(
        said(&end),
        "the service does not take a filter by the beginning of the sub: read in one chain after all, and who was read \
         twice counts once"
    );
    assert_eq!(end.progress.chains, 1);
}

#[test]
fn a_filter_that_is_ignored_leads_back_to_one_chain() {
    let mut bench = Bench::between(
        2_000,
        FAST,
        Arc::new(|_, asked| {
            asked.body.remove("Filter");
            None
        }),
    );
    let end = bench.scan(FAST, parts());
    whole(&end);
    bench.everybody();
    assert!(said(&end).starts_with("asked for one part of the pool, the service answered with others too:"));
    // Each part meets it with its first page, if it was not stopped before.
    assert!(bench.rows <= 2_000 + 16 * 60, "{} rows", bench.rows);
}

#[test]
fn parts_that_hold_too_few_are_not_believed() {
    // As where an eighth of the users had no sub that a filter finds.
    fn hide(asked: &bench::Asked, users: &mut Vec<Value>) {
        if asked.filter().is_some() {
            users.retain(|user| !sub(user).ends_with('7') && !sub(user).ends_with('8'));
        }
    }
    let mut bench = Bench::between(
        5_000,
        FAST,
        Arc::new(|_, asked| {
            asked.change = Some(hide);
            None
        }),
    );
    let end = bench.scan(FAST, parts());
    whole(&end);
    bench.everybody();
    let said = said(&end);
    assert!(said.starts_with("the sixteen parts hold 4,"), "{said}");
    assert!(
        said.contains("the pool is said to have about 5,000: read in one chain after all"),
        "{said}"
    );
}

fn sub(user: &Value) -> &str {
    let attributes = user["Attributes"].as_array().unwrap();
    let sub = attributes.iter().find(|attribute| attribute["Name"] == "sub");
    sub.map_or("", |sub| sub["Value"].as_str().unwrap())
}

#[test]
fn users_without_a_sub_are_not_looked_for_by_it() {
    #[expect(
        clippy::ptr_arg,
        reason = "the shape of every change of an answer, of which some remove users"
    )]
    fn nameless(_: &bench::Asked, users: &mut Vec<Value>) {
        for user in users.iter_mut().step_by(2) {
            user["Attributes"]
                .as_array_mut()
                .unwrap()
                .retain(|attribute| attribute["Name"] != "sub");
        }
    }
    let mut bench = Bench::between(
        2_000,
        10,
        Arc::new(|_, asked| {
            asked.change = Some(nameless);
            None
        }),
    )
    .said_to_have(20_000);
    bench
        .emulator
        .inject(Fault::latency(Duration::from_millis(400)).always());
    whole(&bench.scan(10, None));
    assert_eq!(bench.roster.len(), 2_000);
    assert!(bench.asked().iter().all(|call| call.body.get("Filter").is_none()));
}

/// A bench whose request of this number waits for a word; before it is answered, `meanwhile` happens.
fn interrupted(
    users: u64,
    rate: u32,
    at: usize,
    meanwhile: impl FnOnce(&mut Bench, cognitui::job::Ticket),
) -> (Bench, ScanEnd) {
    interrupted_from(users, rate, at, None, meanwhile)
}

fn interrupted_from(
    users: u64,
    rate: u32,
    at: usize,
    from: Option<cognitui::job::scan::Checkpoint>,
    meanwhile: impl FnOnce(&mut Bench, cognitui::job::Ticket),
) -> (Bench, ScanEnd) {
    let (reached, there) = channel();
    let (go_on, told) = channel();
    let (reached, told) = (std::sync::Mutex::new(reached), std::sync::Mutex::new(told));
    let mut bench = Bench::between(
        users,
        FAST,
        Arc::new(move |_, asked| {
            if asked.number == at {
                reached.lock().unwrap().send(()).unwrap();
                told.lock().unwrap().recv_timeout(Duration::from_secs(30)).unwrap();
            }
            None
        }),
    );
    let ticket = bench.begin(rate, from);
    there.recv_timeout(Duration::from_secs(30)).unwrap();
    meanwhile(&mut bench, ticket);
    go_on.send(()).unwrap();
    let end = bench.end(ticket);
    (bench, end)
}

#[test]
fn stop_ends_before_the_next_call_and_it_goes_on_from_there() {
    let (mut bench, end) = interrupted(1_000, FAST, 5, |bench, ticket| bench.desk.stop(ticket));
    assert_eq!(end.fault, None);
    assert_eq!(bench.asked().len(), 5, "the one under way is the last");
    assert_eq!(bench.roster.len(), 300, "and what it brought is told");
    assert!(end.checkpoint.is_some());
    whole(&bench.scan(FAST, end.checkpoint));
    bench.everybody();
    assert_eq!(bench.rows, 1_000, "nobody is read twice");
    assert_eq!(bench.asked().len(), 17);
}

#[test]
fn parts_that_are_stopped_go_on_from_there() {
    let (mut bench, end) = interrupted_from(5_000, FAST, 40, parts(), |bench, ticket| bench.desk.stop(ticket));
    assert_eq!(end.fault, None);
    let left = end.checkpoint.clone().unwrap();
    assert_eq!(left.chains.len(), 16);
    assert!(left.chains.iter().any(|chain| chain.next != Next::Nothing));
    whole(&bench.scan(FAST, end.checkpoint));
    bench.everybody();
    assert_eq!(bench.rows, 5_000, "nobody is read twice");
}

#[test]
fn a_token_that_is_too_old_is_not_sent_and_its_chain_begins_again() {
    let (mut bench, end) = interrupted(1_000, FAST, 5, |bench, ticket| bench.desk.stop(ticket));
    bench.clock.forward(Duration::from_secs(3_600));
    let end = bench.scan(FAST, end.checkpoint);
    whole(&end);
    bench.everybody();
    assert_eq!(bench.rows, 300 + 1_000);
    assert!(said(&end).starts_with("the place in the list was no longer good (it is for an hour)"));
    assert!(bench.asked().iter().all(|call| call.outcome == "ok"));
}

#[test]
fn a_token_that_the_service_refuses_begins_its_chain_again_and_the_others_go_on() {
    let (mut bench, end) = interrupted_from(5_000, FAST, 40, parts(), |bench, ticket| bench.desk.stop(ticket));
    let mut left = end.checkpoint.unwrap();
    let chain = left
        .chains
        .iter_mut()
        .find(|chain| matches!(chain.next, Next::Token { .. }))
        .unwrap();
    let (digit, before) = (chain.digit.unwrap(), chain.users as usize);
    if let Next::Token { token, .. } = &mut chain.next {
        token.0 = "something else".to_owned();
    }
    let end = bench.scan(FAST, Some(left));
    whole(&end);
    bench.everybody();
    assert_eq!(bench.rows, 5_000 + before);
    let said = said(&end);
    assert!(
        said.contains(&format!("the part of subs that begin with {digit} was read")),
        "{said}"
    );
}

#[test]
fn a_service_that_takes_no_token_at_all_is_not_asked_for_ever() {
    let mut bench = Bench::between(
        1_000,
        FAST,
        Arc::new(|_, asked| {
            asked
                .body
                .get("PaginationToken")
                .map(|_| refusal("InvalidParameterException"))
        }),
    );
    let end = bench.scan(FAST, None);
    assert_eq!(end.fault.unwrap().code.as_str(), "InvalidParameterException");
    assert!(end.checkpoint.is_some());
    assert!(end.progress.calls < 20);
}

#[test]
fn what_fails_on_the_way_is_asked_for_again_from_where_it_was() {
    for from in [None, parts()] {
        let mut bench = Bench::new(3_000, FAST);
        for (fault, skip) in [
            (Fault::reset(), 3),
            (Fault::internal().times(2), 9),
            (Fault::truncated(), 15),
            (Fault::foreign(502, "text/html", "<h1>Bad gateway</h1>"), 20),
            (Fault::throttled(), 25),
        ] {
            bench.emulator.inject(fault.skipping(skip));
        }
        let end = bench.scan(FAST, from.clone());
        whole(&end);
        bench.everybody();
        assert_eq!(bench.rows, 3_000, "nobody is read twice");
        assert_eq!(end.progress.throttled, 1);
        let calls = bench.asked();
        assert_eq!(
            calls.len() as u64,
            end.progress.calls,
            "the SDK sent nothing of its own"
        );
        assert_eq!(calls.iter().filter(|call| call.outcome != "ok").count(), 6);
    }
}

#[test]
fn what_goes_on_failing_ends_the_scan_and_it_can_go_on_later() {
    for from in [None, parts()] {
        let mut bench = Bench::new(3_000, FAST);
        bench.emulator.inject(Fault::internal().always().skipping(20));
        let began = bench.clock.now();
        let end = bench.scan(FAST, from);
        assert_eq!(end.fault.unwrap().code.as_str(), "InternalErrorException");
        let waited = bench.clock.now().duration_since(began).as_secs();
        assert!(waited >= 61, "longer and longer between them, {waited} s in all");
        bench.emulator.heal();
        whole(&bench.scan(FAST, end.checkpoint));
        bench.everybody();
        assert_eq!(bench.rows, 3_000, "nobody is read twice");
    }
}

#[test]
fn a_permission_that_is_missing_is_said_at_once() {
    let mut bench = Bench::new(1_000, FAST);
    bench.emulator.inject(Fault::denied("ListUsers"));
    let end = bench.scan(FAST, None);
    assert_eq!(end.fault.unwrap().code.as_str(), "AccessDeniedException");
    assert_eq!(end.progress.calls, 1);
    assert!(end.checkpoint.is_some());
}

#[test]
fn under_a_quota_the_pace_is_its_own_and_nothing_is_refused() {
    for quota in [10, 30] {
        for from in [None, parts()] {
            let mut bench = Bench::new(10_000, quota);
            bench.emulator.enforce_quotas(Enforced::Yes);
            bench.emulator.set_quota("UserList", quota);
            let end = bench.scan(quota, from);
            whole(&end);
            bench.everybody();
            let pages = 10_000_u64.div_ceil(60);
            let calls = end.progress.calls;
            assert!(calls * 100 <= pages * 106, "{calls} calls for {pages} pages");
            assert_eq!(end.progress.throttled, 0);
            let best = (calls as f64 - f64::from(quota)) / f64::from(quota);
            let took = end.progress.spent.as_secs_f64();
            assert!(took <= best * 1.03, "{took} s, at best {best} s");
            assert!(took >= best, "{took} s is faster than allowed");
        }
    }
}

#[test]
fn where_others_use_the_quota_too_it_gives_way_and_nobody_is_lost() {
    for from in [None, parts()] {
        let mut bench = Bench::new(12_000, 30);
        bench.emulator.enforce_quotas(Enforced::Yes);
        bench.emulator.set_quota("UserList", 10);
        let end = bench.scan(30, from);
        whole(&end);
        bench.everybody();
        let (calls, throttled) = (end.progress.calls, end.progress.throttled);
        assert!(throttled > 0, "this is about what is refused");
        assert!(throttled * 100 <= calls * 3, "{throttled} of {calls} were refused");
        let took = end.progress.spent.as_secs_f64();
        assert!(
            took < calls as f64 / 10.0 * 2.0,
            "{took} s for {calls} calls at ten a second"
        );
    }
}

#[test]
fn the_pace_that_was_chosen_is_kept_and_can_be_changed_on_the_way() {
    let mut bench = Bench::new(3_000, 30);
    let end = bench.scan(2, None);
    let took = end.progress.spent.as_secs_f64();
    assert!(
        (24.0..25.0).contains(&took),
        "50 pages, two at once and two a second: {took} s"
    );
    assert_eq!(end.progress.rate, 2.0);

    let (_, end) = interrupted(3_000, 2, 10, |bench, of| {
        bench.ask(Job::ScanRate { of, rate: 100 });
    });
    whole(&end);
    let took = end.progress.spent.as_secs_f64();
    assert!((4.0..6.0).contains(&took), "the first ten at two a second: {took} s");
    assert_eq!(end.progress.rate, 100.0);
}

#[test]
fn nobody_raises_the_pace_above_the_configured_one() {
    let mut bench = Bench::new(3_000, 5);
    let end = bench.scan(1_000, None);
    assert_eq!(end.progress.rate, 5.0);
    assert!(end.progress.spent >= Duration::from_secs(9));
}

#[test]
fn rows_are_told_as_they_arrive_and_many_at_once_are_told_together() {
    let mut bench = Bench::new(3_000, FAST);
    let late = Fault::latency(Duration::from_millis(100)).on("ListUsers").skipping(1);
    bench.emulator.inject(late);
    bench.clock.hold(true);
    let ticket = bench.begin(FAST, None);
    let (_, first) = bench.replies.recv_timeout(Duration::from_secs(30)).unwrap();
    let Reply::Scanned(news) = first else {
        panic!("{first:?}")
    };
    assert_eq!(news.users.len(), 60, "the second page is not there yet");
    bench.news.push(60);
    bench.roster.add(&news.users);
    bench.clock.hold(false);
    whole(&bench.end(ticket));
    bench.everybody();
}
