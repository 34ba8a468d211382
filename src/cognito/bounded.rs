//! An end to every answer: whatever is in front of the service, no body fills the memory. How long one may take is the
//! affair of the timeouts, which run until its last byte.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// The longest answer that is read. The service's longest is a page of 60 users, each with at most 67 attributes of 2,048
/// characters of four bytes (Cognito API reference, ListUsers and AttributeType; developer guide, "Quotas").
pub(super) const LONGEST: u64 = 32 * 1024 * 1024;

/// Puts the end to each answer of a client, after its head has come and before its body is read.
#[derive(Debug)]
pub(super) struct Bound;

impl Intercept for Bound {
    fn name(&self) -> &'static str {
        "Bound"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().take_body();
        *context.response_mut().body_mut() = SdkBody::from_body_1_x(Bounded { body, read: 0 });
        Ok(())
    }
}

/// The answer was longer than [`LONGEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer is longer than {} MiB", LONGEST / 1024 / 1024)
    }
}

impl Error for TooLong {}

/// A body up to its longest.
struct Bounded {
    body: SdkBody,
    read: u64,
}

impl Body for Bounded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        // Where the head announces too much, none of it is read.
        if self.read.saturating_add(Body::size_hint(&self.body).lower()) > LONGEST {
            return Poll::Ready(Some(Err(TooLong.into())));
        }
        let frame = Body::poll_frame(Pin::new(&mut self.body), context);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(data) = frame.data_ref()
        {
            let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
            self.read = self.read.saturating_add(length);
            if self.read > LONGEST {
                return Poll::Ready(Some(Err(TooLong.into())));
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        Body::is_end_stream(&self.body)
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn bounded(body: impl Into<SdkBody>) -> Bounded {
        Bounded {
            body: body.into(),
            read: 0,
        }
    }

    #[tokio::test]
    async fn what_is_as_long_as_the_longest_is_read_whole_and_a_byte_more_is_not() {
        let longest = usize::try_from(LONGEST).unwrap();
        let whole = bounded(vec![b' '; longest]).collect().await.unwrap().to_bytes();
        assert_eq!(whole.len(), longest);
        let refused = bounded(vec![b' '; longest + 1]).collect().await.unwrap_err();
        assert_eq!(refused.downcast_ref::<TooLong>(), Some(&TooLong));
        assert_eq!(refused.to_string(), "the answer is longer than 32 MiB");
    }

    /// Gives the same piece for ever and says nothing about its length.
    struct Endless(Bytes);

    impl Body for Endless {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            Poll::Ready(Some(Ok(Frame::data(self.0.clone()))))
        }
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_cut() {
        let endless = SdkBody::from_body_1_x(Endless(Bytes::from(vec![b' '; 1024 * 1024])));
        let refused = bounded(endless).collect().await.unwrap_err();
        assert_eq!(refused.downcast_ref::<TooLong>(), Some(&TooLong));
    }
}
