//! The service says no: its code, what that means, whether anything was changed, and the one next step.

use cognitui::emulator::Fault;

use super::scene::{CUSTOMERS, GET, MEMBERS, SHOP, STAFF, UPDATE, form, open_form, setup};

#[test]
fn every_refusal_has_its_code_its_meaning_and_what_was_changed() {
    for (code, message, words) in [
        (
            "ResourceNotFoundException",
            "User pool us-east-1_aB3dE5fGh does not exist.",
            "this account has no such pool in this region",
        ),
        (
            "InvalidParameterException",
            "Invalid user attributes: nickname: String must be no longer than 1 characters",
            "nothing was changed",
        ),
        (
            "AliasExistsException",
            "An account with the email already exists.",
            "another user already signs in with this",
        ),
        ("NotAuthorizedException", "User is disabled.", "the user is disabled"),
        ("UserNotFoundException", "User does not exist.", "nothing was changed"),
        (
            "OperationNotEnabledException",
            "Operation not enabled",
            "open the pool in its primary region",
        ),
        (
            "AccessDeniedException",
            "User: x is not authorized to perform: cognito-idp:AdminUpdateUserAttributes on resource: y",
            "it lacks cognito-idp:AdminUpdateUserAttributes",
        ),
        (
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            "the access key is not known",
        ),
        (
            "InvalidSignatureException",
            "Signature expired",
            "this machine's clock is wrong by minutes",
        ),
        ("SerializationException", "", "the service could not read the request"),
        (
            "BrandNewException",
            "Something new",
            "with a code this version does not know",
        ),
    ] {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.emulator.inject(Fault::error(code, message).on(UPDATE));
        stage.set("nickname", "JJ").send();
        stage.ended(
            "REFUSED",
            &[
                code,
                message,
                words,
                "nothing was changed",
                "next: Enter here opens the form of jane.doe",
            ],
        );
        assert_eq!(stage.sent().len(), 1, "{code}");
        let request_id = stage
            .emulator
            .calls()
            .iter()
            .find(|call| call.operation == UPDATE)
            .unwrap()
            .request_id
            .clone();
        let shown = stage
            .entries()
            .iter()
            .find(|entry| entry.word.text() == "REFUSED")
            .unwrap()
            .request_id
            .clone();
        assert_eq!(shown.unwrap().as_str(), request_id, "{code}");
        assert_eq!(stage.pending(), ["nickname"], "{code}");
        stage.shows("Edit jane.doe");
    }
}

const LATE: [&str; 6] = [
    "UnexpectedLambdaException",
    "UserLambdaValidationException",
    "InvalidLambdaResponseException",
    "InvalidSmsRoleAccessPolicyException",
    "InvalidEmailRoleAccessPolicyException",
    "InvalidSmsRoleTrustRelationshipException",
];

#[test]
fn a_late_error_before_anything_was_stored_is_a_refusal() {
    for code in LATE {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.emulator.inject(Fault::error(code, "words").on(UPDATE));
        stage.set("nickname", "JJ").send();
        stage.ended("REFUSED", &[code, "read back: nothing was changed"]);
    }
}

#[test]
fn a_late_error_after_the_values_were_stored_does_not_claim_that_nothing_changed() {
    for code in LATE {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage
            .emulator
            .inject(Fault::error(code, "words").on(UPDATE).after_applying());
        stage.set("email", "jane.doe@example.com").keys("vv").send();
        stage.ended(
            "applied",
            &[
                "read back and true: email",
                &format!("the service answered {code}: words"),
                "whether a message went out is not known",
                "reading back shows that the values were stored all the same",
            ],
        );
        assert!(!stage.outcome().1.contains("nothing was changed"));
        assert!(
            !stage.outcome().1.contains("expected: a code"),
            "nobody can expect it now"
        );
        assert_eq!(stage.sent().len(), 1);
        let lines = stage.journal();
        assert_eq!(
            (&lines[1]["outcome"]["word"], &lines[2]["seen"]["word"]),
            (&"refused".into(), &"applied".into())
        );
    }
}

#[test]
fn a_late_error_that_nothing_shows_the_end_of_is_unknown() {
    let late = Fault::error("UnexpectedLambdaException", "words");
    let mut stage = form(SHOP, "jane.doe");
    stage.emulator.inject(late.clone().on(UPDATE).after_applying());
    stage.set("email", "jane.doe@example.com").keys("vv").send();
    stage.ended("UNKNOWN", &["UnexpectedLambdaException", "it cannot be told yet"]);
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(late.on(UPDATE));
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.emulator.inject(Fault::denied(GET).skipping(1));
    stage.keys("<tab><enter>");
    stage.ended(
        "UNKNOWN",
        &["UnexpectedLambdaException", "not read back: AccessDeniedException"],
    );
}

#[test]
fn a_taken_sign_in_name_is_refused_and_the_next_step_opens_its_owner() {
    let mut stage = open_form(setup(STAFF, "dan@example.com"));
    let una = stage.emulator.user(STAFF, "una@example.com").unwrap();
    stage.set("email", "una@example.com").keys("vv").send();
    stage.ended(
        "REFUSED",
        &[
            "AliasExistsException",
            "nothing was changed",
            &format!("next: Enter here opens {}", una.username),
        ],
    );
    stage.keys("<tab><enter>");
    stage.shows(&format!("User {}", una.username));
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn a_user_whose_missing_attribute_cannot_be_set_is_refused_in_plain_words() {
    let mut stage = form(MEMBERS, "lacks.most");
    stage
        .set("custom:motto", "Onward")
        .set("name", "Lou")
        .set("email", "lou@example.com")
        .keys("v")
        .send();
    stage.ended(
        "REFUSED",
        &["birthdate: The attribute is required", "nothing was changed"],
    );
}
