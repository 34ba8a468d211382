//! What lies over a screen: help, the palette, one-line questions, the copy menu, a status entry in full.

mod columns;
mod drafts;
mod export;
mod outbox;
mod scan;
mod steps;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::status::{subject, took_words, word_role};
use crate::app::App;
use crate::app::action::{ACTIONS, Info, Scope};
use crate::app::field::Field;
use crate::app::overlay::{CopyItem, Overlay, Prompt, PromptKind};
use crate::app::status::Entry;
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

pub use self::drafts::what as about_draft;

const INDENT: usize = 3;
/// Where the second column begins.
const SECOND: usize = 24;

/// Draws what lies over the screen, as much of it as there is room for, and clears what it covers.
pub fn draw(pen: &Pen<'_>, app: &App, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Option<Position> {
    let overlay = app.overlay.as_ref()?;
    let width = usize::from(area.width);
    let height = usize::from(area.height);
    let room = height.saturating_sub(2);
    let (title, tail, mut rows) = match overlay {
        Overlay::Help { scopes, search, scroll } => help(pen, app, scopes, search, *scroll, width, room),
        Overlay::Prompt(prompt) => asked(pen, app, prompt, width, room),
        Overlay::Copy {
            items, cursor, sent, ..
        } => copy(pen, items, *cursor, *sent, width, room),
        Overlay::Entry { entry, scroll } => in_full(pen, entry, *scroll, width, room),
        Overlay::Drafts(list) => drafts::parts(pen, app, list, width, room),
        Overlay::Steps(steps) => steps::parts(pen, app, steps, width, room),
        Overlay::Columns(list) => columns::parts(pen, app, list, width, room),
        Overlay::Scan(question) => scan::parts(pen, question, width),
        Overlay::Export(form) => export::parts(pen, app, form, width, room),
        Overlay::Outbox(outbox) => outbox::parts(pen, outbox, width, room),
    };
    rows.truncate(room);
    let title = Row::words(Role::TitleFocused, title);
    let tail = if tail.is_empty() {
        Row::new()
    } else {
        Row::words(Role::TitleFocused, tail)
    };
    let title = row::rule(Role::TitleFocused, width, &title, &tail).ground(Role::TitleFocused);
    let mut all = vec![title];
    all.extend(rows);
    let is_prompt = matches!(overlay, Overlay::Prompt(_) | Overlay::Scan(_) | Overlay::Export(_));
    let lines = u16::try_from(all.len()).unwrap_or(area.height).min(area.height);
    let over = match is_prompt {
        // A question stands just above the last line and leaves the screen in sight: it may hold what is asked for.
        true => Rect {
            y: area.bottom().saturating_sub(lines),
            height: lines,
            ..area
        },
        false => area,
    };
    row::draw(all, over, buffer, theme).or(Some(over.as_position()))
}

type Parts = (Shown, Shown, Vec<Row>);

/// Every key, those of the screen below first, narrowed to what was typed.
fn help(
    pen: &Pen<'_>,
    app: &App,
    scopes: &[Scope],
    search: &Field,
    scrolled: usize,
    width: usize,
    room: usize,
) -> Parts {
    let wanted = search.text().trim().to_lowercase();
    let rest = Scope::ALL.into_iter().filter(|scope| !scopes.contains(scope));
    let mut rows = Vec::new();
    for scope in scopes.iter().copied().chain(rest) {
        let here: Vec<_> = ACTIONS
            .iter()
            .filter(|info| info.scopes.contains(&scope) && app.offers(info.action))
            .filter(|info| {
                let chords = app.core.settings.keymap.chords(scope, info.action);
                info.name.contains(&wanted)
                    || info.help.to_lowercase().contains(&wanted)
                    || chords.iter().any(|chord| chord.to_string().to_lowercase() == wanted)
            })
            .collect();
        if here.is_empty() {
            continue;
        }
        if !rows.is_empty() {
            rows.push(Row::new());
        }
        rows.push(Row::new().gap(1).put(Role::Title, scope.words()));
        for info in here {
            let mut keys = Shown::default();
            for chord in app.core.settings.keymap.chords(scope, info.action) {
                if !keys.is_empty() {
                    keys = keys.join(" ".into());
                }
                keys = keys.join(pen.chord(*chord));
            }
            if keys.is_empty() {
                // Reached by name only.
                keys = Shown::fixed(":").join(info.name.into());
            }
            let lines = explained(pen, app, info).wrap(width.saturating_sub(SECOND).saturating_sub(1));
            let mut start = Row::new().gap(INDENT).put(Role::HintKey, keys);
            if start.width() >= SECOND {
                rows.push(std::mem::take(&mut start));
            }
            for line in lines {
                rows.push(std::mem::take(&mut start).to(SECOND).put(Role::Text, line));
            }
        }
    }
    if rows.is_empty() {
        rows.push(
            Row::new()
                .gap(INDENT)
                .put(Role::Muted, "no key and no action of that name"),
        );
    }
    let (found, place) = scrolled_part(rows, scrolled, room.saturating_sub(1));
    let start = Row::new().gap(1).put(Role::Text, "/").gap(1);
    let columns = width.saturating_sub(start.width()).saturating_sub(1);
    let (window, column) = pen.typed_name(search, columns);
    let at = start.width();
    let mut rows = vec![start.put(Role::InputFocused, window.pad(columns)).cursor(at + column)];
    rows.extend(found);
    (Shown::fixed("Keys: type to narrow them"), place, rows)
}

