//! Old months go, and what is left says so.

use super::*;
use crate::domain::entry::{Keeping, Values};

fn keeping(scratch: &Scratch, hands: &Hands, days: u32) -> Journal {
    Journal::open(scratch.state(), hands.clock(), "0.1.0")
        .unwrap()
        .keeping(Arc::new(move |_| Keeping {
            values: Values::Full,
            days: Some(days),
        }))
}

fn months(scratch: &Scratch) -> Vec<String> {
    let mut months: Vec<String> = (std::fs::read_dir(scratch.folder()).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| {
            let month = name.strip_suffix(".jsonl")?.strip_prefix("us-east-1_aB3dE5fGh-")?;
            Some(month.to_owned())
        })
        .collect();
    months.sort();
    months
}

/// Four months with a write each, and the hands at the last of them.
fn four_months(scratch: &Scratch) -> Hands {
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    for time in [
        "2026-08-01T10:00:00Z",
        "2026-09-01T10:00:00Z",
        "2026-10-01T10:00:00Z",
        "2026-11-01T10:00:00Z",
    ] {
        hands.set(time);
        whole_write(&journal, pool());
    }
    hands
}

fn found(scratch: &Scratch, heads: &[Head]) -> Verified {
    verify(&scratch.places(), None, heads).unwrap()
}

fn head_now(scratch: &Scratch) -> Head {
    found(scratch, &[]).chains.remove(0).head.unwrap()
}

#[test]
fn months_older_than_the_rule_are_removed_and_the_chain_says_so() {
    let scratch = Scratch::new();
    let hands = four_months(&scratch);
    let early = Head {
        lines: 3,
        hash: lines_of(&scratch.folder().join("us-east-1_aB3dE5fGh-2026-09.jsonl"))[0]
            .prev
            .as_str()
            .to_owned(),
        ..head_now(&scratch)
    };
    assert!(found(&scratch, std::slice::from_ref(&early)).is_good());
    let noted = head_now(&scratch);

    let journal = keeping(&scratch, &hands, 45);
    let recorded = journal.record(intent()).unwrap();
    let removed = Notice::Removed {
        names: vec![
            "us-east-1_aB3dE5fGh-2026-08.jsonl".to_owned(),
            "us-east-1_aB3dE5fGh-2026-09.jsonl".to_owned(),
        ],
        days: 45,
    };
    assert_eq!(recorded.notices(), [removed]);
    assert_eq!(months(&scratch), ["2026-10", "2026-11"]);
    let verified = found(&scratch, std::slice::from_ref(&noted));
    assert!(verified.is_good(), "{verified:?}");
    assert_eq!((verified.chains[0].lines, verified.chains[0].removed), (8, 6));
    let read = read(&scratch.places(), None).unwrap();
    assert_eq!((read.entries.len(), read.problems.len()), (3, 0));

    // Once for a session and pool.
    assert!(journal.record(intent()).unwrap().notices().is_empty());
    // A head of what was removed says nothing any more, and that is said.
    assert_eq!(
        found(&scratch, &[early]).problems[0].wrong,
        Wrong::HeadRemoved { head: 3 }
    );

    // Months later again: the count goes on where it stood, also when the first account of it is removed itself.
    hands.set("2027-03-01T10:00:00Z");
    drop(journal);
    keeping(&scratch, &hands, 45).record(intent()).unwrap();
    assert_eq!(months(&scratch), ["2027-03"]);
    let verified = found(&scratch, &[]);
    assert!(verified.is_good(), "{verified:?}");
    assert_eq!((verified.chains[0].lines, verified.chains[0].removed), (2, 15));
    assert_eq!(head_now(&scratch).lines, 17);
}

