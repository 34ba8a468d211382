//! The pools: those of the config first, then what ListUserPools returns, or a prompt for an id where it may not be asked.

use crate::app::action::Action;
use crate::app::core::{Core, Settings};
use crate::app::overlay::{CopyItem, moved};
use crate::app::slot::Slot;
use crate::domain::guard::Guard;
use crate::domain::{Fault, Page, PageToken, Place, PoolId, PoolSummary, Raw};
use crate::job::{Answer, Job, Ticket};

/// A pool that can be opened, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub place: Place,
    pub name: Option<Raw>,
    /// What protects it, as far as the names tell by which it is known.
    pub guard: Guard,
    /// It is named in the config.
    pub favourite: bool,
}

/// How far the list has been read.
#[derive(Clone, Debug, PartialEq)]
enum Rest {
    Unread,
    More(PageToken),
    All,
}

/// The list of pools.
#[derive(Clone, Debug, PartialEq)]
pub struct Pools {
    listed: Vec<PoolSummary>,
    rest: Rest,
    /// The page under way, or why the last one did not come.
    pub page: Slot<()>,
    favourites: Vec<Choice>,
    pub cursor: usize,
}

impl Pools {
    pub fn new(settings: &Settings) -> Self {
        let favourites = settings
            .favourites
            .iter()
            .map(|favourite| Choice {
                place: favourite.place.clone(),
                name: favourite.name.clone(),
                guard: settings.guards.of(&favourite.place.pool, None),
                favourite: true,
            })
            .collect();
        Self {
            listed: Vec::new(),
            rest: Rest::Unread,
            page: Slot::Empty,
            favourites,
            cursor: 0,
        }
    }

    /// Favourites, then every listed pool that is not one of them.
    pub fn choices(&self, settings: &Settings) -> Vec<Choice> {
        let mut choices = self.favourites.clone();
        for choice in &mut choices {
            self.take_listed_name(choice, settings);
        }
        for summary in &self.listed {
            if !choices.iter().any(|choice| choice.place.pool == summary.id) {
                choices.push(self.choice_for(summary.id.clone(), settings));
            }
        }
        choices
    }

    /// How a pool opens that is named by its id: as the config says, else for reading until its name is typed.
    pub fn choice_for(&self, id: PoolId, settings: &Settings) -> Choice {
        if let Some(choice) = self.favourites.iter().find(|choice| choice.place.pool == id) {
            let mut choice = choice.clone();
            self.take_listed_name(&mut choice, settings);
            return choice;
        }
        let name = self.listed_name(&id);
        Choice {
            guard: settings.guards.of(&id, name.as_ref()),
            name,
            place: Place {
                target: settings.target.clone(),
                pool: id,
            },
            favourite: false,
        }
    }

    /// The service's own name decides about protection, whatever the config calls the pool.
    fn take_listed_name(&self, choice: &mut Choice, settings: &Settings) {
        let Some(listed) = self.listed_name(&choice.place.pool) else {
            return;
        };
        choice.guard = settings.guards.of(&choice.place.pool, Some(&listed));
        choice.name.get_or_insert(listed);
    }

    fn listed_name(&self, id: &PoolId) -> Option<Raw> {
        self.listed
            .iter()
            .find(|summary| summary.id == *id)
            .map(|summary| summary.name.clone())
    }

    pub fn selected(&self, settings: &Settings) -> Option<Choice> {
        let choices = self.choices(settings);
        let at = self.cursor.min(choices.len().saturating_sub(1));
        choices.into_iter().nth(at)
    }

    /// When a listed pool last changed.
    pub fn changed(&self, id: &PoolId) -> Option<jiff::Timestamp> {
        self.listed.iter().find(|summary| summary.id == *id)?.changed
    }

    pub fn is_all(&self) -> bool {
        self.rest == Rest::All
    }

    pub fn is_untouched(&self) -> bool {
        self.rest == Rest::Unread && self.page.is_empty()
    }

    /// Why the list could not be read, if it could not.
    pub fn fault(&self) -> Option<&Fault> {
        self.page.fault()
    }

    /// Asks for the next page, if one is due and none is under way.
    pub fn load(&mut self, core: &mut Core) {
        let token = match &self.rest {
            Rest::Unread => None,
            Rest::More(token) => Some(token.clone()),
            Rest::All => return,
        };
        if self.page.is_loading() {
            return;
        }
        let target = core.settings.target.clone();
        let ticket = core.ask(&Raw::from("pools"), "listing pools", Job::ListPools { target, token });
        self.page = Slot::Loading(ticket);
    }

    /// Reads the list again from its beginning, on a new connection where the old one failed.
    pub fn reload(&mut self, core: &mut Core) {
        if self.page.is_loading() {
            return;
        }
        if self.page.fault().is_some() {
            let target = core.settings.target.clone();
            core.ask_quietly(Job::Reconnect { target });
        }
        self.page = Slot::Empty;
        self.rest = Rest::Unread;
        self.load(core);
    }

    pub fn take_page(&mut self, ticket: Ticket, answer: &Answer<Page<PoolSummary>>, core: &mut Core) {
        if !self
            .page
            .fill(ticket, answer.as_ref().map(|_| ()).map_err(Clone::clone))
        {
            return;
        }
        let Ok(answered) = answer else {
            return;
        };
        if self.rest == Rest::Unread {
            self.listed.clear();
        }
        self.listed.extend(answered.value.items.iter().cloned());
        self.rest = match &answered.value.next {
            Some(token) => Rest::More(token.clone()),
            None => Rest::All,
        };
        self.load_if_near_end(core);
    }

    /// A list that failed is tried again on demand only.
    fn load_if_near_end(&mut self, core: &mut Core) {
        if self.page.fault().is_some() {
            return;
        }
        let count = self.favourites.len() + self.listed.len();
        if count <= self.cursor + usize::from(core.size.1) {
            self.load(core);
        }
    }

    /// False: the key is not a movement.
    pub fn move_cursor(&mut self, action: Action, core: &mut Core) -> bool {
        let movement = matches!(
            action,
            Action::Up
                | Action::Down
                | Action::PageUp
                | Action::PageDown
                | Action::HalfUp
                | Action::HalfDown
                | Action::Top
                | Action::Bottom
        );
        if movement {
            let count = self.choices(&core.settings).len();
            self.cursor = moved(self.cursor.min(count.saturating_sub(1)), action, count);
            self.load_if_near_end(core);
        }
        movement
    }

    pub fn copy_items(&self, settings: &Settings) -> Vec<CopyItem> {
        let Some(choice) = self.selected(settings) else {
            return Vec::new();
        };
        let mut items = vec![CopyItem {
            name: "pool id",
            text: choice.place.pool.raw().clone(),
        }];
        if let Some(name) = choice.name {
            items.push(CopyItem {
                name: "pool name",
                text: name,
            });
        }
        items
    }
}
