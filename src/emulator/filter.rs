//! The Filter of ListUsers: one attribute, `=` or `^=`, one quoted value. Source: Cognito API reference, ListUsers,
//! Filter; developer guide, "Searching for user attributes".
//!
//! Case: the API reference marks `username` and `status` case-sensitive and `cognito:user_status` case-insensitive,
//! the developer guide adds that all searches are case-insensitive. The reading that satisfies both: `username` and
//! `status` sensitive, everything else folded. Whether `username` folds in a case-insensitive pool is undocumented;
//! here it does not.

use super::crowd::Order;
use super::user::User;
use super::wire::Refusal;

const SEARCHABLE: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Exact,
    Prefix,
}

/// A parsed filter.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    attribute: &'static str,
    how: Match,
    /// Folded when the attribute is.
    wanted: String,
}

/// Folds case the way the emulator compares: full Unicode lower case.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

impl Filter {
    /// Reads a filter; none for the empty text. The refusal texts are those of the stand-ins, which agree with each
    /// other; the service's own are undocumented.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let broken = || Refusal::parameter("Error while parsing filter");
        let end = text.find(['=', '^', ' ', '\t', '"']).ok_or_else(broken)?;
        let (name, rest) = text.split_at(end);
        let rest = rest.trim_start_matches([' ', '\t']);
        let (how, rest) = match (rest.strip_prefix("^="), rest.strip_prefix('=')) {
            (Some(rest), _) => (Match::Prefix, rest),
            (None, Some(rest)) => (Match::Exact, rest),
            (None, None) => return Err(broken()),
        };
        let quoted = rest
            .trim_start_matches([' ', '\t'])
            .strip_prefix('"')
            .ok_or_else(broken)?;
        let value = unquote(quoted).ok_or_else(broken)?;
        if name.is_empty() {
            return Err(broken());
        }
        let Some(attribute) = SEARCHABLE.iter().copied().find(|known| *known == name) else {
            return Err(Refusal::parameter(format!("Invalid search attribute: {name}")));
        };
        let wanted = if folds(attribute) { fold(&value) } else { value };
        Ok(Some(Self { attribute, how, wanted }))
    }

    /// The user's sort key, when the filter takes the user.
    pub(crate) fn key(&self, user: &User) -> Option<String> {
        let value = match self.attribute {
            "username" => user.username.as_str(),
            "cognito:user_status" => user.status.as_str(),
            "status" if user.enabled => "Enabled",
            "status" => "Disabled",
            name => user.attribute(name)?,
        };
        let key = if folds(self.attribute) {
            fold(value)
        } else {
            value.to_owned()
        };
        self.takes(&key).then_some(key)
    }

    /// Whether a sort key passes.
    pub(crate) fn takes(&self, key: &str) -> bool {
        match self.how {
            Match::Exact => key == self.wanted,
            Match::Prefix => key.starts_with(&self.wanted),
        }
    }

    /// What a key has to be or to start with.
    pub(crate) fn wanted(&self) -> &str {
        &self.wanted
    }

    /// The crowd's order for this attribute; none when the crowd has no such attribute.
    pub(crate) fn order(&self) -> Option<Order> {
        Some(match self.attribute {
            "username" => Order::Username,
            "email" => Order::Email,
            "phone_number" => Order::Phone,
            "name" => Order::Name,
            "given_name" => Order::GivenName,
            "family_name" => Order::FamilyName,
            "cognito:user_status" => Order::Status,
            "status" => Order::Enabled,
            "sub" => Order::Sub,
            _ => return None,
        })
    }
}

fn folds(attribute: &str) -> bool {
    !matches!(attribute, "username" | "status")
}

/// The text up to the closing quote, which has to be the end. `\"` is documented; that `\\` stands for one backslash
/// is a convention, undocumented; a backslash before anything else stands for itself.
fn unquote(quoted: &str) -> Option<String> {
    let mut value = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return letters.as_str().is_empty().then_some(value),
            '\\' => match letters.next()? {
                escaped @ ('"' | '\\') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            plain => value.push(plain),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(filter: &str, user: &User) -> bool {
        Filter::parse(filter).unwrap().unwrap().key(user).is_some()
    }

    fn refusal(filter: &str) -> String {
        match Filter::parse(filter) {
            Err(refusal) => {
                assert_eq!(refusal.code, "InvalidParameterException");
                refusal.message
            }
            Ok(_) => panic!("{filter} was taken"),
        }
    }

    fn jane() -> User {
        User::new("Jane.Doe")
            .with("sub", "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f")
            .with("email", "Jane@Example.com")
            .with("phone_number", "+15555550100")
            .with("name", "Jane \"JD\" Doe")
            .with("given_name", "ÉMILE")
            .with("family_name", "a\\b")
            .with("preferred_username", "jd")
    }

    #[test]
    fn an_empty_filter_is_none() {
        assert!(Filter::parse("").unwrap().is_none());
    }

    #[test]
    fn operators_need_no_blanks() {
        for filter in [
            r#"email="jane@example.com""#,
            r#"email ^= "jane""#,
            r#"email^="JANE@""#,
            "email =\t\"jane@example.com\"",
        ] {
            assert!(takes(filter, &jane()), "{filter}");
        }
        assert!(!takes(r#"email = "jane@example.co""#, &jane()));
    }

    #[test]
    fn username_and_status_mind_the_case_and_the_rest_does_not() {
        assert!(takes(r#"username = "Jane.Doe""#, &jane()));
        assert!(!takes(r#"username = "jane.doe""#, &jane()));
        assert!(!takes(r#"username ^= "jane""#, &jane()));
        assert!(takes(r#"status = "Enabled""#, &jane()));
        assert!(!takes(r#"status = "enabled""#, &jane()));
        assert!(takes(r#"status = "Disabled""#, &jane().disabled()));
        assert!(takes(r#"cognito:user_status = "confirmed""#, &jane()));
        assert!(takes(r#"cognito:user_status ^= "CONF""#, &jane()));
        assert!(takes(r#"given_name = "émile""#, &jane()));
        assert!(takes(r#"sub ^= "5F1C""#, &jane()));
        assert!(takes(r#"phone_number = "+15555550100""#, &jane()));
        assert!(takes(r#"preferred_username = "JD""#, &jane()));
    }

    #[test]
    fn quotes_and_backslashes_are_unescaped() {
        assert!(takes(r#"name = "Jane \"JD\" Doe""#, &jane()));
        assert!(takes(r#"family_name = "a\\b""#, &jane()));
        assert!(takes(r#"family_name = "a\b""#, &jane()));
    }

    #[test]
    fn a_user_without_the_attribute_is_never_taken() {
        assert!(!takes(r#"email ^= """#, &User::new("bob")));
    }

    #[test]
    fn anything_but_one_predicate_is_refused() {
        for filter in [
            "email",
            r#"email "x""#,
            "email = x",
            r#"email = "x"#,
            r#"email = "x" and name = "y""#,
            r#"email = "x" "#,
            r#" email = "x""#,
            r#"email != "x""#,
            r#"email ^ = "x""#,
            r#"= "x""#,
            r#"email = "a"b""#,
            r#"email = "x\"#,
        ] {
            assert_eq!(refusal(filter), "Error while parsing filter", "{filter}");
        }
    }

    #[test]
    fn other_attributes_are_not_searchable() {
        for name in ["custom:tier", "nickname", "Email", "birthdate"] {
            assert_eq!(
                refusal(&format!(r#"{name} = "x""#)),
                format!("Invalid search attribute: {name}")
            );
        }
    }
}
