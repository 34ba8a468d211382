//! A few thousand users in columns. Whatever a column cannot hold exactly keeps the whole user beside the columns, so that
//! what comes out is always what went in.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::pack::Packing;
use super::text::{mask, search_text};
use crate::domain::attribute::AttributeName;
use crate::domain::user::{Source, User, UserStatus};

/// Which attributes a row has and how each is packed. Many users share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shape {
    username: Packing,
    /// In the order of the names.
    attributes: Box<[(u16, Packing)]>,
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
    /// Where the values of a row end in `values`, and its search text in `text`.
    values_end: Vec<u32>,
    text_end: Vec<u32>,

    values: Vec<u8>,
    text: String,
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Segment({} users)", self.len())
    }
}

/// A point in time to the millisecond, from 1970 on: what the service tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    seconds: [u8; 4],
    millis: [u8; 2],
}

impl Moment {
    const NONE: Self = Self {
        seconds: [0xff; 4],
        millis: [0xff; 2],
    };

    /// `None` where it cannot be kept exactly.
    fn of(at: Option<Timestamp>) -> Option<Self> {
        let Some(at) = at else {
            return Some(Self::NONE);
        };
        let millis = at.as_millisecond();
        if Timestamp::from_millisecond(millis).ok()? != at {
            return None;
        }
        let seconds = u32::try_from(millis.div_euclid(1_000)).ok()?;
        let millis = u16::try_from(millis.rem_euclid(1_000)).ok()?;
        (seconds != u32::MAX).then_some(Self {
            seconds: seconds.to_le_bytes(),
            millis: millis.to_le_bytes(),
        })
    }

    fn at(self) -> Option<Timestamp> {
        if self == Self::NONE {
            return None;
        }
        let seconds = i64::from(u32::from_le_bytes(self.seconds));
        let millis = i64::from(u16::from_le_bytes(self.millis));
        Timestamp::from_millisecond(seconds * 1_000 + millis).ok()
    }
}

/// One packed row.
#[derive(Clone, Copy)]
pub struct Packed<'a> {
    segment: &'a Segment,
    at: usize,
}

impl fmt::Debug for Packed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packed(row {})", self.at)
    }
}

