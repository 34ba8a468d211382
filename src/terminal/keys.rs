//! The names of keys: which bytes of a finished escape sequence mean which key. Apart from the
//! decoder, which only finds out where a sequence ends.
//!
//! Sources: ECMA-48 (shape of control sequences), the xterm manual "Control Sequences" (cursor,
//! editing and function keys, modifyOtherKeys), the kitty keyboard protocol (`CSI … u`).

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A character as typed; upper-case letters carry SHIFT, as everywhere in crossterm.
pub(super) fn character(c: char, modifiers: KeyModifiers) -> KeyEvent {
    let shift = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(c), modifiers | shift)
}

/// A control byte (below 0x20, or DEL). `None` for ESC, which starts a sequence.
pub(super) fn control(byte: u8, modifiers: KeyModifiers) -> Option<KeyEvent> {
    let ctrl = |c: u8| {
        Some(KeyEvent::new(
            KeyCode::Char(char::from(c)),
            modifiers | KeyModifiers::CONTROL,
        ))
    };
    match byte {
        b'\r' => Some(KeyEvent::new(KeyCode::Enter, modifiers)),
        b'\t' => Some(KeyEvent::new(KeyCode::Tab, modifiers)),
        0x7f => Some(KeyEvent::new(KeyCode::Backspace, modifiers)),
        0x00 => ctrl(b' '),
        0x01..=0x1a => ctrl(byte - 1 + b'a'),
        0x1c..=0x1f => ctrl(byte - 0x1c + b'4'),
        _ => None,
    }
}

/// `ESC O` and this byte.
pub(super) fn ss3(last: u8) -> Option<KeyEvent> {
    if last == b'M' {
        return Some(KeyCode::Enter.into()); // the keypad's, where a terminal leaves it in application mode
    }
    if let Some(code) = rxvt_arrow(last) {
        return Some(KeyEvent::new(code, KeyModifiers::CONTROL));
    }
    lettered(last).map(KeyEvent::from)
}

/// `ESC [`, these parameters, this final byte. `None`: a reply or a report that is no key.
pub(super) fn csi(body: &[u8], last: u8) -> Option<KeyEvent> {
    let body = std::str::from_utf8(body).ok()?;
    // A private marker (`?`, `<`, `>`, `=`) makes it a reply or a mouse report.
    if !body.bytes().all(|b| matches!(b, b'0'..=b'9' | b';' | b':')) {
        return None;
    }
    let mut fields = body.split(';');
    let first = number(fields.next());
    let (modifiers, released) = modifiers(fields.next());
    if released {
        return None;
    }
    match last {
        b'~' if first == Some(27) => other(number(fields.next())?, modifiers),
        b'~' => Some(KeyEvent::new(numbered(first?)?, modifiers)),
        b'^' => Some(KeyEvent::new(numbered(first?)?, modifiers | KeyModifiers::CONTROL)),
        b'$' => Some(KeyEvent::new(numbered(first?)?, modifiers | KeyModifiers::SHIFT)),
        b'@' => Some(KeyEvent::new(
            numbered(first?)?,
            modifiers | KeyModifiers::CONTROL | KeyModifiers::SHIFT,
        )),
        b'u' => other(first?, modifiers),
        b'Z' => Some(KeyEvent::new(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT)),
        b'a'..=b'd' if body.is_empty() => Some(KeyEvent::new(rxvt_arrow(last)?, KeyModifiers::SHIFT)),
        // A first number other than 1 is a report, such as the cursor's place (`CSI row ; column R`).
        _ if first.unwrap_or(1) == 1 => Some(KeyEvent::new(lettered(last)?, modifiers)),
        _ => None,
    }
}

/// The Linux console's `ESC [ [` and this byte.
pub(super) fn linux_console(last: u8) -> Option<KeyEvent> {
    matches!(last, b'A'..=b'E').then(|| KeyCode::F(1 + last - b'A').into())
}

fn lettered(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(1 + last - b'P'),
        _ => return None,
    })
}

fn rxvt_arrow(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'a' => KeyCode::Up,
        b'b' => KeyCode::Down,
        b'c' => KeyCode::Right,
        b'd' => KeyCode::Left,
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        // The numbers of the function keys have gaps where a VT220 had gaps between its key groups.
        11..=15 => function(number, 10)?,
        17..=21 => function(number, 11)?,
        23..=26 => function(number, 12)?,
        28..=29 => function(number, 13)?,
        31..=34 => function(number, 14)?,
        _ => return None,
    })
}

