//! How single values are packed into bytes, and exactly that back out of them.

use std::borrow::Cow;

/// How a value lies in the bytes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// A length and the text.
    Text,
    /// Sixteen bytes, for a UUID in small letters.
    Uuid,
    /// Seven bytes, for a plus sign and up to fifteen digits, the first of which is no zero.
    Phone,
    /// Nothing: the value is in the shape.
    True,
    False,
    /// Nothing: the value is the folded text of this kind.
    Folded(u8),
    /// Nothing: the value is the folded text of this kind, with a capital at the beginning of each word.
    Capitals(u8),
    /// Nothing: the value is one of the few of this column.
    Coded(u8),
}

impl Packing {
    /// The tightest that gives the value back exactly. `folded` are the folded texts of the same user that it may be equal
    /// to, by their kinds.
    pub fn of<'a>(value: &str, folded: impl IntoIterator<Item = (u8, &'a str)>) -> Self {
        for (kind, text) in folded {
            if value == text {
                return Self::Folded(kind);
            }
            if value.len() == text.len() && value == capitals(text) {
                return Self::Capitals(kind);
            }
        }
        match value {
            "true" => Self::True,
            "false" => Self::False,
            _ if uuid(value).is_some() => Self::Uuid,
            _ if phone(value).is_some() => Self::Phone,
            _ => Self::Text,
        }
    }

    pub fn write(self, value: &str, bytes: &mut Vec<u8>) {
        match self {
            Self::True | Self::False | Self::Folded(_) | Self::Capitals(_) | Self::Coded(_) => {}
            Self::Uuid => bytes.extend(uuid(value).unwrap_or_default()),
            Self::Phone => {
                let [digits @ .., _] = phone(value).unwrap_or_default().to_le_bytes();
                bytes.extend(digits);
            }
            Self::Text => {
                let mut length = value.len();
                while length > 0x7f {
                    bytes.push(0x80 | (length & 0x7f) as u8);
                    length >>= 7;
                }
                bytes.push(length as u8);
                bytes.extend(value.as_bytes());
            }
        }
    }

    /// The value that the bytes begin with, and the bytes behind it. `beside`: the text that a row has elsewhere.
    pub fn read<'a>(self, bytes: &'a [u8], beside: impl Fn(Self) -> &'a str) -> Option<(Cow<'a, str>, &'a [u8])> {
        match self {
            Self::Folded(_) | Self::Coded(_) => Some((Cow::Borrowed(beside(self)), bytes)),
            Self::Capitals(_) => Some((Cow::Owned(capitals(beside(self))), bytes)),
            Self::True => Some((Cow::Borrowed("true"), bytes)),
            Self::False => Some((Cow::Borrowed("false"), bytes)),
            Self::Uuid => {
                let (uuid, rest) = bytes.split_first_chunk::<16>()?;
                Some((Cow::Owned(hyphened(uuid)), rest))
            }
            Self::Phone => {
                let ([a, b, c, d, e, f, g], rest) = bytes.split_first_chunk::<7>()?;
                let digits = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, 0]);
                Some((Cow::Owned(format!("+{digits}")), rest))
            }
            Self::Text => {
                let (text, rest) = Self::text(bytes)?;
                Some((String::from_utf8_lossy(text), rest))
            }
        }
    }

    /// The bytes of a text that the bytes begin with, and those behind it.
    pub fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
        let (length, rest) = length(bytes)?;
        rest.split_at_checked(length)
    }

    /// The bytes behind the value that they begin with.
    pub fn skip(self, bytes: &[u8]) -> Option<&[u8]> {
        match self.length() {
            Some(fixed) => bytes.get(fixed..),
            None => {
                let (length, rest) = length(bytes)?;
                rest.get(length..)
            }
        }
    }

    /// How many bytes it always takes; `None`: that depends on the value.
    pub fn length(self) -> Option<usize> {
        match self {
            Self::True | Self::False | Self::Folded(_) | Self::Capitals(_) | Self::Coded(_) => Some(0),
            Self::Uuid => Some(16),
            Self::Phone => Some(7),
            Self::Text => None,
        }
    }
}

/// `jane o'neil` as `Jane O'Neil`.
fn capitals(folded: &str) -> String {
    let mut within = false;
    folded
        .chars()
        .map(|c| {
            let first = !within;
            within = c.is_alphanumeric();
            if first { c.to_ascii_uppercase() } else { c }
        })
        .collect()
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0;
    let mut rest = bytes;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, behind) = rest.split_first()?;
        rest = behind;
        length |= usize::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            break;
        }
    }
    Some((length, rest))
}

/// Where the hyphens are.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

fn uuid(text: &str) -> Option<[u8; 16]> {
    if text.len() != 36 {
        return None;
    }
    let mut uuid = [0; 16];
    let mut nibbles = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        if HYPHENS.contains(&at) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        let nibble = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        let slot = uuid.get_mut(nibbles / 2)?;
        *slot = *slot << 4 | nibble;
        nibbles += 1;
    }
    Some(uuid)
}

fn hyphened(uuid: &[u8; 16]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let mut text = String::with_capacity(36);
    for byte in uuid {
        if HYPHENS.contains(&text.len()) {
            text.push('-');
        }
        for nibble in [byte >> 4, byte & 0xf] {
            text.extend(DIGITS.get(usize::from(nibble)));
        }
    }
    text
}

fn phone(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('+')?;
    let plain = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && !digits.starts_with('0')).then(|| digits.parse().ok())?
}
