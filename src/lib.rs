#![doc = include_str!("ARCHITECTURE.md")]

pub mod app;
pub mod cli;
pub mod cognito;
pub mod config;
pub mod domain;
pub mod emulator;
pub mod job;
pub mod journal;
pub mod run;
pub mod terminal;
pub mod view;
pub mod work;
