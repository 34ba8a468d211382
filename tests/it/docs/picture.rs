//! A screen of the program as an SVG, so that the README shows what the program draws and not what it drew once.

use std::fmt::Write as _;

use cognitui::emulator::Seed;
use cognitui::view::View;
use cognitui::view::text::Charset;
use cognitui::view::theme::{Theme, ThemeName};
use jiff::Timestamp;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};

use crate::flow::stage::{Setup, Stage};

/// When the pictures begin: some time after a stage does.
const BEGIN: &str = "2026-11-18T10:40:00Z";

/// The size of a cell and of the letters in it, in the units of the picture.
const CELL: (f32, f32) = (8.4, 18.0);
const LETTERS: f32 = 14.0;
const MARGIN: f32 = 12.0;

/// A terminal's own colours, for what the theme leaves to it.
const GROUND: &str = "#15171c";
const TEXT: &str = "#d7dae0";
const CURSOR: &str = "#61afef";

/// Where the pictures are.
pub const FORM: &str = "assets/console.svg";
pub const REVIEW: &str = "assets/review.svg";

/// The form and the review of the same change, as the demo shows them.
pub fn pictures() -> [(&'static str, String); 2] {
    let size = (100, 30);
    let mut stage = Setup::new(Seed::demo(), &["us-east-1_aB3dE5fGh"])
        .beside(&still())
        .size(size.0, size.1)
        .start();
    stage.keys("/jane.doe<enter>");
    stage.keys("e<enter><ctrl-u>jane.doe@example.com<enter>v");
    stage.keys("/custom:tier<enter><enter><ctrl-u>gold<enter>");
    stage.keys("/nickname<enter>x");
    stage.keys("/birthdate<enter><enter><ctrl-u>1990-13-02<enter>");
    let form = svg(
        &stage,
        size,
        "The form: pending edits of one user, a problem, and what the change will cause",
    );
    stage.keys("u/email<enter><ctrl-s>");
    let review = svg(
        &stage,
        size,
        "The review: everything that is sent, and the one place where it is decided",
    );
    [(FORM, form), (REVIEW, review)]
}

/// A service on a clock that keys move and nothing else: what jobs wait for side by side would move it by another
/// amount each time, and the times on the screen with it.
fn still() -> Stage {
    let stage = Setup::new(Seed::demo(), &[]).start();
    stage.clock.hold();
    let begin: Timestamp = BEGIN.parse().unwrap();
    let wait = begin.duration_since(stage.clock.now());
    stage.clock.forward(wait.try_into().unwrap());
    stage
}

/// The screen of a stage, colours by the default theme.
fn svg(stage: &Stage, size: (u16, u16), title: &str) -> String {
    let view = View::new(Theme::load(ThemeName::Default).unwrap(), Charset::Utf8);
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    let cursor = view.draw(stage.app(), &mut buffer).unwrap();
    drawn(&buffer, cursor, title)
}

fn drawn(buffer: &Buffer, cursor: Position, title: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let width = f32::from(columns) * CELL.0 + 2.0 * MARGIN;
    let height = f32::from(rows) * CELL.1 + 2.0 * MARGIN;
    let mut svg = String::new();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         font-family=\"'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace\" font-size=\"{LETTERS}\">"
    )
    .unwrap();
    writeln!(svg, "<title>{}</title>", escaped(title)).unwrap();
    writeln!(
        svg,
        "<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{GROUND}\"/>"
    )
    .unwrap();
    for y in 0..rows {
        let row: Vec<&Cell> = (0..columns).map(|x| &buffer[(x, y)]).collect();
        for run in runs(&row) {
            ground(&mut svg, &run, y);
        }
        for run in runs(&row) {
            words(&mut svg, &run, y);
        }
    }
    let (x, y) = place(cursor.x, cursor.y);
    writeln!(
        svg,
        "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{}\" height=\"2.5\" fill=\"{CURSOR}\"/>",
        y + CELL.1 - 2.5,
        CELL.0
    )
    .unwrap();
    svg.push_str("</svg>\n");
    svg
}

/// Neighbours that look the same.
struct Run {
    from: u16,
    columns: u16,
    text: String,
    look: Look,
}

#[derive(Clone, Copy, PartialEq)]
struct Look {
    letters: Color,
    ground: Color,
    modifiers: Modifier,
}

fn runs(row: &[&Cell]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (x, cell) in (0u16..).zip(row) {
        let look = Look {
            letters: cell.fg,
            ground: cell.bg,
            modifiers: cell.modifier,
        };
        match runs.last_mut() {
            Some(run) if run.look == look => {
                run.text.push_str(cell.symbol());
                run.columns += 1;
            }
            _ => runs.push(Run {
                from: x,
                columns: 1,
                text: cell.symbol().to_owned(),
                look,
            }),
        }
    }
    runs
}

