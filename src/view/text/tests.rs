use super::*;

fn utf8(text: &str) -> String {
    shown(&Raw::from(text), Charset::Utf8).as_str().to_owned()
}

#[test]
fn the_frame_of_the_users_screen() {
    assert_eq!(utf8("adm\u{200b}in"), "adm\\u{200b}in");
}
