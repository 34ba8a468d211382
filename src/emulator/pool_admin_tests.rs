//! Pools over the wire, and identity providers.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL};
use super::super::{PoolSeed, Seed};

fn bench() -> Bench {
    Bench::with(PoolSeed::new(POOL, "pool"))
}

fn described(bench: &Bench, pool: &Value) -> Value {
    bench.ok("DescribeUserPool", json!({"UserPoolId": pool}))["UserPool"].clone()
}

fn attribute(pool: &Value, name: &str) -> Value {
    let all = pool["SchemaAttributes"].as_array().unwrap();
    all.iter()
        .find(|attribute| attribute["Name"] == name)
        .cloned()
        .unwrap_or(Value::Null)
}

#[test]
fn pools_are_listed_in_pages_of_1_to_60() {
    let bench = Bench::new((0..70).fold(Seed::empty(), |seed, n| {
        seed.pool(PoolSeed::new(&format!("us-east-1_Pool{n:05}"), &format!("pool {n}")))
    }));
    let page = bench.ok("ListUserPools", json!({"MaxResults": 60}));
    assert_eq!(page["UserPools"].as_array().unwrap().len(), 60);
    assert_eq!(page["UserPools"][0]["Name"], "pool 0");
    let rest = bench.ok(
        "ListUserPools",
        json!({"MaxResults": 60, "NextToken": page["NextToken"]}),
    );
    assert_eq!(rest["UserPools"].as_array().unwrap().len(), 10);
    assert!(rest.get("NextToken").is_none());
    for (size, words) in [(0, "greater than or equal to 1"), (61, "less than or equal to 60")] {
        let message = bench.invalid("ListUserPools", json!({"MaxResults": size}));
        assert_eq!(
            message,
            format!(
                "1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must \
                 have value {words}"
            )
        );
    }
    assert_eq!(
        bench.invalid("ListUserPools", json!({})),
        "1 validation error detected: Value null at 'maxResults' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn a_plain_pool_is_described_with_the_whole_schema() {
    let pool = described(&bench(), &json!(POOL));
    assert_eq!(
        pool["Arn"],
        format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}")
    );
    assert_eq!(pool["SchemaAttributes"].as_array().unwrap().len(), 21);
    assert_eq!(pool["UsernameConfiguration"]["CaseSensitive"], true);
    assert_eq!(pool["MfaConfiguration"], "OFF");
    assert_eq!(
        pool["UserAttributeUpdateSettings"],
        json!({"AttributesRequireVerificationBeforeUpdate": []})
    );
    for absent in [
        "AutoVerifiedAttributes",
        "AliasAttributes",
        "UsernameAttributes",
        "SmsConfiguration",
    ] {
        assert!(pool.get(absent).is_none(), "{absent}");
    }
    let (code, message) = bench().refused("DescribeUserPool", json!({"UserPoolId": "us-east-1_None"}));
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("ResourceNotFoundException", "User pool us-east-1_None does not exist.")
    );
}

#[test]
fn a_created_pool_is_described_as_it_was_asked_for() {
    let bench = bench();
    let body = json!({
        "PoolName": "made here",
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "AliasAttributes": ["email", "preferred_username"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "UsernameConfiguration": {"CaseSensitive": false},
        "MfaConfiguration": "OPTIONAL",
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "outside"},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [
            {"Priority": 2, "Name": "verified_phone_number"}, {"Priority": 1, "Name": "verified_email"}]},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:f"},
        "DeletionProtection": "ACTIVE",
        "Schema": [
            {"Name": "email", "Required": true, "Mutable": true},
            {"Name": "name", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "9"}},
            {"Name": "tier", "AttributeDataType": "String", "Mutable": true},
            {"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "1"}},
            {"Name": "222", "AttributeDataType": "String", "DeveloperOnlyAttribute": true, "Mutable": true},
        ],
    });
    let made = bench.ok("CreateUserPool", body)["UserPool"].clone();
    let pool = described(&bench, &made["Id"]);
    assert_eq!(pool, made);
    let (region, code) = pool["Id"].as_str().unwrap().split_once('_').unwrap();
    assert_eq!((region, code.len()), ("us-east-1", 9));
    assert_eq!(attribute(&pool, "email")["Required"], true);
    assert_eq!(
        attribute(&pool, "name")["StringAttributeConstraints"],
        json!({"MinLength": "2", "MaxLength": "9"})
    );
    assert_eq!(attribute(&pool, "custom:tier")["StringAttributeConstraints"], json!({}));
    assert_eq!(attribute(&pool, "custom:level")["Mutable"], false);
    assert_eq!(
        attribute(&pool, "custom:level")["NumberAttributeConstraints"],
        json!({"MinValue": "1"})
    );
    assert_eq!(attribute(&pool, "dev:custom:222")["DeveloperOnlyAttribute"], true);
    assert_eq!(pool["SchemaAttributes"].as_array().unwrap().len(), 24);
    assert_eq!(
        pool["AccountRecoverySetting"]["RecoveryMechanisms"][0]["Name"],
        "verified_email"
    );
    assert_eq!(
        pool["VerificationMessageTemplate"]["DefaultEmailOption"],
        "CONFIRM_WITH_LINK"
    );
    assert_eq!(pool["UsernameConfiguration"]["CaseSensitive"], false);
    assert_eq!(pool["DeletionProtection"], "ACTIVE");
    let mfa = bench.ok("GetUserPoolMfaConfig", json!({"UserPoolId": pool["Id"]}));
    assert_eq!(mfa["MfaConfiguration"], "OPTIONAL");
    let sms = json!({
        "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "outside", "SnsRegion": "us-east-1",
    });
    assert_eq!(pool["SmsConfiguration"], sms);
    assert_eq!(mfa["SmsMfaConfiguration"]["SmsConfiguration"], sms);
}

