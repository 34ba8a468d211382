//! Every kind of mistake, with its line and what to write instead.

use super::*;

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_one_that_was_meant() {
    for (text, expected) in [
        (
            "\n\nreigon = \"eu-west-1\"\n",
            "config.toml:3: unknown key \"reigon\"; did you mean \"region\"?",
        ),
        (
            "read_timeout = 5\n",
            "config.toml:1: unknown key \"read_timeout\"; did you mean \"read-timeout\"?",
        ),
        (
            "[screen]\ncharst = 1\n",
            "config.toml:2: unknown key \"charst\" in [screen]; did you mean \"charset\"?",
        ),
        (
            "[find]\nphone-prefix = []\n",
            "config.toml:2: unknown key \"phone-prefix\" in [find]; did you mean \"phone-prefixes\"?",
        ),
        (
            "[edit]\nconfrim = 1\n",
            "config.toml:2: unknown key \"confrim\" in [edit]; did you mean \"confirm\"?",
        ),
        (
            "[pace]\nwrites-per-second = 1\n",
            "config.toml:2: unknown key \"writes-per-second\" in [pace]; did you mean \"write-per-second\"?",
        ),
        (
            "[[pool]]\nid = \"eu-west-1_a\"\nprotcted = true\n",
            "config.toml:3: unknown key \"protcted\" in [[pool]]; did you mean \"protected\"?",
        ),
        (
            "[screen]\nregion = \"eu-west-1\"\n",
            "config.toml:2: unknown key \"region\" in [screen]; did you mean \"region\", before the first section?",
        ),
        (
            "charset = \"ascii\"\n",
            "config.toml:1: unknown key \"charset\"; did you mean \"charset\" in [screen]?",
        ),
        (
            "journal-dir = \"/srv\"\n",
            "config.toml:1: unknown key \"journal-dir\"; did you mean \"journal-dir\" in [journal]?",
        ),
        (
            "drafts = \"off\"\n",
            "config.toml:1: unknown key \"drafts\"; did you mean \"drafts\" in [edit]?",
        ),
        (
            "protected-name = [\"*prod*\"]\n",
            "config.toml:1: unknown key \"protected-name\"; did you mean \"protected-names\" in [protect]?",
        ),
        (
            "protected = true\n",
            "config.toml:1: unknown key \"protected\"; did you mean \"protected\" in [[pool]]?",
        ),
        (
            "[scren]\npane-height = 9\n",
            "config.toml:1: unknown section [scren]; did you mean [screen]?",
        ),
        (
            "[[pools]]\nid = \"a_1\"\n",
            "config.toml:1: unknown key \"pools\"; did you mean [[pool]]?",
        ),
        (
            "[[view]]\nname = \"a\"\ncolumn = []\n",
            "config.toml:3: unknown key \"column\" in [[view]]; did you mean \"columns\"?",
        ),
        (
            "[[views]]\nname = \"a\"\n",
            "config.toml:1: unknown key \"views\"; did you mean [[view]]?",
        ),
        (
            "colour = \"red\"\n",
            "config.toml:1: unknown key \"colour\"; config.example.toml lists every key",
        ),
    ] {
        assert_eq!(mistakes(text), [expected]);
    }
}

