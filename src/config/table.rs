//! The one definition of every setting.
//!
//! A line here is a field of [`super::Config`], a key of the file, a row of `config show` and a paragraph of
//! `config.example.toml`; where it names a flag, also that flag's help. Its doc comment is that description. A new
//! setting needs nothing else.

use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeTable;

use super::endpoint::Endpoint;
pub(super) use super::entry::{Bound, Entry, PLAIN, Row, Section, Variable};
use super::layers::Layers;
use super::origin::Setting;
use super::read::{self, Literal, TimeZone, optional};
use super::tighten::Rule;
use super::words::{Charset, Confirm, OnOff, Reason, Theme, Traces, UnlistedPools, Values, VerifiedDefault};
use crate::domain::column::{Column, Sort};
use crate::domain::guard::{NamePattern, ProtectedUser, ReasonPattern};

/// A line is the key, the field with its type and default, and how it is read; behind `=>` how a policy binds it, and with
/// `of` the heading whose setting in the policy that is; then what else there is to say.
macro_rules! section {
    (@rule $heading:literal, $kind:ty;) => { None };
    (@rule $heading:literal, $kind:ty; $rule:ident) => { Some(($heading, Rule::<$kind>::$rule())) };
    (@rule $heading:literal, $kind:ty; $rule:ident of $from:literal) => { Some(($from, Rule::<$kind>::$rule())) };
    (@bound $heading:literal, $kind:ty;) => { None };
    (@bound $heading:literal, $kind:ty; $rule:ident) => {
        Some(Bound { section: $heading, how: Rule::<$kind>::$rule().how })
    };
    (@bound $heading:literal, $kind:ty; $rule:ident of $from:literal) => {
        Some(Bound { section: $from, how: Rule::<$kind>::$rule().how })
    };
    (
        $(#[doc = $about:literal])+
        $name:ident = $heading:literal {
            $(
                $(#[doc = $doc:literal])+
                $key:literal $field:ident: $kind:ty = $default:expr, $read:expr
                    $(=> $rule:ident $(of $from:literal)?)?
                    $(, $extra:ident: $value:expr)*;
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[doc = $doc])+ pub $field: Setting<$kind>,)+
        }

        impl $name {
            pub(super) const SECTION: &'static Section = &Section {
                name: $heading,
                doc: &[$($about),+],
                entries: &[$(
                    Entry {
                        key: $key,
                        doc: &[$($doc),+],
                        default: || { let default: $kind = $default; default.literal() },
                        policy: section!(@bound $heading, $kind; $($rule $(of $from)?)?),
                        $($extra: $value,)*
                        ..PLAIN
                    }
                ),+],
            };

            /// Takes each setting from the layer that decides it, and collects what is wrong in any of them.
            pub(super) fn gather(layers: &mut Layers<'_>, table: Option<&DeTable<'_>>) -> Self {
                Self {
                    $($field: layers.pick(
                        Self::SECTION,
                        $key,
                        table,
                        &$read,
                        $default,
                        section!(@rule $heading, $kind; $($rule $(of $from)?)?),
                    ),)+
                }
            }

            pub(super) fn rows(&self) -> Vec<Row<'_>> {
                let literals = [$((self.$field.value.literal(), &self.$field.origin)),+];
                Self::SECTION
                    .entries
                    .iter()
                    .zip(literals)
                    .map(|(entry, (literal, origin))| Row { entry, literal, origin })
                    .collect()
            }
        }
    };
}

