//! What could not be read, in the place where it would be: code, meaning, and the one next step.

use crate::app::App;
use crate::app::core::headline;
use crate::domain::Fault;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// The lines about a fault, `indent` columns in.
pub fn rows(pen: &Pen<'_>, app: &App, fault: &Fault, indent: usize, width: usize) -> Vec<Row> {
    let profile = app.core.settings.target.profile.as_deref();
    let said = [
        (Role::Problem, headline(fault)),
        (Role::Text, fault.meaning()),
        (Role::Text, crate::say!("next: ").join(fault.next_step_with(profile))),
    ];
    let room = width.saturating_sub(indent).saturating_sub(1);
    said.iter()
        .flat_map(|(role, sentence)| {
            let lines = pen.say(sentence).wrap(room);
            lines.into_iter().map(|line| Row::new().gap(indent).put(*role, line))
        })
        .collect()
}
