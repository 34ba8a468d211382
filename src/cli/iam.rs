//! `cognitui iam`: the least policy, as a document that can be pasted into IAM.
//!
//! It is made from the one list of operations the console calls, so the policy cannot ask for more than is used.

use serde::Serialize;

use super::args::Mode;
use crate::config::{is_pool_id, quoted, region_of};

/// Every IAM action the console calls today, in the order of the policy. An operation that is added to the console is
/// added here. Who the caller is (STS GetCallerIdentity) needs no permission. ResendConfirmationCode is not signed, so
/// no policy speaks of it: the two actions on app clients are what it takes to name a client and to make its hash.
///
/// AdminCreateUser is called only to send an invitation again; IAM has no way to limit it to that.
const ACTIONS: &[(Mode, Scope, &str)] = &[
    (Mode::Read, Scope::AllPools, "cognito-idp:ListUserPools"),
    (Mode::Read, Scope::Pool, "cognito-idp:DescribeUserPool"),
    (Mode::Read, Scope::Pool, "cognito-idp:ListUsers"),
    (Mode::Read, Scope::Pool, "cognito-idp:AdminGetUser"),
    (Mode::Read, Scope::Pool, "cognito-idp:AdminListGroupsForUser"),
    (Mode::Read, Scope::Pool, "cognito-idp:ListGroups"),
    (Mode::Read, Scope::Pool, "cognito-idp:ListUsersInGroup"),
    (Mode::Read, Scope::Pool, "cognito-idp:ListIdentityProviders"),
    (Mode::Read, Scope::Pool, "cognito-idp:DescribeIdentityProvider"),
    (Mode::Read, Scope::Pool, "cognito-idp:GetCSVHeader"),
    (Mode::Write, Scope::Pool, "cognito-idp:AdminUpdateUserAttributes"),
    (Mode::Write, Scope::Pool, "cognito-idp:AdminConfirmSignUp"),
    (Mode::Write, Scope::Pool, "cognito-idp:AdminCreateUser"),
    (Mode::Write, Scope::Pool, "cognito-idp:AdminResetUserPassword"),
    (Mode::Write, Scope::Pool, "cognito-idp:AdminEnableUser"),
    (Mode::Write, Scope::Pool, "cognito-idp:AdminDisableUser"),
    (Mode::Write, Scope::Pool, "cognito-idp:ListUserPoolClients"),
    (Mode::Write, Scope::Pool, "cognito-idp:DescribeUserPoolClient"),
    // The calls that carry a user's token, and InitiateAuth, are not signed either.
    (Mode::Act, Scope::Pool, "cognito-idp:ListUserPoolClients"),
    (Mode::Act, Scope::Pool, "cognito-idp:DescribeUserPoolClient"),
    (Mode::Act, Scope::Pool, "cognito-idp:AdminInitiateAuth"),
    (Mode::Act, Scope::Pool, "cognito-idp:AdminRespondToAuthChallenge"),
];

/// What an action can be limited to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The service accepts no narrower resource than `*`.
    AllPools,
    Pool,
}

/// AWS keeps separate partitions, and an ARN names its own. The first match counts.
const PARTITIONS: &[(&str, &str)] = &[
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: Vec<&'static str>,
    resource: String,
}

/// Why no policy can be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPolicy {
    #[error(
        "--user-pool-id: {0} is not the id of a user pool: it looks like \"eu-west-1_aB3dE5fGh\" (not its name or ARN)"
    )]
    NotAnId(String),
    #[error(
        "--user-pool-id: {0} names no AWS region, so it is a pool of a stand-in service, which asks for no policy; \
         leave it out for a policy that fits every pool"
    )]
    NoRegion(String),
    #[error("the policy cannot be written as JSON: {0}")]
    Json(String),
}

/// The policy for one pool, or for every pool of the account. JSON with a final newline.
///
/// Without a pool the ARN is that of the standard partition; in China and GovCloud give the pool.
///
/// # Errors
/// The pool id is none, or names no region.
pub fn policy(mode: Mode, pool: Option<&str>) -> Result<String, NoPolicy> {
    let resource = match pool {
        Some(id) => arn(id)?,
        None => "arn:aws:cognito-idp:*:*:userpool/*".to_owned(),
    };
    let groups = [
        ("ListPools", Mode::Read, Scope::AllPools, "*".to_owned()),
        ("ReadUsers", Mode::Read, Scope::Pool, resource.clone()),
        ("ChangeUsers", Mode::Write, Scope::Pool, resource.clone()),
        ("SignInAsUsers", Mode::Act, Scope::Pool, resource),
    ];
    let statement = groups
        .into_iter()
        .filter(|(_, needed, _, _)| mode.includes(*needed))
        .map(|(sid, needed, scope, resource)| Statement {
            sid,
            effect: "Allow",
            action: ACTIONS
                .iter()
                .filter(|(of, on, _)| *of == needed && *on == scope)
                .map(|(_, _, action)| *action)
                .collect(),
            resource,
        })
        .collect();
    let policy = Policy {
        version: "2012-10-17",
        statement,
    };
    let json = serde_json::to_string_pretty(&policy).map_err(|error| NoPolicy::Json(error.to_string()))?;
    Ok(format!("{json}\n"))
}

