//! Looking through what is loaded: which rows match, and in which order.

use std::sync::Arc;

use crate::domain::column::Column;
use crate::domain::query::{Ground, Query};
use crate::domain::{RowId, Rows};

/// A look through the loaded users.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub rows: Rows,
    pub query: Arc<Query>,
    pub order: Order,
    pub ground: Ground,
    /// What an earlier, shorter line matched in the same rows: nobody else can match this one.
    pub within: Option<Arc<Matches>>,
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
    pub rows: Vec<RowId>,
    /// How many rows were looked at: those that arrived later were not.
    pub looked_at: usize,
}
