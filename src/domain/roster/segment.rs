//! A few thousand users in columns. Whatever a column cannot hold exactly keeps the whole user beside the columns, so that
//! what comes out is always what went in.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::pack::Packing;
use super::runs::Runs;
use super::text::{BETWEEN, Folded, KINDS, USERNAME, kind, mask};
use crate::domain::attribute::AttributeName;
use crate::domain::user::{Source, User, UserStatus};

/// Which attributes a row has and how each is packed. Many users share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shape {
    username: Packing,
    /// In the order of the names.
    attributes: Vec<(u16, Packing)>,
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
    /// The folded texts by their kinds; see [`Folded`].
    folded: [Runs; KINDS],
    /// Which characters the folded texts of each kind hold, all rows together.
    kind_masks: [u64; KINDS],
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

/// How users lie that are kept whole: nothing of theirs is in the columns but the folded texts.
const WHOLE: Shape = Shape {
    username: Packing::True,
    attributes: Vec::new(),
};

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

    /// The names of the attributes that its users have.
    pub fn names(&self) -> &[AttributeName] {
        &self.names
    }

    /// Which characters each row's folded texts hold; see [`super::text::mask`].
    pub fn masks(&self) -> &[u64] {
        &self.masks
    }

    /// The folded texts of all rows by their kinds, see [`Folded`], and which characters each kind holds.
    pub fn folded(&self) -> impl Iterator<Item = (&Runs, u64)> {
        self.folded.iter().zip(self.kind_masks)
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

    /// The same users in one segment. It copies columns, and looks at single rows only where one segment cannot hold what
    /// the parts hold together.
    pub fn join(parts: &[Arc<Self>]) -> Self {
        let mut joined = Self::default();
        joined.reserve(parts);
        let mut interned = Interned::default();
        for part in parts {
            joined.append(part, &mut interned);
        }
        joined
    }

    /// Some rows of another segment.
    pub(super) fn only(part: &Self, rows: &[usize]) -> Self {
        let users: Vec<Arc<User>> = rows
            .iter()
            .filter_map(|at| part.row(*at))
            .map(super::Row::to_user)
            .collect();
        Self::pack(users.iter().map(Arc::as_ref))
    }

    fn push(&mut self, user: &User, interned: &mut Interned) {
        let row = self.len();
        let folded = Folded::of(user);
        let username = Packing::of(user.username.as_str(), [(USERNAME, folded.get(USERNAME))]);
        let attributes = user.attributes.iter().map(|(name, value)| {
            let texts = kind(name.as_str()).into_iter().chain([USERNAME]);
            let packing = Packing::of(value.as_str(), texts.map(|kind| (kind, folded.get(kind))));
            Some((interned.name(&mut self.names, name)?, packing))
        });
        let shape = attributes
            .collect::<Option<Vec<_>>>()
            .and_then(|attributes| interned.shape(&mut self.shapes, Shape { username, attributes }));
        let moments = Moment::of(user.created).zip(Moment::of(user.changed));
        let status = status(&mut self.statuses, &user.status);
        let mut bytes = Vec::new();
        if let Some(shape) = shape.and_then(|shape| self.shapes.get(usize::from(shape))) {
            shape.username.write(user.username.as_str(), &mut bytes);
            for ((_, packing), value) in shape.attributes.iter().zip(user.attributes.values()) {
                packing.write(value.as_str(), &mut bytes);
            }
        }
        let fits = (0..).zip(&mut self.folded).fold(true, |fits, (kind, runs)| {
            runs.put(row, folded.get(kind).as_bytes()) && fits
        });
        let packed = match (shape, moments, status, &user.source) {
            (Some(shape), Some((created, changed)), Some(status), Source::List) if fits => self
                .values
                .put(row, &bytes)
                .then_some((shape, created, changed, status)),
            _ => None,
        };
        let (shape, created, changed, status) = packed.unwrap_or_else(|| {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            self.whole.insert(row, Arc::new(user.clone()));
            let shape = interned.shape(&mut self.shapes, WHOLE).unwrap_or_default();
            (shape, Moment::NONE, Moment::NONE, 0)
        });
        self.shape.push(shape);
        self.state.push(status << 1 | u8::from(user.enabled));
        self.created.push(created);
        self.changed.push(changed);
        let mut all = 0;
        for ((_, text), kind) in folded.iter().zip(&mut self.kind_masks) {
            let mask = mask(text);
            *kind |= mask;
            all |= mask;
        }
        self.masks.push(all);
        self.read(row, user.read_at);
    }

    /// When a row was read, which is behind all others.
    fn read(&mut self, row: usize, at: Timestamp) {
        if self.read_at.last().is_none_or(|(_, last)| *last != at) {
            self.read_at.push((u32::try_from(row).unwrap_or(u32::MAX), at));
        }
    }

    fn append(&mut self, part: &Self, interned: &mut Interned) {
        let first = self.len();
        let names: Vec<Option<u16>> = part
            .names
            .iter()
            .map(|name| interned.name(&mut self.names, name))
            .collect();
        let shapes: Vec<Option<u16>> = part
            .shapes
            .iter()
            .map(|shape| {
                let attributes = shape
                    .attributes
                    .iter()
                    .map(|(name, packing)| Some((names.get(usize::from(*name)).copied().flatten()?, *packing)))
                    .collect::<Option<Vec<_>>>()?;
                let shape = Shape {
                    username: shape.username,
                    attributes,
                };
                interned.shape(&mut self.shapes, shape)
            })
            .collect();
        let statuses: Vec<Option<u8>> = part
            .statuses
            .iter()
            .map(|known| status(&mut self.statuses, known))
            .collect();
        let mut fits = self.values.append(first, &part.values);
        for (runs, more) in self.folded.iter_mut().zip(&part.folded) {
            fits &= runs.append(first, more);
        }
        for (mask, more) in self.kind_masks.iter_mut().zip(part.kind_masks) {
            *mask |= more;
        }
        let columns = part.shape.iter().zip(&part.state).enumerate();
        for (at, (shape, state)) in columns {
            let shape = shapes.get(usize::from(*shape)).copied().flatten();
            let status = statuses.get(usize::from(*state >> 1)).copied().flatten();
            let row = u32::try_from(first + at).unwrap_or(u32::MAX);
            let (shape, status) = match (shape, status, part.whole(at)) {
                (Some(shape), Some(status), None) if fits => (shape, status),
                (_, _, whole) => {
                    let user = whole.cloned().or_else(|| part.row(at).map(super::Row::to_user));
                    self.whole.extend(user.map(|user| (row, user)));
                    (interned.shape(&mut self.shapes, WHOLE).unwrap_or_default(), 0)
                }
            };
            self.shape.push(shape);
            self.state.push(status << 1 | state & 1);
        }
        self.created.extend(&part.created);
        self.changed.extend(&part.changed);
        self.masks.extend(&part.masks);
        for (row, at) in &part.read_at {
            self.read(first + *row as usize, *at);
        }
    }

    /// Room for all rows of the parts, so that nothing is allocated twice.
    fn reserve(&mut self, parts: &[Arc<Self>]) {
        let rows = parts.iter().map(|part| part.len()).sum();
        self.shape.reserve_exact(rows);
        self.state.reserve_exact(rows);
        self.created.reserve_exact(rows);
        self.changed.reserve_exact(rows);
        self.masks.reserve_exact(rows);
        let bytes = parts.iter().map(|part| part.values.bytes().len()).sum();
        self.values.reserve(rows, bytes);
        for (kind, runs) in self.folded.iter_mut().enumerate() {
            let of_kind = |part: &Arc<Self>| part.folded.get(kind).map_or(0, |runs| runs.bytes().len());
            match parts.iter().map(of_kind).sum() {
                0 => {}
                bytes => runs.reserve(rows, bytes),
            }
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
        self.values.shrink();
        for runs in &mut self.folded {
            runs.shrink();
        }
    }

    /// Bytes of the columns and texts.
    pub fn heap_bytes(&self) -> usize {
        let row = size_of::<u16>() + size_of::<u8>() + 2 * size_of::<Moment>() + size_of::<u64>();
        let folded: usize = self.folded.iter().map(Runs::heap_bytes).sum();
        self.len() * row + self.values.heap_bytes() + folded
    }
}

/// One attribute of many rows: what finds it in a row is worked out once.
pub struct Reading<'a> {
    segment: &'a Segment,
    /// Where the attribute is in each shape.
    places: Vec<Option<usize>>,
}

