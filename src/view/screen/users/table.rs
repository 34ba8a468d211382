//! The rows of the list: which columns there is room for, and what stands in each.

use std::ops::Range;

use crate::app::App;
use crate::app::screen::users::Users;
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::query::{Matched, marks};
use crate::domain::roster::Row as UserRow;
use crate::domain::{AttributeName, Contact, Raw, RowId, UserStatus, Username};
use crate::job::search::Order;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::columns::{self, share_among};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// Marks in front: the cursor, a mark or a draft, and a space.
pub const INDENT: usize = 3;
/// `yes` or `NO `
const VERIFIED: usize = 3;
/// How many of the loaded users are looked at for the width of a column: always the same, so that nothing moves while
/// the list is scrolled.
const SAMPLE: u32 = 100;

/// The columns there is room for.
pub struct Table<'a> {
    cells: Vec<Cell<'a>>,
    /// Columns that were chosen and have no room here.
    left_out: usize,
}

struct Cell<'a> {
    column: &'a Column,
    /// The contact whose flag stands behind it.
    flag: Option<Contact>,
    width: usize,
}

impl<'a> Table<'a> {
    pub fn new(app: &'a App, session: &'a Session, width: usize) -> Self {
        let chosen = session.users.shown_columns(&app.core.settings);
        let is_chosen = |contact: Contact| chosen.contains(&Column::Attribute(contact.attribute()));
        let mut cells = Vec::new();
        let mut wishes = Vec::new();
        let mut left_out = 0;
        let mut used = INDENT;
        for column in chosen {
            let flag = contact_of(column);
            // A flag belongs to its contact, and stands beside it.
            if flag_of(column).is_some_and(is_chosen) {
                continue;
            }
            let wish = widths(session, column);
            let beside = if flag.is_some() { VERIFIED + 1 } else { 0 } + usize::from(!cells.is_empty());
            if used + beside + wish.least > width {
                left_out += 1;
                continue;
            }
            used += beside + wish.least;
            wishes.push((beside, wish));
            cells.push(Cell { column, flag, width: 0 });
        }
        let beside: usize = wishes.iter().map(|(beside, _)| beside).sum();
        let wishes: Vec<columns::Column> = wishes.into_iter().map(|(_, wish)| wish).collect();
        let widths = share_among(width.saturating_sub(INDENT + beside), &wishes);
        for (cell, width) in cells.iter_mut().zip(widths) {
            cell.width = width;
        }
        Self { cells, left_out }
    }

    /// Whether there is a column of it.
    pub fn has(&self, column: &Column) -> bool {
        self.cells.iter().any(|cell| cell.column == column)
    }

    /// How many columns of the row an attribute has, or its flag beside it; `None`: it is not in the row.
    pub fn room_for(&self, name: &AttributeName) -> Option<usize> {
        self.cells.iter().find_map(|cell| match cell.column {
            Column::Attribute(shown) if shown == name => Some(cell.width),
            _ => cell.flag.filter(|contact| contact.flag() == *name).map(|_| VERIFIED),
        })
    }

    pub fn head(&self, pen: &Pen<'_>, session: &Session, width: usize) -> Row {
        let mut row = Row::new().gap(INDENT);
        for (at, cell) in self.cells.iter().enumerate() {
            if at > 0 {
                row = row.gap(1);
            }
            let mut name = heading(pen, cell.column);
            if let Order::By { column, descending } = &session.users.order
                && column == cell.column
            {
                name = name.join(if *descending { " v" } else { " ^" }.into());
            }
            row = row.cell(Role::Columns, name, cell.width);
            if cell.flag.is_some() {
                row = row.gap(1).put(Role::Columns, Shown::fixed("VER").pad(VERIFIED));
            }
        }
        match self.left_out {
            0 => row,
            more => {
                let more = Shown::fixed("+").join(Shown::count(more));
                row.right(width, Row::words(Role::Columns, more))
            }
        }
    }

