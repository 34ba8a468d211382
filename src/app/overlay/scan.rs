//! The question before the whole pool, or who is in its groups, is read: Enter starts, and the pace can be changed first.

use super::Overlay;
use crate::app::App;
use crate::app::action::Action;
use crate::app::screen::users::{Asked, ScanQuestion};

impl App {
    pub(super) fn scan_action(&mut self, mut question: ScanQuestion, action: Action) {
        match action {
            Action::Accept if self.core.too_soon(question.opened) => {
                self.core.say("that key came too soon after this opened; press again");
            }
            Action::Accept => {
                if let Some(session) = &mut self.session {
                    match question.of {
                        Asked::Everybody { .. } => session.start_scan(question.rate, &mut self.core),
                        Asked::Groups { names, .. } => session.start_groups(names, question.rate, &mut self.core),
                    }
                }
                return;
            }
            Action::Faster | Action::Slower => {
                question.change_pace(action == Action::Faster, &mut self.core);
            }
            _ => {}
        }
        self.overlay = Some(Overlay::Scan(question));
    }
}
