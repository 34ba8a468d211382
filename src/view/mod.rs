//! Draws what the program knows and decides nothing: the same state always gives the same screen.
//!
//! Text of others reaches a cell only as [`text::Shown`]. On every screen the hardware cursor stands on the row, field or
//! button that the keys act on, because screen readers follow it.

pub mod screen;
pub mod text;
pub mod theme;
pub mod widget;

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::screen::Sight;
use self::text::{Charset, Shown};
use self::theme::{Role, Theme};
use self::widget::pen::Pen;
use self::widget::row::{self, Row};
use crate::app::{App, Pane};

/// The smallest screen anything is drawn on.
const LEAST: (u16, u16) = (60, 16);

/// How the operator wants it drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub theme: Theme,
    pub charset: Charset,
}

impl View {
    pub fn new(theme: Theme, charset: Charset) -> Self {
        Self { theme, charset }
    }

    /// Draws the whole screen, whatever was there before. Returns where the hardware cursor belongs: where the keys act.
    pub fn draw(&self, app: &App, buffer: &mut Buffer) -> Option<Position> {
        let area = buffer.area;
        self.draw_all(app, area, buffer).filter(|cursor| area.contains(*cursor))
    }

    fn draw_all(&self, app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return self.too_small(area, buffer);
        }
        let pen = Pen {
            charset: self.charset,
            zone: &app.core.settings.zone,
            masked: app.core.mask.is_on(),
        };
        let width = usize::from(area.width);
        let line = |y: u16| Rect {
            y: area.y.saturating_add(y),
            height: 1,
            ..area
        };
        screen::header::row(&pen, app, width).draw(line(0), buffer, &self.theme);

        // What is between the first line and the last: the title, the body and the status pane share it.
        let last = area.height.saturating_sub(1);
        let middle = Rect {
            y: area.y.saturating_add(1),
            height: last.saturating_sub(1),
            ..area
        };
        let sight = Sight::new(&pen, app, width);
        let status = screen::status::height(&pen, app, width, middle.height, sight.wants());
        let split = middle.height.saturating_sub(status);
        let upper = Rect {
            height: split,
            ..middle
        };
        let lower = Rect {
            y: middle.y.saturating_add(split),
            height: status,
            ..middle
        };

        let title = Rect { height: 1, ..upper };
        let body = Rect {
            y: upper.y.saturating_add(1),
            height: upper.height.saturating_sub(1),
            ..upper
        };
        let has_keys = app.pane == Pane::Body && app.overlay.is_none();
        let role = if has_keys { Role::TitleFocused } else { Role::Title };
        sight
            .title(&pen, app, area.as_size())
            .ground(role)
            .draw(title, buffer, &self.theme);
        let announced = screen::announced::rows(&pen, app, width);
        let lines = u16::try_from(announced.len())
            .unwrap_or(body.height)
            .min(body.height / 2);
        let above = Rect { height: lines, ..body };
        let below = Rect {
            y: body.y.saturating_add(lines),
            height: body.height.saturating_sub(lines),
            ..body
        };
        let in_announced = row::draw(announced, above, buffer, &self.theme);
        let in_body = sight.draw(&pen, app, below, buffer, &self.theme);
        let in_body = in_announced.or(in_body);
        let in_status = screen::status::draw(&pen, app, lower, buffer, &self.theme);
        let mut cursor = if app.pane == Pane::Status { in_status } else { in_body };
        if app.overlay.is_some() {
            // Over everything but pool and title, because those say what is acted on.
            let under_title = Rect {
                height: middle.height.saturating_sub(1),
                ..body
            };
            cursor = screen::overlay::draw(&pen, app, under_title, buffer, &self.theme);
        }
        screen::hints::row(&pen, app, width).draw(line(last), buffer, &self.theme);
        cursor
    }

    fn too_small(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let needed = format!("{}x{}", LEAST.0, LEAST.1);
        let sentences = [
            format!("cognitui needs {needed}, this is {width}x{height}"),
            format!("{needed} needed"),
            needed,
        ];
        // The longest of them whose words have room, on as many lines as there are.
        let has_room = |words: &&String| {
            let longest = words.split(' ').map(str::len).max().unwrap_or(0);
            longest <= width && Shown::words((*words).clone()).wrap(width).len() <= height
        };
        let words = sentences.iter().find(has_room).or(sentences.last()).cloned();
        let lines = Shown::words(words.unwrap_or_default()).wrap(width).into_iter();
        let mut rows: Vec<Row> = lines.map(|line| Row::words(Role::Text, line)).collect();
        if let Some(first) = rows.first_mut() {
            *first = std::mem::take(first).cursor(0);
        }
        row::draw(rows, area, buffer, &self.theme)
    }
}
