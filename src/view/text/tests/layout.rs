use super::*;

fn of(text: &str) -> Shown {
    shown(&Raw::from(text), Charset::Utf8)
}

fn texts(lines: &[Shown]) -> Vec<&str> {
    lines.iter().map(Shown::as_str).collect()
}

#[test]
fn a_cut_is_marked_and_never_inside_a_token_or_a_letter() {
    assert_eq!(of("3fa85f64-5717-4562").fit(13).as_str(), "3fa85f64-57..");
    assert_eq!(of("adm\u{200b}in").fit(13).as_str(), "adm\\u{200b}in");
    assert_eq!(of("adm\u{200b}in").fit(12).as_str(), "adm..");
    assert_eq!(of("山田太郎").fit(8).as_str(), "山田太郎");
    assert_eq!(of("山田太郎").fit(7).as_str(), "山田..");
    assert_eq!(of("abc").fit(2).as_str(), "..");
    assert_eq!(of("abc").fit(1).as_str(), ".");
    assert_eq!(of("abc").fit(0).as_str(), "");
    assert_eq!(of("e\u{32a}e\u{32a}e\u{32a}").fit(2).as_str(), "..");
    let cut = of("abcdef").fit(4);
    let last = cut.pieces().last().map(|piece| (piece.text, piece.kind));
    assert_eq!(last, Some(("..", Kind::Cut)));
}

#[test]
fn columns_are_filled_from_either_side() {
    assert_eq!(of("山田").pad(6).as_str(), "山田  ");
    assert_eq!(Shown::count(1_234).pad_left(7).as_str(), "  1,234");
    assert_eq!(of("abcdef").pad(4).as_str(), "ab..");
    assert_eq!(of("山田").pad(3).width(), 3);
}

#[test]
fn lines_break_behind_spaces_and_lose_only_the_programs_own() {
    let words = Shown::fixed("changes at once, because you vouch for it");
    assert_eq!(
        texts(&words.wrap(16)),
        ["changes at once,", "because you", "vouch for it"]
    );
    let sentences = Shown::fixed("nothing went out.  r reads it");
    assert_eq!(texts(&sentences.wrap(17)), ["nothing went out.", "r reads it"]);
    // A space of a value is never dropped: two words stay two words.
    assert_eq!(texts(&of("abcd efgh").wrap(4)), ["abcd", " efg", "h"]);
    assert_eq!(texts(&of("abcdefgh").wrap(4)), ["abcd", "efgh"]);
    assert_eq!(texts(&of("ab cd ef").wrap(6)), ["ab cd ", "ef"]);
    // A token that is wider than the line cannot be split; the cut says so.
    assert_eq!(texts(&of("a\u{200b}b").wrap(5)), ["a", "..", "b"]);
    assert_eq!(texts(&Shown::default().wrap(5)), [""]);
    assert_eq!(texts(&of("ab").wrap(0)), ["", ""]);
}

#[test]
fn places_in_the_value_are_found_on_the_screen() {
    let shown = of("a\u{200b}山b");
    let at = |offset| shown.column_of(offset);
    assert_eq!([at(0), at(1), at(4), at(7), at(8)], [0, 1, 9, 11, 12]);
    // Inside a letter of several characters: before it.
    let family = of("x👨\u{200d}👩\u{200d}👦y");
    assert_eq!(family.column_of(5), 1);
    assert_eq!(family.column_of("x👨\u{200d}👩\u{200d}👦".len()), 3);
}

#[test]
fn a_field_scrolls_to_its_cursor() {
    let shown = of("jane.doe@example.com");
    let window = |columns, at| {
        let (part, cursor) = shown.window(columns, at);
        (part.as_str().to_owned(), cursor)
    };
    assert_eq!(window(21, 20), ("jane.doe@example.com".to_owned(), 20));
    assert_eq!(window(10, 0), ("jane.doe..".to_owned(), 0));
    assert_eq!(window(10, 20), ("..ple.com".to_owned(), 9));
    let (middle, cursor) = window(10, 10);
    assert!(middle.starts_with("..") && middle.ends_with(".."), "{middle}");
    assert_eq!(middle.chars().nth(cursor), Some('x'));
    assert_eq!(window(1, 5).1, 0);
}

#[test]
fn differences_are_marked_in_the_value_and_below_it() {
    let shown = of("jane.doe@example.com").lit(&[4..8, 9..10]);
    assert_eq!(shown.carets().as_str(), "    ^^^^ ^");
    let lit: Vec<&str> = shown
        .pieces()
        .iter()
        .filter(|piece| piece.lit)
        .map(|piece| piece.text)
        .collect();
    assert_eq!(lit, [".doe", "e"]);
    // Half a letter is the whole letter; a token is marked over its whole width.
    assert_eq!(of("山\u{200b}").lit(&[0..0, 1..4]).carets().as_str(), "^^^^^^^^^^");
    assert_eq!(of("abc").lit(&[1..1, 3..9]).carets().as_str(), "");
}
