use super::{Profile, Rules, SignatureMethod};

/// A check of a signed request that a policy can leave out. What a store makes of the others is in its rules and methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// `oauth_version` is 1.0 where it is given.
    Version,
    /// Every required parameter is there.
    Missing,
    /// A token has 32 characters.
    TokenLength,
    /// A consumer key has 32 characters.
    KeyLength,
    /// The timestamp is more than zero.
    TimestampPositive,
    /// The key-exchange window is open at E1.
    Window,
    /// The token is the consumer's.
    TokenOwner,
    /// The token is in the life that the step asks for.
    TokenKind,
    /// A verifier has 32 characters.
    VerifierLength,
    /// The verifier is the token's.
    Verifier,
    /// The access token is not revoked.
    Revoked,
}

impl Check {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// How far ahead of the store's clock a timestamp may be, in seconds (docs/protocol/timestamp-nonce.md#timestamp).
const CLOCK_LEAD: i64 = 600;

/// What the checks of a signed request go by. A profile's own is [`Policy::of`]; any other is that of a peer that is wrong on purpose.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How the base string is built.
    pub rules: &'static Rules,
    /// The signature methods that are accepted.
    pub methods: &'static [SignatureMethod],
    /// How far ahead of the store's clock a timestamp may be, in seconds.
    pub clock_lead: i64,
    left_out: u16,
}

impl Policy {
    /// What a store of this profile goes by: every check is made.
    #[must_use]
    pub const fn of(profile: &Profile) -> Self {
        Self {
            rules: profile.dialect.rules(),
            methods: profile.methods,
            clock_lead: CLOCK_LEAD,
            left_out: 0,
        }
    }

    /// From now on this check is not made.
    pub const fn leave_out(&mut self, check: Check) {
        self.left_out |= check.bit();
    }

    /// Whether this check is made.
    #[must_use]
    pub const fn makes(&self, check: Check) -> bool {
        self.left_out & check.bit() == 0
    }
}
