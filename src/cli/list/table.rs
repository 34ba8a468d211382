//! Users for reading: columns as wide as the first page needs them, so that rows can be printed as they arrive.

use unicode_width::UnicodeWidthStr;

use crate::domain::Raw;
use crate::domain::column::Column;
use crate::domain::roster::Row;
use crate::view::text::{Charset, shown};

/// No column begins wider than this.
const WIDEST: usize = 40;

pub(super) struct Table {
    columns: Vec<Column>,
    charset: Charset,
    /// Known once the first users are there.
    widths: Option<Vec<usize>>,
    /// Rows that wait for the end of their page.
    waiting: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, charset: Charset) -> Self {
        Self {
            columns,
            charset,
            widths: None,
            waiting: Vec::new(),
        }
    }

    pub(super) fn user(&mut self, row: Row<'_>, groups: Option<&[Raw]>, _out: &mut String) {
        let cells = self.columns.iter().map(|column| {
            let value = match column {
                Column::Groups => groups.map(|groups| {
                    let names: Vec<&str> = groups.iter().map(Raw::as_str).collect();
                    names.join(" ").into()
                }),
                other => other.value(row),
            };
            value.map_or_else(String::new, |value| {
                shown(&Raw::from(&*value), self.charset).as_str().to_owned()
            })
        });
        self.waiting.push(cells.collect());
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Prints what waits.
    pub(super) fn settle(&mut self, out: &mut String) {
        if self.waiting.is_empty() {
            return;
        }
        let widths = match &self.widths {
            Some(widths) => widths,
            None => {
                let head: Vec<String> = self.columns.iter().map(|column| self.title(column)).collect();
                self.waiting.insert(0, head);
                let mut widths = vec![0; self.columns.len()];
                for row in &self.waiting {
                    for (width, cell) in widths.iter_mut().zip(row) {
                        *width = (*width).max(cell.width().min(WIDEST));
                    }
                }
                self.widths.insert(widths)
            }
        };
        for row in self.waiting.drain(..) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    fn title(&self, column: &Column) -> String {
        shown(&Raw::from(column.name().to_uppercase()), self.charset)
            .as_str()
            .to_owned()
    }
}
