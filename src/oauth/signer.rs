//! Signing as an app does it: the credentials once, then a line for each request.

use super::{BaseStringError, Dialect, Request, SignatureMethod, SignedHeader, SigningKey};
use crate::secret::Secret;
use crate::time::UnixTime;

/// The credentials of one integration, and how its store wants requests signed.
///
/// Nothing is drawn and no clock is read: nonce and time are arguments. `magespec::random::value` and `magespec::time::SystemClock` give
/// both.
///
/// ```
/// use magespec::oauth::Signer;
/// use magespec::time::UnixTime;
///
/// let signer = Signer::new("consumer key", "consumer secret").token("access token", "token secret");
/// let header = signer.authorization("GET", "https://shop.example/rest/V1/store/storeViews", "n0nce", UnixTime(1_700_000_000))?;
/// assert!(header.starts_with("OAuth oauth_consumer_key=\"consumer%20key\""));
/// # Ok::<(), magespec::oauth::SignError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    consumer_key: String,
    consumer_secret: Secret,
    token: Option<String>,
    verifier: Option<String>,
    key: SigningKey,
    dialect: Dialect,
    method: SignatureMethod,
}

/// Why a request is not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// Not an absolute URL with `http` or `https`, a host, and neither user nor password.
    #[error("`{0}` is not an absolute http or https URL without user and password")]
    Url(String),
    /// The request is beyond the limits of this module, or a store of the dialect would fail on it.
    #[error(transparent)]
    BaseString(#[from] BaseStringError),
}

impl Signer {
    /// Signs with a consumer's credentials alone, as the request for a request token is signed: HMAC-SHA256, as RFC 5849 says.
    #[must_use]
    pub fn new(consumer_key: impl Into<String>, consumer_secret: impl Into<Secret>) -> Self {
        let consumer_secret = consumer_secret.into();
        Self {
            consumer_key: consumer_key.into(),
            key: SigningKey::new(&consumer_secret, &Secret::default()),
            consumer_secret,
            token: None,
            verifier: None,
            dialect: Dialect::Rfc5849,
            method: SignatureMethod::HmacSha256,
        }
    }

    /// Signs with a request token or an access token as well.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.key = SigningKey::new(&self.consumer_secret, &secret.into());
        self.token = Some(token.into());
        self
    }

    /// Sends the verifier, as the request for an access token needs it.
    #[must_use]
    pub fn verifier(mut self, verifier: impl Into<String>) -> Self {
        self.verifier = Some(verifier.into());
        self
    }

    /// Builds the base string as stores of this generation do, instead of RFC 5849.
    #[must_use]
    pub const fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Signs with this method instead of HMAC-SHA256, the only one that stores accept since 2.4.4.
    #[must_use]
    pub const fn method(mut self, method: SignatureMethod) -> Self {
        self.method = method;
        self
    }

    /// The `Authorization` header of a request without a form body. `url` is sent as it stands here; a fragment is not sent.
    ///
    /// # Errors
    /// When `url` is no absolute URL, or a store of the dialect would fail on the request.
    pub fn authorization(
        &self,
        method: &str,
        url: &str,
        nonce: &str,
        now: UnixTime,
    ) -> Result<String, SignError> {
        let (scheme, host, target) = parts(url).ok_or_else(|| SignError::Url(url.to_owned()))?;
        let request = Request {
            method,
            scheme,
            host,
            target,
            ..Request::default()
        };
        Ok(self.authorize(&request, nonce, now)?)
    }

    /// The `Authorization` header of any request; its own `authorization` is not looked at, its form body is signed.
    ///
    /// # Errors
    /// When a store of the dialect would fail on the request, and when the request exceeds a limit.
    pub fn authorize(
        &self,
        request: &Request<'_>,
        nonce: &str,
        now: UnixTime,
    ) -> Result<String, BaseStringError> {
        SignedHeader {
            dialect: self.dialect,
            method: self.method,
            consumer_key: &self.consumer_key,
            token: self.token.as_deref(),
            key: &self.key,
            verifier: self.verifier.as_deref(),
            nonce,
            timestamp: now,
        }
        .authorization(request)
    }

    /// Signs a request of the `http` crate, and puts the header into it.
    ///
    /// ```
    /// use magespec::oauth::Signer;
    /// use magespec::time::UnixTime;
    ///
    /// let signer = Signer::new("key", "secret").token("token", "token secret");
    /// let mut request = http::Request::get("https://shop.example/rest/V1/modules").body(Vec::new())?;
    /// signer.sign(&mut request, "n0nce", UnixTime(1_700_000_000))?;
    /// assert!(request.headers().contains_key("authorization"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When its URI is not absolute, and as [`Signer::authorize`].
    #[cfg(feature = "http")]
    pub fn sign<B: AsRef<[u8]>>(
        &self,
        request: &mut http::Request<B>,
        nonce: &str,
        now: UnixTime,
    ) -> Result<(), SignError> {
        let url = request.uri().to_string();
        let (scheme, host, target) = parts(&url).ok_or_else(|| SignError::Url(url.clone()))?;
        let content_type = request.headers().get(http::header::CONTENT_TYPE);
        let header = self.authorize(
            &Request {
                method: request.method().as_str(),
                scheme,
                host,
                target,
                authorization: None,
                content_type: content_type.and_then(|value| value.to_str().ok()),
                body: request.body().as_ref(),
            },
            nonce,
            now,
        )?;
        if let Ok(mut value) = http::HeaderValue::try_from(header) {
            value.set_sensitive(true);
            let headers = request.headers_mut();
            headers.insert(http::header::AUTHORIZATION, value);
        }
        Ok(())
    }
}

