//! The form: what is there now, what is pending, what is wrong with it, and what it will cause.

mod form;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::form::Form;
use super::{TWO_PANES, consequences, user};
use crate::app::App;
use crate::app::screen::edit::EditScreen;
use crate::app::session::Session;
use crate::domain::consequence::{Known, pool_line, problem_line};
use crate::domain::schema::Problem;
use crate::domain::{AttributeName, Contact, Draft, Pool, Route};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

/// The form with everything that is reckoned for it once.
pub struct Sight<'a> {
    edit: &'a EditScreen,
    draft: &'a Draft,
    problems: Vec<(AttributeName, Problem)>,
    /// The edits are on disk.
    drafted: bool,
    form: Form,
    /// The pane of consequences with its title, as wide as it will be drawn.
    causes: Vec<Row>,
    beside: bool,
}

impl<'a> Sight<'a> {
    pub fn new(pen: &Pen<'_>, app: &'a App, session: &'a Session, width: usize) -> Option<Self> {
        let edit = session.edit.as_ref()?;
        let draft = session.drafts.get(&edit.key())?;
        let problems = session.problems();
        let beside = width >= TWO_PANES;
        let (left, right) = match super::split(Rect::new(0, 0, u16::try_from(width).unwrap_or(u16::MAX), 1)) {
            (left, Some(right)) => (usize::from(left.width), usize::from(right.width)),
            (left, None) => (usize::from(left.width), usize::from(left.width)),
        };
        let form = Form::new(pen, app, session, edit, draft, &problems, left);
        let causes = causes(pen, app, session, draft, &problems, right);
        Some(Self {
            edit,
            draft,
            problems,
            drafted: app.drafts.is_kept(&session.place, &edit.username, edit.route),
            form,
            causes,
            beside,
        })
    }

    pub fn wants(&self) -> usize {
        match self.beside {
            true => self.form.len().max(self.causes.len()),
            false => self.form.len().saturating_add(self.causes.len()),
        }
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let user = self.draft.base();
        let row = match &self.edit.field {
            Some(open) => Row::new()
                .gap(1)
                .put(Role::Text, "EDITING ")
                .put(Role::Text, pen.name(open.name.raw()))
                .put(Role::Text, "  of "),
            None => Row::new().gap(1).put(Role::Text, "Edit "),
        };
        let row = match self.edit.route {
            Route::Own => row.put(Role::Text, "AS THE USER "),
            Route::Admin => row,
        };
        let mfa = match user.mfa() {
            Some(mfa) => pen.name(&mfa.words()),
            None if self.edit.read.is_loading() => Shown::fixed("being read"),
            None => Shown::fixed("not known"),
        };
        let row = row
            .join(user::who(pen, user))
            .put(Role::Text, "  MFA: ")
            .put(Role::Text, mfa);
        let to_send = self.draft.edits().keys().filter(|name| !self.has_problem(name)).count();
        let mut tail = Row::new();
        if to_send > 0 {
            tail = tail.put(Role::Text, Shown::count(to_send)).put(Role::Text, " to send");
        }
        if !self.problems.is_empty() {
            let gap = if tail.is_empty() { 0 } else { 2 };
            tail = tail.gap(gap).put(Role::Text, counted(self.problems.len(), "problem"));
        }
        if tail.is_empty() {
            tail = tail.put(Role::Text, "no edits");
        }
        if self.drafted {
            tail = tail.gap(2).put(Role::Drafted, "drafted");
        }
        row.right(width, tail.gap(1))
    }

    fn has_problem(&self, name: &AttributeName) -> bool {
        self.problems.iter().any(|(other, _)| other == name)
    }

    pub fn draw(self, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        if let (left, Some(right)) = super::split(area) {
            super::between(left, right, buffer, theme);
            row::draw(
                consequences::fitted(self.causes, usize::from(right.height)),
                right,
                buffer,
                theme,
            );
            return draw_form(self.form, left, buffer, theme);
        }
        let height = usize::from(area.height);
        // The form is what the keys act on: it gives way to the consequences down to half, and no further.
        let causes = self
            .causes
            .len()
            .min((height / 2).max(height.saturating_sub(self.form.len())));
        let upper = Rect {
            height: u16::try_from(height.saturating_sub(causes)).unwrap_or(area.height),
            ..area
        };
        let lower = Rect {
            y: area.y.saturating_add(upper.height),
            height: area.height.saturating_sub(upper.height),
            ..area
        };
        row::draw(consequences::fitted(self.causes, causes), lower, buffer, theme);
        draw_form(self.form, upper, buffer, theme)
    }
}

fn draw_form(form: Form, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
    let height = usize::from(area.height);
    let mut rows = form.head;
    let room = height
        .saturating_sub(rows.len())
        .saturating_sub(form.below.len())
        .max(1);
    let mut shown = scroll::window(form.rows, &form.focus, room);
    let missing = room.saturating_sub(shown.len());
    shown.extend((0..missing).map(|_| Row::new()));
    rows.extend(shown);
    rows.extend(form.below);
    row::draw(rows, area, buffer, theme).or(Some(area.as_position()))
}

/// The pane "What will happen", its title first.
fn causes(
    pen: &Pen<'_>,
    app: &App,
    session: &Session,
    draft: &Draft,
    problems: &[(AttributeName, Problem)],
    width: usize,
) -> Vec<Row> {
    let label = Row::words(Role::Title, "What will happen");
    let about = session
        .pool
        .ready()
        .map(|pool| about_pool(pen, pool, draft))
        .unwrap_or_default();
    let fits = label.width() + about.width() + 10 <= width;
    let tail = if fits && !about.is_empty() {
        Row::words(Role::Title, about.clone())
    } else {
        Row::new()
    };
    let mut rows = vec![row::rule(Role::Title, width, &label, &tail)];
    if !fits {
        rows.extend(
            about
                .wrap(width.saturating_sub(2))
                .into_iter()
                .map(|line| Row::new().gap(1).put(Role::Text, line)),
        );
    }
    rows.extend(consequences::rows(pen, &session.consequences(&app.core), width));
    rows.extend(consequences::rows(pen, problem_line(problems).as_slice(), width));
    if draft.is_empty() && problems.is_empty() {
        rows.push(
            Row::new()
                .gap(1)
                .put(Role::Muted, "nothing: there are no pending edits"),
        );
    }
    rows
}

/// What the pool does with a new address or number, for the contact that changes.
fn about_pool(pen: &Pen<'_>, pool: &Pool, draft: &Draft) -> Shown {
    let touched = |contact: &Contact| draft.edit(&contact.attribute()).is_some();
    let contact = Contact::ALL.into_iter().find(touched).unwrap_or(Contact::Email);
    pen.say(&pool_line(&Known::Known(pool), contact))
}
