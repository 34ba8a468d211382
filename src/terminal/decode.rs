//! From the bytes of a terminal to keys and pastes, however the line has cut them up. This is a
//! reader of our own because crossterm 0.29's cannot be made safe from outside (measured):
//! - a paste whose start was split comes as loose keys, and its end marker as nothing at all, so
//!   that no reading of its events can tell where the paste ended;
//! - `poll(0)` blocks in the middle of a sequence until the next key, so the thread cannot let go;
//! - of 3,000 bytes that come at once it reads 1,024 and reports the rest only after the next key;
//! - `ESC ESC [ A` comes as Esc, `[`, `A`.
//!
//! The events are crossterm's own types. Everything here is pure: bytes go in, inputs come out, and
//! the caller says when it has waited long enough for the rest of a sequence.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{input::Input, keys};

const PASTE_END: &[u8] = b"\x1b[201~";
/// No key and no reply that we know is longer; noise must not grow without bound.
const LONGEST_SEQUENCE: usize = 64;

/// How long the rest of a sequence may take before what is there is judged as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It may be a key that a person pressed (Esc, Alt-[): a moment.
    Short,
    /// It cannot be a key that a person pressed: as long as a bad line may take.
    Long,
}

/// Keys and pastes out of the bytes of a terminal. Public, because what it makes of hostile bytes must be testable without
/// a terminal. Not `Debug`: it holds what somebody types.
#[derive(Default)]
pub struct Decoder {
    state: State,
    late: Late,
    inputs: Vec<Input>,
}

#[derive(Default)]
enum State {
    #[default]
    Ground,
    /// The first bytes of a character.
    Character {
        bytes: Vec<u8>,
        need: usize,
        modifiers: KeyModifiers,
    },
    /// ESC; `twice`: ESC ESC, which some terminals send for Option.
    Escape { twice: bool },
    /// ESC O
    Ss3 { twice: bool },
    /// ESC [ and parameters
    Csi { twice: bool, body: Vec<u8> },
    /// A control sequence that grew too long, up to its last byte.
    Noise,
    /// ESC [ [
    LinuxConsole,
    /// ESC [ M, a mouse report of the oldest kind; this many bytes are left.
    Mouse(u8),
    /// ESC ], ESC P or ESC _: a reply of the terminal, up to its terminator.
    Reply { opener: u8, length: usize, escape: bool },
    /// After ESC [ 200 ~
    Paste(Vec<u8>),
}

/// A sequence's start was given out as a key because its rest had not come. If the very next read
/// is that rest and nothing else, it is still read as such: on a slow line a paste would otherwise
/// arrive as commands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Late {
    #[default]
    Nothing,
    AfterEscape,
    AfterBracket,
}

