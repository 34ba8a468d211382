//! The app clients of a pool: through one of them every sign-in goes, and it decides what a user's own call may write.

use crate::domain::{AppClient, AttributeName, ClientId, ClientSummary, Fault, PoolId, Raw};

use super::reader::{PAGE, Pages, Reader, finish};
use super::{Answered, convert};

impl Reader {
    /// ListUserPoolClients, all pages.
    pub async fn clients(&self, pool: &PoolId) -> Result<Answered<Vec<ClientSummary>>, Fault> {
        const OPERATION: &str = "ListUserPoolClients";
        let mut clients = Vec::new();
        let mut pages = Pages::default();
        loop {
            let request = self
                .client()
                .list_user_pool_clients()
                .user_pool_id(pool.as_str())
                .max_results(PAGE)
                .set_next_token(pages.token());
            let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
            for client in value.user_pool_clients.unwrap_or_default() {
                let Some(id) = convert::present(client.client_id) else {
                    return finish(Err(convert::hole(OPERATION, "a client without an id")), request_id);
                };
                clients.push(ClientSummary {
                    id: ClientId::new(id),
                    name: Raw::from(client.client_name.unwrap_or_default()),
                });
            }
            match pages.turn(OPERATION, convert::token(value.next_token)) {
                Ok(true) => {}
                end => return finish(end.map(|_| clients), request_id),
            }
        }
    }

    /// DescribeUserPoolClient. The secret in its answer is noted as there and dropped.
    pub async fn app_client(&self, pool: &PoolId, id: &ClientId) -> Result<Answered<AppClient>, Fault> {
        const OPERATION: &str = "DescribeUserPoolClient";
        let request = self
            .client()
            .describe_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(id.as_str());
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let client = match value.user_pool_client {
            Some(client) => Ok(AppClient {
                id: id.clone(),
                name: Raw::from(client.client_name.unwrap_or_default()),
                has_secret: client.client_secret.is_some(),
                flows: client
                    .explicit_auth_flows
                    .unwrap_or_default()
                    .iter()
                    .map(|flow| Raw::from(flow.as_str()))
                    .collect(),
                writable: names(client.write_attributes),
                readable: names(client.read_attributes),
            }),
            None => Err(convert::hole(OPERATION, "no client")),
        };
        finish(client, request_id)
    }
}

/// A list of attributes; the service leaves it out, or empty, where it is the default.
fn names(list: Option<Vec<String>>) -> Option<std::collections::BTreeSet<AttributeName>> {
    let list = list.filter(|list| !list.is_empty())?;
    Some(list.into_iter().map(AttributeName::new).collect())
}

#[cfg(test)]
mod tests;
