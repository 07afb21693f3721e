//! From a signature that fits to everything that explains it.
//!
//! Two explanations of one signature sign the same base string with the same key and digest, so that those are compared from here on and
//! nothing is hashed any more.

use super::found::{CHEAP, Found, Made};
use super::steps::{Choice, DIGEST, KEY, merged};
use super::table::Measure;
use super::texts::Texts;
use super::ways::Way;
use crate::doctor::mistakes::{Mistake, Odds};

/// A signature that fits.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) text: Vec<u8>,
    pub(super) key: u16,
    pub(super) digest: u16,
    /// The key makes no difference to the digest.
    pub(super) unkeyed: bool,
    pub(super) written: Option<&'static Mistake>,
}

impl Hit {
    fn signs_with(&self, choice: &Choice) -> bool {
        choice[DIGEST] == self.digest && (self.unkeyed || choice[KEY] == self.key)
    }

    fn found(&self, ways: &[&Way]) -> Vec<Found> {
        explanations(ways, self.written, &self.text)
    }
}

/// What these ways come to: one explanation for each choice among the mistakes of each.
pub(super) fn explanations(
    ways: &[&Way],
    written: Option<&'static Mistake>,
    text: &[u8],
) -> Vec<Found> {
    let mut all: Vec<Vec<Made>> = vec![Vec::new()];
    for way in ways {
        let beside = |chosen: Vec<Made>| {
            way.mistakes
                .iter()
                .map(move |mistake| [&chosen[..], std::slice::from_ref(mistake)].concat())
        };
        all = all.into_iter().flat_map(beside).collect();
    }
    let whole = |mut mistakes: Vec<Made>| {
        mistakes.extend(written.map(|mistake| (mistake, None)));
        Found {
            mistakes,
            base_string: text.to_vec(),
        }
    };
    all.into_iter().map(whole).collect()
}

/// Compares base strings with the one that was signed.
struct Comparison<'c> {
    texts: &'c mut Texts,
    hit: &'c Hit,
    measure: Measure,
    buffer: Vec<u8>,
}

impl Comparison<'_> {
    fn same(&mut self, choice: &Choice) -> bool {
        if !self.hit.signs_with(choice) {
            return false;
        }
        let measure = self.texts.measure(choice);
        if measure.is_some_and(|measure| measure != self.measure) {
            return false;
        }
        self.texts.write(choice, &mut self.buffer);
        self.buffer == self.hit.text
    }
}

/// The smallest explanations of a hit, of `most` ways at most.
pub(super) fn explained(texts: &mut Texts, ways: &[Way], hit: &Hit, most: usize) -> Vec<Found> {
    let mut comparison = Comparison {
        texts,
        hit,
        measure: Measure::of(&hit.text),
        buffer: Vec::new(),
    };
    if comparison.same(&[0; 9]) {
        return hit.found(&[]);
    }
    let mut found = Vec::new();
    for way in ways {
        if comparison.same(&way.choice) {
            found.extend(hit.found(&[way]));
        }
    }
    if !found.is_empty() || most < 2 {
        return found;
    }
    let beside: Vec<&Way> = ways.iter().filter(|way| way.odds != Odds::Alone).collect();
    for (at, first) in beside.iter().enumerate() {
        for second in &beside[at + 1..] {
            if first.family != second.family
                && let Some(choice) = merged(&first.choice, &second.choice)
                && comparison.same(&choice)
            {
                found.extend(hit.found(&[first, second]));
            }
        }
    }
    if !found.is_empty() || most < 3 {
        return found;
    }
    for families in CHEAP {
        let [firsts, seconds, thirds] =
            families.map(|family| beside.iter().filter(move |way| way.family == family));
        for first in firsts {
            for second in seconds.clone() {
                let Some(both) = merged(&first.choice, &second.choice) else {
                    continue;
                };
                for third in thirds.clone() {
                    if let Some(choice) = merged(&both, &third.choice)
                        && comparison.same(&choice)
                    {
                        found.extend(hit.found(&[first, second, third]));
                    }
                }
            }
        }
    }
    found
}
