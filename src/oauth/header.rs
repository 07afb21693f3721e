//! The grammar of the `Authorization` header, as strict or as tolerant as the dialect is.

use super::dialect::{HeaderNames, Scheme};
use super::protocol::Protocol;
use super::scan::{find, find_either, is_lower_case_value, is_unreserved_text};
use super::{Dialect, Rules};

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
pub struct AuthorizationHeader<'a>(RawParameters<'a>);

impl<'a> AuthorizationHeader<'a> {
    /// The parameters behind the scheme `OAuth `; none when the dialect does not find the scheme (docs/protocol/token-endpoints.md#reading-the-header; RFC 5849 §3.5.1).
    #[must_use]
    pub fn parse(dialect: Dialect, header: &'a str) -> Option<Self> {
        Self::with_rules(dialect.rules(), header)
    }

    #[inline]
    pub(super) fn with_rules(rules: &Rules, header: &'a str) -> Option<Self> {
        let start = behind_scheme(rules.scheme, header.as_bytes())?;
        Some(Self(RawParameters {
            rest: Some(&header.as_bytes()[start..]),
            names: rules.header_names,
        }))
    }

    /// The same parameters as bytes.
    pub(super) fn raw(self) -> RawParameters<'a> {
        self.0
    }
}

impl<'a> Iterator for AuthorizationHeader<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let text = |bytes| str::from_utf8(bytes).expect("UTF-8 cut at ASCII bytes is UTF-8");
        let (name, value) = self.0.next()?;
        Some((text(name), text(value)))
    }
}

/// [`AuthorizationHeader`] as bytes.
#[derive(Clone, Debug)]
pub(super) struct RawParameters<'a> {
    /// What is not read yet; none behind the last piece.
    rest: Option<&'a [u8]>,
    names: HeaderNames,
}

impl<'a> RawParameters<'a> {
    /// Reads parameters as long as they are written as nearly every client does: `name="value"`, a protocol parameter, nothing escaped
    /// but in a signature, a comma and a blank between them.
    ///
    /// `put` is given what the iterator would give; every value but a signature's is canonical. What is written otherwise is left.
    #[inline]
    pub(super) fn read_plain<E>(
        &mut self,
        mut put: impl FnMut(Protocol, &'a [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = self.rest;
        while let Some((protocol, value, after)) = rest.and_then(plain_parameter) {
            put(protocol, value)?;
            rest = after;
        }
        self.rest = rest;
        Ok(())
    }

    /// The next piece between separators.
    fn piece(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let mut end = find(rest, b',');
        if self.names == HeaderNames::AllButRealm {
            while let Some(comma) = end
                && is_quoted(rest, comma)
            {
                end = find(&rest[comma + 1..], b',').map(|at| comma + 1 + at);
            }
        }
        self.rest = end.map(|end| &rest[end + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

impl<'a> Iterator for RawParameters<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let piece = trim(self.piece()?, is_blank);
            let Some(equals) = find(piece, b'=') else {
                continue;
            };
            let name = &piece[..equals];
            let counts = match self.names {
                HeaderNames::ProtocolLike => looks_like_protocol(name),
                HeaderNames::AllButRealm => !name.eq_ignore_ascii_case(b"realm"),
            };
            if counts {
                return Some((name, trim(&piece[equals + 1..], |byte| byte == b'"')));
            }
        }
    }
}

const SCHEME: &[u8] = b"oauth ";

/// Which parameter, its value, and what is behind its comma; none there is the end.
type PlainParameter<'a> = (Protocol, &'a [u8], Option<&'a [u8]>);

/// The plainly written parameter at the beginning.
#[inline]
fn plain_parameter(piece: &[u8]) -> Option<PlainParameter<'_>> {
    let piece = if let [b' ', piece @ ..] = piece {
        piece
    } else {
        // So that it stays a branch: the next parameter must not wait for this byte.
        std::hint::cold_path();
        piece
    };
    let (protocol, value) = Protocol::at_start(piece)?;
    let end = match usual_length(protocol, value) {
        Some(length) => length,
        // Never part of the base string, so that it may hold anything.
        None if protocol == Protocol::Signature => find_either(value, b'"', b',')?,
        None => {
            let end = find(value, b'"')?;
            is_unreserved_text(&value[..end]).then_some(end)?
        }
    };
    let (value, after) = value.split_at(end);
    let after = match after {
        [b'"'] => None,
        [b'"', b',', after @ ..] => Some(after),
        _ => return None,
    };
    Some((protocol, value, after))
}

/// The length of a value that is written as nearly every client writes it, and its end is known without a search, up to its quote.
fn usual_length(protocol: Protocol, text: &[u8]) -> Option<usize> {
    let length = match protocol {
        Protocol::SignatureMethod if text.starts_with(b"HMAC-SHA256") => 11,
        Protocol::SignatureMethod if text.starts_with(b"HMAC-SHA1") => 9,
        Protocol::Version if text.starts_with(b"1.0") => 3,
        Protocol::Timestamp if text.first_chunk::<10>().is_some_and(is_number) => 10,
        Protocol::ConsumerKey | Protocol::Nonce | Protocol::Token | Protocol::Verifier
            if text.first_chunk::<32>().is_some_and(is_lower_case_value) =>
        {
            32
        }
        _ => return None,
    };
    (text.get(length) == Some(&b'"')).then_some(length)
}

fn is_number(text: &[u8; 10]) -> bool {
    text.iter()
        .fold(true, |digits, byte| digits & byte.is_ascii_digit())
}

/// What PHP's `trim` cuts.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\0' | b'\x0b')
}

fn trim(mut text: &[u8], cut: impl Fn(u8) -> bool) -> &[u8] {
    while let [first, rest @ ..] = text
        && cut(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && cut(*last)
    {
        text = rest;
    }
    text
}

/// Whether the comma at `comma` of `text` has an odd number of quotes before it.
fn is_quoted(text: &[u8], comma: usize) -> bool {
    text[..comma]
        .iter()
        .fold(false, |odd, &byte| odd ^ (byte == b'"'))
}

/// Where the parameters begin.
fn behind_scheme(place: Scheme, header: &[u8]) -> Option<usize> {
    let start = match place {
        _ if is_scheme(header) => Some(0),
        Scheme::First => None,
        Scheme::Anywhere => header.windows(SCHEME.len()).position(is_scheme),
    };
    start.map(|start| start + SCHEME.len())
}

fn is_scheme(text: &[u8]) -> bool {
    let word = text.first_chunk::<{ SCHEME.len() }>();
    word.is_some_and(|word| word == b"OAuth " || word.eq_ignore_ascii_case(SCHEME))
}

/// Whether `name` holds `oauth_` with at least one of `a–z _ -` behind it, anywhere and in this case (docs/protocol/token-endpoints.md#reading-the-header).
///
/// ```
/// use magespec::oauth::looks_like_protocol;
/// assert!(looks_like_protocol(b"my_oauth_token"));
/// assert!(!looks_like_protocol(b"oauth_2"));
/// assert!(!looks_like_protocol(b"OAUTH_TOKEN"));
/// ```
#[must_use]
pub fn looks_like_protocol(name: &[u8]) -> bool {
    let mut rest = name;
    while let Some(at) = find(rest, b'_') {
        let before = &name[..name.len() - rest.len() + at];
        rest = &rest[at + 1..];
        if before.ends_with(b"oauth") && matches!(rest.first(), Some(b'a'..=b'z' | b'_' | b'-')) {
            return true;
        }
    }
    false
}
