//! The terminal's key events in the app's words, so that the app knows no terminal.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::keymap::{Chord, Key};
use crate::app::{Event, Input};
use crate::domain::Raw;
use crate::terminal::{self, Burst};

/// What one read brought, as an event. A burst that is the tail of a paste keeps that mark by beginning with an empty
/// paste: it inserts nothing, and nothing in its company confirms.
pub fn event(burst: Burst) -> Event {
    let pasted = burst.pasted();
    let mut inputs: Vec<Input> = burst
        .into_inputs()
        .into_iter()
        .map(|input| match input {
            terminal::Input::Key(key) => Input::Key(chord(key)),
            terminal::Input::Paste(text) => Input::Paste(Raw::from(text)),
            terminal::Input::Resize(width, height) => Input::Resize(width, height),
        })
        .collect();
    if pasted && !inputs.iter().any(|input| matches!(input, Input::Paste(_))) {
        inputs.insert(0, Input::Paste(Raw::default()));
    }
    Event::Burst(inputs)
}

fn chord(event: KeyEvent) -> Chord {
    let (ctrl, alt, shift) = (
        event.modifiers.contains(KeyModifiers::CONTROL),
        event.modifiers.contains(KeyModifiers::ALT),
        event.modifiers.contains(KeyModifiers::SHIFT),
    );
    let (key, shift) = match event.code {
        KeyCode::Char(c) => (Key::Char(c), false),
        KeyCode::BackTab => (Key::Tab, true),
        KeyCode::Enter => (Key::Enter, shift),
        KeyCode::Esc => (Key::Esc, shift),
        KeyCode::Tab => (Key::Tab, shift),
        KeyCode::Backspace => (Key::Backspace, shift),
        KeyCode::Delete => (Key::Delete, shift),
        KeyCode::Insert => (Key::Insert, shift),
        KeyCode::Up => (Key::Up, shift),
        KeyCode::Down => (Key::Down, shift),
        KeyCode::Left => (Key::Left, shift),
        KeyCode::Right => (Key::Right, shift),
        KeyCode::Home => (Key::Home, shift),
        KeyCode::End => (Key::End, shift),
        KeyCode::PageUp => (Key::PageUp, shift),
        KeyCode::PageDown => (Key::PageDown, shift),
        KeyCode::F(number) => (Key::F(number), shift),
        _ => (Key::Other, shift),
    };
    Chord { key, ctrl, alt, shift }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_out_in_the_notation_of_the_key_file() {
        let cases = [
            (KeyCode::Char('G'), KeyModifiers::SHIFT, "G"),
            (KeyCode::Char('s'), KeyModifiers::CONTROL, "ctrl-s"),
            (KeyCode::Char('b'), KeyModifiers::ALT, "alt-b"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "backtab"),
            (KeyCode::Char(' '), KeyModifiers::NONE, "space"),
            (KeyCode::F(1), KeyModifiers::NONE, "f1"),
            (KeyCode::Left, KeyModifiers::ALT, "alt-left"),
        ];
        for (code, modifiers, expected) in cases {
            assert_eq!(chord(KeyEvent::new(code, modifiers)).to_string(), expected);
        }
    }

    #[test]
    fn the_tail_of_a_paste_is_company_that_confirms_nothing() {
        let enter = terminal::Input::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
        let Event::Burst(inputs) = event(Burst::new(vec![enter], true)) else {
            panic!("a burst stays one");
        };
        assert_eq!(inputs.first(), Some(&Input::Paste(Raw::default())));
    }
}
