//! The title of the list: how many are loaded, of how many, what narrows and orders them, and what is under way.

use ratatui::layout::Size;

use super::pane::Panes;
use super::table::{self, Table};
use crate::app::App;
use crate::app::screen::users::{File, Missing, Search, Users};
use crate::app::session::Session;
use crate::domain::price::minutes;
use crate::job::search::Order;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

pub fn title(pen: &Pen<'_>, app: &App, session: &Session, screen: Size) -> Row {
    let width = usize::from(screen.width);
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
        ordered(pen, app, session, screen),
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
    let count = Shown::count(matches.rows.len());
    // Of an export nothing more is to come.
    let is_unknown = matches.rows.is_empty() && users.missing() == Some(Missing::Groups) && users.file.is_none();
    if users.look.is_begun() || is_unknown {
        return Some(Row::words(Role::Text, count.join(" match so far".into())));
    }
    let narrows = users.look.query().is_some_and(|query| !query.terms.is_empty());
    // What is wrong is left out, or as it was before: nothing is known of the whole line.
    if let Some(line) = users.find.as_ref().filter(|line| line.mistake.is_some()) {
        let what = match line.has_kept {
            true => " match the line before",
            false => " match the rest of the line",
        };
        return narrows.then(|| Row::words(Role::Text, count.join(what.into())));
    }
    // The title says how much of the pool is loaded: what matches may be more or less of all than that.
    let whole = match (users.missing(), users.is_whole()) {
        (Some(Missing::Earlier), _) | (None, true) | (Some(_), false) => "",
        (None, false) => ", ALL",
        (Some(_), true) => ", NOT ALL",
    };
    let said = count.join(" match".into()).join(whole.into());
    narrows.then(|| Row::words(Role::Text, said))
}

/// By what the list is ordered, where the head of the list does not tell.
fn ordered(pen: &Pen<'_>, app: &App, session: &Session, screen: Size) -> Option<Row> {
    let Order::By { column, descending } = &session.users.order else {
        return None;
    };
    let width = Panes::of(screen.into(), screen).list().width;
    if Table::new(app, session, usize::from(width)).has(column) {
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
