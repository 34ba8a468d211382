//! Each operation: the request as the service wants it, and every part of the answer.

use serde_json::json;

use crate::cognito::testing::*;
use crate::domain::pool::{EmailSender, MfaSetting, Recovery, SignIn};
use crate::domain::schema::DataType;
use crate::domain::user::{Mfa, Source};
use crate::domain::{AttributeName, Contact, FaultKind, UserStatus};

use super::*;

async fn reader(service: &Service) -> Reader {
    service.connect().await.reader(Some(&pool())).unwrap()
}

fn target(service: &Service, at: usize) -> String {
    let asked = service.asked();
    header(&asked[at], "x-amz-target").replace("AWSCognitoIdentityProviderService.", "")
}

#[tokio::test]
async fn pools_come_by_the_page() {
    let service = Service::new([
        ok(json!({
            "UserPools": [
                {"Id": "eu-west-1_aaaaaaaaa", "Name": "Shop", "LastModifiedDate": 1_700_000_000.25},
                {"Id": "eu-west-1_bbbbbbbbb"},
            ],
            "NextToken": "more",
        })),
        ok(json!({"UserPools": []})),
    ]);
    let reader = reader(&service).await;
    let first = reader.list_pools(None).await.unwrap();
    assert_eq!(first.request_id, Some(Raw::from(REQUEST_ID)));
    let [shop, unnamed] = &first.value.items[..] else {
        panic!("{first:?}")
    };
    assert_eq!((shop.id.as_str(), shop.name.as_str()), ("eu-west-1_aaaaaaaaa", "Shop"));
    assert_eq!(shop.changed, Some("2023-11-14T22:13:20.25Z".parse().unwrap()));
    assert_eq!((unnamed.name.as_str(), unnamed.changed), ("", None));
    let last = reader.list_pools(first.value.next).await.unwrap();
    assert_eq!(
        last.value,
        Page {
            items: vec![],
            next: None
        }
    );
    assert_eq!(
        service.bodies(),
        [
            json!({"MaxResults": 60}),
            json!({"MaxResults": 60, "NextToken": "more"})
        ]
    );
}

#[tokio::test]
async fn a_pool_is_read_in_full() {
    let service = Service::new([ok(json!({"UserPool": {
        "Id": POOL,
        "Name": "Shop",
        "Arn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Test12345",
        "SchemaAttributes": [
            {"Name": "sub", "AttributeDataType": "String", "Mutable": false, "Required": true,
             "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"}},
            {"Name": "email", "AttributeDataType": "String", "Mutable": true, "Required": false,
             "StringAttributeConstraints": {}},
            {"Name": "updated_at", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "0"}},
            {"Name": "custom:score", "AttributeDataType": "Number",
             "NumberAttributeConstraints": {"MinValue": "-5", "MaxValue": "a lot"}},
            {"Name": "email_verified", "AttributeDataType": "Boolean"},
            {"Name": "dev:custom:since", "AttributeDataType": "DateTime", "DeveloperOnlyAttribute": true},
            {"Name": "custom:shape", "AttributeDataType": "Polygon"},
        ],
        "AliasAttributes": ["email", "preferred_username"],
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        "UsernameConfiguration": {"CaseSensitive": false},
        "MfaConfiguration": "OPTIONAL",
        "AccountRecoverySetting": {"RecoveryMechanisms": [
            {"Priority": 3, "Name": "carrier_pigeon"},
            {"Priority": 2, "Name": "verified_phone_number"},
            {"Priority": 1, "Name": "verified_email"},
        ]},
        "LambdaConfig": {"CustomMessage": "arn:aws:lambda:eu-west-1:123456789012:function:words"},
        "EstimatedNumberOfUsers": 12_345,
    }}))]);
    let pool = reader(&service).await.describe_pool(&pool()).await.unwrap().value;
    assert_eq!(service.bodies(), [json!({"UserPoolId": POOL})]);
    assert_eq!((pool.id.as_str(), pool.name.as_str()), (POOL, "Shop"));
    assert_eq!(pool.account(), Some(Raw::from("123456789012")));
    let types: Vec<_> = pool
        .schema
        .attributes
        .iter()
        .map(|attribute| (attribute.name.as_str(), attribute.data_type.clone(), attribute.mutable))
        .collect();
    assert_eq!(
        types,
        [
            (
                "sub",
                DataType::String {
                    min: Some(1),
                    max: Some(2048)
                },
                false
            ),
            ("email", DataType::String { min: None, max: None }, true),
            (
                "updated_at",
                DataType::Number {
                    min: Some(0),
                    max: None
                },
                true
            ),
            (
                "custom:score",
                DataType::Number {
                    min: Some(-5),
                    max: None
                },
                true
            ),
            ("email_verified", DataType::Boolean, true),
            ("dev:custom:since", DataType::DateTime, true),
            ("custom:shape", DataType::Unknown(Raw::from("Polygon")), true),
        ]
    );
    assert!(pool.schema.is_required(&AttributeName::new("sub")));
    assert!(
        pool.schema
            .get(&AttributeName::new("dev:custom:since"))
            .unwrap()
            .developer_only
    );
    assert!(pool.sign_in.is_alias(&AttributeName::new("preferred_username")));
    assert!(!pool.case_sensitive);
    assert_eq!(pool.auto_verified, [Contact::Email, Contact::PhoneNumber].into());
    assert_eq!(pool.verify_before_update, [Contact::Email].into());
    assert!(pool.verifies_by_link);
    assert_eq!(pool.mfa, MfaSetting::Optional);
    assert_eq!(
        pool.recovery,
        [
            Recovery::VerifiedEmail,
            Recovery::VerifiedPhoneNumber,
            Recovery::Other(Raw::from("carrier_pigeon"))
        ]
    );
    assert!(pool.custom_message_trigger);
    assert_eq!(pool.estimated_users, Some(12_345));
}

