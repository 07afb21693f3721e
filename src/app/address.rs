//! Which addresses the app calls. A stranger chooses `store_base_url`, and the app must not become his way into a network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The networks in which stores may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Networks {
    /// Public addresses only.
    Public,
    /// Private and loopback addresses too: for an app on a developer's machine.
    #[default]
    Private,
}

impl Networks {
    /// What fits an app that listens here: on loopback everything is one machine.
    #[must_use]
    pub const fn of_listener(address: &SocketAddr) -> Self {
        if address.ip().is_loopback() {
            Self::Private
        } else {
            Self::Public
        }
    }

    /// Whether a store may be at this address. Link-local (where clouds keep their metadata), unspecified, multicast and broadcast
    /// addresses are no store's.
    #[must_use]
    pub fn admit(self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                !never_v4(address) && (self == Self::Private || !inner_v4(address))
            }
            IpAddr::V6(address) => {
                !never_v6(address) && (self == Self::Private || !inner_v6(address))
            }
        }
    }

    /// Whether the host of a URL may be called: an address by [`Networks::admit`], a name until it is resolved.
    #[must_use]
    pub fn admit_host(self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(address)) => self.admit(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.admit(IpAddr::V6(address)),
            Some(Host::Domain(name)) => self == Self::Private || !names_this_machine(name),
            None => false,
        }
    }
}

fn never_v4(address: Ipv4Addr) -> bool {
    address.is_link_local()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_broadcast()
        || address.octets()[0] == 0
}

fn inner_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // 100.64.0.0/10 is shared by carriers (RFC 6598).
    address.is_loopback() || address.is_private() || (first == 100 && (64..128).contains(&second))
}

const fn never_v6(address: Ipv6Addr) -> bool {
    address.is_unspecified() || address.is_multicast() || address.is_unicast_link_local()
}

const fn inner_v6(address: Ipv6Addr) -> bool {
    address.is_loopback() || address.is_unique_local()
}

fn names_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// Resolves names to addresses that may be called, so that a name cannot lead where an address may not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver(pub(super) Networks);

impl Resolver {
    pub(super) fn shared(networks: Networks) -> Arc<Self> {
        Arc::new(Self(networks))
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> = found
                .filter(|address| networks.admit(address.ip()))
                .collect();
            if admitted.is_empty() {
                return Err(
                    format!("`{}` has no address that this app may call", name.as_str()).into(),
                );
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_clouds_and_this_machine_are_told_from_stores() {
        for (address, public, private) in [
            ("93.184.216.34", true, true),
            ("127.0.0.1", false, true),
            ("10.1.2.3", false, true),
            ("172.16.0.1", false, true),
            ("192.168.1.1", false, true),
            ("100.64.0.1", false, true),
            ("169.254.169.254", false, false),
            ("0.0.0.0", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("2606:2800:220:1::1", true, true),
            ("::1", false, true),
            ("fd00::1", false, true),
            ("fe80::1", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("::ffff:10.0.0.1", false, true),
        ] {
            let parsed: IpAddr = address.parse().expect("an address");
            assert_eq!(Networks::Public.admit(parsed), public, "{address}");
            assert_eq!(Networks::Private.admit(parsed), private, "{address}");
        }
    }

    #[test]
    fn other_spellings_of_an_address_are_the_address() {
        for url in [
            "http://169.254.169.254/",
            "http://2852039166/",
            "http://0xA9FEA9FE/",
            "http://[::ffff:a9fe:a9fe]/",
        ] {
            let parsed = Url::parse(url).expect("a URL");
            assert!(!Networks::Private.admit_host(&parsed), "{url}");
        }
        let local = Url::parse("http://shop.localhost/").expect("a URL");
        assert!(!Networks::Public.admit_host(&local));
    }
}
