//! What comes back while somebody signs in: the app clients, the next challenge, a refusal, or whose token it is.

use std::sync::Arc;

use super::{SignInScreen, Step};
use crate::app::core::{Core, GivenToken};
use crate::app::field::Field;
use crate::app::screen::user::UserScreen;
use crate::app::session::{Session, View};
use crate::domain::sign_in::{ActingAs, Challenge, ChallengeKind};
use crate::domain::{Answered, ClientSummary, Fault, Route, Sentence, Username};
use crate::job::{Answer, Job, SignedIn, Ticket};

/// The status line of one step of a sign-in.
pub(in crate::app) fn line(signed_in: &SignedIn) -> Sentence {
    match signed_in {
        SignedIn::As(acting) => crate::say!("acting as ", raw acting.user.username.raw()),
        SignedIn::Challenge(challenge) => crate::say!("the service asks for ").join(words(&challenge.kind)),
        SignedIn::SomebodyElse(other) => {
            crate::say!("the token belongs to ", raw other.raw(), ": it is forgotten, nothing was opened")
        }
    }
}

/// The service's own name of a challenge.
pub fn words(kind: &ChallengeKind) -> Sentence {
    match kind {
        ChallengeKind::NewPassword { .. } => "NEW_PASSWORD_REQUIRED".into(),
        ChallengeKind::Sms => "SMS_MFA".into(),
        ChallengeKind::Email => "EMAIL_OTP".into(),
        ChallengeKind::SoftwareToken => "SOFTWARE_TOKEN_MFA".into(),
        ChallengeKind::SelectMfa { .. } => "SELECT_MFA_TYPE".into(),
        ChallengeKind::Other(name) => crate::say!(raw name),
    }
}

impl SignInScreen {
    fn take_challenge(&mut self, challenge: Challenge, core: &Core) {
        let step = match &challenge.kind {
            ChallengeKind::NewPassword { missing } => {
                self.values = vec![Field::default(); missing.len()];
                Step::NewPassword
            }
            ChallengeKind::Sms | ChallengeKind::Email | ChallengeKind::SoftwareToken => Step::Code,
            ChallengeKind::SelectMfa { .. } => Step::MfaType,
            ChallengeKind::Other(name) => Step::Stopped(name.clone()),
        };
        self.challenge = Some(challenge);
        self.go(step, core);
    }

    /// Whether the last thing that was answered was the question for a new password.
    fn answers_new_password(&self) -> bool {
        let kind = self.challenge.as_ref().map(|challenge| &challenge.kind);
        matches!(kind, Some(ChallengeKind::NewPassword { .. }))
    }

    /// The answer was not taken: the same question again, its line empty.
    fn take_fault(&mut self, fault: &Fault, core: &Core) {
        self.asking = None;
        self.fault = Some(fault.clone());
        let step = match &self.step {
            // A refused password is typed twice again; the values of attributes stay.
            Step::NewPasswordAgain | Step::Attribute(_) => Step::NewPassword,
            step => step.clone(),
        };
        let cursor = self.cursor;
        self.go(step, core);
        self.cursor = cursor;
    }
}

impl Session {
    /// A new password is a change like any other: not where only reading is allowed, and not where every change needs a
    /// reason, as in every protected pool, because a sign-in asks for none.
    fn may_not_set_a_password(&self) -> Option<Fault> {
        let message = if !self.may_write() {
            "the service asks for NEW_PASSWORD_REQUIRED, and this pool is open for reading only; nothing was set"
        } else if self.guard.reason.is_required() {
            "the service asks for NEW_PASSWORD_REQUIRED, and a change here needs a reason that a sign-in has no place for; \
             nothing was set"
        } else {
            return None;
        };
        Some(Fault::local("RespondToAuthChallenge", "PasswordNotSet", message))
    }

    pub(in crate::app) fn take_sign_in_clients(&mut self, ticket: Ticket, answer: &Answer<Vec<ClientSummary>>) -> bool {
        let last = self.last_client.clone();
        let Some(screen) = &mut self.sign_in else {
            return false;
        };
        let answer = answer
            .as_ref()
            .map(|answered| answered.value.clone())
            .map_err(Clone::clone);
        if !screen.clients.fill(ticket, answer) {
            return false;
        }
        // The one that was named last is proposed again.
        let at = |clients: &Vec<ClientSummary>| clients.iter().position(|client| Some(&client.id) == last.as_ref());
        screen.cursor = screen.clients.ready().and_then(at).unwrap_or(0);
        true
    }

