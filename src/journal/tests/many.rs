//! Several consoles, several threads, several months: one chain.

use std::sync::Barrier;

use super::*;

const EACH: usize = 6;

/// Runs the same work on several threads that all begin at once.
fn at_once(works: Vec<Box<dyn FnOnce() + Send>>) {
    let start = Barrier::new(works.len());
    std::thread::scope(|scope| {
        for work in works {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                work();
            });
        }
    });
}

#[test]
fn consoles_and_their_threads_keep_one_chain() {
    let scratch = Scratch::new();
    let journals = [Arc::new(scratch.journal()), Arc::new(scratch.journal())];
    let mut works: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
    for journal in journals.iter().chain(&journals) {
        let journal = Arc::clone(journal);
        works.push(Box::new(move || (0..EACH).for_each(|_| whole_write(&journal, pool()))));
    }
    at_once(works);

    assert_eq!(scratch.verify(), Ok(4 * EACH * 3));
    let lines = super::lines_of(&scratch.file());
    for journal in &journals {
        let seqs: Vec<u64> = lines
            .iter()
            .filter(|line| line.session == journal.session())
            .map(|line| line.seq)
            .collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
        assert_eq!(seqs.len(), 2 * EACH * 3);
    }
    for recorded in lines.iter().filter(|line| matches!(line.body, Body::Intent(_))) {
        assert_eq!(lines.iter().filter(|line| line.id == recorded.id).count(), 3);
    }
}

#[test]
fn each_pool_has_a_chain_of_its_own() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    // One id begins like a file of the other.
    let other = PoolId::new("us-east-1_aB3dE5fGh-2026-11");
    whole_write(&journal, pool());
    whole_write(&journal, other.clone());
    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(6));
    assert_eq!(scratch.verify_pool(&other), Ok(3));
}

#[test]
fn the_first_line_of_a_month_points_to_the_last_of_the_month_before() {
    let scratch = Scratch::new();
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    let lines_of = |month: &str| {
        let path = scratch.folder().join(format!("us-east-1_aB3dE5fGh-{month}.jsonl"));
        if path.exists() { super::lines_of(&path).len() } else { 0 }
    };
    hands.set("2026-11-30T23:59:59Z");
    let recorded = journal.record(intent()).unwrap();
    hands.set("2026-12-01T00:00:00Z");
    journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    assert_eq!((lines_of("2026-11"), lines_of("2026-12")), (1, 1));
    assert_eq!(scratch.verify(), Ok(2));

    // A clock put back does not reopen a month that others were built on.
    hands.set("2026-11-30T23:00:00Z");
    whole_write(&journal, pool());
    assert_eq!((lines_of("2026-11"), lines_of("2026-12")), (1, 4));

    // Months without a write leave no file and no gap in the chain.
    hands.set("2027-03-01T00:00:00Z");
    whole_write(&journal, pool());
    assert_eq!(lines_of("2027-03"), 3);
    assert_eq!(scratch.verify(), Ok(8));

    // A month cut off at its end shows in the next one.
    let november = scratch.folder().join("us-east-1_aB3dE5fGh-2026-11.jsonl");
    std::fs::write(november, "").unwrap();
    assert_eq!(scratch.verify(), Err("us-east-1_aB3dE5fGh-2026-12.jsonl:1".to_owned()));
}

#[test]
fn a_torn_line_at_the_end_of_a_month_is_cut_off_before_the_next_builds_on_it() {
    let scratch = Scratch::new();
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    hands.set("2026-11-30T23:59:59Z");
    whole_write(&journal, pool());
    std::fs::write(scratch.file(), scratch.text() + "{\"hash\":").unwrap();
    hands.set("2026-12-01T00:00:00Z");
    let recorded = journal.record(intent()).unwrap();
    assert_eq!(
        recorded.notices(),
        [Notice::Repaired {
            path: scratch.file(),
            bytes: 8
        }]
    );
    assert_eq!(scratch.verify(), Ok(4));
}

