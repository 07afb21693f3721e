//! The four ways of building a base string, side by side, as data.
//!
//! To add a generation: a variant of [`Dialect`], a row of [`RULES`], and, where it does something no other does, a variant of one of
//! the small enums below with its one function.

use std::fmt;
use std::str::FromStr;

use super::Fault;
use super::UnknownName;

/// One way of building the base string (docs/protocol/releases.md and docs/protocol/signatures.md#which-parameters-are-signed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// RFC 5849 §3.4.1.
    Rfc5849,
    /// A: 2.0.0 … 2.4.5.
    Zend,
    /// B: 2.4.6, 2.4.7.
    Laminas,
    /// C: 2.4.8 and later, measured on 2.4.8-p1.
    ///
    /// There were two states of it. Values are encoded when they are collected, and later ones decode them again before they are
    /// signed (docs/protocol/signatures.md#details-of-generation-c): that is what 2.4.8 does, and this dialect. The requests of `fixtures/vectors/clients.json`
    /// were judged by the earlier state, without the second step; the 23 verdicts that it changes are kept there as disputed. The public
    /// classes of either state, run, give exactly what is said of it.
    Native,
}

/// The name, as [`Dialect::name`] has it.
impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// From exactly this name.
impl FromStr for Dialect {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let mut all = Self::ALL.into_iter();
        all.find(|known| known.name() == name).ok_or(UnknownName)
    }
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

    /// What this dialect does at each step.
    #[must_use]
    pub const fn rules(self) -> &'static Rules {
        match self {
            Self::Rfc5849 => &RULES[0],
            Self::Zend => &RULES[1],
            Self::Laminas => &RULES[2],
            Self::Native => &RULES[3],
        }
    }
}

/// What a dialect does at each step, in the order of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Where the word `OAuth ` is looked for in the header.
    pub scheme: Scheme,
    /// Which parameters of the header count.
    pub header_names: HeaderNames,
    /// Where protocol parameters are taken from.
    pub placement: Placement,
    /// How a form body is read.
    pub body: BodyGrammar,
    /// Which pieces of the query count.
    pub query_pieces: QueryPieces,
    /// What `+` in the query stands for.
    pub query_plus: Plus,
    /// Whether the query is read a second time, as PHP's `parse_str` does, and laid over what was collected.
    pub query_overlay: bool,
    /// In which form look-ups and sentences see a collected value.
    pub looked_up: LookedUp,
    /// What becomes of a name that occurs more than once.
    pub duplicates: Duplicates,
    /// How parameters are ordered.
    pub order: Order,
    /// How scheme, host and port are written.
    pub authority: Authority,
    /// How the path is written.
    pub path: PathForm,
    /// What an array in a form body does, and when.
    pub body_array: BodyArray,
}

/// Where the word `OAuth ` is looked for; its case never matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// At the beginning (RFC 5849 §3.5.1).
    First,
    /// Anywhere, even inside another word (docs/protocol/token-endpoints.md#reading-the-header).
    Anywhere,
}

/// Which parameters of the header count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderNames {
    /// Every one but `realm`; a comma inside quotes does not separate (RFC 5849 §3.4.1.3.1).
    AllButRealm,
    /// Those whose raw name has `oauth_` and one of `a–z _ -` behind it; every comma separates (docs/protocol/token-endpoints.md#reading-the-header).
    ProtocolLike,
}

/// Where protocol parameters are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Header, form body or query (RFC 5849 §3.5).
    Everywhere,
    /// The header; the form body only beside a header that has the scheme and no protocol parameter (docs/protocol/token-endpoints.md#the-body).
    Header,
}

/// How a form body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyGrammar {
    /// As W3C forms (RFC 5849 §3.4.1.3.1).
    Form,
    /// As PHP's `parse_str`: `.` and blank in a name become `_`, brackets build arrays, an empty name is nothing (docs/protocol/token-endpoints.md#the-body).
    Php,
}