/// A value as it lies in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lying<'a> {
    /// The row has no such value.
    Nowhere,
    /// Its own bytes.
    Text(&'a [u8]),
    /// In the folded text of this kind, exactly or but for capitals.
    Folded(u8),
    /// A UUID's sixteen bytes.
    Uuid(&'a [u8]),
    /// It has to be unpacked with [`Segment::row`].
    Packed,
}

impl Segment {
    /// `None`: no packed row has the attribute.
    pub fn reading(&self, name: &str) -> Option<Reading<'_>> {
        let wanted = self.names.iter().position(|known| known.as_str() == name);
        if wanted.is_none() && self.whole.is_empty() {
            return None;
        }
        let is_it = |(number, _): &(u16, Packing)| Some(usize::from(*number)) == wanted;
        let places = self.shapes.iter().map(|shape| shape.attributes.iter().position(is_it));
        Some(Reading {
            segment: self,
            places: places.collect(),
        })
    }
}

impl<'a> Reading<'a> {
    pub fn at(&self, row: usize) -> Lying<'a> {
        if self.segment.whole(row).is_some() {
            return Lying::Packed;
        }
        let shape = self.segment.shape.get(row).map(|shape| usize::from(*shape));
        let place = shape.and_then(|shape| self.places.get(shape).copied().flatten());
        let (Some(place), Some(shape)) = (place, self.segment.shape_of(row)) else {
            return Lying::Nowhere;
        };
        let mut rest = self.segment.values.get(row);
        let before = shape.attributes.iter().take(place).map(|(_, packing)| *packing);
        for packing in std::iter::once(shape.username).chain(before) {
            let Some(behind) = packing.skip(rest) else {
                return Lying::Nowhere;
            };
            rest = behind;
        }
        match shape.attributes.get(place).map(|(_, packing)| *packing) {
            Some(Packing::Text) => Packing::text(rest).map_or(Lying::Nowhere, |(text, _)| Lying::Text(text)),
            Some(Packing::Folded(kind) | Packing::Capitals(kind)) => Lying::Folded(kind),
            Some(Packing::Uuid) => Lying::Uuid(rest.get(..16).unwrap_or_default()),
            Some(_) => Lying::Packed,
            None => Lying::Nowhere,
        }
    }
}

