//! One step on an account under review: what it causes, the user read again, what it needs to be told, and the one place
//! where it is decided. Opening it sends nothing.

mod sending;

use std::sync::Arc;

use jiff::Timestamp;

pub use self::sending::changed_meanwhile;
use super::confirmation::{Confirmation, Control};
use crate::app::action::Action;
use crate::app::core::{Confirm, Core};
use crate::app::field::Field;
use crate::app::overlay::{CopyItem, moved};
use crate::app::session::{Session, View, user_items};
use crate::app::slot::Slot;
use crate::domain::change::Moved;
use crate::domain::{
    AttributeValue, ClientId, ClientMetadata, ClientSummary, Contact, Deed, Operation, Raw, Route, Secret, User,
    Username,
};
use crate::job::{Answer, Job, Ticket};

/// The open review of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct DeedScreen {
    pub deed: Deed,
    /// The reading it is decided on: the one it was opened from, until a newer one shows that nobody changed it.
    pub user: Arc<User>,
    /// Reading again on opening.
    pub read: Slot<()>,
    pub read_at: Option<Timestamp>,
    /// What someone else changed since it was opened.
    pub moved: Moved,
    /// The app clients to choose from, where the call names one.
    pub clients: Slot<Vec<ClientSummary>>,
    client: Option<ClientId>,
    /// The code that is entered. It leaves here as a secret only.
    pub code: Field,
    pub confirmation: Confirmation,
    /// The entry of the journal that this takes back.
    pub undoes: Option<Raw>,
    from: View,
}

impl DeedScreen {
    /// The app client that the call will name.
    pub fn client(&self) -> Option<&ClientSummary> {
        let chosen = self.client.as_ref()?;
        self.clients.ready()?.iter().find(|client| client.id == *chosen)
    }

    /// The operation on a reading.
    fn operation(&self, pending: Option<AttributeValue>) -> Operation {
        let user = Arc::clone(&self.user);
        match self.deed {
            Deed::Account(account) => Operation::Account { user, account },
            Deed::ResendCode => Operation::ResendCode {
                user,
                client: self.client.clone().unwrap_or_else(|| ClientId::new("")),
            },
            Deed::SendCode(contact) => Operation::SendCode {
                user,
                contact,
                metadata: ClientMetadata::default(),
            },
            Deed::VerifyCode(contact) => Operation::VerifyCode {
                user,
                contact,
                pending,
                code: Secret::new(self.code.text().trim()),
            },
        }
    }
}

impl Session {
    /// Opens the review of a step, and reads the user again for it.
    pub(in crate::app) fn open_deed(&mut self, user: Arc<User>, deed: Deed, core: &mut Core) {
        if self.is_sending() {
            return core.say("a write is under way; its result comes first");
        }
        let user = match deed.route() {
            Route::Admin => user,
            Route::Own => match self.acting_as(&user.username) {
                Some(acting) => Arc::clone(&acting.user),
                None => return core.say("this is for acting as that user, and nobody acts as it now"),
            },
        };
        // A name that was typed for another decision does not count for this one.
        if core.settings.confirm == Confirm::Always {
            self.armed = None;
        }
        self.deed = Some(DeedScreen {
            deed,
            user,
            read: Slot::Empty,
            read_at: None,
            moved: Moved::default(),
            clients: Slot::Empty,
            client: self.last_client.clone(),
            code: Field::default(),
            confirmation: Confirmation::new(core.mono),
            undoes: None,
            from: self.view,
        });
        self.view = View::Deed;
        if let Some(username) = self.deed.as_ref().map(|screen| screen.user.username.clone()) {
            self.ask_membership(&username, core);
        }
        self.read_for_deed(core);
        self.ask_clients(core);
        self.focus_first(core);
    }

    /// Opens the review of a step on a user known by name.
    pub(in crate::app) fn open_deed_of(&mut self, username: &Username, deed: Deed, core: &mut Core) {
        self.leave_question(core);
        let acting = self.acting_as(username).map(|acting| Arc::clone(&acting.user));
        let draft = self.draft(username).map(|draft| Arc::clone(draft.base()));
        match self.reading(username).or(acting).or(draft) {
            Some(user) => self.open_deed(user, deed, core),
            None => {
                self.open_by_name(username, core);
                core.say("the user is read first; a menu of steps is then on the user's screen");
            }
        }
    }

