//! What is typed is what is pending, whatever comes in between: keys of the form in any order, and answers that are late,
//! wrong, doubled or about somebody else.

mod memory;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use self::memory::{Line, Typed};
use super::scene::*;
use crate::app::keymap::Chord;
use crate::app::session::{Session, View};
use crate::app::{Event, Input};
use crate::domain::{AttributeName, AttributeValue, Draft, Edit, Page, PageToken, Raw, Route, User, Username};
use crate::job::{Job, Reply, Ticket};

/// Few letters, so that what is typed often equals what is there or what arrives.
const LETTERS: [char; 4] = ['a', 'b', '\u{e9}', '\u{4e2d}'];
const WORDS: [&str; 5] = ["a", "ab", "b", "\u{e9}", "Jane Doe"];

/// Somebody does something, or an answer comes.
#[derive(Clone, Copy, Debug)]
enum Step {
    Key(&'static str),
    Type(char),
    /// Several letters in one read.
    Burst(char, char),
    Paste(&'static str),
    /// The answer to one of the open questions, as the desk would give it.
    Answer(usize),
    /// A user who was changed meanwhile: the question, the attribute, the value (`None`: not set).
    Changed(usize, usize, Option<&'static str>),
    Refused(usize),
    /// The work behind a question broke.
    Broken(usize),
    /// An answer that came before comes again.
    Again(usize),
    /// Rows of the list, to nobody's question.
    Rows,
    Size(u16, u16),
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    let keys = &[
        "enter",
        "enter",
        "enter",
        "esc",
        "tab",
        "down",
        "down",
        "up",
        "j",
        "e",
        "e",
        "x",
        "u",
        "v",
        "r",
        "backspace",
        "ctrl-u",
        "left",
        "right",
        "home",
        "end",
        "ctrl-s",
    ][..];
    let value = prop_oneof![
        3 => proptest::sample::select(&WORDS[..]).prop_map(Some),
        1 => Just(None),
    ];
    prop_oneof![
        10 => proptest::sample::select(keys).prop_map(Step::Key),
        6 => proptest::sample::select(&LETTERS[..]).prop_map(Step::Type),
        1 => (proptest::sample::select(&LETTERS[..]), proptest::sample::select(&LETTERS[..]))
            .prop_map(|(one, other)| Step::Burst(one, other)),
        1 => proptest::sample::select(&WORDS[..]).prop_map(Step::Paste),
        5 => any::<usize>().prop_map(Step::Answer),
        3 => (any::<usize>(), any::<usize>(), value).prop_map(|(at, name, value)| Step::Changed(at, name, value)),
        1 => any::<usize>().prop_map(Step::Refused),
        1 => any::<usize>().prop_map(Step::Broken),
        2 => any::<usize>().prop_map(Step::Again),
        1 => Just(Step::Rows),
        1 => (60..200_u16, 16..60_u16).prop_map(|(width, height)| Step::Size(width, height)),
        1 => Just(Step::Tick),
    ]
}

/// The program, and beside it what a person remembers of having typed.
struct Person {
    scene: Scene,
    users: BTreeMap<Username, Typed>,
    line: Option<Line>,
    /// The users as the service has them, where somebody changed one.
    service: BTreeMap<Username, User>,
    /// Answers that were given, to be given again.
    given: Vec<(Ticket, Reply)>,
    taken: usize,
}

impl Person {
    fn new() -> Self {
        Self {
            scene: Scene::opened(),
            users: BTreeMap::new(),
            line: None,
            service: BTreeMap::new(),
            given: Vec::new(),
            taken: 0,
        }
    }

    fn session(&self) -> &Session {
        self.scene.app.session.as_ref().expect("the pool stays open")
    }

    /// The user whose form is in front, and the row of the cursor.
    fn form(&self) -> Option<(Username, AttributeName)> {
        let session = self.session();
        let edit = session.edit.as_ref().filter(|_| session.view == View::Edit)?;
        Some((edit.username.clone(), edit.cursor.clone()))
    }

    fn take(&mut self, step: Step) {
        self.scene.mono += Duration::from_secs(1);
        match step {
            Step::Key(key) => self.press(key),
            Step::Type(c) if self.line.is_some() => self.press_all(&[c]),
            Step::Burst(one, other) if self.line.is_some() => self.press_all(&[one, other]),
            // Letters are commands where no line is open, and other tests' business.
            Step::Type(_) | Step::Burst(..) => {}
            Step::Paste(text) => self.paste(text),
            Step::Answer(at) => self.answer(at, |person, job| person.right_answer(job)),
            Step::Changed(at, name, value) => self.answer(at, |person, job| {
                if let Job::GetUser { username, .. } = job {
                    person.change(username, name, value);
                }
                person.right_answer(job)
            }),
            Step::Refused(at) => self.answer(at, |_, job| match job {
                Job::GetUser { .. } => Some(Reply::User(Err(denied("AdminGetUser")))),
                Job::Owner { .. } => Some(Reply::Owner(Err(denied("ListUsers")))),
                Job::ListUsers { .. } => Some(Reply::Users(Err(denied("ListUsers")))),
                _ => None,
            }),
            Step::Broken(at) => self.answer(at, |_, job| match job {
                Job::GetUser { .. } | Job::Owner { .. } | Job::ListUsers { .. } => {
                    Some(Reply::Broken(denied("AdminGetUser")))
                }
                _ => None,
            }),
            Step::Again(at) if !self.given.is_empty() => {
                let (ticket, reply) = self.given[at % self.given.len()].clone();
                self.event(Event::Reply(ticket, reply), None);
            }
            Step::Again(_) => {}
            Step::Rows => {
                let rows = self.scene.people.iter().rev().cloned().map(Arc::new).collect();
                let page = Page {
                    items: rows,
                    next: Some(PageToken("other".into())),
                };
                self.event(Event::Reply(Ticket(u64::MAX), Reply::Users(answered(page))), None);
            }
            Step::Size(width, height) => self.event(Event::Burst(vec![Input::Resize(width, height)]), None),
            Step::Tick => self.event(Event::Tick, None),
        }
    }

    fn press(&mut self, key: &'static str) {
        let app = &self.scene.app;
        // A review confirms nothing here, and Tab leads to the other pane where no line is open.
        let key = match self.session().view {
            _ if app.overlay.is_some() => "esc",
            View::Users | View::User | View::Edit => key,
            _ => "esc",
        };
        if key == "tab" && self.line.is_none() {
            return;
        }
        let form = self.form();
        let chord = Chord::parse(key).unwrap();
        let locked = self.locked();
        let taken_by_line = self.line.as_mut().map(|line| line.key(key));
        match (taken_by_line, form) {
            (Some(false), Some((username, _))) => self.leave_line(key, &username),
            (None, Some((username, name))) => self.on_row(key, &username, &name, locked),
            _ => {}
        }
        self.event(Event::Burst(vec![Input::Key(chord)]), None);
    }

    /// A key that is none of the line's own.
    fn leave_line(&mut self, key: &str, username: &Username) {
        match (key, self.line.take()) {
            ("enter" | "tab" | "ctrl-s", Some(line)) => {
                let typed = self.users.get_mut(username).expect("a form that was opened");
                let text = line.text();
                if text.is_empty() && typed.is_set(&line.name) {
                    // Empty is a question, not a deletion.
                    self.line = Some(line);
                } else if !text.is_empty() {
                    typed.set(&line.name, Some(&text));
                    self.taken += 1;
                }
            }
            ("esc", _) => {}
            (_, line) => self.line = line,
        }
    }

    fn on_row(&mut self, key: &str, username: &Username, name: &AttributeName, locked: bool) {
        let typed = self.users.get_mut(username).expect("a form that was opened");
        match key {
            "enter" if !locked => {
                let text = typed.value(name).map_or("", AttributeValue::as_str);
                self.line = Some(Line::new(name.clone(), text));
            }
            // A required attribute is not deleted, and what is not there cannot be.
            "x" if !locked
                && name.as_str() != "email"
                && (typed.base.contains_key(name) || typed.edits.contains_key(name)) =>
            {
                typed.set(name, None);
            }
            "u" => drop(typed.edits.remove(name)),
            _ => {}
        }
    }

    /// Whether the row under the cursor takes no value.
    fn locked(&self) -> bool {
        let session = self.session();
        let Some(edit) = &session.edit else {
            return true;
        };
        let fixed = matches!(edit.cursor.as_str(), "sub" | "custom:hireId");
        fixed || edit.cursor.verifies().is_some() || session.form_lock(edit).is_some()
    }

    fn press_all(&mut self, letters: &[char]) {
        let line = self.line.as_mut().expect("an open line");
        line.insert(&letters.iter().collect::<String>());
        let keys = letters.iter().map(|c| Input::Key(Chord::char(*c))).collect();
        self.event(Event::Burst(keys), None);
    }

    fn paste(&mut self, text: &str) {
        let Some((_, name)) = self.form().filter(|_| self.scene.app.overlay.is_none()) else {
            return;
        };
        let locked = self.locked();
        match &mut self.line {
            Some(line) => line.insert(text),
            None if locked => {}
            None => self.line = Some(Line::new(name, text)),
        }
        self.event(Event::Burst(vec![Input::Paste(Raw::from(text))]), None);
    }

    fn answer(&mut self, at: usize, reply: impl FnOnce(&mut Self, &Job) -> Option<Reply>) {
        if self.scene.asked.is_empty() {
            return;
        }
        let at = at % self.scene.asked.len();
        let (ticket, job) = self.scene.asked.remove(at);
        let Some(reply) = reply(self, &job) else {
            return self.scene.asked.push((ticket, job));
        };
        self.given.push((ticket, reply.clone()));
        let reading = match &reply {
            Reply::User(Ok(answered)) => Some(Arc::clone(&answered.value)),
            _ => None,
        };
        self.event(Event::Reply(ticket, reply), reading);
    }

    fn right_answer(&mut self, job: &Job) -> Option<Reply> {
        match job {
            Job::GetUser { username, .. } => Some(Reply::User(answered(Arc::new(self.live(username).clone())))),
            job => self.scene.reply_to(job),
        }
    }

    /// The user as the service has it.
    fn live(&mut self, username: &Username) -> &mut User {
        let listed = self
            .scene
            .app
            .session
            .as_ref()
            .and_then(|session| session.users.get(username));
        let known = listed.as_deref().cloned();
        (self.service.entry(username.clone())).or_insert_with(|| known.expect("a user that was listed"))
    }

    /// Somebody else changes an attribute, now and then to what is being typed here.
    fn change(&mut self, username: &Username, name: usize, value: Option<&str>) {
        let names = ["nickname", "name", "given_name", "custom:tier", "email"];
        let name = AttributeName::new(names[name % names.len()]);
        let user = self.live(username);
        match value {
            Some(value) => drop(user.attributes.insert(name, AttributeValue::new(value))),
            None => drop(user.attributes.remove(&name)),
        }
    }

    fn event(&mut self, event: Event, reading: Option<Arc<User>>) {
        self.scene.event(event);
        self.compare_line();
        self.compare_drafts(reading.as_deref());
    }

    fn compare_line(&self) {
        let open = self.session().edit.as_ref().and_then(|edit| edit.field.as_ref());
        match (open, &self.line) {
            (None, None) => {}
            (Some(open), Some(line)) => {
                assert_eq!(open.name, line.name);
                assert_eq!(open.field.text(), line.text(), "{:?}", line.name);
                assert_eq!(open.field.cursor(), line.cursor(), "{:?}", line.name);
            }
            (open, line) => panic!("a line is open: {}, and should be: {}", open.is_some(), line.is_some()),
        }
    }

    /// Every draft holds what was typed and nothing else; only a reading of that user moves its base.
    fn compare_drafts(&mut self, reading: Option<&User>) {
        let session = self.scene.app.session.as_ref().expect("the pool stays open");
        for ((username, route), draft) in &session.drafts {
            assert_eq!(*route, Route::Admin);
            let typed = self.users.entry(username.clone()).or_default();
            let base = &draft.base().attributes;
            if typed.base != *base {
                let read = reading.is_some_and(|user| user.username == *username && user.attributes == *base);
                assert!(
                    read || typed.edits.is_empty(),
                    "the base of pending edits moved by itself"
                );
                typed.base = base.clone();
                // What is there now needs no edit.
                typed.edits.retain(|name, edit| edit.value() != base.get(name));
            }
            assert_eq!(edits(draft), typed.edits, "{username:?}");
        }
        for (username, typed) in &self.users {
            let draft = session.drafts.get(&(username.clone(), Route::Admin));
            assert!(typed.edits.is_empty() || draft.is_some(), "a draft was lost");
        }
    }
}

/// The edits of a draft but for verified flags, which are chosen and not typed.
fn edits(draft: &Draft) -> BTreeMap<AttributeName, Edit> {
    let edits = draft.edits().iter().filter(|(name, _)| name.verifies().is_none());
    edits.map(|(name, edit)| (name.clone(), edit.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_draft_is_what_was_typed_after_any_interleaving(steps in vec(step(), 20..160)) {
        let mut person = Person::new();
        person.press("e");
        for step in steps {
            person.take(step);
        }
    }
}

/// The steps above do get somewhere: without it, all of them could pass by.
#[test]
fn steps_by_chance_take_values_leave_the_form_and_come_back() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut taken, mut users, mut pending) = (0, 0, 0);
    for _ in 0..40 {
        let steps = vec(step(), 160).new_tree(&mut runner).unwrap().current();
        let mut person = Person::new();
        person.press("e");
        for step in steps {
            person.take(step);
        }
        taken += person.taken;
        users += person.users.len();
        pending += person.users.values().map(|typed| typed.edits.len()).sum::<usize>();
    }
    println!("{taken} values taken, forms of {users} users, {pending} edits pending at the end");
    assert!(taken > 50 && users > 40 && pending > 20, "{taken} {users} {pending}");
}
