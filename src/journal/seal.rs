//! Values as they stand in a line: bound to the chain by a digest only, so that a value can be taken out later, or never
//! be written, without breaking the chain.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::disk::{Dice, Trouble, hex, random};
use crate::domain::Raw;
use crate::domain::entry::Kept;

/// A value with its salt, or what is left of it after it was taken out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed {
    digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "Sealed({} bytes)", value.len()),
            None => f.write_str("Sealed(taken out)"),
        }
    }
}

impl Sealed {
    pub(super) fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    pub(super) fn kept(self) -> Kept {
        match self.value {
            Some(value) => Kept::Value(Raw::from(value)),
            None => Kept::Withheld {
                digest: Raw::from(self.digest),
            },
        }
    }
}

/// The key of hashed values: whoever has it can tell whether a value is one that was hashed, and nobody else can.
#[derive(Clone)]
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(super) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The same for the same value: half of HMAC-SHA256.
    fn salt(&self, value: &str) -> Result<[u8; 16], Trouble> {
        let failed = || Trouble::new("journal", crate::disk::Cause::Form("no keyed digest".to_owned()));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).map_err(|_| failed())?;
        mac.update(value.as_bytes());
        let whole = mac.finalize().into_bytes();
        let half = whole.get(..16).and_then(|half| half.try_into().ok());
        half.ok_or_else(failed)
    }
}

/// What is kept of a value.
#[derive(Clone)]
pub(super) enum Keep {
    Full,
    Hashed(Key),
    None,
}

/// Seals values for one line.
pub(super) struct Seal {
    dice: Dice,
    keep: Keep,
}

impl Seal {
    pub(super) fn new(dice: Dice, keep: Keep) -> Self {
        Self { dice, keep }
    }

    /// A value, as far as the operator wants values kept.
    pub(super) fn value(&self, value: &str) -> Result<Sealed, Trouble> {
        let salt = match &self.keep {
            Keep::Full => return self.readable(value),
            Keep::Hashed(key) => key.salt(value)?,
            Keep::None => random(&self.dice)?,
        };
        Ok(Sealed {
            digest: digest(&salt, value),
            salt: None,
            value: None,
        })
    }

    /// What stays readable whatever is kept: whom a line is about in the service's own numbering, and the operator's
    /// words. It can be taken out like everything else.
    pub(super) fn readable(&self, value: &str) -> Result<Sealed, Trouble> {
        let salt: [u8; 16] = random(&self.dice)?;
        Ok(Sealed {
            digest: digest(&salt, value),
            salt: Some(hex(&salt)),
            value: Some(value.to_owned()),
        })
    }
}

/// Whether a value is the one that a digest was made from.
pub(super) fn proves(expected: &str, salt: &str, value: &str) -> bool {
    unhex(salt).is_some_and(|salt| digest(&salt, value) == expected)
}

/// The salt has a fixed length, so that salt and value cannot be shifted against each other.
fn digest(salt: &[u8; 16], value: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(value.as_bytes());
    hex(&hasher.finalize())
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    // One number of 128 bits, big end first, is the same 16 bytes; a sign or a short text would parse as well.
    let plain = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    plain
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()
        .map(u128::to_be_bytes)
}
