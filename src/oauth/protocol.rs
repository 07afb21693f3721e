//! The eight protocol parameters of the flow, each with a slot of its own (RFC 5849 §3.1; spec oauth.md §2.1).

use super::Step;
use super::parameters::Pair;

/// A protocol parameter that the store looks at. Variants stand in the order of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// `oauth_consumer_key`
    ConsumerKey,
    /// `oauth_nonce`
    Nonce,
    /// `oauth_signature`
    Signature,
    /// `oauth_signature_method`
    SignatureMethod,
    /// `oauth_timestamp`
    Timestamp,
    /// `oauth_token`
    Token,
    /// `oauth_verifier`
    Verifier,
    /// `oauth_version`
    Version,
}

impl Protocol {
    /// All, in the order of their names.
    pub const ALL: [Self; 8] = [
        Self::ConsumerKey,
        Self::Nonce,
        Self::Signature,
        Self::SignatureMethod,
        Self::Timestamp,
        Self::Token,
        Self::Verifier,
        Self::Version,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConsumerKey => "oauth_consumer_key",
            Self::Nonce => "oauth_nonce",
            Self::Signature => "oauth_signature",
            Self::SignatureMethod => "oauth_signature_method",
            Self::Timestamp => "oauth_timestamp",
            Self::Token => "oauth_token",
            Self::Verifier => "oauth_verifier",
            Self::Version => "oauth_version",
        }
    }

    /// The parameter of exactly this name.
    #[must_use]
    pub fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"oauth_consumer_key" => Self::ConsumerKey,
            b"oauth_nonce" => Self::Nonce,
            b"oauth_signature" => Self::Signature,
            b"oauth_signature_method" => Self::SignatureMethod,
            b"oauth_timestamp" => Self::Timestamp,
            b"oauth_token" => Self::Token,
            b"oauth_verifier" => Self::Verifier,
            b"oauth_version" => Self::Version,
            _ => return None,
        })
    }
}

impl Step {
    /// The required parameters, in the order in which missing ones are reported (spec oauth.md §2.1).
    #[must_use]
    pub const fn required(self) -> &'static [Protocol] {
        use Protocol as P;
        const ALL: [Protocol; 7] = [
            P::ConsumerKey,
            P::Signature,
            P::SignatureMethod,
            P::Nonce,
            P::Timestamp,
            P::Token,
            P::Verifier,
        ];
        match self {
            Self::RequestToken => ALL.split_at(5).0,
            Self::AccessToken => &ALL,
            Self::Resource => ALL.split_at(6).0,
        }
    }
}

/// The values of the protocol parameters, in canonical form, each in its own place: they need no sorting.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slots<'s>([Option<&'s [u8]>; 8]);

impl<'s> Slots<'s> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    pub(super) fn value(&self, protocol: Protocol) -> Option<&'s [u8]> {
        self.0[protocol as usize]
    }

    pub(super) fn put(&mut self, protocol: Protocol, value: &'s [u8]) {
        self.0[protocol as usize] = Some(value);
    }

    /// Those that are there.
    pub(super) fn all(self) -> impl Iterator<Item = (Protocol, &'s [u8])> {
        Protocol::ALL
            .into_iter()
            .zip(self.0)
            .filter_map(|(protocol, value)| Some((protocol, value?)))
    }

    /// Those that are there and signed.
    pub(super) fn signed(self) -> impl Iterator<Item = Pair<'s>> {
        self.all()
            .filter(|&(protocol, _)| protocol != Protocol::Signature)
            .map(|(protocol, value)| Pair {
                name: protocol.name().as_bytes(),
                value,
            })
    }
}
