//! Everybody that was loaded of a pool, packed: a million users in a few hundred bytes each.
//!
//! Users lie in immutable [`Segment`]s, in the order in which they arrived; a reading of one user alone lies beside them as
//! a patch, because ListUsers may lag behind it. [`Rows`] is both together as they stood at one moment: cloning it costs
//! nothing that grows with the pool, so a search, a check or an export on another thread takes one along.

mod pack;
mod row;
mod runs;
mod segment;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

pub use self::row::Row;
pub use self::runs::Runs;
pub use self::segment::{KindsOf, Lying, Reading, Segment};
pub use self::text::{BETWEEN, Folded, KINDS, TEXTS, kind, mask, search_text};
use super::attribute::AttributeName;
use super::user::{User, Username};

/// How many users a full segment holds. Pages arrive as small ones and are joined as soon as they fill one.
pub const FULL: usize = 4_096;

/// A user's place in the order of arrival. It stays the same for as long as the roster lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u32);

/// The loaded users as they stood at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    segments: Arc<Vec<Arc<Segment>>>,
    /// The number of the first row of each segment.
    starts: Arc<Vec<u32>>,
    patches: Arc<BTreeMap<RowId, Arc<Patch>>>,
}

/// A newer reading of one user, in place of the row that was listed. Debug prints no text.
#[derive(Clone, PartialEq)]
pub struct Patch {
    pub user: Arc<User>,
    pub folded: Folded,
}

impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patch({:?})", self.user)
    }
}

impl Patch {
    fn new(user: Arc<User>) -> Self {
        Self {
            folded: Folded::of(&user),
            user,
        }
    }
}

impl Rows {
    pub fn len(&self) -> usize {
        let last = self.segments.last().map_or(0, |segment| segment.len());
        self.starts
            .last()
            .map_or(0, |start| *start as usize)
            .saturating_add(last)
    }

    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The segments with the number of each one's first row.
    pub fn segments(&self) -> impl Iterator<Item = (u32, &Arc<Segment>)> {
        self.starts.iter().copied().zip(self.segments.iter())
    }

    /// The attributes that these users show.
    pub fn names(&self) -> BTreeSet<&AttributeName> {
        let segments = self.segments.iter();
        segments.flat_map(|segment| segment.names()).collect()
    }

    /// What was read anew since it was listed. These rows of the segments are out of date.
    pub fn patches(&self) -> &BTreeMap<RowId, Arc<Patch>> {
        &self.patches
    }

    /// One user, as read last.
    pub fn get(&self, id: RowId) -> Option<Row<'_>> {
        if let Some(patch) = self.patches.get(&id) {
            return Some(Row::Whole(&patch.user));
        }
        let at = self.starts.partition_point(|start| *start <= id.0).checked_sub(1)?;
        let within = id.0.checked_sub(*self.starts.get(at)?)?;
        self.segments.get(at)?.row(within as usize)
    }

    /// Everybody, in the order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = (RowId, Row<'_>)> {
        let patched = !self.patches.is_empty();
        self.segments().flat_map(move |(start, segment)| {
            (start..).zip(segment.rows()).map(move |(number, row)| {
                let id = RowId(number);
                let patch = patched.then(|| self.patches.get(&id)).flatten();
                (id, patch.map_or(row, |patch| Row::Whole(&patch.user)))
            })
        })
    }

    /// Bytes on the heap, as far as they belong to the users.
    pub fn heap_bytes(&self) -> usize {
        self.segments.iter().map(|segment| segment.heap_bytes()).sum()
    }
}

/// The loaded users of a pool, and who of them is where.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    rows: Rows,
    places: Places,
    /// Counts changes, so that what was worked out of the rows can tell whether it still holds.
    changes: u64,
    /// Counts the changes of rows that were there before.
    edition: u64,
}

impl PartialEq for Roster {
    /// The same users in the same order. Where each is follows from that.
    fn eq(&self, other: &Self) -> bool {
        self.changes == other.changes && self.rows == other.rows
    }
}

