//! What takes an entry of the journal back: the inverse of one write, as an ordinary draft or step, or why there is none.
//!
//! Nothing here is sent. The draft goes through form, review and the one path of a write like any other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::consequence::Holder;
use super::deed::{Account, Deed};
use super::draft::{Draft, Edit};
use super::entry::{Entry, EntryChange, Kept};
use super::pool::SignIn;
use super::raw::Raw;
use super::route::{Route, Rules};
use super::schema::Problem;
use super::sentence::Sentence;
use super::user::{User, Username};
use crate::say;

#[cfg(test)]
mod tests;

/// Whom an entry is about, as far as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Named(Username),
    /// The username was not kept.
    BySub(Raw),
}

/// Whom an entry is about, or `None` where neither name nor sub was kept.
pub fn who(entry: &Entry) -> Option<Who> {
    match (entry.username.value(), entry.sub.as_ref().and_then(Kept::value)) {
        (Some(name), _) => Some(Who::Named(Username::new(name.as_str()))),
        (None, Some(sub)) => Some(Who::BySub(sub.clone())),
        (None, None) => None,
    }
}

/// What has to be read before an entry can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub who: Who,
    /// Names to sign in with that may come back: somebody else may have them by now.
    pub claims: Vec<(AttributeName, AttributeValue)>,
}

/// What is known when an entry is to be taken back.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub now: &'a Arc<User>,
    pub rules: Rules<'a>,
    pub sign_in: &'a SignIn,
    /// Who else has the values that were asked about.
    pub holders: &'a BTreeMap<AttributeName, Vec<Holder>>,
}

/// What takes an entry back.
#[derive(Clone, Debug, PartialEq)]
pub enum Undo {
    Changes(Box<Inverse>),
    /// The step that is the inverse of a step.
    Step(Deed),
}

/// The inverse of a change of attributes, as far as there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Inverse {
    /// Empty where nothing is left to take back.
    pub draft: Draft,
    /// Attributes that read as before already.
    pub already: Vec<AttributeName>,
    /// What stays as it is, and why.
    pub cannot: Vec<(AttributeName, Sentence)>,
    /// What is not quite as before.
    pub notes: Vec<Sentence>,
}

/// What to read first, or why there is nothing to take back whatever is read.
pub fn question(entry: &Entry) -> Result<Question, Sentence> {
    took_effect(entry)?;
    if let Some(deed) = entry.deed() {
        inverse_of(deed)?;
    } else if entry.sets_password() && entry.changes.is_empty() {
        return Err("a password that was set does not come back: nobody keeps the one before".into());
    } else if entry.changes.is_empty() {
        return Err("it changed nothing that could be put back".into());
    } else if !entry.changes.iter().any(|change| old_value(change).is_ok()) {
        return Err("the old values were not kept: the journal of this pool does not hold them in full".into());
    }
    let who = who(entry).ok_or("whose change it was is not kept any more: neither the username nor the sub")?;
    Ok(Question {
        who,
        claims: claims(entry),
    })
}

/// An entry that changed nothing has nothing to take back.
fn took_effect(entry: &Entry) -> Result<(), Sentence> {
    match entry.word() {
        "refused" => Err("it was refused, so it changed nothing: there is nothing to take back".into()),
        "not sent" => Err("it was never sent, so it changed nothing: there is nothing to take back".into()),
        "running" => Err("it is still under way in the console that wrote it".into()),
        _ => Ok(()),
    }
}

/// The step that takes a step back, or why none does.
fn inverse_of(deed: Deed) -> Result<Deed, Sentence> {
    let why = match deed {
        Deed::Account(Account::Enable) => return Ok(Deed::Account(Account::Disable)),
        Deed::Account(Account::Disable) => return Ok(Deed::Account(Account::Enable)),
        Deed::Account(Account::ConfirmSignUp) => "the service has no call that makes a confirmed sign-up unconfirmed",
        Deed::Account(Account::ResetPassword) => {
            "a reset password does not come back: its user sets a new one with the code that was sent"
        }
        Deed::Account(Account::ResendInvitation) => {
            "an invitation that is out cannot be called back, nor the temporary password before it"
        }
        Deed::ResendCode | Deed::SendCode(_) => "a message that is out cannot be called back",
        Deed::VerifyCode(_) => {
            "a code that was entered cannot be given back; v in the form marks the contact unverified"
        }
    };
    Err(why.into())
}

