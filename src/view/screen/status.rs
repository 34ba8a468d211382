//! The status pane: what was asked and what came of it, newest first, with what there is to do about it.

use std::ops::Range;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::action::Action;
use crate::app::status::{Entry, Word};
use crate::app::{App, Pane};
use crate::domain::Sentence;
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

/// Where the word stands, and what is said further.
const INDENT: usize = 10;
/// Columns of the longest word, `NOT SENT`.
const WORD: usize = 8;
/// Subjects stand below one another as long as they are short.
const SUBJECT: usize = 7;
/// How much of a request id is shown; the entry in full has all of it.
const REQUEST_ID: usize = 8;

/// Lines of the pane with its title, out of `middle`. `wants` is what the screen above has to show: a form or a review
/// leaves the pane what it does not need, but never less than the newest entry when that asks for something.
pub fn height(pen: &Pen<'_>, app: &App, width: usize, middle: u16, wants: Option<usize>) -> u16 {
    if app.tall_pane {
        return (middle / 2).max(2);
    }
    // On a low screen the pane leaves more to what is above it.
    let most = if middle < 20 { middle / 3 } else { middle / 2 };
    let usual = app.core.settings.pane_height.clamp(2, most.max(2));
    let Some(wants) = wants.filter(|_| app.pane == Pane::Body) else {
        return usual;
    };
    let left = middle.saturating_sub(u16::try_from(wants).unwrap_or(u16::MAX));
    let newest = app.core.status.entries().next().filter(|entry| asks(entry.word));
    let lines = newest.map_or(1, |entry| entry_rows(pen, app, entry, width, false).len());
    let least = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(1);
    left.clamp(least.min(usual), usual)
}

/// Words in capitals: somebody has to act.
fn asks(word: Word) -> bool {
    matches!(
        word,
        Word::Waiting | Word::Refused | Word::NotSent | Word::Differs | Word::Unknown | Word::Failed
    )
}

/// Draws the pane. The cursor is the selected entry's, when the pane has the keys.
pub fn draw(pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
    let width = usize::from(area.width);
    let focused = app.pane == Pane::Status && app.overlay.is_none();
    let mut rows = vec![title(pen, app, width, focused)];
    let mut entries = Vec::new();
    let mut focus = Range::default();
    let room = usize::from(area.height).saturating_sub(1);
    for (at, entry) in app.core.status.entries().enumerate() {
        let selected = focused && at == app.core.status.cursor;
        let start = entries.len();
        entries.extend(entry_rows(pen, app, entry, width, selected));
        if selected {
            focus = start..entries.len();
        }
        // Entries below what can be seen need not be put together.
        if entries.len() > focus.end.saturating_add(room) && at >= app.core.status.cursor {
            break;
        }
    }
    rows.extend(scroll::window(entries, &focus, room));
    row::draw(rows, area, buffer, theme)
}

fn title(pen: &Pen<'_>, app: &App, width: usize, focused: bool) -> Row {
    let role = if focused { Role::TitleFocused } else { Role::Title };
    let status = &app.core.status;
    let label = Row::words(role, Shown::fixed("Status, ").join(pen.zone_name()));
    let mut tail = Row::new();
    let counts = [
        (Word::Running, "running", Role::Title),
        (Word::Waiting, "waiting", Role::Waiting),
        (Word::Refused, "refused", Role::Refused),
        (Word::NotSent, "not sent", Role::Refused),
        (Word::Differs, "differ", Role::Unknown),
        (Word::Unknown, "unknown", Role::Unknown),
        (Word::Failed, "failed", Role::Refused),
    ];
    for (word, name, look) in counts {
        let count = status.count(word);
        if count > 0 {
            let gap = if tail.is_empty() { 0 } else { 2 };
            let look = if focused { role } else { look };
            tail = tail
                .gap(gap)
                .put(look, Shown::count(count).join(Shown::words(format!(" {name}"))));
        }
    }
    if focused {
        let (at, of) = (status.cursor.saturating_add(1).min(status.len()), status.len());
        let keys = Shown::fixed("the keys are here, ")
            .join(Shown::count(at))
            .join("/".into())
            .join(Shown::count(of));
        let gap = if tail.is_empty() { 0 } else { 3 };
        tail = tail.gap(gap).put(role, keys);
    } else if !tail.is_empty()
        && let Some(key) = enter_key(pen, app)
    {
        let entered = tail.clone().gap(3).put(role, key.join(" to enter".into()));
        // The counts come first where there is no room for both.
        if label.width() + entered.width() + 10 <= width {
            tail = entered;
        }
    }
    let rule = row::rule(role, width, &label, &tail);
    if focused { rule.ground(role) } else { rule }
}

/// The key that goes to the pane from here, if there is one.
fn enter_key(pen: &Pen<'_>, app: &App) -> Option<Shown> {
    let scopes = app.scopes();
    let key = pen.key(app, &scopes, Action::NextPane)?;
    let chords = scopes
        .iter()
        .flat_map(|scope| app.core.settings.keymap.chords(*scope, Action::NextPane));
    let reaches = |chord| app.core.settings.keymap.resolve(&scopes, chord) == Some(Action::NextPane);
    chords.copied().any(reaches).then_some(key)
}

