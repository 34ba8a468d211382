//! A pool's attributes and what their values may be. The list of standard attributes and their constraints is the
//! one DescribeUserPool returns (Cognito API reference, DescribeUserPool; AWS CLI reference, describe-user-pool
//! example output); limits on custom attributes from the developer guide, "Working with user attributes".

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::format;

/// One attribute of a pool's schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// As DescribeUserPool returns it, with `custom:` or `dev:custom:`.
    pub name: String,
    /// Type and limits of its values.
    pub kind: Kind,
    /// False: settable only when the user is created.
    pub mutable: bool,
    /// Whether the pool asks for a value.
    pub required: bool,
    /// Writable with IAM credentials only.
    pub developer_only: bool,
}

/// Type and limits of an attribute's values; a limit that is `None` is not returned and not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Lengths in characters.
    String { min: Option<usize>, max: Option<usize> },
    /// A decimal number.
    Number { min: Option<i64>, max: Option<i64> },
    /// `true` or `false`.
    Boolean,
    /// A date and time.
    DateTime,
}

impl Kind {
    /// A String without limits beyond the service's own 2,048.
    pub const TEXT: Kind = Kind::String {
        min: Some(0),
        max: Some(2048),
    };
}

impl Attribute {
    /// A custom attribute `custom:<name>`, mutable and optional.
    pub fn custom(name: &str, kind: Kind) -> Self {
        Self {
            name: format!("custom:{name}"),
            kind,
            mutable: true,
            required: false,
            developer_only: false,
        }
    }

    /// A developer-only attribute `dev:custom:<name>`.
    pub fn developer(name: &str, kind: Kind) -> Self {
        Self {
            name: format!("dev:custom:{name}"),
            kind,
            mutable: true,
            required: false,
            developer_only: true,
        }
    }

    /// The same attribute, settable only at creation.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.mutable = false;
        self
    }

    fn standard(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            mutable: true,
            required: false,
            developer_only: false,
        }
    }

    /// What is wrong with a value, in the service's words, or the value as the service stores it.
    ///
    /// Lengths: "String must be no longer than 10 characters" and "String must be no shorter than 10 characters"
    /// (github.com/aws/aws-sdk-java/issues/1396, github.com/aws-amplify/amplify-swift/issues/1088). The words for
    /// the other types are undocumented.
    pub(crate) fn judge(&self, value: &str) -> Result<String, Wrong> {
        // The two formats with words of their own come first (Cognito developer guide; seen as
        // "Invalid phone number format." and "Invalid email address format.").
        match self.name.as_str() {
            "phone_number" if !format::is_phone_number(value) => {
                return Err(Wrong::Whole("Invalid phone number format.".into()));
            }
            "email" if !format::is_email(value) => {
                return Err(Wrong::Whole("Invalid email address format.".into()));
            }
            _ => {}
        }
        match &self.kind {
            Kind::String { min, max } => {
                let length = value.chars().count();
                if let Some(max) = max.filter(|max| length > *max) {
                    return Err(Wrong::Value(format!("String must be no longer than {max} characters")));
                }
                if let Some(min) = min.filter(|min| length < *min) {
                    return Err(Wrong::Value(format!("String must be no shorter than {min} characters")));
                }
                if self.name == "birthdate" && !format::is_birthdate(value) {
                    return Err(Wrong::Value("Invalid birthdate format, it must be YYYY-MM-DD".into()));
                }
                Ok(value.to_owned())
            }
            Kind::Number { min, max } => {
                let number = format::number(value).ok_or_else(|| Wrong::Value("The value is not a number".into()))?;
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "limits far below 2^53; only the order matters"
                )]
                let beside = |limit: &i64| number.partial_cmp(&(*limit as f64));
                if let Some(max) = max.filter(|max| beside(max).is_some_and(Ordering::is_gt)) {
                    return Err(Wrong::Value(format!("Number must be no larger than {max}")));
                }
                if let Some(min) = min.filter(|min| beside(min).is_some_and(Ordering::is_lt)) {
                    return Err(Wrong::Value(format!("Number must be no smaller than {min}")));
                }
                Ok(value.to_owned())
            }
            Kind::Boolean => format::boolean(value)
                .map(|flag| flag.to_string())
                .ok_or_else(|| Wrong::Value("The value is not a boolean".into())),
            Kind::DateTime => {
                if format::is_date_time(value) {
                    Ok(value.to_owned())
                } else {
                    Err(Wrong::Value("The value is not a date and time".into()))
                }
            }
        }
    }

    /// SchemaAttributeType: limits travel as strings; Boolean and DateTime have none.
    pub(crate) fn describe(&self) -> Value {
        let mut out = Map::new();
        out.insert("Name".into(), json!(self.name));
        out.insert("AttributeDataType".into(), json!(self.kind.name()));
        out.insert("DeveloperOnlyAttribute".into(), json!(self.developer_only));
        out.insert("Mutable".into(), json!(self.mutable));
        out.insert("Required".into(), json!(self.required));
        let mut limits = Map::new();
        let mut limit = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                limits.insert(name.to_owned(), Value::String(value));
            }
        };
        match &self.kind {
            Kind::String { min, max } => {
                limit("MinLength", min.map(|n| n.to_string()));
                limit("MaxLength", max.map(|n| n.to_string()));
                out.insert("StringAttributeConstraints".into(), Value::Object(limits));
            }
            Kind::Number { min, max } => {
                limit("MinValue", min.map(|n| n.to_string()));
                limit("MaxValue", max.map(|n| n.to_string()));
                out.insert("NumberAttributeConstraints".into(), Value::Object(limits));
            }
            Kind::Boolean | Kind::DateTime => {}
        }
        Value::Object(out)
    }
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::String { .. } => "String",
            Kind::Number { .. } => "Number",
            Kind::Boolean => "Boolean",
            Kind::DateTime => "DateTime",
        }
    }
}