fn claims(entry: &Entry) -> Vec<(AttributeName, AttributeValue)> {
    let mut claims = Vec::new();
    let mut add = |name: AttributeName, value: Option<&Kept>| {
        if let Some(value) = value.and_then(Kept::value).filter(|value| !value.as_str().is_empty()) {
            claims.push((name, AttributeValue::new(value.as_str())));
        }
    };
    for change in &entry.changes {
        if change.name.contact().is_some() || change.name.as_str() == PREFERRED_USERNAME {
            add(change.name.clone(), change.before.as_ref());
        }
        if let Some(contact) = change.name.verifies()
            && is_true(change.before.as_ref())
            && !entry.changes.iter().any(|other| other.name == contact.attribute())
        {
            add(contact.attribute(), entry.last_seen(&contact.attribute()).flatten());
        }
    }
    claims
}

const PREFERRED_USERNAME: &str = "preferred_username";

fn is_true(kept: Option<&Kept>) -> bool {
    kept.and_then(Kept::value)
        .is_some_and(|value| value.as_str().eq_ignore_ascii_case("true"))
}

/// What an attribute was before, and what it was changed to.
struct Old {
    before: Option<AttributeValue>,
    after: Option<AttributeValue>,
}

fn old_value(change: &EntryChange) -> Result<Old, Sentence> {
    let before = kept(change.before.as_ref()).ok_or("the old value was not kept")?;
    let after = kept(change.after.as_ref())
        .ok_or("what it was changed to was not kept, so whether somebody changed it since could not be told")?;
    Ok(Old { before, after })
}

/// The outer `None`: there was a value, and it was not kept.
fn kept(kept: Option<&Kept>) -> Option<Option<AttributeValue>> {
    match kept {
        None => Some(None),
        Some(kept) => kept.value().map(|value| Some(AttributeValue::new(value.as_str()))),
    }
}

/// What takes an entry back on what is there now. `Err`: nothing does, and why.
pub fn inverse(entry: &Entry, ground: &Ground<'_>) -> Result<Undo, Sentence> {
    question(entry)?;
    let now = ground.now;
    // A name can be given to somebody else; a sub cannot.
    if let (Some(sub), Some(theirs)) = (entry.sub.as_ref().and_then(Kept::value), now.sub())
        && sub.as_str() != theirs
    {
        return Err(say!(
            "the user that was changed is gone: ", raw now.username.raw(), " is another user now, with another sub"
        ));
    }
    if let Some(deed) = entry.deed() {
        return step(inverse_of(deed)?, now);
    }
    let draft = Draft::new(Arc::clone(now), ground.rules.route);
    let mut notes = Vec::new();
    if entry.sets_password() {
        notes.push("the password that was set along with it stays: nobody keeps the one before".into());
    }
    let mut building = Building {
        entry,
        ground,
        inverse: Inverse {
            draft,
            already: Vec::new(),
            cannot: Vec::new(),
            notes,
        },
    };
    for change in entry.changes.iter().filter(|change| change.name.verifies().is_none()) {
        building.attribute(change);
    }
    // Flags after their contacts: a mark is about a value, and goes where that goes.
    for contact in Contact::ALL {
        building.flag(contact);
    }
    if !building.inverse.draft.is_empty() {
        building.inverse.draft.undoes = Some(entry.id.clone());
    }
    Ok(Undo::Changes(Box::new(building.inverse)))
}

fn step(deed: Deed, now: &User) -> Result<Undo, Sentence> {
    match deed {
        Deed::Account(account) if account.missing(now).is_none() => Err(say!(
            raw now.username.raw(),
            own if now.enabled { " is enabled already" } else { " is disabled already" },
            ": there is nothing to take back"
        )),
        _ => Ok(Undo::Step(deed)),
    }
}

struct Building<'a> {
    entry: &'a Entry,
    ground: &'a Ground<'a>,
    inverse: Inverse,
}

