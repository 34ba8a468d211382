//! What the checks found: a row for each check with its count, or the users of one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{TWO_PANES, fault, picked, unpicked};
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::lint::LintScreen;
use crate::app::session::Session;
use crate::domain::column::Column;
use crate::domain::export::made_without;
use crate::domain::lint::{Check, Findings, Lack, Report};
use crate::domain::{AttributeName, Raw, RowId};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const INDENT: usize = 3;
/// A count of users, and of groups.
const COUNT: usize = 9;
/// `12` in front of the first of a group, `|` in front of the others.
const GROUP: usize = 6;
const ATTRIBUTE: usize = 14;
/// Lines from which on it is said below the users of a check why it matters, as it is below the counts.
const ROOM_FOR_WHY: usize = 12;

/// The screen with what is on it.
pub struct Sight<'a> {
    session: &'a Session,
    screen: &'a LintScreen,
}

impl<'a> Sight<'a> {
    pub fn new(session: &'a Session) -> Option<Self> {
        let screen = session.lint.as_ref()?;
        Some(Self { session, screen })
    }

    pub fn title(&self, pen: &Pen<'_>, width: usize) -> Row {
        let mut row = Row::new().gap(1).put(Role::Text, "Checks  ");
        if let (Some((check, _)), Some(_)) = (self.screen.open, self.screen.findings()) {
            row = row.put(Role::Text, check.name());
        } else if let Some(report) = &self.screen.report {
            let looked_at = looked_at(self.session, report.looked_at(), self.screen.of.whole);
            row = row.put(Role::Text, looked_at);
            if width >= TWO_PANES
                && let Some(at) = self.screen.of.as_of
            {
                row = row.put(Role::Text, Shown::fixed(", as of ").join(pen.minute(at)));
            }
        }
        let state = if self.screen.asked.is_loading() {
            Shown::fixed("looking")
        } else if self.screen.asked.fault().is_some() {
            Shown::fixed("FAILED")
        } else {
            self.found(width)
        };
        row.right(width, Row::new().put(Role::Text, state).gap(1))
    }

    /// `4 of 13 checks found some`, or `12 users in 5 groups  3/12`
    fn found(&self, width: usize) -> Shown {
        let Some(report) = &self.screen.report else {
            return Shown::default();
        };
        match (self.screen.open, self.screen.findings()) {
            (Some((_, at)), Some(findings)) => {
                let place = Shown::fixed("  ")
                    .join(Shown::count((at + 1).min(findings.found.len())))
                    .join("/".into())
                    .join(Shown::count(findings.found.len()));
                how_many(findings).join(place)
            }
            _ => {
                let some = report.findings.iter().filter(|findings| !findings.is_empty()).count();
                Shown::count(some)
                    .join(" of ".into())
                    .join(match width {
                        // How much of the pool was looked at goes before the noun.
                        ..80 => Shown::count(report.findings.len()),
                        _ => counted(report.findings.len(), "check"),
                    })
                    .join(" found some".into())
            }
        }
    }

    pub fn draw(&self, pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut rows = Vec::new();
        if let Some(fault) = self.screen.asked.fault() {
            rows.extend(fault::rows(pen, app, fault, INDENT, width).into_iter().take(3));
        }
        let room = height.saturating_sub(rows.len());
        match (&self.screen.report, self.screen.open) {
            (None, _) if self.screen.asked.is_loading() => {
                rows.push(Row::new());
                rows.push(
                    Row::new()
                        .gap(INDENT)
                        .put(Role::Text, "looking at everybody who is loaded"),
                );
            }
            (None, _) => {}
            (Some(report), None) => rows.extend(self.checks(pen, app, report, width, room)),
            (Some(report), Some((check, at))) => {
                if let Some(findings) = report.of(check) {
                    rows.extend(users(pen, report, findings, at, width, room));
                }
            }
        }
        row::draw(rows, area, buffer, theme).or(Some(area.as_position()))
    }

