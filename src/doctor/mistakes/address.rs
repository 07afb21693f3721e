//! The base string URI.

use super::{Change, Family, Make, Mistake, Variants};
use crate::doctor::facts::{Facts, Piece};
use crate::text::percent;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/other-scheme-signed",
        family: Family::Address,
        statement: "The scheme in the base string is not the one that the store sees: http for https, or the reverse",
        detection: "the signature fits with the other scheme",
        seen: "shops behind a proxy that ends TLS; a base URL written with http that redirects",
        fix: "Sign the URL that is sent. Behind a proxy that ends TLS, let it send `X-Forwarded-Proto: https`, which the store needs to see https.",
        make: Make::Signed(other_scheme),
    },
    Mistake {
        id: "mistake/www-differs",
        family: Family::Address,
        statement: "The host was signed with `www.` and sent without it, or the reverse",
        detection: "the signature fits with `www.` added to or taken from the host",
        seen: "redirects between the apex and `www`",
        fix: "Use the host of the store's base URL in the client, so that nothing redirects.",
        make: Make::Signed(www),
    },
    Mistake {
        id: "mistake/internal-host-signed",
        family: Family::Address,
        statement: "Another host was signed than the one in the `Host` header",
        detection: "the signature fits with localhost, or with a host that another header names",
        seen: "docker networks, proxies that rewrite `Host`",
        fix: "Let the proxy pass `Host` on unchanged, or sign the host that reaches the store.",
        make: Make::Signed(internal_host),
    },
    Mistake {
        id: "mistake/port-missing",
        family: Family::Address,
        statement: "The port is missing from the base string URI",
        detection: "the signature fits without the port",
        seen: "scribejava#841; signers that use the host name alone",
        fix: "Keep every port but 80 for http and 443 for https in the base string URI (RFC 5849 §3.4.1.2).",
        make: Make::Signed(port_missing),
    },
    Mistake {
        id: "mistake/default-port-signed",
        family: Family::Address,
        statement: "The scheme's own port, `:443` or `:80`, stands in the base string URI",
        detection: "the signature fits with the port of the scheme added",
        seen: "signers that build the URI from host and port",
        fix: "Leave out port 443 for https and port 80 for http.",
        make: Make::Signed(default_port),
    },
    Mistake {
        id: "mistake/other-port-signed",
        family: Family::Address,
        statement: "Another port was signed than the one that the store sees",
        detection: "the signature fits with a port in common use, or the one of `X-Forwarded-Port`",
        seen: "containers and proxies that map ports",
        fix: "Sign the port of the URL that is sent, and let the proxy pass `Host` on with its port.",
        make: Make::Signed(other_port),
    },
    Mistake {
        id: "mistake/query-in-base-uri",
        family: Family::Address,
        statement: "The query string was left in the base string URI",
        detection: "the signature fits with the query behind the path, its parameters signed again or not",
        seen: "hand-written signers that pass the whole URL; mage2vuestorefront#77",
        fix: "Cut the URL at `?` for the base string URI, and put the query's parameters among the signed ones.",
        make: Make::Signed(query_in_uri),
    },
    Mistake {
        id: "mistake/index-php-differs",
        family: Family::Address,
        statement: "`/index.php` was signed and not sent, or the reverse",
        detection: "the signature fits with `/index.php` added to or taken from the path",
        seen: "magento2#10574; stores without rewrites",
        fix: "Sign the path exactly as it is on the request line.",
        make: Make::Signed(index_php),
    },
    Mistake {
        id: "mistake/store-code-differs",
        family: Family::Address,
        statement: "The store code in the path differs between what was signed and what was sent: `/rest/default`, `/rest/all`, `/rest`",
        detection: "the signature fits with another store code in the path",
        seen: "clients that add the store view after signing",
        fix: "Choose the store view before signing, and sign the path as sent.",
        make: Make::Signed(store_code),
    },
    Mistake {
        id: "mistake/path-prefix-differs",
        family: Family::Address,
        statement: "A leading part of the path was signed and not sent, or the reverse, as a rewrite does it",
        detection: "the signature fits without the first part of the path, or with `/pub` before it",
        seen: "stores in a sub-folder, gateways that strip a prefix",
        fix: "Sign the path that reaches the store.",
        make: Make::Signed(prefix),
    },
    Mistake {
        id: "mistake/trailing-slash-differs",
        family: Family::Address,
        statement: "A slash at the end of the path was signed and not sent, or the reverse",
        detection: "the signature fits with the slash at the end added or taken away",
        seen: "base URLs joined with an empty path",
        fix: "Sign the path exactly as it is on the request line.",
        make: Make::Signed(trailing_slash),
    },
    Mistake {
        id: "mistake/double-slash-differs",
        family: Family::Address,
        statement: "A double slash was signed and not sent, or the reverse",
        detection: "the signature fits with `//` collapsed, or doubled behind the host",
        seen: "`store_base_url` ends in a slash and the client appends `/oauth/token/request`",
        fix: "Cut the slash at the end of the base URL before a path is appended.",
        make: Make::Signed(double_slash),
    },
    Mistake {
        id: "mistake/path-decoded",
        family: Family::Address,
        statement: "The path was decoded before it was signed",
        detection: "the signature fits with the path's escapes decoded",
        seen: "magento2#37830; frameworks that hand out the decoded path",
        fix: "Sign the path as it is on the request line, escapes included.",
        make: Make::Signed(path_decoded),
    },
    Mistake {
        id: "mistake/path-encoded-twice",
        family: Family::Address,
        statement: "The path was escaped once more before it was signed: `%252F` for `%2F`",
        detection: "the signature fits with every `%` of the path as `%25`",
        seen: "magento2#37913",
        fix: "Escape a path segment once, and sign what is sent.",
        make: Make::Signed(path_twice),
    },
    Mistake {
        id: "mistake/path-case-changed",
        family: Family::Address,
        statement: "The path was signed in lower case",
        detection: "the signature fits with the path in lower case",
        seen: "signers that lower-case the whole URL instead of scheme and host",
        fix: "Lower-case scheme and host only; the path keeps its case.",
        make: Make::Signed(path_case),
    },
    Mistake {
        id: "mistake/host-case-kept",
        family: Family::Address,
        statement: "The host was signed with the upper-case letters of the URL",
        detection: "the signature fits with the host as sent, or in upper case",
        seen: "configurations with `Shop.Example`",
        fix: "Lower-case the host, in the URL and in the base string.",
        make: Make::Signed(host_case),
    },
    Mistake {
        id: "mistake/only-path-signed",
        family: Family::Address,
        statement: "The base string URI lacks scheme and host",
        detection: "the signature fits with the path alone, or without the scheme",
        seen: "signers fed with the request target of the framework",
        fix: "Begin the base string URI with scheme and host.",
        make: Make::Signed(only_path),
    },
    Mistake {
        id: "mistake/only-host-signed",
        family: Family::Address,
        statement: "The base string URI ends behind the host, or behind the base URL of the client",
        detection: "the signature fits with the URI cut behind host, `/rest`, store code or version",
        seen: "clients with a configured base URL and relative paths: the signer sees the base alone",
        fix: "Join base URL and path before signing.",
        make: Make::Signed(only_host),
    },
    Mistake {
        id: "mistake/fragment-signed",
        family: Family::Address,
        statement: "The fragment behind `#` was signed",
        detection: "the signature fits with the fragment behind the path or in the query",
        seen: "URLs copied from a browser",
        fix: "Cut the URL at `#` before signing; a fragment is never sent.",
        make: Make::Signed(fragment),
    },
    Mistake {
        id: "mistake/userinfo-signed",
        family: Family::Address,
        statement: "User name and password of the URL stand in the base string URI",
        detection: "the signature fits with the basic login of the same request before the host",
        seen: "staging shops behind basic authentication: `https://user:password@host/…`",
        fix: "Take the login out of the URL before signing; send it in the header of the proxy.",
        make: Make::Signed(userinfo),
    },
    Mistake {
        id: "mistake/service-path-signed",
        family: Family::Address,
        statement: "`/rest` or the version is missing from the signed path",
        detection: "the signature fits with `/rest` or `/V1` left out",
        seen: "clients that sign the service path and send the full one",
        fix: "Sign the whole path of the request line.",
        make: Make::Signed(without_rest),
    },
];

