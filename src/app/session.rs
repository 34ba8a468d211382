//! An open pool: its settings, its users, the pending edits, and which screen is in front.

mod acting;
mod asking;
mod copy;
mod front;
mod mode;
mod protected;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

pub use self::acting::{Acting, CodeAsked, Left};
pub use self::copy::user_items;
pub use self::mode::{Armed, Mode, ReadReason};
use super::core::Core;
use super::drafts::Resuming;
use super::overlay::{Overlay, Prompt, PromptKind};
use super::screen::breakdown::BreakdownScreen;
use super::screen::compare::CompareScreen;
use super::screen::deed::DeedScreen;
use super::screen::edit::EditScreen;
use super::screen::lint::LintScreen;
use super::screen::pools::Choice;
use super::screen::review::Review;
use super::screen::rows::named;
use super::screen::sign_in::SignInScreen;
use super::screen::user::UserScreen;
use super::screen::users::{Users, Wanted};
use super::slot::Slot;
use super::writes::{UnknownWrite, Waiting, Write};
use crate::domain::draft::saved::DraftId;
use crate::domain::guard::Guard;
use crate::domain::place::Caller;
use crate::domain::pool::ProviderMapping;
use crate::domain::{
    AttributeName, ClientId, ClientMetadata, Draft, Place, Pool, PoolId, Raw, Route, Schema, User, Username,
};
use crate::job::Ticket;

/// Which screen of a pool is in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Users,
    User,
    Edit,
    Review,
    /// The review of one step on the account.
    Deed,
    SignIn,
    /// What the checks found.
    Lint,
    /// Two users side by side.
    Compare,
    /// The values of a column.
    Breakdown,
}

/// An open pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub place: Place,
    pub name: Option<Raw>,
    /// What protects the pool, by every name it is known by.
    pub guard: Guard,
    pub mode: Mode,
    /// The name that was typed to allow writing: the desk asks for it.
    pub(super) typed: Option<Raw>,
    /// The groups of users whose form or step was opened, where a rule protects a group.
    pub(super) memberships: BTreeMap<Username, Slot<Vec<Raw>>>,
    /// Until when the typed name of a protected pool holds, and when it was typed.
    pub armed: Option<Armed>,
    pub pool: Slot<Arc<Pool>>,
    pub providers: Slot<Vec<ProviderMapping>>,
    pub caller: Slot<Caller>,
    pub users: Users,
    pub user: Option<UserScreen>,
    pub edit: Option<EditScreen>,
    pub review: Option<Review>,
    pub deed: Option<DeedScreen>,
    pub sign_in: Option<SignInScreen>,
    pub lint: Option<LintScreen>,
    pub compare: Option<CompareScreen>,
    pub breakdown: Option<BreakdownScreen>,
    /// The first of two users that are to be compared.
    pub first: Option<Username>,
    /// What a user was opened from, where that is not the list.
    pub(super) behind: Option<View>,
    pub view: View,
    /// Pending edits by user and route: they stay when a form is left.
    pub drafts: BTreeMap<(Username, Route), Draft>,
    /// A draft of an earlier run on its way into its form.
    pub(super) resuming: Option<Resuming>,
    /// Drafts of earlier runs that were laid on their users and are pending edits now.
    pub(super) resumed: Vec<(DraftId, (Username, Route))>,
    /// Whose token is held.
    pub acting: Option<Acting>,
    /// Codes that were asked for as a user.
    pub(super) codes: Vec<CodeAsked>,
    /// Sign-ins that were left while the service was asked: a token that comes of one is forgotten.
    pub(super) given_up: Vec<Ticket>,
    /// Writes that are at the desk.
    pub writes: BTreeMap<Ticket, Write>,
    /// Changes the service accepted and that were not seen applied.
    pub waiting: Vec<Waiting>,
    /// The app client that was named last: it is proposed again.
    pub last_client: Option<ClientId>,
    /// Users with a write that ended unknown.
    pub unknown: BTreeMap<Username, UnknownWrite>,
    /// A write failed in a way that a new connection may mend: the next retry makes one.
    pub(super) stale: bool,
}

impl Session {
    pub fn new(choice: Choice) -> Self {
        Self {
            mode: Mode::of(&choice.guard),
            place: choice.place,
            name: choice.name,
            guard: choice.guard,
            typed: None,
            memberships: BTreeMap::new(),
            armed: None,
            pool: Slot::Empty,
            providers: Slot::Empty,
            caller: Slot::Empty,
            users: Users::default(),
            user: None,
            edit: None,
            review: None,
            deed: None,
            sign_in: None,
            lint: None,
            compare: None,
            breakdown: None,
            first: None,
            behind: None,
            view: View::Users,
            drafts: BTreeMap::new(),
            resuming: None,
            resumed: Vec::new(),
            acting: None,
            codes: Vec::new(),
            given_up: Vec::new(),
            writes: BTreeMap::new(),
            waiting: Vec::new(),
            last_client: None,
            unknown: BTreeMap::new(),
            stale: false,
        }
    }

