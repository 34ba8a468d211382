//! The demo's outbox as its end users would read it, newest first.

use super::Parts;
use crate::app::overlay::Outbox;
use crate::job::Delivered;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

pub fn parts(pen: &Pen<'_>, outbox: &Outbox, width: usize, room: usize) -> Parts {
    let messages = outbox.messages.ready().map_or(&[] as &[Delivered], Vec::as_slice);
    let count = messages.len();
    let first = outbox.scroll.min(count.saturating_sub(1));
    let mut rows: Vec<Row> = messages
        .iter()
        .skip(first)
        .flat_map(|message| of(pen, message, width))
        .collect();
    if outbox.messages.is_loading() {
        rows.push(Row::new().gap(3).put(Role::Text, "being read"));
    } else if count == 0 {
        rows.push(Row::new().gap(3).put(Role::Text, "nobody has got a message so far"));
    }
    let place = match rows.len() > room || first > 0 {
        true => Shown::fixed("from ")
            .join(Shown::count(first.saturating_add(1)))
            .join(" of ".into())
            .join(Shown::count(count)),
        false => Shown::default(),
    };
    if let Some(row) = rows.first_mut() {
        *row = std::mem::take(row).cursor(0);
    }
    (Shown::fixed("Outbox: what people would have got"), place, rows)
}

/// When, how and to whom, and below it the text.
fn of(pen: &Pen<'_>, message: &Delivered, width: usize) -> Vec<Row> {
    let head = Row::new()
        .gap(1)
        .put(Role::Text, pen.date_and_time(message.at))
        .gap(2)
        .put(Role::Title, pen.raw(&message.medium))
        .put(Role::Text, " to ")
        .put(Role::Text, pen.raw(&message.destination))
        .put(Role::Muted, ", ")
        .put(Role::Muted, pen.raw(&message.username))
        .cut(width);
    let text = pen.raw(&message.text).wrap(width.saturating_sub(4));
    std::iter::once(head)
        .chain(text.into_iter().map(|line| Row::new().gap(3).put(Role::Text, line)))
        .chain([Row::new()])
        .collect()
}
