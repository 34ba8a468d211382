//! The one predicate of ListUsers: whatever was typed, the service reads exactly that, or nothing is sent.

use cognitui::domain::Raw;
use cognitui::domain::find::{Ask, FilterProblem, LONGEST_FILTER, MOST_CALLS, Operator, nobody, plan};

use super::Bytes;

const ATTRIBUTES: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

pub const WORDS: &[&[u8]] = &[
    b"\" or username ^= \"",
    b"\\\"",
    b"\\",
    b"\"",
    b"\\\\",
    b"+49 170 1234567",
    b"0170",
    b"jane@example.com",
    b"@example.com",
    b"Jane Doe",
    b"Doe, Jane",
    b"5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f",
    b"5f1c9a02",
    b"\n",
    b"\x7f",
    "M\u{fc}ller".as_bytes(),
    "\u{85}".as_bytes(),
    b"ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss",
];

pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let attribute = bytes.pick(&ATTRIBUTES);
    let operator = bytes.pick(&[Operator::Exact, Operator::Prefix]);
    let value = bytes.rest();
    let ask = Ask {
        attribute,
        operator,
        value: Raw::from(value.as_str()),
    };
    let sign = match operator {
        Operator::Exact => "=",
        Operator::Prefix => "^=",
    };
    let escaped = value
        .chars()
        .map(|c| if matches!(c, '"' | '\\') { 2 } else { 1 })
        .sum::<usize>();
    let characters = attribute.len() + sign.len() + 4 + escaped;
    let filter = ask.filter();
    if value.chars().any(char::is_control) {
        assert_eq!(filter, Err(FilterProblem::Control), "{value:?}");
    } else if characters > LONGEST_FILTER {
        assert_eq!(filter, Err(FilterProblem::TooLong { characters }), "{value:?}");
    } else {
        let filter = filter.unwrap_or_else(|problem| panic!("{value:?}: {problem:?}"));
        assert_eq!(filter.chars().count(), characters, "{filter}");
        assert_eq!(
            read(&filter),
            Some((attribute.to_owned(), sign, value.clone())),
            "{filter}"
        );
    }

    // The `/` line: everything in its plan can be sent and says one thing.
    let prefixes = match data.len().is_multiple_of(3) {
        true => Vec::new(),
        false => vec!["+1".to_owned(), "+49".to_owned()],
    };
    let plan = plan(&value, None, &prefixes);
    assert!(plan.calls() <= MOST_CALLS, "{value:?}");
    for ask in plan.asks() {
        let filter = ask.filter().expect("a plan holds only what can be sent");
        let (name, _, wanted) = read(&filter).expect("one predicate");
        assert_eq!((name.as_str(), wanted.as_str()), (ask.attribute, ask.value.as_str()));
    }
    assert!(!nobody(&plan, &value, Some(7)).is_empty());
}

/// Reads a filter as the API reference describes it: a name, `=` or `^=`, and one quoted value, in which a backslash
/// takes the quotation mark or the backslash behind it as it is. Nothing may follow.
fn read(filter: &str) -> Option<(String, &'static str, String)> {
    let end = filter.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))?;
    let (name, rest) = filter.split_at(end);
    let rest = rest.trim_start_matches(' ');
    let (sign, rest) = match rest.strip_prefix("^=") {
        Some(rest) => ("^=", rest),
        None => ("=", rest.strip_prefix('=')?),
    };
    let mut letters = rest.trim_start_matches(' ').strip_prefix('"')?.chars();
    let mut value = String::new();
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => match letters.next()? {
                c @ ('"' | '\\') => value.push(c),
                _ => return None,
            },
            c => value.push(c),
        }
    }
    letters.as_str().is_empty().then(|| (name.to_owned(), sign, value))
}
