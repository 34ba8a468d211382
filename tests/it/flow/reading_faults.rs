//! Everything that can go wrong while reading: named exactly, explained, with a next step, and tried again with `r`
//! without a restart and without losing pending edits.

use cognitui::app::session::View;
use cognitui::app::status::{Next, Word};
use cognitui::emulator::{Fault, Seed};

use super::demo::CUSTOMERS;
use super::stage::{Setup, Stage};

/// A way to fail, the code it has on the screen, and whether an answer with a request id came.
struct Case {
    code: &'static str,
    answered: bool,
    /// A word of the next step that nothing else would have.
    next: &'static str,
    fault: fn() -> Fault,
}

const CASES: &[Case] = &[
    Case {
        code: "AccessDeniedException",
        answered: true,
        next: "cognitui iam",
        fault: || {
            Fault::error(
                "AccessDeniedException",
                "User: arn:aws:iam::123456789012:user/ana is not authorized",
            )
        },
    },
    Case {
        code: "ExpiredTokenException",
        answered: true,
        next: "aws sso login",
        fault: || {
            Fault::error(
                "ExpiredTokenException",
                "The security token included in the request is expired",
            )
        },
    },
    Case {
        code: "UnrecognizedClientException",
        answered: true,
        next: "profile",
        fault: || {
            Fault::error(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        },
    },
    Case {
        code: "InvalidSignatureException",
        answered: true,
        next: "clock",
        fault: || {
            Fault::error(
                "InvalidSignatureException",
                "Signature expired: 20261118T100000Z is now earlier",
            )
        },
    },
    Case {
        code: "SerializationException",
        answered: true,
        next: "proxy",
        fault: || {
            Fault::error(
                "SerializationException",
                "Start of structure or map found where not expected.",
            )
        },
    },
    Case {
        code: "TooManyRequestsException",
        answered: true,
        next: "wait",
        fault: Fault::throttled,
    },
    Case {
        code: "ThrottlingException",
        answered: true,
        next: "wait",
        fault: || Fault::error("ThrottlingException", "Rate exceeded"),
    },
    Case {
        code: "InternalErrorException",
        answered: true,
        next: "wait",
        fault: Fault::internal,
    },
    Case {
        code: "HTTP 500",
        answered: true,
        next: "wait",
        fault: || Fault::foreign(500, "text/html", "<html><body>Bad gateway</body></html>"),
    },
    Case {
        code: "UnreadableAnswer",
        answered: true,
        next: "proxy",
        fault: || {
            Fault::foreign(
                200,
                "text/html",
                "<html><body>Sign in to the hotel's network</body></html>",
            )
        },
    },
    Case {
        code: "Timeout",
        answered: false,
        next: "r reads",
        fault: Fault::hang,
    },
    Case {
        code: "ConnectionBroken",
        answered: false,
        next: "r reads",
        fault: Fault::reset,
    },
    Case {
        code: "AnswerCut",
        answered: true,
        next: "r reads",
        fault: Fault::truncated,
    },
    Case {
        code: "ResourceNotFoundException",
        answered: true,
        next: "region",
        fault: || {
            Fault::error(
                "ResourceNotFoundException",
                "User pool us-east-1_aB3dE5fGh does not exist.",
            )
        },
    },
    Case {
        code: "NotAuthorizedException",
        answered: true,
        next: "",
        fault: || Fault::error("NotAuthorizedException", "Not authorized"),
    },
];

fn customers() -> Stage {
    Setup::new(Seed::demo(), &[CUSTOMERS]).size(100, 40).start()
}

/// The newest entry says everything there is to say about the fault.
#[track_caller]
fn is_told(stage: &Stage, case: &Case, operation: &str) {
    let entry = stage.newest();
    let said = stage.said();
    let code = case.code;
    assert_eq!(entry.word, Word::Failed, "{code}: {said}");
    let fault = entry.fault.as_ref().expect("the fault itself");
    assert_eq!(fault.code.as_str(), code, "{said}");
    assert_eq!(fault.operation, operation);
    assert!(entry.line.plain().starts_with(code), "{said}");
    assert!(
        !fault.meaning().plain().is_empty() && said.contains(&fault.meaning().plain()),
        "{said}"
    );
    assert!(said.contains(&fault.next_step().plain()), "{said}");
    assert!(said.contains(case.next), "{code} names its own next step: {said}");
    assert_eq!(entry.next, Some(Next::Retry), "{code}");
    assert!(entry.took.is_some(), "{code}");
    let id = entry.request_id.as_ref().map(|id| id.as_str().to_owned());
    if case.answered {
        let last = stage
            .emulator
            .calls()
            .into_iter()
            .rev()
            .find(|call| call.operation == operation)
            .unwrap();
        assert_eq!(id, Some(last.request_id), "{code}");
    } else {
        assert_eq!(id, None, "{code}");
    }
    stage.shows(code);
}

#[test]
fn every_fault_of_the_list_is_told_and_r_reads_again() {
    for case in CASES {
        let mut stage = customers();
        stage.emulator.inject((case.fault)().on("ListUsers").always());
        stage.keys("r");
        is_told(&stage, case, "ListUsers");
        assert!(
            stage.listed().contains(&"jane.doe".to_owned()),
            "{}: what was read stays",
            case.code
        );
        stage.emulator.heal();
        stage.keys("r");
        assert_eq!(stage.newest().word, Word::Read, "{}: {}", case.code, stage.said());
        assert!(stage.session().users.page.fault().is_none());
    }
}

#[test]
fn every_fault_at_the_start_leaves_a_console_that_r_brings_to_life() {
    for case in CASES {
        let fault = case.fault;
        let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
            .size(100, 40)
            .service(move |service| service.inject(fault().always()))
            .start();
        assert_eq!(stage.view(), View::Users, "{}", case.code);
        stage.shows(case.code);
        assert_eq!(
            stage
                .entries()
                .iter()
                .filter(|entry| entry.word == Word::Failed)
                .count(),
            2,
            "{}",
            case.code
        );
        stage.emulator.heal();
        stage.keys("r");
        stage.shows("jane.doe");
        stage.shows("customers");
        stage.keys("e");
        assert_eq!(
            stage.view(),
            View::Edit,
            "{}: settings and writer are there, too",
            case.code
        );
        stage.keys("<enter><ctrl-u>jane.doe@example.com<enter>v<ctrl-s><tab><enter>");
        assert_eq!(stage.newest().word, Word::Applied, "{}: {}", case.code, stage.said());
    }
}

#[test]
fn every_fault_of_the_form_keeps_the_pending_edits() {
    for case in CASES {
        let mut stage = customers();
        stage.keys("e<enter><ctrl-u>new@example.com<enter>");
        stage.emulator.inject((case.fault)().on("AdminGetUser").always());
        stage.keys("r");
        is_told(&stage, case, "AdminGetUser");
        assert_eq!(stage.view(), View::Edit);
        stage.shows("new@example.com");
        stage.emulator.heal();
        stage.keys("r");
        assert_eq!(stage.newest().word, Word::Read, "{}: {}", case.code, stage.said());
        stage.shows("new@example.com");
        stage.keys("v<ctrl-s>");
        assert_eq!(stage.view(), View::Review, "{}: the form works again", case.code);
    }
}

#[test]
fn every_fault_of_the_details_is_told_where_they_would_stand() {
    for case in CASES {
        let mut stage = customers();
        stage.keys("<enter>");
        stage
            .emulator
            .inject((case.fault)().on("AdminListGroupsForUser").always());
        stage.keys("d");
        let told = stage
            .entries()
            .into_iter()
            .find(|entry| entry.word == Word::Failed)
            .unwrap();
        assert_eq!(told.fault.unwrap().code.as_str(), case.code);
        let groups = stage.row_with("groups");
        assert!(groups.contains("not known"), "{groups}");
        stage.emulator.heal();
        stage.keys("r");
        stage.shows("readers");
    }
}

#[test]
fn every_fault_of_the_pools_is_told_and_r_lists_them() {
    for case in CASES {
        let fault = case.fault;
        let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
            .change(|settings| settings.pool = None)
            .size(100, 40)
            .service(move |service| service.inject(fault().always()))
            .start();
        is_told(&stage, case, "ListUserPools");
        stage.emulator.heal();
        stage.keys("r");
        assert_eq!(
            stage.app().pools.choices(&stage.app().core.settings).len(),
            8,
            "{}",
            case.code
        );
    }
}

#[test]
fn enter_in_the_status_pane_is_the_same_as_r() {
    let mut stage = customers();
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("r");
    stage.emulator.heal();
    stage.keys("<tab><enter>");
    assert_eq!(stage.newest().word, Word::Read, "{}", stage.said());
}

#[test]
fn a_page_that_failed_goes_on_from_where_the_list_stood() {
    let mut stage = customers();
    stage
        .emulator
        .inject(Fault::error("AccessDeniedException", "not now").on("ListUsers"));
    stage.keys("G");
    assert_eq!(stage.session().users.roster.len(), 60);
    stage.keys("r");
    assert_eq!(stage.session().users.roster.len(), 120, "nothing is read twice");
}

#[test]
fn a_fault_of_a_slow_answer_counts_the_time_it_took() {
    let mut stage = customers();
    stage
        .emulator
        .inject(Fault::latency(std::time::Duration::from_secs(3)).on("ListUsers"));
    stage.keys("r");
    let took = stage.newest().took.unwrap();
    assert!(took >= std::time::Duration::from_secs(3), "{took:?}");
}
