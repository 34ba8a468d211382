//! The pane of the selected user: where it is, what it says, and what stays in its place from user to user.

use super::dump::drawn;
use super::scene::{Scene, jane, settings, user};
use super::screens::matches;
use crate::app::Event;
use crate::domain::column::Column;
use crate::domain::{AttributeName, AttributeValue, User};

/// A console on a pool of these users.
fn of(people: Vec<User>) -> Scene {
    let mut scene = Scene::new(settings());
    scene.people = people;
    scene.event(Event::Start(80, 24));
    scene.answer_all();
    scene
}

/// The lines of the pane below the list, without its rule.
fn below(scene: &Scene, width: u16, height: u16) -> Vec<String> {
    let text = drawn(&scene.app, width, height).text();
    let lines = text.lines().skip(3).skip_while(|line| !line.starts_with("-- "));
    let pane = lines.skip(1).take_while(|line| !line.starts_with("-- Status"));
    pane.map(str::to_owned).collect()
}

fn column_of(lines: &[String], word: &str) -> Option<(usize, usize)> {
    lines
        .iter()
        .enumerate()
        .find_map(|(at, line)| Some((at, line.find(word)?)))
}

#[test]
fn it_is_beside_the_list_on_a_wide_screen_and_below_it_on_one_that_is_tall_as_well() {
    let scene = of(vec![jane()]);
    for (width, height) in [(110, 30), (120, 24), (200, 44)] {
        let text = drawn(&scene.app, width, height).text();
        assert!(text.contains(" | -- jane.doe --"), "{width}x{height}:\n{text}");
    }
    for (width, height) in [(110, 45), (160, 45), (200, 60)] {
        let text = drawn(&scene.app, width, height).text();
        assert!(text.contains("\n-- jane.doe --"), "{width}x{height}:\n{text}");
        assert!(!text.contains(" | "), "{width}x{height}:\n{text}");
    }
    let text = drawn(&scene.app, 109, 60).text();
    assert!(!text.contains("-- jane.doe --"), "{text}");
}

#[test]
fn below_the_list() {
    matches("users-160x45", &drawn(&Scene::opened().app, 160, 45));
}

#[test]
fn what_the_row_shows_is_not_said_again_and_what_it_cut_comes_last() {
    let long = format!("{}@example.com", "a".repeat(60));
    let named = [("email", long.as_str()), ("email_verified", "true"), ("name", "Jane")];
    let pane = below(&of(vec![user("jane", "CONFIRMED", &named)]), 200, 60);
    let (first, cut) = (
        column_of(&pane, "name  ").unwrap(),
        column_of(&pane, "email  ").unwrap(),
    );
    assert_eq!((first.0 + 1, first.1), cut, "{pane:#?}");
    let value: String = (0..2).filter_map(|line| pane[cut.0 + line].get(84..)).collect();
    assert_eq!(value.replace(' ', ""), long, "{pane:#?}");
    assert!(pane.iter().all(|line| !line.contains("verified")), "{pane:#?}");

    let pane = below(&of(vec![jane()]), 200, 60);
    for said in ["jane@example.com", "+15555550100", "verified", "status"] {
        assert_eq!(column_of(&pane, said), None, "{said}: {pane:#?}");
    }
    let mut scene = of(vec![jane()]);
    scene.app.core.settings.columns = vec![Column::Username];
    let pane = below(&scene, 200, 60);
    for said in ["jane@example.com", "+15555550100", "verified", "status"] {
        assert!(column_of(&pane, said).is_some(), "{said}: {pane:#?}");
    }
}

#[test]
fn facts_and_the_first_attribute_stay_in_their_places_from_user_to_user() {
    let scene_of = |keys: &str| {
        let mut scene = of(vec![
            jane(),
            user("bob", "EXTERNAL_PROVIDER", &[("nickname", "bob")]),
            user("eve", "UNCONFIRMED", &[("email", "eve@example.com"), ("nickname", "e")]),
        ]);
        scene.keys(keys);
        below(&scene, 200, 60)
    };
    let first = scene_of("g");
    for keys in ["j", "j j"] {
        let other = scene_of(keys);
        for label in ["sub  ", "created  ", "changed  ", "MFA  "] {
            let place = column_of(&first, label);
            assert!(place.is_some(), "{label}: {first:#?}");
            assert_eq!(column_of(&other, label), place, "{label}: {other:#?}");
        }
        let nickname = column_of(&other, "nickname").unwrap();
        assert_eq!(Some(nickname), column_of(&first, "name  "), "{other:#?}");
        assert_eq!(other.len(), first.len());
    }
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let mut many = user("jane", "CONFIRMED", &[]);
    for number in 0..40 {
        let name = AttributeName::new(format!("custom:n{number:02}"));
        many.attributes.insert(name, AttributeValue::new("yes"));
    }
    let pane = below(&of(vec![many]), 200, 60);
    let shown = pane.iter().map(|line| line.matches("custom:n").count()).sum::<usize>();
    let said = format!("{} more lines: Enter shows all", 40 - shown);
    assert!(column_of(&pane, &said).is_some(), "{said}: {pane:#?}");
    assert!(shown > 15, "{pane:#?}");
}
