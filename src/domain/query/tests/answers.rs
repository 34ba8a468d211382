//! Whom a line finds.

use super::*;

fn jane() -> User {
    let mut jane = user(
        "jane.doe",
        &[
            ("sub", "a458d4e8-b0b1-7052-9c55-0a1b2c3d4e5f"),
            ("email", "Jane@Example.com"),
            ("email_verified", "True"),
            ("name", "Jane Schröder"),
            ("phone_number", "+15555550100"),
            ("phone_number_verified", "false"),
            ("custom:tier", "Gold"),
        ],
    );
    jane.created = Some(at("2026-11-14T12:00:00Z"));
    jane.changed = Some(at("2026-01-31T23:59:59.999Z"));
    jane
}

#[test]
fn what_a_line_finds() {
    let jane = jane();
    for (line, wanted) in [
        ("", true),
        ("jane", true),
        ("JD", true),
        ("jndo", true),
        ("schroder", true),
        ("Schroeder", true),
        ("Schröder", true),
        ("\"jane schroder\"", true),
        ("doe jane", true),
        ("enaj", false),
        // Nothing matches across two texts.
        ("doecom", false),
        ("555", true),
        ("555-0100", true),
        ("(555) 555-01", true),
        ("05555", true),
        ("+1 (0) 555", true),
        ("+49", false),
        ("a458d4e8", true),
        ("A458D4E8-b0b1-7052-9C55-0a1b2c3d4e5f", true),
        ("a458d4e9", false),
        ("email:EXAMPLE", true),
        ("email:exmple", false),
        ("name:schroder", true),
        ("name:schroeder", true),
        ("name:\"e SCHRÖ\"", true),
        ("phone:\"(555) 555-01\"", true),
        ("phone:555-01", true),
        ("phone:5501-55", false),
        // The last digits of a number are its last digits, zeros and all; a zero that is dialled inside a country is none of it.
        ("phone:0100", true),
        ("phone:0055", false),
        ("phone:00000", false),
        ("-phone:00000", true),
        ("phone:05555", true),
        ("phone:05-50", false),
        ("email=jane@example.com", true),
        ("email=jane", false),
        ("email^=jane@", true),
        ("email^=ane", false),
        ("name=\"jane schröder\"", true),
        ("name=\"jane schro\u{308}der\"", true),
        ("name=\"jane schroder\"", false),
        ("name^=\"JANE SCHRÖ\"", true),
        ("phone=\"+1 (555) 555-0100\"", true),
        ("phone^=+1-555", true),
        ("email~example", true),
        ("email~(?-i)example", false),
        ("email~^J.*Example", true),
        ("email~EXAMPLE", true),
        ("tier=gold", true),
        ("-tier=gold", false),
        ("-tier=silver", true),
        ("custom:tier:*", true),
        ("!tier", false),
        ("-!tier", true),
        ("nickname:*", false),
        ("-nickname:*", true),
        ("!nickname", true),
        ("-nickname=x", true),
        ("nickname:x", false),
        ("username=JANE.doe", true),
        ("username^=jane", true),
        ("status:confirmed", true),
        ("status:conf", true),
        ("status:unconfirmed", false),
        ("-status:un", true),
        ("status=CONFIRMED", true),
        ("enabled:yes", true),
        ("-enabled:yes", false),
        ("verified:email", true),
        ("-verified:email", false),
        ("verified:phone", false),
        ("-verified:phone", true),
        ("jane tier=gold -verified:phone", true),
        ("jane tier=silver", false),
        // Groups that were not read are neither.
        ("group:admins", false),
        ("-group:admins", false),
        ("!group", false),
    ] {
        assert_eq!(finds(line, &jane), wanted, "{line}");
    }
}

#[test]
fn what_is_not_there_is_in_neither() {
    let mut nobody = user("x", &[("email_verified", "true")]);
    for line in [
        "verified:email",
        "-verified:email",
        "verified:phone",
        "-verified:phone",
        "created<7d",
        "-created<7d",
        "changed>2026",
        "-changed>2026",
        "created:2026",
    ] {
        assert!(!finds(line, &nobody), "{line}");
    }
    assert!(finds("!created !email", &nobody) && !finds("created:*", &nobody));
    nobody.status = UserStatus::NotTold;
    nobody.source = Source::Own {
        mfa: Default::default(),
    };
    assert!(!finds("status:confirmed", &nobody) && !finds("-status:confirmed", &nobody));
}

