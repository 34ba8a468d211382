//! The shapes of a line, apart from the domain's own types: those may change, what is on disk may not.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::disk::Trouble;
use crate::domain::place::{Caller, Written};
use crate::domain::{
    AttributeName, AttributeValue, ChangeSet, CodeDelivery, Contact, Drift, Fault, FaultKind, Intent, Operation,
    Outcome, Raw, User,
};

use super::chain::Hash;
use super::seal::{Seal, Sealed};
use super::{Answer, NotSent};

mod anchor;
mod entry;

pub(super) use anchor::{AnchorLine, RemovedLine};

/// The number in `v`.
pub(super) const VERSION: u64 = 1;

/// One line, without its own hash, which is made from the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) v: u64,
    pub(super) session: String,
    pub(super) seq: u64,
    pub(super) prev: Hash,
    pub(super) id: String,
    pub(super) time: String,
    pub(super) program: String,
    pub(super) repaired: Option<u64>,
    #[serde(flatten)]
    pub(super) body: Body,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    Intent(Box<IntentLine>),
    Outcome(OutcomeLine),
    Seen(SeenLine),
    Anchor(AnchorLine),
}

/// What is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IntentLine {
    caller: CallerLine,
    place: PlaceLine,
    user: UserLine,
    /// The service's name of the call.
    operation: String,
    /// In the order they are sent in.
    changes: Vec<ChangeLine>,
    /// Verified flags, as they were, of contacts that change without their flag being sent: the service resets those by
    /// itself, and whoever takes the change back restores them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flags: Vec<FlagLine>,
    /// Names only: what ClientMetadata carries is not stored by the service either.
    metadata_keys: Vec<String>,
    /// Status and whether it is enabled, as read before; null where the reading does not tell (GetUser).
    #[serde(default)]
    account: Option<AccountLine>,
    /// The app client that the call names, if it names one.
    #[serde(default)]
    client: Option<String>,
    /// The contact a code is for, where the call is about a code. The code itself is never written.
    #[serde(default)]
    contact: Option<String>,
    /// MessageAction: `RESEND` where AdminCreateUser makes nobody and invites again somebody who is there.
    #[serde(default)]
    message_action: Option<String>,
    /// Why, in the operator's words.
    reason: Option<Sealed>,
    /// The `id` of the write that this one takes back.
    undoes: Option<String>,
}

/// Where an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AccountLine {
    status: String,
    enabled: bool,
}

/// Who signed. `arn` is null while the service had not told yet; profile and key id are known without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct CallerLine {
    arn: Option<String>,
    account: Option<String>,
    profile: Option<String>,
    key_id: Option<String>,
}

/// Where it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PlaceLine {
    account: Option<String>,
    region: Option<String>,
    /// Null for the service's own endpoint.
    endpoint: Option<String>,
    pool: String,
}

/// Whom it is about. Sealed, because a username is often an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct UserLine {
    username: Sealed,
    sub: Option<Sealed>,
}

/// One attribute that changes. `before` null: it was not set. `after` null: it is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ChangeLine {
    name: String,
    before: Option<Sealed>,
    after: Option<Sealed>,
}

/// One verified flag as it was; null when it was not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FlagLine {
    name: String,
    before: Option<Sealed>,
}

/// How the call ended, or that there was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutcomeLine {
    /// `accepted`, `refused`, `unknown` or `not sent`.
    word: String,
    /// For `not sent`: `stopped`, `changed`, `unread` or `read-only`.
    why: Option<String>,
    /// Sends, those refused for rate included.
    attempts: u32,
    duration_ms: u64,
    request_id: Option<String>,
    /// The messages that the service reports, in its order.
    #[serde(default)]
    reported: Vec<DeliveryLine>,
    fault: Option<FaultLine>,
    /// For `changed`: what someone else changed meanwhile.
    drift: Vec<DriftLine>,
}

/// One message, as the service reports it. The destination is sealed: masked as it is, it tells about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DeliveryLine {
    attribute: Option<String>,
    medium: Option<String>,
    destination: Option<Sealed>,
}

/// What is true after reading back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SeenLine {
    /// One of the six outcome words.
    word: String,
    /// When the answer that told it arrived; null when it could not be read.
    read_at: Option<String>,
    /// The attributes that the change touched, and the verified flags of the contacts among them, as they are now.
    attributes: Vec<NowLine>,
    /// Status and whether it is enabled; null where the reading does not tell.
    #[serde(default)]
    account: Option<AccountLine>,
    /// Why it could not be read back.
    fault: Option<FaultLine>,
    /// Whom the write is about, so that the line can be found without its intent, which may be a colleague's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub: Option<Sealed>,
}

