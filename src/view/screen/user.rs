//! One user: facts first, then every attribute with its flag under it.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::users::remark;
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::rows::Rows;
use crate::app::screen::user::UserScreen;
use crate::app::screen::users::Users;
use crate::app::session::Session;
use crate::app::slot::Slot;
use crate::domain::column::Column;
use crate::domain::consequence::providers_of;
use crate::domain::user::Mfa;
use crate::domain::{AttributeName, Fault, Route, User};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const INDENT: usize = 3;
/// Where values begin.
pub const VALUE: usize = 22;
/// Where the second column of facts begins.
const SECOND: usize = 46;
/// How many lines the attributes get at least, their head included.
const LEAST_ATTRIBUTES: usize = 6;

/// The open user with what is drawn of it.
pub struct Sight<'a> {
    session: &'a Session,
    screen: &'a UserScreen,
    rows: Rows,
}

impl<'a> Sight<'a> {
    pub fn new(session: &'a Session) -> Option<Self> {
        let screen = session.user.as_ref()?;
        Some(Self {
            session,
            screen,
            rows: session.user_rows(screen),
        })
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let user = &self.screen.user;
        let as_whom = match user.tells_status() {
            true => "User ",
            false => "User, AS THE USER'S TOKEN SEES IT ",
        };
        let row = Row::new().gap(1).put(Role::Text, as_whom).join(who(pen, user));
        let mut tail = Row::new();
        if let Some(draft) = self.session.draft(&user.username) {
            let whose = match draft.route() {
                Route::Admin => " pending",
                Route::Own => " pending as the user",
            };
            let pending = counted(draft.edits().len(), "edit").join(whose.into());
            tail = tail.put(Role::Drafted, pending).gap(1);
        }
        if self.screen.details.is_loading() || self.screen.groups.is_loading() {
            tail = tail.gap(1).put(Role::Text, "reading details").gap(1);
        } else if self.screen.again.is_loading() {
            tail = tail.gap(1).put(Role::Text, "reading again").gap(1);
        } else if self.screen.again.fault().is_some() {
            tail = tail.gap(1).put(Role::Refused, "NOT READ AGAIN").gap(1);
        }
        row.right(width, tail)
    }

    pub fn draw(self, pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let (list, beside) = super::split(area);
        let width = usize::from(list.width);
        let user = &self.screen.user;
        // An export has nobody to ask.
        let ask = pen
            .key(app, &[Scope::User], Action::Details)
            .filter(|_| !self.session.is_file());
        let mut rows = facts_by_name(pen, self.session, user, Some((self.screen, ask)), width);
        if usize::from(list.height) < rows.len() + LEAST_ATTRIBUTES {
            // What the list shows as well gives way, so that attributes are seen on the lowest screen.
            rows.retain(|(fact, _)| !matches!(fact, Fact::Dates | Fact::Groups));
        }
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        rows.push(head());
        let current = self.screen.cursor.as_ref().or(self.rows.names.first());
        let at = current.and_then(|name| self.rows.position(name)).unwrap_or(0);
        let mut below = Vec::new();
        let selected = self.rows.names.get(at).and_then(|name| user.get(name));
        if let Some(remark) = selected
            .filter(|_| beside.is_none())
            .and_then(|value| remark(pen, value.raw()))
        {
            let lines = remark.wrap(width.saturating_sub(INDENT + 1)).into_iter().take(2);
            below.extend(lines.map(|line| Row::new().gap(INDENT).put(Role::Muted, line)));
        }
        let mut attributes: Vec<Row> = self
            .rows
            .names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let start = if index == at {
                    super::picked()
                } else {
                    super::unpicked()
                };
                let row = attribute_row(
                    pen,
                    start,
                    (&self.session.users, user),
                    name,
                    self.screen.scrolled,
                    width,
                );
                match waits(pen, self.session, user, name) {
                    Some(said) => row.gap(2).put(Role::Waiting, said).cut(width),
                    None => row,
                }
            })
            .collect();
        attributes.extend(folded(pen, app, Scope::User, &self.rows));
        let room = usize::from(list.height)
            .saturating_sub(rows.len())
            .saturating_sub(below.len())
            .max(1);
        let mut shown = scroll::window(attributes, &(at..at.saturating_add(1)), room);
        let missing = room.saturating_sub(shown.len());
        shown.extend((0..missing).map(|_| Row::new()));
        rows.extend(shown);
        rows.extend(below);
        let cursor = row::draw(rows, list, buffer, theme);
        if let Some(beside) = beside {
            super::between(list, beside, buffer, theme);
            let rows = in_full(pen, user, self.rows.names.get(at), usize::from(beside.width));
            row::draw(rows, beside, buffer, theme);
        }
        cursor.or(Some(list.as_position()))
    }
}

