//! Somebody else changed the user meanwhile: what this change is judged on is decided one by one, before anything can
//! be sent.

use std::sync::Arc;

use super::Decision;
use crate::app::core::Core;
use crate::app::screen::confirmation::Control;
use crate::app::screen::edit::EditScreen;
use crate::app::session::{Session, View};
use crate::domain::change::Moved;
use crate::domain::{AttributeName, Draft, Drift, User};

impl Session {
    /// Takes a newer reading. Where someone else changed what this change is judged on, nothing can be sent before the
    /// operator has decided about each.
    pub(in crate::app) fn take_moved(&mut self, now: Arc<User>, mut moved: Moved, core: &mut Core) {
        let set = self.draft_set();
        self.add_earlier(&now, &mut moved);
        let Some(review) = &mut self.review else {
            return;
        };
        review.confirmation.opened = core.mono;
        review.read_at = Some(core.at);
        review.decisions = vec![None; moved.touched.len() + moved.facts.len()];
        review.now = Some(Arc::clone(&now));
        review.moved = moved;
        if review.moved.stops() {
            review.changes = set;
            review.confirmation.focus = Control::Conflict(0);
        } else {
            self.rebase_on(now, core);
        }
    }

    /// What moved since an edit was decided in an earlier run, or since the entry of the journal that it takes back, is
    /// decided by the same keys. The value that it was decided on counts, not the one the form opened with.
    fn add_earlier(&self, now: &User, moved: &mut Moved) {
        for conflict in self
            .edited_draft()
            .map(|draft| draft.conflicts_with(now))
            .unwrap_or_default()
        {
            moved.also.retain(|drift| drift.name != conflict.name);
            match moved.touched.iter_mut().find(|drift| drift.name == conflict.name) {
                Some(drift) => drift.expected = conflict.then,
                None => moved.touched.push(Drift {
                    name: conflict.name,
                    expected: conflict.then,
                    now: conflict.now,
                }),
            }
        }
    }

    /// Makes the newest reading the base of the draft and shows what is sent then.
    pub(super) fn rebase_on(&mut self, now: Arc<User>, core: &mut Core) {
        let Some(key) = self.edit.as_ref().map(EditScreen::key) else {
            return;
        };
        if let Some(draft) = self.drafts.get_mut(&key) {
            draft.rebase(now);
        }
        if self.edited_draft().is_none_or(Draft::is_empty) {
            self.leave_confirmation(core);
            return core.say("nothing is left to send; the form shows the user as it is now");
        }
        // What was taken from the other side can leave a value without who vouches for it, or a flag without a value.
        if self.go_to_what_is_missing(core) {
            self.review = None;
            self.view = View::Edit;
            return;
        }
        let set = self.draft_set();
        if let Some(review) = &mut self.review {
            review.changes = set;
        }
        self.focus_first(core);
    }

    pub(in crate::app) fn decide(&mut self, decision: Decision, core: &mut Core) {
        let Some(review) = &mut self.review else {
            return core.say("nothing to decide here; Esc goes back to what is there now");
        };
        let Control::Conflict(at) = review.confirmation.focus else {
            return core.say("nothing to decide here: this is for values that someone else changed");
        };
        if decision == Decision::TakeTheirs && review.conflict_name(at).is_none() {
            return core.say("this is a fact, not a value: m goes on with it, Esc goes back to the form");
        }
        if let Some(slot) = review.decisions.get_mut(at) {
            *slot = Some(decision);
        }
        match review.decisions.iter().position(Option::is_none) {
            Some(next) => review.confirmation.focus = Control::Conflict(next),
            None => self.apply_decisions(core),
        }
    }

    /// Every conflict is decided: what was taken from the other side is no longer sent.
    fn apply_decisions(&mut self, core: &mut Core) {
        let (Some(review), Some(edit)) = (&mut self.review, &self.edit) else {
            return;
        };
        let Some(now) = review.now.clone() else {
            return;
        };
        let decided: Vec<(AttributeName, Option<Decision>)> = review
            .moved
            .touched
            .iter()
            .zip(&review.decisions)
            .map(|(drift, decision)| (drift.name.clone(), *decision))
            .collect();
        review.decisions.clear();
        review.decided = true;
        review.moved = Moved {
            also: std::mem::take(&mut review.moved.also),
            ..Moved::default()
        };
        review.confirmation.opened = core.mono;
        if let Some(draft) = self.drafts.get_mut(&edit.key()) {
            for (name, decision) in &decided {
                match decision {
                    Some(Decision::TakeTheirs) => {
                        draft.put_back(name);
                    }
                    _ => draft.stands(name),
                }
            }
        }
        self.rebase_on(now, core);
    }
}
