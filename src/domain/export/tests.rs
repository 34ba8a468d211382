use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::read::{self, Line, Unread};
use super::*;
use crate::domain::pool::{MfaSetting, PoolId, SignIn};
use crate::domain::schema::{DataType, SchemaAttribute};
use crate::domain::user::{User, UserStatus};
use crate::domain::{AttributeName, Contact};

const READ_AT: Timestamp = Timestamp::UNIX_EPOCH;

fn pool() -> Pool {
    let attribute = |name: &str, data_type: DataType, required: bool| SchemaAttribute {
        name: AttributeName::new(name),
        data_type,
        mutable: name != "sub",
        required,
        developer_only: false,
    };
    let text = || DataType::String {
        min: Some(0),
        max: Some(2048),
    };
    let number = DataType::Number {
        min: Some(-1),
        max: None,
    };
    Pool {
        name: Raw::from("customers \u{202e}x"),
        arn: Some(Raw::from(
            "arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_aB3dE5fGh",
        )),
        schema: Schema {
            attributes: vec![
                attribute("sub", text(), true),
                attribute("email", text(), true),
                attribute("custom:seats", number, false),
                attribute("custom:new", DataType::Unknown(Raw::from("Colour")), false),
            ],
        },
        sign_in: SignIn::Aliases(BTreeSet::from([AttributeName::new("email")])),
        case_sensitive: false,
        auto_verified: BTreeSet::from([Contact::Email]),
        mfa: MfaSetting::On,
        estimated_users: Some(7),
        temporary_password_days: Some(3),
        ..Pool::unknown(PoolId::new("eu-west-1_aB3dE5fGh"))
    }
}

fn head() -> Head {
    Head {
        pool: PoolId::new("eu-west-1_aB3dE5fGh"),
        described: Some(pool()),
        began: "2026-11-21T10:41:05Z".parse().unwrap(),
        query: Some(Raw::from("email:* \u{1b}[31m")),
        chosen: true,
        attributes: Some(vec![AttributeName::new("email")]),
    }
}

/// The lines of an export.
fn export(layout: Layout, users: &[User], groups: Option<&[Raw]>) -> (String, Writer) {
    let mut writer = Writer::new(layout);
    let mut out = String::new();
    writer.begin(&head(), &mut out);
    for user in users {
        writer.user(Row::Whole(&Arc::new(user.clone())), groups, &mut out);
    }
    writer.end(true, READ_AT, &mut out);
    (out, writer)
}

prop_compose! {
    fn any_user()(
        username in "\\PC{1,8}|[a-z]{1,8}",
        attributes in prop::collection::btree_map("[a-z_:]{1,8}", any::<String>(), 0..6),
        status in prop::sample::select(vec!["CONFIRMED", "UNCONFIRMED", "UNKNOWN", "SOMETHING_NEW"]),
        enabled in any::<bool>(),
        created in prop::option::of(0_i64..4_000_000_000_000),
        changed in prop::option::of(0_i64..4_000_000_000_000),
    ) -> User {
        let at = |millis: Option<i64>| millis.map(|millis| Timestamp::from_millisecond(millis).unwrap());
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        User {
            status: UserStatus::parse(status),
            enabled,
            created: at(created),
            changed: at(changed),
            ..User::listed(&username, &attributes)
        }
    }
}

