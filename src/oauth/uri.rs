//! The base string URI: scheme, authority and path as each dialect writes them (spec oauth.md §2.6; RFC 5849 §3.4.1.2).

use super::dialect::{Authority, PathForm};
use super::{Request, Rules};
use crate::text::percent::{self, UNRESERVED};

/// A request target without its fragment, cut at the first `?`: path, and query when there is one.
pub(super) fn split_target(target: &str) -> (&str, Option<&str>) {
    let target = target.split_once('#').map_or(target, |(before, _)| before);
    target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)))
}

/// The base string URI, not yet encoded.
pub(super) fn render(rules: &Rules, request: &Request<'_>) -> Vec<u8> {
    let mut output =
        Vec::with_capacity(request.scheme.len() + request.host.len() + request.target.len());
    match rules.authority {
        Authority::AsSent => {
            output.extend_from_slice(request.scheme.as_bytes());
            output.extend_from_slice(b"://");
            output.extend_from_slice(request.host.as_bytes());
        }
        Authority::Normalised => {
            output.extend(request.scheme.bytes().map(|byte| byte.to_ascii_lowercase()));
            output.extend_from_slice(b"://");
            let host = without_default_port(request.scheme, request.host);
            output.extend(host.bytes().map(|byte| byte.to_ascii_lowercase()));
        }
    }
    let path = split_target(request.target).0;
    if path.is_empty() {
        output.push(b'/');
        return output;
    }
    match rules.path {
        PathForm::AsSent => output.extend_from_slice(path.as_bytes()),
        PathForm::Decoded => {
            let decoded = decode_reserved(&without_dot_segments(path.as_bytes()));
            encode_again(&mut output, &decoded);
        }
    }
    output
}

fn without_default_port<'a>(scheme: &str, host: &'a str) -> &'a str {
    let default = if scheme.eq_ignore_ascii_case("http") {
        "80"
    } else if scheme.eq_ignore_ascii_case("https") {
        "443"
    } else {
        return host;
    };
    match host.rsplit_once(':') {
        Some((name, port)) if port == default || port.is_empty() => name,
        _ => host,
    }
}

/// RFC 3986 §5.2.4.
fn without_dot_segments(path: &[u8]) -> Vec<u8> {
    let mut output: Vec<u8> = Vec::with_capacity(path.len());
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(tail) = rest
            .strip_prefix(b"../")
            .or_else(|| rest.strip_prefix(b"./"))
        {
            rest = tail;
        } else if rest == b"." || rest == b".." {
            rest = b"";
        } else if rest == b"/." {
            rest = b"/";
        } else if rest.starts_with(b"/./") {
            rest = &rest[2..];
        } else if rest == b"/.." || rest.starts_with(b"/../") {
            let parent = output.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
            output.truncate(parent);
            rest = if rest.len() == 3 { b"/" } else { &rest[3..] };
        } else {
            let end = rest
                .iter()
                .skip(1)
                .position(|&byte| byte == b'/')
                .map_or(rest.len(), |at| at + 1);
            output.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
    }
    output
}

/// Bytes of a path that stand unescaped in generation B.
const KEPT: [bool; 256] = {
    let mut table = UNRESERVED;
    let kept = b":@&=+$,/;()";
    let mut at = 0;
    while at < kept.len() {
        table[kept[at] as usize] = true;
        at += 1;
    }
    table
};

/// Decodes the escapes of unreserved bytes and of `: @ & = + $ , / ; %`; the others get upper-case digits.
fn decode_reserved(path: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(path.len());
    let mut at = 0;
    while at < path.len() {
        let Some(byte) = percent::escape(path, at) else {
            output.push(path[at]);
            at += 1;
            continue;
        };
        let decoded = byte == b'%' || (KEPT[usize::from(byte)] && !matches!(byte, b'(' | b')'));
        if decoded {
            output.push(byte);
        } else {
            output.extend_from_slice(&percent::escaped(byte));
        }
        at += 3;
    }
    output
}

/// Escapes what is neither kept nor an escape already.
fn encode_again(output: &mut Vec<u8>, path: &[u8]) {
    for (at, &byte) in path.iter().enumerate() {
        if KEPT[usize::from(byte)] || (byte == b'%' && percent::escape(path, at).is_some()) {
            output.push(byte);
        } else {
            output.extend_from_slice(&percent::escaped(byte));
        }
    }
}
