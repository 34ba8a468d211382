use super::*;
use crate::domain::attribute::AttributeValue;
use crate::domain::schema::SchemaAttribute;

fn attribute(name: &str, data_type: DataType) -> SchemaAttribute {
    SchemaAttribute {
        name: AttributeName::new(name),
        data_type,
        mutable: true,
        required: false,
        developer_only: false,
    }
}

fn text(min: u64, max: u64) -> DataType {
    DataType::String {
        min: Some(min),
        max: Some(max),
    }
}

fn schema() -> Schema {
    let free = |name: &str| attribute(name, text(0, 2048));
    let mut schema = Schema {
        attributes: vec![
            attribute("birthdate", text(10, 10)),
            attribute("email_verified", DataType::Boolean),
            attribute(
                "updated_at",
                DataType::Number {
                    min: Some(0),
                    max: None,
                },
            ),
            attribute("custom:code", text(2, 4)),
            attribute(
                "custom:level",
                DataType::Number {
                    min: Some(-5),
                    max: Some(99),
                },
            ),
            attribute("custom:any", DataType::Number { min: None, max: None }),
            attribute("custom:active", DataType::Boolean),
            attribute("custom:since", DataType::DateTime),
            attribute("custom:new", DataType::Unknown(Raw::from("Blob"))),
            attribute("custom:free", DataType::String { min: None, max: None }),
        ],
    };
    for name in [
        "email",
        "phone_number",
        "locale",
        "zoneinfo",
        "address",
        "website",
        "picture",
        "nickname",
        "sub",
        "identities",
    ] {
        schema.attributes.push(free(name));
    }
    schema.attributes.push(SchemaAttribute {
        mutable: false,
        ..free("custom:hireId")
    });
    schema.attributes.push(SchemaAttribute {
        required: true,
        ..free("family_name")
    });
    schema
}

fn set(name: &str, value: &str) -> Result<(), Problem> {
    schema().check(&AttributeName::new(name), &Edit::Set(AttributeValue::new(value)))
}

fn delete(name: &str) -> Result<(), Problem> {
    schema().check(&AttributeName::new(name), &Edit::Delete)
}

fn words(name: &str, value: &str) -> String {
    set(name, value).expect_err("this value is refused").sentence().plain()
}

fn suggested(name: &str, typed: &str) -> Option<String> {
    let suggestion = schema().suggest(&AttributeName::new(name), typed)?;
    Some(suggestion.value.as_str().to_owned())
}

fn hinted(name: &str, value: &str) -> Option<String> {
    schema().hint(&AttributeName::new(name), value).map(|hint| hint.plain())
}

#[test]
fn a_birthdate_is_a_day_that_exists() {
    for fine in ["1990-01-02", "2000-02-29", "0000-12-31", "9999-12-31"] {
        assert_eq!(set("birthdate", fine), Ok(()), "{fine}");
    }
    assert_eq!(
        words("birthdate", "1990-13-02"),
        "month 13 does not exist: birthdate is YYYY-MM-DD"
    );
    assert_eq!(
        words("birthdate", "1990-00-02"),
        "month 0 does not exist: birthdate is YYYY-MM-DD"
    );
    assert_eq!(
        words("birthdate", "1990-02-30"),
        "1990-02 has 28 days: birthdate is YYYY-MM-DD"
    );
    assert_eq!(
        words("birthdate", "1900-02-29"),
        "1900-02 has 28 days: birthdate is YYYY-MM-DD"
    );
    assert_eq!(
        words("birthdate", "1990-02-00"),
        "day 0 does not exist: birthdate is YYYY-MM-DD"
    );
    for shape in [
        "1990-1-2",
        "02/01/1990",
        "19900102",
        "1990-01-02T",
        "1990-01-02-03",
        "１990-01-02",
        "-990-01-02",
    ] {
        assert_eq!(words("birthdate", shape), "birthdate is YYYY-MM-DD", "{shape}");
    }
}

#[test]
fn a_phone_number_is_a_plus_and_digits() {
    for fine in ["+15555550100", "+4915112345678", "+123456789012345"] {
        assert_eq!(set("phone_number", fine), Ok(()), "{fine}");
    }
    let refused = [
        (
            "15555550100",
            "a phone number begins with + and the country code: +15555550100",
        ),
        ("+", "digits are missing after the +"),
        (
            "+1 555",
            "U+0020 does not belong here: a phone number is + and digits only",
        ),
        (
            "+1-555",
            "'-' U+002D does not belong here: a phone number is + and digits only",
        ),
        (
            "+1555\u{200b}5",
            "U+200B does not belong here: a phone number is + and digits only",
        ),
        ("+0155", "no country code begins with 0"),
        ("+1234567890123456", "a phone number has at most 15 digits; this has 16"),
    ];
    for (value, sentence) in refused {
        assert_eq!(words("phone_number", value), sentence);
    }
}

