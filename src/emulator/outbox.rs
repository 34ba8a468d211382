//! What people would have got: codes, links and invitations. The service tells nobody that it sent something after
//! AdminUpdateUserAttributes (the response is empty), so tests look here; and whoever tries the program without an
//! account finds the code to type here.

use std::collections::VecDeque;
use std::fmt;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::format::{masked_email, masked_phone};
use super::user::User;

const KEPT: usize = 4096;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// To an e-mail address.
    Email,
    /// To a phone number.
    Sms,
    /// Nothing travels: the user's authenticator app shows the code. The emulator makes one for each sign-in that asks
    /// for it, instead of computing it from the time (RFC 6238), so that it is found where the other codes are.
    Authenticator,
}

impl Medium {
    /// The two that travel, e-mail first.
    pub(crate) const ALL: [Medium; 2] = [Medium::Email, Medium::Sms];

    /// The attribute that holds its destinations.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Medium::Email => "email",
            Medium::Sms => "phone_number",
            Medium::Authenticator => "software_token",
        }
    }

    /// DeliveryMediumType.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Medium::Email => "EMAIL",
            Medium::Sms => "SMS",
            Medium::Authenticator => "SOFTWARE_TOKEN",
        }
    }

    /// The medium whose destinations are values of this attribute.
    pub(crate) fn of(attribute: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|medium| medium.attribute() == attribute)
    }
}

/// Why a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// An address or number of a user who has an account is to be verified.
    Verification,
    /// A new user is invited with a temporary password.
    Invitation,
    /// Somebody signed up and is to be confirmed.
    SignUp,
    /// The password was reset and a new one can be set with the code.
    PasswordReset,
    /// The second factor of a sign-in.
    SignIn,
}

/// What an invitation says.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The name to sign in with.
    pub username: String,
    /// Good for one sign-in, which asks for a new one.
    pub temporary_password: String,
}

/// One message.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// E-mail or text message.
    pub medium: Medium,
    /// The address or number in full.
    pub destination: String,
    /// `email` or `phone_number`.
    pub attribute: String,
    /// Why it was sent.
    pub occasion: Occasion,
    /// Six digits; none when a link or an invitation was sent.
    pub code: Option<String>,
    /// True when the message holds a link instead of a code.
    pub link: bool,
    /// Set in an invitation.
    pub invitation: Option<Invitation>,
    /// The pool's id.
    pub pool: String,
    /// The user's Username.
    pub user: String,
    /// When it was sent.
    pub at: Timestamp,
}

impl Message {
    /// A message without a code, a link or an invitation, to which one of them is then added.
    pub(crate) fn new(
        occasion: Occasion,
        medium: Medium,
        destination: &str,
        pool: &str,
        user: &User,
        at: Timestamp,
    ) -> Self {
        Self {
            medium,
            destination: destination.to_owned(),
            attribute: medium.attribute().to_owned(),
            occasion,
            code: None,
            link: false,
            invitation: None,
            pool: pool.to_owned(),
            user: user.username.clone(),
            at,
        }
    }

    /// The same message with a code.
    pub(crate) fn with_code(mut self, digits: &str) -> Self {
        self.code = Some(digits.to_owned());
        self
    }

    /// The same message with a link.
    pub(crate) fn with_link(mut self) -> Self {
        self.link = true;
        self
    }

    /// The same message with a name and a temporary password.
    pub(crate) fn with_invitation(mut self, username: &str, temporary_password: &str) -> Self {
        self.invitation = Some(Invitation {
            username: username.to_owned(),
            temporary_password: temporary_password.to_owned(),
        });
        self
    }

    /// The destination as the service's own responses show it: `a***@e***`, `+*******9934`.
    pub fn masked(&self) -> String {
        match self.medium {
            Medium::Email => masked_email(&self.destination),
            Medium::Sms => masked_phone(&self.destination),
            Medium::Authenticator => self.destination.clone(),
        }
    }

