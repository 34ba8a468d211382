use super::*;

/// Names as people have them; none of them may look any different for our care.
const ORDINARY: [&str; 82] = [
    "jane.doe",
    "Jane Doe",
    "O'Brien",
    "O\u{2019}Brien",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "+15555550100",
    "C:\\Users\\jane",
    "{\"street_address\":\"1 Main St\"}",
    "Jean-Luc Picard",
    "Müller",
    "Groß",
    "Søren Kierkegård",
    "Łukasz Wałęsa",
    "François Élysée",
    "José Ñuñez",
    "Antonín Dvořák",
    "Şükrü Ağaoğlu",
    "Nguyễn Thị Ánh Tuyết",
    "Ọláńrewájú",
    "Adébáyọ̀ Ṣótúńdé",
    "Māori Tūhoe",
    "Guðmundur Þórðarson",
    "Ħal Għaxaq",
    "Ștefan Țepeș",
    "Ёлкин Андрей",
    "Володимир Зеленський",
    "Ђорђе Ћирић",
    "Ивайло Йорданов",
    "Γιώργος Παπαδόπουλος",
    "Ἀριστοτέλης",
    "Հայկ Սարգսյան",
    "ნინო ბერიძე",
    "שרה לוי",
    "שָׁלוֹם",
    "צ׳רצ׳יל",
    "محمد عبد الله",
    "مُحَمَّد",
    "فاطمة الزهراء",
    "می\u{200c}خواهم",
    "علی\u{200c}رضا",
    "نعمت\u{200c}الله",
    "ڈاکٹر ذوالفقار",
    "ܐܦܪܝܡ",
    "ދިވެހި",
    "ߒߞߏ",
    "अमिताभ बच्चन",
    "श्रीदेवी",
    "राजेन्द्र प्रसाद",
    "दर\u{94d}\u{200d}यावर",
    "মুহাম্মদ ইউনূস",
    "র\u{200d}\u{9cd}যাব",
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "નરેન્દ્ર મોદી",
    "ସୁବାଷ ଚନ୍ଦ୍ର",
    "சுப்பிரமணிய பாரதி",
    "వేంకటేశ్వర",
    "ಕುವೆಂಪು",
    "ರಾಜ್\u{200c}ಕುಮಾರ್",
    "മോഹൻലാൽ",
    "തമിഴ്\u{200c}നാട്",
    "ශ්\u{200d}රී ලංකා",
    "චන්ද්\u{200d}රිකා",
    "สมชาย ใจดี",
    "ก้องเกียรติ",
    "ນ້ອຍ ສີສຸພັນ",
    "བསྟན་འཛིན་རྒྱ་མཚོ",
    "အောင်ဆန်းစုကြည်",
    "នរោត្តម សីហនុ",
    "ហ៊ុន សែន",
    "አበበ ቢቂላ",
    "ⵎⴰⵙⵙⵉⵏⵉⵙⵙⴰ",
    "ᏍᏏᏉᏯ",
    "ᐃᓄᒃᑎᑐᑦ",
    "ᠮᠣᠩᠭᠣᠯ",
    "山田太郎",
    "佐々木 希",
    "ｶﾞﾝﾀﾞﾑ",
    "ヴァイオレット",
    "王小明",
    "髙橋",
    "김철수",
    "ꦱꦸꦏꦂꦤ",
];

#[test]
fn ordinary_names_stand_as_they_are() {
    for name in ORDINARY {
        assert_eq!(utf8(name), name, "{}", name.escape_unicode());
        let shown = shown(&Raw::from(name), Charset::Utf8);
        assert_eq!(drawn(&shown), (name.to_owned(), shown.width()), "{name}");
    }
}

#[test]
fn emoji_stand_as_they_are() {
    for emoji in [
        "👍",
        "👍🏽",
        "☺\u{fe0f}",
        "❤\u{fe0f}",
        "㊗\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "🇩🇪🇫🇷",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "👩\u{200d}👦",
        "🧑\u{200d}🧑\u{200d}🧒\u{200d}🧒",
        "👩🏾\u{200d}⚕\u{fe0f}",
        "👨🏻\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏿",
        "👩\u{200d}❤\u{fe0f}\u{200d}👨",
        "🧑\u{200d}🤝\u{200d}🧑",
        "🧑🏻\u{200d}🤝\u{200d}🧑🏿",
        "🏃🏽\u{200d}♀\u{fe0f}\u{200d}➡\u{fe0f}",
        "🕵\u{fe0f}\u{200d}♂\u{fe0f}",
        "🏃\u{200d}➡\u{fe0f}",
        "👩🏿\u{200d}🦽\u{200d}➡\u{fe0f}",
        "👨🏻\u{200d}🤝\u{200d}👨🏿",
        "👨\u{200d}👩\u{200d}👧",
        "🧑\u{200d}🎄",
        "🏳\u{fe0f}\u{200d}🌈",
        "🏴\u{200d}☠\u{fe0f}",
        "❤\u{fe0f}\u{200d}🔥",
        "🫱🏻\u{200d}🫲🏿",
        "🙂\u{200d}↔\u{fe0f}",
    ] {
        assert_eq!(utf8(emoji), emoji, "{}", emoji.escape_unicode());
        let shown = shown(&Raw::from(emoji), Charset::Utf8);
        assert_eq!(drawn(&shown), (emoji.to_owned(), shown.width()), "{emoji}");
    }
}

