//! Lines as entries: merged, in order, with what is wrong said, and nothing on disk touched.

use super::*;
use crate::domain::entry::{Entry, Kept};

fn reading(scratch: &Scratch) -> Reading {
    read(&scratch.places(), None).unwrap()
}

fn value(text: &str) -> Option<Kept> {
    Some(Kept::Value(Raw::from(text)))
}

#[test]
fn a_write_is_one_entry_with_everything_its_lines_tell() {
    let scratch = Scratch::new();
    assert_eq!(reading(&scratch), Reading::default(), "no journal yet");
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let Reading { entries, problems, .. } = reading(&scratch);
    assert_eq!((entries.len(), problems.len()), (1, 0));
    let entry = &entries[0];
    assert_eq!(entry.id.as_str(), format!("{}-1", journal.session()));
    assert_eq!(entry.at, at("2026-11-20T10:41:06.123Z"));
    assert_eq!(entry.place, intent().place);
    assert_eq!(entry.caller, intent().caller);
    assert_eq!(Some(entry.username.clone()), value("jane.doe@example.com"));
    assert_eq!(entry.sub, value("5f1c-9a02"));
    assert_eq!(entry.operation.as_str(), "AdminUpdateUserAttributes");
    let changes: Vec<_> = (entry.changes.iter())
        .map(|change| (change.name.as_str(), change.before.clone(), change.after.clone()))
        .collect();
    assert_eq!(
        changes,
        [
            ("email", value("jane@example.com"), value("jane.doe@example.com")),
            ("name", value("Jane Doe"), None),
            ("nickname", None, value("Žofie\u{1b}[2J😀\u{7f}")),
        ]
    );
    let answer = entry.answer.as_ref().unwrap();
    assert_eq!((answer.word.as_str(), answer.attempts), ("accepted", 1));
    assert_eq!(answer.took, Duration::from_millis(140));
    assert_eq!(answer.request_id, Some(Raw::from("r-1")));
    assert_eq!(entry.seen.len(), 1);
    assert_eq!(entry.word(), "applied");
    assert!(entry.running);
    let Some(Operation::AdminUpdate(again)) = entry.changes_as_operation() else {
        panic!("a change of attributes");
    };
    let Operation::AdminUpdate(first) = intent().operation else {
        panic!("a change of attributes");
    };
    assert_eq!(again.changes(), first.changes());
}

#[test]
fn the_newest_comes_first_over_months_and_pools() {
    let scratch = Scratch::new();
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    let other = PoolId::new("eu-west-1_zz");
    let mut ids = Vec::new();
    for (time, pool) in [
        ("2026-10-31T10:00:00Z", pool()),
        ("2026-11-01T10:00:00Z", other.clone()),
        ("2026-11-02T10:00:00Z", pool()),
        ("2026-11-02T10:00:00Z", pool()),
    ] {
        hands.set(time);
        ids.push(journal.record(intent_at(pool)).unwrap().id().raw().clone());
    }
    ids.reverse();
    let got: Vec<Raw> = reading(&scratch).entries.into_iter().map(|entry| entry.id).collect();
    assert_eq!(got, ids);
    let only = read(&scratch.places(), Some(&other)).unwrap();
    assert_eq!(only.entries.len(), 1);
    assert_eq!(only.entries[0].place.pool, other);
    assert_eq!(only.entry(&ids[2]).map(|entry| &entry.id), Some(&ids[2]));
}

#[test]
fn what_nobody_knows_the_end_of_is_running_until_its_console_ended_and_is_settled_by_reading_again() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    journal.record(intent()).unwrap();
    let stamped = reading(&scratch).stamp;
    assert_eq!(reading(&scratch).entries[0].word(), "running");
    assert_eq!(reading(&scratch).unknown().count(), 0);
    // Killed: its lock file stays behind, and nobody holds it.
    let left = scratch.folder().join(format!("session-{}.lock", journal.session()));
    drop(journal);
    std::fs::write(&left, "").unwrap();
    set_mode(&left, 0o600);
    assert_ne!(stamp(&scratch.places(), None).unwrap(), stamped, "a console ended");
    let read = reading(&scratch);
    assert_eq!(read.entries[0].word(), "unknown");
    assert_eq!(read.unknown().count(), 1);
    assert!(left.exists(), "a reader removes nothing");

    let next = scratch.journal();
    let entry = read.entries[0].clone();
    let touched = entry.changes_as_operation().unwrap().touched();
    let now = user("jane.doe@example.com");
    next.seen_again(&entry, &touched, &Outcome::Applied, Ok(&now)).unwrap();
    let settled = reading(&scratch);
    assert_eq!(settled.entries.len(), 1);
    assert_eq!(settled.entries[0].word(), "applied");
    assert_eq!(settled.unknown().count(), 0);
    let seen = &settled.entries[0].seen[0];
    assert_eq!(
        seen.attributes[0],
        (AttributeName::new("email"), value("jane.doe@example.com"))
    );
    assert_eq!(scratch.verify(), Ok(2));
}

