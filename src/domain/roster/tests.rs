use super::*;
use crate::domain::user::Source;
use crate::domain::{AttributeName, AttributeValue, UserStatus};
use jiff::Timestamp;
use proptest::prelude::*;

fn user(name: &str, attributes: &[(&str, &str)]) -> User {
    User {
        created: Timestamp::from_millisecond(1_700_000_000_123).ok(),
        ..User::listed(name, attributes)
    }
}

fn page(users: &[User]) -> Arc<Segment> {
    Arc::new(Segment::pack(users))
}

prop_compose! {
    fn any_user()(
        username in "\\PC{1,12}",
        values in prop::collection::btree_map("[a-c]|custom:[a-b]|sub|email_verified|phone_number", value(), 0..6),
        status in prop_oneof![Just("CONFIRMED".to_owned()), Just("UNCONFIRMED".to_owned()), "[A-Z]{1,6}"],
        enabled: bool,
        created in moment(),
        changed in moment(),
        listed in prop::bool::weighted(0.9),
    ) -> User {
        User {
            username: Username::new(username),
            attributes: values.into_iter().map(|(name, value)| (AttributeName::new(name), AttributeValue::new(value))).collect(),
            status: UserStatus::parse(&status),
            enabled,
            created,
            changed,
            source: if listed { Source::List } else { Source::Get { mfa: Default::default() } },
            read_at: Timestamp::UNIX_EPOCH,
        }
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,200}",
        "[+][0-9]{0,17}",
        "[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("True".to_owned()),
    ]
}

fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    prop_oneof![
        Just(None),
        (-5_000_000_000_000_i64..9_000_000_000_000).prop_map(|millis| Timestamp::from_millisecond(millis).ok()),
        (0_i64..2_000_000_000_000_000_000).prop_map(|nanos| Timestamp::from_nanosecond(nanos.into()).ok()),
    ]
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(users in prop::collection::vec(any_user(), 0..20)) {
        let segment = Segment::pack(&users);
        let again: Vec<Arc<User>> = segment.rows().map(Row::to_user).collect();
        prop_assert_eq!(again.iter().map(Arc::as_ref).collect::<Vec<_>>(), users.iter().collect::<Vec<_>>());
        for (row, user) in segment.rows().zip(&users) {
            prop_assert_eq!(row.username(), user.username.as_str());
            for (name, value) in &user.attributes {
                let got = row.get(name.as_str());
                prop_assert_eq!(got.as_deref(), Some(value.as_str()));
            }
            prop_assert_eq!(row.get("no such attribute"), None);
        }
        let halves = users.split_at(users.len() / 2);
        let joined = Segment::join(&[page(halves.0), page(halves.1)]);
        let again: Vec<Arc<User>> = joined.rows().map(Row::to_user).collect();
        prop_assert_eq!(again.iter().map(Arc::as_ref).collect::<Vec<_>>(), users.iter().collect::<Vec<_>>());
    }
}

#[test]
fn nobody_is_listed_twice() {
    let mut roster = Roster::default();
    assert_eq!(
        roster.add(&page(&[user("ann", &[]), user("bob", &[]), user("ann", &[])])),
        [0, 1]
    );
    assert_eq!(roster.add(&page(&[user("bob", &[]), user("eve", &[])])), [1]);
    let names: Vec<String> = roster
        .rows()
        .iter()
        .map(|(_, row)| row.username().into_owned())
        .collect();
    assert_eq!(names, ["ann", "bob", "eve"]);
    for (at, name) in (0..).zip(names) {
        assert_eq!(roster.find(&Username::new(name)), Some(RowId(at)));
    }
    assert_eq!(roster.find(&Username::new("tom")), None);
}

#[test]
fn pages_are_joined_and_every_row_keeps_its_number() {
    let mut roster = Roster::default();
    let name = |number: usize| format!("user{number}");
    for first in (0..2 * FULL).step_by(60) {
        let users: Vec<User> = (first..first + 60)
            .map(|number| user(&name(number), &[("email", "a@b")]))
            .collect();
        assert_eq!(roster.add(&page(&users)).len(), 60);
    }
    assert!(roster.rows().segments().count() < 70);
    for number in [0, 59, 60, FULL - 1, FULL, FULL + 1, 2 * FULL - 1] {
        let id = roster.find(&Username::new(name(number))).unwrap();
        assert_eq!(id.0 as usize, number);
        assert_eq!(roster.rows().get(id).unwrap().username(), name(number));
    }
    assert_eq!(roster.rows().iter().count(), roster.len());
    assert!(roster.rows().get(RowId(u32::try_from(roster.len()).unwrap())).is_none());
}

#[test]
fn a_patch_is_what_is_read_and_a_snapshot_stays_as_it_was() {
    let mut roster = Roster::default();
    roster.add(&page(&[user("ann", &[("name", "Ann")]), user("bob", &[])]));
    let before = roster.rows().clone();
    let now = Arc::new(user("ann", &[("name", "Anne")]));
    assert!(roster.patch(&now));
    assert!(!roster.patch(&Arc::new(user("tom", &[]))));
    assert_eq!(roster.user(RowId(0)).unwrap(), now);
    assert_eq!(
        roster.rows().iter().next().unwrap().1.get("name").as_deref(),
        Some("Anne")
    );
    assert_eq!(before.get(RowId(0)).unwrap().get("name").as_deref(), Some("Ann"));
    let patch = roster.rows().patches().get(&RowId(0)).unwrap();
    assert_eq!(patch.folded, Folded::of(&now));
}