    fn checks(&self, pen: &Pen<'_>, app: &App, report: &Report, width: usize, height: usize) -> Vec<Row> {
        let head = Row::new()
            .gap(INDENT)
            .put(Role::Columns, Shown::fixed("USERS").pad_left(COUNT))
            .put(Role::Columns, Shown::fixed("GROUPS").pad_left(COUNT))
            .gap(2)
            .put(Role::Columns, "CHECK");
        let mut below = vec![Row::new()];
        let counts = report.counts();
        if let Some(findings) = counts.get(self.screen.cursor) {
            let why = Shown::fixed(findings.check.why());
            let why = match findings.check {
                Check::MissingAttribute => why.join(choosing(pen, app, report)),
                _ => why,
            };
            below.extend(said(why, width));
        }
        let left_out = |is_it: fn(&Lack) -> bool| {
            let checks = report.left_out().filter(|(_, lack)| is_it(lack));
            checks.map(|(check, _)| check.id()).collect::<Vec<_>>().join(", ")
        };
        let unknown = left_out(|lack| *lack == Lack::Settings);
        if !unknown.is_empty() {
            let because = pen.say(&Lack::Settings.sentence());
            let words = Shown::fixed("not made, because ").join(because);
            below.extend(said(words.join(Shown::words(format!(": {unknown}"))), width));
        }
        let unseen = report.unseen();
        if !unseen.is_empty() {
            let words = pen.say(&made_without(&unseen));
            let not_made = left_out(|lack| matches!(lack, Lack::Attributes(_)));
            let words = match not_made.is_empty() {
                true => words,
                false => words.join(Shown::words(format!("; not made for that: {not_made}"))),
            };
            below.extend(said(words, width));
        }
        let rows = counts.iter().enumerate().map(|(at, findings)| {
            let selected = at == self.screen.cursor;
            let role = if findings.is_empty() { Role::Muted } else { Role::Text };
            let groups = findings.groups().filter(|groups| *groups > 0);
            let start = if selected { picked() } else { unpicked() };
            let row = start
                .put(role, Shown::count(findings.users).pad_left(COUNT))
                .put(role, groups.map(Shown::count).unwrap_or_default().pad_left(COUNT))
                .gap(2)
                .put(role, findings.check.name());
            match (findings.check, report.options.attributes.as_slice()) {
                (Check::MissingAttribute, chosen @ [_, ..]) => {
                    let chosen = Shown::fixed(": ").join(names(pen, chosen));
                    row.put(role, chosen).cut(width.saturating_sub(1))
                }
                _ => row,
            }
        });
        listed(head, rows.collect(), self.screen.cursor, below, height)
    }
}

/// What was chosen that everybody should have, and the key that chooses.
fn choosing(pen: &Pen<'_>, app: &App, report: &Report) -> Shown {
    let chosen = match report.options.attributes.as_slice() {
        [] => Shown::fixed(" None is chosen"),
        chosen => Shown::fixed(" Chosen: ").join(names(pen, chosen)),
    };
    match pen.key(app, &[Scope::Audit], Action::Columns) {
        Some(key) => chosen.join("; ".into()).join(key).join(" chooses.".into()),
        None => chosen.join(".".into()),
    }
}

/// Attributes by name, one after the other.
fn names(pen: &Pen<'_>, names: &[AttributeName]) -> Shown {
    names.iter().fold(Shown::default(), |all, name| {
        let between = if all.is_empty() { "" } else { ", " };
        all.join(between.into()).join(pen.name(&Raw::from(name.as_str())))
    })
}

/// The head, as many of the rows as there is room for with the one at the cursor among them, and what is below.
fn listed(head: Row, rows: Vec<Row>, cursor: usize, below: Vec<Row>, height: usize) -> Vec<Row> {
    let room = height.saturating_sub(1).saturating_sub(below.len()).max(1);
    let mut all = vec![head];
    all.extend(scroll::window(rows, &(cursor..cursor.saturating_add(1)), room));
    all.extend(below);
    all
}

/// `12 users in 5 groups`
fn how_many(findings: &Findings) -> Shown {
    let users = counted(findings.users, "user");
    match findings.groups() {
        Some(groups) if groups > 0 => users.join(" in ".into()).join(counted(groups, "group")),
        _ => users,
    }
}