/// How the word of an entry looks.
pub fn word_role(word: Word) -> Role {
    match word {
        Word::Running | Word::Read | Word::Written | Word::Note => Role::Text,
        Word::Applied => Role::Good,
        Word::Waiting => Role::Waiting,
        Word::Refused | Word::NotSent | Word::Failed => Role::Refused,
        Word::Differs | Word::Unknown => Role::Unknown,
    }
}

fn entry_rows(pen: &Pen<'_>, app: &App, entry: &Entry, width: usize, selected: bool) -> Vec<Row> {
    let mut first = Row::new()
        .put(Role::Text, if selected { ">" } else { " " })
        .put(Role::Text, pen.time(entry.at))
        .gap(1)
        .put(word_role(entry.word), Shown::fixed(entry.word.text()).pad(WORD))
        .gap(1);
    if selected {
        first = first.cursor(0);
    }
    if !entry.subject.is_empty() {
        let subject = subject(pen, entry);
        let columns = subject.width().clamp(SUBJECT, width / 4);
        first = first.cell(Role::Text, subject, columns).gap(2);
    }
    let took = duration(entry, app.core.mono);
    let id = match &entry.request_id {
        Some(id) => Row::words(Role::Muted, Shown::fixed("req ").join(pen.name(id).fit(REQUEST_ID))).gap(2),
        None => Row::new(),
    };
    let further = further(entry);
    let room = width.saturating_sub(first.width());
    let further_room = width.saturating_sub(INDENT);
    let line = pen.say(&entry.line);
    let mut lines = if line.width() <= room || further.is_empty() || !entry.reported.is_empty() {
        // What is said further begins on a line of its own, so that it is found at the same place.
        let mut lines = line.wrap_after(room, further_room);
        let reported = entry.reported.iter();
        lines.extend(reported.flat_map(|delivery| pen.say(&delivery.sentence()).wrap(further_room)));
        lines.extend(
            Some(&further)
                .filter(|further| !further.is_empty())
                .into_iter()
                .flat_map(|further| pen.say(further).wrap(further_room)),
        );
        lines
    } else {
        let between = gap_after(&entry.line);
        line.join(between.into())
            .join(pen.say(&further))
            .wrap_after(room, further_room)
    }
    .into_iter();
    let mut rows = vec![first.put(Role::Text, lines.next().unwrap_or_default())];
    rows.extend(lines.map(|line| Row::new().gap(INDENT).put(Role::Text, line)));
    let mut tail = if rows.len() > 1 || asks(entry.word) {
        id
    } else {
        Row::new()
    };
    if let Some(took) = took.filter(|_| rows.len() == 1 && tail.is_empty()) {
        tail = Row::words(Role::Muted, took);
    }
    place_tail(&mut rows, tail, width, entry.word);
    if selected {
        rows = rows.into_iter().map(|row| row.ground(Role::Selected)).collect();
    }
    rows
}

/// Puts the request id or the duration at the end of the last line that has room for it.
fn place_tail(rows: &mut Vec<Row>, tail: Row, width: usize, word: Word) {
    let asked_for = asks(word);
    if tail.is_empty() {
        return;
    }
    let fits = |row: &Row| row.width() + tail.width() < width;
    match rows.iter_mut().rev().find(|row| fits(row)) {
        Some(row) => *row = std::mem::take(row).right(width, tail),
        // Nobody looks for a duration, but a request id is what is asked for when something went wrong.
        None if asked_for => rows.push(Row::new().right(width, tail)),
        None => {}
    }
}

/// Everything behind the first line, as one run of sentences.
fn further(entry: &Entry) -> Sentence {
    let next = entry.next.as_ref().map(|next| next.words());
    let mut all = Sentence::new();
    for sentence in entry.more.iter().cloned().chain(next) {
        if !all.is_empty() {
            let gap = gap_after(&all);
            all = all.words(gap);
        }
        all = all.join(sentence);
    }
    all
}

/// What stands between a sentence and the next: a full stop, unless it has one.
fn gap_after(sentence: &Sentence) -> &'static str {
    if sentence.plain().ends_with(['.', '!', '?']) {
        "  "
    } else {
        ".  "
    }
}

/// How long it took, or has been taking so far.
fn duration(entry: &Entry, mono: Duration) -> Option<Shown> {
    match (entry.word, entry.took) {
        (Word::Running, _) => Some(Shown::words(format!("{} s", entry.running_for(mono).as_secs()))),
        (_, Some(took)) => Some(took_words(took)),
        (_, None) => None,
    }
}

/// `41 ms`, `1.6 s`
pub fn took_words(took: Duration) -> Shown {
    match took.as_millis() {
        millis @ 0..1000 => Shown::words(format!("{millis} ms")),
        _ => Shown::words(format!("{:.1} s", took.as_secs_f64())),
    }
}

/// Whom or what an entry is about: the pool itself, or somebody.
pub fn subject(pen: &Pen<'_>, entry: &Entry) -> Shown {
    match &entry.place {
        Some(place) if *place.pool.raw() == entry.subject => pen.name(&entry.subject),
        _ => pen.raw(&entry.subject),
    }
}
