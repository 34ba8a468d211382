//! Whose attributes, in which pool, and everything that is read before it is known what a change would do.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cli::args::UpdateArgs;
use crate::cli::system_clock;
use crate::config::Config;
use crate::domain::consequence::{Known, Owner};
use crate::domain::draft::Vouch;
use crate::domain::pool::ProviderMapping;
use crate::domain::sign_in::Claims;
use crate::domain::{
    AppClient, ChangeSet, ClientId, Contact, Fault, Place, Pool, PoolId, Raw, Route, Schema, Secret, Sentence, User,
    Username,
};
use crate::job::{Job, Reply, SignedIn};
use crate::say;

use super::permission::Permission;
use super::{Halt, token};
use crate::cli::conversation::{Conversation, Signalled};

/// Whose call it is, before anything was asked.
pub(super) enum Whose {
    Admin {
        pool: PoolId,
        username: Username,
    },
    Own {
        pool: PoolId,
        token: Secret,
        client: Option<ClientId>,
    },
}

impl Whose {
    pub(super) fn pool(&self) -> &PoolId {
        match self {
            Self::Admin { pool, .. } | Self::Own { pool, .. } => pool,
        }
    }

    pub(super) fn route(&self) -> Route {
        match self {
            Self::Admin { .. } => Route::Admin,
            Self::Own { .. } => Route::Own,
        }
    }
}

/// Takes pool and user from the arguments, or from the token on standard input.
pub(super) fn whose(asked: &UpdateArgs, config: &Config) -> Result<Whose, Halt> {
    let Some(username) = &asked.username else {
        let token = token::from_standard_input().map_err(|error| Halt::from(Sentence::from(error.to_string())))?;
        let problem = |problem: crate::domain::sign_in::TokenProblem| Halt::from(problem.sentence());
        let claims = Claims::read(&token).map_err(problem)?;
        let pool = token::pool_of(&claims, config).ok_or_else(|| {
            Halt::from(Sentence::from(
                "the token does not say which pool it is of: add --user-pool-id",
            ))
        })?;
        claims.check(&pool, system_clock()()).map_err(problem)?;
        return Ok(Whose::Own {
            pool,
            token,
            client: claims.client,
        });
    };
    let configured = config.general.user_pool_id.value.as_deref();
    let pool = configured.map(PoolId::new).ok_or_else(|| {
        Halt::from(Sentence::from(
            "in which pool? Add --user-pool-id, or set it in the configuration",
        ))
    })?;
    Ok(Whose::Admin {
        pool,
        username: Username::new(username.0.as_str()),
    })
}

/// What was read.
pub(super) struct Subject {
    pub place: Place,
    pub route: Route,
    pub user: Arc<User>,
    pool: Result<Arc<Pool>, Fault>,
    /// What the token's app client may write, as far as it could be read.
    client: Result<Arc<AppClient>, Fault>,
    /// The name in the configuration.
    given_name: Option<Raw>,
}

impl Subject {
    pub(super) fn pool(&self) -> Known<&Pool> {
        known(&self.pool, AsRef::as_ref)
    }

    pub(super) fn client(&self) -> Known<&AppClient> {
        known(&self.client, AsRef::as_ref)
    }

    pub(super) fn schema(&self) -> Option<&Schema> {
        self.pool.as_ref().ok().map(|pool| &pool.schema)
    }

    /// The service's own name for the pool, else the configuration's.
    pub(super) fn pool_name(&self) -> Option<&Raw> {
        self.pool
            .as_ref()
            .ok()
            .map(|pool| &pool.name)
            .or(self.given_name.as_ref())
    }
}

