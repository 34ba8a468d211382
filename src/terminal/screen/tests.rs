use proptest::prelude::*;
use ratatui::{
    layout::Rect,
    style::{Color, Modifier, Style, Stylize},
    text::Line,
    widgets::{Paragraph, Widget as _},
};

use super::*;

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
fn the_first_frame_and_a_long_one_are_one_synchronized_piece() {
    let synchronized = |out: &[u8]| {
        let out = std::str::from_utf8(out).unwrap();
        assert!(out.starts_with("\x1b[?2026h\x1b[?25l"), "{out:?}");
        assert!(out.ends_with("\x1b[?2026l"), "{out:?}");
        assert_eq!(out.matches("2026").count(), 2);
        assert!(out.contains("hello"));
    };
    let mut screen = Screen::new();
    synchronized(screen.draw(SIZE, lines(&["hello"])));
    let size = Size::new(40, 40);
    let words: Vec<String> = (0..40)
        .map(|row| format!("hello {:>30}", "everybody ".repeat(3 - row % 2)))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    screen.draw(size, lines(&[]));
    synchronized(screen.draw(size, lines(&words)));
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
    assert_eq!(out, b"\x1b[1;2Ha");
    let at = |word: &'static str, x, y| {
        move |buffer: &mut Buffer| {
            lines(&[word])(buffer);
            Some(Position::new(x, y))
        }
    };
    assert_eq!(screen.draw(SIZE, at("hallo", 3, 2)), b"\x1b[3;4H\x1b[?25h");
    assert_eq!(screen.draw(SIZE, at("hallo", 0, 2)), b"\x1b[3H");
    assert_eq!(screen.draw(SIZE, at("hullo", 4, 0)), b"\x1b[1;2Hu\x1b[2C");
    assert_eq!(screen.draw(SIZE, at("hullo", 4, 0)), b"");
    assert_eq!(screen.draw(SIZE, lines(&["hello"])), b"\x1b[?25l\x1b[1;2He");
    assert_eq!(screen.draw(SIZE, at("hallo", 2, 0)), b"\x1b[1;2Ha\x1b[?25h");
    assert_eq!(screen.draw(SIZE, lines(&["hallo"])), b"\x1b[?25l");
}

#[test]
fn the_cursor_is_shown_where_the_frame_sets_it_and_never_outside() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, |_| Some(Position::new(5, 1)));
    assert!(out.ends_with(b"\x1b[2;6H\x1b[?25h\x1b[?2026l"));
    let out = screen.draw(SIZE, |_| Some(Position::new(u16::MAX, u16::MAX)));
    assert_eq!(out, b"\x1b[4;20H");
}

#[test]
fn after_a_symbol_of_doubtful_width_the_cursor_is_moved() {
    let mut screen = Screen::new();
    let out = screen.draw(SIZE, lines(&["a漢b👨‍👩‍👧c"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("a  \x1b[2D漢\x1b[4Gb  \x1b[2D👨‍👩‍👧\x1b[7Gc"), "{out:?}");
    let out = screen.draw(SIZE, lines(&["Zoë Ü", "e\u{301}a"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.contains("Zoë\x1b[4G Ü\x1b[6G"), "{out:?}");
    assert!(out.contains("\re\u{301}\x1b[2Ga"), "{out:?}");
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
        out.contains("\x1b[1H\x1b[7ma\x1b[1mb\x1b[27;38;5;1mc\x1b[md"),
        "{out:?}"
    );
}

#[test]
fn a_short_gap_is_written_again_and_a_long_one_moved_over() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["a12b", "a1234567890b"]));
    let out = screen.draw(SIZE, lines(&["c12d", "c1234567890d"]));
    let out = std::str::from_utf8(out).unwrap();
    assert_eq!(out, "\x1b[1Hc12d\r\nc\x1b[10Cd");
}

#[test]
fn the_rest_of_a_row_is_erased() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["hello to everybody"]));
    let out = screen.draw(SIZE, lines(&["hallo"]));
    let out = std::str::from_utf8(out).unwrap();
    assert_eq!(out, "\x1b[1;2Hallo\x1b[K");
}

#[test]
fn blanks_before_something_that_stays_are_erased_where_that_is_shorter() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["hello to      you", "hello you     you"]));
    let out = screen.draw(SIZE, lines(&["hi            you", "hello         you"]));
    let out = std::str::from_utf8(out).unwrap();
    assert_eq!(out, "\x1b[1;2Hi\x1b[6X\n\x1b[4C   ");
}

