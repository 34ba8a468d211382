//! Decides, character by character, what may stand as itself and what becomes a visible token.
//!
//! The map from value to text is injective. A token begins with `\u{`, and that opener never comes from the value itself:
//! its backslash is a token of its own, and so is a letter that only looks like one there. What stands as itself is in normal form C and holds nothing that draws nothing, so
//! two texts that differ also look different, as far as characters can: letters of two alphabets that look the same are
//! told apart by [`facts`](super::facts()).

use std::ops::Range;

use sha2::{Digest, Sha256};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc, is_nfc_quick};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};
use unicode_security::confusable_detection::skeleton;
use unicode_width::UnicodeWidthChar as _;

use super::charset::Charset;
use crate::domain::glyph::{draws_nothing, emoji, is_ignorable, is_mark, joiner};

/// Marks that may stand on one base. The rest of a longer pile becomes one token: a single cell could otherwise be sent
/// kilobytes.
const MARKS_ON_A_BASE: usize = 4;

/// What comes of a stretch of the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The character stands as itself.
    Plain(char),
    /// Something visible stands in its place.
    Token(String),
}

/// Whether a space at the end of the value is the end of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Finished,
    /// The cursor stands behind the last character and shows a space there.
    Typing,
}

/// The visible token for one character.
pub(super) fn token(c: char) -> String {
    c.escape_unicode().to_string()
}

/// Whether all of it stands as itself in any charset and draws a column for each byte. Decided without looking twice at
/// any byte, because nearly all values are like this.
pub(super) fn is_plain(value: &str) -> bool {
    let mut before = b' ';
    let stands = value.bytes().all(|byte| {
        let stands = matches!(byte, b'!'..=b'[' | b']'..=b'~') || (byte == b' ' && before != b' ');
        before = byte;
        stands
    });
    stands && (before != b' ' || value.is_empty())
}

/// Items with the bytes of the value they stand for, in order and without gaps.
pub(super) fn escape(value: &str, charset: Charset, ending: Ending) -> Vec<(Range<usize>, Item)> {
    let chars: Vec<(usize, char)> = value.char_indices().collect();
    let mut escaping = Escaping {
        len: value.len(),
        chars: &chars,
        charset,
        ending,
        items: Vec::with_capacity(chars.len()),
        tail: String::new(),
        base: Base::None,
        marks: 0,
    };
    let mut at = 0;
    while let Some(&(_, c)) = chars.get(at) {
        at += escaping.take(at, c);
    }
    escaping.items
}

/// What a mark at this point would stand on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    /// Nothing that can carry it: the start, a space, a token, an emoji.
    None,
    Letter,
}

struct Escaping<'a> {
    len: usize,
    chars: &'a [(usize, char)],
    charset: Charset,
    ending: Ending,
    items: Vec<(Range<usize>, Item)>,
    /// The plain text since the last character nothing before it can combine with; short by construction.
    tail: String,
    base: Base,
    /// Marks seen since the last character that is none.
    marks: usize,
}