#[test]
fn an_email_address_has_a_name_and_a_domain() {
    for fine in [
        "jane@example.com",
        "o'neil+tag@mail.example.org",
        "a..b@example.com",
        "用户@例子.example",
        "x@1.2",
    ] {
        assert_eq!(set("email", fine), Ok(()), "{fine}");
    }
    let refused = [
        ("jane", "an e-mail address has an @"),
        ("a@b@example.com", "an e-mail address has one @; this has more"),
        ("@example.com", "a name is missing before the @"),
        ("jane@", "a domain is missing after the @"),
        ("jane@example", "the domain has no dot"),
        ("jane@example..com", "a dot too many in the domain"),
        ("jane@example.com.", "a dot too many in the domain"),
        ("ja ne@example.com", "U+0020 does not belong in an e-mail address"),
        (
            "jane@exam\u{202e}ple.com",
            "U+202E does not belong in an e-mail address",
        ),
        ("jane@exa_mple.com", "'_' U+005F does not belong in an e-mail address"),
        (
            "jane,joe@example.com",
            "',' U+002C does not belong in an e-mail address",
        ),
    ];
    for (value, sentence) in refused {
        assert_eq!(words("email", value), sentence);
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    assert_eq!(set("custom:code", "äö"), Ok(()));
    assert_eq!(set("custom:code", "😀😀😀😀"), Ok(()));
    assert_eq!(
        words("custom:code", "a"),
        "at least 2 characters in this pool; this has 1"
    );
    assert_eq!(
        words("custom:code", "abcde"),
        "at most 4 characters in this pool; this has 5"
    );
    assert_eq!(set("custom:free", &"é".repeat(2048)), Ok(()));
    assert_eq!(
        words("custom:free", &"x".repeat(2049)),
        "the service keeps at most 2048 characters; this has 2049"
    );
    assert_eq!(
        Problem::TooShort { length: 0, min: 1 }.sentence().plain(),
        "at least 1 character in this pool; this has 0"
    );
}

#[test]
fn numbers_are_whole_and_within_their_range() {
    for fine in ["0", "-5", "99", "007"] {
        assert_eq!(set("custom:level", fine), Ok(()), "{fine}");
    }
    for wrong in ["", "-", "+5", "1.5", "1e3", "0x1", " 1", "١"] {
        let problem = set("custom:level", wrong).expect_err("refused");
        assert_eq!(
            problem,
            if wrong.is_empty() {
                Problem::Blank
            } else {
                Problem::NotANumber
            },
            "{wrong}"
        );
    }
    assert_eq!(words("custom:level", "-6"), "at least -5 in this pool");
    assert_eq!(words("custom:level", "100"), "at most 99 in this pool");
    assert_eq!(
        set("custom:level", "99999999999999999999"),
        Err(Problem::TooHigh { max: 99 })
    );
    assert_eq!(
        set("custom:any", "-99999999999999999999"),
        Err(Problem::TooLow { min: i64::MIN })
    );
    assert_eq!(set("updated_at", "1763635267"), Ok(()));
    assert_eq!(set("updated_at", "-1"), Err(Problem::TooLow { min: 0 }));
}

#[test]
fn booleans_and_dates_are_what_their_type_says() {
    assert_eq!(set("custom:active", "true"), Ok(()));
    assert_eq!(set("email_verified", "false"), Ok(()));
    assert_eq!(words("custom:active", "True"), "true or false, in small letters");
    for fine in [
        "2026-11-20",
        "2026-11-20T10:41:00",
        "2026-11-20T10:41:00Z",
        "2026-11-20T10:41:00.5+01:00",
    ] {
        assert_eq!(set("custom:since", fine), Ok(()), "{fine}");
    }
    for wrong in ["yesterday", "20.11.2026", "2026-13-01", "10:41"] {
        assert_eq!(set("custom:since", wrong), Err(Problem::NotADateTime), "{wrong}");
    }
    assert_eq!(
        set("custom:new", "whatever"),
        Ok(()),
        "a type newer than this program is let through"
    );
}

#[test]
fn what_is_locked_says_why() {
    for (name, reason) in [
        ("sub", "locked: the service fixes it"),
        ("identities", "locked: only linking and federated sign-in write it"),
        ("custom:hireId", "locked: immutable in this pool"),
        ("custom:nowhere", "locked: not in this pool's schema"),
    ] {
        assert_eq!(words(name, "x"), reason);
        assert_eq!(delete(name).expect_err("locked").sentence().plain(), reason);
    }
}

#[test]
fn deleting_is_explicit_and_not_for_required_attributes_or_flags() {
    assert_eq!(delete("nickname"), Ok(()));
    assert_eq!(delete("family_name"), Err(Problem::RequiredDeleted));
    assert_eq!(delete("email_verified"), Err(Problem::FlagDeleted(Contact::Email)));
    assert_eq!(words("nickname", ""), "leave it empty? x deletes, u puts back");
}

#[test]
fn every_problem_has_words() {
    let problems = [
        Problem::RequiredMissing,
        Problem::RequiredDeleted,
        Problem::Blank,
        Problem::FlagDeleted(Contact::PhoneNumber),
        Problem::NothingToVerify(Contact::PhoneNumber),
        Problem::NotANumber,
        Problem::NotADateTime,
    ];
    let mut said: Vec<String> = problems.iter().map(|problem| problem.sentence().plain()).collect();
    said.sort();
    said.dedup();
    assert_eq!(said.len(), problems.len());
    assert!(said.iter().all(|words| !words.is_empty()));
    assert!(said.contains(&"there is no number to verify: set phone_number first".to_owned()));
}

#[test]
fn phone_numbers_as_people_write_them_are_offered_as_the_service_takes_them() {
    for typed in [
        "+1 (555) 555-0100",
        "001 555 555 0100",
        "tel:+1-555-555-0100",
        "+1.555.555.0100",
        "\u{202a}+1 555 555 0100\u{202c}",
        "＋１５５５５５５０１００",
    ] {
        assert_eq!(
            suggested("phone_number", typed).as_deref(),
            Some("+15555550100"),
            "{typed:?}"
        );
    }
    assert_eq!(
        suggested("phone_number", "+49 (0) 151 12345678").as_deref(),
        Some("+4915112345678")
    );
    let offered = schema()
        .suggest(&AttributeName::new("phone_number"), "+1 (555) 555-0100")
        .expect("offered");
    assert_eq!(offered.sentence().plain(), "+15555550100: Enter takes it");
    assert!(!format!("{offered:?}").contains("555"));
}

#[test]
fn a_country_code_is_never_guessed() {
    for typed in [
        "5555550100",
        "(555) 555-0100",
        "0151 12345678",
        "+1 555 CALL",
        "+1 555 555 0100 ext 7",
        "+1555+5550100",
    ] {
        assert_eq!(suggested("phone_number", typed), None, "{typed}");
    }
    assert_eq!(suggested("phone_number", "+15555550100"), None, "fine as it is");
}

#[test]
fn addresses_are_taken_out_of_what_surrounds_them() {
    for typed in [
        "mailto:jane@example.com",
        "Jane Doe <jane@example.com>",
        "jane@example.com,",
        "jane@example.com.",
        "ja\u{200b}ne@example.com",
    ] {
        assert_eq!(
            suggested("email", typed).as_deref(),
            Some("jane@example.com"),
            "{typed:?}"
        );
    }
    assert_eq!(suggested("email", "jane example.com"), None);
}

#[test]
fn dates_are_offered_only_where_one_reading_exists() {
    for typed in ["1990/01/02", "1990.1.2", "19900102", " 1990-01-02 ", "1990 01 02"] {
        assert_eq!(suggested("birthdate", typed).as_deref(), Some("1990-01-02"), "{typed}");
    }
    assert_eq!(suggested("birthdate", "31.12.1990").as_deref(), Some("1990-12-31"));
    assert_eq!(suggested("birthdate", "12/31/1990").as_deref(), Some("1990-12-31"));
    assert_eq!(suggested("birthdate", "05/05/1990").as_deref(), Some("1990-05-05"));
    for open in ["01/02/1990", "13/13/1990", "1990-13-02", "soon", "90-01-02"] {
        assert_eq!(suggested("birthdate", open), None, "{open}");
    }
}

#[test]
fn other_types_have_their_suggestions() {
    assert_eq!(suggested("custom:active", " Yes ").as_deref(), Some("true"));
    assert_eq!(suggested("custom:active", "FALSE").as_deref(), Some("false"));
    assert_eq!(suggested("custom:active", "perhaps"), None);
    assert_eq!(suggested("custom:level", "+5").as_deref(), Some("5"));
    assert_eq!(suggested("custom:level", "\u{2212}5").as_deref(), Some("-5"));
    assert_eq!(suggested("custom:level", "500"), None, "out of range either way");
    assert_eq!(suggested("custom:since", " 2026-11-20 ").as_deref(), Some("2026-11-20"));
    assert_eq!(suggested("custom:code", "abcde"), None);
    assert_eq!(suggested("sub", ""), None);
}

#[test]
fn outer_spaces_of_contacts_are_removed_and_that_is_said() {
    let clean = |name: &str, typed: &str| {
        let (value, said) = schema().clean(&AttributeName::new(name), typed);
        (value, said.map(|said| said.plain()))
    };
    assert_eq!(clean("email", "jane@example.com"), ("jane@example.com".into(), None));
    assert_eq!(
        clean("email", " jane@example.com\t\n"),
        ("jane@example.com".into(), Some("outer spaces were removed".into()))
    );
    assert_eq!(
        clean("phone_number", "\u{202a}+15555550100\u{202c} "),
        (
            "+15555550100".into(),
            Some("outer spaces and invisible marks were removed".into())
        )
    );
    assert_eq!(clean("nickname", " JD "), (" JD ".into(), None));
}

#[test]
fn hints_remark_and_refuse_nothing() {
    for (name, fine, odd, said) in [
        ("locale", "en-US", "English", "a locale is usually written like en-US"),
        ("locale", "zh_Hant_TW", "e", "a locale is usually written like en-US"),
        (
            "zoneinfo",
            "Europe/Berlin",
            "CET+1",
            "a time zone is usually written like Europe/Berlin",
        ),
        (
            "zoneinfo",
            "America/Argentina/Buenos_Aires",
            "berlin",
            "a time zone is usually written like Europe/Berlin",
        ),
        (
            "website",
            "https://example.com/x",
            "example.com",
            "website is usually an address that begins with https://",
        ),
        (
            "updated_at",
            "1763635267",
            "1763635267000",
            "updated_at is in seconds since 1970; this looks like milliseconds",
        ),
        (
            "phone_number",
            "+15555550100",
            "+4915",
            "short for a phone number with its country code",
        ),
        (
            "email",
            "a.b@example.com",
            "a..b@example.com",
            "few mail systems take a name with dots like these",
        ),
        (
            "email",
            "jane@example.com",
            "j\u{430}ne@example.com",
            "'\u{430}' U+0430 is not one of the letters a-z: is it meant?",
        ),
        ("nickname", "J D", " JD", "begins or ends with a space"),
        (
            "address",
            r#"{"formatted":"1 High St"}"#,
            "1 High St",
            r#"an address is usually JSON such as {"formatted": ".."}"#,
        ),
        (
            "address",
            r#"{"country":"DE"}"#,
            "[1]",
            r#"an address is usually a JSON object such as {"formatted": ".."}"#,
        ),
        ("address", "", r#"{"formatted": "#, "not JSON yet: line 1, column 14"),
        (
            "address",
            "",
            r#"{"town":"X"}"#,
            "'town' is no usual member of an address",
        ),
    ] {
        assert_eq!(hinted(name, fine), None, "{name} {fine}");
        assert_eq!(hinted(name, odd).as_deref(), Some(said), "{name}");
        assert_eq!(set(name, odd), Ok(()), "a hint refuses nothing: {name}");
    }
}

#[test]
fn a_domain_near_a_common_one_is_asked_about() {
    let domains = [
        ("gmail.com", 812),
        ("gmx.de", 40),
        ("example.com", 1),
        ("mail.com", 3),
        ("gone.com", 0),
    ];
    let said = |email: &str| rare_domain(email, domains.into_iter()).map(|sentence| sentence.plain());
    for slip in ["jane@gmial.com", "jane@GMAIL.CO", "jane@gmaill.com", "jane@gnail.con"] {
        assert_eq!(
            said(slip).as_deref(),
            Some("no other loaded user has this domain; 812 have gmail.com"),
            "{slip}"
        );
    }
    assert_eq!(
        said("a@exmaple.com").as_deref(),
        Some("no other loaded user has this domain; 1 has example.com")
    );
    for quiet in [
        "jane@gmail.com",
        "jane@GMail.com",
        "jane@web.de",
        "jane@elsewhere.org",
        "jane",
        "jane@gone.co",
    ] {
        assert_eq!(said(quiet), None, "{quiet}");
    }
}
