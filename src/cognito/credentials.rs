//! Whose credentials sign the requests, and why some profiles cannot work here: found out before the first request,
//! where it can be said in a sentence.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::Region;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{self, Profile, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};

use crate::domain::{Fault, Raw};

use super::connect::ProfileFiles;
use super::fault;

const OPERATION: &str = "Connect";

/// Keys for services of this machine that check none. Not a secret.
pub(super) fn dummy() -> Credentials {
    Credentials::new("cognitui-local", "cognitui-local", None, None, "cognitui")
}

/// Reads the AWS config and credentials files. `named`: the profile asked for by name; else AWS_PROFILE or `default`.
pub(super) async fn profiles(named: Option<&str>, files: &ProfileFiles) -> Result<ProfileSet, Fault> {
    let named = named.map(|name| Cow::Owned(name.to_owned()));
    let set = profile::load(&Default::default(), &Default::default(), files, named)
        .await
        .map_err(|err| {
            let why =
                std::error::Error::source(&err).map_or_else(|| err.to_string(), |source| format!("{err}: {source}"));
            fault::local(OPERATION, "ProfileFiles", why)
        })?;
    let selected = set.selected_profile();
    // A misspelled name must not fall through to whatever other credentials there are.
    if selected != "default" && set.get_profile(selected).is_none() {
        let message = format!("there is no profile {selected} in the AWS config and credentials files");
        return Err(fault::local(OPERATION, "ProfileNotFound", message));
    }
    Ok(set)
}

/// Refuses a profile whose credentials need what the SDK does not have: an MFA code typed in, or a console session.
pub(super) fn supported(profiles: &ProfileSet) -> Result<(), Fault> {
    let mut name = profiles.selected_profile();
    let mut seen: Vec<&str> = Vec::new();
    while let Some(profile) = profiles.get_profile(name)
        && !seen.contains(&name)
    {
        seen.push(name);
        if let Some(setting) = unsupported(profile) {
            let message = format!(
                "profile {name} uses {setting}, which this program cannot follow. Give it a credential_process that \
                 hands out the credentials, for example: aws configure export-credentials --profile {name} --format \
                 process"
            );
            return Err(fault::local(OPERATION, "UnsupportedProfile", message));
        }
        match profile.get("source_profile") {
            Some(source) => name = source,
            None => break,
        }
    }
    Ok(())
}

fn unsupported(profile: &Profile) -> Option<&'static str> {
    if profile.get("role_arn").is_some() && profile.get("mfa_serial").is_some() {
        return Some("mfa_serial");
    }
    let has_keys = profile.get("aws_access_key_id").is_some() || profile.get("credential_process").is_some();
    (profile.get("login_session").is_some() && !has_keys).then_some("login_session")
}

/// Where credentials are looked for.
pub(super) struct Search<'a> {
    /// A profile asked for by name goes before the environment's keys, as in the AWS CLI.
    pub(super) named: Option<&'a str>,
    pub(super) files: &'a ProfileFiles,
    /// The endpoint is on this machine: no instance metadata is waited for, and without keys a dummy pair does.
    pub(super) loopback: bool,
    pub(super) config: &'a ProviderConfig,
    pub(super) region: Option<Region>,
}

/// The chain of providers that the search asks for.
pub(super) async fn provider(search: Search<'_>) -> SharedCredentialsProvider {
    let Search {
        named,
        files,
        loopback,
        config,
        region,
    } = search;
    let mut profile = ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(files.clone());
    if let Some(name) = named {
        profile = profile.profile_name(name);
    }
    let profile = profile.build();
    match (named, loopback) {
        (Some(_), true) => SharedCredentialsProvider::new(
            CredentialsProviderChain::first_try("Profile", profile).or_else("Loopback", dummy()),
        ),
        (None, true) => SharedCredentialsProvider::new(
            CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
                .or_else("Profile", profile)
                .or_else("Loopback", dummy()),
        ),
        (Some(_), false) => SharedCredentialsProvider::new(
            CredentialsProviderChain::first_try("Profile", profile)
                .or_else(
                    "EcsContainer",
                    EcsCredentialsProvider::builder().configure(config).build(),
                )
                .or_else(
                    "Ec2InstanceMetadata",
                    ImdsCredentialsProvider::builder().configure(config).build(),
                ),
        ),
        (None, false) => SharedCredentialsProvider::new(
            DefaultCredentialsChain::builder()
                .configure(config.clone())
                .region(region)
                .build()
                .await,
        ),
    }
}

/// What the credentials in use tell about themselves, without asking anybody.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) key_id: Option<Raw>,
    pub(super) account: Option<Raw>,
}

/// Notes the access key id of the credentials that come by, so that it is known before (and without) STS.
#[derive(Clone)]
pub(super) struct Noting {
    inner: SharedCredentialsProvider,
    known: Arc<Mutex<Known>>,
}

impl fmt::Debug for Noting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Noting")
    }
}

impl Noting {
    pub(super) fn new(inner: SharedCredentialsProvider) -> Self {
        Self {
            inner,
            known: Arc::default(),
        }
    }

    pub(super) fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn load(&self) -> provider::Result {
        let credentials = self.inner.provide_credentials().await?;
        let known = Known {
            key_id: Some(Raw::from(credentials.access_key_id())),
            account: credentials.account_id().map(|account| Raw::from(account.as_str())),
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(credentials)
    }
}

impl ProvideCredentials for Noting {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.inner.fallback_on_interrupt()
    }
}
