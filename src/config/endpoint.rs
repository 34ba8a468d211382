//! The address of a service other than the default one.
//!
//! A signed request carries what is typed into the form. Over plain http anybody on the way reads it, so `http://` is
//! accepted for this machine only.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A checked endpoint: `https://` anywhere, or `http://` to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    loopback: bool,
}

impl Endpoint {
    /// # Errors
    /// What is wrong with the address, completing the sentence "`url` is not ..".
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        const SHAPE: &str = "an endpoint: write https://host[:port], or http://127.0.0.1:port for this machine";
        let (encrypted, rest) = match url.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err(SHAPE),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("an endpoint: a name or password in the address would end up in logs; leave it out");
        }
        if !path.chars().all(|c| c.is_ascii_graphic() && !"?#\\".contains(c)) {
            return Err("an endpoint: leave out spaces, ? and # behind the host");
        }
        let (host, port) = split_port(authority).ok_or(SHAPE)?;
        if !port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0)) {
            return Err("an endpoint: the port is a number from 1 to 65535");
        }
        let loopback = is_loopback(host).ok_or(SHAPE)?;
        if !encrypted && !loopback {
            return Err(
                "accepted: plain http is for this machine only (localhost, 127.0.0.1, [::1]), because user data \
                 would cross the network unencrypted; use https://",
            );
        }
        Ok(Self {
            url: url.to_owned(),
            loopback,
        })
    }

    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Whether this is a service on this machine: no proxy, no STS, and stand-in credentials will do.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Host (with the brackets of an IPv6 address) and port.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let end = match authority.strip_prefix('[') {
        Some(_) => authority.find(']')? + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, rest) = authority.split_at_checked(end)?;
    match rest.strip_prefix(':') {
        Some(port) => Some((host, Some(port))),
        None if rest.is_empty() => Some((host, None)),
        None => None,
    }
}

/// Whether a host is this machine; None if it is no host at all.
fn is_loopback(host: &str) -> Option<bool> {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().ok().map(|address| address.is_loopback());
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some(address.is_loopback());
    }
    let is_name = host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        });
    // A last label of digits is an address to some resolvers (127.1, 2130706433) and none to us.
    let numeric = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    (is_name && !numeric).then(|| host.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_may_be_plain() {
        for url in [
            "http://127.0.0.1:9229",
            "http://127.8.8.8",
            "http://localhost:5000/",
            "http://LOCALHOST:1",
            "http://[::1]:8080/base",
        ] {
            let endpoint = Endpoint::parse(url).unwrap();
            assert!(endpoint.is_loopback(), "{url}");
            assert_eq!(endpoint.as_str(), url);
        }
    }

    #[test]
    fn elsewhere_is_encrypted() {
        for url in [
            "https://cognito-idp.eu-west-1.amazonaws.com",
            "https://10.0.0.7:8443",
            "https://[fd00::1]/a",
        ] {
            assert!(!Endpoint::parse(url).unwrap().is_loopback(), "{url}");
        }
        for url in [
            "http://10.0.0.7:5000",
            "http://example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[fd00::1]",
            "http://[::ffff:10.0.0.1]",
        ] {
            assert!(Endpoint::parse(url).unwrap_err().contains("https://"), "{url}");
        }
    }

    #[test]
    fn what_is_no_endpoint() {
        for url in [
            "",
            "localhost:5000",
            "ftp://localhost",
            "HTTPS://host",
            "https://",
            "https:///path",
            "https://a b",
            "https://host:0",
            "https://host:65536",
            "https://host:",
            "https://host:8o",
            "https://[::1",
            "https://[::1]x",
            "https://[zz]",
            "https://host/?q=1",
            "https://host/#f",
            "https://host/\u{1b}",
            "http://127.0.0.1@example.com/",
            "http://example.com\\@127.0.0.1",
            "http://127.1",
            "http://2130706433",
            "https://-\u{e9}.com",
            "https://host..com",
        ] {
            assert!(Endpoint::parse(url).is_err(), "{url:?} was accepted");
        }
    }
}
