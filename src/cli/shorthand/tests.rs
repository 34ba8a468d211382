//! Words, places and files; what is read, and what is refused, is compared with the AWS CLI itself in
//! `tests/it/shorthand.rs`.

use std::cell::RefCell;
use std::path::PathBuf;

use super::*;

fn no_file(path: &Path) -> io::Result<Vec<u8>> {
    Err(io::Error::new(
        io::ErrorKind::NotFound,
        format!("{} was asked for", path.display()),
    ))
}

fn no_variable(_: &str) -> Option<OsString> {
    None
}

fn attributes(arguments: &[&str]) -> Result<Vec<Given>, Misread> {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let surroundings = Surroundings {
        read: &no_file,
        variable: &no_variable,
    };
    user_attributes(&arguments, surroundings)
}

fn with_file(argument: &str, content: &[u8]) -> Result<Vec<Given>, Misread> {
    let surroundings = Surroundings {
        read: &|_| Ok(content.to_owned()),
        variable: &no_variable,
    };
    user_attributes(&[argument.to_owned()], surroundings)
}

fn metadata(argument: &str) -> Result<BTreeMap<String, String>, Misread> {
    let surroundings = Surroundings {
        read: &no_file,
        variable: &no_variable,
    };
    client_metadata(argument, surroundings)
}

fn given(name: &str, value: &str) -> Given {
    Given {
        name: name.to_owned(),
        value: Some(value.to_owned()),
    }
}

fn words<T: fmt::Debug>(read: Result<T, Misread>) -> String {
    read.unwrap_err().to_string()
}

#[test]
fn items_keep_their_order_and_their_blank_and_missing_values() {
    let nothing = Given {
        name: "nickname".to_owned(),
        value: None,
    };
    assert_eq!(
        attributes(&["Name=email,Value=a=b", "Name=name,Value=", "Name=nickname"]),
        Ok(vec![given("email", "a=b"), given("name", ""), nothing])
    );
}

#[test]
fn a_name_given_twice_is_kept_and_can_be_found() {
    let twice = attributes(&["Name=email,Value=a@b", "Name=Email,Value=x", "Name=email,Value=c@d"]).unwrap();
    assert_eq!(twice.len(), 3);
    assert_eq!(named_twice(&twice), Some("email"));
    assert_eq!(named_twice(&twice[..2]), None);
}

#[test]
fn a_second_key_is_told_with_its_place() {
    assert_eq!(
        words(attributes(&["Name=email,Value=a@b,Name=name,Value=Ann"])),
        "--user-attributes: \"Name\" stands here a second time in one item (character 22)\n  \
         Name=email,Value=a@b,Name=name,Value=Ann\n                       ^\n\
         Items are separated by a space, the keys within an item by a comma. If the next attribute begins here, write \
         a space in place of the comma before it."
    );
    assert_eq!(
        words(metadata("k=v,k=w")),
        "--client-metadata: \"k\" stands here a second time in one item (character 5)\n  k=v,k=w\n      ^\n\
         A key stands once; take one of the two out."
    );
}

#[test]
fn what_a_value_cannot_be_is_told_with_the_way_to_write_it() {
    assert_eq!(
        words(attributes(&["Name=name,Value=Doe, Jane"])),
        "--user-attributes: a comma makes a list of this value, and it must be one text (character 20)\n  \
         Name=name,Value=Doe, Jane\n                     ^\n\
         If the comma belongs to the value, put the value into quotation marks, and for the shell the whole argument \
         into the other kind: 'Name=name,Value=\"Doe, Jane\"'"
    );
    assert_eq!(
        words(attributes(&["Name=email", "Name=name,Value=O'Brien"])),
        "--user-attributes, item 2: a value without quotation marks cannot hold ' here (character 18)\n  \
         Name=name,Value=O'Brien\n                   ^\n\
         To write it, put the value into quotation marks, and for the shell the whole argument into the other kind: \
         'Name=name,Value=\"Doe, Jane\"'"
    );
    for (value, says) in [
        ("[x]", "a value that begins with [ is a list"),
        ("{x}", "a value that begins with { is a structure"),
        ("'x", "the quotation mark ' that opens here is not closed"),
        (
            "\"x\"y",
            "a comma or the end was expected behind the closing quotation mark",
        ),
        ("x,", "something was expected behind the last comma"),
        ("=x", "cannot hold = here"),
        ("\u{1f600}", "cannot hold \u{1f600} here"),
        ("x,y z=1", "= was expected behind the key \"y\""),
        ("x,'y'=1", "a key was expected here"),
        ("x,y=1", "the item has the unknown key \"y\""),
    ] {
        let words = words(attributes(&[&format!("Name=a,Value={value}")]));
        assert!(words.contains(says), "{value}: {words}");
        assert!(words.contains("^\n"), "{value}: no place in {words}");
    }
}

#[test]
fn a_long_nest_of_brackets_is_refused_like_a_short_one() {
    let nest = "[".repeat(100_000);
    assert!(words(attributes(&[&format!("Name=a,Value={nest}")])).contains("is a list"));
    assert!(words(attributes(&[&nest])).contains("this is not JSON"));
}

