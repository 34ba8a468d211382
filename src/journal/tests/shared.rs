//! A folder that a team shares: a folder for each, read by all, written by its owner alone.

use super::*;
use crate::domain::entry::Entry;
use crate::journal::chain;
use crate::journal::line::OutcomeLine;
use crate::journal::seal::{Keep, Seal};

/// A folder as a team makes it, and the places of two of its people. Both are the user who runs the tests: what the
/// system keeps apart by owner is tested below, where it can be.
struct Team {
    scratch: Scratch,
}

impl Team {
    fn new() -> Self {
        let scratch = Scratch::new();
        std::fs::create_dir(scratch.0.join("team")).unwrap();
        set_mode(&scratch.0.join("team"), 0o3770);
        Self { scratch }
    }

    fn outer(&self) -> PathBuf {
        self.scratch.0.join("team")
    }

    fn places(&self, user: &str) -> Places {
        Places::shared_as(self.scratch.0.join(format!("state-{user}")), self.outer(), user)
    }

    fn journal(&self, user: &str) -> Journal {
        Journal::open(self.places(user), fixed_clock(), "0.1.0").unwrap()
    }

    fn file(&self, user: &str) -> PathBuf {
        self.outer().join(user).join("us-east-1_aB3dE5fGh-2026-11.jsonl")
    }

    fn read(&self, user: &str) -> Reading {
        read(&self.places(user), None).unwrap()
    }
}

#[test]
fn each_has_a_folder_that_the_group_may_read() {
    let team = Team::new();
    let ana = team.journal("ana");
    whole_write(&ana, pool());
    let folder = team.outer().join("ana");
    assert_eq!(mode(&folder) & 0o777, 0o750);
    assert_eq!(mode(&folder) & 0o2000, 0o2000, "files stay the group's");
    for entry in std::fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o640);
    }
    assert_eq!(team.places("ana").own(), folder);
    assert_eq!(team.places("ana").team(), Some(team.outer().as_path()));
    assert!(
        !team.scratch.0.join("state-ana").exists(),
        "nothing private is made for it"
    );
}

#[test]
fn the_entries_of_all_are_merged_and_each_says_whose_it_is() {
    let team = Team::new();
    let (ana, ben) = (team.journal("ana"), team.journal("ben"));
    whole_write(&ana, pool());
    ben.record(intent()).unwrap();
    let whose = |user: &str| {
        let mut whose: Vec<Option<Raw>> = team.read(user).entries.into_iter().map(|entry| entry.writer).collect();
        whose.sort();
        whose
    };
    assert_eq!(whose("ana"), [None, Some(Raw::from("ben"))]);
    assert_eq!(whose("ben"), [None, Some(Raw::from("ana"))]);
    // A colleague tells a console that runs from one that ended.
    let of_ben = |read: Reading| -> Entry { read.entries.into_iter().find(|entry| entry.writer.is_some()).unwrap() };
    let entry = of_ben(team.read("ana"));
    assert_eq!(entry.word(), "running");
    drop(ben);
    let entry = of_ben(team.read("ana"));
    assert_eq!(entry.word(), "unknown");

    // And settles it, in an own file.
    let before = std::fs::read(team.file("ben")).unwrap();
    let touched = entry.changes_as_operation().unwrap().touched();
    ana.seen_again(&entry, &touched, &Outcome::Applied, Ok(&user("jane.doe@example.com")))
        .unwrap();
    assert_eq!(of_ben(team.read("ana")).word(), "applied");
    assert_eq!(std::fs::read(team.file("ben")).unwrap(), before);
    let verified = verify(&team.places("ana"), None, &[]).unwrap();
    assert!(verified.is_good(), "{verified:?}");
    let lines: Vec<_> = (verified.chains.iter())
        .map(|chain| (chain.writer.as_ref().map(Raw::as_str), chain.lines))
        .collect();
    assert_eq!(lines, [(None, 4), (Some("ben"), 1)]);
    // A head names its writer to everybody else, and fits whoever compares it.
    let heads: Vec<Head> = verified.chains.into_iter().filter_map(|chain| chain.head).collect();
    assert!(heads[1].to_string().starts_with("ben/us-east-1_aB3dE5fGh 1 "));
    assert!(verify(&team.places("ben"), None, &heads[1..]).unwrap().is_good());

    // What one may take out of the own files is taken out, and what only the other may is counted.
    let redacted = redact(&team.places("ana"), None, "5f1c-9a02").unwrap();
    assert_eq!((redacted.lines, redacted.entries, redacted.elsewhere), (3, 2, 1));
    assert!(verify(&team.places("ben"), None, &[]).unwrap().is_good());
    assert_eq!(std::fs::read(team.file("ben")).unwrap(), before);
}

