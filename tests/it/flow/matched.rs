//! What the row of a user does not show of the line: where else it matched, and by what the list is ordered.

use cognitui::app::overlay::Overlay;
use cognitui::emulator::{Attribute, Kind, PoolSeed, Seed, User};

use super::stage::{Setup, Stage};

const PEOPLE: &str = "us-east-1_PeoPle001";
const NOTE: &str = "custom:note";

/// Four users of a pool with notes, on a screen of this size.
fn people(width: u16, height: u16) -> Stage {
    let long = format!(
        "{} paid by gold card {}",
        "first words ".repeat(12),
        "last words ".repeat(12)
    );
    let users = [
        User::new("ana").with("name", "Ana Reed").with(NOTE, "an old customer"),
        User::new("bob").with("name", "Bob Stone").with(NOTE, &long),
        User::new("cleo")
            .with("preferred_username", "goldfinch")
            .with("name", "Cleo Gold"),
        User::new("goldie").with(NOTE, "nothing"),
    ];
    let pool = PoolSeed::new(PEOPLE, "people")
        .attribute(Attribute::custom(
            "note",
            Kind::String {
                min: Some(0),
                max: Some(2_048),
            },
        ))
        .users(users);
    Setup::new(Seed::empty().pool(pool), &[PEOPLE])
        .size(width, height)
        .start()
}

#[test]
fn a_match_in_a_column_that_is_not_shown_is_said_of_the_user_at_the_cursor() {
    let mut stage = people(80, 24);
    stage.keys("/note:\"gold card\"");
    assert_eq!(stage.listed(), ["bob"]);
    let line = stage.row_with("in custom:note: ");
    assert!(line.contains("paid by gold card"), "{line}");
    assert!(line.contains("bob   Bob Stone   in custom:note: "), "{line}");
    stage.shows_not("sub ");
    // The facts stay two lines: nothing moves when the match is said.
    stage.keys("<esc>");
    stage.shows("sub ");
    stage.shows_not("in custom:note");
}

#[test]
fn however_little_room_there_is_the_match_is_in_sight() {
    for (width, height) in [(80, 24), (60, 16), (200, 60)] {
        let mut stage = people(width, height);
        for line in ["paid", "\"by gold card\"", "\"gold card\""] {
            stage.keys(&format!("/note:{line} note:\"words first\" note:\"last words\""));
            assert_eq!(stage.listed(), ["bob"]);
            let said = stage.flat();
            let sought = line.trim_matches('"');
            // As much of it as the place has room for, from its beginning.
            let beginning = sought.get(..8.min(sought.len())).unwrap();
            assert!(said.contains(beginning), "{beginning}: {}", stage.screen());
            stage.keys("<esc>");
        }
    }
}

#[test]
fn a_match_that_the_row_marks_is_not_said_again() {
    let mut stage = people(80, 24);
    stage.keys("/gold<enter>");
    stage.keys("g");
    assert_eq!(stage.listed().len(), 2, "{}", stage.screen());
    let said_of = |stage: &mut Stage, name: &str| {
        let at = stage.listed().iter().position(|listed| listed == name).unwrap();
        stage.keys("g").keys(&"j".repeat(at));
        let screen = stage.screen();
        ["in name: ", "in username: "].iter().any(|said| screen.contains(said))
    };
    assert!(
        !said_of(&mut stage, "goldie"),
        "it is in the username: {}",
        stage.screen()
    );
    assert!(said_of(&mut stage, "cleo"));
    // Where it stands together, in the order people look: the name comes before the preferred username.
    assert!(stage.screen().contains("in name: Cleo Gold"), "{}", stage.screen());
}

#[test]
fn a_match_in_the_cut_part_of_a_value_is_said() {
    let mut stage = people(80, 24);
    stage.keys("c");
    let columns = match stage.app().overlay.as_ref() {
        Some(Overlay::Columns(list)) => list.columns.clone(),
        other => panic!("{other:?}"),
    };
    let at = columns.iter().position(|column| column.name() == NOTE).unwrap();
    stage.keys(&"j".repeat(at)).keys("<space><enter>");
    stage.shows("NOTE");
    stage.keys("/note:gold");
    assert!(
        stage.row_with("in custom:note: ").contains("paid by gold"),
        "{}",
        stage.screen()
    );
    stage.keys("<ctrl-u>note:first");
    stage.shows_not("in custom:note");
}

#[test]
fn with_two_panes_the_panel_says_where_it_matched() {
    let mut stage = people(200, 60);
    stage.keys("/note:gold");
    let line = stage.row_with("matched ");
    assert!(
        line.contains("custom:note: ") && line.contains("paid by gold card"),
        "{line}"
    );
    stage.keys("<ctrl-u>goldie");
    assert!(
        stage.row_with("matched ").contains("where the row is marked"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>");
    stage.shows_not("matched ");
}

#[test]
fn the_mask_hides_what_matched() {
    let mut stage = people(80, 24);
    stage.keys("/note:gold<enter><f3>");
    stage.shows("in custom:note: *****");
    stage.shows_not("gold card");
}

#[test]
fn a_list_ordered_by_a_column_that_is_not_shown_says_so() {
    let mut stage = people(80, 24);
    stage.keys("o");
    let columns = match stage.app().overlay.as_ref() {
        Some(Overlay::Columns(list)) => list.columns.clone(),
        other => panic!("{other:?}"),
    };
    let at = columns.iter().position(|column| column.name() == NOTE).unwrap();
    stage.keys("g").keys(&"j".repeat(at)).keys("<enter>");
    assert!(stage.row_with("Users  ").contains("by NOTE ^"), "{}", stage.screen());
    assert_eq!(stage.listed(), ["ana", "bob", "goldie", "cleo"]);
    stage.keys("o<enter>");
    assert!(stage.row_with("Users  ").contains("by NOTE v"), "{}", stage.screen());
    // A column that is shown says it itself.
    stage.keys("og<enter>");
    stage.shows("USERNAME ^");
    stage.shows_not("  by ");
}