/// Reads pool and user. The user's own calls need no AWS credentials: then what only an administrator may read stays
/// unknown, and is said to be.
pub(super) fn read(talk: &mut Conversation, whose: Whose, permission: &Permission) -> Result<Subject, Halt> {
    let place = permission.place.clone();
    let route = whose.route();
    let described = talk.ask(Job::DescribePool { place: place.clone() });
    let (user, client) = match whose {
        Whose::Admin { username, .. } => {
            if !place.target.is_loopback() {
                // For the journal, which says who signed if that is known by then; nothing waits for it.
                let target = place.target.clone();
                talk.ask(Job::Caller { target });
            }
            let asked = talk.ask(Job::GetUser {
                place: place.clone(),
                username,
                route,
            });
            match talk.hear(asked)? {
                Reply::User(Ok(answered)) => (answered.value, Err(no_client())),
                Reply::User(Err(fault)) => return Err(no_user(fault)),
                other => return Err(out_of_place(other)),
            }
        }
        Whose::Own { token, client, .. } => {
            let acting = talk.ask(Job::ActAs {
                place: place.clone(),
                token,
                expected: None,
            });
            let client = client.map(|client| {
                talk.ask(Job::Client {
                    place: place.clone(),
                    client,
                })
            });
            let user = match talk.hear(acting)? {
                Reply::SignedIn(Ok(answered)) => match answered.value {
                    SignedIn::As(acting) => acting.user,
                    SignedIn::Challenge(_) | SignedIn::SomebodyElse(_) => {
                        return Err(Sentence::from("the token is not the user's it was asked about").into());
                    }
                },
                Reply::SignedIn(Err(fault)) => return Err(Halt::Fault(fault)),
                other => return Err(out_of_place(other)),
            };
            // Where it cannot be read, the service rules on what the client may write.
            let client = match client.map(|ticket| talk.hear(ticket)).transpose()? {
                Some(Reply::Client(answer)) => answer.map(|answered| answered.value),
                Some(Reply::Broken(fault)) => Err(fault),
                _ => Err(no_client()),
            };
            (user, client)
        }
    };
    let pool = match talk.hear(described)? {
        Reply::Pool(answer) => answer.map(|answered| answered.value),
        other => return Err(out_of_place(other)),
    };
    match (&pool, route) {
        (Err(fault), Route::Admin) => Err(Halt::Fault(fault.clone())),
        _ => Ok(Subject {
            place,
            route,
            user,
            pool,
            client,
            given_name: permission.given_name().cloned(),
        }),
    }
}

/// An alias reaches a user of another name; the reading says so in the words of the list, which is not here.
fn no_user(fault: Fault) -> Halt {
    if fault.name() == "OtherUser" {
        return Sentence::from(
            "--username takes the username itself, and this is an alias, or the sign-in address, of a user of another name: \
             the console, or ListUsers, shows the username",
        )
        .into();
    }
    Halt::Fault(fault)
}

fn no_client() -> Fault {
    Fault::local("DescribeUserPoolClient", "NoClient", "no app client is named")
}

fn out_of_place(reply: Reply) -> Halt {
    match reply {
        Reply::Broken(fault) => Halt::Fault(fault),
        _ => Halt::Fault(Fault::local(
            "this operation",
            "OutOfOrder",
            "an answer came to another question",
        )),
    }
}

/// Who else has the contacts that the change claims, as the form would ask.
pub(super) fn owners(
    talk: &mut Conversation,
    subject: &Subject,
    changes: &ChangeSet,
) -> Result<BTreeMap<Contact, Known<Owner>>, Signalled> {
    let mut asked = Vec::new();
    for contact in Contact::ALL {
        let value = match changes.get(&contact.attribute()) {
            Some(change) => change.edit.value(),
            None if changes.vouch(contact) == Vouch::Checked => subject.user.contact(contact),
            None => None,
        };
        if let Some(value) = value {
            let ticket = talk.ask(Job::Owner {
                place: subject.place.clone(),
                contact,
                value: value.clone(),
                not: subject.user.username.clone(),
            });
            asked.push((contact, ticket));
        }
    }
    let mut owners = BTreeMap::new();
    for (contact, ticket) in asked {
        let answer = match talk.hear(ticket)? {
            Reply::Owner(answer) => known(&answer, |answered| answered.value.clone()),
            Reply::Broken(fault) => Known::NotKnown(reason(&fault)),
            _ => continue,
        };
        owners.insert(contact, answer);
    }
    Ok(owners)
}

/// What identity providers rewrite, where the user signs in through one.
pub(super) fn mappings(
    talk: &mut Conversation,
    subject: &Subject,
) -> Result<Result<Vec<ProviderMapping>, Fault>, Signalled> {
    if !subject.user.has_provider() {
        return Ok(Ok(Vec::new()));
    }
    let ticket = talk.ask(Job::Providers {
        place: subject.place.clone(),
    });
    Ok(match talk.hear(ticket)? {
        Reply::Providers(answer) => answer.map(|answered| answered.value),
        Reply::Broken(fault) => Err(fault),
        _ => Ok(Vec::new()),
    })
}

/// An answer as the consequences take it: a fault is "not known", with its reason.
pub(super) fn known<'a, T, U>(answer: &'a Result<T, Fault>, read: impl FnOnce(&'a T) -> U) -> Known<U> {
    match answer {
        Ok(value) => Known::Known(read(value)),
        Err(fault) => Known::NotKnown(reason(fault)),
    }
}

fn reason(fault: &Fault) -> Sentence {
    match fault.missing_action() {
        Some(action) => say!(own action, " is not allowed"),
        None => say!(raw & fault.code),
    }
}
