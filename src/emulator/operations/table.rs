//! Every operation the emulator has, with its input members: one entry adds one.

use super::super::constraint::*;
use super::super::{
    access, account, client, groups, listing, own_attributes, pool_admin, providers, sign_in, sign_up, user_admin,
};
use super::Operation;

/// The Username of a user that exists already. The model's pattern is applied when nobody of that name is found, so
/// that users the seed put beyond the pattern (to try hostile names) can be reached.
const KNOWN_USER: Shape = Shape::Text {
    min: 1,
    max: 128,
    pattern: Pattern::Any,
    secrecy: Secrecy::Sensitive,
};

const POOL: Member = required("UserPoolId", POOL_ID);
const USER: Member = required("Username", KNOWN_USER);
const METADATA: Member = optional("ClientMetadata", Shape::Map);
const ACCESS: Member = required("AccessToken", ACCESS_TOKEN);
const CLIENT: Member = required("ClientId", CLIENT_ID);
const HASH: Member = optional("SecretHash", SECRET_HASH);
/// ConfirmationCodeType.
const CODE: Shape = text(1, 2048, Pattern::NoBlank);

/// Every operation. Input members, required marks and limits are those of the API model (botocore, cognito-idp,
/// 2016-04-18).
pub(super) static OPERATIONS: &[Operation] = &[
    Operation {
        name: "AddCustomAttributes",
        members: &[
            POOL,
            required("CustomAttributes", Shape::Structures { min: 1, max: 25 }),
        ],
        run: pool_admin::add_custom_attributes,
    },
    Operation {
        name: "AdminAddUserToGroup",
        members: &[POOL, USER, required("GroupName", GROUP_NAME)],
        run: groups::add_user,
    },
    Operation {
        name: "AdminConfirmSignUp",
        members: &[POOL, USER, METADATA],
        run: account::confirm_sign_up,
    },
    Operation {
        name: "AdminCreateUser",
        members: &[
            POOL,
            required("Username", USERNAME),
            optional("UserAttributes", Shape::Attributes),
            optional("ValidationData", Shape::Attributes),
            optional("TemporaryPassword", PASSWORD),
            optional("ForceAliasCreation", Shape::Flag),
            optional("MessageAction", Shape::OneOf(&["RESEND", "SUPPRESS"])),
            optional(
                "DesiredDeliveryMediums",
                Shape::Texts {
                    of: &Shape::OneOf(&["SMS", "EMAIL"]),
                    min: 0,
                    max: 2,
                },
            ),
            METADATA,
        ],
        run: user_admin::create,
    },
    Operation {
        name: "AdminDeleteUser",
        members: &[POOL, USER],
        run: user_admin::delete,
    },
    Operation {
        name: "AdminDeleteUserAttributes",
        members: &[
            POOL,
            USER,
            required(
                "UserAttributeNames",
                Shape::Texts {
                    of: &ATTRIBUTE_NAME,
                    min: 0,
                    max: usize::MAX,
                },
            ),
        ],
        run: user_admin::delete_attributes,
    },
    Operation {
        name: "AdminDisableUser",
        members: &[POOL, USER],
        run: user_admin::disable,
    },
    Operation {
        name: "AdminEnableUser",
        members: &[POOL, USER],
        run: user_admin::enable,
    },
    Operation {
        name: "AdminGetUser",
        members: &[POOL, USER],
        run: user_admin::get,
    },
    Operation {
        name: "AdminInitiateAuth",
        members: sign_in::ADMIN_INITIATE,
        run: sign_in::admin_initiate,
    },
    Operation {
        name: "AdminListGroupsForUser",
        members: &[POOL, USER, optional("Limit", PAGE), optional("NextToken", TOKEN)],
        run: groups::list_of_user,
    },
    Operation {
        name: "AdminResetUserPassword",
        members: &[POOL, USER, METADATA],
        run: account::reset_password,
    },
    Operation {
        name: "AdminRespondToAuthChallenge",
        members: sign_in::ADMIN_RESPOND,
        run: sign_in::admin_respond,
    },
    Operation {
        name: "AdminSetUserPassword",
        members: &[
            POOL,
            USER,
            required("Password", PASSWORD),
            optional("Permanent", Shape::Flag),
        ],
        run: user_admin::set_password,
    },
    Operation {
        name: "AdminUpdateUserAttributes",
        members: &[POOL, USER, required("UserAttributes", Shape::Attributes), METADATA],
        run: user_admin::update_attributes,
    },
    Operation {
        name: "AdminUserGlobalSignOut",
        members: &[POOL, USER],
        run: access::admin_global_sign_out,
    },
    Operation {
        name: "ConfirmSignUp",
        members: &[
            CLIENT,
            HASH,
            USER,
            required("ConfirmationCode", CODE),
            optional("ForceAliasCreation", Shape::Flag),
            METADATA,
        ],
        run: sign_up::confirm,
    },
    Operation {
        name: "CreateGroup",
        members: &[
            POOL,
            required("GroupName", GROUP_NAME),
            optional("Description", text(0, 2048, Pattern::Any)),
            optional("RoleArn", text(20, 2048, Pattern::Any)),
            optional("Precedence", Shape::Whole { min: 0, max: i64::MAX }),
        ],
        run: groups::create,
    },
    Operation {
        name: "CreateIdentityProvider",
        members: &[
            POOL,
            required("ProviderName", text(1, 32, Pattern::Name)),
            required("ProviderType", Shape::OneOf(providers::KINDS)),
            required("ProviderDetails", Shape::Map),
            optional("AttributeMapping", Shape::Map),
        ],
        run: providers::create,
    },
    Operation {
        name: "CreateUserPool",
        members: pool_admin::CREATE,
        run: pool_admin::create,
    },
    Operation {
        name: "CreateUserPoolClient",
        members: client::CREATE,
        run: client::create,
    },
    Operation {
        name: "DeleteUserAttributes",
        members: &[
            ACCESS,
            required(
                "UserAttributeNames",
                Shape::Texts {
                    of: &ATTRIBUTE_NAME,
                    min: 0,
                    max: usize::MAX,
                },
            ),
        ],
        run: own_attributes::delete,
    },
    Operation {
        name: "DescribeIdentityProvider",
        members: &[POOL, required("ProviderName", text(1, 32, Pattern::Name))],
        run: providers::describe,
    },
    Operation {
        name: "DescribeUserPool",
        members: &[POOL],
        run: pool_admin::describe,
    },
    Operation {
        name: "DescribeUserPoolClient",
        members: &[POOL, required("ClientId", CLIENT_ID)],
        run: client::describe,
    },
    Operation {
        name: "GetCSVHeader",
        members: &[POOL],
        run: pool_admin::csv_header,
    },
    Operation {
        name: "GetUser",
        members: &[required("AccessToken", ACCESS_TOKEN)],
        run: access::get_user,
    },
    Operation {
        name: "GetUserAttributeVerificationCode",
        members: &[ACCESS, required("AttributeName", ATTRIBUTE_NAME), METADATA],
        run: own_attributes::send_code,
    },
    Operation {
        name: "GetUserPoolMfaConfig",
        members: &[POOL],
        run: pool_admin::mfa_config,
    },
    Operation {
        name: "GlobalSignOut",
        members: &[required("AccessToken", ACCESS_TOKEN)],
        run: access::global_sign_out,
    },
    Operation {
        name: "InitiateAuth",
        members: sign_in::INITIATE,
        run: sign_in::initiate,
    },
    Operation {
        name: "ListGroups",
        members: &[POOL, optional("Limit", PAGE), optional("NextToken", TOKEN)],
        run: groups::list,
    },
    Operation {
        name: "ListIdentityProviders",
        members: &[POOL, optional("MaxResults", PAGE), optional("NextToken", TOKEN)],
        run: providers::list,
    },
    Operation {
        name: "ListUserPoolClients",
        members: &[
            POOL,
            optional("MaxResults", Shape::Whole { min: 1, max: 60 }),
            optional("NextToken", TOKEN),
            optional("ClientType", Shape::OneOf(&["REGULAR", "DCR"])),
        ],
        run: client::list,
    },
    Operation {
        name: "ListUserPools",
        members: &[
            required("MaxResults", Shape::Whole { min: 1, max: 60 }),
            optional("NextToken", TOKEN),
        ],
        run: pool_admin::list,
    },
    Operation {
        name: "ListUsers",
        members: &[
            POOL,
            optional(
                "AttributesToGet",
                Shape::Texts {
                    of: &ATTRIBUTE_NAME,
                    min: 0,
                    max: usize::MAX,
                },
            ),
            optional("Limit", PAGE),
            optional("PaginationToken", TOKEN),
            optional("Filter", text(0, 256, Pattern::Any)),
        ],
        run: listing::list_users,
    },
    Operation {
        name: "ListUsersInGroup",
        members: &[
            POOL,
            required("GroupName", GROUP_NAME),
            optional("Limit", PAGE),
            optional("NextToken", TOKEN),
        ],
        run: groups::members,
    },
    Operation {
        name: "ResendConfirmationCode",
        members: &[CLIENT, HASH, USER, METADATA],
        run: sign_up::resend,
    },
    Operation {
        name: "RespondToAuthChallenge",
        members: sign_in::RESPOND,
        run: sign_in::respond,
    },
    Operation {
        name: "UpdateUserAttributes",
        members: &[ACCESS, required("UserAttributes", Shape::Attributes), METADATA],
        run: own_attributes::update,
    },
    Operation {
        name: "VerifyUserAttribute",
        members: &[
            ACCESS,
            required("AttributeName", ATTRIBUTE_NAME),
            required("Code", CODE),
        ],
        run: own_attributes::verify,
    },
];
