//! The documents that scripts read, to the byte.

use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::domain::draft::Vouch;
use crate::domain::outcome::Drift;
use crate::domain::schema::DataType;
use crate::domain::user::Source;
use crate::domain::{
    AttributeName, AttributeValue, CodeDelivery, Contact, Draft, Edit, Route, Rules, Schema, SchemaAttribute,
    UserStatus, Username,
};

const POOL: &str = "us-east-1_aB3dE5fGh";

fn user(email: &str) -> Arc<User> {
    let values = [("sub", "s-1"), ("email", email)];
    Arc::new(User {
        username: Username::new("ann"),
        attributes: values
            .into_iter()
            .map(|(name, value)| (AttributeName::new(name), AttributeValue::new(value)))
            .collect(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::Get {
            mfa: Default::default(),
        },
        read_at: Timestamp::UNIX_EPOCH,
    })
}

fn operation(route: Route, email: &str) -> Operation {
    changing(route, "email", email)
}

/// A change of one attribute; an empty value deletes it.
fn changing(route: Route, name: &str, value: &str) -> Operation {
    let attribute = |name: &str| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: DataType::Unknown("".into()),
        mutable: true,
        required: false,
        developer_only: false,
    };
    let schema = Schema {
        attributes: vec![attribute("email"), attribute("email_verified"), attribute("nickname")],
    };
    let mut draft = Draft::new(user("old@example.com"), route);
    let edit = match value {
        "" => Edit::Delete,
        value => Edit::Set(AttributeValue::new(value)),
    };
    draft.set(AttributeName::new(name), edit);
    let rules = match route {
        Route::Admin => {
            draft.set_vouch(Contact::Email, Vouch::Pool);
            Rules::admin(&schema)
        }
        Route::Own => Rules::own(&schema, None),
    };
    Operation::update(draft.change_set(&rules).unwrap())
}

fn consequences() -> Vec<Consequence> {
    vec![Consequence {
        topic: "email",
        weight: Weight::Warn,
        lines: crate::say!("a code goes to ", raw & Raw::from("new@example.com")),
    }]
}

fn json(what: What<'_>) -> String {
    let user = user("old@example.com");
    let pool = PoolId::new(POOL);
    let told = Told {
        pool: &pool,
        user: &user,
        what,
    };
    told.json().unwrap()
}

fn submitted(outcome: Outcome) -> Submitted {
    let mut submitted = Submitted::new(Username::new("ann"), outcome);
    submitted.request_id = Some("r-1".into());
    submitted.journal_id = Some("j-1".into());
    submitted
}

#[test]
fn a_change_that_waits_keeps_the_services_member_as_the_service_shapes_it() {
    let operation = operation(Route::Own, "new@example.com");
    let mut submitted = submitted(Outcome::Waiting);
    submitted.reported = vec![CodeDelivery {
        attribute: Some("email".into()),
        medium: Some("EMAIL".into()),
        destination: Some("n***@e***".into()),
    }];
    submitted.now = Some(user("old@example.com"));
    let text = json(What::Sent {
        operation: &operation,
        consequences: &consequences(),
        submitted: &submitted,
    });
    let expected = r#"{
  "CodeDeliveryDetailsList": [
    {
      "Destination": "n***@e***",
      "DeliveryMedium": "EMAIL",
      "AttributeName": "email"
    }
  ],
  "cognitui": {
    "outcome": "waiting",
    "operation": "UpdateUserAttributes",
    "user_pool_id": "us-east-1_aB3dE5fGh",
    "username": "ann",
    "sub": "s-1",
    "attributes": [
      {
        "name": "email",
        "before": "old@example.com",
        "asked": "new@example.com",
        "now": "old@example.com"
      }
    ],
    "consequences": [
      {
        "topic": "email",
        "warning": true,
        "text": "a code goes to new@example.com"
      }
    ],
    "request_id": "r-1",
    "journal_id": "j-1",
    "error": null,
    "changed_meanwhile": [],
    "notes": []
  }
}
"#;
    assert_eq!(text, expected);
}

/// The document as a tree, and whether it has the service's member.
fn parsed(what: What<'_>) -> (serde_json::Value, Option<usize>) {
    let value: serde_json::Value = serde_json::from_str(&json(what)).unwrap();
    let list = value.get("CodeDeliveryDetailsList");
    let count = list.map(|list| list.as_array().unwrap().len());
    (value["cognitui"].clone(), count)
}

