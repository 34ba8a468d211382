//! What a fault means to the person at the keyboard: in words of its own for every code the service is known to
//! send, whether anything was changed, and one next step.
//!
//! Codes are matched as text, because the ones that matter most (a refused permission, an expired token) are in no
//! operation's list of errors. Sources: Cognito API reference, the errors of each operation and the common errors;
//! messages as quoted in public issue threads (github.com/aws-amplify/aws-sdk-ios#4251, github.com/boto/boto3#2517).

use super::{ClockOff, Fault, FaultKind};
use crate::domain::raw::Raw;
use crate::domain::sentence::Sentence;
use crate::say;

mod acting;
mod modelled;
mod parameter;
mod table;
#[cfg(test)]
mod tests;
mod transport;

pub use table::{codes, words_for};

/// Whether a call could have changed anything of the user. Signing in is no write, and what it may have done is told by
/// its operation: a step of it can send a code, use up an attempt or set a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// What a code means here and what to do next. Both are whole sentences without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub meaning: &'static str,
    pub next: &'static str,
}

/// Refusals for rate alone: nothing was done, and the same request may be sent later. LimitExceededException is not among
/// them: it counts attempts of one user by the hour, and sending again makes it worse. The SDK classifies it as
/// throttling all the same, which is one reason why writes are never retried there.
const THROTTLES: [&str; 8] = [
    "TooManyRequestsException",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "SlowDown",
];

/// Whether a code says that there were too many requests.
pub fn is_throttle(code: &str) -> bool {
    THROTTLES.contains(&code)
}

/// The service's own trouble, whatever the status says. The last request of a connection that was given up, or that it did
/// not read in time, may have come to something before it said so.
const SERVER_FAULTS: [&str; 8] = [
    "InternalErrorException",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "RequestAbortedException",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];

/// Raised while a message is prepared or a trigger runs, which can be after the values were stored.
const LATE: [&str; 7] = [
    "CodeDeliveryFailureException",
    "InvalidEmailRoleAccessPolicyException",
    "InvalidLambdaResponseException",
    "InvalidSmsRoleAccessPolicyException",
    "InvalidSmsRoleTrustRelationshipException",
    "UnexpectedLambdaException",
    "UserLambdaValidationException",
];

/// Refusals of a signature whose time the service does not accept.
const OUT_OF_TIME: [&str; 5] = [
    "AuthFailure",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

const DENIALS: [&str; 3] = ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"];

/// A code without what some protocols put around it: `com.example#Code`, `Code:http://..`.
fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or(code);
    code.split(':').next().unwrap_or(code)
}

impl FaultKind {
    /// This program's name for a fault that carries no code of the service.
    pub fn code(self) -> &'static str {
        match self {
            Self::Service => "ServiceError",
            Self::Throttled => "Throttled",
            Self::Server => "ServerError",
            Self::Timeout => "Timeout",
            Self::Broken => "ConnectionBroken",
            Self::NoConnection => "NoConnection",
            Self::Undecodable => "UnreadableAnswer",
            Self::NoCredentials => "NoCredentials",
            Self::SsoExpired => "SsoSessionExpired",
            Self::Local => "NotSent",
        }
    }
}

impl Fault {
    /// A fault that the service answered with. The code and the status decide what it means to the program.
    pub fn service(
        operation: &'static str,
        code: impl Into<Raw>,
        message: impl Into<Raw>,
        request_id: Option<Raw>,
        status: Option<u16>,
    ) -> Self {
        let code = code.into();
        let name = bare(code.as_str());
        let kind = if is_throttle(name) {
            FaultKind::Throttled
        } else if SERVER_FAULTS.contains(&name) || status.is_some_and(|status| status >= 500) {
            FaultKind::Server
        } else {
            FaultKind::Service
        };
        Self {
            kind,
            operation,
            code,
            message: message.into(),
            request_id,
            status,
            clock: None,
        }
    }

    /// A fault on the way: no answer, or none that could be read. The code is this program's own.
    pub fn transport(operation: &'static str, kind: FaultKind, message: impl Into<Raw>) -> Self {
        let code = Raw::from(kind.code());
        Self {
            kind,
            operation,
            code,
            message: message.into(),
            request_id: None,
            status: None,
            clock: None,
        }
    }

