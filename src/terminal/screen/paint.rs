//! What one buffer shows and the other does not, in as few bytes as terminals agree about.
//!
//! They do not agree about the width of anything but ASCII. A symbol that is not is written over cleared columns, the
//! cursor is moved after it, and it is never written alone: whatever a terminal might hold it to cover or to join is one
//! island with it, and an island is written whole. So drawing by difference shows what drawing everything would.

use std::{fmt::Write, ops::Range};

use ratatui::{
    buffer::{Buffer, Cell, CellWidth},
    style::{Color, Modifier},
};

/// Unchanged columns that are written again where that is no longer than moving over them.
const AS_SHORT_AS_MOVING: usize = 4;
/// Erasing the rest of a row is three bytes.
const WORTH_ERASING: usize = 4;

/// Writes what `next` shows and `shown`, row by row, does not. What is set in the terminal is the default style.
pub(super) fn paint<'a>(out: &mut String, shown: impl Iterator<Item = &'a [Cell]>, next: &Buffer) {
    let width = usize::from(next.area.width).max(1);
    let mut pen = Pen::new(out);
    for (y, (old, new)) in shown.zip(next.content.chunks(width)).enumerate() {
        if !are_same(old, new) {
            pen.row(y, old, new);
        }
    }
    pen.put_down();
}

/// Every terminal agrees about the width of this.
pub(super) fn is_plain(symbol: &str) -> bool {
    matches!(symbol.as_bytes(), [b' '..=b'~'])
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Look::of(cell) == Look::PLAIN
}

/// Nearly every cell of every frame is compared, and nearly all of them hold one byte.
fn are_same(old: &[Cell], new: &[Cell]) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            let same = match (old.symbol().as_bytes(), new.symbol().as_bytes()) {
                ([old], [new]) => old == new,
                (old, new) => old == new,
            };
            same && (old.fg, old.bg, old.modifier) == (new.fg, new.bg, new.modifier)
        })
}

/// Whether there is no difference between these cells that could be seen.
fn looks_same(old: Option<&[Cell]>, new: Option<&[Cell]>) -> bool {
    old.zip(new).is_some_and(|(old, new)| {
        let mut pairs = old.iter().zip(new);
        are_same(old, new) || pairs.all(|(old, new)| old.symbol() == new.symbol() && Look::of(old) == Look::of(new))
    })
}

/// How many columns a symbol of ours takes. Views give no symbol a column that is not there.
fn columns(cell: &Cell, left: usize) -> usize {
    match cell.symbol() {
        symbol if is_plain(symbol) => 1,
        _ => usize::from(cell.cell_width()).clamp(1, left.max(1)),
    }
}

/// The columns some terminal might change when it shows the symbols that are not plain: two for each character, and the
/// one to the left, which a mark may join. Touching ones are told apart, overlapping ones are one.
fn islands(old: &[Cell], new: &[Cell]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (x, (old, new)) in old.iter().zip(new).enumerate() {
        let reach = [old, new]
            .into_iter()
            .map(Cell::symbol)
            .filter(|symbol| !is_plain(symbol))
            .map(|symbol| symbol.chars().count().saturating_mul(2).max(1))
            .max();
        let Some(reach) = reach else { continue };
        let (from, to) = (x.saturating_sub(1), x.saturating_add(reach));
        match found.last_mut() {
            Some(last) if from < last.end => last.end = last.end.max(to),
            _ => found.push(from..to),
        }
    }
    found
}

/// The columns to write, in order: what differs, islands with it, and gaps that are shorter written than moved over.
fn changed(old: &[Cell], new: &[Cell], islands: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut ahead = islands.iter().peekable();
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut before = 0; // no gap reaches into an island
    let mut x = 0;
    while x < new.len() {
        let island = ahead.next_if(|island| island.start <= x);
        let here = island.map_or(x..x.saturating_add(1), |island| x..island.end.min(new.len()));
        if !looks_same(old.get(here.clone()), new.get(here.clone())) {
            match spans.last_mut() {
                Some(last) if last.end == here.start || is_bridge(new, last.end.max(before)..here.start, last.end) => {
                    last.end = here.end;
                }
                _ => spans.push(here.clone()),
            }
        }
        if island.is_some() {
            before = here.end;
        }
        x = here.end;
    }
    spans
}

/// Whether the columns between two changes are best written again: there are few, all plain, and in the style that is set.
fn is_bridge(new: &[Cell], gap: Range<usize>, since: usize) -> bool {
    let look = since.checked_sub(1).and_then(|x| new.get(x)).map(Look::of);
    gap.start == since
        && gap.len() <= AS_SHORT_AS_MOVING
        && new.get(gap).zip(look).is_some_and(|(cells, look)| {
            let mut cells = cells.iter();
            cells.all(|cell| is_plain(cell.symbol()) && look.suits(cell))
        })
}

/// How a cell looks, apart from its symbol.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    modifier: Modifier,
    fg: Color,
    bg: Color,
}

impl Look {
    const PLAIN: Self = Self {
        modifier: Modifier::empty(),
        fg: Color::Reset,
        bg: Color::Reset,
    };

    fn of(cell: &Cell) -> Self {
        let look = Self {
            modifier: cell.modifier,
            fg: cell.fg,
            bg: cell.bg,
        };
        if cell.symbol() == " " { look.of_a_blank() } else { look }
    }

    /// What of it is seen where there is no letter: its colour and weight are not.
    fn of_a_blank(self) -> Self {
        const SEEN: Modifier = Modifier::REVERSED
            .union(Modifier::UNDERLINED)
            .union(Modifier::CROSSED_OUT);
        let modifier = self.modifier.intersection(SEEN);
        let fg = if modifier.is_empty() { Color::Reset } else { self.fg };
        Self { modifier, fg, ..self }
    }

