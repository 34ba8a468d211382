//! What holds for any line and any user.

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::find::{Operator, fold};
use crate::domain::roster::search_text;

const NAMES: [&str; 14] = [
    "email",
    "name",
    "phone",
    "phone_number",
    "sub",
    "username",
    "tier",
    "custom:tier",
    "custom:a",
    "custom:a:b",
    "a:b",
    "custom:x",
    "group",
    "status",
];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[abcABCé]{1,4}",
        1 => "[+]?[0-2() .-]{1,5}",
        1 => "[ab\"\\\\:=~^*!<>+@. -]{1,5}",
        1 => "[a-f0-9]{7,9}",
        1 => "\\PC{1,4}",
    ]
}

fn term() -> impl Strategy<Value = String> {
    let sign = || select(vec!["", "", "", "-", "!", "-!"]);
    let operator = || select(vec![":", "=", "^=", "~", "<", ">="]);
    let written = |text: String| {
        [
            text.clone(),
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        ]
    };
    prop_oneof![
        (sign(), value(), any::<bool>())
            .prop_map(move |(sign, text, quote)| format!("{sign}{}", written(text)[usize::from(quote)])),
        (sign(), select(NAMES.to_vec()), operator(), value(), any::<bool>()).prop_map(
            move |(sign, name, operator, text, quote)| format!(
                "{sign}{name}{operator}{}",
                written(text)[usize::from(quote)]
            )
        ),
        (sign(), select(NAMES.to_vec())).prop_map(|(sign, name)| format!("{sign}{name}")),
        (sign(), select(NAMES.to_vec())).prop_map(|(sign, name)| format!("{sign}{name}:*")),
        (
            sign(),
            select(vec!["created", "changed"]),
            select(vec!["<", "<=", ">", ">=", ":", "="]),
            select(vec![
                "1h",
                "7d",
                "1y",
                "2026",
                "2026-11",
                "2026-11-21",
                "2026-11-21T12:00Z",
                "2026-11-21T12:00:00+01:00"
            ])
        )
            .prop_map(|(sign, name, operator, when)| format!("{sign}{name}{operator}{when}")),
        (
            sign(),
            select(vec![
                "verified:email",
                "verified:phone",
                "enabled:no",
                "enabled=true",
                "status:conf",
                "status:un"
            ])
        )
            .prop_map(|(sign, term)| format!("{sign}{term}")),
    ]
}

fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(term(), 0..4).prop_map(|terms| terms.join(" "))
}

/// A line that can be read.
fn good_line() -> impl Strategy<Value = String> {
    line().prop_filter("a mistake", |line| Query::parse(line, &known()).is_ok())
}

