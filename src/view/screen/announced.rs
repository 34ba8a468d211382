//! What earlier runs left, above the first screen, whichever that is.

use super::overlay::about_draft;
use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::domain::draft::saved::Kept;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::Row;

/// `3 drafts. Enter resumes jane.doe (2 edits, 18:02, yours)  d list  Esc later`, in as many lines as it takes.
pub fn rows(pen: &Pen<'_>, app: &App, width: usize) -> Vec<Row> {
    if !app.announces_drafts() {
        return Vec::new();
    }
    let key = |action| pen.key(app, &[Scope::Drafts], action).unwrap_or_default();
    let count = app.drafts.left().len();
    let mut said = counted(count, "draft").join(" of earlier runs. ".into());
    said = match app.drafts.first() {
        Some(kept) => said.join(resumes(pen, app, kept, key(Action::ResumeDraft))),
        None => said.join("open in another console".into()),
    };
    let said = said
        .join("  ".into())
        .join(key(Action::Drafts))
        .join(" list  ".into())
        .join(key(Action::DraftsLater))
        .join(" later".into());
    let lines = said.wrap(width.saturating_sub(4));
    let mut rows: Vec<Row> = lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let row = match at {
                0 => Row::new().put(Role::Text, ">").put(Role::Drafted, "d").gap(1).cursor(0),
                _ => Row::new().gap(3),
            };
            row.put(Role::Text, line)
        })
        .collect();
    if let Some(unknown) = app.unknown_line() {
        let key = pen
            .key(app, &[Scope::Pools, Scope::Users], Action::ReadBack)
            .unwrap_or_default();
        let line = pen
            .say(&unknown)
            .join(". ".into())
            .join(key)
            .join(" reads them back".into());
        let lines = line.wrap(width.saturating_sub(4));
        rows.extend(lines.into_iter().map(|line| Row::new().gap(3).put(Role::Unknown, line)));
    }
    rows.push(Row::new());
    rows
}

fn resumes(pen: &Pen<'_>, app: &App, kept: &Kept, key: Shown) -> Shown {
    key.join(" resumes ".into())
        .join(pen.raw(kept.draft.username.raw()))
        .join(" (".into())
        .join(about_draft(pen, app, kept))
        .join(")".into())
}
