//! The line that sends a recorded request again.

use std::fmt::Write as _;

use crate::text::visible;

/// A `curl` line that sends the request of a report again, as far as it was not redacted; `target` is the base URL of the report.
#[must_use]
pub fn curl(request: &str, target: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    let origin = target
        .split_once("://")
        .map_or(target, |(_, rest)| rest)
        .split('/')
        .next()
        .unwrap_or_default();
    let scheme = target.split("://").next().unwrap_or("http");
    let mut line = format!(
        "curl -i --path-as-is -X {method} {}",
        quoted(&format!("{scheme}://{origin}{path}"))
    );
    for field in lines {
        let name = field.split(':').next().unwrap_or_default();
        if !["Host", "Content-Length", "Connection"].contains(&name) {
            line.push_str(" -H ");
            line.push_str(&quoted(field));
        }
    }
    if !body.is_empty() {
        line.push_str(" --data-raw ");
        line.push_str(&quoted(body));
    }
    line
}

/// In the quotes of a shell; with hidden characters in those that know escapes, byte for byte.
fn quoted(text: &str) -> String {
    if !text.contains(visible::is_hidden) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut output = String::from("$'");
    for letter in text.chars() {
        match letter {
            '\'' | '\\' => output.extend(['\\', letter]),
            hidden if visible::is_hidden(hidden) => {
                for byte in hidden.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(output, "\\x{byte:02x}");
                }
            }
            other => output.push(other),
        }
    }
    output.push('\'');
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curl_line_quotes_what_a_shell_would_read() {
        let request = "POST /a?b='c HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\nz";
        assert_eq!(
            curl(request, "http://h:1/shop"),
            r"curl -i --path-as-is -X POST 'http://h:1/a?b='\''c' -H 'X: y' --data-raw 'z'"
        );
    }

    #[test]
    fn a_curl_line_holds_nothing_that_a_terminal_obeys() {
        let request = "GET / HTTP/1.1\r\nX: a\u{1b}\u{202e}\\'b\r\n\r\n";
        assert_eq!(
            curl(request, "http://h"),
            r"curl -i --path-as-is -X GET 'http://h/' -H $'X: a\x1b\xe2\x80\xae\\\'b'"
        );
    }
}