fn with_path(facts: &Facts<'_>, path: &str) -> String {
    format!("{}://{}{path}", facts.scheme, facts.authority())
}

fn with_host(facts: &Facts<'_>, host: &str) -> String {
    format!("{}://{host}{}", facts.scheme, facts.base_path())
}

fn port(facts: &Facts<'_>) -> String {
    let (authority, host) = (facts.authority(), facts.host_name());
    authority.strip_prefix(&host).unwrap_or_default().to_owned()
}

fn other_scheme(facts: &Facts<'_>, variants: &mut Variants) {
    let other = if facts.scheme == "http" {
        "https"
    } else {
        "http"
    };
    let path = facts.base_path();
    variants.address(format!("{other}://{}{path}", facts.authority()));
    // The port of the other scheme goes as well.
    variants.address(format!("{other}://{}{path}", facts.host_name()));
}

fn www(facts: &Facts<'_>, variants: &mut Variants) {
    let authority = facts.authority();
    match authority.strip_prefix("www.") {
        Some(bare) => variants.address(with_host(facts, bare)),
        None => variants.address(with_host(facts, &format!("www.{authority}"))),
    }
}

fn internal_host(facts: &Facts<'_>, variants: &mut Variants) {
    let port = port(facts);
    for host in ["localhost", "127.0.0.1"] {
        variants.address(with_host(facts, &format!("{host}{port}")));
    }
    for name in ["x-forwarded-host", "x-original-host", "x-host"] {
        if let Some(host) = facts.request.header(name) {
            let first = host.split(',').next().unwrap_or_default().trim();
            variants.address(with_host(facts, &first.to_ascii_lowercase()));
        }
    }
    let forwarded = facts.request.header("forwarded").unwrap_or_default();
    let host = forwarded.split([';', ',']).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("host")
            .then(|| value.trim_matches('"'))
    });
    if let Some(host) = host {
        variants.address(with_host(facts, &host.to_ascii_lowercase()));
    }
}

