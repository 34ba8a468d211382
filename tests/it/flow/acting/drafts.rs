//! Drafts of the user's own attributes: they need the user's token again.

use cognitui::domain::Route;

use super::{JANE, jane, opened};

#[test]
fn a_draft_of_the_own_route_is_offered_after_signing_in() {
    let mut stage = opened(jane()).start();
    stage.sign_in("web");
    stage.set("nickname", "JD");
    let killed = stage.kill();
    let mut stage = opened(jane()).after(killed).start();
    stage.shows("1 draft of earlier runs. Enter resumes jane.doe");
    stage.keys("<enter>");
    stage.shows("Sign in as");
    assert!(stage.app().session.as_ref().unwrap().drafts.is_empty());
    stage.keys("<esc>");
    // Not in the administrator's form: these edits are the user's own.
    stage.keys("e");
    stage.shows_not("An earlier run left edits");
    stage.keys("<esc>");
    stage.sign_in("web");
    stage.shows("An earlier run left edits of jane.doe");
    stage.shows("as the user");
    stage.keys("<enter>");
    assert_eq!(stage.pending(), ["nickname"]);
    let session = stage.app().session.as_ref().unwrap();
    assert!(
        session
            .drafts
            .keys()
            .any(|(user, route)| user.as_str() == JANE && *route == Route::Own)
    );
}
