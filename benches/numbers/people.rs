//! Made-up people, each always the same: ten attributes with 190 bytes of values.

use serde_json::{Value, json};

pub const POOL: &str = "us-east-1_numbers01";
pub const DIGITS: &str = "0123456789abcdef";

const FIRST: [&str; 8] = [
    "Jane",
    "Zoë",
    "Robert",
    "Müjgan",
    "Aiko",
    "Ibrahim",
    "Oluwaseun",
    "Margaret",
];
const LAST: [&str; 8] = [
    "Doe",
    "Müller-Lüdenscheidt",
    "Tables",
    "Hopper",
    "Yılmaz",
    "Nakamura",
    "Okafor",
    "O'Neill",
];

/// A number that looks like chance, the same every time.
fn mixed(number: usize) -> u64 {
    let mut mixed = (number as u64)
        .wrapping_add(0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 29;
    mixed = mixed.wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn of<'a>(words: &[&'a str], number: u64) -> &'a str {
    words
        .get(usize::try_from(number).unwrap_or_default() % words.len().max(1))
        .copied()
        .unwrap_or_default()
}

const STREETS: [&str; 8] = [
    "Long Meadow Lane",
    "Station Road",
    "Bahnhofstraße",
    "Second Avenue",
    "Old Mill Hill",
    "Queens Road",
    "Harbour Street",
    "Park View Terrace",
];
const TOWNS: [&str; 8] = [
    "Springfield",
    "Newcastle upon Tyne",
    "Diyarbakır",
    "San Francisco",
    "Johannesburg",
    "Osaka",
    "Grand Rapids",
    "Stratford-upon-Avon",
];

fn address(chance: u64, more: u64) -> String {
    let (street, town) = (of(&STREETS, chance >> 7), of(&TOWNS, more >> 7));
    format!(
        "{} {street}, Building {}, Apartment {:03}, {:05} {town}",
        chance % 900,
        more % 90,
        more % 300,
        chance % 99_999
    )
}

pub fn username(number: usize) -> String {
    format!("user{number:07}")
}

/// One user as the service writes it, and the digit its sub begins with.
pub fn as_json(number: usize) -> (char, String) {
    let (chance, more) = (mixed(number), mixed(number ^ 0x5555_5555));
    let sub = format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        chance >> 32,
        chance & 0xffff,
        more & 0xfff,
        (more >> 12) & 0xfff,
        more >> 16
    );
    let (first, last) = (of(&FIRST, chance >> 3), of(&LAST, more >> 5));
    let created = 1_500_000_000 + chance % 200_000_000;
    let user = json!({
        "Username": username(number),
        "Attributes": [
            {"Name": "sub", "Value": sub},
            {"Name": "email", "Value": format!("user{number:07}.{}@example.com", chance % 97)},
            {"Name": "email_verified", "Value": if chance % 5 == 0 { "false" } else { "true" }},
            {"Name": "phone_number", "Value": format!("+1555{:07}", more % 10_000_000)},
            {"Name": "phone_number_verified", "Value": if more % 3 == 0 { "false" } else { "true" }},
            {"Name": "name", "Value": format!("{first} {last}")},
            {"Name": "given_name", "Value": first},
            {"Name": "family_name", "Value": last},
            {"Name": "address", "Value": address(chance, more)},
            {"Name": "custom:tier", "Value": of(&["gold", "silver", "basic"], more)},
        ],
        "Enabled": chance % 50 != 0,
        "UserStatus": "CONFIRMED",
        "UserCreateDate": created,
        "UserLastModifiedDate": created + more % 10_000_000,
    });
    (sub.chars().next().unwrap_or('0'), user.to_string())
}

pub fn schema() -> Value {
    let names = [
        "sub",
        "email",
        "phone_number",
        "name",
        "given_name",
        "family_name",
        "address",
        "custom:tier",
    ];
    let each = names.map(|name| {
        json!({
            "Name": name, "AttributeDataType": "String", "Mutable": name != "sub", "Required": name == "sub",
            "DeveloperOnlyAttribute": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"},
        })
    });
    json!(each)
}
