//! Checks that bring users together: who has the same address, who has nearly the same one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use super::federation::is_federated;
use super::{Check, Gathering};
use crate::domain::attribute::Contact;
use crate::domain::column::Column;
use crate::domain::find::fold;
use crate::domain::glyph::draws_nothing;
use crate::domain::roster::{Row, RowId};
use crate::domain::same::{self, Same};
use crate::domain::schema;

/// What is compared: a name to sign in with, or a contact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Username,
    PreferredUsername,
    Email,
    Phone,
}

impl Compared {
    fn column(self) -> Column {
        match self {
            Self::Username => Column::Username,
            Self::PreferredUsername => Column::parse("preferred_username"),
            Self::Email => Column::Attribute(Contact::Email.attribute()),
            Self::Phone => Column::Attribute(Contact::PhoneNumber.attribute()),
        }
    }

    fn of<'a>(self, row: Row<'a>) -> Option<Cow<'a, str>> {
        match self {
            Self::Username => Some(row.username()),
            Self::PreferredUsername => row.get("preferred_username"),
            Self::Email => row.get("email"),
            Self::Phone => row.get("phone_number"),
        }
        .filter(|value| !value.is_empty())
    }
}

/// What is compared, as what, and what it may find.
type Pass<'a> = (Compared, fn(&str) -> Cow<'_, str>, &'a [Check]);

pub(super) fn look(gathering: &mut Gathering<'_>, stopped: &dyn Fn() -> bool) -> Option<()> {
    let rows = &gathering.ground.rows;
    let wants = |checks: &[Check]| checks.iter().any(|check| gathering.wants(*check));
    let of_email = [Check::DuplicateEmail, Check::CaseTwins, Check::FederatedAndLocal];
    // Who is folded to one text is all that any of these could bring together, so they are sought once.
    let mut passes: Vec<Pass<'_>> = Vec::new();
    if wants(&of_email) {
        passes.push((Compared::Email, folded, &of_email));
    }
    if wants(&[Check::DuplicatePhone]) {
        passes.push((Compared::Phone, dialled, &[Check::DuplicatePhone]));
    }
    if wants(&[Check::CaseTwins]) {
        passes.push((Compared::Username, folded, &[Check::CaseTwins]));
        passes.push((Compared::PreferredUsername, folded, &[Check::CaseTwins]));
    }
    if wants(&[Check::LookAlike]) {
        passes.push((Compared::Username, bones, &[Check::LookAlike]));
        passes.push((Compared::PreferredUsername, bones, &[Check::LookAlike]));
        passes.push((Compared::Email, bones, &[Check::LookAlike]));
    }
    for (compared, key, checks) in passes {
        let column = gathering.column(compared.column());
        let text = |row| {
            let value = compared.of(row)?;
            Some(Cow::Owned(key(&value).into_owned()))
        };
        let mut same = Same::new();
        same::each(rows, stopped, |id, row| {
            if let Some(value) = compared.of(row) {
                same.put(id, &key(&value));
            }
        })?;
        let of_row = |id| text(rows.get(id)?);
        same.sets(of_row, stopped, |set| {
            if set.len() > 1 {
                for check in checks {
                    group(gathering, *check, compared, set, column);
                }
            }
        })?;
    }
    Some(())
}

/// Users whose values come to one text: those of them that a check means.
fn group(gathering: &mut Gathering<'_>, check: Check, compared: Compared, set: &[RowId], column: u16) {
    let rows = &gathering.ground.rows;
    let value = |id: RowId| rows.get(id).and_then(|row| compared.of(row)).unwrap_or_default();
    match check {
        // Whoever answers one of these numbers answers all of them, however each is written.
        Check::DuplicatePhone => gathering.put_group(check, set.iter().copied(), column),
        Check::DuplicateEmail => {
            for same in spelled(set, |id| value(id).into_owned()) {
                gathering.put_group(check, same, column);
            }
        }
        Check::CaseTwins => {
            let first = set.first().map(|id| value(*id));
            if set.iter().any(|id| Some(value(*id)) != first) {
                gathering.put_group(check, set.iter().copied(), column);
            }
        }
        Check::FederatedAndLocal => {
            let federated = |id: &RowId| rows.get(*id).is_some_and(is_federated);
            // `weiß@` and `weiss@` are two mailboxes, and two people.
            let small = |id| fold::small(&fold::composed(&value(id)));
            for same in spelled(set, small) {
                if same.iter().any(federated) && !same.iter().all(federated) {
                    gathering.put_group(check, same, column);
                }
            }
        }
        Check::LookAlike => {
            for alike in look_alike(compared, set, value) {
                gathering.put_group(check, alike, column);
            }
        }
        _ => {}
    }
}

