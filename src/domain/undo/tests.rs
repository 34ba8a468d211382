use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::*;
use crate::domain::entry::{EntryAnswer, EntrySeen};
use crate::domain::place::{Caller, Written};
use crate::domain::schema::{DataType, Schema, SchemaAttribute};
use crate::domain::user::{Mfa, Source};
use crate::domain::{AppClient, ClientId, PoolId};

const SUB: &str = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";

fn value(text: &str) -> Kept {
    Kept::Value(Raw::from(text))
}

fn withheld() -> Kept {
    Kept::Withheld {
        digest: Raw::from("00"),
    }
}

fn change(name: &str, before: Option<&str>, after: Option<&str>) -> EntryChange {
    EntryChange {
        name: AttributeName::new(name),
        before: before.map(value),
        after: after.map(value),
    }
}

fn entry(changes: &[(&str, Option<&str>, Option<&str>)]) -> Entry {
    let changes: Vec<EntryChange> = changes
        .iter()
        .map(|(name, before, after)| change(name, *before, *after))
        .collect();
    let at = "2026-11-20T10:41:00Z".parse().unwrap();
    let attributes = changes
        .iter()
        .map(|change| (change.name.clone(), change.after.clone()))
        .collect();
    Entry {
        id: Raw::from("00ff-1"),
        writer: None,
        at,
        caller: Caller::default(),
        place: Written {
            account: None,
            region: None,
            endpoint: None,
            pool: PoolId::new("us-east-1_aB3dE5fGh"),
        },
        username: value("jane.doe"),
        sub: Some(value(SUB)),
        account: Some((Raw::from("CONFIRMED"), true)),
        operation: Raw::from("AdminUpdateUserAttributes"),
        changes,
        flags: Vec::new(),
        metadata_keys: Vec::new(),
        client: None,
        contact: None,
        message_action: None,
        reason: None,
        undoes: None,
        answer: Some(EntryAnswer {
            at,
            word: Raw::from("accepted"),
            why: None,
            attempts: 1,
            took: std::time::Duration::ZERO,
            request_id: None,
            reported: Vec::new(),
            fault: None,
        }),
        seen: vec![EntrySeen {
            at,
            word: Raw::from("applied"),
            attributes,
            account: None,
            fault: None,
        }],
        running: false,
    }
}

fn ended(mut entry: Entry, word: &str) -> Entry {
    entry.seen[0].word = Raw::from(word);
    entry
}

fn step_entry(operation: &str) -> Entry {
    let mut entry = entry(&[]);
    entry.operation = Raw::from(operation);
    entry
}

fn user(attributes: &[(&str, &str)]) -> Arc<User> {
    let sub = ("sub", SUB);
    let all: Vec<(&str, &str)> = attributes.iter().copied().chain([sub]).collect();
    Arc::new(User {
        source: Source::Get { mfa: Mfa::default() },
        read_at: "2026-11-20T11:00:00Z".parse().unwrap(),
        ..User::listed("jane.doe", &all)
    })
}

fn schema() -> Schema {
    let attribute = |name: &str| SchemaAttribute {
        name: AttributeName::new(name),
        data_type: if name.ends_with("_verified") {
            DataType::Boolean
        } else {
            DataType::String {
                min: None,
                max: (name == "custom:tier").then_some(6),
            }
        },
        mutable: name != "custom:hireId",
        required: name == "name",
        developer_only: false,
    };
    Schema {
        attributes: [
            "sub",
            "name",
            "nickname",
            "preferred_username",
            "email",
            "email_verified",
            "phone_number",
            "phone_number_verified",
            "custom:tier",
            "custom:hireId",
        ]
        .map(attribute)
        .to_vec(),
    }
}

fn aliases() -> SignIn {
    let names = ["email", "preferred_username"].map(AttributeName::new);
    SignIn::Aliases(BTreeSet::from(names))
}

struct Case {
    now: Arc<User>,
    sign_in: SignIn,
    route: Route,
    client: Option<AppClient>,
    holders: BTreeMap<AttributeName, Vec<Holder>>,
}

