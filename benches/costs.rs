//! What drawing, a key, text of others and the journal cost, as medians: to compare two versions on one machine.
//!
//! `cargo bench` prints a table. Nothing fails here: a time says more about the machine than about the program, so each
//! group has a case to compare with, and the ratio to it is what carries over.

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cognitui::app::keymap::{Chord, Keymap};
use cognitui::app::{App, Confirm, Effect, Event, Favourite, Input, Settings, Stamped, VerifiedDefault};
use cognitui::domain::column::Column;
use cognitui::domain::draft::Draft;
use cognitui::domain::guard::{Guards, PoolRules};
use cognitui::domain::place::{Caller, Written};
use cognitui::domain::schema::{DataType, Schema, SchemaAttribute};
use cognitui::domain::user::Source;
use cognitui::domain::{
    Answered, AttributeName, AttributeValue, Edit, Intent, Operation, Page, Place, PoolId, Raw, Route, Rules, Target,
    User, UserStatus, Username,
};
use cognitui::job::{Job, Reply};
use cognitui::journal::Journal;
use cognitui::view::View;
use cognitui::view::text::{Charset, shown};
use cognitui::view::theme::{Theme, ThemeName};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows of the list that keys move in.
pub const ROWS: usize = 10_000;

const POOL: &str = "us-east-1_aB3dE5fGh";

/// A person's name, and one that tries what can be tried.
const ORDINARY: &str = "Zoë Müller-Lüdenscheidt";
const HOSTILE: &str =
    "\u{1b}[2J\u{202e}nimda\u{2066}\u{200b}\u{200b} a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306} \\u{200b}\u{feff}";

type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    println!("{:<58} {:>12} {:>10}", "median of", "time", "ratio");
    drawing()?;
    keys()?;
    text();
    journal()
}

/// The cases of one question, the first of them the one to compare with.
struct Group(Option<Duration>);

impl Group {
    fn new(question: &str) -> Self {
        println!("\n{question}");
        Self(None)
    }

