//! The groups of a pool and who is in them, for reading group by group.

use crate::domain::{Fault, Page, PageToken, PoolId, Raw, User};

use super::reader::{PAGE, Reader, alone, each, finish, page};
use super::{Answered, convert};

impl Reader {
    /// ListGroups, one page: the names in the service's order.
    pub async fn list_groups(&self, pool: &PoolId, token: Option<PageToken>) -> Result<Answered<Page<Raw>>, Fault> {
        const OPERATION: &str = "ListGroups";
        let request = self
            .client()
            .list_groups()
            .user_pool_id(pool.as_str())
            .limit(PAGE)
            .set_next_token(token.clone().map(|token| token.0));
        let Answered { value, request_id } = self.ask(OPERATION, request.send()).await?;
        let names = each(value.groups, |group| {
            convert::present(group.group_name)
                .map(Raw::from)
                .ok_or_else(|| convert::hole(OPERATION, "a group without a name"))
        });
        finish(page(OPERATION, names, token, value.next_token), request_id)
    }

    /// ListUsersInGroup, one page, whole rows as ListUsers has them. It may be short or empty like those.
    pub async fn list_members(
        &self,
        pool: &PoolId,
        group: &Raw,
        token: Option<PageToken>,
    ) -> Result<Answered<Page<User>>, Fault> {
        const OPERATION: &str = "ListUsersInGroup";
        let request = self
            .client()
            .list_users_in_group()
            .user_pool_id(pool.as_str())
            .group_name(group.as_str())
            .limit(PAGE)
            .set_next_token(token.clone().map(|token| token.0));
        let Answered { value, request_id } = if self.is_once() {
            let request = request.customize().config_override(alone());
            self.ask(OPERATION, request.send()).await?
        } else {
            self.ask(OPERATION, request.send()).await?
        };
        let read_at = self.now();
        let items = each(value.users, |row| convert::user_row(OPERATION, row, read_at));
        finish(page(OPERATION, items, token, value.next_token), request_id)
    }
}