#[test]
fn items_are_all_of_one_form() {
    assert!(words(attributes(&["Name=a", r#"{"Name":"b"}"#])).contains("this is JSON, and the items before it are"));
    assert!(words(attributes(&[r#"{"Name":"b"}"#, "Name=a"])).starts_with("--user-attributes, item 2: the first of"));
    assert!(words(attributes(&["Name=a", "file://x"])).contains("a file cannot be one argument of several"));
    assert_eq!(
        words(attributes(&[""])),
        "--user-attributes: there is nothing here\nThe form is Name=email,Value=ann@example.com"
    );
}

#[test]
fn json_is_marked_where_it_ends_to_be_json() {
    assert_eq!(
        words(attributes(&["[\n {\"Name\": \"é\" \"Value\": \"\"}]"])),
        "--user-attributes: this is not JSON: expected `,` or `}` (character 15 of line 2)\n   \
         {\"Name\": \"é\" \"Value\": \"\"}]\n                ^\n\
         What begins with [ or { is read as JSON, as is every file of --user-attributes."
    );
    assert!(words(attributes(&[r#"[{"Name":"a"},{"Name":"b","Value":5}]"#])).starts_with(
        "--user-attributes: item 2 of the list has a number as its Value, and that must be text in quotation marks\n"
    ));
    assert!(words(metadata(r#"{"k":true}"#)).starts_with("--client-metadata: \"k\" has true or false as its value\n"));
}

/// The AWS CLI sends it; it is no text, and no service could keep it.
#[test]
fn half_of_a_surrogate_pair_is_refused() {
    assert!(words(attributes(&[r#"{"Name":"name","Value":"\ud800"}"#])).contains("this is not JSON"));
}

#[test]
fn a_file_is_json_for_attributes_and_either_form_for_metadata() {
    assert_eq!(
        with_file("file://x.json", b"\n[{\"Name\":\"email\",\"Value\":\"a@b\"}]\r\n"),
        Ok(vec![given("email", "a@b")])
    );
    for content in ["Name=email,Value=a@b", r#"{"Name":"email"}"#, ""] {
        let words = words(with_file("file://x.json", content.as_bytes()));
        assert!(
            words.starts_with("--user-attributes, file x.json: the file holds no list of JSON"),
            "{words}"
        );
    }
    let surroundings = Surroundings {
        read: &|_| Ok(b"k=v,k2=\"v, w\"\n".to_vec()),
        variable: &no_variable,
    };
    let read = client_metadata("file://x", surroundings).unwrap();
    assert_eq!(read["k2"], "v, w");
}

#[test]
fn one_value_can_come_from_a_file() {
    assert_eq!(
        with_file("Name=address,Value@=file://x", b"1 Road\r\nTown, \"X\"\r\n"),
        Ok(vec![given("address", "1 Road\nTown, \"X\"\n")])
    );
    assert_eq!(
        attributes(&["Name=address,Value=file://x", "Name=a,Value@=b"]),
        Ok(vec![given("address", "file://x"), given("a", "b")])
    );
    let refused = words(with_file("Name=address,Value@=file://x", b"\xff"));
    assert!(
        refused.contains("the file is not UTF-8 text (character 21)"),
        "{refused}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    assert_eq!(
        words(attributes(&["file://x.json"])),
        "--user-attributes, file x.json: the file cannot be read: x.json was asked for\n\
         Behind file:// stands the path of a text file, from the current folder or from the root."
    );
    assert!(words(attributes(&["fileb://x"])).contains("fileb:// stands for binary content"));
    assert!(words(metadata("https://example.com/x")).contains("an address is not fetched"));
}

#[test]
fn a_file_without_an_end_is_refused() {
    let error = content_of(Path::new("/dev/zero")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it holds more than 1 MiB, which is no list of attributes"
    );
    assert!(content_of(Path::new("/dev/null")).unwrap().is_empty());
}

#[test]
fn paths_know_the_home_folder_and_variables() {
    let asked = RefCell::new(Vec::new());
    let surroundings = Surroundings {
        read: &|path| {
            asked.borrow_mut().push(path.to_owned());
            Ok(b"{}".to_vec())
        },
        variable: &|name| match name {
            "HOME" => Some("/home/ann".into()),
            "DIR" => Some("d $HOME".into()),
            _ => None,
        },
    };
    for path in [
        "~/a", "~", "~ann/a", "x~", "$DIR/a", "${DIR}a", "$DIRa", "${DIR", "$/$é$",
    ] {
        client_metadata(&format!("file://{path}"), surroundings).unwrap();
    }
    let expected = [
        "/home/ann/a",
        "/home/ann",
        "~ann/a",
        "x~",
        "d $HOME/a",
        "d $HOMEa",
        "$DIRa",
        "${DIR",
        "$/$é$",
    ];
    assert_eq!(asked.into_inner(), expected.map(PathBuf::from));
}

#[test]
fn the_place_is_shown_in_a_long_text_and_nothing_invisible_is_hidden() {
    let long = format!("Name=name,Value=\u{202e}{}'{}", "x".repeat(200), "y".repeat(200));
    let words = words(attributes(&[&long]));
    let lines: Vec<&str> = words.lines().collect();
    assert!(lines[0].ends_with("(character 218)"), "{words}");
    assert_eq!(lines[1], format!("  …{}'{}…", "x".repeat(60), "y".repeat(29)));
    assert_eq!(lines[2], format!("{:63}^", ""));

    let words = self::words(attributes(&["Name=\u{202e}\u{1b}[2J'"]));
    assert!(words.contains("\n  Name=\\u{202e}\\u{1b}[2J'\n"), "{words}");
    assert!(!words.contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn debug_shows_no_value() {
    let shown = format!("{:?}", attributes(&["Name=email,Value=ann@example.com"]).unwrap());
    assert_eq!(shown, "[Given(name of 5 bytes, value of Some(15))]");
    let shown = format!("{:?}", attributes(&["Name=email,Value=ann'"]).unwrap_err());
    assert_eq!(shown, "Misread(--user-attributes at Some(20))");
}