/// A value, and what must be seen of it. Each of them looks like another value in common tools.
const HOSTILE: [(&str, &str); 78] = [
    // Terminal escapes.
    ("\u{1b}[2Jbob", "\\u{1b}[2Jbob"),
    ("\u{1b}]0;root\u{7}", "\\u{1b}]0;root\\u{7}"),
    ("\u{9b}31mred", "\\u{9b}31mred"),
    ("\u{90}q\u{9c}", "\\u{90}q\\u{9c}"),
    ("a\0b", "a\\u{0}b"),
    ("a\tb", "a\\u{9}b"),
    ("two\nlines\r\n", "two\\u{a}lines\\u{d}\\u{a}"),
    ("bob\u{8}\u{8}\u{8}eve", "bob\\u{8}\\u{8}\\u{8}eve"),
    ("del\u{7f}", "del\\u{7f}"),
    // Direction.
    ("user\u{202e}gpj.exe", "user\\u{202e}gpj.exe"),
    ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
    ("a\u{200e}b\u{200f}c\u{61c}", "a\\u{200e}b\\u{200f}c\\u{61c}"),
    // Invisible.
    ("adm\u{200b}in", "adm\\u{200b}in"),
    ("adm\u{2060}in", "adm\\u{2060}in"),
    ("adm\u{feff}in", "adm\\u{feff}in"),
    ("adm\u{ad}in", "adm\\u{ad}in"),
    ("adm\u{34f}in", "adm\\u{34f}in"),
    ("adm\u{180e}in", "adm\\u{180e}in"),
    ("admin\u{e0041}", "admin\\u{e0041}"),
    ("admin\u{fff9}x\u{fffb}", "admin\\u{fff9}x\\u{fffb}"),
    ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
    // Joiners and selectors where they change nothing.
    ("adm\u{200d}in", "adm\\u{200d}in"),
    ("adm\u{200c}in", "adm\\u{200c}in"),
    ("admin\u{fe0f}", "admin\\u{fe0f}"),
    ("admin\u{fe0e}", "admin\\u{fe0e}"),
    ("1\u{fe0f}", "1\\u{fe0f}"),
    ("⌚\u{fe0f}", "⌚\\u{fe0f}"),
    ("❤\u{fe0e}", "❤\\u{fe0e}"),
    ("葛\u{e0100}", "葛\\u{e0100}"),
    ("👪\u{1f3fb}", "👪\\u{1f3fb}"),
    ("〰\u{fe0f}\u{20e3}", "〰\\u{fe0f}\\u{20e3}"),
    ("👍\u{200d}", "👍\\u{200d}"),
    ("👍\u{200d}👍", "👍\\u{200d}👍"),
    ("👨\u{200d}🍕", "👨\\u{200d}🍕"),
    ("👩\u{200d}👩\u{200d}👩\u{200d}👦", "👩\\u{200d}👩\u{200d}👩\u{200d}👦"),
    ("دا\u{200c}د", "دا\\u{200c}د"),
    ("می\u{200c}", "می\\u{200c}"),
    ("می\u{200c}\u{200c}خ", "می\\u{200c}\\u{200c}خ"),
    ("क\u{200d}ष", "क\\u{200d}ष"),
    ("ക്\u{200d}", "ക്\\u{200d}"),
    // Sequences that no font has: the joiner would draw nothing.
    ("👨\u{200d}❤\u{fe0f}\u{200d}👩", "👨\\u{200d}❤\u{fe0f}\\u{200d}👩"),
    ("👨\u{200d}🤝\u{200d}👨", "👨\\u{200d}🤝\\u{200d}👨"),
    ("👦\u{200d}👦", "👦\\u{200d}👦"),
    ("👩\u{200d}👨\u{200d}👦", "👩\\u{200d}👨\u{200d}👦"),
    ("🏃\u{fe0f}\u{200d}♀\u{fe0f}", "🏃\\u{fe0f}\\u{200d}♀\u{fe0f}"),
    ("🕵\u{200d}♂\u{fe0f}", "🕵\\u{200d}♂\u{fe0f}"),
    ("👮\u{200d}➡\u{fe0f}", "👮\\u{200d}➡\u{fe0f}"),
    ("❤\u{200d}🔥", "❤\\u{200d}🔥"),
    // Letters and symbols that are blank.
    ("\u{3164}", "\\u{3164}"),
    ("\u{2800}", "\\u{2800}"),
    ("\u{115f}\u{1160}", "\\u{115f}\\u{1160}"),
    ("\u{ffa0}", "\\u{ffa0}"),
    ("a\u{fffc}", "a\\u{fffc}"),
    ("\u{17b4}", "\\u{17b4}"),
    // Spaces.
    (" bob", "\\u{20}bob"),
    ("bob ", "bob\\u{20}"),
    ("bob  eve", "bob \\u{20}eve"),
    (" ", "\\u{20}"),
    ("a\u{a0}b\u{3000}c\u{202f}d", "a\\u{a0}b\\u{3000}c\\u{202f}d"),
    // Private, unassigned, no characters.
    ("\u{e000}\u{f8ff}", "\\u{e000}\\u{f8ff}"),
    (
        "\u{378}\u{ffff}\u{fdd0}\u{10ffff}",
        "\\u{378}\\u{ffff}\\u{fdd0}\\u{10ffff}",
    ),
    // Text that plays at being a token.
    ("adm\\u{200b}in", "adm\\u{5c}u{200b}in"),
    ("\\\\u{a}", "\\\\u{5c}u{a}"),
    ("\\u{+37 marks 5f1c9a02}", "\\u{5c}u{+37 marks 5f1c9a02}"),
    ("\u{2216}u{200b}", "\\u{2216}u{200b}"),
    ("\u{29f9}\u{1d636}{a}", "\\u{29f9}\u{1d636}{a}"),
    ("\\\u{57d}{a}", "\\u{5c}\u{57d}{a}"),
    // Spelled otherwise than it looks.
    ("Rene\u{301}", "Rene\\u{301}"),
    ("\u{212b}ngstrom", "\\u{212b}ngstrom"),
    ("\u{212a}elvin", "\\u{212a}elvin"),
    ("\u{1112}\u{1161}\u{11ab}", "\u{1112}\\u{1161}\\u{11ab}"),
    ("\u{f900}", "\\u{f900}"),
    ("a;b\u{37e}", "a;b\\u{37e}"),
    ("q\u{307}\u{323}", "q\u{307}\\u{323}"),
    // Marks with nothing to stand on.
    ("\u{301}a", "\\u{301}a"),
    ("a \u{301}b", "a \\u{301}b"),
    ("👍\u{301}", "👍\\u{301}"),
    ("🇩", "\\u{1f1e9}"),
];

