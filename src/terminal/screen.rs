//! From a drawn frame to the bytes that make the terminal show it. What is written is decided here
//! and not by ratatui, whose buffers these are, for four reasons:
//! - terminals disagree about the width of everything that is not ASCII, and what is drawn by
//!   difference must show what drawing everything would ([`paint`]);
//! - a list that moves by a row is moved by the terminal, where that is shorter ([`scroll`]);
//! - a frame that changes nothing writes nothing, not even the cursor;
//! - no half of a frame is ever shown: a long one is one piece inside a synchronized update, a short one is one piece anyway.

mod look;
mod paint;
mod pen;
mod scroll;

use std::mem;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
};

use self::{paint::Rows, pen::Pen};

const BEGIN: &str = "\x1b[?2026h\x1b[?25l";
const END: &str = "\x1b[?2026l";
const HIDE: &str = "\x1b[?25l";
const SHOW: &str = "\x1b[?25h";
/// Whatever a frame that was cut off may have left set: its style, its region.
const CLEAR: &str = "\x1b[0m\x1b[r\x1b[2J";
/// A frame of so many bytes fits into one packet and is taken in one reading. A terminal shows what it has read when it
/// has read all that is there, its cursor as well: nothing has to hold it back, and over a slow line that would be a tenth
/// of what a key costs.
const SHORT: usize = 1_000;
/// Of a frame that is written by moving rows and is still longer than this share of its cells it is found out whether
/// writing what changed would be shorter.
const LONG: usize = 4;

/// What the terminal shows, as far as we know, and how to get it to show something else. Not
/// `Debug`: what is on the screen is people's data.
#[derive(Default)]
pub struct Screen {
    shown: Buffer,
    /// What is being drawn; kept because a new one for each frame would have to be filled first.
    next: Buffer,
    cursor: Option<Position>,
    /// What is shown is not known (any more): write everything.
    stale: bool,
    out: String,
}

impl Screen {
    pub fn new() -> Self {
        Self {
            stale: true,
            ..Self::default()
        }
    }

    /// The next frame is written whole.
    pub(super) fn forget(&mut self) {
        self.stale = true;
    }

    /// Draws a frame of this size and returns what to write; nothing if all is shown already. `render` finds whatever
    /// was drawn before, fills every cell and says where the cursor belongs.
    pub fn draw(&mut self, size: Size, render: impl FnOnce(&mut Buffer) -> Option<Position>) -> &[u8] {
        let area = Rect::from((Position::ORIGIN, size));
        if self.next.area != area {
            self.next = Buffer::empty(area);
        }
        let cursor =
            render(&mut self.next).map(|at| Position::new(at.x.min(last(size.width)), at.y.min(last(size.height))));
        let whole = self.stale || self.shown.area != area;
        self.out.clear();
        if whole {
            self.shown = Buffer::empty(area);
            self.out.push_str(CLEAR);
        }
        difference(&mut self.out, &self.shown, &self.next, whole, cursor);
        mem::swap(&mut self.shown, &mut self.next);
        self.present(whole, cursor);
        self.cursor = cursor;
        self.stale = false;
        self.out.as_bytes()
    }

    /// Puts around what was written what a frame of its length needs, and shows the cursor where there is one.
    fn present(&mut self, whole: bool, cursor: Option<Position>) {
        if whole || self.out.len() > SHORT {
            self.out.insert_str(0, BEGIN);
            if cursor.is_some() {
                self.out.push_str(SHOW);
            }
            self.out.push_str(END);
            return;
        }
        if self.out.is_empty() && cursor != self.cursor {
            Pen::new(&mut self.out).put_down(cursor);
        }
        match (self.cursor, cursor) {
            (Some(_), None) => self.out.insert_str(0, HIDE),
            (None, Some(_)) => self.out.push_str(SHOW),
            _ => {}
        }
    }
}

fn last(length: u16) -> u16 {
    length.saturating_sub(1)
}

/// Writes what `next` shows and `shown` does not: by moving rows first, if that is shorter.
fn difference(out: &mut String, shown: &Buffer, next: &Buffer, whole: bool, cursor: Option<Position>) {
    let mut rows = Rows::new(shown, next);
    let start = out.len();
    let mut best = None;
    let moves = if whole { Vec::new() } else { rows.scrolls() };
    for scroll in moves {
        let end = out.len();
        rows.paint(out, Some(&scroll), cursor);
        keep_shorter(out, start, end, &mut best);
    }
    if best.is_none_or(|written| written > next.content.len() / LONG) {
        let end = out.len();
        rows.paint(out, None, cursor);
        keep_shorter(out, start, end, &mut best);
    }
}

/// Of what was written from `start` to `end` and what was written behind it, the shorter one stays.
fn keep_shorter(out: &mut String, start: usize, end: usize, best: &mut Option<usize>) {
    let written = out.len().saturating_sub(end);
    if best.is_none_or(|best| written < best) {
        *best = Some(written);
        out.drain(start..end);
    } else {
        out.truncate(end);
    }
}

#[cfg(test)]
mod tests;
