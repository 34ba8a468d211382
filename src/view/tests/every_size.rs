//! What holds at every size: nothing panics, and the hardware cursor is on the screen, on what the keys act on.

use super::dump::{drawn, drawn_by, drawn_over};
use super::scene::{Scene, denied, edited, reasoned, reviewed, settings};
use super::{audit, journal, sign_in};
use crate::app::{App, Event};
use crate::domain::sign_in::ChallengeKind;
use crate::job::{Job, Reply};
use crate::view::View;
use crate::view::text::Charset;
use crate::view::theme::{Theme, ThemeName};

/// One program for each thing that can be on the screen.
pub fn everything() -> Vec<(&'static str, App)> {
    let mut all = Vec::new();
    let mut add = |name, scene: Scene| all.push((name, scene.app));
    let after = |mut scene: Scene, keys: &str| {
        scene.keys(keys);
        scene.answer_all();
        scene
    };
    let mut no_pool = settings();
    no_pool.pool = None;
    let mut fresh = Scene::new(no_pool.clone());
    fresh.event(Event::Start(80, 24));
    add("pools, asked", fresh);
    let mut listed = Scene::new(no_pool.clone());
    listed.event(Event::Start(80, 24));
    listed.answer_all();
    add("pools", listed);
    no_pool.favourites.clear();
    let mut refused = Scene::new(no_pool);
    refused.event(Event::Start(80, 24));
    refused.answer(
        |job| matches!(job, Job::ListPools { .. }),
        Reply::Pools(Err(denied("ListUserPools"))),
    );
    add("pools, denied", refused);
    let mut asked = Scene::new(settings());
    asked.event(Event::Start(80, 24));
    add("users, asked", asked);
    add("users", Scene::opened());
    add("users, last", after(Scene::opened(), "G"));
    add("users, find", after(Scene::opened(), "/ a b c"));
    add("user", after(Scene::opened(), "enter"));
    add("user, details", after(Scene::opened(), "enter d + G"));
    add("edit, asked", {
        let mut scene = Scene::opened();
        scene.keys("e");
        scene
    });
    add("edit", edited());
    add("edit, all shown", after(edited(), "+ G"));
    add("edit, field", after(edited(), "enter"));
    add("edit, empty field", after(edited(), "enter ctrl-u enter"));
    add("reason", reasoned());
    add("review", reviewed());
    add("review, send", after(reviewed(), "tab"));
    add("review, scrolled", after(reviewed(), "down down down down"));
    add("status", after(Scene::opened(), "tab down"));
    add("status, tall", after(Scene::opened(), "tab ctrl-w"));
    add("entry", after(Scene::opened(), "tab d down"));
    add("help", after(Scene::opened(), "? down down"));
    add("help, end", after(Scene::opened(), "? G"));
    add("palette", after(edited(), ": down down"));
    add("jump", after(edited(), "/ n"));
    add("metadata", after(edited(), "m a = b"));
    add("discard", after(edited(), ": d i s c a r d enter"));
    add("copy", after(Scene::opened(), "y G"));
    add("copy, sent", after(Scene::opened(), "y G enter"));
    add("copy, command", after(reviewed(), "y enter"));
    add("journal", journal::opened());
    add("journal, last", journal::with("G"));
    add("journal, find", journal::with("/ a b c"));
    add("journal, entry", journal::with("G enter down down"));
    add("journal, all pools", journal::with("a"));
    add("checks", audit::checks(""));
    add("checks, users", audit::checks("down enter G"));
    add("checks, alone", audit::checks("G enter"));
    add("compare", audit::compared());
    add("counts, columns", audit::counts("G"));
    add("counts", audit::counts("enter G"));
    add("read only", after(Scene::opened(), "W"));
    add("sign in", sign_in::asked());
    add("sign in, field, password", sign_in::password());
    add(
        "sign in, field, new password",
        sign_in::challenged(ChallengeKind::NewPassword { missing: Vec::new() }, None),
    );
    add(
        "sign in, field, code",
        sign_in::challenged(ChallengeKind::Sms, Some("+*******0100")),
    );
    add("own form", sign_in::acting_for(58));
    add("pool name", after(Scene::opened(), "W W"));
    all
}

