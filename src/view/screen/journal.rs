//! The journal as it is drawn: entries newest first, the line that narrows them, and one entry in full.

mod entry;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::fault;
use crate::app::App;
use crate::app::screen::journal::Listing;
use crate::domain::entry::Kept;
use crate::domain::{Entry, PoolId, Raw};
use crate::view::text::Shown;
use crate::view::theme::{Role, Theme};
use crate::view::widget::columns::{Column, share};
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::{self, Row};
use crate::view::widget::scroll;

const INDENT: usize = 3;
/// `2026-11-20 10:41`
const WHEN: usize = 16;
/// `NOT SENT`
const WORD: usize = 8;
/// Below this width who did it is left to the entry itself.
const WITH_BY: usize = 76;
/// Below this width there is room for the pool or for who did it, not for both.
const WITH_BOTH: usize = 100;

const USER: Column = Column {
    least: 12,
    usual: 14,
    most: 30,
};
const WHAT: Column = Column {
    least: 12,
    usual: 20,
    most: 60,
};
const POOL: Column = Column {
    least: 12,
    usual: 14,
    most: 24,
};
const BY: Column = Column {
    least: 10,
    usual: 14,
    most: 30,
};

/// The word of an entry as the status pane writes it, and what it means.
fn word(entry: &Entry) -> (Shown, Role) {
    let (word, role) = match entry.word() {
        "applied" => ("applied", Role::Good),
        "waiting" => ("WAITING", Role::Waiting),
        "refused" => ("REFUSED", Role::Refused),
        "not sent" => ("NOT SENT", Role::Refused),
        "differs" => ("DIFFERS", Role::Unknown),
        "running" => ("running", Role::Text),
        _ => ("UNKNOWN", Role::Unknown),
    };
    (Shown::fixed(word), role)
}

/// A value as it was kept, or that it was not.
fn kept(pen: &Pen<'_>, kept: &Kept) -> Shown {
    match kept {
        Kept::Value(value) => pen.raw(value),
        Kept::Withheld { .. } => Shown::fixed("(not kept)"),
    }
}

/// The pool by its name, where that is known here.
fn pool(pen: &Pen<'_>, app: &App, id: &PoolId) -> Shown {
    let open = (app.session.iter().chain(&app.left)).find(|session| session.place.pool == *id);
    let name = match open.and_then(|session| session.display_name().cloned()) {
        Some(name) => Some(name),
        None => app.pools.choice_for(id.clone(), &app.core.settings).name,
    };
    pen.name(name.as_ref().unwrap_or(id.raw()))
}

/// Who did it: the end of the caller's ARN, the profile, the OS user whose file it stands in, or the id of the key.
fn by(pen: &Pen<'_>, entry: &Entry) -> Shown {
    let caller = &entry.caller;
    let arn = (caller.arn.as_ref()).map(super::header::short_arn);
    match arn
        .or_else(|| caller.profile.clone())
        .or_else(|| entry.writer.clone())
        .or_else(|| caller.key_id.clone())
    {
        Some(name) => pen.name(&name),
        None => Shown::default(),
    }
}

/// `email, email_verified and 2 more`, or the step it was.
fn what(pen: &Pen<'_>, entry: &Entry) -> Shown {
    if let Some(deed) = entry.deed() {
        return Shown::fixed(deed.words());
    }
    let mut said = Shown::default();
    for (at, change) in entry.changes.iter().enumerate() {
        if at > 0 {
            said = said.join(", ".into());
        }
        let sign = match (&change.before, &change.after) {
            (_, None) => "-",
            (None, Some(_)) => "+",
            _ => "",
        };
        said = said.join(sign.into()).join(pen.name(change.name.raw()));
    }
    if entry.changes.is_empty() {
        return pen.name(&entry.operation);
    }
    if entry.undoes.is_some() {
        return Shown::fixed("undo: ").join(said);
    }
    said
}

