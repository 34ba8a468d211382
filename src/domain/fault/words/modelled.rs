//! The errors that the operations of the service model, as the API reference lists them.

use super::Words;

pub(super) const MODELLED: &[(&str, Words)] = &[
    (
        "AliasExistsException",
        Words {
            meaning: "another user already signs in with this address, number or name",
            next: "find the other user; vouching for the address here would take it, where this pool has aliases",
        },
    ),
    (
        "CodeDeliveryFailureException",
        Words {
            meaning: "the service could not hand over the message with the code",
            next: "check the pool's e-mail and SMS settings, and the SMS sandbox and spend limit",
        },
    ),
    (
        "CodeMismatchException",
        Words {
            meaning: "that is not the code that was sent",
            next: "ask for the newest code and enter it again",
        },
    ),
    (
        "ConcurrentModificationException",
        Words {
            meaning: "somebody else changed the same thing at the same moment",
            next: "r reads what is there now",
        },
    ),
    (
        "DeviceKeyExistsException",
        Words {
            meaning: "that device is registered already",
            next: "nothing to do",
        },
    ),
    (
        "DuplicateProviderException",
        Words {
            meaning: "the pool has an identity provider of that name already",
            next: "choose another name",
        },
    ),
    (
        "EnableSoftwareTokenMFAException",
        Words {
            meaning: "the code of the authenticator app was not right, so it was not set up",
            next: "check the clock of the phone and enter a fresh code",
        },
    ),
    (
        "ExpiredCodeException",
        Words {
            meaning: "the code is too old or was used",
            next: "ask for a new code",
        },
    ),
    (
        "FeatureUnavailableInTierException",
        Words {
            meaning: "the feature plan of this pool does not include it",
            next: "ask the pool's owner about its feature plan",
        },
    ),
    (
        "ForbiddenException",
        Words {
            meaning: "the web application firewall in front of this pool refused the request",
            next: "ask the pool's owner which WAF rule blocks this network",
        },
    ),
    (
        "GroupExistsException",
        Words {
            meaning: "the pool has a group of that name already",
            next: "choose another name",
        },
    ),
    (
        "InternalErrorException",
        Words {
            meaning: "the service failed on its side",
            next: "wait a moment, then r reads what is there now",
        },
    ),
    (
        "InvalidEmailRoleAccessPolicyException",
        Words {
            meaning: "this pool may not send through its e-mail identity, so the message could not go out",
            next: "ask the pool's owner to mend its e-mail settings (SES identity and policy), or vouch for the address",
        },
    ),
    (
        "InvalidLambdaResponseException",
        Words {
            meaning: "a trigger of this pool gave an answer that the service does not understand",
            next: "ask the pool's owner to look at the log of its Lambda triggers",
        },
    ),
    (
        "InvalidOAuthFlowException",
        Words {
            meaning: "the app client does not allow this OAuth flow",
            next: "check the app client's settings",
        },
    ),
    (
        "InvalidParameterException",
        Words {
            meaning: "the service does not take one of the values; its message says which",
            next: "mend the value that the message names",
        },
    ),
    (
        "InvalidPasswordException",
        Words {
            meaning: "the password breaks this pool's password rules",
            next: "choose a password that fits the rules in the message",
        },
    ),
    (
        "InvalidSmsRoleAccessPolicyException",
        Words {
            meaning: "this pool's role may not send SMS, so the message could not go out",
            next: "ask the pool's owner to allow sns:Publish for the SMS role, or vouch for the number",
        },
    ),
    (
        "InvalidSmsRoleTrustRelationshipException",
        Words {
            meaning: "this pool may not use its SMS role, so the message could not go out",
            next: "ask the pool's owner to let cognito-idp.amazonaws.com assume the SMS role, with its external id",
        },
    ),
    (
        "InvalidUserPoolConfigurationException",
        Words {
            meaning: "this pool's settings do not allow it, device tracking for example",
            next: "ask the pool's owner about the setting that the message names",
        },
    ),
    (
        "LimitExceededException",
        Words {
            meaning: "a limit by the hour or a limit on how many is reached; sending again makes it worse",
            next: "wait an hour before trying this user again",
        },
    ),
    (
        "MFAMethodNotFoundException",
        Words {
            meaning: "the service found no second factor to ask this user for",
            next: "look at the user's MFA and phone number",
        },
    ),
    (
        "ManagedLoginBrandingExistsException",
        Words {
            meaning: "the app client has a branding style already",
            next: "change the existing style",
        },
    ),
    (
        "NotAuthorizedException",
        Words {
            meaning: "the service does not allow it for this user or pool as it stands now",
            next: "read its message; look at the user's status and whether it is enabled",
        },
    ),
    (
        "OperationNotEnabledException",
        Words {
            meaning: "this operation is not enabled here, as in a replica region",
            next: "open the pool in its primary region",
        },
    ),
    (
        "PasswordHistoryPolicyViolationException",
        Words {
            meaning: "the password was used before, and this pool does not allow that",
            next: "choose a password that was not used before",
        },
    ),
    (
        "PasswordResetRequiredException",
        Words {
            meaning: "the user must reset the password first",
            next: "the user asks for a reset code and chooses a new password",
        },
    ),
    (
        "PreconditionNotMetException",
        Words {
            meaning: "something that must come first is missing",
            next: "read its message for what must come first",
        },
    ),
    (
        "RefreshTokenReuseException",
        Words {
            meaning: "that refresh token was used before and has been replaced",
            next: "the user signs in again",
        },
    ),
    (
        "ResourceNotFoundException",
        Words {
            meaning: "no such thing in this account and region",
            next: "check region, profile and the id",
        },
    ),
    (
        "ScopeDoesNotExistException",
        Words {
            meaning: "the scope does not exist",
            next: "check the scope against the resource server",
        },
    ),
    (
        "SoftwareTokenMFANotFoundException",
        Words {
            meaning: "this user has no authenticator app set up",
            next: "look at the user's MFA",
        },
    ),
    (
        "TermsExistsException",
        Words {
            meaning: "the app client has terms of that name already",
            next: "change the existing terms",
        },
    ),
    (
        "TierChangeNotAllowedException",
        Words {
            meaning: "the feature plan of this pool cannot be changed so",
            next: "ask the pool's owner about its feature plan",
        },
    ),
    (
        "TooManyFailedAttemptsException",
        Words {
            meaning: "too many wrong codes; the service has stopped taking more for now",
            next: "wait, then ask for a new code",
        },
    ),
    (
        "TooManyRequestsException",
        Words {
            meaning: "too many requests in this account and region, the application's own among them; nothing was done",
            next: "wait a moment, then r",
        },
    ),
    (
        "UnauthorizedException",
        Words {
            meaning: "the service does not accept who is asking",
            next: "check the credentials in use",
        },
    ),
    (
        "UnexpectedLambdaException",
        Words {
            meaning: "a trigger of this pool could not be run",
            next: "ask the pool's owner to look at its Lambda triggers and their permissions",
        },
    ),
    (
        "UnsupportedIdentityProviderException",
        Words {
            meaning: "the app client does not support this identity provider",
            next: "check the app client's identity providers",
        },
    ),
    (
        "UnsupportedOperationException",
        Words {
            meaning: "the service does not do this here",
            next: "read its message for what is not supported",
        },
    ),
    (
        "UnsupportedTokenTypeException",
        Words {
            meaning: "this kind of token cannot be used here",
            next: "use a refresh token",
        },
    ),
    (
        "UnsupportedUserStateException",
        Words {
            meaning: "the user's status does not allow it",
            next: "r reads the user's status again",
        },
    ),
    (
        "UserImportInProgressException",
        Words {
            meaning: "an import into this pool is running and locks it",
            next: "wait until the import has ended, then r",
        },
    ),
    (
        "UserLambdaValidationException",
        Words {
            meaning: "a trigger of this pool said no; the message is the trigger's own",
            next: "read its message, or ask the pool's owner about its Lambda triggers",
        },
    ),
    (
        "UserNotConfirmedException",
        Words {
            meaning: "the user has not confirmed the account yet",
            next: "confirm the user, or have the confirmation code sent again",
        },
    ),
    (
        "UserNotFoundException",
        Words {
            meaning: "this pool has no such user now",
            next: "r reads the list again: the user may have been deleted or the list may lag",
        },
    ),
    (
        "UserPoolAddOnNotEnabledException",
        Words {
            meaning: "this pool does not keep that record: threat protection is off",
            next: "ask the pool's owner about threat protection",
        },
    ),
    (
        "UserPoolTaggingException",
        Words {
            meaning: "the tags of this pool could not be read or written",
            next: "ask for the permissions on tags of this pool",
        },
    ),
    (
        "UsernameExistsException",
        Words {
            meaning: "the pool has a user of that name already",
            next: "find that user",
        },
    ),
    (
        "WebAuthnChallengeNotFoundException",
        Words {
            meaning: "the passkey registration is not under way any more",
            next: "start the registration again",
        },
    ),
    (
        "WebAuthnClientMismatchException",
        Words {
            meaning: "the passkey belongs to another app client",
            next: "use the app client it was made with",
        },
    ),
    (
        "WebAuthnConfigurationMissingException",
        Words {
            meaning: "passkeys are not set up in this pool",
            next: "ask the pool's owner about passkeys",
        },
    ),
    (
        "WebAuthnCredentialNotSupportedException",
        Words {
            meaning: "this pool does not take that kind of passkey",
            next: "use another authenticator",
        },
    ),
    (
        "WebAuthnNotEnabledException",
        Words {
            meaning: "passkeys are not enabled in this pool",
            next: "ask the pool's owner about passkeys",
        },
    ),
    (
        "WebAuthnOriginNotAllowedException",
        Words {
            meaning: "passkeys are not allowed from that site",
            next: "check the pool's relying party",
        },
    ),
    (
        "WebAuthnRelyingPartyMismatchException",
        Words {
            meaning: "the passkey was made for another site",
            next: "check the pool's relying party",
        },
    ),
];
