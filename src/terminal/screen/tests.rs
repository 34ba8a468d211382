use proptest::prelude::*;
use ratatui::{
    layout::Rect,
    style::{Color, Modifier, Style, Stylize},
    text::Line,
    widgets::{Paragraph, Widget as _},
};

use super::{paint::Pen, *};

const SIZE: Size = Size::new(20, 4);

fn emulator(size: Size) -> vt100::Parser {
    let cells = |n| std::num::NonZeroU16::new(n).unwrap();
    vt100::Parser::new(cells(size.height), cells(size.width), 0)
}

fn lines<'a>(text: &'a [&'a str]) -> impl FnOnce(&mut Buffer) -> Option<Position> + 'a {
    move |buffer| {
        buffer.reset();
        let lines: Vec<Line<'_>> = text.iter().map(|l| Line::from(*l)).collect();
        Paragraph::new(lines).render(buffer.area, buffer);
        None
    }
}

#[test]
fn a_frame_is_one_synchronized_piece() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, lines(&["hello"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.starts_with("\x1b[?2026h"), "{out:?}");
    assert!(out.ends_with("\x1b[?2026l"), "{out:?}");
    assert_eq!(out.matches("2026").count(), 2);
    assert!(out.contains("hello"));
}

#[test]
fn nothing_new_is_nothing_written() {
    let mut screen = Screen::new();
    assert!(!screen.draw(SIZE, lines(&["é 漢", "b"])).is_empty());
    assert_eq!(screen.draw(SIZE, lines(&["é 漢", "b"])), b"");
    screen.forget();
    assert!(!screen.draw(SIZE, lines(&["é 漢", "b"])).is_empty());
}

#[test]
fn one_changed_letter_is_one_letter_and_a_moved_cursor_only_moves() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["hello"]));
    let out = screen.draw(SIZE, lines(&["hallo"]));
    assert_eq!(out, b"\x1b[?2026h\x1b[?25l\x1b[1;2Ha\x1b[?2026l");
    let out = screen.draw(SIZE, |buffer| {
        lines(&["hallo"])(buffer);
        Some(Position::new(3, 2))
    });
    assert_eq!(out, b"\x1b[3;4H\x1b[?25h");
    let out = screen.draw(SIZE, lines(&["hallo"]));
    assert_eq!(out, b"\x1b[?25l");
}

#[test]
fn the_cursor_is_shown_where_the_frame_sets_it_and_never_outside() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, |_| Some(Position::new(5, 1)));
    assert!(out.ends_with(b"\x1b[2;6H\x1b[?25h\x1b[?2026l"));
    let out = screen.draw(SIZE, |_| Some(Position::new(u16::MAX, u16::MAX)));
    assert_eq!(out, b"\x1b[4;20H\x1b[?25h");
}

#[test]
fn after_a_symbol_of_doubtful_width_the_cursor_is_moved() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, lines(&["a漢b👨‍👩‍👧c"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("a  \x1b[2G漢\x1b[1;4Hb  \x1b[5G👨‍👩‍👧\x1b[1;7Hc"), "{out:?}");
}

#[test]
fn a_style_is_set_on_top_of_the_one_before_and_anew_where_something_goes() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, |buffer| {
        let line = Line::from(vec![
            "a".reversed(),
            "b".reversed().bold(),
            "c".red().bold(),
            "d".into(),
        ]);
        line.render(buffer.area, buffer);
        None
    });
    let out = std::str::from_utf8(out).unwrap();
    assert!(
        out.contains("\x1b[1;1H\x1b[7ma\x1b[1mb\x1b[27;38;5;1mc\x1b[md"),
        "{out:?}"
    );
}

