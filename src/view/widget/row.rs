//! One line of the screen, put together before it is drawn, so that what fits is decided once for all screens.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::view::text::{Kind, Shown};
use crate::view::theme::{Role, Theme};

/// A line in parts, each with its meaning. Columns count from 0 at the row's left edge.
#[derive(Clone, Debug, Default)]
pub struct Row {
    parts: Vec<(Part, Role)>,
    /// What the row as a whole means, and how far that is drawn: `None`, over the full width.
    ground: Option<(Role, Option<usize>)>,
    /// Where the hardware cursor stands, if it is in this row.
    cursor: Option<usize>,
    width: usize,
}

/// Most of a list is blank between its columns: that is counted, and no text is made for it.
#[derive(Clone, Debug)]
enum Part {
    Text(Shown),
    Blank(usize),
}

impl Part {
    fn width(&self) -> usize {
        match self {
            Self::Text(text) => text.width(),
            Self::Blank(columns) => *columns,
        }
    }
}

impl From<Part> for Shown {
    fn from(part: Part) -> Self {
        match part {
            Part::Text(text) => text,
            Part::Blank(columns) => Self::blank(columns),
        }
    }
}

impl Row {
    pub fn new() -> Self {
        Self::default()
    }

    /// A row of the program's own words.
    pub fn words(role: Role, words: impl Into<Shown>) -> Self {
        Self::new().put(role, words)
    }

    pub fn put(mut self, role: Role, text: impl Into<Shown>) -> Self {
        let text = text.into();
        self.width += text.width();
        if !text.is_empty() {
            self.parts.push((Part::Text(text), role));
        }
        self
    }

    pub fn gap(self, columns: usize) -> Self {
        self.blank(Role::Text, columns)
    }

    fn blank(mut self, role: Role, columns: usize) -> Self {
        self.width += columns;
        if columns > 0 {
            self.parts.push((Part::Blank(columns), role));
        }
        self
    }

    /// Goes on at this column. Text that is already past it stays, with one space behind it.
    pub fn to(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width);
        if missing == 0 && self.width > column {
            return self.gap(1);
        }
        self.gap(missing)
    }

    /// Puts text in a cell of exactly so many columns: cut with a mark, or filled up.
    pub fn cell(self, role: Role, text: impl Into<Shown>, columns: usize) -> Self {
        let text = text.into().fit(columns);
        let missing = columns.saturating_sub(text.width());
        self.put(role, text).blank(role, missing)
    }

    /// Puts parts at the right end of a row `width` wide. What is there gives way: it is cut, with a mark.
    pub fn right(self, width: usize, tail: Self) -> Self {
        if tail.width == 0 {
            return self;
        }
        let room = width.saturating_sub(tail.width.saturating_add(1));
        let row = if self.width > room { self.cut(room) } else { self };
        let between = width.saturating_sub(tail.width).saturating_sub(row.width);
        row.gap(between).join(tail)
    }

    pub fn join(mut self, other: Self) -> Self {
        if let Some(column) = other.cursor {
            self.cursor = Some(self.width + column);
        }
        self.width += other.width;
        self.parts.extend(other.parts);
        self
    }

    /// What the row as a whole means, drawn over its full width.
    pub fn ground(mut self, role: Role) -> Self {
        self.ground = Some((role, None));
        self
    }

    /// What the row as a whole means, drawn under what was put so far. In a long list the row that the cursor leaves and
    /// the one it comes to are then not written again: over a slow line that is most of what a key costs.
    pub fn ground_here(mut self, role: Role) -> Self {
        self.ground = Some((role, Some(self.width)));
        self
    }

    /// The hardware cursor stands at this column.
    pub fn cursor(mut self, column: usize) -> Self {
        self.cursor = Some(column);
        self
    }

    /// The hardware cursor stands behind what was put so far.
    pub fn cursor_here(self) -> Self {
        let column = self.width;
        self.cursor(column)
    }

    pub fn has_cursor(&self) -> bool {
        self.cursor.is_some()
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// At most `columns` wide; what was left out is marked.
    pub fn cut(self, columns: usize) -> Self {
        if self.width <= columns {
            return self;
        }
        let mut kept = Self {
            ground: self.ground,
            cursor: self.cursor,
            ..Self::default()
        };
        // Two columns stay free for the mark, which comes where the first part ends that does not fit.
        let room = columns.saturating_sub(2);
        for (part, role) in self.parts {
            let width = part.width();
            if kept.width + width <= room {
                kept.width += width;
                kept.parts.push((part, role));
                continue;
            }
            let left = columns.saturating_sub(kept.width);
            // Something longer than what is left is cut by `fit`, with its mark.
            let longer = Shown::from(part).join(Shown::blank(left.saturating_add(1)));
            kept = kept.put(role, longer.fit(left));
            break;
        }
        kept
    }

    /// Draws the row over everything that stands in the line. Returns where the hardware cursor belongs.
    pub fn draw(self, line: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let line = line.intersection(buffer.area);
        if line.is_empty() {
            return None;
        }
        let (ground, end) = self.ground.unwrap_or((Role::Text, None));
        let end = end.map_or(line.right(), |columns| {
            line.x.saturating_add(u16::try_from(columns).unwrap_or(u16::MAX))
        });
        let ground_at = |x| if x < end { ground } else { Role::Text };
        let row = self.cut(usize::from(line.width));
        let mut x = line.x;
        // Each cell is written once: most of a frame is cells.
        for (part, role) in &row.parts {
            let ground = ground_at(x);
            let columns = u16::try_from(part.width()).unwrap_or(u16::MAX);
            let columns = x..x.saturating_add(columns).min(line.right());
            let text = match part {
                Part::Text(text) => text,
                Part::Blank(_) => {
                    x = columns.end;
                    clear(buffer, columns, line.y, style(theme, ground, *role, None));
                    continue;
                }
            };
            if !text.as_str().is_ascii() {
                clear(buffer, columns, line.y, theme.style(ground));
            }
            for piece in text.pieces() {
                let over = match piece.kind {
                    _ if piece.lit => Some(Role::Differs),
                    Kind::Words | Kind::Value => None,
                    Kind::Token => Some(Role::Token),
                    Kind::Cut => Some(Role::Cut),
                };
                let style = style(theme, ground, *role, over);
                x = put(buffer, x..line.right(), line.y, piece.text, style);
            }
        }
        let end = end.clamp(x, line.right());
        clear(buffer, x..end, line.y, theme.style(ground));
        clear(buffer, end..line.right(), line.y, theme.style(Role::Text));
        let column = u16::try_from(row.cursor?).unwrap_or(u16::MAX);
        let x = line.x.saturating_add(column).min(line.right().saturating_sub(1));
        Some(Position::new(x, line.y))
    }
}

