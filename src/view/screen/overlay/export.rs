//! The form of an export: a line for each choice, the chosen one in brackets, and below it what that means.

use super::{INDENT, Parts};
use crate::app::App;
use crate::app::core::headline;
use crate::app::screen::edit::plural;
use crate::app::screen::users::export::{Control, Extent, Form, Groups, Trouble, Whom};
use crate::app::screen::users::{ExportForm, Missing};
use crate::app::session::Session;
use crate::domain::Raw;
use crate::domain::price::Price;
use crate::domain::sentence::grouped;
use crate::job::export::Existing;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::Row;

/// Where the choices begin.
const CHOICES: usize = 12;

pub fn parts(pen: &Pen<'_>, app: &App, form: &ExportForm, width: usize, room: usize) -> Parts {
    let Some(session) = &app.session else {
        return (Shown::fixed("Export"), Shown::default(), Vec::new());
    };
    let whole = session.users.is_whole_of(form.whom);
    let below = below(pen, session, form, whole, width);
    let form_rows = |explained: &dyn Fn(Control) -> bool| lines(pen, app, session, form, explained, width);
    let mut rows = form_rows(&|_| true);
    if rows.len() + below.len() > room {
        // What stands in the way, or is not in it, is more important than what the other choices mean.
        rows = form_rows(&|control| control == form.focus || control == Control::File);
    }
    rows.extend(below);
    let tail = counted(session.users.count_of(form.whom), "user").join(match whole {
        true => ", COMPLETE".into(),
        false => ", NOT ALL".into(),
    });
    (Shown::fixed("Export to a file"), tail, rows)
}

/// A line for each choice, and what it means where there is room for that.
fn lines(
    pen: &Pen<'_>,
    app: &App,
    session: &Session,
    form: &ExportForm,
    explained: &dyn Fn(Control) -> bool,
    width: usize,
) -> Vec<Row> {
    let room = width.saturating_sub(CHOICES + 1);
    let mut rows = Vec::new();
    for control in form.controls() {
        let focused = control == form.focus;
        let label = Row::new()
            .put(Role::Text, if focused { ">" } else { " " })
            .gap(INDENT - 1)
            .put(Role::Text, label(control))
            .to(CHOICES);
        let row = if control == Control::File {
            let (window, column) = pen.typed_name(&form.file, room);
            let role = if focused { Role::InputFocused } else { Role::Input };
            let row = label.put(role, window.pad(room));
            if focused { row.cursor(CHOICES + column) } else { row }
        } else {
            let (choices, chosen) = choices(session, form, control);
            let row = label.put(Role::Text, one_of(choices, chosen, room));
            match focused {
                true => row.ground(Role::Selected).cursor(0),
                false => row,
            }
        };
        rows.push(row);
        let about = about(pen, app, session, form, control).filter(|_| explained(control));
        rows.extend(about.map(|said| Row::new().gap(CHOICES).put(Role::Muted, said.fit(room))));
    }
    rows
}

/// What stands in the way; else what is waited for; else who is missing.
fn below(pen: &Pen<'_>, session: &Session, form: &ExportForm, whole: bool, width: usize) -> Vec<Row> {
    let (role, said) = match &form.trouble {
        Some(trouble) => (Role::Problem, what_is_wrong(pen, trouble)),
        None if form.asked.is_some() && session.users.groups.is_running() => (
            Role::Text,
            Shown::fixed("who is in which group is read first; Esc closes this, and the reading goes on"),
        ),
        None if form.waits.is_some() => (
            Role::Text,
            Shown::fixed("the list is being brought up to now; then it is written"),
        ),
        None if form.asked.is_some() => (
            Role::Text,
            Shown::fixed("asked for; the file is begun when the pool has answered"),
        ),
        None if !whole => (Role::Unknown, not_all(session, form.whom)),
        None => return Vec::new(),
    };
    let lines = said.wrap(width.saturating_sub(INDENT + 1));
    lines
        .into_iter()
        .map(|line| Row::new().gap(INDENT).put(role, line))
        .collect()
}

fn label(control: Control) -> &'static str {
    match control {
        Control::Whom => "Who",
        Control::Form => "Form",
        Control::Extent => "Columns",
        Control::Groups => "Groups",
        Control::File => "File",
        Control::Existing => "There",
    }
}

/// What there is to choose on a line, and which of it is chosen.
fn choices(session: &Session, form: &ExportForm, control: Control) -> (Vec<Shown>, usize) {
    fn of<T: PartialEq>(all: &[T], now: &T, words: impl Fn(&T) -> Shown) -> (Vec<Shown>, usize) {
        let at = all.iter().position(|one| one == now).unwrap_or(0);
        (all.iter().map(words).collect(), at)
    }
    match control {
        Control::Whom => of(&Whom::ALL, &form.whom, |whom| {
            let count = Shown::count(session.users.count_of(*whom));
            let what = match whom {
                Whom::View => "this list, ",
                Whom::Marked => "marked, ",
                Whom::Loaded => "all loaded, ",
            };
            Shown::fixed(what).join(count)
        }),
        Control::Form => of(&Form::ALL, &form.layout, |layout| {
            Shown::fixed(match layout {
                Form::Csv => "CSV raw",
                Form::Sheet => "CSV sheet",
                Form::Jsonl => "JSON Lines",
                Form::Import => "import",
            })
        }),
        Control::Extent => of(&Extent::ALL, &form.extent, |extent| {
            Shown::fixed(match extent {
                Extent::Shown => "as on the screen",
                Extent::Every => "every attribute",
            })
        }),
        Control::Groups => of(&Groups::ALL, &form.groups, |groups| {
            Shown::fixed(match groups {
                Groups::No => "no",
                Groups::Yes => "yes",
            })
        }),
        Control::Existing => of(&[Existing::Keep, Existing::Replace], &form.existing, |existing| {
            Shown::fixed(match existing {
                Existing::Keep => "it stays",
                Existing::Replace => "replace it",
            })
        }),
        Control::File => (Vec::new(), 0),
    }
}

