//! `cognitui update` as a script runs it: what it prints where, its exit codes, and what has gone out by then.

mod crash;
mod gate;
mod journal;
mod others;
mod outcomes;
mod stops;
mod usage;

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::{Value, json};

use super::CUSTOMERS;
use super::ran::Ran;
use super::service::Service;
use crate::peers::Folder;

/// The demo's pool in which a new address waits for its code. It is protected in no config but ours.
const SHOP: &str = "us-east-1_Sh0pPr0d1";

impl Ran {
    /// Our own part of the document.
    fn ours(&self) -> Value {
        self.json()["cognitui"].clone()
    }
}

/// A shell script's surroundings: a home of its own and nothing of AWS.
struct Script {
    home: Folder,
    url: String,
    environment: Vec<(&'static str, String)>,
}

impl Script {
    /// With a config that lists these pools.
    fn on(url: &str, pools: &[&str]) -> Self {
        let script = Self {
            home: Folder::new("update").unwrap(),
            url: url.to_owned(),
            environment: Vec::new(),
        };
        let config: String = pools.iter().map(|pool| super::listed(pool)).collect();
        script.configure(&config);
        script
    }

    fn configure(&self, text: &str) {
        let folder = self.home().join(".config/cognitui");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), text).unwrap();
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    fn start(&self, arguments: &[&str], input: &str) -> Child {
        let mut child = self.waits_for_input(arguments);
        // A command that refuses its arguments reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child
    }

    /// With a standard input that stays open.
    fn waits_for_input(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
        command
            .arg("update")
            .args(arguments)
            .env_clear()
            .env("HOME", self.home())
            .env("LANG", "C.UTF-8")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(self.home())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if !self.url.is_empty() {
            command.args(["--endpoint-url", &self.url]);
        }
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command.spawn().unwrap()
    }

    fn run(&self, arguments: &[&str], input: &str) -> Ran {
        ended(self.start(arguments, input))
    }

    /// As the administrator on a user of the demo's customers.
    fn admin(&self, user: &str, more: &[&str]) -> Ran {
        self.run(&[&["--user-pool-id", CUSTOMERS, "--username", user], more].concat(), "")
    }

    /// As the user whose token this is.
    fn own(&self, token: &str, more: &[&str]) -> Ran {
        self.run(&[&["--access-token", "-"], more].concat(), token)
    }

    /// Everything that was written under the home.
    fn written(&self) -> String {
        let mut text = String::new();
        let mut folders = vec![self.home().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
                }
            }
        }
        text
    }
}

fn ended(child: Child) -> Ran {
    child.wait_with_output().unwrap().into()
}

fn code(status: ExitStatus) -> Option<i32> {
    status.code()
}

fn token(service: &Service, pool: &str, user: &str) -> String {
    service.emulator.access_token(pool, "web", user).unwrap()
}

fn attributes(pairs: &[(&str, &str)]) -> String {
    let list: Vec<Value> = pairs
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    Value::Array(list).to_string()
}