/// One attribute as it is now; null when it is not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct NowLine {
    name: String,
    now: Option<Sealed>,
}

/// One attribute that is not what it was expected to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DriftLine {
    name: String,
    expected: Option<Sealed>,
    now: Option<Sealed>,
}

/// What went wrong. The message is sealed, because it can quote a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FaultLine {
    kind: String,
    operation: String,
    code: String,
    message: Sealed,
    request_id: Option<String>,
    status: Option<u16>,
}

impl IntentLine {
    pub(super) fn new(intent: &Intent, seal: &Seal) -> Result<Self, Trouble> {
        let operation = &intent.operation;
        let changes = operation
            .changes()
            .map_or(&[][..], ChangeSet::changes)
            .iter()
            .map(|change| {
                Ok(ChangeLine {
                    name: change.name.as_str().to_owned(),
                    before: sealed(change.before.as_ref(), seal)?,
                    after: sealed(change.edit.value(), seal)?,
                })
            });
        let values = operation.values().iter().map(|(name, value)| {
            Ok(ChangeLine {
                name: name.as_str().to_owned(),
                before: sealed(operation.user().get(name), seal)?,
                after: sealed(Some(value), seal)?,
            })
        });
        Ok(Self {
            caller: CallerLine::new(&intent.caller),
            place: PlaceLine::new(&intent.place),
            user: UserLine {
                username: seal.value(intent.user.as_str())?,
                sub: intent.sub.as_deref().map(|sub| seal.readable(sub)).transpose()?,
            },
            operation: intent.operation.name().to_owned(),
            changes: changes.chain(values).collect::<Result<_, Trouble>>()?,
            flags: FlagLine::beside(operation, seal)?,
            metadata_keys: operation
                .metadata()
                .map(|metadata| metadata.0.keys().cloned().collect())
                .unwrap_or_default(),
            account: AccountLine::of(operation.user()),
            client: operation.client().map(|client| client.as_str().to_owned()),
            contact: operation.contact().map(|contact| contact.name().to_owned()),
            message_action: operation.message_action().map(str::to_owned),
            reason: (intent.why.reason.as_ref())
                .map(|reason| seal.readable(reason.as_str()))
                .transpose()?,
            undoes: text(intent.why.undoes.as_ref()),
        })
    }
}

impl FlagLine {
    fn beside(operation: &Operation, seal: &Seal) -> Result<Vec<Self>, Trouble> {
        let Some(changes) = operation.changes() else {
            return Ok(Vec::new());
        };
        Contact::ALL
            .into_iter()
            .filter(|contact| changes.get(&contact.attribute()).is_some() && changes.get(&contact.flag()).is_none())
            .map(|contact| {
                Ok(Self {
                    name: contact.flag_name().to_owned(),
                    before: sealed(operation.user().get(&contact.flag()), seal)?,
                })
            })
            .collect()
    }
}

impl OutcomeLine {
    pub(super) fn answered(answer: &Answer, attempts: u32, took: Duration, seal: &Seal) -> Result<Self, Trouble> {
        let (word, request_id, reported, fault) = match answer {
            Answer::Accepted { request_id, reported } => ("accepted", request_id, reported.as_slice(), None),
            Answer::Refused(fault) => ("refused", &fault.request_id, &[][..], Some(fault)),
            Answer::Unknown(fault) => ("unknown", &fault.request_id, &[][..], Some(fault)),
        };
        Ok(Self {
            word: word.to_owned(),
            why: None,
            attempts,
            duration_ms: milliseconds(took),
            request_id: text(request_id.as_ref()),
            reported: reported
                .iter()
                .map(|delivery| DeliveryLine::new(delivery, seal))
                .collect::<Result<_, _>>()?,
            fault: fault.map(|fault| FaultLine::new(fault, seal)).transpose()?,
            drift: Vec::new(),
        })
    }

