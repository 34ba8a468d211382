//! Acting as a user: whose token is held for this pool, until when, and which codes were sent with it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Session;
use crate::app::core::Core;
use crate::app::slot::Slot;
use crate::domain::sign_in::ActingAs;
use crate::domain::{AppClient, AttributeName, Contact, Route, Rules, User, Username};
use crate::job::{Job, Ticket};

const HOUR: Duration = Duration::from_secs(3600);

/// The user that this pool's token belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Acting {
    /// The newest reading with the token.
    pub user: Arc<User>,
    /// What the token's app client may read and write.
    pub client: Slot<Arc<AppClient>>,
    pub expires_at: Timestamp,
    /// When codes were asked for, by contact: those of the last hour count.
    codes: Vec<(Contact, Timestamp)>,
}

impl Acting {
    pub fn username(&self) -> &Username {
        &self.user.username
    }

    /// How long the token is still good. `None`: it has expired.
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let left = Duration::try_from(self.expires_at.duration_since(now)).ok()?;
        (!left.is_zero()).then_some(left)
    }

    /// How many codes for a contact were asked for in the hour before `now`, as far as this program knows.
    pub fn codes_sent(&self, contact: Contact, now: Timestamp) -> usize {
        let recent = |at: &Timestamp| Duration::try_from(now.duration_since(*at)).is_ok_and(|ago| ago < HOUR);
        self.codes
            .iter()
            .filter(|(other, at)| *other == contact && recent(at))
            .count()
    }

    pub(in crate::app) fn code_sent(&mut self, contact: Contact, at: Timestamp) {
        self.codes.push((contact, at));
    }
}

impl Session {
    /// What may be edited on a route, once the pool's settings are known.
    pub fn rules(&self, route: Route) -> Option<Rules<'_>> {
        let schema = self.schema()?;
        Some(match route {
            Route::Admin => Rules::admin(schema),
            Route::Own => {
                let client = self.acting.as_ref().and_then(|acting| acting.client.ready());
                Rules::own(schema, client.map(AsRef::as_ref))
            }
        })
    }

    /// The user whose token is held, if it is this one.
    pub fn acting_as(&self, username: &Username) -> Option<&Acting> {
        self.acting.as_ref().filter(|acting| acting.username() == username)
    }

    /// A token is held for this pool from here on.
    pub(in crate::app) fn begin_acting(&mut self, told: ActingAs, core: &mut Core) {
        let client = match told.client {
            Some(client) => {
                let job = Job::Client {
                    place: self.place.clone(),
                    client: client.clone(),
                };
                Slot::Loading(core.ask(client.raw(), "reading what the app client may write", job))
            }
            None => Slot::Empty,
        };
        self.acting = Some(Acting {
            user: told.user,
            client,
            expires_at: told.expires_at,
            codes: Vec::new(),
        });
        self.open_writer(core);
    }

    /// Takes what the app client may write.
    pub(in crate::app) fn take_client(
        &mut self,
        ticket: Ticket,
        answer: Result<Arc<AppClient>, crate::domain::Fault>,
    ) -> bool {
        self.acting
            .as_mut()
            .is_some_and(|acting| acting.client.fill(ticket, answer))
    }

    /// A reading by the user itself: it shows what the app client may read and knows no status, so it is laid over what
    /// is known, and never takes the place of an administrator's reading.
    pub(in crate::app) fn take_own_reading(&mut self, now: &Arc<User>) {
        let Some(acting) = self.acting.as_mut().filter(|acting| acting.user.username == now.username) else {
            return;
        };
        acting.user = Arc::clone(now);
        let readable = acting.client.ready().map(|client| client.readable.clone());
        let Some(known) = self.reading(&now.username) else {
            return;
        };
        let hidden = |name: &AttributeName| match &readable {
            // Developer attributes are never shown to the user.
            _ if name.as_str().starts_with("dev:") => true,
            None => true,
            Some(None) => false,
            Some(Some(readable)) => !readable.contains(name),
        };
        let mut merged = User::clone(known);
        merged
            .attributes
            .retain(|name, _| now.attributes.contains_key(name) || hidden(name));
        merged
            .attributes
            .extend(now.attributes.iter().map(|(name, value)| (name.clone(), value.clone())));
        let merged = Arc::new(merged);
        self.users.patch(&merged);
        if let Some(screen) = self.user.as_mut().filter(|screen| screen.user.username == now.username) {
            screen.user = merged;
        }
    }

    /// The token is forgotten. Pending edits stay for the next one.
    pub(in crate::app) fn stop_acting(&mut self, core: &mut Core) {
        if self.acting.take().is_none() {
            return core.say("nobody is acted as");
        }
        core.ask_quietly(Job::StopActing {
            place: self.place.clone(),
        });
    }
}
