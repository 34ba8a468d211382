//! The requests of a [`Writer`], one each: retries off, and with a watch that knows whether it left.

use aws_sdk_cognitoidentityprovider::config::Config;
use aws_sdk_cognitoidentityprovider::config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider::operation::RequestId;
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, CodeDeliveryDetailsType, DeliveryMediumType, MessageActionType,
};

use crate::cognito::{convert, fault, secret_hash};
use crate::domain::deed::invitation_contact;
use crate::domain::{
    Account, ChangeSet, ClientId, ClientMetadata, CodeDelivery, Contact, Edit, Fault, FaultKind, Raw, Secret, User,
    Username,
};

use super::{Accepted, Watch, Writer};

/// Sends a request once, and tells what it came to. `$reported` takes the deliveries out of the answer; what the request
/// holds in secret is named behind it.
macro_rules! once {
    ($writer:expr, $operation:expr, $request:expr, $reported:expr $(, $secret:expr)*) => {{
        let watch = Watch::default();
        let started = ($writer.clock)();
        let answer = $request
            .customize()
            .config_override(Config::builder().retry_config(RetryConfig::disabled()))
            .interceptor(watch.clone())
            .send()
            .await;
        let took = ($writer.clock)().duration_since(started);
        match answer {
            Ok(output) => {
                let request_id = output.request_id().map(Raw::from);
                fault::log_answer($operation, request_id.as_ref(), took);
                Ok(Accepted {
                    request_id,
                    reported: $reported(output),
                })
            }
            Err(error) => {
                let mut fault = fault::without(fault::of($operation, &error), &[$($secret),*]);
                if fault.kind.may_have_been_applied() && !watch.left() {
                    // For example a timeout while credentials were being fetched.
                    fault.kind = FaultKind::Local;
                    fault.code = Raw::from("NotSent");
                }
                fault::log_fault(&fault, took);
                Err(fault)
            }
        }
    }};
}

fn nothing<T>(_: T) -> Vec<CodeDelivery> {
    Vec::new()
}

fn one(details: Option<CodeDeliveryDetailsType>) -> Vec<CodeDelivery> {
    details.into_iter().map(convert::delivery).collect()
}

/// What is set, and what is deleted by a blank value: an absent one is refused by the service.
fn attributes(operation: &'static str, changes: &ChangeSet) -> Result<Vec<AttributeType>, Fault> {
    let attribute = |change: &crate::domain::Change| {
        let value = match &change.edit {
            Edit::Set(value) => value.as_str(),
            Edit::Delete => "",
        };
        AttributeType::builder()
            .name(change.name.as_str())
            .value(value)
            .build()
            .map_err(|_| fault::local(operation, "RequestNotBuilt", "an attribute has no name"))
    };
    changes.changes().iter().map(attribute).collect()
}

impl Writer {
    pub(super) async fn admin_update(&self, changes: &ChangeSet) -> Result<Accepted, Fault> {
        const OPERATION: &str = "AdminUpdateUserAttributes";
        let mut request = self
            .client
            .admin_update_user_attributes()
            .user_pool_id(self.pool.as_str())
            .username(changes.base().username.as_str())
            .set_user_attributes(Some(attributes(OPERATION, changes)?));
        for (key, value) in &changes.metadata().0 {
            request = request.client_metadata(key, value);
        }
        once!(self, OPERATION, request, nothing)
    }

    pub(super) async fn own_update(&self, changes: &ChangeSet, token: &Secret) -> Result<Accepted, Fault> {
        const OPERATION: &str = "UpdateUserAttributes";
        let mut request = self
            .client
            .update_user_attributes()
            .access_token(token.expose())
            .set_user_attributes(Some(attributes(OPERATION, changes)?));
        for (key, value) in &changes.metadata().0 {
            request = request.client_metadata(key, value);
        }
        once!(
            self,
            OPERATION,
            request,
            |output: aws_sdk_cognitoidentityprovider::operation::update_user_attributes::UpdateUserAttributesOutput| {
                let list = output.code_delivery_details_list.unwrap_or_default();
                list.into_iter().map(convert::delivery).collect()
            },
            token
        )
    }

