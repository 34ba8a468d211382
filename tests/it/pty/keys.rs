//! Keys as a person names them, turned into what an xterm sends, so that tests read as typed.

/// The bytes of a key string, or the name in angle brackets that no key has.
pub fn bytes(keys: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        match (first, after.split_once('>')) {
            ('<', Some((name, after))) => {
                bytes.extend(named(name).ok_or_else(|| name.to_owned())?);
                rest = after;
            }
            ('<', None) => return Err(after.to_owned()),
            _ => {
                bytes.extend_from_slice(first.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
            }
        }
    }
    Ok(bytes)
}

fn named(name: &str) -> Option<Vec<u8>> {
    if let Some(plain) = plain(name) {
        return Some(plain.into());
    }
    let (modifier, key) = name.split_once('-')?;
    match modifier {
        "c" => control(key),
        "s" if key == "tab" => Some(b"\x1b[Z".into()),
        "s" => modified(key, '2'),
        "a" => modified(key, '3').or_else(|| {
            let mut sequence = vec![0x1b];
            sequence.extend(plain(key).map_or_else(|| key.as_bytes().to_vec(), Into::into));
            (key.chars().count() == 1 || plain(key).is_some()).then_some(sequence)
        }),
        _ => None,
    }
}

fn plain(name: &str) -> Option<&'static [u8]> {
    Some(match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "space" => b" ",
        "backspace" => b"\x7f",
        "lt" => b"<",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "insert" => b"\x1b[2~",
        "delete" => b"\x1b[3~",
        "pageup" => b"\x1b[5~",
        "pagedown" => b"\x1b[6~",
        "f1" => b"\x1bOP",
        "f2" => b"\x1bOQ",
        "f3" => b"\x1bOR",
        "f4" => b"\x1bOS",
        "f5" => b"\x1b[15~",
        "f6" => b"\x1b[17~",
        "f7" => b"\x1b[18~",
        "f8" => b"\x1b[19~",
        "f9" => b"\x1b[20~",
        "f10" => b"\x1b[21~",
        "f11" => b"\x1b[23~",
        "f12" => b"\x1b[24~",
        _ => return None,
    })
}

fn control(key: &str) -> Option<Vec<u8>> {
    match key.as_bytes() {
        [letter @ (b'a'..=b'z' | b'\\' | b']' | b'^' | b'_')] => Some(vec![letter & 0x1f]),
        b"space" => Some(vec![0]),
        _ => modified(key, '5'),
    }
}

/// Cursor keys and the editing keys with a modifier, in xterm's way.
fn modified(key: &str, modifier: char) -> Option<Vec<u8>> {
    let (number, last) = match key {
        "up" => ('1', 'A'),
        "down" => ('1', 'B'),
        "right" => ('1', 'C'),
        "left" => ('1', 'D'),
        "home" => ('1', 'H'),
        "end" => ('1', 'F'),
        "insert" => ('2', '~'),
        "delete" => ('3', '~'),
        "pageup" => ('5', '~'),
        "pagedown" => ('6', '~'),
        _ => return None,
    };
    Some(format!("\x1b[{number};{modifier}{last}").into_bytes())
}

mod tests {
    use super::bytes;

    #[test]
    fn text_is_itself_and_names_are_keys() {
        assert_eq!(bytes("zoë/<enter>").unwrap(), "zoë/\r".as_bytes());
        assert_eq!(bytes("<c-s><c-z><esc><s-tab>").unwrap(), b"\x13\x1a\x1b\x1b[Z");
        assert_eq!(bytes("a<lt>b><f1><f12>").unwrap(), b"a<b>\x1bOP\x1b[24~");
        assert_eq!(
            bytes("<a-x><a-left><c-right><s-up><c-delete>").unwrap(),
            b"\x1bx\x1b[1;3D\x1b[1;5C\x1b[1;2A\x1b[3;5~"
        );
        assert_eq!(bytes("<a-enter><c-space>").unwrap(), b"\x1b\r\0");
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        assert_eq!(bytes("<retrun>"), Err("retrun".to_owned()));
        assert_eq!(bytes("<a-retrun>"), Err("a-retrun".to_owned()));
        assert_eq!(bytes("<x-a>"), Err("x-a".to_owned()));
        assert_eq!(bytes("a<b"), Err("b".to_owned()));
    }
}
