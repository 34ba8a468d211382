//! What a key costs, what it writes, and what leaving the console alone costs: the real program in a pseudo-terminal.

use std::time::Duration;

use crate::peers::Folder;
use crate::people;
use crate::start;
use crate::stub::Stub;
use crate::table::{Table, count, time};
use crate::terminal::Running;
use crate::{Failed, median};

/// Fewer than a page of users, and enough to reach the middle of the larger screen, where the list begins to move.
const KEYS: usize = 36;
/// What ends a region that scrolls.
const REGION: &[u8] = b"\x1b[r";
const ALONE: Duration = Duration::from_secs(60);

pub fn console(table: &mut Table) -> Result<(), Failed> {
    let home = Folder::new()?;
    let stub = Stub::start(1_000, Duration::ZERO, 0)?;
    for (size, most) in [((80, 24), 250), ((200, 60), 500)] {
        let mut console = start::console(&stub, home.path(), &[], size)?;
        console.until(people::username(0).as_bytes(), 0)?;
        keys(table, &mut console, size, most)?;
    }
    let mut console = start::console(&stub, home.path(), &[], start::SIZE)?;
    console.until(people::username(0).as_bytes(), 0)?;
    let (bytes, spent) = console.alone(ALONE)?;
    table.row(
        "left alone for a minute",
        format!("{bytes} bytes, {} of processor time", time(spent)),
        "0 bytes, 0 % of a core",
        bytes == 0 && spent.is_zero(),
    );
    Ok(())
}

fn keys(table: &mut Table, console: &mut Running, (columns, rows): (u16, u16), most: usize) -> Result<(), Failed> {
    let (mut moves, mut scrolls) = (Vec::new(), Vec::new());
    for _ in 0..KEYS {
        let from = console.written.len();
        let pressed = console.press(b"j")?;
        let written = console.written.get(from..).unwrap_or_default();
        if written.windows(REGION.len()).any(|part| part == REGION) {
            scrolls.push(pressed);
        } else {
            moves.push(pressed);
        }
    }
    for (what, presses, most) in [
        ("moving the cursor", &moves, 250),
        ("scrolling by a row", &scrolls, most),
    ] {
        let what = format!("{what} at {columns}x{rows}");
        let bytes = middle(presses.iter().map(|(_, bytes)| *bytes).collect());
        let Some(largest) = presses.iter().map(|(_, bytes)| *bytes).max() else {
            table.row(what, "never seen", format!("under {most} bytes"), false);
            continue;
        };
        table.row(
            what,
            format!("{} bytes, {} at most", count(bytes as u64), count(largest as u64)),
            format!("under {most} bytes"),
            bytes < most,
        );
    }
    let took = median(moves.iter().map(|(took, _)| *took).collect());
    table.row(
        format!("key to byte for moving the cursor at {columns}x{rows}"),
        time(took),
        "under 1 ms",
        !moves.is_empty() && took < Duration::from_millis(1),
    );
    Ok(())
}

fn middle(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
