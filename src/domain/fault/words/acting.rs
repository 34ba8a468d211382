//! The errors of a user's own calls, of signing in and of the codes that go out: the same code means another thing
//! there, and asks for another step. Messages as quoted in public issue threads (github.com/aws-amplify/amplify-js#1234,
//! #9844, #13802; github.com/aws/aws-sdk-js#4642; github.com/getmoto/moto#4836); the lockout: Amazon Cognito developer
//! guide, "Lockout behavior for failed sign-in attempts"; the limits: the same, "Quotas".

use super::Words;

#[cfg(test)]
mod tests;

/// Whose credentials a call carries, and what it is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// A password, or the answer to a challenge.
    SignIn,
    /// The user's access token.
    Own,
    /// An app client's id.
    Client,
    /// A signature of AWS credentials.
    Signed,
}

impl Call {
    pub(super) fn of(operation: &str) -> Self {
        match operation {
            "InitiateAuth" | "RespondToAuthChallenge" | "AdminInitiateAuth" | "AdminRespondToAuthChallenge" => {
                Self::SignIn
            }
            "GetUser"
            | "UpdateUserAttributes"
            | "DeleteUserAttributes"
            | "GetUserAttributeVerificationCode"
            | "VerifyUserAttribute" => Self::Own,
            "ResendConfirmationCode" => Self::Client,
            _ => Self::Signed,
        }
    }
}

/// Whether IAM decides about a call. It never does about those that carry a token or an app client's id (API reference:
/// "you can't grant IAM permissions in policies").
pub(super) fn is_in_iam(operation: &str) -> bool {
    match Call::of(operation) {
        Call::SignIn => operation.starts_with("Admin"),
        Call::Own | Call::Client => false,
        Call::Signed => true,
    }
}

/// Whether a call only has a message sent: what it refuses has stored nothing.
pub(super) fn only_sends(operation: &str) -> bool {
    matches!(
        operation,
        "GetUserAttributeVerificationCode" | "ResendConfirmationCode" | "InitiateAuth" | "AdminInitiateAuth"
    )
}

const fn words(meaning: &'static str, next: &'static str) -> Option<Words> {
    Some(Words { meaning, next })
}

/// Sharper words for these calls. `text` is the message in small letters.
pub(super) fn for_operation(code: &str, operation: &str, text: &str) -> Option<Words> {
    if is_denial(code) && !is_in_iam(operation) {
        return words(
            "something in front of the service refused it; IAM has no say about this call",
            "check the endpoint, and any proxy or endpoint policy between",
        );
    }
    match Call::of(operation) {
        Call::SignIn => sign_in(code, operation, text),
        Call::Own => own(code, operation, text),
        Call::Client => resend(code, text),
        Call::Signed => signed(code, operation),
    }
}

/// What this program stopped itself means another thing on the own route.
pub(super) fn for_local(code: &str, operation: &str) -> Option<Words> {
    match code {
        "OtherUser" if operation == "GetUser" => words(
            "the access token is of another user than the one that is open",
            "sign in as this user, or open the user of the token",
        ),
        _ => None,
    }
}

fn is_denial(code: &str) -> bool {
    super::DENIALS.contains(&code)
}

fn has_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

/// An app client that is not there, or whose secret is not the one that was used.
fn client(code: &str, text: &str) -> Option<Words> {
    match code {
        "ResourceNotFoundException" if text.contains("client") => words(
            "this pool has no such app client now",
            "choose another app client; the list is read again with r",
        ),
        "NotAuthorizedException" if has_any(text, &["secret hash", "secret_hash", "configured for secret"]) => words(
            "the secret hash was not accepted: the app client's secret was changed, or this pool is not its own",
            "try again, which reads the app client anew; else choose another app client",
        ),
        _ => None,
    }
}

