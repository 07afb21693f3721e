//! A request taken apart as a client would know it: what the hypotheses of [`super::mistakes`] start from.

use std::borrow::Cow;

use super::ReceivedRequest;
use crate::text::{form, percent};

/// A parameter, decoded; it need not be UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pair {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
}

impl Pair {
    pub(super) fn new(name: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// A piece of a query or a form, as sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'r> {
    pub(super) name: &'r str,
    /// None for a name without `=`.
    pub(super) value: Option<&'r str>,
}

impl Piece<'_> {
    /// As RFC 5849 §3.4.1.3.1 reads it: `+` is a blank, a bare name has an empty value.
    pub(super) fn pair(&self) -> Pair {
        let decoded = |text: &str| form::decode(text.as_bytes()).into_owned();
        Pair::new(decoded(self.name), decoded(self.value.unwrap_or_default()))
    }

    /// The same with `+` as itself.
    pub(super) fn pair_with_plus(&self) -> Pair {
        let decoded = |text: &str| percent::decode(text.as_bytes()).into_owned();
        Pair::new(decoded(self.name), decoded(self.value.unwrap_or_default()))
    }

    /// Nothing decoded.
    pub(super) fn raw(&self) -> Pair {
        Pair::new(self.name, self.value.unwrap_or_default())
    }
}

/// Where the protocol parameters stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Query,
    Body,
    Nowhere,
}

/// A request taken apart.
#[derive(Debug)]
pub(super) struct Facts<'r> {
    pub(super) request: &'r ReceivedRequest,
    pub(super) scheme: &'r str,
    /// The path as sent.
    pub(super) path: &'r str,
    /// The query as sent, without the fragment.
    pub(super) query: &'r str,
    /// Behind `#`.
    pub(super) fragment: Option<&'r str>,
    /// The query's pieces, protocol parameters excepted when they stand there.
    pub(super) pieces: Vec<Piece<'r>>,
    /// The form body's pieces, by the content type.
    pub(super) form: Vec<Piece<'r>>,
    pub(super) place: Place,
    /// What the `Authorization` header brings, raw, in its order, `realm` and signature included.
    pub(super) header: Vec<(&'r str, &'r str)>,
    /// The protocol parameters, decoded, in their order, without `realm` and signature.
    pub(super) protocol: Vec<Pair>,
    /// The signature as sent, and percent-decoded once.
    pub(super) signature: Option<(&'r str, String)>,
}