pub fn title(pen: &Pen<'_>, app: &App, listing: &Listing, width: usize) -> Row {
    let zone = &app.core.settings.zone;
    if let (true, Some(entry)) = (listing.open, app.journal.selected(zone)) {
        return Row::words(Role::Text, " Journal  ")
            .put(Role::Text, user(pen, &entry))
            .gap(2)
            .put(Role::Text, what(pen, &entry))
            .cut(width);
    }
    let listed = app.journal.listed(zone).len();
    let of = match &listing.of {
        Some(id) => Shown::fixed("of ").join(pool(pen, app, id)),
        None => Shown::fixed("of every pool"),
    };
    let row = Row::words(Role::Text, " Journal ").put(Role::Text, of).gap(2);
    let row = if listing.is_narrowed() {
        row.put(Role::Text, Shown::count(listed)).put(Role::Text, " match")
    } else {
        let entries = match listed {
            1 => Shown::fixed("1 entry"),
            count => Shown::count(count).join(" entries".into()),
        };
        row.put(Role::Text, entries)
    };
    let unknown = app.journal.entries().iter().filter(|entry| entry.is_unknown()).count();
    let mut tail = Row::new();
    if app.journal.read.fault().is_some() {
        tail = tail.put(Role::Refused, "NOT READ").gap(1);
    } else if unknown > 0 {
        let said = Shown::count(unknown).join(" unknown".into());
        tail = tail.put(Role::Unknown, said).gap(1);
    }
    row.right(width, tail)
}

