//! What concerns the change as a whole: settings that could not be read, identity providers that will undo it, aliases
//! that are no contact, client metadata, and what is kept of the old values.

use super::contact::why;
use super::{Changes, Consequence, Context, Delivery, Known, expected_delivery};
use crate::domain::attribute::{AttributeName, Contact};
use crate::domain::change::Change;
use crate::domain::draft::Edit;
use crate::domain::entry::Values;
use crate::domain::pool::ProviderMapping;
use crate::domain::raw::Raw;
use crate::domain::sentence::Sentence;
use crate::domain::user::{User, UserStatus};
use crate::say;

const PROVIDER: &str = "idp";

/// Said once at the top, because it weakens every line below it.
pub(super) fn pool_not_known(context: &Context<'_>) -> Vec<Consequence> {
    match &context.pool {
        Known::NotKnown(_) if context.moves_a_contact() => {
            let line = say!("what this pool does with a new address or number is not known").join(why(&context.pool));
            vec![Consequence::warn("pool", line)]
        }
        _ => Vec::new(),
    }
}

/// On the own route the app client decides what may be written; without knowing it no field could be locked.
pub(super) fn client_not_known(context: &Context<'_>) -> Vec<Consequence> {
    const TOPIC: &str = "client";
    if !context.is_own() || context.changes.names().is_empty() {
        return Vec::new();
    }
    match &context.client {
        Known::Known(_) => Vec::new(),
        Known::Asking => vec![Consequence::note(TOPIC, "asking what the app client may write")],
        Known::NotKnown(_) => {
            let line = say!("what the app client may write is not known").join(why(&context.client));
            vec![Consequence::warn(TOPIC, line.words("; the service decides"))]
        }
    }
}

/// Where no contact and no alias changes, that is worth a line: nothing happens beyond the values themselves.
pub(super) fn values_alone(context: &Context<'_>) -> Vec<Consequence> {
    let changed = context.changes.names();
    let signs_in = |name: &&AttributeName| {
        name.contact().is_some() || name.verifies().is_some() || name.as_str() == "preferred_username"
    };
    if changed.is_empty() || changed.iter().any(signs_in) {
        return Vec::new();
    }
    let what = if changed.len() == 1 {
        "the value changes"
    } else {
        "the values change"
    };
    vec![Consequence::note(
        "values",
        format!("{what} at once; no message goes to anyone, sign-in stays as it is"),
    )]
}

/// Attributes that the identity provider writes again at every sign-in through it.
pub(super) fn identity_providers(context: &Context<'_>) -> Vec<Consequence> {
    let changed = context.changes.names();
    if changed.is_empty() || !context.user.has_provider() {
        return Vec::new();
    }
    let mappings = match &context.mappings {
        Known::Known(mappings) => *mappings,
        Known::Asking => {
            return vec![Consequence::note(
                PROVIDER,
                "asking what the identity provider rewrites",
            )];
        }
        Known::NotKnown(_) => {
            let line = "may be rewritten (mapping not readable) at the next federated sign-in";
            return vec![Consequence::warn(PROVIDER, line)];
        }
    };
    providers_of(context.user)
        .iter()
        .flat_map(
            |provider| match mappings.iter().find(|mapping| mapping.provider == *provider) {
                Some(mapping) => rewritten(context, &changed, mapping),
                None => {
                    let line =
                        say!("may be rewritten (mapping not readable) at the next sign-in through ", raw provider);
                    vec![Consequence::warn(PROVIDER, line)]
                }
            },
        )
        .collect()
}

fn rewritten(context: &Context<'_>, changed: &[&AttributeName], mapping: &ProviderMapping) -> Vec<Consequence> {
    let names: Vec<&AttributeName> = changed
        .iter()
        .copied()
        .filter(|name| mapping.attributes.contains(name))
        .collect();
    if names.is_empty() {
        let line = say!(
            "nothing of this is rewritten at a sign-in through ",
            raw & mapping.provider
        );
        return vec![Consequence::note(PROVIDER, line)];
    }
    let line = say!("rewritten at the next sign-in through ", raw & mapping.provider, ": ").join(listed(&names));
    let mut lines = vec![Consequence::warn(PROVIDER, line)];
    // A provider that maps the address and not its flag leaves it unverified after each sign-in.
    for contact in Contact::ALL {
        let maps = |name: &AttributeName| mapping.attributes.contains(name);
        if context.is_vouched_for(contact) && maps(&contact.attribute()) && !maps(&contact.flag()) {
            let line = format!("the {} counts as unverified again after it", contact.noun());
            lines.push(Consequence::warn(PROVIDER, line));
        }
    }
    lines
}