    /// The user that a step on the screen in front would be about.
    pub fn user_in_front(&self) -> Option<Arc<User>> {
        match self.view {
            View::Users => self.users.selected(),
            View::User => self.user.as_ref().map(|screen| Arc::clone(&screen.user)),
            View::Edit => {
                let edit = self.edit.as_ref()?;
                self.drafts.get(&edit.key()).map(|draft| Arc::clone(draft.base()))
            }
            View::Deed => self.deed.as_ref().map(|screen| Arc::clone(&screen.user)),
            _ => None,
        }
    }

    /// Does an action that opens a step. False: it is none of them.
    pub(in crate::app) fn deed_by_action(&mut self, action: Action, core: &mut Core) -> bool {
        let deed = match action {
            Action::EnterCode | Action::SendCode => {
                self.open_code(action, core);
                return true;
            }
            _ => Deed::ON_ACCOUNT
                .into_iter()
                .find(|deed| action_of(*deed) == Some(action)),
        };
        let Some(deed) = deed else {
            return false;
        };
        match self.user_in_front() {
            Some(user) => self.open_deed(user, deed, core),
            None => core.say("there is no user to do this to"),
        }
        true
    }

    /// Entering or sending a code: for the contact under the cursor if it waits, else for one that does, else for the one
    /// under the cursor.
    fn open_code(&mut self, action: Action, core: &mut Core) {
        let Some(user) = self.user_in_front() else {
            return core.say("there is no user in front");
        };
        let name = match self.view {
            View::Edit => self.edit.as_ref().map(|edit| edit.cursor.clone()),
            _ => self.user.as_ref().and_then(|screen| {
                let first = || self.user_rows(screen).names.first().cloned();
                screen.cursor.clone().or_else(first)
            }),
        };
        let under = name.and_then(|name| name.contact().or(name.verifies()));
        let waits = |contact: Contact| self.pending_value(&user.username, contact).is_some();
        let contact = under
            .filter(|contact| waits(*contact))
            .or_else(|| Contact::ALL.into_iter().find(|contact| waits(*contact)))
            .or(under);
        match (contact, action) {
            (None, _) => core.say("no address and no number waits for a code; put the cursor on the one it is for"),
            (Some(contact), Action::SendCode) => self.open_deed(user, Deed::SendCode(contact), core),
            (Some(contact), _) => self.open_deed(user, Deed::VerifyCode(contact), core),
        }
    }

    /// The value of a contact that was accepted and waits for its code, as far as this program knows.
    pub fn pending_value(&self, username: &Username, contact: Contact) -> Option<&AttributeValue> {
        self.waiting
            .iter()
            .find(|waiting| waiting.username == *username && waiting.change.contact == contact)
            .map(|waiting| &waiting.value)
    }

    pub(in crate::app) fn read_for_deed(&mut self, core: &mut Core) {
        let Some(screen) = &mut self.deed else {
            return;
        };
        if screen.read.is_loading() || screen.confirmation.sending.is_some() {
            return;
        }
        let job = Job::GetUser {
            place: self.place.clone(),
            username: screen.user.username.clone(),
            route: screen.deed.route(),
        };
        screen.read = Slot::Loading(core.ask(screen.user.username.raw(), "reading again before sending", job));
    }

    /// Asks for the app clients where the call names one and they are not known.
    pub(in crate::app) fn ask_clients(&mut self, core: &mut Core) {
        let Some(screen) = &mut self.deed else {
            return;
        };
        if screen.deed == Deed::ResendCode && screen.clients.ready().is_none() && !screen.clients.is_loading() {
            let job = Job::Clients {
                place: self.place.clone(),
            };
            screen.clients = Slot::Loading(core.ask(self.place.pool.raw(), "listing the pool's app clients", job));
        }
    }

    /// Takes the app clients. A single one is chosen by itself.
    pub(in crate::app) fn take_clients(
        &mut self,
        ticket: Ticket,
        answer: &Answer<Vec<ClientSummary>>,
        core: &Core,
    ) -> bool {
        let Some(screen) = &mut self.deed else {
            return false;
        };
        let answer = answer.as_ref().map(|answered| answered.value.clone());
        if !screen.clients.fill(ticket, answer.map_err(Clone::clone)) {
            return false;
        }
        if let Some([only]) = screen.clients.ready().map(Vec::as_slice) {
            screen.client = Some(only.id.clone());
        }
        if matches!(screen.confirmation.focus, Control::Cancel | Control::Send) {
            self.decide_anew(core);
        }
        true
    }

