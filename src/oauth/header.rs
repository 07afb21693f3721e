//! The grammar of the `Authorization` header, as strict or as tolerant as the dialect is.

use super::Rules;
use super::dialect::{HeaderNames, Scheme};

/// The parameters of an `Authorization` header that count, raw: names and values as sent, quotes cut, nothing decoded.
///
/// ```
/// use magespec::oauth::{AuthorizationHeader, Dialect};
/// let header = r#"OAuth realm="r", oauth_nonce="a%20b", oauth_version=1.0"#;
/// let parsed = AuthorizationHeader::parse(Dialect::Laminas, header).expect("the scheme is there");
/// let pairs: Vec<_> = parsed.collect();
/// assert_eq!(pairs, [("oauth_nonce", "a%20b"), ("oauth_version", "1.0")]);
/// assert!(AuthorizationHeader::parse(Dialect::Laminas, "Bearer x").is_none());
/// ```
#[derive(Clone, Debug)]
pub struct AuthorizationHeader<'a> {
    rest: &'a str,
    done: bool,
    names: HeaderNames,
}

impl<'a> AuthorizationHeader<'a> {
    /// The parameters behind the scheme `OAuth `; none when the dialect does not find the scheme (spec oauth.md §2.2; RFC 5849 §3.5.1).
    #[must_use]
    pub fn parse(dialect: super::Dialect, header: &'a str) -> Option<Self> {
        Self::with_rules(dialect.rules(), header)
    }

    pub(super) fn with_rules(rules: &Rules, header: &'a str) -> Option<Self> {
        let start = match rules.scheme {
            Scheme::First => is_scheme(header.as_bytes()).then_some(0),
            Scheme::Anywhere => header.as_bytes().windows(SCHEME.len()).position(is_scheme),
        }?;
        Some(Self {
            rest: &header[start + SCHEME.len()..],
            done: false,
            names: rules.header_names,
        })
    }

    /// The next piece between separators.
    fn piece(&mut self) -> Option<&'a str> {
        if self.done {
            return None;
        }
        let end = match self.names {
            HeaderNames::ProtocolLike => self.rest.bytes().position(|byte| byte == b','),
            HeaderNames::AllButRealm => unquoted_comma(self.rest.as_bytes()),
        };
        let piece;
        if let Some(end) = end {
            piece = &self.rest[..end];
            self.rest = &self.rest[end + 1..];
        } else {
            piece = self.rest;
            self.done = true;
        }
        Some(piece)
    }
}

impl<'a> Iterator for AuthorizationHeader<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let piece = self.piece()?.trim_matches(BLANKS);
            let Some((name, value)) = piece.split_once('=') else {
                continue;
            };
            let counts = match self.names {
                HeaderNames::ProtocolLike => looks_like_protocol(name.as_bytes()),
                HeaderNames::AllButRealm => !name.eq_ignore_ascii_case("realm"),
            };
            if counts {
                return Some((name, value.trim_matches('"')));
            }
        }
    }
}

const SCHEME: &[u8] = b"oauth ";

/// What PHP's `trim` cuts.
const BLANKS: [char; 6] = [' ', '\t', '\r', '\n', '\0', '\u{b}'];

fn is_scheme(text: &[u8]) -> bool {
    text.len() >= SCHEME.len() && text[..SCHEME.len()].eq_ignore_ascii_case(SCHEME)
}

fn unquoted_comma(text: &[u8]) -> Option<usize> {
    let mut quoted = false;
    text.iter().position(|&byte| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    })
}

/// Whether `name` holds `oauth_` with at least one of `a–z _ -` behind it, anywhere and in this case (spec oauth.md §2.2 point 4).
///
/// ```
/// use magespec::oauth::looks_like_protocol;
/// assert!(looks_like_protocol(b"my_oauth_token"));
/// assert!(!looks_like_protocol(b"oauth_2"));
/// assert!(!looks_like_protocol(b"OAUTH_TOKEN"));
/// ```
#[must_use]
pub fn looks_like_protocol(name: &[u8]) -> bool {
    const PREFIX: &[u8] = b"oauth_";
    name.windows(PREFIX.len() + 1).any(|window| {
        window.starts_with(PREFIX) && matches!(window[PREFIX.len()], b'a'..=b'z' | b'_' | b'-')
    })
}
