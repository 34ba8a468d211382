//! What must hold for any bytes at all: one function a target, called by cargo-fuzz (`fuzz/`) and by `cargo test`.
//!
//! Each takes bytes and panics where a property does not hold. Where plain bytes would never get past the first check,
//! they are read as instructions ([`Bytes`]) that build something nearly right.

pub mod bytes;
pub mod command;
pub mod config;
pub mod filter;
pub mod journal;
pub mod keys;
pub mod letters;
pub mod response;
pub mod shown;

pub use bytes::Bytes;
