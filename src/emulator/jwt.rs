//! JSON Web Tokens, because a client reads the claims of its access token (scope, expiry, sub) before it asks
//! anything. The header says RS256 as the service's does, but the signature is an HMAC under a key written here:
//! nobody can check it without the pool's published keys, which the emulator does not have, and it need only tell the
//! emulator's own tokens from others. Source: developer guide, "Understanding user pool JSON web tokens".

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const KEY: &[u8] = b"the emulated service signs with this";

/// Writes a token that holds these claims.
pub(crate) fn write(claims: &Value) -> String {
    let header = json!({"kid": "emulated+signing+key+of+this+user+pool+1=", "alg": "RS256"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(claims));
    let signature = seal(&signed);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The claims of a token written here; none for anything else.
pub(crate) fn read(token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    if URL_SAFE_NO_PAD.decode(signature).ok()? != seal(signed) {
        return None;
    }
    let (_, claims) = signed.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn seal(text: &str) -> Vec<u8> {
    // HMAC takes keys of every length, so there is nothing to seal with only if that changes.
    Hmac::<Sha256>::new_from_slice(KEY)
        .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_until_a_letter_is_changed() {
        let claims = json!({"sub": "s", "exp": 7});
        let token = write(&claims);
        assert_eq!(token.split('.').count(), 3);
        assert_eq!(read(&token), Some(claims));
        let (head, rest) = token.split_once('.').unwrap();
        let other = write(&json!({"sub": "t", "exp": 7}));
        let swapped = format!(
            "{head}.{}.{}",
            other.split('.').nth(1).unwrap(),
            rest.split_once('.').unwrap().1
        );
        for wrong in [swapped.as_str(), "", "a.b.c", "x", rest] {
            assert_eq!(read(wrong), None);
        }
    }
}
