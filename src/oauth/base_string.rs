//! The signature base string: `METHOD&URI&PARAMETERS`, each part percent-encoded (RFC 5849 §3.4.1.1).

use super::canonical::Full;
use super::dialect::{BodyArray, Rules};
use super::parameters::{Pair, ParameterSet};
use super::{Dialect, Fault, Request, uri};
use crate::text::percent::{self, UNRESERVED};

/// More parameters than this are not looked at: PHP's own `max_input_vars`.
pub const MAX_PARAMETERS: usize = 1_000;

/// Longer headers, targets and form bodies, taken together, are not looked at. In bytes.
pub const MAX_LENGTH: usize = 1 << 20;

/// Up to this many parameters beside the eight of the protocol are verified without the heap.
pub const INLINE_PARAMETERS: usize = 96;

/// Base strings up to this many bytes are verified without the heap.
pub const INLINE_BASE_STRING: usize = 16 * 1024;

/// Why a request has no base string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseStringError {
    /// A store of this dialect fails on the request instead of judging it.
    #[error("a store of this dialect answers 500 to the request: {}", .0.message())]
    Fault(Fault),
    /// The limits [`MAX_PARAMETERS`] or [`MAX_LENGTH`] are exceeded.
    #[error(
        "the request has more than {MAX_PARAMETERS} parameters or more than {MAX_LENGTH} bytes; send less"
    )]
    TooLarge,
}

/// The base string of `request` in `dialect`: what its signature is the HMAC of.
///
/// ```
/// use magespec::oauth::{Dialect, Request, base_string};
/// let request = Request {
///     method: "GET",
///     scheme: "http",
///     host: "shop.example",
///     target: "/rest/V1/x?a10=1&a9=2",
///     authorization: Some(r#"OAuth oauth_nonce="n", oauth_signature="s""#),
///     ..Request::default()
/// };
/// assert_eq!(
///     base_string(Dialect::Laminas, &request).as_deref(),
///     Ok("GET&http%3A%2F%2Fshop.example%2Frest%2FV1%2Fx&a9%3D2%26a10%3D1%26oauth_nonce%3Dn"),
/// );
/// ```
///
/// # Errors
/// When a store of this dialect fails on the request, and when the request exceeds a limit.
pub fn base_string(dialect: Dialect, request: &Request<'_>) -> Result<String, BaseStringError> {
    let rules = dialect.rules();
    with_parameters(rules, request, |set| {
        if let (true, BodyArray::Before(fault) | BodyArray::AtSignature(fault)) =
            (set.breaks, rules.body_array)
        {
            return Err(BaseStringError::Fault(fault));
        }
        let mut output = Vec::new();
        write(&mut output, rules, request, set);
        Ok(String::from_utf8(output).expect("percent-encoded text is ASCII"))
    })
    .unwrap_or(Err(BaseStringError::TooLarge))
}

/// A parameter that is signed, decoded; it need not be UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: Vec<u8>,
    /// Its value, empty for a bare name.
    pub value: Vec<u8>,
}

/// The parameters that `dialect` signs, decoded, in its order.
///
/// A value that generation C encodes twice is given encoded once, as that store compares it.
///
/// # Errors
/// When the request exceeds a limit.
pub fn signed_parameters(
    dialect: Dialect,
    request: &Request<'_>,
) -> Result<Vec<Parameter>, BaseStringError> {
    with_parameters(dialect.rules(), request, |set| {
        set.ordered()
            .map(|pair| Parameter {
                name: percent::decode(pair.name).into_owned(),
                value: percent::decode(pair.value).into_owned(),
            })
            .collect()
    })
    .ok_or(BaseStringError::TooLarge)
}