/// The choices beside each other; where there is no room for that, the chosen one and how many there are.
fn one_of(choices: Vec<Shown>, chosen: usize, room: usize) -> Shown {
    let count = choices.len();
    let bracketed = |choice: Shown| Shown::fixed("[").join(choice).join("]".into());
    let all: Shown = (choices.iter().cloned().enumerate())
        .map(|(at, choice)| match at == chosen {
            true => bracketed(choice).join(" ".into()),
            false => Shown::blank(1).join(choice).join("  ".into()),
        })
        .collect();
    if all.width() <= room {
        return all;
    }
    let now = choices.into_iter().nth(chosen).unwrap_or_default();
    bracketed(now).join(Shown::words(format!("  {} of {count}", chosen + 1)))
}

/// What a choice means.
fn about(pen: &Pen<'_>, app: &App, session: &Session, form: &ExportForm, control: Control) -> Option<Shown> {
    match control {
        Control::Form => Some(Shown::fixed(match form.layout {
            Form::Csv => "every value as it is, byte for byte",
            Form::Sheet => "what a spreadsheet would run stands behind '",
            Form::Jsonl => "one user a line; opens again with --from",
            Form::Import => "for the user import of this pool; asks it for the header (1 call)",
        })),
        Control::Extent if form.extent == Extent::Shown => {
            let columns = session.columns_of(form, &app.core);
            let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
            Some(pen.name(&Raw::from(names.join(", "))))
        }
        Control::Groups => Some(about_groups(pen, app, session, form)),
        Control::File => Some(match session.export_path(form, &app.core) {
            Ok(path) => Shown::fixed("for you alone: ").join(pen.name(&Raw::from(path.to_string_lossy().into_owned()))),
            Err(why) => Shown::fixed(why),
        }),
        _ => None,
    }
}

/// Whether groups were read, and else what that costs.
fn about_groups(pen: &Pen<'_>, app: &App, session: &Session, form: &ExportForm) -> Shown {
    let groups = &session.users.groups;
    if let Some(of_file) = session.users.groups_of_file() {
        return pen.say(&of_file);
    }
    if groups.whole().is_some() {
        return Shown::fixed("read already: this costs no call");
    }
    if groups.is_running() {
        let calls = groups.reading().map_or(0, |reading| reading.progress.calls);
        let calls = counted(usize::try_from(calls).unwrap_or(usize::MAX), "call");
        return Shown::fixed("being read: ").join(calls).join(" so far".into());
    }
    if groups.ready().is_none() {
        return match (form.groups, groups.fault()) {
            (Groups::No, _) => Shown::fixed("yes asks for their names (1 call), then says the cost"),
            (Groups::Yes, Some(fault)) => pen.say(&headline(fault)),
            (Groups::Yes, None) => Shown::fixed("asking for their names"),
        };
    }
    let count = groups.unread().len();
    let users = session.pool.ready().and_then(|pool| pool.estimated_users);
    let cost = match users {
        Some(users) => Price::of_groups(count, users, app.core.settings.list_rate).words_of_groups(count),
        None => format!("{}, a call for each 60 members", counted_words(count)),
    };
    Shown::words(format!("{cost}; read first"))
}

fn counted_words(groups: usize) -> String {
    format!("{} {}", grouped(groups as u64), plural(groups, "group"))
}

fn what_is_wrong(pen: &Pen<'_>, trouble: &Trouble) -> Shown {
    let words = match trouble {
        Trouble::Exists(_) => Shown::fixed("there is a file of that name: it stays, unless you choose to replace it"),
        Trouble::Disk(fault) => pen.name(&fault.what).join("; ".into()).join(pen.name(&fault.next)),
        Trouble::Said(said) => pen.say(said),
    };
    Shown::fixed("! ").join(words)
}

/// Why not everybody who is meant is in it.
fn not_all(session: &Session, whom: Whom) -> Shown {
    if whom == Whom::Marked {
        return Shown::fixed("Some of the marked users were not read again yet: they are not in it.");
    }
    let users = &session.users;
    let why = match users.missing().filter(|_| whom == Whom::View) {
        Some(Missing::Earlier) => "The list is being brought up to now: Enter waits for that.",
        Some(Missing::Groups) => {
            "Groups that the line is about were not read to their end: who is in them may be missing."
        }
        Some(Missing::Meanings) => {
            "The service was asked what the words mean most likely: who is meant otherwise is not in it."
        }
        Some(Missing::Unanswered) => "The service did not answer to its end: somebody may be missing. r asks again.",
        Some(Missing::Untold) => "The line asks about what this export was made without: who is meant is not known.",
        Some(Missing::Pool) | None => "",
    };
    if !why.is_empty() {
        return Shown::fixed(why);
    }
    let loaded = Shown::count(users.roster.len());
    let pool = session.pool.ready().and_then(|pool| pool.estimated_users);
    let read = match pool.and_then(|users| usize::try_from(users).ok()) {
        Some(all) => loaded.join(" of about ".into()).join(Shown::count(all)),
        None => loaded.join(" users".into()),
    };
    read.join(" of this pool were read: who was not is not in it. S reads the rest.".into())
}
