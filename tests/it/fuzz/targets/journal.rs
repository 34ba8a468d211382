//! The journal's reader and its verification, against a writer made from the description of the format: what was written
//! is read, and whatever is changed shows.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use cognitui::domain::entry::{Entry, Kept};
use cognitui::domain::{PoolId, Raw};
use cognitui::journal::{Head, Places, Verified, head, read, verify};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::Bytes;

const POOL: &str = "eu-west-1_Test12345";

pub const WORDS: &[&[u8]] = &[
    b"{\"v\":1,",
    b"{\"v\":2,",
    b"\"intent\":{",
    b"\"outcome\":{",
    b"\"seen\":{",
    b"\"anchor\":{",
    b"\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\"",
    b"\"digest\":\"\"",
    b"\"salt\":\"\"",
    b"\"value\":\"\"",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"1.0",
    b"1e5",
    b"-0",
    b"}\n",
    b"\n",
    b"\r\n",
    b"\0\0\0\0",
    b"[[[[[[[[",
    b"\xef\xbb\xbf",
    b"\xff",
];

pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    if bytes.below(4) == 0 {
        return anything(bytes.remaining());
    }
    let chain = Chain::from(&mut bytes);
    let files = Files::new();

    // As it was written.
    files.write(&chain.text());
    let verified = verified(&files, &[]);
    assert!(
        verified.is_good() && verified.torn.is_empty(),
        "{:?}",
        verified.problems
    );
    let lines = chain.lines.len() as u64;
    let head = verified.chains.first().and_then(|chain| chain.head.clone());
    let head = head.expect("a chain of lines has a head");
    assert_eq!(
        (head.lines, &head.hash),
        (lines, &chain.last),
        "the head is the last line"
    );
    assert_eq!(head.to_string().parse(), Ok(head.clone()));
    let reading = read(&files.places(), None).expect("a journal that can be read");
    assert_eq!(reading.problems, []);
    assert_eq!(reading.entries.len(), chain.writes.len());
    for (entry, write) in reading.entries.iter().rev().zip(&chain.writes) {
        write.compare(entry);
    }

    // Changed in one place. The lost end of a chain is what only the head can show.
    let changed = change(&chain.text(), &mut bytes);
    if changed == chain.text() {
        return;
    }
    files.write(&changed);
    let found = verify(&files.places(), None, &[head]).expect("what is wrong is no error");
    assert!(!found.is_good(), "{}", changed.escape_ascii());
    whatever_is_found_is_there(&files, &changed);
}

/// A file of any bytes: it is read as far as it goes, and only a chain from its beginning to its end is good.
fn anything(text: &[u8]) {
    let files = Files::new();
    files.write(text);
    whatever_is_found_is_there(&files, text);
    let verified = verified(&files, &[]);
    if verified.is_good() && verified.torn.is_empty() {
        let good: u64 = verified.chains.iter().map(|chain| chain.lines).sum();
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(good, lines as u64, "{}", text.escape_ascii());
        assert!(text.is_empty() || text.ends_with(b"\n"), "{}", text.escape_ascii());
    }
    assert_eq!(
        head(&files.places(), None).expect("what is wrong is no error"),
        verified
    );
}

