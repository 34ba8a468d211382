//! Difference and application are inverses, whatever the order of the edits: what a draft shows is what its change set
//! makes of the base.

use std::collections::BTreeSet;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::attribute::Attributes;
use crate::domain::schema::{DataType, Schema, SchemaAttribute};

const NAMES: [&str; 8] = [
    "nickname",
    "email_verified",
    "custom:tier",
    "email",
    "name",
    "phone_number",
    "custom:score",
    "phone_number_verified",
];

fn name(at: usize) -> AttributeName {
    AttributeName::new(NAMES[at % NAMES.len()])
}

/// In an order in which flags come before and after their contacts.
fn schema() -> Schema {
    let attribute = |name: &str| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: match name {
            "email_verified" | "phone_number_verified" => DataType::Boolean,
            "custom:score" => DataType::Number { min: None, max: None },
            _ => DataType::String { min: None, max: None },
        },
        mutable: true,
        required: false,
        developer_only: false,
    };
    Schema {
        attributes: NAMES.map(attribute).to_vec(),
    }
}

/// Values that the schema takes, few enough that edits often meet what is there already.
fn value(name: &str) -> BoxedStrategy<AttributeValue> {
    let few = |values: &'static [&'static str]| select(values).prop_map(AttributeValue::new).boxed();
    match name {
        "email" => few(&["ann@example.com", "ann@example.org", "Ann@example.com"]),
        "phone_number" => few(&["+15555550100", "+15555550101"]),
        "email_verified" | "phone_number_verified" => few(&["true", "false"]),
        "custom:score" => few(&["0", "-7", "42"]),
        _ => prop_oneof![
            few(&["gold", "Gold", " gold", "go\u{301}ld"]),
            any::<String>()
                .prop_filter("a blank value deletes", |value| !value.is_empty())
                .prop_map(AttributeValue::new),
        ]
        .boxed(),
    }
}

fn attributes() -> impl Strategy<Value = Attributes> {
    NAMES.map(|name| proptest::option::of(value(name))).prop_map(|values| {
        let names = NAMES.map(AttributeName::new);
        let set = names.into_iter().zip(values);
        set.filter_map(|(name, value)| Some((name, value?))).collect()
    })
}

fn user(attributes: Attributes) -> Arc<User> {
    Arc::new(User {
        attributes,
        ..User::listed("ann", &[])
    })
}

/// The base as one call leaves it: values are set, blank ones delete. The service's own rules (a changed contact loses
/// its mark) are consequences and stand elsewhere.
fn applied(set: &ChangeSet) -> Attributes {
    let mut attributes = set.base().attributes.clone();
    for change in set.changes() {
        match &change.edit {
            Edit::Set(value) => drop(attributes.insert(change.name.clone(), value.clone())),
            Edit::Delete => drop(attributes.remove(&change.name)),
        }
    }
    attributes
}

/// What the draft says each attribute will be.
fn pending(draft: &Draft) -> Attributes {
    let names = NAMES.map(AttributeName::new).into_iter();
    names
        .filter_map(|name| Some((name.clone(), draft.pending(&name)?.clone())))
        .collect()
}

/// Puts every difference between the base and `target` into a draft: contacts first, because a choice about a mark is
/// made for the value that stands there.
fn difference(base: &Arc<User>, target: &Attributes, order: &[usize]) -> Draft {
    let mut draft = Draft::new(Arc::clone(base), Route::Admin);
    let mut names = NAMES.map(AttributeName::new);
    for (at, with) in order.iter().enumerate() {
        names.swap(at % NAMES.len(), with % NAMES.len());
    }
    names.sort_by_key(|name| name.verifies().is_some());
    for name in names {
        match (base.get(&name), target.get(&name)) {
            (before, Some(after)) if before != Some(after) => draft.set(name, Edit::Set(after.clone())),
            (Some(_), None) => draft.set(name, Edit::Delete),
            _ => {}
        }
    }
    draft
}

/// One thing that is done in a form, or that an answer does to it.
#[derive(Clone, Debug)]
enum Step {
    Set(AttributeName, AttributeValue),
    Delete(AttributeName),
    PutBack(AttributeName),
    Vouch(Contact, Vouch),
    Withdraw(Contact),
    Rebase(Attributes),
}