#[test]
fn no_message_reported_is_an_empty_list_and_nothing_reported_is_no_list() {
    let own = operation(Route::Own, "new@example.com");
    let sent = |operation: &Operation, submitted: &Submitted| {
        parsed(What::Sent {
            operation,
            consequences: &[],
            submitted,
        })
        .1
    };
    assert_eq!(sent(&own, &submitted(Outcome::Applied)), Some(0));
    let fault = || Fault::local("UpdateUserAttributes", "Timeout", "");
    assert_eq!(sent(&own, &submitted(Outcome::Unknown(fault()))), None);
    assert_eq!(sent(&own, &submitted(Outcome::Refused(fault()))), None);
    assert_eq!(sent(&operation(Route::Own, ""), &submitted(Outcome::Applied)), None);
    let admin = operation(Route::Admin, "new@example.com");
    assert_eq!(sent(&admin, &submitted(Outcome::Applied)), None);
}

#[test]
fn a_run_that_sends_nothing_says_so_in_one_word() {
    let (ours, list) = parsed(What::Nothing);
    assert_eq!(ours["outcome"], "nothing to do");
    assert_eq!(ours["attributes"], serde_json::json!([]));
    assert_eq!((ours["operation"].is_null(), list), (true, None));

    let operation = operation(Route::Own, "");
    let (ours, list) = parsed(What::Dry {
        operation: &operation,
        consequences: &consequences(),
        missing: &["add --confirm-pool and the pool's name".into()],
    });
    assert_eq!((ours["outcome"].as_str(), list), (Some("dry run"), None));
    assert_eq!(
        ours["notes"],
        serde_json::json!(["add --confirm-pool and the pool's name"])
    );
    assert_eq!(ours["operation"], "DeleteUserAttributes");
    let attribute = serde_json::json!({"name": "email", "before": "old@example.com", "asked": null});
    assert_eq!(ours["attributes"][0], attribute, "nothing was read afterwards");
    assert_eq!(ours["consequences"][0]["text"], "a code goes to new@example.com");
}

#[test]
fn a_refusal_and_what_someone_else_changed_are_told() {
    let operation = operation(Route::Admin, "new@example.com");
    let fault = Fault::service(
        "AdminUpdateUserAttributes",
        "AliasExistsException",
        "taken",
        None,
        Some(400),
    );
    let refused = submitted(Outcome::Refused(fault));
    let (ours, _) = parsed(What::Sent {
        operation: &operation,
        consequences: &[],
        submitted: &refused,
    });
    let error = serde_json::json!({"operation": "AdminUpdateUserAttributes", "code": "AliasExistsException", "message": "taken"});
    assert_eq!(ours["error"], error);

    let mut moved = submitted(Outcome::NotSent(Vec::new()));
    moved.moved.touched = vec![Drift {
        name: AttributeName::new("email"),
        expected: Some(AttributeValue::new("old@example.com")),
        now: None,
    }];
    let (ours, _) = parsed(What::Sent {
        operation: &operation,
        consequences: &[],
        submitted: &moved,
    });
    assert_eq!(ours["outcome"], "not sent");
    let changed = serde_json::json!([{"name": "email", "before": "old@example.com", "now": null}]);
    assert_eq!(ours["changed_meanwhile"], changed);
}

const HOSTILE: &str = "a\u{1b}[2J\u{9b}1m\u{202e}\u{7f}\"Ren\u{e9}e \u{1f600}";

#[test]
fn values_are_exact_in_json_and_no_terminal_obeys_them() {
    let operation = changing(Route::Own, "nickname", HOSTILE);
    let text = json(What::Dry {
        operation: &operation,
        consequences: &[],
        missing: &[],
    });
    assert!(
        text.chars()
            .all(|c| c == '\n' || !c.is_control() && (c.is_ascii() || c.is_alphanumeric()))
    );
    assert!(text.contains("Ren\u{e9}e"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["cognitui"]["attributes"][0]["asked"], HOSTILE);
}

#[test]
fn the_table_shows_what_it_cannot_print() {
    let operation = changing(Route::Own, "nickname", HOSTILE);
    let mut submitted = submitted(Outcome::Applied);
    submitted.reported = vec![CodeDelivery {
        attribute: Some("email".into()),
        medium: None,
        destination: Some(HOSTILE.into()),
    }];
    let (user, pool) = (user("old@example.com"), PoolId::new(POOL));
    let told = Told {
        pool: &pool,
        user: &user,
        what: What::Sent {
            operation: &operation,
            consequences: &[],
            submitted: &submitted,
        },
    };
    let table = told.table(Charset::Ascii);
    assert!(
        table.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()),
        "{table}"
    );
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("outcome     applied"));
    assert_eq!(lines.next(), Some("operation   UpdateUserAttributes"));
    assert!(table.contains(r"\u{1b}") && table.contains(r"\u{202e}"), "{table}");
    assert!(table.contains("reported    by a way not told to a"), "{table}");
    assert!(table.contains("\nrequest id  r-1\njournal id  j-1\n"), "{table}");
}
