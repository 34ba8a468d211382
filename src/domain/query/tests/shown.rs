//! What a line says about itself, what may come next in it, and what is marked.

use super::*;
use crate::domain::sentence::Part;

fn reach(looked_at: u64, complete: bool) -> Reach {
    Reach {
        looked_at,
        estimate: Some(48_200),
        complete,
        grows: true,
    }
}

fn said(line: &str, stage: Option<usize>, reach: Reach, scan: Option<&str>) -> String {
    let query = read(line);
    standing(&query, &query.asks(None, &[]), stage, reach, scan).plain()
}

#[test]
fn the_line_says_what_was_asked_and_how_much_was_looked_at() {
    let some = reach(12_480, false);
    assert_eq!(
        said("email^=jane tier=gold", None, some, Some("S")),
        "asked: email^=jane; checked here: custom:tier=gold; looked at 12,480 of about 48,200, incomplete - S scans the rest"
    );
    assert_eq!(
        said("tier=gold", None, some, None),
        "custom:tier is checked here, on 25 % of the pool so far"
    );
    assert_eq!(
        said("tier=gold tier:x !name", None, some, Some("S")),
        "custom:tier, name are checked here, on 25 % of the pool so far - S scans the rest"
    );
    assert_eq!(
        said("tier=gold", None, reach(48_211, true), Some("S")),
        "custom:tier is checked here, on all 48,211 users"
    );
    assert_eq!(
        said("email^=jane", None, reach(48_211, true), Some("S")),
        "asked: email^=jane; looked at all 48,211"
    );
    assert_eq!(
        said("jane", None, some, None),
        "asked: username, e-mail or name begins with jane; looked at 12,480 of about 48,200, incomplete"
    );
    // The reading that found somebody.
    assert_eq!(
        said("Jane Doe -tier=gold", Some(2), some, None),
        "asked: name begins with Doe; checked here: -custom:tier=gold; looked at 12,480 of about 48,200, incomplete"
    );
    assert_eq!(
        said("jane@example.com", Some(0), some, None),
        "asked: e-mail is jane@example.com; looked at 12,480 of about 48,200, incomplete"
    );
    let read = Reach { grows: false, ..some };
    assert_eq!(
        said("tier=gold", None, read, None),
        "custom:tier is checked here, on 25 % of the pool"
    );
    let unknown = Reach { estimate: None, ..some };
    assert_eq!(
        said("@example.com", None, unknown, None),
        "the service cannot search by domain, only by how an address begins; @example.com is checked here, on 12,480 users so far"
    );
}

#[test]
fn what_was_not_asked_for_is_told_beside_what_was() {
    let some = reach(12_480, false);
    assert_eq!(
        said("(555) 212-6941 enabled:true", None, some, None),
        "asked: username begins with (555) 212-6941; checked here: enabled:yes; not asked for as a phone number: no + and \
         country code are in front, and the setting phone-prefixes is empty; looked at 12,480 of about 48,200, incomplete"
    );
}

#[test]
fn values_in_the_sentence_can_be_masked() {
    let query = read("email^=jane custom:tier=gold doe -\"x y\"");
    let sentence = standing(&query, &query.asks(None, &[]), None, reach(1, false), None);
    let open: String = sentence
        .parts()
        .iter()
        .map(|part| match part {
            Part::Words(words) => words.to_string(),
            Part::Named(name) => name.as_str().to_owned(),
            Part::Quoted(_) => "*".to_owned(),
        })
        .collect();
    assert_eq!(
        open,
        "asked: email^=*; checked here: custom:tier=*, *, -*; looked at 1 of about 48,200, incomplete"
    );
}

/// The lines that completing makes where the `|` stands.
fn completed(line: &str) -> Vec<String> {
    let cursor = line.find('|').unwrap();
    let line = line.replace('|', "");
    let values = |column: &Column| match column.name() {
        "custom:tier" => vec![Raw::from("silver"), Raw::from("gold"), Raw::from("gold \"plus\"")],
        "groups" => vec![Raw::from("admins"), Raw::from("the others")],
        _ => Vec::new(),
    };
    complete(&line, cursor, &known(), values)
        .into_iter()
        .map(|candidate| {
            format!(
                "{}{}{}",
                &line[..candidate.at.start],
                candidate.text.as_str(),
                &line[candidate.at.end..]
            )
        })
        .collect()
}

