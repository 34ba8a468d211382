//! Which characters the terminal can show: a wrong guess turns names into rubble, or into control characters on a
//! terminal that is not UTF-8.

use crate::domain::{Raw, Sentence};
use crate::say;

/// Characters that may be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    #[default]
    Utf8,
    /// Not one byte above 0x7f: in UTF-8, letters like U+00DB contain bytes that a Latin-1 terminal takes as commands.
    Ascii,
}

/// The locale in the order of POSIX: the first that is set and not empty counts.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

impl Charset {
    /// Judges by LC_ALL, LC_CTYPE, LANG and TERM, which `env` looks up: what the setting `auto` means.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        let locale = locale(&env);
        if !is_console(&env) && locale.is_some_and(|(_, value)| is_utf8(&value)) {
            Self::Utf8
        } else {
            Self::Ascii
        }
    }

    /// For the one notice at start: why [`Charset::detect`] chose ASCII, and how to change it. None when it did not.
    pub fn notice(env: impl Fn(&str) -> Option<String>) -> Option<Sentence> {
        if Self::detect(&env) == Self::Utf8 {
            return None;
        }
        let because = if is_console(&env) {
            say!("TERM is linux")
        } else if let Some((name, value)) = locale(&env) {
            say!(own name, " is ", raw &Raw::from(value), ", not UTF-8")
        } else {
            say!("LC_ALL, LC_CTYPE and LANG are not set")
        };
        Some(because.join(say!(
            ": other letters are written as \\u{..}. charset = \"utf-8\" in [screen] changes that."
        )))
    }
}

/// The kernel's console has 512 glyphs at most, whatever the locale says.
fn is_console(env: &impl Fn(&str) -> Option<String>) -> bool {
    env("TERM").as_deref() == Some("linux")
}

fn locale(env: &impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    LOCALE
        .iter()
        .find_map(|&name| Some((name, env(name).filter(|value| !value.is_empty())?)))
}

/// `en_US.UTF-8`, `C.utf8`, `de_DE.UTF-8@euro`; macOS sends a plain `UTF-8`.
fn is_utf8(locale: &str) -> bool {
    let codeset = locale.rsplit_once('.').map_or(locale, |(_, codeset)| codeset);
    let codeset = codeset.split('@').next().unwrap_or_default();
    codeset.eq_ignore_ascii_case("utf-8") || codeset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let cases: [(&[(&str, &str)], Charset); 13] = [
            (&[], Charset::Ascii),
            (&[("LANG", "C")], Charset::Ascii),
            (&[("LANG", "POSIX")], Charset::Ascii),
            (&[("LANG", "en_US")], Charset::Ascii),
            (&[("LANG", "de_DE.ISO-8859-1")], Charset::Ascii),
            (&[("LANG", "en_US.UTF-8")], Charset::Utf8),
            (&[("LANG", "C.utf8")], Charset::Utf8),
            (&[("LANG", "de_DE.UTF-8@euro")], Charset::Utf8),
            (&[("LC_CTYPE", "UTF-8")], Charset::Utf8),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], Charset::Ascii),
            (
                &[("LC_ALL", ""), ("LC_CTYPE", "fr_FR.UTF-8"), ("LANG", "C")],
                Charset::Utf8,
            ),
            (&[("LC_CTYPE", "C"), ("LANG", "en_US.UTF-8")], Charset::Ascii),
            (&[("TERM", "linux"), ("LANG", "en_US.UTF-8")], Charset::Ascii),
        ];
        for (set, wanted) in cases {
            assert_eq!(Charset::detect(env(set)), wanted, "{set:?}");
        }
    }

    #[test]
    fn the_notice_names_the_reason_and_the_setting() {
        let said = |set| Charset::notice(env(set)).map(|s| s.plain());
        assert_eq!(
            said(&[("LC_ALL", "C"), ("LANG", "C.UTF-8")]).as_deref(),
            Some(
                "LC_ALL is C, not UTF-8: other letters are written as \\u{..}. charset = \"utf-8\" in [screen] changes that."
            )
        );
        assert!(said(&[]).is_some_and(|s| s.starts_with("LC_ALL, LC_CTYPE and LANG are not set:")));
        assert!(said(&[("TERM", "linux"), ("LANG", "C.UTF-8")]).is_some_and(|s| s.starts_with("TERM is linux:")));
        assert_eq!(said(&[("LANG", "C.UTF-8")]), None);
    }
}
