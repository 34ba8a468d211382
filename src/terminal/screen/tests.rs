use proptest::prelude::*;
use ratatui::{
    layout::Rect,
    style::{Modifier, Stylize},
    text::Line,
    widgets::Paragraph,
};

use super::*;

const SIZE: Size = Size::new(20, 4);

fn emulator() -> vt100::Parser {
    let cells = |n| std::num::NonZeroU16::new(n).unwrap();
    vt100::Parser::new(cells(SIZE.height), cells(SIZE.width), 0)
}

fn lines<'a>(text: &'a [&'a str]) -> impl FnOnce(&mut Frame<'_>) + 'a {
    move |frame| {
        let lines: Vec<Line<'_>> = text.iter().map(|l| Line::from(*l)).collect();
        frame.render_widget(Paragraph::new(lines), frame.area());
    }
}

#[test]
fn a_frame_is_one_synchronized_piece() {
    let mut screen = Screen::new().unwrap();
    let out = screen.draw(SIZE, lines(&["hello"])).unwrap();
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.starts_with("\x1b[?2026h"), "{out:?}");
    assert!(out.ends_with("\x1b[?2026l"), "{out:?}");
    assert_eq!(out.matches("2026").count(), 2);
    assert!(out.contains("hello"));
}

#[test]
fn nothing_new_is_nothing_written() {
    let mut screen = Screen::new().unwrap();
    assert!(!screen.draw(SIZE, lines(&["é 漢", "b"])).unwrap().is_empty());
    assert_eq!(screen.draw(SIZE, lines(&["é 漢", "b"])).unwrap(), b"");
    screen.forget();
    assert!(!screen.draw(SIZE, lines(&["é 漢", "b"])).unwrap().is_empty());
}

#[test]
fn one_changed_letter_is_one_letter_and_a_moved_cursor_only_moves() {
    let mut screen = Screen::new().unwrap();
    screen.draw(SIZE, lines(&["hello"])).unwrap();
    let out = screen.draw(SIZE, lines(&["hallo"])).unwrap();
    assert_eq!(out, b"\x1b[?2026h\x1b[?25l\x1b[1;2Ha\x1b[?2026l");
    let out = screen
        .draw(SIZE, |frame| {
            lines(&["hallo"])(frame);
            frame.set_cursor_position((3, 2));
        })
        .unwrap();
    assert_eq!(out, b"\x1b[3;4H\x1b[?25h");
    let out = screen.draw(SIZE, lines(&["hallo"])).unwrap();
    assert_eq!(out, b"\x1b[?25l");
}

#[test]
fn the_cursor_is_shown_where_the_frame_sets_it_and_never_outside() {
    let mut screen = Screen::new().unwrap();
    let out = screen.draw(SIZE, |frame| frame.set_cursor_position((5, 1))).unwrap();
    assert!(out.ends_with(b"\x1b[2;6H\x1b[?25h\x1b[?2026l"));
    let out = screen
        .draw(SIZE, |frame| frame.set_cursor_position((u16::MAX, u16::MAX)))
        .unwrap();
    assert_eq!(out, b"\x1b[4;20H\x1b[?25h");
}

#[test]
fn after_a_symbol_of_doubtful_width_the_cursor_is_moved() {
    let mut screen = Screen::new().unwrap();
    let out = screen.draw(SIZE, lines(&["a漢b👨‍👩‍👧c"])).unwrap();
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("a  \x1b[2G漢\x1b[1;4Hb  \x1b[5G👨‍👩‍👧\x1b[1;7Hc"), "{out:?}");
}

#[test]
fn reverse_video_survives_no_color() {
    // crossterm reads NO_COLOR once; what is written must not depend on it.
    let mut screen = Screen::new().unwrap();
    let out = screen
        .draw(SIZE, |frame| {
            frame.render_widget(Line::from("x".reversed()), frame.area());
        })
        .unwrap();
    let out = String::from_utf8_lossy(out);
    assert!(out.contains("\x1b[0m\x1b[7mx"), "{out:?}");
    assert!(!out.contains("\x1b[m"), "{out:?}");
}

