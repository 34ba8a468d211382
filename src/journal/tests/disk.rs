//! What a file or folder must be before a line goes into it, and what is said when it is not.

use std::os::unix::fs::symlink;

use super::*;

/// Opens a journal, spoils something, and returns the words of the refusal. Nothing may have been written anywhere.
fn refusal(scratch: &Scratch, journal: &Journal) -> String {
    let error = journal.record(intent()).unwrap_err();
    assert!(error.to_string().ends_with("Nothing was sent."), "{error}");
    let path = error.path().display().to_string();
    assert!(path.starts_with(&scratch.state().display().to_string()), "{path}");
    error.to_string().replace(&scratch.0.display().to_string(), "~")
}

#[test]
fn files_are_for_their_owner_alone() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    assert_eq!(mode(&scratch.state()), 0o700);
    assert_eq!(mode(&scratch.folder()), 0o700);
    for entry in std::fs::read_dir(scratch.folder()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn missing_folders_are_made_down_to_the_journal() {
    let scratch = Scratch::new();
    let deep = scratch.0.join("share/state/cognitui");
    Journal::open(deep.clone(), fixed_clock(), "0.1.0").unwrap();
    assert_eq!(mode(&deep.join("journal")), 0o700);
}

#[test]
fn loose_permissions_are_refused_with_the_command_to_run() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let before = scratch.text();

    set_mode(&scratch.file(), 0o644);
    assert_eq!(
        refusal(&scratch, &journal),
        "The change cannot be written to the journal: '~/state/journal/us-east-1_aB3dE5fGh-2026-11.jsonl' can be used \
         by others (mode 0644, not 0600). Run: chmod 600 '~/state/journal/us-east-1_aB3dE5fGh-2026-11.jsonl' Nothing \
         was sent."
    );
    set_mode(&scratch.file(), 0o600);

    set_mode(&scratch.folder(), 0o750);
    assert!(refusal(&scratch, &journal).contains("Run: chmod 700 '~/state/journal'"));
    set_mode(&scratch.folder(), 0o700);

    set_mode(&scratch.state(), 0o701);
    assert!(refusal(&scratch, &journal).contains("Run: chmod 700 '~/state'"));
    let opening = Journal::open(scratch.state(), fixed_clock(), "0.1.0").unwrap_err();
    assert!(
        opening.to_string().ends_with("Nothing can be sent without it."),
        "{opening}"
    );
    set_mode(&scratch.state(), 0o700);

    assert_eq!(scratch.text(), before);
    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(6));
}

#[test]
fn links_are_refused_wherever_they_lead() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let elsewhere = scratch.0.join("elsewhere");
    std::fs::write(&elsewhere, "").unwrap();
    set_mode(&elsewhere, 0o600);

    symlink(&elsewhere, scratch.file()).unwrap();
    let words = refusal(&scratch, &journal);
    assert!(words.contains("is a symbolic link"), "{words}");
    assert!(
        words.contains("rm '~/state/journal/us-east-1_aB3dE5fGh-2026-11.jsonl'"),
        "{words}"
    );
    std::fs::remove_file(scratch.file()).unwrap();

    symlink(scratch.0.join("nowhere"), scratch.file()).unwrap();
    assert!(refusal(&scratch, &journal).contains("is a symbolic link"));
    std::fs::remove_file(scratch.file()).unwrap();

    std::fs::hard_link(&elsewhere, scratch.file()).unwrap();
    assert!(refusal(&scratch, &journal).contains("has more than one name (hard links)"));
    std::fs::remove_file(scratch.file()).unwrap();
    assert_eq!(std::fs::read(&elsewhere).unwrap(), b"");

    drop(journal);
    let linked = scratch.0.join("linked");
    symlink(scratch.state(), &linked).unwrap();
    let error = Journal::open(linked, fixed_clock(), "0.1.0").unwrap_err();
    assert!(error.to_string().contains("is a symbolic link"), "{error}");

    std::fs::rename(scratch.folder(), scratch.0.join("moved")).unwrap();
    symlink(scratch.0.join("moved"), scratch.folder()).unwrap();
    let error = Journal::open(scratch.state(), fixed_clock(), "0.1.0").unwrap_err();
    assert!(error.to_string().contains("journal' is a symbolic link"), "{error}");
}