/// `120 of about 48,200, NOT ALL`: how much of the pool was looked at.
pub fn looked_at(session: &Session, looked_at: usize, whole: bool) -> Shown {
    let seen = counted(looked_at, "user");
    if whole {
        return seen.join(", ALL".into());
    }
    let estimate = session.pool.ready().and_then(|pool| pool.estimated_users);
    match estimate.and_then(|users| usize::try_from(users).ok()) {
        Some(users) => Shown::count(looked_at)
            .join(" of about ".into())
            .join(Shown::count(users))
            .join(", NOT ALL".into()),
        None => seen.join(", NOT ALL".into()),
    }
}

fn said(text: Shown, width: usize) -> Vec<Row> {
    let room = width.saturating_sub(INDENT).saturating_sub(1);
    let lines = text.wrap(room).into_iter();
    lines.map(|line| Row::new().gap(INDENT).put(Role::Text, line)).collect()
}

/// The users of one check. There may be a million: only those on the screen are made rows of.
fn users(pen: &Pen<'_>, report: &Report, findings: &Findings, at: usize, width: usize, height: usize) -> Vec<Row> {
    let grouped = findings.groups().is_some();
    let group = if grouped { GROUP } else { 0 };
    let left = width.saturating_sub(INDENT + group + ATTRIBUTE + 2);
    let user = (left * 2 / 5).clamp(10, 36);
    let head = Row::new().gap(INDENT);
    let head = if grouped {
        head.put(Role::Columns, Shown::fixed("GROUP").pad(group))
    } else {
        head
    };
    let head = head
        .put(Role::Columns, Shown::fixed("USERNAME").pad(user))
        .gap(1)
        .put(Role::Columns, Shown::fixed("ATTRIBUTE").pad(ATTRIBUTE))
        .gap(1)
        .put(Role::Columns, "VALUE");
    let mut below = vec![Row::new()];
    if let Some(found) = findings.found.get(at) {
        let about = report.about(findings.check, *found);
        let facts = facts(pen, report, found.row);
        let line = match about.is_empty() {
            true => facts,
            false => pen.about(&about).join("   ".into()).join(facts),
        };
        below.extend(said(line, width).into_iter().take(2));
    }
    if height >= ROOM_FOR_WHY {
        below.extend(said(Shown::fixed(findings.check.why()), width));
    }
    let room = height.saturating_sub(1).saturating_sub(below.len()).max(1);
    let first = scroll::first_line(&(at..at.saturating_add(1)), findings.found.len(), room);
    let mut rows = vec![head];
    for (place, found) in findings.found.iter().enumerate().skip(first).take(room) {
        let start = if place == at { picked() } else { unpicked() };
        let start = match findings.group(place) {
            Some((number, members)) => {
                let leads = members.first() == Some(found) || place == first;
                let mark = if leads {
                    Shown::count(number + 1)
                } else {
                    Shown::fixed("|")
                };
                start.put(Role::Muted, mark.pad(group))
            }
            None => start,
        };
        let column = report.column(*found);
        let username = report.ground.rows.get(found.row).map(|row| row.username().into_owned());
        let value = report.value(*found).map_or_else(
            || Shown::fixed("not set"),
            |value| match column {
                // What the service says of a user is nobody's data.
                Column::Status | Column::Enabled => pen.name(&value),
                _ => pen.raw(&value),
            },
        );
        rows.push(
            start
                .cell(Role::Text, pen.text(&username.unwrap_or_default()), user)
                .gap(1)
                .cell(Role::Text, pen.name(&Raw::from(column.name())), ATTRIBUTE)
                .gap(1)
                .put(Role::Text, value)
                .cut(width.saturating_sub(1)),
        );
    }
    let missing = room.saturating_sub(rows.len() - 1);
    rows.extend((0..missing).map(|_| Row::new()));
    rows.extend(below);
    rows
}

/// What tells two accounts apart at a glance.
fn facts(pen: &Pen<'_>, report: &Report, row: RowId) -> Shown {
    let Some(row) = report.ground.rows.get(row) else {
        return Shown::default();
    };
    let off = if row.is_enabled() { "" } else { "OFF " };
    let mut facts = Shown::fixed(off).join(pen.name(&row.status().raw()));
    for (words, at) in [("   created ", row.created()), ("   changed ", row.changed())] {
        if let Some(at) = at {
            facts = facts.join(words.into()).join(pen.day(at));
        }
    }
    facts
}
