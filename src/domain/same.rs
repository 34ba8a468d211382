//! Who of the loaded users has the same text, without keeping any text: eight bytes a user while it is looked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use super::roster::{Row, RowId, Rows};

/// How many rows are looked at between two questions whether to stop.
const BETWEEN_STOPS: usize = 1_024;

/// Everybody in turn; `None`: it was stopped.
pub(super) fn each<'a>(rows: &'a Rows, stopped: &dyn Fn() -> bool, mut look: impl FnMut(RowId, Row<'a>)) -> Option<()> {
    for (at, (id, row)) in rows.iter().enumerate() {
        if at % BETWEEN_STOPS == 0 && stopped() {
            return None;
        }
        look(id, row);
    }
    Some(())
}

/// Rows by the hash of a text.
pub(super) struct Same {
    /// The hash, and behind it the row: sorting brings together what may be the same.
    entries: Vec<u64>,
    hasher: DefaultHashBuilder,
}

impl Same {
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub fn put(&mut self, id: RowId, text: &str) {
        let hash = self.hasher.hash_one(text);
        self.entries.push(hash & !u64::from(u32::MAX) | u64::from(id.0));
    }

    /// Tells each text, and who has it in the order of arrival. What only hashes alike is told apart by `text`, which
    /// must give what was put. The texts come in no order. `None`: it was stopped.
    pub fn sets<'a>(
        mut self,
        text: impl Fn(RowId) -> Option<Cow<'a, str>>,
        stopped: &dyn Fn() -> bool,
        mut tell: impl FnMut(&[RowId]),
    ) -> Option<()> {
        self.entries.sort_unstable();
        let runs = self.entries.chunk_by(|one, other| one >> 32 == other >> 32);
        for (at, run) in runs.enumerate() {
            if at % BETWEEN_STOPS == 0 && stopped() {
                return None;
            }
            let ids = run
                .iter()
                .map(|entry| RowId(u32::try_from(entry & u64::from(u32::MAX)).unwrap_or(u32::MAX)));
            if let [_] = run {
                tell(&ids.collect::<Vec<RowId>>());
                continue;
            }
            let mut sets: BTreeMap<Cow<'a, str>, Vec<RowId>> = BTreeMap::new();
            for id in ids {
                if let Some(text) = text(id) {
                    sets.entry(text).or_default().push(id);
                }
            }
            sets.values().for_each(|set| tell(set));
        }
        Some(())
    }
}
