//! Credentials that are over in the middle of the work: said in words, nothing lost, and `r` goes on with new ones.

use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::emulator::{Fault, Seed};

use super::scene::{CUSTOMERS, GET, UPDATE, form, setup};
use super::stage::{Setup, Stage};

/// How credentials that ended, or were replaced, are refused: code and message, and words of the next step.
const REFUSALS: [(&str, &str, &str); 4] = [
    (
        "ExpiredTokenException",
        "The security token included in the request is expired",
        "renew the credentials (for SSO: aws sso login), then r",
    ),
    (
        "ExpiredToken",
        "The provided token has expired.",
        "renew the credentials (for SSO: aws sso login), then r",
    ),
    (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        "check the profile and its keys, then r",
    ),
    (
        "InvalidClientTokenId",
        "The security token included in the request is invalid",
        "check the access key",
    ),
];

/// Every call is refused so from now on.
fn end(stage: &Stage, (code, message, _): (&str, &str, &str)) {
    stage.emulator.inject(Fault::error(code, message).always());
}

#[test]
fn in_the_list_what_was_read_and_what_is_pending_stays() {
    for refusal in REFUSALS {
        let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS]).size(100, 60).start();
        stage.keys("e").shows("Edit jane.doe");
        stage.set("nickname", "JJ").keys("<esc>");
        assert_eq!(stage.view(), View::Users);
        let listed = stage.listed().len();
        end(&stage, refusal);
        stage.keys("r");
        let said = stage.said();
        assert_eq!(stage.newest().word, Word::Failed, "{said}");
        assert!(
            said.contains(refusal.0) && said.contains(refusal.1) && said.contains(refusal.2),
            "{said}"
        );
        assert_eq!(stage.listed().len(), listed);
        assert_eq!(stage.session().users_with_edits(), 1);
        stage.emulator.heal();
        stage.keys("r");
        assert_eq!(stage.newest().word, Word::Read, "{}", stage.said());
        stage.keys("e");
        stage.shows("JJ");
        stage.send();
        stage.ended("applied", &[]);
        assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(), Some("JJ"));
    }
}

#[test]
fn in_the_form_the_edits_stay_and_r_makes_it_whole() {
    for refusal in REFUSALS {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("nickname", "JJ");
        end(&stage, refusal);
        stage.keys("r");
        assert_eq!(
            (stage.newest().word, stage.view()),
            (Word::Failed, View::Edit),
            "{}",
            stage.said()
        );
        assert_eq!(stage.pending(), ["nickname"]);
        stage.shows("JJ");
        stage.emulator.heal();
        stage.keys("r");
        assert_eq!(stage.pending(), ["nickname"]);
        stage.send();
        stage.ended("applied", &[]);
        assert_eq!(stage.sent().len(), 1);
    }
}

#[test]
fn in_the_review_nothing_goes_out_before_it_was_read_again() {
    for refusal in REFUSALS {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("nickname", "JJ");
        end(&stage, refusal);
        stage.keys("<ctrl-s>");
        assert!(stage.said().contains(refusal.0), "{}", stage.said());
        stage.keys("<tab><enter>");
        stage.sent_nothing();
        stage.emulator.heal();
        if stage.view() == View::Review {
            stage.keys("r<tab><enter>");
        } else {
            stage.keys("r").send();
        }
        stage.ended("applied", &[]);
        assert_eq!(stage.sent().len(), 1);
    }
}

/// Refused, so nothing was changed and it is certain: the same decision is made again by hand.
#[test]
fn in_flight_the_write_is_refused_in_words_and_can_be_sent_again() {
    for refusal in REFUSALS {
        let (code, message, next) = refusal;
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("nickname", "JJ");
        stage.emulator.inject(Fault::error(code, message).on(UPDATE).always());
        stage.send();
        stage.ended("REFUSED", &[code, message, "nothing was changed", next]);
        assert_eq!((stage.sent().len(), stage.view()), (1, View::Edit));
        assert_eq!(stage.pending(), ["nickname"]);
        stage.emulator.heal();
        stage.keys("r");
        assert_eq!(stage.pending(), ["nickname"]);
        stage.send();
        stage.ended("applied", &[]);
        assert_eq!(stage.sent().len(), 2);
        assert_eq!(stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(), Some("JJ"));
    }
}

/// The reading right before the write is refused: nothing went out.
#[test]
fn between_review_and_send_nothing_goes_out() {
    for refusal in REFUSALS {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("nickname", "JJ").keys("<ctrl-s>");
        end(&stage, refusal);
        stage.keys("<tab><enter>");
        stage.ended("NOT SENT", &[refusal.0]);
        stage.sent_nothing();
        assert_eq!(stage.pending(), ["nickname"]);
        stage.emulator.heal();
        stage.keys("<esc>r");
        assert_eq!(stage.view(), View::Edit);
        stage.send();
        stage.ended("applied", &[]);
        assert_eq!(stage.sent().len(), 1);
    }
}

/// Accepted, and then nobody may look: unknown until somebody may, and never sent again by itself.
#[test]
fn between_send_and_read_back_it_is_unknown_until_it_is_read() {
    for refusal in REFUSALS {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.set("nickname", "JJ").keys("<ctrl-s>");
        let (code, message, _) = refusal;
        // One reading is left: the one before the write.
        stage
            .emulator
            .inject(Fault::error(code, message).on(GET).skipping(1).always());
        stage.keys("<tab><enter>");
        stage.ended(
            "UNKNOWN",
            &["the service accepted it, but it could not be read back", code],
        );
        stage.emulator.heal();
        // The newest entry is the form's reading; the one below offers to read the write back.
        stage.keys("r<tab>j<enter>");
        stage.ended("applied", &[]);
        assert_eq!(stage.sent().len(), 1);
    }
}

#[test]
fn at_the_start_r_is_enough() {
    for (code, message, next) in REFUSALS {
        let mut stage = setup(CUSTOMERS, "jane.doe")
            .service(move |service| service.inject(Fault::error(code, message).always()))
            .start();
        stage.shows(code);
        assert!(
            stage.entries().iter().any(|entry| {
                entry.word == Word::Failed && entry.more.iter().any(|line| line.plain().contains(next))
            })
        );
        stage.emulator.heal();
        stage.keys("r");
        stage.shows("User jane.doe");
        stage.keys("e").set("nickname", "JJ").send();
        stage.ended("applied", &[]);
    }
}
