//! From where a request comes.

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The proxies whose word is taken for where a request comes from.
#[derive(Clone)]
pub struct TrustedProxies(pub Arc<[IpNet]>);

/// The IP address of the browser; none when it is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClientAddress(pub Option<IpAddr>);

/// The layer: says from where a request comes. It is shown to users, and decides nothing.
pub async fn locate(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let address = peer.map(|peer| proxies.behind(peer, request.headers()));
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

impl TrustedProxies {
    /// Each proxy adds the address that it heard from at the end of `X-Forwarded-For`, so that from the end on all are
    /// true up to the first that is no proxy of ours.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let mut told: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        let mut address = peer;
        while self.trusts(address) {
            let Some(next) = told.pop().and_then(|next| next.parse::<IpAddr>().ok()) else { break };
            address = next.to_canonical();
        }
        address
    }

    /// Whether an address is that of a proxy of ours.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(peer: &str, forwarded: &[&str]) -> String {
        let networks = ["127.0.0.0/8", "10.0.0.0/8"].map(|network| network.parse().expect("a network"));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().expect("a value"));
        }
        TrustedProxies(networks.into()).behind(peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn d09_only_a_trusted_proxy_is_believed_and_only_about_its_own_peer() {
        assert_eq!(behind("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "nobody whom we trust");
        assert_eq!(behind("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            behind("127.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.7"]),
            "198.51.100.1",
            "what is before is a claim"
        );
        assert_eq!(behind("127.0.0.1", &["6.6.6.6", "198.51.100.1"]), "198.51.100.1", "the last line is the last");
        assert_eq!(behind("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(behind("127.0.0.1", &["unknown"]), "127.0.0.1");
        assert_eq!(behind("127.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }
}
