//! What a step will cause, what it waits for, and the one place where it is decided.

use super::super::confirmation::Control;
use crate::app::core::{Core, headline};
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::domain::change::Moved;
use crate::domain::consequence::{Consequence, DeedContext, Known, Weight, refused_beforehand};
use crate::domain::{Deed, Raw, Sentence, User};

impl Session {
    /// What the step under review will cause.
    pub fn deed_consequences(&self, core: &Core) -> Vec<Consequence> {
        let Some(screen) = &self.deed else {
            return Vec::new();
        };
        let user = &screen.user;
        let contact = screen.deed.contact();
        let codes = contact.map(|contact| self.codes_sent(&user.username, contact, core.at));
        let context = DeedContext {
            deed: screen.deed,
            user,
            pool: self.known_pool(),
            pending: contact.and_then(|contact| self.pending_value(&user.username, contact)),
            codes: codes.unwrap_or_default(),
        };
        let mut all = context.consequences();
        if self.unknown.contains_key(&user.username) {
            all.push(Consequence {
                topic: "again",
                weight: Weight::Warn,
                lines: "the last write ended unknown: if it was applied, a message may already be out".into(),
            });
        }
        all
    }

    /// The pool's settings, or why they are not known.
    pub(in crate::app) fn known_pool(&self) -> Known<&crate::domain::Pool> {
        match &self.pool {
            Slot::Ready(pool) => Known::Known(pool.as_ref()),
            Slot::Failed(fault) => Known::NotKnown(headline(fault)),
            Slot::Empty | Slot::Loading(_) => Known::Asking,
        }
    }

    /// Why the service would refuse a step on a user, as far as that is known.
    pub fn deed_refused(&self, deed: Deed, user: &User) -> Option<Sentence> {
        refused_beforehand(deed, user, self.pool.ready().map(AsRef::as_ref))
    }

    /// Why the step under review cannot be sent as it stands, if it cannot: what has to be done first.
    pub fn deed_waits_for(&self, core: &Core) -> Option<Sentence> {
        let screen = self.deed.as_ref()?;
        if screen.moved.stops() {
            let what = changed_meanwhile(&screen.moved);
            return Some(
                crate::say!("someone changed ")
                    .join(what)
                    .words(" meanwhile: Esc goes back, to decide anew"),
            );
        }
        if let Some(fault) = screen.read.fault() {
            return Some(
                crate::say!("not read again: ")
                    .join(headline(fault))
                    .words("; r tries again"),
            );
        }
        if screen.read_at.is_none() || screen.read.is_loading() {
            return Some("the user is being read again; a moment".into());
        }
        if let Some(why) = self.user_lock(&screen.user, core) {
            return Some(why);
        }
        if let Some(why) = self.deed_refused(screen.deed, &screen.user) {
            return Some(crate::say!("the service would refuse: ").join(why));
        }
        if let Some(seconds) = self.may_still_land(&screen.user.username, core) {
            return Some(
                format!("the last write has no answer yet and may still land; this can be sent in {seconds} s").into(),
            );
        }
        if screen.deed == Deed::ResendCode
            && let Some(fault) = screen.clients.fault()
        {
            return Some(
                crate::say!("no app client can be named: ")
                    .join(headline(fault))
                    .words("; r tries again"),
            );
        }
        match screen.clients.ready() {
            Some(clients) if clients.is_empty() => Some("this pool has no app client that could be named".into()),
            None if screen.deed == Deed::ResendCode => Some("the app clients are being listed; a moment".into()),
            _ => None,
        }
    }

    /// The one decision of a step. Everything it needs is checked here and again where it is made.
    pub(in crate::app) fn send_deed(&mut self, core: &mut Core) {
        if let Some(why) = self.deed_waits_for(core) {
            return core.say(why);
        }
        let Some(screen) = &self.deed else {
            return;
        };
        let deed = screen.deed;
        let needs_username = deed.asks_for_username() && !self.username_matches();
        if self.something_is_missing(core) {
            return;
        }
        let Some(screen) = &self.deed else {
            return;
        };
        if deed == Deed::ResendCode && screen.client().is_none() {
            self.focus(Control::Client);
            return core.say("choose the app client first: up and down go through them");
        }
        if matches!(deed, Deed::VerifyCode(_)) && screen.code.text().trim().is_empty() {
            self.focus(Control::Code);
            return core.say("type the code first");
        }
        if needs_username {
            self.focus(Control::Username);
            return core.say("it shuts somebody out: type the username first");
        }
        if let Some(why) = self.token_is_missing(deed.route(), &screen.user.username, core) {
            return core.say(why);
        }
        let pending = deed
            .contact()
            .and_then(|contact| self.pending_value(&screen.user.username, contact).cloned());
        let operation = screen.operation(pending);
        if screen.client.is_some() {
            self.last_client.clone_from(&screen.client);
        }
        let line = crate::say!(own deed.operation(), " under way");
        self.submit(operation, line, core);
    }
}

/// `email, status`: what someone else changed that the step is judged on.
pub fn changed_meanwhile(moved: &Moved) -> Sentence {
    let touched = moved.touched.iter().map(|drift| drift.name.raw().clone());
    let facts = moved.facts.iter().map(|fact| Raw::from(fact.what));
    touched.chain(facts).fold(Sentence::new(), |sentence, name| {
        let between = if sentence.is_empty() { "" } else { ", " };
        sentence.words(between).name(&name)
    })
}
