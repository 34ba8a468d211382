//! The table: what was measured, what it should be, and whether it is.

use std::fmt::Write;
use std::time::Duration;

use crate::Failed;

pub struct Table {
    rows: Vec<Row>,
    begun: Ticks,
}

struct Row {
    what: String,
    measured: String,
    wanted: String,
    reached: Option<bool>,
}

impl Table {
    pub fn new() -> Result<Self, Failed> {
        Ok(Self {
            rows: Vec::new(),
            begun: Ticks::now()?,
        })
    }

    /// Something with a mark to reach.
    pub fn row(
        &mut self,
        what: impl Into<String>,
        measured: impl Into<String>,
        wanted: impl Into<String>,
        reached: bool,
    ) {
        self.put(what.into(), measured.into(), wanted.into(), Some(reached));
    }

    /// Something to compare with, or that could not be measured here.
    pub fn note(&mut self, what: impl Into<String>, measured: impl Into<String>) {
        self.put(what.into(), measured.into(), String::new(), None);
    }

    fn put(&mut self, what: String, measured: String, wanted: String, reached: Option<bool>) {
        eprintln!(
            "  {what}: {measured}{}",
            verdict(reached).map_or(String::new(), |word| format!(" ({wanted}: {word})"))
        );
        self.rows.push(Row {
            what,
            measured,
            wanted,
            reached,
        });
    }

    pub fn markdown(&self) -> Result<String, Failed> {
        let mut page = format!(
            "Measured on {}{}.\n\n| What | Measured | To reach | |\n|---|---|---|---|\n",
            machine()?,
            stolen(self.begun, Ticks::now()?)
        );
        for row in &self.rows {
            let verdict = verdict(row.reached).unwrap_or_default();
            writeln!(page, "| {} | {} | {} | {verdict} |", row.what, row.measured, row.wanted)?;
        }
        Ok(page)
    }
}

fn verdict(reached: Option<bool>) -> Option<&'static str> {
    reached.map(|reached| if reached { "reached" } else { "**not reached**" })
}

/// What the processors of the machine did since it started, in ticks of the kernel (proc(5): /proc/stat).
#[derive(Clone, Copy)]
struct Ticks {
    worked: u64,
    /// Where something was to be done and the host of a virtual machine let others go first.
    stolen: u64,
}

impl Ticks {
    fn now() -> Result<Self, Failed> {
        let all = std::fs::read_to_string("/proc/stat")?;
        let line = all.lines().next().ok_or("an empty /proc/stat")?;
        let ticks: Vec<u64> = line.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        // User, nice, system, idle, waiting, two kinds of interrupts, stolen.
        let [user, nice, system, _, _, hard, soft, stolen, ..] = ticks.as_slice() else {
            return Err(format!("another /proc/stat: {line}").into());
        };
        Ok(Self {
            worked: user + nice + system + hard + soft,
            stolen: *stolen,
        })
    }
}

/// How much of the time its host took from a virtual machine meanwhile. Nothing where it took nothing.
fn stolen(begun: Ticks, ended: Ticks) -> String {
    let (worked, stolen) = (ended.worked - begun.worked, ended.stolen - begun.stolen);
    match stolen as f64 * 100.0 / (worked + stolen).max(1) as f64 {
        percent if percent < 0.05 => String::new(),
        percent => format!("; its host kept {percent:.1} % of the time that was asked of them for others"),
    }
}

/// Cores, processor and memory, and nothing else of it.
fn machine() -> Result<String, Failed> {
    let cores = std::thread::available_parallelism()?;
    let processors = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = field(&processors, "model name").unwrap_or("an unnamed processor");
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 = field(&memory, "MemTotal")
        .and_then(|total| total.strip_suffix("kB")?.trim().parse().ok())
        .unwrap_or_default();
    Ok(format!(
        "{cores} cores of {model}, {} GB of memory",
        kilobytes / 1_000_000
    ))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

/// With three digits that count.
pub fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (number, unit) = if seconds < 0.001 {
        (seconds * 1e6, "µs")
    } else if seconds < 1.0 {
        (seconds * 1e3, "ms")
    } else {
        (seconds, "s")
    };
    let digits = if number < 10.0 {
        2
    } else if number < 100.0 {
        1
    } else {
        0
    };
    format!("{number:.digits$} {unit}")
}

/// With thousands apart.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
