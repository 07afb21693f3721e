//! Whether a request of the app is signed as the profile wants it, and why not.

use crate::doctor::{self, Diagnosis, Family, Keyring, ReceivedRequest, examine};
use crate::oauth::Profile;
use crate::text::percent;

use super::played::Seen;

/// What the doctor says of a request.
#[derive(Clone, Debug)]
pub struct Judged {
    diagnosis: Diagnosis,
}

impl Judged {
    /// Judges a request by the secrets that were good before it came.
    pub(super) fn of(seen: &Seen, profile: &'static Profile) -> Self {
        let headers = &seen.request.headers;
        let received = ReceivedRequest {
            method: seen.request.method.clone(),
            scheme: Some(if seen.secure { "https" } else { "http" }.to_owned()),
            host: headers.first("Host").unwrap_or_default().to_owned(),
            target: seen.request.target.clone(),
            authorization: headers.first("Authorization").map(ToOwned::to_owned),
            content_type: headers.first("Content-Type").map(ToOwned::to_owned),
            body: seen.request.body.clone(),
            ..ReceivedRequest::default()
        };
        let keyring = Keyring::new(seen.secrets.as_ref().clone());
        Self {
            diagnosis: examine(1, &received, &keyring, profile),
        }
    }

    /// Whether the profile accepts signature and method.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.diagnosis.verdict == doctor::Verdict::Right
    }

    /// In one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let headline = self.diagnosis.headline();
        match self.diagnosis.explanations.first() {
            Some(first) if !self.is_right() && !first.fix.is_empty() => {
                format!("{headline}; {}", first.fix)
            }
            _ => headline,
        }
    }

    /// Whether a mistake of this family explains it.
    #[must_use]
    pub fn is_of(&self, family: Family) -> bool {
        let mut explanations = self.diagnosis.explanations.iter();
        explanations.any(|explained| {
            let mut mistakes = explained.mistakes.iter();
            mistakes.any(|mistake| mistake.family == family)
        })
    }

    /// The released profiles that refuse it.
    #[must_use]
    pub fn refused_by(&self) -> Vec<&'static str> {
        let profiles = self.diagnosis.accepted_by.iter();
        profiles
            .filter(|(name, accepted)| !accepted && name.starts_with("magento-2"))
            .map(|(name, _)| *name)
            .collect()
    }

    /// What the profile signs.
    pub(super) fn base_string(&self) -> Option<&str> {
        self.diagnosis.expected_base_string()
    }
}

impl Seen {
    /// The parameters of its `Authorization: OAuth` field, decoded, in order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let field = self.request.headers.first("Authorization");
        let Some((scheme, list)) = field.and_then(|field| field.trim().split_once(' ')) else {
            return Vec::new();
        };
        if !scheme.eq_ignore_ascii_case("oauth") {
            return Vec::new();
        }
        let decoded =
            |text: &str| String::from_utf8_lossy(&percent::decode(text.as_bytes())).into_owned();
        list.split(',')
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| {
                (
                    decoded(name.trim()),
                    decoded(value.trim().trim_matches('"')),
                )
            })
            .collect()
    }

    /// The value of a protocol parameter in its `Authorization` field.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let found = self
            .parameters()
            .into_iter()
            .find(|(other, _)| other == name);
        found.map(|(_, value)| value)
    }

    /// Whether it is signed by this consumer, or by nobody.
    pub(super) fn is_of(&self, key: &str) -> bool {
        self.parameter("oauth_consumer_key")
            .is_none_or(|other| other == key)
    }
}