/// `jane.doe  Jane Doe  CONFIRMED`
pub fn who(pen: &Pen<'_>, user: &User) -> Row {
    let mut row = Row::new().put(Role::Text, pen.raw(user.username.raw()));
    if let Some(name) = user.display_name() {
        row = row.gap(2).put(Role::Text, pen.raw(&name));
    }
    if !user.tells_status() {
        return row;
    }
    row = row.gap(2).put(Role::Text, pen.name(&user.status.raw()));
    if user.enabled {
        row
    } else {
        row.gap(2).put(Role::Text, "DISABLED")
    }
}

/// One line of facts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    Sub,
    Status,
    Dates,
    Mfa,
    Groups,
    Rewritten,
}

/// What is known of a user besides its attributes, as far as the list knows it.
pub fn facts(pen: &Pen<'_>, session: &Session, user: &User, width: usize) -> Vec<Row> {
    facts_by_name(pen, session, user, None, width)
        .into_iter()
        .map(|(_, row)| row)
        .collect()
}

/// The facts of a user. With the screen it says how to learn what the list does not know.
fn facts_by_name(
    pen: &Pen<'_>,
    session: &Session,
    user: &User,
    screen: Option<(&UserScreen, Option<Shown>)>,
    width: usize,
) -> Vec<(Fact, Row)> {
    let two = |one: (&'static str, Shown), other: (&'static str, Shown)| {
        label(one.0)
            .put(Role::Text, one.1)
            .to(SECOND)
            .put(Role::Muted, other.0)
            .gap(2)
            .put(Role::Text, other.1)
    };
    let mut rows = vec![
        (Fact::Sub, label("sub").put(Role::Text, sub(pen, user))),
        (
            Fact::Status,
            two(("status", pen.name(&user.status.raw())), ("enabled", enabled(user))),
        ),
        (
            Fact::Dates,
            two(
                ("created", date(pen, user.created)),
                ("changed", date(pen, user.changed)),
            ),
        ),
    ];
    let ask = screen.as_ref().and_then(|(_, key)| key.clone());
    let mfa = match (user.mfa(), screen.as_ref().map(|(screen, _)| &screen.details)) {
        (Some(mfa), _) => factors(pen, mfa),
        (None, Some(slot)) => unread(pen, slot, ask.clone(), " reads it, 1 call, counts as active user"),
        (None, None) => Shown::fixed("not known"),
    };
    rows.push((Fact::Mfa, label("MFA").put(Role::Text, mfa)));
    if let Some((screen, _)) = &screen {
        let groups = match (session.users.groups_in_file(&user.username), &screen.groups) {
            (Some(names), _) => list(pen, names.into_iter()),
            (None, Slot::Ready(names)) => list(pen, names.iter()),
            (None, slot) => unread(pen, slot, ask, " reads them, 1 call"),
        };
        rows.push((Fact::Groups, label("groups").put(Role::Text, groups)));
    }
    if user.has_provider() {
        rows.push((
            Fact::Rewritten,
            label("rewritten").put(Role::Text, rewritten(pen, session, user)),
        ));
    }
    rows.into_iter()
        .map(|(fact, row)| (fact, row.cut(width.saturating_sub(1))))
        .collect()
}

pub fn sub(pen: &Pen<'_>, user: &User) -> Shown {
    user.sub()
        .map_or_else(|| Shown::fixed("not known"), |sub| pen.text(sub))
}

pub fn enabled(user: &User) -> Shown {
    Shown::fixed(match (user.tells_status(), user.enabled) {
        (false, _) => "not told",
        (true, true) => "yes",
        (true, false) => "NO: cannot sign in",
    })
}

pub fn date(pen: &Pen<'_>, at: Option<Timestamp>) -> Shown {
    at.map_or_else(|| Shown::fixed("not known"), |at| pen.date(at))
}

pub fn factors(pen: &Pen<'_>, mfa: &Mfa) -> Shown {
    let words = pen.name(&mfa.words());
    match &mfa.preferred {
        Some(preferred) => words.join("   preferred ".into()).join(pen.name(preferred)),
        None => words,
    }
}

/// The word in front of a fact.
pub fn label(words: &'static str) -> Row {
    Row::new().gap(INDENT).put(Role::Muted, words).to(VALUE)
}

/// The items beside each other; `none` where there is none.
fn list<'a>(pen: &Pen<'_>, items: impl Iterator<Item = &'a crate::domain::Raw>) -> Shown {
    let mut listed = Shown::default();
    for item in items {
        if !listed.is_empty() {
            listed = listed.join(", ".into());
        }
        listed = listed.join(pen.raw(item));
    }
    if listed.is_empty() {
        Shown::fixed("none")
    } else {
        listed
    }
}

/// A fact that costs a call and was not asked for, or did not come.
fn unread<T>(pen: &Pen<'_>, slot: &Slot<T>, ask: Option<Shown>, cost: &'static str) -> Shown {
    match slot {
        Slot::Loading(_) => Shown::fixed("being read"),
        Slot::Failed(fault) => not_known(pen, fault),
        Slot::Empty | Slot::Ready(_) => match ask {
            Some(key) => Shown::fixed("not known: ").join(key).join(cost.into()),
            None => Shown::fixed("not known"),
        },
    }
}

