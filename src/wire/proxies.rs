//! Proxies for traffic, as the usual variables of the environment name them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Error, Origin, Scheme};
use crate::secret::Secret;
use crate::text::percent;

/// Which proxy a request goes through, if any.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    /// Hosts and domains that are reached directly; `*` is all of them.
    direct: Vec<String>,
}

/// A proxy that is spoken to in plain HTTP.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    pub(super) origin: Origin,
    credentials: Option<Secret>,
}

impl Proxies {
    /// What `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in lower case first. `variable` gives a variable's value.
    ///
    /// # Errors
    /// [`Error::Proxy`] when one of them is no URL of a proxy over plain HTTP.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let value = |name: &str| {
            let either = variable(&name.to_lowercase()).or_else(|| variable(name));
            either.filter(|value| !value.is_empty())
        };
        let proxy = |name: &'static str| {
            let named = value(name).map(|url| (name, url));
            let all = || value("ALL_PROXY").map(|url| ("ALL_PROXY", url));
            let found = named.or_else(all);
            found
                .map(|(name, url)| Proxy::parse(name, &url))
                .transpose()
        };
        let direct = value("NO_PROXY").unwrap_or_default();
        let hosts = direct.split(',').map(str::trim);
        Ok(Self {
            http: proxy("HTTP_PROXY")?,
            https: proxy("HTTPS_PROXY")?,
            direct: hosts
                .filter(|host| !host.is_empty())
                .map(|host| {
                    host.trim_start_matches("*.")
                        .trim_start_matches('.')
                        .to_lowercase()
                })
                .collect(),
        })
    }

    /// The proxy for this origin. This machine is always reached directly.
    pub(super) fn before(&self, origin: &Origin) -> Option<&Proxy> {
        let host = origin.host.to_lowercase();
        let address = host.parse::<std::net::IpAddr>();
        let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        let named = |direct: &String| {
            let end = host.strip_suffix(direct.as_str());
            direct == "*" || end.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if here || self.direct.iter().any(named) {
            return None;
        }
        match origin.scheme {
            Scheme::Http => self.http.as_ref(),
            Scheme::Https => self.https.as_ref(),
        }
    }
}

impl Proxy {
    fn parse(variable: &'static str, url: &str) -> Result<Self, Error> {
        let wrong = |reason: &'static str| Error::Proxy { variable, reason };
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong("it is not reached over plain HTTP"));
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let (origin, _) = Origin::split(&format!("http://{host}"))
            .map_err(|_| wrong("its host or port cannot be used"))?;
        let credentials =
            user.map(|user| Secret::new(STANDARD.encode(percent::decode_text(user).as_bytes())));
        Ok(Self {
            origin,
            credentials,
        })
    }

    /// The field that lets us in; empty when the proxy asks for nothing.
    fn authorization(&self) -> String {
        let field = |value: &Secret| format!("Proxy-Authorization: Basic {}\r\n", value.expose());
        self.credentials.as_ref().map(field).unwrap_or_default()
    }

    /// The request for a tunnel to an origin.
    pub(super) fn tunnel_request(&self, origin: &Origin) -> String {
        let address = origin.address();
        let authorization = self.authorization();
        format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n{authorization}\r\n")
    }

    /// A request in the form that a proxy takes: its target with scheme and host before it, the rest byte for byte.
    pub(super) fn forwarded(&self, origin: &Origin, bytes: &[u8]) -> Vec<u8> {
        let target = bytes.iter().position(|byte| *byte == b' ');
        let target = target.filter(|at| bytes.get(at + 1) == Some(&b'/'));
        let line = bytes.windows(2).position(|two| two == b"\r\n");
        let (Some(target), Some(line)) = (target, line) else {
            return bytes.to_vec();
        };
        if line < target {
            return bytes.to_vec();
        }
        let mut forwarded = bytes[..=target].to_vec();
        forwarded.extend_from_slice(format!("http://{}", origin.authority()).as_bytes());
        forwarded.extend_from_slice(&bytes[target + 1..line + 2]);
        forwarded.extend_from_slice(self.authorization().as_bytes());
        forwarded.extend_from_slice(&bytes[line + 2..]);
        forwarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Proxies::of(variable).expect("they can be used")
    }

    #[test]
    fn the_usual_variables_choose_the_proxy() {
        let chosen = proxies(&[
            ("http_proxy", "http://lower:1"),
            ("HTTP_PROXY", "http://upper:2"),
            ("ALL_PROXY", "any.example:3"),
            ("NO_PROXY", "shop.example, .inner.example,10.0.0.1"),
        ]);
        for (url, proxy) in [
            ("http://other.example/", Some("lower:1")),
            ("https://other.example/", Some("any.example:3")),
            ("https://shop.example/", None),
            ("https://www.shop.example/", None),
            ("https://myshop.example/", Some("any.example:3")),
            ("http://a.inner.example/", None),
            ("http://10.0.0.1/", None),
            ("http://localhost:8080/", None),
            ("http://127.0.0.1/", None),
            ("http://[::1]/", None),
        ] {
            let (origin, _) = Origin::split(url).expect("a URL");
            let found = chosen.before(&origin).map(|proxy| proxy.origin.address());
            assert_eq!(found.as_deref(), proxy, "{url}");
        }
        let none = proxies(&[("HTTP_PROXY", "p:1"), ("NO_PROXY", "*")]);
        let (origin, _) = Origin::split("http://other.example/").expect("a URL");
        assert!(none.before(&origin).is_none());
    }

    #[test]
    fn what_cannot_be_used_names_the_variable_and_no_password() {
        for url in [
            "https://user:secret@proxy:1",
            "socks5://user:secret@proxy",
            "http://user:secret@:x",
        ] {
            let error = Proxies::of(|name| (name == "HTTPS_PROXY").then(|| url.to_owned()));
            let said = error.expect_err("it cannot be used").to_string();
            assert!(
                said.contains("HTTPS_PROXY") && !said.contains("secret"),
                "{said}"
            );
        }
    }

    #[test]
    fn only_the_target_is_changed_on_the_way() {
        let chosen = proxies(&[("HTTP_PROXY", "http://me:p%40ss@proxy:1")]);
        let (origin, _) = Origin::split("http://shop.example:8083/").expect("a URL");
        let proxy = chosen.before(&origin).expect("a proxy");
        let sent = proxy.forwarded(&origin, b"GET //a/%2f?b=[ HTTP/1.1\r\nHost: x\r\n\r\nbody");
        assert_eq!(
            String::from_utf8_lossy(&sent),
            "GET http://shop.example:8083//a/%2f?b=[ HTTP/1.1\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\nHost: x\r\n\r\nbody"
        );
        assert_eq!(proxy.forwarded(&origin, b"nonsense"), b"nonsense");
    }
}
