//! The form: what it opens on, what becomes of edits, and what never loses them.

use cognitui::app::{Effect, Event, Settings};
use cognitui::domain::Raw;
use cognitui::emulator::{Fault, ListLag, Seed};
use serde_json::json;

use super::scene::{CUSTOMERS, GET, MEMBERS, PARTNERS, SHOP, UPDATE, form, open_form, pairs, setup};
use super::stage::{Setup, read_only, rules};

/// ListUsers still says JD; the service knows better.
fn lagging() -> Setup {
    setup(CUSTOMERS, "jane.doe").service(|service| {
        service.lag_list(CUSTOMERS, ListLag::UntilTold);
        service.change_user(CUSTOMERS, "jane.doe", |user| {
            user.attributes.insert("nickname".into(), "Janey".into());
        });
    })
}

#[test]
fn it_opens_on_the_row_and_the_full_answer_becomes_the_base() {
    let mut stage = lagging().start();
    stage.keys_before_answers("e");
    assert!(stage.row_with("nickname").contains("JD"), "usable before the answer");
    stage.settle();
    assert!(stage.row_with("nickname").contains("Janey"));
    assert_eq!(stage.calls(GET).len(), 1, "one call for opening the form");
}

#[test]
fn an_edit_that_equals_the_full_answer_drops_out_and_is_no_drift() {
    let mut stage = lagging().start();
    stage.keys_before_answers("e/nickname<enter><enter><ctrl-u>Janey<enter>");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.settle();
    assert!(stage.pending().is_empty());
    stage.keys("<ctrl-s>");
    stage.answers("there are no pending edits to review");
}

#[test]
fn an_edit_made_before_the_full_answer_stays_and_is_judged_against_it() {
    let mut stage = lagging().start();
    stage.keys_before_answers("e/nickname<enter><enter><ctrl-u>JJ<enter>");
    stage.settle();
    stage.send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ")]));
    stage.ended("applied", &[]);
    assert_eq!(stage.journal()[0]["intent"]["changes"][0]["before"]["value"], "Janey");
}

#[test]
fn only_what_changed_is_sent_in_schema_order_with_deletions_as_blanks_in_the_same_call() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage
        .set("custom:tier", "gold")
        .go("nickname")
        .keys("x")
        .set("email", "jane.doe@example.com")
        .keys("v");
    stage.send();
    assert_eq!(
        stage.calls(UPDATE),
        [json!({
            "UserPoolId": CUSTOMERS,
            "Username": "jane.doe",
            "UserAttributes": [
                { "Name": "nickname", "Value": "" },
                { "Name": "email", "Value": "jane.doe@example.com" },
                { "Name": "email_verified", "Value": "true" },
                { "Name": "custom:tier", "Value": "gold" },
            ],
        })]
    );
    stage.ended(
        "applied",
        &["read back and true: nickname, email, email_verified, custom:tier"],
    );
    assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "nickname"), None);
}

#[test]
fn a_value_set_back_is_no_change() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.set("nickname", "JD");
    assert!(stage.pending().is_empty());
    stage.set("nickname", "JJ").keys("u");
    assert!(stage.pending().is_empty());
    stage.keys("x");
    assert!(stage.row_with("nickname").contains("(delete)"));
    stage.keys("u");
    assert!(stage.pending().is_empty());
    stage.keys("u");
    stage.answers("nickname has no pending edit");
}

#[test]
fn an_empty_field_asks_which_was_meant() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter><ctrl-u><enter>");
    stage.answers("empty: Esc gives the value back; then x deletes the attribute");
    stage.shows("EDITING nickname");
    assert!(stage.pending().is_empty());
    stage.keys("<esc>");
    assert!(stage.pending().is_empty() && stage.row_with("nickname").contains("JD"));
    stage.keys("x");
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn an_empty_field_of_an_attribute_that_is_not_set_is_nothing() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("website").keys("<enter><enter>");
    assert!(stage.pending().is_empty());
    stage.shows_not("EDITING");
    stage.keys("x");
    stage.answers("website is not set");
}

#[test]
fn what_is_locked_says_why() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    assert!(
        stage
            .row_with("custom:hireId")
            .contains("locked: immutable in this pool")
    );
    assert!(stage.row_with("   sub ").contains("locked: the service fixes it"));
    for key in ["<enter>", "x"] {
        stage.go("custom:hireId").keys(key);
        stage.answers("custom:hireId is locked: immutable in this pool");
        stage.go("sub").keys(key);
        stage.answers("sub is locked: the service fixes it");
    }
    stage.paste("another");
    stage.answers("sub is locked");
    assert!(stage.pending().is_empty());
    let mut stage = form(PARTNERS, "CorpSAML_ana@corp.example");
    assert!(
        stage
            .row_with("identities")
            .contains("locked: only linking and federated")
    );
    stage.go("identities").keys("<enter>");
    stage.answers("identities is locked: only linking and federated sign-in write it");
}

