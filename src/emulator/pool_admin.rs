//! Pools: list, describe, create. Source: Cognito API reference, ListUserPools, DescribeUserPool, CreateUserPool,
//! AddCustomAttributes, GetUserPoolMfaConfig.

use serde_json::{Map, Value, json};

use super::constraint::{Member, Pattern, Shape, optional, required, text};
use super::crowd::SubPattern;
use super::operations::{Ask, pool};
use super::pool::{Pool, PoolSettings};
use super::schema::{Attribute, Kind};
use super::state::State;
use super::wire::{Body, Refusal};

const CONTACTS: &[&str] = &["phone_number", "email"];

/// The input members of CreateUserPool that the emulator acts on; others are accepted and ignored.
pub(crate) const CREATE: &[Member] = &[
    required("PoolName", text(1, 128, Pattern::PoolName)),
    optional(
        "AutoVerifiedAttributes",
        Shape::Texts {
            of: &Shape::OneOf(CONTACTS),
            min: 0,
            max: 2,
        },
    ),
    optional(
        "AliasAttributes",
        Shape::Texts {
            of: &Shape::OneOf(&["phone_number", "email", "preferred_username"]),
            min: 0,
            max: 3,
        },
    ),
    optional(
        "UsernameAttributes",
        Shape::Texts {
            of: &Shape::OneOf(CONTACTS),
            min: 0,
            max: 2,
        },
    ),
    optional("Schema", Shape::Structures { min: 1, max: 50 }),
    optional("MfaConfiguration", Shape::OneOf(&["OFF", "ON", "OPTIONAL"])),
    optional("DeletionProtection", Shape::OneOf(&["ACTIVE", "INACTIVE"])),
    optional("UsernameConfiguration", Shape::Structure),
    optional("UserAttributeUpdateSettings", Shape::Structure),
    optional("VerificationMessageTemplate", Shape::Structure),
    optional("SmsConfiguration", Shape::Structure),
    optional("EmailConfiguration", Shape::Structure),
    optional("AccountRecoverySetting", Shape::Structure),
    optional("AdminCreateUserConfig", Shape::Structure),
    optional("LambdaConfig", Shape::Structure),
    optional("Policies", Shape::Structure),
];

const CUSTOM_ATTRIBUTES: usize = 50;

pub(crate) fn list(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    // The order is undocumented; here it is that of creation.
    let rows = state
        .pools
        .iter()
        .enumerate()
        .map(|(at, pool)| (format!("{at:08}"), pool.row()));
    let (page, next) = ask.page(rows, ask.page_size("MaxResults"), "NextToken")?;
    let mut out = Map::new();
    out.insert("UserPools".into(), Value::Array(page));
    if let Some(next) = next {
        out.insert("NextToken".into(), json!(next));
    }
    Ok(Value::Object(out))
}

pub(crate) fn describe(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let State {
        pools, region, account, ..
    } = state;
    let pool = pool(pools, ask)?;
    Ok(json!({"UserPool": pool.describe(region, account)}))
}

/// The columns in the order of the developer guide's template ("Creating the user import CSV file"), then the pool's own
/// attributes. Neither sub nor identities: the service makes them.
pub(crate) fn csv_header(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let made = ["sub", "identities"];
    let mut header: Vec<&str> = pool
        .settings
        .schema
        .iter()
        .map(|attribute| attribute.name.as_str())
        .collect();
    header.retain(|name| !made.contains(name));
    header.extend(["cognito:mfa_enabled", "cognito:username"]);
    Ok(json!({"UserPoolId": pool.id, "CSVHeader": header}))
}

pub(crate) fn mfa_config(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let State { pools, region, .. } = state;
    let settings = &pool(pools, ask)?.settings;
    let mut out = Map::new();
    out.insert("MfaConfiguration".into(), json!(settings.mfa));
    if settings.mfa != "OFF" {
        out.insert("SoftwareTokenMfaConfiguration".into(), json!({"Enabled": true}));
        if let Some(sms) = settings.sms(region) {
            out.insert("SmsMfaConfiguration".into(), json!({"SmsConfiguration": sms}));
        }
    }
    Ok(Value::Object(out))
}

