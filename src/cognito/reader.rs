//! Everything that only looks. Lists and searches use ListUsers alone; AdminGetUser counts the user as monthly active
//! and is for those who asked for it.

use std::fmt;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider::config::{Builder, Config};
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use jiff::Timestamp;

use crate::domain::pool::ProviderMapping;
use crate::domain::{Fault, Page, PageToken, Pool, PoolId, PoolSummary, Raw, Secret, User, Username};

use super::{Answered, Clock, convert, fault};

/// The most items the service hands out a page, for each of its lists.
pub(super) const PAGE: i32 = 60;

/// Reads from one region. Clones share the client.
#[derive(Clone)]
pub struct Reader {
    client: Client,
    clock: Clock,
    /// Whether a list that fails is left to whoever asked, instead of being asked for again here.
    once: bool,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

impl Reader {
    pub(super) fn new(client: Client, clock: Clock) -> Self {
        Self {
            client,
            clock,
            once: false,
        }
    }

    /// The same for who goes on by itself where a page of users fails: each is asked for once, so that what is refused for
    /// rate is not sent again behind the back of whoever keeps the pace.
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// ListUserPools, one page of at most 60.
    pub async fn list_pools(&self, token: Option<PageToken>) -> Result<Answered<Page<PoolSummary>>, Fault> {
        const OPERATION: &str = "ListUserPools";
        let request = self
            .client
            .list_user_pools()
            .max_results(PAGE)
            .set_next_token(token.clone().map(|token| token.0));
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let items = each(value.user_pools, convert::pool_summary);
        finish(page(OPERATION, items, token, value.next_token), request_id)
    }

    /// DescribeUserPool.
    pub async fn describe_pool(&self, pool: &PoolId) -> Result<Answered<Pool>, Fault> {
        const OPERATION: &str = "DescribeUserPool";
        let request = self.client.describe_user_pool().user_pool_id(pool.as_str());
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let pool = match value.user_pool {
            Some(pool) => convert::pool(pool),
            None => Err(convert::hole(OPERATION, "no pool")),
        };
        finish(pool, request_id)
    }

    /// ListUsers, one page. `limit` is 1 to 60, `None` the service's own 60. The page may be short or empty; only an
    /// absent token ends the list. A token goes with the filter it came from and lasts an hour.
    ///
    /// AttributesToGet is never sent: it fails as soon as one user of the page lacks one of them.
    pub async fn list_users(
        &self,
        pool: &PoolId,
        filter: Option<&str>,
        token: Option<PageToken>,
        limit: Option<u8>,
    ) -> Result<Answered<Page<User>>, Fault> {
        const OPERATION: &str = "ListUsers";
        let request = self
            .client
            .list_users()
            .user_pool_id(pool.as_str())
            .set_filter(filter.map(str::to_owned))
            .set_limit(limit.map(i32::from))
            .set_pagination_token(token.clone().map(|token| token.0));
        let Answered { value, request_id } = if self.once {
            let request = request.customize().config_override(alone());
            self.ask(OPERATION, request.send()).await?
        } else {
            self.ask(OPERATION, request.send()).await?
        };
        let read_at = (self.clock)();
        let items = each(value.users, |row| convert::user_row(OPERATION, row, read_at));
        finish(page(OPERATION, items, token, value.pagination_token), request_id)
    }

    /// AdminGetUser: counts the user as monthly active.
    pub async fn get_user(&self, pool: &PoolId, username: &Username) -> Result<Answered<User>, Fault> {
        const OPERATION: &str = "AdminGetUser";
        let request = self
            .client
            .admin_get_user()
            .user_pool_id(pool.as_str())
            .username(username.as_str());
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        finish(convert::user(value, (self.clock)()), request_id)
    }

    /// GetUser: what the user of an access token may see of itself.
    pub async fn own_user(&self, token: &Secret) -> Result<Answered<User>, Fault> {
        const OPERATION: &str = "GetUser";
        let request = self.client.get_user().access_token(token.expose());
        let answer = self.ask(OPERATION, request.send()).await;
        let Answered { value, request_id } = answer.map_err(|fault| fault::without(fault, &[token]))?;
        finish(convert::own_user(value, (self.clock)()), request_id)
    }

    /// AdminListGroupsForUser, all pages: the names in the service's order.
    pub async fn groups_for_user(&self, pool: &PoolId, username: &Username) -> Result<Answered<Vec<Raw>>, Fault> {
        const OPERATION: &str = "AdminListGroupsForUser";
        let mut groups = Vec::new();
        let mut pages = Pages::default();
        loop {
            let request = self
                .client
                .admin_list_groups_for_user()
                .user_pool_id(pool.as_str())
                .username(username.as_str())
                .limit(PAGE)
                .set_next_token(pages.token());
            let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
            for group in value.groups.into_iter().flatten() {
                match convert::present(group.group_name) {
                    Some(name) => groups.push(Raw::from(name)),
                    None => {
                        return finish(Err(convert::hole(OPERATION, "a group without a name")), request_id);
                    }
                }
            }
            match pages.turn(OPERATION, convert::token(value.next_token)) {
                Ok(true) => {}
                end => return finish(end.map(|_| groups), request_id),
            }
        }
    }