/// The part from `scrolled` on, but never past the last screenful, and its place in words.
fn scrolled_part(rows: Vec<Row>, scrolled: usize, room: usize) -> (Vec<Row>, Shown) {
    let count = rows.len();
    let first = scrolled.min(count.saturating_sub(room));
    let last = first.saturating_add(room).min(count);
    let place = match count > room {
        true => Shown::words(format!("lines {} to {last} of {count}", first + 1)),
        false => Shown::default(),
    };
    (rows.into_iter().skip(first).take(room).collect(), place)
}

/// A one-line question, with the choices of the palette below it.
fn asked(pen: &Pen<'_>, app: &App, prompt: &Prompt, width: usize, room: usize) -> Parts {
    let (title, label) = question(pen, app, &prompt.kind);
    let start = Row::new().gap(1).put(Role::Text, label).gap(1);
    let columns = width.saturating_sub(start.width()).saturating_sub(1);
    let (window, column) = match prompt.kind {
        PromptKind::Metadata => pen.typed(&prompt.field, columns),
        // Names of actions, pools and attributes, and a count.
        _ => pen.typed_name(&prompt.field, columns),
    };
    let at = start.width();
    let mut rows = vec![start.put(Role::InputFocused, window.pad(columns)).cursor(at + column)];
    let choices = if prompt.kind == PromptKind::Palette {
        prompt.palette(app)
    } else {
        Vec::new()
    };
    let said = match prompt.problem {
        Some(problem) => Some((Role::Problem, Shown::fixed("! ").join(problem.into()))),
        None => Some((Role::Muted, Shown::fixed(about(&prompt.kind)))).filter(|(_, about)| !about.is_empty()),
    };
    if let Some((role, said)) = said {
        let lines = said.wrap(width.saturating_sub(INDENT + 1));
        rows.extend(lines.into_iter().map(|line| Row::new().gap(INDENT).put(role, line)));
    }
    let cursor = prompt.cursor.min(choices.len().saturating_sub(1));
    let scopes = app.scopes_of_screen();
    let listed: Vec<Row> = choices
        .iter()
        .enumerate()
        .map(|(at, action)| {
            let info = action.info();
            let key = pen.key(app, &scopes, *action).unwrap_or_default();
            let row = Row::new()
                .put(Role::Text, if at == cursor { ">" } else { " " })
                .gap(2)
                .put(Role::Text, Shown::fixed(info.name).pad(18))
                .put(Role::HintKey, key.pad(8))
                .put(Role::Text, explained(pen, app, info));
            if at == cursor { row.ground(Role::Selected) } else { row }
        })
        .collect();
    if prompt.kind == PromptKind::Palette && listed.is_empty() && prompt.problem.is_none() {
        rows.push(Row::new().gap(INDENT).put(Role::Text, "no action of that name here"));
    }
    let left = room.saturating_sub(rows.len()).saturating_sub(1);
    rows.extend(scroll::window(listed, &(cursor..cursor.saturating_add(1)), left));
    (title, Shown::default(), rows)
}

/// What an action does. A saved view is told by its name.
fn explained(pen: &Pen<'_>, app: &App, info: &Info) -> Shown {
    match app.core.saved_view(info.action) {
        Some(view) => Shown::fixed("Saved view ").join(pen.name(&view.name)),
        None => Shown::fixed(info.help),
    }
}

fn question(pen: &Pen<'_>, app: &App, kind: &PromptKind) -> (Shown, Shown) {
    let pool = app.session.as_ref().and_then(|session| session.display_name());
    match kind {
        PromptKind::Palette => ("Actions".into(), ":".into()),
        PromptKind::PoolId => ("Open a pool by its id".into(), "Paste a pool id:".into()),
        PromptKind::PoolName => {
            let name = pool.map_or_else(|| Shown::fixed("this pool"), |name| pen.name(name));
            (Shown::fixed("Allow writing to ").join(name), "The pool's name:".into())
        }
        PromptKind::Jump => ("Go to an attribute".into(), "/".into()),
        PromptKind::Metadata => ("Client metadata of this change".into(), "key=value, key=value:".into()),
        PromptKind::DropDraft { count, .. } => {
            let what = Shown::fixed("Throw away a draft of ").join(counted(*count, "edit"));
            (what, Shown::fixed("Type ").join(Shown::count(*count)).join(":".into()))
        }
        PromptKind::Discard { count } => {
            let what = Shown::fixed("Throw away ").join(counted(*count, "pending edit"));
            (what, Shown::fixed("Type ").join(Shown::count(*count)).join(":".into()))
        }
    }
}

