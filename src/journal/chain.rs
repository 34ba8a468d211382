//! The canonical form of a line and its hash: what makes a change, a cut or a reordering show.
//!
//! Written here rather than left to a serializer's settings, because every byte of it is part of the format.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::disk::{Cause, Trouble, hex};

use super::line::{Line, VERSION};
use super::seal;

/// A link of the chain: SHA-256 in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Hash(String);

impl Hash {
    /// What the first line of all points back to.
    pub(super) fn zero() -> Self {
        Self("0".repeat(64))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text of a line with its hash in it, ending in a newline.
pub(super) fn seal_line(line: &Line) -> Result<String, Trouble> {
    let form = |why: String| Trouble::new("journal", Cause::Form(why));
    let mut value = serde_json::to_value(line).map_err(|error| form(error.to_string()))?;
    let hash = hash(&value);
    match &mut value {
        Value::Object(members) => members.insert("hash".to_owned(), Value::String(hash.0)),
        _ => return Err(form("not an object".to_owned())),
    };
    let mut text = canonical(&value);
    text.push('\n');
    Ok(text)
}

/// The hash of a line that is exactly as this program wrote it, or whose values were taken out by the rules.
///
/// Looks at the members every line has and at nothing else, so that members added later do not disturb it.
pub(super) fn check(text: &str) -> Result<Hash, Cause> {
    let value: Value = serde_json::from_str(text).map_err(|_| Cause::Damaged)?;
    check_value(&value, text)
}

/// The same for a line that was parsed already.
pub(super) fn check_value(value: &Value, text: &str) -> Result<Hash, Cause> {
    match value.get("v").and_then(Value::as_u64) {
        Some(v) if v > VERSION => return Err(Cause::Newer),
        Some(_) => {}
        None => return Err(Cause::Damaged),
    }
    let hash = hash(value);
    let as_written = value.get("hash").and_then(Value::as_str) == Some(&hash.0);
    if as_written && canonical(value) == text && proven(value) {
        Ok(hash)
    } else {
        Err(Cause::Damaged)
    }
}

/// Whether every sealed value that is still there is the one its digest was made from. The hash cannot tell: it leaves
/// values out, so that they can be taken out.
fn proven(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(proven),
        Value::Object(members) if members.contains_key("digest") => {
            let member = |name: &str| members.get(name).map(Value::as_str);
            match (member("digest"), member("salt"), member("value")) {
                (Some(Some(_)), None, None) => true,
                (Some(Some(digest)), Some(Some(salt)), Some(Some(value))) => seal::proves(digest, salt, value),
                _ => false,
            }
        }
        Value::Object(members) => members.values().all(proven),
        _ => true,
    }
}

/// Leaves of every sealed value its digest. Says whether there was anything to take out.
pub(super) fn take_values_out(value: &mut Value) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().fold(false, |any, item| take_values_out(item) | any),
        Value::Object(members) => {
            let before = members.len();
            if members.contains_key("digest") {
                members.retain(|name, _| name != "salt" && name != "value");
            }
            let taken = members.len() < before;
            members
                .values_mut()
                .fold(taken, |any, member| take_values_out(member) | any)
        }
        _ => false,
    }
}

/// SHA-256 over the canonical form without the line's own `hash` and without the salts and values of sealed values.
fn hash(line: &Value) -> Hash {
    let mut text = String::new();
    match line {
        Value::Object(members) => {
            let rest = members.iter().filter(|(name, _)| *name != "hash");
            write_members(rest, Part::Bound, &mut text);
        }
        other => write(other, Part::Bound, &mut text),
    }
    Hash(hex(&Sha256::digest(text.as_bytes())))
}

/// Members sorted by name, no spaces, printable ASCII only.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, Part::Whole, &mut text);
    text
}

/// How much of a line is written out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// What the hash binds: sealed values by their digest.
    Bound,
}

fn write(value: &Value, part: Part, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, part, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let sealed = part == Part::Bound && members.contains_key("digest");
            let bound = |name: &str| !(sealed && (name == "salt" || name == "value"));
            write_members(members.iter().filter(|(name, _)| bound(name)), part, text);
        }
    }
}

fn write_members<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>, part: Part, text: &mut String) {
    // Sorted here, because the order of serde_json's map hangs on a feature that any crate in the tree can turn on.
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|(name, _)| *name);
    text.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(name, text);
        text.push(':');
        write(value, part, text);
    }
    text.push('}');
}

/// Everything outside printable ASCII is escaped, so that a value with terminal sequences in it is harmless in a pager.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(c),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text.push('"');
}
