//! What someone else changed meanwhile, three ways: as it was when the form opened or the edit was decided in an earlier
//! run, as it is now, as it is pending.

use std::ops::Range;

use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::confirmation::Control;
use crate::app::screen::review::{Decision, Review};
use crate::app::session::Session;
use crate::domain::{AttributeValue, Edit, Raw};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

const LABEL: usize = 22;
const VALUE: usize = 31;

/// The rows of all conflicts, and where the one with the focus is.
pub struct Conflicts {
    pub rows: Vec<Row>,
    pub focus: Range<usize>,
}

pub fn rows(pen: &Pen<'_>, app: &App, session: &Session, review: &Review, width: usize) -> Conflicts {
    let room = width.saturating_sub(VALUE).saturating_sub(1);
    let mut drawn = Conflicts {
        rows: Vec::new(),
        focus: 0..0,
    };
    for at in 0..review.conflicts() {
        let focused = review.confirmation.focus == Control::Conflict(at);
        let start = drawn.rows.len();
        let lines = match review.moved.touched.get(at) {
            Some(drift) => {
                let pending = match session.edited_draft().and_then(|draft| draft.edit(&drift.name)) {
                    Some(Edit::Delete) => Shown::fixed("(delete)"),
                    Some(Edit::Set(value)) => pen.raw(value.raw()),
                    None => Shown::fixed("(not changed by you)"),
                };
                let value = |value: &Option<AttributeValue>| match value {
                    Some(value) => pen.raw(value.raw()),
                    None => Shown::fixed("(not set)"),
                };
                let earlier = session
                    .edited_draft()
                    .is_some_and(|draft| draft.made_from().contains_key(&drift.name));
                vec![
                    (
                        if earlier { "then" } else { "opened" },
                        Role::Muted,
                        value(&drift.expected),
                    ),
                    ("now", Role::Before, value(&drift.now)),
                    ("pending", Role::After, pending),
                ]
            }
            None => {
                let fact = at
                    .checked_sub(review.moved.touched.len())
                    .and_then(|at| review.moved.facts.get(at));
                let value = |raw: Option<&Raw>| raw.map(|raw| pen.raw(raw)).unwrap_or_default();
                vec![
                    ("opened", Role::Muted, value(fact.map(|fact| &fact.before))),
                    ("now", Role::Before, value(fact.map(|fact| &fact.now))),
                ]
            }
        };
        let name = match (review.conflict_name(at), review.moved.touched.len()) {
            (Some(name), _) => pen.name(name.raw()),
            (None, touched) => at
                .checked_sub(touched)
                .and_then(|at| review.moved.facts.get(at))
                .map(|fact| Shown::fixed(fact.what))
                .unwrap_or_default(),
        };
        for (index, (label, role, value)) in lines.into_iter().enumerate() {
            let mut row = match (index, focused) {
                (0, true) => super::super::picked().put(Role::Text, name.clone().fit(LABEL - 4)),
                (0, false) => super::super::unpicked().put(Role::Text, name.clone().fit(LABEL - 4)),
                _ => Row::new(),
            };
            row = row.to(LABEL).put(role, label).to(VALUE);
            for (line, text) in value.wrap(room).into_iter().enumerate() {
                if line > 0 {
                    drawn.rows.push(std::mem::replace(&mut row, Row::new().gap(VALUE)));
                }
                row = row.put(role, text);
            }
            drawn.rows.push(row);
        }
        let row = Row::new().gap(LABEL).join(decision(pen, app, review, at));
        drawn.rows.push(row);
        if focused {
            drawn.focus = start..drawn.rows.len();
        }
    }
    drawn
}

/// What was decided, or what can be.
fn decision(pen: &Pen<'_>, app: &App, review: &Review, at: usize) -> Row {
    let is_fact = review.conflict_name(at).is_none();
    let key = |action| pen.key(app, &[Scope::Review], action).unwrap_or_default();
    match review.decisions.get(at).copied().flatten() {
        Some(Decision::KeepMine) if is_fact => Row::words(Role::Good, "decided: go on with it"),
        Some(Decision::KeepMine) => Row::words(Role::Good, "decided: keep mine"),
        Some(Decision::TakeTheirs) => Row::words(Role::Good, "decided: take theirs"),
        None if is_fact => Row::words(
            Role::Problem,
            Shown::fixed("TO DECIDE: ")
                .join(key(Action::KeepMine))
                .join(" goes on with it".into()),
        ),
        None => Row::words(
            Role::Problem,
            Shown::fixed("TO DECIDE: ")
                .join(key(Action::KeepMine))
                .join(" keeps yours, ".into())
                .join(key(Action::TakeTheirs))
                .join(" takes theirs".into()),
        ),
    }
}

/// What else someone changed that this change has nothing to do with.
pub fn also(pen: &Pen<'_>, review: &Review, width: usize) -> Vec<Row> {
    if review.moved.also.is_empty() {
        return Vec::new();
    }
    let mut said = Shown::fixed("also changed by someone else, not touched by this: ");
    for (at, drift) in review.moved.also.iter().enumerate() {
        if at > 0 {
            said = said.join(", ".into());
        }
        said = said.join(pen.name(drift.name.raw()));
    }
    let lines = said.wrap(width.saturating_sub(4));
    lines
        .into_iter()
        .map(|line| Row::new().gap(3).put(Role::Text, line))
        .collect()
}
