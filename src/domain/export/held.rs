//! What the users of an export were written without: of that nothing is known, which is not the same as not set.

use super::Head;
use crate::domain::AttributeName;
use crate::domain::query::Query;
use crate::domain::raw::Raw;
use crate::domain::roster::TEXTS;
use crate::domain::sentence::{Sentence, grouped};
use crate::say;

/// How many attributes are named; the others are counted.
const NAMED: usize = 6;

/// What a line asks about and an export cannot tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    pub attributes: Vec<AttributeName>,
    /// A term compares one of them, so it is known of nobody whether the line holds.
    pub of_everybody: bool,
}

impl Untold {
    pub fn sentence(&self) -> Sentence {
        match self.of_everybody {
            true => made_without(&self.attributes).words(": who matches is not known"),
            false => made_without(&self.attributes).words(": words are not looked for there"),
        }
    }
}

impl Head {
    /// What somebody who opens it may miss otherwise: that it was made with these attributes alone. `None`: it was made with
    /// all of them.
    pub fn narrowed(&self) -> Option<Sentence> {
        Some(match self.attributes.as_deref()? {
            [] => "this export holds no attribute of its users".into(),
            names => named("this export holds no attributes but ", names),
        })
    }

    /// Whether the users were exported with this attribute, where they have it.
    pub fn holds(&self, name: &AttributeName) -> bool {
        self.attributes.as_ref().is_none_or(|held| held.contains(name))
    }

    /// Those of these that the users were exported without, in order and each once.
    pub fn lacks(&self, names: impl IntoIterator<Item = AttributeName>) -> Vec<AttributeName> {
        let mut lacks: Vec<AttributeName> = names.into_iter().filter(|name| !self.holds(name)).collect();
        lacks.sort();
        lacks.dedup();
        lacks
    }

    /// What a line asks about and the users were exported without. `None`: nothing.
    pub fn untold(&self, query: &Query) -> Option<Untold> {
        // Asked after every event, and nearly always of an export with everything in it.
        self.attributes.as_ref()?;
        let of_everybody = query.attributes().any(|name| !self.holds(&name));
        let texts = (query.has_words().then_some(TEXTS)).into_iter().flatten();
        let attributes = self.lacks(query.attributes().chain(texts.map(AttributeName::new)));
        (!attributes.is_empty()).then_some(Untold {
            attributes,
            of_everybody,
        })
    }
}

/// `this export was made without email, name and 12 more`
pub fn made_without(names: &[AttributeName]) -> Sentence {
    named("this export was made without ", names)
}

fn named(before: &'static str, names: &[AttributeName]) -> Sentence {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AttributeName::as_str).collect();
    let sentence = Sentence::from(before).join(say!(name & Raw::from(shown.join(", "))));
    match names.len().saturating_sub(NAMED) {
        0 => sentence,
        more => sentence.words(format!(" and {} more", grouped(more as u64))),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::PoolId;
    use crate::domain::query::Known;

    fn head(attributes: Option<&[&str]>) -> Head {
        Head {
            pool: PoolId::new("eu-west-1_a"),
            described: None,
            began: Timestamp::UNIX_EPOCH,
            query: None,
            chosen: false,
            attributes: attributes.map(|names| names.iter().map(|name| AttributeName::new(*name)).collect()),
        }
    }

    fn said(head: &Head, line: &str) -> Option<String> {
        let query = Query::parse(line, &Known::default()).unwrap();
        head.untold(&query).map(|untold| untold.sentence().plain())
    }

    #[test]
    fn a_line_about_what_is_not_held_is_known_of_nobody() {
        let of_names = head(Some(&["name", "phone_number", "phone_number_verified"]));
        for line in ["email:*", "!email", "-tier=gold email^=a", "verified:email"] {
            let said = said(&of_names, line).unwrap();
            assert!(said.starts_with("this export was made without "), "{said}");
            assert!(
                said.contains("email") && said.ends_with("who matches is not known"),
                "{said}"
            );
        }
        for line in [
            "name:doe",
            "status:confirmed",
            "created<7d",
            "group:admins",
            "verified:phone",
            "",
        ] {
            assert_eq!(said(&of_names, line), None, "{line}");
        }
        let words = said(&of_names, "jane name:doe").unwrap();
        assert_eq!(
            words,
            "this export was made without email, family_name, given_name, preferred_username: words are not looked for there"
        );
        for line in ["email:*", "jane"] {
            assert_eq!(said(&head(None), line), None, "everything is in it");
        }
    }

    #[test]
    fn many_are_counted() {
        let names: Vec<AttributeName> = (0..9).map(|number| AttributeName::new(format!("a{number}"))).collect();
        assert_eq!(
            made_without(&names).plain(),
            "this export was made without a0, a1, a2, a3, a4, a5 and 3 more"
        );
    }
}
