//! What a million loaded users cost: memory, and each key of a line that looks for somebody, in the real program and beside
//! nucleo, which matches the same users.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cognitui::domain::export::read::{self, Line};
use cognitui::domain::export::{Head, Layout, Writer};
use cognitui::domain::query::{Ground, Known, Query};
use cognitui::domain::roster::Row;
use cognitui::domain::search::{Bits, Look, Matches, Within, look};
use cognitui::domain::{PoolId, Roster, RowId, Rows, Segment};
use jiff::Timestamp;
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::peers::Folder;
use crate::start::CONSOLE;
use crate::table::{Table, count, time};
use crate::terminal::{self, Answered, Running};
use crate::{Failed, median, now, people, ratio};

const USERS: usize = 1_000_000;
/// How many users a page of ListUsers has.
const PAGE: usize = 60;
const SIZE: (u16, u16) = (200, 60);
/// How often each line is typed.
const TYPED: usize = 5;
/// How long everybody may take to be read.
const LIMIT: Duration = Duration::from_secs(600);
const CLEAR: &[u8] = b"\x15";

const PARTS: [&str; 6] = [
    "email:user0123",
    "name:hopper",
    "given_name:oluwa",
    "custom:tier:gold",
    "email^=user01",
    "family_name^=oka",
];
const WORDS: [&str; 7] = [
    "jane",
    "nakamura",
    "hopper",
    "example",
    "mrgrthpp",
    "jane hopper",
    "0155",
];

/// How many users; fewer where the environment says so, to try this out.
fn users() -> usize {
    let asked = std::env::var("NUMBERS_USERS").ok();
    asked.and_then(|users| users.parse().ok()).unwrap_or(USERS)
}

pub fn search(table: &mut Table) -> Result<(), Failed> {
    let home = Folder::new()?;
    let (file, bytes) = export(home.path(), users())?;
    let of = count(users() as u64);
    let mut console = open(&file, home.path())?;
    while_read(table, &mut console)?;
    let each = console.memory()? as f64 / users() as f64;
    table.row(
        format!("memory of {of} users with ten attributes, {bytes} bytes of values each"),
        format!("{each:.0} bytes a user, the whole process"),
        "at most 250 bytes",
        each <= 250.0,
    );
    for (what, lines, p99, longest) in [
        ("a key of a substring or prefix", &PARTS[..], 8, 16),
        ("a key of bare words", &WORDS[..], 33, 33),
    ] {
        let mut keys = Vec::new();
        for line in lines {
            let typed = type_line(&mut console, line)?;
            let first: Vec<Duration> = typed.iter().map(|key| key.first).collect();
            let whole = typed.iter().map(|key| key.whole).collect();
            table.note(
                format!("`{line}`, letter by letter"),
                format!("{}; all counted: {}", spread(first.clone()), spread(whole)),
            );
            keys.extend(first);
        }
        keys.sort();
        let at = |hundredths: usize| keys.get(keys.len() * hundredths / 100).copied();
        let slowest = keys.last().copied().unwrap_or_default();
        let last = at(99).unwrap_or(slowest);
        let (p99, longest) = (Duration::from_millis(p99), Duration::from_millis(longest));
        table.row(
            format!("{what} among {of} users, until the frame with its first page"),
            format!("p99 {}, {} at most", time(last), time(slowest)),
            format!("p99 under {}, {} at most", time(p99), time(longest)),
            last < p99 && slowest <= longest,
        );
    }
    drop(console);
    beside_nucleo(table, &file)
}

/// Types while everybody in the file is being read, until that is over.
fn while_read(table: &mut Table, console: &mut Running) -> Result<(), Failed> {
    let begun = now();
    console.write(b"/")?;
    let mut waits = Vec::new();
    let mut screen = vt100::Parser::new(SIZE.1.try_into()?, SIZE.0.try_into()?, 0);
    let mut shown = 0;
    let all = format!("{}, ALL", count(users() as u64));
    loop {
        screen.process(console.written.get(shown..).unwrap_or_default());
        shown = console.written.len();
        // The title of the list says so when the reading is over; the line above it says so of the file from the first.
        if screen.screen().contents().contains(&all) {
            break;
        }
        if now() - begun > LIMIT {
            return Err(format!("the reading never ended:\n{}", screen.screen().contents()).into());
        }
        for key in b"jane" {
            waits.push(console.echo(&[*key])?);
        }
        waits.push(console.echo(CLEAR)?);
    }
    let took = now() - begun;
    let longest = waits.iter().max().copied().unwrap_or_default();
    console.press(b"\x1b")?;
    // What this machine does to a key by itself: as many that only move the cursor, while nothing arrives.
    let mut alone = Vec::new();
    for key in [b"j", b"k"].into_iter().cycle().take(waits.len()) {
        alone.push(console.echo(key)?);
    }
    let rate = users() as f64 / took.as_secs_f64();
    table.row(
        format!("a key while {} users a second arrive", count(rate as u64)),
        format!("{} of {} keys", spread(waits.clone()), waits.len()),
        "at most 33 ms at 20,000 a second",
        longest <= Duration::from_millis(33),
    );
    table.note("as many keys that move the cursor while nothing arrives", spread(alone));
    Ok(())
}

