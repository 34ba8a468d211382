//! The fuzz crate is outside of the main build, which would not notice when the two come apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const TARGETS: [&str; 7] = ["command", "config", "filter", "journal", "keys", "response", "shown"];

/// What only the fuzz crate needs.
const FUZZING: [&str; 3] = ["arbitrary", "cognitui-fuzz", "libfuzzer-sys"];

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The packages of a lock file: name and version, with what each depends on, by name.
fn packages(lock: &str) -> BTreeMap<(String, String), BTreeSet<String>> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim_matches('"').to_owned())
    };
    lock.split("[[package]]")
        .filter_map(|block| {
            let (_, list) = block.split_once("dependencies = [").unwrap_or_default();
            let names = list.split('"').skip(1).step_by(2);
            let names = names.filter_map(|name| name.split(' ').next()).map(str::to_owned);
            Some(((value(block, "name = ")?, value(block, "version = ")?), names.collect()))
        })
        .collect()
}

#[test]
fn the_fuzz_targets_are_locked_to_what_the_program_is() {
    const MEND: &str = "cp Cargo.lock fuzz/ && cargo metadata --manifest-path fuzz/Cargo.toml > /dev/null";
    let (main, fuzz) = (packages(&text("Cargo.lock")), packages(&text("fuzz/Cargo.lock")));
    assert!(main.len() > 100 && fuzz.len() > 100, "both were read");
    let strange: Vec<_> = fuzz
        .keys()
        .filter(|(name, version)| {
            let ours = main.contains_key(&(name.clone(), version.clone()));
            !ours && !FUZZING.contains(&name.as_str())
        })
        .collect();
    assert!(strange.is_empty(), "{strange:?} are not in Cargo.lock: {MEND}");

    let of_us = |packages: &BTreeMap<(String, String), BTreeSet<String>>| {
        let ours = packages.iter().find(|((name, _), _)| name == "cognitui");
        ours.map(|(_, names)| names.clone()).unwrap()
    };
    let manifest = text("Cargo.toml");
    let (_, dev) = manifest.split_once("[dev-dependencies]").unwrap();
    let dev = dev.split("\n[").next().unwrap();
    let dev: BTreeSet<&str> = dev.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    let mut needed = of_us(&main);
    needed.retain(|name| !dev.contains(name.as_str()));
    assert_eq!(of_us(&fuzz), needed, "{MEND}");
}

#[test]
fn every_target_is_a_program_of_the_fuzz_crate_and_has_a_corpus() {
    let manifest = text("fuzz/Cargo.toml");
    let named: BTreeSet<&str> = manifest
        .split("[[bin]]")
        .skip(1)
        .filter_map(|bin| bin.lines().find_map(|line| line.strip_prefix("name = ")))
        .map(|name| name.trim_matches('"'))
        .collect();
    assert_eq!(named, BTreeSet::from(TARGETS));
    for target in TARGETS {
        let program = text(&format!("fuzz/fuzz_targets/{target}.rs"));
        assert!(
            program.contains(&format!("targets::{target}::check(data)")),
            "{program}"
        );
        assert!(text("tests/it/fuzz/targets/mod.rs").contains(&format!("pub mod {target};")));
        assert!(
            text("tests/it/fuzz/mod.rs").contains(&format!("run(\"{target}\", ")),
            "{target} is run"
        );
        assert!(!super::corpus(target).is_empty(), "{target}");
    }
}