fn on(attributes: &[(&str, &str)]) -> Case {
    Case {
        now: user(attributes),
        sign_in: aliases(),
        route: Route::Admin,
        client: None,
        holders: BTreeMap::new(),
    }
}

impl Case {
    fn held(mut self, name: &str, by: &str, verified: bool) -> Self {
        let holder = Holder {
            username: Username::new(by),
            verified,
        };
        self.holders.entry(AttributeName::new(name)).or_default().push(holder);
        self
    }

    fn result(&self, entry: &Entry) -> Result<Undo, Sentence> {
        let schema = schema();
        inverse(
            entry,
            &Ground {
                now: &self.now,
                rules: Rules {
                    schema: &schema,
                    route: self.route,
                    client: self.client.as_ref(),
                },
                sign_in: &self.sign_in,
                holders: &self.holders,
            },
        )
    }

    #[track_caller]
    fn inverse(&self, entry: &Entry) -> Inverse {
        match self.result(entry) {
            Ok(Undo::Changes(inverse)) => *inverse,
            other => panic!("{other:?}"),
        }
    }

    /// The edits as `name=value`, and `-name` for a deletion.
    #[track_caller]
    fn edits(&self, entry: &Entry) -> Vec<String> {
        edits(&self.inverse(entry))
    }

    #[track_caller]
    fn refusal(&self, entry: &Entry) -> String {
        self.result(entry).unwrap_err().plain()
    }
}

fn edits(inverse: &Inverse) -> Vec<String> {
    let one = |(name, edit): (&AttributeName, &Edit)| match edit {
        Edit::Set(value) => format!("{}={}", name.as_str(), value.as_str()),
        Edit::Delete => format!("-{}", name.as_str()),
    };
    inverse.draft.edits().iter().map(one).collect()
}

fn lines(inverse: &Inverse) -> String {
    inverse
        .lines()
        .iter()
        .map(Sentence::plain)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_changed_value_comes_back_an_added_one_is_deleted_a_deleted_one_is_set_again() {
    let entry = entry(&[
        ("custom:tier", Some("silver"), Some("gold")),
        ("nickname", None, Some("JD")),
        ("preferred_username", Some("jd"), None),
    ]);
    let case = on(&[("custom:tier", "gold"), ("nickname", "JD")]);
    let inverse = case.inverse(&entry);
    assert_eq!(
        edits(&inverse),
        ["custom:tier=silver", "-nickname", "preferred_username=jd"]
    );
    assert_eq!(lines(&inverse), "");
    assert_eq!(inverse.draft.undoes, Some(Raw::from("00ff-1")));
    assert!(
        inverse.draft.conflicts().is_empty(),
        "it is decided on what the entry made of it"
    );
}

#[test]
fn undoing_the_undo_gives_the_change_again() {
    let first = entry(&[
        ("custom:tier", Some("silver"), Some("gold")),
        ("nickname", None, Some("JD")),
    ]);
    let back = entry(&[
        ("custom:tier", Some("gold"), Some("silver")),
        ("nickname", Some("JD"), None),
    ]);
    let changed = on(&[("custom:tier", "gold"), ("nickname", "JD")]);
    let restored = on(&[("custom:tier", "silver")]);
    assert_eq!(changed.edits(&first), ["custom:tier=silver", "-nickname"]);
    assert_eq!(restored.edits(&back), ["custom:tier=gold", "nickname=JD"]);
}

#[test]
fn a_value_that_moved_since_is_a_conflict_of_the_draft() {
    let entry = entry(&[("custom:tier", Some("silver"), Some("gold"))]);
    let inverse = on(&[("custom:tier", "bronze")]).inverse(&entry);
    assert_eq!(edits(&inverse), ["custom:tier=silver"]);
    let conflicts = inverse.draft.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].then, Some(AttributeValue::new("gold")));
    assert_eq!(conflicts[0].now, Some(AttributeValue::new("bronze")));
    // Deleted since is moved, too.
    assert_eq!(on(&[]).inverse(&entry).draft.conflicts()[0].now, None);
}

