//! Which layer decides, and that it is named.

use std::time::Duration;

use super::*;
use crate::domain::column::{Column, Sort};

#[test]
fn without_anything_every_setting_has_its_default_and_says_so() {
    let folder = Folder::new();
    let config = Start::default().load(&folder).unwrap();
    assert_eq!(config.file, ConfigFile::Absent(folder.path("config.toml")));
    for (_, rows) in config.rows() {
        for row in rows {
            assert_eq!(*row.origin, Origin::Default, "{}", row.entry.key);
            assert_eq!(row.literal, (row.entry.default)(), "{}", row.entry.key);
        }
    }
    assert_eq!(config.general.connect_timeout.value, Duration::from_secs(5));
    assert_eq!(config.general.read_timeout.value, Duration::from_secs(20));
    assert!(!config.general.read_only.value);
    assert_eq!(config.screen.charset.value, Charset::Auto);
    assert_eq!(config.screen.theme.value, Theme::Default);
    assert_eq!(config.screen.time_zone.value, TimeZone::Utc);
    assert_eq!(config.screen.pane_height.value, 7);
    assert_eq!(config.edit.verified_default.value, VerifiedDefault::Ask);
    assert_eq!(config.edit.confirm.value, Confirm::Armed);
    assert_eq!(config.edit.arm_minutes.value, 30);
    assert_eq!(config.pace.list_per_second.value, 10);
    assert_eq!(config.pace.read_per_second.value, 20);
    // At most a fifth of the UserUpdate quota, which the people who sign in share.
    assert_eq!(config.pace.write_per_second.value, 25 / 5);
    assert!(config.pools.is_empty() && config.keys.is_empty() && config.views.is_empty());
}