fn step() -> impl Strategy<Value = Step> {
    let contact = || select(&Contact::ALL[..]);
    let vouch = select(&[Vouch::Checked, Vouch::Pool, Vouch::Unverified][..]);
    prop_oneof![
        6 => select(&NAMES[..]).prop_flat_map(|name| {
            value(name).prop_map(move |value| Step::Set(AttributeName::new(name), value))
        }),
        2 => (0..NAMES.len()).prop_map(|at| Step::Delete(name(at))),
        2 => (0..NAMES.len()).prop_map(|at| Step::PutBack(name(at))),
        2 => (contact(), vouch).prop_map(|(contact, vouch)| Step::Vouch(contact, vouch)),
        1 => contact().prop_map(Step::Withdraw),
        2 => attributes().prop_map(Step::Rebase),
    ]
}

/// What a draft should be, told without edits: the values that are meant, and which of them somebody chose.
struct Meant {
    base: Attributes,
    values: Attributes,
    chosen: BTreeSet<AttributeName>,
}

impl Meant {
    fn put(&mut self, name: &AttributeName, value: Option<AttributeValue>) {
        let same = self.values.get(name) == value.as_ref();
        if let Some(contact) = name.contact()
            && !same
        {
            self.follow(&contact.flag());
        }
        self.choose(name, value);
    }

    fn choose(&mut self, name: &AttributeName, value: Option<AttributeValue>) {
        let means_something = self.base.get(name) != value.as_ref()
            || name.verifies().is_some_and(|contact| {
                let contact = contact.attribute();
                self.chosen.contains(&contact) && self.values.contains_key(&contact)
            });
        if !means_something {
            // Chosen before with another meaning or not, it is the base's value again.
            if self.values.get(name) != value.as_ref() || !self.chosen.contains(name) {
                self.follow(name);
            }
            return;
        }
        self.chosen.insert(name.clone());
        match value {
            Some(value) => drop(self.values.insert(name.clone(), value)),
            None => drop(self.values.remove(name)),
        }
    }

    /// Nobody chose it: it is what the base has.
    fn follow(&mut self, name: &AttributeName) {
        self.chosen.remove(name);
        match self.base.get(name) {
            Some(value) => drop(self.values.insert(name.clone(), value.clone())),
            None => drop(self.values.remove(name)),
        }
    }

    fn put_back(&mut self, name: &AttributeName) {
        if self.chosen.contains(name) {
            self.follow(name);
            if let Some(contact) = name.contact() {
                self.follow(&contact.flag());
            }
        }
    }

    fn take(&mut self, step: &Step) {
        let flag = |value: &str| Some(AttributeValue::new(value));
        match step {
            Step::Set(name, value) => self.put(name, Some(value.clone())),
            Step::Delete(name) => self.put(name, None),
            Step::PutBack(name) => self.put_back(name),
            Step::Vouch(contact, vouch) => {
                self.follow(&contact.flag());
                match vouch {
                    Vouch::Checked => self.choose(&contact.flag(), flag("true")),
                    Vouch::Unverified => self.choose(&contact.flag(), flag("false")),
                    Vouch::Pool => {}
                }
            }
            Step::Withdraw(contact) => self.follow(&contact.flag()),
            Step::Rebase(base) => self.rebase(base),
        }
    }

