//! The first line: where the operator is, as whom, and whether anything can be changed.

use crate::app::App;
use crate::app::session::{Left, Mode, Session};
use crate::app::slot::Slot;
use crate::domain::place::Caller;
use crate::domain::{Raw, Target};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// What gives way first when the line is too long; the pool, its protection, the mode and who
/// is acted as never do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum GivesWay {
    Caller,
    Id,
    Endpoint,
    Region,
    Account,
    Never,
}

/// The most columns for the name of the user who is acted as: less where the pool's name would have no room left.
fn name_columns(width: usize) -> usize {
    if width < 80 { 10 } else { 20 }
}

/// One thing the line names.
struct Item {
    gives_way: GivesWay,
    text: Shown,
}

pub fn row(pen: &Pen<'_>, app: &App, width: usize) -> Row {
    let mut items = match &app.session {
        Some(session) => of_session(pen, app, session),
        None => of_pools(pen, app),
    };
    let tail = match &app.session {
        Some(session) => mode(pen, app, session, width),
        None if app.core.settings.guards.read_only.is_some() => policy(Row::words(Role::ReadOnly, "read only"), app),
        None => policy(Row::new(), app),
    };
    let mut band = Row::new();
    if app.core.settings.demo {
        band = band.put(Role::Band, " DEMO ");
    }
    if let Some(opened) = &app.core.settings.archive {
        let at = opened.read_at.to_zoned(app.core.settings.zone.clone());
        let contradicted = |session: &Session| session.users.file.as_ref().is_some_and(|file| !file.is_all());
        let is_all = opened.is_all && !app.session.as_ref().is_some_and(contradicted);
        let all = if is_all { "ALL" } else { "NOT ALL" };
        let words = format!(" EXPORT of {}, {all} ", at.strftime("%Y-%m-%d %H:%M"));
        band = band.put(Role::Band, Shown::words(words));
    }
    if app.core.mask.is_on() {
        band = band.put(Role::Protected, " MASKED ");
    }
    let room = width.saturating_sub(tail.width() + 2 + band.width());
    while wide(&items) > room {
        let Some(first) = items
            .iter()
            .map(|item| item.gives_way)
            .filter(|way| *way != GivesWay::Never)
            .min()
        else {
            break;
        };
        items.retain(|item| item.gives_way != first);
        if first == GivesWay::Id
            && let Some(region) = app.session.as_ref().and_then(|session| session.place.pool.region())
            && !items.iter().any(|item| item.gives_way == GivesWay::Region)
        {
            // The id named the region as well.
            let at = items
                .iter()
                .take_while(|item| item.gives_way == GivesWay::Never)
                .count();
            items.insert(
                at,
                Item {
                    gives_way: GivesWay::Region,
                    text: pen.name_text(region),
                },
            );
        }
    }
    let mut row = Row::new();
    for item in items {
        let gap = if row.is_empty() { 1 } else { 2 };
        row = row.put(Role::Text, Shown::blank(gap)).put(Role::Header, item.text);
    }
    band.join(row.cut(room + 1)).right(width, tail).ground(Role::Header)
}

fn wide(items: &[Item]) -> usize {
    items
        .iter()
        .map(|item| item.text.width() + 2)
        .sum::<usize>()
        .saturating_sub(1)
}

fn of_session(pen: &Pen<'_>, app: &App, session: &Session) -> Vec<Item> {
    let id = session.place.pool.raw();
    let name = session.display_name();
    let mut items = vec![Item {
        gives_way: GivesWay::Never,
        text: pen.name(name.unwrap_or(id)),
    }];
    let mut add = |gives_way, text: Shown| items.push(Item { gives_way, text });
    if name.is_some() {
        add(GivesWay::Id, pen.name(id));
    }
    if let Some(region) = &session.place.target.region
        && session.place.pool.region() != Some(region.as_str())
    {
        add(GivesWay::Region, pen.name_text(region));
    }
    if let Some(account) = account(session) {
        add(GivesWay::Account, pen.name(&account));
    }
    if let Some(caller) = caller(session) {
        add(GivesWay::Caller, pen.name(&caller));
    } else if let Some(profile) = profile(app, &session.place.target) {
        add(GivesWay::Caller, Shown::fixed("profile ").join(pen.name_text(profile)));
    }
    if let Some(endpoint) = &session.place.target.endpoint {
        add(GivesWay::Endpoint, Shown::fixed("at ").join(pen.name_text(endpoint)));
    }
    items
}

/// No pool is open yet: what is known of how the list is asked for.
fn of_pools(pen: &Pen<'_>, app: &App) -> Vec<Item> {
    let target = &app.core.settings.target;
    let mut items = vec![Item {
        gives_way: GivesWay::Never,
        text: Shown::fixed("cognitui"),
    }];
    let known = [
        (GivesWay::Caller, "profile ", profile(app, target)),
        (GivesWay::Region, "region ", target.region.as_deref()),
        (GivesWay::Endpoint, "at ", target.endpoint.as_deref()),
    ];
    for (gives_way, label, text) in known {
        if let Some(text) = text {
            items.push(Item {
                gives_way,
                text: Shown::fixed(label).join(pen.name_text(text)),
            });
        }
    }
    items
}

fn profile<'a>(app: &App, target: &'a Target) -> Option<&'a str> {
    if app.core.settings.demo {
        None
    } else {
        target.profile.as_deref()
    }
}

fn mode(pen: &Pen<'_>, app: &App, session: &Session, width: usize) -> Row {
    let mut row = Row::new();
    if let Some(acting) = &session.acting {
        row = row
            .put(Role::Header, "AS ")
            .put(Role::Header, pen.raw(acting.username().raw()).fit(name_columns(width)))
            .put(Role::Header, " ");
        row = match acting.shown(app.core.at) {
            Left::Hours(hours) => row.put(Role::Header, Shown::words(format!("{hours} h"))),
            Left::Minutes(minutes) => row.put(Role::Header, Shown::words(format!("{minutes} min"))),
            Left::Seconds(seconds) => row.put(Role::Header, Shown::words(format!("{seconds} s"))),
            Left::Expired => row.put(Role::Refused, "EXPIRED"),
        };
        row = row.gap(2);
    }
    if session.is_protected() {
        row = row.put(Role::Protected, "PROTECTED").gap(1);
    }
    let row = match session.mode {
        Mode::Write => row.put(Role::Header, "write"),
        Mode::Read(_) => row.put(Role::ReadOnly, "read only"),
    };
    policy(row, app)
}

/// The word that the machine has a policy, which no configuration lifts.
fn policy(row: Row, app: &App) -> Row {
    if !app.core.settings.guards.policy {
        return row;
    }
    let row = if row.is_empty() { row } else { row.gap(1) };
    row.put(Role::Header, "policy")
}

fn account(session: &Session) -> Option<Raw> {
    let of_caller = session.caller.ready().and_then(|caller| caller.account.clone());
    session.pool.ready().and_then(|pool| pool.account()).or(of_caller)
}

fn caller(session: &Session) -> Option<Raw> {
    match &session.caller {
        Slot::Ready(Caller { arn: Some(arn), .. }) => Some(short_arn(arn)),
        _ => None,
    }
}

/// `Support/ana` of `arn:aws:sts::123456789012:assumed-role/Support/ana`; the account stands beside it.
pub fn short_arn(arn: &Raw) -> Raw {
    let resource = arn.as_str().rsplit(':').next().unwrap_or_default();
    let name = ["assumed-role/", "federated-user/", "user/"]
        .into_iter()
        .find_map(|kind| resource.strip_prefix(kind))
        .unwrap_or(resource);
    Raw::from(name)
}
