//! The operator's work, from keys to the service and back.
#![cfg(test)]

pub mod scene;
pub mod stage;

mod acting;
mod archive;
mod audit;
mod clock;
mod codes;
mod conflict;
mod consequences;
mod credentials;
mod deeds;
mod demo;
mod desk;
mod drafts;
mod export;
mod fields;
mod find;
mod first;
mod form;
mod groups;
mod hostile;
mod journal;
mod journal_screen;
mod journal_start;
mod keys;
mod mask;
mod outcomes;
mod paste;
mod permissions;
mod pools;
mod protected;
mod query;
mod read_only;
mod reading_all;
mod reading_faults;
mod reason;
mod refusals;
mod review;
mod scan;
mod start;
mod submit;
mod undo;
mod user;
mod users;
mod verified;
