//! Which calls, in which order. The likely ones come first, because the first stage with a hit ends the find and
//! because eight calls are all there are.

use super::{Ask, FilterProblem, MOST_CALLS, Plan, Reading, fold};
use crate::domain::pool::{Pool, SignIn};
use crate::domain::sentence::Sentence;
use crate::domain::user::User;
use crate::say;

/// The fewest digits that are read as a phone number.
const PHONE_DIGITS: usize = 7;
/// The fewest digits that are taken for a number with its country code where nothing says so: most countries have
/// shorter numbers without it.
const WHOLE_DIGITS: usize = 11;

pub(super) fn plan(typed: &str, pool: Option<&Pool>, phone_prefixes: &[String]) -> Plan {
    let names = Usernames::of(pool);
    let reading = read(typed);
    let mut notes = Vec::new();
    let stages = match reading {
        // Bare text names no attribute.
        Reading::Nothing | Reading::Term => Vec::new(),
        Reading::Domain => {
            notes.push("the service cannot search by domain, only by how an address begins".into());
            Vec::new()
        }
        Reading::Sub => sub(typed),
        Reading::Phone => phone(typed, phone_prefixes, &mut notes),
        Reading::Email => email(typed, names),
        Reading::Word => word(typed, names),
        Reading::FullName => full_name(typed),
    };
    lay_out(reading, stages, notes)
}

/// A username first, exactly as given; what else the text may mean only where nobody has that name.
pub(super) fn named_or_meant(typed: &str, pool: Option<&Pool>, phone_prefixes: &[String]) -> Plan {
    let meant = plan(typed.trim(), pool, phone_prefixes);
    let mut stages = vec![vec![Ask::exact("username", typed)]];
    stages.extend(meant.stages);
    lay_out(meant.reading, stages, meant.notes)
}

/// Nobody but the user of exactly this name.
pub(super) fn named(username: &str) -> Plan {
    lay_out(Reading::Word, vec![vec![Ask::exact("username", username)]], Vec::new())
}

/// One user again: by the sub where it is known, which every filter can hold, else by the name.
pub(super) fn again(user: &User) -> Plan {
    match user.sub() {
        Some(sub) => lay_out(Reading::Sub, vec![vec![Ask::exact("sub", sub)]], Vec::new()),
        None => named(user.username.as_str()),
    }
}

/// One attribute that was named: its asks, together.
pub(in crate::domain) fn term(asks: Vec<Ask>) -> Plan {
    lay_out(Reading::Term, vec![asks], Vec::new())
}

/// Keeps what can be asked and was not asked before, [`MOST_CALLS`] at most.
fn lay_out(reading: Reading, stages: Vec<Vec<Ask>>, notes: Vec<Sentence>) -> Plan {
    let mut plan = Plan {
        reading,
        stages: Vec::new(),
        notes,
    };
    let mut left = MOST_CALLS;
    let mut asked: Vec<Ask> = Vec::new();
    for stage in stages {
        let mut kept = Vec::new();
        for ask in stage {
            if left == 0 || asked.contains(&ask) {
                continue;
            }
            match ask.filter() {
                Ok(_) => {
                    left -= 1;
                    asked.push(ask.clone());
                    kept.push(ask);
                }
                Err(problem) => add_note(&mut plan.notes, problem),
            }
        }
        if !kept.is_empty() {
            plan.stages.push(kept);
        }
    }
    plan
}

/// One note is enough: every ask of a find fails for the same reason.
fn add_note(notes: &mut Vec<Sentence>, problem: FilterProblem) {
    let sentence = problem.sentence();
    let kind = |sentence: &Sentence| sentence.plain().starts_with("not asked: ");
    if !notes.iter().any(kind) {
        notes.push(sentence);
    }
}

/// What a username of the pool can look like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Usernames {
    Chosen,
    /// The service made them up, because people sign in with an address or number.
    Uuids,
}