#[test]
fn hostile_text_is_seen() {
    for (value, wanted) in HOSTILE {
        assert_eq!(utf8(value), wanted);
        let shown = shown(&Raw::from(value), Charset::Utf8);
        assert_eq!(drawn(&shown), (wanted.to_owned(), shown.width()), "{wanted}");
    }
}

#[test]
fn a_pile_of_marks_is_one_token_and_two_piles_differ() {
    let pile = |last: &str| format!("e{}{last}n", "\u{32a}".repeat(40));
    let one = utf8(&pile("\u{308}"));
    assert!(one.starts_with("e\u{32a}\u{32a}\u{32a}\u{32a}\\u{+37 marks "), "{one}");
    assert!(one.ends_with("}n"), "{one}");
    assert_ne!(one, utf8(&pile("\u{307}")));
    assert_ne!(one, utf8(&pile("")));
    let cell = shown(&Raw::from(pile("").as_str()), Charset::Utf8);
    assert!(cell.pieces().iter().all(|piece| piece.text.len() < 64));
    // The same holds for marks on nothing, and for letters that stack without end.
    let bare = utf8(&"\u{301}".repeat(2_000));
    assert!(bare.len() < 100, "{bare}");
    let stacked = shown(&Raw::from("क्".repeat(1_000).as_str()), Charset::Utf8);
    assert!(stacked.atoms.iter().all(|atom| atom.columns <= 16));
    assert_eq!(read_back(stacked.as_str()).as_deref(), Some("क्".repeat(1_000).as_str()));
}

