//! The signature base string: `METHOD&URI&PARAMETERS`, each part percent-encoded (RFC 5849 §3.4.1.1).

use super::buffers::{Given, with_base_string, with_parameters};
use super::dialect::BodyArray;
use super::limits::{MAX_LENGTH, MAX_PARAMETERS};
use super::output::Output;
use super::{Dialect, Fault, Request};
use crate::text::percent;

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
    let text = with_text(dialect, request, None, |output| output.written().to_vec())?;
    Ok(String::from_utf8(text).expect("percent-encoded text is ASCII"))
}

/// Calls `read` with the base string of `request`.
pub(super) fn with_text<R>(
    dialect: Dialect,
    request: &Request<'_>,
    given: Given<'_>,
    read: impl FnOnce(&mut Output<'_>) -> R,
) -> Result<R, BaseStringError> {
    let rules = dialect.rules();
    with_parameters(rules, request, given, |set| {
        if let (true, BodyArray::Before(fault) | BodyArray::AtSignature(fault)) =
            (set.breaks, rules.body_array)
        {
            return Err(BaseStringError::Fault(fault));
        }
        Ok(with_base_string(rules, request, set, read))
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
/// # Errors
/// When the request exceeds a limit.
pub fn signed_parameters(
    dialect: Dialect,
    request: &Request<'_>,
) -> Result<Vec<Parameter>, BaseStringError> {
    with_parameters(dialect.rules(), request, None, |set| {
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
