//! `cognitui list`: whose users, which of them, and in which form.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Options;
use super::update::GivenText;

/// The command's options.
#[derive(Debug, Default, Args)]
#[command(after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
pub struct ListArgs {
    /// Only users who meet all of these terms
    ///
    /// One line, as it is typed after / on the screen: email^=jane custom:tier=gold -enabled:no
    #[arg(long, value_name = "LINE", verbatim_doc_comment, allow_hyphen_values = true)]
    pub query: Option<GivenText>,

    /// A saved view of the configuration: its query, its columns and its order
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,

    /// What is printed of each user
    ///
    /// username, status, enabled, created, changed, groups, and attributes by their full names, with
    /// commas between. Without it: every attribute of the pool; in a table the usual ones.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', verbatim_doc_comment)]
    pub columns: Vec<String>,

    /// Order the users by a column, with - in front the other end first
    ///
    /// Needs everybody at once: they are kept until the last one is read.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true, verbatim_doc_comment)]
    pub sort: Option<String>,

    /// Print the groups of each user as well
    ///
    /// Who is in which group is read first, group by group; what that costs is said before. The column
    /// groups and group: in the query do the same.
    #[arg(long, verbatim_doc_comment)]
    pub groups: bool,

    /// The form on standard output
    ///
    /// Without it: a table on a terminal, JSON Lines otherwise.
    #[arg(long, alias = "layout", value_name = "FORMAT", verbatim_doc_comment)]
    pub output: Option<Printed>,

    /// Stop after so many users
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,

    /// Calls a second at most, 1 to 30
    ///
    /// Below the pace that the configuration sets; the quota is shared with everybody who signs in.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=30), verbatim_doc_comment)]
    pub rate: Option<u32>,

    /// Read an export in JSON Lines in the place of a pool
    ///
    /// No connection, no credentials and no quota.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub from: Option<PathBuf>,

    #[command(flatten)]
    pub options: Options,
}

const AFTER_HELP: &str = "Users go to standard output, words go to standard error. --help says more.";

const AFTER_LONG_HELP: &str = r#"Examples:
  cognitui list --user-pool-id eu-west-1_aB3dE5fGh > users.jsonl
  cognitui list --from users.jsonl --query '!email' --columns username,created --output csv
  cognitui list --view gold --output sheet > gold.csv
  cognitui list --query 'group:admins' --groups --sort -changed

Users are printed as they arrive, page by page, and none is kept: a pool of any size streams through.
With --sort, or a view that has an order, they are kept until the last one is read. For groups, who is in
which is read before any user and kept.
No page is asked for before the one before the last was taken by whoever reads. How far it is stands on
standard error: one line that changes on a terminal, otherwise a line every ten seconds.

CSV is RFC 4180 with CR LF, each value byte for byte; "" is a value that is set and empty. In sheet a cell
that a spreadsheet would run stands behind an apostrophe. JSON Lines opens again with --from: its first line
says of which pool it is, its last one whether everybody is in it; a file without that line was cut off.

Exit codes: 0 done, or whoever reads has closed the pipe; 1 nothing could be read; 2 the command line, the
configuration, the credentials or the file cannot be used; 3 some users were printed and not all (standard
error says why); 128+n ended by signal n."#;

/// The form of users on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Printed {
    /// For reading
    Table,
    /// Every value as it is
    Csv,
    /// For a spreadsheet: cells that it would run begin with '
    Sheet,
    /// One user a line, in the shape of ListUsers
    Jsonl,
    /// The file that a pool imports users from
    Import,
}

impl ListArgs {
    /// Why this command line is not followed, and what to write instead.
    pub(super) fn refusal(&self) -> Option<String> {
        if let Some(why) = self.options.beside_file(self.from.as_deref()) {
            return Some(why);
        }
        if self.from.is_some() && self.output == Some(Printed::Import) {
            return Some(
                "--output import needs the header that the pool itself gives (GetCSVHeader), and --from asks nobody: list \
                 the pool, with --user-pool-id in the place of --from"
                    .to_owned(),
            );
        }
        if self.output == Some(Printed::Import) && self.groups {
            return Some("--output import has no place for groups: leave out --groups".to_owned());
        }
        if self.output == Some(Printed::Import) && !self.columns.is_empty() {
            return Some("--output import has the columns of the pool's own header: leave out --columns".to_owned());
        }
        self.options.refusal()
    }
}
