//! The order in which modules are loaded, and so the order in which their files are merged (docs/protocol/merging.md#module-order).

use std::collections::HashMap;

/// A module whose sequence leads back to itself: a store stops.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Circular sequence reference from '{parent}' to '{name}'.")]
pub struct Circular {
    /// The last module on the way.
    pub parent: String,
    /// The one that was on the way already.
    pub name: String,
}

/// Orders modules, given as name and sequence, exactly as stores do: by name, names with `Magento_` in them first, then a selection
/// pass over the expanded sequences. Names in a sequence that are not among the modules are ignored.
///
/// # Errors
/// The first cycle that a store would report.
pub fn load_order<'a>(modules: &[(&'a str, Vec<&'a str>)]) -> Result<Vec<&'a str>, Circular> {
    let sequences: HashMap<&str, &[&'a str]> = modules
        .iter()
        .map(|(name, sequence)| (*name, sequence.as_slice()))
        .collect();
    let mut names: Vec<&'a str> = sequences.keys().copied().collect();
    names.sort_unstable_by_key(|name| (!name.contains("Magento_"), *name));
    let numbers: HashMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(number, name)| (*name, number))
        .collect();
    let waits_for = expand(&names, &sequences, &numbers)?;

    let mut order: Vec<usize> = (0..names.len()).collect();
    let mut place: Vec<usize> = order.clone();
    for at in 0..order.len() {
        // The store compares with every later place. Only what the module found here waits for can be swapped in: whatever comes in
        // waits for a part of that. A swap moves nothing that is still to be compared, so their places may be sorted beforehand.
        let mut later: Vec<usize> = waits_for[order[at]]
            .members()
            .map(|number| place[number])
            .filter(|&place| place > at)
            .collect();
        later.sort_unstable();
        for later in later {
            if waits_for[order[at]].contains(order[later]) {
                order.swap(at, later);
                place[order[at]] = at;
                place[order[later]] = later;
            }
        }
    }
    Ok(order.into_iter().map(|number| names[number]).collect())
}

/// For each module everything that it waits for, directly or not.
fn expand(
    names: &[&str],
    sequences: &HashMap<&str, &[&str]>,
    numbers: &HashMap<&str, usize>,
) -> Result<Vec<Set>, Circular> {
    let mut waits_for = vec![Set::new(names.len()); names.len()];
    let mut is_done = vec![false; names.len()];
    let mut is_on_path = vec![false; names.len()];
    for first in 0..names.len() {
        // Each with the rest of its sequence; a chain may be longer than the stack of a thread is deep.
        let mut path = Vec::new();
        if !is_done[first] {
            is_on_path[first] = true;
            path.push((first, sequences[names[first]].iter()));
        }
        while let Some((module, rest)) = path.last_mut() {
            let module = *module;
            let Some(name) = rest.next() else {
                is_done[module] = true;
                is_on_path[module] = false;
                path.pop();
                if let Some(&(below, _)) = path.last() {
                    join(&mut waits_for, below, module);
                }
                continue;
            };
            let Some(&before) = numbers.get(name) else {
                continue;
            };
            if is_on_path[before] {
                return Err(Circular {
                    parent: names[module].to_owned(),
                    name: names[before].to_owned(),
                });
            }
            if is_done[before] {
                join(&mut waits_for, module, before);
            } else {
                is_on_path[before] = true;
                path.push((before, sequences[names[before]].iter()));
            }
        }
    }
    Ok(waits_for)
}

/// `module` waits for `before`, and for everything that `before` waits for.
fn join(waits_for: &mut [Set], module: usize, before: usize) {
    let mut own = std::mem::take(&mut waits_for[module]);
    own.extend(&waits_for[before]);
    own.insert(before);
    waits_for[module] = own;
}

/// Some of the modules, a bit for each.
#[derive(Clone, Default)]
struct Set(Vec<u64>);

impl Set {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn contains(&self, number: usize) -> bool {
        self.0[number / 64] >> (number % 64) & 1 == 1
    }

    fn extend(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other;
        }
    }

    fn members(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(word, &bits)| {
            let mut rest = bits;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.checked_sub(1)?;
                Some(word * 64 + bit)
            })
        })
    }
}
