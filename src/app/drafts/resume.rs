//! Taking up a draft of an earlier run: its pool is opened, its user is read, and its edits are laid on what is there
//! now. What moved since is a conflict, and nothing of it can be sent before a person has decided.

use std::sync::Arc;

use super::Drafts;
use super::found::{Maker, is_at};
use crate::app::App;
use crate::app::core::Core;
use crate::app::field::Field;
use crate::app::screen::edit::{OpenField, plural};
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::app::status::{Entry, Word};
use crate::domain::draft::saved::{Console, DraftId, Kept, Resumed};
use crate::domain::{AttributeName, AttributeValue, Place, Route, Sentence, User};
use crate::job::{Answer, Job, Ticket, Untaken};

/// A draft on its way into its form.
#[derive(Clone, Debug, PartialEq)]
pub struct Resuming {
    pub kept: Box<Kept>,
    /// The user as it is now. Loading in the form: the form's own reading is waited for.
    pub read: Slot<()>,
}

impl Drafts {
    pub(super) fn is_taking(&self, id: &DraftId) -> bool {
        self.taking.as_ref().is_some_and(|(_, taking, _)| taking == id)
    }
}

impl App {
    /// Takes up a listed draft: opens its pool if need be, makes the draft this console's own, and reads its user.
    pub(super) fn resume(&mut self, id: &DraftId) {
        let Some(kept) = self.drafts.get(id).cloned() else {
            return self.core.say("this draft is not there any more");
        };
        if kept.console == Console::Elsewhere {
            return self.say_untaken(id, &Untaken::Elsewhere { since: kept.begun });
        }
        if self.session.as_ref().is_some_and(Session::is_sending) {
            return self.core.say("a write is under way; its result comes first");
        }
        if !self.go_to_pool_of(&kept) {
            return;
        }
        let Some(session) = &mut self.session else {
            return;
        };
        if !session.may_write() {
            let why = session.why_read_only();
            return self
                .core
                .say(crate::say!("the draft is kept, and not taken up: ", own why));
        }
        let (username, route) = (kept.draft.username.clone(), kept.draft.route);
        let pending = session.drafts.get(&(username.clone(), route));
        if pending.is_some_and(|draft| draft.is_worth_saving()) || session.typed(&username, route).is_some() {
            return self.core.say(crate::say!(
                raw username.raw(), " has pending edits here; send or :discard them first, the draft is kept"
            ));
        }
        if route == Route::Own && session.good_token(&username, &self.core).is_none() {
            self.core
                .say("these edits go out as the user: sign in first, and they are offered then");
            session.sign_in_again(&username, &mut self.core);
            return;
        }
        let job = Job::TakeDraft {
            place: session.place.clone(),
            id: id.clone(),
        };
        let ticket = self.core.ask_quietly(job);
        self.drafts.taking = Some((ticket, id.clone(), session.place.clone()));
    }

    /// Opens the pool a draft was made in, unless it is the open one. False: it cannot be reached from here.
    fn go_to_pool_of(&mut self, kept: &Kept) -> bool {
        if self.session.as_ref().is_some_and(|session| is_at(kept, &session.place)) {
            return true;
        }
        let Some(place) = self.place_of(kept) else {
            let line = match &kept.place.endpoint {
                Some(endpoint) => crate::say!(
                    "the draft was made at ", name endpoint, "; start with --endpoint-url to resume it"
                ),
                None => {
                    "the draft was made at the service's own endpoint; start without --endpoint-url to resume it".into()
                }
            };
            self.core.say(line);
            return false;
        };
        if let Some(mut session) = self.session.take() {
            session.leave(&mut self.core);
            self.left.push(session);
        }
        self.open_pool_at(&place);
        self.session.as_ref().is_some_and(|session| session.place == place)
    }

    fn open_pool_at(&mut self, place: &Place) {
        let settings = &self.core.settings;
        let choices = self.pools.choices(settings).into_iter();
        let choice = choices
            .filter(|choice| choice.place == *place)
            .chain([self.pools.choice_for(place.pool.clone(), settings)])
            .next();
        if let Some(choice) = choice {
            self.open_choice(choice);
        }
    }

