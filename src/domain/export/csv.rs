//! Comma-separated values (RFC 4180): the one place where a cell is written.
//!
//! Records end in CR LF, as the RFC has it. A cell is quoted where it holds a comma, a quote or the end of a line, and what
//! stands inside is the value byte for byte. A value that is set and empty is `""`; one that is not set is nothing at all.

use std::borrow::Cow;

use crate::domain::glyph;

/// One record. `None`: not set.
pub fn record<S: AsRef<str>>(cells: impl IntoIterator<Item = Option<S>>, out: &mut String) {
    let start = out.len();
    let mut first = true;
    for cell in cells {
        if !first {
            out.push(',');
        }
        first = false;
        match cell.as_ref().map(AsRef::as_ref) {
            None => {}
            Some("") => out.push_str("\"\""),
            Some(text) if text.contains(['"', ',', '\r', '\n']) => {
                out.push('"');
                for c in text.chars() {
                    if c == '"' {
                        out.push('"');
                    }
                    out.push(c);
                }
                out.push('"');
            }
            Some(text) => out.push_str(text),
        }
    }
    if out.len() == start {
        // An empty line is no record to most readers.
        out.push_str("\"\"");
    }
    out.push_str("\r\n");
}

/// The value as a cell that no spreadsheet runs: one that would be a formula is text behind an apostrophe. What is behind
/// characters that are not seen counts too, and what is behind apostrophes, so that [`value`] gives any value back.
pub fn sheet(value: &str) -> Cow<'_, str> {
    if runs(value) {
        Cow::Owned(format!("'{value}"))
    } else {
        Cow::Borrowed(value)
    }
}

/// The value of a cell that [`sheet`] made.
pub fn value(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(behind) if runs(cell) => behind,
        _ => cell,
    }
}

/// Whether a spreadsheet would run it, apostrophes aside.
fn runs(text: &str) -> bool {
    let seen = text.trim_start_matches(|c: char| !matches!(c, '\t' | '\r') && (c == '\'' || is_unseen(c)));
    seen.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

fn is_unseen(c: char) -> bool {
    c == ' ' || glyph::draws_nothing(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_text() {
        for (value, expected) in [
            ("jane", "jane"),
            ("=1+1", "'=1+1"),
            ("+15555550100", "'+15555550100"),
            ("\u{200b}@sum", "'\u{200b}@sum"),
            (" -1", "' -1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\u{0}\u{e0041}\u{2800}=1", "'\u{0}\u{e0041}\u{2800}=1"),
            ("'=1", "''=1"),
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("", ""),
        ] {
            assert_eq!(sheet(value), expected, "{value:?}");
        }
    }

    #[test]
    fn a_record_is_quoted_where_it_has_to_be() {
        for (cells, expected) in [
            (vec![Some("a"), None, Some("")], "a,,\"\"\r\n"),
            (vec![Some("a,b"), Some("say \"x\"")], "\"a,b\",\"say \"\"x\"\"\"\r\n"),
            (vec![Some("two\nlines"), Some(" x ")], "\"two\nlines\", x \r\n"),
            (vec![None], "\"\"\r\n"),
        ] {
            let mut out = String::new();
            record(cells, &mut out);
            assert_eq!(out, expected);
        }
    }

    /// Reads one record by RFC 4180, written apart from the writer: an unquoted empty cell is `None`.
    fn parsed(record: &str) -> Vec<Option<String>> {
        let mut cells = Vec::new();
        let mut rest = record.strip_suffix("\r\n").unwrap();
        loop {
            if let Some(mut inside) = rest.strip_prefix('"') {
                let mut text = String::new();
                loop {
                    let at = inside.find('"').unwrap();
                    text.push_str(&inside[..at]);
                    inside = &inside[at + 1..];
                    match inside.strip_prefix('"') {
                        Some(more) => {
                            text.push('"');
                            inside = more;
                        }
                        None => break,
                    }
                }
                cells.push(Some(text));
                rest = inside;
            } else {
                let at = rest.find(',').unwrap_or(rest.len());
                cells.push(Some(rest[..at].to_owned()).filter(|text| !text.is_empty()));
                rest = &rest[at..];
            }
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        assert_eq!(rest, "");
        cells
    }

    /// Text rich in what CSV and spreadsheets look at.
    fn text() -> impl Strategy<Value = String> {
        let special = prop::sample::select(vec![
            "'",
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\n",
            "\"",
            ",",
            "\u{ff1d}",
            "\u{ff0b}",
            "\u{ff0d}",
            "\u{ff20}",
            "\u{200b}",
            "\u{feff}",
            "\u{2800}",
            "\u{e0041}",
            " ",
            "\u{0}",
            "a",
        ]);
        prop_oneof![
            any::<String>(),
            prop::collection::vec(special, 0..8).prop_map(|parts| parts.concat()),
        ]
    }

    proptest! {
        #[test]
        fn a_record_is_read_back_byte_for_byte(cells in prop::collection::vec(prop::option::of(text()), 2..6)) {
            let mut out = String::new();
            record(cells.iter().map(Option::as_ref), &mut out);
            prop_assert_eq!(parsed(&out), cells);
        }

        #[test]
        fn what_was_made_safe_is_given_back(text in text()) {
            let cell = sheet(&text);
            prop_assert_eq!(value(&cell), text.as_str());
        }

        #[test]
        fn no_cell_begins_with_what_a_spreadsheet_runs(text in text()) {
            let cell = sheet(&text).into_owned();
            let seen = cell.trim_start_matches(|c: char| !matches!(c, '\t' | '\r') && is_unseen(c));
            let first = seen.chars().next();
            let dangerous = "=+-@\t\r\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}";
            prop_assert!(!first.is_some_and(|c| dangerous.contains(c)), "{:?}", cell);
        }
    }
}