pub(crate) fn create(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let mut settings = PoolSettings::new(ask.text("PoolName"), ask.now);
    let list = |name: &str| ask.texts(name).unwrap_or_default();
    settings.auto_verified = list("AutoVerifiedAttributes");
    settings.alias_attributes = list("AliasAttributes");
    settings.username_attributes = list("UsernameAttributes");
    // Exclusive (API reference, CreateUserPool).
    if !settings.alias_attributes.is_empty() && !settings.username_attributes.is_empty() {
        return Err(Refusal::parameter(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        ));
    }
    let inside = |name: &str, member: &str| ask.structure(name).and_then(|inner| inner.get(member));
    if let Some(Value::Array(names)) = inside(
        "UserAttributeUpdateSettings",
        "AttributesRequireVerificationBeforeUpdate",
    ) {
        settings.verify_before_update = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        // github.com/aws/aws-cli/issues/7151.
        if settings
            .verify_before_update
            .iter()
            .any(|name| !settings.auto_verified.contains(name))
        {
            return Err(Refusal::parameter(
                "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
            ));
        }
    }
    if let Some(sensitive) = inside("UsernameConfiguration", "CaseSensitive").and_then(Value::as_bool) {
        settings.case_sensitive = sensitive;
    }
    if let Some(mfa) = ask.text_if_set("MfaConfiguration") {
        settings.mfa = mfa.to_owned();
    }
    settings.deletion_protection = ask.text_if_set("DeletionProtection") == Some("ACTIVE");
    settings.link_verification =
        inside("VerificationMessageTemplate", "DefaultEmailOption").is_some_and(|option| option == "CONFIRM_WITH_LINK");
    let sms = |member: &str| {
        inside("SmsConfiguration", member)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    settings.sms_role = sms("SnsCallerArn");
    settings.sms_external_id = sms("ExternalId");
    if let Some(email) = ask.structure("EmailConfiguration") {
        settings.email = texts(email);
    }
    if let Some(Value::Array(mechanisms)) = inside("AccountRecoverySetting", "RecoveryMechanisms") {
        let mut ranked: Vec<(i64, String)> = mechanisms
            .iter()
            .filter_map(|item| Some((item.get("Priority")?.as_i64()?, item.get("Name")?.as_str()?.to_owned())))
            .collect();
        ranked.sort();
        settings.recovery = ranked.into_iter().map(|(_, name)| name).collect();
    }
    settings.admin_create_only = inside("AdminCreateUserConfig", "AllowAdminCreateUserOnly")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    if let Some(lambdas) = ask.structure("LambdaConfig") {
        settings.lambdas = texts(lambdas).into_iter().collect();
    }
    if let Some(length) = inside("Policies", "PasswordPolicy")
        .and_then(|policy| policy.get("MinimumLength"))
        .and_then(Value::as_u64)
    {
        settings.password_length = usize::try_from(length).unwrap_or(8);
    }
    if let Some(days) = inside("Policies", "PasswordPolicy")
        .and_then(|policy| policy.get("TemporaryPasswordValidityDays"))
        .and_then(Value::as_u64)
    {
        settings.temporary_password_days = u16::try_from(days).unwrap_or(7);
    }
    for item in ask.structures("Schema") {
        let attribute = schema_attribute(item, Level::Pool)?;
        settings.set_attribute(attribute);
    }
    custom_limit(&settings)?;

    state.serial += 1;
    let id = format!("{}_{}", state.region, pool_code(state.serial));
    let pool = Pool::new(&id, settings, 0, SubPattern::Uuid4);
    let described = pool.describe(&state.region, &state.account);
    state.pools.push(pool);
    Ok(json!({"UserPool": described}))
}

pub(crate) fn add_custom_attributes(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let mut next = pool.settings.clone();
    for item in ask.structures("CustomAttributes") {
        let attribute = schema_attribute(item, Level::Custom)?;
        if next.attribute(&attribute.name).is_some() {
            return Err(Refusal::parameter(format!(
                "{}: Attribute already exists in the schema.",
                attribute.name
            )));
        }
        next.set_attribute(attribute);
    }
    custom_limit(&next)?;
    next.modified = ask.now;
    pool.settings = next;
    Ok(json!({}))
}

/// Whether a schema entry may be a standard attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Pool,
    Custom,
}

