//! What the program takes for granted about the service, asked of three services in the same words: the embedded
//! emulator, moto and cognito-local, each over a socket, through the real desk and the real SDK.
//!
//! The emulator and the program were written from the same documents, so a misreading of them would be in both; the
//! other two were written by others. Where one of the three does not do what AWS does, the table in [`divergences`]
//! says so, and nothing else does.
#![cfg(test)]

mod divergences;
mod errors;
mod faults;
mod ledger;
mod people;
pub mod program;
mod scenarios;
pub mod service;

/// Makes a test of every scenario for every service.
macro_rules! contract {
    ($($scenario:ident: $what:path),* $(,)?) => {
        /// The names of the scenarios.
        const SCENARIOS: &[&str] = &[$(stringify!($scenario)),*];
        $(
            mod $scenario {
                use super::ledger::play;
                use super::service::Service;

                const NAME: &str = stringify!($scenario);

                #[test]
                fn emulator() {
                    play(Service::Emulator, NAME, $what);
                }

                #[test]
                fn moto() {
                    play(Service::Moto, NAME, $what);
                }

                #[test]
                fn cognito_local() {
                    play(Service::CognitoLocal, NAME, $what);
                }
            }
        )*
    };
}

contract! {
    pools: crate::contract::scenarios::looking::pools,
    listing: crate::contract::scenarios::looking::listing,
    finding: crate::contract::scenarios::looking::finding,
    owners: crate::contract::scenarios::looking::owners,
    reading: crate::contract::scenarios::looking::reading,
    groups: crate::contract::scenarios::looking::groups,
    writing: crate::contract::scenarios::writing::writing,
    refusing: crate::contract::scenarios::writing::refusing,
    verifying: crate::contract::scenarios::contacts::verifying,
    waiting: crate::contract::scenarios::contacts::waiting,
    not_verified_by_itself: crate::contract::scenarios::contacts::not_verified_by_itself,
    aliases: crate::contract::scenarios::contacts::aliases,
    signing_in_by_email: crate::contract::scenarios::contacts::signing_in_by_email,
    guarding: crate::contract::scenarios::guarding::guarding,
    drifting: crate::contract::scenarios::guarding::drifting,
}
