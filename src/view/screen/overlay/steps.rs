//! The menu of steps on an account: each verb, and where the service would refuse it, why not.

use super::Parts;
use crate::app::App;
use crate::app::overlay::Steps;
use crate::domain::Deed;
use crate::view::screen::user::who;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

/// Where what is said about a step begins.
const SAID: usize = 37;

pub fn parts(pen: &Pen<'_>, app: &App, steps: &Steps, width: usize) -> Parts {
    let mut rows = vec![Row::new().gap(1).join(who(pen, &steps.user)).cut(width), Row::new()];
    for (at, deed) in Deed::ON_ACCOUNT.into_iter().enumerate() {
        let picked = at == steps.cursor;
        let refused = app
            .session
            .as_ref()
            .and_then(|session| session.deed_refused(deed, &steps.user));
        let role = if refused.is_some() { Role::Muted } else { Role::Text };
        let start = Row::new()
            .put(Role::Text, if picked { ">" } else { " " })
            .gap(2)
            .put(role, deed.words())
            .to(SAID);
        let said = match &refused {
            Some(why) => Shown::fixed("not now: ").join(pen.say(why)),
            None => Shown::words(deed.operation()),
        };
        let mut lines = said.wrap(width.saturating_sub(SAID + 1)).into_iter();
        let first = start.put(Role::Muted, lines.next().unwrap_or_default());
        let rest = lines.map(|line| Row::new().gap(SAID).put(Role::Muted, line));
        let all = std::iter::once(first).chain(rest);
        if picked {
            let mut all = all.map(|row| row.ground(Role::Selected));
            rows.extend(all.next().map(|row| row.cursor(0)));
            rows.extend(all);
        } else {
            rows.extend(all);
        }
    }
    rows.push(Row::new());
    let said = Shown::fixed("Enter opens the review of a step; nothing is sent by that").wrap(width.saturating_sub(4));
    rows.extend(said.into_iter().map(|line| Row::new().gap(3).put(Role::Muted, line)));
    (Shown::fixed("Steps on the account"), Shown::default(), rows)
}
