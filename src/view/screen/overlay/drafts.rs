//! What earlier runs left: whose it is, how much, when, who made it, and whether it can be taken up.

use super::Parts;
use crate::app::App;
use crate::app::drafts::{DraftList, edits};
use crate::domain::Route;
use crate::domain::draft::saved::{Console, Kept};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;
use crate::view::widget::scroll;

/// Where what is said about a draft begins.
const SAID: usize = 3;
const NAME: usize = 24;

pub fn parts(pen: &Pen<'_>, app: &App, list: &DraftList, width: usize, room: usize) -> Parts {
    let listed = app.listed_drafts(list);
    let cursor = list.cursor.min(listed.len().saturating_sub(1));
    let mut rows = Vec::new();
    let mut focus = 0..0;
    for (at, kept) in listed.iter().enumerate() {
        let start = rows.len();
        let picked = at == cursor;
        let mut lines = about(pen, app, kept, picked, width);
        if picked {
            lines = lines.into_iter().map(|row| row.ground(Role::Selected)).collect();
            if let Some(first) = lines.first_mut() {
                *first = std::mem::take(first).cursor(0);
            }
        }
        rows.extend(lines);
        if picked {
            focus = start..rows.len();
        }
    }
    if rows.is_empty() {
        rows.push(Row::new().gap(SAID).put(Role::Muted, "no drafts of earlier runs"));
    }
    let title = match &list.of {
        Some(username) => Shown::fixed("An earlier run left edits of ").join(pen.raw(username.raw())),
        None => Shown::fixed("Drafts of earlier runs"),
    };
    let said = Shown::fixed("nothing is sent before its review");
    (title, said, scroll::window(rows, &focus, room))
}

fn about(pen: &Pen<'_>, app: &App, kept: &Kept, picked: bool, width: usize) -> Vec<Row> {
    let mut said = what(pen, app, kept);
    if kept.draft.route == Route::Own {
        said = said.join(", as the user".into());
    }
    let first = Row::new()
        .put(Role::Text, if picked { ">" } else { " " })
        .put(Role::Drafted, "d")
        .gap(1)
        .cell(Role::Text, pen.raw(kept.draft.username.raw()), NAME)
        .gap(1)
        .put(Role::Text, said);
    let mut place = pen.name(kept.place.pool.raw());
    for part in [&kept.place.region, &kept.place.account, &kept.place.endpoint]
        .into_iter()
        .flatten()
    {
        place = place.join("  ".into()).join(pen.name(part));
    }
    let mut rows = vec![first, Row::new().gap(SAID).put(Role::Muted, place)];
    if kept.console == Console::Elsewhere {
        let since = Shown::fixed("open in another console since ").join(pen.date(kept.begun));
        rows.push(Row::new().gap(SAID).put(Role::Problem, since));
    }
    rows.into_iter().map(|row| row.cut(width)).collect()
}

/// `2 edits, 18:02, yours`: today by the time, else by the day.
pub fn what(pen: &Pen<'_>, app: &App, kept: &Kept) -> Shown {
    let today = pen.day(kept.at) == pen.day(app.core.at);
    let at = if today { pen.minute(kept.at) } else { pen.date(kept.at) };
    let mut said = Shown::words(edits(kept)).join(", ".into()).join(at);
    let maker = app.maker(kept).words();
    if !maker.is_empty() {
        said = said.join(", ".into()).join(pen.say(&maker));
    }
    said
}
