//! The job that ends in a call of this name, where there is one such job.

use cognitui::domain::sign_in::{Flow, Password};
use cognitui::domain::{ClientId, Place, Raw, Route, Secret, Username};
use cognitui::job::groups::Members;
use cognitui::job::{Job, SignedIn};

use super::program::Program;
use super::service::PASSWORD;

/// What an invited user answers with in the place of the temporary password.
const NEW: &str = "Another-Invented-1!";

/// Whose members are read.
pub const GROUP: &str = "readers";

/// A reading. GetUser takes a token that is held for the pool already.
pub fn reading(operation: &str, place: Place, username: Username, client: ClientId) -> Job {
    match operation {
        "AdminGetUser" => Job::GetUser {
            place,
            username,
            route: Route::Admin,
        },
        "GetUser" => Job::GetUser {
            place,
            username,
            route: Route::Own,
        },
        "AdminListGroupsForUser" => Job::Groups { place, username },
        "DescribeIdentityProvider" | "ListIdentityProviders" => Job::Providers { place },
        "GetCSVHeader" => Job::ImportHeader { place },
        "DescribeUserPool" => Job::DescribePool { place },
        "ListUserPools" => Job::ListPools {
            target: place.target,
            token: None,
        },
        "ListGroups" => Job::ListGroups { place },
        "ListUsersInGroup" => Job::ReadMembers {
            place,
            members: Members {
                groups: vec![Raw::from(GROUP)],
                rate: 10,
            },
        },
        "ListUsers" => Job::ListUsers { place, token: None },
        "ListUserPoolClients" => Job::Clients { place },
        "DescribeUserPoolClient" => Job::Client { place, client },
        other => panic!("no job calls {other}"),
    }
}

/// One step of a sign-in; the challenge before it, which `invited` has to meet, is met already.
pub fn step(operation: &str, program: &Program, place: &Place, client: ClientId, ann: &str, invited: &str) -> Job {
    let flow = if operation.starts_with("Admin") {
        Flow::AdminPassword
    } else {
        Flow::UserPassword
    };
    let password = |username: &str| Password {
        flow,
        client: client.clone(),
        username: Raw::from(username),
        password: Secret::new(PASSWORD),
        expected: None,
    };
    let place = place.clone();
    if operation.ends_with("InitiateAuth") {
        return Job::SignIn {
            place,
            password: password(ann),
        };
    }
    match program.sign_in(&place, password(invited)) {
        Ok(SignedIn::Challenge(challenge)) => Job::AnswerChallenge {
            place,
            challenge,
            answers: vec![("NEW_PASSWORD".to_owned(), Secret::new(NEW))],
        },
        other => panic!("{other:?}"),
    }
}