#[tokio::test]
async fn a_pool_says_how_its_messages_go_out() {
    let role = "arn:aws:iam::123456789012:role/sms";
    let cases = [
        (
            json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}, "SmsConfiguration": {"SnsCallerArn": role}}),
            (EmailSender::Ses, true, None, None),
        ),
        (
            json!({"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}, "SmsConfigurationFailure": "SNSSandbox"}),
            (EmailSender::Default, false, Some("SNSSandbox"), None),
        ),
        // End User Messaging takes the place of SNS.
        (
            json!({"EmailConfiguration": {}, "SmsConfiguration": {"EumsSms": {"CallerArn": role}}, "EmailConfigurationFailure": "no"}),
            (EmailSender::Default, true, None, Some("no")),
        ),
        (
            json!({"SmsConfiguration": {}, "SmsConfigurationFailure": "", "LambdaConfig": {
                "KMSKeyID": "arn:aws:kms:eu-west-1:123456789012:key/1",
                "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:eu-west-1:123456789012:function:mail"}}}),
            (EmailSender::Trigger, false, None, None),
        ),
    ];
    for (settings, (sender, role, sms, email)) in cases {
        let mut described = settings.clone();
        described["Id"] = json!(POOL);
        let service = Service::new([ok(json!({ "UserPool": described }))]);
        let pool = reader(&service).await.describe_pool(&pool()).await.unwrap().value;
        assert_eq!((pool.email_sender, pool.sms_role), (sender, role), "{settings}");
        assert_eq!(pool.sms_failure, sms.map(Raw::from), "{settings}");
        assert_eq!(pool.email_failure, email.map(Raw::from), "{settings}");
    }
}

#[tokio::test]
async fn what_a_pool_does_not_say_has_the_services_own_default() {
    let service = Service::new([
        ok(json!({"UserPool": {"Id": POOL, "UsernameAttributes": ["email"], "LambdaConfig": {}}})),
        ok(json!({"UserPool": {"Name": "no id"}})),
        ok(json!({})),
    ]);
    let reader = reader(&service).await;
    let bare = reader.describe_pool(&pool()).await.unwrap().value;
    assert!(bare.case_sensitive && bare.schema.attributes.is_empty() && bare.recovery.is_empty());
    assert!(!bare.verifies_by_link && !bare.custom_message_trigger);
    assert_eq!(bare.mfa, MfaSetting::Off);
    assert_eq!(bare.email_sender, EmailSender::Default);
    assert!(!bare.sms_role && bare.sms_failure.is_none() && bare.email_failure.is_none());
    assert!(matches!(&bare.sign_in, SignIn::UsernameAttributes(names) if names.len() == 1));
    for _ in 0..2 {
        let fault = reader.describe_pool(&pool()).await.unwrap_err();
        assert_eq!(
            (fault.kind, fault.code.as_str()),
            (FaultKind::Undecodable, "IncompleteAnswer")
        );
        assert_eq!(fault.request_id, Some(Raw::from(REQUEST_ID)));
    }
}

