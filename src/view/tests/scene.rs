//! A program in the middle of its work, without a terminal, a clock or a service: real events, answers made by hand.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::core::{Confirm, Favourite, Settings, VerifiedDefault};
use crate::app::keymap::{Chord, Keymap};
use crate::app::{App, Effect, Event, Input, Stamped};
use crate::domain::breakdown::breakdown;
use crate::domain::column::Column;
use crate::domain::consequence::Owner;
use crate::domain::guard::{Guards, PoolRules, ReasonPattern, ReasonRule};
use crate::domain::lint::lint;
use crate::domain::place::Caller;
use crate::domain::pool::{EmailSender, MfaSetting, ProviderMapping, Recovery, SignIn};
use crate::domain::schema::DataType;
use crate::domain::search::Matches;
use crate::domain::user::{Mfa, Source};
use crate::domain::{
    Answered, AttributeName, AttributeValue, ClientId, ClientSummary, Contact, Entry, Fault, Page, PageToken, Place,
    Pool, PoolId, PoolSummary, Raw, Schema, SchemaAttribute, Target, User, UserStatus, Username,
};
use crate::job::search::Search;
use crate::job::{Job, JournalRead, Reply, Stamp, Ticket};

pub const POOL: &str = "us-east-1_aB3dE5fGh";
pub const SUB: &str = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";

pub fn at(time: &str) -> Timestamp {
    format!("2026-11-20T{time}Z").parse().unwrap()
}

pub fn place() -> Place {
    Place {
        target: Target::default(),
        pool: PoolId::new(POOL),
    }
}

pub fn settings() -> Settings {
    Settings {
        target: Target::default(),
        pool: Some(PoolId::new(POOL)),
        user: None,
        favourites: vec![Favourite {
            place: place(),
            name: Some(Raw::from("customers-prod")),
        }],
        guards: guards(),
        demo: false,
        archive: None,
        act_as_user: true,
        drafts: true,
        access_token: None,
        clipboard_off: None,
        folders: Default::default(),
        editor_off: None,
        kept_values: Default::default(),
        idle_lock: None,
        phone_prefixes: vec!["+1".into(), "+49".into()],
        list_rate: 10,
        columns: Column::usual(),
        views: Vec::new(),
        verified_default: VerifiedDefault::Ask,
        confirm: Confirm::Armed,
        arm_for: Duration::from_secs(30 * 60),
        late: Duration::from_secs(5),
        pane_height: 7,
        zone: TimeZone::UTC,
        keymap: Keymap::shipped().unwrap(),
        notices: Vec::new(),
    }
}

/// The pool is known to the config, and protected.
pub fn guards() -> Guards {
    let rules = PoolRules {
        protected: true,
        reason: ReasonPattern::new(r"SUP-\d+").ok().map(ReasonRule::Like),
        ..PoolRules::default()
    };
    Guards {
        pools: [(PoolId::new(POOL), rules)].into(),
        ..Guards::default()
    }
}

/// The same pool without any protection.
pub fn unprotected() -> Guards {
    Guards {
        pools: [(PoolId::new(POOL), PoolRules::default())].into(),
        ..Guards::default()
    }
}

pub fn pool() -> Pool {
    let attribute = |name: &str, data_type: DataType| SchemaAttribute {
        name: AttributeName::new(name),
        data_type,
        mutable: !matches!(name, "sub" | "custom:hireId"),
        required: matches!(name, "sub" | "email"),
        developer_only: false,
    };
    let text = || DataType::String {
        min: Some(0),
        max: Some(2_048),
    };
    let mut attributes = Vec::new();
    for name in [
        "sub",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "email",
        "email_verified",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "phone_number",
        "phone_number_verified",
        "address",
        "updated_at",
        "custom:tier",
        "custom:hireId",
        "custom:region",
        "custom:score",
    ] {
        let data_type = match name {
            "email_verified" | "phone_number_verified" => DataType::Boolean,
            "updated_at" => DataType::Number {
                min: Some(0),
                max: None,
            },
            "custom:score" => DataType::Number {
                min: Some(1),
                max: Some(100),
            },
            "custom:tier" => DataType::String {
                min: Some(1),
                max: Some(10),
            },
            _ => text(),
        };
        attributes.push(attribute(name, data_type));
    }
    Pool {
        id: PoolId::new(POOL),
        name: Raw::from("customers-prod"),
        arn: Some(Raw::from(format!(
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"
        ))),
        schema: Schema { attributes },
        sign_in: SignIn::Aliases([Contact::Email.attribute()].into()),
        case_sensitive: false,
        auto_verified: [Contact::Email, Contact::PhoneNumber].into(),
        verify_before_update: BTreeSet::from([Contact::Email]),
        verifies_by_link: false,
        mfa: MfaSetting::Optional,
        recovery: vec![Recovery::VerifiedEmail, Recovery::VerifiedPhoneNumber],
        custom_message_trigger: false,
        email_sender: EmailSender::Ses,
        email_failure: None,
        sms_role: true,
        sms_failure: None,
        temporary_password_days: Some(7),
        estimated_users: Some(48_200),
    }
}

