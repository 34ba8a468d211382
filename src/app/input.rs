//! What a key or a paste means now: where the keys go, which action that makes, and whether it may act at all.

use super::action::{Action, Danger, Needs, Scope};
use super::keymap::Chord;
use super::overlay::{Overlay, Prompt, PromptKind};
use super::session::View;
use super::{App, Effect, Input, Pane};
use crate::domain::Raw;

/// What came with a key in the same read.
#[derive(Clone, Copy, Debug)]
struct Company {
    alone: bool,
    with_paste: bool,
}

impl App {
    pub(super) fn burst(&mut self, inputs: Vec<Input>) {
        let pressed = inputs.iter().any(|input| !matches!(input, Input::Resize(..)));
        if pressed && self.core.mask.key(self.core.mono) {
            // Whoever pressed it saw nothing but dots: what came with it in one read does nothing either.
            for input in inputs {
                if let Input::Resize(width, height) = input {
                    self.core.size = (width, height);
                }
            }
            return self.core.say("masked while no key was pressed; that key only ended it");
        }
        let keys = inputs
            .iter()
            .filter(|input| !matches!(input, Input::Resize(..)))
            .count();
        let company = Company {
            alone: keys == 1,
            with_paste: inputs.iter().any(|input| matches!(input, Input::Paste(_))),
        };
        for input in inputs {
            match input {
                Input::Key(chord) => self.key(chord, company),
                Input::Paste(text) => self.paste(&text),
                Input::Resize(width, height) => self.core.size = (width, height),
            }
        }
    }

    /// Where the keys go now, innermost first.
    pub fn scopes(&self) -> Vec<Scope> {
        if let Some(overlay) = &self.overlay {
            return match overlay {
                Overlay::Prompt(_) | Overlay::Help { .. } => vec![Scope::Prompt],
                Overlay::Export(form) if form.takes_text() => vec![Scope::Prompt],
                Overlay::Drafts(_) => vec![Scope::Drafts, Scope::Overlay, Scope::List],
                Overlay::Copy { .. }
                | Overlay::Entry { .. }
                | Overlay::Steps(_)
                | Overlay::Scan(_)
                | Overlay::Columns(_)
                | Overlay::Export(_)
                | Overlay::Outbox(_) => {
                    vec![Scope::Overlay, Scope::List]
                }
            };
        }
        let mut scopes = self.scopes_of_screen();
        if self.announces_drafts() {
            scopes.insert(0, Scope::Drafts);
        }
        scopes
    }

    /// The same, as if nothing lay over the screen.
    pub fn scopes_of_screen(&self) -> Vec<Scope> {
        if self.pane == Pane::Status {
            return vec![Scope::Status, Scope::List, Scope::Everywhere];
        }
        if let Some(listing) = &self.journal.shown {
            return match listing.find {
                Some(_) => vec![Scope::Prompt],
                None => vec![Scope::Journal, Scope::List, Scope::Everywhere],
            };
        }
        let Some(session) = &self.session else {
            return vec![Scope::Pools, Scope::List, Scope::Everywhere];
        };
        match session.view {
            View::Users if session.users.find.is_some() => vec![Scope::Prompt],
            View::Users => vec![Scope::Users, Scope::List, Scope::Everywhere],
            View::Lint | View::Compare | View::Breakdown => vec![Scope::Audit, Scope::List, Scope::Everywhere],
            View::User => vec![Scope::User, Scope::List, Scope::Everywhere],
            View::Edit if session.edit.as_ref().is_some_and(|edit| edit.field.is_some()) => vec![Scope::Field],
            View::Edit => vec![Scope::Edit, Scope::List, Scope::Everywhere],
            View::Review | View::Deed if session.confirmation_takes_text() => vec![Scope::ReviewField],
            View::Review | View::Deed => vec![Scope::Review, Scope::List, Scope::Everywhere],
            View::SignIn if session.sign_in.as_ref().is_some_and(|screen| !screen.chooses()) => vec![Scope::Prompt],
            View::SignIn => vec![Scope::Overlay, Scope::List, Scope::Everywhere],
        }
    }

