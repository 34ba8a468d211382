//! Where the flows of the form and the review begin, and what they look at.

use cognitui::emulator::{Message, PoolSeed, Seed, User};

use super::stage::{Setup, Stage};

pub const CUSTOMERS: &str = "us-east-1_aB3dE5fGh";
pub const SHOP: &str = "us-east-1_Sh0pPr0d1";
pub const STAFF: &str = "us-east-1_StaffAbc1";
pub const PARTNERS: &str = "us-east-1_pArTnErS1";
pub const MEMBERS: &str = "us-east-1_mEmB3rs42";

pub const UPDATE: &str = "AdminUpdateUserAttributes";
pub const GET: &str = "AdminGetUser";
pub const LIST: &str = "ListUsers";

/// A pool called grouped, of 200 users: `admins` are the last three, every second is in `readers`, nobody in `nobody`; 4 pages.
pub fn grouped(id: &str) -> PoolSeed {
    let users = (0..200).map(|number| {
        let mut groups = Vec::new();
        if number >= 197 {
            groups.push("admins");
        }
        if number % 2 == 0 {
            groups.push("readers");
        }
        let tier = if number % 3 == 0 { "Gold" } else { "Silver" };
        User::new(&format!("u{number:03}")).with("name", tier).groups(&groups)
    });
    PoolSeed::new(id, "grouped").users(users).group("nobody", "", None)
}

/// The demo's pool, opened on a user, high enough for every row and in one column.
pub fn setup(pool: &str, user: &str) -> Setup {
    let user = user.to_owned();
    Setup::new(Seed::demo(), &[pool])
        .change(|settings| settings.user = Some(user.into()))
        .size(100, 60)
}

/// The form of a user of the demo.
pub fn form(pool: &str, user: &str) -> Stage {
    open_form(setup(pool, user))
}

/// The form of the user that the program was started on.
pub fn open_form(setup: Setup) -> Stage {
    let mut stage = setup.start();
    stage.shows("User ");
    stage.keys("e");
    stage.shows("Edit ");
    stage
}

impl Stage {
    /// Puts a value into an attribute of the open form.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.go(name).keys(&format!("<enter><ctrl-u>{value}<enter>"))
    }

    /// Puts the cursor of the open form on an attribute.
    pub fn go(&mut self, name: &str) -> &mut Self {
        self.keys(&format!("/{name}<enter>"))
    }

    /// Opens the review and presses Send.
    pub fn send(&mut self) -> &mut Self {
        self.keys("<ctrl-s>");
        self.shows("Review ");
        self.keys("<tab><enter>")
    }

    /// What went out: one list for each request, names and values in order.
    pub fn sent(&self) -> Vec<Vec<(String, String)>> {
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        self.calls(UPDATE)
            .iter()
            .map(|body| {
                let attributes = body["UserAttributes"].as_array().expect("a list");
                attributes
                    .iter()
                    .map(|one| (text(&one["Name"]), text(&one["Value"])))
                    .collect()
            })
            .collect()
    }

    /// The one request that went out.
    #[track_caller]
    pub fn sent_once(&self) -> Vec<(String, String)> {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "one request:\n{}", self.screen());
        sent.remove(0)
    }

    #[track_caller]
    pub fn sent_nothing(&self) {
        assert!(self.sent().is_empty(), "nothing went out");
    }

    /// How the last write stands, in the word its entry begins with, and everything the entry says.
    #[track_caller]
    pub fn outcome(&self) -> (String, String) {
        let entry = self
            .app()
            .core
            .status
            .entries()
            .find(|entry| {
                ["applied", "WAITING", "REFUSED", "NOT SENT", "DIFFERS", "UNKNOWN"].contains(&entry.word.text())
            })
            .unwrap_or_else(|| panic!("no write has ended:\n{}", self.screen()));
        let mut said = format!("{}\n", entry.line.plain());
        for line in &entry.more {
            said.push_str(&line.plain());
            said.push('\n');
        }
        if let Some(next) = &entry.next {
            said.push_str(&next.words().plain());
        }
        (entry.word.text().to_owned(), said)
    }

    /// Checks the word of the last write's outcome and that its entry says each of `lines`.
    #[track_caller]
    pub fn ended(&self, word: &str, lines: &[&str]) {
        let (found, said) = self.outcome();
        assert_eq!(found, word, "{said}");
        for line in lines {
            assert!(said.contains(line), "{line:?} is not said:\n{said}");
        }
    }

    /// What will happen, as `topic: words`, a line for each fact.
    pub fn will_happen(&self) -> String {
        let session = self.app().session.as_ref().expect("a pool is open");
        let causes = session.consequences(&self.app().core);
        causes
            .iter()
            .map(|cause| format!("{}: {}\n", cause.topic, cause.lines.plain()))
            .collect()
    }

    #[track_caller]
    pub fn will(&self, line: &str) {
        let said = self.will_happen();
        assert!(said.contains(line), "{line:?} is not said:\n{said}");
    }

    #[track_caller]
    pub fn will_not(&self, line: &str) {
        let said = self.will_happen();
        assert!(!said.contains(line), "{line:?} is said:\n{said}");
    }

    #[track_caller]
    pub fn answers(&self, text: &str) {
        assert!(
            self.notice().contains(text),
            "said was {:?}, not {text:?}",
            self.notice()
        );
    }

    /// The pending edits of the open form, in order of their names.
    pub fn pending(&self) -> Vec<String> {
        let session = self.app().session.as_ref().expect("a pool is open");
        session
            .edited_draft()
            .map(|draft| draft.edits().keys().map(|name| name.as_str().to_owned()).collect())
            .unwrap_or_default()
    }

    /// The stored value of an attribute.
    pub fn stored(&self, pool: &str, user: &str, name: &str) -> Option<String> {
        self.emulator
            .user(pool, user)
            .expect("the user")
            .attribute(name)
            .map(str::to_owned)
    }

    /// The messages people would have got.
    pub fn outbox(&self) -> Vec<Message> {
        self.emulator.outbox()
    }
}

/// Pairs of names and values, as [`Stage::sent`] has them.
pub fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