#[tokio::test]
async fn users_come_by_the_page_and_an_empty_page_is_not_the_end() {
    let service = Service::new([
        ok(json!({"Users": [], "PaginationToken": "t1"})),
        ok(json!({
            "Users": [
                {"Username": "ann", "Enabled": true, "UserStatus": "CONFIRMED",
                 "UserCreateDate": 1_700_000_000.5, "UserLastModifiedDate": 1_700_000_001,
                 "Attributes": [{"Name": "email", "Value": "ann@example.com"}, {"Name": "nickname"},
                                {"Name": "name", "Value": ""}]},
                {"Username": "\u{1b}[2Jbob", "Enabled": false, "UserStatus": "DEEP_FROZEN"},
                {"Username": "cy", "Enabled": true},
            ],
        })),
    ]);
    let reader = reader(&service).await;
    let filter = "email ^= \"a\\\"n\"";
    let first = reader
        .list_users(&pool(), Some(filter), None, Some(20))
        .await
        .unwrap()
        .value;
    assert!(first.items.is_empty());
    let last = reader
        .list_users(&pool(), Some(filter), first.next, Some(20))
        .await
        .unwrap()
        .value;
    assert_eq!(last.next, None);
    let [ann, bob, cy] = &last.items[..] else {
        panic!("{last:?}")
    };
    assert_eq!(ann.text("email"), Some("ann@example.com"));
    assert_eq!((ann.text("nickname"), ann.text("name")), (None, Some("")));
    assert_eq!(
        (&ann.status, ann.enabled, &ann.source),
        (&UserStatus::Confirmed, true, &Source::List)
    );
    assert_eq!(ann.created, Some("2023-11-14T22:13:20.5Z".parse().unwrap()));
    assert_eq!(ann.changed, Some("2023-11-14T22:13:21Z".parse().unwrap()));
    assert_eq!(ann.read_at, now());
    assert_eq!(bob.username.as_str(), "\u{1b}[2Jbob");
    assert_eq!(
        (&bob.status, bob.enabled),
        (&UserStatus::Unknown(Raw::from("DEEP_FROZEN")), false)
    );
    assert_eq!(
        (&cy.status, cy.created),
        (&UserStatus::Unknown(Raw::from("UNKNOWN")), None)
    );
    assert_eq!(
        service.bodies(),
        [
            json!({"UserPoolId": POOL, "Limit": 20, "Filter": filter}),
            json!({"UserPoolId": POOL, "Limit": 20, "Filter": filter, "PaginationToken": "t1"}),
        ]
    );
}

#[tokio::test]
async fn a_list_asks_for_nothing_it_was_not_told_to() {
    let service = Service::new([ok(json!({}))]);
    reader(&service)
        .await
        .list_users(&pool(), None, None, None)
        .await
        .unwrap();
    assert_eq!(service.bodies(), [json!({"UserPoolId": POOL})]);
    assert_eq!(target(&service, 0), "ListUsers");
}

#[tokio::test]
async fn a_user_without_a_name_is_a_fault() {
    let service = Service::new([
        ok(json!({"Users": [{"Enabled": true}]})),
        ok(json!({"Enabled": true})),
        ok(json!({"Username": "ann", "UserAttributes": [{"Value": "x"}]})),
    ]);
    let reader = reader(&service).await;
    let ann = Username::new("ann");
    let faults = [
        reader.list_users(&pool(), None, None, None).await.unwrap_err(),
        reader.get_user(&pool(), &ann).await.unwrap_err(),
        reader.get_user(&pool(), &ann).await.unwrap_err(),
    ];
    for fault in faults {
        assert_eq!(
            (fault.kind, fault.code.as_str()),
            (FaultKind::Undecodable, "IncompleteAnswer")
        );
        assert_eq!(fault.request_id, Some(Raw::from(REQUEST_ID)));
    }
}

#[tokio::test]
async fn a_user_is_read_with_second_factors() {
    let service = Service::new([
        ok(json!({
            "Username": "ann", "Enabled": true, "UserStatus": "FORCE_CHANGE_PASSWORD",
            "UserAttributes": [{"Name": "sub", "Value": "a458d4e8"}],
            "UserMFASettingList": ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "RETINA"],
            "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
        })),
        ok(json!({"Username": "ann", "MFAOptions": [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]})),
    ]);
    let reader = reader(&service).await;
    let ann = Username::new("ann");
    let user = reader.get_user(&pool(), &ann).await.unwrap().value;
    assert_eq!(
        (user.sub(), &user.status),
        (Some("a458d4e8"), &UserStatus::ForceChangePassword)
    );
    let expected = Mfa {
        sms: false,
        totp: true,
        email: true,
        other: vec![Raw::from("RETINA")],
        preferred: Some(Raw::from("SOFTWARE_TOKEN_MFA")),
    };
    assert_eq!(user.source, Source::Get { mfa: expected });
    let old = reader.get_user(&pool(), &ann).await.unwrap().value;
    assert_eq!(
        old.mfa(),
        Some(&Mfa {
            sms: true,
            ..Mfa::default()
        })
    );
    assert_eq!(service.bodies()[0], json!({"UserPoolId": POOL, "Username": "ann"}));
}

