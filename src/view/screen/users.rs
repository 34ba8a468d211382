//! The users of a pool: a row each, what is being looked for, and the facts of the selected one.

mod line;
mod matched;
mod pane;
mod table;
mod title;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use self::pane::Panes;
use self::table::{INDENT, Table};
pub use self::title::title;
use super::fault;
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::users::{File, Missing, Search, Users};
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::{Contact, Raw, User};
use crate::view::text::{self, Shown};
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

/// Columns for what matched, where there is that much, before the names of a user give way to it.
const PIECE: usize = 36;

pub fn draw(
    pen: &Pen<'_>,
    app: &App,
    session: &Session,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> Option<Position> {
    let panes = Panes::of(area, buffer.area.as_size());
    let list = panes.list();
    let width = usize::from(list.width);
    let table = Table::new(app, session, width);
    let selected = session.users.selection();
    let matched = selected
        .map(|id| matched::Sight::new(pen, session, &table, id))
        .unwrap_or_default();
    // Said once: in the list or in a pane of its own.
    let facts = match panes {
        Panes::Alone(_) => facts(pen, &session.users, &matched, width),
        Panes::Beside { .. } | Panes::Below { .. } => Vec::new(),
    };
    let rows = list_rows(pen, app, session, &table, facts, list.as_size());
    let cursor = row::draw(rows, list, buffer, theme);
    match panes {
        Panes::Alone(_) => {}
        Panes::Beside { list, pane } => {
            super::between(list, pane, buffer, theme);
            let rows = pane::beside(pen, session, &matched, usize::from(pane.width));
            row::draw(rows, pane, buffer, theme);
        }
        Panes::Below { pane, .. } => {
            let rows = pane::below(pen, app, session, &table, &matched, pane.as_size());
            row::draw(rows, pane, buffer, theme);
        }
    }
    cursor.or(Some(list.as_position()))
}

/// The list, with `facts` about the selected user below.
fn list_rows(pen: &Pen<'_>, app: &App, session: &Session, table: &Table<'_>, facts: Vec<Row>, size: Size) -> Vec<Row> {
    let (width, height) = (usize::from(size.width), usize::from(size.height));
    let users = &session.users;
    let listed = users.listed();
    let cursor = users.cursor.min(listed.len().saturating_sub(1));
    let mut rows = line::rows(pen, app, session, width);
    if let Some(fault) = (users.search.as_ref().and_then(Search::fault))
        .or(users.look.fault())
        .or(users.scan.as_ref().and_then(|scan| scan.fault()))
        .or(users.groups.fault())
        .or(users.file.as_ref().and_then(|file| file.reading.fault()))
    {
        rows.extend(fault::rows(pen, app, fault, INDENT, width));
    }
    let most = height.saturating_sub(rows.len()).saturating_sub(KEPT).max(1);
    rows.extend(users.file.iter().flat_map(|file| damage(pen, app, file, (width, most))));
    let mut below = Vec::new();
    if listed.is_empty() {
        match users.page.fault() {
            Some(fault) => {
                rows.push(Row::new());
                rows.extend(fault::rows(pen, app, fault, INDENT, width));
            }
            None => rows.extend(empty(session)),
        }
    } else {
        if let Some(fault) = users.page.fault() {
            below.extend(fault::rows(pen, app, fault, INDENT, width).into_iter().take(3));
        }
        rows.push(table.head(pen, session, width));
        if !facts.is_empty() {
            below.push(Row::new());
            below.extend(facts);
        }
        let room = height.saturating_sub(rows.len()).saturating_sub(below.len()).max(1);
        let first = scroll::first_line(&(cursor..cursor.saturating_add(1)), listed.len(), room);
        let last = first.saturating_add(room).min(listed.len());
        let start = rows.len();
        let shown = (first..last).filter_map(|at| Some((at, listed.get(at)?)));
        rows.extend(shown.map(|(at, id)| {
            let selected = at == cursor;
            let row = table.row(pen, app, session, id, selected);
            // While something is typed the cursor stands in the field.
            if selected && users.find.is_none() {
                row.cursor(0)
            } else {
                row
            }
        }));
        let missing = room.saturating_sub(rows.len().saturating_sub(start));
        rows.extend((0..missing).map(|_| Row::new()));
    }
    rows.extend(below);
    rows
}

/// Lines that are left to the list however much is wrong with an export: its head and a few users.
const KEPT: usize = 4;

/// Lines for all that is wrong with an export. Where they are more, the lines of the file are named in the status pane
/// alone.
const DAMAGE: usize = 3;

/// What is wrong with an export, in no more lines than there is room for.
fn damage(pen: &Pen<'_>, app: &App, file: &File, (width, most): (usize, usize)) -> Vec<Row> {
    let wrapped = |said: Shown| said.wrap(width.saturating_sub(INDENT + 1));
    let Some(whole) = file.damage() else {
        return Vec::new();
    };
    let mut lines = wrapped(pen.say(&whole));
    if lines.len() > DAMAGE.min(most) {
        let key = |scope, action| pen.key(app, &[scope], action);
        let keys = key(Scope::Everywhere, Action::NextPane).zip(key(Scope::Status, Action::EntryInFull));
        let keys = keys.map_or_else(Shown::default, |(pane, full)| {
            Shown::fixed(": ").join(pane).join(", then ".into()).join(full)
        });
        if let Some(short) = file.damage_in_short() {
            let pointer = Shown::fixed("; the status pane names the lines").join(keys.clone());
            lines = wrapped(pen.say(&short).join(pointer));
        }
        if lines.len() > most {
            lines = wrapped(Shown::fixed("DAMAGED, the status pane says how").join(keys));
            lines.truncate(most);
        }
    }
    let row = |line| Row::new().gap(INDENT).put(Role::Problem, line);
    lines.into_iter().map(row).collect()
}

/// Nobody is listed: why.
fn empty(session: &Session) -> Vec<Row> {
    let users = &session.users;
    let reads_file = users.file.as_ref().is_some_and(|file| file.reading.is_loading());
    let said = if reads_file && users.roster.is_empty() {
        "the export is being read"
    } else if reads_file {
        "nobody who was read so far matches"
    } else if users.file.is_some() && users.roster.is_empty() {
        "no users are in this export"
    } else if users.file.is_some() && matches!(users.missing(), Some(Missing::Untold | Missing::Groups)) {
        "nobody in this export is known to match"
    } else if users.file.is_some() {
        "nobody in this export matches"
    } else if let Some(line) = &users.find {
        // What Enter does stands in the line.
        match users.about_groups(&line.query, "Enter") {
            Some(_) => "not known yet",
            None => "no loaded user matches",
        }
    } else if users.search.is_some() {
        return Vec::new();
    } else if users.settled_by_groups() {
        "nobody in that group matches"
    } else if users.wish.is_some() {
        "no loaded user matches"
    } else if users.page.is_loading() {
        "the first users are being read"
    } else if users.is_whole() {
        "this pool has no users"
    } else {
        "no users are loaded"
    };
    vec![Row::new(), Row::new().gap(INDENT).put(Role::Text, said)]
}

fn said(text: Shown, width: usize) -> Vec<Row> {
    said_as(Role::Text, text, width)
}

fn said_as(role: Role, text: Shown, width: usize) -> Vec<Row> {
    let room = width.saturating_sub(INDENT).saturating_sub(1);
    text.wrap(room)
        .into_iter()
        .map(|line| Row::new().gap(INDENT).put(role, line))
        .collect()
}

/// `yes`, `NO`, or nothing where there is nothing to verify.
pub fn verified(user: &User, contact: Contact) -> (Shown, Role) {
    yes_or_no(user.contact(contact).is_some(), Some(user.is_verified(contact)))
}

/// `is_verified`: `None` where nobody told.
fn yes_or_no(is_set: bool, is_verified: Option<bool>) -> (Shown, Role) {
    match (is_set, is_verified) {
        (_, Some(true)) => (Shown::fixed("yes"), Role::Text),
        (false, _) => (Shown::default(), Role::Text),
        (true, Some(false)) => (Shown::fixed("NO"), Role::Text),
        (true, None) => (Shown::fixed("?"), Role::Text),
    }
}

/// The place of the selected user in the list: `3/8`.
fn place(users: &Users) -> Shown {
    let count = users.listed().len();
    Shown::count(users.cursor.saturating_add(1).min(count))
        .join("/".into())
        .join(Shown::count(count))
}

/// Two lines about the selected user, and its place in the list. Where the row does not show what matched, that takes the
/// place of the sub, so that nothing moves.
fn facts(pen: &Pen<'_>, users: &Users, matched: &matched::Sight, width: usize) -> Vec<Row> {
    let Some(user) = users.selected() else {
        return Vec::new();
    };
    let user = &*user;
    let mut first = vec![pen.raw(user.username.raw())];
    let off = (!user.enabled).then(|| Shown::fixed("disabled"));
    let name = user.display_name().map(|name| pen.raw(&name));
    let called = if matched.is_seen() {
        first.extend(name);
        first.extend(off);
        let sub = user.sub().map(|sub| Shown::fixed("sub ").join(pen.text(sub)));
        beside_sub(apart(first), sub.unwrap_or_default(), width.saturating_sub(1))
    } else {
        let room = |first: &[Shown]| {
            let used: usize = first.iter().map(|fact| fact.width() + INDENT).sum();
            width.saturating_sub(used + INDENT + 1)
        };
        let piece = matched.words(pen, PIECE).width() + 3;
        let most = room(&[]).saturating_sub(piece + INDENT).max(width / 3);
        first = vec![pen.raw(user.username.raw()).fit(most)];
        first.extend(off);
        first.extend(name.filter(|name| name.width() + INDENT + piece <= room(&first)));
        let matched = Shown::fixed("in ").join(matched.words(pen, room(&first).saturating_sub(3)));
        first.push(matched);
        apart(first).cut(width.saturating_sub(1))
    };
    let mut second: Vec<Shown> = Vec::new();
    let mut missing = 0;
    for contact in Contact::ALL {
        if let Some(value) = user.contact(contact) {
            let is_told = users.tells(&Column::Attribute(contact.flag()));
            let (state, shorter) = match user.is_verified(contact) {
                true => (" verified", 0),
                false if is_told => (" not", " verified".len() - " not".len()),
                false => ("", 0),
            };
            // What stands behind a contact does not move with its state.
            if let Some(before) = second.pop() {
                second.push(before.join(Shown::blank(missing)));
            }
            second.push(pen.raw(value.raw()).join(state.into()));
            missing = shorter;
        }
    }
    let place = place(users);
    if let Some(at) = user.changed {
        let used: usize = second.iter().map(|fact| fact.width() + INDENT).sum();
        let room = width.saturating_sub(used + INDENT + place.width() + 2);
        let said = |when: Shown| Some(Shown::fixed("changed ").join(when)).filter(|said| said.width() <= room);
        second.extend(said(pen.date(at)).or_else(|| said(pen.day(at))));
    }
    vec![called, apart(second).right(width, Row::words(Role::Text, place).gap(1))]
}

/// What a user is called, and at the right end the sub: always in the same columns, so that it can be compared from user to
/// user. Where it has no room there it stands behind, cut.
fn beside_sub(called: Row, sub: Shown, width: usize) -> Row {
    if sub.is_empty() {
        return called.cut(width);
    }
    let at = width.saturating_sub(sub.width());
    let called = match called.width() + INDENT <= at {
        true => called.to(at),
        false => called.gap(INDENT),
    };
    called.put(Role::Text, sub).cut(width)
}

/// Facts in one line, three spaces apart.
fn apart(facts: Vec<Shown>) -> Row {
    facts
        .into_iter()
        .fold(Row::new(), |row, fact| row.gap(INDENT).put(Role::Text, fact))
}

/// A remark about a value that holds something unusual: why it looks like another, what is in it that cannot be seen.
pub fn remark(pen: &Pen<'_>, raw: &Raw) -> Option<Shown> {
    if pen.masked {
        return None;
    }
    let facts = text::facts(raw);
    let unusual = facts.mixed || !facts.hidden.is_empty() || facts.looks_like.is_some() || facts.marks > 4;
    unusual.then(|| facts.line(pen.charset))
}