#[test]
fn every_setting_of_the_file_is_taken_with_its_line() {
    let config = loaded(
        r#"region = "eu-west-1"
profile = "support"
user-pool-id = "eu-west-1_aB3dE5fGh"
endpoint-url = "https://cognito.example.com"
ca-bundle = "/etc/ca.pem"
connect-timeout = 7
read-timeout = 300
read-only = true
act-as-user = "off"
log = "/var/log/c.log"
traces = "all"
[screen]
charset = "ascii"
theme = "high-contrast"
time-zone = "local"
columns = ["username", "custom:tier"]
pane-height = 3
[find]
phone-prefixes = ["+1", "+4930"]
[edit]
verified-default = "pool"
confirm = "always"
arm-minutes = 480
drafts = "off"
[protect]
protected-names = ["*prod*", "live"]
protected-users = ["admin", "group:admins"]
unlisted-pools = "read-only"
listed-pools = ["eu-west-1_aB3dE5fGh"]
reason = "required"
reason-pattern = 'SUP-\d+'
lock-after-minutes = 10
clipboard = "off"
editor = "off"
export = "off"
[journal]
journal-dir = "/srv/journal"
values = "hashed"
retention-days = 400
[pace]
list-per-second = 30
read-per-second = 120
write-per-second = 25
"#,
    );
    let text = |value: &Option<String>| value.clone().unwrap();
    assert_eq!(text(&config.general.region.value), "eu-west-1");
    assert_eq!(text(&config.general.profile.value), "support");
    assert_eq!(text(&config.general.user_pool_id.value), "eu-west-1_aB3dE5fGh");
    assert!(!config.general.endpoint_url.value.as_ref().unwrap().is_loopback());
    assert_eq!(config.general.ca_bundle.value, Some(PathBuf::from("/etc/ca.pem")));
    assert_eq!(config.general.connect_timeout.value, Duration::from_secs(7));
    assert_eq!(config.general.read_timeout.value, Duration::from_secs(300));
    assert!(config.general.read_only.value);
    assert_eq!(config.general.act_as_user.value, OnOff::Off);
    assert_eq!(config.general.log.value, Some(PathBuf::from("/var/log/c.log")));
    assert_eq!(config.screen.charset.value, Charset::Ascii);
    assert_eq!(config.screen.theme.value, Theme::HighContrast);
    assert_eq!(config.screen.time_zone.value, TimeZone::Local);
    let columns: Vec<&str> = config.screen.columns.value.iter().map(|column| column.name()).collect();
    assert_eq!(columns, ["username", "custom:tier"]);
    assert_eq!(config.screen.pane_height.value, 3);
    assert_eq!(config.find.phone_prefixes.value, ["+1", "+4930"]);
    assert_eq!(config.edit.verified_default.value, VerifiedDefault::Pool);
    assert_eq!(config.edit.confirm.value, Confirm::Always);
    assert_eq!(config.edit.arm_minutes.value, 480);
    assert_eq!(config.edit.drafts.value, OnOff::Off);
    let protect = &config.protect;
    let names: Vec<&str> = protect.protected_names.value.iter().map(|name| name.as_str()).collect();
    assert_eq!(names, ["*prod*", "live"]);
    assert_eq!(protect.protected_users.value.len(), 2);
    assert_eq!(protect.unlisted_pools.value, UnlistedPools::ReadOnly);
    let only = protect.listed_pools.value.as_deref();
    assert_eq!(only, Some(&["eu-west-1_aB3dE5fGh".to_owned()][..]));
    assert_eq!(protect.reason.value, Reason::Required);
    assert!(protect.reason_pattern.value.as_ref().unwrap().matches("SUP-12"));
    assert_eq!(protect.lock_after_minutes.value, Some(10));
    for switch in [&protect.clipboard, &protect.editor, &protect.export] {
        assert_eq!(switch.value, OnOff::Off);
    }
    assert_eq!(config.journal.journal_dir.value, Some(PathBuf::from("/srv/journal")));
    assert_eq!(config.journal.values.value, Values::Hashed);
    assert_eq!(config.journal.retention_days.value, Some(400));
    assert_eq!(config.pace.list_per_second.value, 30);
    assert_eq!(config.pace.read_per_second.value, 120);
    assert_eq!(config.pace.write_per_second.value, 25);

    for (_, rows) in config.rows() {
        for row in rows {
            assert!(line(row.origin).is_some(), "{} was not in the file", row.entry.key);
        }
    }
    assert_eq!(line(&config.general.region.origin), Some(1));
    assert_eq!(line(&config.general.log.origin), Some(10));
    assert_eq!(line(&config.screen.charset.origin), Some(13));
    assert_eq!(line(&config.pace.write_per_second.origin), Some(43));
}

#[test]
fn a_saved_view_is_taken_as_a_whole() {
    let config = loaded(
        "[[view]]\nname = \"gold\"\nquery = \"tier=gold\"\ncolumns = [\"username\", \"created\"]\nsort = \"-created\"\nkey = 3\n\
         [[view]]\nname = \"all\"\n",
    );
    let view = config.view("gold").unwrap();
    assert_eq!(view.query.value, "tier=gold");
    assert_eq!(
        view.columns.value.as_deref(),
        Some(&[Column::Username, Column::Created][..])
    );
    assert_eq!(view.sort.value, Some(Sort::parse("-created")));
    assert_eq!(view.key.value, Some(3));
    let bare = config.view("all").unwrap();
    assert_eq!(bare.query.value, "");
    assert!(bare.columns.value.is_none() && bare.sort.value.is_none() && bare.key.value.is_none());
    assert!(config.view("silver").is_none());
}

#[test]
fn flag_goes_before_variable_before_file_before_default() {
    let folder = Folder::with("profile = \"from-file\"\n");
    let profile = |start: Start| start.load(&folder).unwrap().general.profile;

    let found = profile(Start::default());
    assert_eq!(
        (found.value.as_deref(), line(&found.origin)),
        (Some("from-file"), Some(1))
    );

    let found = profile(Start::default().env("AWS_PROFILE", "from-env"));
    assert_eq!(found.value.as_deref(), Some("from-env"));
    assert_eq!(found.origin, Origin::Environment("AWS_PROFILE"));

    let found = profile(
        Start::default()
            .env("AWS_PROFILE", "from-env")
            .flag("--profile", "from-flag"),
    );
    assert_eq!(found.value.as_deref(), Some("from-flag"));
    assert_eq!(found.origin, Origin::Flag("--profile"));
}

