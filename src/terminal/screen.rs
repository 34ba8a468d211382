//! From a drawn frame to the bytes that make the terminal show it. ratatui draws into its buffers;
//! what is written is decided here, for four reasons:
//! - terminals disagree about the width of everything that is not ASCII, and what is drawn by
//!   difference must show what drawing everything would ([`paint`]);
//! - a list that moves by a row is moved by the terminal, where that is shorter ([`scroll`]);
//! - a frame that changes nothing writes nothing, not even the cursor;
//! - a frame is one piece inside a synchronized update, so that no half of it is ever shown.

mod paint;
mod scroll;

use std::{fmt::Write, io};

use ratatui::{
    Frame,
    backend::{Backend, WindowSize},
    buffer::{Buffer, Cell},
    layout::{Position, Size},
};

use self::{paint::paint, scroll::Scroll};

const BEGIN: &str = "\x1b[?2026h\x1b[?25l";
const END: &str = "\x1b[?2026l";
/// Whatever a frame that was cut off may have left set: its style, its region.
const CLEAR: &str = "\x1b[0m\x1b[r\x1b[2J";
/// A frame that changes no more than this is not worth looking for rows that moved.
const SHORT: usize = 100;

/// What the terminal shows, as far as we know, and how to get it to show something else. Not
/// `Debug`: what is on the screen is people's data.
pub(super) struct Screen {
    ratatui: ratatui::Terminal<Canvas>,
    shown: Buffer,
    cursor: Option<Position>,
    /// What is shown is not known (any more): write everything.
    stale: bool,
    out: String,
}

impl Screen {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            ratatui: ratatui::Terminal::new(Canvas::default())?,
            shown: Buffer::default(),
            cursor: None,
            stale: true,
            out: String::new(),
        })
    }

    /// The next frame is written whole.
    pub(super) fn forget(&mut self) {
        self.stale = true;
    }

    /// Draws a frame of this size and returns what to write; nothing if all is shown already.
    pub(super) fn draw(&mut self, size: Size, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<&[u8]> {
        self.ratatui.backend_mut().size = size;
        let next = self.ratatui.draw(render)?.buffer;
        let whole = self.stale || self.shown.area != next.area;
        self.out.clear();
        self.out.push_str(BEGIN);
        if whole {
            self.shown = Buffer::empty(next.area);
            self.out.push_str(CLEAR);
        }
        difference(&mut self.out, &mut self.shown, next, whole);
        let cursor = self
            .ratatui
            .backend()
            .cursor
            .map(|at| Position::new(at.x.min(last(size.width)), at.y.min(last(size.height))));
        if self.out.len() > BEGIN.len() {
            show(&mut self.out, cursor);
            self.out.push_str(END);
        } else {
            self.out.clear();
            if cursor != self.cursor {
                match cursor {
                    Some(_) => show(&mut self.out, cursor),
                    None => self.out.push_str("\x1b[?25l"),
                }
            }
        }
        self.cursor = cursor;
        self.stale = false;
        Ok(self.out.as_bytes())
    }
}

fn last(length: u16) -> u16 {
    length.saturating_sub(1)
}

fn show(out: &mut String, cursor: Option<Position>) {
    if let Some(at) = cursor {
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "\x1b[{};{}H\x1b[?25h",
            at.y.saturating_add(1),
            at.x.saturating_add(1)
        );
    }
}

/// Writes what `next` shows and `shown` does not, and remembers it: by moving rows first, if that is shorter.
fn difference(out: &mut String, shown: &mut Buffer, next: &Buffer, whole: bool) {
    let start = out.len();
    paint(out, shown, next);
    let painted = out.len().saturating_sub(start);
    if !whole && painted > SHORT {
        let mut best = painted;
        for scroll in Scroll::find(shown, next) {
            let mut moved = shown.clone();
            scroll.apply(&mut moved);
            let end = out.len();
            scroll.write(out);
            paint(out, &moved, next);
            let written = out.len().saturating_sub(end);
            if written < best {
                best = written;
                out.drain(start..end);
            } else {
                out.truncate(end);
            }
        }
    }
    let width = usize::from(next.area.width).max(1);
    for (old, new) in shown.content.chunks_mut(width).zip(next.content.chunks(width)) {
        if old != new {
            old.clone_from_slice(new);
        }
    }
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
