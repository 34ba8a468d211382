//! Finding: what is matched while typing, what Enter asks, and what is said about it.

use cognitui::app::session::View;
use cognitui::app::status::Word;
use cognitui::emulator::{Fault, PoolSeed, Seed, User};

use super::demo::CUSTOMERS;
use super::stage::{Setup, Stage};

const PEOPLE: &str = "us-east-1_PeoPle001";

fn customers() -> Stage {
    Setup::new(Seed::demo(), &[CUSTOMERS]).start()
}

fn people(users: impl IntoIterator<Item = User>) -> Stage {
    Setup::new(
        Seed::empty().pool(PoolSeed::new(PEOPLE, "people").users(users)),
        &[PEOPLE],
    )
    .start()
}

#[test]
fn while_typing_the_loaded_users_are_matched_and_nothing_is_asked() {
    let mut stage = customers();
    let all = stage.listed().len();
    stage.keys("/jane");
    let matching = stage.listed();
    assert!(
        matching.contains(&"jane.doe".to_owned()) && matching.contains(&"eve".to_owned()),
        "{matching:?}"
    );
    assert!(matching.len() < all);
    stage.shows(&format!("{} match", matching.len()));
    stage.keys("<backspace><backspace><backspace><backspace>");
    assert_eq!(stage.listed().len(), all);
    stage.keys("ROSSI sof");
    assert_eq!(stage.listed(), ["sofia.r"], "every word, in any case and any order");
    stage.keys("<esc>");
    assert_eq!(stage.listed().len(), all);
    assert_eq!(stage.count("ListUsers"), 1);
}

#[test]
fn keys_are_text_while_a_find_is_typed() {
    let mut stage = customers();
    stage.keys("/qpe?:W");
    assert!(!stage.quits());
    assert_eq!(stage.session().users.find.as_ref().unwrap().field.text(), "qpe?:W");
}