    /// Whether a cell looks as it should in this look.
    fn suits(self, cell: &Cell) -> bool {
        let look = Self::of(cell);
        self == look || (cell.symbol() == " " && self.of_a_blank() == look)
    }

    /// The shortest parameters that make this of another look.
    fn after(self, other: Self) -> String {
        let anew = format!("0{}", self.on(Self::PLAIN));
        match self.off(other) {
            Some(off) => {
                let step = format!("{off}{}", self.on(other));
                let step = step.trim_start_matches(';');
                if step.len() < anew.len() { step.to_owned() } else { anew }
            }
            None => anew,
        }
    }

    /// What it takes to lose what the other has and this has not; `None`: everything goes at once.
    fn off(self, other: Self) -> Option<String> {
        const HEAVY: Modifier = Modifier::BOLD.union(Modifier::DIM);
        let mut parameters = String::new();
        let gone = other.modifier.difference(self.modifier);
        // One code takes both weights away.
        if gone.intersects(HEAVY) && self.modifier.intersects(HEAVY) {
            return None;
        }
        if gone.intersects(HEAVY) {
            parameters.push_str(";22");
        }
        for (bit, code) in [
            (Modifier::ITALIC, ";23"),
            (Modifier::UNDERLINED, ";24"),
            (Modifier::REVERSED, ";27"),
        ] {
            if gone.contains(bit) {
                parameters.push_str(code);
            }
        }
        let known = HEAVY
            .union(Modifier::ITALIC)
            .union(Modifier::UNDERLINED)
            .union(Modifier::REVERSED);
        if !known.contains(gone) {
            return None;
        }
        for (now, then, code) in [(self.fg, other.fg, ";39"), (self.bg, other.bg, ";49")] {
            if now == Color::Reset && then != Color::Reset {
                parameters.push_str(code);
            }
        }
        Some(parameters)
    }

    /// What it takes to gain what this has and the other has not.
    fn on(self, other: Self) -> String {
        const CODES: [(Modifier, &str); 9] = [
            (Modifier::BOLD, ";1"),
            (Modifier::DIM, ";2"),
            (Modifier::ITALIC, ";3"),
            (Modifier::UNDERLINED, ";4"),
            (Modifier::SLOW_BLINK, ";5"),
            (Modifier::RAPID_BLINK, ";6"),
            (Modifier::REVERSED, ";7"),
            (Modifier::HIDDEN, ";8"),
            (Modifier::CROSSED_OUT, ";9"),
        ];
        let mut parameters = String::new();
        let new = self.modifier.difference(other.modifier);
        for (_, code) in CODES.iter().filter(|(bit, _)| new.contains(*bit)) {
            parameters.push_str(code);
        }
        for (ground, now, then) in [(38, self.fg, other.fg), (48, self.bg, other.bg)] {
            // Writing to a string does not fail.
            let _ = match (now == then, number(now)) {
                (true, _) | (false, Number::None) => Ok(()),
                (false, Number::Palette(number)) => write!(parameters, ";{ground};5;{number}"),
                (false, Number::Mixed(red, green, blue)) => write!(parameters, ";{ground};2;{red};{green};{blue}"),
            };
        }
        parameters
    }
}

enum Number {
    None,
    Palette(u8),
    Mixed(u8, u8, u8),
}

fn number(color: Color) -> Number {
    Number::Palette(match color {
        Color::Reset => return Number::None,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(number) => number,
        Color::Rgb(red, green, blue) => return Number::Mixed(red, green, blue),
    })
}

/// Knows where the terminal's cursor is and which style is set.
pub(super) struct Pen<'a> {
    out: &'a mut String,
    /// Column and row, where that is beyond doubt.
    at: Option<(usize, usize)>,
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

    fn row(&mut self, y: usize, old: &[Cell], new: &[Cell]) {
        let islands = islands(old, new);
        // From here on the row is blank, and nothing reaches into it.
        let blank = new
            .iter()
            .rposition(|cell| !is_blank(cell))
            .map_or(0, |last| last.saturating_add(1))
            .max(islands.last().map_or(0, |island| island.end));
        for span in changed(old, new, &islands) {
            let mut x = span.start;
            while x < span.end {
                if x >= blank && span.end.saturating_sub(x) >= WORTH_ERASING {
                    return self.erase(x, y);
                }
                let Some(cell) = new.get(x) else { return };
                x = self.cell(x, y, new.len(), cell);
            }
        }
    }

    /// Erases the rest of a row.
    fn erase(&mut self, x: usize, y: usize) {
        self.move_to(x, y);
        self.take(Look::PLAIN);
        self.out.push_str("\x1b[K");
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
            // In the last column the cursor stays where terminals disagree about.
            self.at = (next < width).then_some((next, y));
            return next;
        }
        let (symbol, columns) = if symbol.chars().any(char::is_control) {
            ("?", 1) // the last line of defence: views hand out marks for these
        } else {
            (symbol, columns)
        };
        // The terminal may hold the symbol to be narrower than we do: no column keeps what it had.
        self.out.extend(std::iter::repeat_n(' ', columns));
        self.sequence(format_args!("{}G", x.saturating_add(1)));
        self.out.push_str(symbol);
        self.at = None;
        x.saturating_add(columns)
    }

    fn move_to(&mut self, x: usize, y: usize) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((from, row)) if row == y && from < x => match x.saturating_sub(from) {
                1 => self.out.push_str("\x1b[C"),
                columns => self.sequence(format_args!("{columns}C")),
            },
            _ => self.sequence(format_args!("{};{}H", y.saturating_add(1), x.saturating_add(1))),
        }
        self.at = Some((x, y));
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

    fn put_down(mut self) {
        self.take(Look::PLAIN);
    }
}
