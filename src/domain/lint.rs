//! What is odd about the users of a pool: checks over everybody who is loaded, each with a reason why it matters.
//!
//! What is found is kept as numbers of rows, so a report grows with what was found and not with the pool. It says who and
//! which column; the words come of the rows when they are shown.

mod check;
mod each;
mod federation;
#[cfg(test)]
mod tests;
mod twins;
mod words;

use std::sync::Arc;

use jiff::Timestamp;

pub use self::check::{Check, Lack};
use super::attribute::AttributeName;
use super::column::Column;
use super::export::Head;
use super::pool::Pool;
use super::roster::{RowId, Rows};
use super::schema::STANDARD;

/// How many days back a change of a disabled account counts as recent, unless somebody chose another number.
pub const RECENT_DAYS: u16 = 30;

/// How many days a temporary password is good for where the pool does not tell (API reference, `PasswordPolicyType`).
pub const TEMPORARY_PASSWORD_DAYS: u16 = 7;

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// In the order of [`Check::ALL`].
    pub checks: Vec<Check>,
    /// Attributes that everybody should have, besides those that the pool requires.
    pub attributes: Vec<AttributeName>,
    pub recent_days: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            checks: Check::ALL.to_vec(),
            attributes: Vec::new(),
            recent_days: RECENT_DAYS,
        }
    }
}

/// What the checks look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    pub rows: Rows,
    /// Not known where the pool may not be described: what rests on its settings is left out then, and said so.
    pub pool: Option<Arc<Pool>>,
    /// What the export says of itself, where the rows are of one: what it was made without is not looked for.
    pub export: Option<Arc<Head>>,
    pub now: Timestamp,
}

impl Ground {
    fn holds(&self, name: &AttributeName) -> bool {
        self.export.as_ref().is_none_or(|export| export.holds(name))
    }
}

/// One user who was found, and what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub row: RowId,
    column: u16,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    pub check: Check,
    /// How many users are in here, each counted once.
    pub users: usize,
    /// In the order of arrival; where they belong together, group after group.
    pub found: Vec<Found>,
    /// Where each group ends in `found`. Empty where everybody stands alone.
    ends: Vec<u32>,
}

impl Findings {
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many groups there are, where users belong together.
    pub fn groups(&self) -> Option<usize> {
        self.check.groups().then_some(self.ends.len())
    }

    /// The number of the group that a finding is in, from 0, and its users.
    pub fn group(&self, at: usize) -> Option<(usize, &[Found])> {
        let group = self.ends.partition_point(|end| *end as usize <= at);
        let end = *self.ends.get(group)? as usize;
        let start = group
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |end| *end as usize);
        Some((group, self.found.get(start..end)?))
    }
}

/// What was found among the users that were loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub ground: Ground,
    pub options: Options,
    /// One for each check that was asked for and could be made, the most serious first.
    pub findings: Vec<Findings>,
    columns: Vec<Column>,
}

impl Report {
    /// How many users were looked at.
    pub fn looked_at(&self) -> usize {
        self.ground.rows.len()
    }

    /// What a finding is about.
    pub fn column(&self, found: Found) -> &Column {
        self.columns.get(usize::from(found.column)).unwrap_or(&Column::Username)
    }

    pub fn of(&self, check: Check) -> Option<&Findings> {
        self.findings.iter().find(|findings| findings.check == check)
    }

    /// As the counts are listed: the checks that found somebody first, the most serious first among them.
    pub fn counts(&self) -> Vec<&Findings> {
        let (some, none): (Vec<&Findings>, Vec<&Findings>) =
            self.findings.iter().partition(|findings| !findings.is_empty());
        some.into_iter().chain(none).collect()
    }

