//! `config show`: what is in force, and which layer said so.

use super::escape::escaped;
use super::file::ConfigFile;
use super::origin::Origin;
use super::read::Literal;
use super::table::{KEYS, POOL, Row, VIEW};
use super::{Config, Service};

/// The configuration as TOML that could be read again, each line with the origin of its value behind it.
pub fn show(config: &Config) -> String {
    let mut text = match &config.file {
        ConfigFile::Read(path) => format!("# read from {}\n", escaped(&path.to_string_lossy())),
        ConfigFile::Absent(path) => format!("# no file at {}\n", escaped(&path.to_string_lossy())),
        ConfigFile::NoFolder => "# no file: there is no home folder to look in\n".to_owned(),
    };
    if let Some(path) = &config.policy {
        text.push_str(&format!(
            "# policy of this machine: {}\n",
            escaped(&path.to_string_lossy())
        ));
    }
    if config.service == Service::Demo {
        text.push_str("# --demo: settings that point at a real service are left out\n");
    }
    for (section, rows) in config.rows() {
        if !section.name.is_empty() {
            text.push_str(&format!("\n[{}]\n", section.name));
        }
        settings(&mut text, &rows);
    }
    if !config.keys.is_empty() {
        text.push_str(&format!("\n[{KEYS}]\n"));
    }
    for binding in &config.keys {
        if let (Some(action), Some(chords)) = (binding.action.literal(), binding.chords.literal()) {
            line(&mut text, &format!("{action} = {chords}"), &binding.origin);
        }
    }
    for pool in &config.pools {
        text.push_str(&format!("\n[[{POOL}]]\n"));
        settings(&mut text, &pool.rows());
    }
    for view in &config.views {
        text.push_str(&format!("\n[[{VIEW}]]\n"));
        settings(&mut text, &view.rows());
    }
    text
}

fn settings(text: &mut String, rows: &[Row<'_>]) {
    for row in rows {
        match &row.literal {
            Some(value) => line(text, &format!("{} = {value}", row.entry.key), row.origin),
            None if *row.origin == Origin::Default => text.push_str(&format!("# {} is not set\n", row.entry.key)),
            None => line(text, &format!("# {} is not set", row.entry.key), row.origin),
        }
    }
}

fn line(text: &mut String, setting: &str, origin: &Origin) {
    text.push_str(&format!("{setting:<40} # {}\n", place(origin)));
}

/// The file's name stands above everything, so its lines do not repeat it.
fn place(origin: &Origin) -> String {
    match origin {
        Origin::File { line, .. } => format!("line {line} of the file"),
        Origin::Flag(flag) => format!("flag {flag}"),
        Origin::Traces(said) => format!("traces = \"none\", {}", place(said)),
        Origin::Both(one, two) => format!("{} and {}", place(one), place(two)),
        other => other.to_string(),
    }
}
