//! Signing in as a user: how, through which app client, the password, and what the service asks for on the way. One
//! question at a time, and nothing of an answer is left once the screen is.

pub(in crate::app) mod answers;
mod steps;

use std::sync::Arc;
use std::time::Duration;

use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::keymap::Chord;
use crate::app::overlay::moved;
use crate::app::secret_field::SecretField;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::domain::sign_in::{Challenge, ChallengeKind, Flow};
use crate::domain::{AppClient, AttributeName, ClientSummary, Fault, Raw, Secret, User, Username};
use crate::job::Ticket;

/// What the token comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Token,
    Password(Flow),
}

impl Way {
    pub const ALL: [Self; 3] = [
        Self::Token,
        Self::Password(Flow::UserPassword),
        Self::Password(Flow::AdminPassword),
    ];
}

/// What is asked for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Way,
    Token,
    Client,
    Username,
    Password,
    NewPassword,
    /// The new password once more: what nobody sees is easily mistyped, and only the user would notice.
    NewPasswordAgain,
    /// The required attribute at this position of those that have no value.
    Attribute(usize),
    Code,
    MfaType,
    /// A challenge that cannot be answered here.
    Stopped(Raw),
}

/// The open sign-in.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInScreen {
    /// Who it has to be. `None`: whoever the token belongs to.
    pub user: Option<Arc<User>>,
    pub step: Step,
    pub way: Way,
    /// The row of the list that is chosen from.
    pub cursor: usize,
    pub clients: Slot<Vec<ClientSummary>>,
    pub client: Option<ClientSummary>,
    /// What the chosen app client allows.
    pub allows: Slot<Arc<AppClient>>,
    /// The name to sign in with, typed only where no user was chosen.
    pub username: Field,
    /// The masked line.
    pub secret: SecretField,
    /// Values of required attributes, typed in sight.
    pub values: Vec<Field>,
    pub challenge: Option<Challenge>,
    new_password: Secret,
    /// Why the last answer was not taken.
    pub fault: Option<Fault>,
    /// The token was another user's.
    pub somebody_else: Option<Username>,
    /// What is on its way to the service.
    pub asking: Option<Ticket>,
    /// When this step opened: nothing is sent in the moment after.
    pub opened: Duration,
    pub(in crate::app) from: View,
}

impl SignInScreen {
    pub fn new(user: Option<Arc<User>>, from: View, opened: Duration) -> Self {
        Self {
            user,
            step: Step::Way,
            way: Way::Token,
            cursor: 0,
            clients: Slot::Empty,
            client: None,
            allows: Slot::Empty,
            username: Field::default(),
            secret: SecretField::default(),
            values: Vec::new(),
            challenge: None,
            new_password: Secret::default(),
            fault: None,
            somebody_else: None,
            asking: None,
            opened,
            from,
        }
    }

    /// The name that signs in.
    pub fn name(&self) -> Raw {
        match &self.user {
            Some(user) => user.username.raw().clone(),
            None => Raw::from(self.username.text().trim()),
        }
    }

    /// The sub of the user it has to be.
    pub fn expected(&self) -> Option<Raw> {
        self.user.as_ref().and_then(|user| user.sub()).map(Raw::from)
    }

