//! The demo's pools: every setting that changes what an edit does, filled with invented people, so that whoever
//! tries the program meets each case without an account.

mod clients;
mod hostile;
mod people;
pub(crate) mod words;

pub use clients::DEMO_PASSWORD;

use super::SubPattern;
use super::schema::{Attribute, Kind};
use super::seed::PoolSeed;
use super::user::{Pending, User};
use people::{Naming, at, cast, factors, federated, ordinary, statuses, verifications};

pub(crate) fn pools() -> Vec<PoolSeed> {
    [
        customers(),
        shop(),
        staff(),
        partners(),
        members(),
        bank(),
        odd(),
        bare(),
    ]
    .map(clients::with_clients)
    .into()
}

const SHORT: Kind = Kind::String {
    min: Some(1),
    max: Some(20),
};

/// The three custom attributes of the documentation's pictures.
fn pictured(pool: PoolSeed) -> PoolSeed {
    pool.attribute(Attribute::custom("tier", SHORT))
        .attribute(Attribute::custom("hireId", SHORT).immutable())
        .attribute(Attribute::custom("newsletter", Kind::Boolean))
        .group("admins", "May do everything", Some(0))
        .group("auditors", "May read everything", Some(10))
        .group("readers", "", Some(20))
        .group("writers", "May edit", Some(15))
        .group("night-shift", "22:00 to 06:00", None)
        .provider(
            "Okta",
            "OIDC",
            &[("email", "email"), ("name", "name"), ("username", "sub")],
        )
}

/// Kind B: a new e-mail address counts at once, unverified, and a code goes to it. E-mail is an alias.
fn customers() -> PoolSeed {
    pictured(PoolSeed::new("us-east-1_aB3dE5fGh", "customers"))
        .auto_verified(&["email"])
        .aliases(&["email"])
        .sms()
        .set(|settings| settings.mfa = "OPTIONAL".into())
        .client(clients::narrow())
        .users(cast())
        .users(ordinary(1, Naming::Chosen).into_iter().enumerate().map(with_tier))
        .users(near_collisions())
        .users(verifications())
        .users(statuses())
        .users(factors())
        .users(hostile::users())
}

