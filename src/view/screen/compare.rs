//! Two users attribute by attribute: one below the other where the screen is narrow, side by side where it is wide.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{TWO_PANES, picked, unpicked};
use crate::app::screen::compare::CompareScreen;
use crate::app::session::Session;
use crate::domain::Raw;
use crate::domain::column::Column;
use crate::domain::compare::Compared;
use crate::view::text::{Shown, difference};
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const INDENT: usize = 3;
/// The least and, of the width, the most for the names.
const NAME: usize = 20;
const NAMES_OF: usize = 3;

/// The screen with what is on it.
pub struct Sight<'a> {
    screen: &'a CompareScreen,
    lines: Vec<Compared>,
}

impl<'a> Sight<'a> {
    pub fn new(session: &'a Session) -> Option<Self> {
        let screen = session.compare.as_ref()?;
        Some(Self {
            lines: session.compared(screen),
            screen,
        })
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let differ = self.lines.iter().filter(|line| !line.is_same()).count();
        let names = [&self.screen.one, &self.screen.other].map(|user| pen.raw(user.username.raw()).fit(width / 4));
        let [one, other] = names;
        let row = Row::new()
            .gap(1)
            .put(Role::Text, "Compare  1 ")
            .put(Role::Text, one)
            .put(Role::Text, "  2 ")
            .put(Role::Text, other);
        let state = Shown::count(differ)
            .join(" of ".into())
            .join(Shown::count(self.lines.len()))
            .join(" differ".into());
        row.right(width, Row::new().put(Role::Text, state).gap(1))
    }

    pub fn draw(&self, pen: &Pen<'_>, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut rows = Vec::new();
        let mut focus = 0..1;
        let names = self.lines.iter().map(|line| line.of.name().chars().count());
        let name = names.max().unwrap_or(NAME).min(width / NAMES_OF).max(NAME);
        for (at, line) in self.lines.iter().enumerate() {
            let selected = at == self.screen.cursor;
            let start = if selected { picked() } else { unpicked() };
            let first = rows.len();
            if width < TWO_PANES {
                rows.extend(stacked(pen, start, line, (name, width)));
            } else {
                rows.extend(beside(pen, start, line, (name, width)));
            }
            if selected {
                focus = first..rows.len();
            }
        }
        row::draw(scroll::window(rows, &focus, height), area, buffer, theme).or(Some(area.as_position()))
    }
}

/// `~` where the two differ, and the name.
fn named(pen: &Pen<'_>, start: Row, line: &Compared, width: usize) -> Row {
    let name = pen.name(&Raw::from(line.of.name()));
    let role = if line.is_same() { Role::Muted } else { Role::Text };
    start.cell(role, name, width).gap(1)
}

/// The two values with what differs in them lit.
fn values(pen: &Pen<'_>, line: &Compared) -> [Shown; 2] {
    let found = (line.one.as_ref())
        .zip(line.other.as_ref())
        .filter(|_| !pen.masked && !line.is_same())
        .and_then(|(one, other)| difference(one.as_str(), other.as_str()))
        .unwrap_or_default();
    [(&line.one, &found.old), (&line.other, &found.new)].map(|(value, lit)| match value {
        None => Shown::fixed("(not set)"),
        Some(value) => match line.of {
            // What the service says of a user is nobody's data.
            Column::Status | Column::Enabled | Column::Created | Column::Changed => pen.name(value).lit(lit),
            _ => pen.raw(value).lit(lit),
        },
    })
}

/// Where a value begins: behind the name, a sign and a space.
fn value_at(name: usize) -> usize {
    INDENT + name + 3
}

fn stacked(pen: &Pen<'_>, start: Row, line: &Compared, (name, width): (usize, usize)) -> Vec<Row> {
    let at = value_at(name);
    let room = width.saturating_sub(at).saturating_sub(1).max(1);
    let mut start = named(pen, start, line, name);
    let mut rows = Vec::new();
    let [one, other] = values(pen, line);
    let sides = if line.is_same() {
        vec![("=", Role::Muted, one)]
    } else {
        vec![("1", Role::Text, one), ("2", Role::Text, other)]
    };
    for (sign, role, value) in sides {
        start = start.put(role, sign).gap(1);
        for part in value.wrap(room) {
            let carets = part.carets();
            rows.push(start.put(role, part));
            start = Row::new().gap(at);
            if !carets.is_empty() {
                rows.push(Row::new().gap(at).put(Role::Differs, carets));
            }
        }
        start = Row::new().gap(at - 2);
    }
    rows
}

fn beside(pen: &Pen<'_>, start: Row, line: &Compared, (name, width): (usize, usize)) -> Vec<Row> {
    let value_at = value_at(name);
    let column = width.saturating_sub(value_at).saturating_sub(4) / 2;
    let (sign, role) = if line.is_same() {
        ("=", Role::Muted)
    } else {
        ("~", Role::Text)
    };
    let mut start = Some(named(pen, start, line, name).put(role, sign).gap(1));
    // Each side is lines, and the marks under them.
    let [one, other] = values(pen, line).map(|value| {
        let lines = value.wrap(column).into_iter();
        lines.map(|part| (part.carets(), part)).collect::<Vec<_>>()
    });
    let mut rows = Vec::new();
    for at in 0..one.len().max(other.len()) {
        let side = |side: &[(Shown, Shown)]| side.get(at).cloned().unwrap_or_default();
        let ((carets, part), (other_carets, other_part)) = (side(&one), side(&other));
        let start = start.take().unwrap_or_else(|| Row::new().gap(value_at));
        rows.push(start.cell(role, part, column).gap(2).put(role, other_part));
        if !carets.is_empty() || !other_carets.is_empty() {
            let marks = Row::new().gap(value_at).cell(Role::Differs, carets, column);
            rows.push(marks.gap(2).put(Role::Differs, other_carets));
        }
    }
    rows
}
