//! Writes loaded users to a file, on a thread of its own.
//!
//! The file is made new, for its owner alone, and never through a link; it has another name until it is whole and on disk,
//! and what is not whole is removed. Where the program is killed meanwhile, that other name is all that is left.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::RenameFlags;
use rustix::io::Errno;
use tokio::sync::watch;

use super::desk::Shared;
use crate::domain::export::Writer;
use crate::domain::query::Groups;
use crate::domain::roster::Row;
use crate::domain::{Raw, RowId};
use crate::job::export::{Existing, Export, Exported};
use crate::job::{DiskFault, Reply, Ticket};

/// Bytes that are gathered before they are written.
const AT_ONCE: usize = 1 << 18;
/// How many files that are not whole may lie beside each other.
const MOST_PARTS: u32 = 100;

/// Writes it to its end, or until it is stopped.
pub fn export(shared: &Shared, ticket: Ticket, export: &Export, stopped: &watch::Receiver<bool>) -> Exported {
    if shared.guards().export_off.is_some() {
        return Exported::Failed(DiskFault {
            what: "nothing was written: export is switched off".into(),
            next: "cognitui config show says by whom (export in [protect])".into(),
        });
    }
    let news = |users| shared.news(ticket, Reply::Exporting { users });
    let stopped = || *stopped.borrow();
    let now = || shared.now();
    match write(export, &news, &stopped, &now) {
        Ok(exported) => exported,
        Err(error) => {
            let (why, next) = words(&error);
            Exported::Failed(DiskFault {
                what: format!("{} was not written: {why}", export.path.display()).into(),
                next: format!("nothing is left; {next}").into(),
            })
        }
    }
}

/// Why a file could not be written, and what to do about it.
fn words(error: &io::Error) -> (String, &'static str) {
    let (why, next) = match error.kind() {
        ErrorKind::NotFound => (
            "there is no such folder",
            "make the folder first, or name one that is there",
        ),
        ErrorKind::NotADirectory => (
            "what stands before its last / is no folder",
            "make the folder first, or name one that is there",
        ),
        ErrorKind::PermissionDenied => ("you may not write there", "name a folder that you may write to"),
        ErrorKind::ReadOnlyFilesystem => ("that disk can only be read", "name a folder that you may write to"),
        ErrorKind::StorageFull => ("the disk is full", MAKE_ROOM),
        ErrorKind::QuotaExceeded => ("your share of the disk is used up", MAKE_ROOM),
        ErrorKind::FileTooLarge => ("no file there may be that large", MAKE_ROOM),
        ErrorKind::IsADirectory => ("it is a folder", "add the name of a file to it"),
        ErrorKind::InvalidFilename => ("its name is too long", "give it a shorter name"),
        ErrorKind::InvalidInput => return (error.to_string(), "name a file"),
        _ => {
            return (error.to_string(), "name another folder that is yours and has room");
        }
    };
    (why.to_owned(), next)
}

const MAKE_ROOM: &str = "make room there, or name a folder on another disk";

fn write(
    export: &Export,
    news: &dyn Fn(u64),
    stopped: &dyn Fn() -> bool,
    now: &dyn Fn() -> jiff::Timestamp,
) -> io::Result<Exported> {
    if is_there(&export.path)? && export.existing == Existing::Keep {
        return Ok(Exported::Exists(export.path.clone()));
    }
    // Opened while nothing is there that could be left behind. Only a folder is: a pipe would wait for its other end.
    let folder = export.path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::DIRECTORY.bits().cast_signed())
        .open(folder.unwrap_or(Path::new(".")))?;
    // Under a name of its own until it is whole: whatever ends the program, the name that was chosen means the whole file.
    let (file, beginning) = beside(&export.path)?;
    let mut partial = Partial(Some(beginning.clone()));
    // It is begun: whoever asked need not wait for an objection any more.
    news(0);
    let mut writer = Writer::new(export.layout.clone());
    if !fill(export, &file, &mut writer, news, stopped, now)? {
        return Ok(Exported::Stopped);
    }
    file.sync_all()?;
    match export.existing {
        Existing::Replace => fs::rename(&beginning, &export.path)?,
        Existing::Keep if !named(&beginning, &export.path)? => return Ok(Exported::Exists(export.path.clone())),
        Existing::Keep => {}
    }
    partial.0 = None;
    // Some file systems refuse to sync a folder. The file is whole and has its name, which is what is told.
    let _ = folder.sync_all();
    Ok(Exported::Written {
        path: export.path.clone(),
        users: writer.written(),
        bytes: writer.bytes(),
        left_out: writer.left_out().collect(),
    })
}

