//! `cognitui update`: whose call, what is changed, and what a person would have been asked on the screen.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::{GivenUsername, Options};
use crate::domain::Contact;

/// The command's options. Text that may hold a person's data is kept in types whose Debug prints lengths.
#[derive(Debug, Default, Args)]
#[command(after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
pub struct UpdateArgs {
    /// Act as the user: their access token is read from standard input
    ///
    /// Write - and pipe the token in. It is taken from nowhere else: others can see arguments and
    /// variables. The pool is the one that the token names.
    #[arg(
        long,
        value_name = "-",
        allow_hyphen_values = true,
        verbatim_doc_comment,
        conflicts_with_all = ["username", "verified", "unverified", "cognito_decides", "confirm_username"]
    )]
    pub access_token: Option<TokenSource>,

    /// Act as the administrator on this user of --user-pool-id
    ///
    /// The username itself, not an alias: an alias can move to another user.
    #[arg(long, value_name = "NAME", verbatim_doc_comment)]
    pub username: Option<GivenUsername>,

    /// What to change, in the forms of the AWS CLI
    ///
    /// Name=email,Value=ann@example.com Name=nickname,Value=Ann, or JSON, or file:// and the path
    /// of a JSON file. An empty Value= deletes the attribute.
    #[arg(long, value_name = "ATTRIBUTES", num_args = 1.., verbatim_doc_comment)]
    pub user_attributes: Vec<GivenText>,

    /// For Lambda triggers only; the service does not store it
    ///
    /// ticket=T-1,channel=phone, or JSON, or file:// and a path.
    #[arg(long, value_name = "METADATA", verbatim_doc_comment)]
    pub client_metadata: Option<GivenText>,

    /// Vouch for these contacts: they count as verified at once, and no code goes
    #[arg(long, value_name = "CONTACTS", value_delimiter = ',')]
    pub verified: Vec<GivenContact>,

    /// Mark these contacts as not verified
    #[arg(long, value_name = "CONTACTS", value_delimiter = ',')]
    pub unverified: Vec<GivenContact>,

    /// Leave the verified mark of these contacts to the pool's settings
    #[arg(long, value_name = "CONTACTS", value_delimiter = ',')]
    pub cognito_decides: Vec<GivenContact>,

    /// The pool's name, where the console would have it typed
    ///
    /// Before a change in a protected pool, or in one that the configuration does not list.
    /// Where the name cannot be read, the pool's id.
    #[arg(long, value_name = "NAME", verbatim_doc_comment)]
    pub confirm_pool: Option<String>,

    /// The username once more, where the change takes an alias from another user
    #[arg(long, value_name = "NAME")]
    pub confirm_username: Option<GivenUsername>,

    /// Why, for the journal
    ///
    /// Required in a protected pool, and wherever the configuration or the policy of this machine asks
    /// for one; it may have to be of a certain form.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    pub reason: Option<GivenText>,

    /// Read, and print what would change and what that causes; send nothing
    #[arg(long)]
    pub dry_run: bool,

    /// How the result is printed on standard output
    ///
    /// Without it: a table on a terminal, JSON otherwise.
    #[arg(long, value_name = "FORMAT", verbatim_doc_comment)]
    pub output: Option<Output>,

    #[command(flatten)]
    pub options: Options,
}

const AFTER_HELP: &str = "The result goes to standard output, words go to standard error. --help says more.";

const AFTER_LONG_HELP: &str = r#"Examples:
  print-token | cognitui update --access-token - --user-attributes Name=email,Value=ann@example.com
  cognitui update --user-pool-id eu-west-1_aB3dE5fGh --username ann \
      --user-attributes Name=email,Value=ann@example.com --verified email --dry-run

The result goes to standard output, words go to standard error.

Exit codes: 0 applied, waiting for a code, or nothing to do (the output says which); 1 refused, nothing was
changed; 2 the command line, the configuration, the credentials or the token cannot be used; 3 unknown: it may
have been applied; 4 not sent, because someone changed the user meanwhile; 6 sent, and another value is there
now; 130 and 143 stopped by a signal."#;

/// Why a token never goes on a command line.
pub(super) const NOT_IN_ARGUMENTS: &str = "--access-token takes - and nothing else: the token is read from standard input, because arguments can be \
     seen by everybody on this machine. If that was a token, revoke it";

/// Where the access token is to come from.
///
/// Whatever else is written there may be the token itself, so it is not kept, and no message can repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    StandardInput,
    Elsewhere,
}

impl FromStr for TokenSource {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "-" {
            Self::StandardInput
        } else {
            Self::Elsewhere
        })
    }
}

/// Attributes or metadata as written. Debug prints the length.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenText(pub String);

impl fmt::Debug for GivenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GivenText({} bytes)", self.0.len())
    }
}

impl FromStr for GivenText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// A contact by the name of its attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GivenContact {
    #[value(name = "email")]
    Email,
    #[value(name = "phone_number")]
    PhoneNumber,
}

impl From<GivenContact> for Contact {
    fn from(given: GivenContact) -> Self {
        match given {
            GivenContact::Email => Self::Email,
            GivenContact::PhoneNumber => Self::PhoneNumber,
        }
    }
}

/// How the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    Json,
    Table,
}

impl UpdateArgs {
    /// Why this command line is not followed, and what to write instead.
    pub(super) fn refusal(&self) -> Option<String> {
        let why = match (self.access_token, &self.username) {
            (Some(TokenSource::Elsewhere), _) => NOT_IN_ARGUMENTS,
            (None, None) => {
                "whose call is it? --access-token - acts as the user, whose token comes from standard input; \
                 --user-pool-id ID --username NAME acts as the administrator"
            }
            _ if self.options.demo || self.options.demo_users.is_some() => {
                "update and --demo exclude each other: every start of the demo begins anew, so nothing would be left of \
                 the change. `cognitui emulator` serves the demo to scripts; name it with --endpoint-url"
            }
            (Some(_), _) if self.options.no_sign_request => {
                "--no-sign-request is not needed: the calls that carry a user's token are never signed. Leave it out"
            }
            _ if self.asks_for_nothing() => {
                "there is nothing to change: add --user-attributes, or --verified or --unverified for a contact"
            }
            _ => return self.said_twice().or_else(|| self.options.refusal()),
        };
        Some(why.to_owned())
    }

    fn asks_for_nothing(&self) -> bool {
        self.user_attributes.is_empty() && self.verified.is_empty() && self.unverified.is_empty()
    }

    fn said_twice(&self) -> Option<String> {
        let lists = [&self.verified, &self.unverified, &self.cognito_decides];
        [GivenContact::Email, GivenContact::PhoneNumber]
            .into_iter()
            .find(|contact| lists.iter().filter(|list| list.contains(contact)).count() > 1)
            .map(|contact| {
                format!(
                    "{} stands in two of --verified, --unverified and --cognito-decides: keep one",
                    Contact::from(contact).name()
                )
            })
    }
}

#[cfg(test)]
mod tests;
