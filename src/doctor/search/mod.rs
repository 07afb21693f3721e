//! Makes the signature of a request anew under every mistake, and compares: equal is a proof.
//!
//! First each mistake alone, then two of different families, then three of the families that are cheap to vary. Beside others, the first way
//! of each mistake goes before its other ways. What fits first ends the hashing: every smaller or equally small explanation signs the same
//! text with the same key, and is found by comparing ([`hits`]). Every step's values are made once and escaped once; the work is bounded by the
//! bytes that are hashed.

mod found;
mod hits;
mod readings;
mod steps;
mod table;
mod texts;
mod ways;

use std::collections::{HashMap, HashSet};

use self::found::CHEAP;
pub(super) use self::found::Found;
use self::hits::{Hit, explained, explanations};
use self::readings::{Reading, readings};
use self::steps::{Choice, DIGEST, KEY, Steps, TEXT, laid_over, merged};
use self::texts::Texts;
use self::ways::{Ranked, Way, ranked, ways};
use super::digest::{Construction, Digest, Hash, Keyed};
use super::facts::{Facts, Pair};
use super::mistakes::{Change, Family, KeyParts};
use super::recipe::Order;
use crate::oauth::{self, Dialect, Profile};
use crate::text::percent;

/// Bytes that are hashed for one request before the search gives up.
const MOST_HASHED: usize = 160 << 20;

/// Explanations of one size that are kept.
const MOST_FOUND: usize = 8;

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

/// Why hashing ends.
enum End {
    /// Something fits.
    Hit(Hit),
    /// [`MOST_HASHED`].
    Limit,
}

/// Hashing goes on, or ends.
type Hashing = Result<(), End>;

struct Search<'s> {
    texts: Texts,
    ways: Vec<Way>,
    /// The base string of each way; none when it is the one of RFC 5849 although a step of it was changed.
    singles: Vec<Option<Vec<u8>>>,
    keyed: HashMap<(u16, u16), Keyed>,
    /// Of the base strings of two ways that were hashed.
    seen: HashSet<u64>,
    readings: &'s [Reading],
    tried: usize,
    hashed: usize,
}

/// What the request's method says its digest is.
fn digest_of(facts: &Facts<'_>) -> Digest {
    Digest {
        hash: Hash::named(&facts.value("oauth_signature_method").unwrap_or_default()),
        construction: Construction::Hmac,
    }
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
    let mut search = Search {
        texts: Texts::new(Steps::new(facts, key, digest_of(facts))),
        ways: Vec::new(),
        singles: Vec::new(),
        keyed: HashMap::new(),
        seen: HashSet::new(),
        readings: &readings,
        tried: 0,
        hashed: 0,
    };
    let (found, cut) = search.run(facts, key, profile);
    Searched {
        found,
        tried: search.tried,
        cut,
    }
}

