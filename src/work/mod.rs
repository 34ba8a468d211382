//! The desk: where all waiting happens. It takes a job with a ticket and answers with a reply that carries it.
//!
//! The screen never waits for anything in here, and nothing in here knows the screen.

mod acting;
mod archive;
mod audit;
mod desk;
mod drafts;
mod export;
mod find;
mod journal;
mod leave;
mod looker;
mod pace;
mod password;
mod scan;
mod search;
mod submit;

pub use archive::{Archive, Listed, Reading, Walk};
pub use desk::{Desk, JournalSettings, Outbox, Surroundings};
pub use pace::Rates;
