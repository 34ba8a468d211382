//! What is looked through while somebody types: the names a person goes by, folded once when a user is loaded.

use crate::domain::find::fold;
use crate::domain::user::User;

/// The attributes that a bare word is looked for in, besides the username.
pub const TEXTS: [&str; 6] = [
    "email",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "phone_number",
];

/// Stands between two texts, so that nothing matches across them.
pub const BETWEEN: char = '\n';

/// The texts of a user in small letters without accents, one after the other; where accents have a usual spelling of two
/// letters, that spelling as well ("schroder" and "schroeder"). What an earlier text holds is not repeated.
pub fn search_text(user: &User) -> String {
    let mut text = String::new();
    let mut add = |folded: String| {
        let folded = folded.replace(BETWEEN, " ");
        if !folded.is_empty() && !text.contains(&folded) {
            if !text.is_empty() {
                text.push(BETWEEN);
            }
            text.push_str(&folded);
        }
    };
    let values = TEXTS.iter().filter_map(|name| user.text(name));
    for value in std::iter::once(user.username.as_str()).chain(values) {
        add(fold::plain(value));
        if !value.is_ascii() {
            add(fold::plain_two_letters(value));
        }
    }
    text
}

/// Which characters a folded text holds: one bit each for `a` to `z` and `0` to `9`, and 28 shared by all others. A text
/// whose mask lacks a bit of what was typed cannot hold it.
pub fn mask(folded: &str) -> u64 {
    folded
        .chars()
        .filter(|c| *c != BETWEEN)
        .fold(0, |mask, c| mask | 1 << bit(c))
}

fn bit(c: char) -> u32 {
    match c {
        'a'..='z' => u32::from(c) - u32::from('a'),
        '0'..='9' => 26 + u32::from(c) - u32::from('0'),
        other => 36 + u32::from(other) % 28,
    }
}
