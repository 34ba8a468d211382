//! The word that was probably meant, for messages about unknown keys and values.

use std::cmp::Reverse;

/// The candidate nearest to `word`, if it is near enough to be a slip rather than another word.
///
/// Case and `_` for `-` do not count as differences. A swap of two neighbours counts as one. Of two that are as near, the
/// one that begins like the word was meant: "of" is an "off" without its end, not an "on".
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word);
    // A long text is no slip of a key, and the cost grows with the product of the lengths.
    if word.len() > 64 {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| {
            let letters = folded(candidate);
            let alike = word.iter().zip(&letters).take_while(|(a, b)| a == b).count();
            (distance(&word, &letters), Reverse(alike), candidate)
        })
        .filter(|(steps, _, candidate)| *steps <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(steps, alike, _)| (*steps, *alike))
        .map(|(_, _, candidate)| candidate)
}

fn folded(word: &str) -> Vec<char> {
    word.chars()
        .map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

/// Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous: Option<char> = None;
    for (row, &a) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut left: Option<char> = None;
        for (column, &b) in to.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, column + 1) + 1)
                .min(at(&current, column) + 1)
                .min(at(&last, column) + usize::from(a != b));
            if column > 0 && previous == Some(b) && left == Some(a) {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            current.push(best);
            left = Some(b);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(a);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    #[test]
    fn distances() {
        for (from, to, steps) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("region", "region", 0),
            ("reigon", "region", 1),
            ("regoin", "region", 1),
            ("regio", "region", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(&chars(from), &chars(to)), steps, "{from} to {to}");
        }
    }

    #[test]
    fn a_slip_finds_its_word_and_another_word_does_not() {
        let keys = ["region", "read-only", "read-timeout", "profile"];
        assert_eq!(nearest("reigon", keys), Some("region"));
        assert_eq!(nearest("Read_Timeout", keys), Some("read-timeout"));
        assert_eq!(nearest("readonly", keys), Some("read-only"));
        assert_eq!(nearest("colour", keys), None);
        for (slip, meant) in [
            ("of", "off"),
            ("onn", "on"),
            ("offf", "off"),
            ("n", "on"),
            ("OFF", "off"),
            ("fof", "off"),
        ] {
            assert_eq!(nearest(slip, ["on", "off"]), Some(meant), "{slip}");
        }
        assert_eq!(nearest(&"x".repeat(10_000), keys), None);
    }
}
