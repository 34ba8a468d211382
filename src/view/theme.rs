//! Looks by meaning: widgets ask for a role, a theme file says how it looks, and no widget knows a colour.
//!
//! A theme is one of three files, all of sixteen colours at most, by name, so that the operator's own palette decides what
//! is readable. A role that a file leaves out looks like its parent. Every style is complete: what a role does not set
//! is reset, so that nothing shines through from what was drawn there before, and so that a row keeps its reverse video
//! on a terminal where nothing has a colour.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use toml::de::{DeTable, DeValue};

use super::text::{Kind, Piece, Shown};

/// One table makes every role: its name in theme files, the role it falls back to, and what says the same without colour.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal < $parent:ident, $mark:literal;)+) => {
        /// What a piece of the screen means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[$doc])* $role,)+ }

        impl Role {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$role),+];

            /// Its key in a theme file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$role => $name,)+ }
            }

            /// What says the same without colour: a word, a mark or a place on the screen.
            pub fn mark(self) -> &'static str {
                match self { $(Self::$role => $mark,)+ }
            }

            /// The role it looks like when a theme does not say.
            fn parent(self) -> Self {
                match self { $(Self::$role => Self::$parent,)+ }
            }
        }
    };
}

roles! {
    /// Everything that means nothing else; the root of all roles.
    Text = "text" < Text, "it has no meaning of its own";
    /// Less important than what stands beside it: request ids, durations, what is folded.
    Muted = "muted" < Text, "place: the end of its line";
    /// The line with pool, account and mode.
    Header = "header" < Text, "place: the first line";
    /// The band of the demo.
    Band = "band" < Header, "the word DEMO";
    /// A protected pool.
    Protected = "protected" < Header, "the word PROTECTED";
    /// Nothing can be changed.
    ReadOnly = "read-only" < Header, "the words read only";
    /// The line that says what a pane holds.
    Title = "title" < Text, "place, and -- around it";
    /// Title of the pane that has the keys. Reversed.
    TitleFocused = "title-focused" < Title, "it says so, and the cursor is below it";
    /// The line between two parts.
    Rule = "rule" < Title, "the dashes themselves";
    /// Names of columns.
    Columns = "columns" < Muted, "capitals, above the first row";
    Row = "row" < Text, "it has no meaning of its own";
    /// The row with the cursor.
    Selected = "selected" < Row, "> and the cursor";
    /// A row with pending edits kept.
    Drafted = "drafted" < Changed, "d";
    /// An edit that will be sent.
    Changed = "changed" < Row, "~";
    /// Sent although its value stays the same.
    Same = "same" < Changed, "=";
    /// An attribute that will be deleted.
    Delete = "delete" < Changed, "- and the word (delete)";
    /// A value that will be refused.
    Problem = "problem" < Row, "! and a sentence";
    /// A value that cannot be edited.
    Locked = "locked" < Muted, "the word locked, with the reason";
    /// The value before, in a review.
    Before = "before" < Delete, "-";
    /// The value after, in a review.
    After = "after" < Changed, "+";
    /// Stands for a character that cannot be shown.
    Token = "token" < Text, "\\u{..}";
    /// Something was left out.
    Cut = "cut" < Muted, "..";
    /// What a search matched.
    Matched = "matched" < Text, "only such rows are listed";
    /// The part of a value that is not as in the other.
    Differs = "differs" < Matched, "^^^^ below it";
    /// A key in the hints.
    HintKey = "hint-key" < Text, "place: before its word";
    Hint = "hint" < Muted, "place: the last line";
    /// It is done and read back.
    Good = "good" < Text, "the word applied";
    /// Accepted; a code must be entered first.
    Waiting = "waiting" < Text, "the word WAITING";
    /// The service said no, or nothing was sent.
    Refused = "refused" < Text, "the words REFUSED, NOT SENT, FAILED";
    /// It may have been applied, or another value is there.
    Unknown = "unknown" < Text, "the words UNKNOWN, DIFFERS";
    /// A field that can be typed in.
    Input = "input" < Text, "brackets or underline, and its label";
    /// The field that is being typed in.
    InputFocused = "input-focused" < Input, "the word EDITING, and the cursor";
    Button = "button" < Text, "[ ]";
    /// The button that Enter presses.
    ButtonFocused = "button-focused" < Button, "the cursor on it";
    /// A window over the screen.
    Overlay = "overlay" < Text, "its frame";
}

impl FromStr for Role {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == name)
            .ok_or(())
    }
}

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
            Self::Default => include_str!("../../assets/theme/default.toml"),
            Self::HighContrast => include_str!("../../assets/theme/high-contrast.toml"),
            Self::Mono => include_str!("../../assets/theme/mono.toml"),
        }
    }
}

/// Whether colours may be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    Wanted,
    /// NO_COLOR is set: every theme is the one without colours.
    Unwanted,
}

impl Colours {
    /// NO_COLOR counts when it is set and not empty, whatever it says (no-color.org).
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        match env("NO_COLOR") {
            Some(value) if !value.is_empty() => Self::Unwanted,
            _ => Self::Wanted,
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
    #[error(
        "{0:?} is neither a colour of the sixteen nor bold, dim, italic, underlined or reversed"
    )]
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
    /// Reads the named theme; without colours it is always mono.
    pub fn load(name: ThemeName, colours: Colours) -> Result<Self, ThemeError> {
        let name = match colours {
            Colours::Wanted => name,
            Colours::Unwanted => ThemeName::Mono,
        };
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
            let role = name.parse().map_err(|()| {
                wrong(
                    key.span().start,
                    ThemeProblem::Role(name.clone().into_owned()),
                )
            })?;
            let DeValue::String(look) = value.get_ref() else {
                return Err(wrong(value.span().start, ThemeProblem::NoText));
            };
            let look = look
                .parse()
                .map_err(|problem| wrong(value.span().start, problem))?;
            given.push((role, look));
        }
        let looks = Role::ALL
            .into_iter()
            .map(|role| inherited(role, &given))
            .collect();
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
