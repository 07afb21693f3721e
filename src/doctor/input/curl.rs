//! A curl command line.

use std::fmt::Write as _;

use super::{InputError, set_header, set_url, shell};
use crate::doctor::ReceivedRequest;
use crate::text::percent;

/// Whether the text begins with a call of curl, perhaps behind a prompt.
pub(super) fn begins(text: &str) -> bool {
    let line = text.trim_start().trim_start_matches(['$', '>', '#', ' ']);
    let command = line.split_whitespace().next().unwrap_or_default();
    matches!(command, "curl" | "curl.exe")
}

/// Several calls, each on a line of its own that begins with `curl`.
pub(super) fn read(text: &str) -> Result<Vec<ReceivedRequest>, InputError> {
    let mut calls: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let end = line.trim_end();
        match calls.last_mut() {
            Some(call) if goes_on || !begins(line) => call.push_str(line),
            _ => calls.push(line.to_owned()),
        }
        goes_on = end.ends_with(['\\', '^', '`']);
    }
    calls.iter().map(|call| one(call)).collect()
}

/// Options whose value says nothing about what is signed.
const WITH_VALUE: [&str; 22] = [
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-w",
    "--write-out",
    "--cacert",
    "--cert",
    "--key",
    "-x",
    "--proxy",
    "--resolve",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "--retry",
    "-e",
    "--referer",
    "--interface",
    "--http2",
];

fn one(call: &str) -> Result<ReceivedRequest, InputError> {
    let text = call.trim_start().trim_start_matches(['$', '>', '#', ' ']);
    let mut words = shell::words(text)?.into_iter().skip(1);
    let mut request = ReceivedRequest::default();
    let mut data: Vec<String> = Vec::new();
    let (mut url, mut as_query, mut json, mut head, mut form) =
        (None, false, false, false, Vec::new());
    while let Some(word) = words.next() {
        let (option, attached) = split_option(&word);
        let mut value = || {
            attached
                .clone()
                .or_else(|| words.next())
                .ok_or_else(|| InputError::CurlOption(option.clone()))
        };
        match option.as_str() {
            "-X" | "--request" => request.method = value()?,
            "-H" | "--header" => {
                let field = value()?;
                let (name, field) = field
                    .split_once(':')
                    .unwrap_or((field.trim_end_matches(';'), ""));
                set_header(&mut request, name, field);
            }
            "-d" | "--data" | "--data-ascii" | "--data-binary" => data.push(not_a_file(value()?)?),
            "--data-raw" => data.push(value()?),
            "--data-urlencode" => data.push(urlencoded(&value()?)),
            "--json" => {
                json = true;
                data.push(not_a_file(value()?)?);
            }
            "-F" | "--form" => form.push(value()?),
            "-u" | "--user" => {
                use base64::Engine as _;
                let login = base64::engine::general_purpose::STANDARD.encode(value()?);
                set_header(&mut request, "authorization", &format!("Basic {login}"));
            }
            "-A" | "--user-agent" => {
                let agent = value()?;
                set_header(&mut request, "user-agent", &agent);
            }
            "--url" => url = Some(value()?),
            "-G" | "--get" => as_query = true,
            "-I" | "--head" => head = true,
            option if WITH_VALUE.contains(&option) => drop(value()?),
            option if option.starts_with('-') => {}
            _ => url = Some(word),
        }
    }
    let mut url = url.ok_or(InputError::CurlUrl)?;
    let body = data.join("&");
    if as_query && !body.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&body);
    } else {
        request.body = body.into_bytes();
    }
    set_url(&mut request, &url)?;
    let has_body = !request.body.is_empty();
    if request.content_type.is_none() && (has_body || json) {
        let content_type = if json {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        set_header(&mut request, "content-type", content_type);
    }
    if !form.is_empty() {
        multipart(&mut request, &form);
    }
    if request.method.is_empty() {
        let method = match (head, has_body || !form.is_empty()) {
            (true, _) => "HEAD",
            (false, true) => "POST",
            (false, false) => "GET",
        };
        method.clone_into(&mut request.method);
    }
    if request.header("user-agent").is_none() {
        set_header(&mut request, "user-agent", "curl/0");
    }
    Ok(request)
}

/// `-XPOST`, `--request=POST`, `-sS`: the option, and its value when it is attached.
fn split_option(word: &str) -> (String, Option<String>) {
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
            None => (word.to_owned(), None),
        };
    }
    let taking = [
        'X', 'H', 'd', 'u', 'A', 'F', 'o', 'm', 'w', 'x', 'b', 'c', 'e',
    ];
    if let Some(letters) = word.strip_prefix('-') {
        // Flags without values may stand before the one that takes a value.
        for (at, letter) in letters.char_indices() {
            if taking.contains(&letter) {
                let rest = &letters[at + letter.len_utf8()..];
                return (
                    format!("-{letter}"),
                    (!rest.is_empty()).then(|| rest.to_owned()),
                );
            }
            if matches!(letter, 'G' | 'I') {
                return (format!("-{letter}"), None);
            }
        }
    }
    (word.to_owned(), None)
}

fn not_a_file(data: String) -> Result<String, InputError> {
    if data.starts_with('@') {
        Err(InputError::CurlFile(data))
    } else {
        Ok(data)
    }
}

fn urlencoded(data: &str) -> String {
    match data.split_once('=') {
        Some((name, value)) => format!("{name}={}", percent::encode(value)),
        None => percent::encode(data),
    }
}

fn multipart(request: &mut ReceivedRequest, fields: &[String]) {
    let mut body = String::new();
    for field in fields {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        let _ = write!(
            body,
            "--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body.push_str("--B--\r\n");
    request.body = body.into_bytes();
    set_header(request, "content-type", "multipart/form-data; boundary=B");
}
