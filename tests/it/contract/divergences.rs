//! Where a service does not do what AWS does: the one place that says so. Each row names the statement of a scenario
//! and what is seen instead, exactly; when that changes, the test of the scenario fails until the row is taken out.

use super::service::Service::{self, CognitoLocal, Ministack, Moto};

/// One statement that does not hold on one service.
pub struct Divergence {
    pub service: Service,
    pub scenario: &'static str,
    pub statement: &'static str,
    /// What is seen instead, in the words of the scenario.
    pub instead: &'static str,
    /// Where that comes from, and what AWS says.
    pub source: &'static str,
}

const fn row(
    service: Service,
    scenario: &'static str,
    statement: &'static str,
    instead: &'static str,
    source: &'static str,
) -> Divergence {
    Divergence {
        service,
        scenario,
        statement,
        instead,
        source,
    }
}

const MOTO_UPDATE: &str = "moto 5.2.5, cognitoidp/models.py, update_attributes: keeps every name and value, checks \
    none and derives none; Cognito API reference, AdminUpdateUserAttributes";
const MOTO_FILTER: &str = "moto 5.2.5, cognitoidp/models.py, list_users: compares as written, with escapes unread; \
    Cognito developer guide, searching for users";
const MOTO_NAMES: &str = "moto 5.2.5, cognitoidp/models.py, admin_get_user: by username and sign-in name; Cognito \
    API reference, AdminGetUser, Username";
const LOCAL_LIMITS: &str = "cognito-local 5.3.0, userPoolService, validatePermittedAttributeChanges: names and \
    mutability, no values; Cognito developer guide, user attributes";
const LOCAL_FILTER: &str = "cognito-local 5.3.0, services/filter: compares as written, with escapes unread; Cognito \
    developer guide, searching for users";
const LOCAL_NAMES: &str = "cognito-local 5.3.0, userPoolService, getUserByUsername: by username, sub and sign-in \
    name; Cognito API reference, AdminGetUser, Username";
const LOCAL_POOL_WORDS: &str = "cognito-local 5.3.0, cognitoService, getUserPool: words of its own";
const LOCAL_FLAG_ALONE: &str = "cognito-local 5.3.0, userPoolService, validatePermittedAttributeChanges: wants the \
    contact in the same request; Cognito API reference, AdminUpdateUserAttributes";
const LOCAL_NO_WAITING: &str = "cognito-local 5.3.0, adminUpdateUserAttributes: saves at once; Cognito developer \
    guide, verifying updates to e-mail addresses and phone numbers";
const LOCAL_LIST: &str =
    "cognito-local 5.3.0, listUsers: one page, whatever Limit and token say; Cognito API reference, ListUsers";
const LOCAL_NO_ALIAS: &str =
    "cognito-local 5.3.0, adminUpdateUserAttributes: knows no aliases; github.com/boto/boto3#3213";

const MOTO_AUTH: &str = "moto 5.2.5, cognitoidp/models.py, initiate_auth and admin_initiate_auth: words of its own, and \
    no look at the client's flows or secret; Cognito API reference, InitiateAuth, AdminInitiateAuth";
const MOTO_TOKEN: &str = "moto 5.2.5, cognitoidp/models.py, get_user: words of its own; Cognito API reference, GetUser, \
    Errors";
const LOCAL_AUTH: &str = "cognito-local 5.3.0, initiateAuth: another error for a wrong password and for an unknown user; \
    Cognito API reference, InitiateAuth, Errors";
const LOCAL_CODES: &str = "cognito-local 5.3.0, updateUserAttributes, getUserAttributeVerificationCode: the destination as \
    it is, and an empty answer to the second; Cognito API reference, CodeDeliveryDetailsType";
const LOCAL_CODE_WORDS: &str = "cognito-local 5.3.0, verifyUserAttribute: words of its own, and one code for everything; \
    Cognito API reference, VerifyUserAttribute, Errors";
const LOCAL_FIRST: &str = "cognito-local 5.3.0, initiateAuth, respondToAuthChallenge: asks for a new password before it looks \
    at the one given, and takes any";
const LOCAL_SMS: &str = "cognito-local 5.3.0, initiateAuth: wants MFAOptions of the user, which no operation sets; Cognito \
    API reference, SetUserMFAPreference";

