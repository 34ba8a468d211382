//! The same change as a command of the AWS CLI, for the operator's notes or a colleague.
//!
//! Only `--cli-input-json` with ASCII JSON in single quotes survives every value: the shorthand syntax splits at commas,
//! and `--username file://...` makes the CLI load a file (AWS CLI user guide, "Using quotation marks", "Loading a
//! parameter from a file").

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::change::ChangeSet;
use super::draft::Edit;
use super::intent::Operation;
use super::place::Place;
use super::raw::Raw;

/// The command that sends exactly these changes. It writes no journal entry.
///
/// The user's own call names the token by a variable of the shell: the token itself is nobody's to copy.
pub fn aws_command(place: &Place, operation: &Operation) -> Raw {
    let Some(changes) = operation.changes() else {
        return Raw::default();
    };
    let mut input = Map::new();
    let (name, token) = match operation {
        Operation::OwnUpdate(_) => ("update-user-attributes", true),
        Operation::OwnDelete(_) => ("delete-user-attributes", true),
        _ => ("admin-update-user-attributes", false),
    };
    if !token {
        input.insert("UserPoolId".into(), json!(place.pool.as_str()));
        input.insert("Username".into(), json!(changes.base().username.as_str()));
    }
    if matches!(operation, Operation::OwnDelete(_)) {
        let names: Vec<&str> = changes.changes().iter().map(|change| change.name.as_str()).collect();
        input.insert("UserAttributeNames".into(), json!(names));
    } else {
        input.insert("UserAttributes".into(), Value::Array(attributes(changes)));
        if !changes.metadata().0.is_empty() {
            input.insert("ClientMetadata".into(), json!(changes.metadata().0));
        }
    }
    let mut command = format!("aws cognito-idp {name}");
    if token {
        command.push_str(" --access-token \"$ACCESS_TOKEN\"");
    }
    let region = place.target.region.as_deref().or_else(|| place.pool.region());
    // Nobody signs a user's own call.
    let profile = place.target.profile.as_deref().filter(|_| !token);
    for (option, value) in [
        ("--region", region),
        ("--profile", profile),
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

fn attributes(changes: &ChangeSet) -> Vec<Value> {
    changes
        .changes()
        .iter()
        .map(|change| {
            let value = change.edit.value().map_or("", |value| value.as_str());
            debug_assert!(matches!(change.edit, Edit::Delete) || !value.is_empty());
            json!({ "Name": change.name.as_str(), "Value": value })
        })
        .collect()
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
    use std::sync::Arc;

    use super::*;
    use crate::domain::user::Source;
    use crate::domain::{
        AttributeName, AttributeValue, Draft, PoolId, Route, Rules, Schema, Target, User, UserStatus, Username,
    };

    fn own(edits: &[(&str, Edit)]) -> String {
        let user = User {
            username: Username::new("jane"),
            attributes: [(AttributeName::new("nickname"), AttributeValue::new("JD"))].into(),
            status: UserStatus::NotTold,
            enabled: true,
            created: None,
            changed: None,
            source: Source::Own {
                mfa: Default::default(),
            },
            read_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let schema = Schema::standard(user.attributes.keys());
        let mut draft = Draft::new(Arc::new(user), Route::Own);
        for (name, edit) in edits {
            draft.set(AttributeName::new(*name), edit.clone());
        }
        let place = Place {
            target: Target {
                profile: Some("support".into()),
                ..Target::default()
            },
            pool: PoolId::new("eu-west-1_aB3dE5fGh"),
        };
        let set = draft.change_set(&Rules::own(&schema, None)).unwrap();
        aws_command(&place, &Operation::update(set)).as_str().to_owned()
    }

    #[test]
    fn a_users_own_call_names_the_token_by_a_variable() {
        let set = own(&[("email", Edit::Set(AttributeValue::new("ann@example.com")))]);
        assert_eq!(
            set,
            "aws cognito-idp update-user-attributes --access-token \"$ACCESS_TOKEN\" --region 'eu-west-1' --cli-input-json \
             '{\"UserAttributes\":[{\"Name\":\"email\",\"Value\":\"ann@example.com\"}]}'"
        );
        let deleted = own(&[("nickname", Edit::Delete)]);
        assert_eq!(
            deleted,
            "aws cognito-idp delete-user-attributes --access-token \"$ACCESS_TOKEN\" --region 'eu-west-1' --cli-input-json \
             '{\"UserAttributeNames\":[\"nickname\"]}'"
        );
    }

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
