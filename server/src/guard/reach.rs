//! Addresses that administrators name: public hosts, and the networks that the settings open.

use super::address::{is_off_limits, is_public};
use futures::future::BoxFuture;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;
use url::{Host, Url};

/// How long somebody who saves an address waits for its name to be looked up.
const LOOKUP_PATIENCE: Duration = Duration::from_secs(2);

/// The longest address, in bytes.
const LONGEST: usize = 500;

/// Ports of other kinds of services, which would take a request for their own language (Fetch Standard, section 2.9,
/// "bad port").
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Why an address can't be used, and what to do, as a sentence for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It can't be read.
    #[error("This is no address. Write it like https://api.mistral.ai/v1.")]
    Unreadable,
    /// It is of another kind.
    #[error("Begin the address with https:// or http://.")]
    Scheme,
    /// It has a user name or a password in it.
    #[error("Leave user name and password out of the address: the key has a field of its own.")]
    UserInfo,
    /// It has a query or a fragment.
    #[error("Leave out what begins with ? or # in the address.")]
    Extra,
    /// Something else listens at its port.
    #[error("Port {0} belongs to another kind of service. Write the one at which models are served.")]
    Port(u16),
    /// It is inside, and not opened.
    #[error(
        "This address is inside the network of this server, and not open to added providers. Name its network in \
         CONFAB_PROVIDER_NETWORKS and restart."
    )]
    Inside,
    /// It is never asked.
    #[error("This address is of one link or of a cloud’s own services. It is never asked.")]
    OffLimits,
}

/// Who knows what a name stands for.
pub trait Lookup: Send + Sync {
    /// All addresses of a name.
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system.
struct System;

impl Lookup for System {
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What administrators may have asked.
///
/// The one parser of addresses is that of the crate `url`: what [`Reach::read`] has looked at is what is asked later. As
/// the resolver of a client it gives only addresses that may be asked, at each connection anew, so a name that stands for
/// something else a moment later leads nowhere else.
#[derive(Clone)]
pub struct Reach {
    networks: Arc<[IpNet]>,
    names: Arc<dyn Lookup>,
}

impl Reach {
    /// Public hosts, and these networks.
    pub fn new(networks: &[IpNet]) -> Self {
        Self::with(networks, Arc::new(System))
    }

    /// The same, with somebody else to look names up.
    pub fn with(networks: &[IpNet], names: Arc<dyn Lookup>) -> Self {
        Self { networks: networks.into(), names }
    }

    /// Reads an address. What a name in it stands for is seen only later.
    ///
    /// # Errors
    /// It is none, or none that may be asked.
    pub fn read(&self, text: &str) -> Result<Url, BadAddress> {
        let text = text.trim();
        // The parser passes over some of these, as browsers do; whoever types them means something else.
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        if text.is_empty() || text.len() > LONGEST || text.contains(odd) {
            return Err(BadAddress::Unreadable);
        }
        let url = Url::parse(text).map_err(|_| BadAddress::Unreadable)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadAddress::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadAddress::Extra);
        }
        if let Some(port) = url.port().filter(|port| BAD_PORTS.contains(port)) {
            return Err(BadAddress::Port(port));
        }
        // Numbers in an address are not looked up, so they are looked at here.
        match url.host().ok_or(BadAddress::Unreadable)? {
            Host::Ipv4(address) => self.may_ask(address.into())?,
            Host::Ipv6(address) => self.may_ask(address.into())?,
            Host::Domain(_) => {}
        }
        Ok(url)
    }

    /// Looks at what the name in an address stands for now. A name that can't be looked up may be known later.
    ///
    /// # Errors
    /// It stands for nothing but what may not be asked.
    pub async fn look(&self, url: &Url) -> Result<(), BadAddress> {
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        let found = timeout(LOOKUP_PATIENCE, self.names.lookup(name.to_owned())).await;
        let mut verdicts = found.ok().and_then(Result::ok).unwrap_or_default().into_iter().map(|ip| self.may_ask(ip));
        match verdicts.next() {
            Some(Err(first)) if verdicts.all(|verdict| verdict.is_err()) => Err(first),
            _ => Ok(()),
        }
    }

    fn may_ask(&self, address: IpAddr) -> Result<(), BadAddress> {
        let address = address.to_canonical();
        if is_off_limits(address) {
            return Err(BadAddress::OffLimits);
        }
        let open = is_public(address) || self.networks.iter().any(|network| network.contains(&address));
        if open { Ok(()) } else { Err(BadAddress::Inside) }
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let (this, found) = (self.clone(), self.names.lookup(name.as_str().to_owned()));
        let found: BoxFuture<'static, Result<Addrs, Box<dyn Error + Send + Sync>>> = Box::pin(async move {
            let all = found.await?;
            let open: Vec<_> = all.into_iter().filter(|ip| this.may_ask(*ip).is_ok()).collect();
            if open.is_empty() {
                return Err(BadAddress::Inside.into());
            }
            Ok(Box::new(open.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        });
        found
    }
}

#[cfg(test)]
mod tests;
