//! The last line: the keys that do something here, most useful first, or what was just said.

use crate::app::action::{ACTIONS, Action, Info, Scope};
use crate::app::keymap::Chord;
use crate::app::overlay::{Overlay, PromptKind};
use crate::app::screen::confirmation::{Confirmation, Control};
use crate::app::screen::sign_in::Step;
use crate::app::screen::users::{Purpose, Reading, State};
use crate::app::session::{Acting, Session, View};
use crate::app::{App, Pane};
use crate::domain::{Route, undo};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// The rank of what there is room for on a wide screen alone.
const LAST: u8 = 10;

pub fn row(pen: &Pen<'_>, app: &App, width: usize) -> Row {
    if let Some(notice) = &app.core.notice {
        return Row::new().gap(1).put(Role::Title, pen.say(notice));
    }
    let mut hints: Vec<Hint> = Vec::new();
    let scopes = app.scopes();
    for scope in scopes.iter().copied() {
        let mut here: Vec<(u8, &Info)> = ACTIONS
            .iter()
            .filter(|info| info.rank > 0 && info.scopes.contains(&scope))
            .map(|info| (rank(app, info), info))
            .collect();
        here.sort_by_key(|(rank, _)| *rank);
        for (rank, info) in here {
            let action = info.action;
            if hints.iter().any(|other| other.action == action) || !app.offers(action) || !does_something(app, action) {
                continue;
            }
            if let Some(chord) = reached(app, &scopes, scope, action) {
                let word = word(app, scope, info);
                hints.push(Hint {
                    action,
                    rank,
                    chord,
                    word,
                });
            }
        }
    }
    let mut by_use: Vec<usize> = (0..hints.len()).collect();
    by_use.sort_by_key(|at| hints.get(*at).map_or(u8::MAX, |hint| hint.rank));
    let mut kept: Vec<(usize, Shown)> = Vec::new();
    let mut used = 0;
    for at in by_use {
        let Some(hint) = hints.get(at) else { continue };
        let around = hint.word.len() + usize::from(!hint.word.is_empty()) + if used == 0 { 1 } else { 2 };
        // A key is a column wide at least, and most hints have no room: their keys need not be written.
        if used + around + 1 > width {
            continue;
        }
        let key = pen.chord(hint.chord);
        if used + around + key.width() <= width {
            used += around + key.width();
            kept.push((at, key));
        }
    }
    kept.sort_unstable_by_key(|(at, _)| *at);
    let mut row = Row::new();
    for (at, key) in kept {
        let Some(hint) = hints.get(at) else { continue };
        let gap = if row.is_empty() { 1 } else { 2 };
        row = row.gap(gap).put(Role::HintKey, key);
        if !hint.word.is_empty() {
            row = row.put(Role::Hint, " ").put(Role::Hint, hint.word);
        }
    }
    row
}

/// A key that does something here.
struct Hint {
    action: Action,
    rank: u8,
    chord: Chord,
    word: &'static str,
}

/// How early it gives way here: what is hardly asked for just now has room on a wide screen alone.
fn rank(app: &App, info: &Info) -> u8 {
    let users = app.session.as_ref().map(|session| &session.users);
    match info.action {
        Action::Scan if is_read_whole(app) => LAST + 1,
        Action::Columns if audits(app) => 6,
        // The second of two is to be named, or both are marked.
        Action::Compare if !audits(app) => {
            let first = app.session.as_ref().is_some_and(|session| session.first.is_some());
            let both = users.is_some_and(|users| users.marks.len() == 2);
            match (first, both) {
                (true, _) => info.rank,
                (false, true) => 7,
                (false, false) => LAST,
            }
        }
        // What there is on every screen, and what is done to one user in a hundred, gives way to what is done with a list.
        Action::ActAs | Action::ToPools | Action::Retry if lists_users(app) => LAST + 1,
        _ => info.rank,
    }
}

/// Whether the list of users is in front.
fn lists_users(app: &App) -> bool {
    let view = app.session.as_ref().map(|session| session.view);
    view == Some(View::Users) && app.overlay.is_none() && app.pane == Pane::Body && !app.shows_journal()
}

/// Whether everybody of the pool was read.
fn is_read_whole(app: &App) -> bool {
    let users = app.session.as_ref().map(|session| &session.users);
    users.is_some_and(|users| users.is_whole()) && !has_stopped(app)
}

/// The key of an action, if it does it here: further in, the same key may mean something else.
fn reached(app: &App, scopes: &[Scope], scope: Scope, action: Action) -> Option<Chord> {
    let keymap = &app.core.settings.keymap;
    let key = *keymap.chords(scope, action).first()?;
    (keymap.resolve(scopes, key) == Some(action)).then_some(key)
}

