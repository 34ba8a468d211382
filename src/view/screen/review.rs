//! Everything that would be sent, what it will cause, and the one place where it is decided.

mod changes;
mod conflict;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::confirmation::{label, pool_row, reason_row, scrolled_rows, sending, username_row};
use super::{TWO_PANES, consequences, fault};
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::review::Review;
use crate::app::session::Session;
use crate::domain::{Draft, Operation, Route, User};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};

pub use changes::value_rows;

/// The review with everything that is reckoned for it once.
pub struct Sight<'a> {
    review: &'a Review,
    user: &'a User,
    /// What is sent, or what is to be decided first.
    changes: Vec<Row>,
    /// The rows of the conflict that has the focus.
    focus: Range<usize>,
    causes: Vec<Row>,
    send: Vec<Row>,
    beside: bool,
}

impl<'a> Sight<'a> {
    pub fn new(pen: &Pen<'_>, app: &'a App, session: &'a Session, width: usize) -> Option<Self> {
        let review = session.review.as_ref()?;
        let user = session.edited_draft()?.base();
        let beside = width >= TWO_PANES;
        let (left, right) = match super::split(Rect::new(0, 0, u16::try_from(width).unwrap_or(u16::MAX), 1)) {
            (left, Some(right)) => (usize::from(left.width), usize::from(right.width)),
            (left, None) => (usize::from(left.width), usize::from(left.width)),
        };
        let mut changes = Vec::new();
        let mut focus = 0..0;
        if let Some(fault) = review.read.fault() {
            changes.extend(fault::rows(pen, app, fault, 3, left));
            changes.push(Row::new());
        }
        if review.moved.stops() {
            let drawn = conflict::rows(pen, app, session, review, left);
            focus = drawn.focus.start + changes.len()..drawn.focus.end + changes.len();
            changes.extend(drawn.rows);
        } else if let Some(set) = &review.changes {
            changes.extend(changes::rows(pen, set, left));
        } else if review.read.is_loading() {
            changes.push(Row::new().gap(3).put(
                Role::Text,
                "the user is being read again; then everything that is sent stands here",
            ));
        }
        changes.extend(conflict::also(pen, review, left));
        let mut causes = vec![row::rule(
            Role::Title,
            right,
            &Row::words(Role::Title, "What will happen"),
            &Row::new(),
        )];
        causes.extend(consequences::rows(pen, &session.consequences(&app.core), right));
        let send = send_box(pen, app, session, review, user, width);
        Some(Self {
            review,
            user,
            changes,
            focus,
            causes,
            send,
            beside,
        })
    }

    pub fn wants(&self) -> usize {
        let upper = match self.beside {
            true => self.changes.len().max(self.causes.len()),
            false => self.changes.len().saturating_add(self.causes.len()),
        };
        upper.saturating_add(self.send.len()).saturating_add(1)
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let user = self.user;
        let mut row = Row::new()
            .gap(1)
            .put(Role::Text, "Review ")
            .put(Role::Text, pen.raw(user.username.raw()));
        if let Some(name) = user.display_name() {
            row = row.gap(2).put(Role::Text, pen.raw(&name));
        }
        if let Some(sub) = user.sub() {
            // The beginning tells two users of one name apart; the user's screen has all of it.
            let begin: String = sub.chars().take(8).collect();
            row = row.put(Role::Text, "  sub ").put(Role::Text, pen.text(&begin));
        }
        let state = self.state(pen);
        let room = width.saturating_sub(state.width()).saturating_sub(2);
        row.cut(room).gap(2).join(state)
    }

    /// What reading again brought: at the end of what the title names, and never cut.
    fn state(&self, pen: &Pen<'_>) -> Row {
        let review = self.review;
        if review.read.is_loading() {
            return Row::words(Role::Text, "being read again");
        }
        if review.read.fault().is_some() {
            return Row::words(Role::Refused, "NOT READ AGAIN");
        }
        let Some(at) = review.read_at else {
            return Row::words(Role::Text, "not read again yet");
        };
        let row = Row::words(Role::Text, "read again ").put(Role::Text, pen.time(at));
        let undecided = review.undecided();
        if undecided > 0 {
            let said = Shown::fixed(": CHANGED, ")
                .join(Shown::count(undecided))
                .join(" to decide".into());
            return row.put(Role::Refused, said);
        }
        match review.moved.also.len() {
            _ if review.decided => row.put(Role::Text, ": changed, and decided"),
            0 => row.put(Role::Text, ": no one changed it"),
            _ => row.put(Role::Text, ": no one changed these"),
        }
    }

