//! Reading whole pools: the scan against the SDK's own paginator, the AWS CLI and boto3. Each in a process of its own,
//! from making its client to the last user.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::{Credentials, Region, retry::RetryConfig};
use cognitui::cognito::{Limits, Outside, Way};
use cognitui::domain::guard::Guards;
use cognitui::domain::{Place, PoolId, Target};
use cognitui::job::scan::Scan;
use cognitui::job::{Job, Reply, Ticket};
use cognitui::work::{Desk, JournalSettings, Rates, Surroundings};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::peers::{self, Folder};
use crate::people::POOL;
use crate::stub::{Counts, Stub};
use crate::table::{Table, count, time};
use crate::{Failed, median, now, ratio};

const USERS: usize = 100_000;
const ROUNDS: usize = 5;
/// As long as a request to another continent takes.
const FAR: Duration = Duration::from_millis(50);
/// Twelve thousand users and the service's own quota: long enough for the pace to show.
const FEWER: usize = 24_000;
const QUOTA: u32 = 30;
/// More than there is time for.
const UNLIMITED: u32 = 1_000_000;

/// What a client did.
struct Done {
    took: Duration,
    /// Each counted once.
    users: usize,
    error: Option<String>,
    counts: Counts,
}

pub fn listing(table: &mut Table) -> Result<(), Failed> {
    let home = Folder::new()?;
    let bin = peers::python()?;
    let near = Stub::start(USERS, Duration::ZERO, 0)?;
    let (mut scans, mut paginators) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        scans.push(whole(ours("scan", &near, UNLIMITED, home.path())?)?);
        paginators.push(whole(ours("sdk", &near, 0, home.path())?)?);
    }
    let (scan, paginator) = (median(scans), median(paginators));
    let boto3 = whole(boto3(&bin, &near, "standard")?)?;
    let cli = whole(cli(&bin, &near, home.path())?)?;
    let here = format!("{} users, no latency", count(USERS as u64));
    table.note(format!("{here}: the SDK's paginator"), time(paginator));
    let times = ratio(scan, paginator);
    table.row(
        format!("{here}: scan"),
        format!("{}, {times:.2} times that", time(scan)),
        "at most 1.05 times",
        times <= 1.05,
    );
    for (what, other, least) in [
        ("a boto3 paginator", boto3, 9.0),
        ("`aws cognito-idp list-users`", cli, 30.0),
    ] {
        let times = ratio(other, scan);
        table.row(
            format!("{here}: {what}"),
            format!("{}, {times:.1} times the scan", time(other)),
            format!("at least {least} times"),
            times >= least,
        );
    }
    drop(near);

    let far = Stub::start(USERS, FAR, 0)?;
    let scan = whole(ours("scan", &far, UNLIMITED, home.path())?)?;
    let paginator = whole(ours("sdk", &far, 0, home.path())?)?;
    let there = format!("{} users, {} of latency", count(USERS as u64), time(FAR));
    let times = ratio(paginator, scan);
    table.note(format!("{there}: the SDK's paginator"), time(paginator));
    table.row(
        format!("{there}: scan"),
        format!("{}, {times:.1} times as fast", time(scan)),
        "at least 14 times",
        times >= 14.0,
    );
    drop(far);
    under_a_quota(table, &bin, home.path())
}

