//! What a million loaded users cost: memory, the arrival of a page, and each key of a line that looks for somebody; beside
//! nucleo, which matches the same users.
//!
//! `cargo bench --bench search` prints tables; a number behind `--` is how many users instead. Nothing fails here: a time
//! says more about the machine than about the program, so nucleo runs beside it on as many threads and over the same texts,
//! and the ratio is what carries over.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cognitui::domain::column::Column;
use cognitui::domain::query::{Ground, Known, Query};
use cognitui::domain::search::{Look, look, sort};
use cognitui::domain::user::Source;
use cognitui::domain::{AttributeName, AttributeValue, Roster, RowId, Rows, Segment, User, UserStatus, Username};
use jiff::Timestamp;
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// How many users a page of ListUsers has.
const PAGE: usize = 60;

/// How often each line is typed.
const TYPED: usize = 5;

/// The rows of the first page, on a large terminal.
const FIRST: usize = 60;

const THREADS: usize = 2;

type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    let users = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let roster = arrive(users)?;
    let known = Known::new(
        None,
        &[AttributeName::new("custom:team"), AttributeName::new("custom:account")],
    );
    let ground = Ground {
        now: Timestamp::UNIX_EPOCH,
        groups: None,
    };
    let typing = Typing {
        rows: roster.rows(),
        known,
        ground,
    };
    println!(
        "\n{:<34} {:>9} {:>9} {:>9} {:>10}",
        "a key, typed letter by letter", "p50", "p99", "max", "who match"
    );
    println!("substring and prefix of one value");
    for line in [
        "email:jane.sm",
        "name:schroder",
        "given_name:ann",
        "custom:team:north",
        "email^=jane",
        "family_name^=mull",
    ] {
        typing.line(line)?;
    }
    println!("words");
    for line in ["jane", "schroder", "smith", "example", "jnsmth", "jane smith", "0155"] {
        typing.line(line)?;
    }
    typing.beside_nucleo(&["jane", "schroder", "smith", "jnsmth"])?;
    typing.sorting()
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = run();
    (done, start.elapsed())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// The median, the 99th of a hundred, and the longest.
fn spread(times: &mut [Duration]) -> [Duration; 3] {
    times.sort();
    let at = |hundredths: usize| (times.len() * hundredths / 100).min(times.len().saturating_sub(1));
    [50, 99, 100].map(|hundredths| times.get(at(hundredths)).copied().unwrap_or_default())
}

/// Loads the users page by page, as a scan does, and says what they take.
fn arrive(count: usize) -> Result<Roster, Failed> {
    let mut roster = Roster::default();
    let (mut times, mut bytes) = (Vec::new(), 0);
    let mut number = 0;
    while number < count {
        let page: Vec<User> = (number..count.min(number + PAGE)).map(person).collect();
        number += page.len();
        bytes += page
            .iter()
            .flat_map(|user| user.attributes.values())
            .map(|value| value.as_str().len())
            .sum::<usize>();
        let segment = Arc::new(Segment::pack(&page));
        drop(page);
        times.push(timed(|| roster.add(&segment)).1);
    }
    let each = |bytes: usize| format!("{:.0} bytes", bytes as f64 / count as f64);
    let known = memory()?;
    println!("{count} users of ten attributes, {} of values each", each(bytes));
    println!("  {:<40} {:>12}", "the whole process, a user", each(known[0]));
    println!("  {:<40} {:>12}", "at most while they arrived, a user", each(known[1]));
    println!(
        "  {:<40} {:>12}",
        "of that columns and texts, a user",
        each(roster.rows().heap_bytes())
    );
    let [median, p99, longest] = spread(&mut times).map(milliseconds);
    println!("  a page of {PAGE} taken in: median {median}, p99 {p99}, max {longest}");
    Ok(roster)
}

/// Bytes in memory: now, and at most so far.
fn memory() -> Result<[usize; 2], Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let read = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
    };
    Ok([read("VmRSS:").ok_or("no VmRSS")?, read("VmHWM:").ok_or("no VmHWM")?])
}

