//! Reads the journal back, for the tests of its format.

use std::path::Path;

use crate::domain::PoolId;

use super::chain::{self, Hash};
use super::line::Line;
use super::name::parse_name;

/// The lines of one file.
pub(super) fn read(path: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(path).expect("a journal file");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a line of the format"))
        .collect()
}

/// Goes through a pool's whole chain, months in order. Returns how many lines it has, or the first bad line as
/// `file:number`.
pub(super) fn verify(folder: &Path, pool: &PoolId) -> Result<usize, String> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a journal folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("ASCII"))
        .filter_map(|name| parse_name(&name).map(|(of, month)| (of, month, name)))
        .filter(|(of, _, _)| of == pool)
        .collect();
    files.sort_by_key(|(_, month, _)| *month);

    let mut prev = Hash::zero();
    let mut count = 0;
    for (_, _, name) in files {
        let text = std::fs::read_to_string(folder.join(&name)).expect("a journal file");
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let bad = || format!("{name}:{}", index + 1);
            let whole = line.strip_suffix('\n').ok_or_else(bad)?;
            let hash = chain::check(whole).map_err(|_| bad())?;
            let parsed: Line = serde_json::from_str(whole).map_err(|_| bad())?;
            if parsed.prev != prev {
                return Err(bad());
            }
            prev = hash;
            count += 1;
        }
    }
    Ok(count)
}
