use super::super::{Access, Fault, FaultKind, words_for};

const SIGN_IN: [&str; 4] = [
    "InitiateAuth",
    "AdminInitiateAuth",
    "RespondToAuthChallenge",
    "AdminRespondToAuthChallenge",
];

const OWN: [&str; 5] = [
    "GetUser",
    "UpdateUserAttributes",
    "DeleteUserAttributes",
    "GetUserAttributeVerificationCode",
    "VerifyUserAttribute",
];

const STEPS: [&str; 6] = [
    "AdminConfirmSignUp",
    "AdminCreateUser",
    "AdminResetUserPassword",
    "AdminEnableUser",
    "AdminDisableUser",
    "ResendConfirmationCode",
];

fn fault(operation: &'static str, code: &str, message: &str) -> Fault {
    Fault::service(operation, code, message, None, Some(400))
}

/// What is meant, and the next step.
fn told(operation: &'static str, code: &str, message: &str) -> (String, String) {
    let fault = fault(operation, code, message);
    (fault.meaning().plain(), fault.next_step().plain())
}

#[track_caller]
fn tells(operation: &'static str, code: &str, message: &str, meaning: &str, next: &str) {
    let (means, step) = told(operation, code, message);
    assert!(means.contains(meaning), "{operation}, {code}: {means}");
    assert!(step.contains(next), "{operation}, {code}: {step}");
}

#[test]
fn signing_in_has_words_for_each_way_it_fails() {
    for operation in SIGN_IN {
        for (code, message, meaning, next) in [
            (
                "NotAuthorizedException",
                "Incorrect username or password.",
                "wrong username or password",
                "type them again",
            ),
            (
                "NotAuthorizedException",
                "Password attempts exceeded",
                "locked out",
                "wait a quarter of an hour",
            ),
            (
                "NotAuthorizedException",
                "Temporary password has expired and must be reset by an administrator.",
                "temporary password",
                "send the invitation again",
            ),
            (
                "NotAuthorizedException",
                "User is disabled.",
                "disabled",
                "enable the user",
            ),
            (
                "NotAuthorizedException",
                "Invalid session for the user, session is expired.",
                "this sign-in has ended",
                "sign in again",
            ),
            (
                "NotAuthorizedException",
                "Unable to verify secret hash for client 1h57kf5cpq17m0eml12EXAMPLE",
                "secret hash was not accepted",
                "another app client",
            ),
            (
                "NotAuthorizedException",
                "Client 1h57kf5cpq17m0eml12EXAMPLE is configured with secret but SECRET_HASH was not received",
                "secret hash was not accepted",
                "another app client",
            ),
            (
                "ResourceNotFoundException",
                "User pool client 1h57kf5cpq17m0eml12EXAMPLE does not exist.",
                "no such app client",
                "another app client",
            ),
            (
                "InvalidParameterException",
                "USER_PASSWORD_AUTH flow not enabled for this client",
                "does not allow that way",
                "ExplicitAuthFlows",
            ),
            (
                "InvalidParameterException",
                "Auth flow not enabled for this client",
                "does not allow that way",
                "another app client",
            ),
            (
                "InvalidParameterException",
                "Invalid attributes given, name is missing",
                "requires an attribute",
                "the message names",
            ),
            (
                "CodeMismatchException",
                "Invalid code received for user",
                "not the code",
                "newest code",
            ),
            ("ExpiredCodeException", "", "too old", "sign in again"),
            (
                "LimitExceededException",
                "Attempt limit exceeded",
                "within the hour",
                "wait an hour",
            ),
            ("PasswordResetRequiredException", "", "was reset", "reset code"),
            ("UserNotConfirmedException", "", "not confirmed", "confirm the sign-up"),
            (
                "UserNotFoundException",
                "",
                "no user of that name",
                "check the username",
            ),
            (
                "MFAMethodNotFoundException",
                "",
                "second factor",
                "look at the user's MFA",
            ),
            (
                "SoftwareTokenMFANotFoundException",
                "",
                "authenticator app",
                "another second factor",
            ),
            ("InvalidUserPoolConfigurationException", "", "settings", "pool's owner"),
            ("UserLambdaValidationException", "", "trigger", "read its message"),
            ("AliasExistsException", "", "another user", "another value"),
            ("InvalidPasswordException", "", "password rules", "rules in the message"),
            (
                "PasswordHistoryPolicyViolationException",
                "",
                "used before",
                "not used before",
            ),
            ("ForbiddenException", "", "firewall", "WAF rule"),
            ("OperationNotEnabledException", "", "not enabled here", "primary region"),
        ] {
            tells(operation, code, message, meaning, next);
        }
    }
}

