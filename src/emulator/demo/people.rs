//! Invented people: ordinary ones made from word lists, and the cast that the documentation's pictures show.
//! Addresses are under names reserved for examples, numbers start with +1555 but for the one German number of the
//! pictures.

use jiff::Timestamp;

use super::super::crowd::mix;
use super::super::user::User;
use super::words::{FIRST, LAST};

/// How the people of a pool are named and reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// `ana.lopez`.
    Chosen,
    /// The sub, in a pool that signs in by e-mail or phone.
    Sub,
}

/// Names as they are written at home, with an ASCII username beside them.
const ABROAD: [(&str, &str, &str); 20] = [
    ("hanako.yamada", "花子", "山田"),
    ("m.ali", "محمد", "علي"),
    ("olga.smirnova", "Ольга", "Смирнова"),
    ("theodora.p", "Θεοδώρα", "Παππά"),
    ("minjun.kim", "민준", "김"),
    ("deepika.sharma", "दीपिका", "शर्मा"),
    ("shira.cohen", "שירה", "כהן"),
    ("zoe.muller", "Zoë", "Müller"),
    ("lukasz.z", "Łukasz", "Żółć"),
    ("hoa.nguyen", "Thị Hoa", "Nguyễn"),
    ("irem.ozturk", "İrem", "Öztürk"),
    ("soren.akesson", "Søren", "Åkesson"),
    ("li.na", "娜", "李"),
    ("somchai.r", "สมชาย", "รักดี"),
    ("sinead.obrien", "Sinéad", "O'Brien"),
    ("jose.nunez", "José", "Núñez"),
    ("ana.goncalves", "Ana", "Gonçalves"),
    ("tamta.g", "თამთა", "გელაშვილი"),
    ("aram.h", "Արամ", "Հակոբյան"),
    ("jan.devries", "Jan", "de Vries-van Dam"),
];

/// A hundred ordinary, enabled, CONFIRMED people. The same `salt` gives the same people.
pub(crate) fn ordinary(salt: u64, naming: Naming) -> Vec<User> {
    (0..100).map(|number| person(salt, number, naming)).collect()
}

fn person(salt: u64, number: u64, naming: Naming) -> User {
    let hash = mix(salt, number);
    let abroad = usize::try_from(number / 5)
        .ok()
        .and_then(|at| ABROAD.get(at))
        .filter(|_| number % 5 == 3);
    let (username, given, family) = match abroad {
        Some(&(username, given, family)) => (username.to_owned(), given.to_owned(), family.to_owned()),
        None => {
            // Steps that share no factor with the lengths: a hundred different pairs.
            let first = pick(&FIRST, number * 37 + salt * 7);
            let last = pick(&LAST, number * 49 + salt * 11);
            (format!("{first}.{last}"), capital(first), capital(last))
        }
    };
    let domain = pick(&["example.com", "example.net", "example.org"], hash);
    let born = format!(
        "{}-{:02}-{:02}",
        1950 + hash % 55,
        1 + (hash >> 8) % 12,
        1 + (hash >> 12) % 28
    );
    let mut user = User::new(if naming == Naming::Sub { "" } else { &username })
        .with("name", &format!("{given} {family}"))
        .with("given_name", &given)
        .with("family_name", &family)
        .with("birthdate", &born)
        .with(
            "locale",
            pick(&["en-US", "de-DE", "ja-JP", "es-ES", "pt-BR", "fr-FR"], hash >> 16),
        )
        .verified_email(&format!("{username}@{domain}"));
    if !hash.is_multiple_of(4) {
        user = user.verified_phone(&format!("+1555{:03}{number:04}", 200 + salt % 700));
    }
    if (hash >> 20).is_multiple_of(3) {
        user = user.with(
            "zoneinfo",
            pick(&["America/New_York", "Europe/Berlin", "Asia/Tokyo"], hash >> 24),
        );
    }
    user.created(day(hash >> 28))
}