fn spread(times: Vec<Duration>) -> String {
    let slowest = times.iter().max().copied().unwrap_or_default();
    format!("{} in the middle, {} at most", time(median(times)), time(slowest))
}

/// How long each key takes until the frames that answer it begin to be written.
fn type_line(console: &mut Running, line: &str) -> Result<Vec<Answered>, Failed> {
    let value = line.rfind([':', '=']).map_or(0, |sign| sign + 1);
    let (named, typed) = line.split_at(value);
    let mut times = Vec::new();
    for _ in 0..TYPED {
        console.press(b"/")?;
        if !named.is_empty() {
            console.press(named.as_bytes())?;
        }
        for key in typed.as_bytes() {
            times.push(console.answer(&[*key])?);
        }
        console.press(b"\x1b")?;
    }
    Ok(times)
}

fn open(file: &Path, home: &Path) -> Result<Running, Failed> {
    let file = file.to_str().ok_or("a folder whose name is no text")?;
    let arguments = ["--no-supervisor", "--from", file];
    let mut console = terminal::start(Path::new(CONSOLE), &arguments, &[], home, SIZE)?;
    console.until(people::username(0).as_bytes(), 0)?;
    Ok(console)
}

/// The people as an export, and how many bytes the values of one have.
fn export(folder: &Path, users: usize) -> Result<(PathBuf, usize), Failed> {
    let path = folder.join("people.jsonl");
    let mut file = BufWriter::new(File::create(&path)?);
    let mut writer = Writer::new(Layout::Jsonl(None));
    let head = Head {
        pool: PoolId::new(people::POOL),
        described: None,
        began: Timestamp::UNIX_EPOCH,
        query: None,
        chosen: false,
        attributes: None,
    };
    let mut text = String::new();
    writer.begin(&head, &mut text);
    let mut bytes = 0;
    for number in 0..users {
        let line = people::as_json(number).1;
        let Ok(Line::User(user, _)) = read::line(line.as_bytes(), Timestamp::UNIX_EPOCH) else {
            return Err(format!("no user: {line}").into());
        };
        bytes += user
            .attributes
            .values()
            .map(|value| value.as_str().len())
            .sum::<usize>();
        writer.user(Row::Whole(&Arc::new(*user)), None, &mut text);
        file.write_all(text.as_bytes())?;
        text.clear();
    }
    // Without this nobody knows whether it is everybody.
    writer.end(true, Timestamp::UNIX_EPOCH, &mut text);
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok((path, bytes / users.max(1)))
}

/// The same people, as they are loaded.
fn roster(file: &Path) -> Result<Roster, Failed> {
    let text = std::fs::read_to_string(file)?;
    let mut roster = Roster::default();
    let mut page = Vec::with_capacity(PAGE);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Ok(Line::User(user, _)) = read::line(line.as_bytes(), Timestamp::UNIX_EPOCH) {
            page.push(*user);
        }
        if page.len() == PAGE || lines.peek().is_none() {
            roster.add(&Arc::new(Segment::pack(&page)));
            page.clear();
        }
    }
    Ok(roster)
}

