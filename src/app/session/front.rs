//! The screen in front: what a key, a paste or an action means to it, and what it gives way to.

use super::{Session, View};
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::keymap::Chord;
use crate::app::overlay::Overlay;
use crate::app::screen::users::Purpose;
use crate::domain::Raw;

impl Session {
    pub fn at_top(&self) -> bool {
        self.view == View::Users
            && self.users.find.is_none()
            && !self.users.is_narrowed()
            && !self.users.is_being_read()
            && self.users.exporting.is_none()
            && !self.users.groups.is_running()
    }

    /// Undoes the topmost thing and loses nothing.
    pub fn back(&mut self, core: &mut Core) {
        match self.view {
            View::Review | View::Deed => self.leave_confirmation(core),
            View::Edit => self.leave_edit(core),
            View::SignIn => self.step_back(core),
            View::User => self.view = self.behind.take().unwrap_or(View::Users),
            View::Lint => self.leave_lint(core),
            View::Compare => self.leave_compare(),
            View::Breakdown => self.leave_breakdown(core),
            View::Users if self.users.find.is_some() => self.users.find = None,
            View::Users if self.users.stop_export(core) => core.say("stopping the export; nothing of it is left"),
            View::Users if self.users.stop_groups(core) => core.say("stopping; the groups that were read stay"),
            View::Users if self.users.stop_scan(core) => core.say("stopping; what was read stays, and S goes on"),
            View::Users if self.users.is_narrowed() => {
                if !self.back_to_counts(core) {
                    self.users.clear_wish();
                }
            }
            View::Users => core.say("q quits, p goes to the pools"),
        }
    }

    pub(in crate::app) fn action(&mut self, action: Action, core: &mut Core, overlay: &mut Option<Overlay>) {
        match action {
            Action::Sort => return self.open_columns(Purpose::Sort, core, overlay),
            Action::Columns => match self.view {
                View::Lint => return self.open_columns(Purpose::Expect, core, overlay),
                View::Compare | View::Breakdown => return core.say("columns are chosen in the list of users"),
                _ => return self.open_columns(Purpose::Show, core, overlay),
            },
            Action::Export => return self.open_export(core, overlay),
            Action::Scan => return self.open_scan(core, overlay),
            Action::Account => return self.open_steps(core, overlay),
            Action::ActAs => return self.act_as_user(core),
            Action::StopActing => return self.stop_acting(core),
            _ => {}
        }
        if let Some(view) = core.saved_view(action).cloned() {
            return self.open_view(&view, core);
        }
        if self.deed_by_action(action, core) {
            return;
        }
        match self.view {
            View::Users => self.users_action(action, core),
            View::User => self.user_action(action, core, overlay),
            View::Lint => self.lint_action(action, core),
            View::Compare => self.compare_action(action),
            View::Breakdown => self.breakdown_action(action, core),
            View::Edit => self.edit_action(action, core, overlay),
            View::Review | View::Deed => self.confirm_action(action, core),
            View::SignIn => self.sign_in_action(action, core),
        }
    }

    /// Text for whatever field is open. False: no field takes it.
    pub(in crate::app) fn text_key(&mut self, chord: Chord, core: &mut Core) -> bool {
        match self.view {
            View::Users => self.key_in_line(chord, core),
            View::User | View::Lint | View::Compare | View::Breakdown => false,
            View::Edit => self.edit.as_mut().is_some_and(|edit| edit.text_key(chord)),
            View::Review | View::Deed => self.confirm_text(chord, core),
            View::SignIn => self.sign_in_text(chord),
        }
    }

    /// A paste. False: it means nothing here.
    pub(in crate::app) fn paste(&mut self, text: &Raw, core: &mut Core) -> bool {
        match self.view {
            View::Users => self.paste_into_line(text),
            View::User | View::Lint | View::Compare | View::Breakdown => false,
            View::Edit => self.paste_into_form(text, core),
            View::Review | View::Deed => self.confirm_paste(text),
            View::SignIn => self.sign_in_paste(text),
        }
    }

    /// Goes back from what is in front and asks something, a review or a sign-in, because another screen is to come in
    /// front: whoever left one behind would find it closed by a later answer, or a user opened by it.
    pub(in crate::app) fn leave_question(&mut self, core: &mut Core) {
        match self.view {
            View::Review | View::Deed => self.leave_confirmation(core),
            View::SignIn => self.leave_sign_in(),
            View::Users | View::User | View::Edit | View::Lint | View::Compare | View::Breakdown => {}
        }
    }
}
