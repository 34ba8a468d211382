//! The line that says who is wanted, and below it what of it is asked and what is checked here.

use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::users::{Line, State};
use crate::app::session::Session;
use crate::domain::query::{Mistake, standing};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::Row;

use super::table::INDENT;

/// The open line, or the one in force, with what is to be said of it.
pub fn rows(pen: &Pen<'_>, app: &App, session: &Session, width: usize) -> Vec<Row> {
    let users = &session.users;
    if let Some(line) = &users.find {
        return open(pen, app, session, line, width);
    }
    let mut rows = Vec::new();
    if let Some(wish) = &users.wish {
        let text = pen.raw(&wish.text).fit(width.saturating_sub(4));
        rows.push(Row::new().gap(1).put(Role::HintKey, "/").gap(1).put(Role::Text, text));
    }
    let pool = session.pool.ready().map(AsRef::as_ref);
    let searched = users.search.as_ref();
    let answered = searched.is_none_or(|search| search.found.ready().is_some());
    let refused = searched
        .and_then(|search| search.found.ready())
        .is_some_and(|hits| !hits.faults.is_empty());
    // A find by words says what else they could mean, unless all of the pool was looked at; any other line how far it was
    // answered.
    let by_terms = (users.wish.as_ref())
        .is_some_and(|wish| session.is_file() || !wish.is_words() || (users.is_whole() && !refused));
    let sentence = match by_terms && answered {
        true => users.standing(pool, None, &groups_key(app)),
        false => users.search_line(pool),
    };
    let scan = scan_words(app, session, pen);
    if let Some(sentence) = sentence {
        let mut said = super::said(pen.say(&sentence), width);
        said.truncate(4);
        // Beside the last line where there is room, else below it.
        let fits = said.last().is_some_and(|last| last.width() + scan.width() < width);
        let last = if fits { said.pop() } else { None };
        rows.extend(said);
        let last = last.unwrap_or_default().right(width, scan);
        if !last.is_empty() {
            rows.push(last);
        }
    }
    rows
}

/// The key that says what reading groups costs.
fn groups_key(app: &App) -> String {
    let keymap = &app.core.settings.keymap;
    let key = keymap.chords(Scope::Users, Action::ReadGroups).first();
    key.map_or_else(|| ":groups".to_owned(), ToString::to_string)
}

/// What the keys do about whom was not read: of the find, and of the pool.
fn scan_words(app: &App, session: &Session, pen: &Pen<'_>) -> Row {
    if session.is_file() {
        return Row::new();
    }
    let key = |scope: Scope, action: Action| pen.key(app, &[scope], action).unwrap_or_default();
    let scan = session.users.scan.as_ref().map(|scan| &scan.state);
    let can_read_on = session.users.can_read_on();
    let on = match pen.key(app, &[Scope::Users], Action::ReadOn).filter(|_| can_read_on) {
        Some(key) => Row::new().put(Role::HintKey, key).put(Role::Hint, " read on").gap(1),
        None => Row::new(),
    };
    let (key, does) = match scan {
        Some(State::Running(_) | State::Stopping(_)) => (key(Scope::Everywhere, Action::Back), " stop"),
        Some(State::Stopped | State::Failed(_)) => (key(Scope::Users, Action::Scan), " go on"),
        _ if session.users.is_whole() || session.users.is_whole_answer() => return on,
        _ => (key(Scope::Users, Action::Scan), " read all"),
    };
    let on = if on.is_empty() { on } else { on.gap(1) };
    on.put(Role::HintKey, key).put(Role::Hint, does).gap(1)
}

fn open(pen: &Pen<'_>, app: &App, session: &Session, line: &Line, width: usize) -> Vec<Row> {
    let room = width.saturating_sub(4);
    let (window, column) = pen.typed(&line.field, room);
    let typed = Row::new()
        .gap(1)
        .put(Role::HintKey, "/")
        .gap(1)
        .put(Role::InputFocused, window)
        .cursor(column.saturating_add(3));
    let text = line.field.text().trim();
    let mut has_notes = false;
    let below = if let Some(mistake) = &line.mistake {
        return std::iter::once(typed)
            .chain(mistaken(pen, line, mistake, column, width))
            .collect();
    } else if text.is_empty() {
        match session.is_file() {
            true => Shown::fixed("a name, an e-mail, a phone number or a sub; Enter keeps the line"),
            false => Shown::fixed("a name, an e-mail, a phone number or a sub; Enter asks the service"),
        }
    } else if let Some(untold) = session.users.untold(&line.query) {
        pen.say(&untold.sentence())
    } else if let Some(about) = session.users.about_groups(&line.query, "Enter") {
        pen.say(&about)
    } else {
        let pool = session.pool.ready().map(AsRef::as_ref);
        let asks = session.asks(&line.query, &app.core);
        let plan = &asks.plan;
        match plan.calls() {
            0 if !asks.rest(&line.query).is_empty() => {
                pen.say(&standing(&line.query, &asks, None, session.users.reach(pool), None))
            }
            0 => plan.notes.first().map(|note| pen.say(note)).unwrap_or_default(),
            calls => {
                let mut names: Vec<&str> = Vec::new();
                for ask in plan.asks() {
                    if !names.contains(&ask.attribute) {
                        names.push(ask.attribute);
                    }
                }
                let asked = Shown::fixed("Enter asks the service, ")
                    .join(counted(calls, "call"))
                    .join(if calls > 1 { " at most: ".into() } else { ": ".into() })
                    .join(Shown::words(names.join(", ")));
                has_notes = !plan.notes.is_empty();
                plan.notes
                    .iter()
                    .fold(asked, |said, note| said.join("; ".into()).join(pen.say(note)))
            }
        }
    };
    let below = match session.users.goes_on() {
        Some(goes_on) => pen.say(&goes_on).join("; ".into()).join(below),
        None => below,
    };
    let mut rows = vec![typed];
    match has_notes {
        // What could not be asked is nothing to be cut.
        true => rows.extend(super::said_as(Role::Muted, below, width)),
        // One line, so that the list does not move with every letter.
        false => rows.push(Row::new().gap(INDENT).put(Role::Muted, below)),
    }
    rows
}

/// How many lines what was expected may take: all of it, at any width.
const MISTAKE: usize = 5;

/// A mark under the character that is wrong, and what was expected there.
fn mistaken(pen: &Pen<'_>, line: &Line, mistake: &Mistake, cursor: usize, width: usize) -> Vec<Row> {
    // The field may be scrolled: what is wrong stands as far from the cursor as it does in the text.
    let text = line.field.text();
    let columns = |from: usize, to: usize| text.get(from..to).map_or(0, |part| pen.text(part).width());
    let (wrong, typed) = (mistake.at.start, line.field.cursor());
    let at = match wrong < typed {
        true => cursor.saturating_sub(columns(wrong, typed)),
        false => cursor.saturating_add(columns(typed, wrong)),
    };
    let mark = Row::new().gap(at.saturating_add(INDENT)).put(Role::Problem, "^");
    let expected = Shown::fixed("expected: ").join(pen.say(&mistake.expected));
    std::iter::once(mark)
        .chain(super::said(expected, width).into_iter().take(MISTAKE))
        .collect()
}