#[test]
fn every_attribute_of_the_schema_is_there_set_or_not() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.shows_not("website");
    stage.keys("+");
    for name in [
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
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "phone_number",
        "address",
        "updated_at",
        "custom:tier",
        "custom:hireId",
        "custom:newsletter",
        "sub",
        "identities",
    ] {
        stage.shows(name);
    }
    assert_eq!(
        stage.screen().matches("  verified").count(),
        2,
        "one mark under each contact"
    );
}

#[test]
fn a_required_attribute_cannot_be_deleted() {
    let mut stage = form(MEMBERS, "lacks.name");
    stage.go("email").keys("x");
    stage.answers("email is required in this pool: it can be changed, not deleted");
    assert!(stage.pending().is_empty());
}

#[test]
fn a_missing_required_attribute_is_asked_for_because_nothing_can_be_sent_without() {
    let mut stage = form(MEMBERS, "lacks.name");
    stage.set("custom:motto", "Onward");
    stage.will_not("never");
    stage.keys("<ctrl-s>");
    stage.answers("name: required in this pool and not set: the service refuses every edit until it has a value");
    stage.shows("Edit lacks.name");
    stage.sent_nothing();
    // The cursor is there already.
    stage.keys("<enter>Lara Lacks<enter>");
    stage.send();
    assert_eq!(
        stage.sent_once(),
        pairs(&[("name", "Lara Lacks"), ("custom:motto", "Onward")])
    );
    stage.ended("applied", &[]);
}

#[test]
fn leaving_the_form_keeps_its_edits() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<esc>");
    stage.answers("1 pending edit kept; e opens the form again");
    stage.shows("User jane.doe");
    stage.keys("<esc>/bob<enter>").keys("<esc><esc>");
    stage.keys("/jane.doe<enter>e");
    assert!(stage.row_with("nickname").contains("JJ"));
    stage.send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "JJ")]));
}

#[test]
fn esc_never_loses_an_edit_however_long_it_is_held() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    stage.keys("<esc><esc><esc><esc><esc><esc>");
    stage.sent_nothing();
    stage.keys("/jane.doe<enter>e");
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn only_discard_throws_away_and_it_asks_for_the_count() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").set("custom:tier", "gold");
    stage.keys(":discard<enter>");
    stage.keys("1<enter>");
    stage.shows("type the count");
    assert_eq!(stage.pending().len(), 2);
    stage.keys("<esc>");
    assert_eq!(stage.pending().len(), 2);
    stage.keys(":discard<enter>2<enter>");
    assert!(stage.pending().is_empty());
    stage.keys(":discard<enter>");
    stage.answers("there are no pending edits");
}

#[test]
fn edits_stay_while_another_pool_is_open_and_never_reach_the_user_of_that_name_there() {
    let two = Setup::new(Seed::demo(), &[CUSTOMERS, SHOP]).size(100, 60);
    let mut stage = two.start();
    stage
        .keys("/jane.doe<enter>e")
        .set("nickname", "JJ")
        .keys("<esc><esc>p");
    stage.shows("shop-prod");
    stage.keys("j<enter>");
    stage.shows(SHOP);
    stage.keys("/jane.doe<enter>e");
    stage.shows("Edit jane.doe");
    assert!(stage.pending().is_empty(), "another pool's jane.doe has no edits");
    stage.set("custom:tier", "gold").send();
    assert_eq!(stage.calls(UPDATE)[0]["UserPoolId"], SHOP);
    assert_eq!(stage.sent_once(), pairs(&[("custom:tier", "gold")]));
    stage.keys("<esc><esc>p").keys("k<enter>");
    stage.shows(CUSTOMERS);
    stage.keys("/jane.doe<enter>e");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.send();
    assert_eq!(stage.calls(UPDATE)[1]["UserPoolId"], CUSTOMERS);
    assert_eq!(stage.sent()[1], pairs(&[("nickname", "JJ")]));
}

#[test]
fn expired_credentials_cost_no_edit() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    stage.emulator.inject(
        Fault::error(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )
        .always(),
    );
    stage.keys("r");
    stage.shows("ExpiredTokenException");
    stage.keys("<ctrl-s>");
    stage.answers("the form is locked");
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(stage.pending(), ["nickname"]);
    stage.send();
    stage.ended("applied", &[]);
}