impl Decoder {
    /// Takes what one read brought. What is complete comes back; an unfinished rest is kept.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let late = std::mem::take(&mut self.late);
        if matches!(self.state, State::Ground) && late != Late::Nothing {
            self.take_late_rest(late, bytes);
        }
        // A terminal that lost the end of a paste would otherwise never give the keys back. Ctrl-C
        // on its own in a read is a person; terminals take it out of what they paste.
        if bytes == [0x03] && matches!(self.state, State::Paste(_)) {
            self.end_paste();
            return std::mem::take(&mut self.inputs);
        }
        for &byte in bytes {
            self.step(byte);
        }
        std::mem::take(&mut self.inputs)
    }

    /// How long to wait for more before [`Self::give_up`]; `None`: for ever.
    pub fn patience(&self) -> Option<Patience> {
        match &self.state {
            State::Ground if self.late == Late::Nothing => None,
            State::Paste(_) => None,
            State::Escape { .. } | State::Ss3 { .. } | State::Reply { .. } => Some(Patience::Short),
            State::Csi { body, .. } if body.is_empty() => Some(Patience::Short),
            _ => Some(Patience::Long),
        }
    }

    pub fn in_paste(&self) -> bool {
        matches!(self.state, State::Paste(_))
    }

    /// The rest did not come in time: what a person can have pressed is a key, the rest is dropped.
    pub fn give_up(&mut self) -> Vec<Input> {
        self.late = Late::Nothing;
        match std::mem::take(&mut self.state) {
            State::Escape { twice } => {
                self.escapes(twice);
                self.key(KeyCode::Esc.into());
                self.late = Late::AfterEscape;
            }
            State::Ss3 { twice } => {
                self.escapes(twice);
                self.alt(b'O');
            }
            State::Csi { twice, body } => {
                self.escapes(twice);
                if body.is_empty() {
                    self.alt(b'[');
                    self.late = Late::AfterBracket;
                }
            }
            State::Reply {
                opener,
                length: 0,
                escape,
            } => {
                self.alt(opener);
                self.escapes(escape);
            }
            State::Paste(text) => self.state = State::Paste(text),
            State::Ground
            | State::Character { .. }
            | State::Noise
            | State::LinuxConsole
            | State::Mouse(_)
            | State::Reply { .. } => {}
        }
        std::mem::take(&mut self.inputs)
    }

    fn step(&mut self, byte: u8) {
        match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte),
            State::Character { bytes, need, modifiers } => {
                self.character(bytes, need, modifiers, byte);
            }
            State::Escape { twice } => self.escape(twice, byte),
            State::Ss3 { twice } => self.ss3(twice, byte),
            State::Csi { twice, body } => self.csi(twice, body, byte),
            State::Noise => match byte {
                0x1b => self.ground(byte),
                0x20..=0x3f => self.state = State::Noise,
                _ => {}
            },
            State::LinuxConsole => match keys::linux_console(byte) {
                Some(key) => self.key(key),
                None if byte == 0x1b => self.ground(byte),
                None => {}
            },
            State::Mouse(left) if left > 1 => self.state = State::Mouse(left - 1),
            State::Mouse(_) => {}
            State::Reply { opener, length, escape } => self.reply(opener, length, escape, byte),
            State::Paste(mut text) => {
                text.push(byte);
                let ended = byte == b'~' && text.ends_with(PASTE_END);
                if ended {
                    text.truncate(text.len() - PASTE_END.len());
                }
                self.state = State::Paste(text);
                if ended {
                    self.end_paste();
                }
            }
        }
    }

    fn ground(&mut self, byte: u8) {
        if byte == 0x1b {
            self.state = State::Escape { twice: false };
        } else {
            self.plain(byte, KeyModifiers::NONE);
        }
    }

    /// A byte outside of any sequence: a control, a letter, or the start of a longer character.
    fn plain(&mut self, byte: u8, modifiers: KeyModifiers) {
        let need = match byte {
            0x00..=0x1f | 0x7f => {
                if let Some(key) = keys::control(byte, modifiers) {
                    self.key(key);
                }
                return;
            }
            0x20..=0x7e => {
                self.key(keys::character(char::from(byte), modifiers));
                return;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return, // not UTF-8: no key has this
        };
        self.state = State::Character {
            bytes: vec![byte],
            need,
            modifiers,
        };
    }

    fn character(&mut self, mut bytes: Vec<u8>, need: usize, modifiers: KeyModifiers, byte: u8) {
        if !matches!(byte, 0x80..=0xbf) {
            return self.ground(byte); // the character was cut off; this byte is a new one
        }
        bytes.push(byte);
        if bytes.len() < need {
            self.state = State::Character { bytes, need, modifiers };
        } else if let Some(c) = std::str::from_utf8(&bytes).ok().and_then(|s| s.chars().next())
            && !c.is_control()
        {
            self.key(keys::character(c, modifiers));
        }
    }

    fn escape(&mut self, twice: bool, byte: u8) {
        match byte {
            0x1b => {
                self.escapes(twice);
                self.state = State::Escape { twice: true };
            }
            b'[' => {
                self.state = State::Csi {
                    twice,
                    body: Vec::new(),
                }
            }
            b'O' => self.state = State::Ss3 { twice },
            b']' | b'P' | b'_' => {
                self.escapes(twice);
                self.state = State::Reply {
                    opener: byte,
                    length: 0,
                    escape: false,
                };
            }
            _ => {
                self.escapes(twice);
                self.plain(byte, KeyModifiers::ALT);
            }
        }
    }

    fn ss3(&mut self, twice: bool, byte: u8) {
        if byte.is_ascii_digit() {
            // Older terminals put the modifier in here: `ESC O 5 A` for `ESC [ 1 ; 5 A`.
            self.state = State::Csi {
                twice,
                body: vec![b'1', b';', byte],
            };
        } else if let Some(key) = keys::ss3(byte) {
            self.key(with_option(key, twice));
        } else {
            self.escapes(twice);
            self.alt(b'O');
            self.ground(byte);
        }
    }

    fn csi(&mut self, twice: bool, mut body: Vec<u8>, byte: u8) {
        let numbers_only = body.first().is_some_and(u8::is_ascii_digit);
        match byte {
            b'$' if numbers_only => self.end_csi(twice, &body, byte), // rxvt ends a shifted key with it
            0x20..=0x3f if body.len() < LONGEST_SEQUENCE => {
                body.push(byte);
                self.state = State::Csi { twice, body };
            }
            0x20..=0x3f => self.state = State::Noise,
            0x40..=0x7e => self.end_csi(twice, &body, byte),
            // A control or a character cannot stand here. Straight after `ESC [` a person pressed
            // Alt-[ and then this; later on the sequence is broken, and so is not acted on.
            _ if body.is_empty() => {
                self.escapes(twice);
                self.alt(b'[');
                self.ground(byte);
            }
            0x1b => self.ground(byte),
            _ => {}
        }
    }

    fn end_csi(&mut self, twice: bool, body: &[u8], last: u8) {
        match (body, last) {
            (b"200", b'~') => {
                self.escapes(twice);
                self.state = State::Paste(Vec::new());
            }
            (b"", b'[') => self.state = State::LinuxConsole,
            (b"", b'M') => self.state = State::Mouse(3),
            _ => match keys::csi(body, last) {
                Some(key) => self.key(with_option(key, twice)),
                None => self.escapes(twice),
            },
        }
    }

    /// Replies are swallowed to their terminator. One that stays open is dropped by the caller's
    /// patience, so that Alt-] never eats what is typed later.
    fn reply(&mut self, opener: u8, length: usize, escape: bool, byte: u8) {
        match byte {
            b'\\' if escape => {}
            _ if escape => {
                if length == 0 {
                    self.alt(opener);
                }
                self.escape(false, byte);
            }
            0x07 => {}
            0x1b => {
                self.state = State::Reply {
                    opener,
                    length,
                    escape: true,
                }
            }
            0x00..=0x1f if length == 0 => {
                self.alt(opener); // no reply starts with a control: a person pressed both
                self.ground(byte);
            }
            0x18 | 0x1a => {}
            _ => {
                self.state = State::Reply {
                    opener,
                    length: length.saturating_add(1),
                    escape: false,
                }
            }
        }
    }

    fn end_paste(&mut self) {
        if let State::Paste(text) = std::mem::take(&mut self.state) {
            let text = String::from_utf8(text).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
            self.inputs.push(Input::Paste(text));
        }
    }

    fn take_late_rest(&mut self, late: Late, bytes: &[u8]) {
        let (rest, ss3) = match (late, bytes) {
            (Late::AfterEscape, [b'[', rest @ ..]) => (rest, None),
            (Late::AfterEscape, [b'O', last]) => (&[][..], Some(*last)),
            (Late::AfterBracket, rest @ [b'0'..=b'9', ..]) => (rest, None),
            _ => return,
        };
        if ss3.is_some_and(|last| keys::ss3(last).is_some()) {
            self.state = State::Escape { twice: false };
            return;
        }
        let whole_key = rest.split_last().is_some_and(|(last, body)| {
            body.iter().all(|b| matches!(b, b'0'..=b'9' | b';')) && keys::csi(body, *last).is_some()
        });
        if whole_key || rest.starts_with(b"200~") {
            self.state = match late {
                Late::AfterBracket => State::Csi {
                    twice: false,
                    body: Vec::new(),
                },
                _ => State::Escape { twice: false },
            };
        }
    }

    fn key(&mut self, key: KeyEvent) {
        self.inputs.push(Input::Key(key));
    }

    fn alt(&mut self, letter: u8) {
        self.key(keys::character(char::from(letter), KeyModifiers::ALT));
    }

    /// The first of two ESC was a key of its own after all.
    fn escapes(&mut self, was_pressed: bool) {
        if was_pressed {
            self.key(KeyCode::Esc.into());
        }
    }
}

fn with_option(mut key: KeyEvent, option: bool) -> KeyEvent {
    if option {
        key.modifiers |= KeyModifiers::ALT;
    }
    key
}

#[cfg(test)]
mod tests;
