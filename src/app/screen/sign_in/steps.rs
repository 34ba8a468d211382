//! What each question does with its answer: on to the next one, or to the service.

use super::{Step, Way};
use crate::app::core::Core;
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::domain::sign_in::{ChallengeKind, Password};
use crate::domain::{AttributeValue, Edit, Secret};
use crate::job::Job;

impl Session {
    /// Takes the answer of this step: on to the next question, or to the service.
    pub(super) fn take_step(&mut self, core: &mut Core) {
        let Some(screen) = &mut self.sign_in else {
            return;
        };
        match screen.step.clone() {
            Step::Way => self.take_way(core),
            Step::Client => self.take_chosen_client(core),
            Step::Username if screen.name().as_str().is_empty() => core.say("type the username first"),
            Step::Username => screen.go(Step::Password, core),
            Step::Stopped(_) => core.say("Esc goes back; this challenge cannot be answered here"),
            _ if core.too_soon(screen.opened) => {
                // A key that is held down repeats faster than this: it never gets through.
                screen.opened = core.mono;
                core.say("that key came too soon after this opened; press again");
            }
            Step::Attribute(at) => self.take_attribute(at, core),
            Step::MfaType => {
                let Some(choice) = screen.factors().get(screen.cursor).cloned() else {
                    return core.say("there is nothing to choose from; Esc goes back");
                };
                self.answer("ANSWER", Secret::new(choice.as_str()), core);
            }
            step => {
                if screen.secret.is_empty() {
                    return core.say("nothing was typed yet");
                }
                let secret = screen.secret.take();
                self.take_secret(&step, secret, core);
            }
        }
    }

    fn take_way(&mut self, core: &mut Core) {
        let Some(screen) = &mut self.sign_in else {
            return;
        };
        let Some(way) = Way::ALL.get(screen.cursor).copied() else {
            return;
        };
        screen.way = way;
        screen.fault = None;
        match way {
            Way::Token => screen.go(Step::Token, core),
            Way::Password(_) => {
                screen.go(Step::Client, core);
                self.ask_sign_in_clients(core);
            }
        }
    }

    /// Reads the app clients to choose from, once, or again where that failed.
    pub(in crate::app) fn ask_sign_in_clients(&mut self, core: &mut Core) {
        let place = self.place.clone();
        if let Some(screen) = &mut self.sign_in
            && screen.step == Step::Client
            && !screen.clients.is_loading()
            && screen.clients.ready().is_none()
        {
            let subject = place.pool.raw().clone();
            screen.clients = Slot::Loading(core.ask(&subject, "reading the app clients", Job::Clients { place }));
        }
    }

    fn take_chosen_client(&mut self, core: &mut Core) {
        let place = self.place.clone();
        let Some(screen) = &mut self.sign_in else {
            return;
        };
        let Some(client) = screen
            .clients
            .ready()
            .and_then(|clients| clients.get(screen.cursor))
            .cloned()
        else {
            return core.say("no app client to sign in through is known yet; Esc goes back");
        };
        let job = Job::Client {
            place,
            client: client.id.clone(),
        };
        screen.allows = Slot::Loading(core.ask(&client.name, "reading what the app client allows", job));
        self.last_client = Some(client.id.clone());
        screen.client = Some(client);
        let next = match screen.user {
            Some(_) => Step::Password,
            None => Step::Username,
        };
        screen.go(next, core);
    }

    fn take_attribute(&mut self, at: usize, core: &mut Core) {
        let Some(screen) = &self.sign_in else {
            return;
        };
        let missing = screen.missing();
        let (Some(name), Some(field)) = (missing.get(at), screen.values.get(at)) else {
            return;
        };
        if field.is_empty() {
            return core.say(crate::say!(name name.raw(), " is required in this pool: type its value"));
        }
        let value = Edit::Set(AttributeValue::new(field.text()));
        if let Some(Err(problem)) = self.schema().map(|schema| schema.check(name, &value)) {
            return core.say(crate::say!(name name.raw(), ": ").join(problem.sentence()));
        }
        if at + 1 < missing.len() {
            if let Some(screen) = &mut self.sign_in {
                screen.go(Step::Attribute(at + 1), core);
            }
            return;
        }
        self.answer_new_password(core);
    }

    fn take_secret(&mut self, step: &Step, secret: Secret, core: &mut Core) {
        let place = self.place.clone();
        let Some(screen) = &mut self.sign_in else {
            return;
        };
        screen.somebody_else = None;
        match step {
            Step::Token => {
                screen.fault = None;
                let expected = screen.expected();
                let token = secret;
                let subject = screen.name();
                let job = Job::ActAs { place, token, expected };
                screen.asking = Some(core.ask(&subject, "reading whose token it is", job));
            }
            Step::Password => {
                let (Way::Password(flow), Some(client)) = (screen.way, &screen.client) else {
                    return;
                };
                screen.fault = None;
                let password = Password {
                    flow,
                    client: client.id.clone(),
                    username: screen.name(),
                    password: secret,
                    expected: screen.expected(),
                };
                let line = crate::say!("signing in with ", own flow.operation());
                let subject = screen.name();
                screen.asking = Some(core.ask(&subject, line, Job::SignIn { place, password }));
            }
            Step::NewPassword => {
                screen.fault = None;
                screen.new_password = secret;
                screen.go(Step::NewPasswordAgain, core);
            }
            Step::NewPasswordAgain if secret != screen.new_password => {
                screen.new_password = Secret::default();
                screen.go(Step::NewPassword, core);
                core.say("the two are not the same: type the new password again");
            }
            Step::NewPasswordAgain if screen.missing().is_empty() => self.answer_new_password(core),
            Step::NewPasswordAgain => screen.go(Step::Attribute(0), core),
            Step::Code => {
                let name = match screen.challenge.as_ref().map(|challenge| &challenge.kind) {
                    Some(ChallengeKind::Sms) => "SMS_MFA_CODE",
                    Some(ChallengeKind::Email) => "EMAIL_OTP_CODE",
                    Some(ChallengeKind::SoftwareToken) => "SOFTWARE_TOKEN_MFA_CODE",
                    _ => return,
                };
                self.answer(name, Secret::new(secret.expose().trim()), core);
            }
            _ => {}
        }
    }

    fn answer_new_password(&mut self, core: &mut Core) {
        let Some(screen) = &self.sign_in else {
            return;
        };
        let mut answers = vec![("NEW_PASSWORD".to_owned(), screen.new_password.clone())];
        for (name, value) in screen.missing().iter().zip(&screen.values) {
            answers.push((format!("userAttributes.{}", name.as_str()), Secret::new(value.text())));
        }
        self.answer_all(answers, core);
    }

    fn answer(&mut self, name: &str, answer: Secret, core: &mut Core) {
        self.answer_all(vec![(name.to_owned(), answer)], core);
    }

    fn answer_all(&mut self, answers: Vec<(String, Secret)>, core: &mut Core) {
        let place = self.place.clone();
        let Some(screen) = &mut self.sign_in else {
            return;
        };
        let Some(challenge) = screen.challenge.clone() else {
            return;
        };
        screen.fault = None;
        let subject = screen.name();
        let job = Job::AnswerChallenge {
            place,
            challenge,
            answers,
        };
        screen.asking = Some(core.ask(&subject, "answering what the service asked for", job));
    }
}
