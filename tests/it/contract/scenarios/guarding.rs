//! What stops a write before it goes out, whatever the service would have made of it.

use std::time::Duration;

use cognitui::domain::guard::{Guards, PoolRules};
use cognitui::domain::{Place, PoolId, Raw, Why};
use cognitui::job::{Job, Submission};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Writes, program, shown, writing_program};
use crate::contract::ledger::Ledger;
use crate::contract::people::{ordinary, people};
use crate::contract::program::{Clock, Program, became, change};

/// Reading only, protected, armed.
pub fn guarding(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&["ann"])));
    let place = &site.place;
    let submit = |program: &Program, value: &str, armed_until: Option<Timestamp>| {
        let base = program.user(place, "ann").unwrap();
        let changes = change(&base, &[("nickname", Some(value))]);
        let submission = Submission {
            place: place.clone(),
            operation: cognitui::domain::Operation::update(changes),
            why: Why {
                reason: Some(Raw::from("SUP-1")),
                undoes: None,
            },
            armed_until,
        };
        let outcome = became(&program.submit_with_news(submission).0);
        outcome.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": ")
    };
    let left = || shown(&site.seen(&["ann"]).remove(0), &["nickname"]);
    let now = Clock::new().now();
    let armed = Some(now + Duration::from_secs(60));

    let reading = program();
    ledger.states(
        "without a writer nothing goes out",
        "refused: ReadOnly",
        submit(&reading, "first", armed),
    );
    let other = Place {
        target: place.target.clone(),
        pool: PoolId::new("us-east-1_Other0001"),
    };
    reading.open_writer(&other);
    ledger.states(
        "a writer of another pool is none",
        "refused: ReadOnly",
        submit(&reading, "second", armed),
    );
    let rules = PoolRules {
        protected: true,
        ..PoolRules::default()
    };
    let guards = Guards {
        pools: [(place.pool.clone(), rules)].into(),
        ..Guards::default()
    };
    let protected = Program::guarded(guards, super::READ_TIMEOUT);
    protected.open_writer(place);
    ledger.states(
        "a protected pool wants its name typed",
        "refused: NotArmed",
        submit(&protected, "third", None),
    );
    ledger.states(
        "and not too long ago",
        "refused: NotArmed",
        submit(&protected, "fourth", Some(now - Duration::from_secs(1))),
    );
    ledger.states("none of these wrote anything", "nickname=-", left());
    ledger.states("armed, it goes out", "applied", submit(&protected, "fifth", armed));
    protected.ask(Job::CloseWriter { place: place.clone() });
    ledger.states(
        "after the writer was closed nothing goes out",
        "refused: ReadOnly",
        submit(&protected, "sixth", armed),
    );
    ledger.states("only the armed one wrote", "nickname=fifth", left());
}

/// Somebody else was there between the review and the send.
pub fn drifting(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&["touched", "beside", "off", "contact", "equal"])));
    let program = writing_program(&site);
    let reviewed = |username: &str, name: &str, value: &str| {
        change(&program.user(&site.place, username).unwrap(), &[(name, Some(value))])
    };
    let touched = reviewed("touched", "custom:tier", "gold");
    let beside = reviewed("beside", "custom:tier", "gold");
    let off = reviewed("off", "custom:tier", "gold");
    let contact = reviewed("contact", "email_verified", "false");
    let equal = reviewed("equal", "custom:tier", "gold");

    let update = |username: &str, values: &[(&str, &str)]| {
        let attributes: Vec<Value> = values
            .iter()
            .map(|(name, value)| json!({"Name": name, "Value": value}))
            .collect();
        (
            "AdminUpdateUserAttributes",
            json!({"Username": username, "UserAttributes": attributes}),
        )
    };
    site.by_another_client(&[
        update("touched", &[("custom:tier", "platinum")]),
        update("beside", &[("nickname", "Bobby")]),
        ("AdminDisableUser", json!({"Username": "off"})),
        update("contact", &[("email", "other@example.com"), ("email_verified", "true")]),
        update("equal", &[("custom:tier", "gold")]),
    ]);

    let mut writes = Writes::new(&site, &program);
    writes.add(
        "what the change touches was changed: nothing goes out",
        "touched",
        became(&program.submit(&site.place, touched)),
        &["custom:tier"],
        "not sent: custom:tier; custom:tier=platinum",
    );
    let submitted = program.submit(&site.place, beside);
    let also: Vec<&str> = submitted.moved.also.iter().map(|drift| drift.name.as_str()).collect();
    writes.add(
        "something else was changed: it goes out, and that is told",
        "beside",
        format!("{}, also {}", became(&submitted), also.join(" ")),
        &["custom:tier", "nickname"],
        "applied, also nickname; custom:tier=gold nickname=Bobby",
    );
    writes.add(
        "the user was disabled: nothing goes out",
        "off",
        became(&program.submit(&site.place, off)),
        &["custom:tier"],
        "not sent: enabled; custom:tier=silver",
    );
    writes.add(
        "the address that a mark vouches for was changed: nothing goes out",
        "contact",
        became(&program.submit(&site.place, contact)),
        &["email", "email_verified"],
        "not sent: email; email=other@example.com email_verified=true",
    );
    writes.add(
        "somebody set the same value: that is a change all the same",
        "equal",
        became(&program.submit(&site.place, equal)),
        &["custom:tier"],
        "not sent: custom:tier; custom:tier=gold",
    );
    writes.state(ledger);
}
