//! The base string URI: scheme, authority and path as each dialect writes them (docs/protocol/signatures.md#the-url; RFC 5849 §3.4.1.2).

use super::dialect::{Authority, PathForm};
use super::limits::INLINE_BASE_STRING;
use super::output::{Full, Output};
use super::scan::{each_reserved, find, find_either, is_host_text};
use super::{Request, Rules};
use crate::text::percent::{self, UNRESERVED};

/// The path and the query of a request target; the query, empty when there is none, still with its fragment.
pub(super) fn split_target(target: &str) -> (&[u8], &[u8]) {
    let target = target.as_bytes();
    match find_either(target, b'?', b'#') {
        Some(end) if target[end] == b'?' => (&target[..end], &target[end + 1..]),
        Some(end) => (&target[..end], b""),
        None => (target, b""),
    }
}

/// A query as far as it is signed.
pub(super) fn without_fragment(query: &[u8]) -> &[u8] {
    find(query, b'#').map_or(query, |end| &query[..end])
}

/// Writes the base string URI with this path, percent-encoded.
pub(super) fn write(
    output: &mut Output<'_>,
    rules: &Rules,
    request: &Request<'_>,
    path: &[u8],
) -> Result<(), Full> {
    let (scheme, mut host) = (request.scheme.as_bytes(), request.host.as_bytes());
    if rules.authority == Authority::Normalised && !is_host_text(host) {
        host = without_default_port(request.scheme, request.host).as_bytes();
    }
    let lower = rules.authority == Authority::Normalised;
    match scheme {
        b"https" => output.push_padded(b"https%3A%2F%2F\0\0", 14)?,
        b"http" => output.push_padded(b"http%3A%2F%2F\0\0\0", 13)?,
        _ => {
            write_text(output, scheme, lower)?;
            output.push(b"%3A%2F%2F")?;
        }
    }
    write_text(output, host, lower)?;
    let path = if path.is_empty() { b"/" } else { path };
    let has_dots = || find(path, b'.').is_some();
    if rules.path == PathForm::AsSent || !has_dots() {
        let start = output.length();
        if let Some(written) = write_segments(output, path) {
            return written;
        }
        output.truncate(start);
    }
    if rules.path == PathForm::AsSent || stands(path) {
        return output.encode(path.iter().copied());
    }
    match path.len() {
        0..=512 => write_rewritten_on_stack::<512>(output, path),
        513..=INLINE_BASE_STRING => write_rewritten_on_stack::<INLINE_BASE_STRING>(output, path),
        length => write_rewritten(output, path, &mut vec![0; length]),
    }
}

#[inline(never)]
fn write_rewritten_on_stack<const N: usize>(
    output: &mut Output<'_>,
    path: &[u8],
) -> Result<(), Full> {
    write_rewritten(output, path, &mut [0; N])
}

/// Writes `path` as generation B rewrites it; `room` is as long as it, at least.
fn write_rewritten(output: &mut Output<'_>, path: &[u8], room: &mut [u8]) -> Result<(), Full> {
    let length = without_dot_segments(path, room);
    let length = decode_reserved(&mut room[..length]);
    output.encode(encode_again(&room[..length]))
}

/// Writes a path of which only `/` is reserved; none when another byte is, after a part of it was written.
fn write_segments(output: &mut Output<'_>, path: &[u8]) -> Option<Result<(), Full>> {
    let mut start = 0;
    let written = each_reserved(path, |at| {
        if path[at] != b'/' {
            return Err(None);
        }
        output.push_part(path, start, at).map_err(Some)?;
        start = at + 1;
        output.push_padded(b"%2F\0", 3).map_err(Some)
    });
    match written {
        Ok(()) => Some(output.push(&path[start..])),
        Err(full) => full.map(Err),
    }
}

fn write_text(output: &mut Output<'_>, text: &[u8], lower: bool) -> Result<(), Full> {
    if is_host_text(text) {
        return output.push(text);
    }
    output.encode(text.iter().map(|byte| match byte {
        b'A'..=b'Z' if lower => byte.to_ascii_lowercase(),
        _ => *byte,
    }))
}

/// Whether generation B leaves `path` as it is.
fn stands(path: &[u8]) -> bool {
    let mut before = 0;
    path.iter().all(|&byte| {
        let dot_segment = before == b'/' && byte == b'.';
        before = byte;
        KEPT[usize::from(byte)] && !dot_segment
    })
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

/// RFC 3986 §5.2.4, into `room`. Gives the length.
fn without_dot_segments(path: &[u8], room: &mut [u8]) -> usize {
    let mut length = 0;
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
            let parent = room[..length].iter().rposition(|&byte| byte == b'/');
            length = parent.unwrap_or(0);
            rest = if rest.len() == 3 { b"/" } else { &rest[3..] };
        } else {
            let end = rest
                .iter()
                .skip(1)
                .position(|&byte| byte == b'/')
                .map_or(rest.len(), |at| at + 1);
            room[length..length + end].copy_from_slice(&rest[..end]);
            length += end;
            rest = &rest[end..];
        }
    }
    length
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

/// Decodes, in place, the escapes of unreserved bytes and of `: @ & = + $ , / ; %`; the others get upper-case digits. Gives the length.
fn decode_reserved(path: &mut [u8]) -> usize {
    let (mut read, mut length) = (0, 0);
    while read < path.len() {
        let Some(byte) = percent::escape(path, read) else {
            path[length] = path[read];
            length += 1;
            read += 1;
            continue;
        };
        let decoded = byte == b'%' || (KEPT[usize::from(byte)] && !matches!(byte, b'(' | b')'));
        if decoded {
            path[length] = byte;
            length += 1;
        } else {
            path[length..length + 3].copy_from_slice(&percent::escaped(byte));
            length += 3;
        }
        read += 3;
    }
    length
}

/// Escapes what is neither kept nor an escape already.
fn encode_again(path: &[u8]) -> impl Iterator<Item = u8> + '_ {
    path.iter().enumerate().flat_map(|(at, &byte)| {
        let stands =
            KEPT[usize::from(byte)] || (byte == b'%' && percent::escape(path, at).is_some());
        let (text, length) = if stands {
            ([byte, 0, 0], 1)
        } else {
            (percent::escaped(byte), 3)
        };
        text.into_iter().take(length)
    })
}
