use super::*;
use crate::domain::attribute::Contact;

/// The terms of a line in their plainest form.
fn terms(line: &str) -> Vec<String> {
    let query = read(line);
    query.terms.iter().map(|term| term.written().into_string()).collect()
}

#[test]
fn a_bare_word_is_text_whatever_is_in_it() {
    for word in [
        "jane",
        "jane@example.com",
        "jane.doe+test@example.com",
        "+15555550100",
        "(555)",
        "555-0100",
        "anne-marie",
        "12:30",
        "https://example.com/?a=b",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "Okta_00u1a2",
        "O\"Brien",
        "5'10\"",
        "=x",
        ":",
        "~x",
        "<jane@example.com>",
        "a+b=c",
        "::1",
        "#1",
        "\\",
        "*",
        "日本",
    ] {
        let query = read(word);
        let [term] = query.terms.as_slice() else {
            panic!("{word}")
        };
        assert_eq!(term.test, Test::Text(Word::new(word)), "{word}");
        assert!(!term.negated);
        assert_eq!(term.span, 0..word.len());
    }
    assert_eq!(terms("+1 555 0100"), ["+1", "555", "0100"]);
    assert_eq!(terms("  jane\u{a0}doe "), ["jane", "doe"]);
    assert!(read("").is_empty() && read("  ").is_empty());
}

