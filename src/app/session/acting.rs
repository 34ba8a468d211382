//! Acting as a user: whose token is held for this pool, until when, and which codes were sent with it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{Session, View};
use crate::app::core::Core;
use crate::app::slot::Slot;
use crate::domain::sign_in::ActingAs;
use crate::domain::{AppClient, AttributeName, Contact, Route, Rules, Schema, User, Username};
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
    /// What can be edited where the pool's settings may not be read.
    standard: Schema,
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

    /// How long until what is shown of the time left is another text: whole hours, then minutes, at the end seconds.
    pub fn changes_in(&self, now: Timestamp) -> Option<Duration> {
        let left = self.left(now)?;
        let last = Duration::from_secs(match Left::of(Some(left)) {
            // The last second that is written as so many hours or minutes is their first.
            Left::Hours(hours) => hours * 3600,
            Left::Minutes(minutes) => minutes * 60,
            Left::Seconds(seconds) => seconds,
            Left::Expired => 0,
        });
        Some(left.saturating_sub(last.saturating_sub(Duration::from_secs(1))))
    }

    /// The time left as the header writes it.
    pub fn shown(&self, now: Timestamp) -> Left {
        Left::of(self.left(now))
    }
}

/// A code that was asked for as a user. The service's limits are the user's, so it counts whatever becomes of the token.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeAsked {
    pub(in crate::app) username: Username,
    pub(in crate::app) contact: Contact,
    pub(in crate::app) at: Timestamp,
}

/// The time left of a token, as coarse as it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// From two hours on.
    Hours(u64),
    Minutes(u64),
    /// Under two minutes.
    Seconds(u64),
    Expired,
}

impl Left {
    fn of(left: Option<Duration>) -> Self {
        let Some(left) = left else {
            return Self::Expired;
        };
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        if seconds >= 7200 {
            Self::Hours(seconds / 3600)
        } else if seconds >= 120 {
            Self::Minutes(seconds / 60)
        } else {
            Self::Seconds(seconds)
        }
    }
}

impl Session {
    /// What may be edited on a route, once the pool's settings are known.
    pub fn rules(&self, route: Route) -> Option<Rules<'_>> {
        let acting = self.acting.as_ref();
        match route {
            Route::Admin => self.schema().map(Rules::admin),
            Route::Own => {
                // A user's own calls need no permission of ours, so they go on without the pool's settings.
                let standard = acting
                    .filter(|_| self.pool.fault().is_some())
                    .map(|acting| &acting.standard);
                let client = acting.and_then(|acting| acting.client.ready());
                let schema = self.schema().or(standard)?;
                Some(Rules::own(schema, client.map(AsRef::as_ref)))
            }
        }
    }

    /// The user whose token is held, if it is this one.
    pub fn acting_as(&self, username: &Username) -> Option<&Acting> {
        self.acting.as_ref().filter(|acting| acting.username() == username)
    }

    /// The newest reading as this user, while its token can still be used.
    pub(in crate::app) fn good_token(&self, username: &Username, core: &Core) -> Option<Arc<User>> {
        self.acting_as(username)
            .filter(|acting| acting.left(core.at).is_some())
            .map(|acting| Arc::clone(&acting.user))
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
            standard: Schema::standard(told.user.attributes.keys()),
            user: told.user,
            client,
            expires_at: told.expires_at,
        });
        self.open_writer(core);
    }

    /// How many codes for a contact of a user were asked for in the hour before `now`, as far as this program knows.
    pub fn codes_sent(&self, username: &Username, contact: Contact, now: Timestamp) -> usize {
        let recent = |at: Timestamp| Duration::try_from(now.duration_since(at)).is_ok_and(|ago| ago < HOUR);
        self.codes
            .iter()
            .filter(|code| code.username == *username && code.contact == contact && recent(code.at))
            .count()
    }

    /// Takes what the app client may write.
    pub(in crate::app) fn take_client(
        &mut self,
        ticket: Ticket,
        answer: Result<Arc<AppClient>, crate::domain::Fault>,
    ) -> bool {
        let allows = self
            .sign_in
            .as_mut()
            .is_some_and(|screen| screen.allows.fill(ticket, answer.clone()));
        allows
            || self
                .acting
                .as_mut()
                .is_some_and(|acting| acting.client.fill(ticket, answer))
    }

    /// A reading by the user itself: it shows what the app client may read and knows no status, so it is laid over what
    /// is known, and never takes the place of an administrator's reading.
    pub(in crate::app) fn take_own_reading(&mut self, now: &Arc<User>) {
        let Some(acting) = self
            .acting
            .as_mut()
            .filter(|acting| acting.user.username == now.username)
        else {
            return;
        };
        acting.user = Arc::clone(now);
        let readable = acting.client.ready().map(|client| client.readable.clone());
        let hidden = |name: &AttributeName| match &readable {
            // Developer attributes are never shown to the user.
            _ if name.as_str().starts_with("dev:") => true,
            None => true,
            Some(None) => false,
            Some(Some(readable)) => !readable.contains(name),
        };
        let laid_over = |known: &Arc<User>| {
            if !known.tells_status() {
                return Arc::clone(now);
            }
            let mut merged = User::clone(known);
            merged
                .attributes
                .retain(|name, _| now.attributes.contains_key(name) || hidden(name));
            merged
                .attributes
                .extend(now.attributes.iter().map(|(name, value)| (name.clone(), value.clone())));
            Arc::new(merged)
        };
        if let Some(merged) = self.users.get(&now.username).as_ref().map(laid_over) {
            self.users.patch(&merged);
        }
        if let Some(screen) = self.user.as_mut().filter(|screen| screen.user.username == now.username) {
            screen.user = laid_over(&screen.user);
        }
    }

    /// Why nothing can be sent as this user now, if nothing can.
    pub(in crate::app) fn token_is_missing(&self, route: Route, user: &Username, core: &Core) -> Option<&'static str> {
        if route == Route::Admin {
            return None;
        }
        match self.acting_as(user) {
            None => Some("nobody acts as this user any more; edits stay, in the form T signs in again"),
            Some(acting) if acting.left(core.at).is_none() => {
                Some("the access token has expired, nothing is sent; edits stay, in the form T signs in again")
            }
            Some(_) => None,
        }
    }

    /// Opens the form on a reading that was made with the token just now: it is the base, and not read twice.
    pub(in crate::app) fn open_own_form(&mut self, own: Arc<User>, from: View, core: &mut Core) {
        if let Some(draft) = self.drafts.get_mut(&(own.username.clone(), Route::Own)) {
            draft.rebase(Arc::clone(&own));
        }
        self.show_form(own, Route::Own, from, core);
        if let Some(edit) = &mut self.edit {
            edit.read = Slot::Ready(());
        }
    }

    /// The token is forgotten. Pending edits stay for the next one.
    pub(in crate::app) fn stop_acting(&mut self, core: &mut Core) {
        if self.acting.is_none() {
            return core.say("nobody is acted as");
        }
        if self.is_sending() {
            return core.say("a write is under way; its result comes first");
        }
        self.forget_token(core);
        if self.view == View::Edit && self.edit.as_ref().is_some_and(|edit| edit.route == Route::Own) {
            self.edit = None;
            self.view = View::Users;
        }
        core.say("the token is forgotten; pending edits are kept");
    }

    /// Forgets whatever token is held for this pool, here and at the desk.
    pub(in crate::app) fn forget_token(&mut self, core: &mut Core) {
        self.acting = None;
        core.ask_quietly(Job::StopActing {
            place: self.place.clone(),
        });
    }
}
