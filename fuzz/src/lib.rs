//! The targets are those of `cargo test`: one text, so that both assert the same.

#[path = "../../tests/it/fuzz/targets/mod.rs"]
pub mod targets;
