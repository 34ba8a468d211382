//! Folders for one test: under target, private, and gone afterwards, so that nothing a test writes reaches the home or
//! the temporary directory of the person who runs it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// A new folder with mode 0700, removed with everything in it when dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one; the name shows in its path.
    pub fn new(name: &str) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        static SWEPT: Once = Once::new();
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("folders");
        SWEPT.call_once(|| sweep(&all));
        let unique = format!(
            "{}-{}-{name}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = all.join(unique);
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A process that outlives its test may still write here; the next run sweeps what is left.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Removes what killed processes left behind. Only where the process table can be asked, and never a failure: a
/// leftover harms nobody.
fn sweep(all: &Path) {
    let Ok(leftovers) = std::fs::read_dir(all) else {
        return;
    };
    if !Path::new("/proc/self").exists() {
        return;
    }
    for leftover in leftovers.flatten() {
        let name = leftover.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.split('-').next())
            .and_then(|pid| pid.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            let _ = std::fs::remove_dir_all(leftover.path());
        }
    }
}

mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_folder_is_private_and_goes_with_its_owner() {
        let folder = Folder::new("private").unwrap();
        let path = folder.path().to_owned();
        std::fs::write(path.join("file"), "x").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn the_sweep_takes_only_what_dead_processes_left() {
        let all = Folder::new("sweep").unwrap();
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        let dead = all.path().join(format!("{}-0-x", gone.id()));
        gone.wait().unwrap();
        let alive = all.path().join(format!("{}-0-x", std::process::id()));
        let foreign = all.path().join("notes");
        for each in [&dead, &alive, &foreign] {
            std::fs::create_dir(each).unwrap();
        }
        sweep(all.path());
        assert_eq!([dead.exists(), alive.exists(), foreign.exists()], [false, true, true]);
    }
}
