//! The stand-in in a process of its own, so that it is no part of any client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::{Failed, median, now};

/// How many round trips are measured.
const ROUND_TRIPS: usize = 41;

pub struct Stub {
    child: Child,
    pub endpoint: String,
    /// Of its pool.
    pub users: usize,
}

/// What it was asked so far: pages, and how often it said no for rate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub requests: u64,
    pub throttled: u64,
}

impl Stub {
    pub fn start(users: usize, latency: Duration, quota: u32) -> Result<Self, Failed> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .args([users.to_string(), latency.as_micros().to_string(), quota.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let printed = child.stdout.take().ok_or("it prints nothing")?;
        BufReader::new(printed).read_line(&mut line)?;
        let endpoint = line.trim().to_owned();
        if endpoint.is_empty() {
            return Err("the stand-in did not start".into());
        }
        Ok(Self { child, endpoint, users })
    }

    /// One exchange on a connection of its own: what comes back behind the head.
    fn exchange(&self, method: &str, path: &str, head: &str, body: &str) -> Result<String, Failed> {
        let address = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{head}\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        Ok(body.to_owned())
    }

    /// How long a page of users takes whoever does nothing but ask for it. A latency that was asked for is waited for in
    /// whole milliseconds, so that it takes longer than it is called.
    pub fn round_trip(&self) -> Result<Duration, Failed> {
        let mut times = Vec::new();
        for _ in 0..ROUND_TRIPS {
            let begun = now();
            let target = "X-Amz-Target: AWSCognitoIdentityProviderService.ListUsers\r\n";
            let page = self.exchange("POST", "/", target, "{}")?;
            times.push(now() - begun);
            if !page.contains("\"Users\"") {
                return Err(format!("no page of users: {page}").into());
            }
        }
        Ok(median(times))
    }

    pub fn counts(&self) -> Result<Counts, Failed> {
        let body = self.exchange("GET", "/counts", "", "")?;
        let counts: Value = serde_json::from_str(&body)?;
        let number = |name| counts.get(name).and_then(Value::as_u64).ok_or("no number");
        Ok(Counts {
            requests: number("requests")?,
            throttled: number("throttled")?,
        })
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        // Its standard input ends with this, and so does it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
