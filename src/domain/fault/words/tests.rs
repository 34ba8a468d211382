use super::*;

/// The errors of the operations this program knows of, as the API reference lists them.
const MODELLED: [&str; 35] = [
    "AliasExistsException",
    "CodeDeliveryFailureException",
    "CodeMismatchException",
    "ExpiredCodeException",
    "FeatureUnavailableInTierException",
    "ForbiddenException",
    "InternalErrorException",
    "InvalidEmailRoleAccessPolicyException",
    "InvalidLambdaResponseException",
    "InvalidParameterException",
    "InvalidPasswordException",
    "InvalidSmsRoleAccessPolicyException",
    "InvalidSmsRoleTrustRelationshipException",
    "InvalidUserPoolConfigurationException",
    "LimitExceededException",
    "MFAMethodNotFoundException",
    "NotAuthorizedException",
    "OperationNotEnabledException",
    "PasswordHistoryPolicyViolationException",
    "PasswordResetRequiredException",
    "PreconditionNotMetException",
    "ResourceNotFoundException",
    "SoftwareTokenMFANotFoundException",
    "TooManyFailedAttemptsException",
    "TooManyRequestsException",
    "UnexpectedLambdaException",
    "UnsupportedOperationException",
    "UnsupportedUserStateException",
    "UserImportInProgressException",
    "UserLambdaValidationException",
    "UserNotConfirmedException",
    "UserNotFoundException",
    "UserPoolAddOnNotEnabledException",
    "UserPoolTaggingException",
    "UsernameExistsException",
];

/// Errors that no operation lists and every call can get.
const COMMON: [&str; 24] = [
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidAction",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MalformedHttpRequestException",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestAbortedException",
    "RequestEntityTooLargeException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "RequestTimeoutException",
    "SerializationException",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
];

fn fault(code: &str, message: &str) -> Fault {
    Fault::service("AdminUpdateUserAttributes", code, message, None, Some(400))
}

fn denied(operation: &'static str, message: &str) -> Fault {
    Fault::service(operation, "AccessDeniedException", message, None, Some(400))
}

#[test]
fn every_code_has_words_of_its_own() {
    for code in MODELLED.into_iter().chain(COMMON) {
        let words = words_for(code).unwrap_or_else(|| panic!("{code} has no words"));
        assert!(!words.meaning.is_empty() && !words.next.is_empty(), "{code}");
        assert!(codes().any(|known| known == code), "{code}");
    }
    assert_eq!(words_for("BrandNewException"), None);
}

#[test]
fn no_two_codes_share_a_meaning_and_no_code_stands_twice() {
    let mut seen = Vec::new();
    for code in codes() {
        assert!(!seen.contains(&code), "{code} stands twice");
        seen.push(code);
    }
    let mut meanings: Vec<&str> = MODELLED
        .into_iter()
        .chain(COMMON)
        .filter(|code| {
            !matches!(
                *code,
                "SignatureDoesNotMatch" | "UnknownOperationException" | "ValidationException"
            )
        })
        .filter_map(words_for)
        .map(|words| words.meaning)
        .collect();
    let all = meanings.len();
    meanings.sort_unstable();
    meanings.dedup();
    assert_eq!(meanings.len(), all);
}

#[test]
fn the_code_and_the_status_decide_the_kind() {
    let kind = |code: &str, status: Option<u16>| Fault::service("ListUsers", code, "", None, status).kind;
    for code in [
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
        "RequestLimitExceeded",
    ] {
        assert_eq!(kind(code, Some(400)), FaultKind::Throttled, "{code}");
    }
    assert_eq!(
        kind("LimitExceededException", Some(400)),
        FaultKind::Service,
        "attempts are not a rate"
    );
    assert_eq!(kind("TooManyFailedAttemptsException", Some(400)), FaultKind::Service);
    for code in ["InternalErrorException", "InternalFailure", "ServiceUnavailable"] {
        assert_eq!(kind(code, None), FaultKind::Server, "{code}");
    }
    assert_eq!(kind("Whatever", Some(503)), FaultKind::Server);
    assert_eq!(kind("UserNotFoundException", Some(400)), FaultKind::Service);
    assert_eq!(
        kind("com.amazonaws.cognito#TooManyRequestsException", Some(400)),
        FaultKind::Throttled
    );
}

