use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use nucleo_matcher::{Config, Matcher, Utf32Str};
use proptest::prelude::*;

use super::*;
use crate::domain::column::Column;
use crate::domain::query::{Groups, Known, text_matches};
use crate::domain::raw::Raw;
use crate::domain::roster::{BETWEEN, FULL, Roster, search_text};
use crate::domain::user::{Source, User, UserStatus};

fn user(name: &str, attributes: &[(&str, &str)]) -> User {
    User::listed(name, attributes)
}

/// A roster of pages of seven.
fn roster(users: &[User]) -> Roster {
    let mut roster = Roster::default();
    for page in users.chunks(7) {
        roster.add(&Arc::new(Segment::pack(page)));
    }
    roster
}

fn ground() -> Ground {
    Ground {
        now: Timestamp::UNIX_EPOCH,
        groups: None,
    }
}

fn query(line: &str) -> Query {
    Query::parse(line, &Known::default()).unwrap_or_else(|mistake| panic!("{line}: {}", mistake.expected.plain()))
}

fn found(rows: &Rows, query: &Query, within: Option<&Within>) -> Matches {
    let ground = ground();
    let looking = Look {
        rows,
        query,
        ground: &ground,
        within,
        best_first: true,
        stopped: &|| false,
        first: None,
    };
    look(&looking, 2).unwrap()
}

fn meant(rows: &Rows, query: &Query) -> Vec<RowId> {
    let holds = |(id, row)| query.matches(id, row, &ground()).then_some(id);
    rows.iter().filter_map(holds).collect()
}

fn in_order(ids: &RowList) -> Vec<RowId> {
    let mut ids: Vec<RowId> = ids.iter().collect();
    ids.sort();
    ids
}

/// Names with what makes them hard: accents in both spellings, letters of two, capitals inside, other scripts.
fn name() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => "[A-C][a-d]{0,5}",
        2 => "(ﬁsh|Diﬀ|ﬄa|ﬆa|Schröder|Schroeder|Jose\u{301}|José|McAda|Åsa|Œdc|ßa|Łab|\u{212a}ab|Иван|ΣΑΣ|İa|한글)",
        1 => "[a-d]{1,3}\u{301}",
        1 => "a\nb",
        1 => "[+][1-3]{3,5}",
    ];
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join(" "))
}

prop_compose! {
    fn any_user()(
        username in prop_oneof!["[a-d]{1,8}", "[0-9a-c]{8}-000[0-9]-4000-8000-00000000000[0-9]", name()],
        sub in prop::option::of("[0-9a-c]{8}-000[0-9]-4000-8000-00000000000[0-9]"),
        email in prop::option::weighted(0.8, prop_oneof![8 => "[a-dA-D]{1,6}[.+]?[a-c]{0,3}@[a-c]{1,3}\\.(com|de)", 1 => Just(String::new())]),
        number_in_email in prop::bool::weighted(0.2),
        email_verified in prop::option::of(any::<bool>()),
        phone in prop::option::of(prop_oneof!["[+][1-3]{3,9}", "[1-3]{3,5}", "[+]49[0-3]{4,7}"]),
        full in prop::option::of(name()),
        given in prop::option::of(name()),
        custom in prop::option::of(prop_oneof![Just("Gold".to_owned()), Just("silver".to_owned()), Just("+4930".to_owned()), name()]),
        listed in prop::bool::weighted(0.9),
        confirmed: bool,
    ) -> User {
        // As gateways from e-mail to text messages have it.
        let gateway = phone.as_ref().filter(|_| number_in_email).map(|number| format!("{number}@sms.example"));
        let email = gateway.or(email);
        let flag = email_verified.map(|yes| yes.to_string());
        let values = [
            ("sub", &sub), ("email", &email), ("email_verified", &flag), ("phone_number", &phone), ("name", &full),
            ("given_name", &given), ("custom:tier", &custom),
        ];
        let set: Vec<(&str, &str)> = values.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect();
        User {
            source: if listed { Source::List } else { Source::Get { mfa: Default::default() } },
            status: if confirmed { UserStatus::Confirmed } else { UserStatus::Unconfirmed },
            ..user(&username, &set)
        }
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-dA-D]{1,4}",
        2 => "[+0-3]{1,5}",
        1 => "(fi|fish|ﬁ|f|ff|ﬄ|fl|st|ö|oe|o|schr|schröd|é|e|ss|ß|@|\\.c|gold|GO|\u{212a}|k|σ|ΣΑ|ив|i|한|0[(]0[)]1)",
        1 => "[0-9a-c]{8}-0",
        1 => "0[0-3]{1,3}",
        1 => "\"[a-b] [a-b]\"",
    ]
}

