//! The other clients: Python with boto3 and the AWS CLI, pinned by the lock file of the tests, set up once under target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failed;

/// The folder with their programs.
pub fn python() -> Result<PathBuf, Failed> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/requirements.txt");
    let pinned = fs::read_to_string(&lock)?;
    let folder = target().join("bench-peers");
    let stamp = folder.join("ready");
    if fs::read_to_string(&stamp).is_ok_and(|ready| ready == pinned) {
        return Ok(folder.join("bin"));
    }
    eprintln!("  setting up boto3 and the AWS CLI in {} (once)", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--no-deps",
            "--no-input",
            "--disable-pip-version-check",
            "--quiet",
            "-r",
        ])
        .arg(&lock))?;
    fs::write(stamp, pinned)?;
    Ok(folder.join("bin"))
}

/// The smallest ncurses program, compiled.
pub fn smallest() -> Result<PathBuf, Failed> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/smallest.c");
    let program = target().join("tmp/smallest");
    run(Command::new("cc")
        .arg("-O2")
        .arg("-o")
        .arg(&program)
        .arg(source)
        .arg("-lncurses"))?;
    Ok(program)
}

fn target() -> &'static Path {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary)
}

fn run(command: &mut Command) -> Result<(), Failed> {
    if command.status()?.success() {
        return Ok(());
    }
    Err(format!("{:?} failed", command.get_program()).into())
}

/// An empty folder of this run, gone afterwards.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self, Failed> {
        use std::os::unix::fs::DirBuilderExt;

        let path = target().join(format!("tmp/numbers-{}", std::process::id()));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} is left behind: {error}", self.0.display());
        }
    }
}
