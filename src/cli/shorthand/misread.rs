//! Why a value could not be read: what is wrong, where, and what to write instead.

use std::fmt::{self, Write as _};

use super::grammar::{Slip, Why};

/// How many characters are shown before and behind the place.
const BEFORE: usize = 60;
const BEHIND: usize = 30;

/// A value that cannot be read. Its text is for the person who typed it: it shows the place, and so a part of what
/// was typed. Debug shows none of that.
#[derive(Clone, PartialEq, Eq)]
pub struct Misread {
    part: Part,
    whence: Whence,
    wrong: String,
    mark: Option<Mark>,
    next: String,
}

/// Which value is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Attributes,
    Metadata,
}

/// Where the text stands.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Whence {
    Argument,
    /// One of several arguments, counted from 1.
    Item(usize),
    /// The path as it was typed.
    File(String),
}

/// A place in a text, counted in characters.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub text: String,
    pub at: usize,
}

impl Part {
    pub(super) const fn option(self) -> &'static str {
        match self {
            Self::Attributes => "--user-attributes",
            Self::Metadata => "--client-metadata",
        }
    }

    /// A whole value in quotation marks, as it is typed into a shell.
    const fn quoted_example(self) -> &'static str {
        match self {
            Self::Attributes => "'Name=name,Value=\"Doe, Jane\"'",
            Self::Metadata => "'note=\"first, second\"'",
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::Attributes => "Name=email,Value=ann@example.com",
            Self::Metadata => "ticket=T-1,source=console",
        }
    }
}

impl Misread {
    pub(super) fn new(part: Part, whence: &Whence, wrong: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            part,
            whence: whence.clone(),
            wrong: wrong.into(),
            mark: None,
            next: next.into(),
        }
    }

    pub(super) fn marked(mut self, text: &str, at: usize) -> Self {
        self.mark = Some(Mark {
            text: text.to_owned(),
            at,
        });
        self
    }

    pub(super) fn from_slip(part: Part, whence: &Whence, text: &str, slip: Slip) -> Self {
        let (wrong, next) = words(part, text, &slip);
        Self::new(part, whence, wrong, next).marked(text, slip.at)
    }

    /// The place, counted in characters from the beginning of the argument or file.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        self.mark.as_ref().map(|mark| mark.at)
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.part.option())?;
        match &self.whence {
            Whence::Argument => {}
            Whence::Item(number) => write!(f, ", item {number}")?,
            Whence::File(path) => write!(f, ", file {}", visible(path))?,
        }
        write!(f, ": {}", self.wrong)?;
        if let Some(mark) = self.mark.as_ref().filter(|mark| !mark.text.is_empty()) {
            write!(f, "{mark}")?;
        }
        write!(f, "\n{}", self.next)
    }
}

impl fmt::Debug for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Misread({} at {:?})", self.part.option(), self.place())
    }
}

impl std::error::Error for Misread {}

/// The line of the place, cut around it, and a line with a mark below the place.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before: Vec<char> = self.text.chars().take(self.at).collect();
        let line_start = before.iter().rposition(|c| *c == '\n').map_or(0, |newline| newline + 1);
        let line_number = before.iter().filter(|c| **c == '\n').count() + 1;
        let from = line_start.max(self.at.saturating_sub(BEFORE));
        let left: String = before.iter().skip(from).collect();
        let rest: Vec<char> = self.text.chars().skip(self.at).take_while(|c| *c != '\n').collect();
        let right: String = rest.iter().take(BEHIND).collect();

        let mut shown = if from > line_start { "…" } else { "" }.to_owned();
        shown.push_str(&visible(&left));
        let column = shown.chars().count();
        shown.push_str(&visible(&right));
        if rest.len() > BEHIND {
            shown.push('…');
        }
        write!(f, " (character {}", before.len() - line_start + 1)?;
        if self.text.contains('\n') {
            write!(f, " of line {line_number}")?;
        }
        write!(f, ")\n  {shown}\n  {:column$}^", "")
    }
}

/// Text with its invisible and its control characters written out.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '"' | '\'' | '\\' => shown.push(c),
            _ => {
                // Writing to a string does not fail.
                let _ = write!(shown, "{}", c.escape_debug());
            }
        }
    }
    shown
}

/// What is wrong, and what to write instead.
fn words(part: Part, text: &str, slip: &Slip) -> (String, String) {
    let quote_it = || {
        format!(
            "put the value into quotation marks, and for the shell the whole argument into the other kind: {}",
            part.quoted_example()
        )
    };
    match &slip.why {
        Why::SecondKey(key) => (
            format!("\"{key}\" stands here a second time in one item"),
            match part {
                Part::Attributes => "Items are separated by a space, the keys within an item by a comma. If the next \
                     attribute begins here, write a space in place of the comma before it."
                    .to_owned(),
                Part::Metadata => "A key stands once; take one of the two out.".to_owned(),
            },
        ),
        Why::NoEquals { key, opens_the_item } => without_equals(part, text, key, *opens_the_item),
        Why::Unquoted(found) => (
            format!(
                "a value without quotation marks cannot hold {} here",
                visible(&found.to_string())
            ),
            format!("To write it, {}", quote_it()),
        ),
        Why::AfterQuotes => (
            "a comma or the end was expected behind the closing quotation mark".to_owned(),
            "Put the whole value into one pair of quotation marks; a backslash before a mark makes it part of the value."
                .to_owned(),
        ),
        Why::Unclosed(quote) => (
            format!("the quotation mark {quote} that opens here is not closed"),
            format!("Close it with {quote}; within the value write \\{quote} for the mark itself."),
        ),
        Why::LastComma => (
            "something was expected behind the last comma".to_owned(),
            format!("Take the comma out. If it belongs to the value, {}", quote_it()),
        ),
        Why::List => (
            "a comma makes a list of this value, and it must be one text".to_owned(),
            format!("If the comma belongs to the value, {}", quote_it()),
        ),
        Why::Nested('[') => (
            "a value that begins with [ is a list, and it must be one text".to_owned(),
            format!("If the bracket belongs to the value, {}", quote_it()),
        ),
        Why::Nested(_) => (
            "a value that begins with { is a structure, and it must be one text".to_owned(),
            format!("If the brace belongs to the value, {}", quote_it()),
        ),
        Why::File(wrong) => (
            wrong.clone(),
            "Behind @= stands file:// with the path of a text file; behind = alone it would be the value itself."
                .to_owned(),
        ),
    }
}

fn without_equals(part: Part, text: &str, key: &str, opens_the_item: bool) -> (String, String) {
    let form = || format!("The form is {}", part.example());
    if text.is_empty() {
        return ("there is nothing here".to_owned(), form());
    }
    if opens_the_item && (text.starts_with("file://") || text.starts_with("fileb://")) {
        return (
            "a file cannot be one argument of several".to_owned(),
            "Write file:// with the path as the only argument, or Value@=file:// with the path for one value."
                .to_owned(),
        );
    }
    if opens_the_item && text.starts_with(['{', '[']) {
        return (
            "this is JSON, and the items before it are shorthand".to_owned(),
            "Write all items in the same form.".to_owned(),
        );
    }
    let wrong = if key.is_empty() {
        "a key was expected here".to_owned()
    } else {
        format!("= was expected behind the key \"{key}\"")
    };
    if opens_the_item {
        return (wrong, form());
    }
    (
        wrong,
        format!(
            "Behind a comma comes the next key. A comma that belongs to the value is written as \\, or in quotation \
             marks: {}",
            part.quoted_example()
        ),
    )
}
