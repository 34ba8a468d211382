//! Pending edits outlive the program: what was last handed to the desk for keeping, and what there is now, compared in
//! one place after every event.

mod found;
mod resume;

use std::collections::{BTreeMap, BTreeSet};

pub use self::found::{DraftList, Maker, edits};
pub use self::resume::Resuming;

use super::App;
use super::core::Core;
use super::session::Session;
use super::status::{Entry, Word};
use crate::domain::draft::saved::{DraftId, Kept, Saved, Typed, Unreadable};
use crate::domain::place::Caller;
use crate::domain::{AttributeValue, Place, Raw, Route, Target, Username};
use crate::job::{DiskFault, DraftSave, Job, Ticket};

/// Whose edits.
pub type Key = (Place, Username, Route);

/// What is known of the drafts on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drafts {
    /// What the desk was asked to keep last.
    asked: BTreeMap<Key, Saved>,
    /// Questions under way.
    under_way: BTreeMap<Ticket, Key>,
    /// Drafts of which a version is on disk.
    on_disk: BTreeSet<Key>,
    /// The last answer about these was a failure: the next key tries again.
    unsaved: BTreeSet<Key>,
    /// Everything is kept once more, whatever was asked before.
    once_more: bool,
    /// What stands in the way of saving. It is said once.
    trouble: Option<DiskFault>,
    /// The drafts of earlier runs that pending edits go on with.
    continues: BTreeMap<Key, DraftId>,
    /// What earlier consoles left and nobody has taken up here, newest first.
    found: Vec<Kept>,
    /// Files that are no drafts and were said to be none.
    told: Vec<Unreadable>,
    finding: Option<Ticket>,
    taking: Option<(Ticket, DraftId, Place)>,
    dropping: Option<(Ticket, DraftId)>,
    /// The first screen announces them.
    announced: bool,
    /// The form that they were offered over last.
    offered_for: Option<Key>,
    /// Those that were put off: they are listed, and not offered again.
    later: BTreeSet<DraftId>,
    /// The user whose screen said that there is one.
    told_of: Option<Key>,
    /// Who signs at a target, asked to say whose a draft is.
    callers: BTreeMap<Target, Caller>,
    asking_caller: Option<(Ticket, Target)>,
}

impl Drafts {
    /// Whether the pending edits of a user are on disk, so that nothing of them can be lost.
    pub fn is_kept(&self, place: &Place, username: &Username, route: Route) -> bool {
        let key = (place.clone(), username.clone(), route);
        self.on_disk.contains(&key) && !self.unsaved.contains(&key)
    }

    /// Whether something that was typed could not be saved.
    pub fn is_in_trouble(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Has everything kept once more: nobody tells when files are taken away, and who is about to quit is told that they
    /// are there.
    pub(super) fn keep_once_more(&mut self) {
        self.once_more = true;
    }

    /// Asks for everything that is not kept as it is now.
    fn compare(&mut self, sessions: &[&Session], retry: bool, core: &mut Core) {
        let once_more = std::mem::take(&mut self.once_more);
        let mut gone: BTreeSet<Key> = self.asked.keys().cloned().collect();
        for session in sessions {
            for ((username, route), draft) in &session.drafts {
                let typed = session.typed(username, *route);
                if !draft.is_worth_saving() && typed.is_none() {
                    continue;
                }
                let key = (session.place.clone(), username.clone(), *route);
                gone.remove(&key);
                let again = once_more || (retry && self.unsaved.contains(&key));
                let saved = draft.to_save(typed);
                if self.asked.get(&key) == Some(&saved) && !again {
                    continue;
                }
                let ticket = core.ask_quietly(Job::SaveDraft(Box::new(DraftSave {
                    place: key.0.clone(),
                    username: username.clone(),
                    route: *route,
                    draft: Some(saved.clone()),
                    continues: self.continues.get(&key).cloned(),
                    caller: session.caller.ready().cloned().unwrap_or_default(),
                    at: core.at,
                })));
                self.under_way.insert(ticket, key.clone());
                self.asked.insert(key, saved);
            }
        }
        if retry {
            let left = self.unsaved.iter().filter(|key| !self.asked.contains_key(*key));
            gone.extend(left.cloned());
        }
        for key in gone {
            self.asked.remove(&key);
            self.continues.remove(&key);
            let (place, username, route) = key.clone();
            let ticket = core.ask_quietly(Job::SaveDraft(Box::new(DraftSave {
                place,
                username,
                route,
                draft: None,
                continues: None,
                caller: Default::default(),
                at: core.at,
            })));
            self.under_way.insert(ticket, key);
        }
    }

    /// What became of keeping a draft. False: nobody asked here.
    pub(super) fn saved(&mut self, ticket: Ticket, result: &Result<(), DiskFault>, core: &mut Core) -> bool {
        let Some(key) = self.under_way.remove(&ticket) else {
            return false;
        };
        match result {
            Ok(()) => {
                self.unsaved.remove(&key);
                if self.asked.contains_key(&key) {
                    self.on_disk.insert(key);
                } else {
                    self.on_disk.remove(&key);
                }
                if self.unsaved.is_empty() && self.trouble.take().is_some() {
                    core.note(&Raw::from("drafts"), "pending edits are saved again");
                }
            }
            Err(fault) => {
                self.unsaved.insert(key);
                if self.trouble.as_ref() != Some(fault) {
                    core.status.push(said(fault, core));
                }
                self.trouble = Some(fault.clone());
            }
        }
        true
    }
}

/// The entry of a disk that does not take drafts.
fn said(fault: &DiskFault, core: &Core) -> Entry {
    let line = crate::say!("pending edits are not saved: ", name & fault.what);
    let mut entry = Entry::new(core.at, Word::Failed, Raw::from("drafts"), line);
    entry
        .more
        .push("they stay here as long as the program runs; each further key tries again".into());
    entry.more.push(crate::say!("next: ", name & fault.next));
    entry
}

impl App {
    /// Hands what changed to the desk. Called after every event; `retry`: somebody pressed a key, so that a disk that
    /// was full may be tried again without ever being tried in a loop.
    pub(super) fn save_drafts(&mut self, retry: bool) {
        if !self.core.settings.drafts {
            return;
        }
        let sessions: Vec<&Session> = self.session.iter().chain(&self.left).collect();
        self.drafts.compare(&sessions, retry, &mut self.core);
    }
}

impl Session {
    /// What is typed in the open field of a user's form, where that is not what the row holds anyway.
    pub(in crate::app) fn typed(&self, username: &Username, route: Route) -> Option<Typed> {
        let edit = self.edit.as_ref()?;
        let open = edit.field.as_ref()?;
        if edit.username != *username || edit.route != route {
            return None;
        }
        let draft = self.drafts.get(&edit.key())?;
        let there = draft.pending(&open.name).map_or("", AttributeValue::as_str);
        (open.field.text() != there).then(|| Typed {
            name: open.name.clone(),
            text: open.field.raw(),
        })
    }
}
