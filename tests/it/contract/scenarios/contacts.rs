//! The verification matrix of AdminUpdateUserAttributes, row by row, in the three kinds of pool, and what it does to
//! names that people sign in with. Sources: Cognito API reference, AdminUpdateUserAttributes; developer guide,
//! "Verifying updates to email addresses and phone numbers" and "Customizing sign-in attributes".

use cognitui::job::{Job, Reply};
use serde_json::{Value, json};

use super::{Writes, shown, writing_program};
use crate::contract::ledger::Ledger;
use crate::contract::people::{custom, ordinary, people, person};
use crate::contract::program::Program;
use crate::contract::service::Site;

const EMAIL: &[&str] = &["email", "email_verified"];
const PHONE: &[&str] = &["phone_number", "phone_number_verified"];

/// The program with the pool's settings read, as the form has them: only with them it knows what may wait for a code.
fn form(site: &Site) -> Program {
    let program = writing_program(site);
    let reply = program.ask(Job::DescribePool {
        place: site.place.clone(),
    });
    assert!(matches!(reply, Reply::Pool(Ok(_))), "{reply:?}");
    program
}

/// A pool that sends a code after a change.
pub fn verifying(ledger: &mut Ledger) {
    let mut phoned = person("phoned");
    phoned["attributes"]["phone_number"] = json!("+15550100001");
    phoned["attributes"]["phone_number_verified"] = json!("true");
    let mut unverified = person("unverified");
    unverified["attributes"]["email_verified"] = json!("false");
    let nothing = json!({"username": "nothing", "attributes": {"given_name": "Robin"}});
    let mut users = people(&["left", "checked", "doubted", "undone", "dropped"]);
    users.as_array_mut().unwrap().extend([phoned, unverified, nothing]);
    let site = ledger.site(&ordinary(users));
    let program = form(&site);
    let mut writes = Writes::new(&site, &program);
    writes.send(
        "a new address is in force at once and not verified",
        "left",
        &[("email", Some("new@example.com"))],
        EMAIL,
        "applied; email=new@example.com email_verified=false",
    );
    writes.send(
        "a new address that was checked is verified",
        "checked",
        &[("email", Some("new@example.com")), ("email_verified", Some("true"))],
        EMAIL,
        "applied; email=new@example.com email_verified=true",
    );
    writes.send(
        "a new address that is marked unverified",
        "doubted",
        &[("email", Some("new@example.com")), ("email_verified", Some("false"))],
        EMAIL,
        "applied; email=new@example.com email_verified=false",
    );
    writes.send(
        "an address that is there is marked verified",
        "unverified",
        &[("email_verified", Some("true"))],
        EMAIL,
        "applied; email=unverified@example.com email_verified=true",
    );
    writes.send(
        "an address that is there is marked unverified",
        "undone",
        &[("email_verified", Some("false"))],
        EMAIL,
        "applied; email=undone@example.com email_verified=false",
    );
    writes.send(
        "an address is deleted, and its mark with it",
        "dropped",
        &[("email", None)],
        EMAIL,
        "applied; email=- email_verified=-",
    );
    writes.send(
        "a first address is not verified",
        "nothing",
        &[("email", Some("first@example.com"))],
        EMAIL,
        "applied; email=first@example.com email_verified=false",
    );
    // Not verified by itself in this pool: no message, and the same two values.
    writes.send(
        "a new number is in force at once and not verified",
        "phoned",
        &[("phone_number", Some("+15550100009"))],
        PHONE,
        "applied; phone_number=+15550100009 phone_number_verified=false",
    );
    writes.state(ledger);
}

/// A pool that keeps the old address until the code for the new one was entered.
pub fn waiting(ledger: &mut Ledger) {
    let site = ledger.site(&json!({
        "pool": {
            "PoolName": "contract of waiting",
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        },
        "custom": custom(),
        "users": people(&["left", "checked", "beside"]),
    }));
    let program = form(&site);
    let mut writes = Writes::new(&site, &program);
    writes.send(
        "a new address waits, and the old one stays in force",
        "left",
        &[("email", Some("new@example.com"))],
        EMAIL,
        "waiting; email=left@example.com email_verified=true",
    );
    writes.send(
        "a new address that was checked does not wait",
        "checked",
        &[("email", Some("new@example.com")), ("email_verified", Some("true"))],
        EMAIL,
        "applied; email=new@example.com email_verified=true",
    );
    writes.send(
        "what is sent beside it does not wait",
        "beside",
        &[("email", Some("new@example.com")), ("custom:tier", Some("gold"))],
        &["email", "custom:tier"],
        "waiting; email=beside@example.com custom:tier=gold",
    );
    writes.state(ledger);
}

