//! The constraints of the API model (required, length, range, pattern), because the service checks them before any
//! rule and in a wording of its own: "1 validation error detected: Value '61' at 'limit' failed to satisfy
//! constraint: Member must have value less than or equal to 60". The value is left out for shapes the model marks
//! sensitive. Source: Cognito API reference, parameter constraints; wording as seen in public reports, e.g.
//! github.com/aws/aws-cdk/pull/14699.

use serde_json::Value;

use super::format::{is_name_character, is_word_character};
use super::wire::{Body, Refusal, wrong_type};

/// One member of an operation's input.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: Required,
    pub(crate) shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Required {
    Yes,
    No,
}

/// Whether the model marks the shape as sensitive, so that its value is not repeated in an error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    Open,
    Sensitive,
}

pub(crate) enum Shape {
    Text {
        min: usize,
        max: usize,
        pattern: Pattern,
        secrecy: Secrecy,
    },
    Whole {
        min: i64,
        max: i64,
    },
    Flag,
    OneOf(&'static [&'static str]),
    /// A list of texts.
    Texts {
        of: &'static Shape,
        min: usize,
        max: usize,
    },
    /// A list of Name and Value pairs (AttributeListType).
    Attributes,
    /// A map from text to text (ClientMetadataType).
    Map,
    /// A list of structures that the operation itself looks at.
    Structures {
        min: usize,
        max: usize,
    },
    /// A structure that the operation itself looks at.
    Structure,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    Any,
    PoolId,
    PoolName,
    /// Letters, marks, symbols, numbers and punctuation; no blanks and no controls.
    Name,
    NoBlank,
    /// Word characters and plus: the ids and secrets of app clients.
    Client,
    /// What a JSON Web Token is written with.
    Token,
    /// What a secret hash is written with.
    Hash,
}

impl Pattern {
    fn text(self) -> &'static str {
        match self {
            Pattern::Any => ".*",
            Pattern::PoolId => r"[\w-]+_[0-9a-zA-Z]+",
            Pattern::PoolName => r"[\w\s+=,.@-]+",
            Pattern::Name => r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
            Pattern::NoBlank => r"[\S]+",
            Pattern::Client => r"[\w+]+",
            Pattern::Token => "[A-Za-z0-9-_=.]+",
            Pattern::Hash => r"[\w+=/]+",
        }
    }

    pub(crate) fn matches(self, text: &str) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::PoolId => text.rsplit_once('_').is_some_and(|(region, tail)| {
                !region.is_empty()
                    && region.chars().all(|c| is_word_character(c) || c == '-')
                    && !tail.is_empty()
                    && tail.chars().all(|c| c.is_ascii_alphanumeric())
            }),
            Pattern::PoolName => {
                !text.is_empty()
                    && text.chars().all(|c| {
                        is_word_character(c)
                            || matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
                            || "+=,.@-".contains(c)
                    })
            }
            Pattern::Name => !text.is_empty() && text.chars().all(is_name_character),
            Pattern::NoBlank => !text.is_empty() && !text.chars().any(|c| c.is_ascii_whitespace()),
            Pattern::Client => !text.is_empty() && text.chars().all(|c| is_word_character(c) || c == '+'),
            Pattern::Token => !text.is_empty() && text.chars().all(|c| is_word_character(c) || "-=.".contains(c)),
            Pattern::Hash => !text.is_empty() && text.chars().all(|c| is_word_character(c) || "+=/".contains(c)),
        }
    }
}

