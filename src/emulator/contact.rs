//! E-mail addresses and phone numbers: what becomes of a new one, which message goes out, and who owns an alias.
//!
//! The verification matrix, for both alike, by kind of pool: A does not verify the attribute by itself, B does
//! (AutoVerifiedAttributes), C does and keeps the old value until the new one is verified
//! (AttributesRequireVerificationBeforeUpdate). Sources: Cognito API reference, AdminUpdateUserAttributes,
//! UserAttributes; developer guide, "Verifying updates to email addresses and phone numbers";
//! repost.aws/knowledge-center/cognito-email-verified-attribute (a changed address is unverified).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::codes::{self, Code};
use super::outbox::{Medium, Message, Occasion};
use super::pool::Pool;
use super::rules::{By, set};
use super::user::{Pending, User};
use super::wire::Refusal;

/// The attribute that says whether a contact is verified.
pub(crate) fn flag_of(medium: Medium) -> &'static str {
    match medium {
        Medium::Email => "email_verified",
        Medium::Sms => "phone_number_verified",
        // No schema has it: an app is not an address.
        Medium::Authenticator => "software_token_verified",
    }
}

/// One contact of one user in one request.
pub(crate) struct Contact<'a> {
    pool: &'a Pool,
    at: u64,
    medium: Medium,
    by: By<'a>,
    now: Timestamp,
}

impl<'a> Contact<'a> {
    /// The contact of the user at a position.
    pub(crate) fn new(pool: &'a Pool, at: u64, medium: Medium, by: By<'a>, now: Timestamp) -> Self {
        Self {
            pool,
            at,
            medium,
            by,
            now,
        }
    }

