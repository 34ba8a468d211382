//! What is kept of values, and what is left after a user was taken out.

use super::*;
use crate::domain::entry::{Entry, Keeping, Kept, Values};

const SUB: &str = "5f1c-9a02";

fn keeping(scratch: &Scratch, values: Values) -> Journal {
    scratch
        .journal()
        .keeping(Arc::new(move |_| Keeping { values, days: None }))
}

fn entries(scratch: &Scratch) -> Vec<Entry> {
    let read = read(&scratch.places(), None).unwrap();
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    read.entries
}

/// Everything that tells about a person in the lines of [`whole_write`], but for the sub.
const TELLING: [&str; 3] = ["jane", "Jane", "ofie"];

#[test]
fn only_full_writes_values_down() {
    for values in [Values::Hashed, Values::None] {
        let scratch = Scratch::new();
        let journal = keeping(&scratch, values);
        whole_write(&journal, pool());
        let mut with_reason = intent();
        with_reason.why.reason = Some(Raw::from("SUP-1 as asked"));
        let recorded = journal.record(with_reason).unwrap();
        let refused = Answer::Refused(fault(FaultKind::Service, "AliasExistsException"));
        journal.settle(recorded.sent(refused, 1, Duration::ZERO)).unwrap();
        for word in TELLING {
            assert!(!scratch.text().contains(word), "{values:?}: {word}");
        }
        assert_eq!(scratch.verify(), Ok(5));
        let entries = entries(&scratch);
        assert_eq!(entries[0].sub.as_ref().and_then(Kept::value), Some(&Raw::from(SUB)));
        assert_eq!(
            entries[0].reason.as_ref().and_then(Kept::value),
            Some(&Raw::from("SUP-1 as asked"))
        );
        assert_eq!(entries[0].username.value(), None);
        assert!(entries[0].changes_as_operation().is_none(), "nothing to undo from");
        assert_eq!(entries[1].word(), "applied");
    }
    let scratch = Scratch::new();
    whole_write(&keeping(&scratch, Values::Full), pool());
    for word in TELLING {
        assert!(scratch.text().contains(word), "{word}");
    }
    assert!(
        !scratch.state().join("journal.key").exists(),
        "no key that is not needed"
    );
}

/// The digest of the address as it was before the write.
fn digest(entry: &Entry) -> String {
    match &entry.changes[0].before {
        Some(Kept::Withheld { digest }) => digest.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn equal_values_have_equal_digests_under_one_key_and_none_otherwise() {
    let scratch = Scratch::new();
    whole_write(&keeping(&scratch, Values::Hashed), pool());
    whole_write(&keeping(&scratch, Values::Hashed), PoolId::new("other"));
    let hashed = entries(&scratch);
    assert_eq!(digest(&hashed[0]), digest(&hashed[1]), "in another session and pool");
    assert_eq!(mode(&scratch.state().join("journal.key")), 0o600);
    assert_eq!(std::fs::read(scratch.state().join("journal.key")).unwrap().len(), 32);

    let elsewhere = Scratch::new();
    whole_write(&keeping(&elsewhere, Values::Hashed), pool());
    assert_ne!(digest(&entries(&elsewhere)[0]), digest(&hashed[0]), "another key");

    let none = Scratch::new();
    let journal = keeping(&none, Values::None);
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    let entries = entries(&none);
    assert_ne!(digest(&entries[0]), digest(&entries[1]));
    assert!(!none.state().join("journal.key").exists());
}

#[test]
fn the_digest_is_the_one_the_format_documents() {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::{Digest as _, Sha256};
    let scratch = Scratch::new();
    whole_write(&keeping(&scratch, Values::Hashed), pool());
    let key = std::fs::read(scratch.state().join("journal.key")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(b"jane@example.com");
    let mut hasher = Sha256::new();
    hasher.update(&mac.finalize().into_bytes()[..16]);
    hasher.update(b"jane@example.com");
    assert_eq!(digest(&entries(&scratch)[0]), crate::disk::hex(&hasher.finalize()));
}

#[test]
fn a_key_that_is_not_as_it_was_made_stops_the_write() {
    let scratch = Scratch::new();
    whole_write(&keeping(&scratch, Values::Hashed), pool());
    let key = scratch.state().join("journal.key");
    for (bytes, mode, words) in [
        (&b"short"[..], 0o600, "is not the key it was made as"),
        (&[7; 33], 0o600, "is not the key it was made as"),
        (&[0; 32], 0o600, "is not the key it was made as"),
        (&[7; 32], 0o640, "can be used by others"),
    ] {
        std::fs::write(&key, bytes).unwrap();
        set_mode(&key, mode);
        let error = keeping(&scratch, Values::Hashed).record(intent()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.to_string().ends_with("Nothing was sent."));
    }
    assert_eq!(scratch.verify(), Ok(3));
}

#[test]
fn consoles_that_need_a_key_at_once_get_one_key() {
    let scratch = Scratch::new();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| whole_write(&keeping(&scratch, Values::Hashed), pool()));
        }
    });
    let entries = entries(&scratch);
    assert_eq!(entries.len(), 6);
    assert!(entries.iter().all(|entry| digest(entry) == digest(&entries[0])));
}

