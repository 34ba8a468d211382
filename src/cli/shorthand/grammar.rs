//! The grammar of shorthand: `key=value,key=value`, as awscli/shorthand.py reads it, with its ways of going back to an
//! earlier comma. A value that would be a list or a structure ends the reading, because neither an attribute nor client
//! metadata has a place for one. Places are counted in characters, as there.

/// One `key=value`.
pub(super) struct Pair {
    pub key: String,
    /// Where the key begins.
    pub at: usize,
    pub value: String,
}

/// Where the reading stopped, and why.
pub(super) struct Slip {
    pub at: usize,
    pub why: Why,
}

/// Why shorthand cannot be read on.
pub(super) enum Why {
    /// The key was there before in the same item.
    SecondKey(String),
    /// The key is not followed by `=`; it may be empty.
    NoEquals {
        key: String,
        opens_the_item: bool,
    },
    /// A value without quotation marks cannot hold this character here.
    Unquoted(char),
    /// Something stands between the closing quotation mark and the comma.
    AfterQuotes,
    Unclosed(char),
    /// A comma with nothing behind it.
    LastComma,
    /// A value with commas: a list.
    List,
    /// A value that begins with `[` or `{`.
    Nested(char),
    /// The file of `key@=file://..`: what is wrong with it.
    File(String),
}

/// What the value of `key@=` stands for: the text of a file, or itself.
pub(super) type Load<'a> = &'a dyn Fn(&str) -> Result<String, String>;

pub(super) fn pairs(text: &str, load: Load<'_>) -> Result<Vec<Pair>, Slip> {
    let mut reading = Reading {
        text: text.chars().collect(),
        at: 0,
        in_quotes: false,
        load,
    };
    let mut pairs = vec![reading.pair(true)?];
    while let Some(found) = reading.current() {
        if found != ',' {
            return Err(reading.slip(if reading.in_quotes {
                Why::AfterQuotes
            } else {
                Why::Unquoted(found)
            }));
        }
        reading.at += 1;
        let behind_comma = reading.at;
        reading.skip_spaces();
        let pair = reading.pair(false)?;
        if pairs.iter().any(|earlier: &Pair| earlier.key == pair.key) {
            return Err(Slip {
                at: behind_comma,
                why: Why::SecondKey(pair.key),
            });
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

struct Reading<'a> {
    text: Vec<char>,
    at: usize,
    /// Whether the last value stood in quotation marks.
    in_quotes: bool,
    load: Load<'a>,
}

impl Reading<'_> {
    fn current(&self) -> Option<char> {
        self.char_at(self.at)
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at).copied()
    }

    fn slip(&self, why: Why) -> Slip {
        Slip { at: self.at, why }
    }

    fn piece(&self, from: usize, to: usize) -> String {
        self.text.get(from..to).unwrap_or_default().iter().collect()
    }

    fn skip_spaces(&mut self) {
        while self.current().is_some_and(between_parts) {
            self.at += 1;
        }
    }

    /// Goes over this character and the space around it, if it is there.
    fn take(&mut self, wanted: char) -> bool {
        self.skip_spaces();
        let there = self.current() == Some(wanted);
        if there {
            self.at += 1;
            self.skip_spaces();
        }
        there
    }

    fn pair(&mut self, opens_the_item: bool) -> Result<Pair, Slip> {
        let at = self.at;
        while self.current().is_some_and(in_key) {
            self.at += 1;
        }
        let key = self.piece(at, self.at);
        let from_file = self.take('@');
        if !self.take('=') {
            return Err(self.slip(Why::NoEquals { key, opens_the_item }));
        }
        let value_at = self.at;
        let mut value = self.value()?;
        if from_file {
            value = (self.load)(&value).map_err(|wrong| Slip {
                at: value_at,
                why: Why::File(wrong),
            })?;
        }
        Ok(Pair { key, at, value })
    }

    fn value(&mut self) -> Result<String, Slip> {
        let value = match self.current() {
            Some(opening @ ('[' | '{')) => return Err(self.slip(Why::Nested(opening))),
            Some(quote @ ('"' | '\'')) => {
                self.in_quotes = true;
                self.quoted(quote)?
            }
            // Nothing that can begin a value is an empty value.
            _ => {
                self.in_quotes = false;
                self.plain(in_first_value).unwrap_or_default()
            }
        };
        self.skip_spaces();
        self.no_list()?;
        Ok(value)
    }

    /// Behind a value: the end, or a comma. Behind the comma comes the next key, or a further value of a list, which
    /// only shows once it is read; then the reading goes back to the nearest comma, wherever that is.
    fn no_list(&mut self) -> Result<(), Slip> {
        if self.current() != Some(',') {
            return Ok(());
        }
        let comma = self.at;
        self.take(',');
        let further = match self.current() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote).is_ok(),
            _ => self.plain(in_further_value).is_some(),
        };
        if further {
            self.skip_spaces();
            if matches!(self.current(), None | Some(',')) {
                return Err(Slip {
                    at: comma,
                    why: Why::List,
                });
            }
        } else if self.current().is_none() {
            return Err(self.slip(Why::LastComma));
        }
        while self.at > comma && self.current() != Some(',') {
            self.at -= 1;
        }
        Ok(())
    }

    /// A value without quotation marks; `\,` is a comma of it.
    fn plain(&mut self, goes_on: fn(char) -> bool) -> Option<String> {
        let from = self.at;
        let mut allowed: fn(char) -> bool = begins_value;
        loop {
            match self.current() {
                Some('\\') if self.char_at(self.at + 1) == Some(',') => self.at += 2,
                Some(found) if allowed(found) => self.at += 1,
                _ => break,
            }
            allowed = goes_on;
        }
        (self.at > from).then(|| {
            let written = self.piece(from, self.at).replace("\\,", ",");
            written.trim_end_matches(is_space).to_owned()
        })
    }

    /// A value in quotation marks, in which a backslash makes the mark or a backslash part of it. Where no mark
    /// closes it, the last one with a backslash does.
    fn quoted(&mut self, quote: char) -> Result<String, Slip> {
        let from = self.at + 1;
        let mut at = from;
        let mut with_backslash = None;
        let end = loop {
            match self.char_at(at) {
                None => break with_backslash,
                Some('\\') if self.char_at(at + 1) == Some(quote) => {
                    with_backslash = Some(at + 1);
                    at += 2;
                }
                Some(found) if found == quote => break Some(at),
                Some(_) => at += 1,
            }
        };
        let end = end.ok_or_else(|| self.slip(Why::Unclosed(quote)))?;
        self.at = end + 1;
        let written = self.piece(from, end);
        Ok(written
            .replace(&format!("\\{quote}"), &quote.to_string())
            .replace("\\\\", "\\"))
    }
}

fn in_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#' | '/' | ':')
}

fn begins_value(c: char) -> bool {
    matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='<' | '>'..='Z' | '\\'..='z' | '|'..='\u{ffff}')
}

fn in_first_value(c: char) -> bool {
    is_space(c) || matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='\\' | '^'..='|' | '~'..='\u{ffff}')
}

fn in_further_value(c: char) -> bool {
    is_space(c) || matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='<' | '>'..='\u{ffff}')
}

/// Space that does not count between the parts.
fn between_parts(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

/// Space as Python understands it, which the end of a value loses.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}
