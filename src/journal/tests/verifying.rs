//! Whatever is done to the files of a journal of several months shows, and the first bad line is named.

use super::*;

/// A journal of three months, one line each: an intent, its outcome, an intent without one. Returns its files, oldest
/// first. Short, because it is tried byte by byte.
fn three_months(scratch: &Scratch) -> Vec<PathBuf> {
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    let mut small = intent();
    small.caller = Caller::default();
    small.operation = Operation::Account {
        user: Arc::new(user("jane@example.com")),
        account: crate::domain::Account::Disable,
    };
    hands.set("2026-09-30T10:00:00Z");
    let recorded = journal.record(small.clone()).unwrap();
    hands.set("2026-10-01T10:00:00Z");
    journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    hands.set("2026-11-01T10:00:00Z");
    journal.record(small).unwrap();
    ["2026-09", "2026-10", "2026-11"]
        .map(|month| scratch.folder().join(format!("us-east-1_aB3dE5fGh-{month}.jsonl")))
        .to_vec()
}

fn found(scratch: &Scratch, heads: &[Head]) -> Verified {
    verify(&scratch.places(), None, heads).unwrap()
}

fn heads(scratch: &Scratch) -> Vec<Head> {
    let verified = head(&scratch.places(), None).unwrap();
    assert!(verified.is_good(), "{verified:?}");
    verified.chains.into_iter().filter_map(|chain| chain.head).collect()
}

#[test]
fn a_good_journal_is_good_and_has_a_head() {
    let scratch = Scratch::new();
    assert_eq!(
        found(&scratch, &[]),
        Verified::default(),
        "nothing there, nothing wrong"
    );
    let files = three_months(&scratch);
    let heads = heads(&scratch);
    assert_eq!((heads.len(), heads[0].lines), (1, 3));
    let last = std::fs::read_to_string(&files[2]).unwrap();
    assert!(last.contains(&format!("\"hash\":\"{}\"", heads[0].hash)));
    let verified = found(&scratch, &heads);
    assert!(verified.is_good() && verified.torn.is_empty(), "{verified:?}");
    assert_eq!((verified.chains[0].lines, verified.chains[0].removed), (3, 0));

    // What is written later does not disturb a head that was noted earlier.
    whole_write(&scratch.journal(), pool());
    assert!(found(&scratch, &heads).is_good());
}

#[test]
fn a_change_of_any_byte_of_any_file_shows() {
    let scratch = Scratch::new();
    let files = three_months(&scratch);
    let heads = heads(&scratch);
    for file in &files {
        let good = std::fs::read(file).unwrap();
        for index in 0..good.len() {
            let mut bytes = good.clone();
            bytes[index] ^= 1 << (index % 7);
            std::fs::write(file, &bytes).unwrap();
            let verified = found(&scratch, &heads);
            let problem = verified
                .problems
                .first()
                .unwrap_or_else(|| panic!("byte {index} of {}", file.display()));
            let line = good[..index].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            assert_eq!(
                (&problem.path, problem.line),
                (file, Some(line)),
                "byte {index}: {problem}"
            );
        }
        std::fs::write(file, &good).unwrap();
    }
    assert!(found(&scratch, &heads).is_good());
}

#[test]
fn a_cut_at_any_byte_of_any_file_shows() {
    let scratch = Scratch::new();
    let files = three_months(&scratch);
    let heads = heads(&scratch);
    for (place, file) in files.iter().enumerate() {
        let good = std::fs::read(file).unwrap();
        for cut in 0..good.len() {
            std::fs::write(file, &good[..cut]).unwrap();
            let verified = found(&scratch, &heads);
            assert!(!verified.is_good(), "cut at {cut} of {}", file.display());
            if place < 2 && cut % 50 > 0 {
                assert!(
                    verified
                        .problems
                        .iter()
                        .any(|problem| problem.path != files[2] || problem.line.is_some()),
                    "told by more than the head"
                );
                continue;
            }
            // The end of all is good in itself, and only a head tells.
            let alone = found(&scratch, &[]);
            assert_eq!(alone.is_good(), place == 2, "cut at {cut} of {}", file.display());
            assert_eq!(alone.torn.len(), usize::from(place == 2 && cut > 0));
            if place == 2 {
                let lines = alone.chains[0].lines;
                assert_eq!(verified.problems[0].wrong, Wrong::CutTail { lines, head: 3 });
            }
        }
        std::fs::write(file, &good).unwrap();
    }
}

