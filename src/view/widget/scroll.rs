//! Which part of something longer than the screen is shown.

use std::ops::Range;

/// The first of `count` lines to show in `height` lines so that `focus` is visible, with as much before as after it.
///
/// The same input always gives the same view, so that nothing has to remember where a list was scrolled to.
pub fn first_line(focus: &Range<usize>, count: usize, height: usize) -> usize {
    let last_first = count.saturating_sub(height);
    let length = focus.end.saturating_sub(focus.start).min(height);
    let before = height.saturating_sub(length) / 2;
    focus.start.saturating_sub(before).min(last_first)
}

/// The lines of `rows` that are shown.
pub fn window<T>(rows: Vec<T>, focus: &Range<usize>, height: usize) -> Vec<T> {
    let first = first_line(focus, rows.len(), height);
    rows.into_iter().skip(first).take(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_is_always_shown() {
        for count in 0..40 {
            for height in 1..20 {
                for focus in 0..count {
                    let first = first_line(&(focus..focus + 1), count, height);
                    assert!(
                        (first..first + height).contains(&focus),
                        "{focus} of {count} in {height}"
                    );
                    assert!(
                        first == 0 || first + height <= count,
                        "no empty line while there are more"
                    );
                }
            }
        }
    }

    #[test]
    fn a_focus_higher_than_the_screen_is_shown_from_its_beginning() {
        assert_eq!(first_line(&(5..50), 60, 10), 5);
    }
}