impl<'r> Facts<'r> {
    pub(super) fn new(request: &'r ReceivedRequest, scheme: &'r str) -> Self {
        let (before, fragment) = match request.target.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (request.target.as_str(), None),
        };
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        let header = header_parameters(request.authorization.as_deref().unwrap_or_default());
        let body = str::from_utf8(&request.body).unwrap_or_default();
        let form_body = if request.is_form() { body } else { "" };
        let (mut pieces, mut form) = (pieces(query), pieces_of(form_body));
        let mut protocol_pieces: Vec<Piece<'r>> = header
            .iter()
            .map(|&(name, value)| Piece {
                name,
                value: Some(value),
            })
            .collect();
        let is_protocol = |piece: &Piece<'_>| piece.name.starts_with("oauth_");
        let place = if header.iter().any(|(name, _)| name.starts_with("oauth_")) {
            Place::Header
        } else if form.iter().any(|piece| piece.name == "oauth_signature") {
            protocol_pieces = form.iter().copied().filter(is_protocol).collect();
            form.retain(|piece| !is_protocol(piece));
            Place::Body
        } else if pieces.iter().any(|piece| piece.name == "oauth_signature") {
            protocol_pieces = pieces.iter().copied().filter(is_protocol).collect();
            pieces.retain(|piece| !is_protocol(piece));
            Place::Query
        } else {
            Place::Nowhere
        };
        let decoded = |piece: &Piece<'r>| match place {
            Place::Header | Place::Nowhere => piece.pair_with_plus(),
            Place::Query | Place::Body => piece.pair(),
        };
        let signature = protocol_pieces
            .iter()
            .rev()
            .find(|piece| piece.name == "oauth_signature")
            .map(|piece| {
                let value = decoded(piece).value;
                let text = String::from_utf8_lossy(&value).into_owned();
                (piece.value.unwrap_or_default(), text)
            });
        let protocol = protocol_pieces
            .iter()
            .filter(|piece| {
                piece.name != "oauth_signature" && !piece.name.eq_ignore_ascii_case("realm")
            })
            .map(decoded)
            .collect();
        Self {
            request,
            scheme,
            path,
            query,
            fragment,
            pieces,
            form,
            place,
            header,
            protocol,
            signature,
        }
    }

    /// The decoded value of a protocol parameter, the last one when there are several.
    pub(super) fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.protocol
            .iter()
            .rev()
            .find(|pair| pair.name == name.as_bytes())
            .map(|pair| String::from_utf8_lossy(&pair.value))
    }

    /// Whether a protocol parameter is there, be it empty.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The raw value of a parameter of the header, as `realm`.
    pub(super) fn in_header(&self, name: &str) -> Option<&'r str> {
        self.header
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// Host and port in lower case, the scheme's own port left out (RFC 5849 §3.4.1.2).
    pub(super) fn authority(&self) -> String {
        let host = self.request.host.to_ascii_lowercase();
        let default = if self.scheme == "http" { ":80" } else { ":443" };
        match host.strip_suffix(default) {
            Some(bare) => bare.to_owned(),
            None => host,
        }
    }

    /// The host alone, in lower case.
    pub(super) fn host_name(&self) -> String {
        let host = self.request.host.to_ascii_lowercase();
        match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
            _ => host,
        }
    }

    /// The path of the base string URI: never empty.
    pub(super) fn base_path(&self) -> &'r str {
        if self.path.is_empty() { "/" } else { self.path }
    }

    /// The JSON body, whatever the content type says.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        let body = self.request.body.trim_ascii_start();
        if !matches!(body.first(), Some(b'{' | b'[')) || body.len() > LARGEST_JSON {
            return None;
        }
        serde_json::from_slice(body).ok()
    }

    /// The body as form pieces, whatever the content type says; empty when it does not look like a form.
    pub(super) fn body_pieces(&self) -> Vec<Piece<'r>> {
        let body = str::from_utf8(&self.request.body).unwrap_or_default();
        let looks = body.contains('=') && !body.trim_start().starts_with(['{', '[', '<', '-']);
        if looks { pieces_of(body) } else { Vec::new() }
    }
}

/// A larger JSON body is not taken apart.
const LARGEST_JSON: usize = 256 << 10;

/// More pieces are not looked at: stores refuse such a request unread.
const MOST_PIECES: usize = 1_000;

fn pieces(query: &str) -> Vec<Piece<'_>> {
    pieces_of(query)
}

/// The pieces of a form or a query; empty ones are skipped.
pub(super) fn pieces_of(text: &str) -> Vec<Piece<'_>> {
    text.split('&')
        .filter(|piece| !piece.is_empty())
        .take(MOST_PIECES)
        .map(|piece| match piece.split_once('=') {
            Some((name, value)) => Piece {
                name,
                value: Some(value),
            },
            None => Piece {
                name: piece,
                value: None,
            },
        })
        .collect()
}

/// The parameters of an `Authorization` header, read as tolerantly as can be: what no store understands is found here all the same.
fn header_parameters(header: &str) -> Vec<(&str, &str)> {
    let lower = header.to_ascii_lowercase();
    let Some(scheme) = lower.find("oauth").filter(|at| {
        // A parameter's name is not the scheme.
        !lower[at + 5..].starts_with('_')
    }) else {
        return Vec::new();
    };
    let mut parameters = Vec::new();
    let mut rest = &header[scheme + 5..];
    while !rest.is_empty() && parameters.len() < MOST_PIECES {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ';', '&']);
        let Some(equals) = rest.find('=') else {
            break;
        };
        let name = rest[..equals].trim();
        let value = rest[equals + 1..].trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => match value.find([',', '&', '\n', '\r']) {
                Some(end) => (value[..end].trim_end(), &value[end..]),
                None => (value.trim_end(), ""),
            },
        };
        parameters.push((name, value));
        rest = after;
    }
    parameters
}
