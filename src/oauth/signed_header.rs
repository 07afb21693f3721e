//! Signing a request, and writing the `Authorization` header.

use std::ops::Range;

use super::base_string::with_text;
use super::protocol::Slot;
use super::scan::is_unreserved_text;
use super::{BaseStringError, Dialect, Protocol, Request, SignatureMethod, SigningKey};
use crate::text::percent;
use crate::time::UnixTime;

/// What a client signs with. Nonce and timestamp are given: nothing is drawn and no clock is read here.
///
/// ```
/// use magespec::oauth::{Dialect, Request, SignatureMethod, SignedHeader, SigningKey, verify};
/// use magespec::secret::Secret;
/// use magespec::time::UnixTime;
/// let key = SigningKey::new(&Secret::from("consumer secret"), &Secret::from("token secret"));
/// let signer = SignedHeader {
///     dialect: Dialect::Laminas,
///     method: SignatureMethod::HmacSha256,
///     consumer_key: "abcdefghijklmnopqrstuvwxyz012345",
///     token: Some("t0ken000000000000000000000000001"),
///     key: &key,
///     verifier: None,
///     nonce: "n0nce",
///     timestamp: UnixTime(1_700_000_000),
/// };
/// let mut request = Request {
///     method: "GET",
///     scheme: "https",
///     host: "shop.example",
///     target: "/rest/V1/orders?searchCriteria%5BpageSize%5D=1",
///     ..Request::default()
/// };
/// let header = signer.authorization(&request).expect("a small request without arrays");
/// request.authorization = Some(&header);
/// assert!(verify(Dialect::Laminas, &[SignatureMethod::HmacSha256], &request, &key).is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SignedHeader<'a> {
    /// How the base string is built.
    pub dialect: Dialect,
    /// How it is signed.
    pub method: SignatureMethod,
    /// The consumer key.
    pub consumer_key: &'a str,
    /// The access or request token, once there is one.
    pub token: Option<&'a str>,
    /// Consumer secret and token secret.
    pub key: &'a SigningKey,
    /// The verifier, at E2.
    pub verifier: Option<&'a str>,
    /// A value that this consumer has not used before.
    pub nonce: &'a str,
    /// Now.
    pub timestamp: UnixTime,
}

impl SignedHeader<'_> {
    /// The `Authorization` header of `request`, whose own `authorization` is not looked at.
    ///
    /// # Errors
    /// When a store of this dialect would fail on the request, and when the request exceeds a limit.
    pub fn authorization(&self, request: &Request<'_>) -> Result<String, BaseStringError> {
        let (mut header, places) = self.header();
        let nothing = Slot {
            value: b"",
            plain: true,
        };
        let mut given = [(Protocol::Version, nothing); 7];
        let mut count = 0;
        for (protocol, place, plain) in places.into_iter().flatten() {
            let value = &header.as_bytes()[place];
            given[count] = (protocol, Slot { value, plain });
            count += 1;
        }
        let signature = with_text(self.dialect, request, Some(&given[..count]), |text| {
            self.method.sign_written(text, self.key)
        })?;
        push(&mut header, "oauth_signature", &signature);
        Ok(header)
    }

    /// The header without the signature; with it [`super::base_string`] gives what is signed.
    #[must_use]
    pub fn unsigned(&self) -> String {
        self.header().0
    }

    /// The header without the signature, and where in it the value of each parameter stands.
    fn header(&self) -> (String, Places) {
        let timestamp = self.timestamp.0.to_string();
        let mut header = String::with_capacity(512);
        let values = [
            (Protocol::ConsumerKey, Some(self.consumer_key)),
            (Protocol::Nonce, Some(self.nonce)),
            (Protocol::SignatureMethod, Some(self.method.name())),
            (Protocol::Timestamp, Some(timestamp.as_str())),
            (Protocol::Token, self.token),
            (Protocol::Verifier, self.verifier),
            (Protocol::Version, Some("1.0")),
        ];
        let places = values.map(|(protocol, value)| {
            let value = value?;
            header.push_str(if header.is_empty() { "OAuth " } else { ", " });
            header.push_str(protocol.name());
            header.push_str("=\"");
            let start = header.len();
            let plain = push_encoded(&mut header, value);
            let place = start..header.len();
            header.push('"');
            Some((protocol, place, plain))
        });
        (header, places)
    }
}

/// Where in a header the value of each parameter stands, as far as it is there, and whether nothing in it is escaped.
type Places = [Option<(Protocol, Range<usize>, bool)>; 7];

/// An `Authorization` header with exactly these pairs, in this order: `OAuth a="b", c="d"`, names and values percent-encoded.
///
/// ```
/// use magespec::oauth::render_authorization;
/// assert_eq!(render_authorization(&[("a", "b c"), ("d", "")]), r#"OAuth a="b%20c", d="""#);
/// ```
#[must_use]
pub fn render_authorization(pairs: &[(&str, &str)]) -> String {
    let mut header = String::new();
    for (name, value) in pairs {
        push(&mut header, name, value);
    }
    if header.is_empty() {
        header.push_str("OAuth ");
    }
    header
}

/// Gives whether nothing had to be escaped.
fn push_encoded(header: &mut String, value: &str) -> bool {
    let plain = is_unreserved_text(value.as_bytes());
    if plain {
        header.push_str(value);
    } else {
        percent::encode_into(header, value.as_bytes());
    }
    plain
}

fn push(header: &mut String, name: &str, value: &str) {
    header.push_str(if header.is_empty() { "OAuth " } else { ", " });
    push_encoded(header, name);
    header.push_str("=\"");
    push_encoded(header, value);
    header.push('"');
}