/// Each key of some words: our matcher within whom the key before left, nucleo's over everybody and over those.
fn beside_nucleo(table: &mut Table, file: &Path) -> Result<(), Failed> {
    let roster = roster(file)?;
    let both = Both {
        rows: roster.rows(),
        ground: Ground {
            now: Timestamp::UNIX_EPOCH,
            groups: None,
        },
        threads: std::thread::available_parallelism()?.get(),
    };
    let (mut everybody, mut narrowed) = (Vec::new(), Vec::new());
    for word in WORDS.into_iter().filter(|word| !word.contains([' ', '0'])) {
        let mut before: Option<Within> = None;
        for end in 1..=word.len() {
            let typed = word.get(..end).ok_or("a letter of several bytes")?;
            let query = Query::parse(typed, &Known::default()).map_err(|mistake| mistake.expected.plain())?;
            let within = before.as_ref();
            let ours = three(|| both.ours(&query, within));
            let (theirs, took) = timed(|| both.nucleo(typed, None).1);
            everybody.push(ratio(took, ours));
            narrowed.push(ratio(
                timed(|| both.nucleo(typed, within.map(|within| &*within.who))).1,
                ours,
            ));
            let found = both.ours(&query, None);
            if found.rows.len() != theirs {
                return Err(format!("{typed}: {} match, nucleo says {theirs}", found.rows.len()).into());
            }
            before = Some(Within {
                who: found.who,
                of_first: both.rows.len(),
            });
        }
    }
    for ratios in [&mut everybody, &mut narrowed] {
        ratios.sort_by(f64::total_cmp);
    }
    let spread = |ratios: &[f64]| {
        let middle = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
        let least = ratios.first().copied().unwrap_or_default();
        (format!("{middle:.1} times as fast, {least:.1} at least"), least)
    };
    let (measured, least) = spread(&everybody);
    table.row(
        "a key of one word beside nucleo over everybody, the same users",
        measured,
        "at least 8 times",
        least >= 8.0,
    );
    table.note("the same, nucleo narrowing as well", spread(&narrowed).0);
    Ok(())
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let begun = now();
    let done = run();
    (done, now() - begun)
}

fn three<T>(mut run: impl FnMut() -> T) -> Duration {
    median((0..3).map(|_| timed(&mut run).1).collect())
}

/// The two matchers over the same texts, on as many threads.
struct Both<'a> {
    rows: &'a Rows,
    ground: Ground,
    threads: usize,
}

impl Both<'_> {
    fn ours(&self, query: &Query, within: Option<&Within>) -> Matches {
        let asked = Look {
            rows: self.rows,
            query,
            ground: &self.ground,
            within,
            best_first: true,
            stopped: &|| false,
            first: None,
        };
        look(&asked, self.threads).unwrap_or_default()
    }

    /// The first page of nucleo's matches, best first, and how many there are.
    fn nucleo(&self, word: &str, within: Option<&Bits>) -> (Vec<RowId>, usize) {
        let total = self.rows.len();
        let half = |part: usize| (total * part / self.threads, total * (part + 1) / self.threads);
        let mut scored: Vec<(u16, RowId)> = std::thread::scope(|scope| {
            let parts: Vec<_> = (0..self.threads)
                .map(|part| scope.spawn(move || self.nucleo_part(word, within, half(part))))
                .collect();
            parts
                .into_iter()
                .flat_map(|part| part.join().unwrap_or_default())
                .collect()
        });
        let count = scored.len();
        let best = |a: &(u16, RowId), b: &(u16, RowId)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        if count > usize::from(SIZE.1) {
            scored.select_nth_unstable_by(usize::from(SIZE.1), best);
            scored.truncate(usize::from(SIZE.1));
        }
        scored.sort_by(best);
        (scored.into_iter().map(|(_, id)| id).collect(), count)
    }

    fn nucleo_part(&self, word: &str, within: Option<&Bits>, (from, to): (usize, usize)) -> Vec<(u16, RowId)> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let needle: Vec<char> = word.chars().collect();
        let needle = match word.is_ascii() {
            true => Utf32Str::Ascii(word.as_bytes()),
            false => Utf32Str::Unicode(&needle),
        };
        let mut buffer = Vec::new();
        let mut scored = Vec::new();
        for (start, segment) in self.rows.segments() {
            for at in 0..segment.len() {
                let number = start as usize + at;
                let id = RowId(start + at as u32);
                if number < from || number >= to || within.is_some_and(|within| !within.has(number)) {
                    continue;
                }
                let best = segment
                    .folded()
                    .flat_map(|(runs, _)| runs.get(at).split(|byte| *byte == b'\n'))
                    .filter_map(|text| {
                        let text = match text.is_ascii() {
                            true => Utf32Str::Ascii(text),
                            false => Utf32Str::new(str::from_utf8(text).ok()?, &mut buffer),
                        };
                        matcher.fuzzy_match(text, needle)
                    })
                    .max();
                scored.extend(best.map(|score| (score, id)));
            }
        }
        scored
    }
}
