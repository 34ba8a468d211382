//! From a request to the operation it names. The operations stand in `operations/table.rs`; what is not in the table is
//! refused loudly, so that no test mistakes silence for success.

mod table;

use jiff::Timestamp;
use serde_json::Value;

use super::constraint::{self, Member, Pattern};
use super::pool::Pool;
use super::rules::Wanted;
use super::state::State;
use super::token;
use super::wire::{Body, Refusal};
use table::OPERATIONS;

/// One operation.
pub(crate) struct Operation {
    name: &'static str,
    members: &'static [Member],
    run: fn(&mut State, &Ask<'_>) -> Result<Value, Refusal>,
}

/// What a request asks, its shape already checked.
pub(crate) struct Ask<'a> {
    pub(crate) operation: &'static str,
    body: &'a Body,
    pub(crate) now: Timestamp,
}

/// Finds an operation in the table.
pub(crate) fn find(name: &str) -> Result<&'static Operation, Refusal> {
    OPERATIONS
        .iter()
        .find(|operation| operation.name == name)
        .ok_or_else(|| {
            Refusal::new(
                "UnknownOperationException",
                format!(
                    "{name} is not one of the {} operations of this emulated Amazon Cognito",
                    OPERATIONS.len()
                ),
            )
        })
}

/// The names of all operations.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.name)
}

/// Checks the shape of a request and runs it.
pub(crate) fn run(
    state: &mut State,
    operation: &'static Operation,
    body: &Body,
    now: Timestamp,
) -> Result<Value, Refusal> {
    constraint::check(operation.members, body)?;
    (operation.run)(
        state,
        &Ask {
            operation: operation.name,
            body,
            now,
        },
    )
}

impl Ask<'_> {
    /// A text member; empty when absent, which the members rule out for required ones.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.text_if_set(name).unwrap_or_default()
    }

    pub(crate) fn text_if_set(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub(crate) fn whole(&self, name: &str) -> Option<i64> {
        self.body.get(name).and_then(Value::as_i64)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.body.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A list of texts; none when absent.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = self.body.get(name)?.as_array()?;
        Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    pub(crate) fn structures(&self, name: &str) -> &[Value] {
        self.body
            .get(name)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    pub(crate) fn structure(&self, name: &str) -> Option<&Body> {
        self.body.get(name).and_then(Value::as_object)
    }

    /// An AttributeListType as names and values; an absent Value stays absent.
    pub(crate) fn attributes(&self, name: &str) -> Vec<Wanted> {
        let part = |pair: &Value, member: &str| pair.get(member).and_then(Value::as_str).map(str::to_owned);
        self.structures(name)
            .iter()
            .map(|pair| (part(pair, "Name").unwrap_or_default(), part(pair, "Value")))
            .collect()
    }

    /// A map of texts.
    pub(crate) fn map(&self, name: &str) -> Vec<(String, String)> {
        self.structure(name)
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| value.as_str().map(|value| (key.clone(), value.to_owned())))
            .collect()
    }

    /// How many items a page may hold: what was asked, sixty by default; that 0 means the default is undocumented.
    pub(crate) fn page_size(&self, member: &str) -> usize {
        match self.whole(member).and_then(|size| usize::try_from(size).ok()) {
            None | Some(0) => 60,
            Some(size) => size,
        }
    }

    /// Cuts a page out of a list sorted by key. `token_member` names the request's token.
    pub(crate) fn page(
        &self,
        items: impl Iterator<Item = (String, Value)>,
        size: usize,
        token_member: &str,
    ) -> Result<(Vec<Value>, Option<String>), Refusal> {
        let after = self.after(token_member)?;
        let mut rest = items
            .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
            .peekable();
        let mut page = Vec::new();
        let mut last = String::new();
        while page.len() < size
            && let Some((key, value)) = rest.next()
        {
            page.push(value);
            last = key;
        }
        let next = rest
            .peek()
            .map(|_| token::issue(&self.bound(), &(last, 0), 0, self.now));
        Ok((page, next))
    }

    /// The key that a page goes on behind, as its token tells; `None`: it is the first.
    pub(crate) fn after(&self, token_member: &str) -> Result<Option<String>, Refusal> {
        let token = self.text_if_set(token_member);
        let place = token
            .map(|text| token::redeem(text, &self.bound(), self.now))
            .transpose()?;
        Ok(place.map(|(key, ..)| key))
    }

    /// What a token belongs to.
    fn bound(&self) -> [&str; 4] {
        [
            self.operation,
            self.text("UserPoolId"),
            self.text("Username"),
            self.text("GroupName"),
        ]
    }
}

/// The pool a request names, and its place in the list.
pub(crate) fn pool<'a>(pools: &'a mut [Pool], ask: &Ask<'_>) -> Result<&'a mut Pool, Refusal> {
    let id = ask.text("UserPoolId");
    pools
        .iter_mut()
        .find(|pool| pool.id == id)
        .ok_or_else(|| Refusal::no_pool(id))
}

/// The position of the user a request names.
pub(crate) fn user(pool: &Pool, ask: &Ask<'_>) -> Result<u64, Refusal> {
    let name = ask.text("Username");
    pool.find(name).ok_or_else(|| {
        if Pattern::Name.matches(name) {
            Refusal::no_user()
        } else {
            constraint::bad_username()
        }
    })
}
