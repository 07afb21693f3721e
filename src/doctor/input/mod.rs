//! Reads requests in the forms in which people have them: raw HTTP, a curl line or its `-v` output, HAR, Postman, Bruno, JSON lines.
//!
//! One after the other: nothing is kept but the request at hand, and no request may be larger than [`LARGEST`]. Nothing is ever run.

mod bruno;
mod curl;
mod json;
mod postman;
mod shell;
mod verbose;

use std::io::{BufRead, Read as _};

use super::received::LARGEST;
use super::{InputError, ReceivedRequest, raw};

/// Calls `take` with every request of `reader`, in their order.
///
/// # Errors
/// [`InputError`] that says where and what was expected. What was read before was taken.
pub fn read_each(
    mut reader: impl BufRead,
    take: &mut dyn FnMut(ReceivedRequest),
) -> Result<(), InputError> {
    skip_blanks(&mut reader)?;
    let first = reader
        .fill_buf()
        .map_err(|error| unreadable(&error))?
        .first()
        .copied();
    match first {
        None => Err(InputError::Empty),
        Some(b'{' | b'[') => json::read_each(reader, take),
        Some(_) => {
            let mut text = Vec::new();
            let read = reader.take(LARGEST + 1).read_to_end(&mut text);
            read.map_err(|error| unreadable(&error))?;
            if text.len() as u64 > LARGEST {
                return Err(InputError::TooLarge);
            }
            read_text(&text)?.into_iter().for_each(take);
            Ok(())
        }
    }
}

/// The request with this method, URL, header and body.
///
/// # Errors
/// When the URL is none of http or https.
pub fn request_of(
    method: &str,
    url: &str,
    header: &[(&str, &str)],
    body: &str,
) -> Result<ReceivedRequest, InputError> {
    let mut request = ReceivedRequest {
        method: method.to_owned(),
        body: body.as_bytes().to_vec(),
        ..ReceivedRequest::default()
    };
    for (name, value) in header {
        set_header(&mut request, name, value);
    }
    set_url(&mut request, url)?;
    Ok(request)
}

/// Blanks and a byte order mark before the input.
fn skip_blanks(reader: &mut impl BufRead) -> Result<(), InputError> {
    let mut skipped = 0;
    loop {
        let buffer = reader.fill_buf().map_err(|error| unreadable(&error))?;
        if buffer.is_empty() || skipped > LARGEST {
            return Ok(());
        }
        let mark = buffer.starts_with(b"\xef\xbb\xbf") && skipped == 0;
        let blanks = if mark {
            3
        } else {
            buffer
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count()
        };
        reader.consume(blanks);
        skipped += blanks as u64;
        if blanks == 0 {
            return Ok(());
        }
    }
}

fn unreadable(error: &std::io::Error) -> InputError {
    InputError::Unreadable(error.to_string())
}

fn read_text(text: &[u8]) -> Result<Vec<ReceivedRequest>, InputError> {
    let start = String::from_utf8_lossy(&text[..text.len().min(SHOWN)]);
    let lossy = || String::from_utf8_lossy(text);
    if curl::begins(&start) {
        return curl::read(&lossy());
    }
    if bruno::begins(&start) {
        return bruno::read(&lossy()).map(|request| vec![request]);
    }
    if verbose::begins(&start) {
        return verbose::read(&lossy());
    }
    raw::read(text).map(|request| vec![request])
}

/// Bytes of the beginning that tell which form it is.
const SHOWN: usize = 4_096;

/// What a header field sets in a request: each reader of text forms calls this.
fn set_header(request: &mut ReceivedRequest, name: &str, value: &str) {
    let name = name.trim().to_ascii_lowercase();
    let value = value.trim();
    match name.as_str() {
        "host" => value.clone_into(&mut request.host),
        "content-type" => request.content_type = Some(value.to_owned()),
        "authorization" => request.authorize(value),
        _ => {}
    }
    request.headers.push((name, value.to_owned()));
}

/// Takes scheme, host and target from an absolute URL.
fn set_url(request: &mut ReceivedRequest, url: &str) -> Result<(), InputError> {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("http".to_owned(), url),
    };
    if !matches!(scheme.as_str(), "http" | "https") || rest.is_empty() {
        return Err(InputError::Url(url.chars().take(100).collect()));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let target = target.split('#').next().unwrap_or_default();
    if let Some((login, host)) = authority.rsplit_once('@') {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(login);
        let login = format!("Basic {encoded}");
        // Clients leave it out where there is a field already.
        request.authorization.get_or_insert_with(|| login.clone());
        request.headers.push(("authorization".to_owned(), login));
        host.clone_into(&mut request.host);
    } else if request.host.is_empty() {
        authority.clone_into(&mut request.host);
    }
    request.scheme = Some(scheme);
    request.target = if target.starts_with('/') {
        target.to_owned()
    } else {
        format!("/{target}")
    };
    Ok(())
}
