//! What is looked through while somebody types: the names a person goes by, folded once when a user is loaded.

use std::fmt;

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

/// The kinds of folded texts that a segment keeps: the username, [`TEXTS`] in their order, and the other spellings.
pub const KINDS: usize = TEXTS.len() + 2;

/// The kind of the username.
pub const USERNAME: u8 = 0;

/// The kind of an attribute's text.
pub fn kind(attribute: &str) -> Option<u8> {
    let at = TEXTS.iter().position(|name| *name == attribute)?;
    u8::try_from(at + 1).ok()
}

/// The folded texts of one user by their kinds. The last kind holds what accents are also written as, where that differs
/// ("schroeder" beside "schroder"), with [`BETWEEN`] between two.
#[derive(Clone, Default, PartialEq)]
pub struct Folded {
    texts: [String; KINDS],
    /// A bit for each kind that the last one has another spelling of, which lie there in the order of the kinds.
    spelled: u8,
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: usize = self.texts.iter().map(String::len).sum();
        write!(f, "Folded({bytes} bytes)")
    }
}

impl Folded {
    pub fn of(user: &User) -> Self {
        let mut folded = Self::default();
        let [texts @ .., others] = &mut folded.texts;
        let values = std::iter::once(Some(user.username.as_str())).chain(TEXTS.map(|name| user.text(name)));
        for (kind, (text, value)) in texts.iter_mut().zip(values).enumerate() {
            let before = others.len();
            *text = value.map(|value| plain(value, others)).unwrap_or_default();
            folded.spelled |= u8::from(others.len() > before) << kind;
        }
        folded
    }

    pub fn get(&self, kind: u8) -> &str {
        self.texts.get(usize::from(kind)).map_or("", String::as_str)
    }

    /// Each with its kind.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &str)> {
        (0..).zip(self.texts.iter().map(String::as_str))
    }

    /// A bit for each kind whose text is part of an earlier kind's: "jane" as the given name of "jane smith".
    pub fn repeats(&self) -> u8 {
        let texts = self.texts.iter().take(KINDS - 1).enumerate();
        let is_part = |kind: usize, text: &str| self.texts.iter().take(kind).any(|earlier| earlier.contains(text));
        texts.fold(0, |kinds, (kind, text)| kinds | u8::from(is_part(kind, text)) << kind)
    }

    pub fn spelled(&self) -> u8 {
        self.spelled
    }

    /// See [`mask`].
    pub fn mask(&self) -> u64 {
        self.texts.iter().fold(0, |all, text| all | mask(text))
    }
}

/// A value folded. Another spelling of it is added to `others`.
fn plain(value: &str, others: &mut String) -> String {
    if value.is_ascii() {
        return value.to_ascii_lowercase().replace(BETWEEN, " ");
    }
    let plain = fold::plain(value).replace(BETWEEN, " ");
    let other = fold::plain_two_letters(value).replace(BETWEEN, " ");
    if other != plain && !other.is_empty() {
        if !others.is_empty() {
            others.push(BETWEEN);
        }
        others.push_str(&other);
    }
    plain
}

/// The texts of a user in small letters without accents, one after the other; where accents have a usual spelling of two
/// letters, that spelling as well ("schroder" and "schroeder"). A text that is there already is not
/// repeated. One that is part of another is: a phone number inside an e-mail is a phone number in its own right alone.
pub fn search_text(user: &User) -> String {
    let mut text = String::new();
    for (_, folded) in Folded::of(user).iter() {
        for folded in folded.split(BETWEEN) {
            if !folded.is_empty() && !text.split(BETWEEN).any(|earlier| earlier == folded) {
                if !text.is_empty() {
                    text.push(BETWEEN);
                }
                text.push_str(folded);
            }
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
