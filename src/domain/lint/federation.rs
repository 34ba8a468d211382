//! Whose profile a user is: a provider's, made by a sign-in through it, or the pool's own. A user of the pool's own whom a
//! provider was linked to has `identities` as well, and a provider's profile whose password somebody set is CONFIRMED as
//! well; what tells them apart then is that a provider's profile is called after its identity.

use serde_json::Value;

use crate::domain::roster::Row;
use crate::domain::user::UserStatus;
use crate::domain::{Raw, Sentence};
use crate::say;

/// Whether it is a provider's profile.
pub(super) fn is_federated(row: Row<'_>) -> bool {
    let own = |(provider, id): &(String, String)| row.username().eq_ignore_ascii_case(&format!("{provider}_{id}"));
    *row.status() == UserStatus::ExternalProvider || identities(row).iter().any(own)
}

/// Whose profile it is, in words.
pub(super) fn words(row: Row<'_>) -> Sentence {
    let identities = identities(row);
    let provider = identities.first().map(|(provider, _)| Raw::from(provider.as_str()));
    match (is_federated(row), provider) {
        (true, Some(provider)) => say!("federated, through ", name & provider),
        (true, None) => "federated".into(),
        (false, Some(provider)) => say!("local, linked to ", name & provider),
        (false, None) => "local".into(),
    }
}

/// The providers of a user, each with what it calls the user.
fn identities(row: Row<'_>) -> Vec<(String, String)> {
    let text = row.get("identities");
    let parsed = text.and_then(|text| serde_json::from_str::<Vec<Value>>(&text).ok());
    let both = |identity: &Value| {
        let text = |key| identity.get(key)?.as_str().map(str::to_owned);
        Some((text("providerName")?, text("userId").unwrap_or_default()))
    };
    parsed.iter().flatten().filter_map(both).collect()
}