    /// Whether a part of a value that matched is to be seen in the row.
    pub fn shows(&self, pen: &Pen<'_>, users: &Users, id: RowId, matched: &Matched) -> bool {
        let flagged = flag_of(&matched.column).map(|contact| Column::Attribute(contact.attribute()));
        let cell = self.cells.iter().find(|cell| *cell.column == matched.column);
        match (cell, &matched.column) {
            (None, _) => flagged.is_some_and(|contact| self.cells.iter().any(|cell| *cell.column == contact)),
            // Masked, a value has no parts.
            (Some(_), _) if pen.masked => true,
            (Some(cell), Column::Username | Column::Attribute(_)) if flagged.is_none() => {
                let drawn = pen.scrolled_lit(&matched.value, users.scrolled, cell.width, &matched.parts);
                drawn.pieces().iter().any(|piece| piece.lit)
            }
            (Some(cell), Column::Groups) => {
                let parts = |name: &Raw| match *name == matched.value {
                    true => matched.parts.clone(),
                    false => Vec::new(),
                };
                let (names, parts) = beside_each_other(users, id, parts);
                let drawn = pen.scrolled_lit(&names, users.scrolled, cell.width, &parts);
                drawn.pieces().iter().any(|piece| piece.lit)
            }
            // Written in other words.
            (Some(_), _) => true,
        }
    }

    pub fn row(&self, pen: &Pen<'_>, app: &App, session: &Session, id: RowId, selected: bool) -> Row {
        let users = &session.users;
        let Some(user) = users.roster.rows().get(id) else {
            return Row::new();
        };
        let username = Username::new(user.username());
        let left = app.drafts.of(&session.place, &username).next().is_some();
        let drafted = left || session.draft(&username).is_some();
        let marked = users.marks.holds(id);
        let row = Row::new().put(Role::Text, if selected { ">" } else { " " });
        let mut row = match (marked, drafted) {
            (false, false) => row.gap(2),
            (false, true) => row.put(Role::Drafted, "d").gap(1),
            (true, false) => row.put(Role::Text, "* "),
            (true, true) => row.put(Role::Text, "*").put(Role::Drafted, "d"),
        };
        for (at, cell) in self.cells.iter().enumerate() {
            if at > 0 {
                row = row.gap(1);
            }
            let value = value(pen, session, cell, id, user).fit(cell.width);
            let missing = cell.width.saturating_sub(value.width());
            row = row.put(Role::Text, value);
            // Under the name alone, however wide its column is: what is drawn another way is written again.
            if at == 0 && selected {
                row = row.ground_here(Role::Selected);
            }
            row = row.gap(missing);
            if let Some(contact) = cell.flag {
                let (flag, role) = flag(&session.users, user, contact);
                row = row.gap(1).cell(role, flag, VERIFIED);
            }
        }
        row
    }
}

fn contact_of(column: &Column) -> Option<Contact> {
    match column {
        Column::Attribute(name) => name.contact(),
        _ => None,
    }
}

fn flag_of(column: &Column) -> Option<Contact> {
    match column {
        Column::Attribute(name) => name.verifies(),
        _ => None,
    }
}

/// What a column asks for. Of an attribute that no two pools fill alike it is what the first users have.
fn widths(session: &Session, column: &Column) -> columns::Column {
    let wish = |least, usual, most| columns::Column { least, usual, most };
    match column {
        Column::Username => wish(10, 13, 36),
        Column::Status => wish(9, 16, 25),
        Column::Enabled => wish(3, 7, 7),
        Column::Created | Column::Changed => wish(10, 16, 16),
        Column::Groups => wish(6, 12, 30),
        Column::Attribute(name) => match name.contact() {
            Some(Contact::Email) => wish(15, 23, 40),
            Some(Contact::PhoneNumber) => wish(12, 14, 16),
            None => {
                let rows = session.users.roster.rows();
                let seen = (0..SAMPLE).map_while(|row| rows.get(RowId(row)));
                let longest = seen.map(|row| row.get(name.as_str()).map_or(0, |value| value.chars().count()));
                let most = longest
                    .max()
                    .unwrap_or(0)
                    .max(name.short().chars().count())
                    .clamp(3, 40);
                wish(most.min(5), most.min(14), most)
            }
        },
    }
}