/// The base string of literal, decoded pairs: encoded, then sorted by encoded name and encoded value (RFC 5849 §3.4.1.3.2).
///
/// `base_url` is written as given. For tests that must not trust a dialect.
///
/// ```
/// use magespec::oauth::base_string_of_pairs;
/// let text = base_string_of_pairs("get", "http://h/p", &[("b", "2"), ("a", "x y"), ("a", "1")]);
/// assert_eq!(text, "GET&http%3A%2F%2Fh%2Fp&a%3D1%26a%3Dx%2520y%26b%3D2");
/// ```
#[must_use]
pub fn base_string_of_pairs(method: &str, base_url: &str, pairs: &[(&str, &str)]) -> String {
    let mut encoded = encode_pairs(pairs);
    encoded.sort();
    concatenate(method, base_url, &encoded)
}

/// [`base_string_of_pairs`] without the sorting: the pairs stand in the order given.
#[must_use]
pub fn base_string_in_order(method: &str, base_url: &str, pairs: &[(&str, &str)]) -> String {
    concatenate(method, base_url, &encode_pairs(pairs))
}

fn encode_pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| (percent::encode(name), percent::encode(value)))
        .collect()
}

fn concatenate(method: &str, base_url: &str, encoded: &[(String, String)]) -> String {
    let parameters: Vec<String> = encoded
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    [
        method.to_ascii_uppercase().as_str(),
        base_url,
        &parameters.join("&"),
    ]
    .map(percent::encode)
    .join("&")
}

/// Collects the parameters of `request` in buffers that are as big as it needs and calls `read`; none when a limit is exceeded.
pub(super) fn with_parameters<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    let length =
        request.authorization.map_or(0, str::len) + request.target.len() + request.body.len();
    if length <= SMALL {
        let mut arena = [0; 1024];
        let mut pairs = [Pair::default(); 32];
        if let Ok(set) = ParameterSet::collect(rules, request, &mut arena, &mut pairs) {
            return Some(read(&set));
        }
    }
    if length <= INLINE_BASE_STRING {
        return with_stack(rules, request, read);
    }
    with_heap(rules, request, length, read)
}

/// Requests up to this many bytes try the smallest buffers first.
const SMALL: usize = 1024;

#[inline(never)]
fn with_stack<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    let mut arena = [0; INLINE_BASE_STRING];
    let mut pairs = [Pair::default(); INLINE_PARAMETERS + 8];
    match ParameterSet::collect(rules, request, &mut arena, &mut pairs) {
        Ok(set) => Some(read(&set)),
        Err(Full) => with_heap(rules, request, INLINE_BASE_STRING, read),
    }
}

#[inline(never)]
fn with_heap<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    length: usize,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    if length > MAX_LENGTH {
        return None;
    }
    // A byte grows to three when it is encoded; PHP's second reading of a query and a second encoding need room of their own.
    let mut arena = vec![0; length * 16];
    let mut pairs = vec![Pair::default(); MAX_PARAMETERS + 16];
    let set = ParameterSet::collect(rules, request, &mut arena, &mut pairs).ok()?;
    Some(read(&set))
}

/// Appends the base string of what was collected.
pub(super) fn write(
    output: &mut Vec<u8>,
    rules: &Rules,
    request: &Request<'_>,
    set: &ParameterSet<'_, '_>,
) {
    for byte in request.method.bytes() {
        encode_byte(output, byte.to_ascii_uppercase());
    }
    output.push(b'&');
    for byte in uri::render(rules, request) {
        encode_byte(output, byte);
    }
    output.push(b'&');
    let mut first = true;
    for pair in set.ordered() {
        if !std::mem::take(&mut first) {
            output.extend_from_slice(b"%26");
        }
        encode_canonical(output, pair.name);
        output.extend_from_slice(b"%3D");
        encode_canonical(output, pair.value);
    }
}

fn encode_byte(output: &mut Vec<u8>, byte: u8) {
    if UNRESERVED[usize::from(byte)] {
        output.push(byte);
    } else {
        output.extend_from_slice(&percent::escaped(byte));
    }
}

/// The encoded form of a canonical text, where only `%` is not unreserved.
fn encode_canonical(output: &mut Vec<u8>, text: &[u8]) {
    let mut pieces = text.split(|&byte| byte == b'%');
    output.extend_from_slice(pieces.next().unwrap_or_default());
    for piece in pieces {
        output.extend_from_slice(b"%25");
        output.extend_from_slice(piece);
    }
}
