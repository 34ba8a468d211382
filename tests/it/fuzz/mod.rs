//! The fuzz targets of `fuzz/`, each with a fixed number of inputs: the committed ones, then as many from a fixed seed.
//! cargo-fuzz runs the same functions for as long as it is let.
#![cfg(test)]

mod dice;
mod kept_up;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dice::Dice;
use targets::command::{Copied, TOKEN, copied, plain};

/// The files of a target under `fuzz/corpus`, by name. What a fuzzer finds beside them is not committed.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

/// Runs a target. An input that fails is printed, so that it can be tried alone and kept as a file of the corpus.
fn run(target: &str, count: usize, words: &[&[u8]], check: fn(&[u8])) {
    let corpus = corpus(target);
    assert!(!corpus.is_empty(), "{target} has a corpus");
    let attempt = |name: &str, input: &[u8]| {
        if let Err(panic) = std::panic::catch_unwind(|| check(input)) {
            eprintln!("{target}, {name}: {}", input.escape_ascii());
            std::panic::resume_unwind(panic);
        }
    };
    for (path, input) in &corpus {
        attempt(&path.display().to_string(), input);
    }
    let known: Vec<Vec<u8>> = corpus.into_iter().map(|(_, input)| input).collect();
    let mut dice = Dice::new(0x5eed);
    for number in 0..count {
        attempt(&format!("input {number}"), &dice.input(words, &known));
    }
}

#[test]
fn shown() {
    run("shown", 12_000, targets::shown::WORDS, targets::shown::check);
}

#[test]
fn config() {
    run("config", 3_000, targets::config::WORDS, targets::config::check);
}

#[test]
fn journal() {
    run("journal", 1_000, targets::journal::WORDS, targets::journal::check);
}

#[test]
fn filter() {
    run("filter", 20_000, targets::filter::WORDS, targets::filter::check);
}

#[test]
fn command() {
    run("command", 10_000, targets::command::WORDS, targets::command::check);
}

#[test]
fn keys() {
    run("keys", 40_000, targets::keys::WORDS, targets::keys::check);
}

#[test]
fn response() {
    run("response", 2_500, targets::response::WORDS, targets::response::check);
}

/// The same commands as the target's, read by the shell of this machine in place of a reader written for the test.
#[test]
fn a_real_shell_reads_a_copied_command_as_it_was_meant() {
    let known: Vec<Vec<u8>> = corpus("command").into_iter().map(|(_, input)| input).collect();
    let mut dice = Dice::new(0xc0b1);
    let all: Vec<Copied> = std::iter::repeat_with(|| dice.input(targets::command::WORDS, &known))
        .filter_map(|input| copied(&input))
        .take(300)
        .collect();
    // Each argument ends in a NUL, each command in an empty argument of its own.
    let script: String = all
        .iter()
        .map(|copied| format!("printf '%s\\0' {} ''\n", copied.command))
        .collect();
    let path = std::env::temp_dir().join(format!("cognitui-fuzz-{}.sh", std::process::id()));
    fs::write(&path, script).unwrap();
    let output = Command::new("sh")
        .arg(&path)
        .env_clear()
        .env("ACCESS_TOKEN", TOKEN)
        .output()
        .unwrap();
    fs::remove_file(&path).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let mut arguments = said.split('\0');
    for Copied {
        command,
        arguments: expected,
    } in &all
    {
        let mut found: Vec<String> = arguments
            .by_ref()
            .take_while(|text| !text.is_empty())
            .map(str::to_owned)
            .collect();
        let json = found.last_mut().unwrap();
        *json = plain(json).unwrap();
        assert_eq!(found, *expected, "{command}");
    }
    assert_eq!(arguments.next(), Some(""), "nothing follows");
}