impl Building<'_> {
    fn attribute(&mut self, change: &EntryChange) {
        match self.value_back(change) {
            Ok(None) if self.waits(change) => self.inverse.notes.push(say!(
                name change.name.raw(),
                ": the old value is still in force; the new one waits for its code, and a code that is out cannot be \
                 called back"
            )),
            Ok(None) => self.inverse.already.push(change.name.clone()),
            Ok(Some((edit, after))) => self.edit(change.name.clone(), edit, Some(after)),
            Err(why) => self.inverse.cannot.push((change.name.clone(), why)),
        }
    }

    /// It was accepted and never came into force.
    fn waits(&self, change: &EntryChange) -> bool {
        let after = change.after.as_ref().and_then(Kept::value);
        let never_seen = || match self.entry.last_seen(&change.name) {
            Some(seen) => seen.and_then(Kept::value) != after,
            None => false,
        };
        change.name.contact().is_some() && after.is_some() && self.entry.word() == "waiting" && never_seen()
    }

    /// The edit that brings a value back, and the value it was decided on. `None`: it is back already.
    fn value_back(&self, change: &EntryChange) -> Result<Option<(Edit, Option<AttributeValue>)>, Sentence> {
        let Old { before, after } = old_value(change)?;
        if self.ground.now.get(&change.name) == before.as_ref() {
            return Ok(None);
        }
        let edit = before.map_or(Edit::Delete, Edit::Set);
        self.allowed(&change.name, &edit)?;
        self.free(&change.name, &edit)?;
        Ok(Some((edit, after)))
    }

    /// What the schema and the route say.
    fn allowed(&self, name: &AttributeName, edit: &Edit) -> Result<(), Sentence> {
        self.ground.rules.check(name, edit).map_err(|problem| match problem {
            Problem::Locked(lock) => say!("it is locked: ", own lock.reason()),
            problem => problem.sentence(),
        })
    }

    /// Whether a name to sign in with that would come back is nobody else's by now.
    fn free(&self, name: &AttributeName, edit: &Edit) -> Result<(), Sentence> {
        let Edit::Set(value) = edit else {
            return Ok(());
        };
        let holders = self.ground.holders.get(name).map(Vec::as_slice).unwrap_or_default();
        let is_username = self.ground.sign_in.is_username(name);
        if !is_username && !self.ground.sign_in.is_alias(name) {
            return Ok(());
        }
        // Without its mark an address comes back as no alias, so it is taken from nobody.
        let unverified = name
            .contact()
            .is_some_and(|contact| self.comes_back_unverified(contact));
        if unverified && !is_username {
            return Ok(());
        }
        // An address is an alias of those only who have it verified; a preferred username is one as it stands.
        let taken = holders
            .iter()
            .find(|holder| is_username || holder.verified || name.contact().is_none());
        match taken {
            Some(holder) => Err(say!(
                raw value.raw(), " belongs to ", raw holder.username.raw(), " now, who signs in with it"
            )),
            None => Ok(()),
        }
    }

    /// Whether a contact was not verified before. Not known: it may have been.
    fn comes_back_unverified(&self, contact: Contact) -> bool {
        let changes_contact = self.change_of(&contact.attribute()).is_some();
        let before = self.flag_before(contact);
        changes_contact && before.is_some_and(|before| !before.is_some_and(|before| before.is_true()))
    }

    /// What a contact's flag was before. The outer `None`: the journal does not tell.
    fn flag_before(&self, contact: Contact) -> Option<Option<AttributeValue>> {
        let flag = contact.flag();
        let beside = || self.entry.flags.iter().find(|(name, _)| *name == flag);
        match self.change_of(&flag) {
            Some(change) => kept(change.before.as_ref()),
            None => beside().and_then(|(_, before)| kept(before.as_ref())),
        }
    }

    fn edit(&mut self, name: AttributeName, edit: Edit, decided_on: Option<Option<AttributeValue>>) {
        self.inverse.draft.set(name.clone(), edit);
        // After it: an edit that is made anew counts as decided on what is there now.
        if let Some(value) = decided_on {
            self.inverse.draft.decided_on(name, value);
        }
    }

    fn change_of(&self, name: &AttributeName) -> Option<&EntryChange> {
        self.entry.changes.iter().find(|change| change.name == *name)
    }

    /// Restores a verified flag together with its value.
    fn flag(&mut self, contact: Contact) {
        let (name, flag) = (contact.attribute(), contact.flag());
        let of_flag = self.change_of(&flag).cloned();
        let of_contact = self.change_of(&name).is_some();
        let edit = self.inverse.draft.edit(&name).cloned();
        match edit {
            // The mark goes with its value.
            Some(Edit::Delete) => {}
            Some(Edit::Set(_)) => self.flag_of_restored(contact, of_flag.as_ref()),
            None if of_contact && !self.inverse.already.contains(&name) => {
                if of_flag.is_some() {
                    let why = say!("it speaks of the ", own contact.noun(), ", which does not come back");
                    self.inverse.cannot.push((flag, why));
                }
            }
            None => {
                if let Some(change) = of_flag {
                    self.flag_alone(contact, &change, of_contact);
                }
            }
        }
    }

    /// The contact comes back: its mark does too.
    fn flag_of_restored(&mut self, contact: Contact, of_flag: Option<&EntryChange>) {
        let flag = contact.flag();
        if self.ground.rules.route == Route::Own {
            return self.inverse.notes.push(say!(
                own contact.flag_name(), " is Cognito's to decide on the user's own route: only a code verifies there"
            ));
        }
        let Some(before) = self.flag_before(contact) else {
            return self.inverse.notes.push(say!(
                "whether the old ", own contact.noun(), " was verified is not in the journal: v chooses"
            ));
        };
        let after = match of_flag {
            Some(change) => kept(change.after.as_ref()),
            None => self.entry.last_seen(&flag).and_then(kept),
        };
        if before.is_none() {
            self.note_absent(contact);
        }
        let verified = before.is_some_and(|before| before.is_true());
        self.edit(flag, Edit::Set(flag_value(verified)), after);
    }

    /// Only the mark comes back; the contact is there as it was, or was never part of it.
    fn flag_alone(&mut self, contact: Contact, change: &EntryChange, of_contact: bool) {
        let flag = contact.flag();
        match self.mark_back(contact, change, of_contact) {
            Ok(None) => self.inverse.already.push(flag),
            Ok(Some((verified, after))) => {
                if change.before.is_none() {
                    self.note_absent(contact);
                }
                self.edit(flag, Edit::Set(flag_value(verified)), Some(after));
            }
            Err(why) => self.inverse.cannot.push((flag, why)),
        }
    }

    fn mark_back(
        &self,
        contact: Contact,
        change: &EntryChange,
        of_contact: bool,
    ) -> Result<Option<(bool, Option<AttributeValue>)>, Sentence> {
        let Old { before, after } = old_value(change)?;
        let now = self.ground.now;
        let verified = before.is_some_and(|before| before.is_true());
        if now.is_verified(contact) == verified {
            return Ok(None);
        }
        let noun = contact.noun();
        let Some(value) = now.contact(contact) else {
            return Err(say!("there is no ", own noun, " any more that it could speak of"));
        };
        let edit = Edit::Set(flag_value(verified));
        self.allowed(&contact.flag(), &edit)?;
        // A mark is about one value. It must neither come back for another nor be taken off another.
        let about = self.entry.last_seen(&contact.attribute());
        let same = about.is_some_and(|about| about.and_then(Kept::value).map(Raw::as_str) == Some(value.as_str()));
        if !of_contact && !same {
            match about {
                Some(_) => {
                    return Err(say!("it was about another ", own noun, " than the one that is there now"));
                }
                None if verified => return Err(say!("which ", own noun, " it vouched for is not in the journal")),
                None => {}
            }
        }
        if verified {
            self.free(&contact.attribute(), &Edit::Set(value.clone()))?;
        }
        Ok(Some((verified, after)))
    }

    fn note_absent(&mut self, contact: Contact) {
        self.inverse.notes.push(say!(
            own contact.flag_name(),
            " was not set before and cannot be unset: it becomes false, which counts the same"
        ));
    }
}

fn flag_value(verified: bool) -> AttributeValue {
    AttributeValue::new(if verified { "true" } else { "false" })
}

impl Inverse {
    /// What stays as it is and what is not quite as before, a line each.
    pub fn lines(&self) -> Vec<Sentence> {
        let cannot = self
            .cannot
            .iter()
            .map(|(name, why)| say!(name name.raw(), " is not taken back: ").join(why.clone()));
        let already = self
            .already
            .iter()
            .map(|name| say!(name name.raw(), " reads as before already"));
        cannot.chain(already).chain(self.notes.iter().cloned()).collect()
    }
}
