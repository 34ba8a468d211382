//! Writes cells in as few bytes as their places and looks can be reached in. Every sequence is one that curses programs have
//! always used, so that each terminal knows it.

use std::{fmt::Write, ops::Range};

use ratatui::{
    buffer::{Cell, CellWidth},
    layout::Position,
};

use super::look::Look;

/// Every terminal agrees about the width of this.
pub(super) fn is_plain(symbol: &str) -> bool {
    matches!(symbol.as_bytes(), [b' '..=b'~'])
}

/// Of an accented letter some terminals make two columns, and none makes less than one.
fn takes_a_column(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    matches!((chars.next(), chars.next()), (Some('\u{c0}'..='\u{24f}'), None))
}

/// How many columns the terminal that is most generous gives a symbol: two for each character.
pub(super) fn widest(symbol: &str) -> usize {
    symbol.chars().count().saturating_mul(2).max(1)
}

/// How many columns a symbol of ours takes. Views give no symbol a column that is not there.
fn columns(cell: &Cell, left: usize) -> usize {
    match cell.symbol() {
        symbol if is_plain(symbol) => 1,
        _ => usize::from(cell.cell_width()).clamp(1, left.max(1)),
    }
}

/// Which way a region's rows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Up(usize),
    Down(usize),
}

/// Where the terminal's cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    /// Not known behind a symbol of doubtful width.
    column: Option<usize>,
    row: usize,
}

/// Knows where the terminal's cursor is and which style is set.
pub(super) struct Pen<'a> {
    out: &'a mut String,
    /// Where that is beyond doubt. It is not at first: others may have written to the terminal since the last frame, and a
    /// frame that trusted them would be drawn in the wrong place from its beginning to its end.
    at: Option<At>,
    look: Look,
}

