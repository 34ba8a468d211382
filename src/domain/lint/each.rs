//! Checks that look at one user at a time.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Check, Gathering, TEMPORARY_PASSWORD_DAYS};
use crate::domain::attribute::{AttributeName, Contact};
use crate::domain::column::Column;
use crate::domain::glyph;
use crate::domain::roster::{Row, RowId};
use crate::domain::same;
use crate::domain::schema::{self, SchemaAttribute};
use crate::domain::user::UserStatus;

/// What is known of an attribute before any user is looked at.
struct Known<'a> {
    column: u16,
    schema: Option<&'a SchemaAttribute>,
    /// Its place among those that everybody should have.
    wanted: Option<usize>,
    contact: Option<Contact>,
    verifies: Option<Contact>,
    /// Whether it is known if this contact is verified.
    is_told: bool,
    /// Not of the schema and yet no mistake: what the service itself adds.
    of_the_service: bool,
}

pub(super) fn look(gathering: &mut Gathering<'_>, stopped: &dyn Fn() -> bool) -> Option<()> {
    let looking = Looking::new(gathering);
    let mut known = HashMap::new();
    let ground = gathering.ground;
    same::each(&ground.rows, stopped, |id, row| {
        looking.at(gathering, &mut known, id, row);
    })
}

/// What is worked out once for all users.
struct Looking<'a> {
    attributes: &'a [SchemaAttribute],
    /// Attributes that everybody should have, with their columns.
    wanted: Vec<(&'a AttributeName, u16)>,
    username: u16,
    status: u16,
    enabled: u16,
    hidden: bool,
    outside: bool,
    not_e164: bool,
    /// Before this an invitation has run out.
    invited_since: Option<Timestamp>,
    /// Since then a change is recent.
    recent_since: Option<Timestamp>,
}

impl<'a> Looking<'a> {
    fn new(gathering: &mut Gathering<'a>) -> Self {
        let (ground, options) = (gathering.ground, gathering.options);
        let pool = ground.pool.as_deref();
        let attributes = pool.map_or(&[][..], |pool| pool.schema.attributes.as_slice());
        let required = attributes.iter().filter(|one| one.required).map(|one| &one.name);
        let mut wanted: Vec<(&AttributeName, u16)> = Vec::new();
        if gathering.wants(Check::MissingAttribute) {
            // Who has what an export was made without is not known.
            for name in required.chain(&options.attributes).filter(|name| ground.holds(name)) {
                if !wanted.iter().any(|(known, _)| *known == name) {
                    wanted.push((name, gathering.column(Column::Attribute(name.clone()))));
                }
            }
        }
        let before = |days: u16| {
            let age = SignedDuration::from_hours(24_i64.saturating_mul(i64::from(days)));
            ground.now.checked_sub(age).ok()
        };
        let good_for = pool
            .and_then(|pool| pool.temporary_password_days)
            .unwrap_or(TEMPORARY_PASSWORD_DAYS);
        Self {
            attributes,
            wanted,
            username: gathering.column(Column::Username),
            status: gathering.column(Column::Status),
            enabled: gathering.column(Column::Enabled),
            hidden: gathering.wants(Check::HiddenCharacters),
            outside: gathering.wants(Check::OutsideSchema),
            not_e164: gathering.wants(Check::NotE164),
            invited_since: before(good_for).filter(|_| gathering.wants(Check::StaleInvitation)),
            recent_since: before(options.recent_days).filter(|_| gathering.wants(Check::DisabledRecently)),
        }
    }

    fn know(&self, gathering: &mut Gathering<'_>, name: &AttributeName) -> Known<'a> {
        Known {
            column: gathering.column(Column::Attribute(name.clone())),
            schema: self.attributes.iter().find(|one| one.name == *name),
            wanted: self.wanted.iter().position(|(wanted, _)| *wanted == name),
            contact: name.contact(),
            verifies: name.verifies(),
            is_told: name
                .contact()
                .is_some_and(|contact| gathering.ground.holds(&contact.flag())),
            of_the_service: name.as_str() == "identities" || name.as_str().starts_with("cognito:"),
        }
    }

    fn at<'b>(&self, gathering: &mut Gathering<'_>, known: &mut HashMap<&'b str, Known<'a>>, id: RowId, row: Row<'b>) {
        let mut has = vec![false; self.wanted.len()];
        let mut contacts: [Option<u16>; 2] = [None; 2];
        let mut verified = [false; 2];
        let mut untold = [false; 2];
        if self.hidden && glyph::first_hidden(&row.username()).is_some() {
            gathering.put(Check::HiddenCharacters, id, self.username);
        }
        for (name, value) in row.attributes() {
            if value.is_empty() {
                continue;
            }
            let about = known.entry(name.as_str()).or_insert_with(|| self.know(gathering, name));
            if let Some(has) = about.wanted.and_then(|wanted| has.get_mut(wanted)) {
                *has = true;
            }
            if let Some(contact) = about.contact {
                *of(&mut contacts, contact) = Some(about.column);
                *of(&mut untold, contact) = !about.is_told;
            }
            if let Some(contact) = about.verifies {
                *of(&mut verified, contact) = value.eq_ignore_ascii_case("true");
            }
            if self.hidden && glyph::first_hidden(&value).is_some() {
                gathering.put(Check::HiddenCharacters, id, about.column);
            }
            if about.contact == Some(Contact::PhoneNumber) {
                if self.not_e164 && schema::phone(&value).is_err() {
                    gathering.put(Check::NotE164, id, about.column);
                }
            } else if self.outside
                && !about.of_the_service
                && about.schema.is_none_or(|schema| schema.check_stored(&value).is_err())
            {
                gathering.put(Check::OutsideSchema, id, about.column);
            }
        }
        for ((_, column), has) in self.wanted.iter().zip(has) {
            if !has {
                gathering.put(Check::MissingAttribute, id, *column);
            }
        }
        for ((contact, verified), untold) in contacts.iter().zip(verified).zip(untold) {
            if let (Some(column), false, false) = (contact, verified, untold) {
                gathering.put(Check::UnverifiedContact, id, *column);
            }
        }
        if *row.status() == UserStatus::Confirmed && contacts == [None, None] {
            gathering.put(Check::NoContact, id, self.status);
        }
        self.times(gathering, id, row);
    }

    fn times(&self, gathering: &mut Gathering<'_>, id: RowId, row: Row<'_>) {
        // Sending an invitation again counts as a change, and so does any edit: what is older has run out for certain.
        let last = row.changed().max(row.created());
        let is_invited = *row.status() == UserStatus::ForceChangePassword;
        if is_invited && last.is_some_and(|last| self.invited_since.is_some_and(|since| last < since)) {
            gathering.put(Check::StaleInvitation, id, self.status);
        }
        let recent = |at: Timestamp| self.recent_since.is_some_and(|since| at >= since);
        if !row.is_enabled() && row.changed().is_some_and(recent) {
            gathering.put(Check::DisabledRecently, id, self.enabled);
        }
    }
}

fn of<T>([email, phone]: &mut [T; 2], contact: Contact) -> &mut T {
    match contact {
        Contact::Email => email,
        Contact::PhoneNumber => phone,
    }
}
