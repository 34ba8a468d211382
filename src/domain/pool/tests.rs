use super::*;

fn pool() -> Pool {
    Pool {
        id: PoolId::new("us-east-1_aB3dE5fGh"),
        name: Raw::from("customers"),
        arn: Some(Raw::from(
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3dE5fGh",
        )),
        schema: Schema::default(),
        sign_in: SignIn::Aliases([AttributeName::new("email")].into()),
        case_sensitive: true,
        auto_verified: BTreeSet::new(),
        verify_before_update: BTreeSet::new(),
        verifies_by_link: false,
        mfa: MfaSetting::Off,
        recovery: Vec::new(),
        custom_message_trigger: false,
        email_sender: EmailSender::Ses,
        email_failure: None,
        sms_role: true,
        sms_failure: None,
        temporary_password_days: Some(7),
        estimated_users: None,
    }
}

#[test]
fn a_pool_id_names_its_region() {
    for (id, region) in [
        ("us-east-1_aB3dE5fGh", Some("us-east-1")),
        ("us-gov-west-1_x", Some("us-gov-west-1")),
        ("ap-southeast-10_x", Some("ap-southeast-10")),
        ("local_3a1b2c3d", None),
        ("us-east-1", None),
        ("US-east-1_x", None),
        ("us-east-_x", None),
        ("1_x", None),
        ("", None),
    ] {
        assert_eq!(PoolId::new(id).region(), region, "{id}");
    }
}

#[test]
fn only_a_plain_id_may_be_a_file_name() {
    assert!(PoolId::new("us-east-1_aB3dE5fGh").is_plain());
    for id in ["", "../x", "a/b", "a b", "a\u{0}", "ä", ".", "a.b"] {
        assert!(!PoolId::new(id).is_plain(), "{id:?}");
    }
}

#[test]
fn the_account_stands_in_the_arn() {
    let mut pool = pool();
    assert_eq!(pool.account(), Some(Raw::from("123456789012")));
    for arn in ["", "arn:aws:cognito-idp:us-east-1::userpool/x", "nonsense"] {
        pool.arn = Some(Raw::from(arn));
        assert_eq!(pool.account(), None, "{arn}");
    }
    pool.arn = None;
    assert_eq!(pool.account(), None);
}

#[test]
fn each_contact_has_its_own_kind() {
    let mut pool = pool();
    pool.auto_verified = [Contact::Email, Contact::PhoneNumber].into();
    pool.verify_before_update = [Contact::Email].into();
    assert_eq!(pool.verification(Contact::Email), VerificationKind::BeforeUpdate);
    assert_eq!(pool.verification(Contact::PhoneNumber), VerificationKind::AfterUpdate);
    pool.auto_verified.clear();
    assert_eq!(pool.verification(Contact::PhoneNumber), VerificationKind::None);
}

#[test]
fn aliases_and_sign_in_names_are_told_apart() {
    let email = AttributeName::new("email");
    let aliases = pool().sign_in;
    assert!(aliases.is_alias(&email) && !aliases.is_username(&email));
    let names = SignIn::UsernameAttributes([email.clone()].into());
    assert!(names.is_username(&email) && !names.is_alias(&email));
    assert!(!aliases.is_alias(&AttributeName::new("phone_number")));
}