#[test]
fn an_empty_variable_is_not_set() {
    let folder = Folder::with("profile = \"from-file\"\n[screen]\ntheme = \"high-contrast\"\n");
    let start = Start::default()
        .env("AWS_PROFILE", "")
        .env("NO_COLOR", "")
        .env("COGNITUI_CONFIG", "");
    let config = start.load(&folder).unwrap();
    assert_eq!(config.general.profile.value.as_deref(), Some("from-file"));
    assert_eq!(config.screen.theme.value, Theme::HighContrast);
}

#[test]
fn the_first_of_several_variables_decides() {
    let folder = Folder::new();
    let start = Start::default()
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://127.0.0.1:1")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:2");
    let general = start.load(&folder).unwrap().general;
    assert_eq!(general.region.value.as_deref(), Some("eu-west-1"));
    assert_eq!(general.region.origin, Origin::Environment("AWS_REGION"));
    assert_eq!(general.endpoint_url.value.unwrap().as_str(), "http://127.0.0.1:1");

    let start = Start::default()
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:2");
    let general = start.load(&folder).unwrap().general;
    assert_eq!(general.region.origin, Origin::Environment("AWS_DEFAULT_REGION"));
    assert_eq!(general.endpoint_url.origin, Origin::Environment("AWS_ENDPOINT_URL"));
}

#[test]
fn configured_endpoints_can_be_switched_off_as_in_the_sdks() {
    let folder = Folder::new();
    let start = || {
        Start::default()
            .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:2")
    };
    assert_eq!(start().load(&folder).unwrap().general.endpoint_url.value, None);
    let given = start()
        .flag("--endpoint-url", "http://127.0.0.1:3")
        .load(&folder)
        .unwrap();
    assert!(given.general.endpoint_url.value.unwrap().is_loopback());
}

#[test]
fn no_color_means_mono() {
    let folder = Folder::with("[screen]\ntheme = \"high-contrast\"\n");
    let theme = Start::default()
        .env("NO_COLOR", "1")
        .load(&folder)
        .unwrap()
        .screen
        .theme;
    assert_eq!(theme.value, Theme::Mono);
    assert_eq!(theme.origin, Origin::Environment("NO_COLOR"));
}

#[test]
fn read_only_in_the_file_cannot_be_lifted_by_leaving_out_the_flag() {
    let folder = Folder::with("read-only = true\n");
    assert!(Start::default().load(&folder).unwrap().general.read_only.value);
    let folder = Folder::with("read-only = false\n");
    let given = Start::default().flag("--read-only", "true").load(&folder).unwrap();
    assert!(given.general.read_only.value);
}

#[test]
fn the_demo_uses_nothing_that_points_at_a_real_service() {
    let folder = Folder::with(
        "region = \"eu-west-1\"\nprofile = \"p\"\nuser-pool-id = \"eu-west-1_a\"\nendpoint-url = \"https://h\"\n\
         ca-bundle = \"ca.pem\"\nread-only = true\n[screen]\npane-height = 9\n[[pool]]\nid = \"eu-west-1_a\"\n",
    );
    let start = || {
        Start::default()
            .env("AWS_REGION", "us-east-1")
            .env("AWS_PROFILE", "q")
            .env("AWS_CA_BUNDLE", "/x.pem")
            .env("AWS_ENDPOINT_URL", "http://10.0.0.1")
    };
    let config = start().demo().load(&folder).unwrap();
    assert_eq!(config.service, Service::Demo);
    let general = &config.general;
    assert_eq!((&general.region.value, &general.profile.value), (&None, &None));
    assert_eq!((&general.user_pool_id.value, &general.ca_bundle.value), (&None, &None));
    assert_eq!(general.endpoint_url.value, None);
    assert!(config.pools.is_empty());
    // What does not point anywhere counts.
    assert!(general.read_only.value && config.screen.pane_height.value == 9);
    // A flag is meant for this start.
    let given = start()
        .demo()
        .flag("--user-pool-id", "us-east-1_demo")
        .load(&folder)
        .unwrap();
    assert_eq!(given.general.user_pool_id.value.as_deref(), Some("us-east-1_demo"));
    // The same without the demo is refused, so the test would notice if nothing was read at all.
    assert!(start().load(&folder).is_err());
}

