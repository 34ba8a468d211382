//! The append-only record of every write: without a line on disk nothing is sent.
//!
//! CloudTrail hides attribute values, so these files are the only account of what was changed, by whom and from what.
//! The types carry the order of a write: [`Journal::record`] is the only maker of a [`Recorded`], a `Recorded` can be
//! sent once, a [`Sent`] can be settled once. An unjournaled write, a second send of one decision and settling twice do
//! not compile.
//!
//! # Files
//!
//! In the state folder, `journal/<pool-id>-<year>-<month>.jsonl`, one file per pool and month of UTC, JSON Lines, files
//! 0600 in folders 0700. Names are made from pool ids only, never from usernames. Beside them `session-<id>.lock`, held
//! (`flock`) by each console that is open, so that an intent without an outcome can be told from one still under way.
//!
//! # Lines
//!
//! One JSON object a line, in canonical form: members sorted by name, no spaces, everything outside printable ASCII
//! escaped - the bytes that Python's `json.dumps(line, sort_keys=True, separators=(",", ":"))` writes. A line that is not
//! its own canonical form has been changed. Numbers are integers.
//!
//! | member | what it holds |
//! |---|---|
//! | `v` | 1. Members may be added under the same number; the meaning of one never changes |
//! | `session`, `seq` | the console that wrote the line, and its count of lines. A number is never used twice |
//! | `prev` | `hash` of the line before, of the month before for the first line of a file, or 64 zeros for the first of all |
//! | `hash` | see below |
//! | `id` | names the write: `<session>-<seq>` of its `intent`; shared by its `outcome` and `seen` |
//! | `time` | RFC 3339 in UTC, milliseconds |
//! | `program` | version of the program that wrote the line |
//! | `repaired` | bytes of a torn last line that were cut off before this one, else null |
//! | `intent` | what is about to be sent: caller, place, user, operation, changes, metadata keys, account, client, contact, message action, reason, undoes |
//! | `outcome` | what the service answered, or that nothing went out: word, why, attempts, duration, request id, reported, fault |
//! | `seen` | what is true after reading back: one of the six outcome words, the attributes, account, or why it could not be read |
//!
//! Exactly one of `intent`, `outcome` and `seen` is there. The shapes are in `line.rs`.
//!
//! Five members came with the steps on an account and the user's own calls. Older lines lack them, which means the same
//! as `null` (or an empty list):
//!
//! | member | what it holds |
//! |---|---|
//! | `account` of `intent` and `seen` | status, and whether it is enabled, as read; null where the reading does not tell (GetUser) |
//! | `client` of `intent` | the app client that the call names |
//! | `contact` of `intent` | `email` or `phone_number`, where the call is about its code |
//! | `message_action` of `intent` | `RESEND` where AdminCreateUser invites again somebody who is there |
//! | `reported` of `outcome` | the messages the service reports, in its order: attribute, medium, destination |
//!
//! A code, an access token and a password are in no line.
//!
//! # Values
//!
//! Whatever tells about a person - attribute values, username, sub, the destination of a message (masked as it is), the
//! service's words, a reason - is written as
//! `{"digest", "salt", "value"}`: `salt` is 16 random bytes in hexadecimal, and `digest` is SHA-256 over those bytes
//! followed by the value in UTF-8. Without `salt` and `value` the object says that there was a value and keeps it to
//! itself; a salt of its own makes the digest of even a phone number worthless for guessing. `null` means not set.
//!
//! # Hash
//!
//! `hash` is SHA-256, in hexadecimal, over the canonical form of the line without its `hash` and without the `salt` and
//! `value` of every object that has a `digest`. So a value can be taken out, salt and all, and the chain still verifies;
//! while it is there, its digest proves it.
//!
//! # Appending
//!
//! Lock the newest file of the pool, check its last line, cut off a torn one (the only time anything is cut), append,
//! fsync file and folder, unlock. A file gets no more lines once one of a newer month exists, whatever a clock says.

use std::sync::Arc;

use jiff::Timestamp;

mod chain;
pub mod cloudtrail;
mod demo;
mod error;
mod file;
mod head;
mod key;
mod line;
mod lines;
mod name;
mod places;
mod problem;
mod reading;
mod redact;
mod retention;
mod seal;
mod stages;
#[cfg(test)]
mod tests;
mod verify;
mod writing;

pub use demo::empty_demo;
pub use error::{JournalError, Notice};
pub use head::{Head, NoHead};
pub use places::Places;
pub use problem::{Problem, Wrong};
pub use reading::{Reading, Stamp, read, stamp};
pub use redact::{Redacted, redact};
pub use stages::{Answer, EntryId, NotSent, Recorded, Sent, Settled, Unsettled};
pub use verify::{Chain, Verified, head, verify};
pub use writing::{Journal, Rules};

/// The folder in the state folder.
const FOLDER: &str = "journal";

/// Where the journal's times come from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