fn under_a_quota(table: &mut Table, bin: &Path, home: &Path) -> Result<(), Failed> {
    let limited = || Stub::start(FEWER, FAR, QUOTA);
    let there = format!("{} users, {QUOTA} requests a second", count(FEWER as u64));
    let done = ours("scan", &limited()?, QUOTA, home)?;
    let (requests, throttled) = (done.counts.requests, done.counts.throttled);
    let burst = u64::from(QUOTA);
    let least = Duration::from_secs_f64(requests.saturating_sub(burst) as f64 / f64::from(QUOTA)) + FAR;
    let times = ratio(done.took, least);
    table.row(
        format!("{there}: scan"),
        format!("{}, {times:.3} times the least", time(done.took)),
        "at most 1.03 times",
        times <= 1.03,
    );
    let pages = FEWER.div_ceil(60) as u64;
    let more = requests as f64 / pages as f64 * 100.0 - 100.0;
    table.row(
        format!("{there}: requests for {pages} pages"),
        format!("{requests}, {more:.1} % more"),
        "at most 6 % more",
        more <= 6.0,
    );
    let refused = throttled as f64 / requests as f64 * 100.0;
    table.row(
        format!("{there}: refused for rate"),
        format!("{throttled}, {refused:.1} %"),
        "under 1 %",
        refused < 1.0,
    );
    let lost = FEWER.saturating_sub(done.users);
    table.row(
        format!("{there}: users lost"),
        count(lost as u64),
        "none",
        lost == 0 && done.error.is_none(),
    );
    let others = [
        ("the SDK's paginator", ours("sdk", &near_limited()?, 0, home)?),
        (
            "the same with adaptive retries",
            ours("sdk-adaptive", &near_limited()?, 0, home)?,
        ),
        ("a boto3 paginator", boto3(bin, &near_limited()?, "legacy")?),
        ("`aws cognito-idp list-users`", cli(bin, &near_limited()?, home)?),
    ];
    for (what, other) in others {
        let end = match &other.error {
            None => format!("{}, {} users", time(other.took), count(other.users as u64)),
            Some(error) => format!("ended with {error} and {} users", count(other.users as u64)),
        };
        table.note(format!("the same quota without latency: {what}"), end);
    }
    Ok(())
}

fn near_limited() -> Result<Stub, Failed> {
    Stub::start(FEWER, Duration::ZERO, QUOTA)
}

/// Everybody, or it counts for nothing.
fn whole(done: Done) -> Result<Duration, Failed> {
    match done.error {
        None if done.users == USERS => Ok(done.took),
        error => Err(format!("{} users of {USERS}; {}", done.users, error.unwrap_or_default()).into()),
    }
}

/// This program once more, as a client.
fn ours(client: &str, stub: &Stub, rate: u32, home: &Path) -> Result<Done, Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_clear().env("HOME", home).args([
        "list",
        client,
        &stub.endpoint,
        &rate.to_string(),
        &stub.users.to_string(),
    ]);
    told(&mut command, stub)
}

fn boto3(bin: &Path, stub: &Stub, retries: &str) -> Result<Done, Failed> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/list_boto3.py");
    told(
        Command::new(bin.join("python")).args([script, &stub.endpoint, POOL, retries]),
        stub,
    )
}

/// A client that prints what it did.
fn told(command: &mut Command, stub: &Stub) -> Result<Done, Failed> {
    let before = stub.counts()?;
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    let done: Value = serde_json::from_slice(&output.stdout)?;
    let took = done.get("seconds").and_then(Value::as_f64).ok_or("no seconds")?;
    let users = done.get("users").and_then(Value::as_u64).ok_or("no users")?;
    Ok(Done {
        took: Duration::from_secs_f64(took),
        users: usize::try_from(users)?,
        error: done.get("error").and_then(Value::as_str).map(str::to_owned),
        counts: since(before, stub)?,
    })
}

fn cli(bin: &Path, stub: &Stub, home: &Path) -> Result<Done, Failed> {
    let before = stub.counts()?;
    let begun = now();
    let output = Command::new(bin.join("aws"))
        .args([
            "cognito-idp",
            "list-users",
            "--user-pool-id",
            POOL,
            "--region",
            "us-east-1",
            "--output",
            "json",
        ])
        .args(["--endpoint-url", &stub.endpoint])
        .env("HOME", home)
        .env("AWS_ACCESS_KEY_ID", "none")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .output()?;
    let took = now() - begun;
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let users = listed.get("Users").and_then(Value::as_array).map_or(0, Vec::len);
    let said = String::from_utf8_lossy(&output.stderr);
    let code = said.split_once("occurred (").and_then(|(_, rest)| rest.split_once(')'));
    Ok(Done {
        took,
        users,
        error: (!output.status.success()).then(|| code.map_or("an error", |(code, _)| code).to_owned()),
        counts: since(before, stub)?,
    })
}