pub fn user(username: &str, status: &str, attributes: &[(&str, &str)]) -> User {
    User {
        username: Username::new(username),
        attributes: attributes
            .iter()
            .map(|(name, value)| (AttributeName::new(*name), AttributeValue::new(*value)))
            .collect(),
        status: UserStatus::parse(status),
        enabled: true,
        created: Some("2025-02-03T08:00:00Z".parse().unwrap()),
        changed: Some("2026-11-18T09:12:00Z".parse().unwrap()),
        source: Source::List,
        read_at: at("10:40:58"),
    }
}

pub fn jane() -> User {
    user(
        "jane.doe",
        "CONFIRMED",
        &[
            ("sub", SUB),
            ("email", "jane@example.com"),
            ("email_verified", "true"),
            ("phone_number", "+15555550100"),
            ("phone_number_verified", "false"),
            ("custom:tier", "silver"),
            ("nickname", "JD"),
            ("birthdate", "1990-01-02"),
            ("name", "Jane Doe"),
            ("custom:hireId", "7781"),
        ],
    )
}

/// The eight users of the first page.
pub fn people() -> Vec<User> {
    let mut eve = user(
        "eve",
        "CONFIRMED",
        &[
            ("email", "Jane@Example.com"),
            ("email_verified", "true"),
            ("phone_number", "+15555550177"),
            ("phone_number_verified", "true"),
        ],
    );
    eve.enabled = false;
    vec![
        jane(),
        user(
            "bob",
            "FORCE_CHANGE_PASSWORD",
            &[("email", "bob@example.com"), ("email_verified", "true")],
        ),
        user(
            "3fa85f64-5717-4562-b3fc-2c963f66afa6",
            "CONFIRMED",
            &[
                ("email", "maximiliane.mustermann@example.com"),
                ("email_verified", "true"),
                ("phone_number", "+4915112345678"),
                ("phone_number_verified", "true"),
            ],
        ),
        user(
            "Okta_00u1a2b3c4d5",
            "EXTERNAL_PROVIDER",
            &[("email", "rene@example.net"), ("email_verified", "false")],
        ),
        eve,
        user("adm\u{200b}in", "UNCONFIRMED", &[("email", "admin@example.com")]),
        user(
            "sofia.r",
            "RESET_REQUIRED",
            &[
                ("email", "sofia.r@example.com"),
                ("email_verified", "true"),
                ("phone_number", "+15555550121"),
                ("phone_number_verified", "true"),
            ],
        ),
        user(
            "tom",
            "CONFIRMED",
            &[("phone_number", "+15555550134"), ("phone_number_verified", "true")],
        ),
    ]
}

/// A program and the desk it asks, with the answers this desk gives.
pub struct Scene {
    pub app: App,
    pub at: Timestamp,
    pub mono: Duration,
    pub people: Vec<User>,
    pub pool: Pool,
    /// What AdminGetUser says of a user instead of what the list says.
    pub in_full: Option<User>,
    /// What the journal holds, newest first.
    pub journal: Vec<Arc<Entry>>,
    /// Questions that were not answered yet.
    pub asked: Vec<(Ticket, Job)>,
}

