//! What a hook sees of a signed request.

use crate::oauth::{
    Authenticated, AuthorizationHeader, ConsumerRecord, Outcome, Request, SignatureMethod,
    SigningKey, Step, TokenRecord, base_string, verify,
};
use crate::secret::Secret;
use crate::store::Store;
use crate::store::records::record_of;
use crate::text::percent;

/// A request as the signature check reads it, to be changed.
#[derive(Clone, Debug)]
pub(in crate::store) struct Seen {
    pub(in crate::store) method: String,
    pub(in crate::store) scheme: String,
    pub(in crate::store) host: String,
    pub(in crate::store) target: String,
    pub(in crate::store) authorization: Option<String>,
    pub(in crate::store) content_type: Option<String>,
    pub(in crate::store) body: Vec<u8>,
}

impl Seen {
    pub(in crate::store) fn of(request: &Request<'_>) -> Self {
        Self {
            method: request.method.to_owned(),
            scheme: request.scheme.to_owned(),
            host: request.host.to_owned(),
            target: request.target.to_owned(),
            authorization: request.authorization.map(str::to_owned),
            content_type: request.content_type.map(str::to_owned),
            body: request.body.to_vec(),
        }
    }

    pub(in crate::store) fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            scheme: &self.scheme,
            host: &self.host,
            target: &self.target,
            authorization: self.authorization.as_deref(),
            content_type: self.content_type.as_deref(),
            body: &self.body,
        }
    }

    /// Changes the `Authorization` field when there is one.
    pub(in crate::store) fn header(&mut self, change: impl FnOnce(&str) -> String) {
        self.authorization = self.authorization.as_deref().map(change);
    }
}

/// A signed request and the rows that it names, as far as they were looked up.
pub(in crate::store) struct Signed<'a> {
    pub(in crate::store) store: &'a Store,
    pub(in crate::store) step: Step,
    pub(in crate::store) request: Request<'a>,
    pub(in crate::store) consumer: Option<ConsumerRecord>,
    pub(in crate::store) token: Option<TokenRecord>,
}

impl Signed<'_> {
    /// A parameter of the header, decoded; the last one of this name.
    pub(in crate::store) fn value(&self, name: &str) -> Option<String> {
        let header = self.request.authorization?;
        let parsed = AuthorizationHeader::parse(self.store.profile().dialect, header)?;
        let found = parsed.filter(|(other, _)| *other == name).last();
        found.map(|(_, value)| percent::decode_text(value).into_owned())
    }

    /// The path without store code and query.
    pub(in crate::store) fn path(&self) -> &str {
        self.request.target.split('?').next().unwrap_or_default()
    }

    /// The signature that came.
    pub(in crate::store) fn presented(&self) -> String {
        self.value("oauth_signature").unwrap_or_default()
    }

    /// The secrets of consumer and token; the second one empty when there is no token.
    pub(in crate::store) fn secrets(&self) -> (Secret, Secret) {
        let consumer = self.consumer.as_ref().map(|row| row.secret.clone());
        let token = self.token.as_ref().map(|row| row.secret.clone());
        (consumer.unwrap_or_default(), token.unwrap_or_default())
    }

    /// The right key.
    pub(in crate::store) fn key(&self) -> SigningKey {
        let (consumer, token) = self.secrets();
        SigningKey::new(&consumer, &token)
    }

    /// The right signature.
    pub(in crate::store) fn expected(&self) -> String {
        let base = base_string(self.store.profile().dialect, &self.request).unwrap_or_default();
        SignatureMethod::HmacSha256.sign(base.as_bytes(), &self.key())
    }

    /// Whether the signature would be right under another key.
    pub(in crate::store) fn is_right_under(&self, key: &SigningKey) -> bool {
        self.is_right_for(&self.request, key)
    }

    /// Whether the signature would be right for another request.
    pub(in crate::store) fn is_right_for(&self, request: &Request<'_>, key: &SigningKey) -> bool {
        let (dialect, every) = (self.store.profile().dialect, &SignatureMethod::ALL);
        verify(dialect, every, request, key).is_ok()
    }

    /// Looks up consumer and token by what the header names.
    pub(in crate::store) fn looked_up(&self) -> Self {
        let storage = self.store.storage();
        let key = self.value("oauth_consumer_key").unwrap_or_default();
        let consumer = storage.consumer_with_key(&key).ok().flatten();
        let token = self.value("oauth_token").unwrap_or_default();
        let token = storage.token(&token).ok().flatten();
        Signed {
            store: self.store,
            step: self.step,
            request: self.request,
            consumer: consumer.map(|row| ConsumerRecord {
                id: row.id,
                secret: row.secret,
                window_over: false,
            }),
            token: token.map(record_of),
        }
    }

    /// The request is taken for authentic. It must name a consumer.
    pub(in crate::store) fn authenticated(&self) -> Option<Outcome> {
        Some(Outcome::Authenticated(Authenticated {
            consumer: self.consumer.clone()?,
            token: self.token.clone(),
            method: SignatureMethod::HmacSha256,
        }))
    }
}
