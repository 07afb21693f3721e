use std::sync::Arc;

use crate::oauth::{SignatureMethod, SigningKey};
use crate::secret::Secret;
use crate::text::percent;
use crate::wire::{Headers, Request};

/// Which of the signed steps a request belongs to; it decides how a refusal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `/oauth/token/request`.
    RequestToken,
    /// `/oauth/token/access`.
    AccessToken,
    /// `/rest/…`.
    Rest,
}

/// Writes the header's value from the protocol parameters, signature last.
type Writer = Arc<dyn Fn(&[(String, String)]) -> String + Send + Sync>;
/// Rewrites a finished signature.
type Rewriter = fn(&str) -> String;

/// A signed request before its bytes are made: everything that a case may change, each thing by itself.
///
/// What is sent and what is signed are separate on purpose: the suite signs only the pairs and the URL that stand here literally.
#[derive(Clone)]
pub struct Draft {
    /// Which step it belongs to.
    pub step: Step,
    /// Method as sent.
    pub method: String,
    /// Request target as sent.
    pub target: String,
    /// Further header fields; a `Host` here replaces the target's own.
    pub headers: Vec<(String, String)>,
    /// Body as sent.
    pub body: Vec<u8>,
    protocol: Vec<(String, String)>,
    pairs: Vec<(String, String)>,
    keep_order: bool,
    signed_method: Option<String>,
    signed_url: String,
    root: String,
    prefix: String,
    consumer_secret: Secret,
    token_secret: Secret,
    key: Option<Secret>,
    rewriter: Option<Rewriter>,
    writer: Option<Writer>,
    after: Vec<(String, Option<String>)>,
    unsigned: bool,
    spoiled: bool,
}

impl Draft {
    pub(crate) fn new(step: Step, method: &str, root: &str, prefix: &str, path: &str) -> Self {
        let mut draft = Self {
            step,
            method: method.to_owned(),
            target: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            protocol: Vec::new(),
            pairs: Vec::new(),
            keep_order: false,
            signed_method: None,
            signed_url: String::new(),
            root: root.to_owned(),
            prefix: prefix.to_owned(),
            consumer_secret: Secret::default(),
            token_secret: Secret::default(),
            key: None,
            rewriter: None,
            writer: None,
            after: Vec::new(),
            unsigned: false,
            spoiled: false,
        };
        draft.to(path);
        draft
    }

    /// Both secrets that make the key.
    pub fn secrets(&mut self, consumer: &Secret, token: &Secret) -> &mut Self {
        self.consumer_secret = consumer.clone();
        self.token_secret = token.clone();
        self
    }

    /// Signs with another consumer secret.
    pub fn consumer_secret(&mut self, secret: &str) -> &mut Self {
        self.consumer_secret = Secret::new(secret);
        self.spoiled = true;
        self
    }

    /// Signs with another token secret.
    pub fn token_secret(&mut self, secret: &str) -> &mut Self {
        self.token_secret = Secret::new(secret);
        self.spoiled = true;
        self
    }

    /// The consumer secret that it signs with.
    #[must_use]
    pub fn consumer_secret_text(&self) -> String {
        self.consumer_secret.expose().to_owned()
    }

    /// Signs with exactly this key.
    pub fn key(&mut self, key: &str) -> &mut Self {
        self.key = Some(Secret::new(key));
        self.spoiled = true;
        self
    }