impl Scene {
    pub fn new(settings: Settings) -> Self {
        Self {
            app: App::new(settings),
            at: at("10:40:58"),
            mono: Duration::from_secs(10),
            people: people(),
            pool: pool(),
            in_full: None,
            journal: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// A console on the pool, everything read.
    pub fn opened() -> Self {
        let mut scene = Self::new(settings());
        scene.event(Event::Start(80, 24));
        scene.answer_all();
        scene
    }

    pub fn event(&mut self, event: Event) {
        let effects = self.app.update(Stamped {
            at: self.at,
            mono: self.mono,
            event,
        });
        self.asked.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::Ask(ticket, job) => Some((ticket, job)),
            _ => None,
        }));
    }

    /// Keys in the notation of the key file, each alone in its read and long after the one before.
    pub fn keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.mono += Duration::from_secs(1);
            self.event(Event::Burst(vec![Input::Key(Chord::parse(key).unwrap())]));
        }
    }

    pub fn typed(&mut self, text: &str) {
        for c in text.chars() {
            self.event(Event::Burst(vec![Input::Key(Chord::char(c))]));
        }
    }

    /// Answers every question, and those that answers lead to, 41 ms after they were asked.
    pub fn answer_all(&mut self) {
        while !self.asked.is_empty() {
            self.mono += Duration::from_millis(41);
            for (ticket, job) in std::mem::take(&mut self.asked) {
                if let Some(reply) = self.reply_to(&job) {
                    self.event(Event::Reply(ticket, reply));
                }
            }
        }
    }

    /// Answers the next question of a kind by hand and leaves the others open.
    pub fn answer(&mut self, wanted: impl Fn(&Job) -> bool, reply: Reply) {
        let found = self
            .asked
            .iter()
            .position(|(_, job)| wanted(job))
            .expect("it was asked");
        let (ticket, _) = self.asked.remove(found);
        self.event(Event::Reply(ticket, reply));
    }

    pub fn known(&self, username: &Username) -> User {
        let listed = self.people.iter().find(|user| user.username == *username);
        let mut user = self
            .in_full
            .clone()
            .or_else(|| listed.cloned())
            .expect("a user of the scene");
        let mfa = match &user.source {
            Source::Get { mfa } | Source::Own { mfa } => mfa.clone(),
            Source::List => Mfa {
                sms: user.text("phone_number").is_some(),
                ..Mfa::default()
            },
        };
        user.source = Source::Get { mfa };
        user
    }

    pub fn reply_to(&self, job: &Job) -> Option<Reply> {
        // More than most screens have lines; with the second page, more than any.
        let users = |is_first: bool| {
            let (people, others) = match is_first {
                true => (self.people.as_slice(), 0..120 - self.people.len()),
                false => (&[][..], 120..1_000),
            };
            let rest = others.map(|at| {
                user(
                    &format!("user-{at:03}"),
                    "CONFIRMED",
                    &[("email", &format!("user-{at:03}@example.com"))],
                )
            });
            people.iter().cloned().chain(rest).map(Arc::new).collect::<Vec<_>>()
        };
        Some(match job {
            Job::ListPools { .. } => Reply::Pools(answered(Page {
                items: pools(),
                next: None,
            })),
            Job::DescribePool { .. } => Reply::Pool(answered(Arc::new(self.pool.clone()))),
            Job::Providers { .. } => Reply::Providers(answered(vec![ProviderMapping {
                provider: Raw::from("Okta"),
                attributes: [Contact::Email.attribute(), AttributeName::new("name")].into(),
            }])),
            Job::ListUsers { token, .. } => Reply::Users(answered(Page {
                items: users(token.is_none()),
                next: Some(PageToken("more".into())),
            })),
            Job::GetUser { username, .. } => Reply::User(answered(Arc::new(self.known(username)))),
            Job::Groups { .. } => Reply::Groups(answered(vec![Raw::from("support"), Raw::from("beta")])),
            Job::Owner { .. } => Reply::Owner(answered(Owner::NobodyFound { asked_at: self.at })),
            Job::OpenWriter { .. } => Reply::WriterOpen,
            Job::CloseWriter { .. } => Reply::WriterClosed,
            Job::Caller { .. } => Reply::Caller(answered(Caller {
                arn: Some(Raw::from("arn:aws:sts::123456789012:assumed-role/Support/ana")),
                account: Some(Raw::from("123456789012")),
                profile: None,
                key_id: None,
            })),
            Job::Reconnect { .. } => Reply::Reconnected,
            Job::Clients { .. } => Reply::Clients(answered(vec![ClientSummary {
                id: ClientId::new("1h57kf5cpq17m0eml12EXAMPLE"),
                name: Raw::from("web"),
            }])),
            Job::Search(search) => Reply::Matched(Ok(Arc::new(matches(search)))),
            Job::StopActing { .. } => Reply::StoppedActing,
            Job::Outbox => Reply::Outbox(Vec::new()),
            Job::SaveDraft(_) => Reply::DraftSaved(Ok(())),
            Job::FindDrafts => Reply::Drafts(Ok(Default::default())),
            Job::DiscardDraft { .. } => Reply::DraftDiscarded(Ok(())),
            Job::ReadJournal { .. } => Reply::Journal(Ok(JournalRead {
                stamp: Stamp(1),
                entries: Some(self.journal.clone()),
                notices: Vec::new(),
            })),
            Job::Lint(asked) => Reply::Linted(Ok(Arc::new(lint(&asked.ground, &asked.options, &|| false)?))),
            Job::Breakdown(asked) => {
                let counts = breakdown(&asked.rows, &asked.of, asked.among.as_ref(), &|| false)?;
                Reply::Counted(Ok(Arc::new(counts)))
            }
            Job::Find { .. }
            | Job::ReadOn { .. }
            | Job::Submit(_)
            | Job::Settle { .. }
            | Job::TakeDraft { .. }
            | Job::PrepareUndo { .. }
            | Job::SettleEntry { .. }
            | Job::Client { .. }
            | Job::SignIn { .. }
            | Job::AnswerChallenge { .. }
            | Job::ActAs { .. }
            | Job::Page { .. }
            | Job::ImportHeader { .. }
            | Job::Export(_)
            | Job::Scan { .. }
            | Job::ReadFile { .. }
            | Job::ScanRate { .. }
            | Job::ListGroups { .. }
            | Job::ReadMembers { .. } => return None,
        })
    }
}