#[test]
fn the_search_text_is_folded_and_names_nothing_twice() {
    let text = search_text(&user(
        "jo",
        &[
            ("email", "Jo@Example.com"),
            ("name", "Jörg Schröder"),
            ("family_name", "Schröder"),
            ("preferred_username", "JO"),
        ],
    ));
    assert_eq!(
        text,
        "jo\njo@example.com\njorg schroder\nschroder\njoerg schroeder\nschroeder"
    );
    assert_eq!(mask("ab"), mask("ba\nb"));
    assert_ne!(mask("a"), mask("b"));
}

#[test]
fn what_numbers_do_not_reach_is_kept_whole() {
    // As many combinations of attributes as two bytes can count, and some more.
    let flags: Vec<String> = (0..17).map(|number| format!("custom:flag{number}")).collect();
    let many: Vec<User> = (0..(1_u32 << 16) + 40)
        .map(|number| {
            let set: Vec<(&str, &str)> = (0..)
                .zip(&flags)
                .map(|(bit, flag)| (flag.as_str(), if number >> bit & 1 == 1 { "true" } else { "false" }))
                .collect();
            user(&number.to_string(), &set)
        })
        .collect();
    let segment = Segment::pack(&many);
    for (row, user) in segment.rows().zip(&many).skip(65_000) {
        assert_eq!(*row.to_user(), *user);
    }
    let halves = many.split_at(many.len() / 2);
    let joined = Segment::join(&[page(halves.0), page(halves.1)]);
    for (row, user) in joined.rows().zip(&many).skip(65_000) {
        assert_eq!(*row.to_user(), *user);
    }
    assert_eq!(joined.rows().filter(|row| matches!(row, Row::Whole(_))).count(), 41);

    let statuses: Vec<User> = (0..300)
        .map(|number| User {
            status: UserStatus::parse(&format!("STATUS{number}")),
            ..user(&number.to_string(), &[])
        })
        .collect();
    let halves = statuses.split_at(100);
    for segment in [
        page(&statuses),
        Arc::new(Segment::join(&[page(halves.0), page(halves.1)])),
    ] {
        let again: Vec<Arc<User>> = segment.rows().map(Row::to_user).collect();
        assert_eq!(
            again.iter().map(Arc::as_ref).collect::<Vec<_>>(),
            statuses.iter().collect::<Vec<_>>()
        );
    }
}

proptest! {
    #[test]
    fn a_row_is_searched_as_its_user_is(users in prop::collection::vec(any_user(), 1..12)) {
        let segment = Segment::pack(&users);
        for ((row, mask_of), user) in segment.rows().zip(segment.masks()).zip(&users) {
            let text = search_text(user);
            prop_assert_eq!(*mask_of, mask(&text));
            let lines: Vec<String> = row.search_text().split(BETWEEN).map(str::to_owned).collect();
            for line in text.split(BETWEEN) {
                prop_assert!(lines.iter().any(|known| known == line));
            }
            for line in &lines {
                prop_assert!(line.is_empty() || text.split(BETWEEN).any(|known| known == line));
            }
        }
    }
}

/// Users with a plan, which is one of few values, and a number, which is not. Some have no plan, one is kept whole.
fn planned(count: usize) -> Vec<User> {
    let plans = ["platinum", "", "Größe zwölf", "basic"];
    let each = (0..count).map(|number| {
        let own = number.to_string();
        let mut set = vec![("custom:number", own.as_str()), ("custom:zone", "eu")];
        if number % 5 != 0 {
            set.push(("custom:plan", plans[number % 4]));
        }
        let source = match number {
            77 => Source::Get {
                mfa: Default::default(),
            },
            _ => Source::List,
        };
        User {
            source,
            ..user(&format!("user{number}"), &set)
        }
    });
    each.collect()
}

#[test]
fn values_of_which_there_are_few_are_kept_once() {
    let users = planned(FULL);
    let small = Segment::pack(&users[..FULL - 1]);
    let full = Segment::pack(&users);
    let halves = users.split_at(FULL / 2);
    let joined = Segment::join(&[page(halves.0), page(halves.1)]);
    // Of the plan nothing is left but a byte: the numbers stay in the row.
    assert!(
        full.heap_bytes() + 6 * FULL < small.heap_bytes(),
        "{} {}",
        full.heap_bytes(),
        small.heap_bytes()
    );
    let longer = Segment::join(&[Arc::new(full.clone()), page(&planned(3))]);
    for segment in [&small, &full, &joined, &longer] {
        for (row, user) in segment.rows().zip(&users) {
            assert_eq!(*row.to_user(), *user);
            assert_eq!(row.get("custom:plan").as_deref(), user.text("custom:plan"));
        }
    }
    assert_eq!(longer.len(), FULL + 3);
}

#[test]
fn tables_of_names_do_not_grow_all_at_once() {
    // As many hashes as fill some tables and leave others half empty.
    let mut counts = vec![0_u32; TABLES];
    for number in 0..1_000_000_u64 {
        counts[Places::table(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))] += 1;
    }
    let (first, last) = (f64::from(counts[0]), f64::from(counts[TABLES - 1]));
    assert!((1.8..2.2).contains(&(last / first)), "{first} {last}");
    let (few, many) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(*few > 2_500 && *many < 6_000, "{few} {many}");
}
