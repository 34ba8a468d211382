//! All there is to say of the selected user, where the screen has room for it: beside the list, or below it where there are
//! rows enough for both. Below it is out of the way of rows that move: the terminal can move them alone.

use std::iter;

use ratatui::layout::{Rect, Size};

use super::matched;
use super::table::{INDENT, Table};
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::rows::{Rows, Unset};
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::{AttributeName, Route, User};
use crate::view::screen::{TWO_PANES, split, unpicked, user};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};

/// From so many rows of the screen on there is one pane below the other. It does not hang on what else is on the screen
/// just now, so that nothing changes sides.
const TALL: u16 = 45;
/// Rows of the pane below the list.
const LEAST: u16 = 9;
const MOST: u16 = 12;
/// Columns of the facts in that pane: the longest, the sub, and room to the next.
const FACTS: usize = 62;
/// Columns of an attribute beside them, with its value.
const ATTRIBUTE: usize = 60;

/// Where the list is, and where the pane of the selected user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panes {
    /// Two lines below the list are all there is room for.
    Alone(Rect),
    Beside {
        list: Rect,
        pane: Rect,
    },
    Below {
        list: Rect,
        pane: Rect,
    },
}

impl Panes {
    /// In an area of a screen.
    pub fn of(area: Rect, screen: Size) -> Self {
        if screen.height < TALL || usize::from(screen.width) < TWO_PANES {
            return match split(area) {
                (list, None) => Self::Alone(list),
                (list, Some(pane)) => Self::Beside { list, pane },
            };
        }
        let height = (area.height / 4).clamp(LEAST, MOST).min(area.height / 2);
        let list = Rect {
            height: area.height.saturating_sub(height),
            ..area
        };
        let pane = Rect {
            y: list.bottom(),
            height,
            ..area
        };
        Self::Below { list, pane }
    }

    pub fn list(self) -> Rect {
        match self {
            Self::Alone(list) | Self::Beside { list, .. } | Self::Below { list, .. } => list,
        }
    }
}

/// The pane beside the list.
pub fn beside(pen: &Pen<'_>, session: &Session, matched: &matched::Sight, width: usize) -> Vec<Row> {
    let Some(selected) = session.users.selected() else {
        return Vec::new();
    };
    let selected = &*selected;
    let mut drawn = vec![rule(pen, session, selected, width)];
    drawn.extend(user::facts(pen, session, selected, width));
    drawn.extend(where_matched(pen, matched, width));
    drawn.push(user::head());
    drawn.extend(
        attributes(session, selected)
            .iter()
            .map(|name| user::attribute_row(pen, unpicked(), (&session.users, selected), name, 0, width)),
    );
    drawn
}

/// The pane below the list: facts in a column of their own and attributes beside it, each in the same place from user to
/// user. What the row shows is not said again; what it had to cut comes last.
pub fn below(
    pen: &Pen<'_>,
    app: &App,
    session: &Session,
    table: &Table<'_>,
    matched: &matched::Sight,
    size: Size,
) -> Vec<Row> {
    let (width, height) = (usize::from(size.width), usize::from(size.height));
    let Some(selected) = session.users.selected() else {
        return Vec::new();
    };
    let selected = &*selected;
    // Between the rule and the line for what matched.
    let room = height.saturating_sub(2);
    let facts = facts(pen, session, table, selected);
    let columns = (width.saturating_sub(FACTS) / ATTRIBUTE).max(1);
    let each = width.saturating_sub(FACTS) / columns;
    let attributes = not_in_row(pen, session, table, selected, each);
    let attributes = folded(pen, app, attributes, room * columns);
    let mut rows = vec![rule(pen, session, selected, width)];
    rows.extend((0..room).map(|line| {
        let fact = facts.get(line).cloned().unwrap_or_default();
        (0..columns).fold(fact.cut(FACTS - 1), |row, column| {
            match attributes.get(column * room + line) {
                Some(attribute) => row.to(FACTS + column * each).join(attribute.clone()),
                None => row,
            }
        })
    }));
    rows.extend(where_matched(pen, matched, width));
    rows
}