prop_compose! {
    fn any_user()(
        username in "[abcé]{1,5}",
        values in prop::collection::btree_map(select(vec!["email", "name", "custom:tier", "custom:a", "custom:a:b", "custom:x"]), text(), 0..6),
        phone in prop::option::of("[+][0-2]{1,7}"),
        sub in prop::option::of("[a-f0-9]{8}-[a-f0-9]{4}-7052-9c55-0a1b2c3d4e5f"),
        verified in prop::option::of(select(vec!["true", "True", "false"])),
        status in select(vec!["CONFIRMED", "UNCONFIRMED", "NEWER"]),
        enabled: bool,
        hours in prop::option::of(-2_i64..20_000),
        listed in prop::bool::weighted(0.8),
    ) -> User {
        let mut attributes: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.extend(phone.as_deref().map(|phone| ("phone_number", phone)));
        attributes.extend(sub.as_deref().map(|sub| ("sub", sub)));
        attributes.extend(verified.map(|flag| ("email_verified", flag)));
        let mut user = user(&username, &attributes);
        user.status = UserStatus::parse(status);
        user.enabled = enabled;
        user.created = hours.map(|hours| now() - jiff::SignedDuration::from_hours(hours));
        if !listed {
            user.source = Source::Get { mfa: Default::default() };
        }
        user
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[abcABCéÉö ]{1,6}", 1 => "\\PC{1,5}"]
}

fn any_ground() -> impl Strategy<Value = Ground> {
    let one = || (prop::collection::vec((0_u32..3).prop_map(RowId), 0..3), any::<bool>());
    let groups = prop::option::of([one(), one()]);
    groups.prop_map(|read| Ground {
        now: now(),
        groups: read.map(|read| {
            let mut groups = Groups::named(["a", "ab c"].map(Raw::from));
            for (number, (members, whole)) in read.into_iter().enumerate() {
                groups.put(number, members);
                if whole {
                    groups.end(number);
                }
            }
            Arc::new(groups)
        }),
    })
}

/// How a line may go on while somebody types.
fn growth() -> impl Strategy<Value = String> {
    prop_oneof![2 => "[abcé0-2.() -]{1,3}", 1 => term().prop_map(|term| format!(" {term}")), 1 => "\\PC{1,2}"]
}

proptest! {
    #[test]
    fn any_line_is_read_or_has_its_mistake_in_it(line in prop_oneof![line(), ".{0,30}", "[-!\"\\\\:=~^<>* a7d]{0,12}"], open: bool) {
        let known = if open { Known::default() } else { known() };
        match Query::parse(&line, &known) {
            Ok(query) => {
                let mut end = 0;
                for term in &query.terms {
                    prop_assert!(end <= term.span.start && term.span.start < term.span.end);
                    prop_assert!(line.get(term.span.clone()).is_some());
                    end = term.span.end;
                }
            }
            Err(mistake) => {
                prop_assert!(line.get(mistake.at.clone()).is_some());
                prop_assert!(!mistake.expected.is_empty());
                prop_assert!(!mistake.expected.plain().contains('\n'));
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again(line in line(), open: bool) {
        let known = if open { Known::default() } else { known() };
        if let Ok(query) = Query::parse(&line, &known) {
            let written = query.written();
            let again = Query::parse(written.as_str(), &known);
            prop_assert!(again.is_ok(), "{line} as {}", written.as_str());
            let again = again.unwrap();
            let tests = |query: &Query| query.terms.iter().map(|term| (term.negated, term.test.clone())).collect::<Vec<_>>();
            prop_assert_eq!(tests(&again), tests(&query), "{} as {}", line, written.as_str());
            prop_assert_eq!(again.written(), written);
        }
    }

    #[test]
    fn a_line_that_narrows_finds_nobody_new(
        earlier in good_line(),
        other in good_line(),
        growth in growth(),
        users in prop::collection::vec(any_user(), 1..4),
        ground in any_ground(),
        hours in 0_i64..20_000,
    ) {
        let before = Ground { now: ground.now - SignedDuration::from_hours(hours), ..ground.clone() };
        let earlier_line = earlier;
        let earlier = read(&earlier_line);
        let grown = Query::parse(&format!("{earlier_line}{growth}"), &known()).ok();
        for later in [Some(read(&other)), grown].into_iter().flatten().filter(|later| later.narrows(&earlier)) {
            let segment = crate::domain::Segment::pack(&users);
            for (id, row) in (0..).map(RowId).zip(segment.rows()) {
                prop_assert!(
                    !later.matches(id, row, &ground) || earlier.matches(id, row, &before),
                    "{} after {}: {:?}", later.written().as_str(), earlier_line, row.to_user().attributes.values().map(|value| value.as_str().to_owned()).collect::<Vec<_>>()
                );
            }
        }
        prop_assert!(earlier.narrows(&Query::default()));
    }

    #[test]
    fn nobody_is_in_a_term_and_in_its_contrary(line in good_line(), user in any_user(), ground in any_ground()) {
        let segment = crate::domain::Segment::pack([&user]);
        let user = Arc::new(user);
        for mut term in read(&line).terms {
            let row = segment.row(0).unwrap();
            let holds = term.holds(RowId(0), row, &ground);
            prop_assert_eq!(holds, term.holds(RowId(0), Row::Whole(&user), &ground));
            term.negated = !term.negated;
            let contrary = term.holds(RowId(0), row, &ground);
            prop_assert!(!(holds && contrary));
            let may_be_unknown = matches!(term.test, Test::Verified(_) | Test::Time { .. })
                || term.test.column() == Some(Column::Groups);
            prop_assert!(holds || contrary || may_be_unknown, "{}", line);
        }
    }

    /// The service compares by case or without; whoever it finds either way is found here too.
    #[test]
    fn who_is_found_by_the_service_is_not_dropped_here(line in good_line(), users in prop::collection::vec(any_user(), 1..4)) {
        let query = read(&line);
        let asks = query.asks(None, &[]);
        prop_assert_eq!(asks.rest(&query).terms.len() + asks.asked(&query).count(), query.terms.len());
        if asks.plan.reading != crate::domain::find::Reading::Term {
            return Ok(());
        }
        prop_assert_eq!(asks.asked(&query).count(), 1);
        for user in &users {
            let user = Arc::new(user.clone());
            let found = asks.plan.asks().any(|ask| {
                let value = match ask.attribute {
                    "username" => Some(user.username.as_str()),
                    "status" => Some(if user.enabled { "Enabled" } else { "Disabled" }),
                    "cognito:user_status" => Some(user.status.as_str()),
                    name => user.text(name),
                };
                let (value, wanted) = (value.map(str::to_ascii_lowercase), ask.value.as_str().to_ascii_lowercase());
                value.is_some_and(|value| match ask.operator {
                    Operator::Exact => value == wanted,
                    Operator::Prefix => value.starts_with(&wanted),
                })
            });
            for term in asks.asked(&query) {
                let holds = term.holds(RowId(0), Row::Whole(&user), &ground());
                prop_assert!(!found || holds, "{}", line);
            }
        }
    }

    #[test]
    fn a_word_matches_as_its_definition_says(word in value(), user in any_user()) {
        let text = search_text(&user);
        let made = Word::new(&word);
        prop_assert_eq!(made.is_in(&text), text_matches(made.folded(), &text));
        let mut letters = text.split('\n').map(|field| {
            let mut chars = field.chars();
            made.folded().chars().all(|wanted| chars.any(|c| c == wanted))
        });
        if letters.any(|all| all) {
            prop_assert!(made.is_in(&text));
        } else if made.is_in(&text) {
            prop_assert!(made.dialled().is_some());
        }
    }

    #[test]
    fn containing_is_the_same_with_and_without_folding_the_value(word in value(), value in "[ -~]{0,12}") {
        let word = Word::new(&word);
        let slow = [word.folded().to_owned(), fold::plain_two_letters(word.typed().as_str())]
            .iter()
            .any(|form| fold::plain(&value).contains(form));
        prop_assert_eq!(word.is_part(&value), slow);
    }

    #[test]
    fn marks_are_parts_of_the_value(line in good_line(), value in text(), column in select(NAMES.to_vec())) {
        let query = read(&line);
        let mut end = None;
        for part in marks(&value, &query, &Column::parse(column)) {
            prop_assert!(end.is_none_or(|end| end < part.start) && part.start < part.end);
            prop_assert!(value.get(part.clone()).is_some());
            end = Some(part.end);
        }
    }

    /// Who is found by a word alone shows where, but for a sub, which may not be shown.
    #[test]
    fn who_is_found_has_a_mark(word in "[abcé0-2+]{1,4}", user in any_user()) {
        let user = Arc::new(user);
        let made = Word::new(&word);
        let columns = ["email", "name", "phone_number"].map(|name| (Column::parse(name), user.text(name).unwrap_or_default()));
        let query = Query { terms: vec![Term { negated: false, test: Test::Text(made.clone()), span: 0..word.len() }] };
        let all = columns.into_iter().chain([(Column::Username, user.username.as_str())]);
        let marked = all.map(|(column, value)| marks(value, &query, &column).len()).sum::<usize>();
        let found = made.is_in(&search_text(&user));
        prop_assert!(marked == 0 || found, "{}", word);
        prop_assert!(marked > 0 || !found, "{}", word);
    }

    #[test]
    fn completing_replaces_a_part_of_the_line(line in prop_oneof![line(), ".{0,20}"], cursor in 0_usize..30, open: bool) {
        let known = if open { Known::default() } else { known() };
        for candidate in complete(&line, cursor, &known, |_| vec![Raw::from("a \"b"), Raw::from("c")]) {
            prop_assert!(line.get(candidate.at.clone()).is_some());
            prop_assert!(candidate.at.start <= cursor && cursor <= candidate.at.end);
        }
    }
}
