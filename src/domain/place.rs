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
        // `http://127.0.0.1@elsewhere`: what stands before the @ is a user, not the host.
        if authority.contains('@') {
            return false;
        }
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_of_this_machine_is_loopback() {
        let at = |endpoint: &str| {
            Target {
                endpoint: Some(endpoint.into()),
                ..Target::default()
            }
            .is_loopback()
        };
        for here in [
            "http://127.0.0.1:5055",
            "http://localhost/",
            "http://[::1]:80/x",
            "https://127.9.9.9",
        ] {
            assert!(at(here), "{here}");
        }
        for away in [
            "http://127.0.0.1:80@evil.example",
            "https://example.com",
            "http://127.0.0.1.example",
            "127.0.0.1",
            "",
        ] {
            assert!(!at(away), "{away}");
        }
        assert!(!Target::default().is_loopback());
    }
}