impl Look {
    fn reversed(self) -> bool {
        self.modifiers.contains(Modifier::REVERSED)
    }

    fn letters(self) -> &'static str {
        if self.reversed() {
            colour(self.ground, GROUND)
        } else {
            colour(self.letters, TEXT)
        }
    }

    fn ground(self) -> &'static str {
        if self.reversed() {
            colour(self.letters, TEXT)
        } else {
            colour(self.ground, GROUND)
        }
    }
}

fn ground(svg: &mut String, run: &Run, y: u16) {
    if run.look.ground() == GROUND {
        return;
    }
    let (x, y) = place(run.from, y);
    let width = f32::from(run.columns) * CELL.0;
    writeln!(
        svg,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{}\" fill=\"{}\"/>",
        CELL.1,
        run.look.ground()
    )
    .unwrap();
}

/// Each word group at its own column and with its length given, so that any monospace font keeps the columns.
fn words(svg: &mut String, run: &Run, y: u16) {
    assert!(
        run.text.is_ascii(),
        "a picture of other scripts needs columns that are not characters: {}",
        run.text
    );
    let mut at = 0;
    for group in run.text.split("  ") {
        let start = at + (group.len() - group.trim_start().len());
        at += group.len() + 2;
        let group = group.trim();
        if group.is_empty() {
            continue;
        }
        let (x, top) = place(run.from + u16::try_from(start).unwrap(), y);
        let length = f32::from(u16::try_from(group.len()).unwrap()) * CELL.0;
        write!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"",
            top + 13.5,
            run.look.letters()
        )
        .unwrap();
        for (modifier, attribute) in [
            (Modifier::BOLD, "font-weight=\"bold\""),
            (Modifier::DIM, "opacity=\"0.65\""),
            (Modifier::ITALIC, "font-style=\"italic\""),
            (Modifier::UNDERLINED, "text-decoration=\"underline\""),
        ] {
            if run.look.modifiers.contains(modifier) {
                write!(svg, " {attribute}").unwrap();
            }
        }
        writeln!(svg, ">{}</text>", escaped(group)).unwrap();
    }
}

fn place(x: u16, y: u16) -> (f32, f32) {
    (MARGIN + f32::from(x) * CELL.0, MARGIN + f32::from(y) * CELL.1)
}

/// One terminal's idea of the sixteen colours. A theme uses no others.
fn colour(colour: Color, reset: &'static str) -> &'static str {
    match colour {
        Color::Black => "#15171c",
        Color::Red => "#e0606b",
        Color::Green => "#8fc27a",
        Color::Yellow => "#e3bd6f",
        Color::Blue => "#61afef",
        Color::Magenta => "#c586dd",
        Color::Cyan => "#5bbac4",
        Color::Gray => "#c3c7cf",
        Color::DarkGray => "#6b7280",
        Color::LightRed => "#ff8a93",
        Color::LightGreen => "#b0e09a",
        Color::LightYellow => "#ffd98a",
        Color::LightBlue => "#8cc8ff",
        Color::LightMagenta => "#e0a8f5",
        Color::LightCyan => "#85dbe4",
        Color::White => "#ffffff",
        Color::Reset => reset,
        other => panic!("{other} is none of the sixteen"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn a_cell_keeps_its_column_its_colours_and_its_text() {
    use ratatui::style::Style;

    let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 12, 1));
    buffer.set_string(0, 0, "a  <b>", Style::new());
    buffer.set_string(
        8,
        0,
        "end",
        Style::new()
            .fg(Color::Red)
            .add_modifier(Modifier::REVERSED | Modifier::BOLD),
    );
    let svg = drawn(&buffer, Position::new(1, 0), "a & b");
    assert!(svg.contains("<title>a &amp; b</title>"), "{svg}");
    assert!(svg.contains("<text x=\"12.0\" y=\"25.5\" textLength=\"8.4\""), "{svg}");
    assert!(
        svg.contains("<text x=\"37.2\" y=\"25.5\" textLength=\"25.2\"") && svg.contains(">&lt;b&gt;</text>"),
        "{svg}"
    );
    assert!(
        svg.contains("<rect x=\"79.2\" y=\"12.0\" width=\"25.2\" height=\"18\" fill=\"#e0606b\"/>"),
        "{svg}"
    );
    assert!(
        svg.contains("fill=\"#15171c\" font-weight=\"bold\">end</text>"),
        "{svg}"
    );
}