/// A person of a pool in which people sign in with their address.
fn person(number: usize) -> User {
    const GIVEN: [&str; 24] = [
        "Jane", "John", "Anna", "Ann", "Joan", "Jürgen", "Maria", "Peter", "Zoë", "Lucas", "Emma", "Noah", "Olivia",
        "Liam", "Sophia", "Mason", "Isabella", "José", "Mia", "Ethan", "Janet", "Amelia", "Harper", "Elias",
    ];
    const FAMILY: [&str; 25] = [
        "Smith",
        "Schröder",
        "Müller",
        "Johnson",
        "Williams",
        "Brown",
        "Jones",
        "Garcia",
        "Miller",
        "Davis",
        "Rodriguez",
        "Martinez",
        "Hernandez",
        "Lopez",
        "Gonzalez",
        "Wilson",
        "Anderson",
        "Thomas",
        "Taylor",
        "Moore",
        "Jackson",
        "Martin",
        "Lee",
        "Thompson",
        "O'Neil",
    ];
    const TEAMS: [&str; 5] = [
        "Customer Success, Northern Europe",
        "Field Service, Southern Region",
        "Accounts Receivable and Billing",
        "Partners and Resellers, Overseas",
        "Research and Early Access Program",
    ];
    const PLACES: [&str; 5] = [
        "example.com",
        "example.org",
        "mail.example.net",
        "customer.example",
        "corp.example.com",
    ];
    let mixed = (number as u64 ^ 0x5bd1_e995).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let pick = |from: &[&'static str], shift: u32| {
        let at = (mixed >> shift) as usize % from.len();
        from.get(at).copied().unwrap_or_default()
    };
    let (given, family) = (pick(&GIVEN, 40), pick(&FAMILY, 24));
    let ascii = |text: &str| {
        text.to_lowercase()
            .replace(['ü', 'ö'], "u")
            .replace(['ë', 'é'], "e")
            .replace('\'', "")
    };
    let again = mixed.rotate_left(29).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let sub = uuid(mixed, again);
    let flag = |bits: u64| if bits == 0 { "false" } else { "true" };
    let values = [
        ("sub", sub.clone()),
        (
            "email",
            format!(
                "{}.{}{}@{}",
                ascii(given),
                ascii(family),
                number % 100_000,
                pick(&PLACES, 8)
            ),
        ),
        ("email_verified", flag(mixed >> 60 & 7).to_owned()),
        ("phone_number", format!("+1555{:07}", again % 10_000_000)),
        ("phone_number_verified", flag(mixed >> 56 & 3).to_owned()),
        ("name", format!("{given} {family}")),
        ("given_name", given.to_owned()),
        ("family_name", family.to_owned()),
        ("custom:team", pick(&TEAMS, 16).to_owned()),
        (
            "custom:account",
            format!("AC-{:016X}-{:016X}-{:x}", again, mixed.rotate_left(7), mixed as u16),
        ),
    ];
    User {
        username: Username::new(sub),
        attributes: values
            .into_iter()
            .map(|(name, value)| (AttributeName::new(name), AttributeValue::new(value)))
            .collect(),
        status: match again >> 40 & 15 {
            0 => UserStatus::Unconfirmed,
            1 => UserStatus::ForceChangePassword,
            _ => UserStatus::Confirmed,
        },
        enabled: again >> 44 & 31 != 0,
        created: Timestamp::from_millisecond(1_600_000_000_000 + (mixed >> 28) as i64).ok(),
        changed: Timestamp::from_millisecond(1_700_000_000_000 + (again >> 28) as i64).ok(),
        source: Source::List,
        // A page of a scan arrives every tenth of a second.
        read_at: Timestamp::from_millisecond(1_800_000_000_000 + (number / PAGE * 100) as i64).unwrap_or_default(),
    }
}

fn uuid(first: u64, second: u64) -> String {
    let [a, b, c] = [first >> 32, first >> 16 & 0xffff, first & 0xfff];
    format!(
        "{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}",
        second >> 52,
        second & 0xffff_ffff_ffff
    )
}

/// Somebody who types.
struct Typing<'a> {
    rows: &'a Rows,
    known: Known,
    ground: Ground,
}