/// How a value offends: some formats have a whole message of their own, the rest is said behind the attribute's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    Whole(String),
    Value(String),
}

/// The standard attributes in the order DescribeUserPool returns them.
pub(crate) fn standard() -> Vec<Attribute> {
    let text = |name| Attribute::standard(name, Kind::TEXT);
    let mut sub = Attribute::standard(
        "sub",
        Kind::String {
            min: Some(1),
            max: Some(2048),
        },
    );
    sub.mutable = false;
    sub.required = true;
    vec![
        sub,
        text("name"),
        text("given_name"),
        text("family_name"),
        text("middle_name"),
        text("nickname"),
        text("preferred_username"),
        text("profile"),
        text("picture"),
        text("website"),
        text("email"),
        Attribute::standard("email_verified", Kind::Boolean),
        text("gender"),
        Attribute::standard(
            "birthdate",
            Kind::String {
                min: Some(10),
                max: Some(10),
            },
        ),
        text("zoneinfo"),
        text("locale"),
        text("phone_number"),
        Attribute::standard("phone_number_verified", Kind::Boolean),
        text("address"),
        Attribute::standard(
            "updated_at",
            Kind::Number {
                min: Some(0),
                max: None,
            },
        ),
        Attribute::standard("identities", Kind::String { min: None, max: None }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Result<String, Wrong> {
        Err(Wrong::Value(text.into()))
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        let attribute = Attribute::custom(
            "tier",
            Kind::String {
                min: Some(2),
                max: Some(4),
            },
        );
        assert_eq!(attribute.judge("čččč"), Ok("čččč".into()));
        assert_eq!(
            attribute.judge("silver"),
            wrong("String must be no longer than 4 characters")
        );
        assert_eq!(
            attribute.judge("č"),
            wrong("String must be no shorter than 2 characters")
        );
    }

    #[test]
    fn numbers_have_a_range() {
        let attribute = Attribute::custom(
            "level",
            Kind::Number {
                min: Some(1),
                max: Some(9),
            },
        );
        assert_eq!(attribute.judge("9"), Ok("9".into()));
        assert_eq!(attribute.judge("10"), wrong("Number must be no larger than 9"));
        assert_eq!(attribute.judge("0"), wrong("Number must be no smaller than 1"));
        assert_eq!(attribute.judge("ten"), wrong("The value is not a number"));
    }

    #[test]
    fn booleans_are_stored_in_small_letters() {
        let attribute = Attribute::custom("vip", Kind::Boolean);
        assert_eq!(attribute.judge("True"), Ok("true".into()));
        assert_eq!(attribute.judge("yes"), wrong("The value is not a boolean"));
    }

    #[test]
    fn date_times_are_iso_8601() {
        let attribute = Attribute::custom("since", Kind::DateTime);
        for right in [
            "2026-11-18T10:41:07Z",
            "2026-11-18T10:41:07+01:00",
            "2026-11-18T10:41:07",
            "2026-11-18",
        ] {
            assert_eq!(attribute.judge(right), Ok(right.into()));
        }
        assert_eq!(attribute.judge("yesterday"), wrong("The value is not a date and time"));
    }

    #[test]
    fn formats_have_their_own_words() {
        let schema = standard();
        let find = |name: &str| schema.iter().find(|a| a.name == name).cloned().unwrap();
        assert_eq!(
            find("phone_number").judge("555"),
            Err(Wrong::Whole("Invalid phone number format.".into()))
        );
        assert_eq!(
            find("email").judge("jane"),
            Err(Wrong::Whole("Invalid email address format.".into()))
        );
        assert_eq!(
            find("birthdate").judge("1990-1-2"),
            wrong("String must be no shorter than 10 characters")
        );
        assert_eq!(
            find("birthdate").judge("1990-13-02"),
            wrong("Invalid birthdate format, it must be YYYY-MM-DD")
        );
        assert_eq!(
            find("updated_at").judge("-1"),
            wrong("Number must be no smaller than 0")
        );
    }

    #[test]
    fn limits_travel_as_strings_and_booleans_have_none() {
        let described: Vec<Value> = standard().iter().map(Attribute::describe).collect();
        let find = |name: &str| described.iter().find(|a| a["Name"] == name).cloned().unwrap();
        assert_eq!(described.len(), 21);
        assert_eq!(
            find("birthdate")["StringAttributeConstraints"],
            json!({"MinLength": "10", "MaxLength": "10"})
        );
        assert_eq!(find("identities")["StringAttributeConstraints"], json!({}));
        assert_eq!(
            find("updated_at")["NumberAttributeConstraints"],
            json!({"MinValue": "0"})
        );
        assert_eq!(find("email_verified").as_object().unwrap().len(), 5);
        assert_eq!(find("sub")["Mutable"], json!(false));
        assert_eq!(find("sub")["Required"], json!(true));
    }
}
