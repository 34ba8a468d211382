//! Where a pool lives and how it is reached, so that a reply, a journal line and a header can all name the same place.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::pool::PoolId;
use super::raw::Raw;

/// What decides which client answers: two pools with the same target share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    pub profile: Option<String>,
    /// As asked for; empty means that the pool id, the environment or the profile decides.
    pub region: Option<String>,
    pub endpoint: Option<String>,
    pub ca_bundle: Option<PathBuf>,
}

impl Target {
    /// Whether the endpoint is on this machine: an emulator, which no proxy and no STS has to do with.
    pub fn is_loopback(&self) -> bool {
        let Some(endpoint) = &self.endpoint else {
            return false;
        };
        let Some((_, rest)) = endpoint.split_once("://") else {
            return false;
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// A pool and the way to it. Opening, reading and writing all name it in full.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub target: Target,
    pub pool: PoolId,
}

/// A place as it is written down: resolved, without anything that only matters while connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub account: Option<Raw>,
    pub region: Option<Raw>,
    pub endpoint: Option<Raw>,
    pub pool: PoolId,
}

/// Who signs the requests, as far as it is known. No write waits to learn more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// From STS GetCallerIdentity; `None` until it has answered, or where it is not asked.
    pub arn: Option<Raw>,
    pub account: Option<Raw>,
    pub profile: Option<Raw>,
    /// The access key id, which is not a secret.
    pub key_id: Option<Raw>,
}