#[test]
fn a_write_refused_for_expired_credentials_goes_out_after_one_retry() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ");
    stage.emulator.inject(
        Fault::error(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )
        .on(UPDATE),
    );
    stage.send();
    stage.ended(
        "REFUSED",
        &["ExpiredTokenException", "nothing was changed", "aws sso login"],
    );
    stage.keys("r").send();
    stage.ended("applied", &[]);
    assert_eq!(stage.sent().len(), 2, "one request for each decision");
}

#[test]
fn reading_only_there_is_no_form() {
    let by_flag: fn(&mut Settings) = read_only;
    let by_setting: fn(&mut Settings) = |settings| rules(settings).read_only = true;
    for reads in [by_flag, by_setting] {
        let stage = setup(CUSTOMERS, "jane.doe")
            .change(reads)
            .change(|settings| rules(settings).protected = true);
        let mut stage = stage.start();
        stage.shows("User jane.doe");
        stage.keys("e");
        stage.shows("User jane.doe");
        stage.answers("edit is not there");
        stage.keys("W");
        stage.answers("write-mode is not there");
        stage.paste("x");
        stage.answers("a paste does nothing here");
        stage.sent_nothing();
    }
}

#[test]
fn client_metadata_is_sent_and_said_to_reach_triggers_only() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage
        .set("nickname", "JJ")
        .keys("mticket=SUP-1234, why=asked\\, twice<enter>");
    stage.will("2 keys of client metadata reach Lambda triggers only and are not stored");
    stage.keys("m");
    stage.shows("ticket=SUP-1234, why=asked\\, twice");
    stage.keys("<esc>").send();
    assert_eq!(
        stage.calls(UPDATE)[0]["ClientMetadata"],
        json!({ "ticket": "SUP-1234", "why": "asked, twice" })
    );
    stage.keys("e").set("nickname", "JK").send();
    assert_eq!(
        stage.calls(UPDATE)[1].get("ClientMetadata"),
        None,
        "it belonged to the change it was sent with"
    );
}

#[test]
fn client_metadata_that_is_not_metadata_is_not_taken() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("mticket<enter>");
    stage.shows("write key=value");
    stage.keys("<esc>").send();
    assert_eq!(stage.calls(UPDATE)[0].get("ClientMetadata"), None);
}

#[test]
fn a_value_can_be_edited_outside() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter><ctrl-o>");
    assert!(stage.effects.contains(&Effect::EditOutside(Raw::from("JD"))));
    stage.event(Event::Edited(Ok(Raw::from("Jane \"D\""))));
    stage.keys("<enter>");
    stage.send();
    assert_eq!(stage.sent_once(), pairs(&[("nickname", "Jane \"D\"")]));
}

#[test]
fn an_editor_that_failed_changes_nothing_and_is_said() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.go("nickname").keys("<enter><ctrl-o>");
    stage.event(Event::Edited(Err(Raw::from("vi ended with 1"))));
    assert!(
        stage.said().contains("the value is as it was: vi ended with 1"),
        "{}",
        stage.said()
    );
    stage.keys("<enter>");
    assert!(stage.pending().is_empty());
}

#[test]
fn the_form_of_somebody_else_who_is_reached_by_the_name_stays_shut() {
    // The user is deleted after the list was read, and the name is by now an alias of another one.
    let mut stage = setup(SHOP, "jane.doe").start();
    stage.emulator.remove_user(SHOP, "jane.doe");
    stage.emulator.change_user(SHOP, "tom", |user| {
        user.attributes.insert("preferred_username".into(), "jane.doe".into());
    });
    stage.keys("e");
    stage.shows("the form is locked");
    assert!(stage.said().contains("OtherUser"), "{}", stage.said());
    stage.keys("<enter>");
    stage.answers("the form is locked");
    stage.sent_nothing();
}

#[test]
fn a_form_opens_from_the_list_on_the_e_mail() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(100, 60).start();
    stage.keys("e<enter>");
    stage.shows("EDITING email");
    let mut stage = open_form(setup(CUSTOMERS, "bob"));
    stage.keys("<enter>");
    stage.shows("EDITING email");
}

#[test]
fn no_value_is_in_the_debug_output_of_the_program() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "Nicknamed").keys("<ctrl-s><tab><enter>");
    stage.keys("<esc><esc>/jane.doe@example.com<enter>/Nicknamed");
    let printed = format!("{:?}", stage.app());
    for value in ["jane.doe", "jane@example.com", "Nicknamed", "+15555550100"] {
        assert!(!printed.contains(value), "{value} is in it");
    }
}
