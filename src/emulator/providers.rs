//! Identity providers, because a mapped attribute is rewritten at every federated sign-in and a console has to warn.
//! Source: Cognito API reference, ListIdentityProviders, DescribeIdentityProvider, CreateIdentityProvider.

use serde_json::{Map, Value, json};

use super::operations::{Ask, pool};
use super::pool::Provider;
use super::state::State;
use super::wire::{self, Refusal};

/// IdentityProviderTypeType.
pub(crate) const KINDS: &[&str] = &[
    "SAML",
    "Facebook",
    "Google",
    "LoginWithAmazon",
    "SignInWithApple",
    "OIDC",
];

pub(crate) fn create(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let name = ask.text("ProviderName");
    if pool.providers.iter().any(|provider| provider.name == name) {
        return Err(Refusal::new(
            "DuplicateProviderException",
            format!("Identity provider {name} already exists."),
        ));
    }
    let provider = Provider {
        name: name.to_owned(),
        kind: ask.text("ProviderType").to_owned(),
        details: ask.map("ProviderDetails").into_iter().collect(),
        mapping: ask.map("AttributeMapping").into_iter().collect(),
        created: ask.now,
    };
    let out = json!({"IdentityProvider": shown(&provider, &pool.id)});
    pool.providers.push(provider);
    Ok(out)
}

pub(crate) fn list(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let mut rows: Vec<(String, Value)> = pool
        .providers
        .iter()
        .map(|provider| {
            let row = json!({
                "ProviderName": provider.name,
                "ProviderType": provider.kind,
                "LastModifiedDate": wire::date(provider.created),
                "CreationDate": wire::date(provider.created),
            });
            (provider.name.clone(), row)
        })
        .collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let (page, next) = ask.page(rows.into_iter(), ask.page_size("MaxResults"), "NextToken")?;
    let mut out = Map::new();
    out.insert("Providers".into(), Value::Array(page));
    if let Some(next) = next {
        out.insert("NextToken".into(), json!(next));
    }
    Ok(Value::Object(out))
}

pub(crate) fn describe(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let name = ask.text("ProviderName");
    match pool.providers.iter().find(|provider| provider.name == name) {
        Some(provider) => Ok(json!({"IdentityProvider": shown(provider, &pool.id)})),
        None => Err(Refusal::new(
            "ResourceNotFoundException",
            format!("Identity provider {name} does not exist."),
        )),
    }
}

/// IdentityProviderType.
fn shown(provider: &Provider, pool: &str) -> Value {
    json!({
        "UserPoolId": pool,
        "ProviderName": provider.name,
        "ProviderType": provider.kind,
        "ProviderDetails": provider.details,
        "AttributeMapping": provider.mapping,
        "IdpIdentifiers": [],
        "LastModifiedDate": wire::date(provider.created),
        "CreationDate": wire::date(provider.created),
    })
}
