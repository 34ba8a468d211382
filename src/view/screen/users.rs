//! The users of a pool: a row each, what is being looked for, and the facts of the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{fault, user};
use crate::app::App;
use crate::app::field::Field;
use crate::app::screen::rows::{Rows, Unset};
use crate::app::screen::users::Rest;
use crate::app::session::Session;
use crate::domain::find;
use crate::domain::{Contact, Raw, Route, User, UserStatus};
use crate::view::text::{self, Shown};
use crate::view::theme::{Role, Theme};
use crate::view::widget::columns::{Column, share};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const COLUMNS: [Column; 4] = [
    // Username, e-mail, phone number, status.
    Column {
        least: 10,
        usual: 13,
        most: 36,
    },
    Column {
        least: 15,
        usual: 23,
        most: 40,
    },
    Column {
        least: 12,
        usual: 14,
        most: 16,
    },
    Column {
        least: 9,
        usual: 16,
        most: 25,
    },
];
/// Marks in front, two columns of VER, and a space behind each column.
const BETWEEN: usize = 3 + 1 + 1 + 4 + 1 + 4;
/// `yes` or `NO `
const VERIFIED: usize = 3;
const INDENT: usize = 3;

pub fn title(pen: &Pen<'_>, session: &Session, width: usize) -> Row {
    let users = &session.users;
    let row = Row::new().gap(1).put(Role::Text, "Users  ");
    let found = users
        .search
        .as_ref()
        .and_then(|search| Some((search, search.found.ready()?)));
    let typing = users.find.as_ref().filter(|field| !field.text().trim().is_empty());
    let row = match found.filter(|_| typing.is_none()) {
        Some((search, found)) => {
            let count = match found.users.len() {
                0 => Shown::fixed("nobody"),
                count => Shown::count(count),
            };
            let complete = match (found.is_whole(), found.users.is_empty()) {
                (true, true) => "",
                (true, false) => ", ALL that match",
                (false, _) => ", NOT ALL that may match",
            };
            row.put(Role::Text, count)
                .put(Role::Text, " found for ")
                .put(Role::Text, pen.raw(&search.typed).fit(24))
                .put(Role::Text, complete)
        }
        None => row.put(Role::Text, how_many(session)),
    };
    let mut state = Row::new();
    if typing.is_some() {
        state = state
            .put(Role::Text, Shown::count(users.visible().len()))
            .put(Role::Text, " match");
    } else if users.search.as_ref().is_some_and(|search| search.found.is_loading()) {
        state = state.put(Role::Text, "asking the service");
    } else if users.page.is_loading() {
        state = state.put(Role::Text, "reading a page");
    } else if users.page.fault().is_some() {
        state = state.put(Role::Refused, "FAILED");
    }
    row.right(width, if state.is_empty() { state } else { state.gap(1) })
}

/// `120 of about 48,200, NOT ALL`
fn how_many(session: &Session) -> Shown {
    let loaded = Shown::count(session.users.rows.len());
    if session.users.rest == Rest::All {
        return loaded.join(", ALL".into());
    }
    let estimate = session.pool.ready().and_then(|pool| pool.estimated_users);
    match estimate.and_then(|users| usize::try_from(users).ok()) {
        Some(users) => loaded
            .join(" of about ".into())
            .join(Shown::count(users))
            .join(", NOT ALL".into()),
        None => loaded.join(", NOT ALL".into()),
    }
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
    let rows = list_rows(pen, app, session, width, usize::from(list.height));
    let cursor = row::draw(rows, list, buffer, theme);
    if let Some(beside) = beside {
        super::between(list, beside, buffer, theme);
        let rows = beside_rows(pen, session, usize::from(beside.width));
        row::draw(rows, beside, buffer, theme);
    }
    cursor.or(Some(list.as_position()))
}

/// All the attributes of the selected user, where there is room beside the list.
fn beside_rows(pen: &Pen<'_>, session: &Session, width: usize) -> Vec<Row> {
    let Some(selected) = session.users.selected() else {
        return Vec::new();
    };
    let rows = Rows::new(session.rules(Route::Admin), selected, None, Unset::Folded, None);
    let label = Row::words(Role::Title, pen.raw(selected.username.raw()).fit(width / 2));
    let mut drawn = vec![row::rule(Role::Title, width, &label, &Row::new())];
    drawn.extend(user::facts(pen, session, selected, width));
    drawn.push(user::head());
    drawn.extend(
        rows.names
            .iter()
            .map(|name| user::attribute_row(pen, super::unpicked(), selected, name, 0, width)),
    );
    drawn
}