pub(crate) const POOL_ID: Shape = text(1, 55, Pattern::PoolId);
pub(crate) const USERNAME: Shape = Shape::Text {
    min: 1,
    max: 128,
    pattern: Pattern::Name,
    secrecy: Secrecy::Sensitive,
};
pub(crate) const ATTRIBUTE_NAME: Shape = text(1, 32, Pattern::Name);
pub(crate) const GROUP_NAME: Shape = text(1, 128, Pattern::Name);
pub(crate) const PASSWORD: Shape = Shape::Text {
    min: 0,
    max: 256,
    pattern: Pattern::NoBlank,
    secrecy: Secrecy::Sensitive,
};
/// The access token of the operations a user calls for itself.
pub(crate) const ACCESS_TOKEN: Shape = Shape::Text {
    min: 0,
    max: usize::MAX,
    pattern: Pattern::Token,
    secrecy: Secrecy::Sensitive,
};
pub(crate) const CLIENT_ID: Shape = Shape::Text {
    min: 1,
    max: 128,
    pattern: Pattern::Client,
    secrecy: Secrecy::Sensitive,
};
pub(crate) const SECRET_HASH: Shape = Shape::Text {
    min: 1,
    max: 128,
    pattern: Pattern::Hash,
    secrecy: Secrecy::Sensitive,
};
/// The session between the steps of one sign-in.
pub(crate) const SESSION: Shape = Shape::Text {
    min: 20,
    max: 4096,
    pattern: Pattern::Any,
    secrecy: Secrecy::Sensitive,
};
pub(crate) const TOKEN: Shape = text(1, 131_072, Pattern::NoBlank);
pub(crate) const PAGE: Shape = Shape::Whole { min: 0, max: 60 };

/// A text that is not sensitive.
pub(crate) const fn text(min: usize, max: usize, pattern: Pattern) -> Shape {
    Shape::Text {
        min,
        max,
        pattern,
        secrecy: Secrecy::Open,
    }
}

pub(crate) const fn required(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        required: Required::Yes,
        shape,
    }
}

pub(crate) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        required: Required::No,
        shape,
    }
}

