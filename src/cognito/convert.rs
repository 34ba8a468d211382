//! From the SDK's types to ours. A field we cannot do without is a fault; a value newer than this program is kept as
//! it was sent.

use std::collections::BTreeSet;

use aws_sdk_cognitoidentityprovider::operation::admin_get_user::AdminGetUserOutput;
use aws_sdk_cognitoidentityprovider::operation::get_user::GetUserOutput;
use aws_sdk_cognitoidentityprovider::primitives::DateTime;
use aws_sdk_cognitoidentityprovider::types;
use jiff::Timestamp;

use crate::domain::pool::{EmailSender, MfaSetting, ProviderMapping, Recovery, SignIn};
use crate::domain::schema::DataType;
use crate::domain::user::{Mfa, Source};
use crate::domain::{
    AttributeName, AttributeValue, Attributes, CodeDelivery, Contact, Fault, FaultKind, PageToken, Pool, PoolId,
    PoolSummary, Raw, Schema, SchemaAttribute, User, UserStatus, Username,
};

/// The answer to `operation` lacks something.
pub(super) fn hole(operation: &'static str, what: &'static str) -> Fault {
    Fault {
        kind: FaultKind::Undecodable,
        operation,
        code: Raw::from("IncompleteAnswer"),
        message: Raw::from(format!("the answer has {what}")),
        request_id: None,
        status: None,
        clock: None,
    }
}

/// The list would never end.
pub(super) fn repeated(operation: &'static str) -> Fault {
    Fault {
        code: Raw::from("RepeatedToken"),
        ..hole(operation, "the token of a page that was read already")
    }
}

/// A date the service sent; one outside of what a calendar holds counts as absent.
pub(super) fn timestamp(date: Option<DateTime>) -> Option<Timestamp> {
    let date = date?;
    Timestamp::new(date.secs(), i32::try_from(date.subsec_nanos()).ok()?).ok()
}

/// Where to go on: an empty token ends a list like an absent one.
pub(super) fn token(token: Option<String>) -> Option<PageToken> {
    token.filter(|token| !token.is_empty()).map(PageToken)
}

pub(super) fn pool_summary(pool: types::UserPoolDescriptionType) -> Result<PoolSummary, Fault> {
    const OPERATION: &str = "ListUserPools";
    let id = present(pool.id).ok_or_else(|| hole(OPERATION, "a pool without an id"))?;
    Ok(PoolSummary {
        id: PoolId::new(id),
        name: Raw::from(pool.name.unwrap_or_default()),
        changed: timestamp(pool.last_modified_date),
    })
}

/// A row of ListUsers or ListUsersInGroup.
pub(super) fn user_row(operation: &'static str, row: types::UserType, read_at: Timestamp) -> Result<User, Fault> {
    let username = present(row.username).ok_or_else(|| hole(operation, "a user without a username"))?;
    Ok(User {
        username: Username::new(username),
        attributes: attributes(operation, row.attributes)?,
        status: status(row.user_status),
        enabled: row.enabled,
        created: timestamp(row.user_create_date),
        changed: timestamp(row.user_last_modified_date),
        source: Source::List,
        read_at,
    })
}

/// The user's own reading. It tells neither status nor dates, and only what the app client may read.
pub(super) fn own_user(answer: GetUserOutput, read_at: Timestamp) -> Result<User, Fault> {
    const OPERATION: &str = "GetUser";
    let mfa = mfa(
        answer.user_mfa_setting_list.as_deref(),
        answer.preferred_mfa_setting.as_deref(),
        answer.mfa_options.as_deref(),
    );
    let username = present(Some(answer.username)).ok_or_else(|| hole(OPERATION, "a user without a username"))?;
    Ok(User {
        username: Username::new(username),
        attributes: attributes(OPERATION, Some(answer.user_attributes))?,
        status: UserStatus::NotTold,
        enabled: true,
        created: None,
        changed: None,
        source: Source::Own { mfa },
        read_at,
    })
}

/// One message as the service reports it, exactly.
pub(super) fn delivery(details: types::CodeDeliveryDetailsType) -> CodeDelivery {
    CodeDelivery {
        attribute: details.attribute_name.map(Raw::from),
        medium: details.delivery_medium.map(|medium| Raw::from(medium.as_str())),
        destination: details.destination.map(Raw::from),
    }
}

pub(super) fn user(answer: AdminGetUserOutput, read_at: Timestamp) -> Result<User, Fault> {
    const OPERATION: &str = "AdminGetUser";
    let mfa = mfa(
        answer.user_mfa_setting_list.as_deref(),
        answer.preferred_mfa_setting.as_deref(),
        answer.mfa_options.as_deref(),
    );
    // The SDK fills a missing required member with an empty one.
    let username = present(Some(answer.username)).ok_or_else(|| hole(OPERATION, "a user without a username"))?;
    Ok(User {
        username: Username::new(username),
        attributes: attributes(OPERATION, answer.user_attributes)?,
        status: status(answer.user_status),
        enabled: answer.enabled,
        created: timestamp(answer.user_create_date),
        changed: timestamp(answer.user_last_modified_date),
        source: Source::Get { mfa },
        read_at,
    })
}

