//! What every review draws the same way: what is typed before it is sent, how the sending stands, the two buttons, and
//! more rows than fit.

use std::ops::Range;
use std::time::Duration;

use crate::app::App;
use crate::app::field::Field;
use crate::app::screen::confirmation::{Confirmation, Control};
use crate::app::session::Session;
use crate::app::status::Word;
use crate::domain::Raw;
use crate::domain::guard::ReasonRule;
use crate::job::Step;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;
use crate::view::widget::scroll;

/// Where labels end and values begin in the box.
pub const VALUE: usize = 11;

/// The beginning of a row of the box.
pub fn label(words: &'static str) -> Row {
    Row::new().gap(3).put(Role::Text, words).to(VALUE)
}

/// The rows that fit, from where they are scrolled to or where the focus is. The last line says how many follow.
pub fn scrolled_rows(rows: Vec<Row>, scrolled: usize, room: usize, focus: &Range<usize>) -> Vec<Row> {
    let count = rows.len();
    if count <= room {
        return rows;
    }
    // One line less: the last one is for what follows.
    let shown = room.saturating_sub(1);
    let first = if focus.is_empty() {
        scrolled.min(count.saturating_sub(shown))
    } else {
        scroll::first_line(focus, count, shown)
    };
    let follow = count.saturating_sub(first).saturating_sub(shown);
    let mut rows: Vec<Row> = rows.into_iter().skip(first).take(shown).collect();
    let said = match (first, follow) {
        (_, 0) => Shown::fixed("-- the end; up shows what is above"),
        (0, _) => Shown::fixed("-- ")
            .join(Shown::count(follow))
            .join(" more lines below; down shows them".into()),
        _ => Shown::fixed("-- ")
            .join(Shown::count(follow))
            .join(" more lines below, more above; down, up".into()),
    };
    rows.push(Row::words(Role::Muted, said));
    rows
}

/// `armed until 10:56 (you typed customers-prod at 10:26)`, or the field to type the name of a protected pool.
pub fn pool_row(pen: &Pen<'_>, app: &App, session: &Session, confirmation: &Confirmation, width: usize) -> Option<Row> {
    if !session.is_protected() {
        return None;
    }
    let label = Row::new().gap(3).put(Role::Text, "Pool").to(VALUE);
    let name = session.display_name().map(|name| pen.name(name)).unwrap_or_default();
    if session.needs_arming(&app.core) {
        let why = Shown::fixed("PROTECTED: type its name, ").join(name);
        return Some(field_row(
            pen,
            label,
            &confirmation.pool_name,
            confirmation.focus == Control::PoolName,
            why,
            width,
        ));
    }
    let armed = session.armed?;
    let said = Shown::fixed("armed until ")
        .join(pen.minute(armed.until))
        .join(" (you typed ".into())
        .join(name)
        .join(" at ".into())
        .join(pen.minute(armed.at))
        .join(")".into());
    Some(label.put(Role::Text, said))
}

/// `Reason  SUP-1234   required: of the form SUP-digits   Up: SUP-1198`
pub fn reason_row(pen: &Pen<'_>, app: &App, session: &Session, confirmation: &Confirmation, width: usize) -> Row {
    let focused = confirmation.focus == Control::Reason;
    let form = match &session.guard.reason {
        ReasonRule::Like(pattern) => Some(pattern.short()),
        ReasonRule::Required | ReasonRule::Optional => None,
    };
    let mut why = match (session.reason_problem().is_some(), confirmation.reason.is_empty(), form) {
        (true, true, Some(form)) => Shown::fixed("required: ").join(pen.say(&form)),
        (true, false, Some(form)) => Shown::fixed("has to be ").join(pen.say(&form)),
        (true, _, None) => Shown::fixed("required"),
        (false, true, _) => Shown::fixed("optional"),
        (false, false, _) => Shown::default(),
    };
    if focused && let Some(latest) = app.core.reasons.first() {
        let between = if why.is_empty() { "Up: " } else { "   Up: " };
        why = why.join(between.into()).join(pen.raw(latest));
    }
    field_row(pen, label("Reason"), &confirmation.reason, focused, why, width)
}

/// A field of the box: what is typed, and why it is asked for behind it.
pub fn field_row(pen: &Pen<'_>, label: Row, field: &Field, focused: bool, why: Shown, width: usize) -> Row {
    const FIELD: usize = 24;
    let (window, column) = pen.typed(field, FIELD);
    let at = label.width();
    let role = if focused { Role::InputFocused } else { Role::Input };
    let mark = if focused { ">" } else { " " };
    let row = label.put(Role::Text, mark).put(role, window.pad(FIELD)).gap(1);
    let room = width.saturating_sub(row.width()).saturating_sub(1);
    let row = row.put(Role::Text, why.fit(room));
    if focused { row.cursor(at + 1 + column) } else { row }
}

/// The field for the username, or that it was typed. `why`: what it is asked for.
pub fn username_row(pen: &Pen<'_>, confirmation: &Confirmation, username: &Raw, why: Shown, width: usize) -> Row {
    let typed = username.is_typed_as(confirmation.username.text());
    match (typed, confirmation.focus == Control::Username) {
        (true, false) => label("User").put(Role::Good, "typed: ").put(Role::Text, why),
        (_, focused) => {
            let why = Shown::fixed("type the username: ").join(why);
            field_row(pen, label("User"), &confirmation.username, focused, why, width)
        }
    }
}

/// How the sending stands. `None`: nothing is under way.
pub fn sending(app: &App, confirmation: &Confirmation) -> Option<Row> {
    confirmation.sending?;
    let running = app
        .core
        .status
        .entries()
        .find(|entry| entry.ticket == confirmation.sending && entry.word == Word::Running);
    let seconds = running
        .map_or(Duration::ZERO, |entry| entry.running_for(app.core.mono))
        .as_secs();
    if let Some(Step::Throttled { attempt, of, wait }) = &confirmation.throttled {
        let said = format!(
            "refused for rate, nothing was changed; send {} of {of} in {:.1} s, Esc stops",
            attempt.saturating_add(1),
            wait.as_secs_f64()
        );
        return Some(Row::words(Role::Waiting, Shown::words(said)));
    }
    let said = format!("sending, {seconds} s; the result will be in the status pane");
    Some(Row::words(Role::Text, Shown::words(said)))
}

/// A button at the end of a row.
fn button(row: Row, focused: bool, words: Shown) -> Row {
    let role = if focused { Role::ButtonFocused } else { Role::Button };
    let row = row.put(Role::Text, if focused { ">" } else { " " });
    let row = if focused { row.cursor_here() } else { row };
    row.put(role, Shown::fixed("[ ").join(words).join(" ]".into()))
}

/// `[ Cancel ]     [ Send 4 attributes of jane.doe ]`: what is sent stands whole, whose it is gives way.
pub fn buttons(confirmation: &Confirmation, what: Shown, whose: &Shown, width: usize) -> Row {
    let row = cancel(confirmation);
    let room = width
        .saturating_sub(row.width())
        .saturating_sub(what.width())
        .saturating_sub(11);
    let words = what.join(whose.clone().fit(room));
    button(row.gap(4), confirmation.focus == Control::Send, words)
}

/// The button that goes back, alone where nothing can be sent.
pub fn cancel(confirmation: &Confirmation) -> Row {
    button(
        Row::new().gap(10),
        confirmation.focus == Control::Cancel,
        "Cancel".into(),
    )
}
