//! How a cell looks and the shortest way from one look to another.

use std::fmt::Write;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

/// How a cell looks, apart from its symbol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    modifier: Modifier,
    fg: Color,
    bg: Color,
}

impl Look {
    pub(super) const PLAIN: Self = Self {
        modifier: Modifier::empty(),
        fg: Color::Reset,
        bg: Color::Reset,
    };

    pub(super) fn of(cell: &Cell) -> Self {
        let look = Self {
            modifier: cell.modifier,
            fg: cell.fg,
            bg: cell.bg,
        };
        if cell.symbol() == " " { look.of_a_blank() } else { look }
    }

    /// What of it is seen where there is no letter: its colour and weight are not.
    pub(super) fn of_a_blank(self) -> Self {
        const SEEN: Modifier = Modifier::REVERSED
            .union(Modifier::UNDERLINED)
            .union(Modifier::CROSSED_OUT);
        let modifier = self.modifier.intersection(SEEN);
        let fg = if modifier.is_empty() { Color::Reset } else { self.fg };
        Self { modifier, fg, ..self }
    }

    /// Whether a cell looks as it should in this look.
    pub(super) fn suits(self, cell: &Cell) -> bool {
        let look = Self::of(cell);
        self == look || (cell.symbol() == " " && self.of_a_blank() == look)
    }

    /// The shortest parameters that make this of another look.
    pub(super) fn after(self, other: Self) -> String {
        let anew = format!("0{}", self.on(Self::PLAIN));
        match self.off(other) {
            Some(off) => {
                let step = format!("{off}{}", self.on(other));
                let step = step.trim_start_matches(';');
                if step.len() < anew.len() { step.to_owned() } else { anew }
            }
            None => anew,
        }
    }

    /// What it takes to lose what the other has and this has not; `None`: everything goes at once.
    fn off(self, other: Self) -> Option<String> {
        const HEAVY: Modifier = Modifier::BOLD.union(Modifier::DIM);
        let mut parameters = String::new();
        let gone = other.modifier.difference(self.modifier);
        // One code takes both weights away.
        if gone.intersects(HEAVY) && self.modifier.intersects(HEAVY) {
            return None;
        }
        if gone.intersects(HEAVY) {
            parameters.push_str(";22");
        }
        for (bit, code) in [
            (Modifier::ITALIC, ";23"),
            (Modifier::UNDERLINED, ";24"),
            (Modifier::REVERSED, ";27"),
        ] {
            if gone.contains(bit) {
                parameters.push_str(code);
            }
        }
        let known = HEAVY
            .union(Modifier::ITALIC)
            .union(Modifier::UNDERLINED)
            .union(Modifier::REVERSED);
        if !known.contains(gone) {
            return None;
        }
        for (now, then, code) in [(self.fg, other.fg, ";39"), (self.bg, other.bg, ";49")] {
            if now == Color::Reset && then != Color::Reset {
                parameters.push_str(code);
            }
        }
        Some(parameters)
    }

    /// What it takes to gain what this has and the other has not.
    fn on(self, other: Self) -> String {
        const CODES: [(Modifier, &str); 9] = [
            (Modifier::BOLD, ";1"),
            (Modifier::DIM, ";2"),
            (Modifier::ITALIC, ";3"),
            (Modifier::UNDERLINED, ";4"),
            (Modifier::SLOW_BLINK, ";5"),
            (Modifier::RAPID_BLINK, ";6"),
            (Modifier::REVERSED, ";7"),
            (Modifier::HIDDEN, ";8"),
            (Modifier::CROSSED_OUT, ";9"),
        ];
        let mut parameters = String::new();
        let new = self.modifier.difference(other.modifier);
        for (_, code) in CODES.iter().filter(|(bit, _)| new.contains(*bit)) {
            parameters.push_str(code);
        }
        for (ground, now, then) in [(38, self.fg, other.fg), (48, self.bg, other.bg)] {
            // Writing to a string does not fail.
            let _ = match (now == then, number(now)) {
                (true, _) | (false, Number::None) => Ok(()),
                (false, Number::Palette(number)) => write!(parameters, ";{ground};5;{number}"),
                (false, Number::Mixed(red, green, blue)) => write!(parameters, ";{ground};2;{red};{green};{blue}"),
            };
        }
        parameters
    }
}

enum Number {
    None,
    Palette(u8),
    Mixed(u8, u8, u8),
}

fn number(color: Color) -> Number {
    Number::Palette(match color {
        Color::Reset => return Number::None,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(number) => number,
        Color::Rgb(red, green, blue) => return Number::Mixed(red, green, blue),
    })
}
