//! How a client put its base string together: every step a value that a hypothesis can replace.

use std::cmp::Ordering;

use super::encoders::{Escape, raw, standard};
use super::facts::Pair;
use crate::oauth::natural_order;

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
    pub(super) verb: Escape,
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
    verb: raw,
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

/// A list of pairs, escaped.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    pairs: Vec<Escaped>,
}

#[derive(Clone, Debug)]
struct Escaped {
    raw: Pair,
    /// Escaped once.
    name: Vec<u8>,
    value: Vec<u8>,
    /// As it stands in the base string.
    text: Vec<u8>,
}

impl Prepared {
    /// `pairs` escaped, in their order.
    pub(super) fn new(pairs: &[Pair], encoding: &Encoding) -> Self {
        let mut once = Vec::new();
        let pairs = pairs
            .iter()
            .map(|pair| {
                let escaped = |escape: Escape, text: &[u8]| {
                    let mut output = Vec::with_capacity(text.len() + 8);
                    escape(text, &mut output);
                    output
                };
                let name = escaped(encoding.name, &pair.name);
                let value = escaped(encoding.value, &pair.value);
                once.clear();
                once.extend_from_slice(&name);
                once.extend_from_slice(encoding.equals.as_bytes());
                once.extend_from_slice(&value);
                Escaped {
                    raw: pair.clone(),
                    text: escaped(encoding.parameters, &once),
                    name,
                    value,
                }
            })
            .collect();
        Self { pairs }
    }
}

/// The parts of one base string.
pub(super) struct Parts<'p> {
    pub(super) verb: &'p [u8],
    pub(super) address: &'p [u8],
    pub(super) query: &'p Prepared,
    pub(super) body: &'p Prepared,
    pub(super) protocol: &'p Prepared,
    pub(super) encoding: &'p Encoding,
    pub(super) order: Order,
}

impl Parts<'_> {
    /// Writes the base string to `output`, over what is there.
    pub(super) fn write(&self, output: &mut Vec<u8>) {
        output.clear();
        let encoding = self.encoding;
        (encoding.verb)(self.verb, output);
        output.extend_from_slice(encoding.separator.as_bytes());
        (encoding.address)(self.address, output);
        output.extend_from_slice(encoding.separator.as_bytes());
        let mut joint = Vec::new();
        (encoding.parameters)(encoding.joint.as_bytes(), &mut joint);
        for (at, pair) in self.ordered().into_iter().enumerate() {
            if at > 0 {
                output.extend_from_slice(&joint);
            }
            output.extend_from_slice(&pair.text);
        }
        (encoding.parameters)(encoding.end.as_bytes(), output);
        if let Some(whole) = encoding.whole {
            let once = std::mem::take(output);
            whole(&once, output);
        }
    }

    fn ordered(&self) -> Vec<&Escaped> {
        let (query, body, protocol) = (
            self.query.pairs.iter(),
            self.body.pairs.iter(),
            self.protocol.pairs.iter(),
        );
        match self.order {
            Order::ProtocolThenQuery => protocol.chain(query).chain(body).collect(),
            Order::QueryThenProtocol => query.chain(body).chain(protocol).collect(),
            Order::BodyThenQuery => body.chain(query).chain(protocol).collect(),
            Order::ProtocolSortedFirst => {
                let others = sorted(query.chain(body).collect(), by_encoded);
                [sorted(protocol.collect(), by_encoded), others].concat()
            }
            Order::ProtocolSortedLast => {
                let others = sorted(query.chain(body).collect(), by_encoded);
                [others, sorted(protocol.collect(), by_encoded)].concat()
            }
            order => {
                let all: Vec<&Escaped> = query.chain(body).chain(protocol).collect();
                sorted(all, |left, right| compare(order, left, right))
            }
        }
    }
}

fn sorted(
    mut pairs: Vec<&Escaped>,
    compare: impl Fn(&Escaped, &Escaped) -> Ordering,
) -> Vec<&Escaped> {
    pairs.sort_by(|left, right| compare(left, right));
    pairs
}

fn by_encoded(left: &Escaped, right: &Escaped) -> Ordering {
    (&left.name, &left.value).cmp(&(&right.name, &right.value))
}

fn compare(order: Order, left: &Escaped, right: &Escaped) -> Ordering {
    match order {
        Order::Decoded => {
            (&left.raw.name, &left.raw.value).cmp(&(&right.raw.name, &right.raw.value))
        }
        Order::Natural => {
            natural_order(&left.name, &right.name).then_with(|| left.value.cmp(&right.value))
        }
        Order::Folded => {
            let folded = |pair: &Escaped| pair.raw.name.to_ascii_lowercase();
            folded(left)
                .cmp(&folded(right))
                .then_with(|| left.value.cmp(&right.value))
        }
        Order::Joined => {
            let joined = |pair: &Escaped| [&pair.name[..], b"=", &pair.value[..]].concat();
            joined(left).cmp(&joined(right))
        }
        Order::NameOnly => left.name.cmp(&right.name),
        Order::Reversed => by_encoded(right, left),
        Order::ByValue => (&left.value, &left.name).cmp(&(&right.value, &right.name)),
        Order::Twice => left.text.cmp(&right.text),
        _ => by_encoded(left, right),
    }
}
