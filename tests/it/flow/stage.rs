//! Real keys through the real loop, the real desk, the real SDK and the embedded service. Time stands still unless a
//! key or a wait moves it, and a step is over when nothing is in flight.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use cognitui::app::keymap::{Chord, Keymap};
use cognitui::app::status::Entry;
use cognitui::app::{App, Confirm, Effect, Event, Favourite, Input, Opened, Settings, VerifiedDefault};
use cognitui::cli::demo;
use cognitui::cognito::{Cut, Limits, Outside, Sleep, Way};
use cognitui::domain::column::Column;
use cognitui::domain::guard::{Because, Guards, PoolRules};
use cognitui::domain::{Place, PoolId, Raw, Target};
use cognitui::emulator::{Emulator, Seed};
use cognitui::job::{Reply, Ticket};
use cognitui::run::{self, Engine};
use cognitui::view::View;
use cognitui::view::text::Charset;
use cognitui::view::theme::{Theme, ThemeName};
use cognitui::work::{Archive, Desk, Rates, Surroundings};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::watch;

use crate::peers::Folder;

/// When every flow begins.
pub const START: &str = "2026-11-18T10:00:00Z";

/// Every timeout is at least as long, and every other wait is shorter.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(5);

thread_local! {
    /// The request that this thread has just asked about will not be answered in time.
    static HANGS: Cell<bool> = const { Cell::new(false) };
}

/// How much later each key comes: longer than the moment in which a dialog takes no confirmation.
const BETWEEN_KEYS: Duration = Duration::from_secs(1);

/// A clock that tests move.
#[derive(Clone)]
pub struct Hand {
    now: Arc<Mutex<Timestamp>>,
    held: Arc<watch::Sender<bool>>,
}

impl Hand {
    pub fn new() -> Self {
        Self {
            now: Arc::new(Mutex::new(START.parse().unwrap())),
            held: Arc::new(watch::Sender::new(false)),
        }
    }

    pub fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    pub fn forward(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
    }

    /// A sleep that moves the clock and is over at once. It moves it when it is waited for, not when it is made: the
    /// SDK makes one for every timeout it may need. One that is long enough to be a timeout is over only for a request
    /// that hangs: any other may wait for another thread, and that takes no time on this clock.
    pub fn sleep(&self) -> Sleep {
        let hand = self.clone();
        Arc::new(move |wait| {
            let hand = hand.clone();
            Box::pin(async move {
                if wait >= SHORTEST_TIMEOUT {
                    // The request was asked about just before, on this thread: see `wire`.
                    std::future::poll_fn(|_| if HANGS.take() { Poll::Ready(()) } else { Poll::Pending }).await;
                } else {
                    let mut held = hand.held.subscribe();
                    held.wait_for(|held| !*held).await.unwrap();
                }
                hand.forward(wait);
            })
        })
    }

    /// From now on nobody who waits is let go.
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Everybody who waits is let go.
    pub fn release(&self) {
        self.held.send_replace(false);
    }
}

impl run::Clock for Hand {
    fn now(&self) -> (Timestamp, Duration) {
        let now = Hand::now(self);
        let start: Timestamp = START.parse().unwrap();
        (now, Duration::try_from(now.duration_since(start)).unwrap())
    }
}

/// A change of the service before the console starts.
type Preparation = Box<dyn FnOnce(&Emulator)>;

/// What a stage is set up with.
pub struct Setup {
    pub settings: Settings,
    pub seed: Seed,
    pub rates: Rates,
    pub size: (u16, u16),
    archive: Option<Arc<Archive>>,
    prepare: Vec<Preparation>,
    beside: Option<(Emulator, Hand)>,
    /// Where another console keeps its files.
    state: Option<Arc<Folder>>,
}

impl Setup {
    /// The given pools, all known to the config and open for writing.
    pub fn new(seed: Seed, pools: &[&str]) -> Self {
        Self {
            settings: Settings {
                target: Target::default(),
                pool: pools.first().map(|id| PoolId::new(*id)),
                user: None,
                favourites: pools.iter().map(|id| favourite(id)).collect(),
                guards: guards(pools),
                demo: true,
                archive: None,
                act_as_user: true,
                drafts: true,
                access_token: None,
                clipboard_off: None,
                folders: Default::default(),
                editor_off: None,
                kept_values: Default::default(),
                idle_lock: None,
                phone_prefixes: vec!["+1".into()],
                list_rate: 10,
                columns: Column::usual(),
                views: Vec::new(),
                verified_default: VerifiedDefault::Ask,
                confirm: Confirm::Armed,
                arm_for: Duration::from_secs(30 * 60),
                late: Duration::from_secs(25),
                pane_height: 7,
                zone: jiff::tz::TimeZone::UTC,
                keymap: Keymap::shipped().unwrap(),
                notices: Vec::new(),
            },
            seed,
            rates: Rates {
                list: 10,
                read: 20,
                write: 5,
            },
            size: (80, 24),
            archive: None,
            prepare: Vec::new(),
            beside: None,
            state: None,
        }
    }

