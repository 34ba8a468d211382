use super::*;

fn user(attributes: &[(&str, &str)]) -> User {
    User::listed("jane.doe", attributes)
}

#[test]
fn every_status_survives_the_way_there_and_back() {
    for word in [
        "UNCONFIRMED",
        "CONFIRMED",
        "ARCHIVED",
        "COMPROMISED",
        "RESET_REQUIRED",
        "FORCE_CHANGE_PASSWORD",
        "EXTERNAL_PROVIDER",
        "UNKNOWN",
        "SOMETHING_NEW",
    ] {
        assert_eq!(UserStatus::parse(word).raw().as_str(), word);
    }
    assert_eq!(
        UserStatus::parse("SOMETHING_NEW"),
        UserStatus::Unknown(Raw::from("SOMETHING_NEW"))
    );
}

#[test]
fn a_person_has_the_name_that_is_set() {
    let shown = |attributes: &[(&str, &str)]| user(attributes).display_name().map(Raw::into_string);
    assert_eq!(
        shown(&[("name", "Jane Doe"), ("given_name", "J")]).as_deref(),
        Some("Jane Doe")
    );
    assert_eq!(
        shown(&[("name", ""), ("given_name", "Jane"), ("family_name", "Doe")]).as_deref(),
        Some("Jane Doe")
    );
    assert_eq!(shown(&[("family_name", "Doe")]).as_deref(), Some("Doe"));
    assert_eq!(shown(&[("given_name", "Jane")]).as_deref(), Some("Jane"));
    assert_eq!(shown(&[("nickname", "JD")]), None);
}

#[test]
fn a_flag_is_verified_only_when_it_says_so() {
    for (flag, verified) in [
        (Some("true"), true),
        (Some("True"), true),
        (Some("false"), false),
        (Some(""), false),
        (None, false),
    ] {
        let attributes: Vec<(&str, &str)> = flag.map(|flag| ("email_verified", flag)).into_iter().collect();
        assert_eq!(user(&attributes).is_verified(Contact::Email), verified, "{flag:?}");
    }
}

#[test]
fn a_federated_user_is_known_by_status_or_by_links() {
    assert!(!user(&[]).has_provider());
    assert!(user(&[("identities", "[]")]).has_provider());
    let mut external = user(&[]);
    external.status = UserStatus::ExternalProvider;
    assert!(external.has_provider());
}

#[test]
fn factors_are_told_in_words() {
    assert_eq!(Mfa::default().words().as_str(), "none");
    assert!(!Mfa::default().any());
    let all = Mfa {
        sms: true,
        totp: true,
        email: true,
        other: vec![Raw::from("NEW_MFA")],
        preferred: None,
    };
    assert_eq!(all.words().as_str(), "SMS, TOTP, e-mail, NEW_MFA");
    assert!(
        Mfa {
            other: vec![Raw::from("NEW_MFA")],
            ..Mfa::default()
        }
        .any()
    );
    assert_eq!(user(&[]).mfa(), None, "a row does not know");
}

#[test]
fn debug_shows_no_name_and_no_value() {
    let shown = format!("{:?}", user(&[("email", "jane@example.com")]));
    assert!(!shown.contains("jane"), "{shown}");
}
