use jiff::Timestamp;

use super::*;
use crate::domain::draft::Draft;
use crate::domain::route::Rules;
use crate::domain::schema::{DataType, Schema, SchemaAttribute};
use crate::domain::user::{Mfa, Source, UserStatus};

fn name(text: &str) -> AttributeName {
    AttributeName::new(text)
}

fn user() -> User {
    let attributes = [
        ("sub", "5f1c9a02"),
        ("email", "jane@example.com"),
        ("email_verified", "true"),
        ("phone_number", "+15555550100"),
        ("phone_number_verified", "false"),
        ("nickname", "JD"),
    ];
    User {
        username: Username::new("jane"),
        attributes: attributes
            .into_iter()
            .map(|(attribute, text)| (name(attribute), AttributeValue::new(text)))
            .collect(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::Get { mfa: Mfa::default() },
        read_at: Timestamp::UNIX_EPOCH,
    }
}

fn changes(route: Route, edits: &[(&str, Option<&str>)]) -> ChangeSet {
    let attribute = |text: &str| SchemaAttribute {
        name: name(text),
        data_type: DataType::Unknown("any".into()),
        mutable: true,
        required: false,
        developer_only: false,
    };
    let schema = Schema {
        attributes: ["email", "nickname"].map(attribute).to_vec(),
    };
    let mut draft = Draft::new(Arc::new(user()), route);
    for (attribute, value) in edits {
        let edit = match value {
            Some(value) => Edit::Set(AttributeValue::new(*value)),
            None => Edit::Delete,
        };
        draft.set(name(attribute), edit);
    }
    draft.metadata = metadata();
    let rules = match route {
        Route::Admin => Rules::admin(&schema),
        Route::Own => Rules::own(&schema, None),
    };
    draft.change_set(&rules).expect("no problems")
}

fn metadata() -> ClientMetadata {
    ClientMetadata([("ticket".to_owned(), "T-1".to_owned())].into())
}

fn update(route: Route, edits: &[(&str, Option<&str>)]) -> Operation {
    Operation::update(changes(route, edits))
}

fn step(account: Account) -> Operation {
    Operation::Account {
        user: Arc::new(user()),
        account,
    }
}

fn resend_code() -> Operation {
    Operation::ResendCode {
        user: Arc::new(user()),
        client: ClientId::new("1h57kf5cpq17m0eml12EXAMPLE"),
    }
}

fn send_code(contact: Contact) -> Operation {
    Operation::SendCode {
        user: Arc::new(user()),
        contact,
        metadata: metadata(),
    }
}

fn verify_code(contact: Contact) -> Operation {
    Operation::VerifyCode {
        user: Arc::new(user()),
        contact,
        pending: Some(AttributeValue::new("jane.doe@example.com")),
        code: Secret::new("123456"),
    }
}

#[test]
fn the_route_and_the_edits_choose_the_call() {
    let set = ("email", Some("jane.doe@example.com"));
    let delete = ("nickname", None);
    for (route, edits, call) in [
        (Route::Admin, &[set][..], "AdminUpdateUserAttributes"),
        (Route::Admin, &[delete][..], "AdminUpdateUserAttributes"),
        (Route::Admin, &[set, delete][..], "AdminUpdateUserAttributes"),
        (Route::Own, &[set][..], "UpdateUserAttributes"),
        (Route::Own, &[set, delete][..], "UpdateUserAttributes"),
        (Route::Own, &[delete][..], "DeleteUserAttributes"),
    ] {
        let operation = update(route, edits);
        assert_eq!(operation.name(), call, "{route:?} {edits:?}");
        assert_eq!(operation.route(), route);
        assert_eq!(operation.deed(), None);
        assert_eq!(operation.changes().map(ChangeSet::len), Some(edits.len()));
    }
    assert_eq!(
        Operation::update(changes(Route::Own, &[])).name(),
        "UpdateUserAttributes",
        "nothing is no deletion"
    );
}

#[test]
fn a_step_is_called_by_its_deed() {
    let deeds = [
        (step(Account::Disable), Deed::Account(Account::Disable)),
        (resend_code(), Deed::ResendCode),
        (send_code(Contact::Email), Deed::SendCode(Contact::Email)),
        (
            verify_code(Contact::PhoneNumber),
            Deed::VerifyCode(Contact::PhoneNumber),
        ),
    ];
    for (operation, deed) in deeds {
        assert_eq!(operation.deed(), Some(deed));
        assert_eq!(operation.name(), deed.operation());
        assert_eq!(operation.route(), deed.route());
        assert_eq!(operation.contact(), deed.contact());
        assert_eq!(operation.changes(), None);
        assert_eq!(operation.user().username, Username::new("jane"));
        assert_eq!(operation.client().is_some(), deed == Deed::ResendCode);
    }
}

#[test]
fn metadata_goes_with_what_takes_it() {
    let set = [("email", Some("jane.doe@example.com"))];
    let takes = [
        update(Route::Admin, &set),
        update(Route::Admin, &[("nickname", None)]),
        update(Route::Own, &set),
        send_code(Contact::Email),
    ];
    for operation in takes {
        assert_eq!(operation.metadata(), Some(&metadata()), "{}", operation.name());
    }
    let takes_none = [
        update(Route::Own, &[("nickname", None)]),
        step(Account::ConfirmSignUp),
        resend_code(),
        verify_code(Contact::Email),
    ];
    for operation in takes_none {
        assert_eq!(operation.metadata(), None, "{}", operation.name());
    }
}

#[test]
fn an_operation_is_judged_on_what_it_touches() {
    let touched = |operation: Operation| {
        operation
            .touched()
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    let contacts = ["email", "email_verified", "phone_number", "phone_number_verified"];
    assert_eq!(
        touched(update(Route::Own, &[("email", Some("jane.doe@example.com"))])),
        ["email", "email_verified"]
    );
    assert_eq!(touched(send_code(Contact::Email)), ["email", "email_verified"]);
    assert_eq!(
        touched(verify_code(Contact::PhoneNumber)),
        ["phone_number", "phone_number_verified"]
    );
    // A message goes to one of them.
    for operation in [
        resend_code(),
        step(Account::ResetPassword),
        step(Account::ResendInvitation),
    ] {
        assert_eq!(touched(operation), contacts);
    }
    for account in [Account::ConfirmSignUp, Account::Enable, Account::Disable] {
        assert!(touched(step(account)).is_empty(), "{account:?}");
    }
}

#[test]
fn who_else_changed_it_meanwhile_stops_it() {
    let with = |change: fn(&mut User)| {
        let mut now = user();
        change(&mut now);
        now
    };
    let set = |attribute: &'static str, text: &'static str| {
        move |user: &mut User| {
            user.attributes.insert(name(attribute), AttributeValue::new(text));
        }
    };
    let mut moved_address = user();
    set("email", "else@example.com")(&mut moved_address);
    let mut other_nickname = user();
    set("nickname", "J")(&mut other_nickname);
    for operation in [
        resend_code(),
        send_code(Contact::Email),
        verify_code(Contact::Email),
        step(Account::ResetPassword),
        // Its review says which of them stay unverified.
        step(Account::ConfirmSignUp),
    ] {
        assert!(operation.drift(&moved_address).stops(), "{}", operation.name());
        assert!(!operation.drift(&other_nickname).stops(), "{}", operation.name());
        assert_eq!(
            operation.drift(&other_nickname).also.len(),
            1,
            "it is named all the same"
        );
    }
    assert!(!send_code(Contact::PhoneNumber).drift(&moved_address).stops());
    assert!(!step(Account::Enable).drift(&moved_address).stops());
    // Status and whether it is enabled are what every step rests on.
    let disabled = with(|user| user.enabled = false);
    let confirmed = with(|user| user.status = UserStatus::ResetRequired);
    for account in [
        Account::ConfirmSignUp,
        Account::Enable,
        Account::Disable,
        Account::ResendInvitation,
    ] {
        assert!(step(account).drift(&disabled).stops(), "{account:?}");
        assert!(step(account).drift(&confirmed).stops(), "{account:?}");
    }
    let somebody_else = with(|user| {
        user.attributes
            .insert(AttributeName::new("sub"), AttributeValue::new("another"));
    });
    assert!(step(Account::Disable).drift(&somebody_else).stops());
}

#[test]
fn the_users_own_reading_tells_no_status_and_stops_nothing_by_it() {
    let mut now = user();
    now.status = UserStatus::NotTold;
    now.source = Source::Own { mfa: Mfa::default() };
    assert!(!verify_code(Contact::Email).drift(&now).stops());
}

#[test]
fn neither_code_nor_value_is_printed() {
    let operations = [
        verify_code(Contact::Email),
        send_code(Contact::Email),
        update(Route::Own, &[("email", Some("jane.doe@example.com"))]),
    ];
    let printed = format!("{operations:?}");
    for value in ["123456", "jane", "+1555", "T-1"] {
        assert!(!printed.contains(value), "{value}: {printed}");
    }
}