fn since(before: Counts, stub: &Stub) -> Result<Counts, Failed> {
    let now = stub.counts()?;
    Ok(Counts {
        requests: now.requests - before.requests,
        throttled: now.throttled - before.throttled,
    })
}

/// In the process that was started for it: lists, and prints what it did.
pub fn list(client: &str, endpoint: &str, rate: u32, estimated: u64) -> Result<(), Failed> {
    let (took, users, error) = match client {
        "scan" => scan(endpoint, rate, estimated)?,
        "sdk" => paginate(endpoint, RetryConfig::standard())?,
        "sdk-adaptive" => paginate(endpoint, RetryConfig::adaptive().with_max_attempts(20))?,
        other => return Err(format!("no client {other}").into()),
    };
    println!(
        "{}",
        json!({"seconds": took.as_secs_f64(), "users": users, "error": error})
    );
    Ok(())
}

type Listed = (Duration, usize, Option<String>);

/// The desk as the console has it, asked for a scan of a pool that is said to have so many users.
fn scan(endpoint: &str, rate: u32, estimated: u64) -> Result<Listed, Failed> {
    let place = Place {
        target: Target {
            endpoint: Some(endpoint.to_owned()),
            ..Target::default()
        },
        pool: PoolId::new(POOL),
    };
    let folder = std::path::PathBuf::from(std::env::var_os("HOME").ok_or("no home")?);
    let (tell, told) = mpsc::channel();
    let begun = now();
    let desk = Desk::new(
        Surroundings {
            limits: Limits {
                connect_timeout: Duration::from_secs(10),
                read_timeout: Duration::from_secs(15),
            },
            outside: Outside {
                clock: clock(),
                sleep: None,
                way: Way::Network,
            },
            rates: Rates {
                list: rate,
                read: rate,
                write: rate,
            },
            journal: JournalSettings::from(folder.clone()),
            state: folder,
            program: "numbers",
            drafts: false,
            act_as_user: false,
            guards: Guards::default(),
            outbox: Arc::new(Vec::new),
        },
        Arc::new(move |_, reply| {
            // The end came already.
            let _ = tell.send(reply);
        }),
    )?;
    let scan = Scan {
        rate,
        estimated: Some(estimated),
        from: None,
    };
    desk.ask(
        Ticket(1),
        Job::Scan {
            place,
            scan: Box::new(scan),
        },
    );
    let mut segments = Vec::new();
    let end = loop {
        match told.recv()? {
            Reply::Scanned(news) => segments.push(news.users),
            Reply::ScanEnded(end) => break end,
            _ => return Err("another answer".into()),
        }
    };
    let took = now() - begun;
    let users: HashSet<String> = segments
        .iter()
        .flat_map(|segment| segment.rows())
        .map(|row| row.username().into_owned())
        .collect();
    let error = match (end.fault, end.checkpoint) {
        (Some(fault), _) => Some(fault.code.as_str().to_owned()),
        (None, Some(_)) => Some("no end".to_owned()),
        (None, None) => None,
    };
    Ok((took, users.len(), error))
}

#[expect(clippy::disallowed_methods, reason = "what is measured runs in real time")]
fn clock() -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    Arc::new(Timestamp::now)
}

/// The paginator of the SDK, page after page.
fn paginate(endpoint: &str, retries: RetryConfig) -> Result<Listed, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let begun = now();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("none", "none", None, None, "numbers"))
            .retry_config(retries)
            .load()
            .await;
        let mut pages = Client::new(&config)
            .list_users()
            .user_pool_id(POOL)
            .into_paginator()
            .send();
        let (mut users, mut error) = (Vec::new(), None);
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => users.extend(page.users.unwrap_or_default()),
                Err(fault) => {
                    error = Some(
                        fault
                            .into_service_error()
                            .meta()
                            .code()
                            .unwrap_or("an error")
                            .to_owned(),
                    );
                    break;
                }
            }
        }
        let took = now() - begun;
        let once: HashSet<&str> = users.iter().filter_map(|user| user.username()).collect();
        Ok((took, once.len(), error))
    })
}
