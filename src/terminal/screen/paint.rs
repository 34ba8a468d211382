//! What one buffer shows and the other does not, in as few bytes as terminals agree about.
//!
//! They do not agree about the width of anything but ASCII. A symbol that is not is written over cleared columns, the
//! cursor is moved after it, and it is never written alone: whatever a terminal might hold it to cover or to join is one
//! island with it, and an island is written whole. So drawing by difference shows what drawing everything would.

use std::ops::Range;

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Position,
};

use super::{
    look::Look,
    pen::{Pen, is_plain, widest},
    scroll::Scroll,
};

/// Unchanged columns that are written again where that is no longer than moving over them.
const AS_SHORT_AS_MOVING: usize = 4;
/// Erasing some columns is four bytes, erasing the rest of a row three.
const WORTH_ERASING: usize = 5;
const WORTH_ERASING_THE_REST: usize = 4;

/// What is shown and what is to be, row by row.
pub(super) struct Rows<'a> {
    shown: Vec<&'a [Cell]>,
    next: Vec<&'a [Cell]>,
    blank: Vec<Cell>,
    /// For each row the one it was compared with last, and what that came to: ways to the same screen differ in few rows.
    compared: Vec<Option<(usize, Option<Change<'a>>)>>,
}

impl<'a> Rows<'a> {
    /// Of two screens of one size.
    pub(super) fn new(shown: &'a Buffer, next: &'a Buffer) -> Self {
        let width = usize::from(next.area.width).max(1);
        let next: Vec<&[Cell]> = next.content.chunks(width).collect();
        Self {
            shown: shown.content.chunks(width).collect(),
            blank: vec![Cell::EMPTY; width],
            compared: next.iter().map(|_| None).collect(),
            next,
        }
    }

    /// The ways to move rows that may be worth it.
    pub(super) fn scrolls(&self) -> Vec<Scroll> {
        Scroll::find(&self.shown, &self.next)
    }

    /// Writes what is to be shown and is not, once rows were moved. The default style is set in the terminal before and
    /// after. Where anything is written the cursor is left where it belongs. The row it belongs in comes last: most keys
    /// change something there.
    pub(super) fn paint(&mut self, out: &mut String, moves: Option<&Scroll>, cursor: Option<Position>) {
        let mut pen = Pen::new(out);
        if let Some(moves) = moves {
            for region in moves.regions() {
                let bared = moves.bared(region).into_iter();
                let changes: Vec<(usize, Change<'_>)> = bared
                    .filter_map(|y| Some((y, Change::of(&self.blank, self.next.get(y)?))))
                    .collect();
                let column = changes.first().map_or(0, |(_, change)| change.start());
                pen.scroll(region, moves.by, column);
                for (y, change) in changes {
                    change.write(&mut pen, y);
                }
            }
            pen.end_region();
        }
        let last = cursor.map_or(0, |at| usize::from(at.y).saturating_add(1));
        for y in (last..self.next.len()).chain(0..last) {
            let origin = match moves {
                None => Some(y),
                Some(moves) => moves.origin(y),
            };
            if let Some(change) = origin.and_then(|origin| self.change(origin, y)) {
                change.write(&mut pen, y);
            }
        }
        let cursor = cursor.filter(|_| pen.has_written());
        pen.put_down(cursor);
    }

    /// What makes of one row that is shown a row that is to be; nothing if they are the same.
    fn change(&mut self, origin: usize, y: usize) -> Option<&Change<'a>> {
        let (old, new) = (*self.shown.get(origin)?, *self.next.get(y)?);
        let compared = self.compared.get_mut(y)?;
        if compared.as_ref().is_none_or(|(with, _)| *with != origin) {
            let change = (!are_same(old, new)).then(|| Change::of(old, new));
            *compared = Some((origin, change));
        }
        compared.as_ref()?.1.as_ref()
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Look::of(cell) == Look::PLAIN
}

pub(super) fn are_same(old: &[Cell], new: &[Cell]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
}

/// Nearly every cell of every frame is compared, and nearly all of them hold one byte.
fn is_same(old: &Cell, new: &Cell) -> bool {
    (old.fg, old.bg, old.modifier) == (new.fg, new.bg, new.modifier)
        && match (old.symbol().as_bytes(), new.symbol().as_bytes()) {
            ([old], [new]) => old == new,
            (old, new) => old == new,
        }
}

/// Whether there is no difference between these cells that could be seen.
fn looks_same(old: Option<&[Cell]>, new: Option<&[Cell]>) -> bool {
    old.zip(new).is_some_and(|(old, new)| {
        let mut pairs = old.iter().zip(new);
        pairs.all(|(old, new)| is_same(old, new) || (old.symbol() == new.symbol() && Look::of(old) == Look::of(new)))
    })
}

/// The columns some terminal might change when it shows the symbols that are not plain: two for each character, and the
/// one to the left, which a mark may join. Touching ones are told apart, overlapping ones are one.
fn islands(old: &[Cell], new: &[Cell]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (x, (old, new)) in old.iter().zip(new).enumerate() {
        if is_plain(old.symbol()) && is_plain(new.symbol()) {
            continue;
        }
        let reach = [old, new]
            .into_iter()
            .map(Cell::symbol)
            .filter(|symbol| !is_plain(symbol))
            .map(widest)
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

/// What of a row is to be written.
struct Change<'a> {
    new: &'a [Cell],
    spans: Vec<Range<usize>>,
    /// From here on nothing of a symbol that is not plain is left in the row.
    plain: usize,
}

impl<'a> Change<'a> {
    fn of(old: &[Cell], new: &'a [Cell]) -> Self {
        let islands = islands(old, new);
        Self {
            new,
            spans: changed(old, new, &islands),
            plain: islands.last().map_or(0, |island| island.end),
        }
    }

    /// The first column that is written.
    fn start(&self) -> usize {
        self.spans.first().map_or(0, |span| span.start)
    }

    fn write(&self, pen: &mut Pen<'_>, y: usize) {
        // From here on the row is blank, and nothing reaches into it.
        let blank = self.blank_from(self.new.len());
        for span in &self.spans {
            let end = self.blank_from(span.end);
            let mut x = span.start;
            while x < span.end {
                let left = span.end.saturating_sub(x);
                if x >= blank && left >= WORTH_ERASING_THE_REST {
                    return pen.erase_rest(x, y);
                }
                if x >= end && left >= WORTH_ERASING {
                    pen.erase(x..span.end, y);
                    break;
                }
                let Some(cell) = self.new.get(x) else { return };
                x = pen.cell(x, y, self.new.len(), cell);
            }
        }
    }

    /// Where the blank columns begin that end before a column, as far as nothing may reach into them.
    fn blank_from(&self, end: usize) -> usize {
        let mut cells = self.new.iter().take(end);
        cells
            .rposition(|cell| !is_blank(cell))
            .map_or(0, |last| last.saturating_add(1))
            .max(self.plain)
    }
}

/// The columns to write, in order: what differs, islands with it, and gaps that are shorter written than moved over.
fn changed(old: &[Cell], new: &[Cell], islands: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut ahead = islands.iter().peekable();
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut before = 0; // no gap reaches into an island
    let mut x = 0;
    while x < new.len() {
        let island = ahead.next_if(|island| island.start <= x);
        // Most cells of a row that changes stay as they are.
        if island.is_none() && old.get(x).zip(new.get(x)).is_some_and(|(old, new)| is_same(old, new)) {
            x = x.saturating_add(1);
            continue;
        }
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
