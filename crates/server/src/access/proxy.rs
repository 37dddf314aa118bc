//! Who the client is when reverse proxies stand before us: `X-Forwarded-For`, believed from known networks only.

use axum::http::HeaderMap;
use std::net::IpAddr;

/// Networks whose word on the client's address is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trusted(Vec<Network>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    base: IpAddr,
    bits: u32,
}

impl Trusted {
    /// Reads networks with commas between: `10.0.0.0/8, ::1`. An address alone is a network of one.
    ///
    /// # Errors
    /// Names the first that is none.
    pub fn parse(text: &str) -> Result<Trusted, String> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let read = |item: &str| {
            Network::parse(item)
                .ok_or_else(|| format!("networks are wanted, as 10.0.0.0/8 or ::1 (not {item})"))
        };
        Ok(Trusted(items.map(read).collect::<Result<_, _>>()?))
    }

    /// The client behind a connection: read from the right, the first address that is none of our proxies.
    ///
    /// Each proxy appends the address it saw (`X-Forwarded-For` as nginx, Caddy and HAProxy write it), so that only
    /// what stands to the right of the first untrusted hop was written by somebody we trust; a client may send any
    /// beginning.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.holds(client) {
            return client;
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Some(address) = read_hop(hop.trim()) else { return client };
            client = address.to_canonical();
            if !self.holds(client) {
                break;
            }
        }
        client
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }
}

/// An address, with a port as some proxies write it.
fn read_hop(text: &str) -> Option<IpAddr> {
    let bare =
        text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(inside, _)| inside);
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|at| at.ip()))
}

impl Network {
    fn parse(text: &str) -> Option<Network> {
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().ok()?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Network { base, bits })
    }

    fn holds(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let away = base.to_bits() ^ address.to_bits();
                away.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let away = base.to_bits() ^ address.to_bits();
                away.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(trusted: &str, peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        Trusted::parse(trusted).unwrap().client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_unknown_may_say_who_the_client_is() {
        assert_eq!(client("", "127.0.0.1", &["192.0.2.1"]), "127.0.0.1");
        assert_eq!(client("10.0.0.0/8", "192.0.2.9", &["192.0.2.1"]), "192.0.2.9");
    }

    #[test]
    fn the_client_is_the_last_who_is_no_proxy_of_ours() {
        for (trusted, peer, lines, who) in [
            ("127.0.0.1", "127.0.0.1", &["192.0.2.1"][..], "192.0.2.1"),
            // What the client wrote itself stands to the left and counts for nothing.
            ("127.0.0.1", "127.0.0.1", &["1.1.1.1, 192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", "127.0.0.1", &["1.1.1.1", "192.0.2.1"], "192.0.2.1"),
            ("127.0.0.0/8,10.0.0.0/8", "127.0.0.1", &["192.0.2.1, 10.1.2.3"], "192.0.2.1"),
            ("10.0.0.0/8", "10.0.0.1", &["10.0.0.9"], "10.0.0.9"),
            ("10.0.0.0/8", "10.0.0.1", &["192.0.2.1, nonsense"], "10.0.0.1"),
            ("10.0.0.0/8", "10.0.0.1", &[], "10.0.0.1"),
            ("::1", "::1", &["[2001:db8::7]:443"], "2001:db8::7"),
            ("::1", "::1", &["192.0.2.1:5555"], "192.0.2.1"),
            ("0.0.0.0/0", "192.0.2.9", &["192.0.2.1"], "192.0.2.1"),
            // A socket of both families shows IPv4 clients as mapped addresses.
            ("10.0.0.0/8", "::ffff:10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
        ] {
            assert_eq!(client(trusted, peer, lines), who, "{trusted} {peer} {lines:?}");
        }
    }

    #[test]
    fn a_network_is_as_wide_as_it_says() {
        let network = Network::parse("192.0.2.64/26").unwrap();
        assert!(network.holds("192.0.2.127".parse().unwrap()));
        assert!(!network.holds("192.0.2.128".parse().unwrap()));
        for bad in ["10.0.0.0/33", "::/129", "host", "10.0.0.0/-1", "10.0.0.0/"] {
            assert!(Trusted::parse(bad).is_err(), "{bad}");
        }
    }
}
