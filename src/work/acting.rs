//! Signing in as a user: the app clients to choose from, the password and the challenges, and the token that comes of
//! it, which stays here.

use std::sync::Arc;

use crate::cognito::Step;
use crate::domain::sign_in::{ActingAs, Challenge, ChallengeKind, Claims, Password};
use crate::domain::{Answered, AppClient, ClientId, ClientSummary, Fault, Place, Raw, Secret};
use crate::job::{Answer, SignedIn};

use super::desk::Shared;
use super::leave;
use super::pace::Category;
use super::password;

/// ListUserPoolClients, all pages.
pub async fn clients(shared: &Shared, place: &Place) -> Answer<Vec<ClientSummary>> {
    shared.reader(place).await?.clients(&place.pool).await
}

/// DescribeUserPoolClient.
pub async fn client(shared: &Shared, place: &Place, client: &ClientId) -> Answer<Arc<AppClient>> {
    let answered = shared.reader(place).await?.app_client(&place.pool, client).await?;
    let value = Arc::new(answered.value);
    shared.note_client(place, &value);
    Ok(Answered {
        value,
        request_id: answered.request_id,
    })
}

/// Signs in with a password, as far as one call goes.
pub async fn sign_in(shared: &Shared, place: &Place, password: Password) -> Answer<SignedIn> {
    leave::to_read(shared.guards(), place)?;
    let expected = password.expected.clone();
    let connection = shared.connection(&place.target, Some(&place.pool)).await?;
    let step = connection.authenticator(&place.pool)?.sign_in(password).await?;
    go_on(shared, place, step, expected).await
}

/// Answers a challenge.
pub async fn answer(
    shared: &Arc<Shared>,
    place: &Place,
    challenge: Challenge,
    answers: Vec<(String, Secret)>,
) -> Answer<SignedIn> {
    leave::to_read(shared.guards(), place)?;
    let expected = challenge.expected.clone();
    if let ChallengeKind::NewPassword { .. } = challenge.kind {
        let step = password::set(shared, place, challenge, answers).await?;
        return go_on(shared, place, step, expected).await;
    }
    let connection = shared.connection(&place.target, Some(&place.pool)).await?;
    let step = connection
        .authenticator(&place.pool)?
        .answer(challenge, answers)
        .await?;
    go_on(shared, place, step, expected).await
}

async fn go_on(shared: &Shared, place: &Place, step: Answered<Step>, expected: Option<Raw>) -> Answer<SignedIn> {
    match step.value {
        Step::Challenge(challenge) => Ok(Answered {
            value: SignedIn::Challenge(challenge),
            request_id: step.request_id,
        }),
        Step::Token(token) => act_as(shared, place, token, expected).await,
    }
}

/// Checks a token, reads its user, and holds it.
pub async fn act_as(shared: &Shared, place: &Place, token: Secret, expected: Option<Raw>) -> Answer<SignedIn> {
    const OPERATION: &str = "GetUser";
    let token = Secret::new(token.expose().trim());
    let problem = |problem: crate::domain::sign_in::TokenProblem| {
        Fault::local(OPERATION, "AccessToken", problem.sentence().plain())
    };
    let claims = Claims::read(&token).map_err(problem)?;
    claims.check(&place.pool, shared.now()).map_err(problem)?;
    let reader = shared.reader(place).await?;
    shared.wait_for(Category::Read).await;
    let answered = reader
        .own_user(&token)
        .await
        .inspect_err(|fault| shared.note_rate(Category::Read, fault))?;
    let user = answered.value;
    // The token's own word counts only where the app client is not shown the sub: it is read, not verified.
    let sub = user.sub().map_or_else(|| claims.sub.clone(), Raw::from);
    let value = if expected.is_some_and(|expected| expected != sub) {
        SignedIn::SomebodyElse(user.username)
    } else {
        shared.hold_token(place, token, claims.client.clone());
        SignedIn::As(ActingAs {
            user: Arc::new(user),
            client: claims.client,
            expires_at: claims.expires_at,
        })
    };
    Ok(Answered {
        value,
        request_id: answered.request_id,
    })
}
