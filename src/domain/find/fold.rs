//! One name, many spellings: accents composed, decomposed, written as two letters, or left out.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The usual two letters for one, as passports, airlines and e-mail addresses write them.
const PAIRS: [(char, &str); 7] = [
    ('ä', "ae"),
    ('ö', "oe"),
    ('ü', "ue"),
    ('ß', "ss"),
    ('å', "aa"),
    ('ø', "oe"),
    ('æ', "ae"),
];

/// Letters that are no letter with an accent to Unicode, and what people type for them. Ligatures come out of documents that
/// were set for print, letters of two from old code pages.
const LONERS: [(char, &str); 22] = [
    ('ß', "ss"),
    ('ø', "o"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ı', "i"),
    ('ﬀ', "ff"),
    ('ﬁ', "fi"),
    ('ﬂ', "fl"),
    ('ﬃ', "ffi"),
    ('ﬄ', "ffl"),
    ('ﬅ', "st"),
    ('ﬆ', "st"),
    ('ſ', "s"),
    ('ĳ', "ij"),
    ('ǆ', "dz"),
    ('ǳ', "dz"),
    ('ǉ', "lj"),
    ('ǌ', "nj"),
];

/// `ö` as one character.
pub(in crate::domain) fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// `ö` as `o` and a mark, as some Apple software stores it.
pub(super) fn decomposed(text: &str) -> String {
    text.nfd().collect()
}

/// `Schröder` as `Schroeder`, `José` as `Jose`.
pub(super) fn two_letters(text: &str) -> String {
    without_accents(&replaced(&composed(text), &PAIRS))
}

/// `Schroeder` as `Schröder`: the other way, for the three pairs that German names use. Nothing where none occurs.
pub(super) fn one_letter(text: &str) -> Option<String> {
    const BACK: [(&str, &str); 6] = [
        ("ae", "ä"),
        ("oe", "ö"),
        ("ue", "ü"),
        ("Ae", "Ä"),
        ("Oe", "Ö"),
        ("Ue", "Ü"),
    ];
    let back = BACK
        .iter()
        .fold(text.to_owned(), |text, (pair, letter)| text.replace(pair, letter));
    (back != text).then_some(back)
}

/// Small letters without accents: what "the same" means while typing.
pub(in crate::domain) fn plain(text: &str) -> String {
    small(&without_accents(text))
}

/// Small letters, accents as two letters where that is usual.
pub(in crate::domain) fn plain_two_letters(text: &str) -> String {
    small(&two_letters(text))
}

/// A sigma has another form at the end of a word, which would make a beginning differ from its whole.
pub(in crate::domain) fn small(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

fn without_accents(text: &str) -> String {
    let bare: String = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
    replaced(&bare, &LONERS)
}

/// Replaces letters, keeping a capital where the original had one: `Öz` becomes `Oez`.
fn replaced(text: &str, pairs: &[(char, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let small = c.to_lowercase().next().unwrap_or(c);
        match pairs.iter().find(|(letter, _)| *letter == small) {
            None => out.push(c),
            Some((_, pair)) if small == c => out.push_str(pair),
            Some((_, pair)) => {
                let mut letters = pair.chars();
                out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(letters.as_str());
            }
        }
    }
    out
}
