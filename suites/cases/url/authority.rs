//! # Scheme, host and port
//!
//! The URL of the base string has a lower-case scheme and host, no default port, and what else the request went to.
//!
//! Source: RFC 5849 §3.4.1.2, docs/protocol/signatures.md#the-url.

use magespec::conformance::{Case, Lab, Need, Stop, said};
use magespec::oauth::Dialect::Native;

const URL: &[&str] = &["rfc5849-3.4.1.2-base-string-uri"];

/// The URL without its port, when it has one.
fn portless(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    format!("{scheme}://{host}/{path}")
}

/// A host with the port that its scheme has when none is written.
fn with_default_port(lab: &Lab<'_>) -> String {
    let port = if lab.origin().starts_with("https:") {
        443
    } else {
        80
    };
    format!("{}:{port}", own_host(lab))
}

/// The store's name, which its web server knows; another one for a store that is reached by its address, in which there is no case.
fn own_host(lab: &Lab<'_>) -> String {
    let authority = lab.authority();
    let host = authority
        .rsplit_once(':')
        .map_or(authority.as_str(), |(host, _)| host);
    let is_name = !host.starts_with('[') && host.contains(|letter: char| letter.is_alphabetic());
    if is_name {
        host.to_ascii_lowercase()
    } else {
        "magespec.example".to_owned()
    }
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "url/port-kept",
        "a port that is not the default is signed",
        |lab| {
            let base = lab.base();
            let authority = base.split_once("://").map_or("", |(_, rest)| rest);
            if !authority
                .split('/')
                .next()
                .unwrap_or_default()
                .contains(':')
            {
                return Err(Stop::NotApplicable(
                    "the store is on the default port".into(),
                ));
            }
            lab.refuses(&lab.e1()?, |r| r.signed_url(portless), said::M16)
        },
    )
    .covers(URL)
    .rfc("5849 §3.4.1.2"),
    Case::must(
        "url/default-port-dropped",
        "the default port in the Host header is not signed",
        |lab| {
            let (host, plain) = (&with_default_port(lab), &own_host(lab));
            let signed = |url: &str| replaced_host(url, plain);
            lab.verifies(!lab.speaks(&[Native]), &lab.call()?, |r| {
                r.header("Host", host).signed_url(signed)
            })
        },
    )
    .covers(URL)
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    Case::must(
        "url/host-lower-case",
        "an upper-case host is signed in lower case",
        |lab| {
            let plain = &own_host(lab);
            let signed = |url: &str| replaced_host(url, plain);
            lab.verifies(!lab.speaks(&[Native]), &lab.call()?, |r| {
                r.header("Host", &plain.to_uppercase()).signed_url(signed)
            })
        },
    )
    .covers(URL)
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    Case::profile(
        "url/native-keeps-default-port",
        "the native dialect signs the default port as sent",
        |lab| {
            let host = &with_default_port(lab);
            let signed = |url: &str| replaced_host(url, host);
            lab.verifies(lab.speaks(&[Native]), &lab.call()?, |r| {
                r.header("Host", host).signed_url(signed)
            })
        },
    )
    .covers(&["store-native-authority"])
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    Case::profile(
        "url/native-keeps-host-case",
        "the native dialect signs the host as sent",
        |lab| {
            let upper = &own_host(lab).to_uppercase();
            let signed = |url: &str| replaced_host(url, upper);
            lab.verifies(lab.speaks(&[Native]), &lab.call()?, |r| {
                r.header("Host", upper).signed_url(signed)
            })
        },
    )
    .covers(&["store-native-authority"])
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    Case::must("url/scheme", "the other scheme does not verify", |lab| {
        let other = |url: &str| match url.strip_prefix("https://") {
            Some(rest) => format!("http://{rest}"),
            None => url.replacen("http://", "https://", 1),
        };
        lab.refuses(&lab.e1()?, |r| r.signed_url(other), said::M16)
    })
    .covers(URL)
    .rfc("5849 §3.4.1.2"),
    Case::security(
        "url/forwarded-proto",
        "X-Forwarded-Proto should not be believed from anybody",
        |lab| {
            if lab.base().starts_with("https") {
                return Err(Stop::NotApplicable("the store speaks https already".into()));
            }
            let secure = |url: &str| url.replacen("http://", "https://", 1);
            lab.tolerates(
                &lab.call()?,
                |r| r.header("X-Forwarded-Proto", "https").signed_url(secure),
                "X-Forwarded-Proto is believed from anybody",
            )
        },
    )
    .covers(&["store-forwarded-proto"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::security(
        "url/foreign-host",
        "a foreign Host header should not be believed",
        |lab| {
            let signed = |url: &str| replaced_host(url, "evil.example");
            lab.tolerates(
                &lab.call()?,
                |r| r.header("Host", "evil.example").signed_url(signed),
                "a request can be signed for any host that the server accepts",
            )
        },
    )
    .covers(&["store-foreign-host"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "url/other-host-signed",
        "a signature for another host does not verify",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.signed_url(|url| replaced_host(url, "other.example")),
                said::M16,
            )
        },
    )
    .covers(URL)
    .rfc("5849 §3.4.1.2")
    .needs(&[Need::Credentials]),
];

/// The URL with another authority.
fn replaced_host(url: &str, host: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    format!("{scheme}://{host}{path}")
}
