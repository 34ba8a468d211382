//! What an administrator does to an account that is stuck: confirm a sign-up, reset a password. Sources: Cognito API
//! reference, AdminConfirmSignUp, AdminResetUserPassword; developer guide, "Signing up and confirming user accounts"
//! and "Recovering user accounts".

use serde_json::{Value, json};

use super::codes;
use super::contact::demand_sms_role;
use super::hourly::Attempt;
use super::operations::{Ask, pool, user};
use super::outbox::{Medium, Message, Occasion};
use super::pool::Pool;
use super::state::State;
use super::user::User;
use super::wire::Refusal;

/// AdminConfirmSignUp: the account can sign in, and neither e-mail nor phone is verified by it.
pub(crate) fn confirm_sign_up(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    let found = pool.users.get(at).ok_or_else(Refusal::no_user)?;
    let next = confirmed(&found, ask)?;
    pool.users.put(at, next);
    Ok(json!({}))
}

/// The user after a confirmed sign-up; the code for it is of no more use. Words:
/// github.com/furaiev/amazon-cognito-identity-dart-2/issues/80.
pub(crate) fn confirmed(user: &User, ask: &Ask<'_>) -> Result<User, Refusal> {
    if user.status != "UNCONFIRMED" {
        return Err(Refusal::new(
            "NotAuthorizedException",
            format!("User cannot be confirmed. Current status is {}", user.status),
        ));
    }
    let mut next = user.clone();
    next.status = "CONFIRMED".to_owned();
    next.codes.retain(|code| code.occasion != Occasion::SignUp);
    next.modified = ask.now;
    Ok(next)
}

/// AdminResetUserPassword: a sign-in is answered with PasswordResetRequiredException from now on, and a code to set a
/// new password goes to a verified contact.
/// Words: github.com/amazon-archives/amazon-cognito-identity-js/issues/373 (disabled, state) and
/// github.com/frsechet/cognito-user-pool/issues/2 (no verified contact). That a user whose password was reset already
/// gets another code is undocumented.
pub(crate) fn reset_password(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    let found = pool.users.get(at).ok_or_else(Refusal::no_user)?;
    if !found.enabled {
        return Err(Refusal::new("NotAuthorizedException", "User is disabled."));
    }
    if !matches!(found.status.as_str(), "CONFIRMED" | "RESET_REQUIRED") {
        return Err(Refusal::new(
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
        ));
    }
    let (medium, destination) = recovery(pool, &found)?;
    demand_sms_role(pool, medium)?;
    let attempt = Attempt::AdminResetUserPassword;
    state.hourly.count(attempt, &pool.id, found.sub(), ask.now)?;
    // Nothing emulated takes this code (ConfirmForgotPassword), so it is told and not kept.
    let digits = codes::digits(&found, "password", ask.now);
    let message = Message::new(Occasion::PasswordReset, medium, destination, &pool.id, &found, ask.now);
    let mut next = found.as_ref().clone();
    next.status = "RESET_REQUIRED".to_owned();
    next.modified = ask.now;
    pool.users.put(at, next);
    state.outbox.send(message.with_code(&digits));
    Ok(json!({}))
}

/// Where the code goes: the first verified contact in the order of AccountRecoverySetting; without that setting the
/// phone comes first (API reference, AccountRecoverySettingType). `admin_only` leaves nobody to send to: the
/// operation needs self-service recovery (API reference, AdminResetUserPassword); the words for it are undocumented
/// and the same.
fn recovery<'a>(pool: &Pool, user: &'a User) -> Result<(Medium, &'a str), Refusal> {
    let order: Vec<Medium> = if pool.settings.recovery.is_empty() {
        vec![Medium::Sms, Medium::Email]
    } else {
        pool.settings
            .recovery
            .iter()
            .filter_map(|name| Medium::of(name.strip_prefix("verified_")?))
            .collect()
    };
    order
        .into_iter()
        .filter(|medium| user.is_verified(medium.attribute()))
        .find_map(|medium| Some((medium, user.attribute(medium.attribute())?)))
        .ok_or_else(|| {
            Refusal::parameter(
                "Cannot reset password for the user as there is no registered/verified email or phone_number",
            )
        })
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;