/// Which pieces of the query count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryPieces {
    /// Each; a bare name has an empty value, the first `=` separates.
    All,
    /// Those with exactly one `=` whose raw name does not look like a protocol parameter (docs/protocol/token-endpoints.md#the-body).
    OneEquals,
}

/// What `+` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    /// A blank.
    Blank,
    /// Itself.
    Literal,
}

/// In which form look-ups and sentences see a collected value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// Decoded.
    Decoded,
    /// Percent-encoded, `oauth_signature` excepted. Consumer key and token keep that form and enter the base string encoded twice; no key
    /// and no token of a store has anything to encode (docs/protocol/signatures.md#details-of-generation-c).
    Encoded,
}

/// What becomes of a name that occurs more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Every pair is signed.
    Keep,
    /// The last value stands, at the first one's place (docs/protocol/signatures.md#which-parameters-are-signed).
    Last,
}

/// How parameters are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By encoded name, then encoded value, byte by byte (RFC 5849 §3.4.1.3.2).
    Bytes,
    /// By encoded name as PHP's `strnatcmp` has it (docs/protocol/signatures.md#encoding-and-order).
    Natural,
    /// By decoded name as PHP's `ksort` has it (docs/protocol/signatures.md#encoding-and-order).
    Keys,
}

/// How scheme, host and port are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Lower case, without the scheme's default port (RFC 5849 §3.4.1.2).
    Normalised,
    /// As sent (docs/protocol/signatures.md#the-url).
    AsSent,
}

/// How the path is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathForm {
    /// As sent.
    AsSent,
    /// Without dot segments; escapes of reserved bytes decoded, the rest encoded anew (docs/protocol/signatures.md#the-url).
    Decoded,
}

/// What an array in a form body does, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyArray {
    /// Nothing: its name is a name.
    Name,
    /// The store fails before the checks.
    Before(Fault),
    /// The store fails where the signature would be checked.
    AtSignature(Fault),
}

/// The rows in the order of [`Dialect::ALL`].
#[rustfmt::skip]
pub const RULES: [Rules; 4] = [
    // rfc5849
    Rules {
        scheme: Scheme::First,             header_names: HeaderNames::AllButRealm, placement: Placement::Everywhere,
        body: BodyGrammar::Form,           query_pieces: QueryPieces::All,         query_plus: Plus::Blank,   query_overlay: false,
        looked_up: LookedUp::Decoded,        duplicates: Duplicates::Keep,         order: Order::Bytes,
        authority: Authority::Normalised,  path: PathForm::AsSent,                 body_array: BodyArray::Name,
    },
    // zend
    Rules {
        scheme: Scheme::Anywhere,          header_names: HeaderNames::ProtocolLike, placement: Placement::Header,
        body: BodyGrammar::Php,            query_pieces: QueryPieces::OneEquals,   query_plus: Plus::Literal, query_overlay: false,
        looked_up: LookedUp::Decoded,        duplicates: Duplicates::Last,         order: Order::Natural,
        authority: Authority::Normalised,  path: PathForm::AsSent,                 body_array: BodyArray::AtSignature(Fault::Warning),
    },
    // laminas
    Rules {
        scheme: Scheme::Anywhere,          header_names: HeaderNames::ProtocolLike, placement: Placement::Header,
        body: BodyGrammar::Php,            query_pieces: QueryPieces::OneEquals,   query_plus: Plus::Literal, query_overlay: false,
        looked_up: LookedUp::Decoded,        duplicates: Duplicates::Last,         order: Order::Natural,
        authority: Authority::Normalised,  path: PathForm::Decoded,                body_array: BodyArray::AtSignature(Fault::Warning),
    },
    // native
    Rules {
        scheme: Scheme::Anywhere,          header_names: HeaderNames::ProtocolLike, placement: Placement::Header,
        body: BodyGrammar::Php,            query_pieces: QueryPieces::OneEquals,   query_plus: Plus::Literal, query_overlay: true,
        looked_up: LookedUp::Encoded,        duplicates: Duplicates::Last,         order: Order::Keys,
        authority: Authority::AsSent,      path: PathForm::AsSent,                 body_array: BodyArray::Before(Fault::Type),
    },
];
