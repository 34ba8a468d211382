//! `--user-attributes` and `--client-metadata` are read as the AWS CLI reads them: a corpus through our reading and
//! through the whole AWS CLI, up to the request it would send. Both must send the same or both must refuse, and where
//! the grammar of shorthand names a place, it must be the same place.
#![cfg(test)]

use std::ffi::OsString;
use std::fs;

use cognitui::cli::shorthand::{Misread, Surroundings, client_metadata, user_attributes};
use serde_json::{Map, Value, json};

use crate::peers::{self, Folder};

/// Files for the corpus, in the folder that both read from.
const FILES: &[(&str, &[u8])] = &[
    (
        "list.json",
        br#"[{"Name":"email","Value":"ann@example.com"},{"Name":"name","Value":"Doe, Jane"}]"#,
    ),
    ("spaced.json", b"\n\t [ {\"Name\": \"name\"} ]\r\n"),
    ("object.json", br#"{"Name":"email","Value":"ann@example.com"}"#),
    ("numbers.json", br#"[{"Name":"email","Value":5}]"#),
    ("broken.json", br#"[{"Name":"email","#),
    ("marked.json", b"\xef\xbb\xbf[{\"Name\":\"email\"}]"),
    ("item.txt", b"Name=email,Value=ann@example.com\n"),
    ("pairs.txt", b"ticket=T-1,note=\"first, second\"\n"),
    ("address.txt", b"1 Example Road\r\nTown, \"X\"\rCountry\n"),
    ("empty", b""),
    ("binary", b"\xff\xfe\x00"),
];

/// Values of one attribute, each in an item `Name=name,Value..`.
const VALUES: &[&str] = &[
    "=ann@example.com",
    "=",
    "",
    "=a=b",
    "=a==b=",
    "==b",
    "=true",
    "=01234",
    "= spaced  out ",
    "=\u{a0}no break\u{a0}",
    "=\u{1c}separated\u{1c}",
    "\t=\ttabs",
    "=two\nlines\n",
    "=Doe\\, Jane",
    "=\\,",
    "=a\\b",
    "=a\\\\b",
    "=\\\\,",
    "=\"\"",
    "=''",
    "=\"Doe, Jane\"",
    "='Doe, Jane'",
    "='Doe, \"J\" Jane'",
    "=\"Doe, 'J' Jane\"",
    r#"="a \" b""#,
    r"='a \' b'",
    r#"="a \\ b""#,
    r#"="a \\" b""#,
    r#"="a\""#,
    r"='a\' b",
    "=\"[x]\"",
    "=\"x\" ",
    "=Müller",
    "=\u{5c71}\u{7530}",
    "=\"\u{1f600}\"",
    "=\u{ffff}",
    "=\u{1f600}",
    "=a\u{1f600}",
    "=\u{1}",
    "=Doe, Jane",
    "=Doe,Jane,Ann",
    "=Doe,Jane,",
    "=Doe,",
    "=Doe, ",
    "=Doe,,Other=x",
    "=Doe,\"Jane, Ann\"",
    "=Doe,\"Jane, Ann\"=x",
    "=Doe,Jane\\, Ann=x",
    "=Doe,'Jane",
    "=O'Brien",
    "=say \"x\"",
    "=\"x\"y",
    "=\"x",
    "='x",
    "=[x]",
    "=[]",
    "=[x",
    "=[x,y]",
    "=x]",
    "=a[0",
    "={x}",
    "={x=y}",
    "={",
    "=x}",
    "=a{b",
    "=file://address.txt",
    "=fileb://address.txt",
    "=https://example.com/x",
    "@=file://address.txt",
    "@ = file://address.txt ",
    "@=\"file://address.txt\"",
    "@='file://notes/address.txt'",
    "@=file://~/address.txt",
    "@=file://$NOTES/address.txt",
    "@=file://${NOTES}/address.txt",
    "@=file://$UNKNOWN/address.txt",
    "@=fileb://address.txt",
    "@=file://not there",
    "@=file://binary",
    "@=file://empty",
    "@=plain",
    "@=",
    "@",
    "@@=x",
    ",Value=a",
    "=a,Value=b",
    "=a,Name=email,Value=b",
    "=a, Name=email",
    "=a,value=b",
    "=a,Other=b",
    "=a,Other@=file://address.txt",
    "=a , Name = email",
    "=a,=b",
    "=a,Jane Ann=b",
    "=a;b|c&d*e$f(g)h<i>j?k~l`m^n",
];

/// Arguments of `--user-attributes` as they are.
const ARGUMENTS: &[&[&str]] = &[
    &[],
    &[""],
    &[" "],
    &["="],
    &["=x"],
    &["Name"],
    &["Name="],
    &["Name=,Value=x"],
    &["Value=x"],
    &["Value=x,Name=name"],
    &[" Name=name"],
    &["Name =name , Value = x"],
    &["name=name,value=x"],
    &["\"Name\"=name"],
    &["Name=\"custom:Customer Attr1\",Value=\"Purple Haze\""],
    &["Name=custom:seats,Value=5"],
    &["Name=[x]"],
    &["Name@=file://item.txt"],
    &["Name=email,Value=a@b", "Name=email_verified,Value=true"],
    &["Name=email,Value=a@b", "Name=email,Value=c@d", "Name=Email,Value="],
    &["Name=email,Value=a@b", ""],
    &["Name=email,Value=a@b", "Name=name,Value=x,Name=y"],
    &["Name=email,Value=a@b", "{\"Name\":\"name\"}"],
    &["Name=email,Value=a@b", "file://list.json"],
    &[r#"[{"Name":"name","Value":"J,son"}]"#],
    &[r#" [ {"Name":"name","Value":""} , {"Name":"email"} ] "#],
    &[r#"{"Name":"name","Value":"true"}"#],
    &["\n{\"Name\":\"name\"}"],
    &[r#"{"Name":"name"}"#, r#" {"Name":"email","Value":"x"}"#],
    &[r#"{"Name":"name"}"#, r#"[{"Name":"email"}]"#],
    &[r#"{"Name":"name"}"#, "Name=email"],
    &[r#"{"Name":"name"}"#, ""],
    &[r#"{"Name":"name"}"#, "file://object.json"],
    &[r#"[{"Name":"name"}]"#, r#"[{"Name":"email"}]"#],
    &[r#"[{"Name":"name"}]"#, r#"{"Name":"email"}"#],
    &[r#"[{"Name":"name"}]"#, "Name=email"],
    &["[]"],
    &["{}"],
    &["[{}]"],
    &["[null]"],
    &["[[]]"],
    &[r#"["Name=name"]"#],
    &[r#"[{"Name":"name"},{"Value":"x"}]"#],
    &[r#"{"Name":"name","Value":null}"#],
    &[r#"{"Name":"name","Value":5}"#],
    &[r#"{"Name":"name","Value":true}"#],
    &[r#"{"Name":"name","Value":NaN}"#],
    &[r#"{"Name":"name","Value":["x"]}"#],
    &[r#"{"Name":"name","Value":{"x":"y"}}"#],
    &[r#"{"Name":"","Value":"x"}"#],
    &[r#"{"Name":null}"#],
    &[r#"{"Name":"name","Other":"x"}"#],
    &[r#"{"Name":"name","Other":null}"#],
    &[r#"{"Name":"name","Name":"email","Value":"x","Value":"y"}"#],
    &[r#"{"Name":"name","Value":"\u00fc \ud83d\ude00 \n \" \\ \/"}"#],
    &["{\"Name\":\"name\",\"Value\":\"two\nlines\"}"],
    &["{\"Name\":\"name\",\"Value\":\"\u{7f}\u{1f600}\"}"],
    &[r#"{"Name":"name"} x"#],
    &[r#"{'Name':'name'}"#],
    &[r#"{Name:"name"}"#],
    &["[1,]"],
    &["[{\"Name\":\"name\"}"],
    &["\u{a0}[]"],
    &["\u{b}[]"],
    &["\"name\""],
    &["null"],
    &["file://list.json"],
    &["file://spaced.json"],
    &["file://object.json"],
    &["file://numbers.json"],
    &["file://broken.json"],
    &["file://marked.json"],
    &["file://item.txt"],
    &["file://empty"],
    &["file://binary"],
    &["file://not there"],
    &["file://"],
    &["file://~/list.json"],
    &["file://~nobody/list.json"],
    &["file://$HOME/list.json"],
    &["file://${NOTES}/../list.json"],
    &["file://./list.json"],
    &[" file://list.json"],
    &["FILE://list.json"],
    &["file:list.json"],
    &["fileb://list.json"],
    &["file://list.json", "file://list.json"],
];

/// Arguments of `--client-metadata`.
const METADATA: &[&str] = &[
    "k=v,k2=v2",
    "k=v",
    "k=",
    "k",
    "",
    "=v",
    "k=v,",
    "k=v,k=w",
    "k=v, k2 = w ",
    "k=a,b",
    "k=a\\,b",
    "k=\"a, b\",k2='c'",
    "k=[a]",
    "k={a=b}",
    "k=a=b",
    "k-1_a.b#c/d:e=v",
    "k k=v",
    "k\u{fc}=v",
    "k=\"v\" x",
    "k@=file://address.txt",
    "k@=file://not there",
    "{}",
    r#"{"k":"v","k2":""}"#,
    r#" {"k 1":"v"}"#,
    r#"{"":"v"}"#,
    r#"{"k":"v","k":"w"}"#,
    r#"{"k":null}"#,
    r#"{"k":1}"#,
    r#"{"k":{"a":"b"}}"#,
    r#"{"k":["a"]}"#,
    r#"{"k":"v""#,
    "[]",
    r#"[{"k":"v"}]"#,
    "file://pairs.txt",
    "file://object.json",
    "file://list.json",
    "file://item.txt",
    "file://empty",
    "file://binary",
    "file://not there",
    "fileb://pairs.txt",
];

struct Input {
    attributes: Vec<String>,
    metadata: Option<String>,
}

fn attributes(arguments: &[&str]) -> Input {
    Input {
        attributes: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        metadata: None,
    }
}

fn corpus() -> Vec<Input> {
    let values = VALUES
        .iter()
        .map(|value| attributes(&[&format!("Name=name,Value{value}")]));
    let arguments = ARGUMENTS.iter().map(|arguments| attributes(arguments));
    let metadata = METADATA.iter().map(|metadata| Input {
        metadata: Some((*metadata).to_owned()),
        ..attributes(&["Name=name"])
    });
    values.chain(arguments).chain(metadata).collect()
}

/// What the request would hold, in the form that the script prints.
fn read(input: &Input, surroundings: Surroundings<'_>) -> Result<Value, Misread> {
    let given = user_attributes(&input.attributes, surroundings)?;
    let mut sent = Map::new();
    let listed = given.into_iter().map(|each| {
        let mut item = Map::from_iter([("Name".to_owned(), json!(each.name))]);
        item.extend(each.value.map(|value| ("Value".to_owned(), json!(value))));
        Value::Object(item)
    });
    sent.insert("UserAttributes".to_owned(), listed.collect());
    if let Some(metadata) = &input.metadata {
        sent.insert(
            "ClientMetadata".to_owned(),
            json!(client_metadata(metadata, surroundings)?),
        );
    }
    Ok(Value::Object(sent))
}

/// What differs, in words; `None` is agreement.
fn difference(ours: &Result<Value, Misread>, theirs: &Value) -> Option<String> {
    match (ours, theirs.get("sent")) {
        (Ok(ours), Some(sent)) if ours == sent => None,
        (Ok(ours), _) => Some(format!("read as {ours}")),
        (Err(misread), Some(_)) => Some(format!("refused: {misread}")),
        (Err(misread), None) => {
            // A list or a structure is refused where it begins, not where it is found to be broken.
            let words = misread.to_string();
            let earlier = ["is a list", "makes a list", "is a structure", "holds no list"]
                .iter()
                .any(|each| words.contains(each));
            let place = theirs["place"].as_u64().map(|place| place as usize);
            (!earlier && place.is_some() && misread.place() != place).then(|| format!("refused elsewhere: {words}"))
        }
    }
}

#[test]
fn every_argument_is_read_as_the_aws_cli_reads_it() {
    let Some(peers) = peers::for_suite("shorthand beside the AWS CLI") else {
        return;
    };
    let folder = Folder::new("shorthand").unwrap();
    fs::create_dir(folder.path().join("notes")).unwrap();
    for (name, content) in FILES {
        fs::write(folder.path().join(name), content).unwrap();
    }
    fs::copy(
        folder.path().join("address.txt"),
        folder.path().join("notes/address.txt"),
    )
    .unwrap();
    let home = folder.path().to_owned();
    let surroundings = Surroundings {
        read: &|path| fs::read(home.join(path)),
        variable: &|name| match name {
            "HOME" => Some(home.clone().into_os_string()),
            "NOTES" => Some(OsString::from("notes")),
            _ => None,
        },
    };

    let corpus = corpus();
    let inputs: Vec<Value> = corpus
        .iter()
        .map(|input| match &input.metadata {
            Some(metadata) => json!({"attributes": input.attributes, "metadata": metadata}),
            None => json!({"attributes": input.attributes}),
        })
        .collect();
    let document = json!({"variables": {"HOME": home, "NOTES": "notes"}, "inputs": inputs});
    let theirs = peers.read_by_aws_cli(&document, &folder).unwrap();
    let theirs = theirs.as_array().unwrap();
    assert_eq!(theirs.len(), corpus.len());

    let differences: Vec<String> = corpus
        .iter()
        .zip(theirs)
        .filter_map(|(input, theirs)| {
            let difference = difference(&read(input, surroundings), theirs)?;
            Some(format!(
                "{:?} {:?}\n  {difference}\n  the AWS CLI: {theirs}",
                input.attributes, input.metadata
            ))
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));

    // Neither half of the corpus is empty, or agreement would mean little.
    let sent = theirs.iter().filter(|each| each.get("sent").is_some()).count();
    assert!(sent > 60 && corpus.len() - sent > 60, "{sent} of {}", corpus.len());
}
