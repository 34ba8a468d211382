//! What counts as a name, an e-mail address, a phone number and a date for the service, in one place because both
//! the request constraints and the attribute rules ask. Source: Cognito developer guide, "Working with user
//! attributes" (phone numbers start with + and hold digits only; birthdate is YYYY-MM-DD), and the API model's
//! patterns.

/// `\w` of the model's patterns: ASCII letters, digits and underscore.
pub(crate) fn is_word_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `[\p{L}\p{M}\p{S}\p{N}\p{P}]`: everything but controls, blanks, format characters and what Unicode has not
/// assigned a glyph. Unassigned characters pass; the standard library does not know them.
pub(crate) fn is_name_character(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && !is_format_character(c) && !is_private(c)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// General category Cf.
fn is_format_character(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}'
        | '\u{e0020}'..='\u{e007f}')
}

/// `+` and digits only. E.164 allows fifteen digits at most.
pub(crate) fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// One `@`, a local part without blanks, and a domain of at least two labels.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let sound =
        |part: &str| !part.is_empty() && part.chars().all(is_name_character) && !part.contains(['@', ',', '<', '>']);
    sound(local)
        && sound(domain)
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// A day of the calendar, written YYYY-MM-DD.
pub(crate) fn is_birthdate(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| {
            if matches!(at, 4 | 7) {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
        && text.parse::<jiff::civil::Date>().is_ok()
}

/// A DateTime attribute. The syntax is undocumented; ISO 8601 dates and times with or without a zone are accepted.
pub(crate) fn is_date_time(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok()
        || text.parse::<jiff::civil::DateTime>().is_ok()
        || text.parse::<jiff::civil::Date>().is_ok()
}

/// A Number attribute: decimal digits with an optional sign and fraction.
pub(crate) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (all_digits(whole) && all_digits(fraction))
        .then(|| text.parse().ok())
        .flatten()
}

/// A Boolean attribute. The syntax is undocumented; `true` and `false` are accepted in any case, because client
/// examples send both `true` and `True`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// `a***@e***`: how the service masks an address it sent something to (Cognito developer guide, CodeDeliveryDetails).
pub(crate) fn masked_email(address: &str) -> String {
    let head = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
    match address.split_once('@') {
        Some((local, domain)) => format!("{}***@{}***", head(local), head(domain)),
        None => format!("{}***", head(address)),
    }
}

/// `+*******9934`: all but the last four digits masked.
pub(crate) fn masked_phone(number: &str) -> String {
    let digits: Vec<char> = number.trim_start_matches('+').chars().collect();
    let hidden = digits.len().saturating_sub(4);
    let tail: String = digits.iter().skip(hidden).collect();
    format!("+{}{tail}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_a_plus_and_digits() {
        assert!(is_phone_number("+15555550100"));
        for wrong in [
            "15555550100",
            "+1 555 555",
            "+1-555",
            "+",
            "",
            "+12345678901234567",
            "+1555x",
        ] {
            assert!(!is_phone_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_email_has_one_at_and_a_dotted_domain() {
        for right in ["jane@example.com", "o'neil+tag@mail.example.org", "用户@例子.example"] {
            assert!(is_email(right), "{right}");
        }
        for wrong in [
            "jane",
            "jane@",
            "@example.com",
            "a@b@example.com",
            "a b@example.com",
            "a@example",
            "a@-x.com",
            "a@x..com",
        ] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_birthdate_is_a_real_day() {
        assert!(is_birthdate("1990-01-02"));
        for wrong in ["1990-13-02", "1990-02-30", "01/02/1990", "1990-1-2", "", "1990-01-02T"] {
            assert!(!is_birthdate(wrong), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_decimal() {
        assert_eq!(number("-7.5"), Some(-7.5));
        for wrong in ["", "-", "1e3", "NaN", "inf", "1.", ".5", "0x1", " 1"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn destinations_are_masked_as_the_service_does() {
        assert_eq!(masked_email("ana@example.com"), "a***@e***");
        assert_eq!(masked_phone("+12125559934"), "+*******9934");
    }

    #[test]
    fn names_hold_no_blank_control_or_format_character() {
        for right in ["jane.doe", "Zoë", "山田", "a@b", "😀"] {
            assert!(right.chars().all(is_name_character), "{right}");
        }
        for wrong in [
            ' ', '\t', '\u{1b}', '\u{200b}', '\u{202e}', '\u{9b}', '\u{feff}', '\u{e000}',
        ] {
            assert!(!is_name_character(wrong), "{wrong:?}");
        }
    }
}
