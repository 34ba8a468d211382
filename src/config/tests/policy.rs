//! What a policy does to what everybody else says: it makes it stricter, and is named for it.

use super::*;
use crate::config::table::{Entry, SECTIONS};
use crate::config::tighten::How;

/// One setting under a policy.
struct Case {
    section: &'static str,
    key: &'static str,
    /// What the policy says, and what the configuration may ask for on either side of it, as TOML.
    policy: &'static str,
    looser: &'static str,
    stricter: &'static str,
    /// What holds then.
    under_looser: &'static str,
    under_stricter: &'static str,
}

const fn case(
    (section, key): (&'static str, &'static str),
    policy: &'static str,
    [looser, stricter]: [&'static str; 2],
    [under_looser, under_stricter]: [&'static str; 2],
) -> Case {
    Case {
        section,
        key,
        policy,
        looser,
        stricter,
        under_looser,
        under_stricter,
    }
}

const OFF: &str = "\"off\"";
const ON: &str = "\"on\"";

const CASES: &[Case] = &[
    case(("", "read-only"), "true", ["false", "true"], ["true", "true"]),
    case(("", "act-as-user"), OFF, [ON, OFF], [OFF, OFF]),
    case(
        ("", "traces"),
        "\"none\"",
        ["\"all\"", "\"none\""],
        ["\"none\"", "\"none\""],
    ),
    case(
        ("edit", "confirm"),
        "\"always\"",
        ["\"armed\"", "\"always\""],
        ["\"always\"", "\"always\""],
    ),
    case(("edit", "arm-minutes"), "10", ["30", "5"], ["10", "5"]),
    case(("edit", "drafts"), OFF, [ON, OFF], [OFF, OFF]),
    case(
        ("protect", "protected-names"),
        "[\"*prod*\"]",
        ["[]", "[\"live\", \"*prod*\"]"],
        ["[\"*prod*\"]", "[\"*prod*\", \"live\"]"],
    ),
    case(
        ("protect", "protected-users"),
        "[\"group:admins\"]",
        ["[]", "[\"ann\"]"],
        ["[\"group:admins\"]", "[\"group:admins\", \"ann\"]"],
    ),
    case(
        ("protect", "unlisted-pools"),
        "\"read-only\"",
        ["\"name\"", "\"refuse\""],
        ["\"read-only\"", "\"refuse\""],
    ),
    case(
        ("protect", "listed-pools"),
        "[\"eu-west-1_aB3dE5fGh\"]",
        ["[\"eu-west-1_other\"]", "[]"],
        ["[\"eu-west-1_aB3dE5fGh\"]", "[\"eu-west-1_aB3dE5fGh\"]"],
    ),
    case(
        ("protect", "reason"),
        "\"required\"",
        ["\"optional\"", "\"required\""],
        ["\"required\"", "\"required\""],
    ),
    case(
        ("protect", "reason-pattern"),
        "'SUP-\\d+'",
        ["'SUP-\\d+'", "'.{6}'"],
        ["\"SUP-\\\\d+\"", "[\"SUP-\\\\d+\", \".{6}\"]"],
    ),
    case(("protect", "lock-after-minutes"), "10", ["60", "5"], ["10", "5"]),
    case(("protect", "clipboard"), OFF, [ON, OFF], [OFF, OFF]),
    case(("protect", "editor"), OFF, [ON, OFF], [OFF, OFF]),
    case(("protect", "export"), OFF, [ON, OFF], [OFF, OFF]),
    case(
        ("journal", "journal-dir"),
        "\"/srv/journal\"",
        ["\"/home/ann\"", "\"/tmp\""],
        ["\"/srv/journal\"", "\"/srv/journal\""],
    ),
    case(
        ("journal", "values"),
        "\"hashed\"",
        ["\"full\"", "\"none\""],
        ["\"hashed\"", "\"hashed\""],
    ),
    case(("journal", "retention-days"), "400", ["4000", "1"], ["400", "400"]),
    case(("pace", "list-per-second"), "5", ["30", "1"], ["5", "1"]),
    case(("pace", "read-per-second"), "5", ["30", "1"], ["5", "1"]),
    case(("pace", "write-per-second"), "3", ["25", "1"], ["3", "1"]),
];

fn text(section: &str, key: &str, value: &str) -> String {
    match section {
        "" => format!("{key} = {value}\n"),
        section => format!("[{section}]\n{key} = {value}\n"),
    }
}

/// What holds for a setting and who is named for it.
fn found(config: &Config, section: &str, key: &str) -> (Option<String>, Origin) {
    let rows = config
        .rows()
        .into_iter()
        .find(|(found, _)| found.name == section)
        .unwrap()
        .1;
    let row = rows.into_iter().find(|row| row.entry.key == key).unwrap();
    (row.literal, row.origin.clone())
}

fn bound() -> impl Iterator<Item = (&'static str, &'static Entry)> {
    SECTIONS
        .iter()
        .flat_map(|section| section.entries.iter().map(|entry| (section.name, entry)))
        .filter(|(_, entry)| entry.policy.is_some())
}

#[test]
fn every_setting_that_a_policy_may_decide_is_in_the_table() {
    let listed: Vec<(&str, &str)> = CASES.iter().map(|case| (case.section, case.key)).collect();
    let decided: Vec<(&str, &str)> = bound().map(|(section, entry)| (section, entry.key)).collect();
    assert_eq!(listed, decided);
}

#[test]
fn what_is_looser_loses_and_what_is_stricter_stays() {
    for case in CASES {
        let name = format!("{} in [{}]", case.key, case.section);
        let how = bound()
            .find(|(section, entry)| (*section, entry.key) == (case.section, case.key))
            .and_then(|(_, entry)| entry.policy)
            .unwrap()
            .how;
        let start = || Start::default().policy(&text(case.section, case.key, case.policy));
        let under = |configured: &str| {
            let folder = Folder::with(&text(case.section, case.key, configured));
            let config = start().load(&folder).unwrap();
            let (value, origin) = found(&config, case.section, case.key);
            (value, origin, config.overruled)
        };

        let (value, origin) = found(&start().load(&Folder::new()).unwrap(), case.section, case.key);
        assert!(matches!(origin, Origin::Policy { .. }), "{name}: {origin}");
        assert_eq!(value.as_deref(), Some(case.under_looser), "{name} alone");

        let (value, origin, overruled) = under(case.looser);
        assert_eq!(value.as_deref(), Some(case.under_looser), "{name}, looser");
        assert!(matches!(origin, Origin::Policy { .. }), "{name}, looser: {origin}");
        let lost = how != How::Together;
        assert_eq!(overruled.len(), usize::from(lost), "{name}, looser: {overruled:?}");

        let (value, origin, overruled) = under(case.stricter);
        assert_eq!(value.as_deref(), Some(case.under_stricter), "{name}, stricter");
        if how == How::Fixed {
            assert!(matches!(origin, Origin::Policy { .. }), "{name}, another: {origin}");
            assert_eq!(overruled.len(), 1, "{name}, another");
        } else if case.under_stricter == case.under_looser {
            assert!(overruled.is_empty(), "{name}, as strict");
        } else {
            let named = matches!(origin, Origin::File { .. } | Origin::Both(..));
            assert!(named, "{name}, stricter: {origin}");
            assert!(overruled.is_empty(), "{name}, stricter: {overruled:?}");
        }
    }
}

#[test]
fn flags_and_variables_lift_nothing_either() {
    let folder = Folder::with("[pace]\nwrite-per-second = 25\n");
    let start = Start::default()
        .policy("read-only = true\ntraces = \"none\"\n[pace]\nwrite-per-second = 2\n")
        .flag("--read-only", "false")
        .flag("--log", "/home/ann/c.log");
    let config = start.load(&folder).unwrap();
    assert!(config.general.read_only.value);
    assert!(config.general.read_only.origin.is_policy());
    assert_eq!(config.pace.write_per_second.value, 2);
    assert_eq!(config.general.log.value, None);
    let prefix = format!("{}/", folder.0.display());
    let said: Vec<String> = config
        .overruled
        .iter()
        .map(|overruled| overruled.to_string().replace(&prefix, ""))
        .collect();
    assert_eq!(
        said,
        [
            "--read-only: read-only: false has no effect, because true holds by policy policy.toml:1",
            "config.toml:2: write-per-second in [pace]: 25 has no effect, because 2 holds by policy policy.toml:4",
            "--log: log: \"/home/ann/c.log\" has no effect, because not set holds by policy policy.toml:2",
        ]
    );
}

#[test]
fn the_settings_of_a_pool_are_bound_by_the_general_ones() {
    let folder = Folder::with(
        "[[pool]]\nid = \"eu-west-1_a\"\nreason = \"optional\"\nreason-pattern = 'JIRA.*'\nvalues = \"full\"\n\
         [[pool]]\nid = \"eu-west-1_b\"\n",
    );
    let config = Start::default()
        .policy("[protect]\nreason = \"required\"\nreason-pattern = '.*-\\d+'\n[journal]\nvalues = \"none\"\n")
        .load(&folder)
        .unwrap();
    let bound = &config.pools[0];
    assert_eq!(bound.reason.value, Some(Reason::Required));
    assert!(bound.reason.origin.is_policy());
    let pattern = bound.reason_pattern.value.as_ref().unwrap();
    assert!(pattern.matches("JIRA-7") && !pattern.matches("JIRA") && !pattern.matches("SUP-7"));
    assert!(matches!(bound.reason_pattern.origin, Origin::Both(..)));
    assert_eq!(bound.values.value, Some(Values::None));
    assert_eq!(config.overruled.len(), 2);
    // What a pool does not say is the general setting's, and that is bound.
    let plain = &config.pools[1];
    assert_eq!((plain.reason.value, plain.values.value), (None, None));
    assert!(plain.reason_pattern.value.is_none());
}

#[test]
fn traces_none_switches_everything_off_at_once() {
    let text = "log = \"/var/log/c.log\"\ntraces = \"none\"\n[edit]\ndrafts = \"on\"\n[journal]\nvalues = \"full\"\n\
                [[pool]]\nid = \"eu-west-1_a\"\nvalues = \"full\"\n[[pool]]\nid = \"eu-west-1_b\"\n";
    let folder = Folder::with(text);
    let config = Start::default().load(&folder).unwrap();
    let origin = |origin: &Origin| matches!(origin, Origin::Traces(said) if line(said) == Some(2));
    assert_eq!(config.general.log.value, None);
    assert!(origin(&config.general.log.origin));
    assert_eq!(config.edit.drafts.value, OnOff::Off);
    assert!(origin(&config.edit.drafts.origin));
    for switch in [
        &config.protect.clipboard,
        &config.protect.editor,
        &config.protect.export,
    ] {
        assert_eq!(switch.value, OnOff::Off);
        assert!(origin(&switch.origin));
    }
    assert_eq!(config.journal.values.value, Values::None);
    assert_eq!(config.pools[0].values.value, Some(Values::None));
    assert_eq!(config.pools[1].values.value, None);
    assert!(config.overruled.is_empty());

    // A log for this start leaves a trace like any other.
    let flagged = Start::default().flag("--log", "/tmp/c.log").load(&folder).unwrap();
    assert_eq!(flagged.general.log.value, None);

    // What the organisation wants to have in its journal is not the operator's to take away.
    let audited = Start::default()
        .policy("[journal]\nvalues = \"full\"\n")
        .load(&folder)
        .unwrap();
    assert_eq!(audited.journal.values.value, Values::Full);
    assert_eq!(audited.pools[0].values.value, Some(Values::Full));
    assert_eq!(audited.edit.drafts.value, OnOff::Off);

    // A policy says it for everybody, and who asked for something else is told.
    let policy = Start::default().policy("traces = \"none\"\n").load(&folder).unwrap();
    assert!(policy.general.log.origin.is_policy() && policy.journal.values.origin.is_policy());
    assert_eq!(policy.overruled.len(), 4, "{:?}", policy.overruled);
}

#[test]
fn show_names_the_policy() {
    let folder = Folder::with("[protect]\nprotected-names = [\"live\"]\n");
    let config = Start::default()
        .policy("read-only = true\n[protect]\nprotected-names = [\"*prod*\"]\n[edit]\ndrafts = \"off\"\n")
        .load(&folder)
        .unwrap();
    let policy = folder.path("policy.toml").display().to_string();
    let shown = show(&config);
    for expected in [
        format!("# policy of this machine: {policy}\n"),
        format!("read-only = true                         # policy {policy}:1\n"),
        format!("drafts = \"off\"                           # policy {policy}:5\n"),
        format!("protected-names = [\"*prod*\", \"live\"]     # policy {policy}:3 and line 2 of the file\n"),
    ] {
        assert!(shown.contains(&expected), "{expected} is not in\n{shown}");
    }
}

#[test]
fn a_mistake_in_the_policy_ends_the_start_with_its_line() {
    for (policy, expected) in [
        (
            "read-only = 1\n",
            "policy policy.toml:1: read-only: 1 is not true or false",
        ),
        (
            "reed-only = true\n",
            "policy policy.toml:1: unknown key \"reed-only\"; did you mean \"read-only\"?",
        ),
        (
            "region = \"eu-west-1\"\n",
            "policy policy.toml:1: \"region\" is left to the configuration: a policy cannot set it",
        ),
        (
            "[edit]\nverified-default = \"ask\"\n",
            "policy policy.toml:2: \"verified-default\" in [edit] is left to the configuration: a policy cannot set it",
        ),
        (
            "drafts = \"off\"\n",
            "policy policy.toml:1: unknown key \"drafts\"; did you mean \"drafts\" in [edit]?",
        ),
        (
            "[jurnal]\nvalues = \"none\"\n",
            "policy policy.toml:1: unknown key \"jurnal\"; did you mean [journal]?",
        ),
        (
            "[journal]\nvalue = \"none\"\n",
            "policy policy.toml:2: unknown key \"value\" in [journal]; did you mean \"values\"?",
        ),
        (
            "journal = \"none\"\n",
            "policy policy.toml:1: journal is a section: write [journal] and its settings below",
        ),
        (
            "[keys]\nquit = \"q\"\n",
            "policy policy.toml:1: unknown key \"keys\"; the README lists what a policy can set",
        ),
        (
            "[[pool]]\nid = \"eu-west-1_a\"\n",
            "policy policy.toml:1: a policy holds for every pool: write its settings without [[pool]]",
        ),
        (
            "[journal]\njournal-dir = \"~/j\"\n",
            "policy policy.toml:2: journal-dir in [journal]: \"~/j\" is not usable here: HOME is not set, so write the whole path",
        ),
        // The settings of a pool are bound by the same line: it is said once.
        (
            "[protect]\nreason-pattern = 'SUP-('\n",
            "policy policy.toml:2: reason-pattern in [protect]: \"SUP-(\" is not a regular expression: unclosed group",
        ),
    ] {
        let folder = Folder::with("[[pool]]\nid = \"eu-west-1_a\"\nreason-pattern = 'a'\n");
        let start = Start::default().env("HOME", "/home/ann").policy(policy);
        assert_eq!(start.mistakes(&folder), [expected]);
    }
    let broken = Start::default().policy("[protect\n").mistakes(&Folder::new());
    assert!(
        broken[0].starts_with("policy policy.toml:1: this is not TOML: "),
        "{broken:?}"
    );
}

#[test]
fn the_policys_mistakes_come_before_the_others() {
    let folder = Folder::with("reed-only = true\n");
    let found = Start::default()
        .policy("\n\ntrace = \"none\"\n")
        .flag("--read-timeout", "0")
        .mistakes(&folder);
    let places: Vec<&str> = found.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["policy policy.toml:3", "config.toml:1", "--read-timeout"]);
}