fn port_missing(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_host(facts, &facts.host_name()));
}

fn default_port(facts: &Facts<'_>, variants: &mut Variants) {
    let port = if facts.scheme == "http" { 80 } else { 443 };
    variants.address(with_host(facts, &format!("{}:{port}", facts.host_name())));
}

fn other_port(facts: &Facts<'_>, variants: &mut Variants) {
    let forwarded = facts.request.header("x-forwarded-port");
    let known = ["8080", "8443", "80", "443", "8000", "3000"];
    for port in known.into_iter().chain(forwarded) {
        let own = if facts.scheme == "http" { "80" } else { "443" };
        if port != own {
            variants.address(with_host(facts, &format!("{}:{port}", facts.host_name())));
        }
    }
}

fn query_in_uri(facts: &Facts<'_>, variants: &mut Variants) {
    if facts.query.is_empty() {
        return;
    }
    let address = with_path(facts, &format!("{}?{}", facts.base_path(), facts.query));
    let decoded = percent::decode_text(&address).into_owned();
    for address in [address, decoded] {
        for query in [None, Some(Vec::new())] {
            let signed = if query.is_some() {
                ""
            } else {
                ", and signed again as parameters"
            };
            variants.push(Change {
                detail: Some(format!("the query stands behind the path{signed}")),
                address: Some(address.clone().into_bytes()),
                query,
                ..Change::default()
            });
        }
    }
}