#[test]
fn what_is_not_an_ordinary_file_is_refused() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    std::fs::create_dir(scratch.file()).unwrap();
    assert!(refusal(&scratch, &journal).contains("is not an ordinary file"));
    std::fs::remove_dir(scratch.file()).unwrap();

    let made = std::process::Command::new("mkfifo")
        .args(["-m", "600"])
        .arg(scratch.file())
        .status();
    assert!(made.unwrap().success());
    assert!(refusal(&scratch, &journal).contains("is not an ordinary file"));

    let plain = scratch.0.join("plain");
    std::fs::write(&plain, "").unwrap();
    let error = Journal::open(plain, fixed_clock(), "0.1.0").unwrap_err();
    assert_eq!(error.consequence(), "Nothing can be sent without it.");
}

#[test]
fn a_folder_that_went_away_is_not_made_again_behind_the_operators_back() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    std::fs::remove_dir_all(scratch.folder()).unwrap();
    assert!(refusal(&scratch, &journal).contains("'~/state/journal' is gone. Start cognitui again."));
    assert!(!scratch.folder().exists());
}

#[test]
fn in_a_folder_that_was_made_anew_nothing_is_begun_and_what_was_sent_is_written_down() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal.record(intent()).unwrap();
    std::fs::rename(scratch.folder(), scratch.0.join("aside")).unwrap();
    let _another = scratch.journal();
    // To the other console this one is dead: its intent would be called unknown while it is under way.
    assert!(refusal(&scratch, &journal).contains(".lock' is gone. Start cognitui again."));
    assert!(!scratch.file().exists());
    journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    assert_eq!(lines_of(&scratch.file()).len(), 1);
}

#[test]
fn a_pool_id_that_is_not_plain_is_refused_as_a_file_name() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    for id in ["../us-east-1_x", "", "a/b", "pool\u{202e}", "a.b"] {
        let error = journal.record(intent_at(PoolId::new(id))).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("its id is not only letters, digits, _ and -"),
            "{error}"
        );
        assert!(error.to_string().ends_with("Nothing was sent."));
    }
    let names: Vec<_> = std::fs::read_dir(scratch.folder()).unwrap().collect();
    assert_eq!(names.len(), 1, "only the session's lock: {names:?}");
}

#[test]
fn no_random_numbers_no_write() {
    let scratch = Scratch::new();
    let left = AtomicU64::new(2);
    let dice: Dice = Arc::new(move |_| {
        let had = left.fetch_sub(1, Ordering::Relaxed);
        if had > 0 {
            Ok(())
        } else {
            Err(std::io::Error::other("dry"))
        }
    });
    let journal = Journal::open_with(scratch.state(), fixed_clock(), "0.1.0", dice).unwrap();
    let error = journal.record(intent()).unwrap_err();
    assert!(error.to_string().contains("random numbers"), "{error}");
    assert!(!scratch.file().exists());
}

#[test]
fn an_outcome_that_cannot_be_written_gives_the_sent_write_back() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal.record(intent()).unwrap();
    set_mode(&scratch.file(), 0o640);
    let unsettled = journal
        .settle(recorded.sent(accepted(), 1, Duration::ZERO))
        .unwrap_err();
    assert_eq!(
        unsettled.error.consequence(),
        "The request was sent; the journal has no outcome for it."
    );
    assert_eq!(*unsettled.sent.answer(), accepted());

    set_mode(&scratch.file(), 0o600);
    let settled = journal.settle(unsettled.sent).unwrap();
    set_mode(&scratch.file(), 0o640);
    let unseen = journal
        .seen(&settled, &Outcome::Applied, Ok(&user("jane.doe@example.com")))
        .unwrap_err();
    assert!(unseen.consequence().starts_with("The request was sent"));
    set_mode(&scratch.file(), 0o600);
    let recorded = journal.record(intent()).unwrap();
    set_mode(&scratch.file(), 0o640);
    let error = journal
        .abandon(recorded, &NotSent::Stopped, 0, Duration::ZERO)
        .unwrap_err();
    assert_eq!(error.consequence(), "Nothing was changed.");
    set_mode(&scratch.file(), 0o600);
    assert_eq!(scratch.verify(), Ok(3));
}

