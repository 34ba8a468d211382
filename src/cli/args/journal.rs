//! `cognitui journal`: what of it, which entries, and in which form.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::GivenText;
use crate::config::{Flags, Service};

/// What is asked of the journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Print where the journal is
    Path(Where),
    /// List what was done, newest first
    List(ListArgs),
    /// Show one entry in full: before, after, the answer, and what was read back
    Show(ShowArgs),
    /// Check that nothing was changed, cut or moved, and name the first bad line
    Verify(VerifyArgs),
    /// Print how long each pool's journal is and the hash of its last line
    Head(HeadArgs),
    /// Print every entry, oldest first, for another program
    Export(ExportArgs),
    /// Take a person's values out of the journal; the chain still verifies
    Redact(RedactArgs),
}

impl JournalCommand {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Path(_) => "journal path",
            Self::List(_) => "journal list",
            Self::Show(_) => "journal show",
            Self::Verify(_) => "journal verify",
            Self::Head(_) => "journal head",
            Self::Export(_) => "journal export",
            Self::Redact(_) => "journal redact",
        }
    }

    pub fn place(&self) -> &Where {
        match self {
            Self::Path(place) => place,
            Self::List(asked) => &asked.place,
            Self::Show(asked) => &asked.place,
            Self::Verify(asked) => &asked.place,
            Self::Head(asked) => &asked.place,
            Self::Export(asked) => &asked.place,
            Self::Redact(asked) => &asked.place,
        }
    }
}

/// Which journal.
#[derive(Clone, Debug, Default, Args)]
pub struct Where {
    /// Of this pool only
    #[arg(long, value_name = "ID")]
    pub user_pool_id: Option<String>,

    /// Read this configuration file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The demo's journal, which is emptied when a demo starts
    #[arg(long)]
    pub demo: bool,
}

impl Where {
    /// The flags in the form the configuration takes. The pool is no setting here: it narrows, and opens nothing.
    pub fn flags(&self) -> Flags {
        let mut flags = Flags::default();
        flags.config.clone_from(&self.config);
        if self.demo {
            flags.service = Service::Demo;
        }
        flags
    }
}

/// The form of entries on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For reading
    Table,
    /// One document
    Json,
    /// One entry a line
    Jsonl,
    /// One line for each attribute; cells that a spreadsheet would run begin with '
    Csv,
}

/// What `list` and `show` print.
#[derive(Clone, Copy, Debug, Args)]
pub struct FormArg {
    /// How it is printed on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub output: Form,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only entries that meet all of these terms
    ///
    /// user:jane by:ana attr:email outcome:unknown day:2026-11-20 reason:SUP-12 pool:1_aB3dE; a word
    /// without a name in front matches anything. The same as on the screen.
    #[arg(value_name = "TERM", verbatim_doc_comment)]
    pub terms: Vec<GivenText>,

    #[command(flatten)]
    pub form: FormArg,

    #[command(flatten)]
    pub place: Where,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The entry's id, or as much of its beginning as no other has
    #[arg(value_name = "ID")]
    pub id: String,

    #[command(flatten)]
    pub form: FormArg,

    #[command(flatten)]
    pub place: Where,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Heads noted before, as `cognitui journal head` prints them; - reads standard input
    ///
    /// Without them an end that was cut off is not found: what is left is a good journal.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub head: Option<PathBuf>,

    /// An exported CloudTrail, to match request ids both ways
    ///
    /// The file that CloudTrail delivers, unpacked, or what `aws cloudtrail lookup-events` prints.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub cloudtrail: Option<PathBuf>,

    #[command(flatten)]
    pub place: Where,
}

#[derive(Debug, Args)]
pub struct HeadArgs {
    #[command(flatten)]
    pub place: Where,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// How it is printed on standard output
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    pub output: Form,

    #[command(flatten)]
    pub place: Where,
}

#[derive(Debug, Args)]
pub struct RedactArgs {
    /// The sub of the person
    #[arg(long, value_name = "SUB")]
    pub sub: GivenText,

    /// Do it. Without this it only says what would be taken out
    #[arg(long)]
    pub yes: bool,

    #[command(flatten)]
    pub place: Where,
}
