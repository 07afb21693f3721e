//! The base string URIs that a client may have signed.

use crate::doctor::facts::{Facts, Piece};
use crate::doctor::mistakes::{Change, Variants};
use crate::text::percent;

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

pub(super) fn other_scheme(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn www(facts: &Facts<'_>, variants: &mut Variants) {
    let authority = facts.authority();
    match authority.strip_prefix("www.") {
        Some(bare) => variants.address(with_host(facts, bare)),
        None => variants.address(with_host(facts, &format!("www.{authority}"))),
    }
}

pub(super) fn internal_host(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn port_missing(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_host(facts, &facts.host_name()));
}

pub(super) fn default_port(facts: &Facts<'_>, variants: &mut Variants) {
    let port = if facts.scheme == "http" { 80 } else { 443 };
    variants.address(with_host(facts, &format!("{}:{port}", facts.host_name())));
}

pub(super) fn other_port(facts: &Facts<'_>, variants: &mut Variants) {
    let forwarded = facts.request.header("x-forwarded-port");
    let known = ["8080", "8443", "80", "443", "8000", "3000"];
    for port in known.into_iter().chain(forwarded) {
        let own = if facts.scheme == "http" { "80" } else { "443" };
        if port != own {
            variants.address(with_host(facts, &format!("{}:{port}", facts.host_name())));
        }
    }
}

pub(super) fn query_in_uri(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn index_php(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    match path.strip_prefix("/index.php") {
        Some(rest) => variants.address(with_path(facts, rest)),
        None => variants.address(with_path(facts, &format!("/index.php{path}"))),
    }
}

pub(super) fn store_code(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn prefix(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    if let Some(second) = path[1..].find('/') {
        variants.address(with_path(facts, &path[1 + second..]));
    }
    for prefix in ["/pub", "/magento", "/shop", "/store", "/default"] {
        variants.address(with_path(facts, &format!("{prefix}{path}")));
    }
}

pub(super) fn trailing_slash(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    match path.strip_suffix('/') {
        Some(rest) => variants.address(with_path(facts, rest)),
        None => variants.address(with_path(facts, &format!("{path}/"))),
    }
}

pub(super) fn double_slash(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    let mut collapsed = path.to_owned();
    while collapsed.contains("//") {
        collapsed = collapsed.replace("//", "/");
    }
    variants.address(with_path(facts, &collapsed));
    variants.address(with_path(facts, &format!("/{path}")));
}

pub(super) fn path_decoded(facts: &Facts<'_>, variants: &mut Variants) {
    let mut address = with_path(facts, "").into_bytes();
    address.extend_from_slice(&percent::decode(facts.base_path().as_bytes()));
    variants.address(address);
}

pub(super) fn path_twice(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    variants.address(with_path(facts, &path.replace('%', "%25")));
    let segments: Vec<String> = path.split('/').map(percent::encode).collect();
    variants.address(with_path(facts, &segments.join("/")));
}

pub(super) fn path_case(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_path(facts, &facts.base_path().to_ascii_lowercase()));
}

pub(super) fn host_case(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_host(facts, &facts.request.host));
    variants.address(with_host(facts, &facts.authority().to_ascii_uppercase()));
}

pub(super) fn only_path(facts: &Facts<'_>, variants: &mut Variants) {
    let path = facts.base_path();
    variants.address(path);
    variants.address(path.trim_start_matches('/'));
    variants.address(format!("{}{path}", facts.authority()));
    variants.address(format!("//{}{path}", facts.authority()));
}

pub(super) fn only_host(facts: &Facts<'_>, variants: &mut Variants) {
    variants.address(with_path(facts, ""));
    let path = facts.base_path();
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    for &at in slashes.iter().skip(1).take(4) {
        variants.address(with_path(facts, &path[..at]));
    }
}

pub(super) fn fragment(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn userinfo(facts: &Facts<'_>, variants: &mut Variants) {
    if let Some(login) = facts.request.basic_login() {
        variants.push(Change {
            address: Some(with_host(facts, &format!("{login}@{}", facts.authority())).into_bytes()),
            ..Change::default()
        });
    }
}

pub(super) fn without_rest(facts: &Facts<'_>, variants: &mut Variants) {
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
