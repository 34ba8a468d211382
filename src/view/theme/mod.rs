//! Looks by meaning: widgets ask for a role, a theme file says how it looks, and no widget knows a colour.
//!
//! A theme is one of three files, all of sixteen colours at most, by name, so that the operator's own palette decides what
//! is readable. A role that a file leaves out looks like its parent. Every style is complete: what a role does not set
//! is reset, so that nothing shines through from what was drawn there before, and so that a row keeps its reverse video
//! on a terminal where nothing has a colour.

mod role;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use toml::de::{DeTable, DeValue};

pub use role::Role;

use super::text::{Kind, Piece, Shown};

/// The themes that come with the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeName {
    #[default]
    Default,
    HighContrast,
    /// No colours: reverse video, bold and underline. What NO_COLOR asks for.
    Mono,
}

impl ThemeName {
    pub const ALL: [Self; 3] = [Self::Default, Self::HighContrast, Self::Mono];

    /// Its name in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::HighContrast => "high-contrast",
            Self::Mono => "mono",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Default => include_str!("../../../assets/theme/default.toml"),
            Self::HighContrast => include_str!("../../../assets/theme/high-contrast.toml"),
            Self::Mono => include_str!("../../../assets/theme/mono.toml"),
        }
    }
}

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("theme {theme}, line {line}: {problem}")]
pub struct ThemeError {
    theme: &'static str,
    /// From 1.
    line: usize,
    problem: ThemeProblem,
}

/// What is wrong with a line of a theme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeProblem {
    #[error("it is not TOML: {0}")]
    Syntax(String),
    #[error("there is no role {0:?}")]
    Role(String),
    #[error("a look is a text like \"bold white on blue\"")]
    NoText,
    #[error("{0:?} is neither a colour of the sixteen nor bold, dim, italic, underlined or reversed")]
    Word(String),
    #[error("a look has one colour, and one more after \"on\"")]
    Colours,
}

/// How one role looks, as far as a file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    fg: Option<Color>,
    bg: Option<Color>,
    modifiers: Modifier,
}

/// A look for every role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    looks: Vec<Look>,
}

impl Theme {
    /// Reads one of the program's own themes. The configuration has made mono of it where NO_COLOR is set.
    pub fn load(name: ThemeName) -> Result<Self, ThemeError> {
        Self::read(name.word(), name.file())
    }

    fn read(theme: &'static str, file: &str) -> Result<Self, ThemeError> {
        let wrong = |at: usize, problem| ThemeError {
            theme,
            line: line_of(file, at),
            problem,
        };
        let table = DeTable::parse(file).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            wrong(at, ThemeProblem::Syntax(error.message().to_owned()))
        })?;
        let mut given: Vec<(Role, Look)> = Vec::new();
        for (key, value) in table.get_ref() {
            let name = key.get_ref();
            let role = name
                .parse()
                .map_err(|()| wrong(key.span().start, ThemeProblem::Role(name.clone().into_owned())))?;
            let DeValue::String(look) = value.get_ref() else {
                return Err(wrong(value.span().start, ThemeProblem::NoText));
            };
            let look = look.parse().map_err(|problem| wrong(value.span().start, problem))?;
            given.push((role, look));
        }
        let looks = Role::ALL.into_iter().map(|role| inherited(role, &given)).collect();
        Ok(Self { looks })
    }

    fn look(&self, role: Role) -> Look {
        self.looks.get(role as usize).copied().unwrap_or_default()
    }

    /// The complete style of a role: what it does not set is reset.
    pub fn style(&self, role: Role) -> Style {
        complete(self.look(role))
    }

    /// The style of `over` inside `role`, its modifiers added: a token in the selected row is seen as both. On a ground of
    /// its own a role keeps its colours, because only those are sure to be readable there.
    pub fn style_over(&self, role: Role, over: Role) -> Style {
        let (under, over) = (self.look(role), self.look(over));
        let (fg, bg) = if under.bg == self.look(Role::Text).bg {
            (over.fg.or(under.fg), over.bg.or(under.bg))
        } else {
            (under.fg, under.bg)
        };
        complete(Look {
            fg,
            bg,
            modifiers: under.modifiers | over.modifiers,
        })
    }

    /// Text in a role; its tokens, cuts and lit parts in theirs. `lit` says what [`Shown::lit`] stands for here.
    pub fn line(&self, text: &Shown, role: Role, lit: Role) -> Line<'static> {
        Line::from(self.spans(text, role, lit)).style(self.style(role))
    }

    /// As [`Theme::line`], to be put between other spans.
    pub fn spans(&self, text: &Shown, role: Role, lit: Role) -> Vec<Span<'static>> {
        text.pieces()
            .into_iter()
            .map(|piece| Span::styled(piece.text.to_owned(), self.piece_style(piece, role, lit)))
            .collect()
    }

    fn piece_style(&self, piece: Piece<'_>, role: Role, lit: Role) -> Style {
        match piece.kind {
            _ if piece.lit => self.style_over(role, lit),
            Kind::Words | Kind::Value => self.style(role),
            Kind::Token => self.style_over(role, Role::Token),
            Kind::Cut => self.style_over(role, Role::Cut),
        }
    }
}

fn complete(look: Look) -> Style {
    Style::new()
        .fg(look.fg.unwrap_or(Color::Reset))
        .bg(look.bg.unwrap_or(Color::Reset))
        .remove_modifier(Modifier::all())
        .add_modifier(look.modifiers)
}

/// The look of the nearest ancestor that the file names; the root is plain if it is not named.
fn inherited(role: Role, given: &[(Role, Look)]) -> Look {
    match given.iter().find(|(named, _)| *named == role) {
        Some((_, look)) => *look,
        None if role.parent() == role => Look::default(),
        None => inherited(role.parent(), given),
    }
}

fn line_of(file: &str, at: usize) -> usize {
    let before = file.get(..at).unwrap_or(file);
    before.matches('\n').count() + 1
}

impl FromStr for Look {
    type Err = ThemeProblem;

    /// `bold white on blue`: modifiers, at most one colour, and one more after `on`; `plain` is no look at all.
    fn from_str(text: &str) -> Result<Self, ThemeProblem> {
        let mut look = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            if let Some(modifier) = modifier(word) {
                look.modifiers |= modifier;
            } else if word == "on" {
                let word = words.next().ok_or(ThemeProblem::Colours)?;
                let colour = colour(word).ok_or_else(|| ThemeProblem::Word(word.to_owned()))?;
                if look.bg.replace(colour).is_some() {
                    return Err(ThemeProblem::Colours);
                }
            } else if word != "plain" {
                let colour = colour(word).ok_or_else(|| ThemeProblem::Word(word.to_owned()))?;
                if look.fg.replace(colour).is_some() {
                    return Err(ThemeProblem::Colours);
                }
            }
        }
        Ok(look)
    }
}

fn modifier(word: &str) -> Option<Modifier> {
    Some(match word {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underlined" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        _ => return None,
    })
}

/// The sixteen colours under the names terminals' own settings use.
fn colour(word: &str) -> Option<Color> {
    Some(match word {
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "white" => Color::Gray,
        "bright-black" => Color::DarkGray,
        "bright-red" => Color::LightRed,
        "bright-green" => Color::LightGreen,
        "bright-yellow" => Color::LightYellow,
        "bright-blue" => Color::LightBlue,
        "bright-magenta" => Color::LightMagenta,
        "bright-cyan" => Color::LightCyan,
        "bright-white" => Color::White,
        _ => return None,
    })
}
