//! Connections of our own where the SDK's default ones do not do: with a CA bundle its builder drops the proxies, and
//! for a loopback endpoint it would ask the proxy.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::domain::Fault;

use super::fault;

/// Whether requests may go through a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proxies {
    /// HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.
    FromEnvironment,
    Never,
}

/// An HTTP client that keeps one connector, and with it one pool of connections, a pair of timeouts: an override of
/// one operation asks for another pair, and a connector a request would connect anew each time.
pub(super) struct Dialer {
    trust: Option<TlsContext>,
    proxies: Proxies,
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

/// To connect, and for an answer to begin.
type Timeouts = (Option<Duration>, Option<Duration>);

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialer(proxies: {:?})", self.proxies)
    }
}

impl Dialer {
    /// `trust`: the CA bundle, or `None` for the system's certificates.
    pub(super) fn new(trust: Option<TlsContext>, proxies: Proxies) -> Self {
        Self {
            trust,
            proxies,
            connectors: Mutex::new(HashMap::new()),
        }
    }
}

impl HttpClient for Dialer {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        connectors
            .entry((settings.connect_timeout(), settings.read_timeout()))
            .or_insert_with(|| {
                let mut builder = ConnectorBuilder::default()
                    .connector_settings(settings.clone())
                    .proxy_config(match self.proxies {
                        Proxies::FromEnvironment => ProxyConfig::from_env(),
                        Proxies::Never => ProxyConfig::disabled(),
                    });
                builder.set_sleep_impl(components.sleep_impl());
                let mut builder = builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc));
                if let Some(trust) = &self.trust {
                    builder.set_tls_context(trust.clone());
                }
                let connector: Connector = builder.build();
                SharedHttpConnector::new(connector)
            })
            .clone()
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        Some(ConnectorMetadata::new("hyper", Some("1.x".into())))
    }
}

/// Reads a CA bundle. It replaces the system's certificates, as it does in the AWS CLI.
///
/// Checked here and in full, because the TLS code behind the SDK panics on a broken certificate and trusts nobody when
/// the file holds none.
pub(super) fn trust(path: &Path) -> Result<TlsContext, Fault> {
    let refuse = |why: String| fault::local("Connect", "CaBundle", format!("CA bundle {}: {why}", path.display()));
    let pem = std::fs::read(path).map_err(|err| refuse(err.to_string()))?;
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let number = index + 1;
        let certificate = certificate.map_err(|err| refuse(format!("certificate {number} is not PEM ({err})")))?;
        roots
            .add(certificate)
            .map_err(|err| refuse(format!("certificate {number} cannot be read ({err})")))?;
    }
    if roots.is_empty() {
        return Err(refuse(
            "no PEM certificate in it (it is to hold -----BEGIN CERTIFICATE-----)".to_owned(),
        ));
    }
    TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(pem))
        .build()
        .map_err(|err| refuse(err.to_string()))
}

/// For a service that is asked in clear: reading the system's certificates would take longer than its answer.
pub(super) fn nobody() -> Option<TlsContext> {
    TlsContext::builder().with_trust_store(TrustStore::empty()).build().ok()
}

#[cfg(test)]
mod tests;
