//! What is done to a user in one step, besides changing attributes: finishing a sign-up, sending a code or an
//! invitation again, resetting a password, switching an account on and off, and verifying a contact with its code.

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::raw::Raw;
use super::route::Route;
use super::user::{User, UserStatus};
use crate::domain::outcome::Drift;

#[cfg(test)]
mod tests;

/// A step on the account by the administrator, whose read-back is its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    ConfirmSignUp,
    ResendInvitation,
    ResetPassword,
    Enable,
    Disable,
}

/// One step, without what it is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Account(Account),
    /// ResendConfirmationCode, with an app client.
    ResendCode,
    /// GetUserAttributeVerificationCode, with the user's token.
    SendCode(Contact),
    /// VerifyUserAttribute, with the user's token and the code.
    VerifyCode(Contact),
}

impl Account {
    /// The service's own name of the call.
    pub fn operation(self) -> &'static str {
        match self {
            Self::ConfirmSignUp => "AdminConfirmSignUp",
            Self::ResendInvitation => "AdminCreateUser",
            Self::ResetPassword => "AdminResetUserPassword",
            Self::Enable => "AdminEnableUser",
            Self::Disable => "AdminDisableUser",
        }
    }

    /// What a reading shows once it is done, and what it shows now. Neither an attribute nor a value of one, but told
    /// in the same words.
    fn shows(self, now: &User) -> Drift {
        let (name, expected, found) = match self {
            Self::ConfirmSignUp => ("status", UserStatus::Confirmed.raw(), now.status.raw()),
            Self::ResendInvitation => ("status", UserStatus::ForceChangePassword.raw(), now.status.raw()),
            Self::ResetPassword => ("status", UserStatus::ResetRequired.raw(), now.status.raw()),
            Self::Enable => ("enabled", Raw::from("true"), Raw::from(now.enabled.to_string())),
            Self::Disable => ("enabled", Raw::from("false"), Raw::from(now.enabled.to_string())),
        };
        let value = |raw: Raw| Some(AttributeValue::new(raw.as_str()));
        Drift {
            name: AttributeName::new(name),
            expected: value(expected),
            now: value(found),
        }
    }

    /// What is missing for it to be done. `None`: a reading shows it done.
    pub fn missing(self, now: &User) -> Option<Drift> {
        let shows = self.shows(now);
        (shows.expected != shows.now).then_some(shows)
    }
}

/// Where an invitation that is sent again goes: to the address, else to the number. AdminCreateUser itself would send it
/// by SMS unless DesiredDeliveryMediums says otherwise, and most people who are invited have an address and no number.
pub fn invitation_contact(user: &User) -> Option<Contact> {
    Contact::ALL
        .into_iter()
        .find(|contact| user.contact(*contact).is_some())
}

impl Deed {
    /// Every step an administrator can take, in the order of the menu.
    pub const ON_ACCOUNT: [Self; 6] = [
        Self::Account(Account::ConfirmSignUp),
        Self::ResendCode,
        Self::Account(Account::ResendInvitation),
        Self::Account(Account::ResetPassword),
        Self::Account(Account::Enable),
        Self::Account(Account::Disable),
    ];

    /// The service's own name of the call.
    pub fn operation(self) -> &'static str {
        match self {
            Self::Account(account) => account.operation(),
            Self::ResendCode => "ResendConfirmationCode",
            Self::SendCode(_) => "GetUserAttributeVerificationCode",
            Self::VerifyCode(_) => "VerifyUserAttribute",
        }
    }

    /// What it does, as a verb: the title of its review and its line in a menu.
    pub fn words(self) -> &'static str {
        match self {
            Self::Account(Account::ConfirmSignUp) => "confirm the sign-up",
            Self::Account(Account::ResendInvitation) => "send the invitation again",
            Self::Account(Account::ResetPassword) => "reset the password",
            Self::Account(Account::Enable) => "enable the account",
            Self::Account(Account::Disable) => "disable the account",
            Self::ResendCode => "send the confirmation code again",
            Self::SendCode(Contact::Email) => "send the e-mail's code again",
            Self::SendCode(Contact::PhoneNumber) => "send the phone number's code again",
            Self::VerifyCode(Contact::Email) => "verify the e-mail with its code",
            Self::VerifyCode(Contact::PhoneNumber) => "verify the phone number with its code",
        }
    }

    /// The same in a word or two, for a title or a button that has to leave room for the user's name.
    pub fn short(self) -> &'static str {
        match self {
            Self::Account(Account::ConfirmSignUp) => "confirm sign-up",
            Self::Account(Account::ResendInvitation) => "resend invitation",
            Self::Account(Account::ResetPassword) => "reset password",
            Self::Account(Account::Enable) => "enable",
            Self::Account(Account::Disable) => "disable",
            Self::ResendCode => "resend code",
            Self::SendCode(Contact::Email) => "send e-mail code",
            Self::SendCode(Contact::PhoneNumber) => "send phone code",
            Self::VerifyCode(Contact::Email) => "verify e-mail",
            Self::VerifyCode(Contact::PhoneNumber) => "verify phone",
        }
    }

    /// Whose call it is. ResendConfirmationCode carries neither a signature nor a token; it belongs to the operator.
    pub fn route(self) -> Route {
        match self {
            Self::Account(_) | Self::ResendCode => Route::Admin,
            Self::SendCode(_) | Self::VerifyCode(_) => Route::Own,
        }
    }

    /// What IAM has to allow. ResendConfirmationCode itself is not signed; naming its app client takes two readings. The
    /// user's own calls are allowed by the token.
    pub fn iam(self) -> &'static [&'static str] {
        match self {
            Self::Account(Account::ConfirmSignUp) => &["cognito-idp:AdminConfirmSignUp"],
            Self::Account(Account::ResendInvitation) => &["cognito-idp:AdminCreateUser"],
            Self::Account(Account::ResetPassword) => &["cognito-idp:AdminResetUserPassword"],
            Self::Account(Account::Enable) => &["cognito-idp:AdminEnableUser"],
            Self::Account(Account::Disable) => &["cognito-idp:AdminDisableUser"],
            Self::ResendCode => &["cognito-idp:ListUserPoolClients", "cognito-idp:DescribeUserPoolClient"],
            Self::SendCode(_) | Self::VerifyCode(_) => &[],
        }
    }

    /// The contact whose code it is about.
    pub fn contact(self) -> Option<Contact> {
        match self {
            Self::SendCode(contact) | Self::VerifyCode(contact) => Some(contact),
            Self::Account(_) | Self::ResendCode => None,
        }
    }

    /// Whether the username is typed before it is done: it takes the way in from somebody.
    pub fn asks_for_username(self) -> bool {
        matches!(self, Self::Account(Account::Disable | Account::ResetPassword))
    }
}