/// Whether something has the name already. What can never be replaced is an error, and so is what can never be a name:
/// nobody shall wait for a file that is refused at its end.
fn is_there(path: &Path) -> io::Result<bool> {
    let kind = match fs::symlink_metadata(path) {
        Ok(facts) => facts.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() && !kind.is_symlink() {
        let why = "it is a device or a pipe, and users are written to files alone";
        return Err(io::Error::new(ErrorKind::InvalidInput, why));
    }
    Ok(true)
}

/// A file that was not there, for its owner alone.
fn made(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}

/// Gives a whole file its name. False: something has that name by now, and stays.
fn named(beginning: &Path, path: &Path) -> io::Result<bool> {
    let here = rustix::fs::CWD;
    match rustix::fs::renameat_with(here, beginning, here, path, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        // A file system that cannot rename like this may know links.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => linked(beginning, path),
        Err(errno) => Err(errno.into()),
    }
}

/// The same by a second name for the file, and the first taken away.
fn linked(beginning: &Path, path: &Path) -> io::Result<bool> {
    match fs::hard_link(beginning, path) {
        Ok(()) => fs::remove_file(beginning).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// A new file in the same folder, by a name that nobody has.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut number: u32 = 0;
    loop {
        let other = path.with_file_name(format!(".cognitui-export-{number}.part"));
        match made(&other) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < MOST_PARTS => number += 1,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let why = "exports that were cut off lie there, as many as may: remove .cognitui-export-*.part first";
                return Err(io::Error::other(why));
            }
            made => return Ok((made?, other)),
        }
    }
}

/// False: it was stopped.
fn fill(
    export: &Export,
    mut file: &File,
    writer: &mut Writer,
    news: &dyn Fn(u64),
    stopped: &dyn Fn() -> bool,
    now: &dyn Fn() -> jiff::Timestamp,
) -> io::Result<bool> {
    let mut text = String::new();
    writer.begin(&export.head, &mut text);
    let mut each = |id: RowId, row: Row<'_>| -> io::Result<bool> {
        let groups = export.groups.as_deref().map(|groups| names_of(groups, id));
        writer.user(row, groups.as_deref(), &mut text);
        if text.len() < AT_ONCE {
            return Ok(true);
        }
        file.write_all(text.as_bytes())?;
        text.clear();
        news(writer.written());
        Ok(!stopped())
    };
    match &export.only {
        None => {
            for (id, row) in export.rows.iter() {
                if !each(id, row)? {
                    return Ok(false);
                }
            }
        }
        Some(matches) => {
            let rows = matches.rows.iter();
            for (id, row) in rows.filter_map(|id| Some((id, export.rows.get(id)?))) {
                if !each(id, row)? {
                    return Ok(false);
                }
            }
        }
    }
    writer.end(export.complete, now(), &mut text);
    file.write_all(text.as_bytes())?;
    Ok(!stopped())
}

/// The groups of a user, by name.
fn names_of(groups: &Groups, id: RowId) -> Vec<Raw> {
    groups.of(id).cloned().collect()
}

