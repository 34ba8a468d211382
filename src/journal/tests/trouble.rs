//! Disks that fill up, disks that become read-only, and consoles that are processes of their own.

use std::process::{Command, Stdio};

use super::*;

/// Names the state folder to a child that is this test once more.
const STATE: &str = "COGNITUI_TEST_JOURNAL";

/// This test program, running one test alone on a state folder. Not by its path: that may be replaced meanwhile.
fn child(test: &str, state: &Path) -> Command {
    let mut command = Command::new("/proc/self/exe");
    of_child(&mut command, test, state);
    command
}

fn of_child(command: &mut Command, test: &str, state: &Path) {
    let path = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    command
        .args(["--exact", &path, "--nocapture", "--test-threads=1"])
        .env(STATE, state)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
}

fn as_child() -> Option<Journal> {
    let state = PathBuf::from(std::env::var_os(STATE)?);
    Some(Journal::open(state, fixed_clock(), "0.1.0").unwrap())
}

#[test]
fn consoles_in_processes_of_their_own_keep_one_chain() {
    const EACH: usize = 25;
    if let Some(journal) = as_child() {
        (0..EACH).for_each(|_| whole_write(&journal, pool()));
        return;
    }
    let scratch = Scratch::new();
    let mut children: Vec<_> = (0..3)
        .map(|_| {
            child("consoles_in_processes_of_their_own_keep_one_chain", &scratch.state())
                .spawn()
                .unwrap()
        })
        .collect();
    let journal = scratch.journal();
    (0..EACH).for_each(|_| whole_write(&journal, pool()));
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(scratch.verify(), Ok(4 * EACH * 3));
    let read = read(&scratch.places(), None).unwrap();
    assert_eq!((read.entries.len(), read.problems.len()), (4 * EACH, 0));
    assert!(read.entries.iter().all(|entry| entry.word() == "applied"));
}

/// Writes until it cannot. Every line that was acknowledged is counted.
fn until_full(journal: &Journal) -> (usize, String) {
    let mut acknowledged = 0;
    loop {
        match journal.record(intent()) {
            Ok(_) => acknowledged += 1,
            Err(error) => return (acknowledged, error.to_string()),
        }
        assert!(acknowledged < 1_000, "it never fills up");
    }
}

#[test]
fn a_write_that_stops_in_the_middle_of_a_line_leaves_no_line_and_is_an_error() {
    if let Some(journal) = as_child() {
        let (acknowledged, words) = until_full(&journal);
        assert!(words.contains("File too large"), "{words}");
        assert!(words.ends_with("Nothing was sent."), "{words}");
        let path = std::env::var_os(STATE).map(PathBuf::from).unwrap().join("acknowledged");
        // One byte for each.
        std::fs::write(path, "x".repeat(acknowledged)).unwrap();
        return;
    }
    let scratch = Scratch::new();
    // The shell's limit is on the size of a file, and no line of ours ends there. By number, because for the shell
    // `self` is another.
    let exe = format!("/proc/{}/exe", std::process::id());
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 9; exec \"$0\" \"$@\"", &exe]);
    of_child(
        &mut limited,
        "a_write_that_stops_in_the_middle_of_a_line_leaves_no_line_and_is_an_error",
        &scratch.state(),
    );
    assert!(limited.status().unwrap().success());
    let acknowledged = std::fs::read(scratch.state().join("acknowledged")).unwrap().len();
    assert!(acknowledged > 0);
    assert!(scratch.text().ends_with('\n'));
    assert_eq!(scratch.verify(), Ok(acknowledged));
    assert!(
        scratch.journal().record(intent()).unwrap().notices().is_empty(),
        "nothing to repair"
    );
}

/// A small disk of its own, where the system lets a test have one, and how often it is mounted.
struct Disk(PathBuf, usize);

impl Disk {
    fn mount(at: PathBuf) -> Option<Self> {
        std::fs::create_dir(&at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=128k,mode=700", "tmpfs"])
            .arg(&at)
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            Some(Self(at, 1))
        } else {
            println!("not run: a disk of one's own needs the right to mount one");
            None
        }
    }

    /// The same disk once more on top of itself, read-only: the disk itself is busy while a console is open.
    fn read_only(&mut self) {
        let mount = |arguments: &[&str]| {
            let status = Command::new("mount").args(arguments).arg(&self.0).status();
            assert!(status.unwrap().success());
        };
        mount(&["--bind", self.0.to_str().unwrap()]);
        self.1 += 1;
        mount(&["-o", "remount,bind,ro"]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        for _ in 0..self.1 {
            let gone = Command::new("umount").arg("-l").arg(&self.0).status();
            assert!(gone.unwrap().success());
        }
    }
}

#[test]
fn a_full_disk_and_then_a_read_only_one_refuse_the_write_and_can_be_read() {
    let scratch = Scratch::new();
    let Some(mut disk) = Disk::mount(scratch.0.join("disk")) else {
        return;
    };
    let places = Places::private(disk.0.join("state"));
    let journal = Journal::open(places.clone(), fixed_clock(), "0.1.0").unwrap();
    (0..4).for_each(|_| whole_write(&journal, pool()));
    let (acknowledged, words) = until_full(&journal);
    assert!(words.contains("No space left on device"), "{words}");
    assert!(
        words.contains("Free space on that disk, then try again. Nothing was sent."),
        "{words}"
    );
    let check = || {
        let read = read(&places, None).unwrap();
        assert_eq!((read.entries.len(), read.problems.len()), (4 + acknowledged, 0));
        let verified = verify(&places, None, &[]).unwrap();
        assert!(verified.is_good() && verified.torn.is_empty(), "{verified:?}");
    };
    check();
    // Taking values out needs room for a second file, and leaves the first as it is without it.
    let error = redact(&places, None, "5f1c-9a02").unwrap_err();
    assert_eq!(error.doing(), "The values cannot be taken out of the journal");
    check();

    disk.read_only();
    let words = journal.record(intent()).unwrap_err().to_string();
    assert!(
        words.contains("The disk is read-only: make it writable, then try again."),
        "{words}"
    );
    check();
    drop(journal);
}
