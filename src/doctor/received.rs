use base64::Engine as _;

use crate::oauth::Request;

/// Bytes of one request, its answer included; of a text form the whole input.
pub const LARGEST: u64 = 16 << 20;

/// A request as a server received it or a client says it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// What to call it in the output.
    pub label: Option<String>,
    /// Method as sent.
    pub method: String,
    /// `http` or `https`; none when the input does not say.
    pub scheme: Option<String>,
    /// The `Host` header, port included.
    pub host: String,
    /// Path and query as on the request line.
    pub target: String,
    /// The `Authorization` header's value.
    pub authorization: Option<String>,
    /// The `Content-Type` header's value.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// The other header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// When it came in, in seconds since 1970, when the input says so.
    pub received: Option<i64>,
    /// What it was answered with, when the input says so.
    pub response: Option<ReceivedResponse>,
    /// What the reader of the input noticed.
    pub remarks: Vec<String>,
}

/// What a request was answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedResponse {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl ReceivedRequest {
    /// The value of a further header field; its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Takes an `Authorization` field beside those that were there before: a basic login of a proxy may stand beside the OAuth field.
    pub(super) fn authorize(&mut self, value: &str) {
        let is_oauth = |value: &str| value.to_ascii_lowercase().contains("oauth ");
        let Some(before) = self.authorization.take() else {
            self.authorization = Some(value.to_owned());
            return;
        };
        let remark = match (is_oauth(&before), is_oauth(value)) {
            (true, true) => {
                "two Authorization fields with OAuth data were sent: servers keep the first, the last, or both in one; the last is examined here, and the client should send one"
            }
            (false, false) => {
                "two Authorization fields were sent, and none has OAuth data: the first is examined here"
            }
            _ => {
                "two Authorization fields were sent: the one with OAuth data is examined here, and a server in between may pass on the other alone"
            }
        };
        let examined = if is_oauth(value) {
            value.to_owned()
        } else {
            before
        };
        self.authorization = Some(examined);
        if !self.remarks.iter().any(|known| known == remark) {
            self.remarks.push(remark.to_owned());
        }
    }

    /// Whether the content type says that the body is a form (RFC 5849 §3.4.1.3.1).
    #[must_use]
    pub fn is_form(&self) -> bool {
        let essence = self
            .content_type
            .as_deref()
            .unwrap_or_default()
            .split(';')
            .next();
        essence.is_some_and(|essence| {
            essence
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
    }

    /// `user:password` of a basic login in the same request.
    pub(super) fn basic_login(&self) -> Option<String> {
        let header = self
            .authorization
            .as_deref()
            .into_iter()
            .chain(self.header("authorization"));
        let encoded = header.filter_map(|value| {
            let at = value.to_ascii_lowercase().find("basic ")?;
            value[at + "basic ".len()..].split([',', ' ']).next()
        });
        let decoded = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).ok();
        let mut logins = encoded.filter_map(decoded);
        logins.find_map(|bytes| String::from_utf8(bytes).ok())
    }

    /// The request as the signature code takes it, seen over `scheme`.
    #[must_use]
    pub fn over<'a>(&'a self, scheme: &'a str) -> Request<'a> {
        Request {
            method: &self.method,
            scheme,
            host: &self.host,
            target: &self.target,
            authorization: self.authorization.as_deref(),
            content_type: self.content_type.as_deref(),
            body: &self.body,
        }
    }
}

/// Why an input is not understood; fits after the name of the input and a colon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// There is nothing.
    #[error(
        "it is empty; expected a raw HTTP request, a curl line, a HAR, a Postman collection or one JSON object per line"
    )]
    Empty,
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// One request is larger than anybody sends.
    #[error("one request in it has more than {} MiB; cut it", LARGEST >> 20)]
    TooLarge,
    /// It ends too early.
    #[error(
        "it ends in the middle of a value, at line {line}: the capture was cut; what was whole before that was read"
    )]
    Truncated {
        /// Line number from 1.
        line: usize,
    },
    /// A JSON line is not as it should be.
    #[error(
        "line {line}: {reason}; expected an object with `method`, `scheme`, `host`, `uri` and `authorization`"
    )]
    Line {
        /// Line number from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The first line of a raw request is none.
    #[error("`{0}` is no request line; expected `METHOD TARGET HTTP/1.1`")]
    RequestLine(String),
    /// A raw request lacks the field.
    #[error(
        "the request has no `Host` header and its target is no absolute URL; the host is signed, so it must be there"
    )]
    NoHost,
    /// A URL that is none.
    #[error("`{0}` is no URL of http or https; fill in variables first")]
    Url(String),
    /// A file that names no URL.
    #[error("the {0} file names no URL")]
    NoUrl(&'static str),
    /// A command line that would have to be run.
    #[error(
        "the curl line holds `{0}`, which the shell would replace and which is never run here; put its result there, for example from `curl -v`"
    )]
    Substitution(String),
    /// A quote without its end.
    #[error("the curl line has a quote {0} without its end; copy the whole line")]
    Unclosed(char),
    /// An option without its value.
    #[error("the curl line ends behind `{0}`, which needs a value; copy the whole line")]
    CurlOption(String),
    /// No URL.
    #[error("the curl line has no URL; copy the whole line")]
    CurlUrl,
    /// A body in a file.
    #[error(
        "the curl line reads its body from `{0}`, which is not opened here; put the text there"
    )]
    CurlFile(String),
}
