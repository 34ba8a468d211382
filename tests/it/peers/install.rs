//! Puts the pinned Python and Node packages under target, once per change of their lock files, because `cargo test` on
//! a fresh machine must be enough.
//!
//! A set-up works in a folder of its own and the stamp that names the folder is written last, so one that was
//! interrupted, even with a package manager still running, is never taken for a finished one.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Missing, say};

/// What the lock files for Python need, in the words of the failure.
pub const PYTHON: &str = "Python 3.11 or newer (python3 with venv)";
/// What cognito-local needs, in the words of the failure.
pub const NODE: &str = "Node.js 20 or newer (node with npm)";

const REQUIREMENTS: &str = "requirements.txt";
const MINISTACK_REQUIREMENTS: &str = "requirements-ministack.txt";

const PYTHON_CHECK: &str = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 11) else 1)";
const NODE_CHECK: &str = "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)";

/// The folder of the lock files, the servers and the clients.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

/// Where everything is installed.
pub fn test_peers() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).join("test-peers")
}

/// The three parts, ready to be run.
pub struct Installed {
    python: PathBuf,
    ministack: PathBuf,
    node: PathBuf,
    compiled: PathBuf,
}

impl Installed {
    /// Sets up under `root` what is not there yet. One process does it, the others wait for its lock.
    pub fn ensure(root: &Path) -> Result<Self, Missing> {
        let io_failed = |step: &str, error: io::Error| Missing::SetUp {
            step: format!("{step} in {}", root.display()),
            output: error.to_string(),
        };
        fs::create_dir_all(root).map_err(|error| io_failed("making the folder", error))?;
        let lock = File::create(root.join("lock")).map_err(|error| io_failed("the lock file", error))?;
        // Held until this function returns; the kernel lets go of it if this process dies.
        lock.lock().map_err(|error| io_failed("waiting for the lock", error))?;

        let python = Part::python(root)?;
        let ministack = Part::ministack(root)?;
        let node = Part::node(root)?;
        if [&python, &ministack, &node].iter().any(|part| part.folder().is_none()) {
            let missing: Vec<&'static str> = [
                (PYTHON, tool_works("python3", &["-c", PYTHON_CHECK])),
                (
                    NODE,
                    tool_works("node", &["-e", NODE_CHECK]) && tool_works("npm", &["--version"]),
                ),
            ]
            .into_iter()
            .filter_map(|(tool, works)| (!works).then_some(tool))
            .collect();
            if !missing.is_empty() {
                return Err(Missing::Tools(missing));
            }
            say(&format!(
                "setting up moto, cognito-local and ministack in {} (once, about a minute)",
                root.display()
            ));
        }
        // All at once: most of it is waiting for servers.
        let (python, ministack, node) = std::thread::scope(|scope| {
            let ministack = scope.spawn(|| ministack.ensure());
            let node = scope.spawn(|| node.ensure());
            (python.ensure(), ministack.join(), node.join())
        });
        let or_panic = |joined: std::thread::Result<Result<PathBuf, Missing>>| {
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        Ok(Self {
            python: python?,
            ministack: or_panic(ministack)?,
            node: or_panic(node)?,
            compiled: root.join("compiled"),
        })
    }

    /// A command that runs the Python of the set-up with our modules in reach and nothing of the caller's
    /// environment: no profile, no proxy, no credentials.
    pub fn python(&self) -> Command {
        self.python_in(&self.python)
    }

    /// The same for the Python that has ministack and none of the others.
    pub fn ministack(&self) -> Command {
        self.python_in(&self.ministack)
    }

