//! Request-rate quotas, because they are shared by everything in an account and a console that eats them stops
//! people from signing in. Source: Cognito developer guide, "Quotas in Amazon Cognito": categories, operations and
//! default requests per second per account and Region; 5 a second per operation and pool for four categories; ten
//! reads and ten writes a second for one user. How the service meters is undocumented; here it is a token bucket
//! that holds one second's worth.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Enforced;
use super::wire::Refusal;

struct Category {
    name: &'static str,
    per_second: u32,
    per_pool: bool,
    operations: &'static [&'static str],
}

const CATEGORIES: &[Category] = &[
    Category {
        name: "UserAuthentication",
        per_second: 120,
        per_pool: false,
        operations: &[
            "InitiateAuth",
            "RespondToAuthChallenge",
            "AdminInitiateAuth",
            "AdminRespondToAuthChallenge",
        ],
    },
    Category {
        name: "UserCreation",
        per_second: 50,
        per_pool: false,
        operations: &["SignUp", "ConfirmSignUp", "AdminCreateUser", "AdminConfirmSignUp"],
    },
    Category {
        name: "UserAccountRecovery",
        per_second: 30,
        per_pool: false,
        operations: &[
            "ChangePassword",
            "ConfirmForgotPassword",
            "ForgotPassword",
            "AdminResetUserPassword",
            "AdminSetUserPassword",
        ],
    },
    Category {
        name: "UserRead",
        per_second: 120,
        per_pool: false,
        operations: &["AdminGetUser", "AdminGetUserAuthFactors", "GetUser"],
    },
    Category {
        name: "UserUpdate",
        per_second: 25,
        per_pool: false,
        operations: &[
            "AdminAddUserToGroup",
            "AdminDeleteUserAttributes",
            "AdminUpdateUserAttributes",
            "AdminDeleteUser",
            "AdminDisableUser",
            "AdminEnableUser",
            "AdminLinkProviderForUser",
            "AdminDisableProviderForUser",
            "VerifyUserAttribute",
            "DeleteUser",
            "DeleteUserAttributes",
            "UpdateUserAttributes",
            "AdminUserGlobalSignOut",
            "GlobalSignOut",
            "AdminRemoveUserFromGroup",
        ],
    },
    Category {
        name: "UserResourceRead",
        per_second: 50,
        per_pool: false,
        operations: &[
            "AdminGetDevice",
            "AdminListGroupsForUser",
            "AdminListDevices",
            "GetUserAttributeVerificationCode",
            "ResendConfirmationCode",
            "AdminListUserAuthEvents",
        ],
    },
    Category {
        name: "UserList",
        per_second: 30,
        per_pool: false,
        operations: &["ListUsers", "ListUsersInGroup"],
    },
    Category {
        name: "UserPoolRead",
        per_second: 15,
        per_pool: false,
        operations: &["DescribeUserPool", "ListUserPools"],
    },
    Category {
        name: "UserPoolUpdate",
        per_second: 15,
        per_pool: false,
        operations: &["CreateUserPool", "UpdateUserPool", "DeleteUserPool"],
    },
    Category {
        name: "UserPoolResourceRead",
        per_second: 20,
        per_pool: true,
        operations: &[
            "DescribeIdentityProvider",
            "GetCSVHeader",
            "GetGroup",
            "GetUserPoolMfaConfig",
            "ListGroups",
            "ListIdentityProviders",
        ],
    },
    Category {
        name: "UserPoolResourceUpdate",
        per_second: 15,
        per_pool: true,
        operations: &["AddCustomAttributes", "CreateGroup", "CreateIdentityProvider"],
    },
    Category {
        name: "UserPoolClientRead",
        per_second: 15,
        per_pool: true,
        operations: &["DescribeUserPoolClient", "ListUserPoolClients"],
    },
    Category {
        name: "UserPoolClientUpdate",
        per_second: 15,
        per_pool: true,
        operations: &["CreateUserPoolClient"],
    },
];

const PER_POOL: u32 = 5;
const PER_USER: u32 = 10;
const USER_READS: [&str; 2] = ["AdminGetUser", "GetUser"];
const USER_WRITES: [&str; 7] = [
    "AdminUpdateUserAttributes",
    "AdminDeleteUserAttributes",
    "AdminEnableUser",
    "AdminDisableUser",
    "UpdateUserAttributes",
    "DeleteUserAttributes",
    "VerifyUserAttribute",
];