section! {
    /// Which service and pool, and how to reach it. Names and meanings as in the AWS CLI.
    General = "" {
        /// AWS region, like eu-west-1.
        /// A pool that is opened by its id is looked for in the region that begins the id, unless the flag
        /// says otherwise. Without any: the region of the profile.
        "region" region: Option<String> = None, optional(read::region),
            sample: Some("\"eu-west-1\""),
            flag: Some("--region"),
            env: &[Variable::Value("AWS_REGION"), Variable::Value("AWS_DEFAULT_REGION")],
            real_service: true;

        /// Profile of ~/.aws/config and ~/.aws/credentials whose credentials are used.
        /// Without one: the standard AWS chain (variables, default profile, SSO, web identity, instance).
        "profile" profile: Option<String> = None, optional(read::name),
            sample: Some("\"support\""),
            flag: Some("--profile"),
            env: &[Variable::Value("AWS_PROFILE")],
            real_service: true;

        /// User pool to open at start, by its id.
        /// Without one: the list of pools.
        "user-pool-id" user_pool_id: Option<String> = None, optional(read::pool_id),
            sample: Some("\"eu-west-1_aB3dE5fGh\""),
            flag: Some("--user-pool-id"),
            real_service: true;

        /// Address of the Cognito service, if it is not AWS's own.
        /// Only Cognito's: sign-in and caller identity stay with AWS.
        /// Plain http:// is accepted for this machine only.
        "endpoint-url" endpoint_url: Option<Endpoint> = None, optional(read::endpoint),
            sample: Some("\"http://127.0.0.1:9229\""),
            flag: Some("--endpoint-url"),
            env: &[
                Variable::Value("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"),
                Variable::Value("AWS_ENDPOINT_URL"),
            ],
            real_service: true;

        /// PEM file with the certificate authorities to trust, instead of the system's.
        "ca-bundle" ca_bundle: Option<PathBuf> = None, optional(read::path),
            sample: Some("\"/etc/ssl/certs/company-ca.pem\""),
            flag: Some("--ca-bundle"),
            env: &[Variable::Value("AWS_CA_BUNDLE")],
            real_service: true;

        /// Seconds to wait for a connection, 1 to 300.
        /// The AWS CLI waits 60 and takes 0 as no limit; here 0 is refused.
        "connect-timeout" connect_timeout: Duration = Duration::from_secs(5), read::seconds,
            flag: Some("--connect-timeout");

        /// Seconds to wait for an answer, 1 to 300.
        /// After that the outcome of a change is unknown and the user is read back; nothing is sent twice.
        /// The AWS CLI waits 60 and takes 0 as no limit; here 0 is refused, because a change that is never
        /// answered would wait for ever.
        "read-timeout" read_timeout: Duration = Duration::from_secs(20), read::seconds,
            flag: Some("--read-timeout");

        /// Look, change nothing: no editing key works.
        /// It cannot be lifted while the program runs.
        "read-only" read_only: bool = false, read::switch => either,
            flag: Some("--read-only");

        /// Acting as a user with the user's own access token: "on" or "off".
        /// IAM cannot forbid the calls that carry a user's token; off takes them away here.
        "act-as-user" act_as_user: OnOff = OnOff::On, OnOff::read_switch => stricter;

        /// File to write a log to, without values of attributes.
        /// Without one: no log.
        "log" log: Option<PathBuf> = None, optional(read::path),
            sample: Some("\"~/cognitui.log\""),
            flag: Some("--log");

        /// Whether people's data may stay on this machine: "all", as the settings below say, or "none".
        /// none means values = "none" for every pool, drafts, clipboard, editor and export "off", and no log,
        /// whatever is said of them elsewhere. The journal stays, without values.
        /// `cognitui config traces` lists every place and what is there.
        "traces" traces: Traces = Traces::All, Traces::read => stricter;
    }
}