/// SchemaAttributeType. A name that is no standard attribute's becomes `custom:`, or `dev:custom:` for developers
/// only; custom attributes are never required (developer guide, "Working with user attributes").
fn schema_attribute(item: &Value, level: Level) -> Result<Attribute, Refusal> {
    let name = item.get("Name").and_then(Value::as_str).unwrap_or_default();
    // email_verified and phone_number_verified cannot be changed in a schema: they count as custom there and are too
    // long (github.com/aws/aws-cdk/pull/14699).
    if name.is_empty() || name.chars().count() > 20 {
        let bound = if name.is_empty() {
            "greater than or equal to 1"
        } else {
            "less than or equal to 20"
        };
        return Err(Refusal::parameter(format!(
            "1 validation error detected: Value '{name}' at 'schema.1.member.name' failed to satisfy constraint: \
             Member must have length {bound}"
        )));
    }
    let flag = |member: &str| item.get(member).and_then(Value::as_bool);
    let kind = kind(item)?;
    let known = PoolSettings::new("", jiff::Timestamp::UNIX_EPOCH)
        .attribute(name)
        .cloned();
    match known.filter(|_| level == Level::Pool) {
        Some(mut attribute) => {
            attribute.mutable = flag("Mutable").unwrap_or(attribute.mutable);
            attribute.required = flag("Required").unwrap_or(attribute.required);
            if item.get("StringAttributeConstraints").is_some() || item.get("NumberAttributeConstraints").is_some() {
                attribute.kind = kind;
            }
            Ok(attribute)
        }
        None => {
            if flag("Required") == Some(true) {
                return Err(Refusal::parameter(
                    "Required custom attributes are not supported currently.",
                ));
            }
            let bare = name.strip_prefix("custom:").unwrap_or(name);
            let mut attribute = if flag("DeveloperOnlyAttribute") == Some(true) {
                Attribute::developer(bare, kind)
            } else {
                Attribute::custom(bare, kind)
            };
            attribute.mutable = flag("Mutable").unwrap_or_default();
            Ok(attribute)
        }
    }
}

fn kind(item: &Value) -> Result<Kind, Refusal> {
    let limit = |of: &str, member: &str| -> Result<Option<i64>, Refusal> {
        match item
            .get(of)
            .and_then(|limits| limits.get(member))
            .and_then(Value::as_str)
        {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| Refusal::parameter(format!("{member} is not a number: {text}"))),
        }
    };
    let length = |member: &str| -> Result<Option<usize>, Refusal> {
        Ok(limit("StringAttributeConstraints", member)?.and_then(|limit| usize::try_from(limit).ok()))
    };
    Ok(
        match item
            .get("AttributeDataType")
            .and_then(Value::as_str)
            .unwrap_or("String")
        {
            "String" => Kind::String {
                min: length("MinLength")?,
                max: length("MaxLength")?,
            },
            "Number" => Kind::Number {
                min: limit("NumberAttributeConstraints", "MinValue")?,
                max: limit("NumberAttributeConstraints", "MaxValue")?,
            },
            "Boolean" => Kind::Boolean,
            "DateTime" => Kind::DateTime,
            other => {
                return Err(Refusal::parameter(format!(
                    "1 validation error detected: Value '{other}' at 'schema.1.member.attributeDataType' failed to \
                 satisfy constraint: Member must satisfy enum value set: [Boolean, Number, String, DateTime]"
                )));
            }
        },
    )
}

/// Fifty custom attributes a pool (developer guide, quotas).
fn custom_limit(settings: &PoolSettings) -> Result<(), Refusal> {
    let custom = settings
        .schema
        .iter()
        .filter(|attribute| attribute.name.contains("custom:"))
        .count();
    if custom > CUSTOM_ATTRIBUTES {
        return Err(Refusal::parameter("The number of custom attributes exceeds the limit."));
    }
    Ok(())
}

fn texts(members: &Body) -> std::collections::BTreeMap<String, String> {
    members
        .iter()
        .filter_map(|(name, value)| value.as_str().map(|text| (name.clone(), text.to_owned())))
        .collect()
}

/// Nine letters and digits, as real pool ids have behind the Region.
fn pool_code(serial: u64) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut left = super::crowd::mix(0x706f_6f6c, serial);
    (0..9)
        .filter_map(|_| {
            let at = usize::try_from(left % LETTERS.len() as u64).ok()?;
            left /= LETTERS.len() as u64;
            LETTERS.get(at).map(|&byte| char::from(byte))
        })
        .collect()
}

#[cfg(test)]
#[path = "pool_admin_tests.rs"]
mod tests;
