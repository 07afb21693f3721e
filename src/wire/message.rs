/// Header fields in the order and case in which they were or will be sent; look-ups ignore case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first value of this name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Adds a field at the end. CR, LF and NUL in a value become blanks, so that no value can start a new field.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0
            .push((name.into(), value.into().replace(['\r', '\n', '\0'], " ")));
    }

    /// Removes every field of this name, then adds one.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.add(name, value);
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::default();
        for (name, value) in fields {
            headers.add(name, value);
        }
        headers
    }
}

/// A request as it goes over the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Method, any token, in any case.
    pub method: String,
    /// Request target as on the request line: path and query, encoded as sent.
    pub target: String,
    /// Header fields; `Host` is one of them.
    pub headers: Headers,
    /// Body bytes.
    pub body: Vec<u8>,
}

/// A response as it came or will go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Header fields.
    pub headers: Headers,
    /// Body bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// A response with a body of this content type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Headers::from_iter([("Content-Type", content_type)]),
            body: body.into(),
        }
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