    /// Something here stopped it before it was sent.
    pub fn local(operation: &'static str, code: &'static str, message: impl Into<Raw>) -> Self {
        let code = Raw::from(code);
        Self {
            kind: FaultKind::Local,
            operation,
            code,
            message: message.into(),
            request_id: None,
            status: None,
            clock: None,
        }
    }

    /// The code without what a protocol puts around it: what the words are looked up by.
    pub fn name(&self) -> &str {
        bare(self.code.as_str())
    }

    /// The role may not do this.
    pub fn is_denied(&self) -> bool {
        DENIALS.contains(&self.name())
    }

    /// What it means here, as one sentence.
    pub fn meaning(&self) -> Sentence {
        if let Some(action) = self.missing_action() {
            return say!("the role may not do this: it lacks ", own action);
        }
        let meaning = self.words().meaning;
        match self.wrong_clock() {
            Some(off) if self.is_expired() => say!(own meaning, "; ").join(off.sentence()),
            Some(off) => off.sentence().words(", so its signatures do not count"),
            None => meaning.into(),
        }
    }

    /// The one next step, where the profile in use is not at hand.
    pub fn next_step(&self) -> Sentence {
        self.next_step_with(None)
    }

    /// The one next step. Names the profile where signing in again is the step.
    pub fn next_step_with(&self, profile: Option<&str>) -> Sentence {
        let sign_in = || {
            let profile = profile.filter(|profile| !profile.is_empty());
            let command = Sentence::from("aws sso login");
            match profile {
                Some(profile) => command.words(" --profile ").quote(&Raw::from(profile)),
                None => command,
            }
        };
        match self.kind {
            FaultKind::SsoExpired => return sign_in().words(" in another terminal, then r"),
            FaultKind::NoCredentials => {
                return sign_in().words(", or set AWS_PROFILE or the access keys; then r");
            }
            _ => {}
        }
        if self.is_expired() {
            return say!("renew the credentials (for SSO: ")
                .join(sign_in())
                .words("), then r");
        }
        if let Some(action) = self.missing_action() {
            return if self.message.as_str().contains("explicit deny") {
                say!("a policy denies ", own action, " outright: adding it elsewhere does not help, ask who owns that policy")
            } else {
                say!("ask for ", own action, " on this pool; `cognitui iam` prints the whole policy")
            };
        }
        if self.wrong_clock().is_some() {
            return "set this machine's clock (NTP), then r".into();
        }
        Sentence::from(self.words().next)
    }

    fn is_expired(&self) -> bool {
        matches!(self.name(), "ExpiredTokenException" | "ExpiredToken")
    }

    /// A clock that is off by more than the service tolerates, where that is why it refused, or hid that the credentials
    /// would end.
    fn wrong_clock(&self) -> Option<ClockOff> {
        let about_time = OUT_OF_TIME.contains(&self.name()) || self.is_expired();
        self.clock.filter(|off| about_time && off.matters())
    }

    /// The IAM action that was refused, such as `cognito-idp:ListUsers`. `None` where it is not about permission, and for
    /// calls that no policy can allow: those with a token or an app client's id.
    pub fn missing_action(&self) -> Option<String> {
        if !self.is_denied() || !acting::is_in_iam(self.operation) {
            return None;
        }
        let named = self
            .message
            .as_str()
            .split_once("not authorized to perform: ")
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .map(|action| action.trim_end_matches(['.', ',']))
            .filter(|action| is_action(action));
        Some(named.map_or_else(
            || format!("{}:{}", service_of(self.operation), self.operation),
            str::to_owned,
        ))
    }

    /// Whether a user's own call was refused because of its token, or of what became of the account: only signing in
    /// again goes on from there.
    pub fn wants_a_new_token(&self) -> bool {
        let own = matches!(
            self.operation,
            "GetUser"
                | "UpdateUserAttributes"
                | "DeleteUserAttributes"
                | "GetUserAttributeVerificationCode"
                | "VerifyUserAttribute"
        );
        let about_the_token = match self.name() {
            // The app client may not write it: another token through the same one may not either.
            "NotAuthorizedException" => !self.message.as_str().to_lowercase().contains("unauthorized attribute"),
            "PasswordResetRequiredException" | "UserNotConfirmedException" | "NoToken" => true,
            _ => false,
        };
        own && about_the_token
    }

