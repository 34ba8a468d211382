//! From a drawn frame to the bytes that make the terminal show it. ratatui draws into its buffers;
//! what is written is decided here, for three reasons:
//! - terminals disagree about the width of everything that is not ASCII. After such a symbol the
//!   cursor is moved, and a row that has or had one is written whole, so that drawing by difference
//!   shows what drawing everything would;
//! - a frame that changes nothing writes nothing, not even the cursor;
//! - a frame is one piece inside a synchronized update, so that no half of it is ever shown.

use std::io;

use crossterm::{
    cursor::{Hide, MoveTo, MoveToColumn, Show},
    queue,
    style::{Attribute, Color, ContentStyle, Print, SetAttribute, SetStyle, force_color_output},
    terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate},
};
use ratatui::{
    Frame,
    backend::{Backend, IntoCrossterm, WindowSize},
    buffer::{Buffer, Cell, CellWidth},
    layout::{Position, Size},
    style::Style,
};

/// What the terminal shows, as far as we know, and how to get it to show something else. Not
/// `Debug`: what is on the screen is people's data.
pub(super) struct Screen {
    ratatui: ratatui::Terminal<Canvas>,
    shown: Buffer,
    cursor: Option<Position>,
    /// What is shown is not known (any more): write everything.
    stale: bool,
    out: Vec<u8>,
}

impl Screen {
    pub(super) fn new() -> io::Result<Self> {
        // With NO_COLOR set, crossterm 0.29 writes colours as an empty sequence, which resets
        // everything and so erases reverse video. Whether there is colour is the theme's business.
        force_color_output(true);
        Ok(Self {
            ratatui: ratatui::Terminal::new(Canvas::default())?,
            shown: Buffer::default(),
            cursor: None,
            stale: true,
            out: Vec::new(),
        })
    }

    /// The next frame is written whole.
    pub(super) fn forget(&mut self) {
        self.stale = true;
    }

    /// Draws a frame of this size and returns what to write; nothing if all is shown already.
    pub(super) fn draw(&mut self, size: Size, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<&[u8]> {
        self.out.clear();
        self.ratatui.backend_mut().size = size;
        let next = self.ratatui.draw(render)?.buffer.clone();
        let cursor = self
            .ratatui
            .backend()
            .cursor
            .map(|at| Position::new(at.x.min(last(size.width)), at.y.min(last(size.height))));
        let whole = self.stale || self.shown.area != next.area;
        if whole || self.shown.content != next.content {
            queue!(self.out, BeginSynchronizedUpdate, Hide)?;
            if whole {
                self.shown = Buffer::empty(next.area);
                queue!(self.out, SetAttribute(Attribute::Reset), Clear(ClearType::All))?;
            }
            paint(&mut self.out, &self.shown, &next)?;
            if let Some(at) = cursor {
                queue!(self.out, MoveTo(at.x, at.y), Show)?;
            }
            queue!(self.out, EndSynchronizedUpdate)?;
        } else if self.cursor != cursor {
            match cursor {
                Some(at) => queue!(self.out, MoveTo(at.x, at.y), Show)?,
                None => queue!(self.out, Hide)?,
            }
        }
        self.shown = next;
        self.cursor = cursor;
        self.stale = false;
        Ok(&self.out)
    }
}

fn last(length: u16) -> u16 {
    length.saturating_sub(1)
}

/// Writes what `next` shows and `shown` does not. Both have the same area.
fn paint(out: &mut Vec<u8>, shown: &Buffer, next: &Buffer) -> io::Result<()> {
    let width = usize::from(next.area.width);
    if width == 0 {
        return Ok(());
    }
    let rows = shown.content.chunks(width).zip(next.content.chunks(width));
    let mut pen = Pen::new(out);
    for (y, (old, new)) in (0..).zip(rows) {
        if old == new {
            continue;
        }
        let whole = !old.iter().chain(new).all(|cell| is_plain(cell.symbol()));
        let mut covered = 0; // columns left of this one belong to a wide symbol
        for (x, (old, new)) in (0..).zip(old.iter().zip(new)) {
            if x >= covered && (whole || old != new) {
                covered = pen.cell(x, y, next.area.width, new)?;
            }
        }
    }
    pen.put_down()
}

/// Every terminal agrees about the width of this.
fn is_plain(symbol: &str) -> bool {
    matches!(symbol.as_bytes(), [b' '..=b'~'])
}

/// Knows where the terminal's cursor is and which style is set.
struct Pen<'a> {
    out: &'a mut Vec<u8>,
    at: Option<(u16, u16)>,
    style: Style,
}

impl<'a> Pen<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            at: None,
            style: Cell::EMPTY.style(),
        }
    }

    /// Writes one cell and returns the first column right of it.
    fn cell(&mut self, x: u16, y: u16, columns: u16, cell: &Cell) -> io::Result<u16> {
        self.move_to(x, y)?;
        let style = cell.style();
        if style != self.style {
            queue!(self.out, SetAttribute(Attribute::Reset), SetStyle(content_style(style)))?;
            self.style = style;
        }
        let symbol = cell.symbol();
        if is_plain(symbol) {
            queue!(self.out, Print(symbol))?;
            // In the last column the cursor stays where terminals disagree about.
            self.at = (x.saturating_add(1) < columns).then_some((x.saturating_add(1), y));
            return Ok(x.saturating_add(1));
        }
        let (symbol, width) = if symbol.chars().any(char::is_control) {
            ("?", 1) // the last line of defence: views hand out marks for these
        } else {
            (symbol, cell.cell_width().clamp(1, columns.saturating_sub(x).max(1)))
        };
        // The terminal may hold the symbol to be narrower than we do: no column keeps what it had.
        queue!(
            self.out,
            Print(" ".repeat(usize::from(width))),
            MoveToColumn(x),
            Print(symbol)
        )?;
        self.at = None;
        Ok(x.saturating_add(width))
    }

    fn move_to(&mut self, x: u16, y: u16) -> io::Result<()> {
        if self.at != Some((x, y)) {
            queue!(self.out, MoveTo(x, y))?;
        }
        Ok(())
    }

    fn put_down(self) -> io::Result<()> {
        if self.style != Cell::EMPTY.style() {
            queue!(self.out, SetAttribute(Attribute::Reset))?;
        }
        Ok(())
    }
}

/// The style on top of a reset one: the terminal's own colours need no bytes.
fn content_style(style: Style) -> ContentStyle {
    let set = |color: &Color| *color != Color::Reset;
    let mut style: ContentStyle = style.into_crossterm();
    style.foreground_color = style.foreground_color.filter(set);
    style.background_color = style.background_color.filter(set);
    style.underline_color = style.underline_color.filter(set);
    style
}

/// What ratatui takes for the terminal. It only keeps where the frame wants the cursor: ratatui's
/// own way to write would be too late to decide by whole rows.
#[derive(Default)]
struct Canvas {
    size: Size,
    cursor: Option<Position>,
    last: Position,
}

impl Backend for Canvas {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, _content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor = Some(self.last);
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.last)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.last = position.into();
        if let Some(cursor) = &mut self.cursor {
            *cursor = self.last;
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear_region(&mut self, _clear_type: ratatui::backend::ClearType) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
