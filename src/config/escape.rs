//! Text that somebody else wrote, made safe for a terminal that is still in its ordinary mode.
//!
//! Messages before the first frame do not pass through the screen's own text rules, and a configuration or a username
//! pasted from a chat can hold escape sequences and invisible characters.

/// Longest quotation in a message, in characters: enough to recognise a value, short enough for one line.
const QUOTED: usize = 80;

/// `text` with every control, bidi, invisible and unassigned character as `\u{..}` and backslashes doubled, so that two
/// different texts never look alike.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut safe, c);
    }
    safe
}

/// [`escaped`] in double quotes, its own quotes escaped; a long text is cut and says so.
pub fn quoted(text: &str) -> String {
    let mut safe = String::from("\"");
    for c in text.chars().take(QUOTED) {
        if c == '"' {
            safe.push('\\');
        }
        push(&mut safe, c);
    }
    safe.push('"');
    let length = text.chars().count();
    if length > QUOTED {
        safe.push_str(&format!(".. ({length} characters)"));
    }
    safe
}

fn push(safe: &mut String, c: char) {
    match c {
        '\\' => safe.push_str("\\\\"),
        _ if is_visible(c) => safe.push(c),
        _ => safe.extend(c.escape_unicode()),
    }
}

/// Whether a character shows itself as it is. The standard library's Debug escapes what has no glyph; a few letters that
/// are blank by design are added.
pub(super) fn is_visible(c: char) -> bool {
    const BLANK: [char; 7] = [
        '\u{115F}', '\u{1160}', '\u{17B4}', '\u{17B5}', '\u{2800}', '\u{3164}', '\u{FFA0}',
    ];
    match c {
        '\'' | '"' | '\\' => true,
        _ => c.escape_debug().count() == 1 && !BLANK.contains(&c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_or_hides_is_printed() {
        for hostile in [
            "\x1b[2J",
            "\u{9b}31m",
            "\u{202e}",
            "\u{200b}",
            "\u{2066}",
            "\u{feff}",
            "\r\n",
            "\0",
            "\x7f",
            "\u{3164}",
            "\u{2028}",
            "\u{a0}",
            "\u{e0041}",
            "\u{ad}",
        ] {
            let safe = escaped(hostile);
            assert!(safe.starts_with("\\u{"), "{hostile:?} became {safe}");
            assert!(safe.chars().all(|c| c == '[' || c.is_ascii_graphic()), "{safe}");
        }
    }

    #[test]
    fn ordinary_text_stays_and_typed_escapes_differ() {
        assert_eq!(escaped("Zoë Müller 山田 it's"), "Zoë Müller 山田 it's");
        assert_ne!(escaped("\u{200b}"), escaped("\\u{200b}"));
        assert_eq!(quoted("a\"b"), "\"a\\\"b\"");
    }

    #[test]
    fn a_long_quotation_is_cut_and_says_so() {
        let long = "x".repeat(5_000);
        assert!(quoted(&long).ends_with("\".. (5000 characters)"));
        assert!(quoted(&long).len() < 120);
    }
}