/// A file that is not whole: it goes with this, unless it was made whole.
struct Partial(Option<PathBuf>);

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // Why it is not whole is what is told; a file that cannot be removed either was removed by somebody else.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::{env, process};

    use jiff::Timestamp;

    use super::*;
    use crate::domain::column::Column;
    use crate::domain::export::{Head, Layout};

    use crate::domain::search::Matches;
    use crate::domain::{PoolId, Roster, RowId, Segment, User};

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("cognitui-export-{}-{number}", process::id()));
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let mut names: Vec<String> = entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn asked(path: PathBuf, users: usize) -> Export {
        let users: Vec<User> = (0..users)
            .map(|number| User::listed(&format!("user-{number}"), &[]))
            .collect();
        let mut roster = Roster::default();
        roster.add(&Arc::new(Segment::pack(&users)));
        Export {
            rows: roster.rows().clone(),
            only: None,
            groups: None,
            layout: Layout::Csv(vec![Column::Username]),
            head: Head {
                pool: PoolId::new("eu-west-1_a"),
                described: None,
                began: Timestamp::UNIX_EPOCH,
                query: None,
                chosen: false,
                attributes: None,
            },
            complete: true,
            path,
            existing: Existing::Keep,
        }
    }

    fn written(export: &Export, stopped: bool) -> io::Result<Exported> {
        write(export, &|_| {}, &|| stopped, &|| Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_file_is_for_its_owner_alone_and_holds_whom_it_was_asked_for() {
        let folder = Folder::new();
        let mut export = asked(folder.0.join("users.csv"), 3);
        export.only = Some(Arc::new(Matches::of(vec![RowId(2), RowId(0)], 3)));
        let expected = Exported::Written {
            path: export.path.clone(),
            users: 2,
            bytes: 26,
            left_out: Vec::new(),
        };
        assert_eq!(written(&export, false).unwrap(), expected);
        assert_eq!(
            fs::read_to_string(&export.path).unwrap(),
            "username\r\nuser-2\r\nuser-0\r\n"
        );
        assert_eq!(fs::metadata(&export.path).unwrap().permissions().mode() & 0o7777, 0o600);
    }

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_replaced() {
        let folder = Folder::new();
        let path = folder.0.join("users.csv");
        fs::write(&path, "theirs").unwrap();
        let mut export = asked(path.clone(), 1);
        assert_eq!(written(&export, false).unwrap(), Exported::Exists(path.clone()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");

        export.existing = Existing::Replace;
        assert_eq!(written(&export, true).unwrap(), Exported::Stopped);
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "theirs",
            "a stopped one replaces nothing"
        );
        assert!(matches!(
            written(&export, false).unwrap(),
            Exported::Written { users: 1, .. }
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), "username\r\nuser-0\r\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert_eq!(folder.names(), ["users.csv"]);
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = Folder::new();
        let elsewhere = folder.0.join("elsewhere");
        let path = folder.0.join("users.csv");
        symlink(&elsewhere, &path).unwrap();
        assert_eq!(
            written(&asked(path.clone(), 1), false).unwrap(),
            Exported::Exists(path.clone())
        );
        let mut export = asked(path.clone(), 1);
        export.existing = Existing::Replace;
        assert!(matches!(written(&export, false).unwrap(), Exported::Written { .. }));
        assert!(!elsewhere.exists(), "the link was replaced, not followed");
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
    }

    #[test]
    fn a_full_disk_is_an_error_that_says_what_helps() {
        let export = asked(PathBuf::from("/dev/full"), 3);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut writer = Writer::new(export.layout.clone());
        let now = || Timestamp::UNIX_EPOCH;
        let error = fill(&export, &full, &mut writer, &|_| {}, &|| false, &now).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        let (why, next) = words(&error);
        assert_eq!(why, "the disk is full");
        assert!(next.contains("make room there"));
        assert!(
            words(&ErrorKind::PermissionDenied.into())
                .1
                .contains("that you may write to")
        );
    }

    #[test]
    fn groups_stand_where_they_were_read() {
        let folder = Folder::new();
        let mut export = asked(folder.0.join("users.csv"), 3);
        export.layout = Layout::Csv(vec![Column::Username, Column::Groups]);
        let mut groups = Groups::named(["admins", "staff"].map(Raw::from));
        groups.put(0, [RowId(0)]);
        groups.put(1, [RowId(0), RowId(2)]);
        export.groups = Some(Arc::new(groups));
        written(&export, false).unwrap();
        let text = fs::read_to_string(&export.path).unwrap();
        assert_eq!(
            text,
            "username,groups\r\nuser-0,admins staff\r\nuser-1,\"\"\r\nuser-2,staff\r\n"
        );
    }

    #[test]
    fn the_chosen_name_is_given_to_a_whole_file_alone() {
        let folder = Folder::new();
        let export = asked(folder.0.join("users.csv"), 100_000);
        let seen = std::cell::RefCell::new(Vec::new());
        let news = |_| seen.borrow_mut().push(folder.names());
        let exported = write(&export, &news, &|| false, &|| Timestamp::UNIX_EPOCH).unwrap();
        assert!(matches!(exported, Exported::Written { users: 100_000, .. }));
        assert!(seen.borrow().len() > 1);
        for names in seen.borrow().iter() {
            assert_eq!(names, &[".cognitui-export-0.part"]);
        }
        assert_eq!(folder.names(), ["users.csv"]);
    }

    #[test]
    fn a_file_that_came_meanwhile_stays() {
        let folder = Folder::new();
        let export = asked(folder.0.join("users.csv"), 1);
        let news = |_| fs::write(&export.path, "theirs").unwrap();
        let exported = write(&export, &news, &|| false, &|| Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(exported, Exported::Exists(export.path.clone()));
        assert_eq!(fs::read_to_string(&export.path).unwrap(), "theirs");
        assert_eq!(folder.names(), ["users.csv"]);
        // The same where the file system cannot rename without replacing.
        let part = folder.0.join("part");
        fs::write(&part, "ours").unwrap();
        assert!(!linked(&part, &export.path).unwrap());
        assert_eq!(fs::read_to_string(&export.path).unwrap(), "theirs");
        assert!(linked(&part, &folder.0.join("new.csv")).unwrap());
        assert_eq!(folder.names(), ["new.csv", "users.csv"]);
    }

    #[test]
    fn too_many_cut_off_files_are_said_to_be_that() {
        let folder = Folder::new();
        for number in 0..=MOST_PARTS {
            fs::write(folder.0.join(format!(".cognitui-export-{number}.part")), "").unwrap();
        }
        let mut export = asked(folder.0.join("users.csv"), 1);
        for existing in [Existing::Keep, Existing::Replace] {
            export.existing = existing;
            let error = written(&export, false).unwrap_err();
            assert!(error.to_string().contains("cut off"), "{error}");
            assert_ne!(error.kind(), ErrorKind::AlreadyExists);
        }
    }

    #[test]
    fn a_folder_that_may_be_written_to_and_not_read_is_no_place_for_a_file() {
        let folder = Folder::new();
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o300)).unwrap();
        let exported = written(&asked(folder.0.join("users.csv"), 1), false);
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
        // Either the file is there and said to be, or neither: root may read every folder.
        assert_eq!(exported.is_ok(), folder.names() == ["users.csv"]);
        assert_eq!(exported.is_err(), folder.names().is_empty());
    }

    /// What became of it, for as long as nothing but a file would have been waited for.
    fn refused(path: PathBuf) -> (String, &'static str) {
        let mut words_of = Vec::new();
        for existing in [Existing::Keep, Existing::Replace] {
            let export = Export {
                existing,
                ..asked(path.clone(), 1)
            };
            words_of.push(words(&written(&export, false).unwrap_err()));
        }
        assert_eq!(words_of[0], words_of[1]);
        words_of.remove(0)
    }

    #[test]
    fn what_is_no_place_for_a_file_is_said_at_once_and_never_waited_for() {
        let folder = Folder::new();
        let pipe = folder.0.join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        for (path, why, next) in [
            (
                PathBuf::from("/dev/null"),
                "it is a device or a pipe, and users are written to files alone",
                "name a file",
            ),
            (
                PathBuf::from("/dev/full"),
                "it is a device or a pipe, and users are written to files alone",
                "name a file",
            ),
            (
                pipe.clone(),
                "it is a device or a pipe, and users are written to files alone",
                "name a file",
            ),
            (
                pipe.join("users.csv"),
                "what stands before its last / is no folder",
                "make the folder first, or name one that is there",
            ),
            (folder.0.clone(), "it is a folder", "add the name of a file to it"),
            (
                folder.0.join("nowhere/users.csv"),
                "there is no such folder",
                "make the folder first, or name one that is there",
            ),
            (
                folder.0.join("n".repeat(300)),
                "its name is too long",
                "give it a shorter name",
            ),
        ] {
            assert_eq!(refused(path), (why.to_owned(), next));
        }
        // Where a link leads does not matter: it is the link that would be replaced.
        symlink(&pipe, folder.0.join("link")).unwrap();
        let mut export = asked(folder.0.join("link"), 1);
        assert!(matches!(written(&export, false).unwrap(), Exported::Exists(_)));
        export.existing = Existing::Replace;
        assert!(matches!(
            written(&export, false).unwrap(),
            Exported::Written { users: 1, .. }
        ));
        assert_eq!(folder.names(), ["link", "pipe"]);
    }

    #[test]
    fn what_is_stopped_or_fails_leaves_nothing() {
        let folder = Folder::new();
        let export = asked(folder.0.join("users.csv"), 100_000);
        assert_eq!(written(&export, true).unwrap(), Exported::Stopped);
        assert_eq!(folder.names(), [""; 0]);
        let nowhere = asked(folder.0.join("nothing/users.csv"), 1);
        assert_eq!(written(&nowhere, false).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