    /// CodeDeliveryDetailsType, what the operations of a user report about this message.
    pub(crate) fn delivery(&self) -> Value {
        json!({
            "Destination": self.masked(),
            "DeliveryMedium": self.medium.word(),
            "AttributeName": self.attribute,
        })
    }

    /// What the end user reads. The service's default templates (developer guide, "Configuring MFA, authentication,
    /// verification and invitation messages"); the one for a reset password is as seen in messages people quote, its
    /// default is undocumented.
    pub fn text(&self) -> String {
        if let Some(invitation) = &self.invitation {
            return format!(
                "Your username is {} and temporary password is {}.",
                invitation.username, invitation.temporary_password
            );
        }
        if self.link {
            return "Please click the link below to verify your email address. Verify Email".to_owned();
        }
        let thing = match self.occasion {
            Occasion::PasswordReset => "password reset code",
            Occasion::SignIn => "authentication code",
            Occasion::Verification | Occasion::SignUp | Occasion::Invitation => "verification code",
        };
        format!("Your {thing} is {}.", self.code.as_deref().unwrap_or_default())
    }

    /// The subject of an e-mail; a text message has none.
    pub fn subject(&self) -> Option<&'static str> {
        if self.medium != Medium::Email {
            return None;
        }
        Some(match self.occasion {
            Occasion::Invitation => "Your temporary password",
            Occasion::SignIn => "Your authentication code",
            Occasion::PasswordReset => "Your password reset code",
            Occasion::Verification | Occasion::SignUp if self.link => "Your verification link",
            Occasion::Verification | Occasion::SignUp => "Your verification code",
        })
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("medium", &self.medium)
            .field("attribute", &self.attribute)
            .field("occasion", &self.occasion)
            .field("destination_bytes", &self.destination.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitation")
    }
}

/// The last messages.
#[derive(Default)]
pub(crate) struct Outbox(VecDeque<Message>);

impl Outbox {
    pub(crate) fn send(&mut self, message: Message) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(message);
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(occasion: Occasion, medium: Medium) -> Message {
        let destination = match medium {
            Medium::Email => "jane@example.com",
            Medium::Sms => "+15555550100",
            Medium::Authenticator => "authenticator app",
        };
        let user = User::new("jane");
        Message::new(occasion, medium, destination, "pool", &user, user.created)
    }

    #[test]
    fn the_text_is_what_the_end_user_reads() {
        for (occasion, text, subject) in [
            (
                Occasion::Verification,
                "Your verification code is 012345.",
                "Your verification code",
            ),
            (
                Occasion::SignUp,
                "Your verification code is 012345.",
                "Your verification code",
            ),
            (
                Occasion::PasswordReset,
                "Your password reset code is 012345.",
                "Your password reset code",
            ),
            (
                Occasion::SignIn,
                "Your authentication code is 012345.",
                "Your authentication code",
            ),
        ] {
            let mail = message(occasion, Medium::Email).with_code("012345");
            assert_eq!((mail.text().as_str(), mail.subject()), (text, Some(subject)));
            let sms = message(occasion, Medium::Sms).with_code("012345");
            assert_eq!((sms.text().as_str(), sms.subject()), (text, None));
        }
        let link = message(Occasion::SignUp, Medium::Email).with_link();
        assert!(link.text().starts_with("Please click the link below"));
        assert_eq!(link.subject(), Some("Your verification link"));
        let invitation = message(Occasion::Invitation, Medium::Email).with_invitation("jane", "Secret-1");
        assert_eq!(
            invitation.text(),
            "Your username is jane and temporary password is Secret-1."
        );
        assert_eq!(invitation.subject(), Some("Your temporary password"));
    }

    #[test]
    fn debug_shows_no_value() {
        let message = message(Occasion::Invitation, Medium::Email)
            .with_code("012345")
            .with_invitation("jane", "Secret-1");
        let shown = format!("{message:?} {:?}", message.invitation);
        for secret in ["jane", "example", "012345", "Secret"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
