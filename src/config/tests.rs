//! Tests of the configuration as a whole.

use super::*;

#[test]
fn the_example_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    if written != example() {
        std::fs::write(path, example()).unwrap();
        panic!(
            "config.example.toml was out of date and has been written again: look at it and commit it"
        );
    }
}
