//! The operator's work, from keys to the service and back.
#![cfg(test)]

pub mod scene;
pub mod stage;

mod acting;
mod codes;
mod conflict;
mod consequences;
mod deeds;
mod demo;
mod desk;
mod fields;
mod find;
mod first;
mod form;
mod hostile;
mod journal;
mod keys;
mod outcomes;
mod paste;
mod permissions;
mod pools;
mod read_only;
mod reading_faults;
mod refusals;
mod review;
mod start;
mod submit;
mod user;
mod users;
mod verified;
