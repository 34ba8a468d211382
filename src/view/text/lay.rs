//! Fitting text into columns: cut with a mark, filled up, broken into lines, or scrolled to a cursor.

use std::ops::Range;

use super::piece::{Kind, Shown};

/// What stands where something was left out.
const CUT: &str = "..";

impl Shown {
    /// At most `columns` wide. What does not fit is left out, and `..` says so; a single column has room for one dot.
    #[must_use]
    pub fn fit(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let room = columns.saturating_sub(CUT.len());
        let mut kept = self.slice(0, self.atoms_within(0, room));
        kept.cut(columns);
        kept
    }

    /// Exactly `columns` wide: cut like [`Shown::fit`], or filled up with spaces on the right.
    #[must_use]
    pub fn pad(self, columns: usize) -> Self {
        let kept = self.fit(columns);
        let missing = columns.saturating_sub(kept.width());
        kept.join(Self::blank(missing))
    }

    /// Exactly `columns` wide, the text on the right.
    #[must_use]
    pub fn pad_left(self, columns: usize) -> Self {
        let kept = self.fit(columns);
        Self::blank(columns.saturating_sub(kept.width())).join(kept)
    }

    /// The column at which the byte `offset` of the value is drawn; behind the text for its end. Of text straight from
    /// [`shown`](super::shown), before it is joined with other text.
    pub fn column_of(&self, offset: usize) -> usize {
        self.atoms
            .iter()
            .take_while(|atom| atom.raw.as_ref().is_some_and(|raw| raw.end <= offset))
            .map(|atom| atom.columns)
            .sum()
    }

    /// The part around the byte `offset` of the value for a field of `columns`, and the column of the cursor in it, which
    /// is always less than `columns`. What is left out on either side is marked.
    pub fn window(&self, columns: usize, offset: usize) -> (Self, usize) {
        let cursor = self.column_of(offset);
        if self.width() < columns {
            return (self.clone(), cursor);
        }
        let marks = CUT.len();
        let width = self.width();
        let mut from = 0;
        let mut skipped = 0;
        for atom in &self.atoms {
            let left = if from == 0 { 0 } else { marks };
            // The cursor may stand behind the last character, and needs a column there.
            let all_behind = width - skipped + left < columns;
            let cursor_and_mark = cursor.saturating_sub(skipped) + left + 1 + marks <= columns;
            if all_behind || cursor_and_mark || skipped >= cursor {
                break;
            }
            skipped += atom.columns;
            from += 1;
        }
        let mut part = Self::default();
        if from > 0 {
            part.cut(columns);
        }
        let left = part.width();
        let rest = self.slice(from, self.atoms.len());
        let room = columns.saturating_sub(left);
        part.append(if rest.width() < room { rest } else { rest.fit(room) });
        let column = (left + cursor.saturating_sub(skipped)).min(columns.saturating_sub(1));
        (part, column)
    }

    /// Lines of at most `columns`, broken behind spaces where there are some. A space of the program's own words at the
    /// end of a line is dropped; of text of others nothing is. An atom wider than a line is cut, and marked so.
    pub fn wrap(&self, columns: usize) -> Vec<Self> {
        self.wrap_after(columns, columns)
    }

    /// As [`Shown::wrap`], the first line at most `first` wide: something else stands before it.
    pub fn wrap_after(&self, first: usize, columns: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut start = 0;
        while start < self.atoms.len() {
            let room = if lines.is_empty() { first } else { columns };
            let (end, next) = self.line_end(start, room);
            let line = self.slice(start, end);
            lines.push(line.fit(room));
            start = next;
        }
        if lines.is_empty() {
            lines.push(Self::default());
        }
        lines
    }

    /// Where the line that begins at the atom `start` ends, and where the next one begins.
    fn line_end(&self, start: usize, columns: usize) -> (usize, usize) {
        let full = self.atoms_within(start, columns);
        if full >= self.atoms.len() {
            return (full, full);
        }
        if self.is_space(full, Some(Kind::Words)) {
            // Sentences are two spaces apart: the next line begins with neither.
            let next = (full..self.atoms.len()).find(|&at| !self.is_space(at, Some(Kind::Words)));
            return (full, next.unwrap_or(self.atoms.len()));
        }
        let last_space = (start..full).rev().find(|&at| self.is_space(at, None));
        match last_space {
            Some(at) if at > start => {
                let own = self.is_space(at, Some(Kind::Words));
                (if own { at } else { at + 1 }, at + 1)
            }
            _ => {
                let end = full.max(start + 1);
                (end, end)
            }
        }
    }

    fn is_space(&self, at: usize, kind: Option<Kind>) -> bool {
        let start = at
            .checked_sub(1)
            .and_then(|before| self.atoms.get(before))
            .map_or(0, |atom| atom.end);
        self.atoms.get(at).is_some_and(|atom| {
            self.text.get(start..atom.end) == Some(" ") && kind.is_none_or(|kind| kind == atom.kind)
        })
    }

    /// How far the atoms from `start` go without exceeding `columns`.
    fn atoms_within(&self, start: usize, columns: usize) -> usize {
        let mut used = 0;
        let fitting = self
            .atoms
            .iter()
            .skip(start)
            .take_while(|atom| {
                used += atom.columns;
                used <= columns
            })
            .count();
        start + fitting
    }

    fn cut(&mut self, columns: usize) {
        let mark = CUT.get(..columns.min(CUT.len())).unwrap_or_default();
        for dot in mark.chars() {
            self.push(dot.encode_utf8(&mut [0; 4]), 1, Kind::Cut, None);
        }
    }

    /// Marks what stands for the given bytes of the value: a match, or what differs from another value. Of text straight
    /// from [`shown`](super::shown), before it is joined with other text.
    #[must_use]
    pub fn lit(mut self, ranges: &[Range<usize>]) -> Self {
        if ranges.is_empty() {
            return self;
        }
        for atom in &mut self.atoms {
            atom.lit = atom.raw.as_ref().is_some_and(|raw| {
                ranges
                    .iter()
                    .any(|range| range.start < raw.end && raw.start < range.end)
            });
        }
        self
    }

    /// `^` under everything that is lit, for the line below: a difference is then seen without colour.
    pub fn carets(&self) -> Self {
        let mut line = String::new();
        for atom in &self.atoms {
            let mark = if atom.lit { "^" } else { " " };
            line.push_str(&mark.repeat(atom.columns));
        }
        Self::words(line.trim_end())
    }
}