#[test]
fn lines_removed_swapped_or_doubled_show() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    let noted = heads(&scratch);
    let good = scratch.text();
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let count = lines.len();
    let name = "us-east-1_aB3dE5fGh-2026-11.jsonl";
    let try_order = |order: &[usize]| {
        let text: String = order.iter().map(|index| lines[*index]).collect();
        std::fs::write(scratch.file(), text).unwrap();
        scratch.verify()
    };
    let whole: Vec<usize> = (0..count).collect();
    for index in 0..count {
        let mut removed = whole.clone();
        removed.remove(index);
        let verified = try_order(&removed);
        if index + 1 < count {
            assert_eq!(verified, Err(format!("{name}:{}", index + 1)), "removed {index}");
        } else {
            assert_eq!(verified, Ok(count - 1));
            assert!(!found(&scratch, &noted).is_good(), "the head tells");
        }
        let mut doubled = whole.clone();
        doubled.insert(index, index);
        assert_eq!(
            try_order(&doubled),
            Err(format!("{name}:{}", index + 2)),
            "doubled {index}"
        );
        for other in index + 1..count {
            let mut swapped = whole.clone();
            swapped.swap(index, other);
            assert_eq!(
                try_order(&swapped),
                Err(format!("{name}:{}", index + 1)),
                "swapped {index} and {other}"
            );
        }
    }
    assert_eq!(try_order(&whole), Ok(count));
}

#[test]
fn files_removed_or_renamed_show() {
    let scratch = Scratch::new();
    let files = three_months(&scratch);
    let noted = heads(&scratch);
    let aside = scratch.0.join("aside");
    for (place, file) in files.iter().enumerate() {
        std::fs::rename(file, &aside).unwrap();
        assert!(!found(&scratch, &noted).is_good(), "{}", file.display());
        let alone = found(&scratch, &[]);
        assert_eq!(alone.is_good(), place == 2, "{}", file.display());
        if place == 0 {
            assert_eq!(alone.problems[0].wrong, Wrong::NoBeginning);
            assert_eq!(alone.problems[0].path, files[1]);
        }
        std::fs::rename(&aside, file).unwrap();
    }
    // An earlier month than its lines are of, and another pool's.
    for (name, wrong) in [
        ("us-east-1_aB3dE5fGh-2026-08.jsonl", Wrong::LaterMonth),
        ("us-east-1_other-2026-09.jsonl", Wrong::OtherPool),
    ] {
        let other = scratch.folder().join(name);
        std::fs::rename(&files[0], &other).unwrap();
        let verified = found(&scratch, &[]);
        assert!(
            verified
                .problems
                .iter()
                .any(|problem| problem.wrong == wrong && problem.path == other),
            "{verified:?}"
        );
        std::fs::rename(&other, &files[0]).unwrap();
    }
    // Everything gone: nothing is wrong with nothing, and a head tells.
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    assert!(found(&scratch, &[]).is_good());
    assert_eq!(
        found(&scratch, &noted).problems[0].wrong,
        Wrong::CutTail { lines: 0, head: 3 }
    );
}

