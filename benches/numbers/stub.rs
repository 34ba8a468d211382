//! The stand-in in a process of its own, so that it is no part of any client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::Failed;

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

    pub fn counts(&self) -> Result<Counts, Failed> {
        let address = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET /counts HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        let counts: Value = serde_json::from_str(body)?;
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
