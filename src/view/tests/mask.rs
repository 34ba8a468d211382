//! With the mask on, nothing of anybody is on any screen, at any size, and everything else is.

use std::collections::BTreeSet;

use super::dump::drawn;
use super::every_size::everything;
use super::scene::{POOL, Scene, edited, people};
use super::screens::matches;
use crate::app::keymap::Chord;
use crate::app::{App, Event, Input, Stamped};

fn masked(mut app: App) -> App {
    let (at, mono) = (app.core.at, app.core.mono);
    app.update(Stamped {
        at,
        mono,
        event: Event::Burst(vec![Input::Key(Chord::parse("f3").unwrap())]),
    });
    app
}

/// Names and values of everybody in the scene, but for what stands on any screen.
fn of_people() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for user in people() {
        all.insert(user.username.as_str().to_owned());
        all.extend(user.attributes.values().map(|value| value.raw().as_str().to_owned()));
    }
    all.retain(|value| !matches!(value.as_str(), "true" | "false"));
    all
}

/// Whether a text holds a value, and not as a part of another word.
fn holds(text: &str, value: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || "@.+_-:/".contains(c);
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[test]
fn no_screen_shows_anything_of_anybody() {
    let people = of_people();
    let mut seen_before = 0;
    for (name, app) in everything() {
        for (width, height) in [(60, 16), (80, 24), (200, 60)] {
            let before = drawn(&app, width, height).text();
            seen_before += people.iter().filter(|value| holds(&before, value)).count();
            let app = masked(app.clone());
            let drawn = drawn(&app, width, height);
            let text = drawn.text();
            assert!(text.lines().next().unwrap().contains("MASKED"), "{name}:\n{text}");
            for value in &people {
                assert!(
                    !holds(&text, value),
                    "{name} at {width}x{height} shows {value}:\n{text}"
                );
            }
            assert!(
                drawn.buffer.area.contains(drawn.cursor.unwrap()),
                "{name}: the cursor stays"
            );
        }
    }
    assert!(seen_before > 500, "unmasked they are there: {seen_before}");
}

#[test]
fn names_of_things_stay() {
    let text = drawn(&masked(Scene::opened().app), 120, 30).text();
    for word in ["customers-prod", POOL, "PROTECTED", "USERNAME", "CONFIRMED", "*****"] {
        assert!(text.contains(word), "{word}:\n{text}");
    }
    let text = drawn(&masked(edited().app), 80, 24).text();
    for word in ["email", "custom:tier", "immutable in this pool"] {
        assert!(text.contains(word), "{word}:\n{text}");
    }
}

#[test]
fn masked_screens() {
    matches("masked-users", &drawn(&masked(Scene::opened().app), 80, 24));
    matches("masked-edit", &drawn(&masked(edited().app), 80, 24));
}

#[test]
fn no_screen_draws_text_of_others_past_the_pen() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view/screen")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for door in [
                "shown(&",
                "shown(raw",
                "text::typed(",
                "text::sentence(",
                "text::shown(",
            ] {
                assert!(!source.contains(door), "{}: {door}", path.display());
            }
            read += 1;
        }
    }
    assert!(read > 20, "{read} files");
}
