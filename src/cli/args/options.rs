//! The flags that the console and its commands share. Those that set a setting hand their text to [`crate::config`], which checks
//! it as it checks the file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use super::MOST_DEMO_USERS;
use crate::config::{Flags, Service, help, summary};

/// The flags of the console, which `config check` and `config show` take too.
///
/// Values stay text here: the configuration checks them together with the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Options {
    #[arg(long, value_name = "ID", help = summary("--user-pool-id"), long_help = help("--user-pool-id"))]
    pub user_pool_id: Option<OsString>,

    #[arg(long, value_name = "R", help = summary("--region"), long_help = help("--region"))]
    pub region: Option<OsString>,

    #[arg(long, value_name = "P", help = summary("--profile"), long_help = help("--profile"))]
    pub profile: Option<OsString>,

    #[arg(long, value_name = "URL", help = summary("--endpoint-url"), long_help = help("--endpoint-url"))]
    pub endpoint_url: Option<OsString>,

    #[arg(long, value_name = "FILE", help = summary("--ca-bundle"), long_help = help("--ca-bundle"))]
    pub ca_bundle: Option<OsString>,

    #[arg(
        long,
        alias = "cli-connect-timeout",
        value_name = "S",
        allow_negative_numbers = true,
        help = summary("--connect-timeout"),
        long_help = help("--connect-timeout")
    )]
    pub connect_timeout: Option<OsString>,

    #[arg(
        long,
        alias = "cli-read-timeout",
        value_name = "S",
        allow_negative_numbers = true,
        help = summary("--read-timeout"),
        long_help = help("--read-timeout")
    )]
    pub read_timeout: Option<OsString>,

    /// Read this configuration file
    ///
    /// Without it: the file that COGNITUI_CONFIG names, else config.toml in the user's
    /// configuration folder, if there is one (`cognitui config path`).
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub config: Option<PathBuf>,

    #[arg(long, help = summary("--read-only"), long_help = help("--read-only"))]
    pub read_only: bool,

    /// Run on the embedded demo service
    ///
    /// Invented pools and users, no network, no AWS account; real credentials are never used.
    #[arg(long, verbatim_doc_comment)]
    pub demo: bool,

    /// Users of the demo's large pool
    #[arg(
        long,
        value_name = "N",
        requires = "demo",
        value_parser = clap::value_parser!(u32).range(1..=MOST_DEMO_USERS)
    )]
    pub demo_users: Option<u32>,

    #[arg(long, value_name = "FILE", help = summary("--log"), long_help = help("--log"))]
    pub log: Option<OsString>,

    /// Refused: see [`Options::refusal`].
    #[arg(long, hide = true)]
    pub no_verify_ssl: bool,

    /// Refused: see [`Options::refusal`].
    #[arg(long, hide = true)]
    pub no_sign_request: bool,
}

impl Options {
    /// The flags in the form the configuration takes.
    pub fn flags(&self) -> Flags {
        let mut flags = Flags::default();
        flags.config.clone_from(&self.config);
        if self.demo {
            flags.service = Service::Demo;
        }
        flags.give("--user-pool-id", self.user_pool_id.clone());
        flags.give("--region", self.region.clone());
        flags.give("--profile", self.profile.clone());
        flags.give("--endpoint-url", self.endpoint_url.clone());
        flags.give("--ca-bundle", self.ca_bundle.clone());
        flags.give("--connect-timeout", self.connect_timeout.clone());
        flags.give("--read-timeout", self.read_timeout.clone());
        flags.give("--read-only", self.read_only.then_some("true"));
        flags.give("--log", self.log.clone());
        flags
    }

    /// Why a file is not read beside these flags.
    pub(super) fn beside_file(&self, from: Option<&Path>) -> Option<String> {
        let elsewhere = self.user_pool_id.is_some() || self.demo || self.endpoint_url.is_some();
        (from.is_some() && elsewhere).then(|| {
            "--from reads a file, and --user-pool-id, --endpoint-url and --demo name a pool of a service: leave out one of them"
                .to_owned()
        })
    }

    /// Why these flags are not followed, and what to use.
    pub(super) fn refusal(&self) -> Option<String> {
        if self.no_verify_ssl {
            return Some(
                "--no-verify-ssl is refused: without the check anybody on the way can read and change user data. \
                 For a certificate of your own use --ca-bundle FILE"
                    .to_owned(),
            );
        }
        if self.no_sign_request {
            return Some(
                "--no-sign-request is refused: the operations of this console exist for signed requests only. \
                 Use credentials (--profile P), or try --demo, or an --endpoint-url on this machine, which needs none"
                    .to_owned(),
            );
        }
        let real = [
            ("--endpoint-url", self.endpoint_url.is_some()),
            ("--profile", self.profile.is_some()),
            ("--ca-bundle", self.ca_bundle.is_some()),
        ];
        let (flag, _) = real.into_iter().find(|(_, given)| self.demo && *given)?;
        Some(format!(
            "--demo and {flag} exclude each other: the demo runs on the embedded service and never uses real \
             credentials or another endpoint. Leave out one of them"
        ))
    }
}
