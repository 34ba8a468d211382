//! The one place where text from outside becomes something that may be drawn.
//!
//! A terminal obeys what it is sent, and ratatui deletes control characters silently and lets bidi and invisible ones
//! through. So strangers' text is mapped here, never deleted: what has no honest glyph becomes a visible token like
//! `\u{200b}`, and two different values never come out as the same text. Widgets take [`Shown`] and nothing else.

mod charset;
mod difference;
mod escape;
mod facts;
mod lay;
mod piece;
#[cfg(test)]
mod tests;

pub use charset::Charset;
pub use difference::{Difference, difference};
pub use facts::{Facts, Hidden, facts, looks_alike};
pub use piece::{Kind, Piece, Shown};

use crate::domain::Raw;
use crate::domain::sentence::{Part, Sentence};

/// Text from outside, safe to draw. Different values give different text, in every charset.
pub fn shown(raw: &Raw, charset: Charset) -> Shown {
    if escape::is_plain(raw.as_str()) {
        return piece::plain(raw.as_str());
    }
    piece::from_items(
        raw.as_str(),
        escape::escape(raw.as_str(), charset, escape::Ending::Finished),
    )
}

/// As [`shown`], for a value while it is typed with the cursor behind it: one space at the end stays a space, because the
/// cursor shows it. Nowhere else: without the cursor such a space could not be seen.
pub fn typed(raw: &Raw, charset: Charset) -> Shown {
    piece::from_items(
        raw.as_str(),
        escape::escape(raw.as_str(), charset, escape::Ending::Typing),
    )
}

/// A sentence of the program, its quotations made safe.
pub fn sentence(sentence: &Sentence, charset: Charset) -> Shown {
    sentence
        .parts()
        .iter()
        .map(|part| match part {
            Part::Words(words) => Shown::words(words),
            Part::Quoted(raw) | Part::Named(raw) => shown(raw, charset),
        })
        .collect()
}
