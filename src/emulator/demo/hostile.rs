//! Users whose names and values try to do something to a terminal, a table or a reader. Anybody can register such
//! values; the ones in usernames go beyond the service's pattern and stand for what imports and other tools left.

use super::super::user::User;

/// Slug of the username, and the hostile text.
pub(crate) const TEXTS: [(&str, &str); 40] = [
    ("esc-clear", "\u{1b}[2J\u{1b}[HGone"),
    ("esc-colour", "\u{1b}[31mRed\u{1b}[0m Alert"),
    ("esc-up", "Ann\u{1b}[3A\u{1b}[2KOverwritten"),
    ("esc-alt-screen", "\u{1b}[?1049lBack"),
    ("osc-title", "\u{1b}]0;owned\u{7}Title"),
    ("osc-clipboard", "\u{1b}]52;c;ZWNobyBvd25lZA==\u{1b}\\Clip"),
    (
        "osc-link",
        "\u{1b}]8;;https://example.net/\u{1b}\\Click\u{1b}]8;;\u{1b}\\",
    ),
    ("dcs", "\u{1b}P+q544e\u{1b}\\Query"),
    ("csi-c1", "\u{9b}31mC1 \u{9b}0m"),
    ("osc-c1", "\u{9d}0;owned\u{9c}C1"),
    ("paste-end", "\u{1b}[201~rm\r"),
    ("bell-backspace", "Al\u{7}an\u{8}\u{8}\u{8}\u{8}Evil"),
    ("null", "Nul\u{0}l"),
    ("delete", "Del\u{7f}eted"),
    ("newline", "Two\nLines"),
    ("carriage-return", "Visible\rHidden"),
    ("tab", "Tab\tbed\tName"),
    ("vertical", "Vert\u{b}ical\u{c}Feed"),
    ("next-line", "Next\u{85}Line\u{2028}Sep\u{2029}Par"),
    ("bidi-override", "user\u{202e}nimda\u{202c}"),
    ("bidi-isolate", "\u{2067}abc\u{2069} \u{2066}def"),
    ("bidi-marks", "a\u{200e}b\u{200f}c\u{61c}d"),
    ("zero-width", "pay\u{200b}pal"),
    ("joiners", "ad\u{200c}m\u{200d}in\u{2060}"),
    ("bom", "\u{feff}Anna"),
    ("soft-hyphen", "co\u{ad}operate"),
    ("tags", "Flag\u{e0041}\u{e0042}\u{e007f}"),
    ("variation", "A\u{fe0f}B\u{fe0e}"),
    (
        "zalgo",
        "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}a\u{316}\u{317}\u{318}\u{319}\u{31a}\u{31b}\u{31c}lgo",
    ),
    ("combining-first", "\u{301}Acute"),
    (
        "emoji-family",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} Family",
    ),
    (
        "emoji-skin-flag",
        "\u{1f44b}\u{1f3fd} \u{1f1e9}\u{1f1ea} \u{1f3f4}\u{200d}\u{2620}\u{fe0f}",
    ),
    ("fullwidth", "Ｆｕｌｌ　Ｗｉｄｔｈ"),
    ("hangul-filler", "Blank\u{3164}\u{115f}\u{2800}"),
    ("homoglyph", "раураl"),
    ("odd-spaces", "A\u{a0}B\u{2003}C\u{3000}D\u{202f}E"),
    ("outer-spaces", "  padded  "),
    ("quotes", r#"O"Neil 'x' \back\ `tick` $(cmd) %s {0}"#),
    ("token-lookalike", r"adm\u{200b}in \x1b[2J ^[ <U+200B>"),
    ("private-unassigned", "\u{e000}\u{f8ff}\u{10ffff}\u{fdd0}\u{378}"),
];

/// One user for every hostile text, named plainly so that each can be found, and a few that are hostile by name.
pub(crate) fn users() -> Vec<User> {
    let mut users: Vec<User> = TEXTS
        .into_iter()
        .enumerate()
        .map(|(number, (slug, text))| {
            User::new(&format!("hostile.{slug}"))
                .with("name", text)
                .with("nickname", text)
                .with("custom:tier", "bronze")
                .verified_email(&format!("hostile.{slug}@example.org"))
                .verified_phone(&format!("+155599600{number:02}"))
        })
        .collect();
    let by_name = |username: &str| User::new(username).with("name", username);
    users.extend([
        by_name("\u{1b}[31mred\u{1b}[0m"),
        by_name("\u{1b}]0;owned\u{7}"),
        by_name("\u{9b}2J"),
        by_name("line\nbreak"),
        by_name("tab\there"),
        by_name(" leading"),
        by_name("trailing "),
        by_name("two  spaces"),
        by_name("nimda\u{202e}admin"),
        by_name("pay\u{200b}pal"),
        by_name("paypal").verified_email("paypal@example.org"),
        by_name("раураl").verified_email("paypa1@example.org"),
        by_name("山田太郎"),
        by_name("محمد"),
        by_name("שלום"),
        by_name("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}"),
        by_name("Ｊａｎｅ．Ｄｏｅ"),
        by_name("jane\"doe\\"),
        by_name("-x"),
        by_name("--help"),
        by_name("file:///etc/hostname"),
        by_name("=HYPERLINK(\"https://example.net\")"),
        by_name("$(reboot)"),
        by_name("%2e%2e/"),
        by_name("../../etc/passwd"),
        by_name(&"n".repeat(128)),
        by_name(&"ñ".repeat(128)),
    ]);
    users.extend(long());
    users
}

/// Values of 2,048 characters: one word, many words, many bytes, marks without end, JSON.
fn long() -> Vec<User> {
    let words: String = "lorem ipsum dolor sit amet ".chars().cycle().take(2048).collect();
    let json = format!(r#"{{"formatted":"{}"}}"#, "1 Long Road\\n".repeat(155));
    let values = [
        ("word", "x".repeat(2048)),
        ("words", words),
        ("bytes", "\u{1f600}".repeat(2048)),
        ("marks", format!("e{}", "\u{301}".repeat(2047))),
        ("escapes", "\u{1b}[7m".repeat(512)),
        ("json", json.chars().take(2048).collect()),
    ];
    values
        .into_iter()
        .map(|(slug, value)| {
            User::new(&format!("hostile.long-{slug}"))
                .with("name", &format!("Long {slug}"))
                .with("profile", &value)
                .with("address", &value)
                .verified_email(&format!("hostile.long-{slug}@example.org"))
        })
        .collect()
}