impl Roster {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// It stays the same for as long as nothing happens but that more rows arrive: what is known of a row still holds.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// Everybody as of now.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    pub fn find(&self, username: &Username) -> Option<RowId> {
        self.places.find(username.as_str(), |id| self.rows.get(id))
    }

    pub fn user(&self, id: RowId) -> Option<Arc<User>> {
        Some(self.rows.get(id)?.to_user())
    }

    /// Takes a page of users. Those that are there already are not taken again: chains of a scan may overlap, and a list
    /// that is read while the pool changes may show somebody twice. Which rows of the page were new: in this order they stand
    /// behind those that were there.
    pub fn add(&mut self, page: &Arc<Segment>) -> Vec<usize> {
        let start = self.len();
        let mut fresh = Vec::with_capacity(page.len());
        for (at, row) in page.rows().enumerate() {
            let Ok(number) = u32::try_from(start.saturating_add(fresh.len())) else {
                break;
            };
            let row_of = |id: RowId| match (id.0 as usize).checked_sub(start) {
                None => self.rows.get(id),
                Some(beyond) => fresh.get(beyond).map_or(Some(row), |at| page.row(*at)),
            };
            if self.places.add(&row.username(), RowId(number), row_of) {
                fresh.push(at);
            }
        }
        match fresh.len() {
            0 => {}
            all if all == page.len() => self.put(Arc::clone(page)),
            _ => self.put(Arc::new(Segment::only(page, &fresh))),
        }
        fresh
    }

    fn put(&mut self, segment: Arc<Segment>) {
        self.changes += 1;
        let start = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let segments = Arc::make_mut(&mut self.rows.segments);
        let starts = Arc::make_mut(&mut self.rows.starts);
        segments.push(segment);
        starts.push(start);
        let small = segments.iter().rev().take_while(|segment| segment.len() < FULL).count();
        let first = segments.len().saturating_sub(small);
        let loose: usize = segments.iter().skip(first).map(|segment| segment.len()).sum();
        if small > 1 && loose >= FULL {
            let joined = Segment::join(&segments.split_off(first));
            segments.push(Arc::new(joined));
            starts.truncate(first.saturating_add(1));
        }
    }

    /// Takes a newer reading of a user that is listed. False: nobody of that name is.
    pub fn patch(&mut self, now: &Arc<User>) -> bool {
        let Some(id) = self.find(&now.username) else {
            return false;
        };
        self.changes += 1;
        self.edition += 1;
        Arc::make_mut(&mut self.rows.patches).insert(id, Arc::new(Patch::new(Arc::clone(now))));
        true
    }

    /// Others take the place of everybody.
    pub fn replace(&mut self, others: Self) {
        *self = Self {
            changes: self.changes + 1,
            edition: self.edition + 1,
            ..others
        };
    }
}

/// Among how many tables the names are divided.
const TABLES: usize = 256;

/// Which row a username is in: row numbers by the hash of the name, and the names where they lie in the rows.
#[derive(Clone, Debug)]
struct Places {
    /// Many small tables, so that a table which grows holds nobody up for longer than a moment. Some are likelier than others,
    /// or all of them would grow at once.
    tables: Vec<HashTable<RowId>>,
    hasher: DefaultHashBuilder,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            tables: vec![HashTable::new(); TABLES],
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Places {
    fn find<'a>(&self, username: &str, row: impl Fn(RowId) -> Option<Row<'a>>) -> Option<RowId> {
        let hash = self.hasher.hash_one(username);
        let table = self.tables.get(Self::table(hash))?;
        let is_it = |id: &RowId| row(*id).is_some_and(|row| row.username() == username);
        table.find(hash, is_it).copied()
    }

    /// False: the name is in a row already.
    fn add<'a>(&mut self, username: &str, id: RowId, row: impl Fn(RowId) -> Option<Row<'a>>) -> bool {
        if self.find(username, &row).is_some() {
            return false;
        }
        let hash = self.hasher.hash_one(username);
        let hasher = &self.hasher;
        if let Some(table) = self.tables.get_mut(Self::table(hash)) {
            let again = |id: &RowId| row(*id).map_or(0, |row| hasher.hash_one(&*row.username()));
            table.insert_unique(hash, id, again);
        }
        true
    }

    /// The last table is twice as likely as the first: while the number of names doubles, each grows once, one after the other.
    fn table(hash: u64) -> usize {
        let share = f64::from((hash >> 24) as u32) / f64::from(u32::MAX);
        let table = (share + 1.0).log2() * TABLES as f64;
        (table as usize).min(TABLES - 1)
    }
}
