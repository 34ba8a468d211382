//! Everything that only looks: pools, lists, finds, users, groups.

use std::collections::BTreeSet;

use cognitui::domain::consequence::Owner;
use cognitui::domain::find::plan;
use cognitui::domain::pool::SignIn;
use cognitui::domain::schema::{DataType, SchemaAttribute};
use cognitui::domain::{AttributeName, AttributeValue, Contact, PageToken, Place, PoolId, Raw, Username};
use cognitui::job::groups::Members;
use cognitui::job::scan::{Chain, Checkpoint, Scan};
use cognitui::job::{Job, Reply};
use serde_json::json;

use super::program;
use crate::contract::ledger::Ledger;
use crate::contract::people::{custom, ordinary, people, person};
use crate::contract::program::{Program, said};

/// The standard attributes that DescribeUserPool returns (AWS CLI reference, describe-user-pool, examples).
const STANDARD: [&str; 21] = [
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
    "identities",
];

/// A pool that is not there, in the form of one that could be.
const NOT_THERE: &str = "us-east-1_NotThere1";
const NO_POOL: &str = "ResourceNotFoundException: User pool us-east-1_NotThere1 does not exist.";
const NO_USER: &str = "UserNotFoundException: User does not exist.";

fn elsewhere(place: &Place) -> Place {
    Place {
        target: place.target.clone(),
        pool: PoolId::new(NOT_THERE),
    }
}

/// ListUserPools, DescribeUserPool, ListIdentityProviders.
pub fn pools(ledger: &mut Ledger) {
    let site = ledger.site(&json!({
        "pool": {
            "PoolName": "contract of pools",
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
            "AliasAttributes": ["email", "phone_number"],
            "UsernameConfiguration": {"CaseSensitive": false},
        },
        "custom": custom(),
    }));
    let program = program();
    let place = &site.place;

    let mut token = None;
    let listed = loop {
        let page = match program.ask(Job::ListPools {
            target: place.target.clone(),
            token,
        }) {
            Reply::Pools(Ok(answered)) => answered.value,
            other => panic!("ListPools was answered with {other:?}"),
        };
        if let Some(row) = page.items.iter().find(|row| row.id == place.pool) {
            break format!("as {}", row.name.as_str());
        }
        token = page.next;
        if token.is_none() {
            break "not listed".to_owned();
        }
    };
    ledger.states("the pool is listed", "as contract of pools", listed);

    let described = match program.ask(Job::DescribePool { place: place.clone() }) {
        Reply::Pool(Ok(answered)) => answered,
        other => panic!("DescribePool was answered with {other:?}"),
    };
    let id = if described.request_id.is_some() { "yes" } else { "no" };
    ledger.states("an answer carries its request id", "yes", id);
    let pool = described.value;
    let missing: Vec<&str> = STANDARD
        .into_iter()
        .filter(|name| pool.schema.get(&AttributeName::new(*name)).is_none())
        .collect();
    ledger.states("the schema has every standard attribute", "", missing.join(" "));
    let mut own: Vec<String> = pool
        .schema
        .attributes
        .iter()
        .filter(|attribute| attribute.name.is_custom())
        .map(summary)
        .collect();
    own.sort();
    ledger.states(
        "custom attributes keep their type, limits and mutability",
        "custom:active Boolean mutable; custom:employee String 1..20 immutable; custom:seats Number 1..500 mutable; \
         custom:since DateTime mutable; custom:tier String 1..20 mutable",
        own.join("; "),
    );
    let sub = pool
        .schema
        .get(&AttributeName::new("sub"))
        .map(|sub| (sub.mutable, sub.required));
    ledger.states("sub is required and fixed", "Some((false, true))", format!("{sub:?}"));
    let flag = pool
        .schema
        .get(&AttributeName::new("email_verified"))
        .map(|flag| flag.data_type.clone());
    ledger.states("a verified flag is a Boolean", "Some(Boolean)", format!("{flag:?}"));
    ledger.states(
        "what is verified by itself is told",
        "{Email}",
        format!("{:?}", pool.auto_verified),
    );
    ledger.states(
        "what is verified before an update is told",
        "{Email}",
        format!("{:?}", pool.verify_before_update),
    );
    let aliases = match &pool.sign_in {
        SignIn::Aliases(names) => names.iter().map(AttributeName::as_str).collect::<Vec<_>>().join(" "),
        SignIn::UsernameAttributes(_) => "sign-in names".to_owned(),
    };
    ledger.states("aliases are told", "email phone_number", aliases);
    let case = if pool.case_sensitive {
        "sensitive"
    } else {
        "insensitive"
    };
    ledger.states("case of usernames is told", "insensitive", case);

    let absent = match program.ask(Job::DescribePool {
        place: elsewhere(place),
    }) {
        Reply::Pool(Err(fault)) => said(&fault),
        other => format!("{other:?}"),
    };
    ledger.states("a pool that is not there is told as such", NO_POOL, absent);

    let providers = match program.ask(Job::Providers { place: place.clone() }) {
        Reply::Providers(Ok(answered)) => format!("{} providers", answered.value.len()),
        Reply::Providers(Err(fault)) => said(&fault),
        other => format!("{other:?}"),
    };
    ledger.states("a pool without identity providers has none", "0 providers", providers);
}