    pub(super) async fn own_delete(&self, changes: &ChangeSet, token: &Secret) -> Result<Accepted, Fault> {
        let names = changes.changes().iter().map(|change| change.name.as_str().to_owned());
        let request = self
            .client
            .delete_user_attributes()
            .access_token(token.expose())
            .set_user_attribute_names(Some(names.collect()));
        once!(self, "DeleteUserAttributes", request, nothing, token)
    }

    pub(super) async fn send_code(
        &self,
        contact: Contact,
        metadata: &ClientMetadata,
        token: &Secret,
    ) -> Result<Accepted, Fault> {
        let mut request = self
            .client
            .get_user_attribute_verification_code()
            .access_token(token.expose())
            .attribute_name(contact.name());
        for (key, value) in &metadata.0 {
            request = request.client_metadata(key, value);
        }
        once!(self, "GetUserAttributeVerificationCode", request, |output: aws_sdk_cognitoidentityprovider::operation::get_user_attribute_verification_code::GetUserAttributeVerificationCodeOutput| {
            one(output.code_delivery_details)
        }, token)
    }

    pub(super) async fn verify_code(&self, contact: Contact, code: &Secret, token: &Secret) -> Result<Accepted, Fault> {
        let request = self
            .client
            .verify_user_attribute()
            .access_token(token.expose())
            .attribute_name(contact.name())
            .code(code.expose());
        once!(self, "VerifyUserAttribute", request, nothing, token, code)
    }

    /// ResendConfirmationCode is not signed. An app client with a secret wants its hash, so the client is described
    /// first; that is a read.
    pub(super) async fn resend_code(&self, user: &Username, client: &ClientId) -> Result<Accepted, Fault> {
        const OPERATION: &str = "ResendConfirmationCode";
        let hash = secret_hash::of(&self.client, &self.pool, client, user.as_str()).await?;
        let request = self
            .client
            .resend_confirmation_code()
            .client_id(client.as_str())
            .username(user.as_str())
            .set_secret_hash(hash.map(|hash| hash.expose().to_owned()));
        once!(self, OPERATION, request, |output: aws_sdk_cognitoidentityprovider::operation::resend_confirmation_code::ResendConfirmationCodeOutput| {
            one(output.code_delivery_details)
        })
    }

    pub(super) async fn account(&self, user: &User, account: Account) -> Result<Accepted, Fault> {
        let medium = invitation_contact(user).map(|contact| match contact {
            Contact::Email => DeliveryMediumType::Email,
            Contact::PhoneNumber => DeliveryMediumType::Sms,
        });
        let (pool, user) = (self.pool.as_str(), user.username.as_str());
        let operation = account.operation();
        let client = &self.client;
        match account {
            Account::ConfirmSignUp => {
                let request = client.admin_confirm_sign_up().user_pool_id(pool).username(user);
                once!(self, operation, request, nothing)
            }
            Account::ResendInvitation => {
                let request = client
                    .admin_create_user()
                    .user_pool_id(pool)
                    .username(user)
                    .message_action(MessageActionType::Resend)
                    .set_desired_delivery_mediums(medium.map(|medium| vec![medium]));
                once!(self, operation, request, nothing)
            }
            Account::ResetPassword => {
                let request = client.admin_reset_user_password().user_pool_id(pool).username(user);
                once!(self, operation, request, nothing)
            }
            Account::Enable => {
                let request = client.admin_enable_user().user_pool_id(pool).username(user);
                once!(self, operation, request, nothing)
            }
            Account::Disable => {
                let request = client.admin_disable_user().user_pool_id(pool).username(user);
                once!(self, operation, request, nothing)
            }
        }
    }
}

#[cfg(test)]
mod tests;