/// `not known: no cognito-idp:AdminGetUser`
pub fn not_known(pen: &Pen<'_>, fault: &Fault) -> Shown {
    let why = match fault.missing_action() {
        Some(action) => crate::say!("not known: no ", own action),
        None => crate::say!("not known: ", raw & fault.code),
    };
    pen.say(&why)
}

/// Which attributes an identity provider writes at each sign-in of this user.
pub fn rewritten(pen: &Pen<'_>, session: &Session, user: &User) -> Shown {
    let mappings = match &session.providers {
        Slot::Ready(mappings) => mappings,
        Slot::Failed(_) => return Shown::fixed("may be rewritten at each sign-in (mapping not readable)"),
        Slot::Loading(_) => return Shown::fixed("being read"),
        Slot::Empty => return Shown::fixed("not known: opening the user reads it"),
    };
    let mut said = Shown::default();
    for provider in providers_of(user) {
        if !said.is_empty() {
            said = said.join("; ".into());
        }
        let mapped = mappings
            .iter()
            .find(|mapping| mapping.provider == provider)
            .map(|mapping| &mapping.attributes);
        said = match mapped {
            Some(names) if names.is_empty() => said.join("nothing".into()),
            Some(names) => said.join(list(pen, names.iter().map(AttributeName::raw))),
            None => said.join("not known which (mapping not readable)".into()),
        };
        said = said.join(" by ".into()).join(pen.raw(&provider));
    }
    said.join(" at each sign-in".into())
}

/// `waits for its code: new@example.com`, beside the value that is still in force.
pub fn waits(pen: &Pen<'_>, session: &Session, user: &User, name: &AttributeName) -> Option<Shown> {
    let pending = session.pending_value(&user.username, name.contact()?)?;
    Some(Shown::fixed("waits for its code: ").join(pen.raw(pending.raw())))
}

pub fn head() -> Row {
    Row::new()
        .gap(INDENT)
        .put(Role::Columns, "ATTRIBUTE")
        .to(VALUE)
        .put(Role::Columns, "VALUE")
}

/// A name and its value; a flag is indented under its contact.
pub fn attribute_row(
    pen: &Pen<'_>,
    start: Row,
    (users, user): (&Users, &User),
    name: &AttributeName,
    scrolled: usize,
    width: usize,
) -> Row {
    let room = width.saturating_sub(VALUE).saturating_sub(1);
    let is_told = user.get(name).is_some() || users.tells(&Column::Attribute(name.clone()));
    if let Some(contact) = name.verifies().filter(|_| is_told) {
        let (flag, role) = super::users::verified(user, contact);
        return start.gap(2).put(Role::Text, "verified").to(VALUE).put(role, flag);
    }
    let row = start.cell(Role::Text, pen.name(name.raw()), VALUE - INDENT - 1).gap(1);
    match user.get(name) {
        Some(value) => row.put(Role::Text, pen.scrolled(value.raw(), scrolled, room)),
        None if is_told => row.put(Role::Muted, "not set"),
        None => row.put(Role::Muted, "not in this export"),
    }
}

/// `14 more, not set: + shows them, / jumps to one by name`; what an export was made without is not said to be not set.
pub fn folded(pen: &Pen<'_>, app: &App, scope: Scope, rows: &Rows) -> Option<Row> {
    let key = |action| pen.key(app, &[scope], action);
    let said = match (rows.folded, rows.untold) {
        (0, 0) => return None,
        (not_set, 0) => Shown::count(not_set).join(" more, not set".into()),
        (0, untold) => Shown::count(untold).join(" more, not in this export".into()),
        (not_set, untold) => Shown::count(not_set)
            .join(" more, not set, and ".into())
            .join(Shown::count(untold))
            .join(" not in this export".into()),
    };
    let mut row = Row::new().gap(INDENT).put(Role::Muted, said);
    let keys = [(Action::Unfold, " shows them"), (Action::Jump, " jumps to one by name")];
    let mut before = ": ";
    for (action, words) in keys {
        if let Some(key) = key(action) {
            row = row
                .put(Role::Muted, before)
                .put(Role::Muted, key)
                .put(Role::Muted, words);
            before = ", ";
        }
    }
    Some(row)
}

/// The selected value in full, where there is room beside the list.
fn in_full(pen: &Pen<'_>, user: &User, name: Option<&AttributeName>, width: usize) -> Vec<Row> {
    let Some(name) = name else {
        return Vec::new();
    };
    let label = Row::words(Role::Title, pen.name(name.raw()).fit(width / 2));
    let mut rows = vec![row::rule(Role::Title, width, &label, &Row::new())];
    match user.get(name) {
        None => rows.push(Row::words(Role::Muted, "not set")),
        Some(value) => {
            rows.extend(
                pen.raw(value.raw())
                    .wrap(width)
                    .into_iter()
                    .map(|line| Row::words(Role::Text, line)),
            );
            rows.push(Row::new());
            let facts = pen.facts(value.raw());
            rows.extend(facts.wrap(width).into_iter().map(|line| Row::words(Role::Muted, line)));
        }
    }
    rows
}
