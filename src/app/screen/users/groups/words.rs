//! What is known of the groups that a line is about, in words.

use crate::app::screen::edit::plural;
use crate::app::screen::users::Users;
use crate::app::screen::users::scan::State;
use crate::domain::Sentence;
use crate::domain::query::Query;
use crate::domain::sentence::grouped;

impl Users {
    /// Whether the line in force is answered to its end whatever else of the pool was not read: everybody who can match it is
    /// in groups that were.
    pub fn settled_by_groups(&self) -> bool {
        // An export tells of nobody who is not in it.
        let wish = self.wish.as_ref().filter(|_| self.file.is_none());
        wish.zip(self.groups.ready())
            .is_some_and(|(wish, groups)| groups.settles(&wish.query))
    }

    /// What is known of the groups that a line is about. `None`: it is about none. `key`: what says the price of reading them.
    pub fn about_groups(&self, query: &Query, key: &str) -> Option<Sentence> {
        if !query.reads_groups() {
            return None;
        }
        if let Some(of_file) = self.groups_of_file() {
            return Some(of_file);
        }
        let price = |said: Sentence| said.words(format!(", {key} says what that costs"));
        let Some(groups) = self.groups.ready() else {
            return Some(match self.groups.names.is_loading() {
                true => "the names of the groups are being read".into(),
                false => price("who is in which group is not read".into()),
            });
        };
        let meant = groups.meant(query);
        let meant: Vec<_> = meant.iter().filter_map(|number| groups.get(*number)).collect();
        let unread = meant.iter().filter(|group| !group.is_whole()).count();
        if let Some(reading) = self
            .groups
            .reading
            .as_ref()
            .filter(|reading| reading.ticket().is_some())
        {
            let said = match reading.state {
                State::Stopping(_) => "stopping",
                _ => "reading",
            };
            return Some(crate::say!(
                own said, " groups: ", own grouped(reading.done as u64), " of ",
                own grouped(reading.groups.len() as u64), " read, ", own grouped(reading.progress.users),
                " members so far"
            ));
        }
        Some(match (meant.as_slice(), unread) {
            ([], _) => groups.none_is_meant(),
            ([only], 0) if only.absent() > 0 && self.is_whole() => {
                let loaded = only.members().len();
                crate::say!(
                    name & only.name, " was read to its end: ", own grouped(loaded as u64), " ", own plural(loaded, "member"),
                    "; ", own grouped(only.absent() as u64), " more ", own if only.absent() == 1 { "is" } else { "are" },
                    " not in the pool any more"
                )
            }
            ([only], 0) if only.absent() > 0 => {
                let loaded = only.members().len();
                crate::say!(
                    name & only.name, " was read to its end: ", own grouped(loaded as u64), " of its ",
                    own grouped((loaded + only.absent()) as u64), own if loaded == 1 { " members is loaded" } else { " members are loaded" }
                )
            }
            ([only], 0) => {
                let members = only.members().len();
                crate::say!(
                    name & only.name, " was read to its end: ", own grouped(members as u64), " ",
                    own plural(members, "member")
                )
            }
            (all, 0) => {
                let said = crate::say!(own grouped(all.len() as u64), " groups were read to their end");
                match all.iter().any(|group| group.absent() > 0) {
                    true if self.is_whole() => said.words("; some of their members are not in the pool any more"),
                    true => said.words("; not all of their members are loaded"),
                    false => said,
                }
            }
            ([only], _) => price(crate::say!("who is in ", name & only.name, " is not read")),
            (all, unread) => price(crate::say!(
                own grouped(unread as u64), " of ", own grouped(all.len() as u64), " groups are not read"
            )),
        })
    }
}
