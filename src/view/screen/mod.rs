//! The screens as they are drawn, one file each; what they hold and what their keys do is in `app::screen`.

pub mod announced;
mod breakdown;
mod compare;
mod confirmation;
mod consequences;
mod deed;
mod edit;
mod fault;
pub mod header;
pub mod hints;
mod journal;
mod lint;
pub mod overlay;
mod pools;
mod review;
mod sign_in;
pub mod status;
mod user;
mod users;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::theme::{Role, Theme};
use super::widget::pen::Pen;
use super::widget::row::Row;
use crate::app::App;
use crate::app::screen::journal::Listing;
use crate::app::session::{Session, View};

/// From this width on there are two panes.
pub const TWO_PANES: usize = 110;

/// The screen in front, with what is reckoned once for its title, its height and its rows.
pub enum Sight<'a> {
    Pools,
    Journal(&'a Listing),
    Users(&'a Session),
    User(user::Sight<'a>),
    Edit(Box<edit::Sight<'a>>),
    Review(Box<review::Sight<'a>>),
    Deed(Box<deed::Sight<'a>>),
    SignIn(Box<sign_in::Sight<'a>>),
    Lint(lint::Sight<'a>),
    Compare(compare::Sight<'a>),
    Breakdown(breakdown::Sight<'a>),
}

impl<'a> Sight<'a> {
    pub fn new(pen: &Pen<'_>, app: &'a App, width: usize) -> Self {
        if let Some(listing) = &app.journal.shown {
            return Self::Journal(listing);
        }
        let Some(session) = &app.session else {
            return Self::Pools;
        };
        let sight = match session.view {
            View::Users => None,
            View::User => user::Sight::new(session).map(Self::User),
            View::Edit => edit::Sight::new(pen, app, session, width).map(|sight| Self::Edit(Box::new(sight))),
            View::Review => review::Sight::new(pen, app, session, width).map(|sight| Self::Review(Box::new(sight))),
            View::Deed => deed::Sight::new(pen, app, session, width).map(|sight| Self::Deed(Box::new(sight))),
            View::SignIn => sign_in::Sight::new(pen, app, session, width).map(|sight| Self::SignIn(Box::new(sight))),
            View::Lint => lint::Sight::new(session).map(Self::Lint),
            View::Compare => compare::Sight::new(session).map(Self::Compare),
            View::Breakdown => breakdown::Sight::new(session).map(Self::Breakdown),
        };
        sight.unwrap_or(Self::Users(session))
    }
}

impl Sight<'_> {
    /// How many lines under the title the screen would like, where it can say: what it does not need is the status
    /// pane's. `None`: it takes whatever there is.
    pub fn wants(&self) -> Option<usize> {
        match self {
            Self::Pools | Self::Journal(_) | Self::Users(_) | Self::User(_) => None,
            Self::Lint(_) | Self::Compare(_) | Self::Breakdown(_) => None,
            Self::Edit(sight) => Some(sight.wants().saturating_add(1)),
            Self::Review(sight) => Some(sight.wants().saturating_add(1)),
            Self::Deed(sight) => Some(sight.wants().saturating_add(1)),
            Self::SignIn(sight) => Some(sight.wants().saturating_add(1)),
        }
    }

    pub fn title(&self, pen: &Pen<'_>, app: &App, screen: Size) -> Row {
        let width = usize::from(screen.width);
        match self {
            Self::Pools => pools::title(app, width),
            Self::Journal(listing) => journal::title(pen, app, listing, width),
            Self::Users(session) => users::title(pen, app, session, screen),
            Self::User(sight) => sight.title(pen, width),
            Self::Edit(sight) => sight.title(pen, width),
            Self::Review(sight) => sight.title(pen, width),
            Self::Deed(sight) => sight.title(pen, width),
            Self::SignIn(sight) => sight.title(pen, width),
            Self::Lint(sight) => sight.title(pen, width),
            Self::Compare(sight) => sight.title(pen, width),
            Self::Breakdown(sight) => sight.title(pen, width),
        }
    }

    pub fn draw(self, pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        match self {
            Self::Pools => pools::draw(pen, app, area, buffer, theme),
            Self::Journal(listing) => journal::draw(pen, app, listing, area, buffer, theme),
            Self::Users(session) => users::draw(pen, app, session, area, buffer, theme),
            Self::User(sight) => sight.draw(pen, app, area, buffer, theme),
            Self::Edit(sight) => sight.draw(area, buffer, theme),
            Self::Review(sight) => sight.draw(area, buffer, theme),
            Self::Deed(sight) => sight.draw(area, buffer, theme),
            Self::SignIn(sight) => sight.draw(area, buffer, theme),
            Self::Lint(sight) => sight.draw(pen, app, area, buffer, theme),
            Self::Compare(sight) => sight.draw(pen, area, buffer, theme),
            Self::Breakdown(sight) => sight.draw(pen, app, area, buffer, theme),
        }
    }
}

/// The beginning of the row that the cursor is on.
fn picked() -> Row {
    Row::words(Role::Text, ">").gap(2).ground(Role::Selected).cursor(0)
}

/// The beginning of any other row.
fn unpicked() -> Row {
    Row::new().gap(3)
}

/// The line between two panes.
fn between(left: Rect, beside: Rect, buffer: &mut Buffer, theme: &Theme) {
    for y in left.top()..left.bottom() {
        let line = Rect {
            x: left.right(),
            y,
            width: beside.x.saturating_sub(left.right()),
            height: 1,
        };
        Row::words(Role::Rule, " |").draw(line, buffer, theme);
    }
}

/// The body alone, or a left and a right pane where there is room for both.
fn split(area: Rect) -> (Rect, Option<Rect>) {
    if usize::from(area.width) < TWO_PANES {
        return (area, None);
    }
    // What is listed at 80 columns fits on the left of every screen that has two panes.
    let left = (area.width / 5).saturating_mul(3).max(68);
    let beside = Rect {
        x: area.x.saturating_add(left).saturating_add(3),
        width: area.width.saturating_sub(left).saturating_sub(3),
        ..area
    };
    (Rect { width: left, ..area }, Some(beside))
}
