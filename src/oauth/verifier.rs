//! Verifying as a server does it, with its own credentials and nonces. What a Magento store does besides is [`super::authenticate`].

use super::buffers::with_parameters;
use super::parameters::ParameterSet;
use super::{Dialect, Protocol, Refusal, Request, SignatureMethod, SigningKey, verify};
use crate::text::percent;
use crate::time::UnixTime;

/// Looks credentials and nonces up for [`Verifier::verify`].
pub trait Credentials {
    /// The key of a consumer, and of its token when the request brings one; none when either is unknown.
    fn key(&self, consumer_key: &str, token: Option<&str>) -> Option<SigningKey>;

    /// Writes the nonce down; false when this consumer has used it before with this timestamp and token.
    ///
    /// Asked after the signature was found right: a stranger cannot use up a consumer's nonces.
    fn is_fresh(
        &self,
        consumer_key: &str,
        token: Option<&str>,
        nonce: &str,
        timestamp: UnixTime,
    ) -> bool;
}

/// A request that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// Whose request it is.
    pub consumer_key: String,
    /// The token it was signed with.
    pub token: Option<String>,
    /// How it was signed.
    pub method: SignatureMethod,
    /// When it was signed, by the client's clock.
    pub timestamp: UnixTime,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// A parameter is missing or empty, or the signature is wrong.
    #[error(transparent)]
    Request(#[from] Refusal),
    /// There is no protocol parameter at all.
    #[error("the request is not signed")]
    NoCredentials,
    /// Consumer or token are unknown.
    #[error("the consumer key or the token is unknown")]
    Unknown,
    /// `oauth_version` is there and is not `1.0`.
    #[error("`oauth_version` is not 1.0")]
    Version,
    /// The timestamp is not a number of seconds, or too far from the server's clock.
    #[error("`oauth_timestamp` is not a time within the accepted window")]
    Timestamp,
    /// The nonce was used before.
    #[error("the nonce was used before")]
    Nonce,
}

/// Accepts requests as RFC 5849 section 3.2 wants it: signature, version, timestamp within a window, nonce.
///
/// ```
/// use magespec::oauth::{Credentials, Request, Signer, SigningKey, Verifier};
/// use magespec::time::UnixTime;
///
/// struct One;
/// impl Credentials for One {
///     fn key(&self, consumer_key: &str, _token: Option<&str>) -> Option<SigningKey> {
///         (consumer_key == "key").then(|| SigningKey::new(&"secret".into(), &"token secret".into()))
///     }
///     fn is_fresh(&self, _: &str, _: Option<&str>, _: &str, _: UnixTime) -> bool {
///         true
///     }
/// }
///
/// let now = UnixTime(1_700_000_000);
/// let signer = Signer::new("key", "secret").token("token", "token secret");
/// let header = signer.authorization("GET", "https://shop.example/rest/V1/modules", "n0nce", now)?;
/// let request = Request {
///     method: "GET",
///     scheme: "https",
///     host: "shop.example",
///     target: "/rest/V1/modules",
///     authorization: Some(&header),
///     ..Request::default()
/// };
/// let accepted = Verifier::default().verify(&request, now, &One)?;
/// assert_eq!(accepted.consumer_key, "key");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    dialect: Dialect,
    methods: Vec<SignatureMethod>,
    window: i64,
}

/// RFC 5849, HMAC-SHA256, 300 seconds to either side.
impl Default for Verifier {
    fn default() -> Self {
        Self {
            dialect: Dialect::Rfc5849,
            methods: vec![SignatureMethod::HmacSha256],
            window: 300,
        }
    }
}

impl Verifier {
    /// Builds the base string as stores of this generation do, instead of RFC 5849.
    #[must_use]
    pub const fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Accepts these methods instead of HMAC-SHA256.
    #[must_use]
    pub fn methods(mut self, methods: impl Into<Vec<SignatureMethod>>) -> Self {
        self.methods = methods.into();
        self
    }

    /// Accepts timestamps up to this many seconds before and after the server's clock.
    #[must_use]
    pub const fn window(mut self, seconds: i64) -> Self {
        self.window = seconds;
        self
    }