#[tokio::test]
async fn groups_come_from_all_pages() {
    let service = Service::new([
        ok(json!({"Groups": [{"GroupName": "a"}], "NextToken": "t"})),
        ok(json!({"Groups": [], "NextToken": "u"})),
        ok(json!({"Groups": [{"GroupName": "b"}]})),
    ]);
    let groups = reader(&service)
        .await
        .groups_for_user(&pool(), &Username::new("ann"))
        .await
        .unwrap()
        .value;
    assert_eq!(groups, [Raw::from("a"), Raw::from("b")]);
    assert_eq!(
        service.bodies()[1],
        json!({"UserPoolId": POOL, "Username": "ann", "Limit": 60, "NextToken": "t"})
    );
}

/// Whichever page it leads back to: the last one, or one before.
#[tokio::test]
async fn a_list_that_goes_in_circles_ends() {
    let repeated = |fault: &Fault| {
        assert_eq!(
            (fault.kind, fault.code.as_str(), fault.message.as_str()),
            (
                FaultKind::Undecodable,
                "RepeatedToken",
                "the answer has the token of a page that was read already"
            )
        );
        assert_eq!(fault.request_id, Some(Raw::from(REQUEST_ID)));
    };
    for round in [&["t", "t"][..], &["t", "u", "t"], &["t", "u", "v", "u"]] {
        let group = |token: &&str| ok(json!({"Groups": [{"GroupName": "a"}], "NextToken": token}));
        let service = Service::new(round.iter().map(group));
        let reader = reader(&service).await;
        repeated(
            &reader
                .groups_for_user(&pool(), &Username::new("ann"))
                .await
                .unwrap_err(),
        );
        assert_eq!(service.asked().len(), round.len());
        let providers = |token: &&str| ok(json!({"Providers": [], "NextToken": token}));
        let service = Service::new(round.iter().map(providers));
        repeated(&self::reader(&service).await.providers(&pool()).await.unwrap_err());
        let clients = |token: &&str| ok(json!({"UserPoolClients": [], "NextToken": token}));
        let service = Service::new(round.iter().map(clients));
        repeated(&self::reader(&service).await.clients(&pool()).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_a_fault() {
    let again = || Some(PageToken("t".to_owned()));
    let service = Service::new([
        ok(json!({"Users": [], "PaginationToken": "t"})),
        ok(json!({"UserPools": [], "NextToken": "t"})),
    ]);
    let reader = reader(&service).await;
    let users = reader.list_users(&pool(), None, again(), None).await.unwrap_err();
    let pools = reader.list_pools(again()).await.unwrap_err();
    assert_eq!(
        (users.code.as_str(), pools.code.as_str()),
        ("RepeatedToken", "RepeatedToken")
    );
}

#[tokio::test]
async fn providers_are_described_one_by_one() {
    let service = Service::new([
        ok(json!({"Providers": [{"ProviderName": "Okta", "ProviderType": "SAML"}], "NextToken": "t"})),
        ok(json!({"IdentityProvider": {"ProviderName": "Okta", "AttributeMapping": {"email": "mail", "name": "cn"}}})),
        ok(json!({"Providers": [{"ProviderName": "Google"}]})),
        ok(json!({"IdentityProvider": {"ProviderName": "Google"}})),
    ]);
    let mappings = reader(&service).await.providers(&pool()).await.unwrap().value;
    let [okta, google] = &mappings[..] else {
        panic!("{mappings:?}")
    };
    assert_eq!(okta.provider, Raw::from("Okta"));
    assert_eq!(
        okta.attributes,
        [AttributeName::new("email"), AttributeName::new("name")].into()
    );
    assert!(google.attributes.is_empty());
    let targets: Vec<_> = (0..4).map(|at| target(&service, at)).collect();
    assert_eq!(
        targets,
        [
            "ListIdentityProviders",
            "DescribeIdentityProvider",
            "ListIdentityProviders",
            "DescribeIdentityProvider"
        ]
    );
    assert_eq!(service.bodies()[1], json!({"UserPoolId": POOL, "ProviderName": "Okta"}));
}

#[tokio::test]
async fn reads_give_up_after_three_attempts() {
    let service = Service::new([reset(), hang(), text(502, "<html>bad gateway</html>")]);
    let fault = reader(&service).await.list_pools(None).await.unwrap_err();
    assert_eq!(
        (fault.kind, fault.code.as_str(), fault.status),
        (FaultKind::Server, "HTTP 502", Some(502))
    );
    assert_eq!(service.asked().len(), 3);
}

#[tokio::test]
async fn a_refused_token_is_not_repeated() {
    let service = Service::new([refusal(
        "NotAuthorizedException",
        "Value 'the.access.token' is not valid",
    )]);
    let reader = service.connect().await.reader(Some(&pool())).unwrap();
    let fault = reader.own_user(&Secret::new("the.access.token")).await.unwrap_err();
    assert_eq!(fault.message.as_str(), "Value '(withheld)' is not valid");
}
