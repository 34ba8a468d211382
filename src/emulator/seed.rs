//! What a service holds when it starts, as a builder, so that a test says only what it is about.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::access::Grants;
use super::client::Client;
use super::crowd::{GROUPS, SubPattern};
use super::demo;
use super::faults::Faults;
use super::hourly::Hourly;
use super::outbox::Outbox;
use super::password::Password;
use super::pool::{Group, Pool, PoolSettings, Provider};
use super::quota::Quotas;
use super::schema::{Attribute, Kind};
use super::sign_in::SignIns;
use super::state::State;
use super::user::User;

/// Everything the service starts with.
#[derive(Debug, Clone)]
#[must_use]
pub struct Seed {
    region: String,
    account: String,
    caller: String,
    pools: Vec<PoolSeed>,
}

impl Seed {
    /// No pools; Region us-east-1, account 123456789012.
    pub fn empty() -> Self {
        Self {
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            caller: "arn:aws:sts::123456789012:assumed-role/Support/ana".to_owned(),
            pools: Vec::new(),
        }
    }

    /// The demo: several pools of invented people, and every special case the program has to show. They sign in with
    /// [`super::DEMO_PASSWORD`], through the app clients `web` and `backend` of every pool.
    pub fn demo() -> Self {
        demo::pools().into_iter().fold(Self::empty(), Self::pool)
    }

    /// The demo and one pool of `n` computed users (ten million at most) named `crowd`.
    pub fn crowd(n: u64) -> Self {
        Self::demo().pool(PoolSeed::crowd(n))
    }

    /// The same seed with one more pool.
    pub fn pool(mut self, pool: PoolSeed) -> Self {
        self.pools.push(pool);
        self
    }

    /// The same seed in another Region (part of ARNs and of the ids of created pools).
    pub fn region(mut self, region: &str) -> Self {
        self.region = region.to_owned();
        self
    }

    /// The same seed with another ARN in AccessDeniedException's text.
    pub fn caller(mut self, arn: &str) -> Self {
        self.caller = arn.to_owned();
        self
    }

    pub(crate) fn plant(self) -> State {
        State {
            region: self.region,
            account: self.account,
            caller: self.caller,
            pools: self.pools.into_iter().map(PoolSeed::plant).collect(),
            outbox: Outbox::default(),
            calls: VecDeque::new(),
            faults: Faults::default(),
            quotas: Quotas::new(),
            hourly: Hourly::default(),
            page_shapes: VecDeque::new(),
            grants: Grants::default(),
            sign_ins: SignIns::default(),
            ahead: SignedDuration::ZERO,
            expired_keys: BTreeSet::new(),
            serial: 0,
        }
    }
}

/// One pool of a seed.
#[derive(Debug, Clone)]
#[must_use]
pub struct PoolSeed {
    id: String,
    settings: PoolSettings,
    users: Vec<User>,
    groups: Vec<Group>,
    providers: Vec<Provider>,
    clients: Vec<Client>,
    crowd: u64,
    /// The computed users are in groups.
    grouped: bool,
    pattern: SubPattern,
}

