//! How a segment comes about: from users, or of smaller ones.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::moment::Moment;
use super::{Segment, Shape};
use crate::domain::attribute::AttributeName;
use crate::domain::roster::Row;
use crate::domain::roster::pack::Packing;
use crate::domain::roster::text::{Folded, KINDS, USERNAME, kind, mask};
use crate::domain::user::{Source, User, UserStatus};

/// How users lie that are kept whole: nothing of theirs is in the columns but the folded texts.
const WHOLE: Shape = Shape {
    username: Packing::True,
    attributes: Vec::new(),
    repeats: 0,
    spelled: 1 << (KINDS - 1),
};

impl Segment {
    pub fn pack<'a>(users: impl IntoIterator<Item = &'a User>) -> Self {
        let mut segment = Self::default();
        let mut interned = Interned::default();
        for user in users {
            segment.push(user, &mut interned);
        }
        segment.encode();
        segment.shrink();
        segment
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
        joined.encode();
        joined
    }

    /// Some rows of another segment.
    pub(in crate::domain::roster) fn only(part: &Self, rows: &[usize]) -> Self {
        let users: Vec<Arc<User>> = rows.iter().filter_map(|at| part.row(*at)).map(Row::to_user).collect();
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
        let shape = attributes.collect::<Option<Vec<_>>>().and_then(|attributes| {
            let shape = Shape {
                username,
                attributes,
                repeats: folded.repeats(),
                spelled: folded.spelled(),
            };
            interned.shape(&mut self.shapes, shape)
        });
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
        if !part.coded.is_empty() {
            return part.rows().for_each(|row| self.push(&row.to_user(), interned));
        }
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
                    repeats: shape.repeats,
                    spelled: shape.spelled,
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
                    let user = whole.cloned().or_else(|| part.row(at).map(Row::to_user));
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
