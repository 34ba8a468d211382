//! The demo: the emulator behind the SDK's own HTTP client, so that everything above the socket is the real program.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::app::Favourite;
use crate::cognito::{Cut, Wire, WireAnswer};
use crate::domain::guard::PoolRules;
use crate::domain::{Place, PoolId, Raw, Target};
use crate::emulator::{self, Clock, Delay, Emulator, Seed};
use crate::job::Delivered;
use crate::work::Outbox;

/// The demo's pools as a config would name them. The two that are missing open for reading until their name is typed.
const POOLS: &[&str] = &[
    "us-east-1_aB3dE5fGh",
    PROTECTED,
    "us-east-1_StaffAbc1",
    "us-east-1_pArTnErS1",
    "us-east-1_mEmB3rs42",
    "us-east-1_B4nkMfA77",
];

/// The one that asks for its name and a reason.
const PROTECTED: &str = "us-east-1_Sh0pPr0d1";

/// The large pool of `--demo-users`.
const CROWD: &str = "us-east-1_cRoWd0001";

/// The demo's pools; with `users`, a pool of that many generated users as well.
pub fn seed(users: Option<u32>) -> Seed {
    match users {
        Some(users) => Seed::crowd(u64::from(users)),
        None => Seed::demo(),
    }
}

pub fn clock() -> Clock {
    super::system_clock()
}

/// The emulator as the function that takes the place of the network.
pub fn wire(emulator: Emulator) -> Wire {
    Arc::new(move |request| answer(&emulator, request))
}

/// The messages that the emulator keeps in place of sending them, newest first.
pub fn outbox(emulator: Emulator) -> Outbox {
    Arc::new(move || {
        let messages = emulator.outbox();
        messages
            .iter()
            .rev()
            .map(|message| Delivered {
                at: message.at,
                pool: Raw::from(message.pool.as_str()),
                username: Raw::from(message.user.as_str()),
                medium: Raw::from(match message.medium {
                    emulator::Medium::Email => "EMAIL",
                    emulator::Medium::Sms => "SMS",
                    emulator::Medium::Authenticator => "authenticator app",
                }),
                destination: Raw::from(message.destination.as_str()),
                text: Raw::from(message.text()),
            })
            .collect()
    })
}

/// One answer of the emulator in the words of the wire.
pub fn answer(emulator: &Emulator, request: http::Request<Bytes>) -> WireAnswer {
    let result = emulator.answer(request);
    let after = match &result {
        Ok(response) => response
            .extensions()
            .get::<Delay>()
            .map_or(Duration::ZERO, |delay| delay.0),
        Err(_) => Duration::ZERO,
    };
    WireAnswer {
        after,
        result: result.map_err(|cut| match cut {
            emulator::Cut::Reset => Cut::Reset,
            emulator::Cut::Hang => Cut::Hang,
            emulator::Cut::Truncated(response) => Cut::Truncated(response),
            emulator::Cut::Endless(response) => Cut::Endless(response),
            emulator::Cut::Drip(response) => Cut::Drip(response),
        }),
    }
}

/// The demo's own pools as a config would name them.
pub fn favourites(users: Option<u32>) -> Vec<Favourite> {
    POOLS
        .iter()
        .chain(users.map(|_| &CROWD))
        .map(|id| Favourite {
            place: Place {
                target: Target::default(),
                pool: PoolId::new(*id),
            },
            name: None,
        })
        .collect()
}

/// The pool that is meant where none is named: the large one, if there is one.
pub fn main_pool(users: Option<u32>) -> PoolId {
    let first = POOLS.first().copied().unwrap_or(CROWD);
    PoolId::new(if users.is_some() { CROWD } else { first })
}

/// The rules for them in place of the config's: all are known, and one is protected.
pub fn pool_rules(users: Option<u32>) -> BTreeMap<PoolId, PoolRules> {
    let rules = |pool: &PoolId| PoolRules {
        protected: pool.as_str() == PROTECTED,
        ..PoolRules::default()
    };
    favourites(users)
        .into_iter()
        .map(|favourite| (favourite.place.pool.clone(), rules(&favourite.place.pool)))
        .collect()
}
