//! The values of a column and how often each occurs, or the columns to choose from.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{fault, lint, picked, unpicked};
use crate::app::App;
use crate::app::screen::breakdown::{BreakdownScreen, Counted};
use crate::app::session::Session;
use crate::domain::Raw;
use crate::domain::breakdown::Breakdown;
use crate::domain::column::Column;
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const INDENT: usize = 3;
const COUNT: usize = 11;
const SHARE: usize = 9;

/// The screen with what is on it.
pub struct Sight<'a> {
    session: &'a Session,
    screen: &'a BreakdownScreen,
}

impl<'a> Sight<'a> {
    pub fn new(session: &'a Session) -> Option<Self> {
        let screen = session.breakdown.as_ref()?;
        Some(Self { session, screen })
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let row = Row::new().gap(1).put(Role::Text, "Counts  ");
        let Some((slot, _)) = &self.screen.open else {
            return row.put(Role::Text, "of which column?");
        };
        let name = self.screen.column().map(|column| pen.name(&Raw::from(column.name())));
        let row = row.put(Role::Text, name.unwrap_or_default()).gap(2);
        let row = match slot.ready() {
            Some(counts) => row.put(Role::Text, self.of_whom(counts)),
            None => row,
        };
        let state = match slot.ready() {
            Some(counts) => counted(counts.different, "different value"),
            None if slot.is_loading() => Shown::fixed("counting"),
            None => Shown::fixed("FAILED"),
        };
        row.right(width, Row::new().put(Role::Text, state).gap(1))
    }

    /// `of the 357 listed, ALL that match`, or how much of the pool was counted.
    fn of_whom(&self, counts: &Breakdown) -> Shown {
        match &self.screen.of {
            Counted::Everybody => lint::looked_at(self.session, counts.looked_at, self.screen.whole),
            Counted::Listed(_) => {
                let whole = if self.screen.whole {
                    ", ALL that match"
                } else {
                    ", NOT ALL that may match"
                };
                Shown::fixed("of the ")
                    .join(Shown::count(counts.looked_at))
                    .join(" listed".into())
                    .join(whole.into())
            }
        }
    }

    pub fn draw(&self, pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let rows = match &self.screen.open {
            None => self.columns(pen, height),
            Some((slot, at)) => match (slot.ready(), slot.fault()) {
                (Some(counts), _) => values(pen, counts, *at, width, height),
                (None, Some(fault)) => fault::rows(pen, app, fault, INDENT, width),
                (None, None) => Vec::new(),
            },
        };
        row::draw(rows, area, buffer, theme).or(Some(area.as_position()))
    }

    fn columns(&self, pen: &Pen<'_>, height: usize) -> Vec<Row> {
        let cursor = self.screen.cursor;
        let rows = self.screen.columns.iter().enumerate().map(|(at, column)| {
            let start = if at == cursor { picked() } else { unpicked() };
            let name = pen.name(&Raw::from(column.name()));
            match self.session.users.tells(column) {
                true => start.put(Role::Text, name),
                false => start.put(Role::Muted, name).put(Role::Muted, "  not in this export"),
            }
        });
        let mut all = vec![Row::new().gap(INDENT).put(Role::Columns, "COLUMN")];
        let room = height.saturating_sub(1);
        all.extend(scroll::window(
            rows.collect(),
            &(cursor..cursor.saturating_add(1)),
            room,
        ));
        all
    }
}

fn values(pen: &Pen<'_>, counts: &Breakdown, at: usize, width: usize, height: usize) -> Vec<Row> {
    let head = Row::new()
        .gap(INDENT)
        .put(Role::Columns, Shown::fixed("USERS").pad_left(COUNT))
        .put(Role::Columns, Shown::fixed("SHARE").pad_left(SHARE))
        .gap(2)
        .put(Role::Columns, "VALUE");
    let mut rows = Vec::new();
    let none = counted(counts.not_set, "user")
        .join(" of ".into())
        .join(Shown::count(counts.looked_at))
        .join(
            if counts.not_set == 1 {
                " has none, "
            } else {
                " have none, "
            }
            .into(),
        )
        .join(share(counts.not_set, counts.looked_at));
    rows.push(Row::new().gap(INDENT).put(Role::Text, none));
    if counts.values.len() < counts.different {
        let said = Shown::fixed("the ")
            .join(Shown::count(counts.values.len()))
            .join(" most frequent of ".into())
            .join(counted(counts.different, "different value"));
        rows.push(Row::new().gap(INDENT).put(Role::Text, said));
    }
    rows.push(head);
    let room = height.saturating_sub(rows.len()).max(1);
    let first = scroll::first_line(&(at..at.saturating_add(1)), counts.values.len(), room);
    let shown = counts.values.iter().enumerate().skip(first).take(room);
    rows.extend(shown.map(|(place, counted)| {
        let start = if place == at { picked() } else { unpicked() };
        let value = match counts.of {
            // What the service says of users is nobody's data.
            Column::Status | Column::Enabled | Column::Created | Column::Changed => pen.name(&counted.value),
            _ => pen.raw(&counted.value),
        };
        start
            .put(Role::Text, Shown::count(counted.users).pad_left(COUNT))
            .put(Role::Text, share(counted.users, counts.looked_at).pad_left(SHARE))
            .gap(2)
            .put(Role::Text, value)
            .cut(width.saturating_sub(1))
    }));
    rows
}

/// `12.5 %`, never 0 for somebody and never 100 for less than all.
fn share(part: usize, of: usize) -> Shown {
    let thousandths = part.saturating_mul(1_000).checked_div(of).unwrap_or_default();
    let words = match (part, thousandths) {
        (0, _) => "0 %".to_owned(),
        (_, 0) => "< 0.1 %".to_owned(),
        (_, 1_000) => "100 %".to_owned(),
        (_, some) => format!("{}.{} %", some / 10, some % 10),
    };
    Shown::words(words)
}
