//! From a drawn frame to the bytes that make the terminal show it. What is written is decided here
//! and not by ratatui, whose buffers these are, for four reasons:
//! - terminals disagree about the width of everything that is not ASCII, and what is drawn by
//!   difference must show what drawing everything would ([`paint`]);
//! - a list that moves by a row is moved by the terminal, where that is shorter ([`scroll`]);
//! - a frame that changes nothing writes nothing, not even the cursor;
//! - a frame is one piece inside a synchronized update, so that no half of it is ever shown.

mod paint;
mod scroll;

use std::{fmt::Write, mem};

use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect, Size},
};

use self::{paint::paint, scroll::Scroll};

const BEGIN: &str = "\x1b[?2026h\x1b[?25l";
const END: &str = "\x1b[?2026l";
/// Whatever a frame that was cut off may have left set: its style, its region.
const CLEAR: &str = "\x1b[0m\x1b[r\x1b[2J";
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
        self.out.push_str(BEGIN);
        if whole {
            self.shown = Buffer::empty(area);
            self.out.push_str(CLEAR);
        }
        difference(&mut self.out, &self.shown, &self.next, whole);
        mem::swap(&mut self.shown, &mut self.next);
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
        self.out.as_bytes()
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

/// Writes what `next` shows and `shown` does not: by moving rows first, if that is shorter.
fn difference(out: &mut String, shown: &Buffer, next: &Buffer, whole: bool) {
    let width = usize::from(next.area.width).max(1);
    let rows: Vec<&[Cell]> = shown.content.chunks(width).collect();
    let blank = vec![Cell::EMPTY; width];
    let start = out.len();
    let mut best = None;
    let moves = if whole { Vec::new() } else { Scroll::find(&rows, next) };
    for scroll in moves {
        let moved = (0..rows.len()).map(|row| {
            let origin = scroll.origin(row).and_then(|origin| rows.get(origin));
            origin.copied().unwrap_or(&blank)
        });
        let end = out.len();
        scroll.write(out);
        paint(out, moved, next);
        keep_shorter(out, start, end, &mut best);
    }
    if best.is_none_or(|written| written > next.content.len() / LONG) {
        let end = out.len();
        paint(out, rows.iter().copied(), next);
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