    /// Runs a case as often as fits in half a second, 1,000 times at most, and prints the median.
    fn case<T>(&mut self, name: &str, mut run: impl FnMut() -> T) {
        black_box(run());
        let mut times = Vec::new();
        let mut spent = Duration::ZERO;
        while times.len() < 11 || (spent < Duration::from_millis(500) && times.len() < 1000) {
            let took = timed(&mut run);
            spent += took;
            times.push(took);
        }
        times.sort();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let first = *self.0.get_or_insert(median);
        let ratio = median.as_secs_f64() / first.as_secs_f64().max(f64::MIN_POSITIVE);
        println!("  {name:<56} {:>12} {ratio:>9.2}x", format!("{median:.1?}"));
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
fn timed<T>(run: &mut impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn drawing() -> Result<(), Failed> {
    let mut group = Group::new("drawing a frame of users");
    for (width, height) in [(80, 24), (200, 60)] {
        let app = users(width, height)?;
        let view = View::new(Theme::load(ThemeName::Default)?, Charset::Utf8);
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        group.case(&format!("{ROWS} users on {width}x{height}"), || {
            view.draw(&app, &mut buffer)
        });
    }
    Ok(())
}

fn keys() -> Result<(), Failed> {
    let mut group = Group::new(&format!("a key in a list of {ROWS} users"));
    let mut app = users(80, 24)?;
    group.case("one row down", || press(&mut app, "j"));
    let mut app = users(80, 24)?;
    group.case("to the last row and back", || {
        press(&mut app, "G");
        press(&mut app, "g");
    });
    // Which users match is worked out where they are listed, so listing them belongs to the key.
    let finds = [
        ("finding, rows listed: a letter that all match, and back", "", "e", ROWS),
        (
            "finding, rows listed: the last letter of a name, and back",
            "user0999",
            "9",
            1,
        ),
    ];
    for (name, before, letter, matching) in finds {
        let mut app = users(80, 24)?;
        press(&mut app, "/");
        for letter in before.chars() {
            press(&mut app, letter.encode_utf8(&mut [0; 4]));
        }
        press(&mut app, letter);
        if listed(&app) != matching {
            return Err(format!("{} users match, not {matching}", listed(&app)).into());
        }
        press(&mut app, "backspace");
        group.case(name, || {
            press(&mut app, letter);
            let some = listed(&app);
            press(&mut app, "backspace");
            some + listed(&app)
        });
    }
    Ok(())
}

fn text() {
    let mut group = Group::new("making 1,000 values safe to draw");
    let long = ORDINARY.repeat(2048 / ORDINARY.len());
    for (name, value) in [
        ("a name in ASCII", "Jane Doe, +15555550100"),
        ("an ordinary name", ORDINARY),
        ("a hostile one", HOSTILE),
    ] {
        let value = Raw::from(value);
        group.case(name, || {
            for _ in 0..1000 {
                black_box(shown(black_box(&value), Charset::Utf8));
            }
        });
    }
    let long = Raw::from(long);
    group.case("one of 2,048 bytes, cut to 20 columns", || {
        for _ in 0..1000 {
            black_box(shown(black_box(&long), Charset::Utf8).fit(20));
        }
    });
}

fn journal() -> Result<(), Failed> {
    let mut group = Group::new("writing to disk before a write goes out");
    let folder = Folder::new()?;
    let file = folder.0.join("plain");
    group.case("one fsynced line, without a journal", || -> std::io::Result<()> {
        use std::io::Write;

        let mut file = std::fs::File::options().append(true).create(true).open(&file)?;
        file.write_all(&[b'x'; 1500])?;
        file.sync_all()
    });
    let journal = Journal::open(folder.0.join("state"), Arc::new(|| Timestamp::UNIX_EPOCH), "bench")?;
    let intent = intent()?;
    group.case("the intent of a change of one address", || {
        journal.record(intent.clone()).map(|recorded| recorded.id().clone())
    });
    Ok(())
}

/// A console on its list of users, all of them loaded.
pub fn users(width: u16, height: u16) -> Result<App, Failed> {
    let place = Place {
        target: Target::default(),
        pool: PoolId::new(POOL),
    };
    let mut app = App::new(Settings {
        target: Target::default(),
        pool: Some(place.pool.clone()),
        user: None,
        favourites: vec![Favourite {
            place: place.clone(),
            name: None,
        }],
        act_as_user: true,
        drafts: true,
        access_token: None,
        guards: Guards {
            pools: [(place.pool.clone(), PoolRules::default())].into(),
            ..Guards::default()
        },
        clipboard_off: None,
        folders: Default::default(),
        editor_off: None,
        kept_values: Default::default(),
        idle_lock: None,
        demo: true,
        archive: None,
        phone_prefixes: Vec::new(),
        list_rate: 10,
        columns: Column::usual(),
        views: Vec::new(),
        verified_default: VerifiedDefault::Ask,
        confirm: Confirm::Armed,
        arm_for: Duration::from_secs(1800),
        late: Duration::from_secs(25),
        pane_height: 7,
        zone: jiff::tz::TimeZone::UTC,
        keymap: Keymap::shipped()?,
        notices: Vec::new(),
    });
    for effect in update(&mut app, Event::Start(width, height)) {
        if let Effect::Ask(ticket, Job::ListUsers { .. }) = effect {
            let page = Page {
                items: (0..ROWS).map(|number| Arc::new(person(number))).collect(),
                next: None,
            };
            update(
                &mut app,
                Event::Reply(
                    ticket,
                    Reply::Users(Ok(Answered {
                        value: page,
                        request_id: None,
                    })),
                ),
            );
        }
    }
    if listed(&app) != ROWS {
        return Err(format!("{} users are loaded, not {ROWS}", listed(&app)).into());
    }
    Ok(app)
}

fn listed(app: &App) -> usize {
    app.session.as_ref().map_or(0, |session| session.users.listed().len())
}

fn update(app: &mut App, event: Event) -> Vec<Effect> {
    app.update(Stamped {
        at: Timestamp::UNIX_EPOCH,
        mono: Duration::ZERO,
        event,
    })
}

pub fn press(app: &mut App, key: &str) {
    if let Some(chord) = Chord::parse(key) {
        update(app, Event::Burst(vec![Input::Key(chord)]));
    }
}

fn person(number: usize) -> User {
    let values = [
        ("sub", format!("00000000-0000-4000-8000-{number:012}")),
        ("name", format!("{ORDINARY} {number}")),
        ("email", format!("user{number:05}@example.com")),
        ("email_verified", "true".to_owned()),
        ("phone_number", format!("+1555{number:07}")),
    ];
    User {
        username: Username::new(format!("user{number:05}")),
        attributes: values
            .into_iter()
            .map(|(name, value)| (AttributeName::new(name), AttributeValue::new(value)))
            .collect(),
        status: UserStatus::Confirmed,
        enabled: true,
        created: None,
        changed: None,
        source: Source::List,
        read_at: Timestamp::UNIX_EPOCH,
    }
}

fn intent() -> Result<Intent, Failed> {
    let email = AttributeName::new("email");
    let schema = Schema {
        attributes: vec![SchemaAttribute {
            name: email.clone(),
            data_type: DataType::String { min: None, max: None },
            mutable: true,
            required: false,
            developer_only: false,
        }],
    };
    let base = Arc::new(person(1));
    let mut draft = Draft::new(Arc::clone(&base), Route::Admin);
    draft.set(email, Edit::Set(AttributeValue::new("new@example.com")));
    let changes = draft
        .change_set(&Rules::admin(&schema))
        .map_err(|problems| format!("{} problems in the draft", problems.len()))?;
    Ok(Intent {
        caller: Caller::default(),
        place: Written {
            account: None,
            region: None,
            endpoint: None,
            pool: PoolId::new(POOL),
        },
        user: base.username.clone(),
        sub: base.sub().map(str::to_owned),
        operation: Operation::AdminUpdate(changes),
        why: Default::default(),
    })
}

/// A folder under `target`, as private as the journal asks for, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Failed> {
        use std::os::unix::fs::DirBuilderExt;

        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} is left behind: {error}", self.0.display());
        }
    }
}