fn list_rows(pen: &Pen<'_>, app: &App, session: &Session, width: usize, height: usize) -> Vec<Row> {
    let users = &session.users;
    let visible = users.visible();
    let cursor = users.cursor.min(visible.len().saturating_sub(1));
    let mut rows = Vec::new();
    if let Some(field) = &users.find {
        rows.extend(find_rows(pen, app, session, field, width));
    } else if let Some(sentence) = users.search_line(session.pool.ready().map(AsRef::as_ref)) {
        rows.extend(said(pen.say(&sentence), width).into_iter().take(4));
    }
    if let Some(fault) = users.search.as_ref().and_then(|search| search.found.fault()) {
        rows.extend(fault::rows(pen, app, fault, INDENT, width));
    }
    let mut below = Vec::new();
    if visible.is_empty() {
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
        let widths = share(width.saturating_sub(BETWEEN), &COLUMNS);
        rows.push(head(widths));
        below.push(Row::new());
        if let Some(selected) = visible.get(cursor) {
            below.extend(facts(pen, selected, cursor, visible.len(), width));
        }
        let room = height.saturating_sub(rows.len()).saturating_sub(below.len()).max(1);
        let first = scroll::first_line(&(cursor..cursor.saturating_add(1)), visible.len(), room);
        let shown = visible.iter().enumerate().skip(first).take(room);
        let start = rows.len();
        rows.extend(shown.map(|(at, user)| {
            let selected = at == cursor;
            let left = app.drafts.of(&session.place, &user.username).next().is_some();
            let row = user_row(pen, session, user, left, selected, users.scrolled, widths);
            let row = if selected { row.ground(Role::Selected) } else { row };
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
    let said = if users.find.is_some() {
        "no loaded user matches; Enter asks the service"
    } else if users.search.is_some() {
        return Vec::new();
    } else if users.page.is_loading() {
        "the first users are being read"
    } else if users.rest == Rest::All {
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

/// The open line of find, and what Enter will ask.
fn find_rows(pen: &Pen<'_>, app: &App, session: &Session, field: &Field, width: usize) -> Vec<Row> {
    let room = width.saturating_sub(4);
    let (window, column) = pen.typed(field, room);
    let line = Row::new()
        .gap(1)
        .put(Role::HintKey, "/")
        .gap(1)
        .put(Role::InputFocused, window)
        .cursor(column.saturating_add(3));
    let typed = field.text().trim();
    let asked = if typed.is_empty() {
        Shown::fixed("a name, an e-mail, a phone number or a sub; Enter asks the service")
    } else {
        let pool = session.pool.ready().map(AsRef::as_ref);
        let plan = find::plan(typed, pool, &app.core.settings.phone_prefixes);
        match plan.calls() {
            0 => plan.notes.first().map(|note| pen.say(note)).unwrap_or_default(),
            calls => {
                let mut names: Vec<&str> = Vec::new();
                for ask in plan.asks() {
                    if !names.contains(&ask.attribute) {
                        names.push(ask.attribute);
                    }
                }
                Shown::fixed("Enter asks the service, ")
                    .join(counted(calls, "call"))
                    .join(if calls > 1 { " at most: ".into() } else { ": ".into() })
                    .join(Shown::words(names.join(", ")))
            }
        }
    };
    vec![line, Row::new().gap(INDENT).put(Role::Muted, asked)]
}

fn head([username, email, phone, status]: [usize; 4]) -> Row {
    let cell =
        |row: Row, words: &'static str, columns: usize| row.put(Role::Columns, Shown::fixed(words).pad(columns)).gap(1);
    let row = cell(Row::new().gap(INDENT), "USERNAME", username);
    let row = cell(cell(row, "EMAIL", email), "VER", VERIFIED);
    let row = cell(cell(row, "PHONE", phone), "VER", VERIFIED);
    row.put(Role::Columns, Shown::fixed("STATUS").pad(status))
}

fn user_row(
    pen: &Pen<'_>,
    session: &Session,
    user: &User,
    left: bool,
    selected: bool,
    scrolled: usize,
    [username, email, phone, status]: [usize; 4],
) -> Row {
    let drafted = left || session.draft(&user.username).is_some();
    let contact = |row: Row, contact: Contact, columns: usize| {
        let cell = match user.contact(contact) {
            Some(value) => pen.scrolled(value.raw(), scrolled, columns),
            None => Shown::default(),
        };
        let flag = verified(user, contact);
        row.cell(Role::Text, &cell, columns)
            .gap(1)
            .cell(flag.1, &flag.0, VERIFIED)
            .gap(1)
    };
    let row = Row::new()
        .put(Role::Text, if selected { ">" } else { " " })
        .put(Role::Drafted, if drafted { "d" } else { " " })
        .gap(1)
        .cell(
            Role::Text,
            &pen.scrolled(user.username.raw(), scrolled, username),
            username,
        )
        .gap(1);
    let row = contact(contact(row, Contact::Email, email), Contact::PhoneNumber, phone);
    let off = if user.enabled {
        Shown::default()
    } else {
        Shown::fixed("OFF ")
    };
    row.cell(Role::Text, &off.join(short_status(pen, &user.status)), status)
}

/// `yes`, `NO`, or nothing where there is nothing to verify.
pub fn verified(user: &User, contact: Contact) -> (Shown, Role) {
    match (user.contact(contact), user.is_verified(contact)) {
        (None, false) => (Shown::default(), Role::Text),
        (_, true) => (Shown::fixed("yes"), Role::Text),
        (Some(_), false) => (Shown::fixed("NO"), Role::Text),
    }
}

/// The service's word without what says nothing in a list.
fn short_status(pen: &Pen<'_>, status: &UserStatus) -> Shown {
    match status {
        UserStatus::ForceChangePassword => Shown::fixed("FORCE_CHANGE"),
        UserStatus::ExternalProvider => Shown::fixed("EXTERNAL"),
        other => pen.name(&other.raw()),
    }
}

/// Two lines about the selected user, and its place in the list.
fn facts(pen: &Pen<'_>, user: &User, at: usize, count: usize, width: usize) -> Vec<Row> {
    let mut first = vec![pen.raw(user.username.raw())];
    first.extend(user.display_name().map(|name| pen.raw(&name)));
    first.extend(user.sub().map(|sub| Shown::fixed("sub ").join(pen.text(sub))));
    if !user.enabled {
        first.push(Shown::fixed("disabled: cannot sign in"));
    }
    let mut second = Vec::new();
    for contact in Contact::ALL {
        if let Some(value) = user.contact(contact) {
            let state = if user.is_verified(contact) { " verified" } else { " not" };
            second.push(pen.raw(value.raw()).join(state.into()));
        }
    }
    let place = Shown::count(at.saturating_add(1))
        .join("/".into())
        .join(Shown::count(count));
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
