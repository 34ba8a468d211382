//! A user pool: its settings, and how it finds a user by any of the names the admin operations accept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::crowd::SubPattern;
use super::directory::{Case, Directory};
use super::schema::{Attribute, standard};
use super::wire;

/// The status of a profile that came from an identity provider: not a local user.
const FEDERATED: &str = "EXTERNAL_PROVIDER";

/// A pool's settings, as CreateUserPool takes and DescribeUserPool returns them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolSettings {
    /// The pool's name; not unique.
    pub name: String,
    /// All attributes, standard ones included.
    pub schema: Vec<Attribute>,
    /// AutoVerifiedAttributes: `email`, `phone_number`.
    pub auto_verified: Vec<String>,
    /// UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate; a subset of `auto_verified`.
    pub verify_before_update: Vec<String>,
    /// AliasAttributes: `email`, `phone_number`, `preferred_username`; empty when `username_attributes` is not.
    pub alias_attributes: Vec<String>,
    /// UsernameAttributes: `email`, `phone_number`.
    pub username_attributes: Vec<String>,
    /// UsernameConfiguration.CaseSensitive; the API's default is true.
    pub case_sensitive: bool,
    /// MfaConfiguration: `OFF`, `OPTIONAL`, `ON`.
    pub mfa: String,
    /// SmsConfiguration.SnsCallerArn; without it no text message can be sent.
    pub sms_role: Option<String>,
    /// SmsConfiguration.ExternalId.
    pub sms_external_id: Option<String>,
    /// EmailConfiguration.
    pub email: BTreeMap<String, String>,
    /// AccountRecoverySetting: `verified_email`, `verified_phone_number`, `admin_only`, in order of priority.
    pub recovery: Vec<String>,
    /// VerificationMessageTemplate.DefaultEmailOption is CONFIRM_WITH_LINK.
    pub link_verification: bool,
    /// AdminCreateUserConfig.AllowAdminCreateUserOnly.
    pub admin_create_only: bool,
    /// LambdaConfig: trigger name to function ARN.
    pub lambdas: BTreeMap<String, String>,
    /// DeletionProtection is ACTIVE.
    pub deletion_protection: bool,
    /// PasswordPolicy.MinimumLength.
    pub password_length: usize,
    /// PasswordPolicy.TemporaryPasswordValidityDays.
    pub temporary_password_days: u16,
    /// CreationDate.
    pub created: Timestamp,
    /// LastModifiedDate.
    pub modified: Timestamp,
}

impl PoolSettings {
    /// A pool with the API's defaults, created at `at`.
    pub fn new(name: &str, at: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            schema: standard(),
            auto_verified: Vec::new(),
            verify_before_update: Vec::new(),
            alias_attributes: Vec::new(),
            username_attributes: Vec::new(),
            case_sensitive: true,
            mfa: "OFF".to_owned(),
            sms_role: None,
            sms_external_id: None,
            email: BTreeMap::from([("EmailSendingAccount".to_owned(), "COGNITO_DEFAULT".to_owned())]),
            recovery: vec!["verified_email".to_owned(), "verified_phone_number".to_owned()],
            link_verification: false,
            admin_create_only: false,
            lambdas: BTreeMap::new(),
            deletion_protection: false,
            password_length: 8,
            temporary_password_days: 7,
            created: at,
            modified: at,
        }
    }

    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.schema.iter().find(|attribute| attribute.name == name)
    }

    /// Changes a standard attribute or adds another one.
    pub fn set_attribute(&mut self, attribute: Attribute) {
        match self.schema.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) => *known = attribute,
            None => self.schema.push(attribute),
        }
    }

    pub(crate) fn case(&self) -> Case {
        if self.case_sensitive {
            Case::Sensitive
        } else {
            Case::Insensitive
        }
    }

    /// SmsConfigurationType; none where the pool cannot send text messages.
    pub(crate) fn sms(&self, region: &str) -> Option<Value> {
        let role = self.sms_role.as_ref()?;
        let mut out = Map::new();
        out.insert("SnsCallerArn".into(), json!(role));
        if let Some(id) = &self.sms_external_id {
            out.insert("ExternalId".into(), json!(id));
        }
        out.insert("SnsRegion".into(), json!(region));
        Some(Value::Object(out))
    }

    /// The recovery names with their priorities.
    fn recovery_list(&self) -> Value {
        self.recovery
            .iter()
            .enumerate()
            .map(|(at, name)| json!({"Priority": at + 1, "Name": name}))
            .collect()
    }
}

/// An identity provider of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// ProviderName, the prefix of its users' names.
    pub name: String,
    /// ProviderType: `OIDC`, `SAML`, `Google`, ...
    pub kind: String,
    /// ProviderDetails.
    pub details: BTreeMap<String, String>,
    /// AttributeMapping: pool attribute to the provider's attribute.
    pub mapping: BTreeMap<String, String>,
    /// CreationDate and LastModifiedDate.
    pub created: Timestamp,
}

/// A group of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) precedence: Option<i64>,
    pub(crate) role: Option<String>,
    pub(crate) created: Timestamp,
}

impl Group {
    pub(crate) fn describe(&self, pool: &str) -> Value {
        let mut out = Map::new();
        out.insert("GroupName".into(), json!(self.name));
        out.insert("UserPoolId".into(), json!(pool));
        if let Some(text) = &self.description {
            out.insert("Description".into(), json!(text));
        }
        if let Some(role) = &self.role {
            out.insert("RoleArn".into(), json!(role));
        }
        if let Some(precedence) = self.precedence {
            out.insert("Precedence".into(), json!(precedence));
        }
        out.insert("CreationDate".into(), wire::date(self.created));
        out.insert("LastModifiedDate".into(), wire::date(self.created));
        Value::Object(out)
    }
}

