//! What the program asks of the service: which calls there are, who allows them, and what is in doubt after one that
//! brought no clear answer.

use std::collections::BTreeSet;
use std::path::Path;

/// The operations this program calls. The test below holds these lists against the sources.
pub const READINGS: [&str; 13] = [
    "AdminGetUser",
    "AdminListGroupsForUser",
    "DescribeIdentityProvider",
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "GetCSVHeader",
    "GetUser",
    "ListGroups",
    "ListIdentityProviders",
    "ListUserPoolClients",
    "ListUserPools",
    "ListUsers",
    "ListUsersInGroup",
];

pub const SIGN_IN: [&str; 4] = [
    "AdminInitiateAuth",
    "AdminRespondToAuthChallenge",
    "InitiateAuth",
    "RespondToAuthChallenge",
];

pub const WRITES: [&str; 11] = [
    "AdminConfirmSignUp",
    "AdminCreateUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminResetUserPassword",
    "AdminUpdateUserAttributes",
    "DeleteUserAttributes",
    "GetUserAttributeVerificationCode",
    "ResendConfirmationCode",
    "UpdateUserAttributes",
    "VerifyUserAttribute",
];

/// Those that carry a token, a password or an app client's id in place of a signature: no policy can allow or forbid
/// them.
pub const NOT_IN_IAM: [&str; 8] = [
    "DeleteUserAttributes",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "InitiateAuth",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "UpdateUserAttributes",
    "VerifyUserAttribute",
];

pub fn operations() -> impl Iterator<Item = &'static str> {
    READINGS.into_iter().chain(SIGN_IN).chain(WRITES)
}

/// What is said where a call may have done what it was for, by what it is for.
pub fn doubt(operation: &str) -> &'static str {
    match operation {
        "InitiateAuth" | "AdminInitiateAuth" => "may be on its way",
        "RespondToAuthChallenge" | "AdminRespondToAuthChallenge" => "may have been taken",
        "GetUserAttributeVerificationCode" | "ResendConfirmationCode" => "may have gone out",
        _ => "may have been applied",
    }
}

/// The operations in the sources of all that asks the service, by the SDK's names for them.
#[test]
fn the_operations_are_all_that_the_program_calls() {
    let source = |file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cognito").join(file);
        std::fs::read_to_string(path).unwrap()
    };
    let files = [
        "clients.rs",
        "groups.rs",
        "reader.rs",
        "secret_hash.rs",
        "sign_in.rs",
        "writer.rs",
        "writer/calls.rs",
    ];
    let text: String = files.map(source).concat();
    // `self.client.call(`, `client.call(` and `self.client().call(`; an app client's id has `as_str` only.
    let called: BTreeSet<String> = text
        .match_indices('.')
        .filter(|(at, _)| {
            let before = text[..*at].trim_end();
            let before = before.strip_suffix("()").unwrap_or(before);
            before
                .strip_suffix("client")
                .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
        .filter_map(|(at, _)| text[at + 1..].split_once('('))
        .map(|(name, _)| name)
        .filter(|name| *name != "as_str" && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .map(|snake| {
            snake
                .split('_')
                .map(|word| match word {
                    "csv" => "CSV".to_owned(),
                    word => word[..1].to_uppercase() + &word[1..],
                })
                .collect::<String>()
        })
        .collect();
    let listed: BTreeSet<String> = operations().map(str::to_owned).collect();
    assert_eq!(called, listed);
}
