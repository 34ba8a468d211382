//! Text of others on its way to the screen: nothing dangerous, nothing hidden, and two values never look the same.

use cognitui::domain::Raw;
use cognitui::view::text::{Charset, shown, typed};

use super::letters::{is_dangerous, is_mark};
use super::{Bytes, letters};

/// Pieces of input that get further than letters by chance.
pub const WORDS: &[&[u8]] = &[
    b"\\u{200b}",
    b"\\u{+5 marks 0011223344556677}",
    b"\\u{",
    b"\\",
    b"  ",
    b" ",
    b"\x1b]0;x\x07",
    b"\x1b[2J",
    "\u{301}\u{301}\u{301}\u{301}\u{301}".as_bytes(),
    "e\u{301}".as_bytes(),
    "\u{e9}".as_bytes(),
    "\u{ff3c}\u{ff55}\u{ff5b}".as_bytes(),
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".as_bytes(),
    "\u{1f44d}\u{1f3fd}".as_bytes(),
    "\u{2764}\u{fe0f}".as_bytes(),
    "1\u{fe0f}\u{20e3}".as_bytes(),
    "\u{1f1e9}\u{1f1ea}".as_bytes(),
    "\u{915}\u{94d}\u{200d}\u{937}".as_bytes(),
    "\u{646}\u{200c}\u{647}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{2066}".as_bytes(),
    "\u{3164}".as_bytes(),
    "\u{1100}\u{1161}\u{11a8}".as_bytes(),
    "\u{e0041}\u{e007f}".as_bytes(),
    "\u{ffff}".as_bytes(),
];

pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let charset = bytes.pick(&[Charset::Utf8, Charset::Utf8, Charset::Ascii]);
    let (at, how, letter) = (bytes.byte(), bytes.below(4), bytes.pick(&letters::TROUBLE));
    let value = bytes.rest();
    let text = show(&value, charset);

    allowed(&text, charset);
    reads_back(&value, &text);

    // A neighbour looks different.
    let other = neighbour(&value, usize::from(at), how, letter);
    if other != value {
        assert_ne!(show(&other, charset), text, "{other:?} is shown like {value:?}");
        let typed = |value: &str| typed(&Raw::from(value), charset).as_str().to_owned();
        assert_ne!(typed(&other), typed(&value), "{other:?} is typed like {value:?}");
    }
    // What is shown, typed as a value of its own, is shown as itself only where nothing had to be replaced.
    assert_eq!(show(&text, charset) == text, text == value, "{value:?}");

    let whole = shown(&Raw::from(value.as_str()), charset);
    let columns = usize::from(at) % 40;
    let fit = whole.clone().fit(columns);
    assert!(fit.width() <= columns, "{value:?} in {columns} columns");
    assert_eq!(
        fit.as_str() == text,
        whole.width() <= columns,
        "a cut is marked: {value:?}"
    );
}

fn show(value: &str, charset: Charset) -> String {
    shown(&Raw::from(value), charset).as_str().to_owned()
}

fn allowed(text: &str, charset: Charset) {
    let letters: Vec<char> = text.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        assert!(!is_dangerous(c), "{} in {text:?}", c.escape_unicode());
        if charset == Charset::Ascii {
            assert!(matches!(c, ' '..='~'), "{} in ASCII", c.escape_unicode());
        }
        // A joiner stands between two letters or two emoji, the emoji selector behind what it changes.
        let beside = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| !c.is_ascii());
        if matches!(c, '\u{200c}' | '\u{200d}') {
            assert!(
                beside(at.checked_sub(1)) && beside(Some(at + 1)),
                "a loose joiner in {text:?}"
            );
        }
        if matches!(c, '\u{fe00}'..='\u{fe0e}') || (c == '\u{fe0f}' && at == 0) {
            panic!("a loose selector in {text:?}");
        }
    }
    let hidden = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    assert!(!hidden, "a space that cannot be seen in {text:?}");
}

/// Reads shown text by the notation alone and compares it with the value. Of a pile of marks only the count is there to
/// be read, and the digest in which the piles differ.
fn reads_back(value: &str, text: &str) {
    let mut left = value.chars();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let Some(opened) = rest.strip_prefix("\\u{") else {
            assert_eq!(left.next(), Some(c), "{value:?} as {text:?}");
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let (token, behind) = opened.split_once('}').expect("a token ends");
        rest = behind;
        if let Some(pile) = token.strip_prefix('+') {
            let (count, digest) = pile.split_once(" marks ").expect("a pile of marks");
            assert!(
                digest.len() == 16 && digest.bytes().all(|b| b.is_ascii_hexdigit()),
                "{token}"
            );
            for _ in 0..count.parse::<usize>().expect("a count") {
                assert!(left.next().is_some_and(is_mark), "{value:?} as {text:?}");
            }
        } else {
            let number = u32::from_str_radix(token, 16).expect("a number");
            let c = char::from_u32(number).expect("a character");
            assert_eq!(token, format!("{number:x}"), "one way to write it");
            assert_eq!(left.next(), Some(c), "{value:?} as {text:?}");
        }
    }
    assert_eq!(left.next(), None, "{value:?} as {text:?}");
}

/// The value with one character taken out, put in, replaced or doubled.
fn neighbour(value: &str, at: usize, how: usize, letter: char) -> String {
    let mut letters: Vec<char> = value.chars().collect();
    let at = at % (letters.len() + 1);
    match how {
        0 if at < letters.len() => drop(letters.remove(at)),
        1 if at < letters.len() => letters[at] = letter,
        2 if at < letters.len() => letters.insert(at, letters[at]),
        _ => letters.insert(at, letter),
    }
    letters.into_iter().collect()
}