/// A pool that verifies nothing by itself.
pub fn not_verified_by_itself(ledger: &mut Ledger) {
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of nothing verified"},
        "users": [verified("left"), verified("checked")],
    }));
    let program = form(&site);
    let mut writes = Writes::new(&site, &program);
    writes.send(
        "a new address is in force at once and not verified",
        "left",
        &[("email", Some("new@example.com"))],
        EMAIL,
        "applied; email=new@example.com email_verified=false",
    );
    writes.send(
        "a new address that was checked is verified",
        "checked",
        &[("email", Some("new@example.com")), ("email_verified", Some("true"))],
        EMAIL,
        "applied; email=new@example.com email_verified=true",
    );
    writes.state(ledger);
}

/// Somebody with nothing but a verified address.
fn verified(username: &str) -> Value {
    json!({"username": username,
           "attributes": {"email": format!("{username}@example.com"), "email_verified": "true"}})
}

/// A pool in which a verified address is a name to sign in with (github.com/boto/boto3#3213).
pub fn aliases(ledger: &mut Ledger) {
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of aliases", "AliasAttributes": ["email"]},
        "users": [verified("ann"), verified("bo"), verified("cy")],
    }));
    let program = form(&site);
    let mut writes = Writes::new(&site, &program);
    writes.send(
        "the address of somebody else without a mark takes nothing",
        "cy",
        &[("email", Some("ann@example.com"))],
        EMAIL,
        "applied; email=ann@example.com email_verified=false",
    );
    ledger.states(
        "the address names who has it verified",
        "ann",
        site.named("ann@example.com"),
    );
    writes.send(
        "the address of somebody else, checked, is taken without a word",
        "bo",
        &[("email", Some("ann@example.com")), ("email_verified", Some("true"))],
        EMAIL,
        "applied; email=ann@example.com email_verified=true",
    );
    writes.state(ledger);
    ledger.states(
        "who had it keeps the address and loses the mark",
        "email=ann@example.com email_verified=false",
        shown(&site.seen(&["ann"]).remove(0), EMAIL),
    );
    ledger.states("the address names who took it", "bo", site.named("ann@example.com"));
}

/// A pool in which an address is the name to sign in with, and the username is made by the service.
pub fn signing_in_by_email(ledger: &mut Ledger) {
    let user = |email: &str| json!({"username": email, "attributes": {"email_verified": "true"}});
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of sign-in names", "UsernameAttributes": ["email"]},
        "users": [user("ann@example.com"), user("bo@example.com")],
    }));
    let program = form(&site);
    let (ann, bo) = (site.username(0), site.username(1));
    let by = |name: &str| match site.named(name) {
        username if username == ann => "ann".to_owned(),
        username if username == bo => "bo".to_owned(),
        other => other,
    };
    ledger.states("the address names the user", "ann", by("ann@example.com"));
    let mut writes = Writes::new(&site, &program);
    // github.com/aws/aws-sdk-net#4387.
    writes.send(
        "an address that another user signs in with is refused",
        bo,
        &[("email", Some("ann@example.com")), ("email_verified", Some("true"))],
        &["email"],
        "refused: AliasExistsException: An account with the given email already exists.; email=bo@example.com",
    );
    writes.send(
        "a free address becomes the name",
        ann,
        &[("email", Some("ann.new@example.com")), ("email_verified", Some("true"))],
        &["email"],
        "applied; email=ann.new@example.com",
    );
    writes.state(ledger);
    ledger.states("the new address names the user", "ann", by("ann.new@example.com"));
    ledger.states(
        "the old address names nobody",
        "UserNotFoundException: User does not exist.",
        by("ann@example.com"),
    );
}
