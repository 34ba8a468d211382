//! The seam of the emulator: one adapter from a plain function over HTTP messages to the SDK's client, so that
//! serialisation, signing, paging, retries and error decoding stay the real ones in the demo and in every test.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{self, AsyncSleep, SharedAsyncSleep};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, SizeHint};

/// A service as a function. It is called once a request and must not block for long: it runs on a worker thread.
pub type Wire = Arc<dyn Fn(http::Request<Bytes>) -> WireAnswer + Send + Sync>;

/// What the function makes of a request.
pub struct WireAnswer {
    /// How long the answer, or its failure, takes to arrive.
    pub after: Duration,
    pub result: Result<http::Response<Bytes>, Cut>,
}

/// An answer that never arrives whole.
pub enum Cut {
    /// The connection closes before a byte of the answer.
    Reset,
    /// Nothing comes and the connection stays open: the read timeout ends it.
    Hang,
    /// The headers arrive and half of the body, then the connection closes.
    Truncated(http::Response<Bytes>),
    /// The headers arrive, and the body again and again without an end.
    Endless(http::Response<Bytes>),
    /// The headers arrive, and of the body a byte a second without an end.
    Drip(http::Response<Bytes>),
}

/// The SDK's idea of a [`Wire`].
#[derive(Clone)]
pub(super) struct WireClient(pub(super) Wire);

impl fmt::Debug for WireClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WireClient")
    }
}

impl HttpClient for WireClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(WireConnector {
            wire: self.0.clone(),
            read_timeout: settings.read_timeout(),
            sleep: components.sleep_impl(),
        })
    }
}

struct WireConnector {
    wire: Wire,
    read_timeout: Option<Duration>,
    sleep: Option<SharedAsyncSleep>,
}

impl fmt::Debug for WireConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WireConnector")
    }
}

impl HttpConnector for WireConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wire = self.wire.clone();
        let read_timeout = self.read_timeout;
        let sleep = self.sleep.clone();
        HttpConnectorFuture::new(async move {
            let request = whole(request).await?;
            // Called before any waiting: a slow answer is one that was worked out in time and arrives late.
            let WireAnswer { after, result } = wire(request);
            let late = read_timeout.is_some_and(|limit| after > limit);
            match (result, read_timeout) {
                (Err(Cut::Hang), None) => std::future::pending().await,
                (Err(Cut::Hang), Some(limit)) => time_out(sleep.as_ref(), limit).await,
                (_, Some(limit)) if late => time_out(sleep.as_ref(), limit).await,
                (Ok(response), _) => {
                    wait(sleep.as_ref(), after).await;
                    answer(response.map(SdkBody::from))
                }
                (Err(Cut::Reset), _) => {
                    wait(sleep.as_ref(), after).await;
                    let reset = io::Error::new(io::ErrorKind::ConnectionReset, "connection reset by peer");
                    Err(ConnectorError::io(reset.into()))
                }
                (Err(Cut::Endless(response)), _) => {
                    wait(sleep.as_ref(), after).await;
                    answer(response.map(|piece| SdkBody::from_body_1_x(Endless(piece))))
                }
                (Err(Cut::Drip(response)), _) => {
                    wait(sleep.as_ref(), after).await;
                    answer(response.map(|piece| SdkBody::from_body_1_x(Drip::new(&piece, sleep))))
                }
                (Err(Cut::Truncated(response)), _) => {
                    wait(sleep.as_ref(), after).await;
                    answer(response.map(|body| SdkBody::from_body_1_x(Half::of(&body))))
                }
            }
        })
    }
}

async fn whole(request: HttpRequest) -> Result<http::Request<Bytes>, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|err| ConnectorError::user(err.into()))?;
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(ConnectorError::user)?.to_bytes();
    Ok(http::Request::from_parts(parts, body))
}

fn answer(response: http::Response<SdkBody>) -> Result<HttpResponse, ConnectorError> {
    HttpResponse::try_from(response).map_err(|err| ConnectorError::other(err.into(), None))
}

async fn wait(sleep: Option<&SharedAsyncSleep>, duration: Duration) {
    if let Some(sleep) = sleep
        && !duration.is_zero()
    {
        sleep.sleep(duration).await;
    }
}

async fn time_out(sleep: Option<&SharedAsyncSleep>, limit: Duration) -> Result<HttpResponse, ConnectorError> {
    wait(sleep, limit).await;
    Err(ConnectorError::timeout(Box::new(ReadTimedOut(limit))))
}

#[derive(Debug)]
struct ReadTimedOut(Duration);

impl fmt::Display for ReadTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "read timeout occurred after {:?}", self.0)
    }
}

impl std::error::Error for ReadTimedOut {}

/// The first half of a body, then the error of a connection that closed too early.
struct Half {
    rest: Option<Bytes>,
    broken: bool,
}

impl Half {
    fn of(body: &Bytes) -> Self {
        Self {
            rest: Some(body.slice(..body.len() / 2)),
            broken: false,
        }
    }
}

impl Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(bytes) = self.rest.take().filter(|bytes| !bytes.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if self.broken {
            return Poll::Ready(None);
        }
        self.broken = true;
        let early = io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "connection closed before the answer was complete",
        );
        Poll::Ready(Some(Err(early)))
    }

    fn is_end_stream(&self) -> bool {
        self.broken
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// The same piece for ever, as fast as it is read.
struct Endless(Bytes);

impl Body for Endless {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Ok(Frame::data(self.0.clone()))))
    }
}

/// Between two bytes of a body that drips.
const PAUSE: Duration = Duration::from_secs(1);

/// The first byte of a piece for ever, one a second.
struct Drip {
    byte: Bytes,
    sleep: Option<SharedAsyncSleep>,
    pause: Option<sleep::Sleep>,
}

impl Drip {
    fn new(piece: &Bytes, sleep: Option<SharedAsyncSleep>) -> Self {
        Self {
            byte: piece.slice(..piece.len().min(1)),
            sleep,
            pause: None,
        }
    }
}

impl Body for Drip {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Some(mut pause) = self.pause.take() else {
            // A sleep that is over at once would leave nobody else a turn, and the timeouts need one.
            self.pause = self.sleep.as_ref().map(|sleep| sleep.sleep(PAUSE));
            context.waker().wake_by_ref();
            return Poll::Pending;
        };
        if Pin::new(&mut pause).poll(context).is_pending() {
            self.pause = Some(pause);
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok(Frame::data(self.byte.clone()))))
    }
}
