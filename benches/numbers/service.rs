//! A stand-in for the service that costs as little as possible, so that the clients are what is measured: every page is
//! made ahead as bytes, and answering is finding it. Serves one pool of made-up people.
//!
//! What it knows: ListUsers with and without the filter `sub ^= "h"`, page tokens that belong to their filter,
//! DescribeUserPool, a latency for each answer and a quota as a bucket that holds a second's worth of requests.

use std::convert::Infallible;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::people::{self, POOL};
use crate::{Failed, now};

/// The service's own page.
const PAGE: usize = 60;

#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub users: usize,
    pub latency: Duration,
    /// Requests a second; 0: as many as come.
    pub quota: u32,
}

/// Serves until its standard input ends, so that it never outlives who started it. Prints its address first; answers
/// `GET /counts` with what was asked of it.
pub fn serve(asked: Asked) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let service = Arc::new(Service::new(asked)?);
    runtime.spawn(async move {
        let Err(error) = accept(service).await;
        eprintln!("the stand-in ended: {error}");
    });
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

async fn accept(service: Arc<Service>) -> std::io::Result<Infallible> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            let answer = service_fn(move |request| answer(Arc::clone(&service), request));
            // A connection that breaks is the client's affair.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

struct Service {
    asked: Asked,
    /// Everybody, and then those of each first digit.
    chains: Vec<Vec<Bytes>>,
    pool: Bytes,
    bucket: Mutex<Bucket>,
    requests: AtomicU64,
    throttled: AtomicU64,
}

struct Bucket {
    permits: f64,
    at: Instant,
}

impl Service {
    fn new(asked: Asked) -> Result<Self, Failed> {
        let users: Vec<(char, String)> = (0..asked.users).map(people::as_json).collect();
        let mut chains = vec![pages(users.iter().map(|(_, user)| user.as_str()), "all")];
        for digit in people::DIGITS.chars() {
            let these = users.iter().filter(|(first, _)| *first == digit);
            chains.push(pages(these.map(|(_, user)| user.as_str()), &digit.to_string()));
        }
        let pool = json!({"UserPool": {
            "Id": POOL, "Name": "numbers", "EstimatedNumberOfUsers": asked.users,
            "UsernameConfiguration": {"CaseSensitive": false},
            "SchemaAttributes": people::schema(),
        }});
        Ok(Self {
            asked,
            chains,
            pool: serde_json::to_vec(&pool)?.into(),
            bucket: Mutex::new(Bucket {
                permits: f64::from(asked.quota),
                at: now(),
            }),
            requests: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
        })
    }

    fn has_room(&self) -> bool {
        if self.asked.quota == 0 {
            return true;
        }
        let quota = f64::from(self.asked.quota);
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let at = now();
        let since = at.duration_since(bucket.at).as_secs_f64();
        bucket.permits = since.mul_add(quota, bucket.permits).min(quota);
        bucket.at = at;
        let room = bucket.permits >= 1.0;
        if room {
            bucket.permits -= 1.0;
        }
        room
    }

    fn list(&self, body: &[u8]) -> Result<Bytes, &'static str> {
        let asked: Value = serde_json::from_slice(body).map_err(|_| "not JSON")?;
        let chain = match asked.get("Filter").and_then(Value::as_str) {
            None => 0,
            Some(filter) => digit(filter).ok_or("only sub ^= \"h\" is known here")?,
        };
        let page = match asked.get("PaginationToken").and_then(Value::as_str) {
            None => 0,
            Some(token) => {
                let (of, page) = token.split_once('/').ok_or("not a token of mine")?;
                let name = if chain == 0 {
                    "all"
                } else {
                    people::DIGITS.get(chain - 1..chain).unwrap_or_default()
                };
                if of != name {
                    return Err("a token of another filter");
                }
                page.parse().map_err(|_| "not a token of mine")?
            }
        };
        self.chains
            .get(chain)
            .and_then(|pages: &Vec<Bytes>| pages.get::<usize>(page))
            .cloned()
            .ok_or("no such page")
    }
}

/// `sub ^= "h"`: which chain it asks for.
fn digit(filter: &str) -> Option<usize> {
    let wanted = filter.trim().strip_prefix("sub")?.trim().strip_prefix("^=")?.trim();
    let digit = wanted.strip_prefix('"')?.strip_suffix('"')?;
    (digit.len() == 1).then_some(())?;
    Some(people::DIGITS.find(digit)? + 1)
}

/// The answers of one chain.
fn pages<'a>(users: impl Iterator<Item = &'a str>, name: &str) -> Vec<Bytes> {
    let users: Vec<&str> = users.collect();
    let count = users.len().div_ceil(PAGE).max(1);
    let made = (0..count).map(|number| {
        let here = users
            .get(number * PAGE..users.len().min((number + 1) * PAGE))
            .unwrap_or_default();
        let token = if number + 1 < count {
            format!(",\"PaginationToken\":\"{name}/{}\"", number + 1)
        } else {
            String::new()
        };
        format!("{{\"Users\":[{}]{token}}}", here.join(",")).into()
    });
    made.collect()
}

async fn answer(service: Arc<Service>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok()?.rsplit('.').next().map(str::to_owned));
    let Some(operation) = target else {
        let counts = json!({
            "requests": service.requests.load(Ordering::Relaxed),
            "throttled": service.throttled.load(Ordering::Relaxed),
        });
        return Ok(Response::new(Full::from(counts.to_string())));
    };
    let body = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(refused("SerializationException", "the request broke off")),
    };
    let counted = operation == "ListUsers";
    if counted {
        service.requests.fetch_add(1, Ordering::Relaxed);
    }
    let answer = if counted && !service.has_room() {
        service.throttled.fetch_add(1, Ordering::Relaxed);
        refused("TooManyRequestsException", "Rate exceeded")
    } else {
        match operation.as_str() {
            "ListUsers" => match service.list(&body) {
                Ok(page) => well(page),
                Err(why) => refused("InvalidParameterException", why),
            },
            "DescribeUserPool" => well(service.pool.clone()),
            _ => refused("AccessDeniedException", "only lists here"),
        }
    };
    if !service.asked.latency.is_zero() {
        tokio::time::sleep(service.asked.latency).await;
    }
    Ok(answer)
}

fn well(body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    let kind = http::HeaderValue::from_static("application/x-amz-json-1.1");
    response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    response
}

fn refused(code: &str, message: &str) -> Response<Full<Bytes>> {
    let mut response = well(json!({"__type": code, "message": message}).to_string().into());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}
