//! Values as they stand in a line: beside a random salt, and bound to the chain by a digest only, so that one can be
//! taken out later without breaking the chain.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::disk::{Dice, Trouble, hex, random};

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

/// Seals values with salts of their own.
pub(super) struct Seal {
    dice: Dice,
}

impl Seal {
    pub(super) fn new(dice: Dice) -> Self {
        Self { dice }
    }

    pub(super) fn value(&self, value: &str) -> Result<Sealed, Trouble> {
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
