/// An absolute web address, taken apart as far as rules need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WebAddress<'text> {
    /// As written.
    pub(super) scheme: &'text str,
    /// Without user, port and brackets.
    pub(super) host: &'text str,
    /// The authority names a user.
    pub(super) has_user: bool,
}

/// Services that lend a public name to a machine behind a firewall, or show every request that reaches a name.
const TUNNELS: &[&str] = &[
    "ngrok.io",
    "ngrok.app",
    "ngrok.dev",
    "ngrok-free.app",
    "ngrok-free.dev",
    "loca.lt",
    "localtunnel.me",
    "trycloudflare.com",
    "serveo.net",
    "localhost.run",
    "lhr.life",
    "expose.dev",
    "sharedwithexpose.com",
    "pagekite.me",
    "tunnelmole.net",
    "devtunnels.ms",
    "bore.pub",
    "webhook.site",
    "requestcatcher.com",
    "requestbin.com",
    "beeceptor.com",
];

impl<'text> WebAddress<'text> {
    /// An address with `://`; none for anything else.
    pub(super) fn parse(value: &'text str) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let (has_user, place) = match authority.rsplit_once('@') {
            Some((_, place)) => (true, place),
            None => (false, authority),
        };
        let host = match place.strip_prefix('[') {
            Some(inside) => inside.split(']').next()?,
            None => place.split(':').next()?,
        };
        let is_scheme = !scheme.is_empty()
            && scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
        (is_scheme && !host.is_empty()).then_some(Self {
            scheme,
            host,
            has_user,
        })
    }

    /// The machine itself.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.host.to_lowercase();
        let is_ipv4 = host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback() || address.is_unspecified());
        host == "localhost" || host.ends_with(".localhost") || host == "::1" || is_ipv4
    }

    /// A name that never resolves in public: `.test`, `.local`, `.invalid`, or an address of a private network.
    pub(super) fn is_reserved_for_tests(&self) -> bool {
        let host = self.host.to_lowercase();
        let private = host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_private() || address.is_link_local());
        private
            || [".test", ".local", ".invalid", ".internal"]
                .iter()
                .any(|end| host.ends_with(end))
    }

    /// The tunnel service that the host belongs to.
    pub(super) fn tunnel(&self) -> Option<&'static str> {
        let host = self.host.to_lowercase();
        TUNNELS
            .iter()
            .copied()
            .find(|tunnel| is_in_domain(&host, tunnel))
    }
}

/// Whether a lower-case domain is one that RFC 2606 keeps for examples, or stands in for one.
pub(super) fn is_example_domain(domain: &str) -> bool {
    domain.ends_with(".example")
        || [
            "example.com",
            "example.org",
            "example.net",
            "yourdomain.com",
            "your-domain.com",
        ]
        .iter()
        .any(|example| is_in_domain(domain, example))
}

fn is_in_domain(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