    fn name(&self) -> &'static str {
        self.medium.attribute()
    }

    fn flag(&self) -> &'static str {
        flag_of(self.medium)
    }

    fn listed(&self, list: &[String]) -> bool {
        list.iter().any(|name| name == self.name())
    }

    pub(crate) fn change(
        &self,
        wanted: &BTreeMap<String, String>,
        user: &User,
        next: &mut User,
        messages: &mut Vec<Message>,
    ) -> Result<(), Refusal> {
        let flag = wanted.get(self.flag()).map(String::as_str);
        match wanted.get(self.name()).map(String::as_str) {
            Some("") => {
                self.demand_value(flag, None)?;
                // What becomes of the flag and of a waiting value is undocumented; without the address they mean
                // nothing and go too.
                next.attributes.remove(self.name());
                next.attributes.remove(self.flag());
                next.pending.remove(self.name());
                self.forget_code(next);
            }
            Some(value) => {
                self.refuse_taken_name(value)?;
                if self.by.is_owner() {
                    self.refuse_alias(value)?;
                }
                let vouched = flag == Some("true");
                if vouched {
                    // "If you set email_verified to true, the change applies at once and no message goes out."
                    self.apply(next, value, "true");
                } else if self.listed(&self.pool.settings.verify_before_update) {
                    // The old value, or none, stays in force until the code is entered. What an explicit `false` does beside
                    // the new value is undocumented; it is treated like the new value alone.
                    let message = self.message(user, value)?;
                    self.wait(next, value, &message);
                    messages.push(message);
                } else {
                    self.apply(next, value, "false");
                    if self.listed(&self.pool.settings.auto_verified) {
                        // Whether an explicit `false` suppresses the message is undocumented; the reference says so
                        // of `true` only.
                        let message = self.message(user, value)?;
                        self.keep_code(next, &message);
                        messages.push(message);
                    }
                }
            }
            None => {
                self.demand_value(flag, user.attribute(self.name()))?;
                if let Some(flag) = flag {
                    // Alone it does not promote a waiting value (undocumented).
                    set(next, self.flag(), flag);
                }
            }
        }
        Ok(())
    }

    fn apply(&self, next: &mut User, value: &str, flag: &str) {
        next.attributes.insert(self.name().to_owned(), value.to_owned());
        next.attributes.insert(self.flag().to_owned(), flag.to_owned());
        // Whether a waiting value survives a later one is undocumented; the later one replaces it. A code that went
        // to another address proves nothing about this one.
        next.pending.remove(self.name());
        self.forget_code(next);
    }

    /// A later value replaces one that waits, and its code.
    fn wait(&self, next: &mut User, value: &str, message: &Message) {
        next.pending.insert(
            self.name().to_owned(),
            Pending {
                value: value.to_owned(),
                code: message.code.clone().unwrap_or_default(),
                at: self.now,
            },
        );
    }

    fn forget_code(&self, next: &mut User) {
        next.codes
            .retain(|code| code.occasion != Occasion::Verification || code.attribute != self.name());
    }

    fn keep_code(&self, next: &mut User, message: &Message) {
        self.forget_code(next);
        if let Some(digits) = &message.code {
            next.codes.push(Code {
                occasion: Occasion::Verification,
                attribute: self.name().to_owned(),
                digits: digits.clone(),
                at: self.now,
            });
        }
    }

    /// A flag needs the value it speaks of. The rule stands in the reference of AdminCreateUser; the words are those
    /// of a stand-in.
    fn demand_value(&self, flag: Option<&str>, value: Option<&str>) -> Result<(), Refusal> {
        if flag.is_some_and(|flag| !flag.is_empty()) && value.is_none() {
            let words = match self.medium {
                Medium::Email => "Email is required to verify/un-verify an email",
                Medium::Sms | Medium::Authenticator => "Phone Number is required to verify/un-verify a phone number",
            };
            return Err(Refusal::parameter(words));
        }
        Ok(())
    }

    /// Where the contact is the sign-in name, nobody else may have it (github.com/aws/aws-sdk-net/issues/4387).
    fn refuse_taken_name(&self, value: &str) -> Result<(), Refusal> {
        let settings = &self.pool.settings;
        let taken = self.listed(&settings.username_attributes)
            && self
                .pool
                .users
                .having(self.name(), value, settings.case())
                .iter()
                .any(|&other| other != self.at);
        if taken { Err(self.taken()) } else { Ok(()) }
    }

    /// A user cannot take an alias that another one has verified (API reference, AliasExistsException, which
    /// UpdateUserAttributes, VerifyUserAttribute and ConfirmSignUp have). That an update is already refused, and not
    /// only the code, is a choice: undocumented, and github.com/awslabs/aws-sdk-ios-samples/issues/104 saw the
    /// refusal at the code.
    pub(crate) fn refuse_alias(&self, value: &str) -> Result<(), Refusal> {
        if self.listed(&self.pool.settings.alias_attributes) && !self.owners(value).is_empty() {
            return Err(self.taken());
        }
        Ok(())
    }

    fn taken(&self) -> Refusal {
        Refusal::new(
            "AliasExistsException",
            format!("An account with the given {} already exists.", self.name()),
        )
    }

    /// Other users who have verified this value.
    fn owners(&self, value: &str) -> Vec<u64> {
        self.pool
            .users
            .having(self.name(), value, self.pool.settings.case())
            .into_iter()
            .filter(|&other| other != self.at)
            .filter(|&other| {
                self.pool
                    .users
                    .get(other)
                    .is_some_and(|user| user.is_verified(self.name()))
            })
            .collect()
    }

    /// Who else had the verified alias loses it without a word: the other user's flag becomes false and no
    /// AliasExistsException is raised on the admin path (github.com/boto/boto3/issues/3213,
    /// github.com/aws-amplify/amplify-js/issues/981).
    pub(crate) fn take_alias(
        &self,
        wanted: &BTreeMap<String, String>,
        next: &User,
        dethroned: &mut Vec<(u64, String)>,
    ) {
        let asked = wanted.contains_key(self.name()) || wanted.contains_key(self.flag());
        if !asked || !next.is_verified(self.name()) || !self.listed(&self.pool.settings.alias_attributes) {
            return;
        }
        if let Some(value) = next.attribute(self.name()) {
            let losers = self.owners(value);
            dethroned.extend(losers.into_iter().map(|other| (other, self.flag().to_owned())));
        }
    }

    /// A new code for the value that waits, or for the one in force; that a verified one gets a code too is
    /// undocumented. The user who may enter it, and the message. GetUserAttributeVerificationCode.
    pub(crate) fn send_again(&self, user: &User) -> Result<(User, Message), Refusal> {
        let mut next = user.clone();
        let message = match user.pending.get(self.name()) {
            Some(waiting) => {
                let message = self.message(user, &waiting.value)?;
                self.wait(&mut next, &waiting.value, &message);
                message
            }
            None => {
                // Undocumented words for a documented code: InvalidParameterException.
                let value = user.attribute(self.name()).ok_or_else(|| {
                    Refusal::parameter(format!("User does not have a value for attribute {}", self.name()))
                })?;
                let message = self.message(user, value)?;
                self.keep_code(&mut next, &message);
                message
            }
        };
        Ok((next, message))
    }

    /// The user after the right code: the value is in force and verified. VerifyUserAttribute.
    pub(crate) fn verify(&self, user: &User, entered: &str) -> Result<User, Refusal> {
        let mut next = user.clone();
        let value = match next.pending.remove(self.name()) {
            Some(waiting) => {
                codes::judge(Some((&waiting.code, waiting.at)), entered, self.now)?;
                Some(waiting.value)
            }
            None => {
                let sent = user
                    .codes
                    .iter()
                    .find(|code| code.occasion == Occasion::Verification && code.attribute == self.name());
                codes::judge(sent.map(|code| (code.digits.as_str(), code.at)), entered, self.now)?;
                user.attribute(self.name()).map(str::to_owned)
            }
        };
        if let Some(value) = value {
            self.refuse_taken_name(&value)?;
            self.refuse_alias(&value)?;
            self.apply(&mut next, &value, "true");
        }
        next.modified = self.now;
        Ok(next)
    }

    fn message(&self, user: &User, value: &str) -> Result<Message, Refusal> {
        demand_sms_role(self.pool, self.medium)?;
        let message = Message::new(
            Occasion::Verification,
            self.medium,
            value,
            &self.pool.id,
            user,
            self.now,
        );
        // VerificationMessageTemplate.DefaultEmailOption, for e-mail only. The developer guide ("Configuring MFA,
        // authentication, verification and invitation messages") says links are for sign-up and that changes of
        // attributes use the template with a code; so it is for a user's own changes. The administrator's go with a
        // link, as the reference of DefaultEmailOption lets one expect.
        if self.medium == Medium::Email && self.pool.settings.link_verification && !self.by.is_owner() {
            return Ok(message.with_link());
        }
        Ok(message.with_code(&codes::digits(user, self.name(), self.now)))
    }
}

/// A pool that verifies numbers has an SMS role; one without cannot send. The code is in the model of every operation
/// that may send a text message, the words are undocumented.
pub(crate) fn demand_sms_role(pool: &Pool, medium: Medium) -> Result<(), Refusal> {
    if medium == Medium::Sms && pool.settings.sms_role.is_none() {
        return Err(Refusal::new(
            "InvalidSmsRoleAccessPolicyException",
            "Role does not have permission to publish with SNS",
        ));
    }
    Ok(())
}
