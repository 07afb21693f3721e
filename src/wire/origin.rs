use std::fmt;

use super::Error;

/// `http` or `https`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain.
    #[default]
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// As in a URL, without `://`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that a URL need not name.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Where a request goes: scheme, host and port, apart from what stands in the request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Plain or TLS.
    pub scheme: Scheme,
    /// Host name or address; an IPv6 address without its brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Origin {
    /// Splits an absolute URL into its origin and the request target, the latter byte for byte as written: no decoding, no dot segments
    /// removed. A fragment is cut off, an empty path becomes `/`.
    ///
    /// ```
    /// # use magespec::wire::Origin;
    /// let (origin, target) = Origin::split("http://127.0.0.1:8080//oauth/./token?a=%5b")?;
    /// assert_eq!(origin.to_string(), "http://127.0.0.1:8080");
    /// assert_eq!(target, "//oauth/./token?a=%5b");
    /// # Ok::<(), magespec::wire::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Url`] when the text is no `http` or `https` URL with a host.
    pub fn split(url: &str) -> Result<(Self, String), Error> {
        let wrong = |reason: &'static str| Error::Url {
            url: url.to_owned(),
            reason,
        };
        if url
            .chars()
            .any(|letter| letter.is_ascii_control() || letter == ' ')
        {
            return Err(wrong("it holds a blank or a control character"));
        }
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| wrong("it has no scheme"))?;
        let scheme = [Scheme::Http, Scheme::Https]
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(scheme))
            .ok_or_else(|| wrong("its scheme is neither http nor https"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        if let Some((_, place)) = authority.rsplit_once('@') {
            return Err(Error::Url {
                url: format!("{}://…@{place}{target}", scheme.name()),
                reason: "it holds a user name, and perhaps a password",
            });
        }
        let (host, port) = split_port(authority).ok_or_else(|| wrong("its port is no number"))?;
        if host.is_empty() {
            return Err(wrong("it has no host"));
        }
        let origin = Self {
            scheme,
            host: host.to_owned(),
            port: port.unwrap_or(scheme.default_port()),
        };
        let target = if target.starts_with('/') {
            target.to_owned()
        } else {
            format!("/{target}")
        };
        Ok((origin, target))
    }

    /// The value of a `Host` header: the port is left out when it is the scheme's own.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.bracketed_host();
        if self.port == self.scheme.default_port() {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// `host:port` as the socket needs it, the port always there.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}:{}", self.bracketed_host(), self.port)
    }

    fn bracketed_host(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        }
    }
}

/// As in a URL, without a path.
impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme.name(), self.authority())
    }
}

/// Host (without brackets) and port; none when the port is no number.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        return match port.strip_prefix(':') {
            None | Some("") => Some((host, None)),
            Some(port) => Some((host, Some(port.parse().ok()?))),
        };
    }
    match authority.split_once(':') {
        None | Some((_, "")) => Some((authority.trim_end_matches(':'), None)),
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
    }
}
