//! How long until something is on the screen.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::peers::{self, Folder};
use crate::people::{self, POOL};
use crate::stub::Stub;
use crate::table::{Table, time};
use crate::terminal::{self, FRAME, Running};
use crate::{Failed, median, now, ratio};

const ROUNDS: usize = 41;
/// `aws --version` takes long enough to be told apart in fewer.
const SLOW_ROUNDS: usize = 7;
/// Between this machine and a region nearby.
const FAR: Duration = Duration::from_millis(20);

pub const CONSOLE: &str = env!("CARGO_BIN_EXE_cognitui");
pub const SIZE: (u16, u16) = (80, 24);

pub fn binary(table: &mut Table) -> Result<(), Failed> {
    let bytes = std::fs::metadata(CONSOLE)?.len();
    let megabytes = bytes as f64 / 1e6;
    table.row(
        "size of the program",
        format!("{megabytes:.2} MB"),
        "at most 10 MB",
        megabytes <= 10.0,
    );
    Ok(())
}

/// The console on the stand-in's pool.
pub fn console(stub: &Stub, home: &Path, more: &[&str], size: (u16, u16)) -> Result<Running, Failed> {
    let here = ["--endpoint-url", &stub.endpoint, "--user-pool-id", POOL];
    let arguments: Vec<&str> = here.into_iter().chain(more.iter().copied()).collect();
    terminal::start(&installed(home)?, &arguments, &[], home, size)
}

/// The program as whoever installs it has it: copied. The file that the linker itself has written is slower to start,
/// by a tenth of the first frame, because it lies in memory in smaller pieces.
fn installed(home: &Path) -> Result<PathBuf, Failed> {
    let program = home.join("cognitui");
    if !program.exists() {
        std::fs::copy(CONSOLE, &program)?;
    }
    Ok(program)
}

pub fn start(table: &mut Table) -> Result<(), Failed> {
    let home = Folder::new()?;
    let stub = Stub::start(1_000, Duration::ZERO, 0)?;
    let bin = peers::python()?;
    let smallest = peers::smallest()?;
    let nothing: [(&str, &OsStr); 0] = [];
    let (mut ncurses, mut alone, mut supervised, mut rows) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut other = terminal::start(&smallest, &[], &nothing, home.path(), SIZE)?;
        ncurses.push(other.until(b"drawn", 0)? - other.started);
        let mut one = console(&stub, home.path(), &["--no-supervisor"], SIZE)?;
        let frame = one.until(FRAME, 0)?;
        alone.push(frame - one.started);
        rows.push(one.until(people::username(0).as_bytes(), 0)? - frame);
        let mut two = console(&stub, home.path(), &[], SIZE)?;
        supervised.push(two.until(FRAME, 0)? - two.started);
    }
    let mut aws = Vec::new();
    for _ in 0..SLOW_ROUNDS {
        let begun = now();
        let done = Command::new(bin.join("aws"))
            .arg("--version")
            .stdout(Stdio::null())
            .status()?;
        if !done.success() {
            return Err("aws --version failed".into());
        }
        aws.push(now() - begun);
    }
    let far = Stub::start(1_000, FAR, 0)?;
    let mut far_rows = Vec::new();
    for _ in 0..SLOW_ROUNDS {
        let mut one = console(&far, home.path(), &["--no-supervisor"], SIZE)?;
        let frame = one.until(FRAME, 0)?;
        far_rows.push(one.until(people::username(0).as_bytes(), 0)? - frame);
    }
    let (ncurses, alone, supervised, aws) = (median(ncurses), median(alone), median(supervised), median(aws));
    table.note("smallest ncurses program, first screen", time(ncurses));
    for (what, console, most) in [
        ("first frame with `--no-supervisor`", alone, 1.5),
        ("first frame", supervised, 1.75),
    ] {
        let times = ratio(console, ncurses);
        table.row(
            what,
            format!("{}, {times:.2} times that", time(console)),
            format!("at most {most} times"),
            times <= most,
        );
    }
    let share = ratio(aws, alone);
    table.row(
        "`aws --version`",
        format!("{}, {share:.0} times the first frame", time(aws)),
        "at least 100 times",
        share >= 100.0,
    );
    let spare = Duration::from_millis(5);
    for (latency, stub, rows) in [(Duration::ZERO, &stub, rows), (FAR, &far, far_rows)] {
        let (rows, round_trip) = (median(rows), stub.round_trip()?);
        let most = round_trip + spare;
        table.row(
            format!(
                "first users after the first frame, service at {} ms",
                latency.as_millis()
            ),
            format!("{}, a round trip is {}", time(rows), time(round_trip)),
            format!("at most {} more than a round trip", time(spare)),
            rows <= most,
        );
    }
    Ok(())
}