    pub(in crate::app) fn take_deed_reading(
        &mut self,
        ticket: Ticket,
        answer: &Answer<Arc<User>>,
        core: &Core,
    ) -> bool {
        let Some(screen) = &mut self.deed else {
            return false;
        };
        if !screen
            .read
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return false;
        }
        if let Ok(answered) = answer {
            let found = screen.operation(None).drift(&answered.value);
            self.take_deed_moved(&answered.value, found, core);
        }
        true
    }

    /// Takes a newer reading. Where someone else changed what the step is judged on, nothing is sent: it is opened again
    /// on what is there now.
    pub(in crate::app) fn take_deed_moved(&mut self, now: &Arc<User>, found: Moved, core: &Core) {
        let Some(screen) = &mut self.deed else {
            return;
        };
        screen.read_at = Some(core.at);
        if !found.stops() {
            screen.user = Arc::clone(now);
        }
        screen.moved = found;
        // A field keeps the focus while it is typed into; what would confirm is decided from the beginning.
        if matches!(screen.confirmation.focus, Control::Cancel | Control::Send) {
            self.decide_anew(core);
        } else {
            self.opened_now(core);
        }
    }

    /// Goes back to where the step was opened.
    pub(in crate::app) fn close_deed(&mut self) {
        let from = self.deed.take().map_or(View::Users, |screen| screen.from);
        self.view = match from {
            View::Edit if self.edit.is_some() => View::Edit,
            View::User if self.user.is_some() => View::User,
            _ => View::Users,
        };
    }

    pub(super) fn deed_controls(&self, core: &Core) -> Vec<Control> {
        let Some(screen) = &self.deed else {
            return Vec::new();
        };
        if self.deed_refused(screen.deed, &screen.user).is_some() || self.user_lock(&screen.user, core).is_some() {
            // What the service would refuse is not asked about any further.
            return vec![Control::Cancel];
        }
        let mut controls = vec![Control::Reason];
        if self.needs_arming(core) {
            controls.push(Control::PoolName);
        }
        if screen.clients.ready().is_some_and(|clients| clients.len() > 1) {
            controls.push(Control::Client);
        }
        if matches!(screen.deed, Deed::VerifyCode(_)) {
            controls.push(Control::Code);
        }
        if screen.deed.asks_for_username() {
            controls.push(Control::Username);
        }
        controls.extend([Control::Cancel, Control::Send]);
        controls
    }

    /// The next or previous app client, round and round.
    pub(super) fn choose_client(&mut self, action: Action) {
        let Some(screen) = &mut self.deed else {
            return;
        };
        let Some(clients) = screen.clients.ready() else {
            return;
        };
        let last = clients.len().saturating_sub(1);
        let at = clients
            .iter()
            .position(|client| Some(&client.id) == screen.client.as_ref());
        let to = match (at, action) {
            (None, _) => 0,
            (Some(0), Action::Up) => last,
            (Some(at), Action::Down) if at == last => 0,
            (Some(at), action) => moved(at, action, clients.len()),
        };
        screen.client = clients.get(to).map(|client| client.id.clone());
    }

    pub(in crate::app) fn deed_items(&self) -> Vec<CopyItem> {
        self.deed
            .as_ref()
            .map(|screen| user_items(&screen.user))
            .unwrap_or_default()
    }
}

/// The palette's name of a step.
pub fn action_of(deed: Deed) -> Option<Action> {
    use crate::domain::Account;
    Some(match deed {
        Deed::Account(Account::ConfirmSignUp) => Action::ConfirmSignUp,
        Deed::Account(Account::ResendInvitation) => Action::ResendInvitation,
        Deed::Account(Account::ResetPassword) => Action::ResetPassword,
        Deed::Account(Account::Enable) => Action::Enable,
        Deed::Account(Account::Disable) => Action::Disable,
        Deed::ResendCode => Action::ResendCode,
        Deed::SendCode(_) | Deed::VerifyCode(_) => return None,
    })
}
