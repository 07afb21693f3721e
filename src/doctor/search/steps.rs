//! The steps of a signature, and the values that mistakes give them.

use std::collections::HashMap;

use crate::doctor::digest::Digest;
use crate::doctor::facts::{Facts, Pair, Piece};
use crate::doctor::mistakes::{Change, KeyParts};
use crate::doctor::recipe::{Encoding, Order, STANDARD};
use crate::text::percent;

pub(super) const VERB: usize = 0;
pub(super) const ADDRESS: usize = 1;
pub(super) const QUERY: usize = 2;
pub(super) const BODY: usize = 3;
pub(super) const PROTOCOL: usize = 4;
pub(super) const ENCODING: usize = 5;
pub(super) const ORDER: usize = 6;
pub(super) const KEY: usize = 7;
pub(super) const DIGEST: usize = 8;

/// Which value each step has; 0 is what RFC 5849 says.
pub(super) type Choice = [u16; 9];

/// Steps of the base string.
pub(super) const TEXT: std::ops::Range<usize> = VERB..KEY;

/// Both changes; none when they change the same step.
pub(super) fn merged(one: &Choice, other: &Choice) -> Option<Choice> {
    let mut both = *one;
    for (step, &value) in both.iter_mut().zip(other) {
        if value != 0 {
            if *step != 0 {
                return None;
            }
            *step = value;
        }
    }
    Some(both)
}

/// `change` where it says something, `base` elsewhere.
pub(super) fn laid_over(base: &Choice, change: &Choice) -> Choice {
    std::array::from_fn(|step| {
        if change[step] == 0 {
            base[step]
        } else {
            change[step]
        }
    })
}

/// A list of parameters, by their numbers.
pub(super) type List = Vec<u32>;

/// The values of every step; equal ones are kept once.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) verbs: Vec<Vec<u8>>,
    pub(super) addresses: Vec<Vec<u8>>,
    /// Of query, body and protocol parameters.
    pub(super) lists: [Vec<List>; 3],
    pub(super) encodings: Vec<Encoding>,
    pub(super) orders: Vec<Order>,
    pub(super) keys: Vec<Vec<u8>>,
    pub(super) digests: Vec<Digest>,
    /// Every parameter of every list.
    pub(super) pairs: Vec<Pair>,
    /// How many of them, the first, are in the request as it was sent.
    pub(super) sent: usize,
    numbers: HashMap<Pair, u32>,
}

fn interned<T: PartialEq>(values: &mut Vec<T>, value: Option<T>) -> u16 {
    let Some(value) = value else {
        return 0;
    };
    let known = values.iter().position(|known| *known == value);
    let at = known.unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    });
    u16::try_from(at).unwrap_or_default()
}

impl Steps {
    pub(super) fn new(facts: &Facts<'_>, key: &KeyParts<'_>, digest: Digest) -> Self {
        let address = format!(
            "{}://{}{}",
            facts.scheme,
            facts.authority(),
            facts.base_path()
        );
        let secrets =
            [key.consumer_secret, key.token_secret].map(|secret| percent::encode(secret.expose()));
        let mut steps = Self {
            verbs: vec![facts.request.method.to_ascii_uppercase().into_bytes()],
            addresses: vec![address.into_bytes()],
            lists: [const { Vec::new() }; 3],
            encodings: vec![STANDARD],
            orders: vec![Order::Encoded],
            keys: vec![secrets.join("&").into_bytes()],
            digests: vec![digest],
            pairs: Vec::new(),
            sent: 0,
            numbers: HashMap::new(),
        };
        let sent = [
            facts.pieces.iter().map(Piece::pair).collect(),
            facts.form.iter().map(Piece::pair).collect(),
            facts.protocol.clone(),
        ];
        for (at, pairs) in sent.into_iter().enumerate() {
            let list = steps.list(pairs);
            steps.lists[at].push(list);
        }
        steps.sent = steps.pairs.len();
        steps
    }

    fn list(&mut self, pairs: Vec<Pair>) -> List {
        let (known, numbers) = (&mut self.pairs, &mut self.numbers);
        let mut number = |pair: Pair| {
            *numbers.entry(pair).or_insert_with_key(|pair| {
                known.push(pair.clone());
                u32::try_from(known.len() - 1).unwrap_or_default()
            })
        };
        pairs.into_iter().map(&mut number).collect()
    }

    /// The choice that a change is.
    pub(super) fn choice(&mut self, change: Change) -> Choice {
        let [query, body, protocol] = [change.query, change.body, change.protocol]
            .map(|pairs| pairs.map(|pairs| self.list(pairs)));
        let [queries, bodies, protocols] = &mut self.lists;
        let encoding = change.encoding.map_or(0, |encoding| {
            self.encodings.push(encoding);
            u16::try_from(self.encodings.len() - 1).unwrap_or_default()
        });
        [
            interned(&mut self.verbs, change.verb),
            interned(&mut self.addresses, change.address),
            interned(queries, query),
            interned(bodies, body),
            interned(protocols, protocol),
            encoding,
            interned(&mut self.orders, change.order),
            interned(&mut self.keys, change.key),
            interned(&mut self.digests, change.digest),
        ]
    }
}
