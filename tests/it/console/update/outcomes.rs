//! Each outcome with its exit code, on both routes, against the emulator.

use cognitui::emulator::Fault;
use serde_json::json;

use super::gate::Gate;
use super::{CUSTOMERS, SHOP, Script, Service, attributes, ended, token};

const UPDATE: &str = "AdminUpdateUserAttributes";
const OWN_UPDATE: &str = "UpdateUserAttributes";

fn scene() -> (Service, Script) {
    let service = Service::start();
    let script = Script::on(&service.url, &[CUSTOMERS, SHOP]);
    (service, script)
}

#[test]
fn an_administrators_change_is_told_and_journalled() {
    let (service, script) = scene();
    let arguments = [
        "--user-attributes",
        "Name=email,Value=new@example.com",
        "Name=name,Value=",
        "--verified",
        "email",
    ];
    let ran = script.admin("jane.doe", &arguments).ends(0).says(&[
        "AdminUpdateUserAttributes, jane.doe in us-east-1_aB3dE5fGh (customers):",
        "  email: jane@example.com -> new@example.com",
        "-> deleted",
        "what will happen:",
        "applied: read back and true: ",
        "message for email: none",
    ]);
    let ours = ran.ours();
    assert_eq!(ours["outcome"], "applied");
    assert_eq!(
        ran.json().get("CodeDeliveryDetailsList"),
        None,
        "the call reports nothing"
    );
    let email =
        json!({"name": "email", "before": "jane@example.com", "asked": "new@example.com", "now": "new@example.com"});
    assert!(ours["attributes"].as_array().unwrap().contains(&email), "{ours}");
    let jane = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(jane.attribute("email"), Some("new@example.com"));
    assert_eq!(
        (jane.attribute("email_verified"), jane.attribute("name")),
        (Some("true"), None)
    );
    let journal = script.written();
    let id = ours["journal_id"].as_str().unwrap();
    assert!(journal.contains(id) && journal.contains("AdminUpdateUserAttributes"));

    // Once more: there is nothing left to do, and nothing is sent.
    let ran = script.admin("jane.doe", &arguments).ends(0).says(&["nothing to do"]);
    assert_eq!(ran.ours()["outcome"], "nothing to do");
    assert_eq!(service.writes(), 1);
}