fn whatever_is_found_is_there(files: &Files, text: &[u8]) {
    let lines = 1 + text.iter().filter(|byte| **byte == b'\n').count() as u64;
    let reading = read(&files.places(), None).expect("what is wrong is no error");
    let verified = verified(files, &[]);
    let problems = reading.problems.iter().chain(&verified.problems).chain(&verified.torn);
    for line in problems.filter_map(|problem| problem.line) {
        assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
    // Printed for debugging, nothing of a value comes out.
    let printed = format!("{:?} {:?}", reading.entries, verified.problems);
    assert!(!printed.contains(PRIVATE), "{printed}");
}

fn verified(files: &Files, heads: &[Head]) -> Verified {
    verify(&files.places(), Some(&PoolId::new(POOL)), heads).expect("what is wrong is no error")
}

/// Stands in every value, so that it can be looked for where it must not be.
const PRIVATE: &str = "ann.private@example.com";

/// One write as it goes into the lines.
struct Written {
    id: String,
    username: String,
    changes: Vec<(String, Option<String>, Option<String>)>,
    reason: Option<String>,
    message: Option<String>,
    now: Option<(String, Option<String>)>,
}

impl Written {
    fn from(bytes: &mut Bytes<'_>, id: String) -> Self {
        let value = |bytes: &mut Bytes<'_>| format!("{PRIVATE}{}", bytes.text());
        let perhaps = |bytes: &mut Bytes<'_>| bytes.flag().then(|| value(bytes));
        Self {
            id,
            username: value(bytes),
            changes: (0..bytes.below(3))
                .map(|_| (bytes.text(), perhaps(bytes), perhaps(bytes)))
                .collect(),
            reason: perhaps(bytes),
            message: perhaps(bytes),
            now: bytes.flag().then(|| (bytes.text(), perhaps(bytes))),
        }
    }

    /// What is read of it is what was written.
    fn compare(&self, entry: &Entry) {
        let kept = |value: &Option<String>| value.as_ref().map(|value| Kept::Value(Raw::from(value.as_str())));
        assert_eq!(entry.id.as_str(), self.id);
        assert!(entry.username == Kept::Value(Raw::from(self.username.as_str())));
        assert!(entry.reason == kept(&self.reason));
        assert_eq!(entry.changes.len(), self.changes.len());
        for (change, (name, before, after)) in entry.changes.iter().zip(&self.changes) {
            assert_eq!(change.name.as_str(), name);
            assert!(change.before == kept(before) && change.after == kept(after), "{name:?}");
        }
        let answer = entry.answer.as_ref().expect("an outcome");
        let message = answer.fault.as_ref().map(|fault| fault.message.clone());
        assert!(message == kept(&self.message));
        match &self.now {
            Some((name, now)) => {
                let seen = entry.seen.last().expect("a reading");
                let [(read, value)] = seen.attributes.as_slice() else {
                    panic!("one attribute was read back");
                };
                assert!(read.as_str() == name && *value == kept(now), "{name:?}");
            }
            None => assert!(entry.seen.is_empty()),
        }
    }
}

/// A whole chain, from the zeros on.
struct Chain {
    writes: Vec<Written>,
    lines: Vec<String>,
    last: String,
}

impl Chain {
    fn from(bytes: &mut Bytes<'_>) -> Self {
        let mut chain = Self {
            writes: Vec::new(),
            lines: Vec::new(),
            last: "0".repeat(64),
        };
        for _ in 0..1 + bytes.below(3) {
            let id = format!("5eed5eed-{}", chain.lines.len() + 1);
            let write = Written::from(bytes, id);
            chain.intent(&write);
            chain.outcome(&write);
            if let Some((name, now)) = &write.now {
                chain.line(
                    &write.id,
                    "seen",
                    json!({
                        "account": { "enabled": true, "status": "CONFIRMED" },
                        "attributes": [{ "name": name, "now": now.as_deref().map(sealed) }],
                        "fault": null, "read_at": "2026-11-20T10:41:07.500Z", "word": "applied",
                    }),
                );
            }
            chain.writes.push(write);
        }
        chain
    }

    fn intent(&mut self, write: &Written) {
        let changes: Vec<Value> = (write.changes.iter())
            .map(|(name, before, after)| {
                json!({
                    "name": name,
                    "before": before.as_deref().map(sealed),
                    "after": after.as_deref().map(sealed),
                })
            })
            .collect();
        let intent = json!({
            "account": null, "changes": changes, "client": null, "contact": null, "message_action": null,
            "caller": { "account": "123456789012", "arn": null, "key_id": null, "profile": "support" },
            "metadata_keys": ["ticket"], "operation": "AdminUpdateUserAttributes",
            "place": { "account": null, "endpoint": null, "pool": POOL, "region": "eu-west-1" },
            "reason": write.reason.as_deref().map(sealed), "undoes": null,
            "user": { "sub": null, "username": sealed(&write.username) },
        });
        self.line(&write.id, "intent", intent);
    }

    fn outcome(&mut self, write: &Written) {
        let fault = write.message.as_deref().map(|message| {
            json!({
                "code": "AliasExistsException", "kind": "service", "message": sealed(message),
                "operation": "AdminUpdateUserAttributes", "request_id": "r-1", "status": 400,
            })
        });
        let word = if fault.is_some() { "refused" } else { "accepted" };
        let outcome = json!({
            "attempts": 1, "drift": [], "duration_ms": 140, "fault": fault, "reported": [], "request_id": "r-1",
            "why": null, "word": word,
        });
        self.line(&write.id, "outcome", outcome);
    }

    fn line(&mut self, id: &str, kind: &str, body: Value) {
        let seq = self.lines.len() + 1;
        let mut line = json!({
            "v": 1, "session": "5eed5eed", "seq": seq, "prev": self.last, "id": id, "program": "0.1.0",
            "time": format!("2026-11-20T10:41:{:02}.123Z", seq % 60), "repaired": null, kind: body,
        });
        self.last = hex(&Sha256::digest(canonical(&bound(&line))));
        line["hash"] = json!(self.last);
        self.lines.push(canonical(&line) + "\n");
    }

    fn text(&self) -> Vec<u8> {
        self.lines.concat().into_bytes()
    }
}

fn sealed(value: &str) -> Value {
    // Not secret here, and the same for the same value, so that an input means the same each time.
    let salt = &Sha256::digest(value)[..16];
    json!({ "salt": hex(salt), "value": value, "digest": hex(&Sha256::digest([salt, value.as_bytes()].concat())) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the hash binds: all but the salt and value of whatever has a digest.
fn bound(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(bound).collect(),
        Value::Object(members) => {
            let sealed = members.contains_key("digest");
            let kept = members
                .iter()
                .filter(|(name, _)| !(sealed && matches!(name.as_str(), "salt" | "value")));
            Value::Object(kept.map(|(name, value)| (name.clone(), bound(value))).collect())
        }
        other => other.clone(),
    }
}

/// Members by name, no spaces, everything outside of printable ASCII escaped.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => format!("{{{}}}", by_name(members).join(",")),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

fn by_name(members: &Map<String, Value>) -> Vec<String> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| *name);
    let member = |(name, value): (&String, &Value)| format!("{}:{}", quoted(name), canonical(value));
    members.into_iter().map(member).collect()
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => match ['\u{8}', '\t', '\n', '\u{c}', '\r']
                .iter()
                .position(|short| *short == c)
            {
                Some(at) => quoted.extend(['\\', ['b', 't', 'n', 'f', 'r'][at]]),
                None => quoted.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
            },
        }
    }
    quoted + "\""
}