/// Those of a set who are spelled as somebody else of it.
fn spelled(set: &[RowId], spelling: impl Fn(RowId) -> String) -> impl Iterator<Item = Vec<RowId>> {
    let mut spelled: BTreeMap<String, Vec<RowId>> = BTreeMap::new();
    for id in set {
        spelled.entry(spelling(*id)).or_default().push(*id);
    }
    spelled.into_values().filter(|same| same.len() > 1)
}

/// A phone number without what people write between its digits: the service takes none of that, an import may have.
pub(super) fn dialled(text: &str) -> Cow<'_, str> {
    match schema::phone(text) {
        Ok(()) => Cow::Borrowed(text),
        Err(_) => schema::phone_as_meant(text).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// Case and the encoding of accents taken away: what is the same to a person.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(text.nfc().flat_map(caseless).nfc().collect());
    }
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// A letter without its case: of several that have one capital the same, so that `straße` is `STRASSE`.
fn caseless(c: char) -> impl Iterator<Item = char> {
    // The capital of a Turkish dotless i is that of another letter.
    let capital = (c != 'ı').then(|| c.to_uppercase());
    let itself = capital.is_none().then_some(c);
    capital.into_iter().flatten().chain(itself).flat_map(char::to_lowercase)
}

/// What is left of a text when everything that looks the same is one (UTS #39, skeleton), case folded and what is
/// invisible taken away.
pub(super) fn bones(text: &str) -> Cow<'_, str> {
    let text = folded(text);
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return Cow::Owned(
            text.bytes()
                .filter_map(|byte| ASCII.get(usize::from(byte)))
                .map(String::as_str)
                .collect(),
        );
    }
    let seen: String = text.chars().filter(|c| !draws_nothing(*c)).collect();
    Cow::Owned(skeleton(&seen).collect())
}

/// The skeleton of every ASCII character by itself: those of most texts are put together of them.
static ASCII: LazyLock<Vec<String>> = LazyLock::new(|| {
    (0..128_u8)
        .map(|byte| skeleton(char::from(byte).encode_utf8(&mut [0; 4])).collect())
        .collect()
});

/// Who of a set with one skeleton may be taken for another.
///
/// Plain letters have skeletons in common by accident: `rn` and `m`, `1` and `l`, `0` and `o`. Among a million people
/// there is a `marnie` and a `mamie`, an `ana1` and an `anal`, and nobody meant any harm. So a difference counts if one
/// of the texts holds a character beyond ASCII, such as a Cyrillic letter, and of plain addresses if they differ in the
/// domain alone: `jane@example.com` and `jane@exarnple.com` is no accident.
fn look_alike<'a>(compared: Compared, set: &[RowId], value: impl Fn(RowId) -> Cow<'a, str>) -> Vec<Vec<RowId>> {
    let fold = |id: RowId| folded(&value(id)).into_owned();
    let first = set.first().map(|id| fold(*id));
    if set.iter().all(|id| Some(fold(*id)) == first) {
        return Vec::new();
    }
    if set.iter().any(|id| !value(*id).is_ascii()) {
        return vec![set.to_vec()];
    }
    if compared != Compared::Email {
        return Vec::new();
    }
    let mut by_name: BTreeMap<String, (BTreeSet<String>, Vec<RowId>)> = BTreeMap::new();
    for id in set {
        let address = fold(*id);
        if let Some((name, domain)) = address.rsplit_once('@') {
            let (domains, users) = by_name.entry(name.to_owned()).or_default();
            domains.insert(domain.to_owned());
            users.push(*id);
        }
    }
    by_name
        .into_values()
        .filter(|(domains, _)| domains.len() > 1)
        .map(|(_, users)| users)
        .collect()
}