#[test]
fn a_users_own_change_waits_and_its_delivery_is_reported() {
    let (service, script) = scene();
    let token = token(&service, SHOP, "jane.doe");
    let before = service.emulator.user(SHOP, "jane.doe").unwrap();
    let before = before.attribute("email").unwrap();
    let ran = script
        .own(
            &token,
            &[
                "--user-attributes",
                "Name=email,Value=new@example.com",
                "--client-metadata",
                "ticket=T-1",
            ],
        )
        .ends(0)
        .says(&[
            &format!("waiting: email still {before}"),
            "reported: EMAIL to n***@e*** for email",
        ]);
    let list = json!([{"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}]);
    assert_eq!(ran.json()["CodeDeliveryDetailsList"], list);
    assert_eq!(ran.ours()["outcome"], "waiting");
    assert_eq!(ran.ours()["username"], "jane.doe");
    let calls = service.emulator.calls();
    let call = calls.iter().find(|call| call.operation == OWN_UPDATE).unwrap();
    assert_eq!(call.body["ClientMetadata"], json!({"ticket": "T-1"}));
    for text in [&ran.out, &ran.err, &script.written()] {
        assert!(!text.contains(&token), "the token is somewhere");
    }
}

#[test]
fn deletions_alone_are_sent_as_such_and_metadata_reaches_the_admin_call_too() {
    let (service, script) = scene();
    let token = token(&service, CUSTOMERS, "jane.doe");
    let ran = script.own(&token, &["--user-attributes", "Name=name,Value="]).ends(0);
    assert_eq!(ran.ours()["operation"], "DeleteUserAttributes");
    assert_eq!(service.count("DeleteUserAttributes"), 1);
    script
        .admin(
            "jane.doe",
            &[
                "--user-attributes",
                &attributes(&[("name", "Jane, \"J\" D.")]),
                "--client-metadata",
                "{\"a\": \"b\"}",
            ],
        )
        .ends(0);
    let calls = service.emulator.calls();
    let call = calls.iter().find(|call| call.operation == UPDATE).unwrap();
    assert_eq!(call.body["ClientMetadata"], json!({"a": "b"}));
    assert_eq!(
        call.body["UserAttributes"],
        json!([{"Name": "name", "Value": "Jane, \"J\" D."}])
    );
}

#[test]
fn a_dry_run_reads_and_sends_nothing_on_either_route() {
    let (service, script) = scene();
    let change = ["--user-attributes", "Name=email,Value=new@example.com", "--dry-run"];
    let ran = script
        .admin(
            "jane.doe",
            &[change.as_slice(), &["--cognito-decides", "email"]].concat(),
        )
        .ends(0)
        .says(&[
            "email: jane@example.com -> new@example.com",
            "dry run: nothing was sent",
            "code by e-mail",
        ]);
    assert_eq!(ran.ours()["outcome"], "dry run");
    assert!(!ran.ours()["consequences"].as_array().unwrap().is_empty());
    let ran = script.own(&token(&service, SHOP, "jane.doe"), &change).ends(0);
    assert_eq!(ran.ours()["operation"], OWN_UPDATE);
    script
        .admin("jane.doe", &["--user-attributes", "Name=nope,Value=x", "--dry-run"])
        .ends(2);
    assert_eq!((service.writes(), service.count(OWN_UPDATE)), (0, 0));
    assert!(!script.home().join(".local").exists(), "nothing is written down either");
}

#[test]
fn a_file_and_a_table() {
    let (service, script) = scene();
    let file = script.home().join("change.json");
    std::fs::write(&file, attributes(&[("name", "Jane\u{1b}[2J")])).unwrap();
    let ran = script
        .admin(
            "jane.doe",
            &["--user-attributes", "file://change.json", "--output", "table"],
        )
        .ends(0);
    assert!(ran.out.starts_with("outcome     applied\n"), "{}", ran.out);
    for text in [&ran.out, &ran.err] {
        assert!(text.contains(r"Jane\u{1b}[2J") && !text.contains('\u{1b}'), "{text}");
    }
    let jane = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(jane.attribute("name"), Some("Jane\u{1b}[2J"));
}

#[test]
fn what_the_service_refuses_ends_with_1() {
    let (service, script) = scene();
    let change = ["--user-attributes", "Name=name,Value=Other"];
    service
        .emulator
        .inject(Fault::error("UserLambdaValidationException", "PreUpdate failed").on(UPDATE));
    let ran = script
        .admin("jane.doe", &change)
        .ends(1)
        .says(&["refused: ", "UserLambdaValidationException"]);
    assert_eq!(ran.ours()["error"]["code"], "UserLambdaValidationException");
    assert_eq!(ran.ours()["outcome"], "refused");

    // Before the change itself: nothing came to a decision, so there is no document.
    let ran = script
        .admin("nobody.here", &change)
        .ends(1)
        .says(&["UserNotFoundException"]);
    assert_eq!(ran.out, "");
    service.emulator.inject(Fault::denied("AdminGetUser"));
    script
        .admin("jane.doe", &change)
        .ends(1)
        .says(&["cognito-idp:AdminGetUser", "nothing was sent"]);
    service.emulator.heal();

    let token = token(&service, CUSTOMERS, "jane.doe");
    let revoked = Fault::error("NotAuthorizedException", "Access Token has been revoked").on("GetUser");
    service.emulator.inject(revoked);
    let ran = script
        .own(&token, &change)
        .ends(1)
        .says(&["NotAuthorizedException", "sign in as the user again"]);
    assert!(!ran.err.contains(&token));
    let narrow = service.emulator.access_token(CUSTOMERS, "narrow", "jane.doe").unwrap();
    let locked = ["--user-attributes", "Name=nickname,Value=J"];
    script
        .own(&narrow, &locked)
        .ends(2)
        .says(&["app client may not write it"]);
    service.emulator.inject(Fault::denied("DescribeUserPoolClient"));
    script.own(&narrow, &locked).ends(1).says(&["NotAuthorizedException"]);
}

#[test]
fn an_answer_that_never_came_ends_with_3() {
    let (service, script) = scene();
    service.emulator.inject(Fault::reset().on(OWN_UPDATE).after_applying());
    service.emulator.inject(Fault::denied("GetUser").skipping(2));
    let token = token(&service, SHOP, "jane.doe");
    let ran = script
        .own(&token, &["--user-attributes", "Name=email,Value=new@example.com"])
        .ends(3)
        .says(&[
            "unknown: ",
            "may have been applied",
            "--dry-run reads what is there now",
        ]);
    assert_eq!(ran.ours()["outcome"], "unknown");
    assert_eq!(ran.json().get("CodeDeliveryDetailsList"), None);
    assert_eq!(service.count(OWN_UPDATE), 1, "never twice");

    // What reading back settles is no longer unknown.
    service.emulator.inject(Fault::reset().on(UPDATE).after_applying());
    script
        .admin("jane.doe", &["--user-attributes", "Name=name,Value=Other"])
        .ends(0)
        .says(&["applied: "]);
}

#[test]
fn what_someone_changed_between_reading_and_sending_ends_with_4() {
    let (service, mut script) = scene();
    let gate = Gate::before(&service.url);
    script.url.clone_from(&gate.url);
    let child = script.start(
        &[
            "--user-pool-id",
            CUSTOMERS,
            "--username",
            "jane.doe",
            "--user-attributes",
            "Name=name,Value=Mine",
        ],
        "",
    );
    let second = gate.until("AdminGetUser", 2);
    service.emulator.change_user(CUSTOMERS, "jane.doe", |jane| {
        jane.attributes.insert("name".into(), "Theirs".into());
    });
    drop(second);
    gate.open();
    let ran = ended(child).ends(4).says(&[
        "not sent: someone changed name meanwhile; nothing went out",
        "is Theirs",
    ]);
    let changed = json!([{"name": "name", "before": "Jane Doe", "now": "Theirs"}]);
    assert_eq!(ran.ours()["changed_meanwhile"], changed);
    assert_eq!(service.writes(), 0);
}

#[test]
fn another_value_that_is_there_afterwards_ends_with_6() {
    let (service, mut script) = scene();
    let gate = Gate::before(&service.url);
    script.url.clone_from(&gate.url);
    let child = script.start(
        &[
            "--user-pool-id",
            CUSTOMERS,
            "--username",
            "jane.doe",
            "--user-attributes",
            "Name=name,Value=Mine",
        ],
        "",
    );
    let read_back = gate.until("AdminGetUser", 3);
    service.emulator.change_user(CUSTOMERS, "jane.doe", |jane| {
        jane.attributes.insert("name".into(), "Theirs".into());
    });
    drop(read_back);
    gate.open();
    let ran = ended(child)
        .ends(6)
        .says(&["differs: sent, and another value is there now: name"]);
    assert_eq!(ran.ours()["outcome"], "differs");
    assert_eq!(ran.ours()["attributes"][0]["now"], "Theirs");
}

#[test]
fn a_refusal_for_rate_is_waited_for_and_said() {
    let (service, script) = scene();
    service.emulator.inject(Fault::throttled().on(UPDATE));
    script
        .admin("jane.doe", &["--user-attributes", "Name=name,Value=Other"])
        .ends(0)
        .says(&["refused for rate, 1 of 4: sent again in 1 s", "applied: "]);
}
