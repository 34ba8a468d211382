//! Credentials that end or are replaced while the console runs: files and a `credential_process` of the real AWS settings,
//! read by the real SDK, and a service that takes a key for expired from one moment to the next. Nothing is lost and
//! nothing is started again: `r` reads them anew.

use std::fs;
use std::path::Path;

use super::Hands;
use super::places::{aws, says};
use super::service::Service;
use crate::pty::{Launch, Pty};

/// Where the keys of the profile `work` come from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// `~/.aws/credentials`.
    File,
    /// A command that prints them.
    Process,
}

impl Source {
    const ALL: [Self; 2] = [Self::File, Self::Process];

    /// Puts a key where the profile finds it.
    fn hand_out(self, home: &Path, key: &str) {
        let (file, text) = match self {
            Self::File => (
                home.join(".aws/credentials"),
                format!("[work]\naws_access_key_id = {key}\naws_secret_access_key = x\naws_session_token = y\n"),
            ),
            Self::Process => (
                home.join(".aws/keys.json"),
                format!(r#"{{"Version": 1, "AccessKeyId": "{key}", "SecretAccessKey": "x", "SessionToken": "y"}}"#),
            ),
        };
        fs::write(file, text).unwrap();
    }

    fn launch(self, service: &Service, more: &[&'static str]) -> Launch {
        let profile = ["--profile", "work"].into_iter().chain(more.iter().copied());
        let launch = service.console(profile).size(120, 40);
        let command = match self {
            Self::File => String::new(),
            Self::Process => format!("credential_process = cat {}/.aws/keys.json\n", launch.home().display()),
        };
        aws(
            &launch,
            "config",
            &format!("[profile work]\nregion = us-east-1\n{command}"),
        );
        self.hand_out(launch.home(), "AKIDOLD");
        launch
    }
}

/// Presses `r` and waits for the newest entry to say so.
#[track_caller]
fn tries_again(pty: &Pty, word: &str) {
    pty.keys("r");
    pty.wait_for(word, |screen| {
        let text = screen.contents();
        let newest = text.lines().skip_while(|line| !line.contains("-- Status")).nth(1);
        newest.is_some_and(|line| line.contains(word)) && !text.contains(" running")
    });
}

/// From the list to the form with a pending edit, then the key ends, then a new one is there.
fn rotates(source: Source, expire_at: impl Fn(&Service, &Pty)) {
    let service = Service::start();
    let mut pty = source.launch(&service, &["jane.doe"]).start();
    pty.wait_for_text("User jane.doe");
    pty.settles();
    expire_at(&service, &pty);
    says(&pty, &["ExpiredTokenException", "aws sso login --profile work"]);
    assert_eq!(service.writes(), 0, "{source:?}");
    source.hand_out(pty.home(), "AKIDNEW");
    tries_again(&pty, "read ");
    assert!(pty.screen_text().contains("Jane Later"), "{}", pty.screen_text());
    pty.reviews("jane.doe").confirms("read back and true");
    assert_eq!(service.writes(), 1, "{source:?}");
    let jane = service.emulator.user(super::CUSTOMERS, "jane.doe").unwrap();
    assert_eq!(jane.attribute("name"), Some("Jane Later"), "{source:?}");
    assert_eq!(pty.quits(), Some(0));
}

#[test]
fn a_key_that_ends_in_the_form_is_read_anew_and_the_edits_stay() {
    for source in Source::ALL {
        rotates(source, |service, pty| {
            pty.opens_form("jane.doe").types("name", "Jane Later");
            service.emulator.expire_key("AKIDOLD");
            tries_again(pty, "FAILED ");
        });
    }
}

#[test]
fn a_key_that_ends_between_review_and_send_sends_nothing_and_keeps_the_edits() {
    for source in Source::ALL {
        rotates(source, |service, pty| {
            pty.opens_form("jane.doe")
                .types("name", "Jane Later")
                .reviews("jane.doe");
            service.emulator.expire_key("AKIDOLD");
            pty.confirms("NOT SENT");
            pty.settles().press("<esc>", "Edit jane.doe").has_taken_everything();
            tries_again(pty, "FAILED ");
        });
    }
}

#[test]
fn a_key_that_ends_in_the_list_is_read_anew() {
    for source in Source::ALL {
        let service = Service::start();
        let mut pty = source.launch(&service, &[]).start();
        pty.wait_for_text("jane@example.com");
        pty.settles();
        service.emulator.expire_key("AKIDOLD");
        let asked = service.count("ListUsers");
        tries_again(&pty, "FAILED ");
        assert!(pty.screen_text().contains("jane@example.com"), "what was read stays");
        source.hand_out(pty.home(), "AKIDNEW");
        tries_again(&pty, "read ");
        assert!(service.count("ListUsers") > asked + 1, "{source:?}");
        let last = service.emulator.calls().pop().unwrap();
        assert_eq!(last.outcome, "ok", "{source:?}");
        assert_eq!(pty.quits(), Some(0));
    }
}
