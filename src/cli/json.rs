//! JSON on standard output, which may be a terminal: nothing in it can steer one.

use crate::domain::export::{escape, is_plain};

/// JSON text in which only letters, digits and plain ASCII stand as themselves. Its structure is ASCII, so everything
/// else stands inside a string, where an escape means the same.
pub(super) fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_plain(c) {
            out.push(c);
        } else {
            escape(c, &mut out);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_ends_a_line_is_an_escape_and_means_the_same() {
        let hostile = "a\u{1b}[31m\u{7f}\u{85}\u{9b}31m\u{2028}\u{202e}\u{200b}\u{e0041}\u{1f600} Ren\u{e9}e \u{5f20}";
        let text = printable(&serde_json::Value::from(hostile).to_string());
        assert!(
            text.chars().all(|c| (' '..='~').contains(&c) || c.is_alphanumeric()),
            "{text}"
        );
        assert!(text.contains("Ren\u{e9}e \u{5f20}"), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }
}