    /// The next step of a sign-in, or its end.
    pub(in crate::app) fn take_signed_in(
        &mut self,
        ticket: Ticket,
        answer: &Answer<SignedIn>,
        core: &mut Core,
    ) -> bool {
        if let Some(at) = self.given_up.iter().position(|given_up| *given_up == ticket) {
            self.given_up.remove(at);
            if let Ok(answered) = answer
                && matches!(answered.value, SignedIn::As(_))
            {
                // It took the place of the token before.
                self.forget_token(core);
            }
            return true;
        }
        let may_not_set_one = self.may_not_set_a_password();
        let Some(screen) = self.sign_in.as_mut().filter(|screen| screen.asking == Some(ticket)) else {
            return false;
        };
        screen.asking = None;
        match answer {
            Ok(Answered {
                value:
                    SignedIn::Challenge(Challenge {
                        kind: ChallengeKind::NewPassword { .. },
                        ..
                    }),
                ..
            }) if may_not_set_one.is_some() => {
                if let Some(fault) = may_not_set_one {
                    screen.take_fault(&fault, core);
                }
            }
            Err(fault) => screen.take_fault(fault, core),
            Ok(answered) => match &answered.value {
                SignedIn::Challenge(challenge) => screen.take_challenge(challenge.clone(), core),
                SignedIn::SomebodyElse(other) => {
                    screen.somebody_else = Some(other.clone());
                    screen.start_over(core);
                }
                SignedIn::As(acting) => self.signed_in(acting.clone(), core),
            },
        }
        true
    }

    /// The work behind a question broke.
    pub(in crate::app) fn fail_sign_in(&mut self, ticket: Ticket, fault: &Fault, core: &Core) -> bool {
        self.given_up.retain(|given_up| *given_up != ticket);
        let Some(screen) = &mut self.sign_in else {
            return false;
        };
        if screen.asking == Some(ticket) {
            screen.take_fault(fault, core);
            return true;
        }
        screen.clients.fail(ticket, fault) || screen.allows.fail(ticket, fault)
    }

    /// The token is held, and it is whose it had to be.
    fn signed_in(&mut self, acting: ActingAs, core: &mut Core) {
        let wanted = self.sign_in.as_ref().and_then(|screen| screen.user.as_ref());
        let another = wanted.filter(|user| user.sub().is_none() && user.username != acting.user.username);
        if another.is_some() {
            // Without a sub to compare the desk could not tell.
            if let Some(screen) = &mut self.sign_in {
                screen.somebody_else = Some(acting.user.username.clone());
                screen.start_over(core);
            }
            return self.forget_token(core);
        }
        let user = Arc::clone(&acting.user);
        let screen = self.sign_in.take();
        let set_a_password = screen.as_ref().is_some_and(SignInScreen::answers_new_password);
        let from = screen.map_or(View::Users, |screen| screen.from);
        self.begin_acting(acting, core);
        self.take_own_reading(&user);
        if set_a_password {
            let line = "a new password was set at the sign-in; the journal holds no line of that";
            core.note(user.username.raw(), line);
            // The status in the list is another one now, which a reading with the token does not tell.
            if self
                .user
                .as_ref()
                .is_some_and(|screen| screen.user.username == user.username)
            {
                self.refresh_user(core);
            }
        }
        if self.may_write() {
            return self.open_own_form(user, self.behind(from), core);
        }
        self.edit = None;
        self.user = Some(UserScreen::new(user));
        self.view = View::User;
    }

    /// `T`: as the user in front, with the token that is held or with one that is asked for.
    pub(in crate::app) fn act_as_user(&mut self, core: &mut Core) {
        let user = self.user_in_front();
        let Some(own) = user.as_ref().and_then(|user| self.good_token(&user.username, core)) else {
            return self.open_sign_in(user, core);
        };
        let from = self.view;
        if !self.may_write() {
            self.user = Some(UserScreen::new(own));
            self.view = View::User;
            return self.refresh_user(core);
        }
        let open = self.edit.as_ref().map(|edit| (edit.username.clone(), edit.route));
        if self.view == View::Edit && open == Some((own.username.clone(), Route::Own)) {
            return core.say("this is the form of the user's own attributes; the token is good");
        }
        self.open_form(own, Route::Own, self.behind(from), core);
    }

    /// What is behind a form that gives way to another one.
    fn behind(&self, from: View) -> View {
        match (from, &self.edit) {
            (View::Edit, Some(edit)) => edit.from,
            (from, _) => from,
        }
    }

    /// Signs in as a user whose token is no good any more.
    pub(in crate::app) fn sign_in_again(&mut self, username: &Username, core: &mut Core) {
        self.leave_question(core);
        let acting = self.acting_as(username).map(|acting| Arc::clone(&acting.user));
        let Some(user) = acting.or_else(|| self.reading(username)) else {
            return core.say(crate::say!(raw username.raw(), " is not listed any more: find the user, then T"));
        };
        self.open_sign_in(Some(user), core);
    }

    /// A token that came with the start of the program: whose it is, is asked at once.
    pub(in crate::app) fn act_as_given(&mut self, token: GivenToken, core: &mut Core) {
        self.open_sign_in(None, core);
        if let Some(screen) = &mut self.sign_in {
            screen.go(Step::Token, core);
        }
        let GivenToken::Held(token) = token else {
            return;
        };
        let place = self.place.clone();
        let subject = place.pool.raw().clone();
        let job = Job::ActAs {
            place,
            token,
            expected: None,
        };
        if let Some(screen) = &mut self.sign_in {
            screen.asking = Some(core.ask(&subject, "reading whose token it is", job));
        }
    }
}
