use serde_json::json;

use crate::cognito::testing::*;
use crate::domain::FaultKind;

use super::*;

const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";

async fn reader(service: &Service) -> Reader {
    service.connect().await.reader(Some(&pool())).unwrap()
}

#[tokio::test]
async fn app_clients_come_from_all_pages() {
    let service = Service::new([
        ok(json!({"UserPoolClients": [{"ClientId": "one", "ClientName": "web"}], "NextToken": "more"})),
        // An empty page is not the end.
        ok(json!({"UserPoolClients": [], "NextToken": "still more"})),
        ok(json!({"UserPoolClients": [{"ClientId": "two"}]})),
    ]);
    let clients = reader(&service).await.clients(&pool()).await.unwrap();
    let told: Vec<(&str, &str)> = clients
        .value
        .iter()
        .map(|client| (client.id.as_str(), client.name.as_str()))
        .collect();
    assert_eq!(told, [("one", "web"), ("two", "")]);
    assert_eq!(
        service.bodies(),
        [
            json!({"UserPoolId": POOL, "MaxResults": 60}),
            json!({"UserPoolId": POOL, "MaxResults": 60, "NextToken": "more"}),
            json!({"UserPoolId": POOL, "MaxResults": 60, "NextToken": "still more"}),
        ]
    );
}

#[tokio::test]
async fn a_list_that_goes_in_circles_or_names_nobody_is_a_fault() {
    let circle = || ok(json!({"UserPoolClients": [], "NextToken": "again"}));
    let nameless = ok(json!({"UserPoolClients": [{"ClientName": "web"}]}));
    for (acts, requests, code) in [
        (vec![circle(), circle()], 2, "RepeatedToken"),
        (vec![nameless], 1, "IncompleteAnswer"),
    ] {
        let service = Service::new(acts);
        let fault = reader(&service).await.clients(&pool()).await.unwrap_err();
        assert_eq!((fault.kind, fault.code.as_str()), (FaultKind::Undecodable, code));
        assert_eq!(fault.request_id, Some(Raw::from(REQUEST_ID)));
        assert_eq!(service.asked().len(), requests);
    }
}

#[tokio::test]
async fn an_app_client_is_read_in_full_and_its_secret_is_not() {
    let service = Service::new([ok(json!({"UserPoolClient": {
        "ClientId": CLIENT,
        "ClientName": "web",
        "ClientSecret": "9eqs8hbvexamplesecret",
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_NEW_WAY"],
        "WriteAttributes": ["email", "custom:tier"],
        "ReadAttributes": ["email"],
    }}))]);
    let told = reader(&service)
        .await
        .app_client(&pool(), &ClientId::new(CLIENT))
        .await
        .unwrap()
        .value;
    let names = |names: &[&str]| Some(names.iter().map(|name| AttributeName::new(*name)).collect());
    assert_eq!(
        told,
        AppClient {
            id: ClientId::new(CLIENT),
            name: Raw::from("web"),
            has_secret: true,
            flows: vec![Raw::from("ALLOW_USER_PASSWORD_AUTH"), Raw::from("ALLOW_NEW_WAY")],
            writable: names(&["email", "custom:tier"]),
            readable: names(&["email"]),
        }
    );
    assert!(!format!("{told:?}").contains("9eqs8hbv"), "the secret stays here");
    assert_eq!(service.bodies(), [json!({"UserPoolId": POOL, "ClientId": CLIENT})]);
}

/// The lists are there only where somebody chose them; an empty one is no list.
#[tokio::test]
async fn what_an_app_client_does_not_say_is_not_known() {
    let service = Service::new([
        ok(json!({"UserPoolClient": {"ClientId": CLIENT}})),
        ok(json!({"UserPoolClient": {"ClientId": CLIENT, "WriteAttributes": [], "ReadAttributes": []}})),
        ok(json!({})),
    ]);
    let reader = reader(&service).await;
    for _ in 0..2 {
        let bare = reader.app_client(&pool(), &ClientId::new(CLIENT)).await.unwrap().value;
        assert_eq!((bare.writable, bare.readable), (None, None));
        assert!(!bare.has_secret && bare.flows.is_empty());
    }
    let fault = reader.app_client(&pool(), &ClientId::new(CLIENT)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Undecodable);
}
