//! Makes the signature of a request anew under every mistake, and compares: equal is a proof.
//!
//! First each mistake alone, then two of different families, then three of the families that are cheap to vary. The first level at which
//! something fits ends the search. Every step's values are made once and escaped once; the work is bounded by the bytes that are hashed.

use std::collections::HashMap;

use super::digest::{Digest, Keyed};
use super::facts::{Facts, Pair};
use super::mistakes::{Change, Family, KeyParts, Make, Mistake, Variants, mistakes};
use super::recipe::{Encoding, Order, Parts, Prepared, STANDARD};
use crate::oauth::{self, Dialect, Profile, SignatureMethod};
use crate::text::percent;

/// Ways of one mistake that are tried beside other mistakes; alone, all of them are.
const WAYS_IN_PAIRS: usize = 2;

/// Bytes that are hashed for one request before the search gives up.
const MOST_HASHED: usize = 160 << 20;

/// Explanations of one size that are kept.
const MOST_FOUND: usize = 8;

/// A mistake, and what is special about it.
pub(super) type Made = (&'static Mistake, Option<String>);

/// A digest that a signature may be read as, and the mistake in its writing.
type Reading = (Vec<u8>, Option<&'static Mistake>);

/// One explanation of a signature.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The mistakes, all of which were made, each with what is special about it; none when the base string of RFC 5849 fits.
    pub(super) mistakes: Vec<Made>,
    /// What was signed.
    pub(super) base_string: Vec<u8>,
}

/// What came of a search.
#[derive(Debug, Default)]
pub(super) struct Searched {
    /// All of the smallest size.
    pub(super) found: Vec<Found>,
    /// Signatures that were made.
    pub(super) tried: usize,
    /// The limit ended the search.
    pub(super) cut: bool,
}

const VERB: usize = 0;
const ADDRESS: usize = 1;
const QUERY: usize = 2;
const BODY: usize = 3;
const PROTOCOL: usize = 4;
const ENCODING: usize = 5;
const ORDER: usize = 6;
const KEY: usize = 7;
const DIGEST: usize = 8;

/// Which value each step has; 0 is what RFC 5849 says.
type Choice = [u16; 9];

/// Steps of the base string.
const TEXT_STEPS: std::ops::Range<usize> = VERB..KEY;

fn merged(one: &Choice, other: &Choice) -> Option<Choice> {
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

fn laid_over(base: &Choice, change: &Choice) -> Choice {
    std::array::from_fn(|step| {
        if change[step] == 0 {
            base[step]
        } else {
            change[step]
        }
    })
}

/// One way in which one mistake, or several that come to the same, may have been made.
struct Way {
    mistakes: Vec<Made>,
    family: Family,
    choice: Choice,
    in_pairs: bool,
}

/// The values of every step.
struct Steps {
    verbs: Vec<Vec<u8>>,
    addresses: Vec<Vec<u8>>,
    lists: [Vec<Vec<Pair>>; 3],
    encodings: Vec<Encoding>,
    orders: Vec<Order>,
    keys: Vec<Vec<u8>>,
    digests: Vec<Digest>,
}

fn interned<T: PartialEq>(values: &mut Vec<T>, value: Option<T>) -> u16 {
    let Some(value) = value else {
        return 0;
    };
    let at = values
        .iter()
        .position(|known| *known == value)
        .unwrap_or_else(|| {
            values.push(value);
            values.len() - 1
        });
    u16::try_from(at).unwrap_or_default()
}

impl Steps {
    fn new(facts: &Facts<'_>, key: &KeyParts<'_>, digest: Digest) -> Self {
        let list = |pieces: &[super::facts::Piece<'_>]| {
            pieces.iter().map(super::facts::Piece::pair).collect()
        };
        let address = format!(
            "{}://{}{}",
            facts.scheme,
            facts.authority(),
            facts.base_path()
        );
        let secrets =
            [key.consumer_secret, key.token_secret].map(|secret| percent::encode(secret.expose()));
        Self {
            verbs: vec![facts.request.method.to_ascii_uppercase().into_bytes()],
            addresses: vec![address.into_bytes()],
            lists: [
                vec![list(&facts.pieces)],
                vec![list(&facts.form)],
                vec![facts.protocol.clone()],
            ],
            encodings: vec![STANDARD],
            orders: vec![Order::Encoded],
            keys: vec![secrets.join("&").into_bytes()],
            digests: vec![digest],
        }
    }

    fn choice(&mut self, change: Change) -> Choice {
        let [queries, bodies, protocols] = &mut self.lists;
        let encoding = change.encoding.map_or(0, |encoding| {
            self.encodings.push(encoding);
            u16::try_from(self.encodings.len() - 1).unwrap_or_default()
        });
        [
            interned(&mut self.verbs, change.verb),
            interned(&mut self.addresses, change.address),
            interned(queries, change.query),
            interned(bodies, change.body),
            interned(protocols, change.protocol),
            encoding,
            interned(&mut self.orders, change.order),
            interned(&mut self.keys, change.key),
            interned(&mut self.digests, change.digest),
        ]
    }
}

/// Lists that are escaped already, by step, list and encoding.
type Cache = HashMap<(usize, u16, u16), Prepared>;

struct Search<'s> {
    steps: Steps,
    prepared: Cache,
    keyed: HashMap<(u16, u16), Keyed>,
    readings: &'s [Reading],
    /// What fits with the wanted writing, and with a mistaken one.
    fits: Vec<(Vec<Made>, Vec<u8>)>,
    tried: usize,
    hashed: usize,
}

/// The signature read in every way in which it may have been written; the right way first.
pub(super) fn readings(signature: &str) -> Vec<Reading> {
    use base64::Engine as _;
    let standard = base64::engine::general_purpose::STANDARD
        .decode(signature)
        .ok();
    let mut readings: Vec<_> = standard.map(|digest| (digest, None)).into_iter().collect();
    for mistake in Family::Signature.mistakes() {
        if let Make::Written(read) = mistake.make
            && let Some(digest) = read(signature)
            && readings.iter().all(|(known, _)| *known != digest)
        {
            readings.push((digest, Some(mistake)));
        }
    }
    readings
}

/// Looks for the smallest explanations of the signature that `facts` has.
pub(super) fn search(facts: &Facts<'_>, key: &KeyParts<'_>, profile: &Profile) -> Searched {
    let signature = facts
        .signature
        .as_ref()
        .map_or("", |(_, text)| text.as_str());
    let readings = readings(signature);
    if readings.is_empty() {
        return Searched::default();
    }
    let digest = super::examine::digest_of(facts);
    let steps = Steps::new(facts, key, digest);
    let mut search = Search {
        steps,
        prepared: Cache::new(),
        keyed: HashMap::new(),
        readings: &readings,
        fits: Vec::new(),
        tried: 0,
        hashed: 0,
    };
    search.run(facts, key, profile)
}

impl Search<'_> {
    fn run(&mut self, facts: &Facts<'_>, key: &KeyParts<'_>, profile: &Profile) -> Searched {
        let mut plain = Vec::new();
        self.write(&[0; 9], &mut plain);
        self.compare(&[0; 9], &plain, &[]);
        if let Some(found) = self.smallest() {
            return found;
        }
        let ways = self.ways(facts, key);
        let texts = self.visible_texts(&ways, &plain);
        let wanted = self.wanted(facts, profile);
        for (way, text) in ways.iter().zip(&texts) {
            if let Some(text) = text {
                self.compare(&way.choice, text, &[way]);
            }
            if let Some(wanted) = &wanted {
                self.compose_and_compare(&laid_over(wanted, &way.choice), &[way]);
            }
        }
        if let Some(found) = self.smallest() {
            return found;
        }
        let pairable = pairable(&ways, &texts);
        let cut = self.pairs(&ways, &texts, &pairable);
        if let Some(found) = self.smallest() {
            return found;
        }
        let cut = cut || self.triples(&ways, &pairable);
        self.smallest().unwrap_or(Searched {
            tried: self.tried,
            cut,
            ..Searched::default()
        })
    }

    /// Every way of every mistake that can be signed, the same ones together.
    fn ways(&mut self, facts: &Facts<'_>, key: &KeyParts<'_>) -> Vec<Way> {
        let lengths: Vec<usize> = self
            .readings
            .iter()
            .map(|(digest, _)| digest.len())
            .collect();
        let mut ways: Vec<Way> = Vec::new();
        for mistake in mistakes() {
            let mut variants = Variants::default();
            match mistake.make {
                Make::Signed(make) => make(facts, &mut variants),
                Make::Keyed(make) => make(key, &mut variants),
                _ => continue,
            }
            for mut change in variants.0 {
                if change
                    .digest
                    .is_some_and(|digest| !lengths.contains(&digest.hash.length()))
                {
                    continue;
                }
                let (detail, alone) = (change.detail.take(), change.alone);
                let choice = self.steps.choice(change);
                if choice == [0; 9] {
                    continue;
                }
                let same = ways
                    .iter_mut()
                    .find(|way| way.family == mistake.family && way.choice == choice);
                if let Some(same) = same {
                    if same
                        .mistakes
                        .iter()
                        .all(|(known, _)| known.id != mistake.id)
                    {
                        same.mistakes.push((mistake, detail));
                    }
                    continue;
                }
                ways.push(Way {
                    mistakes: vec![(mistake, detail)],
                    family: mistake.family,
                    choice,
                    in_pairs: !alone,
                });
            }
        }
        ways
    }

    /// The base string of each way; none when it is the one of RFC 5849 although a step of it was changed.
    fn visible_texts(&mut self, ways: &[Way], plain: &[u8]) -> Vec<Option<Vec<u8>>> {
        let changes_text = |way: &Way| way.choice[TEXT_STEPS].iter().any(|&step| step != 0);
        ways.iter()
            .map(|way| {
                if !changes_text(way) {
                    return Some(plain.to_vec());
                }
                let mut text = Vec::with_capacity(plain.len() + 64);
                self.write(&way.choice, &mut text);
                (text != plain).then_some(text)
            })
            .collect()
    }

    /// What the profile's release signs, where that is not what RFC 5849 says.
    fn wanted(&mut self, facts: &Facts<'_>, profile: &Profile) -> Option<Choice> {
        if profile.dialect == Dialect::Rfc5849 {
            return None;
        }
        let request = facts.request.over(facts.scheme);
        let text = oauth::base_string(profile.dialect, &request).ok()?;
        let address = percent::decode(text.split('&').nth(1)?.as_bytes()).into_owned();
        let protocol: Vec<&[u8]> = facts.protocol.iter().map(|pair| &pair.name[..]).collect();
        let others = oauth::signed_parameters(profile.dialect, &request).ok()?;
        let others = others
            .into_iter()
            .filter(|parameter| !protocol.contains(&&parameter.name[..]))
            .map(|parameter| Pair::new(parameter.name, parameter.value));
        let order = match profile.dialect.rules().order {
            oauth::Order::Bytes => None,
            oauth::Order::Natural => Some(Order::Natural),
            oauth::Order::Keys => Some(Order::Decoded),
        };
        let wanted = self.steps.choice(Change {
            address: Some(address),
            query: Some(others.collect()),
            body: Some(Vec::new()),
            order,
            ..Change::default()
        });
        let (mut plain, mut released) = (Vec::new(), Vec::new());
        self.write(&[0; 9], &mut plain);
        self.write(&wanted, &mut released);
        (plain != released).then_some(wanted)
    }

    /// Two mistakes of different families. Tells whether the limit cut it short.
    fn pairs(&mut self, ways: &[Way], texts: &[Option<Vec<u8>>], pairable: &[usize]) -> bool {
        for (at, &one) in pairable.iter().enumerate() {
            for &other in &pairable[at + 1..] {
                let (first, second) = (&ways[one], &ways[other]);
                if first.family == second.family {
                    continue;
                }
                let Some(choice) = merged(&first.choice, &second.choice) else {
                    continue;
                };
                if self.hashed > MOST_HASHED {
                    return true;
                }
                // Key and digest leave the base string as the other mistake has it.
                match second.family {
                    Family::Key | Family::Digest => {
                        if let Some(text) = &texts[one] {
                            self.compare(&choice, text, &[first, second]);
                        }
                    }
                    _ => self.compose_and_compare(&choice, &[first, second]),
                }
            }
        }
        false
    }

    /// Three mistakes of the families that are cheap to vary. Tells whether the limit cut it short.
    fn triples(&mut self, ways: &[Way], pairable: &[usize]) -> bool {
        let of = |family: Family| -> Vec<&Way> {
            pairable
                .iter()
                .map(|&at| &ways[at])
                .filter(|way| way.family == family)
                .collect()
        };
        let (address, method, key, digest) = (
            of(Family::Address),
            of(Family::Method),
            of(Family::Key),
            of(Family::Digest),
        );
        let mut text = Vec::new();
        for (one, two, three) in [
            (&address, &key, &digest),
            (&method, &key, &digest),
            (&method, &address, &key),
            (&method, &address, &digest),
        ] {
            for &first in one {
                for &second in two {
                    let Some(both) = merged(&first.choice, &second.choice) else {
                        continue;
                    };
                    self.write(&both, &mut text);
                    for &third in three {
                        if self.hashed > MOST_HASHED {
                            return true;
                        }
                        if let Some(choice) = merged(&both, &third.choice) {
                            self.compare(&choice, &text, &[first, second, third]);
                        }
                    }
                }
            }
        }
        false
    }

    fn compose_and_compare(&mut self, choice: &Choice, ways: &[&Way]) {
        let mut text = Vec::new();
        self.write(choice, &mut text);
        self.compare(choice, &text, ways);
    }

    fn write(&mut self, choice: &Choice, output: &mut Vec<u8>) {
        for step in [QUERY, BODY, PROTOCOL] {
            let place = (step, choice[step], choice[ENCODING]);
            if !self.prepared.contains_key(&place) {
                let list = &self.steps.lists[step - QUERY][usize::from(choice[step])];
                let encoding = &self.steps.encodings[usize::from(choice[ENCODING])];
                let prepared = Prepared::new(list, encoding);
                self.prepared.insert(place, prepared);
            }
        }
        let list = |step: usize| &self.prepared[&(step, choice[step], choice[ENCODING])];
        let value = |step: usize| usize::from(choice[step]);
        Parts {
            verb: &self.steps.verbs[value(VERB)],
            address: &self.steps.addresses[value(ADDRESS)],
            query: list(QUERY),
            body: list(BODY),
            protocol: list(PROTOCOL),
            encoding: &self.steps.encodings[value(ENCODING)],
            order: self.steps.orders[value(ORDER)],
        }
        .write(output);
    }

    fn compare(&mut self, choice: &Choice, text: &[u8], ways: &[&Way]) {
        self.tried += 1;
        self.hashed += text.len() + 256;
        let (key, digest) = (choice[KEY], choice[DIGEST]);
        let steps = &self.steps;
        let keyed = self.keyed.entry((key, digest)).or_insert_with(|| {
            Keyed::new(
                steps.digests[usize::from(digest)],
                &steps.keys[usize::from(key)],
            )
        });
        let readings = self.readings;
        let fitting = keyed.with(text, |made| readings.iter().find(|(read, _)| read == made));
        let Some((_, written)) = fitting else {
            return;
        };
        let mut all: Vec<Vec<Made>> = vec![Vec::new()];
        for way in ways {
            all = all
                .into_iter()
                .flat_map(|chosen| {
                    way.mistakes.iter().map(move |mistake| {
                        let mut chosen = chosen.clone();
                        chosen.push(mistake.clone());
                        chosen
                    })
                })
                .collect();
        }
        for mut mistakes in all {
            mistakes.extend(written.map(|mistake| (mistake, None)));
            self.fits.push((mistakes, text.to_vec()));
        }
    }

    /// The smallest explanations of what fits so far.
    fn smallest(&mut self) -> Option<Searched> {
        let size = self.fits.iter().map(|(mistakes, _)| mistakes.len()).min()?;
        let mut found: Vec<Found> = Vec::new();
        for (mistakes, base_string) in self.fits.drain(..) {
            let same = |other: &Found| {
                other
                    .mistakes
                    .iter()
                    .map(|(mistake, _)| mistake.id)
                    .eq(mistakes.iter().map(|(mistake, _)| mistake.id))
            };
            if mistakes.len() == size && found.len() < MOST_FOUND && !found.iter().any(same) {
                found.push(Found {
                    mistakes,
                    base_string,
                });
            }
        }
        Some(Searched {
            found,
            tried: self.tried,
            cut: false,
        })
    }
}

/// The ways that are tried beside others: visible ones, the first of each mistake; of methods and digests all.
fn pairable(ways: &[Way], texts: &[Option<Vec<u8>>]) -> Vec<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    (0..ways.len())
        .filter(|&at| {
            let way = &ways[at];
            if !way.in_pairs || texts[at].is_none() {
                return false;
            }
            let count = counts.entry(way.mistakes[0].0.id).or_default();
            *count += 1;
            matches!(way.family, Family::Method | Family::Digest) || *count <= WAYS_IN_PAIRS
        })
        .collect()
}

/// The digest that the request's own method names; SHA-256 for a method that there is not.
pub(super) fn named_hash(method: &str) -> super::digest::Hash {
    match method.parse::<SignatureMethod>().ok() {
        Some(SignatureMethod::HmacSha1) => super::digest::Hash::Sha1,
        _ => super::digest::Hash::Sha256,
    }
}