impl Search<'_> {
    /// The smallest explanations, and whether the limit kept some pairs from being tried.
    fn run(
        &mut self,
        facts: &Facts<'_>,
        key: &KeyParts<'_>,
        profile: &Profile,
    ) -> (Vec<Found>, bool) {
        let mut plain = Vec::new();
        self.texts.write(&[0; 9], &mut plain);
        if let Err(End::Hit(hit)) = self.compare(&[0; 9], &plain) {
            return (smallest(explained(&mut self.texts, &[], &hit, 1)), false);
        }
        let wanted = self.wanted(facts, profile, &plain);
        let (ways, common) = ways(&mut self.texts.steps, facts, key, self.readings);
        self.texts.settle(common);
        self.ways = ways;
        self.singles = self.written(&plain);
        let found = smallest(self.alone(wanted.as_ref()));
        if !found.is_empty() {
            return (found, false);
        }
        let singles = &self.singles;
        let ranked = ranked(&self.ways, |at| singles[at].is_some());
        let ended = self
            .pairs_of_firsts(&ranked[0])
            .map_err(|end| (2, end))
            .and_then(|()| self.triples(&ranked[0]).map_err(|end| (3, end)))
            .and_then(|()| self.other_pairs(&ranked).map_err(|end| (2, end)));
        match ended {
            Ok(()) => (Vec::new(), false),
            Err((_, End::Limit)) => (Vec::new(), true),
            Err((most, End::Hit(hit))) => {
                let found = explained(&mut self.texts, &self.ways, &hit, most);
                (smallest(found), false)
            }
        }
    }

    fn written(&mut self, plain: &[u8]) -> Vec<Option<Vec<u8>>> {
        let texts = &mut self.texts;
        self.ways
            .iter()
            .map(|way| {
                if way.choice[TEXT].iter().all(|&step| step == 0) {
                    return Some(plain.to_vec());
                }
                let mut text = Vec::with_capacity(plain.len() + 64);
                texts.write(&way.choice, &mut text);
                (text != plain).then_some(text)
            })
            .collect()
    }

    /// What the profile's release signs, where that is not what RFC 5849 says.
    fn wanted(&mut self, facts: &Facts<'_>, profile: &Profile, plain: &[u8]) -> Option<Choice> {
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
        let wanted = self.texts.steps.choice(Change {
            address: Some(address),
            query: Some(others.collect()),
            body: Some(Vec::new()),
            order,
            ..Change::default()
        });
        let mut released = Vec::new();
        self.texts.write(&wanted, &mut released);
        (plain != released).then_some(wanted)
    }

    /// Each mistake alone, over RFC 5849 and over what the release wants.
    fn alone(&mut self, wanted: Option<&Choice>) -> Vec<Found> {
        let mut found = Vec::new();
        let mut text = Vec::new();
        let mut first = None;
        for at in 0..self.ways.len() {
            let choice = self.ways[at].choice;
            if first.is_none()
                && let Some(single) = self.singles[at].take()
            {
                if let Err(End::Hit(hit)) = self.compare(&choice, &single) {
                    first = Some(hit);
                }
                self.singles[at] = Some(single);
            }
            if let Some(wanted) = wanted {
                let choice = laid_over(wanted, &choice);
                self.texts.write(&choice, &mut text);
                if let Err(End::Hit(hit)) = self.compare(&choice, &text) {
                    found.extend(explanations(&[&self.ways[at]], hit.written, &text));
                }
            }
        }
        if let Some(hit) = first {
            let mut fitting = explained(&mut self.texts, &self.ways, &hit, 1);
            fitting.append(&mut found);
            found = fitting;
        }
        found
    }

    /// Two mistakes, each made in the likeliest way: key and digest leave the base string as the other has it, so that they come first.
    fn pairs_of_firsts(&mut self, firsts: &Ranked) -> Hashing {
        self.across(&firsts.texts, &firsts.keys)?;
        self.across(&firsts.texts, &firsts.digests)?;
        self.across(&firsts.keys, &firsts.digests)?;
        self.within(&firsts.texts, &[])
    }

    /// One of them made in another way, or both. There are more ways to spoil a key than anybody finds, so that those come late.
    fn other_pairs(&mut self, [firsts, others]: &[Ranked; 2]) -> Hashing {
        self.across(&others.texts, &firsts.keys)?;
        self.across(&others.texts, &firsts.digests)?;
        self.across(&others.keys, &firsts.digests)?;
        self.within(&others.texts, &firsts.texts)?;
        self.across(&firsts.texts, &others.keys)?;
        self.across(&others.texts, &others.keys)?;
        self.within(&others.texts, &[])
    }

    /// Each of `ones`, whose base string is written, with each of `others`, which leaves it as it is.
    fn across(&mut self, ones: &[usize], others: &[usize]) -> Hashing {
        for &one in ones {
            let Some(text) = self.singles[one].take() else {
                continue;
            };
            let made = others.iter().try_for_each(|&other| {
                match merged(&self.ways[one].choice, &self.ways[other].choice) {
                    Some(choice) => self.compare(&choice, &text),
                    None => Ok(()),
                }
            });
            self.singles[one] = Some(text);
            made?;
        }
        Ok(())
    }

    /// Two ways that both change the base string: each of `ones` with each of `others`, or with those before it when there are none.
    fn within(&mut self, ones: &[usize], others: &[usize]) -> Hashing {
        let mut text = Vec::new();
        for (at, &one) in ones.iter().enumerate() {
            let others = if others.is_empty() {
                &ones[..at]
            } else {
                others
            };
            for &other in others {
                let (first, second) = (&self.ways[one], &self.ways[other]);
                if first.family == second.family {
                    continue;
                }
                let Some(choice) = merged(&first.choice, &second.choice) else {
                    continue;
                };
                if let Some(print) = self.texts.print(&choice)
                    && !self.seen.insert(print)
                {
                    continue;
                }
                self.texts.write(&choice, &mut text);
                self.compare(&choice, &text)?;
            }
        }
        Ok(())
    }

    /// Three mistakes of the families that are cheap to vary.
    fn triples(&mut self, firsts: &Ranked) -> Hashing {
        let of = |family: Family| -> Vec<usize> {
            let all = firsts
                .texts
                .iter()
                .chain(&firsts.keys)
                .chain(&firsts.digests);
            all.copied()
                .filter(|&at| self.ways[at].family == family)
                .collect()
        };
        let groups = CHEAP.map(|families| families.map(of));
        let mut text = Vec::new();
        for [ones, twos, threes] in &groups {
            for &one in ones {
                for &two in twos {
                    let (first, second) = (&self.ways[one], &self.ways[two]);
                    let Some(both) = merged(&first.choice, &second.choice) else {
                        continue;
                    };
                    self.texts.write(&both, &mut text);
                    for &three in threes {
                        if let Some(choice) = merged(&both, &self.ways[three].choice) {
                            self.compare(&choice, &text)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Signs `text` as the choice says, and compares.
    fn compare(&mut self, choice: &Choice, text: &[u8]) -> Hashing {
        if self.hashed > MOST_HASHED {
            return Err(End::Limit);
        }
        self.tried += 1;
        self.hashed += text.len() + 256;
        let (key, digest) = (choice[KEY], choice[DIGEST]);
        let steps = &self.texts.steps;
        let made = steps.digests[usize::from(digest)];
        let keyed = self
            .keyed
            .entry((key, digest))
            .or_insert_with(|| Keyed::new(made, &steps.keys[usize::from(key)]));
        let readings = self.readings;
        let fitting = keyed.with(text, |made| readings.iter().find(|(read, _)| read == made));
        match fitting {
            None => Ok(()),
            Some((_, written)) => Err(End::Hit(Hit {
                text: text.to_vec(),
                key,
                digest,
                unkeyed: made.construction == Construction::Unkeyed,
                written: *written,
            })),
        }
    }
}

/// Those with the fewest mistakes, each once.
fn smallest(all: Vec<Found>) -> Vec<Found> {
    let size = all.iter().map(|one| one.mistakes.len()).min();
    let mut kept: Vec<Found> = Vec::new();
    for one in all {
        let ids = |found: &Found| -> Vec<&str> {
            found
                .mistakes
                .iter()
                .map(|(mistake, _)| mistake.id)
                .collect()
        };
        if Some(one.mistakes.len()) == size
            && kept.len() < MOST_FOUND
            && kept.iter().all(|known| ids(known) != ids(&one))
        {
            kept.push(one);
        }
    }
    kept
}
