//! What can be copied of the screen in front.

use super::{Session, View};
use crate::app::overlay::CopyItem;
use crate::domain::{Raw, User};

impl Session {
    pub(in crate::app) fn copy_items(&self) -> Vec<CopyItem> {
        match self.view {
            View::Users => self.users.selected().map(|user| user_items(&user)).unwrap_or_default(),
            View::User => self
                .user
                .as_ref()
                .map(|screen| self.user_screen_items(screen))
                .unwrap_or_default(),
            View::Edit => self.edit_items(),
            View::Review => self.review_items(),
            View::Deed => self.deed_items(),
            View::Lint => self.lint_items(),
            View::SignIn | View::Compare | View::Breakdown => Vec::new(),
        }
    }
}

/// What can be copied of a user anywhere: names, the row, the whole as JSON.
pub fn user_items(user: &User) -> Vec<CopyItem> {
    let mut items = vec![CopyItem {
        name: "username",
        text: user.username.raw().clone(),
    }];
    if let Some(sub) = user.sub() {
        items.push(CopyItem {
            name: "sub",
            text: Raw::from(sub),
        });
    }
    for name in ["email", "phone_number"] {
        if let Some(value) = user.text(name) {
            items.push(CopyItem {
                name: if name == "email" { "e-mail" } else { "phone number" },
                text: Raw::from(value),
            });
        }
    }
    let row: Vec<&str> = [
        Some(user.username.as_str()),
        user.text("email"),
        user.text("phone_number"),
    ]
    .into_iter()
    .map(|cell| cell.unwrap_or(""))
    .collect();
    items.push(CopyItem {
        name: "row (tabs)",
        text: Raw::from(format!("{}\t{}", row.join("\t"), user.status.raw().as_str())),
    });
    items.push(CopyItem {
        name: "JSON",
        text: Raw::from(user.to_json().to_string()),
    });
    items
}