impl Segment {
    pub fn pack<'a>(users: impl IntoIterator<Item = &'a User>) -> Self {
        let mut segment = Self::default();
        let mut interned = Interned::default();
        for user in users {
            segment.push(user, &mut interned);
        }
        segment.shrink();
        segment
    }

    pub fn len(&self) -> usize {
        self.shape.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shape.is_empty()
    }

    /// Which characters each row's search text holds; see [`mask`].
    pub fn masks(&self) -> &[u64] {
        &self.masks
    }

    /// The search text of a row; see [`search_text`].
    pub fn text(&self, at: usize) -> &str {
        self.text.get(span(&self.text_end, at)).unwrap_or_default()
    }

    /// The search texts of all rows, one behind the other, and where each ends.
    pub fn texts(&self) -> (&str, &[u32]) {
        (&self.text, &self.text_end)
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

    /// The same users in one segment.
    pub fn join(parts: &[Arc<Self>]) -> Self {
        let mut joined = Self::default();
        let mut interned = Interned::default();
        for part in parts {
            for at in 0..part.len() {
                joined.copy(part, at, &mut interned);
            }
        }
        joined.shrink();
        joined
    }

    /// Some rows of another segment.
    pub(super) fn only(part: &Self, rows: &[usize]) -> Self {
        let mut some = Self::default();
        let mut interned = Interned::default();
        for at in rows {
            some.copy(part, *at, &mut interned);
        }
        some.shrink();
        some
    }

    fn push(&mut self, user: &User, interned: &mut Interned) {
        let shape = Shape {
            username: Packing::of(user.username.as_str()),
            attributes: user
                .attributes
                .iter()
                .map(|(name, value)| (interned.name(&mut self.names, name), Packing::of(value.as_str())))
                .collect(),
        };
        let moments = Moment::of(user.created).zip(Moment::of(user.changed));
        let status = interned.status(&mut self.statuses, &user.status);
        let (Some((created, changed)), Some(status), Source::List) = (moments, status, &user.source) else {
            let row = u32::try_from(self.len()).unwrap_or(u32::MAX);
            self.whole.insert(row, Arc::new(user.clone()));
            let nothing = Shape {
                username: Packing::True,
                attributes: Box::default(),
            };
            self.shape.push(interned.shape(&mut self.shapes, nothing));
            self.state.push(0);
            self.created.push(Moment::NONE);
            self.changed.push(Moment::NONE);
            return self.end_row(user.read_at, &search_text(user));
        };
        shape.username.write(user.username.as_str(), &mut self.values);
        for ((_, packing), value) in shape.attributes.iter().zip(user.attributes.values()) {
            packing.write(value.as_str(), &mut self.values);
        }
        self.shape.push(interned.shape(&mut self.shapes, shape));
        self.state.push(status << 1 | u8::from(user.enabled));
        self.created.push(created);
        self.changed.push(changed);
        self.end_row(user.read_at, &search_text(user));
    }

    fn copy(&mut self, from: &Self, at: usize, interned: &mut Interned) {
        let (Some(row), Some(shape)) = (from.packed(at), from.shape_of(at)) else {
            return;
        };
        if let Some(user) = from.whole(at) {
            let row = u32::try_from(self.len()).unwrap_or(u32::MAX);
            self.whole.insert(row, Arc::clone(user));
        }
        let attributes = shape
            .attributes
            .iter()
            .filter_map(|(name, packing)| {
                let name = from.names.get(usize::from(*name))?;
                Some((interned.name(&mut self.names, name), *packing))
            })
            .collect();
        let shape = Shape {
            username: shape.username,
            attributes,
        };
        self.shape.push(interned.shape(&mut self.shapes, shape));
        let status = interned.status(&mut self.statuses, row.status()).unwrap_or_default();
        self.state.push(status << 1 | u8::from(row.is_enabled()));
        self.created.push(from.created.get(at).copied().unwrap_or(Moment::NONE));
        self.changed.push(from.changed.get(at).copied().unwrap_or(Moment::NONE));
        self.values.extend(row.values());
        self.end_row(row.read_at(), from.text(at));
    }

    fn end_row(&mut self, read_at: Timestamp, text: &str) {
        self.masks.push(mask(text));
        self.text.push_str(text);
        self.values_end
            .push(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
        self.text_end.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if self.read_at.last().is_none_or(|(_, last)| *last != read_at) {
            let row = u32::try_from(self.len().saturating_sub(1)).unwrap_or(u32::MAX);
            self.read_at.push((row, read_at));
        }
    }

    fn shape_of(&self, at: usize) -> Option<&Shape> {
        self.shapes.get(usize::from(*self.shape.get(at)?))
    }

    fn shrink(&mut self) {
        self.shape.shrink_to_fit();
        self.state.shrink_to_fit();
        self.created.shrink_to_fit();
        self.changed.shrink_to_fit();
        self.masks.shrink_to_fit();
        self.values_end.shrink_to_fit();
        self.text_end.shrink_to_fit();
        self.values.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// Bytes of the columns and texts.
    pub fn heap_bytes(&self) -> usize {
        let row =
            size_of::<u16>() + size_of::<u8>() + 2 * size_of::<Moment>() + size_of::<u64>() + 2 * size_of::<u32>();
        self.len() * row + self.values.capacity() + self.text.capacity()
    }
}

impl<'a> Packed<'a> {
    fn values(self) -> &'a [u8] {
        let span = span(&self.segment.values_end, self.at);
        self.segment.values.get(span).unwrap_or_default()
    }

    pub fn search_text(self) -> &'a str {
        self.segment.text(self.at)
    }

    pub fn username(self) -> Cow<'a, str> {
        self.segment
            .shape_of(self.at)
            .and_then(|shape| shape.username.read(self.values()))
            .map_or(Cow::Borrowed(""), |(username, _)| username)
    }

    pub fn get(self, name: &str) -> Option<Cow<'a, str>> {
        let shape = self.segment.shape_of(self.at)?;
        let wanted = self.segment.names.iter().position(|known| known.as_str() == name)?;
        let mut rest = shape.username.skip(self.values())?;
        for (number, packing) in &shape.attributes {
            if usize::from(*number) == wanted {
                return packing.read(rest).map(|(value, _)| value);
            }
            rest = packing.skip(rest)?;
        }
        None
    }

    pub fn attributes(self) -> impl Iterator<Item = (&'a AttributeName, Cow<'a, str>)> {
        let shape = self.segment.shape_of(self.at);
        let mut rest = shape
            .and_then(|shape| shape.username.skip(self.values()))
            .unwrap_or_default();
        let segment = self.segment;
        shape
            .into_iter()
            .flat_map(|shape| shape.attributes.iter())
            .map_while(move |(number, packing)| {
                let (value, behind) = packing.read(rest)?;
                rest = behind;
                Some((segment.names.get(usize::from(*number))?, value))
            })
    }

    pub fn status(self) -> &'a UserStatus {
        let state = self.segment.state.get(self.at).copied().unwrap_or_default();
        self.segment
            .statuses
            .get(usize::from(state >> 1))
            .unwrap_or(&UserStatus::NotTold)
    }

    pub fn is_enabled(self) -> bool {
        self.segment.state.get(self.at).is_some_and(|state| state & 1 == 1)
    }

    pub fn created(self) -> Option<Timestamp> {
        self.segment.created.get(self.at)?.at()
    }

    pub fn changed(self) -> Option<Timestamp> {
        self.segment.changed.get(self.at)?.at()
    }

    pub fn read_at(self) -> Timestamp {
        let runs = &self.segment.read_at;
        let run = runs.partition_point(|(row, _)| *row as usize <= self.at);
        run.checked_sub(1)
            .and_then(|run| runs.get(run))
            .map_or(Timestamp::UNIX_EPOCH, |(_, at)| *at)
    }
}

/// Where a row's part lies, by where each row's part ends.
fn span(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let end = |at: usize| ends.get(at).map_or(0, |end| *end as usize);
    at.checked_sub(1).map_or(0, end)..end(at)
}

/// What is known of a segment while it is made, by value.
#[derive(Default)]
struct Interned {
    names: HashMap<AttributeName, u16>,
    shapes: HashMap<Shape, u16>,
}

impl Interned {
    fn name(&mut self, names: &mut Vec<AttributeName>, name: &AttributeName) -> u16 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let number = u16::try_from(names.len()).unwrap_or(u16::MAX);
        names.push(name.clone());
        self.names.insert(name.clone(), number);
        number
    }

    fn shape(&mut self, shapes: &mut Vec<Shape>, shape: Shape) -> u16 {
        if let Some(known) = self.shapes.get(&shape) {
            return *known;
        }
        let number = u16::try_from(shapes.len()).unwrap_or(u16::MAX);
        shapes.push(shape.clone());
        self.shapes.insert(shape, number);
        number
    }

    /// Statuses are a handful; one too many is kept with its whole user.
    fn status(&mut self, statuses: &mut Vec<UserStatus>, status: &UserStatus) -> Option<u8> {
        let at = statuses.iter().position(|known| known == status).unwrap_or_else(|| {
            statuses.push(status.clone());
            statuses.len() - 1
        });
        u8::try_from(at).ok().filter(|at| *at < 0x80)
    }
}
