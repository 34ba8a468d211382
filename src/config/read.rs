//! What each kind of value must look like, and how it is written back as TOML.
//!
//! A reader takes what was given in any layer, so that a flag, a variable and a line of the file are held to the same
//! rule and refused in the same words.

use std::path::PathBuf;
use std::time::Duration;

use super::endpoint::Endpoint;
use super::escape::{escaped, is_visible, quoted};
use super::given::{Given, Refusal};
use crate::domain::column::{Column, Sort};
use crate::domain::guard::{NamePattern, ProtectedUser, ReasonPattern};
use crate::domain::nearest::nearest;
use crate::domain::query::{Known, Query};
use crate::domain::schema::STANDARD;

/// The zone in which times are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeZone {
    Utc,
    /// The machine's own.
    Local,
    /// A name of the IANA database that this machine knows.
    Named(String),
}

/// How a value is written in the file; None for a setting without one.
pub(super) trait Literal {
    fn literal(&self) -> Option<String>;
}

impl Literal for str {
    fn literal(&self) -> Option<String> {
        let mut text = String::from("\"");
        for c in self.chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                _ if is_visible(c) => text.push(c),
                _ => text.push_str(&format!("\\U{:08X}", u32::from(c))),
            }
        }
        text.push('"');
        Some(text)
    }
}

impl Literal for String {
    fn literal(&self) -> Option<String> {
        self.as_str().literal()
    }
}