fn about(sub: &str) -> Intent {
    let mut intent = intent();
    intent.sub = Some(sub.to_owned());
    intent.why.reason = Some(Raw::from("asked by Jane"));
    intent
}

#[test]
fn a_user_is_taken_out_of_every_line_and_the_chain_still_verifies() {
    let scratch = Scratch::new();
    let hands = Hands::default();
    let journal = Journal::open(scratch.state(), hands.clock(), "0.1.0").unwrap();
    let write = |sub: &str| {
        let recorded = journal.record(about(sub)).unwrap();
        let refused = Answer::Refused(fault(FaultKind::Service, "AliasExistsException"));
        let settled = journal.settle(recorded.sent(refused, 1, Duration::ZERO)).unwrap();
        let now = user("jane@example.com");
        journal
            .seen(&settled, &Outcome::Refused(fault(FaultKind::Service, "x")), Ok(&now))
            .unwrap();
    };
    hands.set("2026-10-31T10:00:00Z");
    write(SUB);
    write("another");
    hands.set("2026-11-02T10:00:00Z");
    write(SUB);
    let heads: Vec<Head> = (head(&scratch.places(), None).unwrap().chains.into_iter())
        .filter_map(|chain| chain.head)
        .collect();
    let before = scratch.text();

    let redacted = redact(&scratch.places(), None, SUB).unwrap();
    assert_eq!((redacted.entries, redacted.lines), (2, 6));
    assert_eq!((redacted.elsewhere, redacted.under_way), (0, 0));
    assert!(redacted.problems.is_empty());
    assert!(before.contains("jane") && before.contains(SUB));
    for word in TELLING.iter().chain(&[SUB, "salt", "asked"]) {
        assert!(!scratch.text().contains(word), "{word}");
    }
    assert_eq!(mode(&scratch.file()), 0o600);
    let verified = verify(&scratch.places(), None, &heads).unwrap();
    assert!(verified.is_good(), "{verified:?}");
    assert_eq!(verified.chains[0].lines, 9);
    let read = entries(&scratch);
    assert_eq!(read.len(), 3);
    assert!(
        read[0].changes_as_operation().is_none(),
        "what was taken out cannot be undone"
    );
    assert!(read[0].sub.as_ref().is_some_and(|sub| sub.value().is_none()));
    assert!(read[1].changes_as_operation().is_some(), "another user's is as it was");
    assert_eq!(read[0].word(), "refused");

    // Nothing left to do, and the consoles that are open go on.
    assert_eq!(redact(&scratch.places(), None, SUB).unwrap(), Redacted::default());
    write(SUB);
    assert_eq!(
        redact(&scratch.places(), Some(&PoolId::new("other")), SUB)
            .unwrap()
            .lines,
        0
    );
    assert_eq!(redact(&scratch.places(), Some(&pool()), SUB).unwrap().lines, 3);
    assert!(verify(&scratch.places(), None, &heads).unwrap().is_good());
}