fn term() -> impl Strategy<Value = String> {
    let named = prop_oneof![
        Just("email"),
        Just("name"),
        Just("given_name"),
        Just("phone_number"),
        Just("username"),
        Just("custom:tier"),
        Just("sub"),
    ];
    let sign = prop_oneof![Just(":"), Just("="), Just("^=")];
    let compared = (named.clone(), sign, value()).prop_map(|(name, sign, value)| format!("{name}{sign}{value}"));
    let attribute = prop_oneof![
        Just("email"),
        Just("given_name"),
        Just("custom:tier"),
        Just("email_verified"),
        Just("sub")
    ];
    let other = prop_oneof![
        attribute.clone().prop_map(|name| format!("{name}:*")),
        attribute.prop_map(|name| format!("!{name}")),
        Just("verified:email".to_owned()),
        Just("status:conf".to_owned()),
        Just("enabled:yes".to_owned()),
    ];
    let term = prop_oneof![4 => value(), 4 => compared, 1 => other];
    (prop::bool::weighted(0.2), term).prop_map(|(negated, term)| match negated && !term.starts_with('!') {
        true => format!("-{term}"),
        false => term,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_finds_whom_the_line_means(
        users in prop::collection::vec(any_user(), 1..40),
        patches in prop::collection::vec((any_user(), any::<prop::sample::Index>()), 0..4),
        terms in prop::collection::vec(term(), 0..4),
        more in term(),
        known in any::<prop::sample::Index>(),
    ) {
        let mut roster = roster(&users);
        for (patch, at) in patches {
            let username = at.get(&users).username.clone();
            roster.patch(&Arc::new(User { username, ..patch }));
        }
        let line = terms.join(" ");
        let Ok(query) = Query::parse(&line, &Known::default()) else {
            return Ok(());
        };
        let rows = roster.rows();
        let all = found(rows, &query, None);
        let meant = meant(rows, &query);
        prop_assert_eq!(all.who.iter().map(|at| RowId(at as u32)).collect::<Vec<_>>(), meant.clone());
        prop_assert_eq!(in_order(&all.rows), meant, "{}", line);
        let Ok(longer) = Query::parse(&format!("{line} {more}"), &Known::default()) else {
            return Ok(());
        };
        // As whoever arrives in between makes it: of the last rows nothing was known.
        let of_first = known.index(rows.len() + 1);
        let mut who = (*all.who).clone();
        (of_first..rows.len()).for_each(|row| who.take(row));
        let within = Within { who: Arc::new(who), of_first };
        prop_assert_eq!(found(rows, &longer, Some(&within)), found(rows, &longer, None), "{} {}", line, more);
    }

    #[test]
    fn a_word_finds_whom_nucleo_finds(
        users in prop::collection::vec(any_user(), 1..30),
        word in prop_oneof!["[a-d@. +0-9ob]{1,6}", "[a-zéσив한]{1,3}"],
    ) {
        let mut config = Config::DEFAULT;
        config.normalize = false;
        let mut nucleo = Matcher::new(config);
        let fuzzy = Fuzzy::new(&word);
        let segment = Segment::pack(&users);
        let mut rows = Bits::all(segment.len());
        fuzzy.look(&segment, &mut rows, &mut vec![0; users.len()]);
        for (at, user) in users.iter().enumerate() {
            let text = search_text(user);
            let mut buffers = (Vec::new(), Vec::new());
            let theirs = text.split(BETWEEN).any(|text| {
                let (text, word) = (Utf32Str::new(text, &mut buffers.0), Utf32Str::new(&word, &mut buffers.1));
                nucleo.fuzzy_match(text, word).is_some()
            });
            prop_assert_eq!(rows.has(at), theirs, "{:?} in {:?}", word, text);
            prop_assert!(!theirs || text_matches(&word, &text));
        }
    }

    #[test]
    fn a_set_of_rows_is_one(numbers in prop::collection::btree_set(0_usize..300, 0..90), from in 0_usize..300, rows in 0_usize..200) {
        let mut bits = Bits::none(300);
        numbers.iter().for_each(|row| bits.put(*row));
        prop_assert_eq!(bits.iter().collect::<Vec<_>>(), numbers.iter().copied().collect::<Vec<_>>());
        prop_assert_eq!(bits.len(), numbers.len());
        let slice = numbers.iter().filter(|row| (from..from + rows).contains(row)).map(|row| row - from);
        prop_assert_eq!(bits.slice(from, rows).iter().collect::<Vec<_>>(), slice.collect::<Vec<_>>());
        let mut put = Bits::none(600);
        put.put_at(from, &bits);
        prop_assert_eq!(put.iter().collect::<Vec<_>>(), numbers.iter().map(|row| row + from).collect::<Vec<_>>());
        prop_assert_eq!(Bits::all(rows).iter().collect::<Vec<_>>(), (0..rows).collect::<Vec<_>>());
    }

    #[test]
    fn rows_are_left_out_by_their_masks(masks in prop::collection::vec(0_u64..8, 0..150), wanted in 0_u64..8, kept in any::<u64>()) {
        let mut bits = Bits::all(masks.len());
        bits.retain(|row| kept >> (row % 64) & 1 == 1);
        let before = bits.clone();
        bits.keep_masked(&masks, wanted);
        for (row, mask) in masks.iter().enumerate() {
            prop_assert_eq!(bits.has(row), before.has(row) && mask & wanted == wanted);
        }
    }

    #[test]
    fn sorting_is_by_the_folded_text_and_stable(users in prop::collection::vec(any_user(), 0..60), descending: bool) {
        let roster = roster(&users);
        let rows = roster.rows();
        for column in ["email", "name", "custom:tier", "username", "status"] {
            let column = Column::parse(column);
            let key = |id: &RowId| {
                let value = column.value(rows.get(*id).unwrap()).filter(|value| !value.is_empty());
                value.map(|value| crate::domain::find::fold::plain(&value).replace('\n', " "))
            };
            let all: Vec<RowId> = rows.iter().map(|(id, _)| id).collect();
            let (mut set, unset): (Vec<RowId>, Vec<RowId>) = all.iter().partition(|id| key(id).is_some());
            set.sort_by(|a, b| match descending {
                true => key(b).cmp(&key(a)),
                false => key(a).cmp(&key(b)),
            });
            let expected: Vec<RowId> = set.into_iter().chain(unset).collect();
            let sorted = sort(rows, all, (&column, descending), &ground(), &|| false).unwrap();
            prop_assert_eq!(sorted, expected, "{}", column.name());
        }
    }
}

fn names(rows: &Rows, ids: impl Iterator<Item = RowId>) -> Vec<String> {
    let name = |id: RowId| rows.get(id).unwrap().username().into_owned();
    ids.map(name).collect()
}

#[test]
fn the_best_come_first() {
    let users = [
        "xjxaxn", "ajanb", "mary-jan", "janet", "jan", "jane", "jxan", "Jan", "nobody",
    ]
    .map(|name| user(name, &[]));
    let roster = roster(&users);
    let best = found(roster.rows(), &query("jan"), None).rows;
    assert_eq!(
        names(roster.rows(), best.iter()),
        ["jan", "Jan", "jane", "janet", "mary-jan", "ajanb", "jxan", "xjxaxn"]
    );
    // Without words they come as they arrived.
    let all = found(roster.rows(), &query("-nobody"), None).rows;
    assert_eq!(names(roster.rows(), all.iter())[..2], ["xjxaxn", "ajanb"]);
}

#[test]
fn a_patched_user_is_found_by_what_it_is_now() {
    let mut roster = roster(&[user("ann", &[("name", "Old")]), user("bob", &[("name", "Old")])]);
    roster.patch(&Arc::new(user("ann", &[("name", "New")])));
    let names_of = |line: &str| names(roster.rows(), found(roster.rows(), &query(line), None).rows.iter());
    assert_eq!(names_of("old"), ["bob"]);
    assert_eq!(names_of("new"), ["ann"]);
    assert_eq!(names_of("name:old"), ["bob"]);
    assert_eq!(names_of("name^=n"), ["ann"]);
    assert_eq!(names_of("-name:old"), ["ann"]);
}

#[test]
fn a_sigma_is_the_same_at_the_end_of_a_word() {
    let roster = roster(&[
        user("one", &[("name", "ΟΔΥΣΣΕΥΣ")]),
        user("two", &[("name", "Οδυσσεύς Β")]),
    ]);
    for line in ["οδυσσευσ", "οδυσσευς", "name:ΣΕΥΣ", "name:σευς", "-name:ά"] {
        let who = names(roster.rows(), found(roster.rows(), &query(line), None).rows.iter());
        assert_eq!(who, ["one", "two"], "{line}");
    }
}

#[test]
fn a_ligature_is_the_letters_it_stands_for() {
    let roster = roster(&[
        user("one", &[("name", "\u{fb01}sh \u{fb04}e")]),
        user("two", &[("name", "Fish Ffle")]),
    ]);
    for line in ["fish", "\u{fb01}sh", "name:\"sh ffl\"", "name:\u{fb02}e", "FISH"] {
        let who = names(roster.rows(), found(roster.rows(), &query(line), None).rows.iter());
        assert_eq!(who, ["one", "two"], "{line}");
    }
    let roster = self::roster(&[
        user("one", &[("name", "Lo\u{17f}er \u{133}s \u{1c5}ungla")]),
        user("two", &[("name", "Loser IJs D\u{17e}ungla")]),
    ]);
    for line in [
        "loser",
        "name:ijs",
        "\u{1c6}ungla",
        "name:\"loser ijs dzung\"",
        "name:\u{133}s",
    ] {
        let who = names(roster.rows(), found(roster.rows(), &query(line), None).rows.iter());
        assert_eq!(who, ["one", "two"], "{line}");
    }
}

#[test]
fn nobody_waits_for_what_was_stopped() {
    let users: Vec<User> = (0..40).map(|number| user(&number.to_string(), &[])).collect();
    let roster = roster(&users);
    let asked = AtomicUsize::new(0);
    let query = query("1");
    let looking = Look {
        rows: roster.rows(),
        query: &query,
        ground: &ground(),
        within: None,
        best_first: true,
        stopped: &|| asked.fetch_add(1, Ordering::Relaxed) == 2,
        first: None,
    };
    assert!(look(&looking, 1).is_none());
    assert_eq!(asked.load(Ordering::Relaxed), 3, "it looked on");
    let all = roster.rows().iter().map(|(id, _)| id).collect();
    assert_eq!(
        sort(roster.rows(), all, (&Column::Username, false), &ground(), &|| true),
        None
    );
}

#[test]
fn the_first_are_told_once_while_others_are_looked_for() {
    let users: Vec<User> = (0..400)
        .map(|number| {
            user(
                &number.to_string(),
                &[("name", if number % 3 == 0 { "Ann" } else { "Bob" })],
            )
        })
        .collect();
    let roster = roster(&users);
    let rows = roster.rows();
    let told = |line: &str, wanted: usize, threads: usize| {
        let told = Mutex::new(Vec::new());
        let query = query(line);
        let looking = Look {
            rows,
            query: &query,
            ground: &ground(),
            within: None,
            best_first: true,
            stopped: &|| false,
            first: Some(First {
                rows: wanted,
                tell: &|first| told.lock().unwrap().push(first),
            }),
        };
        assert_eq!(look(&looking, threads).unwrap(), found(rows, &query, None), "{line}");
        told.into_inner().unwrap()
    };
    let ann = meant(rows, &query("name:ann"));
    for threads in [1, 2] {
        assert!(told("name:ann", 135, threads).is_empty(), "there are not so many");
        assert!(told("ann", 20, threads).is_empty(), "the best may come last");
        // Behind those that one thread looks at alone the last share without a gap may be the last of all.
        for first in told("name:ann", 100, threads) {
            let listed: Vec<RowId> = first.rows.iter().collect();
            assert!(listed.len() >= 100 && listed == ann[..listed.len()], "{}", listed.len());
        }
        let mut told = told("name:ann", 20, threads);
        assert_eq!(told.len(), 1);
        let first = told.pop().unwrap();
        let listed: Vec<RowId> = first.rows.iter().collect();
        assert!(listed.len() >= 20 && listed.len() < ann.len(), "{}", listed.len());
        assert_eq!(listed, ann[..listed.len()]);
        let next = ann[listed.len()].0 as usize;
        assert!(
            next >= first.looked_at,
            "somebody is missing before {}",
            first.looked_at
        );
        // It is all that a longer line needs to know of them.
        let longer = query("name:ann -username:1");
        let within = Within {
            who: first.who,
            of_first: first.looked_at,
        };
        assert_eq!(found(rows, &longer, Some(&within)), found(rows, &longer, None));
    }
}

#[test]
fn times_are_sorted_by_time_and_groups_by_name() {
    let at = |seconds| Timestamp::from_second(seconds).ok();
    let users = [("a", at(50)), ("b", None), ("c", at(-7)), ("d", at(9))].map(|(name, created)| User {
        created,
        ..user(name, &[])
    });
    let roster = roster(&users);
    let mut groups = Groups::named(["zebra", "Apes"].map(Raw::from));
    groups.put(0, [RowId(1)]);
    groups.put(1, [RowId(3)]);
    let ground = Ground {
        groups: Some(Arc::new(groups)),
        ..ground()
    };
    let by = |column: Column, descending| {
        let all = roster.rows().iter().map(|(id, _)| id).collect();
        let sorted = sort(roster.rows(), all, (&column, descending), &ground, &|| false).unwrap();
        names(roster.rows(), sorted.into_iter())
    };
    assert_eq!(by(Column::Created, false), ["c", "d", "a", "b"]);
    assert_eq!(by(Column::Created, true), ["a", "d", "c", "b"]);
    assert_eq!(by(Column::Groups, false), ["d", "b", "a", "c"]);
}

#[test]
fn many_are_sorted_in_runs() {
    let count = 30_000_u32;
    let users: Vec<User> = (0..count)
        .map(|number| user(&format!("{:05}", number.wrapping_mul(7_919) % count), &[]))
        .collect();
    let mut roster = Roster::default();
    for page in users.chunks(5_000) {
        roster.add(&Arc::new(Segment::pack(page)));
    }
    let all = roster.rows().iter().map(|(id, _)| id).collect();
    let sorted = sort(roster.rows(), all, (&Column::Username, false), &ground(), &|| false).unwrap();
    let expected: Vec<String> = (0..count).map(|number| format!("{number:05}")).collect();
    assert_eq!(names(roster.rows(), sorted.into_iter()), expected);
}

#[test]
fn a_value_of_few_is_found_where_its_column_is() {
    let plans = ["Platinum", "basic", "Größe zwölf", ""];
    let users: Vec<User> = (0..FULL + 90)
        .map(|number| match number % 5 {
            0 => user(&number.to_string(), &[]),
            _ => user(&number.to_string(), &[("custom:plan", plans[number % 4])]),
        })
        .collect();
    let roster = {
        let mut roster = Roster::default();
        roster.add(&Arc::new(Segment::pack(&users[..FULL])));
        roster.add(&Arc::new(Segment::pack(&users[FULL..])));
        roster.patch(&Arc::new(user("7", &[("custom:plan", "other")])));
        roster
    };
    for line in [
        "custom:plan:LAT",
        "-custom:plan:lat",
        "custom:plan:grosse",
        "custom:plan:groesse",
        "custom:plan=basic",
        "custom:plan^=Größe",
        "custom:plan:*",
        "!custom:plan",
        "custom:plan~^P",
        "custom:plan:other",
    ] {
        let query = query(line);
        let who = found(roster.rows(), &query, None);
        let meant = meant(roster.rows(), &query);
        assert!(!meant.is_empty(), "{line}");
        assert_eq!(who.rows.iter().collect::<Vec<_>>(), meant, "{line}");
    }
}
