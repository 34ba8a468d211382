//! Acting as a user from the start: the token comes through standard input, keys from the terminal itself.

use std::path::Path;

use super::service::Service;
use super::{CUSTOMERS, Hands, NOTHING, configure, listed, shell};
use crate::pty::Launch;

/// The program started by a shell with a file as its standard input.
fn fed(more: &str, input: &[u8]) -> Launch {
    let launch = shell(&format!("\"$COGNITUI\" --access-token {more} < token; echo code $?")).size(100, 30);
    write(launch.home(), input);
    launch
}

fn write(home: &Path, input: &[u8]) {
    std::fs::write(home.join("token"), input).unwrap();
}

#[test]
fn a_token_from_standard_input_opens_the_own_form_and_keys_come_from_the_terminal() {
    let service = Service::start();
    let token = service.emulator.access_token(CUSTOMERS, "web", "jane.doe").unwrap();
    let launch = fed(
        &format!("- --endpoint-url {}", service.url),
        format!("{token}\n").as_bytes(),
    );
    configure(&launch, &listed(CUSTOMERS));
    let mut pty = launch.start();
    pty.wait_for_text("Edit AS THE USER jane.doe");
    pty.wait_for_text("AS jane.doe");
    pty.settles()
        .types("nickname", "Janie")
        .reviews("jane.doe")
        .confirms("read back and true");
    assert_eq!(service.count("UpdateUserAttributes"), 1);
    assert_eq!(service.count("GetUser"), 4, "start, review, before and after the write");
    assert_eq!((service.writes(), service.count("AdminGetUser")), (0, 0));
    let user = service.emulator.user(CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(user.attribute("nickname"), Some("Janie"));
    assert_eq!(pty.quits(), Some(0));
    assert!(pty.screen_text().contains("code 0"), "{}", pty.screen_text());
    assert_eq!(pty.left_behind(), NOTHING);
    let written = String::from_utf8_lossy(&pty.raw()).into_owned();
    assert!(!written.contains(&token), "the token never reaches the terminal");
}

#[test]
fn the_token_names_its_pool_before_the_one_that_the_configuration_opens_by_default() {
    let service = Service::start();
    let token = service.emulator.access_token(CUSTOMERS, "web", "jane.doe").unwrap();
    let launch = fed(&format!("- --endpoint-url {}", service.url), token.as_bytes());
    let other = "user-pool-id = \"us-east-1_Sh0pPr0d1\"\n";
    configure(&launch, &format!("{other}{}", listed(CUSTOMERS)));
    let mut pty = launch.start();
    pty.wait_for_text("Edit AS THE USER jane.doe");
    pty.settles();
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn where_standard_input_is_the_terminal_the_token_is_typed_masked() {
    let service = Service::start();
    let token = service.emulator.access_token(CUSTOMERS, "web", "jane.doe").unwrap();
    let mut pty = service.console(["--access-token", "-"]).size(100, 30).start();
    pty.wait_for_text("Paste or type the access token");
    pty.settles();
    pty.paste(&token);
    pty.wait_for_text(">*****");
    pty.confirms("Edit AS THE USER jane.doe").settles();
    assert!(!String::from_utf8_lossy(&pty.raw()).contains(&token));
    assert_eq!(pty.quits(), Some(0));
    assert_eq!(pty.left_behind(), NOTHING);
}

#[test]
fn what_is_no_token_is_refused_before_the_screen_is_touched_and_never_repeated() {
    for (more, config, input, says) in [
        ("eyJhbGciOi.secret.part", "", "", "takes - and nothing else"),
        (
            "-",
            "act-as-user = \"off\"\n",
            "a.b.c\n",
            "switches acting as a user off",
        ),
        ("-", "", "secret.part\n", "that is no access token"),
        ("-", "", "\n", "holds no token"),
        ("- --read-only", "", "a.secret.c\n", "that is no access token"),
    ] {
        let launch = fed(more, input.as_bytes());
        configure(&launch, config);
        let mut pty = launch.start();
        pty.wait_exit();
        let screen = pty.screen_text().replace('\n', " ");
        assert!(screen.contains(says) && screen.contains("code 2"), "{screen}");
        assert!(!screen.contains("secret"), "{screen}");
        assert!(!pty.raw().contains(&0x1b), "nothing was drawn");
        assert_eq!(pty.left_behind(), NOTHING);
    }
}