#[test]
fn the_file_can_be_named_by_flag_and_by_variable() {
    let folder = Folder::with("profile = \"usual\"\n");
    let by_variable = folder.write("variable.toml", "profile = \"variable\"\n");
    let by_flag = folder.write("flag.toml", "profile = \"flag\"\n");
    let profile = |start: Start| start.load(&folder).unwrap().general.profile.value.unwrap();
    assert_eq!(profile(Start::default()), "usual");
    assert_eq!(
        profile(Start::default().env("COGNITUI_CONFIG", &by_variable)),
        "variable"
    );
    let both = Start::default().env("COGNITUI_CONFIG", &by_variable).config(&by_flag);
    assert_eq!(profile(both), "flag");
}

#[test]
fn no_home_folder_is_no_mistake() {
    let sources = Sources {
        flags: Flags::default(),
        env: &|_| None,
        folder: None,
        policy: Folder::new().policy(),
    };
    assert_eq!(load(&sources).unwrap().file, ConfigFile::NoFolder);
    assert_eq!(path(&sources), None);
}

#[test]
fn a_path_in_the_file_starts_at_the_file_and_on_the_command_line_at_the_working_folder() {
    let folder = Folder::with("ca-bundle = \"certs/ca.pem\"\nlog = \"~/c.log\"\n");
    let start = Start::default().env("HOME", "/home/ana");
    let general = start.load(&folder).unwrap().general;
    assert_eq!(general.ca_bundle.value, Some(folder.path("certs/ca.pem")));
    assert_eq!(general.log.value, Some(PathBuf::from("/home/ana/c.log")));

    let start = Start::default().env("HOME", "/h").flag("--ca-bundle", "certs/ca.pem");
    assert_eq!(
        start.load(&folder).unwrap().general.ca_bundle.value,
        Some(PathBuf::from("certs/ca.pem"))
    );

    let homeless = Start::default().mistakes(&folder);
    assert_eq!(
        homeless,
        ["config.toml:2: log: \"~/c.log\" is not usable here: HOME is not set, so write the whole path"]
    );
}

#[test]
fn a_path_need_not_be_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let odd = OsString::from_vec(b"/tmp/\xff.log".to_vec());
    let general = Start::default()
        .flag("--log", odd.clone())
        .load(&Folder::new())
        .unwrap()
        .general;
    assert_eq!(general.log.value, Some(PathBuf::from(odd)));
}

#[test]
fn favourites_keep_the_order_of_the_file() {
    let config = loaded(
        r#"[[pool]]
id = "us-east-1_aB3dE5fGh"
name = "customers-prod"
region = "us-east-1"
profile = "support-prod"
endpoint-url = "https://cognito-idp.us-east-1.amazonaws.com"
protected = true
read-only = true

[[pool]]
id = "local_4Xq3Z9aB"
region = "eu-west-1"
endpoint-url = "http://127.0.0.1:9229"

[[pool]]
id = "us-east-1_0123456789abcdef0123456789abcdef"
"#,
    );
    let ids: Vec<&str> = config.pools.iter().map(|pool| pool.id.value.as_str()).collect();
    assert_eq!(
        ids,
        [
            "us-east-1_aB3dE5fGh",
            "local_4Xq3Z9aB",
            "us-east-1_0123456789abcdef0123456789abcdef"
        ]
    );
    let first = config.pool("us-east-1_aB3dE5fGh").unwrap();
    assert_eq!(first.name.value.as_deref(), Some("customers-prod"));
    assert_eq!(first.region.value.as_deref(), Some("us-east-1"));
    assert_eq!(first.profile.value.as_deref(), Some("support-prod"));
    assert!(first.endpoint_url.value.is_some());
    assert!(first.protected.value && first.read_only.value);
    assert_eq!(line(&first.protected.origin), Some(7));
    let second = config.pool("local_4Xq3Z9aB").unwrap();
    assert!(!second.protected.value && !second.read_only.value);
    assert_eq!(second.protected.origin, Origin::Default);
    assert_eq!(line(&second.id.origin), Some(11));
    assert_eq!(config.pool("nobody"), None);
}

