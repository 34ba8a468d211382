//! The command line: what can be asked of the program, refused before anything is touched.
//!
//! Names and meanings are the AWS CLI's where it has them. Flags that set a setting hand their text to
//! [`crate::config`], which checks it as it checks the file, and take their help from there too.

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::config::escaped;

mod journal;
mod lint;
mod list;
mod options;
mod update;

pub use journal::{Form, JournalCommand, RedactArgs, VerifyArgs, Where};
pub use lint::LintArgs;
pub use list::{ListArgs, Printed};
pub use options::Options;
pub use update::{GivenContact, GivenText, Output, TokenSource, UpdateArgs};

/// Exit code for a command line or configuration that cannot be followed.
pub const USAGE: u8 = 2;

/// The most users the embedded service makes up; they are generated, not stored.
const MOST_DEMO_USERS: i64 = 100_000_000;

/// A terminal console for Amazon Cognito user pools.
///
/// Find a user, edit attributes in a form that knows the pool's schema, see what a change will cause,
/// send it, and read what really happened. Without USERNAME and --user-pool-id it opens on the pools.
#[derive(Debug, Parser)]
#[command(
    name = "cognitui",
    bin_name = "cognitui",
    version,
    verbatim_doc_comment,
    disable_help_subcommand = true,
    override_usage = "cognitui [OPTIONS] [USERNAME]\n       cognitui [OPTIONS] -- USERNAME\n       cognitui <COMMAND> ...",
    after_help = "A user who is called like a command is opened with -- in front: cognitui -- iam",
    after_long_help = AFTER_LONG_HELP
)]
pub struct Cli {
    /// Open on this user
    ///
    /// In the pool that --user-pool-id or the configuration names; without one, the pool is chosen first.
    /// A user who is called like a command, or begins with -, is written behind --: cognitui -- iam
    #[arg(value_name = "USERNAME", verbatim_doc_comment)]
    pub username: Option<GivenUsername>,

    #[command(flatten)]
    pub options: Options,

    /// Open an export in JSON Lines in the place of a pool, for reading
    ///
    /// What `cognitui list` printed. No connection, no credentials and no quota; nothing in it can be
    /// changed.
    #[arg(
        long,
        value_name = "FILE",
        verbatim_doc_comment,
        conflicts_with_all = ["username", "access_token", "user_pool_id", "endpoint_url", "demo"]
    )]
    pub from: Option<PathBuf>,

    /// Act as a user, whose access token is read from standard input
    ///
    /// Write - and pipe the token in; keys come from the terminal. It is taken from nowhere else: others
    /// can see arguments and variables. Without --user-pool-id the pool is the one that the token names.
    #[arg(
        long,
        value_name = "-",
        allow_hyphen_values = true,
        verbatim_doc_comment,
        conflicts_with = "username"
    )]
    pub access_token: Option<TokenSource>,

    /// Write more detail to the log
    ///
    /// Needs a log file: --log, or log in the configuration.
    /// Attribute values and credentials are never in it.
    #[arg(long, verbatim_doc_comment)]
    pub debug: bool,

    /// Run in one process, without the one that puts the terminal back
    ///
    /// Otherwise the console runs in a second process, and the first one only waits for it: should it
    /// be killed or abort, the terminal is as it was all the same.
    #[arg(long, verbatim_doc_comment)]
    pub no_supervisor: bool,

    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Why this command line is not followed, and what to write instead.
    fn refusal(&self) -> Option<String> {
        let Some(command) = &self.command else {
            if self.access_token == Some(TokenSource::Elsewhere) {
                return Some(update::NOT_IN_ARGUMENTS.to_owned());
            }
            return self.options.refusal();
        };
        // Each command takes the options it uses and no others; in front of it they would be obeyed by nobody.
        let given = self.options != Options::default() || self.debug || self.no_supervisor || self.from.is_some();
        if given || self.username.is_some() || self.access_token.is_some() {
            let name = command.name();
            return Some(format!(
                "options stand behind the command: cognitui {name} [OPTIONS]. For a user who is called like a command: \
                 cognitui [OPTIONS] -- USERNAME"
            ));
        }
        match command {
            Command::Config { what } => what.options().refusal(),
            Command::Update(asked) => asked.refusal(),
            Command::Lint(asked) => asked.refusal(),
            Command::List(asked) => asked.refusal(),
            Command::Iam(_) | Command::Journal { .. } | Command::Emulator(_) => None,
        }
    }
}

const AFTER_LONG_HELP: &str = "\
Without flags the standard AWS settings apply: variables, profiles, SSO, assumed roles, web identity,
instance credentials, HTTPS_PROXY and NO_PROXY. `cognitui config show` says what is in force, and why.

A user who is called like a command is opened with -- in front: cognitui -- iam

Exit codes: 0 done; 1 something failed; 2 the command line, the configuration or the terminal cannot be used;
101 the program is at fault; 128+n ended by signal n; 129 the terminal went away.";

/// A username from the command line. Often an e-mail address, so Debug prints its length.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenUsername(pub String);

impl fmt::Debug for GivenUsername {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GivenUsername({} bytes)", self.0.len())
    }
}

