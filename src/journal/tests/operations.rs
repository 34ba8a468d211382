//! What each operation leaves behind, and what it never does; and lines from before there was more than one.

use crate::domain::{Account, ClientId, Contact, Secret};

use super::*;

const CODE: &str = "739251";
const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";

fn own_reading() -> User {
    User {
        status: UserStatus::NotTold,
        source: Source::Own {
            mfa: crate::domain::user::Mfa::default(),
        },
        ..user("jane@example.com")
    }
}

fn ticket() -> ClientMetadata {
    ClientMetadata(BTreeMap::from([("ticket".to_owned(), "SUP-1234".to_owned())]))
}

fn own_changes(edits: &[(&str, Option<&str>)]) -> Operation {
    let attribute = |name: &str| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: DataType::String { min: None, max: None },
        mutable: true,
        required: false,
        developer_only: false,
    };
    let schema = Schema {
        attributes: ["email", "name"].map(attribute).to_vec(),
    };
    let mut draft = Draft::new(Arc::new(own_reading()), Route::Own);
    for (name, value) in edits {
        let edit = match value {
            Some(value) => Edit::Set(AttributeValue::new(*value)),
            None => Edit::Delete,
        };
        draft.set(AttributeName::new(*name), edit);
    }
    draft.metadata = ticket();
    Operation::update(draft.change_set(&Rules::own(&schema, None)).unwrap())
}

fn with(operation: Operation) -> Intent {
    Intent { operation, ..intent() }
}

fn delivery(attribute: Option<&str>, medium: Option<&str>, destination: Option<&str>) -> CodeDelivery {
    CodeDelivery {
        attribute: attribute.map(Raw::from),
        medium: medium.map(Raw::from),
        destination: destination.map(Raw::from),
    }
}

fn lines(scratch: &Scratch) -> Vec<Value> {
    let text = scratch.text();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Records one operation and gives its intent line.
fn recorded(operation: Operation) -> Value {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    journal.record(with(operation)).unwrap();
    assert_eq!(scratch.verify(), Ok(1));
    lines(&scratch).remove(0)["intent"].clone()
}

#[test]
fn each_operation_is_recorded_under_its_own_name_with_what_it_is_about() {
    let admin = Arc::new(user("jane@example.com"));
    let own = Arc::new(own_reading());
    let account = serde_json::json!({"status": "CONFIRMED", "enabled": true});
    let step = |account| Operation::Account {
        user: admin.clone(),
        account,
    };
    let contact = |contact: Contact| serde_json::json!(contact.name());
    let null = Value::Null;
    for (operation, name, account, client, contact, keys) in [
        (
            intent().operation,
            "AdminUpdateUserAttributes",
            &account,
            &null,
            null.clone(),
            vec!["ticket"],
        ),
        (
            own_changes(&[("email", Some("new@example.com"))]),
            "UpdateUserAttributes",
            &null,
            &null,
            null.clone(),
            vec!["ticket"],
        ),
        // What was attached does not go with it.
        (
            own_changes(&[("name", None)]),
            "DeleteUserAttributes",
            &null,
            &null,
            null.clone(),
            vec![],
        ),
        (
            step(Account::ConfirmSignUp),
            "AdminConfirmSignUp",
            &account,
            &null,
            null.clone(),
            vec![],
        ),
        (
            step(Account::ResendInvitation),
            "AdminCreateUser",
            &account,
            &null,
            null.clone(),
            vec![],
        ),
        (
            step(Account::ResetPassword),
            "AdminResetUserPassword",
            &account,
            &null,
            null.clone(),
            vec![],
        ),
        (
            step(Account::Enable),
            "AdminEnableUser",
            &account,
            &null,
            null.clone(),
            vec![],
        ),
        (
            step(Account::Disable),
            "AdminDisableUser",
            &account,
            &null,
            null.clone(),
            vec![],
        ),
        (
            Operation::ResendCode {
                user: admin.clone(),
                client: ClientId::new(CLIENT),
            },
            "ResendConfirmationCode",
            &account,
            &serde_json::json!(CLIENT),
            null.clone(),
            vec![],
        ),
        (
            Operation::SendCode {
                user: own.clone(),
                contact: Contact::PhoneNumber,
                metadata: ticket(),
            },
            "GetUserAttributeVerificationCode",
            &null,
            &null,
            contact(Contact::PhoneNumber),
            vec!["ticket"],
        ),
        (
            Operation::VerifyCode {
                user: own.clone(),
                contact: Contact::Email,
                pending: Some(AttributeValue::new("new@example.com")),
                code: Secret::new(CODE),
            },
            "VerifyUserAttribute",
            &null,
            &null,
            contact(Contact::Email),
            vec![],
        ),
    ] {
        let changes = operation.changes().map_or(0, crate::domain::ChangeSet::len);
        let line = recorded(operation);
        assert_eq!(line["operation"], name);
        assert_eq!(&line["account"], account, "{name}");
        assert_eq!(&line["client"], client, "{name}");
        assert_eq!(line["contact"], contact, "{name}");
        let action = if name == "AdminCreateUser" {
            "RESEND".into()
        } else {
            Value::Null
        };
        assert_eq!(line["message_action"], action, "{name}: it makes nobody");
        assert_eq!(line["metadata_keys"], serde_json::json!(keys), "{name}");
        assert_eq!(line["changes"].as_array().unwrap().len(), changes, "{name}");
        assert_eq!(line["user"]["username"]["value"], "jane.doe@example.com", "{name}");
    }
}

#[test]
fn an_account_is_told_before_and_after_a_step() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let before = user("jane@example.com");
    let operation = Operation::Account {
        user: Arc::new(before.clone()),
        account: Account::Disable,
    };
    let recorded = journal.record(with(operation)).unwrap();
    let settled = journal.settle(recorded.sent(accepted(), 1, Duration::ZERO)).unwrap();
    let after = User {
        enabled: false,
        ..before
    };
    journal.seen(&settled, &Outcome::Applied, Ok(&after)).unwrap();
    journal.seen(&settled, &Outcome::Applied, Ok(&own_reading())).unwrap();
    let lines = lines(&scratch);
    assert_eq!(lines[0]["intent"]["account"]["enabled"], true);
    assert_eq!(
        lines[2]["seen"]["account"],
        serde_json::json!({"status": "CONFIRMED", "enabled": false})
    );
    assert_eq!(
        lines[2]["seen"]["attributes"],
        serde_json::json!([]),
        "no attribute is touched"
    );
    assert!(lines[3]["seen"]["account"].is_null(), "GetUser does not tell it");
}

