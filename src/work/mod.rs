//! The desk: where all waiting happens. It takes a job with a ticket and answers with a reply that carries it.
//!
//! The screen never waits for anything in here, and nothing in here knows the screen.

mod acting;
mod desk;
mod find;
mod pace;
mod submit;

pub use desk::{Desk, Outbox, Surroundings};
pub use pace::Rates;
