#![doc = include_str!("ARCHITECTURE.md")]

// Said here and not found out at run time: half of what keeps a terminal and a journal safe has no counterpart there.
#[cfg(windows)]
compile_error!(
    "cognitui does not run on Windows: terminal modes, signals, file locks and private files are done the Unix way. \
     Use it on Linux or macOS, inside WSL, or over SSH."
);

pub mod app;
pub mod cli;
pub mod cognito;
pub mod config;
pub mod disk;
pub mod domain;
pub mod drafts;
pub mod emulator;
pub mod job;
pub mod journal;
pub mod run;
pub mod terminal;
pub mod view;
pub mod work;
