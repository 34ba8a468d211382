//! What the program takes for granted about the service, asked of several services in the same words: the embedded
//! emulator, moto, cognito-local and, where it has what they have not, ministack, each over a socket, through the real
//! desk and the real SDK.
//!
//! The emulator and the program were written from the same documents, so a misreading of them would be in both; the
//! others were written by others. Where one of them does not do what AWS does, the table in [`divergences`]
//! says so, and nothing else does.
#![cfg(test)]

mod divergences;
mod errors;
mod faults;
mod jobs;
mod ledger;
mod once;
mod people;
pub mod program;
mod scenarios;
pub mod service;
mod tokens;
mod wire_faults;

/// Makes a test of every scenario for each of its services: those it names behind `=>`, or else the emulator, moto and
/// cognito-local.
macro_rules! contract {
    ($($scenario:ident: $what:path $(=> [$($service:ident),+])?),* $(,)?) => {
        /// The names of the scenarios.
        const SCENARIOS: &[&str] = &[$(stringify!($scenario)),*];
        $(
            mod $scenario {
                const NAME: &str = stringify!($scenario);

                tests_of!($what $(, $($service),+)?);
            }
        )*
    };
}

/// A test of one scenario for each service.
macro_rules! tests_of {
    ($what:path) => {
        tests_of!($what, emulator, moto, cognito_local);
    };
    ($what:path, $($service:ident),+) => {
        $(
            #[test]
            fn $service() {
                $crate::contract::ledger::play(service!($service), NAME, $what);
            }
        )+
    };
}

/// A service by the name of its tests.
macro_rules! service {
    (emulator) => {
        $crate::contract::service::Service::Emulator
    };
    (moto) => {
        $crate::contract::service::Service::Moto
    };
    (cognito_local) => {
        $crate::contract::service::Service::CognitoLocal
    };
    (ministack) => {
        $crate::contract::service::Service::Ministack
    };
}

contract! {
    pools: crate::contract::scenarios::looking::pools,
    listing: crate::contract::scenarios::looking::listing,
    finding: crate::contract::scenarios::looking::finding,
    owners: crate::contract::scenarios::looking::owners,
    reading: crate::contract::scenarios::looking::reading,
    groups: crate::contract::scenarios::looking::groups,
    scanning: crate::contract::scenarios::looking::scanning,
    members: crate::contract::scenarios::looking::members,
    writing: crate::contract::scenarios::writing::writing,
    refusing: crate::contract::scenarios::writing::refusing,
    verifying: crate::contract::scenarios::contacts::verifying,
    waiting: crate::contract::scenarios::contacts::waiting,
    not_verified_by_itself: crate::contract::scenarios::contacts::not_verified_by_itself,
    aliases: crate::contract::scenarios::contacts::aliases,
    signing_in_by_email: crate::contract::scenarios::contacts::signing_in_by_email,
    guarding: crate::contract::scenarios::guarding::guarding,
    drifting: crate::contract::scenarios::guarding::drifting,
    becoming: crate::contract::scenarios::acting::becoming,
    own_address: crate::contract::scenarios::acting::own_address => [emulator, cognito_local],
    own_codes: crate::contract::scenarios::acting::own_codes => [emulator, cognito_local],
    own_attributes: crate::contract::scenarios::acting::own_attributes => [emulator, cognito_local],
    signing_in: crate::contract::scenarios::signing_in::signing_in => [emulator, moto],
    first_password: crate::contract::scenarios::signing_in::first_password,
    second_factors: crate::contract::scenarios::signing_in::second_factors => [emulator, cognito_local],
    signing_out: crate::contract::scenarios::signing_in::signing_out => [emulator, moto],
    switching: crate::contract::scenarios::accounts::switching,
    resetting: crate::contract::scenarios::accounts::resetting => [emulator, moto],
    confirming: crate::contract::scenarios::accounts::confirming => [emulator, moto],
    inviting_again: crate::contract::scenarios::resending::inviting_again => [emulator, ministack],
    resending_code: crate::contract::scenarios::resending::resending_code => [emulator, ministack],
}