#[test]
fn a_style_ends_with_its_cells_and_with_the_frame() {
    let mut screen = Screen::new().unwrap();
    let out = screen
        .draw(SIZE, |frame| {
            let line = Line::from(vec!["a".red().bold(), "b".into(), "c".on_blue()]);
            frame.render_widget(line, Rect::new(0, 0, 3, 1));
        })
        .unwrap();
    let mut seen = emulator();
    seen.process(out);
    let cell = |x| seen.screen().cell(0, x).unwrap();
    assert!(cell(0).bold() && cell(0).fgcolor() == vt100::Color::Idx(1));
    assert!(!cell(1).bold() && cell(1).fgcolor() == vt100::Color::Default);
    assert_eq!(cell(2).bgcolor(), vt100::Color::Idx(4));
    assert_eq!(seen.screen().bgcolor(), vt100::Color::Default);
}

#[test]
fn a_control_character_never_reaches_the_terminal() {
    let mut out = Vec::new();
    let mut pen = Pen::new(&mut out);
    for symbol in ["a\x1b[31m", "\u{9b}31m", "\r\n"] {
        pen.cell(0, 0, 20, Cell::default().set_symbol(symbol)).unwrap();
    }
    let out = String::from_utf8(out).unwrap();
    assert!(
        !out.contains("31m") && !out.contains('\r') && !out.contains('\u{9b}'),
        "{out:?}"
    );
}

#[test]
fn every_size_draws() {
    let mut screen = Screen::new().unwrap();
    for (width, height) in [(1, 1), (1, 500), (1_000, 1), (2, 2), (1_000, 500), (3, 1)] {
        let size = Size::new(width, height);
        screen.draw(size, lines(&["漢字 and more", "👍🏽"])).unwrap();
    }
    screen.draw(Size::new(0, 0), |_| {}).unwrap();
}

const SYMBOLS: [&str; 14] = [
    "a",
    "Z",
    " ",
    "~",
    "é",
    "e\u{301}",
    "漢",
    "👍",
    "👍🏽",
    "👨‍👩‍👧",
    "⌨️",
    "│",
    "ﾞ",
    "ع",
];

type Drawn = Vec<(u16, u16, usize, bool)>;

fn render(cells: &Drawn) -> impl FnOnce(&mut Frame<'_>) + '_ {
    move |frame| {
        let buffer = frame.buffer_mut();
        for &(x, y, symbol, reversed) in cells {
            let style = if reversed {
                Style::new().add_modifier(Modifier::REVERSED)
            } else {
                Style::new()
            };
            buffer.set_string(x, y, SYMBOLS[symbol], style);
        }
    }
}

fn seen(parser: &vt100::Parser) -> Vec<(String, bool)> {
    (0..4)
        .flat_map(|y| (0..20).map(move |x| (y, x)))
        .map(|(y, x)| {
            let cell = parser.screen().cell(y, x).unwrap();
            let text = if cell.has_contents() { cell.contents() } else { " " };
            (text.to_owned(), cell.inverse())
        })
        .collect()
}

proptest! {
    /// With a terminal that sees widths in its own way (this one knows nothing of joined emoji).
    #[test]
    fn drawing_by_difference_shows_what_drawing_everything_shows(
        frames in prop::collection::vec(
            // The right edge is left free: this terminal wraps there, which ours is told not to.
            prop::collection::vec((0..12u16, 0..4u16, 0..SYMBOLS.len(), any::<bool>()), 0..24),
            1..6,
        )
    ) {
        let mut by_difference = emulator();
        let mut screen = Screen::new().unwrap();
        for frame in &frames {
            by_difference.process(screen.draw(SIZE, render(frame)).unwrap());
        }
        let mut whole = emulator();
        let mut screen = Screen::new().unwrap();
        whole.process(screen.draw(SIZE, render(frames.last().unwrap())).unwrap());
        prop_assert_eq!(seen(&by_difference), seen(&whole));
    }
}