fn sign_in(code: &str, operation: &str, text: &str) -> Option<Words> {
    let answers = operation.ends_with("RespondToAuthChallenge");
    client(code, text).or_else(|| match code {
        "NotAuthorizedException" if text.contains("disabled") => {
            words("the user is disabled, so nobody signs in", "enable the user first")
        }
        "NotAuthorizedException" if has_any(text, &["attempts exceeded", "too many"]) => words(
            "too many wrong passwords: this user is locked out for up to 15 minutes, longer with each further try",
            "wait a quarter of an hour, then sign in again",
        ),
        "NotAuthorizedException" if text.contains("temporary password has expired") => words(
            "the temporary password of the invitation has expired",
            "send the invitation again, which makes a new one",
        ),
        "NotAuthorizedException" if text.contains("incorrect username or password") => words(
            "wrong username or password; or the app client hides that there is no such user",
            "type them again; after five wrong ones the service locks the user out for a while",
        ),
        "NotAuthorizedException" if text.contains("session") => words(
            "this sign-in has ended: it lasts a few minutes, and each step is answered once",
            "sign in again",
        ),
        "NotAuthorizedException" => words(
            "the service does not let this user sign in as things stand now",
            "read its message; look at the user's status and whether it is enabled",
        ),
        "CodeMismatchException" => words(
            "that is not the code that was sent or shown",
            "enter the newest code; if the sign-in has ended, sign in again",
        ),
        "ExpiredCodeException" => words("the code is too old or was used", "sign in again for a new one"),
        "AliasExistsException" => words(
            "another user already signs in with an address, number or name that came with the new password",
            "find the other user, or sign in again and give another value",
        ),
        "InvalidParameterException" if text.contains("not enabled for this client") => words(
            "this app client does not allow that way to sign in",
            "choose the other way or another app client; its ExplicitAuthFlows say which it allows",
        ),
        "InvalidParameterException" if text.contains("attributes given") => words(
            "this pool requires an attribute that did not come with the new password",
            "sign in again and give the attribute that the message names",
        ),
        "InvalidUserPoolConfigurationException" => words(
            "this pool's settings do not allow signing in like this",
            "ask the pool's owner about its MFA and message settings",
        ),
        "LimitExceededException" => words(
            "too many attempts for this user within the hour; each further one makes it worse",
            "wait an hour, then sign in again",
        ),
        "MFAMethodNotFoundException" => words(
            "a second factor is required, and this user has none that the service could ask for",
            "look at the user's MFA and phone number; an application has to set one up",
        ),
        "SoftwareTokenMFANotFoundException" => words(
            "this user has no authenticator app set up",
            "sign in again and choose another second factor",
        ),
        "PasswordResetRequiredException" => words(
            "this user's password was reset: nobody signs in before a new one is chosen",
            "choose the new one with the reset code, in the application; then sign in here",
        ),
        "UserNotConfirmedException" => words(
            "this user has not confirmed the sign-up, so nobody signs in",
            "confirm the sign-up, or have the confirmation code sent again",
        ),
        "UserNotFoundException" => words(
            "this pool has no user of that name",
            "check the username, then sign in again",
        ),
        "UserLambdaValidationException" if answers => words(
            "a trigger of this pool said no after the answer; the message is the trigger's own",
            "read its message; then sign in again",
        ),
        "UserLambdaValidationException" => words(
            "a trigger of this pool does not let this user sign in; the message is the trigger's own",
            "read its message, or ask the pool's owner about its Lambda triggers",
        ),
        "CodeDeliveryFailureException" => words(
            "the service could not hand over the message with the sign-in code",
            "check the pool's e-mail and SMS settings, then sign in again",
        ),
        _ => None,
    })
}

