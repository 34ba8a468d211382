//! A journal to try things on, and one write to try them with.

use std::os::unix::fs::DirBuilderExt;

use super::*;

/// A state folder that goes with the test.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cognitui-journal-{}-{number}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&path).unwrap();
        Self(path)
    }

    pub(super) fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.state().join("journal")
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder().join("us-east-1_aB3dE5fGh-2026-11.jsonl")
    }

    pub(super) fn text(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }

    pub(super) fn journal(&self) -> Journal {
        Journal::open(self.state(), fixed_clock(), "0.1.0").unwrap()
    }

    pub(super) fn places(&self) -> Places {
        Places::private(self.state())
    }

    /// How many lines a good chain has, or the first bad line as `file:number`.
    pub(super) fn verify_pool(&self, pool: &PoolId) -> Result<usize, String> {
        let verified = verify(&self.places(), Some(pool), &[]).unwrap();
        match verified.problems.first() {
            None => Ok(verified.chains.iter().map(|chain| chain.lines as usize).sum()),
            Some(problem) => {
                let name = problem.path.file_name().unwrap().to_str().unwrap();
                Err(format!("{name}:{}", problem.line.unwrap_or(0)))
            }
        }
    }

    pub(super) fn verify(&self) -> Result<usize, String> {
        self.verify_pool(&pool())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn fixed_clock() -> Clock {
    Arc::new(|| at("2026-11-20T10:41:06.123456Z"))
}

/// The lines of one file.
pub(super) fn lines_of(path: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A clock that a test can turn.
#[derive(Clone, Default)]
pub(super) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(super) fn set(&self, text: &str) {
        self.0.store(at(text).as_second(), Ordering::Relaxed);
    }

    pub(super) fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || Timestamp::from_second(hands.0.load(Ordering::Relaxed)).unwrap())
    }
}

/// The first throw gives bytes of 1, the second bytes of 2, and so on.
pub(super) fn loaded_dice() -> Dice {
    let throws = AtomicU64::new(0);
    Arc::new(move |bytes| {
        bytes.fill((throws.fetch_add(1, Ordering::Relaxed) + 1) as u8);
        Ok(())
    })
}

pub(super) fn pool() -> PoolId {
    PoolId::new("us-east-1_aB3dE5fGh")
}

pub(super) fn user(email: &str) -> User {
    let attributes = [
        ("email", email),
        ("email_verified", "true"),
        ("name", "Jane Doe"),
        ("sub", "5f1c-9a02"),
    ];
    User {
        read_at: at("2026-11-20T10:41:07.5Z"),
        ..User::listed("jane.doe@example.com", &attributes)
    }
}

pub(super) fn intent_at(pool: PoolId) -> Intent {
    let attribute = |name: &str| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: DataType::String { min: None, max: None },
        mutable: true,
        required: false,
        developer_only: false,
    };
    let schema = Schema {
        attributes: ["email", "name", "nickname"].map(attribute).to_vec(),
    };
    let mut draft = Draft::new(Arc::new(user("jane@example.com")), Route::Admin);
    draft.set(
        AttributeName::new("email"),
        Edit::Set(AttributeValue::new("jane.doe@example.com")),
    );
    draft.set(AttributeName::new("name"), Edit::Delete);
    draft.set(
        AttributeName::new("nickname"),
        Edit::Set(AttributeValue::new("Žofie\u{1b}[2J😀\u{7f}")),
    );
    draft.metadata = ClientMetadata(BTreeMap::from([("ticket".to_owned(), "SUP-1234".to_owned())]));
    Intent {
        caller: Caller {
            arn: None,
            account: None,
            profile: Some(Raw::from("support")),
            key_id: Some(Raw::from("AKIAIOSFODNN7EXAMPLE")),
        },
        place: Written {
            account: Some(Raw::from("123456789012")),
            region: Some(Raw::from("us-east-1")),
            endpoint: None,
            pool,
        },
        user: Username::new("jane.doe@example.com"),
        sub: Some("5f1c-9a02".to_owned()),
        operation: Operation::AdminUpdate(draft.change_set(&Rules::admin(&schema)).unwrap()),
        why: crate::domain::Why::default(),
    }
}

pub(super) fn intent() -> Intent {
    intent_at(pool())
}

pub(super) fn fault(kind: FaultKind, code: &str) -> Fault {
    Fault {
        kind,
        operation: "AdminUpdateUserAttributes",
        code: Raw::from(code),
        message: Raw::from("no such address jane.doe@example.com"),
        request_id: Some(Raw::from("r-2")),
        status: Some(400),
        clock: None,
    }
}

pub(super) fn accepted() -> Answer {
    Answer::Accepted {
        request_id: Some(Raw::from("r-1")),
        reported: Vec::new(),
    }
}

/// One write from its intent to its read-back: three lines.
pub(super) fn whole_write(journal: &Journal, pool: PoolId) {
    let recorded = journal.record(intent_at(pool)).unwrap();
    let settled = journal
        .settle(recorded.sent(accepted(), 1, Duration::from_millis(140)))
        .unwrap();
    journal
        .seen(&settled, &Outcome::Applied, Ok(&user("jane.doe@example.com")))
        .unwrap();
}

pub(super) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

pub(super) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