    /// On the same service and the same clock as another console.
    pub fn beside(mut self, other: &Stage) -> Self {
        self.beside = Some((other.emulator.clone(), other.clock.clone()));
        self
    }

    /// On the same service, clock and files as another console, which may still run.
    pub fn sharing(mut self, other: &Stage) -> Self {
        self.state = Some(Arc::clone(&other.state));
        self.beside(other)
    }

    /// The next console of the same person.
    pub fn after(mut self, killed: Killed) -> Self {
        self.beside = Some((killed.emulator, killed.clock));
        self.state = Some(killed.state);
        self
    }

    /// With an export in the place of the pool, as `--from` opens it.
    pub fn archive(mut self, archive: Archive) -> Self {
        let place = archive.place();
        self.settings.pool = Some(place.pool.clone());
        self.settings.archive = Some(Opened {
            read_at: archive.read_at(),
            is_all: archive.is_all(),
            head: archive.head().cloned().map(std::sync::Arc::new),
        });
        self.settings.guards = Guards {
            read_only: Some(Because::Export),
            ..guards(&[place.pool.as_str()])
        };
        self.settings.favourites = Vec::new();
        self.settings.demo = false;
        self.settings.act_as_user = false;
        self.settings.drafts = false;
        self.archive = Some(Arc::new(archive));
        self
    }

    /// Changes the service before the program starts.
    pub fn service(mut self, change: impl FnOnce(&Emulator) + 'static) -> Self {
        self.prepare.push(Box::new(change));
        self
    }

    pub fn change(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    pub fn start(self) -> Stage {
        Stage::start(self)
    }
}

pub fn favourite(id: &str) -> Favourite {
    Favourite {
        place: Place {
            target: Target::default(),
            pool: PoolId::new(id),
        },
        name: None,
    }
}

/// Rules under which these pools are known, and nothing is forbidden.
pub fn guards(pools: &[&str]) -> Guards {
    Guards {
        pools: pools
            .iter()
            .map(|id| (PoolId::new(*id), PoolRules::default()))
            .collect(),
        ..Guards::default()
    }
}

/// The rules of the first pool that the config lists.
pub fn rules(settings: &mut Settings) -> &mut PoolRules {
    let first = settings.favourites.first().expect("a pool");
    settings.guards.pools.entry(first.place.pool.clone()).or_default()
}

/// As if the program were started with `--read-only`.
pub fn read_only(settings: &mut Settings) {
    settings.guards.read_only = Some(Because::Flag);
}

/// What a console leaves behind.
pub struct Killed {
    pub emulator: Emulator,
    clock: Hand,
    pub state: Arc<Folder>,
}

/// A running console on the embedded service.
pub struct Stage {
    pub engine: Engine<Hand>,
    pub emulator: Emulator,
    pub clock: Hand,
    /// What was left for the terminal to do, newest last.
    pub effects: Vec<Effect>,
    pub state: Arc<Folder>,
    meanwhile: Meanwhile,
    replies: Receiver<(Ticket, Reply)>,
    view: View,
    size: (u16, u16),
}

impl Stage {
    fn start(setup: Setup) -> Self {
        let (emulator, clock) = setup.beside.unwrap_or_else(|| {
            let clock = Hand::new();
            let hand = clock.clone();
            (Emulator::new(setup.seed, Arc::new(move || hand.now())), clock)
        });
        for change in setup.prepare {
            change(&emulator);
        }
        let meanwhile = Meanwhile::default();
        let hand = clock.clone();
        let state = setup.state.unwrap_or_else(|| Arc::new(Folder::new("flow").unwrap()));
        let surroundings = Surroundings {
            limits: Limits {
                connect_timeout: Duration::from_secs(5),
                read_timeout: Duration::from_secs(20),
            },
            outside: Outside {
                clock: Arc::new(move || hand.now()),
                sleep: Some(clock.sleep()),
                way: Way::Wire(wire(emulator.clone(), meanwhile.clone())),
            },
            rates: setup.rates,
            state: state.path().to_path_buf(),
            journal: state.path().to_path_buf().into(),
            program: "test",
            act_as_user: setup.settings.act_as_user,
            guards: setup.settings.guards.clone(),
            drafts: setup.settings.drafts,
            outbox: cognitui::cli::demo::outbox(emulator.clone()),
        };
        let (tell, replies) = channel();
        let tell = Arc::new(move |ticket, reply| {
            // The stage has gone: the reply is for nobody.
            let _ = tell.send((ticket, reply));
        });
        let desk = match setup.archive {
            None => Desk::new(surroundings, tell),
            Some(archive) => Desk::of_archive(archive, surroundings, tell),
        }
        .unwrap();
        let view = View::new(Theme::load(ThemeName::Default).unwrap(), Charset::Utf8);
        let mut stage = Self {
            engine: Engine::new(App::new(setup.settings), desk, clock.clone()),
            emulator,
            clock,
            effects: Vec::new(),
            state,
            meanwhile,
            replies,
            view,
            size: setup.size,
        };
        stage.event(Event::Start(setup.size.0, setup.size.1));
        stage.settle();
        stage
    }

