//! A few thousand users in columns. Whatever a column cannot hold exactly keeps the whole user beside the columns, so that
//! what comes out is always what went in.

mod coded;
mod fill;
mod moment;
mod packed;
mod reading;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use self::coded::Coded;
use self::moment::Moment;
pub use self::packed::Packed;
pub use self::reading::{Lying, Reading};
use super::pack::Packing;
use super::runs::Runs;
use super::text::KINDS;
use crate::domain::attribute::AttributeName;
use crate::domain::user::{User, UserStatus};

/// Which attributes a row has and how each is packed. Many users share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shape {
    username: Packing,
    /// In the order of the names.
    attributes: Vec<(u16, Packing)>,
    /// A bit for each kind of folded text that is a part of an earlier kind's.
    repeats: u8,
    /// A bit for each kind that the other spellings have one of; that of the other spellings alone where it is not known.
    spelled: u8,
}

/// An immutable run of users.
#[derive(Clone, Default, PartialEq)]
pub struct Segment {
    names: Vec<AttributeName>,
    shapes: Vec<Shape>,
    statuses: Vec<UserStatus>,
    /// When the answers arrived that told of the rows from a number on.
    read_at: Vec<(u32, Timestamp)>,
    /// Users that no packing keeps exactly.
    whole: BTreeMap<u32, Arc<User>>,

    /// A column each, with a place for every row.
    shape: Vec<u16>,
    /// Twice the status, and one more where the account is enabled.
    state: Vec<u8>,
    created: Vec<Moment>,
    changed: Vec<Moment>,
    masks: Vec<u64>,
    values: Runs,
    /// The attributes that have but a few values. Only a full segment has such columns.
    coded: Vec<Coded>,
    /// The folded texts by their kinds; see [`super::Folded`].
    folded: [Runs; KINDS],
    /// Which characters the folded texts of each kind hold, all rows together.
    kind_masks: [u64; KINDS],
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Segment({} users)", self.len())
    }
}

/// Some kinds of folded texts of each row.
pub struct KindsOf<'a> {
    rows: &'a [u16],
    /// A bit for each kind.
    shapes: Vec<u8>,
}

impl KindsOf<'_> {
    pub fn get(&self, row: usize) -> u8 {
        let shape = self.rows.get(row).map(|shape| usize::from(*shape));
        let kinds = shape.and_then(|shape| self.shapes.get(shape));
        kinds.copied().unwrap_or_default()
    }

    pub fn has(&self, row: usize, kind: usize) -> bool {
        self.get(row) >> kind & 1 == 1
    }
}

impl Segment {
    pub fn len(&self) -> usize {
        self.shape.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shape.is_empty()
    }

    /// The names of the attributes that its users have.
    pub fn names(&self) -> &[AttributeName] {
        &self.names
    }

    /// Which characters each row's folded texts hold; see [`super::mask`].
    pub fn masks(&self) -> &[u64] {
        &self.masks
    }

    /// The folded texts of all rows by their kinds, see [`super::Folded`], and which characters each kind holds.
    pub fn folded(&self) -> impl Iterator<Item = (&Runs, u64)> {
        self.folded.iter().zip(self.kind_masks)
    }

    /// The texts that are part of an earlier kind's text of the same row: whatever is in them is in that one too.
    pub fn repeats(&self) -> KindsOf<'_> {
        self.kinds(|shape| shape.repeats)
    }

    /// The texts that have another spelling, which lie in the last kind in the order of theirs. The bit of the last kind alone
    /// says that it is not known which texts they are of.
    pub fn spelled(&self) -> KindsOf<'_> {
        self.kinds(|shape| shape.spelled)
    }

    fn kinds(&self, of: impl Fn(&Shape) -> u8) -> KindsOf<'_> {
        KindsOf {
            rows: &self.shape,
            shapes: self.shapes.iter().map(of).collect(),
        }
    }

    pub(super) fn packed(&self, at: usize) -> Option<Packed<'_>> {
        (at < self.len()).then_some(Packed { segment: self, at })
    }

    pub(super) fn whole(&self, at: usize) -> Option<&Arc<User>> {
        if self.whole.is_empty() {
            return None;
        }
        self.whole.get(&u32::try_from(at).ok()?)
    }

    fn shape_of(&self, at: usize) -> Option<&Shape> {
        self.shapes.get(usize::from(*self.shape.get(at)?))
    }

    /// Bytes of the columns and texts.
    pub fn heap_bytes(&self) -> usize {
        let row = size_of::<u16>() + size_of::<u8>() + 2 * size_of::<Moment>() + size_of::<u64>();
        let folded: usize = self.folded.iter().map(Runs::heap_bytes).sum();
        let coded: usize = self.coded.iter().map(Coded::heap_bytes).sum();
        self.len() * row + self.values.heap_bytes() + coded + folded
    }
}
