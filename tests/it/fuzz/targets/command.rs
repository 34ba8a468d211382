//! The command that can be copied: a POSIX shell reads exactly the arguments, and the AWS CLI exactly the change.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognitui::domain::command::aws_command;
use cognitui::domain::schema::DataType;
use cognitui::domain::user::Source;
use cognitui::domain::{
    AttributeName, AttributeValue, ClientMetadata, Contact, Draft, Edit, Operation, Place, PoolId, Route, Rules,
    Schema, SchemaAttribute, Target, User, UserStatus, Username,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Bytes;

pub const WORDS: &[&[u8]] = &[
    b"'",
    b"'\\''",
    b"'; touch x; '",
    b"$(touch x)",
    b"`touch x`",
    b"\\",
    b"\\'",
    b"file:///etc/passwd",
    b"-x",
    b"Doe, Jane",
    b"\n",
    b"!!",
    b"~",
    b"*",
    b" # ",
    b"$ACCESS_TOKEN",
];

/// A command and what it should come to.
pub struct Copied {
    pub command: String,
    /// The arguments as a program is to get them; the token is a variable of the shell.
    pub arguments: Vec<String>,
}

pub const TOKEN: &str = "\"$ACCESS_TOKEN\"";

pub fn check(data: &[u8]) {
    let Some(Copied { command, arguments }) = copied(data) else {
        return;
    };
    assert_eq!(words(&command).as_ref(), Ok(&arguments), "{command}");
}

/// Builds a change from the bytes. `None`: they make one that is never sent.
pub fn copied(data: &[u8]) -> Option<Copied> {
    let mut bytes = Bytes::new(data);
    let route = bytes.pick(&[Route::Admin, Route::Admin, Route::Own]);
    // No argument of any program holds a NUL.
    let argument = |bytes: &mut Bytes<'_>| {
        let text = bytes.text().replace('\0', "");
        (!text.is_empty()).then_some(text)
    };
    let target = Target {
        profile: argument(&mut bytes),
        region: argument(&mut bytes),
        endpoint: argument(&mut bytes),
        ca_bundle: None,
    };
    let username = Username::new(bytes.text());
    let pool = PoolId::new(bytes.pick(&["eu-west-1_aB3dE5fGh", "local_1", "it's"]));
    let mut edits: BTreeMap<String, Option<String>> = BTreeMap::new();
    for _ in 0..bytes.below(4) {
        let name = match bytes.flag() {
            true => format!("custom:{}", bytes.text()),
            false => bytes.pick(&["nickname", "name", "address"]).to_owned(),
        };
        let value = bytes.text();
        edits.insert(name, (!value.is_empty()).then_some(value));
    }
    let metadata: BTreeMap<String, String> = (0..bytes.below(3)).map(|_| (bytes.text(), bytes.text())).collect();
    let left = bytes.rest();
    if !left.is_empty() {
        edits.insert("custom:rest".to_owned(), Some(left.chars().take(2_048).collect()));
    }

    let names: Vec<AttributeName> = edits.keys().map(AttributeName::new).collect();
    let schema = schema(&names);
    let user = User {
        username: username.clone(),
        // Whatever is deleted was there.
        attributes: names
            .iter()
            .map(|name| (name.clone(), AttributeValue::new("\u{0}before")))
            .collect(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::List,
        read_at: Timestamp::UNIX_EPOCH,
    };
    let mut draft = Draft::new(Arc::new(user), route);
    for (name, value) in &edits {
        let edit = match value {
            Some(value) => Edit::Set(AttributeValue::new(value)),
            None => Edit::Delete,
        };
        draft.set(AttributeName::new(name), edit);
    }
    draft.metadata = ClientMetadata(metadata.clone());
    let rules = Rules {
        schema: &schema,
        route,
        client: None,
    };
    let set = draft.change_set(&rules).ok().filter(|set| !set.is_empty())?;
    let operation = Operation::update(set);

    let place = Place { target, pool };
    let command = aws_command(&place, &operation).into_string();
    Some(Copied {
        command,
        arguments: expected(&place, &username, route, &edits, &metadata),
    })
}

fn schema(names: &[AttributeName]) -> Schema {
    let attribute = |name: &AttributeName| SchemaAttribute {
        name: name.clone(),
        data_type: DataType::String { min: None, max: None },
        mutable: true,
        required: false,
        developer_only: false,
    };
    debug_assert!(
        names
            .iter()
            .all(|name| !Contact::ALL.iter().any(|contact| contact.attribute() == *name))
    );
    Schema {
        attributes: names.iter().map(attribute).collect(),
    }
}

/// The arguments, put together from what was typed, the last of them as JSON that [`words`] has parsed.
fn expected(
    place: &Place,
    username: &Username,
    route: Route,
    edits: &BTreeMap<String, Option<String>>,
    metadata: &BTreeMap<String, String>,
) -> Vec<String> {
    let deletes = route == Route::Own && edits.values().all(Option::is_none);
    let call = match (route, deletes) {
        (Route::Admin, _) => "admin-update-user-attributes",
        (Route::Own, true) => "delete-user-attributes",
        (Route::Own, false) => "update-user-attributes",
    };
    let mut arguments = vec!["aws".to_owned(), "cognito-idp".to_owned(), call.to_owned()];
    let mut option = |name: &str, value: &str| arguments.extend([name.to_owned(), value.to_owned()]);
    if route == Route::Own {
        option("--access-token", TOKEN);
    }
    let own_region = place.pool.as_str().split_once('_').map(|(region, _)| region);
    let own_region = own_region.filter(|region| region.contains('-'));
    if let Some(region) = place.target.region.as_deref().or(own_region) {
        option("--region", region);
    }
    if let (Some(profile), Route::Admin) = (place.target.profile.as_deref(), route) {
        option("--profile", profile);
    }
    if let Some(endpoint) = &place.target.endpoint {
        option("--endpoint-url", endpoint);
    }
    let mut input = match route {
        Route::Admin => json!({ "UserPoolId": place.pool.as_str(), "Username": username.as_str() }),
        Route::Own => json!({}),
    };
    if deletes {
        input["UserAttributeNames"] = json!(edits.keys().collect::<Vec<_>>());
    } else {
        let attributes = edits
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value.as_deref().unwrap_or_default() }));
        input["UserAttributes"] = Value::Array(attributes.collect());
        if !metadata.is_empty() {
            input["ClientMetadata"] = json!(metadata);
        }
    }
    option("--cli-input-json", &input.to_string());
    arguments
}