    /// Judges a request whose protocol parameters are where the dialect looks for them: in RFC 5849 the `Authorization` header, a form
    /// body or the query.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(
        &self,
        request: &Request<'_>,
        now: UnixTime,
        credentials: &impl Credentials,
    ) -> Result<Accepted, Refused> {
        with_parameters(self.dialect.rules(), request, None, |set| {
            self.judge(set, request, now, credentials)
        })
        .unwrap_or(Err(Refused::Request(Refusal::TooLarge)))
    }

    fn judge(
        &self,
        set: &ParameterSet<'_, '_>,
        request: &Request<'_>,
        now: UnixTime,
        credentials: &impl Credentials,
    ) -> Result<Accepted, Refused> {
        let value = |protocol| {
            Some(String::from_utf8_lossy(&percent::decode(set.slots.value(protocol)?)).into_owned())
        };
        let needed = |protocol| {
            value(protocol)
                .filter(|value| !value.is_empty())
                .ok_or(Refused::Request(Refusal::Missing(protocol)))
        };
        if set.slots.is_empty() {
            return Err(Refused::NoCredentials);
        }
        let consumer_key = needed(Protocol::ConsumerKey)?;
        let nonce = needed(Protocol::Nonce)?;
        let timestamp = seconds(&needed(Protocol::Timestamp)?)
            .filter(|timestamp| timestamp.since(now).saturating_abs() <= self.window)
            .ok_or(Refused::Timestamp)?;
        if value(Protocol::Version).is_some_and(|version| version != "1.0") {
            return Err(Refused::Version);
        }
        let token = value(Protocol::Token).filter(|token| !token.is_empty());
        let key = credentials
            .key(&consumer_key, token.as_deref())
            .ok_or(Refused::Unknown)?;
        let method = verify(self.dialect, &self.methods, request, &key)?;
        if !credentials.is_fresh(&consumer_key, token.as_deref(), &nonce, timestamp) {
            return Err(Refused::Nonce);
        }
        Ok(Accepted {
            consumer_key,
            token,
            method,
            timestamp,
        })
    }
}

/// A timestamp as RFC 5849 section 3.3 has it: a positive number of seconds, digits alone.
fn seconds(text: &str) -> Option<UnixTime> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text
        .parse()
        .ok()
        .filter(|&seconds: &i64| digits && seconds > 0)?;
    Some(UnixTime(seconds))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::oauth::Signer;

    const NOW: UnixTime = UnixTime(1_700_000_000);

    #[derive(Default)]
    struct One(RefCell<Vec<String>>);

    impl Credentials for One {
        fn key(&self, consumer_key: &str, token: Option<&str>) -> Option<SigningKey> {
            let known = consumer_key == "key" && token.is_none_or(|token| token == "token");
            let secret = token.map_or("", |_| "token secret");
            known.then(|| SigningKey::new(&"secret".into(), &secret.into()))
        }

        fn is_fresh(&self, _: &str, _: Option<&str>, nonce: &str, _: UnixTime) -> bool {
            let mut seen = self.0.borrow_mut();
            let fresh = !seen.iter().any(|known| known == nonce);
            seen.push(nonce.to_owned());
            fresh
        }
    }

    fn judged(
        signer: &Signer,
        nonce: &str,
        now: UnixTime,
        records: &One,
    ) -> Result<Accepted, Refused> {
        let header = signer
            .authorization("GET", "https://shop.example/rest?a=b", nonce, NOW)
            .expect("a plain request");
        let request = Request {
            method: "GET",
            scheme: "https",
            host: "shop.example",
            target: "/rest?a=b",
            authorization: Some(&header),
            ..Request::default()
        };
        Verifier::default().verify(&request, now, records)
    }

    #[test]
    fn a_right_request_is_accepted_once() {
        let records = One::default();
        let signer = Signer::new("key", "secret").token("token", "token secret");
        let accepted = judged(&signer, "one", NOW, &records).expect("it is right");
        assert_eq!(
            (accepted.consumer_key.as_str(), accepted.token.as_deref()),
            ("key", Some("token"))
        );
        assert_eq!(judged(&signer, "one", NOW, &records), Err(Refused::Nonce));
        assert!(judged(&signer, "two", NOW, &records).is_ok());
    }

    #[test]
    fn a_wrong_request_spends_no_nonce() {
        let records = One::default();
        let forged = Signer::new("key", "guessed").token("token", "token secret");
        assert_eq!(
            judged(&forged, "one", NOW, &records),
            Err(Refused::Request(Refusal::Signature))
        );
        let stranger = Signer::new("stranger", "secret");
        assert_eq!(
            judged(&stranger, "one", NOW, &records),
            Err(Refused::Unknown)
        );
        let right = Signer::new("key", "secret");
        assert!(judged(&right, "one", NOW, &records).is_ok());
    }

    #[test]
    fn the_clock_may_differ_by_the_window() {
        let signer = Signer::new("key", "secret");
        for (lead, accepted) in [(300, true), (-300, true), (301, false), (-301, false)] {
            let verdict = judged(&signer, "one", NOW.plus(lead), &One::default());
            assert_eq!(verdict.is_ok(), accepted, "{lead} seconds: {verdict:?}");
        }
        for text in ["1.0", "+1", "-1", "0", "", "1e9", "99999999999999999999"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_signed_is_no_request_of_a_client() {
        let request = Request {
            method: "GET",
            scheme: "https",
            host: "shop.example",
            target: "/",
            ..Request::default()
        };
        let verdict = Verifier::default().verify(&request, NOW, &One::default());
        assert_eq!(verdict, Err(Refused::NoCredentials));
    }
}