#[test]
fn what_may_come_next() {
    for (line, expected) in [
        ("ema|", vec!["email:", "email_verified:", "custom:email:"]),
        ("jane -ti| x", vec!["jane -tier: x"]),
        ("sta|", vec!["status:"]),
        ("crea|", vec!["created<"]),
        ("!ti|", vec!["!tier", "!custom:tier"]),
        ("custom:t|", vec!["custom:tier:"]),
        ("custom:x|", vec!["custom:x:", "dev:custom:x:"]),
        ("ti|=gold", vec!["tier=gold", "custom:tier=gold"]),
        ("e|mail:x", vec!["enabled:x", "email:x", "email_verified:x"]),
        ("status:re|", vec!["status:reset_required"]),
        ("status:c|onf", vec!["status:confirmed", "status:compromised"]),
        ("enabled:|", vec!["enabled:yes", "enabled:no"]),
        ("verified:p|", vec!["verified:phone"]),
        (
            "created<|",
            vec!["created<1h", "created<1d", "created<7d", "created<30d", "created<1y"],
        ),
        ("tier=|", vec!["tier=silver", "tier=gold", "tier=\"gold \\\"plus\\\"\""]),
        ("tier:g|", vec!["tier:gold", "tier:\"gold \\\"plus\\\"\""]),
        (r#"tier="gold \"p| x"#, vec![r#"tier="gold \"plus\"" x"#]),
        ("tier:gold|", vec!["tier:\"gold \\\"plus\\\"\""]),
        ("group:th|", vec!["group:\"the others\""]),
        ("tier~g|", vec![]),
        ("x=|", vec![]),
        ("\"ema|", vec![]),
    ] {
        let found = completed(line);
        let start: Vec<&str> = found.iter().take(expected.len()).map(String::as_str).collect();
        assert_eq!(start, expected, "{line}: {found:?}");
        if expected.is_empty() {
            assert!(found.is_empty(), "{line}: {found:?}");
        }
    }
    assert!(completed("|").len() > 20);
    assert_eq!(complete("ö", 1, &known(), |_| Vec::new()), []);
}

/// The value with what matched in brackets.
fn marked(line: &str, column: &str, value: &str) -> String {
    let mut out = value.to_owned();
    for part in marks(value, &read(line), &Column::parse(column)).into_iter().rev() {
        out.insert(part.end, ']');
        out.insert(part.start, '[');
    }
    out
}

#[test]
fn what_matched_is_marked_in_the_value_as_it_is() {
    for (line, column, value, expected) in [
        ("jane", "email", "mary.JANE@x", "mary.[JANE]@x"),
        ("jane", "username", "x", "x"),
        ("jane", "custom:tier", "jane", "jane"),
        ("an", "name", "Jane Andrews", "Jane [An]drews"),
        ("jdoe", "username", "jane.doe", "[j]ane.[doe]"),
        ("ad", "name", "a b a d", "a b [a] [d]"),
        ("jane", "name", "eve", "eve"),
        ("schroder", "name", "J Schröder", "J [Schröder]"),
        ("schroeder", "name", "J Schröder", "J [Schröder]"),
        ("schro", "name", "J Schro\u{308}der", "J [Schro\u{308}]der"),
        ("555-01", "phone_number", "+15555550100", "+1555[55501]00"),
        ("(555)", "phone_number", "+15555550100", "+1[555]5550100"),
        ("-jane", "name", "jane", "jane"),
        ("email:EX", "email", "a@example.com", "a@[ex]ample.com"),
        ("email:EX", "name", "ex", "ex"),
        ("email^=A@", "email", "a@example.com", "[a@]example.com"),
        ("email=A@b", "email", "a@b", "[a@b]"),
        ("name^=É", "name", "e\u{301}t\u{e9}", "[e\u{301}]t\u{e9}"),
        ("tier~o+", "custom:tier", "goo foo", "g[oo] f[oo]"),
        ("tier~x*", "custom:tier", "gold", "gold"),
        ("ja ne", "name", "jane", "[jane]"),
        ("οδος", "name", "ΟΔΟΣ", "[ΟΔΟΣ]"),
        ("fish", "name", "a \u{fb01}sh", "a [\u{fb01}sh]"),
        ("name:ish", "name", "a \u{fb01}sh", "a [\u{fb01}sh]"),
        ("name:af", "name", "a\u{fb01}sh", "[a\u{fb01}]sh"),
        ("\u{fb01}s", "name", "Fish", "[Fis]h"),
    ] {
        assert_eq!(marked(line, column, value), expected, "{line} in {value}");
    }
}
