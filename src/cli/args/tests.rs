//! What the command line accepts, what it refuses and in which words.

use std::collections::BTreeSet;

use super::*;
use crate::config;
use crate::config::{Flags, Service};

fn given(arguments: &[&str]) -> Result<Cli, Stop> {
    parse(
        std::iter::once("cognitui")
            .chain(arguments.iter().copied())
            .map(OsString::from),
    )
}

fn stopped(arguments: &[&str]) -> String {
    let stop = given(arguments).unwrap_err();
    assert_eq!(stop.code, USAGE, "{}", stop.text);
    assert!(stop.text.ends_with('\n'), "{:?}", stop.text);
    stop.text
}

fn username(cli: &Cli) -> Option<&str> {
    cli.username.as_ref().map(|username| username.0.as_str())
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_flag_reaches_its_setting() {
    let cli = given(&[
        "jane.doe",
        "--user-pool-id",
        "eu-west-1_aB3dE5fGh",
        "--region",
        "eu-west-1",
        "--profile",
        "support",
        "--endpoint-url",
        "http://127.0.0.1:9229",
        "--ca-bundle",
        "ca.pem",
        "--connect-timeout",
        "7",
        "--read-timeout",
        "8",
        "--config",
        "c.toml",
        "--read-only",
        "--log",
        "l.log",
        "--debug",
    ])
    .unwrap();
    assert_eq!(username(&cli), Some("jane.doe"));
    assert!(cli.debug && cli.command.is_none());
    let flags = cli.options.flags();
    assert_eq!(flags.config, Some(PathBuf::from("c.toml")));
    for flag in config::flags() {
        assert!(flags.get(flag).is_some(), "{flag} is not handed to the configuration");
    }
    assert_eq!(flags.get("--user-pool-id"), Some("eu-west-1_aB3dE5fGh".as_ref()));
    assert_eq!(flags.get("--region"), Some("eu-west-1".as_ref()));
    assert_eq!(flags.get("--profile"), Some("support".as_ref()));
    assert_eq!(flags.get("--endpoint-url"), Some("http://127.0.0.1:9229".as_ref()));
    assert_eq!(flags.get("--ca-bundle"), Some("ca.pem".as_ref()));
    assert_eq!(flags.get("--connect-timeout"), Some("7".as_ref()));
    assert_eq!(flags.get("--read-timeout"), Some("8".as_ref()));
    assert_eq!(flags.get("--read-only"), Some("true".as_ref()));
    assert_eq!(flags.get("--log"), Some("l.log".as_ref()));
}

#[test]
fn nothing_given_is_nothing_set() {
    let cli = given(&[]).unwrap();
    assert_eq!(username(&cli), None);
    assert_eq!(cli.options.flags(), Flags::default());
    assert!(!cli.debug && cli.command.is_none());
}

#[test]
fn the_flags_of_the_settings_are_exactly_those_of_the_command_line() {
    let command = Cli::command();
    let defined: BTreeSet<String> = command
        .get_opts()
        .filter_map(|arg| Some(format!("--{}", arg.get_long()?)))
        .collect();
    let settings: BTreeSet<String> = config::flags().map(str::to_owned).collect();
    let own: BTreeSet<String> = [
        "--access-token",
        "--config",
        "--demo",
        "--demo-users",
        "--debug",
        "--from",
        "--no-verify-ssl",
        "--no-sign-request",
        "--no-supervisor",
    ]
    .map(str::to_owned)
    .into();
    assert_eq!(defined, &settings | &own);
}

#[test]
fn the_aws_cli_names_of_the_timeouts_are_accepted() {
    let flags = given(&["--cli-connect-timeout", "3", "--cli-read-timeout=4"])
        .unwrap()
        .options
        .flags();
    assert_eq!(flags.get("--connect-timeout"), Some("3".as_ref()));
    assert_eq!(flags.get("--read-timeout"), Some("4".as_ref()));
}

#[test]
fn a_timeout_that_cannot_be_is_left_to_the_configuration_to_refuse() {
    for (value, words) in [
        ("0", "it would mean no limit"),
        ("-5", "use a whole number of seconds from 1 to 300"),
    ] {
        let flags = given(&["--read-timeout", value]).unwrap().options.flags();
        let errors = config::load(&config::Sources {
            flags,
            env: &|_| None,
            folder: None,
            policy: no_policy(),
        })
        .unwrap_err()
        .to_string();
        assert!(
            errors.starts_with(&format!("--read-timeout: \"{value}\" is not ")) && errors.contains(words),
            "{errors}"
        );
    }
}

#[test]
fn a_user_who_is_called_like_a_command_can_be_opened() {
    for name in ["iam", "config", "emulator", "help", "--demo", "-h"] {
        let cli = given(&["--", name]).unwrap();
        assert_eq!(username(&cli), Some(name));
        assert!(cli.command.is_none() && !cli.options.demo);
    }
    let cli = given(&["--region", "eu-west-1", "--", "config"]).unwrap();
    assert_eq!(username(&cli), Some("config"));
    // Without the dashes these are commands, and `help` is a user like any other.
    assert!(matches!(
        given(&["iam", "--mode", "read"]).unwrap().command,
        Some(Command::Iam(_))
    ));
    assert_eq!(username(&given(&["help"]).unwrap()), Some("help"));
}

#[test]
fn what_weakens_the_connection_is_refused_with_what_to_use() {
    for arguments in [
        &["--no-verify-ssl"][..],
        &["--no-verify-ssl", "--demo"],
        &["config", "check", "--no-verify-ssl"],
    ] {
        assert_eq!(
            stopped(arguments),
            "error: --no-verify-ssl is refused: without the check anybody on the way can read and change user data. \
             For a certificate of your own use --ca-bundle FILE\n"
        );
    }
    assert_eq!(
        stopped(&["jane", "--no-sign-request"]),
        "error: --no-sign-request is refused: the operations of this console exist for signed requests only. \
         Use credentials (--profile P), or try --demo, or an --endpoint-url on this machine, which needs none\n"
    );
}

#[test]
fn the_demo_excludes_everything_real() {
    for (flag, value) in [
        ("--endpoint-url", "http://127.0.0.1:1"),
        ("--profile", "p"),
        ("--ca-bundle", "c.pem"),
    ] {
        assert_eq!(
            stopped(&["--demo", flag, value]),
            format!(
                "error: --demo and {flag} exclude each other: the demo runs on the embedded service and never uses real \
                 credentials or another endpoint. Leave out one of them\n"
            )
        );
    }
    let cli = given(&["--demo", "--demo-users", "1000000", "--read-only"]).unwrap();
    assert_eq!(cli.options.demo_users, Some(1_000_000));
    assert_eq!(cli.options.flags().service, Service::Demo);
}

#[test]
fn demo_users_need_the_demo_and_a_sensible_number() {
    assert!(stopped(&["--demo-users", "5"]).contains("--demo"));
    assert!(stopped(&["--demo", "--demo-users", "0"]).contains("0 is not in 1..=100000000"));
    assert!(stopped(&["--demo", "--demo-users", "many"]).contains("invalid value 'many'"));
}

/// As on a machine without one.
fn no_policy() -> config::PolicyFile {
    config::PolicyFile::of_this_machine(&|name| (name == "COGNITUI_TEST_POLICY").then(|| "/nowhere/policy.toml".into()))
}

#[test]
fn debug_needs_a_log() {
    let load = |cli: &Cli| {
        config::load(&config::Sources {
            flags: cli.options.flags(),
            env: &|_| None,
            folder: None,
            policy: no_policy(),
        })
        .unwrap()
    };
    let cli = given(&["--debug"]).unwrap();
    let stop = check_debug(&cli, &load(&cli)).unwrap_err();
    assert_eq!(
        stop,
        refused("--debug has nowhere to write: add --log FILE, or set log in the configuration")
    );
    for fine in [&["--debug", "--log", "x.log"][..], &["--log", "x.log"], &[]] {
        let cli = given(fine).unwrap();
        assert_eq!(check_debug(&cli, &load(&cli)), Ok(()));
    }
}

#[test]
fn options_of_a_command_stand_behind_it() {
    for (arguments, command) in [
        (&["--region", "eu-west-1", "config", "show"][..], "config show"),
        (&["--debug", "config", "check"], "config check"),
        (&["--user-pool-id", "eu-west-1_a", "iam", "--mode", "read"], "iam"),
        (&["jane", "iam", "--mode", "read"], "iam"),
        (&["--demo", "emulator", "--listen", "127.0.0.1:0"], "emulator"),
    ] {
        assert_eq!(
            stopped(arguments),
            format!(
                "error: options stand behind the command: cognitui {command} [OPTIONS]. For a user who is called like a \
                 command: cognitui [OPTIONS] -- USERNAME\n"
            )
        );
    }
    let cli = given(&["config", "show", "--region", "eu-west-1"]).unwrap();
    let Some(Command::Config {
        what: ConfigCommand::Show(options),
    }) = cli.command
    else {
        panic!("not config show")
    };
    assert_eq!(options.region, Some("eu-west-1".into()));
}

#[test]
fn the_emulator_listens_on_this_machine_only() {
    for address in ["127.0.0.1:0", "[::1]:9229", "127.8.0.1:80"] {
        let cli = given(&["emulator", "--listen", address, "--demo-users", "10"]).unwrap();
        let Some(Command::Emulator(emulator)) = cli.command else {
            panic!("not the emulator")
        };
        assert_eq!(emulator.listen, address.parse().unwrap());
        assert_eq!(emulator.demo_users, Some(10));
    }
    for address in ["0.0.0.0:80", "10.0.0.1:80", "[::]:80"] {
        assert!(stopped(&["emulator", "--listen", address]).contains("it listens on this machine only"));
    }
    for address in ["localhost:80", "127.0.0.1", "80"] {
        assert!(stopped(&["emulator", "--listen", address]).contains("write an address and a port"));
    }
    assert!(stopped(&["emulator"]).contains("--listen"));
}

#[test]
fn modes_of_the_policy() {
    for (word, expected) in [("read", Mode::Read), ("write", Mode::Write), ("act", Mode::Act)] {
        let cli = given(&["iam", "--mode", word]).unwrap();
        let Some(Command::Iam(iam)) = cli.command else {
            panic!("not iam")
        };
        assert_eq!((iam.mode, iam.user_pool_id), (expected, None));
    }
    assert!(stopped(&["iam"]).contains("--mode <MODE>"));
    assert!(stopped(&["iam", "--mode", "admin"]).contains("[possible values: read, write, act]"));
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let said = stopped(&["--access-token", "eyJhbGciOi.x.y"]);
    assert!(
        said.contains("takes - and nothing else") && !said.contains("eyJhbGciOi"),
        "{said}"
    );
    assert_eq!(
        given(&["--access-token", "-"]).unwrap().access_token,
        Some(TokenSource::StandardInput)
    );
    assert!(stopped(&["jane", "--access-token", "-"]).contains("cannot be used with"));
    assert!(stopped(&["--access-token", "-", "config", "show"]).contains("options stand behind the command"));
}

#[test]
fn mistakes_are_named_with_what_was_meant() {
    assert!(stopped(&["--profle", "a"]).contains("a similar argument exists: '--profile'"));
    assert!(stopped(&["--region"]).contains("--region <R>"));
    assert!(stopped(&["a", "b"]).contains("unexpected argument 'b'"));
    assert!(stopped(&["--region", "a", "--region", "b"]).contains("cannot be used multiple times"));
    assert!(stopped(&[""]).contains("a username is not empty"));
    assert!(stopped(&["config", "edit"]).contains("unrecognized subcommand 'edit'"));
}

#[test]
fn help_and_version_are_no_mistakes() {
    let stop = given(&["--version"]).unwrap_err();
    assert_eq!(
        (stop.text.as_str(), stop.code),
        (concat!("cognitui ", env!("CARGO_PKG_VERSION"), "\n"), 0)
    );
    for help in ["--help", "-h"] {
        assert_eq!(given(&[help]).unwrap_err().code, 0);
    }
}

#[test]
fn help_describes_every_visible_argument_in_lines_of_at_most_110_columns() {
    let mut commands = vec![Cli::command()];
    while let Some(mut command) = commands.pop() {
        commands.extend(command.get_subcommands().cloned());
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{} has no help", argument.get_id());
        }
        for line in command.render_long_help().to_string().lines() {
            assert!(line.chars().count() <= 110, "too long: {line}");
        }
    }
    let help = given(&["--help"]).unwrap_err().text;
    for words in [
        "cognitui -- iam",
        "Exit codes: 0",
        "The AWS CLI waits 60 and takes 0 as no limit",
        "Environment: AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
        "COGNITUI_CONFIG",
    ] {
        assert!(help.contains(words), "{words} is not in the help");
    }
    assert!(!help.contains("no-verify-ssl") && !help.contains("cli-read-timeout"));
}

#[test]
fn nothing_typed_is_repeated_raw() {
    for hostile in ["--\u{1b}[2J", "--region=\u{1b}]0;x\u{7}\u{202e}"] {
        let stop = match given(&[hostile, "a", "b"]) {
            Err(stop) => stop,
            Ok(_) => panic!("accepted"),
        };
        assert!(
            stop.text.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()),
            "{:?}",
            stop.text
        );
    }
    assert!(stopped(&["--mode\u{200b}"]).contains("\\u{200b}"));
}

#[test]
fn debug_output_does_not_repeat_the_username() {
    let cli = given(&["jane@example.com"]).unwrap();
    let printed = format!("{cli:?}");
    assert!(
        printed.contains("GivenUsername(16 bytes)") && !printed.contains("jane"),
        "{printed}"
    );
}
