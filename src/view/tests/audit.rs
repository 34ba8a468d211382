//! Checks, two users compared, and the values of a column, as they are drawn.

use super::dump::drawn;
use super::scene::Scene;
use super::screens::{at_three_sizes, matches};

/// The checks of the pictured people, after these keys.
pub fn checks(keys: &str) -> Scene {
    after(&format!("A {keys}"))
}

/// Somebody compared with somebody else: jane.doe and eve, whose address differs by case.
pub fn compared() -> Scene {
    after("= down down down down =")
}

pub fn counts(keys: &str) -> Scene {
    after(&format!("b {keys}"))
}

fn after(keys: &str) -> Scene {
    let mut scene = Scene::opened();
    for key in keys.split_whitespace() {
        scene.keys(key);
        scene.answer_all();
    }
    scene
}

#[test]
fn what_the_checks_found() {
    at_three_sizes("checks", &checks(""));
}

#[test]
fn the_users_of_a_check() {
    at_three_sizes("checks-users", &checks("enter down"));
}

#[test]
fn users_who_stand_alone() {
    matches("checks-hidden", &drawn(&checks("down enter").app, 80, 24));
}

#[test]
fn two_users_side_by_side() {
    at_three_sizes("compared", &compared());
}

#[test]
fn the_values_of_a_column() {
    at_three_sizes("counts", &counts("enter"));
    matches("counts-columns", &drawn(&counts("").app, 80, 24));
}

#[test]
fn masked_nothing_of_anybody_is_drawn() {
    for scene in [checks("enter"), compared(), counts("G enter")] {
        let mut scene = scene;
        scene.keys("f3");
        for width in [80, 200] {
            let text = drawn(&scene.app, width, 40).whole();
            for value in ["jane", "Jane@", "example.com", "5f1c9a02"] {
                assert!(!text.contains(value), "{value} is drawn:\n{text}");
            }
        }
    }
}
