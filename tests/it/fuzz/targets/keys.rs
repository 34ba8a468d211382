//! Keys and pastes out of a terminal's bytes: however the line cuts them, nothing is lost, doubled, or taken from a
//! paste as a key.

use cognitui::terminal::{Decoder, Input, Patience};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Bytes;

const START: &[u8] = b"\x1b[200~";
const END: &[u8] = b"\x1b[201~";

pub const WORDS: &[&[u8]] = &[
    START,
    END,
    b"\x1b[A",
    b"\x1bOA",
    b"\x1b\x1b[D",
    b"\x1b[1;5C",
    b"\x1b[",
    b"\x1bO",
    b"\x1b",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1bP1$r0m",
    b"\x1b_Gi=1;OK\x1b\\",
    b"\x1b[M !!",
    b"\x1b[[A",
    b"\x1b[13;5u",
    b"\x1b[27;5;13~",
    b"\x03",
    b"\r",
    b"\xc3\xa9",
    b"\xe6\xbc\xa2",
    b"\xf0\x9f\x91\xa8",
    b"\xff",
    b"200~",
    b"201~",
];

/// Sequences, and the key each is. Each is whole in itself, so any can follow any.
const SEQUENCES: [(&[u8], KeyCode, KeyModifiers); 12] = [
    (b"\x1b[A", KeyCode::Up, KeyModifiers::NONE),
    (b"\x1bOD", KeyCode::Left, KeyModifiers::NONE),
    (b"\x1b\x1b[C", KeyCode::Right, KeyModifiers::ALT),
    (b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
    (b"\x1b[3~", KeyCode::Delete, KeyModifiers::NONE),
    (b"\x1b[[A", KeyCode::F(1), KeyModifiers::NONE),
    (b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT),
    (b"\x1bb", KeyCode::Char('b'), KeyModifiers::ALT),
    (b"\x1b\r", KeyCode::Enter, KeyModifiers::ALT),
    (b"\r", KeyCode::Enter, KeyModifiers::NONE),
    (b"\x13", KeyCode::Char('s'), KeyModifiers::CONTROL),
    (b"\x7f", KeyCode::Backspace, KeyModifiers::NONE),
];

/// What a terminal answers to questions, which is no key.
const REPLIES: [&[u8]; 6] = [
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    b"\x1bP>|xterm(379)\x1b\\",
    b"\x1b_Gi=1;OK\x1b\\",
    b"\x1b[?62;22c",
    b"\x1b[M !!",
];

pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut cuts = Bytes::new(bytes.chunk());
    any_bytes(bytes.remaining(), cuts);
    let (stream, inputs) = typed(bytes);
    let mut decoder = Decoder::default();
    let mut found = Vec::new();
    for read in split(&stream, &mut cuts) {
        found.extend(decoder.feed(read));
    }
    assert_eq!(found, inputs, "{stream:?}");
    assert_eq!(decoder.patience(), None, "{stream:?}");
    assert_eq!(decoder.give_up(), [], "{stream:?}");
    late_paste(bytes.remaining(), usize::from(cuts.byte()));
}

/// Bytes of any kind: nothing panics, the cuts change nothing, and there is never more than came.
fn any_bytes(stream: &[u8], mut cuts: Bytes<'_>) {
    let mut decoder = Decoder::default();
    let mut found = Vec::new();
    for read in split(stream, &mut cuts) {
        found.extend(decoder.feed(read));
    }
    let mut whole = Decoder::default();
    assert_eq!(found, whole.feed(stream), "{stream:?}");
    assert_eq!(decoder.patience(), whole.patience(), "{stream:?}");
    found.extend(decoder.give_up());
    assert!(size(&found) <= stream.len(), "{stream:?}");

    // The same with waits in between that were too short.
    let mut hasty = Decoder::default();
    let mut found = Vec::new();
    for read in split(stream, &mut cuts) {
        found.extend(hasty.feed(read));
        found.extend(hasty.give_up());
    }
    assert!(size(&found) <= stream.len(), "{stream:?}");
}