#[test]
fn every_form_of_a_term() {
    let tier = || Column::Attribute(AttributeName::new("custom:tier"));
    let email = || Column::Attribute(AttributeName::new("email"));
    let word = Word::new;
    for (line, test) in [
        ("\"jane doe\"", Test::Text(word("jane doe"))),
        (r#""a \"b\" \\ \d""#, Test::Text(word(r#"a "b" \ \d"#))),
        ("email:jane", Test::Contains(email(), word("jane"))),
        ("EMAIL:jane", Test::Contains(email(), word("jane"))),
        ("email:a:b=c", Test::Contains(email(), word("a:b=c"))),
        ("email=jane@example.com", Test::Exact(email(), word("jane@example.com"))),
        ("email^=jane", Test::Prefix(email(), word("jane"))),
        ("email:\"*\"", Test::Contains(email(), word("*"))),
        ("email:*", Test::Present(email())),
        ("!email", Test::Missing(email())),
        ("tier=gold", Test::Exact(tier(), word("gold"))),
        ("custom:tier=gold", Test::Exact(tier(), word("gold"))),
        ("custom:tier:gold", Test::Contains(tier(), word("gold"))),
        ("custom:tier:*", Test::Present(tier())),
        ("!custom:tier", Test::Missing(tier())),
        ("!tier", Test::Missing(tier())),
        ("plan=x", Test::Exact(Column::parse("custom:Plan"), word("x"))),
        ("custom:a:b", Test::Contains(Column::parse("custom:a"), word("b"))),
        ("custom:a:b:c", Test::Contains(Column::parse("custom:a:b"), word("c"))),
        ("custom:a:b=c", Test::Exact(Column::parse("custom:a:b"), word("c"))),
        ("a:b=c", Test::Exact(Column::parse("custom:a:b"), word("c"))),
        ("custom:x=1", Test::Exact(Column::parse("custom:x"), word("1"))),
        ("dev:custom:x=1", Test::Exact(Column::parse("dev:custom:x"), word("1"))),
        ("custom:email=1", Test::Exact(Column::parse("custom:email"), word("1"))),
        ("phone:555", Test::Contains(Column::parse("phone_number"), word("555"))),
        (
            "phone=\"+1 (555) 0100\"",
            Test::Exact(Column::parse("phone_number"), word("+15550100")),
        ),
        ("username^=okta_", Test::Prefix(Column::Username, word("okta_"))),
        ("status:confirmed", Test::Prefix(Column::Status, word("confirmed"))),
        (
            "status:Force-Change",
            Test::Prefix(Column::Status, word("force_change")),
        ),
        ("status=NEW_ONE", Test::Exact(Column::Status, word("NEW_ONE"))),
        ("enabled:no", Test::Enabled(false)),
        ("enabled=TRUE", Test::Enabled(true)),
        ("group:admins", Test::Exact(Column::Groups, word("admins"))),
        ("group:\"the admins\"", Test::Exact(Column::Groups, word("the admins"))),
        ("groups:*", Test::Present(Column::Groups)),
        ("!group", Test::Missing(Column::Groups)),
        ("verified:email", Test::Verified(Contact::Email)),
        ("verified:phone", Test::Verified(Contact::PhoneNumber)),
        ("created:*", Test::Present(Column::Created)),
    ] {
        let query = read(line);
        let [term] = query.terms.as_slice() else {
            panic!("{line}")
        };
        assert_eq!(term.test, test, "{line}");
        assert!(!term.negated, "{line}");
        assert_eq!(term.span, 0..line.len(), "{line}");
        let negated = format!("  -{line} ");
        let query = read(&negated);
        let [term] = query.terms.as_slice() else {
            panic!("{negated}")
        };
        assert!(term.negated && term.test == test, "{negated}");
        assert_eq!(term.span, 2..line.len() + 3);
    }
}

#[test]
fn the_plainest_form() {
    for (line, plain) in [
        ("  jane   \"doe\" ", "jane doe"),
        ("\"-x\" \"a b\" \"a:b\"", "\"-x\" \"a b\" \"a:b\""),
        ("tier=gold TIER:\"*\"", "custom:tier=gold custom:tier:\"*\""),
        (
            "-created<7d changed>=2026-01-31T09:30Z",
            "-created<7d changed>=2026-01-31T09:30Z",
        ),
        ("enabled=false groups=a status:UNC", "enabled:no group:a status:unc"),
        (r#"email~"^\d+ x""#, r#"email~"^\\d+ x""#),
    ] {
        let query = read(line);
        assert_eq!(query.written().as_str(), plain);
        assert_eq!(read(plain).written().as_str(), plain);
    }
}

/// The line with carets under the mistake, and what was expected.
fn wrong(line: &str) -> String {
    let mistake = Query::parse(line, &known()).unwrap_err();
    assert!(line.get(mistake.at.clone()).is_some(), "{line}: {:?}", mistake.at);
    let before = " ".repeat(line[..mistake.at.start].chars().count());
    let under = "^".repeat(line[mistake.at.clone()].chars().count().max(1));
    format!("{line}\n{before}{under} {}", mistake.expected.plain())
}

#[test]
fn a_mistake_is_marked_and_says_what_was_expected() {
    let lines = [
        "jane \"doe",
        "name:\"van",
        "\"jane\"doe",
        "\"\"",
        "email:",
        "email=",
        "email=\"\"",
        "emial:jane",
        "jane teir=gold",
        "foo:bar",
        "custom:teir=gold",
        "x=1",
        "!x",
        "!",
        "!jnae",
        "!tier=gold",
        "!username",
        "!enabled",
        "!verified",
        "-",
        "--jane",
        "nickname~(",
        "nickname~[z-a]",
        "nickname~(?P<n>x)(?P<n>y)",
        "nickname~(((((a{99}){99}){99}){99}){99})",
        "status:confirmd",
        "status:foo",
        "enabled:maybe",
        "enabled^=y",
        "verified:fax",
        "verified~x",
        "created<soon",
        "created<7",
        "created<2026-02-30",
        "created:7d",
        "created^=2026",
        "changed>",
        "changed>99999999999999999999d",
        "email<7d",
        "tiers>7d",
    ];
    let found: Vec<String> = lines.into_iter().map(wrong).collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn a_pool_whose_schema_was_not_read_may_have_any_custom_attribute() {
    let known = Known::default();
    let parsed = |line: &str| Query::parse(line, &known).map(|query| query.written().into_string());
    assert_eq!(
        parsed("tier=gold custom:a:b !tier").unwrap(),
        "custom:tier=gold custom:a:b !custom:tier"
    );
    assert_eq!(
        parsed("email=a 12:30 http://x").unwrap(),
        "email=a \"12:30\" \"http://x\""
    );
    assert!(parsed("status:foo").is_err());
}

#[test]
fn short_names_that_are_nobody_elses() {
    let known = known();
    let shortest = |name: &str| known.shortest(&AttributeName::new(name)).to_owned();
    assert_eq!(shortest("custom:tier"), "tier");
    assert_eq!(shortest("custom:x"), "custom:x");
    assert_eq!(shortest("custom:email"), "custom:email");
    assert_eq!(shortest("email"), "email");
}
