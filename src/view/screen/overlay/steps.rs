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
use crate::view::widget::scroll;

/// Where what is said about a step begins.
const SAID: usize = 37;

pub fn parts(pen: &Pen<'_>, app: &App, steps: &Steps, width: usize, room: usize) -> Parts {
    let mut rows = Vec::new();
    let mut focus = 0..0;
    for (at, deed) in Deed::ON_ACCOUNT.into_iter().enumerate() {
        let picked = at == steps.cursor;
        let refused = app
            .session
            .as_ref()
            .and_then(|session| session.deed_refused(deed, &steps.user));
        let role = if refused.is_some() { Role::Muted } else { Role::Text };
        let verb = Row::new()
            .put(Role::Text, if picked { ">" } else { " " })
            .gap(2)
            .put(role, deed.words())
            .to(SAID);
        let said = match &refused {
            Some(why) => Shown::fixed("not now: ").join(pen.say(why)),
            None => Shown::words(deed.operation()),
        };
        let mut lines = said.wrap(width.saturating_sub(SAID + 1)).into_iter();
        let first = verb.put(Role::Muted, lines.next().unwrap_or_default());
        let rest = lines.map(|line| Row::new().gap(SAID).put(Role::Muted, line));
        let all = std::iter::once(first).chain(rest);
        let start = rows.len();
        if picked {
            let mut all = all.map(|row| row.ground(Role::Selected));
            rows.extend(all.next().map(|row| row.cursor(0)));
            rows.extend(all);
            focus = start..rows.len();
        } else {
            rows.extend(all);
        }
    }
    let mut parts = vec![Row::new().gap(1).join(who(pen, &steps.user)).cut(width), Row::new()];
    parts.extend(scroll::window(rows, &focus, room.saturating_sub(parts.len())));
    (
        Shown::fixed("Steps on the account"),
        "nothing is sent before its review".into(),
        parts,
    )
}
