//! Where the line matched the user that the cursor is on, as far as the row does not show it: the match is in a column that is
//! not shown, or in the part of a value that was cut.

use super::table::Table;
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::query::{Matched, matched_in};
use crate::domain::{Raw, RowId};
use crate::view::text::Shown;
use crate::view::widget::pen::Pen;

/// A piece is no shorter than this, however much else is to be said.
const LEAST: usize = 12;

/// What a line matched of one user.
#[derive(Default)]
pub struct Sight {
    /// Of each term that matched a part of some value and shows none in the row: where it did.
    unseen: Vec<Matched>,
    /// Some term shows in the row.
    seen: bool,
}

impl Sight {
    pub fn new(pen: &Pen<'_>, session: &Session, table: &Table<'_>, id: RowId) -> Self {
        let users = &session.users;
        let mut sight = Self::default();
        let Some((query, row)) = users.sought().zip(users.roster.rows().get(id)) else {
            return sight;
        };
        let groups = users.groups.ready().map(AsRef::as_ref);
        for term in &query.terms {
            let found = matched_in(term, id, row, groups);
            if found.iter().any(|matched| table.shows(pen, users, id, matched)) {
                sight.seen = true;
                continue;
            }
            // Where it stands together says more than where its letters are spread.
            let best = found.into_iter().min_by_key(|matched| matched.parts.len());
            sight
                .unseen
                .extend(best.filter(|matched| !sight.unseen.contains(matched)));
        }
        sight
    }

    /// Whether some part of some value matched.
    pub fn is_any(&self) -> bool {
        self.seen || !self.unseen.is_empty()
    }

    pub fn is_seen(&self) -> bool {
        self.unseen.is_empty()
    }

    /// `custom:note: ..paid by gold card`, one after the other in so many columns.
    pub fn words(&self, pen: &Pen<'_>, columns: usize) -> Shown {
        let mut words = Shown::default();
        for (at, matched) in self.unseen.iter().enumerate() {
            let others = self.unseen.len() - at;
            let between = if at > 0 { "   " } else { "" };
            let name = Shown::fixed(between)
                .join(pen.name(&Raw::from(matched.column.name())))
                .join(": ".into());
            let left = columns.saturating_sub(words.width());
            let room = (left / others).saturating_sub(name.width()).max(LEAST);
            words = words.join(name).join(piece(pen, matched, room));
        }
        words.fit(columns)
    }
}

/// The value with what matched of it in sight.
fn piece(pen: &Pen<'_>, matched: &Matched, columns: usize) -> Shown {
    let whole = match matched.column {
        // What the service says of a user is nobody's data.
        Column::Status | Column::Enabled => pen.name(&matched.value),
        _ => pen.raw(&matched.value),
    };
    if pen.masked {
        return whole.fit(columns);
    }
    let whole = whole.lit(&matched.parts);
    // A little behind the first part, so that what stands around it is seen as well; of a part that leaves no room for that as
    // much as there is room for behind its beginning.
    let end = matched.parts.first().map_or(0, |part| {
        let (start, end) = (whole.column_of(part.start), whole.column_of(part.end));
        let last = match end - start + 2 * LEAST <= columns {
            true => end + LEAST,
            // Both ends may be marked as cut with two columns, and a window keeps one for a cursor.
            false => start + columns.saturating_sub(6),
        };
        let behind = matched.value.as_str().get(part.start..).unwrap_or_default();
        let places = behind.char_indices().map(|(at, c)| part.start + at + c.len_utf8());
        places
            .take_while(|at| whole.column_of(*at) <= last)
            .last()
            .unwrap_or(part.start)
    });
    match whole.width() <= columns {
        true => whole,
        false => whole.window(columns, end).0.fit(columns),
    }
}
