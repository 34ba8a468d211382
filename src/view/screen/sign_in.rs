//! Signing in as a user: one question at a time, what is known so far above it, and why the last answer was not taken
//! below it. A secret is drawn as so many stars.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::fault;
use crate::app::App;
use crate::app::screen::sign_in::{SignInScreen, Step, Way};
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::app::status::Word;
use crate::domain::Raw;
use crate::domain::sign_in::{Challenge, ChallengeKind};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const INDENT: usize = 3;
/// Where labels end and values begin.
const VALUE: usize = 14;

/// The sign-in with everything that is reckoned for it once.
pub struct Sight<'a> {
    screen: &'a SignInScreen,
    rows: Vec<Row>,
    /// The rows that have to be seen: the question, its line, and what was wrong.
    focus: Range<usize>,
}

impl<'a> Sight<'a> {
    pub fn new(pen: &Pen<'_>, app: &App, session: &'a Session, width: usize) -> Option<Self> {
        let screen = session.sign_in.as_ref()?;
        let mut drawing = Drawing {
            pen,
            app,
            screen,
            width,
            rows: Vec::new(),
        };
        let focus = drawing.draw();
        Some(Self {
            screen,
            rows: drawing.rows,
            focus,
        })
    }

    pub fn wants(&self) -> usize {
        self.rows.len()
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let row = Row::new().gap(1).put(Role::Text, "Sign in as ");
        let row = match &self.screen.user {
            Some(user) => row.put(Role::Text, pen.raw(user.username.raw())),
            None => row.put(Role::Text, "a user"),
        };
        let state = match self.screen.asking {
            Some(_) => Row::words(Role::Text, "the service is asked"),
            None => match &self.screen.fault {
                // No answer is no refusal: what was sent may have been done.
                Some(fault) if fault.kind.may_have_been_applied() => Row::words(Role::Unknown, "NO ANSWER"),
                Some(_) => Row::words(Role::Refused, "REFUSED"),
                None => Row::new(),
            },
        };
        row.right(width, state.gap(1))
    }

    pub fn draw(self, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let rows = scroll::window(self.rows, &self.focus, usize::from(area.height));
        row::draw(rows, area, buffer, theme).or(Some(area.as_position()))
    }
}

struct Drawing<'a> {
    pen: &'a Pen<'a>,
    app: &'a App,
    screen: &'a SignInScreen,
    width: usize,
    rows: Vec<Row>,
}

