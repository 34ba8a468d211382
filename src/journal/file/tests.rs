//! The lock, the disk that is full, and the checks that need no journal around them.

use std::path::PathBuf;

use rustix::fs::{Mode, OFlags};

use super::*;
use crate::disk::{Readers, check_file, try_lock};
use crate::journal::FOLDER;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cognitui-file-{}-{name}", std::process::id()));
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn november() -> Month {
    Month::of("2026-11-20T00:00:00Z".parse().unwrap())
}

#[test]
fn a_torn_line_is_not_touched_without_the_lock() {
    let scratch = Scratch::new("torn");
    let folder = Folder::create(&scratch.0, FOLDER).unwrap();
    let name = file_name(&PoolId::new("p"), november());
    let held = folder.open_file(&name, Making::New).unwrap().unwrap();
    write_all(&held, b"{\"torn").unwrap();
    assert_eq!(try_lock(&held), Ok(true));

    let mut other = Folder::open(&scratch.0, FOLDER).unwrap();
    other.set_lock_tries(1);
    let trouble = Tail::lock(other, &PoolId::new("p"), november()).unwrap_err();
    assert_eq!(trouble, Trouble::new(folder.path_of(&name), Cause::Busy));
    assert_eq!(std::fs::read(folder.path_of(&name)).unwrap(), b"{\"torn");

    drop(held);
    let tail = Tail::lock(Folder::open(&scratch.0, FOLDER).unwrap(), &PoolId::new("p"), november()).unwrap();
    assert_eq!(tail.repaired(), Some(6));
    assert_eq!(std::fs::read(folder.path_of(&name)).unwrap(), b"");
}

#[test]
fn a_file_replaced_while_its_lock_was_waited_for_is_not_written_to() {
    let scratch = Scratch::new("replaced");
    let folder = Folder::create(&scratch.0, FOLDER).unwrap();
    let old = folder.open_file("p-2026-11.jsonl", Making::New).unwrap().unwrap();
    assert_eq!(folder.is_still(&old, "p-2026-11.jsonl"), Ok(true));
    folder.remove("p-2026-11.jsonl").unwrap();
    assert_eq!(folder.is_still(&old, "p-2026-11.jsonl"), Ok(false));
    let _new = folder.open_file("p-2026-11.jsonl", Making::New).unwrap().unwrap();
    assert_eq!(folder.is_still(&old, "p-2026-11.jsonl"), Ok(false));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_not_a_shorter_line() {
    let full = fs::open("/dev/full", OFlags::RDWR, Mode::empty()).unwrap();
    assert_eq!(append_durably(&full, 0, b"{}\n"), Err(Errno::NOSPC));
    let trouble = Trouble::new("journal", Cause::Io(Errno::NOSPC));
    let words = crate::journal::error::Doing::Record.failed(trouble).to_string();
    assert_eq!(
        words,
        "The change cannot be written to the journal: 'journal' failed: No space left on device (os error 28). Free \
         space on that disk, then try again. Nothing was sent."
    );
}

#[test]
fn a_line_that_could_not_be_made_durable_is_taken_back() {
    let scratch = Scratch::new("back");
    let folder = Folder::create(&scratch.0, FOLDER).unwrap();
    let fd = folder.open_file("p-2026-11.jsonl", Making::New).unwrap().unwrap();
    append_durably(&fd, 0, b"first\n").unwrap();
    // Written, then refused: what a failing fsync looks like from here.
    write_all(&fd, b"second").unwrap();
    assert_eq!(taken_back(&fd, 6, Err(Errno::IO)), Err(Errno::IO));
    assert_eq!(std::fs::read(folder.path_of("p-2026-11.jsonl")).unwrap(), b"first\n");
}

#[test]
fn another_users_file_is_refused() {
    let scratch = Scratch::new("foreign");
    let folder = Folder::create(&scratch.0, FOLDER).unwrap();
    let fd = folder.open_file("p-2026-11.jsonl", Making::New).unwrap().unwrap();
    let mut stat = fs::fstat(&fd).unwrap();
    assert_eq!(check_file(&stat, Readers::Nobody), Ok(()));
    stat.st_uid += 1;
    assert_eq!(
        check_file(&stat, Readers::Nobody),
        Err(Cause::Foreign { uid: stat.st_uid })
    );
}
