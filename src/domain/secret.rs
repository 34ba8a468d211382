//! What must not be seen: passwords, codes, access tokens. Debug prints the length, memory is cleared after use, and the
//! text comes out through one method that is easy to search for.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A password, a code or a token. Never written to a log, a journal, an argument or an environment variable.
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself, for the request that needs it and for nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} characters)", self.expose().chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_the_length_and_nothing_else() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(7 characters)");
        assert_eq!(Secret::new("hunter2").expose(), "hunter2");
        assert!(Secret::default().is_empty());
    }
}
