//! Looking through what is loaded: which rows match, and in which order.

use std::sync::Arc;

use crate::domain::Rows;
use crate::domain::column::Column;
use crate::domain::query::{Ground, Query};
use crate::domain::search::Within;

/// A look through the loaded users.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub rows: Rows,
    pub query: Arc<Query>,
    pub order: Order,
    pub ground: Ground,
    /// Nobody else is looked at: whom an earlier line matched that this one narrows, or a find brought.
    pub within: Option<Within>,
    /// So many of the first who match are told while the others are still looked for. `None`: only all of them, as where an
    /// order is to be found first.
    pub first: Option<usize>,
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
