//! A line that is printed and parsed again is the same line, whatever values it was made of.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::attribute::Attributes;
use crate::domain::entry::Kept;
use crate::domain::{Account, ClientId, Contact, Why};
use crate::journal::chain::Hash;
use crate::journal::line::{AnchorLine, IntentLine, OutcomeLine, RemovedLine, SeenLine, VERSION, time};
use crate::journal::seal::{Keep, Key, Seal};

/// Any text: also none at all, quotation marks, escapes of all kinds, and letters outside of the first plane.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>(),
        1 => select(&["", "\"", "\\", "\\u0000", "\u{0}", "\u{7f}", "\u{2028}", "\u{1f468}", "\u{ffff}", "null"][..])
            .prop_map(str::to_owned),
    ]
}

fn raw() -> impl Strategy<Value = Raw> {
    text().prop_map(Raw::from)
}

fn value() -> impl Strategy<Value = AttributeValue> {
    text().prop_map(AttributeValue::new)
}

/// A way to keep values, by a number and a key: keys are not printed, and what a test fails with is.
fn keep() -> impl Strategy<Value = (u8, [u8; 32])> {
    (0..4_u8, any::<[u8; 32]>())
}

fn seal((kind, key): (u8, [u8; 32])) -> Seal {
    let keep = match kind {
        0 => Keep::Hashed(Key::new(key)),
        1 => Keep::None,
        _ => Keep::Full,
    };
    Seal::new(crate::disk::system_dice(), keep)
}

fn somebody() -> impl Strategy<Value = User> {
    (
        text(),
        vec((text(), value()), 0..4),
        any::<bool>(),
        text(),
        any::<bool>(),
    )
        .prop_map(|(name, attributes, enabled, status, own)| User {
            username: Username::new(name),
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (AttributeName::new(name), value))
                .collect::<Attributes>(),
            status: UserStatus::parse(&status),
            enabled,
            source: match own {
                true => Source::Own {
                    mfa: Default::default(),
                },
                false => Source::List,
            },
            ..user("jane@example.com")
        })
}

/// One of the operations, about this user.
fn operation() -> impl Strategy<Value = Operation> {
    let edits = vec((text(), of(text())), 1..4);
    let update =
        (somebody(), edits, any::<bool>(), vec((text(), text()), 0..3)).prop_map(|(user, edits, own, metadata)| {
            let edits: BTreeMap<AttributeName, Option<String>> = edits
                .into_iter()
                .map(|(name, value)| {
                    let value = value.filter(|value| !value.is_empty());
                    (AttributeName::new(format!("custom:{name}")), value)
                })
                .collect();
            let schema = Schema::standard(edits.keys());
            let route = if own { Route::Own } else { Route::Admin };
            let mut draft = Draft::new(Arc::new(user), route);
            for (name, value) in edits {
                let edit = value.map_or(Edit::Delete, |value| Edit::Set(AttributeValue::new(value)));
                draft.set(name, edit);
            }
            draft.metadata = ClientMetadata(metadata.into_iter().collect());
            let rules = Rules {
                schema: &schema,
                route,
                client: None,
            };
            Operation::update(draft.change_set(&rules).unwrap())
        });
    let account = (
        somebody(),
        select(&[Account::Enable, Account::Disable, Account::ResendInvitation][..]),
    )
        .prop_map(|(user, account)| Operation::Account {
            user: Arc::new(user),
            account,
        });
    let code = (somebody(), text()).prop_map(|(user, client)| Operation::ResendCode {
        user: Arc::new(user),
        client: ClientId::new(client),
    });
    let send = (somebody(), select(&Contact::ALL[..])).prop_map(|(user, contact)| Operation::SendCode {
        user: Arc::new(user),
        contact,
        metadata: ClientMetadata::default(),
    });
    prop_oneof![3 => update, 1 => account, 1 => code, 1 => send]
}

fn an_intent() -> impl Strategy<Value = Intent> {
    let caller = (of(raw()), of(raw()), of(raw()), of(raw())).prop_map(|(arn, account, profile, key_id)| Caller {
        arn,
        account,
        profile,
        key_id,
    });
    let place = (of(raw()), of(raw()), of(raw())).prop_map(|(account, region, endpoint)| Written {
        account,
        region,
        endpoint,
        pool: pool(),
    });
    let why = (of(raw()), of(raw())).prop_map(|(reason, undoes)| Why { reason, undoes });
    (caller, place, of(text()), operation(), why).prop_map(|(caller, place, sub, operation, why)| Intent {
        caller,
        place,
        user: operation.user().username.clone(),
        sub,
        operation,
        why,
    })
}

fn a_fault() -> impl Strategy<Value = Fault> {
    let kinds = [
        FaultKind::Service,
        FaultKind::Server,
        FaultKind::Timeout,
        FaultKind::Undecodable,
    ];
    (select(kinds.to_vec()), text(), raw(), of(raw()), of(any::<u16>())).prop_map(
        |(kind, code, message, request_id, status)| Fault {
            message,
            request_id,
            status,
            ..fault(kind, &code)
        },
    )
}

