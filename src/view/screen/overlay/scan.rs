//! What reading the whole pool costs, and what it means.

use super::{INDENT, Parts};
use crate::app::screen::users::ScanQuestion;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::row::Row;

pub fn parts(question: &ScanQuestion, width: usize) -> Parts {
    let title = match question.goes_on {
        true => "Go on reading the whole pool",
        false => "Read the whole pool",
    };
    let price = match question.price() {
        Some(price) => Shown::words(format!("About {}.", price.words())),
        None => Shown::words(format!(
            "How many users the pool has is not known: one call for each 60, {} a second; your sign-in traffic shares the \
             30.",
            question.rate
        )),
    };
    let after = "Enter starts, + - change the pace. Users are there as they arrive, everything stays usable, and Esc stops: \
                 what was read stays.";
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
    (
        Shown::fixed(title),
        Shown::words(format!("{} a second", question.rate)),
        rows,
    )
}
