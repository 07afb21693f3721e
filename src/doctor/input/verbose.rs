//! What `curl -v` prints: `>` before what was sent, `<` before what came back, `*` before remarks.

use super::{InputError, set_header};
use crate::doctor::{ReceivedRequest, ReceivedResponse, raw};

/// Whether lines of the beginning are marked so.
pub(super) fn begins(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("> ") && raw::request_line(&line[2..]).is_some())
}

pub(super) fn read(text: &str) -> Result<Vec<ReceivedRequest>, InputError> {
    let mut requests: Vec<ReceivedRequest> = Vec::new();
    let mut scheme = None;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        if let Some(remark) = line.strip_prefix("* ") {
            if remark.starts_with("SSL connection") || remark.contains("TLS") {
                scheme = Some("https");
            } else if remark.starts_with("Connected to") {
                scheme = scheme
                    .or(Some("http"))
                    .filter(|_| !remark.contains("port 443"))
                    .or(Some("https"));
            }
        } else if let Some(sent) = line.strip_prefix("> ") {
            if let Some((method, target)) = raw::request_line(sent) {
                requests.push(ReceivedRequest {
                    method: method.to_owned(),
                    target: target.to_owned(),
                    scheme: scheme.map(str::to_owned),
                    ..ReceivedRequest::default()
                });
            } else if let (Some(request), Some((name, value))) =
                (requests.last_mut(), sent.split_once(':'))
            {
                set_header(request, name, value);
            }
        } else if let Some(received) = line.strip_prefix("< ") {
            let status = received
                .strip_prefix("HTTP/")
                .and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
            if let (Some(request), Some(status)) = (requests.last_mut(), status) {
                request.response = Some(ReceivedResponse {
                    status,
                    body: String::new(),
                });
            }
        } else if let Some(response) = requests
            .last_mut()
            .and_then(|request| request.response.as_mut())
            && !line.starts_with(['{', '}', '*', '<', '>']) | line.starts_with("{\"")
        {
            response.body.push_str(line);
            response.body.push('\n');
        }
    }
    if requests.iter().any(|request| request.host.is_empty()) {
        return Err(InputError::NoHost);
    }
    Ok(requests)
}