/// Who matches, in the order of arrival.
fn matches(search: &Search) -> Matches {
    let all = search.rows.iter();
    let rows = all.filter(|(id, row)| search.query.matches(*id, *row, &search.ground));
    Matches::of(rows.map(|(id, _)| id).collect(), search.rows.len())
}

pub fn answered<T>(value: T) -> Result<Answered<T>, Fault> {
    Ok(Answered {
        value,
        request_id: Some(Raw::from("5f1c7e")),
    })
}

pub fn pools() -> Vec<PoolSummary> {
    let summary = |id: &str, name: &str| PoolSummary {
        id: PoolId::new(id),
        name: Raw::from(name),
        changed: Some("2026-10-01T12:00:00Z".parse().unwrap()),
    };
    vec![
        summary(POOL, "customers-prod"),
        summary("us-east-1_staging01", "customers-staging"),
        summary("us-east-1_evil00001", "bad\u{1b}[2Jname\u{202e}"),
    ]
}

pub fn denied(operation: &'static str) -> Fault {
    let message = format!(
        "User: arn:aws:sts::123456789012:assumed-role/Support/ana is not authorized to perform: \
         cognito-idp:{operation} on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/*"
    );
    Fault::service(
        operation,
        "AccessDeniedException",
        message,
        Some(Raw::from("77ab01")),
        Some(400),
    )
}

/// The form with one of everything: an address vouched for, a tier, a deletion, and a birthdate that cannot be.
pub fn edited() -> Scene {
    let mut scene = Scene::opened();
    scene.keys("e");
    scene.answer_all();
    scene.at = at("10:41:02");
    scene.keys("enter ctrl-u");
    scene.typed("jane.doe@example.com");
    scene.keys("enter");
    scene.answer_all();
    scene.keys("down v");
    scene.answer_all();
    fill(&mut scene, "tier", "gold");
    scene.keys("/");
    scene.typed("nickname");
    scene.keys("enter x");
    fill(&mut scene, "birthdate", "1990-13-02");
    scene.keys("g");
    scene
}

/// Goes to an attribute by name and types a value.
pub fn fill(scene: &mut Scene, name: &str, value: &str) {
    scene.keys("/");
    scene.typed(name);
    scene.keys("enter enter ctrl-u");
    scene.typed(value);
    scene.keys("enter");
    scene.answer_all();
}

/// The review of that form, its reason given.
pub fn reviewed() -> Scene {
    let mut scene = reasoned();
    scene.keys("enter");
    scene
}

/// The review of that form, armed at 10:26, while the reason is typed.
pub fn reasoned() -> Scene {
    let mut scene = edited();
    scene.keys("/");
    scene.typed("birthdate");
    scene.keys("enter u");
    if let Some(session) = &mut scene.app.session {
        session.armed = Some(crate::app::session::Armed {
            at: at("10:26:00"),
            until: at("10:56:00"),
        });
    }
    scene.app.core.reasons = vec![Raw::from("SUP-1198")];
    scene.at = at("10:41:05");
    scene.keys("ctrl-s");
    scene.answer_all();
    scene.typed("SUP-1234");
    scene
}
