//! What was asked for, made into the draft that the form would hold, and every problem with it in words.

use std::sync::Arc;

use crate::cli::args::{GivenContact, UpdateArgs};
use crate::cli::shorthand::{self, Given, Misread};
use crate::config::VerifiedDefault;
use crate::domain::draft::Vouch;
use crate::domain::schema::{DataType, Problem};
use crate::domain::{
    AttributeName, AttributeValue, ChangeSet, ClientMetadata, Contact, Draft, Edit, Route, Rules, Schema,
    SchemaAttribute, Sentence, User,
};
use crate::say;

/// What the arguments ask for, before anything is known about pool and user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    edits: Vec<(AttributeName, Edit)>,
    vouches: Vec<(Contact, Vouch)>,
    metadata: ClientMetadata,
}

/// Why the arguments ask for nothing that can be understood.
#[derive(Debug)]
pub(super) enum Unclear {
    Misread(Misread),
    Said(Sentence),
}

impl From<Misread> for Unclear {
    fn from(misread: Misread) -> Self {
        Self::Misread(misread)
    }
}

impl Wish {
    /// Reads the arguments; files that they name are read too.
    pub(super) fn read(asked: &UpdateArgs, files: shorthand::Surroundings<'_>) -> Result<Self, Unclear> {
        let attributes: Vec<String> = asked.user_attributes.iter().map(|given| given.0.clone()).collect();
        let given = shorthand::user_attributes(&attributes, files)?;
        let metadata = match &asked.client_metadata {
            Some(text) => ClientMetadata(shorthand::client_metadata(&text.0, files)?),
            None => ClientMetadata::default(),
        };
        if let Some(name) = shorthand::named_twice(&given) {
            let name = AttributeName::new(name);
            return Err(Unclear::Said(say!(
                raw name.raw(),
                " is given twice in --user-attributes, and nothing says which of them counts: keep one"
            )));
        }
        let edits = given.into_iter().map(edit).collect::<Result<Vec<_>, _>>()?;
        let mut vouches = Vec::new();
        for (list, vouch) in [
            (&asked.verified, Vouch::Checked),
            (&asked.unverified, Vouch::Unverified),
            (&asked.cognito_decides, Vouch::Pool),
        ] {
            vouches.extend(
                list.iter()
                    .map(|contact: &GivenContact| (Contact::from(*contact), vouch)),
            );
        }
        vouches.dedup();
        let both = vouches
            .iter()
            .map(|(contact, _)| contact.flag())
            .find(|flag| edits.iter().any(|(name, _)| name == flag));
        match both {
            Some(flag) => Err(Unclear::Said(say!(
                raw flag.raw(),
                " stands in --user-attributes, and another option says what becomes of it: keep one"
            ))),
            None => Ok(Self {
                edits,
                vouches,
                metadata,
            }),
        }
    }

    /// A schema of what was named, where the pool's own cannot be read: every name and value is then for the service
    /// to judge, but for what no pool allows.
    pub(super) fn assumed_schema(&self) -> Schema {
        let attributes = self.edits.iter().map(|(name, _)| SchemaAttribute {
            name: name.clone(),
            data_type: DataType::Unknown("not known".into()),
            mutable: true,
            required: false,
            developer_only: false,
        });
        Schema {
            attributes: attributes.collect(),
        }
    }

    /// What would be sent to a user who is as `base`; `None`: everything is as asked for already.
    ///
    /// Every problem at once, each a sentence of its own.
    pub(super) fn changes(
        &self,
        base: Arc<User>,
        rules: &Rules<'_>,
        verified: VerifiedDefault,
    ) -> Result<Option<ChangeSet>, Vec<Sentence>> {
        let mut draft = Draft::new(base, rules.route);
        draft.metadata = self.metadata.clone();
        // A contact takes back what was said about its verified mark, so the marks come after it.
        let (marks, others): (Vec<_>, Vec<_>) = self.edits.iter().partition(|(name, _)| name.verifies().is_some());
        for (name, edit) in others.into_iter().chain(marks) {
            draft.set(name.clone(), edit.clone());
        }
        for (contact, vouch) in &self.vouches {
            draft.set_vouch(*contact, *vouch);
        }
        let undecided: Vec<Contact> = draft.undecided().collect();
        let mut missing = Vec::new();
        if rules.route == Route::Admin {
            for contact in undecided {
                match verified {
                    VerifiedDefault::Pool => draft.set_vouch(contact, Vouch::Pool),
                    VerifiedDefault::Verified => draft.set_vouch(contact, Vouch::Checked),
                    VerifiedDefault::Ask => missing.push(who_vouches(contact)),
                }
            }
        }
        let mut problems = draft.problems(rules);
        // What is locked is a mistake even where it would change nothing.
        for (name, _) in &self.edits {
            if let Some(lock) = rules.lock(name)
                && !problems.iter().any(|(other, _)| other == name)
            {
                problems.push((name.clone(), Problem::Locked(lock)));
            }
        }
        let said = problems.iter().map(|(name, problem)| words(name, problem));
        let said: Vec<Sentence> = said.chain(missing).collect();
        if !said.is_empty() {
            return Err(said);
        }
        match draft.change_set(rules) {
            Ok(changes) if changes.is_empty() => Ok(None),
            Ok(changes) => Ok(Some(changes)),
            Err(problems) => Err(problems.iter().map(|(name, problem)| words(name, problem)).collect()),
        }
    }
}

fn edit(given: Given) -> Result<(AttributeName, Edit), Unclear> {
    let name = AttributeName::new(given.name);
    let edit = match given.value {
        Some(value) if value.is_empty() => Edit::Delete,
        Some(value) => Edit::Set(AttributeValue::new(value)),
        None => {
            return Err(Unclear::Said(say!(
                raw name.raw(),
                " has no Value: an empty one (Value=) deletes the attribute"
            )));
        }
    };
    Ok((name, edit))
}

fn who_vouches(contact: Contact) -> Sentence {
    format!(
        "{name}: who vouches for the new {noun}? Add --verified {name} (it was checked, no code goes), --unverified {name}, \
         or --cognito-decides {name} (the pool's settings); verified-default in the configuration decides for good",
        name = contact.name(),
        noun = contact.noun(),
    )
    .into()
}

fn words(name: &AttributeName, problem: &Problem) -> Sentence {
    let problem = match problem {
        Problem::FlagDeleted(contact) => format!(
            "a verified mark cannot be deleted; --unverified {} takes it away",
            contact.name()
        )
        .into(),
        other => other.sentence(),
    };
    say!(raw name.raw(), ": ").join(problem)
}

#[cfg(test)]
mod tests;
