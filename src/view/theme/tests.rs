use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::*;
use crate::domain::Raw;
use crate::view::text::{Charset, shown};

fn theme(name: ThemeName) -> Theme {
    Theme::load(name).expect("a theme of our own")
}

fn wrong(file: &str) -> String {
    Theme::read("mine", file).unwrap_err().to_string()
}

#[test]
fn every_theme_has_a_complete_look_for_every_role() {
    for name in ThemeName::ALL {
        let theme = theme(name);
        for role in Role::ALL {
            let style = theme.style(role);
            assert!(style.fg.is_some() && style.bg.is_some(), "{name:?} {role:?}");
            assert_eq!(
                style.add_modifier | style.sub_modifier,
                Modifier::all(),
                "{name:?} {role:?}: what is not set is reset"
            );
        }
    }
}

#[test]
fn only_the_sixteen_colours_are_used() {
    for name in ThemeName::ALL {
        for role in Role::ALL {
            for colour in [theme(name).style(role).fg, theme(name).style(role).bg] {
                assert!(
                    !matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_))),
                    "{name:?} {role:?}"
                );
            }
        }
    }
}

#[test]
fn mono_has_no_colour_and_its_cursor_row_is_still_seen() {
    let mono = theme(ThemeName::Mono);
    for role in Role::ALL {
        for over in Role::ALL {
            let style = mono.style_over(role, over);
            assert_eq!(
                (style.fg, style.bg),
                (Some(Color::Reset), Some(Color::Reset)),
                "{role:?} {over:?}"
            );
        }
    }
    for role in [Role::Selected, Role::TitleFocused, Role::Protected, Role::ButtonFocused] {
        let style = mono.style(role);
        assert!(style.add_modifier.contains(Modifier::REVERSED), "{role:?}");
    }
}

#[test]
fn the_selected_row_stands_out_in_every_theme_whatever_is_in_it() {
    for name in ThemeName::ALL {
        let theme = theme(name);
        for over in [Role::Token, Role::Cut, Role::Matched, Role::Differs] {
            let selected = theme.style_over(Role::Selected, over);
            let plain = theme.style_over(Role::Row, over);
            assert_ne!(selected, plain, "{name:?} {over:?}");
        }
    }
}

#[test]
fn a_token_in_the_cursor_row_is_seen_as_both() {
    let theme = theme(ThemeName::Mono);
    let text = shown(&Raw::from("adm\u{200b}in"), Charset::Utf8);
    let line = theme.line(&text, Role::Selected, Role::Matched);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 13, 1));
    buffer.set_line(0, 0, &line, 13);
    assert_eq!(buffer[(0, 0)].modifier, Modifier::REVERSED);
    assert_eq!(buffer[(3, 0)].symbol(), "\\");
    assert_eq!(buffer[(3, 0)].modifier, Modifier::REVERSED | Modifier::UNDERLINED);
    assert_eq!(buffer[(11, 0)].modifier, Modifier::REVERSED);
}

#[test]
fn lit_and_cut_parts_have_looks_of_their_own() {
    let theme = theme(ThemeName::Default);
    let text = shown(&Raw::from("jane.doe"), Charset::Utf8).lit(&[0..4, 8..8]).fit(7);
    let spans = theme.spans(&text, Role::Row, Role::Matched);
    let seen: Vec<(&str, Style)> = spans.iter().map(|span| (span.content.as_ref(), span.style)).collect();
    assert_eq!(
        seen,
        [
            ("jane", theme.style_over(Role::Row, Role::Matched)),
            (".", theme.style(Role::Row)),
            ("..", theme.style_over(Role::Row, Role::Cut)),
        ]
    );
}

#[test]
fn a_role_that_is_left_out_looks_like_its_parent() {
    let theme = Theme::read("mine", "changed = \"yellow\"\nrow = \"bold\"\n").unwrap();
    assert_eq!(theme.style(Role::Same), theme.style(Role::Changed));
    assert_eq!(theme.style(Role::Before), theme.style(Role::Changed));
    assert_eq!(theme.style(Role::Selected), theme.style(Role::Row));
    assert_eq!(theme.style(Role::Changed).fg, Some(Color::Yellow));
    assert_eq!(theme.style(Role::Good), complete(Look::default()));
}

#[test]
fn every_role_falls_back_to_text_in_the_end() {
    for role in Role::ALL {
        let ancestors = std::iter::successors(Some(role), |role| Some(role.parent())).take(Role::ALL.len());
        assert!(ancestors.into_iter().any(|role| role == Role::Text), "{role:?}");
    }
}

#[test]
fn every_role_says_its_meaning_without_colour_too() {
    for role in Role::ALL {
        assert!(!role.mark().is_empty() && role.mark().is_ascii(), "{role:?}");
        assert_eq!(role.name().parse(), Ok(role));
    }
}

#[test]
fn mistakes_name_the_theme_the_line_and_the_word() {
    assert_eq!(
        wrong("text = \"plain\"\n\nselectd = \"reversed\"\n"),
        "theme mine, line 3: there is no role \"selectd\""
    );
    assert_eq!(
        wrong("# looks\ntext = \"bold orange\"\n"),
        "theme mine, line 2: \"orange\" is neither a colour of the sixteen nor bold, dim, italic, underlined or reversed"
    );
    assert_eq!(
        wrong("text = \"white on #102030\"\n"),
        "theme mine, line 1: \"#102030\" is neither a colour of the sixteen nor bold, dim, italic, underlined or reversed"
    );
    assert_eq!(
        wrong("text = 7\n"),
        "theme mine, line 1: a look is a text like \"bold white on blue\""
    );
    for two in ["red blue", "red on", "red on blue on green"] {
        assert_eq!(
            wrong(&format!("\ntext = \"{two}\"\n")),
            "theme mine, line 2: a look has one colour, and one more after \"on\""
        );
    }
    assert!(wrong("text = \"plain\"\ntext = \"plain\"\n").starts_with("theme mine, line 2: it is not TOML: "));
    assert!(wrong("text = \n").starts_with("theme mine, line 1: it is not TOML: "));
}