fn function(number: u32, gap: u32) -> Option<KeyCode> {
    u8::try_from(number.checked_sub(gap)?).ok().map(KeyCode::F)
}

/// A key sent as its character's number with modifiers: `CSI 27 ; m ; n ~` and `CSI n ; m u`.
fn other(number: u32, modifiers: KeyModifiers) -> Option<KeyEvent> {
    let code = match number {
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        127 => KeyCode::Backspace,
        // kitty's own keys lie in a private-use area; none of them is a character.
        0xe000..=0xf8ff => return None,
        _ => {
            let c = char::from_u32(number).filter(|c| !c.is_control())?;
            let c = if modifiers.contains(KeyModifiers::SHIFT) {
                upper(c)
            } else {
                c
            };
            return Some(character(c, modifiers));
        }
    };
    Some(KeyEvent::new(code, modifiers))
}

fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn number(field: Option<&str>) -> Option<u32> {
    field?.split(':').next()?.parse().ok()
}

/// One more than a sum of bits; after a colon the kind of event, of which 3 is a release.
fn modifiers(field: Option<&str>) -> (KeyModifiers, bool) {
    let mut parts = field.unwrap_or_default().split(':');
    let bits = number(parts.next()).unwrap_or(1).saturating_sub(1);
    let released = parts.next() == Some("3");
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ] {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    (modifiers, released)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(key: Option<KeyEvent>) -> String {
        key.map_or("none".to_owned(), |k| {
            format!("{}{}", k.modifiers.bits(), {
                let code = k.code;
                format!("{code:?}")
            })
        })
    }

    #[test]
    fn every_function_key_of_xterm_has_its_number() {
        let numbers = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24];
        for (f, number) in (1..).zip(numbers) {
            assert_eq!(csi(number.to_string().as_bytes(), b'~'), Some(KeyCode::F(f).into()));
        }
        for gap in [10, 16, 22, 27, 30, 35, 99] {
            assert_eq!(csi(gap.to_string().as_bytes(), b'~'), None);
        }
    }

    #[test]
    fn modifiers_are_one_more_than_a_sum_of_bits() {
        assert_eq!(csi(b"1;3", b'D'), Some(KeyEvent::new(KeyCode::Left, KeyModifiers::ALT)));
        assert_eq!(
            csi(b"3;6", b'~'),
            Some(KeyEvent::new(
                KeyCode::Delete,
                KeyModifiers::CONTROL | KeyModifiers::SHIFT
            ))
        );
        assert_eq!(csi(b"1;1", b'A'), Some(KeyCode::Up.into()));
        assert_eq!(csi(b";5", b'A').map(|k| k.modifiers), Some(KeyModifiers::CONTROL));
    }

    #[test]
    fn replies_reports_and_releases_are_no_keys() {
        for (body, last) in [
            (&b"?1;2"[..], b'c'), // device attributes
            (b"12;40", b'R'),     // the cursor's place
            (b"?2026;2", b'y'),   // a mode's state
            (b"<0;3;4", b'M'),    // mouse
            (b"", b'I'),          // focus
            (b"97;1:3", b'u'),    // a release
            (b"57358", b'u'),     // caps lock in kitty's numbers
            (b"201", b'~'),       // the end of no paste
            (b"99999999999", b'~'),
        ] {
            assert_eq!(name(csi(body, last)), "none", "{body:?} {last}");
        }
    }

    #[test]
    fn characters_sent_as_numbers_are_the_same_keys() {
        assert_eq!(
            csi(b"13;2", b'u'),
            Some(KeyEvent::new(KeyCode::Enter, KeyModifiers::SHIFT))
        );
        assert_eq!(csi(b"27;5;105", b'~'), csi(b"105;5", b'u'));
        assert_eq!(csi(b"97;2", b'u'), Some(character('A', KeyModifiers::NONE)));
        assert_eq!(csi(b"9;2", b'u'), csi(b"", b'Z'));
    }

    #[test]
    fn control_bytes_have_crossterms_names() {
        assert_eq!(control(b'\r', KeyModifiers::NONE), Some(KeyCode::Enter.into()));
        assert_eq!(
            control(b'\n', KeyModifiers::NONE),
            Some(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL))
        );
        assert_eq!(
            control(0, KeyModifiers::ALT),
            Some(KeyEvent::new(
                KeyCode::Char(' '),
                KeyModifiers::CONTROL | KeyModifiers::ALT
            ))
        );
        assert_eq!(control(0x1b, KeyModifiers::NONE), None);
    }
}