/// How many bytes it takes at least to say this.
fn size(inputs: &[Input]) -> usize {
    let one = |input: &Input| match input {
        Input::Key(_) => 1,
        Input::Paste(text) => START.len() + text.chars().count(),
        Input::Resize(..) => panic!("no bytes resize a terminal"),
    };
    inputs.iter().map(one).sum()
}

/// A stream of keys, pastes and replies, and what it is.
fn typed(mut bytes: Bytes<'_>) -> (Vec<u8>, Vec<Input>) {
    let (mut stream, mut inputs) = (Vec::new(), Vec::new());
    let letters = ['a', 'Z', '~', '[', '\u{e9}', '\u{c9}', '\u{6f22}', '\u{1f468}'];
    while !bytes.is_empty() {
        match bytes.below(8) {
            0..=2 => {
                let c = bytes.pick(&letters);
                let shift = if c.is_uppercase() {
                    KeyModifiers::SHIFT
                } else {
                    KeyModifiers::NONE
                };
                stream.extend(c.to_string().bytes());
                inputs.push(Input::Key(KeyEvent::new(KeyCode::Char(c), shift)));
            }
            3 | 4 => {
                let (sequence, code, modifiers) = bytes.pick(&SEQUENCES);
                stream.extend(sequence);
                inputs.push(Input::Key(KeyEvent::new(code, modifiers)));
            }
            5 => stream.extend(bytes.pick(&REPLIES)),
            _ => {
                let text = content(bytes.chunk());
                stream.extend([START, &text, END].concat());
                inputs.push(Input::Paste(String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    (stream, inputs)
}

/// What can stand in a paste: anything but the mark that ends it.
fn content(bytes: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::new();
    for byte in bytes {
        text.push(*byte);
        if text.ends_with(END) {
            text.pop();
        }
    }
    text
}

/// A paste that is cut once and goes on after the wait for a key is over: still that paste, and no key of it.
fn late_paste(text: &[u8], cut: usize) {
    let text = content(text);
    let stream = [START, &text, END].concat();
    let cut = 1 + cut % (stream.len() - 1);
    if stream[..cut] == [3] || stream[cut..] == [3] {
        return;
    }
    let mut decoder = Decoder::default();
    let mut found = decoder.feed(&stream[..cut]);
    if decoder.patience() == Some(Patience::Short) {
        found.extend(decoder.give_up());
    }
    found.extend(decoder.feed(&stream[cut..]));
    let pasted = String::from_utf8_lossy(&text);
    let mut pastes = 0;
    for input in &found {
        match input {
            Input::Paste(found) => {
                assert_eq!(*found, pasted, "cut at {cut}");
                pastes += 1;
            }
            // What the start of a paste is, when nothing follows in time: Esc or Alt-[, which confirm nothing.
            Input::Key(key) => {
                let harmless =
                    key.code == KeyCode::Esc || (key.code == KeyCode::Char('[') && key.modifiers == KeyModifiers::ALT);
                assert!(harmless && cut < START.len(), "{:?} cut at {cut}", key.code);
            }
            Input::Resize(..) => panic!("no bytes resize a terminal"),
        }
    }
    assert_eq!(pastes, 1, "cut at {cut}");
}

/// Cuts a stream into reads. A read of Ctrl-C alone means something else on purpose (it ends a paste that lost its end),
/// so there is none.
fn split<'a>(stream: &'a [u8], cuts: &mut Bytes<'_>) -> Vec<&'a [u8]> {
    let (mut reads, mut from) = (Vec::new(), 0);
    while from < stream.len() {
        let mut to = match cuts.is_empty() {
            true => stream.len(),
            false => (from + 1 + cuts.below(9)).min(stream.len()),
        };
        if stream[from..to] == [3] && to < stream.len() {
            to += 1;
        }
        // The last byte would be such a read.
        if stream[to..] == [3] {
            to = stream.len();
        }
        reads.push(&stream[from..to]);
        from = to;
    }
    reads
}
