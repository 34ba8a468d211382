//! How the demo's people sign in: the app clients of every pool, and one password for all.

use super::super::client::Client;
use super::super::seed::PoolSeed;

/// The password of everybody in the demo who signs in with one; for whoever must change it, it is the temporary one.
pub const DEMO_PASSWORD: &str = "Demo-passw0rd";

/// An app in the browser, without a secret, and a server that keeps one.
pub(crate) fn with_clients(pool: PoolSeed) -> PoolSeed {
    pool.client(Client::new("web"))
        .client(
            Client::new("backend")
                .secret("1example2secret3of4the5demo6client7backend8not9secret")
                .flows(&[
                    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                    "ALLOW_USER_PASSWORD_AUTH",
                    "ALLOW_REFRESH_TOKEN_AUTH",
                ]),
        )
        .passwords(DEMO_PASSWORD)
}

/// An app that lets its users change very little.
pub(crate) fn narrow() -> Client {
    Client::new("narrow").writes(&["name", "email"])
}