#[test]
fn ages_compare_age_and_dates_compare_time() {
    // Made seven days ago to the second; changed in the last moment of January.
    let jane = jane();
    for (line, wanted) in [
        ("created<7d", false),
        ("created<=7d", true),
        ("created>=7d", true),
        ("created>7d", false),
        ("created>6d", true),
        ("created<1w", false),
        ("created<2w", true),
        ("created<169h", true),
        ("created>10079m", true),
        ("created<1y", true),
        ("created<9999999999y", true),
        ("created:2026-11-14", true),
        ("created=2026-11", true),
        ("created:2025", false),
        ("created<2026-11-14", false),
        ("created<=2026-11-14", true),
        ("created>2026-11-14", false),
        ("created>=2026-11-14", true),
        ("created<2026-11-15", true),
        ("created>2026-11-14T11:59:59.999Z", true),
        ("created>2026-11-14T12:00:00.000Z", false),
        ("created=2026-11-14T12:00Z", true),
        ("created=2026-11-14T12:00", true),
        ("created:2026-11-14T13:00:00+01:00", true),
        ("created:2026-11-14T13:00:00", false),
        ("changed:2026-01-31", true),
        ("changed>2026-01-31", false),
        ("changed<2026-02-01", true),
        ("changed<2026-02", true),
        ("changed:2026-01-31T23:59:59Z", true),
        ("changed<=9999-12-01", true),
    ] {
        assert_eq!(finds(line, &jane), wanted, "{line}");
    }
}

#[test]
fn groups_that_were_read() {
    let mut groups = Groups::named(["admins", "the others"].map(Raw::from));
    for number in 0..2 {
        groups.put(number, [RowId(0)]);
        groups.end(number);
    }
    let ground = Ground {
        now: now(),
        groups: Some(Arc::new(groups)),
    };
    let someone = Arc::new(user("x", &[]));
    for (line, first, second) in [
        ("group:admins", true, false),
        ("group:ADMINS", true, false),
        ("group:admin", false, false),
        ("group^=admin", true, false),
        ("group:\"the others\"", true, false),
        ("group~other", true, false),
        ("-group:admins", false, true),
        ("group:*", true, false),
        ("!group", false, true),
        ("group:admins -group^=the", false, false),
    ] {
        let query = read(line);
        assert!(query.reads_groups(), "{line}");
        let found = [0, 1].map(|id| query.matches(RowId(id), Row::Whole(&someone), &ground));
        assert_eq!(found, [first, second], "{line}");
    }
    assert!(!read("group email=x").reads_groups());
}

#[test]
fn of_a_group_that_was_not_read_to_its_end_only_its_members_are_known() {
    let mut groups = Groups::named(["admins", "staff", "nobody"].map(Raw::from));
    groups.put(0, [RowId(4), RowId(0), RowId(4)]);
    groups.end(0);
    groups.put(1, [RowId(1)]);
    let ground = Ground {
        now: now(),
        groups: Some(Arc::new(groups.clone())),
    };
    let someone = Arc::new(user("x", &[]));
    for (line, found, settled) in [
        ("group:admins", "04", true),
        ("-group:admins", "123", false),
        ("group:staff", "1", false),
        ("-group:staff", "", false),
        ("group:*", "014", false),
        ("!group", "", false),
        ("group:nobody", "", false),
        // There is no such group.
        ("group:others", "", true),
        ("-group:others", "01234", false),
        ("group~a group:admins", "04", true),
    ] {
        let query = read(line);
        let those: String = (0..5)
            .filter(|id| query.matches(RowId(*id), Row::Whole(&someone), &ground))
            .map(|id| id.to_string())
            .collect();
        assert_eq!((those.as_str(), groups.settles(&query)), (found, settled), "{line}");
    }
    assert_eq!(
        groups.meant(&read("group:staff -group:admins group:staff name:admins")),
        [0, 1]
    );
    let mut again = Groups::named(["staff", "admins"].map(Raw::from));
    again.keep(&groups);
    assert_eq!(again.get(1), groups.get(0));
    again.begin(1);
    assert_eq!(
        again.get(1).map(|group| (group.is_whole(), group.members().len())),
        Some((false, 0))
    );
}

fn asked(line: &str) -> String {
    let query = read(line);
    let asks = query.asks(None, &[]);
    let stages: Vec<String> = asks
        .plan
        .stages
        .iter()
        .map(|stage| {
            let filters: Vec<String> = stage.iter().map(|ask| ask.filter().unwrap()).collect();
            filters.join(", ")
        })
        .collect();
    format!("{} | {}", stages.join("; "), asks.rest(&query).written().as_str())
}

