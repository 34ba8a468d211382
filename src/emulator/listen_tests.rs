//! The emulator as a stranger meets it: bytes over a socket, written by hand.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::super::{Fault, PoolSeed, Seed};
use super::*;

fn emulator() -> Emulator {
    let seed = Seed::empty().pool(PoolSeed::new("us-east-1_Test00001", "one"));
    Emulator::new(seed, Arc::new(|| Timestamp::UNIX_EPOCH))
}

fn on_a_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// Sends one request and reads until the other side closes.
fn ask(address: SocketAddr, operation: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-amz-target: \
         AWSCognitoIdentityProviderService.{operation}\r\ncontent-type: application/x-amz-json-1.1\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    // A cut may show as an error after what did arrive.
    let _ = stream.read_to_string(&mut answer);
    answer
}

async fn asked(address: SocketAddr, operation: &'static str, body: &'static str) -> String {
    tokio::task::spawn_blocking(move || ask(address, operation, body))
        .await
        .unwrap()
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[test]
fn it_speaks_http_and_stops() {
    on_a_runtime(async {
        let listening = start(emulator(), any_port()).await.unwrap();
        let address = listening.address();
        assert_ne!(address.port(), 0);
        let pools = asked(address, "ListUserPools", r#"{"MaxResults":10}"#).await;
        assert!(pools.starts_with("HTTP/1.1 200 OK"), "{pools}");
        assert!(pools.contains("content-type: application/x-amz-json-1.1"), "{pools}");
        assert!(pools.contains("x-amzn-requestid: "), "{pools}");
        assert!(pools.contains(r#""Id":"us-east-1_Test00001""#), "{pools}");
        let refused = asked(
            address,
            "AdminGetUser",
            r#"{"UserPoolId":"us-east-1_Test00001","Username":"x"}"#,
        )
        .await;
        assert!(refused.starts_with("HTTP/1.1 400 Bad Request"), "{refused}");
        assert!(refused.contains("x-amzn-errortype: UserNotFoundException"), "{refused}");
        listening.stop().await;
        assert!(TcpStream::connect(address).is_err());
    });
}

#[test]
fn serve_tells_the_address_and_ends_when_told() {
    on_a_runtime(async {
        let (told, hears) = tokio::sync::oneshot::channel();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let until = async { ended.await.unwrap() };
            serve(emulator(), any_port(), |address| told.send(address).unwrap(), until).await
        });
        let address = hears.await.unwrap();
        assert!(
            asked(address, "ListUserPools", r#"{"MaxResults":1}"#)
                .await
                .starts_with("HTTP/1.1 200")
        );
        end.send(()).unwrap();
        serving.await.unwrap().unwrap();
    });
}

#[test]
fn other_machines_are_kept_out() {
    on_a_runtime(async {
        for address in ["0.0.0.0:0", "192.0.2.1:80", "[::]:0"] {
            let error = start(emulator(), address.parse().unwrap()).await.unwrap_err();
            assert!(matches!(error, ListenError::NotLoopback(_)));
            assert!(error.to_string().contains("loopback addresses only"), "{error}");
        }
    });
}

#[test]
fn a_taken_port_is_named() {
    on_a_runtime(async {
        let first = start(emulator(), any_port()).await.unwrap();
        let error = start(emulator(), first.address()).await.unwrap_err().to_string();
        assert!(error.contains(&first.address().to_string()), "{error}");
        first.stop().await;
    });
}

#[test]
fn cuts_are_acted_out() {
    on_a_runtime(async {
        let emulator = emulator();
        let listening = start(emulator.clone(), any_port()).await.unwrap();
        let address = listening.address();
        emulator.inject(Fault::reset());
        assert_eq!(asked(address, "ListUserPools", r#"{"MaxResults":1}"#).await, "");

        emulator.inject(Fault::truncated());
        let half = asked(address, "ListUserPools", r#"{"MaxResults":1}"#).await;
        let (head, body) = half.split_once("\r\n\r\n").unwrap();
        let promised: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(body.len(), promised / 2);

        emulator.inject(Fault::latency(Duration::from_millis(5)));
        assert!(
            asked(address, "ListUserPools", r#"{"MaxResults":1}"#)
                .await
                .starts_with("HTTP/1.1 200")
        );

        emulator.inject(Fault::hang());
        let hanging = tokio::spawn(asked(address, "ListUserPools", r#"{"MaxResults":1}"#));
        while emulator.calls().len() < 4 {
            tokio::task::yield_now().await;
        }
        listening.stop().await;
        assert_eq!(hanging.await.unwrap(), "");
    });
}

#[test]
fn a_huge_request_is_refused() {
    on_a_runtime(async {
        let listening = start(emulator(), any_port()).await.unwrap();
        let address = listening.address();
        let answer = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n").unwrap();
            // The server may close while the body is still being written.
            let _ = stream.write_all(&vec![b' '; LARGEST_REQUEST + 1]);
            let mut line = [0; 12];
            stream.read_exact(&mut line).unwrap();
            String::from_utf8_lossy(&line).into_owned()
        });
        assert_eq!(answer.await.unwrap(), "HTTP/1.1 413");
        listening.stop().await;
    });
}

/// As much of a body without an end as is wanted, and then nobody reads on.
#[test]
fn a_body_without_an_end_goes_on_until_nobody_reads_it() {
    on_a_runtime(async {
        for (fault, wanted) in [(Fault::endless(), 1024 * 1024), (Fault::drip(), 1)] {
            let emulator = emulator();
            emulator.inject(fault);
            let listening = start(emulator, any_port()).await.unwrap();
            let address = listening.address();
            let read = tokio::task::spawn_blocking(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let target = "AWSCognitoIdentityProviderService.ListUserPools";
                write!(
                    stream,
                    "POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: {target}\r\ncontent-length: 0\r\n\r\n"
                )
                .unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") {
                    stream.read_exact(&mut byte).unwrap();
                    head.push(byte[0]);
                }
                let mut body = vec![0; wanted];
                stream.read_exact(&mut body).unwrap();
                String::from_utf8(head).unwrap()
            });
            let head = read.await.unwrap();
            assert!(head.contains("transfer-encoding: chunked"), "{head}");
            assert!(head.contains("date: Thu, 01 Jan 1970 00:00:00 GMT"), "{head}");
        }
    });
}