impl std::str::FromStr for GivenUsername {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Err("a username is not empty; leave it out to open the pool"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

/// What the program does without a screen.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the least IAM policy that the console needs
    Iam(IamArgs),
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Check a whole pool: twins, hidden characters, missing and odd values
    Lint(Box<LintArgs>),
    /// Print the users of a pool: a table, CSV, JSON Lines, or the file that a pool imports users from
    List(Box<ListArgs>),
    /// Change a user's attributes without the screen, for scripts
    Update(Box<UpdateArgs>),
    /// Look at the journal: what was done, and whether the record is whole
    Journal {
        #[command(subcommand)]
        what: JournalCommand,
    },
    /// Serve the demo's Cognito over HTTP, for other clients and tests
    Emulator(EmulatorArgs),
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Iam(_) => "iam",
            Self::Config {
                what: ConfigCommand::Path(_),
            } => "config path",
            Self::Config {
                what: ConfigCommand::Check(_),
            } => "config check",
            Self::Config {
                what: ConfigCommand::Show(_),
            } => "config show",
            Self::Config {
                what: ConfigCommand::Traces(_),
            } => "config traces",
            Self::Lint(_) => "lint",
            Self::List(_) => "list",
            Self::Update(_) => "update",
            Self::Journal { what } => what.name(),
            Self::Emulator(_) => "emulator",
        }
    }
}

#[derive(Debug, Args)]
pub struct IamArgs {
    /// What the console should be able to do
    #[arg(long, value_name = "MODE")]
    pub mode: Mode,

    /// Limit the policy to this pool
    ///
    /// Without it the policy is for every pool of the account.
    #[arg(long, value_name = "ID", verbatim_doc_comment)]
    pub user_pool_id: Option<String>,
}

/// How much a policy allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Mode {
    /// Find and look at users
    Read,
    /// Change their attributes and take steps on their accounts as well
    Write,
    /// Sign in as them: a policy to attach beside one of the others
    Act,
}

impl Mode {
    /// Whether a policy of this mode holds what another one is for.
    pub fn includes(self, needed: Self) -> bool {
        match self {
            Self::Act => needed == Self::Act,
            Self::Read | Self::Write => needed <= self,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the path of the file that is read
    Path(Options),
    /// Check the file, the variables and the flags, and print every mistake
    Check(Options),
    /// Print what is in force, and where each value came from
    Show(Options),
    /// Print every place where people's data can stay, what is there, and what switches it off
    Traces(TracesArgs),
}

#[derive(Debug, Args)]
pub struct TracesArgs {
    /// How the list is printed
    ///
    /// Without it: a table on a terminal, JSON otherwise.
    #[arg(long, value_name = "FORMAT", verbatim_doc_comment)]
    pub output: Option<Output>,

    #[command(flatten)]
    pub options: Options,
}

impl ConfigCommand {
    pub fn options(&self) -> &Options {
        match self {
            Self::Path(options) | Self::Check(options) | Self::Show(options) => options,
            Self::Traces(asked) => &asked.options,
        }
    }
}

#[derive(Debug, Args)]
pub struct EmulatorArgs {
    /// Address to listen on, on this machine only; port 0 takes a free one
    #[arg(long, value_name = "127.0.0.1:PORT", value_parser = loopback)]
    pub listen: SocketAddr,

    /// Users of the demo's large pool
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_DEMO_USERS))]
    pub demo_users: Option<u32>,
}

fn loopback(text: &str) -> Result<SocketAddr, &'static str> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "write an address and a port, like 127.0.0.1:9229")?;
    if !address.ip().is_loopback() {
        return Err("it has no passwords, so it listens on this machine only, like 127.0.0.1:9229");
    }
    Ok(address)
}

/// Text to print instead of going on, and the exit code: help and version on standard output with 0, everything else
/// on standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Safe to print; ends with a newline.
    pub text: String,
    pub code: u8,
}

/// Reads the command line; the first argument is the program's name.
///
/// # Errors
/// Help and version ([`Stop`] with code 0), and command lines that cannot be followed (code [`USAGE`]).
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Stop> {
    let matches = definition().try_get_matches_from(arguments);
    let cli = matches
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| Stop {
            text: lines(&error.render().to_string()),
            code: if error.use_stderr() { USAGE } else { 0 },
        })?;
    match cli.refusal() {
        Some(why) => Err(refused(&why)),
        None => Ok(cli),
    }
}

/// The definition, with the shared options said as each command means them.
fn definition() -> clap::Command {
    Cli::command().mut_subcommand("update", |update| {
        update
            .mut_arg("demo", |flag| flag.hide(true))
            .mut_arg("demo_users", |flag| flag.hide(true))
            .mut_arg("user_pool_id", |flag| {
                let words = "The user pool, by its id; with --access-token the token names it";
                flag.help(words).long_help(words)
            })
            .mut_arg("read_only", |flag| {
                let words = "Refuse to change anything; --dry-run still reads";
                flag.help(words).long_help(words)
            })
    })
}

/// A command line that cannot be followed, for a reason found after parsing. `why` is printed as it is.
pub fn refused(why: &str) -> Stop {
    Stop {
        text: format!("error: {why}\n"),
        code: USAGE,
    }
}

/// clap repeats what was typed; its own line breaks stay, everything else that a terminal might obey does not.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(escaped).collect();
    format!("{}\n", lines.join("\n"))
}

/// `--debug` without a log would be obeyed by nobody.
///
/// # Errors
/// When no layer names a log.
pub fn check_debug(cli: &Cli, config: &crate::config::Config) -> Result<(), Stop> {
    if cli.debug && config.general.log.value.is_none() {
        return Err(refused(
            "--debug has nowhere to write: add --log FILE, or set log in the configuration",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