impl Usernames {
    fn of(pool: Option<&Pool>) -> Self {
        match pool.map(|pool| &pool.sign_in) {
            Some(SignIn::UsernameAttributes(_)) => Self::Uuids,
            _ => Self::Chosen,
        }
    }
}

fn read(typed: &str) -> Reading {
    if typed.is_empty() {
        return Reading::Nothing;
    }
    if is_sub(typed) {
        return Reading::Sub;
    }
    if digits_of(typed).is_some_and(|digits| digits.chars().filter(char::is_ascii_digit).count() >= PHONE_DIGITS) {
        return Reading::Phone;
    }
    match typed.find('@') {
        Some(0) => return Reading::Domain,
        Some(_) if !typed.contains(char::is_whitespace) => return Reading::Email,
        _ => {}
    }
    if typed.contains(char::is_whitespace) {
        Reading::FullName
    } else {
        Reading::Word
    }
}

/// Whether the text can be looked for as a sub: eight digits of it and more.
pub(in crate::domain) fn may_be_a_sub(typed: &str) -> bool {
    is_shaped_as_sub(typed) || may_begin_a_sub(typed)
}

/// A whole UUID, or its beginning from the ninth character on; that needs a letter, else it may be a phone number.
fn is_sub(typed: &str) -> bool {
    is_shaped_as_sub(typed) && (typed.len() == 36 || typed.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

fn is_shaped_as_sub(typed: &str) -> bool {
    (9..=36).contains(&typed.len())
        && typed.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Eight hexadecimal digits and more: the beginning of a sub, as screens show it, or just a word.
fn may_begin_a_sub(typed: &str) -> bool {
    typed.len() == 8 && typed.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The digits of what could be a phone number, with a leading `+` if there is one.
fn digits_of(typed: &str) -> Option<String> {
    // `(0)` is for callers inside the country and no part of the number from outside.
    let typed = typed.replace("(0)", "");
    let mut digits = String::new();
    for c in typed.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => digits.push(c),
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{202f}' => {}
            _ => return None,
        }
    }
    Some(digits)
}

fn sub(typed: &str) -> Vec<Vec<Ask>> {
    let lower = typed.to_ascii_lowercase();
    if typed.len() == 36 {
        vec![vec![Ask::exact("sub", lower)], vec![Ask::exact("username", typed)]]
    } else {
        vec![vec![Ask::prefix("sub", lower)], vec![Ask::prefix("username", typed)]]
    }
}

fn phone(typed: &str, prefixes: &[String], notes: &mut Vec<Sentence>) -> Vec<Vec<Ask>> {
    let digits = digits_of(typed).unwrap_or_default();
    let mut numbers: Vec<String> = Vec::new();
    if digits.starts_with('+') {
        numbers.push(digits);
    } else if let Some(rest) = digits.strip_prefix("00") {
        numbers.push(format!("+{rest}"));
    } else {
        let national = digits.trim_start_matches('0');
        let mut add = |number: String| {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        };
        for prefix in prefixes {
            add(format!("+{}{national}", prefix.trim_start_matches('+')));
        }
        // What else may have been typed with its country code and without the +. No country code begins with 0 or stands
        // in parentheses, where an area code does.
        let may_be_whole = !digits.starts_with('0') && !typed.trim_start().starts_with('(');
        if may_be_whole && (digits.len() >= WHOLE_DIGITS || !prefixes.is_empty()) {
            add(format!("+{digits}"));
        }
        if prefixes.is_empty() {
            notes.push(match numbers.is_empty() {
                true => {
                    "not asked for as a phone number: no + and country code are in front, and the setting phone-prefixes is empty"
                        .into()
                }
                false => {
                    "the setting phone-prefixes is empty, so no other country code was tried"
                        .into()
                }
            });
        }
    }
    // One call stays for people whose username is a number, and one for a sub that happens to have no letters.
    let most = MOST_CALLS - 2;
    if numbers.len() > most {
        let left_out = numbers.len() - most;
        notes.push(
            say!("not asked: ", own left_out.to_string(), " more country codes, because a find makes at most 8 calls"),
        );
        numbers.truncate(most);
    }
    let mut rest = vec![Ask::prefix("username", typed)];
    if may_be_a_sub(typed) {
        rest.push(Ask::prefix("sub", typed));
    }
    vec![
        numbers
            .into_iter()
            .map(|number| Ask::prefix("phone_number", number))
            .collect(),
        rest,
    ]
}

fn email(typed: &str, names: Usernames) -> Vec<Vec<Ask>> {
    // The whole address first: who types all of it means that one, not those that go on after it.
    let mut rest = vec![Ask::prefix("email", typed)];
    if names == Usernames::Chosen {
        rest.extend([
            Ask::prefix("username", typed),
            Ask::prefix("username", typed.to_lowercase()),
        ]);
        rest.push(Ask::prefix("preferred_username", typed));
    }
    vec![vec![Ask::exact("email", typed)], rest]
}

fn word(typed: &str, names: Usernames) -> Vec<Vec<Ask>> {
    let composed = fold::composed(typed);
    let decomposed = fold::decomposed(typed);
    let two = fold::two_letters(typed);
    let mut first = Vec::new();
    let mut second = Vec::new();
    if two == composed {
        if names == Usernames::Chosen {
            first.extend([
                Ask::prefix("username", typed),
                Ask::prefix("username", typed.to_lowercase()),
            ]);
        }
        for attribute in ["name", "given_name", "family_name", "preferred_username", "email"] {
            first.push(Ask::prefix(attribute, composed.as_str()));
        }
        if may_begin_a_sub(typed) {
            second.push(Ask::prefix("sub", typed.to_ascii_lowercase()));
        }
        if let Some(accented) = fold::one_letter(typed) {
            second.push(Ask::prefix("family_name", accented.as_str()));
            second.push(Ask::prefix("name", accented.as_str()));
        }
    } else {
        // Eight calls do not hold every spelling of every attribute. Names are stored composed nearly always;
        // addresses and usernames hold two letters nearly always.
        if names == Usernames::Chosen {
            first.push(Ask::prefix("username", typed));
        }
        for attribute in ["name", "given_name", "family_name"] {
            first.push(Ask::prefix(attribute, composed.as_str()));
        }
        first.push(Ask::prefix("email", two.as_str()));
        second.push(Ask::prefix("family_name", two.as_str()));
        second.push(Ask::prefix("name", two.as_str()));
        second.push(Ask::prefix("family_name", decomposed.as_str()));
        second.push(Ask::prefix("name", decomposed.as_str()));
    }
    vec![first, second]
}

/// Several words are a name: usernames and addresses have no spaces.
fn full_name(typed: &str) -> Vec<Vec<Ask>> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let typed = words.join(" ");
    let composed = fold::composed(&typed);
    let first = ["name", "given_name", "family_name", "preferred_username"]
        .map(|attribute| Ask::prefix(attribute, composed.as_str()))
        .to_vec();
    let mut second = vec![
        Ask::prefix("name", fold::two_letters(&typed)),
        Ask::prefix("name", fold::decomposed(&typed)),
    ];
    if let [one, other] = words.as_slice() {
        second.push(Ask::prefix("name", format!("{} {}", other, one.trim_end_matches(','))));
    }
    second.extend(fold::one_letter(&typed).map(|accented| Ask::prefix("name", accented)));
    // The family name of "Doe, Jane" stands first, of "Jane Doe" last. It brings others of the family, too.
    let family = match words.as_slice() {
        [one, ..] if one.ends_with(',') => one.trim_end_matches(','),
        [.., last] => last,
        [] => return Vec::new(),
    };
    vec![first, second, vec![Ask::prefix("family_name", fold::composed(family))]]
}