#[test]
fn reported_messages_are_kept_in_their_order_with_the_destination_sealed() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let recorded = journal
        .record(with(own_changes(&[("email", Some("new@example.com"))])))
        .unwrap();
    let answer = Answer::Accepted {
        request_id: None,
        reported: vec![
            delivery(Some("email"), Some("EMAIL"), Some("n***@e***")),
            delivery(Some("phone_number"), Some("SMS"), Some("+*******0199")),
            delivery(None, None, None),
        ],
    };
    journal.settle(recorded.sent(answer, 1, Duration::ZERO)).unwrap();
    let outcome = last_outcome(&scratch);
    let reported = outcome["reported"].as_array().unwrap();
    let told: Vec<(Option<&str>, Option<&str>, Option<&str>)> = reported
        .iter()
        .map(|one| {
            (
                one["attribute"].as_str(),
                one["medium"].as_str(),
                one["destination"]["value"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("email"), Some("EMAIL"), Some("n***@e***")),
            (Some("phone_number"), Some("SMS"), Some("+*******0199")),
            (None, None, None),
        ]
    );
    assert!(reported[0]["destination"]["digest"].is_string());
    assert_eq!(scratch.verify(), Ok(2));
}

#[test]
fn a_code_a_token_and_a_waiting_value_are_in_no_line() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    let operation = Operation::VerifyCode {
        user: Arc::new(own_reading()),
        contact: Contact::Email,
        pending: Some(AttributeValue::new("pending@example.com")),
        code: Secret::new(CODE),
    };
    for answer in [
        accepted(),
        Answer::Refused(fault(FaultKind::Service, "CodeMismatchException")),
    ] {
        let recorded = journal.record(with(operation.clone())).unwrap();
        let settled = journal.settle(recorded.sent(answer, 1, Duration::ZERO)).unwrap();
        journal.seen(&settled, &Outcome::Applied, Ok(&own_reading())).unwrap();
    }
    let other = journal.record(with(operation)).unwrap();
    journal.abandon(other, &NotSent::Stopped, 0, Duration::ZERO).unwrap();
    assert_eq!(scratch.verify(), Ok(8));
    let text = scratch.text();
    for secret in [CODE, "pending@example.com"] {
        assert!(!text.contains(secret), "{secret}");
    }
    // What the value was before and is now stands there, as for every write.
    assert!(text.contains("jane@example.com"));
}

/// Lines as they were written before there were app clients, codes and deliveries: they stay what they are, and new
/// ones follow on them.
#[test]
fn older_lines_still_verify_parse_and_go_on() {
    let older = include_str!("older.jsonl");
    for member in ["\"account\":{\"enabled\"", "\"client\"", "\"contact\"", "\"reported\""] {
        assert!(!older.contains(member), "{member} is newer");
    }
    let scratch = Scratch::new();
    let journal = scratch.journal();
    std::fs::write(scratch.file(), older).unwrap();
    set_mode(&scratch.file(), 0o600);
    assert_eq!(scratch.verify(), Ok(3));
    let read = super::lines_of(&scratch.file());
    assert_eq!(read.len(), 3);

    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(6));
    assert!(scratch.text().starts_with(older), "not a byte of them changed");
    // Absent and null mean the same to whoever reads them.
    let line = |text: &str| serde_json::from_str::<Line>(text).unwrap().body;
    let mut with_nulls: Value = serde_json::from_str(older.lines().next().unwrap()).unwrap();
    for member in ["account", "client", "contact"] {
        with_nulls["intent"][member] = Value::Null;
    }
    assert_eq!(line(older.lines().next().unwrap()), line(&with_nulls.to_string()));
}
