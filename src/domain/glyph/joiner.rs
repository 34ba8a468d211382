//! Where the two invisible joiners belong to ordinary spelling: Persian and Urdu words, and Indic conjuncts. There they
//! change the shape of what stands beside them and may stay; anywhere else they only hide.
//!
//! The rules are those of UAX #31, section 2.3 (A1, A2 and B), narrowed to the scripts whose names need them.

use unicode_normalization::char::canonical_combining_class;
use unicode_script::{Script, UnicodeScript as _};

use super::is_mark;

pub const ZWNJ: char = '\u{200c}';
pub const ZWJ: char = '\u{200d}';

/// Canonical combining class of every virama.
const VIRAMA: u8 = 9;

const DEVANAGARI_RA: char = '\u{930}';
const BENGALI_RA: char = '\u{9b0}';
const KANNADA_RA: char = '\u{cb0}';

/// Whether the joiner at `at` is one that spelling needs and that changes what is seen.
pub fn may_stand(chars: &[(usize, char)], at: usize) -> bool {
    let char_at = |index: usize| chars.get(index).map(|&(_, c)| c);
    let back = |steps: usize| at.checked_sub(steps).and_then(char_at);
    let (Some(before), Some(after)) = (back(1), char_at(at + 1)) else {
        return false;
    };
    match char_at(at) {
        // It keeps two letters apart that would join, or a virama visible that would vanish into a conjunct.
        Some(ZWNJ) => {
            ends_conjunct_part(before, after)
                || (letter_before(chars, at).is_some_and(joins_forward) && joins_backward(after))
        }
        // Only where the text without it is drawn otherwise: a half form that the font makes anyway, a chillu or a
        // khanda ta would look like another value.
        Some(ZWJ) => {
            let after_virama = ends_conjunct_part(before, after)
                && (before.script() == Script::Sinhala || back(2) == Some(DEVANAGARI_RA));
            let before_virama = matches!(before, BENGALI_RA | KANNADA_RA) && is_virama(after);
            after_virama || before_virama
        }
        _ => false,
    }
}

/// Whether the first is a virama and the second a letter of its script. Tamil shows its virama always.
fn ends_conjunct_part(virama: char, letter: char) -> bool {
    is_virama(virama)
        && letter.is_alphabetic()
        && !is_mark(letter)
        && virama.script() == letter.script()
        && virama.script() != Script::Tamil
}

fn is_virama(c: char) -> bool {
    !c.is_ascii() && canonical_combining_class(c) == VIRAMA
}

/// The letter before the joiner, vowel signs between them passed over.
fn letter_before(chars: &[(usize, char)], at: usize) -> Option<char> {
    chars
        .get(..at)?
        .iter()
        .rev()
        .map(|&(_, c)| c)
        .take(8)
        .find(|&c| !is_mark(c))
}

fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}' | '\u{66e}'..='\u{66f}' | '\u{671}'..='\u{6d3}' | '\u{6d5}'
        | '\u{6ee}'..='\u{6ef}' | '\u{6fa}'..='\u{6fc}' | '\u{6ff}' | '\u{750}'..='\u{77f}')
}

/// Arabic letters without a joining form (hamza, high hamza).
fn never_joins(c: char) -> bool {
    matches!(c, '\u{621}' | '\u{674}')
}

/// Arabic letters that join only to the one before them (Unicode, ArabicShaping.txt, Joining_Type R).
fn joins_only_back(c: char) -> bool {
    matches!(c, '\u{622}'..='\u{625}' | '\u{627}' | '\u{629}' | '\u{62f}'..='\u{632}' | '\u{648}'
        | '\u{671}'..='\u{673}' | '\u{675}'..='\u{677}' | '\u{688}'..='\u{699}' | '\u{6c0}'
        | '\u{6c3}'..='\u{6cb}' | '\u{6cd}' | '\u{6cf}' | '\u{6d2}'..='\u{6d3}' | '\u{6d5}'
        | '\u{6ee}'..='\u{6ef}' | '\u{759}'..='\u{75b}' | '\u{76b}'..='\u{76c}' | '\u{771}'
        | '\u{773}'..='\u{774}' | '\u{778}'..='\u{779}')
}

fn joins_forward(c: char) -> bool {
    is_arabic_letter(c) && !never_joins(c) && !joins_only_back(c)
}

fn joins_backward(c: char) -> bool {
    is_arabic_letter(c) && !never_joins(c)
}