    /// The pool's name: from the service once it is known, else from the config or the list.
    pub fn display_name(&self) -> Option<&Raw> {
        self.pool.ready().map(|pool| &pool.name).or(self.name.as_ref())
    }

    pub fn schema(&self) -> Option<&Schema> {
        self.pool.ready().map(|pool| &pool.schema)
    }

    /// Opens a user by name, from what is loaded or through the service. AdminGetUser is not called for it.
    pub(super) fn open_by_name(&mut self, username: &Username, core: &mut Core) {
        self.leave_question(core);
        match self.users.get(username) {
            Some(user) => self.open_user(user, core),
            None => {
                self.view = View::Users;
                self.users.find = None;
                self.users.clear_wish();
                self.users
                    .ask(username.as_str(), Wanted::Named, &self.place, None, core);
            }
        }
    }

    pub(super) fn open_user(&mut self, user: Arc<User>, core: &mut Core) {
        if user.has_provider() {
            self.ask_providers(core);
        }
        self.behind = (self.view == View::Lint).then_some(View::Lint);
        self.user = Some(UserScreen::new(user));
        self.view = View::User;
    }

    /// The newest reading of a user wherever it is shown.
    pub(super) fn take_reading(&mut self, now: &Arc<User>) {
        self.end_waiting(now);
        if !now.tells_status() {
            return self.take_own_reading(now);
        }
        self.users.patch(now);
        if let Some(screen) = &mut self.user
            && screen.user.username == now.username
        {
            screen.user = Arc::clone(now);
        }
    }

    /// The newest reading of a user among those held here.
    pub fn reading(&self, username: &Username) -> Option<Arc<User>> {
        self.user
            .as_ref()
            .map(|screen| &screen.user)
            .filter(|user| user.username == *username)
            .cloned()
            .or_else(|| self.users.get(username))
    }

    /// How many users have edits that were not sent.
    pub fn users_with_edits(&self) -> usize {
        let users: BTreeSet<&Username> = self
            .drafts
            .iter()
            .filter(|(_, draft)| !draft.is_empty())
            .map(|((username, _), _)| username)
            .collect();
        users.len()
    }

    /// Pending edits of a user, the administrator's first.
    pub fn draft(&self, username: &Username) -> Option<&Draft> {
        [Route::Admin, Route::Own]
            .into_iter()
            .filter_map(|route| self.drafts.get(&(username.clone(), route)))
            .find(|draft| !draft.is_empty())
    }

    pub(super) fn jump(&mut self, typed: &str) -> Result<(), &'static str> {
        let name = self
            .jump_target(typed)
            .ok_or("no attribute of that name in this pool")?;
        match self.view {
            View::Edit => self.go_in_form(name),
            _ => {
                if let Some(screen) = &mut self.user {
                    screen.go_to(name);
                }
            }
        }
        Ok(())
    }

    /// The attribute a typed name means.
    pub(super) fn jump_target(&self, typed: &str) -> Option<AttributeName> {
        let route = self.edit.as_ref().map_or(Route::Admin, |edit| edit.route);
        let schema = self.rules(route)?.schema;
        named(schema.attributes.iter().map(|attribute| &attribute.name), typed).cloned()
    }

    pub(super) fn set_metadata(&mut self, metadata: ClientMetadata) {
        if let Some(edit) = &self.edit
            && let Some(draft) = self.drafts.get_mut(&edit.key())
        {
            draft.metadata = metadata;
        }
    }

    pub(super) fn discard(&mut self, core: &mut Core) {
        let Some(edit) = &mut self.edit else {
            return;
        };
        edit.field = None;
        if let Some(draft) = self.drafts.get_mut(&edit.key()) {
            *draft = Draft::new(Arc::clone(draft.base()), draft.route());
        }
        core.say("the pending edits of this user are thrown away");
    }

    /// Opens a one-line question over the screen.
    pub(super) fn prompt(kind: PromptKind, opened: Duration) -> Option<Overlay> {
        Some(Overlay::Prompt(Prompt::new(kind, opened)))
    }

    /// The id of the pool, for writing down.
    pub fn id(&self) -> &PoolId {
        &self.place.pool
    }
}
