//! The demo's pools.

pub(crate) mod words;

use super::seed::PoolSeed;

pub(crate) fn pools() -> Vec<PoolSeed> {
    Vec::new()
}
