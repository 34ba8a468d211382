//! The places themselves: ours, and those of the programs that a console works with.

use std::path::PathBuf;

use super::{Found, Machine, Now, Trace, look};
use crate::cli::assemble;
use crate::config::{Config, OnOff, Setting, Traces, Values};

/// The folder that the operator's editor gets a value in begins with this.
const EDITED: &str = "cognitui-edit";

/// Every place, the program's own first.
pub fn all(config: &Config, machine: &Machine<'_>) -> Vec<Trace> {
    vec![
        journal(config, machine),
        drafts(config, machine),
        exports(config),
        log(config),
        editor(config, machine),
        clipboard(config, machine),
        history(machine),
        processes(machine),
        terminal(),
    ]
}

fn journal(config: &Config, machine: &Machine<'_>) -> Trace {
    let places = assemble::places(config, &machine.state);
    let mut found = vec![look::at(places.own())];
    if let Some(team) = places.team() {
        let mut all = look::at(team.to_path_buf());
        all.note
            .get_or_insert_with(|| "shared: the files of everybody who writes there".to_owned());
        found.push(all);
    }
    let values = &config.journal.values;
    let kept = match values.value {
        Values::Full => "usernames, and values before and after",
        Values::Hashed => "keyed digests of usernames and values",
        Values::None => "that there were values",
    };
    let others = config
        .pools
        .iter()
        .filter_map(|pool| pool.values.value)
        .filter(|own| *own != values.value);
    let more = match others.count() {
        0 => String::new(),
        1 => "; one pool has a rule of its own".to_owned(),
        count => format!("; {count} pools have rules of their own"),
    };
    let days = match config.journal.retention_days.value {
        Some(1) => "for a day".to_owned(),
        Some(days) => format!("for {days} days"),
        None => "for ever".to_owned(),
    };
    Trace {
        place: "journal",
        holds: format!("every change: when, who made it, and why; new lines keep {kept}, {days}{more}"),
        found,
        off_switch: "values = \"none\" in [journal] and in [[pool]] keeps the lines without values; retention-days; \
                     cognitui journal redact"
            .to_owned(),
        now: match values.value {
            Values::None => Now::Off(values.origin.clone()),
            Values::Full | Values::Hashed => Now::On(values.origin.clone()),
        },
    }
}

fn drafts(config: &Config, machine: &Machine<'_>) -> Trace {
    Trace {
        place: "drafts",
        holds: "pending edits: the username, values as they were and as they were typed; gone once sent or thrown away"
            .to_owned(),
        found: vec![look::at(machine.state.join(crate::drafts::FOLDER))],
        off_switch: "drafts = \"off\" in [edit]".to_owned(),
        now: switch(&config.edit.drafts),
    }
}

fn exports(config: &Config) -> Trace {
    Trace {
        place: "exports",
        holds: "what cognitui list, cognitui journal export and E on the list of users wrote, where the operator sent it: nothing here knows where; one that was cut off there is called .cognitui-export-0.part".to_owned(),
        found: Vec::new(),
        off_switch: "export = \"off\" in [protect]".to_owned(),
        now: switch(&config.protect.export),
    }
}

fn log(config: &Config) -> Trace {
    let log = &config.general.log;
    Trace {
        place: "log",
        holds: "operations, error codes and request ids; no usernames and no values".to_owned(),
        found: log.value.iter().map(|path| look::at(path.clone())).collect(),
        off_switch: "no log and no --log".to_owned(),
        now: match log.value {
            Some(_) => Now::On(log.origin.clone()),
            None => Now::Off(log.origin.clone()),
        },
    }
}

