//! Bodies that don't come: a request that is sent a byte at a time would hold its connection for hours.

use axum::body::HttpBody as _;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use std::{io, time::Duration};
use tokio::time::{Instant, timeout_at};

/// How long any body may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a large one has to bring beyond that, in bytes a second.
const SLOWEST: u64 = 4_000;

/// The layer: a body that comes more slowly than any line that people use breaks off.
pub async fn no_slower(request: Request, next: Next) -> Response {
    let none = request.body().is_end_stream();
    next.run(if none { request } else { request.map(|body| limited(body, PATIENCE, SLOWEST)) }).await
}

fn limited(body: Body, patience: Duration, slowest: u64) -> Body {
    let start = Instant::now();
    let chunks = futures::stream::unfold(Some((body.into_data_stream(), 0)), move |state| async move {
        let (mut chunks, read) = state?;
        let end = start + patience + Duration::from_secs(read / slowest);
        match timeout_at(end, chunks.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(bytes))) => {
                let read = read + bytes.len() as u64;
                Some((Ok(bytes), Some((chunks, read))))
            }
            Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
            Err(_) => Some((Err::<Bytes, _>(io::ErrorKind::TimedOut.into()), None)),
        }
    });
    Body::from_stream(chunks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use std::convert::Infallible;
    use tokio::time::sleep;

    /// A body of chunks, each after so many seconds.
    fn dripping(chunks: usize, bytes: usize, seconds: u64) -> Body {
        Body::from_stream(futures::stream::iter(0..chunks).then(move |_| async move {
            sleep(Duration::from_secs(seconds)).await;
            Ok::<_, Infallible>(Bytes::from(vec![b'x'; bytes]))
        }))
    }

    async fn read(body: Body) -> Option<usize> {
        to_bytes(limited(body, PATIENCE, SLOWEST), usize::MAX).await.ok().map(|bytes| bytes.len())
    }

    #[tokio::test(start_paused = true)]
    async fn h01_a_body_that_drips_breaks_off_and_a_slow_line_does_not() {
        assert_eq!(read(dripping(29, 1, 1)).await, Some(29));
        assert_eq!(read(dripping(40, 1, 1)).await, None, "a byte a second");
        assert_eq!(read(dripping(600, 8_000, 1)).await, Some(4_800_000), "ten minutes on a slow line");
        assert_eq!(read(dripping(2, 1, 31)).await, None, "silence");
    }
}