#[test]
fn what_is_under_way_is_left_until_it_ended() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal.record(about(SUB)).unwrap();
    let redacted = redact(&scratch.places(), None, SUB).unwrap();
    assert_eq!((redacted.lines, redacted.under_way), (0, 1));
    let settled = journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    // Its reading is still to come, and tells the values once more.
    let redacted = redact(&scratch.places(), None, SUB).unwrap();
    assert_eq!((redacted.lines, redacted.under_way), (0, 1));
    let read_back = || {
        let now = user("jane.doe@example.com");
        journal.seen(&settled, &Outcome::Applied, Ok(&now)).unwrap();
    };
    read_back();
    let redacted = redact(&scratch.places(), None, SUB).unwrap();
    assert_eq!((redacted.lines, redacted.under_way), (2, 0));
    assert!(!scratch.text().contains("jane"));
    // Read once more, much later: the line says itself whom it is about.
    read_back();
    assert!(scratch.text().contains("jane"));
    assert_eq!(redact(&scratch.places(), None, SUB).unwrap().lines, 1);
    assert!(!scratch.text().contains("jane"));

    // What did not go out has no reading, and what a dead console left has none any more.
    let recorded = journal.record(about(SUB)).unwrap();
    journal.abandon(recorded, &NotSent::Stopped, 0, Duration::ZERO).unwrap();
    assert_eq!(redact(&scratch.places(), None, SUB).unwrap().lines, 1);
    journal.record(about(SUB)).unwrap();
    drop(journal);
    let redacted = redact(&scratch.places(), None, SUB).unwrap();
    assert_eq!((redacted.lines, redacted.under_way), (1, 0));
    assert_eq!(scratch.verify(), Ok(7));
}

#[test]
fn a_torn_end_and_a_changed_line_stay_as_they_are() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    let changed = scratch.text().replacen("Jane Doe", "Jane Roe", 1) + "{\"hash\":\"tor";
    std::fs::write(scratch.file(), &changed).unwrap();
    let redacted = redact(&scratch.places(), None, SUB).unwrap();
    // The torn end may hold a value of this user's.
    assert_eq!(
        redacted.problems,
        [
            Problem::line(&scratch.file(), 1, Wrong::Changed),
            Problem::line(&scratch.file(), 7, Wrong::Torn { bytes: 12 })
        ]
    );
    assert_eq!(redacted.lines, 3);
    let after = scratch.text();
    assert_eq!(after.lines().next(), changed.lines().next());
    assert!(after.ends_with("\n{\"hash\":\"tor"));
    journal.record(intent()).unwrap();
    assert!(!scratch.text().contains("\"tor"), "cut off by the next line");
}

#[test]
fn consoles_that_write_while_a_user_is_taken_out_lose_nothing() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..8).for_each(|_| whole_write(&journal, pool())));
        }
        scope.spawn(|| {
            for _ in 0..12 {
                redact(&scratch.places(), None, SUB).unwrap();
            }
        });
    });
    assert_eq!(scratch.verify(), Ok(17 * 3));
    redact(&scratch.places(), None, SUB).unwrap();
    assert!(!scratch.text().contains("salt"));
    assert_eq!(scratch.verify(), Ok(17 * 3));
}

#[test]
fn what_an_interrupted_attempt_left_behind_is_replaced() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    let left = scratch.folder().join("us-east-1_aB3dE5fGh-2026-11.jsonl.new");
    std::fs::write(&left, "half").unwrap();
    assert_eq!(redact(&scratch.places(), None, SUB).unwrap().lines, 2);
    assert!(!left.exists());
    assert_eq!(scratch.verify(), Ok(3));
}