    /// Whether an action is there at all: in read-only mode no editing key is bound.
    pub fn offers(&self, action: Action) -> bool {
        match action.info().needs {
            Needs::Nothing => match action {
                Action::WriteMode => self.session.as_ref().is_some_and(|session| session.can_switch_mode()),
                Action::Outbox => self.core.settings.demo,
                Action::ActAs => self.core.settings.act_as_user,
                Action::Faster | Action::Slower if self.overlay.is_none() => {
                    self.session.as_ref().is_some_and(|session| session.users.has_a_pace())
                }
                action if action.is_saved_view() => self.core.saved_view(action).is_some(),
                // Signing in chooses among things as an overlay does, and marks none of them.
                Action::Mark => self.session.as_ref().is_none_or(|session| session.view != View::SignIn),
                Action::StopActing => self.session.as_ref().is_some_and(|session| session.acting.is_some()),
                _ => true,
            },
            Needs::Write => self.session.as_ref().is_some_and(|session| {
                let acted_as = || {
                    let user = session.user_in_front();
                    user.is_some_and(|user| session.acting_as(&user.username).is_some())
                };
                session.may_write() && (!matches!(action, Action::EnterCode | Action::SendCode) || acted_as())
            }),
        }
    }

    fn key(&mut self, chord: Chord, company: Company) {
        self.core.notice = None;
        let scopes = self.scopes();
        let action = self.core.settings.keymap.resolve(&scopes, chord);
        let asked = self.quit_asked.take();
        let Some(action) = action.filter(|action| self.offers(*action)) else {
            if !self.text_key(chord) {
                self.unbound(action);
            }
            return;
        };
        match self.danger(action) {
            Danger::Alone if !company.alone => {
                return self
                    .core
                    .say("that key came together with others, so it did nothing; press it alone");
            }
            Danger::Confirms if company.with_paste => {
                return self
                    .core
                    .say("that key came together with a paste, so it confirmed nothing");
            }
            Danger::None | Danger::Alone | Danger::Confirms => {}
        }
        if matches!(action, Action::Cancel | Action::Quit) && asked.is_some() && self.at_top() {
            return self.core.effect(Effect::Quit);
        }
        self.act(action);
    }

    /// How careful to be with an action. Taking a choice of the palette is as dangerous as what is chosen.
    fn danger(&self, action: Action) -> Danger {
        let chosen = match &self.overlay {
            Some(Overlay::Prompt(prompt)) if action == Action::Accept => prompt.chosen(self),
            _ => None,
        };
        match chosen.map(|chosen| chosen.info().danger) {
            Some(Danger::Alone) => Danger::Alone,
            _ => action.info().danger,
        }
    }