    /// The required attributes that have no value, by the names of the schema.
    pub fn missing(&self) -> Vec<AttributeName> {
        match self.challenge.as_ref().map(|challenge| &challenge.kind) {
            Some(ChallengeKind::NewPassword { missing }) => missing
                .iter()
                .map(|name| name.as_str())
                .map(|name| AttributeName::new(name.strip_prefix("userAttributes.").unwrap_or(name)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The second factors to choose from.
    pub fn factors(&self) -> &[Raw] {
        match self.challenge.as_ref().map(|challenge| &challenge.kind) {
            Some(ChallengeKind::SelectMfa { choices }) => choices,
            _ => &[],
        }
    }

    /// The flow that the chosen app client does not allow, by the name that would allow it.
    pub fn missing_flow(&self) -> Option<String> {
        match (self.way, self.allows.ready()) {
            (Way::Password(flow), Some(client)) if !client.allows(flow) => Some(format!("ALLOW_{}", flow.name())),
            _ => None,
        }
    }

    /// Whether a row is chosen, or nothing typed, so that letters are keys.
    pub fn chooses(&self) -> bool {
        matches!(self.step, Step::Way | Step::Client | Step::MfaType | Step::Stopped(_))
    }

    /// Whether the keys go into a line.
    pub fn takes_text(&self) -> bool {
        self.asking.is_none() && !self.chooses()
    }

    /// Whether what is typed is masked.
    pub fn is_masked(&self) -> bool {
        matches!(
            self.step,
            Step::Token | Step::Password | Step::NewPassword | Step::NewPasswordAgain | Step::Code
        )
    }

    /// The line that is typed in sight.
    pub fn plain(&self) -> Option<&Field> {
        match self.step {
            Step::Username => Some(&self.username),
            Step::Attribute(at) => self.values.get(at),
            _ => None,
        }
    }

    fn plain_mut(&mut self) -> Option<&mut Field> {
        match self.step {
            Step::Username => Some(&mut self.username),
            Step::Attribute(at) => self.values.get_mut(at),
            _ => None,
        }
    }

    /// How many rows the list of this step has.
    fn rows(&self) -> usize {
        match self.step {
            Step::Way => Way::ALL.len(),
            Step::Client => self.clients.ready().map_or(0, Vec::len),
            Step::MfaType => self.factors().len(),
            _ => 0,
        }
    }

    fn go(&mut self, step: Step, core: &Core) {
        self.secret.clear();
        self.cursor = match step {
            Step::Way => Way::ALL.iter().position(|way| *way == self.way).unwrap_or(0),
            _ => 0,
        };
        self.step = step;
        self.opened = core.mono;
    }

    /// Back to where the token comes from, with nothing of what was answered.
    fn start_over(&mut self, core: &Core) {
        self.forget();
        let step = match self.way {
            Way::Token => Step::Token,
            Way::Password(_) => Step::Password,
        };
        self.go(step, core);
    }

    /// What was answered so far in a challenge, gone.
    fn forget(&mut self) {
        self.secret.clear();
        self.challenge = None;
        self.new_password = Secret::default();
        self.values.clear();
    }
}

impl Session {
    /// Asks for what makes a token of this user, or of whoever it will be.
    pub(in crate::app) fn open_sign_in(&mut self, user: Option<Arc<User>>, core: &Core) {
        self.sign_in = Some(SignInScreen::new(user, self.view, core.mono));
        self.view = View::SignIn;
    }

    /// Leaves the sign-in with everything that was typed.
    pub(in crate::app) fn leave_sign_in(&mut self) {
        let from = self.sign_in.as_ref().map(|screen| screen.from);
        self.give_up_sign_in();
        self.view = match from {
            Some(View::User) if self.user.is_some() => View::User,
            Some(View::Edit) if self.edit.is_some() => View::Edit,
            _ => View::Users,
        };
    }

    /// Drops the screen. What is on its way may still bring a token, which nobody waits for then.
    pub(in crate::app) fn give_up_sign_in(&mut self) {
        if let Some(ticket) = self.sign_in.take().and_then(|screen| screen.asking) {
            self.given_up.push(ticket);
        }
    }

    pub(in crate::app) fn sign_in_text(&mut self, chord: Chord) -> bool {
        let Some(screen) = self.sign_in.as_mut().filter(|screen| !screen.chooses()) else {
            return false;
        };
        if screen.asking.is_some() {
            // Typed ahead of an answer it would go into another line than was meant.
            return true;
        }
        if screen.is_masked() {
            return screen.secret.key(chord);
        }
        screen.plain_mut().is_some_and(|field| field.key(chord))
    }

    pub(in crate::app) fn sign_in_paste(&mut self, text: &Raw) -> bool {
        let Some(screen) = self.sign_in.as_mut().filter(|screen| screen.takes_text()) else {
            return false;
        };
        if screen.is_masked() {
            screen.secret.paste(text.as_str());
            return true;
        }
        screen.plain_mut().map(|field| field.paste(text.as_str())).is_some()
    }

    pub(in crate::app) fn sign_in_action(&mut self, action: Action, core: &mut Core) {
        let Some(screen) = &mut self.sign_in else {
            self.view = View::Users;
            return;
        };
        match action {
            Action::Accept if screen.asking.is_some() => core.say("the answer is on its way"),
            Action::Accept => self.take_step(core),
            Action::Dismiss => self.step_back(core),
            Action::FieldUndo => {
                if let Some(field) = screen.plain_mut() {
                    field.undo();
                }
            }
            Action::Complete => {}
            other => screen.cursor = moved(screen.cursor, other, screen.rows()),
        }
    }

    /// Back to the question before; from the first one out of the screen.
    pub(in crate::app) fn step_back(&mut self, core: &mut Core) {
        let Some(screen) = &mut self.sign_in else {
            self.view = View::Users;
            return;
        };
        if let Some(ticket) = screen.asking.take() {
            self.given_up.push(ticket);
            screen.secret.clear();
            return core.say("not waited for any more; a token that still comes is forgotten");
        }
        screen.fault = None;
        screen.somebody_else = None;
        let before = match &screen.step {
            Step::Way => return self.leave_sign_in(),
            Step::Token | Step::Client => Step::Way,
            Step::Username => Step::Client,
            Step::Password if screen.user.is_none() => Step::Username,
            Step::Password => Step::Client,
            Step::NewPasswordAgain => Step::NewPassword,
            Step::Attribute(0) => Step::NewPassword,
            Step::Attribute(at) => Step::Attribute(at - 1),
            // Another answer to the same challenge needs a new sign-in.
            Step::NewPassword | Step::Code | Step::MfaType | Step::Stopped(_) => {
                screen.forget();
                Step::Password
            }
        };
        screen.go(before, core);
    }
}
