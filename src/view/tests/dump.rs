//! A screen as text that can be read and compared: what stands in each line, and how each run of it looks.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use crate::app::App;
use crate::view::View;
use crate::view::text::Charset;
use crate::view::theme::{Theme, ThemeName};

pub fn view() -> View {
    View::new(Theme::load(ThemeName::Default).unwrap(), Charset::Utf8)
}

/// What is drawn, and where the hardware cursor is.
pub struct Drawn {
    pub buffer: Buffer,
    pub cursor: Option<Position>,
}

pub fn drawn_by(view: &View, app: &App, width: u16, height: u16) -> Drawn {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    let cursor = view.draw(app, &mut buffer);
    Drawn { buffer, cursor }
}

/// Says where a screen leaves something of what was there before.
pub fn drawn_over(app: &App, width: u16, height: u16) -> Result<(), String> {
    let fresh = drawn(app, width, height).buffer;
    let mut was = Cell::new("#");
    was.set_style(
        Style::new()
            .fg(Color::Red)
            .bg(Color::Blue)
            .add_modifier(Modifier::all()),
    );
    let mut used = Buffer::filled(fresh.area, was);
    view().draw(app, &mut used);
    let left = used
        .content
        .iter()
        .zip(&fresh.content)
        .position(|(used, fresh)| used != fresh);
    left.map_or(Ok(()), |at| {
        let (x, y) = fresh.pos_of(at);
        let (used, fresh) = (&used.content[at], &fresh.content[at]);
        Err(format!(
            "column {x}, line {y} is {used:?} where it was full and {fresh:?} where it was empty"
        ))
    })
}

pub fn drawn(app: &App, width: u16, height: u16) -> Drawn {
    drawn_by(&view(), app, width, height)
}

impl Drawn {
    /// The cells of one line, those behind a wide character left out.
    fn line(&self, y: u16) -> Vec<&Cell> {
        use ratatui::buffer::CellWidth as _;
        let mut cells = Vec::new();
        let mut x = 0;
        while x < self.buffer.area.width {
            let cell = self.buffer.cell((x, y)).unwrap();
            x += cell.symbol().cell_width().max(1);
            cells.push(cell);
        }
        cells
    }

    pub fn text(&self) -> String {
        let lines = (0..self.buffer.area.height).map(|y| {
            let line: String = self.line(y).iter().map(|cell| cell.symbol()).collect();
            line.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Runs of cells that do not look plain: `03  0-79 reversed | 10-16 bold yellow`.
    pub fn looks(&self) -> String {
        let mut all = Vec::new();
        for y in 0..self.buffer.area.height {
            let mut runs: Vec<(u16, u16, String)> = Vec::new();
            for x in 0..self.buffer.area.width {
                let look = look(self.buffer.cell((x, y)).unwrap());
                match runs.last_mut() {
                    Some((_, end, same)) if *same == look => *end = x,
                    _ => runs.push((x, x, look)),
                }
            }
            let runs: Vec<String> = runs
                .into_iter()
                .filter(|(.., look)| !look.is_empty())
                .map(|(start, end, look)| format!("{start}-{end} {look}"))
                .collect();
            if !runs.is_empty() {
                all.push(format!("{y:02}  {}", runs.join(" | ")));
            }
        }
        all.join("\n")
    }

    /// Text, looks and cursor in one, for a snapshot.
    pub fn whole(&self) -> String {
        let cursor = match self.cursor {
            Some(cursor) => format!("cursor {},{}", cursor.x, cursor.y),
            None => "no cursor".to_owned(),
        };
        format!("{}\n\n{cursor}\n{}", self.text(), self.looks())
    }
}

fn look(cell: &Cell) -> String {
    let mut words = Vec::new();
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(word.to_owned());
        }
    }
    if cell.fg != Color::Reset {
        words.push(format!("{}", cell.fg).to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg).to_lowercase());
    }
    words.join(" ")
}