/// One byte changed, taken out or put in; or a line lost, doubled or moved; or the end cut off.
fn change(text: &[u8], bytes: &mut Bytes<'_>) -> Vec<u8> {
    let mut changed = text.to_vec();
    let at = (usize::from(bytes.byte()) * 256 + usize::from(bytes.byte())) % text.len();
    let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let line = bytes.below(lines.len());
    match bytes.below(9) {
        0 | 1 => changed[at] = bytes.byte(),
        2 => changed[at] ^= 1 << bytes.below(8),
        3 => drop(changed.remove(at)),
        4 => changed.insert(at, bytes.byte()),
        5 => changed.truncate(at),
        6 => {
            lines.remove(line);
            changed = lines.concat();
        }
        7 => {
            lines.insert(line, lines[line]);
            changed = lines.concat();
        }
        _ => {
            let other = (line + 1) % lines.len();
            lines.swap(line, other);
            changed = lines.concat();
        }
    }
    changed
}

/// A state folder of one input.
struct Files(PathBuf);

impl Files {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let state = std::env::temp_dir().join(format!("cognitui-fuzz-state-{}-{number}", std::process::id()));
        let made = fs::DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(state.join("journal"));
        made.expect("the temporary folder takes a folder");
        Self(state)
    }

    fn places(&self) -> Places {
        Places::private(&self.0)
    }

    fn write(&self, text: &[u8]) {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(self.0.join("journal").join(format!("{POOL}-2026-11.jsonl")))
            .expect("the folder takes a file");
        file.write_all(text).expect("the file takes the text");
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // Left behind in the temporary folder at worst.
        let _ = fs::remove_dir_all(&self.0);
    }
}
