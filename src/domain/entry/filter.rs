//! What the journal is narrowed to: one line of terms, so that the screen and a script ask in the same words.

use jiff::tz::TimeZone;

use super::{Entry, Kept};
use crate::domain::raw::Raw;
use crate::domain::sentence::Sentence;
use crate::say;

#[cfg(test)]
mod tests;

/// The words of [`Entry::word`].
const OUTCOMES: [&str; 7] = [
    "applied", "waiting", "refused", "not sent", "differs", "unknown", "running",
];

/// What a term looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    User,
    By,
    Attribute,
    Outcome,
    Reason,
    Day,
    Pool,
    Anything,
}

impl Key {
    const NAMED: [(&'static str, Self); 7] = [
        ("user", Self::User),
        ("by", Self::By),
        ("attr", Self::Attribute),
        ("outcome", Self::Outcome),
        ("reason", Self::Reason),
        ("day", Self::Day),
        ("pool", Self::Pool),
    ];
}

/// One term: everything is compared without regard to case, and a part is enough.
#[derive(Clone, PartialEq, Eq)]
struct Term {
    key: Key,
    wanted: String,
}

/// Terms that an entry meets all of. Debug prints none of them: they can be names and values.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Filter(Vec<Term>);

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filter({} terms)", self.0.len())
    }
}

impl Filter {
    /// Reads terms such as `user:jane outcome:unknown day:2026-11-20 reason:"broken phone" silver`. A word without a
    /// name in front of it matches anything; quotes keep blanks together, and a colon from being read.
    pub fn parse(typed: &str) -> Result<Self, Sentence> {
        let mut terms = Vec::new();
        for word in words(typed)? {
            let Some((name, value)) = word.named else {
                terms.push(Term {
                    key: Key::Anything,
                    wanted: word.text.to_lowercase(),
                });
                continue;
            };
            let found = Key::NAMED.into_iter().find(|(known, _)| *known == name);
            let Some((name, key)) = found else {
                let typed = Raw::from(name);
                return Err(say!(
                    raw & typed,
                    ": is no term; there are user, by, attr, outcome, reason, day and pool, and quotes around a colon"
                ));
            };
            if value.is_empty() {
                return Err(say!(own name, ": needs a value behind it, without a blank between"));
            }
            terms.push(Term {
                key,
                wanted: checked(key, &value)?,
            });
        }
        Ok(Self(terms))
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Days are days of `zone`, as they are drawn.
    pub fn matches(&self, entry: &Entry, zone: &TimeZone) -> bool {
        self.0.iter().all(|term| term.matches(entry, zone))
    }
}

/// The value of a term as it is compared, or why it can match nothing.
fn checked(key: Key, value: &str) -> Result<String, Sentence> {
    let wanted = value.to_lowercase();
    match key {
        Key::Outcome => {
            let wanted = wanted.replace('-', " ");
            if OUTCOMES.iter().any(|word| word.starts_with(&wanted)) {
                return Ok(wanted);
            }
            let typed = Raw::from(value);
            Err(say!(
                raw & typed,
                " is no outcome; they are applied, waiting, refused, not-sent, differs, unknown and running"
            ))
        }
        Key::Day => {
            let form = |(at, c): (usize, char)| match at {
                4 | 7 => c == '-',
                _ => c.is_ascii_digit(),
            };
            if matches!(wanted.len(), 4 | 7 | 10) && wanted.chars().enumerate().all(form) {
                return Ok(wanted);
            }
            let typed = Raw::from(value);
            Err(say!(raw & typed, " is no day; write 2026-11-20, 2026-11 or 2026"))
        }
        _ => Ok(wanted),
    }
}

/// A word as typed, and its parts where a name and a colon stand in front of it.
struct Word {
    text: String,
    named: Option<(String, String)>,
}

fn words(typed: &str) -> Result<Vec<Word>, Sentence> {
    let mut words = Vec::new();
    let mut chars = typed.chars().peekable();
    loop {
        while chars.peek().is_some_and(|c| c.is_whitespace()) {
            chars.next();
        }
        if chars.peek().is_none() {
            return Ok(words);
        }
        let mut text = String::new();
        let mut colon = None;
        let mut quoted = false;
        while let Some(c) = chars.next_if(|c| quoted || !c.is_whitespace()) {
            match c {
                '"' => quoted = !quoted,
                ':' if !quoted && colon.is_none() => {
                    colon = Some(text.len());
                    text.push(c);
                }
                _ => text.push(c),
            }
        }
        if quoted {
            return Err("a quote is not closed".into());
        }
        let named = colon.and_then(|at| text.split_at_checked(at)).map(|(name, rest)| {
            let value = rest.strip_prefix(':').unwrap_or(rest);
            (name.to_lowercase(), value.to_owned())
        });
        if !text.is_empty() {
            words.push(Word { text, named });
        }
    }
}

impl Term {
    fn matches(&self, entry: &Entry, zone: &TimeZone) -> bool {
        match self.key {
            Key::User => self.user(entry),
            Key::By => self.operator(entry),
            Key::Attribute => entry.changes.iter().any(|change| self.is_in(change.name.raw())),
            Key::Outcome => entry.word().starts_with(&self.wanted),
            Key::Reason => self.is_kept(entry.reason.as_ref()),
            Key::Day => day(entry, zone).starts_with(&self.wanted),
            Key::Pool => self.is_in(entry.place.pool.raw()),
            Key::Anything => self.anything(entry, zone),
        }
    }

    fn is_in(&self, raw: &Raw) -> bool {
        raw.as_str().to_lowercase().contains(&self.wanted)
    }

    fn is_in_any<'a>(&self, raws: impl IntoIterator<Item = Option<&'a Raw>>) -> bool {
        raws.into_iter().flatten().any(|raw| self.is_in(raw))
    }

    fn is_kept(&self, kept: Option<&Kept>) -> bool {
        kept.and_then(Kept::value).is_some_and(|value| self.is_in(value))
    }

    fn user(&self, entry: &Entry) -> bool {
        self.is_kept(Some(&entry.username)) || self.is_kept(entry.sub.as_ref())
    }

    fn operator(&self, entry: &Entry) -> bool {
        let caller = &entry.caller;
        self.is_in_any([
            caller.arn.as_ref(),
            caller.profile.as_ref(),
            caller.key_id.as_ref(),
            entry.writer.as_ref(),
        ])
    }

    fn anything(&self, entry: &Entry, zone: &TimeZone) -> bool {
        let values = entry.changes.iter().any(|change| {
            self.is_in(change.name.raw()) || self.is_kept(change.before.as_ref()) || self.is_kept(change.after.as_ref())
        });
        let answer = entry.answer.as_ref();
        let fault = answer.and_then(|answer| answer.fault.as_ref());
        values
            || self.user(entry)
            || self.operator(entry)
            || self.is_kept(entry.reason.as_ref())
            || entry.word().contains(&self.wanted)
            || day(entry, zone).contains(&self.wanted)
            || self.is_in_any([
                Some(&entry.id),
                Some(&entry.operation),
                Some(entry.place.pool.raw()),
                entry.undoes.as_ref(),
                answer.and_then(|answer| answer.request_id.as_ref()),
                fault.map(|fault| &fault.code),
            ])
    }
}

fn day(entry: &Entry, zone: &TimeZone) -> String {
    entry.at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string()
}