#[test]
fn a_word_asks_names_and_address_together_and_one_hit_opens() {
    let mut stage = customers();
    stage.keys("/Reed<enter>");
    assert_eq!(
        stage.filters(),
        [
            r#"username ^= "Reed""#,
            r#"username ^= "reed""#,
            r#"name ^= "Reed""#,
            r#"given_name ^= "Reed""#,
            r#"family_name ^= "Reed""#,
            r#"preferred_username ^= "Reed""#,
            r#"email ^= "Reed""#,
        ]
    );
    stage.keys("<esc>/Sofia Rossi<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
    assert_eq!(stage.count("AdminGetUser"), 0);
}

#[test]
fn a_username_typed_in_capitals_is_asked_in_small_letters_too() {
    let mut stage = customers();
    stage.keys("/SOFIA.R<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
}

#[test]
fn an_address_is_one_call() {
    let mut stage = customers();
    stage.keys("/sofia.r@example.com<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
    assert_eq!(stage.filters(), [r#"email = "sofia.r@example.com""#]);
}

#[test]
fn an_address_that_nobody_has_is_asked_as_a_beginning_and_as_a_username() {
    let mut stage = people([User::new("ann@example.com").with("name", "Ann")]);
    stage.keys("/ann@example.com<enter>");
    assert_eq!(stage.open_user(), "ann@example.com");
    assert_eq!(stage.filters()[0], r#"email = "ann@example.com""#);
}

#[test]
fn seven_digits_are_a_phone_number_with_the_prefixes_of_the_config() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| settings.phone_prefixes = vec!["+49".into(), "+1".into()])
        .start();
    stage.keys("/(555) 555-0121<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
    let filters = stage.filters();
    assert_eq!(
        filters[..2],
        [
            r#"phone_number ^= "+495555550121""#,
            r#"phone_number ^= "+15555550121""#
        ]
    );
    assert!(
        filters.iter().all(|filter| filter.starts_with("phone_number")),
        "{filters:?}"
    );
}

#[test]
fn a_number_without_its_country_code_is_not_guessed_and_what_is_loaded_is_matched() {
    let mut stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| settings.phone_prefixes.clear())
        .start();
    stage.keys("/(555) 555-0121");
    let said =
        "not asked for as a phone number: no + and country code are in front, and the setting phone-prefixes is empty";
    assert!(stage.flat().contains(said), "{}", stage.screen());
    assert_eq!(stage.listed()[0], "sofia.r");
    stage.keys("<enter>");
    assert_eq!(stage.filters(), [r#"username ^= "(555) 555-0121""#]);
    assert!(stage.flat().contains(said), "{}", stage.screen());
    assert_eq!(stage.listed()[0], "sofia.r");
    // Long enough to have it, without the plus.
    stage.keys("<esc>/1 555 555 0121<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
}

#[test]
fn a_number_with_its_country_code_is_one_call() {
    let mut stage = customers();
    stage.keys("/+49 151 12345678<enter>");
    assert_eq!(stage.open_user(), "3fa85f64-5717-4562-b3fc-2c963f66afa6");
    assert_eq!(stage.filters(), [r#"phone_number ^= "+4915112345678""#]);
}

#[test]
fn a_uuid_is_a_sub() {
    let mut stage = customers();
    stage.keys("/5F1C9A02-7d3e-4b1f-9c55-0a1b2c3d4e5f<enter>");
    assert_eq!(stage.open_user(), "jane.doe");
    assert_eq!(stage.filters(), [r#"sub = "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f""#]);
}

#[test]
fn a_uuid_may_be_a_username_as_well() {
    let mut stage = customers();
    stage.keys("/3fa85f64-5717-4562-b3fc-2c963f66afa6<enter>");
    assert_eq!(stage.open_user(), "3fa85f64-5717-4562-b3fc-2c963f66afa6");
}

#[test]
fn accents_are_asked_in_every_usual_spelling_with_eight_calls_at_most() {
    let spellings = ["Schröder", "Schro\u{308}der", "Schroeder"];
    for stored in spellings {
        for typed in ["Schröder", "Schro\u{308}der"] {
            let mut stage = people([
                User::new("u1").with("family_name", stored),
                User::new("u2").with("name", "Ann"),
            ]);
            stage.keys("/").paste(typed).keys("<enter>");
            assert_eq!(stage.open_user(), "u1", "{typed:?} finds {stored:?}");
            assert!(stage.filters().len() <= 8);
        }
    }
    let mut stage = people([User::new("u1")]);
    stage.keys("/").paste("Schröder").keys("<enter>");
    assert!(stage.filters().len() <= 8, "{:?}", stage.filters());
    assert_eq!(stage.view(), View::Users);
}

#[test]
fn several_hits_are_listed_and_enter_opens_the_chosen_one() {
    let mut stage = customers();
    stage.keys("/jane@example.com<enter>");
    assert_eq!(stage.view(), View::Users);
    assert_eq!(stage.listed(), ["jane.doe", "eve"], "addresses differ by case alone");
    stage.shows("2 found for jane@example.com");
    stage.keys("j<enter>");
    assert_eq!(stage.open_user(), "eve");
    stage.keys("<esc>");
    assert_eq!(stage.listed(), ["jane.doe", "eve"], "Esc goes back to what was found");
    stage.keys("<esc>");
    assert!(stage.listed().len() >= 60, "and then to everybody");
}

#[test]
fn nobody_says_what_was_asked_and_what_was_not() {
    let mut stage = customers();
    stage.keys("/Zzyzx<enter>");
    stage.shows("Nobody whose username, e-mail or name begins with 'Zzyzx'");
    let line = stage.session().users.search_line(None).unwrap().plain();
    assert!(line.contains("Not asked: middle of names, custom attributes"), "{line}");
}

#[test]
fn a_domain_cannot_be_asked_for_and_that_is_said() {
    let mut stage = customers();
    stage.keys("/@example.com<enter>");
    assert!(stage.filters().is_empty());
    stage.shows("the service cannot search by domain");
}

#[test]
fn quotation_marks_and_backslashes_are_escaped() {
    let mut stage = customers();
    stage.keys(r#"/jane"doe\<enter>"#);
    assert_eq!(stage.open_user(), r#"jane"doe\"#);
    assert_eq!(stage.filters()[0], r#"username ^= "jane\"doe\\""#);
}

#[test]
fn nothing_with_control_characters_is_sent() {
    for text in ["a\u{1b}[31mb", "nul\u{0}", "c1\u{9b}", "ann\u{7f}@example.com"] {
        let mut stage = customers();
        stage.keys("/").paste(text).keys("<enter>");
        assert!(stage.filters().is_empty(), "{text:?}: {:?}", stage.filters());
        let line = stage.session().users.search_line(None).unwrap().plain();
        assert!(line.contains("not asked: the text holds control characters"), "{line}");
        stage.shows("holds control");
        assert_eq!(stage.view(), View::Users);
    }
    // A line break from a paste is a blank between two words.
    let mut stage = customers();
    stage.keys("/").paste("Sofia\r\nRossi\n").keys("<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
    assert!(
        stage.filters().iter().all(|filter| !filter.contains(char::is_control)),
        "{:?}",
        stage.filters()
    );
}

#[test]
fn a_text_that_is_longer_than_a_search_holds_is_not_sent_and_that_is_said() {
    let mut stage = customers();
    stage.keys("/").paste(&"x".repeat(300)).keys("<enter>");
    assert!(stage.filters().is_empty());
    stage.shows("a search holds");
    assert!(
        stage
            .session()
            .users
            .search_line(None)
            .unwrap()
            .plain()
            .contains("a search holds at most 256")
    );
    // Escapes count: 130 quotation marks are 260 characters.
    stage.keys("<esc>/").paste(&"\"".repeat(130)).keys("<enter>");
    assert!(stage.filters().is_empty());
    // What fits for some attributes is asked there, and what did not fit is said.
    stage.keys("<esc>/").paste(&"y".repeat(240)).keys("<enter>");
    let filters = stage.filters();
    assert!(!filters.is_empty() && filters.iter().all(|filter| filter.chars().count() <= 256));
    assert!(!filters.iter().any(|filter| filter.starts_with("preferred_username")));
    stage.shows("a search holds");
    assert!(
        stage
            .session()
            .users
            .search_line(None)
            .unwrap()
            .plain()
            .contains("a search holds at most 256")
    );
}

#[test]
fn a_find_that_was_answered_in_part_does_not_say_nobody() {
    let refused = |calls: u32| {
        Fault::error("AccessDeniedException", "not now")
            .on("ListUsers")
            .skipping(calls)
            .times(1)
    };
    let mut stage = customers();
    stage.emulator.inject(refused(2));
    stage.keys("/Zzyzx<enter>");
    stage.shows("Not all was answered (AccessDeniedException)");
    assert!(
        stage.said().contains("part of it was refused: AccessDeniedException"),
        "{}",
        stage.said()
    );
    // One hit among unanswered calls may not be the only one.
    let mut stage = customers();
    stage.emulator.inject(refused(1));
    stage.keys("/Sofia Rossi<enter>");
    assert_eq!(stage.view(), View::Users);
    assert_eq!(stage.listed(), ["sofia.r"]);
    stage.shows("Not all was answered");
    stage.keys("r");
    assert_eq!(stage.open_user(), "sofia.r", "asked again, all was answered");
}

#[test]
fn a_find_that_failed_is_asked_again_with_r() {
    let mut stage = customers();
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("/sofia.r@example.com<enter>");
    assert_eq!(stage.newest().word, Word::Failed);
    stage.shows("AccessDeniedException");
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(stage.open_user(), "sofia.r");
}

#[test]
fn short_and_empty_pages_of_a_find_go_on() {
    let mut stage = customers();
    stage.emulator.shape_pages(&[0, 0, 1]);
    stage.keys("/sofia.r@example.com<enter>");
    assert_eq!(stage.open_user(), "sofia.r");
}

#[test]
fn more_hits_than_a_list_for_a_person_are_said() {
    let mut stage = people((0..150).map(|number| User::new(&format!("ann{number:03}"))));
    stage.keys("/ann<enter>");
    stage.shows("NOT ALL");
    assert!(
        stage.listed().len() >= 60,
        "whom it found is listed with the others who match"
    );
    let line = stage.session().users.search_line(None).unwrap().plain();
    assert!(line.contains("more match than were read"), "{line}");
}

#[test]
fn a_find_with_more_than_was_read_reads_on_by_a_key_until_all_are_there() {
    let users = (0..150).map(|number| User::new(&format!("ann{number:03}")));
    let others = (0..300).map(|number| User::new(&format!("bob{number:03}")));
    let mut stage = people(others.chain(users));
    stage.keys("/ann<enter>");
    stage.shows("n read on");
    assert_eq!(stage.listed().len(), 60);
    stage.keys("n");
    assert_eq!(stage.listed().len(), 120, "{}", stage.screen());
    stage.shows("n read on");
    stage.keys("n");
    assert_eq!(stage.listed().len(), 150);
    stage.shows_not("read on");
    stage.shows_not("more match than were read");
    let line = stage.session().users.search_line(None).unwrap().plain();
    assert!(line.starts_with("150 users found"), "{line}");
    let filters = stage.filters();
    let reading_on = &filters[filters.len() - 2..];
    assert!(
        reading_on.iter().all(|filter| filter == r#"username ^= "ann""#),
        "nothing else was left: {filters:?}"
    );
    stage.keys("n");
    assert!(
        stage.notice().contains("no find has more to read"),
        "{}",
        stage.notice()
    );
    assert_eq!(stage.filters().len(), filters.len());
}

#[test]
fn where_everybody_is_loaded_there_is_nothing_to_read_on() {
    let mut stage = people((0..150).map(|number| User::new(&format!("ann{number:03}"))));
    stage.keys("/username^=ann<enter>");
    stage.shows("n read on");
    stage.keys("S<enter>");
    assert!(stage.session().users.is_whole(), "{}", stage.screen());
    stage.keys("/username^=ann<enter>");
    assert_eq!(stage.listed().len(), 150);
    stage.shows_not("n read on");
    stage.shows_not("more match than were read");
    let asked = stage.emulator.calls().len();
    stage.keys("n");
    stage.answers("no find has more to read");
    assert_eq!(stage.emulator.calls().len(), asked);
}

#[test]
fn a_term_with_more_than_was_read_reads_on_and_the_rest_of_the_line_is_checked_here() {
    let users = (0..200).map(|number| {
        let name = if number % 2 == 0 { "Gold" } else { "Silver" };
        User::new(&format!("ann{number:03}")).with("nickname", name)
    });
    let others = (0..100).map(|number| User::new(&format!("bob{number:03}")));
    let mut stage = people(others.chain(users));
    stage.keys("/username^=ann nickname=gold<enter>");
    stage.shows("more match than were read");
    assert_eq!(stage.listed().len(), 30);
    let said = "60 users read, 1 call; 30 of them did not match the rest of the line";
    assert!(stage.said().contains(said), "{}", stage.said());
    stage.keys("nnn");
    assert_eq!(stage.listed().len(), 100);
    stage.shows("ALL that match");
}

#[test]
fn who_is_read_by_several_calls_is_counted_once_and_whom_the_line_had_is_named() {
    let users = (0..200).map(|number| {
        let user = User::new(&format!("ann{number:03}"));
        if number % 2 == 0 {
            user.with("given_name", "ann")
        } else {
            user
        }
    });
    let mut stage = people(users);
    let line = |stage: &Stage| stage.session().users.search_line(None).unwrap().plain();
    stage.keys("/ann<enter>");
    // The first 60 by their names, and 60 of every second by the given one: half of those were among the first.
    assert!(stage.said().contains("90 users read, "), "{}", stage.said());
    assert!(!stage.said().contains("of them"), "{}", stage.said());
    assert!(line(&stage).starts_with("90 users found"), "{}", line(&stage));
    stage.keys("n");
    let said = "100 users read, 2 calls; 30 of them had been found before";
    assert!(stage.said().contains(said), "{}", stage.said());
    assert!(line(&stage).starts_with("160 users found"), "{}", line(&stage));
}

#[test]
fn whom_a_term_brought_and_was_loaded_is_looked_at_once_and_named() {
    let mut stage = customers();
    let loaded = stage.loaded().len();
    stage.keys("/status=CONFIRMED<enter>");
    let now = stage.loaded().len();
    let known = loaded + 60 - now;
    assert!(known > 0, "some of the first page");
    let said = format!("60 users read, 1 call; {known} of them had been loaded before");
    assert!(stage.said().contains(&said), "{said}: {}", stage.said());
    stage.shows(&format!("looked at {now} of about"));
}

#[test]
fn reading_on_that_failed_goes_on_from_where_it_was() {
    let mut stage = people((0..150).map(|number| User::new(&format!("ann{number:03}"))));
    stage.keys("/username^=ann<enter>");
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("n");
    stage.shows("AccessDeniedException");
    assert_eq!(stage.listed().len(), 60, "what was read stays");
    stage.emulator.heal();
    stage.keys("r");
    assert_eq!(stage.listed().len(), 120);
    let search = stage.session().users.search.as_ref().unwrap();
    assert!(search.fault().is_none() && search.has_more());
    stage.keys("n");
    assert_eq!(stage.listed().len(), 150);
}

#[test]
fn what_a_find_did_not_answer_is_forgotten_once_it_is_answered() {
    let mut stage = people((0..150).map(|number| User::new(&format!("ann{number:03}"))));
    stage.keys("/username^=ann<enter>");
    stage.emulator.inject(Fault::denied("ListUsers"));
    stage.keys("n");
    let line = stage.session().users.search_line(None).unwrap().plain();
    assert!(line.contains("Not all was answered"), "{line}");
    stage.emulator.heal();
    stage.keys("nn");
    assert_eq!(stage.listed().len(), 150);
    let line = stage.session().users.search_line(None).unwrap().plain();
    assert!(!line.contains("Not all was answered"), "{line}");
    stage.shows("ALL that match");
}

#[test]
fn a_find_whose_token_is_not_taken_any_more_is_asked_anew_with_r() {
    let mut stage = people((0..150).map(|number| User::new(&format!("ann{number:03}"))));
    stage.keys("/username^=ann<enter>");
    let old = "Invalid pagination token";
    stage
        .emulator
        .inject(Fault::error("InvalidParameterException", old).on("ListUsers").always());
    stage.keys("n");
    stage.shows("InvalidParameterException");
    assert_eq!(stage.listed().len(), 60, "what was read stays");
    stage.emulator.heal();
    stage.keys("r");
    stage.shows_not("Not all was answered");
    let search = stage.session().users.search.as_ref().unwrap();
    assert!(
        search.fault().is_none() && search.has_more(),
        "it was asked from its beginning"
    );
    stage.keys("nn");
    assert_eq!(stage.listed().len(), 150);
    stage.shows("ALL that match");
}

#[test]
fn an_answer_opens_nothing_under_the_next_find() {
    let mut stage = customers();
    stage.keys_before_answers("/tom<enter>/bo");
    stage.settle();
    assert_eq!(stage.view(), View::Users);
    assert_eq!(stage.session().users.find.as_ref().unwrap().field.text(), "bo");
    assert_eq!(stage.newest().word, Word::Read, "the status pane has it");
}

#[test]
fn an_answer_nobody_waits_for_changes_nothing_but_the_status_pane() {
    for (keys, check) in [
        ("/tom<enter><esc>", View::Users),
        ("/tom<enter>e", View::Edit),
        ("/tom<enter>:", View::Users),
    ] {
        let mut stage = customers();
        let running = stage.entries().len();
        stage.keys_before_answers(keys);
        stage.settle();
        assert_eq!(stage.view(), check, "{keys}");
        assert!(stage.entries().len() > running);
    }
    let mut stage = customers();
    stage.keys_before_answers("/tom<enter>p");
    stage.settle();
    assert!(stage.app().session.is_none());
    stage.shows("Pools");
}

#[test]
fn the_status_pane_opens_exactly_the_user_it_names() {
    // Beyond the first page, so that it has to be asked for.
    let users =
        (0..70).map(|number| User::new(&format!("u{number:02}")).verified_email(&format!("u{number:02}@example.com")));
    let pool = PoolSeed::new(PEOPLE, "people").sign_in_by(&["email"]).users(users);
    let start = || {
        let mut stage = Setup::new(Seed::empty().pool(pool.clone()), &[PEOPLE]).start();
        stage.keys("e<enter><ctrl-u>u69@example.com<enter>v<ctrl-s>");
        assert_eq!(stage.view(), View::Review, "{}", stage.screen());
        stage.keys("<tab><enter>");
        if stage.count("AdminUpdateUserAttributes") == 0 {
            // Taking an address asks for the username first.
            stage.keys("u00<enter><enter>");
        }
        assert_eq!(
            stage.newest().word,
            Word::Refused,
            "{}\n{}",
            stage.said(),
            stage.screen()
        );
        stage
    };
    let mut stage = start();
    let before = stage.filters().len();
    stage.keys("<tab><enter>");
    assert_eq!(stage.open_user(), "u69");
    assert_eq!(stage.filters()[before..], [r#"username = "u69""#]);
    // The name is free by now, and somebody else's begins with it.
    let mut stage = start();
    stage.emulator.remove_user(PEOPLE, "u69");
    stage.emulator.add_user(PEOPLE, User::new("u690"));
    stage.keys("<tab><enter>");
    assert_eq!(stage.view(), View::Users);
    stage.shows("Nobody whose username is 'u69'");
}

#[test]
fn an_empty_line_goes_back_to_everybody() {
    let mut stage = customers();
    stage.keys("/jane@example.com<enter>");
    assert_eq!(stage.listed().len(), 2);
    stage.keys("/<enter>");
    assert!(stage.listed().len() >= 60);
}

#[test]
fn finding_never_asks_for_attributes_nor_counts_anybody() {
    let mut stage = customers();
    stage.keys("/jane<enter>/Reed<enter>/+15555550100<enter><esc><esc>");
    for body in stage.calls("ListUsers") {
        assert!(body.get("AttributesToGet").is_none(), "{body}");
    }
    assert_eq!(stage.count("AdminGetUser"), 0);
}
