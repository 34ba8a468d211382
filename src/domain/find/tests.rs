use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::attribute::AttributeName;
use crate::domain::pool::{EmailSender, MfaSetting, PoolId, SignIn};
use crate::domain::schema::Schema;

fn pool(sign_in: SignIn) -> Pool {
    Pool {
        id: PoolId::new("us-east-1_aB3dE5fGh"),
        name: Raw::from("customers"),
        arn: None,
        schema: Schema::default(),
        sign_in,
        case_sensitive: true,
        auto_verified: BTreeSet::new(),
        verify_before_update: BTreeSet::new(),
        verifies_by_link: false,
        mfa: MfaSetting::Off,
        recovery: Vec::new(),
        custom_message_trigger: false,
        email_sender: EmailSender::Ses,
        email_failure: None,
        sms_role: true,
        sms_failure: None,
        temporary_password_days: Some(7),
        estimated_users: None,
    }
}

fn uuid_pool() -> Pool {
    pool(SignIn::UsernameAttributes([AttributeName::new("email")].into()))
}

/// The plan as filters, stage by stage.
fn filters(plan: &Plan) -> Vec<Vec<String>> {
    plan.stages
        .iter()
        .map(|stage| {
            stage
                .iter()
                .map(|ask| ask.filter().expect("a plan holds only filters"))
                .collect()
        })
        .collect()
}

fn planned(typed: &str) -> Vec<Vec<String>> {
    filters(&plan(typed, None, &[]))
}

fn with_prefixes(typed: &str, prefixes: &[&str]) -> Plan {
    let prefixes: Vec<String> = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
    plan(typed, None, &prefixes)
}

#[test]
fn a_word_asks_username_names_and_email_together() {
    let expected = [
        r#"username ^= "Jane""#,
        r#"username ^= "jane""#,
        r#"name ^= "Jane""#,
        r#"given_name ^= "Jane""#,
        r#"family_name ^= "Jane""#,
        r#"preferred_username ^= "Jane""#,
        r#"email ^= "Jane""#,
    ];
    assert_eq!(planned(" Jane "), [expected]);
    assert_eq!(planned("jane")[0].len(), 6, "small letters are asked once");
    assert_eq!(plan("jane.doe", None, &[]).reading, Reading::Word);
}

#[test]
fn where_usernames_are_uuids_a_word_does_not_ask_for_them() {
    let pool = uuid_pool();
    for typed in ["Jane", "Schröder", "jane@example.com"] {
        let plan = plan(typed, Some(&pool), &[]);
        assert!(plan.asks().all(|ask| ask.attribute != "username"), "{typed}");
    }
    let sub = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";
    assert!(
        plan(sub, Some(&pool), &[])
            .asks()
            .any(|ask| ask.attribute == "username"),
        "a UUID may be one"
    );
}

