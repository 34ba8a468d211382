//! Checks over what is loaded, and counts of a column's values. Nobody is asked for either.

use crate::domain::Rows;
use crate::domain::column::Column;
use crate::domain::lint::{Ground, Options};
use crate::domain::search::RowList;

/// Checks over the loaded users.
#[derive(Clone, Debug, PartialEq)]
pub struct Lint {
    pub ground: Ground,
    pub options: Options,
}

/// A count of the values of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    pub rows: Rows,
    pub of: Column,
    /// Of these users alone; `None`: of everybody.
    pub among: Option<RowList>,
}
