//! What differs inside a value, by what a reader sees as one character.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

/// Longer values are compared as a whole: nobody reads marks under a page of text, and comparing takes its square.
const LONGEST: usize = 512;

/// Fewer characters than this between two changes belong to the change.
const SHORTEST_SAME: usize = 3;

/// Bytes of the old and of the new value that the other one does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub old: Vec<Range<usize>>,
    pub new: Vec<Range<usize>>,
}

/// What differs, where enough stays the same for marks to say something: two values with little in common are two values.
pub fn difference(old: &str, new: &str) -> Option<Difference> {
    if old.len() > LONGEST || new.len() > LONGEST {
        return None;
    }
    let old: Vec<(usize, &str)> = old.grapheme_indices(true).collect();
    let new: Vec<(usize, &str)> = new.grapheme_indices(true).collect();
    let texts = |side: &[(usize, &str)]| side.iter().map(|(_, text)| (*text).to_owned()).collect::<Vec<String>>();
    let operations = capture_diff_slices(Algorithm::Myers, &texts(&old), &texts(&new));
    let last = operations.len().saturating_sub(1);
    // A letter or two that both happen to have in the middle of a change are no reason to break the marks.
    let stays = |at: usize, operation: &DiffOp| {
        let at_an_end = at == 0 || at == last;
        operation.tag() == DiffTag::Equal && (at_an_end || operation.old_range().len() >= SHORTEST_SAME)
    };
    let same: usize = operations
        .iter()
        .enumerate()
        .filter(|(at, operation)| stays(*at, operation))
        .map(|(_, operation)| operation.old_range().len())
        .sum();
    if same.saturating_mul(4) < old.len().saturating_add(new.len()) {
        return None;
    }
    let mut found = Difference::default();
    for (at, operation) in operations.iter().enumerate() {
        if !stays(at, operation) {
            found.old.extend(bytes(&old, operation.old_range()));
            found.new.extend(bytes(&new, operation.new_range()));
        }
    }
    Some(found)
}

/// The bytes of a run of characters; nothing for an empty run.
fn bytes(side: &[(usize, &str)], run: Range<usize>) -> Option<Range<usize>> {
    let run = side.get(run)?;
    let (first, _) = run.first()?;
    let (last, text) = run.last()?;
    Some(*first..last.saturating_add(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(old: &str, new: &str) -> Option<(Vec<String>, Vec<String>)> {
        let found = difference(old, new)?;
        let of =
            |text: &str, ranges: &[Range<usize>]| ranges.iter().map(|range| text[range.clone()].to_owned()).collect();
        Some((of(old, &found.old), of(new, &found.new)))
    }

    #[test]
    fn what_was_put_in_is_marked_and_nothing_else() {
        let (old, new) = parts("jane@example.com", "jane.doe@example.com").unwrap();
        assert_eq!((old, new), (vec![], vec![".doe".to_owned()]));
    }

    #[test]
    fn an_accent_is_marked_with_its_letter() {
        let (old, new) = parts("Rene\u{301} Doe", "Rene Doe").unwrap();
        assert_eq!((old, new), (vec!["e\u{301}".to_owned()], vec!["e".to_owned()]));
    }

    #[test]
    fn what_lies_between_two_changes_by_chance_belongs_to_them() {
        let (old, new) = parts("jane@other.example", "jane.doe@example.com").unwrap();
        assert_eq!(
            (old.concat(), new.concat()),
            ("@other.".to_owned(), ".doe@.com".to_owned())
        );
    }

    #[test]
    fn values_with_little_in_common_are_not_marked() {
        assert_eq!(difference("silver", "gold"), None);
        assert_eq!(difference("", "gold"), None);
        assert_eq!(difference(&"a".repeat(2_000), &"a".repeat(2_001)), None);
    }
}
