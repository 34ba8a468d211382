//! The configuration file and the machine's policy: whatever they hold, they are read or refused, and every mistake leads
//! to a line that is there.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use cognitui::config::{Config, ConfigErrors, Flags, PolicyFile, Service, Sources, load, show};

use super::Bytes;
use super::letters::is_dangerous;

pub const WORDS: &[&[u8]] = &[
    b"[screen]\n",
    b"[find]\n",
    b"[edit]\n",
    b"[pace]\n",
    b"[keys]\n",
    b"[[pool]]\n",
    b"[pool]\n",
    b"id = \"eu-west-1_aB3dE5fGh\"\n",
    b"theme = \"dark\"\n",
    b"charset = \"ascii\"\n",
    b"region = \"eu-west-1\"\n",
    b"profile = \"support\"\n",
    b"endpoint-url = \"http://127.0.0.1:5055\"\n",
    b"phone-prefixes = [\"+1\", \"+49\"]\n",
    b"read-only = true\n",
    b"protected = true\n",
    b"read-timeout = 0\n",
    b"connect-timeout = 9999999999999999999999\n",
    b"time-zone = \"Europe/Berln\"\n",
    b"quit = [\"q\", \"ctrl-q\"]\n",
    b"journal-dir = \"~/x\"\n",
    b"state-dir = \"../x\"\n",
    b"\"\\u001B]0;x\\u0007\" = 1\n",
    b"\"\"\"",
    b"'''",
    b"\r\n",
    b"\r",
    b"\n\n\n",
    b"# ",
    b" = ",
    b"{ a = 1, b = [",
    b"]",
    b"\"",
    b"1979-05-27T07:32:00Z",
    b"inf",
    b"0x_1",
    b"\xef\xbb\xbf",
    b"\xff",
    "\u{202e}".as_bytes(),
];

/// Variables that the configuration looks at.
const VARIABLES: [&str; 6] = [
    "AWS_REGION",
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "NO_COLOR",
    "HOME",
];

/// Whose file the bytes are.
#[derive(Clone, Copy)]
enum Kind {
    Own,
    Policy,
}

/// What one start is given besides the file.
struct Start {
    kind: Kind,
    service: Service,
    variable: Option<(&'static str, String)>,
}

pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let start = Start {
        service: bytes.pick(&[Service::Cognito, Service::Cognito, Service::Demo]),
        variable: match bytes.below(3) {
            0 => Some((bytes.pick(&VARIABLES), bytes.text())),
            _ => None,
        },
        kind: bytes.pick(&[Kind::Own, Kind::Own, Kind::Policy]),
    };
    let files = Files::new();
    let text = bytes.remaining();
    let result = files.load(&start, text);
    match &result {
        Err(errors) => told(&files.path(start.kind), text, errors),
        Ok(config) => {
            let shown = show(config);
            let raw = shown.chars().find(|c| *c != '\n' && is_dangerous(*c));
            assert_eq!(raw, None, "{shown}");
            // A remark at the end changes nothing.
            let more = [text, b"\n# nothing"].concat();
            assert_eq!(files.load(&start, &more).as_ref(), Ok(config), "{text:?}");
        }
    }
    assert_eq!(files.load(&start, text), result, "twice the same");
}

/// Every mistake stands in words that a terminal takes, and with a line of the file where it is of the file.
fn told(path: &Path, text: &[u8], errors: &ConfigErrors) {
    let lines = 1 + text.iter().filter(|byte| **byte == b'\n').count();
    let path = path.to_string_lossy();
    assert!(errors.iter().count() > 0);
    let mut last = 0;
    for error in errors.iter() {
        let words = error.to_string();
        let raw = words.chars().find(|c| is_dangerous(*c));
        assert_eq!(raw, None, "{words:?}");
        let Some(rest) = words.strip_prefix("policy ").unwrap_or(&words).strip_prefix(&*path) else {
            let layer = words.split(": ").next().unwrap_or_default();
            let known = VARIABLES.iter().any(|name| layer == format!("environment {name}"));
            assert!(known, "{words}");
            continue;
        };
        let (line, message) = rest
            .strip_prefix(':')
            .and_then(|rest| rest.split_once(':'))
            .unwrap_or_else(|| panic!("{words}"));
        assert!(!message.trim().is_empty(), "{words}");
        let line = match line.parse::<usize>() {
            Ok(line) => line,
            // The file as a whole, because it is no text; the operator's own still says where it stops to be.
            Err(_) if std::str::from_utf8(text).is_ok() => panic!("{words}"),
            Err(_) => match rest.strip_prefix(": line ").and_then(|rest| rest.split_once(' ')) {
                Some((line, _)) => line.parse().expect("a number"),
                None => {
                    assert!(words.contains("not UTF-8"), "{words}");
                    lines
                }
            },
        };
        assert!((1..=lines).contains(&line), "{words}, of {lines} lines");
        assert!(line >= last, "in the order of the file: {errors}");
        last = line;
    }
}

/// The files of one input, in a folder that nobody else may write to: a policy that others could have written is none.
struct Files(PathBuf);

impl Files {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("cognitui-fuzz-{}-{number}", std::process::id()));
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        made.expect("the temporary folder takes a folder");
        Self(folder)
    }

    fn path(&self, kind: Kind) -> PathBuf {
        self.0.join(match kind {
            Kind::Own => "config.toml",
            Kind::Policy => "policy.toml",
        })
    }

    fn write(&self, kind: Kind, text: &[u8]) {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(self.path(kind))
            .expect("the folder takes a file");
        file.write_all(text).expect("the file takes the text");
    }

    fn load(&self, start: &Start, text: &[u8]) -> Result<Config, ConfigErrors> {
        self.write(start.kind, text);
        let mut flags = Flags::default();
        flags.service = start.service;
        load(&Sources {
            flags,
            env: &|name| {
                let (_, value) = start.variable.as_ref().filter(|(set, _)| *set == name)?;
                Some(OsString::from(value))
            },
            folder: Some(self.0.clone()),
            policy: PolicyFile::of_this_machine(&|_| Some(self.path(Kind::Policy).into_os_string())),
        })
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // Left behind in the temporary folder at worst.
        let _ = fs::remove_dir_all(&self.0);
    }
}
