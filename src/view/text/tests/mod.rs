//! What is promised about text of others, as examples, as properties, and over all of Unicode.

mod examples;
mod layout;
mod million;
mod properties;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use super::*;

fn utf8(text: &str) -> String {
    shown(&Raw::from(text), Charset::Utf8).as_str().to_owned()
}

fn ascii(text: &str) -> String {
    shown(&Raw::from(text), Charset::Ascii).as_str().to_owned()
}

/// Draws the text with ratatui, piece by piece as the theme does, and reads the cells back: the text found there and the
/// number of columns it takes.
fn drawn(text: &Shown) -> (String, usize) {
    let room = u16::try_from(text.as_str().len() + 8).unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, room, 1));
    let spans: Vec<Span<'_>> = text.pieces().iter().map(|piece| Span::raw(piece.text)).collect();
    let (end, _) = buffer.set_line(0, 0, &Line::from(spans), room);
    let mut found = String::new();
    let mut at = 0;
    while at < end {
        let symbol = buffer[(at, 0)].symbol();
        found.push_str(symbol);
        at += ratatui::buffer::CellWidth::cell_width(symbol).max(1);
    }
    (found, usize::from(end))
}

/// Reads shown text back, by the notation alone. None for the token of a pile of marks, which is only a digest.
fn read_back(text: &str) -> Option<String> {
    let mut value = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\u{") {
        value.push_str(&rest[..at]);
        let (token, behind) = rest[at + 3..].split_once('}')?;
        value.push(char::from_u32(u32::from_str_radix(token, 16).ok()?)?);
        rest = behind;
    }
    value.push_str(rest);
    Some(value)
}

/// What may never be written to a terminal, judged by general category alone and so not by the code under test. Joiners
/// and the emoji selector are judged by their place instead.
fn is_dangerous(c: char) -> bool {
    use GeneralCategory as Category;
    let kept_in_place = matches!(c, '\u{200c}' | '\u{200d}');
    !kept_in_place
        && c != ' '
        && matches!(
            c.general_category(),
            Category::Control
                | Category::Format
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::SpaceSeparator
                | Category::PrivateUse
                | Category::Unassigned
        )
}
