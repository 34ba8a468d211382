//! Rows and rules: what is cut, what is kept, and where the cursor goes.

use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::row::{Row, rule};

fn text(row: Row, width: u16) -> String {
    let area = ratatui::layout::Rect::new(0, 0, width, 1);
    let mut buffer = ratatui::buffer::Buffer::empty(area);
    row.draw(area, &mut buffer, &super::dump::view().theme);
    buffer.content.iter().map(|cell| cell.symbol()).collect()
}

#[test]
fn what_is_cut_is_marked_wherever_the_cut_falls() {
    for width in 2..12 {
        let row = Row::words(Role::Text, "abcd")
            .put(Role::Text, "efgh")
            .put(Role::Text, "ijkl");
        let text = text(row, width);
        assert!(text.ends_with(".."), "{width}: {text}");
        assert_eq!(text.len(), usize::from(width));
    }
    let row = Row::words(Role::Text, "abcd").put(Role::Text, "efgh");
    assert_eq!(text(row, 8), "abcdefgh");
}

#[test]
fn the_right_end_stays_and_the_left_gives_way() {
    let row = Row::words(Role::Text, "a long beginning").right(12, Row::words(Role::Text, "end"));
    assert_eq!(text(row, 12), "a long.. end");
}

#[test]
fn a_rule_is_as_wide_as_the_screen() {
    let label = Row::words(Role::Title, "Status, UTC");
    let tail = Row::words(Role::Title, "1 waiting   Tab to enter");
    for width in [0, 10, 40, 80] {
        assert_eq!(
            rule(Role::Title, width, &label, &tail).cut(width).width(),
            width,
            "{width}"
        );
    }
    let wide = rule(Role::Title, 60, &label, &Row::new());
    assert_eq!(text(wide, 60), format!("-- Status, UTC {}", "-".repeat(45)));
}

#[test]
fn the_cursor_stays_on_the_row_when_it_is_cut() {
    let area = ratatui::layout::Rect::new(3, 1, 10, 1);
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 20, 3));
    let row = Row::words(Role::Text, Shown::words("x".repeat(50))).cursor(40);
    let cursor = row.draw(area, &mut buffer, &super::dump::view().theme).unwrap();
    assert_eq!((cursor.x, cursor.y), (12, 1));
}
