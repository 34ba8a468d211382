//! What protects pools, people and their data, cut out of the configuration for whoever acts on it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{Config, OnOff, Origin, PoolSettings, Reason, Service, Setting, UnlistedPools, Values};
use crate::domain::entry::{self, Keeping, KeptValues};
use crate::domain::guard::{Because, Guards, PoolRules, ReasonRule, Unlisted};
use crate::domain::{PoolId, Raw};
use crate::journal::Places;
use crate::work::JournalSettings;

/// What protects pools and users.
pub fn guards(config: &Config) -> Guards {
    let protect = &config.protect;
    Guards {
        read_only: config
            .general
            .read_only
            .value
            .then(|| because(&config.general.read_only.origin, Because::Flag)),
        protected_names: protect.protected_names.value.clone(),
        unlisted: match protect.unlisted_pools.value {
            UnlistedPools::Name => Unlisted::Named,
            UnlistedPools::ReadOnly => Unlisted::ReadOnly,
            UnlistedPools::Refuse => Unlisted::Refuse,
        },
        unlisted_by: because(&protect.unlisted_pools.origin, Because::Setting),
        only: (protect.listed_pools.value.as_ref()).map(|ids| ids.iter().map(|id| PoolId::new(id.clone())).collect()),
        reason: rule(protect.reason.value),
        form: protect.reason_pattern.value.clone(),
        protected_users: protect.protected_users.value.clone(),
        pools: config
            .pools
            .iter()
            .map(|pool| (PoolId::new(pool.id.value.clone()), rules(pool)))
            .collect(),
        export_off: switched_off(&protect.export),
        policy: config.policy.is_some(),
    }
}

/// What the configuration says of one pool.
fn rules(pool: &PoolSettings) -> PoolRules {
    PoolRules {
        name: pool.name.value.as_deref().map(Raw::from),
        protected: pool.protected.value,
        read_only: pool.read_only.value,
        reason: pool.reason.value.map(rule),
        form: pool.reason_pattern.value.clone(),
    }
}

fn rule(reason: Reason) -> ReasonRule {
    match reason {
        Reason::Optional => ReasonRule::Optional,
        Reason::Required => ReasonRule::Required,
    }
}

fn because(origin: &Origin, otherwise: Because) -> Because {
    if origin.is_policy() { Because::Policy } else { otherwise }
}

/// Who switched something off, if it is.
pub fn switched_off(switch: &Setting<OnOff>) -> Option<Because> {
    (!switch.value.is_on()).then(|| because(&switch.origin, Because::Setting))
}

/// How long without a key until people's data are masked.
pub fn idle_lock(config: &Config) -> Option<Duration> {
    let minutes = config.protect.lock_after_minutes.value?;
    Some(Duration::from_secs(60) * minutes)
}

/// Where the journal lies, and what it keeps.
pub fn journal(config: &Config, state: &Path) -> JournalSettings {
    let days = config.journal.retention_days.value;
    let kept = kept_values(config);
    JournalSettings {
        places: places(config, state),
        rules: Arc::new(move |pool| Keeping {
            values: kept.of(pool),
            days,
        }),
    }
}

/// What the journal keeps of values, pool by pool.
pub fn kept_values(config: &Config) -> KeptValues {
    let kept = |values: Values| match values {
        Values::Full => entry::Values::Full,
        Values::Hashed => entry::Values::Hashed,
        Values::None => entry::Values::None,
    };
    KeptValues {
        general: kept(config.journal.values.value),
        own: (config.pools.iter())
            .filter_map(|pool| Some((PoolId::new(pool.id.value.clone()), kept(pool.values.value?))))
            .collect(),
    }
}

/// Where the journal lies. The demo's never leaves its own folder.
pub fn places(config: &Config, state: &Path) -> Places {
    match &config.journal.journal_dir.value {
        Some(folder) if config.service == Service::Cognito => Places::shared(state, folder),
        _ => Places::private(state),
    }
}
