//! `--user-attributes` and `--client-metadata`, read as the AWS CLI reads them (1.46.2; AWS CLI user guide, "Using
//! shorthand syntax with the AWS CLI"), so that a command line that works there means the same here.
//!
//! A value is shorthand (`Name=email,Value=a@b`), JSON, or `file://` with a path. What the AWS CLI refuses, and what
//! botocore refuses before it sends (another member than `Name` and `Value`, a number where text belongs), is refused
//! here too, with the place marked and with what to write instead. A few things are narrower: a whole argument that is
//! an `http://` or `https://` address, which version 1 fetches and version 2 no longer does, is refused; so is half of
//! a surrogate pair in JSON. A file is read as UTF-8 whatever the locale says, `~` is the caller's own home and nobody
//! else's, and what stands where a key belongs is never opened as a file.
//!
//! An attribute that is given twice stays twice and in order, because the AWS CLI sends both and the API reference
//! does not say which of them counts; [`named_twice`] finds it for a caller that wants to refuse. A key that stands
//! twice in one object of JSON counts as its last, as there.

mod grammar;
mod misread;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Map, Value};

use self::grammar::Pair;
pub use self::misread::Misread;
use self::misread::{Part, Whence};

/// What reading needs from outside, handed in so that it can be tested without.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The content of a file.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// An environment variable: `~` and `$NAME` in a path mean what they mean to the AWS CLI.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
}

/// The longest file that is read, in bytes. All attributes that a user can have fit, however they are escaped.
const LONGEST_FILE: u64 = 1024 * 1024;

/// The content of a file, of a pipe too. What has no end, such as `/dev/zero`, is refused and does not fill the memory.
pub fn content_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(LONGEST_FILE + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LONGEST_FILE {
        return Err(io::Error::other(
            "it holds more than 1 MiB, which is no list of attributes",
        ));
    }
    Ok(content)
}

/// One attribute as it was given. Without a value there was no `Value` key, which is not the same as an empty value.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    pub name: String,
    pub value: Option<String>,
}

/// Lengths only: a value says something about a person.
impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_ref().map(String::len);
        write!(f, "Given(name of {} bytes, value of {value:?})", self.name.len())
    }
}

/// Reads the arguments of `--user-attributes`, in their order. None at all are no attributes.
pub fn user_attributes(arguments: &[String], surroundings: Surroundings<'_>) -> Result<Vec<Given>, Misread> {
    let reading = Reading {
        part: Part::Attributes,
        surroundings,
    };
    match arguments {
        [] => Ok(Vec::new()),
        [only] => {
            if let Some((text, whence)) = reading.whole_file(only)? {
                return reading.list(&text, &whence);
            }
            if trimmed(only).starts_with('[') {
                return reading.list(only, &Whence::Argument);
            }
            Ok(vec![reading.item(only, &Whence::Argument, only)?])
        }
        [first, ..] => arguments
            .iter()
            .enumerate()
            .map(|(position, item)| reading.item(item, &Whence::Item(position + 1), first))
            .collect(),
    }
}

/// Reads the argument of `--client-metadata`.
pub fn client_metadata(argument: &str, surroundings: Surroundings<'_>) -> Result<BTreeMap<String, String>, Misread> {
    let reading = Reading {
        part: Part::Metadata,
        surroundings,
    };
    match reading.whole_file(argument)? {
        Some((text, whence)) => reading.map(&text, &whence),
        None => reading.map(argument, &Whence::Argument),
    }
}

/// The first name that was given before. Names that differ in case are different names.
#[must_use]
pub fn named_twice(given: &[Given]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    given
        .iter()
        .map(|each| each.name.as_str())
        .find(|name| !seen.insert(*name))
}

struct Reading<'a> {
    part: Part,
    surroundings: Surroundings<'a>,
}