    /// Ends the console without a word to it. What it held is let go of, as the system does for a process.
    pub fn kill(self) -> Killed {
        let Self {
            engine,
            emulator,
            clock,
            state,
            ..
        } = self;
        drop(engine);
        let runs = || match cognitui::disk::Folder::open(state.path(), "drafts") {
            Ok(folder) => !cognitui::disk::living(&folder).unwrap().is_empty(),
            Err(_) => false,
        };
        while runs() {
            std::thread::yield_now();
        }
        Killed { emulator, clock, state }
    }

    pub fn app(&self) -> &App {
        &self.engine.app
    }

    pub fn event(&mut self, event: Event) {
        let effects = self.engine.take(event);
        self.effects.extend(effects);
    }

    /// Presses keys one after the other, each in a read of its own: names in angle brackets (`<enter>`, `<ctrl-s>`),
    /// anything else is the character itself. Waits after each until nothing is in flight.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.clock.forward(BETWEEN_KEYS);
            self.event(Event::Burst(vec![Input::Key(chord)]));
            self.settle();
        }
        self
    }

    /// Presses keys while nothing that was asked for is answered yet. [`Stage::settle`] brings the answers.
    pub fn keys_before_answers(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.clock.forward(BETWEEN_KEYS);
            self.event(Event::Burst(vec![Input::Key(chord)]));
        }
        self
    }

    /// Types without waiting for answers in between.
    pub fn keys_at_once(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.event(Event::Burst(vec![Input::Key(chord)]));
        }
        self
    }

    /// Everything in one read.
    pub fn burst(&mut self, inputs: Vec<Input>) -> &mut Self {
        self.clock.forward(BETWEEN_KEYS);
        self.event(Event::Burst(inputs));
        self.settle();
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.burst(vec![Input::Paste(Raw::from(text))])
    }

    /// Does something to the service just before it answers the coming call of an operation, after `skip` others of it.
    pub fn just_before(&self, operation: &'static str, skip: usize, act: impl FnOnce(&Emulator) + Send + 'static) {
        self.meanwhile.just_before(operation, skip, act);
    }

    /// Hands replies over until `there` holds, while the clock may be held.
    #[track_caller]
    pub fn until(&mut self, there: impl Fn(&Stage) -> bool) {
        while !there(self) {
            match self.replies.recv_timeout(Duration::from_secs(30)) {
                Ok((ticket, reply)) => self.event(Event::Reply(ticket, reply)),
                Err(error) => panic!("{error}: it never came to that\n{}", self.screen()),
            }
        }
    }

    /// The next reply, which is for the test to hand over.
    #[track_caller]
    pub fn next_reply(&mut self) -> (Ticket, Reply) {
        let next = self.replies.recv_timeout(Duration::from_secs(30));
        next.unwrap_or_else(|error| panic!("{error}: no reply\n{}", self.screen()))
    }

    /// Hands replies over until nothing is in flight.
    pub fn settle(&mut self) {
        self.settle_with(|reply| reply);
    }

    /// The same, with other replies in the place of some.
    pub fn settle_with(&mut self, mut replaced: impl FnMut(Reply) -> Reply) {
        // The desk counts a job as answered just after its reply was handed over, so a wait for the next reply can be
        // one for nothing: it is short, and what is counted is how many in a row brought nothing.
        let mut in_vain = 0;
        while in_vain < 30_000 {
            match self.replies.recv_timeout(Duration::from_millis(1)) {
                Ok((ticket, reply)) => {
                    in_vain = 0;
                    self.event(Event::Reply(ticket, replaced(reply)));
                }
                Err(RecvTimeoutError::Timeout) if self.engine.in_flight() > 0 => in_vain += 1,
                Err(RecvTimeoutError::Timeout) => match self.replies.try_recv() {
                    Ok((ticket, reply)) => self.event(Event::Reply(ticket, replaced(reply))),
                    Err(_) => return,
                },
                Err(RecvTimeoutError::Disconnected) => panic!("the desk has gone"),
            }
        }
        panic!("{} jobs never answered\n{}", self.engine.in_flight(), self.screen());
    }

    /// The screen as text, a line a row, blanks at the end of a row cut off.
    pub fn screen(&self) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        self.view.draw(&self.engine.app, &mut buffer);
        let mut screen = String::new();
        for y in 0..buffer.area.height {
            let mut row = String::new();
            for x in 0..buffer.area.width {
                row.push_str(buffer[(x, y)].symbol());
            }
            screen.push_str(row.trim_end());
            screen.push('\n');
        }
        screen
    }

    /// The screen in one line, wherever it breaks its own.
    pub fn flat(&self) -> String {
        self.screen().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The row of the screen that holds `text`.
    pub fn row_with(&self, text: &str) -> String {
        let screen = self.screen();
        match screen.lines().find(|row| row.contains(text)) {
            Some(row) => row.to_owned(),
            None => panic!("no row holds {text:?}:\n{screen}"),
        }
    }

    #[track_caller]
    pub fn shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "the screen does not show {text:?}:\n{screen}");
    }

    #[track_caller]
    pub fn shows_not(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "the screen shows {text:?}:\n{screen}");
    }

    /// The newest status entry.
    pub fn newest(&self) -> Entry {
        self.engine.app.core.status.entries().next().expect("an entry").clone()
    }

    /// Every entry, newest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.engine.app.core.status.entries().cloned().collect()
    }

    /// Everything the newest entry says, a line each.
    pub fn said(&self) -> String {
        let entry = self.newest();
        let mut said = format!(
            "{} {} {}\n",
            entry.word.text(),
            entry.subject.as_str(),
            entry.line.plain()
        );
        for more in &entry.more {
            said.push_str(&more.plain());
            said.push('\n');
        }
        if let Some(next) = &entry.next {
            said.push_str(&next.words().plain());
            said.push('\n');
        }
        said
    }

    /// The sentence on the line of hints.
    pub fn notice(&self) -> String {
        self.engine
            .app
            .core
            .notice
            .as_ref()
            .map(|notice| notice.plain())
            .unwrap_or_default()
    }

    /// What went to the clipboard last, byte for byte.
    pub fn copied(&self) -> Option<&str> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        })
    }

    pub fn quits(&self) -> bool {
        self.effects.contains(&Effect::Quit)
    }

    /// The bodies of the calls of one operation, oldest first.
    pub fn calls(&self, operation: &str) -> Vec<serde_json::Value> {
        self.emulator
            .calls()
            .into_iter()
            .filter(|call| call.operation == operation)
            .map(|call| call.body)
            .collect()
    }

    /// The lines of the journal, oldest first.
    pub fn journal(&self) -> Vec<serde_json::Value> {
        let Ok(folder) = std::fs::read_dir(self.state.path().join("journal")) else {
            return Vec::new();
        };
        let mut files: Vec<_> = folder
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|file| {
                std::fs::read_to_string(file)
                    .unwrap()
                    .lines()
                    .map(|line| serde_json::from_str(line).unwrap())
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

fn chords(keys: &str) -> Vec<Chord> {
    let mut found = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        match rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            Some((name, after)) => {
                found.push(Chord::parse(name).unwrap_or_else(|| panic!("{name} is no key")));
                rest = after;
            }
            None => {
                found.push(Chord::char(c));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    found
}

/// What happens to the service between two calls.
#[derive(Clone, Default)]
pub struct Meanwhile(Arc<Mutex<Vec<Act>>>);

struct Act {
    operation: &'static str,
    skip: usize,
    act: Box<dyn FnOnce(&Emulator) + Send>,
}

impl Meanwhile {
    /// Does something just before the service answers the coming call of an operation, after `skip` others of it.
    pub fn just_before(&self, operation: &'static str, skip: usize, act: impl FnOnce(&Emulator) + Send + 'static) {
        self.0.lock().unwrap().push(Act {
            operation,
            skip,
            act: Box::new(act),
        });
    }

    fn before(&self, operation: &str, emulator: &Emulator) {
        let due = {
            let mut acts = self.0.lock().unwrap();
            let all = std::mem::take(&mut *acts);
            let (due, later): (Vec<_>, Vec<_>) = all
                .into_iter()
                .partition(|act| act.operation == operation && act.skip == 0);
            *acts = later;
            for act in acts.iter_mut().filter(|act| act.operation == operation) {
                act.skip -= 1;
            }
            due
        };
        for act in due {
            (act.act)(emulator);
        }
    }
}

pub fn wire(emulator: Emulator, meanwhile: Meanwhile) -> cognitui::cognito::Wire {
    Arc::new(move |request| {
        let target = request
            .headers()
            .get("x-amz-target")
            .map(|target| target.to_str().unwrap().to_owned());
        if let Some((_, operation)) = target.as_deref().and_then(|target| target.rsplit_once('.')) {
            meanwhile.before(operation, &emulator);
        }
        let answer = demo::answer(&emulator, request);
        HANGS.set(matches!(answer.result, Err(Cut::Hang)) || answer.after >= SHORTEST_TIMEOUT);
        answer
    })
}
