//! What is asked for as a pool is opened, come back to and left, and what `r` asks for again.

use super::{Session, View};
use crate::app::core::{Core, needs_new_connection};
use crate::app::screen::users::{Search, Wanted};
use crate::app::slot::Slot;
use crate::domain::{Contact, Raw};
use crate::job::Job;

impl Session {
    /// Asks for what every screen of the pool needs.
    pub fn open(&mut self, core: &mut Core) {
        if let (Some(asked), Some(own)) = (&self.place.target.region, self.place.pool.region())
            && asked != own
        {
            let (asked, own) = (Raw::from(asked.as_str()), Raw::from(own));
            core.note(
                self.place.pool.raw(),
                crate::say!(
                    "asked in region ",
                    name & asked,
                    ", but its id says ",
                    name & own,
                    ": that may be why it is not found"
                ),
            );
        }
        self.describe(core);
        match core.settings.archive.clone() {
            Some(opened) => self.users.read_file(opened, &self.place, core),
            None => self.users.load(&self.place, core),
        }
        if !core.settings.demo && core.settings.archive.is_none() && !self.place.target.is_loopback() {
            self.ask_caller(core);
        }
        self.open_writer(core);
        if let Some(typed) = core.settings.user.take() {
            self.users
                .ask(typed.as_str(), Wanted::NamedOrMeant, &self.place, None, core);
        }
    }

    /// The pool was left and is opened again: its drafts and rows are still here.
    pub fn come_back(&mut self, core: &mut Core) {
        self.open_writer(core);
        if self.pool.ready().is_none() {
            self.describe(core);
        }
        self.users.load_if_near_end(&self.place, core);
    }

    /// The pool is left for another: nothing of it can be written any more.
    pub fn leave(&mut self, core: &mut Core) {
        self.armed = None;
        self.review = None;
        if self.view == View::Review {
            self.view = View::Edit;
        }
        if self.view == View::Deed {
            self.close_deed();
        }
        if self.view == View::SignIn {
            self.leave_sign_in();
        }
        if self.acting.is_some() {
            // Nobody would see whose token it is, and until when.
            self.forget_token(core);
        }
        self.users.stop_scan(core);
        self.users.stop_export(core);
        self.users.stop_groups(core);
        if self.may_write() {
            core.ask_quietly(Job::CloseWriter {
                place: self.place.clone(),
            });
        }
    }

    fn ask_caller(&mut self, core: &mut Core) {
        let job = Job::Caller {
            target: self.place.target.clone(),
        };
        self.caller = Slot::Loading(core.ask(&Raw::from("caller"), "asking who signs the requests", job));
    }

    fn describe(&mut self, core: &mut Core) {
        let job = Job::DescribePool {
            place: self.place.clone(),
        };
        self.pool = Slot::Loading(core.ask(self.place.pool.raw(), "reading the pool's settings", job));
    }

    /// Asks what identity providers rewrite, once: only a federated user makes it matter.
    pub fn ask_providers(&mut self, core: &mut Core) {
        if self.providers.is_empty() && !self.is_file() {
            let job = Job::Providers {
                place: self.place.clone(),
            };
            self.providers = Slot::Loading(core.ask(self.place.pool.raw(), "reading identity providers", job));
        }
    }

    /// `r`: what failed is asked for once more, and what is in front is read again.
    pub(in crate::app) fn retry(&mut self, core: &mut Core) {
        let broken = [self.pool.fault(), self.users.page.fault(), self.caller.fault()]
            .into_iter()
            .flatten()
            .chain(self.users.search.as_ref().and_then(Search::fault))
            .chain(self.users.scan.as_ref().and_then(|scan| scan.fault()))
            .chain(self.users.groups.fault())
            .chain(self.user.as_ref().and_then(|screen| {
                screen
                    .details
                    .fault()
                    .or(screen.groups.fault())
                    .or(screen.again.fault())
            }))
            .chain(self.edit.as_ref().and_then(|edit| edit.read.fault()))
            .chain(self.review.as_ref().and_then(|review| review.read.fault()))
            .chain(
                self.deed
                    .as_ref()
                    .and_then(|screen| screen.read.fault().or(screen.clients.fault())),
            )
            .chain(self.sign_in.as_ref().and_then(|screen| screen.clients.fault()))
            .chain(self.memberships.values().filter_map(Slot::fault))
            .any(needs_new_connection);
        if std::mem::take(&mut self.stale) || broken {
            core.ask_quietly(Job::Reconnect {
                target: self.place.target.clone(),
            });
            self.open_writer(core);
        }
        if self.pool.fault().is_some() {
            self.describe(core);
        }
        if self.providers.fault().is_some() {
            self.providers = Slot::Empty;
            self.ask_providers(core);
        }
        if self.caller.fault().is_some() {
            self.ask_caller(core);
        }
        self.retry_membership(core);
        match self.view {
            View::Users if self.is_file() => {
                self.users.look.retry();
                self.read_file_again(core);
            }
            View::Users => {
                self.users.look.retry();
                let groups_failed = self.users.retry_groups(&self.place, core);
                let page_failed = self.users.page.fault().is_some();
                self.users.retry_page(&self.place, core);
                if let Some(rate) = self.users.failed_scan() {
                    self.start_scan(rate, core);
                } else if groups_failed {
                    // What else is listed was read.
                } else if self.users.search.is_some() {
                    let pool = self.pool.ready().cloned();
                    self.users.ask_again(&self.place, pool.as_deref(), core);
                } else if page_failed || self.ask_of_counted(core) {
                    // It is asked for.
                } else if self.users.scan.is_some() {
                    core.say("these users were read with the whole pool; S reads it again");
                } else {
                    self.users.reload(&self.place, core);
                }
            }
            View::User => self.refresh_user(core),
            View::Lint => self.run_lint(core),
            View::Breakdown => self.count_again(core),
            View::Compare => self.compare_again(),
            View::Edit => self.read_for_form(core),
            View::Review => self.read_for_review(core),
            View::SignIn => self.ask_sign_in_clients(core),
            View::Deed => {
                self.read_for_deed(core);
                self.ask_clients(core);
            }
        }
        if matches!(self.view, View::Edit | View::Review) {
            // Asks only where the answer was a fault.
            for contact in Contact::ALL {
                self.ask_owner(contact, core);
            }
        }
    }
}