#[test]
fn what_changed_is_said_only_as_far_as_it_is_certain() {
    let said = |fault: &Fault, access| fault.what_changed(access).plain();
    let refused = fault("AliasExistsException", "");
    assert_eq!(said(&refused, Access::Write), "nothing was changed");
    for kind in [
        FaultKind::Server,
        FaultKind::Timeout,
        FaultKind::Broken,
        FaultKind::Undecodable,
    ] {
        let fault = Fault::transport("AdminUpdateUserAttributes", kind, "");
        assert_eq!(said(&fault, Access::Write), "it may have been applied", "{kind:?}");
        assert_eq!(said(&fault, Access::Read), "nothing was changed", "{kind:?}");
    }
    for kind in [
        FaultKind::NoConnection,
        FaultKind::NoCredentials,
        FaultKind::SsoExpired,
        FaultKind::Local,
        FaultKind::Throttled,
    ] {
        let fault = Fault::transport("AdminUpdateUserAttributes", kind, "");
        assert_eq!(said(&fault, Access::Write), "nothing was changed", "{kind:?}");
    }
    for code in LATE {
        assert!(said(&fault(code, ""), Access::Write).contains("reading back"), "{code}");
    }
}

#[test]
fn a_denial_names_the_action_it_lacks() {
    let message = "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: cognito-idp:ListUserPools on resource: * because no identity-based policy allows the cognito-idp:ListUserPools action";
    let fault = denied("ListUserPools", message);
    assert_eq!(fault.missing_action().as_deref(), Some("cognito-idp:ListUserPools"));
    assert_eq!(
        fault.meaning().plain(),
        "the role may not do this: it lacks cognito-idp:ListUserPools"
    );
    assert_eq!(
        fault.next_step().plain(),
        "ask for cognito-idp:ListUserPools on this pool; `cognitui iam` prints the whole policy"
    );
}

#[test]
fn a_denial_without_an_action_in_its_message_falls_back_to_the_operation() {
    assert_eq!(
        denied("AdminGetUser", "no").missing_action().as_deref(),
        Some("cognito-idp:AdminGetUser")
    );
    assert_eq!(
        denied("GetCallerIdentity", "no").missing_action().as_deref(),
        Some("sts:GetCallerIdentity")
    );
    let hostile = denied("AdminGetUser", "is not authorized to perform: \u{1b}[2J:x on");
    assert_eq!(
        hostile.missing_action().as_deref(),
        Some("cognito-idp:AdminGetUser"),
        "remote text is not repeated"
    );
    assert_eq!(
        fault("NotAuthorizedException", "").missing_action(),
        None,
        "that is about the user, not the role"
    );
}

#[test]
fn an_explicit_deny_is_told_apart() {
    let fault = denied(
        "ListUsers",
        "User: x is not authorized to perform: cognito-idp:ListUsers on resource: y with an explicit deny in a service control policy",
    );
    assert!(
        fault
            .next_step()
            .plain()
            .starts_with("a policy denies cognito-idp:ListUsers outright")
    );
}