impl Literal for bool {
    fn literal(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Literal for u32 {
    fn literal(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// Whole seconds.
impl Literal for Duration {
    fn literal(&self) -> Option<String> {
        Some(self.as_secs().to_string())
    }
}

impl Literal for PathBuf {
    fn literal(&self) -> Option<String> {
        self.to_string_lossy().literal()
    }
}

impl Literal for Endpoint {
    fn literal(&self) -> Option<String> {
        self.as_str().literal()
    }
}

impl Literal for TimeZone {
    fn literal(&self) -> Option<String> {
        match self {
            Self::Utc => "UTC".literal(),
            Self::Local => "local".literal(),
            Self::Named(name) => name.literal(),
        }
    }
}

impl Literal for NamePattern {
    fn literal(&self) -> Option<String> {
        self.as_str().literal()
    }
}

impl Literal for ProtectedUser {
    fn literal(&self) -> Option<String> {
        self.text().literal()
    }
}

impl Literal for Column {
    fn literal(&self) -> Option<String> {
        self.name().literal()
    }
}

impl Literal for Sort {
    fn literal(&self) -> Option<String> {
        self.to_string().literal()
    }
}

/// One by itself; several as a list.
impl Literal for ReasonPattern {
    fn literal(&self) -> Option<String> {
        let texts: Vec<String> = self.texts().filter_map(Literal::literal).collect();
        match texts.as_slice() {
            [one] => Some(one.clone()),
            several => Some(format!("[{}]", several.join(", "))),
        }
    }
}

impl<T: Literal> Literal for Option<T> {
    fn literal(&self) -> Option<String> {
        self.as_ref().and_then(Literal::literal)
    }
}

impl<T: Literal> Literal for Vec<T> {
    fn literal(&self) -> Option<String> {
        let items: Vec<String> = self.iter().filter_map(Literal::literal).collect();
        Some(format!("[{}]", items.join(", ")))
    }
}

/// Turns the reader of a value into the reader of a setting that may be absent.
pub(super) fn optional<T>(
    read: impl Fn(&Given<'_>) -> Result<T, Refusal>,
) -> impl Fn(&Given<'_>) -> Result<Option<T>, Refusal> {
    move |given| read(given).map(Some)
}

pub(super) fn switch(given: &Given<'_>) -> Result<bool, Refusal> {
    given.switch()
}

pub(super) fn path(given: &Given<'_>) -> Result<PathBuf, Refusal> {
    given.path()
}

/// A name for people: anything visible.
pub(super) fn name(given: &Given<'_>) -> Result<String, Refusal> {
    let text = given.text()?;
    if text.trim().is_empty() {
        return Err(given.refused("a name: it is empty"));
    }
    if text.trim() != text || !text.chars().all(|c| c == ' ' || is_visible(c)) {
        return Err(given.refused("a name: leave out outer spaces and invisible characters"));
    }
    Ok(text.to_owned())
}

/// A region becomes part of a host name, so nothing else may be in it.
pub(super) fn region(given: &Given<'_>) -> Result<String, Refusal> {
    let text = given.text()?;
    let shaped = (1..=63).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !text.starts_with('-')
        && !text.ends_with('-');
    if !shaped {
        return Err(given.refused("a region: write its code, like \"eu-west-1\""));
    }
    Ok(text.to_owned())
}

pub(super) fn endpoint(given: &Given<'_>) -> Result<Endpoint, Refusal> {
    Endpoint::parse(given.text()?).map_err(|wrong| given.refused(wrong))
}

/// Whether this has the shape of a pool id: `[\w-]+_[0-9a-zA-Z]+`, at most 55 characters (Amazon Cognito user pools API
/// reference, UserPoolId).
pub fn is_pool_id(id: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    id.len() <= 55
        && id.rsplit_once('_').is_some_and(|(front, back)| {
            !front.is_empty()
                && front.chars().all(word)
                && !back.is_empty()
                && back.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

/// The region in front of a pool id, if that part is shaped like one (`eu-west-1`, `us-gov-east-1`). The ids of some
/// stand-ins have none.
pub fn region_of(id: &str) -> Option<&str> {
    let (front, _) = id.rsplit_once('_')?;
    let (names, number) = front.rsplit_once('-')?;
    let shaped = names.split('-').count() >= 2
        && names
            .split('-')
            .all(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase()))
        && (1..=2).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit());
    shaped.then_some(front)
}

pub(super) fn pool_id(given: &Given<'_>) -> Result<String, Refusal> {
    let text = given.text()?;
    if !is_pool_id(text) {
        return Err(given.refused("the id of a user pool: it looks like \"eu-west-1_aB3dE5fGh\" (not its name or ARN)"));
    }
    Ok(text.to_owned())
}

/// Ids of pools.
pub(super) fn pool_ids(given: &Given<'_>) -> Result<Vec<String>, Refusal> {
    let check = |text: &str| match is_pool_id(text) {
        true => Ok(text.to_owned()),
        false => Err(Refusal(format!(
            "{} is not the id of a user pool: it looks like \"eu-west-1_aB3dE5fGh\" (not its name or ARN)",
            quoted(text)
        ))),
    };
    given.texts()?.into_iter().map(check).collect()
}

/// A whole number in a range; `what` names it with its unit and, where there is one, the reason for the upper end.
pub(super) fn number(
    range: std::ops::RangeInclusive<u32>,
    what: &'static str,
) -> impl Fn(&Given<'_>) -> Result<u32, Refusal> {
    move |given| {
        let expected = format!("{what}: use a whole number from {} to {}", range.start(), range.end());
        let number = given.whole(&expected)?;
        u32::try_from(number)
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| given.refused(&expected))
    }
}

/// A timeout in whole seconds. 0 is the AWS CLI's word for "no limit".
pub(super) fn seconds(given: &Given<'_>) -> Result<Duration, Refusal> {
    const EXPECTED: &str = "a timeout: use a whole number of seconds from 1 to 300";
    match given.whole(EXPECTED)? {
        0 => Err(given.refused(
            "accepted: it would mean no limit, and a change that is never answered would wait for ever; use a whole \
             number of seconds from 1 to 300",
        )),
        seconds @ 1..=300 => Ok(Duration::from_secs(seconds.unsigned_abs())),
        _ => Err(given.refused(EXPECTED)),
    }
}

/// Beginnings of phone numbers in E.164, `+` and the country code and more.
pub(super) fn phone_prefixes(given: &Given<'_>) -> Result<Vec<String>, Refusal> {
    let prefixes = given.texts()?;
    for prefix in &prefixes {
        let digits = prefix.strip_prefix('+').unwrap_or_default();
        let shaped =
            (1..=8).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
        if !shaped {
            return Err(Refusal(format!(
                "{} is not the beginning of a phone number: write + and the country code, like \"+1\" or \"+49\"",
                quoted(prefix)
            )));
        }
    }
    if prefixes.len() > 8 {
        return Err(Refusal(format!(
            "{} prefixes are too many: use at most 8, because every one costs a call for each search",
            prefixes.len()
        )));
    }
    Ok(prefixes.into_iter().map(str::to_owned).collect())
}

/// Patterns over names. One that protects nothing, or everything by a slip, is no pattern.
pub(super) fn name_patterns(given: &Given<'_>) -> Result<Vec<NamePattern>, Refusal> {
    given
        .texts()?
        .into_iter()
        .map(|text| {
            let wrong = |why: &str| Refusal(format!("{} is not a pattern over names: {why}", quoted(text)));
            if text.trim() != text || !text.chars().all(|c| c == ' ' || is_visible(c)) {
                return Err(wrong("leave out outer spaces and invisible characters"));
            }
            NamePattern::new(text).ok_or_else(|| wrong("it is empty; write the name, or a part of it like \"*prod*\""))
        })
        .collect()
}

/// The form of a reason: a regular expression, or a list of them that have to match together.
pub(super) fn reason_pattern(given: &Given<'_>) -> Result<ReasonPattern, Refusal> {
    let texts = match given.is_list() {
        true => given.texts()?,
        false => vec![given.text()?],
    };
    let mut patterns = texts.into_iter().map(|text| match text {
        "" => Err(Refusal(
            "\"\" is not the form of a reason: leave the setting out to take any".to_owned(),
        )),
        text => ReasonPattern::new(text).map_err(|why| {
            Refusal(format!(
                "{} is not a regular expression: {}",
                quoted(text),
                escaped(&why)
            ))
        }),
    });
    let first = patterns
        .next()
        .unwrap_or_else(|| Err(given.refused("the form of a reason: it is empty")))?;
    patterns.try_fold(first, |all, next| Ok(all.and(next?)))
}

pub(super) fn protected_users(given: &Given<'_>) -> Result<Vec<ProtectedUser>, Refusal> {
    given
        .texts()?
        .into_iter()
        .map(|text| {
            ProtectedUser::parse(text).ok_or_else(|| {
                Refusal(format!(
                    "{} names nobody: write a username, a sub, or \"group:\" and the name of a group",
                    quoted(text)
                ))
            })
        })
        .collect()
}

/// Columns of a list of users, each once.
pub(super) fn columns(given: &Given<'_>) -> Result<Vec<Column>, Refusal> {
    let mut columns: Vec<Column> = Vec::new();
    for text in given.texts()? {
        let column = column(text)?;
        if columns.contains(&column) {
            return Err(Refusal(format!("{} stands there twice: leave one out", quoted(text))));
        }
        columns.push(column);
    }
    match columns.is_empty() {
        true => Err(Refusal(
            "an empty list shows nothing: name at least one column".to_owned(),
        )),
        false => Ok(columns),
    }
}

pub(super) fn sort(given: &Given<'_>) -> Result<Sort, Refusal> {
    let text = given.text()?;
    let sort = Sort::parse(text);
    match sort.column {
        Column::Groups => Err(given.refused("a column that orders a list: somebody may be in several groups")),
        _ => column(text.strip_prefix('-').unwrap_or(text)).map(|_| sort),
    }
}

/// A fact, an attribute that every pool has, or one that this pool's owner defined.
fn column(name: &str) -> Result<Column, Refusal> {
    let column = Column::parse(name);
    let known = || {
        Column::FACTS
            .iter()
            .map(Column::name)
            .chain(STANDARD)
            .chain(["identities"])
    };
    let custom = ["custom:", "dev:custom:"]
        .into_iter()
        .find_map(|start| name.strip_prefix(start));
    let defined = custom.is_some_and(|short| !short.is_empty() && name.chars().all(is_visible) && !short.contains(' '));
    if defined || known().any(|known| known == name) {
        return Ok(column);
    }
    Err(with_suggestion(
        Refusal(format!(
            "{} is not a column: use a fact such as \"created\", or an attribute by its full name, like \"custom:tier\"",
            quoted(name)
        )),
        nearest(name, known()),
    ))
}

/// What is typed after `/`. A mistake is found here and not first when the view is opened.
pub(super) fn query(given: &Given<'_>) -> Result<String, Refusal> {
    let text = given.text()?;
    match Query::parse(text, &Known::default()) {
        Ok(_) => Ok(text.to_owned()),
        Err(mistake) => {
            let before = text.get(..mistake.at.start).unwrap_or(text).chars().count();
            Err(given.refused(format_args!(
                "understood from character {} on: expected {}",
                before + 1,
                escaped(&mistake.expected.plain())
            )))
        }
    }
}

pub(super) fn time_zone(given: &Given<'_>) -> Result<TimeZone, Refusal> {
    let find = |name: &str| {
        let zone = jiff::tz::TimeZone::get(name).ok()?;
        Some(zone.iana_name().unwrap_or(name).to_owned())
    };
    let known = || jiff::tz::db().available().map(|zone| zone.to_string()).collect();
    time_zone_among(given, find, known)
}

/// [`time_zone`] with the machine's database given from outside: a small machine has none.
fn time_zone_among(
    given: &Given<'_>,
    find: impl Fn(&str) -> Option<String>,
    known: impl Fn() -> Vec<String>,
) -> Result<TimeZone, Refusal> {
    let name = match given.text()? {
        "UTC" => return Ok(TimeZone::Utc),
        "local" => return Ok(TimeZone::Local),
        name => name,
    };
    if let Some(name) = find(name) {
        return Ok(TimeZone::Named(name));
    }
    let known = known();
    if known.is_empty() {
        return Err(given.refused("known: this machine has no time-zone database; use \"UTC\" or \"local\""));
    }
    let words = ["UTC", "local"].into_iter().chain(known.iter().map(String::as_str));
    Err(with_suggestion(
        given.refused("a time zone: use \"UTC\", \"local\" or a name like \"Europe/Berlin\""),
        nearest(name, words),
    ))
}

pub(super) fn one_of<T: Copy>(given: &Given<'_>, words: &[(&'static str, T)]) -> Result<T, Refusal> {
    let allowed: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let expected = format!("one of {}", allowed.join(", "));
    let text = given.text()?;
    match words.iter().find(|(word, _)| *word == text) {
        Some((_, value)) => Ok(*value),
        None => Err(with_suggestion(
            given.refused(expected),
            nearest(text, words.iter().map(|(word, _)| *word)),
        )),
    }
}

pub(super) fn with_suggestion(refusal: Refusal, word: Option<&str>) -> Refusal {
    match word {
        Some(word) => Refusal(format!("{}; did you mean \"{word}\"?", refusal.0)),
        None => refusal,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::super::given::Value;
    use super::*;

    fn zone(name: &str, database: &[&str]) -> Result<TimeZone, String> {
        let given = Given {
            value: Value::Text(OsStr::new(name)),
            folder: None,
            home: None,
        };
        let find = |name: &str| {
            database
                .iter()
                .find(|zone| **zone == name)
                .map(|zone| (*zone).to_owned())
        };
        let known = || database.iter().map(|zone| (*zone).to_owned()).collect();
        time_zone_among(&given, find, known).map_err(|refusal| refusal.0)
    }

    #[test]
    fn time_zones_of_the_machine() {
        let database = ["America/New_York", "Europe/Berlin"];
        assert_eq!(zone("UTC", &[]), Ok(TimeZone::Utc));
        assert_eq!(zone("local", &[]), Ok(TimeZone::Local));
        assert_eq!(
            zone("Europe/Berlin", &database),
            Ok(TimeZone::Named("Europe/Berlin".to_owned()))
        );
        assert_eq!(
            zone("Europe/Berln", &database),
            Err(
                "\"Europe/Berln\" is not a time zone: use \"UTC\", \"local\" or a name like \"Europe/Berlin\"; \
                 did you mean \"Europe/Berlin\"?"
                    .to_owned()
            )
        );
        assert!(zone("utc", &database).unwrap_err().ends_with("did you mean \"UTC\"?"));
        assert_eq!(
            zone("Europe/Berlin", &[]),
            Err(
                "\"Europe/Berlin\" is not known: this machine has no time-zone database; use \"UTC\" or \"local\""
                    .to_owned()
            )
        );
    }
}