    fn rebase(&mut self, base: &Attributes) {
        let before = std::mem::replace(&mut self.base, base.clone());
        for contact in Contact::ALL {
            let (name, flag) = (contact.attribute(), contact.flag());
            let given = self.chosen.contains(&name) && self.values.contains_key(&name);
            if !given && before.get(&name) != base.get(&name) {
                self.follow(&flag);
            }
        }
        let mut names = NAMES.map(AttributeName::new);
        names.sort_by_key(|name| name.verifies().is_some());
        for name in names {
            if self.chosen.contains(&name) {
                let value = self.values.get(&name).cloned();
                self.follow(&name);
                self.choose(&name, value);
            } else {
                self.follow(&name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_difference_applied_to_its_base_is_the_target(
        base in attributes(),
        target in attributes(),
        order in vec(any::<usize>(), NAMES.len()),
    ) {
        let mut target = target;
        for contact in Contact::ALL {
            // A mark has two values and no third, and none without what it speaks of.
            if !target.contains_key(&contact.attribute()) {
                target.remove(&contact.flag());
            }
            match base.get(&contact.flag()) {
                Some(kept) if !target.contains_key(&contact.flag()) => {
                    target.insert(contact.flag(), kept.clone());
                }
                _ => {}
            }
        }
        let base = user(base);
        let draft = difference(&base, &target, &order);
        let schema = schema();
        let set = draft.change_set(&Rules::admin(&schema)).map_err(|problems| {
            TestCaseError::fail(format!("{problems:?}"))
        })?;
        prop_assert_eq!(&applied(&set), &target);

        // Nothing is sent that does not change, and each says what was there.
        let names: Vec<&AttributeName> = set.changes().iter().map(|change| &change.name).collect();
        prop_assert!(names.is_sorted_by(|one, other| schema.position(one) < schema.position(other)));
        for change in set.changes() {
            prop_assert!(!change.is_same_value());
            prop_assert_eq!(change.before.as_ref(), base.get(&change.name));
        }
        let different = NAMES.iter().filter(|name| {
            let name = AttributeName::new(**name);
            base.get(&name) != target.get(&name)
        });
        prop_assert_eq!(set.len(), different.count());

        // Once it is there, nothing is left to do.
        let mut done = draft;
        done.rebase(user(target));
        prop_assert!(done.is_empty());
    }

    #[test]
    fn after_any_steps_a_draft_is_what_was_meant_and_its_set_makes_it_so(
        base in attributes(),
        steps in vec(step(), 1..24),
    ) {
        let schema = schema();
        let mut draft = Draft::new(user(base.clone()), Route::Admin);
        let mut meant = Meant { values: base.clone(), base, chosen: BTreeSet::new() };
        for step in &steps {
            meant.take(step);
            match step.clone() {
                Step::Set(name, value) => draft.set(name, Edit::Set(value)),
                Step::Delete(name) => draft.set(name, Edit::Delete),
                Step::PutBack(name) => drop(draft.put_back(&name)),
                Step::Vouch(contact, vouch) => draft.set_vouch(contact, vouch),
                Step::Withdraw(contact) => draft.withdraw(contact),
                Step::Rebase(base) => draft.rebase(user(base)),
            }
            prop_assert_eq!(&pending(&draft), &meant.values);
            let edited: BTreeSet<AttributeName> = draft.edits().keys().cloned().collect();
            prop_assert_eq!(&edited, &meant.chosen);
            let Ok(set) = draft.change_set(&Rules::admin(&schema)) else {
                prop_assert!(!draft.problems(&Rules::admin(&schema)).is_empty());
                continue;
            };
            prop_assert_eq!(&applied(&set), &meant.values);

            // The same changes typed anew are the same set.
            let mut again = Draft::new(Arc::clone(set.base()), Route::Admin);
            let (flags, others): (Vec<_>, Vec<_>) =
                set.changes().iter().partition(|change| change.name.verifies().is_some());
            for change in others.into_iter().chain(flags) {
                again.set(change.name.clone(), change.edit.clone());
            }
            prop_assert_eq!(again.change_set(&Rules::admin(&schema)), Ok(set));
        }
    }

    #[test]
    fn a_value_of_any_text_is_kept_as_it_is(texts in btree_map("custom:[a-z]{1,8}", ".{1,40}", 1..6)) {
        let names: Vec<AttributeName> = texts.keys().map(AttributeName::new).collect();
        let schema = Schema::standard(&names);
        let mut draft = Draft::new(user(Attributes::new()), Route::Admin);
        for (name, text) in &texts {
            draft.set(AttributeName::new(name), Edit::Set(AttributeValue::new(text)));
        }
        let set = draft.change_set(&Rules::admin(&schema)).map_err(|problems| {
            TestCaseError::fail(format!("{problems:?}"))
        })?;
        let after = applied(&set);
        prop_assert_eq!(after.len(), texts.len());
        for (name, text) in &texts {
            prop_assert_eq!(after[&AttributeName::new(name)].as_str(), text);
        }
    }
}
