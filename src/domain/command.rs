//! The same change as a command of the AWS CLI, for the operator's notes or a colleague.
//!
//! Only `--cli-input-json` with ASCII JSON in single quotes survives every value: the shorthand syntax splits at commas,
//! and `--username file://...` makes the CLI load a file (AWS CLI user guide, "Using quotation marks", "Loading a
//! parameter from a file").

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::change::ChangeSet;
use super::draft::Edit;
use super::place::Place;
use super::raw::Raw;

/// The command that sends exactly these changes. It writes no journal entry.
pub fn aws_command(place: &Place, changes: &ChangeSet) -> Raw {
    let attributes: Vec<Value> = changes
        .changes()
        .iter()
        .map(|change| {
            let value = change.edit.value().map_or("", |value| value.as_str());
            debug_assert!(matches!(change.edit, Edit::Delete) || !value.is_empty());
            json!({ "Name": change.name.as_str(), "Value": value })
        })
        .collect();
    let mut input = Map::new();
    input.insert("UserPoolId".into(), json!(place.pool.as_str()));
    input.insert("Username".into(), json!(changes.base().username.as_str()));
    input.insert("UserAttributes".into(), Value::Array(attributes));
    if !changes.metadata().0.is_empty() {
        input.insert("ClientMetadata".into(), json!(changes.metadata().0));
    }
    let mut command = String::from("aws cognito-idp admin-update-user-attributes");
    let region = place.target.region.as_deref().or_else(|| place.pool.region());
    for (option, value) in [
        ("--region", region),
        ("--profile", place.target.profile.as_deref()),
        ("--endpoint-url", place.target.endpoint.as_deref()),
    ] {
        if let Some(value) = value {
            command.push(' ');
            command.push_str(option);
            command.push(' ');
            command.push_str(&quoted(value));
        }
    }
    command.push_str(" --cli-input-json ");
    command.push_str(&quoted(&ascii(&Value::Object(input).to_string())));
    Raw::from(command)
}

/// POSIX single quotes: everything between them is literal, so only the quote itself needs care.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// JSON text with everything outside ASCII, and DEL, as `\u` escapes, so that no terminal and no locale can change it.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_survive_the_shell() {
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("$(rm) `x` \\ \""), "'$(rm) `x` \\ \"'");
    }

    #[test]
    fn json_is_ascii_and_means_the_same() {
        let value = json!({ "Value": "Renée 👩‍👧 \u{202e}\u{7f}\u{1b}[31m" });
        let text = ascii(&value.to_string());
        assert!(text.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
