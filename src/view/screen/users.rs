//! The users of a pool: a row each, what is being looked for, and the facts of the selected one.

mod line;
mod matched;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use self::table::{INDENT, Table};
use super::{fault, user};
use crate::app::App;
use crate::app::screen::rows::{Rows, Unset};
use crate::app::screen::users::{File, Missing, Search, Users};
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::price::minutes;
use crate::domain::{Contact, Raw, Route, User};
use crate::job::search::Order;
use crate::view::text::{self, Shown};
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

/// Columns for what matched, where there is that much, before the names of a user give way to it.
const PIECE: usize = 36;

pub fn title(pen: &Pen<'_>, app: &App, session: &Session, width: usize) -> Row {
    let users = &session.users;
    let typing = users
        .find
        .as_ref()
        .is_some_and(|line| !line.field.text().trim().is_empty());
    let found = users
        .search
        .as_ref()
        .filter(|_| !typing)
        .and_then(|search| Some((search, users.hits()?)));
    let state = [
        match found {
            Some(_) => None,
            None => matching(users),
        },
        doing(users),
        ordered(pen, app, session, width),
        (!users.marks.is_empty())
            .then(|| Row::words(Role::Text, Shown::count(users.marks.len()).join(" marked".into()))),
    ];
    let state = state
        .into_iter()
        .flatten()
        .fold(Row::new(), |all, part| match all.is_empty() {
            true => part,
            false => all.gap(2).join(part),
        });
    let row = Row::new().gap(1).put(Role::Text, "Users  ");
    let room = width.saturating_sub(row.width() + state.width() + 3);
    let row = match found {
        Some((search, hits)) => {
            let count = match hits.rows.len() {
                0 => Shown::fixed("nobody"),
                count => Shown::count(count),
            };
            let complete = match (users.missing(), hits.rows.is_empty()) {
                (None, true) => "",
                (None, false) => ", ALL that match",
                // What was asked last was asked for, and how far that goes is said below.
                (Some(Missing::Earlier), _) => "",
                (Some(_), _) => ", NOT ALL that may match",
            };
            row.put(Role::Text, count)
                .put(Role::Text, " found for ")
                .put(Role::Text, pen.raw(&search.typed).fit(24))
                .put(Role::Text, complete)
        }
        None => row.put(Role::Text, how_many(pen, app, session, room)),
    };
    row.right(width, if state.is_empty() { state } else { state.gap(1) })
}

/// How many match the line, where one narrows the list.
fn matching(users: &Users) -> Option<Row> {
    if users.look.is_held() {
        return Some(Row::words(Role::Text, "0 match so far"));
    }
    let matches = users.look.matches()?;
    let narrows = users.look.query().is_some_and(|query| !query.terms.is_empty());
    // The title says how much of the pool is loaded: what matches may be more or less of all than that.
    let whole = match (users.missing(), users.is_whole()) {
        (Some(Missing::Earlier), _) | (None, true) | (Some(_), false) => "",
        (None, false) => ", ALL",
        (Some(_), true) => ", NOT ALL",
    };
    let said = Shown::count(matches.rows.len())
        .join(" match".into())
        .join(whole.into());
    narrows.then(|| Row::words(Role::Text, said))
}

/// By what the list is ordered, where the head of the list does not tell.
fn ordered(pen: &Pen<'_>, app: &App, session: &Session, width: usize) -> Option<Row> {
    let Order::By { column, descending } = &session.users.order else {
        return None;
    };
    let whole = Rect::new(0, 0, u16::try_from(width).unwrap_or(u16::MAX), 1);
    let (list, _) = super::split(whole);
    if Table::new(app, session, usize::from(list.width)).has(column) {
        return None;
    }
    let end = if *descending { " v" } else { " ^" };
    let name = table::heading(pen, column).fit(20);
    Some(Row::words(Role::Text, Shown::fixed("by ").join(name).join(end.into())))
}

/// What is under way.
fn doing(users: &Users) -> Option<Row> {
    if users.search.as_ref().is_some_and(Search::is_loading) {
        Some(Row::words(Role::Text, "asking the service"))
    } else if users.groups.is_running() {
        Some(Row::words(Role::Text, "reading groups"))
    } else if users.groups.fault().is_some()
        || users.scan.as_ref().is_some_and(|scan| scan.fault().is_some())
        || users.file.as_ref().is_some_and(|file| file.reading.fault().is_some())
    {
        Some(Row::words(Role::Refused, "FAILED"))
    } else if users.page.is_loading() {
        Some(Row::words(Role::Text, "reading a page"))
    } else if users.page.fault().is_some() {
        Some(Row::words(Role::Refused, "FAILED"))
    } else {
        None
    }
}