fn arn(id: &str) -> Result<String, NoPolicy> {
    if !is_pool_id(id) {
        return Err(NoPolicy::NotAnId(quoted(id)));
    }
    let region = region_of(id).ok_or_else(|| NoPolicy::NoRegion(quoted(id)))?;
    let partition = PARTITIONS
        .iter()
        .find(|(prefix, _)| region.starts_with(prefix))
        .map_or("aws", |(_, partition)| *partition);
    Ok(format!("arn:{partition}:cognito-idp:{region}:*:userpool/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_every_pool() {
        let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListPools",
      "Effect": "Allow",
      "Action": [
        "cognito-idp:ListUserPools"
      ],
      "Resource": "*"
    },
    {
      "Sid": "ReadUsers",
      "Effect": "Allow",
      "Action": [
        "cognito-idp:DescribeUserPool",
        "cognito-idp:ListUsers",
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminListGroupsForUser",
        "cognito-idp:ListGroups",
        "cognito-idp:ListUsersInGroup",
        "cognito-idp:ListIdentityProviders",
        "cognito-idp:DescribeIdentityProvider",
        "cognito-idp:GetCSVHeader"
      ],
      "Resource": "arn:aws:cognito-idp:*:*:userpool/*"
    }
  ]
}
"#;
        assert_eq!(policy(Mode::Read, None).unwrap(), expected);
    }

    #[test]
    fn writing_one_pool() {
        let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListPools",
      "Effect": "Allow",
      "Action": [
        "cognito-idp:ListUserPools"
      ],
      "Resource": "*"
    },
    {
      "Sid": "ReadUsers",
      "Effect": "Allow",
      "Action": [
        "cognito-idp:DescribeUserPool",
        "cognito-idp:ListUsers",
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminListGroupsForUser",
        "cognito-idp:ListGroups",
        "cognito-idp:ListUsersInGroup",
        "cognito-idp:ListIdentityProviders",
        "cognito-idp:DescribeIdentityProvider",
        "cognito-idp:GetCSVHeader"
      ],
      "Resource": "arn:aws:cognito-idp:eu-west-1:*:userpool/eu-west-1_aB3dE5fGh"
    },
    {
      "Sid": "ChangeUsers",
      "Effect": "Allow",
      "Action": [
        "cognito-idp:AdminUpdateUserAttributes",
        "cognito-idp:AdminConfirmSignUp",
        "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminResetUserPassword",
        "cognito-idp:AdminEnableUser",
        "cognito-idp:AdminDisableUser",
        "cognito-idp:ListUserPoolClients",
        "cognito-idp:DescribeUserPoolClient"
      ],
      "Resource": "arn:aws:cognito-idp:eu-west-1:*:userpool/eu-west-1_aB3dE5fGh"
    }
  ]
}
"#;
        assert_eq!(policy(Mode::Write, Some("eu-west-1_aB3dE5fGh")).unwrap(), expected);
    }

    #[test]
    fn each_partition_has_its_own_arn() {
        for (id, arn) in [
            (
                "cn-north-1_a",
                "arn:aws-cn:cognito-idp:cn-north-1:*:userpool/cn-north-1_a",
            ),
            (
                "us-gov-west-1_a",
                "arn:aws-us-gov:cognito-idp:us-gov-west-1:*:userpool/us-gov-west-1_a",
            ),
            ("us-east-1_a", "arn:aws:cognito-idp:us-east-1:*:userpool/us-east-1_a"),
            (
                "eusc-de-east-1_a",
                "arn:aws-eusc:cognito-idp:eusc-de-east-1:*:userpool/eusc-de-east-1_a",
            ),
        ] {
            let policy = policy(Mode::Read, Some(id)).unwrap();
            assert!(policy.contains(&format!("\"Resource\": \"{arn}\"")), "{policy}");
        }
    }

    #[test]
    fn an_id_that_names_no_pool_of_aws_gets_no_policy() {
        for id in [
            "",
            "eu-west-1",
            "*",
            "eu-west-1_a\"",
            "eu-west-1_*",
            "arn:aws:x:y:z:userpool/eu-west-1_a",
        ] {
            let error = policy(Mode::Read, Some(id)).unwrap_err();
            assert!(matches!(error, NoPolicy::NotAnId(_)), "{id}");
        }
        let error = policy(Mode::Read, Some("local_4Xq3Z9aB")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "--user-pool-id: \"local_4Xq3Z9aB\" names no AWS region, so it is a pool of a stand-in service, which asks for \
             no policy; leave it out for a policy that fits every pool"
        );
    }

    #[test]
    fn signing_in_is_a_policy_of_its_own_beside_the_others() {
        let act = policy(Mode::Act, None).unwrap();
        for action in [
            "ListUserPoolClients",
            "DescribeUserPoolClient",
            "AdminInitiateAuth",
            "AdminRespondToAuthChallenge",
        ] {
            assert!(act.contains(&format!("\"cognito-idp:{action}\"")), "{act}");
        }
        assert!(!act.contains("GetUser") && !policy(Mode::Write, None).unwrap().contains("InitiateAuth"));
    }

    #[test]
    fn writing_asks_for_every_step_on_an_account() {
        let write = policy(Mode::Write, None).unwrap();
        for deed in crate::domain::Deed::ON_ACCOUNT {
            for action in deed.iam() {
                assert!(write.contains(&format!("\"{action}\"")), "{action}");
            }
        }
    }

    #[test]
    fn writing_asks_for_everything_reading_does_and_no_action_is_listed_twice() {
        let read = policy(Mode::Read, None).unwrap();
        let write = policy(Mode::Write, None).unwrap();
        for (mode, _, action) in ACTIONS.iter().filter(|(mode, ..)| *mode != Mode::Act) {
            assert_eq!(write.matches(&format!("\"{action}\"")).count(), 1, "{action}");
            assert_eq!(read.contains(action), *mode == Mode::Read, "{action}");
        }
        assert!(!write.contains("\"cognito-idp:*\""));
    }
}
