//! `z`: the inverse of an entry as an ordinary draft, in the ordinary form. Nothing is sent by it.

use std::sync::Arc;

use crate::app::App;
use crate::app::core::{Core, headline};
use crate::app::screen::edit::plural;
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::app::status::{Entry as Line, Word};
use crate::domain::undo::{self, Ground, Inverse, Undo, Who};
use crate::domain::{Draft, Entry, Place, Raw, Route, Sentence, User, Username};
use crate::job::{Answer, Job, Ticket, UndoGround};

/// An entry that is to be taken back, while what that needs is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Undoing {
    pub ticket: Ticket,
    entry: Arc<Entry>,
    place: Place,
    route: Route,
    ground: Slot<UndoGround>,
}

impl App {
    pub(super) fn undo_selected(&mut self) {
        let zone = self.core.settings.zone.clone();
        let Some(entry) = self.journal.selected(&zone) else {
            return self.core.say("there is no entry to take back");
        };
        if self.journal.undoing.is_some() {
            return self.core.say("what it takes is being read; a moment");
        }
        let question = match undo::question(&entry) {
            Ok(question) => question,
            Err(why) => return self.core.say(crate::say!("cannot be undone: ").join(why)),
        };
        if !self.in_pool_of(&entry) {
            return;
        }
        let Some(session) = &self.session else {
            return;
        };
        if !session.may_write() {
            let why = crate::say!("undo is not there: ").join(session.why_read_only().into());
            return self.core.say(why);
        }
        if session.is_sending() {
            return self.core.say("a write is under way; its result comes first");
        }
        if let Who::Named(username) = &question.who
            && let Some(why) = session.in_the_way(username)
        {
            return self.core.say(why);
        }
        let route = session.route_back(&entry, &question.who);
        let place = session.place.clone();
        let subject = match &question.who {
            Who::Named(username) => username.raw().clone(),
            Who::BySub(sub) => sub.clone(),
        };
        let job = Job::PrepareUndo {
            place: place.clone(),
            route,
            entry: Arc::clone(&entry),
        };
        let ticket = self.core.ask(&subject, "reading what taking it back needs", job);
        self.journal.undoing = Some(Undoing {
            ticket,
            entry,
            place,
            route,
            ground: Slot::Loading(ticket),
        });
    }

    /// Opens the pool of an entry, if another one is open. False: it did not open, and that was said.
    fn in_pool_of(&mut self, entry: &Entry) -> bool {
        let pool = &entry.place.pool;
        if self.session.as_ref().is_some_and(|session| session.place.pool == *pool) {
            return true;
        }
        if self.session.is_some() {
            self.leave_session();
        }
        if self.session.is_some() {
            return false;
        }
        self.open_pool_id(pool.clone());
        self.session.is_some()
    }

    pub(in crate::app) fn take_undo_ground(&mut self, ticket: Ticket, answer: &Answer<UndoGround>) {
        let Some(undoing) = &mut self.journal.undoing else {
            return;
        };
        let filled = undoing.ground.fill(
            ticket,
            answer
                .as_ref()
                .map(|answered| answered.value.clone())
                .map_err(Clone::clone),
        );
        if !filled {
            return;
        }
        if let Err(fault) = answer {
            self.journal.undoing = None;
            let why = match fault.code.as_str() {
                "UserNotFoundException" => Sentence::from("cannot be undone: the user is gone"),
                _ => crate::say!("not undone: ").join(headline(fault)),
            };
            return self.core.say(why);
        }
        self.go_on_with_undo();
    }

    /// Puts the inverse together once the user and the pool's settings are there.
    pub(in crate::app) fn go_on_with_undo(&mut self) {
        let Some(undoing) = &self.journal.undoing else {
            return;
        };
        let session = self.session.as_ref().filter(|session| session.place == undoing.place);
        if session.is_none() || !self.shows_journal() {
            self.journal.undoing = None;
            return self
                .core
                .say("nothing was taken back: its screen was left before all was read");
        }
        let pool = session.map(|session| &session.pool);
        if pool.and_then(Slot::fault).is_some() {
            self.journal.undoing = None;
            return self
                .core
                .say("not undone: the pool's settings could not be read; r in the pool tries again");
        }
        if pool.and_then(Slot::ready).is_none() || undoing.ground.ready().is_none() {
            return;
        }
        let Some(undoing) = self.journal.undoing.take() else {
            return;
        };
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(ground) = undoing.ground.ready() else {
            return;
        };
        // By now its name is known, where the entry kept the sub alone.
        if let Some(why) = session.in_the_way(&ground.user.username) {
            return self.core.say(why);
        }
        match session.inverse(&undoing.entry, ground, undoing.route) {
            Err(why) => self.core.say(crate::say!("cannot be undone: ").join(why)),
            Ok(Undo::Step(deed)) => {
                self.journal.shown = None;
                session.leave_question(&mut self.core);
                session.take_reading(&ground.user);
                session.open_deed(Arc::clone(&ground.user), deed, &mut self.core);
                if let Some(screen) = &mut session.deed {
                    screen.undoes = Some(undoing.entry.id.clone());
                }
            }
            Ok(Undo::Changes(inverse)) => self.show_inverse(*inverse, &ground.user),
        }
    }

