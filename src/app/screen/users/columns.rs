//! Which columns the list shows, by which of them it is ordered, and the saved views that say both at once.

use std::sync::Arc;

use crate::app::action::Action;
use crate::app::core::{Core, SavedView};
use crate::app::overlay::{Overlay, moved};
use crate::app::session::Session;
use crate::domain::AttributeName;
use crate::domain::column::Column;
use crate::domain::query::Query;
use crate::domain::schema::STANDARD;
use crate::job::search::Order;

/// What a list of columns is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// One of them orders the list.
    Sort,
    /// Any of them are shown.
    Show,
    /// Any of them are what everybody should have: the checks say who lacks one.
    Expect,
}

/// Columns to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnList {
    pub purpose: Purpose,
    pub columns: Vec<Column>,
    pub cursor: usize,
}

impl Session {
    /// `o` and `c`: the facts and every attribute of the pool; to order by, what is shown comes first. In the checks the
    /// attributes alone.
    pub(in crate::app) fn open_columns(&self, purpose: Purpose, core: &Core, overlay: &mut Option<Overlay>) {
        let shown = self.users.shown_columns(&core.settings);
        let mut columns: Vec<Column> = match purpose {
            Purpose::Sort => shown.to_vec(),
            Purpose::Show | Purpose::Expect => Vec::new(),
        };
        let attributes: Vec<AttributeName> = match self.schema() {
            Some(schema) => schema
                .attributes
                .iter()
                .map(|attribute| attribute.name.clone())
                .collect(),
            None => STANDARD.map(AttributeName::new).into(),
        };
        let seen = self.users.roster.rows().names();
        let all = attributes
            .iter()
            .chain(seen.into_iter().filter(|name| !attributes.contains(name)));
        let facts = Column::FACTS.into_iter();
        let usable = |column: &Column| match column {
            // A fact is known of everybody, and the service gives everybody a sub.
            Column::Attribute(name) if purpose == Purpose::Expect => {
                name.verifies().is_none() && name.as_str() != "sub"
            }
            _ if purpose == Purpose::Expect => false,
            // Somebody may be in several groups, and what was not read has no order and nothing to show.
            Column::Groups => purpose == Purpose::Show && self.users.groups.ready().is_some(),
            // A flag stands beside its contact.
            Column::Attribute(name) => name.verifies().is_none(),
            _ => true,
        };
        for column in facts.chain(all.cloned().map(Column::Attribute)).filter(usable) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns.retain(usable);
        let cursor = match (&self.users.order, purpose) {
            (Order::By { column, .. }, Purpose::Sort) => columns.iter().position(|other| other == column),
            _ => None,
        };
        *overlay = Some(Overlay::Columns(ColumnList {
            purpose,
            columns,
            cursor: cursor.unwrap_or(0),
        }));
    }

    /// A key in the list of columns: the list as it is then, or `None` where it is done.
    pub(in crate::app) fn columns_action(
        &mut self,
        mut list: ColumnList,
        action: Action,
        core: &mut Core,
    ) -> Option<ColumnList> {
        let column = list.columns.get(list.cursor).cloned();
        match (action, list.purpose, column) {
            (Action::Accept, Purpose::Show | Purpose::Expect, _) => return None,
            (Action::Accept, Purpose::Sort, Some(column)) => {
                self.sort_by(column);
                return None;
            }
            (Action::Mark, Purpose::Show, Some(column)) => self.toggle_column(column, core),
            (Action::Mark, Purpose::Expect, Some(Column::Attribute(name))) => self.toggle_expected(name, core),
            (other, ..) => list.cursor = moved(list.cursor, other, list.columns.len()),
        }
        Some(list)
    }

    /// By a column; by the same again, the other end first; once more, as the users arrived.
    fn sort_by(&mut self, column: Column) {
        self.users.order = match &self.users.order {
            Order::By { column: by, descending } if *by == column => match descending {
                false => Order::By {
                    column,
                    descending: true,
                },
                true => Order::Best,
            },
            _ => Order::By {
                column,
                descending: false,
            },
        };
    }

    fn toggle_column(&mut self, column: Column, core: &mut Core) {
        let mut columns = self.users.shown_columns(&core.settings).to_vec();
        match columns.iter().position(|other| *other == column) {
            Some(_) if columns.len() == 1 => return core.say("one column stays"),
            Some(at) => drop(columns.remove(at)),
            None => columns.push(column),
        }
        self.users.columns = Some(columns);
    }

    /// A saved view: its query, its columns and its order.
    pub(in crate::app) fn open_view(&mut self, view: &SavedView, core: &mut Core) {
        let query = match Query::parse(view.query.as_str(), &self.known()) {
            Ok(query) => Arc::new(query),
            Err(mistake) => {
                let said = crate::say!(
                    "the view ",
                    name & view.name,
                    " does not fit this pool; expected in its query: "
                );
                return core.say(said.join(mistake.expected));
            }
        };
        self.users.columns = view.columns.clone();
        self.users.order = match &view.sort {
            Some(sort) => Order::By {
                column: sort.column.clone(),
                descending: sort.descending,
            },
            None => Order::Best,
        };
        self.wish(view.query.as_str().trim(), query, None, core);
        core.say(crate::say!("view ", name & view.name));
    }
}

impl Core {
    /// The saved view that a number key opens.
    pub fn saved_view(&self, action: Action) -> Option<&SavedView> {
        let key = match action {
            Action::View1 => 1,
            Action::View2 => 2,
            Action::View3 => 3,
            Action::View4 => 4,
            Action::View5 => 5,
            Action::View6 => 6,
            Action::View7 => 7,
            Action::View8 => 8,
            Action::View9 => 9,
            _ => return None,
        };
        self.settings.views.iter().find(|view| view.key == Some(key))
    }
}