impl<'a> Packed<'a> {
    fn values(self) -> &'a [u8] {
        self.segment.values.get(self.at)
    }

    /// The folded text of a kind.
    pub fn folded(self, kind: u8) -> &'a str {
        let runs = self.segment.folded.get(usize::from(kind));
        runs.and_then(|runs| str::from_utf8(runs.get(self.at)).ok())
            .unwrap_or_default()
    }

    pub fn search_text(self) -> String {
        let mut text = String::new();
        for kind in (0..).take(KINDS) {
            let folded = self.folded(kind);
            if !text.is_empty() && !folded.is_empty() {
                text.push(BETWEEN);
            }
            text.push_str(folded);
        }
        text
    }

    pub fn username(self) -> Cow<'a, str> {
        self.segment
            .shape_of(self.at)
            .and_then(|shape| shape.username.read(self.values(), |kind| self.folded(kind)))
            .map_or(Cow::Borrowed(""), |(username, _)| username)
    }

    pub fn get(self, name: &str) -> Option<Cow<'a, str>> {
        let shape = self.segment.shape_of(self.at)?;
        let wanted = self.segment.names.iter().position(|known| known.as_str() == name)?;
        let mut rest = shape.username.skip(self.values())?;
        for (number, packing) in &shape.attributes {
            if usize::from(*number) == wanted {
                return packing.read(rest, |kind| self.folded(kind)).map(|(value, _)| value);
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
                let (value, behind) = packing.read(rest, |kind| self.folded(kind))?;
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

/// What is known of a segment while it is made, by value.
#[derive(Default)]
struct Interned {
    names: HashMap<AttributeName, u16>,
    shapes: HashMap<Shape, u16>,
}

impl Interned {
    /// `None`: there is no number left.
    fn name(&mut self, names: &mut Vec<AttributeName>, name: &AttributeName) -> Option<u16> {
        if let Some(known) = self.names.get(name) {
            return Some(*known);
        }
        let number = u16::try_from(names.len()).ok()?;
        names.push(name.clone());
        self.names.insert(name.clone(), number);
        Some(number)
    }

    /// `None`: there is no number left. The last one is that of [`WHOLE`].
    fn shape(&mut self, shapes: &mut Vec<Shape>, shape: Shape) -> Option<u16> {
        if let Some(known) = self.shapes.get(&shape) {
            return Some(*known);
        }
        let number = u16::try_from(shapes.len()).ok()?;
        if number == u16::MAX && shape != WHOLE {
            return None;
        }
        shapes.push(shape.clone());
        self.shapes.insert(shape, number);
        Some(number)
    }
}

/// The number of a status. They are a handful; a user with one too many is kept whole.
fn status(statuses: &mut Vec<UserStatus>, status: &UserStatus) -> Option<u8> {
    let at = match statuses.iter().position(|known| known == status) {
        Some(at) => at,
        None if statuses.len() < 0x80 => {
            statuses.push(status.clone());
            statuses.len() - 1
        }
        None => return None,
    };
    u8::try_from(at).ok()
}