fn summary(attribute: &SchemaAttribute) -> String {
    let limits = |kind: &str, min: Option<String>, max: Option<String>| match (min, max) {
        (None, None) => kind.to_owned(),
        (min, max) => format!("{kind} {}..{}", min.unwrap_or_default(), max.unwrap_or_default()),
    };
    let kind = match &attribute.data_type {
        DataType::String { min, max } => {
            limits("String", min.map(|min| min.to_string()), max.map(|max| max.to_string()))
        }
        DataType::Number { min, max } => {
            limits("Number", min.map(|min| min.to_string()), max.map(|max| max.to_string()))
        }
        DataType::Boolean => "Boolean".to_owned(),
        DataType::DateTime => "DateTime".to_owned(),
        DataType::Unknown(raw) => raw.as_str().to_owned(),
    };
    let mutable = if attribute.mutable { "mutable" } else { "immutable" };
    format!("{} {kind} {mutable}", attribute.name.as_str())
}

/// ListUsers without a filter, page after page.
pub fn listing(ledger: &mut Ledger) {
    const COUNT: usize = 130;
    let names: Vec<String> = (0..COUNT).map(|number| format!("user{number:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let site = ledger.site(&ordinary(people(&names)));
    let program = program();

    let (mut sizes, mut users, mut token) = (Vec::new(), Vec::new(), None);
    loop {
        let page = match program.ask(Job::ListUsers {
            place: site.place.clone(),
            token,
        }) {
            Reply::Users(Ok(answered)) => answered.value,
            other => panic!("ListUsers was answered with {other:?}"),
        };
        sizes.push(page.items.len());
        users.extend(page.items);
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    ledger.states("a page holds sixty", "[60, 60, 10]", format!("{sizes:?}"));
    let distinct: BTreeSet<&str> = users.iter().map(|user| user.username.as_str()).collect();
    ledger.states(
        "everybody is listed, and nobody twice",
        "130 rows, 130 users",
        format!("{} rows, {} users", users.len(), distinct.len()),
    );
    let row = users.iter().find(|user| user.username.as_str() == "user007").unwrap();
    ledger.states(
        "a row holds what AdminGetUser holds, but the second factors",
        "user007@example.com true silver CONFIRMED enabled:true created:true mfa:false",
        format!(
            "{} {} {} {} enabled:{} created:{} mfa:{}",
            row.text("email").unwrap_or("-"),
            row.text("email_verified").unwrap_or("-"),
            row.text("custom:tier").unwrap_or("-"),
            row.status.raw().as_str(),
            row.enabled,
            row.created.is_some(),
            row.mfa().is_some(),
        ),
    );
    let first_page = |place: Place, token: Option<PageToken>| match program.ask(Job::ListUsers { place, token }) {
        Reply::Users(Ok(answered)) => format!("{} users", answered.value.items.len()),
        Reply::Users(Err(fault)) => fault.code.as_str().to_owned(),
        other => format!("{other:?}"),
    };
    // The words for it are not documented, so only the code is compared.
    ledger.states(
        "a token that is none is refused",
        "InvalidParameterException",
        first_page(site.place.clone(), Some(PageToken("not-a-token".to_owned()))),
    );
    ledger.states(
        "a pool that is not there has no list",
        "ResourceNotFoundException",
        first_page(elsewhere(&site.place), None),
    );
}

/// Whom a find brings: usernames in order, `nobody`, or what the service said.
fn found(program: &Program, place: &Place, typed: &str) -> String {
    let plan = plan(typed, None, &["+1".to_owned()]);
    let found = match program.ask(Job::Find {
        place: place.clone(),
        plan,
    }) {
        Reply::Found(Ok(answered)) => answered.value,
        Reply::Found(Err(fault)) => return said(&fault),
        other => panic!("Find was answered with {other:?}"),
    };
    let mut names: Vec<&str> = found.users.iter().map(|user| user.username.as_str()).collect();
    names.sort_unstable();
    let mut told = if names.is_empty() {
        "nobody".to_owned()
    } else {
        names.join(" ")
    };
    for fault in &found.faults {
        told.push_str(&format!(" ({})", said(fault)));
    }
    told
}

/// A find: ListUsers with a filter that the program wrote.
pub fn finding(ledger: &mut Ledger) {
    let person = |username: &str, email: &str, phone: &str, given: &str, family: &str| {
        json!({"username": username, "attributes": {
            "email": email, "email_verified": "true", "phone_number": phone,
            "given_name": given, "family_name": family, "name": format!("{given} {family}"),
        }})
    };
    let site = ledger.site(&ordinary(json!([
        person("ada.l", "ada@example.com", "+15550100001", "Ada", "Lindqvist"),
        person("ada.m", "adam@example.com", "+15550100002", "Adam", "Moreau"),
        person("zoe", "zoe@example.com", "+15550100003", "Zoë", "O\"Neil"),
        person("slash", "slash@example.com", "+15550100004", "back\\slash", "Quist"),
    ])));
    let program = program();
    let place = &site.place;
    let sub = program.user(place, "ada.l").unwrap().sub().unwrap().to_owned();

    for (statement, typed, aws) in [
        ("a username in full", "ada.l", "ada.l"),
        ("the beginning of usernames", "ada.", "ada.l ada.m"),
        ("an address in full", "adam@example.com", "ada.m"),
        ("an address in other case", "ADAM@Example.com", "ada.m"),
        ("the beginning of an address", "zoe@exam", "zoe"),
        ("a number as people write it", "+1 (555) 010-0003", "zoe"),
        ("a number without its country", "555 010 0002", "ada.m"),
        ("a sub in full", sub.as_str(), "ada.l"),
        ("the beginning of a sub", &sub[..13], "ada.l"),
        ("a given name", "Adam", "ada.m"),
        ("a given name in other case", "adam", "ada.m"),
        ("a family name", "Quist", "slash"),
        ("two names", "Ada Lindqvist", "ada.l"),
        ("a name with an accent", "Zoë", "zoe"),
        ("a name with a quotation mark", "O\"Neil", "zoe"),
        ("a name with a backslash", "back\\slash", "slash"),
        ("somebody who is not there", "nobody-of-that-name", "nobody"),
    ] {
        ledger.states(statement, aws, found(&program, place, typed));
    }
}

/// Who has an address now: ListUsers by exact contact.
pub fn owners(ledger: &mut Ledger) {
    let mut unverified = person("bo");
    unverified["attributes"]["email_verified"] = json!("false");
    let site = ledger.site(&ordinary(json!([person("ann"), unverified])));
    let program = program();
    let owner = |contact: Contact, value: &str, not: &str| {
        let job = Job::Owner {
            place: site.place.clone(),
            contact,
            value: AttributeValue::new(value),
            not: Username::new(not),
        };
        match program.ask(job) {
            Reply::Owner(Ok(answered)) => match answered.value {
                Owner::NobodyFound { .. } => "nobody".to_owned(),
                Owner::Users { holders, .. } => holders
                    .iter()
                    .map(|holder| {
                        let verified = if holder.verified { "verified" } else { "unverified" };
                        format!("{} {verified}", holder.username.as_str())
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            },
            Reply::Owner(Err(fault)) => said(&fault),
            other => format!("{other:?}"),
        }
    };
    let email = |value: &str, not: &str| owner(Contact::Email, value, not);
    ledger.states(
        "who has a verified address",
        "ann verified",
        email("ann@example.com", "bo"),
    );
    ledger.states(
        "who has an unverified address",
        "bo unverified",
        email("bo@example.com", "ann"),
    );
    ledger.states(
        "who has an address in other case",
        "ann verified",
        email("Ann@Example.com", "bo"),
    );
    ledger.states(
        "the one it is meant for is no other",
        "nobody",
        email("ann@example.com", "ann"),
    );
    ledger.states("only the whole address counts", "nobody", email("ann@example.co", "bo"));
    ledger.states(
        "nobody has that number",
        "nobody",
        owner(Contact::PhoneNumber, "+15550109999", "bo"),
    );
}

/// AdminGetUser.
pub fn reading(ledger: &mut Ledger) {
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of reading", "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"]},
        "custom": custom(),
        "users": [
            person("ann"),
            {"username": "new", "attributes": {"email": "new@example.com"}, "confirmed": false},
            {"username": "off", "attributes": {"email": "off@example.com"}, "enabled": false},
            {"username": "zoë-1", "attributes": {"email": "zoe@example.com", "name": "Zoë 👩‍👧 \"Z\", O'Neil\\"}},
        ],
    }));
    let program = program();
    let place = &site.place;

    let ann = program.user(place, "ann").unwrap();
    let read: Vec<(&str, &str)> = ann
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let seen = site.seen(&["ann"]).remove(0);
    let seen: Vec<(&str, &str)> = seen
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(read, seen, "two clients read two users");
    let mut told = read;
    told.retain(|(name, _)| *name != "sub");
    ledger.states(
        "everything that was set is read",
        "[(\"custom:employee\", \"E-1001\"), (\"custom:tier\", \"silver\"), (\"email\", \"ann@example.com\"), \
         (\"email_verified\", \"true\"), (\"family_name\", \"Example\"), (\"given_name\", \"Robin\")]",
        format!("{told:?}"),
    );
    ledger.states(
        "facts beside the attributes",
        "sub:true created:true changed:true mfa:none",
        format!(
            "sub:{} created:{} changed:{} mfa:{}",
            ann.sub().is_some(),
            ann.created.is_some(),
            ann.changed.is_some(),
            ann.mfa().map_or("-".to_owned(), |mfa| mfa.words().into_string()),
        ),
    );
    let state = |name: &str| {
        let user = program.user(place, name).unwrap();
        format!(
            "{} {}",
            user.status.raw().as_str(),
            if user.enabled { "enabled" } else { "disabled" }
        )
    };
    ledger.states("somebody who has signed in", "CONFIRMED enabled", state("ann"));
    ledger.states("somebody who has not", "FORCE_CHANGE_PASSWORD enabled", state("new"));
    ledger.states("somebody who may not", "CONFIRMED disabled", state("off"));
    let name = program
        .user(place, "zoë-1")
        .unwrap()
        .text("name")
        .unwrap_or("-")
        .to_owned();
    ledger.states("any script, quotes and marks", "Zoë 👩‍👧 \"Z\", O'Neil\\", name);

    // The operation takes other names than the username. The program does not: an alias can move to another user
    // between two requests.
    for (statement, name, aws) in [
        ("a sub names its user", ann.sub().unwrap(), "ann"),
        ("a verified alias names its user", "ann@example.com", "ann"),
        ("an alias that is not verified names nobody", "new@example.com", NO_USER),
    ] {
        ledger.states(statement, aws, site.named(name));
        if name != "new@example.com" {
            assert!(program.user(place, name).is_err(), "{name} was taken for a username");
        }
    }
    let nobody = match program.user(place, "nobody") {
        Ok(_) => "somebody".to_owned(),
        Err(fault) => said(&fault),
    };
    ledger.states("somebody who is not there", NO_USER, nobody);
    let elsewhere = match program.user(&elsewhere(place), "ann") {
        Ok(_) => "there".to_owned(),
        Err(fault) => said(&fault),
    };
    ledger.states("a pool that is not there has no users", NO_POOL, elsewhere);
}

/// AdminListGroupsForUser, all pages.
pub fn groups(ledger: &mut Ledger) {
    let many: Vec<String> = (0..65).map(|number| format!("group-{number:02}")).collect();
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of groups"},
        "groups": many,
        "users": [
            {"username": "ann", "groups": ["group-03", "group-40"]},
            {"username": "bo"},
            {"username": "all", "groups": many},
        ],
    }));
    let program = program();
    let groups = |username: &str| {
        let job = Job::Groups {
            place: site.place.clone(),
            username: Username::new(username),
        };
        match program.ask(job) {
            Reply::Groups(Ok(answered)) => {
                let names: BTreeSet<&str> = answered.value.iter().map(|name| name.as_str()).collect();
                assert_eq!(names.len(), answered.value.len(), "a group twice");
                match names.len() {
                    0..=5 => names.into_iter().collect::<Vec<_>>().join(" "),
                    many => format!("{many} groups"),
                }
            }
            Reply::Groups(Err(fault)) => said(&fault),
            other => format!("{other:?}"),
        }
    };
    ledger.states("the groups of a user", "group-03 group-40", groups("ann"));
    ledger.states("somebody in no group", "", groups("bo"));
    ledger.states("more groups than a page holds", "65 groups", groups("all"));
    ledger.states("somebody who is not there", NO_USER, groups("nobody"));
}