#[test]
fn an_ascii_terminal_gets_ascii() {
    assert_eq!(ascii("Jane Doe"), "Jane Doe");
    assert_eq!(ascii("Müller"), "M\\u{fc}ller");
    assert_eq!(ascii("山田"), "\\u{5c71}\\u{7530}");
    assert_eq!(ascii("👍🏽"), "\\u{1f44d}\\u{1f3fd}");
    assert_eq!(ascii("می\u{200c}خ"), "\\u{645}\\u{6cc}\\u{200c}\\u{62e}");
    for (value, _) in HOSTILE {
        assert!(ascii(value).bytes().all(|byte| matches!(byte, b' '..=b'~')));
    }
    for name in ORDINARY {
        assert!(ascii(name).is_ascii());
    }
}

#[test]
fn a_space_under_the_cursor_stays_a_space() {
    let typed = |text: &str| super::typed(&Raw::from(text), Charset::Utf8).as_str().to_owned();
    assert_eq!(typed("Jane "), "Jane ");
    assert_eq!(typed("Jane  "), "Jane \\u{20}");
    assert_eq!(typed(" "), "\\u{20}");
    assert_eq!(typed(" Jane"), "\\u{20}Jane");
}

#[test]
fn the_program_speaks_ascii_too() {
    assert_eq!(Shown::fixed("[ Cancel ]  done").as_str(), "[ Cancel ]  done");
    assert_eq!(Shown::words("caf\u{e9}\u{1b}").as_str(), "caf\\u{e9}\\u{1b}");
    assert_eq!(Shown::count(12_480).as_str(), "12,480");
    assert_eq!(Shown::count(480).as_str(), "480");
    assert_eq!(Shown::count(1_000_000).as_str(), "1,000,000");
    assert_eq!(Shown::number(-3).as_str(), "-3");
}

#[test]
fn a_sentence_makes_its_quotations_safe_and_nothing_else() {
    let said = crate::say!("no one is called  ", raw &Raw::from("b\u{200b}  b"), ", ", own 3.to_string(), " are near");
    let shown = sentence(&said, Charset::Utf8);
    assert_eq!(shown.as_str(), "no one is called  b\\u{200b} \\u{20}b, 3 are near");
    let kinds: Vec<(&str, Kind)> = shown.pieces().iter().map(|piece| (piece.text, piece.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("no one is called  ", Kind::Words),
            ("b", Kind::Value),
            ("\\u{200b}", Kind::Token),
            (" ", Kind::Value),
            ("\\u{20}", Kind::Token),
            ("b", Kind::Value),
            (", ", Kind::Words),
            ("3", Kind::Words),
            (" are near", Kind::Words),
        ]
    );
}

#[test]
fn debug_prints_lengths() {
    let shown = shown(&Raw::from("jane@example.com"), Charset::Utf8);
    assert_eq!(format!("{shown:?}"), "Shown(16 columns)");
    assert_eq!(format!("{:?}", shown.pieces()), "[Piece(Value, 16 bytes)]");
}

#[test]
fn facts_say_why_two_values_look_alike() {
    let line = |text: &str| facts(&Raw::from(text)).line(Charset::Utf8).as_str().to_owned();
    assert_eq!(line("admin"), "5 characters, 5 bytes, Latin");
    assert_eq!(line("+15555550100"), "12 characters, 12 bytes");
    assert_eq!(line("a"), "1 character, 1 byte, Latin");
    assert_eq!(
        line("\u{430}dmin"),
        "5 characters, 6 bytes, Cyrillic and Latin MIXED, looks like admin"
    );
    assert_eq!(
        line("adm\u{200b}in"),
        "6 characters, 8 bytes, Latin, not visible: U+200B at 4, looks like admin"
    );
    assert_eq!(
        line("\u{202e}a\u{200b}\u{200b}\u{feff}\u{a0}b"),
        "7 characters, 16 bytes, Latin, not visible: U+202E at 1, U+200B at 3, U+200B at 4 and 2 more, looks like a b"
    );
    assert_eq!(line("Rene\u{301}"), "4 characters, 6 bytes, Latin, 1 combining mark");
    assert_eq!(
        line("\u{440}\u{430}\u{443}\u{440}\u{430}\u{406}"),
        "6 characters, 12 bytes, Cyrillic, looks like paypaI"
    );
    assert_eq!(line("Müller"), "6 characters, 7 bytes, Latin");
    assert_eq!(line("山田太郎"), "4 characters, 12 bytes, Han");
}

#[test]
fn twins_are_found() {
    let alike = |one: &str, other: &str| looks_alike(&Raw::from(one), &Raw::from(other));
    assert!(alike("admin", "\u{430}dmin"));
    assert!(alike("admin", "adm\u{200b}in"));
    assert!(alike("paypal", "paypa1"));
    assert!(!alike("admin", "admin"));
    assert!(!alike("jane", "june"));
}