impl Escaping<'_> {
    /// Decides on the character at `at` and says how many it took.
    fn take(&mut self, at: usize, c: char) -> usize {
        if self.charset == Charset::Utf8
            && let Some(count) = emoji::joined(self.chars.get(at..).unwrap_or_default())
        {
            for (offset, &(_, c)) in self.chars.iter().skip(at).take(count).enumerate() {
                self.plain(at + offset, c);
            }
            self.base = Base::None;
            return count;
        }
        if is_mark(c) && !is_ignorable(c) {
            self.marks += 1;
            if self.marks > MARKS_ON_A_BASE {
                return self.pile(at);
            }
        } else {
            self.marks = 0;
        }
        if self.may_stand(at, c) {
            self.plain(at, c);
        } else {
            self.put(at, at + 1, Item::Token(token(c)));
        }
        1
    }

    fn plain(&mut self, at: usize, c: char) {
        if stands_alone(c) {
            self.tail.clear();
        }
        self.tail.push(c);
        let is_joiner = matches!(c, joiner::ZWJ | joiner::ZWNJ);
        if !is_mark(c) && !is_joiner {
            self.base = if carries_marks(c) { Base::Letter } else { Base::None };
        }
        let end = self.end_of(at);
        if let Some(&(start, _)) = self.chars.get(at) {
            self.items.push((start..end, Item::Plain(c)));
        }
    }

    fn put(&mut self, from: usize, to: usize, item: Item) {
        self.tail.clear();
        self.base = Base::None;
        let start = self.chars.get(from).map_or(self.len, |&(start, _)| start);
        let end = self.chars.get(to).map_or(self.len, |&(start, _)| start);
        self.items.push((start..end, item));
    }

    /// The marks from here on become one token with their count and a digest, so that different piles stay different.
    /// Sixty-four bits of it: thirty-two would let anyone who wants to find two piles with the same token in a second.
    fn pile(&mut self, at: usize) -> usize {
        let marks: String = self
            .chars
            .iter()
            .skip(at)
            .map(|&(_, c)| c)
            .take_while(|&c| is_mark(c) && !is_ignorable(c))
            .collect();
        let count = marks.chars().count();
        let digest: String = Sha256::digest(marks.as_bytes())
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.put(at, at + count, Item::Token(format!("\\u{{+{count} marks {digest}}}")));
        count
    }

    fn may_stand(&self, at: usize, c: char) -> bool {
        match c {
            ' ' => self.space_may_stand(at),
            '\\' => !self.opens_a_token(at),
            '!'..='~' => true,
            _ if self.charset == Charset::Ascii => false,
            joiner::ZWJ | joiner::ZWNJ => self.tail_is_current(at) && joiner::may_stand(self.chars, at),
            emoji::EMOJI_PRESENTATION => {
                self.tail_is_current(at) && emoji::presentation_may_stand(self.before(at), self.char_at(at + 1))
            }
            emoji::LIGHTEST..=emoji::DARKEST => {
                self.tail_is_current(at) && self.before(at).is_some_and(|base| emoji::takes_tone(base, c))
            }
            _ if draws_nothing(c) || (is_backslash_twin(c) && self.opens_a_token(at)) => false,
            _ if is_mark(c) && self.base == Base::None => false,
            _ => self.stays_composed(c),
        }
    }

    /// Whether a backslash here, or a letter that looks like one, would begin something that looks like a token.
    fn opens_a_token(&self, at: usize) -> bool {
        let looks = |at, like| self.char_at(at).is_some_and(|c| looks_like(c, like));
        looks(at + 1, 'u') && looks(at + 2, '{')
    }

    /// A space is seen only between two other characters.
    fn space_may_stand(&self, at: usize) -> bool {
        let last = at + 1 == self.chars.len();
        let seen_behind = !last || self.ending == Ending::Typing;
        seen_behind && self.before(at).is_some_and(|c| c != ' ')
    }

    /// Whether the text stays in normal form C with this character. Everything else could be spelled in two ways that
    /// look the same.
    fn stays_composed(&self, c: char) -> bool {
        if stands_alone(c) {
            return true;
        }
        if is_nfc_quick(std::iter::once(c)) == IsNormalized::No {
            return false;
        }
        let mut text = self.tail.clone();
        text.push(c);
        is_nfc(&text)
    }

    /// Whether the character before this one stands as itself.
    fn tail_is_current(&self, at: usize) -> bool {
        self.tail.chars().next_back() == self.before(at)
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|before| self.char_at(before))
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|&(_, c)| c)
    }

    fn end_of(&self, at: usize) -> usize {
        self.chars.get(at + 1).map_or(self.len, |&(start, _)| start)
    }
}

fn looks_like(c: char, like: char) -> bool {
    c == like || (!c.is_ascii() && skeleton(c.encode_utf8(&mut [0; 4])).eq(std::iter::once(like)))
}

/// Characters that are drawn like a backslash (Unicode, confusables.txt).
fn is_backslash_twin(c: char) -> bool {
    matches!(
        c,
        '\u{2216}'
            | '\u{2572}'
            | '\u{27cd}'
            | '\u{29f5}'
            | '\u{29f9}'
            | '\u{2f02}'
            | '\u{31d4}'
            | '\u{4e36}'
            | '\u{fe68}'
            | '\u{ff3c}'
            | '\u{1d20f}'
            | '\u{1d23b}'
    )
}

/// Whether nothing that stands before the character can combine with it or be reordered around it.
fn stands_alone(c: char) -> bool {
    c.is_ascii() || (canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes)
}

fn carries_marks(c: char) -> bool {
    match c.general_category_group() {
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number | GeneralCategoryGroup::Punctuation => true,
        // A mark over an emoji is drawn nowhere, or over its neighbour.
        GeneralCategoryGroup::Symbol => c.width() == Some(1),
        _ => false,
    }
}