    fn show_inverse(&mut self, inverse: Inverse, user: &Arc<User>) {
        let lines = inverse.lines();
        let count = inverse.draft.edits().len();
        let said = match (count, lines.first()) {
            (0, Some(line)) => crate::say!("nothing to undo: ").join(line.clone()),
            (0, None) => "nothing to undo".into(),
            _ if inverse.cannot.is_empty() => crate::say!(
                own count.to_string(), " ", own plural(count, "edit"),
                " would take it back; nothing is sent before the review"
            ),
            _ => crate::say!(
                own count.to_string(), " ", own plural(count, "edit"),
                " would take it back, but not all of it: the newest entry below says what not"
            ),
        };
        if !lines.is_empty() {
            let mut entry = Line::new(
                self.core.at,
                Word::Note,
                user.username.raw().clone(),
                Sentence::from("undo: what is not as it was before"),
            );
            entry.more = lines;
            self.core.status.push(entry);
        }
        if count > 0
            && let Some(session) = &mut self.session
        {
            self.journal.shown = None;
            session.leave_question(&mut self.core);
            session.take_reading(user);
            session.show_inverse(inverse.draft, user, &mut self.core);
        }
        self.core.say(said);
    }
}

impl Session {
    /// Pending edits of the same user: an undo would have to be mixed with them, or throw them away.
    fn in_the_way(&self, username: &Username) -> Option<Sentence> {
        let draft = self.draft(username)?;
        let count = draft.edits().len();
        Some(crate::say!(
            raw username.raw(), " has ", own count.to_string(), " pending ", own plural(count, "edit"),
            ": send or discard them first"
        ))
    }

    /// Whose call takes an entry back: the user's own where that wrote it and its token is held, else the
    /// administrator's, which can do the same and more.
    fn route_back(&self, entry: &Entry, who: &Who) -> Route {
        let own = matches!(
            entry.operation.as_str(),
            "UpdateUserAttributes" | "DeleteUserAttributes"
        );
        match who {
            Who::Named(username) if own && self.acting_as(username).is_some() => Route::Own,
            _ => Route::Admin,
        }
    }

    fn inverse(&self, entry: &Entry, ground: &UndoGround, route: Route) -> Result<Undo, Sentence> {
        let (Some(rules), Some(pool)) = (self.rules(route), self.pool.ready()) else {
            return Err("the pool's settings are not known".into());
        };
        undo::inverse(
            entry,
            &Ground {
                now: &ground.user,
                rules,
                sign_in: &pool.sign_in,
                holders: &ground.holders,
            },
        )
    }

    /// Shows the form with the inverse in it. The reading it was made on is the form's.
    fn show_inverse(&mut self, draft: Draft, user: &Arc<User>, core: &mut Core) {
        let route = draft.route();
        let first = draft.edits().keys().next().cloned();
        self.drafts.insert((user.username.clone(), route), draft);
        let from = match self.view {
            View::User => View::User,
            _ => View::Users,
        };
        self.show_form(Arc::clone(user), route, from, core);
        if let Some(edit) = &mut self.edit {
            edit.read = Slot::Ready(());
        }
        if let Some(first) = first {
            self.go_in_form(first);
        }
    }

    /// The entry that a write in front takes back, if it was built for that.
    pub(in crate::app) fn undoes(&self) -> Option<Raw> {
        match self.view {
            View::Review => self.edited_draft().and_then(|draft| draft.undoes.clone()),
            View::Deed => self.deed.as_ref().and_then(|screen| screen.undoes.clone()),
            _ => None,
        }
    }
}
