//! What ends with 2: nothing is sent, and standard error says what to write instead.

use super::{CUSTOMERS, SHOP, Script, Service, token};

const NAME: [&str; 2] = ["--user-attributes", "Name=name,Value=Other"];

/// Nobody writes anything in these.
struct Quiet(Service);

impl Drop for Quiet {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let writes = self.0.writes() + self.0.count("UpdateUserAttributes") + self.0.count("DeleteUserAttributes");
            assert_eq!(writes, 0);
        }
    }
}

#[test]
fn a_token_is_taken_from_standard_input_alone() {
    let service = Quiet(Service::start());
    let script = Script::on(&service.0.url, &[CUSTOMERS]);
    let token = token(&service.0, CUSTOMERS, "jane.doe");
    let ran = script
        .run(&["--access-token", &token, NAME[0], NAME[1]], "")
        .ends(2)
        .says(&["standard input"]);
    assert!(!ran.err.contains(&token) && ran.out.is_empty());
    script.own("", &NAME).ends(2).says(&["holds no token"]);
    let ran = script
        .own("an.invented.secret", &NAME)
        .ends(2)
        .says(&["no access token"]);
    assert!(!ran.err.contains("secret"));
    let long = "x".repeat(20_000);
    script.own(&long, &NAME).ends(2).says(&["more than 16384 bytes"]);
    script
        .own(&token, &[NAME[0], NAME[1], "--user-pool-id", SHOP])
        .ends(2)
        .says(&["another pool"]);
    assert_eq!(service.0.emulator.calls().len(), 0, "nobody was asked");
}

#[test]
fn every_problem_is_said_before_anything_is_sent() {
    let service = Quiet(Service::start());
    let script = Script::on(&service.0.url, &[CUSTOMERS]);
    let ran = script
        .admin(
            "jane.doe",
            &[
                "--user-attributes",
                "Name=nope,Value=x",
                "Name=birthdate,Value=May",
                "Name=email,Value=a@example.com",
            ],
        )
        .ends(2)
        .says(&[
            "nope: locked: not in this pool's schema",
            "birthdate",
            "--cognito-decides email",
        ]);
    assert_eq!(ran.out, "");
    let token = token(&service.0, CUSTOMERS, "jane.doe");
    script
        .own(&token, &["--user-attributes", "Name=email_verified,Value=true"])
        .ends(2)
        .says(&["email_verified: locked: a code verifies it"]);
    script
        .admin("jane.doe", &["--user-attributes", "file://absent.json"])
        .ends(2)
        .says(&["absent.json"]);
    script
        .run(&["--username", "jane.doe", NAME[0], NAME[1]], "")
        .ends(2)
        .says(&["--user-pool-id"]);
    // An e-mail address reaches the user it is an alias of; the change is for a username.
    script.admin("jane@example.com", &NAME).ends(2).says(&["alias"]);
}

#[test]
fn a_pool_that_nobody_listed_asks_for_its_name_on_both_routes() {
    let service = Service::start();
    let script = Script::on(&service.url, &[]);
    script
        .admin("jane.doe", &NAME)
        .ends(2)
        .says(&["is not in the configuration", "--confirm-pool"]);
    let token = token(&service, CUSTOMERS, "jane.doe");
    script.own(&token, &NAME).ends(2).says(&["is not in the configuration"]);
    script
        .admin("jane.doe", &[NAME[0], NAME[1], "--dry-run"])
        .ends(0)
        .says(&["dry run: nothing was sent", "--confirm-pool"]);
    script
        .admin("jane.doe", &[NAME[0], NAME[1], "--confirm-pool", "shop-prod"])
        .ends(2)
        .says(&["is not the name of"]);
    assert_eq!(service.writes(), 0);
    script
        .admin("jane.doe", &[NAME[0], NAME[1], "--confirm-pool", "customers"])
        .ends(0);
    assert_eq!(service.writes(), 1);
}

#[test]
fn a_protected_pool_is_armed_by_its_name_and_takes_a_reason() {
    let service = Service::start();
    let script = Script::on(&service.url, &[]);
    script.configure(&format!("{}protected = true\n", super::super::listed(CUSTOMERS)));
    script.admin("jane.doe", &NAME).ends(2).says(&[
        "is protected: add --confirm-pool",
        "a reason is required here: add it with --reason",
    ]);
    let named = [NAME[0], NAME[1], "--confirm-pool", "customers"];
    script.admin("jane.doe", &named).ends(2).says(&["add it with --reason"]);
    assert_eq!(service.emulator.calls().len(), 0);
    script
        .admin(
            "jane.doe",
            &[named.as_slice(), &["--reason", "asked by phone"]].concat(),
        )
        .ends(0);
    assert!(script.written().contains("asked by phone"));
}

#[test]
fn read_only_stays_read_only_and_acting_can_be_switched_off() {
    let service = Quiet(Service::start());
    let script = Script::on(&service.0.url, &[CUSTOMERS]);
    let confirmed = [NAME[0], NAME[1], "--confirm-pool", "customers"];
    script
        .admin("jane.doe", &[confirmed.as_slice(), &["--read-only"]].concat())
        .ends(2)
        .says(&["--read-only"]);
    script
        .admin("jane.doe", &[NAME[0], NAME[1], "--read-only", "--dry-run"])
        .ends(0);
    script.configure(&format!("{}read-only = true\n", super::super::listed(CUSTOMERS)));
    script.admin("jane.doe", &confirmed).ends(2).says(&["for reading only"]);
    script.configure(&format!("act-as-user = \"off\"\n{}", super::super::listed(CUSTOMERS)));
    let token = token(&service.0, CUSTOMERS, "jane.doe");
    let asked = service.0.emulator.calls().len();
    script.own(&token, &NAME).ends(2).says(&["act-as-user"]);
    script
        .own(&token, &[NAME[0], NAME[1], "--dry-run"])
        .ends(2)
        .says(&["act-as-user"]);
    assert_eq!(service.0.emulator.calls().len(), asked);
}

#[test]
fn whoever_takes_an_alias_writes_the_username_twice() {
    let service = Service::start();
    let script = Script::on(&service.url, &[CUSTOMERS]);
    let take = [
        "--user-attributes",
        "Name=email,Value=jane@example.com",
        "--verified",
        "email",
    ];
    script.admin("bob", &take).ends(2).says(&[
        "taken from jane.doe",
        "takes an alias from jane.doe",
        "--confirm-username",
    ]);
    script
        .admin("bob", &[take.as_slice(), &["--confirm-username", "jane.doe"]].concat())
        .ends(2);
    assert_eq!(service.writes(), 0);
    script
        .admin("bob", &[take.as_slice(), &["--confirm-username", "bob"]].concat())
        .ends(0);
    assert_eq!(service.writes(), 1);
}