section! {
    /// How it looks.
    Screen = "screen" {
        /// Characters the terminal can show: "auto", "utf-8" or "ascii".
        /// auto asks LC_ALL, LC_CTYPE, LANG and TERM; SSH often arrives without them.
        "charset" charset: Charset = Charset::Auto, Charset::read;

        /// Colours: "default", "high-contrast" or "mono" (none: reverse video and words).
        /// The variable NO_COLOR means mono.
        "theme" theme: Theme = Theme::Default, Theme::read,
            env: &[Variable::Means("NO_COLOR", "mono")];

        /// Zone of the times on the screen: "UTC", "local" or a name like "Europe/Berlin".
        "time-zone" time_zone: TimeZone = TimeZone::Utc, read::time_zone;

        /// What the list of users shows, in this order: "username", "status", "enabled", "created", "changed",
        /// "groups", or an attribute by its full name, like "custom:tier". A contact has its verified flag beside it.
        "columns" columns: Vec<Column> = Column::usual(), read::columns;

        /// Lines of the status pane, its title included, 3 to 20.
        "pane-height" pane_height: u32 = 7, read::number(3..=20, "a height in lines");
    }
}

section! {
    /// Finding users.
    Find = "find" {
        /// Put in front of a phone number that was typed without its country code, one call for each; at most 8. Without
        /// any, the service is asked for no such phone number, unless it may hold its country code: eleven digits or more, and
        /// no 0 or parenthesis in front.
        "phone-prefixes" phone_prefixes: Vec<String> = Vec::new(), read::phone_prefixes,
            sample: Some("[\"+1\", \"+49\"]");
    }
}

section! {
    /// Changing users.
    Edit = "edit" {
        /// The verified flag after a change of address: "ask" proposes nothing and review asks,
        /// "pool" lets the pool decide, "verified" vouches for the new address.
        "verified-default" verified_default: VerifiedDefault = VerifiedDefault::Ask, VerifiedDefault::read;

        /// How often the name of a protected pool is typed: "armed" once for a while, "always" for every change.
        "confirm" confirm: Confirm = Confirm::Armed, Confirm::read => stricter;

        /// Minutes for which a protected pool stays armed, 1 to 480.
        "arm-minutes" arm_minutes: u32 = 30, read::number(1..=480, "a time in minutes") => least;

        /// Pending edits are kept on disk, so that they outlive the terminal: "on" or "off".
        "drafts" drafts: OnOff = OnOff::On, OnOff::read_switch => stricter;
    }
}

section! {
    /// Protecting pools, people and their data. A policy of the machine can make all of this stricter.
    Protect = "protect" {
        /// Pools with such a name are protected like those with protected = true: * stands for anything, ? for one
        /// character, upper and lower case are the same.
        "protected-names" protected_names: Vec<NamePattern> = Vec::new(), read::name_patterns => union,
            sample: Some("[\"*prod*\"]");

        /// Users whose form stays locked: a username, a sub, or "group:" and the name of a group.
        "protected-users" protected_users: Vec<ProtectedUser> = Vec::new(), read::protected_users => union,
            sample: Some("[\"admin\", \"5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f\", \"group:admins\"]");

        /// A pool that is not listed here: "name" opens it for reading, and its name typed allows writing;
        /// "read-only" opens it for reading, and nothing lifts that; "refuse" does not open it.
        "unlisted-pools" unlisted_pools: UnlistedPools = UnlistedPools::Name, UnlistedPools::read => stricter;

        /// The only pools that count as listed, by their ids. In a policy it keeps everybody from listing a pool to have
        /// it opened. Without it: every pool of a [[pool]] section.
        "listed-pools" listed_pools: Option<Vec<String>> = None, optional(read::pool_ids) => policys,
            sample: Some("[\"eu-west-1_aB3dE5fGh\"]");

        /// A reason for each change, which the journal keeps: "optional" asks for one in protected pools only,
        /// "required" in every pool.
        "reason" reason: Reason = Reason::Optional, Reason::read => stricter;

        /// What a whole reason has to look like, wherever one is required: a regular expression, or a list of them
        /// that all have to match. In single quotes a backslash is itself.
        "reason-pattern" reason_pattern: Option<ReasonPattern> = None, optional(read::reason_pattern) => both,
            sample: Some("'SUP-\\d+'");

        /// Minutes without a key until people's data are masked, 1 to 480; any key shows them again.
        /// Without it: never.
        "lock-after-minutes" lock_after_minutes: Option<u32> = None,
            optional(read::number(1..=480, "a time in minutes")) => sooner,
            sample: Some("10");

        /// Copying to the clipboard of the terminal: "on" or "off".
        "clipboard" clipboard: OnOff = OnOff::On, OnOff::read_switch => stricter;

        /// Editing a value in $VISUAL or $EDITOR, which puts it into a file for a while: "on" or "off".
        "editor" editor: OnOff = OnOff::On, OnOff::read_switch => stricter;

        /// Writing people's data to a file or to standard output, as `cognitui journal export` does: "on" or "off".
        "export" export: OnOff = OnOff::On, OnOff::read_switch => stricter;
    }
}