/// Splits a command as a POSIX shell does (Shell Command Language, 2.2 Quoting), refusing everything that the shell would
/// expand. The JSON comes back in one form, after it was seen to be plain ASCII on one line.
pub fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = command;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            ' ' => words.extend(word.take()),
            '\'' => {
                let (literal, behind) = rest.split_once('\'').ok_or("a quote stays open")?;
                word.get_or_insert_default().push_str(literal);
                rest = behind;
            }
            '\\' => {
                let c = rest.chars().next().ok_or("a backslash ends it")?;
                rest = &rest[c.len_utf8()..];
                word.get_or_insert_default().push(c);
            }
            // The one thing that is to be expanded, and into one argument.
            '"' if rest.starts_with(&TOKEN[1..]) => {
                word.get_or_insert_default().push_str(TOKEN);
                rest = &rest[TOKEN.len() - 1..];
            }
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => word.get_or_insert_default().push(c),
            _ => return Err(format!("{} stands outside of quotes", c.escape_unicode())),
        }
    }
    words.extend(word);
    match words.last_mut() {
        Some(json) => *json = plain(json)?,
        None => return Err("no words".to_owned()),
    }
    Ok(words)
}

/// The JSON in one form, so that only what it means is compared.
pub fn plain(json: &str) -> Result<String, String> {
    if let Some(byte) = json.bytes().find(|byte| !matches!(byte, b' '..=b'~')) {
        return Err(format!("byte {byte:#04x} in the JSON"));
    }
    let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(value.to_string())
}