/// The file lies in a folder of its own that is removed with whatever an editor leaves beside it; what editors keep
/// elsewhere is theirs.
fn editor(config: &Config, machine: &Machine<'_>) -> Trace {
    let mut found = Vec::new();
    if let Some(folder) = (machine.env)("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty()) {
        found.push(look::named(PathBuf::from(folder), EDITED));
    }
    found.push(look::named(machine.state.clone(), EDITED));
    let neovim = machine
        .folder("XDG_STATE_HOME", ".local/state")
        .map(|folder| folder.join("nvim"));
    let home = |name: &str| machine.home.as_ref().map(|home| home.join(name));
    // Swap and undo files that an editor was told to keep in one place are called by the whole path.
    for folder in [
        neovim.as_ref().map(|folder| folder.join("swap")),
        neovim.as_ref().map(|folder| folder.join("undo")),
        home(".vim/swap"),
        home(".vim/undo"),
        home(".vim/backup"),
        home(".emacs.d/auto-save-list"),
    ] {
        found.extend(folder.map(|folder| look::named(folder, EDITED)).filter(is_there));
    }
    let memories = [
        (home(".viminfo"), "registers: what was yanked or deleted"),
        (
            neovim.as_ref().map(|folder| folder.join("shada")),
            "registers: what was yanked or deleted",
        ),
    ];
    for (path, note) in memories {
        let there = path.map(look::at).filter(is_there);
        found.extend(there.map(|found| Found {
            note: Some(note.to_owned()),
            ..found
        }));
    }
    Trace {
        place: "editor",
        holds: "the value that is edited in $VISUAL or $EDITOR, while it runs; its swap and undo files, where it keeps them \
                elsewhere"
            .to_owned(),
        found,
        off_switch: "editor = \"off\" in [protect]; in vim: set noswapfile noundofile viminfo=".to_owned(),
        now: switch(&config.protect.editor),
    }
}

fn clipboard(config: &Config, machine: &Machine<'_>) -> Trace {
    let mut found = Vec::new();
    if let Some(tmux) = (machine.env)("TMUX").filter(|tmux| !tmux.is_empty()) {
        let tmux = tmux.to_string_lossy().into_owned();
        let socket = tmux.split(',').next().unwrap_or_default();
        let mut server = look::at(PathBuf::from(socket));
        server.note = Some("the server's buffers: tmux list-buffers, tmux delete-buffer".to_owned());
        found.push(server);
    }
    let exchange = look::at(PathBuf::from("/tmp/screen-exchange"));
    found.extend(Some(exchange).filter(is_there));
    Trace {
        place: "clipboard",
        holds: "what was copied with y: the terminal's own clipboard, and a buffer of tmux or screen".to_owned(),
        found,
        off_switch: "clipboard = \"off\" in [protect]".to_owned(),
        now: switch(&config.protect.clipboard),
    }
}

fn history(machine: &Machine<'_>) -> Trace {
    let home = |name: &str| machine.home.as_ref().map(|home| home.join(name));
    let mut files: Vec<PathBuf> = Vec::new();
    let named = (machine.env)("HISTFILE")
        .filter(|file| !file.is_empty())
        .map(PathBuf::from);
    let fish = machine
        .folder("XDG_DATA_HOME", ".local/share")
        .map(|folder| folder.join("fish/fish_history"));
    for file in [
        named,
        home(".bash_history"),
        home(".zsh_history"),
        home(".histfile"),
        fish,
    ]
    .into_iter()
    .flatten()
    {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    Trace {
        place: "shell history",
        holds: "command lines: usernames and values that were arguments".to_owned(),
        found: files.into_iter().map(look::history).filter(is_there).collect(),
        off_switch:
            "find users inside the console; cognitui update takes attributes from file://; a blank in front keeps \
                     a line out where the shell is told so (HISTCONTROL=ignorespace, setopt hist_ignore_space)"
                .to_owned(),
        now: Now::Outside,
    }
}

fn processes(machine: &Machine<'_>) -> Trace {
    let mut running = look::processes(&machine.processes);
    running.note = Some("consoles that run now; everybody on this machine may see the arguments".to_owned());
    Trace {
        place: "process list",
        holds: "the arguments of a console, for as long as it runs: a username that was one of them".to_owned(),
        found: vec![running],
        off_switch: "find users inside the console; /proc mounted with hidepid=2".to_owned(),
        now: Now::Outside,
    }
}

fn terminal() -> Trace {
    Trace {
        place: "terminal",
        holds: "what commands without a screen print, in the terminal's scrollback; the console itself leaves nothing there".to_owned(),
        found: Vec::new(),
        off_switch: "print into a file or a pipe; close the terminal".to_owned(),
        now: Now::Outside,
    }
}

fn is_there(found: &Found) -> bool {
    found.files > 0 || found.note.is_some()
}

fn switch(setting: &Setting<OnOff>) -> Now {
    match setting.value {
        OnOff::On => Now::On(setting.origin.clone()),
        OnOff::Off => Now::Off(setting.origin.clone()),
    }
}

/// What to write to have none of it, for the end of the list.
pub fn all_at_once(config: &Config) -> String {
    match config.general.traces.value {
        Traces::All => "traces = \"none\" in the configuration switches off whatever has a switch, at once".to_owned(),
        Traces::None => format!("traces = \"none\" is in force: {}", config.general.traces.origin),
    }
}