impl<'a> Pen<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        Self {
            out,
            at: None,
            look: Look::PLAIN,
        }
    }

    /// Writes one cell and returns the first column right of it.
    pub(super) fn cell(&mut self, x: usize, y: usize, width: usize, cell: &Cell) -> usize {
        self.move_to(x, y);
        if !self.look.suits(cell) {
            self.take(Look::of(cell));
        }
        let symbol = cell.symbol();
        let columns = columns(cell, width.saturating_sub(x));
        let next = x.saturating_add(columns);
        if is_plain(symbol) {
            self.out.push_str(symbol);
            self.goes_on(next, y, width);
            return next;
        }
        let (symbol, columns) = if symbol.chars().any(char::is_control) {
            ("?", 1) // the last line of defence: views hand out marks for these
        } else {
            (symbol, columns)
        };
        let next = x.saturating_add(columns);
        if !takes_a_column(symbol) {
            // The terminal may hold the symbol to be narrower than we do: no column keeps what it had.
            self.out.extend(std::iter::repeat_n(' ', columns));
            self.goes_on(next, y, width);
            self.move_to(x, y);
        }
        self.out.push_str(symbol);
        let most = x.saturating_add(widest(symbol));
        self.at = (most < width).then_some(At { column: None, row: y });
        next
    }

    /// In the last column the cursor stays where terminals disagree about.
    fn goes_on(&mut self, column: usize, row: usize, width: usize) {
        let column = (column < width).then_some(column);
        self.at = column.map(|_| At { column, row });
    }

    /// Erases the rest of a row.
    pub(super) fn erase_rest(&mut self, x: usize, y: usize) {
        self.move_to(x, y);
        self.take(Look::PLAIN);
        self.out.push_str("\x1b[K");
    }

    /// Erases some columns of a row.
    pub(super) fn erase(&mut self, columns: Range<usize>, y: usize) {
        self.move_to(columns.start, y);
        self.take(Look::PLAIN);
        self.sequence(format_args!("{}X", columns.len()));
    }

    /// Moves the rows of a region. The cursor is then at a column of the row at its edge, the region is still set, and
    /// nothing outside of it may be written. By line feeds and reverse indexes at the edge, since not every terminal has
    /// a sequence that scrolls.
    pub(super) fn scroll(&mut self, region: &Range<usize>, by: By, column: usize) {
        // A terminal may fill the row that a scroll bares with the ground that is set.
        self.take(Look::PLAIN);
        self.sequence(format_args!("{};{}r", region.start.saturating_add(1), region.end));
        self.at = None;
        match by {
            By::Up(rows) => {
                self.move_to(column, region.end.saturating_sub(1));
                self.out.extend(std::iter::repeat_n("\n", rows));
            }
            By::Down(rows) => {
                self.move_to(column, region.start);
                self.out.extend(std::iter::repeat_n("\x1bM", rows));
            }
        }
    }

    /// The whole screen is one region again.
    pub(super) fn end_region(&mut self) {
        self.out.push_str("\x1b[r");
        self.at = None;
    }

    /// Whether anything of the frame is written.
    pub(super) fn has_written(&self) -> bool {
        !self.out.is_empty()
    }

    /// Leaves the default style and the cursor where it belongs.
    pub(super) fn put_down(mut self, cursor: Option<Position>) {
        self.take(Look::PLAIN);
        if let Some(cursor) = cursor {
            self.move_to(usize::from(cursor.x), usize::from(cursor.y));
        }
    }

    fn move_to(&mut self, x: usize, y: usize) {
        let to = At {
            column: Some(x),
            row: y,
        };
        let Some(at) = self.at.replace(to) else {
            return self.place(x, y);
        };
        if at == to {
            return;
        }
        let start = self.out.len();
        self.place(x, y);
        let end = self.out.len();
        self.step(at, x, y);
        if self.out.len().saturating_sub(end) < end.saturating_sub(start) {
            self.out.drain(start..end);
        } else {
            self.out.truncate(end);
        }
    }

    /// To a place from anywhere.
    fn place(&mut self, x: usize, y: usize) {
        let row = y.saturating_add(1);
        match x {
            0 => self.sequence(format_args!("{row}H")),
            _ => self.sequence(format_args!("{row};{}H", x.saturating_add(1))),
        }
    }

    /// To a place from another: up or down, and then along the row.
    fn step(&mut self, At { column, row }: At, x: usize, y: usize) {
        let mut column = column;
        if x == 0 && column != Some(0) {
            self.out.push('\r');
            column = Some(0);
        }
        // There is a row below until the last: a line feed moves nothing but the cursor.
        match (y.saturating_sub(row), row.saturating_sub(y)) {
            (0, 0) => {}
            (down @ 1..=3, _) => self.out.extend(std::iter::repeat_n("\n", down)),
            (down, 0) => self.sequence(format_args!("{down}B")),
            (_, 1) => self.out.push_str("\x1bM"),
            (_, up) => self.sequence(format_args!("{up}A")),
        }
        let Some(from) = column else {
            return self.sequence(format_args!("{}G", x.saturating_add(1)));
        };
        match (x.saturating_sub(from), from.saturating_sub(x)) {
            (0, 0) => {}
            (1, _) => self.out.push_str("\x1b[C"),
            (0, 1) => self.out.push_str("\x1b[D"),
            (0, 10..) if x < 9 => self.sequence(format_args!("{}G", x.saturating_add(1))),
            (0, left) => self.sequence(format_args!("{left}D")),
            (right, _) => self.sequence(format_args!("{right}C")),
        }
    }

    fn take(&mut self, look: Look) {
        if look != self.look {
            // Without a parameter it means 0.
            match look.after(self.look).as_str() {
                "0" => self.out.push_str("\x1b[m"),
                parameters => self.sequence(format_args!("{parameters}m")),
            }
            self.look = look;
        }
    }

    fn sequence(&mut self, rest: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = write!(self.out, "\x1b[{rest}");
    }
}
