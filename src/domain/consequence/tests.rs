//! The rules against the tables they were read from. Expectations are written out here, not computed.

use std::sync::Arc;

use super::*;
use crate::domain::attribute::Attributes;
use crate::domain::intent::Operation;
use crate::domain::outcome::Outcome;
use crate::domain::pool::{EmailSender, MfaSetting, PoolId, Recovery, SignIn};
use crate::domain::raw::Raw;
use crate::domain::route::{ClientId, Rules};
use crate::domain::schema::{DataType, Schema, SchemaAttribute};
use crate::domain::user::{Mfa, Source, UserStatus};

mod account;
mod deeds;
mod matrix;
mod messages;
mod own;
mod own_facts;
mod owners;
mod providers;
mod sentences;
mod settling;
mod settling_deeds;
mod uses;

const READ_AT: &str = "2026-11-20T10:40:58Z";
const ASKED_AT: &str = "2026-11-20T10:41:02Z";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn name(text: &str) -> AttributeName {
    AttributeName::new(text)
}

fn value(text: &str) -> AttributeValue {
    AttributeValue::new(text)
}

fn old_value(contact: Contact) -> &'static str {
    match contact {
        Contact::Email => "jane@example.com",
        Contact::PhoneNumber => "+15555550100",
    }
}

fn new_value(contact: Contact) -> &'static str {
    match contact {
        Contact::Email => "jane.doe@example.com",
        Contact::PhoneNumber => "+15555550199",
    }
}

fn schema() -> Schema {
    let text = DataType::String {
        min: Some(0),
        max: Some(2048),
    };
    let names = [
        ("email", text.clone()),
        ("email_verified", DataType::Boolean),
        ("phone_number", text.clone()),
        ("phone_number_verified", DataType::Boolean),
        ("name", text.clone()),
        ("nickname", text.clone()),
        ("preferred_username", text.clone()),
        ("custom:tier", text),
    ];
    let attributes = names.into_iter().map(|(attribute, data_type)| SchemaAttribute {
        name: name(attribute),
        data_type,
        mutable: true,
        required: false,
        developer_only: false,
    });
    Schema {
        attributes: attributes.collect(),
    }
}

/// A pool with e-mail and phone as aliases and ways back in, of one kind for both contacts.
fn pool(kind: VerificationKind) -> Pool {
    let both = || Contact::ALL.into_iter().collect();
    Pool {
        id: PoolId::new("us-east-1_aB3dE5fGh"),
        name: Raw::from("customers"),
        arn: None,
        schema: schema(),
        sign_in: SignIn::Aliases([name("email"), name("phone_number")].into()),
        case_sensitive: true,
        auto_verified: if kind == VerificationKind::None {
            [].into()
        } else {
            both()
        },
        verify_before_update: if kind == VerificationKind::BeforeUpdate {
            both()
        } else {
            [].into()
        },
        verifies_by_link: false,
        mfa: MfaSetting::Off,
        recovery: vec![Recovery::VerifiedEmail, Recovery::VerifiedPhoneNumber],
        custom_message_trigger: false,
        email_sender: EmailSender::Ses,
        email_failure: None,
        sms_role: true,
        sms_failure: None,
        temporary_password_days: Some(7),
        estimated_users: None,
    }
}

/// jane.doe, confirmed, with both contacts verified and no second factor.
fn jane() -> User {
    let attributes: Attributes = [
        ("sub", "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f"),
        ("email", "jane@example.com"),
        ("email_verified", "true"),
        ("phone_number", "+15555550100"),
        ("phone_number_verified", "true"),
        ("nickname", "JD"),
        ("custom:tier", "silver"),
    ]
    .into_iter()
    .map(|(attribute, text)| (name(attribute), value(text)))
    .collect();
    User {
        username: Username::new("jane.doe"),
        attributes,
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::Get { mfa: Mfa::default() },
        read_at: at(READ_AT),
    }
}

fn without(mut user: User, contact: Contact) -> User {
    user.attributes.remove(&contact.attribute());
    user.attributes.remove(&contact.flag());
    user
}

fn unverified(mut user: User, contact: Contact) -> User {
    user.attributes.insert(contact.flag(), value("false"));
    user
}

fn with_mfa(mut user: User, mfa: Mfa) -> User {
    user.source = Source::Get { mfa };
    user
}

fn sms() -> Mfa {
    Mfa {
        sms: true,
        ..Mfa::default()
    }
}

fn app_client() -> AppClient {
    AppClient {
        id: ClientId::new("1h57kf5cpq17m0eml12EXAMPLE"),
        name: Raw::from("support-desk"),
        has_secret: false,
        flows: Vec::new(),
        writable: None,
        readable: None,
    }
}

