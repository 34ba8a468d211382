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
//! Or in a folder that several OS users share, made once by the team with the sticky bit (`install -d -m 3770 -g GROUP`).
//! In it each user has a folder of the user's name (or `uid-<number>`), 0750 with files 0640: read by the group, written
//! by its owner alone. The files in it are the same, and each user's are chains of their own. What somebody else could
//! have written is not written to, and said when it is read. A folder of any other name is said and not read.
//!
//! `journal.key`, in the state folder and never in a shared one: 32 random bytes, 0600, made when a value is hashed for the
//! first time. Whoever loses it can compare hashed values no longer; nothing else depends on it.
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
//! | `anchor` | months that were removed because of their age: `days`, and of each file `name`, `last` (hash of its last line) and `lines` (the place of that line in the chain, counted from the very first of all) |
//!
//! Exactly one of `intent`, `outcome`, `seen` and `anchor` is there. The shapes are in `line.rs`. The `outcome` stands in the
//! chain of its `intent`; a `seen` may come from a later session and stand in a colleague's file.
//!
//! Some members came later. The two of the last steps are left out where there is nothing to tell: `flags` of `intent`
//! (verified flags as they were, of contacts that change without their flag being sent) and `sub` of `seen` (whom it is
//! about, so that it is found without its intent). Five members came with the steps on an account and the user's own calls. Older lines lack them, which means the same
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
//!
//! How much of that is written is the operator's choice, for each pool:
//!
//! | kept | `salt` | written |
//! |---|---|---|
//! | `full` | random | digest, salt, value |
//! | `hashed` | the first 16 bytes of HMAC-SHA256 under `journal.key` over the value | digest: equal values have equal ones, and nobody without the key can guess |
//! | `none` | random, and forgotten | digest, which says nothing |
//!
//! The sub and the operator's reason are written in full always, so that an entry can be found and understood. The username
//! is a value like the others, because it often is an e-mail address. Undo needs `full`.
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
//! A torn line is the beginning of one, perhaps followed by zeros; an end of any other kind was put there by somebody, and
//! nothing is added to it.
//!
//! # Reading and verifying
//!
//! Readers lock nothing, repair nothing and remove nothing. A lock file is tried shared, for a moment. [`verify()`] goes
//! through every chain and names the first bad line of each: not its canonical form or its hash, a `prev` that is not the
//! line before, a number used twice or falling, a name that is not the line's, an outcome without its intent, another
//! pool's or a later month's line. A chain may begin only at zeros, or at a hash that an `anchor` further on names. So a
//! change, a cut or another order shows unless the whole rest of the chain is written anew; a cut at the very end shows
//! against a [`Head`] that was noted elsewhere, and so does everything else.
//!
//! # Removing and taking out
//!
//! Months whose last line is older than the operator wants are removed at a session's first write to the pool: first the
//! `anchor` is on disk, then they go, oldest first. A month that is not as it was written stays.
//!
//! [`redact()`] takes value and salt out of every line about one user: under the lock, into a new file that takes the place of
//! the old one. The sub and the reason go too. Lines that are not as they were written and a torn end stay as they are.

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
