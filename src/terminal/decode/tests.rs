use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;

fn whole(bytes: &[u8]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut inputs = decoder.feed(bytes);
    while decoder.patience().is_some() {
        inputs.extend(decoder.give_up());
    }
    inputs
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

fn plain(code: KeyCode) -> Input {
    key(code, KeyModifiers::NONE)
}

fn letter(c: char) -> Input {
    Input::Key(keys::character(c, KeyModifiers::NONE))
}

fn alt(c: char) -> Input {
    Input::Key(keys::character(c, KeyModifiers::ALT))
}

/// Every sequence a split of which could hurt, and the one input it is.
fn sequences() -> Vec<(&'static [u8], Input)> {
    let alt_arrow = |code| key(code, KeyModifiers::ALT);
    vec![
        (b"\x1b[A", plain(KeyCode::Up)),
        (b"\x1b[B", plain(KeyCode::Down)),
        (b"\x1b[C", plain(KeyCode::Right)),
        (b"\x1b[D", plain(KeyCode::Left)),
        (b"\x1bOA", plain(KeyCode::Up)),
        (b"\x1bOD", plain(KeyCode::Left)),
        (b"\x1b[H", plain(KeyCode::Home)),
        (b"\x1b[F", plain(KeyCode::End)),
        (b"\x1b[1;3D", alt_arrow(KeyCode::Left)),
        (b"\x1b[1;3C", alt_arrow(KeyCode::Right)),
        (b"\x1b\x1b[A", alt_arrow(KeyCode::Up)),
        (b"\x1b\x1b[D", alt_arrow(KeyCode::Left)),
        (b"\x1b\x1bOC", alt_arrow(KeyCode::Right)),
        (b"\x1bb", alt('b')),
        (b"\x1bf", alt('f')),
        (b"\x1b[1;2B", key(KeyCode::Down, KeyModifiers::SHIFT)),
        (b"\x1b[1;5C", key(KeyCode::Right, KeyModifiers::CONTROL)),
        (b"\x1bO5C", key(KeyCode::Right, KeyModifiers::CONTROL)),
        (b"\x1bOP", plain(KeyCode::F(1))),
        (b"\x1b[[A", plain(KeyCode::F(1))),
        (b"\x1b[15~", plain(KeyCode::F(5))),
        (b"\x1b[24;2~", key(KeyCode::F(12), KeyModifiers::SHIFT)),
        (b"\x1b[3~", plain(KeyCode::Delete)),
        (b"\x1b[3$", key(KeyCode::Delete, KeyModifiers::SHIFT)),
        (b"\x1b[6~", plain(KeyCode::PageDown)),
        (b"\x1b[Z", key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        (b"\x1b[13;5u", key(KeyCode::Enter, KeyModifiers::CONTROL)),
        ("é".as_bytes(), letter('é')),
        ("漢".as_bytes(), letter('漢')),
        ("\x1b€".as_bytes(), alt('€')),
        (
            b"\x1b[200~hi\rq\x1b[A\x1b\r\x1b[201~",
            Input::Paste("hi\rq\x1b[A\x1b\r".to_owned()),
        ),
        (b"\x1b[200~\x1b[201~", Input::Paste(String::new())),
        (
            "\x1b[200~né\r\n漢\x1b[201~".as_bytes(),
            Input::Paste("né\r\n漢".to_owned()),
        ),
    ]
}

#[test]
fn every_sequence_is_one_input() {
    for (bytes, input) in sequences() {
        assert_eq!(whole(bytes), [input], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_sequence_split_anywhere_is_still_that_one_input() {
    for (bytes, input) in sequences() {
        for first in 1..bytes.len() {
            for second in first..bytes.len() {
                let mut decoder = Decoder::default();
                let mut inputs = decoder.feed(&bytes[..first]);
                inputs.extend(decoder.feed(&bytes[first..second]));
                inputs.extend(decoder.feed(&bytes[second..]));
                assert_eq!(
                    inputs,
                    std::slice::from_ref(&input),
                    "{bytes:?} at {first} and {second}"
                );
                assert_eq!(decoder.patience(), None);
            }
        }
    }
}

#[test]
fn byte_by_byte_with_a_neighbour_on_either_side_nothing_leaks() {
    for (bytes, input) in sequences() {
        let mut decoder = Decoder::default();
        let mut inputs = decoder.feed(b"x");
        for byte in bytes {
            inputs.extend(decoder.feed(&[*byte]));
        }
        inputs.extend(decoder.feed(b"y"));
        assert_eq!(inputs, [letter('x'), input, letter('y')], "{bytes:?}");
    }
}

/// Sequences after whose every split the rest may even come after the wait is over, and still no
/// letter and no Enter comes out. (After `ESC [`, `ESC O` and `ESC ESC` a lone letter cannot be told
/// from a key, so the wait has to suffice there.)
#[test]
fn a_rest_that_comes_too_late_is_never_a_letter() {
    for bytes in [
        &b"\x1b[A"[..],
        b"\x1bOA",
        b"\x1b[1;3D",
        b"\x1b[15~",
        b"\x1b[3~",
        b"\x1b[200~q\ry\x1b[201~",
    ] {
        for at in 1..bytes.len() {
            if at == 2 && bytes.len() == 3 {
                continue;
            }
            let mut decoder = Decoder::default();
            let mut inputs = decoder.feed(&bytes[..at]);
            if decoder.patience() == Some(Patience::Short) {
                inputs.extend(decoder.give_up());
            }
            inputs.extend(decoder.feed(&bytes[at..]));
            for input in inputs {
                let harmless = match &input {
                    Input::Paste(text) => text == "q\ry",
                    Input::Key(key) => match key.code {
                        KeyCode::Char(c) => c == '[' && key.modifiers == KeyModifiers::ALT,
                        KeyCode::Enter => false,
                        _ => true,
                    },
                    Input::Resize(..) => false,
                };
                assert!(harmless, "{bytes:?} at {at}: {input:?}");
            }
        }
    }
}

#[test]
fn a_lone_escape_is_held_and_then_is_esc() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b"), []);
    assert_eq!(decoder.patience(), Some(Patience::Short));
    assert_eq!(decoder.give_up(), [plain(KeyCode::Esc)]);
    assert_eq!(decoder.patience(), Some(Patience::Long)); // its rest may still come
    assert_eq!(decoder.give_up(), []);
    assert_eq!(decoder.patience(), None);
    assert_eq!(decoder.feed(b"[A"), [letter('['), letter('A')]);
}

#[test]
fn keys_typed_after_esc_are_those_keys() {
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1b");
    decoder.give_up();
    assert_eq!(decoder.feed(b"[ab"), [letter('['), letter('a'), letter('b')]);
    decoder.feed(b"\x1b");
    decoder.give_up();
    assert_eq!(decoder.feed(b"O"), [letter('O')]);
    assert_eq!(decoder.feed(b"A"), [letter('A')]);
}

#[test]
fn keys_a_person_can_press_come_out_when_nothing_follows() {
    assert_eq!(whole(b"\x1b\x1b"), [plain(KeyCode::Esc), plain(KeyCode::Esc)]);
    assert_eq!(whole(b"\x1b["), [alt('[')]);
    assert_eq!(whole(b"\x1bO"), [alt('O')]);
    assert_eq!(whole(b"\x1b]"), [alt(']')]);
    assert_eq!(whole(b"\x1bP"), [alt('P')]);
    assert_eq!(whole(b"\x1b\r"), [key(KeyCode::Enter, KeyModifiers::ALT)]);
    assert_eq!(whole(b"\x1b]\x1b]"), [alt(']'), alt(']')]); // held down
    assert_eq!(whole(b"\x1b]\r"), [alt(']'), plain(KeyCode::Enter)]);
    assert_eq!(whole(b"\x1b[\r"), [alt('['), plain(KeyCode::Enter)]);
    assert_eq!(whole(b"\x1bOx"), [alt('O'), letter('x')]);
}

#[test]
fn replies_of_the_terminal_are_swallowed_whole() {
    for reply in [
        &b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\"[..],
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
        b"\x1bP>|xterm(379)\x1b\\",
        b"\x1bP1$r0m\rq\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b[?62;22c",
        b"\x1b[12;40R",
        b"\x1b[?2026;2$y",
        b"\x1b[<0;10;5M",
        b"\x1b[M !!",
        b"\x1b[I",
        b"\x1b[201~",
    ] {
        let around = [b"a", reply, b"b"].concat();
        assert_eq!(whole(&around), [letter('a'), letter('b')], "{reply:?}");
        for at in 1..reply.len() {
            let mut decoder = Decoder::default();
            assert_eq!(decoder.feed(&reply[..at]), []);
            assert_eq!(decoder.feed(&reply[at..]), []);
            assert_eq!(decoder.patience(), None, "{reply:?} at {at}");
        }
    }
}

#[test]
fn a_reply_that_stays_open_ends_with_its_burst() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b]11;rgb"), []);
    assert_eq!(decoder.patience(), Some(Patience::Short));
    assert_eq!(decoder.give_up(), []);
    assert_eq!(decoder.feed(b"q\r"), [letter('q'), plain(KeyCode::Enter)]);

    assert_eq!(decoder.feed(b"\x1b]"), []);
    assert_eq!(decoder.give_up(), [alt(']')]);
    assert_eq!(decoder.feed(b"q"), [letter('q')]);
}

#[test]
fn a_paste_that_holds_its_end_marker_leaves_the_rest_as_keys_of_the_same_burst() {
    let inputs = whole(b"\x1b[200~abc\x1b[201~\rq\x1b[201~");
    assert_eq!(
        inputs,
        [Input::Paste("abc".to_owned()), plain(KeyCode::Enter), letter('q')]
    );
}

#[test]
fn a_paste_without_an_end_can_be_left_with_ctrl_c_alone() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~abc\x03def"), []);
    assert!(decoder.in_paste());
    assert_eq!(decoder.give_up(), []);
    assert_eq!(decoder.feed(b"\x03"), [Input::Paste("abc\x03def".to_owned())]);
    assert_eq!(decoder.feed(b"q"), [letter('q')]);
}

#[test]
fn broken_sequences_and_bytes_press_no_key() {
    assert_eq!(whole(b"\x1b[1;\rq"), [letter('q')]);
    assert_eq!(whole(b"\xff\xfe\x80q"), [letter('q')]);
    assert_eq!(whole(b"\xe9q"), [letter('q')]); // Latin-1
    assert_eq!(whole(b"\xe2\x82"), []);
    assert_eq!(whole(&[b"\x1b[", &[b'1'; 500][..], b"~q"].concat()), [letter('q')]);
    assert_eq!(whole(b"\x1b[200~\xff\x1b[201~"), [Input::Paste("\u{fffd}".to_owned())]);
}

#[test]
fn a_megabyte_is_pasted_in_well_under_a_second() {
    #[expect(clippy::disallowed_methods, reason = "the time taken is what is tested")]
    let now = std::time::Instant::now;
    let start = now();
    let text = "0123456789abcde\r".repeat(65_536);
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1b[200~");
    for read in text.as_bytes().chunks(4_096) {
        assert_eq!(decoder.feed(read), []);
    }
    assert_eq!(decoder.feed(b"\x1b[201~"), [Input::Paste(text)]);
    assert!(now().duration_since(start) < std::time::Duration::from_secs(1));
}

proptest::proptest! {
    #[test]
    fn how_bytes_are_cut_changes_nothing(
        bytes in proptest::collection::vec(
            proptest::prop_oneof![
                4 => proptest::sample::select(&b"\x1b[O]P_0129;~ABM\\\x07\rq"[..]),
                1 => proptest::num::u8::ANY,
            ],
            0..60,
        ),
        cut in 0..60usize,
    ) {
        // A read of nothing but Ctrl-C is the one thing that is judged by how it came.
        let cut = cut.min(bytes.len());
        let (a, b) = bytes.split_at(cut);
        proptest::prop_assume!(a != [3] && b != [3]);
        let mut decoder = Decoder::default();
        let mut inputs = decoder.feed(a);
        inputs.extend(decoder.feed(b));
        let mut once = Decoder::default();
        proptest::prop_assert_eq!(inputs, once.feed(&bytes));
        proptest::prop_assert_eq!(decoder.give_up(), once.give_up());
    }
}
