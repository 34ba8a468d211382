//! One step under review: what it does, what it causes, what it has to be told, and the one place where it is decided.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::confirmation::{
    buttons, cancel, field_row, label, pool_row, reason_row, scrolled_rows, sending, username_row,
};
use super::{TWO_PANES, consequences, fault, user};
use crate::app::App;
use crate::app::screen::confirmation::Control;
use crate::app::screen::deed::{DeedScreen, changed_meanwhile};
use crate::app::session::Session;
use crate::domain::{Contact, Deed, Raw};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::{self, Row};

/// The step with everything that is reckoned for it once.
pub struct Sight<'a> {
    screen: &'a DeedScreen,
    /// What stands in the way, and who it is about.
    about: Vec<Row>,
    causes: Vec<Row>,
    send: Vec<Row>,
    beside: bool,
}

impl<'a> Sight<'a> {
    pub fn new(pen: &Pen<'_>, app: &'a App, session: &'a Session, width: usize) -> Option<Self> {
        let screen = session.deed.as_ref()?;
        let beside = width >= TWO_PANES;
        let (left, right) = match super::split(Rect::new(0, 0, u16::try_from(width).unwrap_or(u16::MAX), 1)) {
            (left, Some(right)) => (usize::from(left.width), usize::from(right.width)),
            (left, None) => (usize::from(left.width), usize::from(left.width)),
        };
        let mut about = in_the_way(pen, app, session, screen, left);
        if beside {
            about.extend(user::facts(pen, session, &screen.user, left));
            about.push(Row::new());
        }
        about.extend(contacts(pen, session, screen, left));
        let title = Row::words(Role::Title, "What will happen");
        let mut causes = vec![row::rule(Role::Title, right, &title, &Row::new())];
        causes.extend(consequences::rows(pen, &session.deed_consequences(&app.core), right));
        Some(Self {
            screen,
            about,
            causes,
            send: send_box(pen, app, session, screen, width),
            beside,
        })
    }

    pub fn wants(&self) -> usize {
        let upper = match self.beside {
            true => self.about.len().max(self.causes.len()),
            false => self.about.len().saturating_add(self.causes.len()),
        };
        upper.saturating_add(self.send.len()).saturating_add(1)
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let row = Row::new()
            .gap(1)
            .put(Role::Text, "Review: ")
            .put(Role::Text, self.screen.deed.short())
            .gap(2)
            .join(user::who(pen, &self.screen.user));
        let state = self.state(pen, width);
        let room = width.saturating_sub(state.width()).saturating_sub(2);
        row.cut(room).gap(2).join(state)
    }

    /// What reading again brought: at the end of what the title names, and never cut.
    fn state(&self, pen: &Pen<'_>, width: usize) -> Row {
        let screen = self.screen;
        if screen.read.is_loading() {
            return Row::words(Role::Text, "being read again");
        }
        if screen.read.fault().is_some() {
            return Row::words(Role::Refused, "NOT READ AGAIN");
        }
        let Some(at) = screen.read_at else {
            return Row::words(Role::Text, "not read again yet");
        };
        // On a narrow screen the name needs the room more than the time does.
        let (row, begin) = match width {
            0..80 => (Row::new(), ""),
            _ => (
                Row::words(Role::Text, "read again ").put(Role::Text, pen.time(at)),
                ": ",
            ),
        };
        let row = row.put(Role::Text, begin);
        if screen.moved.stops() {
            return row.put(Role::Refused, "CHANGED");
        }
        match screen.moved.also.len() {
            0 => row.put(Role::Text, "no one changed it"),
            _ => row.put(Role::Text, "no one changed these"),
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
        let scrolled = self.screen.confirmation.scroll;
        match super::split(upper) {
            (left, Some(right)) => {
                super::between(left, right, buffer, theme);
                row::draw(scrolled_rows(self.about, 0, room, &(0..0)), left, buffer, theme);
                row::draw(
                    scrolled_rows(self.causes, scrolled, room, &(0..0)),
                    right,
                    buffer,
                    theme,
                );
            }
            (_, None) => {
                let mut rows = self.about;
                rows.extend(self.causes);
                row::draw(scrolled_rows(rows, scrolled, room, &(0..0)), upper, buffer, theme);
            }
        }
        row::draw(self.send, lower, buffer, theme).or(Some(area.as_position()))
    }
}

/// Why it cannot be sent, in full, before anything else.
fn in_the_way(pen: &Pen<'_>, app: &App, session: &Session, screen: &DeedScreen, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for fault in [screen.read.fault(), screen.clients.fault()].into_iter().flatten() {
        rows.extend(fault::rows(pen, app, fault, 3, width));
        rows.push(Row::new());
    }
    let mut problem = |said: Shown| {
        let lines = said.wrap(width.saturating_sub(4)).into_iter().enumerate();
        rows.extend(lines.map(|(at, line)| {
            let mark = if at == 0 { "!" } else { " " };
            Row::new()
                .gap(1)
                .put(Role::Problem, mark)
                .gap(1)
                .put(Role::Problem, line)
        }));
    };
    if screen.moved.stops() {
        let what = crate::say!("someone changed ").join(changed_meanwhile(&screen.moved));
        problem(pen.say(&what.words(" meanwhile: go back, and decide on what is there now")));
        for drift in &screen.moved.touched {
            problem(was(pen, drift.name.raw(), drift.expected.as_ref(), drift.now.as_ref()));
        }
        for fact in &screen.moved.facts {
            let said = crate::say!(own fact.what, ": was ", raw & fact.before, ", is ", raw & fact.now);
            problem(pen.say(&said));
        }
    } else if let Some(why) = session.deed_refused(screen.deed, &screen.user) {
        problem(pen.say(&crate::say!("the service would refuse this: ").join(why)));
    }
    rows
}

