//! A file of ours replaced as a whole: after a crash there is the old one or the new one, and never half of either.

use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::{fs, io};

use super::folder::{Folder, Making};
use super::{Cause, Trouble};

impl Folder {
    /// Puts `bytes` in the place of a file whose lock is held, so that nobody adds to the old one meanwhile. Whoever
    /// waits for that lock finds out with [`Folder::is_still`].
    pub fn replace(&self, held: &OwnedFd, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let new = format!("{name}.new");
        let failed = |errno| Trouble::new(self.path_of(&new), Cause::Io(errno));
        if !self.is_still(held, name)? {
            return Err(Trouble::new(self.path_of(name), Cause::Gone));
        }
        // What an earlier attempt left behind. Nobody else makes one: the lock is held.
        self.remove(&new)?;
        let file = self
            .open_file(&new, Making::New)?
            .ok_or_else(|| Trouble::new(self.path_of(&new), Cause::Gone))?;
        let written = write_all(&file, bytes)
            .and_then(|()| io::retry_on_intr(|| fs::fsync(&file)))
            .and_then(|()| io::retry_on_intr(|| fs::renameat(self.fd(), &new, self.fd(), name)));
        if let Err(errno) = written {
            // The first error is the one to tell; what is left over is removed by the next attempt.
            let _ = self.remove(&new);
            return Err(failed(errno));
        }
        self.sync()
    }

    /// Returns once the names in the folder are on disk.
    pub fn sync(&self) -> Result<(), Trouble> {
        io::retry_on_intr(|| fs::fsync(self.fd())).map_err(|errno| Trouble::new(self.path(), Cause::Io(errno)))
    }
}

/// Writes everything, in as many steps as it takes.
pub fn write_all(fd: &OwnedFd, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        let written = io::retry_on_intr(|| io::write(fd, bytes))?;
        if written == 0 {
            return Err(Errno::IO);
        }
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}