fn index_php(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    match path.strip_prefix("/index.php") {
        Some(rest) => variants.address(with_path(facts, rest)),
        None => variants.address(with_path(facts, &format!("/index.php{path}"))),
    }
}

fn store_code(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    let Some((before, rest)) = path.split_once("/rest/") else {
        return;
    };
    let version = |text: &str| {
        text.starts_with(['V', 'v']) && text[1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let service = if version(rest) {
        rest
    } else {
        match rest.split_once('/') {
            Some((_, service)) if version(service) => service,
            _ => return,
        }
    };
    for code in ["", "default/", "all/", "en/"] {
        variants.address(with_path(facts, &format!("{before}/rest/{code}{service}")));
    }
}

fn prefix(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    if let Some(second) = path[1..].find('/') {
        variants.address(with_path(facts, &path[1 + second..]));
    }
    for prefix in ["/pub", "/magento", "/shop", "/store", "/default"] {
        variants.address(with_path(facts, &format!("{prefix}{path}")));
    }
}

fn trailing_slash(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    match path.strip_suffix('/') {
        Some(rest) => variants.address(with_path(facts, rest)),
        None => variants.address(with_path(facts, &format!("{path}/"))),
    }
}

fn double_slash(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    let mut collapsed = path.to_owned();
    while collapsed.contains("//") {
        collapsed = collapsed.replace("//", "/");
    }
    variants.address(with_path(facts, &collapsed));
    variants.address(with_path(facts, &format!("/{path}")));
}

fn path_decoded(facts: &Facts<'_>, variants: &mut Variants) {
    let mut address = with_path(facts, "").into_bytes();
    address.extend_from_slice(&percent::decode(facts.base_path().as_bytes()));
    variants.address(address);
}

fn path_twice(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    variants.address(with_path(facts, &path.replace('%', "%25")));
    let segments: Vec<String> = path.split('/').map(percent::encode).collect();
    variants.address(with_path(facts, &segments.join("/")));
}

fn path_case(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_path(facts, &facts.base_path().to_ascii_lowercase()));
}

fn host_case(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_host(facts, &facts.request.host));
    variants.address(with_host(facts, &facts.authority().to_ascii_uppercase()));
}

fn only_path(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    variants.address(path);
    variants.address(path.trim_start_matches('/'));
    variants.address(format!("{}{path}", facts.authority()));
    variants.address(format!("//{}{path}", facts.authority()));
}

fn only_host(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_path(facts, ""));
    let path = facts.base_path();
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    for &at in slashes.iter().skip(1).take(4) {
        variants.address(with_path(facts, &path[..at]));
    }
}

fn fragment(facts: &Facts<'_>, variants: &mut Variants) {
    if let Some(fragment) = facts.fragment {
        variants.address(with_path(
            facts,
            &format!("{}#{fragment}", facts.base_path()),
        ));
        let mut query: Vec<_> = facts.pieces.iter().map(Piece::pair).collect();
        if let Some(last) = query.last_mut() {
            last.value.extend_from_slice(b"#");
            last.value.extend_from_slice(fragment.as_bytes());
            variants.query(query);
        }
    }
}

fn userinfo(facts: &Facts<'_>, variants: &mut Variants) {
    if let Some(login) = facts.request.basic_login() {
        variants.push(Change {
            address: Some(with_host(facts, &format!("{login}@{}", facts.authority())).into_bytes()),
            ..Change::default()
        });
    }
}

fn without_rest(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    if path.contains("/rest/") {
        variants.address(with_path(facts, &path.replacen("/rest/", "/", 1)));
    }
    if path.contains("/V1/") {
        variants.address(with_path(facts, &path.replacen("/V1/", "/", 1)));
        let (_, service) = path.split_once("/V1/").unwrap_or(("", path));
        variants.address(with_path(facts, &format!("/{service}")));
    }
}