proptest! {
    #[test]
    fn json_lines_open_again_as_they_were(
        users in prop::collection::vec(any_user(), 0..6),
        groups in prop::option::of(prop::collection::vec("\\PC{1,6}".prop_map(Raw::from), 0..3)),
    ) {
        let (out, writer) = export(Layout::Jsonl(None), &users, groups.as_deref());
        let lines: Vec<Line> = out.lines().map(|line| read::line(line.as_bytes(), READ_AT).unwrap()).collect();
        prop_assert_eq!(&lines[0], &Line::Head(Box::new(head())));
        let end = End { users: users.len() as u64, complete: true, at: READ_AT };
        prop_assert_eq!(&lines[lines.len() - 1], &Line::End(end));
        prop_assert_eq!(writer.bytes(), out.len() as u64);
        prop_assert_eq!(lines.len(), users.len() + 2);
        for (line, user) in lines[1..].iter().zip(&users) {
            prop_assert_eq!(line, &Line::User(Box::new(user.clone()), groups.clone()));
        }
        prop_assert!(out.chars().all(|c| c == '\n' || (!c.is_control() && is_plain(c))), "{:?}", out);
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        // Whatever it is, it is told apart without a panic.
        let _ = read::line(&bytes, READ_AT);
    }

    #[test]
    fn a_row_that_is_imported_says_what_the_user_has(
        address in "[a-z]{1,6},?[a-z]{0,3}",
        nickname in "\\PC{0,8}",
    ) {
        let user = User::listed("jane", &[("email", &address), ("email_verified", "true"), ("nickname", &nickname)]);
        let header = ["cognito:username", "nickname", "email", "email_verified"].map(str::to_owned).to_vec();
        let (out, writer) = export(Layout::Import(Import::new(&pool(), header)), &[user], None);
        let mut lines = out.lines();
        lines.next();
        if writer.written() == 1 {
            let line = lines.next().unwrap();
            let plain = line.replace("\\,", "\u{0}");
            let cells: Vec<String> = plain.split(',').map(|cell| cell.replace('\u{0}', ",")).collect();
            prop_assert_eq!(cells, vec!["jane".to_owned(), nickname, address, "true".to_owned()]);
        } else {
            let refused = ['"', '\\', '\u{2028}', '\u{2029}'];
            prop_assert!(nickname.contains(refused) || nickname.trim() != nickname, "{:?}", nickname);
        }
    }
}

#[test]
fn what_other_programs_write_opens_too() {
    let cases = [
        r#"{"Username":"jane","UserAttributes":[{"Name":"email","Value":"j@example.com"}],"UserCreateDate":1700000000.5,"UserStatus":"CONFIRMED"}"#,
        r#"{"Username":"jane","Attributes":[{"Name":"email","Value":"j@example.com"}],"UserCreateDate":"2023-11-14 22:13:20.500000+00:00","Enabled":true,"UserStatus":"CONFIRMED","MFAOptions":[]}"#,
    ];
    let expected = User {
        created: Some("2023-11-14T22:13:20.5Z".parse().unwrap()),
        ..User::listed("jane", &[("email", "j@example.com")])
    };
    for case in cases {
        let line = read::line(case.as_bytes(), READ_AT).unwrap();
        assert_eq!(line, Line::User(Box::new(expected.clone()), None), "{case}");
    }
    assert_eq!(read::line(b"\xef\xbb\xbf  \r", READ_AT), Ok(Line::Blank));
}

#[test]
fn what_is_no_user_is_told_apart() {
    let deep = "[".repeat(100_000);
    let long = vec![b' '; read::LONGEST + 1];
    for (line, why) in [
        (long.as_slice(), Unread::TooLong),
        (b"{\"Username\":\"\xff\"}".as_slice(), Unread::NotUtf8),
        (deep.as_bytes(), Unread::NotJson),
        (b"{\"Username\":\"jane\"", Unread::NotJson),
        (b"{}", Unread::NoUser),
        (b"{\"Username\":\"\"}", Unread::NoUser),
        (b"{\"Username\":\"a\",\"UserCreateDate\":\"soon\"}", Unread::NoUser),
        (b"{\"Username\":\"a\",\"UserCreateDate\":1e300}", Unread::NoUser),
        (
            b"{\"Username\":\"a\",\"Attributes\":[{\"Name\":\"b\",\"Value\":\"1\"},{\"Name\":\"b\",\"Value\":\"2\"}]}",
            Unread::NoUser,
        ),
        (b"{\"CognituiExport\":{\"Version\":2}}", Unread::Newer),
        (b"{\"CognituiExportEnd\":{}}", Unread::NoUser),
    ] {
        assert_eq!(read::line(line, READ_AT), Err(why));
    }
}

#[test]
fn csv_has_the_columns_in_their_order() {
    let columns = || {
        ["username", "email", "groups", "custom:none"]
            .map(Column::parse)
            .to_vec()
    };
    let users = [User::listed("=jane", &[("email", "")])];
    let groups = [Raw::from("admins"), Raw::from("staff")];
    let (raw, _) = export(Layout::Csv(columns()), &users, Some(&groups));
    assert_eq!(raw, "username,email,groups,custom:none\r\n=jane,\"\",admins staff,\r\n");
    let (sheet, _) = export(Layout::Sheet(columns()), &users, None);
    assert_eq!(sheet, "\u{feff}username,email,groups,custom:none\r\n'=jane,\"\",,\r\n");
}