    fn python_in(&self, folder: &Path) -> Command {
        let mut command = Command::new(folder.join("bin/python"));
        bare(&mut command)
            .env("PYTHONPATH", sources())
            .env("PYTHONIOENCODING", "utf-8")
            // Compiled files stay out of the work tree, and out of the set-up, which they made a third slower.
            .env("PYTHONPYCACHEPREFIX", &self.compiled)
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    /// Where the AWS CLI of the set-up is, for a search path.
    pub fn python_commands(&self) -> PathBuf {
        self.python.join("bin")
    }

    /// A command that runs a script of `tests/peers` with Node; the first argument is the folder of `node_modules`.
    pub fn node(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        bare(&mut command).arg(sources().join(script)).arg(&self.node);
        command
    }
}

/// Leaves only what a program needs to be found and to read text.
fn bare(command: &mut Command) -> &mut Command {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LANG", "C.UTF-8")
}

fn tool_works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What is set up from one lock file. The stamp holds the folder and the text of the lock file it was made from.
struct Part {
    name: &'static str,
    root: PathBuf,
    /// The files the set-up is made from; the first is the lock file.
    files: &'static [&'static str],
    lock_text: String,
    /// A file that is there in a working set-up: a removed interpreter leaves a dangling link.
    proof: &'static str,
    fill: fn(&Path) -> Result<(), Missing>,
}

impl Part {
    fn python(root: &Path) -> Result<Self, Missing> {
        Self::new("python", root, &[REQUIREMENTS], "bin/python", |folder| {
            fill_python(folder, REQUIREMENTS)
        })
    }

    fn ministack(root: &Path) -> Result<Self, Missing> {
        Self::new("ministack", root, &[MINISTACK_REQUIREMENTS], "bin/python", |folder| {
            fill_python(folder, MINISTACK_REQUIREMENTS)
        })
    }

    fn node(root: &Path) -> Result<Self, Missing> {
        Self::new(
            "node",
            root,
            &["package-lock.json", "package.json", ".npmrc"],
            "node_modules/cognito-local/package.json",
            fill_node,
        )
    }

