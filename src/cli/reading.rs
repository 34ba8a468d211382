//! One pool for a command that reads it and changes nothing: the demo's or the service's, and the pace it is read at.

use std::path::Path;
use std::sync::Arc;

use super::args::Options;
use super::conversation::Conversation;
use super::voice::Voice;
use super::{assemble, demo, environment};
use crate::cognito::Way;
use crate::config::{self, Config};
use crate::domain::guard::Guards;
use crate::domain::nearest::nearest;
use crate::domain::{AttributeName, Place, PoolId, Schema};
use crate::emulator::Emulator;
use crate::work::{Archive, Rates};

/// The export that `--from` names.
pub(super) fn archive(path: &Path) -> Result<Archive, String> {
    Archive::open(path).map_err(|error| format!("--from {}: {error}", config::quoted(&path.to_string_lossy())))
}

/// What is said where no pool is named.
pub(super) const WHICH_POOL: &str = "in which pool? Add --user-pool-id, or set it in the configuration";

/// A desk that reads, and what of.
pub(super) struct Reading {
    pub talk: Conversation,
    pub place: Place,
    /// Lists are asked for this often a second at most.
    pub rate: u32,
}

impl Reading {
    /// Begins. `rate`: what was asked for on the command line.
    pub(super) fn begin(
        config: &Config,
        options: &Options,
        pool: PoolId,
        rate: Option<u32>,
        voice: Voice,
    ) -> Result<Self, String> {
        let text = |name: &str| environment(name).map(|value| value.to_string_lossy().into_owned());
        let state = assemble::state_folder(options.demo, &text).map_err(|refused| refused.0)?;
        let settings = config.pools.iter().find(|settings| settings.id.value == pool.as_str());
        let place = Place {
            target: assemble::target(config, settings),
            pool,
        };
        let guards = assemble::guards(config);
        let (way, guards) = if options.demo {
            let emulator = Emulator::new(demo::seed(options.demo_users), demo::clock());
            let guards = Guards {
                pools: demo::pool_rules(options.demo_users),
                only: None,
                ..guards
            };
            (Way::Wire(demo::wire(emulator)), guards)
        } else {
            (Way::Network, guards)
        };
        let mut surroundings = assemble::surroundings(config, guards, state, way, Arc::new(Vec::new));
        surroundings.rates = rates(rate, surroundings.rates, options.demo);
        let rate = surroundings.rates.list;
        let talk = Conversation::reading(surroundings, move |note| voice.say(note))
            .map_err(|error| format!("starting worker threads: {error}"))?;
        Ok(Self { talk, place, rate })
    }
}

/// The most that the service lets anybody read: the demo shares its quota with nobody.
const MOST: u32 = 30;

/// The pace of lists: never above what is configured, but for the demo.
fn rates(asked: Option<u32>, configured: Rates, is_demo: bool) -> Rates {
    let list = match asked {
        Some(asked) if is_demo => asked,
        Some(asked) => asked.min(configured.list),
        None if is_demo => MOST,
        None => configured.list,
    };
    Rates { list, ..configured }
}

/// An attribute that the pool can have, by its whole name or by what a custom attribute is called for short.
pub(super) fn own_attribute(option: &str, name: &AttributeName, schema: &Schema) -> Result<AttributeName, String> {
    if schema.get(name).is_some() || name.as_str() == "identities" {
        return Ok(name.clone());
    }
    let names = || schema.attributes.iter().map(|attribute| &attribute.name);
    let own: Vec<&AttributeName> = names().filter(|own| own.short() == name.as_str()).collect();
    if let [own] = own.as_slice() {
        return Ok((*own).clone());
    }
    let why = format!(
        "{option} {}: the pool has no such attribute",
        config::quoted(name.as_str())
    );
    let every = names().flat_map(|own| [own.as_str(), own.short()]);
    Err(match nearest(name.as_str(), every) {
        Some(meant) => {
            let whole = names().find(|own| own.as_str() == meant || own.short() == meant);
            let meant = whole.map_or(meant, AttributeName::as_str);
            format!("{why}; did you mean {}?", config::quoted(meant))
        }
        None => why,
    })
}
