//! Which characters do harm, judged by Unicode's general category alone and by nothing of the program.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Characters that do something to a terminal, a parser or their neighbours, or only seem to.
pub const TROUBLE: [char; 40] = [
    '\0',
    '\t',
    '\n',
    '\r',
    '\u{1b}',
    '\u{7}',
    '\u{7f}',
    '\u{9b}',
    '\u{85}',
    '\'',
    '"',
    '\\',
    '`',
    '$',
    '{',
    '}',
    '%',
    '\u{a0}',
    '\u{ad}',
    '\u{e9}',
    '\u{301}',
    '\u{338}',
    '\u{34f}',
    '\u{644}',
    '\u{94d}',
    '\u{930}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{202e}',
    '\u{2028}',
    '\u{2066}',
    '\u{2764}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{ffff}',
    '\u{e000}',
    '\u{1f468}',
    '\u{1f3fd}',
];

/// What may never be written to a terminal. Joiners are judged by their place.
pub fn is_dangerous(c: char) -> bool {
    use GeneralCategory as Category;
    !matches!(c, ' ' | '\u{200c}' | '\u{200d}')
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

pub fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}