#[test]
fn each_wrong_value_says_what_would_be_right() {
    for (text, expected) in [
        (
            "region = \"Ireland\"",
            "region: \"Ireland\" is not a region: write its code, like \"eu-west-1\"",
        ),
        (
            "region = \"eu-west-1.evil.com/\"",
            "region: \"eu-west-1.evil.com/\" is not a region: write its code, like \"eu-west-1\"",
        ),
        ("region = 1", "region: 1 is not text: put it in double quotes"),
        ("region = [\"a\"]", "region: a list is not text in double quotes"),
        ("[region]", "region: a table is not text in double quotes"),
        ("profile = \"\"", "profile: \"\" is not a name: it is empty"),
        (
            "profile = \" a\"",
            "profile: \" a\" is not a name: leave out outer spaces and invisible characters",
        ),
        (
            "user-pool-id = \"customers\"",
            "user-pool-id: \"customers\" is not the id of a user pool: it looks like \"eu-west-1_aB3dE5fGh\" (not its name or ARN)",
        ),
        (
            "endpoint-url = \"http://10.0.0.1\"",
            "endpoint-url: \"http://10.0.0.1\" is not accepted: plain http is for this machine only (localhost, 127.0.0.1, [::1]), \
             because user data would cross the network unencrypted; use https://",
        ),
        (
            "endpoint-url = \"localhost:80\"",
            "endpoint-url: \"localhost:80\" is not an endpoint: write https://host[:port], or http://127.0.0.1:port for this machine",
        ),
        ("ca-bundle = \"\"", "ca-bundle: \"\" is not the path of a file"),
        (
            "connect-timeout = 0",
            "connect-timeout: 0 is not accepted: it would mean no limit, and a change that is never answered would wait for ever; \
             use a whole number of seconds from 1 to 300",
        ),
        (
            "read-timeout = -1",
            "read-timeout: -1 is not a timeout: use a whole number of seconds from 1 to 300",
        ),
        (
            "read-timeout = 1.5",
            "read-timeout: 1.5 is not a timeout: use a whole number of seconds from 1 to 300",
        ),
        (
            "read-timeout = \"20\"",
            "read-timeout: \"20\" is not a timeout: use a whole number of seconds from 1 to 300: write it without quotes",
        ),
        (
            "read-timeout = 99999999999999999999",
            "read-timeout: 99999999999999999999 is not a timeout: use a whole number of seconds from 1 to 300",
        ),
        ("read-only = \"yes\"", "read-only: \"yes\" is not true or false"),
        (
            "read-only = \"true\"",
            "read-only: \"true\" is not true or false: write it without quotes",
        ),
        ("read-only = 1", "read-only: 1 is not true or false"),
        (
            "act-as-user = \"of\"",
            "act-as-user: \"of\" is not one of \"on\", \"off\"; did you mean \"off\"?",
        ),
        (
            "act-as-user = \"onn\"",
            "act-as-user: \"onn\" is not one of \"on\", \"off\"; did you mean \"on\"?",
        ),
        (
            "act-as-user = false",
            "act-as-user: false is not \"on\" or \"off\", in double quotes; did you mean \"off\"?",
        ),
        (
            "act-as-user = \"no\"",
            "act-as-user: \"no\" is not \"on\" or \"off\", in double quotes; did you mean \"off\"?",
        ),
        (
            "[edit]\ndrafts = true",
            "drafts in [edit]: true is not \"on\" or \"off\", in double quotes; did you mean \"on\"?",
        ),
        (
            "[protect]\nclipboard = \"No\"",
            "clipboard in [protect]: \"No\" is not \"on\" or \"off\", in double quotes; did you mean \"off\"?",
        ),
        (
            "[protect]\neditor = \"vim\"",
            "editor in [protect]: \"vim\" is not one of \"on\", \"off\"",
        ),
        (
            "[protect]\nexport = 0",
            "export in [protect]: 0 is not \"on\" or \"off\", in double quotes; did you mean \"off\"?",
        ),
        (
            "traces = \"nome\"",
            "traces: \"nome\" is not one of \"all\", \"none\"; did you mean \"none\"?",
        ),
        (
            "[protect]\nprotected-names = \"*prod*\"",
            "protected-names in [protect]: \"*prod*\" is not a list: put it in square brackets, [\"..\"]",
        ),
        (
            "[protect]\nprotected-names = [\"\"]",
            "protected-names in [protect]: \"\" is not a pattern over names: it is empty; write the name, or a part of it like \"*prod*\"",
        ),
        (
            "[protect]\nprotected-names = [\" prod\"]",
            "protected-names in [protect]: \" prod\" is not a pattern over names: leave out outer spaces and invisible characters",
        ),
        (
            "[protect]\nprotected-users = [\"ann\", \"group:\"]",
            "protected-users in [protect]: \"group:\" names nobody: write a username, a sub, or \"group:\" and the name of a group",
        ),
        (
            "[protect]\nunlisted-pools = \"readonly\"",
            "unlisted-pools in [protect]: \"readonly\" is not one of \"name\", \"read-only\", \"refuse\"; did you mean \"read-only\"?",
        ),
        (
            "[protect]\nreason = \"require\"",
            "reason in [protect]: \"require\" is not one of \"optional\", \"required\"; did you mean \"required\"?",
        ),
        (
            "[protect]\nreason-pattern = 'SUP-[0-9'",
            "reason-pattern in [protect]: \"SUP-[0-9\" is not a regular expression: unclosed character class",
        ),
        (
            "[protect]\nreason-pattern = ''",
            "reason-pattern in [protect]: \"\" is not the form of a reason: leave the setting out to take any",
        ),
        (
            "[protect]\nreason-pattern = []",
            "reason-pattern in [protect]: a list is not the form of a reason: it is empty",
        ),
        (
            "[protect]\nreason-pattern = ['a', '(']",
            "reason-pattern in [protect]: \"(\" is not a regular expression: unclosed group",
        ),
        (
            "[protect]\nlock-after-minutes = 0",
            "lock-after-minutes in [protect]: 0 is not a time in minutes: use a whole number from 1 to 480",
        ),
        (
            "[journal]\njournal-dir = 1",
            "journal-dir in [journal]: 1 is not text: put it in double quotes",
        ),
        (
            "[journal]\nvalues = \"hash\"",
            "values in [journal]: \"hash\" is not one of \"full\", \"hashed\", \"none\"; did you mean \"hashed\"?",
        ),
        (
            "[journal]\nretention-days = 0",
            "retention-days in [journal]: 0 is not a time in days: use a whole number from 1 to 36500",
        ),
        (
            "[[pool]]\nid = \"eu-west-1_a\"\nvalues = \"ful\"",
            "values in [[pool]]: \"ful\" is not one of \"full\", \"hashed\", \"none\"; did you mean \"full\"?",
        ),
        (
            "[[pool]]\nid = \"eu-west-1_a\"\nreason = true",
            "reason in [[pool]]: true is not text: put it in double quotes",
        ),
        (
            "[[pool]]\nid = \"eu-west-1_a\"\nreason-pattern = '*'",
            "reason-pattern in [[pool]]: \"*\" is not a regular expression: repetition operator missing expression",
        ),
        ("log = true", "log: true is not text: put it in double quotes"),
        (
            "[screen]\ncharset = \"utf8\"",
            "charset in [screen]: \"utf8\" is not one of \"auto\", \"utf-8\", \"ascii\"; did you mean \"utf-8\"?",
        ),
        (
            "[screen]\ntheme = \"solarized\"",
            "theme in [screen]: \"solarized\" is not one of \"default\", \"high-contrast\", \"mono\"",
        ),
        (
            "[screen]\npane-height = 21",
            "pane-height in [screen]: 21 is not a height in lines: use a whole number from 3 to 20",
        ),
        ("read-only = 0", "read-only: 0 is not true or false"),
        (
            "[find]\nphone-prefixes = \"+1\"",
            "phone-prefixes in [find]: \"+1\" is not a list: put it in square brackets, [\"..\"]",
        ),
        (
            "[find]\nphone-prefixes = [\"+1\", \"0049\"]",
            "phone-prefixes in [find]: \"0049\" is not the beginning of a phone number: write + and the country code, like \"+1\" or \"+49\"",
        ),
        (
            "[find]\nphone-prefixes = [1]",
            "phone-prefixes in [find]: 1 is not text: put it in double quotes",
        ),
        (
            "[find]\nphone-prefixes = [\"+1\",\"+2\",\"+3\",\"+4\",\"+5\",\"+6\",\"+7\",\"+8\",\"+9\"]",
            "phone-prefixes in [find]: 9 prefixes are too many: use at most 8, because every one costs a call for each search",
        ),
        (
            "[edit]\nverified-default = \"verfied\"",
            "verified-default in [edit]: \"verfied\" is not one of \"ask\", \"pool\", \"verified\"; did you mean \"verified\"?",
        ),
        (
            "[edit]\nconfirm = \"never\"",
            "confirm in [edit]: \"never\" is not one of \"armed\", \"always\"",
        ),
        (
            "[edit]\narm-minutes = 0",
            "arm-minutes in [edit]: 0 is not a time in minutes: use a whole number from 1 to 480",
        ),
        (
            "[pace]\nlist-per-second = 31",
            "list-per-second in [pace]: 31 is not a pace within the service's UserList quota of 30 calls a second: \
             use a whole number from 1 to 30",
        ),
        (
            "[pace]\nread-per-second = 121",
            "read-per-second in [pace]: 121 is not a pace within the service's UserRead quota of 120 calls a second: \
             use a whole number from 1 to 120",
        ),
        (
            "[pace]\nwrite-per-second = 26",
            "write-per-second in [pace]: 26 is not a pace within the service's UserUpdate quota of 25 calls a second: \
             use a whole number from 1 to 25",
        ),
        (
            "[pace]\nwrite-per-second = 0",
            "write-per-second in [pace]: 0 is not a pace within the service's UserUpdate quota of 25 calls a second: \
             use a whole number from 1 to 25",
        ),
        (
            "[[pool]]\nid = \"eu-west-1\"",
            "id in [[pool]]: \"eu-west-1\" is not the id of a user pool: it looks like \"eu-west-1_aB3dE5fGh\" (not its name or ARN)",
        ),
        (
            "[screen]\ncolumns = []",
            "columns in [screen]: an empty list shows nothing: name at least one column",
        ),
        (
            "[screen]\ncolumns = [\"user-name\"]",
            "columns in [screen]: \"user-name\" is not a column: use a fact such as \"created\", or an attribute by its full \
             name, like \"custom:tier\"; did you mean \"username\"?",
        ),
        (
            "[screen]\ncolumns = [\"tier\"]",
            "columns in [screen]: \"tier\" is not a column: use a fact such as \"created\", or an attribute by its full \
             name, like \"custom:tier\"",
        ),
        (
            "[screen]\ncolumns = [\"email\", \"email\"]",
            "columns in [screen]: \"email\" stands there twice: leave one out",
        ),
        (
            "[[view]]\nname = \"a\"\nsort = \"--created\"",
            "sort in [[view]]: \"-created\" is not a column: use a fact such as \"created\", or an attribute by its full \
             name, like \"custom:tier\"; did you mean \"created\"?",
        ),
        (
            "[[view]]\nname = \"a\"\nsort = \"groups\"",
            "sort in [[view]]: \"groups\" is not a column that orders a list: somebody may be in several groups",
        ),
        (
            "[[view]]\nname = \"a\"\nquery = \"emial=jane\"",
            "query in [[view]]: \"emial=jane\" is not understood from character 1 on: expected an attribute of this pool, or \
             quotes around the text; did you mean email? Or custom:emial in full",
        ),
        (
            "[[view]]\nname = \"a\"\nquery = \"tier:gold creatd<7d\"",
            "query in [[view]]: \"tier:gold creatd<7d\" is not understood from character 11 on: expected an attribute of \
             this pool, or quotes around the text; did you mean created? Or custom:creatd in full",
        ),
        (
            "[[view]]\nname = \"a\"\nkey = 0",
            "key in [[view]]: 0 is not one of the number keys: use a whole number from 1 to 9",
        ),
        (
            "[[view]]\nname = \"\"",
            "name in [[view]]: \"\" is not a name: it is empty",
        ),
        (
            "[keys]\nquit = 3",
            "quit in [keys]: 3 is neither a chord nor a list of chords: write \"r\" or [\"r\", \"F5\"]",
        ),
        (
            "[keys]\nquit = [\"q\", 3]",
            "quit in [keys]: 3 is not text: put it in double quotes: write \"r\" or [\"r\", \"F5\"]",
        ),
    ] {
        let line = text.lines().count();
        assert_eq!(mistakes(text), [format!("config.toml:{line}: {expected}")]);
    }
}