#[test]
fn what_is_back_already_is_no_change_and_said() {
    let entry = entry(&[
        ("custom:tier", Some("silver"), Some("gold")),
        ("nickname", None, Some("JD")),
    ]);
    let inverse = on(&[("custom:tier", "silver"), ("nickname", "JD")]).inverse(&entry);
    assert_eq!(edits(&inverse), ["-nickname"]);
    assert_eq!(lines(&inverse), "custom:tier reads as before already");
    assert!(on(&[("custom:tier", "silver")]).inverse(&entry).draft.is_empty());
}

/// What the flag was before and after, what it is now, what is sent for it, and what is said.
#[test]
fn a_flag_comes_back_with_its_value() {
    let absent = "email_verified was not set before and cannot be unset: it becomes false, which counts the same";
    for (before, after, sent, said) in [
        (Some("true"), Some("true"), "true", ""),
        (Some("true"), Some("false"), "true", ""),
        (Some("false"), Some("true"), "false", ""),
        (None, Some("true"), "false", absent),
    ] {
        let entry = entry(&[
            ("email", Some("a@example.com"), Some("b@example.com")),
            ("email_verified", before, after),
        ]);
        let case = on(&[("email", "b@example.com"), ("email_verified", after.unwrap())]);
        let inverse = case.inverse(&entry);
        assert_eq!(
            edits(&inverse),
            ["email=a@example.com".to_owned(), format!("email_verified={sent}")],
            "{before:?} {after:?}"
        );
        assert_eq!(lines(&inverse), said);
        assert!(inverse.draft.conflicts().is_empty());
        assert_eq!(inverse.draft.undecided().count(), 0, "nobody is asked who vouches");
    }
}

#[test]
fn a_flag_that_was_not_sent_comes_back_as_the_journal_has_it_beside() {
    let mut entry = entry(&[("email", Some("a@example.com"), Some("b@example.com"))]);
    let case = on(&[("email", "b@example.com"), ("email_verified", "false")]);
    entry.flags = vec![(AttributeName::new("email_verified"), Some(value("true")))];
    assert_eq!(case.edits(&entry), ["email=a@example.com", "email_verified=true"]);
    entry.flags = vec![(AttributeName::new("email_verified"), None)];
    assert_eq!(case.edits(&entry), ["email=a@example.com", "email_verified=false"]);
    // An older line does not tell: the form asks.
    entry.flags.clear();
    let inverse = case.inverse(&entry);
    assert_eq!(edits(&inverse), ["email=a@example.com"]);
    assert_eq!(
        lines(&inverse),
        "whether the old address was verified is not in the journal: v chooses"
    );
    assert_eq!(inverse.draft.undecided().collect::<Vec<_>>(), [Contact::Email]);
}

#[test]
fn an_address_that_was_added_goes_with_its_flag() {
    let entry = entry(&[
        ("email", None, Some("b@example.com")),
        ("email_verified", None, Some("true")),
    ]);
    let case = on(&[("email", "b@example.com"), ("email_verified", "true")]);
    assert_eq!(case.edits(&entry), ["-email"]);
}

#[test]
fn a_mark_alone_comes_back_for_the_value_it_was_about_and_for_no_other() {
    let mut entry = entry(&[("email_verified", Some("true"), Some("false"))]);
    let email = |value: &str| (AttributeName::new("email"), Some(self::value(value)));
    entry.seen[0].attributes.push(email("a@example.com"));
    let same = on(&[("email", "a@example.com"), ("email_verified", "false")]);
    assert_eq!(same.edits(&entry), ["email_verified=true"]);
    let other = on(&[("email", "b@example.com"), ("email_verified", "false")]).inverse(&entry);
    assert!(other.draft.is_empty());
    assert_eq!(
        lines(&other),
        "email_verified is not taken back: it was about another address than the one that is there now"
    );
    let gone = on(&[]).inverse(&entry);
    assert!(lines(&gone).contains("no address any more"), "{}", lines(&gone));
    entry.seen.clear();
    let unknown = same.inverse(&entry);
    assert!(lines(&unknown).contains("is not in the journal"), "{}", lines(&unknown));
}

