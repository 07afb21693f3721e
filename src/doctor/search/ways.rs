//! The ways in which each mistake may have been made on this request.

use std::collections::HashMap;

use super::found::Made;
use super::readings::Reading;
use super::steps::{Choice, Steps};
use crate::doctor::facts::Facts;
use crate::doctor::mistakes::{Change, Family, KeyParts, Make, Mistake, Odds, Variants, mistakes};

/// One way in which one mistake, or several that come to the same, may have been made.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) mistakes: Vec<Made>,
    pub(super) family: Family,
    pub(super) choice: Choice,
    pub(super) odds: Odds,
}

/// Collects ways, equal ones together.
#[derive(Default)]
struct Collected {
    ways: Vec<Way>,
    known: HashMap<(Family, Choice), usize>,
}

impl Collected {
    fn add(&mut self, steps: &mut Steps, mistake: &'static Mistake, mut change: Change) {
        let (detail, odds) = (change.detail.take(), change.odds);
        let choice = steps.choice(change);
        if choice == [0; 9] {
            return;
        }
        let at = *self
            .known
            .entry((mistake.family, choice))
            .or_insert(self.ways.len());
        if at == self.ways.len() {
            self.ways.push(Way {
                mistakes: Vec::new(),
                family: mistake.family,
                choice,
                odds,
            });
        }
        let way = &mut self.ways[at];
        if odds == Odds::Likely {
            way.odds = odds;
        }
        if way.mistakes.iter().all(|(known, _)| known.id != mistake.id) {
            way.mistakes.push((mistake, detail));
        }
    }
}

/// Every way of every mistake that can be signed; and how many parameters those have that stand beside others.
pub(super) fn ways(
    steps: &mut Steps,
    facts: &Facts<'_>,
    key: &KeyParts<'_>,
    readings: &[Reading],
) -> (Vec<Way>, usize) {
    let read = |change: &Change| {
        change.digest.is_none_or(|digest| {
            readings
                .iter()
                .any(|(read, _)| read.len() == digest.hash.length())
        })
    };
    let mut collected = Collected::default();
    let mut alone = Vec::new();
    for mistake in mistakes() {
        let mut variants = Variants::default();
        match mistake.make {
            Make::Signed(make) => make(facts, &mut variants),
            Make::Keyed(make) => make(key, &mut variants),
            _ => continue,
        }
        for change in variants.0.into_iter().filter(read) {
            if change.odds == Odds::Alone {
                alone.push((mistake, change));
            } else {
                collected.add(steps, mistake, change);
            }
        }
    }
    let common = steps.pairs.len();
    for (mistake, change) in alone {
        collected.add(steps, mistake, change);
    }
    (collected.ways, common)
}

/// The ways that are tried beside others, by what they change.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    pub(super) texts: Vec<usize>,
    pub(super) keys: Vec<usize>,
    pub(super) digests: Vec<usize>,
}

/// The visible ways that stand beside others: the first of each mistake, and the rest. Of methods and digests every way is a first.
pub(super) fn ranked(ways: &[Way], visible: impl Fn(usize) -> bool) -> [Ranked; 2] {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut ranked = [Ranked::default(), Ranked::default()];
    for (at, way) in ways.iter().enumerate() {
        if way.odds == Odds::Alone || !visible(at) {
            continue;
        }
        let mut first = false;
        if way.odds == Odds::Likely {
            for (mistake, _) in &way.mistakes {
                let count = counts.entry(mistake.id).or_default();
                *count += 1;
                first |= *count == 1;
            }
        }
        first |= matches!(way.family, Family::Method | Family::Digest);
        let ranked = &mut ranked[usize::from(!first)];
        match way.family {
            Family::Key => ranked.keys.push(at),
            Family::Digest => ranked.digests.push(at),
            _ => ranked.texts.push(at),
        }
    }
    ranked
}
