//! Which of the loaded users match while somebody types: no call, so it may look into the middle of things.

use std::fmt;

use super::fold;
use crate::domain::user::User;

/// The attributes that are looked into, besides the username.
const TEXTS: [&str; 6] = [
    "email",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "phone_number",
];

/// What was typed, folded once for many users. Debug prints no text.
#[derive(Clone, PartialEq, Eq)]
pub struct Needle {
    words: Vec<[String; 2]>,
    /// The digits, where it reads as part of a phone number.
    digits: Option<String>,
}

impl fmt::Debug for Needle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Needle({} words)", self.words.len())
    }
}

impl Needle {
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let dialled = typed
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '/' | '(' | ')'));
        let digits = digits.trim_start_matches('0');
        Self {
            words: typed
                .split_whitespace()
                .map(|word| [fold::plain(word), fold::plain_two_letters(word)])
                .collect(),
            digits: (dialled && digits.len() >= 3).then(|| digits.to_owned()),
        }
    }

    /// Whether every word typed is in the username, a name or the address of this user, or begins the sub; or the
    /// digits typed are in the phone number. Case and accents do not count. Nothing typed matches everybody.
    pub fn matches(&self, user: &User) -> bool {
        let phone = user.text("phone_number").unwrap_or_default();
        if let Some(digits) = &self.digits {
            let stored: String = phone.chars().filter(char::is_ascii_digit).collect();
            if stored.contains(digits.as_str()) {
                return true;
            }
        }
        let texts: Vec<[String; 2]> = std::iter::once(user.username.as_str())
            .chain(TEXTS.iter().filter_map(|name| user.text(name)))
            .map(|text| [fold::plain(text), fold::plain_two_letters(text)])
            .collect();
        let sub = user.sub().map(str::to_lowercase).unwrap_or_default();
        self.words.iter().all(|forms| {
            let in_text = texts
                .iter()
                .flatten()
                .any(|text| forms.iter().any(|form| text.contains(form.as_str())));
            in_text || forms.iter().any(|form| sub.starts_with(form.as_str()))
        })
    }
}

/// [`Needle::matches`] for a single user.
#[cfg(test)]
pub fn matches(user: &User, typed: &str) -> bool {
    Needle::new(typed).matches(user)
}