/// What is asked about, with everything that is not under test at rest.
struct Case {
    pool: Known<Pool>,
    client: Known<AppClient>,
    draft: Draft,
    mappings: Known<Vec<ProviderMapping>>,
    owners: BTreeMap<Contact, Known<Owner>>,
    waiting: Vec<WaitingChange>,
}

impl Case {
    fn new(pool: Pool, user: User) -> Self {
        Self::on(Route::Admin, pool, user)
    }

    /// With the user's own token, of an app client that may write everything.
    fn own(pool: Pool, user: User) -> Self {
        let mut user = user;
        user.status = UserStatus::NotTold;
        user.source = Source::Own {
            mfa: user.mfa().cloned().unwrap_or_default(),
        };
        Self::on(Route::Own, pool, user)
    }

    fn on(route: Route, pool: Pool, user: User) -> Self {
        Self {
            pool: Known::Known(pool),
            client: Known::Known(app_client()),
            draft: Draft::new(Arc::new(user), route),
            mappings: Known::Known(Vec::new()),
            owners: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }

    fn set(mut self, attribute: &str, text: &str) -> Self {
        self.draft.set(name(attribute), Edit::Set(value(text)));
        self
    }

    fn delete(mut self, attribute: &str) -> Self {
        self.draft.set(name(attribute), Edit::Delete);
        self
    }

    /// A new value for a contact, and who vouches for it.
    fn new_contact(mut self, contact: Contact, vouch: Vouch) -> Self {
        self.draft
            .set(contact.attribute(), Edit::Set(value(new_value(contact))));
        self.draft.set_vouch(contact, vouch);
        self
    }

    fn owner(mut self, contact: Contact, owner: Known<Owner>) -> Self {
        self.owners.insert(contact, owner);
        self
    }

    fn with<T>(&self, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let pool = match &self.pool {
            Known::Known(pool) => Known::Known(pool),
            Known::NotKnown(why) => Known::NotKnown(why.clone()),
            Known::Asking => Known::Asking,
        };
        let mappings = match &self.mappings {
            Known::Known(mappings) => Known::Known(mappings.as_slice()),
            Known::NotKnown(why) => Known::NotKnown(why.clone()),
            Known::Asking => Known::Asking,
        };
        let client = match &self.client {
            Known::Known(client) => Known::Known(client),
            Known::NotKnown(why) => Known::NotKnown(why.clone()),
            Known::Asking => Known::Asking,
        };
        read(&Context {
            pool,
            user: self.draft.base(),
            changes: Changes::Draft(&self.draft),
            client,
            mappings,
            owners: self.owners.clone(),
            waiting: &self.waiting,
            kept: Values::Full,
            zone: &TimeZone::UTC,
        })
    }

    fn change_set(&self) -> ChangeSet {
        let schema = schema();
        let rules = match self.draft.route() {
            Route::Admin => Rules::admin(&schema),
            Route::Own => Rules::own(&schema, self.client.get()),
        };
        self.draft.change_set(&rules).expect("no problems")
    }

    /// Everything that is said, as `topic: words`; warnings begin with `! `.
    fn said(&self) -> Vec<String> {
        self.with(|context| {
            let all = consequences(context);
            for consequence in &all {
                // The screen gives a topic eight columns, the gap behind it included.
                assert!(
                    consequence.topic.len() < 8,
                    "{} is too long for its column",
                    consequence.topic
                );
            }
            all.iter().map(line).collect()
        })
    }

    /// What is said under one topic.
    fn about(&self, topic: &str) -> Vec<String> {
        let under = |line: &String| line.trim_start_matches("! ").starts_with(&format!("{topic}: "));
        self.said()
            .into_iter()
            .filter(under)
            .map(|line| line.replacen(&format!("{topic}: "), "", 1))
            .collect()
    }
}

fn line(consequence: &Consequence) -> String {
    let mark = if consequence.weight == Weight::Warn { "! " } else { "" };
    format!("{mark}{}: {}", consequence.topic, consequence.lines.plain())
}

fn nobody() -> Known<Owner> {
    Known::Known(Owner::NobodyFound { asked_at: at(ASKED_AT) })
}

fn held_by(holders: &[(&str, bool)]) -> Known<Owner> {
    let holders = holders
        .iter()
        .map(|(username, verified)| Holder {
            username: Username::new(*username),
            verified: *verified,
        })
        .collect();
    Known::Known(Owner::Users {
        holders,
        asked_at: at(ASKED_AT),
    })
}

fn without_alias(mut pool: Pool) -> Pool {
    pool.sign_in = SignIn::Aliases([].into());
    pool
}

fn username_attributes(mut pool: Pool, names: &[&str]) -> Pool {
    pool.sign_in = SignIn::UsernameAttributes(names.iter().map(|text| name(text)).collect());
    pool
}

fn with_status(mut user: User, status: UserStatus) -> User {
    user.status = status;
    user
}