#[test]
fn a_section_in_the_wrong_shape() {
    for (text, expected) in [
        (
            "screen = \"dark\"",
            "config.toml:1: screen is a section: write [screen] and its settings below",
        ),
        (
            "[[pace]]",
            "config.toml:1: [pace] stands once: write [pace] with single brackets",
        ),
        (
            "keys = []",
            "config.toml:1: [keys] stands once: write [keys] with single brackets",
        ),
        (
            "[pool]\nid = \"eu-west-1_a\"",
            "config.toml:1: pool is a list of sections: write [[pool]] with double brackets and its settings below",
        ),
        (
            "pool = [\"eu-west-1_a\"]",
            "config.toml:1: pool is a list of sections: write [[pool]] and its settings below",
        ),
        (
            "[view]\nname = \"a\"",
            "config.toml:1: view is a list of sections: write [[view]] with double brackets and its settings below",
        ),
    ] {
        assert_eq!(mistakes(text), [expected]);
    }
}

#[test]
fn a_favourite_has_an_id_of_its_own_in_its_own_region() {
    assert_eq!(
        mistakes("[[pool]]\nname = \"a\"\n"),
        ["config.toml:1: [[pool]] has no id: add id = \"eu-west-1_aB3dE5fGh\""]
    );
    assert_eq!(
        mistakes("[[pool]]\nid = \"eu-west-1_a\"\n\n[[pool]]\nid = \"eu-west-1_a\"\n"),
        vec!["config.toml:5: id in [[pool]]: eu-west-1_a is already at config.toml:2: keep one of them"]
    );
    assert_eq!(
        mistakes("[[pool]]\nid = \"eu-west-1_a\"\nregion = \"us-east-1\"\n"),
        [
            "config.toml:3: region in [[pool]]: \"us-east-1\" is not the region of eu-west-1_a: leave it out, or mend the id"
        ]
    );
}

