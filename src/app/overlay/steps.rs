//! The steps on an account, each with its verb and, where the service would refuse it, why not. Choosing one opens its
//! review and sends nothing.

use std::sync::Arc;

use super::{Overlay, moved};
use crate::app::App;
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::session::Session;
use crate::domain::{Deed, User};

/// The menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    pub user: Arc<User>,
    pub cursor: usize,
}

impl Session {
    /// Opens the menu for the user in front, on the first step that can be taken.
    pub(in crate::app) fn open_steps(&self, core: &mut Core, overlay: &mut Option<Overlay>) {
        let Some(user) = self.user_in_front() else {
            return core.say("there is no user to do anything to");
        };
        let open = |deed: &Deed| self.deed_refused(*deed, &user).is_none();
        let cursor = Deed::ON_ACCOUNT.iter().position(open).unwrap_or(0);
        *overlay = Some(Overlay::Steps(Steps { user, cursor }));
    }
}

impl App {
    pub(super) fn steps_action(&mut self, mut steps: Steps, action: Action) {
        if action == Action::Accept {
            let deed = Deed::ON_ACCOUNT.get(steps.cursor).copied();
            if let (Some(deed), Some(session)) = (deed, &mut self.session) {
                session.open_deed(steps.user, deed, &mut self.core);
            }
            return;
        }
        steps.cursor = moved(steps.cursor, action, Deed::ON_ACCOUNT.len());
        self.overlay = Some(Overlay::Steps(steps));
    }
}