    /// The way to a draft's pool, as the configuration knows it.
    pub(super) fn place_of(&self, kept: &Kept) -> Option<Place> {
        let favourites = self
            .core
            .settings
            .favourites
            .iter()
            .map(|favourite| favourite.place.clone());
        let otherwise = Place {
            target: self.core.settings.target.clone(),
            pool: kept.place.pool.clone(),
        };
        favourites.chain([otherwise]).find(|place| is_at(kept, place))
    }

    /// The draft is this console's own, or why it is not.
    pub(in crate::app) fn draft_taken(&mut self, ticket: Ticket, result: Result<Box<Kept>, Untaken>) {
        let Some((_, id, place)) = self.drafts.taking.take_if(|(asked, ..)| *asked == ticket) else {
            return;
        };
        match result {
            Ok(kept) => {
                let maker = self.maker(&kept);
                let core = &mut self.core;
                let mut sessions = self.session.iter_mut().chain(&mut self.left);
                let Some(session) = sessions.find(|session| session.place == place) else {
                    return;
                };
                if let Maker::Other(_) = maker {
                    core.note(
                        kept.draft.username.raw(),
                        crate::say!("the draft was ").join(maker.words()),
                    );
                }
                session.begin_resuming(kept, core);
            }
            Err(why) => self.say_untaken(&id, &why),
        }
        self.after_resuming();
    }

    /// A draft that was laid on its user is offered no longer: from here on its file is that of the pending edits, and
    /// where none are left, it goes.
    pub(in crate::app) fn after_resuming(&mut self) {
        for session in self.session.iter_mut().chain(&mut self.left) {
            for (id, (username, route)) in std::mem::take(&mut session.resumed) {
                let key = (username, route);
                let left = session.drafts.get(&key).is_some_and(|draft| draft.is_worth_saving())
                    || session.typed(&key.0, route).is_some();
                if left {
                    let key = (session.place.clone(), key.0, route);
                    self.drafts.continues.insert(key, id.clone());
                } else {
                    self.core.ask_quietly(Job::DiscardDraft { id: id.clone() });
                }
                self.drafts.drop_from_list(&id);
            }
        }
    }

    pub(super) fn say_untaken(&mut self, id: &DraftId, why: &Untaken) {
        let line: Sentence = match why {
            Untaken::Elsewhere { since } => {
                let since = since.to_zoned(self.core.settings.zone.clone());
                let written = since.strftime("%Y-%m-%d %H:%M").to_string();
                format!("open in another console since {written}; it is that console's as long as it runs").into()
            }
            Untaken::Gone => {
                self.drafts.drop_from_list(id);
                "this draft is not there any more: sent, thrown away or taken up elsewhere".into()
            }
            Untaken::OtherEndpoint(Some(endpoint)) => {
                crate::say!("the draft was made at ", name endpoint, ", and this is another endpoint; it is kept")
            }
            Untaken::OtherEndpoint(None) => {
                "the draft was made at the service's own endpoint, and this is another one; it is kept".into()
            }
            Untaken::Disk(fault) => {
                let line = crate::say!("the draft was not taken up: ", name & fault.what);
                let mut entry = Entry::new(self.core.at, Word::Failed, "drafts".into(), line.clone());
                entry.more.push(crate::say!("next: ", name & fault.next));
                self.core.status.push(entry);
                line
            }
        };
        self.core.say(line);
    }
}

impl Session {
    /// The draft is ours: now its user is read, unless its form is open and has been.
    fn begin_resuming(&mut self, kept: Box<Kept>, core: &mut Core) {
        let key = (kept.draft.username.clone(), kept.draft.route);
        let form = self
            .edit
            .as_ref()
            .filter(|edit| edit.key() == key && self.view == View::Edit);
        match form.map(|edit| edit.read.clone()) {
            Some(Slot::Ready(())) => {
                let base = self.drafts.get(&key).map(|draft| Arc::clone(draft.base()));
                match base {
                    Some(base) => self.lay(*kept, base, core),
                    None => core.say("the form closed meanwhile; the draft is kept"),
                }
            }
            // Its answer is on its way, and brings the draft with it.
            Some(Slot::Loading(ticket)) => {
                self.resuming = Some(Resuming {
                    kept,
                    read: Slot::Loading(ticket),
                });
            }
            Some(Slot::Failed(_)) => core.say("the user could not be read: r tries again, then e offers the draft"),
            _ => {
                let job = Job::GetUser {
                    place: self.place.clone(),
                    username: key.0.clone(),
                    route: key.1,
                };
                let ticket = core.ask(key.0.raw(), "reading all attributes for the draft", job);
                self.resuming = Some(Resuming {
                    kept,
                    read: Slot::Loading(ticket),
                });
            }
        }
    }