/// `12,480 of about 48,200, NOT ALL  590/s  61 s left`, where there is no room for all of it without how many a second: the
/// time says as much.
fn how_many(pen: &Pen<'_>, app: &App, session: &Session, room: usize) -> Shown {
    let users = &session.users;
    let loaded = Shown::count(users.roster.len());
    if let Some(file) = &users.file {
        return of_file(pen, loaded, file);
    }
    let estimate = session.pool.ready().and_then(|pool| pool.estimated_users);
    let said = match estimate.and_then(|users| usize::try_from(users).ok()) {
        _ if users.is_whole() => loaded.join(", ALL".into()),
        Some(all) => loaded
            .join(" of about ".into())
            .join(Shown::count(all))
            .join(", NOT ALL".into()),
        None => loaded.join(", NOT ALL".into()),
    };
    let Some(scan) = &users.scan else {
        return said;
    };
    let said = match scan
        .as_of()
        .filter(|_| !scan.is_running() || scan.read_again().is_some())
    {
        Some(at) => said.join("  as of ".into()).join(pen.minute(at)),
        None => said,
    };
    if !scan.is_running() {
        return said;
    }
    let (read, said) = match scan.read_again() {
        Some(read) => (read, said.join("  again: ".into()).join(Shown::count(read))),
        None => (users.roster.len(), said),
    };
    if let Some(silent) = scan.silent(app.core.mono) {
        return said.join(Shown::words(format!("  no answer for {} s", silent.as_secs())));
    }
    let rate = scan.users_a_second().map(|rate| {
        let rate = Shown::count(usize::try_from(rate).unwrap_or(usize::MAX));
        Shown::fixed("  ").join(rate).join("/s".into())
    });
    let left = scan
        .left(read as u64, estimate)
        .map(|left| Shown::words(format!("  {} left", minutes(left))));
    let both: usize = rate.iter().chain(&left).map(Shown::width).sum();
    let rate = rate.filter(|_| left.is_none() || said.width() + both <= room);
    rate.into_iter().chain(left).fold(said, Shown::join)
}

/// `48,200, ALL  as of 2026-11-21 10:41`, as the export says of itself.
fn of_file(pen: &Pen<'_>, loaded: Shown, file: &File) -> Shown {
    if file.reading.is_loading() {
        let percent = Shown::words(format!(" so far, {} % of the export", file.far.percent()));
        return loaded.join(percent);
    }
    loaded
        .join(if file.is_all() { ", ALL" } else { ", NOT ALL" }.into())
        .join("  as of ".into())
        .join(pen.date(file.opened.read_at))
}

pub fn draw(
    pen: &Pen<'_>,
    app: &App,
    session: &Session,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> Option<Position> {
    let (list, beside) = super::split(area);
    let width = usize::from(list.width);
    let table = Table::new(app, session, width);
    let selected = session.users.selection();
    let matched = selected
        .map(|id| matched::Sight::new(pen, session, &table, id))
        .unwrap_or_default();
    // Said once: below the list or beside it.
    let facts = match beside {
        None => facts(pen, &session.users, &matched, width),
        Some(_) => Vec::new(),
    };
    let rows = list_rows(pen, app, session, &table, facts, list.as_size());
    let cursor = row::draw(rows, list, buffer, theme);
    if let Some(beside) = beside {
        super::between(list, beside, buffer, theme);
        let rows = beside_rows(pen, session, &matched, usize::from(beside.width));
        row::draw(rows, beside, buffer, theme);
    }
    cursor.or(Some(list.as_position()))
}

/// All there is to say of the selected user, where there is room beside the list.
fn beside_rows(pen: &Pen<'_>, session: &Session, matched: &matched::Sight, width: usize) -> Vec<Row> {
    let Some(selected) = session.users.selected() else {
        return Vec::new();
    };
    let selected = &*selected;
    let rows = Rows::new(session.rules(Route::Admin), selected, None, Unset::Folded, None, |_| {
        true
    });
    let label = Row::words(Role::Title, pen.raw(selected.username.raw()).fit(width / 2));
    let place = Row::words(Role::Text, place(&session.users));
    let mut drawn = vec![row::rule(Role::Title, width, &label, &place)];
    drawn.extend(user::facts(pen, session, selected, width));
    if matched.is_any() {
        let label = user::label("matched");
        let said = match matched.is_seen() {
            true => Shown::fixed("where the row is marked"),
            false => matched.words(pen, width.saturating_sub(label.width() + 1)),
        };
        drawn.push(label.put(Role::Text, said));
    }
    drawn.push(user::head());
    drawn.extend(
        rows.names
            .iter()
            // It stands among the facts already.
            .filter(|name| name.as_str() != "sub")
            .map(|name| user::attribute_row(pen, super::unpicked(), (&session.users, selected), name, 0, width)),
    );
    drawn
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
    if let Some(damage) = users.file.as_ref().and_then(File::damage) {
        let lines = pen
            .say(&damage)
            .wrap(width.saturating_sub(INDENT + 1))
            .into_iter()
            .take(3);
        rows.extend(lines.map(|line| Row::new().gap(INDENT).put(Role::Problem, line)));
    }
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
    } else if users.file.is_some() && users.missing() == Some(Missing::Untold) {
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
    let room = width.saturating_sub(INDENT).saturating_sub(1);
    text.wrap(room)
        .into_iter()
        .map(|line| Row::new().gap(INDENT).put(Role::Text, line))
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
    let off = (!user.enabled).then(|| Shown::fixed("disabled: cannot sign in"));
    let name = user.display_name().map(|name| pen.raw(&name));
    if matched.is_seen() {
        first.extend(name);
        first.extend(user.sub().map(|sub| Shown::fixed("sub ").join(pen.text(sub))));
        first.extend(off);
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
    }
    let mut second = Vec::new();
    for contact in Contact::ALL {
        if let Some(value) = user.contact(contact) {
            let is_told = users.tells(&Column::Attribute(contact.flag()));
            let state = match user.is_verified(contact) {
                true => " verified",
                false if is_told => " not",
                false => "",
            };
            second.push(pen.raw(value.raw()).join(state.into()));
        }
    }
    let place = place(users);
    if let Some(at) = user.changed {
        let used: usize = second.iter().map(|fact| fact.width() + INDENT).sum();
        let changed = Shown::fixed("changed ").join(pen.date(at));
        let room = width.saturating_sub(used + INDENT + place.width() + 2);
        second.push(if changed.width() <= room {
            changed
        } else {
            Shown::fixed("changed ").join(pen.day(at))
        });
    }
    vec![
        apart(first).cut(width.saturating_sub(1)),
        apart(second).right(width, Row::words(Role::Text, place).gap(1)),
    ]
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
