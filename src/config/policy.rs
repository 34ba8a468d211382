//! The machine's policy: a file of its administrator that is always read and that no operator can lift.
//!
//! A policy that cannot be read must not be a policy that does not hold: whatever is wrong with the file ends the start,
//! and so does a file that somebody else could have written.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::escape::{escaped, quoted};
use super::layers::{FileText, Layers};
use super::meant::Known;
use super::table::{Entry, POOL, SECTIONS, Section};

/// Where the policy is, decided when the program is built.
const PLACE: &str = match option_env!("COGNITUI_POLICY_FILE") {
    Some(path) => path,
    None => "/etc/cognitui/policy.toml",
};
const _: () = assert!(
    matches!(PLACE.as_bytes(), [b'/', ..]),
    "COGNITUI_POLICY_FILE names the policy's file by its whole path"
);

/// A policy is a page; more is another file by mistake.
const LARGEST: u64 = 1024 * 1024;

const OTHERS_WRITE: Mode = Mode::WGRP.union(Mode::WOTH);

/// The policy's file, and who may have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    path: PathBuf,
    owners: Vec<u32>,
}

impl PolicyFile {
    /// The file that was named when the program was built. A program that was built for testing looks elsewhere if it is
    /// told to; any other has no such door.
    pub fn of_this_machine(env: &dyn Fn(&str) -> Option<OsString>) -> Self {
        #[cfg(debug_assertions)]
        if let Some(path) = env("COGNITUI_TEST_POLICY") {
            return Self {
                path: PathBuf::from(path),
                owners: vec![ROOT, rustix::process::geteuid().as_raw()],
            };
        }
        let _the_door_is_for_tests = env;
        Self {
            path: PathBuf::from(PLACE),
            owners: vec![ROOT],
        }
    }

    #[cfg(test)]
    pub(super) fn for_test(path: PathBuf, owners: Vec<u32>) -> Self {
        Self { path, owners }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the policy says; `None` where there is none.
    pub(super) fn read(&self) -> Result<Option<String>, ConfigError> {
        self.text()
            .map_err(|(path, why)| ConfigError::whole(path, format!("{UNRELIABLE}: {why}")))
    }

    fn text(&self) -> Result<Option<String>, (&Path, String)> {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        match rustix::fs::statat(rustix::fs::CWD, folder, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => self
                .fit(&stat, FileType::Directory, folder)
                .map_err(|why| (folder, why))?,
            Err(Errno::NOENT) => return Ok(None),
            Err(errno) => return Err((folder, not_read(errno))),
        }
        let path = self.path.as_path();
        // Whatever lies there must not make the open itself wait, take a terminal or lead elsewhere.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let fd = match rustix::io::retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP | Errno::MLINK) => return Err((path, LINK.to_owned())),
            Err(errno) => return Err((path, not_read(errno))),
        };
        let stat = rustix::fs::fstat(&fd).map_err(|errno| (path, not_read(errno)))?;
        self.fit(&stat, FileType::RegularFile, path)
            .map_err(|why| (path, why))?;
        let mut bytes = Vec::new();
        std::fs::File::from(fd)
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| (path, not_read(error)))?;
        if bytes.len() as u64 > LARGEST {
            return Err((path, "it is larger than 1 MiB".to_owned()));
        }
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| (path, "it is not UTF-8 text".to_owned()))
    }

    /// Whether nobody but its owner can have written this.
    fn fit(&self, stat: &Stat, kind: FileType, path: &Path) -> Result<(), String> {
        let found = FileType::from_raw_mode(stat.st_mode);
        if found == FileType::Symlink {
            return Err(LINK.to_owned());
        }
        if found != kind {
            let expected = match kind {
                FileType::Directory => "it is not a folder",
                _ => "it is not an ordinary file",
            };
            return Err(expected.to_owned());
        }
        let shown = escaped(&path.to_string_lossy().replace('\'', r"'\''"));
        if !self.owners.contains(&stat.st_uid) {
            return Err(format!(
                "it belongs to the user with the number {}, not to root; as root: chown root '{shown}'",
                stat.st_uid
            ));
        }
        let mode = Mode::from_raw_mode(stat.st_mode);
        if mode.intersects(OTHERS_WRITE) {
            return Err(format!(
                "others can write to it (mode {:04o}); as root: chmod go-w '{shown}'",
                mode.as_raw_mode()
            ));
        }
        Ok(())
    }
}

const ROOT: u32 = 0;

const UNRELIABLE: &str = "the policy of this machine cannot be relied on, so nothing is started";

const LINK: &str = "it is a symbolic link; put the file itself there";

fn not_read(error: impl Into<io::Error>) -> String {
    format!("it cannot be read: {}", escaped(&error.into().to_string()))
}

/// What a policy can hold.
const KNOWN: Known = Known {
    sections: SECTIONS,
    lists: false,
    entry: |entry| entry.policy.is_some(),
    otherwise: "; the README lists what a policy can set",
};

/// The settings under a heading that a policy may decide.
fn decided(section: &'static Section) -> impl Iterator<Item = &'static Entry> {
    section.entries.iter().filter(|entry| entry.policy.is_some())
}

fn sections() -> impl Iterator<Item = &'static Section> {
    SECTIONS
        .iter()
        .copied()
        .filter(|section| decided(section).next().is_some())
}

/// Whatever stands in the policy and would be obeyed by nobody is a mistake.
pub(super) fn unknown_keys(layers: &mut Layers<'_>, file: &FileText<'_>, root: &DeTable<'_>) {
    for (name, value) in root.iter() {
        let (at, key) = (name.span().start, name.get_ref().as_ref());
        let section = sections().find(|section| !section.name.is_empty() && section.name == key);
        match (section, value.get_ref()) {
            (Some(section), DeValue::Table(table)) => {
                for (name, _) in table.iter() {
                    unknown_key(layers, file, section, name.span().start, name.get_ref());
                }
            }
            (Some(_), _) => {
                let words = format!("{key} is a section: write [{key}] and its settings below");
                layers.errors.push(ConfigError::at(&file.origin(at), words));
            }
            (None, _) if key == POOL => {
                let words = "a policy holds for every pool: write its settings without [[pool]]";
                layers.errors.push(ConfigError::at(&file.origin(at), words));
            }
            (None, _) => {
                if let Some(general) = sections().find(|section| section.name.is_empty()) {
                    unknown_key(layers, file, general, at, key);
                }
            }
        }
    }
}

fn unknown_key(layers: &mut Layers<'_>, file: &FileText<'_>, section: &'static Section, at: usize, key: &str) {
    if decided(section).any(|entry| entry.key == key) {
        return;
    }
    let place = match section.brackets() {
        heading if heading.is_empty() => String::new(),
        heading => format!(" in {heading}"),
    };
    let words = if section.entry(key).is_some() {
        format!(
            "{}{place} is left to the configuration: a policy cannot set it",
            quoted(key)
        )
    } else {
        format!("unknown key {}{place}{}", quoted(key), KNOWN.meant(section, key))
    };
    layers.errors.push(ConfigError::at(&file.origin(at), words));
}