impl Drawing<'_> {
    fn draw(&mut self) -> Range<usize> {
        self.known();
        let start = self.rows.len();
        match &self.screen.step {
            Step::Way => self.ways(),
            Step::Client => self.clients(),
            Step::MfaType => self.factors(),
            Step::Stopped(name) => self.stopped(name),
            Step::Token => {
                self.say(Role::Text, "Paste or type the access token of this user. It is held in memory only, and forgotten with :stop-acting.");
                self.masked("Token");
            }
            Step::Username => {
                self.say(
                    Role::Text,
                    "The name to sign in with: the username, or what the pool takes for it.",
                );
                self.plain("Username");
            }
            Step::Password => {
                self.warn();
                self.masked("Password");
            }
            Step::NewPassword => {
                self.say(Role::Text, "The service wants a new password before it signs in. It is set for good: this user signs in with it from now on.");
                self.warn();
                self.masked("New password");
            }
            Step::NewPasswordAgain => {
                self.say(Role::Text, "The same new password once more, because nobody sees it.");
                self.masked("Again");
            }
            Step::Attribute(at) => self.attribute(*at),
            Step::Code => self.code(),
        }
        // A list is followed by its cursor, anything else by its question.
        let focus = match self.screen.step {
            Step::Way | Step::Client | Step::MfaType => {
                let cursor = self.rows.iter().position(Row::has_cursor).unwrap_or(start);
                cursor..cursor.saturating_add(1)
            }
            _ => start..self.rows.len(),
        };
        let before = self.rows.len();
        self.progress();
        self.outcome();
        self.notes();
        match self.rows.len() > before && focus.end == before {
            true => focus.start..self.rows.len(),
            false => focus,
        }
    }

    fn say(&mut self, role: Role, words: impl Into<Shown>) {
        let lines = words.into().wrap(self.width.saturating_sub(INDENT + 1));
        self.rows
            .extend(lines.into_iter().map(|line| Row::new().gap(INDENT).put(role, line)));
    }

    fn warn(&mut self) {
        self.say(Role::Problem, "! Never ask a customer for a password: use a test user.");
    }

    /// What was answered so far.
    fn known(&mut self) {
        let screen = self.screen;
        let Way::Password(flow) = screen.way else {
            return;
        };
        if matches!(screen.step, Step::Way | Step::Token) {
            return;
        }
        let fact = |label: &'static str, text: Shown| {
            Row::new()
                .gap(INDENT)
                .put(Role::Muted, label)
                .to(VALUE)
                .put(Role::Text, text)
        };
        let how = Shown::fixed(flow.name())
            .join(" (".into())
            .join(flow.operation().into())
            .join(")".into());
        self.rows.push(fact("flow", how));
        if let Some(client) = screen.client.as_ref().filter(|_| screen.step != Step::Client) {
            let name = self
                .pen
                .raw(&client.name)
                .join("  ".into())
                .join(self.pen.name(client.id.raw()));
            self.rows.push(fact("app client", name));
        }
        if !matches!(screen.step, Step::Client | Step::Username) {
            self.rows.push(fact("user", self.pen.raw(&screen.name())));
        }
    }

    fn list(&mut self, at: usize, line: Row) {
        let start = if at == self.screen.cursor {
            super::picked()
        } else {
            super::unpicked()
        };
        self.rows.push(start.join(line));
    }

    fn ways(&mut self) {
        self.say(Role::Text, "With what?");
        for (at, way) in Way::ALL.into_iter().enumerate() {
            let row = match way {
                Way::Token => Row::words(Role::Text, "an access token that you have"),
                Way::Password(flow) => Row::words(Role::Text, "a password, ")
                    .put(Role::Text, flow.name())
                    .put(Role::Muted, " (")
                    .put(Role::Muted, flow.operation())
                    .put(Role::Muted, ")"),
            };
            self.list(at, row);
        }
        self.warn();
    }

    fn clients(&mut self) {
        match &self.screen.clients {
            Slot::Empty | Slot::Loading(_) => {
                self.say(Role::Text, "the app clients are being read");
            }
            Slot::Failed(fault) => {
                let rows = fault::rows(self.pen, self.app, fault, INDENT, self.width);
                self.rows.extend(rows);
            }
            Slot::Ready(clients) if clients.is_empty() => {
                self.say(Role::Text, "this pool has no app client: nobody can sign in to it");
            }
            Slot::Ready(clients) => {
                self.say(Role::Text, "Through which app client?");
                let columns = clients
                    .iter()
                    .map(|client| self.pen.name(&client.name).width())
                    .max()
                    .unwrap_or(0)
                    .min(self.width / 2);
                for (at, client) in clients.iter().enumerate() {
                    let row = Row::new()
                        .cell(Role::Text, self.pen.name(&client.name), columns)
                        .gap(2)
                        .put(Role::Muted, self.pen.name(client.id.raw()));
                    self.list(at, row);
                }
            }
        }
    }

    fn factors(&mut self) {
        self.say(
            Role::Text,
            "The service asks which second factor to use (SELECT_MFA_TYPE):",
        );
        for (at, factor) in self.screen.factors().iter().enumerate() {
            let row = Row::words(Role::Text, self.pen.name(factor));
            self.list(at, row);
        }
    }

    fn stopped(&mut self, name: &Raw) {
        let said = Shown::fixed("! The service asks for ").join(self.pen.name(name));
        let said = said.join(", which cannot be answered here: the sign-in stops. Nobody is acted as.".into());
        self.say(Role::Problem, said);
    }

    fn attribute(&mut self, at: usize) {
        let missing = self.screen.missing();
        let Some(name) = missing.get(at) else {
            return;
        };
        let said = Shown::fixed("This pool requires ").join(self.pen.name(name.raw()));
        let said = said.join(", and the user has none: it is stored with the new password (".into());
        let said = said.join(Shown::count(at + 1)).join(" of ".into());
        let said = said.join(counted(missing.len(), "attribute")).join(").".into());
        self.say(Role::Text, said);
        self.plain("Value");
    }

    fn code(&mut self) {
        let Some(Challenge { kind, destination, .. }) = &self.screen.challenge else {
            return;
        };
        let said = match kind {
            ChallengeKind::Sms => "A code was sent by SMS (SMS_MFA)",
            ChallengeKind::Email => "A code was sent by e-mail (EMAIL_OTP)",
            _ => "The code that the user's authenticator app shows (SOFTWARE_TOKEN_MFA)",
        };
        let mut said = Shown::fixed(said);
        if let Some(destination) = destination {
            said = said.join(", reported: to ".into()).join(self.pen.raw(destination));
        }
        self.say(Role::Text, said);
        self.masked("Code");
    }

    fn label(&self, label: &'static str) -> Row {
        Row::new().gap(INDENT).put(Role::Text, label).to(VALUE + 2)
    }

    fn columns(&self, label: &Row) -> usize {
        self.width.saturating_sub(label.width() + 3).clamp(8, 48)
    }

    /// So many stars, and the cursor behind them.
    fn masked(&mut self, label: &'static str) {
        let label = self.label(label).put(Role::Text, ">");
        let columns = self.columns(&label);
        let count = self.screen.secret.len();
        let dots = Shown::words("*".repeat(count.min(columns.saturating_sub(1))));
        let cursor = label.width() + dots.width();
        let mut row = label.put(Role::InputFocused, dots.pad(columns));
        if count >= columns {
            row = row.gap(1).put(Role::Muted, Shown::count(count));
        }
        self.rows.push(row.cursor(cursor));
    }

    fn plain(&mut self, label: &'static str) {
        let Some(field) = self.screen.plain() else {
            return;
        };
        let label = self.label(label).put(Role::Text, ">");
        let columns = self.columns(&label);
        let (window, column) = self.pen.typed(field, columns);
        let at = label.width() + column;
        self.rows
            .push(label.put(Role::InputFocused, window.pad(columns)).cursor(at));
    }

    /// How long the service has been asked.
    fn progress(&mut self) {
        let Some(ticket) = self.screen.asking else {
            return;
        };
        let core = &self.app.core;
        let running = core
            .status
            .entries()
            .find(|entry| entry.ticket == Some(ticket) && entry.word == Word::Running);
        let seconds = running.map_or(0, |entry| entry.running_for(core.mono).as_secs());
        let said = Shown::words(format!("the service is asked, {seconds} s; Esc waits no longer"));
        self.say(Role::Text, said);
    }

    /// Why the last answer was not taken.
    fn outcome(&mut self) {
        if let Some(fault) = &self.screen.fault {
            let rows = fault::rows(self.pen, self.app, fault, INDENT, self.width);
            self.rows.extend(rows);
        }
        if let Some(other) = &self.screen.somebody_else {
            let mut said = Shown::fixed("! The token belongs to ").join(self.pen.raw(other.raw()));
            if let Some(user) = &self.screen.user {
                said = said.join(", not to ".into()).join(self.pen.raw(user.username.raw()));
            }
            said = said.join(": it is forgotten, and nothing was opened.".into());
            self.say(Role::Problem, said);
        }
    }

    /// What the chosen app client says about this way of signing in.
    fn notes(&mut self) {
        if !matches!(self.screen.step, Step::Username | Step::Password) {
            return;
        }
        if let Some(flow) = self.screen.missing_flow() {
            let said = Shown::fixed("! This app client does not allow it: ").join(Shown::words(flow));
            self.say(
                Role::Problem,
                said.join(" is missing from its flows. It may still be tried.".into()),
            );
        }
        match &self.screen.allows {
            Slot::Failed(_) => {
                self.say(
                    Role::Muted,
                    "What this app client allows is not known; the service decides.",
                );
            }
            Slot::Ready(client) if client.has_secret => {
                self.say(
                    Role::Muted,
                    "This app client has a secret: the hash that proves it is sent along.",
                );
            }
            _ => {}
        }
    }
}
