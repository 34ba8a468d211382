//! The journal held against CloudTrail: what each of them knows and the other does not.
//!
//! CloudTrail hides what was changed and cannot be edited by the operator; the journal holds what was changed and can be.
//! The request id, which the service makes, is in both.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::domain::entry::Kept;
use crate::domain::fault::is_throttle;
use crate::domain::{Entry, Raw};

#[cfg(test)]
mod tests;

/// How this program's requests name themselves in their user agent.
const APP: &str = "app/cognitui";

const SOURCE: &str = "cognito-idp.amazonaws.com";

/// The calls that always leave an entry in the journal.
const WRITES: [&str; 11] = [
    "AdminConfirmSignUp",
    "AdminCreateUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminResetUserPassword",
    "AdminUpdateUserAttributes",
    "DeleteUserAttributes",
    "GetUserAttributeVerificationCode",
    "ResendConfirmationCode",
    "UpdateUserAttributes",
    "VerifyUserAttribute",
];

/// The calls that leave one where they set a new password, and none where they answer another step of a sign-in.
const ANSWERS: [&str; 2] = ["AdminRespondToAuthChallenge", "RespondToAuthChallenge"];

/// How far this machine's clock and the service's may be apart for two times to be of one request.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// One event of CloudTrail about a call that an entry can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub time: Timestamp,
    /// The call.
    pub name: Raw,
    pub request_id: Option<Raw>,
    pub event_id: Option<Raw>,
    /// The ARN of whoever signed; none where an access token carried the call.
    pub caller: Option<Raw>,
    pub source_ip: Option<Raw>,
    pub agent: Option<Raw>,
    pub error: Option<Raw>,
    /// Whom it was about, where the event tells.
    pub sub: Option<Raw>,
}

/// What does not fit between an entry and the event with its request id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// Another call.
    Operation,
    /// Another user.
    User,
    /// The user agent names another program.
    Agent,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// From the first event of the file to its last, of whatever kind. `None`: there are no events in it.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Entries that have their event.
    pub matched: usize,
    /// Entries whose event tells another story.
    pub different: Vec<(Raw, Event, Vec<Differs>)>,
    /// Entries within the span that the service answered and CloudTrail does not know of.
    pub without_event: Vec<Raw>,
    /// Entries within the span whose answer never came, each with the events that may be theirs.
    pub unanswered: Vec<(Raw, Vec<Event>)>,
    /// Writes that name this program and are in no entry: another journal, or one that was changed.
    pub without_entry: Vec<Event>,
    /// Sends that were refused for rate before an entry's last one.
    pub earlier_sends: usize,
    /// Writes of other programs.
    pub others: usize,
    /// Entries that the file cannot tell of: outside its span, of another region or account, not sent, or sent to an
    /// endpoint that is not the service's own.
    pub outside: usize,
    /// Events that could not be read, by their place in the file counted from 1.
    pub unreadable: Vec<usize>,
}

impl Matches {
    /// Each knows everything that the other knows, as far as the file reaches.
    pub fn is_good(&self) -> bool {
        self.different.is_empty()
            && self.without_event.is_empty()
            && self.without_entry.is_empty()
            && self.unreadable.is_empty()
    }
}

/// A text that is no export of CloudTrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an export of CloudTrail: it holds neither \"Records\" (a log file of a trail, unpacked) nor \"Events\" (the \
     answer to lookup-events)"
)]
pub struct NotATrail;

/// Matches request ids both ways. `text` is a log file of a trail (`{"Records": [..]}`, unpacked) or what
/// `aws cloudtrail lookup-events` prints (`{"Events": [{"CloudTrailEvent": ".."}]}`).
pub fn matches(text: &str, entries: &[Entry]) -> Result<Matches, NotATrail> {
    let trail = Trail::read(text)?;
    let mut found = Matches {
        span: trail.span,
        unreadable: trail.unreadable,
        ..Matches::default()
    };
    let mut by_id: HashMap<&str, &Event> = HashMap::new();
    for event in &trail.events {
        if let Some(id) = &event.request_id {
            by_id.insert(id.as_str(), event);
        }
    }
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut unanswered = Vec::new();
    for entry in entries {
        let event = request_id(entry).and_then(|id| by_id.get(id.as_str()));
        if let Some(event) = event {
            taken.extend(event.request_id.as_ref().map(Raw::as_str));
            let differs = differs(entry, event);
            if differs.is_empty() {
                found.matched += 1;
            } else {
                found.different.push((entry.id.clone(), (*event).clone(), differs));
            }
        } else if !was_sent(entry) || !trail.places.covers(entry) || !covers(found.span, entry) {
            found.outside += 1;
        } else if request_id(entry).is_some() {
            found.without_event.push(entry.id.clone());
        } else {
            unanswered.push(entry);
        }
    }

    let mut left: Vec<&Event> = Vec::new();
    for event in &trail.events {
        if event.request_id.as_ref().is_some_and(|id| taken.contains(id.as_str())) {
            continue;
        }
        if !is_ours(event) {
            found.others += usize::from(is_write(event));
        } else if entries.iter().any(|entry| is_earlier_send(entry, event)) {
            found.earlier_sends += 1;
        } else {
            left.push(event);
        }
    }
    for entry in unanswered {
        // What may belong to an entry is no longer an event that nobody accounts for.
        let (theirs, rest): (Vec<&Event>, Vec<&Event>) = left.into_iter().partition(|event| may_be(entry, event));
        left = rest;
        found
            .unanswered
            .push((entry.id.clone(), theirs.into_iter().cloned().collect()));
    }
    found.without_entry = left.into_iter().filter(|event| is_write(event)).cloned().collect();
    Ok(found)
}

fn request_id(entry: &Entry) -> Option<&Raw> {
    entry.answer.as_ref()?.request_id.as_ref()
}