#[test]
fn a_reading_whose_write_is_nowhere_is_found() {
    let team = Team::new();
    let (ana, ben) = (team.journal("ana"), team.journal("ben"));
    ben.record(intent()).unwrap();
    let entry = team.read("ana").entries.remove(0);
    ana.seen_again(&entry, &[], &Outcome::Applied, Ok(&user("x"))).unwrap();
    std::fs::remove_file(team.file("ben")).unwrap();
    let verified = verify(&team.places("ana"), None, &[]).unwrap();
    assert_eq!(
        verified.problems,
        [Problem::line(&team.file("ana"), 1, Wrong::NoIntent)]
    );
}

#[test]
fn folders_that_others_could_write_are_refused_with_the_command_to_run() {
    let team = Team::new();
    let journal = team.journal("ana");
    let refusal = || {
        let error = journal.record(intent()).unwrap_err();
        error.to_string().replace(&team.scratch.0.display().to_string(), "~")
    };
    let folder = team.outer().join("ana");
    set_mode(&folder, 0o2770);
    assert!(refusal().contains("Run: chmod 750 '~/team/ana'"), "{}", refusal());
    set_mode(&folder, 0o2750);
    whole_write(&journal, pool());
    set_mode(&team.file("ana"), 0o660);
    assert!(refusal().contains("Run: chmod 640 '~/team/ana/"), "{}", refusal());
    set_mode(&team.file("ana"), 0o644);
    assert!(refusal().contains("Run: chmod 640 '~/team/ana/"), "{}", refusal());
    set_mode(&team.file("ana"), 0o640);
    for mode in [0o770, 0o2770, 0o777] {
        set_mode(&team.outer(), mode);
        assert!(refusal().contains("Run: chmod o-w,+t '~/team'"), "{}", refusal());
    }
    set_mode(&team.outer(), 0o3770);
    journal.record(intent()).unwrap();

    let missing = Places::shared_as(team.scratch.state(), team.scratch.0.join("missing"), "ana");
    let error = Journal::open(missing.clone(), fixed_clock(), "0.1.0").unwrap_err();
    assert!(error.next().contains("install -d -m 3770 -g GROUP '"), "{error}");
    assert!(read(&missing, None).is_err());
    assert!(!team.scratch.0.join("missing").exists());
}

#[test]
fn a_folder_whose_lines_prove_nothing_is_said_and_read() {
    let team = Team::new();
    whole_write(&team.journal("ben"), pool());
    set_mode(&team.outer().join("ben"), 0o770);
    let read = team.read("ana");
    assert_eq!(read.entries.len(), 1);
    assert_eq!(read.problems.len(), 1);
    assert_eq!(read.problems[0].wrong, Wrong::OthersWrite);
    assert!(!verify(&team.places("ana"), None, &[]).unwrap().is_good());
    // Not a folder, or one that is nobody's: no entries and nothing to say.
    std::fs::write(team.outer().join("notes.txt"), "x").unwrap();
    std::fs::create_dir(team.outer().join(".hidden")).unwrap();
    assert_eq!(team.read("ana").problems.len(), 1);
}

#[test]
fn a_colleagues_file_that_others_may_write_is_said_and_not_read() {
    let team = Team::new();
    whole_write(&team.journal("ana"), pool());
    whole_write(&team.journal("ben"), pool());
    for mode in [0o660, 0o642] {
        set_mode(&team.file("ben"), mode);
        let read = team.read("ana");
        assert_eq!(read.entries.len(), 1, "the own one");
        assert_eq!(read.problems.len(), 1);
        assert_eq!(read.problems[0].wrong, Wrong::OthersWriteFile);
        assert!(
            read.problems[0].next().contains("chmod 640"),
            "{}",
            read.problems[0].next()
        );
        assert!(!verify(&team.places("ana"), None, &[]).unwrap().is_good());
    }
    set_mode(&team.file("ben"), 0o640);
    assert_eq!(team.read("ana").entries.len(), 2);
    assert!(verify(&team.places("ana"), None, &[]).unwrap().is_good());
}

