//! `config.example.toml`, made from the table of settings so that it cannot fall behind.

use super::table::{Entry, KEYS, REPEATED, SECTIONS};
use super::tighten::How;

/// The text of `config.example.toml`: every setting, commented out, with its description and default.
pub fn example() -> String {
    let mut text = String::from(
        "## cognitui configuration. Every setting stands here, commented out, with its default or an example;\n\
         ## take away its # to set it. The file is looked for in the user's configuration folder\n\
         ## (`cognitui config path` names it); --config and COGNITUI_CONFIG name another.\n\
         ## Environment variables go before the file, and flags before both; the machine's policy, where there is one,\n\
         ## goes before all of them and can make those settings stricter that say so.\n\
         ## `cognitui config check` finds mistakes; `cognitui config show` says what is in force, and why.\n",
    );
    for section in SECTIONS {
        text.push('\n');
        describe(&mut text, section.doc);
        if !section.name.is_empty() {
            text.push_str(&format!("[{}]\n", section.name));
        }
        entries(&mut text, section.entries);
    }
    text.push_str(&format!(
        "\n## Keys: the name of an action, and the chord or chords that start it. An empty list takes its key away.\n\
         ## `?` in the program lists the actions and their keys.\n\
         [{KEYS}]\n\
         # retry = [\"r\", \"f5\"]\n"
    ));
    for section in REPEATED {
        text.push('\n');
        describe(&mut text, section.doc);
        text.push_str(&format!("# {}\n", section.brackets()));
        entries(&mut text, section.entries);
    }
    text
}

/// What a policy can set, as a table in Markdown: section, keys, and what becomes of them beside the other layers.
pub fn policy_table() -> String {
    let mut text =
        String::from("| In the policy | | Beside what configuration, variables and flags say |\n|---|---|---|\n");
    for section in SECTIONS {
        let heading = match section.brackets() {
            heading if heading.is_empty() => "before the first section".to_owned(),
            heading => format!("`{heading}`"),
        };
        let mut rows: Vec<(How, Vec<&str>)> = Vec::new();
        for entry in section.entries {
            let Some(bound) = entry.policy else { continue };
            match rows.iter_mut().find(|(how, _)| *how == bound.how) {
                Some((_, keys)) => keys.push(entry.key),
                None => rows.push((bound.how, vec![entry.key])),
            }
        }
        for (how, keys) in rows {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            text.push_str(&format!("| {heading} | {} | {} |\n", keys.join(", "), how.words()));
        }
    }
    text
}

fn entries(text: &mut String, entries: &[Entry]) {
    for entry in entries {
        text.push('\n');
        describe(text, entry.doc);
        if let Some(flag) = entry.flag {
            text.push_str(&format!("## Flag: {flag}."));
            let names: Vec<&str> = entry.env.iter().map(|variable| variable.name()).collect();
            if !names.is_empty() {
                text.push_str(&format!(" Environment: {}.", names.join(", ")));
            }
            text.push('\n');
        }
        if let Some(bound) = entry.policy {
            text.push_str(&format!("## Policy: {}.\n", bound.how.words()));
        }
        let default = (entry.default)();
        match (&entry.sample, &default) {
            (Some(_), None) if !entry.required => text.push_str("## Not set by default; for example:\n"),
            (Some(_), Some(default)) if !entry.required => {
                text.push_str(&format!("## Default: {default}; for example:\n"));
            }
            _ => {}
        }
        let value = entry.sample.map(str::to_owned).or(default).unwrap_or_default();
        text.push_str(&format!("# {} = {value}\n", entry.key));
    }
}

fn describe(text: &mut String, lines: &[&str]) {
    for line in lines {
        text.push_str(&format!("## {}\n", line.trim()));
    }
}