fn attributes(operation: &'static str, list: Option<Vec<types::AttributeType>>) -> Result<Attributes, Fault> {
    let mut attributes = Attributes::new();
    for attribute in list.unwrap_or_default() {
        let name = present(Some(attribute.name)).ok_or_else(|| hole(operation, "an attribute without a name"))?;
        // Without a value it is not set: the service has no third state.
        if let Some(value) = attribute.value {
            attributes.insert(AttributeName::new(name), AttributeValue::new(value));
        }
    }
    Ok(attributes)
}

/// An absent status is the service's own `UNKNOWN`.
fn status(status: Option<types::UserStatusType>) -> UserStatus {
    UserStatus::parse(status.as_ref().map_or("UNKNOWN", types::UserStatusType::as_str))
}

fn mfa(settings: Option<&[String]>, preferred: Option<&str>, older: Option<&[types::MfaOptionType]>) -> Mfa {
    let mut mfa = Mfa {
        preferred: preferred.filter(|preferred| !preferred.is_empty()).map(Raw::from),
        ..Mfa::default()
    };
    for setting in settings.into_iter().flatten() {
        match setting.as_str() {
            "SMS_MFA" => mfa.sms = true,
            "SOFTWARE_TOKEN_MFA" => mfa.totp = true,
            "EMAIL_OTP" => mfa.email = true,
            other => mfa.other.push(Raw::from(other)),
        }
    }
    // The older list knows SMS only and still holds it for users set up through AdminSetUserSettings.
    for option in older.into_iter().flatten() {
        match &option.delivery_medium {
            Some(types::DeliveryMediumType::Sms) => mfa.sms = true,
            Some(types::DeliveryMediumType::Email) => mfa.email = true,
            Some(other) => mfa.other.push(Raw::from(other.as_str())),
            None => {}
        }
    }
    mfa
}

pub(super) fn pool(pool: types::UserPoolType) -> Result<Pool, Fault> {
    const OPERATION: &str = "DescribeUserPool";
    let id = present(pool.id).ok_or_else(|| hole(OPERATION, "a pool without an id"))?;
    let sign_in = match pool.username_attributes.filter(|names| !names.is_empty()) {
        Some(names) => SignIn::UsernameAttributes(names.iter().map(|name| AttributeName::new(name.as_str())).collect()),
        None => SignIn::Aliases(
            pool.alias_attributes
                .iter()
                .flatten()
                .map(|name| AttributeName::new(name.as_str()))
                .collect(),
        ),
    };
    let lambda = pool.lambda_config.as_ref();
    let custom_message_trigger = lambda.is_some_and(|config| {
        present(config.custom_message.clone()).is_some()
            || config.custom_email_sender.is_some()
            || config.custom_sms_sender.is_some()
    });
    let sends_by_trigger = lambda.is_some_and(|config| config.custom_email_sender.is_some());
    let verifies_by_link = pool
        .verification_message_template
        .and_then(|template| template.default_email_option)
        .is_some_and(|option| option == types::DefaultEmailOptionType::ConfirmWithLink);
    // The SDK fills an absent number with 0, which is no life of a password.
    let temporary_password_days = pool
        .policies
        .and_then(|policies| policies.password_policy)
        .map(|policy| policy.temporary_password_validity_days)
        .into_iter()
        .chain(
            pool.admin_create_user_config
                .map(|config| config.unused_account_validity_days),
        )
        .find_map(|days| u16::try_from(days).ok().filter(|days| *days > 0));
    Ok(Pool {
        id: PoolId::new(id),
        name: Raw::from(pool.name.unwrap_or_default()),
        arn: present(pool.arn).map(Raw::from),
        schema: schema(pool.schema_attributes.unwrap_or_default())?,
        sign_in,
        case_sensitive: pool.username_configuration.is_none_or(|config| config.case_sensitive),
        auto_verified: contacts(pool.auto_verified_attributes.as_deref()),
        verify_before_update: contacts(
            pool.user_attribute_update_settings
                .as_ref()
                .and_then(|settings| settings.attributes_require_verification_before_update.as_deref()),
        ),
        verifies_by_link,
        mfa: match pool.mfa_configuration {
            Some(types::UserPoolMfaType::On) => MfaSetting::On,
            Some(types::UserPoolMfaType::Optional) => MfaSetting::Optional,
            _ => MfaSetting::Off,
        },
        recovery: recovery(pool.account_recovery_setting),
        custom_message_trigger,
        email_sender: email_sender(pool.email_configuration.as_ref(), sends_by_trigger),
        email_failure: present(pool.email_configuration_failure).map(Raw::from),
        sms_role: pool.sms_configuration.as_ref().is_some_and(has_role),
        sms_failure: present(pool.sms_configuration_failure).map(Raw::from),
        temporary_password_days,
        estimated_users: u64::try_from(pool.estimated_number_of_users).ok(),
    })
}