#[test]
fn the_shortest_way_between_two_places_is_taken() {
    const SIZE: Size = Size::new(120, 20);
    let text = |places: &[(u16, u16)]| {
        let places = places.to_vec();
        move |buffer: &mut Buffer| {
            buffer.reset();
            for (x, y) in places {
                buffer.set_string(x, y, "a", Style::new());
            }
            None
        }
    };
    for (places, written) in [
        ([(5, 3), (11, 3)], "\x1b[4;6Ha\x1b[5Ca"),
        ([(5, 3), (5, 4)], "\x1b[4;6Ha\n\x1b[Da"),
        ([(5, 3), (6, 5)], "\x1b[4;6Ha\n\na"),
        ([(50, 3), (0, 4)], "\x1b[4;51Ha\r\na"),
        ([(105, 3), (103, 4)], "\x1b[4;106Ha\n\x1b[3Da"),
        ([(110, 3), (100, 4)], "\x1b[4;111Ha\n\x1b[11Da"),
        ([(110, 3), (5, 4)], "\x1b[4;111Ha\n\x1b[6Ga"),
        ([(110, 3), (111, 14)], "\x1b[4;111Ha\x1b[11Ba"),
        ([(110, 3), (0, 14)], "\x1b[4;111Ha\x1b[15Ha"),
        // The last column: where the cursor is then is not known.
        ([(119, 3), (0, 4)], "\x1b[4;120Ha\x1b[5Ha"),
    ] {
        let mut screen = Screen::new();
        screen.draw(SIZE, lines(&[]));
        let out = screen.draw(SIZE, text(&places));
        assert_eq!(std::str::from_utf8(out).unwrap(), written);
    }
}

#[test]
fn beside_a_symbol_of_doubtful_width_only_what_it_may_touch_is_written_again() {
    let mut screen = Screen::new();
    screen.draw(SIZE, lines(&["ab漢cd    xyz"]));
    let out = screen.draw(SIZE, lines(&["ab字cd    xyz"]));
    let out = std::str::from_utf8(out).unwrap();
    assert!(out.ends_with("\x1b[1;2Hb  \x1b[2D字"), "{out:?}");
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
        pen.cell(0, 0, 20, ratatui::buffer::Cell::default().set_symbol(symbol));
    }
    // Those are the pen's own.
    assert_eq!(out, "\x1b[1H \r?\r \r?\r \r?");
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
        let mut cursor = None;
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
                cursor = Some(Position::new(0, y + 1));
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
        cursor
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
    assert!(down.starts_with("\x1b[2;9r\x1b[9;3H\n"), "{down:?}");
    assert!(down.len() < 150, "{} bytes: {down:?}", down.len());
    screen.draw(LIST, |frame| at(1, 1).render(frame));
    let out = screen.draw(LIST, |frame| at(0, 0).render(frame));
    let up = std::str::from_utf8(out).unwrap();
    assert!(up.contains("\x1b[3;10r\x1b[3;3H\x1bM"), "{up:?}");
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

const WIDE: Size = Size::new(120, 30);

/// Letters far apart on a large screen, some in a look of their own, and where the cursor is.
type Sparse = (Vec<(u16, u16, usize, usize)>, Option<(u16, u16)>);

fn sparse() -> impl Strategy<Value = Sparse> {
    // Among these only what this terminal is of one mind with us about: the cursor's column is compared.
    let letters = prop::collection::vec((0..118u16, 0..30u16, 0..4usize, 0..3usize), 0..20);
    (letters, prop::option::of((0..120u16, 0..30u16)))
}

fn render_sparse((letters, cursor): &Sparse) -> impl FnOnce(&mut Buffer) -> Option<Position> + '_ {
    move |buffer| {
        buffer.reset();
        for &(x, y, symbol, look) in letters {
            let style = [
                Style::new(),
                Style::new().reversed(),
                Style::new().bold().fg(Color::White),
            ][look];
            let word = ["a", "ab          c", "            ", "漢"][symbol];
            buffer.set_stringn(x, y, word, usize::from(119 - x), style);
        }
        cursor.map(|(x, y)| Position::new(x, y))
    }
}

proptest! {
    /// Whatever ways the cursor went, and wherever it was before.
    #[test]
    fn every_letter_is_where_it_belongs_and_so_is_the_cursor(frames in prop::collection::vec(sparse(), 1..6)) {
        let mut by_difference = emulator(WIDE);
        let mut screen = Screen::new();
        for frame in &frames {
            by_difference.process(screen.draw(WIDE, render_sparse(frame)));
            let mut whole = emulator(WIDE);
            whole.process(Screen::new().draw(WIDE, render_sparse(frame)));
            prop_assert_eq!(seen(&by_difference), seen(&whole));
            prop_assert_eq!(by_difference.screen().hide_cursor(), frame.1.is_none());
            if let Some((x, y)) = frame.1 {
                prop_assert_eq!(by_difference.screen().cursor_position(), (y, x));
            }
        }
    }

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
        prop_assert_eq!(by_difference.screen().hide_cursor(), whole.screen().hide_cursor());
        prop_assert_eq!(by_difference.screen().cursor_position(), whole.screen().cursor_position());
    }
}