#[test]
fn the_service_is_asked_what_fewest_users_share() {
    for (line, expected) in [
        ("email^=jane tier=gold", "email ^= \"jane\" | custom:tier=gold"),
        (
            "tier=gold email^=jane email=x@y",
            "email = \"x@y\" | custom:tier=gold email^=jane",
        ),
        ("name=Jane sub^=A4", "name = \"Jane\" | sub^=A4"),
        ("phone=+1555 sub=A4", "sub = \"a4\" | phone_number=+1555"),
        (
            "username=Jane status:confirmed",
            "username = \"Jane\", username = \"jane\" | status:confirmed",
        ),
        (
            "status:reset enabled:no",
            "cognito:user_status ^= \"RESET\" | enabled:no",
        ),
        ("enabled:no tier=gold", "status = \"Disabled\" | custom:tier=gold"),
        ("-email=x", " | -email=x"),
        ("email:jane !name", " | email:jane !name"),
        ("tier=gold -jane", " | custom:tier=gold -jane"),
        ("nickname=x", " | nickname=x"),
        ("email=\"a\tb\" name^=Jane", "name ^= \"Jane\" | email=\"a\tb\""),
        (
            "a458d4e8-b0b1-7052-9c55-0a1b2c3d4e5f tier=gold",
            "sub = \"a458d4e8-b0b1-7052-9c55-0a1b2c3d4e5f\"; username = \"a458d4e8-b0b1-7052-9c55-0a1b2c3d4e5f\" | custom:tier=gold",
        ),
        (
            "+1 (555) 555-0100 -x",
            "phone_number ^= \"+15555550100\"; username ^= \"+1 (555) 555-0100\" | -x",
        ),
        (
            "@example.com status:conf",
            "cognito:user_status ^= \"CONF\" | @example.com",
        ),
    ] {
        assert_eq!(asked(line), expected, "{line}");
    }
    assert!(asked("status:confirmed Jane").starts_with("username ^= \"Jane\", username ^= \"jane\", name ^= \"Jane\""));
    assert!(asked("status:confirmed Jane").ends_with("| status:confirmed"));
    // What cannot be asked is told.
    let query = read("@example.com tier=gold");
    let asks = query.asks(None, &[]);
    assert!(asks.is_nothing());
    assert_eq!(asks.rest(&query), query);
    assert_eq!(asks.plan.notes.len(), 1);
    let long = format!("email={}", "x".repeat(300));
    assert_eq!(read(&long).asks(None, &[]).plan.notes.len(), 1);
}

#[test]
fn lines_that_narrow_and_lines_that_do_not() {
    for (earlier, later, narrows) in [
        ("", "jane", true),
        ("ja", "jane", true),
        ("ja", "Jané", true),
        ("jn", "jane", true),
        ("jane", "jane tier=gold", true),
        ("jane", "tier=gold jane", true),
        ("jane tier=gold", "tier=gold janet -x", true),
        ("email:ja", "email:jane", true),
        ("email:an", "email:jane", true),
        ("email^=ja", "email^=jane", true),
        ("email^=ja", "email=jane", true),
        ("email:*", "email:jane", true),
        ("phone:555", "phone:555-01", true),
        ("555", "555-01", true),
        ("-jane", "-jane x", true),
        ("created<7d", "created<7d x", true),
        ("-created>7d", "-created>7d x", true),
        ("created>2026", "created>2026 x", true),
        ("-created<2026", "-created<2026 x", true),
        ("a458d4e8", "a458d4e8-b", true),
        ("jane", "jan", false),
        ("jane", "", false),
        ("jane", "jnae", false),
        ("-ja", "-jane", false),
        ("ja", "-jane", false),
        ("email:ja", "name:jane", false),
        ("email=ja", "email=jane", false),
        ("created<7d", "created<70d", false),
        // More people are of that age later.
        ("created>10m", "created>10m", false),
        ("-created<=10m", "-created<=10m x", false),
        ("email~a", "email~ab", false),
        ("x", "email:x", false),
        ("!email", "email:x", false),
        // From its eighth digit on it may be a sub.
        ("a458d4e", "a458d4e8", false),
    ] {
        assert_eq!(read(later).narrows(&read(earlier)), narrows, "{earlier} to {later}");
    }
}

#[test]
fn nothing_typed_is_in_a_debug_output() {
    let query = read("jane email=doe@example.com name~secret -\"the password\"");
    let debug = format!("{query:?}");
    for word in ["jane", "doe", "secret", "password"] {
        assert!(!debug.contains(word), "{debug}");
    }
}
