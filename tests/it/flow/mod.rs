//! The operator's work, from keys to the service and back.
#![cfg(test)]

pub mod scene;
pub mod stage;

mod first;
mod demo;
mod find;
mod hostile;
mod keys;
mod permissions;
mod pools;
mod read_only;
mod reading_faults;
mod start;
mod user;
mod users;
mod conflict;
mod consequences;
mod fields;
mod form;
mod journal;
mod outcomes;
mod paste;
mod review;
mod submit;
mod verified;
