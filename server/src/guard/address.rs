//! What an IP address stands for (IANA's special-purpose address registries, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses at which clouds tell whoever asks the machine's own secrets, or steer it, and that are not link-local:
/// Azure, Alibaba, Oracle.
const STEERED_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192)];

/// The same in IPv6: Amazon, Google.
const STEERED_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

/// Whether the whole internet can reach an address.
pub(super) fn is_public(address: IpAddr) -> bool {
    !is_off_limits(address)
        && match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        }
}

/// Whether an address is none that anybody may have asked, whatever the settings say: those of one link, those of a
/// cloud's own services, and those that stand for no single machine.
pub(super) fn is_off_limits(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_link_local()
                || STEERED_V4.contains(&address)
                || address.octets()[0] == 0
                || address.octets()[0] >= 224
        }
        IpAddr::V6(address) => {
            address.is_unicast_link_local()
                || STEERED_V6.contains(&address)
                || address.is_unspecified()
                || address.is_multicast()
                || embedded(address).is_some_and(|inner| is_off_limits(IpAddr::V4(inner)))
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Only global unicast addresses, and of those none that stand for another kind of address.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let documentation = a == 0x2001 && b == 0xdb8;
    let tunnel = a == 0x2002 || (a == 0x2001 && b < 0x200);
    (0x2000..0x4000).contains(&a) && !documentation && !tunnel
}

/// The IPv4 address to which an IPv6 address leads: mapped and compatible (RFC 4291, section 2.5.5), translated
/// (RFC 6052, RFC 8215) or 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, _, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        (0, 0) if (c, e) == (0, 0) && matches!(f, 0 | 0xffff) && g != 0 => Some(v4(g, h)),
        (0x64, 0xff9b) => Some(v4(g, h)),
        (0x2002, _) => Some(v4(b, c)),
        _ => None,
    }
}
