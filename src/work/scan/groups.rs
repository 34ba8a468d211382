//! Reads who is in which group, one group after the other, at the pace and with the patience of a scan.

use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, watch};

use super::super::desk::{Shared, lock};
use super::super::pace::Category;
use super::chain::{End, Reading};
use super::gate::Gate;
use super::run::{Halt, Run, Tally};
use super::{news, worker_broke};
use crate::domain::{Answered, Fault, Place, Raw};
use crate::job::groups::{Members, MembersEnd, MembersRead};
use crate::job::{Reply, Ticket};

/// The names of a pool's groups.
pub async fn names(shared: &Shared, place: &Place) -> Result<Answered<Vec<Raw>>, Fault> {
    let mut names: Vec<Raw> = Vec::new();
    let mut tokens = Vec::new();
    loop {
        let reader = shared.reader(place).await?;
        shared.wait_for(Category::PoolResourceRead).await;
        let answered = reader
            .list_groups(&place.pool, tokens.last().cloned())
            .await
            .inspect_err(|fault| shared.note_rate(Category::PoolResourceRead, fault))?;
        names.extend(answered.value.items);
        match answered.value.next {
            Some(token) if tokens.contains(&token) => {
                let message =
                    "the list leads round in a circle: a page came with the token of a page that was read already";
                return Err(Fault::local("ListGroups", "RepeatedToken", message));
            }
            Some(token) => tokens.push(token),
            None => {
                return Ok(Answered {
                    value: names,
                    request_id: answered.request_id,
                });
            }
        }
    }
}

/// Reads until the last group's end, a fault, or until it is stopped.
pub async fn members(
    shared: &Arc<Shared>,
    ticket: Ticket,
    place: Place,
    members: Members,
    stopped: watch::Receiver<bool>,
) -> MembersEnd {
    let chosen = shared.chosen_rate(ticket).unwrap_or_default();
    let gate = Gate::new(Category::List, chosen, shared.now());
    let tally = Arc::new(Tally::new(Arc::clone(shared), gate));
    let (_unused, ended) = watch::channel(false);
    let halt = Halt { stopped, ended };
    let mut users = 0;
    let mut notices = Vec::new();
    let mut fault = None;
    let mut left = members.groups.into_iter();
    let mut unfinished = None;
    for group in left.by_ref() {
        let (pages, arriving) = mpsc::channel(64);
        let told = {
            let group = group.clone();
            move |users, progress| {
                Reply::Members(MembersRead {
                    group: group.clone(),
                    users,
                    progress,
                })
            }
        };
        let telling = tokio::spawn(news::tell(Arc::clone(&tally), ticket, users, arriving, told));
        let run = Run {
            tally: Arc::clone(&tally),
            place: place.clone(),
            pages,
            notices: Mutex::default(),
        };
        let (_, end) = Reading::of_group(&run, halt.clone(), group.clone()).read().await;
        notices.append(&mut lock(&run.notices));
        // With the sender the news of this group end.
        drop(run);
        let whole = matches!(end, End::Whole);
        match end {
            End::Fault(why) | End::Refused(why) => fault = Some(why),
            End::Whole | End::Stopped | End::Ignored => {}
        }
        match telling.await {
            Ok(told) => users = told,
            Err(_) => fault = Some(worker_broke("ListUsersInGroup")),
        }
        if !whole || fault.is_some() {
            unfinished = Some(group);
            break;
        }
    }
    MembersEnd {
        progress: tally.progress(users),
        left: unfinished.into_iter().chain(left).collect(),
        fault,
        notices,
    }
}