pub const DIVERGENCES: &[Divergence] = &[
    row(
        Moto,
        "pools",
        "the schema has every standard attribute",
        "identities",
        "moto 5.2.5, cognitoidp/models.py: its list of standard attributes; AWS CLI reference, \
         describe-user-pool, examples",
    ),
    row(
        CognitoLocal,
        "pools",
        "the schema has every standard attribute",
        "identities",
        "cognito-local 5.3.0, USER_POOL_AWS_DEFAULTS; AWS CLI reference, describe-user-pool, examples",
    ),
    row(
        CognitoLocal,
        "pools",
        "an answer carries its request id",
        "no",
        "cognito-local 5.3.0, server: sends no x-amzn-requestid",
    ),
    row(
        CognitoLocal,
        "pools",
        "what is verified before an update is told",
        "{}",
        "cognito-local 5.3.0, describeUserPool: leaves UserAttributeUpdateSettings out; Cognito API \
         reference, UserPoolType",
    ),
    row(
        CognitoLocal,
        "pools",
        "a pool that is not there is told as such",
        "ResourceNotFoundException: User Pool us-east-1_NotThere1 not found",
        LOCAL_POOL_WORDS,
    ),
    row(
        CognitoLocal,
        "pools",
        "a pool without identity providers has none",
        "Unsupported: Cognito Local unsupported feature: Unsupported x-amz-target header \"ListIdentityProviders\"",
        "cognito-local 5.3.0: has no ListIdentityProviders",
    ),
    row(
        Moto,
        "listing",
        "a token that is none is refused",
        "InvalidToken",
        "moto 5.2.5, utilities/paginator.py; Cognito API reference, ListUsers, Errors: has no such code",
    ),
    row(CognitoLocal, "listing", "a page holds sixty", "[130]", LOCAL_LIST),
    row(
        CognitoLocal,
        "listing",
        "a token that is none is refused",
        "130 users",
        LOCAL_LIST,
    ),
    row(Moto, "finding", "an address in other case", "nobody", MOTO_FILTER),
    row(Moto, "finding", "a name with a quotation mark", "nobody", MOTO_FILTER),
    row(Moto, "finding", "a name with a backslash", "nobody", MOTO_FILTER),
    row(
        Moto,
        "owners",
        "who has an address in other case",
        "nobody",
        MOTO_FILTER,
    ),
    row(
        CognitoLocal,
        "finding",
        "an address in other case",
        "nobody",
        LOCAL_FILTER,
    ),
    row(
        CognitoLocal,
        "finding",
        "a name with a quotation mark",
        "nobody",
        LOCAL_FILTER,
    ),
    row(
        CognitoLocal,
        "finding",
        "a name with a backslash",
        "nobody",
        LOCAL_FILTER,
    ),
    row(
        CognitoLocal,
        "owners",
        "who has an address in other case",
        "nobody",
        LOCAL_FILTER,
    ),
    row(
        Moto,
        "reading",
        "a sub names its user",
        "UserNotFoundException: User does not exist.",
        MOTO_NAMES,
    ),
    row(
        Moto,
        "reading",
        "a verified alias names its user",
        "UserNotFoundException: User does not exist.",
        MOTO_NAMES,
    ),
    row(
        CognitoLocal,
        "reading",
        "a verified alias names its user",
        "UserNotFoundException: User does not exist.",
        LOCAL_NAMES,
    ),
    row(
        CognitoLocal,
        "reading",
        "a pool that is not there has no users",
        "ResourceNotFoundException: User Pool us-east-1_NotThere1 not found",
        LOCAL_POOL_WORDS,
    ),
    row(
        CognitoLocal,
        "groups",
        "somebody who is not there",
        "UserNotFoundException: User not found.",
        "cognito-local 5.3.0, adminListGroupsForUser: words of its own",
    ),
    row(
        Moto,
        "writing",
        "a blank value deletes",
        "differs: given_name; given_name= family_name=Example",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "writing",
        "a blank value deletes a custom attribute, beside another that is set",
        "differs: custom:tier; custom:tier= nickname=Bobby",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "an attribute that the schema does not have",
        "applied; custom:nothing=x",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "an attribute that never changes",
        "applied; custom:employee=E-2",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "one wrong value refuses the right ones with it",
        "applied; nickname=Bobby custom:tier=gold",
        MOTO_UPDATE,
    ),
    row(
        CognitoLocal,
        "refusing",
        "an attribute that never changes",
        "refused: InvalidParameterException: user.custom:employee: Attribute cannot be updated. (changing an \
         immutable attribute); custom:employee=E-1001",
        "cognito-local 5.3.0, userPoolService, validatePermittedAttributeChanges: adds words of its own; \
         github.com/aws-amplify/aws-sdk-ios#4251",
    ),
    row(
        Moto,
        "refusing",
        "a number below its least",
        "applied; custom:seats=0",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "a number above its most",
        "applied; custom:seats=501",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "a number that is none",
        "applied; custom:seats=many",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "a Boolean that is none",
        "applied; custom:active=perhaps",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "a date that is none",
        "applied; custom:since=yesterday",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "refusing",
        "a text above its longest",
        "applied; custom:tier=a tier with far too long a name",
        MOTO_UPDATE,
    ),
    row(
        CognitoLocal,
        "refusing",
        "a number below its least",
        "applied; custom:seats=0",
        LOCAL_LIMITS,
    ),
    row(
        CognitoLocal,
        "refusing",
        "a number above its most",
        "applied; custom:seats=501",
        LOCAL_LIMITS,
    ),
    row(
        CognitoLocal,
        "refusing",
        "a number that is none",
        "applied; custom:seats=many",
        LOCAL_LIMITS,
    ),
    row(
        CognitoLocal,
        "refusing",
        "a Boolean that is none",
        "applied; custom:active=perhaps",
        LOCAL_LIMITS,
    ),
    row(
        CognitoLocal,
        "refusing",
        "a date that is none",
        "applied; custom:since=yesterday",
        LOCAL_LIMITS,
    ),
    row(
        CognitoLocal,
        "refusing",
        "a text above its longest",
        "applied; custom:tier=a tier with far too long a name",
        LOCAL_LIMITS,
    ),
    row(
        Moto,
        "verifying",
        "a new address is in force at once and not verified",
        "applied; email=new@example.com email_verified=true",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "verifying",
        "an address is deleted, and its mark with it",
        "differs: email; email= email_verified=true",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "verifying",
        "a first address is not verified",
        "applied; email=first@example.com email_verified=-",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "verifying",
        "a new number is in force at once and not verified",
        "applied; phone_number=+15550100009 phone_number_verified=true",
        MOTO_UPDATE,
    ),
    row(
        CognitoLocal,
        "verifying",
        "an address that is there is marked verified",
        "refused: InvalidParameterException: Email is required to verify/un-verify an email; \
         email=unverified@example.com email_verified=false",
        LOCAL_FLAG_ALONE,
    ),
    row(
        CognitoLocal,
        "verifying",
        "an address that is there is marked unverified",
        "refused: InvalidParameterException: Email is required to verify/un-verify an email; \
         email=undone@example.com email_verified=true",
        LOCAL_FLAG_ALONE,
    ),
    row(
        CognitoLocal,
        "verifying",
        "an address is deleted, and its mark with it",
        "applied; email=- email_verified=false",
        "cognito-local 5.3.0, userPoolService, defaultVerifiedAttributesIfModified: a deleted contact counts \
         as a changed one",
    ),
    row(
        CognitoLocal,
        "verifying",
        "a first address is not verified",
        "refused: InvalidParameterException: User has no attribute matching desired auto verified attributes; \
         email=first@example.com email_verified=false",
        "cognito-local 5.3.0, adminUpdateUserAttributes: saves first, then looks for an address to send to in \
         the user as it was",
    ),
    row(
        Moto,
        "waiting",
        "a new address waits, and the old one stays in force",
        "applied; email=new@example.com email_verified=true",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "waiting",
        "what is sent beside it does not wait",
        "applied; email=new@example.com custom:tier=gold",
        MOTO_UPDATE,
    ),
    row(
        CognitoLocal,
        "waiting",
        "a new address waits, and the old one stays in force",
        "applied; email=new@example.com email_verified=false",
        LOCAL_NO_WAITING,
    ),
    row(
        CognitoLocal,
        "waiting",
        "what is sent beside it does not wait",
        "applied; email=new@example.com custom:tier=gold",
        LOCAL_NO_WAITING,
    ),
    row(
        Moto,
        "not_verified_by_itself",
        "a new address is in force at once and not verified",
        "applied; email=new@example.com email_verified=true",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "aliases",
        "the address of somebody else without a mark takes nothing",
        "applied; email=ann@example.com email_verified=true",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "aliases",
        "the address names who has it verified",
        "UserNotFoundException: User does not exist.",
        MOTO_NAMES,
    ),
    row(
        Moto,
        "aliases",
        "who had it keeps the address and loses the mark",
        "email=ann@example.com email_verified=true",
        MOTO_UPDATE,
    ),
    row(
        Moto,
        "aliases",
        "the address names who took it",
        "UserNotFoundException: User does not exist.",
        MOTO_NAMES,
    ),
    row(
        CognitoLocal,
        "aliases",
        "the address names who has it verified",
        "UserNotFoundException: User does not exist.",
        LOCAL_NAMES,
    ),
    row(
        CognitoLocal,
        "aliases",
        "who had it keeps the address and loses the mark",
        "email=ann@example.com email_verified=true",
        LOCAL_NO_ALIAS,
    ),
    row(
        CognitoLocal,
        "aliases",
        "the address names who took it",
        "UserNotFoundException: User does not exist.",
        LOCAL_NAMES,
    ),
    row(
        CognitoLocal,
        "signing_in_by_email",
        "an address that another user signs in with is refused",
        "applied; email=ann@example.com",
        "cognito-local 5.3.0, adminUpdateUserAttributes: looks for no other owner; github.com/aws/aws-sdk-net#4387",
    ),
    row(
        CognitoLocal,
        "signing_in_by_email",
        "the old address names nobody",
        "bo",
        "cognito-local 5.3.0, adminUpdateUserAttributes: gave the address to a second user before (the row above)",
    ),
    row(
        CognitoLocal,
        "becoming",
        "the token is good for an hour",
        "24 hours",
        "cognito-local 5.3.0, tokenGenerator; Cognito API reference, CreateUserPoolClient, AccessTokenValidity",
    ),
    row(
        CognitoLocal,
        "becoming",
        "a wrong password gives none",
        "InvalidPasswordException",
        LOCAL_AUTH,
    ),
    row(
        CognitoLocal,
        "becoming",
        "nobody of that name gets one",
        "NotAuthorizedException",
        LOCAL_AUTH,
    ),
    row(
        CognitoLocal,
        "own_attributes",
        "somebody who was deleted meanwhile",
        "not sent: UserNotFoundException: User not found.",
        "cognito-local 5.3.0, getUser: words of its own",
    ),
    row(
        CognitoLocal,
        "own_address",
        "a new address waits, the message is reported, and the old one stays in force",
        "waiting; email EMAIL new@example.org; email=ann@example.com email_verified=true",
        LOCAL_CODES,
    ),
    row(
        CognitoLocal,
        "own_address",
        "the code is sent once more, and that is reported too",
        "waiting; nothing reported; email=ann@example.com email_verified=true",
        LOCAL_CODES,
    ),
    row(
        CognitoLocal,
        "own_address",
        "a wrong code changes nothing",
        "refused: CodeMismatchException: Incorrect confirmation code; nothing reported; email=ann@example.com \
         email_verified=true",
        LOCAL_CODE_WORDS,
    ),
    row(
        CognitoLocal,
        "own_address",
        "a code is good once",
        "refused: CodeMismatchException",
        LOCAL_CODE_WORDS,
    ),
    row(
        CognitoLocal,
        "own_codes",
        "where nothing waits, the new address is in force, unverified, and the message is reported",
        "applied; email EMAIL new@example.org; email=new@example.org email_verified=false",
        LOCAL_CODES,
    ),
    row(
        CognitoLocal,
        "own_codes",
        "a code goes to the address that is there",
        "waiting; nothing reported",
        LOCAL_CODES,
    ),
    row(
        CognitoLocal,
        "own_codes",
        "there is no number to send a code to",
        "waiting",
        "cognito-local 5.3.0, getUserAttributeVerificationCode: sends to whatever the pool verifies, whichever attribute \
         was asked for",
    ),
    row(
        CognitoLocal,
        "own_attributes",
        "an attribute that never changes",
        "UpdateUserAttributes: refused: InvalidParameterException: user.custom:employee: Attribute cannot be updated. \
         (changing an immutable attribute); nothing reported; custom:employee=E-1001",
        "cognito-local 5.3.0, userPoolService, validatePermittedAttributeChanges: adds words of its own; \
         github.com/aws-amplify/aws-sdk-ios#4251",
    ),
    row(
        Moto,
        "signing_in",
        "by an administrator: a wrong password",
        "NotAuthorizedException: ann",
        MOTO_AUTH,
    ),
    row(
        Moto,
        "signing_in",
        "by an administrator: a sign-up that was not confirmed",
        "NotAuthorizedException: username",
        "moto 5.2.5, cognitoidp/models.py, admin_initiate_auth: gives a token, with which get_user then refuses",
    ),
    row(
        Moto,
        "signing_in",
        "a password that was reset",
        "NotAuthorizedException: username",
        "moto 5.2.5, cognitoidp/models.py, initiate_auth: gives a token, with which get_user then refuses",
    ),
    row(
        Moto,
        "signing_in",
        "by an administrator: a password that was reset",
        "asks for a new password",
        MOTO_AUTH,
    ),
    row(
        Moto,
        "signing_in",
        "an app client without this flow",
        "as ann",
        MOTO_AUTH,
    ),
    row(
        Moto,
        "signing_in",
        "an app client without the administrator's flow",
        "as ann",
        MOTO_AUTH,
    ),
    row(
        Moto,
        "signing_in",
        "an app client that is not there",
        "ResourceNotFoundException: CLIENT",
        MOTO_AUTH,
    ),
    row(Moto, "signing_in", "without the hash", "let in", MOTO_AUTH),
    row(Moto, "signing_in", "with a wrong hash", "let in", MOTO_AUTH),
    row(
        CognitoLocal,
        "first_password",
        "a wrong temporary password",
        "asks for a new password",
        LOCAL_FIRST,
    ),
    row(
        CognitoLocal,
        "first_password",
        "one that is too weak",
        "as weak",
        LOCAL_FIRST,
    ),
    row(
        CognitoLocal,
        "first_password",
        "by an administrator: a temporary password asks for a new one",
        "as cy",
        "cognito-local 5.3.0, adminInitiateAuth: has no challenges and lets everybody in whose password is right",
    ),
    row(
        CognitoLocal,
        "second_factors",
        "a code by SMS is asked for, and its destination told",
        "Unsupported: Cognito Local unsupported feature: SMS_MFA without SMS MFAOption",
        LOCAL_SMS,
    ),
    row(
        CognitoLocal,
        "second_factors",
        "the one sent lets its user in",
        "Unsupported: Cognito Local unsupported feature: SMS_MFA without SMS MFAOption",
        LOCAL_SMS,
    ),
    row(
        Moto,
        "signing_out",
        "signed out everywhere, the token reads nobody",
        "NotAuthorizedException: Invalid token",
        MOTO_TOKEN,
    ),
    row(
        Moto,
        "signing_out",
        "and writes nothing",
        "not sent: NotAuthorizedException: Invalid token",
        MOTO_TOKEN,
    ),
    row(
        Moto,
        "signing_out",
        "a disabled user's token reads nobody",
        "NotAuthorizedException: username",
        MOTO_TOKEN,
    ),
    row(
        Moto,
        "signing_out",
        "a token that the service did not give",
        "NotAuthorizedException: Invalid token",
        MOTO_TOKEN,
    ),
    row(
        Moto,
        "resetting",
        "a disabled user",
        "refused: NotAuthorizedException: User is disabled; CONFIRMED disabled",
        "moto 5.2.5, cognitoidp/models.py, admin_reset_user_password: without the full stop; \
         github.com/amazon-archives/amazon-cognito-identity-js#373",
    ),
    row(
        Moto,
        "confirming",
        "whoever is confirmed cannot be confirmed",
        "applied; CONFIRMED enabled",
        "moto 5.2.5, cognitoidp/models.py, admin_confirm_sign_up: sets the state, whatever it is; \
         github.com/furaiev/amazon-cognito-identity-dart-2#80",
    ),
    row(
        Ministack,
        "inviting_again",
        "whoever has signed in is not invited again",
        "differs: status",
        "ministack 1.5.33, services/cognito.py, _admin_create_user: RESEND whatever the state; Cognito API reference, \
         AdminCreateUser, Errors: UnsupportedUserStateException",
    ),
    row(
        Ministack,
        "resending_code",
        "through an app client that is not there",
        "refused: ResourceNotFoundException: Client CLIENT not found.; nothing reported",
        "ministack 1.5.33, services/cognito.py, _describe_user_pool_client: words of its own",
    ),
    row(
        Ministack,
        "resending_code",
        "whoever is confirmed gets none",
        "applied; email EMAIL d***",
        "ministack 1.5.33, services/cognito.py, _resend_confirmation_code: sends whatever the state; \
         github.com/amazon-archives/amazon-cognito-identity-js#525",
    ),
];