#[test]
fn an_ended_session_says_how_to_sign_in_again() {
    let ended = Fault::transport("ListUsers", FaultKind::SsoExpired, "");
    assert_eq!(ended.next_step().plain(), "aws sso login in another terminal, then r");
    assert_eq!(
        ended.next_step_with(Some("support")).plain(),
        "aws sso login --profile support in another terminal, then r"
    );
    let none = Fault::transport("ListUsers", FaultKind::NoCredentials, "");
    assert_eq!(
        none.next_step_with(Some("support")).plain(),
        "aws sso login --profile support, or set AWS_PROFILE or the access keys; then r"
    );
    let expired = fault(
        "ExpiredTokenException",
        "The security token included in the request is expired",
    );
    assert_eq!(
        expired.next_step_with(Some("support")).plain(),
        "renew the credentials (for SSO: aws sso login --profile support), then r"
    );
    assert_eq!(
        expired.next_step_with(Some("")).plain(),
        "renew the credentials (for SSO: aws sso login), then r"
    );
}

#[test]
fn messages_of_invalid_parameter_are_told_apart() {
    let cases = [
        (
            "user.email: Required attribute cannot be deleted.",
            "a required attribute cannot be deleted",
        ),
        (
            "Attributes did not conform to the schema: family_name: The attribute is required",
            "this pool requires an attribute that the user does not have",
        ),
        (
            "Attributes did not conform to the schema: custom:x: String too long",
            "a value does not fit this pool's schema",
        ),
        (
            "user.custom:x: Attribute does not exist in the schema.",
            "this pool has no such attribute",
        ),
        (
            "user.email: Attribute cannot be updated.",
            "the attribute is immutable in this pool, even with the value it has",
        ),
        (
            "Cannot modify the non-mutable attribute sub",
            "the attribute is immutable in this pool, even with the value it has",
        ),
        (
            "Type for attribute {custom:x} could not be determined",
            "this pool has no attribute of that name",
        ),
        (
            "Attribute value for name must not be null",
            "a value was missing from the request: a fault of this program",
        ),
        ("Invalid phone number format.", "a phone number is + and digits only"),
        (
            "Invalid email address format.",
            "the service does not take this for an e-mail address",
        ),
        (
            "Email is required to verify/un-verify an email",
            "a verified mark needs an address or number to speak of",
        ),
        (
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
            "the user has no verified address or number that a code could go to",
        ),
        ("Error while parsing filter.", "the service could not read the search"),
        (
            "Invalid search attribute: custom:tier",
            "the service cannot search by that attribute",
        ),
        (
            "One or more requested attributes do not exist.",
            "a list was asked for with attributes that some user lacks: a fault of this program",
        ),
        (
            "Paging Marker is Invalid for Request",
            "the list can no longer be continued: its place is lost or belongs to another search",
        ),
        (
            "Invalid pagination token.",
            "the list can no longer be continued: its place is lost or older than an hour",
        ),
        (
            "Invalid paginationToken",
            "the list can no longer be continued: its place is lost or older than an hour",
        ),
        (
            "Invalid NextToken",
            "the list can no longer be continued: its place is lost or older than an hour",
        ),
        (
            "1 validation error detected: Value 'x' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern",
            "this is not the shape of a pool id",
        ),
        (
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length",
            "this is not a username the service can have",
        ),
        (
            "ClientMetadata is too long",
            "the client metadata is too large or not plain keys and values",
        ),
        (
            "1 validation error detected: Value at 'userAttributes.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048",
            "a value is longer than the service keeps",
        ),
        (
            "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
            "a value breaks a limit of the service",
        ),
        (
            "Invalid user attributes: custom:x",
            "the service does not take one of the values",
        ),
        (
            "Something new",
            "the service does not take one of the values; its message says which",
        ),
    ];
    for (message, meaning) in cases {
        assert_eq!(
            fault("InvalidParameterException", message).meaning().plain(),
            meaning,
            "{message}"
        );
    }
    for part in parameter::parts() {
        assert!(
            cases.iter().any(|(message, _)| message.to_lowercase().contains(part)),
            "{part} is tried by no case"
        );
    }
}

