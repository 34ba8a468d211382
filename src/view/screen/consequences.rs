//! What an edit will cause, as the lines of its pane: one topic after the other, warnings marked.

use crate::domain::consequence::{Consequence, Weight};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// Where the text begins, behind the mark and the topic.
const TEXT: usize = 9;

/// The topic of a line that speaks of the form as a whole.
const ALONE: &str = "!";

/// The lines of all consequences. Neighbours of one topic share its label.
pub fn rows(pen: &Pen<'_>, consequences: &[Consequence], width: usize) -> Vec<Row> {
    let room = width.saturating_sub(TEXT).saturating_sub(1);
    let mut rows = Vec::new();
    let mut topic = "";
    for consequence in consequences {
        if consequence.topic == ALONE {
            let lines = pen
                .say(&consequence.lines)
                .wrap(width.saturating_sub(4))
                .into_iter()
                .enumerate();
            rows.extend(lines.map(|(at, line)| {
                let start = if at == 0 {
                    Row::new().gap(1).put(Role::Problem, ALONE)
                } else {
                    Row::new()
                };
                start.to(3).put(Role::Problem, line)
            }));
            continue;
        }
        let (mark, role) = match consequence.weight {
            Weight::Note => (" ", Role::Text),
            Weight::Warn => ("!", Role::Problem),
        };
        let label = if consequence.topic == topic {
            ""
        } else {
            consequence.topic
        };
        topic = consequence.topic;
        for (at, line) in pen.say(&consequence.lines).wrap(room).into_iter().enumerate() {
            let start = match at {
                0 => Row::new().put(role, mark).put(role, label),
                _ => Row::new(),
            };
            rows.push(start.to(TEXT).put(Role::Text, line));
        }
    }
    rows
}

/// As many rows as there is room for; the last one says how many there are more.
pub fn fitted(mut rows: Vec<Row>, room: usize) -> Vec<Row> {
    if rows.len() <= room {
        return rows;
    }
    let kept = room.saturating_sub(1);
    let missing = rows.len().saturating_sub(kept);
    rows.truncate(kept);
    if room > 0 {
        let said = Shown::count(missing).join(" more lines; the review shows them all".into());
        rows.push(Row::new().to(TEXT).put(Role::Muted, said));
    }
    rows
}