    /// Whether nobody was found.
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(Findings::is_empty)
    }

    /// Checks that were asked for and could not be made, with what they lack.
    pub fn left_out(&self) -> impl Iterator<Item = (Check, Lack)> {
        let asked = self.options.checks.iter().copied();
        asked.filter_map(|check| Some((check, check.lacks(&self.ground)?)))
    }

    /// What somebody may have and the checks that were made could not see, because the export was made without it.
    pub fn unseen(&self) -> Vec<AttributeName> {
        let Some(export) = &self.ground.export else {
            return Vec::new();
        };
        let made = self
            .options
            .checks
            .iter()
            .filter(|check| check.lacks(&self.ground).is_none());
        let read: Option<Vec<Vec<AttributeName>>> = made.map(|check| check.reads()).collect();
        if let Some(read) = read {
            return export.lacks(read.into_iter().flatten());
        }
        let schema = self.ground.pool.iter().flat_map(|pool| &pool.schema.attributes);
        let schema = schema.map(|one| one.name.clone());
        let standard = STANDARD.map(AttributeName::new);
        let all = standard
            .into_iter()
            .chain(schema)
            .chain(self.options.attributes.iter().cloned());
        export.lacks(all)
    }
}

/// Makes the checks. `None`: `stopped` said so before the end.
pub fn lint(ground: &Ground, options: &Options, stopped: &dyn Fn() -> bool) -> Option<Report> {
    let mut gathering = Gathering::new(ground, options);
    each::look(&mut gathering, stopped)?;
    twins::look(&mut gathering, stopped)?;
    Some(gathering.finish())
}

/// Findings on their way.
struct Gathering<'a> {
    ground: &'a Ground,
    options: &'a Options,
    findings: Vec<Findings>,
    columns: Vec<Column>,
}

impl<'a> Gathering<'a> {
    fn new(ground: &'a Ground, options: &'a Options) -> Self {
        let asked = |check: &Check| options.checks.contains(check) && check.lacks(ground).is_none();
        Self {
            ground,
            options,
            findings: Check::ALL
                .into_iter()
                .filter(asked)
                .map(|check| Findings {
                    check,
                    users: 0,
                    found: Vec::new(),
                    ends: Vec::new(),
                })
                .collect(),
            columns: Vec::new(),
        }
    }

    fn wants(&self, check: Check) -> bool {
        self.findings.iter().any(|findings| findings.check == check)
    }

    /// The number of a column. There are as many as a pool has attributes.
    fn column(&mut self, column: Column) -> u16 {
        let at = self.columns.iter().position(|known| *known == column);
        let at = at.unwrap_or_else(|| {
            self.columns.push(column);
            self.columns.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    fn put(&mut self, check: Check, row: RowId, column: u16) {
        if let Some(findings) = self.findings.iter_mut().find(|findings| findings.check == check) {
            findings.found.push(Found { row, column });
        }
    }

    fn put_group(&mut self, check: Check, rows: impl IntoIterator<Item = RowId>, column: u16) {
        if let Some(findings) = self.findings.iter_mut().find(|findings| findings.check == check) {
            findings.found.extend(rows.into_iter().map(|row| Found { row, column }));
            let end = u32::try_from(findings.found.len()).unwrap_or(u32::MAX);
            findings.ends.push(end);
        }
    }

    fn finish(mut self) -> Report {
        for findings in &mut self.findings {
            if findings.check.groups() {
                findings.sort_groups();
            }
            let mut rows: Vec<RowId> = findings.found.iter().map(|found| found.row).collect();
            rows.sort_unstable();
            rows.dedup();
            findings.users = rows.len();
            findings.found.shrink_to_fit();
        }
        Report {
            ground: self.ground.clone(),
            options: self.options.clone(),
            findings: self.findings,
            columns: self.columns,
        }
    }
}

impl Findings {
    /// Groups were found in the order of hashes, which says nothing: from here on the one whose first user arrived first
    /// is first.
    fn sort_groups(&mut self) {
        let mut start = 0;
        let mut groups: Vec<&[Found]> = Vec::with_capacity(self.ends.len());
        for end in &self.ends {
            let end = *end as usize;
            groups.extend(self.found.get(start..end));
            start = end;
        }
        groups.sort_by_key(|group| group.first().copied());
        let mut found = Vec::with_capacity(self.found.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        for group in groups {
            found.extend_from_slice(group);
            ends.push(u32::try_from(found.len()).unwrap_or(u32::MAX));
        }
        self.found = found;
        self.ends = ends;
    }
}
