//! AdminUpdateUserAttributes for attributes that no message goes to.

use cognitui::domain::ClientMetadata;
use serde_json::json;

use super::{Writes, writing_program};
use crate::contract::ledger::Ledger;
use crate::contract::people::{ordinary, people};
use crate::contract::program::{became, change, change_with};

/// What a person may well paste, and what shells, formats and encodings trip over.
pub const HOSTILE: &str =
    "\"Zoë\", O'Neil\\ 👩‍👧\n\t--leading file://x $(x) `x` {\"a\":[1]} \u{202e}rtl\u{202c} e\u{301} ﷽";

/// Changes that the service takes.
pub fn writing(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&[
        "set", "fresh", "hostile", "blank", "both", "types", "long", "told",
    ])));
    let program = writing_program(&site);
    let mut writes = Writes::new(&site, &program);
    writes.send(
        "a value in place of another",
        "set",
        &[("custom:tier", Some("gold"))],
        &["custom:tier", "family_name"],
        "applied; custom:tier=gold family_name=Example",
    );
    writes.send(
        "a value where none was",
        "fresh",
        &[("nickname", Some("Bobby"))],
        &["nickname"],
        "applied; nickname=Bobby",
    );
    writes.send(
        "any text arrives as it was written",
        "hostile",
        &[("name", Some(HOSTILE))],
        &["name"],
        format!("applied; name={HOSTILE}"),
    );
    let longest = "é".repeat(2048);
    writes.send(
        "the longest value",
        "long",
        &[("name", Some(&longest))],
        &["name"],
        format!("applied; name={longest}"),
    );
    // Cognito API reference, AdminUpdateUserAttributes, UserAttributes: a blank value deletes.
    writes.send(
        "a blank value deletes",
        "blank",
        &[("given_name", None)],
        &["given_name", "family_name"],
        "applied; given_name=- family_name=Example",
    );
    writes.send(
        "a blank value deletes a custom attribute, beside another that is set",
        "both",
        &[("nickname", Some("Bobby")), ("custom:tier", None)],
        &["custom:tier", "nickname"],
        "applied; custom:tier=- nickname=Bobby",
    );
    writes.send(
        "values of every type",
        "types",
        &[
            ("custom:seats", Some("12")),
            ("custom:active", Some("true")),
            ("custom:since", Some("2026-11-20T10:41:00Z")),
            ("birthdate", Some("1990-02-28")),
        ],
        &["custom:seats", "custom:active", "custom:since", "birthdate"],
        "applied; custom:seats=12 custom:active=true custom:since=2026-11-20T10:41:00Z birthdate=1990-02-28",
    );
    let base = program.user(&site.place, "told").unwrap();
    let metadata = ClientMetadata([("ticket".to_owned(), "SUP-1, \"quoted\"".to_owned())].into());
    let submitted = program.submit(
        &site.place,
        change_with(&base, &[("nickname", Some("Bobby"))], metadata),
    );
    writes.add(
        "client metadata goes along and is not stored",
        "told",
        became(&submitted),
        &["nickname", "ticket"],
        "applied; nickname=Bobby ticket=-",
    );
    writes.state(ledger);
}

/// Changes that the service refuses, whole.
pub fn refusing(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&[
        "unknown", "fixed", "partly", "low", "high", "nan", "bool", "date", "long", "gone",
    ])));
    let program = writing_program(&site);
    let mut writes = Writes::new(&site, &program);
    let refused = |words: &str, left: &str| format!("refused: InvalidParameterException: {words}; {left}");

    // The words as people got them: github.com/aws-amplify/aws-sdk-ios#4251 and other threads.
    writes.send(
        "an attribute that the schema does not have",
        "unknown",
        &[("custom:nothing", Some("x"))],
        &["custom:nothing"],
        refused(
            "user.custom:nothing: Attribute does not exist in the schema.",
            "custom:nothing=-",
        ),
    );
    writes.send(
        "an attribute that never changes",
        "fixed",
        &[("custom:employee", Some("E-2"))],
        &["custom:employee"],
        refused(
            "user.custom:employee: Attribute cannot be updated.",
            "custom:employee=E-1001",
        ),
    );
    writes.send(
        "one wrong value refuses the right ones with it",
        "partly",
        &[
            ("nickname", Some("Bobby")),
            ("custom:tier", Some("gold")),
            ("custom:nothing", Some("x")),
        ],
        &["nickname", "custom:tier"],
        refused(
            "user.custom:nothing: Attribute does not exist in the schema.",
            "nickname=- custom:tier=silver",
        ),
    );
    for (statement, username, name, value, left) in [
        ("a number below its least", "low", "custom:seats", "0", "-"),
        ("a number above its most", "high", "custom:seats", "501", "-"),
        ("a number that is none", "nan", "custom:seats", "many", "-"),
        ("a Boolean that is none", "bool", "custom:active", "perhaps", "-"),
        ("a date that is none", "date", "custom:since", "yesterday", "-"),
        (
            "a text above its longest",
            "long",
            "custom:tier",
            "a tier with far too long a name",
            "silver",
        ),
    ] {
        let base = program.user(&site.place, username).unwrap();
        let submitted = program.submit(&site.place, change(&base, &[(name, Some(value))]));
        // The words for a value that does not fit are documented for few types, so they are not compared.
        let outcome = became(&submitted);
        let outcome: Vec<&str> = outcome.splitn(3, ": ").take(2).collect();
        let aws = format!("refused: InvalidParameterException; {name}={left}");
        writes.add(statement, username, outcome.join(": "), &[name], aws);
    }
    writes.state(ledger);

    let base = program.user(&site.place, "gone").unwrap();
    site.by_another_client(&[("AdminDeleteUser", json!({"Username": "gone"}))]);
    let submitted = program.submit(&site.place, change(&base, &[("nickname", Some("Bobby"))]));
    ledger.states(
        "somebody who was deleted meanwhile",
        "not sent: UserNotFoundException: User does not exist.",
        became(&submitted),
    );
}
