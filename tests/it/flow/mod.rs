//! The operator's work, from keys to the service and back.

pub mod stage;

mod first;
