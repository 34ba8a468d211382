//! What belongs to an address or number in the form: who else has it, and who vouches for it.

use crate::app::core::Core;
use crate::app::screen::confirmation::Control;
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::domain::consequence::Owner;
use crate::domain::draft::Vouch;
use crate::domain::{AttributeValue, Contact, Edit, Route};
use crate::job::{Answer, Job, Ticket};

/// Who has a contact that is pending, as far as it was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnerQuestion {
    pub value: AttributeValue,
    pub answer: Slot<Owner>,
}

impl Session {
    /// Asks who has a pending contact now, where that was not asked yet.
    pub(in crate::app) fn ask_owner(&mut self, contact: Contact, core: &mut Core) {
        let Some(draft) = self.edited_draft() else {
            return;
        };
        let value = match draft.edit(&contact.attribute()) {
            Some(Edit::Set(value)) => Some(value.clone()),
            // A flag alone can take an alias as well.
            _ if draft.vouch(contact) == Some(Vouch::Checked) => draft.base().contact(contact).cloned(),
            _ => None,
        };
        let place = self.place.clone();
        let Some(edit) = &mut self.edit else {
            return;
        };
        let Some(value) = value else {
            edit.owners.remove(&contact);
            return;
        };
        let asked = edit
            .owners
            .get(&contact)
            .is_some_and(|question| question.value == value && question.answer.fault().is_none());
        if !asked {
            let job = Job::Owner {
                place,
                contact,
                value: value.clone(),
                not: edit.username.clone(),
            };
            let ticket = core.ask(
                edit.username.raw(),
                format!("asking who has the new {}", contact.noun()),
                job,
            );
            edit.owners.insert(
                contact,
                OwnerQuestion {
                    value,
                    answer: Slot::Loading(ticket),
                },
            );
        }
    }

    pub(in crate::app) fn take_owner(&mut self, ticket: Ticket, answer: &Answer<Owner>, core: &Core) -> bool {
        let Some(edit) = &mut self.edit else {
            return false;
        };
        let taken = edit.owners.values_mut().any(|question| {
            question.answer.fill(
                ticket,
                answer
                    .as_ref()
                    .map(|answered| answered.value.clone())
                    .map_err(Clone::clone),
            )
        });
        // Whichever answer comes last, a review that nobody has touched yet begins with what is still needed.
        if taken
            && self
                .review
                .as_ref()
                .is_some_and(|review| review.confirmation.focus == Control::Cancel)
        {
            self.decide_anew(core);
        }
        taken
    }

    /// `v`: for a changed contact "I checked it", "Cognito decides", "mark unverified"; for an unchanged one the other
    /// state and back.
    pub(super) fn cycle_vouch(&mut self, core: &mut Core) {
        if let Some(why) = self.locked(core) {
            return core.say(why);
        }
        let Some(edit) = &self.edit else {
            return;
        };
        let Some(contact) = edit.cursor.contact().or(edit.cursor.verifies()) else {
            return core.say("v is for email and phone_number: it says who vouches for them");
        };
        if edit.route == Route::Own {
            return core.say("as the user nobody vouches: a code verifies the new value, so v does nothing here");
        }
        let Some(draft) = self.edited_draft_mut() else {
            return;
        };
        if draft.pending(&contact.attribute()).is_none() {
            return core.say(crate::say!("there is no ", own contact.noun(), " to vouch for"));
        }
        if draft.changes_contact(contact) {
            let next = match draft.vouch(contact) {
                None | Some(Vouch::Unverified) => Vouch::Checked,
                Some(Vouch::Checked) => Vouch::Pool,
                Some(Vouch::Pool) => Vouch::Unverified,
            };
            draft.set_vouch(contact, next);
        } else if draft.edit(&contact.flag()).is_some() {
            draft.put_back(&contact.flag());
        } else {
            let opposite = if draft.base().is_verified(contact) {
                "false"
            } else {
                "true"
            };
            draft.set(contact.flag(), Edit::Set(AttributeValue::new(opposite)));
        }
        self.ask_owner(contact, core);
    }
}