    pub(super) fn not_sent(why: &NotSent, attempts: u32, took: Duration, seal: &Seal) -> Result<Self, Trouble> {
        let (why, fault, drift) = match why {
            NotSent::Stopped => ("stopped", None, &[][..]),
            NotSent::Changed(drift) => ("changed", None, drift.as_slice()),
            NotSent::Unread(fault) => ("unread", Some(fault), &[][..]),
            NotSent::ReadOnly => ("read-only", None, &[][..]),
        };
        Ok(Self {
            word: "not sent".to_owned(),
            why: Some(why.to_owned()),
            attempts,
            duration_ms: milliseconds(took),
            request_id: None,
            reported: Vec::new(),
            fault: fault.map(|fault| FaultLine::new(fault, seal)).transpose()?,
            drift: drift
                .iter()
                .map(|drift| DriftLine::new(drift, seal))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl SeenLine {
    pub(super) fn new(
        touched: &[AttributeName],
        outcome: &Outcome,
        now: Result<&User, &Fault>,
        seal: &Seal,
    ) -> Result<Self, Trouble> {
        let mut line = Self {
            word: outcome.word().to_owned(),
            read_at: None,
            attributes: Vec::new(),
            account: None,
            fault: None,
            sub: None,
        };
        match now {
            Ok(user) => {
                line.read_at = Some(time(user.read_at));
                line.account = AccountLine::of(user);
                for name in touched {
                    let now = sealed(user.get(name), seal)?;
                    line.attributes.push(NowLine {
                        name: name.as_str().to_owned(),
                        now,
                    });
                }
            }
            Err(fault) => line.fault = Some(FaultLine::new(fault, seal)?),
        }
        Ok(line)
    }
}

impl SeenLine {
    /// Says whom the write was about.
    pub(super) fn about(mut self, sub: Option<&str>, seal: &Seal) -> Result<Self, Trouble> {
        self.sub = sub.map(|sub| seal.readable(sub)).transpose()?;
        Ok(self)
    }
}

impl AccountLine {
    fn of(user: &User) -> Option<Self> {
        user.tells_status().then(|| Self {
            status: user.status.raw().as_str().to_owned(),
            enabled: user.enabled,
        })
    }
}

impl DeliveryLine {
    fn new(delivery: &CodeDelivery, seal: &Seal) -> Result<Self, Trouble> {
        let destination = delivery.destination.as_ref();
        Ok(Self {
            attribute: text(delivery.attribute.as_ref()),
            medium: text(delivery.medium.as_ref()),
            destination: destination.map(|to| seal.value(to.as_str())).transpose()?,
        })
    }
}

impl CallerLine {
    fn new(caller: &Caller) -> Self {
        Self {
            arn: text(caller.arn.as_ref()),
            account: text(caller.account.as_ref()),
            profile: text(caller.profile.as_ref()),
            key_id: text(caller.key_id.as_ref()),
        }
    }
}

impl PlaceLine {
    fn new(place: &Written) -> Self {
        Self {
            account: text(place.account.as_ref()),
            region: text(place.region.as_ref()),
            endpoint: text(place.endpoint.as_ref()),
            pool: place.pool.as_str().to_owned(),
        }
    }
}

impl DriftLine {
    fn new(drift: &Drift, seal: &Seal) -> Result<Self, Trouble> {
        Ok(Self {
            name: drift.name.as_str().to_owned(),
            expected: sealed(drift.expected.as_ref(), seal)?,
            now: sealed(drift.now.as_ref(), seal)?,
        })
    }
}

impl FaultLine {
    fn new(fault: &Fault, seal: &Seal) -> Result<Self, Trouble> {
        Ok(Self {
            kind: kind(fault.kind).to_owned(),
            operation: fault.operation.to_owned(),
            code: fault.code.as_str().to_owned(),
            message: seal.value(fault.message.as_str())?,
            request_id: text(fault.request_id.as_ref()),
            status: fault.status,
        })
    }
}

fn sealed(value: Option<&AttributeValue>, seal: &Seal) -> Result<Option<Sealed>, Trouble> {
    value.map(|value| seal.value(value.as_str())).transpose()
}

fn text(raw: Option<&Raw>) -> Option<String> {
    raw.map(|raw| raw.as_str().to_owned())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// RFC 3339 in UTC with three digits of a second, so that times of equal length also sort as text.
pub(super) fn time(timestamp: Timestamp) -> String {
    format!("{timestamp:.3}")
}

fn kind(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Service => "service",
        FaultKind::Throttled => "throttled",
        FaultKind::Server => "server",
        FaultKind::Timeout => "timeout",
        FaultKind::Broken => "broken",
        FaultKind::NoConnection => "no-connection",
        FaultKind::Undecodable => "undecodable",
        FaultKind::NoCredentials => "no-credentials",
        FaultKind::SsoExpired => "sso-expired",
        FaultKind::Local => "local",
    }
}
