//! App clients over the wire.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL};
use super::super::{Attribute, Kind, PoolSeed, Seed};
use super::*;

fn of(client: &Value) -> Value {
    json!({"UserPoolId": POOL, "ClientId": client})
}

fn create(more: Value) -> Value {
    let mut body = json!({"UserPoolId": POOL, "ClientName": "app"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn bench() -> Bench {
    Bench::with(PoolSeed::new(POOL, "pool").attribute(Attribute::custom("tier", Kind::TEXT)))
}

#[test]
fn clients_are_listed_in_pages_without_their_secrets() {
    let seed = (0..5).fold(PoolSeed::new(POOL, "pool"), |seed, number| {
        seed.client(Client::new(&format!("app {number}")).secret("abcdefghijklmnopqrstuvwxyz"))
    });
    let bench = Bench::with(seed);
    let page = bench.ok("ListUserPoolClients", json!({"UserPoolId": POOL, "MaxResults": 3}));
    let rows = page["UserPoolClients"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    let members: Vec<&str> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["ClientId", "ClientName", "UserPoolId"]);
    let rest = bench.ok(
        "ListUserPoolClients",
        json!({"UserPoolId": POOL, "MaxResults": 3, "NextToken": page["NextToken"]}),
    );
    assert_eq!(rest["UserPoolClients"][1]["ClientName"], "app 4");
    assert!(rest.get("NextToken").is_none());
    let all = bench.ok("ListUserPoolClients", json!({"UserPoolId": POOL}));
    assert_eq!(all["UserPoolClients"].as_array().unwrap().len(), 5);
    for size in [0, 61] {
        bench.invalid("ListUserPoolClients", json!({"UserPoolId": POOL, "MaxResults": size}));
    }
}

#[test]
fn a_seeded_client_has_an_id_of_its_own_in_each_pool() {
    let client = || Client::new("web");
    let seed = Seed::empty()
        .pool(PoolSeed::new(POOL, "one").client(client()))
        .pool(PoolSeed::new("us-east-1_Test00002", "two").client(client()));
    let bench = Bench::new(seed);
    let one = bench.emulator.client(POOL, "web").unwrap().id;
    let two = bench.emulator.client("us-east-1_Test00002", "web").unwrap().id;
    assert_ne!(one, two);
    for id in [&one, &two] {
        assert_eq!(id.len(), 26);
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
    }
    // A client belongs to one pool.
    let (code, message) = bench.refused("DescribeUserPoolClient", of(&json!(two)));
    assert_eq!(code, "ResourceNotFoundException");
    assert_eq!(message, format!("User pool client {two} does not exist."));
}

#[test]
fn a_description_has_lists_only_where_they_were_set() {
    let seed = PoolSeed::new(POOL, "pool").client(Client::new("plain")).client(
        Client::new("full")
            .id("fullclient0000000000000000")
            .secret("abcdefghijklmnopqrstuvwxyz")
            .reads(&["email"])
            .writes(&["name"])
            .access_tokens_for(20, "minutes"),
    );
    let bench = Bench::with(seed);
    let plain = bench.emulator.client(POOL, "plain").unwrap().id;
    let plain = bench.ok("DescribeUserPoolClient", of(&json!(plain)))["UserPoolClient"].clone();
    for absent in [
        "ReadAttributes",
        "WriteAttributes",
        "ClientSecret",
        "AccessTokenValidity",
    ] {
        assert!(plain.get(absent).is_none(), "{absent}");
    }
    assert_eq!(plain["PreventUserExistenceErrors"], "LEGACY");
    let full = bench.ok("DescribeUserPoolClient", of(&json!("fullclient0000000000000000")))["UserPoolClient"].clone();
    assert_eq!(full["ClientSecret"], "abcdefghijklmnopqrstuvwxyz");
    assert_eq!(
        (&full["ReadAttributes"], &full["WriteAttributes"]),
        (&json!(["email"]), &json!(["name"]))
    );
    assert_eq!(
        (&full["AccessTokenValidity"], &full["TokenValidityUnits"]["AccessToken"]),
        (&json!(20), &json!("minutes"))
    );
}

#[test]
fn a_created_client_is_described_as_it_was_made() {
    let bench = bench();
    let made = bench.ok("CreateUserPoolClient", create(json!({})))["UserPoolClient"].clone();
    assert_eq!(
        made["ExplicitAuthFlows"],
        json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"])
    );
    assert!(made.get("ClientSecret").is_none());
    let more = json!({"GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "WriteAttributes": ["name", "custom:tier"], "ReadAttributes": ["name", "email_verified"],
        "PreventUserExistenceErrors": "ENABLED"});
    let made = bench.ok("CreateUserPoolClient", create(more))["UserPoolClient"].clone();
    let secret = made["ClientSecret"].as_str().unwrap();
    assert!((24..=64).contains(&secret.len()), "{secret}");
    assert_eq!(
        bench.ok("DescribeUserPoolClient", of(&made["ClientId"]))["UserPoolClient"],
        made
    );
    let rows = bench.ok("ListUserPoolClients", json!({"UserPoolId": POOL}));
    assert_eq!(rows["UserPoolClients"].as_array().unwrap().len(), 2);
}

#[test]
fn creating_refuses_what_does_not_fit() {
    let bench = bench();
    let refused = |more: Value| bench.invalid("CreateUserPoolClient", create(more));
    for (member, name, kind) in [
        ("ReadAttributes", "custom:none", "read"),
        ("WriteAttributes", "custom:none", "write"),
        ("WriteAttributes", "sub", "write"),
        ("WriteAttributes", "email_verified", "write"),
    ] {
        assert_eq!(
            refused(json!({member: [name]})),
            format!("Invalid {kind} attributes specified while creating a client")
        );
    }
    for (number, unit) in [(4, "minutes"), (25, "hours"), (299, "seconds"), (2, "days")] {
        let more = json!({"AccessTokenValidity": number, "TokenValidityUnits": {"AccessToken": unit}});
        assert_eq!(refused(more), "Invalid range for token validity.");
    }
    refused(json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ADMIN_NO_SRP_AUTH"]}));
    refused(json!({"ExplicitAuthFlows": ["NONE"]}));
    refused(json!({"TokenValidityUnits": {"AccessToken": "weeks"}}));
    let nowhere = json!({"UserPoolId": "us-east-1_None", "ClientName": "app"});
    assert_eq!(
        bench.refused("CreateUserPoolClient", nowhere).0,
        "ResourceNotFoundException"
    );
}

#[test]
fn lists_bound_what_may_be_read_and_written() {
    let pool = PoolSeed::new(POOL, "pool")
        .attribute(Attribute::custom("tier", Kind::TEXT))
        .required("birthdate")
        .plant();
    let open = Client::new("open");
    let empty = Client::new("empty").reads(&[]).writes(&[]);
    for client in [&open, &empty] {
        assert!(client.may_read("custom:tier") && client.may_write(&pool, "custom:tier"));
        assert!(!client.may_read("dev:custom:score") && !client.may_write(&pool, "dev:custom:score"));
    }
    let narrow = Client::new("narrow").reads(&["name"]).writes(&["name"]);
    assert!(narrow.may_read("name") && narrow.may_read("sub") && !narrow.may_read("email"));
    assert!(narrow.may_write(&pool, "name") && !narrow.may_write(&pool, "email"));
    assert!(
        narrow.may_write(&pool, "birthdate"),
        "required attributes are always writable"
    );
}

#[test]
fn a_secret_hash_is_that_of_the_published_formula() {
    // echo -n janeid | openssl dgst -sha256 -hmac secret -binary | base64
    let client = Client::new("app").id("id").secret("secret");
    let right = "URxILJF4eBo5kdzVmjUxWjZvvr3BQcGxPvQGTj1pPl4=";
    client.check_secret_hash("jane", Some(right)).unwrap();
    assert_eq!(
        client.check_secret_hash("jane", None).unwrap_err().message,
        "Client id is configured with secret but SECRET_HASH was not received"
    );
    assert_eq!(
        client.check_secret_hash("bob", Some(right)).unwrap_err().message,
        "Unable to verify secret hash for client id"
    );
    let open = Client::new("app").id("id");
    open.check_secret_hash("jane", None).unwrap();
    assert_eq!(
        open.check_secret_hash("jane", Some("x")).unwrap_err().code,
        "NotAuthorizedException"
    );
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", Client::new("app").id("theclientid").secret("thesecret"));
    assert!(
        !shown.contains("thesecret") && !shown.contains("theclientid"),
        "{shown}"
    );
}