fn answer() -> impl Strategy<Value = Answer> {
    let delivery = (of(raw()), of(raw()), of(raw())).prop_map(|(attribute, medium, destination)| CodeDelivery {
        attribute,
        medium,
        destination,
    });
    prop_oneof![
        (of(raw()), vec(delivery, 0..3)).prop_map(|(request_id, reported)| Answer::Accepted { request_id, reported }),
        a_fault().prop_map(Answer::Refused),
        a_fault().prop_map(Answer::Unknown),
    ]
}

fn why_not() -> impl Strategy<Value = NotSent> {
    let drift = (text(), of(value()), of(value())).prop_map(|(name, expected, now)| Drift {
        name: AttributeName::new(name),
        expected,
        now,
    });
    prop_oneof![
        Just(NotSent::Stopped),
        Just(NotSent::ReadOnly),
        a_fault().prop_map(NotSent::Unread),
        vec(drift, 0..3).prop_map(NotSent::Changed),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let intent = (an_intent(), keep())
        .prop_map(|(intent, keep)| Body::Intent(Box::new(IntentLine::new(&intent, &seal(keep)).unwrap())));
    let took = || any::<u64>().prop_map(Duration::from_millis);
    let answered = (answer(), any::<u32>(), took(), keep()).prop_map(|(answer, attempts, took, keep)| {
        Body::Outcome(OutcomeLine::answered(&answer, attempts, took, &seal(keep)).unwrap())
    });
    let not_sent = (why_not(), any::<u32>(), took(), keep()).prop_map(|(why, attempts, took, keep)| {
        Body::Outcome(OutcomeLine::not_sent(&why, attempts, took, &seal(keep)).unwrap())
    });
    let now = prop_oneof![somebody().prop_map(Ok), a_fault().prop_map(Err)];
    let seen = (vec(text(), 0..3), now, of(text()), keep()).prop_map(|(names, now, sub, keep)| {
        let names: Vec<AttributeName> = names.into_iter().map(AttributeName::new).collect();
        let line = SeenLine::new(&names, &Outcome::Applied, now.as_ref(), &seal(keep)).unwrap();
        Body::Seen(line.about(sub.as_deref(), &seal(keep)).unwrap())
    });
    let anchor = (any::<u32>(), vec((text(), any::<u64>()), 0..3)).prop_map(|(days, files)| {
        let file = |(name, lines)| RemovedLine {
            name,
            last: Hash::zero(),
            lines,
        };
        Body::Anchor(AnchorLine {
            days,
            files: files.into_iter().map(file).collect(),
        })
    });
    prop_oneof![3 => intent, 2 => answered, 1 => not_sent, 2 => seen, 1 => anchor]
}

fn line() -> impl Strategy<Value = Line> {
    (text(), any::<u64>(), text(), text(), of(any::<u64>()), body()).prop_map(
        |(session, seq, id, program, repaired, body)| Line {
            v: VERSION,
            session,
            seq,
            prev: Hash::zero(),
            id,
            time: time(at("2026-11-20T10:41:06.123456Z")),
            program,
            repaired,
            body,
        },
    )
}

/// Any JSON whose numbers are integers, as the format has it.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_line_printed_and_parsed_is_the_line(line in line()) {
        let text = chain::seal_line(&line).unwrap();
        prop_assert!(text.ends_with('\n') && text.trim_end().bytes().all(|byte| matches!(byte, b' '..=b'~')));
        let text = text.trim_end();
        prop_assert!(chain::check(text).is_ok());
        let parsed: Line = serde_json::from_str(text).unwrap();
        prop_assert_eq!(&parsed, &line);
        // And printed again it is the same text.
        let again = chain::seal_line(&parsed).unwrap();
        prop_assert_eq!(again.trim_end(), text);
    }

    #[test]
    fn what_was_decided_is_what_is_read(intent in an_intent()) {
        let seal = Seal::new(crate::disk::system_dice(), Keep::Full);
        let line = IntentLine::new(&intent, &seal).unwrap();
        let entry = line.entry("5eed-1", at("2026-11-20T10:41:06Z"), None, false);
        let kept = |value: Option<&AttributeValue>| value.map(|value| Kept::Value(value.raw().clone()));
        prop_assert_eq!(&entry.caller, &intent.caller);
        prop_assert_eq!(&entry.place, &intent.place);
        prop_assert!(entry.username == Kept::Value(intent.user.raw().clone()));
        prop_assert!(entry.reason == intent.why.reason.clone().map(Kept::Value));
        prop_assert_eq!(&entry.undoes, &intent.why.undoes);
        let changes = intent.operation.changes().map(|set| set.changes().to_vec()).unwrap_or_default();
        prop_assert_eq!(entry.changes.len(), changes.len());
        for (read, decided) in entry.changes.iter().zip(&changes) {
            prop_assert_eq!(&read.name, &decided.name);
            prop_assert!(read.before == kept(decided.before.as_ref()));
            prop_assert!(read.after == kept(decided.edit.value()));
        }
    }

    #[test]
    fn the_canonical_form_of_anything_is_parsed_as_what_it_was(value in json()) {
        let form = chain::canonical(&value);
        prop_assert!(form.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        let parsed: Value = serde_json::from_str(&form).unwrap();
        prop_assert_eq!(&parsed, &value);
        prop_assert_eq!(chain::canonical(&parsed), form);
    }
}
