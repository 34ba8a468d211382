//! Where a target is: the region and the endpoint, as far as it is named by whoever asked, the pool's id, the environment
//! or the profile.

use std::net::IpAddr;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::{ProfileFileRegionProvider, ProfileSet};
use aws_config::{Region, SdkConfig};
use aws_types::service_config::ServiceConfigKey;

use crate::cognito::fault;
use crate::domain::{Fault, PoolId, Target};

use super::{OPERATION, ProfileFiles};

pub(super) fn first_region<const N: usize>(names: [Option<&str>; N]) -> Option<Region> {
    names
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .map(|name| Region::new(name.to_owned()))
}

/// The region of everything that is not about a pool, as far as somebody names one: asked for, environment, profile,
/// the first pool's.
pub(super) async fn home(target: &Target, pool: Option<&PoolId>, files: &ProfileFiles) -> Option<Region> {
    if let Some(asked) = first_region([target.region.as_deref()]) {
        return Some(asked);
    }
    if let Some(region) = EnvironmentVariableRegionProvider::new().region().await {
        return Some(region);
    }
    let mut profile = ProfileFileRegionProvider::builder().profile_files(files.clone());
    if let Some(name) = &target.profile {
        profile = profile.profile_name(name);
    }
    profile
        .build()
        .region()
        .await
        .or_else(|| first_region([pool.and_then(PoolId::region)]))
}

/// The endpoint of Cognito: asked for, else as the AWS tools find it (AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
/// AWS_ENDPOINT_URL, a `services` section of the profile, `endpoint_url` of the profile).
pub(super) fn endpoint(target: &Target, sdk: &SdkConfig) -> Result<Option<String>, Fault> {
    // The AWS tools write `cognito_identity_provider` in a services section, the SDK looks for hyphens.
    let shared = |service: &str| {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        sdk.service_config()?.load_config(key.ok()?)
    };
    let shared = || {
        shared("Cognito_Identity_Provider")
            .or_else(|| shared("Cognito Identity Provider"))
            .or_else(|| sdk.endpoint_url().map(str::to_owned))
    };
    let Some(endpoint) = target.endpoint.clone().or_else(shared) else {
        return Ok(None);
    };
    let refuse = |why: &str| {
        Err(fault::local(
            OPERATION,
            "EndpointUrl",
            format!("endpoint {endpoint}: {why}"),
        ))
    };
    let Ok(uri) = endpoint.parse::<http::Uri>() else {
        return refuse("not a URL");
    };
    // `http://127.0.0.1:80@example.com` is not this machine, and a password has no place here.
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return refuse("it is not to hold a user or a password");
    }
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) => Ok(Some(endpoint)),
        (Some("http"), Some(_)) if is_loopback(&endpoint) => Ok(Some(endpoint)),
        (Some("http"), Some(_)) => refuse("plain http is for this machine only; use https"),
        _ => refuse("it is to begin with https:// (or http:// for this machine)"),
    }
}

/// Whether an endpoint is on this machine.
pub(super) fn is_loopback(endpoint: &str) -> bool {
    let Ok(uri) = endpoint.parse::<http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The profile in use, for the header and the journal: `default` only where there is one.
pub(super) fn selected(target: &Target, profiles: &ProfileSet) -> Option<String> {
    let name = profiles.selected_profile();
    target
        .profile
        .clone()
        .or_else(|| profiles.get_profile(name).map(|_| name.to_owned()))
}
