//! Leave to write, and the tokens that some of it rests on.

use std::collections::HashMap;
use std::sync::Arc;

use super::shared::{Shared, lock};
use crate::cognito::Writer;
use crate::domain::{AppClient, ClientId, Fault, Place, Raw, Route, Secret};
use crate::job::{Reply, Ticket};
use crate::work::leave;

/// Who may write where. Building a Writer waits for a connection, so leave that was taken back meanwhile must not
/// come into force when the connection is there.
#[derive(Default)]
pub struct Writers {
    open: HashMap<(Place, Route), OpenWriter>,
    /// The question that asked for a Writer last and still stands.
    pub asked: HashMap<(Place, Route), Ticket>,
}

impl Writers {
    pub fn close(&mut self, which: impl Fn(&Place, Route) -> bool) {
        self.open.retain(|(place, route), _| !which(place, *route));
        self.asked.retain(|(place, route), _| !which(place, *route));
    }
}

/// Leave to write to one pool.
#[derive(Clone)]
pub struct OpenWriter {
    pub writer: Arc<Writer>,
    /// The same for as long as leave was never taken back, however often it was asked for.
    leave: Arc<()>,
}

impl Shared {
    pub fn open_writer(&self, place: &Place, route: Route) -> Option<OpenWriter> {
        lock(&self.writers).open.get(&(place.clone(), route)).cloned()
    }

    /// Whether this very leave to write still stands. One that was given after it was taken back is another: it may be
    /// another user's, or rest on other credentials.
    pub fn is_open(&self, place: &Place, open: &OpenWriter) -> bool {
        self.open_writer(place, open.writer.route())
            .is_some_and(|now| Arc::ptr_eq(&now.leave, &open.leave))
    }

    /// The access token held for a pool.
    pub fn token(&self, place: &Place) -> Result<Secret, Fault> {
        let token = lock(&self.tokens).get(place).map(|(token, _)| token.clone());
        token.ok_or_else(|| {
            Fault::local(
                "GetUser",
                "NoToken",
                "no access token is held for this pool; sign in first",
            )
        })
    }

    /// Holds a token in place of the one before. What could be written with that one is over.
    pub fn hold_token(&self, place: &Place, token: Secret, client: Option<ClientId>) {
        // The token first: a Writer that is made meanwhile from the one before is closed by what follows.
        lock(&self.tokens).insert(place.clone(), (token, client));
        lock(&self.writers).close(|other, route| other == place && route == Route::Own);
    }

    pub fn note_client(&self, place: &Place, client: &Arc<AppClient>) {
        lock(&self.clients).insert((place.clone(), client.id.clone()), Arc::clone(client));
    }

    /// The app client of the token held for a pool, where it was described.
    pub fn token_client(&self, place: &Place) -> Option<Arc<AppClient>> {
        let id = lock(&self.tokens).get(place)?.1.clone()?;
        lock(&self.clients).get(&(place.clone(), id)).cloned()
    }
}

/// Builds a Writer: from here on a submission to it passes the first check.
pub async fn open(shared: &Shared, ticket: Ticket, place: Place, route: Route, typed: Option<Raw>) -> Reply {
    let writer = async {
        leave::to_open(shared, &place, typed.as_ref()).await?;
        let connection = shared.connection(&place.target, Some(&place.pool)).await?;
        match route {
            Route::Admin => connection.writer(&place.pool),
            Route::Own => connection.own_writer(&place.pool, shared.token(&place)?),
        }
    }
    .await;
    match writer {
        Ok(writer) => {
            let mut writers = lock(&shared.writers);
            let which = (place, route);
            if writers.asked.get(&which) != Some(&ticket) {
                return Reply::WriterClosed;
            }
            let open = OpenWriter {
                writer: Arc::new(writer),
                leave: writers
                    .open
                    .get(&which)
                    .map(|before| Arc::clone(&before.leave))
                    .unwrap_or_default(),
            };
            writers.open.insert(which, open);
            Reply::WriterOpen
        }
        Err(fault) => Reply::Broken(fault),
    }
}