/// `-- jane.doe ------------- 3/8 --`
fn rule(pen: &Pen<'_>, session: &Session, selected: &User, width: usize) -> Row {
    // What changes from user to user is plain: a look of its own would be as many bytes as the change.
    let label = Row::words(Role::Text, pen.raw(selected.username.raw()).fit(width / 2));
    let place = Row::words(Role::Text, super::place(&session.users));
    row::rule(Role::Title, width, &label, &place)
}

/// What is known of a user besides its attributes, a line each.
fn facts(pen: &Pen<'_>, session: &Session, table: &Table<'_>, user: &User) -> Vec<Row> {
    let fact = |label: &'static str, words: Shown| user::label(label).put(Role::Text, words);
    let mut facts = vec![fact("sub", user::sub(pen, user))];
    if !table.has(&Column::Status) {
        facts.push(fact("status", pen.name(&user.status.raw())));
        if !table.has(&Column::Enabled) {
            facts.push(fact("enabled", user::enabled(user)));
        }
    }
    for (label, column, at) in [
        ("created", Column::Created, user.created),
        ("changed", Column::Changed, user.changed),
    ] {
        if !table.has(&column) {
            facts.push(fact(label, user::date(pen, at)));
        }
    }
    let factors = user.mfa().map(|mfa| user::factors(pen, mfa));
    facts.push(fact("MFA", factors.unwrap_or_else(|| Shown::fixed("not known"))));
    if user.has_provider() {
        facts.push(fact("rewritten", user::rewritten(pen, session, user)));
    }
    facts
}

/// Where the line matched the user, if one is in force.
fn where_matched(pen: &Pen<'_>, matched: &matched::Sight, width: usize) -> Option<Row> {
    let label = user::label("matched");
    let said = match (matched.is_any(), matched.is_seen()) {
        (false, _) => return None,
        (true, true) if pen.masked => Shown::fixed("in a column of the list"),
        (true, true) => Shown::fixed("where the row is marked"),
        (true, false) => matched.words(pen, width.saturating_sub(label.width() + 1)),
    };
    Some(label.put(Role::Text, said))
}

/// What is set, but the sub, which stands among the facts.
fn attributes(session: &Session, selected: &User) -> Vec<AttributeName> {
    let rules = session.rules(Route::Admin);
    let mut names = Rows::new(rules, selected, None, Unset::Folded, None, |_| true).names;
    names.retain(|name| name.as_str() != "sub");
    names
}

/// A line for each attribute that the row does not show, and then for what it cut.
fn not_in_row(pen: &Pen<'_>, session: &Session, table: &Table<'_>, user: &User, width: usize) -> Vec<Row> {
    let line = |name: &AttributeName| user::attribute_row(pen, unpicked(), (&session.users, user), name, 0, width);
    let mut lines = Vec::new();
    let mut cut = Vec::new();
    for name in attributes(session, user) {
        match table.room_for(&name) {
            None => lines.push(line(&name)),
            Some(room) if name.verifies().is_none() => {
                let value = pen.value(user.get(&name));
                if value.width() > room {
                    cut.extend(in_full(pen.name(name.raw()), value, width));
                }
            }
            Some(_) => {}
        }
    }
    lines.append(&mut cut);
    lines
}

/// An attribute in as many lines as its value takes, about three of them.
fn in_full(name: Shown, value: Shown, width: usize) -> Vec<Row> {
    let room = width.saturating_sub(user::VALUE + 1);
    let lines = value.fit(3 * room).wrap(room).into_iter();
    let names = iter::once(name).chain(iter::repeat_with(Shown::default));
    let start = |name| unpicked().cell(Role::Text, name, user::VALUE - INDENT - 1).gap(1);
    names
        .zip(lines)
        .map(|(name, part)| start(name).put(Role::Text, part))
        .collect()
}

/// As many lines as there is room for; the last one says how many are left.
fn folded(pen: &Pen<'_>, app: &App, mut lines: Vec<Row>, room: usize) -> Vec<Row> {
    if lines.len() <= room {
        return lines;
    }
    let left = lines.len().saturating_sub(room).saturating_add(1);
    lines.truncate(lines.len().saturating_sub(left));
    let more = counted(left, "more line");
    let more = match pen.key(app, &[Scope::Users], Action::Open) {
        Some(key) => more.join(": ".into()).join(key).join(" shows all".into()),
        None => more,
    };
    lines.push(unpicked().put(Role::Muted, more));
    lines
}