#[test]
fn a_users_own_calls_have_words_for_each_way_they_fail() {
    for operation in OWN {
        for (code, message, meaning, next) in [
            (
                "NotAuthorizedException",
                "Access Token has been revoked",
                "was revoked",
                "sign in as the user again",
            ),
            (
                "NotAuthorizedException",
                "Access Token has expired",
                "has expired",
                "sign in as the user again",
            ),
            (
                "NotAuthorizedException",
                "Access Token does not have required scopes",
                "lacks the scope aws.cognito.signin.user.admin",
                "a flow of the pool itself",
            ),
            (
                "NotAuthorizedException",
                "Invalid Access Token",
                "does not take this token",
                "sign in as the user again",
            ),
            (
                "NotAuthorizedException",
                "User is disabled.",
                "revoked the token",
                "enable the user",
            ),
            (
                "NotAuthorizedException",
                "A client attempted to write unauthorized attribute",
                "may not write that attribute",
                "as an administrator",
            ),
            (
                "InvalidParameterException",
                "Cannot modify the non-mutable attribute email_verified",
                "only a code does",
                "puts it back",
            ),
            (
                "InvalidParameterException",
                "Cannot modify the non-mutable attribute custom:hireId",
                "immutable in this pool",
                "puts it back",
            ),
            (
                "PasswordResetRequiredException",
                "",
                "was reset",
                "sign in as the user again",
            ),
            ("UserNotConfirmedException", "", "not confirmed", "confirm the sign-up"),
            ("UserNotFoundException", "", "the user of this token is gone", "list"),
            ("CodeDeliveryFailureException", "", "could not hand over", "sent again"),
            ("CodeMismatchException", "", "not the code", "newest code"),
            ("ExpiredCodeException", "", "older than a day", "sent again"),
            ("ForbiddenException", "", "firewall", "WAF rule"),
        ] {
            tells(operation, code, message, meaning, next);
        }
    }
    let alias = |operation| told(operation, "AliasExistsException", "");
    assert!(alias("UpdateUserAttributes").0.contains("takes nothing from anyone"));
    assert!(
        alias("VerifyUserAttribute")
            .0
            .contains("the code cannot make it this user's")
    );
    assert_ne!(
        alias("UpdateUserAttributes"),
        alias("AdminUpdateUserAttributes"),
        "only an administrator can vouch"
    );
    let limit = |operation| told(operation, "LimitExceededException", "Attempt limit exceeded").0;
    assert!(limit("GetUserAttributeVerificationCode").contains("five codes an hour"));
    assert!(limit("VerifyUserAttribute").contains("fifteen tries an hour"));
}

#[test]
fn the_steps_on_an_account_have_words_of_their_own() {
    for (operation, code, message, meaning, next) in [
        (
            "ResendConfirmationCode",
            "InvalidParameterException",
            "User is already confirmed.",
            "confirmed already",
            "status again",
        ),
        (
            "ResendConfirmationCode",
            "InvalidParameterException",
            "Cannot resend codes. Auto verification not turned on.",
            "verifies nothing by itself",
            "confirm the sign-up instead",
        ),
        (
            "ResendConfirmationCode",
            "InvalidParameterException",
            "Cannot resend codes. The user has no email or phone_number to send them to.",
            "no address or number",
            "set one first",
        ),
        (
            "ResendConfirmationCode",
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
            "five confirmation codes an hour",
            "wait an hour",
        ),
        (
            "ResendConfirmationCode",
            "NotAuthorizedException",
            "Unable to verify secret hash for client x",
            "secret hash",
            "another app client",
        ),
        (
            "ResendConfirmationCode",
            "UserNotFoundException",
            "Username/client id combination not found.",
            "no such user",
            "list",
        ),
        (
            "ResendConfirmationCode",
            "CodeDeliveryFailureException",
            "",
            "could not hand over",
            "instead",
        ),
        (
            "AdminConfirmSignUp",
            "NotAuthorizedException",
            "User cannot be confirmed. Current status is CONFIRMED",
            "status does not allow it",
            "status again",
        ),
        (
            "AdminConfirmSignUp",
            "TooManyFailedAttemptsException",
            "",
            "to confirm this user",
            "wait",
        ),
        (
            "AdminCreateUser",
            "UnsupportedUserStateException",
            "Resend not possible. CONFIRMED is the state of the user.",
            "FORCE_CHANGE_PASSWORD",
            "status again",
        ),
        (
            "AdminCreateUser",
            "CodeDeliveryFailureException",
            "",
            "the invitation",
            "again",
        ),
        (
            "AdminResetUserPassword",
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
            "status does not allow it",
            "status again",
        ),
        (
            "AdminResetUserPassword",
            "NotAuthorizedException",
            "User is disabled.",
            "disabled",
            "enable",
        ),
        (
            "AdminResetUserPassword",
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
            "no verified address or number",
            "verify",
        ),
        (
            "AdminResetUserPassword",
            "LimitExceededException",
            "",
            "too many resets",
            "wait an hour",
        ),
        (
            "DescribeUserPoolClient",
            "ResourceNotFoundException",
            "User pool client x does not exist.",
            "no such app client",
            "another app client",
        ),
    ] {
        tells(operation, code, message, meaning, next);
    }
}

