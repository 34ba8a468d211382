//! The main job with the real program: find, edit, review, send, read the result - and read it once more with somebody
//! else's client.

use serde_json::{Value, json};

use super::service::Service;
use super::{CUSTOMERS, Hands, NOTHING, cognitui, configure, listed};
use crate::peers::{self, Peers, Server};

fn document() -> Value {
    json!({
        "pool": {"PoolName": "support desk", "AutoVerifiedAttributes": ["email"]},
        "custom": [{"Name": "tier", "AttributeDataType": "String", "Mutable": true}],
        "users": [
            {"username": "ann", "attributes": {"email": "ann@example.com", "email_verified": "true", "name": "Ann"}},
            {"username": "bob", "attributes": {"email": "bob@example.com", "email_verified": "true", "name": "Bob"}},
        ],
    })
}

#[test]
fn the_demo_opens_edits_a_user_and_leaves_the_terminal_as_it_was() {
    let mut pty = cognitui(["--demo"]).start();
    pty.wait_for_text("DEMO");
    pty.opens_customers()
        .finds("jane.doe")
        .opens_form("jane.doe")
        .types_email("jane.new@example.com")
        .reviews("jane.doe")
        .confirms("applied");
    let screen = pty.screen_text();
    assert!(screen.contains("read back and true: email, email_verified"), "{screen}");
    assert!(screen.contains("jane.new@example.com"), "{screen}");
    assert!(
        screen.lines().next().is_some_and(|header| header.contains("DEMO")),
        "{screen}"
    );
    assert_eq!(pty.quits(), Some(0));
    assert_eq!(pty.left_behind(), NOTHING);
    assert_eq!(pty.title(), None);
    let left = pty.screen_text();
    assert!(
        !left.contains("jane"),
        "something personal stays on the screen:\n{left}"
    );
}

/// Changes ann's name and e-mail address on a server of others, and reads her with boto3.
fn edits_ann(peers: &Peers, server: &Server) {
    let pool = peers.seed(server, &document()).unwrap().pool_id;
    let launch = cognitui(["--endpoint-url", &server.url, "--user-pool-id", &pool]);
    configure(&launch, &listed(&pool));
    let mut pty = launch.start();
    pty.wait_for_text("ann@example.com");
    pty.settles()
        .finds("ann")
        .opens_form("ann")
        .types_email("ann.new@example.com")
        .types("name", "Ann Other")
        .reviews("ann")
        .confirms("read back and true");
    let ann = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(ann.attributes["email"], "ann.new@example.com");
    assert_eq!(ann.attributes["email_verified"], "true");
    assert_eq!(ann.attributes["name"], "Ann Other");
    let bob = peers.read_user(&server.url, &pool, "bob").unwrap();
    assert_eq!(bob.attributes["email"], "bob@example.com", "nobody else was touched");
    assert_eq!(pty.quits(), Some(0));
    assert_eq!(pty.left_behind(), NOTHING);
}

#[test]
fn a_user_of_moto_is_edited_and_another_client_reads_it() {
    let Some(peers) = peers::for_suite("the program on moto and cognito-local") else {
        return;
    };
    edits_ann(peers, peers.moto());
}

#[test]
fn a_user_of_cognito_local_is_edited_and_another_client_reads_it() {
    let Some(peers) = peers::for_suite("the program on moto and cognito-local") else {
        return;
    };
    edits_ann(peers, peers.cognito_local());
}

#[test]
fn the_aws_variable_names_the_endpoint_and_a_username_opens_that_user() {
    let Some(peers) = peers::for_suite("the program on moto and cognito-local") else {
        return;
    };
    let server = peers.moto();
    let pool = peers.seed(server, &document()).unwrap().pool_id;
    let launch = cognitui(["--user-pool-id", &pool, "bob"])
        .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &server.url)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test");
    configure(&launch, &listed(&pool));
    let mut pty = launch.start();
    pty.wait_for_text("User bob");
    pty.settles()
        .opens_form("bob")
        .types("name", "Robert")
        .reviews("bob")
        .confirms("read back and true");
    let bob = peers.read_user(&server.url, &pool, "bob").unwrap();
    assert_eq!(bob.attributes["name"], "Robert");
    assert_eq!(bob.attributes["email"], "bob@example.com");
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn the_second_of_two_consoles_on_one_user_is_told_that_nothing_was_sent() {
    let Some(peers) = peers::for_suite("two consoles on moto") else {
        return;
    };
    let server = peers.moto();
    let pool = peers.seed(server, &document()).unwrap().pool_id;
    let start = || {
        let launch = cognitui(["--endpoint-url", &server.url, "--user-pool-id", &pool, "ann"]);
        configure(&launch, &listed(&pool));
        let pty = launch.start();
        pty.wait_for_text("User ann");
        pty.settles();
        pty
    };
    let (first, second) = (start(), start());
    first.opens_form("ann").types("name", "Ann First").reviews("ann");
    second.opens_form("ann").types("name", "Ann Second").reviews("ann");
    first.confirms("read back and true");
    second.confirms("NOT SENT");
    let ann = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(ann.attributes["name"], "Ann First");
    let screen = second.screen_text();
    assert!(screen.contains("Ann First"), "what is there now is shown:\n{screen}");
}

#[test]
fn a_pool_that_is_not_listed_and_a_read_only_console_write_nothing() {
    let service = Service::start();
    let unlisted = cognitui(["--endpoint-url", &service.url, "--user-pool-id", CUSTOMERS, "jane.doe"]).start();
    unlisted.wait_for_text("User jane.doe");
    unlisted
        .settles()
        .press("e", "is not there: this pool is not in the config");
    let flag = service.console(["--read-only", "jane.doe"]).start();
    flag.wait_for_text("User jane.doe");
    flag.settles()
        .press("e", "is not there: the program was started with --read-only");
    assert!(flag.screen_text().contains("read only"));
    flag.press("W", "write-mode is not there");
    assert_eq!(service.writes(), 0);
}

#[test]
fn the_copied_command_makes_the_same_change_in_a_shell() {
    let Some(peers) = peers::for_suite("the copied command in a shell") else {
        return;
    };
    let server = peers.moto();
    let pool = peers.seed(server, &document()).unwrap().pool_id;
    let launch = cognitui(["--endpoint-url", &server.url, "--user-pool-id", &pool, "ann"]);
    configure(&launch, &listed(&pool));
    let pty = launch.start();
    pty.wait_for_text("User ann");
    let name = "O'Ann \"$(id)\" Ünïcode";
    pty.settles().opens_form("ann").types("name", name).reviews("ann");
    pty.press("y", "-- Copy ").confirms("sent to the terminal");
    let copied = pty.clipboard();
    let [command] = copied.as_slice() else {
        panic!("one text is copied: {copied:?}");
    };
    assert!(
        command.starts_with("aws cognito-idp admin-update-user-attributes "),
        "{command}"
    );
    assert!(command.contains(" --cli-input-json '{"), "{command}");
    assert!(command.is_ascii(), "{command}");
    let before = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(before.attributes["name"], "Ann", "copying sends nothing");
    let output = peers.shell(command, &server.url).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let after = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(after.attributes["name"], name);
}