#[test]
fn an_accented_word_is_asked_in_its_spellings() {
    let expected = vec![
        vec![
            r#"username ^= "Schröder""#.to_owned(),
            r#"name ^= "Schröder""#.to_owned(),
            r#"given_name ^= "Schröder""#.to_owned(),
            r#"family_name ^= "Schröder""#.to_owned(),
            r#"email ^= "Schroeder""#.to_owned(),
        ],
        vec![
            r#"family_name ^= "Schroeder""#.to_owned(),
            r#"name ^= "Schroeder""#.to_owned(),
            "family_name ^= \"Schro\u{308}der\"".to_owned(),
        ],
    ];
    assert_eq!(planned("Schröder"), expected);
    assert_eq!(
        planned("Schro\u{308}der")[1..],
        expected[1..],
        "typed decomposed, the composed spelling is asked all the same"
    );
    assert!(planned("Schro\u{308}der")[0].contains(&r#"name ^= "Schröder""#.to_owned()));
    assert!(planned("José")[1].contains(&r#"name ^= "Jose""#.to_owned()));
}

#[test]
fn two_letters_are_tried_as_one_where_calls_are_left() {
    let stages = planned("mueller");
    assert_eq!(stages[1], [r#"family_name ^= "müller""#, r#"name ^= "müller""#]);
    assert_eq!(
        planned("Mueller")[1],
        [r#"family_name ^= "Müller""#],
        "eight calls are all there are"
    );
    assert_eq!(planned("smith").len(), 1);
}

#[test]
fn several_words_are_a_name() {
    let stages = planned("Jane  Doe");
    assert_eq!(
        stages,
        vec![
            vec![
                r#"name ^= "Jane Doe""#.to_owned(),
                r#"given_name ^= "Jane Doe""#.to_owned(),
                r#"family_name ^= "Jane Doe""#.to_owned(),
                r#"preferred_username ^= "Jane Doe""#.to_owned(),
            ],
            vec![r#"name ^= "Doe Jane""#.to_owned(), r#"name ^= "Jane Dö""#.to_owned()],
            vec![r#"family_name ^= "Doe""#.to_owned()],
        ]
    );
    assert_eq!(plan("Jane Doe", None, &[]).reading, Reading::FullName);
    let turned = planned("Doe, Jane");
    assert_eq!(turned[1][0], r#"name ^= "Jane Doe""#);
    assert_eq!(turned[2], [r#"family_name ^= "Doe""#]);
    assert!(planned("Jörg Müller")[1].contains(&r#"name ^= "Joerg Mueller""#.to_owned()));
}

#[test]
fn seven_digits_are_a_phone_number() {
    assert_eq!(
        planned("+1 (555) 555-0100"),
        [
            [r#"phone_number ^= "+15555550100""#],
            [r#"username ^= "+1 (555) 555-0100""#]
        ]
    );
    assert_eq!(
        planned("0049 (0) 151 1234567")[0],
        [r#"phone_number ^= "+491511234567""#]
    );
    let plan = with_prefixes("0151 1234567", &["+49", "43"]);
    assert_eq!(plan.reading, Reading::Phone);
    assert_eq!(
        filters(&plan)[0],
        [
            r#"phone_number ^= "+491511234567""#,
            r#"phone_number ^= "+431511234567""#
        ]
    );
    assert_eq!(
        filters(&with_prefixes("555 5550100", &["+1"]))[0],
        [r#"phone_number ^= "+15555550100""#, r#"phone_number ^= "+5555550100""#],
        "the country code may have been typed without its plus"
    );
    assert_eq!(
        super::plan("555010", None, &[]).reading,
        Reading::Word,
        "six digits are not enough"
    );
    assert_eq!(super::plan("5550100x", None, &[]).reading, Reading::Word);
}

#[test]
fn a_phone_number_says_what_it_could_not_ask() {
    let many = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let plan = with_prefixes("0155501001", &many);
    assert_eq!(plan.stages[0].len(), 6);
    assert!(plan.calls() <= MOST_CALLS);
    assert_eq!(
        plan.notes[0].plain(),
        "not asked: 3 more country codes, because a find makes at most 8 calls"
    );
    for typed in ["0155501001", "(555) 212-6941", "555 212 6941", "(15) 552126941"] {
        let plan = with_prefixes(typed, &[]);
        assert_eq!(
            filters(&plan),
            [[format!("username ^= \"{typed}\"")]],
            "nothing is guessed"
        );
        assert_eq!(
            plan.notes[0].plain(),
            "not asked for as a phone number: no + and country code are in front, and the setting phone-prefixes is empty"
        );
        let said = nobody(&plan, typed, None).plain();
        assert!(
            said.starts_with(&format!("Nobody whose username begins with '{typed}'. not asked")),
            "{said}"
        );
    }
    let long = with_prefixes("1 555 212 6941", &[]);
    assert_eq!(filters(&long)[0], [r#"phone_number ^= "+15552126941""#]);
    assert_eq!(
        long.notes[0].plain(),
        "the setting phone-prefixes is empty, so no other country code was tried"
    );
    let area = with_prefixes("(555) 212-6941", &["+1"]);
    assert_eq!(
        filters(&area)[0],
        [r#"phone_number ^= "+15552126941""#],
        "no country code stands in parentheses"
    );
}

#[test]
fn a_sub_that_begins_with_digits_only_is_asked_for_behind_the_number() {
    assert_eq!(
        planned("12345678-1234")[1],
        [r#"username ^= "12345678-1234""#, r#"sub ^= "12345678-1234""#]
    );
}

#[test]
fn a_uuid_is_a_sub() {
    let sub = "5F1C9A02-7d3e-4b1f-9c55-0a1b2c3d4e5f";
    assert_eq!(
        planned(sub),
        [
            [r#"sub = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f""#],
            [r#"username = "5F1C9A02-7d3e-4b1f-9c55-0a1b2c3d4e5f""#]
        ]
    );
    assert_eq!(
        planned("5f1c9a02-7d"),
        [[r#"sub ^= "5f1c9a02-7d""#], [r#"username ^= "5f1c9a02-7d""#]]
    );
    assert_eq!(
        planned("5f1c9a02")[1],
        [r#"sub ^= "5f1c9a02""#],
        "eight digits, as the header shows it"
    );
    assert_eq!(
        plan("12345678-1234-1234-1234-123456789012", None, &[]).reading,
        Reading::Sub
    );
    assert_eq!(plan("12345678-1234", None, &[]).reading, Reading::Phone);
    assert!(planned("12345678")[0].contains(&r#"sub ^= "12345678""#.to_owned()));
    assert_eq!(plan("5f1c9a0g-7d3e", None, &[]).reading, Reading::Word);
}

#[test]
fn an_address_is_asked_whole_then_as_a_beginning_then_as_a_username() {
    assert_eq!(
        planned("Jane@b"),
        vec![
            vec![r#"email = "Jane@b""#.to_owned()],
            vec![
                r#"email ^= "Jane@b""#.to_owned(),
                r#"username ^= "Jane@b""#.to_owned(),
                r#"username ^= "jane@b""#.to_owned(),
                r#"preferred_username ^= "Jane@b""#.to_owned(),
            ]
        ]
    );
}

#[test]
fn a_domain_and_nothing_are_not_asked() {
    let domain = plan("@example.com", None, &[]);
    assert_eq!((domain.reading, domain.calls()), (Reading::Domain, 0));
    assert_eq!(
        nobody(&domain, "@example.com", Some(5)).plain(),
        "'@example.com' was not asked for. the service cannot search by domain, only by how an address begins"
    );
    let nothing = plan("  ", None, &[]);
    assert_eq!((nothing.reading, nothing.calls()), (Reading::Nothing, 0));
    assert_eq!(nobody(&nothing, " ", None).plain(), "nothing was asked");
}

#[test]
fn filters_escape_the_backslash_before_the_quotation_mark() {
    let filter = |value: &str| Ask::prefix("name", value).filter();
    assert_eq!(filter(r#"O"Neil"#), Ok(r#"name ^= "O\"Neil""#.to_owned()));
    assert_eq!(filter(r"a\"), Ok(r#"name ^= "a\\""#.to_owned()));
    assert_eq!(filter(r#"a\""#), Ok(r#"name ^= "a\\\"""#.to_owned()));
    assert_eq!(filter("a\u{0}b"), Err(FilterProblem::Control));
    assert_eq!(filter("a\u{9b}b"), Err(FilterProblem::Control));
    let room = LONGEST_FILTER - "name ^= \"\"".len();
    assert!(filter(&"ä".repeat(room)).is_ok());
    assert_eq!(
        filter(&"ä".repeat(room + 1)),
        Err(FilterProblem::TooLong { characters: 257 })
    );
    assert_eq!(
        filter(&"\"".repeat(room / 2 + 1)),
        Err(FilterProblem::TooLong { characters: 258 }),
        "escapes count"
    );
}

#[test]
fn what_makes_no_filter_is_not_asked_and_that_is_said_once() {
    let long = "x".repeat(300);
    let plan = plan(&long, None, &[]);
    assert_eq!(plan.calls(), 0);
    assert_eq!(plan.notes.len(), 1);
    assert!(
        nobody(&plan, &long, None)
            .plain()
            .contains("a search holds at most 256")
    );
    let control = super::plan("a\u{1b}[2Jb", None, &[]);
    assert_eq!(control.notes.len(), 1);
    assert!(control.notes[0].plain().contains("control characters"));
}

#[test]
fn nobody_says_what_was_asked_and_what_was_not() {
    let word = plan("Schroder", None, &[]);
    assert_eq!(
        nobody(&word, "Schroder", Some(48_200)).plain(),
        "Nobody whose username, e-mail or name begins with 'Schroder'. Not asked: middle of names, custom attributes. The pool has about 48,200 users"
    );
    let uuids = plan("Schroder", Some(&uuid_pool()), &[]);
    assert!(
        nobody(&uuids, "Schroder", None)
            .plain()
            .starts_with("Nobody whose e-mail or name begins with")
    );
    let phone = with_prefixes("0151 1234567", &["+49"]);
    assert_eq!(
        nobody(&phone, "0151 1234567", None).plain(),
        "Nobody whose phone number begins with +491511234567, or whose username begins with '0151 1234567'"
    );
    let sub = plan("5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f", None, &[]);
    assert!(
        nobody(&sub, "x", None)
            .plain()
            .starts_with("Nobody whose username or sub is 'x'")
    );
    let email = plan("a@b", None, &[]);
    assert!(
        nobody(&email, "a@b", None)
            .plain()
            .contains("Not asked: middle of addresses")
    );
    for plan in [word, uuids, phone, sub, email] {
        assert!(
            !nobody(&plan, "x", Some(1)).plain().contains(" S "),
            "no key is named that is not bound"
        );
    }
}

#[test]
fn hits_say_what_was_asked() {
    let word = plan("Schroder", None, &[]);
    assert_eq!(word.asked(1, false).plain(), "1 user found by username, e-mail or name");
    assert_eq!(
        word.asked(1200, true).plain(),
        "1,200 users found by username, e-mail or name; more match than were read: type more of it"
    );
}

#[test]
fn debug_shows_no_typed_text() {
    assert!(!format!("{:?}", plan("jane@example.com", None, &[])).contains("jane"));
}

proptest! {
    #[test]
    fn a_plan_is_small_and_its_filters_are_one_predicate(typed in ".{0,80}", prefixes in prop::collection::vec("\\+[1-9]{1,3}", 0..12)) {
        let plan = plan(&typed, None, &prefixes);
        prop_assert!(plan.calls() <= MOST_CALLS);
        prop_assert!(plan.stages.iter().all(|stage| !stage.is_empty()));
        for ask in plan.asks() {
            let filter = ask.filter().expect("a plan holds only filters");
            let head = format!("{} {} \"", ask.attribute, if ask.operator == Operator::Exact { "=" } else { "^=" });
            let body = filter.strip_prefix(&head).and_then(|rest| rest.strip_suffix('"')).expect("one quoted value");
            // Read back as the service would: a backslash takes the next character as it is.
            let (mut read, mut rest) = (String::new(), body.chars());
            while let Some(c) = rest.next() {
                prop_assert!(c != '"', "the literal ends early");
                read.push(if c == '\\' { rest.next().expect("a backslash does not end it") } else { c });
            }
            prop_assert_eq!(&read, ask.value.as_str());
        }
        let _ = nobody(&plan, &typed, Some(1));
    }
}
