//! Groups and who is in them. Source: Cognito API reference, ListGroups, AdminListGroupsForUser, ListUsersInGroup, CreateGroup,
//! AdminAddUserToGroup; limits from the developer guide's quotas page.

use serde_json::{Map, Value, json};

use super::operations::{Ask, pool, user};
use super::pool::Group;
use super::state::State;
use super::wire::Refusal;

const GROUPS_OF_POOL: usize = 10_000;
const GROUPS_OF_USER: usize = 100;

pub(crate) fn create(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let name = ask.text("GroupName");
    if pool.groups.contains_key(name) {
        return Err(Refusal::new(
            "GroupExistsException",
            "A group with the name already exists.",
        ));
    }
    if pool.groups.len() >= GROUPS_OF_POOL {
        return Err(Refusal::new(
            "LimitExceededException",
            "The pool has as many groups as a pool may have.",
        ));
    }
    let group = Group {
        name: name.to_owned(),
        description: ask.text_if_set("Description").map(str::to_owned),
        precedence: ask.whole("Precedence"),
        role: ask.text_if_set("RoleArn").map(str::to_owned),
        created: ask.now,
    };
    let out = json!({"Group": group.describe(&pool.id)});
    pool.groups.insert(name.to_owned(), group);
    Ok(out)
}

pub(crate) fn add_user(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    let name = ask.text("GroupName");
    if !pool.groups.contains_key(name) {
        return Err(Refusal::new("ResourceNotFoundException", "Group not found."));
    }
    let Some(found) = pool.users.get(at) else {
        return Err(Refusal::no_user());
    };
    let mut next = found.as_ref().clone();
    next.groups.insert(name.to_owned());
    if next.groups.len() > GROUPS_OF_USER {
        return Err(Refusal::new(
            "LimitExceededException",
            "The user is in as many groups as a user may be.",
        ));
    }
    pool.users.put(at, next);
    Ok(json!({}))
}

pub(crate) fn list(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let groups = pool
        .groups
        .iter()
        .map(|(name, group)| (name.clone(), group.describe(&pool.id)));
    answer(ask, groups)
}

pub(crate) fn list_of_user(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    let Some(user) = pool.users.get(at) else {
        return Err(Refusal::no_user());
    };
    let groups = pool
        .groups
        .iter()
        .filter(|(name, _)| user.groups.contains(*name))
        .map(|(name, group)| (name.clone(), group.describe(&pool.id)));
    answer(ask, groups)
}

/// ListUsersInGroup. In which order is undocumented; here it is the order of the pool.
pub(crate) fn members(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let name = ask.text("GroupName");
    if !pool.groups.contains_key(name) {
        return Err(Refusal::new("ResourceNotFoundException", "Group not found."));
    }
    // A crowd is not counted through from its beginning for each page.
    let after = ask.after("NextToken")?.and_then(|key| key.parse::<u64>().ok());
    let members = pool
        .users
        .members(name, after.map_or(0, |at| at.saturating_add(1)))
        .map(|(at, user)| (format!("{at:020}"), user.row(None)));
    let (page, next) = ask.page(members, ask.page_size("Limit"), "NextToken")?;
    let mut out = Map::new();
    out.insert("Users".into(), Value::Array(page));
    if let Some(next) = next {
        out.insert("NextToken".into(), json!(next));
    }
    Ok(Value::Object(out))
}

fn answer(ask: &Ask<'_>, groups: impl Iterator<Item = (String, Value)>) -> Result<Value, Refusal> {
    let (page, next) = ask.page(groups, ask.page_size("Limit"), "NextToken")?;
    let mut out = Map::new();
    out.insert("Groups".into(), Value::Array(page));
    if let Some(next) = next {
        out.insert("NextToken".into(), json!(next));
    }
    Ok(Value::Object(out))
}
