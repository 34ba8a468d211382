//! Which characters leave something to see. What is invisible hides differences between two values and is what somebody
//! pastes without knowing, so the screen writes it out and a check looks for it; both ask here.

pub mod emoji;
pub mod joiner;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

pub fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Whether the character leaves no glyph of its own on the screen, or one that only looks like a plain space or hyphen.
pub fn draws_nothing(c: char) -> bool {
    use GeneralCategory as Category;
    match c.general_category() {
        Category::Control
        | Category::LineSeparator
        | Category::ParagraphSeparator
        | Category::PrivateUse
        | Category::Surrogate
        | Category::Unassigned => true,
        Category::SpaceSeparator => c != ' ',
        _ => is_shapeless(c) || is_no_break(c),
    }
}

/// Whether a value means the same without the character: it has no shape of its own, and no one puts it there on purpose. Not
/// all that draws nothing: what stands in for a space or a hyphen keeps two words apart, and a character of somebody's own, or
/// of a later Unicode, may be a letter.
pub fn is_shapeless(c: char) -> bool {
    let is_reserved = matches!(c, '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}');
    c.general_category() == GeneralCategory::Format || is_ignorable(c) || is_blank(c) || is_reserved
}

/// Default-ignorable code points that are letters or marks by category (Unicode, DerivedCoreProperties.txt); those that
/// are format characters or unassigned are known by their category.
pub fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Characters whose glyph is blank although their category says letter or symbol: braille without dots, an object's
/// placeholder, a note without a head, hieroglyphic blanks, the Khitan filler.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{2800}' | '\u{fffc}' | '\u{1d159}' | '\u{13441}' | '\u{13442}' | '\u{16fe4}'
    )
}

/// The non-breaking twins of the hyphen and of the Tibetan tsheg, drawn exactly like them.
fn is_no_break(c: char) -> bool {
    matches!(c, '\u{2011}' | '\u{f0c}')
}

/// A character that cannot be seen where it stands, and its place among the value's code points, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    pub character: char,
    pub place: usize,
}

/// The first character of a value that nobody sees and that spelling does not need: the joiners of Persian, Indic scripts
/// and emoji may stay. A space counts at either end.
pub fn first_hidden(value: &str) -> Option<Hidden> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~');
    let ends = value.starts_with(' ') || value.ends_with(' ');
    if !ends && value.bytes().all(plain) {
        return None;
    }
    let chars: Vec<(usize, char)> = value.char_indices().collect();
    let char_at = |at: usize| chars.get(at).map(|&(_, c)| c);
    let mut at = 0;
    while let Some(c) = char_at(at) {
        if let Some(count) = emoji::joined(chars.get(at..).unwrap_or_default()) {
            at += count;
            continue;
        }
        let before = at.checked_sub(1).and_then(char_at);
        let hides = match c {
            ' ' => at == 0 || at + 1 == chars.len(),
            joiner::ZWJ | joiner::ZWNJ => !joiner::may_stand(&chars, at),
            emoji::EMOJI_PRESENTATION => !emoji::presentation_may_stand(before, char_at(at + 1)),
            c => draws_nothing(c),
        };
        if hides {
            return Some(Hidden {
                character: c,
                place: at + 1,
            });
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_where_it_stands() {
        for (value, place) in [
            ("pay\u{200b}pal", 4),
            ("ad\u{200c}min", 3),
            (" padded", 1),
            ("padded ", 7),
            ("two\u{a0}words", 4),
            ("bell\u{7}", 5),
            ("A\u{fe0f}B", 2),
            ("\u{3164}", 1),
            ("user\u{202e}nimda", 5),
        ] {
            assert_eq!(first_hidden(value).map(|hidden| hidden.place), Some(place), "{value:?}");
        }
    }

    #[test]
    fn what_has_no_shape_draws_nothing_and_what_keeps_words_apart_has_one() {
        for c in (0..=0x0010_ffff).filter_map(char::from_u32) {
            assert!(!is_shapeless(c) || draws_nothing(c), "{c:?}");
        }
        for c in [
            '\u{ad}',
            '\u{200b}',
            '\u{202e}',
            '\u{feff}',
            '\u{3164}',
            '\u{2800}',
            '\u{fe0f}',
            '\u{e0041}',
        ] {
            assert!(is_shapeless(c), "{c:?}");
        }
        for c in [' ', '\u{a0}', '\n', '\u{2011}', '\u{e000}', 'a', '-', '\u{378}'] {
            assert!(!is_shapeless(c), "{c:?}");
        }
    }

    #[test]
    fn ordinary_spelling_hides_nothing() {
        for value in [
            "",
            "Jane van den Berg",
            "René",
            "Rene\u{301}",
            "محمد",
            // Persian for "I want": the joiner keeps two letters apart.
            "می\u{200c}خواهم",
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} Family",
            "\u{2764}\u{fe0f}",
            "山田太郎",
        ] {
            assert_eq!(first_hidden(value), None, "{value:?}");
        }
    }
}
