//! What commands without a screen say.

use std::io::{self, Write};

use crate::domain::Sentence;
use crate::view::text::{self, Charset};

/// Standard error, where nothing from outside arrives as it is.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    pub(super) charset: Charset,
}

impl Voice {
    /// Where nobody can be told any more, the exit code has to do.
    pub(super) fn say(self, sentence: &Sentence) {
        let line = format!("{}\n", text::sentence(sentence, self.charset).as_str());
        let _nobody_to_tell = io::stderr().write_all(line.as_bytes());
    }

    pub(super) fn say_all<'a>(self, sentences: impl IntoIterator<Item = &'a Sentence>) {
        for sentence in sentences {
            self.say(sentence);
        }
    }
}
