//! The demo's outbox: which messages people would have got, so that a code can be read where its owner would read it.

use super::{Overlay, moved};
use crate::app::App;
use crate::app::action::Action;
use crate::app::slot::Slot;
use crate::job::{Delivered, Job, Ticket};

/// What was read of the outbox, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    pub messages: Slot<Vec<Delivered>>,
    /// The message that the top line shows.
    pub scroll: usize,
}

impl App {
    pub(in crate::app) fn open_outbox(&mut self) {
        let messages = Slot::Loading(self.core.ask_quietly(Job::Outbox));
        self.overlay = Some(Overlay::Outbox(Outbox { messages, scroll: 0 }));
    }

    pub(in crate::app) fn take_outbox(&mut self, ticket: Ticket, delivered: Vec<Delivered>) {
        let Some(Overlay::Outbox(outbox)) = &mut self.overlay else {
            return;
        };
        outbox.messages.fill(ticket, Ok(delivered));
    }

    pub(super) fn outbox_action(&mut self, mut outbox: Outbox, action: Action) {
        match action {
            Action::Retry => return self.open_outbox(),
            Action::Accept => {}
            _ => {
                let count = outbox.messages.ready().map_or(0, Vec::len);
                outbox.scroll = moved(outbox.scroll, action, count);
            }
        }
        self.overlay = Some(Overlay::Outbox(outbox));
    }
}
