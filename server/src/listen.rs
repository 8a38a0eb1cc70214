//! Accepting connections, with limits on what one stranger can hold.
//!
//! `axum::serve` sets none: who sends a header byte a minute keeps a connection for ever (catalogue rows H01 and H07).

use crate::http::{client::TrustedProxies, places::Places};
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tower::ServiceExt;

/// What a stranger can hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long the head of a request may take, and how long a connection may be idle between two.
    pub head: Duration,
    /// Connections at once, all together. Further ones wait to be accepted.
    pub connections: usize,
    /// Connections at once from one address. Further ones are closed. A trusted proxy speaks for many and has no limit.
    pub per_address: usize,
    /// How long connections are given to finish after the end.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(20), connections: 8_192, per_address: 256, farewell: Duration::from_secs(2) }
    }
}

/// Serves until `stop` comes, then lets the requests under way end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    proxies: TrustedProxies,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let all = Arc::new(Semaphore::new(limits.connections));
    let open = Places::default();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &all) => accepted,
        };
        let (stream, peer, place) = accepted;
        let address = peer.ip().to_canonical();
        let limit = if proxies.trusts(address) { usize::MAX } else { limits.per_address };
        let Some(held) = open.hold(address, limit) else { continue };
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move { Ok::<_, Infallible>(answer(router, request).await) }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_headers(100);
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Whatever breaks a connection is the other side's business.
            let _ = connection.await;
            drop((held, place));
        });
    }
    drop(listener);
    let _ = timeout(limits.farewell, graceful.shutdown()).await;
}

async fn answer(router: Router, request: hyper::Request<Incoming>) -> axum::response::Response {
    router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {})
}

/// The next connection, as soon as there is a place for one more.
async fn accept(listener: &TcpListener, all: &Arc<Semaphore>) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = all.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Words are sent as they come, not gathered into larger packets.
                let _ = stream.set_nodelay(true);
                return (stream, peer, place);
            }
            // Most often there are no file descriptors left: some will be given back soon.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