/// The name of a column above its values.
pub fn heading(pen: &Pen<'_>, column: &Column) -> Shown {
    match column {
        Column::Attribute(name) if name.contact() == Some(Contact::PhoneNumber) => Shown::fixed("PHONE"),
        Column::Attribute(name) => match name.verifies() {
            Some(Contact::Email) => Shown::fixed("EMAIL VER"),
            Some(Contact::PhoneNumber) => Shown::fixed("PHONE VER"),
            None => pen.name(&Raw::from(name.short().to_uppercase())),
        },
        fact => Shown::words(fact.name().to_uppercase()),
    }
}

fn value(pen: &Pen<'_>, session: &Session, cell: &Cell<'_>, id: RowId, user: UserRow<'_>) -> Shown {
    let query = session.users.sought();
    let matched = |raw: &Raw| {
        let marks = query.map(|query| marks(raw.as_str(), query, cell.column));
        marks.unwrap_or_default()
    };
    let scrolled = |raw: &Raw| pen.scrolled_lit(raw, session.users.scrolled, cell.width, &matched(raw));
    match cell.column {
        Column::Username => scrolled(&Raw::from(user.username().into_owned())),
        Column::Status => {
            let off = if user.is_enabled() { "" } else { "OFF " };
            Shown::fixed(off).join(short_status(pen, user.status()))
        }
        Column::Enabled => Shown::fixed(if user.is_enabled() { "yes" } else { "OFF" }),
        Column::Created => user.created().map(|at| pen.date(at)).unwrap_or_default(),
        Column::Changed => user.changed().map(|at| pen.date(at)).unwrap_or_default(),
        Column::Groups => {
            let (names, matched) = beside_each_other(&session.users, id, matched);
            pen.scrolled_lit(&names, session.users.scrolled, cell.width, &matched)
        }
        Column::Attribute(name) => match name.verifies() {
            Some(contact) => flag(&session.users, user, contact).0,
            None => match user.get(name.as_str()) {
                Some(value) => scrolled(&Raw::from(value.into_owned())),
                None => Shown::default(),
            },
        },
    }
}

/// The groups of a user as the list has them, one beside the other, and the parts of each that matched.
fn beside_each_other(
    users: &Users,
    id: RowId,
    matched: impl Fn(&Raw) -> Vec<Range<usize>>,
) -> (Raw, Vec<Range<usize>>) {
    let (mut names, mut parts) = (String::new(), Vec::new());
    for name in users.groups.ready().iter().flat_map(|groups| groups.of(id)) {
        if !names.is_empty() {
            names.push(' ');
        }
        let from = names.len();
        parts.extend(matched(name).into_iter().map(|part| from + part.start..from + part.end));
        names.push_str(name.as_str());
    }
    (Raw::from(names), parts)
}

/// `yes`, `NO`, nothing where there is nothing to verify, or `?` where an export was made without it.
fn flag(users: &Users, user: UserRow<'_>, contact: Contact) -> (Shown, Role) {
    let flag = user.get(contact.flag_name());
    let is_told = flag.is_some() || users.tells(&Column::Attribute(contact.flag()));
    let verified = is_told.then(|| flag.is_some_and(|flag| flag.eq_ignore_ascii_case("true")));
    // What is verified is there: it need not be read for that.
    let is_set = verified == Some(true) || user.get(contact.name()).is_some();
    super::yes_or_no(is_set, verified)
}

/// The service's word without what says nothing in a list.
fn short_status(pen: &Pen<'_>, status: &UserStatus) -> Shown {
    match status {
        UserStatus::ForceChangePassword => Shown::fixed("FORCE_CHANGE"),
        UserStatus::ExternalProvider => Shown::fixed("EXTERNAL"),
        other => pen.name(&other.raw()),
    }
}