#[test]
fn a_mark_that_was_taken_off_again_needs_no_address() {
    let entry = entry(&[("email_verified", Some("false"), Some("true"))]);
    let case = on(&[("email", "x@example.com"), ("email_verified", "true")]);
    assert_eq!(case.edits(&entry), ["email_verified=false"]);
    let already = on(&[("email", "x@example.com")]).inverse(&entry);
    assert_eq!(lines(&already), "email_verified reads as before already");
}

#[test]
fn a_mark_is_not_taken_off_another_address_than_the_one_it_was_put_on() {
    let mut entry = entry(&[("email_verified", Some("false"), Some("true"))]);
    let email = AttributeName::new("email");
    entry.seen[0].attributes.push((email, Some(value("a@example.com"))));
    let other = on(&[("email", "b@example.com"), ("email_verified", "true")]).inverse(&entry);
    assert!(other.draft.is_empty());
    assert_eq!(
        lines(&other),
        "email_verified is not taken back: it was about another address than the one that is there now"
    );
    let same = on(&[("email", "a@example.com"), ("email_verified", "true")]);
    assert_eq!(same.edits(&entry), ["email_verified=false"]);
}

#[test]
fn a_password_that_was_set_does_not_come_back() {
    let password = step_entry("AdminRespondToAuthChallenge");
    assert!(question(&password).unwrap_err().plain().contains("does not come back"));
    let mut with_name = entry(&[("nickname", None, Some("JD"))]);
    with_name.operation = Raw::from("RespondToAuthChallenge");
    let inverse = on(&[("nickname", "JD")]).inverse(&with_name);
    assert_eq!(edits(&inverse), ["-nickname"]);
    assert!(lines(&inverse).contains("the password that was set along with it stays"));
}

#[test]
fn what_has_nothing_left_to_take_back_takes_nothing_back() {
    let entry = entry(&[("nickname", Some("JD"), Some("JJ"))]);
    let done = on(&[("nickname", "JD")]).inverse(&entry);
    assert_eq!(done.draft.undoes, None);
    let nickname = AttributeName::new("nickname");
    let case = on(&[("nickname", "JJ")]);
    let mut read_again = case.inverse(&entry).draft;
    assert_eq!(read_again.undoes, Some(entry.id.clone()));
    read_again.rebase(user(&[("nickname", "JD")]));
    assert!(read_again.is_empty());
    assert_eq!(read_again.undoes, None, "another edit of this draft is not an undo");
    let mut set_back = case.inverse(&entry).draft;
    set_back.set(nickname, Edit::Set(AttributeValue::new("JJ")));
    assert_eq!(set_back.undoes, None);
    let saved = case.inverse(&entry).draft.to_save(None);
    let resumed = saved.onto(user(&[("nickname", "JD")])).draft;
    assert_eq!((resumed.is_empty(), resumed.undoes), (true, None));
}

#[test]
fn what_cannot_be_undone_says_why() {
    for (change, now, why) in [
        (
            ("custom:hireId", Some("1"), Some("2")),
            ("custom:hireId", "2"),
            "it is locked: immutable in this pool",
        ),
        (
            ("name", None, Some("Jane")),
            ("name", "Jane"),
            "required in this pool, so it cannot be deleted",
        ),
        (
            ("custom:tier", Some("platinum"), Some("gold")),
            ("custom:tier", "gold"),
            "at most 6 characters in this pool; this has 8",
        ),
        (
            ("custom:old", Some("1"), Some("2")),
            ("custom:old", "2"),
            "it is locked: not in this pool's schema",
        ),
    ] {
        let inverse = on(&[now]).inverse(&entry(&[change]));
        assert!(inverse.draft.is_empty());
        assert_eq!(lines(&inverse), format!("{} is not taken back: {why}", change.0));
    }
}