/// Lines sealed anew, as somebody with a version of this program could make them.
fn forged(scratch: &Scratch, change: impl Fn(usize, &mut Line)) -> Verified {
    let good = scratch.text();
    let mut prev = chain::Hash::zero();
    let mut text = String::new();
    for (index, mut line) in lines_of(&scratch.file()).into_iter().enumerate() {
        line.prev = prev;
        change(index, &mut line);
        let sealed = chain::seal_line(&line).unwrap();
        prev = chain::check(sealed.trim_end()).unwrap();
        text.push_str(&sealed);
    }
    std::fs::write(scratch.file(), text).unwrap();
    let verified = found(scratch, &[]);
    std::fs::write(scratch.file(), good).unwrap();
    verified
}

#[test]
fn lines_that_follow_each_other_must_also_make_sense() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    assert!(forged(&scratch, |_, _| ()).is_good());
    let first = |verified: Verified| {
        let problem = verified.problems.into_iter().next().unwrap();
        (problem.line, problem.wrong)
    };
    let renumbered = |index: usize, seq: u64| {
        forged(&scratch, move |at, line| {
            if at == index {
                line.seq = seq;
            }
        })
    };
    assert_eq!(first(renumbered(2, 2)), (Some(3), Wrong::NumberTwice));
    assert_eq!(first(renumbered(1, 30)), (Some(3), Wrong::NumberFalls));
    assert_eq!(first(renumbered(0, 0)), (Some(1), Wrong::NotItsName));
    let id = format!("{}-9", journal.session());
    let named = |index: usize, id: &str| {
        let id = id.to_owned();
        forged(&scratch, move |at, line| {
            if at == index {
                line.id.clone_from(&id);
            }
        })
    };
    assert_eq!(first(named(1, &id)), (Some(2), Wrong::NoIntent));
    assert_eq!(first(named(2, &id)), (Some(3), Wrong::NoIntent));
    assert_eq!(first(named(1, "ffffffffffffffff-1")), (Some(2), Wrong::NotItsName));
}

#[test]
fn a_head_of_another_history_is_told_from_a_cut() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    let mut noted = heads(&scratch);
    noted[0].hash = "0".repeat(64);
    assert_eq!(found(&scratch, &noted).problems[0].wrong, Wrong::OtherHead { head: 3 });
    noted[0].pool = PoolId::new("gone");
    assert_eq!(
        found(&scratch, &noted).problems[0].wrong,
        Wrong::CutTail { lines: 0, head: 3 }
    );
    let verified = verify(&scratch.places(), Some(&pool()), &noted).unwrap();
    assert!(verified.is_good(), "another pool's head is not asked for");
}

#[test]
fn a_torn_end_is_no_sign_of_a_change_until_something_follows_it() {
    let scratch = Scratch::new();
    let files = three_months(&scratch);
    let good = std::fs::read_to_string(&files[2]).unwrap();
    std::fs::write(&files[2], good.clone() + "{\"hash\"").unwrap();
    let verified = found(&scratch, &[]);
    assert!(verified.is_good());
    assert_eq!(verified.torn, [Problem::line(&files[2], 2, Wrong::Torn { bytes: 7 })]);
    std::fs::write(&files[2], good.clone() + "{}x").unwrap();
    assert_eq!(
        found(&scratch, &[]).problems,
        [Problem::line(&files[2], 2, Wrong::Changed)]
    );
    std::fs::write(&files[2], good).unwrap();

    let older = std::fs::read_to_string(&files[1]).unwrap();
    std::fs::write(&files[1], older + "{\"hash\"").unwrap();
    assert_eq!(
        found(&scratch, &[]).problems,
        [Problem::line(&files[1], 2, Wrong::Changed)]
    );
}

#[test]
fn a_problem_names_file_and_line_and_no_value() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    std::fs::write(scratch.file(), scratch.text().replacen("Jane Doe", "Jane Roe", 1)).unwrap();
    let problem = found(&scratch, &[]).problems.remove(0);
    assert_eq!(
        problem.to_string(),
        format!("{}:1: not as it was written", scratch.file().display())
    );
    assert!(problem.next().starts_with("Keep the file as it is"));
    assert!(!format!("{problem:?}").contains("Jane"));
}
