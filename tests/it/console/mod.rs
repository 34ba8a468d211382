//! The program itself in a real pseudo-terminal: the file that is installed, started as a person starts it, with real
//! keys, against the demo, moto, cognito-local and the emulator behind a socket. What another client sees afterwards
//! is what counts, not what the screen says.
#![cfg(test)]

mod acting;
mod codes;
mod credentials;
mod drafts;
mod drawing;
mod dying;
mod edits;
mod exporting;
mod files;
mod from;
mod lint;
mod list;
mod places;
mod policy;
mod ran;
mod service;
mod start;
mod typing;
mod update;
mod ways_out;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::pty::{Launch, Pty};

/// The demo's pool with the people of the documents, open for writing.
const CUSTOMERS: &str = "us-east-1_aB3dE5fGh";

const NOTHING: [String; 0] = [];

/// The program with these arguments in an 80x24 terminal, with an empty home and nothing of AWS around it.
fn cognitui<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Launch {
    quiet(Launch::new(env!("CARGO_BIN_EXE_cognitui")).args(arguments))
}

/// The same started by a shell, which finds it as `$COGNITUI`.
fn shell(script: &str) -> Launch {
    quiet(Launch::new("sh").args(["-c", script])).env("COGNITUI", env!("CARGO_BIN_EXE_cognitui"))
}

/// No instance metadata, and for whatever would leave this machine a proxy that is not there.
fn quiet(launch: Launch) -> Launch {
    launch
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("NO_PROXY", "")
}

/// Writes the config where the program looks for it.
fn configure(launch: &Launch, text: &str) -> PathBuf {
    let folder = launch.home().join(".config/cognitui");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.toml");
    std::fs::write(&file, text).unwrap();
    file
}

/// A config that lists one pool, so that it opens for writing.
fn listed(pool: &str) -> String {
    format!("[[pool]]\nid = \"{pool}\"\n")
}

/// The state folder of a program with this home.
fn state(home: &Path) -> PathBuf {
    home.join(".local/state/cognitui")
}

#[expect(clippy::disallowed_methods, reason = "how long the program takes is what is tested")]
fn now() -> Instant {
    Instant::now()
}

/// Nobody unparks a test: the time between two packets of a line, or the time a person takes. Nothing is waited for
/// in this way.
fn pause(milliseconds: u64) {
    std::thread::park_timeout(Duration::from_millis(milliseconds));
}

/// What a person does with the console, each step ending when the screen shows that it was done.
trait Hands {
    /// Types keys and waits for a text to be there.
    fn press(&self, keys: &str, shows: &str) -> &Self;
    /// Waits until nothing is being asked any more.
    fn settles(&self) -> &Self;
    /// From the list of the demo's pools to the users of one.
    fn opens_customers(&self) -> &Self;
    /// From the users to one of them, found by the whole name.
    fn finds(&self, user: &str) -> &Self;
    /// From the user to the form, read from the service.
    fn opens_form(&self, user: &str) -> &Self;
    /// In the form: another e-mail address, vouched for.
    fn types_email(&self, address: &str) -> &Self;
    /// In the form: another value for an attribute that is not an address.
    fn types(&self, attribute: &str, value: &str) -> &Self;
    /// From the form to the review, read again, with the focus on Send.
    fn reviews(&self, user: &str) -> &Self;
    /// Presses the button under the focus, when it can be meant.
    fn confirms(&self, shows: &str) -> &Self;
    /// Presses the button under the focus without waiting for what comes of it.
    fn confirms_at_once(&self) -> &Self;
    /// Whatever was typed before has been taken: the mask put on and taken off after it, which works in fields as well.
    fn has_taken_everything(&self) -> &Self;
    /// Quits from wherever it is, with `q` and nothing else.
    fn quits(&mut self) -> Option<i32>;
}

impl Hands for Pty {
    #[track_caller]
    fn press(&self, keys: &str, shows: &str) -> &Self {
        self.keys(keys);
        self.wait_for_text(shows);
        self
    }

    fn settles(&self) -> &Self {
        self.wait_for("nothing running", |screen| {
            let text = screen.contents();
            text.contains("Status") && !text.contains(" running") && !text.contains("reading")
        });
        self
    }

    fn opens_customers(&self) -> &Self {
        self.wait_for_text("us-east-1_B4nkMfA77");
        self.press("<enter>", "jane@example.com").settles()
    }

    fn finds(&self, user: &str) -> &Self {
        self.press("/", "Enter ask the service")
            .press(user, &format!("/ {user}"))
            .press("<enter>", &format!("User {user}"))
            .settles()
    }

    fn opens_form(&self, user: &str) -> &Self {
        self.press("e", &format!("Edit {user}")).settles()
    }

    fn types_email(&self, address: &str) -> &Self {
        self.press("<enter>", "EDITING email")
            .press("<c-u>", "empty is no value")
            .press(address, address)
            .press("<enter>", "not chosen")
            .press("v", "I checked it")
            .settles()
    }

    fn types(&self, attribute: &str, value: &str) -> &Self {
        self.press("/", "Esc close")
            .press(attribute, &format!("/ {attribute}"))
            .confirms("ctrl-s review")
            .press("<enter>", &format!("EDITING {attribute}"))
            .press("<c-u>", "empty is no value")
            .press(value, value)
            .keys("<enter>");
        self.wait_for("the value taken", |screen| {
            let text = screen.contents();
            text.contains("to send") && !text.contains("EDITING")
        });
        self.settles()
    }

    fn reviews(&self, user: &str) -> &Self {
        self.press("<c-s>", &format!("Review {user}")).settles();
        self.press("<tab>", ">[ Send")
    }

    fn confirms(&self, shows: &str) -> &Self {
        self.confirms_at_once().wait_for_text(shows);
        self
    }

    fn confirms_at_once(&self) -> &Self {
        pause(400); // nothing confirms in the moment after a dialog opened
        self.keys("<enter>");
        self
    }

    fn has_taken_everything(&self) -> &Self {
        self.press("<f3>", "MASKED");
        self.keys("<f3>");
        self.wait_for("the mask taken off", |screen| !screen.contents().contains("MASKED"));
        self
    }

    fn quits(&mut self) -> Option<i32> {
        self.settles();
        for _ in 0..6 {
            let before = self.screen_text();
            self.keys("q");
            self.wait_for("a step back", |screen| {
                screen.contents() != before || !screen.alternate_screen()
            });
            if !self.with_screen(vt100::Screen::alternate_screen) {
                break;
            }
        }
        self.wait_exit().code()
    }
}