#[test]
fn a_view_has_a_name_and_a_key_of_its_own() {
    assert_eq!(
        mistakes("[[view]]\nkey = 1\n"),
        ["config.toml:1: [[view]] has no name: add name = \"gold\""]
    );
    assert_eq!(
        mistakes("[[view]]\nname = \"a\"\n\n[[view]]\nname = \"a\"\n"),
        ["config.toml:5: name in [[view]]: \"a\" is already at config.toml:2: give it another"]
    );
    assert_eq!(
        mistakes("[[view]]\nname = \"a\"\nkey = 1\n[[view]]\nname = \"b\"\nkey = 1\n"),
        ["config.toml:6: key in [[view]]: 1 already opens \"a\", at config.toml:3: use another of 1 to 9"]
    );
}

#[test]
fn all_mistakes_are_reported_in_the_order_of_the_file_then_the_others() {
    let folder =
        Folder::with("zone = 1\nread-timeout = 0\n[screen]\ntheme = \"x\"\n[[pool]]\nid = \"?\"\nnmae = \"b\"\n");
    let found = Start::default()
        .flag("--region", "Paris")
        .env("AWS_ENDPOINT_URL", "ftp://x")
        .mistakes(&folder);
    let places: Vec<&str> = found.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "config.toml:1",
            "config.toml:2",
            "config.toml:4",
            "config.toml:6",
            "config.toml:7",
            "--region",
            "environment AWS_ENDPOINT_URL",
        ]
    );
}

