//! What identity providers rewrite, and the alias that is no contact.

use super::*;
use VerificationKind::AfterUpdate as B;

const EMAIL: Contact = Contact::Email;

fn okta_user(identities: Option<&str>) -> User {
    let mut user = with_status(jane(), UserStatus::ExternalProvider);
    user.username = Username::new("Okta_00u1a2");
    if let Some(identities) = identities {
        user.attributes.insert(name("identities"), value(identities));
    }
    user
}

fn mapping(provider: &str, names: &[&str]) -> ProviderMapping {
    ProviderMapping {
        provider: Raw::from(provider),
        attributes: names.iter().map(|text| name(text)).collect(),
    }
}

#[test]
fn what_a_provider_rewrites_is_temporary() {
    let user = || {
        okta_user(Some(
            r#"[{"userId":"00u1a2","providerName":"Okta","providerType":"OIDC"}]"#,
        ))
    };
    let case = |mappings: Vec<ProviderMapping>| {
        let mut case = Case::new(pool(B), user())
            .new_contact(EMAIL, Vouch::Checked)
            .set("custom:tier", "gold")
            .set("name", "Jane");
        case.mappings = Known::Known(mappings);
        case.about("idp")
    };
    assert_eq!(
        case(vec![
            mapping("Google", &["custom:tier"]),
            mapping("Okta", &["email", "email_verified", "name"])
        ]),
        ["! rewritten at the next sign-in through Okta: email, email_verified, name"]
    );
    assert_eq!(
        case(vec![mapping("Okta", &["email"])]),
        [
            "! rewritten at the next sign-in through Okta: email",
            "! the address counts as unverified again after it"
        ]
    );
    assert_eq!(
        case(vec![mapping("Okta", &["given_name"])]),
        ["nothing of this is rewritten at a sign-in through Okta"]
    );
    assert_eq!(
        case(vec![mapping("Google", &["email"])]),
        ["! may be rewritten (mapping not readable) at the next sign-in through Okta"]
    );
}

#[test]
fn a_mapping_that_cannot_be_read_says_so() {
    let mut case = Case::new(pool(B), okta_user(None)).set("custom:tier", "gold");
    case.mappings = Known::NotKnown("DescribeIdentityProvider is not allowed".into());
    assert_eq!(
        case.about("idp"),
        ["! may be rewritten (mapping not readable) at the next federated sign-in"]
    );
    case.mappings = Known::Asking;
    assert_eq!(case.about("idp"), ["asking what the identity provider rewrites"]);
    case.mappings = Known::Known(vec![mapping("Okta", &["custom:tier"])]);
    assert_eq!(
        case.about("idp"),
        ["! rewritten at the next sign-in through Okta: custom:tier"],
        "named by the username"
    );
    let mut linked = Case::new(pool(B), with_status(okta_user(Some("not JSON")), UserStatus::Confirmed));
    linked = linked.set("custom:tier", "gold");
    assert_eq!(
        linked.about("idp"),
        ["! may be rewritten (mapping not readable) at the next sign-in through an identity provider"]
    );
    let mut local = Case::new(pool(B), jane()).set("custom:tier", "gold");
    local.mappings = Known::NotKnown("x".into());
    assert_eq!(local.about("idp"), Vec::<String>::new(), "a local user has no provider");
}

#[test]
fn preferred_username_as_an_alias_waits_for_confirmation() {
    let mut with_alias = pool(B);
    with_alias.sign_in = SignIn::Aliases([name("preferred_username")].into());
    let said = |pool: Pool, status, delete: bool| {
        let mut user = with_status(jane(), status);
        user.attributes.insert(name("preferred_username"), value("jd"));
        let case = Case::new(pool, user);
        let case = if delete {
            case.delete("preferred_username")
        } else {
            case.set("preferred_username", "jane")
        };
        case.about("sign-in")
    };
    assert_eq!(
        said(with_alias.clone(), UserStatus::Unconfirmed, false),
        ["! preferred_username is an alias here: the service refuses it before the account is confirmed"]
    );
    assert_eq!(
        said(with_alias.clone(), UserStatus::Confirmed, false),
        ["the new preferred_username signs in at once; refused if another user has it"]
    );
    assert_eq!(
        said(with_alias, UserStatus::Confirmed, true),
        ["! nobody signs in with this preferred_username any more"]
    );
    assert_eq!(said(pool(B), UserStatus::Unconfirmed, false), Vec::<String>::new());
}
