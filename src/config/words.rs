//! Settings that are one of a few words.

use super::given::{Given, Refusal};
use super::read::{Literal, one_of, with_suggestion};

/// A setting whose value is one of a few words. Where a policy may tighten it, a later word is the stricter one.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$inner])* $variant),+ }

        impl $name {
            /// Every value, with the word that stands for it in the file.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(super) fn read(given: &Given<'_>) -> Result<Self, Refusal> {
                one_of(given, Self::WORDS)
            }
        }

        impl Literal for $name {
            fn literal(&self) -> Option<String> {
                self.word().literal()
            }
        }
    };
}

words! {
    /// Which characters the terminal can show.
    Charset {
        /// Judged by LC_ALL, LC_CTYPE, LANG and TERM.
        Auto = "auto",
        Utf8 = "utf-8",
        /// Not one byte above 0x7f is written.
        Ascii = "ascii",
    }
}

words! {
    Theme {
        Default = "default",
        HighContrast = "high-contrast",
        /// Reverse video and words only; what NO_COLOR asks for.
        Mono = "mono",
    }
}

words! {
    /// What the form proposes for a verified flag after its address was changed.
    VerifiedDefault {
        /// Nothing is chosen; review goes there first.
        Ask = "ask",
        /// What the pool's settings do of themselves.
        Pool = "pool",
        /// The operator vouches for the address.
        Verified = "verified",
    }
}

words! {
    /// Whether something may be used, or is kept.
    OnOff {
        On = "on",
        Off = "off",
    }
}

impl OnOff {
    pub fn is_on(self) -> bool {
        self == Self::On
    }

    /// Like the other words; and what says the same in another language of switches leads to the right one.
    pub(super) fn read_switch(given: &Given<'_>) -> Result<Self, Refusal> {
        let meant = match given.switched() {
            Some(true) => Some("on"),
            Some(false) => Some("off"),
            None => None,
        };
        match meant {
            Some(word) => Err(with_suggestion(
                given.refused("\"on\" or \"off\", in double quotes"),
                Some(word),
            )),
            None => Self::read(given),
        }
    }
}

words! {
    /// How often the name of a protected pool is typed.
    Confirm {
        /// Once, for as long as the pool stays armed.
        Armed = "armed",
        /// For every write.
        Always = "always",
    }
}

words! {
    /// What becomes of pools that the configuration does not list. A later word is stricter.
    UnlistedPools {
        /// They open for reading; typing the name allows writing.
        Name = "name",
        ReadOnly = "read-only",
        Refuse = "refuse",
    }
}

words! {
    /// Whether a reason has to be given for every change. A later word is stricter.
    Reason {
        /// In protected pools only.
        Optional = "optional",
        Required = "required",
    }
}

words! {
    /// What the journal keeps of the values that a change touches.
    Values {
        Full = "full",
        /// A keyed digest: the same value can be recognised, and none can be read.
        Hashed = "hashed",
        None = "none",
    }
}

words! {
    /// Whether people's data may stay on this machine. A later word is stricter.
    Traces {
        /// As each setting says.
        All = "all",
        None = "none",
    }
}
