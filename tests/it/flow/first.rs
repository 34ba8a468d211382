//! The main job in one go: find, edit, review, send, read the result.

use std::time::Duration;

use cognitui::emulator::Seed;

use super::stage::Setup;

#[test]
fn an_address_is_changed_reviewed_sent_and_read_back() {
    let mut stage = Setup::new(Seed::demo(), &["us-east-1_aB3dE5fGh"]).start();
    stage.shows("Users");
    stage.keys("/jane.doe<enter>");
    stage.shows("User jane.doe");
    stage.keys("e<enter><ctrl-u>jane.doe@example.com<enter>v<ctrl-s>");
    stage.shows("Review jane.doe");
    assert!(
        stage.calls("AdminUpdateUserAttributes").is_empty(),
        "nothing goes out before Send"
    );
    stage.keys("<tab><enter>");
    let sent = stage.calls("AdminUpdateUserAttributes");
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0]["UserAttributes"],
        serde_json::json!([
            { "Name": "email", "Value": "jane.doe@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ])
    );
    assert!(
        stage.said().starts_with("applied jane.doe read back and true"),
        "{}",
        stage.said()
    );
    let user = stage.emulator.user("us-east-1_aB3dE5fGh", "jane.doe").unwrap();
    assert_eq!(user.attribute("email"), Some("jane.doe@example.com"));
    let lines = stage.journal();
    assert_eq!(lines.len(), 3, "intent, outcome and seen");
    assert!(lines[0]["intent"].is_object() && lines[1]["outcome"].is_object() && lines[2]["seen"].is_object());
}

#[test]
fn empty_pages_without_an_end_are_not_nobody() {
    let mut stage = Setup::new(Seed::demo(), &["us-east-1_aB3dE5fGh"]).start();
    stage.keys("/jane.doe<enter>e");
    stage.emulator.shape_pages(&[0; 60]);
    stage.keys("<enter><ctrl-u>bob@example.com<enter>v");
    assert!(stage.said().contains("who has it is not known"), "{}", stage.said());
    stage.shows_not("no other user found");
}

#[test]
fn the_last_line_does_not_outlive_the_write_it_speaks_of() {
    let mut stage = Setup::new(Seed::demo(), &["us-east-1_aB3dE5fGh"]).start();
    stage.keys("/jane.doe<enter>e<enter><ctrl-u>jane.doe@example.com<enter>v<ctrl-s><tab>");
    stage.clock.forward(Duration::from_secs(1));
    stage.keys_at_once("<enter><esc>");
    assert!(stage.notice().contains("under way"), "{}", stage.notice());
    stage.settle();
    assert_eq!(stage.notice(), "");
}