/// Without a pace: on a clock that stands still nothing grows back.
const AT_ONCE: u32 = 100_000;

/// The whole pool, in one chain of pages and in sixteen parts.
pub fn scanning(ledger: &mut Ledger) {
    let names: Vec<String> = (0..130).map(|number| format!("user{number:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let site = ledger.site(&ordinary(people(&names)));
    let program = program();
    let scan = |from: Option<Checkpoint>| {
        let scan = Scan {
            rate: AT_ONCE,
            estimated: Some(130),
            from,
        };
        let (news, end) = program.told(Job::Scan {
            place: site.place.clone(),
            scan: Box::new(scan),
        });
        let Reply::ScanEnded(end) = end else { panic!("{end:?}") };
        let mut rows = Vec::new();
        for reply in &news {
            let Reply::Scanned(news) = reply else {
                panic!("{reply:?}")
            };
            rows.extend(news.users.rows().map(|row| row.username().into_owned()));
        }
        let distinct: BTreeSet<&String> = rows.iter().collect();
        let left = if end.checkpoint.is_some() {
            "some left"
        } else {
            "none left"
        };
        let mut told = format!("{} rows, {} users, {left}", rows.len(), distinct.len());
        for notice in &end.notices {
            told.push_str(&format!("; {}", notice.plain()));
        }
        if let Some(fault) = &end.fault {
            told.push_str(&format!("; {}", said(fault)));
        }
        told
    };
    ledger.states(
        "one chain brings everybody once",
        "130 rows, 130 users, none left",
        scan(None),
    );
    let parts = "0123456789abcdef".chars().map(|digit| Chain::new(Some(digit)));
    let parts = Checkpoint {
        chains: parts.collect(),
    };
    ledger.states(
        "sixteen parts bring everybody once",
        "130 rows, 130 users, none left",
        scan(Some(parts)),
    );
}

/// ListGroups and ListUsersInGroup, all pages.
pub fn members(ledger: &mut Ledger) {
    let users: Vec<serde_json::Value> = (0..65)
        .map(|number| json!({"username": format!("user{number:02}"), "groups": ["many"]}))
        .chain([json!({"username": "ann", "groups": ["many", "few"]})])
        .collect();
    let groups: Vec<String> = (0..62).map(|number| format!("group-{number:02}")).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).chain(["few", "many"]).collect();
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of members"},
        "groups": groups,
        "users": users,
    }));
    let program = program();
    let place = site.place.clone();
    let names = match program.ask(Job::ListGroups { place: place.clone() }) {
        Reply::GroupNames(Ok(answered)) => {
            let names: BTreeSet<&str> = answered.value.iter().map(|name| name.as_str()).collect();
            assert_eq!(names.len(), answered.value.len(), "a group twice");
            format!("{} groups", names.len())
        }
        Reply::GroupNames(Err(fault)) => said(&fault),
        other => panic!("{other:?}"),
    };
    ledger.states("more groups than a page holds are listed", "64 groups", names);
    let members = |group: &str| {
        let members = Members {
            groups: vec![Raw::from(group)],
            rate: AT_ONCE,
        };
        let (news, end) = program.told(Job::ReadMembers {
            place: place.clone(),
            members,
        });
        let Reply::MembersEnded(end) = end else {
            panic!("{end:?}")
        };
        let mut names = BTreeSet::new();
        for reply in &news {
            let Reply::Members(news) = reply else {
                panic!("{reply:?}")
            };
            names.extend(news.users.rows().map(|row| row.username().into_owned()));
        }
        match (&end.fault, names.len()) {
            // The words for it are not documented, so only the code is compared.
            (Some(fault), _) => fault.code.as_str().to_owned(),
            (None, 0..=5) => names.into_iter().collect::<Vec<_>>().join(" "),
            (None, many) => format!("{many} users"),
        }
    };
    ledger.states("who is in a group", "ann", members("few"));
    ledger.states("more members than a page holds", "66 users", members("many"));
    ledger.states("a group without anybody", "", members("group-07"));
    ledger.states(
        "a group that is not there",
        "ResourceNotFoundException",
        members("none"),
    );
}