section! {
    /// The journal: what was changed, by whom, before and after. It cannot be switched off.
    Journal = "journal" {
        /// Folder of the journal. It may be one that several people write (its group's, mode 3770): each has a folder
        /// there that only its owner writes, and the group may read.
        /// Without it: a folder of your own in the state folder.
        "journal-dir" journal_dir: Option<PathBuf> = None, optional(read::path) => policys,
            sample: Some("\"/var/lib/cognitui/journal\""),
            real_service: true;

        /// What it keeps of usernames and attribute values: "full", "hashed" (keyed digests: the same value can be
        /// recognised, none can be read) or "none". Undo needs full.
        "values" values: Values = Values::Full, Values::read => policys;

        /// Days after which whole months are removed; a line that stays says so, and the chain still verifies.
        /// Without it: never.
        "retention-days" retention_days: Option<u32> = None,
            optional(read::number(1..=36_500, "a time in days")) => policys,
            sample: Some("400");
    }
}

section! {
    /// Calls a second, at most. The quotas belong to the whole account and region: the people who sign in share them.
    Pace = "pace" {
        /// ListUsers; the UserList quota is 30 a second.
        "list-per-second" list_per_second: u32 = 10,
            read::number(1..=30, "a pace within the service's UserList quota of 30 calls a second") => least;

        /// AdminGetUser; the UserRead quota is 120 a second.
        "read-per-second" read_per_second: u32 = 20,
            read::number(1..=120, "a pace within the service's UserRead quota of 120 calls a second") => least;

        /// AdminUpdateUserAttributes; the UserUpdate quota is 25 a second, and a fifth of it is the default.
        "write-per-second" write_per_second: u32 = 5,
            read::number(1..=25, "a pace within the service's UserUpdate quota of 25 calls a second") => least;
    }
}

section! {
    /// A favourite pool, shown first. One section for each.
    PoolSettings = "pool" {
        /// Id of the pool. Required.
        "id" id: String = String::new(), read::pool_id,
            sample: Some("\"eu-west-1_aB3dE5fGh\""),
            required: true;

        /// Name to show. Without one: the name the service gives.
        "name" name: Option<String> = None, optional(read::name),
            sample: Some("\"customers-prod\"");

        /// Region, if it is not the one in the id.
        "region" region: Option<String> = None, optional(read::region),
            sample: Some("\"eu-west-1\"");

        /// Profile for this pool, instead of the general one.
        "profile" profile: Option<String> = None, optional(read::name),
            sample: Some("\"support-prod\"");

        /// Address of the service for this pool, instead of the general one.
        "endpoint-url" endpoint_url: Option<Endpoint> = None, optional(read::endpoint),
            sample: Some("\"https://cognito-idp.eu-west-1.amazonaws.com\"");

        /// Ask for the pool's name before the first change, and say PROTECTED on every frame.
        "protected" protected: bool = false, read::switch;

        /// No changes in this pool. It cannot be lifted while the program runs.
        "read-only" read_only: bool = false, read::switch;

        /// Whether a change in this pool needs a reason, instead of the general rule: "optional" or "required".
        /// A protected pool requires one in any case.
        "reason" reason: Option<Reason> = None, optional(Reason::read) => stricter_if_set of "protect",
            sample: Some("\"required\"");

        /// What a whole reason has to look like in this pool, instead of the general form.
        "reason-pattern" reason_pattern: Option<ReasonPattern> = None,
            optional(read::reason_pattern) => both_if_set of "protect",
            sample: Some("'SUP-\\d+'");

        /// What the journal keeps of this pool's values, instead of the general choice: "full", "hashed" or "none".
        "values" values: Option<Values> = None, optional(Values::read) => policys_if_set of "journal",
            sample: Some("\"none\"");
    }
}

