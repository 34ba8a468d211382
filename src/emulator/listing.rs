//! ListUsers, because its pages are the hard part of reading a pool: short and empty ones, tokens that expire, a
//! list that lags behind. Source: Cognito API reference, ListUsers.

use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::operations::{Ask, pool};
use super::state::State;
use super::token;
use super::wire::Refusal;

pub(crate) fn list_users(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let text = ask.text("Filter");
    let bound = [ask.operation, ask.text("UserPoolId"), text];
    let answer = state.serial;
    let pool = pool(&mut state.pools, ask)?;
    let filter = Filter::parse(text)?;
    let after = match ask.text_if_set("PaginationToken") {
        Some(token) => Some(token::redeem(token, &bound, ask.now)?),
        None => None,
    };
    let mut limit = ask.page_size("Limit");
    // A page may be short or empty and still have a successor (API reference, PaginationToken;
    // github.com/aws/aws-sdk-js-v3/issues/7071); tests say when.
    if let Some(size) = state.page_shapes.pop_front() {
        limit = limit.min(size);
    }
    let (users, next) = pool.listed(ask.now).page(filter.as_ref(), after.as_ref(), limit);

    let only = ask.texts("AttributesToGet");
    if let Some(names) = &only {
        // An attribute that any user on the page lacks fails the whole call (API reference, AttributesToGet;
        // github.com/aws/aws-sdk-js/issues/3091); sub is refused as well. An empty list returns no attribute.
        let lacking = names
            .iter()
            .any(|name| name == "sub" || users.iter().any(|user| user.attribute(name).is_none()));
        if lacking {
            return Err(Refusal::parameter("One or more requested attributes do not exist."));
        }
    }
    let rows: Vec<Value> = users.iter().map(|user| user.row(only.as_deref())).collect();
    let mut out = Map::new();
    out.insert("Users".into(), Value::Array(rows));
    if let Some(place) = next {
        out.insert(
            "PaginationToken".into(),
            json!(token::issue(&bound, &place, answer, ask.now)),
        );
    }
    Ok(Value::Object(out))
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;