    pub fn draw(self, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let height = usize::from(area.height);
        let send = self.send.len().min(height.saturating_sub(2));
        let room = height.saturating_sub(send);
        let upper = Rect {
            height: u16::try_from(room).unwrap_or(area.height),
            ..area
        };
        let lower = Rect {
            y: area.y.saturating_add(upper.height),
            height: area.height.saturating_sub(upper.height),
            ..area
        };
        let has_conflict = !self.focus.is_empty();
        let scrolled = self.review.confirmation.scroll;
        let focus = self.focus;
        let in_upper = match super::split(upper) {
            (left, Some(right)) => {
                super::between(left, right, buffer, theme);
                let scrolled = if has_conflict { 0 } else { scrolled };
                row::draw(scrolled_rows(self.causes, 0, room, &(0..0)), right, buffer, theme);
                row::draw(scrolled_rows(self.changes, scrolled, room, &focus), left, buffer, theme)
            }
            (_, None) => {
                let mut rows = self.changes;
                // One empty line between what is sent and the box, where there is room for it.
                rows.extend(self.causes);
                row::draw(scrolled_rows(rows, scrolled, room, &focus), upper, buffer, theme)
            }
        };
        let in_lower = row::draw(self.send, lower, buffer, theme);
        in_upper.or(in_lower).or(Some(area.as_position()))
    }
}

/// What is asked for before it is sent, how it stands, and the two buttons.
fn send_box(pen: &Pen<'_>, app: &App, session: &Session, review: &Review, user: &User, width: usize) -> Vec<Row> {
    let title = Row::words(Role::Title, "Send");
    let call = match session.edited_draft().map(Draft::route) {
        Some(Route::Own) => "UpdateUserAttributes",
        _ => "AdminUpdateUserAttributes",
    };
    let changes = review.changes.clone().map(Operation::update);
    let call = changes.map_or(call, |operation| operation.name());
    let tail = Row::words(Role::Title, Shown::words(format!("{call}, one call, never repeated")));
    let mut rows = vec![row::rule(Role::Title, width, &title, &tail)];
    rows.push(reason_row(pen, app, session, &review.confirmation, width));
    rows.extend(pool_row(pen, app, session, &review.confirmation, width));
    let losing = session.takes_alias_from(&app.core);
    if let Some(first) = losing.first() {
        let why = Shown::fixed("this takes an alias from ").join(pen.raw(first.raw()));
        rows.push(username_row(pen, &review.confirmation, user.username.raw(), why, width));
    }
    if let Some(set) = &review.changes
        && !set.metadata().0.is_empty()
    {
        let mut said = Shown::fixed("client metadata ");
        for (at, (key, value)) in set.metadata().0.iter().enumerate() {
            if at > 0 {
                said = said.join(", ".into());
            }
            said = said.join(pen.text(key)).join("=".into()).join(pen.text(value));
        }
        let row = label("With").put(Role::Text, said);
        rows.push(row.right(width, Row::words(Role::Muted, "to Lambda triggers, not stored").gap(1)));
    }
    rows.push(Row::new().gap(3).join(progress(pen, app, session, review)));
    rows.push(buttons(pen, session, review, user, width));
    rows
}

/// How the sending stands, or what is still missing: always on this line.
fn progress(pen: &Pen<'_>, app: &App, session: &Session, review: &Review) -> Row {
    if let Some(row) = sending(app, &review.confirmation) {
        return row;
    }
    if review.undecided() > 0 {
        let key = |action| pen.key(app, &[Scope::Review], action).unwrap_or_default();
        let said = Shown::fixed("nothing is sent before each is decided: ")
            .join(key(Action::KeepMine))
            .join(" keeps yours, ".into())
            .join(key(Action::TakeTheirs))
            .join(" takes theirs".into());
        return Row::words(Role::Problem, said);
    }
    let user = session.edit.as_ref().map(|edit| &edit.username);
    if user.is_some_and(|user| session.unknown.contains_key(user)) {
        return Row::words(
            Role::Problem,
            "! an earlier send ended unknown: a message may already be out",
        );
    }
    if review.read.is_loading() {
        return Row::words(Role::Text, "reading again");
    }
    Row::new()
}

/// `[ Cancel ]     [ Send 4 attributes of jane.doe ]`
fn buttons(pen: &Pen<'_>, session: &Session, review: &Review, user: &User, width: usize) -> Row {
    let count = review.changes.as_ref().map_or_else(
        || session.edited_draft().map_or(0, |draft| draft.edits().len()),
        |set| set.len(),
    );
    let what = Shown::fixed("Send ")
        .join(counted(count, "attribute"))
        .join(" of ".into());
    super::confirmation::buttons(&review.confirmation, what, &pen.raw(user.username.raw()), width)
}
