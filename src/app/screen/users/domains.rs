//! How many users have an address in each domain: what is rare and close to something frequent is probably a slip.

use std::collections::BTreeMap;

use crate::domain::{RowId, Rows, schema};

/// The domains of users and how many have an address there. Debug prints how many there are.
#[derive(Clone, Default, PartialEq)]
pub struct Domains(BTreeMap<String, usize>);

impl std::fmt::Debug for Domains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Domains({})", self.0.len())
    }
}

impl Domains {
    pub fn counts(&self) -> &BTreeMap<String, usize> {
        &self.0
    }

    /// Counts the rows behind the first so many.
    pub fn count(&mut self, rows: &Rows, before: usize) {
        for row in (before..rows.len()).filter_map(|row| u32::try_from(row).ok()) {
            self.enter(rows, RowId(row));
        }
    }

    pub fn enter(&mut self, rows: &Rows, row: RowId) {
        if let Some(domain) = domain_of(rows, row) {
            *self.0.entry(domain).or_default() += 1;
        }
    }

    pub fn leave(&mut self, rows: &Rows, row: RowId) {
        let Some(domain) = domain_of(rows, row) else {
            return;
        };
        if let Some(users) = self.0.get_mut(&domain) {
            *users = users.saturating_sub(1);
            if *users == 0 {
                self.0.remove(&domain);
            }
        }
    }
}

fn domain_of(rows: &Rows, row: RowId) -> Option<String> {
    let email = rows.get(row)?.get("email")?;
    schema::domain_of(&email)
}