/// Whether anything of it can have reached the service.
fn was_sent(entry: &Entry) -> bool {
    if entry.place.endpoint.is_some() {
        return false;
    }
    match &entry.answer {
        // Under way, or nobody knows.
        None => true,
        // A refusal without a request id was made on this machine.
        Some(answer) => match answer.word.as_str() {
            "not sent" => false,
            "refused" => answer.request_id.is_some(),
            _ => true,
        },
    }
}

/// From the intent to the answer, as this machine's clock saw them.
fn lasted(entry: &Entry) -> (Timestamp, Timestamp) {
    let end = entry.answer.as_ref().map_or(entry.at, |answer| answer.at);
    (entry.at, end.max(entry.at))
}

fn covers(span: Option<(Timestamp, Timestamp)>, entry: &Entry) -> bool {
    let (begin, end) = lasted(entry);
    span.is_some_and(|(first, last)| first <= begin && end <= last)
}

fn is_near(entry: &Entry, event: &Event) -> bool {
    let (begin, end) = lasted(entry);
    event.time.duration_since(begin) >= -SKEW && event.time.duration_since(end) <= SKEW
}

fn is_write(event: &Event) -> bool {
    WRITES.contains(&event.name.as_str())
}

fn is_ours(event: &Event) -> bool {
    event
        .agent
        .as_ref()
        .is_some_and(|agent| agent.as_str().split([' ', '[', ']', ',']).any(|part| part == APP))
}

fn is_about_another(entry: &Entry, event: &Event) -> bool {
    match (entry.sub.as_ref().and_then(Kept::value), &event.sub) {
        (Some(ours), Some(theirs)) => ours != theirs,
        _ => false,
    }
}

fn differs(entry: &Entry, event: &Event) -> Vec<Differs> {
    let mut differs = Vec::new();
    if entry.operation != event.name {
        differs.push(Differs::Operation);
    }
    if is_about_another(entry, event) {
        differs.push(Differs::User);
    }
    if !is_ours(event) {
        differs.push(Differs::Agent);
    }
    differs
}

fn is_earlier_send(entry: &Entry, event: &Event) -> bool {
    let throttled = event.error.as_ref().is_some_and(|code| is_throttle(code.as_str()));
    let again = entry.answer.as_ref().is_none_or(|answer| answer.attempts > 1);
    throttled && again && may_be(entry, event)
}

fn may_be(entry: &Entry, event: &Event) -> bool {
    entry.operation == event.name && is_near(entry, event) && !is_about_another(entry, event)
}

/// An export, read.
struct Trail {
    span: Option<(Timestamp, Timestamp)>,
    places: Places,
    /// Those that an entry can be about.
    events: Vec<Event>,
    unreadable: Vec<usize>,
}

/// Where the events of a file happened.
#[derive(Default)]
struct Places {
    regions: BTreeSet<String>,
    accounts: BTreeSet<String>,
}

impl Places {
    /// What is not known does not rule an entry out.
    fn covers(&self, entry: &Entry) -> bool {
        let among = |known: &BTreeSet<String>, of: &Option<Raw>| {
            of.as_ref()
                .is_none_or(|of| known.is_empty() || known.contains(of.as_str()))
        };
        among(&self.regions, &entry.place.region) && among(&self.accounts, &entry.place.account)
    }
}

impl Trail {
    fn read(text: &str) -> Result<Self, NotATrail> {
        // Files of a trail that somebody joined follow each other.
        let mut trail = Self {
            span: None,
            places: Places::default(),
            events: Vec::new(),
            unreadable: Vec::new(),
        };
        let mut place = 0;
        let mut any = false;
        for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let value = value.map_err(|_| NotATrail)?;
            let member = |name: &str| value.get(name).and_then(Value::as_array);
            let (records, looked_up) = match (member("Records"), member("Events")) {
                (Some(records), _) => (records, false),
                (None, Some(events)) => (events, true),
                (None, None) => return Err(NotATrail),
            };
            any = true;
            for record in records {
                place += 1;
                let told = if looked_up {
                    let inner = record.get("CloudTrailEvent").and_then(Value::as_str);
                    inner.and_then(|inner| serde_json::from_str::<Value>(inner).ok())
                } else {
                    Some(record.clone())
                };
                if told.and_then(|event| trail.event(&event)).is_none() {
                    trail.unreadable.push(place);
                }
            }
        }
        if any { Ok(trail) } else { Err(NotATrail) }
    }

    /// `None`: it lacks what every event has.
    fn event(&mut self, event: &Value) -> Option<()> {
        let text = |value: Option<&Value>| {
            let text = value.and_then(Value::as_str).filter(|text| !text.is_empty());
            text.map(Raw::from)
        };
        let time: Timestamp = event.get("eventTime")?.as_str()?.parse().ok()?;
        let name = text(event.get("eventName"))?;
        let source = event.get("eventSource")?.as_str()?;
        self.span = Some(match self.span {
            Some((first, last)) => (first.min(time), last.max(time)),
            None => (time, time),
        });
        let known = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        self.places.regions.extend(known("awsRegion"));
        self.places.accounts.extend(known("recipientAccountId"));
        let named = |names: &[&str]| names.contains(&name.as_str());
        if source == SOURCE && (named(&WRITES) || named(&ANSWERS)) {
            self.events.push(Event {
                time,
                name,
                request_id: text(event.get("requestID")),
                event_id: text(event.get("eventID")),
                caller: text(event.pointer("/userIdentity/arn")),
                source_ip: text(event.get("sourceIPAddress")),
                agent: text(event.get("userAgent")),
                error: text(event.get("errorCode")),
                sub: text(event.pointer("/additionalEventData/sub")),
            });
        }
        Some(())
    }
}