/// Scheme, authority and request target of an absolute URL.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let known = ["http", "https"]
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known))?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, target) = rest.split_at(end);
    if host.is_empty() || host.contains('@') {
        return None;
    }
    Some((known, host, if target.is_empty() { "/" } else { target }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::verify;

    #[test]
    fn a_url_has_a_scheme_a_host_and_a_target() {
        for (url, expected) in [
            ("https://shop.example", Some(("https", "shop.example", "/"))),
            (
                "HTTP://shop.example:8080/a?b=c#d",
                Some(("http", "shop.example:8080", "/a?b=c")),
            ),
            (
                "https://shop.example?a=b",
                Some(("https", "shop.example", "?a=b")),
            ),
            (
                "https://[::1]:8443/rest",
                Some(("https", "[::1]:8443", "/rest")),
            ),
            ("https://user:password@shop.example/", None),
            ("ftp://shop.example/", None),
            ("/rest/V1/modules", None),
            ("https:///rest", None),
        ] {
            assert_eq!(parts(url), expected, "{url}");
        }
    }

    #[test]
    fn what_is_signed_is_verified() {
        let signer = Signer::new("key", "a&b")
            .token("token", "c+d")
            .dialect(Dialect::Laminas);
        let url = "https://shop.example/rest/V1/orders?searchCriteria[pageSize]=1";
        let header = signer
            .authorization("GET", url, "n0nce", UnixTime(1_700_000_000))
            .expect("a plain request");
        let request = Request {
            method: "GET",
            scheme: "https",
            host: "shop.example",
            target: "/rest/V1/orders?searchCriteria[pageSize]=1",
            authorization: Some(&header),
            ..Request::default()
        };
        let key = SigningKey::new(&Secret::from("a&b"), &Secret::from("c+d"));
        let accepted = verify(
            Dialect::Laminas,
            &[SignatureMethod::HmacSha256],
            &request,
            &key,
        );
        assert_eq!(accepted, Ok(SignatureMethod::HmacSha256));
        let other = verify(
            Dialect::Rfc5849,
            &[SignatureMethod::HmacSha1],
            &request,
            &key,
        );
        assert!(other.is_err());
    }
}