#[test]
fn json_lines_with_columns_have_their_attributes_alone() {
    let users = [User::listed("jane", &[("email", "j@example.com"), ("sub", "1")])];
    let columns = vec![Column::parse("username"), Column::parse("email")];
    let (out, _) = export(Layout::Jsonl(Some(columns)), &users, None);
    let expected = r#"{"Username":"jane","Attributes":[{"Name":"email","Value":"j@example.com"}],"Enabled":true,"UserStatus":"CONFIRMED"}"#;
    assert_eq!(out.lines().nth(1), Some(expected));
}

#[test]
fn an_import_has_the_forms_of_the_guide_and_counts_who_cannot_be_imported() {
    let header = [
        "cognito:username",
        "email",
        "email_verified",
        "birthdate",
        "updated_at",
        "phone_number_verified",
        "address",
        "cognito:mfa_enabled",
    ];
    let header = header.map(str::to_owned).to_vec();
    let base = [("email", "j@example.com"), ("email_verified", "true")];
    let with = |more: (&'static str, &'static str)| User::listed("jane", &[base[0], base[1], more]);
    let long = "x".repeat(16_000);
    let users = [
        User::listed(
            "jane",
            &[
                base[0],
                base[1],
                ("birthdate", "1985-02-01"),
                ("updated_at", "1471453471"),
                ("address", "1 High Street, York"),
            ],
        ),
        with(("birthdate", "1.2.1985")),
        with(("updated_at", "soon")),
        with(("address", "say \"x\"")),
        with(("address", "two\nlines")),
        with(("address", " outside ")),
        User::listed("jane", &[base[0], base[1], ("address", &long)]),
        User::listed("jane", &[base[0]]),
        User::listed("jane doe", &base),
        User::listed("jane", &[("phone_number", "+1"), ("phone_number_verified", "true")]),
        User {
            status: UserStatus::ExternalProvider,
            ..User::listed("jane", &base)
        },
    ];
    let (out, writer) = export(Layout::Import(Import::new(&pool(), header.clone())), &users, None);
    let expected = format!(
        "{}\njane,j@example.com,true,02/01/1985,1471453471,false,1 High Street\\, York,true\n",
        header.join(",")
    );
    assert_eq!(out, expected);
    assert_eq!(writer.written(), 1);
    let left: Vec<(LeftOut, u64)> = writer.left_out().collect();
    let expected = [
        (LeftOut::NoVerifiedContact, 2),
        (LeftOut::BlankInUsername, 1),
        (LeftOut::Birthdate, 1),
        (LeftOut::UpdatedAt, 1),
        (LeftOut::Blanks, 1),
        (LeftOut::Characters, 2),
        (LeftOut::TooLong, 1),
        (LeftOut::Federated, 1),
    ];
    assert_eq!(left, expected);
}

#[test]
fn where_the_address_is_the_username_it_is_imported_as_such() {
    let pool = Pool {
        sign_in: SignIn::UsernameAttributes(BTreeSet::from([AttributeName::new("email")])),
        ..pool()
    };
    let users = [User::listed(
        "5f1c9a02",
        &[("email", "j@example.com"), ("email_verified", "true")],
    )];
    let header = vec!["cognito:username".to_owned()];
    let (out, _) = export(Layout::Import(Import::new(&pool, header)), &users, None);
    assert_eq!(out, "cognito:username\nj@example.com\n");
}

#[test]
fn a_part_of_a_part_says_both() {
    let whole = Head {
        query: None,
        chosen: false,
        attributes: None,
        ..head()
    };
    let part = Head {
        query: Some("tier=gold".into()),
        chosen: true,
        attributes: Some(vec![AttributeName::new("email"), AttributeName::new("name")]),
        ..whole.clone()
    };
    assert_eq!(whole.clone().out_of(Some(&part)), part);
    assert_eq!(part.clone().out_of(Some(&whole)), part);
    assert_eq!(part.clone().out_of(None), part);
    let narrower = Head {
        query: Some("enabled:yes".into()),
        attributes: Some(vec![AttributeName::new("name"), AttributeName::new("sub")]),
        ..whole
    };
    let both = narrower.out_of(Some(&part));
    assert_eq!(both.query, Some("tier=gold enabled:yes".into()));
    assert!(both.chosen && both.attributes == Some(vec![AttributeName::new("name")]));
}