/// Checks the body against the members, and reports every violation in one refusal as the service does.
/// Members the operation does not know are ignored, as the protocol has it.
pub(crate) fn check(members: &[Member], body: &Body) -> Result<(), Refusal> {
    let mut broken = Vec::new();
    for member in members {
        let path = camel(member.name);
        match body.get(member.name) {
            None | Some(Value::Null) => {
                if member.required == Required::Yes {
                    broken.push(violation(&path, Shown::null(&member.shape), "Member must not be null"));
                }
            }
            Some(value) => check_value(&member.shape, value, &path, &mut broken)?,
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let plural = if broken.len() == 1 { "" } else { "s" };
    Err(Refusal::parameter(format!(
        "{} validation error{plural} detected: {}",
        broken.len(),
        broken.join("; ")
    )))
}

/// What the error repeats of the offending value.
enum Shown<'a> {
    Nothing,
    Null,
    Text(&'a str),
}

impl Shown<'_> {
    fn null(shape: &Shape) -> Self {
        match shape {
            Shape::Text {
                secrecy: Secrecy::Sensitive,
                ..
            } => Shown::Nothing,
            _ => Shown::Null,
        }
    }
}

fn violation(path: &str, shown: Shown<'_>, constraint: &str) -> String {
    match shown {
        Shown::Nothing => format!("Value at '{path}' failed to satisfy constraint: {constraint}"),
        Shown::Null => format!("Value null at '{path}' failed to satisfy constraint: {constraint}"),
        Shown::Text(text) => {
            format!("Value '{text}' at '{path}' failed to satisfy constraint: {constraint}")
        }
    }
}

fn check_value(shape: &Shape, value: &Value, path: &str, broken: &mut Vec<String>) -> Result<(), Refusal> {
    match shape {
        Shape::Text {
            min,
            max,
            pattern,
            secrecy,
        } => {
            let Value::String(text) = value else {
                return Err(wrong_type(value, "String"));
            };
            let shown = || match secrecy {
                Secrecy::Open => Shown::Text(text),
                Secrecy::Sensitive => Shown::Nothing,
            };
            let length = text.chars().count();
            if length > *max {
                let words = format!("Member must have length less than or equal to {max}");
                broken.push(violation(path, shown(), &words));
            }
            if length < *min {
                let words = format!("Member must have length greater than or equal to {min}");
                broken.push(violation(path, shown(), &words));
            }
            if !pattern.matches(text) {
                let words = format!("Member must satisfy regular expression pattern: {}", pattern.text());
                broken.push(violation(path, shown(), &words));
            }
        }
        Shape::Whole { min, max } => {
            let Some(number) = value.as_i64() else {
                return Err(wrong_type(value, "Integer"));
            };
            let shown = number.to_string();
            if number > *max {
                let words = format!("Member must have value less than or equal to {max}");
                broken.push(violation(path, Shown::Text(&shown), &words));
            }
            if number < *min {
                let words = format!("Member must have value greater than or equal to {min}");
                broken.push(violation(path, Shown::Text(&shown), &words));
            }
        }
        Shape::Flag => {
            if !value.is_boolean() {
                return Err(wrong_type(value, "Boolean"));
            }
        }
        Shape::OneOf(words) => {
            let Value::String(text) = value else {
                return Err(wrong_type(value, "String"));
            };
            if !words.contains(&text.as_str()) {
                let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
                broken.push(violation(path, Shown::Text(text), &rule));
            }
        }
        Shape::Texts { of, min, max } => {
            let Value::Array(items) = value else {
                return Err(wrong_type(value, "List"));
            };
            length(items, *min, *max, path, broken);
            for (number, item) in items.iter().enumerate() {
                check_value(of, item, &format!("{path}.{}.member", number + 1), broken)?;
            }
        }
        Shape::Attributes => attributes(value, path, broken)?,
        Shape::Map => {
            let Value::Object(entries) = value else {
                return Err(wrong_type(value, "Map"));
            };
            if let Some(wrong) = entries.values().find(|entry| !entry.is_string()) {
                return Err(wrong_type(wrong, "String"));
            }
        }
        Shape::Structures { min, max } => {
            let Value::Array(items) = value else {
                return Err(wrong_type(value, "List"));
            };
            length(items, *min, *max, path, broken);
            if let Some(wrong) = items.iter().find(|item| !item.is_object()) {
                return Err(wrong_type(wrong, "Structure"));
            }
        }
        Shape::Structure => {
            if !value.is_object() {
                return Err(wrong_type(value, "Structure"));
            }
        }
    }
    Ok(())
}

fn length(items: &[Value], min: usize, max: usize, path: &str, broken: &mut Vec<String>) {
    if items.len() < min {
        let words = format!("Member must have length greater than or equal to {min}");
        broken.push(violation(path, Shown::Text("[]"), &words));
    }
    if items.len() > max {
        let words = format!("Member must have length less than or equal to {max}");
        broken.push(violation(path, Shown::Nothing, &words));
    }
}

/// AttributeType: Name 1..32 of the name pattern, Value at most 2,048 characters and sensitive. An absent Value
/// passes here; the update itself refuses it in other words.
fn attributes(value: &Value, path: &str, broken: &mut Vec<String>) -> Result<(), Refusal> {
    const VALUE: Shape = Shape::Text {
        min: 0,
        max: 2048,
        pattern: Pattern::Any,
        secrecy: Secrecy::Sensitive,
    };
    let Value::Array(items) = value else {
        return Err(wrong_type(value, "List"));
    };
    for (number, item) in items.iter().enumerate() {
        let Value::Object(pair) = item else {
            return Err(wrong_type(item, "Structure"));
        };
        let at = format!("{path}.{}.member", number + 1);
        match pair.get("Name") {
            None | Some(Value::Null) => {
                broken.push(violation(&format!("{at}.name"), Shown::Null, "Member must not be null"));
            }
            Some(name) => check_value(&ATTRIBUTE_NAME, name, &format!("{at}.name"), broken)?,
        }
        if let Some(text) = pair.get("Value").filter(|v| !v.is_null()) {
            check_value(&VALUE, text, &format!("{at}.value"), broken)?;
        }
    }
    Ok(())
}

/// `UserPoolId` as the errors have it: `userPoolId`.
fn camel(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The refusal of a Username that does not fit the model's pattern.
pub(crate) fn bad_username() -> Refusal {
    let words = format!(
        "Member must satisfy regular expression pattern: {}",
        Pattern::Name.text()
    );
    Refusal::parameter(format!(
        "1 validation error detected: {}",
        violation("username", Shown::Nothing, &words)
    ))
}
