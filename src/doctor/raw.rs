//! Reads one raw HTTP request, as a proxy or a debug log prints it: lines end in LF or CRLF, the version may be missing.

use super::{InputError, ReceivedRequest, ReceivedResponse};

/// Characters of a wrong request line that the error shows.
const SHOWN: usize = 60;

pub(super) fn read(input: &[u8]) -> Result<ReceivedRequest, InputError> {
    let input = input.trim_ascii_start();
    let (input, answer) = split_answer(input);
    let (head, body) = split_head(input);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let (method, target) = request_line(first)
        .ok_or_else(|| InputError::RequestLine(first.chars().take(SHOWN).collect()))?;
    let fields: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    };
    let (scheme, absolute_host, target) = split_absolute(target);
    let host = field("host").or(absolute_host).ok_or(InputError::NoHost)?;
    let length = field("content-length").and_then(|length| length.parse().ok());
    let cut = length
        .filter(|&length: &usize| length > body.len())
        .map(|length| {
            format!(
                "the body is cut: {} of the {length} bytes that Content-Length names are there",
                body.len()
            )
        });
    let mut request = ReceivedRequest {
        label: None,
        method: method.to_owned(),
        scheme,
        host: host.to_owned(),
        target: target.to_owned(),
        content_type: field("content-type").map(str::to_owned),
        body: body_of(body, length),
        headers: fields
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned()))
            .collect(),
        response: answer.map(response),
        remarks: cut.into_iter().collect(),
        ..ReceivedRequest::default()
    };
    for (name, value) in &fields {
        if name.eq_ignore_ascii_case("authorization") {
            request.authorize(value);
        }
    }
    Ok(request)
}

/// A request and the answer pasted behind it: the answer begins with its status line.
fn split_answer(input: &[u8]) -> (&[u8], Option<&[u8]>) {
    let status_line = |at: &usize| {
        let line = &input[*at..];
        input[at - 1] == b'\n'
            && line.starts_with(b"HTTP/")
            && line.get(8).is_some_and(u8::is_ascii_whitespace)
            || (input[at - 1] == b'\n' && line.starts_with(b"HTTP/2 "))
    };
    match (1..input.len()).find(status_line) {
        Some(at) => (&input[..at], Some(&input[at..])),
        None => (input, None),
    }
}

fn response(answer: &[u8]) -> ReceivedResponse {
    let (head, body) = split_head(answer);
    let head = String::from_utf8_lossy(head);
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok());
    ReceivedResponse {
        status: status.unwrap_or_default(),
        body: String::from_utf8_lossy(body).into_owned(),
    }
}

fn split_head(input: &[u8]) -> (&[u8], &[u8]) {
    let mut line_start = 0;
    for (at, _) in input.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        if matches!(&input[line_start..at], b"" | b"\r") {
            return (&input[..line_start], &input[at + 1..]);
        }
        line_start = at + 1;
    }
    (input, b"")
}

pub(super) fn request_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let (method, rest) = line.split_once(' ')?;
    let target = match rest.rsplit_once(' ') {
        Some((target, version)) if version.starts_with("HTTP/") => target,
        _ => rest,
    };
    let letters = |letter: char| letter.is_ascii_alphabetic() || letter == '-' || letter == '_';
    let good = !method.is_empty()
        && method.chars().all(letters)
        && !target.contains(' ')
        && (target.starts_with('/') || target.contains("://"));
    good.then_some((method, target))
}

/// Scheme and host of an absolute target, and the rest.
fn split_absolute(target: &str) -> (Option<String>, Option<&str>, &str) {
    let Some((scheme, rest)) = target.split_once("://").filter(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    }) else {
        return (None, None, target);
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let path = if rest[end..].is_empty() {
        "/"
    } else {
        &rest[end..]
    };
    (Some(scheme.to_ascii_lowercase()), Some(&rest[..end]), path)
}

/// The body without what an editor added: cut to `Content-Length`, or by the line feed that ends the file.
fn body_of(body: &[u8], length: Option<usize>) -> Vec<u8> {
    let kept = match length {
        Some(length) if length <= body.len() => &body[..length],
        _ => {
            let body = body.strip_suffix(b"\n").unwrap_or(body);
            body.strip_suffix(b"\r").unwrap_or(body)
        }
    };
    kept.to_vec()
}
