//! What reading groups costs, said before anything is asked.

use super::Of;
use crate::app::core::Core;
use crate::app::overlay::Overlay;
use crate::app::screen::users::Users;
use crate::app::screen::users::scan::{Asked, ScanQuestion};
use crate::app::session::{Session, View};
use crate::app::slot::Slot;
use crate::app::{App, Pane};
use crate::domain::{Place, Raw};
use crate::job::Job;

impl Users {
    pub(super) fn ask_for_groups(&mut self, of: Of, place: &Place, core: &mut Core) {
        self.groups.offer = Some(of);
        self.name_groups(place, core);
    }

    /// Asks for the names of the groups: what reading them costs depends on how many there are.
    pub(in crate::app) fn name_groups(&mut self, place: &Place, core: &mut Core) {
        if !self.groups.names.is_loading() {
            let job = Job::ListGroups { place: place.clone() };
            let ticket = core.ask(&Raw::from("groups"), "reading the names of the groups", job);
            self.groups.names = Slot::Loading(ticket);
        }
    }

    /// The groups whose price is to be said now.
    fn offered(&mut self) -> Option<(Of, Vec<Raw>)> {
        let groups = self
            .groups
            .groups
            .as_ref()
            .filter(|_| !self.groups.names.is_loading())?;
        let of = self.groups.offer.take()?;
        let line = self.wish.as_ref().filter(|wish| wish.query.reads_groups());
        let meant = match line {
            Some(wish) => groups.meant(&wish.query),
            None => (0..groups.len()).collect(),
        };
        let meant = meant.iter().filter_map(|number| groups.get(*number));
        let names = |unread: bool| -> Vec<Raw> {
            let those = meant.clone().filter(|group| !unread || !group.is_whole());
            those.map(|group| group.name.clone()).collect()
        };
        let unread = names(true);
        let names = if unread.is_empty() && of == Of::Key {
            names(false)
        } else {
            unread
        };
        Some((of, names))
    }
}

impl Session {
    /// What reading the groups costs: those that the line in force is about, or all.
    pub(in crate::app) fn price_groups(&mut self, core: &mut Core) {
        if let Some(of_file) = self.users.groups_of_file() {
            return core.say(of_file);
        }
        if self.users.groups.is_running() {
            return core.say("groups are being read; Esc stops");
        }
        // Groups may have been made since.
        self.users.ask_for_groups(Of::Key, &self.place, core);
    }

    /// A line came into force: if it lacks groups, their price is said.
    pub(in crate::app::screen::users) fn offer_groups(&mut self, core: &mut Core) {
        let Some(wish) = &self.users.wish else {
            return;
        };
        if !wish.query.reads_groups() || self.is_file() || self.users.groups.is_running() {
            return;
        }
        match self.users.groups.ready() {
            Some(groups) if !groups.meant(&wish.query).is_empty() => self.users.groups.offer = Some(Of::Line),
            _ => self.users.ask_for_groups(Of::Line, &self.place, core),
        }
    }

    pub(in crate::app) fn start_groups(&mut self, names: Vec<Raw>, rate: u32, core: &mut Core) {
        self.users.start_groups(names, rate, &self.place, core);
    }
}

impl App {
    /// Says the price of reading groups once their names are known, if the list that asked for it is still in front: nothing
    /// comes over what is done elsewhere meanwhile.
    pub(in crate::app) fn say_price_of_groups(&mut self) {
        let in_front = self.overlay.is_none() && self.pane == Pane::Body && !self.shows_journal();
        let Some(session) = &mut self.session else {
            return;
        };
        let Some((of, names)) = session.users.offered() else {
            return;
        };
        let Some(all) = session.users.groups.ready().map(|groups| groups.len()) else {
            return;
        };
        if !in_front || session.view != View::Users || session.users.find.is_some() {
            return;
        }
        if names.is_empty() {
            if of == Of::Key {
                self.core.say("this pool has no groups");
            }
            return;
        }
        self.overlay = Some(Overlay::Scan(ScanQuestion {
            of: Asked::Groups {
                names,
                all,
                users: session.pool.ready().and_then(|pool| pool.estimated_users),
            },
            rate: self.core.settings.list_rate,
            opened: self.core.mono,
        }));
    }
}
