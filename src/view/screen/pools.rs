//! The pools that can be opened: those of the config first, then what the service lists.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::fault;
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::pools::Choice;
use crate::app::session::Mode;
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::columns::{Column, share};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const COLUMNS: [Column; 2] = [
    // Name and id.
    Column {
        least: 13,
        usual: 24,
        most: 40,
    },
    Column {
        least: 19,
        usual: 24,
        most: 55,
    },
];
/// `2026-10-01`, and a space.
const CHANGED: usize = 11;
/// `PROTECTED read only`
const OPENS: usize = 20;
/// Below this width the day a pool was changed is left out.
const WITH_CHANGED: usize = 76;

pub fn title(app: &App, width: usize) -> Row {
    let pools = &app.pools;
    let count = pools.choices(&app.core.settings).len();
    let how_many = Shown::fixed("Pools  ").join(Shown::count(count));
    let complete = match (pools.is_all(), pools.fault()) {
        (true, _) => ", ALL",
        (false, Some(_)) => ", the rest could not be listed",
        (false, None) => ", NOT ALL",
    };
    let state = match &pools.page {
        page if page.is_loading() => Row::words(Role::Text, "listing pools"),
        page if page.fault().is_some() => Row::words(Role::Refused, "FAILED"),
        _ => Row::new(),
    };
    Row::new()
        .gap(1)
        .put(Role::Text, how_many)
        .put(Role::Text, complete)
        .right(width, state.gap(1))
}

pub fn draw(pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
    let width = usize::from(area.width);
    let choices = app.pools.choices(&app.core.settings);
    let changed = if width < WITH_CHANGED { 0 } else { CHANGED };
    let [name, id] = share(width.saturating_sub(3 + 2 + OPENS + changed), &COLUMNS);
    let widths = [name, id, changed];
    let mut rows = Vec::new();
    if !choices.is_empty() {
        rows.push(head(widths));
    }
    let mut below = Vec::new();
    if let Some(fault) = app.pools.fault() {
        below.push(Row::new());
        below.extend(fault::rows(pen, app, fault, 3, width));
        below.push(way_out(pen, app));
    } else if choices.is_empty() {
        let said = if app.pools.is_all() {
            "no pools in this account and region"
        } else {
            "the pools are being listed"
        };
        below.push(Row::new());
        below.push(Row::new().gap(3).put(Role::Text, said));
        below.push(way_out(pen, app));
    }
    if let Some(line) = app.unknown_line() {
        below.push(Row::new());
        let key = pen.key(app, &[Scope::Pools], Action::ReadBack).unwrap_or_default();
        let said = pen.say(&line).join(". ".into());
        let row = Row::new().gap(3).put(Role::Unknown, said.fit(width.saturating_sub(26)));
        below.push(row.put(Role::HintKey, key).put(Role::Text, " reads them back"));
    }
    let room = usize::from(area.height)
        .saturating_sub(rows.len())
        .saturating_sub(below.len())
        .max(1);
    let cursor = app.pools.cursor.min(choices.len().saturating_sub(1));
    let listed: Vec<Row> = choices
        .iter()
        .enumerate()
        .map(|(at, choice)| choice_row(pen, app, choice, at == cursor, widths))
        .collect();
    rows.extend(scroll::window(listed, &(cursor..cursor.saturating_add(1)), room));
    rows.extend(below);
    let drawn = row::draw(rows, area, buffer, theme);
    // With nothing to choose from the cursor waits where the first row would be.
    drawn.or(Some(Position::new(area.x, area.y)))
}

/// What can be done where the list is empty or may not be read.
fn way_out(pen: &Pen<'_>, app: &App) -> Row {
    let scopes = [Scope::Pools, Scope::Everywhere];
    let mut row = Row::new().gap(3);
    if let Some(key) = pen.key(app, &scopes, Action::PastePool) {
        row = row.put(Role::HintKey, key).put(Role::Text, ": paste a pool id").gap(3);
    }
    if let Some(key) = pen.key(app, &scopes, Action::Retry) {
        row = row.put(Role::HintKey, key).put(Role::Text, ": try again");
    }
    row
}

fn head([name, id, changed]: [usize; 3]) -> Row {
    Row::new()
        .gap(3)
        .put(Role::Columns, Shown::fixed("NAME").pad(name + 1))
        .put(Role::Columns, Shown::fixed("ID").pad(id + 1))
        .put(Role::Columns, Shown::fixed("CHANGED").pad(changed))
        .put(Role::Columns, "OPENS")
}

fn choice_row(pen: &Pen<'_>, app: &App, choice: &Choice, selected: bool, widths: [usize; 3]) -> Row {
    let [name, id, changed] = widths;
    let named = choice.name.as_ref().map(|name| pen.name(name)).unwrap_or_default();
    let at = app
        .pools
        .changed(&choice.place.pool)
        .map(|at| pen.day(at))
        .unwrap_or_default();
    let mut row = Row::new()
        .put(Role::Text, if selected { ">" } else { " " })
        .gap(2)
        .cell(Role::Text, named, name)
        .gap(1)
        .cell(Role::Text, pen.name(choice.place.pool.raw()), id)
        .gap(1)
        .cell(Role::Muted, at, changed);
    if choice.guard.protected {
        row = row.put(Role::Protected, "PROTECTED").gap(1);
    }
    row = match Mode::of(&choice.guard) {
        Mode::Write => row.put(Role::Text, "write"),
        Mode::Read(_) => row.put(Role::ReadOnly, "read only"),
    };
    if selected {
        row.ground(Role::Selected).cursor(0)
    } else {
        row
    }
}
