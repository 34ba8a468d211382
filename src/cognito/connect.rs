//! How one target is reached: settings, credentials, certificates and clients, put together once and thrown away whole
//! when the operator tries again, because profile files and credentials are remembered for the life of a connection.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::retry::{RetryPartition, TokenBucket};
use aws_sdk_cognitoidentityprovider::config::{Builder, SharedHttpClient};
use aws_smithy_types::retry::RetryConfig;

use crate::domain::fault::ClockOff;
use crate::domain::place::{Caller, Written};
use crate::domain::{Fault, PoolId, Raw, Secret, Target};

use self::places::{endpoint, first_region, home, is_loopback, selected};
use super::bounded::Bound;
use super::credentials::{self, Noting, Search};
use super::dial::{self, Dialer, Proxies};
use super::skew::{ClockWatch, Skew};
use super::time::{sleeper, time_source};
use super::wire::WireClient;
use super::{Answered, Authenticator, Clock, Limits, Outside, Reader, Way, Writer, fault};

mod places;

/// The name that requests carry in their user agent.
const APP: &str = "cognitui";

const OPERATION: &str = "Connect";

/// Where a service on this machine says it is when nobody says otherwise.
const LOOPBACK_REGION: &str = "us-east-1";

/// How long a `credential_process` or a role may take; the SDK's own five seconds are too few for a person.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(60);

#[expect(
    deprecated,
    reason = "the successor's crate is an internal one of the SDK; the alias names the same type"
)]
pub(super) type ProfileFiles = aws_config::profile::profile_file::ProfileFiles;

/// One target, ready to be asked. Made anew after `aws sso login` or a changed file; requests under way keep theirs.
pub struct Connection {
    target: Target,
    clock: Clock,
    sdk: SdkConfig,
    /// Where pools live whose id names no region.
    home: Option<Region>,
    endpoint: Option<String>,
    /// For the Cognito client alone, where it differs from the rest.
    direct: Option<SharedHttpClient>,
    credentials: Noting,
    /// How far this machine's clock is from the service's.
    skew: Skew,
    asks_caller: bool,
    identity: Mutex<Option<Caller>>,
    /// One a region, shared by readers and writers: what the SDK learns about a wrong clock stays with its client.
    clients: Mutex<BTreeMap<String, Client>>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({:?})", self.target)
    }
}

impl Connection {
    /// Reads settings and files; sends nothing but, where no region is known at all, a question to instance metadata.
    /// `pool` is the pool it is opened for, if any: its region stands in where nothing else names one.
    ///
    /// Faults are `Local`, with these codes: `CaBundle`, `EndpointUrl`, `ProfileFiles`, `ProfileNotFound`,
    /// `UnsupportedProfile`.
    pub async fn open(
        target: &Target,
        pool: Option<&PoolId>,
        limits: &Limits,
        outside: &Outside,
    ) -> Result<Self, Fault> {
        match &outside.way {
            Way::Network => Self::open_network(target, pool, limits, outside, &ProfileFiles::default(), None).await,
            Way::Wire(wire) => {
                let http = SharedHttpClient::new(WireClient(wire.clone()));
                Ok(Self::open_wire(target, pool, limits, outside, http))
            }
        }
    }

