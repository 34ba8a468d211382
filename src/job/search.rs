//! Looking through what is loaded: which rows match, and in which order.

use std::sync::Arc;

use crate::domain::column::Column;
use crate::domain::query::{Ground, Query};
use crate::domain::search::{Bits, RowList, Within};
use crate::domain::{RowId, Rows};

/// A look through the loaded users.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub rows: Rows,
    pub query: Arc<Query>,
    pub order: Order,
    pub ground: Ground,
    /// Nobody else is looked at: whom an earlier line matched that this one narrows, or a find brought.
    pub within: Option<Within>,
}

/// How the matching rows are ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Best first where the query has words, else as they arrived.
    #[default]
    Best,
    By {
        column: Column,
        descending: bool,
    },
}

/// Who matches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// In the order that was asked for.
    pub rows: RowList,
    /// The same as a set.
    pub who: Arc<Bits>,
    /// How many rows were looked at: those that arrived later were not.
    pub looked_at: usize,
}

impl Matches {
    /// Some rows of so many that were looked at.
    pub fn of(rows: Vec<RowId>, looked_at: usize) -> Self {
        let behind = rows.iter().map(|row| row.0 as usize + 1).max().unwrap_or_default();
        let mut who = Bits::none(behind);
        rows.iter().for_each(|row| who.put(row.0 as usize));
        Self {
            rows: RowList::Ordered(rows),
            who: Arc::new(who),
            looked_at,
        }
    }
}
