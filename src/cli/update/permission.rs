//! What the console would ask a person for before it writes: whether this pool may be written to at all, its name where
//! it is protected or not listed, the username where somebody loses an alias.

use jiff::{SignedDuration, Timestamp};

use crate::app::Favourite;
use crate::cli::args::UpdateArgs;
use crate::cli::{assemble, system_clock};
use crate::config::Config;
use crate::domain::guard::{Because, Guard, Guards};
use crate::domain::{Place, PoolId, Raw, Route, Sentence, Username, Why};
use crate::say;

use super::Halt;

/// Leave to write to one pool, as far as arguments and configuration give it.
pub(super) struct Permission {
    pub place: Place,
    favourite: Option<Favourite>,
    guards: Guards,
    confirmed: Option<String>,
    username: Option<Raw>,
    reason: Option<Raw>,
    armed_until: Timestamp,
    dry_run: bool,
}

impl Permission {
    /// Refuses what nothing that is read later could allow.
    pub(super) fn new(asked: &UpdateArgs, config: &Config, pool: &PoolId, route: Route) -> Result<Self, Halt> {
        let acting = &config.general.act_as_user;
        if route == Route::Own && !acting.value.is_on() {
            let who = if acting.origin.is_policy() {
                "the policy of this machine"
            } else {
                "the configuration"
            };
            return Err(say!(own who, " switches acting as a user off (act-as-user)").into());
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
            guards: assemble::guards(config),
            confirmed: asked.confirm_pool.clone(),
            username: asked
                .confirm_username
                .as_ref()
                .map(|username| Raw::from(username.0.as_str())),
            reason: asked.reason.as_ref().map(|reason| Raw::from(reason.0.as_str())),
            armed_until: now.checked_add(minutes).unwrap_or(now),
            dry_run: asked.dry_run,
        };
        if !permission.guard(None).opens() {
            let who = match permission.guards.unlisted_by {
                Because::Policy => "the policy of this machine",
                Because::Setting | Because::Flag | Because::Export => "the configuration",
            };
            let what = match permission.favourite {
                Some(_) => " does not count as listed (listed-pools), and ",
                None => " is not in the configuration, and ",
            };
            return Err(say!(name pool.raw(), own what, own who, " opens no such pool (unlisted-pools)").into());
        }
        if permission.dry_run {
            return Ok(permission);
        }
        match permission.guard(None).read_only {
            None => {}
            Some(Because::Flag | Because::Export) => {
                let why = "--read-only, or read-only in the configuration, allows no change; --dry-run reads";
                return Err(Sentence::from(why).into());
            }
            Some(Because::Setting) => {
                return Err(
                    say!("the configuration opens ", name pool.raw(), " for reading only; --dry-run reads").into(),
                );
            }
            Some(Because::Policy) => {
                return Err(
                    say!("the policy of this machine opens ", name pool.raw(), " for reading only; --dry-run reads")
                        .into(),
                );
            }
        }
        // A name that is not known yet may be one that a pattern protects: that is for later.
        if permission.guards.protected_names.is_empty() {
            let missing: Vec<Sentence> = permission
                .name_missing(None)
                .into_iter()
                .chain(permission.reason_missing(None))
                .collect();
            if !missing.is_empty() {
                return Err(Halt::Usage(missing));
            }
        }
        Ok(permission)
    }

    /// What holds for the pool under its own name.
    fn guard(&self, name: Option<&Raw>) -> Guard {
        self.guards.of(&self.place.pool, name)
    }

    /// The pool's name as it was given, for the desk to compare.
    pub(super) fn typed(&self) -> Option<Raw> {
        self.confirmed.as_deref().map(Raw::from)
    }

    /// The name that the configuration gives the pool.
    pub(super) fn given_name(&self) -> Option<&Raw> {
        self.favourite.as_ref().and_then(|favourite| favourite.name.as_ref())
    }

    /// Until when the pool is armed: its name was given, and checked by then.
    pub(super) fn armed_until(&self) -> Option<Timestamp> {
        self.confirmed.as_ref().map(|_| self.armed_until)
    }

    /// Why the change is made, for the journal.
    pub(super) fn why(&self) -> Why {
        Why {
            reason: self.reason.clone(),
            undoes: None,
        }
    }

    fn reason_missing(&self, name: Option<&Raw>) -> Option<Sentence> {
        let asked = self.guard(name).reason.check(self.reason.as_ref()).err()?;
        Some(match &self.reason {
            Some(_) => Sentence::from("--reason: ").join(asked),
            None => asked.words(": add it with --reason"),
        })
    }

    fn name_missing(&self, name: Option<&Raw>) -> Option<Sentence> {
        if self.confirmed.is_some() {
            return None;
        }
        let pool = self.place.pool.raw();
        let guard = self.guard(name);
        match guard.unlisted {
            Some(_) => Some(say!(
                raw pool, " is not in the configuration, and such a pool is open for reading only: list it there ([[pool]], id), \
                 or add --confirm-pool and the pool's name"
            )),
            None if guard.protected => Some(say!(raw pool, " is protected: add --confirm-pool and the pool's name")),
            None => None,
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
    pub(super) fn missing(&self, name: Option<&Raw>, username: &Username, losers: &[Username]) -> Vec<Sentence> {
        let mut missing: Vec<Sentence> = self
            .name_missing(name)
            .into_iter()
            .chain(self.reason_missing(name))
            .collect();
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