#[test]
fn a_missing_pool_points_to_region_and_account() {
    let fault = Fault::service(
        "DescribeUserPool",
        "ResourceNotFoundException",
        "User pool us-east-1_x does not exist.",
        None,
        Some(400),
    );
    assert_eq!(fault.meaning().plain(), "this account has no such pool in this region");
    let next = fault.next_step().plain();
    assert!(
        next.contains("region") && next.contains("profile") && next.contains("account"),
        "{next}"
    );
    let provider = Fault::service(
        "DescribeIdentityProvider",
        "ResourceNotFoundException",
        "gone",
        None,
        Some(400),
    );
    assert_eq!(
        provider.meaning().plain(),
        "this pool has no such identity provider now"
    );
    let group = Fault::service(
        "AdminListGroupsForUser",
        "ResourceNotFoundException",
        "Group not found.",
        None,
        Some(400),
    );
    assert_eq!(group.meaning().plain(), "this pool has no such group now");
}

#[test]
fn messages_of_other_wide_codes_are_told_apart() {
    for (code, message, meaning) in [
        ("NotAuthorizedException", "User is disabled.", "the user is disabled"),
        (
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
            "the app client may not write that attribute",
        ),
        (
            "NotAuthorizedException",
            "Access Token has been revoked",
            "the access token is not valid any more",
        ),
        (
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
            "the user's status does not allow it",
        ),
        (
            "InvalidSignatureException",
            "Signature expired: 20261120T104100Z is now earlier than 20261120T104600Z",
            "this machine's clock is wrong by minutes, so the signature does not count",
        ),
        (
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
            "too many attempts for this user within the hour; sending again makes it worse",
        ),
    ] {
        assert_eq!(fault(code, message).meaning().plain(), meaning);
    }
}

#[test]
fn transport_faults_and_new_codes_have_words_by_kind() {
    let kinds = [
        FaultKind::Timeout,
        FaultKind::Broken,
        FaultKind::NoConnection,
        FaultKind::Undecodable,
        FaultKind::NoCredentials,
        FaultKind::SsoExpired,
        FaultKind::Local,
    ];
    let mut seen = Vec::new();
    for kind in kinds {
        let fault = Fault::transport("ListUsers", kind, "");
        assert!(!fault.next_step().is_empty(), "{kind:?}");
        assert!(!seen.contains(&(fault.meaning(), fault.code.clone())), "{kind:?}");
        seen.push((fault.meaning(), fault.code));
    }
    let new = fault("BrandNewException", "x");
    assert_eq!(
        new.meaning().plain(),
        "the service refused it with a code this version does not know"
    );
    let html = Fault::service("ListUsers", "", "<html>", None, Some(502));
    assert_eq!(html.meaning().plain(), "the service failed on its side");
    let here = Fault::local("AdminUpdateUserAttributes", "JournalFull", "no space left");
    assert_eq!(here.meaning().plain(), "stopped here, before anything was sent");
}

#[test]
fn what_was_stopped_here_says_how_to_go_on() {
    let local = |code: &'static str| Fault::local("AdminUpdateUserAttributes", code, "");
    let mut seen = Vec::new();
    for code in [
        "ReadOnly",
        "NotArmed",
        "NoRegion",
        "CaBundle",
        "ProfileNotFound",
        "UnsupportedProfile",
        "Journal",
        "Filter",
        "NoToken",
        "AccessToken",
        "Challenge",
        "WrongWriter",
        "WrongPool",
        "OtherUser",
        "WorkerPanicked",
        "AnythingElse",
    ] {
        let (meaning, next) = (local(code).meaning().plain(), local(code).next_step().plain());
        assert!(!seen.contains(&meaning) && !next.is_empty(), "{code}");
        seen.push(meaning);
        let certain = local(code).what_changed(Access::Write).plain();
        let expected = if code == "WorkerPanicked" {
            "it may have been applied"
        } else {
            "nothing was changed"
        };
        assert_eq!(certain, expected, "{code}");
    }
    assert_eq!(words_for("ReadOnly"), None, "no code of the service");
}