#[test]
fn nothing_panics_and_the_cursor_is_on_the_screen() {
    let ascii = View::new(Theme::load(ThemeName::HighContrast).unwrap(), Charset::Ascii);
    for (name, app) in everything() {
        for width in (0..=100).step_by(7).chain([1, 60, 80, 110, 200]) {
            for height in (0..=40).step_by(7).chain([1, 16, 24, 60]) {
                let drawn = drawn(&app, width, height);
                if width == 0 || height == 0 {
                    continue;
                }
                let cursor = drawn
                    .cursor
                    .unwrap_or_else(|| panic!("{name} at {width}x{height} has no cursor"));
                assert!(
                    drawn.buffer.area.contains(cursor),
                    "{name} at {width}x{height}: {cursor}"
                );
                // The other charset and theme take the same ways; every second size is enough for them.
                if (width + height) % 2 == 0 {
                    drawn_by(&ascii, &app, width, height);
                }
            }
        }
    }
}

#[test]
fn every_cell_is_drawn_whatever_was_there_before() {
    for (name, app) in everything() {
        for (width, height) in [(60, 16), (80, 24), (200, 60)] {
            drawn_over(&app, width, height).unwrap_or_else(|cell| panic!("{name} at {width}x{height}: {cell}"));
        }
    }
}

#[test]
fn the_cursor_is_below_the_title_and_above_the_hints() {
    for (name, app) in everything() {
        for (width, height) in [(60, 16), (80, 24), (200, 60)] {
            let cursor = drawn(&app, width, height).cursor.unwrap();
            assert!(
                (2..height - 1).contains(&cursor.y),
                "{name} at {width}x{height}: {cursor}"
            );
        }
    }
}

#[test]
fn the_cursor_stands_on_the_mark_of_the_row_or_in_a_field() {
    for (name, app) in everything() {
        if [
            "asked", "denied", "find", "field", "palette", "jump", "metadata", "discard", "help", "entry", "review",
            "name", "reason",
        ]
        .iter()
        .any(|word| name.contains(word))
        {
            continue;
        }
        for (width, height) in [(60, 16), (80, 24), (200, 60)] {
            let drawn = drawn(&app, width, height);
            let cell = drawn.buffer.cell(drawn.cursor.unwrap()).unwrap();
            assert_eq!(cell.symbol(), ">", "{name} at {width}x{height}");
        }
    }
}

#[test]
fn on_the_buttons_the_cursor_is_on_the_button() {
    for (name, app) in everything().into_iter().filter(|(name, _)| name.starts_with("review")) {
        for (width, height) in [(60, 16), (80, 24), (200, 60)] {
            let drawn = drawn(&app, width, height);
            let cursor = drawn.cursor.unwrap();
            assert_eq!(
                drawn.buffer.cell(cursor).unwrap().symbol(),
                "[",
                "{name} at {width}x{height}"
            );
            assert_eq!(
                drawn.buffer.cell((cursor.x - 1, cursor.y)).unwrap().symbol(),
                ">",
                "{name}"
            );
        }
    }
}

#[test]
fn without_colours_no_cell_has_one_and_the_selected_row_is_reversed() {
    let mono = View::new(Theme::load(ThemeName::Mono).unwrap(), Charset::Utf8);
    for (name, app) in everything() {
        let drawn = drawn_by(&mono, &app, 80, 24);
        let reset = ratatui::style::Color::Reset;
        assert!(
            drawn
                .buffer
                .content
                .iter()
                .all(|cell| (cell.fg, cell.bg) == (reset, reset)),
            "{name}"
        );
    }
    let drawn = drawn_by(&mono, &Scene::opened().app, 80, 24);
    let cell = drawn.buffer.cell(drawn.cursor.unwrap()).unwrap();
    assert!(cell.modifier.contains(ratatui::style::Modifier::REVERSED));
}

#[test]
fn every_line_ends_where_the_screen_ends() {
    // What is cut says so: no line may simply stop at the edge in the middle of a word of ours.
    for (name, app) in everything() {
        let drawn = drawn(&app, 60, 16);
        for line in drawn.text().lines() {
            assert!(line.chars().count() <= 60, "{name}: {line}");
        }
    }
}

#[test]
fn a_terminal_that_is_too_small_for_everything_is_told_what_is_needed() {
    let scene = Scene::opened();
    for (width, height, said) in [
        (59, 16, "cognitui needs 60x16, this is 59x16"),
        (20, 5, "cognitui needs 60x16, this is 20x5"),
        (20, 1, "60x16 needed"),
        (10, 2, "60x16 needed"),
        (6, 1, "60x16"),
        (5, 1, "60x16"),
        (3, 1, "60x"),
    ] {
        let words: Vec<String> = drawn(&scene.app, width, height)
            .text()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert_eq!(words.join(" "), said, "{width}x{height}");
    }
}