fn listed(names: &[&AttributeName]) -> Sentence {
    names.iter().fold(Sentence::new(), |sentence, name| {
        let sentence = if sentence.is_empty() {
            sentence
        } else {
            sentence.words(", ")
        };
        sentence.name(name.raw())
    })
}

/// The providers a user signs in through: those of `identities`, else the one in front of a federated username.
pub fn providers_of(user: &User) -> Vec<Raw> {
    let linked: Option<Vec<Raw>> = user.text("identities").and_then(|text| {
        let identities: serde_json::Value = serde_json::from_str(text).ok()?;
        let names = identities
            .as_array()?
            .iter()
            .map(|one| one.get("providerName")?.as_str().map(Raw::from));
        names.collect()
    });
    match linked {
        Some(linked) if !linked.is_empty() => linked,
        _ => {
            let named = user.username.as_str().split_once('_').map(|(provider, _)| provider);
            let named = named.filter(|_| user.status == UserStatus::ExternalProvider);
            vec![Raw::from(named.unwrap_or("an identity provider"))]
        }
    }
}

/// `preferred_username` is the third attribute that may be an alias, and has a rule of its own.
pub(super) fn preferred_username(context: &Context<'_>) -> Vec<Consequence> {
    const TOPIC: &str = "sign-in";
    let name = AttributeName::new("preferred_username");
    let alias = context.pool().is_some_and(|pool| pool.sign_in.is_alias(&name));
    match context.changes.get(&name) {
        Some(Edit::Set(_)) if alias && context.user.status == UserStatus::Unconfirmed => {
            let line = "preferred_username is an alias here: the service refuses it before the account is confirmed";
            vec![Consequence::warn(TOPIC, line)]
        }
        Some(Edit::Set(_)) if alias => {
            let line = "the new preferred_username signs in at once; refused if another user has it";
            vec![Consequence::note(TOPIC, line)]
        }
        Some(Edit::Delete) if alias => {
            vec![Consequence::warn(
                TOPIC,
                "nobody signs in with this preferred_username any more",
            )]
        }
        _ => Vec::new(),
    }
}

/// What `m` attached. UpdateUserAttributes hands it to the custom message trigger; DeleteUserAttributes takes none
/// (API reference of both).
pub(super) fn client_metadata(context: &Context<'_>) -> Vec<Consequence> {
    const TOPIC: &str = "lambda";
    let keys = context.changes.metadata().0.len();
    let (count, reaches, is) = match keys {
        0 => return Vec::new(),
        1 => ("1 key".to_owned(), "reaches", "is"),
        more => (format!("{more} keys"), "reach", "are"),
    };
    if context.changes.are_own_deletions() {
        let line = format!("{count} of client metadata {is} not sent: DeleteUserAttributes takes none");
        return vec![Consequence::warn(TOPIC, line)];
    }
    let line = if context.is_own() {
        match context.pool() {
            Some(pool) if !pool.custom_message_trigger => {
                format!("{count} of client metadata {is} sent, and no custom message trigger is there to read it")
            }
            _ => format!("{count} of client metadata {reaches} the custom message trigger only and {is} not stored"),
        }
    } else {
        format!("{count} of client metadata {reaches} Lambda triggers only and {is} not stored")
    };
    vec![Consequence::note(TOPIC, line)]
}

/// Under review: what is left of the old values once it is sent. Putting them back is another change.
pub(super) fn kept_values(context: &Context<'_>) -> Vec<Consequence> {
    let Changes::Set(set) = context.changes else {
        return Vec::new();
    };
    if set.changes().iter().all(Change::is_same_value) {
        return Vec::new();
    }
    let kept = match (context.kept, set.len()) {
        (Values::Hashed | Values::None, _) => {
            let line = "not possible later: the journal of this pool does not keep the old values in full";
            return vec![Consequence::note("undo", line)];
        }
        (Values::Full, 1) => "z in the journal puts it back, if nobody has changed it since".to_owned(),
        (Values::Full, count) => {
            format!("z in the journal puts all {count} back, if nobody has changed them since")
        }
    };
    let message = Contact::ALL.into_iter().any(|contact| {
        !matches!(
            expected_delivery(&context.pool, context.changes, contact),
            Delivery::None
        )
    });
    let line = if message {
        format!("{kept}; a message that has gone out cannot be called back")
    } else {
        kept
    };
    vec![Consequence::note("undo", line)]
}