pub fn draw(
    pen: &Pen<'_>,
    app: &App,
    listing: &Listing,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> Option<Position> {
    let zone = &app.core.settings.zone;
    let selected = app.journal.selected(zone);
    if let (true, Some(entry)) = (listing.open, &selected) {
        let width = usize::from(area.width);
        let rows = entry::rows(pen, app, entry, width);
        let rows = scrolled(rows, listing.scroll, usize::from(area.height));
        return row::draw(rows, area, buffer, theme).or(Some(area.as_position()));
    }
    let (list, beside) = super::split(area);
    let rows = list_rows(pen, app, listing, usize::from(list.width), usize::from(list.height));
    let cursor = row::draw(rows, list, buffer, theme);
    if let Some(beside) = beside {
        super::between(list, beside, buffer, theme);
        let width = usize::from(beside.width);
        let mut rows = Vec::new();
        if let Some(entry) = &selected {
            rows.push(row::rule(
                Role::Title,
                width,
                &Row::words(Role::Title, "Entry"),
                &Row::new(),
            ));
            rows.extend(entry::rows(pen, app, entry, width));
        }
        row::draw(rows, beside, buffer, theme);
    }
    cursor.or(Some(list.as_position()))
}

/// The part from `scrolled` on, never past the last screenful, with the cursor on its first row.
fn scrolled(rows: Vec<Row>, scrolled: usize, height: usize) -> Vec<Row> {
    let first = scrolled.min(rows.len().saturating_sub(height));
    let mut rows: Vec<Row> = rows.into_iter().skip(first).take(height).collect();
    if let Some(row) = rows.first_mut() {
        *row = std::mem::take(row).cursor(0);
    }
    rows
}

fn list_rows(pen: &Pen<'_>, app: &App, listing: &Listing, width: usize, height: usize) -> Vec<Row> {
    let journal = &app.journal;
    let listed = journal.listed(&app.core.settings.zone);
    let at = journal.position(&listed);
    let mut rows = above(pen, app, listing, width);
    if listed.is_empty() {
        rows.push(Row::new());
        let said = match (journal.entries().is_empty(), journal.read.is_loading()) {
            (true, true) => "the journal is being read",
            (true, false) if journal.read.fault().is_some() => "nothing of it was read",
            (true, false) => "nothing was changed with this program so far",
            (false, _) if listing.is_narrowed() => "no entry matches",
            (false, _) => "nothing was changed in this pool so far; all pools are another key",
        };
        let row = Row::words(Role::Text, ">").gap(2).put(Role::Text, said);
        rows.push(if listing.find.is_none() { row.cursor(0) } else { row });
        return rows;
    }
    let widths = Widths::new(listing, width);
    rows.push(widths.head());
    let room = height.saturating_sub(rows.len()).max(1);
    let first = scroll::first_line(&(at..at.saturating_add(1)), listed.len(), room);
    let shown = listed.iter().enumerate().skip(first).take(room);
    rows.extend(shown.map(|(place, entry)| {
        let row = widths.row(pen, app, entry, place == at);
        // While the line of terms is open the cursor stands in it.
        match (place == at, listing.find.is_none()) {
            (true, true) => row.ground(Role::Selected).cursor(0),
            (true, false) => row.ground(Role::Selected),
            (false, _) => row,
        }
    }));
    rows
}

/// The line of terms, and what of the journal could not be read.
fn above(pen: &Pen<'_>, app: &App, listing: &Listing, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let room = width.saturating_sub(INDENT).saturating_sub(1);
    let say = |rows: &mut Vec<Row>, role: Role, said: Shown, most: usize| {
        let lines = said.wrap(room).into_iter().take(most);
        rows.extend(lines.map(|line| Row::new().gap(INDENT).put(role, line)));
    };
    if let Some(field) = &listing.find {
        let (window, column) = pen.typed(field, width.saturating_sub(4));
        let line = Row::new().gap(1).put(Role::HintKey, "/").gap(1);
        let line = line.put(Role::InputFocused, window).cursor(column.saturating_add(3));
        rows.push(line);
        match &listing.problem {
            Some(problem) => say(&mut rows, Role::Problem, Shown::fixed("! ").join(pen.say(problem)), 3),
            None => {
                let terms = "user:jane by:ana attr:email outcome:unknown reason:SUP-12 day:2026-11-20 pool:1_aB3; a word \
                             alone matches any";
                say(&mut rows, Role::Muted, Shown::fixed(terms), 2);
            }
        }
    } else if listing.is_narrowed() {
        let said = Shown::fixed("only: ").join(pen.raw(&listing.typed));
        say(&mut rows, Role::Text, said, 1);
    }
    if let Some(fault) = app.journal.read.fault() {
        rows.extend(fault::rows(pen, app, fault, INDENT, width).into_iter().take(3));
    }
    if let Some(first) = app.journal.notices.first() {
        let more = app.journal.notices.len() - 1;
        let mut said = Shown::fixed("! not as it was written: ").join(pen.say(first));
        if more > 0 {
            said = said.join(", and ".into()).join(counted(more, "other place"));
        }
        say(&mut rows, Role::Problem, said, 3);
    }
    rows
}

/// How wide the columns are, and which there are.
struct Widths {
    user: usize,
    what: usize,
    pool: usize,
    by: usize,
}

impl Widths {
    fn new(listing: &Listing, width: usize) -> Self {
        let with_pool = listing.of.is_none();
        let with_by = width >= if with_pool { WITH_BOTH } else { WITH_BY };
        let none = Column {
            least: 0,
            usual: 0,
            most: 0,
        };
        let columns = [
            USER,
            if with_pool { POOL } else { none },
            if with_by { BY } else { none },
            WHAT,
        ];
        let between = INDENT + WHEN + 1 + WORD + 1 + 3;
        let [user, pool, by, what] = share(width.saturating_sub(between), &columns);
        Self { user, what, pool, by }
    }

    fn head(&self) -> Row {
        let row = Row::new()
            .gap(INDENT)
            .put(Role::Columns, Shown::fixed("WHEN").pad(WHEN + 1))
            .put(Role::Columns, Shown::fixed("OUTCOME").pad(WORD + 1))
            .put(Role::Columns, Shown::fixed("USER").pad(self.user + 1));
        let row = row.put(Role::Columns, Shown::fixed("WHAT").pad(self.what));
        let cell = |row: Row, name: &'static str, width: usize| match width {
            0 => row,
            width => row.gap(1).put(Role::Columns, Shown::fixed(name).pad(width)),
        };
        cell(cell(row, "POOL", self.pool), "BY", self.by)
    }

    fn row(&self, pen: &Pen<'_>, app: &App, entry: &Entry, selected: bool) -> Row {
        let (word, role) = word(entry);
        let row = Row::new()
            .put(Role::Text, if selected { ">" } else { " " })
            .gap(2)
            .cell(Role::Text, pen.date(entry.at), WHEN)
            .gap(1)
            .cell(role, word, WORD)
            .gap(1)
            .cell(Role::Text, user(pen, entry), self.user)
            .gap(1)
            .cell(Role::Text, what(pen, entry), self.what);
        let cell = |row: Row, text: Shown, width: usize| match width {
            0 => row,
            width => row.gap(1).cell(Role::Muted, text, width),
        };
        let row = cell(row, pool(pen, app, &entry.place.pool), self.pool);
        cell(row, by(pen, entry), self.by)
    }
}

/// The username, else the sub, else that neither was kept.
fn user(pen: &Pen<'_>, entry: &Entry) -> Shown {
    let sub: Option<&Raw> = entry.sub.as_ref().and_then(Kept::value);
    match (entry.username.value(), sub) {
        (Some(name), _) => pen.raw(name),
        (None, Some(sub)) => Shown::fixed("sub ").join(pen.raw(sub)),
        (None, None) => kept(pen, &entry.username),
    }
}