    /// Does what an action says, wherever it came from: a key or the palette.
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Suspend => return self.core.effect(Effect::Suspend),
            Action::Redraw => return self.core.effect(Effect::Redraw),
            Action::Mask => return self.switch_mask(),
            _ => {}
        }
        if self.overlay.is_some() {
            return self.overlay_action(action);
        }
        self.drafts.pass(action);
        match action {
            Action::Help => self.overlay = Some(Overlay::help(self.scopes())),
            Action::Palette => self.overlay = Some(Overlay::Prompt(Prompt::new(PromptKind::Palette, self.core.mono))),
            Action::NextPane => self.switch_pane(),
            Action::PaneHeight => self.tall_pane = !self.tall_pane,
            Action::Quit if self.pane == Pane::Status => self.pane = Pane::Body,
            Action::Quit if self.at_top() => self.quit(),
            Action::Back if self.pane == Pane::Status => self.pane = Pane::Body,
            Action::Cancel if self.at_top() => {
                self.quit_asked = Some(self.core.mono);
                self.drafts.keep_once_more();
                self.core
                    .say(match (self.core.settings.drafts, self.drafts.is_in_trouble()) {
                        (true, false) => "ctrl-c again quits; pending edits are kept for the next start",
                        _ => "ctrl-c again quits; pending edits are kept only while the program runs",
                    });
            }
            Action::Quit | Action::Back | Action::Cancel => self.back(),
            Action::Retry => self.retry(),
            Action::ToPools => self.leave_session(),
            Action::Copy => self.open_copy_menu(),
            Action::WriteMode => self.switch_mode(),
            Action::Outbox => self.open_outbox(),
            Action::NextStep | Action::EntryInFull => self.entry_action(action),
            Action::ResumeDraft | Action::DraftsLater | Action::DropDraft | Action::Drafts => {
                self.drafts_action(action)
            }
            _ if self.pane == Pane::Status => self.status_move(action),
            _ if self.shows_journal() => self.journal_action(action),
            Action::Journal => self.open_journal(),
            Action::ReadBack => self.read_back_earlier(),
            _ => match &mut self.session {
                None => self.pools_action(action),
                Some(session) => session.action(action, &mut self.core, &mut self.overlay),
            },
        }
    }

    /// Masks people's data for as long as somebody else looks on.
    fn switch_mask(&mut self) {
        let said = match self.core.mask.toggle() {
            true => "people's data are masked; the same key or :mask shows them again",
            false => "people's data are shown again",
        };
        self.core.say(said);
    }

    fn text_key(&mut self, chord: Chord) -> bool {
        if let Some(overlay) = &mut self.overlay {
            return overlay.key(chord);
        }
        if self.pane == Pane::Status {
            return false;
        }
        if self.shows_journal() {
            return self.journal_text(chord);
        }
        match &mut self.session {
            Some(session) => session.text_key(chord, &mut self.core),
            None => false,
        }
    }

    fn paste(&mut self, text: &Raw) {
        self.core.notice = None;
        if let Some(Overlay::Export(form)) = &mut self.overlay
            && form.takes_text()
        {
            return form.paste(text.as_str());
        }
        if let Some(field) = self.overlay.as_mut().and_then(Overlay::field) {
            return field.paste(text.as_str());
        }
        if self.overlay.is_none() && self.pane == Pane::Body && self.journal_paste(text) {
            return;
        }
        if self.overlay.is_none() && self.pane == Pane::Body && self.session.is_none() && !self.shows_journal() {
            return self.ask_for_pool_id(text);
        }
        let taken = self.overlay.is_none()
            && self.pane == Pane::Body
            && !self.shows_journal()
            && self
                .session
                .as_mut()
                .is_some_and(|session| session.paste(text, &mut self.core));
        if !taken && self.core.notice.is_none() {
            self.core.say("a paste does nothing here; open a field first");
        }
    }

    /// Says what an unbound key could have meant instead of doing nothing in silence.
    pub(super) fn unbound(&mut self, action: Option<Action>) {
        if let Some(action) = action {
            let why = match (&self.session, action) {
                (_, Action::ActAs) => " is switched off in the configuration",
                (_, Action::StopActing) => ": nobody is acted as",
                (_, action) if action.is_saved_view() => ": the config has no view with that key ([[view]])",
                (_, Action::Faster | Action::Slower) => " is there while many pages are read",
                (_, Action::Outbox) => " is there in the demo only",
                (None, _) => " is not there: no pool is open",
                (Some(session), Action::EnterCode | Action::SendCode) if session.may_write() => {
                    " is not there: codes are entered and sent as the user, and nobody acts as this one"
                }
                (Some(session), _) => {
                    let why = crate::say!(own action.info().name, " is not there: ", own session.why_read_only());
                    return self.core.say(why);
                }
            };
            return self.core.say(crate::say!(own action.info().name, own why));
        }
        let hint = match self.scopes().first() {
            Some(Scope::Edit | Scope::Field) => {
                "no action on that key; ctrl-s reviews, Esc goes back, ? shows every key"
            }
            Some(Scope::Review) => "no action on that key; Tab goes to the buttons, Esc goes back to the form",
            _ => "no action on that key; ? shows every key, : every action",
        };
        self.core.say(hint);
    }
}