#[test]
fn a_month_begun_and_never_written_to_does_not_break_the_chain() {
    let scratch = Scratch::new();
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    hands.set("2026-11-30T00:00:00Z");
    whole_write(&journal, pool());
    // As a full disk leaves it: made, and without room for a line.
    for month in ["2026-12", "2027-01"] {
        let path = scratch.folder().join(format!("us-east-1_aB3dE5fGh-{month}.jsonl"));
        std::fs::write(&path, "").unwrap();
        set_mode(&path, 0o600);
    }
    hands.set("2027-02-01T00:00:00Z");
    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(6));
}

#[test]
fn consoles_on_both_sides_of_midnight_keep_one_chain() {
    for _ in 0..4 {
        let scratch = Scratch::new();
        let mut works: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        for time in ["2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"] {
            let journal = Journal::open(scratch.state(), Arc::new(move || at(time)), "0.1.0").unwrap();
            works.push(Box::new(move || (0..3).for_each(|_| whole_write(&journal, pool()))));
        }
        at_once(works);
        assert_eq!(scratch.verify(), Ok(27));
    }
}

fn locks(scratch: &Scratch) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(scratch.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".lock"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_session_holds_its_lock_file_and_dead_ones_are_removed() {
    let scratch = Scratch::new();
    let first = scratch.journal();
    let name = format!("session-{}.lock", first.session());
    let dead = scratch.folder().join("session-00112233445566ff.lock");
    std::fs::write(&dead, "").unwrap();
    set_mode(&dead, 0o600);
    let foreign = scratch.folder().join("session-notes.lock");
    std::fs::write(&foreign, "").unwrap();

    let second = scratch.journal();
    let mut expected = vec![
        name.clone(),
        format!("session-{}.lock", second.session()),
        "session-notes.lock".to_owned(),
    ];
    expected.sort();
    assert_eq!(locks(&scratch), expected);

    let open = std::fs::File::open(scratch.folder().join(&name)).unwrap();
    assert!(open.try_lock().is_err(), "held while the session lives");
    drop(first);
    assert!(open.try_lock().is_ok(), "free once it ended");
    assert!(!locks(&scratch).contains(&name));
}

#[test]
fn sessions_that_begin_at_once_all_keep_their_lock_files() {
    let scratch = Scratch::new();
    let journals = std::sync::Mutex::new(Vec::new());
    let mut works: Vec<Box<dyn FnOnce() + Send + '_>> = Vec::new();
    for _ in 0..8 {
        works.push(Box::new(|| journals.lock().unwrap().push(scratch.journal())));
    }
    std::thread::scope(|scope| {
        for work in works {
            scope.spawn(work);
        }
    });
    assert_eq!(locks(&scratch).len(), 8);
}

#[test]
fn the_demo_starts_empty_and_touches_nothing_that_is_not_its_own() {
    let scratch = Scratch::new();
    empty_demo(&scratch.state()).unwrap();
    assert!(!scratch.state().exists(), "nothing to empty, nothing made");

    let journal = scratch.journal();
    whole_write(&journal, pool());
    let kept = [
        "notes.txt",
        "pool.jsonl",
        "pool-2026-13.jsonl",
        "session-x.lock",
        "p ol-2026-11.jsonl",
    ];
    for name in kept {
        std::fs::write(scratch.folder().join(name), "mine").unwrap();
    }
    empty_demo(&scratch.state()).unwrap();
    assert_eq!(scratch.verify(), Ok(3), "another demo is running on it");

    drop(journal);
    empty_demo(&scratch.state()).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(scratch.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected = kept.map(str::to_owned);
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn a_demo_folder_that_is_a_link_is_not_emptied() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    let link = scratch.0.join("demo");
    std::os::unix::fs::symlink(scratch.state(), &link).unwrap();
    let error = empty_demo(&link).unwrap_err();
    assert!(
        error.to_string().starts_with("The demo's journal cannot be emptied"),
        "{error}"
    );
    assert_eq!(scratch.verify(), Ok(3));
}