/// One request in a bucket.
const REQUEST: i64 = 1_000_000_000;

/// The buckets of one account and Region.
pub(crate) struct Quotas {
    enforced: Enforced,
    changed: HashMap<String, u32>,
    buckets: HashMap<String, Bucket>,
}

struct Bucket {
    /// Billionths of a request, so that whoever keeps exactly to the rate is not refused for what rounding lost.
    left: i64,
    at: Timestamp,
}

impl Quotas {
    pub(crate) fn new() -> Self {
        Self {
            enforced: Enforced::No,
            changed: HashMap::new(),
            buckets: HashMap::new(),
        }
    }

    pub(crate) fn enforce(&mut self, enforced: Enforced) {
        self.enforced = enforced;
        self.buckets.clear();
    }

    pub(crate) fn set(&mut self, category: &str, per_second: u32) {
        self.changed.insert(category.to_owned(), per_second);
        self.buckets.remove(category);
    }

    /// Takes one request from every bucket it counts in, or refuses it and takes none. The user is whatever the
    /// request says of one: a name, or an access token.
    pub(crate) fn take(&mut self, operation: &str, pool: &str, user: &str, now: Timestamp) -> Result<(), Refusal> {
        if self.enforced == Enforced::No {
            return Ok(());
        }
        let mut counts: Vec<(String, u32)> = Vec::new();
        if let Some(category) = CATEGORIES.iter().find(|c| c.operations.contains(&operation)) {
            let rate = self.changed.get(category.name).copied().unwrap_or(category.per_second);
            counts.push((category.name.to_owned(), rate));
            if category.per_pool {
                counts.push((format!("{operation}/{pool}"), PER_POOL));
            }
        }
        if USER_READS.contains(&operation) {
            counts.push((format!("read/{pool}/{user}"), PER_USER));
        }
        if USER_WRITES.contains(&operation) {
            counts.push((format!("write/{pool}/{user}"), PER_USER));
        }
        for (name, rate) in &counts {
            let full = i64::from(*rate) * REQUEST;
            let bucket = self
                .buckets
                .entry(name.clone())
                .or_insert(Bucket { left: full, at: now });
            let passed = now.duration_since(bucket.at).as_nanos().clamp(0, 60_000_000_000);
            let passed = i64::try_from(passed).unwrap_or_default();
            bucket.left = (bucket.left + passed * i64::from(*rate)).min(full);
            bucket.at = now;
        }
        let short = counts
            .iter()
            .any(|(name, _)| self.buckets.get(name).is_some_and(|b| b.left < REQUEST));
        if short {
            // "Rate exceeded": github.com/boto/boto3/issues/2517.
            return Err(Refusal::new("TooManyRequestsException", "Rate exceeded"));
        }
        for (name, _) in &counts {
            if let Some(bucket) = self.buckets.get_mut(name) {
                bucket.left -= REQUEST;
            }
        }
        // Buckets of single users and pools would pile up in a long scan; a full one says nothing.
        if self.buckets.len() > 10_000 {
            self.buckets.retain(|_, bucket| bucket.at == now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_category_refuses_after_its_rate_and_recovers_with_the_clock() {
        let mut quotas = Quotas::new();
        quotas.enforce(Enforced::Yes);
        let mut now = Timestamp::UNIX_EPOCH;
        for _ in 0..30 {
            quotas.take("ListUsers", "p", "", now).unwrap();
        }
        let refusal = quotas.take("ListUsers", "p", "", now).unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), refusal.message.as_str()),
            ("TooManyRequestsException", "Rate exceeded")
        );
        quotas.take("AdminGetUser", "p", "u", now).unwrap();
        now += SignedDuration::from_millis(34);
        quotas.take("ListUsers", "p", "", now).unwrap();
        quotas.take("ListUsers", "p", "", now).unwrap_err();
    }

    #[test]
    fn nothing_is_lost_between_two_requests() {
        let mut quotas = Quotas::new();
        quotas.enforce(Enforced::Yes);
        let mut now = Timestamp::UNIX_EPOCH;
        for _ in 0..30 {
            quotas.take("ListUsers", "p", "", now).unwrap();
        }
        for _ in 0..3_000 {
            now += SignedDuration::from_nanos(33_333_400);
            quotas.take("ListUsers", "p", "", now).unwrap();
        }
    }