fn about(kind: &PromptKind) -> &'static str {
    match kind {
        PromptKind::Palette => "",
        PromptKind::PoolId => "it looks like us-east-1_aB3dE5fGh; it opens for reading only",
        PromptKind::PoolName => "type it as it stands in the header; nothing is written by this",
        PromptKind::Jump => "a name or its beginning; Tab completes it",
        PromptKind::Metadata => "reaches Lambda triggers only and is not stored; a comma in a value is written \\,",
        PromptKind::DropDraft { .. } => "this cannot be taken back; Esc keeps it",
        PromptKind::Discard { .. } => "this cannot be taken back; Esc keeps them",
    }
}

/// What can be copied, and after sending it the text itself, to select where the terminal took nothing.
fn copy(pen: &Pen<'_>, items: &[CopyItem], cursor: usize, sent: Option<usize>, width: usize, room: usize) -> Parts {
    let cursor = cursor.min(items.len().saturating_sub(1));
    let mut rows: Vec<Row> = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let row = Row::new()
                .put(Role::Text, if at == cursor { ">" } else { " " })
                .gap(2)
                .put(Role::Text, item.name)
                .to(SECOND + 8)
                .put(Role::Text, pen.raw(&item.text).fit(width.saturating_sub(SECOND + 9)));
            if at == cursor {
                row.ground(Role::Selected).cursor(0)
            } else {
                row
            }
        })
        .collect();
    if let Some(item) = sent.and_then(|sent| items.get(sent)) {
        rows.push(Row::new());
        let said = Shown::fixed(item.name)
            .join(": sent to the terminal. Some terminals take nothing; the text to select:".into());
        rows.push(Row::new().gap(1).put(Role::Good, said));
        // From the first column and without a margin, so that a selection holds nothing else.
        let left = room.saturating_sub(rows.len());
        let lines = pen.raw(&item.text).wrap(width);
        let more = lines.len().saturating_sub(left);
        let kept = if more > 0 { left.saturating_sub(1) } else { left };
        rows.extend(lines.into_iter().take(kept).map(|line| Row::words(Role::Text, line)));
        if more > 0 {
            rows.push(Row::words(
                Role::Muted,
                Shown::count(more + 1).join(" more lines do not fit here".into()),
            ));
        }
    }
    (Shown::fixed("Copy"), Shown::default(), rows)
}

/// A status entry with everything the service said.
fn in_full(pen: &Pen<'_>, entry: &Entry, scrolled: usize, width: usize, room: usize) -> Parts {
    let mut rows = Vec::new();
    let columns = width.saturating_sub(SECOND).saturating_sub(1);
    let mut add = |label: &'static str, role: Role, text: Shown| {
        for (at, line) in text.wrap(columns).into_iter().enumerate() {
            let start = if at == 0 {
                Row::new().gap(INDENT).put(Role::Muted, label)
            } else {
                Row::new()
            };
            rows.push(start.to(SECOND).put(role, line));
        }
    };
    add(
        "when",
        Role::Text,
        pen.date_and_time(entry.at).join(" ".into()).join(pen.zone_name()),
    );
    add("outcome", word_role(entry.word), Shown::fixed(entry.word.text()));
    add("about", Role::Text, subject(pen, entry));
    add("what", Role::Text, pen.say(&entry.line));
    for delivery in &entry.reported {
        add("message", Role::Text, pen.say(&delivery.sentence()));
    }
    for (at, more) in entry.more.iter().enumerate() {
        add(if at == 0 { "more" } else { "" }, Role::Text, pen.say(more));
    }
    if let Some(next) = &entry.next {
        add("", Role::Text, pen.say(&next.words()));
    }
    if let Some(fault) = &entry.fault {
        add("operation", Role::Text, Shown::fixed(fault.operation));
        add("code", Role::Text, pen.name(&fault.code));
        add("message", Role::Text, pen.raw(&fault.message));
        if let Some(status) = fault.status {
            add("HTTP status", Role::Text, Shown::number(status));
        }
    }
    if let Some(took) = entry.took {
        add("took", Role::Text, took_words(took));
    }
    if let Some(id) = &entry.request_id {
        add("request id", Role::Text, pen.name(id));
    }
    let (mut rows, place) = scrolled_part(rows, scrolled, room);
    if let Some(row) = rows.first_mut() {
        *row = std::mem::take(row).cursor(0);
    }
    (Shown::fixed("Entry in full"), place, rows)
}