#[test]
fn the_key_overlay_is_kept_as_written_with_its_lines() {
    let config = loaded("[keys]\nreview = \"ctrl-r\"\nfind = [\"/\", \"F3\"]\nquit = []\n");
    let keys: Vec<(&str, Vec<&str>, Option<usize>)> = config
        .keys
        .iter()
        .map(|key| {
            (
                key.action.as_str(),
                key.chords.iter().map(String::as_str).collect(),
                line(&key.origin),
            )
        })
        .collect();
    assert_eq!(
        keys,
        [
            ("review", vec!["ctrl-r"], Some(2)),
            ("find", vec!["/", "F3"], Some(3)),
            ("quit", vec![], Some(4)),
        ]
    );
}

#[test]
fn dotted_and_inline_spellings_of_toml_are_the_same() {
    let config =
        loaded("edit = { confirm = \"always\" }\n\nscreen.charset = \"ascii\"\npool = [{ id = \"eu-west-1_a\" }]\n");
    assert_eq!(config.edit.confirm.value, Confirm::Always);
    assert_eq!(line(&config.edit.confirm.origin), Some(1));
    assert_eq!(config.screen.charset.value, Charset::Ascii);
    assert_eq!(line(&config.screen.charset.origin), Some(3));
    assert_eq!(config.pools.len(), 1);
}

#[test]
fn a_file_saved_on_another_system_is_read() {
    let config = loaded("\u{feff}region = \"eu-west-1\"\r\n[screen]\r\npane-height = 9\r\n");
    assert_eq!(config.general.region.value.as_deref(), Some("eu-west-1"));
    assert_eq!(line(&config.screen.pane_height.origin), Some(3));
}

#[test]
fn a_named_time_zone_is_taken_if_this_machine_knows_it() {
    let text = "[screen]\ntime-zone = \"Europe/Berlin\"\n";
    match jiff::tz::TimeZone::get("Europe/Berlin") {
        Ok(_) => assert_eq!(
            loaded(text).screen.time_zone.value,
            TimeZone::Named("Europe/Berlin".to_owned())
        ),
        Err(_) => {
            assert!(
                mistakes(text)[0].starts_with("config.toml:2: time-zone in [screen]: \"Europe/Berlin\" is not known")
            )
        }
    }
}

#[test]
fn pool_ids_and_their_regions() {
    for (id, region) in [
        ("eu-west-1_aB3dE5fGh", Some("eu-west-1")),
        ("us-gov-east-1_abc", Some("us-gov-east-1")),
        ("cn-north-1_abc", Some("cn-north-1")),
        ("local_4Xq3Z9aB", None),
        ("my_local_4Xq3", None),
    ] {
        assert!(is_pool_id(id), "{id}");
        assert_eq!(region_of(id), region, "{id}");
    }
    for id in [
        "",
        "_",
        "_a",
        "a_",
        "eu-west-1",
        "eu-west-1_a-b",
        "eu west_1",
        "eu/west_1",
        "../x_1",
        "é_1",
        &format!("a_{}", "b".repeat(54)),
    ] {
        assert!(!is_pool_id(id), "{id}");
    }
    assert!(is_pool_id(&format!("a_{}", "b".repeat(53))));
}
