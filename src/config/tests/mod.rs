//! Tests of the configuration as a whole, on real files in a folder of their own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

mod layering;
mod policy;
mod printed;
mod trusted;
mod wrong;

/// A folder for one test, removed afterwards; it stands for the user's configuration folder.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cognitui-config-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(text: &str) -> Self {
        let folder = Self::new();
        folder.write("config.toml", text);
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The policy of a machine with this folder as the policy's own.
    fn policy(&self) -> PolicyFile {
        PolicyFile::for_test(self.path("policy.toml"), vec![rustix::process::geteuid().as_raw()])
    }

    fn write_policy(&self, text: &str) -> PathBuf {
        let path = self.write("policy.toml", text);
        mode(&self.0, 0o755);
        mode(&path, 0o644);
        path
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind in the temporary folder at worst.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Whatever the umask made of it.
fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// What one start is given besides the folder.
#[derive(Default)]
struct Start {
    env: BTreeMap<&'static str, OsString>,
    flags: Flags,
    policy: Option<String>,
}

impl Start {
    fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.insert(name, value.into());
        self
    }

    fn flag(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.flags.give(name, Some(value));
        self
    }

    fn config(mut self, path: impl AsRef<Path>) -> Self {
        self.flags.config = Some(path.as_ref().to_path_buf());
        self
    }

    fn policy(mut self, text: &str) -> Self {
        self.policy = Some(text.to_owned());
        self
    }

    fn demo(mut self) -> Self {
        self.flags.service = Service::Demo;
        self
    }

    fn load(self, folder: &Folder) -> Result<Config, ConfigErrors> {
        let env = self.env;
        if let Some(text) = &self.policy {
            folder.write_policy(text);
        }
        load(&Sources {
            flags: self.flags,
            env: &|name| env.get(name).cloned(),
            folder: Some(folder.0.clone()),
            policy: folder.policy(),
        })
    }

    /// The messages of a start that must fail, with the folder's path taken out.
    fn mistakes(self, folder: &Folder) -> Vec<String> {
        let errors = self.load(folder).unwrap_err().to_string();
        let prefix = format!("{}/", folder.0.display());
        errors.lines().map(|line| line.replace(&prefix, "")).collect()
    }
}

fn loaded(text: &str) -> Config {
    Start::default().load(&Folder::with(text)).unwrap()
}

fn mistakes(text: &str) -> Vec<String> {
    Start::default().mistakes(&Folder::with(text))
}

/// The number of the line, if the value came from the file.
fn line(origin: &Origin) -> Option<usize> {
    match origin {
        Origin::File { line, .. } => Some(*line),
        _ => None,
    }
}
