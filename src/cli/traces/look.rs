//! What lies in a place: how many files, and how old they are. What is in them is not read, but for the word that says
//! whether a shell's history knows this program.

use std::fs::{self, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Found;

/// Folders in folders of ours: a shared journal has one for each person.
const DEPTH: u32 = 3;

/// A history that is longer is looked at up to here.
const MOST: u64 = 16 * 1024 * 1024;

/// What is at a path: a file, or every file below a folder. A link is looked at as itself.
pub fn at(path: PathBuf) -> Found {
    let mut found = nothing(path);
    let path = found.path.clone();
    walk(&path, DEPTH, &mut found);
    found
}

/// The files in a folder whose names hold a word.
pub fn named(folder: PathBuf, word: &str) -> Found {
    let mut found = nothing(folder);
    for (path, about) in entries(&found.path) {
        let is_named = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().contains(word));
        if is_named {
            match about.is_dir() {
                true => walk(&path, DEPTH, &mut found),
                false => count(&about, &mut found),
            }
        }
    }
    found
}

/// A shell's history, and how many of its lines name the program.
pub fn history(path: PathBuf) -> Found {
    let mut found = at(path);
    if found.files == 0 {
        return found;
    }
    let mut text = Vec::new();
    let read = fs::File::open(&found.path).and_then(|file| file.take(MOST).read_to_end(&mut text));
    found.note = Some(match read {
        Ok(_) => {
            let lines = text.split(|byte| *byte == b'\n');
            let naming = lines.filter(|line| contains(line, b"cognitui")).count();
            format!("{naming} of its lines name cognitui")
        }
        Err(error) => format!("it cannot be read: {error}"),
    });
    found
}

/// Consoles that run now, by the folders in which the system shows their command lines.
pub fn processes(folder: &Path) -> Found {
    let mut found = nothing(folder.to_path_buf());
    for (path, about) in entries(folder) {
        let Ok(line) = fs::read(path.join("cmdline")) else {
            // Gone meanwhile, no process, or somebody else's.
            continue;
        };
        let mut words = line.split(|byte| *byte == 0);
        let program = words.next().unwrap_or_default();
        let is_ours = program.rsplit(|byte| *byte == b'/').next() == Some(b"cognitui");
        let own = path
            .file_name()
            .is_some_and(|name| *name == *std::process::id().to_string());
        if is_ours && !own {
            count(&about, &mut found);
        }
    }
    found
}

fn nothing(path: PathBuf) -> Found {
    Found {
        path,
        files: 0,
        oldest: None,
        newest: None,
        note: None,
    }
}

fn walk(path: &Path, depth: u32, found: &mut Found) {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => {
            if let Err(error) = fs::read_dir(path) {
                found.note = Some(format!("it cannot be looked into: {error}"));
            }
            if depth > 0 {
                for (path, _) in entries(path) {
                    walk(&path, depth - 1, found);
                }
            }
        }
        Ok(about) => count(&about, found),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => found.note = Some(format!("it cannot be looked at: {error}")),
    }
}

fn entries(folder: &Path) -> Vec<(PathBuf, Metadata)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let about = fs::symlink_metadata(&path).ok()?;
            Some((path, about))
        })
        .collect()
}

fn count(about: &Metadata, found: &mut Found) {
    found.files += 1;
    let Some(at) = about.modified().ok().and_then(|at| Timestamp::try_from(at).ok()) else {
        return;
    };
    found.oldest = Some(found.oldest.map_or(at, |known| known.min(at)));
    found.newest = Some(found.newest.map_or(at, |known| known.max(at)));
}

fn contains(line: &[u8], word: &[u8]) -> bool {
    line.windows(word.len()).any(|part| part == word)
}