    fn new(
        name: &'static str,
        root: &Path,
        files: &'static [&'static str],
        proof: &'static str,
        fill: fn(&Path) -> Result<(), Missing>,
    ) -> Result<Self, Missing> {
        let mut lock_text = String::new();
        for file in files {
            let path = sources().join(file);
            let text = fs::read_to_string(&path).map_err(|error| Missing::SetUp {
                step: format!("reading {}", path.display()),
                output: error.to_string(),
            })?;
            lock_text.push_str(&text);
        }
        Ok(Self {
            name,
            root: root.to_owned(),
            files,
            lock_text,
            proof,
            fill,
        })
    }

    fn stamp(&self) -> PathBuf {
        self.root.join(format!("{}.ready", self.name))
    }

    /// The folder of a finished set-up from these very files.
    fn folder(&self) -> Option<PathBuf> {
        let stamp = fs::read_to_string(self.stamp()).ok()?;
        let (folder, lock_text) = stamp.split_once('\n')?;
        let folder = PathBuf::from(folder);
        // A target folder that was moved holds scripts that point to the old place.
        let in_place = folder.starts_with(&self.root) && folder.join(self.proof).exists();
        (in_place && lock_text == self.lock_text).then_some(folder)
    }

    fn ensure(&self) -> Result<PathBuf, Missing> {
        if let Some(folder) = self.folder() {
            return Ok(folder);
        }
        let failed = |error: io::Error| Missing::SetUp {
            step: format!("preparing the {} folder", self.name),
            output: error.to_string(),
        };
        self.remove_old().map_err(failed)?;
        let folder = self.root.join(format!("{}-{}", self.name, std::process::id()));
        fs::create_dir_all(&folder).map_err(failed)?;
        for file in self.files {
            fs::copy(sources().join(file), folder.join(file)).map_err(failed)?;
        }
        (self.fill)(&folder)?;
        fs::write(self.stamp(), format!("{}\n{}", folder.display(), self.lock_text)).map_err(failed)?;
        Ok(folder)
    }

    /// Removes the stamp first: from then on nothing counts as set up.
    fn remove_old(&self) -> io::Result<()> {
        match fs::remove_file(self.stamp()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        for entry in fs::read_dir(&self.root)? {
            let path = entry?.path();
            let ours = path
                .file_name()
                .and_then(OsStr::to_str)
                .and_then(|name| name.strip_prefix(self.name))
                .is_some_and(|rest| rest.starts_with('-'));
            if ours {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }
}

fn fill_python(folder: &Path, requirements: &str) -> Result<(), Missing> {
    run(
        "python3 -m venv",
        Command::new("python3").args(["-m", "venv"]).arg(folder),
    )?;
    let python = folder.join("bin/python");
    // The lock file is the full list, so nothing is left to resolve; the check proves that it is complete.
    run(
        "pip install",
        Command::new(&python)
            .args(["-m", "pip", "install", "--no-deps", "--no-compile"])
            .args(["--no-input", "--disable-pip-version-check", "--quiet", "-r"])
            .arg(folder.join(requirements)),
    )?;
    run(
        "pip check",
        Command::new(&python).args(["-m", "pip", "check", "--disable-pip-version-check"]),
    )
}

fn fill_node(folder: &Path) -> Result<(), Missing> {
    run("npm ci", Command::new("npm").arg("ci").current_dir(folder))
}

fn run(step: &str, command: &mut Command) -> Result<(), Missing> {
    let failed = |output: String| Missing::SetUp {
        step: step.to_owned(),
        output,
    };
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(failed(last_lines(&said, 30)))
}

/// The end of an output, where tools put the reason.
pub fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

mod tests {
    use super::*;
    use crate::peers::Folder;

    fn stand_in(root: &Path, fill: fn(&Path) -> Result<(), Missing>) -> Part {
        Part::new("stand-in", root, &["package.json"], "proof", fill).unwrap()
    }

    fn fill(folder: &Path) -> Result<(), Missing> {
        fs::write(folder.join("proof"), "").unwrap();
        Ok(())
    }

    #[test]
    fn a_second_set_up_finds_the_first_until_a_lock_file_changes() {
        let root = Folder::new("install").unwrap();
        let part = stand_in(root.path(), fill);
        assert_eq!(part.folder(), None);
        let folder = part.ensure().unwrap();
        assert_eq!(part.folder(), Some(folder.clone()));

        let mut changed = stand_in(root.path(), fill);
        changed.lock_text.push('x');
        assert_eq!(changed.folder(), None);

        fs::remove_file(folder.join("proof")).unwrap();
        assert_eq!(part.folder(), None, "the interpreter went away");
    }

    #[test]
    fn an_interrupted_set_up_counts_for_nothing_and_is_cleared_away() {
        let root = Folder::new("install").unwrap();
        let left = root.path().join("stand-in-0");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("proof"), "").unwrap();
        let part = stand_in(root.path(), fill);
        assert_eq!(part.folder(), None);
        part.ensure().unwrap();
        assert!(!left.exists());
    }

    #[test]
    fn a_failed_step_shows_its_output_and_leaves_no_stamp() {
        let root = Folder::new("install").unwrap();
        let part = stand_in(root.path(), |_| {
            run(
                "the step",
                Command::new("sh").args(["-c", "echo the reason >&2; exit 1"]),
            )
        });
        let failure = part.ensure().unwrap_err().to_string();
        assert!(failure.ends_with("the step failed\nthe reason"), "{failure}");
        assert_eq!(part.folder(), None);
    }

    #[test]
    fn lock_files_name_versions_and_no_address() {
        for file in [REQUIREMENTS, MINISTACK_REQUIREMENTS] {
            let requirements = fs::read_to_string(sources().join(file)).unwrap();
            for line in requirements.lines().filter(|line| !line.starts_with('#')) {
                let (name, version) = line.split_once("==").unwrap();
                assert!(!name.is_empty() && !version.is_empty(), "{file}: {line}");
                assert!(!line.contains(['/', '@', ' ']), "{file}: {line}");
            }
        }
        let lock: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(sources().join("package-lock.json")).unwrap()).unwrap();
        let packages = lock["packages"].as_object().unwrap();
        assert!(packages.len() > 100);
        for (name, package) in packages {
            assert!(package.get("resolved").is_none(), "{name}");
            assert!(name.is_empty() || package["integrity"].is_string(), "{name}");
        }
    }
}