    /// The reading that a draft waits for. Called before the form takes it: the form's answer may be the same one.
    pub(in crate::app) fn take_resuming(
        &mut self,
        ticket: Ticket,
        answer: &Answer<Arc<User>>,
        core: &mut Core,
    ) -> bool {
        let waits = |resuming: &mut Resuming| resuming.read.ticket() == Some(ticket);
        let Some(resuming) = self.resuming.take_if(waits) else {
            return false;
        };
        match answer {
            Ok(answered) => self.lay(*resuming.kept, Arc::clone(&answered.value), core),
            Err(_) => core.say("the user could not be read, so the draft is kept as it is; :drafts lists it"),
        }
        true
    }

    /// Lays a draft on a reading, and opens the form on it where nothing else is in front.
    fn lay(&mut self, kept: Kept, now: Arc<User>, core: &mut Core) {
        let saved = &kept.draft;
        if !saved.is_about(&now) {
            return core.say(crate::say!(
                raw saved.username.raw(), " is somebody else now (another sub): the draft is kept and not applied; :drafts, x throws it away"
            ));
        }
        let key = (saved.username.clone(), saved.route);
        // Reading took a while, and nobody had to wait for it.
        let begun = self.drafts.get(&key).is_some_and(|draft| draft.is_worth_saving());
        if begun || self.typed(&key.0, key.1).is_some() {
            return core.say(crate::say!(
                raw saved.username.raw(), " has pending edits here by now; send or :discard them first, the draft is kept"
            ));
        }
        let Resumed {
            mut draft,
            done,
            withdrawn,
        } = saved.onto(Arc::clone(&now));
        let then = saved.then_of_typed();
        let moved = |(name, then): &(&AttributeName, &Option<AttributeValue>)| then.as_ref() != now.get(name);
        let typed_on = then.filter(moved);
        if let Some((name, then)) = typed_on {
            draft.decided_on(name.clone(), then.clone());
        }
        let count = draft.edits().len();
        let edited = |name: &AttributeName| draft.edit(name).is_some();
        let conflicts = draft.conflicts().len() + usize::from(typed_on.is_some_and(|(name, _)| !edited(name)));
        self.drafts.insert(key.clone(), draft);
        self.resumed.push((kept.id.clone(), key.clone()));
        let in_form = self.view == View::Edit && self.edit.as_ref().is_some_and(|edit| edit.key() == key);
        if !in_form {
            if !matches!(self.view, View::Users | View::User) || self.users.find.is_some() {
                return core.say(crate::say!("the draft of ", raw saved.username.raw(), " is ready in its form"));
            }
            let from = self.view;
            self.show_form(Arc::clone(&now), saved.route, from, core);
            if let Some(edit) = &mut self.edit {
                edit.read = Slot::Ready(());
            }
        }
        if let (Some(edit), Some(typed)) = (&mut self.edit, &saved.typed) {
            edit.cursor = typed.name.clone();
            edit.field = Some(OpenField {
                name: typed.name.clone(),
                field: Field::new(typed.text.as_str()),
                asked_empty: false,
                then: typed_on.map(|(_, then)| then.clone()),
            });
        } else if let (Some(edit), Some(name)) = (&mut self.edit, saved.edits.keys().next()) {
            edit.cursor = name.clone();
        }
        let resumed = match (count, &saved.typed) {
            (0, Some(_)) => "what was being typed is resumed".to_owned(),
            (_, Some(_)) => format!("{count} {} resumed, and what was being typed", plural(count, "edit")),
            (_, None) => format!("{count} {} resumed", plural(count, "edit")),
        };
        let mut said = crate::say!(own resumed);
        if conflicts > 0 {
            said = said.words(format!("; {conflicts} moved since: the review asks about each"));
        }
        for (at, name) in done.iter().enumerate() {
            said = said
                .words(if at == 0 { "; so already: " } else { ", " })
                .name(name.raw());
        }
        for contact in withdrawn {
            said = said.words(format!(
                "; the {} is another one now, so its mark is not taken over",
                contact.noun()
            ));
        }
        core.note(saved.username.raw(), said.clone());
        core.say(said);
    }
}