    /// Without looking at anything of this machine.
    fn open_wire(
        target: &Target,
        pool: Option<&PoolId>,
        limits: &Limits,
        outside: &Outside,
        http: SharedHttpClient,
    ) -> Self {
        let region = first_region([
            target.region.as_deref(),
            pool.and_then(PoolId::region),
            Some(LOOPBACK_REGION),
        ]);
        let credentials = Noting::new(SharedCredentialsProvider::new(credentials::dummy()));
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region.clone())
            .credentials_provider(SharedCredentialsProvider::new(credentials.clone()))
            .identity_cache(IdentityCache::lazy().build())
            .retry_config(RetryConfig::standard())
            .timeout_config(timeouts(limits))
            .time_source(time_source(&outside.clock))
            .http_client(http);
        sdk.set_app_name(AppName::new(APP).ok());
        sdk.set_sleep_impl(sleeper(outside.sleep.as_ref()));
        Self {
            target: target.clone(),
            clock: outside.clock.clone(),
            sdk: sdk.build(),
            home: region,
            endpoint: target.endpoint.clone(),
            direct: None,
            credentials,
            skew: Skew::default(),
            asks_caller: false,
            identity: Mutex::default(),
            clients: Mutex::default(),
        }
    }

    /// `http` takes the place of the network below everything, credentials included; for tests.
    pub(super) async fn open_network(
        target: &Target,
        pool: Option<&PoolId>,
        limits: &Limits,
        outside: &Outside,
        files: &ProfileFiles,
        http: Option<SharedHttpClient>,
    ) -> Result<Self, Fault> {
        let named = target.profile.as_deref();
        let profiles = credentials::profiles(named, files).await?;
        let bundle = target
            .ca_bundle
            .clone()
            .or_else(|| profiles.get("ca_bundle").map(Into::into));
        let trust = bundle.as_deref().map(dial::trust).transpose()?;
        let http = match &trust {
            Some(trust) if http.is_none() => Some(SharedHttpClient::new(Dialer::new(
                Some(trust.clone()),
                Proxies::FromEnvironment,
            ))),
            _ => http,
        };

        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(files.clone())
            .timeout_config(timeouts(limits))
            .time_source(time_source(&outside.clock))
            .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build())
            .no_credentials();
        // Without one the loader asks instance metadata, which off EC2 costs seconds to learn nothing. This one stands
        // in until the endpoint is known, and signs nothing.
        let named_region = home(target, pool, files).await;
        loader = loader.region(named_region.clone().unwrap_or(Region::from_static(LOOPBACK_REGION)));
        if let Ok(app) = AppName::new(APP) {
            loader = loader.app_name(app);
        }
        if let Some(name) = named {
            loader = loader.profile_name(name);
        }
        if let Some(sleep) = sleeper(outside.sleep.as_ref()) {
            loader = loader.sleep_impl(sleep);
        }
        if let Some(http) = &http {
            loader = loader.http_client(http.clone());
        }
        let sdk = loader.load().await;

        let endpoint = endpoint(target, &sdk)?;
        let loopback = endpoint.as_deref().is_some_and(is_loopback);
        if !loopback && (named.is_some() || std::env::var_os("AWS_ACCESS_KEY_ID").is_none()) {
            credentials::supported(&profiles)?;
        }
        let mut config = ProviderConfig::default()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_time_source(time_source(&outside.clock));
        if let Some(sleep) = sleeper(outside.sleep.as_ref()) {
            config = config.with_sleep_impl(sleep);
        }
        if let Some(http) = &http {
            config = config.with_http_client(http.clone());
        }
        let home = match named_region {
            None if loopback => Some(Region::from_static(LOOPBACK_REGION)),
            None => ImdsRegionProvider::builder().configure(&config).build().region().await,
            named => named,
        };
        let config = config.with_region(home.clone());
        let search = Search {
            named,
            files,
            loopback,
            config: &config,
            region: home.clone(),
        };
        let credentials = Noting::new(credentials::provider(search).await);
        let in_clear = endpoint
            .as_deref()
            .is_some_and(|endpoint| endpoint.starts_with("http://"));
        let direct = (loopback && (http.is_none() || trust.is_some())).then(|| {
            let trust = if in_clear { dial::nobody() } else { trust };
            SharedHttpClient::new(Dialer::new(trust, Proxies::Never))
        });
        let sdk = sdk
            .into_builder()
            .region(home.clone())
            .credentials_provider(SharedCredentialsProvider::new(credentials.clone()))
            .build();
        Ok(Self {
            target: Target {
                profile: selected(target, &profiles),
                ..target.clone()
            },
            clock: outside.clock.clone(),
            sdk,
            home,
            endpoint,
            direct,
            credentials,
            skew: Skew::default(),
            asks_caller: !loopback,
            identity: Mutex::default(),
            clients: Mutex::default(),
        })
    }

    /// Reads where `pool` lives; without one, where the target's own region is.
    ///
    /// The only fault is `NoRegion`.
    pub fn reader(&self, pool: Option<&PoolId>) -> Result<Reader, Fault> {
        Ok(Reader::new(self.client(pool)?, self.clock.clone()))
    }

    /// Opens writing to one pool, through the same client that its readers use. Call it where a session decided that
    /// it may write; nothing else makes a [`Writer`].
    ///
    /// The only fault is `NoRegion`.
    pub fn writer(&self, pool: &PoolId) -> Result<Writer, Fault> {
        Ok(Writer::signed(
            self.client(Some(pool))?,
            self.clock.clone(),
            pool.clone(),
        ))
    }

    /// Opens writing for the user of an access token, with the same care as [`Connection::writer`].
    ///
    /// The only fault is `NoRegion`.
    pub fn own_writer(&self, pool: &PoolId, token: Secret) -> Result<Writer, Fault> {
        Ok(Writer::with_token(
            self.client(Some(pool))?,
            self.clock.clone(),
            pool.clone(),
            token,
        ))
    }

    /// Signs users in to one pool.
    ///
    /// The only fault is `NoRegion`.
    pub fn authenticator(&self, pool: &PoolId) -> Result<Authenticator, Fault> {
        Ok(Authenticator::new(
            self.client(Some(pool))?,
            self.clock.clone(),
            pool.clone(),
        ))
    }

    /// The place of `pool` as it is written down: what was asked for, found out and (account) learned so far.
    pub fn written(&self, pool: &PoolId) -> Written {
        Written {
            account: self.known_caller().account,
            region: self.region(Some(pool)).map(|region| Raw::from(region.as_ref())),
            endpoint: self.endpoint.as_deref().map(Raw::from),
            pool: pool.clone(),
        }
    }

    /// Where requests go instead of to AWS: the target's, the environment's or the profile's endpoint.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// Whether STS may be asked who the caller is: not in the demo, and not for a service on this machine.
    pub fn asks_caller(&self) -> bool {
        self.asks_caller
    }

    /// Who signs, as far as it is known without asking: the profile at once, the key id with the first request,
    /// account and ARN once STS has answered (an SSO profile knows its account before).
    pub fn known_caller(&self) -> Caller {
        let known = self.credentials.known();
        let told = self
            .identity
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .unwrap_or_default();
        Caller {
            arn: told.arn,
            account: told.account.or(known.account),
            profile: self.target.profile.as_deref().map(Raw::from),
            key_id: known.key_id,
        }
    }

    /// STS GetCallerIdentity, at the real STS whatever the endpoint of Cognito is. Where it is not to be asked, what is
    /// known.
    pub async fn caller(&self) -> Result<Answered<Caller>, Fault> {
        const OPERATION: &str = "GetCallerIdentity";
        use aws_sdk_sts::operation::RequestId;

        if !self.asks_caller {
            return Ok(Answered {
                value: self.known_caller(),
                request_id: None,
            });
        }
        if self.home.is_none() {
            return Err(no_region(OPERATION));
        }
        let started = (self.clock)();
        let config = aws_sdk_sts::config::Builder::from(&self.sdk)
            .interceptor(self.clock_watch())
            .interceptor(Bound);
        let sts = aws_sdk_sts::Client::from_conf(config.build());
        let answer = sts.get_caller_identity().send().await;
        let took = (self.clock)().duration_since(started);
        match answer {
            Ok(answer) => {
                let request_id = answer.request_id().map(Raw::from);
                fault::log_answer(OPERATION, request_id.as_ref(), took);
                let told = Caller {
                    arn: answer.arn.map(Raw::from),
                    account: answer.account.map(Raw::from),
                    ..Caller::default()
                };
                *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
                Ok(Answered {
                    value: self.known_caller(),
                    request_id,
                })
            }
            Err(error) => {
                let fault = fault::of(OPERATION, &error);
                fault::log_fault(&fault, took);
                Err(fault)
            }
        }
    }

    /// What the answers told about this machine's clock, where it is off by more than the service tolerates: once for each
    /// connection.
    pub fn clock_news(&self) -> Option<ClockOff> {
        self.skew.news()
    }

    fn clock_watch(&self) -> ClockWatch {
        ClockWatch::new(self.clock.clone(), self.skew.clone())
    }

    /// What was asked for, else what the pool's id says, else the environment's or the profile's region.
    fn region(&self, pool: Option<&PoolId>) -> Option<Region> {
        first_region([self.target.region.as_deref(), pool.and_then(PoolId::region)]).or_else(|| self.home.clone())
    }

    fn client(&self, pool: Option<&PoolId>) -> Result<Client, Fault> {
        let region = self.region(pool).ok_or_else(|| no_region(OPERATION))?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients.entry(region.as_ref().to_owned()).or_insert_with(|| {
            // The SDK's own share of retries belongs to the whole process: what one connection spent would be missing for
            // the next, which `r` makes because the first one failed.
            let retries = RetryPartition::custom(APP).token_bucket(TokenBucket::default()).build();
            let mut config = Builder::from(&self.sdk)
                .region(region)
                .retry_partition(retries)
                .interceptor(self.clock_watch())
                .interceptor(Bound);
            // Here and not in the shared settings: STS and SSO stay the real ones.
            if let Some(endpoint) = &self.endpoint {
                config = config.endpoint_url(endpoint);
            }
            if let Some(http) = &self.direct {
                config = config.http_client(http.clone());
            }
            Client::from_conf(config.build())
        });
        Ok(client.clone())
    }
}

fn no_region(operation: &'static str) -> Fault {
    fault::local(
        operation,
        "NoRegion",
        "no region: neither asked for, nor in the pool's id, the environment or the profile",
    )
}

/// The SDK has no timeout after connecting unless it is given some.
fn timeouts(limits: &Limits) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(limits.connect_timeout)
        .read_timeout(limits.read_timeout)
        .operation_attempt_timeout(limits.attempt())
        .operation_timeout(limits.operation())
        .build()
}

#[cfg(test)]
mod tests;