#[test]
fn values_that_were_not_kept_cannot_come_back() {
    let mut entry = entry(&[
        ("custom:tier", Some("silver"), Some("gold")),
        ("nickname", Some("J"), Some("JD")),
    ]);
    entry.changes[0].before = Some(withheld());
    let inverse = on(&[("custom:tier", "gold"), ("nickname", "JD")]).inverse(&entry);
    assert_eq!(edits(&inverse), ["nickname=J"]);
    assert_eq!(
        lines(&inverse),
        "custom:tier is not taken back: the old value was not kept"
    );
    entry.changes[1].after = Some(withheld());
    assert_eq!(
        on(&[]).refusal(&entry),
        "the old values were not kept: the journal of this pool does not hold them in full"
    );
    entry.changes[1] = change("nickname", Some("J"), Some("JD"));
    entry.username = withheld();
    assert_eq!(question(&entry).unwrap().who, Who::BySub(Raw::from(SUB)));
    entry.sub = None;
    assert!(on(&[]).refusal(&entry).contains("neither the username nor the sub"));
}

#[test]
fn an_alias_that_is_somebody_elses_by_now_is_not_taken_back() {
    let back = entry(&[
        ("email", Some("a@example.com"), Some("b@example.com")),
        ("email_verified", Some("true"), Some("true")),
    ]);
    let now = [("email", "b@example.com"), ("email_verified", "true")];
    let inverse = on(&now).held("email", "rob", true).inverse(&back);
    assert!(inverse.draft.is_empty());
    assert_eq!(
        lines(&inverse),
        "email is not taken back: a@example.com belongs to rob now, who signs in with it\n\
         email_verified is not taken back: it speaks of the address, which does not come back"
    );
    // Who has it unverified does not sign in with it, and nobody does where it is no alias.
    assert_eq!(on(&now).held("email", "rob", false).edits(&back).len(), 2);
    let mut free = on(&now).held("email", "rob", true);
    free.sign_in = SignIn::Aliases(BTreeSet::new());
    assert_eq!(free.edits(&back).len(), 2);
    // The sign-in name itself is had by one user only, verified or not.
    let mut username = on(&now).held("email", "rob", false);
    username.sign_in = SignIn::UsernameAttributes(BTreeSet::from([AttributeName::new("email")]));
    assert!(username.inverse(&back).draft.is_empty());
    // A preferred username has no mark.
    let preferred = entry(&[("preferred_username", Some("jd"), None)]);
    let taken = on(&[]).held("preferred_username", "rob", false).inverse(&preferred);
    assert!(lines(&taken).contains("jd belongs to rob now"), "{}", lines(&taken));
}

#[test]
fn an_address_that_was_never_verified_comes_back_beside_its_new_owner() {
    let back = entry(&[
        ("email", Some("a@example.com"), Some("b@example.com")),
        ("email_verified", Some("false"), Some("true")),
    ]);
    let case = on(&[("email", "b@example.com"), ("email_verified", "true")]).held("email", "rob", true);
    assert_eq!(case.edits(&back), ["email=a@example.com", "email_verified=false"]);
}

#[test]
fn who_may_have_what_comes_back_is_asked() {
    let mut entry = entry(&[
        ("email", Some("a@example.com"), Some("b@example.com")),
        ("phone_number", None, Some("+15555550100")),
        ("preferred_username", Some("jd"), None),
        ("nickname", Some("J"), None),
    ]);
    let asked = |entry: &Entry| -> Vec<String> {
        let claims = question(entry).unwrap().claims;
        claims
            .iter()
            .map(|(name, value)| format!("{}={}", name.as_str(), value.as_str()))
            .collect()
    };
    assert_eq!(asked(&entry), ["email=a@example.com", "preferred_username=jd"]);
    entry.changes = vec![change("email_verified", Some("true"), Some("false"))];
    entry.seen[0].attributes = vec![(AttributeName::new("email"), Some(value("c@example.com")))];
    assert_eq!(asked(&entry), ["email=c@example.com"]);
}

#[test]
fn what_never_took_effect_has_nothing_to_take_back() {
    let changed = || entry(&[("nickname", None, Some("JD"))]);
    assert!(
        on(&[])
            .refusal(&ended(changed(), "refused"))
            .starts_with("it was refused")
    );
    assert!(
        on(&[])
            .refusal(&ended(changed(), "not sent"))
            .starts_with("it was never sent")
    );
    let mut running = changed();
    running.seen.clear();
    running.answer = None;
    running.running = true;
    assert!(on(&[]).refusal(&running).starts_with("it is still under way"));
    running.running = false;
    assert_eq!(
        on(&[("nickname", "JD")]).edits(&running),
        ["-nickname"],
        "unknown: what is there now decides"
    );
}