/// A frozen list that ListUsers answers from, and when it thaws by itself.
pub(crate) struct Lagging {
    pub(crate) users: Directory,
    pub(crate) until: Option<Timestamp>,
}

/// A user pool.
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) settings: PoolSettings,
    pub(crate) users: Directory,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) providers: Vec<Provider>,
    pub(crate) clients: Vec<Client>,
    pub(crate) lagging: Option<Lagging>,
}

impl Pool {
    pub(crate) fn new(id: &str, settings: PoolSettings, crowd: u64, pattern: SubPattern) -> Self {
        let salt = id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self {
            id: id.to_owned(),
            settings,
            users: Directory::new(crowd, salt, pattern),
            groups: BTreeMap::new(),
            providers: Vec::new(),
            clients: Vec::new(),
            lagging: None,
        }
    }

    /// The users as ListUsers sees them now: eventually consistent (Cognito API reference, ListUsers), here only on
    /// demand.
    pub(crate) fn listed(&self, now: Timestamp) -> &Directory {
        match &self.lagging {
            Some(lagging) if lagging.until.is_none_or(|until| now < until) => &lagging.users,
            _ => &self.users,
        }
    }

    /// The position of the user that an admin operation's Username parameter means: the username, the sub of a local
    /// user, or the value of an alias (Cognito API reference, AdminGetUser, Username). An alias counts only while it
    /// is verified; in a pool that signs in by e-mail or phone (UsernameAttributes) the value counts by itself, as it
    /// is unique there.
    pub(crate) fn find(&self, name: &str) -> Option<u64> {
        let case = self.settings.case();
        if let Some(at) = self.users.by_username(name, case) {
            return Some(at);
        }
        let by_sub = self.users.having("sub", name, Case::Sensitive).first().copied();
        if let Some(at) = by_sub.filter(|&at| self.users.get(at).is_some_and(|user| user.status != FEDERATED)) {
            return Some(at);
        }
        let contacts = ["email", "phone_number", "preferred_username"];
        let named = |list: &[String], attribute: &str| list.iter().any(|known| known == attribute);
        for attribute in contacts
            .into_iter()
            .filter(|a| named(&self.settings.alias_attributes, a))
        {
            let owner = self.users.having(attribute, name, case).into_iter().find(|&at| {
                attribute == "preferred_username" || self.users.get(at).is_some_and(|user| user.is_verified(attribute))
            });
            if owner.is_some() {
                return owner;
            }
        }
        contacts
            .into_iter()
            .filter(|attribute| named(&self.settings.username_attributes, attribute))
            .find_map(|attribute| self.users.having(attribute, name, case).first().copied())
    }

    /// The app client with this id.
    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// UserPoolDescriptionType, a row of ListUserPools.
    pub(crate) fn row(&self) -> Value {
        json!({
            "Id": self.id,
            "Name": self.settings.name,
            "LambdaConfig": self.settings.lambdas,
            "LastModifiedDate": wire::date(self.settings.modified),
            "CreationDate": wire::date(self.settings.created),
        })
    }

    /// UserPoolType. Members that are not set are left out, as the service does.
    pub(crate) fn describe(&self, region: &str, account: &str) -> Value {
        let set = &self.settings;
        let mut out = Map::new();
        let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
        put("Id", json!(self.id));
        put("Name", json!(set.name));
        put(
            "Arn",
            json!(format!("arn:aws:cognito-idp:{region}:{account}:userpool/{}", self.id)),
        );
        put(
            "Policies",
            json!({"PasswordPolicy": {
            "MinimumLength": set.password_length, "RequireUppercase": true, "RequireLowercase": true,
            "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": set.temporary_password_days}}),
        );
        put(
            "DeletionProtection",
            json!(if set.deletion_protection { "ACTIVE" } else { "INACTIVE" }),
        );
        put("LambdaConfig", json!(set.lambdas));
        put("CreationDate", wire::date(set.created));
        put("LastModifiedDate", wire::date(set.modified));
        put("SchemaAttributes", set.schema.iter().map(Attribute::describe).collect());
        if !set.auto_verified.is_empty() {
            put("AutoVerifiedAttributes", json!(set.auto_verified));
        }
        if !set.alias_attributes.is_empty() {
            put("AliasAttributes", json!(set.alias_attributes));
        }
        if !set.username_attributes.is_empty() {
            put("UsernameAttributes", json!(set.username_attributes));
        }
        put(
            "VerificationMessageTemplate",
            json!({"DefaultEmailOption":
            if set.link_verification { "CONFIRM_WITH_LINK" } else { "CONFIRM_WITH_CODE" }}),
        );
        put(
            "UserAttributeUpdateSettings",
            json!({"AttributesRequireVerificationBeforeUpdate": set.verify_before_update}),
        );
        put("MfaConfiguration", json!(set.mfa));
        put("EstimatedNumberOfUsers", json!(self.users.len()));
        put("EmailConfiguration", json!(set.email));
        if let Some(sms) = set.sms(region) {
            put("SmsConfiguration", sms);
        }
        put("UserPoolTags", json!({}));
        put(
            "AdminCreateUserConfig",
            json!({"AllowAdminCreateUserOnly": set.admin_create_only, "UnusedAccountValidityDays": 7}),
        );
        put("UsernameConfiguration", json!({"CaseSensitive": set.case_sensitive}));
        if !set.recovery.is_empty() {
            put(
                "AccountRecoverySetting",
                json!({"RecoveryMechanisms": set.recovery_list()}),
            );
        }
        put("UserPoolTier", json!("ESSENTIALS"));
        Value::Object(out)
    }
}
