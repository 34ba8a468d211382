//! A value as somebody gave it, before it is known to be right: typed TOML, or the text of a flag or variable.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::escape::quoted;

/// Why a value is not accepted, with what would be: completes the sentence "`place`: ...".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub String);

/// What was given, and what relative paths in it are relative to.
pub(super) struct Given<'a> {
    pub value: Value<'a>,
    /// For a file: its folder. A flag's or variable's relative path is relative to the working directory.
    pub folder: Option<&'a Path>,
    pub home: Option<&'a Path>,
}

pub(super) enum Value<'a> {
    Toml(&'a DeValue<'a>),
    Text(&'a OsStr),
}

impl<'a> Given<'a> {
    /// The value as a message quotes it.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) => quoted(&text.to_string_lossy()),
            Value::Toml(DeValue::String(text)) => quoted(text),
            Value::Toml(DeValue::Integer(number)) => number.to_string(),
            Value::Toml(DeValue::Float(number)) => number.to_string(),
            Value::Toml(DeValue::Boolean(switch)) => switch.to_string(),
            Value::Toml(DeValue::Datetime(_)) => "a date".to_owned(),
            Value::Toml(DeValue::Array(_)) => "a list".to_owned(),
            Value::Toml(DeValue::Table(_)) => "a table".to_owned(),
        }
    }

    /// "`value` is not `expected`".
    pub fn refused(&self, expected: impl std::fmt::Display) -> Refusal {
        Refusal(format!("{} is not {expected}", self.shown()))
    }

    pub fn text(&self) -> Result<&'a str, Refusal> {
        match &self.value {
            Value::Text(text) => text
                .to_str()
                .ok_or_else(|| self.refused("UTF-8: give it in UTF-8, or write it in the configuration file")),
            Value::Toml(DeValue::String(text)) => Ok(text),
            Value::Toml(DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_)) => {
                Err(self.refused("text: put it in double quotes"))
            }
            Value::Toml(_) => Err(self.refused("text in double quotes")),
        }
    }

    pub fn switch(&self) -> Result<bool, Refusal> {
        let text = match &self.value {
            Value::Toml(DeValue::Boolean(switch)) => return Ok(*switch),
            Value::Toml(DeValue::String(text)) if matches!(&**text, "true" | "false") => {
                return Err(self.refused("true or false: write it without quotes"));
            }
            Value::Toml(_) => return Err(self.refused("true or false")),
            Value::Text(text) => text.to_str(),
        };
        match text {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(self.refused("true or false")),
        }
    }

    /// What somebody meant who wrote a switch in another way than it is written here.
    pub fn switched(&self) -> Option<bool> {
        let word = match &self.value {
            Value::Toml(DeValue::Boolean(switch)) => return Some(*switch),
            Value::Toml(DeValue::Integer(number)) => number.as_str(),
            Value::Toml(DeValue::String(text)) => text,
            Value::Toml(_) => return None,
            Value::Text(text) => text.to_str()?,
        };
        match word.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "enabled" | "enable" => Some(true),
            "false" | "no" | "n" | "0" | "disabled" | "disable" | "none" | "never" => Some(false),
            _ => None,
        }
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, Value::Toml(DeValue::Array(_)))
    }

    /// A whole number; `expected` completes "is not" for everything else.
    pub fn whole(&self, expected: &str) -> Result<i64, Refusal> {
        let number = match &self.value {
            Value::Toml(DeValue::Integer(number)) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            Value::Toml(DeValue::String(text)) if text.parse::<i64>().is_ok() => {
                return Err(self.refused(format_args!("{expected}: write it without quotes")));
            }
            Value::Toml(_) => None,
            Value::Text(text) => text.to_str().and_then(|text| text.trim().parse().ok()),
        };
        number.ok_or_else(|| self.refused(expected))
    }

    /// A list of texts; a flag or variable gives a list of one.
    pub fn texts(&self) -> Result<Vec<&'a str>, Refusal> {
        let Value::Toml(DeValue::Array(items)) = &self.value else {
            return match &self.value {
                Value::Toml(_) => Err(self.refused("a list: put it in square brackets, [\"..\"]")),
                Value::Text(_) => Ok(vec![self.text()?]),
            };
        };
        items.iter().map(|item| self.item(item.get_ref()).text()).collect()
    }

    /// A path. In a file `~/` is the home folder, and a relative path starts at the folder of the file, so that it means
    /// the same wherever the program is started.
    pub fn path(&self) -> Result<PathBuf, Refusal> {
        let written = match &self.value {
            Value::Text(text) => Path::new(*text),
            Value::Toml(_) => Path::new(self.text()?),
        };
        if written.as_os_str().is_empty() {
            return Err(self.refused("the path of a file"));
        }
        let Some(folder) = self.folder else {
            return Ok(written.to_path_buf());
        };
        match (written.strip_prefix("~"), self.home) {
            (Ok(rest), Some(home)) => Ok(home.join(rest)),
            (Ok(_), None) => Err(self.refused("usable here: HOME is not set, so write the whole path")),
            (Err(_), _) => Ok(folder.join(written)),
        }
    }

    fn item(&self, value: &'a DeValue<'a>) -> Given<'a> {
        Given {
            value: Value::Toml(value),
            folder: self.folder,
            home: self.home,
        }
    }
}