    /// What a call that is no change of attributes may have done all the same: sent a message, used up an attempt, set a
    /// new password.
    pub fn doubt(&self) -> Option<&'static str> {
        let open = self.kind.may_have_been_applied();
        match self.operation {
            "InitiateAuth" | "AdminInitiateAuth" if open => {
                Some("nothing was changed; a sign-in code may be on its way, and the attempt may count")
            }
            "RespondToAuthChallenge" | "AdminRespondToAuthChallenge" if open || self.is_late() => {
                Some("the answer may have been taken, a new password with it: signing in again shows")
            }
            "GetUserAttributeVerificationCode" | "ResendConfirmationCode" if open => {
                Some("no attribute was changed; a message may have gone out, and it counts in the hour")
            }
            _ => None,
        }
    }

    /// What is certain about the stored values after this fault.
    pub fn what_changed(&self, access: Access) -> Sentence {
        if let Some(doubt) = self.doubt() {
            return doubt.into();
        }
        match access {
            Access::Read => "nothing was changed".into(),
            Access::Write if self.kind.may_have_been_applied() || self.name() == table::WORKER_PANICKED => {
                "it may have been applied".into()
            }
            Access::Write if self.is_late() => {
                "refused while a message or a trigger was being run: reading back shows what was kept".into()
            }
            Access::Write => "nothing was changed".into(),
        }
    }

    /// Whether the service may have stored values before it raised this: errors of messages and triggers. The API
    /// reference promises no order, so a refusal of this sort is read back before anybody relies on it. A call that only
    /// has a message sent stores nothing.
    pub fn is_late(&self) -> bool {
        Self::is_late_code(self.operation, self.code.as_str())
    }

    /// The same for a code that was written down.
    pub fn is_late_code(operation: &str, code: &str) -> bool {
        LATE.contains(&bare(code)) && !acting::only_sends(operation)
    }

    /// The words for this fault: by what the message says where a code covers many cases, then by code, by kind,
    /// and for a code that is new a sentence that claims nothing.
    fn words(&self) -> Words {
        let by_code = || {
            table::for_operation(self.name(), self.operation, self.message.as_str()).or_else(|| words_for(self.name()))
        };
        match self.kind {
            FaultKind::Service | FaultKind::Throttled | FaultKind::Server => by_code()
                .or_else(|| transport::words(self.name()))
                .unwrap_or_else(|| for_kind(self.kind)),
            FaultKind::Local => acting::for_local(self.name(), self.operation)
                .or_else(|| table::for_local(self.name()))
                .unwrap_or_else(|| for_kind(self.kind)),
            kind => transport::words(self.name()).unwrap_or_else(|| for_kind(kind)),
        }
    }
}

/// Words by kind, for transport faults and for codes that are newer than this program.
fn for_kind(kind: FaultKind) -> Words {
    let (meaning, next) = match kind {
        FaultKind::Service => (
            "the service refused it with a code this version does not know",
            "read its message, then r",
        ),
        FaultKind::Throttled => ("too many requests in this account and region", "wait a moment, then r"),
        FaultKind::Server => (
            "the service failed on its side",
            "wait a moment, then r reads what is there now",
        ),
        FaultKind::Timeout => (
            "no answer came in time",
            "r reads what is there now; nothing is sent twice",
        ),
        FaultKind::Broken => (
            "the connection broke before the answer was complete",
            "r reads what is there now; nothing is sent twice",
        ),
        FaultKind::NoConnection => (
            "no connection could be made; nothing was sent",
            "check network, VPN, proxy, region and endpoint, then r",
        ),
        FaultKind::Undecodable => (
            "an answer came that is not the service's",
            "check the endpoint and any proxy between, then r reads what is there now",
        ),
        FaultKind::NoCredentials => ("no credentials were found; nothing was sent", "aws sso login, then r"),
        FaultKind::SsoExpired => ("the SSO session has ended; nothing was sent", "aws sso login, then r"),
        FaultKind::Local => (
            "stopped here, before anything was sent",
            "mend what the message names, then r",
        ),
    };
    Words { meaning, next }
}

/// `service:Action`, and nothing that could carry anything else onto the screen.
fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, action)| {
        let plain = |part: &str| {
            (1..=64).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        plain(service) && plain(action)
    })
}

/// The IAM prefix of the operations this program calls.
fn service_of(operation: &str) -> &'static str {
    match operation {
        "GetCallerIdentity" | "AssumeRole" | "AssumeRoleWithWebIdentity" => "sts",
        "GetRoleCredentials" => "sso",
        _ => "cognito-idp",
    }
}
