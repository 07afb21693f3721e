use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What went wrong on the way to, at, or from a peer: one sentence that names it and the next step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operator's: the address cannot be listened on.
    #[error("cannot listen on {address}: {}", bind_reason(reason))]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The operator's: the text is no URL that a request can be sent to.
    #[error(
        "`{url}` is not a usable URL, {reason}{}: expected `http://HOST[:PORT]/PATH` or `https://…`",
        with_scheme(url)
    )]
    Url {
        /// The text.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The operator's: a variable of the environment names no proxy that can be used.
    #[error("{variable} cannot be used, {reason}: expected `http://[USER:PASSWORD@]HOST[:PORT]`")]
    Proxy {
        /// The variable.
        variable: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The proxy's: it makes no tunnel.
    #[error(
        "the proxy {proxy} makes no tunnel to {peer}: it answers `{answer}`; check HTTPS_PROXY, or name the host in NO_PROXY"
    )]
    NoTunnel {
        /// The proxy.
        proxy: String,
        /// The origin.
        peer: String,
        /// The beginning of its answer, escaped and cut.
        answer: String,
    },
    /// The operator's: a certificate or key file cannot be used.
    #[error("cannot use `{}`: {reason}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what was expected.
        reason: String,
    },
    /// The network's: the name has no address.
    #[error("the host name of {peer} has no address: check the spelling and the DNS")]
    Dns {
        /// The origin.
        peer: String,
    },
    /// The machine's: no handle is left to wait with.
    #[error("no connection can be made: {reason}; allow this program more open files")]
    NoHandles {
        /// What the system said.
        reason: std::io::Error,
    },
    /// The peer's: nothing listens there.
    #[error("{peer} refuses the connection: start the server there or check host and port")]
    Refused {
        /// The origin.
        peer: String,
    },
    /// The network's: no route, unreachable, or another failure while connecting.
    #[error("{peer} cannot be reached: {reason}; check the network and the address")]
    Unreachable {
        /// The origin.
        peer: String,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The peer's: it was too slow.
    #[error(
        "{peer} did not {what} within {} s: check that it is not stuck, or allow more time",
        seconds(limit)
    )]
    Timeout {
        /// The origin.
        peer: String,
        /// What it should have done: `accept the connection`, `answer`.
        what: &'static str,
        /// The time it had.
        limit: Duration,
    },
    /// The peer's: it closed the connection before a whole answer was there.
    #[error("{peer} closed the connection {}: look into its log", closed_when(*received))]
    Closed {
        /// The origin.
        peer: String,
        /// Bytes of the answer that had arrived.
        received: usize,
    },
    /// The peer's: what it sent is no HTTP/1 response.
    #[error(
        "{peer} does not speak HTTP/1, its answer begins with `{beginning}`: check scheme and port"
    )]
    NotHttp {
        /// The origin.
        peer: String,
        /// The first bytes, escaped and cut.
        beginning: String,
    },
    /// The peer's: its answer is larger than we read.
    #[error(
        "{peer} sends more than {limit} bytes in one answer, which is more than is read here: ask it for less"
    )]
    TooLarge {
        /// The origin.
        peer: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The peer's or the operator's: TLS was not agreed on, or the certificate is not trusted.
    #[error(
        "no TLS connection to {peer}: {reason}; give the certificate's issuer with --cacert, or check that the port speaks TLS"
    )]
    Tls {
        /// The origin.
        peer: String,
        /// What rustls said.
        reason: String,
    },
}

impl Error {
    /// Whether nobody was there to take the request: no address, no connection, or no answer in time.
    #[must_use]
    pub const fn is_no_connection(&self) -> bool {
        self.finds_nobody() || matches!(self, Self::Timeout { .. })
    }

    /// Whether nothing listens there: no address, or no connection.
    #[must_use]
    pub const fn finds_nobody(&self) -> bool {
        matches!(
            self,
            Self::Dns { .. } | Self::Refused { .. } | Self::Unreachable { .. }
        )
    }
}

fn bind_reason(reason: &std::io::Error) -> String {
    match reason.kind() {
        std::io::ErrorKind::AddrInUse => {
            "the port is in use; stop the program that has it or choose another port (0 takes a free one)".to_owned()
        }
        std::io::ErrorKind::AddrNotAvailable => {
            "no interface of this machine has that address; use 127.0.0.1 or 0.0.0.0".to_owned()
        }
        std::io::ErrorKind::PermissionDenied => {
            "the system does not allow it; choose a port above 1023".to_owned()
        }
        _ => format!("{reason}; choose another address"),
    }
}

fn closed_when(received: usize) -> String {
    if received == 0 {
        "without an answer".to_owned()
    } else {
        format!("in the middle of its answer, after {received} bytes")
    }
}

fn seconds(limit: &Duration) -> f64 {
    limit.as_secs_f64()
}

/// ` (did you mean …?)` for a host that was given without its scheme; empty for anything else.
fn with_scheme(url: &str) -> String {
    let host = url.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '[' | ']')
    };
    if url.contains("://") || host.is_empty() || !host.chars().all(plain) {
        return String::new();
    }
    let local =
        host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
    let scheme = if local { "http" } else { "https" };
    format!(" (did you mean `{scheme}://{url}`?)")
}

#[cfg(test)]
mod tests {
    use super::with_scheme;

    #[test]
    fn a_host_without_its_scheme_is_understood() {
        for (given, meant) in [
            ("localhost:8505", " (did you mean `http://localhost:8505`?)"),
            (
                "shop.example/de",
                " (did you mean `https://shop.example/de`?)",
            ),
            ("[::1]:80", " (did you mean `http://[::1]:80`?)"),
            ("ftp://shop.example", ""),
            ("user@shop.example", ""),
            ("", ""),
        ] {
            assert_eq!(with_scheme(given), meant, "{given}");
        }
    }
}
