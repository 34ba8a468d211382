//! The two ways to a user's attributes: the administrator's calls, signed with AWS credentials, and the user's own,
//! which carry the user's access token. They differ in what they may do and in what they report.

use std::collections::BTreeSet;

use super::attribute::AttributeName;
use super::draft::Edit;
use super::raw::Raw;
use super::schema::{Lock, Problem, Schema};
use super::sign_in::Flow;

#[cfg(test)]
mod tests;

/// Whose calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// AdminGetUser, AdminUpdateUserAttributes: signed, allowed by IAM, and they report no message.
    Admin,
    /// GetUser, UpdateUserAttributes: the user's access token, allowed by the app client, and they report deliveries.
    Own,
}

/// The id of an app client, `1h57kf5cpq17m0eml12EXAMPLE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(Raw);

impl ClientId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(Raw::from(id.into()))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn raw(&self) -> &Raw {
        &self.0
    }
}

/// One row of ListUserPoolClients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSummary {
    pub id: ClientId,
    pub name: Raw,
}

/// What DescribeUserPoolClient tells about an app client. Its secret is not among it: that stays where requests are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppClient {
    pub id: ClientId,
    pub name: Raw,
    pub has_secret: bool,
    /// ExplicitAuthFlows as sent. Empty means the service's own default.
    pub flows: Vec<Raw>,
    /// WriteAttributes. `None`: the service returns the list only where it is not the default.
    pub writable: Option<BTreeSet<AttributeName>>,
    /// ReadAttributes, likewise: what GetUser does not show may be there all the same.
    pub readable: Option<BTreeSet<AttributeName>>,
}

impl AppClient {
    /// Whether GetUser shows it an attribute, where the user has one.
    pub fn may_read(&self, name: &AttributeName) -> bool {
        self.readable.as_ref().is_none_or(|readable| readable.contains(name))
    }

    /// Whether it allows a sign-in with a password of this kind. A client that names no flow allows none of them
    /// (API reference, CreateUserPoolClient, ExplicitAuthFlows). Names without `ALLOW_` are those of older clients.
    pub fn allows(&self, flow: Flow) -> bool {
        let old = match flow {
            Flow::UserPassword => "USER_PASSWORD_AUTH",
            Flow::AdminPassword => "ADMIN_NO_SRP_AUTH",
        };
        self.flows
            .iter()
            .map(Raw::as_str)
            .any(|named| named == old || named.strip_prefix("ALLOW_") == Some(flow.name()))
    }
}

/// What may be edited, and how: the pool's schema, the route, and what the app client of the token may write.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub schema: &'a Schema,
    pub route: Route,
    /// On the own route, as far as it could be read. Unknown: the service decides.
    pub client: Option<&'a AppClient>,
}

impl<'a> Rules<'a> {
    pub fn admin(schema: &'a Schema) -> Self {
        Self {
            schema,
            route: Route::Admin,
            client: None,
        }
    }

    pub fn own(schema: &'a Schema, client: Option<&'a AppClient>) -> Self {
        Self {
            schema,
            route: Route::Own,
            client,
        }
    }

    /// Why an attribute cannot be edited. A verified flag is refused on the own route ("Cannot modify the non-mutable
    /// attribute"); required attributes are always writable for an app client (Amazon Cognito developer guide,
    /// "Attribute permissions and scopes").
    pub fn lock(&self, name: &AttributeName) -> Option<Lock> {
        if let Some(lock) = self.schema.lock(name) {
            return Some(lock);
        }
        if self.route == Route::Admin {
            return None;
        }
        if name.verifies().is_some() {
            return Some(Lock::ByCode);
        }
        let writable = self.client.and_then(|client| client.writable.as_ref())?;
        (!writable.contains(name) && !self.schema.is_required(name)).then_some(Lock::AppClient)
    }

    /// Whether one edit may be sent.
    pub fn check(&self, name: &AttributeName, edit: &Edit) -> Result<(), Problem> {
        match self.lock(name) {
            Some(lock) => Err(Problem::Locked(lock)),
            None => self.schema.check(name, edit),
        }
    }
}
