//! What is on disk about a write, and that nothing goes out without it.

use std::fs;

use cognitui::emulator::Fault;
use serde_json::{Value, json};

use super::scene::{CUSTOMERS, SHOP, UPDATE, form};
use super::stage::Stage;

fn text(stage: &Stage) -> String {
    let folder = stage.state.path().join("journal");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn the_intent_is_on_disk_before_the_request_goes_out() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    let folder = stage.state.path().join("journal");
    let (tell, told) = std::sync::mpsc::channel();
    stage.just_before(UPDATE, 0, move |_| {
        let lines: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .flat_map(|path| {
                fs::read_to_string(path)
                    .unwrap()
                    .lines()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        tell.send(lines).unwrap();
    });
    stage.keys("<tab><enter>");
    let lines = told.try_recv().unwrap();
    assert_eq!(lines.len(), 1);
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert!(line["intent"].is_object());
}

#[test]
fn a_journal_that_cannot_be_written_refuses_the_write_until_it_can() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    let journal = stage.state.path().join("journal");
    fs::write(&journal, "in the way").unwrap();
    stage.set("nickname", "JJ").send();
    stage.sent_nothing();
    stage.ended(
        "REFUSED",
        &[
            "Journal: ",
            "the change could not be written down, so it was not sent",
            "nothing was changed",
        ],
    );
    assert_eq!(stage.pending(), ["nickname"]);
    fs::remove_file(&journal).unwrap();
    stage.send();
    stage.ended("applied", &[]);
    assert_eq!(stage.journal().len(), 3);
}

#[test]
fn intent_outcome_and_seen_are_lines_of_one_write() {
    let mut stage = form(SHOP, "jane.doe");
    stage
        .set("email", "jane.doe@example.com")
        .keys("v")
        .go("nickname")
        .keys("x")
        .keys("mticket=SUP-1<enter>");
    stage.send();
    stage.ended("applied", &[]);
    let lines = stage.journal();
    assert_eq!(lines.len(), 3);
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line["v"], 1);
        assert_eq!(line["id"], lines[0]["id"]);
        assert_eq!(line["session"], lines[0]["session"]);
        assert_eq!(line["seq"], number + 1);
        assert_eq!(
            line["prev"],
            if number == 0 {
                json!("0".repeat(64))
            } else {
                lines[number - 1]["hash"].clone()
            }
        );
    }
    let intent = &lines[0]["intent"];
    assert_eq!(intent["operation"], UPDATE);
    assert_eq!(intent["user"]["username"]["value"], "jane.doe");
    assert_eq!(intent["place"]["pool"], SHOP);
    assert_eq!(intent["place"]["region"], "us-east-1");
    assert_eq!(intent["metadata_keys"], json!(["ticket"]));
    assert!(intent.get("caller").is_some() && intent.get("reason").is_some());
    let changes: Vec<(&str, Option<&str>, Option<&str>)> = intent["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (
                change["name"].as_str().unwrap(),
                change["before"]["value"].as_str(),
                change["after"]["value"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            ("nickname", Some("JD"), None),
            ("email", Some("jane@example.com"), Some("jane.doe@example.com")),
            ("email_verified", Some("true"), Some("true")),
        ]
    );
    let outcome = &lines[1]["outcome"];
    assert_eq!(
        (&outcome["word"], &outcome["attempts"]),
        (&json!("accepted"), &json!(1))
    );
    let sent = stage
        .emulator
        .calls()
        .into_iter()
        .find(|call| call.operation == UPDATE)
        .unwrap();
    assert_eq!(outcome["request_id"], sent.request_id);
    let seen = &lines[2]["seen"];
    assert_eq!(seen["word"], "applied");
    let now = |name: &str| {
        let attributes = seen["attributes"].as_array().unwrap();
        attributes.iter().find(|one| one["name"] == name).unwrap()["now"]["value"].clone()
    };
    assert_eq!(
        (now("email"), now("nickname")),
        (json!("jane.doe@example.com"), Value::Null)
    );
}

#[test]
fn no_line_holds_a_value_of_client_metadata() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage
        .set("nickname", "JJ")
        .keys("mticket=c0ffee-in-a-secret<enter>")
        .send();
    stage.ended("applied", &[]);
    let text = text(&stage);
    assert!(text.contains("ticket") && !text.contains("c0ffee"));
}

#[test]
fn a_refusal_and_what_was_read_then_are_written_too() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage
        .emulator
        .inject(Fault::error("NotAuthorizedException", "User is disabled.").on(UPDATE));
    stage.set("nickname", "JJ").send();
    let lines = stage.journal();
    assert_eq!(lines[1]["outcome"]["word"], "refused");
    assert_eq!(lines[1]["outcome"]["fault"]["code"], "NotAuthorizedException");
    assert_eq!(lines[2]["seen"]["word"], "refused");
    assert_eq!(lines[2]["seen"]["attributes"][0]["now"]["value"], "JD");
}

#[test]
fn an_outcome_that_cannot_be_written_is_said_and_what_was_sent_stays_sent() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    let folder = stage.state.path().join("journal");
    let elsewhere = stage.state.path().join("elsewhere");
    stage.just_before(UPDATE, 0, move |_| fs::rename(&folder, &elsewhere).unwrap());
    stage.keys("<tab><enter>");
    assert_eq!(stage.sent().len(), 1);
    let (word, said) = stage.outcome();
    assert_eq!(word, "applied", "read back and true all the same: {said}");
    assert!(said.contains("journal"), "{said}");
}

#[test]
fn the_chain_goes_on_over_several_writes() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "A").send();
    stage.keys("e").set("nickname", "B").send();
    let lines = stage.journal();
    assert_eq!(lines.len(), 6);
    for pair in lines.windows(2) {
        assert_eq!(pair[1]["prev"], pair[0]["hash"]);
    }
    assert_ne!(lines[0]["id"], lines[3]["id"]);
}
