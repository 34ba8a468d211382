//! What screens are put together from: rows of text, the words for values, columns, and where a list is scrolled to.

pub mod columns;
pub mod pen;
pub mod row;
pub mod scroll;