#[test]
fn a_mistake_in_the_file_is_reported_even_where_a_flag_decides() {
    let folder = Folder::with("read-timeout = 0\n");
    let found = Start::default().flag("--read-timeout", "5").mistakes(&folder);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("config.toml:1: read-timeout: 0 is not accepted"),
        "{found:?}"
    );
}

#[test]
fn a_variable_that_a_flag_overrides_is_not_judged() {
    let start = Start::default()
        .env("AWS_REGION", "Paris")
        .flag("--region", "eu-west-3");
    assert_eq!(
        start.load(&Folder::new()).unwrap().general.region.value.as_deref(),
        Some("eu-west-3")
    );
}

#[test]
fn flags_are_held_to_the_rules_of_the_file() {
    for (flag, value, expected) in [
        ("--read-timeout", "0", "\"0\" is not accepted: it would mean no limit"),
        ("--connect-timeout", "soon", "\"soon\" is not a timeout"),
        ("--connect-timeout", "", "\"\" is not a timeout"),
        ("--read-only", "maybe", "\"maybe\" is not true or false"),
        ("--user-pool-id", "x", "\"x\" is not the id of a user pool"),
        (
            "--endpoint-url",
            "http://example.com",
            "\"http://example.com\" is not accepted: plain http",
        ),
        ("--profile", "", "\"\" is not a name"),
        ("--ca-bundle", "", "\"\" is not the path of a file"),
    ] {
        let found = Start::default().flag(flag, value).mistakes(&Folder::new());
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(&format!("{flag}: {expected}")), "{found:?}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused_where_it_must_be_text() {
    use std::os::unix::ffi::OsStringExt;
    let odd = OsString::from_vec(b"a\xffb".to_vec());
    let found = Start::default().flag("--profile", odd).mistakes(&Folder::new());
    assert_eq!(
        found,
        ["--profile: \"a\u{fffd}b\" is not UTF-8: give it in UTF-8, or write it in the configuration file"]
    );
}

#[test]
fn what_is_no_toml_is_reported_with_every_line() {
    let found = mistakes("region = \nprofile = \"a\nread-only = true\nread-only = false\n");
    assert!(found.len() >= 2, "{found:?}");
    assert!(
        found.iter().all(|line| line.contains(": this is not TOML: ")),
        "{found:?}"
    );
    assert!(found[0].starts_with("config.toml:1: "), "{found:?}");
    let twice = mistakes("region = \"a\"\n\nregion = \"b\"\n");
    assert_eq!(twice.len(), 1);
    assert!(
        twice[0].starts_with("config.toml:3: this is not TOML: duplicate key"),
        "{twice:?}"
    );
}

#[test]
fn a_backslash_in_double_quotes_leads_to_the_right_quotes() {
    let found = mistakes("[protect]\nreason-pattern = \"SUP-\\d+\"\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("config.toml:2: this is not TOML: "), "{found:?}");
    assert!(
        found[0].ends_with("; in single quotes a backslash is itself: 'SUP-\\d+'"),
        "{found:?}"
    );
    assert!(
        loaded("[protect]\nreason-pattern = 'SUP-\\d+'\n")
            .protect
            .reason_pattern
            .value
            .is_some()
    );
}

#[test]
fn a_named_file_must_be_there() {
    let folder = Folder::new();
    let missing = folder.path("nowhere.toml");
    let by_flag = Start::default().config(&missing).mistakes(&folder);
    assert_eq!(
        by_flag,
        ["nowhere.toml: there is no such configuration file (named by --config): name another, or leave it out"]
    );
    let by_variable = Start::default().env("COGNITUI_CONFIG", &missing).mistakes(&folder);
    assert!(by_variable[0].contains("(named by COGNITUI_CONFIG)"), "{by_variable:?}");
}

#[test]
fn files_that_are_no_text() {
    let folder = Folder::new();
    let found = Start::default()
        .config(&folder.0)
        .load(&folder)
        .unwrap_err()
        .to_string();
    assert!(
        found.contains("the configuration file cannot be read (named by --config): "),
        "{found}"
    );

    let binary = folder.write("binary.toml", b"a = 1\nb = \"\xff\"\n");
    let found = Start::default().config(binary).mistakes(&folder);
    assert_eq!(
        found,
        ["binary.toml: line 2 is not UTF-8 (named by --config): save the file as UTF-8"]
    );

    let large = folder.write("large.toml", "#".repeat(1024 * 1024 + 1));
    let found = Start::default().config(large).mistakes(&folder);
    assert_eq!(
        found,
        ["large.toml: this is larger than 1 MiB and no configuration (named by --config): name another file"]
    );
}

#[test]
fn nothing_of_the_file_reaches_the_terminal_raw() {
    let folder = Folder::new();
    let path = folder.write(
        "\u{1b}[31m.toml",
        "\"\\u001B]0;x\\u0007\" = 1\nprofile = \"a\\u202Eb\\u200B\"\n[keys]\n\"\\u009Bq\" = 3\n\
         [screen]\ntheme = \"\\u001B[2J\"\n[[pool]]\nid = \"\\n\\r\\u0000\"\n[\"\\u2066\"]\n",
    );
    let errors = Start::default().config(path).load(&folder).unwrap_err();
    assert_eq!(errors.iter().count(), 6);
    for error in errors.iter() {
        let text = error.to_string();
        assert!(text.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{text:?}");
        assert!(text.contains("\\u{1b}[31m.toml:"), "{text}");
    }
}

#[test]
fn broken_toml_is_quoted_safely_too() {
    for text in [
        "\u{1b}[2J = 1",
        "a = \u{9b}",
        "\u{202e}",
        "a = \"\u{1b}\"",
        "\0",
        "a = 1 b = \u{7}",
    ] {
        for message in mistakes(text) {
            assert!(message.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{message:?}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_or_print_raw(text in "(?s).{0,200}") {
        if let Err(errors) = Start::default().load(&Folder::with(&text)) {
            let clean = errors.to_string().lines().all(|line| escaped(&line.replace('\\', "")) == line.replace('\\', ""));
            proptest::prop_assert!(clean, "{errors}");
        }
    }
}
