//! Patterns, layers and what they come to.

use super::*;
use crate::domain::{AttributeName, AttributeValue};

fn names(patterns: &[&str]) -> Vec<NamePattern> {
    patterns.iter().map(|text| NamePattern::new(text).unwrap()).collect()
}

fn like(text: &str) -> ReasonRule {
    ReasonRule::Like(ReasonPattern::new(text).unwrap())
}

fn pool(id: &str) -> PoolId {
    PoolId::new(id)
}

#[test]
fn a_name_pattern_is_of_the_whole_name_whatever_the_case() {
    for (pattern, name, expected) in [
        ("*prod*", "customers-prod", true),
        ("*prod*", "Customers-PROD-eu", true),
        ("*PROD*", "production", true),
        ("*prod*", "customers-test", false),
        ("prod", "prod", true),
        ("prod", "prod2", false),
        ("prod", "aprod", false),
        ("prod*", "prod", true),
        ("prod?", "prod", false),
        ("prod?", "prod1", true),
        ("*", "", true),
        ("*", "anything", true),
        ("**a**", "bab", true),
        ("?", "", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("*-prod", "eu-prod-prod", true),
        ("*ÄRZTE*", "zu-ärzte", true),
        ("[ab]", "a", false),
        ("[ab]", "[AB]", true),
        ("a.c", "abc", false),
        ("", "", false),
    ] {
        let found = NamePattern::new(pattern).is_some_and(|pattern| pattern.matches(name));
        assert_eq!(found, expected, "{pattern} and {name}");
    }
}

proptest::proptest! {
    #[test]
    fn a_pattern_without_stars_is_the_name_itself(name in "[a-z -]{1,20}") {
        proptest::prop_assert!(NamePattern::new(&name).unwrap().matches(&name.to_uppercase()));
        let around = format!("*{name}*");
        let longer = format!("x{name}y");
        proptest::prop_assert!(NamePattern::new(&around).unwrap().matches(&longer));
        proptest::prop_assert!(!NamePattern::new(&name).unwrap().matches(&longer));
    }
}

#[test]
fn many_stars_take_no_time() {
    let pattern = NamePattern::new(&format!("{}b", "*a".repeat(500))).unwrap();
    assert!(!pattern.matches(&"a".repeat(2_000)));
}

#[test]
fn a_reason_matches_as_a_whole() {
    for (pattern, reason, expected) in [
        (r"SUP-\d+", "SUP-1", true),
        (r"SUP-\d+", "SUP-12345", true),
        (r"SUP-\d+", "see SUP-1", false),
        (r"SUP-\d+", "SUP-1 and more", false),
        (r"SUP-\d+", "SUP-1\n", false),
        (r"SUP-\d+", "sup-1", false),
        (r"(?i)SUP-\d+", "sup-1", true),
        // An alternative is tried in full: the first one that begins the text does not decide.
        ("a|ab", "ab", true),
        ("a|b", "ab", false),
        (r"^SUP-\d+$", "SUP-1", true),
        (r"(?m)^SUP-\d+$", "SUP-1\nx", false),
        (r".*", "anything", true),
        (r".*", "two\nlines", false),
        (r"\p{Lu}+-\d+", "ÄRZ-7", true),
    ] {
        let rule = like(pattern);
        assert_eq!(
            rule.check(Some(&Raw::from(reason))).is_ok(),
            expected,
            "{pattern} and {reason:?}"
        );
    }
}

#[test]
fn what_is_no_expression_is_said_when_it_is_made() {
    for (text, why) in [
        ("SUP-(", "unclosed group"),
        ("a)(b", "unopened group"),
        ("[", "unclosed character class"),
        ("*", "repetition operator missing expression"),
        (r"\d{1000000}", "Compiled regex exceeds size limit of 1048576 bytes"),
        (
            "(?x) a # b",
            "it has to be usable as a part of another one: leave out comments",
        ),
    ] {
        assert_eq!(ReasonPattern::new(text).unwrap_err(), why, "{text}");
    }
}

#[test]
fn a_reason_is_asked_for_in_words() {
    let words = |rule: &ReasonRule, reason: Option<&str>| {
        rule.check(reason.map(Raw::from).as_ref())
            .map_err(|sentence| sentence.plain())
    };
    let ok = Ok(());
    assert_eq!(words(&ReasonRule::Optional, None), ok);
    assert_eq!(words(&ReasonRule::Optional, Some("x")), ok);
    assert_eq!(words(&ReasonRule::Required, Some("asked by phone")), ok);
    let required = Err("a reason is required here".to_owned());
    assert_eq!(words(&ReasonRule::Required, None), required);
    assert_eq!(words(&ReasonRule::Required, Some("")), required);
    assert_eq!(words(&ReasonRule::Required, Some(" \u{3000}\t")), required);
    assert_eq!(
        words(&like(r"SUP-\d+"), None),
        Err(r"a reason is required here, of the form SUP-digits (SUP-\d+)".to_owned())
    );
    assert_eq!(
        words(&like(r"SUP-\d+"), Some("because")),
        Err(r"the whole reason has to be of the form SUP-digits (SUP-\d+)".to_owned())
    );
    // A pattern that nothing satisfies too is no way around a reason.
    assert!(words(&like(".*"), Some(" ")).is_err() && words(&like(".*"), None).is_err());
    let both = like(r"SUP-\d+").stricter(like(r".{1,8}"));
    assert_eq!(
        words(&both, Some("SUP-123456789")),
        Err(r"the whole reason has to be of the form SUP-digits (SUP-\d+) and .{1,8}".to_owned())
    );
}

#[test]
fn the_stricter_of_two_rules_is_both() {
    use ReasonRule::{Optional, Required};
    for (one, two, expected) in [
        (Optional, Optional, Optional),
        (Optional, Required, Required),
        (Required, Required, Required),
        (Required, like("a"), like("a")),
        (Optional, like("a"), like("a")),
        (like("a"), like("a"), like("a")),
    ] {
        assert_eq!(one.clone().stricter(two.clone()), expected);
        assert_eq!(two.stricter(one), expected);
    }
    let both = like("a.*").stricter(like(".*b"));
    for (reason, fine) in [("ab", true), ("a", false), ("b", false)] {
        assert_eq!(both.check(Some(&Raw::from(reason))).is_ok(), fine, "{reason}");
    }
}

#[test]
fn what_holds_for_a_pool() {
    let listed = "eu-west-1_Listed";
    let guards = |change: &dyn Fn(&mut Guards)| {
        let mut guards = Guards::default();
        guards.pools.insert(pool(listed), PoolRules::default());
        change(&mut guards);
        guards
    };
    let open = Guard::default();
    let guard = |guards: &Guards, id: &str, name: Option<&str>| guards.of(&pool(id), name.map(Raw::from).as_ref());

    // Nothing said: a listed pool is open, another one opens for reading.
    let plain = guards(&|_| {});
    assert_eq!(guard(&plain, listed, Some("a")), open);
    assert_eq!(guard(&plain, listed, None), open);
    assert_eq!(guard(&plain, "x_1", None).unlisted, Some(Unlisted::Named));
    assert_eq!(guard(&plain, "x_1", None).read_only, None);

    // Protected by the pool's setting, by the service's name, by the name in the configuration, and while nobody knows.
    let protected = Guard {
        protected: true,
        reason: ReasonRule::Required,
        ..Guard::default()
    };
    let by_setting = guards(&|guards| guards.pools.get_mut(&pool(listed)).unwrap().protected = true);
    assert_eq!(guard(&by_setting, listed, Some("a")), protected);
    let by_name = guards(&|guards| guards.protected_names = names(&["*prod*", "live-?"]));
    assert_eq!(guard(&by_name, listed, Some("Prod")), protected);
    assert_eq!(guard(&by_name, listed, Some("live-1")), protected);
    assert_eq!(guard(&by_name, listed, Some("test")), open);
    assert_eq!(guard(&by_name, listed, None), protected);
    let by_given = guards(&|guards| {
        guards.protected_names = names(&["*prod*"]);
        guards.pools.get_mut(&pool(listed)).unwrap().name = Some(Raw::from("our prod"));
    });
    assert_eq!(guard(&by_given, listed, Some("test")), protected);

    // Reading only, by everybody who can say so; the policy is named before the others.
    let setting = |guards: &mut Guards| guards.pools.get_mut(&pool(listed)).unwrap().read_only = true;
    assert_eq!(guard(&guards(&setting), listed, None).read_only, Some(Because::Setting));
    let flag = guards(&|guards| guards.read_only = Some(Because::Flag));
    assert_eq!(guard(&flag, listed, None).read_only, Some(Because::Flag));
    let all = guards(&|guards| {
        setting(guards);
        guards.read_only = Some(Because::Policy);
    });
    assert_eq!(guard(&all, listed, None).read_only, Some(Because::Policy));

    // Pools that are not listed.
    for (unlisted, by, read_only, opens) in [
        (Unlisted::Named, Because::Setting, None, true),
        (Unlisted::ReadOnly, Because::Setting, Some(Because::Setting), true),
        (Unlisted::ReadOnly, Because::Policy, Some(Because::Policy), true),
        (Unlisted::Refuse, Because::Policy, Some(Because::Policy), false),
    ] {
        let guards = guards(&|guards| {
            guards.unlisted = unlisted;
            guards.unlisted_by = by;
        });
        let found = guard(&guards, "x_1", Some("a"));
        assert_eq!(
            (found.unlisted, found.read_only, found.opens()),
            (Some(unlisted), read_only, opens)
        );
        assert_eq!(guard(&guards, listed, Some("a")), open);
    }
}

#[test]
fn which_reason_a_pool_asks_for() {
    use ReasonRule::{Optional, Required};
    let form = |text: &str| Some(ReasonPattern::new(text).unwrap());
    for (protected, general, general_form, own, own_form, expected) in [
        (false, Optional, None, None, None, Optional),
        (false, Required, None, None, None, Required),
        // A pool's own rule takes the place of the general one.
        (false, Required, None, Some(Optional), None, Optional),
        (false, Optional, None, Some(Required), None, Required),
        // A protected pool asks whatever is said.
        (true, Optional, None, None, None, Required),
        (true, Optional, None, Some(Optional), None, Required),
        // A form holds where a reason is required, and a pool's own takes the place of the general one.
        (false, Optional, form("a"), None, None, Optional),
        (true, Optional, form("a"), None, None, like("a")),
        (false, Required, form("a"), None, None, like("a")),
        (false, Required, form("a"), None, form("b"), like("b")),
        (false, Optional, None, Some(Required), form("b"), like("b")),
        (false, Required, form("a"), Some(Optional), form("b"), Optional),
    ] {
        let rules = PoolRules {
            protected,
            reason: own,
            form: own_form,
            ..PoolRules::default()
        };
        let guards = Guards {
            reason: general,
            form: general_form,
            pools: [(pool("x_1"), rules)].into(),
            ..Guards::default()
        };
        assert_eq!(guards.of(&pool("x_1"), None).reason, expected);
    }
}

#[test]
fn where_the_listed_pools_are_said_a_pool_of_the_configuration_is_none_by_itself() {
    let (one, other) = (PoolId::new("eu-west-1_one"), PoolId::new("eu-west-1_other"));
    let guards = Guards {
        unlisted: Unlisted::Refuse,
        unlisted_by: Because::Policy,
        only: Some([one.clone(), PoolId::new("eu-west-1_nowhere")].into()),
        pools: [&one, &other].map(|id| (id.clone(), PoolRules::default())).into(),
        ..Guards::default()
    };
    let of = |id: &PoolId| guards.of(id, None);
    assert_eq!((of(&one).unlisted, of(&one).read_only), (None, None));
    assert!(!of(&other).opens());
    assert_eq!(of(&other).read_only, Some(Because::Policy));
    assert!(
        !of(&PoolId::new("eu-west-1_nowhere")).opens(),
        "nor one that is said and not configured"
    );
}

#[test]
fn an_entry_of_the_list_of_protected_users() {
    let sub = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";
    assert_eq!(
        ProtectedUser::parse("admin"),
        Some(ProtectedUser::Username(Username::new("admin")))
    );
    assert_eq!(ProtectedUser::parse(sub), Some(ProtectedUser::Sub(sub.to_owned())));
    assert_eq!(
        ProtectedUser::parse("group:admins"),
        Some(ProtectedUser::Group(Raw::from("admins")))
    );
    assert_eq!(
        ProtectedUser::parse("Group:admins"),
        Some(ProtectedUser::Username(Username::new("Group:admins")))
    );
    assert_eq!(
        ProtectedUser::parse("5f1c9a02-7d3e"),
        Some(ProtectedUser::Username(Username::new("5f1c9a02-7d3e")))
    );
    assert_eq!(ProtectedUser::parse(""), None);
    assert_eq!(ProtectedUser::parse("group:"), None);
    assert_eq!(
        format!("{:?}", ProtectedUser::parse("ann@example.com")),
        "Some(Username)"
    );
}

#[test]
fn whose_form_is_locked() {
    let sub = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f";
    let user = |username: &str, sub: &str| User::listed(username, &[("sub", sub)]);
    // In a pool where people sign in with an address, the username is a sub that nobody knows.
    let known_by = |name: &str, value: &str| {
        let mut user = user(sub, sub);
        user.attributes
            .insert(AttributeName::new(name), AttributeValue::new(value));
        user
    };
    let admins = [Raw::from("admins"), Raw::from("staff")];
    let others = [Raw::from("Admins")];
    for (listed, user, groups, expected) in [
        (vec!["admin"], user("admin", "s"), None, Some(Lock::Listed)),
        (vec!["admin"], user("Admin", "s"), None, Some(Lock::Listed)),
        (vec!["admin"], user("ann", "s"), None, None),
        (
            vec!["Admin@example.com"],
            known_by("email", "admin@example.com"),
            None,
            Some(Lock::Listed),
        ),
        (
            vec!["admin"],
            known_by("preferred_username", "admin"),
            None,
            Some(Lock::Listed),
        ),
        (vec!["admin"], known_by("nickname", "admin"), None, None),
        (vec![sub], user("ann", sub), None, Some(Lock::Listed)),
        (vec![sub], user(sub, "other"), None, Some(Lock::Listed)),
        (vec![sub], user("ann", "s"), None, None),
        (
            vec!["group:admins"],
            user("ann", "s"),
            Some(&admins[..]),
            Some(Lock::Listed),
        ),
        (vec!["group:admins"], user("ann", "s"), Some(&others[..]), None),
        (vec!["group:admins"], user("ann", "s"), Some(&[][..]), None),
        (vec!["group:admins"], user("ann", "s"), None, Some(Lock::GroupsUnknown)),
        (vec!["group:admins", "ann"], user("ann", "s"), None, Some(Lock::Listed)),
        (vec![], user("ann", "s"), None, None),
    ] {
        let guards = Guards {
            protected_users: listed.iter().map(|text| ProtectedUser::parse(text).unwrap()).collect(),
            ..Guards::default()
        };
        assert_eq!(guards.lock(&user, groups), expected, "{listed:?}");
        assert_eq!(guards.is_protected(&user, groups), expected.is_some(), "{listed:?}");
    }
}
