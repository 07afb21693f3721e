//! The eight protocol parameters of the flow, each with a slot of its own (RFC 5849 §3.1; docs/protocol/token-endpoints.md).

use super::Step;
use super::output::BLOCK;

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

    /// `&`, the name and `=`, as they stand in a base string, padded; and their length.
    pub(super) const fn encoded_name(self) -> (&'static [u8; BLOCK], usize) {
        match self {
            Self::ConsumerKey => (b"%26oauth_consumer_key%3D\0\0\0\0\0\0\0\0", 24),
            Self::Nonce => (b"%26oauth_nonce%3D\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17),
            Self::Signature => (b"%26oauth_signature%3D\0\0\0\0\0\0\0\0\0\0\0", 21),
            Self::SignatureMethod => (b"%26oauth_signature_method%3D\0\0\0\0", 28),
            Self::Timestamp => (b"%26oauth_timestamp%3D\0\0\0\0\0\0\0\0\0\0\0", 21),
            Self::Token => (b"%26oauth_token%3D\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17),
            Self::Verifier => (b"%26oauth_verifier%3D\0\0\0\0\0\0\0\0\0\0\0\0", 20),
            Self::Version => (b"%26oauth_version%3D\0\0\0\0\0\0\0\0\0\0\0\0\0", 19),
        }
    }

    /// The parameter whose name, `=` and quote the text begins with, and what follows.
    #[inline]
    pub(super) fn at_start(text: &[u8]) -> Option<(Self, &[u8])> {
        let (protocol, rest) = match text.get(6)? {
            b'c' => (
                Self::ConsumerKey,
                text.strip_prefix(b"oauth_consumer_key=\""),
            ),
            b'n' => (Self::Nonce, text.strip_prefix(b"oauth_nonce=\"")),
            b's' if text.get(15) == Some(&b'_') => (
                Self::SignatureMethod,
                text.strip_prefix(b"oauth_signature_method=\""),
            ),
            b's' => (Self::Signature, text.strip_prefix(b"oauth_signature=\"")),
            b't' if text.get(7) == Some(&b'o') => {
                (Self::Token, text.strip_prefix(b"oauth_token=\""))
            }
            b't' => (Self::Timestamp, text.strip_prefix(b"oauth_timestamp=\"")),
            b'v' if text.get(9) == Some(&b's') => {
                (Self::Version, text.strip_prefix(b"oauth_version=\""))
            }
            b'v' => (Self::Verifier, text.strip_prefix(b"oauth_verifier=\"")),
            _ => return None,
        };
        Some((protocol, rest?))
    }

    const fn bit(self) -> u8 {
        1 << self as u8
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
    /// The required parameters, in the order in which missing ones are reported (docs/protocol/token-endpoints.md).
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

/// The value of a protocol parameter, in canonical form but for the signature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'s> {
    pub(super) value: &'s [u8],
    /// Nothing in it is escaped.
    pub(super) plain: bool,
}

/// The values of the protocol parameters, each in its own place: they need no sorting.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slots<'s> {
    values: [&'s [u8]; 8],
    /// A bit for each that is there, and for each that is plain; the lowest for the first.
    present: u8,
    plain: u8,
}

impl<'s> Slots<'s> {
    pub(super) const fn is_empty(&self) -> bool {
        self.present == 0
    }

    pub(super) fn value(&self, protocol: Protocol) -> Option<&'s [u8]> {
        (self.present & protocol.bit() != 0).then(|| self.values[protocol as usize])
    }

    pub(super) fn put(&mut self, protocol: Protocol, slot: Slot<'s>) {
        self.values[protocol as usize] = slot.value;
        self.present |= protocol.bit();
        self.plain &= !protocol.bit();
        if slot.plain {
            self.plain |= protocol.bit();
        }
    }

    /// Those that are there and signed.
    pub(super) fn signed(&self) -> impl Iterator<Item = (Protocol, Slot<'s>)> + '_ {
        let mut rest = self.present & !Protocol::Signature.bit();
        std::iter::from_fn(move || {
            let protocol = *Protocol::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            let slot = Slot {
                value: self.values[protocol as usize],
                plain: self.plain & protocol.bit() != 0,
            };
            Some((protocol, slot))
        })
    }
}