impl Reading<'_> {
    /// The text of the file that the whole argument names, if it names one.
    fn whole_file(&self, argument: &str) -> Result<Option<(String, Whence)>, Misread> {
        let refused = |wrong: &str, next: &str| Err(Misread::new(self.part, &Whence::Argument, wrong, next));
        if argument.starts_with("http://") || argument.starts_with("https://") {
            return refused(
                "an address is not fetched",
                "Save the text in a file and write file:// with its path.",
            );
        }
        if argument.starts_with("fileb://") {
            return refused(
                "fileb:// stands for binary content, and text belongs here",
                "Write file:// with the path.",
            );
        }
        let Some(path) = argument.strip_prefix("file://") else {
            return Ok(None);
        };
        let whence = Whence::File(path.to_owned());
        let text = self.file(path).map_err(|wrong| {
            Misread::new(
                self.part,
                &whence,
                wrong,
                "Behind file:// stands the path of a text file, from the current folder or from the root.",
            )
        })?;
        Ok(Some((text, whence)))
    }

    /// The text of a file, its line ends as the AWS CLI reads them: each is one line feed.
    fn file(&self, path: &str) -> Result<String, String> {
        let expanded = expanded(path, self.surroundings.variable);
        let content = (self.surroundings.read)(Path::new(&expanded))
            .map_err(|error| format!("the file cannot be read: {error}"))?;
        let text = String::from_utf8(content).map_err(|_| "the file is not UTF-8 text".to_owned())?;
        Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
    }

    /// The value of `key@=`.
    fn loaded(&self, value: &str) -> Result<String, String> {
        if value.starts_with("fileb://") {
            return Err("fileb:// stands for binary content, and text belongs here".to_owned());
        }
        match value.strip_prefix("file://") {
            Some(path) => self.file(path),
            None => Ok(value.to_owned()),
        }
    }

    fn pairs(&self, text: &str, whence: &Whence) -> Result<Vec<Pair>, Misread> {
        grammar::pairs(text, &|value| self.loaded(value))
            .map_err(|slip| Misread::from_slip(self.part, whence, text, slip))
    }

    fn json(&self, text: &str, whence: &Whence) -> Result<Value, Misread> {
        serde_json::from_str(text).map_err(|error| {
            let said = error.to_string();
            // The place is marked below.
            let reason = said.split_once(" at line ").map_or(said.as_str(), |(reason, _)| reason);
            Misread::new(
                self.part,
                whence,
                format!("this is not JSON: {reason}"),
                "What begins with [ or { is read as JSON, as is every file of --user-attributes.",
            )
            .marked(text, place(text, &error))
        })
    }

    /// A JSON list of attributes: a whole file, or the only argument.
    fn list(&self, text: &str, whence: &Whence) -> Result<Vec<Given>, Misread> {
        let listed = if trimmed(text).starts_with('[') {
            self.json(text, whence)?
        } else {
            Value::Null
        };
        let Value::Array(items) = listed else {
            return Err(Misread::new(
                self.part,
                whence,
                "the file holds no list of JSON, and the AWS CLI reads nothing else from a file here",
                "Put the objects into one list: [{\"Name\": \"email\", \"Value\": \"ann@example.com\"}]",
            ));
        };
        items
            .into_iter()
            .enumerate()
            .map(|(position, item)| {
                let number = position + 1;
                match item {
                    Value::Object(members) => self.given(&members, whence, Some(number)),
                    _ => Err(self.no_attribute(whence, Some(number), "is not an object")),
                }
            })
            .collect()
    }

    /// One argument; the first of them says whether all are JSON.
    fn item(&self, text: &str, whence: &Whence, first: &str) -> Result<Given, Misread> {
        if !trimmed(first).starts_with(['[', '{']) {
            return self.shorthand_item(text, whence);
        }
        if trimmed(text).starts_with('{') {
            return match self.json(text, whence)? {
                Value::Object(members) => self.given(&members, whence, None),
                _ => Err(self.no_attribute(whence, None, "is not an object")),
            };
        }
        Err(Misread::new(
            self.part,
            whence,
            "the first of several arguments is JSON, so each must be one object",
            "Write one list with all objects in one argument, or one object in each.",
        )
        .marked(text, 0))
    }

    fn shorthand_item(&self, text: &str, whence: &Whence) -> Result<Given, Misread> {
        let mut name = None;
        let mut value = None;
        for pair in self.pairs(text, whence)? {
            match pair.key.as_str() {
                "Name" => name = Some(pair.value),
                "Value" => value = Some(pair.value),
                other => {
                    return Err(self
                        .no_attribute(whence, None, &format!("has the unknown key \"{other}\""))
                        .marked(text, pair.at));
                }
            }
        }
        self.attribute(name, value, whence, None)
    }

    fn given(&self, members: &Map<String, Value>, whence: &Whence, number: Option<usize>) -> Result<Given, Misread> {
        let mut name = None;
        let mut value = None;
        for (key, member) in members {
            let into = match key.as_str() {
                "Name" => &mut name,
                "Value" => &mut value,
                other => return Err(self.no_attribute(whence, number, &format!("has the unknown key {other:?}"))),
            };
            let Value::String(text) = member else {
                let wrong = format!(
                    "has {} as its {key}, and that must be text in quotation marks",
                    kind(member)
                );
                return Err(self.no_attribute(whence, number, &wrong));
            };
            *into = Some(text.clone());
        }
        self.attribute(name, value, whence, number)
    }

    fn attribute(
        &self,
        name: Option<String>,
        value: Option<String>,
        whence: &Whence,
        number: Option<usize>,
    ) -> Result<Given, Misread> {
        match name {
            Some(name) if !name.is_empty() => Ok(Given { name, value }),
            Some(_) => Err(self.no_attribute(whence, number, "has an empty Name")),
            None => Err(self.no_attribute(whence, number, "has no Name")),
        }
    }

    fn no_attribute(&self, whence: &Whence, number: Option<usize>, wrong: &str) -> Misread {
        let which = number.map_or_else(|| "the item".to_owned(), |number| format!("item {number} of the list"));
        Misread::new(
            self.part,
            whence,
            format!("{which} {wrong}"),
            "The keys are Name and Value, as in Name=email,Value=ann@example.com or {\"Name\": \"email\", \"Value\": \"\"}",
        )
    }

    fn map(&self, text: &str, whence: &Whence) -> Result<BTreeMap<String, String>, Misread> {
        let refused = |wrong: String, next: &str| Misread::new(self.part, whence, wrong, next);
        if !trimmed(text).starts_with(['[', '{']) {
            let pairs = self.pairs(text, whence)?;
            return Ok(pairs.into_iter().map(|pair| (pair.key, pair.value)).collect());
        }
        let Value::Object(members) = self.json(text, whence)? else {
            return Err(refused(
                "client metadata is one object, not a list".to_owned(),
                "The form is {\"ticket\": \"T-1\"} or ticket=T-1",
            ));
        };
        members
            .into_iter()
            .map(|(key, member)| match member {
                Value::String(value) => Ok((key, value)),
                other => Err(refused(
                    format!("{key:?} has {} as its value", kind(&other)),
                    "Client metadata is text: put the value into quotation marks.",
                )),
            })
            .collect()
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches(grammar::is_space)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Where in the text, in characters: serde_json counts lines from 1 and bytes within a line.
fn place(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let byte = before + error.column().saturating_sub(1);
    text.char_indices().take_while(|(at, _)| *at < byte).count()
}

/// A path with the leading `~` and the variables in it written out; what is not known stays as it is.
fn expanded(path: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> OsString {
    let mut expanded = OsString::new();
    let mut rest = path;
    if let Some(behind) = path.strip_prefix('~')
        && (behind.is_empty() || behind.starts_with('/'))
        && let Some(home) = variable("HOME")
    {
        expanded.push(home);
        rest = behind;
    }
    while let Some(dollar) = rest.find('$') {
        let (before, from) = rest.split_at(dollar);
        expanded.push(before);
        let (name, length) = variable_name(from).unwrap_or(("", 1));
        let (written, behind) = from.split_at(length);
        match variable(name).filter(|_| !name.is_empty()) {
            Some(value) => expanded.push(value),
            None => expanded.push(written),
        }
        rest = behind;
    }
    expanded.push(rest);
    expanded
}

/// The name behind a `$`, and how many bytes name and signs take.
fn variable_name(from: &str) -> Option<(&str, usize)> {
    let behind = from.strip_prefix('$')?;
    if let Some(braced) = behind.strip_prefix('{') {
        let end = braced.find('}')?;
        return Some((braced.get(..end)?, end + 3));
    }
    let length = behind
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(behind.len());
    (length > 0).then(|| behind.get(..length).map(|name| (name, length + 1)))?
}
