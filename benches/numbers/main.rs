//! The numbers of the README, by one command: `cargo bench --bench numbers`. With names behind `--` only those parts are
//! measured (`-- start listing`); with `--write` the table goes to benches/results.md, from where the README takes it.
//!
//! The real program is measured in a pseudo-terminal, and with it what it is compared with, in turns: medians, and ratios
//! within one run. What is compared with is set up here, from the lock file of the tests. Nothing fails because it is slow.

mod console;
#[path = "../costs.rs"]
#[expect(dead_code, reason = "a program of its own; here only the console it fills")]
mod costs;
mod frames;
mod listing;
mod peers;
mod people;
mod search;
mod service;
mod start;
mod stub;
mod table;
mod terminal;

use std::time::{Duration, Instant};

use table::Table;

pub type Failed = Box<dyn std::error::Error + Send + Sync>;

type Part = fn(&mut Table) -> Result<(), Failed>;

/// The parts, in the order of the table.
const PARTS: [(&str, Part); 6] = [
    ("binary", start::binary),
    ("start", start::start),
    ("frames", frames::frames),
    ("console", console::console),
    ("listing", listing::listing),
    ("search", search::search),
];

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        // What this program starts of itself, so that a client has a process of its own.
        ["serve", users, latency, quota] => service::serve(service::Asked {
            users: users.parse()?,
            latency: Duration::from_micros(latency.parse()?),
            quota: quota.parse()?,
        }),
        ["list", client, endpoint, rate, users] => listing::list(client, endpoint, rate.parse()?, users.parse()?),
        asked => {
            let wanted = |name: &str| {
                let mut named = asked.iter().filter(|argument| **argument != "--write").peekable();
                named.peek().is_none() || named.any(|argument| *argument == name)
            };
            let mut table = Table::new()?;
            for (name, measure) in PARTS {
                if wanted(name) {
                    eprintln!("{name}:");
                    measure(&mut table)?;
                }
            }
            if asked.contains(&"--write") {
                let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/results.md");
                std::fs::write(path, table.markdown()?)?;
                eprintln!("{path} is written");
            } else {
                println!("{}", table.markdown()?);
            }
            Ok(())
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
pub fn now() -> Instant {
    Instant::now()
}

/// The one in the middle.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How many times as long.
pub fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64().max(f64::MIN_POSITIVE)
}
