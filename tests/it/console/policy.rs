//! A policy of the machine, and everything that an operator could try against it: the real program, told by a variable
//! that only a program for tests listens to where the policy is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::ran::Ran;
use super::service::Service;
use super::{CUSTOMERS, Hands, cognitui, configure, listed};
use crate::peers::Folder;

/// The demo's pool that is called `shop-prod`, listed without any protection.
const SHOP: &str = "us-east-1_Sh0pPr0d1";

/// Whether the program that is tested listens to the variable: a release has no such door, and that is the point.
fn has_a_door() -> bool {
    if !cfg!(debug_assertions) {
        println!("not run: a release looks for its policy in one place only");
    }
    cfg!(debug_assertions)
}

/// A machine with a policy, and an operator's home on it.
struct Machine {
    home: Folder,
    url: String,
}

impl Machine {
    fn new(policy: &str, config: &str) -> Self {
        let machine = Self {
            home: Folder::new("policy").unwrap(),
            url: String::new(),
        };
        let folder = machine.policy().parent().unwrap().to_path_buf();
        fs::create_dir_all(&folder).unwrap();
        mode(&folder, 0o755);
        machine.rule(policy);
        let folder = machine.path().join(".config/cognitui");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.toml"), config).unwrap();
        machine
    }

    fn at(mut self, service: &Service) -> Self {
        self.url.clone_from(&service.url);
        self
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    fn policy(&self) -> PathBuf {
        self.path().join("etc/policy.toml")
    }

    fn rule(&self, text: &str) {
        fs::write(self.policy(), text).unwrap();
        mode(&self.policy(), 0o644);
    }

    fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        Command::new(env!("CARGO_BIN_EXE_cognitui"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("COGNITUI_TEST_POLICY", self.policy())
            .envs(environment.iter().copied())
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
            .into()
    }

    /// Changes a nickname in a pool, as a script would.
    fn update(&self, pool: &str, user: &str, more: &[&str]) -> Ran {
        let wish = "Name=nickname,Value=Policy";
        let arguments = [
            "update",
            "--endpoint-url",
            &self.url,
            "--user-pool-id",
            pool,
            "--username",
            user,
        ];
        let wished = ["--user-attributes", wish];
        self.run(&[&arguments, &wished[..], more].concat(), &[])
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Every line of a journal below a folder.
fn lines(folder: &Path) -> Vec<Value> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(lines(&path));
        } else if path.extension().is_some_and(|extension| extension == "jsonl") {
            let text = fs::read_to_string(path).unwrap();
            found.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        }
    }
    found
}

#[test]
fn config_variables_and_flags_lift_nothing_and_show_names_the_policy() {
    if !has_a_door() {
        return;
    }
    let policy = "read-only = true\nact-as-user = \"off\"\n[edit]\ndrafts = \"off\"\n[protect]\nclipboard = \"off\"\n\
                  [journal]\njournal-dir = \"/srv/journal\"\nvalues = \"none\"\n[pace]\nwrite-per-second = 2\n";
    let config = "read-only = false\nact-as-user = \"on\"\n[edit]\ndrafts = \"on\"\n[protect]\nclipboard = \"on\"\n\
                  [journal]\njournal-dir = \"/tmp\"\nvalues = \"full\"\n[pace]\nwrite-per-second = 25\n";
    let machine = Machine::new(policy, config);
    let elsewhere = machine.path().join("other.toml");
    fs::write(&elsewhere, config).unwrap();
    let elsewhere = elsewhere.to_str().unwrap();
    let at = machine.policy().display().to_string();
    let variables = [("COGNITUI_CONFIG", elsewhere), ("COGNITUI_POLICY_FILE", "/dev/null")];
    for (arguments, environment) in [
        (vec!["config", "show"], &[][..]),
        (vec!["config", "show", "--config", elsewhere], &[][..]),
        (vec!["config", "show"], &variables[..]),
        (vec!["config", "show", "--demo"], &[][..]),
    ] {
        let shown = machine.run(&arguments, environment).ends(0).out;
        for (setting, line) in [
            ("read-only = true", 1),
            ("act-as-user = \"off\"", 2),
            ("drafts = \"off\"", 4),
            ("clipboard = \"off\"", 6),
            ("values = \"none\"", 9),
            ("write-per-second = 2", 11),
        ] {
            let named = shown
                .lines()
                .any(|found| found.starts_with(setting) && found.ends_with(&format!("# policy {at}:{line}")));
            assert!(named, "{setting} of line {line} is not in\n{shown}");
        }
        assert!(shown.contains(&format!("# policy of this machine: {at}\n")), "{shown}");
    }
    let checked = machine.run(&["config", "check"], &[]).ends(0).out;
    assert_eq!(checked.matches(" has no effect, because ").count(), 7, "{checked}");
    assert!(
        checked.contains(&format!(
            "config.toml:1: read-only: false has no effect, because true holds by policy {at}:1\n"
        )),
        "{checked}"
    );
}

#[test]
fn a_policy_that_cannot_be_relied_on_starts_nothing() {
    if !has_a_door() {
        return;
    }
    let service = Service::start();
    let machine = Machine::new("read-only = true\n", &listed(CUSTOMERS)).at(&service);
    let refused = |words: &str| {
        let shown = machine.run(&["config", "show"], &[]).ends(2).says(&[words]);
        assert_eq!(shown.out, "");
        machine.run(&["config", "check"], &[]).ends(2).says(&[words]);
        machine.run(&["--demo"], &[]).ends(2).says(&[words]);
        machine.update(CUSTOMERS, "jane.doe", &[]).ends(2).says(&[words]);
    };
    let path = machine.policy();
    mode(&path, 0o666);
    refused("others can write to it (mode 0666); as root: chmod go-w ");
    mode(&path, 0o644);
    mode(path.parent().unwrap(), 0o777);
    refused("others can write to it (mode 0777); as root: chmod go-w ");
    mode(path.parent().unwrap(), 0o755);
    machine.rule("read-only = yes\n");
    refused("this is not TOML");
    machine.rule("reed-only = true\n");
    refused("unknown key \"reed-only\"; did you mean \"read-only\"?");
    fs::rename(&path, path.with_extension("real")).unwrap();
    std::os::unix::fs::symlink(path.with_extension("real"), &path).unwrap();
    refused("it is a symbolic link");
    assert_eq!(service.emulator.calls().len(), 0);
}

#[test]
fn a_reason_of_the_policys_form_is_given_or_nothing_is_sent() {
    if !has_a_door() {
        return;
    }
    let service = Service::start();
    let policy = "[protect]\nprotected-names = [\"*PROD*\"]\nreason-pattern = 'SUP-\\d+'\n";
    let config = format!(
        "{}reason = \"optional\"\nreason-pattern = '.*'\nprotected = false\n{}",
        listed(SHOP),
        listed(CUSTOMERS)
    );
    let machine = Machine::new(policy, &config).at(&service);
    let named = ["--confirm-pool", "shop-prod"];
    let missing = "a reason is required here, of the form ";
    machine
        .update(SHOP, "jane.doe", &[])
        .ends(2)
        .says(&["is protected: add --confirm-pool", missing, r"SUP-\d+"]);
    machine
        .update(SHOP, "jane.doe", &named)
        .ends(2)
        .says(&[missing, "add it with --reason"]);
    let wrong = [&named[..], &["--reason", "because"]].concat();
    machine
        .update(SHOP, "jane.doe", &wrong)
        .ends(2)
        .says(&["--reason: the whole reason has to be of the form "]);
    assert_eq!(service.writes(), 0);
    let right = [&named[..], &["--reason", "SUP-4711"]].concat();
    machine.update(SHOP, "jane.doe", &right).ends(0);
    assert_eq!(service.writes(), 1);
    let reasons: Vec<Value> = lines(&machine.path().join(".local/state/cognitui"))
        .iter()
        .map(|line| line["intent"]["reason"]["value"].clone())
        .filter(|reason| !reason.is_null())
        .collect();
    assert_eq!(reasons, ["SUP-4711"]);
    // Another pool is as the configuration says.
    machine.update(CUSTOMERS, "jane.doe", &[]).ends(0);
}

#[test]
fn pools_that_are_not_listed_stay_closed_and_the_users_of_the_list_as_they_are() {
    if !has_a_door() {
        return;
    }
    let service = Service::start();
    let policy = "[protect]\nunlisted-pools = \"refuse\"\nprotected-users = [\"JANE.doe\"]\n";
    let config = format!(
        "[protect]\nunlisted-pools = \"name\"\nprotected-users = []\n{}",
        listed(CUSTOMERS)
    );
    let machine = Machine::new(policy, &config).at(&service);
    let why = "is not in the configuration, and the policy of this machine opens no such pool (unlisted-pools)";
    for more in [&["--confirm-pool", "shop-prod"][..], &["--dry-run"][..]] {
        machine.update(SHOP, "jane.doe", more).ends(2).says(&[why]);
    }
    machine
        .update(CUSTOMERS, "jane.doe", &[])
        .ends(1)
        .says(&["protected-users"]);
    assert_eq!(service.writes(), 0);
}

#[test]
fn listing_a_pool_opens_none_that_the_policy_does_not_list() {
    if !has_a_door() {
        return;
    }
    let service = Service::start();
    let policy = format!("[protect]\nunlisted-pools = \"refuse\"\nlisted-pools = [\"{CUSTOMERS}\"]\n");
    let config = format!("{}{}", listed(CUSTOMERS), listed(SHOP));
    let machine = Machine::new(&policy, &config).at(&service);
    let why = "does not count as listed (listed-pools), and the policy of this machine opens no such pool";
    machine.update(SHOP, "jane.doe", &[]).ends(2).says(&[why]);
    assert_eq!(service.writes(), 0);
    machine.update(CUSTOMERS, "jane.doe", &[]).ends(0);
}

#[test]
fn the_journal_lies_where_the_policy_says_and_keeps_what_it_says() {
    if !has_a_door() {
        return;
    }
    let service = Service::start();
    let machine = Machine::new(
        "",
        &format!(
            "[journal]\njournal-dir = \"own\"\n{}values = \"full\"\n",
            listed(CUSTOMERS)
        ),
    );
    let machine = machine.at(&service);
    let team = machine.path().join("team");
    fs::create_dir(&team).unwrap();
    mode(&team, 0o1770);
    machine.rule(&format!(
        "[journal]\njournal-dir = {:?}\nvalues = \"none\"\n",
        team.display().to_string()
    ));
    machine.update(CUSTOMERS, "jane.doe", &[]).ends(0);
    let written = lines(&team);
    assert!(written.iter().any(|line| line["intent"].is_object()), "{written:?}");
    let text = format!("{written:?}");
    assert!(!text.contains("jane.doe") && !text.contains("Policy"), "{text}");
    assert!(lines(&machine.path().join("own")).is_empty());
    assert!(lines(&machine.path().join(".local")).is_empty());

    // And the list of traces says so.
    let listed = machine.run(&["config", "traces", "--output", "json"], &[]).ends(0).out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let journal = &listed["places"][0];
    assert_eq!((&journal["place"], &journal["now"]), (&"journal".into(), &"off".into()));
    assert_eq!(journal["by"], format!("policy {}:3", machine.policy().display()));
    assert_eq!(journal["found"][1]["path"], team.display().to_string());
    assert!(journal["found"][0]["files"].as_u64() > Some(0), "{journal}");
}

#[test]
fn the_console_says_policy_and_no_key_lifts_it() {
    if !has_a_door() {
        return;
    }
    let service = Service::start();
    let launch = cognitui(["--endpoint-url", &service.url, "--user-pool-id", CUSTOMERS, "jane.doe"]);
    configure(&launch, &format!("read-only = false\n{}", listed(CUSTOMERS)));
    let folder = launch.home().join("etc");
    fs::create_dir(&folder).unwrap();
    mode(&folder, 0o755);
    let policy = folder.join("policy.toml");
    fs::write(&policy, "read-only = true\n").unwrap();
    mode(&policy, 0o644);
    let mut pty = launch.env("COGNITUI_TEST_POLICY", policy.to_str().unwrap()).start();
    pty.wait_for_text("User jane.doe");
    pty.settles();
    let header = pty.screen_text().lines().take(2).collect::<Vec<_>>().join("\n");
    assert!(header.contains("policy") && header.contains("read only"), "{header}");
    pty.press("W", "the policy of this machine");
    pty.keys("e");
    pty.has_taken_everything();
    assert!(pty.screen_text().contains("User jane.doe"), "{}", pty.screen_text());
    assert!(!pty.screen_text().contains("Edit jane.doe"), "{}", pty.screen_text());
    assert_eq!(service.writes(), 0);
    assert_eq!(pty.quits(), Some(0));
}