#[test]
fn an_address_that_waits_for_its_code_was_never_replaced() {
    let mut entry = ended(
        entry(&[
            ("email", Some("a@example.com"), Some("b@example.com")),
            ("nickname", None, Some("JD")),
        ]),
        "waiting",
    );
    entry.seen[0].attributes = vec![(AttributeName::new("email"), Some(value("a@example.com")))];
    let inverse = on(&[("email", "a@example.com"), ("nickname", "JD")]).inverse(&entry);
    assert_eq!(edits(&inverse), ["-nickname"]);
    assert!(
        lines(&inverse).starts_with("email: the old value is still in force"),
        "{}",
        lines(&inverse)
    );
    // The code was entered since.
    let verified = on(&[
        ("email", "b@example.com"),
        ("email_verified", "true"),
        ("nickname", "JD"),
    ]);
    assert!(verified.edits(&entry).contains(&"email=a@example.com".to_owned()));
}

#[test]
fn another_user_of_the_same_name_is_another_user() {
    let entry = entry(&[("nickname", None, Some("JD"))]);
    let mut other = on(&[("nickname", "JD")]);
    Arc::make_mut(&mut other.now)
        .attributes
        .insert(AttributeName::new("sub"), AttributeValue::new("another"));
    assert!(
        other
            .refusal(&entry)
            .starts_with("the user that was changed is gone: jane.doe is another user")
    );
}

#[test]
fn enabling_and_disabling_take_each_other_back() {
    let enabled = on(&[]);
    let mut disabled = on(&[]);
    Arc::make_mut(&mut disabled.now).enabled = false;
    let disable = Ok(Undo::Step(Deed::Account(Account::Disable)));
    let enable = Ok(Undo::Step(Deed::Account(Account::Enable)));
    assert_eq!(enabled.result(&step_entry("AdminEnableUser")), disable);
    assert_eq!(disabled.result(&step_entry("AdminDisableUser")), enable);
    assert_eq!(
        disabled.refusal(&step_entry("AdminEnableUser")),
        "jane.doe is disabled already: there is nothing to take back"
    );
}

#[test]
fn every_other_step_says_why_it_cannot_be_taken_back() {
    let mut said = BTreeSet::new();
    for (operation, contact) in [
        ("AdminConfirmSignUp", None),
        ("AdminResetUserPassword", None),
        ("AdminCreateUser", None),
        ("ResendConfirmationCode", None),
        ("VerifyUserAttribute", Some("email")),
    ] {
        let mut entry = step_entry(operation);
        entry.contact = contact.map(Raw::from);
        assert!(said.insert(on(&[]).refusal(&entry)), "{operation} has words of its own");
    }
    let mut sent = step_entry("GetUserAttributeVerificationCode");
    sent.contact = Some(Raw::from("phone_number"));
    assert_eq!(on(&[]).refusal(&sent), "a message that is out cannot be called back");
}

#[test]
fn on_the_users_own_route_what_the_route_locks_stays() {
    let entry = entry(&[
        ("email", Some("a@example.com"), Some("b@example.com")),
        ("nickname", Some("J"), Some("JD")),
    ]);
    let mut case = on(&[("email", "b@example.com"), ("nickname", "JD")]);
    case.route = Route::Own;
    case.client = Some(AppClient {
        id: ClientId::new("web"),
        name: Raw::from("web"),
        has_secret: false,
        flows: Vec::new(),
        writable: Some(BTreeSet::from([AttributeName::new("email")])),
        readable: None,
    });
    let inverse = case.inverse(&entry);
    assert_eq!(edits(&inverse), ["email=a@example.com"]);
    let said = lines(&inverse);
    assert!(
        said.contains("nickname is not taken back: it is locked: the token's app client"),
        "{said}"
    );
    assert!(said.contains("email_verified is Cognito's to decide"), "{said}");
}
