//! How a client put its base string together: every step a value that a hypothesis can replace.

use super::encoders::{Escape, standard};

/// How names, values and the parts are escaped and joined.
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoding {
    pub(super) name: Escape,
    pub(super) value: Escape,
    pub(super) equals: &'static str,
    pub(super) joint: &'static str,
    /// Behind the last pair.
    pub(super) end: &'static str,
    /// Over the joined pairs.
    pub(super) parameters: Escape,
    pub(super) address: Escape,
    pub(super) separator: &'static str,
    /// Over the finished base string.
    pub(super) whole: Option<Escape>,
}

/// RFC 5849 §3.4.1.
pub(super) const STANDARD: Encoding = Encoding {
    name: standard,
    value: standard,
    equals: "=",
    joint: "&",
    end: "",
    parameters: standard,
    address: standard,
    separator: "&",
    whole: None,
};

/// How the pairs are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By encoded name, then encoded value (RFC 5849 §3.4.1.3.2).
    Encoded,
    /// By decoded name, then value.
    Decoded,
    /// By encoded name in natural order, as stores up to 2.4.7 have it.
    Natural,
    /// As they come: protocol parameters, query, body.
    ProtocolThenQuery,
    /// As they come: query, body, protocol parameters.
    QueryThenProtocol,
    /// As they come: body, query, protocol parameters.
    BodyThenQuery,
    /// Protocol parameters sorted, then the others sorted.
    ProtocolSortedFirst,
    /// The others sorted, then the protocol parameters sorted.
    ProtocolSortedLast,
    /// Without regard to case.
    Folded,
    /// As texts `name=value`.
    Joined,
    /// By name alone, equal names as they come.
    NameOnly,
    /// From the last to the first.
    Reversed,
    /// By value.
    ByValue,
    /// By name as it stands in the finished base string.
    Twice,
}