    #[test]
    fn one_user_has_ten_writes_a_second() {
        let mut quotas = Quotas::new();
        quotas.enforce(Enforced::Yes);
        for _ in 0..10 {
            quotas
                .take("AdminUpdateUserAttributes", "p", "jane", Timestamp::UNIX_EPOCH)
                .unwrap();
        }
        quotas
            .take("AdminUpdateUserAttributes", "p", "jane", Timestamp::UNIX_EPOCH)
            .unwrap_err();
        quotas
            .take("AdminUpdateUserAttributes", "p", "bob", Timestamp::UNIX_EPOCH)
            .unwrap();
    }

    #[test]
    fn what_users_do_to_themselves_counts_in_the_categories_of_the_administrators() {
        for (operation, category) in [
            ("UpdateUserAttributes", "UserUpdate"),
            ("DeleteUserAttributes", "UserUpdate"),
            ("VerifyUserAttribute", "UserUpdate"),
            ("GetUserAttributeVerificationCode", "UserResourceRead"),
            ("ResendConfirmationCode", "UserResourceRead"),
            ("ConfirmSignUp", "UserCreation"),
            ("AdminConfirmSignUp", "UserCreation"),
            ("AdminResetUserPassword", "UserAccountRecovery"),
        ] {
            let mut quotas = Quotas::new();
            quotas.enforce(Enforced::Yes);
            quotas.set(category, 1);
            quotas.take(operation, "", "a token", Timestamp::UNIX_EPOCH).unwrap();
            quotas
                .take(operation, "", "another", Timestamp::UNIX_EPOCH)
                .unwrap_err();
        }
    }

    #[test]
    fn pool_resources_have_five_a_second_per_operation_and_pool() {
        let mut quotas = Quotas::new();
        quotas.enforce(Enforced::Yes);
        for _ in 0..5 {
            quotas.take("ListGroups", "p", "", Timestamp::UNIX_EPOCH).unwrap();
        }
        quotas.take("ListGroups", "p", "", Timestamp::UNIX_EPOCH).unwrap_err();
        quotas.take("ListGroups", "q", "", Timestamp::UNIX_EPOCH).unwrap();
        quotas
            .take("ListIdentityProviders", "p", "", Timestamp::UNIX_EPOCH)
            .unwrap();
    }

    #[test]
    fn a_quota_can_be_raised_and_everything_passes_when_off() {
        let mut quotas = Quotas::new();
        for _ in 0..100 {
            quotas.take("DescribeUserPool", "p", "", Timestamp::UNIX_EPOCH).unwrap();
        }
        quotas.enforce(Enforced::Yes);
        quotas.set("UserPoolRead", 2);
        quotas.take("DescribeUserPool", "p", "", Timestamp::UNIX_EPOCH).unwrap();
        quotas.take("DescribeUserPool", "p", "", Timestamp::UNIX_EPOCH).unwrap();
        quotas
            .take("DescribeUserPool", "p", "", Timestamp::UNIX_EPOCH)
            .unwrap_err();
    }

    #[test]
    fn every_operation_counts_in_one_category() {
        for name in super::super::operations::names() {
            let counted = CATEGORIES.iter().filter(|category| category.operations.contains(&name));
            assert_eq!(counted.count(), 1, "{name}");
        }
    }

    #[test]
    fn signing_in_has_its_own_category_and_clients_five_a_second_in_each_pool() {
        let mut quotas = Quotas::new();
        quotas.enforce(Enforced::Yes);
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..60 {
            quotas.take("InitiateAuth", "", "", now).unwrap();
            quotas.take("AdminRespondToAuthChallenge", "p", "", now).unwrap();
        }
        quotas.take("RespondToAuthChallenge", "", "", now).unwrap_err();
        for _ in 0..5 {
            quotas.take("DescribeUserPoolClient", "p", "", now).unwrap();
        }
        quotas.take("DescribeUserPoolClient", "p", "", now).unwrap_err();
        quotas.take("ListUserPoolClients", "p", "", now).unwrap();
    }
}
