//! What reading the whole pool costs, and what it means.

use super::{INDENT, Parts};
use crate::app::screen::users::{Asked, ScanQuestion};
use crate::domain::price::{LIST_QUOTA, PAGE};
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::{Pen, counted};
use crate::view::widget::row::Row;

pub fn parts(pen: &Pen<'_>, question: &ScanQuestion, width: usize) -> Parts {
    let title = match &question.of {
        Asked::Everybody { goes_on: true, .. } => Shown::fixed("Go on reading the whole pool"),
        Asked::Everybody { again: true, .. } => Shown::fixed("Read the whole pool again"),
        Asked::Everybody { .. } => Shown::fixed("Read the whole pool"),
        Asked::Groups { names, all, .. } => match names.as_slice() {
            [only] if *all > 1 => Shown::fixed("Read who is in ").join(pen.name(only)),
            names if names.len() == *all => Shown::fixed("Read who is in which group"),
            names => Shown::fixed("Read who is in ")
                .join(Shown::count(names.len()))
                .join(" of ".into())
                .join(counted(*all, "group")),
        },
    };
    let price = match (question.price(), &question.of) {
        (Some(price), Asked::Everybody { .. }) => Shown::words(format!("About {}.", price.words())),
        (Some(price), Asked::Groups { names, .. }) => Shown::words(format!(
            "{} at {} a second; your sign-in traffic shares the {LIST_QUOTA}. Nobody tells beforehand how many are in a \
             group.",
            price.words_of_groups(names.len()),
            question.rate
        )),
        (None, _) => Shown::words(format!(
            "How many users the pool has is not known: one call for each {PAGE}, {} a second; your sign-in traffic shares \
             the {LIST_QUOTA}.",
            question.rate
        )),
    };
    let after = match &question.of {
        Asked::Everybody { again: true, .. } => {
            "Enter starts, + - change the pace, now and while it runs. Everybody is loaded already: the list stays as it is \
             until all are read again, everything stays usable, and Esc stops."
        }
        _ => {
            "Enter starts, + - change the pace, now and while it runs. Users are there as they arrive, everything stays \
             usable, and Esc stops: what was read stays."
        }
    };
    let mut rows = Vec::new();
    for (number, said) in [price, Shown::fixed(after)].into_iter().enumerate() {
        for line in said.wrap(width.saturating_sub(INDENT + 1)) {
            let row = Row::new().gap(INDENT).put(Role::Text, line);
            rows.push(if number == 0 && rows.is_empty() {
                row.cursor(INDENT)
            } else {
                row
            });
        }
    }
    (title, Shown::words(format!("{} a second", question.rate)), rows)
}
