use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_normalization::is_nfc;

use super::*;
use crate::domain::glyph::emoji;

/// Characters that do something to their neighbours, or only seem to.
pub(super) const TROUBLE: [char; 72] = [
    ' ',
    ' ',
    '\\',
    'u',
    '{',
    '}',
    '2',
    '0',
    'b',
    'a',
    'e',
    'q',
    '<',
    '\u{1b}',
    '\u{9b}',
    '\n',
    '\u{7f}',
    '\u{a0}',
    '\u{ad}',
    '\u{e9}',
    '\u{301}',
    '\u{323}',
    '\u{338}',
    '\u{34f}',
    '\u{5b0}',
    '\u{5c1}',
    '\u{5e9}',
    '\u{600}',
    '\u{627}',
    '\u{644}',
    '\u{6cc}',
    '\u{70f}',
    '\u{930}',
    '\u{94d}',
    '\u{93c}',
    '\u{958}',
    '\u{9b0}',
    '\u{9cd}',
    '\u{9be}',
    '\u{9c7}',
    '\u{d4e}',
    '\u{dca}',
    '\u{dbb}',
    '\u{e33}',
    '\u{f71}',
    '\u{1100}',
    '\u{1161}',
    '\u{11a8}',
    '\u{17d2}',
    '\u{1780}',
    '\u{a4f8}',
    '\u{a4fc}',
    '\u{ac00}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{202e}',
    '\u{20e3}',
    '\u{2764}',
    '\u{2d31}',
    '\u{2d7f}',
    '\u{3000}',
    '\u{3164}',
    '\u{5c71}',
    '\u{fe0e}',
    '\u{fe0f}',
    '\u{ff76}',
    '\u{ff9e}',
    '\u{1f1e9}',
    '\u{1f3fd}',
    '\u{1f468}',
    '\u{1f9d2}',
];

fn value() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        6 => select(&TROUBLE[..]),
        2 => any::<char>(),
        1 => prop::char::range(' ', '~'),
    ];
    vec(character, 0..24).prop_map(String::from_iter)
}

fn charset() -> impl Strategy<Value = Charset> {
    select(&[Charset::Utf8, Charset::Ascii][..])
}