/// Keys that would only say that they do nothing here are no hint.
fn does_something(app: &App, action: Action) -> bool {
    if let Some(confirmation) = sent(app) {
        // Until the answer comes there is nothing to press; a send that waits for its turn can be stopped.
        match action {
            Action::Back => return confirmation.throttled.is_some(),
            Action::NextControl | Action::Press | Action::Retry | Action::KeepMine | Action::TakeTheirs => {
                return false;
            }
            _ => {}
        }
    }
    match action {
        // Esc goes back a question there.
        Action::Back if signs_in(app) => false,
        Action::Scan if reads_pool(app) => false,
        // An export has nobody to ask.
        Action::Scan | Action::Details | Action::ReadGroups => !app.session.as_ref().is_some_and(Session::is_file),
        Action::ReadOn => (app.session.as_ref()).is_some_and(|session| session.users.can_read_on()),
        Action::Back => !app.at_top(),
        // As the user nobody vouches, and who is acted as need not be asked again while it lasts.
        Action::Verified => own_form(app).is_none(),
        Action::ActAs => {
            own_form(app).is_none_or(|acting| acting.is_none_or(|acting| acting.left(app.core.at).is_none()))
        }
        Action::KeepMine | Action::TakeTheirs => app
            .session
            .as_ref()
            .and_then(|session| session.review.as_ref())
            .is_some_and(|review| review.undecided() > 0),
        Action::Undo => app.journal.selected(&app.core.settings.zone).is_some_and(|entry| {
            let open = app.session.as_ref().is_none_or(|session| session.may_write());
            open && undo::question(&entry).is_ok()
        }),
        Action::ReadBack if app.shows_journal() => {
            let selected = app.journal.selected(&app.core.settings.zone);
            selected.is_some_and(|entry| entry.is_unknown())
        }
        Action::ReadBack => app.journal.unknown().next().is_some(),
        Action::AllPools => app.session.is_some(),
        Action::Open if app.shows_journal() => app.journal.shown.as_ref().is_some_and(|listing| !listing.open),
        Action::Columns if audits(app) => app.session.as_ref().is_some_and(|session| {
            let screen = session.lint.as_ref().filter(|_| session.view == View::Lint);
            screen.is_some_and(|screen| screen.open.is_none())
        }),
        // Only where what they act on is there.
        Action::Compare | Action::Copy if audits(app) => app
            .session
            .as_ref()
            .and_then(|session| session.lint.as_ref().filter(|_| session.view == View::Lint))
            .is_some_and(|screen| screen.selected().is_some() && (action == Action::Copy || screen.has_twins())),
        Action::Open if audits(app) => app.session.as_ref().is_some_and(|session| match session.view {
            View::Breakdown => session.breakdown.is_some(),
            view => view == View::Lint,
        }),
        Action::NextStep => app.core.status.selected().is_some_and(|entry| entry.next.is_some()),
        Action::Accept => !matches!(
            app.overlay,
            Some(Overlay::Help { .. } | Overlay::Entry { .. } | Overlay::Outbox(_))
        ),
        Action::Mark if signs_in(app) => false,
        Action::Mark if app.overlay.is_some() => {
            matches!(&app.overlay, Some(Overlay::Columns(list)) if list.purpose != Purpose::Sort) || exports(app)
        }
        Action::Export => app.core.settings.guards.export_off.is_none(),
        Action::NextField => exports(app),
        // While it runs stopping is nearer; the question said that they work then too.
        Action::Faster | Action::Slower => matches!(app.overlay, Some(Overlay::Scan(_))),
        Action::Retry if app.overlay.is_some() => matches!(app.overlay, Some(Overlay::Outbox(_))),
        Action::Copy => app.pane == Pane::Body,
        // Where a code is asked for; elsewhere it is one of many.
        Action::Outbox => app.overlay.is_none() && asks_for_code(app),
        _ => true,
    }
}

/// The table's word, or a more exact one for where the operator is.
fn word(app: &App, scope: Scope, info: &Info) -> &'static str {
    let view = app.session.as_ref().map(|session| session.view);
    match info.action {
        Action::Help => "",
        Action::Mark if exports(app) || expects(app) => "choose",
        Action::Columns if audits(app) => "attributes",
        Action::Mark if app.overlay.is_some() => "show or not",
        Action::Back if writes_file(app) => "stop the export",
        Action::Back if reads_pool(app) || reads_groups(app) => "stop",
        Action::Scan if has_stopped(app) => "go on",
        Action::Scan if is_read_whole(app) => "read again",
        Action::Accept => accept_word(app),
        Action::Dismiss if signs_in(app) => "back",
        Action::WriteMode if app.session.as_ref().is_some_and(|session| session.may_write()) => "read only",
        Action::Retry if app.overlay.is_some() => "read again",
        Action::Copy if view == Some(View::Review) => "copy as aws command (no journal)",
        Action::AllPools if app.journal.shown.as_ref().is_some_and(|listing| listing.of.is_none()) => "this pool",
        Action::Find if app.shows_journal() => "narrow",
        Action::Back if app.pane == Pane::Status => "leave the pane",
        Action::Back if matches!(scope, Scope::ReviewField) || matches!(view, Some(View::Review | View::Deed)) => {
            match (sent(app).is_some(), view) {
                (true, _) => "stop before the next send",
                (false, Some(View::Deed)) => "back",
                (false, _) => "back to the form",
            }
        }
        _ => info.hint,
    }
}