#[test]
fn a_folder_that_no_user_has_is_said_and_nothing_in_it_is_read() {
    let team = Team::new();
    whole_write(&team.journal("ben"), pool());
    // What `head` prints is read back line by line, and what it prints begins with the folder's name.
    let forged = format!("x\nus-east-1_aB3dE5fGh 9 {}\ny", "0f".repeat(32));
    std::fs::rename(team.outer().join("ben"), team.outer().join(&forged)).unwrap();
    let read = team.read("ana");
    assert!(read.entries.is_empty());
    assert_eq!(read.problems.len(), 1);
    assert_eq!(read.problems[0].wrong, Wrong::NobodysName);
    let verified = head(&team.places("ana"), None).unwrap();
    assert!(verified.chains.is_empty() && !verified.is_good(), "{verified:?}");
}

#[test]
fn what_is_odd_in_a_colleagues_folder_keeps_nobody_from_reading_the_rest() {
    let team = Team::new();
    whole_write(&team.journal("ana"), pool());
    whole_write(&team.journal("ben"), pool());
    let odd = team.outer().join("ben/session-0123456789abcdef.lock");
    std::os::unix::fs::symlink("/nowhere", &odd).unwrap();
    let read = team.read("ana");
    assert_eq!(read.entries.len(), 1);
    assert_eq!(read.problems.len(), 1);
    assert_eq!(read.problems[0].path, odd);
    assert_eq!(stamp(&team.places("ana"), None).unwrap(), read.stamp);
    let redacted = redact(&team.places("ana"), None, "5f1c-9a02").unwrap();
    assert_eq!((redacted.lines, redacted.problems.len()), (2, 1));
    // In the own folder it stops everything until it is dealt with.
    assert!(super::read(&team.places("ben"), None).is_err());
}

#[test]
fn a_colleague_cannot_say_how_somebody_elses_write_ended() {
    let team = Team::new();
    let (ana, ben) = (team.journal("ana"), team.journal("ben"));
    let id = ana.record(intent()).unwrap().id().clone();
    let session = ana.session().to_owned();
    drop(ana);
    // The whole of a chain of one's own can be written anew, in another session's name too.
    ben.record(intent()).unwrap();
    let mut line = lines_of(&team.file("ben")).remove(0);
    let seal = Seal::new(loaded_dice(), Keep::Full);
    line.session = session;
    line.seq = 99;
    line.id = id.raw().as_str().to_owned();
    line.body = Body::Outcome(
        OutcomeLine::answered(
            &Answer::Refused(fault(FaultKind::Service, "x")),
            1,
            Duration::ZERO,
            &seal,
        )
        .unwrap(),
    );
    std::fs::write(team.file("ben"), chain::seal_line(&line).unwrap()).unwrap();

    for user in ["ana", "carl"] {
        let told = Problem::line(&team.file("ben"), 1, Wrong::NoIntent);
        let read = team.read(user);
        assert_eq!(read.entries[0].word(), "unknown");
        assert_eq!(read.problems, std::slice::from_ref(&told));
        assert_eq!(verify(&team.places(user), None, &[]).unwrap().problems, [told]);
    }
}

/// Runs as another user of the system, which only root can arrange.
fn as_another_user(command: &mut std::process::Command) -> Option<std::process::ExitStatus> {
    use std::os::unix::process::CommandExt as _;
    if !rustix::process::geteuid().is_root() {
        println!("not run: only root can act as another user");
        return None;
    }
    Some(command.uid(54_321).gid(54_321).status().unwrap())
}

#[test]
fn what_belongs_to_another_user_is_never_written() {
    let team = Team::new();
    set_mode(&team.scratch.0, 0o755);
    set_mode(&team.outer(), 0o1777);
    let mut make = std::process::Command::new("mkdir");
    make.args(["-m", "750"]).arg(team.outer().join("ana"));
    let Some(status) = as_another_user(&mut make) else {
        return;
    };
    assert!(status.success());
    let error = Journal::open(team.places("ana"), fixed_clock(), "0.1.0").unwrap_err();
    assert!(
        error.to_string().contains("belongs to another user (number 54321)"),
        "{error}"
    );

    // In a colleague's folder a file of somebody else proves nothing, and is said.
    whole_write(&team.journal("ben"), pool());
    let planted = team.outer().join("ana/us-east-1_aB3dE5fGh-2026-11.jsonl");
    std::fs::copy(team.file("ben"), &planted).unwrap();
    let read = team.read("carl");
    assert_eq!(read.entries.len(), 1);
    assert_eq!(read.problems.len(), 1, "{:?}", read.problems);
    assert_eq!(read.problems[0].wrong, Wrong::Planted { owner: 0 });
}
