//! Copying through the terminal (OSC 52), the only clipboard there is at the far end of an SSH line. Write only: what
//! the terminal holds is never asked for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most that is handed to a terminal: many drop longer sequences whole.
pub const LONGEST: usize = 74_994;

/// How the terminal is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    Plain,
    /// Inside tmux: plain for tmux itself, and wrapped for the terminal around it.
    Tmux,
    /// Inside GNU screen: likewise.
    Screen,
}

impl Clipboard {
    /// From the environment, as a look-up.
    pub fn detect(set: impl Fn(&str) -> bool) -> Self {
        if set("TMUX") {
            Self::Tmux
        } else if set("STY") {
            Self::Screen
        } else {
            Self::Plain
        }
    }

    /// The bytes that ask the terminal to take `text`. Text that is too long is cut at a character.
    pub fn osc52(self, text: &str) -> Vec<u8> {
        let mut end = text.len().min(LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let encoded = STANDARD.encode(text.get(..end).unwrap_or_default());
        let plain = format!("\x1b]52;c;{encoded}\x07");
        let wrapped = match self {
            Self::Plain => String::new(),
            Self::Tmux => format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
            Self::Screen => format!("\x1bP{plain}\x1b\\"),
        };
        (plain + &wrapped).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_out_encoded_and_cannot_end_the_sequence() {
        let bytes = Clipboard::Plain.osc52("a\x07\x1b]52;c;x");
        assert_eq!(bytes.iter().filter(|byte| **byte == 0x07).count(), 1);
        assert_eq!(bytes, b"\x1b]52;c;YQcbXTUyO2M7eA==\x07");
    }

    #[test]
    fn inside_tmux_it_goes_out_plain_and_wrapped() {
        let bytes = Clipboard::Tmux.osc52("hi");
        assert_eq!(bytes, b"\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
    }

    #[test]
    fn too_long_is_cut_at_a_character() {
        let bytes = Clipboard::Plain.osc52(&"é".repeat(LONGEST));
        let encoded = String::from_utf8(bytes).unwrap();
        let inner = encoded.trim_start_matches("\x1b]52;c;").trim_end_matches('\x07');
        assert!(String::from_utf8(STANDARD.decode(inner).unwrap()).is_ok());
    }
}
