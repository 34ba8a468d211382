//! Users written to a file that the operator named: what is asked for, and what became of it.

use std::path::PathBuf;
use std::sync::Arc;

use super::DiskFault;
use crate::domain::Rows;
use crate::domain::export::{Head, Layout, LeftOut};
use crate::domain::query::Groups;
use crate::domain::search::Matches;

/// An export of loaded users.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    pub rows: Rows,
    /// Only these, in this order. `None`: everybody loaded.
    pub only: Option<Arc<Matches>>,
    /// Who is in which group, where that is to be written.
    pub groups: Option<Arc<Groups>>,
    pub layout: Layout,
    pub head: Head,
    /// Everybody who is meant was read.
    pub complete: bool,
    pub path: PathBuf,
    pub existing: Existing,
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Keep,
    /// It was asked for: once the new one is whole, it takes the place of the old one.
    Replace,
}

/// How an export ended. Where it was not written, nothing of it is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exported {
    Written {
        path: PathBuf,
        users: u64,
        bytes: u64,
        /// Who could not be written in this layout, and why.
        left_out: Vec<(LeftOut, u64)>,
    },
    /// There is a file of that name.
    Exists(PathBuf),
    Stopped,
    Failed(DiskFault),
}
