//! The question before the whole pool is read: Enter starts, and the pace can be changed first.

use super::Overlay;
use crate::app::App;
use crate::app::action::Action;
use crate::app::screen::users::ScanQuestion;

impl App {
    pub(super) fn scan_action(&mut self, mut question: ScanQuestion, action: Action) {
        match action {
            Action::Accept if self.core.too_soon(question.opened) => {
                self.core.say("that key came too soon after this opened; press again");
            }
            Action::Accept => {
                if let Some(session) = &mut self.session {
                    session.start_scan(question.rate, &mut self.core);
                }
                return;
            }
            Action::Faster | Action::Slower => {
                let ceiling = self.core.settings.list_rate;
                if !question.change_pace(action == Action::Faster, ceiling) {
                    self.core.say(match action {
                        Action::Faster => {
                            format!("{ceiling} a second is what the configuration allows (list-per-second)")
                        }
                        _ => "slower than 1 a second is not possible".to_owned(),
                    });
                }
            }
            _ => {}
        }
        self.overlay = Some(Overlay::Scan(question));
    }
}