impl PoolSeed {
    /// A pool with the API's defaults (kind A: nothing is verified by itself), created on 2023-03-01.
    pub fn new(id: &str, name: &str) -> Self {
        let created = Timestamp::from_second(1_677_664_800).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            id: id.to_owned(),
            settings: PoolSettings::new(name, created),
            users: Vec::new(),
            groups: Vec::new(),
            providers: Vec::new(),
            clients: Vec::new(),
            crowd: 0,
            grouped: false,
            pattern: SubPattern::Uuid4,
        }
    }

    /// The pool of [`Seed::crowd`]: `us-east-1_cRoWd0001`, kind B, e-mail and phone aliases, a `custom:tier`,
    /// and groups of different sizes.
    pub fn crowd(n: u64) -> Self {
        let seed = Self::new("us-east-1_cRoWd0001", "crowd")
            .auto_verified(&["email"])
            .aliases(&["email", "phone_number"])
            .attribute(Attribute::custom(
                "tier",
                Kind::String {
                    min: Some(1),
                    max: Some(20),
                },
            ))
            .sms()
            .computed(n);
        let groups = GROUPS.iter();
        let seed = groups.fold(seed, |seed, (name, about, _)| seed.group(name, about, None));
        Self { grouped: true, ..seed }
    }

    /// AutoVerifiedAttributes: kind B.
    pub fn auto_verified(mut self, attributes: &[&str]) -> Self {
        self.settings.auto_verified = owned(attributes);
        self
    }

    /// AttributesRequireVerificationBeforeUpdate, and AutoVerifiedAttributes where they lack: kind C.
    pub fn verified_before_update(mut self, attributes: &[&str]) -> Self {
        self.settings.verify_before_update = owned(attributes);
        for attribute in owned(attributes) {
            if !self.settings.auto_verified.contains(&attribute) {
                self.settings.auto_verified.push(attribute);
            }
        }
        self
    }

    /// AliasAttributes.
    pub fn aliases(mut self, attributes: &[&str]) -> Self {
        self.settings.alias_attributes = owned(attributes);
        self
    }

    /// UsernameAttributes.
    pub fn sign_in_by(mut self, attributes: &[&str]) -> Self {
        self.settings.username_attributes = owned(attributes);
        self
    }

    /// UsernameConfiguration.CaseSensitive = false.
    pub fn case_insensitive(mut self) -> Self {
        self.settings.case_sensitive = false;
        self
    }

    /// An SMS role, so that text messages can be sent.
    pub fn sms(mut self) -> Self {
        self.settings.sms_role = Some("arn:aws:iam::123456789012:role/service-role/cognito-sms".to_owned());
        self.settings.sms_external_id = Some("7f1d4c9a-2b60-4e37-9a51-0c8e6d2f7b43".to_owned());
        self
    }

    /// VerificationMessageTemplate.DefaultEmailOption = CONFIRM_WITH_LINK.
    pub fn link_verification(mut self) -> Self {
        self.settings.link_verification = true;
        self
    }

    /// Adds an attribute or changes a standard one.
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.settings.set_attribute(attribute);
        self
    }

    /// Makes an attribute of the schema required.
    pub fn required(mut self, name: &str) -> Self {
        if let Some(attribute) = self.settings.schema.iter_mut().find(|attribute| attribute.name == name) {
            attribute.required = true;
        }
        self
    }

    /// Makes an attribute of the schema immutable.
    pub fn immutable(mut self, name: &str) -> Self {
        if let Some(attribute) = self.settings.schema.iter_mut().find(|attribute| attribute.name == name) {
            attribute.mutable = false;
        }
        self
    }

    /// Any other setting.
    pub fn set(mut self, change: impl FnOnce(&mut PoolSettings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Adds a user without any rule; its groups are created when they are missing.
    pub fn user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// Adds users without any rule.
    pub fn users(mut self, users: impl IntoIterator<Item = User>) -> Self {
        self.users.extend(users);
        self
    }

    /// Adds a group.
    pub fn group(mut self, name: &str, description: &str, precedence: Option<i64>) -> Self {
        self.groups.push(Group {
            name: name.to_owned(),
            description: Some(description.to_owned()).filter(|text| !text.is_empty()),
            precedence,
            role: None,
            created: self.settings.created,
        });
        self
    }

    /// Adds an identity provider with an attribute mapping (pool attribute, provider attribute).
    pub fn provider(mut self, name: &str, kind: &str, mapping: &[(&str, &str)]) -> Self {
        self.providers.push(Provider {
            name: name.to_owned(),
            kind: kind.to_owned(),
            details: BTreeMap::from([(
                "oidc_issuer".to_owned(),
                format!("https://{}.example.com", name.to_lowercase()),
            )]),
            mapping: mapping
                .iter()
                .map(|&(ours, theirs)| (ours.to_owned(), theirs.to_owned()))
                .collect(),
            created: self.settings.created,
        });
        self
    }

    /// Adds an app client.
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// Gives this password to every user that signs in with one and has none yet; it is a temporary one, without an
    /// end, for whoever has to change it.
    pub fn passwords(mut self, password: &str) -> Self {
        for user in &mut self.users {
            if user.password.is_none() && user.status != "EXTERNAL_PROVIDER" {
                user.password = Some(Password::lasting(password));
            }
        }
        self
    }

    /// Puts `n` computed users before the stored ones.
    pub fn computed(mut self, n: u64) -> Self {
        self.crowd = n;
        self
    }

    /// How generated subs look.
    pub fn subs(mut self, pattern: SubPattern) -> Self {
        self.pattern = pattern;
        self
    }

    pub(crate) fn plant(self) -> Pool {
        let mut pool = Pool::new(&self.id, self.settings, self.crowd, self.pattern);
        if self.grouped {
            pool.users.group_crowd();
        }
        for group in self.groups {
            pool.groups.insert(group.name.clone(), group);
        }
        for user in self.users {
            for name in &user.groups {
                pool.groups.entry(name.clone()).or_insert_with(|| Group {
                    name: name.clone(),
                    description: None,
                    precedence: None,
                    role: None,
                    created: pool.settings.created,
                });
            }
            // In a pool that signs in by e-mail or phone the username is the sub (developer guide, "Customizing
            // sign-in attributes"); a seed says so by leaving it empty.
            let mut user = user;
            if user.username.is_empty() {
                user.username = pool.users.next_sub();
                let sub = user.username.clone();
                user.attributes.insert("sub".into(), sub);
            }
            pool.users.add(user);
        }
        pool.providers = self.providers;
        pool.clients = self
            .clients
            .into_iter()
            .map(|client| client.planted(&self.id))
            .collect();
        pool
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