section! {
    /// A saved view of the list of users: what is looked for, what is shown, and in which order. One section for each.
    ViewSettings = "view" {
        /// Name of the view, as the actions (`:`) and `cognitui list --view` call it; on the screen it opens by its `key`. Required.
        "name" name: String = String::new(), read::name,
            sample: Some("\"gold\""),
            required: true;

        /// What is looked for, as it is typed after /. Without it: everybody.
        "query" query: String = String::new(), read::query,
            sample: Some("'custom:tier=gold created<30d'");

        /// What is shown, instead of the general columns.
        "columns" columns: Option<Vec<Column>> = None, optional(read::columns),
            sample: Some("[\"username\", \"email\", \"custom:tier\", \"created\"]");

        /// The column that orders it; with - in front the other end comes first.
        "sort" sort: Option<Sort> = None, optional(read::sort),
            sample: Some("\"-created\"");

        /// The number key that opens it in the list of users, 1 to 9.
        "key" key: Option<u32> = None, optional(read::number(1..=9, "one of the number keys")),
            sample: Some("1");
    }
}

/// Every section with a fixed heading, in the order of the example.
pub(super) const SECTIONS: &[&Section] = &[
    General::SECTION,
    Screen::SECTION,
    Find::SECTION,
    Edit::SECTION,
    Protect::SECTION,
    Journal::SECTION,
    Pace::SECTION,
];

/// The heading of the key overlay. Its keys are the names of actions, so it has no entries of its own here.
pub(super) const KEYS: &str = "keys";

/// The heading of the favourites.
pub(super) const POOL: &str = "pool";

/// The heading of the saved views.
pub(super) const VIEW: &str = "view";

/// Every section of which there may be many, in the order of the example.
pub(super) const REPEATED: &[&Section] = &[PoolSettings::SECTION, ViewSettings::SECTION];

/// The entry that a flag (with its dashes) sets.
fn entry_of(flag: &str) -> Option<&'static Entry> {
    SECTIONS
        .iter()
        .flat_map(|section| section.entries)
        .find(|entry| entry.flag == Some(flag))
}

/// The flags that set a setting.
pub fn flags() -> impl Iterator<Item = &'static str> {
    SECTIONS
        .iter()
        .flat_map(|section| section.entries)
        .filter_map(|entry| entry.flag)
}

/// One line of help for a flag that sets a setting. Empty for any other flag.
pub fn summary(flag: &str) -> String {
    let Some(line) = entry_of(flag).and_then(|entry| entry.doc.first()) else {
        return String::new();
    };
    line.trim().trim_end_matches('.').to_owned()
}

/// The whole help for a flag that sets a setting: its description, default and variables. Empty for any other flag.
pub fn help(flag: &str) -> String {
    let Some(entry) = entry_of(flag) else {
        return String::new();
    };
    let mut lines: Vec<String> = entry.doc.iter().map(|line| line.trim().to_owned()).collect();
    if let Some(default) = (entry.default)().filter(|default| default != "false") {
        lines.push(format!("Default: {default}."));
    }
    if !entry.env.is_empty() {
        let names: Vec<&str> = entry.env.iter().map(|variable| variable.name()).collect();
        lines.push(format!("Environment: {}.", names.join(", ")));
    }
    lines.push(format!("In the configuration file: {}.", entry.key));
    lines.join("\n")
}
