//! A value in the operator's own editor: a file nobody else can read, for as long as the editor runs.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::process::Command;

/// The longest file that is read back: far over any value the service takes.
const LONGEST: u64 = 1 << 20;

/// Why the value stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotEdited {
    #[error("neither VISUAL nor EDITOR is set")]
    NoEditor,
    #[error("there is no folder of your own to put the file in (XDG_RUNTIME_DIR, or a state folder)")]
    NoFolder,
    #[error("the file for the editor could not be used: {0}")]
    File(#[from] io::Error),
    #[error("{editor} could not be started: {error}")]
    Start { editor: String, error: io::Error },
    #[error("the editor ended with {0}")]
    Failed(std::process::ExitStatus),
    #[error("what the editor left is not UTF-8 text")]
    NotText,
}

/// Runs the editor on `text` and returns what it left, without the newline that editors put at the end. The terminal
/// has to be lent to it.
pub fn edit(text: &str) -> Result<String, NotEdited> {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .filter_map(std::env::var_os)
        .find(|editor| !editor.is_empty())
        .ok_or(NotEdited::NoEditor)?;
    let folder = Folder::make()?;
    let path = folder.0.join("value.txt");
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?
        .write_all(text.as_bytes())?;
    // A shell splits "code --wait" as people write it; the path is passed beside it, never through it.
    let status = Command::new("/bin/sh")
        .args(["-c", "exec $0 \"$1\""])
        .arg(&editor)
        .arg(&path)
        .status()
        .map_err(|error| NotEdited::Start {
            editor: editor.to_string_lossy().into_owned(),
            error,
        })?;
    if !status.success() {
        return Err(NotEdited::Failed(status));
    }
    let mut left = Vec::new();
    std::fs::File::open(&path)?.take(LONGEST).read_to_end(&mut left)?;
    let mut left = String::from_utf8(left).map_err(|_| NotEdited::NotText)?;
    if left.ends_with('\n') && !text.ends_with('\n') {
        left.pop();
        if left.ends_with('\r') {
            left.pop();
        }
    }
    Ok(left)
}

/// A folder of our own, with whatever the editor left beside the file (swap, backup), gone when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, NotEdited> {
        let base = match std::env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => directories::ProjectDirs::from("", "", "cognitui")
                .and_then(|folders| folders.state_dir().map(PathBuf::from))
                .ok_or(NotEdited::NoFolder)?,
        };
        // Private like everything in it: the journal refuses a state folder that others can use.
        DirBuilder::new().recursive(true).mode(0o700).create(&base)?;
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let path = base.join(format!("cognitui-edit-{:016x}", u64::from_ne_bytes(random)));
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the editor's folder could not be removed");
        }
    }
}