#[test]
fn a_short_gap_is_written_again_and_a_long_one_moved_over() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["a12b", "a1234567890b"]));
    let out = screen.draw(SIZE, lines(&["c12d", "c1234567890d"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("\x1b[1;1Hc12d\x1b[2;1Hc\x1b[10Cd"), "{out:?}");
}

#[test]
fn the_rest_of_a_row_is_erased() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["hello to everybody"]));
    let out = screen.draw(SIZE, lines(&["hallo"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("\x1b[1;2Hallo\x1b[K\x1b[?2026l"), "{out:?}");
}

#[test]
fn beside_a_symbol_of_doubtful_width_only_what_it_may_touch_is_written_again() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["ab漢cd    xyz"]));
    let out = screen.draw(SIZE, lines(&["ab字cd    xyz"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("\x1b[1;2Hb  \x1b[3G字\x1b[?2026l"), "{out:?}");
    let out = screen.draw(SIZE, lines(&["ab字cd    xyy"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(!out.contains('字'), "{out:?}");
}

#[test]
fn a_style_ends_with_its_cells_and_with_the_frame() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, |buffer| {
        let line = Line::from(vec!["a".red().bold(), "b".into(), "c".on_blue()]);
        line.render(Rect::new(0, 0, 3, 1), buffer);
        None
    });
    let mut seen = emulator(SIZE);
    seen.process(out);
    let cell = |x| seen.screen().cell(0, x).unwrap();
    assert!(cell(0).bold() && cell(0).fgcolor() == vt100::Color::Idx(1));
    assert!(!cell(1).bold() && cell(1).fgcolor() == vt100::Color::Default);
    assert_eq!(cell(2).bgcolor(), vt100::Color::Idx(4));
    assert_eq!(seen.screen().bgcolor(), vt100::Color::Default);
}

#[test]
fn a_control_character_never_reaches_the_terminal() {
    let mut out = String::new();
    let mut pen = Pen::new(&mut out);
    for symbol in ["a\x1b[31m", "\u{9b}31m", "\r\n"] {
        pen.cell(0, 0, 20, Cell::default().set_symbol(symbol));
    }
    assert!(
        !out.contains("31m") && !out.contains('\r') && !out.contains('\u{9b}'),
        "{out:?}"
    );
}

#[test]
fn every_size_draws() {
    let mut screen = Screen::new();
    for (width, height) in [(1, 1), (1, 500), (1_000, 1), (2, 2), (1_000, 500), (3, 1)] {
        let size = Size::new(width, height);
        screen.draw(size, lines(&["漢字 and more", "👍🏽"]));
    }
    screen.draw(Size::new(0, 0), |_| None);
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

/// What a list shows, more of them than fit.
const WORDS: [&str; 9] = [
    "jane@example.com",
    "zoë@example.com",
    "漢字@example.com",
    "👨‍👩‍👧 Müller",
    "ｶﾞ e\u{301}",
    "",
    "bobby.tables",
    "jane@example.org",
    "⌨️",
];
const LIST: Size = Size::new(60, 12);

/// A list as lists are drawn: a head, rows of which one is selected, and facts about that one that stay where they are.
#[derive(Debug, Clone)]
struct List {
    rows: Vec<usize>,
    first: usize,
    selected: usize,
    facts: usize,
}

impl List {
    fn row(&self, at: usize) -> &'static str {
        self.rows.get(at % self.rows.len()).map_or("", |word| WORDS[*word])
    }

    fn render(&self, buffer: &mut Buffer) -> Option<Position> {
        buffer.reset();
        let area = buffer.area;
        let room = LIST.height - 3;
        buffer.set_string(0, 0, "USERNAME     EMAIL", Style::new().dim());
        for y in 0..room {
            let at = self.first + usize::from(y);
            let mark = if at == self.selected { ">" } else { " " };
            let number = at * 7_919 % 10_000; // so that no row looks like the next
            let row = self.row(at);
            buffer.set_string(
                0,
                y + 1,
                format!("{mark} {number:04} {row} {number:04} {row}"),
                Style::new(),
            );
            if at == self.selected {
                buffer.set_style(Rect::new(0, y + 1, area.width - 2, 1), Style::new().reversed());
            }
        }
        let facts = WORDS[self.facts];
        buffer.set_string(
            1,
            room + 1,
            format!("{} {facts}", self.row(self.selected)),
            Style::new(),
        );
        buffer.set_string(
            1,
            room + 2,
            format!("{}/{}", self.selected, self.rows.len()),
            Style::new(),
        );
        None
    }
}

fn list() -> impl Strategy<Value = Vec<List>> {
    let frames = prop::collection::vec((0..6usize, 0..9usize, 0..WORDS.len()), 1..8);
    (prop::collection::vec(0..WORDS.len(), 1..40), frames).prop_map(|(rows, frames)| {
        let frames = frames.into_iter().map(|(first, selected, facts)| List {
            rows: rows.clone(),
            first,
            selected: first + selected,
            facts,
        });
        frames.collect()
    })
}

#[test]
fn a_list_that_moves_by_a_row_is_moved_by_the_terminal() {
    let at = |first, selected| List {
        rows: vec![0, 6, 7, 0, 1, 6, 7],
        first,
        selected,
        facts: 5,
    };
    let mut screen = Screen::new();
    screen.draw(LIST, |frame| at(0, 8).render(frame));
    let out = screen.draw(LIST, |frame| at(1, 9).render(frame));
    let down = std::str::from_utf8(out).unwrap().to_owned();
    assert!(down.contains("\x1b[2;9r\x1b[9H\n\x1b[r\x1b["), "{down:?}");
    assert!(down.len() < 200, "{} bytes: {down:?}", down.len());
    screen.draw(LIST, |frame| at(1, 1).render(frame));
    let out = screen.draw(LIST, |frame| at(0, 0).render(frame));
    let up = std::str::from_utf8(out).unwrap();
    assert!(up.contains("\x1b[3;10r\x1b[3H\x1bM\x1b[r\x1b["), "{up:?}");
}

const COLORS: [Option<Color>; 4] = [None, Some(Color::Red), Some(Color::White), Some(Color::Rgb(1, 2, 3))];

/// A row of letters and blanks, each in a look of its own.
fn looks() -> impl Strategy<Value = Vec<(&'static str, Style)>> {
    let modifiers = [
        Modifier::empty(),
        Modifier::BOLD, // this terminal knows one weight at a time
        Modifier::DIM,
        Modifier::REVERSED,
        Modifier::UNDERLINED,
        Modifier::ITALIC,
        Modifier::REVERSED.union(Modifier::BOLD),
        Modifier::UNDERLINED.union(Modifier::DIM),
    ];
    let look = (0..modifiers.len(), 0..COLORS.len(), 0..COLORS.len(), any::<bool>());
    let look = look.prop_map(move |(modifier, fg, bg, blank)| {
        let mut style = Style::new().add_modifier(modifiers[modifier]);
        style.fg = COLORS[fg];
        style.bg = COLORS[bg];
        (if blank { " " } else { "x" }, style)
    });
    prop::collection::vec(look, 12)
}

fn color(color: Option<Color>) -> vt100::Color {
    match color {
        Some(Color::Red) => vt100::Color::Idx(1),
        Some(Color::White) => vt100::Color::Idx(15),
        Some(Color::Rgb(red, green, blue)) => vt100::Color::Rgb(red, green, blue),
        _ => vt100::Color::Default,
    }
}

type Drawn = Vec<(u16, u16, usize, bool)>;

fn render(cells: &Drawn) -> impl FnOnce(&mut Buffer) -> Option<Position> + '_ {
    move |buffer| {
        buffer.reset();
        for &(x, y, symbol, reversed) in cells {
            let style = if reversed {
                Style::new().add_modifier(Modifier::REVERSED)
            } else {
                Style::new()
            };
            buffer.set_string(x, y, SYMBOLS[symbol], style);
        }
        None
    }
}

fn seen(parser: &vt100::Parser) -> Vec<(String, bool)> {
    let (rows, columns) = parser.screen().size();
    (0..rows.get())
        .flat_map(|y| (0..columns.get()).map(move |x| (y, x)))
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
        let mut by_difference = emulator(SIZE);
        let mut screen = Screen::new();
        for frame in &frames {
            by_difference.process(screen.draw(SIZE, render(frame)));
        }
        let mut whole = emulator(SIZE);
        let mut screen = Screen::new();
        whole.process(screen.draw(SIZE, render(frames.last().unwrap())));
        prop_assert_eq!(seen(&by_difference), seen(&whole));
    }

    #[test]
    fn every_cell_looks_as_it_was_drawn_whatever_was_set_before(looks in prop::collection::vec(looks(), 2)) {
        let mut seen = emulator(SIZE);
        let mut screen = Screen::new();
        for row in &looks {
            let out = screen.draw(SIZE, |buffer| {
                buffer.reset();
                for (x, (symbol, style)) in (0..).zip(row) {
                    buffer.set_string(x, 0, symbol, *style);
                }
                None
            });
            seen.process(out);
        }
        for (x, (symbol, style)) in (0..).zip(looks.last().unwrap()) {
            let cell = seen.screen().cell(0, x).unwrap();
            let has = |modifier| style.add_modifier.contains(modifier);
            prop_assert_eq!(cell.inverse(), has(Modifier::REVERSED), "{} {:?}", x, style);
            prop_assert_eq!(cell.underline(), has(Modifier::UNDERLINED), "{} {:?}", x, style);
            prop_assert_eq!(cell.bgcolor(), color(style.bg), "{} {:?}", x, style);
            if *symbol != " " {
                prop_assert_eq!(cell.bold(), has(Modifier::BOLD), "{} {:?}", x, style);
                prop_assert_eq!(cell.dim(), has(Modifier::DIM), "{} {:?}", x, style);
                prop_assert_eq!(cell.italic(), has(Modifier::ITALIC), "{} {:?}", x, style);
            }
            if *symbol != " " || cell.inverse() || cell.underline() {
                prop_assert_eq!(cell.fgcolor(), color(style.fg), "{} {:?}", x, style);
            }
        }
    }

    #[test]
    fn scrolling_shows_what_drawing_everything_shows(frames in list()) {
        let mut by_difference = emulator(LIST);
        let mut screen = Screen::new();
        for frame in &frames {
            let out = screen.draw(LIST, |drawn| frame.render(drawn));
            by_difference.process(out);
            let text = std::str::from_utf8(out).unwrap();
            let regions = text.split("\x1b[").filter(|rest| {
                rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('r')
            });
            prop_assert!(regions.last().is_none_or(|last| last.starts_with('r')), "a region is left: {:?}", text);
        }
        let mut whole = emulator(LIST);
        let mut screen = Screen::new();
        whole.process(screen.draw(LIST, |drawn| frames.last().unwrap().render(drawn)));
        prop_assert_eq!(seen(&by_difference), seen(&whole));
    }
}
