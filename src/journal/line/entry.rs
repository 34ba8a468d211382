//! From lines to entries: what the rest of the program works on.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::entry::{Entry, EntryAnswer, EntryChange, EntryDelivery, EntryFault, EntrySeen, Kept};
use crate::domain::place::{Caller, Written};
use crate::domain::{AttributeName, PoolId, Raw};

use super::{AccountLine, CallerLine, FaultLine, IntentLine, OutcomeLine, PlaceLine, SeenLine};
use crate::journal::seal::Sealed;

impl IntentLine {
    /// The entry that this intent begins.
    pub(in crate::journal) fn entry(self, id: &str, at: Timestamp, writer: Option<Raw>, running: bool) -> Entry {
        Entry {
            id: Raw::from(id),
            writer,
            at,
            caller: self.caller.caller(),
            place: self.place.place(),
            username: self.user.username.kept(),
            sub: kept(self.user.sub),
            account: self.account.map(AccountLine::account),
            operation: self.operation.into(),
            changes: (self.changes.into_iter())
                .map(|change| EntryChange {
                    name: AttributeName::new(change.name),
                    before: kept(change.before),
                    after: kept(change.after),
                })
                .collect(),
            flags: (self.flags.into_iter())
                .map(|flag| (AttributeName::new(flag.name), kept(flag.before)))
                .collect(),
            metadata_keys: self.metadata_keys.into_iter().map(Raw::from).collect(),
            client: self.client.map(Raw::from),
            contact: self.contact.map(Raw::from),
            message_action: self.message_action.map(Raw::from),
            reason: kept(self.reason),
            undoes: self.undoes.map(Raw::from),
            answer: None,
            seen: Vec::new(),
            running,
        }
    }

    pub(in crate::journal) fn pool(&self) -> &str {
        &self.place.pool
    }

    /// Whether it is about the user with this sub.
    pub(in crate::journal) fn is_about(&self, sub: &str) -> bool {
        self.user.sub.as_ref().and_then(Sealed::value) == Some(sub)
    }
}

impl OutcomeLine {
    /// Whether anything went out, so that a reading follows.
    pub(in crate::journal) fn is_sent(&self) -> bool {
        self.word != "not sent"
    }

    pub(in crate::journal) fn answer(self, at: Timestamp) -> EntryAnswer {
        EntryAnswer {
            at,
            word: self.word.into(),
            why: self.why.map(Raw::from),
            attempts: self.attempts,
            took: Duration::from_millis(self.duration_ms),
            request_id: self.request_id.map(Raw::from),
            reported: (self.reported.into_iter())
                .map(|delivery| EntryDelivery {
                    attribute: delivery.attribute.map(Raw::from),
                    medium: delivery.medium.map(Raw::from),
                    destination: kept(delivery.destination),
                })
                .collect(),
            fault: self.fault.map(FaultLine::fault),
        }
    }
}

impl SeenLine {
    pub(in crate::journal) fn seen(self, at: Timestamp) -> EntrySeen {
        EntrySeen {
            at,
            word: self.word.into(),
            attributes: (self.attributes.into_iter())
                .map(|attribute| (AttributeName::new(attribute.name), kept(attribute.now)))
                .collect(),
            account: self.account.map(AccountLine::account),
            fault: self.fault.map(FaultLine::fault),
        }
    }

    /// Whether it says that it is about the user with this sub.
    pub(in crate::journal) fn is_about(&self, sub: &str) -> bool {
        self.sub.as_ref().and_then(Sealed::value) == Some(sub)
    }
}

impl AccountLine {
    fn account(self) -> (Raw, bool) {
        (self.status.into(), self.enabled)
    }
}

impl CallerLine {
    fn caller(self) -> Caller {
        Caller {
            arn: self.arn.map(Raw::from),
            account: self.account.map(Raw::from),
            profile: self.profile.map(Raw::from),
            key_id: self.key_id.map(Raw::from),
        }
    }
}

impl PlaceLine {
    fn place(self) -> Written {
        Written {
            account: self.account.map(Raw::from),
            region: self.region.map(Raw::from),
            endpoint: self.endpoint.map(Raw::from),
            pool: PoolId::new(self.pool),
        }
    }
}

impl FaultLine {
    fn fault(self) -> EntryFault {
        EntryFault {
            operation: self.operation.into(),
            code: self.code.into(),
            message: self.message.kept(),
            request_id: self.request_id.map(Raw::from),
        }
    }
}

fn kept(sealed: Option<Sealed>) -> Option<Kept> {
    sealed.map(Sealed::kept)
}
