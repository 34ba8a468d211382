//! Columns to choose from: to order the list by one, or to show any of them.

use super::{INDENT, Parts};
use crate::app::App;
use crate::app::screen::users::{ColumnList, Purpose};
use crate::app::session::Session;
use crate::domain::Raw;
use crate::domain::column::Column;
use crate::job::search::Order;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;
use crate::view::widget::scroll;

pub fn parts(pen: &Pen<'_>, app: &App, list: &ColumnList, width: usize, room: usize) -> Parts {
    let users = app.session.as_ref().map(|session| &session.users);
    let shown = users
        .map(|users| users.shown_columns(&app.core.settings))
        .unwrap_or_default();
    let session = app.session.as_ref();
    let is_required = |column: &Column| match column {
        Column::Attribute(name) => session
            .and_then(Session::schema)
            .is_some_and(|schema| schema.is_required(name)),
        _ => false,
    };
    let chosen = session.and_then(|session| session.lint.as_ref());
    let is_chosen = |column: &Column| match column {
        Column::Attribute(name) => chosen.is_some_and(|screen| screen.expected.contains(name)),
        _ => false,
    };
    let state = |column: &Column| match list.purpose {
        Purpose::Show => match shown.iter().position(|other| other == column) {
            Some(at) => Shown::words(format!("[{}]", at + 1)),
            None => Shown::fixed("[ ]"),
        },
        Purpose::Expect if is_required(column) => Shown::fixed("[=]"),
        Purpose::Expect => Shown::fixed(if is_chosen(column) { "[x]" } else { "[ ]" }),
        Purpose::Sort => match users.map(|users| &users.order) {
            Some(Order::By { column: by, descending }) if by == column => {
                Shown::fixed(if *descending { "v" } else { "^" })
            }
            _ => Shown::default(),
        },
    };
    let remark = |column: &Column| match list.purpose {
        Purpose::Expect if is_required(column) => "  the pool requires it",
        Purpose::Expect if users.is_some_and(|users| !users.tells(column)) => "  not in this export",
        _ => "",
    };
    let rows: Vec<Row> = list
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let picked = at == list.cursor;
            let row = Row::new()
                .put(Role::Text, if picked { ">" } else { " " })
                .gap(2)
                .put(Role::Text, state(column).pad(5))
                .put(Role::Text, pen.name(&Raw::from(column.name())))
                .put(Role::Muted, remark(column));
            if picked {
                row.ground(Role::Selected).cursor(0)
            } else {
                row
            }
        })
        .collect();
    let (title, said) = match list.purpose {
        Purpose::Sort => (
            "Order the list",
            "Enter orders by a column, again the other end first, once more as they arrived; who has no value comes last",
        ),
        Purpose::Show => (
            "Columns of the list",
            "Space shows a column or not; a verified flag stands beside its contact",
        ),
        Purpose::Expect => (
            "What everybody should have",
            "Space chooses an attribute or not; the checks then count who is without it, until the program ends",
        ),
    };
    let lines = Shown::fixed(said).wrap(width.saturating_sub(INDENT + 1)).into_iter();
    let mut all: Vec<Row> = lines
        .map(|line| Row::new().gap(INDENT).put(Role::Muted, line))
        .collect();
    all.push(Row::new());
    let room = room.saturating_sub(all.len());
    all.extend(scroll::window(rows, &(list.cursor..list.cursor + 1), room));
    (Shown::fixed(title), Shown::count(list.columns.len()), all)
}