fn contacts(names: Option<&[types::VerifiedAttributeType]>) -> BTreeSet<Contact> {
    names
        .into_iter()
        .flatten()
        .filter_map(|name| AttributeName::new(name.as_str()).contact())
        .collect()
}

/// Absent means the service's own sender, as does a way that is newer than this program: the smaller promise.
fn email_sender(settings: Option<&types::EmailConfigurationType>, by_trigger: bool) -> EmailSender {
    match settings.and_then(|settings| settings.email_sending_account.as_ref()) {
        _ if by_trigger => EmailSender::Trigger,
        Some(types::EmailSendingAccountType::Developer) => EmailSender::Ses,
        _ => EmailSender::Default,
    }
}

/// Amazon SNS or End User Messaging: one of the two names a role. The SDK fills a missing required member with an
/// empty one.
fn has_role(settings: &types::SmsConfigurationType) -> bool {
    let by_end_user_messaging = settings.eums_sms.as_ref();
    !settings.sns_caller_arn.is_empty() || by_end_user_messaging.is_some_and(|eums| !eums.caller_arn.is_empty())
}

/// In the order of the pool's priorities; 1 goes first.
fn recovery(setting: Option<types::AccountRecoverySettingType>) -> Vec<Recovery> {
    let mut mechanisms = setting
        .and_then(|setting| setting.recovery_mechanisms)
        .unwrap_or_default();
    mechanisms.sort_by_key(|mechanism| mechanism.priority);
    mechanisms
        .into_iter()
        .map(|mechanism| match mechanism.name {
            types::RecoveryOptionNameType::VerifiedEmail => Recovery::VerifiedEmail,
            types::RecoveryOptionNameType::VerifiedPhoneNumber => Recovery::VerifiedPhoneNumber,
            types::RecoveryOptionNameType::AdminOnly => Recovery::AdminOnly,
            other => Recovery::Other(Raw::from(other.as_str())),
        })
        .collect()
}

fn schema(list: Vec<types::SchemaAttributeType>) -> Result<Schema, Fault> {
    let attributes = list.into_iter().map(schema_attribute).collect::<Result<_, _>>()?;
    Ok(Schema { attributes })
}

fn schema_attribute(attribute: types::SchemaAttributeType) -> Result<SchemaAttribute, Fault> {
    const OPERATION: &str = "DescribeUserPool";
    let name = present(attribute.name).ok_or_else(|| hole(OPERATION, "a schema attribute without a name"))?;
    let data_type = match attribute.attribute_data_type {
        Some(types::AttributeDataType::String) => {
            let limits = attribute.string_attribute_constraints;
            DataType::String {
                min: limits.as_ref().and_then(|limits| limit(limits.min_length.as_deref())),
                max: limits.as_ref().and_then(|limits| limit(limits.max_length.as_deref())),
            }
        }
        Some(types::AttributeDataType::Number) => {
            let limits = attribute.number_attribute_constraints;
            DataType::Number {
                min: limits.as_ref().and_then(|limits| limit(limits.min_value.as_deref())),
                max: limits.as_ref().and_then(|limits| limit(limits.max_value.as_deref())),
            }
        }
        Some(types::AttributeDataType::Boolean) => DataType::Boolean,
        Some(types::AttributeDataType::Datetime) => DataType::DateTime,
        Some(other) => DataType::Unknown(Raw::from(other.as_str())),
        None => DataType::Unknown(Raw::from("")),
    };
    Ok(SchemaAttribute {
        name: AttributeName::new(name),
        data_type,
        // Where the answer is silent the form lets through and the service rules.
        mutable: attribute.mutable.unwrap_or(true),
        required: attribute.required.unwrap_or(false),
        developer_only: attribute.developer_only_attribute.unwrap_or(false),
    })
}

/// A limit arrives as text. One that is no number of this size is no limit here: the service still has it.
fn limit<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text?.trim().parse().ok()
}

pub(super) fn provider_mapping(provider: types::IdentityProviderType) -> Result<ProviderMapping, Fault> {
    const OPERATION: &str = "DescribeIdentityProvider";
    let name = present(provider.provider_name).ok_or_else(|| hole(OPERATION, "a provider without a name"))?;
    Ok(ProviderMapping {
        provider: Raw::from(name),
        attributes: provider
            .attribute_mapping
            .unwrap_or_default()
            .into_keys()
            .map(AttributeName::new)
            .collect(),
    })
}

/// An empty text says as little as an absent one.
pub(super) fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
