//! A regular expression in words, where it is as simple as a ticket's number: `SUP-\d+` is `SUP-digits`.

use std::iter::Peekable;
use std::str::Chars;

/// The form in words. `None`: the expression says more than a few words could.
pub fn in_words(expression: &str) -> Option<String> {
    let mut chars = expression.chars().peekable();
    let mut words = String::new();
    while let Some(c) = chars.next() {
        let one = match c {
            '\\' => match chars.next()? {
                'd' => One::Kind("digit"),
                'w' => One::Kind("letter or digit"),
                's' => One::Kind("blank"),
                c if !c.is_alphanumeric() => One::Itself(c),
                _ => return None,
            },
            '[' => One::Kind(class(&mut chars)?),
            '.' => One::Kind("character"),
            '^' | '$' | '|' | '(' | ')' | '{' | '}' | ']' | '*' | '+' | '?' => return None,
            c => One::Itself(c),
        };
        let count = count(&mut chars)?;
        match (one, count) {
            (One::Itself(c), Count::Once) => words.push(c),
            (One::Itself(_), _) => return None,
            (One::Kind(kind), count) => words.push_str(&counted(kind, &count)),
        }
    }
    (!words.is_empty()).then_some(words)
}

enum One {
    Itself(char),
    Kind(&'static str),
}

enum Count {
    Once,
    Some,
    Any,
    Exactly(String),
}

/// The classes that people write for such forms, after their opening bracket.
fn class(chars: &mut Peekable<Chars<'_>>) -> Option<&'static str> {
    let mut inner = String::new();
    loop {
        match chars.next()? {
            ']' => break,
            c => inner.push(c),
        }
    }
    match inner.as_str() {
        "0-9" | "\\d" => Some("digit"),
        "A-Z" => Some("capital"),
        "a-z" => Some("small letter"),
        "A-Za-z" | "a-zA-Z" => Some("letter"),
        _ => None,
    }
}

fn count(chars: &mut Peekable<Chars<'_>>) -> Option<Count> {
    let count = match chars.peek() {
        Some('+') => Count::Some,
        Some('*') => Count::Any,
        Some('?') => return None,
        Some('{') => {
            chars.next();
            let mut number = String::new();
            loop {
                match chars.next()? {
                    '}' => break,
                    c if c.is_ascii_digit() => number.push(c),
                    _ => return None,
                }
            }
            return Some(Count::Exactly(number));
        }
        _ => return Some(Count::Once),
    };
    chars.next();
    // What follows a count changes what it means.
    (!matches!(chars.peek(), Some('?' | '+' | '*'))).then_some(count)
}

fn counted(kind: &'static str, count: &Count) -> String {
    let many = match kind {
        "letter or digit" => "letters or digits".to_owned(),
        kind => format!("{kind}s"),
    };
    match count {
        Count::Once => format!("<1 {kind}>"),
        Count::Exactly(number) if number == "1" => format!("<1 {kind}>"),
        Count::Exactly(number) => format!("<{number} {many}>"),
        Count::Some => many,
        Count::Any => format!("<any {many}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simple_form_is_said_in_words() {
        for (expression, words) in [
            (r"SUP-\d+", "SUP-digits"),
            (r"SUP-\d{4}", "SUP-<4 digits>"),
            (r"[A-Z]+-[0-9]+", "capitals-digits"),
            (r"INC\d{1}", "INC<1 digit>"),
            (r"a\.b", "a.b"),
            (r"CHG .+", "CHG characters"),
            (r"\w*", "<any letters or digits>"),
        ] {
            assert_eq!(in_words(expression).as_deref(), Some(words), "{expression}");
        }
    }

    #[test]
    fn what_says_more_is_left_as_it_is() {
        for expression in [
            r"(SUP|INC)-\d+",
            r"SUP-\d+?",
            r"SU?P",
            r"\bSUP",
            r"[^x]",
            r"[a-z",
            r"\d{2,4}",
            r"\p{L}",
            "a+",
            "",
            r"x\",
        ] {
            assert_eq!(in_words(expression), None, "{expression}");
        }
    }
}