#[test]
fn a_last_line_that_was_changed_is_left_alone_and_nothing_is_added_to_it() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let good = scratch.text();
    for changed in [
        good.replacen("Jane Doe", "Jane Roe", 2),
        good.trim_end().rsplit_once('"').unwrap().0.to_owned() + "\n",
        good.clone() + "\n",
        good.clone() + "a note",
        "a note\n".to_owned(),
    ] {
        std::fs::write(scratch.file(), &changed).unwrap();
        let words = refusal(&scratch, &journal);
        assert!(
            words.contains("ends in a line that was changed after it was written"),
            "{words}"
        );
        assert_eq!(scratch.text(), changed);
    }
    std::fs::write(scratch.file(), good).unwrap();
    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(6));
}

#[test]
fn a_line_of_a_newer_format_is_not_built_on() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let mut line = super::lines_of(&scratch.file()).pop().unwrap();
    line.v = line::VERSION + 1;
    std::fs::write(scratch.file(), chain::seal_line(&line).unwrap()).unwrap();
    assert!(refusal(&scratch, &journal).contains("was written by a newer cognitui"));
}

#[test]
fn a_torn_last_line_is_cut_off_wherever_it_was_torn() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let good = scratch.text();
    let last = good.trim_end().rfind('\n').unwrap() + 1;
    // At every byte the repair itself, which needs no fsync of its own; then a line on top of a few of them.
    for cut in last + 1..good.len() {
        std::fs::write(scratch.file(), &good[..cut]).unwrap();
        let folder = Folder::open(&scratch.state(), FOLDER).unwrap();
        let tail = Tail::lock(folder, &pool(), Month::of(fixed_clock()())).unwrap();
        assert_eq!(tail.repaired(), Some((cut - last) as u64));
        assert_eq!(scratch.text(), good[..last], "cut at {cut}");
    }
    for cut in [last + 1, (last + good.len()) / 2, good.len() - 1] {
        std::fs::write(scratch.file(), &good[..cut]).unwrap();
        let recorded = journal.record(intent()).unwrap();
        let bytes = (cut - last) as u64;
        assert_eq!(
            recorded.notices(),
            [Notice::Repaired {
                path: scratch.file(),
                bytes
            }]
        );
        assert_eq!(scratch.verify(), Ok(3), "cut at {cut}");
        assert_eq!(super::lines_of(&scratch.file())[2].repaired, Some(bytes));
    }
    assert!(
        journal.record(intent()).unwrap().notices().is_empty(),
        "a repair is told once, not with every later line"
    );
}

#[test]
fn zeros_left_by_a_power_cut_are_cut_off() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let good = scratch.text();
    for rest in ["\0\0\0", "\0\0\0\n", "{\"hash\":\0\0\n"] {
        std::fs::write(scratch.file(), good.clone() + rest).unwrap();
        let recorded = journal.record(intent()).unwrap();
        assert_eq!(recorded.notices().len(), 1);
        assert_eq!(scratch.verify(), Ok(4));
    }
    std::fs::write(scratch.file(), "\0\0\0").unwrap();
    journal.record(intent()).unwrap();
    assert_eq!(scratch.verify(), Ok(1));
}

#[test]
fn a_notice_of_the_intent_is_still_there_when_the_write_is_settled() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let torn = scratch.text() + "{";
    std::fs::write(scratch.file(), torn).unwrap();
    let recorded = journal.record(intent()).unwrap();
    let settled = journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    assert_eq!(
        settled.notices(),
        [Notice::Repaired {
            path: scratch.file(),
            bytes: 1
        }]
    );
    assert!(
        settled.notices()[0]
            .to_string()
            .starts_with("journal: cut off a torn last line of 1 bytes in '")
    );
}

#[test]
fn a_long_last_line_is_found() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let mut intent = intent();
    intent.sub = Some("x".repeat(100_000));
    journal.record(intent).unwrap();
    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(4));
}