/// Some second of the years 2021 to 2025.
pub(crate) fn day(noise: u64) -> Timestamp {
    let second = 1_609_459_200 + i64::try_from(noise % 157_680_000).unwrap_or_default();
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The people of the documentation's pictures. They come first in their pool.
pub(crate) fn cast() -> Vec<User> {
    let tier = |user: User, tier: &str| user.with("custom:tier", tier);
    vec![
        tier(User::new("jane.doe"), "silver")
            .with("sub", "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f")
            .with("name", "Jane Doe")
            .with("nickname", "JD")
            .with("birthdate", "1990-01-02")
            .with("custom:hireId", "7781")
            .verified_email("jane@example.com")
            .with("phone_number", "+15555550100")
            .with("phone_number_verified", "false")
            .mfa(&["SMS_MFA"])
            .groups(&["readers"])
            .created(at("2024-03-02T08:00:00Z"))
            .changed(at("2026-11-18T09:12:00Z")),
        tier(User::new("bob"), "bronze")
            .with("name", "Bob Marsh")
            .verified_email("bob@example.com")
            .status("FORCE_CHANGE_PASSWORD"),
        tier(User::new("3fa85f64-5717-4562-b3fc-2c963f66afa6"), "gold")
            .with("name", "Maximiliane Mustermann")
            .verified_email("maximiliane.mustermann@example.com")
            .verified_phone("+4915112345678"),
        federated("Okta", "00u1a2b3c4D5e6F7g8H9", "OIDC")
            .with("name", "René Dupont")
            .with("email", "rene@example.net")
            .with("email_verified", "false"),
        tier(User::new("eve"), "gold")
            .with("name", "Eve Adler")
            .verified_email("Jane@Example.com")
            .verified_phone("+15555550177")
            .disabled(),
        User::new("adm\u{200b}in")
            .with("email", "admin@example.com")
            .with("email_verified", "false")
            .status("UNCONFIRMED"),
        tier(User::new("sofia.r"), "silver")
            .with("name", "Sofia Rossi")
            .verified_email("sofia.r@example.com")
            .verified_phone("+15555550121")
            .status("RESET_REQUIRED"),
        User::new("tom").with("name", "Tom Reed").verified_phone("+15555550134"),
        User::new("rob")
            .with("name", "Rob New")
            .verified_email("bob@new.example"),
    ]
}

/// A user whose profile came from an identity provider (developer guide, "Adding social identity providers"; the
/// shape of `identities` is that of the AWS CLI reference, get-user example output).
pub(crate) fn federated(provider: &str, id: &str, kind: &str) -> User {
    let identities = format!(
        r#"[{{"userId":"{id}","providerName":"{provider}","providerType":"{kind}","issuer":null,"primary":true,"dateCreated":1701125599632}}]"#
    );
    User::new(&format!("{provider}_{id}"))
        .status("EXTERNAL_PROVIDER")
        .with("identities", &identities)
}

/// One user for every status of the enum, the three that are no longer used included.
pub(crate) fn statuses() -> Vec<User> {
    [
        "UNCONFIRMED",
        "CONFIRMED",
        "ARCHIVED",
        "COMPROMISED",
        "UNKNOWN",
        "RESET_REQUIRED",
        "FORCE_CHANGE_PASSWORD",
        "EXTERNAL_PROVIDER",
    ]
    .into_iter()
    .enumerate()
    .map(|(number, status)| {
        let name = status.to_lowercase().replace('_', "-");
        User::new(&format!("status.{name}"))
            .with("name", &format!("Status {}", capital(&name)))
            .with("email", &format!("status.{name}@example.org"))
            .with("email_verified", if status == "UNCONFIRMED" { "false" } else { "true" })
            .with("phone_number", &format!("+155599900{number:02}"))
            .with("phone_number_verified", "false")
            .status(status)
    })
    .collect()
}

/// One user for every state of the two contacts.
pub(crate) fn verifications() -> Vec<User> {
    let contact = |user: User, name: &str, value: String, state: &str| match state {
        "none" => user,
        "yes" => user.with(name, &value).with(&format!("{name}_verified"), "true"),
        "no" => user.with(name, &value).with(&format!("{name}_verified"), "false"),
        // An address without its flag, as imported users have.
        _ => user.with(name, &value),
    };
    let states = ["yes", "no", "none", "unset"];
    let mut users = Vec::new();
    for (row, email) in states.into_iter().enumerate() {
        for (column, phone) in states.into_iter().enumerate() {
            let name = format!("verify.mail-{email}.phone-{phone}");
            let number = format!("+1555998{:04}", row * 4 + column);
            let mut user = User::new(&name).with("name", &format!("Mail {email} Phone {phone}"));
            user = contact(user, "email", format!("{name}@example.net"), email);
            user = contact(user, "phone_number", number, phone);
            users.push(user);
        }
    }
    users
}

/// Users with second factors, disabled users and users in groups.
pub(crate) fn factors() -> Vec<User> {
    let reach = |user: User, number: u32| {
        let mail = format!("{}@example.com", user.username);
        user.verified_email(&mail)
            .verified_phone(&format!("+155599700{number:02}"))
    };
    vec![
        reach(User::new("mfa.sms"), 1).with("name", "Mia Sms").mfa(&["SMS_MFA"]),
        reach(User::new("mfa.totp"), 2)
            .with("name", "Theo Totp")
            .mfa(&["SOFTWARE_TOKEN_MFA"]),
        reach(User::new("mfa.both"), 3)
            .with("name", "Beth Both")
            .mfa(&["SOFTWARE_TOKEN_MFA", "SMS_MFA"]),
        reach(User::new("mfa.email"), 4)
            .with("name", "Emil Mail")
            .mfa(&["EMAIL_OTP"]),
        reach(User::new("off.confirmed"), 5).with("name", "Otto Off").disabled(),
        reach(User::new("off.invited"), 6)
            .with("name", "Ines Invited")
            .status("FORCE_CHANGE_PASSWORD")
            .disabled(),
        reach(User::new("many.groups"), 7).with("name", "Gus Groups").groups(&[
            "admins",
            "auditors",
            "readers",
            "writers",
            "night-shift",
        ]),
        User::new("no.attributes"),
    ]
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn pick(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at % words.len().max(1) as u64)
        .ok()
        .and_then(|at| words.get(at))
        .copied()
        .unwrap_or_default()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