/// Writes text over cells, and says where it ends. Of text that is not ASCII they are blank.
fn put(buffer: &mut Buffer, columns: Range<u16>, y: u16, text: &str, style: Style) -> u16 {
    if !text.is_ascii() {
        let room = usize::from(columns.end.saturating_sub(columns.start));
        return buffer.set_stringn(columns.start, y, text, room, style).0;
    }
    // What is shown holds no control characters, so that each byte is a column and there is nothing to measure.
    let width = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let end = columns.start.saturating_add(width).min(columns.end);
    let mut styled = Cell::EMPTY;
    styled.set_style(style);
    for (cell, c) in cells(buffer, columns.start..end, y).iter_mut().zip(text.chars()) {
        cell.clone_from(&styled);
        if c != ' ' {
            cell.set_char(c);
        }
    }
    end
}

/// Makes cells blank.
fn clear(buffer: &mut Buffer, columns: Range<u16>, y: u16, style: Style) {
    let mut blank = Cell::EMPTY;
    blank.set_style(style);
    cells(buffer, columns, y).fill(blank);
}

/// Some cells of a line, as far as the buffer has them.
fn cells(buffer: &mut Buffer, columns: Range<u16>, y: u16) -> &mut [Cell] {
    let area = buffer.area;
    let start = usize::from(y.saturating_sub(area.y)) * usize::from(area.width);
    let at = |x: u16| start.saturating_add(usize::from(x.saturating_sub(area.x).min(area.width)));
    buffer
        .content
        .get_mut(at(columns.start)..at(columns.end))
        .unwrap_or_default()
}

/// On a plain ground a part keeps its look; on a ground of its own the ground shows through everything.
fn style(theme: &Theme, ground: Role, role: Role, over: Option<Role>) -> Style {
    match (ground, over) {
        (Role::Text, None) => theme.style(role),
        (Role::Text, Some(over)) => theme.style_over(role, over),
        // In the header what is protected or read-only keeps its own ground: it must be seen first.
        (Role::Header, None) if role != Role::Text => theme.style(role),
        (ground, over) => theme.style_over(ground, over.unwrap_or(role)),
    }
}

/// Draws rows from the top of an area and clears what is left below them. Returns where the hardware cursor belongs.
pub fn draw(rows: Vec<Row>, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
    let mut cursor = None;
    let mut rows = rows.into_iter();
    for y in area.top()..area.bottom() {
        let line = Rect { y, height: 1, ..area };
        let drawn = rows.next().unwrap_or_default().draw(line, buffer, theme);
        cursor = drawn.or(cursor);
    }
    cursor
}

/// `-- What will happen ------------- this pool: .. --`: a rule with what the part below it is. Where it is too long the
/// tail gives way.
pub fn rule(role: Role, width: usize, label: &Row, tail: &Row) -> Row {
    let mut row = Row::new().put(role, "-- ").join(label.clone());
    if !label.is_empty() {
        row = row.put(role, " ");
    }
    // A dash, the tail between two spaces, and two dashes.
    let room = width.saturating_sub(row.width()).saturating_sub(5);
    let tail = tail.clone().cut(room);
    let end = if tail.width() < 3 { 0 } else { tail.width() + 4 };
    let row = row.cut(width);
    let dashes = width.saturating_sub(end).saturating_sub(row.width());
    let row = row.put(Role::Rule, Shown::words("-".repeat(dashes)));
    if end == 0 {
        return row;
    }
    row.put(role, " ").join(tail).put(role, " --")
}
