//! The form of an export over the list: it stays until the file is begun, so that what stands in the way is said where it can be
//! mended.

use super::Overlay;
use crate::app::App;
use crate::app::action::Action;
use crate::app::core::headline;
use crate::app::replies::each;
use crate::app::screen::users::ExportForm;
use crate::app::screen::users::export::{Taken, Trouble};
use crate::domain::Fault;
use crate::job::export::Exported;
use crate::job::{Answer, Ticket};

impl App {
    pub(super) fn export_form_action(&mut self, mut form: ExportForm, action: Action) {
        let Some(session) = &mut self.session else {
            return;
        };
        match action {
            // Nothing that was chosen is lost, and what was asked for goes on.
            Action::Dismiss | Action::Cancel | Action::Back | Action::Quit => session.keep_export(form),
            action => {
                session.export_action(&mut form, action, &mut self.core);
                self.overlay = Some(Overlay::Export(Box::new(form)));
            }
        }
    }

    /// The form that waits for this, if it is open.
    fn export_form(&mut self, ticket: Ticket) -> Option<&mut ExportForm> {
        match &mut self.overlay {
            Some(Overlay::Export(form)) if form.asked == Some(ticket) => Some(form),
            _ => None,
        }
    }

    /// The form is done and gives the screen back.
    fn close_export(&mut self) {
        if let (Some(Overlay::Export(form)), Some(session)) = (self.overlay.take(), &mut self.session) {
            session.keep_export(*form);
        }
    }

    pub(in crate::app) fn take_import_header(&mut self, ticket: Ticket, answer: &Answer<Vec<String>>) {
        let core = &mut self.core;
        let mut sessions = self.session.iter_mut().chain(&mut self.left);
        let taken = sessions.find_map(|session| match session.take_import_header(ticket, answer, core) {
            Taken::ByNobody => None,
            taken => Some(taken),
        });
        match taken {
            None | Some(Taken::ByNobody) => {}
            Some(Taken::GoesOn(next)) => {
                if let Some(form) = self.export_form(ticket) {
                    form.asked = Some(next);
                }
            }
            Some(Taken::Failed(trouble)) => {
                if let Some(Overlay::Export(form)) = &mut self.overlay
                    && form.asked == Some(ticket)
                {
                    form.stopped_by(trouble, &self.core);
                }
            }
        }
    }

    /// A reading of groups is over: the form that waited for it goes on.
    pub(in crate::app) fn export_after_groups(&mut self, ticket: Ticket) {
        if let (Some(Overlay::Export(form)), Some(session)) = (&mut self.overlay, &mut self.session)
            && form.asked == Some(ticket)
        {
            session.export_after_groups(form, &mut self.core);
        }
    }

    /// The list was looked through: the form that waited for it goes on.
    pub(in crate::app) fn export_after_look(&mut self) {
        if let (Some(Overlay::Export(form)), Some(session)) = (&mut self.overlay, &mut self.session) {
            session.export_after_look(form, &mut self.core);
        }
    }

    /// The file was begun, so nothing stands in the way any more; or so much of it is written.
    pub(in crate::app) fn take_exporting(&mut self, ticket: Ticket, written: u64) {
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| {
            session.take_exporting(ticket, written, core)
        });
        if self.export_form(ticket).is_some() {
            self.close_export();
        }
    }

    /// The work of an export broke: its form is open again.
    pub(in crate::app) fn break_export(&mut self, ticket: Ticket, fault: &Fault) {
        if let Some(Overlay::Export(form)) = &mut self.overlay
            && form.asked == Some(ticket)
        {
            form.stopped_by(Trouble::Said(headline(fault)), &self.core);
        }
    }

    pub(in crate::app) fn take_exported(&mut self, ticket: Ticket, exported: &Exported) {
        let core = &mut self.core;
        each(&mut self.session, &mut self.left, |session| {
            session.take_exported(ticket, exported, core)
        });
        if let Some(Overlay::Export(form)) = &mut self.overlay
            && form.asked == Some(ticket)
            && form.ended(exported, &self.core)
        {
            self.close_export();
        }
    }
}