#[test]
fn a_beginning_that_nothing_accounts_for_is_found() {
    let scratch = Scratch::new();
    let hands = four_months(&scratch);
    keeping(&scratch, &hands, 75).record(intent()).unwrap();
    assert_eq!(months(&scratch), ["2026-09", "2026-10", "2026-11"]);
    assert!(found(&scratch, &[]).is_good());
    // One more, by hand.
    std::fs::remove_file(scratch.folder().join("us-east-1_aB3dE5fGh-2026-09.jsonl")).unwrap();
    let verified = found(&scratch, &[]);
    assert_eq!(verified.problems[0].wrong, Wrong::NoBeginning);
    assert!(verified.problems[0].path.ends_with("us-east-1_aB3dE5fGh-2026-10.jsonl"));
    // Nor is anything removed from a chain whose beginning is missing.
    let notices = keeping(&scratch, &hands, 1)
        .record(intent())
        .unwrap()
        .notices()
        .to_vec();
    assert_eq!(
        notices,
        [Notice::Kept {
            path: scratch.folder().join("us-east-1_aB3dE5fGh-2026-10.jsonl")
        }]
    );
    assert!(notices[0].to_string().contains("is old enough to be removed and stays"));
    assert_eq!(months(&scratch), ["2026-10", "2026-11"]);
}

#[test]
fn an_account_without_the_removal_and_a_removal_half_done_both_verify() {
    let scratch = Scratch::new();
    let hands = four_months(&scratch);
    let names = ["2026-08", "2026-09", "2026-10"];
    let kept: Vec<(PathBuf, Vec<u8>)> = (names.iter())
        .map(|month| scratch.folder().join(format!("us-east-1_aB3dE5fGh-{month}.jsonl")))
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    keeping(&scratch, &hands, 15).record(intent()).unwrap();
    assert_eq!(months(&scratch), ["2026-11"]);
    // As a crash leaves it: the newest of the removed ones are still there, down to all of them.
    for (path, bytes) in kept.iter().rev() {
        std::fs::write(path, bytes).unwrap();
        set_mode(path, 0o600);
        assert!(found(&scratch, &[]).is_good(), "{}", path.display());
    }
    // And the next session finishes it.
    keeping(&scratch, &hands, 15).record(intent()).unwrap();
    assert_eq!(months(&scratch), ["2026-11"]);
    let verified = found(&scratch, &[]);
    assert!(verified.is_good(), "{verified:?}");
    assert_eq!((verified.chains[0].removed, verified.chains[0].lines), (9, 7));
}

#[test]
fn evidence_is_not_removed_and_the_change_goes_on() {
    let scratch = Scratch::new();
    let hands = four_months(&scratch);
    let september = scratch.folder().join("us-east-1_aB3dE5fGh-2026-09.jsonl");
    let good = std::fs::read_to_string(&september).unwrap();
    std::fs::write(&september, good.replacen("Jane Doe", "Jane Roe", 1)).unwrap();
    let notices = keeping(&scratch, &hands, 10)
        .record(intent())
        .unwrap()
        .notices()
        .to_vec();
    assert_eq!(notices.len(), 2);
    assert_eq!(
        notices[0],
        Notice::Kept {
            path: september.clone()
        }
    );
    assert_eq!(months(&scratch), ["2026-09", "2026-10", "2026-11"]);

    set_mode(&september, 0o644);
    let notices = keeping(&scratch, &hands, 10)
        .record(intent())
        .unwrap()
        .notices()
        .to_vec();
    assert!(
        notices[0].to_string().contains("cannot be removed from the journal"),
        "{}",
        notices[0]
    );
    set_mode(&september, 0o600);
}

#[test]
fn without_a_rule_and_within_it_nothing_is_removed() {
    let scratch = Scratch::new();
    let hands = four_months(&scratch);
    assert!(scratch.journal().record(intent()).unwrap().notices().is_empty());
    assert!(
        keeping(&scratch, &hands, 92)
            .record(intent())
            .unwrap()
            .notices()
            .is_empty()
    );
    assert_eq!(months(&scratch).len(), 4);
}
