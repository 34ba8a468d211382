use super::*;

fn token(payload: &str) -> Secret {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    Secret::new(format!(
        "{}.{}.{}",
        part("{\"alg\":\"RS256\"}"),
        part(payload),
        part("signature")
    ))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

const GOOD: &str = r#"{"sub":"5f1c","token_use":"access","scope":"openid aws.cognito.signin.user.admin","exp":2000,
    "client_id":"abc","iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dE5fGh","username":"jane"}"#;

#[test]
fn a_token_tells_whose_it_is_and_until_when() {
    let claims = Claims::read(&token(GOOD)).unwrap();
    assert_eq!(claims.sub, Raw::from("5f1c"));
    assert_eq!(claims.client, Some(ClientId::new("abc")));
    let pool = PoolId::new("eu-west-1_aB3dE5fGh");
    assert_eq!(claims.pool.as_ref(), Some(&pool));
    assert_eq!(claims.check(&pool, at(1999)), Ok(()));
    assert_eq!(
        claims.check(&pool, at(2000)),
        Err(TokenProblem::Expired { at: at(2000) })
    );
    let other = PoolId::new("eu-west-1_other");
    assert_eq!(claims.check(&other, at(1)), Err(TokenProblem::OtherPool(pool)));
}

#[test]
fn what_is_no_access_token_is_refused_in_words() {
    for wrong in ["", "abc", "a.b.c", "a.b.c.d", "..", "e30.e30.e30"] {
        assert_eq!(
            Claims::read(&Secret::new(wrong)),
            Err(TokenProblem::NotAToken),
            "{wrong}"
        );
    }
    let id = token(&GOOD.replace("access", "id"));
    assert_eq!(Claims::read(&id), Err(TokenProblem::OtherUse(Raw::from("id"))));
    let narrow = Claims::read(&token(&GOOD.replace("aws.cognito.signin.user.admin", "email"))).unwrap();
    let problem = narrow.check(&PoolId::new("eu-west-1_aB3dE5fGh"), at(1)).unwrap_err();
    assert_eq!(problem, TokenProblem::Scope(vec!["openid".into(), "email".into()]));
    assert!(problem.sentence().plain().contains(SCOPE));
}

#[test]
fn a_list_in_a_parameter_that_is_none_is_empty() {
    let parameters = BTreeMap::from([
        ("good".to_owned(), "[\"a\",\"b\"]".to_owned()),
        ("bad".to_owned(), "a,b".to_owned()),
    ]);
    assert_eq!(listed(&parameters, "good"), [Raw::from("a"), Raw::from("b")]);
    assert!(listed(&parameters, "bad").is_empty());
    assert!(listed(&parameters, "none").is_empty());
}