/// Whether a code is typed on the screen in front.
fn asks_for_code(app: &App) -> bool {
    let session = app.session.as_ref().filter(|_| app.pane == Pane::Body);
    session.is_some_and(|session| match session.view {
        View::SignIn => session.sign_in.as_ref().is_some_and(|screen| screen.step == Step::Code),
        _ => session
            .confirmation()
            .is_some_and(|confirmation| confirmation.focus == Control::Code),
    })
}

/// The review whose write is on its way.
fn sent(app: &App) -> Option<&Confirmation> {
    let session = app
        .session
        .as_ref()
        .filter(|_| app.pane == Pane::Body && app.overlay.is_none())?;
    session
        .confirmation()
        .filter(|confirmation| confirmation.sending.is_some())
}

/// The form of a user's own attributes, if it is in front, with the token it is for.
fn own_form(app: &App) -> Option<Option<&Acting>> {
    let session = app.session.as_ref().filter(|session| session.view == View::Edit)?;
    let edit = session.edit.as_ref().filter(|edit| edit.route == Route::Own)?;
    Some(session.acting_as(&edit.username))
}

/// Whether the checks, a comparison or counts are in front.
fn audits(app: &App) -> bool {
    let view = app.session.as_ref().map(|session| session.view);
    let front = matches!(view, Some(View::Lint | View::Compare | View::Breakdown));
    front && app.overlay.is_none() && app.pane == Pane::Body && !app.shows_journal()
}

fn signs_in(app: &App) -> bool {
    let view = app.session.as_ref().map(|session| session.view);
    view == Some(View::SignIn) && app.overlay.is_none() && app.pane == Pane::Body
}

/// Whether what everybody should have is chosen.
fn expects(app: &App) -> bool {
    matches!(&app.overlay, Some(Overlay::Columns(list)) if list.purpose == Purpose::Expect)
}

/// Whether the form of an export is open.
fn exports(app: &App) -> bool {
    matches!(app.overlay, Some(Overlay::Export(_)))
}

/// Whether Esc stops an export.
fn writes_file(app: &App) -> bool {
    let users = app.session.as_ref().filter(|session| session.view == View::Users);
    users.is_some_and(|session| session.users.exporting.is_some()) && app.overlay.is_none() && app.pane == Pane::Body
}

/// Whether Esc stops a reading of the whole pool.
fn reads_pool(app: &App) -> bool {
    let users = app.session.as_ref().filter(|session| session.view == View::Users);
    users.is_some_and(|session| session.users.scan.as_ref().is_some_and(Reading::is_running))
}

/// Whether Esc stops a reading of groups.
fn reads_groups(app: &App) -> bool {
    let users = app.session.as_ref().filter(|session| session.view == View::Users);
    users.is_some_and(|session| session.users.groups.is_running())
}

/// Whether a reading of the whole pool can go on.
fn has_stopped(app: &App) -> bool {
    let scan = app.session.as_ref().and_then(|session| session.users.scan.as_ref());
    scan.is_some_and(|scan| matches!(scan.state, State::Stopped | State::Failed(_)))
}

fn accept_word(app: &App) -> &'static str {
    match &app.overlay {
        None if signs_in(app) => "go on",
        Some(Overlay::Copy { .. }) => "send to the terminal's clipboard",
        Some(Overlay::Prompt(prompt)) => match prompt.kind {
            PromptKind::Palette => "do it",
            PromptKind::PoolId => "open",
            PromptKind::PoolName => "allow writing",
            PromptKind::Jump => "go there",
            PromptKind::Metadata => "attach",
            PromptKind::Discard { .. } | PromptKind::DropDraft { .. } => "throw away",
        },
        Some(Overlay::Steps(_)) => "review it",
        Some(Overlay::Scan(_)) => "start",
        Some(Overlay::Export(_)) => "write the file",
        Some(Overlay::Columns(list)) if list.purpose == Purpose::Sort => "order by it",
        Some(Overlay::Columns(_)) => "done",
        Some(_) => "take",
        None if app.shows_journal() => "narrow",
        None if app.session.as_ref().is_some_and(Session::is_file) => "keep the line",
        None => "ask the service",
    }
}