/// An address that `aws` policies cannot help with gets no advice to ask for a policy.
#[test]
fn a_permission_is_never_asked_for_where_iam_has_no_say() {
    let message = "User: x is not authorized to perform: cognito-idp:GetUser on resource: y";
    let unsigned = ["InitiateAuth", "RespondToAuthChallenge", "ResendConfirmationCode"];
    for operation in OWN.into_iter().chain(unsigned) {
        for code in ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"] {
            let fault = fault(operation, code, message);
            assert_eq!(fault.missing_action(), None, "{operation}");
            let (meaning, next) = told(operation, code, message);
            assert!(meaning.contains("IAM has no say"), "{operation}: {meaning}");
            assert!(
                !next.contains("cognito-idp:") && !next.contains("cognitui iam"),
                "{operation}: {next}"
            );
        }
    }
    let signed = [
        "AdminInitiateAuth",
        "AdminRespondToAuthChallenge",
        "DescribeUserPoolClient",
        "ListUserPoolClients",
    ];
    let steps = STEPS.into_iter().filter(|operation| operation.starts_with("Admin"));
    for operation in signed.into_iter().chain(steps) {
        assert_eq!(
            fault(operation, "AccessDeniedException", "no").missing_action(),
            Some(format!("cognito-idp:{operation}"))
        );
    }
}

#[test]
fn what_a_sign_in_may_have_done_is_said() {
    let open = [
        FaultKind::Timeout,
        FaultKind::Broken,
        FaultKind::Server,
        FaultKind::Undecodable,
    ];
    for kind in open {
        for operation in ["InitiateAuth", "AdminInitiateAuth"] {
            assert_eq!(
                Fault::transport(operation, kind, "").what_changed(Access::Read).plain(),
                "nothing was changed; a sign-in code may be on its way, and the attempt may count"
            );
        }
        for operation in ["RespondToAuthChallenge", "AdminRespondToAuthChallenge"] {
            let said = Fault::transport(operation, kind, "").what_changed(Access::Read).plain();
            assert!(said.contains("a new password with it"), "{said}");
        }
    }
    for operation in SIGN_IN {
        let refused = fault(operation, "NotAuthorizedException", "Incorrect username or password.");
        assert_eq!(refused.what_changed(Access::Read).plain(), "nothing was changed");
        let closed = Fault::transport(operation, FaultKind::NoConnection, "");
        assert_eq!(closed.what_changed(Access::Read).plain(), "nothing was changed");
    }
    // A trigger that runs after the new password was stored can still say no.
    let late = fault("RespondToAuthChallenge", "UserLambdaValidationException", "");
    assert!(late.what_changed(Access::Read).plain().contains("may have been taken"));
    assert_eq!(
        fault("InitiateAuth", "UserLambdaValidationException", "")
            .what_changed(Access::Read)
            .plain(),
        "nothing was changed"
    );
}

#[test]
fn a_call_that_only_sends_has_stored_nothing_when_it_is_refused() {
    for operation in ["GetUserAttributeVerificationCode", "ResendConfirmationCode"] {
        let refused = fault(operation, "CodeDeliveryFailureException", "");
        assert!(!refused.is_late(), "{operation}");
        assert_eq!(refused.what_changed(Access::Write).plain(), "nothing was changed");
        let cut = Fault::transport(operation, FaultKind::Timeout, "");
        assert_eq!(
            cut.what_changed(Access::Write).plain(),
            "no attribute was changed; a message may have gone out, and it counts in the hour"
        );
    }
    for operation in [
        "UpdateUserAttributes",
        "AdminUpdateUserAttributes",
        "AdminCreateUser",
        "AdminResetUserPassword",
        "AdminConfirmSignUp",
    ] {
        assert!(
            fault(operation, "UserLambdaValidationException", "").is_late(),
            "{operation}"
        );
    }
    for operation in ["UpdateUserAttributes", "VerifyUserAttribute", "AdminDisableUser"] {
        let cut = Fault::transport(operation, FaultKind::Broken, "");
        assert_eq!(cut.what_changed(Access::Write).plain(), "it may have been applied");
    }
}

#[test]
fn a_message_that_is_new_falls_back_to_the_code() {
    for operation in OWN.into_iter().chain(SIGN_IN).chain(STEPS) {
        for code in [
            "InvalidParameterException",
            "TooManyRequestsException",
            "UnexpectedLambdaException",
        ] {
            let expected = words_for(code).map(|words| words.meaning.to_owned());
            assert_eq!(
                Some(told(operation, code, "Something new").0),
                expected,
                "{operation}, {code}"
            );
        }
    }
}

#[test]
fn a_token_of_another_user_is_told_apart_from_a_name_of_another_user() {
    let told = |operation| Fault::local(operation, "OtherUser", "").meaning().plain();
    assert!(told("GetUser").contains("the access token is of another user"));
    assert!(told("AdminGetUser").contains("the user of that name is gone"));
}