    /// GetCSVHeader: the columns of the file that this pool imports users from.
    pub async fn import_header(&self, pool: &PoolId) -> Result<Answered<Vec<String>>, Fault> {
        const OPERATION: &str = "GetCSVHeader";
        let request = self.client.get_csv_header().user_pool_id(pool.as_str());
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let header = value.csv_header.unwrap_or_default();
        let is_column =
            |name: &String| !name.is_empty() && !name.contains(|c: char| c == ',' || c == '"' || c.is_control());
        let header = if header.iter().all(is_column) && header.iter().any(|name| name == "cognito:username") {
            Ok(header)
        } else {
            Err(convert::hole(
                OPERATION,
                "no column for the username, or a column without a name",
            ))
        };
        finish(header, request_id)
    }

    /// ListIdentityProviders, one page: the names of a pool's providers.
    pub async fn list_providers(&self, pool: &PoolId, token: Option<PageToken>) -> Result<Answered<Page<Raw>>, Fault> {
        const OPERATION: &str = "ListIdentityProviders";
        let request = self
            .client
            .list_identity_providers()
            .user_pool_id(pool.as_str())
            .max_results(PAGE)
            .set_next_token(token.clone().map(|token| token.0));
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let names = each(Some(value.providers), |provider| {
            convert::present(provider.provider_name)
                .map(Raw::from)
                .ok_or_else(|| convert::hole(OPERATION, "a provider without a name"))
        });
        finish(page(OPERATION, names, token, value.next_token), request_id)
    }

    /// DescribeIdentityProvider: which attributes it rewrites at each sign-in.
    pub async fn describe_provider(&self, pool: &PoolId, name: &Raw) -> Result<Answered<ProviderMapping>, Fault> {
        const OPERATION: &str = "DescribeIdentityProvider";
        let request = self
            .client
            .describe_identity_provider()
            .user_pool_id(pool.as_str())
            .provider_name(name.as_str());
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let mapping = match value.identity_provider {
            Some(provider) => convert::provider_mapping(provider),
            None => Err(convert::hole(OPERATION, "no provider")),
        };
        finish(mapping, request_id)
    }

    /// Every provider of a pool with its mapping: all pages of ListIdentityProviders, then one
    /// DescribeIdentityProvider each, one after the other because both share a small quota a pool.
    pub async fn providers(&self, pool: &PoolId) -> Result<Answered<Vec<ProviderMapping>>, Fault> {
        let mut mappings = Vec::new();
        let mut pages = Pages::default();
        loop {
            let names = self.list_providers(pool, pages.token().map(PageToken)).await?;
            let mut last = names.request_id;
            for name in &names.value.items {
                let mapping = self.describe_provider(pool, name).await?;
                mappings.push(mapping.value);
                last = mapping.request_id;
            }
            match pages.turn("ListIdentityProviders", names.value.next) {
                Ok(true) => {}
                end => return finish(end.map(|_| mappings), last),
            }
        }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn is_once(&self) -> bool {
        self.once
    }

    pub(super) async fn ask<T, E>(
        &self,
        operation: &'static str,
        answer: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<Answered<T>, Fault>
    where
        T: RequestId,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let started = (self.clock)();
        let answer = answer.await;
        let took = (self.clock)().duration_since(started);
        match answer {
            Ok(value) => {
                let request_id = value.request_id().map(Raw::from);
                fault::log_answer(operation, request_id.as_ref(), took);
                Ok(Answered { value, request_id })
            }
            Err(error) => {
                let fault = fault::of(operation, &error);
                fault::log_fault(&fault, took);
                Err(fault)
            }
        }
    }
}

/// For a request that the SDK is not to send again.
pub(super) fn alone() -> Builder {
    Config::builder().retry_config(RetryConfig::disabled())
}

pub(super) fn each<A, B>(items: Option<Vec<A>>, convert: impl Fn(A) -> Result<B, Fault>) -> Result<Vec<B>, Fault> {
    items.unwrap_or_default().into_iter().map(convert).collect()
}

pub(super) fn page<T>(
    operation: &'static str,
    items: Result<Vec<T>, Fault>,
    asked: Option<PageToken>,
    next: Option<String>,
) -> Result<Page<T>, Fault> {
    let items = items?;
    let next = convert::token(next);
    if next.is_some() && next == asked {
        return Err(convert::repeated(operation));
    }
    Ok(Page { items, next })
}

/// The pages of a list that is read to its end, each of them once.
#[derive(Default)]
pub(super) struct Pages {
    turned: Vec<String>,
}

impl Pages {
    /// Where the next page begins. `None`: the first.
    pub(super) fn token(&self) -> Option<String> {
        self.turned.last().cloned()
    }

    /// Goes on to the next page, if there is one. A token that was there before leads round in a circle.
    pub(super) fn turn(&mut self, operation: &'static str, next: Option<PageToken>) -> Result<bool, Fault> {
        match next {
            None => Ok(false),
            Some(PageToken(token)) if self.turned.contains(&token) => Err(convert::repeated(operation)),
            Some(PageToken(token)) => {
                self.turned.push(token);
                Ok(true)
            }
        }
    }
}

/// Puts the request id where it belongs: beside the value, or into the fault of an answer that was not whole.
pub(super) fn finish<T>(value: Result<T, Fault>, request_id: Option<Raw>) -> Result<Answered<T>, Fault> {
    match value {
        Ok(value) => Ok(Answered { value, request_id }),
        Err(fault) => Err(Fault { request_id, ..fault }),
    }
}

#[cfg(test)]
mod tests;
