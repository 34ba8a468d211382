//! What a person did at the terminal, as values. Debug prints kinds and lengths only, because keys
//! and pastes hold what people type: names, addresses, now and then a password.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent};

/// One thing that happened at the terminal.
#[derive(Clone, PartialEq, Eq)]
pub enum Input {
    /// A key press, in crossterm's words: an upper-case letter carries SHIFT, Ctrl-J is not Enter.
    Key(KeyEvent),
    /// The text of one bracketed paste, unchanged (line ends usually come as CR). Bytes that are not
    /// UTF-8 are U+FFFD.
    Paste(String),
    /// Columns and rows now. Ask [`super::Terminal::size`] for the size that is drawn.
    Resize(u16, u16),
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A letter is what somebody types; any other key is only a command.
            Self::Key(KeyEvent {
                code: KeyCode::Char(_), ..
            }) => f.write_str("Key(Char)"),
            Self::Key(key) => write!(f, "Key({:?})", key.code),
            Self::Paste(text) => write!(f, "Paste({} bytes)", text.len()),
            Self::Resize(columns, rows) => write!(f, "Resize({columns}x{rows})"),
        }
    }
}

/// What one read brought, in order. Enter that came in one read with a paste was not pressed by a
/// person who had seen the paste, so the receiver needs to know what came together.
#[derive(Clone, PartialEq, Eq)]
pub struct Burst {
    inputs: Vec<Input>,
    pasted: bool,
}

impl Burst {
    /// `pasted`: these inputs hold a paste, or came so closely after one that no person can have
    /// pressed them in answer to it.
    pub fn new(inputs: Vec<Input>, pasted: bool) -> Self {
        let pasted = pasted || inputs.iter().any(|i| matches!(i, Input::Paste(_)));
        Self { inputs, pasted }
    }

    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    pub fn into_inputs(self) -> Vec<Input> {
        self.inputs
    }

    /// Nothing in this burst may confirm: it holds a paste or is the tail of one. A paste that
    /// contains its own end marker ends early and leaves its rest as keys, Enter among them; over a
    /// slow line that rest comes in several reads, and all of them are marked.
    pub fn pasted(&self) -> bool {
        self.pasted
    }
}

impl fmt::Debug for Burst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pasted {
            f.write_str("pasted ")?;
        }
        f.debug_list().entries(&self.inputs).finish()
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;

    use super::*;

    #[test]
    fn debug_shows_kinds_and_lengths_and_nothing_that_was_typed() {
        let burst = Burst::new(
            vec![
                Input::Key(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE)),
                Input::Key(KeyCode::Enter.into()),
                Input::Paste("hunter2".to_owned()),
                Input::Resize(80, 24),
            ],
            false,
        );
        assert_eq!(
            format!("{burst:?}"),
            "pasted [Key(Char), Key(Enter), Paste(7 bytes), Resize(80x24)]"
        );
    }

    #[test]
    fn a_burst_with_a_paste_is_marked_whatever_it_was_told() {
        assert!(Burst::new(vec![Input::Paste(String::new())], false).pasted());
        assert!(Burst::new(Vec::new(), true).pasted());
        assert!(!Burst::new(vec![Input::Resize(1, 1)], false).pasted());
    }
}