#[test]
fn a_refusal_that_may_have_come_after_the_values_were_stored_is_unknown_until_it_is_read_back() {
    for (code, word) in [
        ("CodeDeliveryFailureException", "unknown"),
        ("com.amazonaws#UserLambdaValidationException:x", "unknown"),
        ("AliasExistsException", "refused"),
    ] {
        let scratch = Scratch::new();
        let journal = scratch.journal();
        let recorded = journal.record(intent()).unwrap();
        let refused = fault(FaultKind::Service, code);
        let settled = journal
            .settle(recorded.sent(Answer::Refused(refused.clone()), 1, Duration::ZERO))
            .unwrap();
        assert_eq!(reading(&scratch).entries[0].word(), word, "{code}");
        let now = user("jane@example.com");
        journal.seen(&settled, &Outcome::Refused(refused), Ok(&now)).unwrap();
        assert_eq!(reading(&scratch).entries[0].word(), "refused", "{code}");
    }
}

#[test]
fn a_stamp_changes_with_every_line_and_with_nothing_else() {
    let scratch = Scratch::new();
    let now = || stamp(&scratch.places(), None).unwrap();
    assert_eq!(now(), Stamp::default());
    let journal = scratch.journal();
    let begun = now();
    assert_ne!(begun, Stamp::default(), "a console began");
    let recorded = journal.record(intent()).unwrap();
    let recorded_at = now();
    assert_ne!(recorded_at, begun);
    assert_eq!(now(), recorded_at);
    assert_eq!(reading(&scratch).stamp, recorded_at);
    journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    assert_ne!(now(), recorded_at);
}

#[test]
fn a_journal_torn_at_any_byte_of_its_last_lines_reports_nothing_wrong_and_is_repaired_by_the_next_line() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    let session = scratch.text();
    drop(journal);
    let good = session;
    let ends: Vec<usize> = (good.bytes().enumerate())
        .filter(|(_, byte)| *byte == b'\n')
        .map(|(index, _)| index + 1)
        .collect();
    let journal = scratch.journal();
    for cut in ends[2]..good.len() {
        std::fs::write(scratch.file(), &good[..cut]).unwrap();
        let read = reading(&scratch);
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let torn = cut - ends[whole - 1];
        assert!(
            read.problems.iter().all(Problem::is_torn),
            "cut at {cut}: {:?}",
            read.problems
        );
        assert_eq!(read.problems.len(), usize::from(torn > 0), "cut at {cut}");
        // An intent whose outcome was cut off is unknown; nothing is called applied that was not read back.
        let words: Vec<&str> = read.entries.iter().map(Entry::word).collect();
        let expected: &[&str] = match whole {
            3 => &["applied"],
            4 | 5 => &["unknown", "applied"],
            _ => panic!("{whole} lines"),
        };
        assert_eq!(words, expected, "cut at {cut}");
        assert_eq!(scratch.text(), good[..cut], "reading repairs nothing");

        // Every byte is cut off by the test of the repair; here the whole way for some.
        if cut % 97 == 0 || torn == 1 {
            let recorded = journal.record(intent()).unwrap();
            assert_eq!(recorded.notices().len(), usize::from(torn > 0));
            assert_eq!(scratch.verify(), Ok(whole + 1), "cut at {cut}");
            assert!(reading(&scratch).problems.is_empty());
        }
    }
}

#[test]
fn a_line_that_cannot_be_read_is_said_and_the_others_are_told() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    let good = scratch.text();
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let spoiled = format!(
        "{}not json\n{}{}",
        lines[..3].concat(),
        "\u{fffd}\n",
        lines[3..].concat()
    );
    std::fs::write(scratch.file(), spoiled).unwrap();
    let read = reading(&scratch);
    assert_eq!(read.entries.len(), 2);
    assert_eq!(
        read.problems,
        [
            Problem::line(&scratch.file(), 4, Wrong::Changed),
            Problem::line(&scratch.file(), 5, Wrong::Changed)
        ]
    );
    // One that was changed and can still be read is shown, and said.
    std::fs::write(scratch.file(), good.replacen("Jane Doe", "Jane Roe", 1)).unwrap();
    let read = reading(&scratch);
    assert_eq!(read.entries.len(), 2);
    assert_eq!(read.problems, [Problem::line(&scratch.file(), 1, Wrong::Changed)]);
    // An outcome whose intent is nowhere.
    std::fs::write(scratch.file(), lines[3..].concat().replacen(lines[3], "", 1)).unwrap();
    let read = reading(&scratch);
    assert!(read.entries.is_empty());
    assert_eq!(read.problems[0], Problem::line(&scratch.file(), 1, Wrong::NoIntent));
}

#[test]
fn a_file_that_may_not_be_used_is_said_and_the_others_are_read() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let other = PoolId::new("other");
    whole_write(&journal, other.clone());
    set_mode(&scratch.file(), 0o604);
    let read = reading(&scratch);
    assert_eq!(read.entries.len(), 1);
    assert_eq!(read.entries[0].place.pool, other);
    assert_eq!(read.problems[0].path, scratch.file());
    assert!(read.problems[0].next().starts_with("Run: chmod 600"));
    let verified = verify(&scratch.places(), None, &[]).unwrap();
    assert_eq!(verified.problems[0].path, scratch.file());
    // The whole folder: nothing is read, and the command is said.
    set_mode(&scratch.folder(), 0o755);
    let error = super::super::read(&scratch.places(), None).unwrap_err();
    assert_eq!(error.doing(), "The journal cannot be read");
    assert!(error.next().starts_with("Run: chmod 700"), "{error}");
    set_mode(&scratch.folder(), 0o700);
}

#[test]
fn nothing_of_an_entry_is_printed_for_debugging() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    let printed = format!("{:?}", reading(&scratch));
    for value in ["jane", "Jane", "ofie", "5f1c"] {
        assert!(!printed.contains(value), "{value}");
    }
}
