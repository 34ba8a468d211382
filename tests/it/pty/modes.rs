//! What a program switched on in the terminal and has not switched off, because that is what a person is left with
//! after a crash: no echo, no cursor, a mouse that types.

use std::collections::BTreeSet;

use rustix::termios::Termios;
use vt100::{Callbacks, Color, CursorStyle, MouseProtocolMode, Screen};

const SYNCHRONIZED_UPDATE: u16 = 2026;
/// On in a fresh terminal; for it "off" is what must not stay.
const AUTOWRAP: u16 = 7;
/// The private modes that the screen itself keeps; a sequence with several modes names them here once more.
const KEPT_BY_THE_SCREEN: [u16; 12] = [1, 6, 9, 25, 47, 1000, 1002, 1003, 1005, 1006, 1049, 2004];

/// What the terminal was told that does not show on its screen.
#[derive(Default)]
pub struct Heard {
    /// Private modes that are not as in a fresh terminal.
    private_modes: BTreeSet<u16>,
    /// How deep the stack of kitty keyboard modes is.
    keyboard_modes: u32,
    title: Option<Vec<u8>>,
    clipboard: Vec<String>,
}

impl Heard {
    pub fn in_synchronized_update(&self) -> bool {
        self.private_modes.contains(&SYNCHRONIZED_UPDATE)
    }

    pub fn title(&self) -> Option<String> {
        self.title
            .as_ref()
            .map(|title| String::from_utf8_lossy(title).into_owned())
    }

    pub fn clipboard(&self) -> Vec<String> {
        self.clipboard.clone()
    }
}

impl Callbacks for Heard {
    fn set_window_title(&mut self, _: &mut Screen, title: &[u8]) {
        self.title = Some(title.to_owned());
    }

    fn copy_to_clipboard(&mut self, _: &mut Screen, _: &[u8], data: &[u8]) {
        self.clipboard.push(match decoded(data) {
            Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            None => format!("(not base64: {})", String::from_utf8_lossy(data)),
        });
    }

    fn unhandled_csi(&mut self, _: &mut Screen, first: Option<u8>, _: Option<u8>, parameters: &[&[u16]], last: char) {
        match (first, last) {
            (Some(b'?'), 'h' | 'l') => {
                for &mode in parameters.iter().copied().flatten() {
                    if KEPT_BY_THE_SCREEN.contains(&mode) {
                        continue;
                    }
                    let switched_on = last == 'h';
                    if switched_on == (mode == AUTOWRAP) {
                        self.private_modes.remove(&mode);
                    } else {
                        self.private_modes.insert(mode);
                    }
                }
            }
            (Some(b'>'), 'u') => self.keyboard_modes += 1,
            (Some(b'<'), 'u') => {
                let count = parameters.first().and_then(|each| each.first()).copied();
                let count = count.unwrap_or(1).max(1);
                self.keyboard_modes = self.keyboard_modes.saturating_sub(count.into());
            }
            _ => {}
        }
    }
}

/// How the line differs from what it was, in anything that `tcgetattr` tells.
pub fn line_differences(before: &Termios, now: &Termios) -> Vec<String> {
    let pairs = [
        (format!("{:?}", before.input_modes), format!("{:?}", now.input_modes)),
        (format!("{:?}", before.output_modes), format!("{:?}", now.output_modes)),
        (
            format!("{:?}", before.control_modes),
            format!("{:?}", now.control_modes),
        ),
        (format!("{:?}", before.local_modes), format!("{:?}", now.local_modes)),
        (
            format!("{:?}", before.special_codes),
            format!("{:?}", now.special_codes),
        ),
        (speeds(before), speeds(now)),
    ];
    pairs
        .into_iter()
        .filter(|(before, now)| before != now)
        .map(|(before, now)| format!("the line has {now}, it had {before}"))
        .collect()
}