/// Kind C for both contacts: the old value stays until the code is entered. Looks like production.
fn shop() -> PoolSeed {
    let mut waiting = User::new("waiting.mail")
        .with("name", "Wanda Waiting")
        .verified_email("wanda.old@example.com")
        .verified_phone("+15559950001");
    waiting.pending.insert(
        "email".into(),
        Pending {
            value: "wanda.new@example.com".into(),
            code: "314159".into(),
            at: at("2026-11-17T10:41:00Z"),
        },
    );
    let every_type = User::new("every.type")
        .with("name", "Eva Every")
        .verified_email("every.type@example.com")
        .with("custom:tier", "gold")
        .with("custom:hireId", "1001")
        .with("custom:newsletter", "true")
        .with("custom:points", "250")
        .with("custom:renewal", "2027-01-31T00:00:00Z")
        .with("dev:custom:riskScore", "7");
    let cast = cast().into_iter().map(|mut user| {
        // The same people in another pool have other subs.
        user.attributes.remove("sub");
        user
    });
    pictured(PoolSeed::new("us-east-1_Sh0pPr0d1", "shop-prod"))
        .verified_before_update(&["email", "phone_number"])
        .aliases(&["email", "phone_number", "preferred_username"])
        .sms()
        .attribute(Attribute::custom(
            "points",
            Kind::Number {
                min: Some(0),
                max: Some(1_000_000),
            },
        ))
        .attribute(Attribute::custom("renewal", Kind::DateTime))
        .attribute(Attribute::developer(
            "riskScore",
            Kind::Number {
                min: Some(0),
                max: Some(10),
            },
        ))
        .set(|settings| {
            settings.mfa = "OPTIONAL".into();
            settings.deletion_protection = true;
            settings.email = [
                ("EmailSendingAccount", "DEVELOPER"),
                ("From", "Shop <no-reply@example.com>"),
                ("SourceArn", "arn:aws:ses:us-east-1:123456789012:identity/example.com"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
            settings.lambdas.insert(
                "CustomMessage".into(),
                "arn:aws:lambda:us-east-1:123456789012:function:shop-messages".into(),
            );
        })
        .users(cast)
        .users(ordinary(2, Naming::Chosen).into_iter().enumerate().map(with_tier))
        .user(waiting)
        .user(every_type)
        .users(verifications())
        .users(statuses())
        .users(factors())
}

/// Kind A: nothing is verified by itself. People sign in by e-mail, their username is the sub.
fn staff() -> PoolSeed {
    PoolSeed::new("us-east-1_StaffAbc1", "staff")
        .sign_in_by(&["email"])
        .attribute(Attribute::custom(
            "department",
            Kind::String {
                min: Some(2),
                max: Some(40),
            },
        ))
        .attribute(
            Attribute::custom(
                "badge",
                Kind::Number {
                    min: Some(1),
                    max: Some(99_999),
                },
            )
            .immutable(),
        )
        .group("admins", "May do everything", Some(0))
        .group("helpdesk", "First line", Some(5))
        .set(|settings| {
            settings.mfa = "OPTIONAL".into();
            settings.admin_create_only = true;
            settings.recovery = vec!["admin_only".into()];
        })
        .users(ordinary(3, Naming::Sub).into_iter().enumerate().map(|(number, user)| {
            let department = ["Support", "Billing", "Warehouse", "IT"]
                .into_iter()
                .cycle()
                .nth(number % 4);
            let user = user
                .with("custom:department", department.unwrap_or("Support"))
                .with("custom:badge", &(1000 + number).to_string());
            if number % 9 == 0 {
                user.mfa(&["SOFTWARE_TOKEN_MFA"]).groups(&["helpdesk"])
            } else {
                user
            }
        }))
        .user(
            User::new("")
                .with("name", "Una Unverified")
                .with("email", "una@example.com")
                .with("email_verified", "false")
                .status("FORCE_CHANGE_PASSWORD"),
        )
        .user(
            User::new("")
                .with("name", "Dan Disabled")
                .verified_email("dan@example.com")
                .disabled(),
        )
}

/// Most people come from an identity provider; letters' case does not matter.
fn partners() -> PoolSeed {
    let guests = ordinary(4, Naming::Chosen);
    let from_okta = (0..20).map(|number| {
        federated("Okta", &format!("00u{number:02}kTq9ZpXw3LmN5d7"), "OIDC")
            .with("name", &format!("Okta Partner {number:02}"))
            .with("given_name", "Okta")
            .with("email", &format!("okta.partner{number:02}@example.net"))
            .with("email_verified", "false")
    });
    let from_google = (0..5).map(|number| {
        federated("Google", &format!("1098234567890123456{number:02}"), "Google")
            .with("name", &format!("Google Partner {number:02}"))
            .verified_email(&format!("google.partner{number:02}@example.org"))
            .with("picture", "https://example.org/photo.jpg")
    });
    PoolSeed::new("us-east-1_pArTnErS1", "partners")
        .case_insensitive()
        .auto_verified(&["email"])
        .aliases(&["email", "preferred_username"])
        .attribute(Attribute::custom("company", Kind::TEXT))
        .provider(
            "Okta",
            "OIDC",
            &[
                ("email", "email"),
                ("name", "name"),
                ("given_name", "given_name"),
                ("username", "sub"),
            ],
        )
        .provider(
            "Google",
            "Google",
            &[
                ("email", "email"),
                ("email_verified", "email_verified"),
                ("name", "name"),
                ("picture", "picture"),
                ("username", "sub"),
            ],
        )
        .provider(
            "CorpSAML",
            "SAML",
            &[
                (
                    "email",
                    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                ),
                ("custom:company", "company"),
            ],
        )
        .users(guests)
        .users(from_okta)
        .users(from_google)
        .user(
            federated("CorpSAML", "ana@corp.example", "SAML")
                .with("email", "ana@corp.example")
                .with("custom:company", "Corp & Söhne"),
        )
        .user(
            User::new("MixedCase")
                .with("name", "Mixed Case")
                .verified_email("Mixed.Case@Example.com"),
        )
}

/// Required and immutable attributes, custom ones of every type, verification by link.
fn members() -> PoolSeed {
    let since = ["2019-05-01T09:00:00Z", "2020-02-29T12:30:00+01:00", "2023-12-31"];
    PoolSeed::new("us-east-1_mEmB3rs42", "members")
        .auto_verified(&["email"])
        .aliases(&["email"])
        .link_verification()
        .required("name")
        .required("email")
        .required("birthdate")
        .immutable("birthdate")
        .attribute(
            Attribute::custom(
                "memberId",
                Kind::String {
                    min: Some(6),
                    max: Some(6),
                },
            )
            .immutable(),
        )
        .attribute(Attribute::custom(
            "level",
            Kind::Number {
                min: Some(1),
                max: Some(9),
            },
        ))
        .attribute(Attribute::custom("balance", Kind::Number { min: None, max: None }))
        .attribute(Attribute::custom("board", Kind::Boolean))
        .attribute(Attribute::custom("since", Kind::DateTime))
        .attribute(Attribute::custom("motto", Kind::TEXT))
        .attribute(Attribute::developer("segment", SHORT))
        .attribute(Attribute::developer("frozen", SHORT).immutable())
        .users(
            ordinary(5, Naming::Chosen)
                .into_iter()
                .enumerate()
                .map(|(number, user)| {
                    user.with("custom:memberId", &format!("M{number:05}"))
                        .with("custom:level", &(1 + number % 9).to_string())
                        .with("custom:board", if number % 10 == 0 { "true" } else { "false" })
                        .with(
                            "custom:since",
                            since.iter().cycle().nth(number % 3).copied().unwrap_or("2023-12-31"),
                        )
                        .with("dev:custom:segment", if number % 2 == 0 { "north" } else { "south" })
                }),
        )
        .user(
            User::new("lacks.name")
                .verified_email("lacks.name@example.com")
                .with("birthdate", "1980-06-01")
                .with("custom:memberId", "M90001"),
        )
        .user(
            User::new("lacks.most")
                .with("custom:memberId", "M90002")
                .status("FORCE_CHANGE_PASSWORD"),
        )
}

/// Second factors are required; phone numbers wait for their code, e-mail addresses are not verified.
fn bank() -> PoolSeed {
    PoolSeed::new("us-east-1_B4nkMfA77", "bank-mfa")
        .verified_before_update(&["phone_number"])
        .aliases(&["phone_number"])
        .sms()
        .attribute(Attribute::custom("branch", SHORT))
        .set(|settings| {
            settings.mfa = "ON".into();
            settings.recovery = vec!["verified_phone_number".into(), "verified_email".into()];
            settings.deletion_protection = true;
        })
        .users(
            ordinary(6, Naming::Chosen)
                .into_iter()
                .enumerate()
                .map(|(number, user)| {
                    let user = if user.attribute("phone_number").is_some() && number % 3 != 0 {
                        user.mfa(&["SMS_MFA"])
                    } else {
                        user.mfa(&["SOFTWARE_TOKEN_MFA"])
                    };
                    user.with("custom:branch", if number % 2 == 0 { "Harbour" } else { "Old Town" })
                }),
        )
        .users(factors())
        .users(statuses())
}

/// A legal pool name that is hard on tables (the pattern allows blanks of every kind), and subs of the regional
/// pattern, as newer pools have them.
fn odd() -> PoolSeed {
    PoolSeed::new("us-east-1_lEgAcY019", "legacy+import  =,.@-_\t2019 ")
        .subs(SubPattern::Regional)
        .attribute(Attribute::custom("tier", SHORT))
        .users(ordinary(7, Naming::Chosen))
        .users(hostile::users())
}

/// Nothing in it.
fn bare() -> PoolSeed {
    PoolSeed::new("us-east-1_nEwP00l00", "new-and-empty")
}

fn with_tier((number, user): (usize, User)) -> User {
    let tier = ["bronze", "bronze", "silver", "gold"]
        .into_iter()
        .cycle()
        .nth(number % 4)
        .unwrap_or("bronze");
    user.with("custom:tier", tier)
}

/// Two people one letter, one accent or one case apart.
fn near_collisions() -> Vec<User> {
    vec![
        User::new("j.smith")
            .with("name", "Jo Smith")
            .verified_email("j.smith@example.com"),
        User::new("J.Smith")
            .with("name", "Joan Smith")
            .with("email", "J.Smith@example.com")
            .with("email_verified", "false"),
        User::new("jsmith")
            .with("name", "Jon Smith")
            .verified_email("jsmith@example.com"),
        User::new("rené")
            .with("name", "Rene\u{301} Combining")
            .verified_email("rene.c@example.com"),
        User::new("rene\u{301}")
            .with("name", "René Composed")
            .verified_email("rene.p@example.com"),
        User::new("shared.unverified")
            .with("name", "Sam Shared")
            .with("email", "j.smith@example.com")
            .with("email_verified", "false"),
    ]
}

#[cfg(test)]
mod tests;