    /// Sets a protocol parameter before signing, in its place or at the end.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        match self.protocol.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.protocol.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// A protocol parameter's value.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        let found = self.protocol.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value)
    }

    /// Leaves a protocol parameter out, of the header and of what is signed.
    pub fn without(&mut self, name: &str) -> &mut Self {
        self.protocol.retain(|(other, _)| other != name);
        self.after(name, None)
    }

    /// Changes a parameter of the header after signing; `None` leaves it out.
    pub fn after(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        self.spoiled |= name == "oauth_signature";
        self.after
            .push((name.to_owned(), value.map(ToOwned::to_owned)));
        self
    }

    /// Sends another signature than the computed one.
    pub fn signature(&mut self, value: &str) -> &mut Self {
        self.after("oauth_signature", Some(value))
    }

    /// Rewrites the computed signature.
    pub fn rewrite_signature(&mut self, rewriter: Rewriter) -> &mut Self {
        self.rewriter = Some(rewriter);
        self.spoiled = true;
        self
    }

    /// Whether another signature than that of the base string and the right key is sent.
    pub(crate) const fn is_spoiled(&self) -> bool {
        self.spoiled
    }

    /// Whether it carries an OAuth header.
    pub(crate) const fn is_signed(&self) -> bool {
        !self.unsigned
    }

    /// Whether it may be sent again with another nonce than this one: it reads, and what it says of the nonce is what it was given.
    pub(crate) fn can_be_repeated(&self, nonce: &str) -> bool {
        let reads = self.step == Step::Rest && matches!(self.method.as_str(), "GET" | "HEAD");
        let about_nonce = self.after.iter().any(|(name, _)| name == "oauth_nonce");
        reads && !about_nonce && self.value("oauth_nonce") == nonce
    }

    /// Writes the `Authorization` value in its own way; the pairs are decoded, the signature comes last.
    pub fn written(
        &mut self,
        writer: impl Fn(&[(String, String)]) -> String + Send + Sync + 'static,
    ) -> &mut Self {
        self.writer = Some(Arc::new(writer));
        self
    }

    /// Sends no `Authorization` header.
    pub fn unsigned(&mut self) -> &mut Self {
        self.unsigned = true;
        self
    }

    /// Adds a query to the target. What of it is signed is said by [`Draft::sign`].
    pub fn query(&mut self, query: &str) -> &mut Self {
        self.target
            .push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(query);
        self
    }

    /// Signs these decoded pairs beside the protocol parameters, in the order of RFC 5849 §3.4.1.3.2.
    pub fn sign(&mut self, pairs: &[(&str, &str)]) -> &mut Self {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.pairs.extend(owned);
        self
    }

    /// Signs these decoded pairs in exactly this order, as one block before or after the protocol parameters.
    pub fn sign_in_order(&mut self, pairs: &[(&str, &str)]) -> &mut Self {
        self.keep_order = true;
        self.sign(pairs)
    }

    /// Sends to another path below the store's folder and signs the URL that belongs to it; a query is sent, but not signed.
    pub fn to(&mut self, path: &str) -> &mut Self {
        self.target = format!("{}{path}", self.prefix);
        let unqueried = self.target.split(['?', '#']).next().unwrap_or_default();
        self.signed_url = format!("{}{unqueried}", self.root);
        self
    }

    /// Signs another URL than the one that is sent.
    pub fn signed_url(&mut self, rewrite: impl FnOnce(&str) -> String) -> &mut Self {
        self.signed_url = rewrite(&self.signed_url);
        self
    }

    /// Sends this method and signs it.
    pub fn method(&mut self, method: &str) -> &mut Self {
        method.clone_into(&mut self.method);
        self
    }

    /// Signs another method than the one that is sent.
    pub fn signed_method(&mut self, method: &str) -> &mut Self {
        self.signed_method = Some(method.to_owned());
        self
    }

    /// Adds a header field.
    pub fn header(&mut self, name: &str, value: &str) -> &mut Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends this value instead of every other of a header field.
    pub fn instead(&mut self, name: &str, value: &str) -> &mut Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.header(name, value)
    }

    /// Sends a body of this type; an empty type sends no `Content-Type`.
    pub fn content(&mut self, content_type: &str, body: &str) -> &mut Self {
        if !content_type.is_empty() {
            self.header("Content-Type", content_type);
        }
        self.body = body.as_bytes().to_vec();
        self
    }

    /// Sends another body under the same header fields.
    pub fn body_instead(&mut self, body: &str) -> &mut Self {
        self.body = body.as_bytes().to_vec();
        self
    }

    /// Sends a form body. What of it is signed is said by [`Draft::sign`].
    pub fn form(&mut self, body: &str) -> &mut Self {
        self.content("application/x-www-form-urlencoded", body)
    }

    /// The base string of what is signed (RFC 5849 §3.4.1).
    #[must_use]
    pub fn base_string(&self) -> String {
        let encoded = |pairs: &[(String, String)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(name, value)| (percent::encode(name), percent::encode(value)))
                .collect()
        };
        let mut protocol = encoded(&self.protocol);
        let mut pairs = encoded(&self.pairs);
        let every = if self.keep_order {
            protocol.sort();
            let before = pairs
                .first()
                .is_some_and(|(name, _)| name.as_str() < "oauth_");
            if before {
                pairs.append(&mut protocol);
                pairs
            } else {
                protocol.append(&mut pairs);
                protocol
            }
        } else {
            protocol.append(&mut pairs);
            protocol.sort();
            protocol
        };
        let joined: Vec<String> = every
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let method = self.signed_method.as_ref().unwrap_or(&self.method);
        format!(
            "{}&{}&{}",
            method.to_uppercase(),
            percent::encode(&self.signed_url),
            percent::encode(&joined.join("&"))
        )
    }

    /// The protocol parameters as the header carries them, with the signature.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let mut parameters = self.protocol.clone();
        parameters.push(("oauth_signature".to_owned(), self.computed_signature()));
        for (name, value) in &self.after {
            match (
                parameters.iter_mut().find(|(other, _)| other == name),
                value,
            ) {
                (Some((_, old)), Some(new)) => new.clone_into(old),
                (None, Some(new)) => parameters.push((name.clone(), new.clone())),
                (_, None) => parameters.retain(|(other, _)| other != name),
            }
        }
        parameters
    }

    fn computed_signature(&self) -> String {
        let method = self
            .value("oauth_signature_method")
            .parse::<SignatureMethod>()
            .unwrap_or(SignatureMethod::HmacSha256);
        let base_string = self.base_string();
        let signature = match &self.key {
            Some(key) => raw_hmac(method, &base_string, key),
            None => method.sign(
                base_string.as_bytes(),
                &SigningKey::new(&self.consumer_secret, &self.token_secret),
            ),
        };
        self.rewriter
            .map_or(signature.clone(), |rewrite| rewrite(&signature))
    }

    /// The request's bytes-to-be; `authority` is the `Host` unless a header says otherwise.
    #[must_use]
    pub fn request(&self, authority: &str) -> Request {
        let mut headers = Headers::default();
        if !self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            headers.add("Host", authority);
        }
        if !self.unsigned {
            headers.add("Authorization", self.authorization());
        }
        for (name, value) in &self.headers {
            headers.add(name.clone(), value.clone());
        }
        Request {
            method: self.method.clone(),
            target: self.target.clone(),
            headers,
            body: self.body.clone(),
        }
    }

    fn authorization(&self) -> String {
        let parameters = self.parameters();
        match &self.writer {
            Some(writer) => writer(&parameters),
            None => standard(&parameters, ", "),
        }
    }
}

/// `OAuth name="value"` with this separator, everything percent-encoded.
#[must_use]
pub fn standard(parameters: &[(String, String)], separator: &str) -> String {
    let fields: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{}=\"{}\"", percent::encode(name), percent::encode(value)))
        .collect();
    format!("OAuth {}", fields.join(separator))
}

/// An HMAC with a literal key: some wrong keys of the cases have no form that [`SigningKey`] would make.
fn raw_hmac(method: SignatureMethod, base_string: &str, key: &Secret) -> String {
    use base64::Engine as _;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let engine = base64::engine::general_purpose::STANDARD;
    let key = key.expose().as_bytes();
    match method {
        SignatureMethod::HmacSha1 => {
            let mut mac =
                Hmac::<sha1::Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
            mac.update(base_string.as_bytes());
            engine.encode(mac.finalize().into_bytes())
        }
        SignatureMethod::HmacSha256 => {
            let mut mac =
                Hmac::<sha2::Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
            mac.update(base_string.as_bytes());
            engine.encode(mac.finalize().into_bytes())
        }
    }
}