impl Typing<'_> {
    fn find(&self, query: &Query, within: Option<&[RowId]>) -> Vec<RowId> {
        let asked = Look {
            rows: self.rows,
            query,
            ground: &self.ground,
            within,
            stopped: &|| false,
        };
        look(&asked, THREADS).unwrap_or_default()
    }

    /// Types a line from the first letter of its value on, each key looking within what the one before found.
    fn line(&self, line: &str) -> Result<(), Failed> {
        let value = line.rfind([':', '=']).map_or(0, |sign| sign + 1);
        let mut times = Vec::new();
        let (mut count, mut slowest) = (0, (Duration::ZERO, String::new()));
        for _ in 0..TYPED {
            let mut before: Option<(Query, Vec<RowId>)> = None;
            for end in (value + 1)..=line.len() {
                let typed = line.get(..end).ok_or("a letter of several bytes")?;
                let query = Query::parse(typed, &self.known).map_err(|mistake| mistake.expected.plain())?;
                let within = before.as_ref().filter(|(earlier, _)| query.narrows(earlier));
                let (found, took) = timed(|| self.find(&query, within.map(|(_, rows)| rows.as_slice())));
                count = found.len();
                if took > slowest.0 {
                    slowest = (took, typed.to_owned());
                }
                before = Some((query, found));
                times.push(took);
            }
        }
        let [median, p99, longest] = spread(&mut times).map(milliseconds);
        println!(
            "  {line:<32} {median:>9} {p99:>9} {longest:>9} {count:>10}  slowest: {}",
            slowest.1
        );
        Ok(())
    }

    fn beside_nucleo(&self, words: &[&str]) -> Result<(), Failed> {
        println!(
            "\n{:<34} {:>9} {:>9} {:>7} {:>9} {:>9} {:>7}",
            "words beside nucleo, medians", "all rows", "nucleo", "ratio", "narrowed", "nucleo", "ratio"
        );
        for word in words {
            let mut before: Option<Vec<RowId>> = None;
            for end in 1..=word.len() {
                let typed = word.get(..end).ok_or("a letter of several bytes")?;
                let query = Query::parse(typed, &self.known).map_err(|mistake| mistake.expected.plain())?;
                let all = median(|| self.find(&query, None));
                let nucleo_all = median(|| self.nucleo(typed, None));
                let within = before.as_deref();
                let narrowed = median(|| self.find(&query, within));
                let nucleo_narrowed = median(|| self.nucleo(typed, within));
                let (found, theirs) = (self.find(&query, None), self.nucleo(typed, None));
                if found.len() != theirs.1 {
                    return Err(format!("{typed}: {} match, nucleo says {}", found.len(), theirs.1).into());
                }
                let ratio = |theirs: Duration, ours: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
                println!(
                    "  {typed:<32} {:>9} {:>9} {:>6.1}x {:>9} {:>9} {:>6.1}x",
                    milliseconds(all),
                    milliseconds(nucleo_all),
                    ratio(nucleo_all, all),
                    milliseconds(narrowed),
                    milliseconds(nucleo_narrowed),
                    ratio(nucleo_narrowed, narrowed),
                );
                before = Some(found);
            }
        }
        Ok(())
    }

    /// The first page of nucleo's matches, best first, and how many there are.
    fn nucleo(&self, word: &str, within: Option<&[RowId]>) -> (Vec<RowId>, usize) {
        let mut wanted = within.map(<[RowId]>::to_vec);
        if let Some(wanted) = &mut wanted {
            wanted.sort_unstable();
        }
        let total = self.rows.len();
        let half = |part: usize| (total * part / THREADS, total * (part + 1) / THREADS);
        let mut scored: Vec<(u16, RowId)> = std::thread::scope(|scope| {
            let parts: Vec<_> = (0..THREADS)
                .map(|part| {
                    let wanted = wanted.as_deref();
                    scope.spawn(move || self.nucleo_part(word, wanted, half(part)))
                })
                .collect();
            parts
                .into_iter()
                .flat_map(|part| part.join().unwrap_or_default())
                .collect()
        });
        let count = scored.len();
        let best = |a: &(u16, RowId), b: &(u16, RowId)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        if count > FIRST {
            scored.select_nth_unstable_by(FIRST, best);
            scored.truncate(FIRST);
        }
        scored.sort_by(best);
        (scored.into_iter().map(|(_, id)| id).collect(), count)
    }

    fn nucleo_part(&self, word: &str, within: Option<&[RowId]>, (from, to): (usize, usize)) -> Vec<(u16, RowId)> {
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
                if number < from || number >= to || within.is_some_and(|within| within.binary_search(&id).is_err()) {
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

    fn sorting(&self) -> Result<(), Failed> {
        println!("\n{:<34} {:>9}", "everybody sorted by", "once");
        for column in ["email", "name", "custom:account", "created"] {
            let all: Vec<RowId> = self.rows.iter().map(|(id, _)| id).collect();
            let by = Column::parse(column);
            let (sorted, took) = timed(|| sort(self.rows, all, (&by, false), &self.ground, &|| false));
            sorted.ok_or("sorting stopped by itself")?;
            println!("  {column:<32} {:>9}", milliseconds(took));
        }
        Ok(())
    }
}

/// The median of three runs.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut times = [0; 3].map(|_| timed(&mut run).1);
    let [median, ..] = spread(&mut times);
    median
}