fn was(
    pen: &Pen<'_>,
    name: &Raw,
    before: Option<&crate::domain::AttributeValue>,
    now: Option<&crate::domain::AttributeValue>,
) -> Shown {
    let unset = Raw::from("not set");
    let before = before.map_or(&unset, |value| value.raw());
    let now = now.map_or(&unset, |value| value.raw());
    pen.say(&crate::say!(name name, ": was ", raw before, ", is ", raw now))
}

/// Where messages could go: the two contacts with their marks, and what waits.
fn contacts(pen: &Pen<'_>, session: &Session, screen: &DeedScreen, width: usize) -> Vec<Row> {
    let user = &screen.user;
    let mut rows = Vec::new();
    for contact in Contact::ALL {
        let Some(value) = user.contact(contact) else {
            continue;
        };
        let mark = if user.is_verified(contact) {
            "verified"
        } else {
            "NOT VERIFIED"
        };
        let row = Row::new()
            .gap(3)
            .put(Role::Muted, contact.name())
            .to(18)
            .put(Role::Text, pen.raw(value.raw()).fit(width.saturating_sub(34)))
            .gap(2)
            .put(Role::Text, mark);
        rows.push(row.cut(width));
        if let Some(pending) = session.pending_value(&user.username, contact) {
            let said = Shown::fixed("waits for its code: ").join(pen.raw(pending.raw()));
            rows.push(Row::new().to(18).put(Role::Waiting, said).cut(width));
        }
    }
    rows
}

/// What is asked for before it is sent, how it stands, and the two buttons.
fn send_box(pen: &Pen<'_>, app: &App, session: &Session, screen: &DeedScreen, width: usize) -> Vec<Row> {
    let confirmation = &screen.confirmation;
    let title = Row::words(Role::Title, "Send");
    let call = format!("{}, one call, never repeated", screen.deed.operation());
    let tail = Row::words(Role::Title, Shown::words(call));
    let mut rows = vec![row::rule(Role::Title, width, &title, &tail)];
    let iam = iam_words(screen.deed).wrap(width.saturating_sub(12)).into_iter();
    rows.extend(iam.enumerate().map(|(at, line)| {
        let start = if at == 0 { label("IAM") } else { label("") };
        start.put(Role::Text, line)
    }));
    if session.controls(&app.core).contains(&Control::Send) {
        rows.push(reason_row(pen, app, session, confirmation, width));
        rows.extend(pool_row(pen, app, session, confirmation, width));
    }
    if screen.deed == Deed::ResendCode {
        rows.push(client_row(pen, screen).cut(width));
    }
    if let Deed::VerifyCode(_) = screen.deed {
        let focused = confirmation.focus == Control::Code;
        let why = "the code as it was received; a wrong one changes nothing".into();
        rows.push(field_row(pen, label("Code"), &screen.code, focused, why, width));
    }
    if screen.deed.asks_for_username() && session.deed_refused(screen.deed, &screen.user).is_none() {
        let why = "it shuts somebody out".into();
        rows.push(username_row(pen, confirmation, screen.user.username.raw(), why, width));
    }
    let progress = sending(app, confirmation).or_else(|| {
        let why = session.deed_waits_for(&app.core)?;
        Some(Row::words(Role::Problem, pen.say(&why)))
    });
    rows.push(Row::new().gap(3).join(progress.unwrap_or_default()).cut(width));
    let whose = pen.raw(screen.user.username.raw());
    rows.push(if session.controls(&app.core).contains(&Control::Send) {
        let verb = Shown::fixed("Send: ")
            .join(screen.deed.short().into())
            .join(", ".into());
        buttons(confirmation, verb, &whose, width)
    } else {
        cancel(confirmation)
    });
    rows
}

/// What has to be allowed for this call.
fn iam_words(deed: Deed) -> Shown {
    match (deed, deed.iam()) {
        (_, []) => "no action: the user's access token allows it".into(),
        (Deed::ResendCode, _) => "unsigned; cognito-idp:ListUserPoolClients, DescribeUserPoolClient".into(),
        (_, actions) => Shown::words(actions.join(" and ")),
    }
}

/// The app client that is named, and how to choose another.
fn client_row(pen: &Pen<'_>, screen: &DeedScreen) -> Row {
    let focused = screen.confirmation.focus == Control::Client;
    let label = label("Client").put(Role::Text, if focused { ">" } else { " " });
    let label = if focused { label.cursor_here() } else { label };
    let count = screen.clients.ready().map_or(0, Vec::len);
    let role = if focused { Role::InputFocused } else { Role::Input };
    match (screen.client(), count) {
        (Some(client), 1) => label
            .put(Role::Text, pen.name(&client.name))
            .put(Role::Text, ", the only one"),
        (Some(client), _) => label.put(role, pen.name(&client.name)).put(
            Role::Text,
            Shown::words(format!(", one of {count}: up and down choose another")),
        ),
        (None, 0) if screen.clients.is_loading() => label.put(Role::Text, "being listed"),
        (None, 0) => label.put(Role::Problem, "none is known"),
        (None, _) => label.put(role, "not chosen").put(
            Role::Problem,
            Shown::words(format!(": {count} there are; up and down choose one")),
        ),
    }
}
