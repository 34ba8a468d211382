//! A find: stage after stage of the plan until one has hits, each call one predicate the service can answer.

use std::sync::Arc;

use crate::cognito::Reader;
use crate::domain::Answered;
use crate::domain::find::{Ask, Operator, Plan};
use crate::domain::{AttributeValue, Fault, PageToken, Place, Raw, User, Username};
use crate::job::{Found, Unread};

use super::desk::Shared;
use super::pace::Category;

/// When a call has brought enough: a list for a person, not a scan.
const ENOUGH: usize = 60;

/// Pages of one call at most: they may be empty and still go on.
const PAGES: usize = 10;

/// Pages that are read to learn who has a value.
const HOLDER_PAGES: usize = 20;

/// Asks. A fault is returned only where every call of a find ended in one: otherwise the answer says what was refused.
pub async fn find(shared: &Shared, reader: &Reader, place: &Place, plan: &Plan) -> Result<Answered<Found>, Fault> {
    let mut finding = Finding::new();
    for (number, stage) in plan.stages.iter().enumerate() {
        for ask in stage {
            finding.ask(shared, reader, place, ask, None).await;
        }
        if !finding.found.users.is_empty() {
            finding.found.stage = Some(number);
            break;
        }
    }
    finding.end()
}

/// Goes on with the calls of a find that were not read to their end.
pub async fn read_on(
    shared: &Shared,
    reader: &Reader,
    place: &Place,
    unread: Vec<Unread>,
) -> Result<Answered<Found>, Fault> {
    let mut finding = Finding::new();
    for Unread { ask, token, .. } in unread {
        finding.ask(shared, reader, place, &ask, Some(token)).await;
    }
    // What was refused is told beside what was read before, and a token that is not taken any more must not come back.
    Ok(finding.whatever())
}

/// What a find has brought so far.
struct Finding {
    found: Found,
    request_id: Option<Raw>,
}

impl Finding {
    fn new() -> Self {
        Self {
            found: Found {
                users: Vec::new(),
                stage: None,
                calls: 0,
                faults: Vec::new(),
                unread: Vec::new(),
            },
            request_id: None,
        }
    }

    /// Reads the pages of one call, from `token` on, until there are enough.
    async fn ask(&mut self, shared: &Shared, reader: &Reader, place: &Place, ask: &Ask, mut token: Option<PageToken>) {
        let found = &mut self.found;
        let filter = match ask.filter() {
            Ok(filter) => filter,
            Err(problem) => {
                let fault = Fault::local("ListUsers", "Filter", problem.sentence().plain());
                return found.faults.push(fault);
            }
        };
        let mut fault = None;
        for _ in 0..PAGES {
            shared.wait_for(Category::List).await;
            found.calls += 1;
            let from = token.take();
            match reader.list_users(&place.pool, Some(&filter), from.clone(), None).await {
                Ok(answered) => {
                    self.request_id = answered.request_id;
                    for user in answered.value.items {
                        add(&mut found.users, user);
                    }
                    token = answered.value.next;
                }
                Err(refused) => {
                    shared.note_rate(Category::List, &refused);
                    // A token that was refused has grown too old: nothing goes on from there.
                    token = from.filter(|_| refused.code.as_str() != "InvalidParameterException");
                    fault = Some(refused);
                    break;
                }
            }
            if token.is_none() || found.users.len() >= ENOUGH {
                break;
            }
        }
        match token {
            Some(token) => found.unread.push(Unread {
                ask: ask.clone(),
                token,
                fault,
            }),
            None => found.faults.extend(fault),
        }
    }

    fn end(self) -> Result<Answered<Found>, Fault> {
        let found = &self.found;
        match found.faults.first() {
            Some(fault) if found.users.is_empty() && found.faults.len() >= found.calls.max(1) => Err(fault.clone()),
            _ => Ok(self.whatever()),
        }
    }

    fn whatever(self) -> Answered<Found> {
        Answered {
            value: self.found,
            request_id: self.request_id,
        }
    }
}

fn add(users: &mut Vec<Arc<User>>, user: User) {
    if !users.iter().any(|other| other.username == user.username) {
        users.push(Arc::new(user));
    }
}

/// Every user but one that has exactly this value.
pub async fn holders(
    shared: &Shared,
    place: &Place,
    attribute: &'static str,
    value: &AttributeValue,
    not: &Username,
) -> Result<Answered<Vec<User>>, Fault> {
    let ask = Ask {
        attribute,
        operator: Operator::Exact,
        value: value.raw().clone(),
    };
    let filter = ask
        .filter()
        .map_err(|problem| Fault::local("ListUsers", "Filter", problem.sentence().plain()))?;
    let reader = shared.reader(place).await?;
    let mut holders = Vec::new();
    let mut token = None;
    let mut request_id = None;
    for _ in 0..HOLDER_PAGES {
        shared.wait_for(Category::List).await;
        let answered = reader
            .list_users(&place.pool, Some(&filter), token, None)
            .await
            .inspect_err(|fault| shared.note_rate(Category::List, fault))?;
        let others = answered.value.items.into_iter();
        holders.extend(others.filter(|user| user.username != *not));
        token = answered.value.next;
        request_id = answered.request_id;
        if token.is_none() {
            break;
        }
    }
    if token.is_some() && holders.is_empty() {
        // Pages may be empty and go on, but not for ever; "nobody" would be a guess.
        let message = "empty pages without an end: who has it is not known";
        return Err(Fault::local("ListUsers", "Unfinished", message));
    }
    Ok(Answered {
        value: holders,
        request_id,
    })
}
