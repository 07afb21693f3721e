//! OAuth 1.0a as stores of four generations and RFC 5849 have it: header grammar, parameters, dialects, base string, signing, verifying.
//!
//! No I/O, no clock, no randomness: time and records are handed in.

mod method;
mod problem;
mod profile;
mod records;

pub use method::{SignatureMethod, SigningKey};
pub use problem::{Class, Problem, Rejection, SENTENCES, Sentence};
pub use profile::{PROFILES, ParentRule, Profile, TokenForm};
pub use records::{
    Authenticated, ConsumerRecord, Records, Request, Spent, Step, TokenKind, TokenRecord,
};

/// One way of building the base string (spec oauth.md §0.3, §2.4–2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// RFC 5849 §3.4.1.
    Rfc5849,
    /// A: 2.0.0 … 2.4.5.
    Zend,
    /// B: 2.4.6, 2.4.7.
    Laminas,
    /// C: the 2.4.9 line.
    Native,
}

impl Dialect {
    /// All four, the standard first, then by age.
    pub const ALL: [Self; 4] = [Self::Rfc5849, Self::Zend, Self::Laminas, Self::Native];

    /// The name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc5849 => "rfc5849",
            Self::Zend => "zend",
            Self::Laminas => "laminas",
            Self::Native => "native",
        }
    }

    /// The dialect of exactly this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }
}