/// A value and one that differs by a character taken out, put in or replaced.
fn neighbours() -> impl Strategy<Value = (String, String)> {
    (value(), any::<prop::sample::Index>(), select(&TROUBLE[..]), 0..3).prop_map(|(one, at, c, how)| {
        let mut other: Vec<char> = one.chars().collect();
        let at = at.index(other.len() + 1);
        match how {
            0 => other.insert(at, c),
            1 if at < other.len() => drop(other.remove(at)),
            _ if at < other.len() => other[at] = c,
            _ => other.push(c),
        }
        (one, other.into_iter().collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_value_can_be_read_back(value in value(), charset in charset()) {
        let shown = shown(&Raw::from(value.as_str()), charset);
        let piled = shown.pieces().iter().any(|piece| piece.is_token() && piece.text.contains('+'));
        match read_back(shown.as_str()) {
            Some(read) => prop_assert_eq!(read, value),
            None => prop_assert!(piled),
        }
    }

    #[test]
    fn different_values_differ((one, other) in neighbours(), charset in charset()) {
        prop_assume!(one != other);
        let (one, other) = (Raw::from(one), Raw::from(other));
        prop_assert_ne!(shown(&one, charset).text, shown(&other, charset).text);
        prop_assert_ne!(typed(&one, charset).text, typed(&other, charset).text);
    }

    #[test]
    fn nothing_raw_and_nothing_hidden_is_written(value in value()) {
        let shown = shown(&Raw::from(value.as_str()), Charset::Utf8);
        let text: Vec<char> = shown.as_str().chars().collect();
        prop_assert!(is_nfc(shown.as_str()));
        for (at, &c) in text.iter().enumerate() {
            prop_assert!(!is_dangerous(c), "{}", c.escape_unicode());
            let before = at.checked_sub(1).map(|at| text[at]);
            let joins = matches!(c, '\u{200c}' | '\u{200d}');
            // A joiner stands between two letters or two emoji, the selector behind something it changes.
            if joins {
                prop_assert!(before.is_some_and(|c| !c.is_ascii()));
                prop_assert!(text.get(at + 1).is_some_and(|c| !c.is_ascii()));
            }
            if matches!(c, '\u{fe00}'..='\u{fe0f}') {
                prop_assert_eq!(c, emoji::EMOJI_PRESENTATION);
                prop_assert!(before.is_some());
            }
        }
        prop_assert!(!shown.as_str().starts_with(' ') && !shown.as_str().ends_with(' '));
        prop_assert!(!shown.as_str().contains("  "));
    }

    #[test]
    fn ascii_is_ascii(value in value()) {
        let shown = shown(&Raw::from(value), Charset::Ascii);
        prop_assert!(shown.as_str().bytes().all(|byte| matches!(byte, b' '..=b'~')));
        prop_assert_eq!(shown.width(), shown.as_str().len());
    }

    #[test]
    fn what_is_plain_is_shown_as_it_would_be_character_by_character(value in "[ -~]{0,12}", charset in charset()) {
        let slowly = piece::from_items(&value, escape::escape(&value, charset, escape::Ending::Finished));
        if escape::is_plain(&value) {
            prop_assert_eq!(piece::plain(&value), slowly);
        } else {
            // Nothing is called unfit that is not: a backslash may stand where it opens no token.
            prop_assert!(value.contains('\\') || slowly.as_str() != value);
        }
    }

    #[test]
    fn it_passes_unharmed_through_ratatui(value in value(), charset in charset(), from in 0..60_usize, to in 0..60_usize) {
        let shown = shown(&Raw::from(value.as_str()), charset);
        prop_assert_eq!(drawn(&shown), (shown.as_str().to_owned(), shown.width()));
        // Cut into differently styled pieces it stays the same text.
        let lit = shown.clone().lit(std::slice::from_ref(&(from..to)));
        prop_assert_eq!(drawn(&lit), (shown.as_str().to_owned(), shown.width()));
        prop_assert!(shown.atoms.iter().all(|atom| atom.columns > 0));
    }

    #[test]
    fn parts_put_together_stay_apart(one in value(), other in value()) {
        let (one, other) = (shown(&Raw::from(one), Charset::Utf8), shown(&Raw::from(other), Charset::Utf8));
        let (width, text) = (one.width() + other.width(), format!("{}{}", one.as_str(), other.as_str()));
        let whole = one.join(other);
        prop_assert_eq!(drawn(&whole), (text, width));
        prop_assert_eq!(whole.width(), width);
    }

    #[test]
    fn it_fits_and_says_what_is_missing(value in value(), charset in charset(), columns in 0..40_usize) {
        let shown = shown(&Raw::from(value), charset);
        let fit = shown.clone().fit(columns);
        prop_assert!(fit.width() <= columns);
        prop_assert_eq!(drawn(&fit), (fit.as_str().to_owned(), fit.width()));
        if shown.width() > columns {
            let cut = "..".get(..columns.min(2)).unwrap_or_default();
            let kept = fit.as_str().strip_suffix(cut);
            prop_assert!(kept.is_some_and(|kept| shown.as_str().starts_with(kept)));
            prop_assert!(columns == 0 || fit.pieces().last().is_some_and(|piece| piece.kind == Kind::Cut));
        } else {
            prop_assert_eq!(&fit, &shown);
        }
        prop_assert_eq!(shown.clone().pad(columns).width(), columns);
        prop_assert_eq!(shown.pad_left(columns).width(), columns);
        // What is cut off is whole: the tokens that are left are tokens of the value.
        for piece in fit.pieces().iter().filter(|piece| piece.is_token()) {
            let whole = piece.text.starts_with("\\u{") && piece.text.ends_with('}');
            prop_assert!(whole);
        }
    }

    #[test]
    fn lines_hold_everything(value in value(), charset in charset(), columns in 1..60_usize) {
        let shown = shown(&Raw::from(value), charset);
        let widest = shown.atoms.iter().map(|atom| atom.columns).max().unwrap_or(0);
        let lines = shown.wrap(columns);
        for line in &lines {
            prop_assert!(line.width() <= columns);
        }
        if widest <= columns {
            let whole: Shown = lines.into_iter().collect();
            prop_assert_eq!(whole.as_str(), shown.as_str());
        } else {
            prop_assert!(lines.iter().any(|line| line.pieces().iter().any(|piece| piece.kind == Kind::Cut)));
        }
    }

    #[test]
    fn the_cursor_stays_in_its_field(value in value(), charset in charset(), columns in 1..40_usize, at in any::<prop::sample::Index>()) {
        let ends: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
        let offset = ends[at.index(ends.len())];
        let shown = typed(&Raw::from(value.as_str()), charset);
        prop_assert!(shown.column_of(offset) <= shown.width());
        prop_assert_eq!(shown.column_of(value.len()), shown.width());
        let (part, cursor) = shown.window(columns, offset);
        prop_assert!(part.width() <= columns);
        prop_assert!(cursor < columns);
        if part.width() < shown.width() {
            prop_assert!(part.pieces().iter().any(|piece| piece.kind == Kind::Cut));
        }
    }
}

/// Every character there is, between two letters and alone.
#[test]
fn every_character_is_drawn_or_told() {
    let mut standing = 0_u32;
    // Plane by plane, without those that hold nothing but unassigned or private code points.
    let planes = ('\0'..='\u{3ffff}')
        .chain('\u{dfff0}'..='\u{e0fff}')
        .chain('\u{10fff0}'..=char::MAX);
    for c in planes {
        let value = format!("a{c}b");
        let shown = shown(&Raw::from(value.as_str()), Charset::Utf8);
        if shown.as_str() == value {
            standing += 1;
            assert!(!is_dangerous(c), "{}", c.escape_unicode());
            assert!(is_nfc(&value), "{}", c.escape_unicode());
        } else {
            assert_eq!(shown.as_str(), format!("a{}b", c.escape_unicode()));
        }
        let alone = super::shown(&Raw::from(String::from(c)), Charset::Utf8);
        assert!(alone.width() > 0, "{}", c.escape_unicode());
        assert!(alone.as_str().chars().all(|c| !is_dangerous(c)));
    }
    // Unicode has about 150,000 characters with a glyph: escaping everything would not pass.
    assert!(standing > 140_000, "{standing}");
}
