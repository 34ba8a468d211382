//! What the console would ask a person for before it writes: whether this pool may be written to at all, its name where
//! it is protected or not listed, the username where somebody loses an alias.

use jiff::{SignedDuration, Timestamp};

use crate::app::Favourite;
use crate::cli::args::UpdateArgs;
use crate::cli::{assemble, system_clock};
use crate::config::Config;
use crate::domain::{Place, PoolId, Raw, Route, Sentence, Username};
use crate::job::Protection;
use crate::say;

use super::Halt;

/// Leave to write to one pool, as far as arguments and configuration give it.
pub(super) struct Permission {
    pub place: Place,
    favourite: Option<Favourite>,
    confirmed: Option<String>,
    username: Option<Raw>,
    armed_until: Timestamp,
    dry_run: bool,
}

impl Permission {
    /// Refuses what nothing that is read later could allow.
    pub(super) fn new(asked: &UpdateArgs, config: &Config, pool: &PoolId, route: Route) -> Result<Self, Halt> {
        if route == Route::Own && !config.general.act_as_user.value.is_on() {
            return Err(Sentence::from("the configuration switches acting as a user off (act-as-user)").into());
        }
        let favourite = assemble::favourites(config)
            .into_iter()
            .find(|favourite| favourite.place.pool == *pool);
        let place = match &favourite {
            Some(favourite) => favourite.place.clone(),
            None => Place {
                target: assemble::target(config, None),
                pool: pool.clone(),
            },
        };
        let minutes = SignedDuration::from_mins(config.edit.arm_minutes.value.into());
        let now = system_clock()();
        let permission = Self {
            place,
            favourite,
            confirmed: asked.confirm_pool.clone(),
            username: asked
                .confirm_username
                .as_ref()
                .map(|username| Raw::from(username.0.as_str())),
            armed_until: now.checked_add(minutes).unwrap_or(now),
            dry_run: asked.dry_run,
        };
        if permission.dry_run {
            return Ok(permission);
        }
        if config.general.read_only.value {
            return Err(Sentence::from(
                "--read-only, or read-only in the configuration, allows no change; --dry-run reads",
            )
            .into());
        }
        if permission
            .favourite
            .as_ref()
            .is_some_and(|favourite| favourite.read_only)
        {
            return Err(say!("the configuration opens ", raw pool.raw(), " for reading only; --dry-run reads").into());
        }
        match permission.name_missing() {
            Some(missing) => Err(missing.into()),
            None => Ok(permission),
        }
    }

    pub(super) fn protection(&self) -> Protection {
        self.favourite
            .as_ref()
            .map_or(Protection::Open, |favourite| favourite.protection)
    }

    /// The name that the configuration gives the pool.
    pub(super) fn given_name(&self) -> Option<&Raw> {
        self.favourite.as_ref().and_then(|favourite| favourite.name.as_ref())
    }

    /// Until when the pool is armed: its name was given, and checked by then.
    pub(super) fn armed_until(&self) -> Option<Timestamp> {
        self.confirmed.as_ref().map(|_| self.armed_until)
    }

    fn name_missing(&self) -> Option<Sentence> {
        if self.confirmed.is_some() {
            return None;
        }
        let pool = self.place.pool.raw();
        match &self.favourite {
            None => Some(say!(
                raw pool, " is not in the configuration, and such a pool is open for reading only: list it there ([[pool]], id), \
                 or add --confirm-pool and the pool's name"
            )),
            Some(favourite) if favourite.protection == Protection::Protected => {
                Some(say!(raw pool, " is protected: add --confirm-pool and the pool's name"))
            }
            Some(_) => None,
        }
    }

    /// Whether the name that was given is the pool's. `name` is the pool's own, as far as it is known.
    pub(super) fn check_name(&self, name: Option<&Raw>) -> Result<(), Halt> {
        let Some(confirmed) = &self.confirmed else {
            return Ok(());
        };
        match name {
            Some(name) if name.is_typed_as(confirmed) => Ok(()),
            Some(_) => {
                Err(say!("--confirm-pool is not the name of ", raw self.place.pool.raw(), "; nothing was sent").into())
            }
            None if self.place.pool.as_str() == confirmed => Ok(()),
            None => Err(Sentence::from(
                "the pool's name cannot be read, so --confirm-pool takes its id; nothing was sent",
            )
            .into()),
        }
    }

    /// What is still missing before this change may be sent.
    pub(super) fn missing(&self, username: &Username, losers: &[Username]) -> Vec<Sentence> {
        let mut missing: Vec<Sentence> = self.name_missing().into_iter().collect();
        let confirmed = self
            .username
            .as_ref()
            .is_some_and(|given| username.raw().is_typed_as(given.as_str()));
        if let (Some(first), false) = (losers.first(), confirmed) {
            let others = match losers.len() {
                1 => String::new(),
                more => format!(" and {} more", more - 1),
            };
            missing.push(say!(
                "this takes an alias from ", raw first.raw(), own others, ", who is not told: add --confirm-username and the \
                 username of the user who gets it"
            ));
        }
        missing
    }
}