/// The rest of what `tcgetattr` tells.
fn speeds(line: &Termios) -> String {
    format!("speeds {} and {}", line.input_speed(), line.output_speed())
}

/// How the terminal differs from a fresh one, apart from the text on it.
pub fn terminal_differences(screen: &Screen, heard: &Heard) -> Vec<String> {
    let coloured = screen.fgcolor() != Color::Default || screen.bgcolor() != Color::Default;
    let styled = screen.bold() || screen.dim() || screen.italic() || screen.underline() || screen.inverse();
    let states = [
        (screen.alternate_screen(), "the alternate screen"),
        (screen.hide_cursor(), "a hidden cursor"),
        (screen.bracketed_paste(), "bracketed paste"),
        (screen.application_cursor(), "application cursor keys"),
        (screen.application_keypad(), "application keypad"),
        (screen.mouse_protocol_mode() != MouseProtocolMode::None, "mouse reports"),
        (screen.cursor_style() != CursorStyle::Default, "another cursor shape"),
        (coloured || styled, "a colour or style"),
        (heard.keyboard_modes > 0, "kitty keyboard modes"),
    ];
    let private = heard.private_modes.iter().map(|mode| format!("private mode {mode}"));
    states
        .into_iter()
        .filter(|&(left, _)| left)
        .map(|(_, name)| name.to_owned())
        .chain(private)
        .collect()
}

/// Base64 with or without padding, as OSC 52 carries it.
fn decoded(data: &[u8]) -> Option<Vec<u8>> {
    let end = data.iter().rposition(|&byte| byte != b'=').map_or(0, |at| at + 1);
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for &byte in &data[..end] {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

mod tests {
    use super::*;
    use std::num::NonZeroU16;

    fn after(output: &str) -> Vec<String> {
        let size = NonZeroU16::new(10).unwrap();
        let mut terminal = vt100::Parser::new_with_callbacks(size, size, 0, Heard::default());
        terminal.process(output.as_bytes());
        terminal_differences(terminal.screen(), terminal.callbacks())
    }

    #[test]
    fn what_was_switched_on_is_named_until_it_is_switched_off() {
        assert_eq!(after("text"), Vec::<String>::new());
        for (on, off, name) in [
            ("\x1b[?1049h", "\x1b[?1049l", "the alternate screen"),
            ("\x1b[?25l", "\x1b[?25h", "a hidden cursor"),
            ("\x1b[?2004h", "\x1b[?2004l", "bracketed paste"),
            ("\x1b[?1000h", "\x1b[?1000l", "mouse reports"),
            ("\x1b[?1h", "\x1b[?1l", "application cursor keys"),
            ("\x1b=", "\x1b>", "application keypad"),
            ("\x1b[5 q", "\x1b[0 q", "another cursor shape"),
            ("\x1b[31m", "\x1b[m", "a colour or style"),
            ("\x1b[7m", "\x1b[27m", "a colour or style"),
            ("\x1b[>1u", "\x1b[<1u", "kitty keyboard modes"),
            ("\x1b[?1004h", "\x1b[?1004l", "private mode 1004"),
            ("\x1b[?25;2026h", "\x1b[?2026l", "private mode 2026"),
            ("\x1b[?7l", "\x1b[?7h", "private mode 7"),
        ] {
            assert_eq!(after(on), [name], "{on:?}");
            assert_eq!(after(&format!("{on}{off}")), Vec::<String>::new(), "{off:?}");
        }
    }

    #[test]
    fn base64_with_and_without_padding() {
        assert_eq!(decoded(b"").as_deref(), Some(&b""[..]));
        assert_eq!(decoded(b"YQ==").as_deref(), Some(&b"a"[..]));
        assert_eq!(decoded(b"YWI").as_deref(), Some(&b"ab"[..]));
        assert_eq!(decoded(b"YWJjPw==").as_deref(), Some(&b"abc?"[..]));
        assert_eq!(decoded(b"Y*"), None);
    }
}
