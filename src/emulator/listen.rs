//! The emulator behind a socket, so that the AWS CLI, boto3 or any other client can be pointed at it.
//!
//! HTTP/1.1 on loopback addresses only: it answers everybody who can reach it and asks nobody who they are.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::{Cut, Delay, Emulator};

/// The largest request taken. The service's own limit is undocumented; its largest request is far below.
const LARGEST_REQUEST: usize = 1024 * 1024;

/// Why the emulator does not listen.
#[derive(Debug)]
pub enum ListenError {
    /// The address can be reached from other machines.
    NotLoopback(SocketAddr),
    /// The address could not be bound, or listening broke off.
    Io(SocketAddr, io::Error),
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListenError::NotLoopback(address) => write!(
                f,
                "the emulator listens on loopback addresses only (127.0.0.1 or [::1]), not on {address}: it answers \
                 everybody without asking who they are"
            ),
            ListenError::Io(address, error) => write!(f, "cannot listen on {address}: {error}"),
        }
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ListenError::NotLoopback(_) => None,
            ListenError::Io(_, error) => Some(error),
        }
    }
}

/// A listening emulator. Dropping it stops it without waiting for calls in flight.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Listening {
    /// The bound address, with the real port where port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no more connections, lets answers in flight finish (hanging ones are cut), and returns when all is
    /// closed.
    pub async fn stop(mut self) {
        // Nobody listening to the word means that the task has ended already.
        let _ = self.stop.send(true);
        // An error would be a panic of the accept loop, which has nothing left to close.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// Listens on a loopback address and serves from tasks of the current tokio runtime.
pub async fn start(emulator: Emulator, address: SocketAddr) -> Result<Listening, ListenError> {
    if !address.ip().is_loopback() {
        return Err(ListenError::NotLoopback(address));
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| ListenError::Io(address, error))?;
    let bound = listener.local_addr().map_err(|error| ListenError::Io(address, error))?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(accept(emulator, listener, stopped));
    Ok(Listening {
        address: bound,
        stop,
        task,
    })
}

/// Listens until `until` is ready; `started` is told the bound address first.
pub async fn serve(
    emulator: Emulator,
    address: SocketAddr,
    started: impl FnOnce(SocketAddr),
    until: impl Future<Output = ()>,
) -> Result<(), ListenError> {
    let listening = start(emulator, address).await?;
    started(listening.address());
    until.await;
    listening.stop().await;
    Ok(())
}

async fn accept(emulator: Emulator, listener: TcpListener, mut stopped: watch::Receiver<bool>) {
    let handed = stopped.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = told(&mut stopped) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(emulator.clone(), stream, handed.clone()));
                }
                // A client that went away between knocking and being let in, or no file descriptor left: give the
                // others time to close.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(emulator: Emulator, stream: TcpStream, stopped: watch::Receiver<bool>) {
    let mut hang_ends = stopped.clone();
    let service = service_fn(move |request| answer(emulator.clone(), request, stopped.clone()));
    let mut serving =
        std::pin::pin!(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    // A broken connection is the client's affair, or a cut that was asked for: there is nobody to tell.
    tokio::select! {
        _ = serving.as_mut() => return,
        () = told(&mut hang_ends) => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

/// Ready when the listener is to stop.
async fn told(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: stopping as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// A cut that hyper is to act out: it closes the connection when the service function fails.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on purpose")
    }
}

impl std::error::Error for Closed {}

async fn answer(
    emulator: Emulator,
    request: Request<Incoming>,
    mut stopped: watch::Receiver<bool>,
) -> Result<Response<Sent>, Closed> {
    let (head, body) = request.into_parts();
    let bytes = match Limited::new(body, LARGEST_REQUEST).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => {
            let mut refused = Response::new(Sent::whole(Bytes::new()));
            *refused.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(refused);
        }
    };
    match emulator.answer(Request::from_parts(head, bytes)) {
        Ok(mut response) => {
            if let Some(Delay(delay)) = response.extensions_mut().remove::<Delay>() {
                tokio::time::sleep(delay).await;
            }
            Ok(response.map(Sent::whole))
        }
        Err(Cut::Reset) => Err(Closed),
        Err(Cut::Hang) => {
            told(&mut stopped).await;
            Err(Closed)
        }
        Err(Cut::Truncated(response)) => Ok(response.map(Sent::half)),
        Err(Cut::Endless(response)) => Ok(response.map(|piece| Sent::without_end(piece, None))),
        Err(Cut::Drip(response)) => Ok(response.map(|piece| Sent::without_end(piece.slice(..1), Some(PAUSE)))),
    }
}

/// Between two bytes of a body that drips.
const PAUSE: Duration = Duration::from_secs(1);

/// A body that ends well, breaks off after its bytes, or never ends.
struct Sent {
    bytes: Option<Bytes>,
    end: BodyEnd,
}

enum BodyEnd {
    Well,
    /// The same piece again and again, after a pause where there is one.
    Never {
        piece: Bytes,
        pause: Option<Pin<Box<tokio::time::Sleep>>>,
    },
    /// hyper throws away what it has buffered when a body fails, so the failure waits for one more poll: the bytes
    /// are on the wire by then.
    BreaksAfterFlush,
    Breaks,
}

impl Sent {
    fn whole(bytes: Bytes) -> Self {
        Self {
            bytes: Some(bytes),
            end: BodyEnd::Well,
        }
    }

    fn without_end(piece: Bytes, pause: Option<Duration>) -> Self {
        Self {
            bytes: Some(piece.clone()),
            end: BodyEnd::Never {
                piece,
                pause: pause.map(|pause| Box::pin(tokio::time::sleep(pause))),
            },
        }
    }

    fn half(bytes: Bytes) -> Self {
        Self {
            bytes: Some(bytes),
            end: BodyEnd::BreaksAfterFlush,
        }
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match &mut self.end {
            BodyEnd::Well => Poll::Ready(None),
            BodyEnd::Never { piece, pause } => {
                if let Some(pause) = pause {
                    std::task::ready!(pause.as_mut().poll(context));
                    let next = pause.deadline().checked_add(PAUSE).unwrap_or_else(|| pause.deadline());
                    pause.as_mut().reset(next);
                }
                Poll::Ready(Some(Ok(Frame::data(piece.clone()))))
            }
            BodyEnd::BreaksAfterFlush => {
                self.end = BodyEnd::Breaks;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            BodyEnd::Breaks => Poll::Ready(Some(Err(Closed))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && matches!(self.end, BodyEnd::Well)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.bytes, &self.end) {
            (Some(bytes), BodyEnd::Well) => SizeHint::with_exact(bytes.len() as u64),
            _ => SizeHint::default(),
        }
    }
}

#[cfg(test)]
#[path = "listen_tests.rs"]
mod tests;