fn own(code: &str, operation: &str, text: &str) -> Option<Words> {
    let verifies = operation == "VerifyUserAttribute";
    let sends_again = operation == "GetUserAttributeVerificationCode";
    match code {
        "AliasExistsException" if verifies => words(
            "another user has this address or number verified, so the code cannot make it this user's",
            "find the other user; only an administrator who vouches for it can take it from there",
        ),
        "AliasExistsException" => words(
            "another user signs in with this address, number or name; a user's own call takes nothing from anyone",
            "find the other user, or set another value",
        ),
        "CodeMismatchException" => words(
            "that is not the code that was sent last",
            "enter the newest code; an older one may no longer count",
        ),
        "ExpiredCodeException" => words(
            "the code is older than a day, was used, or belongs to an earlier value",
            "have the code sent again and enter the new one",
        ),
        "CodeDeliveryFailureException" => words(
            "the service could not hand over the message with the code",
            "check the pool's e-mail and SMS settings and the SMS sandbox, then have the code sent again",
        ),
        "LimitExceededException" if sends_again => words(
            "five codes an hour is all that a user gets; asking again makes it worse",
            "wait an hour, and use the newest code that came",
        ),
        "LimitExceededException" if verifies => words(
            "fifteen tries an hour is all that a user has; each further one makes it worse",
            "wait an hour, then enter the newest code",
        ),
        "PasswordResetRequiredException" => words(
            "this user's password was reset: the token counts for nothing before a new one is chosen",
            "choose the new one with the reset code, in the application; then sign in as the user again",
        ),
        "UserNotConfirmedException" => words(
            "this user's sign-up is not confirmed, so the token counts for nothing",
            "confirm the sign-up, then sign in as the user again",
        ),
        "UserNotFoundException" => words(
            "the user of this token is gone",
            "go back to the list, and r reads it again",
        ),
        "NotAuthorizedException" if text.contains("disabled") => words(
            "the user is disabled, which revoked the token",
            "enable the user, then sign in as the user again",
        ),
        "NotAuthorizedException" if text.contains("unauthorized attribute") => words(
            "the token's app client may not write that attribute",
            "change it as an administrator, or ask for the app client's write permission",
        ),
        "NotAuthorizedException" if text.contains("scope") => words(
            "the access token lacks the scope aws.cognito.signin.user.admin",
            "sign in with a flow of the pool itself, not with managed login",
        ),
        "NotAuthorizedException" if text.contains("revoked") => words(
            "the access token was revoked: the user signed out everywhere, or an administrator did it",
            "sign in as the user again",
        ),
        "NotAuthorizedException" if text.contains("expired") => {
            words("the access token has expired", "sign in as the user again")
        }
        "NotAuthorizedException" => words(
            "the service does not take this token for it",
            "read its message, or sign in as the user again",
        ),
        "InvalidParameterException" if text.contains("non-mutable attribute") && text.contains("_verified") => words(
            "a user's own call cannot set a verified mark; only a code does",
            "u puts it back",
        ),
        "InvalidParameterException" if text.contains("does not have a value") => {
            words("there is no address or number that a code could go to", "set one first")
        }
        _ => None,
    }
}

fn resend(code: &str, text: &str) -> Option<Words> {
    client(code, text).or_else(|| match code {
        "InvalidParameterException" if text.contains("already confirmed") => words(
            "the sign-up is confirmed already, so there is no code to send",
            "r reads the user's status again",
        ),
        "InvalidParameterException" if text.contains("auto verification") => words(
            "this pool verifies nothing by itself, so it has no confirmation code to send",
            "confirm the sign-up instead",
        ),
        "InvalidParameterException" if text.contains("cannot resend codes") => words(
            "there is no address or number that the confirmation code could go to",
            "set one first, or confirm the sign-up instead",
        ),
        "LimitExceededException" => words(
            "five confirmation codes an hour is all that a user gets; asking again makes it worse",
            "wait an hour, or confirm the sign-up instead",
        ),
        "NotAuthorizedException" => words(
            "the service does not send this user a code through this app client",
            "read its message; choose another app client, or confirm the sign-up instead",
        ),
        "UserNotFoundException" => words(
            "the app client's pool has no such user now",
            "r reads the list again: the user may have been deleted or the list may lag",
        ),
        "CodeDeliveryFailureException" => words(
            "the service could not hand over the message with the confirmation code",
            "check the address or number and the pool's message settings, or confirm the sign-up instead",
        ),
        _ => None,
    })
}

/// The steps on an account.
fn signed(code: &str, operation: &str) -> Option<Words> {
    match (operation, code) {
        ("AdminConfirmSignUp", "TooManyFailedAttemptsException") => words(
            "too many failed attempts to confirm this user",
            "wait, then confirm the sign-up again",
        ),
        ("AdminCreateUser", "UnsupportedUserStateException") => words(
            "only a user in FORCE_CHANGE_PASSWORD can be invited again",
            "r reads the user's status again",
        ),
        ("AdminCreateUser", "CodeDeliveryFailureException") => words(
            "the service could not hand over the invitation; the temporary password may be a new one all the same",
            "check the pool's e-mail and SMS settings, then send the invitation again",
        ),
        ("AdminResetUserPassword", "LimitExceededException") => words(
            "too many resets for this user within the hour; another one makes it worse",
            "wait an hour before trying this user again",
        ),
        ("DescribeUserPoolClient", "ResourceNotFoundException") => words(
            "this pool has no such app client now",
            "choose another app client; the list is read again with r",
        ),
        _ => None,
    }
}