#[test]
fn contradicting_settings_are_refused() {
    let bench = bench();
    let both = json!({"PoolName": "x", "AliasAttributes": ["email"], "UsernameAttributes": ["email"]});
    assert_eq!(
        bench.invalid("CreateUserPool", both),
        "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
    );
    let early = json!({"PoolName": "x", "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["phone_number"]}});
    assert_eq!(
        bench.invalid("CreateUserPool", early),
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
    );
    let name = json!({"PoolName": "a/b"});
    assert_eq!(
        bench.invalid("CreateUserPool", name),
        "1 validation error detected: Value 'a/b' at 'poolName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [\\w\\s+=,.@-]+"
    );
    let kind = json!({"PoolName": "x", "MfaConfiguration": "SOMETIMES"});
    assert!(
        bench
            .invalid("CreateUserPool", kind)
            .ends_with("Member must satisfy enum value set: [OFF, ON, OPTIONAL]")
    );
}

#[test]
fn custom_attributes_are_added_once_never_required_and_fifty_at_most() {
    let bench = bench();
    let add = |items: Value| json!({"UserPoolId": POOL, "CustomAttributes": items});
    bench.ok(
        "AddCustomAttributes",
        add(json!([{"Name": "tier", "AttributeDataType": "String", "Mutable": true}])),
    );
    assert_eq!(
        attribute(&described(&bench, &json!(POOL)), "custom:tier")["Mutable"],
        true
    );
    bench.invalid(
        "AddCustomAttributes",
        add(json!([{"Name": "tier", "AttributeDataType": "String"}])),
    );
    let message = bench.invalid("AddCustomAttributes", add(json!([{"Name": "x", "Required": true}])));
    assert_eq!(message, "Required custom attributes are not supported currently.");
    let long = bench.invalid("AddCustomAttributes", add(json!([{"Name": "phone_number_verified"}])));
    assert!(
        long.contains("Member must have length less than or equal to 20"),
        "{long}"
    );
    let batch = |from: u32, count: u32| {
        let items: Vec<Value> = (from..from + count).map(|n| json!({"Name": format!("c{n}")})).collect();
        add(json!(items))
    };
    bench.ok("AddCustomAttributes", batch(0, 25));
    bench.ok("AddCustomAttributes", batch(25, 24));
    bench.invalid("AddCustomAttributes", batch(49, 1));
    bench.invalid("AddCustomAttributes", batch(49, 26));
}

#[test]
fn the_header_of_an_import_has_what_a_row_can_hold() {
    let bench = Bench::with(PoolSeed::new(POOL, "pool"));
    let tier = json!([{"Name": "tier", "AttributeDataType": "String", "Mutable": true}]);
    bench.ok(
        "AddCustomAttributes",
        json!({"UserPoolId": POOL, "CustomAttributes": tier}),
    );
    let answer = bench.ok("GetCSVHeader", json!({"UserPoolId": POOL}));
    assert_eq!(answer["UserPoolId"], POOL);
    // Amazon Cognito developer guide, "Creating the user import CSV file": the sample response, and custom attributes.
    let expected = [
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "email",
        "email_verified",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "phone_number",
        "phone_number_verified",
        "address",
        "updated_at",
        "custom:tier",
        "cognito:mfa_enabled",
        "cognito:username",
    ];
    assert_eq!(answer["CSVHeader"], json!(expected));
    let nowhere = json!({"UserPoolId": "us-east-1_NotThere1"});
    assert_eq!(bench.refused("GetCSVHeader", nowhere).0, "ResourceNotFoundException");
}

#[test]
fn providers_are_listed_and_described_with_their_mapping() {
    let seed = PoolSeed::new(POOL, "pool").provider("Okta", "OIDC", &[("email", "mail")]);
    let bench = Bench::with(seed);
    let create = json!({"UserPoolId": POOL, "ProviderName": "Acme", "ProviderType": "SAML",
        "ProviderDetails": {"MetadataURL": "https://idp.example.com"}, "AttributeMapping": {"name": "displayName"}});
    bench.ok("CreateIdentityProvider", create.clone());
    assert_eq!(
        bench.refused("CreateIdentityProvider", create).0,
        "DuplicateProviderException"
    );
    let page = bench.ok("ListIdentityProviders", json!({"UserPoolId": POOL, "MaxResults": 1}));
    assert_eq!(page["Providers"][0]["ProviderName"], "Acme");
    let rest = bench.ok(
        "ListIdentityProviders",
        json!({"UserPoolId": POOL, "NextToken": page["NextToken"]}),
    );
    assert_eq!(rest["Providers"][0]["ProviderType"], "OIDC");
    let one = bench.ok(
        "DescribeIdentityProvider",
        json!({"UserPoolId": POOL, "ProviderName": "Okta"}),
    );
    assert_eq!(one["IdentityProvider"]["AttributeMapping"], json!({"email": "mail"}));
    let none = json!({"UserPoolId": POOL, "ProviderName": "None"});
    assert_eq!(
        bench.refused("DescribeIdentityProvider", none).0,
        "ResourceNotFoundException"
    );
}
