//! Verification of one request against credentials that are known already.

use super::buffers::{with_base_string, with_parameters};
use super::dialect::{BodyArray, Rules};
use super::method::LONGEST_SIGNATURE;
use super::parameters::ParameterSet;
use super::protocol::Protocol;
use super::scan::find;
use super::{Dialect, Fault, Request, SignatureMethod, SigningKey};
use crate::text::percent;

/// Why [`verify`] does not accept a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// A parameter without which nothing can be verified is missing.
    #[error("`{}` is missing", .0.name())]
    Missing(Protocol),
    /// The signature method is none of those that are accepted.
    #[error("the signature method is not accepted")]
    Method,
    /// The signature is not the one of the request.
    #[error("the signature is not the one of this request")]
    Signature,
    /// A store of this dialect fails instead of judging.
    #[error("a store of this dialect fails on the request")]
    Fault(Fault),
    /// A limit is exceeded.
    #[error("the request has too many parameters or bytes")]
    TooLarge,
}

/// Whether `request` carries the signature of `key` in `dialect`, by one of `methods`. Gives the method.
///
/// Nothing is looked up and neither clock nor nonce is judged: that is [`super::authenticate`]. Without the heap up to
/// [`super::INLINE_PARAMETERS`] parameters and a base string of [`super::INLINE_BASE_STRING`] bytes, refusals included.
///
/// ```
/// use magespec::oauth::{Dialect, Refusal, Request, SignatureMethod, SigningKey, verify};
/// use magespec::secret::Secret;
/// let key = SigningKey::new(&Secret::from("kd94hf93k423kf44"), &Secret::from("pfkkdhi9sl3r4s00"));
/// let request = Request {
///     method: "GET",
///     scheme: "http",
///     host: "photos.example.net",
///     target: "/photos?file=vacation.jpg&size=original",
///     authorization: Some(concat!(
///         r#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", "#,
///         r#"oauth_signature_method="HMAC-SHA1", oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D", "#,
///         r#"oauth_timestamp="1191242096", oauth_nonce="kllo9940pd9333jh", oauth_version="1.0""#,
///     )),
///     ..Request::default()
/// };
/// let all = &SignatureMethod::ALL;
/// assert_eq!(verify(Dialect::Rfc5849, all, &request, &key), Ok(SignatureMethod::HmacSha1));
/// let tampered = Request { method: "POST", ..request };
/// assert_eq!(verify(Dialect::Rfc5849, all, &tampered, &key), Err(Refusal::Signature));
/// ```
///
/// # Errors
/// When the request is not accepted.
pub fn verify(
    dialect: Dialect,
    methods: &[SignatureMethod],
    request: &Request<'_>,
    key: &SigningKey,
) -> Result<SignatureMethod, Refusal> {
    let rules = dialect.rules();
    with_parameters(rules, request, None, |set| {
        if let (true, BodyArray::Before(fault)) = (set.breaks, rules.body_array) {
            return Err(Refusal::Fault(fault));
        }
        let name = set
            .slots
            .value(Protocol::SignatureMethod)
            .ok_or(Refusal::Missing(Protocol::SignatureMethod))?;
        let method = SignatureMethod::written(name)
            .filter(|method| methods.contains(method))
            .ok_or(Refusal::Method)?;
        verify_set(rules, request, set, method, key)?;
        Ok(method)
    })
    .unwrap_or(Err(Refusal::TooLarge))
}

/// Whether the signature among the collected parameters is the one of `key`.
pub(super) fn verify_set(
    rules: &Rules,
    request: &Request<'_>,
    set: &ParameterSet<'_, '_>,
    method: SignatureMethod,
    key: &SigningKey,
) -> Result<(), Refusal> {
    if let (true, BodyArray::AtSignature(fault)) = (set.breaks, rules.body_array) {
        return Err(Refusal::Fault(fault));
    }
    let presented = set
        .slots
        .value(Protocol::Signature)
        .ok_or(Refusal::Missing(Protocol::Signature))?;
    let mut signature = [0; LONGEST_SIGNATURE + 1];
    let length = decode_into(&mut signature, presented);
    let decoded = method.decode(&signature[..length]);
    with_base_string(rules, request, set, |base| {
        method.matches(base, key, &decoded)
    })
    .then_some(())
    .ok_or(Refusal::Signature)
}

/// Percent-decodes as much of `text` as there is room for; gives the length.
fn decode_into(room: &mut [u8], text: &[u8]) -> usize {
    let mut rest = text;
    let mut length = 0;
    while !rest.is_empty() && length < room.len() {
        let run = find(rest, b'%')
            .unwrap_or(rest.len())
            .min(room.len() - length);
        room[length..length + run].copy_from_slice(&rest[..run]);
        length += run;
        rest = &rest[run..];
        if let ([first, ..], Some(place)) = (rest, room.get_mut(length)) {
            let escape = percent::escape(rest, 0);
            *place = escape.unwrap_or(*first);
            rest = &rest[if escape.is_some() { 3 } else { 1 }..];
            length += 1;
        }
    }
    length
}
